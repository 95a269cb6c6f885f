"""Findings about what it would take: distances, rivals, and the changes that lift the total's group."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from ninhthuan.numbers import rounded
from ninhthuan.reach import SHOWN_SUB_DIMENSIONS
from ninhthuan.words import bilingual

from ..wording import Context, province_name, rank_of, sentence, share_of_cases
from .captions import (
    Caption,
    Claim,
    _about,
    _apart,
    _error_note,
    _group_name,
    _names,
    _nothing,
    _own,
    _rows,
    _unrounded_note,
)


def _size(gap: float, ctx: Context) -> str:
    """A gap to two decimals; one that would print as 0,00 is said to be under 0,01."""
    least = ctx.number(0.01, 2)
    return ctx.phrase("reach.under", least=least) if rounded(gap, 2) == 0 else ctx.number(gap, 2)


def _cases_note(ctx: Context) -> str:
    return ctx.phrase("reach.case_one_province_one_edition")


def _noise_note(row: pd.Series, ctx: Context) -> str:
    """How many cases would rise by the gap of a row without any change, by the survey's error; or nothing."""
    if pd.isna(row["noise_share"]):
        return ""
    share = share_of_cases(row["noise_share"], ctx.language)
    return ctx.phrase("reach.survey_error_alone_2019_cases", share=share)


def _seen(frame: pd.DataFrame, part: str, share: str, ctx: Context) -> bool:
    """Whether a component's two counts give the share that is printed, and its own column too."""
    row = frame[frame["component_id"] == part].iloc[0]
    counted = row["n_closed"] / row["n_year_pairs"]
    return share_of_cases(counted, ctx.language) == share and abs(counted - row["closed_share"]) < 1e-9


def _lacking(frame: pd.DataFrame) -> dict[str, tuple[Decimal, str]]:
    """What each component but the total lacks to its threshold, and the group that it would reach."""
    held = frame[(frame["level"] != "total") & frame["threshold"].notna()]
    return {
        part: (_apart(threshold, score), group)
        for part, threshold, score, group in zip(
            held["component_id"], held["threshold"], held["score"], held["next_group"], strict=True
        )
    }


def distances(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions not in the high group, the nearest threshold, and how often such a gap was closed."""
    if rows.empty:
        raise _nothing(ctx, *bilingual("reach.has_no_papi_result_edition", province=ctx.name))
    year = int(rows["edition_year"].iloc[0])
    parts = rows[rows["level"] != "total"]
    below, of = parts[parts["next_group"] != ""], len(parts)
    count = len(below)
    claims = [_about(ctx)]
    if below.empty:
        title = ctx.phrase("reach.papi_every_dimension_high_group", year=year, province=ctx.name)
        claims.append(Claim(title, lambda frame: frame["group"].eq("high").sum() >= of > 0 and not _lacking(frame)))
    else:
        nearest = below.loc[below["gap"].idxmin()]
        part, size, share = (
            nearest["component_id"],
            _size(nearest["gap"], ctx),
            share_of_cases(nearest["closed_share"], ctx.language),
        )
        above, name = nearest["next_group"], _names([nearest["component_id"]], ctx, year)
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
            found = _lacking(frame)
            missing, reaches = found[part]
            return _size(missing, ctx) == size and reaches == above and missing == min(found.values())[0] > 0

        claims += [
            Claim(
                ctx.phrase("reach.dimensions_not_high_group", count=count, of=of),
                lambda frame: (
                    len(_lacking(frame)) == count
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
                    lambda frame: _seen(frame, part, share, ctx),
                )
            )
    numbers = [claim.says for claim in claims[3:]]  # the share of cases
    total = rows[rows["level"] == "total"]
    if len(total):
        row = total.iloc[0]
        placed = rank_of(row["rank"], row["n_ranked"])
        short = (
            ctx.phrase(
                "reach.points_short_group", size=_size(row["gap"], ctx), group_name=_group_name(row["next_group"], ctx)
            )
            if row["next_group"]
            else ctx.phrase("reach.already_high_group")
        )
        numbers.append(ctx.phrase("reach.total_rank", score=ctx.number(row["score"]), placed=placed, short=short))
    best = rows[(rows["level"] != "total") & (rows["own_gap"] == 0)]
    numbers.append(ctx.phrase("reach.dimensions_stand_province_s_own", n_best=len(best), of=of))
    subtitle = ctx.phrase("reach.distance_papi_scores_next_group", year=year, province=ctx.name)
    note = ctx.phrase("reach.threshold_smallest_score_puts_province")
    kind = _rows(len(rows), *bilingual("reach.total_then_dimensions"), ctx)
    noise = "" if below.empty else _noise_note(nearest, ctx)
    numbers += [noise] * bool(noise)
    note = " ".join(
        filter(
            None, (note, sentence(noise) + "." * bool(noise), _cases_note(ctx), _unrounded_note(ctx), _error_note(ctx))
        )
    )
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def sub_dimension_distances(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Sub-dimensions not in the high group, and the gap that was closed most often."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("reach.has_no_scores_papi_sub", province=ctx.name),
        )
    year, of = int(rows["edition_year"].iloc[0]), len(rows)
    below = rows[rows["next_group"] != ""]
    count = len(below)
    if below.empty:
        raise _nothing(
            ctx,
            *bilingual("reach.every_papi_sub_dimension_high", year=year, province=ctx.name),
        )

    def counted(frame: pd.DataFrame) -> bool:
        same = frame["group"].ne("high").sum() == frame["threshold"].notna().sum() == len(_lacking(frame)) == count
        return same and len(frame) == of

    says = ctx.phrase("reach.sub_dimensions_not_high_group", count=count, of=of)
    claims, title, numbers = [_about(ctx), Claim(says, counted)], f"PAPI {year}, {ctx.name}: {says}", []
    held = below[below["closed_share"].notna()]
    if len(held):
        first = held.sort_values(["closed_share", "gap", "component_id"], ascending=[False, True, True]).iloc[0]
        part, name = first["component_id"], _names([first["component_id"]], ctx, year)
        size, share = _size(first["gap"], ctx), share_of_cases(first["closed_share"], ctx.language)

        def most_often(frame: pd.DataFrame) -> bool:
            there = frame[frame["threshold"].notna()]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            own = shares[there["component_id"] == part].item()
            return (
                own == shares.max() and _seen(frame, part, share, ctx) and _size(_lacking(frame)[part][0], ctx) == size
            )

        claims.append(
            Claim(
                ctx.phrase("reach.gap_closed_most_often_points", name=name, size=size, share=share),
                most_often,
            )
        )
        numbers.append(claims[-1].says)
        often = int((held["closed_share"] >= 0.25).sum())
        numbers.append(ctx.phrase("reach.have_gap_least_quarter_cases", often=often))
    left = max(0, count - SHOWN_SUB_DIMENSIONS)
    note = ctx.phrase("reach.order_share_past_cases_lowest", left=left) * bool(left) or ctx.phrase(
        "reach.order_share_past_cases"
    )
    note = f"{note} {_cases_note(ctx)} {_unrounded_note(ctx)}"
    subtitle = ctx.phrase("reach.distance_papi_sub_dimension_scores", year=year, province=ctx.name)
    kind = _rows(min(count, SHOWN_SUB_DIMENSIONS), *bilingual("reach.one_sub_dimension"), ctx)
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def rivals_in_reach(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many of the provinces next above are a gap away that was closed often."""
    own = _own(rows, ctx) if len(rows) else rows
    if own.empty:
        raise _nothing(
            ctx,
            *bilingual("reach.has_no_papi_total_newest", province=ctx.name),
        )
    own, above = own.iloc[0], rows[rows["gap"] > 0].sort_values("gap")
    year, placed = int(own["edition_year"]), rank_of(own["rank"], own["n_ranked"])
    if above.empty:
        raise _nothing(
            ctx,
            *bilingual("reach.no_province_stands_above_papi", province=ctx.name, year=year),
        )
    count, pairs = len(above), int(above["n_year_pairs"].iloc[0])
    nearest = above.iloc[0]
    name = province_name(nearest["province_code"], nearest["boundary"], ctx.language)
    code, size = nearest["province_code"], _size(nearest["gap"], ctx)

    def is_nearest(frame: pd.DataFrame) -> bool:
        mine = _own(frame, ctx)["score"].item()
        gaps = {
            other: _apart(score, mine)
            for other, score in zip(frame["province_code"], frame["score"], strict=True)
            if score > mine
        }
        itself = _own(frame, ctx)["gap"].item() == 0 and frame["edition_year"].eq(year).all()
        return itself and gaps[code] == min(gaps.values()) and _size(gaps[code], ctx) == size and len(gaps) == count

    near = ctx.phrase("reach.next_points_ahead", name=name, size=size)
    claims = [Claim(ctx.phrase("reach.above", province=ctx.name, near=near), is_nearest)]
    if pairs:
        within = int(above["within_reach"].sum())

        def reached(frame: pd.DataFrame) -> bool:
            there = frame[frame["gap"] > 0]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            return (
                (4 * there["n_closed"] >= there["n_year_pairs"]).sum() == within == there["within_reach"].sum()
                and len(there) == count
                and (shares - there["closed_share"]).abs().max() < 1e-9
            )

        says = ctx.phrase(
            ("reach.provinces_next_above_within_reach" if within == 1 else "reach.provinces_next_above_within_reach_2"),
            within=within,
            count=count,
        )
        title = f"PAPI {year}, {ctx.name}: {says}; {near}"
        claims.append(Claim(says, reached))
    else:
        title = f"PAPI {year}, {ctx.name}: {near}"
    seen = ctx.phrase("reach.how_many_cases_total_rose")
    subtitle = ctx.phrase(
        "reach.how_far_papi_totals_provinces", year=year, province=ctx.name, placed=placed
    ) + seen * bool(pairs)
    rule = ctx.phrase("reach.within_reach_least_one_case")
    if pairs:
        begun, sets = int(nearest["first_year"]), int(nearest["n_pairs"])
        rule += (
            ctx.phrase("reach.rests_one_pair_editions_alone", begun=begun, begun_2=begun + 1, pairs=pairs)
            if sets == 1
            else ctx.phrase("reach.rests_pairs_editions_measured_alike", sets=sets, begun=begun, pairs=pairs)
        )
    if pairs and (own_group := int(nearest["own_group_pairs"])):
        rule += ctx.phrase(
            "reach.province_s_own_group_cases",
            own_group=own_group,
            share_of_cases=(
                share_of_cases(nearest["own_group_share"], "vi"),
                share_of_cases(nearest["own_group_share"], "en"),
            ),
        )
    far = above.iloc[-1]
    numbers = [
        ctx.phrase(
            "reach.provinces_points_ahead", count=count, size=_size(nearest["gap"], ctx), size_2=_size(far["gap"], ctx)
        )
    ]
    if pairs:
        numbers.append(
            ctx.phrase(
                "reach.cases_rose_least_distance",
                share_of_cases=share_of_cases(nearest["closed_share"], ctx.language),
                pairs=pairs,
                name=name,
            )
        )
    peers = int(nearest["own_group_pairs"])
    if peers:
        alike = share_of_cases(nearest["own_group_share"], ctx.language)
        group = _group_name(own["group"], ctx)
        says = ctx.phrase("reach.provinces_group_alone_cases", group=group, alike=alike, peers=peers)

        def of_own_group(frame: pd.DataFrame) -> bool:
            row = frame[frame["province_code"] == code].iloc[0]
            counted = row["own_group_closed"] / row["own_group_pairs"]
            return share_of_cases(counted, ctx.language) == alike and row["own_group_pairs"] == peers

        numbers.append(says)
        claims.append(Claim(says, of_own_group))
    if pairs and (noise := _noise_note(nearest, ctx)):
        rule += f" {noise}."
        numbers.append(noise)
    none = ctx.phrase("reach.no_two_editions_row_one")
    note = f"{f'{rule} {_cases_note(ctx)}' if pairs else none} {_unrounded_note(ctx)} {_error_note(ctx)}"
    kind = ctx.phrase("reach.dot_strip")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def lifting_changes(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The rise that lifts the total's group, and the dimension that rose so much most often."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("reach.has_no_papi_total_total", province=ctx.name),
        )
    year, needed = int(rows["edition_year"].iloc[0]), rows["needed"].iloc[0]
    group, size, above = _group_name(rows["next_group"].iloc[0], ctx), _size(needed, ctx), rows["next_group"].iloc[0]
    parts = rows[(rows["level"] != "total") & rows["possible"].astype(bool)]
    known = parts[parts["closed_share"].notna()]

    def needs(frame: pd.DataFrame) -> bool:
        """Every row's score and the score reached differ by what is printed."""
        pairs = zip(frame["reached"], frame["score"], strict=True)
        apart = [_size(_apart(reached, score), ctx) for reached, score in pairs]
        return (
            set(apart) == {size} == {_size(needed, ctx) for needed in frame["needed"]}
            and frame["next_group"].eq(above).all()
        )

    says = ctx.phrase("reach.total_needs_points_more", size=size, group=group)
    claims, title, numbers = (
        [_about(ctx), Claim(says, needs)],
        f"PAPI {year}, {ctx.name}: {says[:1].lower()}{says[1:]}",
        [],
    )
    if len(known):
        first = known.sort_values(["closed_share", "component_id"], ascending=[False, True]).iloc[0]
        part, share = first["component_id"], share_of_cases(first["closed_share"], ctx.language)
        name = _names([part], ctx, year)

        def most_often(frame: pd.DataFrame) -> bool:
            there = frame[(frame["level"] != "total") & (frame["reached"] <= frame["scale_max"] + 1e-9)]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            return shares[there["component_id"] == part].item() == shares.max() and _seen(frame, part, share, ctx)

        most = ctx.phrase("reach.dimension_rose_so_most_often", name=name, share=share)
        if first["n_closed"] == 0:
            most = ctx.phrase("reach.no_single_dimension_ever_rose")
        claims.append(Claim(sentence(most), most_often))
        numbers.append(claims[-1].says)
        total = rows[rows["level"] == "total"].iloc[0]
        numbers.append(
            ctx.phrase(
                "reach.total_rose_least_so_much",
                share_of_cases=share_of_cases(total["closed_share"], ctx.language),
                n_year_pairs=total["n_year_pairs"],
            )
        )
    subtitle = ctx.phrase("reach.smallest_rise_lifts_papi_total", year=year, province=ctx.name)
    note = ctx.phrase("reach.total_sum_dimensions_so_rise")
    note = f"{note} {_cases_note(ctx)} {_unrounded_note(ctx)} {_error_note(ctx)}"
    kind = _rows(len(rows), *bilingual("reach.total_then_dimensions"), ctx)
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))
