"""Best, median and worst province of each edition and one province among them; the distance under the years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ninhthuan.words import bilingual

from .. import phrases, pieces, placing, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ..wording import (
    Context,
    index_name,
    sentence,
)


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """How far apart the best and the worst province are, and how far the own one is from the best."""
    held = history[history["complete"] & history["highest"].notna()].sort_values("edition_year")
    if held.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("indices.no_edition_scores_all_provinces", province=ctx.name),
        )
    now = held.iloc[-1]
    name, year, decimals = index_name(now["index_id"]), int(now["edition_year"]), phrases.decimals(now["unit"])
    unit = {"points": ctx.phrase("indices.points"), "percent": ctx.phrase("indices.percentage_points")}
    unit = unit.get(now["unit"], ctx.phrase("indices.points"))

    def apart(row: pd.Series) -> str:
        return ctx.number(phrases.apart(row["highest"], row["lowest"]), decimals)

    size, count = apart(now), int(now["n_ranked"])
    best = ctx.phrase("indices.best_provinces_result", count=count)

    def newest(frame: pd.DataFrame) -> pd.Series:
        return phrases.newest(frame[frame["complete"]], "highest")

    spread = ctx.phrase("indices.best_worst_apart", size=size, unit=unit)
    claims = [
        phrases.about(ctx),
        Claim(sentence(spread), lambda frame: (row := newest(frame))["edition_year"] == year and apart(row) == size),
        Claim(sentence(best), lambda frame: newest(frame)["n_ranked"] == count),
    ]
    if pd.notna(now["score"]):
        behind = ctx.number(phrases.apart(now["highest"], now["score"]), decimals)
        leads = behind == ctx.number(0, decimals)
        title = (
            ctx.phrase("indices.is", name=name, year=year, province=ctx.name, best=best)
            if leads
            else ctx.phrase(
                "indices.behind", name=name, year=year, province=ctx.name, best=best, behind=behind, unit=unit
            )
        )
        claims.append(
            Claim(
                title,
                lambda frame: (
                    ctx.number(phrases.apart((row := newest(frame))["highest"], row["score"]), decimals) == behind
                ),
            )
        )
    else:
        title = ctx.phrase("indices.has_no_result", name=name, year=year, province=ctx.name, spread=spread)
        claims.append(Claim(title, lambda frame: bool(pd.isna(newest(frame)["score"]))))
    subtitle = ctx.phrase(
        "indices.best_median_worst_score_provinces", name=name, province=ctx.name, years=phrases.years(history)
    )
    notes = [
        ctx.phrase("indices.best_worst_provinces_result_where"),
        phrases.unrounded_note(ctx),
        phrases.withheld_note(now["index_id"], year, ctx),
        phrases.break_notes(
            [now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
        ),
    ]
    kind = ctx.phrase("indices.line_chart_distance_between_provinces")
    ends = [ctx.number(now[column], decimals) for column in ("lowest", "median", "highest")]
    numbers = (
        ctx.phrase(
            "indices.lowest_median_highest",
            year=year,
            first_ends=ends[0],
            second_ends=ends[1],
            ends=ends[2],
            spread=spread,
        ),
    )
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, tuple(claims))


@plot(8.2)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Best, median and worst province of each edition and one province among them; the distance under the years.

    history: as for `score_range`. Editions in which the scores of only part of the provinces are held have no best
    and no worst.
    """
    series = (
        ("highest", ctx.phrase("indices.highest"), SOFT, 1.2),
        ("median", ctx.phrase("indices.median"), INK, 1.2),
        ("lowest", ctx.phrase("indices.lowest"), SOFT, 1.2),
        ("score", ctx.name, OWN, 2.2),
    )
    spread = [column for column, *_ in series[:3]]
    history = history.assign(**{column: history[column].where(history["complete"]) for column in spread})
    held = history.dropna(subset=[*spread, "score"], how="all")
    years = list(range(int(held["edition_year"].min()), int(held["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    decimals = 2 if history["unit"].iloc[0] != "score_0_1" else 4
    names = []
    for column, name, colour, _ in series:
        for row in held.dropna(subset=column).sort_values("edition_year").tail(1).itertuples():
            year = f" ({row.edition_year})" if row.edition_year < years[-1] else ""
            text = f"{name} {ctx.number(getattr(row, column), decimals)}{year}"
            own = column == "score"
            names.append((getattr(row, column), text, colour, BASE if own else SMALL, "bold" if own else "normal"))
    right = 0.3 + max(style.text_width(t, size, weight) for _, text, _, size, weight in names for t in text.split("\n"))
    left, pad = 1.5, 0.55
    labels, rows = pieces.break_labels(component_id, years, area.width - left - right, ctx, pad=pad)
    ax = area.axes(left, 0.2 + placing.ROW_CM * rows, area.width - right, area.height - 1.1)
    named = pieces.years(ax, years, pad=pad)
    for run in pieces.stretches(held, "highest"):
        ax.fill_between(run["edition_year"], run["lowest"], run["highest"], color=style.BANDS[1], lw=0, zorder=0)
    for column, _, colour, width in series:
        for run in pieces.stretches(held, column):
            own = column == "score"
            ax.plot(
                run["edition_year"],
                run[column],
                color=colour,
                lw=width,
                marker="o",
                ms=5 if own else 2.5,
                mec="white" if own else colour,
                mew=0.8 if own else 0,
                zorder=5 if own else 3,
            )
    values = held[[*spread, "score"]].to_numpy(dtype=float)
    margin = (np.nanmax(values) - np.nanmin(values)) * 0.08 or 1
    ax.set_ylim(np.nanmin(values) - margin, np.nanmax(values) + margin)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    pieces.number_axis(ax.yaxis, ctx)
    pieces.mark_breaks(ax, component_id, years, labels)
    low, high = ax.get_ylim()
    step = 0.36 / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM) * (high - low)
    places = style.spread([value for value, *_ in names], step, bounds=(low, high))
    for (_, text, colour, size, weight), y in zip(names, places, strict=True):
        label(ax, 1, y, text, transform=ax.get_yaxis_transform(), dx=5, size=size, weight=weight, color=colour)
    spanned = held[held["edition_year"].isin(named) & held["highest"].notna()]
    apart = [ctx.number(round(row.highest - row.lowest, 9), decimals) for row in spanned.itertuples()]
    pieces.under_years(ax, spanned["edition_year"], apart, ctx.phrase("indices.apart"), -22)
    return [ax]
