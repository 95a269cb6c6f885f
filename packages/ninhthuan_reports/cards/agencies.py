"""Bars of late dossiers in per cent, worst first, and beside them of overdue ones by how long they are so."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, WORSE, Area, label

from .. import phrases
from ..pieces import plot
from ..wording import Context, percent


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The agency with the largest share of late dossiers, against all others together."""
    if len(rows) < 3:
        raise phrases.nothing(ctx.phrase("dossiers.no_late_dossiers_agency_held", province=ctx.name))
    worst, rest = rows.iloc[0], rows.iloc[1:]
    others = 100 * rest["late"].sum() / rest["resolved"].sum()
    shown, name, when = (
        (phrases.share(worst["late_share"], ctx), phrases.share(others, ctx)),
        worst["agency"],
        phrases.quarter_word(worst["quarter"], ctx),
    )
    title = ctx.phrase(
        "dossiers.late_other_agencies",
        province=ctx.name,
        when=when,
        name=name,
        first_shown=shown[0],
        second_shown=shown[1],
    )

    def holds(frame: pd.DataFrame) -> bool:
        found = {a: (late, of) for a, late, of in phrases.read(frame, "agency", "late", "resolved")}
        late, of = found.pop(name)
        percents = (
            100 * late / of,
            100 * sum(pair[0] for pair in found.values()) / sum(pair[1] for pair in found.values()),
        )
        return tuple(phrases.share(value, ctx) for value in percents) == shown and all(
            late / of >= a / b for a, b in found.values()
        )

    subtitle = ctx.phrase("dossiers.late_among_resolved_dossiers_overdue", province=ctx.name, when=when)
    note = ctx.phrase("dossiers.overdue_without_result_past_day")
    numbers = (
        ctx.phrase("dossiers.late")
        + ", ".join(
            f"{row.agency} {phrases.count(row.late, ctx)}/{phrases.count(row.resolved, ctx)}"
            for row in rows.head(4).itertuples()
        ),
    )
    kind = ctx.phrase("dossiers.two_columns_bars_agency")
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, holds),))


MOST_AGENCIES = 14
AGE_COLOURS = (style.SECOND, "#3F6E99", OWN)


@plot(lambda rows: 1.35 + 0.62 * min(len(rows), MOST_AGENCIES))
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Bars of late dossiers in per cent, worst first, and beside them of overdue ones by how long they are so."""
    rows = rows.head(MOST_AGENCIES)
    shown = rows["overdue"].notna().any()
    left, right, bottom = 4.4, 7.9 if shown else area.width - 2.6, area.height - 0.1
    late = area.axes(left, 0.95, right, bottom)
    for y, row in enumerate(rows.itertuples()):
        look = {"weight": "bold", "color": WORSE} if y == 0 else {"color": OWN}
        late.barh(y, row.late_share, height=0.56, color=look["color"], lw=0, zorder=2)
        text = f"{percent(row.late_share, 2, ctx.language)} ({ctx.number(row.late, 0)})"
        label(late, row.late_share, y, text, dx=4, size=SMALL, **look)
        name = style.wrap(row.agency, BASE, left - 0.2)[:2]
        size, look["color"] = BASE if len(name) < 2 else SMALL, INK
        aside = {"transform": late.get_yaxis_transform(), "dx": -left / 2.54 * 72}
        label(late, 0, y, "\n".join(name), size=size, **aside, **look)
    late.set_xlim(0, max(rows["late_share"].max(), 0.01))
    panels = [(late, ctx.phrase("dossiers.late_those_resolved_dossiers"))]
    if shown:
        overdue = area.axes(right + 2.4, 0.95, area.width - 1.0, bottom)
        _overdue_bars(overdue, rows, ctx)
        panels.append((overdue, ctx.phrase("dossiers.overdue_pending_dossiers")))
    for ax, head in panels:
        label(ax, 0, 1, head, transform=ax.transAxes, dy=19, size=SMALL, color=SOFT)
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines["bottom"].set_visible(False)
    return [ax for ax, _ in panels]


def _overdue_bars(ax: Axes, rows: pd.DataFrame, ctx: Context) -> None:
    """Overdue dossiers, split by how many days they are overdue where that is held; the key over them."""
    ages = ["to_10_days", "to_30_days", "over_30_days"]
    aged = rows[ages].notna().all(axis=None)
    for y, row in rows.reset_index(drop=True).iterrows():
        foot = 0.0
        for value, shade in zip(row[ages], AGE_COLOURS, strict=True) if aged else [(row["overdue"], OWN)]:
            ax.barh(y, value, left=foot, height=0.56, color=shade, lw=0, zorder=2)
            foot += value
        label(ax, foot, y, ctx.number(row["overdue"], 0), dx=4, size=SMALL)
    ax.set_xlim(0, max(rows["overdue"].max(), 1))
    x, place = 0.0, ax.get_position()
    wide, high = 2.54 * np.array([place.width, place.height]) * ax.figure.get_size_inches()
    names = [ctx.phrase(f"dossiers.age_{age}") for age in ("young", "middle", "old")]
    for text, shade in zip(names, AGE_COLOURS, strict=True) if aged else ():
        label(ax, (x + 0.3) / wide, 1, text, transform=ax.transAxes, dy=6, size=SMALL, color=SOFT)
        look = {"transform": ax.transAxes, "fc": shade, "lw": 0, "clip_on": False}
        ax.add_patch(Rectangle((x / wide, 1 + 0.1 / high), 0.22 / wide, 0.22 / high, **look))
        x += 0.5 + style.text_width(text, SMALL)
