"""Each dimension in two editions against the spread of all provinces: dots, with the figures in columns beside."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ninhthuan.catalogue import catalogue
from ninhthuan.words import bilingual

from .. import phrases, pieces, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import INK, OWN, SOFT, WORSE, Area, label
from ..wording import Context, component_name, rank_of, sentence


def caption(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions above the median and at the threshold; how many rose and fell."""
    if pairs.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("papi.has_no_two_editions_papi", province=ctx.name),
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    above, quarter = (
        int((pairs["score"] > pairs["median"]).sum()),
        int((pairs["score"] >= pairs["upper_quartile"]).sum()),
    )
    rose, fell, still = phrases.directions(pairs["change"])
    count, idle = len(pairs), ctx.phrase("papi.hardly_moved", still=still) * bool(still)
    moved = ctx.phrase("papi.dimensions_rose_fell", rose=rose, fell=fell, idle=idle, before=before)
    title = ctx.phrase(
        "papi.papi_dimensions_above_median_high",
        year=year,
        province=ctx.name,
        above=above,
        count=count,
        quarter=quarter,
    )

    def stands(frame: pd.DataFrame) -> bool:
        rows = phrases.read(frame[frame["edition_year"] == year], "score", "median", "upper_quartile")
        over, high = sum(phrases.apart(s, m) > 0 for s, m, _ in rows), sum(phrases.apart(s, q) >= 0 for s, _, q in rows)
        return (over, high, len(rows), len(frame)) == (above, quarter, count, count)

    def moves(frame: pd.DataFrame) -> bool:
        exact = [phrases.apart(*pair) for pair in phrases.read(frame, "score", "previous_score")]
        same = frame["previous_edition"].eq(before).all() and phrases.directions(frame["change"]) == phrases.directions(
            exact
        )
        return same and phrases.directions(exact) == (rose, fell, still)

    claims = (
        phrases.about(ctx),
        Claim(
            ctx.phrase("papi.dimensions_above_median_reach_high", above=above, count=count, quarter=quarter),
            stands,
        ),
        Claim(
            moved,
            moves,
        ),
    )
    subtitle = ctx.phrase("papi.papi_dimension_scores_scale_1", province=ctx.name, before=before, year=year)
    note = ctx.phrase(
        "papi.range_median_threshold_over_provinces", year=year, unrounded_note=phrases.unrounded_note(ctx)
    )
    cautions = phrases.break_notes([*pairs["component_id"], "papi_total"], before, year, ctx)
    note = f"{note} {phrases.error_note(ctx)}"
    return Caption(
        title,
        subtitle,
        f"{note} {cautions}".strip(),
        ctx.phrase("papi.dot_plot_dimension"),
        (*_courses(pairs, ctx), moved),
        claims,
    )


def _courses(pairs: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The largest rise and the largest fall among the same measures in two editions, from where to where."""
    texts, pairs = [], phrases.alike(pairs)
    for row in (pairs.loc[pairs["change"].idxmax()], pairs.loc[pairs["change"].idxmin()]):
        name = phrases.names_of([row["component_id"]], ctx, int(row["edition_year"]))
        ends = [ctx.number(row[column], 2) for column in ("previous_score", "score")]
        up = row["change"] > 0
        texts.append(
            ctx.phrase(
                ("papi.rose_points" if up else "papi.fell_points"), name=name, first_ends=ends[0], second_ends=ends[1]
            )
        )
    return tuple(sentence(text) for text in dict.fromkeys(texts))


@plot(lambda frame: 1.6 + 0.82 * len(frame))
def draw(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
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
    key = pieces.key(area, 0, items)
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
    pieces.number_axis(ax.xaxis, ctx)
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
