"""Where a numeral of a document comes from: the card that says it, rows of its CSV, the rule between them, the sources.

A numeral is ours only within a text that the report made: the words of a card, a row of its table or of its CSV, or a
form that is written here (see `_forms`). So one changed digit leaves a text that nobody wrote.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from figure_cards.texts import Block, lines_of, read_texts
from ninhthuan.catalogue import catalogue
from ninhthuan.language import quarter_name
from ninhthuan.words import phrase

from ..editing import all_rows
from ..publish.contents import Card, Contents, chosen, quarter_in_full, read_contents, sentences_of
from ..publish.page_cards import data_table
from ..publish.page_opening import file_size, key_numbers
from ..publish.sheets import count_rows, sheets_of
from ..publish.workbook import write_workbook
from ..runs import plan
from ..wording import sentence
from . import derived
from .derived import NUMERAL

UNSEEN = re.compile(r"[\s\u00ad\u200b\u2060\ufeff<>]+")
# A shorter text is ours only where it is all that stands in its place.
SHORT = 12


@dataclass(frozen=True)
class Piece:
    """A text that the report made: its card, or none of a form; where it stands there, and the row of its CSV if one.

    head: letters at its beginning that only number it; anywhere: ours also within another text, however short it is.

    where: `title`, `subtitle`, `note`, `source`, `alt`, `sentence`, `table`, `csv`, `key_number`, or the form:
    `report`, `numbering`, `size`, `words`.
    """

    text: str
    where: str
    card: Card | None = None
    row: int | None = None
    head: int = 0
    anywhere: bool = False


@dataclass(frozen=True)
class Passport:
    """A numeral of a document, and the text of the report that it stands in; None where the report did not make it."""

    block: Block
    start: int
    numeral: str
    piece: Piece | None
    language: str

    @cached_property
    def worked_out(self) -> tuple[str, tuple[tuple[int, str], ...]]:
        """(rule, cells): how it follows from some (row, column) of its card's CSV, rows from 1.

        Rules: `held`, `rounded` (without the sign), `pair` (two cells of a row), `count`, `difference`, `share` (one in
        percent of another), `change` (in percent), `sum`, `part` (in percent of a sum); `name` (number of a component);
        without cells `claim` (worked out by the card, and held by a test of its own), `name` or `form`.
        """
        piece = self.piece
        if piece is None or piece.card is None or piece.where in ("numbering", "words"):
            return "form", ()
        if not piece.card.path("csv"):
            return "held" if piece.row else "name", ()
        path, after = piece.card.path("csv"), self.block.text[self.start + len(self.numeral) :]
        first = re.match(r"\. [^\W\d_]", after) and re.search(r"(^|[\t\n]|, )$", self.block.text[: self.start])
        if re.fullmatch(r"\d\.\d", self.numeral) or first:
            # the number of a component, as it stands before its name
            name = re.compile(rf"_d?{self.numeral.replace('.', '_')}$")
            ids = enumerate(derived.read(path).texts.get("component_id", ()), 1)
            cells = tuple((row, "component_id") for row, part in ids if name.search(part))
            if cells or first:
                return "name", cells
        in_csv = piece.where == "csv"
        # a workbook's numbers are written with a point
        language = "en" if in_csv and piece.row else self.language
        rule, cells = derived.derivation(self.numeral, piece.text, path, language, piece.row if in_csv else None)
        return rule or ("claim" if piece.where in ("title", "sentence", "alt", "table") else "name"), cells

    @property
    def sources(self) -> list[str]:
        """Identities of the sources of its rows; of the whole card where no row is known."""
        piece, (_, cells) = self.piece, self.worked_out
        if piece is None or piece.card is None:
            return []
        if piece.row and not piece.card.path("csv"):
            # of all provinces: a row says its source itself
            return [one for one in self.block.text.split("\t")[-1].split() if one in catalogue().sources]
        frame = derived.read(piece.card.path("csv")).texts if cells else {}
        found = (frame[name][row - 1].split() for name in frame if name.endswith("source_id") for row, _ in cells)
        known = [one for ids in found for one in ids if one in catalogue().sources]
        return list(dict.fromkeys(known)) or piece.card.record.get("source_ids", [])


NUMBERING = Piece("", "numbering")


class NoReport(ValueError):
    """A folder that holds no report which could be asked for today."""


def passports(path: Path, folder: Path | None = None) -> Iterator[Passport]:
    """Every numeral of a document, in reading order. folder: its report, where it does not stand in it.

    Raises NoReport, and what `texts.read_texts` raises.
    """
    folder = folder or next(
        (above for above in Path(os.path.realpath(path)).parents if (above / "run.json").is_file()), None
    )
    known = plan.declared()
    request, jobs = plan.request_of(folder, known) if folder else (None, [])
    if request is None:
        raise NoReport(str(folder or path.parent))
    contents = read_contents(folder, request, jobs)
    pieces: dict[str, Piece] = {}
    workbook = _of_workbook(contents) if path.suffix.lower() == ".xlsx" else ()
    for piece in [*workbook, *_of_cards(contents), *_forms(contents, list(known.documents.outline))]:
        if (text := _compact(piece.text)) and NUMERAL.search(text):
            pieces.setdefault(text, piece)
    for blocks in _units(path, read_texts(path)):
        yield from _of_unit(blocks, pieces, contents.language)


def same(numeral: str, wanted: str, language: str) -> bool:
    """Whether a numeral of a document is the one asked for: the same text, or in a workbook the same shown so."""
    if numeral == wanted:
        return True
    value, number = derived.number(wanted, language), derived.number(numeral, "en")
    decimals = -value.as_tuple().exponent if value is not None else 0
    return None not in (value, number) and "." in numeral and decimals in (1, 2) and derived.shows(value, float(number))


# ---------------------------------------------------------------------------------------------- what the report made


def _of_cards(contents: Contents) -> Iterator[Piece]:
    language = contents.language
    for number in key_numbers(contents):
        yield Piece(f"{number.value}{number.unit}{number.name},{number.period}", "key_number", number.card)
    for card in contents.cards:
        record = card.record
        for key in ("title", "subtitle", "note", "source", "alt"):
            yield Piece(record.get(key) or "", key, card)
        # a slide explains a mark by the one sentence of the note
        for text in re.split(r"(?<=\.) (?=\S)", record.get("note") or ""):
            yield Piece(text, "note", card)
        for text in record.get("numbers", ()):
            yield Piece(text.removesuffix("."), "sentence", card)
        for text in record.get("publishers", ()):
            yield Piece(text, "source", card)
        for _, lines in record.get("sections", ()):
            for line in lines:
                yield Piece(line, "sentence", card)
        table = record.get("table", {"columns": [], "rows": []})
        for place, row in enumerate([table["columns"], *table["rows"]]):
            yield Piece("".join(map(str, row)), "table", card, place or None)
        for line in lines_of(data_table(card, language)) if card.kind == "figure" else ():
            yield Piece(line, "csv", card)


def _of_workbook(contents: Contents) -> Iterator[Piece]:
    """The workbook as it is written: rows of the cards' sheets with the rows of their CSV, and all that is around."""
    with TemporaryDirectory() as aside:
        blocks = read_texts(write_workbook(contents, Path(aside) / "data.xlsx"))
    sheets, names = {sheet.name: sheet for sheet in sheets_of(contents)}, {}
    for block in blocks:
        sheet = sheets.get(block.part)
        if sheet is None:
            # a line of the list of sheets, else of sources or symbols
            listed = next((sheets[cell] for cell in block.text.split("\t") if cell in sheets), None)
            yield Piece(block.text, *(("title", listed.card) if listed else ("words",)))
        elif block.text == "\t".join(sheet.frame):
            names[block.part] = block.number
        else:
            row = block.number - 1 - names.get(block.part, block.number)
            yield Piece(block.text, "csv", sheet.card, row if 0 < row <= count_rows(sheet) else None)


def _forms(contents: Contents, outline: list[dict]) -> Iterator[Piece]:
    """Texts of no card: name and day of the report, numbers of figures and sections, sizes of files, fixed words."""
    language, quarter = contents.language, contents.request.quarter
    yield from (Piece(text, "report", anywhere=True) for text in (contents.title, contents.scope))
    for name in (
        named(each, language) for named in (quarter_name, quarter_in_full) for each in (quarter, quarter.next)
    ):
        yield from (Piece(text, "report", anywhere=True) for text in (name, name.upper(), sentence(name)))
    counts = {"figure": 0, "table": 0}
    for sections in chosen(contents, outline):
        for place, (head, cards) in enumerate(sections, 1):
            yield Piece(f"{place}. {head}", "numbering")
            names = {}
            for card in cards:
                counts[card.kind] += 1
                word = phrase("briefing.figure" if card.kind == "figure" else "briefing.table", language)
                names[card.identity] = name = f"{word} {counts[card.kind]}"
                yield Piece(f"{name}. {card.title}", "title", card, head=len(_compact(name)))
            for those in (cards, *(shown for _, shown in sentences_of(cards))):
                *others, last = [names[card.identity] for card in those]
                listed = phrase("briefing.and", language).join(filter(None, (", ".join(others), last)))
                yield Piece(f"{phrase('briefing.see', language)} {listed}.", "numbering")
                yield Piece(f"({listed})", "numbering", anywhere=True)
    heads = [phrase(f"briefing.head.{name}", language) for name in ("strengths", "shortcomings")]
    yield from (Piece(f"{place}. {head}", "numbering") for place, head in enumerate(heads, 1))
    for total in {len(card.record["table"]["rows"]) for card in contents.cards if "table" in card.record}:
        for shown in range(1, total):
            yield Piece(phrase("slides.more_rows", language, shown=shown, count=total - shown), "numbering")
    for path in contents.folder.glob("*.*"):
        yield Piece(f"({file_size(path, language)})", "size", anywhere=True)
    for row in all_rows():
        for part in re.split(r"\{.*?\}", row.vi if language == "vi" else row.en):
            yield from (Piece(cell, "words") for cell in part.split("|"))


# ---------------------------------------------------------------------------------------------------- what is read


def _compact(text: str) -> str:
    return UNSEEN.sub("", text).rstrip(".")


def _units(path: Path, blocks: list[Block]) -> Iterator[list[Block]]:
    """Blocks that are read each by itself; the lines of a PDF all together, but for the numbers of its pages."""
    if path.suffix.lower() != ".pdf":
        yield from ([block] for block in blocks)
        return
    numbers = [block for block in blocks if _is_place(block)]
    yield from ([block] for block in numbers)
    yield [block for block in blocks if block not in numbers]


def _is_place(block: Block) -> bool:
    """Whether a block is the number of its page or slide."""
    number = block.text.strip()
    return number == block.part if block.kind in ("page", "slide") else block.kind == "header" and number.isdigit()


def _of_unit(blocks: list[Block], pieces: dict[str, Piece], language: str) -> Iterator[Passport]:
    edges, stream, found = {0}, "", []
    for block in blocks:
        for match in NUMERAL.finditer(block.text):
            found.append((len(stream) + len(UNSEEN.sub("", block.text[: match.start()])), match, block))
        stream += UNSEEN.sub("", block.text)
        edges.add(len(stream))
    pieces_at = _covered(stream, edges, pieces) if found else {}
    for offset, match, block in found:
        piece = pieces_at.get(offset)
        if piece is None and _is_place(block):
            piece = NUMBERING
        yield Passport(block, match.start(), match[0], piece, language)


def _covered(stream: str, edges: set[int], pieces: dict[str, Piece]) -> dict[int, Piece]:
    """Each place of a text with the longest piece of the report that stands there."""
    whole = stream.rstrip(".")
    pieces_at: dict[int, Piece] = {}
    for text in [whole] if whole in pieces else _longest_first(tuple(pieces)):
        at = stream.find(text)
        while at >= 0:
            end, piece = at + len(text), pieces[text]
            first = at in edges or not (text[0].isdigit() and re.search(r"\d[.,/]?$", stream[max(at - 2, 0) : at]))
            last = end in edges or not (text[-1].isdigit() and re.match(r"[.,/]?\d", stream[end : end + 2]))
            alone = at in edges and (end in edges or end + 1 in edges)
            if first and last and (alone or len(text) >= SHORT or piece.anywhere):
                for place in range(at, end):
                    pieces_at.setdefault(place, piece if place - at >= piece.head else NUMBERING)
            at = stream.find(text, at + 1)
    return pieces_at


@lru_cache(maxsize=1)
def _longest_first(texts: tuple[str, ...]) -> list[str]:
    return sorted(texts, key=len, reverse=True)
