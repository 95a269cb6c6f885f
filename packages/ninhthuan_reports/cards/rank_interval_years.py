"""Rank and set of one province in each edition of a method: solid by published errors, open where assumed."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import placing
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, FOCUS, OWN, Area
from ninhthuan.analysis.certainty import ASSUMPTIONS

from .. import phrases, pieces
from ..claims import fitting, together
from ..pieces import PLOT_CM, plot
from ..wording import Context, rank_of

LEAST = 4  # editions with a rank that a picture needs


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Rank and set of the province over the editions of one method; what is assumed is noted."""
    ranked = history[history["rank"].notna()] if len(history) else history
    if ranked.empty:
        raise _no_errors(ctx)
    own, percent = ranked.loc[ranked["edition_year"].idxmax()], phrases.confidence(ranked.iloc[0], ctx)
    found = year, standing, low, high = _set(own)
    if len(ranked) < LEAST:
        values = {"year": year, "province": ctx.name, "standing": standing, "may_be": _may_be(low, high, ctx)[-1]}
        raise phrases.nothing(ctx.phrase("certainty.too_few_editions", n=len(ranked), **values))
    assumed = own["assumption"] in ASSUMPTIONS
    title = fitting(
        ctx.phrase("certainty.papi_rank", year=year, standing=standing, province=ctx.name, may_be=may_be)
        for may_be in _may_be(low, high, ctx)
    )

    def newest(frame: pd.DataFrame) -> bool:
        ranked = frame[frame["rank"].notna()]
        row = ranked.loc[ranked["edition_year"].idxmax()]
        inside = 1 <= row["rank_low"] <= row["rank"] <= row["rank_high"] <= row["n_ranked"]
        return inside and _set(row) == found and (row["assumption"] != "published") == assumed

    def noted(frame: pd.DataFrame) -> bool:
        """Published errors are those of 2019 and no other edition's."""
        return frame["assumption"].eq("published").equals(frame["edition_year"].eq(2019))

    sets = {
        edition: f"{rank} ({better}–{worse})"
        for edition, rank, better, worse in (_set(row) for _, row in ranked.iterrows())
    }
    telling = 2019 if 2019 in sets and year != 2019 else min(sets)
    numbers = (ctx.phrase("certainty.rank_2", telling=telling, rank=sets[telling]),)
    marked = bool(_labels(history, PLOT_CM, ctx)[-1])
    notes = (
        ctx.phrase("certainty.all_provinces_at_once", province=ctx.name),
        ctx.phrase("index_course.lines_dotted") * marked,
        ctx.phrase("index_course.numbered") * marked,
    )
    ends = ctx.phrase("rank_interval_years.ends", province=ctx.name, since=year + 1)
    return Caption(
        title,
        ctx.phrase("certainty.papi_rank_confidence_set_2019", years=phrases.years(ranked), percent=percent)
        + ends * bool(history["edition_year"].max() > year),
        together(notes),
        ctx.phrase("certainty.chart_sets_ranks_over_years"),
        numbers,
        (
            Claim(title, newest),
            Claim(ctx.phrase("certainty.2019_alone_has_published_errors"), noted),
            phrases.about(ctx),
        ),
    )


def _set(row: pd.Series) -> tuple[int, str, int, int]:
    """Edition, rank and the ends of the set."""
    placed = rank_of(row["rank"], row["n_ranked"])
    return int(row["edition_year"]), placed, int(row["rank_low"]), int(row["rank_high"])


def _no_errors(ctx: Context):
    """Why there are no intervals: no standard errors, or none for these provinces."""
    if ctx.province.boundary != "pre_2025":
        return phrases.nothing(ctx.phrase("certainty.no_standard_errors_papi_published"))
    return phrases.nothing(ctx.phrase("certainty.no_standard_error_papi_known", province=ctx.name))


def _may_be(low: int, high: int, ctx: Context) -> list[str]:
    """The ranks that a province may have within its interval, in many words and in few."""
    if low == high:
        return [ctx.phrase("certainty.stays_same_when_errors_counted")]
    return [ctx.phrase(f"certainty.may_anywhere{length}", low=low, high=high) for length in ("", "_short")]


def _labels(history: pd.DataFrame, width: float, ctx: Context) -> tuple[list[int], list, int]:
    """Years that are drawn, changes of the measure in them as words, and the rows that these need."""
    ranked, component_id = history[history["rank"].notna()], history["component_id"].iloc[0]
    years = list(range(int(history["edition_year"].min()), int(ranked["edition_year"].max()) + 1))
    return years, *pieces.break_labels(component_id, years, width - 0.95, ctx, shifts=pieces.steps(ranked))


@plot(8.2)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Rank and set of one province in each edition of a method: solid by published errors, open where assumed."""
    ranked = history[history["rank"].notna()]
    history = history[history["edition_year"] <= ranked["edition_year"].max()]
    solid = ranked["assumption"] == "published"
    items = []
    if solid.any():
        items.append(("full", ctx.phrase("certainty.published_errors_2019")))
    if not solid.all():
        items.append(("open", ctx.phrase("certainty.assumed_errors_2019")))
    key = pieces.key(area, 0, items)
    years, labels, rows = _labels(history, area.width, ctx)
    ax = area.axes(0.85, key + 0.2 + placing.ROW_CM * max(rows, 1), area.width - 0.1, area.height - 0.6)
    pieces.years(ax, years)
    pieces.rank_axis(ax, int(ranked["n_ranked"].max()))
    ax.set_ylim(ranked["n_ranked"].max() + 4, -1.5)  # no number stands on the line below
    ax.grid(False)  # the ends are printed: their numbers would stand on its lines
    pieces.mark_breaks(ax, labels)
    half = 0.09 / placing.cm_per_unit(ax)
    for row in ranked.itertuples():
        x, known = row.edition_year, row.assumption == "published"
        look = {"fc": OWN if known else "white", "ec": OWN, "lw": 0.9, "zorder": 3}
        ax.add_patch(Rectangle((x - half, row.rank_low - 0.3), 2 * half, row.rank_high - row.rank_low + 0.6, **look))
        ax.plot(
            x, row.rank, "o", ms=8, color=OWN if known else "white", mec="white" if known else OWN, mew=1.3, zorder=5
        )
        marks = [(float(row.rank), f"{rank_of(row.rank, row.n_ranked)}", FOCUS, "bold")]
        for end in (row.rank_low, row.rank_high):
            if end != row.rank:
                marks.append((float(end), f"{int(end)}", BASE, "normal"))
        pieces.beside(ax, x, sorted(marks), left=False, far=7)
    texts = placing.Texts(ax)
    texts.take_breaks(labels)
    pieces.draw_missing(ax, history, "rank", ctx, middle=30, texts=texts)
    return [ax]
