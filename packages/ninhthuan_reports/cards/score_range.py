"""Score of one province in each edition against all provinces: range, middle half, median, region."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ninhthuan.catalogue import catalogue
from ninhthuan.words import bilingual

from .. import phrases, pieces, placing, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, FOCUS, HALO, INK, OWN, SMALL, SOFT, Area
from ..wording import (
    Context,
    decimals_held,
    score_of,
    standing,
)


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest score, and its distance from the median or the stated mean."""
    held = history[history["score"].notna()]
    if held.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("indices.no_score_index_held", province=ctx.name),
        )
    now, _ = phrases.latest_change(history, "score")
    name, unit = phrases.subject_of(now, ctx), now["unit"]
    year, decimals = int(now["edition_year"]), phrases.decimals(unit)
    decimals_apart = decimals_held(decimals, now)
    score = score_of(now["score"], now, decimals, ctx.language, unit=phrases.unit(ctx, unit), said=True)
    claims = [
        phrases.about(ctx),
        Claim(
            ctx.phrase("indices.newest_score", name=name, year=year, score=score),
            lambda frame: (
                (row := phrases.newest(frame, "score"))["edition_year"] == year
                and phrases.subject_of(row, ctx) == name
                and score_of(row["score"], row, decimals, ctx.language, unit=phrases.unit(ctx, row["unit"]), said=True)
                == score
            ),
        ),
    ]
    title = ctx.phrase("indices.scores", name=name, edition_year=now["edition_year"], province=ctx.name, score=score)
    if now["complete"] and pd.notna(now["median"]):
        against, what = "median", bilingual("indices.national_median")
    elif pd.notna(now["national_mean"]):
        against, what = "national_mean", bilingual("indices.national_mean")
    else:
        against = ""
    if against:
        gap = now["score"] - now[against]
        size, higher = ctx.number(abs(gap), decimals_apart), gap >= 0
        points = ctx.phrase("indices.percentage_points" if unit == "percent" else "indices.points")
        if size == ctx.number(0, decimals_apart):
            compared = ctx.phrase("indices.level", what=(what[0], what[1]))
        else:
            compared = ctx.phrase(
                ("indices.above" if higher else "indices.below"), size=size, points=points, what=(what[0], what[1])
            )
        title += f", {compared}"

        def lies(frame: pd.DataFrame) -> bool:
            row = phrases.newest(frame, "score")
            distance = phrases.apart(row["score"], row[against])
            known = row["complete"] if against == "median" else True
            return known and (distance >= 0) == higher and ctx.number(abs(distance), decimals_apart) == size

        claims.append(Claim(ctx.phrase("indices.score", compared=compared), lies))
    elif pd.notna(now["rank"]):
        placed = standing(now, ctx.language)
        title += ctx.phrase("indices.ranks_2", placed=placed)

        def ranks(frame: pd.DataFrame) -> bool:
            row = phrases.newest(frame, "score")
            return standing(row, ctx.language) == placed

        claims.append(Claim(ctx.phrase("indices.rank_3", placed=placed), ranks))
    scale_text = _scales(now["component_id"], history, ctx)
    subtitle = ctx.phrase(
        "indices.score_against_all_provinces_ranks",
        name=name,
        province=ctx.name,
        years=phrases.years(history),
        scale_text=scale_text,
    )
    notes = [ctx.phrase("indices.axis_does_not_start_0")]
    if not history["complete"].all():
        notes.append(ctx.phrase("indices.where_scores_only_part_provinces"))
    if (history["rank_basis"] == "implied").any() or (history["score"].notna() & (history["basis"] == "derived")).any():
        notes.append(phrases.implied_note(ctx))
    if against:
        notes.append(phrases.unrounded_note(ctx))
    sampled = history.loc[history.get("standard_error", history["score"] * float("nan")).notna(), "edition_year"]
    if len(sampled):
        years = ", ".join(str(year) for year in sampled)
        notes.append(ctx.phrase("indices.bar_through_dot_95_interval", years=years))
    notes.append(phrases.withheld_note(now["index_id"], int(now["edition_year"]), ctx))
    notes.append(
        phrases.break_notes(
            [now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
        )
    )
    return Caption(
        title,
        subtitle,
        " ".join(filter(None, notes)),
        ctx.phrase("indices.range_dot_chart_scores"),
        _score_numbers(held, now, decimals, ctx),
        tuple(claims),
    )


def _score_numbers(held: pd.DataFrame, now: pd.Series, decimals: int, ctx: Context) -> tuple[str, ...]:
    """Lowest and highest score within the newest method, and the spread of all provinces in the newest edition."""
    same = held[held["segment"] == now["segment"]]
    low, high = same.loc[same["score"].idxmin()], same.loc[same["score"].idxmax()]
    unit = "%" * (now["unit"] == "percent")
    ends = [
        f"{score_of(row['score'], row, decimals, ctx.language, unit=unit)} ({row['edition_year']})"
        for row in (low, high)
    ]
    numbers = []
    if now["complete"]:
        spread = [ctx.number(now[column], decimals) + unit for column in ("lowest", "highest", "median")]
        numbers.append(
            ctx.phrase(
                "indices.provinces_range_median",
                edition_year=now["edition_year"],
                first_spread=spread[0],
                second_spread=spread[1],
                spread=spread[2],
            )
        )
    numbers.append(
        ctx.phrase("indices.over_editions_one_method_score", n_same=len(same), first_ends=ends[0], second_ends=ends[1])
        if len(same) > 1
        else ctx.phrase("indices.no_other_edition_method_yet")
    )
    return tuple(numbers)


def _scales(component_id: str, history: pd.DataFrame, ctx: Context) -> str:
    """The scale of a score, or the scales of its periods: `thang 6–60 đến 2017, 8–80 từ 2018`."""
    spans: dict[str, list[int]] = {}
    for year in history["edition_year"]:
        part = catalogue().component(component_id, int(year))
        spans.setdefault(f"{part.scale_min:g}–{part.scale_max:g}", []).append(int(year))
    texts = list(spans)
    if len(texts) > 1:
        first, last = texts[0], texts[-1]
        until, since = max(spans[first]), min(spans[last])
        return ctx.phrase("indices.scale", first=first, until=until, last=last, since=since)
    return ctx.phrase("indices.scale_2", first_texts=texts[0])


@plot(8.4)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
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
    sampled = history.assign(reach=pieces.Z_95 * errors)[errors.notna() & history["score"].notna()]
    key = pieces.key(area, 0, _range_items(full, means, sampled, ctx))
    pad = 1.0
    labels, rows = pieces.break_labels(component_id, years, area.width - 1.35, ctx, pad=pad)
    ax = area.axes(1.25, key + 0.2 + placing.ROW_CM * rows, area.width - 0.1, area.height - 1.35)
    # ranks stand under the editions that are named
    named = pieces.years(ax, years, pad=pad, room=0.95)
    unit_cm = placing.cm_per_unit(ax)
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
        for year in pieces.ends_and_extremes(history, "score", limit=8)
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
    pieces.number_axis(ax.yaxis, ctx)
    pieces.mark_breaks(ax, component_id, years, labels)
    texts = placing.Texts(ax)
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
    pieces.draw_missing(ax, history, "score", ctx, middle=(low + high) / 2, texts=texts)
    # where two figures do not fit under an edition, the named ones have theirs
    crowded = unit_cm < 0.5
    roomy = unit_cm > 1.0 or crowded
    ranked = history[history["rank"].notna()]
    ranked = ranked[ranked["edition_year"].isin(named) | (not crowded)]
    ranks = [pieces.rank_label(row, whole=roomy) for row in ranked.itertuples()]
    pieces.under_years(
        ax, ranked["edition_year"], ranks, ctx.phrase("indices.rank"), -22, OWN, weight="bold", color=OWN
    )
    if not roomy:
        counts = [str(int(count)) for count in ranked["n_ranked"]]
        pieces.under_years(ax, ranked["edition_year"], counts, ctx.phrase("indices.of"), -32, size=SMALL, color=SOFT)
    return [ax]


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
