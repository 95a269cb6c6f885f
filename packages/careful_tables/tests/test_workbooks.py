"""Files from outside: what could run, reach out or swell is refused before a cell of it is read."""

import re
import struct
import subprocess
import sys
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from careful_tables import harmless, jail
from careful_tables.cells import cell_at, cell_name
from careful_tables.faults import Faults
from careful_tables.jail import Limits
from careful_tables.tests.books import changed, sound_book
from careful_tables.workbooks import read_book

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path):
    """A small, sound workbook."""
    return sound_book(tmp_path / "book.xlsx")


def sheet_with(cells):
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    )


def refused(path, limits=Limits()):  # noqa: B008 - frozen
    with pytest.raises(Faults) as found:
        read_book(path, limits)
    assert all(path.name in str(fault) for fault in found.value.faults)
    return str(found.value)


# ------------------------------------------------------------------------------------------------------------- as it is


def test_cells_are_read_as_they_are(book):
    read = read_book(book)
    first, hidden = read.sheets
    assert first.rows[0][:3] == ["Tỉnh", "Điểm", "Ngày"]
    assert first.rows[1] == ["Ninh Thuận", 45.505383, date(2024, 4, 2), True]
    assert first.rows[2] == [None] * 4 and first.merged == ((3, 0, 4, 1),)
    assert (first.visible, hidden.visible) == (True, False)
    assert read.bytes == book.stat().st_size and len(read.sha256) == 64


def test_names_of_cells():
    for name in ("A1", "Z9", "AA10", "AZ1", "BA7", "XFD1048576"):
        assert cell_name(*cell_at(name)) == name


def test_a_formula_that_was_never_worked_out_is_known(tmp_path):
    made = openpyxl.Workbook()
    made.active["A1"], made.active["B2"] = 1, "=A1*2"
    made.save(tmp_path / "formula.xlsx")
    (sheet,) = read_book(tmp_path / "formula.xlsx").sheets
    assert sheet.without_value == ((1, 1),)
    with xlsxwriter.Workbook(tmp_path / "worked.xlsx") as made:
        made.add_worksheet().write_formula("B2", "=A1*2", None, 4)
    (sheet,) = read_book(tmp_path / "worked.xlsx").sheets
    assert sheet.without_value == () and sheet.rows[1][1] == 4


@pytest.mark.parametrize("number", ["inf", "NaN"])
def test_what_is_no_finite_number_is_text(tmp_path, number):
    with xlsxwriter.Workbook(tmp_path / "sound.xlsx") as made:
        made.add_worksheet().write_number("A1", 5)
    with zipfile.ZipFile(tmp_path / "sound.xlsx") as sound, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as odd:
        for part in sound.namelist():
            odd.writestr(part, sound.read(part).replace(b"<v>5</v>", f"<v>{number}</v>".encode()))
    (sheet,) = read_book(tmp_path / "odd.xlsx").sheets
    assert sheet.rows[0][0] == number.lower()


@pytest.mark.parametrize("tag", ["<f ", "<c ", '<c t="e" '])
def test_a_sheet_of_tags_that_never_end_is_refused_soon(book, tmp_path, tag):
    assert "too_slow" not in refused(changed(book, {SHEET: tag * 3_000_000}), Limits(seconds=10))


def test_damage_within_a_compressed_part(book, tmp_path):
    """Whatever bytes are damaged, it is never told as a matter of memory."""
    content = book.read_bytes()
    for place in range(40, len(content), len(content) // 25):
        (tmp_path / "bad.xlsx").write_bytes(content[:place] + b"\xff\x00\xff" + content[place + 3 :])
        try:
            read_book(tmp_path / "bad.xlsx")
        except Faults as damaged:
            assert "too_much_memory" not in str(damaged)


# ----------------------------------------------------------------------------------------------- what runs, reaches out


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.bin"])
def test_macros(book, part):
    assert "sheets.macros" in refused(changed(book, {part: b"x"}))


def test_macros_by_the_kind_that_the_file_says_it_is(book):
    with zipfile.ZipFile(book) as package:
        types = package.read("[Content_Types].xml").decode()
    types = types.replace("sheet.main+xml", "sheet.main+xml").replace(
        "openxmlformats-officedocument.spreadsheetml.sheet.main", "ms-excel.sheet.macroEnabled.main"
    )
    assert "sheets.macros" in refused(changed(book, {"[Content_Types].xml": types}))


@pytest.mark.parametrize("part", ["xl/externalLinks/externalLink1.xml", "xl/connections.xml", "xl/queryTables/q1.xml"])
def test_links_to_other_files(book, part):
    assert "link_outside" in refused(changed(book, {part: b"<x/>"}))


@pytest.mark.parametrize(
    "formula",
    [
        "[1]Sheet1!A1",
        "SUM([2]Tổng!B2:B9)",
        "'C:\\dữ liệu\\[khac.xlsx]Sheet1'!$A$1",
        'WEBSERVICE("h"&amp;A1)',
        "HYPERLINK(&quot;https://example.org&quot;)",
        "'\\\\server\\share\\[x.xls]S'!A1",
        "cmd|'/c calc'!A0",
    ],
)
def test_formulas_that_point_outside(book, formula):
    cells = f'<row r="1"><c r="A1"><f>{formula}</f><v>1</v></c></row>'
    assert "formula_outside" in refused(changed(book, {SHEET: sheet_with(cells)}))


@pytest.mark.parametrize("formula", ["SUM(A2:A9)", "'Trang 2'!A1*2", 'IF(A1&gt;1,"a","b")', "Bảng1[[#Totals],[Điểm]]"])
def test_formulas_within_the_file_are_fine(book, formula):
    cells = f'<row r="1"><c r="A1"><f>{formula}</f><v>1</v></c></row>'
    assert read_book(changed(book, {SHEET: sheet_with(cells)})).sheets[0].rows[0][0] == 1


def test_everything_that_is_wrong_is_told_at_once(book):
    cells = '<row r="1"><c r="A1"><f>[1]S!A1</f><v>1</v></c></row>'
    text = refused(changed(book, {SHEET: sheet_with(cells), "xl/vbaProject.bin": b"x"}))
    assert "sheets.macros" in text and "formula_outside" in text


# ---------------------------------------------------------------------------------------------------------- what swells


def swollen(book, megabytes, lie=False):
    """A workbook whose first sheet unpacks to so much, mostly blanks; where it lies, its header says 1,000 bytes."""
    other = book.with_name("swollen.xlsx")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in old.infolist():
            if part.filename != SHEET:
                new.writestr(part, old.read(part))
        with new.open(SHEET, "w", force_zip64=False) as stream:
            stream.write(sheet_with("").removesuffix("</sheetData></worksheet>").encode())
            for _ in range(megabytes):
                stream.write(b" " * 1024 * 1024)
            stream.write(b"</sheetData></worksheet>")
    if lie:
        content = bytearray(other.read_bytes())
        at = content.rindex(SHEET.encode()) - 46
        assert content[at : at + 4] == b"PK\x01\x02"
        content[at + 24 : at + 28] = struct.pack("<I", 1000)
        other.write_bytes(content)
    return other


def test_a_zip_bomb_is_not_opened(book):
    bomb = swollen(book, 1024)
    assert bomb.stat().st_size < 8 * 1024 * 1024
    assert "unpacks_too_far" in refused(bomb)


def test_a_zip_bomb_that_lies_about_its_size(book):
    """What its header says is not believed; and whatever reads it has no more memory than it is given."""
    bomb = swollen(book, 600, lie=True)
    text = refused(bomb)
    assert "unpacks_too_far" in text or "damaged" in text
    # in a process of its own: what other tests' processes took is not counted
    code = (
        "import resource, sys; from pathlib import Path; from careful_tables.workbooks import Faults, read_book\n"
        "try: read_book(Path(sys.argv[1]))\n"
        "except Faults: print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    took = subprocess.run([sys.executable, "-c", code, bomb], capture_output=True, text=True, check=True)
    assert 0 < int(took.stdout) < 1_300_000


def test_a_cell_at_the_end_of_the_world(book):
    """A cell in the last row and column makes a reader set up seventeen thousand million cells."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "XFD1048576" in refused(changed(book, {SHEET: sheet_with(cells)}))


def test_more_cells_than_any_publisher_has(tmp_path):
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as made:
        for name in ("A", "B"):
            for row in range(100):
                (made.get_worksheet_by_name(name) or made.add_worksheet(name)).write_row(row, 0, [1] * 60)
    assert "'sheet': 'B', 'cells': 10000" in refused(path, Limits(cells=10_000))
    assert len(read_book(path).sheets) == 2


def test_too_large_a_file_is_not_read_at_all(tmp_path):
    path = tmp_path / "large.xlsx"
    with open(path, "wb") as handle:
        handle.truncate(2 * 1024**3)
    assert "'size': 2048, 'most': 64" in refused(path)


def test_what_takes_more_memory_or_time_than_it_may(book, monkeypatch):
    assert "'memory_mb': 20" in refused(book, Limits(memory_mb=20))
    waits = "import sys, time\ntime.sleep(60)\n"
    monkeypatch.setattr(jail.sys, "executable", sys.executable)
    slow = book.with_name("slow")
    slow.mkdir()
    (slow / "slow_reader.py").write_text(waits)
    monkeypatch.setenv("PYTHONPATH", str(slow))
    with pytest.raises(Faults, match=r"too_slow .*'seconds': 1"):
        jail.run("slow_reader", book, Limits(seconds=1))


def test_a_million_laughs(book):
    steps = zip("abcdefgh", "bcdefghi", strict=True)
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {name} "{f"&{part};" * 20}">' for part, name in steps)
    laughing = sheet_with('<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>')
    laughing = laughing.replace("<worksheet", f"<!DOCTYPE w [{entities}]><worksheet", 1)
    path = changed(book, {SHEET: laughing})
    try:
        cells = read_book(path).sheets[0].rows
    except Faults:
        return
    assert len(str(cells)) < 1000, "entities are not unfolded"


# -------------------------------------------------------------------------------------------------- what is no workbook


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not_excel"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_excel"),
        (b"a;b\n1;2\n", "not_excel"),
        (b"PK\x03\x04" + b"\0" * 200, "damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "damaged"),
    ],
    ids=["empty", "a web page", "text", "a torn zip", "a torn store"],
)
def test_what_is_no_workbook(tmp_path, content, words):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert words in refused(path)


def test_a_file_that_was_not_downloaded_whole(book):
    path = book.with_name("half.xlsx")
    path.write_bytes(book.read_bytes()[: book.stat().st_size // 2])
    assert "damaged" in refused(path)


def test_a_part_that_is_damaged(book):
    content = bytearray(book.read_bytes())
    at = content.index(SHEET.encode()) + len(SHEET) + 20
    content[at : at + 8] = b"\xff" * 8
    path = book.with_name("bits.xlsx")
    path.write_bytes(content)
    assert "damaged" in refused(path)


def test_a_folder_a_pipe_and_nothing(tmp_path):
    import os

    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "not_a_file" in refused(tmp_path / "pipe.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    assert "not_a_file" in refused(tmp_path / "folder.xlsx")
    assert "No such file" in refused(tmp_path / "nowhere.xlsx")


# -------------------------------------------------------------------------------------------------------- old workbooks


def store(path, streams):
    """A compound file with streams by name, each padded to 4,096 bytes so that it stands in sectors of its own."""
    END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    body, chains, entries = b"", [], []
    for name, content in streams.items():
        content = content + b"\0" * (-len(content) % 512 if len(content) >= 4096 else 4096 - len(content))
        first, count = 2 + len(body) // 512, len(content) // 512
        chains += [*range(first + 1, first + count), END]
        body += content
        entries.append((name, 2, first, len(content)))

    def entry(name, kind, child, right, first, size):
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text) if name else 0, kind, 1, FREE, right, child)
            + b"\0" * 36
            + struct.pack("<IQ", first, size)
        )

    directory = entry("Root Entry", 5, 1, FREE, END, 0)
    for place, (name, kind, first, size) in enumerate(entries, 1):
        directory += entry(name, kind, FREE, place + 1 if place < len(entries) else FREE, first, size)
    assert len(directory) <= 512
    directory = directory.ljust(512, b"\0")
    table = struct.pack(f"<{2 + len(chains)}I", FAT, END, *chains).ljust(512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<I", 0) + b"\xff" * (108 * 4)
    path.write_bytes(head + table + directory + body)
    return path


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


BEGIN = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("streams", "words"),
    [
        ({"Workbook": BEGIN, "_VBA_PROJECT_CUR": b"x"}, "sheets.macros"),
        ({"Workbook": BEGIN + record(0x85, struct.pack("<IBB", 0, 0, 1) + b"\1\0M")}, "sheets.macros"),
        (
            {"Workbook": BEGIN + record(0x1AE, struct.pack("<HH", 1, 9) + b"\0\1other.xl")},
            "formula_outside",
        ),
        ({"Workbook": BEGIN + record(0x2F, b"\0" * 6)}, "sheets.password"),
        ({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}, "sheets.password"),
        ({"WordDocument": b"x"}, "not_a_workbook"),
    ],
    ids=["macros", "a macro sheet", "another file", "a password", "a locked .xlsx", "a Word document"],
)
def test_old_workbooks_that_are_refused(tmp_path, streams, words):
    assert words in refused(store(tmp_path / "old.xls", streams))


def test_references_within_an_old_workbook_are_fine(tmp_path):
    inside = record(0x1AE, struct.pack("<HH", 3, 0x0401)) + record(0x1AE, struct.pack("<HH", 1, 0x3A01))
    path = store(tmp_path / "old.xls", {"Workbook": BEGIN + inside + record(0x0A)})
    harmless.check_ole(path)


@pytest.mark.parametrize("span", ["1:69", "A:C"])
def test_a_range_of_whole_rows_or_columns(book, span):
    with zipfile.ZipFile(book) as package:
        sheet = package.read(SHEET).decode()
    spoilt = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="{span}"/>', sheet)
    assert spoilt != sheet
    assert read_book(changed(book, {SHEET: spoilt})).sheets == read_book(book).sheets
    merged = spoilt.replace("</sheetData>", f'</sheetData><mergeCells count="1"><mergeCell ref="{span}"/></mergeCells>')
    whole = (0, 0, 68, 16383) if span == "1:69" else (0, 0, 1048575, 2)
    assert read_book(changed(book, {SHEET: merged})).sheets[0].merged == (whole,)
