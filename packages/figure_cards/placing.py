"""Numbers and words placed clear of other text, strokes and edges."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from . import style
from .style import BASE, HALO, OWN, SMALL, SOFT, label

ROW_CM = 0.37  # one line of small text


def cm_per_unit(ax: Axes) -> float:
    """Centimetres on paper of one unit of the x axis."""
    figure = ax.get_figure(root=True)
    box = ax.get_position() if ax.figure is figure else None
    width = (box.width if box is not None else ax.get_window_extent().width / figure.bbox.width) * figure.get_figwidth()
    low, high = ax.get_xlim()
    return width / style.CM / abs(high - low)


class Texts:
    """Boxes of the texts set in one plot, in points, so that the next one can avoid them."""

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
        """Whether a box covers no text and does not reach below the plot, where the years are."""
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

    def dots(self, x: float, y: float) -> np.ndarray:
        """Places of the dots of the plot in points, that at (x, y) first."""
        lines = [line for line in self.ax.lines if line.get_marker() != "None"]
        lines = [line.get_data() for line in lines if line.get_transform() == self.ax.transData]
        places = np.vstack([(float(x), float(y)), *(np.column_stack(line).astype(float) for line in lines)])
        return self.ax.transData.transform(places) * 72 / self.ax.get_figure(root=True).dpi

    @staticmethod
    def nearest(box, places: np.ndarray, margin: float = 3) -> bool:
        """Whether no dot of the plot is nearer to a box than the first of them, whose number it holds."""
        away = np.maximum(np.maximum(np.array(box[:2]) - places, places - np.array(box[2:])), 0)
        distances = np.hypot(*away.T)
        others = distances[np.hypot(*(places - places[0]).T) > 0.5]
        return not len(others) or bool(distances[0] + margin < np.nanmin(others))

    def take_breaks(self, labels) -> None:
        """Note the words over the breaks (see `pieces.break_labels`)."""
        for x, text, rightward, row, _ in labels:
            base, more = 5.5 + row * ROW_CM / 2.54 * 72, text.count("\n") * ROW_CM / 2.54 * 72
            self.boxes.append(
                self.box(
                    x,
                    1,
                    max(text.split("\n"), key=len),
                    SMALL,
                    ha="left" if rightward else "right",
                    dx=2 if rightward else -2,
                    low=base - 5,
                    high=base + more + 4,
                    transform=self.ax.get_xaxis_transform(),
                )
            )

    def number(
        self,
        x,
        y,
        text,
        sides: tuple[str, ...],
        *,
        size=BASE,
        bold=False,
        gap=5.5,
        ha="center",
        dx=0.0,
        needed=True,
        colour=OWN,
    ) -> None:
        """A number beside its point, clear of text and cutting as few lines as possible.

        Sides in the order wished for: "above", "below" (there it may also lean to one side), "left" and "right". Where
        none is free of text a number that is not needed is left out.
        """
        weight = "bold" if bold else "normal"
        lean = style.text_width(text, size, weight) / 2.54 * 72 / 2 + 1.5
        # side: lowest and highest point of the figures, offset in points, where the text hangs on to it
        by_side = {
            "above": (gap, gap + size, dx, gap, ha, "bottom"),
            "below": (-gap - 0.5 - size, -gap - 0.5, dx, -gap - 0.5, ha, "top"),
            "right": (-size / 2, size / 2, gap + 0.5, 0, "left", "center"),
            "left": (-size / 2, size / 2, -gap - 0.5, 0, "right", "center"),
        }
        options, dots = [], self.dots(x, y)
        for further in (0, 0.6 * size, 1.3 * size):
            for side in sides:
                low, high, right, up, hold, level = by_side[side]
                off = 0 if side in ("left", "right") else further if side == "above" else -further
                for leaning in (0,) if side in ("left", "right") else (0, lean, -lean):
                    look = {"weight": weight, "ha": hold, "low": low + off, "high": high + off}
                    pushed = right + leaning + self._back_in(self.box(x, y, text, size, dx=right + leaning, **look))
                    place = self.box(x, y, text, size, dx=pushed, **look)
                    options.append((place, (pushed, up + off), hold, level))
        free = [option for option in options if self.free(option[0]) and self.nearest(option[0], dots)]
        if not needed:
            # a number that cuts a line may as well be left out
            free = [option for option in free if not self.cut(option[0])]
            if not free:
                return
        close = ([option for option in options if self.nearest(option[0], dots, margin)] for margin in (3, 0.5, -99))
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
            color=colour,
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

    def over(self, x, text: str) -> bool:
        """Words over the plot, where no other text stands. Returns whether there was room."""
        over = self.ax.get_xaxis_transform()
        box = self.box(x, 1, text, SMALL, low=1, high=10, transform=over)
        free = self.free(box)
        if free:
            self.boxes.append(box)
            label(self.ax, x, 1, text, size=SMALL, ha="center", color=SOFT, style="italic", dy=5.5, transform=over)
        return free

    def words(self, x, heights, lines: list[str], *, needed=True) -> None:
        """Words in a gap, at one of some heights, clear of text and cutting the least."""
        tall = len(lines) * SMALL * 1.12
        # words wider than a gap at the edge are pushed in, off the figures of the axis
        half = max(style.text_width(line, SMALL) for line in lines) / 2 / cm_per_unit(self.ax)
        low, high = self.ax.get_xlim()
        x = min(max(x, low + half), high - half)
        places = []
        for y in heights:
            boxes = [self.box(x, y, line, SMALL, low=-tall / 2, high=tall / 2) for line in lines]
            taken = not all(self.free(box) for box in boxes)
            places.append((taken, max(self.cut(box) for box in boxes), len(places), y, boxes))
        taken, cut, _, y, boxes = min(places)
        if (taken or cut) and not needed:
            return
        self.boxes += boxes
        look = {"size": SMALL, "ha": "center", "color": SOFT, "style": "italic", "path_effects": HALO, "zorder": 6}
        label(self.ax, x, y, "\n".join(lines), **look)
