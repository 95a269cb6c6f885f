"""A figure drawn once: its strokes and words are noted, and set from there in every format."""

from __future__ import annotations

import numpy as np
from matplotlib import _text_helpers
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.textpath import TextToPath
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from . import lettering


class _Letters(TextToPath):
    """Text as outlines and its measures, of lines that are laid out once; formulas as matplotlib sets them."""

    def get_text_path(self, prop, s, ismath=False, *, features=None, language=None):
        if ismath:
            return super().get_text_path(prop, s, ismath, features=features, language=language)
        path = lettering.line(s, prop, features, language).path
        return path.vertices, path.codes

    def get_text_width_height_descent(self, s, prop, ismath):
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        line, scale = lettering.line(s, prop), prop.get_size_in_points() / lettering.SIZE
        return line.width * scale, (line.high - line.low) * scale, -line.low * scale


class _Recorder(RendererBase):
    """Notes what a figure draws, in points from its lower left corner."""

    def __init__(self, width: float, height: float):
        super().__init__()
        self.width, self.height, self.calls, self._text2path = width, height, [], _Letters()

    def flipy(self):
        return False

    def get_canvas_width_height(self):
        return self.width, self.height

    def get_text_width_height_descent(self, s, prop, ismath):
        return self._text2path.get_text_width_height_descent(s, prop, ismath)

    def open_group(self, s, gid=None):
        self.calls.append(("open_group", None, (s, gid)))

    def close_group(self, s):
        self.calls.append(("close_group", None, (s,)))

    def _note(self, name: str, gc: GraphicsContextBase, *given) -> None:
        if gc.get_clip_path()[0] is not None:
            raise NotImplementedError("what is cut by more than a rectangle")
        kept = GraphicsContextBase()
        kept.copy_properties(gc)
        self.calls.append((name, kept, given))

    def draw_path(self, gc, path, transform, rgbFace=None):
        self._note("draw_path", gc, path, transform.frozen(), rgbFace)

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        places = trans.transform(path.vertices)
        self._note("draw_markers", gc, marker_path, marker_trans.frozen(), places[np.isfinite(places).all(1)], rgbFace)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if ismath:
            self._draw_text_as_path(gc, x, y, s, prop, angle, ismath, mtext)
        else:
            line = lettering.line(s, prop, mtext and mtext.get_fontfeatures(), mtext and mtext.get_language())
            self._note("draw_text", gc, x, y, s, prop, angle, line)


class Recording(Figure):
    """What a figure draws, as a figure that only repeats it, at any resolution.

    calls: (name of a method of a renderer, graphics context, arguments), places in points from the lower left corner.
    """

    def __init__(self, figure: Figure):
        super().__init__(figsize=figure.get_size_inches(), dpi=72)
        figure.set_dpi(72)
        recorder = _Recorder(*(72 * figure.get_size_inches()))
        figure.draw(recorder)
        self.calls = recorder.calls

    def draw(self, renderer) -> None:
        layout, by = _text_helpers.layout, self.dpi / 72
        try:
            for name, kept, given in self.calls:
                if kept is not None:
                    gc = renderer.new_gc()
                    gc.copy_properties(kept)
                    if (box := kept.get_clip_rectangle()) is not None:
                        gc.set_clip_rectangle(Bbox(box.get_points() * by))
                    getattr(self, f"_{name}")(renderer, gc, by, *given)
        finally:
            _text_helpers.layout = layout

    def _draw_path(self, renderer, gc, by, path, transform, face) -> None:
        renderer.draw_path(gc, path, _larger(transform, by), face)

    def _draw_markers(self, renderer, gc, by, path, transform, places, face) -> None:
        renderer.draw_markers(gc, path, _larger(transform, by), Path(places * by), IdentityTransform(), face)

    def _draw_text(self, renderer, gc, by, x, y, text, font, angle, line) -> None:
        size = font.get_size_in_points()
        if isinstance(self.canvas, FigureCanvasPdf):
            # text that can be searched and copied, its letters where they are in the other formats
            _text_helpers.layout = lambda *_, **__: line.sized(size)
            renderer.draw_text(gc, x, y, text, font, angle)
        else:
            gc.set_linewidth(0)
            gc.set_snap(False)
            place = Affine2D().scale(size / lettering.SIZE).rotate_deg(angle).translate(x, y)
            renderer.draw_path(gc, line.path, _larger(place, by), gc.get_rgb())


def _larger(transform: Affine2D, by: float) -> Affine2D:
    """A transformation to places so many times further from the corner."""
    return Affine2D(np.diag([by, by, 1]) @ transform.get_matrix())
