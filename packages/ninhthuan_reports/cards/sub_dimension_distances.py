"""Sub-dimensions below the high group, those first whose gap was closed most often."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.analysis.reach import SHOWN_SUB_DIMENSIONS, nearest_first

from .. import phrases, tables
from ..wording import Context, share_of_cases


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Sub-dimensions not in the high group, and the gap that was closed most often."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("reach.has_no_scores_papi_sub", province=ctx.name))
    year, of = phrases.not_ended(rows, ctx), len(rows)
    below = rows[rows["next_group"] != ""]
    count = len(below)
    if below.empty:
        raise phrases.nothing(ctx.phrase("reach.every_papi_sub_dimension_high", year=year, province=ctx.name))

    def counted(frame: pd.DataFrame) -> bool:
        counts = {frame["group"].ne("high").sum(), frame["threshold"].notna().sum(), len(phrases.lacking(frame))}
        return counts == {count} and len(frame) == of

    says = ctx.phrase("reach.sub_dimensions_not_high_group", count=count, of=of)
    claims, title, numbers = [phrases.about(ctx), Claim(says, counted)], f"PAPI {year}, {ctx.name}: {says}", []
    known = below[below["closed_share"].notna()]
    if len(known):
        first = known.sort_values(["closed_share", "gap", "component_id"], ascending=[False, True, True]).iloc[0]
        part, name = first["component_id"], phrases.names_of([first["component_id"]], ctx, year)
        size, share = phrases.size(first["gap"], ctx), share_of_cases(first["closed_share"], ctx.language)

        def most_often(frame: pd.DataFrame) -> bool:
            there = frame[frame["threshold"].notna()]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            most = shares[there["component_id"] == part].item() == shares.max()
            same = phrases.size(phrases.lacking(frame)[part][0], ctx) == size
            return most and same and phrases.seen(frame, part, share, ctx)

        claims.append(
            Claim(ctx.phrase("reach.gap_closed_most_often_points", name=name, size=size, share=share), most_often)
        )
        numbers.append(claims[-1].says)
        often = int((known["closed_share"] >= 0.25).sum())
        numbers.append(ctx.phrase("reach.have_gap_least_quarter_cases", often=often))
    left = max(0, count - SHOWN_SUB_DIMENSIONS)
    note = ctx.phrase("reach.order_share_past_cases_lowest", left=left) * bool(left) or ctx.phrase(
        "reach.order_share_past_cases"
    )
    note = f"{note} {phrases.cases_note(ctx)} {phrases.unrounded_note(ctx)}"
    subtitle = ctx.phrase("reach.distance_papi_sub_dimension_scores", year=year, province=ctx.name)
    kind = phrases.rows_of(min(count, SHOWN_SUB_DIMENSIONS), ctx.phrase("reach.one_sub_dimension"), ctx)
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Sub-dimensions below the high group, those first whose gap was closed most often."""
    text = [tables.distance(row, ctx) for row in nearest_first(rows).itertuples()]
    heads = "tables.sub_dimension", "tables.score_rank", "tables.group", "tables.short_next_group_threshold"
    return tables.headed(text, ctx, *heads, "tables.cases_rose_so")
