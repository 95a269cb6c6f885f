"""An edition a row: the former provinces of a unit, and what they make together."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number, rounded
from ninhthuan.refusals import RULES

from .. import claims, phrases
from ..wording import Context, index_name, province_name, rank_of


def caption(histories: pd.DataFrame, ctx: Context) -> Caption:
    """The former provinces of the unit in the newest edition, and what they make together."""
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
    together = ctx.number(whole.loc[whole["edition_year"] == year, "score"].iloc[0], 2)
    title = ctx.phrase(
        "moves.former_provinces_points_weighted_alike",
        index=index,
        year=year,
        province=ctx.name,
        first_ends=ends[0],
        second_ends=ends[1],
        together=together,
    )

    def mean(frame: pd.DataFrame) -> bool:
        scores = _former(frame, year)["score"]
        all_there = len(scores) > 0 and len(scores) == len(new.predecessor_codes)
        return all_there and ctx.number(sum(rounded(score, 9) for score in scores) / len(scores), 2) == together

    rule, span = ctx.phrase(RULES["aggregate"]), phrases.first_and_last(scored)
    notes = (
        ctx.phrase("moves.rule_comparison_here_every_old", rule=rule),
        phrases.break_notes([component_id], *span, ctx),
    )
    return Caption(
        title,
        ctx.phrase("moves.total_rank_former_provinces_now", index=index, province=ctx.name, rule=rule),
        claims.together(notes),
        phrases.rows_of(scored["edition_year"].nunique(), ctx.phrase("moves.one_each_edition"), ctx),
        (ctx.phrase("moves.before_merger", index=index, year=year, listed=listing(listed, ctx.language)),),
        (
            Claim(ctx.phrase("moves.figures_old_provinces_new_unit"), lambda frame: _of_unit(frame, ctx)),
            Claim(listing(listed, ctx.language), lambda frame: _parts(frame, year, ctx) == (listed, ends)),
            Claim(ctx.phrase("moves.plain_mean", together=together), mean),
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
    """An edition a row: the former provinces of a unit, and what they make together."""
    codes = [*ctx.province.predecessor_codes]
    text = []
    for year, rows in _newest(histories).groupby("edition_year"):
        old = rows[rows["boundary"] == "pre_2025"].set_index("province_code")
        whole = rows[rows["boundary"] == "post_2025"]
        scored = old[old["score"].notna()]
        cells = {
            row.Index: f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})"
            for row in scored.itertuples()
        }
        together = number(whole["score"].iloc[0], 2, ctx.language) if len(whole) else "…"
        text.append([str(year), *(cells.get(code, "…") for code in codes), together])
    names = [province_name(code, "pre_2025", ctx.language) for code in codes]
    last = ctx.phrase("tables.together_weighted_alike")
    return pd.DataFrame(text, columns=[ctx.phrase("tables.edition_2"), *names, last])
