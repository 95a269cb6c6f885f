"""What a document says, block by block, read back from its file: Word, slides, workbook, page, PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lxml import etree, html

# What stands on lines of its own in a page.
LINES = ("p", "li", "tr", "title", "summary", "h1", "h2", "h3", "h4", "div", "pre", "dt", "dd", "caption")
CELLS = ("td", "th")
Parts = Iterator[tuple[str, str, Iterator[str]]]


@dataclass(frozen=True)
class Block:
    """A paragraph, a row of a table (its cells parted by tabs), a description, or a line of a PDF.

    kind: `text`, `header`, `slide`, `notes`, `sheet`, `page`; part: number of the slide or page, name of the sheet,
    blank of what has no parts; number: place of the block in it, from 1.
    """

    kind: str
    part: str
    number: int
    text: str


class NoReader(ValueError):
    """A file of a kind that is not read, or a PDF where there is no pdftotext."""


def read_texts(path: Path) -> list[Block]:
    """Blocks of a file in reading order. Raises NoReader, and ValueError for a file that is not what its name says."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise NoReader(path.name)
    try:
        parts = [(kind, part, [text for text in texts if text.strip()]) for kind, part, texts in reader(path)]
    except (zipfile.BadZipFile, KeyError, etree.LxmlError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return [Block(kind, part, number, text) for kind, part, texts in parts for number, text in enumerate(texts, 1)]


def _name(element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _office(tree) -> Iterator[str]:
    """Paragraphs and rows of WordprocessingML and DrawingML, and descriptions; what a field shows, not what it asks."""
    for element in tree.iter():
        name = _name(element)
        if name == "tr":
            yield "\t".join(_described(cell) for cell in element if _name(cell) == "tc")
        elif name == "p" and not any(_name(above) == "tr" for above in element.iterancestors()):
            yield _described(element)
        elif name in ("tblCaption", "tblDescription"):
            yield next(iter(element.values()), "")
        yield element.get("descr", "")


def _described(element) -> str:
    return "".join(
        (part.text or "") if _name(part) == "t" else " " for part in element.iter() if _name(part) in ("t", "p", "br")
    ).strip()


def _numbered(names: list[str], folder: str) -> list[str]:
    found = [name for name in names if re.fullmatch(rf"{folder}\d*\.xml", name)]
    return sorted(found, key=lambda name: int(re.sub(r"\D", "", PurePosixPath(name).stem) or 0))


def _word(path: Path) -> Parts:
    with zipfile.ZipFile(path) as package:
        yield "text", "", _office(etree.fromstring(package.read("word/document.xml")))
        for name in _numbered(package.namelist(), "word/(?:header|footer)"):
            yield "header", "", _office(etree.fromstring(package.read(name)))


def _slides(path: Path) -> Parts:
    with zipfile.ZipFile(path) as package:
        for kind, folder in (("slide", "ppt/slides/slide"), ("notes", "ppt/notesSlides/notesSlide")):
            for place, name in enumerate(_numbered(package.namelist(), folder), 1):
                yield kind, str(place), _office(etree.fromstring(package.read(name)))


def _workbook(path: Path) -> Parts:
    """Rows of each sheet; a number as the digits that its cell holds, whatever of them is shown."""
    with zipfile.ZipFile(path) as package:
        shared = [_described(entry) for entry in etree.fromstring(package.read("xl/sharedStrings.xml"))]
        sheets = [sheet.get("name") for sheet in etree.fromstring(package.read("xl/workbook.xml")).iter("{*}sheet")]
        for place, name in enumerate(sheets, 1):
            tree = etree.fromstring(package.read(f"xl/worksheets/sheet{place}.xml"))
            yield "sheet", name, ("\t".join(_cell(cell, shared) for cell in row) for row in tree.iter("{*}row"))


def _cell(cell, shared: list[str]) -> str:
    value = cell.findtext("{*}v") or ""
    return shared[int(value)] if cell.get("t") == "s" else value or _described(cell)


def _page(path: Path) -> Parts:
    yield "text", "", lines_of(path.read_text("utf-8"))


def lines_of(page: str) -> Iterator[str]:
    """Lines of HTML, rows of its tables and descriptions of its pictures; nothing of an empty text."""
    if not page.strip():
        return
    tree = html.fromstring(page)
    etree.strip_elements(tree, "style", "script", with_tail=False)
    for element in tree.iter(*LINES, "img"):
        yield element.get("alt", "")
        if element.tag == "tr":
            yield "\t".join(" ".join(cell.itertext()) for cell in element.iter(*CELLS))
        elif element.tag != "img":
            yield "".join(_own(element))


def _own(element) -> Iterator[str]:
    """Text of a line without that of the lines within it."""
    yield element.text or ""
    for child in element:
        if child.tag not in LINES and isinstance(child.tag, str):
            yield from _own(child)
        yield child.tail or ""


def _pdf(path: Path) -> Parts:
    """Lines of each page in the order in which they were written."""
    if not (program := shutil.which("pdftotext")):
        raise NoReader("pdftotext")
    done = subprocess.run([program, "-raw", path, "-"], capture_output=True, timeout=120)
    if done.returncode:
        raise ValueError(f"{path.name}: {done.stderr.decode('utf-8', 'replace').strip()[:200]}")
    for place, page in enumerate(done.stdout.decode("utf-8").split("\f"), 1):
        yield "page", str(place), iter(page.splitlines())


_READERS = {
    ".docx": _word,
    ".pptx": _slides,
    ".xlsx": _workbook,
    ".html": _page,
    ".htm": _page,
    ".pdf": _pdf,
}
