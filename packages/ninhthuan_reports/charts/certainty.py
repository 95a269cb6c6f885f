"""Charts of how certain a rank is. Sets of ranks are intervals; what rests on an assumption is drawn open."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ninhthuan.catalogue import GROUPS
from ninhthuan.language import label as word

from .. import style
from ..findings.certainty import way_name
from ..style import BASE, FOCUS, HALO, INK, OWN, SMALL, SOFT, Area, label
from ..wording import Context, rank_of
from .pieces import (
    ROW_CM,
    _break_labels,
    _cm_per_unit,
    _draw_missing,
    _key,
    _mark_breaks,
    _number_axis,
    _Texts,
    _years,
    plot,
)

TICKS = (1, 10, 20, 30, 40, 50, 60)


def _rank_axis(ax: Axes, count: int) -> None:
    """Ranks down the side, 1 on top."""
    ax.set_ylim(count + 1.5, -0.5)
    ax.set_yticks([tick for tick in TICKS if tick <= count])


def _beside(ax: Axes, x: float, marks: list[tuple[float, str, float, str]], *, left: bool, far: float) -> None:
    """Ranks beside an interval, pushed apart where they would meet: (rank, text, size, weight)."""
    high, low = ax.get_ylim()
    tall = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    places = style.spread([y for y, *_ in marks], 0.36 / tall * (high - low), bounds=(low + 1.4, high - 0.6))
    for (_, text, size, weight), y in zip(marks, places, strict=True):
        label(
            ax,
            x,
            y,
            text,
            size=size,
            weight=weight,
            ha="right" if left else "left",
            dx=-far if left else far,
            color=OWN,
            path_effects=HALO,
            zorder=6,
        )


@plot(9.0)
def rank_intervals(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Sets of ranks of all provinces of one edition in the order of their ranks; the province in colour."""
    ordered = cells.reset_index(drop=True)
    mine = ordered["province_code"] == ctx.province.province_code
    own, place, count = ordered[mine].iloc[0], int(ordered.index[mine][0]) + 1, len(ordered)
    items = [
        ("own", f"{ctx.name}: {ctx.phrase('certainty.rank')} {rank_of(own['rank'], own['n_ranked'])}"),
        ("interval", ctx.phrase("certainty.confidence_set", confidence=own["confidence"])),
        ("grey line", ctx.phrase("certainty.other_provinces")),
        ("range", ctx.phrase("certainty.bands_turns")),
    ]
    key = _key(area, 0, items)
    ax = area.axes(0.85, key + 0.25, area.width - 0.1, area.height - 0.95)
    ax.set_xlim(0, count + 1)
    _rank_axis(ax, count)
    for band, rows in ordered.groupby(ordered["band"].astype(int)):
        if band % 2 == 0:
            ax.axvspan(rows.index[0] + 0.5, rows.index[-1] + 1.5, color="#EFEFEF", lw=0, zorder=0.4)
    ax.grid(False, axis="x")
    others = ordered[~mine]
    ax.vlines(others.index + 1, others["rank_low"], others["rank_high"], color=style.OTHERS, lw=1.3, zorder=2)
    ax.plot(others.index + 1, others["rank"], "o", ms=2.6, color=style.MIDDLE, ls="none", zorder=3)
    ax.plot([place] * 2, [own["rank_low"], own["rank_high"]], color=OWN, lw=2.6, zorder=4, solid_capstyle="butt")
    ax.plot(place, own["rank"], "o", ms=7, color=OWN, mec="white", mew=0.9, zorder=5)
    marks = [(float(own["rank"]), f"{int(own['rank'])}", FOCUS, "bold")]
    for end in ("rank_low", "rank_high"):
        if own[end] != own["rank"]:
            marks.append((float(own[end]), f"{int(own[end])}", BASE, "normal"))
    _beside(ax, place, sorted(marks), left=place > count - 6, far=5.5)
    ax.set_xticks([tick for tick in TICKS if tick <= count])
    label(
        ax,
        0,
        0,
        ctx.phrase("certainty.provinces_order_their_ranks_score"),
        size=SMALL,
        transform=ax.transAxes,
        dy=-22,
        color=SOFT,
    )
    return [ax]


@plot(8.6)
def change_certainty(changes: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Changes of all provinces in order, each over the zone of its own error; those beyond it, all tested, coloured."""
    ordered = changes.reset_index(drop=True)
    mine, place = ordered["province_code"] == ctx.province.province_code, ordered.index + 1
    alone, rose = ordered["beyond"] & ~ordered["beyond_family"], ordered["change"] > 0
    items = [
        *[("own", ctx.phrase("certainty.rose_beyond_error"))] * bool((ordered["beyond_family"] & rose).any()),
        *[("worse", ctx.phrase("certainty.fell_beyond_error"))] * bool((ordered["beyond_family"] & ~rose).any()),
        *[("open", ctx.phrase("certainty.only_if_tested_alone"))] * bool(alone.any()),
        ("other", ctx.phrase("certainty.within_error")),
        ("range", ctx.phrase("certainty.each_province_s_own_error")),
    ]
    key = _key(area, 0, items)
    ax = area.axes(0.95, key + 0.25, area.width - 0.1, area.height - 0.75)
    ax.set_xlim(0, len(ordered) + 1)
    ax.vlines(place, -ordered["limit"], ordered["limit"], color=style.RANGE, lw=4, zorder=1)
    ax.axhline(0, color=style.RULE, lw=0.8, zorder=2)
    ax.grid(False, axis="x")
    edges = np.select([~ordered["beyond"], ordered["change"] > 0], [style.MIDDLE, OWN], style.WORSE)
    fills = np.where(alone, "white", edges)
    ax.scatter(place, ordered["change"], s=[60 if each else 22 for each in mine], c=fills, edgecolors=edges, zorder=4)
    for x, row in zip(place[mine], ordered[mine].itertuples(), strict=True):
        ax.scatter(x, row.change, s=110, facecolors="none", edgecolors=INK, linewidths=1.1, zorder=5)
        text = f"{ctx.name} {ctx.number(row.change, 2, sign=True)}"
        left = x > len(ordered) / 2
        label(ax, x, row.change, text, size=BASE, weight="bold", ha="right" if left else "left",
              dx=-10 if left else 10, dy=-9 if left else 9, color=INK, path_effects=HALO, zorder=6)  # fmt: skip
    ax.set_xticks([])
    _number_axis(ax.yaxis, ctx)
    under = ctx.phrase("certainty.provinces_order_their_changes")
    label(ax, 0, 0, under, size=SMALL, transform=ax.transAxes, dy=-10, color=SOFT)
    return [ax]


@plot(8.2)
def rank_interval_years(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Rank and set of one province in each edition of a method: solid by published errors, open where assumed."""
    history = history.reset_index(drop=True)
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    held = history[history["rank"].notna()]
    solid = held["assumption"] == "published"
    items = []
    if solid.any():
        items.append(("own", ctx.phrase("certainty.published_errors_2019")))
    if not solid.all():
        items.append(("open", ctx.phrase("certainty.assumed_errors_2019")))
    key = _key(area, 0, items)
    component_id = history["component_id"].iloc[0]
    labels, rows = _break_labels(component_id, years, area.width - 0.95, ctx)
    ax = area.axes(0.85, key + 0.2 + ROW_CM * rows, area.width - 0.1, area.height - 0.6)
    _years(ax, years)
    _rank_axis(ax, int(held["n_ranked"].max()))
    _mark_breaks(ax, component_id, years, labels)
    half = 0.09 / _cm_per_unit(ax)
    for row in held.itertuples():
        x, known = row.edition_year, row.assumption == "published"
        ax.add_patch(
            Rectangle(
                (x - half, row.rank_low - 0.3),
                2 * half,
                row.rank_high - row.rank_low + 0.6,
                fc=OWN if known else "white",
                ec=OWN,
                lw=0.9,
                zorder=3,
            )
        )
        ax.plot(
            x, row.rank, "o", ms=8, color=OWN if known else "white", mec="white" if known else OWN, mew=1.3, zorder=5
        )
        marks = [(float(row.rank), f"{rank_of(row.rank, row.n_ranked)}", FOCUS, "bold")]
        for end in (row.rank_low, row.rank_high):
            if end != row.rank:
                marks.append((float(end), f"{int(end)}", BASE, "normal"))
        _beside(ax, x, sorted(marks), left=False, far=7)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    _draw_missing(ax, history, "rank", ctx, middle=30, texts=texts)
    return [ax]


def _height_of_ways(ways: pd.DataFrame) -> float:
    return 1.3 + 0.47 * len(ways) + 0.5 * (not ways["stays"].all())


@plot(_height_of_ways)
def position_sensitivity(ways: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """The rank of one province by each way of adding up: solid dots where its group is the published one."""
    ways = ways.reset_index(drop=True)
    count = int(ways["n_ranked"].max())
    names = [way_name(row, ctx) for _, row in ways.iterrows()]
    left = 0.3 + max(
        style.text_width(name, BASE, "bold" if place == 0 else "normal") for place, name in enumerate(names)
    )
    key = 0.0
    if not ways["stays"].all():
        same, other = ctx.phrase("certainty.published_group"), ctx.phrase("certainty.another_group")
        key = _key(area, 0, [("own", same), ("open", other)], left=left) + 0.05
    ax = area.axes(left, key + 0.5, area.width - 0.1, area.height - 0.55)
    ax.set_xlim(-0.5, count + 1.5)
    ax.set_ylim(len(ways) + 0.05, -0.5)
    # by the quartile rule the borders stand a quarter of the way from the first place to the last
    borders = [-0.5, *(1 + (count - 1) * share for share in (0.25, 0.5, 0.75)), count + 1.5]
    # a place on a border belongs to the better group
    borders[1:4] = [int(border) + 0.5 for border in borders[1:4]]
    for group, shade, start, end in zip(GROUPS, style.BANDS, borders[:-1], borders[1:], strict=True):
        ax.axvspan(start, end, color=shade, lw=0, zorder=0.4)
        label(ax, (start + end) / 2, 1, word(group, ctx.language), size=SMALL, ha="center", dy=7,
              transform=ax.get_xaxis_transform(), color=SOFT)  # fmt: skip
    for border in borders[1:4]:
        ax.axvline(border, color="white", lw=1.2, zorder=0.6)
    ax.axvline(ways["rank"].iloc[0], color=OWN, lw=0.8, zorder=1)
    for place, (row, name) in enumerate(zip(ways.itertuples(), names, strict=True)):
        first = row.alternative == "published"
        # an interval stands apart, so that words fit over it
        place += 0.5 * pd.notna(row.rank_low)
        if pd.notna(row.rank_low):
            ax.plot([row.rank_low, row.rank_high], [place] * 2, color=OWN, lw=2.2, zorder=3, solid_capstyle="butt")
        ax.plot(
            row.rank,
            place,
            "o",
            ms=7.5 if first else 6,
            color=OWN if row.stays else "white",
            mec=OWN,
            mew=1.3,
            zorder=5,
        )
        end = row.rank_high if pd.notna(row.rank_high) else row.rank
        text = (
            f"{int(row.rank)}"
            if pd.isna(row.rank_low)
            else f"{int(row.rank)} ({int(row.rank_low)}–{int(row.rank_high)})"
        )
        start = row.rank_low if pd.notna(row.rank_low) else row.rank
        wide = 0.35 + style.text_width(text, BASE)
        # after the mark, before it, or over the longer arm of an interval that leaves room at neither end
        x, dx, hold, up = end, 6, "left", 0
        if (count + 1.5 - end) * _cm_per_unit(ax) < wide:
            x, dx, hold = start, -6, "right"
            if (start + 0.5) * _cm_per_unit(ax) < wide:
                longer = start if row.rank - start > end - row.rank else end
                x, dx, hold = (row.rank + longer) / 2, 0, "center"
                up = 8
        look = {"color": OWN, "weight": "bold" if first else "normal", "path_effects": HALO, "zorder": 6}
        label(ax, x, place, text, dx=dx, dy=up, ha=hold, **look)
        label(ax, 0, place, name, ha="right", dx=-6, transform=ax.get_yaxis_transform(), color=INK,
              weight="bold" if first else "normal")  # fmt: skip
    ax.set_yticks([])
    ax.set_xticks([tick for tick in TICKS if tick <= count])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]
