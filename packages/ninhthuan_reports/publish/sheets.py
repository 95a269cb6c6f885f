"""A card as a sheet of a workbook: its name, its frame as text by column, and the names of its codes beside them."""

from __future__ import annotations

import csv
import itertools
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.indicators import load_index
from ninhthuan.language import pick
from ninhthuan.words import messages, phrase

from ..wording import index_name
from .columns import LABEL, NAMED, Column, code_name, column
from .contents import Card, Contents

SHOWN = ("figure", "table")
# Columns of the sheet of all provinces, in their order, with the types of their cells.
SCORES = {
    "index_id": "text",
    "edition_year": "integer",
    "province": "text",
    "region": "text",
    "score": "number",
    "unit": "text",
    "rank_published": "integer",
    "rank_derived": "integer",
    "n_ranked": "integer",
    "group_derived": "text",
    "basis": "text",
    "published_on": "date",
    "province_code": "text",
    "source_id": "text",
}


@dataclass(frozen=True)
class Sheet:
    """A card with its place in the workbook and its frame, column by column, as text."""

    number: int
    name: str
    card: Card
    question: str
    frame: dict[str, list[str]]
    columns: list[Column]


def sheet_names(cards: list[Card], taken: tuple[str, ...], language: str) -> list[str]:
    """`04 Diễn biến PAPI`: number and what the card shows, and the index where several have the card.

    At most 31 characters, no sign that Excel forbids, none twice whatever the case.
    """
    names: list[str] = []
    for number, card in enumerate(cards, 1):
        notebooks = [other.notebook.split("_") for other in cards if other.name == card.name]
        shared = sum(1 for _ in itertools.takewhile(lambda parts: len(set(parts)) == 1, zip(*notebooks, strict=False)))
        tail = "_".join(card.notebook.split("_")[shared:])
        tail = index_name(tail) if tail in catalogue().indices else tail
        shown = phrase(f"sheet.{card.name}", language) if f"sheet.{card.name}" in messages() else card.name
        plain = re.sub(r"[^\w .,-]", "", f"{number:02d} {shown} {tail}")
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


def in_words(frame: dict[str, list[str]], language: str, boundary: str) -> dict[str, list[str]]:
    """The frame with its codes in words in their place, where they mean something, and the codes after the last column.

    A frame that has the words already (`province` beside `province_code`) keeps both where they are.
    """
    words, codes = {}, {}
    for name, texts in frame.items():
        meanings = {text: code_name(name, text, language, boundary) if text else "" for text in set(texts)}
        words_name = NAMED.get(name, f"{name}{LABEL}")
        if words_name in frame or not any(meanings.values()) or column(name, language).kind != "code":
            words[name] = texts
        else:
            words[words_name] = [meanings[text] or text for text in texts]
            codes[name] = texts
    return words | codes


def sheets_of(contents: Contents) -> list[Sheet]:
    """A sheet for each figure and table of a report, in its order, and one of all provinces in all editions."""
    language = contents.language
    shown = [(section.question, card) for section in contents.sections for card in section.cards if card.kind in SHOWN]
    frames = [read_frame(card.path("csv")) for _, card in shown]
    if scores := every_score(contents):
        shown.append(("", Card(_about_scores(contents, scores), contents.folder)))
        frames.append(scores)
    taken = (phrase("workbook.index", language), phrase("workbook.sources", language), phrase("workbook.key", language))
    names = sheet_names([card for _, card in shown], taken, language)
    sheets = []
    for number, ((question, card), name, csv_frame) in enumerate(zip(shown, names, frames, strict=True), 1):
        frame = in_words(csv_frame, language, contents.request.boundary)
        columns = [column(key, language, card.name, frame) for key in frame]
        columns = [_coded(field, language) if f"{field.name}{LABEL}" in frame else field for field in columns]
        sheets.append(Sheet(number, name, card, question, frame, columns))
    return sheets


def _coded(field: Column, language: str) -> Column:
    return replace(field, label=phrase("workbook.code", language, label=field.label))


def every_score(contents: Contents) -> dict[str, list[str]]:
    """Totals of the five indices: every province, every edition that the report knows, as text; empty without any."""
    request = contents.request
    known = {"as_of": request.as_of, "boundary": request.boundary, "sources": "strict"}
    frames = [load_index(index_id, **known).query("level == 'total'") for index_id in catalogue().indices]
    frames = [frame.astype(object).sort_values(["edition_year", "province_code"]) for frame in frames]
    totals = pd.concat(frames, ignore_index=True)
    totals = totals[totals["score"].notna() | totals["rank_published"].notna()]
    places = catalogue().provinces
    regions = [places[(request.boundary, code)] for code in totals["province_code"]]
    totals = totals.assign(region=[pick(place.region, place.region_en, contents.language) for place in regions])
    texts = totals[list(SCORES)].where(totals.notna(), "").map(str)
    return {name: texts[name].tolist() for name in texts} if len(texts) else {}


def _about_scores(contents: Contents, scores: dict[str, list[str]]) -> dict:
    """What the sheet of all provinces says of itself, as a card would."""
    language, indices = contents.language, catalogue().indices
    used = [indices[index_id] for index_id in indices if index_id in scores["index_id"]]
    return {
        "card": "all_provinces",
        "notebook": "",
        "kind": "table",
        "title": phrase("workbook.all_title", language),
        "subtitle": contents.scope,
        "note": phrase("workbook.all_note", language),
        "source": "; ".join(
            f"{index.publisher_on(contents.request.as_of, language)} ({index.abbreviation})" for index in used
        ),
        "columns": [{"name": name, "type": kind} for name, kind in SCORES.items()],
        "files": {},
    }


def count_rows(sheet: Sheet) -> int:
    """Rows of its frame."""
    return len(next(iter(sheet.frame.values()), []))
