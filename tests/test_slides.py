"""The slides: read back, every picture is described, everything stands inside its slide, and nothing overlaps."""

import io
import itertools
import zipfile

import pytest
from PIL import Image
from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Cm, Pt
from test_workbook import HOSTILE, made_card, made_contents

from figure_cards.arial import lines_of, table_widths
from figure_cards.cells import clean
from ninhthuan.words import phrase
from ninhthuan_reports.publish.slides import INSIDE, _cut, title_size, write_slides

OUTLINE = [{"vi": "a", "en": "a", "cards": ["10_made/dots"]}]
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def opened(contents, tmp_path, outline=OUTLINE) -> Presentation:
    return Presentation(write_slides(contents, tmp_path / "a.pptx", outline))


def check_slides(show: Presentation, language: str) -> None:
    """What holds for every slide of every report."""
    titles = [slide.shapes.title.text_frame.text for slide in show.slides]
    assert all(title.strip() for title in titles) and len(set(titles)) == len(titles)
    for number, slide in enumerate(show.slides, 1):
        boxes = []
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0, titles[number - 1]
            assert shape.left + shape.width <= show.slide_width, (titles[number - 1], shape.name)
            assert shape.top + shape.height <= show.slide_height, (titles[number - 1], shape.name)
            if shape.shape_type == 13 or shape.has_table:
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr"), titles[number - 1]
            boxes.append((shape.left, shape.top, shape.left + shape.width, shape.top + shape.height, shape.name))
        for one, other in itertools.combinations(boxes, 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            # a millimetre between boxes does not show: texts have no margins
            near = min(one[3], other[3]) - max(one[1], other[1]) <= Cm(0.1)
            assert apart or near, (titles[number - 1], one[4], other[4])
        numbers = slide._element.xpath(".//a:fld[@type='slidenum']/a:t")
        assert [text.text for text in numbers] == [str(number)]
        runs = slide._element.xpath(".//a:r/a:rPr")
        assert {run.get("lang") for run in runs} == {language}
        sizes = [int(run.get("sz")) for run in runs if run.get("sz")]
        assert min(sizes) >= 1400, titles[number - 1]
        title = slide.shapes.title.text_frame.paragraphs[0].runs[0]
        assert title.font.size >= Pt(20)


@pytest.mark.parametrize(("language", "code", "source"), [("vi", "vi-VN", "Nguồn: "), ("en", "en-GB", "Source: ")])
def test_each_card_has_a_slide_with_its_words(tmp_path, language, code, source):
    cards = [made_card(tmp_path, "dots"), made_card(tmp_path, "few", kind="table")]
    contents = made_contents(tmp_path, cards, language)
    show = opened(contents, tmp_path)
    check_slides(show, code)
    assert (show.slide_width, show.slide_height) == (Cm(33.867), Cm(19.05))
    assert len(show.slides) == 5, "after a divider what the briefing does not show"
    assert show.slides[0].placeholders[1].text_frame.text == contents.scope
    for slide, card in zip((show.slides[1], show.slides[3]), cards, strict=True):
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert card.title in texts and card.record["subtitle"] in texts
        assert f"{source}{card.record['source']}" in texts
        notes = slide.notes_slide.notes_text_frame.text
        assert card.record["note"] in notes and card.record["alt"] in notes and "Tỉnh đứng ở đâu?" in notes
    last = " ".join(shape.text_frame.text for shape in show.slides[4].shapes if shape.has_text_frame)
    assert "SIPAS: 2017" in last and "Chưa có số liệu" in last
    properties = show.core_properties
    assert (properties.title, properties.language, properties.author) == (contents.title, code, "ninhthuan")
    assert str(properties.modified)[:10] == "2024-04-30"


def test_a_picture_is_as_large_as_fits_and_not_distorted(tmp_path):
    show = opened(made_contents(tmp_path, [made_card(tmp_path)]), tmp_path)
    slide = show.slides[1]
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13]
    dots = Image.open(io.BytesIO(picture.image.blob))
    assert dots.size == (1831, 800)  # the plot without the words
    assert picture.width / picture.height == pytest.approx(1831 / 800, rel=1e-3)
    assert picture.width > Cm(30)


@pytest.mark.parametrize("course", [False, True])
def test_a_long_table_stands_on_one_slide_that_counts_the_rest(tmp_path, course):
    """Its first rows; of a course through the years the last ones."""
    first = [str(1980 + n) if course else f"Nhiệm vụ {n} " + "dài " * (n % 9) for n in range(40)]
    rows = {"what": first, "value": [f"{n},5" for n in range(40)]}
    show = opened(made_contents(tmp_path, [made_card(tmp_path, kind="table", rows=rows)]), tmp_path)
    check_slides(show, "vi-VN")
    (table,) = [shape.table for slide in show.slides for shape in slide.shapes if shape.has_table]
    head, *shown = [[cell.text_frame.text for cell in row.cells] for row in table.rows]
    every = [list(row) for row in zip(*rows.values(), strict=True)]
    assert head == ["what", "value"] and 8 < len(shown) <= 20
    assert shown == (every[-len(shown) :] if course else every[: len(shown)])
    slide = show.slides[1]
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert phrase("slides.more_rows", "vi", shown=len(shown), count=40 - len(shown)) in texts
    assert slide.shapes.title.text_frame.text == "Ninh Thuận: dots"
    # numbers stand to the right
    assert table.cell(1, 1).text_frame.paragraphs[0].alignment == PP_ALIGN.RIGHT


def test_slides_before_the_divider_are_eight_to_twelve(tmp_path):
    """Title, summary, and six figures and tables at least: those of the briefing's text, then of its annex."""
    cards = [made_card(tmp_path, f"c{n}", title=f"title {n}") for n in range(9)]
    outline = [{"vi": "a", "en": "a", "cards": ["10_made/c3", "10_made/c1"]}]
    outline.append({"vi": "b", "en": "b", "cards": [f"10_made/c{n}" for n in (8, 3, 7, 6, 5, 4)], "annex": True})
    titles = [
        slide.shapes.title.text_frame.text for slide in opened(made_contents(tmp_path, cards), tmp_path, outline).slides
    ]
    assert titles[1:8] == [*(f"title {n}" for n in (3, 1, 8, 7, 6, 5)), phrase("slides.annex", "vi")]


def test_hostile_texts_stay_texts_within_the_slide(tmp_path):
    texts = [clean(text)[:200] for text in HOSTILE]
    cards = [
        made_card(tmp_path, f"card {n}", title=f"{n} {text}", subtitle=text, source=text, alt=text, note=text)
        for n, text in enumerate(HOSTILE)
    ]
    cards.append(made_card(tmp_path, "table", kind="table", rows={"a": texts[:12], "b": texts[:12][::-1]}))
    show = opened(made_contents(tmp_path, cards), tmp_path)
    check_slides(show, "vi-VN")
    assert len(show.slides) >= len(cards) + 2


def test_a_card_that_two_notebooks_show_stands_once(tmp_path):
    cards = [made_card(tmp_path), made_card(tmp_path, notebook="00_start_here")]
    assert len(opened(made_contents(tmp_path, cards), tmp_path).slides) == 3


def test_tables_without_rows_and_reports_without_cards_make_slides(tmp_path):
    contents = made_contents(tmp_path, [made_card(tmp_path, kind="table", rows={"a": []})])
    check_slides(opened(contents, tmp_path), "vi-VN")
    check_slides(opened(made_contents(tmp_path, []), tmp_path), "vi-VN")


def test_the_same_report_gives_the_same_bytes(tmp_path):
    contents = made_contents(tmp_path, [made_card(tmp_path), made_card(tmp_path, "few", kind="table")])
    first = write_slides(contents, tmp_path / "a.pptx", OUTLINE).read_bytes()
    assert write_slides(contents, tmp_path / "b.pptx", OUTLINE).read_bytes() == first
    with zipfile.ZipFile(tmp_path / "a.pptx") as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(2024, 4, 30, 0, 0, 0)}, "the day of the report"


def test_titles_shrink_before_they_are_cut():
    short, long = "PAPI 2023: hạng 6/61", "Thứ hạng của Ninh Thuận trên năm chỉ số " * 4
    assert title_size(short) == 28 and title_size(long) < 28
    assert _cut(short) == short
    assert _cut(long * 4).endswith("…") and lines_of(_cut(long * 4), 20, INSIDE, "bold") <= 3
    assert lines_of("x" * 10_000, 20, INSIDE) > 50
    assert lines_of("a\nb", 14, INSIDE) == 2


def test_columns_of_a_table_share_the_room():
    narrow = table_widths([["a", "b"], ["1", "2"]], 14, INSIDE)
    assert sum(narrow) < INSIDE
    wide = table_widths([["a", "b"], ["dài " * 200, "2"]], 14, INSIDE)
    assert sum(wide) <= INSIDE * 1.001 and wide[0] > 5 * wide[1]
    assert sum(table_widths([["x" * 300] * 9], 14, INSIDE)) <= INSIDE * 1.001


def test_a_real_report_makes_slides_that_can_be_sent(made_report, tmp_path):
    contents = made_report("58", "vi", "2024Q1").contents()
    path = write_slides(contents, tmp_path / "a.pptx", OUTLINE)
    assert path.stat().st_size < 2_000_000
    show = Presentation(path)
    check_slides(show, "vi-VN")
    titles = "\n".join(slide.shapes.title.text_frame.text for slide in show.slides)
    assert all(card.title in titles for card in contents.cards if card.kind in ("figure", "table"))
