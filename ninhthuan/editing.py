"""For editors of the words: faults of the CSV files, a row found by a piece of it, the card that it stands on."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from .language import unaccented
from .words import folder, phrase

VIETNAMESE = re.compile("[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# Names that keep their letters in English.
NAMES = re.compile("Ninh Thuận|Khánh Hòa|Hà Nội|Thừa Thiên|Huế|như in")


@dataclass(frozen=True)
class Row:
    """A row of messages: where it stands, its key, both texts, and the values that they take.

    values: names that both texts have; `vi:name` and `en:name` stand in one language alone.
    """

    file: str
    line: int
    key: str
    vi: str
    en: str
    values: str

    def expected(self, language: str) -> set[str]:
        given = (name.rpartition(":") for name in self.values.split())
        return {name for only, _, name in given if only in ("", language)}


def message_rows() -> Iterator[Row]:
    """All messages in the order of their files."""
    for path in sorted((folder() / "messages").glob("*.csv")):
        with open(path, encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            for row in reader:
                yield Row(f"messages/{path.name}", reader.line_num, row["key"], row["vi"], row["en"], row["values"])


def names_in(text: str) -> set[str]:
    """Names in braces. Raises ValueError where a brace is not closed."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def faults() -> list[tuple[str, str]]:
    """What is wrong with the messages, in both languages: one text for each fault."""
    with open(folder() / "forbidden.csv", encoding="utf-8", newline="") as handle:
        forbidden = list(csv.DictReader(handle))
    found, seen = [], {}
    for row in message_rows():
        place = {"file": row.file, "line": row.line, "key": row.key}
        if row.key in seen:
            found.append(("words.key_twice", place | {"other": seen[row.key]}))
        seen[row.key] = row.line
        for language, text in (("vi", row.vi), ("en", row.en)):
            place["language"] = language
            if not text and (row.vi or row.en) and not row.key.endswith("_only_vi"):
                found.append(("words.blank", dict(place)))
            try:
                unlike = names_in(text) ^ row.expected(language)
            except ValueError:
                found.append(("words.brace", dict(place)))
                continue
            if unlike:
                found.append(("words.names", place | {"names": ", ".join(sorted(unlike))}))
            for entry in forbidden:
                if entry["language"] == language and entry["word"] in text.lower():
                    found.append(("words.forbidden", place | {"word": entry["word"], "better": entry["better"]}))
        if VIETNAMESE.search(NAMES.sub("", re.sub(r"\{[^}]*\}", "", row.en))) and row.en != row.vi:
            found.append(("words.vietnamese", dict(place)))
    return [(phrase(key, "vi", **values), phrase(key, "en", **values)) for key, values in found]


def found(piece: str) -> list[Row]:
    """Rows whose key or text holds a piece; capitals and diacritics do not matter."""
    wanted = unaccented(piece)
    return [row for row in message_rows() if any(wanted in unaccented(text) for text in (row.key, row.vi, row.en))]


def on_cards(row: Row, reports: Path) -> Iterator[tuple[Path, str, str]]:
    """Where a text stands in the reports that are there: the card's file, the field, and the whole field."""
    for path in sorted(reports.glob("*/*/*/*/*.json")):
        language = path.parts[-3]
        text = row.vi if language == "vi" else row.en
        parts = [
            re.escape(literal) + (".+?" if name is not None else "") for literal, name, *_ in Formatter().parse(text)
        ]
        pattern = re.compile("".join(parts).strip(), re.IGNORECASE)
        for field, value in json.loads(path.read_text(encoding="utf-8")).items():
            if isinstance(value, str) and field in ("title", "subtitle", "note", "alt") and pattern.search(value):
                yield path, field, value
