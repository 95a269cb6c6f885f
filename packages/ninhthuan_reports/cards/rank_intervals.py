"""Sets of ranks of all provinces of one edition in the order of their ranks; the province in colour."""

from __future__ import annotations

import math
from statistics import NormalDist

import pandas as pd
from matplotlib.axes import Axes

from .. import phrases, pieces, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, FOCUS, OWN, SMALL, SOFT, Area, label
from ..wording import Context, rank_of


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """The set of ranks of the province in the edition with published errors."""
    own = phrases.own_rows(cells, ctx) if len(cells) else cells
    if own.empty:
        raise phrases.no_errors(ctx)
    own = own.iloc[0]
    year, level = int(own["edition_year"]), own["confidence"] / 100
    low, high, rank, count = (int(own[name]) for name in ("rank_low", "rank_high", "rank", "n_ranked"))

    def placed(frame: pd.DataFrame) -> bool:
        """The rank by counting; the ends between a wider set (Bonferroni) and a narrower one (a single comparison)."""
        mine = phrases.own_rows(frame, ctx).iloc[0]
        others = frame[frame["province_code"] != ctx.province.province_code]
        distances = [
            (score - mine["score"]) / math.hypot(error, mine["standard_error"])
            for score, error in phrases.read(others, "score", "standard_error")
        ]
        widest = NormalDist().inv_cdf(1 - (1 - level) / (2 * len(distances)))
        narrowest = NormalDist().inv_cdf(level)
        ends = [
            (1 + sum(d > c for d in distances), len(frame) - sum(-d > c for d in distances))
            for c in (widest, narrowest)
        ]
        between = ends[0][0] <= low <= ends[1][0] and ends[1][1] <= high <= ends[0][1]
        stands = 1 + sum(d > 0 for d in distances) == rank and len(frame) == count
        drawn = (int(mine["rank_low"]), int(mine["rank_high"])) == (low, high)
        return between and stands and drawn and frame["edition_year"].eq(year).all()

    def rests_on(frame: pd.DataFrame) -> bool:
        return frame["assumption"].eq("published").all() and frame["standard_error"].gt(0).all()

    title = ctx.phrase(
        "certainty.papi_rank_confidence",
        year=year,
        rank_of=rank_of(rank, count),
        province=ctx.name,
        may_be=phrases.may_be(low, high, ctx),
        percent=phrases.confidence(own, ctx),
    )
    subtitle = ctx.phrase(
        "certainty.rank_papi_total_confidence_set", year=year, percent=phrases.confidence(own, ctx), count=count
    )
    told = int(own["not_told_apart"])
    bands = int(cells["band"].max())
    note = ctx.phrase(
        "certainty.errors_standard_errors_unweighted_total",
        year=year,
        percent=phrases.confidence(own, ctx),
        told=told,
        province=ctx.name,
        bands=bands,
        method=phrases.RANK_SETS_PAPER,
    )
    width = (cells["rank_high"] - cells["rank_low"] + 1).astype(int)
    numbers = (
        ctx.phrase(
            "certainty.set_holds_ranks_median_province",
            province=ctx.name,
            high=high - low + 1,
            median=ctx.number(width.median(), 0),
            min=width.min(),
            max=width.max(),
        ),
        ctx.phrase(
            "certainty.standard_error_points", province=ctx.name, standard_error=ctx.number(own["standard_error"], 2)
        ),
    )
    kind = ctx.phrase("certainty.chart_sets_ranks")
    based = Claim(ctx.phrase("certainty.errors_published_ones"), rests_on)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, placed), based))


@plot(9.0)
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Sets of ranks of all provinces of one edition in the order of their ranks; the province in colour."""
    ordered = cells.reset_index(drop=True)
    mine = ordered["province_code"] == ctx.province.province_code
    own, place, count = ordered[mine].iloc[0], int(ordered.index[mine][0]) + 1, len(ordered)
    items = [
        ("own", f"{ctx.name}: {ctx.phrase('certainty.rank')} {rank_of(own['rank'], own['n_ranked'])}"),
        ("interval", ctx.phrase("certainty.confidence_set", confidence=own["confidence"])),
        ("grey line", ctx.phrase("certainty.other_provinces")),
        ("range", ctx.phrase("certainty.bands_turns")),
    ]
    key = pieces.key(area, 0, items)
    ax = area.axes(0.85, key + 0.25, area.width - 0.1, area.height - 0.95)
    ax.set_xlim(0, count + 1)
    pieces.rank_axis(ax, count)
    for band, rows in ordered.groupby(ordered["band"].astype(int)):
        if band % 2 == 0:
            ax.axvspan(rows.index[0] + 0.5, rows.index[-1] + 1.5, color="#EFEFEF", lw=0, zorder=0.4)
    ax.grid(False, axis="x")
    others = ordered[~mine]
    ax.vlines(others.index + 1, others["rank_low"], others["rank_high"], color=style.OTHERS, lw=1.3, zorder=2)
    ax.plot(others.index + 1, others["rank"], "o", ms=2.6, color=style.MIDDLE, ls="none", zorder=3)
    ax.plot([place] * 2, [own["rank_low"], own["rank_high"]], color=OWN, lw=2.6, zorder=4, solid_capstyle="butt")
    ax.plot(place, own["rank"], "o", ms=7, color=OWN, mec="white", mew=0.9, zorder=5)
    marks = [(float(own["rank"]), f"{int(own['rank'])}", FOCUS, "bold")]
    for end in ("rank_low", "rank_high"):
        if own[end] != own["rank"]:
            marks.append((float(own[end]), f"{int(own[end])}", BASE, "normal"))
    pieces.beside(ax, place, sorted(marks), left=place > count - 6, far=5.5)
    ax.set_xticks([tick for tick in pieces.RANK_TICKS if tick <= count])
    label(
        ax,
        0,
        0,
        ctx.phrase("certainty.provinces_order_their_ranks_score"),
        size=SMALL,
        transform=ax.transAxes,
        dy=-22,
        color=SOFT,
    )
    return [ax]
