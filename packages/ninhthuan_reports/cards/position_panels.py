"""Five small panels, one an index: place among the provinces over the editions, first on top."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.words import bilingual

from .. import phrases, pieces, placing, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, FOCUS, OWN, SMALL, SOFT, Area, label
from ..wording import (
    Context,
    index_name,
    standing,
)

CURRENT = 2  # editions so many years older than the newest and more are not counted with it


def overview_years(history: pd.DataFrame) -> tuple[int, int]:
    """Editions that the overview shows: from 2011, or from as early as the newest rank of each index needs."""
    held = history[history["percentile_position"].notna()]
    first = min([2011, *held.groupby("index_id")["edition_year"].max()])
    return max(first, int(history["edition_year"].min())), int(history["edition_year"].max())


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many indices stand in the upper half, and the best of them."""
    held = history[history["percentile_position"].notna()].sort_values("edition_year")
    if held.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("indices.no_rank_held_any_five", province=ctx.name),
        )
    every = held.groupby("index_id").tail(1)
    since = int(every["edition_year"].max()) - CURRENT + 1
    latest, older = every[every["edition_year"] >= since], every[every["edition_year"] < since]
    years = phrases.years(latest)
    upper = int((latest["percentile_position"] >= 50).sum())
    best_text = _highest(phrases.read(latest, *phrases.PLACED), ctx)
    first, last = overview_years(history)
    span = str(last) if first == last else f"{first}–{last}"
    if len(latest) == 1:
        title = ctx.phrase(
            ("indices.ranked_one_index_only_upper" if upper else "indices.ranked_one_index_only_not"),
            province=ctx.name,
            best_text=best_text,
        )
    else:
        title = ctx.phrase(
            "indices.upper_half_indices_highest",
            province=ctx.name,
            years=years,
            upper=upper,
            n_latest=len(latest),
            best_text=best_text,
        )
    subtitle = ctx.phrase(
        (
            "indices.place_among_provinces_ranked_editions"
            if first < last
            else "indices.place_among_provinces_ranked_edition"
        ),
        span=span,
    )
    note = ctx.phrase("indices.axis_share_provinces_stand_higher")
    if len(older):
        listed = phrases.listed_ranks(phrases.read(older, *phrases.PLACED), ctx)
        note += ctx.phrase("indices.older_not_counted", listed=listed)
    if "papi" in set(every["index_id"]):
        note += ctx.phrase("indices.papi_ranks_worked_out_scores")
    if "implied" in set(history["rank_basis"]):
        note += f" {phrases.implied_note(ctx)}"
    count = len(latest)

    def newest(frame: pd.DataFrame) -> list[tuple]:
        held = frame[frame["rank"].notna() & frame["n_ranked"].notna()]
        # in order of the editions, so that the newest of each index is kept
        rows = sorted(phrases.read(held, *phrases.PLACED, "percentile_position"), key=lambda row: row[1])
        return [row for row in {row[0]: row for row in rows}.values() if row[1] >= since]

    def halves(frame: pd.DataFrame) -> bool:
        # by the ranks printed and by the places drawn
        found = [(2 * (rank - 1) <= n - 1, place >= 50) for _, _, rank, n, _, place in newest(frame)]
        return len(found) == count and all(sum(way) == upper for way in zip(*found, strict=True))

    def highest(frame: pd.DataFrame) -> bool:
        # by the places drawn, where the title goes by the ranks printed
        rows = newest(frame)
        top = max(place for *_, place in rows)
        return best_text == phrases.listed_ranks([row[:-1] for row in rows if abs(row[-1] - top) < 1e-9], ctx)

    claims = (
        phrases.about(ctx),
        Claim(
            ctx.phrase("indices.indices_upper_half", upper=upper, count=count),
            halves,
        ),
        Claim(ctx.phrase("indices.highest_place", best_text=best_text), highest),
    )
    kind = ctx.phrase("indices.small_line_charts_places_one")
    return Caption(title, subtitle, note, kind, (phrases.newest_ranks(every, ctx),), claims)


def _highest(rows: list[tuple], ctx: Context) -> str:
    """The index on which a province stands highest among those ranked; all of them where several stand level."""

    def above(row: tuple) -> Fraction:
        # the share of the others that stand above; one of one has nobody above it
        return Fraction(int(row[2] - 1), max(int(row[3]) - 1, 1))

    least = min(map(above, rows))
    return phrases.listed_ranks([row for row in rows if above(row) == least], ctx)


def _position_y(history: pd.DataFrame) -> pd.Series:
    """Place from the top, 0 (first) to 100 (last): one scale for every index and number of provinces."""
    return 100 - history["percentile_position"].astype(float)


@plot(8.6)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Five small panels, one an index: place among the provinces over the editions, first on top."""
    history = history.assign(place=_position_y(history))
    first, last = overview_years(history)
    years = list(range(first, last + 1))
    columns, rows = 3, 2
    pitch = (area.height - 0.1) / rows
    tall = pitch - 1.25
    left, gap = 1.45, 0.55
    width = (area.width - left - (columns - 1) * gap) / columns
    drawn = []
    for place, index_id in enumerate(catalogue().indices):
        x0, y0 = left + place % columns * (width + gap), 0.6 + place // columns * pitch
        ax = area.axes(x0, y0, x0 + width, y0 + tall)
        own = history[(history["index_id"] == index_id) & history["edition_year"].between(first, last)]
        _quarter_bands(ax)
        ax.grid(False)
        pieces.years(ax, years, ends_only=True)
        ax.set_ylim(109, -9)
        words = [ctx.phrase("indices.first"), ctx.phrase("indices.middle"), ctx.phrase("indices.last")]
        ax.set_yticks([0, 50, 100], words if place % columns == 0 else ["", "", ""])
        ax.set_title(index_name(index_id), pad=4)
        for run in pieces.stretches(own, "place"):
            ax.plot(run["edition_year"], run["place"], color=OWN, marker="o", ms=4, mec="white", mew=0.7, zorder=4)
        # a step between editions is known when the later one is
        known = own.loc[~own["missing"].isin(["not_collected", "known_later"]), "edition_year"]
        newest = max(known, default=first) if own["place"].notna().any() else first
        pieces.mark_breaks(ax, f"{index_id}_total", range(first, newest + 1))
        texts = placing.Texts(ax)
        _rank_labels(ax, own, texts)
        origin = min(c.first_edition for c in catalogue().components_of(index_id) if c.level == "total")
        gaps = [(first, min(origin - 1, last), "not_existing")] if origin > first else []
        for low, high, kind in [*gaps, *pieces.missing_words(own, "place")]:
            low, high = pieces.widest_part(low, high, f"{index_id}_total")
            lines = style.wrap(word(kind, ctx.language), SMALL, (high - low + 0.9) * placing.cm_per_unit(ax))
            # a narrow gap speaks for itself; the note says what gaps are
            if (high - low + 0.9) * placing.cm_per_unit(ax) > 0.8 and len(lines) < 4:
                texts.words((low + high) / 2, [50, 25, 75], lines, needed=False)
        if own["place"].isna().all() and len(years) * placing.cm_per_unit(ax) > 0.8 and not gaps:
            nothing = style.wrap(ctx.phrase("indices.no_figures"), SMALL, width * 0.9)
            texts.words((first + last) / 2, [50], nothing, needed=False)
        drawn.append(ax)
    place = len(drawn)
    _band_key(area, left + place % columns * (width + gap), 0.6 + place // columns * pitch, width, tall, ctx)
    return drawn


def _quarter_bands(ax: Axes) -> None:
    for place, colour in enumerate(style.BANDS):
        low, high = (-20 if place == 0 else place * 25), (120 if place == 3 else (place + 1) * 25)
        ax.axhspan(low, high, color=colour, lw=0, zorder=0)


def _band_key(area: Area, left: float, top: float, width: float, tall: float, ctx: Context) -> None:
    key = area.axes(left, top, left + width, top + tall)
    key.set_axis_off()
    key.set_xlim(0, 1)
    key.set_ylim(4, 0)
    title = ctx.phrase("indices.quarters_provinces" if width > 3.5 else "indices.quarters")
    key.set_title(title, pad=4, color=SOFT, weight="normal")
    for place, colour in enumerate(style.BANDS):
        key.add_patch(Rectangle((0, place), 1, 1, fc=colour, lw=0))
        label(key, 0.04, place + 0.5, ctx.phrase(f"indices.quarter_{place + 1}"))


def _rank_labels(ax: Axes, own: pd.DataFrame, texts: placing.Texts) -> None:
    """Rank at the best, the worst and the first edition; the newest in the head, with its denominator and year."""
    held = own[own["place"].notna()].sort_values("edition_year")
    if held.empty:
        return
    newest = held.iloc[-1]
    # the newest stands over its panel, on no line
    head = f"{standing(newest)} ({newest['edition_year']})"
    beside_name = (ax.get_xlim()[1] - ax.get_xlim()[0]) * placing.cm_per_unit(ax)
    beside_name -= style.text_width(index_name(own["index_id"].iloc[0]), FOCUS, "bold") + 0.15
    if style.text_width(head, BASE, "bold") > beside_name:
        head = standing(newest)
    label(ax, 1, 1, head, transform=ax.transAxes, ha="right", dy=8, size=BASE, weight="bold", color=OWN)
    name = index_name(own["index_id"].iloc[0])
    texts.boxes.append(texts.box(0, 1, name, FOCUS, weight="bold", ha="left", low=0, high=13, transform=ax.transAxes))
    texts.boxes.append(texts.box(1, 1, head, BASE, weight="bold", ha="right", low=0, high=13, transform=ax.transAxes))
    picks = {held["place"].astype(float).idxmin(), held["place"].astype(float).idxmax(), held.index[0]}
    picks.discard(newest.name)
    values = dict(zip(held["edition_year"], held["place"].astype(float), strict=True))
    for index in sorted(picks):
        row = held.loc[index]
        value = row["place"]
        beside = [values[y] for y in (row["edition_year"] - 1, row["edition_year"] + 1) if y in values]
        below = bool(beside) and np.mean(beside) < value  # the axis points down
        below = (below or value < 10) and value < 86
        sides = ("below", "above") if below else ("above", "below")
        texts.number(row["edition_year"], value, pieces.rank_label(row, whole=False), sides, gap=5, needed=False)
