"""National rank of the provinces of a region over the editions of one method, one of them in colour."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, FOCUS, OWN, SMALL, SOFT, Area, label

from .. import claims, phrases, pieces
from ..pieces import plot
from ..wording import Context, index_name, province_name, rank_of


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Place in the region and in the country."""
    index = index_name(history["index_id"].iloc[0]) if len(history) else "PAPI"
    with_rank = history[history["rank"].notna()]
    own = with_rank[with_rank["province_code"] == ctx.province.province_code]
    if own.empty:
        raise phrases.nothing(ctx.phrase("peers.has_no_rank_period", province=ctx.name, index=index))
    mine = own.loc[own["edition_year"].idxmax()]
    year, name, national = int(mine["edition_year"]), phrases.subject_of(mine, ctx), _rank(mine)
    now = with_rank[with_rank["edition_year"] == year].sort_values("rank")
    place, count = 1 + int((now["rank"] < mine["rank"]).sum()), len(now)
    values = {"year": year, "province": ctx.name, "place": place, "count": count, "national": national}
    title = ctx.phrase("peers.result_region_nationally", name=name, **values)
    if history["edition_year"].nunique() == 1:
        # lines over editions need two of them: the place is said, and no empty plot is drawn
        raise phrases.nothing(ctx.phrase("peers.no_other_edition_method_yet", title=title))

    def placed(frame: pd.DataFrame) -> bool:
        with_rank = frame[frame["rank"].notna()]
        rows, newest = (
            with_rank[with_rank["edition_year"] == year],
            phrases.own_rows(with_rank, ctx)["edition_year"].max(),
        )
        # by scores too, where the title went by ranks
        drawn = 1 + int((rows["rank"] < phrases.own_rows(rows, ctx)["rank"].item()).sum())
        return newest == year and claims.place(rows, ctx) == drawn == place and len(rows) == count

    def ranked(frame: pd.DataFrame) -> bool:
        return _rank(phrases.own_rows(frame[frame["edition_year"] == year], ctx).iloc[0]) == national

    note = ctx.phrase("peers.ranks_worked_out_scores_provinces")
    if history["rank"].isna().any():
        note += ctx.phrase("peers.broken_lines_years_province_not")
    marks = phrases.marks_note(mine["component_id"], *phrases.first_and_last(history), ctx)
    ends = [
        f"{province_name(row['province_code'], row['boundary'], ctx.language)} ({_rank(row)})"
        for row in (now.iloc[0], now.iloc[-1])
    ]
    first = own.loc[own["edition_year"].idxmin()]
    numbers = [ctx.phrase("peers.highest_region_lowest", year=year, first_ends=ends[0], second_ends=ends[1])]
    if first["edition_year"] < year:
        earliest = {"edition_year": first["edition_year"], "was": _rank(first)}
        numbers.append(ctx.phrase("peers.ranked", province=ctx.name, **earliest))
    region = ctx.pick(ctx.province.region, ctx.province.region_en)
    return Caption(
        title,
        ctx.phrase("peers.national_rank_provinces", name=name, region=region, years=phrases.years(history)),
        claims.together((note, marks)),
        ctx.phrase("peers.rank_chart_several_provinces"),
        tuple(numbers),
        (
            Claim(ctx.phrase("peers.region", **values), placed),
            Claim(ctx.phrase("peers.national_rank", **values), ranked),
        ),
    )


def _rank(row: pd.Series) -> str:
    return rank_of(row["rank"], row["n_ranked"])


@plot(lambda frame: max(7.6, 0.42 * frame["province_code"].nunique() + 1.6))
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """National rank of the provinces of a region over the editions of one method, one of them in colour."""
    years = sorted(int(year) for year in history["edition_year"].unique())
    component_id = history["component_id"].iloc[0]
    own_code = ctx.province.province_code
    n = int(history["n_ranked"].max())
    ends = ((years[0], -1, "right"), (years[-1], 1, "left"))
    names = {year: _bump_names(history, year, side, own_code, ctx) for year, side, _ in ends}
    # as wide as the longest name with its leader, but for what would leave no room to draw
    widest = [max([2.95, *(0.55 + style.text_width(*look) for _, *look in names[year])]) for year, *_ in ends]
    left, right = (min(width, area.width / 3) for width in widest)
    labels, rows = pieces.break_labels(component_id, years, area.width - left - right, ctx, pad=0)
    ax = area.axes(left, 0.35 + placing.ROW_CM * max(rows, 1), area.width - right, area.height - 0.6)
    ax.set_xlim(years[0], years[-1])
    numbers = _bump_numbers(history, own_code, years)
    ax.set_ylim(*_room_for_numbers(ax, numbers, n + 1, -1.5)[::-1])
    for code in [*(c for c in history["province_code"].unique() if c != own_code), own_code]:
        own = code == own_code
        rows = history[history["province_code"] == code]
        for run in pieces.stretches(rows, "rank"):
            ax.plot(
                run["edition_year"],
                run["rank"].astype(float),
                color="white",
                lw=4.4 if own else 2.8,
                zorder=4 if own else 2,
                clip_on=False,
            )
            ax.plot(
                run["edition_year"],
                run["rank"].astype(float),
                color=OWN if own else style.OTHERS,
                lw=2.5 if own else 1.3,
                marker="o",
                ms=5.5 if own else 3.4,
                mec="white",
                mew=0.8,
                zorder=5 if own else 3,
                clip_on=False,
            )
    step = 0.36 / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM)
    step *= abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    for year, side, align in ends:
        places = style.spread([rank for rank, *_ in names[year]], step, bounds=sorted(ax.get_ylim()))
        for (rank, text, size, weight), y in zip(names[year], places, strict=True):
            own = weight == "bold"
            pieces.leader(ax, year, rank, y, side, own)
            label(ax, year, y, text, ha=align, dx=side * 14, color=OWN if own else SOFT, weight=weight, size=size)
    pieces.mark_breaks(ax, labels)
    _own_numbers(ax, history, numbers, labels, ctx)
    ax.set_yticks([])
    ax.grid(False)
    step = math.ceil(0.95 / placing.cm_per_unit(ax))
    ax.set_xticks(years, [str(year) if (years[-1] - year) % step == 0 else "" for year in years])
    return [ax]


def _own_numbers(ax: Axes, history: pd.DataFrame, numbers: list[tuple], labels, ctx: Context) -> None:
    """The own ranks between the ends where there is room; the worst and the last always."""
    texts = placing.Texts(ax)
    texts.take_breaks(labels)
    own = history[(history["province_code"] == ctx.province.province_code) & history["rank"].notna()]
    always = {own["edition_year"].max(), *own.loc[own["rank"] == own["rank"].max(), "edition_year"]}
    for year, rank, below in numbers:
        sides = ("below", "right", "above") if below else ("above", "right", "below")
        look = {"size": FOCUS, "bold": True, "gap": 6.5, "needed": year in always}
        texts.number(year, rank, str(int(rank)), sides, **look)


def _bump_names(history: pd.DataFrame, year: int, side: int, own_code: str, ctx: Context) -> list[tuple]:
    """Names beside the first or the last edition from the first rank down: (rank, text, size, weight)."""
    there = history[(history["edition_year"] == year) & history["rank"].notna()].sort_values("rank")
    names = []
    for row in there.itertuples():
        own = row.province_code == own_code
        name = province_name(row.province_code, row.boundary, ctx.language)
        text = f"{name} {int(row.rank)}" if side < 0 else f"{int(row.rank)} {name}"
        names.append((float(row.rank), text, BASE if own else SMALL, "bold" if own else "normal"))
    return names


def _bump_numbers(history: pd.DataFrame, own_code: str, years: list[int]) -> list[tuple[int, float, bool]]:
    """The own ranks between the ends: (edition, rank, under the point?), on the outer side of a bend."""
    own = history[(history["province_code"] == own_code) & history["rank"].notna()]
    ranks = dict(zip(own["edition_year"].astype(int), own["rank"].astype(float), strict=True))
    numbers = []
    for year, rank in sorted(ranks.items()):
        if year in (years[0], years[-1]):
            continue
        beside = [ranks[y] for y in (year - 1, year + 1) if y in ranks]
        numbers.append((year, rank, bool(beside) and np.mean(beside) < rank))
    return numbers


def _room_for_numbers(ax: Axes, numbers, bottom: float, top: float) -> tuple[float, float]:
    """Limits from top to bottom, moved out as far as numbers over the first and under the last ranks need."""
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72
    low, high = top, bottom
    for _ in range(20):
        room = 18 * (high - low) / height
        low = min([top, *(rank - room for _, rank, below in numbers if not below)])
        high = max([bottom, *(rank + room for _, rank, below in numbers if below)])
    return low, high
