"""The look by itself: colours as others see them and as printers print them, and text that sits on its line."""

import itertools
import os

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from figure_cards import lettering, style
from ninhthuan.reference import GROUPS

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
SEEN_AS = {
    "plainly": np.eye(3),
    "with deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "with protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "with tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colour):
    return np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])


def lightness(colour, seen="plainly"):
    """Relative luminance, which is also the grey of an office printer."""
    return float(np.clip(SEEN_AS[seen] @ linear(colour), 0, 1) @ (0.2126, 0.7152, 0.0722))


def contrast(one, other, seen="plainly"):
    high, low = sorted((lightness(one, seen), lightness(other, seen)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("seen", SEEN_AS)
def test_groups_fall_from_light_to_dark_for_every_eye(seen):
    """High is the darkest; two groups side by side can be told by their lightness alone."""
    ramp = [style.GROUP_COLOURS[group] for group in GROUPS]
    for dark, light in itertools.pairwise(ramp):
        assert lightness(dark, seen) < lightness(light, seen)
        assert contrast(dark, light, seen) >= 1.7


@pytest.mark.parametrize("seen", SEEN_AS)
def test_own_and_worse_can_be_told(seen):
    """One is blue and the other is not, for every eye; in grey the one is twice as dark."""
    own, worse = (np.clip(SEEN_AS[seen] @ linear(colour), 0, 1) for colour in (style.OWN, style.WORSE))
    assert np.abs(own - worse).max() > 0.12
    assert contrast(style.OWN, style.WORSE) >= 1.8


@pytest.mark.parametrize("seen", SEEN_AS)
@pytest.mark.parametrize("name", ["OWN", "WORSE", "INK", "SOFT"])
def test_text_stays_dark_for_every_eye(seen, name):
    assert contrast(getattr(style, name), "white", seen) >= 4.2


@pytest.mark.parametrize("name", ["OWN", "WORSE", "INK", "SOFT", "MIDDLE"])
@pytest.mark.parametrize("ground", ["white", style.RANGE])
def test_marks_that_mean_something_stand_out(name, ground):
    """Three to one on white; on the range of the provinces, which is light, at least two and a half."""
    assert contrast(getattr(style, name), ground) >= (3 if ground == "white" else 2.5)


def test_grounds_are_lighter_than_what_stands_on_them():
    for ground in (style.BAND, style.GROUND, style.RANGE, style.BOX):
        assert lightness(ground) > lightness(style.SECOND) > lightness(style.OWN)


# ----------------------------------------------------------------------------------------------------------- baselines


def baselines(texts, **options):
    """Height in pixels of the line that each text stands on."""
    style.apply()
    figure = Figure(figsize=(4, 2), dpi=300)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    for place, text in enumerate(texts):
        style.label(ax, place / 10, 0.5, text, **options)
    figure.draw_without_rendering()
    return [text.get_transform().transform(text.get_unitless_position())[1] for text in ax.texts]


def test_labels_of_a_row_stand_on_one_line_whatever_their_diacritics():
    found = baselines(["mm", "Ẫ", "gỵ", "ộ", "Quảng Ngãi", "12,5", "(6/61)"])
    assert len(found) == 7 and max(found) - min(found) < 0.01


def test_the_same_at_another_size():
    """Half a capital under the middle: at 8 points 2.9 points."""
    (found,) = baselines(["Ẫ"], size=style.SMALL)
    assert found == pytest.approx(0.5 * 2 * 300 - 0.36 * 8 * 300 / 72, abs=0.1)


def test_lines_of_one_label_are_spaced_evenly_about_its_middle():
    first, second, third = baselines(["Ẫ\nmm\ngỵ"], size=8)
    assert first - second == pytest.approx(second - third) == pytest.approx(1.12 * 8 * 300 / 72, abs=0.1)
    assert second == pytest.approx(baselines(["mm"], size=8)[0])


# --------------------------------------------------------------------------------------------------------------- fonts


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_the_font_has_every_sign_that_charts_write(weight):
    from matplotlib import font_manager

    style.apply()
    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties(family="Roboto", weight=weight)))
    for sign in "\N{MINUS SIGN}–…≠≥≤×†·%“”':;()/*+":
        assert font.get_char_index(ord(sign)), sign


def test_digits_are_of_one_width():
    style.apply()
    for weight in ("normal", "bold"):
        assert len({round(style.text_width(digit * 4, style.BASE, weight), 4) for digit in "0123456789"}) == 1


def test_an_area_places_axes_in_centimetres():
    figure = Figure(figsize=(10 * style.CM, 5 * style.CM))
    area = style.Area(figure, 10, 5)
    box = area.axes(1, 0.5, 9, 4).get_position()
    assert (box.x0, box.x1, box.y0, box.y1) == pytest.approx((0.1, 0.9, 0.2, 0.9))


@pytest.mark.parametrize("size", [style.SMALL, style.BASE])
def test_figures_at_the_side_stand_with_their_middle_on_the_tick(size):
    """By the ink on the page, to 0.15 mm."""
    style.apply()
    figure = Figure(figsize=(3, 3), dpi=300)
    canvas = FigureCanvasAgg(figure)
    area = style.Area(figure, 3 * 2.54, 3 * 2.54)
    ax = area.axes(2, 1, 7, 6)
    ax.set(ylim=(60, 0), yticks=[10, 40])
    ax.tick_params(labelsize=size)
    ax.grid(False)
    ax.set_xticks([])
    canvas.draw()
    dark = (np.asarray(canvas.buffer_rgba())[:, : int(2 / 2.54 * 300) - 2, 0] < 128).any(axis=1)
    rows = np.flatnonzero(dark)
    numbers = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    for number, tick in zip(numbers, (10, 40), strict=True):
        place = 900 - ax.transData.transform((0, tick))[1]
        assert abs((number[0] + number[-1] + 1) / 2 - place) <= 0.15 / 25.4 * 300


def test_a_dollar_is_a_dollar():
    """Labels come from tables: what looks like a formula is drawn as it stands, and cannot fail."""
    style.apply()
    figure = Figure(figsize=(3, 1))
    texts = [figure.text(0.1, 0.5, text) for text in (r"$\bad$", "$x_{$", "5 $", r"\$")]
    figure.draw_without_rendering()
    assert not any(text.get_parse_math() for text in texts)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_a_forked_process_opens_its_fonts_anew():
    """Else two processes move the place in one open file, and read of each other's letters."""
    font = FontProperties()
    (letter,) = lettering.line("ế", font).letters
    if (child := os.fork()) == 0:
        os._exit(lettering.line("ế", font).letters[0].ft_object is letter.ft_object)
    assert os.waitpid(child, 0)[1] == 0
    assert lettering.line("ế", font).letters[0].ft_object is letter.ft_object


def test_a_line_is_as_wide_as_matplotlib_has_it():
    for text in ("Ninh Thuận, PAPI 2023", "AV, 1,5–2", "fi", " ", ""):
        line, font = lettering.line(text, FontProperties()), FontProperties()
        width, height, descent = text_to_path.get_text_width_height_descent(text, font, False)
        scale = font.get_size_in_points() / lettering.SIZE
        assert line.width * scale == pytest.approx(width, abs=0.2)
        assert ((line.high - line.low) * scale, -line.low * scale) == pytest.approx((height, descent), abs=0.02)
