"""Texts of documents, read back from files that other libraries wrote."""

import docx
import pytest
import xlsxwriter
from pptx import Presentation

from figure_cards.texts import NoReader, lines_of, read_texts


def texts(path):
    return [(block.kind, block.part, block.text) for block in read_texts(path)]


def test_paragraphs_and_rows_of_word(tmp_path):
    document = docx.Document()
    document.add_paragraph("Above 45.51").add_run(" points")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "rank", "6/61"
    document.sections[0].header.paragraphs[0].text = "2"
    document.save(tmp_path / "a.docx")
    assert texts(tmp_path / "a.docx") == [
        ("text", "", "Above 45.51 points"),
        ("text", "", "rank\t6/61"),
        ("header", "", "2"),
    ]


def test_slides_in_their_order(tmp_path):
    made = Presentation()
    for number in range(11):
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.title.text = f"title {number}"
        slide.notes_slide.notes_text_frame.text = f"note {number}"
    made.save(tmp_path / "a.pptx")
    found = texts(tmp_path / "a.pptx")
    assert [text for kind, _, text in found if kind == "slide"] == [f"title {number}" for number in range(11)]
    assert ("notes", "11", "note 10") in found


def test_numbers_of_a_workbook_with_all_their_digits(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        page = book.add_worksheet("scores")
        page.write_row(1, 0, ["a & b", 45.50538, True])
    assert texts(tmp_path / "a.xlsx") == [("sheet", "scores", "a & b\t45.50538\t1")]


def test_lines_of_a_page():
    page = "<p>one <b>2</b><br>three</p><ul><li>x<p>within</p></li></ul><table><tr><th>a</th><td>1</td></tr></table>"
    page += '<style>p{width:9px}</style><img alt="a dot at 7"><div>outer <p>inner</p> tail</div>'
    found = [line for line in lines_of(page) if line.strip()]
    assert found == ["one 2three", "x", "within", "a\t1", "a dot at 7", "outer  tail", "inner"]
    assert list(lines_of("")) == []


def test_other_files_are_refused(tmp_path):
    with pytest.raises(NoReader):
        read_texts(tmp_path / "a.txt")
