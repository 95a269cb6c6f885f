"""Distance of the total and each dimension to the next group, the region's best and the own best."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.numbers import number

from .. import phrases, tables
from ..wording import Context, province_name, rank_of, sentence, share_of_cases


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions not in the high group, the nearest threshold, and how often such a gap was closed."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("reach.has_no_papi_result_edition", province=ctx.name))
    year = int(rows["edition_year"].iloc[0])
    parts = rows[rows["level"] != "total"]
    below, of = parts[parts["next_group"] != ""], len(parts)
    count = len(below)
    claims = [phrases.about(ctx)]
    if below.empty:
        title = ctx.phrase("reach.papi_every_dimension_high_group", year=year, province=ctx.name)
        claims.append(
            Claim(title, lambda frame: frame["group"].eq("high").sum() >= of > 0 and not phrases.lacking(frame))
        )
    else:
        nearest = below.loc[below["gap"].idxmin()]
        part, size, share = (
            nearest["component_id"],
            phrases.size(nearest["gap"], ctx),
            share_of_cases(nearest["closed_share"], ctx.language),
        )
        above, name = nearest["next_group"], phrases.names_of([nearest["component_id"]], ctx, year)
        known = bool(nearest["n_year_pairs"])
        title = ctx.phrase(
            "reach.papi_dimensions_not_high_group",
            year=year,
            province=ctx.name,
            count=count,
            of=of,
            name=name,
            size=size,
        )

        def is_nearest(frame: pd.DataFrame) -> bool:
            found = phrases.lacking(frame)
            missing, reaches = found[part]
            return phrases.size(missing, ctx) == size and reaches == above and missing == min(found.values())[0] > 0

        claims += [
            Claim(
                ctx.phrase("reach.dimensions_not_high_group", count=count, of=of),
                lambda frame: (
                    len(phrases.lacking(frame)) == count
                    and frame.loc[frame["level"] != "total", "group"].ne("high").sum() == count
                    and frame["level"].ne("total").sum() == of
                ),
            ),
            Claim(
                ctx.phrase("reach.nearest_points_short", name=name, size=size),
                is_nearest,
            ),
        ]
        if known:
            claims.append(
                Claim(
                    ctx.phrase("reach.cases_rose_least_so_much", share=share),
                    lambda frame: phrases.seen(frame, part, share, ctx),
                )
            )
    numbers = [claim.says for claim in claims[3:]]  # the share of cases
    total = rows[rows["level"] == "total"]
    if len(total):
        row = total.iloc[0]
        placed = rank_of(row["rank"], row["n_ranked"])
        short = (
            ctx.phrase(
                "reach.points_short_group",
                size=phrases.size(row["gap"], ctx),
                group_name=phrases.group_name(row["next_group"], ctx),
            )
            if row["next_group"]
            else ctx.phrase("reach.already_high_group")
        )
        numbers.append(ctx.phrase("reach.total_rank", score=ctx.number(row["score"]), placed=placed, short=short))
    best = rows[(rows["level"] != "total") & (rows["own_gap"] == 0)]
    numbers.append(ctx.phrase("reach.dimensions_stand_province_s_own", n_best=len(best), of=of))
    subtitle = ctx.phrase("reach.distance_papi_scores_next_group", year=year, province=ctx.name)
    note = ctx.phrase("reach.threshold_smallest_score_puts_province")
    kind = phrases.rows_of(len(rows), ctx.phrase("reach.total_then_dimensions"), ctx)
    noise = "" if below.empty else phrases.noise_note(nearest, ctx)
    numbers += [noise] * bool(noise)
    note = " ".join(
        filter(
            None,
            (
                note,
                sentence(noise) + "." * bool(noise),
                phrases.cases_note(ctx),
                phrases.unrounded_note(ctx),
                phrases.error_note(ctx),
            ),
        )
    )
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Distance of the total and each dimension to the next group, the region's best and the own best."""
    text = []
    for row in rows.itertuples():
        region = "…"
        if row.region_best_code == row.province_code:
            region = "="
        elif row.region_best_code:
            who = province_name(row.region_best_code, row.boundary, ctx.language, short=True)
            region = f"{number(row.region_gap, 2, ctx.language)} ({who})"
        past = "=" if row.own_best_year == row.edition_year else number(row.own_gap, 2, ctx.language)
        text.append(
            [
                tables.own_name(row.component_id, row.edition_year, ctx),
                f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})",
                tables.group(row.group, ctx.language),
                tables.short_by(row, ctx),
                tables.cases(row, ctx),
                region,
                past if past == "=" else f"{past} ({row.own_best_year})",
            ]
        )
    heads = [
        ctx.phrase("tables.dimension"),
        ctx.phrase("tables.score_rank"),
        ctx.phrase("tables.group"),
        ctx.phrase("tables.short_next_group_threshold"),
        ctx.phrase("tables.cases_rose_so"),
        ctx.phrase("tables.below_region_s_best"),
        ctx.phrase("tables.below_own_best"),
    ]
    return pd.DataFrame(text, columns=heads)
