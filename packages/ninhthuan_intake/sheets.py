"""A workbook read safely: its cells as they are, in a process of its own, with limits of size, memory and time.

Workbooks come from outside. Whatever could run, reach out or swell is refused before a cell is read: macros, formulas
and connections that point elsewhere, files that unpack to far more than they are. Formulas are never worked out; what
counts is the value that was saved with them.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import math
import re
import resource
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ninhthuan.language import ParameterFaults
from ninhthuan.words import bilingual

MB = 1024 * 1024
CHUNK = 256 * 1024


class Refused(ParameterFaults):
    """What cannot be imported: every fault with its file, sheet and cell, in both languages."""


@dataclass(frozen=True)
class Limits:
    """What a file may cost. Publishers' workbooks are below 2 MB and unpack to below 10."""

    file_mb: int = 64
    unpacked_mb: int = 256
    cells: int = 3_000_000
    memory_mb: int = 1024
    seconds: int = 30


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


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order, and what identifies the file."""

    path: Path
    sheets: tuple[Sheet, ...]
    sha256: str
    bytes: int


def cell_name(row: int, column: int) -> str:
    """The name of a cell counted from 0.

    >>> cell_name(6, 1), cell_name(0, 26)
    ('B7', 'AA1')
    """
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def cell_at(name: str) -> tuple[int, int]:
    """The row and column, from 0, of a cell named like B7."""
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", name).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1


def fingerprint(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file; raises Refused where it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb") as handle:
            while block := handle.read(MB):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise Refused([bilingual("sheets.cannot_read", path=path, strerror=error.strerror)]) from None
    return size, digest.hexdigest()


def read_book(path: Path, limits: Limits = Limits()) -> Book:
    """Read .xlsx or .xls; raises Refused with what is wrong with the file, and never runs or follows anything in it."""
    path = Path(path)
    refuse_size(path, limits)
    size, sha256 = fingerprint(path)
    answer = in_own_process("ninhthuan_intake.sheets", [str(path)], limits, path.name)
    sheets = tuple(
        Sheet(
            _decoded(sheet["name"]),
            sheet["visible"],
            [[_decoded(cell) for cell in row] for row in sheet["rows"]],
            tuple(map(tuple, sheet["merged"])),
            tuple(map(tuple, sheet["gaps"])),
        )
        for sheet in answer["sheets"]
    )
    return Book(path, sheets, sha256, size)


def refuse_size(path: Path, limits: Limits) -> None:
    """Raise Refused where there is no such file or it is too large to be opened at all."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused([bilingual("sheets.cannot_read", path=path, strerror=error.strerror)]) from None
    if not path.is_file():
        raise Refused([bilingual("sheets.not_file", path=path)])
    if size > limits.file_mb * MB:
        raise Refused(
            [bilingual("sheets.mb_too_large_most_mb", name=path.name, size=size // MB, file_mb=limits.file_mb)]
        )


def in_own_process(module: str, arguments: list[str], limits: Limits, name: str) -> dict:
    """Run a reader of this room as `python -m module`, held to memory and time; what it prints as JSON.

    name: of the file, for messages. Raises Refused with the reader's own faults, or because it died or took too long.
    """
    command = [sys.executable, "-m", module, json.dumps(vars(limits)), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Refused([bilingual("sheets.given_up_after_seconds_file", name=name, seconds=limits.seconds)]) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Refused(
            [bilingual("sheets.cannot_read_within_mb_memory", name=name, memory_mb=limits.memory_mb)]
        ) from None
    if "faults" in answer:
        raise Refused([tuple(fault) for fault in answer["faults"]])
    return answer


# --------------------------------------------------------------------------------------------- inside that process


def main(arguments: list[str]) -> int:
    """Print the sheets of a workbook, or its faults, as JSON."""
    limits, path = Limits(**json.loads(arguments[0])), Path(arguments[1])
    memory = limits.memory_mb * MB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        answer = {"sheets": _sheets(path, limits)}
    except Refused as error:
        answer = {"faults": error.faults}
    json.dump(answer, sys.stdout, ensure_ascii=True)
    return 0


def _sheets(path: Path, limits: Limits) -> list[dict]:
    from python_calamine import SheetVisibleEnum

    return [
        {
            "name": known.name,
            "visible": known.visible == SheetVisibleEnum.Visible,
            "rows": [[_encoded(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
            "merged": [[*first, *last] for first, last in sheet.merged_cell_ranges or ()],
            "gaps": gaps,
        }
        for known, sheet, gaps in opened(path, limits)
    ]


def opened(path: Path, limits: Limits) -> Iterator[tuple]:
    """Each worksheet of a file found harmless: calamine's word of it, the sheet, its cells without a value."""
    name = path.name
    with open(path, "rb") as handle:
        head = handle.read(8)
    lacks_corners = False
    if head.startswith(b"PK"):
        gaps, lacks_corners = _checked_zip(path, limits)
    elif head == bytes.fromhex("d0cf11e0a1b11ae1"):
        gaps = _check_ole(path)
    else:
        raise Refused([bilingual("sheets.no_excel_file_whatever_name", name=name)])
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

    cells = 0
    try:
        # by its content, whatever its name ends with: an .xls may be called .xlsx
        book = CalamineWorkbook.from_filelike(_with_corners(path) if lacks_corners else io.BytesIO(path.read_bytes()))
        for place, known in enumerate(book.sheets_metadata):
            if known.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_index(place)
            cells += sheet.total_height * sheet.total_width
            if cells > limits.cells:
                raise Refused([_too_many(name, known.name, limits)])
            yield known, sheet, gaps.get(place, [])
    except PasswordError:
        raise Refused([_locked(name)]) from None
    except CalamineError as error:
        raise Refused([bilingual("sheets.file_damaged_open_excel_libreoffice", name=name, error=error)]) from None


def _too_many(name: str, sheet: str, limits: Limits) -> tuple[str, str]:
    return (
        f"{name}, trang tính '{sheet}': quá {limits.cells:,} ô: xóa những ô xa vùng số liệu rồi lưu lại".replace(
            ",", ".", 1
        ),
        f"{name}, sheet '{sheet}': more than {limits.cells:,} cells: delete cells far from the figures and save again",
    )


def _locked(name: str) -> tuple[str, str]:
    return bilingual("sheets.has_password_save_copy_without", name=name)


def _macros(name: str) -> tuple[str, str]:
    return bilingual("sheets.has_macros_files_can_run", name=name)


def _outside(name: str, what_vi: str, what_en: str) -> tuple[str, str]:
    return bilingual("sheets.points_outside_file_replace_values", name=name, what=(what_vi, what_en))


# Parts of a package that run code, and those that fetch from elsewhere.
RUNS = re.compile(r"vbaProject|/macrosheets/|/activeX/|/dialogsheets/", re.I)
REACHES = re.compile(r"/externalLinks/|/connections\.xml|/queryTables/|/customData/", re.I)
# No < stands within a tag: a search that ends there never goes over a long text again and again.
FORMULA = re.compile(rb"<(?:x:)?f(?:\s[^<>]*)?>([^<]*)<")
# [1]Sheet1!A1, 'C:\\[other.xlsx]Sheet'!A1, functions that fetch, and another program asked the old way: app|topic!item
POINTS_OUT = re.compile(
    rb"\[[^\]]+\][^!\"(),;+*/]{0,60}!|https?:|ftp:|file:|\\\\\\\\|WEBSERVICE|RTD\(|\w\|[^\"!]+!", re.I
)
CELL = re.compile(rb'<(?:x:)?c [^<>]*?r="([A-Z]{1,3})([0-9]{1,7})"')
UNSAVED = re.compile(
    rb'<c [^<>]*?r="([A-Z]{1,3}[0-9]{1,7})"[^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
ERROR = re.compile(rb'<(?:x:)?c (?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')


# 1:69 or A:B where a range with corners is due, as LibreOffice writes them
WHOLE_LINES = re.compile(
    rb'<(?:x:)?(dimension|mergeCell)\s[^<>]*?ref="(?:([0-9]+):([0-9]+)|([A-Z]+):([A-Z]+))"[^<>]*/>'
)


DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError)


def _checked_zip(path: Path, limits: Limits) -> tuple[dict[int, list[tuple[int, int]]], bool]:
    """Refuse what must not be opened; by sheet, its cells without a value and whether a range lacks a corner."""
    name, unpacked, faults, gaps, lacks_corners = path.name, 0, [], {}, False
    try:
        package = zipfile.ZipFile(path)
        parts = package.infolist()
    except DAMAGE:
        raise Refused([_damaged(name)]) from None
    if len(parts) > 5000 or sum(part.file_size for part in parts) > limits.unpacked_mb * MB:
        raise Refused([_swells(name, limits)])
    if any(part.flag_bits & 1 for part in parts):
        raise Refused([_locked(name)])
    if any(RUNS.search(part.filename) for part in parts):
        faults.append(_macros(name))
    found = next((part.filename for part in parts if REACHES.search(part.filename)), None)
    if found:
        faults.append(_outside(name, *bilingual("sheets.has_link", found=found)))
    try:
        order = _sheet_order(package)
    except DAMAGE:
        raise Refused([_damaged(name)]) from None
    for part in parts:
        sheet = re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", part.filename)
        types = part.filename == "[Content_Types].xml"
        tail, formulas, area = b"", [], [0, 0]
        try:
            with package.open(part) as stream:
                # what a header says of the size is not believed: what comes out is counted
                while block := stream.read(CHUNK):
                    unpacked += len(block)
                    if unpacked > limits.unpacked_mb * MB:
                        raise Refused([_swells(name, limits)])
                    if types and b"macroEnabled" in block and _macros(name) not in faults:
                        faults.append(_macros(name))
                    if not sheet:
                        continue
                    text = tail + block
                    if b"<f" in text or b":f" in text:
                        formulas += [f for f in FORMULA.findall(text) if POINTS_OUT.search(f)][:3]
                        gaps.setdefault(order.get(part.filename.lstrip("/")), set()).update(UNSAVED.findall(text))
                    if b"dimension" in text or b"mergeCell" in text:
                        lacks_corners = lacks_corners or bool(WHOLE_LINES.search(text))
                    if b't="e"' in text:
                        gaps.setdefault(order.get(part.filename.lstrip("/")), set()).update(ERROR.findall(text))
                    cells = CELL.findall(text)
                    if cells:
                        columns, rows = map(set, zip(*cells, strict=True))
                        last = max(columns, key=lambda letters: (len(letters), letters)).decode()
                        column = cell_at(f"{last}1")[1] + 1
                        area = [max(area[0], *map(int, rows)), max(area[1], column)]
                    # a cell may be cut in two by the end of a block
                    tail = text[-2048:]
        except DAMAGE as error:
            raise Refused(
                [bilingual("sheets.file_damaged_download_again", name=name, filename=part.filename, error=error)]
            ) from None
        if formulas:
            shown = formulas[0].decode("utf-8", "replace")[:60]
            faults.append(_outside(name, *bilingual("sheets.has_formula", shown=shown)))
        if area[0] * area[1] > limits.cells:
            far = cell_name(area[0] - 1, area[1] - 1)
            faults.append(_too_many(name, f"{Path(part.filename).stem}, {far}", limits))
    if faults:
        raise Refused(faults)
    return {place: sorted(cell_at(cell.decode()) for cell in cells) for place, cells in gaps.items()}, lacks_corners


def _with_corners(path: Path) -> io.BytesIO:
    """A copy of a package for the reader, which takes no range of whole rows or columns: each gets its corners."""

    def cornered(found: re.Match) -> bytes:
        if found[1] == b"dimension":
            return b""  # the reader finds the size by itself
        corners = b"A%b:XFD%b" % found.group(2, 3) if found[2] else b"%b1:%b1048576" % found.group(4, 5)
        return b'<mergeCell ref="%b"/>' % corners

    copy = io.BytesIO()
    with zipfile.ZipFile(path) as package, zipfile.ZipFile(copy, "w") as into:
        for part in package.infolist():
            content = package.read(part)
            into.writestr(part, WHOLE_LINES.sub(cornered, content) if "worksheets/" in part.filename else content)
    copy.seek(0)
    return copy


def _damaged(name: str) -> tuple[str, str]:
    return bilingual("sheets.file_damaged_not_downloaded_whole", name=name)


def _swells(name: str, limits: Limits) -> tuple[str, str]:
    return bilingual("sheets.unpacks_more_than_mb_zip", name=name, unpacked_mb=limits.unpacked_mb)


def _sheet_order(package: zipfile.ZipFile) -> dict[str, int]:
    """Part of each sheet to its place in the workbook."""
    try:
        book = _bounded(package, "xl/workbook.xml")
        links = _bounded(package, "xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {}
    for link in re.findall(r"<Relationship [^>]*>", links):
        at, to = re.search(r'Id="([^"]+)"', link), re.search(r'Target="([^"]+)"', link)
        if at and to:
            targets[at[1]] = to[1].lstrip("/").removeprefix("xl/")
    ids = re.findall(r'<(?:\w+:)?sheet [^>]*?r:id="([^"]+)"', book)
    return {f"xl/{targets[one]}": place for place, one in enumerate(ids) if one in targets}


def _bounded(package: zipfile.ZipFile, part: str) -> str:
    with package.open(part) as stream:
        return stream.read(8 * MB).decode("utf-8", "replace")


SELF, ADD_IN = 0x0401, 0x3A01


def _check_ole(path: Path) -> dict[int, list[tuple[int, int]]]:
    """Refuse an .xls (or a locked .xlsx) with macros, a password, or references to other files.

    By place of the sheet, its cells with an error.
    """
    import olefile

    name, faults, gaps = path.name, [], {}
    try:
        with olefile.OleFileIO(path) as store:
            streams = {"/".join(parts) for parts in store.listdir()}
            if "EncryptedPackage" in streams:
                raise Refused([_locked(name)])
            if any(re.search(r"_VBA_PROJECT|/VBA/|^Macros", stream) for stream in streams):
                faults.append(_macros(name))
            book = next((one for one in ("Workbook", "Book") if one in streams), None)
            content = store.openstream(book).read() if book else b""
    except Refused:
        raise
    except Exception:  # olefile tells of damage by many kinds of error
        raise Refused([bilingual("sheets.file_damaged_download_again_2", name=name)]) from None
    if not book:
        raise Refused([bilingual("sheets.not_workbook", name=name)])
    place, starts, sheet = 0, {}, None
    while place + 4 <= len(content):
        kind, length = (
            int.from_bytes(content[place : place + 2], "little"),
            int.from_bytes(content[place + 2 : place + 4], "little"),
        )
        body = content[place + 4 : place + 4 + length]
        if kind == 0x2F:  # FILEPASS
            raise Refused([_locked(name)])
        # SUPBOOK: which workbook references go to
        if kind == 0x1AE and len(body) >= 4 and int.from_bytes(body[2:4], "little") not in (SELF, ADD_IN):
            faults.append(_outside(name, *bilingual("sheets.has_formula_2")))
        # BOUNDSHEET: where a sheet begins; of a macro sheet
        if kind == 0x85 and len(body) >= 6:
            starts[int.from_bytes(body[:4], "little")] = len(starts)
            if body[5] in (1, 6):
                faults.append(_macros(name))
        if kind == 0x809:  # BOF: charts within a sheet have one too
            sheet = starts.get(place, sheet)
        # BOOLERR that is an error, FORMULA whose value is one
        if (kind == 0x205 and body[7:8] == b"\x01") or (
            kind == 0x6 and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff"
        ):
            cell = int.from_bytes(body[:2], "little"), int.from_bytes(body[2:4], "little")
            gaps.setdefault(sheet, []).append(cell)
        place += 4 + length
    if faults:
        raise Refused(list(dict.fromkeys(faults)))
    return gaps


def _encoded(cell):
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, datetime.time | datetime.timedelta):
        return str(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)  # nothing can be done with it as a number: whoever wants one names the cell
    return cell


def _decoded(cell):
    if isinstance(cell, dict):
        text = cell["day"]
        return datetime.datetime.fromisoformat(text) if "T" in text else datetime.date.fromisoformat(text)
    return unicodedata.normalize("NFC", cell) if isinstance(cell, str) else cell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
