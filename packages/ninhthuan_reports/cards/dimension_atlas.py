"""All provinces by a dimension and its sub-dimensions: the group as colour, the rank in each cell, two halves."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, OWN, SMALL, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.reference import GROUPS, Component

from .. import phrases, pieces
from ..claims import place, together
from ..pieces import plot
from ..wording import Context, component_name, province_name, rank_of, sort_key


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Rank of the province in a dimension, and its best and weakest part."""
    ranked = cells[cells["rank"].notna()]
    if ranked.empty:
        raise phrases.nothing(ctx.phrase("papi.dimension_has_no_papi_result"))
    year = int(cells["edition_year"].iloc[0])
    dimension = _components(cells)[0]
    own = phrases.own_rows(ranked, ctx).set_index("component_id")
    with_result = int((ranked["component_id"] == dimension.component_id).sum())
    values = {"year": year, "name": component_name(dimension, ctx.language), "province": ctx.name}
    if dimension.component_id in own.index:
        row = own.loc[dimension.component_id]
        claims = [_ranks(dimension.component_id, rank_of(row["rank"], row["n_ranked"]), values, ctx)]
    else:
        claims = [_withheld(dimension.component_id, with_result, values, ctx)]
    parts = own.drop(index=dimension.component_id, errors="ignore")["rank"].sort_values()
    if len(parts) > 1 and parts.iloc[0] < parts.iloc[-1]:
        best, worst = ((part, int(parts[part])) for part in parts.index[[0, -1]])
        (up, high), (down, low) = ((catalogue().component(part, year).number, rank) for part, rank in (best, worst))
        more = ctx.phrase("papi.best_rank_lowest_rank", up=up, high=high, down=down, low=low)
        says = ctx.phrase("papi.is", province=ctx.name, more=more)
        claims.append(Claim(says, lambda frame: _are_ends(frame, dimension.component_id, best, worst, ctx)))
    numbered = "; ".join(
        component_name(part, ctx.language, short=False) for part in catalogue().parts_of(dimension.component_id, year)
    )
    notes = f"{numbered}." * bool(numbered), ctx.phrase("papi.groups_quartile_provinces_result_papi")
    leaders = ranked[(ranked["component_id"] == dimension.component_id) & (ranked["rank"] <= 3)]
    leaders = leaders.sort_values(["rank", "province_code"])
    named = [province_name(*of, ctx.language) for of in phrases.read(leaders, "province_code", "boundary")]
    return Caption(
        claims[0].says,
        ctx.phrase("papi.ranks_provinces_dimension_sub_dimensions", count=cells["province_code"].nunique()),
        together(notes),
        ctx.phrase("papi.heat_table_ranks_province_sub"),
        (
            *(claim.says for claim in claims[1:]),
            ctx.phrase("papi.top", listing=listing(named, ctx.language)),
            ctx.phrase("papi.provinces_result", sum=with_result),
        ),
        tuple(claims),
    )


def _components(cells: pd.DataFrame) -> list[Component]:
    """The dimension, then its sub-dimensions, by their numbers."""
    year = int(cells["edition_year"].iloc[0])
    return sorted(
        (catalogue().component(part, year) for part in cells["component_id"].unique()),
        key=lambda component: [int(part) for part in component.number.split(".")],
    )


def _ranks(dimension: str, placed: str, values: dict, ctx: Context) -> Claim:
    """The rank of the province in the dimension: by scores, where the title goes by ranks."""

    def holds(frame: pd.DataFrame) -> bool:
        rows = frame[frame["component_id"] == dimension]
        scored = rows[rows["score"].notna()]
        drawn = phrases.own_rows(rows, ctx)["rank"].item()
        return rank_of(place(scored, ctx), len(scored)) == rank_of(drawn, len(scored)) == placed

    return Claim(ctx.phrase("papi.papi_ranks", placed=placed, **values), holds)


def _withheld(dimension: str, with_result: int, values: dict, ctx: Context) -> Claim:
    """That the province's result was not published, and how many have one."""

    def holds(frame: pd.DataFrame) -> bool:
        rows = frame[frame["component_id"] == dimension]
        hidden = phrases.own_rows(rows, ctx)["score"].isna().all()
        return bool(hidden) and int(rows["score"].notna().sum()) == with_result

    return Claim(ctx.phrase("papi.papi_result_not_published_provinces", **values), holds)


def _are_ends(frame: pd.DataFrame, dimension: str, best: tuple, worst: tuple, ctx: Context) -> bool:
    """Whether no sub-dimension has a better or a worse place, by scores; best, worst: component and place."""
    parts = frame[frame["component_id"] != dimension].groupby("component_id")
    places = {part: found for part, rows in parts if (found := place(rows, ctx)) is not None}
    ends = places[best[0]], places[worst[0]]
    return ends == (best[1], worst[1]) == (min(places.values()), max(places.values()))


ATLAS_ROW, ATLAS_NAMES = 0.42, 2.55  # cm: height of a province, width of its name


@plot(lambda cells: 1.35 + ATLAS_ROW * math.ceil(cells["province_code"].nunique() / 2))
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """All provinces by a dimension and its sub-dimensions: the group as colour, the rank in each cell, two halves."""
    components = _components(cells)
    dimension = components[0].component_id
    ranked = cells.set_index(["province_code", "component_id"])[["rank", "group_derived", "missing"]]
    first = cells[cells["component_id"] == dimension].set_index("province_code")["rank"]
    names = {code: province_name(code, cells["boundary"].iloc[0], ctx.language) for code in first.index}
    # first on top; provinces without a result last, in the order of their names
    codes = sorted(first.index, key=lambda code: (first[code] if pd.notna(first[code]) else 99, sort_key(names[code])))
    rows, half, gap = math.ceil(len(codes) / 2), (area.width - 0.5) / 2, 0.12
    cell = (half - ATLAS_NAMES - gap) / len(components)
    axes = []
    for block in range(2):
        left = block * (half + 0.5)
        ax = area.axes(left, 0.55, left + half, 0.55 + ATLAS_ROW * rows)
        ax.set_axis_off()
        ax.set_xlim(0, half)
        ax.set_ylim(rows, 0)
        # the dimension stands apart from its parts
        places = [ATLAS_NAMES + i * cell + (gap if i else 0) for i in range(len(components))]
        for x, component in zip(places, components, strict=True):
            whole = component.component_id == dimension
            label(ax, x + cell / 2, 0, component.number, ha="center", dy=8, weight="bold" if whole else "normal")
        for y, code in enumerate(codes[block * rows : (block + 1) * rows]):
            own = code == ctx.province.province_code
            look = {"weight": "bold", "color": OWN} if own else {"color": INK}
            label(ax, 0.12, y + 0.5, names[code], size=SMALL, **look)
            for x, component in zip(places, components, strict=True):
                strong = own or component.component_id == dimension
                _cell(ax, ranked.loc[(code, component.component_id)], x, y, cell, strong)
            if own:
                ring = (0.03, y - 0.02), half + 0.02, 1.04
                ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=1.6, zorder=5, clip_on=False))
        axes.append(ax)
    lacking = [("not_published", word("not_published", ctx.language))] * int(cells["group_derived"].isna().any())
    pieces.key(area, area.height - 0.6, [(group, word(group, ctx.language)) for group in GROUPS] + lacking)
    return axes


def _cell(ax: Axes, row: pd.Series, x: float, y: int, wide: float, strong: bool) -> None:
    """The rank of a province on the colour of its group; hatched where it was withheld."""
    rank, group, missing = row
    box = (x + 0.02, y + 0.04), wide - 0.04, 0.92
    if not isinstance(group, str):
        if missing:
            ax.add_patch(Rectangle(*box, fc="white", ec="#A8A8A8", hatch="////", lw=0.4))
        return
    ax.add_patch(Rectangle(*box, fc=style.GROUP_COLOURS[group], lw=0))
    look = {"color": "white" if group in GROUPS[:2] else INK, "weight": "bold" if strong else "normal"}
    label(ax, x + wide / 2, y + 0.5, str(int(rank)), size=SMALL, ha="center", **look)
