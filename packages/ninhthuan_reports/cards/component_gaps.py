"""Components as distances to the national median, and their changes against what survey error alone can make."""

from __future__ import annotations

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

LISTED = 8  # of more components than these a title names the ends alone


def caption(gaps: pd.DataFrame, ctx: Context) -> Caption:
    """Which components stand off the median, above and below; of many, the two that do so most."""
    if gaps.empty or gaps["gap"].isna().all():
        raise _no_median(gaps, ctx)
    first, count, papi = gaps.iloc[0], len(gaps), gaps["index_id"].iloc[0] == "papi"
    year, some, errors = int(first["edition_year"]), _some(gaps, ctx), gaps["score_error"].notna().any()
    units = ctx.phrase("component_gaps.dimensions" if papi else "component_gaps.sub_indices")
    others, beyond, (above, below) = _others(gaps), _beyond(gaps), _sides(gaps)
    title, extremes = _title(gaps, above, below, ctx), list(gaps["component_id"].iloc[[0, -1]])

    def stands(frame: pd.DataFrame) -> bool:
        columns = ("component_id", "score", "median", "upper_quartile", "lower_quartile")
        rows = phrases.read(frame[frame["edition_year"] == year], *columns)
        found = {part: float(phrases.apart(*pair)) for part, *pair, _, _ in rows}
        even = {part for part, *_, up, low in rows if 10 * abs(found[part]) <= float(phrases.apart(up, low))}
        if frame["score_error"].notna().any():
            even = {part for part, gap in found.items() if phrases.near_median(gap, part, year, ctx)}
        over = {part for part, gap in found.items() if gap > 0}
        sides = over - even == set(above) and found.keys() - over - even == set(below)
        if not sides or not len(rows) == len(frame) == count or not frame["complete"].all():
            return False
        return [found[part] for part in extremes] == [max(found.values()), min(found.values())]

    before, counts = first["previous_edition"], sorted({int(gaps["n"].min()), int(gaps["n"].max())})
    scale = catalogue().component(first["component_id"], year)
    ends = zip(extremes, gaps["gap"].iloc[[0, -1]], strict=True)
    ends = [f"{phrases.names_of([part], ctx, year)} ({ctx.number(gap, 2, sign=True)})" for part, gap in ends]
    says = {"n": "–".join(map(str, counts)), "scale": f"{scale.scale_min:g}–{scale.scale_max:g}", "published": some}
    says |= {"units": units, "year": year, "province": ctx.name, "best": ends[0], "last": ends[1]}
    says |= {"all": count + len(others)}
    of_all = ctx.phrase("component_gaps.of_all", count=count, **says) if some else count
    key = "component_gaps.subtitle_latest" if int(first["newest_edition"]) > year else "component_gaps.subtitle"
    subtitle = ctx.phrase(key, count=of_all, **says)
    key = "component_gaps." + (("off" if above or below else "within") if errors else "ends")
    says |= {"listed": _listed(gaps[~_near(gaps)], "gap", ctx), "near": count - len(above) - len(below)}
    says["rest"] = ctx.phrase("component_gaps.rest", **says) * bool(says["near"])
    numbers = [ctx.phrase(key + "_part" * bool(some), count=count, **says)]
    holds = [phrases.about(ctx), Claim(title, stands)]
    notes = [ctx.phrase("component_gaps.for_firms") * (first["index_id"] == "pci")]
    notes += [ctx.phrase("component_gaps.grey") * bool(_near(gaps).any() and not errors)]
    notes += [ctx.phrase("component_gaps.errors" if errors else "component_gaps.no_errors", units=units)]
    if _compared(gaps):
        moved, alike = gaps[gaps["component_id"].isin(beyond)], int(gaps["change"].notna().sum())
        names = _listed(moved, "change", ctx)
        changed = phrases.moved_beyond(names, len(beyond), alike, count, before, ctx)
        numbers.append(changed)
        sizes = {part: ctx.number(gaps.loc[gaps["component_id"] == part, "change"].item(), 2) for part in beyond}
        holds.append(Claim(changed, lambda frame: _distinct(frame, ctx) == sizes))
        notes += _not_compared(gaps, ctx)
    key = "component_gaps.withheld" if papi else "component_gaps.others_in_part"
    notes += [ctx.phrase(key, number=claims.numbers(others, year))] * bool(some)
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


def _title(gaps: pd.DataFrame, above: list[str], below: list[str], ctx: Context) -> str:
    """Names of what is off the median, or the numbers of dimensions; of many, most of them or the two ends."""
    first, count, errors = gaps.iloc[0], len(gaps), gaps["score_error"].notna().any()
    year, papi, lone = int(first["edition_year"]), first["index_id"] == "papi", min(above, below, key=len)
    more, side = max((len(below), "below"), (len(above), "above"))
    but, most, part = (f"{form}_{side}" for form in ("but", "most", "part"))
    if more in (0, count):
        forms = [f"all_{side}" if more else "within" if errors else "near"]
    elif _others(gaps):  # of some of them alone the title says of how many
        forms = [part]
    elif count > LISTED:
        forms = [part] * (3 * more >= 2 * count) + ["ends"] * bool(above and below) + [part, most]
    elif above and below:
        forms = [but] * (len(lone) == count - more == 1) + ["both"]
        forms += ["both_numbers", "both_counts"] if papi else ["below", "ends", "above", most]
    else:
        forms = [side, part]

    def title_of(form: tuple[str, int, int, int], ctx: Context) -> str:
        key, room, *numbered = form
        values = {"province": ctx.name, "index": index_name(first["index_id"]), "year": year, "count": count}
        values |= {
            "above": claims.listed(above, year, numbered[0], ctx),
            "below": claims.listed(below, year, numbered[1], ctx),
        }
        ends = {"lone": lone, "best": [first["component_id"]], "worst": list(gaps["component_id"])[-1:]}
        values |= {end: phrases.names_of(parts, ctx, year) for end, parts in ends.items()}
        units = ctx.phrase(f"component_gaps.short_{'dimensions' if papi else 'sub_indices'}") * bool(room)
        some = _some(gaps, ctx) and (phrases.published(gaps, ctx) if papi else ctx.phrase("component_gaps.comparable"))
        values |= {"more": more, "units": units, "published": some * (room > 1)}
        values["only"] = ctx.phrase("component_gaps.only") * (not some and 2 * more < count)
        values |= {"parts": claims.numbers(above, year), "others": claims.numbers(below, year)}
        values |= {"over": len(above), "under": len(below)}
        values |= {"clear": ctx.phrase("component_gaps.clear") * bool(errors)}
        return ctx.phrase(f"component_gaps.title_{key}", **values)

    styles = ((0, 0), (1, 0), (0, 1), (1, 1))[: 4 if papi else 1]
    rooms = [(key, room, *style) for key in forms for room in (2, 1, 0) for style in styles]
    return claims.in_both(rooms, title_of, ctx)


def _sides(gaps: pd.DataFrame) -> tuple[list[str], list[str]]:
    """What stands above the median and what below it, by more than is drawn in grey; each side's farthest first."""
    off = gaps[~_near(gaps)]
    return list(off.loc[off["gap"] > 0, "component_id"]), list(off.loc[off["gap"] <= 0, "component_id"])[::-1]


def _near(gaps: pd.DataFrame) -> pd.Series:
    """Which are drawn in grey: no farther off than survey error, or without one than a tenth of the middle half."""
    tenth = (gaps["upper_quartile"] - gaps["lower_quartile"]) / 10
    return gaps["gap"].abs() <= gaps["score_error"].fillna(tenth)


def _others(gaps: pd.DataFrame) -> list[str]:
    """Components of the edition, of the same level, that are not there."""
    parts = catalogue().components_of(gaps["index_id"].iloc[0], int(gaps["edition_year"].iloc[0]))
    level, there = gaps["level"].iloc[0], set(gaps["component_id"])
    return [part.component_id for part in parts if part.level == level and part.component_id not in there]


def _listed(gaps: pd.DataFrame, column: str, ctx: Context) -> str:
    """Distances or changes in a list, the greatest first, each with the name of what it is of."""
    rows = phrases.read(gaps, "component_id", "edition_year", column)
    rows = sorted(rows, key=lambda row: -abs(row[2]))
    listed = [f"{phrases.names_of([p], ctx, int(y))} {ctx.number(size, 2, sign=True)}" for p, y, size in rows]
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
    decimals, scores = phrases.decimals(rows["unit"].iloc[0]), phrases.read(rows, "component_id", "score")
    values = "; ".join(f"{phrases.names_of([part], ctx, year)} {ctx.number(score, decimals)}" for part, score in scores)
    return phrases.nothing(ctx.phrase("component_gaps.no_median", province=ctx.name, year=year, values=values))


def _parts_collected(rows: pd.DataFrame, ctx: Context) -> str:
    """Scores of parts with the most that each may have: `điểm thẩm định 54,20/61,5`."""
    values = []
    for part, year, score in phrases.read(rows, "component_id", "edition_year", "score"):
        most = catalogue().component(part, int(year)).scale_max
        size = f"{ctx.number(score, 2)}/{ctx.number(most, 1 if most % 1 else 0)}"
        values.append(f"{phrases.names_of([part], ctx)} {size}")
    return "; ".join(values)


@plot(lambda frame: (2.75 if _compared(frame) else 2.3) + 0.74 * len(frame))
def draw(gaps: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Rows by distance to the median: band, error and dot; beside them the change in its zone, or the scores."""
    first, errors = gaps.iloc[0], _compared(gaps)
    year, near, (above, below) = int(first["edition_year"]), _near(gaps), _sides(gaps)
    names = [component_name(catalogue().component(part, year), ctx.language) for part in gaps["component_id"]]
    start = area.width - 4.6  # of the changes
    within = "component_gaps.sign_within" if first["score_error"] > 0 else "component_gaps.sign_near"
    clear = "_clear" if first["score_error"] > 0 else ""
    items = [
        *[("full", ctx.phrase(f"component_gaps.sign_above{clear}"))] * bool(above),
        *[("down", ctx.phrase(f"component_gaps.sign_below{clear}"))] * bool(below),
        *[("other", ctx.phrase(within))] * bool(near.any()),
        ("band", ctx.phrase("component_gaps.middle_half")),
    ]
    changes = [("ink", ctx.phrase("component_gaps.sign_beyond"))] * bool(_beyond(gaps))
    changes += [("other", ctx.phrase(within)), ("range", ctx.phrase("component_gaps.error_zone"))]
    top = pieces.key(area, 0, items, right=start - 0.7 if errors else None)
    top, foot = max(top, pieces.key(area, 0, changes, start) if errors else 0) + 0.75, area.height - 1.1
    left = max(style.text_width(name, BASE, "bold") for name in names) + 0.3
    usual = int(gaps["n"].mode().max())
    columns = [(ctx.phrase("component_gaps.rank", n=usual), [str(int(rank)) for rank in gaps["rank"]])]
    head = ctx.phrase("component_gaps.score", year=year)
    columns.append((head, [ctx.number(score, 2) for score in gaps["score"]]))
    # the number of provinces, where it is another, stands between the columns
    apart = 1.75 if gaps["n"].nunique() > 1 or not errors else 1.45
    right = (start - 0.5 if errors else area.width - 0.05) - 0.95 - apart
    ax = area.axes(left, top, right, foot)
    places = [1 + (0.95 + apart * place) / (right - left) for place in range(len(columns))]
    error = gaps["score_error"].fillna(0)
    low = min((gaps["lower_quartile"] - gaps["median"]).min(), (gaps["gap"] - error).min())
    high = max((gaps["upper_quartile"] - gaps["median"]).max(), (gaps["gap"] + error).max())
    _frame(ax, len(gaps), (low, high), (INK, 5), ctx)
    for y, row in enumerate(gaps.itertuples()):
        colour = style.MIDDLE if near[row.Index] else OWN if row.gap > 0 else WORSE
        band = row.lower_quartile - row.median, row.upper_quartile - row.median
        ax.barh(y, band[1] - band[0], left=band[0], height=0.62, color=style.BOX, lw=0, zorder=1)
        if pd.notna(row.score_error):
            reach = row.gap - row.score_error, row.gap + row.score_error
            ax.plot(reach, [y, y], color=SOFT, lw=0.8, zorder=2.5, marker="|", ms=4)
        ax.plot(row.gap, y, "v" if colour == WORSE else "o", ms=6.5, color=colour, mec="white", mew=0.7, zorder=5)
        _beside(ax, -left / (right - left), y, names[y])
        for place, (_, texts) in enumerate(columns):
            _beside(ax, places[place], y, texts[y], ha="right", color=SOFT if place else INK)
        if row.n != usual:
            _beside(ax, places[0], y, f"/{int(row.n)}", color=SOFT)
    _head(ax, right - left, ctx.phrase("component_gaps.median"), INK)
    for place, (head, _) in enumerate(columns):
        _beside(ax, places[place], -0.55, head, ha="right", dy=8, size=SMALL, color=SOFT)
    _beside(ax, 0, len(gaps) - 0.4, ctx.phrase("component_gaps.axis"), dy=-22, size=SMALL, color=SOFT)
    if not errors:
        return [ax]
    return [ax, _changes(gaps, area, (start, top, area.width - 0.3, foot), ctx)]


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
        colour = INK if row.component_id in beyond else style.MIDDLE
        ax.plot(row.change, y, "o", ms=6, color=colour, mec="white", mew=0.7, zorder=5)
        if colour == INK:
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
