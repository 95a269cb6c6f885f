"""Sub-dimensions by editions under their dimensions: rank as number, group as colour, a mark where a row changed."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.reference import GROUPS

from .. import phrases, pieces
from ..claims import in_both
from ..pieces import plot
from ..wording import Context, component_name, rank_of, span


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many sub-dimensions are in the high group, and how many in the low."""
    items = history[history["level"] == "sub_dimension"]
    if items["group_derived"].isna().all():
        raise phrases.nothing(ctx.phrase("papi.papi_has_no_result", province=ctx.name))
    year = int(items.loc[items["group_derived"].notna(), "edition_year"].max())
    now = items[(items["edition_year"] == year) & items["group_derived"].notna()]
    sizes = [int((now["group_derived"] == group).sum()) for group in GROUPS]
    values = {"year": year, "high": sizes[0], "low": sizes[-1], "count": len(now)}

    def title_of(key: str, ctx: Context) -> str:
        values["published"] = phrases.published(now, ctx)
        return ctx.phrase(f"sub_dimension_heat.{key}", province=ctx.name, **values)

    least = "" if sizes[-1] else "_none_low"
    title = in_both((f"title{least}", f"title{least}_short"), title_of, ctx)

    def counted(frame: pd.DataFrame) -> bool:
        rows = frame[(frame["level"] == "sub_dimension") & frame["score"].notna()]
        rows = rows[rows["edition_year"] == rows["edition_year"].max()]
        columns = ("edition_year", "group_derived", "score", "upper_quartile", "median", "lower_quartile")
        found = [
            (edition, drawn, phrases.group_by(score, cuts))
            for edition, drawn, score, *cuts in phrases.read(rows, *columns)
        ]
        groups = [group for edition, drawn, group in found if edition == year and drawn == group]
        return len(groups) == len(found) and [groups.count(group) for group in GROUPS] == sizes

    ends = [
        f"{phrases.names_of([row['component_id']], ctx, year)} ({rank_of(row['rank'], row['n_ranked'])})"
        for row in (now.loc[pick(now["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ]
    listed = ", ".join(f"{phrases.group_name(group, ctx)} {size}" for group, size in zip(GROUPS, sizes, strict=True))
    numbers = (
        ctx.phrase("sub_dimension_heat.groups", year=year, listed=listed),
        ctx.phrase("papi.best_rank_lowest", first_iloc=year, first_ends=ends[0], second_ends=ends[1]),
    )
    notes = [ctx.phrase("sub_dimension_heat.change")] * bool(_changes(history))
    notes.append(ctx.phrase("sub_dimension_heat.ranked", n=span(history["n_ranked"])))
    subtitle = ctx.phrase("sub_dimension_heat.subtitle", years=phrases.years(history))
    kind = ctx.phrase("sub_dimension_heat.kind")
    return Caption(title, subtitle, " ".join(notes), kind, numbers, (phrases.about(ctx), Claim(title, counted)))


def _changes(history: pd.DataFrame) -> set[tuple[str, int]]:
    """Where a row does not measure what it did, or the whole country made a step: component, the later edition."""
    found = set()
    for part, rows in history.groupby("component_id"):
        for year in sorted(set(rows["edition_year"]) & {year + 1 for year in rows["edition_year"]}):
            if not catalogue().same_component(part, year - 1, year):
                found.add((part, year))
    return found


ITEM_CM, DIMENSION_CM, APART_CM, HEAD_CM = 0.395, 0.46, 0.14, 1.1


def _height(history: pd.DataFrame) -> float:
    dimensions, items = (
        history.loc[history["level"] == level, "component_id"].nunique() for level in ("dimension", "sub_dimension")
    )
    return HEAD_CM + dimensions * (DIMENSION_CM + APART_CM) + items * ITEM_CM


@plot(_height)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """A page of ranks: each dimension in bold without a colour, its sub-dimensions coloured by group under it."""
    years, known = sorted(history["edition_year"].unique()), catalogue()
    last = history.groupby("component_id")["edition_year"].max()
    parts = {part: known.component(part, int(year)) for part, year in last.items()}
    withheld = bool((history["missing"] == "not_published").any())
    now = history[history["level"].eq("sub_dimension") & history["edition_year"].eq(years[-1])]
    sizes = now["group_derived"].value_counts()
    items = [(group, f"{word(group, ctx.language)} ({sizes.get(group, 0)})") for group in GROUPS]
    pieces.key(area, 0, items + [("not_published", word("not_published", ctx.language))] * withheld)
    ax = area.sheet()
    left = 0.6 + max(style.text_width(component_name(part, ctx.language), BASE) for part in parts.values())
    cell = (area.width - left) / len(years)
    at = {year: left + cell * place for place, year in enumerate(years)}
    for year, x in at.items():
        look = {"weight": "bold", "color": INK} if year == years[-1] else {"color": SOFT}
        label(ax, x + cell / 2, HEAD_CM - 0.3, str(year), ha="center", **look)
    changes = _changes(history)
    y = HEAD_CM
    for dimension in pieces.official_order(history.loc[history["level"] == "dimension", "component_id"]):
        ax.plot([0, left + cell * len(years)], [y, y], color=style.RULE, lw=0.5, zorder=1)
        inner = pieces.official_order(part for part in parts if part == dimension or part.startswith(f"{dimension}_"))
        for part in inner:
            tall = DIMENSION_CM if part == dimension else ITEM_CM
            rows = history[history["component_id"] == part].set_index("edition_year")
            look = {"weight": "bold"} if part == dimension else {}
            label(ax, 0 if look else 0.3, y + tall / 2, component_name(parts[part], ctx.language), **look)
            for year, row in rows.iterrows():
                _cell(ax, row, (at[year], y, cell, tall), year == years[-1])
                if (part, year) in changes:
                    ax.plot([at[year]] * 2, [y + 0.02, y + tall - 0.02], color=INK, lw=1.1, ls=style.DOTS, zorder=4)
            for gone, text in (
                ([v for v in years if v < rows.index.min()], "not_yet"),
                ([v for v in years if v > rows.index.max()], "dropped"),
            ):
                if gone:
                    reason = ctx.phrase(f"sub_dimension_heat.absent_{text}", since=rows.index.min())
                    room = cell * len(gone)
                    reason = reason if style.text_width(reason, SMALL) < room else "–"
                    label(ax, at[gone[0]] + room / 2, y + tall / 2, reason, size=SMALL, ha="center", color=SOFT)
            y += tall
        y += APART_CM
    return [ax]


def _cell(ax: Axes, row: pd.Series, box: tuple[float, float, float, float], newest: bool) -> None:
    """The rank of one edition on the colour of its group; hatched where it was withheld."""
    x, y, wide, tall = box
    group, item = row["group_derived"], row["level"] == "sub_dimension"
    inner = (x + 0.06, y + 0.015), wide - 0.12, tall - 0.03
    if not isinstance(group, str):
        if row["missing"]:
            ax.add_patch(Rectangle(*inner, fc="white", ec="#CFCFCF", hatch="////", lw=0.4))
        return
    if item:
        ax.add_patch(Rectangle(*inner, fc=style.GROUP_COLOURS[group], lw=0))
    look = {"weight": "bold" if newest or not item else "normal"}
    look["color"] = "white" if item and group in GROUPS[:2] else INK
    label(ax, x + wide / 2, y + tall / 2, str(int(row["rank"])), ha="center", size=SMALL if item else BASE, **look)
