"""Components as distances to the national median, and their changes against what survey error alone can make."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, WORSE, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing

from .. import claims, phrases, pieces
from ..claims import LONGEST_TITLE, fitting
from ..pieces import plot
from ..wording import Context, component_name, index_name

UNDER_CM = 0.2  # two dots nearer than this are one over the other


def caption(gaps: pd.DataFrame, ctx: Context) -> Caption:
    """How many components stand above the median, or the one that does not."""
    if gaps.empty or gaps["gap"].isna().all():
        raise _no_median(gaps, ctx)
    first, count = gaps.iloc[0], len(gaps)
    year, name = int(first["edition_year"]), index_name(first["index_id"])
    units = ctx.phrase("component_gaps.dimensions" if first["index_id"] == "papi" else "component_gaps.sub_indices")
    level, some = _level(gaps), phrases.published(gaps, ctx)
    below, within = list(gaps.loc[gaps["gap"].le(0) & ~level, "component_id"]), int(level.sum())
    if some and first["index_id"] != "papi":
        # what PAPI withholds; of others, what is held of every province
        some = ctx.phrase("component_gaps.in_full")
    old, beyond = int(first["newest_edition"]) > year, _beyond(gaps)
    counts = {"count": count, "within": within, "below": len(below), "above": count - len(below) - within}
    values = {"province": ctx.name, "index": name, "year": year, "units": units, **counts}
    title = _title(gaps, below, some, values, ctx)

    def stands(frame: pd.DataFrame) -> bool:
        rows = phrases.read(frame[frame["edition_year"] == year], "component_id", "score", "median")
        found = {part: float(phrases.apart(*pair)) for part, *pair in rows}
        # by the error of a difference of two, as if the median were another score
        even = {part for part, gap in found.items() if phrases.within_error(gap * 2**0.5, part, (year, year), ctx)}
        short = {part for part, gap in found.items() if not gap > 0} - even
        known = (len(rows), len(frame), len(even), short) == (count, count, within, set(below))
        return known and frame["complete"].all()

    before, counts = first["previous_edition"], sorted({int(gaps["n"].min()), int(gaps["n"].max())})
    scale = catalogue().component(first["component_id"], year)
    of_all = ctx.phrase("component_gaps.of_all", count=count, all=_in_all(first, year)) if some else count
    says = {"n": "–".join(map(str, counts)), "scale": f"{scale.scale_min:g}–{scale.scale_max:g}"}
    subtitle = ctx.phrase("component_gaps.subtitle", units=units, count=of_all, **says)
    ends = [
        f"{phrases.names_of([row['component_id']], ctx, year)} ({ctx.number(row['gap'], 2, sign=True)})"
        for row in (first, gaps.iloc[-1])
    ]
    says = {"units": units, "year": year, "province": ctx.name, "best": ends[0], "last": ends[1]}
    says |= {"count": count, "all": _in_all(first, year)}
    numbers, notes = [ctx.phrase("component_gaps.ends_part" if some else "component_gaps.ends", **says)], []
    holds = [phrases.about(ctx), Claim(title, stands)]
    if gaps["previous_gap"].notna().any():
        notes.append(ctx.phrase("component_gaps.tail"))
    if gaps["limit"].notna().any():
        alike, names = int(gaps["change"].notna().sum()), _moves(gaps, beyond, "named", ctx)
        changed = phrases.moved_beyond(names, len(beyond), alike, count, before, ctx)
        numbers.append(changed)
        notes.append(ctx.phrase("component_gaps.zone", units=units))
        sizes = {part: ctx.number(gaps.loc[gaps["component_id"] == part, "change"].item(), 2) for part in beyond}
        holds.append(Claim(changed, lambda frame: _distinct(frame, ctx) == sizes))
    elif _near(gaps).any():
        notes.append(ctx.phrase("component_gaps.grey"))
    notes += _not_compared(gaps, ctx)
    if some and first["index_id"] != "papi":
        notes.append(ctx.phrase("component_gaps.others_in_part"))
    if old:
        notes.append(ctx.phrase("component_gaps.in_part", year=year))
    kind = ctx.phrase("component_gaps.kind")
    return Caption(title, subtitle, " ".join(notes), kind, tuple(numbers), tuple(holds))


def _not_compared(gaps: pd.DataFrame, ctx: Context) -> list[str]:
    """Why changes are not shown beside those that are: parts that do not measure what they did, or without a score."""
    odd = gaps[gaps["change"].isna() & gaps["previous_edition"].notna()]
    if odd.empty:
        return []
    years, scored = odd[["previous_edition", "edition_year"]].iloc[0], odd["previous_score"].notna()
    why = [claims.why_not(odd.loc[scored, "component_id"], tuple(map(int, years)), ctx)] * bool(scored.any())
    why += [ctx.phrase("component_gaps.no_score")] * bool(not scored.all())
    return [ctx.phrase("component_gaps.not_alike", why=listing(why, ctx.language))]


def _title(gaps: pd.DataFrame, below: list[str], some: str, values: dict, ctx: Context) -> str:
    """The changes beyond error where there is room for them; else how many stand above the median, or all but which."""
    beyond, above, count = _beyond(gaps), values["above"], values["count"]
    if int(gaps["newest_edition"].iloc[0]) > values["year"]:
        return ctx.phrase("component_gaps.title_old", **values)
    if beyond:
        title = fitting(
            ctx.phrase("component_gaps.title_beyond", changes=_moves(gaps, beyond, form, ctx, verb=True), **values)
            for form in ("named", "numbered")
        )
        if len(title) <= LONGEST_TITLE:
            return title
    if values["within"]:
        keys = ["title_error_below"] * bool(below) + ["title_error"]
        return fitting(ctx.phrase(f"component_gaps.{key}", published=p, **values) for key in keys for p in (some, ""))
    near = _near(gaps)[gaps["component_id"].isin(below)].any()
    kind = {0: "all", 1: "all_but_one"}.get(len(below), "part" if above else "none") if count > 1 else "part"
    kind = "part" if kind == "all_but_one" and near else kind
    weak = phrases.names_of(below, ctx, values["year"])
    kinds = [kind]
    if above and 0 < len(below) <= 2 and some and not near:
        kinds.insert(0, "weak")  # of those that all provinces have
    # what a long name leaves no room for: which one it is, and that not all are held, of which the note speaks
    shorter = (
        *((each, some) for each in kinds),
        *[("part", some)] * (kind == "all_but_one"),
        ("part" if above < count else kind, ""),
    )
    return fitting(ctx.phrase(f"component_gaps.title_{k}", published=p, weak=weak, **values) for k, p in shorter)


def _level(gaps: pd.DataFrame) -> pd.Series:
    """Which are no farther from the median than survey error alone may put them."""
    return gaps["gap"].abs() <= gaps["score_error"]


def _near(gaps: pd.DataFrame) -> pd.Series:
    """Which are drawn in grey: those; without a known error those below by less than a tenth of the middle half."""
    tenth = (gaps["upper_quartile"] - gaps["lower_quartile"]) / 10
    return _level(gaps) | gaps["score_error"].isna() & gaps["gap"].between(-tenth, 0)


def _in_all(first: pd.Series, year: int) -> int:
    """How many components of its level an index has in an edition."""
    return sum(part.level == first["level"] for part in catalogue().components_of(first["index_id"], year))


def _moves(gaps: pd.DataFrame, beyond: list[str], form: str, ctx: Context, *, verb: bool = False) -> str:
    """Changes in a list, the greatest first, each with what it is of: its name (`named`) or its number."""
    rows = gaps.set_index("component_id").loc[beyond].sort_values("change", key=abs, ascending=False)
    listed = []
    for part, row in rows.iterrows():
        named, numbered = claims.names(part, int(row["edition_year"]), ctx)
        of = named if form == "named" else numbered
        key = "component_gaps.rose" if row["change"] > 0 else "component_gaps.fell"
        move = ctx.phrase(key, of=of, size=ctx.number(abs(row["change"]), 2))
        listed.append(move if verb else f"{of} {ctx.number(row['change'], 2, sign=True)}")
    return listing(listed, ctx.language)


def _beyond(gaps: pd.DataFrame) -> list[str]:
    """Components whose change is larger than their zone of error."""
    return list(gaps.loc[gaps["change"].abs() > gaps["limit"], "component_id"])


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


@plot(lambda frame: 1.9 + 0.74 * len(frame))
def draw(gaps: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Rows by distance to the median: band, tail and dot; beside them the change in its zone, or the scores."""
    first, errors = gaps.iloc[0], gaps["limit"].notna().any()
    year, before = int(first["edition_year"]), first["previous_edition"]
    known, tails = catalogue(), gaps["previous_gap"].notna().any()
    names = [component_name(known.component(part, year), ctx.language) for part in gaps["component_id"]]
    items = [
        *[("open", str(before)), ("full", str(year))] * bool(tails),
        ("band", ctx.phrase("component_gaps.middle_half")),
        *[("range", ctx.phrase("component_gaps.error_zone"))] * bool(errors),
    ]
    top, foot = pieces.key(area, 0, items) + 0.75, area.height - 0.7
    left = max(style.text_width(name, BASE, "bold") for name in names) + 0.3
    n = f"/{int(gaps['n'].max())}" * (gaps["n"].nunique() == 1)
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
        .assign(gap=gaps["gap"], previous=gaps["previous_gap"])
    )
    _frame(ax, len(gaps), (reach.min().min(), reach.max().max()), (INK, 5 if errors else 8), ctx)
    near = _near(gaps)
    for y, row in enumerate(gaps.itertuples()):
        weak = row.gap < 0 and not near[row.Index]
        colour = WORSE if weak else SOFT if near[row.Index] else OWN
        band = row.lower_quartile - row.median, row.upper_quartile - row.median
        ax.barh(y, band[1] - band[0], left=band[0], height=0.62, color=style.BANDS[0], lw=0, zorder=1)
        at = y
        if pd.notna(row.previous_gap):
            # two dots of one place stand one over the other
            under = abs(row.gap - row.previous_gap) * placing.cm_per_unit(ax) < UNDER_CM
            before_at, at = (y - 0.17, y + 0.13) if under else (y, y)
            ax.plot([row.previous_gap, row.gap], [before_at, at], color=colour, lw=1.5, zorder=3)
            ax.plot(row.previous_gap, before_at, "o", ms=4.2, mfc="white", mec=colour, mew=1.1, zorder=4)
        ax.plot(row.gap, at, "o", ms=6.8, color=colour, mec="white", mew=0.7, zorder=5)
        look = {"color": colour, "weight": "bold"} if weak else {}
        _beside(ax, -left / (right - left), y, names[y], **look)
        for place, (_, texts) in enumerate(columns):
            look = {"color": colour, "weight": "bold"} if not place else {"color": SOFT}
            _beside(ax, places[place], y, texts[y], ha="right", **look)
    _head(ax, right - left, ctx.phrase("component_gaps.median"), INK)
    for place, (head, _) in enumerate(columns):
        _beside(ax, places[place], -0.55, head, ha="right", dy=8, size=SMALL, color=SOFT)
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
        ax.plot(row.change, y, "o", ms=6, color=colour, mec="white", mew=0.7, zorder=5)
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
