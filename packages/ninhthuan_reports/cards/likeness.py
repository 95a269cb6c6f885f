"""The provinces most like this one, nearest first."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.numbers import number

from .. import phrases, tables
from ..wording import Context, province_name, rank_of


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The province most like this one over the dimensions, and how near."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("relations.has_no_scores_every_papi", province=ctx.name))
    year, parts, n = (int(rows[name].iloc[0]) for name in ("edition_year", "n_dimensions", "n"))
    nearest = rows.loc[rows["distance"].idxmin()]
    code, size = nearest["province_code"], ctx.number(nearest["distance"], 2)
    name = province_name(code, nearest["boundary"], ctx.language)
    placed = rank_of(nearest["rank"], nearest["n_ranked"])
    title = ctx.phrase("relations.papi_most_like_over_dimensions", year=year, province=ctx.name, parts=parts, name=name)

    def most_like(frame: pd.DataFrame) -> bool:
        order = frame.sort_values("distance", kind="stable").iloc[0]
        return (
            order["province_code"] == code
            and ctx.number(order["distance"], 2) == size
            and rank_of(order["rank"], order["n_ranked"]) == placed
            and frame["edition_year"].eq(year).all()
            and frame["n_dimensions"].eq(parts).all()
            and not frame["province_code"].eq(ctx.province.province_code).any()
        )

    subtitle = ctx.phrase(
        "relations.provinces_nearest_papi_dimensions_result",
        n_rows=len(rows),
        province=ctx.name,
        parts=parts,
        year=year,
        n=n,
    )
    note = ctx.phrase("relations.euclidean_distance_over_standardised_dimensions")
    furthest = rows.loc[rows["distance"].idxmax()]
    numbers = (
        ctx.phrase(
            "relations.furthest_table",
            province_name=(
                province_name(furthest["province_code"], furthest["boundary"], "vi"),
                province_name(furthest["province_code"], furthest["boundary"], "en"),
            ),
            distance=ctx.number(furthest["distance"], 2),
        ),
    )
    kind = phrases.rows_of(len(rows), ctx.phrase("relations.one_province"), ctx)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, most_like),))


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The provinces most like this one, nearest first."""
    known = catalogue().provinces
    text = []
    for row in rows.itertuples():
        province = known[(row.boundary, row.province_code)]
        text.append(
            [
                province_name(row.province_code, row.boundary, ctx.language),
                ctx.pick(province.region, province.region_en) or "…",
                number(row.distance, 2, ctx.language),
                number(row.score, 2, ctx.language),
                rank_of(row.rank, row.n_ranked),
            ]
        )
    heads = "tables.province", "tables.region", "tables.distance", "tables.total", "tables.rank_2"
    return tables.headed(text, ctx, *heads)
