"""Charts of the workload of the administration and the reform tasks."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from ninhthuan.change import survey_error_explains
from ninhthuan.language import label as word
from ninhthuan.periods import period_kind

from .. import style
from ..style import BASE, FOCUS, HALO, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import Context, indicator_name, part_name, percent, period_name, rank_of, sentence
from .pieces import SHADE, _cm_per_unit, plot


def _channel_height(shares: pd.DataFrame) -> float:
    if shares["period_end"].nunique() > 1:
        return 8.0
    return 1.15 + 0.9 * len(shares)


@plot(_channel_height)
def channel_shares(shares: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dossiers of one period by channel: bars of the share from the counts, with counts and printed shares beside.

    Of several periods: totals as columns above, and under them the shares of each period, all to one height.
    """
    if shares["period_end"].nunique() > 1:
        return _channel_periods(shares, area, ctx)
    left, right, thick = 3.3, area.width - 5.2, 0.5
    ax = area.axes(left, 0.65, right, area.height - 0.5)
    transform = ax.get_yaxis_transform()

    def at(cm: float) -> float:
        return (cm - left) / (right - left)

    columns = (
        (right + 1.5, ctx.phrase("workload.dossiers")),
        (right + 3.35, ctx.phrase("workload.recomputed")),
        (area.width, ctx.phrase("workload.printed")),
    )
    for y, row in enumerate(shares.itertuples()):
        own = y == 0
        ax.barh(y, 100, height=thick, color="#F1F1F1", lw=0, zorder=1)
        ax.barh(y, row.share, height=thick, color=OWN if own else style.SECOND, lw=0, zorder=2)
        label(
            ax,
            at(0),
            y,
            word(row.channel, ctx.language),
            transform=transform,
            weight="bold" if own else "normal",
        )
        label(ax, at(columns[0][0]), y, ctx.number(row.count, 0), transform=transform, ha="right")
        label(
            ax,
            at(columns[1][0]),
            y,
            percent(row.share, 2, ctx.language),
            transform=transform,
            ha="right",
            weight="bold",
            color=OWN,
        )
        wrong = row.contradicted
        label(
            ax,
            at(columns[2][0]),
            y,
            percent(row.printed, 2, ctx.language) + (" ≠" if wrong else ""),
            transform=transform,
            ha="right",
            color=WORSE if wrong else SOFT,
            weight="bold" if wrong else "normal",
        )
    for x, head in columns:
        label(ax, at(x), -0.5, head, transform=transform, ha="right", dy=8, color=SOFT)
    ax.set_ylim(len(shares) - 0.5, -0.5)
    ax.set_xlim(0, 100)
    ax.set_yticks([])
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0, ctx.language)))
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return [ax]


def _short_period(row, ctx: Context) -> str:
    """Name of a period under a column: in English a quarter is `Q1 2024`."""
    if ctx.language == "en" and period_kind(row.period_start.date(), row.period_end.date()) == "quarter":
        return f"Q{row.period_end.quarter} {row.period_end.year}"
    return sentence(period_name(row.period_start, row.period_end, ctx.language))


def _channel_periods(shares: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Totals of several periods over the shares of the channels, the one with the most dossiers at the foot."""
    periods = shares.drop_duplicates("period_end").sort_values("period_end")
    places = {end: x for x, end in enumerate(periods["period_end"])}
    newest = shares[shares["period_end"] == periods["period_end"].iloc[-1]].sort_values("count", ascending=False)
    # fill, its figures, its name beside
    looks = dict(
        zip(newest["channel"], ((OWN, "white", OWN), (style.SECOND, INK, SHADE), (style.BOX, INK, SOFT)), strict=False)
    )
    named = max(style.text_width(word(channel, ctx.language), BASE, "bold") for channel in looks)
    right = area.width - named - 0.3
    heads = (ctx.phrase("workload.all_dossiers"), ctx.phrase("workload.share_each_channel"))
    totals, parts = area.axes(0, 0.95, right, 2.5), area.axes(0, 3.2, right, area.height - 0.9)
    for ax, head in zip((totals, parts), heads, strict=True):
        ax.set_xlim(-0.5, len(periods) - 0.5)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        label(ax, 0, 1, head, transform=ax.transAxes, size=SMALL, dy=18 if ax is totals else 7, color=SOFT)
    for row in periods.itertuples():
        x = places[row.period_end]
        totals.bar(x, row.total, width=0.62, color=style.OTHERS, lw=0, zorder=2)
        label(totals, x, row.total, ctx.number(row.total, 0), ha="center", dy=6.5)
        unit = _cm_per_unit(parts)
        lines = style.wrap(_short_period(row, ctx), SMALL, unit - 0.1)
        label(parts, x, 0, "\n".join(lines), transform=parts.get_xaxis_transform(), ha="center", size=SMALL, dy=-14)
    totals.set_ylim(0, periods["total"].max() * 1.02)
    foot = dict.fromkeys(places, 0.0)
    for channel, (fill, figures, beside) in looks.items():
        for row in shares[shares["channel"] == channel].itertuples():
            x = places[row.period_end]
            parts.bar(x, row.share, bottom=foot[row.period_end], width=0.62, color=fill, ec="white", lw=0.8, zorder=2)
            if row.share >= 6:
                middle = foot[row.period_end] + row.share / 2
                label(parts, x, middle, ctx.number(row.share, 0), ha="center", color=figures, zorder=3)
            foot[row.period_end] += row.share
        looks[channel] = (foot[row.period_end] - row.share / 2, beside)
    heights = style.spread([y for y, _ in looks.values()], 8, bounds=(0, 100))
    for (channel, (_, colour)), y in zip(looks.items(), heights, strict=True):
        label(
            parts, 1, y, word(channel, ctx.language), transform=parts.get_yaxis_transform(), color=colour, weight="bold"
        )
    parts.set_ylim(0, 100)
    return [totals, parts]


@plot(3.7)
def procedure_parts(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One total split in two ways: by level and by kind of change, each a bar of parts with names above."""
    left = 2.4
    ax = area.axes(left, 0.1, area.width, area.height - 0.1)
    total = parts.groupby("split")["value"].sum().max()
    ax.set_xlim(0, total)
    ax.set_ylim(2, 0)
    ax.set_axis_off()
    shades = [OWN, SHADE, style.SECOND, "#D5D5D5"]
    unit, tall = 1 / _cm_per_unit(ax), 2 / (area.height - 0.2)  # of the axes, in a centimetre
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


@plot(5.6)
def unit_columns(units: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
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


@plot(lambda frame: 0.95 + 0.52 * len(frame))
def watch_strip(watch: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Place among the provinces of every index that watches a task, now and one edition before, task by task."""
    left, right = 8.0, area.width - 4.5
    ax = area.axes(left, 0.55, right, area.height - 0.55)
    transform = ax.get_yaxis_transform()
    edge, far, earlier = -left / (right - left), 1 + (area.width - right) / (right - left), 2.25 / (right - left)
    indent = (3.6 - left) / (right - left)
    previous_task = None
    for y, row in enumerate(watch.itertuples()):
        if row.task_number != previous_task:
            title = ctx.pick(row.short_title, row.short_title_en)
            label(ax, edge, y, f"{row.task_number}. {title}", transform=transform, weight="bold")
            if previous_task is not None:
                ax.plot([edge, far], [y - 0.5] * 2, color=style.RULE, lw=0.5, transform=transform, clip_on=False)
            previous_task = row.task_number
        label(ax, indent, y, indicator_name(row.indicator, ctx.language), transform=transform, size=SMALL)
        ax.plot([0, 100], [y, y], color=style.RANGE, lw=0.8, zorder=1)
        if pd.isna(row.percentile_position):
            label(
                ax,
                50,
                y,
                word("not_collected", ctx.language),
                size=SMALL,
                ha="center",
                color=SOFT,
                style="italic",
                path_effects=HALO,
            )
            continue
        now, before = float(row.percentile_position), row.previous_position
        crossed = isinstance(row.crosses, str) and bool(row.crosses)
        moved = pd.notna(row.previous_rank) and row.rank != row.previous_rank
        editions = ctx.province.province_code, row.previous_edition, row.edition_year, ctx.province.boundary
        noise = bool(moved) and survey_error_explains(row.change, row.indicator, *editions)
        # ranks set side by side across a break, or within survey error, are neither a gain nor a loss
        fell = moved and row.rank > row.previous_rank
        colour = style.MIDDLE if crossed or noise else WORSE if fell else OWN
        if pd.notna(before):
            ls = style.DASHES if crossed else "-"
            ax.plot([before, now], [y, y], color=colour, lw=1.1 if crossed else 1.8, ls=ls, zorder=3)
            ax.plot(before, y, "o", ms=5, mfc="white", mec=colour, mew=1.2, zorder=4, clip_on=False)
        ax.plot(now, y, "o", ms=6.5, color=colour, mec="white", mew=0.7, zorder=5, clip_on=False)
        rank = rank_of(row.rank, row.n_ranked, row.rank_basis)
        label(
            ax,
            far,
            y,
            f"{rank} ({int(row.edition_year)}){' †' * crossed}{' ‡' * noise}",
            transform=transform,
            ha="right",
            size=SMALL,
            color=SOFT if crossed or noise else colour,
            weight="bold",
        )
        if pd.notna(row.previous_rank):
            was = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis)
            was = f"{was} ({int(row.previous_edition)})"
            label(ax, far - earlier, y, was, transform=transform, ha="right", size=SMALL, color=SOFT)
    ax.set_xlim(-3, 103)
    ax.set_ylim(len(watch) - 0.45, -0.55)
    ax.set_yticks([])
    ax.set_xticks(
        [0, 25, 50, 75, 100],
        [ctx.phrase("workload.last"), "", ctx.phrase("workload.middle"), "", ctx.phrase("workload.first")],
    )
    for x, head in ((far - earlier, ctx.phrase("workload.before")), (far, ctx.phrase("workload.rank_edition"))):
        label(ax, x, -0.55, head, transform=transform, ha="right", size=SMALL, dy=8, color=SOFT)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return [ax]
