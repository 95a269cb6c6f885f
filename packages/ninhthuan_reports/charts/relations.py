"""Charts of what stands beside one another: rivals above, indices in one year, groups in two editions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ninhthuan.catalogue import GROUPS
from ninhthuan.language import label as word

from .. import style
from ..style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ..wording import Context, index_name, percent, province_name, rank_of, share_of_cases
from .pieces import _key, _number_axis, plot


@plot(lambda frame: 2.5 + 0.55 * (frame["gap"] > 0).sum())
def rivals_in_reach(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Each province above at its distance, the best on top; how often such a distance was risen by stands beside."""
    above = rows[rows["gap"] > 0].sort_values("gap", ascending=False).reset_index(drop=True)
    own = rows[rows["province_code"] == ctx.province.province_code].iloc[0]
    names = [
        f"{province_name(row.province_code, row.boundary, ctx.language)} ({rank_of(row.rank, row.n_ranked)})"
        for row in above.itertuples()
    ]
    known = above["within_reach"].notna().any()
    # of the first edition of a method no case is known, and no column is set
    shares = [_cases(row, ctx) if known else "" for row in above.itertuples()]
    head = ctx.phrase("relations.cases_rose_so") if known else ""
    left = max(style.text_width(name, BASE) for name in names) + 0.35
    right = area.width - max(style.text_width(text, SMALL) for text in (*shares, head)) - 0.45
    # a key of what is drawn alone
    kinds = [
        ("own", ctx.phrase("relations.within_reach"), True),
        ("open", ctx.phrase("relations.out_reach"), False),
    ]
    items = [(kind, text) for kind, text, reached in kinds if known and above["within_reach"].eq(reached).any()]
    top = (_key(area, 0, items) if items else 0) + 0.55
    ax = area.axes(left, top, right, area.height - 1.0)
    furthest = above["gap"].max()
    ax.set_xlim(0, furthest * 1.14)
    ax.set_ylim(len(above) - 0.5, -0.5)
    for place, row in enumerate(above.itertuples()):
        reached = not known or bool(row.within_reach)
        ax.plot([0, row.gap], [place, place], color=style.BOX, lw=1.4, zorder=2)
        _dot(ax, row.gap, place, reached, 6.5)
        size = ctx.number(row.gap, 2)
        size = f"<{ctx.number(0.01, 2)}" if size == ctx.number(0, 2) else size
        label(ax, row.gap, place, size, size=SMALL, dx=6.5, path_effects=style.HALO)
        label(ax, 0, place, names[place], ha="right", dx=-8)
        if known:
            label(ax, 1, place, shares[place], size=SMALL, transform=ax.get_yaxis_transform(), dx=9, color=SOFT)
    if known:
        label(ax, 1, 1, head, size=SMALL, transform=ax.transAxes, dx=9, dy=8, color=SOFT)
    ax.axvline(0, color=INK, lw=1.2, zorder=3)
    ax.set_yticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    ticks = [tick for tick in ax.get_xticks() if 0 < tick <= furthest]
    ax.set_xticks([0, *ticks[:: max(1, len(ticks) // 4)]])
    _number_axis(ax.xaxis, ctx)
    ax.tick_params(axis="x", length=0, labelsize=SMALL)
    own_name = ctx.phrase("relations.points_ahead", province=ctx.name)
    own_name += f" ({ctx.number(own['score'], 2)}; {rank_of(own['rank'], own['n_ranked'])})"
    label(ax, 0, 0, own_name, size=SMALL, transform=ax.transAxes, dy=-23, color=OWN, weight="bold")
    return [ax]


def _dot(ax: Axes, x: float, y: float, solid: bool, size: float) -> None:
    """A dot of the own colour, solid or open."""
    look = {"mfc": OWN, "mec": "white", "mew": 0.8} if solid else {"mfc": "white", "mec": OWN, "mew": 1.3}
    ax.plot(x, y, "o", ms=size, color=OWN, zorder=4, **look)


def _cases(row, ctx: Context) -> str:
    if pd.isna(row.closed_share):
        return "…"
    return f"{share_of_cases(row.closed_share, ctx.language)} ({int(row.n_closed)}/{int(row.n_year_pairs)})"


ROW = 0.46  # cm of a comparison


@plot(lambda frame: 1.6 + ROW * len(frame) + 0.2 * frame.groupby(["index_a", "index_b"]).ngroups)
def rank_agreement(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One row a pair of indices and edition: the correlation with its interval, against a line at zero."""
    top = 0.5
    pairs = [f"{index_name(a)} – {index_name(b)}" for a, b in zip(rows["index_a"], rows["index_b"], strict=True)]
    numbers = [
        f"{ctx.number(row.rho, 2)} ({ctx.number(row.low, 2)} {ctx.phrase('relations.to')} {ctx.number(row.high, 2)})"
        for row in rows.itertuples()
    ]
    wide = max(style.text_width(pair, SMALL, "bold") for pair in pairs)
    left = wide + 1.25
    right = area.width - max(style.text_width(text, SMALL) for text in numbers) - 1.35
    ax = area.axes(left, top, right, area.height - 0.6)
    ax.set_xlim(-1, 1)
    # a little room between two pairs
    places, place, before = [], 0.0, pairs[0]
    for pair in pairs:
        place += 0.2 / ROW * (pair != before)
        places.append(place)
        place, before = place + 1, pair
    ax.set_ylim(place - 0.5, -0.5)
    ax.axvline(0, color=style.MIDDLE, lw=1.0, zorder=1)
    shown, aside = None, ax.get_yaxis_transform()
    for y, pair, text, row in zip(places, pairs, numbers, rows.itertuples(), strict=True):
        clear = row.low > 0 or row.high < 0
        if pd.notna(row.low):
            ax.plot([row.low, row.high], [y, y], color=OWN if clear else style.OTHERS, lw=1.8, zorder=2)
        _dot(ax, row.rho, y, True, 5.6)
        if pair != shown:
            label(ax, 0, y, pair, size=SMALL, ha="left", transform=aside, dx=-left / 2.54 * 72, weight="bold")
            shown = pair
        label(ax, 0, y, str(row.edition_year), size=SMALL, ha="right", transform=aside, dx=-6, color=SOFT)
        label(ax, 1, y, str(row.n), size=SMALL, ha="right", transform=aside, dx=22, color=SOFT)
        weight = "bold" if clear else "normal"
        label(ax, 1, y, text, size=SMALL, transform=aside, dx=31, color=INK if clear else SOFT, weight=weight)
    label(ax, 1, 1, "n", size=SMALL, ha="right", transform=ax.transAxes, dx=22, dy=8, color=SOFT)
    head = ctx.phrase("relations.correlation_95")
    label(ax, 1, 1, head, size=SMALL, transform=ax.transAxes, dx=31, dy=8, color=SOFT)
    ax.set_yticks([])
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    _number_axis(ax.xaxis, ctx)
    ax.tick_params(axis="x", length=0, labelsize=SMALL)
    ax.grid(False)
    ax.xaxis.grid(True)
    return [ax]


# light to dark in steps that a printer in grey keeps; white letters from the last but one on
STEPS = ("#F4F6F8", "#D3DEE8", "#A9C0D4", "#3F6E99", "#12436D")


def _step(share: float) -> int:
    """Which of the steps a share has: 0-10, 10-20, 20-35, 35-50 and more than 50 per cent."""
    return int(np.searchsorted((0.10, 0.20, 0.35, 0.50), share, side="right"))


@plot(8.6)
def group_transitions(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Four groups by four: the darker, the more often a province of the row was in the group of the column next."""
    names = {group: word(group, ctx.language) for group in GROUPS}
    head = ctx.phrase("relations.group_one_edition_count")
    left = max(style.text_width(text, SMALL) for text in (*names.values(), head)) + 0.5
    ax = area.axes(left, 1.1, area.width, area.height)
    ax.set_xlim(0, 4)
    ax.set_ylim(4, 0)
    ax.set_axis_off()
    who = province_name(ctx.province.province_code, ctx.province.boundary, ctx.language, short=True)
    counts = rows.groupby("group_from")["count"].sum()
    cells = {(row.group_from, row.group_to): row for row in rows.itertuples()}
    for i, group_from in enumerate(GROUPS):
        label(ax, 0, i + 0.43, names[group_from], ha="right", dx=-9, weight="bold")
        label(ax, 0, i + 0.67, f"n = {int(counts[group_from])}", size=SMALL, ha="right", dx=-9, color=SOFT)
        for j, group_to in enumerate(GROUPS):
            row = cells[group_from, group_to]
            seen = pd.notna(row.moved_share)
            step = _step(row.moved_share) if seen else 0
            colour = "white" if step >= 3 else INK
            ax.add_patch(Rectangle((j + 0.02, i + 0.03), 0.96, 0.94, fc=STEPS[step], lw=0))
            if i == j:
                ax.add_patch(Rectangle((j + 0.02, i + 0.03), 0.96, 0.94, fill=False, ec=INK, lw=1.2, zorder=3))
            share = percent(100 * row.moved_share, 0, ctx.language) if seen else "…"
            own = int(row.own_count)
            middle = i + (0.38 if own else 0.42)
            label(ax, j + 0.5, middle - 0.12, share, size=style.TITLE, ha="center", color=colour, weight="bold")
            times = ctx.phrase("relations.times", count=int(row.count))
            label(ax, j + 0.5, middle + 0.15, times, size=SMALL, ha="center", color=colour)
            if own:
                text = f"{who}: {own}"
                label(ax, j + 0.5, middle + 0.36, text, size=SMALL, ha="center", color=colour, weight="bold")
    for j, group_to in enumerate(GROUPS):
        label(ax, j + 0.5, 0, names[group_to], ha="center", dy=9, weight="bold")
    label(ax, 0, 0, head, size=SMALL, ha="right", dx=-9, dy=9, color=SOFT)
    label(ax, 0.02, 0, ctx.phrase("relations.group_next_edition"), size=SMALL, dy=23, color=SOFT)
    return [ax]
