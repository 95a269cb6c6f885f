"""One tile a province, coloured by its group; the own tile is ringed, its region outlined, the withheld hatched."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.reference import GROUPS

from .. import phrases, pieces
from ..claims import fitting, groups, together
from ..pieces import plot
from ..wording import Context, province_name, rank_of

RING_CM = 0.08  # beside the outer tiles, for the ring of the own one
HAI_VAN = "48"  # Đà Nẵng stands in the row of Huế, but beyond the pass that parts the two blocks


def caption(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Group of the province, and how many of its region share it."""
    if cells.empty or cells["group_derived"].isna().all():
        raise phrases.nothing(ctx.phrase("peers.scores_provinces_needed_groups_not"))
    year, name = int(cells["edition_year"].iloc[0]), phrases.subject_of(cells.iloc[0], ctx)
    own = phrases.own_rows(cells, ctx).iloc[0]
    sizes = cells["group_derived"].value_counts()
    with_result, group = int(sizes.sum()), own["group_derived"]
    values = {"name": name, "year": year, "province": ctx.name}
    if not isinstance(group, str):
        key = "total" if own["component_id"].endswith("_total") else "result"
        missing = ctx.phrase(f"peers.{key}_not_published_provinces_have", with_result=with_result, **values)
        raise phrases.nothing(missing)
    framed = cells[cells["province_code"].isin(_region(ctx))]
    region = framed[framed["group_derived"].notna()]
    mates = region[region["group_derived"] == group]
    found = group, len(mates), len(region), int(sizes[group])
    values |= {"group": phrases.group_name(group, ctx), "size": found[3], "mates": found[1] + 1, "of": found[2] + 1}
    values |= {"others": found[1], "rest": found[2]}
    kind = "region" if len(mates) else "region_alone" if len(region) else "country"
    before = ctx.province.boundary == "pre_2025"
    if before:
        values["region"] = ctx.phrase(f"tile_groups.name_{ctx.province.region_id}")
        values |= {"full": ctx.pick(ctx.province.region, ctx.province.region_en)}
    title = fitting(ctx.phrase(f"tile_groups.{key}", **values) for key in (kind, f"{kind}_short"))
    listed = ", ".join(f"{phrases.group_name(each, ctx)} {sizes.get(each, 0)}" for each in GROUPS)
    score, placed = ctx.number(own["score"], 2), rank_of(own["rank_derived"], own["n_ranked"])
    numbers = [
        ctx.phrase("peers.scores_points_ranks", province=ctx.name, score=score, placed=placed),
        ctx.phrase("peers.provinces_group_result", with_result=with_result, listed=listed),
    ]
    if len(mates):
        names = [province_name(*of, ctx.language) for of in phrases.read(mates, "province_code", "boundary")]
        numbers.insert(1, ctx.phrase("tile_groups.mates", listed=listing(names, ctx.language)))
    values |= {"score_of": phrases.score_name(cells.iloc[0], ctx), "all": len(framed) + 1}
    subtitle = ctx.phrase("tile_groups.subtitle" if before else "tile_groups.subtitle_2025", **values)
    subtitle += ctx.phrase("tile_groups.subtitle_scored", **values) * (len(region) < len(framed))
    note = together((ctx.phrase("peers.groups_quartile_papi_s_rule"), _short_names(own["boundary"], ctx)))
    kind = ctx.phrase("peers.tile_grid_provinces", count=len(cells))
    holds = (Claim(title, lambda frame: _standing(frame, year, ctx) == found),)
    return Caption(title, subtitle, note, kind, tuple(numbers), holds)


def _region(ctx: Context) -> set[str]:
    """Codes of the other provinces of the province's region; none where there are no regions."""
    own = ctx.province
    return {*catalogue().region_mates(own.boundary, own.province_code)} - {own.province_code}


def _short_names(boundary: str, ctx: Context) -> str:
    """What the names stand for that are cut short on their tiles."""
    pairs = [
        [province_name(p.province_code, boundary, ctx.language, short=short) for short in (True, False)]
        for p in _tiles(boundary)[0]
    ]
    return "; ".join(f"{short}: {name}" for short, name in pairs if short != name) + "."


def _tiles(boundary: str) -> tuple[list, set[str], int]:
    """Provinces with a tile, those of them in the block of the south, and the row with which that begins."""
    tiles = [p for p in catalogue().provinces.values() if p.boundary == boundary and p.tile_col is not None]
    half = (max(p.tile_row for p in tiles) + 1) // 2
    south = [p for p in tiles if p.tile_row >= half or p.province_code == HAI_VAN]
    return tiles, {p.province_code for p in south}, min(p.tile_row for p in south)


def _standing(frame: pd.DataFrame, year: int, ctx: Context) -> tuple | None:
    """Group of the province by the scores, who of its region shares it, of how many, and its size."""
    rows, mine = frame[frame["group_derived"].notna()], phrases.own_rows(frame, ctx)
    if not rows["edition_year"].eq(year).all() or mine["score"].count() != 1:
        return None
    by_score = dict(zip(rows["province_code"], groups(rows["score"]), strict=True))
    group = by_score[ctx.province.province_code]
    region = [by_score[code] for code in _region(ctx) if code in by_score]
    found = group, region.count(group), len(region), list(by_score.values()).count(group)
    drawn = mine["group_derived"].item(), int((rows["group_derived"] == group).sum())
    return found if drawn == (group, found[3]) else None


@plot(11.2)
def draw(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One tile a province, coloured by its group; the own tile is ringed, its region outlined, the withheld hatched."""
    boundary, region = cells["boundary"].iloc[0], _region(ctx)
    groups_of = dict(zip(cells["province_code"], cells["group_derived"], strict=True))
    tiles, south, first = _tiles(boundary)
    columns = max(p.tile_col for p in tiles) + 1
    ax = area.sheet()
    gap, head = 0.05, 0.75
    rows = max(p.tile_row - (first if p.province_code in south else 0) for p in tiles) + 1
    wide, tall = 1.06 * area.width / pieces.PLOT_CM, (area.height - head - 0.45) / rows
    right_edge = area.width - columns * wide + gap - RING_CM
    for province in tiles:
        lower = province.province_code in south
        x = province.tile_col * wide + (right_edge if lower else RING_CM)
        y = head + (province.tile_row - (first if lower else 0)) * tall
        name = province_name(province.province_code, boundary, ctx.language, short=True)
        text = "\n".join(style.wrap(name, SMALL, wide - 0.24, "bold"))
        own = province.province_code == ctx.province.province_code
        ring = 2.4 if own else 1.0 if province.province_code in region else 0
        _tile(ax, (x, y), (wide - gap, tall - gap), text, groups_of.get(province.province_code), ring)
    label(ax, 0, 0.35, ctx.phrase("peers.north_north_central"), color=SOFT)
    label(ax, area.width, 0.35, ctx.phrase("peers.south_central_highlands_south"), ha="right", color=SOFT)
    texts = {}
    for group, rows in cells[cells["score"].notna()].groupby("group_derived"):
        span = f"{ctx.number(rows['score'].min())}–{ctx.number(rows['score'].max())}"
        texts[group] = ctx.phrase("peers.provinces", word=word(group, ctx.language), counts=len(rows), span=span)
    withheld = int(cells["score"].isna().sum())
    texts["not_published"] = ctx.phrase("peers.not_published", withheld=withheld)
    pieces.group_key(area, right_edge - 1.25, head + 0.15, ctx, withheld=bool(withheld), texts=texts)
    return [ax]


def _tile(ax: Axes, corner: tuple, size: tuple, text: str, group: str | None, ring: float) -> None:
    """A tile with its name: in the colour of its group, hatched without one; with a line of `ring` points about it."""
    (x, y), (wide, tall) = corner, size
    look = {"size": SMALL, "ha": "center", "weight": "bold" if ring > 1 else "normal"}
    if ring:
        out = 0.03 if ring > 1 else 0.0
        box = (x - out, y - out), wide + 2 * out, tall + 2 * out
        ax.add_patch(Rectangle(*box, fill=False, ec=style.RING, lw=ring, zorder=4 + ring))
        # white within the ring, which a dark tile would swallow
        ax.add_patch(Rectangle((x + 0.04, y + 0.04), wide - 0.08, tall - 0.08, fill=False, ec="white", lw=1, zorder=4))
    if isinstance(group, str):
        ax.add_patch(Rectangle((x, y), *size, fc=style.GROUP_COLOURS[group], lw=0))
        look["color"] = "white" if group in GROUPS[:2] else INK
    else:
        ax.add_patch(Rectangle((x, y), *size, fc="white", ec="#A8A8A8", hatch="////", lw=0.6))
        look["path_effects"] = [style.patheffects.withStroke(linewidth=2.6, foreground="white")]
    label(ax, x + wide / 2, y + tall / 2, text, **look)
