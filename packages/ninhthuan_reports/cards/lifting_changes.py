"""The rise of each dimension alone that lifts the total's group."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.numbers import number

from .. import phrases, tables
from ..wording import Context, sentence, share_of_cases


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The rise that lifts the total's group, and the dimension that rose so much most often."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("reach.has_no_papi_total_total", province=ctx.name))
    year, needed, above = phrases.not_ended(rows, ctx), rows["needed"].iloc[0], rows["next_group"].iloc[0]
    group, size = phrases.group_name(above, ctx), phrases.size(needed, ctx)
    parts = rows[(rows["level"] != "total") & rows["possible"].astype(bool)]
    known = parts[parts["closed_share"].notna()]

    def needs(frame: pd.DataFrame) -> bool:
        """Every row's score and the score reached differ by what is printed."""
        pairs = zip(frame["reached"], frame["score"], strict=True)
        apart = [phrases.size(phrases.apart(reached, score), ctx) for reached, score in pairs]
        sizes = {*apart, *(phrases.size(needed, ctx) for needed in frame["needed"])}
        return sizes == {size} and frame["next_group"].eq(above).all()

    says = ctx.phrase("reach.total_needs_points_more", size=size, group=group)
    claims, numbers = [phrases.about(ctx), Claim(says, needs)], []
    title = f"PAPI {year}, {ctx.name}: {says[:1].lower()}{says[1:]}"
    if len(known):
        first = known.sort_values(["closed_share", "component_id"], ascending=[False, True]).iloc[0]
        part, share = first["component_id"], share_of_cases(first["closed_share"], ctx.language)
        name = phrases.names_of([part], ctx, year)

        def most_often(frame: pd.DataFrame) -> bool:
            there = frame[(frame["level"] != "total") & (frame["reached"] <= frame["scale_max"] + 1e-9)]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            most = shares[there["component_id"] == part].item() == shares.max()
            return most and phrases.seen(frame, part, share, ctx)

        most = ctx.phrase("reach.dimension_rose_so_most_often", name=name, share=share)
        if first["n_closed"] == 0:
            most = ctx.phrase("reach.no_single_dimension_ever_rose")
        claims.append(Claim(sentence(most), most_often))
        numbers.append(claims[-1].says)
        total = rows[rows["level"] == "total"].iloc[0]
        values = {"share_of_cases": share_of_cases(total["closed_share"], ctx.language)}
        numbers.append(ctx.phrase("reach.total_rose_least_so_much", n_year_pairs=total["n_year_pairs"], **values))
    subtitle = ctx.phrase("reach.smallest_rise_lifts_papi_total", year=year, province=ctx.name)
    note = ctx.phrase("reach.total_sum_dimensions_so_rise")
    note = f"{note} {phrases.cases_note(ctx)} {phrases.unrounded_note(ctx)} {phrases.error_note(ctx)}"
    kind = phrases.rows_of(len(rows), ctx.phrase("reach.total_then_dimensions"), ctx)
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The rise of each dimension alone that lifts the total's group."""
    text = [
        [
            tables.own_name(row.component_id, row.edition_year, ctx),
            number(row.score, 2, ctx.language),
            number(row.reached, 2, ctx.language) if row.possible else ctx.phrase("tables.beyond_scale"),
            number(row.highest, 2, ctx.language),
            tables.cases(row, ctx),
        ]
        for row in rows.itertuples()
    ]
    heads = "tables.dimension", "tables.score", "tables.would_have_reach", "tables.highest_ever_seen"
    return tables.headed(text, ctx, *heads, "tables.cases_rose_so")
