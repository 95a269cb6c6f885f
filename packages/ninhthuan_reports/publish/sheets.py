"""A card as a sheet of a workbook: its name, its frame as text by column, and the names of its codes beside them."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from ninhthuan.words import phrase

from .columns import NAMED, Column, code_name, column
from .contents import Card, Contents

SHOWN = ("figure", "table")


@dataclass(frozen=True)
class Sheet:
    """A card with its place in the workbook and its frame, column by column, as text."""

    number: int
    name: str
    card: Card
    question: str
    frame: dict[str, list[str]]
    columns: list[Column]


def sheet_names(cards: list[Card], taken: tuple[str, ...] = ()) -> list[str]:
    """`04 index_course papi`: number and card, and what tells its notebook where several have the card.

    At most 31 characters, no sign that Excel forbids, none twice whatever the case.
    """
    names: list[str] = []
    for number, card in enumerate(cards, 1):
        notebooks = [other.notebook.split("_") for other in cards if other.name == card.name]
        shared = sum(1 for _ in itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*notebooks, strict=False)))
        tail = "_".join(card.notebook.split("_")[shared:])
        plain = re.sub(r"[^\w .-]", "", f"{number:02d} {card.name} {tail}", flags=re.ASCII)
        name = plain[:31].strip()
        used = {other.lower() for other in (*taken, *names)}
        place = 2
        while name.lower() in used:
            name = f"{plain[:27].strip()}-{place}"
            place += 1
        names.append(name)
    return names


def read_frame(path: Path) -> dict[str, list[str]]:
    """The CSV of a card: cells as text by column."""
    with open(path, encoding="utf-8", newline="") as handle:
        head, *rows = csv.reader(handle)
    return {name: [row[place] for row in rows] for place, name in enumerate(head)}


def with_names(frame: dict[str, list[str]], language: str) -> dict[str, list[str]]:
    """The frame with the names of its codes beside them, where readers need them in words."""
    named = {}
    for name, codes in frame.items():
        named[name] = codes
        if name in NAMED and NAMED[name] not in frame:
            named[NAMED[name]] = [code_name(name, code, language) if code else "" for code in codes]
    return named


def sheets_of(contents: Contents) -> list[Sheet]:
    """A sheet for each figure and table of a report, in its order."""
    language = contents.language
    shown = [(section, card) for section in contents.sections for card in section.cards if card.kind in SHOWN]
    taken = (phrase("workbook.index", language), phrase("workbook.sources", language), phrase("workbook.key", language))
    names = sheet_names([card for _, card in shown], taken)
    sheets = []
    for number, ((section, card), name) in enumerate(zip(shown, names, strict=True), 1):
        frame = with_names(read_frame(card.path("csv")), language)
        columns = [column(key, language, card.name, frame) for key in frame]
        sheets.append(Sheet(number, name, card, section.question, frame, columns))
    return sheets


def count_rows(sheet: Sheet) -> int:
    """Rows of its frame."""
    return len(next(iter(sheet.frame.values()), []))
