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

from .wording import WORKED_BACK, Context, percent, standing

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


def years(ax: Axes, years: list[int], *, pad: float = 0.55, room: float = 0.95) -> set[int]:
    """Editions along the foot: every year that has `room` (cm). Returns those that are named."""
    first, last = min(years), max(years)
    ax.set_xlim(first - pad, last + pad)
    step = max(1, math.ceil(room / placing.cm_per_unit(ax)))
    shown = {year for year in years if (last - year) % step == 0}
    ax.set_xticks(range(first, last + 1), [str(y) if y in shown else "" for y in range(first, last + 1)])
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


def break_labels(component_id: str, years: list[int], width: float, ctx: Context, pad: float = 0.55, shifts=()):
    """Words over breaks and the rows they need: (x, text, to the right of x?, row) for a plot `width` cm wide.

    shifts: the steps that no document explains which are to be marked too.

    The line of a break runs up to its own words, so words that reach over the next line stand in a higher row
    than that one's. Of all ways to set them the one with the fewest rows is taken.
    """
    low, high = min(years) - pad, max(years) + pad
    unit = width / max(high - low, 1e-9)
    items = [b for b in catalogue().breaks_of(component_id) if min(years) < b.edition_year <= max(years)]
    items = sorted([b for b in items if b.severity != "suspected"] + [*shifts], key=lambda b: b.edition_year)
    texts = [ctx.pick(item.label, item.label_en) for item in items]
    sizes = [(style.text_width(text, SMALL) + 0.2) / unit for text in texts]
    lines = [item.edition_year - 0.5 for item in items]
    best: tuple | None = None
    for sides in itertools.product((True, False), repeat=len(items)):
        spans = [
            (x, x + size) if rightward else (x - size, x)
            for x, size, rightward in zip(lines, sizes, sides, strict=True)
        ]
        over = sum(max(0.0, low - start) + max(0.0, end - high) for start, end in spans)
        rows = rows_of_words(spans, lines)
        if rows is None:
            continue
        cost = (round(over, 6), max(rows, default=-1), sides.count(False))
        if best is None or cost < best[0]:
            best = cost, sides, rows
    _, sides, rows = best
    found = zip(items, lines, texts, sides, rows, strict=True)
    return [(x, text, side, row, item.severity) for item, x, text, side, row in found], 1 + max(rows, default=-1)


def rows_of_words(spans: list[tuple[float, float]], lines: list[float]) -> list[int] | None:
    """Lowest rows in which no words meet and none are cut by another's line; None where that cannot be."""
    rows: dict[int, int] = {}
    while len(rows) < len(spans):
        ready = [
            i
            for i, (start, end) in enumerate(spans)
            if i not in rows and all(j in rows or j == i or not start < x < end for j, x in enumerate(lines))
        ]
        if not ready:
            return None
        i = ready[-1]
        start, end = spans[i]
        least = max((rows[j] + 1 for j, x in enumerate(lines) if j != i and start < x < end), default=0)
        taken = {row for j, row in rows.items() if start < spans[j][1] and spans[j][0] < end}
        rows[i] = next(row for row in itertools.count(least) if row not in taken)
    return [rows[i] for i in range(len(spans))]


def mark_breaks(ax: Axes, labels, *, words: bool = True) -> None:
    """Dashes at a break, dots where a documented change asks for care: each line with its words (`break_labels`).

    words: over this plot; where two share an axis of years they stand over the upper one. Lines of data are never
    joined across a break.
    """
    for x, *_, severity in labels:
        line = {"lw": 0.9, "ls": style.DASHES} if severity == "break" else {"lw": 0.7, "ls": style.DOTS}
        ax.axvline(x, color=style.MIDDLE, zorder=1, **line)
    if words:
        break_words(ax, labels)


def break_words(ax: Axes, labels) -> None:
    """Words over the breaks of a plot (see `break_labels`), each at the end of its own line."""
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    for x, text, rightward, row, severity in labels:
        # the line runs on up to its own words
        top, over = 1 + (0.3 + row * placing.ROW_CM) / height, {"transform": ax.get_xaxis_transform()}
        line = {"lw": 0.9, "ls": style.DASHES} if severity == "break" else {"lw": 0.7, "ls": style.DOTS}
        ax.plot([x, x], [1, top], color=style.MIDDLE, clip_on=False, zorder=1, **line, **over)
        look = {"size": SMALL, "color": SOFT, **over}
        look |= {"ha": "left", "dx": 2} if rightward else {"ha": "right", "dx": -2}
        label(ax, x, 1, text, dy=5.5 + row * placing.ROW_CM / 2.54 * 72, **look)


def key(area: Area, top: float, items: list[tuple[str, str]], left: float = 0.0) -> float:
    """A key in one or more lines, drawn with the marks themselves; returns its height in cm."""
    lines, x = [[]], left
    for kind, text in items:
        width = 0.5 + style.text_width(text, SMALL, "bold" if kind == "own" else "normal") + 0.4
        if x + width > area.width + 0.35 and lines[-1]:
            lines.append([])
            x = left
        lines[-1].append((x, kind, text))
        x += width
    height = 0.45 * len(lines)
    ax = area.sheet(top, top + height)
    for number, line in enumerate(lines):
        y = 0.45 * number + 0.22
        for x, kind, text in line:
            if kind in ("range", "band"):
                colour = style.RANGE if kind == "range" else style.BANDS[0]
                ax.plot([x, x + 0.36], [y, y], color=colour, lw=9, solid_capstyle="butt")
            elif kind in (*style.GROUP_COLOURS, "not_published"):
                ax.add_patch(
                    Rectangle((x, y - 0.15), 0.36, 0.3, fc=style.GROUP_COLOURS[kind], lw=0)
                    if kind in style.GROUP_COLOURS
                    else Rectangle((x, y - 0.15), 0.36, 0.3, fc="white", ec="#A8A8A8", hatch="////", lw=0.5)
                )
            elif kind in ("up", "down", "other"):
                mark, colour = {"up": ("^", OWN), "down": ("v", style.WORSE), "other": ("o", style.MIDDLE)}[kind]
                ax.plot(x + 0.18, y, mark, ms=6.5, color=colour, mec="white", mew=0.8)
            elif kind == "open":
                ax.plot(x + 0.18, y, "o", ms=5.5, mfc="white", mec=OWN, mew=1.3)
            elif kind == "square grey":
                ax.plot(x + 0.18, y, "s", ms=5, color=style.MIDDLE, mec="white", mew=0.7)
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


def draw_missing(
    ax: Axes, history: pd.DataFrame, column: str, ctx: Context, *, middle: float, texts: placing.Texts, of: str = ""
) -> None:
    """Withheld years are hatched, said once over the ranks or in them; what (of) was not collected is said in words."""
    (low, high), named = ax.get_ylim(), False
    heights = [middle, *(low + (high - low) * share for share in (0.3, 0.7, 0.15, 0.85, 0.4, 0.6, 0.22, 0.78))]
    for first, last, kind in reversed(missing_words(history, column)):
        if kind == "not_published":
            box, look = (first - 0.42, min(low, high)), {"fc": "none", "ec": "#BDBDBD", "hatch": "////", "lw": 0}
            ax.add_patch(Rectangle(box, last - first + 0.84, abs(high - low), zorder=0.5, **look))
            unnamed, named = not named and column == "rank", True
            if not unnamed or texts.over((first + last) / 2, word(kind, ctx.language)):
                continue
        start, end = widest_part(first, last, history["component_id"].iloc[0])
        room = (end - start + 0.9) * placing.cm_per_unit(ax)
        first_word, _, rest = word(kind, ctx.language).partition(" ")
        why = first_word + " " + rest.replace(" ", "\N{NO-BREAK SPACE}")  # no line ends within a compound
        lines = style.wrap(of + why, SMALL, max(1.1, room))
        # where there is no place for words a narrow gap speaks for itself
        texts.words((start + end) / 2, heights, lines, needed=room > 1.1)


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
    ax.fill_between(edges, top, np.repeat(0.5 + counts.to_numpy() / 4, 2), color=style.BANDS[0], lw=0, zorder=0)


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


def rank_label(row, whole: bool) -> str:
    """A rank beside its dot, with its denominator where there is room for it, and always with its mark."""
    text = standing(row)
    return text if whole else text.partition("/")[0] + WORKED_BACK * text.endswith(WORKED_BACK)


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


def leader(ax: Axes, x: float, value: float, y: float, side: int, own: bool) -> None:
    """A hair line from a point to a label that was pushed away from it."""
    unit = 1 / placing.cm_per_unit(ax)
    ax.plot(
        [x + side * 0.14 * unit, x + side * 0.42 * unit],
        [value, y],
        color=OWN if own else style.RULE,
        lw=0.6,
        clip_on=False,
        zorder=2,
    )


def dot(ax: Axes, x: float, y: float, solid: bool, size: float) -> None:
    """A dot of the own colour, solid or open."""
    look = {"mfc": OWN, "mec": "white", "mew": 0.8} if solid else {"mfc": "white", "mec": OWN, "mew": 1.3}
    ax.plot(x, y, "o", ms=size, color=OWN, zorder=6, **look)
