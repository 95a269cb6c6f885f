"""Every province by name in the order of its score, in two columns on one scale, with the interval of the score."""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, MIDDLE, OWN, SMALL, SOFT, Area, label
from ninhthuan.analysis.certainty import ASSUMPTIONS
from ninhthuan.language import label as word
from ninhthuan.numbers import rounded
from ninhthuan.reference import GROUPS

from .. import claims, phrases, pieces
from ..pieces import plot
from ..wording import Context, province_name, rank_of

ROW, HEAD, GAP, FOOT = 0.4, 0.48, 0.1, 0.5  # cm
COLUMN, BETWEEN = 7.55, 0.3


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Rank of the province, and of how many others it cannot be told apart."""
    if cells.empty:
        raise phrases.nothing(ctx.phrase("ranking.nothing", province=ctx.name))
    first, own = cells.iloc[0], phrases.own_rows(cells, ctx)
    year, count, basis = int(first["edition_year"]), len(cells), first["assumption"]
    kind = "assumed" if basis in ASSUMPTIONS else basis or "none"
    subtitle = ctx.phrase(f"ranking.subtitle_{kind}")
    if own.empty:
        raise phrases.nothing(ctx.phrase("ranking.not_ranked", province=ctx.name, year=year, with_result=count))
    own = own.iloc[0]
    alike_count, group = int(own["not_told_apart"]) if basis else None, own["group"]
    placed = rank_of(own["rank"], count)
    if (cells["rank"] == own["rank"]).sum() > 1:
        placed = ctx.phrase("ranking.tied", placed=placed)
    key = {None: "in_group", 0: "alone", 1: "one"}.get(alike_count, "several")
    values = {"placed": placed, "alike": alike_count, "group": phrases.group_name(group, ctx)}
    title = ctx.phrase(f"ranking.title_{key}", year=year, province=ctx.name, **values)
    subtitle += ctx.phrase("ranking.line", province=ctx.name)
    score = ctx.number(own["score"])
    numbers = [ctx.phrase("peers.scores_points_ranks", province=ctx.name, score=score, placed=placed)]
    shown = [ctx.number(score) for score in cells["score"]]
    ranked = list(zip(shown, cells["rank"], strict=True))
    numbers.append(ctx.phrase("certainty.points", first_ends=shown[-1], second_ends=shown[0]))
    notes = (
        "" if basis else ctx.phrase("ranking.no_errors"),
        ctx.phrase("ranking.pairs") * (alike_count is not None),
        ctx.phrase("ranking.rounded") * any(a == b and r != s for (a, r), (b, s) in pairwise(ranked)),
        phrases.withheld_note("papi", year, ctx),
    )

    def based(frame: pd.DataFrame) -> bool:
        """Published errors are those of 2019 and no other edition's."""
        return frame["assumption"].eq(basis).all() and (basis == "published") == (basis != "" and year == 2019)

    holds = (
        Claim(title, lambda frame: _stands(frame, year, count, ctx) == (placed, group)),
        Claim(title, lambda frame: _near(frame, alike_count, ctx)),
        Claim(subtitle, based),
    )
    return Caption(title, subtitle, claims.together(notes), ctx.phrase("ranking.kind"), tuple(numbers), holds)


def _stands(frame: pd.DataFrame, year: int, count: int, ctx: Context) -> tuple[str, str] | None:
    """Rank and group of the province by the scores; None where the frame disagrees."""
    mine = phrases.own_rows(frame, ctx)
    if not frame["edition_year"].eq(year).all() or len(frame) != count or mine.empty:
        return None
    place, like = claims.place(frame, ctx), (frame["score"] == mine["score"].item()).sum()
    group = dict(zip(frame["score"], claims.groups(frame["score"]), strict=True))[mine["score"].item()]
    if mine["rank"].item() != place or mine["group"].item() != group:
        return None
    placed = rank_of(place, len(frame))
    return ctx.phrase("ranking.tied", placed=placed) if like > 1 else placed, group


def _near(frame: pd.DataFrame, alike_count: int | None, ctx: Context) -> bool:
    """How many are not told apart, by the chance of such a distance, where the picture goes by its size."""
    mine = phrases.own_rows(frame, ctx)
    if alike_count is None:
        return True
    if mine.empty:
        return False
    score, error = mine["score"].item(), mine["standard_error"].item()
    chances = [
        2 * NormalDist().cdf(-abs(other - score) / (error**2 + its**2) ** 0.5)
        for other, its in phrases.read(frame, "score", "standard_error")
    ]
    alike = sum(chance >= 1 - mine["confidence"].item() / 100 for chance in chances) - 1
    return alike == alike_count == mine["not_told_apart"].item() == _alike(frame, ctx).sum() - 1


def _alike(cells: pd.DataFrame, ctx: Context) -> pd.Series:
    """Which provinces are alike; none without errors."""
    own = phrases.own_rows(cells, ctx)
    missing = own["standard_error"].isna().any()
    return pd.Series(False, index=cells.index) if missing else alike(cells, own.iloc[0], _z(cells))


def alike(rows: pd.DataFrame, own: pd.Series, z: float = pieces.Z_95) -> pd.Series:
    """Which scores a two-sided test of the one pair does not tell apart from another; z: standard errors."""
    apart = (rows["standard_error"].astype(float) ** 2 + own["standard_error"] ** 2) ** 0.5
    return (rows["score"] - own["score"]).abs() <= apart * z


def _z(cells: pd.DataFrame) -> float:
    return NormalDist().inv_cdf((1 + cells["confidence"].iloc[0] / 100) / 2)


def _columns(cells: pd.DataFrame) -> list[list[tuple[str, pd.DataFrame]]]:
    """The upper and the lower two groups, each with its rows."""
    groups = [(group, cells[cells["group"] == group]) for group in GROUPS]
    return [[pair for pair in half if len(pair[1])] for half in (groups[:2], groups[2:])]


def _top(cells: pd.DataFrame) -> float:
    """Where the columns begin: under the key, which there is where there are errors."""
    return 0.62 if cells["standard_error"].notna().all() else 0.15


def _height(cells: pd.DataFrame) -> float:
    columns = (sum(HEAD + GAP + ROW * len(rows) for _, rows in half) for half in _columns(cells))
    return _top(cells) + FOOT + max(columns)


@plot(_height)
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Names, scores and their intervals; solid where a province is not told apart from the one in colour."""
    errors = cells["standard_error"].notna().all()
    half = cells["standard_error"].astype(float) * _z(cells) if errors else cells["score"] * 0
    alike = _alike(cells, ctx)
    looks = cells.assign(low=cells["score"] - half, high=cells["score"] + half, alike=alike, solid=alike | ~alike.any())
    own = phrases.own_rows(looks, ctx)
    ax = area.sheet()
    if errors:
        near, far = int(alike.sum()) - 1, int((~alike).sum())
        items = [("solid grey", ctx.phrase("ranking.key_alike", province=ctx.name, count=near))] * bool(near)
        pieces.key(area, 0, [*items, *[("open grey", ctx.phrase("ranking.key_apart", count=far))] * bool(far)])
    names = [province_name(*of, ctx.language) for of in phrases.read(cells, "province_code", "boundary")]
    left = 0.75 + max(style.text_width(name, BASE) for name in names)
    right = COLUMN - 1.15
    low, high = looks["low"].min(), looks["high"].max()
    ticks = [tick for tick in MaxNLocator(7, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= tick <= high]
    numbers = pieces.TickNumbers(ctx)
    numbers.set_locs(ticks)
    foot = area.height - FOOT
    for place, groups in enumerate(_columns(looks)):
        x, y = place * (COLUMN + BETWEEN), _top(cells)

        def across(score, x=x):
            return x + left + (score - low) / (high - low) * (right - left)

        for group, rows in groups:
            tall = HEAD + ROW * len(rows)
            ax.add_patch(Rectangle((x, y), COLUMN, tall, fc=style.GROUND, lw=0, zorder=0))
            ax.add_patch(Rectangle((x + 0.1, y + 0.12), 0.36, 0.28, fc=style.GROUP_COLOURS[group], lw=0))
            ends = f"{ctx.number(rows['score'].min())}–{ctx.number(rows['score'].max())}"
            head = ctx.phrase("ranking.group", group=(word(group, "vi"), word(group, "en")), count=len(rows), ends=ends)
            label(ax, x + 0.56, y + 0.26, head, size=SMALL, weight="bold", color=SOFT)
            _rows(ax, rows, x, y + HEAD, across, ctx)
            ax.vlines([across(tick) for tick in ticks], y + HEAD, y + tall, color="white", lw=0.6, zorder=0.5)
            ax.vlines(across(own["score"].item()), y + HEAD, y + tall, color=OWN, lw=0.8, zorder=2)
            y += tall + GAP
        for tick in ticks:
            label(ax, across(tick), foot + 0.22, numbers(tick), size=SMALL, ha="center", color=SOFT)
    return [ax]


def _rows(ax: Axes, rows: pd.DataFrame, x: float, top: float, across, ctx: Context) -> None:
    """One row a province: rank, name, interval, score; the own one bold, on white."""
    for place, row in enumerate(rows.itertuples()):
        y = top + ROW * (place + 0.45)
        own = (row.province_code, row.boundary) == (ctx.province.province_code, ctx.province.boundary)
        look = {"color": OWN if own else INK, "weight": "bold" if own else "normal"}
        if own:
            ax.add_patch(Rectangle((x, y - ROW / 2), COLUMN, ROW, fc="white", lw=0, zorder=0.4))
        label(ax, x + 0.58, y, str(int(row.rank)), size=SMALL, ha="right", **look)
        label(ax, x + 0.7, y, province_name(row.province_code, row.boundary, ctx.language), **look)
        label(ax, x + COLUMN - 0.1, y, ctx.number(rounded(row.score, 9)), size=SMALL, ha="right", **look)
        colour = OWN if own else SOFT if row.alike else MIDDLE
        if row.low < row.high:
            ends = across(row.low), across(row.high)
            ax.plot(ends, [y, y], color=colour, lw=1.9 if own else 1.0, solid_capstyle="butt", zorder=3)
        fill = colour if row.solid else "white"
        ax.plot(across(row.score), y, "o", ms=4 if own else 3.6, mfc=fill, mec=colour, mew=0.9, zorder=4)
