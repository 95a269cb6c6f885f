"""Charts of dossiers quarter by quarter, and of the tasks of the annual plan."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ninhthuan.catalogue import MERGER_DAY
from ninhthuan.language import day
from ninhthuan.language import label as word
from ninhthuan.periods import Quarter

from .. import style
from ..dossiers import SHEET, bad_quarter, judged
from ..style import BASE, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import Context, percent
from .pieces import plot

BAD = "#FBEAE2"  # behind the column of a quarter that stands apart
MOST_AGENCIES = 14
AGE_COLOURS = (style.SECOND, "#3F6E99", OWN)
LEFT_CM, ROW_CM, GAP_CM, HEAD_CM = 3.3, 1.5, 0.22, 1.05
NAMES = {
    "dossiers_received": "received",
    "dossiers_on_time_share": "on_time",
    "dossiers_received_share": "online",
    "dossiers_pending_overdue": "overdue",
}


def _own(sheet: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    return sheet[(sheet["province_code"] == ctx.province.province_code) & (sheet["agency"] == "")]


@plot(lambda sheet: HEAD_CM + len(SHEET) * (ROW_CM + GAP_CM))
def dossier_calendar(sheet: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Eight quarters as columns, a measure a row: bars of counts, points of shares, dashes where nothing is held."""
    ax = area.axes(0, 0, area.width, area.height)
    ax.set(xlim=(0, area.width), ylim=(area.height, 0))
    ax.set_axis_off()
    slot = (area.width - LEFT_CM) / 8
    own = _own(sheet, ctx)
    worst = bad_quarter(sheet, ctx.province.province_code)
    newest = Quarter.parse(own["quarter"].max())
    quarters = [newest.shifted(back - 7) for back in range(8)]
    if first := int(own["place"].min()):
        words = ctx.phrase(
            "dossiers.before_former_provinces", merger_day=(day(MERGER_DAY, "vi"), day(MERGER_DAY, "en"))
        )
        label(ax, LEFT_CM + first * slot / 2, HEAD_CM + ROW_CM / 2, words, ha="center", size=SMALL, color=SOFT)
    _calendar_head(ax, quarters, slot, ctx)
    if worst:
        x = LEFT_CM + own.loc[own["quarter"] == worst, "place"].iloc[0] * slot
        ax.add_patch(Rectangle((x, HEAD_CM), slot, len(SHEET) * (ROW_CM + GAP_CM), fc=BAD, lw=0, zorder=0))
    for place, (measure, _) in enumerate(SHEET):
        top = HEAD_CM + place * (ROW_CM + GAP_CM)
        rows = own[own["measure"] == measure].sort_values("place")
        others = sheet[(sheet["measure"] == measure) & (sheet["province_code"] != ctx.province.province_code)]
        name, unit = ctx.phrase(f"dossiers.line_{NAMES[measure]}"), ctx.phrase(f"dossiers.unit_{NAMES[measure]}")
        target = rows["target"].dropna()
        lift = 0.2 if len(target) else 0.0
        label(ax, 0, top + ROW_CM / 2 - 0.2 - lift, name, weight="bold")
        label(ax, 0, top + ROW_CM / 2 + 0.25 - lift, unit, size=SMALL, color=SOFT)
        if len(target):
            aim = percent(target.iloc[-1], 0 if target.iloc[-1] % 1 == 0 else 2, ctx.language)
            ax.plot([0.02, 0.4], [top + ROW_CM / 2 + 0.5] * 2, color=INK, lw=2, solid_capstyle="butt")
            label(ax, 0.5, top + ROW_CM / 2 + 0.5, ctx.phrase("dossiers.target", aim=aim), size=SMALL)
        (_points if measure.endswith("_share") else _columns)(ax, rows, others, top, slot, worst, ctx)
        for row in rows[rows["value"].isna()].itertuples():
            _empty_slot(ax, LEFT_CM + row.place * slot, top, slot, len(others[others["place"] == row.place]) > 0, ctx)
    return [ax]


def _calendar_head(ax: Axes, quarters: list[Quarter], slot: float, ctx: Context) -> None:
    """Quarters over a line for each year, the year under it."""
    for year in sorted({quarter.year for quarter in quarters}):
        places = [place for place, quarter in enumerate(quarters) if quarter.year == year]
        left, right = LEFT_CM + places[0] * slot + 0.06, LEFT_CM + (places[-1] + 1) * slot - 0.06
        ax.plot([left, right], [0.46, 0.46], color=style.MIDDLE, lw=0.8)
        label(ax, (left + right) / 2, 0.72, str(year), ha="center", color=SOFT)
        for place in places:
            number = quarters[place].number
            text = ctx.phrase("dossiers.q", value=("I", "II", "III", "IV")[number - 1], number=number)
            label(ax, LEFT_CM + (place + 0.5) * slot, 0.22, text, ha="center")


def _empty_slot(ax: Axes, x: float, top: float, slot: float, others: bool, ctx: Context) -> None:
    ax.add_patch(
        Rectangle((x + 0.05, top), slot - 0.1, ROW_CM, fc="none", ec=style.BOX, lw=0.8, ls=style.DASHES, zorder=1)
    )
    words = ctx.phrase("dossiers.no_figures")
    label(ax, x + slot / 2 - 0.12 * others, top + ROW_CM / 2, words, ha="center", size=SMALL, color=SOFT)


def _columns(ax, rows, others, top: float, slot: float, worst: str, ctx: Context) -> None:
    """Counts of a row as columns from zero."""
    most = rows["value"].max()
    for row in rows[rows["value"].notna()].itertuples():
        x = LEFT_CM + (row.place + 0.5) * slot
        high = (ROW_CM - 0.45) * row.value / most if most else 0.0
        ax.add_patch(Rectangle((x - slot * 0.27, top + ROW_CM - high), slot * 0.54, high, fc=OWN, lw=0, zorder=2))
        ax.plot([x - slot / 2 + 0.04, x + slot / 2 - 0.04], [top + ROW_CM] * 2, color=style.MIDDLE, lw=0.8, zorder=3)
        text = ctx.number(row.value, 0) + "*" * (row.basis == "derived")
        label(ax, x, top + ROW_CM - high - 0.2, text, ha="center", weight="bold", color=OWN)


def _points(ax, rows, others, top: float, slot: float, worst: str, ctx: Context) -> None:
    """Shares of a row as points, joined where quarters of one kind of window follow each other; target and others."""
    held = rows[rows["value"].notna()]
    values = [*held["value"], *rows["target"].dropna(), *others["value"]]
    if not values:
        return
    low, high = min(values), max(values)

    def y(value: float) -> float:
        part = (value - low) / (high - low) if high > low else 0.5
        return top + ROW_CM - 0.3 - part * (ROW_CM - 0.85)

    x = {row.place: LEFT_CM + (row.place + 0.5) * slot for row in rows.itertuples()}
    for row in rows[rows["target"].notna()].assign(judged=judged).itertuples():
        ends = [x[row.place] - slot / 2 + 0.05, x[row.place] + slot / 2 - 0.05]
        ax.plot(ends, [y(row.target)] * 2, color=INK, lw=1.6, ls="-" if row.judged else style.DASHES, zorder=2)
    for row in others.itertuples():
        aside = slot / 2 - 0.22
        ax.plot(x[row.place] + aside, y(row.value), "o", ms=4.5, color=style.OTHERS, mec="white", mew=0.5, zorder=3)
    ordered = list(held.itertuples())
    for earlier, later in itertools.pairwise(ordered):
        if later.place == earlier.place + 1 and later.window == earlier.window:
            ax.plot([x[earlier.place], x[later.place]], [y(earlier.value), y(later.value)], color=OWN, lw=1.6, zorder=3)
    for row in ordered:
        bad = row.quarter == worst and row.measure == "dossiers_on_time_share"
        colour = WORSE if bad else OWN
        ax.plot(x[row.place], y(row.value), "o", ms=6.5, color=colour, mec="white", mew=0.7, zorder=4)
        text = ctx.number(row.value, int(row.decimals)) + "*" * (row.basis == "derived")
        label(
            ax,
            x[row.place],
            y(row.value) + (0.3 if bad else -0.3),
            text,
            ha="center",
            weight="bold",
            color=colour,
            path_effects=style.HALO,
            zorder=5,
        )


@plot(lambda rows: 1.05 + 0.72 * len(rows))
def on_time(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Shares on time by level and channel on a cut axis: now, the quarter before, the year before, and the target."""
    left, right = 3.3, area.width - 1.7
    ax = area.axes(left, 0.5, right, area.height - 0.55)
    transform = ax.get_yaxis_transform()
    seen = rows[["value", "quarter_before", "year_before", "target"]].to_numpy(dtype=float)
    low, high = np.floor(np.nanmin(seen) - 1), min(np.ceil(np.nanmax(seen) + 1), 100)
    ax.set_xlim(low, high + 0.02 * (high - low))
    # a target set within the quarter is a broken line, and no row is short of it
    rows = rows.assign(judged=judged(rows))
    for y, row in enumerate(rows.itertuples()):
        short = row.judged and row.value < row.target
        colour = WORSE if short else OWN
        ax.plot([low, high], [y, y], color=style.RANGE, lw=0.8, zorder=1)
        if pd.notna(row.target):
            look = {"lw": 2.4, "solid_capstyle": "butt"} if row.judged else {"lw": 1.2, "ls": style.DASHES}
            ax.plot([row.target] * 2, [y - 0.36, y + 0.36], color=INK, zorder=2, **look)
        for value, marker in ((row.year_before, "D"), (row.quarter_before, "o")):
            if pd.notna(value):
                ax.plot(value, y, marker, ms=5, mfc="white", mec=style.MIDDLE, mew=1.1, zorder=3, clip_on=False)
        ax.plot(row.value, y, "o", ms=7.5, color=colour, mec="white", mew=0.8, zorder=4, clip_on=False)
        weight = "bold" if row.part == "all" else "normal"
        label(ax, -left / (right - left), y, word(row.part, ctx.language), transform=transform, weight=weight)
        text = percent(row.value, int(row.decimals), ctx.language) + "*" * (row.basis == "derived")
        label(ax, 1 + 1.7 / (right - left), y, text, transform=transform, ha="right", weight="bold", color=colour)
    targets = rows["target"].dropna()
    if len(targets):
        aim = percent(targets.iloc[0], 0 if targets.iloc[0] % 1 == 0 else 2, ctx.language)
        words = ctx.phrase("dossiers.target", aim=aim)
        if not rows["judged"].all():
            since = day(rows["target_from"].max().date(), ctx.language)
            words += ctx.phrase("dossiers.from", since=since)
        label(ax, targets.iloc[0], -0.5, words, ha="center", dy=7, size=SMALL)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    _percent_axis(ax, ctx, 6)
    return [ax]


def _percent_axis(ax: Axes, ctx: Context, ticks: int) -> None:
    ax.set_yticks([])
    ax.xaxis.set_major_locator(MaxNLocator(ticks, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0, ctx.language)))
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)


@plot(lambda rows: 1.35 + 0.62 * min(len(rows), MOST_AGENCIES))
def agencies(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
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


SQUARE_CM, PER_ROW = 0.42, 25


@plot(lambda rows: 0.75 + SQUARE_CM * 1.2 * math.ceil(rows["count"].sum() / PER_ROW))
def plan_tasks(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """A square for each task of the year's plan: done, due and not done, not yet due."""
    ax = area.axes(0, 0, area.width, area.height)
    ax.set(xlim=(0, area.width), ylim=(area.height, 0))
    ax.set_axis_off()
    looks = {
        "done": {"fc": OWN, "ec": OWN},
        "due": {"fc": WORSE, "ec": WORSE},
        "not_due": {"fc": "white", "ec": style.MIDDLE},
        "open": {"fc": style.RANGE, "ec": style.MIDDLE},
    }
    states = [state for state, count in zip(rows["state"], rows["count"], strict=True) for _ in range(int(count))]
    step = SQUARE_CM * 1.2
    for place, state in enumerate(states):
        corner = (0.03 + place % PER_ROW * step, 0.08 + place // PER_ROW * step)
        ax.add_patch(Rectangle(corner, SQUARE_CM, SQUARE_CM, lw=0.9, **looks[state]))
    x, y = 0.03, area.height - 0.35
    for row in rows[rows["count"] > 0].itertuples():
        text = f"{word(row.state, ctx.language)}: {ctx.number(row.count, 0)}"
        ax.add_patch(Rectangle((x, y - 0.14), 0.28, 0.28, lw=0.9, **looks[row.state]))
        label(ax, x + 0.4, y, text, weight="bold" if row.state == "done" else "normal")
        x += 0.9 + style.text_width(text, BASE, "bold")
    return [ax]
