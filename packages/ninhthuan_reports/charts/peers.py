"""Charts of the province among others."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ninhthuan.catalogue import GROUPS, catalogue
from ninhthuan.language import label as word

from .. import style
from ..style import BASE, FOCUS, INK, OWN, SMALL, SOFT, Area, label
from ..wording import Context, province_name, rank_of
from .papi import _group_key
from .pieces import PLOT_CM, ROW_CM, _break_labels, _cm_per_unit, _mark_breaks, _Texts, plot, stretches


@plot(11.2)
def tile_groups(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One tile a province, coloured by its group; the own tile is ringed, withheld provinces are hatched."""
    boundary = cells["boundary"].iloc[0]
    known = catalogue()
    held = cells.set_index("province_code")
    tiles = [p for p in known.provinces.values() if p.boundary == boundary and p.tile_col is not None]
    split = (max(p.tile_row for p in tiles) + 1) // 2
    columns = max(p.tile_col for p in tiles) + 1
    ax = area.axes(0, 0, area.width, area.height)
    ax.set_axis_off()
    ax.set_xlim(0, area.width)
    ax.set_ylim(area.height, 0)
    gap, head = 0.05, 0.75
    wide, tall = 1.06 * area.width / PLOT_CM, (area.height - head - 0.45) / split
    right_edge = area.width - columns * wide + gap
    for province in tiles:
        lower = province.tile_row >= split
        x = province.tile_col * wide + (right_edge if lower else 0)
        y = head + (province.tile_row - (split if lower else 0)) * tall
        cell = held.loc[province.province_code] if province.province_code in held.index else None
        group = cell["group_derived"] if cell is not None else None
        name = province_name(province.province_code, boundary, ctx.language, short=True)
        text = "\n".join(style.wrap(name, SMALL, wide - 0.24, "bold"))
        size = (wide - gap, tall - gap)
        middle = (x + size[0] / 2, y + size[1] / 2)
        own = province.province_code == ctx.province.province_code
        if own:
            ring = (x - 0.03, y - 0.03), size[0] + 0.06, size[1] + 0.06
            ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=2.4, zorder=5))
        if not isinstance(group, str):
            ax.add_patch(Rectangle((x, y), *size, fc="white", ec="#A8A8A8", hatch="////", lw=0.6))
            label(
                ax,
                *middle,
                text,
                size=SMALL,
                ha="center",
                weight="bold" if own else "normal",
                path_effects=[style.patheffects.withStroke(linewidth=2.6, foreground="white")],
            )
            continue
        ax.add_patch(Rectangle((x, y), *size, fc=style.GROUP_COLOURS[group], lw=0))
        label(
            ax,
            *middle,
            text,
            size=SMALL,
            ha="center",
            color="white" if group in GROUPS[:2] else INK,
            weight="bold" if own else "normal",
        )
    label(ax, 0, 0.35, ctx.phrase("peers.north_north_central_da_nang"), color=SOFT)
    label(
        ax,
        area.width,
        0.35,
        ctx.phrase("peers.south_central_highlands_south"),
        ha="right",
        color=SOFT,
    )
    counts = cells["group_derived"].value_counts()
    texts = {}
    for group in GROUPS:
        scores = cells.loc[cells["group_derived"] == group, "score"]
        if len(scores):
            span = f"{ctx.number(scores.min())}–{ctx.number(scores.max())}"
            texts[group] = ctx.phrase(
                "peers.provinces", word=(word(group, "vi"), word(group, "en")), counts=counts[group], span=span
            )
    withheld = int(cells["score"].isna().sum())
    texts["not_published"] = ctx.phrase("peers.not_published", withheld=withheld)
    _group_key(area, right_edge - 1.25, head + 0.15, ctx, withheld=bool(withheld), texts=texts)
    return [ax]


@plot(lambda frame: max(7.6, 0.42 * frame["province_code"].nunique() + 1.6))
def rank_bump(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """National rank of the provinces of a region over the editions of one method, one of them in colour."""
    years = sorted(int(year) for year in history["edition_year"].unique())
    component_id = history["component_id"].iloc[0]
    own_code = ctx.province.province_code
    n = int(history["n_ranked"].max())
    ends = ((years[0], -1, "right"), (years[-1], 1, "left"))
    names = {year: _bump_names(history, year, side, own_code, ctx) for year, side, _ in ends}
    # as wide as the longest name with its leader
    left, right = (max([2.95, *(0.55 + style.text_width(*look) for _, *look in names[year])]) for year, *_ in ends)
    labels, rows = _break_labels(component_id, years, area.width - left - right, ctx, pad=0)
    ax = area.axes(left, 0.35 + ROW_CM * max(rows, 1), area.width - right, area.height - 0.6)
    ax.set_xlim(years[0], years[-1])
    numbers = _bump_numbers(history, own_code, years)
    ax.set_ylim(*_room_for_numbers(ax, numbers, n + 1, -1.5)[::-1])
    for code in [*(c for c in history["province_code"].unique() if c != own_code), own_code]:
        own = code == own_code
        rows = history[history["province_code"] == code]
        for run in stretches(rows, "rank"):
            ax.plot(
                run["edition_year"],
                run["rank"].astype(float),
                color="white",
                lw=4.4 if own else 2.8,
                zorder=4 if own else 2,
                clip_on=False,
            )
            ax.plot(
                run["edition_year"],
                run["rank"].astype(float),
                color=OWN if own else style.OTHERS,
                lw=2.5 if own else 1.3,
                marker="o",
                ms=5.5 if own else 3.4,
                mec="white",
                mew=0.8,
                zorder=5 if own else 3,
                clip_on=False,
            )
    step = 0.36 / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM)
    step *= abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    for year, side, align in ends:
        places = style.spread([rank for rank, *_ in names[year]], step, bounds=sorted(ax.get_ylim()))
        for (rank, text, size, weight), y in zip(names[year], places, strict=True):
            own = weight == "bold"
            _leader(ax, year, rank, y, side, own)
            label(ax, year, y, text, ha=align, dx=side * 14, color=OWN if own else SOFT, weight=weight, size=size)
    _mark_breaks(ax, component_id, years, labels)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    for year, rank, below in numbers:
        sides = ("below", "above") if below else ("above", "below")
        texts.number(year, rank, str(int(rank)), sides, size=FOCUS, bold=True, gap=6.5, needed=False)
    ax.set_yticks([])
    ax.grid(False)
    step = math.ceil(0.95 / _cm_per_unit(ax))
    ax.set_xticks(years, [str(year) if (years[-1] - year) % step == 0 else "" for year in years])
    return [ax]


def _bump_names(history: pd.DataFrame, year: int, side: int, own_code: str, ctx: Context) -> list[tuple]:
    """Names beside the first or the last edition from the first rank down: (rank, text, size, weight)."""
    there = history[(history["edition_year"] == year) & history["rank"].notna()].sort_values("rank")
    names = []
    for row in there.itertuples():
        own = row.province_code == own_code
        name = province_name(row.province_code, row.boundary, ctx.language)
        text = f"{name} {int(row.rank)}" if side < 0 else f"{int(row.rank)} {name}"
        names.append((float(row.rank), text, BASE if own else SMALL, "bold" if own else "normal"))
    return names


def _bump_numbers(history: pd.DataFrame, own_code: str, years: list[int]) -> list[tuple[int, float, bool]]:
    """The own ranks between the ends: (edition, rank, under the point?), on the outer side of a bend."""
    own = history[(history["province_code"] == own_code) & history["rank"].notna()]
    ranks = dict(zip(own["edition_year"].astype(int), own["rank"].astype(float), strict=True))
    numbers = []
    for year, rank in sorted(ranks.items()):
        if year in (years[0], years[-1]):
            continue
        beside = [ranks[y] for y in (year - 1, year + 1) if y in ranks]
        numbers.append((year, rank, bool(beside) and np.mean(beside) < rank))
    return numbers


def _room_for_numbers(ax: Axes, numbers, bottom: float, top: float) -> tuple[float, float]:
    """Limits from top to bottom, moved out as far as numbers over the first and under the last ranks need."""
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72
    low, high = top, bottom
    for _ in range(20):
        room = 18 * (high - low) / height
        low = min([top, *(rank - room for _, rank, below in numbers if not below)])
        high = max([bottom, *(rank + room for _, rank, below in numbers if below)])
    return low, high


def _leader(ax: Axes, x: float, value: float, y: float, side: int, own: bool) -> None:
    """A hair line from a point to a label that was pushed away from it."""
    unit = 1 / _cm_per_unit(ax)
    ax.plot(
        [x + side * 0.14 * unit, x + side * 0.42 * unit],
        [value, y],
        color=OWN if own else style.RULE,
        lw=0.6,
        clip_on=False,
        zorder=2,
    )


@plot(8.0)
def rival_slope(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Scores of the nearest rivals in two editions, joined by straight lines; one province in colour."""
    before, after = int(pairs["previous_edition"].iloc[0]), int(pairs["edition_year"].iloc[0])
    own_code = ctx.province.province_code
    names = [_slope_names(pairs, side, ctx) for side in (-1, 1)]
    left = right = 4.75
    ax = area.axes(left, 0.6, area.width - right, area.height - 0.2)
    ax.set_xlim(0, 1)
    values = pd.concat([pairs["score"], pairs["previous_score"]]).dropna()
    low, high = values.min(), values.max()
    ax.set_ylim(low - (high - low) * 0.06, high + (high - low) * 0.06)
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    step = 0.37 / height * (ax.get_ylim()[1] - ax.get_ylim()[0])
    for row in pairs.itertuples():
        own = row.province_code == own_code
        colour = OWN if own else style.OTHERS
        both = pd.notna(row.previous_score)
        ends = ([0, 1], [row.previous_score, row.score]) if both else ([1], [row.score])
        ax.plot(
            *ends,
            color=colour,
            lw=2.5 if own else 1.3,
            marker="o",
            ms=5.5 if own else 3.6,
            mec="white",
            mew=0.8,
            zorder=5 if own else 3,
            clip_on=False,
        )
    for x, side, there in ((0, -1, names[0]), (1, 1, names[1])):
        places = style.spread([score for score, *_ in there], step, bounds=ax.get_ylim())
        for (score, text, size, weight), y in zip(there, places, strict=True):
            own = weight == "bold"
            _leader(ax, x, score, y, side, own)
            align = "right" if side < 0 else "left"
            label(ax, x, y, text, ha=align, dx=side * 14, color=OWN if own else SOFT, weight=weight, size=size)
    for x, year in ((0, before), (1, after)):
        label(ax, x, 1, str(year), transform=ax.transAxes, ha="center", dy=8, color=SOFT)
        ax.axvline(x, color=style.RULE, lw=0.6, zorder=1)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]


def _slope_names(pairs: pd.DataFrame, side: int, ctx: Context) -> list[tuple]:
    """Labels of the earlier (-1) or later (1) scores from the lowest up: (score, text, size, weight)."""
    before = "previous_" if side < 0 else ""
    names = []
    for row in pairs[pairs[f"{before}score"].notna()].sort_values(f"{before}score").itertuples():
        own = row.province_code == ctx.province.province_code
        score = ctx.number(getattr(row, f"{before}score"))
        rank = rank_of(getattr(row, f"{before}rank"), getattr(row, f"{before}n_ranked"))
        name = province_name(row.province_code, row.boundary, ctx.language)
        text = f"{score} ({rank}) {name}" if side > 0 else f"{name} {score} ({rank})"
        look = (BASE, "bold") if own else (SMALL, "normal")
        names.append((getattr(row, f"{before}score"), text, *look))
    return names
