"""Public service units by year: columns from zero; levels that follow from stated changes are hatched."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.words import bilingual

from .. import phrases, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import FOCUS, HALO, INK, OWN, SOFT, Area, label
from ..wording import (
    Context,
    percent,
    sentence,
)


def caption(units: pd.DataFrame, ctx: Context) -> Caption:
    """Newest number of units, and the change since the first."""
    if units.empty:
        raise phrases.nothing(ctx, *bilingual("workload.no_public_service_units_held", province=ctx.name))
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
    title = ctx.phrase(
        ("workload.had_public_service_units" if falls else "workload.had_public_service_units_2"),
        province=ctx.name,
        left=left,
        year=last["period_end"].year,
    )
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
        title += ctx.phrase(
            "workload.than_2", verb=verb, change=ctx.number(abs(change), 0), year=first["period_end"].year
        )
    subtitle = ctx.phrase("workload.public_service_units", province=ctx.name)
    note = ctx.phrase("workload.hatched_levels_follow_printed_changes")
    listed = ", ".join(f"{row.period_end.year} ({ctx.number(row.value, 0)})" for row in units.itertuples())
    numbers = (ctx.phrase("workload.units_year", listed=listed),)
    return Caption(title, subtitle, note, ctx.phrase("workload.column_chart"), numbers, tuple(claims))


@plot(5.6)
def draw(units: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Public service units by year: columns from zero; levels that follow from stated changes are hatched."""
    ax = area.axes(0.2, 0.5, area.width - 0.2, area.height - 0.6)
    years = [int(end.year) for end in units["period_end"]]
    ax.set_xlim(min(years) - 1.1, max(years) + 1.1)
    ax.set_ylim(0, units["value"].max() * 1.04)
    for row in units.itertuples():
        year = row.period_end.year
        printed = row.basis == "printed"
        ax.bar(
            year,
            row.value,
            width=0.95,
            color=OWN if printed else "white",
            ec=OWN if printed else style.MIDDLE,
            hatch="" if printed else "////",
            lw=0 if printed else 0.8,
            zorder=2,
        )
        label(
            ax,
            year,
            row.value,
            ctx.number(row.value, 0),
            ha="center",
            dy=7,
            weight="bold",
            color=OWN if printed else SOFT,
            size=FOCUS,
        )
    last = units.iloc[-1]
    for row in units.iloc[:-1].itertuples():
        change = last["value"] - row.value
        share = 100 * change / row.value
        label(
            ax,
            row.period_end.year,
            row.value / 2,
            f"{ctx.number(change, 0, sign=True)}\n({percent(share, 2, ctx.language).replace('-', chr(0x2212))})",
            ha="center",
            color=INK,
            path_effects=HALO,
            zorder=4,
            lead=1.3,
        )
    ax.set_xticks(years, [str(year) for year in years])
    ax.set_yticks([])
    ax.grid(False)
    return [ax]
