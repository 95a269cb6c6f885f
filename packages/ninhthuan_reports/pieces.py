"""What several charts are drawn with: years, breaks, gaps, keys."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import Formatter, FuncFormatter, Locator

from figure_cards import placing, style
from figure_cards.style import HALO, OWN, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.reference import GROUPS

from .wording import Context, percent

PLOT_CM = style.WIDTH_CM - 0.1  # width of a plot on a page
SHADE = "#3F6E99"  # between the own colour and the second
Z_95 = 1.96  # standard errors on either side of a 95 % interval


def plot(height: float | Callable[[pd.DataFrame], float]):
    """Give a chart `height_cm(frame)`, the height of its plot across a page: in cm, or worked out from the frame."""

    def mark(draw):
        draw.height_cm = height if callable(height) else lambda frame: height
        return draw

    return mark


def stretches(history: pd.DataFrame, column: str) -> list[pd.DataFrame]:
    """Runs of consecutive editions of one method with a value: lines are drawn inside them and nowhere else."""
    filled = history[history[column].notna()].sort_values("edition_year")
    years, segments = filled["edition_year"].to_numpy(), filled["segment"].to_numpy()
    apart = np.flatnonzero((np.diff(years) != 1) | (segments[1:] != segments[:-1])) + 1
    return [filled.iloc[first:last] for first, last in itertools.pairwise([0, *apart, len(filled)]) if first < last]


def percent_axis(ax: Axes, ticks: Locator, ctx: Context) -> None:
    """An axis of shares under bars: per cent at the ticks, upright lines, no baseline."""
    ax.set_yticks([])
    ax.xaxis.set_major_locator(ticks)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0, ctx.language)))
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)


def years(ax: Axes, years: list[int], *, pad: float = 0.55, room: float = 0.95, each: bool = False) -> set[int]:
    """Editions along the foot: every year that has `room` (cm). Returns those that are named.

    each: the others too, in two figures, where these have room.
    """
    first, last = min(years), max(years)
    ax.set_xlim(first - pad, last + pad)
    step = max(1, math.ceil(room / placing.cm_per_unit(ax)))
    shown = {year for year in range(first, last + 1) if (last - year) % step == 0}
    between = "{:02d}" if each and placing.cm_per_unit(ax) > 0.5 else ""
    if between and step > 1:
        shown = {first, last}
    names = [str(y) if y in shown else between.format(y % 100) for y in range(first, last + 1)]
    ax.set_xticks(range(first, last + 1), names)
    return shown


class TickNumbers(Formatter):
    """Ticks with as many decimals as the axis needs for each to print as its value."""

    def __init__(self, ctx: Context):
        self.ctx, self.ticks = ctx, ()

    def set_locs(self, locs) -> None:
        self.ticks = locs

    def __call__(self, value, pos=None) -> str:
        decimals = next((d for d in range(6) if all(abs(round(tick, d) - tick) < 1e-9 for tick in self.ticks)), 6)
        return self.ctx.number(value, decimals)


def number_axis(axis, ctx: Context) -> None:
    """Numbers on an axis, with the decimals that its ticks need."""
    axis.set_major_formatter(TickNumbers(ctx))


def break_labels(
    component_id: str, years: list[int], width: float, ctx: Context, pad: float = 0.55, shifts=(), margin: float = 0
):
    """Words over breaks and the rows they need: (x, text, to the right of x?, lowest row, severity).

    width: of the plot in cm; margin: cm that are free to its right; shifts: the steps that no document explains which
    are to be marked too. The line of a break runs up to the top of its own words. These stand to its right, in one line
    or two, cut by no other line; to its left only where two rows have no room.
    """
    low, high = min(years) - pad, max(years) + pad
    unit = width / max(high - low, 1e-9)
    items = [b for b in catalogue().breaks_of(component_id) if min(years) < b.edition_year <= max(years)]
    items = sorted([b for b in items if b.severity != "suspected"] + [*shifts], key=lambda b: b.edition_year)
    most = len(items) + 2
    orders = sorted(itertools.product(range(1, most), (False, True)), key=lambda order: (max(2, order[0]), order[1]))
    for rows, leftward in orders:
        options = []
        for item in items:
            x, words = item.edition_year - 0.5, ctx.pick(item.label, item.label_en).split(" ")
            halves = [[" ".join(words[:n]), " ".join(words[n:])] for n in range(1, len(words))]
            folded = [min(halves, key=lambda half: max(map(len, half)))] * bool(halves)
            options.append([])
            for lines, rightward in itertools.product([[" ".join(words)], *folded], (True, False)[: 1 + leftward]):
                size = (max(style.text_width(line, SMALL) for line in lines) + 0.2) / unit
                span = (x, x + size) if rightward else (x - size, x)
                if rows == most - 1 or (low <= span[0] and span[1] <= high + margin / unit):
                    tops = range(len(lines) - 1, rows)
                    spots = ((x, "\n".join(lines), rightward, top + 1 - len(lines), top, *span) for top in tops)
                    options[-1] += spots
        if (found := _apart(options, [])) is not None:
            break
    labels = [(*spot[:4], item.severity) for spot, item in zip(found, items, strict=True)]
    return labels, max((spot[4] + 1 for spot in found), default=0)


def steps(history: pd.DataFrame) -> list:
    """Steps of the country that no document explains, one a year; of no plain sum those of its own and the newest."""
    total, known = history["component_id"].iloc[0], catalogue()
    newest = history.loc[history["rank"].notna(), "edition_year"].nlargest(2)
    first, before, last = int(history["edition_year"].min()), int(newest.min()), int(newest.max())
    early = known.marks if known.component(total, last).parts_sum else known.breaks_between
    marks = early(total, first, before) + known.marks(total, before, last)
    return [mark for mark in {mark.edition_year: mark for mark in marks[::-1]}.values() if mark.severity == "suspected"]


def dotted(history: pd.DataFrame) -> set[int]:
    """Editions of a component in which its contents changed or the whole country moved at once."""
    years = history.loc[history["rank"].notna(), "edition_year"]
    marks = catalogue().breaks_between(history["component_id"].iloc[0], int(years.min()), int(years.max()), "caution")
    return {mark.edition_year for mark in [*marks, *steps(history)] if mark.edition_year > years.min()}


def course(ax: Axes, run: pd.DataFrame, column: str, width: float, **dots) -> None:
    """A run of editions joined by a line of the province's own, thin where contents changed between two of them."""
    years, values = run["edition_year"].to_numpy(), run[column].to_numpy(float)
    ax.plot(years, values, color=OWN, lw=0.6, **dots)
    changed = np.flatnonzero(np.isin(years[1:], [*dotted(run)])) + 1 if run["rank"].notna().any() else []
    for part in np.split(np.arange(len(years)), changed):
        ax.plot(years[part], values[part], color=OWN, lw=width, zorder=dots["zorder"] - 0.1)


def _apart(options: list[list[tuple]], placed: list[tuple]) -> list[tuple] | None:
    """Of each label the first spot (x, text, rightward, row, top, start, end) clear of those before, else None."""

    def meet(one: tuple, other: tuple) -> bool:
        if one[3] <= other[4] and other[3] <= one[4] and one[5] < other[6] and other[5] < one[6]:
            return True
        return any(a[5] < b[0] < a[6] and b[4] >= a[3] for a, b in ((one, other), (other, one)))

    if len(placed) == len(options):
        return placed
    free = (spot for spot in options[len(placed)] if not any(meet(spot, other) for other in placed))
    return next(filter(None, (_apart(options, [*placed, spot]) for spot in free)), None)


def mark_breaks(ax: Axes, labels, *, words: bool = True) -> None:
    """Dashes at a break, dots where a documented change asks for care: each line with its words (`break_labels`).

    words: over this plot; where two share an axis of years they stand over the upper one. Lines of data are never
    joined across a break.
    """
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    over, row_pt = {"transform": ax.get_xaxis_transform()}, placing.ROW_CM / 2.54 * 72
    for x, text, rightward, row, severity in labels:
        line = {"lw": 0.9, "ls": style.DASHES} if severity == "break" else {"lw": 0.7, "ls": style.DOTS}
        ax.axvline(x, color=style.MIDDLE, zorder=1, **line)
        if words:
            # the line runs on up to the top of its own words
            more = text.count("\n")
            top = 1 + (0.3 + (row + more) * placing.ROW_CM) / height
            ax.plot([x, x], [1, top], color=style.MIDDLE, clip_on=False, zorder=1, **line, **over)
            look = {"ha": "left", "dx": 2} if rightward else {"ha": "right", "dx": -2}
            look |= {"size": SMALL, "color": SOFT, "lead": row_pt / SMALL, **over}
            label(ax, x, 1, text, dy=5.5 + (row + more / 2) * row_pt, **look)


BARS = {"range": style.RANGE, "band": style.BOX, "dark": SOFT, "pale": style.BOX}
MARKS = {"up": ("^", OWN), "down": ("v", style.WORSE), "other": ("o", style.MIDDLE), "ink": ("o", style.INK)}


def key(area: Area, top: float, items: list[tuple[str, str]], left: float = 0.0, right: float | None = None) -> float:
    """A key in one or more lines from left to right (cm), with the marks themselves; returns its height in cm."""
    lines, x = [[]], left
    for kind, text in items:
        width = 0.5 + style.text_width(text, SMALL, "bold" if kind == "own" else "normal") + 0.4
        if x + width > (right or area.width) + 0.35 and lines[-1]:
            lines.append([])
            x = left
        lines[-1].append((x, kind, text))
        x += width
    height = 0.45 * len(lines)
    ax = area.sheet(top, top + height)
    for number, line in enumerate(lines):
        y = 0.45 * number + 0.22
        for x, kind, text in line:
            if kind in BARS:
                ax.plot([x, x + 0.36], [y, y], color=BARS[kind], lw=9, solid_capstyle="butt")
            elif kind in (*style.GROUP_COLOURS, "not_published"):
                ax.add_patch(
                    Rectangle((x, y - 0.15), 0.36, 0.3, fc=style.GROUP_COLOURS[kind], lw=0)
                    if kind in style.GROUP_COLOURS
                    else Rectangle((x, y - 0.15), 0.36, 0.3, fc="white", ec="#A8A8A8", hatch="////", lw=0.5)
                )
            elif kind in MARKS:
                mark, colour = MARKS[kind]
                ax.plot(x + 0.18, y, mark, ms=6.5, color=colour, mec="white", mew=0.8)
            elif kind == "open":
                ax.plot(x + 0.18, y, "o", ms=5.5, mfc="white", mec=OWN, mew=1.3)
            elif kind in ("solid grey", "open grey"):
                solid = kind == "solid grey"
                colour = SOFT if solid else style.MIDDLE
                ax.plot(x + 0.18, y, "o", ms=3.6, mfc=colour if solid else "white", mec=colour, mew=0.9)
            else:
                ax.plot(x + 0.18, y, "o", ms=6.5, color=OWN, mec="white", mew=0.8)
            own = kind == "own"
            label(ax, x + 0.46, y, text, size=SMALL, color=OWN if own else SOFT, weight="bold" if own else "normal")
    return height


def ends_and_extremes(history: pd.DataFrame, column: str, limit: int = 7) -> set[int]:
    """Editions to label: all of few, else the first, the last, the highest and the lowest."""
    known = history[history[column].notna()].sort_values("edition_year")
    if len(known) <= limit:
        return set(known["edition_year"])
    years = list(known["edition_year"])
    return {
        years[0],
        years[-1],
        known.loc[known[column].astype(float).idxmax(), "edition_year"],
        known.loc[known[column].astype(float).idxmin(), "edition_year"],
    }


# What is published and not held is one case in a picture, whenever a source of it came out.
NOT_HELD = ("", "known_later")


def missing_words(history: pd.DataFrame, column: str) -> list[tuple[float, float, str]]:
    """Runs of years without a value: first year, last year, kind; `no_edition` where the index has none."""
    runs: list[list] = []
    known = {row.edition_year: row for row in history.itertuples()}
    for year in range(min(known), max(known) + 1):
        if year in known and pd.notna(getattr(known[year], column)):
            continue
        kind = known[year].missing if year in known else "no_edition"
        kind = "not_collected" if kind in NOT_HELD else kind
        if runs and runs[-1][1] == year - 1 and runs[-1][2] == kind:
            runs[-1][1] = year
        else:
            runs.append([year, year, kind])
    return [tuple(run) for run in runs]


def widest_part(first: int, last: int, component_id: str) -> tuple[int, int]:
    """The longest run of years between first and last that no break divides: words there are cut by no line."""
    cuts = [b.edition_year for b in catalogue().breaks_of(component_id) if first < b.edition_year <= last]
    starts = sorted({first, *cuts})
    parts = zip(starts, [start - 1 for start in starts[1:]] + [last], strict=True)
    return max(parts, key=lambda part: part[1] - part[0])


def hatch(ax: Axes, history: pd.DataFrame, column: str, texts: placing.Texts) -> None:
    """Withheld years: numbers set later keep off them."""
    for first, last, kind in missing_words(history, column):
        if kind == "not_published":
            box, look = (first - 0.42, min(ax.get_ylim())), {"fc": "none", "ec": "#BDBDBD", "hatch": "////", "lw": 0}
            patch = Rectangle(box, last - first + 0.84, abs(np.diff(ax.get_ylim())[0]), zorder=0.5, **look)
            extents = ax.add_patch(patch).get_window_extent().extents
            texts.boxes.append(tuple(extents * 72 / ax.get_figure(root=True).dpi))


def draw_missing(
    ax: Axes, history: pd.DataFrame, column: str, ctx: Context, *, middle: float, texts: placing.Texts
) -> None:
    """What is missing in words: withheld years over their hatch among the ranks, or in it; others in their gap."""
    low, high = ax.get_ylim()
    heights = [middle, *(low + (high - low) * share for share in (0.3, 0.7, 0.15, 0.85, 0.4, 0.6, 0.22, 0.78))]
    for first, last, kind in reversed(missing_words(history, column)):
        withheld = kind == "not_published"
        text = ctx.phrase("index_course.not_held") if kind == "not_collected" else word(kind, ctx.language)
        if withheld and (column != "rank" or texts.over((first + last) / 2, text)):
            continue
        start, end = widest_part(first, last, history["component_id"].iloc[0])
        room = (end - start + 0.9) * placing.cm_per_unit(ax)
        lines = style.wrap(text, SMALL, max(1.1, room), balanced=True)
        # where there is no place for words a gap of one edition speaks for itself
        texts.words((start + end) / 2, heights, lines, needed=withheld or last > first or room > 1.1)


RANK_TICKS = (1, 10, 20, 30, 40, 50, 60)


def rank_axis(ax: Axes, count: int) -> None:
    """Ranks down the side, 1 on top."""
    ax.set_ylim(count + 1.5, -0.5)
    ax.set_yticks([tick for tick in RANK_TICKS if tick <= count])


def top_quarter(ax: Axes, history: pd.DataFrame, most: int) -> None:
    """A band over the first quarter of the provinces, narrower where the own rank is one of clearly fewer."""
    low, high = ax.get_xlim()
    counts = history.set_index("edition_year")["n_ranked"].astype(float)
    counts = counts.reindex(range(round(low + 0.5), round(high + 0.5)))
    counts = counts.where(counts < most - 5, most)
    edges = np.repeat([low, *(counts.index[1:] - 0.5), high], 2)[1:-1]
    top = ax.get_ylim()[1]
    ax.fill_between(edges, top, np.repeat(0.5 + counts.to_numpy() / 4, 2), color=style.BAND, lw=0, zorder=0)


def interval(ax: Axes, year: int, low: float, high: float) -> None:
    """What survey errors would allow in the newest edition, under its dot: a line with caps."""
    ax.plot([year, year], [low, high], color=SHADE, lw=1.3, zorder=3, clip_on=False)
    ax.plot([year, year], [low, high], "_", color=SHADE, zorder=5.5, ms=6, mew=1.3, clip_on=False)


def newest_dot(ax: Axes, year: int, value: float) -> None:
    """The newest edition, larger than those before it."""
    ax.plot(year, float(value), "o", color=OWN, ms=7.5, mec="white", mew=0.8, zorder=5, clip_on=False)


def beside(ax: Axes, x: float, marks: list[tuple[float, str, float, str]], *, left: bool, far: float) -> None:
    """Ranks beside an interval, pushed apart where they would meet: (rank, text, size, weight)."""
    high, low = ax.get_ylim()
    tall = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    places = style.spread([y for y, *_ in marks], 0.36 / tall * (high - low), bounds=(low + 1.4, high - 0.6))
    for (_, text, size, weight), y in zip(marks, places, strict=True):
        look = {"size": size, "weight": weight, "ha": "right" if left else "left", "dx": -far if left else far}
        label(ax, x, y, text, color=OWN, path_effects=HALO, zorder=6, **look)


def official_order(component_ids) -> list[str]:
    """Components as the catalogue orders them."""
    wanted = set(component_ids)
    index_id = next(i for i in catalogue().indices if next(iter(wanted)).startswith(i + "_"))
    return list(dict.fromkeys(c.component_id for c in catalogue().components_of(index_id) if c.component_id in wanted))


def group_key(
    area: Area, left: float, top: float, ctx: Context, *, withheld: bool, texts: dict[str, str] | None = None
) -> None:
    """Key of the four groups, and of what was withheld."""
    key = area.axes(left, top, area.width, top + 0.62 * (4 + withheld))
    key.set_axis_off()
    key.set_xlim(0, area.width - left)
    key.set_ylim(4 + withheld, 0)
    for place, group in enumerate(GROUPS):
        key.add_patch(Rectangle((0, place + 0.08), 0.5, 0.76, fc=style.GROUP_COLOURS[group], lw=0))
        label(key, 0.62, place + 0.46, (texts or {}).get(group, word(group, ctx.language)))
    if withheld:
        key.add_patch(Rectangle((0, 4.08), 0.5, 0.76, fc="white", ec="#A8A8A8", hatch="////", lw=0.5))
        label(key, 0.62, 4.46, (texts or {}).get("not_published", word("not_published", ctx.language)))


def dot(ax: Axes, x: float, y: float, solid: bool, size: float) -> None:
    """A dot of the own colour, solid or open."""
    look = {"mfc": OWN, "mec": "white", "mew": 0.8} if solid else {"mfc": "white", "mec": OWN, "mew": 1.3}
    ax.plot(x, y, "o", ms=size, color=OWN, zorder=6, **look)
