"""All provinces by a dimension and its sub-dimensions: the group as colour, the rank in each cell, two halves."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, OWN, SMALL, Area, label
from ninhthuan.catalogue import GROUPS, catalogue
from ninhthuan.language import label as word
from ninhthuan.language import listing

from .. import phrases, pieces
from ..pieces import plot
from ..wording import Context, component_name, province_name, rank_of, sort_key


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Rank of the province in a dimension, and its best and weakest part."""
    held = cells[cells["rank"].notna()]
    if held.empty:
        raise phrases.nothing(ctx.phrase("papi.dimension_has_no_papi_result"))
    year = int(cells["edition_year"].iloc[0])
    whole = next(
        row for row in cells.itertuples() if catalogue().component(row.component_id, year).level == "dimension"
    )
    dimension = whole.component_id
    name = component_name(catalogue().component(dimension, year), ctx.language)
    own = phrases.own_rows(held, ctx).set_index("component_id")
    parts = own.drop(index=dimension, errors="ignore").sort_values("rank")
    claims = []
    if dimension in own.index:
        placed = rank_of(own.at[dimension, "rank"], own.at[dimension, "n_ranked"])

        def ranks(frame: pd.DataFrame) -> bool:
            # by scores, where the title went by ranks
            rows = frame[(frame["component_id"] == dimension) & frame["score"].notna()]
            mine = phrases.own_rows(rows, ctx)["score"].item()
            drawn = phrases.own_rows(frame[frame["component_id"] == dimension], ctx)["rank"].item()
            place = int((rows["score"] > mine).sum()) + 1
            return rank_of(place, len(rows)) == rank_of(drawn, len(rows)) == placed

        title = ctx.phrase("papi.papi_ranks", year=year, name=name, province=ctx.name, placed=placed)
        claims.append(Claim(title, ranks))
    else:
        with_result = int((held["component_id"] == dimension).sum())

        def withheld(frame: pd.DataFrame) -> bool:
            rows = frame[frame["component_id"] == dimension]
            return (
                bool(phrases.own_rows(rows, ctx)["score"].isna().all())
                and int(rows["score"].notna().sum()) == with_result
            )

        title = ctx.phrase(
            "papi.papi_result_not_published_provinces", year=year, name=name, province=ctx.name, with_result=with_result
        )
        claims.append(Claim(title, withheld))
    if len(parts) > 1 and parts["rank"].iloc[0] < parts["rank"].iloc[-1]:
        best, worst = ((row.Index, int(row.rank)) for row in (next(parts.itertuples()), list(parts.itertuples())[-1]))

        def ends(frame: pd.DataFrame) -> bool:
            places = {}
            for part, rows in frame[frame["component_id"] != dimension].groupby("component_id"):
                mine = phrases.own_rows(rows, ctx)["score"].item()
                places[part] = int((rows["score"] > mine).sum()) + 1 if pd.notna(mine) else None
            known = {part: place for part, place in places.items() if place is not None}
            return (
                known[best[0]] == min(known.values()) == best[1] and known[worst[0]] == max(known.values()) == worst[1]
            )

        (up, high), (down, low) = ((catalogue().component(part, year).number, rank) for part, rank in (best, worst))
        more = ctx.phrase("papi.best_rank_lowest_rank", up=up, high=high, down=down, low=low)
        title += f"; {more}"
        claims.append(Claim(ctx.phrase("papi.is", province=ctx.name, more=more), ends))
    count = cells["province_code"].nunique()
    subtitle = ctx.phrase("papi.ranks_provinces_dimension_sub_dimensions", count=count)
    numbered = "; ".join(
        component_name(part, ctx.language, short=False) for part in catalogue().parts_of(dimension, year)
    )
    notes = [
        f"{numbered}." if numbered else "",
        ctx.phrase("papi.groups_quartile_provinces_result_papi"),
    ]
    leaders = held[(held["component_id"] == dimension) & (held["rank"] <= 3)].sort_values(["rank", "province_code"])
    named = [province_name(row.province_code, row.boundary, ctx.language) for row in leaders.itertuples()]
    numbers = (
        ctx.phrase("papi.top", listing=(listing(named, "vi"), listing(named, "en"))),
        ctx.phrase("papi.provinces_result", sum=int((held["component_id"] == dimension).sum())),
    )
    kind = ctx.phrase("papi.heat_table_ranks_province_sub")
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, tuple(claims))


ATLAS_ROW, ATLAS_NAMES = 0.42, 2.55  # cm: height of a province, width of its name


@plot(lambda cells: 1.35 + ATLAS_ROW * math.ceil(cells["province_code"].nunique() / 2))
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """All provinces by a dimension and its sub-dimensions: the group as colour, the rank in each cell, two halves."""
    year = int(cells["edition_year"].iloc[0])
    components = sorted(
        (catalogue().component(name, year) for name in cells["component_id"].unique()),
        key=lambda component: [int(part) for part in component.number.split(".")],
    )
    dimension = components[0].component_id
    held = cells.set_index(["province_code", "component_id"])[["rank", "group_derived", "missing"]]
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
            label(
                ax,
                0.12,
                y + 0.5,
                names[code],
                size=SMALL,
                weight="bold" if own else "normal",
                color=OWN if own else INK,
            )
            for x, component in zip(places, components, strict=True):
                rank, group, missing = held.loc[(code, component.component_id)]
                box = (x + 0.02, y + 0.04), cell - 0.04, 0.92
                if not isinstance(group, str):
                    if missing:
                        ax.add_patch(Rectangle(*box, fc="white", ec="#A8A8A8", hatch="////", lw=0.4))
                    continue
                ax.add_patch(Rectangle(*box, fc=style.GROUP_COLOURS[group], lw=0))
                dark, strong = group in GROUPS[:2], own or component.component_id == dimension
                label(
                    ax,
                    x + cell / 2,
                    y + 0.5,
                    str(int(rank)),
                    size=SMALL,
                    ha="center",
                    color="white" if dark else INK,
                    weight="bold" if strong else "normal",
                )
            if own:
                ring = (0.03, y - 0.02), half + 0.02, 1.04
                ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=1.6, zorder=5, clip_on=False))
        axes.append(ax)
    lacking = [("not_published", word("not_published", ctx.language))] * int(cells["group_derived"].isna().any())
    pieces.key(area, area.height - 0.6, [(group, word(group, ctx.language)) for group in GROUPS] + lacking)
    return axes
