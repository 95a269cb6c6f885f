"""Small multiples: the score of each component over the editions, with the median and middle half of provinces."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.words import bilingual

from .. import phrases, pieces, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, OWN, SOFT, WORSE, Area, label
from ..wording import (
    Context,
    component_name,
    index_name,
)


def _own_changes(held: pd.DataFrame, now: pd.DataFrame, year: int) -> pd.Series:
    """Changes since the edition before by component: a step of the whole country is no headline of one province."""
    before = held[held["edition_year"] == year - 1].set_index("component_id")["score"]
    kept = [c for c in now["component_id"] if not catalogue().marks(c, year - 1, year)]
    return (now.set_index("component_id")["score"] - before).reindex(kept)


def _component_moves(
    held: pd.DataFrame, now: pd.DataFrame, year: int, name: str, ctx: Context
) -> tuple[str, Callable[[pd.DataFrame], bool]]:
    """Largest rise and fall of the components since the edition before, where no median is held to stand against.

    The title, and its test.
    """
    change = _own_changes(held, now, year).dropna()
    count = len(now)

    def moves(frame: pd.DataFrame) -> dict[str, Decimal]:
        rows = frame[frame["edition_year"].isin([year - 1, year]) & frame["score"].notna()]
        columns = ("component_id", "edition_year", "segment", "score")
        scores = {(part, edition): held for part, edition, *held in phrases.read(rows, *columns)}
        pairs = {c: (scores.get((c, year - 1)), later) for (c, edition), later in scores.items() if edition == year}
        # segments count the breaks of a component, and steps without a document are known by their rows
        stepped = {b.component_id for b in catalogue().breaks if b.edition_year == year}
        return {
            c: phrases.apart(new[1], old[1])
            for c, (old, new) in pairs.items()
            if old and old[0] == new[0] and c not in stepped
        }

    if len(change) < 2:
        title = ctx.phrase("indices.scores_components", name=name, year=year, count=count, province=ctx.name)
        return title, lambda frame: frame.loc[frame["edition_year"] == year, "score"].notna().sum() == count
    up, down, most = change.idxmax(), change.idxmin(), change.abs().idxmax()
    sizes = {c: ctx.number(change[c], 2, sign=True) for c in (up, down, most)}
    both = change[up] > 0 > change[down]
    title = (
        ctx.phrase(
            "indices.shown_2",
            name=name,
            year=year,
            province=ctx.name,
            names=phrases.names_of([up], ctx),
            sizes=sizes[up],
            names_2=phrases.names_of([down], ctx),
            sizes_2=sizes[down],
        )
        if both
        else ctx.phrase(
            "indices.most_changed",
            name=name,
            year=year,
            province=ctx.name,
            names=phrases.names_of([most], ctx),
            sizes=sizes[most],
        )
    )

    def holds(frame: pd.DataFrame) -> bool:
        found = moves(frame)
        shown = all(ctx.number(found[c], 2, sign=True) == sizes[c] for c in ((up, down) if both else (most,)))
        if both:
            return shown and found[up] == max(found.values()) > 0 > min(found.values()) == found[down]
        return shown and abs(found[most]) == max(map(abs, found.values()))

    return title, holds


def _parts_held(rows: pd.DataFrame, ctx: Context) -> str:
    """Scores of parts with the most that each may have: `điểm thẩm định 54,20/61,5`."""
    said = []
    for row in rows.itertuples():
        part = catalogue().component(row.component_id, int(row.edition_year))
        most = ctx.number(part.scale_max, 1 if part.scale_max % 1 else 0)
        said.append(f"{phrases.names_of([row.component_id], ctx)} {ctx.number(row.score, 2)}/{most}")
    return "; ".join(said)


def _cuts_note(history: pd.DataFrame, ctx: Context) -> str:
    """Where the total is cut and not every component with it: a component is cut by what is documented of itself."""
    first, last = int(history["edition_year"].min()), int(history["edition_year"].max())
    total, parts = f"{history['index_id'].iloc[0]}_total", history["component_id"].unique()
    years = [b.edition_year for b in catalogue().breaks_between(total, first, last, "break")]
    apart = [y for y in years if not all(catalogue().breaks_between(part, y - 1, y, "break") for part in parts)]
    if not apart:
        return ""
    listed = listing([str(year) for year in sorted(set(apart))], ctx.language)
    return ctx.phrase("indices.total_changed_method_component_cut", listed=listed)


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many components stand at or above the median; else the highest and lowest."""
    held = history[history["score"].notna()]
    if held.empty:
        raise phrases.nothing(ctx, *bilingual("indices.no_component_score_held", province=ctx.name))
    if held["level"].ne("dimension").all():
        listed = ". ".join(f"{year}: {_parts_held(rows, ctx)}" for year, rows in held.groupby("edition_year"))
        raise phrases.nothing(
            ctx,
            *bilingual("indices.scores_field_not_held_those", province=ctx.name, listed=listed),
        )
    if held["edition_year"].nunique() < 2:
        year = int(held["edition_year"].iloc[0])
        decimals = phrases.decimals(held["unit"].iloc[0])
        values = "; ".join(
            f"{name} {ctx.number(row.score, decimals)}"
            for row in held.itertuples()
            for name in [component_name(catalogue().component(row.component_id, year), ctx.language, numbered=False)]
        )
        raise phrases.nothing(
            ctx,
            *bilingual("indices.component_scores_only_so_no", province=ctx.name, year=year, values=values),
        )
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    name = index_name(now["index_id"].iloc[0])
    unit_name = ctx.phrase("indices.dimensions" if now["index_id"].iloc[0] == "papi" else "indices.sub_indices")
    if now["complete"].all():
        above, count = int((now["score"] >= now["median"]).sum()), len(now)
        published = phrases.published(now, ctx)
        title = ctx.phrase(
            "indices.reach_national_median",
            name=name,
            year=year,
            above=above,
            count=count,
            unit_name=unit_name,
            published=published,
            province=ctx.name,
        )

        def said(frame: pd.DataFrame) -> bool:
            rows = frame[(frame["edition_year"] == year) & frame["score"].notna()]
            over = [phrases.apart(*pair) >= 0 for pair in phrases.read(rows, "score", "median")]
            return (sum(over), len(over)) == (above, count) and rows["complete"].all()

    else:
        title, said = _component_moves(held, now, year, name, ctx)
    claims = (
        phrases.about(ctx),
        Claim(
            ctx.phrase("indices.newest_edition_component_scores", year=year),
            lambda frame: frame.loc[frame["score"].notna(), "edition_year"].max() == year,
        ),
        Claim(title, said),
    )
    subtitle = ctx.phrase(
        "indices.scores_2",
        unit_name=unit_name,
        name=name,
        province=ctx.name,
        years=phrases.years(history),
        replace=unit_name.replace("dimensions", "dimension").replace("indices", "index"),
    )
    if not now["complete"].all() and _own_changes(held, now, year).notna().sum() > 1:
        subtitle += ctx.phrase("indices.title_change", year=year - 1)
    note = ctx.phrase("indices.median_grey_band_drawn_only")
    if not now["complete"].all():
        note += " " + phrases.unrounded_note(ctx)
    note = f"{note} {_cuts_note(history, ctx)}".strip()
    decimals = phrases.decimals(now["unit"].iloc[0])
    ends = [
        f"{phrases.names_of([row['component_id']], ctx, year)} ({ctx.number(row['score'], decimals)})"
        for row in (now.loc[now["score"].idxmax()], now.loc[now["score"].idxmin()])
    ]
    numbers = (ctx.phrase("indices.highest_score_lowest", year=year, first_ends=ends[0], second_ends=ends[1]),)
    kind = ctx.phrase("indices.small_line_charts_component")
    return Caption(title, subtitle, note, kind, numbers, claims)


@plot(lambda frame: 9.4 if frame["component_id"].nunique() > 5 else 5.2)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Small multiples: the score of each component over the editions, with the median and middle half of provinces."""
    components = pieces.official_order(history["component_id"].unique())
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    per_row = 4 if len(components) <= 8 else 5
    rows = -(-len(components) // per_row)
    # numbers of a scale from 0 to 1 have decimals
    left, gap = 0.6 if history["score"].max() > 2 else 0.9, 0.42
    width = (area.width - left - (per_row - 1) * gap) / per_row
    key = pieces.key(
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
        pieces.years(ax, years, ends_only=True)
        ax.set_ylim(low - margin, high + 3.4 * margin)
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        pieces.number_axis(ax.yaxis, ctx)
        if column:
            ax.tick_params(labelleft=False)
        for run in pieces.stretches(own[own["complete"]], "median"):
            ax.fill_between(
                run["edition_year"], run["lower_quartile"], run["upper_quartile"], color=style.RANGE, lw=0, zorder=1
            )
            ax.plot(run["edition_year"], run["median"], color=style.MIDDLE, lw=1.1, zorder=2)
        for run in pieces.stretches(own, "score"):
            ax.plot(
                run["edition_year"], run["score"], color=OWN, lw=1.7, marker="o", ms=3, mec="white", mew=0.5, zorder=4
            )
        # up to the number in the corner
        pieces.mark_breaks(ax, component_id, years, top=1 - 0.52 / (pitch - 1.55))
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
