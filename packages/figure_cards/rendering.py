"""A picture or table with its words around it: the page of a figure, and its PNG, SVG, PDF and HTML."""

from __future__ import annotations

import io
from collections.abc import Iterable

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from . import style
from .captions import Caption
from .recording import Recording
from .svg import svg

TABLE_CSS = (
    "border-collapse:collapse;font-size:0.92em;text-align:left",
    "border-top:1.5px solid #1a1a1a;border-bottom:1px solid #1a1a1a;padding:3px 10px 3px 0;text-align:left",
    "border-bottom:1px solid #e2e2e2;padding:3px 10px 3px 0;text-align:left;vertical-align:top",
)


EDGE_CM = 0.05
SHOWN_PX = 744  # width of a figure in a notebook
WORDS = "words"  # what of a figure is not its plot
DPI = 300
COLOURS = 48  # of a picture: more are not visible, and make it larger


def framed(title: str, subtitle: str, notes: Iterable[str], plot_cm: float) -> tuple[Figure, _PlotArea]:
    """A figure with title and subtitle above and notes under a plot so high, all as high as it needs."""
    width = style.WIDTH_CM
    title = style.wrap(title, style.TITLE, width - 2 * EDGE_CM, "bold", balanced=True)
    subtitle = style.wrap(subtitle, style.SUBTITLE, width - 2 * EDGE_CM)
    notes = [line for note in notes for line in style.wrap(note, style.SMALL, width - 2 * EDGE_CM)]
    point = 2.54 / 72
    title_lead, subtitle_lead, note_lead = style.TITLE * 1.28, style.SUBTITLE * 1.32, style.SMALL * 1.32
    head = (len(title) * title_lead + 2 + len(subtitle) * subtitle_lead + 6) * point
    foot = (len(notes) * note_lead + 8) * point
    height = head + plot_cm + foot
    figure = Figure(figsize=(width * style.CM, height * style.CM))

    def lines(texts: list[str], top_cm: float, lead: float, **look) -> None:
        for place, text in enumerate(texts):
            # a fixed baseline per line, so that tall diacritics do not push lines about
            y = 1 - (top_cm + (place + 0.78) * lead * point) / height
            figure.text(EDGE_CM / width, y, text, va="baseline", gid=f"{WORDS}{top_cm:.2f}-{place}", **look)

    area = _PlotArea(figure, width, plot_cm, head, height)
    lines(title, 0, title_lead, fontsize=style.TITLE, weight="bold", color=style.INK)
    lines(subtitle, (len(title) * title_lead + 2) * point, subtitle_lead, fontsize=style.SUBTITLE, color=style.SOFT)
    rule = (foot - 2 * point) / height
    figure.add_artist(mpl.lines.Line2D([0, 1], [rule, rule], color=style.RULE, lw=0.6, gid=f"{WORDS}-rule"))
    lines(notes, head + plot_cm + 5 * point, note_lead, fontsize=style.SMALL, color=style.SOFT)
    return figure, area


class _PlotArea(style.Area):
    """The plot's rectangle inside a figure that also carries words."""

    def __init__(self, figure, width, plot_cm, head, height):
        # half a millimetre inside the edge, so that no stroke is cut
        super().__init__(figure, width - 2 * EDGE_CM, plot_cm)
        self._head, self._total, self._width = head, height, width
        per_mm = DPI / 25.4
        self.size_mm = [round(width * 10, 2), round(height * 10, 2)]
        # rows of the picture that the plot fills; words are above and below
        self.rows = [round(head * 10 * per_mm), round((head + plot_cm) * 10 * per_mm)]

    def axes(self, left: float, top: float, right: float, bottom: float, **options):
        axes = self.figure.add_axes(
            (
                (left + EDGE_CM) / self._width,
                1 - (self._head + bottom) / self._total,
                (right - left) / self._width,
                (bottom - top) / self._total,
            ),
            axes_class=style.PlotAxes,
            **options,
        )
        # no axis has a label: with a place of its own, none is sought by measuring every number at the axis again
        axes.xaxis.set_label_coords(0.5, 0)
        axes.yaxis.set_label_coords(0, 0.5)
        return axes


def _with_palette(pixels: np.ndarray, most: int = COLOURS) -> Picture.Image:
    """A picture of few colours: nearly every pixel exactly as it is, the rarest ones as the nearest of those.

    pixels: (height, width, 4) bytes, opacity full; white, of which most are, is the first colour.
    """
    numbers = np.ascontiguousarray(pixels).view("<u4").ravel() & 0xFFFFFF
    inked = np.flatnonzero(numbers != 0xFFFFFF)
    ink = numbers[inked]
    plain = Picture.frombytes("RGB", (len(ink), 1), ink.tobytes(), "raw", "RGBX")
    counted = sorted(plain.getcolors(len(ink)) or [], key=lambda pair: (-pair[0], pair[1]))
    colours = np.array([(255, 255, 255), *(colour for _, colour in counted)], dtype=np.int32)
    palette = colours[: most * 3 // 4]
    distances = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    while distances.shape[1] < min(most, len(colours)):
        # then whichever is worst off with those chosen so far
        worst = colours[distances.min(axis=1).argmax()]
        palette = np.vstack([palette, worst])
        distances = np.column_stack([distances, ((colours - worst) ** 2).sum(axis=1)])
    # one look per pixel, by its colour as a number
    places = np.zeros(1 << 24, dtype=np.uint8)
    places[colours @ np.array([1, 1 << 8, 1 << 16])] = distances.argmin(axis=1)
    drawn = np.zeros(len(numbers), dtype=np.uint8)
    drawn[inked] = places[ink]
    picture = Picture.fromarray(drawn.reshape(pixels.shape[:2]))
    picture.putpalette(palette.astype(np.uint8).tobytes())
    return picture


def render(figure: Figure, caption: Caption, language: str) -> dict[str, bytes]:
    """PNG, SVG and PDF of a figure, and `shown`, a smaller PNG: the same bytes for the same figure."""
    files, recording = {}, Recording(figure)
    canvas = FigureCanvasAgg(recording)
    recording.set_dpi(DPI)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    picture = _with_palette(pixels)
    if len(picture.getcolors() or []) < 3:
        raise ValueError(f"the figure is blank: {caption.title}")
    info = PngInfo()
    info.add_itxt("Title", caption.title, language)
    info.add_itxt("Description", caption.alt, language)
    buffer = io.BytesIO()
    picture.save(buffer, "png", dpi=(DPI, DPI), pnginfo=info)
    files["png"] = buffer.getvalue()
    # as many pixels as are shown: notebooks hold a copy of every figure and have to stay small
    across = min(picture.width, round(SHOWN_PX * figure.get_figwidth() / (style.WIDTH_CM * style.CM)))
    size = (across, round(picture.height * across / picture.width))
    # without opacity, which would be reckoned in and out again
    whole = Picture.frombuffer("RGBX", picture.size, pixels, "raw", "RGBX", 0, 1)
    buffer = io.BytesIO()
    _with_palette(np.asarray(whole.resize(size, Picture.Resampling.HAMMING)), 32).save(buffer, "png")
    files["shown"] = buffer.getvalue()
    files["svg"] = svg(recording, caption, language)
    buffer = io.BytesIO()
    about = {"Title": caption.title, "Subject": caption.alt, "CreationDate": None, "Creator": None, "Producer": None}
    FigureCanvasPdf(recording).print_pdf(buffer, metadata=about)
    files["pdf"] = buffer.getvalue()
    return files


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table_html(text: pd.DataFrame, caption: Caption, notes: Iterable[str]) -> str:
    """A table for the notebook: caption above, rules, notes under it; nothing from outside."""
    head = "".join(f'<th style="{TABLE_CSS[1]}">{_escape(c)}</th>' for c in text.columns)
    body = "".join(
        "<tr>" + "".join(f'<td style="{TABLE_CSS[2]}">{_escape(str(v))}</td>' for v in row) + "</tr>"
        for row in text.to_numpy().tolist()
    )
    under = " ".join(map(_escape, notes))
    return (
        f'<table style="{TABLE_CSS[0]}"><caption style="text-align:left;color:inherit;padding-bottom:6px">'
        f"<b>{_escape(caption.title)}</b><br>"
        f"{_escape(caption.subtitle)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<p style="font-size:0.85em;color:#595959">{under}</p>'
    )
