"""Charts of the five indices over their editions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word

from .. import style
from ..findings import overview_years
from ..style import BASE, FOCUS, HALO, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import WORKED_BACK, Context, component_name, index_name, score_of, standing
from .pieces import (
    ROW_CM,
    Z_95,
    _break_labels,
    _cm_per_unit,
    _draw_missing,
    _ends_and_extremes,
    _key,
    _mark_breaks,
    _missing_words,
    _number_axis,
    _Texts,
    _widest_part,
    _years,
    plot,
    stretches,
)


def _position_y(history: pd.DataFrame) -> pd.Series:
    """Place from the top, 0 (first) to 100 (last): one scale for every index and number of provinces."""
    return 100 - history["percentile_position"].astype(float)


@plot(8.6)
def position_panels(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
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
        _years(ax, years, ends_only=True)
        ax.set_ylim(109, -9)
        words = [ctx.phrase("indices.first"), ctx.phrase("indices.middle"), ctx.phrase("indices.last")]
        ax.set_yticks([0, 50, 100], words if place % columns == 0 else ["", "", ""])
        ax.set_title(index_name(index_id), pad=4)
        for run in stretches(own, "place"):
            ax.plot(run["edition_year"], run["place"], color=OWN, marker="o", ms=4, mec="white", mew=0.7, zorder=4)
        # a step between editions is known when the later one is
        known = own.loc[~own["missing"].isin(["not_collected", "known_later"]), "edition_year"]
        newest = max(known, default=first) if own["place"].notna().any() else first
        _mark_breaks(ax, f"{index_id}_total", range(first, newest + 1))
        texts = _Texts(ax)
        _rank_labels(ax, own, texts)
        origin = min(c.first_edition for c in catalogue().components_of(index_id) if c.level == "total")
        gaps = [(first, min(origin - 1, last), "not_existing")] if origin > first else []
        for low, high, kind in [*gaps, *_missing_words(own, "place")]:
            low, high = _widest_part(low, high, f"{index_id}_total")
            lines = style.wrap(word(kind, ctx.language), SMALL, (high - low + 0.9) * _cm_per_unit(ax))
            # a narrow gap speaks for itself; the note says what gaps are
            if (high - low + 0.9) * _cm_per_unit(ax) > 0.8 and len(lines) < 4:
                texts.words((low + high) / 2, [50, 25, 75], lines, needed=False)
        if own["place"].isna().all() and len(years) * _cm_per_unit(ax) > 0.8 and not gaps:
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


def _rank_labels(ax: Axes, own: pd.DataFrame, texts: _Texts) -> None:
    """Rank at the best, the worst and the first edition; the newest in the head, with its denominator and year."""
    held = own[own["place"].notna()].sort_values("edition_year")
    if held.empty:
        return
    newest = held.iloc[-1]
    # the newest stands over its panel, on no line
    head = f"{standing(newest)} ({newest['edition_year']})"
    beside_name = (ax.get_xlim()[1] - ax.get_xlim()[0]) * _cm_per_unit(ax)
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
        texts.number(row["edition_year"], value, _rank_label(row, whole=False), sides, gap=5, needed=False)


def _rank_label(row, whole: bool) -> str:
    """A rank beside its dot, with its denominator where there is room for it, and always with its mark."""
    text = standing(row)
    return text if whole else text.partition("/")[0] + WORKED_BACK * text.endswith(WORKED_BACK)


@plot(7.4)
def rank_trend(history: pd.DataFrame, area: Area, ctx: Context, policies: pd.DataFrame | None = None) -> list[Axes]:
    """Rank of one province on one index over the editions, first on top, over bands of a quarter of the provinces."""
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    pad = 0.8
    labels, rows = _break_labels(component_id, years, area.width - 0.95, ctx, pad=pad)
    ax = area.axes(0.85, 0.15 + ROW_CM * max(rows, 1), area.width - 0.1, area.height - 0.65)
    _years(ax, years, pad=pad)
    n_by_year = {
        e.edition_year: e.provinces_scored
        for e in catalogue().editions_of(history["index_id"].iloc[0], history["boundary"].iloc[0])
    }
    n = pd.Series(n_by_year).reindex(years).ffill().bfill()
    edges_x = np.repeat([*(y - 0.5 for y in years), years[-1] + 0.5], 2)[1:-1]
    edges_x[0], edges_x[-1] = years[0] - pad, years[-1] + pad
    levels = [np.repeat(0.5 + n.to_numpy() * share, 2) for share in (0, 0.25, 0.5, 0.75, 1)]
    for place, colour in enumerate(style.BANDS):
        ax.fill_between(edges_x, levels[place], levels[place + 1], color=colour, lw=0, zorder=0)
    ax.grid(False)
    bottom = n.max() + 1.5
    marks = _policy_marks(ax, policies, years, [x for x, *_ in labels], ctx)
    # policies have a strip of their own under the last rank, so that they stand on no number
    strip = 8 + 9.5 * (1 + max(row for *_, row in marks)) if marks else 0
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72
    ax.set_ylim(bottom + (bottom + 1.5) * strip / (height - strip), -1.5)
    most = int(n.max())
    ax.set_yticks([1, 16, 32, 48, most] if most > 40 else [1, 9, 17, 26, most])
    label(
        ax, 0, 1, ctx.phrase("indices.rank"), size=SMALL, ha="right", transform=ax.transAxes, dx=-5, dy=5.5, color=SOFT
    )
    for run in stretches(history, "rank"):
        ax.plot(
            run["edition_year"], run["rank"].astype(float), color=OWN, marker="o", ms=5, mec="white", mew=0.8, zorder=4
        )
    ours = history[history["rank_basis"].isin(["derived", "implied"]) & history["rank"].notna()]
    if len(ours):
        ax.plot(ours["edition_year"], ours["rank"].astype(float), "o", ms=5, mfc="white", mec=OWN, mew=1.2, zorder=5)
    _mark_breaks(ax, component_id, years, labels)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    _mark_policies(ax, marks, texts)
    held = history[history["rank"].notna()].sort_values("edition_year")
    values = dict(zip(held["edition_year"], held["rank"].astype(float), strict=True))
    # the newest one first: it keeps its side
    for row in held[::-1].itertuples():
        last = row.edition_year == held["edition_year"].iloc[-1]
        beside = [values[y] for y in (row.edition_year - 1, row.edition_year + 1) if y in values]
        below = (bool(beside) and np.mean(beside) < values[row.edition_year]) or row.rank < 4
        sides = ("below", "above") if below else ("above", "below")
        if row.rank > most - 4 and not strip:  # under it stand the years
            sides = ("above", "right")
        texts.number(
            row.edition_year,
            row.rank,
            _rank_label(row, whole=last),
            sides,
            size=FOCUS if last else BASE,
            bold=last,
        )
    _draw_missing(ax, history, "rank", ctx, middle=bottom / 2, texts=texts)
    return [ax]


def _policy_marks(
    ax: Axes, policies: pd.DataFrame | None, years: list[int], lines: list[float], ctx: Context
) -> list[tuple]:
    """Directives and resolutions issued within the years: (x, text, middle of the text, row of the text)."""
    if policies is None or not len(policies):
        return []
    marks: list[tuple] = []
    placed: list[tuple[int, float]] = []
    low, high = ax.get_xlim()
    for item in policies.sort_values("issued_on").itertuples():
        text = ctx.pick(item.label, item.label_en)
        # an edition's year is drawn from half a unit before its tick to half a unit after
        x = item.issued_on.year - 0.5 + item.issued_on.day_of_year / 365
        if not years[0] - 0.5 <= x <= years[-1] + 0.5:
            continue
        width = style.text_width(text, SMALL) / _cm_per_unit(ax)
        # a name at the edge is pushed in and one on a break's line off it; the mark stays on its day
        middle = min(max(x, low + width / 2), high - width / 2)
        off = width / 2 + 0.08 / _cm_per_unit(ax)
        for line in lines:
            if abs(line - middle) < off:
                far = off + width / 2
                to_right = x > line if low <= line - far and line + far <= high else line + far <= high
                middle = line + (off if to_right else -off)
        row = 0
        while any(r == row and middle - width / 2 < end for r, end in placed):
            row += 1
        placed.append((row, middle + width / 2 + 0.08))
        marks.append((x, text, middle, row))
    return marks


def _mark_policies(ax: Axes, marks: list[tuple], texts: _Texts) -> None:
    """Triangles at the foot of the plot on the day a directive or resolution was issued, with its short name."""
    foot = ax.get_xaxis_transform()
    for x, text, middle, row in marks:
        ax.plot(x, 0, marker=(3, 0, 0), ms=6, color=WORSE, transform=foot, clip_on=False, zorder=7)
        dy = 10 + 9.5 * row
        label(
            ax,
            middle,
            0,
            text,
            size=SMALL,
            ha="center",
            transform=foot,
            dy=dy,
            color=WORSE,
            path_effects=HALO,
            zorder=7,
        )
        texts.boxes.append(texts.box(middle, 0, text, SMALL, low=dy - 4, high=dy + 4, transform=foot))


@plot(8.4)
def score_range(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Score of one province in each edition against all provinces: range, middle half, median, region.

    A survey's 95 % interval is drawn in editions with a standard error (column `standard_error`, if there is one).
    Where only part of the provinces' scores is held, the spread is left out and a stated national mean, if
    there is one (column `national_mean`), stands in its place.
    """
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    decimals = 2 if history["unit"].iloc[0] != "score_0_1" else 4
    full = history[history["complete"] & history["median"].notna()]
    means = history[~history["complete"] & history["national_mean"].notna()]
    errors = history.get("standard_error", pd.Series(np.nan, history.index)).astype(float)
    sampled = history.assign(reach=Z_95 * errors)[errors.notna() & history["score"].notna()]
    key = _key(area, 0, _range_items(full, means, sampled, ctx))
    pad = 1.0
    labels, rows = _break_labels(component_id, years, area.width - 1.35, ctx, pad=pad)
    ax = area.axes(1.25, key + 0.2 + ROW_CM * rows, area.width - 0.1, area.height - 1.35)
    # ranks stand under the editions that are named
    named = _years(ax, years, pad=pad, room=0.95)
    unit_cm = _cm_per_unit(ax)
    box = min(11, unit_cm / 2.54 * 72 * 0.3)
    for row in full.itertuples():
        x = row.edition_year
        ax.plot([x, x], [row.lowest, row.highest], color=style.BOX, lw=1.2, zorder=2, solid_capstyle="butt")
        ax.plot(
            [x, x], [row.lower_quartile, row.upper_quartile], color=style.BOX, lw=box, zorder=2, solid_capstyle="butt"
        )
        half = box / 72 * 2.54 / unit_cm * 0.75
        ax.plot([x - half, x + half], [row.median, row.median], color=INK, lw=1.5, zorder=3, solid_capstyle="butt")
        if pd.notna(row.region_median):
            ax.plot(x + half, row.region_median, marker="D", ms=3.6, mfc="white", mec=SOFT, mew=0.9, zorder=3)
    for row in means.itertuples():
        ax.plot(row.edition_year, row.national_mean, "x", ms=6, mew=1.4, color=INK, zorder=6, path_effects=HALO)
    for row in sampled.itertuples():
        ends = [row.score - row.reach, row.score + row.reach]
        ax.plot([row.edition_year] * 2, ends, color=OWN, lw=1.8, zorder=4, solid_capstyle="butt")
    held = history[history["score"].notna()]
    worked_back = held["basis"] == "derived"
    size = 6.5 if unit_cm > 0.8 else 5
    for rows, face, edge in ((held[~worked_back], OWN, "white"), (held[worked_back], "white", OWN)):
        if len(rows):
            ax.plot(rows["edition_year"], rows["score"], "o", color=OWN, ms=size, mfc=face, mec=edge, mew=0.9, zorder=5)
    last_year = held["edition_year"].max() if len(held) else None
    # figures need about a centimetre each; the newest one comes first
    show = {
        year
        for year in _ends_and_extremes(history, "score", limit=8)
        if year == last_year or (last_year - year) * unit_cm > 1.0
    } | set(held.loc[worked_back, "edition_year"])
    low = min(
        full["lowest"].min() if len(full) else np.inf,
        held["score"].min(),
        (sampled["score"] - sampled["reach"]).min() if len(sampled) else np.inf,
        means["national_mean"].min() if len(means) else np.inf,
    )
    high = max(
        full["highest"].max() if len(full) else -np.inf,
        held["score"].max(),
        (sampled["score"] + sampled["reach"]).max() if len(sampled) else -np.inf,
        means["national_mean"].max() if len(means) else -np.inf,
    )
    margin = (high - low) * 0.1 or abs(high) * 0.05 or 1
    ax.set_ylim(low - margin, high + margin * 1.3)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    _number_axis(ax.yaxis, ctx)
    _mark_breaks(ax, component_id, years, labels)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    # the newest one first: it keeps its side
    for row in held[held["edition_year"].isin(show)].sort_values("edition_year", ascending=False).itertuples():
        last = row.edition_year == last_year
        # away from the median, so that neither covers the other
        sides = ("below", "above") if row.complete and row.score < row.median else ("above", "below")
        texts.number(
            row.edition_year,
            row.score,
            score_of(row.score, row, decimals, ctx.language),
            ("right", *sides) if unit_cm > 1.35 and not last else sides,
            size=FOCUS if last else BASE,
            bold=last,
            gap=7,
            # a figure that is worked back never stands without its mark
            needed=last or row.basis == "derived",
        )
    _draw_missing(ax, history, "score", ctx, middle=(low + high) / 2, texts=texts)
    # where two figures do not fit under an edition, the named ones have theirs
    crowded = unit_cm < 0.5
    roomy = unit_cm > 1.0 or crowded
    ranked = history[history["rank"].notna()]
    ranked = ranked[ranked["edition_year"].isin(named) | (not crowded)]
    ranks = [_rank_label(row, whole=roomy) for row in ranked.itertuples()]
    _under_years(ax, ranked["edition_year"], ranks, ctx.phrase("indices.rank"), -22, OWN, weight="bold", color=OWN)
    if not roomy:
        counts = [str(int(count)) for count in ranked["n_ranked"]]
        _under_years(ax, ranked["edition_year"], counts, ctx.phrase("indices.of"), -32, size=SMALL, color=SOFT)
    return [ax]


def _under_years(ax: Axes, years, texts: list[str], head: str, dy: float, colour: str = SOFT, **look) -> None:
    """A row of texts under the named years, with what they are to the left of the axis; dy in points."""
    for year, text in zip(years, texts, strict=True):
        label(ax, year, 0, text, transform=ax.get_xaxis_transform(), ha="center", dy=dy, **look)
    label(ax, 0, 0, head, transform=ax.transAxes, ha="right", dx=-4, dy=dy, size=SMALL, color=colour)


def _range_items(full: pd.DataFrame, means: pd.DataFrame, sampled: pd.DataFrame, ctx: Context) -> list[tuple[str, str]]:
    items = [("own", ctx.name)]
    if len(full):
        items += [
            ("line", ctx.phrase("indices.lowest_highest")),
            ("box", ctx.phrase("indices.middle_half_provinces")),
            ("flat tick", ctx.phrase("indices.median")),
        ]
        if full["region_median"].notna().any():
            items.append(("diamond", ctx.phrase("indices.median_region")))
    if len(sampled):
        years = ", ".join(str(year) for year in sampled["edition_year"])
        items.insert(1, ("interval", ctx.phrase("indices.95_confidence_interval", years=years)))
    if len(means):
        years = ", ".join(str(year) for year in means["edition_year"])
        text = ctx.phrase("indices.mean_given_source")
        items.append(("cross", f"{text} ({years})" if len(full) else text))
    return items


@plot(8.2)
def convergence(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
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
    labels, rows = _break_labels(component_id, years, area.width - left - right, ctx, pad=pad)
    ax = area.axes(left, 0.2 + ROW_CM * rows, area.width - right, area.height - 1.1)
    named = _years(ax, years, pad=pad)
    for run in stretches(held, "highest"):
        ax.fill_between(run["edition_year"], run["lowest"], run["highest"], color=style.BANDS[1], lw=0, zorder=0)
    for column, _, colour, width in series:
        for run in stretches(held, column):
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
    _number_axis(ax.yaxis, ctx)
    _mark_breaks(ax, component_id, years, labels)
    low, high = ax.get_ylim()
    step = 0.36 / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM) * (high - low)
    places = style.spread([value for value, *_ in names], step, bounds=(low, high))
    for (_, text, colour, size, weight), y in zip(names, places, strict=True):
        label(ax, 1, y, text, transform=ax.get_yaxis_transform(), dx=5, size=size, weight=weight, color=colour)
    spanned = held[held["edition_year"].isin(named) & held["highest"].notna()]
    apart = [ctx.number(round(row.highest - row.lowest, 9), decimals) for row in spanned.itertuples()]
    _under_years(ax, spanned["edition_year"], apart, ctx.phrase("indices.apart"), -22)
    return [ax]


@plot(lambda frame: 9.4 if frame["component_id"].nunique() > 5 else 5.2)
def component_panels(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Small multiples: the score of each component over the editions, with the median and middle half of provinces."""
    components = _official_order(history["component_id"].unique())
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    per_row = 4 if len(components) <= 8 else 5
    rows = -(-len(components) // per_row)
    # numbers of a scale from 0 to 1 have decimals
    left, gap = 0.6 if history["score"].max() > 2 else 0.9, 0.42
    width = (area.width - left - (per_row - 1) * gap) / per_row
    key = _key(
        area,
        0,
        [
            ("own", ctx.name),
            ("grey line", ctx.phrase("indices.median_provinces")),
            ("range", ctx.phrase("indices.middle_half_provinces")),
        ],
    )
    pitch = (area.height - key) / rows
    low = np.nanmin(history[["score", "lower_quartile"]].to_numpy(dtype=float))
    high = np.nanmax(history[["score", "upper_quartile"]].to_numpy(dtype=float))
    margin = (high - low) * 0.12
    axes = []
    for place, component_id in enumerate(components):
        column, row = place % per_row, place // per_row
        x0, y0 = left + column * (width + gap), key + row * pitch + 1.0
        ax = area.axes(x0, y0, x0 + width, y0 + pitch - 1.55)
        own = history[history["component_id"] == component_id]
        _years(ax, years, ends_only=True)
        ax.set_ylim(low - margin, high + 3.4 * margin)
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        _number_axis(ax.yaxis, ctx)
        if column:
            ax.tick_params(labelleft=False)
        for run in stretches(own[own["complete"]], "median"):
            ax.fill_between(
                run["edition_year"], run["lower_quartile"], run["upper_quartile"], color=style.RANGE, lw=0, zorder=1
            )
            ax.plot(run["edition_year"], run["median"], color=style.MIDDLE, lw=1.1, zorder=2)
        for run in stretches(own, "score"):
            ax.plot(
                run["edition_year"], run["score"], color=OWN, lw=1.7, marker="o", ms=3, mec="white", mew=0.5, zorder=4
            )
        # up to the number in the corner
        _mark_breaks(ax, component_id, years, top=1 - 0.52 / (pitch - 1.55))
        held = own[own["score"].notna()].sort_values("edition_year")
        if len(held):
            final = held.iloc[-1]
            known = bool(final["complete"])
            below = known and final["score"] < final["median"]
            colour = (WORSE if below else OWN) if known else SOFT
            ax.plot(final["edition_year"], final["score"], "o", ms=4.5, color=colour, mec="white", mew=0.6, zorder=5)
            label(
                ax,
                1,
                1,
                ctx.number(final["score"], 2),
                transform=ax.transAxes,
                ha="right",
                dy=-7,
                weight="bold",
                color=colour,
            )
        component = catalogue().component(component_id)
        lines = style.wrap(component_name(component, ctx.language), BASE, width + gap - 0.25, "bold")[:2]
        label(
            ax, 0, 1, "\n".join(lines), transform=ax.transAxes, weight="bold", dy=7 + (len(lines) - 1) * 4.8, lead=1.15
        )
        axes.append(ax)
    return axes


def _official_order(component_ids) -> list[str]:
    wanted = set(component_ids)
    index_id = next(i for i in catalogue().indices if next(iter(wanted)).startswith(i + "_"))
    return list(dict.fromkeys(c.component_id for c in catalogue().components_of(index_id) if c.component_id in wanted))
