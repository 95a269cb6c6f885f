"""The look, applied explicitly and once: fonts, colours, sizes, and text set so that diacritics sit right."""

from __future__ import annotations

import importlib.resources
import itertools
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib as mpl
import matplotlib.style
from matplotlib import font_manager, patheffects
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.font_manager import FontProperties
from matplotlib.transforms import ScaledTranslation

from . import lettering

CM = 1 / 2.54
WIDTH_CM = 15.5  # fits between every pair of margins that Decree 30/2020 allows

OWN = "#12436D"
WORSE = "#C4480B"
RING = "#000000"
INK = "#1A1A1A"
SOFT = "#595959"
MIDDLE = "#8C8C8C"
OTHERS = "#A9A9A9"
RANGE = "#E2E2E2"
BOX = "#CFCFCF"
RULE = "#BFBFBF"
SECOND = "#9FBFDD"
# light to dark, so that an office printer keeps the order
GROUP_COLOURS = {"low": "#F3E7C4", "lower_middle": "#7FB5B5", "upper_middle": "#2A6FA3", "high": "#0F3557"}
BAND = "#DCE6F0"  # the top quarter
GROUND = "#F1F1F1"  # of rows that belong together
DASHES = (0, (3, 2.2))
DOTS = (0, (1, 2))

SMALL, BASE, FOCUS, SUBTITLE, TITLE = 8, 8.5, 9, 9, 11.5
HALO = [patheffects.withStroke(linewidth=2.2, foreground="white")]


@cache
def apply() -> None:
    """Give matplotlib Roboto and the style sheet."""
    _load_fonts()
    mpl.style.use(Path(__file__).with_name("house.mplstyle"))


@cache
def _load_fonts() -> None:
    folder = Path(str(importlib.resources.files("font_roboto"))) / "files"
    for name in ("Regular", "Bold", "Italic", "BoldItalic", "Medium"):
        font_manager.fontManager.addfont(folder / f"Roboto-{name}.ttf")


def keep_fonts(figure: Figure) -> None:
    """Fix the fonts in use to every text of a figure, which looks them up only when it is saved."""
    figure.draw_without_rendering()
    for text in figure.findobj(mpl.text.Text):
        text.set_fontfamily(mpl.rcParams["font.sans-serif"][0])


HALF_FIGURE = 0.3555  # of the size of Roboto: from the foot of a figure to its middle


class PlotAxes(Axes):
    """Axes whose numbers at the side stand with the middle of their figures on the tick, as `label` sets text.

    matplotlib centres a line by the height of the font, half a millimetre under the value.
    """

    def get_yaxis_text1_transform(self, pad_points):
        place, _, side = super().get_yaxis_text1_transform(pad_points)
        down = HALF_FIGURE * mpl.rcParams["ytick.labelsize"] / 72
        return place + ScaledTranslation(0, -down, self.get_figure().dpi_scale_trans), "baseline", side


@dataclass
class Area:
    """The rectangle of a figure that a chart draws in; places are in centimetres from its top left corner."""

    figure: Figure | SubFigure
    width: float
    height: float

    def axes(self, left: float, top: float, right: float, bottom: float, **options) -> Axes:
        """Axes between two corners given in cm from the left and top edges of the area."""
        return self.figure.add_axes(
            (left / self.width, 1 - bottom / self.height, (right - left) / self.width, (bottom - top) / self.height),
            axes_class=PlotAxes,
            **options,
        )

    def sheet(self, top: float = 0, bottom: float | None = None) -> Axes:
        """Axes over the width of the area that count in centimetres from its top left corner, and show no axis."""
        bottom = self.height if bottom is None else bottom
        axes = self.axes(0, top, self.width, bottom)
        axes.set(xlim=(0, self.width), ylim=(bottom - top, 0))
        axes.set_axis_off()
        return axes


@cache
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in cm, from the outlines of the font."""
    font = FontProperties(family=mpl.rcParams["font.family"], weight=weight)
    return lettering.line(text, font).width * size / lettering.SIZE / 72 / CM


def wrap(text: str, size: float, width_cm: float, weight: str = "normal", *, balanced: bool = False) -> list[str]:
    """Break a text into lines no wider than width_cm; balanced lines are of about one length.

    Widths add up word by word, so each word is measured once.
    """
    if balanced:
        lines = wrap(text, size, width_cm, weight)
        narrower = width_cm
        while narrower > 0.3 and len(tried := wrap(text, size, narrower - 0.25, weight)) == len(lines):
            lines, narrower = tried, narrower - 0.25
        return lines
    space = text_width("a a", size, weight) - text_width("aa", size, weight)
    lines = []
    for paragraph in text.split("\n"):
        line, used = [], 0.0
        for word in paragraph.split(" "):
            width = text_width(word, size, weight) if word else 0.0
            if line and used + space + width > width_cm:
                lines.append(" ".join(line))
                line, used = [], 0.0
            used += (space if line else 0.0) + width
            line.append(word)
        lines.append(" ".join(line))
    return lines


def label(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    *,
    size: float = BASE,
    ha: str = "left",
    transform=None,
    dx: float = 0,
    dy: float = 0,
    lead: float = 1.12,
    **options,
) -> None:
    """Text centred on y by its baseline.

    matplotlib centres the ink, so that lines with stacked diacritics or descenders jump up and down; here
    every line stands half a capital below the middle. dx and dy are in points.
    """
    lines = text.split("\n")
    for place, line in enumerate(lines):
        shift = (-0.36 + ((len(lines) - 1) / 2 - place) * lead) * size
        ax.annotate(
            line,
            (x, y),
            xycoords=transform or ax.transData,
            xytext=(dx, shift + dy),
            textcoords="offset points",
            ha=ha,
            va="baseline",
            fontsize=size,
            annotation_clip=False,
            **options,
        )


def spread(values: list[float], gap: float, bounds: tuple[float, float] | None = None) -> list[float]:
    """Push positions apart along one axis until they are at least `gap` apart; order is kept.

    With bounds they are pushed back between them, as far as there is room.
    """
    order = sorted(range(len(values)), key=lambda i: (values[i], i))
    placed = [float(value) for value in values]
    for _ in range(400):
        moved = False
        for a, b in itertools.pairwise(order):
            short = gap - (placed[b] - placed[a])
            if short > 1e-6:
                placed[a] -= short / 2
                placed[b] += short / 2
                moved = True
        if not moved:
            break
    if bounds is not None:
        for place, i in enumerate(order):
            placed[i] = max(placed[i], bounds[0] + place * gap)
        for place, i in enumerate(reversed(order)):
            placed[i] = min(placed[i], bounds[1] - place * gap)
    return placed
