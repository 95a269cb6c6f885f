"""A span of editions a row: its common dimensions, and score and rank at either end."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number
from ninhthuan.refusals import RULES

from .. import phrases, tables
from ..wording import Context, rank_of


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Over the longest span that common components bridge: from which place to which."""
    ranked = history[history["rank"].notna()]
    if ranked.empty:
        raise phrases.nothing(ctx.phrase("moves.there_no_linked_series_no", province=ctx.name))

    def ends(frame: pd.DataFrame, span: str) -> list[pd.Series]:
        rows = frame[(frame["span"] == span) & frame["rank"].notna()].sort_values("edition_year")
        return [rows.iloc[0], rows.iloc[-1]]

    spans = list(dict.fromkeys(ranked["span"]))
    # of the spans up to the newest edition the longest
    newest = max(int(each.partition("–")[2]) for each in spans)
    span = next(each for each in spans if each.endswith(str(newest)))
    pair = ends(ranked, span)
    ranks = [f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['edition_year'])})" for row in pair]
    numbered = listing([catalogue().component(name).number for name in pair[0]["component_ids"].split()], ctx.language)
    one = " " not in pair[0]["component_ids"]
    title = ctx.phrase(
        ("moves.papi_dimensions_alone_measured_alike" if not one else "moves.papi_dimension_alone_measured_alike"),
        years="–".join(str(int(row["edition_year"])) for row in pair),
        numbered=numbered,
        province=ctx.name,
        first_ranks=rank_of(pair[0]["rank"], pair[0]["n_ranked"]),
        second_ranks=rank_of(pair[1]["rank"], pair[1]["n_ranked"]),
    )

    def holds(frame: pd.DataFrame) -> bool:
        rows = ends(frame, span)
        found = [f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['edition_year'])})" for row in rows]
        first, last = (int(year) for year in span.split("–"))
        common = [part.component_id for part in catalogue().common_components("papi", first, last)]
        return found == ranks and rows[0]["component_ids"].split() == common

    claims = (phrases.about(ctx), Claim(title, holds))
    rule = ctx.phrase(RULES["same_components"])
    notes = [
        ctx.phrase("moves.rule_comparison_papi_s_tree", rule=rule),
        phrases.unrounded_note(ctx),
        phrases.break_notes(["papi_total"], *phrases.first_and_last(history), ctx),
    ]
    subtitle = ctx.phrase("moves.papi_score_rank_dimensions_common", province=ctx.name, rule=rule)
    kind = phrases.rows_of(len(spans), ctx.phrase("moves.one_each_span"), ctx)
    numbers = tuple(
        f"{each}: {' → '.join(rank_of(row['rank'], row['n_ranked']) for row in ends(ranked, each))}"
        for each in spans
        if each != span
    )
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)


def table(history: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """A span of editions a row: its common dimensions, and score and rank at either end."""
    text = []
    for span, rows in history[history["rank"].notna()].groupby("span", sort=False):
        first, last = (rows.sort_values("edition_year").iloc[place] for place in (0, -1))
        numbers = [catalogue().component(name).number for name in first["component_ids"].split()]
        text.append(
            [
                span,
                ", ".join(numbers),
                *(f"{number(row['score'], 2, ctx.language)} ({row['edition_year']})" for row in (first, last)),
                rank_of(first["rank"], first["n_ranked"]),
                rank_of(last["rank"], last["n_ranked"]),
            ]
        )
    heads = (
        "tables.span",
        "tables.common_dimensions",
        "tables.first_score",
        "tables.last_score",
        "tables.first_rank",
        "tables.last_rank",
    )
    return tables.headed(text, ctx, *heads)
