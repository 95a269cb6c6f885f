"""Whether a workbook may be opened: no macros, no password, nothing that points elsewhere or unpacks without end.

Formulas are never worked out; what counts is the value that was saved with them. So the cells that read as blanks and
are none, an error such as #N/A or a formula whose value was never saved, are found here too.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from .cells import cell_at, cell_name
from .faults import Fault, Faults, coded
from .jail import MB, Limits

CHUNK = 256 * 1024
# By place of a sheet in its workbook, cells (row, column) that are no blanks though they read as such.
Gaps = dict[int, list[tuple[int, int]]]

# Parts of a package that run code, and those that fetch from elsewhere.
RUNS = re.compile(r"vbaProject|/macrosheets/|/activeX/|/dialogsheets/", re.I)
REACHES = re.compile(r"/externalLinks/|/connections\.xml|/queryTables/|/customData/", re.I)
# No < occurs within a tag: a search that ends there is linear in the length of the text.
FORMULA = re.compile(rb"<(?:x:)?f(?:\s[^<>]*)?>([^<]*)<")
# [1]Sheet1!A1, 'C:\\[other.xlsx]Sheet'!A1, functions that fetch, and dynamic data exchange: app|topic!item
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


class _SheetScan:
    """What is seen of a sheet's XML while it unpacks, block by block."""

    def __init__(self):
        self.tail, self.formulas, self.gaps = b"", [], set()
        self.rows = self.columns = 0
        self.lacks_corners = False

    def take(self, block: bytes) -> None:
        text = self.tail + block
        if b"<f" in text or b":f" in text:
            self.formulas += [found for found in FORMULA.findall(text) if POINTS_OUT.search(found)][:3]
            self.gaps.update(UNSAVED.findall(text))
        if b"dimension" in text or b"mergeCell" in text:
            self.lacks_corners = self.lacks_corners or bool(WHOLE_LINES.search(text))
        if b't="e"' in text:
            self.gaps.update(ERROR.findall(text))
        if cells := CELL.findall(text):
            columns, rows = map(set, zip(*cells, strict=True))
            last = max(columns, key=lambda letters: (len(letters), letters)).decode()
            self.rows = max(self.rows, *map(int, rows))
            self.columns = max(self.columns, cell_at(f"{last}1")[1] + 1)
        # a cell may be cut in two by the end of a block
        self.tail = text[-2048:]

    def faults(self, name: str, part: str, limits: Limits) -> list[Fault]:
        found = []
        if self.formulas:
            found.append(
                coded("sheets.formula_outside", name=name, formula=self.formulas[0].decode("utf-8", "replace")[:60])
            )
        if self.rows * self.columns > limits.cells:
            far = f"{Path(part).stem}, {cell_name(self.rows - 1, self.columns - 1)}"
            found.append(coded("sheets.too_many_cells", name=name, sheet=far, cells=limits.cells))
        return found


def check_zip(path: Path, limits: Limits) -> tuple[Gaps, bool]:
    """The gaps of an .xlsx and whether a range in it lacks a corner; raises Faults with all that forbids opening it."""
    name = path.name
    try:
        package = zipfile.ZipFile(path)
        parts = package.infolist()
    except DAMAGE:
        raise Faults([coded("sheets.damaged", name=name)]) from None
    if len(parts) > 5000 or sum(part.file_size for part in parts) > limits.unpacked_mb * MB:
        raise Faults([coded("sheets.unpacks_too_far", name=name, most=limits.unpacked_mb)])
    if any(part.flag_bits & 1 for part in parts):
        raise Faults([coded("sheets.password", name=name)])
    faults = [coded("sheets.macros", name=name)] if any(RUNS.search(part.filename) for part in parts) else []
    links = [part.filename for part in parts if REACHES.search(part.filename)]
    faults += [coded("sheets.link_outside", name=name, part=link) for link in links[:1]]
    try:
        order = _sheet_order(package)
    except DAMAGE:
        raise Faults([coded("sheets.damaged", name=name)]) from None
    unpacked, gaps, lacks_corners = 0, {}, False
    for part in parts:
        scan, runs, unpacked = _scanned(package, part, name, unpacked, limits)
        if runs and coded("sheets.macros", name=name) not in faults:
            faults.append(coded("sheets.macros", name=name))
        faults += scan.faults(name, part.filename, limits)
        lacks_corners = lacks_corners or scan.lacks_corners
        if scan.gaps:
            gaps.setdefault(order.get(part.filename.lstrip("/")), set()).update(scan.gaps)
    if faults:
        raise Faults(faults)
    return {place: sorted(cell_at(cell.decode()) for cell in cells) for place, cells in gaps.items()}, lacks_corners


def _scanned(package, part, name: str, unpacked: int, limits: Limits) -> tuple[_SheetScan, bool, int]:
    """What a part holds, whether it says that the file runs code, and how many bytes were unpacked so far."""
    scan, runs = _SheetScan(), False
    is_sheet = re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", part.filename)
    try:
        with package.open(part) as stream:
            # what a header says of the size is not believed: what comes out is counted
            while block := stream.read(CHUNK):
                unpacked += len(block)
                if unpacked > limits.unpacked_mb * MB:
                    raise Faults([coded("sheets.unpacks_too_far", name=name, most=limits.unpacked_mb)])
                runs = runs or (part.filename == "[Content_Types].xml" and b"macroEnabled" in block)
                if is_sheet:
                    scan.take(block)
    except Faults:
        raise
    except DAMAGE as error:
        raise Faults([coded("sheets.damaged_part", name=name, part=part.filename, reason=str(error))]) from None
    return scan, runs, unpacked


def with_corners(path: Path) -> io.BytesIO:
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


# -------------------------------------------------------------------------------------------------------- old workbooks

# Records of an .xls, by their numbers in its format (MS-XLS).
FILEPASS, SUPBOOK, BOUNDSHEET, BOF, BOOLERR, FORMULA_CELL = 0x2F, 0x1AE, 0x85, 0x809, 0x205, 0x6
SELF, ADD_IN = 0x0401, 0x3A01  # where references go that do not leave the file


def check_ole(path: Path) -> Gaps:
    """The gaps of an .xls; raises Faults for macros, a password, or references to other files (a locked .xlsx too)."""
    content, faults = _old_book(path)
    starts, sheet, gaps = {}, None, {}
    for place, kind, body in _records(content):
        if kind == FILEPASS:
            raise Faults([coded("sheets.password", name=path.name)])
        if kind == SUPBOOK and len(body) >= 4 and _number(body[2:4]) not in (SELF, ADD_IN):
            faults.append(coded("sheets.old_formula_outside", name=path.name))
        if kind == BOUNDSHEET and len(body) >= 6:
            starts[_number(body[:4])] = len(starts)
            if body[5] in (1, 6):  # a sheet of macros
                faults.append(coded("sheets.macros", name=path.name))
        if kind == BOF:  # charts within a sheet have one too
            sheet = starts.get(place, sheet)
        error = kind == BOOLERR and body[7:8] == b"\x01"
        if error or (kind == FORMULA_CELL and body[6:7] == b"\x02" and body[12:14] == b"\xff\xff"):
            gaps.setdefault(sheet, []).append((_number(body[:2]), _number(body[2:4])))
    if faults:
        raise Faults(one for place, one in enumerate(faults) if one not in faults[:place])
    return gaps


def _old_book(path: Path) -> tuple[bytes, list[Fault]]:
    """The stream of a workbook within a compound file, and what its other streams forbid."""
    import olefile

    try:
        with olefile.OleFileIO(path) as store:
            streams = {"/".join(parts) for parts in store.listdir()}
            book = next((one for one in ("Workbook", "Book") if one in streams), None)
            content = store.openstream(book).read() if book else b""
    except Exception:  # olefile raises many kinds of error for damaged files
        raise Faults([coded("sheets.damaged", name=path.name)]) from None
    if "EncryptedPackage" in streams:
        raise Faults([coded("sheets.password", name=path.name)])
    if not book:
        raise Faults([coded("sheets.not_a_workbook", name=path.name)])
    runs = any(re.search(r"_VBA_PROJECT|/VBA/|^Macros", stream) for stream in streams)
    return content, [coded("sheets.macros", name=path.name)] if runs else []


def _records(content: bytes):
    """(place, kind, body) of each record."""
    place = 0
    while place + 4 <= len(content):
        length = _number(content[place + 2 : place + 4])
        yield place, _number(content[place : place + 2]), content[place + 4 : place + 4 + length]
        place += 4 + length


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
