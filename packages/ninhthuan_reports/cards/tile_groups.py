"""One tile a province, coloured by its group; the own tile is ringed, withheld provinces are hatched."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, SMALL, SOFT, Area, label
from ninhthuan.catalogue import GROUPS, catalogue
from ninhthuan.language import label as word

from .. import phrases, pieces
from ..pieces import plot
from ..wording import Context, lower_first, province_name, rank_of


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Group of the province, or that it was not published."""
    if cells.empty or cells["group_derived"].isna().all():
        raise phrases.nothing(ctx.phrase("peers.scores_provinces_needed_groups_not"))
    year, name = int(cells["edition_year"].iloc[0]), phrases.subject_of(cells.iloc[0], ctx)
    own = cells[cells["province_code"] == ctx.province.province_code].iloc[0]
    held = cells[cells["group_derived"].notna()]
    with_result = len(held)

    def scored(frame: pd.DataFrame) -> pd.DataFrame:
        rows = frame[frame["group_derived"].notna()]
        return rows if rows["edition_year"].eq(year).all() else rows.iloc[:0]

    if isinstance(own["group_derived"], str):
        own_group = own["group_derived"]
        mates = int((held["group_derived"] == own_group).sum())

        def grouped(frame: pd.DataFrame) -> bool:
            rows = scored(frame)
            quartiles = [rows["score"].quantile(q) for q in (0.75, 0.5, 0.25)]
            groups = [phrases.group_by(score, quartiles) for score in rows["score"]]
            mine = (
                phrases.own_rows(frame, ctx)["group_derived"].item(),
                phrases.group_by(phrases.own_rows(rows, ctx)["score"].item(), quartiles),
            )
            counted = groups.count(own_group), rows["group_derived"].eq(own_group).sum()
            return mine == (own_group, own_group) and counted == (mates, mates)

        title = ctx.phrase(
            "peers.one_provinces_group",
            name=name,
            year=year,
            province=ctx.name,
            lower_first=(
                lower_first(word(own["group_derived"], "vi")),
                lower_first(word(own["group_derived"], "en")),
            ),
            mates=mates,
        )
    else:

        def grouped(frame: pd.DataFrame) -> bool:
            mine = phrases.own_rows(frame, ctx)
            return len(mine) == 1 and mine["score"].isna().all() and len(scored(frame)) == with_result

        title = ctx.phrase(
            "peers.result_not_published_provinces_have",
            name=name,
            year=year,
            province=ctx.name,
            with_result=with_result,
        )
    before = ctx.province.boundary == "pre_2025"
    subtitle = ctx.phrase(
        ("peers.group_one_tile_province" if before else "peers.group_one_tile_province_2025"),
        score_of=phrases.score_name(cells.iloc[0], ctx),
        year=year,
    )
    note = ctx.phrase("peers.groups_quartile_papi_s_rule")
    sizes = held["group_derived"].value_counts()
    listed = ", ".join(f"{phrases.group_name(group, ctx)} {sizes.get(group, 0)}" for group in GROUPS)
    numbers = [ctx.phrase("peers.provinces_group_result", with_result=with_result, listed=listed)]
    if pd.notna(own["score"]):
        placed = rank_of(own["rank_derived"], own["n_ranked"])
        numbers.insert(
            0,
            ctx.phrase(
                "peers.scores_points_ranks", province=ctx.name, score=ctx.number(own["score"], 2), placed=placed
            ),
        )
    count = len(cells)
    kind = ctx.phrase("peers.tile_grid_provinces", count=count)
    return Caption(title, subtitle, note, kind, tuple(numbers), (Claim(title, grouped),))


@plot(11.2)
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One tile a province, coloured by its group; the own tile is ringed, withheld provinces are hatched."""
    boundary = cells["boundary"].iloc[0]
    known = catalogue()
    held = cells.set_index("province_code")
    tiles = [p for p in known.provinces.values() if p.boundary == boundary and p.tile_col is not None]
    split = (max(p.tile_row for p in tiles) + 1) // 2
    columns = max(p.tile_col for p in tiles) + 1
    ax = area.axes(0, 0, area.width, area.height)
    ax.set_axis_off()
    ax.set_xlim(0, area.width)
    ax.set_ylim(area.height, 0)
    gap, head = 0.05, 0.75
    wide, tall = 1.06 * area.width / pieces.PLOT_CM, (area.height - head - 0.45) / split
    right_edge = area.width - columns * wide + gap
    for province in tiles:
        lower = province.tile_row >= split
        x = province.tile_col * wide + (right_edge if lower else 0)
        y = head + (province.tile_row - (split if lower else 0)) * tall
        cell = held.loc[province.province_code] if province.province_code in held.index else None
        group = cell["group_derived"] if cell is not None else None
        name = province_name(province.province_code, boundary, ctx.language, short=True)
        text = "\n".join(style.wrap(name, SMALL, wide - 0.24, "bold"))
        size = (wide - gap, tall - gap)
        middle = (x + size[0] / 2, y + size[1] / 2)
        own = province.province_code == ctx.province.province_code
        if own:
            ring = (x - 0.03, y - 0.03), size[0] + 0.06, size[1] + 0.06
            ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=2.4, zorder=5))
        if not isinstance(group, str):
            ax.add_patch(Rectangle((x, y), *size, fc="white", ec="#A8A8A8", hatch="////", lw=0.6))
            label(
                ax,
                *middle,
                text,
                size=SMALL,
                ha="center",
                weight="bold" if own else "normal",
                path_effects=[style.patheffects.withStroke(linewidth=2.6, foreground="white")],
            )
            continue
        ax.add_patch(Rectangle((x, y), *size, fc=style.GROUP_COLOURS[group], lw=0))
        label(
            ax,
            *middle,
            text,
            size=SMALL,
            ha="center",
            color="white" if group in GROUPS[:2] else INK,
            weight="bold" if own else "normal",
        )
    label(ax, 0, 0.35, ctx.phrase("peers.north_north_central_da_nang"), color=SOFT)
    label(
        ax,
        area.width,
        0.35,
        ctx.phrase("peers.south_central_highlands_south"),
        ha="right",
        color=SOFT,
    )
    counts = cells["group_derived"].value_counts()
    texts = {}
    for group in GROUPS:
        scores = cells.loc[cells["group_derived"] == group, "score"]
        if len(scores):
            span = f"{ctx.number(scores.min())}–{ctx.number(scores.max())}"
            texts[group] = ctx.phrase(
                "peers.provinces", word=(word(group, "vi"), word(group, "en")), counts=counts[group], span=span
            )
    withheld = int(cells["score"].isna().sum())
    texts["not_published"] = ctx.phrase("peers.not_published", withheld=withheld)
    pieces.group_key(area, right_edge - 1.25, head + 0.15, ctx, withheld=bool(withheld), texts=texts)
    return [ax]
