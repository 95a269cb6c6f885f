"""Rank and set of one province in each edition of a method: solid by published errors, open where assumed."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import placing
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, FOCUS, OWN, Area
from ninhthuan.certainty import ASSUMPTIONS

from .. import phrases, pieces
from ..pieces import plot
from ..wording import Context, rank_of


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Rank and set of the province over the editions of one method; what is assumed is said."""
    held = history[history["rank"].notna()] if len(history) else history
    if held.empty:
        raise phrases.no_errors(ctx)
    own = held.loc[held["edition_year"].idxmax()]
    year, low, high = int(own["edition_year"]), int(own["rank_low"]), int(own["rank_high"])
    standing, assumed = rank_of(own["rank"], own["n_ranked"]), own["assumption"] in ASSUMPTIONS

    def newest(frame: pd.DataFrame) -> bool:
        rows = list(phrases.read(frame, "edition_year", "rank", "rank_low", "rank_high", "n_ranked", "assumption"))
        last, rank, better, worse, count, basis = max((row for row in rows if pd.notna(row[1])), key=lambda row: row[0])
        inside = 1 <= better <= rank <= worse <= count
        return (last, better, worse, rank_of(rank, count)) == (year, low, high, standing) and (
            inside and (basis != "published") == assumed
        )

    def said(frame: pd.DataFrame) -> bool:
        """Published errors are those of 2019 and no other edition's."""
        return frame["assumption"].eq("published").equals(frame["edition_year"].eq(2019))

    title = (
        ctx.phrase(
            "certainty.papi_rank_assuming_errors_2019",
            year=year,
            standing=standing,
            province=ctx.name,
            may_be=phrases.may_be(low, high, ctx),
        )
        if assumed
        else ctx.phrase(
            "certainty.papi_rank_confidence_2",
            year=year,
            standing=standing,
            province=ctx.name,
            may_be=phrases.may_be(low, high, ctx),
            percent=phrases.confidence(own, ctx),
        )
    )
    subtitle = ctx.phrase(
        "certainty.papi_rank_confidence_set_2019", years=phrases.years(history), percent=phrases.confidence(own, ctx)
    )
    first, last = int(history["edition_year"].min()), int(history["edition_year"].max())
    note = ctx.phrase(
        "certainty.assumed_each_province_has_standard",
        percent=phrases.confidence(own, ctx),
        method=phrases.RANK_SETS_PAPER,
    )
    cautions = phrases.marks_note("papi_total", first, last, ctx)
    sets = {
        int(
            row["edition_year"]
        ): f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['rank_low'])}–{int(row['rank_high'])})"
        for _, row in held.iterrows()
    }
    telling = 2019 if 2019 in sets and year != 2019 else min(sets)
    told = sets.pop(telling)
    numbers = [ctx.phrase("certainty.rank_2", telling=telling, told=told)]
    if sets:
        listed = "; ".join(f"{edition}: {text}" for edition, text in sets.items())
        numbers.append(ctx.phrase("certainty.other_years", listed=listed))
    kind = ctx.phrase("certainty.chart_sets_ranks_over_years")
    claims = (
        Claim(title, newest),
        Claim(ctx.phrase("certainty.2019_alone_has_published_errors"), said),
        phrases.about(ctx),
    )
    return Caption(title, subtitle, f"{note} {cautions}".strip(), kind, tuple(numbers), claims)


@plot(8.2)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Rank and set of one province in each edition of a method: solid by published errors, open where assumed."""
    history = history.reset_index(drop=True)
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    held = history[history["rank"].notna()]
    solid = held["assumption"] == "published"
    items = []
    if solid.any():
        items.append(("own", ctx.phrase("certainty.published_errors_2019")))
    if not solid.all():
        items.append(("open", ctx.phrase("certainty.assumed_errors_2019")))
    key = pieces.key(area, 0, items)
    component_id = history["component_id"].iloc[0]
    labels, rows = pieces.break_labels(component_id, years, area.width - 0.95, ctx)
    ax = area.axes(0.85, key + 0.2 + placing.ROW_CM * rows, area.width - 0.1, area.height - 0.6)
    pieces.years(ax, years)
    pieces.rank_axis(ax, int(held["n_ranked"].max()))
    ax.grid(False)  # the ends are printed: their numbers would stand on its lines
    pieces.mark_breaks(ax, component_id, years, labels)
    half = 0.09 / placing.cm_per_unit(ax)
    for row in held.itertuples():
        x, known = row.edition_year, row.assumption == "published"
        ax.add_patch(
            Rectangle(
                (x - half, row.rank_low - 0.3),
                2 * half,
                row.rank_high - row.rank_low + 0.6,
                fc=OWN if known else "white",
                ec=OWN,
                lw=0.9,
                zorder=3,
            )
        )
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
