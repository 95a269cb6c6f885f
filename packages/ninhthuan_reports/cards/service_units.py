"""Public service units by year, and the change from each to the newest."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim

from .. import phrases, tables
from ..wording import Context, sentence


def caption(units: pd.DataFrame, ctx: Context) -> Caption:
    """Newest number of units, and the change since the first."""
    if units.empty:
        raise phrases.nothing(ctx.phrase("workload.no_public_service_units_held", province=ctx.name))
    last, first = units.iloc[-1], units.iloc[0]
    change = last["value"] - first["value"]
    year, year_before = last["period_end"].year, first["period_end"].year
    left, moved = ctx.number(last["value"], 0), ctx.number(abs(change), 0)
    falls = change < 0

    def at(frame: pd.DataFrame, year_: int) -> float:
        return frame.loc[frame["period_end"].dt.year == year_, "value"].item()

    claims = [
        Claim(
            ctx.phrase("workload.units", left=left, year=year),
            lambda frame: frame["period_end"].dt.year.max() == year and ctx.number(at(frame, year), 0) == left,
        )
    ]
    key = "workload.had_public_service_units" if falls else "workload.had_public_service_units_2"
    title = ctx.phrase(key, province=ctx.name, left=left, year=year)
    if len(units) > 1:
        verb = ctx.phrase("workload.fewer" if change < 0 else "workload.more")
        claims.append(
            Claim(
                ctx.phrase("workload.than", sentence=sentence(verb), moved=moved, year_before=year_before, verb=verb),
                lambda frame: (
                    frame["period_end"].dt.year.min() == year_before
                    and (move := phrases.apart(at(frame, year), at(frame, year_before))) * (-1 if falls else 1) >= 0
                    and ctx.number(abs(move), 0) == moved
                ),
            )
        )
        title += ctx.phrase("workload.than_2", verb=verb, change=moved, year=year_before)
    subtitle = ctx.phrase("workload.public_service_units", province=ctx.name)
    listed = ", ".join(f"{row.period_end.year} ({ctx.number(row.value, 0)})" for row in units.itertuples())
    numbers = (ctx.phrase("workload.units_year", listed=listed),)
    kind = phrases.rows_of(len(units), ctx.phrase("service_units.each_year"), ctx)
    return Caption(title, subtitle, "", kind, numbers, tuple(claims))


def table(units: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Units by year, and the change from each to the newest."""
    last = units.iloc[-1]
    text = []
    for row in units.itertuples():
        change = last["value"] - row.value
        moved = [ctx.number(change, 0, sign=True), ctx.number(100 * change / row.value, 2, sign=True) + "%"]
        known = ctx.phrase("service_units.printed" if row.basis == "printed" else "service_units.worked_back")
        still = row.period_end == last["period_end"]
        text.append([str(row.period_end.year), ctx.number(row.value, 0), *(["–", "–"] if still else moved), known])
    heads = "service_units.year", "service_units.units", "service_units.to_the_newest"
    heads += "service_units.to_the_newest_share", "service_units.known"
    return tables.headed(text, ctx, *heads, year=last["period_end"].year)
