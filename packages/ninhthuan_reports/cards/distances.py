"""Distance of the total and each dimension to the next group, the region's best and the own best."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.numbers import number

from .. import phrases, tables
from ..claims import fitting, names, together
from ..wording import Context, province_name, rank_of, share_of_cases


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions not in the high group, the nearest threshold, and how often such a gap was closed."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("reach.has_no_papi_result_edition", province=ctx.name))
    year = phrases.not_ended(rows, ctx)
    parts = rows[rows["level"] != "total"]
    below, of = parts[parts["next_group"] != ""], len(parts)
    if below.empty:
        title = ctx.phrase("reach.papi_every_dimension_high_group", year=year, province=ctx.name)
        claims, cases = [Claim(title, lambda frame: _all_high(frame, of))], []
    else:
        nearest = below.loc[below["gap"].idxmin()]
        called, size = names(nearest["component_id"], year, ctx), phrases.size(nearest["gap"], ctx)
        values = {"name": called[0], "size": size, "group": phrases.group_name(nearest["next_group"], ctx)}
        key = "reach.papi_dimensions_not_high_group" if len(below) > 1 else "reach.papi_only_one_not_high"
        title = fitting(ctx.phrase(key, year=year, province=ctx.name, **values | {"name": name}) for name in called)
        claims, cases = [_below(len(below), of, ctx), _nearest(nearest, values, ctx)], _closed(nearest, ctx)
    numbers = [claim.says for claim in (*claims[:1], *cases) if claim.says != title]
    for row in rows[rows["level"] == "total"].head(1).to_dict("records"):
        short = ctx.phrase("reach.already_high_group")
        if row["next_group"]:
            size, group = phrases.size(row["gap"], ctx), phrases.group_name(row["next_group"], ctx)
            short = ctx.phrase("reach.points_short_group", size=size, group_name=group)
        placed = rank_of(row["rank"], row["n_ranked"])
        numbers.append(ctx.phrase("reach.total_rank", score=ctx.number(row["score"]), placed=placed, short=short))
    best = int((parts["own_gap"] == 0).sum())
    numbers.append(ctx.phrase("reach.dimensions_stand_province_s_own", province=ctx.name, n_best=best, of=of))
    notes = (
        ctx.phrase("reach.threshold_smallest_score_puts_province", province=ctx.name),
        ctx.phrase("reach.by_error_alone") * bool(rows["noise_share"].notna().any()),
        phrases.cases_note(ctx),
        phrases.unrounded_note(ctx),
    )
    return Caption(
        title,
        ctx.phrase("reach.distance_papi_scores_next_group", year=year, province=ctx.name),
        together(notes),
        phrases.rows_of(len(rows), ctx.phrase("reach.total_then_dimensions"), ctx),
        tuple(numbers),
        (phrases.about(ctx), *claims, *cases),
    )


def _all_high(frame: pd.DataFrame, of: int) -> bool:
    return frame["group"].eq("high").sum() >= of > 0 and not phrases.lacking(frame)


def _below(count: int, of: int, ctx: Context) -> Claim:
    """How many dimensions are not in the high group, by their groups and by their thresholds."""

    def counted(frame: pd.DataFrame) -> bool:
        groups = frame.loc[frame["level"] != "total", "group"]
        return len(phrases.lacking(frame)) == count == groups.ne("high").sum() and len(groups) == of

    return Claim(ctx.phrase("reach.dimensions_not_high_group", count=count, of=of), counted)


def _nearest(nearest: pd.Series, values: dict[str, str], ctx: Context) -> Claim:
    """Which dimension lacks least to the next group, and how much."""
    part, above = nearest["component_id"], nearest["next_group"]

    def holds(frame: pd.DataFrame) -> bool:
        found = phrases.lacking(frame)
        missing, reaches = found[part]
        same = phrases.size(missing, ctx) == values["size"] and reaches == above
        return same and missing == min(found.values())[0] > 0

    return Claim(ctx.phrase("reach.nearest_points_short", **values), holds)


def _closed(nearest: pd.Series, ctx: Context) -> list[Claim]:
    """How often a gap like the nearest was closed in a year, where there are cases."""
    if not nearest["n_year_pairs"]:
        return []
    part, share = nearest["component_id"], share_of_cases(nearest["closed_share"], ctx.language)
    says = ctx.phrase("reach.cases_rose_least_so_much", share=share)
    return [Claim(says, lambda frame: phrases.seen(frame, part, share, ctx))]


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Distance of the total and each dimension to the next group, the region's best and the own best."""
    text = []
    # the total, then what is nearest to its next group
    order = rows["gap"].where(rows["level"] != "total", -1).sort_values(kind="stable").index
    for row in rows.loc[order].itertuples():
        region = "…"
        if row.region_best_code == row.province_code:
            region = "="
        elif row.region_best_code:
            who = province_name(row.region_best_code, row.boundary, ctx.language, short=True)
            region = f"{number(row.region_gap, 2, ctx.language)} ({who})"
        cells = tables.distance(row, ctx)
        if pd.notna(row.noise_share) and row.n_year_pairs:
            cells[-1] += f"; {share_of_cases(row.noise_share, ctx.language)}"
        past = f"{number(row.own_gap, 2, ctx.language)} ({row.own_best_year})"
        if row.own_best_year == row.edition_year:  # of all that compare, where any does
            alone = not catalogue().same_component(row.component_id, row.edition_year - 1, row.edition_year)
            past = ctx.phrase("component_gaps.not_compared") if alone else "="
        text.append([*cells, region, past])
    heads = "tables.dimension", "tables.score_rank", "tables.group", "tables.short_next_group_threshold"
    more = "tables.cases_and_error", "tables.below_region_s_best", "tables.below_own_best"
    return tables.headed(text, ctx, *heads, *more)
