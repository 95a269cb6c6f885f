"""Sub-dimensions below the high group: points short of the next group, and how often so much was gained in a year."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MultipleLocator

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, MIDDLE, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import rounded
from ninhthuan.reference import GROUPS

from .. import phrases, pieces
from ..claims import fitting
from ..pieces import plot
from ..wording import Context, component_name, percent

# The corner of a small and common gain: a choice of ours, and said in the picture.
NEAR, OFTEN = 0.03, 1 / 3
FAR = 0.1  # points that the plot reaches to; what is farther is listed
LED = 6  # names that lines lead to; more stand in a list
NAMED = 4  # sub-dimensions that a title has room for
LEAST = 3  # points that make a chart


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Which sub-dimensions lack little, a little that was gained often."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("reach.has_no_scores_papi_sub", province=ctx.name))
    year, below = int(rows["edition_year"].iloc[0]), rows[rows["next_group"] != ""]
    known = _known(rows)
    if len(known) < LEAST:
        if len(below) < LEAST:
            raise phrases.nothing(ctx.phrase("priorities.few", province=ctx.name, year=year))
        raise phrases.nothing(ctx.phrase("priorities.no_cases", province=ctx.name))
    near, of = known[_in_corner(known)], len(known)
    corner, ends = list(near["component_id"]), _ends(list(near["gap"]), ctx)
    numbers = listing([_number(part, year) for part in corner], ctx.language)
    keys = {0: ("none",), 1: ("one",)}.get(len(corner), ("named", "bare") if len(corner) <= NAMED else ("several",))
    title = fitting(
        ctx.phrase(
            f"priorities.title_{key}",
            year=year,
            province=ctx.name,
            numbers=numbers,
            count=len(corner),
            of=of,
            near=ctx.number(NEAR, 2),
            gaps="–".join(ends),
        )
        for key in keys
    )

    def found(frame: pd.DataFrame) -> bool:
        """By thresholds and counts, where the picture goes by gaps and shares."""
        counts = {part: of for part, *of in phrases.read(frame, "component_id", "n_closed", "n_year_pairs")}
        there = {part: gap for part, (gap, _) in phrases.lacking(frame).items() if counts[part][1]}
        near = [part for part, gap in there.items() if gap <= Decimal("0.03")]
        often = [part for part in near if 3 * counts[part][0] >= counts[part][1]]
        drawn = _known(frame)
        same = often == corner == list(drawn.loc[_in_corner(drawn), "component_id"])
        same = same and _ends([there[part] for part in often], ctx) == ends
        return same and len(there) == len(drawn) == of and frame["edition_year"].eq(year).all()

    claims = [phrases.about(ctx), Claim(title, found)]
    nearest = known.loc[known["gap"].idxmin()]
    lines = [
        ctx.phrase(
            "reach.nearest_points_short",
            name=phrases.names_of([nearest["component_id"]], ctx, year),
            size=phrases.size(nearest["gap"], ctx),
        ),
        ctx.phrase(
            "priorities.shares",
            low=percent(100 * known["closed_share"].min(), 0, ctx.language),
            high=percent(100 * known["closed_share"].max(), 0, ctx.language),
        ),
    ]
    note = ctx.phrase("priorities.note")
    if len(below) > of:
        note += " " + ctx.phrase("priorities.lacking", count=len(below) - of)
    subtitle = ctx.phrase("priorities.subtitle", count=of)
    return Caption(title, subtitle, note, ctx.phrase("priorities.kind"), tuple(lines), tuple(claims))


def _ends(gaps: list, ctx: Context) -> list[str]:
    """The least and the greatest gap, or the one that there is, with the decimals that PAPI prints."""
    ends = sorted(gaps)[:: max(len(gaps) - 1, 1)]
    return list(dict.fromkeys(ctx.number(rounded(gap, 9), 4) for gap in ends))


def _number(component_id: str, year: int) -> str:
    return catalogue().component(component_id, year).number


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a next group and cases to count, in official order."""
    return rows[(rows["next_group"] != "") & rows["closed_share"].notna()]


def _in_corner(known: pd.DataFrame) -> pd.Series:
    return (known["gap"] <= NEAR) & (known["closed_share"] >= OFTEN)


def _height(rows: pd.DataFrame) -> float:
    """Higher by a line where something is farther than the plot reaches."""
    return 8.0 + 0.4 * bool((_known(rows)["gap"] > FAR).any())


@plot(_height)
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """A square a sub-dimension; the nearer to its next group the farther right. Names stand beside the corner."""
    known = _known(rows)
    year, corner = int(known["edition_year"].iloc[0]), known[_in_corner(known)].sort_values("closed_share")
    groups = [(group, ctx.phrase("priorities.next", group=phrases.group_name(group, ctx))) for group in GROUPS[:3]]
    items = [pair for pair in groups if (corner["next_group"] == pair[0]).any()]
    if len(corner) < (known["gap"] <= FAR).sum():
        items.append(("square grey", ctx.phrase("priorities.others")))
    key = pieces.key(area, 0, [*items, ("range", ctx.phrase("priorities.corner", near=ctx.number(NEAR, 2)))])
    many = len(corner) > LED
    if many:
        corner = corner.sort_values("gap")
    names = [component_name(catalogue().component(part, year), ctx.language) for part in corner["component_id"]]
    right = (1.8 if many else 0.75) + max([style.text_width(name, SMALL) for name in names], default=0)
    far = [_number(part, year) for part in known.loc[known["gap"] > FAR, "component_id"]]
    ax = area.axes(1.1, key + 0.75, area.width - right, area.height - 1.05 - 0.4 * bool(far))
    ax.set_xlim(min(FAR * 1.04, known["gap"].max() * 1.1), 0)
    low, high = known["closed_share"].min(), known["closed_share"].max()
    low, high = max(0, math.floor(min(low, OFTEN) * 10 - 0.3) / 10), math.ceil(max(high, OFTEN) * 10 + 0.5) / 10
    ax.set_ylim(low, high)
    ax.add_patch(Rectangle((0, OFTEN), NEAR, high - OFTEN, fc=style.RANGE, lw=0, zorder=0.5))
    ax.grid(False)
    _points(ax, known, set(corner["component_id"]), year, many)
    if many:
        _list(ax, corner, names, right, ctx)
    else:
        _names(ax, corner, names)
    ax.yaxis.set_major_locator(MultipleLocator(0.1 if high - low < 0.5 else 0.2))
    ax.yaxis.set_major_formatter(lambda share, _: percent(round(100 * share), 0, ctx.language))
    pieces.number_axis(ax.xaxis, ctx)
    over, under = ctx.phrase("priorities.upright"), ctx.phrase("priorities.level")
    label(ax, 0, 1, over, size=SMALL, transform=ax.transAxes, dx=-28, dy=12, color=SOFT)
    label(ax, 1, 0, under, size=SMALL, ha="right", transform=ax.transAxes, dy=-24, color=SOFT)
    if far:
        text = ctx.phrase("priorities.far", far=ctx.number(FAR, 2), numbers=", ".join(far))
        label(ax, 0, 0, text, size=SMALL, transform=ax.transAxes, dx=-28, dy=-36, color=SOFT)
    return [ax]


def _points(ax: Axes, known: pd.DataFrame, corner: set[str], year: int, many: bool) -> None:
    """Squares, in the corner in the colour of the next group, elsewhere grey; with numbers where there is room.

    many: the names of the corner stand in a list, so that its squares have numbers too.
    """
    near, texts = known[known["gap"] <= FAR], placing.Texts(ax)
    for row in near.itertuples():
        inside = row.component_id in corner
        colour, size = (style.GROUP_COLOURS[row.next_group], 6.5) if inside else (MIDDLE, 5)
        ax.plot(row.gap, row.closed_share, "s", ms=size, color=colour, mec="white", mew=0.7, zorder=5, clip_on=False)
    # numbers of others keep out of the corner
    ends = [ax.transData.transform(place) * 72 / ax.get_figure(root=True).dpi for place in ((NEAR, OFTEN), (0, 1))]
    texts.boxes.append((*ends[0], *ends[1]))
    for row in near[~near["component_id"].isin(corner)].itertuples():
        sides, number = ("above", "left", "below", "right"), _number(row.component_id, year)
        texts.number(row.gap, row.closed_share, number, sides, size=SMALL, gap=4.5, needed=False, colour=SOFT)
    if not many:
        return
    texts.boxes.pop(0)
    for row in near[near["component_id"].isin(corner)].itertuples():
        sides, number = ("above", "left", "below", "right"), _number(row.component_id, year)
        texts.number(row.gap, row.closed_share, number, sides, size=SMALL, gap=5, needed=False, colour=INK)


def _list(ax: Axes, corner: pd.DataFrame, names: list[str], wide: float, ctx: Context) -> None:
    """Names of the corner in a list to the right of the plot, the least gap first, each with its gap."""
    high = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    across = ax.get_position().width * ax.get_figure(root=True).get_figwidth() / style.CM
    left, right = 1 + 0.7 / across, 1 + (wide - 0.05) / across
    for place, (row, name) in enumerate(zip(corner.itertuples(), names, strict=True)):
        y = 1 - (0.15 + 0.44 * place) / high
        look = {"transform": ax.transAxes, "size": SMALL}
        colour = style.GROUP_COLOURS[row.next_group]
        ax.plot(left - 0.2 / across, y, "s", ms=6.5, color=colour, mew=0, transform=ax.transAxes, clip_on=False)
        label(ax, left, y, name, **look)
        label(ax, right, y, ctx.number(rounded(row.gap, 9), 4), ha="right", color=SOFT, **look)
    label(
        ax, right, 1, ctx.phrase("priorities.short"), ha="right", color=SOFT, dy=12, transform=ax.transAxes, size=SMALL
    )


def _names(ax: Axes, corner: pd.DataFrame, names: list[str]) -> None:
    """Names of the corner to the right of the plot, each led to from its square."""
    low, high = ax.get_ylim()
    tall = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    step = 0.38 / tall * (high - low)
    places = style.spread(list(corner["closed_share"]), step, bounds=(low - step, high + step))
    out = 0.4 / placing.cm_per_unit(ax)
    for x, share, y, name in zip(corner["gap"], corner["closed_share"], places, names, strict=True):
        ax.plot([x, -out], [share, y], color=MIDDLE, lw=0.6, zorder=4, clip_on=False)
        label(ax, 0, y, name, size=SMALL, dx=14)
