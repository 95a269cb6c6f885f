"""Provinces that changed sides of the province between two editions, by name."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue

from .. import claims as routes
from .. import phrases
from ..wording import Context, province_name, rank_of

WAYS = ("passed_by", "entered", "passed", "left")  # those that cost places first


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """From rank to rank, and how many provinces came past, were passed, came in and went."""
    if "year_to" not in rows.attrs:
        raise phrases.no_move(ctx)
    if rows.empty:
        raise phrases.nothing(ctx.phrase("passings.none", province=ctx.name))
    attrs = rows.attrs
    before, year = attrs["year_from"], attrs["year_to"]
    ranks = [rank_of(attrs[f"rank_{end}"], attrs[f"n_ranked_{end}"]) for end in ("from", "to")]
    gained = attrs["rank_from"] - attrs["rank_to"]
    way = ctx.phrase("moves.went", first_ranks=ranks[0]) if gained else ctx.phrase("moves.kept_rank")
    title = f"PAPI {year}: {ctx.name} {way} {ranks[1]}"
    change = attrs["score_to"] - attrs["score_from"]
    if quiet := routes.caution(change, "papi_total", (before, year), ctx):
        title += ctx.phrase("moves.score_s_change", quiet=quiet)
    counts = {name: int((rows["way"] == name).sum()) for name in WAYS}
    counted_text = "; ".join(
        ctx.phrase(f"passings.counted.{name}", count=count) for name, count in counts.items() if count
    )

    def ranked(frame: pd.DataFrame) -> bool:
        found = [rank_of(frame.attrs[f"rank_{end}"], frame.attrs[f"n_ranked_{end}"]) for end in ("from", "to")]
        return found == ranks and (frame.attrs["year_from"], frame.attrs["year_to"]) == (before, year)

    def adds_up(frame: pd.DataFrame) -> bool:
        """Anew from the scores: who was and is above the province's own."""
        then, now = frame.attrs["score_from"], frame.attrs["score_to"]
        was_above = sum(score > then for score in frame["score_from"])
        is_above = sum(score > now for score in frame["score_to"])
        return was_above - is_above == gained

    claims = (
        Claim(ctx.phrase("moves.in_in", first_ranks=ranks[0], before=before, second_ranks=ranks[1], year=year), ranked),
        Claim(ctx.phrase("moves.provinces_passed_agree"), adds_up),
    )
    notes = [
        phrases.break_notes(["papi_total"], before, year, ctx),
        phrases.error_note(ctx) * catalogue().same_component("papi_total", before, year),
        phrases.withheld_note("papi", year, ctx),
    ]
    return Caption(
        title,
        ctx.phrase("passings.subtitle", province=ctx.name, before=before, year=year),
        " ".join(note for note in notes if note),
        phrases.rows_of(len(rows), ctx.phrase("passings.each_province"), ctx),
        (f"{counted_text[:1].upper()}{counted_text[1:]}",) * bool(counted_text),
        claims,
    )


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """What each province did, its name, and its scores in both editions."""
    order = {name: place for place, name in enumerate(WAYS)}
    text = [
        [
            ctx.phrase(f"passings.row.{row.way}"),
            province_name(row.other_code, ctx.province.boundary, ctx.language),
            *("–" if pd.isna(score) else ctx.number(score, 2) for score in (row.score_from, row.score_to)),
        ]
        for row in rows.sort_values("way", key=lambda ways: ways.map(order), kind="stable").itertuples()
    ]
    years = rows.attrs["year_from"], rows.attrs["year_to"]
    heads = [ctx.phrase("passings.what"), ctx.phrase("passings.province")]
    return pd.DataFrame(text, columns=[*heads, *(ctx.phrase("passings.score", year=year) for year in years)])
