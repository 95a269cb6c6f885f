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
    year, count = int(first["edition_year"]), len(changes)
    found = {*changes.loc[changes["beyond_family"], "province_code"]}
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
        size, limit = ctx.number(row["change"], 2, sign=True), ctx.number(_limits(changes)[row.name], 2)
        numbers = [ctx.phrase("certainty.change_below_points_may_sampling", province=ctx.name, limit=limit, size=size)]
    ends = [ctx.number(changes["change"].iloc[place], 2, sign=True) for place in (-1, 0)]
    numbers.append(ctx.phrase("certainty.points", first_ends=ends[0], second_ends=ends[1]))
    span = ctx.phrase("certainty.to", first_years=before, second_years=year)
    percent = phrases.confidence(first, ctx)
    subtitle = ctx.phrase("certainty.change_papi_total_provinces_result", span=span, count=count)
    note = ctx.phrase("certainty.errors_assumed_2019_solid_colour", count=count, percent=percent)
    note += ctx.phrase("certainty.named") * bool(found)
    holds = (Claim(title, lambda frame: _passing(frame, ctx) == (count, found, there)),)
    kind = ctx.phrase("certainty.dot_plot_changes_all_provinces")
    return Caption(title, subtitle, note, kind, tuple(numbers), holds)


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
    single = {code for size, code in sizes if float(size) > limits[-1]}
    alone = single == {*frame.loc[frame["beyond"], "province_code"]}
    return (count, found, not phrases.own_rows(frame, ctx).empty) if found == drawn and alone else None


def _limits(changes: pd.DataFrame) -> pd.Series:
    """What survey error alone may make of each change, all tested together.

    By Holm the greatest change that does not pass sets the limit of all that do not.
    """
    tests, level = len(changes) - changes["beyond_family"].sum(), changes["confidence"].iloc[0] / 100
    return changes["standard_error"] * NormalDist().inv_cdf((1 + level ** (1 / max(tests, 1))) / 2)


def _own_label(ax: Axes, ordered: pd.DataFrame, x: int, text: str) -> None:
    """The change of the province over the dots and zones about it, with a line down to its own dot.

    Among the rises it stands under them: over those are the names of the largest.
    """
    half = style.text_width(text, BASE, "bold") / 2 / placing.cm_per_unit(ax)
    middle = min(max(x, half + 0.5), len(ordered) + 0.5 - half)
    near = ordered[(ordered.index + 1 > middle - half - 1) & (ordered.index + 1 < middle + half + 1)]
    low, high = ax.get_ylim()
    above = 1 if x > len(ordered) / 2 else -1
    gap = 0.025 * (high - low) * above
    ends = pd.concat([above * near["limit"], near["change"]])
    foot = (ends.max() if above > 0 else ends.min()) + gap
    change = ordered["change"].iloc[x - 1]
    ax.plot([x, x], [change + gap, foot], color=INK, lw=1.1, zorder=5)
    label(ax, middle, foot + gap, text, size=BASE, weight="bold", ha="center", color=INK, zorder=6)


def _names(ax: Axes, rows: pd.DataFrame, way: int, ctx: Context) -> None:
    """Names of the largest changes beside them, each with a thin line from its mark; way: 1 of rises, -1 of falls."""
    low, high = ax.get_ylim()
    heights = way * (0.96 * high - 0.05 * (high - low) * np.arange(len(rows)))
    x = rows.index[-1] + 1 + way * 2.5
    for place, y, row in zip(rows.index + 1, heights, rows.itertuples(), strict=True):
        own = row.province_code == ctx.province.province_code
        text = f"{province_name(row.province_code, row.boundary, ctx.language)} {ctx.number(row.change, 2, sign=True)}"
        ax.plot([place, x], [row.change, y], color=SOFT, lw=0.6, zorder=3)
        look = {"weight": "bold", "color": INK} if own else {"color": SOFT}
        label(ax, x, y, text, size=SMALL, ha="left" if way > 0 else "right", dx=3 * way, **look)


@plot(8.0)
def draw(changes: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Changes of all provinces in order, each over the zone of its own error; those beyond it, all tested, coloured."""
    ordered = changes.reset_index(drop=True)
    mine, place = ordered["province_code"] == ctx.province.province_code, ordered.index + 1
    beyond, rose = ordered["beyond_family"], ordered["change"] > 0
    kinds = (
        ("up", ctx.phrase("certainty.rose_beyond_error"), beyond & rose),
        ("down", ctx.phrase("certainty.fell_beyond_error"), beyond & ~rose),
        ("other", ctx.phrase("certainty.within_error"), ~beyond),
    )
    items = [(kind, f"{text} ({int(rows.sum())})") for kind, text, rows in kinds if rows.any()]
    key = pieces.key(area, 0, items)
    ax = area.axes(0.95, key + 0.25, area.width - 0.1, area.height - 0.1)
    ax.set_xlim(0, len(ordered) + 1)
    limits = _limits(ordered)  # the widest zones are cut
    most = 1.25 * max(ordered["change"].abs().max(), limits.median())
    ordered["limit"], cut = limits.clip(upper=most), limits > most
    ax.vlines(place, -ordered["limit"], ordered["limit"], color=style.BOX, lw=4, zorder=1)
    for end, mark in ((1, "^"), (-1, "v")):
        ax.scatter(place[cut], np.full(cut.sum(), end * most), s=34, c=style.BOX, marker=mark, lw=0, zorder=1)
    ax.set_ylim(-1.5 * most, 1.5 * most)  # with room for names beyond every zone
    ax.axhline(0, color=style.RULE, lw=0.8, zorder=2)
    ax.grid(False, axis="x")
    looks = (~beyond, "o", style.MIDDLE), (beyond & rose, "^", OWN), (beyond & ~rose, "v", style.WORSE)
    for rows, mark, colour in looks:
        sizes = np.where(mine, 60, 22 if mark == "o" else 30)[rows]
        ax.scatter(place[rows], ordered["change"][rows], s=sizes, c=colour, marker=mark, zorder=4)
    rises, falls = ordered[beyond & rose].head(NAMED), ordered[beyond & ~rose].tail(NAMED)[::-1]
    for way, rows in ((1, rises), (-1, falls)):
        if len(rows):
            _names(ax, rows, way, ctx)
    for x, row in zip(place[mine], ordered[mine].itertuples(), strict=True):
        ax.scatter(x, row.change, s=110, facecolors="none", edgecolors=INK, linewidths=1.6, zorder=5)
        if x - 1 not in {*rises.index, *falls.index}:
            size = f"{ctx.number(row.change, 2, sign=True)} (±{ctx.number(limits[row.Index], 2)})"
            _own_label(ax, ordered, x, f"{ctx.name} {size}")
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    # no line of the grid behind the names at top and foot
    ax.set_yticks([tick for tick in MaxNLocator(5).tick_values(-most, most) if abs(tick) <= 1.1 * most])
    pieces.number_axis(ax.yaxis, ctx)
    under = ctx.phrase("certainty.provinces_order_their_changes")
    label(ax, 0, 0, under, size=SMALL, transform=ax.transAxes, dy=8, color=SOFT)
    return [ax]
