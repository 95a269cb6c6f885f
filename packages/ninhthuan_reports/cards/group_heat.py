"""Dimensions by editions: the group as colour, the rank printed in each cell, a gap at each break."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, Area, label
from ninhthuan.catalogue import GROUPS, catalogue

from .. import phrases, pieces
from ..pieces import plot
from ..wording import Context, component_name, rank_of


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many dimensions are in the high group, and the weakest."""
    held = history[history["group_derived"].notna()]
    if held.empty:
        raise phrases.nothing(ctx.phrase("papi.papi_has_no_result", province=ctx.name))
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    high = now[now["group_derived"] == "high"]
    rest = now[now["group_derived"] != "high"].sort_values("rank", ascending=False)
    published = phrases.published(now, ctx)
    title = ctx.phrase(
        "papi.papi_dimensions_high_group",
        year=year,
        n_high=len(high),
        n_now=len(now),
        published=published,
        province=ctx.name,
    )
    counts_of = len(high), len(now)

    def grouped(frame: pd.DataFrame) -> dict[str, tuple[str, float]]:
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

    def counted(frame: pd.DataFrame) -> bool:
        groups = [group for group, _ in grouped(frame).values()]
        return (groups.count("high"), len(groups)) == counts_of

    claims = [
        phrases.about(ctx),
        Claim(title, counted),
    ]
    if len(rest):
        last = rest.iloc[0]
        weakest, weak_group = last["component_id"], last["group_derived"]
        claims.append(
            Claim(
                ctx.phrase("papi.weakest", names=phrases.names_of([weakest], ctx)),
                lambda frame: (
                    (found := grouped(frame))[weakest] == (weak_group, max(r for g, r in found.values() if g != "high"))
                ),
            )
        )
        title += ctx.phrase("papi.weakest_2", names=phrases.names_of([weakest], ctx))
    whole = sum(boundary == ctx.province.boundary for boundary, _ in catalogue().provinces)
    whole = min(whole, 63)  # one was joined to another in 2008, before PAPI
    counts = history[history["n_ranked"].notna()].groupby("edition_year")["n_ranked"].agg(["min", "max"])
    varied = "; ".join(
        f"{year_}: {int(row['min'])}" if row["min"] == row["max"] else f"{year_}: {int(row['min'])}–{int(row['max'])}"
        for year_, row in counts.iterrows()
        if row["min"] < whole
    )
    subtitle = ctx.phrase("papi.rank_papi_dimension_colour_group", province=ctx.name, years=phrases.years(history))
    notes = [ctx.phrase("papi.groups_quartile_provinces_result_papi")]
    if varied:
        notes.append(ctx.phrase("papi.years_fewer_than_provinces", whole=whole, varied=varied))
    notes.append(ctx.phrase("papi.white_gaps_between_columns_method"))
    note = " ".join(notes)
    return Caption(
        title,
        subtitle,
        note,
        ctx.phrase("papi.heat_table_ranks_dimension_year"),
        _rank_ends(now, ctx),
        tuple(claims),
    )


def _rank_ends(now: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The best and the lowest rank among the dimensions of one edition."""
    ends = [
        f"{phrases.names_of([row['component_id']], ctx)} ({rank_of(row['rank'], row['n_ranked'])})"
        for row in (now.loc[pick(now["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ]
    return (
        ctx.phrase(
            "papi.best_rank_lowest", first_iloc=now["edition_year"].iloc[0], first_ends=ends[0], second_ends=ends[1]
        ),
    )


@plot(lambda frame: 1.0 + 0.72 * frame["component_id"].nunique())
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dimensions by editions: the group as colour, the rank printed in each cell, a gap at each break."""
    components = pieces.official_order(history["component_id"].unique())
    total = f"{history['index_id'].iloc[0]}_total"
    years = sorted(history["edition_year"].unique())
    table = history.pivot(index="component_id", columns="edition_year", values="group_derived").reindex(components)
    ranks = history.pivot(index="component_id", columns="edition_year", values="rank").reindex(components)
    missing = history.pivot(index="component_id", columns="edition_year", values="missing").reindex(components)
    codes = table.replace({group: place for place, group in enumerate(GROUPS[::-1])}).astype(float)
    blocks, start = [], 0
    for place in range(1, len(years) + 1):
        if place == len(years) or catalogue().breaks_between(total, years[place - 1], years[place], "break"):
            blocks.append(years[start:place])
            start = place
    left, right, top, bottom = 4.15, area.width - 3.35, 0.6, area.height - 0.15
    gap = 0.22
    cell = (right - left - gap * (len(blocks) - 1)) / len(years)
    axes, x = [], left
    colours = ListedColormap([style.GROUP_COLOURS[group] for group in GROUPS[::-1]])
    for block in blocks:
        ax = area.axes(x, top, x + cell * len(block), bottom)
        part = codes[block]
        sns.heatmap(
            part,
            cmap=colours,
            vmin=-0.5,
            vmax=3.5,
            cbar=False,
            linewidths=1.2,
            linecolor="white",
            ax=ax,
            yticklabels=False,
        )
        for i, component_id in enumerate(components):
            for j, year in enumerate(block):
                code = part.iat[i, j]
                if np.isnan(code):
                    if isinstance(missing.at[component_id, year], str) and missing.at[component_id, year]:
                        hatched = Rectangle(
                            (j + 0.04, i + 0.05), 0.92, 0.9, fc="white", ec="#A8A8A8", hatch="////", lw=0.4
                        )
                        ax.add_patch(hatched)
                    continue
                label(
                    ax,
                    j + 0.5,
                    i + 0.5,
                    str(int(ranks.at[component_id, year])),
                    ha="center",
                    color="white" if code >= 2 else INK,
                    weight="bold" if code == 3 else "normal",
                )
        ax.xaxis.tick_top()
        ax.tick_params(length=0, pad=2)
        ax.set_xticks(
            np.arange(len(block)) + 0.5, [str(y) if cell > 0.78 else f"'{y % 100:02d}" for y in block], rotation=0
        )
        ax.set(xlabel="", ylabel="")
        ax.grid(False)
        axes.append(ax)
        x += cell * len(block) + gap
    for i, component_id in enumerate(components):
        name = component_name(catalogue().component(component_id), ctx.language)
        # of the last block: it is drawn over the others
        edge = len(blocks[-1]) - right / cell
        label(axes[-1], edge, i + 0.5, name, zorder=3)
    withheld = (missing == "not_published").to_numpy().any()
    pieces.group_key(area, area.width - 3.1, top + 0.05, ctx, withheld=withheld)
    return axes
