"""Charts of PAPI's dimensions and sub-dimensions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ninhthuan.catalogue import GROUPS, catalogue
from ninhthuan.language import label as word

from .. import style
from ..style import BASE, FOCUS, HALO, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import Context, component_name, province_name, rank_of, sort_key
from .indices import _official_order
from .pieces import _key, _number_axis, plot

ATLAS_ROW, ATLAS_NAMES = 0.42, 2.55  # cm: height of a province, width of its name


@plot(lambda frame: 1.0 + 0.72 * frame["component_id"].nunique())
def group_heat(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dimensions by editions: the group as colour, the rank printed in each cell, a gap at each break."""
    components = _official_order(history["component_id"].unique())
    total = f"{history['index_id'].iloc[0]}_total"
    years = sorted(history["edition_year"].unique())
    table = history.pivot(index="component_id", columns="edition_year", values="group_derived").reindex(components)
    ranks = history.pivot(index="component_id", columns="edition_year", values="rank").reindex(components)
    missing = history.pivot(index="component_id", columns="edition_year", values="missing").reindex(components)
    codes = table.replace({group: place for place, group in enumerate(GROUPS[::-1])}).astype(float)
    blocks, start = [], 0
    for place in range(1, len(years) + 1):
        if place == len(years) or catalogue().breaks_between(total, years[place - 1], years[place], "break"):
            blocks.append(years[start:place])
            start = place
    left, right, top, bottom = 4.15, area.width - 3.35, 0.6, area.height - 0.15
    gap = 0.22
    cell = (right - left - gap * (len(blocks) - 1)) / len(years)
    axes, x = [], left
    colours = ListedColormap([style.GROUP_COLOURS[group] for group in GROUPS[::-1]])
    for block in blocks:
        ax = area.axes(x, top, x + cell * len(block), bottom)
        part = codes[block]
        sns.heatmap(
            part,
            cmap=colours,
            vmin=-0.5,
            vmax=3.5,
            cbar=False,
            linewidths=1.2,
            linecolor="white",
            ax=ax,
            yticklabels=False,
        )
        for i, component_id in enumerate(components):
            for j, year in enumerate(block):
                code = part.iat[i, j]
                if np.isnan(code):
                    if isinstance(missing.at[component_id, year], str) and missing.at[component_id, year]:
                        hatched = Rectangle(
                            (j + 0.04, i + 0.05), 0.92, 0.9, fc="white", ec="#A8A8A8", hatch="////", lw=0.4
                        )
                        ax.add_patch(hatched)
                    continue
                label(
                    ax,
                    j + 0.5,
                    i + 0.5,
                    str(int(ranks.at[component_id, year])),
                    ha="center",
                    color="white" if code >= 2 else INK,
                    weight="bold" if code == 3 else "normal",
                )
        ax.xaxis.tick_top()
        ax.tick_params(length=0, pad=2)
        ax.set_xticks(
            np.arange(len(block)) + 0.5, [str(y) if cell > 0.78 else f"'{y % 100:02d}" for y in block], rotation=0
        )
        ax.set(xlabel="", ylabel="")
        ax.grid(False)
        axes.append(ax)
        x += cell * len(block) + gap
    for i, component_id in enumerate(components):
        name = component_name(catalogue().component(component_id), ctx.language)
        # of the last block: it is drawn over the others
        edge = len(blocks[-1]) - right / cell
        label(axes[-1], edge, i + 0.5, name, zorder=3)
    withheld = (missing == "not_published").to_numpy().any()
    _group_key(area, area.width - 3.1, top + 0.05, ctx, withheld=withheld)
    return axes


@plot(lambda cells: 1.35 + ATLAS_ROW * math.ceil(cells["province_code"].nunique() / 2))
def dimension_atlas(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """All provinces by a dimension and its sub-dimensions: the group as colour, the rank in each cell, two halves."""
    year = int(cells["edition_year"].iloc[0])
    components = sorted(
        (catalogue().component(name, year) for name in cells["component_id"].unique()),
        key=lambda component: [int(part) for part in component.number.split(".")],
    )
    dimension = components[0].component_id
    held = cells.set_index(["province_code", "component_id"])[["rank", "group_derived", "missing"]]
    first = cells[cells["component_id"] == dimension].set_index("province_code")["rank"]
    names = {code: province_name(code, cells["boundary"].iloc[0], ctx.language) for code in first.index}
    # first on top; provinces without a result last, in the order of their names
    codes = sorted(first.index, key=lambda code: (first[code] if pd.notna(first[code]) else 99, sort_key(names[code])))
    rows, half, gap = math.ceil(len(codes) / 2), (area.width - 0.5) / 2, 0.12
    cell = (half - ATLAS_NAMES - gap) / len(components)
    axes = []
    for block in range(2):
        left = block * (half + 0.5)
        ax = area.axes(left, 0.55, left + half, 0.55 + ATLAS_ROW * rows)
        ax.set_axis_off()
        ax.set_xlim(0, half)
        ax.set_ylim(rows, 0)
        # the dimension stands apart from its parts
        places = [ATLAS_NAMES + i * cell + (gap if i else 0) for i in range(len(components))]
        for x, component in zip(places, components, strict=True):
            whole = component.component_id == dimension
            label(ax, x + cell / 2, 0, component.number, ha="center", dy=8, weight="bold" if whole else "normal")
        for y, code in enumerate(codes[block * rows : (block + 1) * rows]):
            own = code == ctx.province.province_code
            label(
                ax,
                0.12,
                y + 0.5,
                names[code],
                size=SMALL,
                weight="bold" if own else "normal",
                color=OWN if own else INK,
            )
            for x, component in zip(places, components, strict=True):
                rank, group, missing = held.loc[(code, component.component_id)]
                box = (x + 0.02, y + 0.04), cell - 0.04, 0.92
                if not isinstance(group, str):
                    if missing:
                        ax.add_patch(Rectangle(*box, fc="white", ec="#A8A8A8", hatch="////", lw=0.4))
                    continue
                ax.add_patch(Rectangle(*box, fc=style.GROUP_COLOURS[group], lw=0))
                dark, strong = group in GROUPS[:2], own or component.component_id == dimension
                label(
                    ax,
                    x + cell / 2,
                    y + 0.5,
                    str(int(rank)),
                    size=SMALL,
                    ha="center",
                    color="white" if dark else INK,
                    weight="bold" if strong else "normal",
                )
            if own:
                ring = (0.03, y - 0.02), half + 0.02, 1.04
                ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=1.6, zorder=5, clip_on=False))
        axes.append(ax)
    lacking = [("not_published", word("not_published", ctx.language))] * int(cells["group_derived"].isna().any())
    _key(area, area.height - 0.6, [(group, word(group, ctx.language)) for group in GROUPS] + lacking)
    return axes


def _group_key(
    area: Area, left: float, top: float, ctx: Context, *, withheld: bool, texts: dict[str, str] | None = None
) -> None:
    key = area.axes(left, top, area.width, top + 0.62 * (4 + withheld))
    key.set_axis_off()
    key.set_xlim(0, area.width - left)
    key.set_ylim(4 + withheld, 0)
    for place, group in enumerate(GROUPS):
        key.add_patch(Rectangle((0, place + 0.08), 0.5, 0.76, fc=style.GROUP_COLOURS[group], lw=0))
        label(key, 0.62, place + 0.46, (texts or {}).get(group, word(group, ctx.language)))
    if withheld:
        key.add_patch(Rectangle((0, 4.08), 0.5, 0.76, fc="white", ec="#A8A8A8", hatch="////", lw=0.5))
        label(key, 0.62, 4.46, (texts or {}).get("not_published", word("not_published", ctx.language)))


@plot(lambda frame: 1.6 + 0.82 * len(frame))
def dimension_profile(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Each dimension in two editions against the spread of all provinces: dots, with the figures in columns beside."""
    left, right = 4.2, area.width - 5.05
    before, after = int(pairs["previous_edition"].iloc[0]), int(pairs["edition_year"].iloc[0])
    items = [
        ("open", str(before)),
        ("full", str(after)),
        ("tick", ctx.phrase("papi.national_median")),
        ("dotted tick", ctx.phrase("papi.threshold_high_group")),
        ("range", ctx.phrase("papi.lowest_highest")),
    ]
    key = _key(area, 0, items)
    ax = area.axes(left, key + 0.6, right, area.height - 0.5)
    reach = 0.31
    for y, row in enumerate(pairs.itertuples()):
        ax.plot([row.lowest, row.highest], [y, y], color=style.RANGE, lw=9, solid_capstyle="butt", zorder=1)
        ax.plot([row.median] * 2, [y - reach, y + reach], color=INK, lw=1.5, zorder=2, solid_capstyle="butt")
        ax.plot([row.upper_quartile] * 2, [y - reach, y + reach], color=INK, lw=0.9, ls=(0, (1.2, 1.2)), zorder=2)
        colour = OWN if not row.change < 0 else WORSE
        if pd.notna(row.previous_score):
            ax.plot([row.previous_score, row.score], [y, y], color=colour, lw=2.0, zorder=3)
            ax.plot(row.previous_score, y, "o", ms=5.5, mfc="white", mec=colour, mew=1.3, zorder=4)
        ax.plot(row.score, y, "o", ms=7, color=colour, mec="white", mew=0.7, zorder=5)
    ax.set_ylim(len(pairs) - 0.45, -0.6)
    low, high = float(pairs["lowest"].min()), float(pairs["highest"].max())
    ax.set_xlim(low - (high - low) * 0.03, high + (high - low) * 0.03)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    _number_axis(ax.xaxis, ctx)
    ax.set_yticks([])
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    transform = ax.get_yaxis_transform()

    def at(cm: float) -> float:
        return (cm - left) / (right - left)

    places = (right + 1.05, right + 2.05, right + 3.65, area.width)
    columns = (
        (places[0], str(before), SOFT, "normal"),
        (places[1], str(after), OWN, "bold"),
        (places[2], ctx.phrase("papi.change"), SOFT, "normal"),
        (places[3], ctx.phrase("papi.rank"), SOFT, "normal"),
    )
    for x, head, *_ in columns:
        label(ax, at(x), -0.6, head, ha="right", transform=transform, dy=8, color=SOFT)
    for y, row in enumerate(pairs.itertuples()):
        label(
            ax,
            at(0),
            y,
            component_name(catalogue().component(row.component_id, after), ctx.language),
            transform=transform,
        )
        texts = (
            ctx.number(row.previous_score),
            ctx.number(row.score),
            ctx.number(row.change, sign=True),
            rank_of(row.rank, row.n_ranked),
        )
        for (x, _, colour, weight), text in zip(columns, texts, strict=True):
            if colour == SOFT and text == texts[2] and row.change < 0:
                colour = WORSE
            label(ax, at(x), y, text, ha="right", transform=transform, color=colour, weight=weight)
    return [ax]


@plot(lambda frame: 0.9 + 0.66 * (len(frame) + 2))
def contributions(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Waterfall: what each part adds to the change of the total, falls first; totals are marks, not bars."""
    return [_total_waterfall(parts.sort_values("contribution", ignore_index=True), area, 0, area.height, ctx)]


def _total_waterfall(parts: pd.DataFrame, area: Area, top: float, height: float, ctx: Context) -> Axes:
    """Steps from one total to the next, in the order of the rows; what was measured anew is grey."""
    year_from, year_to = int(parts.attrs["year_from"]), int(parts.attrs["year_to"])
    steps = [
        (
            component_name(catalogue().component(row.component_id, year_to), ctx.language),
            row.contribution,
            style.MIDDLE if not row.same_component else OWN if row.contribution > 0 else WORSE,
        )
        for row in parts.itertuples()
    ]
    ends = [
        (ctx.phrase("papi.total", year=year), parts.attrs[key])
        for year, key in ((year_from, "total_from"), (year_to, "total_to"))
    ]
    written = (lambda value: ctx.number(value, 2), lambda value: ctx.number(value, 2, sign=True))
    ax = _waterfall(area, top, height, steps, ends, written)
    _number_axis(ax.xaxis, ctx)
    return ax


def _waterfall(
    area: Area,
    top: float,
    height: float,
    steps: list[tuple[str, float, str]],
    ends: list[tuple[str, float]],
    written: tuple[Callable[[float], str], Callable[[float], str]],
) -> Axes:
    """Steps (name, size, colour) from a first to a last value (name, value), which are marks and not bars.

    written: how a value and how a step is printed.
    """
    left, right = 4.35, area.width - 0.35
    ax = area.axes(left, top + 0.05, right, top + height - 0.5)
    (first, start), (last, end) = ends
    rows, running = len(steps) + 2, start
    reached = [start, *(start + np.cumsum([size for _, size, _ in steps]))]
    low, high = min(reached), max(reached)
    # room for a number at either end
    margin = (high - low) * max(0.24, 1.05 / (right - left - 2.1)) or 0.1
    ax.set_xlim(low - margin, high + margin)
    transform = ax.get_yaxis_transform()
    edge = -left / (right - left)

    def mark(y: int, name: str, value: float) -> None:
        ax.plot([value, value], [y - 0.36, y + 0.36], color=INK, lw=3, solid_capstyle="butt", zorder=4)
        to_right = (value < (low + high) / 2 + (high - low) / 2 and (high - value) > (value - low)) or value >= high
        label(
            ax,
            value,
            y,
            written[0](value),
            ha="left" if to_right else "right",
            dx=6 if to_right else -6,
            size=FOCUS,
            weight="bold",
        )
        label(ax, edge, y, name, transform=transform, weight="bold", size=FOCUS)

    mark(0, first, start)
    for y, (name, size, colour) in enumerate(steps, 1):
        ax.plot([running, running], [y - 1, y + 0.3], color=style.MIDDLE, lw=0.6, zorder=1)
        ax.barh(y, size, left=running, height=0.56, color=colour, lw=0, zorder=3)
        finish, falls = running + size, size < 0
        label(
            ax,
            min(running, finish) if falls else max(running, finish),
            y,
            written[1](size),
            ha="right" if falls else "left",
            dx=-4 if falls else 4,
            color=SOFT if colour == style.MIDDLE else colour,
            size=FOCUS,
            path_effects=HALO,
        )
        label(
            ax,
            edge,
            y,
            name,
            transform=transform,
        )
        running = finish
    ax.plot([running, running], [rows - 2, rows - 1], color=style.MIDDLE, lw=0.6, zorder=1)
    mark(rows - 1, last, end)
    for y in (0.5, rows - 1.5):
        ax.plot([edge, 1], [y, y], color=style.RULE, lw=0.5, transform=transform, clip_on=False)
    ax.set_ylim(rows - 0.45, -0.55)
    ax.set_yticks([])
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return ax


TIER_CM, STEP_CM, WEDGE_CM = 0.5, 0.52, 1.15  # heights of the total, of a step and of what joins two tiers
FALL = "#E0A98F"


@plot(lambda frame: TIER_CM + STEP_CM * len(frame) + WEDGE_CM * frame["level"].nunique() + 0.75)
def drill_down(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Waterfalls of the total by dimension and of one dimension by sub-dimension on one scale, joined by wedges."""
    attrs, known = parts.attrs, catalogue()
    year, opened, main = attrs["year_to"], attrs["opened"], attrs["main"]
    change = attrs["total_to"] - attrs["total_from"]
    names = [component_name(known.component(part, year), ctx.language) for part in parts["component_id"]]
    left = min(7.6, 0.4 + max(style.text_width(name, BASE, "bold") for name in names) + 0.45)
    right, foot = area.width - 0.1, area.height - 0.55
    ax = area.axes(left, 0, right, foot)
    # where each step starts: those of the second tier where the dimension that they make up does
    starts, at = [], {"dimension": 0.0}
    for row in parts.itertuples():
        starts.append(at[row.level])
        if row.component_id == opened:
            at["sub_dimension"] = at["dimension"]
        at[row.level] += row.contribution
    parts = parts.assign(start=starts, end=np.array(starts) + parts["contribution"], name=names)
    reached = [0.0, change, *parts["start"], *parts["end"]]
    # room for a number at either end
    margin = 1.15 * (max(reached) - min(reached)) / (right - left - 2.3)
    ax.set_xlim(min(reached) - margin, max(reached) + margin)
    ax.set_ylim(foot, 0)
    transform, edge = ax.get_yaxis_transform(), -left / (right - left)
    ax.barh(TIER_CM / 2, change, height=0.42, color=SOFT, lw=0, zorder=3)
    _step_number(ax, change, change, TIER_CM / 2, ctx, SOFT, bold=True)
    label(ax, edge, TIER_CM / 2, ctx.phrase("papi.papi_total"), transform=transform, weight="bold")
    ends = "; ".join(f"{attrs[f'year_{end}']}: {ctx.number(attrs[f'total_{end}'])}" for end in ("from", "to"))
    label(ax, 0, TIER_CM / 2, ends, ha="left" if change < 0 else "right", dx=5 if change < 0 else -5, color=SOFT)
    above, y = ((0.0, change), TIER_CM / 2 + 0.21), TIER_CM
    for level, rows in parts.groupby("level", sort=False):
        first = y + WEDGE_CM
        span = (min(rows[["start", "end"]].min()), max(rows[["start", "end"]].max()))
        (one, other), base = (sorted(above[0]), above[1])
        tint = "#EFEFEF" if level == "dimension" else "#F7E3DA" if change < 0 else style.BANDS[0]
        ax.fill([one, other, span[1], span[0]], [base, base, first - 0.05, first - 0.05], color=tint, lw=0, zorder=0)
        head = ctx.phrase("papi.split_dimensions", n_rows=len(rows))
        if level == "sub_dimension":
            number = known.component(opened, year).number
            head = ctx.phrase("papi.dimension_split_sub_dimensions", number=number, n_rows=len(rows))
        label(ax, edge, first - 0.3, head, transform=transform, size=SMALL, color=SOFT)
        for place, row in enumerate(rows.itertuples()):
            y = first + STEP_CM * (place + 0.5)
            strong = row.component_id in (opened, main)
            falls = row.contribution < 0
            colour = (WORSE if falls else OWN) if strong else FALL if falls else style.SECOND
            colour = style.MIDDLE if not row.same_component else colour
            ax.barh(y, row.contribution, left=row.start, height=0.36, color=colour, lw=0, zorder=3)
            ink = (WORSE if falls else OWN) if strong else SOFT
            _step_number(ax, row.end, row.contribution, y, ctx, ink, bold=strong)
            indent = 0.4 / (right - left) * (level == "sub_dimension")
            look = {"weight": "bold", "color": ink} if strong else {}
            label(ax, edge + indent, y, row.name, transform=transform, **look)
            if place:
                ax.plot([row.start] * 2, [y - STEP_CM + 0.18, y - 0.18], color=style.MIDDLE, lw=0.6, zorder=2)
            if row.component_id == opened:
                above = (row.start, row.end), y + 0.18
        y += STEP_CM / 2
    ax.axvline(0, color=INK, lw=0.8, zorder=2)
    ax.set_yticks([])
    ax.grid(False)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    _number_axis(ax.xaxis, ctx)
    return [ax]


def _step_number(ax: Axes, x: float, size: float, y: float, ctx: Context, colour: str, *, bold: bool) -> None:
    """The size of a step beyond its end."""
    look = {"ha": "right", "dx": -4} if size < 0 else {"ha": "left", "dx": 4}
    weight = "bold" if bold else "normal"
    label(ax, x, y, ctx.number(size, 2, sign=True), color=colour, weight=weight, path_effects=HALO, **look)


WHY_STEP_CM = 0.54


@plot(lambda frame: 2.1 + WHY_STEP_CM * (len(frame) + 4))
def why_moved(moves: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Two waterfalls: the total by dimension, and the rank by what moved it; a better rank lies to the right."""
    parts = moves[moves["moved"] == "score"].rename(columns={"value": "contribution"})
    places = moves[moves["moved"] == "rank"]
    head = 0.5
    heights = [0.55 + WHY_STEP_CM * (len(rows) + 2) for rows in (parts, places)]
    parts.attrs = moves.attrs
    upper = _total_waterfall(parts.sort_values("contribution", ignore_index=True), area, head, heights[0], ctx)
    steps = [
        (
            word(f"moved_{row.cause}", ctx.language),
            row.value,
            style.MIDDLE if row.cause == "method" else OWN if row.value > 0 else WORSE if row.value < 0 else SOFT,
        )
        for row in places.itertuples()
    ]
    attrs = moves.attrs
    ends = [(ctx.phrase("papi.rank_2", attrs=attrs[f"year_{end}"]), -attrs[f"rank_{end}"]) for end in ("from", "to")]
    ranked = {-attrs[f"rank_{end}"]: rank_of(attrs[f"rank_{end}"], attrs[f"n_ranked_{end}"]) for end in ("to", "from")}
    written = (lambda value: ranked[value], lambda size: ctx.number(size, 1, sign=True))
    top = head + heights[0] + 0.55
    lower = _waterfall(area, top, heights[1], steps, ends, written)
    lower.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    lower.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{-value:.0f}" if value <= -1 else ""))
    heads = (
        (upper, ctx.phrase("papi.total_contribution_each_dimension_points")),
        (
            lower,
            ctx.phrase("papi.rank_places_gained_lost_each"),
        ),
    )
    for ax, text in heads:
        edge = -4.35 / (area.width - 0.35 - 4.35)
        label(ax, edge, 1, text, transform=ax.transAxes, dy=9, size=FOCUS, weight="bold", color=SOFT)
    return [upper, lower]


@plot(lambda frame: 0.75 + 0.415 * len(frame))
def component_changes(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Change of every component between two editions, largest fall first; grey what was not measured alike."""
    pairs = pairs.sort_values("change", ignore_index=True)
    left, right = 7.35, area.width - 2.1
    ax = area.axes(left, 0.5, right, area.height - 0.05)
    transform = ax.get_yaxis_transform()
    edge, far = -left / (right - left), 1 + (area.width - right) / (right - left)
    after = int(pairs["edition_year"].iloc[0])
    bound = pairs["change"].abs().max() * 1.28 or 1
    ax.set_xlim(min(-bound * 0.35, pairs["change"].min() * 1.3), max(bound * 0.35, pairs["change"].max() * 1.3))
    for y, row in enumerate(pairs.itertuples()):
        still = ctx.number(row.change, 2) == ctx.number(0, 2)
        marked = catalogue().marks(row.component_id, int(row.previous_edition), after)
        colour = SOFT if still or marked else OWN if row.change > 0 else WORSE
        ax.barh(y, row.change, height=0.62, color=style.MIDDLE if marked else colour, lw=0, zorder=3)
        label(
            ax,
            row.change,
            y,
            ctx.number(row.change, 2, sign=True),
            size=SMALL,
            ha="left" if row.change > 0 else "right",
            dx=3 if row.change > 0 else -3,
            color=colour,
        )
        name = component_name(catalogue().component(row.component_id, after), ctx.language)
        name = style.wrap(name, SMALL, left - 0.15)
        label(ax, edge, y, name[0] + (" …" if len(name) > 1 else ""), transform=transform, size=SMALL)
        label(
            ax,
            far,
            y,
            f"{ctx.number(row.score)} ({rank_of(row.rank, row.n_ranked)})",
            transform=transform,
            size=SMALL,
            ha="right",
            color=SOFT,
        )
    label(
        ax,
        far,
        -0.5,
        ctx.phrase("papi.score_rank", after=after),
        transform=transform,
        size=SMALL,
        ha="right",
        dy=7,
        color=SOFT,
    )
    ax.axvline(0, color=style.SOFT, lw=0.8, zorder=4)
    ax.set_ylim(len(pairs) - 0.45, -0.6)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]
