"""An edition a row: the former provinces of a unit, and what they make together."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import RULES, catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number, rounded

from .. import phrases
from ..wording import Context, index_name, province_name, rank_of


def _former_spread(frame: pd.DataFrame, year: int) -> tuple[float, float]:
    """Lowest and highest score of the former provinces in an edition."""
    scores = frame.loc[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025"), "score"]
    return scores.min(), scores.max()


def caption(histories: pd.DataFrame, ctx: Context) -> Caption:
    """The former provinces of the unit in the newest edition, and what they make together."""
    new = ctx.province
    if new.boundary != "post_2025" or len(new.predecessor_codes) < 2:
        raise phrases.nothing(ctx.phrase("moves.not_made_several_former_provinces", province=ctx.name))
    held = histories[histories["score"].notna()]
    whole = held[held["boundary"] == "post_2025"]
    if whole.empty:
        raise phrases.nothing(ctx.phrase("moves.no_edition_has_score_every", province=ctx.name))
    year = int(whole["edition_year"].max())

    def parts(frame: pd.DataFrame) -> list[str]:
        rows = frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]
        rows = rows.set_index("province_code").loc[
            [c for c in new.predecessor_codes if c in set(rows["province_code"])]
        ]
        return [
            f"{province_name(row.Index, 'pre_2025', ctx.language)} {ctx.number(row.score, 2)} "
            f"({rank_of(row.rank, row.n_ranked)})"
            for row in rows.itertuples()
        ]

    listed = parts(held)
    together = ctx.number(whole.loc[whole["edition_year"] == year, "score"].iloc[0], 2)
    index = index_name(held["component_id"].iloc[0].removesuffix("_total"))
    spread = _former_spread(held, year)
    ends = [ctx.number(score, 2) for score in spread]
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
        rows = frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]
        whole = len(rows) > 0 and len(rows) == len(new.predecessor_codes)
        return whole and ctx.number(sum(rounded(score, 9) for score in rows["score"]) / len(rows), 2) == together

    claims = (
        Claim(
            ctx.phrase("moves.figures_old_provinces_new_unit"),
            lambda frame: (
                Counter(frame["boundary"])["pre_2025"] > 0
                and set(frame.loc[frame["boundary"] == "pre_2025", "province_code"]) == set(new.predecessor_codes)
                and len(phrases.own_rows(frame, ctx)) == int((frame["boundary"] == "post_2025").sum())
            ),
        ),
        Claim(
            listing(listed, ctx.language),
            lambda frame: (
                parts(frame) == listed and [ctx.number(score, 2) for score in _former_spread(frame, year)] == ends
            ),
        ),
        Claim(ctx.phrase("moves.plain_mean", together=together), mean),
    )
    rule = ctx.phrase(RULES["aggregate"])
    notes = [
        ctx.phrase("moves.rule_comparison_here_every_old", rule=rule),
        ctx.phrase("moves.new_method_edition_scores_not")
        if catalogue().breaks_between(held["component_id"].iloc[0], *phrases.held_ends(held), "break")
        else "",
        phrases.break_notes([held["component_id"].iloc[0]], *phrases.held_ends(held), ctx),
    ]
    subtitle = ctx.phrase("moves.total_rank_former_provinces_now", index=index, province=ctx.name, rule=rule)
    kind = phrases.rows_of(held["edition_year"].nunique(), ctx.phrase("moves.one_each_edition"), ctx)
    numbers = (f"{year}: {listing(listed, ctx.language)}",)
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)


def table(histories: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """An edition a row: the former provinces of a unit, and what they make together."""
    codes = [*ctx.province.predecessor_codes]
    text = []
    for year, rows in histories.groupby("edition_year"):
        old = rows[rows["boundary"] == "pre_2025"].set_index("province_code")
        whole = rows[rows["boundary"] == "post_2025"]
        held = old[old["score"].notna()]
        cells = {
            row.Index: f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})"
            for row in held.itertuples()
        }
        mark = " †" * any(b.edition_year == year for b in catalogue().breaks_of(rows["component_id"].iloc[0], "break"))
        together = number(whole["score"].iloc[0], 2, ctx.language) if len(whole) else "…"
        text.append([f"{year}{mark}", *(cells.get(code, "…") for code in codes), together])
    names = [province_name(code, "pre_2025", ctx.language) for code in codes]
    last = ctx.phrase("tables.together_weighted_alike")
    return pd.DataFrame(text, columns=[ctx.phrase("tables.edition_2"), *names, last])
