"""Where the provinces of a sheet stand, what its headings mean, and what its cells hold.

Publishers lay the same figures out in many ways: a province a row, a province a column, or a pair of columns (province,
value) for each component. What is known of headings is rows of `layouts.csv`; here is how to look.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ninhthuan.catalogue import catalogue
from ninhthuan.language import unaccented

from .sheets import Sheet, cell_name

ROWS, COLUMNS, PAIRS = "province_rows", "province_columns", "pairs"


@dataclass(frozen=True)
class Fact:
    """A row of `layouts.csv`: what a heading that fits the pattern is, in the editions first to last."""

    index_id: str
    role: str
    component: str
    first_edition: int
    last_edition: int
    number: int
    tolerance: float
    pattern: re.Pattern


@cache
def facts(index_id: str, role: str = "") -> tuple[Fact, ...]:
    """Rows of `layouts.csv` of an index, all or those of a role, in the order in which they are tried."""
    with open(Path(__file__).with_name("layouts.csv"), encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["index_id"] == index_id]
    return tuple(
        Fact(
            index_id,
            row["role"],
            row["component"],
            int(row["first_edition"] or 0),
            int(row["last_edition"] or 9999),
            int(row["number"] or 0),
            float(row["tolerance"] or 0),
            re.compile(row["pattern"]),
        )
        for row in rows
        if role in ("", row["role"])
    )


def facts_of(index_id: str, role: str, year: int) -> list[Fact]:
    """Those rows of a role that hold in an edition."""
    return [fact for fact in facts(index_id, role) if fact.first_edition <= year <= fact.last_edition]


def folded(text: object) -> str:
    """A heading as patterns see it: lower case, no diacritics, single blanks."""
    return " ".join(unaccented(text).split()) if isinstance(text, str) else ""


def meaning(index_id: str, texts: list[str], year: int = 0) -> tuple[Fact, re.Match] | None:
    """The first row of `layouts.csv` that one of the texts of a heading fits; rows without a pattern fit nothing."""
    for fact in facts(index_id):
        if not fact.pattern.pattern or (year and not fact.first_edition <= year <= fact.last_edition):
            continue
        for text in texts:
            if found := fact.pattern.search(text):
                return fact, found
    return None


def is_word(index_id: str, role: str, value: object) -> bool:
    """Whether a cell says one of the words of a role: `missing`, `national`, `code` and so on."""
    text = folded(value)
    return bool(text) and any(fact.pattern.search(text) for fact in facts(index_id, role))


def is_missing(index_id: str, value: object) -> bool:
    """Blank, 0, and the words that stand for no figure."""
    blank = value is None or (isinstance(value, str) and not value.strip())
    return blank or value == 0 or is_word(index_id, "missing", value)


@dataclass(frozen=True)
class Line:
    """A row or column of a sheet that provinces stand in.

    layout: ROWS (they stand in column `at`) or COLUMNS (in row `at`). codes: place along the line to province code.
    """

    sheet: Sheet
    layout: str
    at: int
    boundary: str
    codes: dict[int, str]

    @property
    def first(self) -> int:
        return min(self.codes)

    def cell(self, item: int, place: int) -> tuple[int, int]:
        """Row and column of what stands at an item (a component's column or row) for a place on the line."""
        return (place, item) if self.layout == ROWS else (item, place)

    def value(self, item: int, place: int):
        return cell_value(self.sheet, *self.cell(item, place))

    def items(self) -> list[int]:
        """Every other row or column, in order."""
        if self.layout == COLUMNS:
            return list(range(self.at + 1, len(self.sheet.rows)))
        return [item for item in range(max(map(len, self.sheet.rows))) if item != self.at]

    def heading(self, item: int) -> list[str]:
        """Texts that stand before the first province in an item's row or column, as patterns see them."""
        cells = [self.value(item, place) for place in range(self.first)]
        return [text for text in map(folded, cells) if text]

    def heading_cell(self, item: int) -> str:
        """Name of the cell of an item's heading."""
        places = [place for place in range(self.first) if folded(self.value(item, place))]
        return cell_name(*self.cell(item, places[0] if places else 0))


def number_meant(value: object) -> float | None:
    """The number that a cell holds, or that a text such as '6,1' was meant to be; None where it is neither."""
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(-?\d+)[.,](\d+)\s*", value)):
        return float(f"{found[1]}.{found[2]}")
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else None


def cell_value(sheet: Sheet, row: int, column: int):
    """What stands in a cell; None outside of the sheet."""
    if row >= len(sheet.rows) or column >= len(sheet.rows[row]):
        return None
    return sheet.rows[row][column]


def list_of_provinces(sheet: Sheet, year: int) -> str:
    """Which list of provinces a sheet is over: the 34 units only from 2025 on, and only where no more stand in it."""
    if year < 2025:
        return "pre_2025"
    before = max((len(set(line.codes.values())) for line in lines_of(sheet, "pre_2025")), default=0)
    return "pre_2025" if before > 34 else "post_2025"


def best_line(sheet: Sheet, boundary: str) -> Line | None:
    """The row or column with the most provinces, or None where no two stand in one."""
    lines = [line for line in lines_of(sheet, boundary) if len(line.codes) > 1]
    return max(lines, key=lambda line: (len(set(line.codes.values())), line.layout == ROWS, -line.at), default=None)


def lines_of(sheet: Sheet, boundary: str) -> Iterator[Line]:
    """Every row and every column that a province stands in."""
    by_row: dict[int, dict[int, str]] = {}
    by_column: dict[int, dict[int, str]] = {}
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) < 40:
                province = province_in(cell, boundary)
                if province:
                    by_row.setdefault(row, {})[column] = province
                    by_column.setdefault(column, {})[row] = province
    for row, codes in by_row.items():
        yield Line(sheet, COLUMNS, row, boundary, codes)
    for column, codes in by_column.items():
        yield Line(sheet, ROWS, column, boundary, codes)


@cache
def province_in(text: str, boundary: str) -> str | None:
    """The code of the province that a cell names, or None; a bare number names none."""
    if not any(char.isalpha() for char in text):
        return None
    province = catalogue().province_spelt(text, boundary)
    return province.province_code if province else None


def provinces_of(year: int, boundary: str) -> dict[str, str]:
    """Code to name of the provinces that there were in a year."""
    return {
        code: province.name
        for (where, code), province in catalogue().provinces.items()
        if where == boundary and (province.valid_to is None or year <= province.valid_to.year)
    }


def score_text(value: float) -> str:
    """A score as the data write it: six decimals at most, none that says nothing."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def year_in(text: str) -> list[int]:
    """Years from 2000 on that a text names."""
    return [int(found) for found in re.findall(r"(?<!\d)(20\d\d)(?!\d)", text)]
