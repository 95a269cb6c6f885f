"""A workbook read safely: its cells as they are, in a process of its own, with limits of size, memory and time."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import math
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .faults import Faults, coded
from .harmless import check_ole, check_zip, with_corners
from .jail import MB, Limits, answer, refuse_size, run

USUAL = Limits()


@dataclass(frozen=True)
class Sheet:
    """A sheet: `rows[0][0]` is cell A1. A cell is text, a number, a bool, a date or datetime, or None where blank.

    merged: ranges (first row, first column, last row, last column), from 0. without_value: cells (row, column) that are
    no blanks though they read as such: a formula whose value was never saved, or an error such as #N/A.
    """

    name: str
    visible: bool
    rows: list[list]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    without_value: tuple[tuple[int, int], ...] = ()

    def value(self, row: int, column: int):
        """The value of a cell; None outside of the sheet."""
        if row >= len(self.rows) or column >= len(self.rows[row]):
            return None
        return self.rows[row][column]


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order, and what identifies the file."""

    path: Path
    sheets: tuple[Sheet, ...]
    sha256: str
    bytes: int


def fingerprint(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file; raises Faults where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb") as handle:
            while block := handle.read(MB):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise Faults([coded("sheets.cannot_read", path=str(path), reason=error.strerror)]) from None
    return size, digest.hexdigest()


def read_book(path: Path, limits: Limits = USUAL) -> Book:
    """Read .xlsx or .xls; raises Faults where the file is unsound, and never runs or follows anything in it."""
    path = Path(path)
    refuse_size(path, limits)
    size, sha256 = fingerprint(path)
    sheets = tuple(
        Sheet(
            _decoded(sheet["name"]),
            sheet["visible"],
            [[_decoded(cell) for cell in row] for row in sheet["rows"]],
            tuple(map(tuple, sheet["merged"])),
            tuple(map(tuple, sheet["gaps"])),
        )
        for sheet in run("careful_tables.workbooks", path, limits)["sheets"]
    )
    return Book(path, sheets, sha256, size)


def read_csv(path: Path, limits: Limits = USUAL) -> Book:
    """Read a CSV file as a workbook of one sheet of text: comma, semicolon or tab, UTF-8 with or without a mark.

    Raises Faults.
    """
    refuse_size(path, limits)
    size, sha256 = fingerprint(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise Faults([coded("sheets.not_utf8", name=path.name, row=row)]) from None
    mark = max(",;\t", key=text.count)
    try:
        rows = [[cell or None for cell in row] for row in csv.reader(text.splitlines(keepends=True), delimiter=mark)]
    except csv.Error as error:
        raise Faults([coded("sheets.csv_damaged", name=path.name, reason=str(error))]) from None
    return Book(path, (Sheet(path.stem, True, rows),), sha256, size)


# --------------------------------------------------------------------------------------------- inside that process


def _read(path: Path, limits: Limits) -> dict:
    from python_calamine import SheetVisibleEnum

    return {
        "sheets": [
            {
                "name": known.name,
                "visible": known.visible == SheetVisibleEnum.Visible,
                "rows": [[_encoded(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
                "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
                "gaps": gaps,
            }
            for known, sheet, gaps in opened(path, limits)
        ]
    }


def opened(path: Path, limits: Limits) -> Iterator[tuple]:
    """Each worksheet of a file found harmless: calamine's word of it, the sheet, its cells without a value."""
    name = path.name
    with open(path, "rb") as handle:
        head = handle.read(8)
    lacks_corners = False
    if head.startswith(b"PK"):
        gaps, lacks_corners = check_zip(path, limits)
    elif head == bytes.fromhex("d0cf11e0a1b11ae1"):
        gaps = check_ole(path)
    else:
        raise Faults([coded("sheets.not_excel", name=name)])
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    cells = 0
    try:
        # by its content, whatever its name ends with: an .xls may be called .xlsx
        book = CalamineWorkbook.from_filelike(with_corners(path) if lacks_corners else io.BytesIO(path.read_bytes()))
        for place, known in enumerate(book.sheets_metadata):
            if known.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(place)
            cells += sheet.total_height * sheet.total_width
            if cells > limits.cells:
                raise Faults([coded("sheets.too_many_cells", name=name, sheet=known.name, cells=limits.cells)])
            yield known, sheet, gaps.get(place, [])
    except PasswordError:
        raise Faults([coded("sheets.password", name=name)]) from None
    except CalamineError as error:
        raise Faults([coded("sheets.damaged_book", name=name, reason=str(error))]) from None


def _encoded(cell):
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)  # no number; a caller that needs one reports the cell
    return cell


def _decoded(cell):
    if isinstance(cell, dict):
        text = cell["day"]
        return datetime.datetime.fromisoformat(text) if "T" in text else datetime.date.fromisoformat(text)
    return unicodedata.normalize("NFC", cell) if isinstance(cell, str) else cell


if __name__ == "__main__":
    sys.exit(answer(_read))
