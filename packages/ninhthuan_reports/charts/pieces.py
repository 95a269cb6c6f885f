"""What several charts are drawn with: years, breaks, gaps, keys, and numbers set where no text stands."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import Formatter

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word

from .. import style
from ..style import BASE, HALO, INK, OWN, SMALL, SOFT, Area, label
from ..wording import Context

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
    runs, current = [], []
    ordered = history.sort_values("edition_year")
    previous = None
    for row in ordered.itertuples():
        missing = pd.isna(getattr(row, column))
        apart = previous is not None and (
            row.segment != previous.segment or row.edition_year != previous.edition_year + 1
        )
        if current and (missing or apart):
            runs.append(current)
            current = []
        if not missing:
            current.append(row.Index)
        previous = row
    if current:
        runs.append(current)
    return [ordered.loc[run] for run in runs]


def _years(ax: Axes, years: list[int], *, ends_only: bool = False, pad: float = 0.55, room: float = 0.95) -> set[int]:
    """Editions along the foot: every year that has `room` (cm); in small panels only the first and the last.

    Returns those that are named.
    """
    first, last = min(years), max(years)
    ax.set_xlim(first - pad, last + pad)
    step = max(1, math.ceil(room / _cm_per_unit(ax)))
    shown = {first, last} if ends_only else {year for year in years if (last - year) % step == 0}
    ax.set_xticks(range(first, last + 1), [str(y) if y in shown else "" for y in range(first, last + 1)])
    if ends_only and last > first and pad * _cm_per_unit(ax) < 0.4:
        labels = ax.get_xticklabels()
        labels[0].set_ha("left")
        labels[-1].set_ha("right")
    return shown


class _TickNumbers(Formatter):
    """Ticks with as many decimals as the axis needs for each to print as its value."""

    def __init__(self, ctx: Context):
        self.ctx, self.ticks = ctx, ()

    def set_locs(self, locs) -> None:
        self.ticks = locs

    def __call__(self, value, pos=None) -> str:
        decimals = next((d for d in range(6) if all(abs(round(tick, d) - tick) < 1e-9 for tick in self.ticks)), 6)
        return self.ctx.number(value, decimals)


def _number_axis(axis, ctx: Context) -> None:
    axis.set_major_formatter(_TickNumbers(ctx))


ROW_CM = 0.37  # one line of small text


class _Texts:
    """Boxes of the texts set in one plot, in points, so that the next can be set where none stands."""

    def __init__(self, ax: Axes):
        self.ax = ax
        self.boxes: list[tuple[float, float, float, float]] = []
        self._strokes: np.ndarray | None = None  # x and y of either end and half the width, in points

    def box(self, x, y, text, size, *, weight="normal", ha="center", dx=0.0, low=0.0, high=0.0, transform=None):
        """Box of a line of text that reaches from `low` to `high` points over the place (x, y)."""
        scale = 72 / self.ax.get_figure(root=True).dpi
        left, base = (transform or self.ax.transData).transform((float(x), float(y))) * scale
        width = style.text_width(text, size, weight) / 2.54 * 72
        left += dx - {"left": 0, "center": width / 2, "right": width}[ha]
        return left, base + low, left + width, base + high

    def free(self, box) -> bool:
        """Whether a box covers no text and does not hang over the foot of the plot, where the years stand."""
        foot = self.ax.bbox.y0 * 72 / self.ax.get_figure(root=True).dpi
        left, low, right, high = box
        # a point and a half at least between two numbers of one height
        left, right = left - 1.5, right + 1.5
        return low > foot and not any(left < r and b < right and low < h and w < high for b, w, r, h in self.boxes)

    def cut(self, box) -> float:
        """Width of all the lines and dots of the plot under a box: text there cuts them with its halo."""
        if self._strokes is None:
            scale = 72 / self.ax.get_figure(root=True).dpi
            found = [np.empty((0, 5))]
            for line in self.ax.lines:
                ends = line.get_transform().transform(np.column_stack(line.get_data()).astype(float)) * scale
                if line.get_linestyle() != "None":
                    found.append(np.insert(np.hstack([ends[:-1], ends[1:]]), 4, line.get_linewidth() / 2, axis=1))
                if line.get_marker() != "None":
                    # a dot is a stroke of no length
                    found.append(np.insert(np.hstack([ends, ends]), 4, line.get_markersize() / 2, axis=1))
            self._strokes = np.vstack(found)
        x, y, to_x, to_y, half = self._strokes.T
        # how far along each stroke the box begins and ends, on either axis
        low, high = np.zeros_like(x), np.ones_like(x)
        for start, way, first, last in ((x, to_x - x, box[0], box[2]), (y, to_y - y, box[1], box[3])):
            way = np.where(way == 0, 1e-9, way)
            ends = np.sort([(first - half - start) / way, (last + half - start) / way], axis=0)
            low, high = np.maximum(low, ends[0]), np.minimum(high, ends[1])
        return float(2 * half[low < high].sum())

    def nearest(self, box, x: float, y: float, margin: float = 3) -> bool:
        """Whether no dot of the plot stands nearer to a box than the one at (x, y), whose number it holds."""
        scale, dots = 72 / self.ax.get_figure(root=True).dpi, [np.empty((0, 2))]
        for line in self.ax.lines:
            if line.get_marker() != "None" and line.get_transform() == self.ax.transData:
                dots.append(self.ax.transData.transform(np.column_stack(line.get_data()).astype(float)) * scale)
        places = np.vstack([self.ax.transData.transform((float(x), float(y))) * scale, *dots])
        away = np.maximum(np.maximum(np.array(box[:2]) - places, places - np.array(box[2:])), 0)
        distances = np.hypot(*away.T)
        others = distances[np.hypot(*(places - places[0]).T) > 0.5]
        return not len(others) or bool(distances[0] + margin < np.nanmin(others))

    def take_breaks(self, labels) -> None:
        """Note the words over the breaks (see `_break_labels`)."""
        for x, text, rightward, row, _ in labels:
            base = 5.5 + row * ROW_CM / 2.54 * 72
            self.boxes.append(
                self.box(
                    x,
                    1,
                    text,
                    SMALL,
                    ha="left" if rightward else "right",
                    dx=2 if rightward else -2,
                    low=base - 5,
                    high=base + 4,
                    transform=self.ax.get_xaxis_transform(),
                )
            )

    def number(
        self, x, y, text, sides: tuple[str, ...], *, size=BASE, bold=False, gap=5.5, ha="center", dx=0.0, needed=True
    ) -> None:
        """A number by its point, where no text stands and as few lines as can be are cut.

        Sides in the order wished for: "above", "below" (there it may also lean to one side) and "right". Where none
        is free of text a number that is not needed is left out.
        """
        weight = "bold" if bold else "normal"
        lean = style.text_width(text, size, weight) / 2.54 * 72 / 2 + 1.5
        # side: lowest and highest point of the figures, offset in points, where the text hangs on to it
        by_side = {
            "above": (gap, gap + size, dx, gap, ha, "bottom"),
            "below": (-gap - 0.5 - size, -gap - 0.5, dx, -gap - 0.5, ha, "top"),
            "right": (-size / 2, size / 2, gap + 0.5, 0, "left", "center"),
        }
        options = []
        for further in (0, 0.6 * size, 1.3 * size):
            for side in sides:
                low, high, right, up, hold, level = by_side[side]
                off = 0 if side == "right" else further if side == "above" else -further
                for leaning in (0,) if side == "right" else (0, lean, -lean):
                    look = {"weight": weight, "ha": hold, "low": low + off, "high": high + off}
                    pushed = right + leaning + self._back_in(self.box(x, y, text, size, dx=right + leaning, **look))
                    place = self.box(x, y, text, size, dx=pushed, **look)
                    options.append((place, (pushed, up + off), hold, level))
        free = [option for option in options if self.free(option[0]) and self.nearest(option[0], x, y)]
        if not needed:
            # a number that cuts a line may as well be left out
            free = [option for option in free if not self.cut(option[0])]
            if not free:
                return
        close = ([option for option in options if self.nearest(option[0], x, y, margin)] for margin in (3, 0.5, -99))
        near = free or next(filter(None, close))
        box, offset, hold, level = min(near, key=lambda option: (not self.free(option[0]), self.cut(option[0])))
        self.boxes.append(box)
        # a number that must stand on a line interrupts it
        ground = {"fc": "white", "ec": "none", "pad": 0.6} if self.cut(box) else None
        self.ax.annotate(
            text,
            (x, y),
            xytext=offset,
            textcoords="offset points",
            ha=hold,
            va=level,
            fontsize=size,
            weight=weight,
            color=OWN,
            path_effects=HALO,
            bbox=ground,
            zorder=6,
        )

    def _back_in(self, box) -> float:
        """Points by which a box that hangs over the side of the plot has to be pushed."""
        figure = self.ax.get_figure(root=True)
        scale = 72 / figure.dpi
        # off the numbers of the axis on the left, and within the edge on the right
        left, right = self.ax.bbox.x0 * scale + 3, self.ax.bbox.x1 * scale
        return max(0.0, left - box[0]) - max(0.0, box[2] - right)

    def words(self, x, heights, lines: list[str], *, needed=True) -> None:
        """Words in a gap, at one of some heights, where no text stands and they cut the least."""
        tall = len(lines) * SMALL * 1.12
        # words wider than a gap at the edge are pushed in, off the figures of the axis
        half = max(style.text_width(line, SMALL) for line in lines) / 2 / _cm_per_unit(self.ax)
        low, high = self.ax.get_xlim()
        x = min(max(x, low + half), high - half)
        places = []
        for y in heights:
            boxes = [self.box(x, y, line, SMALL, low=-tall / 2, high=tall / 2) for line in lines]
            taken = not all(self.free(box) for box in boxes)
            places.append((taken, self.cut(boxes[0]), len(places), y, boxes))
        taken, _, _, y, boxes = min(places)
        if taken and not needed:
            return
        self.boxes += boxes
        label(
            self.ax,
            x,
            y,
            "\n".join(lines),
            size=SMALL,
            ha="center",
            color=SOFT,
            style="italic",
            path_effects=HALO,
            zorder=6,
        )


def _break_labels(component_id: str, years: list[int], width: float, ctx: Context, pad: float = 0.55):
    """Words over breaks and the rows they need: (x, text, to the right of x?, row) for a plot `width` cm wide.

    The line of a break runs up to its own words, so words that reach over the next line stand in a higher row
    than that one's. Of all ways to set them the one with the fewest rows is taken.
    """
    low, high = min(years) - pad, max(years) + pad
    unit = width / max(high - low, 1e-9)
    # steps that no document explains have a line, and their words in the note
    items = [b for b in catalogue().breaks_of(component_id) if min(years) < b.edition_year <= max(years)]
    items = [b for b in items if b.severity != "suspected"]
    items.sort(key=lambda b: b.edition_year)
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
        rows = _rows_of_words(spans, lines)
        if rows is None:
            continue
        cost = (round(over, 6), max(rows, default=-1), sides.count(False))
        if best is None or cost < best[0]:
            best = cost, sides, rows
    _, sides, rows = best
    found = zip(items, lines, texts, sides, rows, strict=True)
    return [(x, text, side, row, item.severity) for item, x, text, side, row in found], 1 + max(rows, default=-1)


def _rows_of_words(spans: list[tuple[float, float]], lines: list[float]) -> list[int] | None:
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


def _mark_breaks(ax: Axes, component_id: str, years: list[int], labels=(), top: float = 1) -> None:
    """Dashes at a break, dots where the measure changed in part, up to a share of the plot.

    Dots without words are changes of parts alone, or steps that no document explains. Lines are never joined across a
    break.
    """
    breaks = {b.edition_year for b in catalogue().breaks_between(component_id, min(years), max(years), "break")}
    for year in sorted({b.edition_year for b in catalogue().marks(component_id, min(years), max(years))}):
        ax.axvline(
            year - 0.5,
            ymax=top,
            color=style.MIDDLE,
            lw=0.9 if year in breaks else 0.7,
            ls=style.DASHES if year in breaks else style.DOTS,
            zorder=1,
        )
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    for x, text, rightward, row, severity in labels:
        # the line runs on up to its own words
        ax.plot(
            [x, x],
            [1, 1 + (0.3 + row * ROW_CM) / height],
            color=style.MIDDLE,
            lw=0.9 if severity == "break" else 0.7,
            ls=style.DASHES if severity == "break" else style.DOTS,
            transform=ax.get_xaxis_transform(),
            clip_on=False,
            zorder=1,
        )
        label(
            ax,
            x,
            1,
            text,
            size=SMALL,
            ha="left" if rightward else "right",
            transform=ax.get_xaxis_transform(),
            dx=2 if rightward else -2,
            dy=5.5 + row * ROW_CM / 2.54 * 72,
            color=SOFT,
        )


def _key(area: Area, top: float, items: list[tuple[str, str]], left: float = 0.0) -> float:
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
    ax = area.axes(0, top, area.width, top + height)
    ax.set_axis_off()
    ax.set_xlim(0, area.width)
    ax.set_ylim(height, 0)
    for number, line in enumerate(lines):
        y = 0.45 * number + 0.22
        for x, kind, text in line:
            if kind in ("line", "grey line"):
                ax.plot([x, x + 0.36], [y, y], color=style.BOX if kind == "line" else style.MIDDLE, lw=1.4)
            elif kind == "box":
                ax.plot([x, x + 0.36], [y, y], color=style.BOX, lw=8, solid_capstyle="butt")
            elif kind == "range":
                ax.plot([x, x + 0.36], [y, y], color=style.RANGE, lw=9, solid_capstyle="butt")
            elif kind == "flat tick":
                ax.plot([x + 0.02, x + 0.34], [y, y], color=INK, lw=1.6, solid_capstyle="butt")
            elif kind in ("tick", "dotted tick"):
                dotted = kind == "dotted tick"
                ax.plot(
                    [x + 0.18] * 2,
                    [y - 0.17, y + 0.17],
                    color=INK,
                    lw=0.9 if dotted else 1.5,
                    ls=(0, (1.2, 1.2)) if dotted else "-",
                    solid_capstyle="butt",
                )
            elif kind == "interval":
                ax.plot([x + 0.18] * 2, [y - 0.19, y + 0.19], color=OWN, lw=1.8, solid_capstyle="butt")
            elif kind == "cross":
                ax.plot(x + 0.18, y, "x", ms=6, mew=1.4, color=INK)
            elif kind == "diamond":
                ax.plot(x + 0.18, y, marker="D", ms=3.8, mfc="white", mec=SOFT, mew=0.9)
            elif kind in (*style.GROUP_COLOURS, "not_published"):
                ax.add_patch(
                    Rectangle((x, y - 0.15), 0.36, 0.3, fc=style.GROUP_COLOURS[kind], lw=0)
                    if kind in style.GROUP_COLOURS
                    else Rectangle((x, y - 0.15), 0.36, 0.3, fc="white", ec="#A8A8A8", hatch="////", lw=0.5)
                )
            elif kind in ("worse", "other"):
                colour = style.WORSE if kind == "worse" else style.MIDDLE
                ax.plot(x + 0.18, y, "o", ms=6.5, color=colour, mec="white", mew=0.8)
            elif kind == "open":
                ax.plot(x + 0.18, y, "o", ms=5.5, mfc="white", mec=OWN, mew=1.3)
            else:
                ax.plot(x + 0.18, y, "o", ms=6.5, color=OWN, mec="white", mew=0.8)
            own = kind == "own"
            label(ax, x + 0.46, y, text, size=SMALL, color=OWN if own else SOFT, weight="bold" if own else "normal")
    return height


def _cm_per_unit(ax: Axes) -> float:
    """Centimetres on paper of one unit of the x axis."""
    figure = ax.get_figure(root=True)
    box = ax.get_position() if ax.figure is figure else None
    width = (box.width if box is not None else ax.get_window_extent().width / figure.bbox.width) * figure.get_figwidth()
    low, high = ax.get_xlim()
    return width / style.CM / abs(high - low)


def _ends_and_extremes(history: pd.DataFrame, column: str, limit: int = 7) -> set[int]:
    """Editions to label: all of few, else the first, the last, the highest and the lowest."""
    held = history[history[column].notna()].sort_values("edition_year")
    if len(held) <= limit:
        return set(held["edition_year"])
    years = list(held["edition_year"])
    return {
        years[0],
        years[-1],
        held.loc[held[column].astype(float).idxmax(), "edition_year"],
        held.loc[held[column].astype(float).idxmin(), "edition_year"],
    }


def _missing_words(history: pd.DataFrame, column: str) -> list[tuple[float, float, str]]:
    """Runs of editions without a value: first year, last year, kind."""
    runs: list[list] = []
    for row in history.sort_values("edition_year").itertuples():
        if pd.notna(getattr(row, column)):
            continue
        kind = row.missing or "not_collected"
        if runs and runs[-1][1] == row.edition_year - 1 and runs[-1][2] == kind:
            runs[-1][1] = row.edition_year
        else:
            runs.append([row.edition_year, row.edition_year, kind])
    return [tuple(run) for run in runs]


def _widest_part(first: int, last: int, component_id: str) -> tuple[int, int]:
    """The longest run of years between first and last that no break divides: words there are cut by no line."""
    cuts = [b.edition_year for b in catalogue().breaks_of(component_id) if first < b.edition_year <= last]
    starts = sorted({first, *cuts})
    parts = zip(starts, [start - 1 for start in starts[1:]] + [last], strict=True)
    return max(parts, key=lambda part: part[1] - part[0])


def _draw_missing(
    ax: Axes, history: pd.DataFrame, column: str, ctx: Context, *, middle: float, texts: _Texts | None = None
) -> None:
    """Withheld years are hatched; what was not collected is said in words. Nothing is drawn through either."""
    low, high = ax.get_ylim()
    heights = [middle, *(low + (high - low) * share for share in (0.3, 0.7, 0.15, 0.85, 0.4, 0.6, 0.22, 0.78))]
    for first, last, kind in _missing_words(history, column):
        if kind == "not_published":
            ax.add_patch(
                Rectangle(
                    (first - 0.42, min(low, high)),
                    last - first + 0.84,
                    abs(high - low),
                    fc="none",
                    ec="#BDBDBD",
                    hatch="////",
                    lw=0,
                    zorder=0.5,
                )
            )
        start, end = _widest_part(first, last, history["component_id"].iloc[0])
        room = (end - start + 0.9) * _cm_per_unit(ax)
        lines = style.wrap(word(kind, ctx.language), SMALL, max(1.1, room))
        # where there is no place for words a narrow gap speaks for itself
        (texts or _Texts(ax)).words((start + end) / 2, heights, lines, needed=room > 1.1)
