"""Scores of the nearest rivals in two editions, joined by straight lines; one province in colour."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import pandas as pd
from matplotlib.axes import Axes

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ninhthuan.analysis.certainty import ERRORS_YEAR
from ninhthuan.language import listing

from .. import phrases, pieces
from ..claims import fitting, together
from ..pieces import plot
from ..wording import Context, province_name, rank_of, sentence
from .ranking import alike


def caption(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Who of the nearest is past the province, or behind it, by more than error; else the distance to the next two."""
    own = phrases.own_rows(pairs, ctx) if len(pairs) else pairs
    if own.empty:
        raise phrases.nothing(ctx.phrase("peers.has_no_papi_total_newest", province=ctx.name))
    own = own.iloc[0]
    name, scored = phrases.subject_of(own, ctx), sentence(phrases.score_name(own, ctx))
    year, before = int(own["edition_year"]), int(own["previous_edition"])
    parts, claims = [], []
    for up, way in ((True, "peers.behind"), (False, "peers.ahead")):
        side = pairs[pairs["score"] > own["score"] if up else pairs["score"] < own["score"]]
        if side.empty:
            continue
        row = side.loc[(side["score"] - own["score"]).abs().idxmin()]
        values = {
            "other": province_name(row["province_code"], row["boundary"], ctx.language),
            "size": ctx.number(abs(row["score"] - own["score"]), 2),
            "way": ctx.phrase(way),
        }
        parts.append(ctx.phrase("rival_slope.too" if parts else "rival_slope.first", **values))
        says = ctx.phrase("peers.is", province=ctx.name, last_parts=ctx.phrase("peers.points", **values))
        claims.append(Claim(says, _nearest(up, row["province_code"], values["size"], year, ctx)))
    apart = ", ".join(parts)
    title = fitting(
        ctx.phrase("peers.is_2", name=name, year=year, province=ctx.name, listing=", ".join(some))
        for some in (parts, parts[:1])
    )
    alike = _alike(pairs, ctx)
    crossed = _crossed(pairs, own, alike)
    numbers = [ctx.phrase("peers.is_2", name=name, year=year, province=ctx.name, listing=apart)] * bool(parts)
    values = {"name": name, "year": year, "province": ctx.name}
    if any(map(len, crossed)):
        found = *(list(pairs.loc[rows, "province_code"]) for rows in crossed), pairs["previous_score"].count() - 1
        title, named = _overtaken(pairs, crossed, found, values, ctx)
        claims.append(Claim(title, lambda frame: _counted(frame, ctx) == found))
        numbers.insert(0, named)
    elif alike is not None and alike.all():
        count = len(pairs)
        title = ctx.phrase("rival_slope.alike", count=count - 1, **values)
        claims.append(Claim(title, lambda frame: all(_chances(frame, ctx)) and len(frame) == count))
    placed = [
        f"{ctx.number(own['score'], 2)} {ctx.phrase('peers.in')} {year} ({rank_of(own['rank'], own['n_ranked'])})"
    ]
    if pd.notna(own["previous_score"]):
        was = rank_of(own["previous_rank"], own["previous_n_ranked"])
        placed.append(f"{ctx.number(own['previous_score'], 2)} {ctx.phrase('peers.in')} {before} ({was})")
    ends = [ctx.number(pairs["score"].min(), 2), ctx.number(pairs["score"].max(), 2)]
    return Caption(
        title,
        ctx.phrase("peers.rank_provinces_next_above_below", sentence=scored, province=ctx.name)
        + ctx.phrase("rival_slope.bold") * any(map(len, crossed)),
        _note(pairs, own, alike is not None, ctx),
        ctx.phrase("peers.slope_chart"),
        (
            *numbers,
            ctx.phrase("peers.of", sentence=scored, province=ctx.name, placed=", ".join(placed)),
            ctx.phrase("peers.provinces_2", n_pairs=len(pairs), first_ends=ends[0], second_ends=ends[1]),
        ),
        tuple(claims),
    )


def _overtaken(pairs: pd.DataFrame, crossed: tuple, found: tuple, values: dict, ctx: Context) -> tuple[str, str]:
    """Title: who went past the province and whom it passed, by name where there is room; and the same by name alone."""
    rose, fell, of = found
    names = [
        listing(
            [province_name(*of, ctx.language) for of in phrases.read(pairs.loc[rows], "province_code", "boundary")],
            ctx.language,
        )
        for rows in crossed
    ]
    key = "both" if rose and fell else "passed_by" if rose else "passed"
    named = ctx.phrase(f"rival_slope.{key}", names=names[0], others=names[1], **values)
    counted = ctx.phrase(f"rival_slope.{key}_counted", count=len(rose), others=len(fell), of=of, **values)
    return fitting([named, counted]), named


def _crossed(pairs: pd.DataFrame, own: pd.Series, alike: pd.Series | None) -> tuple[pd.Index, pd.Index]:
    """Rows of those that were below the province an edition ago and are above it, and the other way round.

    Where errors are known only those that are now apart by more than error: within it nobody has passed.
    """
    now, was = pairs["score"] - own["score"], pairs["previous_score"] - own["previous_score"]
    apart = True if alike is None else ~alike
    return pairs.index[(was < 0) & (now > 0) & apart], pairs.index[(was > 0) & (now < 0) & apart]


def _alike(pairs: pd.DataFrame, ctx: Context) -> pd.Series | None:
    """Whom a test of the one pair does not tell apart from the province; None without errors."""
    own = phrases.own_rows(pairs, ctx).iloc[0]
    return None if pairs["standard_error"].isna().any() else alike(pairs, own)


def _counted(frame: pd.DataFrame, ctx: Context) -> tuple[list[str], list[str], int]:
    """Who crossed, by the exact scores and the chance of each pair, and of how many with both scores."""
    mine = phrases.own_rows(frame, ctx).iloc[0]
    rose, fell, both = [], [], 0
    rows = phrases.read(frame, "province_code", "score", "previous_score")
    for (code, score, was), within in zip(rows, _chances(frame, ctx), strict=True):
        if code == mine["province_code"] or pd.isna(was):
            continue
        both += 1
        now, then = phrases.apart(score, mine["score"]), phrases.apart(was, mine["previous_score"])
        if then * now < 0 and not within:
            (rose if now > 0 else fell).append(code)
    return rose, fell, both


def _chances(frame: pd.DataFrame, ctx: Context) -> list[bool]:
    """Whether chance alone may make the distance of each from the province, in 1 of 20 cases or more."""
    mine = phrases.own_rows(frame, ctx).iloc[0]
    found = []
    for score, error in phrases.read(frame, "score", "standard_error"):
        wide = (error**2 + mine["standard_error"] ** 2) ** 0.5  # no number without errors
        found.append(wide > 0 and 2 * NormalDist().cdf(-abs(float(phrases.apart(score, mine["score"]))) / wide) >= 0.05)
    return found


def _nearest(up: bool, code: str, size: str, year: int, ctx: Context) -> Callable[[pd.DataFrame], bool]:
    """Of those that stand on one side, the least distance is that of this province, and prints like this."""

    def holds(frame: pd.DataFrame) -> bool:
        score = phrases.own_rows(frame, ctx)["score"].item()
        gaps = {other: phrases.apart(theirs, score) for other, theirs in phrases.read(frame, "province_code", "score")}
        side = {other: abs(gap) for other, gap in gaps.items() if (gap > 0 if up else gap < 0)}
        same_year = frame["edition_year"].eq(year).all()
        return same_year and side[code] == min(side.values()) and ctx.number(side[code], 2) == size

    return holds


def _note(pairs: pd.DataFrame, own: pd.Series, errors: bool, ctx: Context) -> str:
    """The cut axis, who lacks a score in the edition before, what errors are, and changes of method."""
    year, before = int(own["edition_year"]), int(own["previous_edition"])
    note = ctx.phrase("peers.axis_does_not_start_0")
    lacking = pairs[pairs["previous_score"].isna()]
    if len(lacking):
        names = [province_name(*of, ctx.language) for of in phrases.read(lacking, "province_code", "boundary")]
        note += ctx.phrase("peers.no_score", names=listing(names, ctx.language), before=before)
    error = ""
    if errors:
        error = ctx.phrase("rival_slope.published" if year == ERRORS_YEAR else "rival_slope.assumed", year=year)
    elif own["component_id"] == "papi_total":
        error = phrases.error_note(ctx)
    marks = phrases.marks_note(own["component_id"], before, year, ctx)
    return together((note, phrases.unrounded_note(ctx), error, marks))


@plot(8.4)
def draw(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Scores of the nearest rivals in two editions, joined by straight lines; one province in colour."""
    before, after = int(pairs["previous_edition"].iloc[0]), int(pairs["edition_year"].iloc[0])
    own_code = ctx.province.province_code
    left = right = 4.75
    alike, top = _alike(pairs, ctx), 0.0
    crossed = _crossed(pairs, pairs[pairs["province_code"] == own_code].iloc[0], alike)
    crossed = crossed[0].union(crossed[1])
    if alike is not None and not alike.all():
        near, far = int(alike.sum()) - 1, int((~alike).sum())
        near = [("solid grey", ctx.phrase("ranking.key_alike", province=ctx.name, count=near))] * bool(near)
        top = pieces.key(area, 0, [*near, ("open grey", ctx.phrase("ranking.key_apart", count=far))]) + 0.1
    ax = area.axes(left, top + 0.6, area.width - right, area.height - 0.2)
    ax.set_xlim(0, 1)
    values = pd.concat([pairs["score"], pairs["previous_score"]]).dropna()
    low, high = values.min(), values.max()
    ax.set_ylim(low - (high - low) * 0.06, high + (high - low) * 0.06)
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    step = 0.37 / height * (ax.get_ylim()[1] - ax.get_ylim()[0])
    for row in pairs.itertuples():
        own = row.province_code == own_code
        colour = OWN if own else SOFT if row.Index in crossed else style.OTHERS
        both = pd.notna(row.previous_score)
        ends = ([0, 1], [row.previous_score, row.score]) if both else ([1], [row.score])
        ax.plot(
            *ends,
            color=colour,
            lw=2.5 if own else 1.3,
            marker="o",
            ms=5.5 if own else 3.6,
            mec="white",
            mew=0.8,
            zorder=5 if own else 3,
            clip_on=False,
        )
        if alike is not None and not own:
            colour = SOFT if alike[row.Index] else style.MIDDLE
            fill = colour if alike[row.Index] else "white"
            ax.plot(1, row.score, "o", ms=3.6, mfc=fill, mec=colour, mew=0.9, zorder=4, clip_on=False)
    for x, side in ((0, -1), (1, 1)):
        there = _slope_names(pairs, crossed, side, ctx)
        places = style.spread([score for score, *_ in there], step, bounds=ax.get_ylim())
        for (score, text, look), y in zip(there, places, strict=True):
            pieces.leader(ax, x, score, y, side, look["color"] == OWN)
            label(ax, x, y, text, ha="right" if side < 0 else "left", dx=side * 14, **look)
    for x, year in ((0, before), (1, after)):
        label(ax, x, 1, str(year), transform=ax.transAxes, ha="center", dy=8, color=SOFT)
        ax.axvline(x, color=style.RULE, lw=0.6, zorder=1)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]


def _slope_names(pairs: pd.DataFrame, crossed: pd.Index, side: int, ctx: Context) -> list[tuple]:
    """Labels of the earlier (-1) or later (1) scores from the lowest up: (score, text, look); of those crossed bold."""
    before = "previous_" if side < 0 else ""
    names = []
    for row in pairs[pairs[f"{before}score"].notna()].sort_values(f"{before}score").itertuples():
        own = row.province_code == ctx.province.province_code
        score = ctx.number(getattr(row, f"{before}score"))
        rank = rank_of(getattr(row, f"{before}rank"), getattr(row, f"{before}n_ranked"))
        name = province_name(row.province_code, row.boundary, ctx.language)
        text = f"{score} ({rank}) {name}" if side > 0 else f"{name} {score} ({rank})"
        bold = {"weight": "bold"} if own or row.Index in crossed else {}
        look = {"color": OWN if own else INK if bold else SOFT, "size": BASE if own else SMALL, **bold}
        names.append((getattr(row, f"{before}score"), text, look))
    return names
