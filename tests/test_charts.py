"""Charts, by what they draw: places of marks against the data, lines that are not joined, texts that can be read."""

import itertools
import re
import warnings
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import ninhthuan as nt
from figure_cards import placing, style
from figure_cards.style import INK, OWN, RING, SECOND, SOFT, WORSE
from ninhthuan.analysis.change import change_limit
from ninhthuan.catalogue import catalogue
from ninhthuan_reports import cards, pieces, report

AS_OF = "2024-04-30"
BOTH = ("vi", "en")


# ------------------------------------------------------------------------------------------------------------ drawing


@dataclass
class Picture:
    """A drawn card: the figure with all its words, the axes of the plot, and the frame that was drawn."""

    place: str
    figure: object
    axes: list
    frame: pd.DataFrame
    caption: object

    @property
    def ax(self):
        return self.axes[0]


def drawn(shown) -> Picture:
    """A card as it is delivered."""
    style.apply()
    mpl.rcParams["text.language"] = shown.context.language
    draw = cards.card(shown.card).draw
    figure, area = report.framed(shown.caption, shown.source, draw.height_cm(shown.frame), shown.context)
    figure.set_dpi(100)
    axes = draw(shown.frame, area, shown.context, **shown.extra)
    return Picture(shown.place, figure, axes, shown.frame, shown.caption)


@pytest.fixture
def picture(card):
    """`picture("index_course", "20_index_trend_pci")`: a card as drawn; of 58 in Vietnamese in 2024Q1 unless told."""
    return lambda *name, **where: drawn(card(*name, **where))


def same_colour(one, other):
    return np.allclose(to_rgb(one), to_rgb(other), atol=0.01)


def lines(ax, colour, marker=None, joined=None):
    """Lines of a colour as arrays of points; `joined`: with (True) or without (False) a stroke."""
    found = []
    for line in ax.lines:
        stroke = line.get_linestyle() not in ("None", "none", "", " ")
        wanted = same_colour(line.get_color(), colour) and joined in (None, stroke)
        if wanted and marker in (None, line.get_marker()):
            found.append(np.column_stack([np.asarray(part, dtype=float) for part in line.get_data()]))
    return found


def bars(ax, colour=None):
    """Bars as (left, right, bottom, top) in data."""
    found = []
    for patch in ax.patches:
        if isinstance(patch, Rectangle) and (colour is None or same_colour(patch.get_facecolor()[:3], colour)):
            x, y = patch.get_xy()
            found.append((x, x + patch.get_width(), y, y + patch.get_height()))
    return found


def points(runs):
    return sorted((round(float(x), 6), round(float(y), 6)) for run in runs for x, y in run)


def near(pairs):
    """Rows of numbers in order, to be compared with rows that were drawn."""
    return pytest.approx(np.array(sorted(tuple(float(value) for value in pair) for pair in pairs)), abs=1e-5)


def words(ax):
    return [text.get_text() for text in ax.texts if text.get_text()]


def breaks(component_id, severity="break"):
    """Editions at which a series breaks, read off the reference table."""
    table = pd.read_csv(nt.reference.data_dir() / "reference/breaks.csv", dtype=str, keep_default_na=False)
    rows = table[(table["component_id"] == component_id) & (table["severity"] == severity)]
    return sorted(rows["edition_year"].astype(int))


def assert_not_joined_across(runs, component_id, held):
    """Every run is of consecutive held editions, with no break inside."""
    for run in runs:
        years = [int(year) for year in run[:, 0]]
        assert years == list(range(years[0], years[-1] + 1)), "a line spans a year without a value"
        assert set(years) <= held
        for year in breaks(component_id):
            assert not years[0] < year <= years[-1], f"a line is joined across the break of {year}"


def totals(index_id, as_of=AS_OF, boundary="pre_2025"):
    scores = nt.load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    return scores[scores["level"] == "total"]


def own(scores, province_code="58"):
    rows = scores[scores["province_code"] == province_code].set_index("edition_year")
    return rows.assign(rank=rows["rank_derived"].fillna(rows["rank_published"]))


# ------------------------------------------------------------------------------------------------ indices over years


COURSES = ["papi", "pci", "sipas"]  # of 58 in 2024Q1; of the others no three editions in a row are comparable


@pytest.mark.parametrize("index_id", COURSES)
@pytest.mark.parametrize("province_code", ["58", "01"])
def test_index_course_draws_ranks_and_scores(card, index_id, province_code):
    shown = card("index_course", f"20_index_trend_{index_id}", province_code=province_code)
    if shown.caption is None:
        assert (province_code, index_id) == ("01", "sipas")
        return
    drawing = drawn(shown)
    history = own(totals(index_id), province_code)
    for ax, column in zip(drawing.axes, ("rank", "score"), strict=True):
        held = history[column].dropna()
        runs = lines(ax, OWN, marker="o", joined=True)
        assert np.array(points(runs)) == near(held.items())
        assert_not_joined_across(runs, f"{index_id}_total", set(held.index))
        (newest,) = [line for line in ax.lines if line.get_markersize() == 7.5 and line.get_marker() == "o"]
        assert [*newest.get_xdata(), *newest.get_ydata()] == [held.index[-1], pytest.approx(held.iloc[-1])]
        # the caps of an interval alone stand over the rim of the dot
        under = [line for line in ax.lines if line.get_color() != OWN and line.get_marker() != "_"]
        assert all(line.get_zorder() < newest.get_zorder() for line in under)


def test_index_course_has_the_first_rank_on_top(picture):
    ax = picture("index_course", "20_index_trend_papi").ax
    bottom, top = ax.get_ylim()
    assert bottom > 61 and top < 1, "1 is on top, and no province falls off the plot"


def test_a_withheld_year_is_hatched_and_not_drawn_through(picture):
    """Bắc Giang has no PAPI result in 2014, 2021 and 2022."""
    ax = picture("index_course", "20_index_trend_papi", province_code="24").ax
    runs = lines(ax, OWN, marker="o", joined=True)
    assert [[int(x) for x in run[:, 0]] for run in runs] == [
        [2011, 2012, 2013],
        [2015],
        [2016, 2017],
        [2018, 2019, 2020],
        [2023],
    ]
    hatched = sorted(patch.get_x() for patch in ax.patches if patch.get_hatch())
    assert [round(x) for x in hatched] == [2014, 2021]
    assert " ".join(words(ax)).replace("\N{NO-BREAK SPACE}", " ").count("không công bố") == 2


def test_what_is_worked_back_has_an_open_dot(picture):
    drawing = picture("index_course", "20_index_trend_sipas")
    for ax, text in zip(drawing.axes, ("49", "81,04"), strict=True):
        hollow = [line for line in ax.lines if same_colour(line.get_markerfacecolor(), "white")]
        assert [float(x) for line in hollow for x in line.get_xdata()] == [2019] and text in words(ax)


@pytest.mark.parametrize("index_id", COURSES)
def test_breaks_are_dashed_and_cautions_dotted_with_a_word(picture, index_id):
    """In both panels; steps that no document explains are dotted too, of a plain sum those of its parts."""
    drawing = picture("index_course", f"20_index_trend_{index_id}")
    low, high = drawing.ax.get_xlim()
    table = pd.read_csv(nt.reference.data_dir() / "reference/breaks.csv", dtype=str, keep_default_na=False)
    said = table[(table["component_id"] == f"{index_id}_total") & (table["severity"] != "suspected")]
    said = said.assign(x=said["edition_year"].astype(int) - 0.5)
    said = said[(said["x"] > low + 1) & (said["x"] < high)]
    assert len(said)
    steps = {
        year - 0.5 for part, year in unexplained_steps(index_id) if index_id == "papi" or part == f"{index_id}_total"
    }
    steps = {x for x in steps - {*said["x"]} if low + 1 < x < high}
    for severity, dashes in (("break", style.DASHES), ("caution", style.DOTS)):
        expected = sorted({*said.loc[said["severity"] == severity, "x"], *(steps if severity == "caution" else ())})
        for ax in drawing.axes:
            upright = [
                line
                for line in ax.lines
                if same_colour(line.get_color(), style.MIDDLE) and tuple(line._unscaled_dash_pattern[1]) == dashes[1]
            ]
            assert sorted(
                x for x, *_ in (line.get_xdata() for line in upright if list(line.get_ydata()) == [0, 1])
            ) == (expected)
        # above the upper plot each line runs on to the height of its own word
        beyond = [line for line in upright if line.get_ydata()[0] == 1]
        assert beyond == [], "words stand over the upper plot alone"
    assert all(text in " ".join(words(drawing.ax)) for text in said["label"])


def unexplained_steps(index_id="papi"):
    """(component, edition year) in which the whole country made a step that no document explains."""
    table = pd.read_csv(nt.reference.data_dir() / "reference/breaks.csv", dtype=str, keep_default_na=False)
    rows = table[(table["index_id"] == index_id) & (table["severity"] == "suspected")]
    return {(part, int(year)) for part, year in zip(rows["component_id"], rows["edition_year"], strict=True)}


@pytest.mark.parametrize("index_id", COURSES)
@pytest.mark.parametrize("quarter", ["2024Q1", "2025Q1"])
def test_words_over_a_break_are_not_cut_by_the_line_of_another(card, quarter, index_id):
    sheet = sheet_of(card("index_course", f"20_index_trend_{index_id}", quarter=quarter, notebooks="20*"))
    ax = sheet.picture.ax
    # over the plot at a break; a heading hangs on to the edge of the plot
    boxes = [b for text, b in sheet.texts if text.axes is ax and getattr(text, "xy", (0, 0))[1] == 1 and text.xy[0] > 1]
    assert boxes
    for line in ax.lines:
        if line.get_transform() == ax.get_xaxis_transform() and line.get_ydata()[-1] > 1:
            (x, _), (_, top) = line.get_transform().transform(line.get_xydata())
            assert not any(box.x0 < x < box.x1 and box.y0 < top for box in boxes)


def test_policies_stand_on_their_day(picture, card):
    """An edition's year runs from half a unit before its tick to half a unit after."""
    shown = card("index_course", "20_index_trend_papi")
    policies = shown.extra["policies"]
    assert len(policies)
    drawing = drawn(shown)
    ax = drawing.figure.axes[-1]  # a lane of its own, on the axis of the plots
    assert ax not in drawing.axes and ax.get_xlim() == drawing.ax.get_xlim()
    triangles = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == (3, 0, 0))
    last = ax.get_xlim()[1]
    days = [day.year - 0.5 + day.day_of_year / 365 for day in policies["issued_on"].sort_values()]
    assert triangles == pytest.approx([x for x in days if x <= last - 0.05])
    for row in policies.itertuples():
        assert (f"{row.label} ({row.issued_on:%m/%Y})" in words(ax)) == (row.issued_on.year <= 2023)


def test_policies_of_one_province_are_not_drawn_for_another(card):
    assert len(card("index_course", "20_index_trend_papi", province_code="56").extra["policies"]) == 0


INDICES = ("papi", "pci", "par_index", "sipas", "dti")
HEADS = ["PAPI", "PCI", "PAR INDEX", "SIPAS", "DTI"]


@pytest.mark.parametrize("province_code", ["58", "24"])
def test_one_picture_has_a_row_for_each_index(picture, province_code):
    *rows, sheet = picture("one_picture", province_code=province_code).axes
    written = words(sheet)
    assert [text for text in written if text in HEADS] == HEADS
    for ax, index_id in zip(rows, INDICES, strict=True):
        history = own(totals(index_id), province_code)
        history = history[history["rank"].notna() & (history.index >= 2011)]
        runs = lines(ax, OWN, marker="o", joined=True)
        assert points(runs) == [(year, float(rank)) for year, rank in history["rank"].items()]
        assert_not_joined_across(runs, f"{index_id}_total", set(history.index))
        assert ax.yaxis_inverted() and ax.get_ylim() == rows[0].get_ylim() and ax.get_xlim() == rows[0].get_xlim()
        newest = history.iloc[-1]
        assert str(newest["rank"]) in written and str(newest.name) in written
        assert any(re.fullmatch(rf"/{newest['n_ranked']}\*?", text) for text in written)


def test_one_picture_has_an_arrow_only_where_nothing_speaks_against_a_move(picture, card):
    def arrows(drawing):
        return {line.get_marker(): line for line in drawing.axes[-1].lines if line.get_marker() in ("^", "v")}

    # PAPI within survey error, the others across a change of method
    assert arrows(picture("one_picture")) == {}
    # PCI up from 40 to 27 with a lower score, PAPI down with the whole country, SIPAS down over two years
    assert arrows(picture("one_picture", province_code="24", quarter="2023Q2")) == {}
    shown = card("one_picture", province_code="24", quarter="2023Q2")
    ways = {index: cards.one_picture.move(own, shown.context) for index, own in shown.frame.groupby("index_id")}
    assert {way for way, _ in ways.values()} == {0}
    assert ways["pci"][1] == ["năm 2019: hạng 40/63", "điểm thay đổi −0,49"]
    assert ways["papi"][1][-1] == "chỉ so sánh được một phần"
    pci = shown.frame[shown.frame["index_id"] == "pci"]
    risen = pci.assign(score=pci["score"].where(pci["edition_year"] < 2020, pci["score"] + 5))
    assert cards.one_picture.move(risen, shown.context) == (0, ["năm 2019: hạng 40/63"]), "PCI publishes no errors"
    # and where they are known
    own = card("one_picture").frame.query("index_id == 'papi' and edition_year >= 2022")
    fallen = own.assign(score=own["score"].where(own["edition_year"] < 2023, own["score"] - 5))
    assert cards.one_picture.move(fallen, card("one_picture").context) == (-1, ["giảm 2 bậc", "năm 2022: hạng 4/61"])


def test_one_picture_says_in_words_what_is_not_held(picture, card):
    *rows, sheet = picture("one_picture").axes
    # 2023 is published, and its source came out later
    said = " ".join(words(rows[2])).replace("\N{NO-BREAK SPACE}", " ")
    assert "2012–2020, 2023: chưa thu thập hạng" in said
    assert words(rows[4]) == ["có từ năm 2020"]
    # an index with a rank among the ten provinces of a pilot alone has no row, and the note says so
    *rows, sheet = picture("one_picture", province_code="01", quarter="2023Q2").axes
    assert len(rows) == 4 and not {"SIPAS", "7"} & set(words(sheet))
    note = card("one_picture", province_code="01", quarter="2023Q2").caption.note
    assert "Không vẽ SIPAS: chưa thu thập hạng trong cả nước." in note
    *rows, sheet = picture("one_picture", province_code="24", quarter="2023Q2").axes
    hatched = [round(patch.get_x()) for patch in rows[0].patches if patch.get_hatch()]
    assert words(rows[0]) == [] and sorted(hatched) == [2014, 2021], "withheld"


def test_one_picture_goes_back_as_far_as_the_newest_rank_of_an_index_and_seven_years(card):
    assert cards.one_picture.overview_years(card("one_picture").frame) == (2011, 2023)
    assert cards.one_picture.overview_years(card("one_picture", quarter="2013Q3").frame) == (2006, 2012)
    nothing = card("one_picture", quarter="2012Q1", notebooks="1*")
    assert nothing.caption is None and "PCI 2010 (41/63)" in nothing.reason


def test_index_course_draws_the_spread_of_all_provinces(picture):
    """Lowest to highest, the middle half and the median, edition by edition."""
    ax = picture("index_course", "20_index_trend_papi").axes[1]
    held = totals("papi").groupby("edition_year")["score"]
    spans = {}
    for band in ax.collections:
        corners = band.get_paths()[0].vertices
        for year, _ in held:
            inside = corners[np.isclose(corners[:, 0], year), 1]
            if len(inside):
                spans.setdefault(year, []).append((inside.min(), inside.max()))
    for year, scores in held:
        expected = [(scores.min(), scores.max()), tuple(np.nanpercentile(scores, [25, 75]))]
        assert np.array(spans[year]) == pytest.approx(np.array(expected), abs=1e-5)
    medians = {(x, y) for line in lines(ax, SOFT, joined=True) for x, y in line if x == round(x)}
    assert np.array(sorted(medians)) == near((year, np.nanmedian(scores)) for year, scores in held)
    low, high = ax.get_ylim()
    everyone = totals("papi")["score"]
    assert low < everyone.min() and high > everyone.max()
    newest = totals("papi").query("edition_year == 2023")["score"]
    for name, value in (("cao nhất", newest.max()), ("trung vị", newest.median()), ("thấp nhất", newest.min())):
        assert f"{name} {value:.2f}".replace(".", ",") in words(ax)


def test_index_course_draws_no_spread_of_a_part_of_the_provinces(picture):
    """SIPAS: few provinces are held, so there is no band, and a stated mean, a short bar, in its place."""
    ax = picture("index_course", "20_index_trend_sipas").axes[1]
    assert not ax.collections
    stated = nt.national_statements("sipas", AS_OF)
    stated = stated[(stated["statistic"] == "mean") & (stated["component_id"] == "sipas_total")]
    bars_ = {round(line[:, 0].mean()): line[0, 1] for line in lines(ax, SOFT, joined=True)}
    stated = stated[stated["edition_year"] >= 2019]  # the province's first
    assert bars_ == pytest.approx(dict(zip(stated["edition_year"], stated["value"], strict=True)))
    assert "trung bình 80,08 (2022)" in words(ax), "that of the own newest edition"


def test_index_course_draws_what_survey_errors_would_allow_in_the_newest_edition(picture):
    """1.96 standard errors of 2019 to either side of the score, and the set of ranks."""
    drawing = picture("index_course", "20_index_trend_papi")
    score = own(totals("papi")).at[2023, "score"]
    certain = nt.rank_certainty(nt.load_index("papi", as_of=AS_OF), 2023, errors="as_2019", province_code="58").iloc[0]
    reach = 1.96 * 0.748568
    ends = [certain["rank_low"] - 0.4, certain["rank_high"] + 0.4], [score - reach, score + reach]
    for ax, expected in zip(drawing.axes, ends, strict=True):
        (bar,) = lines(ax, pieces.SHADE, joined=True)
        assert set(bar[:, 0]) == {2023} and bar[:, 1] == pytest.approx(expected, abs=1e-4)
    assert all(lines(ax, pieces.SHADE) == [] for ax in picture("index_course", "20_index_trend_pci").axes)


def of_card(shown, name, **changed):
    """The frame of a card as another chart draws it."""
    return type(shown)(**{**vars(shown), "card": name, **changed})


def dots_of(ax):
    """Dots as {row: {(x, open?): colour}}."""
    found = {}
    for line in ax.lines:
        if line.get_marker() in ("o", "s", "v"):
            (x,), (y,) = line.get_data()
            hollow = same_colour(line.get_markerfacecolor(), "white")
            found.setdefault(round(float(y)), {})[round(float(x), 6), hollow] = (
                line.get_markeredgecolor() if hollow else line.get_markerfacecolor()
            )
    return found


@pytest.mark.parametrize("province_code", ["58", "96", "79"])
def test_component_gaps_draw_distances_and_changes(picture, province_code):
    """Blue above the median, an orange triangle below it, grey within error; a change beyond its zone is black."""
    drawing = picture("component_gaps", "20_index_trend_papi", province_code=province_code)
    scores = nt.load_index("papi", as_of=AS_OF).query("level == 'dimension'")
    scores = scores.pivot(index="province_code", columns=["edition_year", "component_id"], values="score")
    gaps = (scores[2023].loc[province_code] - scores[2023].median()).sort_values(ascending=False)
    left, right = drawing.axes
    for row, (part, gap) in enumerate(gaps.items()):
        dots = dots_of(left)[row]
        assert set(dots) == {(round(gap, 6), False)}
        near = abs(gap) <= change_limit(part, province_code, 2022, 2023) / 2**0.5
        expected = style.MIDDLE if near else OWN if gap > 0 else WORSE
        assert [line.get_marker() for line in left.lines if list(line.get_ydata()) == [row]][-1] == (
            "o" if near or gap > 0 else "v"
        )
        (whisker,) = [
            line.get_xdata() for line in left.lines if list(line.get_ydata()) == [row] * 2 and line.get_marker() == "|"
        ]
        assert (whisker[0] <= 0 <= whisker[1]) == near and whisker.mean() == pytest.approx(gap)
        assert all(same_colour(colour, expected) for colour in dots.values())
        spread = scores[2023][part]
        (band,) = [bar for bar in bars(left, style.BOX) if bar[2] < row < bar[3]]
        assert band[:2] == pytest.approx([spread.quantile(share) - spread.median() for share in (0.25, 0.75)])
        (zone,) = [bar for bar in bars(right, style.RANGE) if bar[2] < row < bar[3]]
        assert zone[:2] == pytest.approx(np.array([-1, 1]) * change_limit(part, province_code, 2022, 2023))
        (((change, _), colour),) = dots_of(right)[row].items()
        assert change == pytest.approx(scores[2023].at[province_code, part] - scores[2022].at[province_code, part])
        told = abs(change) > zone[1]
        assert same_colour(colour, INK if told else style.MIDDLE)
        assert any(text.startswith(part[-1] + ". ") for text in words(left))


def test_component_gaps_show_no_change_where_the_measure_changed(picture):
    """In 2021 PAPI dropped 5.2, and in 3 and 6 the whole country moved at once."""
    drawing = picture("component_gaps", "20_index_trend_papi", quarter="2022Q2")
    order = list(drawing.frame["component_id"])
    marked = {f"papi_d{number}" for number in (3, 5, 6)}
    for row, part in enumerate(order):
        assert (row in dots_of(drawing.axes[1])) == (part not in marked)
    assert words(drawing.axes[1]).count("không so được") == 3


# ---------------------------------------------------------------------------------------------------- PAPI dimensions


def editions_named(ax):
    """Years along the head of a heat table, whether written 2019 or '19."""
    return [2000 + int(label.get_text()[-2:]) for label in ax.get_xticklabels()]


@pytest.mark.parametrize("province_code", ["58", "24"])
def test_group_heat_colours_are_the_groups(picture, province_code):
    drawing = picture("group_heat", province_code=province_code)
    scores = nt.load_index("papi", as_of=AS_OF).query("level == 'dimension'")
    mine = scores[scores["province_code"] == province_code].set_index(["component_id", "edition_year"])
    dimensions = [f"papi_d{n}" for n in range(1, 9)]
    seen = []
    for ax in drawing.axes:
        years = editions_named(ax)
        (mesh,) = (c for c in ax.collections if isinstance(c, QuadMesh))
        mesh.update_scalarmappable()
        cells = np.ma.getmaskarray(mesh.get_array()).reshape(8, len(years))
        faces = mesh.get_facecolors().reshape(8, len(years), 4)
        texts = {(text.xy[0], text.xy[1]): text.get_text() for text in ax.texts}
        for row, dimension in enumerate(dimensions):
            for column, year in enumerate(years):
                cell = mine.loc[(dimension, year)] if (dimension, year) in mine.index else None
                group = cell["group_derived"] if cell is not None else None
                if isinstance(group, str):
                    assert same_colour(faces[row, column][:3], style.GROUP_COLOURS[group])
                    assert texts[column + 0.5, row + 0.5] == str(cell["rank_derived"])
                    seen.append((dimension, year))
                else:
                    assert cells[row, column], f"{dimension} {year} is coloured without a group"
    assert len(seen) == mine["group_derived"].notna().sum()


def test_group_heat_leaves_a_gap_at_each_break_and_nowhere_else(picture):
    drawing = picture("group_heat")
    blocks = [editions_named(ax) for ax in drawing.axes]
    assert blocks == [list(range(2011, 2016)), [2016, 2017], list(range(2018, 2024))]
    assert [block[0] for block in blocks[1:]] == breaks("papi_total")
    boxes = [ax.get_position() for ax in drawing.axes]
    width_cm = drawing.figure.get_figwidth() * 2.54
    for left, right in itertools.pairwise(boxes):
        assert (right.x0 - left.x1) * width_cm > 0.15
    # dots where dimension 8 gained 8.3, and 5 lost 5.2, and where the whole country made a step
    dotted = [(int(x[0]), int(y[0])) for x, y in (line.get_data() for line in drawing.axes[2].lines)]
    steps = {(year - 2018, int(part[6]) - 1) for part, year in unexplained_steps() if year > 2018}
    assert sorted(dotted) == sorted({(1, 7), (3, 4)} | steps) and not drawing.axes[0].lines


def test_group_heat_hatches_what_was_withheld(picture):
    drawing = picture("group_heat", province_code="24")
    hatched = [patch for ax in drawing.axes for patch in ax.patches if patch.get_hatch()]
    scores = nt.load_index("papi", as_of=AS_OF).query("level == 'dimension'")
    mine = scores[scores["province_code"] == "24"]
    assert len(hatched) == (mine["missing"] != "").sum() > 0


@pytest.mark.parametrize("province_code", ["37", "96"])
def test_drill_down_adds_up_to_the_change(picture, province_code):
    """Each step starts where the one before ended; a second tier where the dimension that it opens does."""
    drawing = picture("drill_down", province_code=province_code)
    attrs, scores = drawing.frame.attrs, own(totals("papi"), province_code)["score"]
    steps = sorted(bars(drawing.ax), key=lambda bar: bar[2])
    change = scores[attrs["year_to"]] - scores[attrs["year_from"]]
    assert steps[0][:2] == pytest.approx((0, change))
    tiers = [steps[1:9], steps[9:]] if attrs["opened"] else [steps[1:]]
    assert len(tiers[0]) == 8 and bool(attrs["opened"]) == (province_code == "37")
    for tier in tiers:
        for before, after in itertools.pairwise(tier):
            assert after[0] == pytest.approx(before[1])
    assert tiers[0][0][0] == 0 and tiers[0][-1][1] == pytest.approx(change, abs=1e-3)
    if attrs["opened"]:
        assert (tiers[1][0][0], tiers[1][-1][1]) == pytest.approx(tiers[0][-1][:2], abs=1e-3)
    for left, right, *_ in bars(drawing.ax, WORSE):
        assert right < left


@pytest.mark.parametrize("province_code, quarter", [("58", "2024Q1"), ("24", "2023Q2")])
def test_sub_dimension_heat(picture, province_code, quarter):
    """Ranks on the colours of their groups, dimensions uncoloured, a mark only in rows that changed."""
    drawing = picture("sub_dimension_heat", province_code=province_code, quarter=quarter)
    frame = drawing.frame[drawing.frame["edition_year"] >= 2018]

    def place_of(x, y):
        # off the ties of rounding
        return round(x + 1e-6, 3), round(y + 1e-6, 3)

    texts = {place_of(*text.xy): text for text in drawing.ax.texts}
    years = {int(text.get_text()): x for (x, _), text in texts.items() if re.fullmatch(r"20\d\d", text.get_text())}
    assert sorted(years) == sorted(frame["edition_year"].unique())
    numbered = {text.get_text().split()[0].rstrip("."): y for (_, y), text in texts.items() if "." in text.get_text()}
    patches = [(p.get_x() + p.get_width() / 2, p.get_y() + p.get_height() / 2, p) for p in drawing.ax.patches]
    fills = {place_of(x, y): patch for x, y, patch in patches}
    for row in frame.itertuples():
        number = row.component_id.removeprefix("papi_d").replace("_", ".")
        place = years[row.edition_year], numbered[number]
        if pd.isna(row.score):
            assert fills[place].get_hatch() and place not in texts
            continue
        assert texts[place].get_text() == str(row.rank)
        assert (place in fills) == (row.level == "sub_dimension")
        if place in fills:
            assert same_colour(fills[place].get_facecolor()[:3], style.GROUP_COLOURS[row.group_derived])
    marks = [line for line in drawing.ax.lines if line.get_xdata()[0] == line.get_xdata()[1]]
    rows = {y: number for number, y in numbered.items()}
    marked = [rows[min(rows, key=lambda y, line=line: abs(y - np.mean(line.get_ydata())))] for line in marks]
    # scales of 5 changed in 2021, those of 8 in 2019; both dimensions took in or lost an item then
    changed = {(number, 2021) for number in ("5", "5.1", "5.3", "5.4")}
    changed |= {(number, 2019) for number in ("8", "8.1", "8.2")}
    for part, year in unexplained_steps():  # each marks its dimension too
        changed |= {(part[6:].replace("_", "."), year), (part[6], year)}
    assert sorted(marked) == sorted(number for number, year in changed if 2018 < year <= max(years))
    said = [text for text in words(drawing.ax) if text in ("từ 2019", "đã bỏ")]
    assert sorted(said) == ["từ 2019", "đã bỏ"]


# -------------------------------------------------------------------------------------------------------------- peers


def tiles_of(drawing):
    """Tiles as (patch, the words on it); the key's patches are smaller and stand on axes of their own."""
    tiles = [p for p in drawing.ax.patches if isinstance(p, Rectangle) and p.get_facecolor()[3] and p.get_width() > 0.9]
    found = []
    for tile in tiles:
        x, y = tile.get_xy()
        inside = [
            text
            for text in drawing.ax.texts
            if x <= text.xy[0] <= x + tile.get_width() and y <= text.xy[1] <= y + tile.get_height()
        ]
        found.append((tile, " ".join(text.get_text() for text in inside), inside))
    return found


@pytest.mark.parametrize("language", BOTH)
def test_tile_groups(picture, language):
    drawing = picture("tile_groups", language=language)
    cells = totals("papi")
    cells = cells[cells["edition_year"] == 2023].set_index("province_code")
    table = nt.provinces("pre_2025")
    table = table[table["tile_col"] != ""].set_index("province_code")
    tiles = tiles_of(drawing)
    assert len(tiles) == len(table) == 63
    by_name = {name: (tile, texts) for tile, name, texts in tiles}
    assert len(by_name) == 63
    for code, row in table.iterrows():
        short = row["short_name"] if language == "vi" else row["name_en"]
        short = {"79": "HCMC", "77": "BR-VT", "46": "TT. Hue"}.get(code, short) if language == "en" else short
        tile, texts = by_name[short]
        group = cells.at[code, "group_derived"]
        if isinstance(group, str):
            assert same_colour(tile.get_facecolor()[:3], style.GROUP_COLOURS[group]), row["name"]
            dark = group in ("high", "upper_middle")
            assert {to_hex(text.get_color()) for text in texts} == {to_hex("white" if dark else INK)}
        else:
            assert tile.get_hatch() and cells.at[code, "missing"] == "not_published"


@pytest.mark.parametrize("province_code, name", [("58", "Ninh Thuận"), ("56", "Khánh Hòa")])
def test_the_own_tile_is_ringed(picture, province_code, name):
    drawing = picture("tile_groups", province_code=province_code)
    frames = [p for p in drawing.ax.patches if not p.get_fill() and same_colour(p.get_edgecolor()[:3], RING)]
    ring = max(frames, key=Rectangle.get_linewidth)
    # a thin frame about each of the 13 others of the region
    assert len(frames) == 14 and sum(p.get_linewidth() <= 1 for p in frames) == 13
    ((tile, texts),) = ((tile, texts) for tile, words_, texts in tiles_of(drawing) if words_ == name)
    assert ring.get_bbox().containsx(tile.get_x()) and ring.get_bbox().containsy(tile.get_y())
    assert ring.get_width() == pytest.approx(tile.get_width(), abs=0.1)
    (low, high), half = drawing.ax.get_xlim(), ring.get_linewidth() / 72 * 2.54 / 2
    assert low <= ring.get_x() - half and ring.get_x() + ring.get_width() + half <= high, "not cut at the edge"
    assert {text.get_weight() for text in texts} == {"bold"}


def test_da_nang_stands_with_the_south(picture):
    left = {name: tile.get_x() for tile, name, _ in tiles_of(picture("tile_groups"))}
    assert left["Đà Nẵng"] == left["Quảng Nam"] > left["TT. Huế"]


def test_no_two_tiles_share_a_place(picture):
    tiles = [tile.get_bbox() for tile, *_ in tiles_of(picture("tile_groups"))]
    for one, other in itertools.combinations(tiles, 2):
        wide = min(one.x1, other.x1) - max(one.x0, other.x0)
        high = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert wide <= 1e-9 or high <= 1e-9


def test_tile_key_has_the_counts_and_the_ranges(picture):
    drawing = picture("tile_groups")
    cells = totals("papi")
    cells = cells[cells["edition_year"] == 2023]
    keys = " ".join(text for ax in drawing.figure.axes for text in words(ax) if ":" in text)
    for _, scores in cells.groupby("group_derived")["score"]:
        low, high = (f"{value:.2f}".replace(".", ",") for value in (scores.min(), scores.max()))
        assert f"{len(scores)} tỉnh, {low}–{high}" in keys
    assert "Không công bố: 2 tỉnh" in keys


# ----------------------------------------------------------------------------------------------------------- workload


@pytest.fixture(scope="module")
def workload():
    return nt.load_workload("58", until="2024Q1")


def test_channel_shares_are_the_shares_from_the_counts(picture, workload):
    drawing = picture("channel_shares")
    received = workload[workload["measure"] == "dossiers_received"].set_index("channel")["value"]
    shares = sorted((100 * received[c] / received["all"] for c in ("online", "direct", "postal")), reverse=True)
    found = sorted(bars(drawing.ax, OWN) + bars(drawing.ax, SECOND), key=lambda bar: bar[2])
    assert [right for _, right, *_ in found] == pytest.approx(shares)
    assert {left for left, *_ in found} == {0.0}
    assert drawing.ax.get_xlim() == (0, 100)
    assert [word for word in words(drawing.ax) if word.endswith("*")] == ["0,07%*"]
    for count in (received["online"], received["direct"]):
        assert f"{int(count):,}".replace(",", ".") in words(drawing.ax)


def quarters_of_channels(card, language="vi"):
    """Four quarters made up from the one that is held: ever more of the dossiers come online."""
    shown = card("channel_shares", language=language)
    parts = []
    for quarter in range(4):
        shift = pd.DateOffset(months=3 * quarter)
        shares = np.array([50 + 9 * quarter, 48 - 9 * quarter, 2.0])
        total = 40000 + 5000 * quarter
        days = {name: shown.frame[name] + shift for name in ("period_start", "period_end")}
        parts.append(shown.frame.assign(share=shares, total=total, count=shares / 100 * total, **days))
    return of_card(shown, "channel_shares", frame=pd.concat(parts, ignore_index=True))


def test_channel_shares_of_several_periods_stand_under_their_totals(card):
    totals_ax, parts_ax = drawn(quarters_of_channels(card)).axes
    assert [right for *_, right in sorted(bars(totals_ax))] == [40000, 45000, 50000, 55000]
    assert totals_ax.get_ylim()[0] == 0
    online = sorted(bars(parts_ax, OWN))
    assert [(low, high) for *_, low, high in online] == [(0, 50), (0, 59), (0, 68), (0, 77)]
    columns = {}
    for left, _, low, high in bars(parts_ax):
        columns.setdefault(round(left, 3), []).append(high - low)
    assert [sum(column) for column in columns.values()] == pytest.approx([100] * 4)
    written = words(parts_ax)
    assert "77" in written and "2" not in written, "no figure in a part too low for one"
    assert {"Trực tuyến", "Trực tiếp", "Bưu chính công ích", "Quý I/2024", "Quý IV/2024"} <= set(written)


@pytest.mark.parametrize("language", BOTH)
def test_channel_shares_of_several_periods_can_be_read(card, language):
    sheet = sheet_of(quarters_of_channels(card, language))
    assert outside_the_figure(sheet) == overlapping(sheet) == smaller_than_8_pt(sheet) == []


CLEAR: set[str] = set()


def test_words_in_a_gap_stand_where_no_break_cuts_them():
    cuts = [mark.edition_year for mark in catalogue().breaks_of("papi_total")]
    for first, last in itertools.combinations(range(2011, 2025), 2):
        low, high = pieces.widest_part(first, last, "papi_total")
        assert first <= low <= high <= last and not [year for year in cuts if low < year <= high]


# ------------------------------------------------------------------------------------------------- can it be read


# Provinces and quarters in which something crowds: long names, a labelled policy at the edge, one edition only.
CROWDED = [
    *((province_code, language, "2024Q1", "[1-9]*") for province_code in ("56", "24") for language in BOTH),
    ("24", "vi", "2023Q4", "[1-9]*"),
    ("58", "vi", "2012Q3", "[12]*"),
    ("58", "vi", "2022Q4", "20*"),
    ("58", "vi", "2025Q1", "20*"),
    ("77", "vi", "2024Q1", "[15]0*"),
    ("79", "en", "2024Q1", "50* 01*"),
    ("87", "vi", "2024Q1", "50* 01*"),
    ("46", "vi", "2025Q2", "50* 01*"),
    ("75", "vi", "2013Q2", "[15]0*"),
    ("68", "en", "2024Q3", "20*"),
    ("84", "vi", "2022Q2", "50* 01*"),
]


@dataclass
class Sheet:
    """A picture with every text that was really drawn and the box of its ink, in pixels at 100 dpi."""

    picture: Picture
    texts: list[tuple[Text, Bbox]]


def ink(text, renderer):
    """Box of the letters of a line of text. matplotlib's own box is as high as the font, whatever the letters."""
    assert "\n" not in text.get_text(), "lines are set one by one"
    properties = text.get_fontproperties()
    _, high, below = renderer.get_text_width_height_descent(text.get_text(), properties, False)
    *_, font_below = renderer.get_text_width_height_descent("lp", properties, False)
    box = text.get_window_extent(renderer)
    baseline = box.y0 + max(below, font_below)
    return Bbox.from_extents(box.x0, baseline - below, box.x1, baseline - below + high)


def sheet_of(shown):
    """Texts are noted as they are drawn: a tick outside the plot is not drawn, and is not there to be measured."""
    seen, plain = [], Text.draw

    def draw(self, renderer):
        if self.get_visible() and self.get_text().strip():
            seen.append((self, ink(self, renderer)))
        return plain(self, renderer)

    picture = drawn(shown)
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        # a letter that no font has is a warning
        warnings.simplefilter("error", UserWarning)
        patch.setattr(Text, "draw", draw)
        picture.figure.draw_without_rendering()
    return Sheet(picture, seen)


def of_wrong_size(sheet):
    """15.5 cm is what the page takes; one page must hold the figure."""
    wide, high = (inches * 2.54 for inches in sheet.picture.figure.get_size_inches())
    return [] if abs(wide - 15.5) < 1e-9 and high < 24 else [f"{wide} x {high} cm"]


def outside_the_figure(sheet):
    canvas = sheet.picture.figure.bbox
    over = [(t, max(-box.x0, -box.y0, box.x1 - canvas.width, box.y1 - canvas.height)) for t, box in sheet.texts]
    return [f"{text.get_text()!r} by {far:.1f} px" for text, far in over if far > 2]


def marks_outside(sheet):
    """Lines, dots and bars that are not cut off at their axes."""
    canvas, renderer = sheet.picture.figure.bbox, FigureCanvasAgg(sheet.picture.figure).get_renderer()
    found = []
    for ax in sheet.picture.figure.axes:
        for mark in [*ax.lines, *ax.patches, *ax.collections]:
            if not mark.get_clip_on():
                box = mark.get_window_extent(renderer)
                if max(-box.x0, -box.y0, box.x1 - canvas.width, box.y1 - canvas.height) > 2:
                    found.append(f"{type(mark).__name__} at {box.x0:.0f}, {box.y0:.0f}")
    return found


def smaller_than_8_pt(sheet):
    return [text.get_text() for text, _ in sheet.texts if text.get_fontsize() < 8]


def turned(sheet):
    return [text.get_text() for text, _ in sheet.texts if text.get_rotation()]


def overlapping(sheet):
    """By their ink: a fiftieth of the smaller one is let pass, for the edges of letters."""
    found = []
    for (one, a), (other, b) in itertools.combinations(sheet.texts, 2):
        wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        if wide > 0 and high > 0:
            share = wide * high / min(a.width * a.height, b.width * b.height)
            if share > 0.02:
                found.append(f"{one.get_text()!r} and {other.get_text()!r} by {share:.0%}")
    return found


def words_lost(sheet):
    """Title, subtitle and notes stand whole, from top to bottom, the title largest."""
    caption, texts = sheet.picture.caption, [text for text in sheet.picture.figure.texts if text.get_text()]
    heights = [text.get_position()[1] for text in texts]
    read = " ".join(text.get_text() for text in texts).replace("\N{NO-BREAK SPACE}", " ")
    parts = (part.replace("\N{NO-BREAK SPACE}", " ") for part in (caption.title, caption.subtitle, caption.note))
    found = [part for part in parts if part not in read]
    if heights != sorted(heights, reverse=True) or max(t.get_fontsize() for t in texts) != texts[0].get_fontsize():
        found.append("out of order")
    return found


def off_their_ticks(sheet):
    """A number at the side stands with the middle of its figures on its value."""
    boxes, found = {id(text): box for text, box in sheet.texts}, []
    for ax in sheet.picture.figure.axes:
        for tick in ax.yaxis.get_major_ticks():
            if id(tick.label1) in boxes and tick.label1.get_text().isdecimal():
                box, y = boxes[id(tick.label1)], ax.transData.transform((0, tick.get_loc()))[1]
                if (
                    abs((box.y0 + box.y1) / 2 - y) > 1.2
                ):  # 0.3 mm; to the pixel: packages/figure_cards/tests/test_style.py
                    found.append(f"{tick.label1.get_text()} by {(box.y0 + box.y1) / 2 - y:.1f} px")
    return found


def faint(sheet):
    """4.5 to 1 against white; white letters only on dark tiles, cells and bars (which are looked at by themselves)."""
    found = []
    for text, _ in sheet.texts:
        colour = to_hex(text.get_color())
        dark = (
            "tile_groups",
            "group_heat",
            "sub_dimension_heat",
            "group_transitions",
        )
        white_may_be = sheet.picture.place.split(": ")[1] in dark
        if contrast(colour, "white") < 4.5 and not (colour == "#ffffff" and white_may_be):
            found.append(f"{text.get_text()!r} in {colour}")
    return found


def assert_readable(cards):
    faults = []
    pictures = [s for s in cards if s.kind == "figure" and s.caption]
    assert pictures
    for s in pictures:
        sheet = sheet_of(s)
        assert len(sheet.texts) >= 5, s.place
        for look in (
            of_wrong_size,
            outside_the_figure,
            marks_outside,
            smaller_than_8_pt,
            turned,
            overlapping,
            words_lost,
            off_their_ticks,
            faint,
        ):
            faults += [f"{s.place}, {look.__name__.replace('_', ' ')}: {fault}" for fault in look(sheet)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", BOTH)
def test_every_text_can_be_read(shown, language):
    assert_readable(shown("58", language, "2024Q1"))


@pytest.mark.slow
@pytest.mark.parametrize("view", CROWDED, ids=lambda view: "-".join(view[:3]))
def test_every_text_can_be_read_where_it_crowds(shown, view):
    assert_readable(shown(*view))


ALL_CHARTS = {name: cards.card(name).draw for name in cards.NAMES if hasattr(cards.card(name), "draw")}


def test_what_is_drawn_is_the_data(card):
    """The points of a line and the numbers of a bar."""
    ranks = own(totals("papi"))["rank"].dropna()
    ax = drawn(card("index_course", "20_index_trend_papi")).ax
    assert points(lines(ax, OWN, marker="o", joined=True)) == [(year, float(rank)) for year, rank in ranks.items()]
    for name, values in (("channel_shares", "share"),):
        shown = card(name)
        ax = drawn(shown).ax
        found = sorted(bars(ax, OWN) + bars(ax, SECOND), key=lambda bar: bar[2])
        assert [right for _, right, *_ in found] == pytest.approx(shown.frame[values].tolist())


def test_a_number_keeps_off_a_line_where_it_can():
    """A line falls steeply to the right: over its middle a number leans to the right, under it to the left."""
    style.apply()
    figure = Figure(figsize=(3, 3), dpi=100)
    FigureCanvasAgg(figure)
    for side, leans in (("above", 1), ("below", -1)):
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, 2), ylim=(0, 2))
        ax.plot([0, 1, 2], [2, 1, 0], color=OWN)
        texts = placing.Texts(ax)
        texts.number(1, 1, "37", (side,))
        (number,) = ax.texts
        assert np.sign(number.xyann[0]) == leans
        assert texts.cut(texts.boxes[-1]) == 0
        assert texts.cut(texts.box(1, 1, "37", style.BASE, low=5, high=12)) > 0


def test_looking_finds_what_is_wrong(card):
    """The looks above see a text pushed out, one laid on another, one too small, one turned and one too pale."""
    sheet = sheet_of(card("channel_shares"))
    assert not outside_the_figure(sheet) and not overlapping(sheet) and not words_lost(sheet)
    figure = sheet.picture.figure
    shown = card("channel_shares")
    spoilt = drawn(shown)
    spoilt.figure.text(0.99, 0.5, "ngoài lề", fontsize=9)
    spoilt.figure.text(*figure.texts[0].get_position(), "đè lên", fontsize=9)
    spoilt.figure.text(0.5, 0.5, "nhỏ", fontsize=7, rotation=90, color=style.OTHERS)
    seen = []
    spoilt.figure.draw_without_rendering()
    renderer = FigureCanvasAgg(spoilt.figure).get_renderer()
    seen = Sheet(spoilt, [(text, ink(text, renderer)) for text in spoilt.figure.texts])
    assert [fault.split(" by")[0] for fault in outside_the_figure(seen)] == ["'ngoài lề'"]
    assert any("'đè lên'" in fault for fault in overlapping(seen))
    assert smaller_than_8_pt(seen) == turned(seen) == ["nhỏ"]
    assert [fault.split(" in")[0] for fault in faint(seen)] == ["'nhỏ'"]


def luminance(colour):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(channels, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_soft_text_is_soft_and_not_faint():
    assert contrast(SOFT, "white") > contrast("#767676", "white") > 4.5


# ------------------------------------------------------------------------------------------------------- setting text


def test_wrap_keeps_within_the_width_and_loses_no_word():
    style.apply()
    text = "Chỉ số hiệu quả quản trị và hành chính công cấp tỉnh ở Việt Nam, kỳ 2023 so với kỳ 2022"
    for width in (2.5, 4, 7.3, 15.5):
        for size, weight in ((8, "normal"), (11.5, "bold")):
            set_in = style.wrap(text, size, width, weight)
            assert " ".join(set_in) == text
            assert all(style.text_width(line, size, weight) <= width + 1e-6 for line in set_in)
            for line, after in itertools.pairwise(set_in):
                first = after.split(" ")[0]
                assert style.text_width(f"{line} {first}", size, weight) > width - 0.05, "a line is filled up"


def test_wrap_gives_a_word_that_is_too_long_a_line_of_its_own():
    style.apply()
    assert style.wrap("a incomprehensibilities b", 8.5, 1.0) == ["a", "incomprehensibilities", "b"]


def test_wrap_keeps_given_line_ends():
    style.apply()
    assert style.wrap("một hai\nba", 8.5, 15) == ["một hai", "ba"]


@pytest.mark.parametrize("values", [[1.0, 1.0, 1.0], [3.0, 1.0, 1.1, 7.0], [5.0], [], [0.0, 10.0, 0.05, 9.99, 0.1]])
def test_spread_keeps_order_and_distance(values):
    placed = style.spread(values, 0.5)
    order = sorted(range(len(values)), key=lambda i: (values[i], i))
    for lower, upper in itertools.pairwise(order):
        assert placed[upper] - placed[lower] >= 0.5 - 1e-3
    if len(values) < 2 or min(np.diff(sorted(values))) >= 0.5:
        assert placed == values


def test_spread_moves_labels_as_little_as_it_can():
    assert style.spread([1.0, 1.0], 1.0) == pytest.approx([0.5, 1.5])
    assert style.spread([0.0, 5.0], 1.0) == [0.0, 5.0]


def test_spread_keeps_within_bounds():
    assert style.spread([0.1, 0.2, 9.9, 10.0], 1.0, bounds=(0, 10)) == pytest.approx([0, 1, 9, 10])
    assert style.spread([5.0], 1.0, bounds=(0, 10)) == [5.0]


def test_stretches_end_at_gaps_breaks_and_missing_values():
    history = pd.DataFrame(
        {
            "edition_year": [2011, 2012, 2013, 2015, 2016, 2017, 2018],
            "segment": [0, 0, 0, 0, 1, 1, 1],
            "rank": [1, None, 3, 4, 5, 6, None],
        }
    ).sample(frac=1, random_state=1)
    runs = [run["edition_year"].tolist() for run in pieces.stretches(history, "rank")]
    assert runs == [[2011], [2013], [2015], [2016, 2017]]
