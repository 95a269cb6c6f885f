"""Lines of text laid out once: which letters of which font stand where, for every size and format."""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass
from typing import NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

SIZE = text_to_path.FONT_SCALE  # points at which lines are laid out: without hinting every size is in proportion


class Letter(NamedTuple):
    """A glyph and its place in points, by the names that matplotlib gives to them."""

    ft_object: FT2Font
    char: str
    glyph_index: int
    x: float
    y: float
    prev_kern: float


@dataclass(frozen=True)
class Line:
    """A line at SIZE: its letters, its width, its lowest and its highest point from the baseline, in points."""

    letters: tuple[Letter, ...]
    width: float
    low: float = 0.0
    high: float = 0.0

    @functools.cached_property
    def path(self) -> Path:
        """Outline of the line."""
        drawn = [(outline(letter.ft_object, letter.glyph_index)[0], letter) for letter in self.letters]
        parts = [
            (path.vertices + np.array([letter.x, letter.y]), path.codes) for path, letter in drawn if len(path.vertices)
        ]
        return Path(*map(np.concatenate, zip(*parts, strict=True))) if parts else Path(np.empty((0, 2)))

    def sized(self, size: float) -> list[Letter]:
        """The letters at another size."""
        by = size / SIZE
        return [old._replace(x=old.x * by, y=old.y * by, prev_kern=old.prev_kern * by) for old in self.letters]


def line(text: str, font: FontProperties, features: tuple | None = None, language: str | None = None) -> Line:
    """A line of text in a font, and in the language of all texts where none is given."""
    kind = tuple((name, getattr(font, f"get_{name}")()) for name in ("style", "variant", "weight", "stretch"))
    found = _font(tuple(font.get_family()), kind, font.get_file(), *mpl.rcParams["font.sans-serif"])
    return _laid(text, found, features, language or mpl.rcParams["text.language"])


@functools.cache
def _font(family: tuple, look: tuple, file: str | None, *known: str) -> FT2Font:
    """A font by its family and look (name, value of each property), or by its file; `known`: families of sans-serif."""
    return text_to_path._get_font(FontProperties(family=family, fname=file, **dict(look)))


@functools.lru_cache(256)  # a figure's lines, with their outlines
def _laid(text: str, font: FT2Font, features: tuple | None, language: str | None) -> Line:
    """Word by word, since words come again: nothing but the space parts them."""
    words = [_word(word, font, features, language) for word in re.split("( )", text) if word] or [Line((), 0.0)]
    letters, width = [], 0.0
    for word in words:
        letters += [letter._replace(x=letter.x + width) for letter in word.letters]
        width += word.width
    inked = [word for word in words if word.low < word.high] or words
    return Line(tuple(letters), width, min(word.low for word in inked), max(word.high for word in inked))


@functools.lru_cache(4096)
def _word(text: str, font: FT2Font, features: tuple | None, language: str | None) -> Line:
    font.set_size(SIZE, text_to_path.DPI)
    items = font._layout(text, LoadFlags.NO_HINTING, features=features, language=language)
    letters = tuple(Letter(*(getattr(item, name) for name in Letter._fields)) for item in items)
    if any(not letter.glyph_index or letter.ft_object.family_name.startswith("Last Resort") for letter in letters):
        font.set_text(text)  # it warns of the letters that no font has
    drawn = [(letter, *outline(letter.ft_object, letter.glyph_index)) for letter in letters]
    heights = [letter.y + path.vertices[:, 1] for letter, path, _ in drawn if len(path.vertices)]
    ends = (min(y.min() for y in heights), max(y.max() for y in heights)) if heights else ()
    return Line(letters, drawn[-1][0].x + drawn[-1][2] if drawn else 0.0, *map(float, ends))


@functools.cache
def outline(font: FT2Font, glyph: int) -> tuple[Path, float]:
    """Outline of a glyph at SIZE, and how far behind it the next one stands, in points."""
    font.set_size(SIZE, text_to_path.DPI)
    width = font.load_glyph(glyph, LoadFlags.NO_HINTING).linearHoriAdvance / 0x10000
    return Path(*font.get_path()), width


def _forget() -> None:
    for kept in (_font, _laid, _word, outline):
        kept.cache_clear()


if hasattr(os, "register_at_fork"):
    # fonts are read from open files, whose places processes would share: matplotlib opens its own anew as well
    os.register_at_fork(after_in_child=_forget)
