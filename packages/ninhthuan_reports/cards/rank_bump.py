"""National rank of the provinces of a region over the editions of one method, one of them in colour."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, Area, label

from .. import claims, phrases, pieces
from ..pieces import plot
from ..wording import Context, index_name, province_name, rank_of

PALE = "#D0D0D0"  # lines of the others


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Rank in the newest edition, and place in the region."""
    index = index_name(history["index_id"].iloc[0]) if len(history) else "PAPI"
    everything, history = history, _until_newest(history, ctx)
    with_rank = history[history["rank"].notna()]
    own = phrases.own_rows(with_rank, ctx).sort_values("edition_year")
    if own.empty:
        raise phrases.nothing(ctx.phrase("peers.has_no_rank_period", province=ctx.name, index=index))
    mine = own.iloc[-1]
    year, name = int(mine["edition_year"]), phrases.subject_of(mine, ctx)
    now = with_rank[with_rank["edition_year"] == year].sort_values("rank")
    place, count = 1 + int((now["rank"] < mine["rank"]).sum()), len(now)
    region_size = history["province_code"].nunique()
    of = ctx.phrase("rank_bump.of_all" if count == region_size else "rank_bump.of_ranked", place=place, count=count)
    found = standing, *_ = _rank(mine), place, count
    values = {"name": name, "year": year, "province": ctx.name, "standing": standing}
    title = ctx.phrase("rank_bump.title", of=of, **values)
    if len(own) == 1:
        # lines over editions need two of them: the place is said, and no empty plot is drawn
        raise phrases.nothing(ctx.phrase("peers.no_other_edition_method_yet", title=title))
    note = ctx.phrase("peers.ranks_worked_out_scores_provinces", year=year)
    if history["rank"].isna().any():
        note += ctx.phrase("peers.broken_lines_years_province_not")
    marks = phrases.marks_note(mine["component_id"], *phrases.first_and_last(history), ctx)
    ends = [
        f"{province_name(row['province_code'], row['boundary'], ctx.language)} ({_rank(row)})"
        for row in (now.iloc[0], now.iloc[-1])
    ]
    numbers = [
        ctx.phrase("peers.highest_region_lowest", year=year, first_ends=ends[0], second_ends=ends[1]),
        ctx.phrase("peers.ranked", province=ctx.name, edition_year=year, was=standing, of=of),
    ]
    region, years = ctx.pick(ctx.province.region, ctx.province.region_en), phrases.years(history)
    subtitle = ctx.phrase("peers.national_rank_provinces", name=name, region=region, years=years)
    if everything["edition_year"].max() > year:
        subtitle += ctx.phrase("rank_bump.ends", province=ctx.name, since=year + 1)
    return Caption(
        title,
        subtitle,
        claims.together((note, marks)),
        ctx.phrase("peers.rank_chart_several_provinces"),
        tuple(numbers),
        (Claim(title, lambda frame: _placed(frame, year, ctx) == found),),
    )


def _placed(frame: pd.DataFrame, year: int, ctx: Context) -> tuple[str, int, int] | None:
    """Rank, place in the region and of how many, by scores too, where the title went by ranks; None where they part."""
    with_rank = frame[frame["rank"].notna()]
    rows = with_rank[with_rank["edition_year"] == year]
    own = phrases.own_rows(rows, ctx).iloc[0]
    drawn = 1 + int((rows["rank"] < own["rank"]).sum())
    newest = phrases.own_rows(with_rank, ctx)["edition_year"].max()
    return (_rank(own), drawn, len(rows)) if newest == year and claims.place(rows, ctx) == drawn else None


def _until_newest(history: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The editions to the newest in which the province has a rank: after it nothing stands beside the others."""
    own = phrases.own_rows(history, ctx)
    return history[history["edition_year"] <= own.loc[own["rank"].notna(), "edition_year"].max()]


def _rank(row: pd.Series) -> str:
    return rank_of(row["rank"], row["n_ranked"])


@plot(lambda frame: max(7.6, 0.42 * frame["province_code"].nunique() + 1.6))
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """National rank of the provinces of a region, the newest best and worst darker; the own ranks in its dots."""
    history = _until_newest(history, ctx)
    years = sorted(int(year) for year in history["edition_year"].unique())
    component_id = history["component_id"].iloc[0]
    own_code = ctx.province.province_code
    n = int(history["n_ranked"].max())
    ends = ((years[0], -1, "right"), (years[-1], 1, "left"))
    names = {year: _bump_names(history, year, side, own_code, ctx) for year, side, _ in ends}
    # as wide as the longest name with its leader, but for what would leave no room to draw
    widest = [max([2.95, *(0.65 + style.text_width(*look) for _, *look in names[year])]) for year, *_ in ends]
    left, right = (min(width, area.width / 3) for width in widest)
    labels, rows = pieces.break_labels(component_id, years, area.width - left - right, ctx, pad=0)
    ax = area.axes(left, 0.35 + placing.ROW_CM * max(rows, 1), area.width - right, area.height - 0.6)
    ax.set_xlim(years[0], years[-1])
    ax.set_ylim(n + 2.5, -2.5)
    newest = history[history["edition_year"] == years[-1]].set_index("province_code")["rank"].astype(float)
    shown = {newest.idxmin(), newest.idxmax()}
    order = {code: (code == own_code, code in shown) for code in history["province_code"].unique()}
    for code in sorted(order, key=lambda code: order[code]):
        own, end = order[code]
        look = (
            {"color": OWN, "lw": 2.5, "zorder": 5} if own else {"color": INK if end else PALE, "lw": 1.3, "zorder": 3}
        )
        for run in pieces.stretches(history[history["province_code"] == code], "rank"):
            dots = {"marker": "o", "ms": 13 if own else 3.4, "mec": "white", "mew": 0.8, "clip_on": False}
            ax.plot(run["edition_year"], run["rank"].astype(float), **look, **dots)
            for year, rank in phrases.read(run, "edition_year", "rank") if own else ():
                label(ax, year, rank, str(int(rank)), ha="center", size=SMALL, weight="bold", color="white", zorder=6)
    step = 0.36 / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM)
    step *= abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    for year, side, align in ends:
        places = style.spread([rank for rank, *_ in names[year]], step, bounds=sorted(ax.get_ylim()))
        for (rank, text, size, weight), y in zip(names[year], places, strict=True):
            own, end = weight == "bold", year == years[-1] and rank in (newest.min(), newest.max())
            pieces.leader(ax, year, rank, y, side, own)
            colour = OWN if own else INK if end else SOFT
            label(ax, year, y, text, ha=align, dx=side * 14, color=colour, weight=weight, size=size)
    pieces.mark_breaks(ax, labels)
    ax.set_yticks([])
    ax.grid(False)
    step = math.ceil(0.95 / placing.cm_per_unit(ax))
    ax.set_xticks(years, [str(year) if (years[-1] - year) % step == 0 else "" for year in years])
    return [ax]


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
