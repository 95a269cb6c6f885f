"""Charts: each draws one frame into one `style.Area` and returns its axes; none reads or saves a file.

A chart is named for the picture. Its frame is named for its rows: `history` (editions of a province),
`pairs` (components in two editions), `cells` (all provinces in one edition). `height_cm` is the height of
the plot, by default across an A4 page; charts marked `narrow` are drawn in half of one too, and all of them
across a slide. Titles, notes and sources are added by `cards`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from . import style
from .catalogue import GROUPS, catalogue
from .findings import overview_years
from .periods import period_kind
from .style import BASE, FOCUS, HALO, INK, OWN, SMALL, SOFT, WORSE, Area, label
from .wording import (
    Context,
    component_name,
    index_name,
    indicator_name,
    outcome,
    part_name,
    percent,
    period_name,
    province_name,
    rank_of,
    result_name,
    sentence,
)
from .wording import label as word

PLOT_CM = style.WIDTH_CM - 0.1  # width of a plot on a page
SHADE = "#3F6E99"  # between the own colour and the second
Z_95 = 1.96  # standard errors on either side of a 95 % interval
NARROW_CM = 10  # in less than this, names stand over their bars and not beside them


def plot(height: float | Callable[[pd.DataFrame, bool], float], *, narrow: bool = False):
    """Give a chart `height_cm(frame, width_cm)`, the height of its plot, and `narrow`: is it drawn in half a page too?

    height: in cm, or worked out from the frame and whether the plot is narrow.
    """

    def mark(draw):
        def height_cm(frame: pd.DataFrame, width_cm: float = PLOT_CM) -> float:
            return height(frame, width_cm < NARROW_CM) if callable(height) else height

        draw.height_cm, draw.narrow = height_cm, narrow
        return draw

    return mark


# ------------------------------------------------------------------------------------------------------------- pieces


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


def _number_axis(axis, ctx: Context, decimals: int = 0) -> None:
    axis.set_major_formatter(FuncFormatter(lambda value, _: ctx.number(value, decimals)))


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
        for side in sides:
            low, high, right, up, hold, level = by_side[side]
            for leaning in (0,) if side == "right" else (0, lean, -lean):
                look = {"weight": weight, "ha": hold, "low": low, "high": high}
                pushed = right + leaning + self._back_in(self.box(x, y, text, size, dx=right + leaning, **look))
                place = self.box(x, y, text, size, dx=pushed, **look)
                options.append((place, (pushed, up), hold, level))
        free = [option for option in options if self.free(option[0])]
        if not free and not needed:
            return
        box, offset, hold, level = min(free, key=lambda option: self.cut(option[0])) if free else options[0]
        self.boxes.append(box)
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
            zorder=6,
        )

    def _back_in(self, box) -> float:
        """Points by which a box that hangs over the side of the plot has to be pushed."""
        figure = self.ax.get_figure(root=True)
        scale = 72 / figure.dpi
        left, right = self.ax.bbox.x0 * scale - 1, min(self.ax.bbox.x1 * scale + 2.5, figure.bbox.x1 * scale - 1)
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
    items = [b for b in catalogue().breaks_of(component_id) if min(years) < b.edition_year <= max(years)]
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
    """Dashes at a break, dots at a caution, up to a share of the plot; lines are never joined across a break."""
    for item in catalogue().breaks_of(component_id):
        if min(years) < item.edition_year <= max(years):
            broken = item.severity == "break"
            ax.axvline(
                item.edition_year - 0.5,
                ymax=top,
                color=style.MIDDLE,
                lw=0.9 if broken else 0.7,
                ls=style.DASHES if broken else style.DOTS,
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
            elif kind == "open":
                ax.plot(x + 0.18, y, "o", ms=5.5, mfc="white", mec=OWN, mew=1.3)
            else:
                ax.plot(x + 0.18, y, "o", ms=6.5, color=OWN, mec="white", mew=0.8)
            own = kind == "own"
            label(ax, x + 0.46, y, text, size=SMALL, color=OWN if own else SOFT, weight="bold" if own else "normal")
    return height


def _rows_of_text(ax: Axes, rows: int, to: float) -> None:
    """Keep the grid out of the words over the bars, which reach down to `to` under the middle of a row."""
    for row in range(rows):
        ax.axhspan(row - 0.5, row + to, color="white", lw=0, zorder=0.6)


def _ends_within(ax: Axes) -> None:
    """Figures at the ends of the x axis stand within its ends."""
    first, *_, last = ax.get_xticklabels()
    first.set_ha("left")
    last.set_ha("right")


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


# -------------------------------------------------------------------------------------------------- indices over years


def _position_y(history: pd.DataFrame) -> pd.Series:
    """Place from the top, 0 (first) to 100 (last): one scale for every index and number of provinces."""
    return 100 - history["percentile_position"].astype(float)


@plot(lambda frame, narrow: 11.4 if narrow else 8.6, narrow=True)
def position_panels(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Five small panels, one an index: place among the provinces over the editions, first on top."""
    history = history.assign(place=_position_y(history))
    first, last = overview_years(history)
    years = list(range(first, last + 1))
    columns, rows = (2, 3) if area.width < NARROW_CM else (3, 2)
    pitch = (area.height - 0.1) / rows
    tall = pitch - 1.25
    left, gap = 1.45, 0.55
    width = (area.width - left - (columns - 1) * gap) / columns
    drawn = []
    for place, index_id in enumerate(catalogue().indices):
        x0, y0 = left + place % columns * (width + gap), 0.6 + place // columns * pitch
        ax = area.axes(x0, y0, x0 + width, y0 + tall)
        own = history[(history["index_id"] == index_id) & history["edition_year"].between(first, last)]
        _quarter_bands(ax)
        ax.grid(False)
        _years(ax, years, ends_only=True)
        ax.set_ylim(109, -9)
        words = [ctx.pick("đầu bảng", "first"), ctx.pick("giữa", "middle"), ctx.pick("cuối bảng", "last")]
        ax.set_yticks([0, 50, 100], words if place % columns == 0 else ["", "", ""])
        ax.set_title(index_name(index_id), pad=4)
        for run in stretches(own, "place"):
            ax.plot(run["edition_year"], run["place"], color=OWN, marker="o", ms=4, mec="white", mew=0.7, zorder=4)
        _mark_breaks(ax, f"{index_id}_total", years)
        texts = _Texts(ax)
        _rank_labels(ax, own, texts)
        origin = min(c.first_edition for c in catalogue().components_of(index_id) if c.level == "total")
        gaps = [(first, min(origin - 1, last), "not_existing")] if origin > first else []
        for low, high, kind in [*gaps, *_missing_words(own, "place")]:
            low, high = _widest_part(low, high, f"{index_id}_total")
            lines = style.wrap(word(kind, ctx.language), SMALL, (high - low + 0.9) * _cm_per_unit(ax))
            # a narrow gap speaks for itself; the note says what gaps are
            if (high - low + 0.9) * _cm_per_unit(ax) > 0.8 and len(lines) < 4:
                texts.words((low + high) / 2, [50, 25, 75], lines, needed=False)
        if own["place"].isna().all() and len(years) * _cm_per_unit(ax) > 0.8 and not gaps:
            nothing = style.wrap(ctx.pick("chưa có số liệu", "no figures"), SMALL, width * 0.9)
            texts.words((first + last) / 2, [50], nothing, needed=False)
        drawn.append(ax)
    place = len(drawn)
    _band_key(area, left + place % columns * (width + gap), 0.6 + place // columns * pitch, width, tall, ctx)
    return drawn


def _quarter_bands(ax: Axes) -> None:
    for place, colour in enumerate(style.BANDS):
        low, high = (-20 if place == 0 else place * 25), (120 if place == 3 else (place + 1) * 25)
        ax.axhspan(low, high, color=colour, lw=0, zorder=0)


def _band_key(area: Area, left: float, top: float, width: float, tall: float, ctx: Context) -> None:
    key = area.axes(left, top, left + width, top + tall)
    key.set_axis_off()
    key.set_xlim(0, 1)
    key.set_ylim(4, 0)
    title = ctx.pick("Bốn phần tư số tỉnh", "Quarters of the provinces" if width > 3.5 else "Quarters")
    key.set_title(title, pad=4, color=SOFT, weight="normal")
    for place, (colour, vi, en) in enumerate(
        zip(
            style.BANDS,
            ("Phần tư đầu bảng", "Phần tư thứ hai", "Phần tư thứ ba", "Phần tư cuối bảng"),
            ("Top quarter", "Second quarter", "Third quarter", "Bottom quarter"),
            strict=True,
        )
    ):
        key.add_patch(Rectangle((0, place), 1, 1, fc=colour, lw=0))
        label(key, 0.04, place + 0.5, ctx.pick(vi, en))


def _rank_labels(ax: Axes, own: pd.DataFrame, texts: _Texts) -> None:
    """Rank at the best, the worst and the newest edition; the newest bold, with its denominator."""
    held = own[own["place"].notna()].sort_values("edition_year")
    if held.empty:
        return
    newest = held.iloc[-1]
    picks = {held["place"].astype(float).idxmin(), held["place"].astype(float).idxmax(), held.index[0]}
    room = 1.1 / _cm_per_unit(ax)  # the newest label needs this many years to itself
    picks = {i for i in picks if newest["edition_year"] - held.at[i, "edition_year"] > room}
    values = dict(zip(held["edition_year"], held["place"].astype(float), strict=True))
    # the newest one first: it keeps its side
    for index in [newest.name, *sorted(picks)]:
        row = held.loc[index]
        last, value = index == newest.name, row["place"]
        beside = [values[y] for y in (row["edition_year"] - 1, row["edition_year"] + 1) if y in values]
        below = bool(beside) and np.mean(beside) < value  # the axis points down
        below = (below or value < 10) and value < 86
        at_edge = ax.get_xlim()[1] - row["edition_year"] < room / 2
        texts.number(
            row["edition_year"],
            value,
            rank_of(row["rank"], row["n_ranked"]) if last else str(int(row["rank"])),
            ("below", "above") if below else ("above", "below"),
            size=FOCUS if last else BASE,
            bold=last,
            gap=5,
            ha="right" if at_edge else "center",
            dx=4 if at_edge else 0,
            needed=last,
        )


@plot(7.4, narrow=True)
def rank_trend(history: pd.DataFrame, area: Area, ctx: Context, policies: pd.DataFrame | None = None) -> list[Axes]:
    """Rank of one province on one index over the editions, first on top, over bands of a quarter of the provinces."""
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    pad = 0.9 if area.width < NARROW_CM else 0.55
    labels, rows = _break_labels(component_id, years, area.width - 0.95, ctx, pad=pad)
    ax = area.axes(0.85, 0.15 + ROW_CM * max(rows, 1), area.width - 0.1, area.height - 0.65)
    _years(ax, years, pad=pad)
    n_by_year = {
        e.edition_year: e.provinces_scored
        for e in catalogue().editions_of(history["index_id"].iloc[0], history["boundary"].iloc[0])
    }
    n = pd.Series(n_by_year).reindex(years).ffill().bfill()
    edges_x = np.repeat([*(y - 0.5 for y in years), years[-1] + 0.5], 2)[1:-1]
    edges_x[0], edges_x[-1] = years[0] - pad, years[-1] + pad
    levels = [np.repeat(0.5 + n.to_numpy() * share, 2) for share in (0, 0.25, 0.5, 0.75, 1)]
    for place, colour in enumerate(style.BANDS):
        ax.fill_between(edges_x, levels[place], levels[place + 1], color=colour, lw=0, zorder=0)
    ax.grid(False)
    bottom = n.max() + 1.5
    marks = _policy_marks(ax, policies, years, [x for x, *_ in labels], ctx)
    # policies have a strip of their own under the last rank, so that they stand on no number
    strip = 8 + 9.5 * (1 + max(row for *_, row in marks)) if marks else 0
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72
    ax.set_ylim(bottom + (bottom + 1.5) * strip / (height - strip), -1.5)
    ticks = [1, 16, 32, 48, int(n.iloc[-1])] if n.iloc[-1] > 40 else [1, 9, 17, 26, int(n.iloc[-1])]
    ax.set_yticks(ticks)
    label(ax, 0, 1, ctx.pick("Hạng", "Rank"), size=SMALL, ha="right", transform=ax.transAxes, dx=-5, dy=5.5, color=SOFT)
    for run in stretches(history, "rank"):
        ax.plot(
            run["edition_year"], run["rank"].astype(float), color=OWN, marker="o", ms=5, mec="white", mew=0.8, zorder=4
        )
    stated = history[history["rank_basis"].isin(["published", "implied"]) & history["rank"].notna()]
    if len(stated) and (history["rank_basis"] == "derived").any():
        ax.plot(
            stated["edition_year"], stated["rank"].astype(float), "o", ms=5, mfc="white", mec=OWN, mew=1.2, zorder=5
        )
    _mark_breaks(ax, component_id, years, labels)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    _mark_policies(ax, marks, texts)
    held = history[history["rank"].notna()].sort_values("edition_year")
    values = dict(zip(held["edition_year"], held["rank"].astype(float), strict=True))
    # the newest one first: it keeps its side
    for row in held[::-1].itertuples():
        last = row.edition_year == held["edition_year"].iloc[-1]
        beside = [values[y] for y in (row.edition_year - 1, row.edition_year + 1) if y in values]
        below = (bool(beside) and np.mean(beside) < values[row.edition_year]) or row.rank < 4
        texts.number(
            row.edition_year,
            row.rank,
            (rank_of(row.rank, row.n_ranked) if last else str(int(row.rank))) + "*" * (row.rank_basis == "implied"),
            ("below", "above") if below else ("above", "below"),
            size=FOCUS if last else BASE,
            bold=last,
        )
    _draw_missing(ax, history, "rank", ctx, middle=bottom / 2, texts=texts)
    return [ax]


def _policy_marks(
    ax: Axes, policies: pd.DataFrame | None, years: list[int], lines: list[float], ctx: Context
) -> list[tuple]:
    """Directives and resolutions issued within the years: (x, text, middle of the text, row of the text)."""
    if policies is None or not len(policies):
        return []
    marks: list[tuple] = []
    placed: list[tuple[int, float]] = []
    low, high = ax.get_xlim()
    for item in policies.sort_values("issued_on").itertuples():
        text = ctx.pick(item.label, item.label_en)
        # an edition's year is drawn from half a unit before its tick to half a unit after
        x = item.issued_on.year - 0.5 + item.issued_on.day_of_year / 365
        if not years[0] - 0.5 <= x <= years[-1] + 0.5:
            continue
        width = style.text_width(text, SMALL) / _cm_per_unit(ax)
        # a name at the edge is pushed in and one on a break's line off it; the mark stays on its day
        middle = min(max(x, low + width / 2), high - width / 2)
        off = width / 2 + 0.08 / _cm_per_unit(ax)
        for line in lines:
            if abs(line - middle) < off:
                far = off + width / 2
                to_right = x > line if low <= line - far and line + far <= high else line + far <= high
                middle = line + (off if to_right else -off)
        row = 0
        while any(r == row and middle - width / 2 < end for r, end in placed):
            row += 1
        placed.append((row, middle + width / 2 + 0.08))
        marks.append((x, text, middle, row))
    return marks


def _mark_policies(ax: Axes, marks: list[tuple], texts: _Texts) -> None:
    """Triangles at the foot of the plot on the day a directive or resolution was issued, with its short name."""
    foot = ax.get_xaxis_transform()
    for x, text, middle, row in marks:
        ax.plot(x, 0, marker=(3, 0, 0), ms=6, color=WORSE, transform=foot, clip_on=False, zorder=7)
        dy = 10 + 9.5 * row
        label(
            ax,
            middle,
            0,
            text,
            size=SMALL,
            ha="center",
            transform=foot,
            dy=dy,
            color=WORSE,
            path_effects=HALO,
            zorder=7,
        )
        texts.boxes.append(texts.box(middle, 0, text, SMALL, low=dy - 4, high=dy + 4, transform=foot))


@plot(lambda frame, narrow: 9.2 if narrow else 8.4, narrow=True)
def score_range(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Score of one province in each edition against all provinces: range, middle half, median, region.

    A survey's 95 % interval is drawn in editions with a standard error (column `standard_error`, if there is one).
    Where only part of the provinces' scores is held, the spread is left out and a stated national mean, if
    there is one (column `national_mean`), stands in its place.
    """
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    decimals = 2 if history["unit"].iloc[0] != "score_0_1" else 4
    full = history[history["complete"] & history["median"].notna()]
    means = history[~history["complete"] & history["national_mean"].notna()]
    errors = history.get("standard_error", pd.Series(np.nan, history.index)).astype(float)
    sampled = history.assign(reach=Z_95 * errors)[errors.notna() & history["score"].notna()]
    narrow = area.width < NARROW_CM
    key = _key(area, 0, _range_items(full, means, sampled, ctx))
    pad = 1.1 if narrow else 0.75
    labels, rows = _break_labels(component_id, years, area.width - 1.35, ctx, pad=pad)
    ax = area.axes(1.25, key + 0.2 + ROW_CM * rows, area.width - 0.1, area.height - 1.35)
    # ranks stand under the editions that are named
    named = _years(ax, years, pad=pad, room=1.15 if narrow else 0.95)
    unit_cm = _cm_per_unit(ax)
    box = min(11, unit_cm / 2.54 * 72 * 0.3)
    for row in full.itertuples():
        x = row.edition_year
        ax.plot([x, x], [row.lowest, row.highest], color=style.BOX, lw=1.2, zorder=2, solid_capstyle="butt")
        ax.plot(
            [x, x], [row.lower_quartile, row.upper_quartile], color=style.BOX, lw=box, zorder=2, solid_capstyle="butt"
        )
        half = box / 72 * 2.54 / unit_cm * 0.75
        ax.plot([x - half, x + half], [row.median, row.median], color=INK, lw=1.5, zorder=3, solid_capstyle="butt")
        if pd.notna(row.region_median):
            ax.plot(x + half, row.region_median, marker="D", ms=3.6, mfc="white", mec=SOFT, mew=0.9, zorder=3)
    for row in means.itertuples():
        ax.plot(row.edition_year, row.national_mean, "x", ms=6, mew=1.4, color=INK, zorder=6, path_effects=HALO)
    for row in sampled.itertuples():
        ends = [row.score - row.reach, row.score + row.reach]
        ax.plot([row.edition_year] * 2, ends, color=OWN, lw=1.8, zorder=4, solid_capstyle="butt")
    held = history[history["score"].notna()]
    ax.plot(
        held["edition_year"],
        held["score"],
        "o",
        ms=6.5 if unit_cm > 0.8 else 5,
        color=OWN,
        mec="white",
        mew=0.9,
        zorder=5,
        ls="none",
    )
    last_year = held["edition_year"].max() if len(held) else None
    # figures need about a centimetre each; the newest one comes first
    show = {
        year
        for year in _ends_and_extremes(history, "score", limit=8)
        if year == last_year or (last_year - year) * unit_cm > 1.0
    }
    low = min(
        full["lowest"].min() if len(full) else np.inf,
        held["score"].min(),
        (sampled["score"] - sampled["reach"]).min() if len(sampled) else np.inf,
        means["national_mean"].min() if len(means) else np.inf,
    )
    high = max(
        full["highest"].max() if len(full) else -np.inf,
        held["score"].max(),
        (sampled["score"] + sampled["reach"]).max() if len(sampled) else -np.inf,
        means["national_mean"].max() if len(means) else -np.inf,
    )
    margin = (high - low) * 0.1 or abs(high) * 0.05 or 1
    ax.set_ylim(low - margin, high + margin * 1.3)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    _number_axis(ax.yaxis, ctx, 0 if high - low > 4 else 1 if high - low > 0.9 else 2)
    _mark_breaks(ax, component_id, years, labels)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    # the newest one first: it keeps its side
    for row in held[held["edition_year"].isin(show)].sort_values("edition_year", ascending=False).itertuples():
        last = row.edition_year == last_year
        # away from the median, so that neither covers the other
        sides = ("below", "above") if row.complete and row.score < row.median else ("above", "below")
        texts.number(
            row.edition_year,
            row.score,
            ctx.number(row.score, decimals) + "*" * (row.basis == "derived"),
            ("right", *sides) if unit_cm > 1.35 and not last else sides,
            size=FOCUS if last else BASE,
            bold=last,
            gap=7,
            needed=last,
        )
    _draw_missing(ax, history, "score", ctx, middle=(low + high) / 2, texts=texts)
    # where two figures do not fit under an edition, the named ones have theirs
    crowded = unit_cm < 0.5
    roomy = unit_cm > 1.0 or crowded
    ranked = history[history["rank"].notna()]
    ranked = ranked[ranked["edition_year"].isin(named) | (not crowded)]
    ranks = [
        (rank_of(row.rank, row.n_ranked) if roomy else str(int(row.rank))) + "*" * (row.rank_basis == "implied")
        for row in ranked.itertuples()
    ]
    _under_years(ax, ranked["edition_year"], ranks, ctx.pick("Hạng", "Rank"), -22, OWN, weight="bold", color=OWN)
    if not roomy:
        counts = [str(int(count)) for count in ranked["n_ranked"]]
        _under_years(ax, ranked["edition_year"], counts, ctx.pick("Số tỉnh", "of"), -32, size=SMALL, color=SOFT)
    return [ax]


def _under_years(ax: Axes, years, texts: list[str], head: str, dy: float, colour: str = SOFT, **look) -> None:
    """A row of texts under the named years, with what they are to the left of the axis; dy in points."""
    for year, text in zip(years, texts, strict=True):
        label(ax, year, 0, text, transform=ax.get_xaxis_transform(), ha="center", dy=dy, **look)
    label(ax, 0, 0, head, transform=ax.transAxes, ha="right", dx=-4, dy=dy, size=SMALL, color=colour)


def _range_items(full: pd.DataFrame, means: pd.DataFrame, sampled: pd.DataFrame, ctx: Context) -> list[tuple[str, str]]:
    items = [("own", ctx.name)]
    if len(full):
        items += [
            ("line", ctx.pick("thấp nhất–cao nhất", "lowest–highest")),
            ("box", ctx.pick("một nửa số tỉnh ở giữa", "middle half of provinces")),
            ("flat tick", ctx.pick("trung vị", "median")),
        ]
        if full["region_median"].notna().any():
            items.append(("diamond", ctx.pick("trung vị vùng", "median of the region")))
    if len(sampled):
        years = ", ".join(str(year) for year in sampled["edition_year"])
        items.insert(1, ("interval", ctx.pick(f"khoảng tin cậy 95% ({years})", f"95% confidence interval ({years})")))
    if len(means):
        years = ", ".join(str(year) for year in means["edition_year"])
        text = ctx.pick("trung bình do nguồn nêu", "mean given by a source")
        items.append(("cross", f"{text} ({years})" if len(full) else text))
    return items


@plot(8.2, narrow=True)
def convergence(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Best, median and worst province of each edition and one province among them; the distance under the years.

    history: as for `score_range`. Editions in which the scores of only part of the provinces are held have no best
    and no worst.
    """
    series = (
        ("highest", ctx.pick("cao nhất", "highest"), SOFT, 1.2),
        ("median", ctx.pick("trung vị", "median"), INK, 1.2),
        ("lowest", ctx.pick("thấp nhất", "lowest"), SOFT, 1.2),
        ("score", ctx.name, OWN, 2.2),
    )
    spread = [column for column, *_ in series[:3]]
    history = history.assign(**{column: history[column].where(history["complete"]) for column in spread})
    held = history.dropna(subset=[*spread, "score"], how="all")
    years = list(range(int(held["edition_year"].min()), int(held["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    decimals = 2 if history["unit"].iloc[0] != "score_0_1" else 4
    narrow = area.width < NARROW_CM
    names = []
    for column, name, colour, _ in series:
        for row in held.dropna(subset=column).sort_values("edition_year").tail(1).itertuples():
            year = f" ({row.edition_year})" if row.edition_year < years[-1] else ""
            text = f"{name}{chr(10) if narrow else ' '}{ctx.number(getattr(row, column), decimals)}{year}"
            own = column == "score"
            names.append((getattr(row, column), text, colour, BASE if own else SMALL, "bold" if own else "normal"))
    right = 0.3 + max(style.text_width(t, size, weight) for _, text, _, size, weight in names for t in text.split("\n"))
    left, pad = 1.5, 1.2 if narrow else 0.55
    labels, rows = _break_labels(component_id, years, area.width - left - right, ctx, pad=pad)
    ax = area.axes(left, 0.2 + ROW_CM * rows, area.width - right, area.height - 1.1)
    named = _years(ax, years, pad=pad)
    for run in stretches(held, "highest"):
        ax.fill_between(run["edition_year"], run["lowest"], run["highest"], color=style.BANDS[1], lw=0, zorder=0)
    for column, _, colour, width in series:
        for run in stretches(held, column):
            own = column == "score"
            ax.plot(
                run["edition_year"],
                run[column],
                color=colour,
                lw=width,
                marker="o",
                ms=5 if own else 2.5,
                mec="white" if own else colour,
                mew=0.8 if own else 0,
                zorder=5 if own else 3,
            )
    values = held[[*spread, "score"]].to_numpy(dtype=float)
    margin = (np.nanmax(values) - np.nanmin(values)) * 0.08 or 1
    ax.set_ylim(np.nanmin(values) - margin, np.nanmax(values) + margin)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    _number_axis(ax.yaxis, ctx, 0 if margin > 0.32 else 1 if margin > 0.08 else 2)
    _mark_breaks(ax, component_id, years, labels)
    low, high = ax.get_ylim()
    step = (
        (0.72 if narrow else 0.36)
        / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM)
        * (high - low)
    )
    places = style.spread([value for value, *_ in names], step, bounds=(low, high))
    for (_, text, colour, size, weight), y in zip(names, places, strict=True):
        label(ax, 1, y, text, transform=ax.get_yaxis_transform(), dx=5, size=size, weight=weight, color=colour)
    spanned = held[held["edition_year"].isin(named) & held["highest"].notna()]
    apart = [ctx.number(round(row.highest - row.lowest, 9), decimals) for row in spanned.itertuples()]
    _under_years(ax, spanned["edition_year"], apart, ctx.pick("Cách nhau", "Apart"), -22)
    return [ax]


@plot(lambda frame, narrow: 9.4 if frame["component_id"].nunique() > 5 else 5.2)
def component_panels(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Small multiples: the score of each component over the editions, with the median and middle half of provinces."""
    components = _official_order(history["component_id"].unique())
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    per_row = 4 if len(components) <= 8 else 5
    rows = -(-len(components) // per_row)
    left, gap = 0.6, 0.42
    width = (area.width - left - (per_row - 1) * gap) / per_row
    key = _key(
        area,
        0,
        [
            ("own", ctx.name),
            ("grey line", ctx.pick("trung vị các tỉnh", "median of provinces")),
            ("range", ctx.pick("một nửa số tỉnh ở giữa", "middle half of provinces")),
        ],
    )
    pitch = (area.height - key) / rows
    low = np.nanmin(history[["score", "lower_quartile"]].to_numpy(dtype=float))
    high = np.nanmax(history[["score", "upper_quartile"]].to_numpy(dtype=float))
    margin = (high - low) * 0.12
    axes = []
    for place, component_id in enumerate(components):
        column, row = place % per_row, place // per_row
        x0, y0 = left + column * (width + gap), key + row * pitch + 1.0
        ax = area.axes(x0, y0, x0 + width, y0 + pitch - 1.55)
        own = history[history["component_id"] == component_id]
        _years(ax, years, ends_only=True)
        ax.set_ylim(low - margin, high + 3.4 * margin)
        ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        _number_axis(ax.yaxis, ctx, 0 if high - low > 2 else 1)
        if column:
            ax.tick_params(labelleft=False)
        for run in stretches(own[own["complete"]], "median"):
            ax.fill_between(
                run["edition_year"], run["lower_quartile"], run["upper_quartile"], color=style.RANGE, lw=0, zorder=1
            )
            ax.plot(run["edition_year"], run["median"], color=style.MIDDLE, lw=1.1, zorder=2)
        for run in stretches(own, "score"):
            ax.plot(
                run["edition_year"], run["score"], color=OWN, lw=1.7, marker="o", ms=3, mec="white", mew=0.5, zorder=4
            )
        # up to the number in the corner
        _mark_breaks(ax, component_id, years, top=1 - 0.52 / (pitch - 1.55))
        held = own[own["score"].notna()].sort_values("edition_year")
        if len(held):
            final = held.iloc[-1]
            known = bool(final["complete"])
            below = known and final["score"] < final["median"]
            colour = (WORSE if below else OWN) if known else SOFT
            ax.plot(final["edition_year"], final["score"], "o", ms=4.5, color=colour, mec="white", mew=0.6, zorder=5)
            label(
                ax,
                1,
                1,
                ctx.number(final["score"], 2),
                transform=ax.transAxes,
                ha="right",
                dy=-7,
                weight="bold",
                color=colour,
            )
        component = catalogue().component(component_id)
        lines = style.wrap(component_name(component, ctx.language), BASE, width + gap - 0.25, "bold")[:2]
        label(
            ax, 0, 1, "\n".join(lines), transform=ax.transAxes, weight="bold", dy=7 + (len(lines) - 1) * 4.8, lead=1.15
        )
        axes.append(ax)
    return axes


def _official_order(component_ids) -> list[str]:
    wanted = set(component_ids)
    index_id = next(i for i in catalogue().indices if next(iter(wanted)).startswith(i + "_"))
    return list(dict.fromkeys(c.component_id for c in catalogue().components_of(index_id) if c.component_id in wanted))


# ----------------------------------------------------------------------------------------------------- PAPI dimensions


@plot(
    lambda frame, narrow: (
        (1.7 + 0.95 * frame["component_id"].nunique()) if narrow else (1.0 + 0.72 * frame["component_id"].nunique())
    ),
    narrow=True,
)
def group_heat(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dimensions by editions: the group as colour, the rank printed in each cell, a gap at each break."""
    components = _official_order(history["component_id"].unique())
    total = f"{history['index_id'].iloc[0]}_total"
    years = sorted(history["edition_year"].unique())
    table = history.pivot(index="component_id", columns="edition_year", values="group_derived").reindex(components)
    ranks = history.pivot(index="component_id", columns="edition_year", values="rank").reindex(components)
    missing = history.pivot(index="component_id", columns="edition_year", values="missing").reindex(components)
    codes = table.replace({group: place for place, group in enumerate(GROUPS[::-1])}).astype(float)
    blocks, start = [], 0
    for place in range(1, len(years) + 1):
        if place == len(years) or catalogue().breaks_between(total, years[place - 1], years[place], "break"):
            blocks.append(years[start:place])
            start = place
    narrow = area.width < NARROW_CM
    # names beside the rows, or over them
    left, right, top, bottom = (
        (0, area.width, 0.5, area.height - 1.15) if narrow else (4.15, area.width - 3.35, 0.6, area.height - 0.15)
    )
    cover = 0.46 if narrow else 0  # share of a row that its name takes
    gap = 0.22
    cell = (right - left - gap * (len(blocks) - 1)) / len(years)
    axes, x = [], left
    colours = ListedColormap([style.GROUP_COLOURS[group] for group in GROUPS[::-1]])
    for block in blocks:
        ax = area.axes(x, top, x + cell * len(block), bottom)
        part = codes[block]
        sns.heatmap(
            part,
            cmap=colours,
            vmin=-0.5,
            vmax=3.5,
            cbar=False,
            linewidths=1.2,
            linecolor="white",
            ax=ax,
            yticklabels=False,
        )
        for i, component_id in enumerate(components):
            for j, year in enumerate(block):
                code = part.iat[i, j]
                if np.isnan(code):
                    if isinstance(missing.at[component_id, year], str) and missing.at[component_id, year]:
                        low, tall = (i + 0.05, 0.9) if not narrow else (i + cover, 0.98 - cover)
                        ax.add_patch(
                            Rectangle((j + 0.04, low), 0.92, tall, fc="white", ec="#A8A8A8", hatch="////", lw=0.4)
                        )
                    continue
                label(
                    ax,
                    j + 0.5,
                    i + (1 + cover) / 2,
                    str(int(ranks.at[component_id, year])),
                    ha="center",
                    color="white" if code >= 2 else INK,
                    weight="bold" if code == 3 else "normal",
                )
        for i in range(len(components) if narrow else 0):
            ax.axhspan(i, i + cover, color="white", lw=0, zorder=2)
        ax.xaxis.tick_top()
        ax.tick_params(length=0, pad=2)
        ax.set_xticks(
            np.arange(len(block)) + 0.5, [str(y) if cell > 0.78 else f"'{y % 100:02d}" for y in block], rotation=0
        )
        ax.set(xlabel="", ylabel="")
        ax.grid(False)
        axes.append(ax)
        x += cell * len(block) + gap
    for i, component_id in enumerate(components):
        name = component_name(catalogue().component(component_id), ctx.language)
        # of the last block: it is drawn over the others
        edge = len(blocks[-1]) - right / cell
        label(axes[-1], edge, i + (0.24 if narrow else 0.5), name, zorder=3)
    withheld = (missing == "not_published").to_numpy().any()
    if narrow:
        groups = [(group, word(group, ctx.language)) for group in GROUPS]
        _key(area, bottom + 0.2, groups + [("not_published", word("not_published", ctx.language))] * int(withheld))
    else:
        _group_key(area, area.width - 3.1, top + 0.05, ctx, withheld=withheld)
    return axes


def _group_key(
    area: Area, left: float, top: float, ctx: Context, *, withheld: bool, texts: dict[str, str] | None = None
) -> None:
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


@plot(lambda frame, narrow: (2.6 + 0.95 * len(frame)) if narrow else (1.6 + 0.82 * len(frame)), narrow=True)
def dimension_profile(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Each dimension in two editions against the spread of all provinces: dots, with the figures in columns beside."""
    narrow = area.width < NARROW_CM
    # names and figures beside the ranges, or over them
    left, right = (0.0, area.width) if narrow else (4.2, area.width - 5.05)
    over = 0.25 if narrow else 0.0
    before, after = int(pairs["previous_edition"].iloc[0]), int(pairs["edition_year"].iloc[0])
    items = [
        ("open", str(before)),
        ("full", str(after)),
        ("tick", ctx.pick("trung vị cả nước", "national median")),
        ("dotted tick", ctx.pick("ngưỡng nhóm cao", "threshold of the high group")),
        ("range", ctx.pick("thấp nhất–cao nhất", "lowest–highest")),
    ]
    key = _key(area, 0, items)
    ax = area.axes(left, key + 0.6, right, area.height - 0.5)
    reach = 0.23 if narrow else 0.31
    for place, row in enumerate(pairs.itertuples()):
        y = place + over
        ax.plot(
            [row.lowest, row.highest], [y, y], color=style.RANGE, lw=7 if narrow else 9, solid_capstyle="butt", zorder=1
        )
        ax.plot([row.median] * 2, [y - reach, y + reach], color=INK, lw=1.5, zorder=2, solid_capstyle="butt")
        ax.plot([row.upper_quartile] * 2, [y - reach, y + reach], color=INK, lw=0.9, ls=(0, (1.2, 1.2)), zorder=2)
        colour = OWN if not row.change < 0 else WORSE
        if pd.notna(row.previous_score):
            ax.plot([row.previous_score, row.score], [y, y], color=colour, lw=2.0, zorder=3)
            ax.plot(row.previous_score, y, "o", ms=5.5, mfc="white", mec=colour, mew=1.3, zorder=4)
        ax.plot(row.score, y, "o", ms=7, color=colour, mec="white", mew=0.7, zorder=5)
    ax.set_ylim(len(pairs) - 0.45, -0.6)
    low, high = float(pairs["lowest"].min()), float(pairs["highest"].max())
    ax.set_xlim(low - (high - low) * 0.03, high + (high - low) * 0.03)
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    _number_axis(ax.xaxis, ctx)
    ax.set_yticks([])
    ax.grid(True, axis="x")
    ax.grid(False, axis="y")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    if narrow:
        _rows_of_text(ax, len(pairs), 0.02)
    transform = ax.get_yaxis_transform()

    def at(cm: float) -> float:
        return (cm - left) / (right - left)

    places = (None, 5.0, 6.35, area.width) if narrow else (right + 1.05, right + 2.05, right + 3.65, area.width)
    columns = (
        (places[0], str(before), SOFT, "normal"),
        (places[1], str(after), OWN, "bold"),
        (places[2], ctx.pick("Thay đổi", "Change"), SOFT, "normal"),
        (places[3], ctx.pick("Hạng", "Rank"), SOFT, "normal"),
    )
    for x, head, *_ in columns[narrow:]:
        label(ax, at(x), -0.6, head, ha="right", transform=transform, dy=8, color=SOFT)
    for y, row in enumerate(pairs.itertuples()):
        label(
            ax,
            at(0),
            y - over,
            component_name(catalogue().component(row.component_id, after), ctx.language),
            transform=transform,
        )
        texts = (
            ctx.number(row.previous_score),
            ctx.number(row.score),
            ctx.number(row.change, sign=True),
            rank_of(row.rank, row.n_ranked),
        )
        for (x, _, colour, weight), text in list(zip(columns, texts, strict=True))[narrow:]:
            if colour == SOFT and text == texts[2] and row.change < 0:
                colour = WORSE
            label(ax, at(x), y - over, text, ha="right", transform=transform, color=colour, weight=weight)
    return [ax]


def radar_area(scores: list[float]) -> float:
    """Area of the figure that scores make on spokes at equal angles, in the order given."""
    turns = zip(scores, [*scores[1:], scores[0]], strict=True)
    return 0.5 * math.sin(2 * math.pi / len(scores)) * sum(one * other for one, other in turns)


@plot(6.7)
def radar_orders(profile: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Why there is no radar here: the same scores in two orders have two shapes and two areas.

    profile: as for `dimension_profile`. Left the official order, right by score.
    """
    numbers = [catalogue().component(row.component_id).number for row in profile.itertuples()]
    scores = profile["score"].astype(float).tolist()
    ranked = sorted(range(len(scores)), key=lambda i: -scores[i])
    # the two highest side by side, and so on down on either side: the order of the largest area
    heads = (
        (list(range(len(scores))), ctx.pick("Thứ tự chính thức", "Official order")),
        ([*ranked[::2], *ranked[1::2][::-1]], ctx.pick("Điểm cao cạnh điểm cao", "High scores side by side")),
    )
    size, axes = min(area.height - 1.6, (area.width - 5.0) / 2), []
    turn = np.linspace(0, 2 * np.pi, len(scores), endpoint=False)
    across, up = np.sin(turn), np.cos(turn)
    for place, (order, head) in enumerate(heads):
        left = place * (size + 0.3)
        ax = area.axes(left, 0.6, left + size, 0.6 + size)
        ax.set_axis_off()
        ax.set_aspect("equal")
        ax.set_xlim(-12, 12)
        ax.set_ylim(-12, 12)
        for radius in (2.5, 5, 7.5, 10):
            ax.plot([*(radius * across), 0], [*(radius * up), radius], color=style.RULE, lw=0.5, zorder=1)
        for x, y, i in zip(across, up, order, strict=True):
            ax.plot([0, 10 * x], [0, 10 * y], color=style.RULE, lw=0.5, zorder=1)
            label(ax, 11.2 * x, 11.2 * y, numbers[i], ha="center", color=SOFT)
        spokes = np.array([scores[i] for i in order])
        ax.fill(spokes * across, spokes * up, fc=style.SECOND, ec=OWN, lw=1.6, zorder=2)
        ax.set_title(head, pad=6, loc="center")
        said = ctx.number(radar_area(list(spokes)), 1)
        label(
            ax,
            0.5,
            0,
            ctx.pick(f"Diện tích {said}", f"Area {said}"),
            transform=ax.transAxes,
            ha="center",
            dy=-9,
            weight="bold",
            color=OWN,
        )
        axes.append(ax)
    left = 2 * (size + 0.3) + 0.2
    names = area.axes(left, 0.6, area.width, 0.6 + size)
    names.set_axis_off()
    names.set_xlim(0, 1)
    names.set_ylim(len(scores) - 0.5, -0.5)
    for y, row in enumerate(profile.itertuples()):
        name = component_name(catalogue().component(row.component_id, int(row.edition_year)), ctx.language)
        lines = style.wrap(f"{name}: {ctx.number(row.score)}", SMALL, area.width - left)
        label(names, 0, y, "\n".join(lines), size=SMALL)
    return axes


@plot(lambda frame, narrow: 0.9 + (0.8 if narrow else 0.66) * (len(frame) + 2), narrow=True)
def contributions(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Waterfall: what each part adds to the change of the total, falls first; totals are marks, not bars."""
    parts = parts.sort_values("contribution", ignore_index=True)
    start, end = parts.attrs["total_from"], parts.attrs["total_to"]
    narrow = area.width < NARROW_CM
    left, right = (2.6, area.width) if narrow else (4.35, area.width - 0.35)
    ax = area.axes(left, 0.05, right, area.height - 0.5)
    rows, running = len(parts) + 2, start
    ends = [start, *(start + parts["contribution"].cumsum())]
    low, high = min(ends), max(ends)
    # room for a number at either end
    margin = (high - low) * max(0.24, 1.05 / (right - left - 2.1)) or 0.1
    ax.set_xlim(low - margin, high + margin)
    transform = ax.get_yaxis_transform()
    edge = -left / (right - left)

    def total(y: int, year: int, value: float) -> None:
        ax.plot([value, value], [y - 0.36, y + 0.36], color=INK, lw=3, solid_capstyle="butt", zorder=4)
        to_right = (value < (low + high) / 2 + (high - low) / 2 and (high - value) > (value - low)) or value >= high
        label(
            ax,
            value,
            y,
            ctx.number(value, 2),
            ha="left" if to_right else "right",
            dx=6 if to_right else -6,
            size=FOCUS,
            weight="bold",
        )
        label(
            ax, edge, y, ctx.pick(f"Tổng điểm {year}", f"Total {year}"), transform=transform, weight="bold", size=FOCUS
        )

    total(0, int(parts.attrs["year_from"]), start)
    for y, row in enumerate(parts.itertuples(), 1):
        colour = OWN if row.contribution > 0 else WORSE
        ax.plot([running, running], [y - 1, y + 0.3], color=style.MIDDLE, lw=0.6, zorder=1)
        ax.barh(y, row.contribution, left=running, height=0.56, color=colour, lw=0, zorder=3)
        finish = running + row.contribution
        name = component_name(catalogue().component(row.component_id, int(parts.attrs["year_to"])), ctx.language)
        falls = row.contribution < 0
        label(
            ax,
            min(running, finish) if falls else max(running, finish),
            y,
            ctx.number(row.contribution, 2, sign=True),
            ha="right" if falls else "left",
            dx=-4 if falls else 4,
            color=colour,
            size=FOCUS,
            path_effects=HALO,
        )
        label(
            ax,
            edge,
            y,
            "\n".join(style.wrap(name, BASE, left - 0.05)) if narrow else name,
            transform=transform,
        )
        running = finish
    ax.plot([running, running], [rows - 2, rows - 1], color=style.MIDDLE, lw=0.6, zorder=1)
    total(rows - 1, int(parts.attrs["year_to"]), end)
    for y in (0.5, rows - 1.5):
        ax.plot([edge, 1], [y, y], color=style.RULE, lw=0.5, transform=transform, clip_on=False)
    ax.set_ylim(rows - 0.45, -0.55)
    ax.set_yticks([])
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.xaxis.set_major_locator(MaxNLocator(3 if narrow else 6, steps=[1, 2, 5, 10]))
    _number_axis(ax.xaxis, ctx, 1 if high - low > 0.25 else 2)
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return [ax]


@plot(lambda frame, narrow: 0.75 + 0.415 * len(frame))
def component_changes(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Change of every component between two editions, largest fall first: bars from zero, names and scores beside."""
    pairs = pairs.sort_values("change", ignore_index=True)
    left, right = 7.35, area.width - 2.1
    ax = area.axes(left, 0.5, right, area.height - 0.05)
    transform = ax.get_yaxis_transform()
    edge, far = -left / (right - left), 1 + (area.width - right) / (right - left)
    after = int(pairs["edition_year"].iloc[0])
    bound = pairs["change"].abs().max() * 1.28 or 1
    ax.set_xlim(min(-bound * 0.35, pairs["change"].min() * 1.3), max(bound * 0.35, pairs["change"].max() * 1.3))
    for y, row in enumerate(pairs.itertuples()):
        colour = OWN if row.change > 0 else WORSE
        ax.barh(y, row.change, height=0.62, color=colour, lw=0, zorder=3)
        label(
            ax,
            row.change,
            y,
            ctx.number(row.change, 2, sign=True),
            size=SMALL,
            ha="left" if row.change > 0 else "right",
            dx=3 if row.change > 0 else -3,
            color=colour,
        )
        name = component_name(catalogue().component(row.component_id, after), ctx.language)
        name = style.wrap(name, SMALL, left - 0.15)
        label(ax, edge, y, name[0] + (" …" if len(name) > 1 else ""), transform=transform, size=SMALL)
        label(
            ax,
            far,
            y,
            f"{ctx.number(row.score)} ({rank_of(row.rank, row.n_ranked)})",
            transform=transform,
            size=SMALL,
            ha="right",
            color=SOFT,
        )
    label(
        ax,
        far,
        -0.5,
        ctx.pick(f"Điểm {after} (hạng)", f"Score {after} (rank)"),
        transform=transform,
        size=SMALL,
        ha="right",
        dy=7,
        color=SOFT,
    )
    ax.axvline(0, color=style.SOFT, lw=0.8, zorder=4)
    ax.set_ylim(len(pairs) - 0.45, -0.6)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]


# -------------------------------------------------------------------------------------------------------------- peers


@plot(11.2)
def tile_groups(cells: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One tile a province, coloured by its group; the own tile is ringed, withheld provinces are hatched."""
    boundary = cells["boundary"].iloc[0]
    known = catalogue()
    held = cells.set_index("province_code")
    tiles = [p for p in known.provinces.values() if p.boundary == boundary and p.tile_col is not None]
    split = (max(p.tile_row for p in tiles) + 1) // 2
    columns = max(p.tile_col for p in tiles) + 1
    ax = area.axes(0, 0, area.width, area.height)
    ax.set_axis_off()
    ax.set_xlim(0, area.width)
    ax.set_ylim(area.height, 0)
    gap, head = 0.05, 0.75
    wide, tall = 1.06 * area.width / PLOT_CM, (area.height - head - 0.45) / split
    right_edge = area.width - columns * wide + gap
    for province in tiles:
        lower = province.tile_row >= split
        x = province.tile_col * wide + (right_edge if lower else 0)
        y = head + (province.tile_row - (split if lower else 0)) * tall
        cell = held.loc[province.province_code] if province.province_code in held.index else None
        group = cell["group_derived"] if cell is not None else None
        name = province_name(province.province_code, boundary, ctx.language, short=True)
        text = "\n".join(style.wrap(name, SMALL, wide - 0.24, "bold"))
        size = (wide - gap, tall - gap)
        middle = (x + size[0] / 2, y + size[1] / 2)
        if not isinstance(group, str):
            ax.add_patch(Rectangle((x, y), *size, fc="white", ec="#A8A8A8", hatch="////", lw=0.6))
            label(
                ax,
                *middle,
                text,
                size=SMALL,
                ha="center",
                path_effects=[style.patheffects.withStroke(linewidth=2.6, foreground="white")],
            )
            continue
        ax.add_patch(Rectangle((x, y), *size, fc=style.GROUP_COLOURS[group], lw=0))
        own = province.province_code == ctx.province.province_code
        label(
            ax,
            *middle,
            text,
            size=SMALL,
            ha="center",
            color="white" if group in GROUPS[:2] else INK,
            weight="bold" if own else "normal",
        )
        if own:
            ax.add_patch(
                Rectangle(
                    (x - 0.03, y - 0.03), size[0] + 0.06, size[1] + 0.06, fill=False, ec=style.RING, lw=2.4, zorder=5
                )
            )
    label(ax, 0, 0.35, ctx.pick("Bắc Bộ, Bắc Trung Bộ và Đà Nẵng", "North, North Central, Da Nang"), color=SOFT)
    label(
        ax,
        area.width,
        0.35,
        ctx.pick("Nam Trung Bộ, Tây Nguyên, Nam Bộ", "South Central, Highlands, South"),
        ha="right",
        color=SOFT,
    )
    counts = cells["group_derived"].value_counts()
    texts = {}
    for group in GROUPS:
        scores = cells.loc[cells["group_derived"] == group, "score"]
        if len(scores):
            span = f"{ctx.number(scores.min())}–{ctx.number(scores.max())}"
            texts[group] = ctx.pick(
                f"{word(group, 'vi')}: {counts[group]} tỉnh, {span}",
                f"{word(group, 'en')}: {counts[group]} provinces, {span}",
            )
    withheld = int(cells["score"].isna().sum())
    texts["not_published"] = ctx.pick(f"Không công bố: {withheld} tỉnh", f"Not published: {withheld}")
    _group_key(area, right_edge - 1.25, head + 0.15, ctx, withheld=bool(withheld), texts=texts)
    return [ax]


@plot(lambda frame, narrow: max(7.6, 0.42 * frame["province_code"].nunique() + 1.6), narrow=True)
def rank_bump(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """National rank of the provinces of a region over the editions of one method, one of them in colour."""
    years = sorted(int(year) for year in history["edition_year"].unique())
    component_id = history["component_id"].iloc[0]
    own_code = ctx.province.province_code
    n = int(history["n_ranked"].max())
    ends = ((years[0], -1, "right"), (years[-1], 1, "left"))
    names = {year: _bump_names(history, year, side, own_code, ctx) for year, side, _ in ends}
    narrow = area.width < NARROW_CM
    if narrow:
        # names at one end only
        names[years[0]] = [(rank, str(int(rank)), *look) for rank, _, *look in names[years[0]]]
    # as wide as the longest name with its leader
    left, right = (
        max([0 if narrow else 2.95, *(0.55 + style.text_width(*look) for _, *look in names[year])]) for year, *_ in ends
    )
    labels, rows = _break_labels(component_id, years, area.width - left - right, ctx, pad=0)
    ax = area.axes(left, 0.35 + ROW_CM * max(rows, 1), area.width - right, area.height - 0.6)
    ax.set_xlim(years[0], years[-1])
    numbers = _bump_numbers(history, own_code, years)
    ax.set_ylim(*_room_for_numbers(ax, numbers, n + 1, -1.5)[::-1])
    for code in [*(c for c in history["province_code"].unique() if c != own_code), own_code]:
        own = code == own_code
        rows = history[history["province_code"] == code]
        for run in stretches(rows, "rank"):
            ax.plot(
                run["edition_year"],
                run["rank"].astype(float),
                color="white",
                lw=4.4 if own else 2.8,
                zorder=4 if own else 2,
                clip_on=False,
            )
            ax.plot(
                run["edition_year"],
                run["rank"].astype(float),
                color=OWN if own else style.OTHERS,
                lw=2.5 if own else 1.3,
                marker="o",
                ms=5.5 if own else 3.4,
                mec="white",
                mew=0.8,
                zorder=5 if own else 3,
                clip_on=False,
            )
    step = 0.36 / (ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM)
    step *= abs(ax.get_ylim()[0] - ax.get_ylim()[1])
    for year, side, align in ends:
        places = style.spread([rank for rank, *_ in names[year]], step, bounds=sorted(ax.get_ylim()))
        for (rank, text, size, weight), y in zip(names[year], places, strict=True):
            own = weight == "bold"
            _leader(ax, year, rank, y, side, own)
            label(ax, year, y, text, ha=align, dx=side * 14, color=OWN if own else SOFT, weight=weight, size=size)
    _mark_breaks(ax, component_id, years, labels)
    texts = _Texts(ax)
    texts.take_breaks(labels)
    for year, rank, below in numbers:
        sides = ("below", "above") if below else ("above", "below")
        texts.number(year, rank, str(int(rank)), sides, size=FOCUS, bold=True, gap=6.5)
    ax.set_yticks([])
    ax.grid(False)
    step = math.ceil(0.95 / _cm_per_unit(ax))
    ax.set_xticks(years, [str(year) if (years[-1] - year) % step == 0 else "" for year in years])
    return [ax]


def _bump_names(history: pd.DataFrame, year: int, side: int, own_code: str, ctx: Context) -> list[tuple]:
    """Names beside the first or the last edition from the first rank down: (rank, text, size, weight)."""
    there = history[(history["edition_year"] == year) & history["rank"].notna()].sort_values("rank")
    names = []
    for row in there.itertuples():
        own = row.province_code == own_code
        name = province_name(row.province_code, row.boundary, ctx.language)
        text = f"{name} {int(row.rank)}" if side < 0 else f"{int(row.rank)} {name}"
        names.append((float(row.rank), text, BASE if own else SMALL, "bold" if own else "normal"))
    return names


def _bump_numbers(history: pd.DataFrame, own_code: str, years: list[int]) -> list[tuple[int, float, bool]]:
    """The own ranks between the ends: (edition, rank, under the point?), on the outer side of a bend."""
    own = history[(history["province_code"] == own_code) & history["rank"].notna()]
    ranks = dict(zip(own["edition_year"].astype(int), own["rank"].astype(float), strict=True))
    numbers = []
    for year, rank in sorted(ranks.items()):
        if year in (years[0], years[-1]):
            continue
        beside = [ranks[y] for y in (year - 1, year + 1) if y in ranks]
        numbers.append((year, rank, bool(beside) and np.mean(beside) < rank))
    return numbers


def _room_for_numbers(ax: Axes, numbers, bottom: float, top: float) -> tuple[float, float]:
    """Limits from top to bottom, moved out as far as numbers over the first and under the last ranks need."""
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72
    low, high = top, bottom
    for _ in range(20):
        room = 18 * (high - low) / height
        low = min([top, *(rank - room for _, rank, below in numbers if not below)])
        high = max([bottom, *(rank + room for _, rank, below in numbers if below)])
    return low, high


def _leader(ax: Axes, x: float, value: float, y: float, side: int, own: bool) -> None:
    """A hair line from a point to a label that was pushed away from it."""
    unit = 1 / _cm_per_unit(ax)
    ax.plot(
        [x + side * 0.14 * unit, x + side * 0.42 * unit],
        [value, y],
        color=OWN if own else style.RULE,
        lw=0.6,
        clip_on=False,
        zorder=2,
    )


@plot(8.0, narrow=True)
def rival_slope(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Scores of the nearest rivals in two editions, joined by straight lines; one province in colour."""
    before, after = int(pairs["previous_edition"].iloc[0]), int(pairs["edition_year"].iloc[0])
    narrow = area.width < NARROW_CM
    own_code = ctx.province.province_code
    names = [_slope_names(pairs, side, ctx, alone=narrow and side < 0) for side in (-1, 1)]
    # in a narrow plot names stand at one end only, and take what they need
    left, right = 4.75, 4.75
    if narrow:
        left, right = 1.45, 0.55 + max(style.text_width(*look) for _, *look in names[1])
    ax = area.axes(left, 0.6, area.width - right, area.height - 0.2)
    ax.set_xlim(0, 1)
    values = pd.concat([pairs["score"], pairs["previous_score"]]).dropna()
    low, high = values.min(), values.max()
    ax.set_ylim(low - (high - low) * 0.06, high + (high - low) * 0.06)
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    step = 0.37 / height * (ax.get_ylim()[1] - ax.get_ylim()[0])
    for row in pairs.itertuples():
        own = row.province_code == own_code
        colour = OWN if own else style.OTHERS
        both = pd.notna(row.previous_score)
        ends = ([0, 1], [row.previous_score, row.score]) if both else ([1], [row.score])
        ax.plot(
            *ends,
            color=colour,
            lw=2.5 if own else 1.3,
            marker="o",
            ms=5.5 if own else 3.6,
            mec="white",
            mew=0.8,
            zorder=5 if own else 3,
            clip_on=False,
        )
    for x, side, there in ((0, -1, names[0]), (1, 1, names[1])):
        places = style.spread([score for score, *_ in there], step, bounds=ax.get_ylim())
        for (score, text, size, weight), y in zip(there, places, strict=True):
            own = weight == "bold"
            _leader(ax, x, score, y, side, own)
            align = "right" if side < 0 else "left"
            label(ax, x, y, text, ha=align, dx=side * 14, color=OWN if own else SOFT, weight=weight, size=size)
    for x, year in ((0, before), (1, after)):
        label(ax, x, 1, str(year), transform=ax.transAxes, ha="center", dy=8, color=SOFT)
        ax.axvline(x, color=style.RULE, lw=0.6, zorder=1)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]


def _slope_names(pairs: pd.DataFrame, side: int, ctx: Context, *, alone: bool) -> list[tuple]:
    """Labels of the earlier (-1) or later (1) scores from the lowest up: (score, text, size, weight).

    alone: the score without name and rank.
    """
    before = "previous_" if side < 0 else ""
    names = []
    for row in pairs[pairs[f"{before}score"].notna()].sort_values(f"{before}score").itertuples():
        own = row.province_code == ctx.province.province_code
        score = ctx.number(getattr(row, f"{before}score"))
        rank = rank_of(getattr(row, f"{before}rank"), getattr(row, f"{before}n_ranked"))
        name = province_name(row.province_code, row.boundary, ctx.language)
        text = f"{score} ({rank}) {name}" if side > 0 else f"{name} {score} ({rank})"
        look = (BASE, "bold") if own else (SMALL, "normal")
        names.append((getattr(row, f"{before}score"), score if alone else text, *look))
    return names


# ------------------------------------------------------------------------------------------------------------ workload


def _channel_height(shares: pd.DataFrame, narrow: bool) -> float:
    if shares["period_end"].nunique() > 1:
        return 8.0
    return 1.15 + (1.1 if narrow else 0.9) * len(shares)


@plot(_channel_height, narrow=True)
def channel_shares(shares: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dossiers of one period by channel: bars of the share from the counts, with counts and printed shares beside.

    Of several periods: totals as columns above, and under them the shares of each period, all to one height.
    """
    if shares["period_end"].nunique() > 1:
        return _channel_periods(shares, area, ctx)
    narrow = area.width < NARROW_CM
    # names and figures beside the bars, or over them
    left, right = (0.0, area.width) if narrow else (3.3, area.width - 5.2)
    over, thick = (0.22, 0.3) if narrow else (0.0, 0.5)
    ax = area.axes(left, 0.65, right, area.height - 0.5)
    transform = ax.get_yaxis_transform()

    def at(cm: float) -> float:
        return (cm - left) / (right - left)

    columns = (
        (3.85 if narrow else right + 1.5, ctx.pick("Số hồ sơ", "Dossiers")),
        (5.7 if narrow else right + 3.35, ctx.pick("Tính lại", "Recomputed")),
        (area.width, ctx.pick("Tỷ lệ như in", "As printed")),
    )
    for y, row in enumerate(shares.itertuples()):
        own = y == 0
        ax.barh(y + over, 100, height=thick, color="#F1F1F1", lw=0, zorder=1)
        ax.barh(y + over, row.share, height=thick, color=OWN if own else style.SECOND, lw=0, zorder=2)
        label(
            ax,
            at(0),
            y - over,
            word(row.channel, ctx.language),
            transform=transform,
            weight="bold" if own else "normal",
        )
        label(ax, at(columns[0][0]), y - over, ctx.number(row.count, 0), transform=transform, ha="right")
        label(
            ax,
            at(columns[1][0]),
            y - over,
            percent(row.share, 2, ctx.language),
            transform=transform,
            ha="right",
            weight="bold",
            color=OWN,
        )
        wrong = row.contradicted
        label(
            ax,
            at(columns[2][0]),
            y - over,
            percent(row.printed, 2, ctx.language) + (" ≠" if wrong else ""),
            transform=transform,
            ha="right",
            color=WORSE if wrong else SOFT,
            weight="bold" if wrong else "normal",
        )
    for x, head in columns:
        label(ax, at(x), -0.5, head, transform=transform, ha="right", dy=8, color=SOFT, size=SMALL if narrow else BASE)
    ax.set_ylim(len(shares) - 0.5, -0.5)
    ax.set_xlim(0, 100)
    ax.set_yticks([])
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0, ctx.language)))
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    if narrow:
        _rows_of_text(ax, len(shares), 0.02)
        _ends_within(ax)
    return [ax]


def _short_period(row, ctx: Context) -> str:
    """Name of a period under a column: in English a quarter is `Q1 2024`."""
    if ctx.language == "en" and period_kind(row.period_start.date(), row.period_end.date()) == "quarter":
        return f"Q{row.period_end.quarter} {row.period_end.year}"
    return sentence(period_name(row.period_start, row.period_end, ctx.language))


def _channel_periods(shares: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Totals of several periods over the shares of the channels, the one with the most dossiers at the foot."""
    periods = shares.drop_duplicates("period_end").sort_values("period_end")
    places = {end: x for x, end in enumerate(periods["period_end"])}
    newest = shares[shares["period_end"] == periods["period_end"].iloc[-1]].sort_values("count", ascending=False)
    # fill, its figures, its name beside
    looks = dict(
        zip(newest["channel"], ((OWN, "white", OWN), (style.SECOND, INK, SHADE), (style.BOX, INK, SOFT)), strict=False)
    )
    named = max(style.text_width(word(channel, ctx.language), BASE, "bold") for channel in looks)
    right = area.width - named - 0.3
    heads = (ctx.pick("Tổng số hồ sơ", "All dossiers"), ctx.pick("Cơ cấu theo kênh (%)", "Share of each channel (%)"))
    totals, parts = area.axes(0, 0.95, right, 2.5), area.axes(0, 3.2, right, area.height - 0.9)
    for ax, head in zip((totals, parts), heads, strict=True):
        ax.set_xlim(-0.5, len(periods) - 0.5)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        label(ax, 0, 1, head, transform=ax.transAxes, size=SMALL, dy=18 if ax is totals else 7, color=SOFT)
    for row in periods.itertuples():
        x = places[row.period_end]
        totals.bar(x, row.total, width=0.62, color=style.OTHERS, lw=0, zorder=2)
        label(totals, x, row.total, ctx.number(row.total, 0), ha="center", dy=6.5)
        unit = _cm_per_unit(parts)
        lines = style.wrap(_short_period(row, ctx), SMALL, unit - 0.1)
        label(parts, x, 0, "\n".join(lines), transform=parts.get_xaxis_transform(), ha="center", size=SMALL, dy=-14)
    totals.set_ylim(0, periods["total"].max() * 1.02)
    foot = dict.fromkeys(places, 0.0)
    for channel, (fill, figures, beside) in looks.items():
        for row in shares[shares["channel"] == channel].itertuples():
            x = places[row.period_end]
            parts.bar(x, row.share, bottom=foot[row.period_end], width=0.62, color=fill, ec="white", lw=0.8, zorder=2)
            if row.share >= 6:
                middle = foot[row.period_end] + row.share / 2
                label(parts, x, middle, ctx.number(row.share, 0), ha="center", color=figures, zorder=3)
            foot[row.period_end] += row.share
        looks[channel] = (foot[row.period_end] - row.share / 2, beside)
    heights = style.spread([y for y, _ in looks.values()], 8, bounds=(0, 100))
    for (channel, (_, colour)), y in zip(looks.items(), heights, strict=True):
        label(
            parts, 1, y, word(channel, ctx.language), transform=parts.get_yaxis_transform(), color=colour, weight="bold"
        )
    parts.set_ylim(0, 100)
    return [totals, parts]


@plot(lambda frame, narrow: 1.2 + 1.65 * len(frame) if narrow else 1.05 + 0.95 * len(frame), narrow=True)
def target_bullets(results: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Results against targets: a bar on a 0-100 track, the target as a black tick, the outcome in words."""
    narrow = area.width < NARROW_CM
    # names and outcomes beside the bars, or over them
    left, right = (0.0, area.width - 2.5) if narrow else (5.6, area.width - 6.5)
    over = 0.14 if narrow else 0.0
    ax = area.axes(left, 0.65, right, area.height - 0.55)
    transform, reach = ax.get_yaxis_transform(), 0.2 if narrow else 0.33

    def at(cm: float) -> float:
        return (cm - left) / (right - left)

    columns = (
        (right + 1.25, ctx.pick("Kết quả", "Result")),
        (right + 2.45, ctx.pick("Chỉ tiêu", "Target")),
        (area.width, ctx.pick("So với chỉ tiêu", "Against target")),
    )
    for place, row in enumerate(results.itertuples()):
        y = place + 1.8 * over
        short = pd.notna(row.points_over) and row.points_over < 0
        colour = WORSE if short else OWN
        ax.barh(y, 100, height=0.24 if narrow else 0.34, color="#EFEFEF", lw=0, zorder=1)
        ax.barh(y, row.value, height=0.24 if narrow else 0.34, color=colour, lw=0, zorder=2)
        if pd.notna(row.target):
            ax.plot([row.target] * 2, [y - reach, y + reach], color=INK, lw=2.6, solid_capstyle="butt", zorder=3)
        lines = [
            style.wrap(text, BASE if n == 0 else SMALL, area.width if narrow else left - 0.2)[0]
            for n, text in enumerate(
                (
                    result_name(row.measure, row.channel, ctx.language),
                    sentence(period_name(row.period_start, row.period_end, ctx.language)),
                )
            )
        ]
        label(ax, at(0), place - over, lines[0], transform=transform, dy=5)
        label(ax, at(0), place - over, lines[1], transform=transform, size=SMALL, dy=-5, color=SOFT)
        label(
            ax,
            at(columns[0][0]),
            y,
            percent(row.value, 2 if row.value % 1 else 0, ctx.language),
            transform=transform,
            ha="right",
            weight="bold",
            color=colour,
        )
        label(
            ax,
            at(columns[1][0]),
            y,
            percent(row.target, 0, ctx.language) if pd.notna(row.target) else "–",
            transform=transform,
            ha="right",
            color=SOFT,
        )
        told = (
            outcome(row.points_over, ctx.language)
            if pd.isna(row.count)
            else f"{ctx.number(row.count, 0)}/{ctx.number(row.of, 0)} {word('tasks', ctx.language)}"
        )
        if narrow and style.text_width(lines[1], SMALL) + style.text_width(told, SMALL) > area.width - 0.2:
            told = ctx.number(row.points_over, 2, sign=True)
        label(
            ax,
            at(columns[2][0]),
            place - over,
            told,
            transform=transform,
            ha="right",
            dy=-5 if narrow else 0,
            color=colour if pd.notna(row.target) else SOFT,
            size=SMALL,
        )
    # over the bars what an outcome is says itself
    for x, head in columns[: 2 if narrow else 3]:
        label(ax, at(x), -0.5, head, transform=transform, ha="right", dy=8, color=SOFT)
    ax.set_ylim(len(results) - 0.5, -0.5)
    ax.set_xlim(0, 101)
    ax.set_yticks([])
    ax.set_xticks([0, 50, 100])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0, ctx.language)))
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    if narrow:
        _rows_of_text(ax, len(results), 0.09)
        _ends_within(ax)
    return [ax]


@plot(lambda frame, narrow: 4.8 if narrow else 3.7, narrow=True)
def procedure_parts(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One total split in two ways: by level and by kind of change, each a bar of parts with names above."""
    narrow = area.width < NARROW_CM
    left = 0.0 if narrow else 2.4
    ax = area.axes(left, 0.1, area.width, area.height - 0.1)
    total = parts.groupby("split")["value"].sum().max()
    ax.set_xlim(0, total)
    ax.set_ylim(2, 0)
    ax.set_axis_off()
    shades = [OWN, SHADE, style.SECOND, "#D5D5D5"]
    unit, tall = 1 / _cm_per_unit(ax), 2 / (area.height - 0.2)  # of the axes, in a centimetre
    names = {
        "level": ctx.pick("Theo cấp", "By level"),
        "kind": ctx.pick("Theo nội dung", "By change"),
    }
    for row_place, split in enumerate(("level", "kind")):
        rows = parts[parts["split"] == split].sort_values("value", ascending=False)
        x, y = 0.0, row_place + (0.35 if narrow else 0.56)
        label(ax, -left * unit, y - 0.6 * tall if narrow else y, names[split], weight="bold")
        thick = (0.56 if narrow else 0.7) * tall
        placed: list[tuple[float, float]] = []
        for place, row in enumerate(rows.itertuples()):
            ax.add_patch(Rectangle((x, y - thick / 2), row.value, thick, fc=shades[place], ec="white", lw=1.4))
            label(
                ax,
                x + row.value / 2,
                y,
                ctx.number(row.value, 0),
                ha="center",
                color="white" if place < 2 else INK,
                weight="bold",
                size=BASE if row.value / unit > 0.75 else SMALL,
            )
            placed.append((x, part_name(row.part, ctx.language)))
            x += row.value
        if narrow:
            _swatches(ax, [name for _, name in placed], shades, y + thick / 2 + 0.34 * tall, unit, tall)
        else:
            _names_over(ax, placed, y - thick / 2, total, unit)
    return [ax]


def _names_over(ax: Axes, placed: list[tuple[float, str]], y: float, total: float, unit: float) -> None:
    """Names over the starts of parts; one that has no room left stands over the others at the right."""
    end = -math.inf
    for x, name in placed:
        width = style.text_width(name, SMALL) * unit
        start = min(max(x, end + 0.15 * unit), total - width)
        crowded = start < end
        label(ax, total - width if crowded else start, y, name, size=SMALL, dy=17 if crowded else 7, color=SOFT)
        end = end if crowded else start + width


def _swatches(ax: Axes, names: list[str], shades: list[str], y: float, unit: float, tall: float) -> None:
    """Names of parts under their bar in its colours, in as many lines as they need."""
    x = 0.0
    for name, shade in zip(names, shades, strict=False):
        width = 0.42 + style.text_width(name, SMALL)
        if x and x + width > ax.get_xlim()[1] / unit:
            x, y = 0.0, y + 0.42 * tall
        ax.add_patch(Rectangle((x * unit, y - 0.13 * tall), 0.3 * unit, 0.26 * tall, fc=shade, lw=0))
        label(ax, (x + 0.42) * unit, y, name, size=SMALL, color=SOFT)
        x += width + 0.35


@plot(lambda frame, narrow: 0.95 + 0.8 * len(frame), narrow=True)
def level_dots(levels: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One share by administrative level: dots on a cut axis with the figure beside each."""
    narrow = area.width < NARROW_CM
    left, beside = (2.4, 1.35) if narrow else (3.2, 1.6)
    right = area.width - beside
    ax = area.axes(left, 0.1, right, area.height - 0.6)
    low = np.floor(levels["value"].min() - 1)
    ax.set_xlim(low, 100.2)
    for y, row in enumerate(levels.itertuples()):
        own = row.level == "all"
        ax.plot(
            row.value,
            y,
            "o",
            ms=8 if own else 6.5,
            color=OWN if own else style.MIDDLE,
            mec="white",
            mew=0.8,
            zorder=3,
            clip_on=False,
        )
        label(
            ax,
            -left / (right - left),
            y,
            word(row.level, ctx.language),
            transform=ax.get_yaxis_transform(),
            weight="bold" if own else "normal",
        )
        label(
            ax,
            1 + beside / (right - left),
            y,
            percent(row.value, 2, ctx.language),
            transform=ax.get_yaxis_transform(),
            ha="right",
            weight="bold",
            color=OWN if own else SOFT,
        )
    ax.set_ylim(len(levels) - 0.5, -0.5)
    ax.set_yticks([])
    ax.xaxis.set_major_locator(MaxNLocator(3 if narrow else 6, integer=True))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0, ctx.language)))
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return [ax]


@plot(5.6, narrow=True)
def unit_columns(units: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Public service units by year: columns from zero; levels that follow from stated changes are hatched."""
    ax = area.axes(0.2, 0.5, area.width - 0.2, area.height - 0.6)
    years = [int(end.year) for end in units["period_end"]]
    ax.set_xlim(min(years) - 1.1, max(years) + 1.1)
    ax.set_ylim(0, units["value"].max() * 1.04)
    for row in units.itertuples():
        year = row.period_end.year
        printed = row.basis == "printed"
        ax.bar(
            year,
            row.value,
            width=0.95,
            color=OWN if printed else "white",
            ec=OWN if printed else style.MIDDLE,
            hatch="" if printed else "////",
            lw=0 if printed else 0.8,
            zorder=2,
        )
        label(
            ax,
            year,
            row.value,
            ctx.number(row.value, 0),
            ha="center",
            dy=7,
            weight="bold",
            color=OWN if printed else SOFT,
            size=FOCUS,
        )
    last = units.iloc[-1]
    for row in units.iloc[:-1].itertuples():
        change = last["value"] - row.value
        share = 100 * change / row.value
        label(
            ax,
            row.period_end.year,
            row.value / 2,
            f"{ctx.number(change, 0, sign=True)}\n({percent(share, 2, ctx.language).replace('-', chr(0x2212))})",
            ha="center",
            color=INK,
            path_effects=HALO,
            zorder=4,
            lead=1.3,
        )
    ax.set_xticks(years, [str(year) for year in years])
    ax.set_yticks([])
    ax.grid(False)
    return [ax]


@plot(lambda frame, narrow: 0.95 + 0.52 * len(frame))
def watch_strip(watch: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Place among the provinces of every index that watches a task, now and one edition before, task by task."""
    left, right = 8.4, area.width - 2.35
    ax = area.axes(left, 0.55, right, area.height - 0.55)
    transform = ax.get_yaxis_transform()
    edge, far = -left / (right - left), 1 + (area.width - right) / (right - left)
    indent = (4.0 - left) / (right - left)
    previous_task = None
    for y, row in enumerate(watch.itertuples()):
        if row.task_number != previous_task:
            title = ctx.pick(row.short_title, row.short_title_en)
            label(ax, edge, y, f"{row.task_number}. {title}", transform=transform, weight="bold")
            if previous_task is not None:
                ax.plot([edge, far], [y - 0.5] * 2, color=style.RULE, lw=0.5, transform=transform, clip_on=False)
            previous_task = row.task_number
        label(ax, indent, y, indicator_name(row.indicator, ctx.language), transform=transform, size=SMALL)
        ax.plot([0, 100], [y, y], color=style.RANGE, lw=0.8, zorder=1)
        if pd.isna(row.percentile_position):
            label(
                ax,
                50,
                y,
                word("not_collected", ctx.language),
                size=SMALL,
                ha="center",
                color=SOFT,
                style="italic",
                path_effects=HALO,
            )
            continue
        now, before = float(row.percentile_position), row.previous_position
        crossed = isinstance(row.crosses, str) and bool(row.crosses)
        # places set side by side across a break are neither a gain nor a loss
        colour = WORSE if pd.notna(before) and now < before and not crossed else OWN
        if pd.notna(before):
            ls = style.DASHES if crossed else "-"
            ax.plot([before, now], [y, y], color=colour, lw=1.1 if crossed else 1.8, ls=ls, zorder=3)
            ax.plot(before, y, "o", ms=5, mfc="white", mec=colour, mew=1.2, zorder=4, clip_on=False)
        ax.plot(now, y, "o", ms=6.5, color=colour, mec="white", mew=0.7, zorder=5, clip_on=False)
        label(
            ax,
            far,
            y,
            f"{rank_of(row.rank, row.n_ranked)} ({int(row.edition_year)}){' †' if crossed else ''}",
            transform=transform,
            ha="right",
            size=SMALL,
            color=colour,
            weight="bold",
        )
    ax.set_xlim(-3, 103)
    ax.set_ylim(len(watch) - 0.45, -0.55)
    ax.set_yticks([])
    ax.set_xticks(
        [0, 25, 50, 75, 100],
        [ctx.pick("cuối bảng", "last"), "", ctx.pick("giữa", "middle"), "", ctx.pick("đầu bảng", "first")],
    )
    label(
        ax,
        far,
        -0.55,
        ctx.pick("Hạng (kỳ)", "Rank (edition)"),
        transform=transform,
        ha="right",
        size=SMALL,
        dy=8,
        color=SOFT,
    )
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return [ax]
