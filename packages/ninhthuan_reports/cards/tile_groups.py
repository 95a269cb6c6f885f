"""One tile a province, coloured by its group; the own tile is ringed, withheld provinces are hatched."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.reference import GROUPS

from .. import phrases, pieces
from ..claims import fitting, groups
from ..pieces import plot
from ..wording import Context, province_name, rank_of

RING_CM = 0.08  # beside the outer tiles, for the ring of the own one


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Group of the province, or that it was not published."""
    if cells.empty or cells["group_derived"].isna().all():
        raise phrases.nothing(ctx.phrase("peers.scores_provinces_needed_groups_not"))
    year, name = int(cells["edition_year"].iloc[0]), phrases.subject_of(cells.iloc[0], ctx)
    own = cells[cells["province_code"] == ctx.province.province_code].iloc[0]
    sizes = cells["group_derived"].value_counts()
    with_result, group = int(sizes.sum()), own["group_derived"]
    values = {"name": name, "year": year, "province": ctx.name}
    if isinstance(group, str):
        mates = cells.loc[cells["group_derived"] == group, "province_code"]
        region = catalogue().region_mates(own["boundary"], own["province_code"])
        found = group, len(mates), int(mates.isin(region).sum())
        values |= {"group": phrases.group_name(group, ctx), "mates": found[1], "there": found[2]}
        keys = [*["region"] * bool(region), "group"]
        title = fitting(ctx.phrase(f"tile_groups.{key}", **values) for key in keys)
    else:
        found = "", with_result
        key = "total" if own["component_id"].endswith("_total") else "result"
        title = ctx.phrase(f"peers.{key}_not_published_provinces_have", with_result=with_result, **values)
    listed = ", ".join(f"{phrases.group_name(each, ctx)} {sizes.get(each, 0)}" for each in GROUPS)
    numbers = [ctx.phrase("peers.provinces_group_result", with_result=with_result, listed=listed)]
    if pd.notna(own["score"]):
        score, placed = ctx.number(own["score"], 2), rank_of(own["rank_derived"], own["n_ranked"])
        numbers.insert(0, ctx.phrase("peers.scores_points_ranks", province=ctx.name, score=score, placed=placed))
    before = ctx.province.boundary == "pre_2025"
    return Caption(
        title,
        ctx.phrase(
            "peers.group_one_tile_province" if before else "peers.group_one_tile_province_2025",
            score_of=phrases.score_name(cells.iloc[0], ctx),
            year=year,
        ),
        ctx.phrase("peers.groups_quartile_papi_s_rule"),
        ctx.phrase("peers.tile_grid_provinces", count=len(cells)),
        tuple(numbers),
        (Claim(title, lambda frame: _standing(frame, year, ctx) == found),),
    )


def _tiles(boundary: str) -> tuple[list, int]:
    """Provinces with a tile, and the row with which the second block begins."""
    tiles = [p for p in catalogue().provinces.values() if p.boundary == boundary and p.tile_col is not None]
    return tiles, (max(p.tile_row for p in tiles) + 1) // 2


def _standing(frame: pd.DataFrame, year: int, ctx: Context) -> tuple | None:
    """Group of the province by the scores, its size, and how many of it are of the province's region.

    Without its score blank, and how many have one.
    """
    rows, mine = frame[frame["group_derived"].notna()], phrases.own_rows(frame, ctx)
    if not rows["edition_year"].eq(year).all() or len(mine) != 1:
        return None
    if pd.isna(mine["score"].item()):
        return "", len(rows)
    by_score = groups(rows["score"])
    group = dict(zip(rows["score"], by_score, strict=True))[mine["score"].item()]
    known, boundary = catalogue().provinces, ctx.province.boundary
    mates = [code for code, its in zip(rows["province_code"], by_score, strict=True) if its == group]
    if mine["group_derived"].item() != group or int((rows["group_derived"] == group).sum()) != len(mates):
        return None
    of_region = [code for code in mates if known[(boundary, code)].region_id == ctx.province.region_id]
    return group, len(mates), len(of_region) * bool(ctx.province.region_id)


@plot(11.2)
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One tile a province, coloured by its group; the own tile is ringed, withheld provinces are hatched."""
    boundary = cells["boundary"].iloc[0]
    groups_of = dict(zip(cells["province_code"], cells["group_derived"], strict=True))
    tiles, split = _tiles(boundary)
    columns = max(p.tile_col for p in tiles) + 1
    ax = area.sheet()
    gap, head = 0.05, 0.75
    wide, tall = 1.06 * area.width / pieces.PLOT_CM, (area.height - head - 0.45) / split
    right_edge = area.width - columns * wide + gap - RING_CM
    for province in tiles:
        lower = province.tile_row >= split
        x = province.tile_col * wide + (right_edge if lower else RING_CM)
        y = head + (province.tile_row - (split if lower else 0)) * tall
        name = province_name(province.province_code, boundary, ctx.language, short=True)
        text = "\n".join(style.wrap(name, SMALL, wide - 0.24, "bold"))
        own = province.province_code == ctx.province.province_code
        _tile(ax, (x, y), (wide - gap, tall - gap), text, groups_of.get(province.province_code), own)
    label(ax, 0, 0.35, ctx.phrase("peers.north_north_central_da_nang"), color=SOFT)
    label(ax, area.width, 0.35, ctx.phrase("peers.south_central_highlands_south"), ha="right", color=SOFT)
    texts = {}
    for group, rows in cells[cells["score"].notna()].groupby("group_derived"):
        span = f"{ctx.number(rows['score'].min())}–{ctx.number(rows['score'].max())}"
        texts[group] = ctx.phrase("peers.provinces", word=word(group, ctx.language), counts=len(rows), span=span)
    withheld = int(cells["score"].isna().sum())
    texts["not_published"] = ctx.phrase("peers.not_published", withheld=withheld)
    pieces.group_key(area, right_edge - 1.25, head + 0.15, ctx, withheld=bool(withheld), texts=texts)
    return [ax]


def _tile(ax: Axes, corner: tuple, size: tuple, text: str, group: str | None, own: bool) -> None:
    """A tile with its name: in the colour of its group, hatched without one; the own tile ringed."""
    (x, y), (wide, tall) = corner, size
    look = {"size": SMALL, "ha": "center", "weight": "bold" if own else "normal"}
    if own:
        ring = (x - 0.03, y - 0.03), wide + 0.06, tall + 0.06
        ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=2.4, zorder=5))
    if isinstance(group, str):
        ax.add_patch(Rectangle((x, y), *size, fc=style.GROUP_COLOURS[group], lw=0))
        look["color"] = "white" if group in GROUPS[:2] else INK
    else:
        ax.add_patch(Rectangle((x, y), *size, fc="white", ec="#A8A8A8", hatch="////", lw=0.6))
        look["path_effects"] = [style.patheffects.withStroke(linewidth=2.6, foreground="white")]
    label(ax, x + wide / 2, y + tall / 2, text, **look)
