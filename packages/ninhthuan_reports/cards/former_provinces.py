"""An edition a row: the former provinces of a unit."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number

from .. import claims, phrases
from ..wording import Context, index_name, province_name, rank_of


def caption(histories: pd.DataFrame, ctx: Context) -> Caption:
    """The former provinces of the unit in the newest edition."""
    new = ctx.province
    if new.boundary != "post_2025" or len(new.predecessor_codes) < 2:
        raise phrases.nothing(ctx.phrase("moves.not_made_several_former_provinces", province=ctx.name))
    scored = _newest(histories[histories["score"].notna()])
    whole = scored[scored["boundary"] == "post_2025"]
    if whole.empty:
        raise phrases.nothing(ctx.phrase("moves.no_edition_has_score_every", province=ctx.name))
    component_id, year = scored["component_id"].iloc[0], int(whole["edition_year"].max())
    index = index_name(component_id.removesuffix("_total"))
    listed, ends = _parts(scored, year, ctx)
    values = {"index": index, "year": year, "first_ends": ends[0], "second_ends": ends[1]}
    title = ctx.phrase("moves.former_provinces_points", province=ctx.name, **values)

    def spanned(frame: pd.DataFrame) -> bool:
        scores = sorted(_former(frame, year)["score"].dropna())
        all_there = len(scores) == len(new.predecessor_codes)
        return all_there and [ctx.number(score, 2) for score in (scores[0], scores[-1])] == ends

    span = phrases.first_and_last(scored)
    notes = (ctx.phrase("moves.former_provinces_apart"), phrases.break_notes([component_id], *span, ctx))
    return Caption(
        title,
        ctx.phrase("moves.total_rank_former_provinces_now", index=index, province=ctx.name),
        claims.together(notes),
        phrases.rows_of(scored["edition_year"].nunique(), ctx.phrase("moves.one_each_edition"), ctx),
        (ctx.phrase("moves.before_merger", index=index, year=year, listed=listing(listed, ctx.language)),),
        (
            Claim(ctx.phrase("moves.figures_old_provinces_new_unit"), lambda frame: _of_unit(frame, ctx)),
            Claim(listing(listed, ctx.language), lambda frame: _parts(frame, year, ctx) == (listed, ends)),
            Claim(title, spanned),
        ),
    )


def _newest(histories: pd.DataFrame) -> pd.DataFrame:
    """Rows of the editions of the newest method."""
    part = histories["component_id"].iloc[0]
    methods = histories["edition_year"].map(lambda year: catalogue().segment(part, int(year)))
    return histories[methods.eq(methods.max())]


def _former(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the former provinces in an edition."""
    return frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]


def _parts(frame: pd.DataFrame, year: int, ctx: Context) -> tuple[list[str], list[str]]:
    """The former provinces with their scores and ranks, and the lowest and the highest score."""
    rows = _former(frame, year).set_index("province_code")
    rows = rows.loc[[code for code in ctx.province.predecessor_codes if code in rows.index]]
    listed = [
        f"{province_name(row.Index, 'pre_2025', ctx.language)} {ctx.number(row.score, 2)} "
        f"({rank_of(row.rank, row.n_ranked)})"
        for row in rows.itertuples()
    ]
    return listed, [ctx.number(score, 2) for score in (rows["score"].min(), rows["score"].max())]


def _of_unit(frame: pd.DataFrame, ctx: Context) -> bool:
    """Whether every row is of the unit or of a province that it was made of."""
    old = frame["boundary"] == "pre_2025"
    codes = set(frame.loc[old, "province_code"])
    return codes == set(ctx.province.predecessor_codes) and len(phrases.own_rows(frame, ctx)) == int((~old).sum())


def table(histories: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """An edition a row: the former provinces of a unit."""
    codes = [*ctx.province.predecessor_codes]
    text = []
    for year, rows in _newest(histories).groupby("edition_year"):
        old = rows[rows["boundary"] == "pre_2025"].set_index("province_code")
        scored = old[old["score"].notna()]
        cells = {
            row.Index: f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})"
            for row in scored.itertuples()
        }
        text.append([str(year), *(cells.get(code, "…") for code in codes)])
    names = [ctx.phrase("tables.former", name=province_name(code, "pre_2025", ctx.language)) for code in codes]
    return pd.DataFrame(text, columns=[ctx.phrase("tables.edition_2"), *names])
