"""Dimensions by editions: the group as colour, the rank printed in each cell, a gap at each break."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.reference import GROUPS

from .. import claims, phrases, pieces
from ..pieces import plot
from ..summaries import score_errors
from ..wording import Context, component_name, rank_of, span


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many dimensions are in the high group, and the weakest."""
    known = history[history["group_derived"].notna()]
    if known.empty:
        raise phrases.nothing(ctx.phrase("papi.papi_has_no_result", province=ctx.name))
    year = int(known["edition_year"].max())
    now = known[known["edition_year"] == year]
    rest = now[now["group_derived"] != "high"].sort_values("rank", ascending=False)
    clear = sorted(now.loc[now["group_derived"].eq("high") & ~_level(now), "component_id"])
    counts = high, _, sure = len(now) - len(rest), len(now), len(clear)
    ends = ["lowest", "lowest_name", "lowest_number"] * bool(len(rest))
    if sure < high:
        ends = ["sure", "few_n"] if sure else ["unsure", "unsure_n"]
    holds = [phrases.about(ctx)]
    if len(rest):
        weakest, group, rank, ranked = rest.iloc[0][["component_id", "group_derived", "rank", "n_ranked"]]

        def is_last(frame: pd.DataFrame) -> bool:
            found = _grouped(frame, year)
            lowest = max(place for group, place in found.values() if group != "high")
            return found[weakest] == (group, rank) == (group, lowest)

        holds.append(Claim(ctx.phrase("papi.weakest", names=phrases.names_of([weakest], ctx)), is_last))

    def title_of(form: tuple[str, bool], ctx: Context) -> str:
        end, published = form
        values = {"province": ctx.name, "year": year, "n_high": high, "n_now": len(now), "sure": sure}
        values |= {"published": phrases.published(now, ctx) * published, "clear": claims.numbers(clear, year)}
        if end.startswith("lowest"):
            name = claims.names(weakest, year, ctx)[end == "lowest_number"]
            values |= {"name": name, "rank": rank_of(rank, ranked)}
        title = ctx.phrase("group_heat.title_short" if "_n" in end else "group_heat.title", **values)
        return title + (ctx.phrase(f"group_heat.{end.partition('_n')[0]}", **values) if end else "")

    title = claims.in_both([*((end, True) for end in [*ends, ""]), ("", False)], title_of, ctx)
    holds.insert(1, Claim(title, lambda frame: _counted(frame, year, ctx) == counts))
    years, parts = sorted(history["edition_year"].unique()), history["component_id"].unique()
    blocks = _blocks(f"{history['index_id'].iloc[0]}_total", years)
    same, pairs = catalogue().same_component, [pair for block in blocks for pair in pairwise(block)]
    dotted = any(not same(part, *map(int, pair)) for part in parts for pair in pairs)
    notes = (
        ctx.phrase("papi.white_gaps_between_columns_method") * (len(blocks) > 1),
        ctx.phrase("sub_dimension_heat.change") * dotted,
        ctx.phrase("group_heat.error" if sure else "group_heat.error_all") * (sure < high),
    )
    return Caption(
        title,
        ctx.phrase("papi.rank_papi_dimension_colour_group", n=span(history["n_ranked"]), years=phrases.years(history)),
        claims.together(notes),
        ctx.phrase("papi.heat_table_ranks_dimension_year"),
        _rank_ends(now, ctx),
        tuple(holds),
    )


def _counted(frame: pd.DataFrame, year: int, ctx: Context) -> tuple[int, int, int]:
    """Dimensions in the high group, of how many, and which of them are off the median by more than error."""
    high = [part for part, (group, _) in _grouped(frame, year).items() if group == "high"]
    rows = frame[frame["edition_year"].eq(year) & frame["group_derived"].notna()]
    gaps = {part: float(phrases.apart(*pair)) for part, *pair in phrases.read(rows, "component_id", "score", "median")}
    clear = [part for part in high if not phrases.near_median(gaps[part], part, year, ctx)]
    return len(high), len(rows), len(clear)


def _level(now: pd.DataFrame) -> pd.Series:
    """Which dimensions are no farther from the median than survey error alone may put them."""
    return (now["score"] - now["median"]).abs() <= score_errors(now)


def _grouped(frame: pd.DataFrame, year: int) -> dict[str, tuple[str, float]]:
    """Groups and ranks of the newest edition; the groups drawn are those that the scores give."""
    rows = frame[frame["group_derived"].notna()]
    rows = rows[rows["edition_year"] == rows["edition_year"].max()]
    found = {}
    columns = ("component_id", "edition_year", "group_derived", "rank", "score")
    for part, edition, drawn, rank, score, *cuts in phrases.read(
        rows, *columns, "upper_quartile", "median", "lower_quartile"
    ):
        if edition != year or phrases.group_by(score, cuts) != drawn:
            raise ValueError(part)
        found[part] = drawn, rank
    return found


def _rank_ends(now: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The best and the lowest rank among the dimensions of one edition."""
    rows = (now.loc[now["rank"].astype(float).agg(end)] for end in ("idxmin", "idxmax"))
    ends = [f"{phrases.names_of([row['component_id']], ctx)} ({rank_of(row['rank'], row['n_ranked'])})" for row in rows]
    values = {"first_iloc": now["edition_year"].iloc[0], "first_ends": ends[0], "second_ends": ends[1]}
    return (ctx.phrase("papi.best_rank_lowest", **values),)


@plot(lambda frame: 1.35 + 0.72 * frame["component_id"].nunique())
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dimensions by editions: the group as colour, the rank printed in each cell, a gap at each break."""
    components = pieces.official_order(history["component_id"].unique())
    years = sorted(history["edition_year"].unique())
    table, ranks, missing = (
        history.pivot(index="component_id", columns="edition_year", values=column).reindex(components)
        for column in ("group_derived", "rank", "missing")
    )
    codes = table.replace({group: place for place, group in enumerate(GROUPS[::-1])}).astype(float)
    blocks = _blocks(f"{history['index_id'].iloc[0]}_total", years)
    left, right, top, bottom = 4.15, area.width - 0.05, 0.95, area.height - 0.15
    gap = 0.22
    cell = (right - left - gap * (len(blocks) - 1)) / len(years)
    axes, x = [], left
    for block in blocks:
        ax = area.axes(x, top, x + cell * len(block), bottom)
        _cells(ax, codes[block], ranks[block], missing[block], years[-1])
        if block[-1] == years[-1]:
            now = history[history["edition_year"].eq(years[-1]) & history["group_derived"].notna()]
            for part in now.loc[now["group_derived"].eq("high") & ~_level(now), "component_id"]:
                box = (len(block) - 0.9, components.index(part) + 0.1), 0.8, 0.8
                ax.add_patch(Rectangle(*box, fc="none", ec="white", lw=1.4, zorder=5))
        ax.xaxis.tick_top()
        ax.tick_params(length=0, pad=2)
        names = [str(y) if cell > 0.78 else f"'{y % 100:02d}" for y in block]
        ax.set_xticks(np.arange(len(block)) + 0.5, names, rotation=0)
        ax.set(xlabel="", ylabel="")
        ax.grid(False)
        axes.append(ax)
        x += cell * len(block) + gap
    for i, component_id in enumerate(components):
        name = component_name(catalogue().component(component_id), ctx.language)
        # of the last block: it is drawn over the others
        edge = len(blocks[-1]) - right / cell
        label(axes[-1], edge, i + 0.5, name, zorder=3)
    withheld = bool((history["missing"] == "not_published").any())
    head, kinds = ctx.phrase("group_heat.key"), (*GROUPS, *["not_published"] * withheld)
    label(area.sheet(0, 0.45), 0, 0.22, head, size=SMALL, color=SOFT)
    pieces.key(area, 0, [(kind, word(kind, ctx.language)) for kind in kinds], style.text_width(head, SMALL) + 0.25)
    return axes


def _blocks(total: str, years: list[int]) -> list[list[int]]:
    """Editions of one method each."""
    blocks = [[years[0]]]
    for before, year in pairwise(years):
        if catalogue().breaks_between(total, before, year, "break"):
            blocks.append([])
        blocks[-1].append(year)
    return blocks


def _cells(ax: Axes, codes: pd.DataFrame, ranks: pd.DataFrame, missing: pd.DataFrame, last: int) -> None:
    """One block: a colour for each group, 3 the highest, with the rank; hatched where something is missing.

    last: the newest edition, whose ranks are bold. Dots where a row does not measure what it did.
    """
    colours = ListedColormap([style.GROUP_COLOURS[group] for group in GROUPS[::-1]])
    look = {"cbar": False, "linewidths": 1.2, "linecolor": "white", "xticklabels": False, "yticklabels": False}
    sns.heatmap(codes, cmap=colours, vmin=-0.5, vmax=3.5, ax=ax, **look)
    known, years = catalogue(), [int(year) for year in codes.columns]
    for (i, j), code in np.ndenumerate(codes.to_numpy()):
        both = j and all(not np.isnan(codes.iat[i, k]) or isinstance(missing.iat[i, k], str) for k in (j - 1, j))
        if both and not known.same_component(codes.index[i], years[j - 1], years[j]):
            ax.plot([j, j], [i + 0.06, i + 0.94], color=INK, lw=1.1, ls=style.DOTS, zorder=4)
        if np.isnan(code):
            if isinstance(missing.iat[i, j], str) and missing.iat[i, j]:
                box = (j + 0.04, i + 0.05), 0.92, 0.9
                ax.add_patch(Rectangle(*box, fc="white", ec="#A8A8A8", hatch="////", lw=0.4))
            continue
        look = {"color": "white" if code >= 2 else INK, "weight": "bold" if codes.columns[j] == last else "normal"}
        label(ax, j + 0.5, i + 0.5, str(int(ranks.iat[i, j])), ha="center", **look)
