"""SVG of a recorded figure: the outline of every letter once, places to a hundredth of a point."""

from __future__ import annotations

import functools
import re
import zlib
from xml.sax.saxutils import escape

from matplotlib import _path
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from . import lettering
from .captions import Caption
from .recording import Recording

UNITS = 10  # of a letter's outline in a point of the size at which lines are laid out
CAPS = {"projecting": ' stroke-linecap="square"', "round": ' stroke-linecap="round"', "butt": ""}


def svg(figure: Figure, caption: Caption, language: str) -> bytes:
    """A drawing with its title, and a description that assistive software reads: the same bytes for the same figure."""
    recording = figure if isinstance(figure, Recording) else Recording(figure)
    width, height = 72 * recording.get_size_inches()
    drawing = _Drawing(width, height)
    for name, look, given in recording.calls:
        getattr(drawing, name)(look, *given)
    size = f'width="{width:.2f}pt" height="{height:.2f}pt" viewBox="0 0 {width:.2f} {height:.2f}"'
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} '
        f'xml:lang="{language}" role="img" stroke-linejoin="round">',
        f"<title>{escape(caption.title)}</title>",
        f"<desc>{escape(caption.alt)}</desc>",
        *drawing.parts,
        "</svg>\n",
    ]
    return "\n".join(lines).encode()


def _data(path, transform, decimals: int = 2, page=None) -> str:
    """Data of a path; of a line that is on a page only what shows."""
    simpler = page is not None and path.should_simplify
    commands = [b"M", b"L", b"Q", b"C", b"z"]
    text = _path.convert_to_string(path, transform, page, simpler, None, decimals, commands, False)
    return re.sub(r"(?<=[MLQC]) | ?\n| (?=z)", "", text.decode())


@functools.cache
def _letter(font, glyph: int) -> tuple[str, str]:
    """Name of a letter's outline, the same in every drawing, and its data; no data of a space."""
    path, _ = lettering.outline(font, glyph)
    initials = re.sub(r"[^A-Z]", "", font.postscript_name)
    return f"{initials}{glyph:x}", _data(path, Affine2D().scale(UNITS), 0) if len(path.vertices) else ""


class _Drawing:
    """The elements of a drawing, made of the calls of a recording."""

    def __init__(self, width: float, height: float):
        self.height, self.page = height, (0.0, 0.0, width, height)
        self.flipped = Affine2D().scale(1, -1).translate(0, height)
        self.parts: list[str] = []
        self._defined: set[str] = set()
        self._named: list[bool] = []

    def _define(self, kind: str, rest: str, name: str = "") -> str:
        """Name of an element, which is defined where it is first used: the same name is the same in every drawing."""
        name = name or f"{kind[0]}{zlib.crc32(rest.encode()):x}"
        if name not in self._defined:
            self._defined.add(name)
            self.parts.append(f'<defs><{kind} id="{name}"{rest}</defs>')
        return name

    def _cut(self, look) -> str:
        """The rectangle outside of which nothing is drawn."""
        if (box := look.get_clip_rectangle()) is None:
            return ""
        x, y, width, height = box.bounds
        place = f'x="{x:.2f}" y="{self.height - y - height:.2f}" width="{width:.2f}" height="{height:.2f}"'
        return f' clip-path="url(#{self._define("clipPath", f"><rect {place}/></clipPath>")})"'

    def _style(self, look, face) -> str:
        """Attributes: what fills it, its stroke, and how it is cut."""
        fill = "none" if face is None else to_hex(face)
        faint = f' fill-opacity="{face[3]:g}"' if face is not None and len(face) == 4 and face[3] < 1 else ""
        if look.get_hatch():
            fill = f"url(#{self._hatch(look, fill)})"
        stroke, width = look.get_rgb(), look.get_linewidth()
        text = f' fill="{fill}"{faint}{self._cut(look)}'
        if not width or not stroke[3]:
            return text
        text += f' stroke="{to_hex(stroke)}" stroke-width="{width:g}"{CAPS[look.get_capstyle()]}'
        if stroke[3] < 1:
            text += f' stroke-opacity="{stroke[3]:g}"'
        if look.get_joinstyle() != "round":
            text += f' stroke-linejoin="{look.get_joinstyle()}"'
        offset, dashes = look.get_dashes()
        if dashes is not None:
            text += f' stroke-dasharray="{" ".join(f"{dash:.4g}" for dash in dashes)}" stroke-dashoffset="{offset:g}"'
        return text

    def _hatch(self, look, fill: str) -> str:
        colour, width = to_hex(look.get_hatch_color()), look.get_hatch_linewidth()
        data = _data(look.get_hatch_path(), Affine2D().scale(72, -72).translate(0, 72))
        return self._define(
            "pattern",
            f' patternUnits="userSpaceOnUse" width="72" height="72"><rect width="73" height="73" fill="{fill}"/>'
            f'<path d="{data}" fill="{colour}" stroke="{colour}" stroke-width="{width:g}"/></pattern>',
        )

    # ------------------------------------------------------------------------------------------------------ the calls

    def open_group(self, look, kind: str, name: str | None) -> None:
        # groups with a name of their own
        self._named.append(bool(name))
        if name:
            self.parts.append(f'<g id="{name}">')

    def close_group(self, look, kind: str) -> None:
        if self._named.pop():
            self.parts.append("</g>")

    def draw_path(self, look, path, transform, face) -> None:
        page = self.page if face is None and not look.get_hatch() else None
        if data := _data(path, transform + self.flipped, page=page):
            self.parts.append(f'<path d="{data}"{self._style(look, face)}/>')

    def draw_markers(self, look, path, transform, places, face) -> None:
        data = _data(path, transform + Affine2D().scale(1, -1))
        name, style = self._define("path", f' d="{data}"/>'), self._style(look, face)
        uses = (f'<use xlink:href="#{name}" x="{x:.2f}" y="{self.height - y:.2f}"/>' for x, y in places)
        self.parts.append(f"<g{style}>{''.join(uses)}</g>")

    def draw_text(self, look, x, y, text, font, angle, line) -> None:
        uses = []
        for letter in line.letters:
            name, data = _letter(letter.ft_object, letter.glyph_index)
            if data:
                self._define("path", f' d="{data}"/>', name)
                where = f' x="{UNITS * letter.x:.0f}"' * (letter.x > 0) + f' y="{UNITS * letter.y:.0f}"' * bool(
                    letter.y
                )
                uses.append(f'<use xlink:href="#{name}"{where}/>')
        scale = font.get_size_in_points() / lettering.SIZE / UNITS
        turned = f" rotate({-angle:g})" * bool(angle)
        place = f'transform="translate({x:.2f} {self.height - y:.2f}){turned} scale({scale:g} {-scale:g})"'
        group = f'<g fill="{to_hex(look.get_rgb())}" {place}>{"".join(uses)}</g>'
        self.parts.append(f"<g{cut}>{group}</g>" if (cut := self._cut(look)) else group)
