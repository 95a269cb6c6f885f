"""Texts and tables measured in Arial, for slides: how many lines they take, and how wide their columns are."""

from __future__ import annotations

import functools
import importlib.resources
from pathlib import Path

from PIL import ImageFont

# Arial is wider than the font that texts are measured in, most of all in bold.
ARIAL = {"normal": 1.05, "bold": 1.1}
LEAD = 1.2
CELL = 0.3  # cm round the text of a cell


@functools.cache
def _font(weight: str) -> ImageFont.FreeTypeFont:
    folder = Path(str(importlib.resources.files("font_roboto"))) / "files"
    name = "Roboto-Bold.ttf" if weight == "bold" else "Roboto-Regular.ttf"
    return ImageFont.truetype(folder / name, 100, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(1 << 16)
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in Arial, in cm, no narrower than it will be."""
    return _font(weight).getlength(text) / 100 * size * 2.54 / 72 * ARIAL[weight]


@functools.lru_cache(4096)
def lines_of(text: str, size: float, width_cm: float, weight: str = "normal") -> int:
    """Lines that a text takes; a word wider than the line is broken, as PowerPoint does."""
    lines, space = 0, width_of(" ", size, weight)
    for part in text.split("\n"):
        lines, used = lines + 1, 0.0
        for word in part.split(" "):
            width = width_of(word, size, weight)
            if used and used + space + width > width_cm:
                lines, used = lines + 1, 0.0
            used += width + (space if used else 0)
            broken = int(used / width_cm)
            lines, used = lines + broken, used - broken * width_cm
    return lines


def height_of(lines: int, size: float) -> float:
    """Height of lines of text in cm."""
    return lines * size * LEAD * 2.54 / 72


def table_widths(texts: list[list[str]], size: float, width_cm: float) -> list[float]:
    """Widths of columns in cm: as wide as their texts where there is room, else the widest ones give way.

    texts: rows, the head first. No column is narrower than its longest word.
    """

    def wide(text: str, weight: str) -> float:
        return width_of(text[:400], size, weight) + 2 * CELL + 0.1

    natural, least = [], []
    for column in zip(*texts, strict=True):
        weights = ["bold", *["normal"] * (len(column) - 1)]
        natural.append(max(wide(text, weight) for text, weight in zip(column, weights, strict=True)))
        words = [(w, weight) for text, weight in zip(column, weights, strict=True) for w in text.split()]
        least.append(min(max((wide(w, weight) for w, weight in words), default=1.0), width_cm / 3))
    if sum(natural) <= width_cm:
        return [width * min(1.4, width_cm / sum(natural)) for width in natural]
    low, high = 0.0, max(natural)
    for _ in range(40):
        cap = (low + high) / 2
        total = sum(max(min(n, cap), s) for n, s in zip(natural, least, strict=True))
        low, high = (cap, high) if total <= width_cm else (low, cap)
    widths = [max(min(n, low), s) for n, s in zip(natural, least, strict=True)]
    return [width * min(1, width_cm / sum(widths)) for width in widths]


def cut(text: str, lines: int, size: float, width_cm: float, weight: str = "bold") -> str:
    """A text that takes no more than some lines; what is left out is marked."""
    if lines_of(text, size, width_cm, weight) <= lines:
        return text
    low, high = 0, min(len(text), 4000)
    while high - low > 1:
        middle = (low + high) // 2
        fits = lines_of(text[:middle] + "…", size, width_cm, weight) <= lines
        low, high = (middle, high) if fits else (low, middle)
    return text[:low].rstrip() + "…"


def row_height(row: list[str], widths: list[float], size: float, weight: str = "normal") -> float:
    """Height of a row of a table in cm: that of its tallest cell."""
    lines = max(lines_of(text, size, width - 2 * CELL, weight) for text, width in zip(row, widths, strict=True))
    return height_of(lines, size) + 0.2
