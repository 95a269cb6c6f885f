"""Changes of all provinces in order, each over the zone of its own error; those beyond it, all tested, coloured."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ninhthuan.numbers import rounded

from .. import phrases, pieces
from ..claims import fitting
from ..pieces import plot
from ..wording import Context, province_name

NAMED = 3  # provinces at either end


def caption(changes: pd.DataFrame, ctx: Context) -> Caption:
    """How many provinces changed beyond survey error, all tests together, and whether the province did by itself."""
    if changes.empty:
        raise phrases.nothing(ctx.phrase("certainty.no_two_papi_editions_row"))
    first, own = changes.iloc[0], phrases.own_rows(changes, ctx)
    year, count, found = (
        int(first["edition_year"]),
        len(changes),
        set(changes.loc[changes["beyond_family"], "province_code"]),
    )
    there = not own.empty
    key = "certainty.did" if there and own["beyond_family"].item() else "certainty.did_not"
    key = key if there else "certainty.no_two_results"
    before, values = int(first["previous_edition"]), {"year": year, "beyond": len(found), "count": count}
    title = fitting(
        ctx.phrase(f"certainty.changed_{length}", before=before, **values) + ctx.phrase(key, province=ctx.name)
        for length in ("since", "beyond")
    )
    numbers = []
    if there:
        row = own.iloc[0]
        size, limit = ctx.number(row["change"], 2, sign=True), ctx.number(row["limit"], 2)
        numbers = [ctx.phrase("certainty.change_below_points_may_sampling", province=ctx.name, limit=limit, size=size)]
    ends = [ctx.number(changes["change"].iloc[place], 2, sign=True) for place in (-1, 0)]
    numbers.append(ctx.phrase("certainty.points", first_ends=ends[0], second_ends=ends[1]))
    span = ctx.phrase("certainty.to", first_years=before, second_years=year)
    percent = phrases.confidence(first, ctx)
    return Caption(
        title,
        ctx.phrase("certainty.change_papi_total_provinces_result", span=span, count=count),
        ctx.phrase("certainty.errors_assumed_2019_solid_colour", count=count, percent=percent),
        ctx.phrase("certainty.dot_plot_changes_all_provinces"),
        tuple(numbers),
        (Claim(title, lambda frame: _passing(frame, ctx) == (count, found, there)),),
    )


def _passing(frame: pd.DataFrame, ctx: Context) -> tuple[int, set[str], bool] | None:
    """How many provinces there are, which changed beyond error with all tested, and whether the own one is among them.

    Holm by hand, from scores and errors: the greatest change first, each against the tests left. None where the
    frame disagrees.
    """
    count, level = len(frame), frame["confidence"].iloc[0] / 100
    rows = phrases.read(frame, "province_code", "score", "previous_score", "standard_error")
    sizes = sorted(((abs(phrases.apart(now, was)) / rounded(error, 9), code) for code, now, was, error in rows))[::-1]
    limits = [NormalDist().inv_cdf((1 + level ** (1 / (count - k))) / 2) for k in range(count)]
    within = next((k for k, (size, _) in enumerate(sizes) if float(size) <= limits[k]), count)
    found = {code for _, code in sizes[:within]}
    drawn = set(frame.loc[frame["beyond_family"], "province_code"])
    alone = {code for size, code in sizes if float(size) > limits[-1]} == set(
        frame.loc[frame["beyond"], "province_code"]
    )
    return (count, found, not phrases.own_rows(frame, ctx).empty) if found == drawn and alone else None


def _own_label(ax: Axes, ordered: pd.DataFrame, x: float, text: str) -> None:
    """The change of the province over the dots and zones about it, with a line down to its own dot."""
    half = style.text_width(text, BASE, "bold") / 2 / placing.cm_per_unit(ax)
    middle = min(max(x, half + 0.5), len(ordered) + 0.5 - half)
    near = ordered[(ordered.index + 1 > middle - half - 1) & (ordered.index + 1 < middle + half + 1)]
    low, high = ax.get_ylim()
    gap = 0.025 * (high - low)
    foot = max(near["limit"].max(), near["change"].max()) + gap
    change, above = ordered["change"].iloc[int(x) - 1], 1
    if foot > 0.8 * high:  # there the names of the largest rises stand
        foot, above = min(-near["limit"].max(), near["change"].min()) - gap, -1
    ax.plot([x, x], [change + above * gap, foot], color=INK, lw=1.1, zorder=5)
    label(ax, middle, foot + above * gap, text, size=BASE, weight="bold", ha="center", color=INK, zorder=6)


@plot(8.6)
def draw(changes: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Changes of all provinces in order, each over the zone of its own error; those beyond it, all tested, coloured."""
    ordered = changes.reset_index(drop=True)
    mine, place = ordered["province_code"] == ctx.province.province_code, ordered.index + 1
    alone, rose = ordered["beyond"] & ~ordered["beyond_family"], ordered["change"] > 0
    items = [
        *[("up", ctx.phrase("certainty.rose_beyond_error"))] * bool((ordered["beyond_family"] & rose).any()),
        *[("down", ctx.phrase("certainty.fell_beyond_error"))] * bool((ordered["beyond_family"] & ~rose).any()),
        *[("open grey", ctx.phrase("certainty.only_if_tested_alone"))] * bool(alone.any()),
        ("other", ctx.phrase("certainty.within_error")),
        ("box", ctx.phrase("certainty.each_province_s_own_error")),
    ]
    key = pieces.key(area, 0, items)
    ax = area.axes(0.95, key + 0.25, area.width - 0.1, area.height - 0.75)
    ax.set_xlim(0, len(ordered) + 1)
    ax.vlines(place, -ordered["limit"], ordered["limit"], color=style.BOX, lw=4, zorder=1)
    most = max(ordered["limit"].max(), ordered["change"].abs().max())
    ax.set_ylim(-1.22 * most, 1.22 * most)
    ax.axhline(0, color=style.RULE, lw=0.8, zorder=2)
    ax.grid(False, axis="x")
    beyond = ordered["beyond_family"]
    for rows, mark, colour in (
        (~beyond, "o", style.MIDDLE),
        (beyond & rose, "^", OWN),
        (beyond & ~rose, "v", style.WORSE),
    ):
        fills, sizes = np.where(alone, "white", colour)[rows], np.where(mine, 60, 22 if mark == "o" else 30)[rows]
        ax.scatter(place[rows], ordered["change"][rows], s=sizes, c=fills, marker=mark, edgecolors=colour, zorder=4)
    for x, row in zip(place[mine], ordered[mine].itertuples(), strict=True):
        ax.scatter(x, row.change, s=110, facecolors="none", edgecolors=INK, linewidths=1.6, zorder=5)
        _own_label(ax, ordered, x, f"{ctx.name} {ctx.number(row.change, 2, sign=True)}")
    certain = ordered[ordered["beyond_family"]]
    for side in ("rises", "falls"):
        up = side == "rises"
        rows = certain[certain["change"] > 0].head(NAMED) if up else certain[certain["change"] < 0].tail(NAMED)[::-1]
        if rows.empty:
            continue
        named = "; ".join(
            f"{province_name(row.province_code, row.boundary, ctx.language)} {ctx.number(row.change, 2, sign=True)}"
            for row in rows.itertuples()
        )
        text = ctx.phrase(f"certainty.extreme_{side}", named=named)
        look = {"ha": "left" if up else "right", "transform": ax.get_yaxis_transform()}
        label(ax, 0.01 if up else 0.99, (1.12 if up else -1.12) * most, text, size=SMALL, color=SOFT, **look)
    ax.set_xticks([])
    # no line of the grid behind the names at top and foot
    ax.set_yticks([tick for tick in MaxNLocator(5).tick_values(-most, most) if abs(tick) <= most])
    pieces.number_axis(ax.yaxis, ctx)
    under = ctx.phrase("certainty.provinces_order_their_changes")
    label(ax, 0, 0, under, size=SMALL, transform=ax.transAxes, dy=-10, color=SOFT)
    return [ax]
