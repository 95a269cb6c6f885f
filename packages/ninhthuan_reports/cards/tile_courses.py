"""Every province as a small course of its rank on its tile; the own tile is ringed, and drawn once more in large."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import FOCUS, INK, OWN, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.reference import GROUPS

from .. import phrases, pieces
from ..pieces import plot
from ..wording import Context, index_name, province_name, rank_of, together

COLUMNS, TALL, GAP, HEAD = 8, 1.1, 0.05, 1.05  # of tiles; cm
HAI_VAN = "48"  # Đà Nẵng stands in the row of Huế, but beyond the pass that parts the two blocks
LEAST = 3  # editions that make a course
RING_CM = 0.06  # beside the outer tiles, for the ring of the own one
NAMED = 4  # provinces that the large course has room to name


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Between which ranks the province went up and down, and how many went further."""
    ranked = history[history["rank"].notna()]
    if ranked["edition_year"].nunique() < LEAST:
        raise phrases.nothing(ctx.phrase("tile_courses.too_few", province=ctx.name, least=LEAST))
    index, years = index_name(ranked["index_id"].iloc[0]), phrases.years(ranked)
    own, spans = phrases.own_rows(ranked, ctx), _spans(ranked, ctx)
    values = {"name": index, "years": phrases.years(own) if len(own) > 1 else years, "province": ctx.name}
    if len(own) < 2:
        found = None
        editions = listing([str(year) for year in own["edition_year"]], ctx.language)
        title = ctx.phrase(f"tile_courses.title_{'once' if len(own) else 'never'}", editions=editions, **values)
    else:
        low, high = int(own["rank"].min()), int(own["rank"].max())
        side, others = _further(spans, ctx)
        found = low, high, side, len(others), len(spans)
        between = ctx.phrase("tile_courses.same" if low == high else "tile_courses.between", low=low, high=high)
        key = side if len(others) else f"none_{side}"
        title = ctx.phrase(f"tile_courses.title_{key}", between=between, count=len(others), of=len(spans), **values)

    count = len(own)

    def moved(frame: pd.DataFrame) -> bool:
        """Ranks counted again from scores."""
        rows = frame[frame["score"].notna()]
        ranks = rows["score"].groupby(rows["edition_year"]).rank(ascending=False, method="min")
        same = (ranks == rows["rank"]).all() and phrases.years(rows) == years
        table = ranks.groupby([rows["province_code"], rows["edition_year"]]).first().unstack()
        code = ctx.province.province_code
        if found is None:
            return same and (0 if code not in table.index else table.loc[code].notna().sum()) == count < 2
        # the editions of the province, and those who have a result in each of them
        table = table.loc[:, table.loc[code].notna()].dropna()
        far = table.max(axis=1) - table.min(axis=1)
        further = (far - far[code]) * (1 if found[2] == "wider" else -1)
        ends = int(table.loc[code].min()), int(table.loc[code].max())
        return same and (*ends, found[2], int((further > 0).sum()), len(table)) == found

    first, last = phrases.first_and_last(ranked)
    marks = phrases.marks_note(ranked["component_id"].iloc[0], first, last, ctx, steps=False)
    note = f"{ctx.phrase('tile_courses.note', year=last)} {marks}".strip()
    subtitle = ctx.phrase("tile_courses.subtitle", name=index, year=last, years=years)
    numbers = []
    if len(own):
        newest = own.loc[own["edition_year"].idxmax()]
        was = rank_of(newest["rank"], newest["n_ranked"])
        numbers = [ctx.phrase("peers.ranked", edition_year=newest["edition_year"], province=ctx.name, was=was)]
    middle = int((spans["max"] - spans["min"]).median())
    numbers.append(ctx.phrase("tile_courses.middle", places=middle, count=len(spans)))
    kind = ctx.phrase("peers.tile_grid_provinces", count=history["province_code"].nunique())
    return Caption(title, subtitle, note, kind, tuple(numbers), (Claim(title, moved),))


def _spans(ranked: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Best and worst rank in the province's own editions, of each province with a result in every one of them.

    Where the province has fewer than two: in all editions.
    """
    own = phrases.own_rows(ranked, ctx)["edition_year"]
    editions = set(own) if len(own) > 1 else set(ranked["edition_year"])
    rows = ranked[ranked["edition_year"].isin(editions)]
    spans = rows.groupby("province_code")["rank"].agg(["min", "max", "count"]).astype(int)
    return spans[spans["count"] == len(editions)]


def _further(spans: pd.DataFrame, ctx: Context) -> tuple[str, list[str]]:
    """`wider` or `narrower`, whichever fewer provinces were, and those provinces, the extreme ones first."""
    own = spans.loc[ctx.province.province_code]
    over = (spans["max"] - spans["min"] - (own["max"] - own["min"])).sort_values(kind="stable")
    wider, narrower = list(over[over > 0].index[::-1]), list(over[over < 0].index)
    return ("wider", wider) if len(wider) <= len(narrower) else ("narrower", narrower)


def _places(boundary: str) -> dict[str, tuple[int, int]]:
    """Column and row of each tile: the south stands a column to the right, as high as leaves a tile free between."""
    tiles = [p for p in catalogue().provinces.values() if p.boundary == boundary and p.tile_col is not None]
    half = (max(p.tile_row for p in tiles) + 1) // 2
    south = {p.province_code for p in tiles if p.tile_row >= half or p.province_code == HAI_VAN}
    foot, top = {}, {}
    for p in tiles:
        if p.province_code in south:
            top[p.tile_col + 1] = min(p.tile_row, top.get(p.tile_col + 1, p.tile_row))
        else:
            foot[p.tile_col] = max(p.tile_row, foot.get(p.tile_col, 0))
    lift = min(top[column] - foot[column] for column in top if column in foot) - 2
    shift = {True: (1, -lift), False: (0, 0)}
    moves = {p.province_code: shift[p.province_code in south] for p in tiles}
    return {
        p.province_code: (p.tile_col + moves[p.province_code][0], p.tile_row + moves[p.province_code][1]) for p in tiles
    }


def _height(history: pd.DataFrame) -> float:
    return HEAD + TALL * (1 + max(row for _, row in _places(history["boundary"].iloc[0]).values()))


@plot(_height)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Tiles in the colour of the newest group; in each the course of the rank, 1 at its upper edge."""
    ranked = history[history["rank"].notna()]
    last, places = int(ranked["edition_year"].max()), _places(history["boundary"].iloc[0])
    newest = history[history["edition_year"] == last].set_index("province_code")
    items = [(group, word(group, ctx.language)) for group in GROUPS]
    if newest["rank"].isna().any():
        items.append(("not_published", word("not_published", ctx.language)))
    pieces.key(area, 0, items)
    ax = area.sheet()
    wide, courses = (area.width - 2 * RING_CM) / COLUMNS, dict(iter(history.groupby("province_code")))
    scale = (int(ranked["edition_year"].min()), last), int(ranked["n_ranked"].max())
    for code, (column, row) in places.items():
        corner = RING_CM + column * wide, HEAD + row * TALL
        name = province_name(code, history["boundary"].iloc[0], ctx.language, short=True)
        own = code == ctx.province.province_code
        group = newest["group_derived"].get(code)
        _tile(ax, corner, (wide - GAP, TALL - GAP), group, own)
        text = "white" if group in GROUPS[:2] else INK
        look = {"color": text, "weight": "bold" if own else "normal"}
        halo = {} if isinstance(group, str) else {"path_effects": style.HALO}
        label(ax, corner[0] + 0.1, corner[1] + 0.22, name, size=SMALL, zorder=5, **look, **halo)
        box = corner[0] + 0.14, corner[1] + 0.5, corner[0] + wide - 0.62, corner[1] + TALL - 0.19
        if code in courses:
            _course(ax, courses[code], box, scale, text, 1.7 if own else 1.0)
            end = newest["rank"].get(code)
            if pd.notna(end):
                y = max(_across(last, end, box, scale)[1], box[1] + 0.05)
                label(ax, box[2] + 0.11, y, str(int(end)), size=SMALL, zorder=5, **look)
    south = min(row for column, row in places.values() if column == COLUMNS - 2)
    label(ax, 0, 0.8, ctx.phrase("tile_courses.north"), color=SOFT)
    label(ax, area.width - GAP, HEAD + south * TALL - 0.45, ctx.phrase("tile_courses.south"), ha="right", color=SOFT)
    _large(ax, history, places, wide, scale, ctx)
    return [ax]


def _tile(ax: Axes, corner, size, group, own: bool) -> None:
    """A tile, hatched where nothing was published, ringed if it is the own one."""
    hatch = {} if isinstance(group, str) else {"ec": "#A8A8A8", "hatch": "////"}
    ax.add_patch(
        Rectangle(corner, *size, fc=style.GROUP_COLOURS.get(group, "white"), lw=0.6 if hatch else 0, zorder=1, **hatch)
    )
    if own:
        ring = (corner[0] - 0.03, corner[1] - 0.03), size[0] + 0.06, size[1] + 0.06
        ax.add_patch(Rectangle(*ring, fill=False, ec=style.RING, lw=2.4, zorder=6))


def _across(year: float, rank: float, box, scale) -> tuple[float, float]:
    """Place of a rank in a box: (left, top, right, bottom); scale: first and last edition, last rank."""
    (first, last), count = scale
    left, top, right, bottom = box
    return left + (year - first) / (last - first) * (right - left), top + (rank - 1) / (count - 1) * (bottom - top)


def _course(ax: Axes, rows: pd.DataFrame, box, scale, colour: str, width: float) -> None:
    """The ranks of one province, broken where a year has none; a dot at the end, and where one stands alone."""
    last = scale[0][1]
    for run in pieces.stretches(rows, "rank"):
        places = [_across(year, rank, box, scale) for year, rank in phrases.read(run, "edition_year", "rank")]
        ax.plot(*zip(*places, strict=True), color=colour, lw=width, solid_joinstyle="round", zorder=4)
        if len(run) == 1 or run["edition_year"].iloc[-1] == last:
            ax.plot(*places[-1], "o", ms=2.4 * width**0.5, color=colour, zorder=4)


def _large(ax: Axes, history: pd.DataFrame, places, wide: float, scale, ctx: Context) -> None:
    """The own course once more where no tile stands, with its years and ranks, and who went further."""
    rows = phrases.own_rows(history, ctx)
    ranked = rows[rows["rank"].notna()]
    if ranked.empty:
        return
    (first, last), count = scale
    top = HEAD + TALL * (1.5 + max(row for column, row in places.values() if column < 3 and row < 9))
    box = 0.75, top + 0.75, 2.75 * wide - 0.75, top + 3.1
    label(ax, 0, top, f"{ctx.name}, {first}–{last}", size=FOCUS, weight="bold", color=OWN)
    for rank in (1, count):
        y = _across(first, rank, box, scale)[1]
        ax.plot([box[0] - 0.3, box[0] - 0.18], [y, y], color=style.MIDDLE, lw=0.7)
        label(ax, box[0] - 0.4, y, str(rank), size=SMALL, ha="right", color=SOFT)
    for year in (first, last):
        label(ax, _across(year, count, box, scale)[0], box[3] + 0.6, str(year), size=SMALL, ha="center", color=SOFT)
    _course(ax, rows, box, scale, OWN, 2.2)
    ranks = ranked.set_index("edition_year")["rank"].astype(int)
    # best above, worst below, and the newest beside its end
    sides = {
        ranks.index[-1]: (0.15, 0, "left"),
        ranks.idxmin(): (0, -0.27, "center"),
        ranks.idxmax(): (0, 0.27, "center"),
    }
    for year, (right, down, side) in sides.items():
        x, y = _across(year, ranks[year], box, scale)
        label(ax, x + right, y + down, str(ranks[year]), size=SMALL, ha=side, color=OWN, weight="bold")
    spans = _spans(history[history["rank"].notna()], ctx)
    if ctx.province.province_code not in spans.index:
        return
    side, others = _further(spans, ctx)
    if others:
        boundary = history["boundary"].iloc[0]
        named = [
            f"{province_name(code, boundary, ctx.language)} ({spans.at[code, 'min']}–{spans.at[code, 'max']})"
            for code in others[:NAMED]
        ]
        who = listing(named, ctx.language) if len(others) <= NAMED else ""
        key = side + "_named" * bool(who)
        text = ctx.phrase(f"tile_courses.range_{key}", count=len(others), who=who)
        lines = style.wrap(together(text).replace(" (", "\N{NO-BREAK SPACE}("), SMALL, 2.85 * wide)
        label(ax, 0, box[3] + 1.0 + 0.17 * len(lines), "\n".join(lines), size=SMALL, color=SOFT)
