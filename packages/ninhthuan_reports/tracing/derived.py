"""How a numeral follows from the rows of a card's CSV: the simplest rule that makes it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, groupby, permutations
from pathlib import Path
from typing import NamedTuple

from figure_cards.cells import value_of
from ninhthuan.language import month

from ..publish.columns import column
from ..publish.sheets import read_frame

NUMERAL = re.compile(r"\d+(?:[.,/]\d+)*")
# Columns in which a numeral is looked for first; of those from `number` on nothing is worked out.
KINDS = ("score", "difference", "percent", "count", "places", "rank", "number", "year")
MEASURED = KINDS[: KINDS.index("number")]
FEW = 64  # rows of which each two may be compared
Cells = tuple[tuple[int, str], ...]


class Cell(NamedTuple):
    """A number of a CSV: its row, from 1, and its column."""

    row: int
    name: str
    value: float


@dataclass(frozen=True)
class Frame:
    """A card's CSV: all cells as text, its numbers in the order of KINDS, and its days."""

    texts: dict[str, list[str]]
    numbers: list[Cell]
    days: list[tuple[int, str, date]]


@lru_cache(maxsize=64)
def read(path: Path) -> Frame:
    """The CSV of a card, its columns of the types that its JSON declares."""
    texts = read_frame(path)
    types = {one["name"]: one["type"] for one in json.loads(path.with_suffix(".json").read_text("utf-8"))["columns"]}
    frame = Frame(texts, [], [])
    for name in sorted(texts, key=lambda name: (*KINDS, kind_of(name)).index(kind_of(name))):
        for row, text in enumerate(texts[name], 1):
            value = value_of(text, "", types.get(name, ""))
            if isinstance(value, int | float) and not isinstance(value, bool):
                frame.numbers.append(Cell(row, name, float(value)))
            elif isinstance(value, date):
                frame.days.append((row, name, value))
    return frame


@lru_cache(maxsize=512)
def kind_of(name: str) -> str:
    """Kind of a column (see `publish.columns`)."""
    return column(name, "en").kind


def number(text: str, language: str) -> Decimal | None:
    """A numeral as a language writes it; None where it is none, such as `6/61` or the name `5.2` in Vietnamese."""
    group, point = (".", ",") if language == "vi" else (",", ".")
    if not re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+(?:\{point}\d+)?|\d+(?:\{point}\d+)?", text):
        return None
    return Decimal(text.replace(group, "").replace(point, "."))


def shows(shown: Decimal, value: float) -> bool:
    """Whether a value is shown so, without its sign: to the nearest, and from the middle to either side."""
    return abs(abs(value) - float(shown)) <= 10.0 ** shown.as_tuple().exponent * 0.5000001


def derivation(numeral: str, text: str, path: Path, language: str, row: int | None = None) -> tuple[str, Cells]:
    """(rule, cells) that make a numeral of a text, the simplest; blank where none does.

    Of several rows those that share most numerals with the text. row: the one to look in, where it is known.
    """
    frame = read(path)
    numbers = [cell for cell in frame.numbers if row in (None, cell.row)]
    others = {value for one in NUMERAL.findall(text) if (value := number(one, language)) is not None}
    alike = Counter(cell.row for cell in numbers for other in others if shows(other, cell.value))
    for rule, found in _rules(numeral, frame, numbers, language, row):
        if found:
            most = max(alike[cells[0][0]] for cells in found)
            found = [cells for cells in found if alike[cells[0][0]] == most]
            names = [name for _, name in found[0]]
            return rule, tuple(cell for cells in found if [name for _, name in cells] == names for cell in cells)
    return "", ()


def _rules(numeral: str, frame: Frame, numbers: list[Cell], language: str, row: int | None) -> Iterator:
    """(rule, [cells that make the numeral by it]), the simplest rule first."""
    parts, value = numeral.split("/"), number(numeral, language)
    if len(parts) == 2 and all(map(str.isdecimal, parts)):
        first, second = ([cell for cell in numbers if cell.value == int(part)] for part in parts)
        yield "pair", [(a[:2], b[:2]) for a in first for b in second if a.row == b.row]
    yield "held", [((at, name),) for at, name, day in frame.days if row in (None, at) and numeral in _written(day)]
    if value is not None:
        yield "held", [(cell[:2],) for cell in numbers if abs(cell.value) == float(value)]
        yield "rounded", [(cell[:2],) for cell in numbers if shows(value, cell.value)]
    if len(numeral) > 2:
        spellings = {numeral, str(value)}
        texts = ((at, name, text) for name in frame.texts for at, text in enumerate(frame.texts[name], 1))
        yield "held", [((at, name),) for at, name, text in texts if spellings & set(NUMERAL.findall(text))]
    rows = len(next(iter(frame.texts.values()), []))
    if len(parts) == 2 and parts[1] == str(rows):
        yield "count", list(_counted(frame, int(parts[0])))
    if value is None:
        return
    if value == int(value):
        yield "count", list(_counted(frame, int(value)))
    measured = [cell for cell in numbers if kind_of(cell.name) in MEASURED]
    yield from _of_two(value, [list(one) for _, one in groupby(sorted(measured), key=lambda cell: cell.row)])
    by_name = {name: list(column_) for name, column_ in groupby(measured, key=lambda cell: cell.name)}
    yield from _of_parts(value, frame, by_name)
    yield from _of_two(value, [column_ for column_ in by_name.values() if len(column_) <= FEW])


def _written(day: date) -> set[str]:
    """Numerals that a day is written with in either language."""
    return {f"{day.day:02d}/{month(day.month)}/{day.year}", f"{day.month}/{day.year}", str(day.year), str(day.day)}


def _counted(frame: Frame, wanted: int) -> Iterator[Cells]:
    """Rows that are so many: all of them, those with something in a column, or those with one thing in it."""
    for name, texts in frame.texts.items():
        counts = {None: len(texts), "": sum(map(bool, texts))} | {t: n for t, n in Counter(texts).items() if t}
        for text in (text for text, count in counts.items() if count == wanted):
            yield tuple(
                (at, name) for at, one in enumerate(texts, 1) if text is None or one == text or (one and not text)
            )


def _of_two(value: Decimal, groups: Iterable[list[Cell]]) -> Iterator:
    """Differences, and shares in percent, of two numbers of one kind in a row, or of a column."""
    pairs = [(a, b) for group in groups for a, b in combinations(group, 2) if _ranks(a) == _ranks(b)]
    yield "difference", [(a[:2], b[:2]) for a, b in pairs if shows(value, a.value - b.value)]
    both = [(a, b) for pair in pairs for a, b in permutations(pair) if b.value and value != 100]
    yield "share", [(a[:2], b[:2]) for a, b in both if shows(value, 100 * a.value / b.value)]
    yield "change", [(a[:2], b[:2]) for a, b in both if shows(value, 100 * (a.value - b.value) / b.value)]


def _ranks(cell: Cell) -> bool:
    return kind_of(cell.name) in ("rank", "places")


def _of_parts(value: Decimal, frame: Frame, by_name: dict[str, list[Cell]]) -> Iterator:
    """Sums of a column over all rows or those with one thing in another column, and shares of these in percent."""
    everything = [("", range(1, 1 + len(next(iter(frame.texts.values()), []))))]
    parts = [
        (t, [at for at, one in enumerate(texts, 1) if one == t]) for texts in frame.texts.values() for t in set(texts)
    ]
    sums, shares = [], []
    for cells in by_name.values():
        for _, rows in [*everything, *(parts if len(parts) <= 4 * FEW else [])]:
            some = [cell for cell in cells if cell.row in rows]
            total = sum(cell.value for cell in some)
            if len(some) > 1 and shows(value, total):
                sums.append(tuple(cell[:2] for cell in some))
            shares += [
                (cell[:2],) for cell in some if len(some) > 1 and total and shows(value, 100 * cell.value / total)
            ]
    yield "sum", sums
    yield "part", shares
