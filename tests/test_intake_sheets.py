"""What is wrong with a file from outside, said in both languages; workbooks as LibreOffice saves them."""

import openpyxl
import pytest

from careful_tables.faults import Faults, coded
from careful_tables.jail import Limits
from careful_tables.tests.books import changed, sound_book
from ninhthuan_intake.refusals import Refused, read_book, wording
from ninhthuan_reports import cli


@pytest.fixture
def book(tmp_path):
    """A small, sound workbook."""
    return sound_book(tmp_path / "book.xlsx")


def test_faults_of_a_workbook_are_said_in_both_languages(book):
    with pytest.raises(Refused) as refused:
        read_book(changed(book, {"xl/vbaProject.bin": b"x", "xl/connections.xml": b"<x/>"}))
    (macros, link), (vi, en) = refused.value.lines("vi"), refused.value.lines("en")
    assert "changed-book.xlsx có macro" in macros and "(xl/connections.xml) có liên kết trỏ ra ngoài tệp" in link
    assert "changed-book.xlsx has macros" in vi and "(xl/connections.xml) has a link that points outside" in en


def test_large_numbers_are_written_as_each_language_writes_them(book):
    with pytest.raises(Refused) as refused, wording():
        raise Faults([coded("sheets.too_many_cells", name="a.xlsx", sheet="B", cells=10_000)])
    assert "quá 10.000 ô" in refused.value.lines("vi")[0] and "more than 10,000 cells" in refused.value.lines("en")[0]
    with pytest.raises(Refused, match="given up after 0 seconds"):
        read_book(book, Limits(seconds=0))


def test_errors_are_no_blanks(tmp_path, calc):
    made = openpyxl.Workbook()
    made.create_sheet("Sau")
    made.active["A1"], made["Sau"]["B2"], made["Sau"]["C3"] = 1, "#N/A", "=1/0"
    made.save(tmp_path / "errors.xlsx")
    first, second = read_book(tmp_path / "errors.xlsx").sheets
    assert first.without_value == () and second.without_value == ((1, 1), (2, 2))
    (tmp_path / "out").mkdir()
    old = calc(tmp_path / "errors.xlsx", "xls", tmp_path / "out")
    first, second = read_book(old).sheets
    assert first.without_value == () and second.without_value == ((1, 1), (2, 2))


def test_an_old_workbook_as_a_program_writes_it(book, tmp_path, calc):
    (tmp_path / "out").mkdir()
    old, new = read_book(calc(book, "xls", tmp_path / "out")), read_book(book)
    assert old.sheets[0].rows[1] == new.sheets[0].rows[1] and old.sheets[0].name == "Số liệu"
    assert read_book(old.path.rename(tmp_path / "called.xlsx")).sheets == old.sheets


def test_at_the_command_line_it_is_one_message_and_an_exit_code(book, capsys):
    assert cli.main(["import", "papi", str(changed(book, {"xl/vbaProject.bin": b"x"})), "--year", "2024", "--yes"]) == 1
    err = capsys.readouterr().err
    assert "có macro" in err and "không ghi gì vào data/" in err and "Traceback" not in err
