"""Waterfalls of the total by dimension and of the one that makes most of it by sub-dimension; pale: within error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, HALO, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ninhthuan.analysis.change import change_limit
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing

from .. import claims, phrases, pieces
from ..pieces import plot
from ..wording import Context, component_name, sentence

MOST = 3  # dimensions that a sentence names
PALE_FALL = "#E0A98F"
WAYS = {"rose": True, "fell": False}


def caption(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The change of the total and what makes most of it; or what cannot be compared and what the rest sum to.

    A change within survey error is not put down to any part; where no part changed by more, a sentence says so.
    """
    if parts.empty:
        raise phrases.no_move(ctx)
    attrs = parts.attrs
    before, year, opened, main = (attrs[key] for key in ("year_from", "year_to", "opened", "main"))
    whole = attrs["total_to"] - attrs["total_from"]
    change = ctx.number(whole, 2, sign=True)
    values = {"year": year, "province": ctx.name, "change": change}
    if change == ctx.number(0, 2):
        raise phrases.nothing(ctx.phrase("drill_down.unchanged", before=before, **values))
    tops = parts[parts["level"] == "dimension"]
    odd = list(tops.loc[~tops["same_component"], "component_id"])
    quiet = "" if odd else phrases.within_error(whole, "papi_total", (before, year), ctx)
    sums = [ctx.number(tops.loc[tops["same_component"] == same, "contribution"].sum(), 2, sign=True) for same in (0, 1)]
    apart = dict(zip(("apart", "rest"), sums, strict=True)) if odd else {}
    clear = tops[tops["same_component"].astype(bool) & ~_pale(tops, ctx)]
    beyond = {way: {*clear.loc[clear["contribution"].gt(0) == rose, "component_id"]} for way, rose in WAYS.items()}
    known = phrases.within_error(0, "papi_total", (before, year), ctx)
    if clear.empty and (quiet or odd or not known):
        key = "part" if odd else "unknown" if not known else "lower" if whole < 0 else "higher"
        size = ctx.number(abs(whole), 2)
        raise phrases.nothing(ctx.phrase(f"drill_down.within_{key}", before=before, size=size, **apart, **values))
    most = {}
    if not quiet and not odd:
        main = main if opened else tops.loc[(tops["contribution"] * whole).idxmax(), "component_id"]
        size = ctx.number(parts.loc[parts["component_id"] == main, "contribution"].sum(), 2, sign=True)
        most = {"named": _named(main, year, ctx), "size": size}
    total = "drill_down.total_part" if odd else "drill_down.total_within"
    key, named = "drill_down.alone" if opened else "drill_down.most", claims.names(main, year, ctx) if most else ()
    title = claims.fitting(ctx.phrase(key, **(values | most | {"named": name})) for name in named)
    sizes = {part: ctx.number(size, 2, sign=True) for part, size in phrases.read(clear, "component_id", "contribution")}
    title = title or _moved(beyond, sizes, total, ctx, **values)
    why = claims.why_not(odd, (before, year), ctx) if odd else ""
    notes = (
        ctx.phrase("drill_down.note"),
        phrases.unrounded_note(ctx),
        phrases.error_note(ctx) * (not odd),
        ctx.phrase("drill_down.grey", why=why) * bool(odd),
    )
    return Caption(
        title,
        ctx.phrase("moves.change_papi_scores_added_up", before=before, **values),
        claims.together(notes),
        ctx.phrase("moves.waterfall_chart_tiers"),
        tuple(_numbers(tops, {**values, **apart, "why": why, "quiet": f", {quiet}" * bool(quiet)}, ctx)),
        (
            phrases.about(ctx),
            _changed((before, year), change, quiet, ctx),
            *([_makes_most(main, bool(opened), most, ctx)] if "named" in most else []),
            Claim(title, lambda frame: _not_alike(frame, ctx) == apart and _beyond(frame, ctx) == beyond),
            Claim(title, lambda frame: sizes.items() <= _printed(frame, ctx).items()),
            Claim(ctx.phrase("moves.each_tier_adds_up_one"), _adds_up),
        ),
    )


def _numbers(tops: pd.DataFrame, values: dict[str, str], ctx: Context) -> Iterator[str]:
    """Both totals; what cannot be compared and what the rest sum to; of the rest the lower and the higher, in all."""
    before, year = (tops.attrs[key] for key in ("year_from", "year_to"))
    first, second = (ctx.number(tops.attrs[key], 2) for key in ("total_from", "total_to"))
    yield ctx.phrase("drill_down.totals", **values, first=first, second=second, before=before)
    alike, odd = tops[tops["same_component"]], tops[~tops["same_component"]]
    if len(odd):
        sizes = phrases.read(odd, "component_id", "contribution") if len(odd) > 1 else []
        listed = [f"{_named(part, year, ctx)} {ctx.number(size, 2, sign=True)}" for part, size in sizes]
        named = listing(listed, ctx.language) or phrases.names_of(odd["component_id"], ctx, year)
        yield ctx.phrase("drill_down.part_apart", named=named, **values)
    alike = alike.sort_values("contribution", key=abs, ascending=False, kind="stable")
    comparable = ctx.phrase("drill_down.comparable") * bool(len(odd))
    ways = ("lower", alike[alike["contribution"] < 0]), ("higher", alike[alike["contribution"] > 0])
    for way, rows in sorted(ways, key=lambda pair: -abs(pair[1]["contribution"].sum())):
        if rows.empty:
            continue
        read = phrases.read(rows, "component_id", "contribution")
        sizes = [(part, ctx.number(size, 2, sign=True)) for part, size in read]
        # those that print the same as the last that is named are named too
        sizes = [pair for place, pair in enumerate(sizes) if place < MOST or pair[1] == sizes[MOST - 1][1]]
        listed = "; ".join(f"{_named(part, year, ctx, _apart_of(part, tops))} {size}" for part, size in sizes)
        key = "one" if len(rows) == 1 else "all" if len(sizes) == len(rows) else "most"
        of = {"count": len(rows), "total": ctx.number(rows["contribution"].sum(), 2, sign=True), "alike": comparable}
        yield ctx.phrase(f"drill_down.{way}_{key}", listed=listed, **of)


def _moved(beyond: dict[str, set[str]], sizes: dict[str, str], total: str, ctx: Context, **values) -> str:
    """What rose and what fell by more than error, by name or number, and where there is room by how much."""

    def title_of(form: tuple[int, bool], ctx: Context) -> str:
        numbered, whole = form
        ways = {w: claims.listed(sorted(p), values["year"], numbered > 0, ctx) for w, p in beyond.items() if p}
        if numbered == 2 and len(ways) == 2:
            ways["fell"] = claims.numbers(beyond["fell"], values["year"])
        if numbered == 3:  # each with its size
            number = {part: f"{claims.numbers([part], values['year'])} ({size})" for part, size in sizes.items()}
            listed = {way: ", ".join(number[part] for part in sorted(beyond[way])) for way in ways}
            ways = {way: ctx.phrase("claims.dimensions", number=text) for way, text in listed.items()}
        moved = [ctx.phrase(f"drill_down.moved_{way}", parts=text) for way, text in ways.items()]
        values.update(moved=listing(moved, ctx.language), total=ctx.phrase(total) * whole, province=ctx.name)
        return ctx.phrase("drill_down.beyond", **values)

    return claims.in_both(((3, False), (0, True), (1, True), (0, False), (1, False), (2, False)), title_of, ctx)


def _beyond(frame: pd.DataFrame, ctx: Context) -> dict[str, set[str]]:
    """Which comparable dimensions rose and which fell beyond error, by their scores and the limit of each."""
    province, years = ctx.province, (frame.attrs["year_from"], frame.attrs["year_to"])
    alike, odd = frame["same_component"].astype(bool), tuple(frame.loc[~frame["same_component"], "component_id"])
    sizes = {p: s for p, s in _tier(frame[alike], "dimension").items() if not any(o.startswith(f"{p}_") for o in odd)}
    limits = {part: change_limit(part, province.province_code, *years, province.boundary) for part in sizes}
    clear = {part: s for part, s in sizes.items() if limits[part] is not None and abs(s) > Decimal(limits[part])}
    return {way: {part for part, size in clear.items() if (size > 0) == rose} for way, rose in WAYS.items()}


def _not_alike(frame: pd.DataFrame, ctx: Context) -> dict[str, str]:
    """The sums of the dimensions that are not measured alike and of those that are, from their scores."""
    odd = set(frame.loc[~frame["same_component"], "component_id"])
    sizes = _tier(frame, "dimension")
    if not odd & set(sizes):
        return {}
    sums = (
        sum((size for part, size in sizes.items() if (part in odd) == apart), Decimal(0)) for apart in (True, False)
    )
    return dict(zip(("apart", "rest"), (ctx.number(total, 2, sign=True) for total in sums), strict=True))


def _named(part: str, year: int, ctx: Context, apart: Iterable[str] = ()) -> str:
    """`tiếp cận và sử dụng Internet (8.2)`; of a dimension without some of its parts `… (1, trừ 1.1)`."""
    return f"{phrases.names_of([part], ctx, year)} ({_numbered(catalogue().component(part, year).number, apart, ctx)})"


def _numbered(text: str, apart: Iterable[str], ctx: Context) -> str:
    numbers = ", ".join(apart)
    return ctx.phrase("drill_down.without", text=text, numbers=numbers) if numbers else text


def _apart_of(part: str, tops: pd.DataFrame) -> list[str]:
    """Numbers of the sub-dimensions that stand beside a dimension, since they alone do not compare."""
    found = (catalogue().component(name, tops.attrs["year_to"]) for name in tops["component_id"])
    return [component.number for component in found if component.parent_id == part]


def _tier(frame: pd.DataFrame, level: str) -> dict[str, Decimal]:
    """Exact changes of the dimensions or of the sub-dimensions; what did not exist in an edition adds nothing to it."""
    rows = frame[frame["level"] == level]
    filled = rows.assign(**{end: rows[end].fillna(0) for end in ("score_to", "score_from")})
    return claims.changes(filled, "score_to", "score_from")


def _printed(frame: pd.DataFrame, ctx: Context) -> dict[str, str]:
    """Changes of the dimensions as they are printed, from their scores."""
    return {part: ctx.number(size, 2, sign=True) for part, size in _tier(frame, "dimension").items()}


def _whole(frame: pd.DataFrame) -> Decimal:
    return phrases.apart(frame.attrs["total_to"], frame.attrs["total_from"])


def _changed(years: tuple[int, int], change: str, quiet: str, ctx: Context) -> Claim:
    """How much the total changed between two editions, and whether survey error explains that."""

    def holds(frame: pd.DataFrame) -> bool:
        same = (frame.attrs["year_from"], frame.attrs["year_to"]) == years
        alike = bool(frame.loc[frame["level"] == "dimension", "same_component"].all())
        still = phrases.within_error(float(_whole(frame)), "papi_total", years, ctx) * alike == quiet
        return same and still and ctx.number(_whole(frame), 2, sign=True) == change

    return Claim(ctx.phrase("moves.total_changed", change=change), holds)


def _makes_most(main: str, over_half: bool, most: dict[str, str], ctx: Context) -> Claim:
    """That one part makes more than half of the change, or a dimension the most of it."""

    def holds(frame: pd.DataFrame) -> bool:
        sizes, whole = _tier(frame, "dimension"), _whole(frame)
        shares = {part: size / whole for part, size in (sizes | _tier(frame, "sub_dimension")).items()}
        first = max(shares[part] for part in sizes)
        right = shares[main] > Decimal("0.5") if over_half else shares[main] == first
        return right and ctx.number(shares[main] * whole, 2, sign=True) == most["size"]

    key = "moves.alone_changed_more_than_half" if over_half else "drill_down.makes_most"
    return Claim(ctx.phrase(key, sentence=sentence(most["named"]), **most), holds)


def _adds_up(frame: pd.DataFrame) -> bool:
    """Whether each tier makes up what it is drawn of, but for rounding, and is drawn as its scores are."""
    dimensions, inner = _tier(frame, "dimension"), _tier(frame, "sub_dimension")
    drawn = dict(zip(frame["component_id"], frame["contribution"], strict=True))
    same = all(abs(float(found) - drawn[part]) < 1e-9 for part, found in (dimensions | inner).items())
    lacks = [sum(dimensions.values()) - _whole(frame)]
    lacks += [sum(inner.values()) - dimensions[frame.attrs["opened"]]] if inner else []
    return same and all(abs(each) < Decimal("0.001") for each in lacks)


KEY_CM, TIER_CM, STEP_CM, HEAD_CM = 0.65, 0.5, 0.52, 0.85  # heights of the key, the total, a step, the head of a tier


@plot(lambda frame: KEY_CM + TIER_CM + STEP_CM * len(frame) + HEAD_CM * _tiers(frame).nunique() + 0.75)
def draw(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Waterfalls of the total by dimension and of one dimension by sub-dimension on one scale; falls hatched.

    What does not compare is hollow and comes after the dimensions that do.
    """
    attrs, known, sums = parts.attrs, catalogue(), _not_alike(parts, ctx)
    year, opened = attrs["year_to"], attrs["opened"]
    change = attrs["total_to"] - attrs["total_from"]
    tops, spelt = parts[parts["level"].eq("dimension")], [known.component(part, year) for part in parts["component_id"]]
    names = [_numbered(component_name(c, ctx.language), _apart_of(c.component_id, tops), ctx) for c in spelt]
    plain = not sums and not phrases.within_error(change, "papi_total", (attrs["year_from"], year), ctx)
    left = min(7.6, 0.4 + max(style.text_width(name, BASE, "bold") for name in names) + 0.45)
    right, foot = area.width - 0.1, area.height - 0.55
    ax = area.axes(left, KEY_CM, right, foot)
    parts = _placed(parts.assign(name=names, pale=_pale(parts, ctx), tier=_tiers(parts)))
    reached = [0.0, change, *parts["start"], *parts["end"]]
    # room for a number at either end
    margin = 1.15 * (max(reached) - min(reached)) / (right - left - 2.3)
    ax.set_xlim(min(reached) - margin, max(reached) + margin)
    ax.set_ylim(foot - KEY_CM, 0)
    full = parts["same_component"].astype(bool) & ~parts["pale"]
    items = [
        (kind, key) for kind, key, rows in (("dark", "beyond", full), ("pale", "within", parts["pale"])) if rows.any()
    ]
    items = [*[("not_published", "fell")] * bool(parts["contribution"].lt(0).any()), *items]
    pieces.key(area, 0, [(kind, ctx.phrase(f"drill_down.key_{key}")) for kind, key in items])
    transform, edge = ax.get_yaxis_transform(), -left / (right - left)
    look = {"fc": "white", "ec": style.MIDDLE, "lw": 1.0} if sums else {"fc": SOFT, "ec": "white", "lw": 0}
    ax.barh(TIER_CM / 2, change, height=0.42, hatch="////" * bool(change < 0), zorder=3, **look)
    _step_number(ax, (0.0, change), TIER_CM / 2, ctx, SOFT, bold=True)
    label(ax, edge, TIER_CM / 2, ctx.phrase("papi.papi_total"), transform=transform, weight="bold")
    ends = "; ".join(f"{attrs[f'year_{end}']}: {ctx.number(attrs[f'total_{end}'])}" for end in ("from", "to"))
    label(ax, edge, TIER_CM / 2 + 0.42, ends, transform=transform, size=SMALL, color=SOFT)
    y = TIER_CM
    for tier, rows in parts.groupby("tier", sort=False):
        first = y + HEAD_CM
        head = ctx.phrase("drill_down.compared" if sums else "papi.split_dimensions", n_rows=len(rows), **sums)
        if tier == "sub_dimension":
            number = known.component(opened, year).number
            head = ctx.phrase("papi.dimension_split_sub_dimensions", number=number, n_rows=len(rows))
        if tier == "odd":
            head = ctx.phrase("drill_down.not_compared", **sums)
        label(ax, edge, first - 0.24, head, transform=transform, size=SMALL, color=SOFT, path_effects=HALO)
        for place, row in enumerate(rows.itertuples()):
            y = first + STEP_CM * (place + 0.5)
            indent = 0.4 / (right - left) * (tier == "sub_dimension")
            _step(ax, row, y, edge + indent, plain and row.component_id in (opened, attrs["main"]), ctx)
            if place:
                ax.plot([row.start] * 2, [y - STEP_CM + 0.18, y - 0.18], color=style.MIDDLE, lw=0.6, zorder=2)
        y += STEP_CM / 2
    ax.axvline(0, color=INK, lw=0.8, zorder=2)
    ax.set_yticks([])
    ax.grid(False)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10], min_n_ticks=3))
    pieces.number_axis(ax.xaxis, ctx)
    return [ax]


def _tiers(parts: pd.DataFrame) -> pd.Series:
    """Dimensions that compare, the parts of the one that is opened, and the dimensions that do not compare (`odd`)."""
    return parts["level"].mask(parts["level"].eq("dimension") & ~parts["same_component"].astype(bool), "odd")


def _placed(parts: pd.DataFrame) -> pd.DataFrame:
    """Where each step starts and ends: those of the second tier begin where the dimension that they make up does.

    What does not compare goes on where the dimensions that do have ended.
    """
    parts = parts.iloc[parts["tier"].map({"dimension": 0, "odd": 1, "sub_dimension": 2}).argsort(kind="stable")]
    starts, at = [], {"dimension": 0.0}
    for row in parts.itertuples():
        starts.append(at[row.level])
        if row.component_id == parts.attrs["opened"]:
            at["sub_dimension"] = at["dimension"]
        at[row.level] += row.contribution
    return parts.assign(start=starts, end=np.array(starts) + parts["contribution"])


def _pale(parts: pd.DataFrame, ctx: Context) -> pd.Series:
    """Which parts compare, and are not known to have changed beyond survey error.

    Of sub-dimensions, and of dimensions without some of their parts, no error is known.
    """
    years, tops = (parts.attrs["year_from"], parts.attrs["year_to"]), parts[parts["level"].eq("dimension")]
    beyond = [
        bool(phrases.within_error(0, part, years, ctx))  # its error is known
        and not phrases.within_error(size, part, years, ctx)
        and not _apart_of(part, tops)
        for part, size in phrases.read(parts, "component_id", "contribution")
    ]
    return parts["same_component"].astype(bool) & ~pd.Series(beyond, parts.index, dtype=bool)


def _step(ax: Axes, row, y: float, x: float, strong: bool, ctx: Context) -> None:
    """The bar of one part with its size, and at x its name; strong: what makes most."""
    falls = row.contribution < 0
    full = WORSE if falls else OWN
    colour = (PALE_FALL if falls else style.SECOND) if row.pale else full
    look = {"fc": colour, "ec": "white", "hatch": "////", "lw": 0} if falls else {"fc": colour, "lw": 0}
    if not row.same_component:
        look = {"fc": "white", "ec": style.MIDDLE, "lw": 1.0}
    ax.barh(y, row.contribution, left=row.start, height=0.36, zorder=3, **look)
    own = INK if row.pale else full
    _step_number(ax, (row.start, row.end), y, ctx, own if strong else SOFT, bold=strong)
    look = {"weight": "bold", "color": own} if strong else {}
    label(ax, x, y, row.name, transform=ax.get_yaxis_transform(), **look)


def _step_number(ax: Axes, ends: tuple[float, float], y: float, ctx: Context, colour: str, *, bold: bool) -> None:
    """The size of a step beyond its end, or before its start where it would stand on the line at nought."""
    size, weight = ends[1] - ends[0], "bold" if bold else "normal"
    text, way = ctx.number(size, 2, sign=True), -1 if size < 0 else 1
    far = ends[1] + way * (style.text_width(text, BASE, weight) + 0.2) / placing.cm_per_unit(ax)
    x = ends[1]
    if x * way < 0 < far * way:
        x, way = ends[0], -way
    look = {"ha": "right", "dx": -4} if way < 0 else {"ha": "left", "dx": 4}
    label(ax, x, y, text, color=colour, weight=weight, path_effects=HALO, **look)
