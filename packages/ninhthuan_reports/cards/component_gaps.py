"""Components as distances to the national median, and their changes against what survey error alone can make."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing

from .. import claims, phrases, pieces
from ..pieces import plot
from ..wording import Context, component_name, index_name


def caption(gaps: pd.DataFrame, ctx: Context) -> Caption:
    """How many components stand above the median, or the one that does not."""
    if gaps.empty or gaps["gap"].isna().all():
        raise _no_median(gaps, ctx)
    first, count, level = gaps.iloc[0], len(gaps), _near(gaps)
    year, some = int(first["edition_year"]), _some(gaps, ctx)
    units = ctx.phrase("component_gaps.dimensions" if first["index_id"] == "papi" else "component_gaps.sub_indices")
    below, within = list(gaps.loc[gaps["gap"].le(0) & ~level, "component_id"]), int(level.sum())
    compared, beyond = _compared(gaps), _beyond(gaps)
    title = _title(gaps, below, within, ctx)

    def stands(frame: pd.DataFrame) -> bool:
        columns = ("component_id", "score", "median", "upper_quartile", "lower_quartile")
        rows = phrases.read(frame[frame["edition_year"] == year], *columns)
        found = {part: float(phrases.apart(*pair)) for part, *pair, _, _ in rows}
        if frame["score_error"].notna().any():
            even = {part for part, gap in found.items() if phrases.near_median(gap, part, year, ctx)}
        else:
            even = {part for part, *_, up, low in rows if 10 * abs(found[part]) <= float(phrases.apart(up, low))}
        short = {part for part, gap in found.items() if not gap > 0} - even
        known = (len(rows), len(frame), len(even), short) == (count, count, within, set(below))
        return known and frame["complete"].all()

    before, counts = first["previous_edition"], sorted({int(gaps["n"].min()), int(gaps["n"].max())})
    scale = catalogue().component(first["component_id"], year)
    of_all = ctx.phrase("component_gaps.of_all", count=count, all=_in_all(first, year)) if some else count
    says = {"n": "–".join(map(str, counts)), "scale": f"{scale.scale_min:g}–{scale.scale_max:g}"}
    old = ctx.phrase("component_gaps.newest_full", n=says["n"]) * bool(int(first["newest_edition"]) > year)
    subtitle = old + ctx.phrase("component_gaps.subtitle", units=units, count=of_all, **says)
    ends = [
        f"{phrases.names_of([row['component_id']], ctx, year)} ({ctx.number(row['gap'], 2, sign=True)})"
        for row in (first, gaps.iloc[-1])
    ]
    says = {"units": units, "year": year, "province": ctx.name, "best": ends[0], "last": ends[1]}
    says |= {"count": count, "all": _in_all(first, year)}
    numbers = [ctx.phrase("component_gaps.ends_part" if some else "component_gaps.ends", **says)]
    holds = [phrases.about(ctx), Claim(title, stands)]
    if gaps["score_error"].notna().any():
        notes = [ctx.phrase("component_gaps.errors", units=units)]
    else:
        notes = [ctx.phrase("component_gaps.grey") * bool(within), ctx.phrase("component_gaps.no_errors")]
    if compared:
        alike, names = int(gaps["change"].notna().sum()), _moves(gaps, beyond, ctx)
        changed = phrases.moved_beyond(names, len(beyond), alike, count, before, ctx)
        numbers.append(changed)
        sizes = {part: ctx.number(gaps.loc[gaps["component_id"] == part, "change"].item(), 2) for part in beyond}
        holds.append(Claim(changed, lambda frame: _distinct(frame, ctx) == sizes))
        notes += _not_compared(gaps, ctx)
    if some and first["index_id"] != "papi":
        notes.append(ctx.phrase("component_gaps.others_in_part"))
    kind = ctx.phrase("component_gaps.kind")
    return Caption(title, subtitle, claims.together(notes), kind, tuple(numbers), tuple(holds))


def _some(gaps: pd.DataFrame, ctx: Context) -> str:
    """Said where not all are there: what PAPI withholds; of others, what is held of every province."""
    some = phrases.published(gaps, ctx)
    return ctx.phrase("component_gaps.in_full") if some and gaps["index_id"].iloc[0] != "papi" else some


def _not_compared(gaps: pd.DataFrame, ctx: Context) -> list[str]:
    """Why changes are not shown beside those that are: parts that do not measure what they did, or without a score."""
    odd = gaps[gaps["change"].isna() & gaps["previous_edition"].notna()]
    if odd.empty:
        return []
    years, scored = odd[["previous_edition", "edition_year"]].iloc[0], odd["previous_score"].notna()
    why = [claims.why_not(odd.loc[scored, "component_id"], tuple(map(int, years)), ctx)] * bool(scored.any())
    why += [ctx.phrase("component_gaps.no_score")] * bool(not scored.all())
    return [ctx.phrase("component_gaps.not_alike", why=listing(why, ctx.language))]


def _title(gaps: pd.DataFrame, below: list[str], within: int, ctx: Context) -> str:
    """The changes beyond error where there is room for them; else how many stand above the median, or all but which."""
    first, count, above = gaps.iloc[0], len(gaps), len(gaps) - len(below) - within
    year = int(first["edition_year"])
    counts = {"count": count, "within": within, "below": len(below), "above": above}
    if within:
        kind = "error" if gaps["score_error"].notna().any() else "near" if above else "near_none"
        keys = [kind + "_below" * bool(below)]
    else:
        keys = ["weak"] * (0 < len(below) <= 2 and above > 0) + [{0: "none", count: "all"}.get(above, "part")]
    # what a long name leaves no room for: what they are, and that not all are held, of which the subtitle speaks
    rooms = ((True, 2), (True, 1), (False, 2), (False, 1), (False, 0))
    forms = [(key, *room) for key in keys for room in rooms]
    changed = [("beyond", False, 0), ("changes", False, 0)] * bool(_beyond(gaps))

    def title_of(form: tuple[str, bool, int], ctx: Context) -> str:
        key, published, units = form
        values = {"province": ctx.name, "index": index_name(first["index_id"]), "year": year, **counts}
        values |= {"published": _some(gaps, ctx) * published, "weak": phrases.names_of(below, ctx, year)}
        values["changes"] = _moves(gaps, _beyond(gaps), ctx, verb=True)
        named = ctx.phrase(f"component_gaps.short_{'dimensions' if first['index_id'] == 'papi' else 'sub_indices'}")
        named = ("", ctx.pick(named, ""), named)[units]
        return ctx.phrase(f"component_gaps.title_{key}", units=named, **values)

    return claims.in_both([*changed, *forms], title_of, ctx)


def _near(gaps: pd.DataFrame) -> pd.Series:
    """Which are drawn in grey: no farther off than survey error, or without one than a tenth of the middle half."""
    tenth = (gaps["upper_quartile"] - gaps["lower_quartile"]) / 10
    return gaps["gap"].abs() <= gaps["score_error"].fillna(tenth)


def _in_all(first: pd.Series, year: int) -> int:
    """How many components of its level an index has in an edition."""
    return sum(part.level == first["level"] for part in catalogue().components_of(first["index_id"], year))


def _moves(gaps: pd.DataFrame, beyond: list[str], ctx: Context, *, verb: bool = False) -> str:
    """Changes in a list, the greatest first, each with the name of what it is of."""
    rows = gaps.set_index("component_id").loc[beyond].sort_values("change", key=abs, ascending=False)
    listed = []
    for part, row in rows.iterrows():
        of = phrases.names_of([part], ctx, int(row["edition_year"]))
        key = "component_gaps.rose" if row["change"] > 0 else "component_gaps.fell"
        move = ctx.phrase(key, of=of, size=ctx.number(abs(row["change"]), 2))
        listed.append(move if verb else f"{of} {ctx.number(row['change'], 2, sign=True)}")
    return listing(listed, ctx.language)


def _compared(gaps: pd.DataFrame) -> bool:
    """Whether changes are drawn beside the distances: fewer than three are no picture."""
    return int(gaps["limit"].notna().sum()) >= 3


def _beyond(gaps: pd.DataFrame) -> list[str]:
    """Components whose change is larger than their zone of error, where changes are drawn."""
    return list(gaps.loc[(gaps["change"].abs() > gaps["limit"]) & _compared(gaps), "component_id"])


def _distinct(frame: pd.DataFrame, ctx: Context) -> dict[str, str]:
    """The same from the scores: changes that the survey's error does not explain, of those measured alike."""
    found = {}
    columns = ("component_id", "previous_edition", "edition_year", "score", "previous_score")
    for part, before, year, *pair in phrases.read(frame[frame["limit"].notna()], *columns):
        if not phrases.within_error(float(phrases.apart(*pair)), part, (int(before), int(year)), ctx):
            found[part] = ctx.number(phrases.apart(*pair), 2)
    return found


def _no_median(rows: pd.DataFrame, ctx: Context) -> Exception:
    """Why there is no median to stand against, with what is held instead."""
    if rows.empty:
        return phrases.nothing(ctx.phrase("component_gaps.nothing_held", province=ctx.name))
    if rows["level"].ne("dimension").all():
        listed = ". ".join(f"{year}: {_parts_collected(part, ctx)}" for year, part in rows.groupby("edition_year"))
        return phrases.nothing(ctx.phrase("component_gaps.other_parts", province=ctx.name, listed=listed))
    year = int(rows["edition_year"].max())
    rows = rows[rows["edition_year"] == year]
    decimals = phrases.decimals(rows["unit"].iloc[0])
    named = [phrases.names_of([part], ctx, year) for part in rows["component_id"]]
    values = "; ".join(
        f"{name} {ctx.number(score, decimals)}" for name, score in zip(named, rows["score"], strict=True)
    )
    return phrases.nothing(ctx.phrase("component_gaps.no_median", province=ctx.name, year=year, values=values))


def _parts_collected(rows: pd.DataFrame, ctx: Context) -> str:
    """Scores of parts with the most that each may have: `điểm thẩm định 54,20/61,5`."""
    values = []
    for row in rows.itertuples():
        part = catalogue().component(row.component_id, int(row.edition_year))
        most = ctx.number(part.scale_max, 1 if part.scale_max % 1 else 0)
        values.append(f"{phrases.names_of([row.component_id], ctx)} {ctx.number(row.score, 2)}/{most}")
    return "; ".join(values)


@plot(lambda frame: 2.3 + 0.74 * len(frame))
def draw(gaps: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Rows by distance to the median: band, tail and dot; beside them the change in its zone, or the scores."""
    first, errors = gaps.iloc[0], _compared(gaps)
    year, before = int(first["edition_year"]), first["previous_edition"]
    known, near = catalogue(), _near(gaps)
    names = [component_name(known.component(part, year), ctx.language) for part in gaps["component_id"]]
    kind = "within" if first["score_error"] > 0 else "near"
    items = [
        *[("open", str(before)), ("full", str(year))] * errors,
        *[("full", ctx.phrase("component_gaps.sign_above"))] * (not errors and bool((~near & gaps["gap"].gt(0)).any())),
        *[("square grey", ctx.phrase(f"component_gaps.sign_{kind}"))] * bool(near.any()),
        *[("down", ctx.phrase("component_gaps.sign_below"))] * bool((~near & gaps["gap"].le(0)).any()),
        ("band", ctx.phrase("component_gaps.middle_half")),
        *[("range", ctx.phrase("component_gaps.error_zone"))] * errors,
    ]
    top, foot = pieces.key(area, 0, items) + 0.75, area.height - 1.1
    left = max(style.text_width(name, BASE, "bold") for name in names) + 0.3
    n = "/" + "–".join(str(int(n)) for n in sorted({gaps["n"].min(), gaps["n"].max()}))
    columns = [(ctx.phrase("component_gaps.rank", n=n), [str(int(rank)) for rank in gaps["rank"]])]
    if not errors:
        head, decimals = ctx.phrase("component_gaps.score", year=year), 2
        columns.append((head, [ctx.number(score, decimals) for score in gaps["score"]]))
    right = (area.width - 5.6 if errors else area.width - 0.05 - 1.75 * (len(columns) - 1)) - 0.95
    ax = area.axes(left, top, right, foot)
    places = [1 + (0.95 + 1.75 * place) / (right - left) for place in range(len(columns))]
    reach = (
        gaps[["lower_quartile", "upper_quartile"]]
        .sub(gaps["median"], axis=0)
        .assign(low=gaps["gap"] - gaps["score_error"].fillna(0), high=gaps["gap"] + gaps["score_error"].fillna(0))
        .assign(previous=gaps["previous_gap"] if errors else np.nan)
    )
    _frame(ax, len(gaps), (reach.min().min(), reach.max().max()), (INK, 5 if errors else 8), ctx)
    for y, row in enumerate(gaps.itertuples()):
        level = near[row.Index]
        colour = style.MIDDLE if level else OWN if row.gap > 0 else WORSE
        band = row.lower_quartile - row.median, row.upper_quartile - row.median
        ax.barh(y, band[1] - band[0], left=band[0], height=0.62, color=style.BANDS[0], lw=0, zorder=1)
        if pd.notna(row.score_error):
            reach = row.gap - row.score_error, row.gap + row.score_error
            ax.plot(reach, [y, y], color=SOFT, lw=0.8, zorder=2.5, marker="|", ms=4)
        if errors and pd.notna(row.previous_gap):
            ax.plot([row.previous_gap, row.gap], [y, y], color=colour, lw=1.5, zorder=3)
            ax.plot(row.previous_gap, y, "o", ms=4.2, mfc="white", mec=colour, mew=1.1, zorder=4)
        mark = "s" if level else "o" if row.gap > 0 else "v"
        ax.plot(row.gap, y, mark, ms=5.6 if level else 6.8, color=colour, mec="white", mew=0.7, zorder=5)
        _beside(ax, -left / (right - left), y, names[y])
        for place, (_, texts) in enumerate(columns):
            _beside(ax, places[place], y, texts[y], ha="right", color=SOFT if place else INK)
    _head(ax, right - left, ctx.phrase("component_gaps.median"), INK)
    for place, (head, _) in enumerate(columns):
        _beside(ax, places[place], -0.55, head, ha="right", dy=8, size=SMALL, color=SOFT)
    _beside(ax, 0, len(gaps) - 0.4, ctx.phrase("component_gaps.axis"), dy=-22, size=SMALL, color=SOFT)
    if not errors:
        return [ax]
    return [ax, _changes(gaps, area, (area.width - 5.0, top, area.width - 0.3, foot), ctx)]


def _changes(gaps: pd.DataFrame, area: Area, corners: tuple[float, ...], ctx: Context) -> Axes:
    """Changes of the scores, each in the zone of its own error: grey within it, coloured and written beyond."""
    ax, beyond = area.axes(*corners), _beyond(gaps)
    sizes = gaps.set_index("component_id")["change"].abs()
    # room for a number at either end
    room = 1 - 2.3 / (corners[2] - corners[0])
    bound = max(gaps["limit"].max(), sizes.max(), (sizes[beyond] / room).max() if beyond else 0)
    _frame(ax, len(gaps), (-bound, bound), (style.MIDDLE, 6), ctx)
    for y, row in enumerate(gaps.itertuples()):
        if pd.isna(row.change):
            label(ax, 0, y, ctx.phrase("component_gaps.not_compared"), size=SMALL, dx=5, color=SOFT, style="italic")
            continue
        ax.barh(y, 2 * row.limit, left=-row.limit, height=0.46, color=style.RANGE, lw=0, zorder=1)
        out = row.component_id in beyond
        colour = INK if out else style.MIDDLE
        ax.plot(row.change, y, "o" if out else "s", ms=6 if out else 5, color=colour, mec="white", mew=0.7, zorder=5)
        if out:
            side = {"ha": "left", "dx": 6} if row.change > 0 else {"ha": "right", "dx": -6}
            label(ax, row.change, y, ctx.number(row.change, 2, sign=True), weight="bold", color=colour, **side)
    before = gaps["previous_edition"].iloc[0]
    _head(ax, corners[2] - corners[0], ctx.phrase("component_gaps.change", before=before), SOFT)
    return ax


def _frame(ax: Axes, rows: int, reach: tuple[float, float], look: tuple[str, int], ctx: Context) -> None:
    """A panel of rows about a line at nought; look: the colour of that, and the most steps of the axis."""
    pad = (reach[1] - reach[0]) * 0.04
    low, high = reach[0] - pad, reach[1] + pad
    ticks = MaxNLocator(look[1], steps=[1, 2, 5, 10]).tick_values(low, high)
    # one just outside is taken in, so that either side has its scale
    ticks = [tick for tick in ticks if low - 4 * pad <= tick <= high + 4 * pad]
    ax.set_xlim(min(low, *ticks), max(high, *ticks))
    ax.set_ylim(rows - 0.4, -0.6)
    ax.axvline(0, color=look[0], lw=1.1, zorder=2)
    ax.set_xticks(ticks)
    pieces.number_axis(ax.xaxis, ctx)
    ax.set_yticks([])
    ax.grid(False)


def _beside(ax: Axes, share: float, y: float, text: str, **look) -> None:
    """Text in a row of a panel, at a share of the panel's width from its left edge."""
    label(ax, share, y, text, transform=ax.get_yaxis_transform(), **look)


def _head(ax: Axes, wide: float, text: str, colour: str) -> None:
    """What the line at nought is, over it and within a panel so many cm wide."""
    (low, high), half = ax.get_xlim(), style.text_width(text, SMALL) / 2 / wide
    at = min(max(-low / (high - low), half), 1 - half)
    _beside(ax, at, -0.55, text, ha="center", dy=8, size=SMALL, color=colour)
