"""One total split in two ways: by level and by kind of change, each a bar of parts with names above."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ninhthuan.words import bilingual

from .. import phrases, pieces, placing, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ..wording import (
    Context,
    lower_first,
    part_name,
)


def caption(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The largest part of the procedures published."""
    if parts.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("workload.no_published_procedures_level_kind", province=ctx.name),
        )
    period = phrases.when(parts["period_start"].iloc[0], parts["period_end"].iloc[0], ctx)
    kinds = parts[parts["split"] == "kind"].sort_values("value", ascending=False)
    total = parts.groupby("split")["value"].sum().iloc[0]
    split = "kind" if len(kinds) else "level"
    shown = kinds if len(kinds) else parts.sort_values("value", ascending=False)
    listed = ", ".join(
        f"{ctx.number(row.value, 0)} {lower_first(part_name(row.part, ctx.language))}"
        for row in shown.head(2).itertuples()
    )
    title = ctx.phrase(
        "workload.procedures_published",
        province=ctx.name,
        period=period,
        total=ctx.number(total, 0),
        listed=listed,
    )
    subtitle = ctx.phrase("workload.procedures_published_level_kind_change", province=ctx.name, period=period)
    sums = parts.groupby("split")["value"].sum()
    whole, one_total, largest = (
        ctx.number(total, 0),
        sums.nunique() == 1,
        [(row.part, row.value) for row in shown.head(2).itertuples()],
    )

    def leads(frame: pd.DataFrame) -> bool:
        rows = frame[frame["split"] == split]
        ordered = sorted(zip(rows["part"], rows["value"], strict=True), key=lambda pair: -pair[1])
        by_size = dict(ordered)
        return [value for _, value in ordered[:2]] == [by_size[part] for part, _ in largest] == [v for _, v in largest]

    def sums_up(frame: pd.DataFrame) -> bool:
        added = {name: sum(rows["value"]) for name, rows in frame.groupby("split")}
        told = phrases.when(frame["period_start"].iloc[0], frame["period_end"].iloc[0], ctx)
        alike = (len(set(added.values())) == 1) == one_total
        return told == period and alike and whole in [ctx.number(value, 0) for value in added.values()]

    claims = (
        Claim(ctx.phrase("workload.parts_add_up_procedures", whole=whole), sums_up),
        Claim(ctx.phrase("workload.most", listed=listed), leads),
    )
    by_level = parts[parts["split"] == "level"].sort_values("value", ascending=False)
    levels = ", ".join(
        f"{lower_first(part_name(row.part, ctx.language))} {ctx.number(row.value, 0)}" for row in by_level.itertuples()
    )
    numbers = (ctx.phrase("workload.level_2", levels=levels),) * bool(levels)
    note = (
        ctx.phrase("workload.level_change_sum", total=ctx.number(total, 0))
        if sums.nunique() == 1
        else ctx.phrase("workload.two_splits_do_not_add")
    )
    return Caption(title, subtitle, note, ctx.phrase("workload.two_bars_parts"), numbers, claims)


@plot(3.7)
def draw(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One total split in two ways: by level and by kind of change, each a bar of parts with names above."""
    left = 2.4
    ax = area.axes(left, 0.1, area.width, area.height - 0.1)
    total = parts.groupby("split")["value"].sum().max()
    ax.set_xlim(0, total)
    ax.set_ylim(2, 0)
    ax.set_axis_off()
    shades = [OWN, pieces.SHADE, style.SECOND, "#D5D5D5"]
    unit, tall = 1 / placing.cm_per_unit(ax), 2 / (area.height - 0.2)  # of the axes, in a centimetre
    names = {
        "level": ctx.phrase("workload.level"),
        "kind": ctx.phrase("workload.change"),
    }
    for row_place, split in enumerate(("level", "kind")):
        rows = parts[parts["split"] == split].sort_values("value", ascending=False)
        x, y = 0.0, row_place + 0.56
        label(ax, -left * unit, y, names[split], weight="bold")
        thick = 0.7 * tall
        placed: list[tuple[float, float]] = []
        for place, row in enumerate(rows.itertuples()):
            ax.add_patch(Rectangle((x, y - thick / 2), row.value, thick, fc=shades[place], ec="white", lw=1.4))
            label(
                ax,
                x + row.value / 2,
                y,
                ctx.number(row.value, 0),
                ha="center",
                color="white" if place < 2 else INK,
                weight="bold",
                size=BASE if row.value / unit > 0.75 else SMALL,
            )
            placed.append((x, part_name(row.part, ctx.language)))
            x += row.value
        _names_over(ax, placed, y - thick / 2, total, unit)
    return [ax]


def _names_over(ax: Axes, placed: list[tuple[float, str]], y: float, total: float, unit: float) -> None:
    """Names over the starts of parts; one that has no room left stands over the others at the right."""
    end = -math.inf
    for x, name in placed:
        width = style.text_width(name, SMALL) * unit
        start = min(max(x, end + 0.15 * unit), total - width)
        crowded = start < end
        label(ax, total - width if crowded else start, y, name, size=SMALL, dy=17 if crowded else 7, color=SOFT)
        end = end if crowded else start + width
