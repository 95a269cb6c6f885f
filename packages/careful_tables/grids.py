"""Positions of known names on a sheet: down a column, along a row, or with their figures in pairs of columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .cells import cell_name
from .workbooks import Sheet

ROWS, COLUMNS = "rows", "columns"
LONGEST_NAME = 40  # characters; a longer text is a sentence


@dataclass(frozen=True)
class Line:
    """A row or column of a sheet that contains known names.

    layout: ROWS (they stand in column `at`, each with a row of its own) or COLUMNS (in row `at`). codes: place along
    the line to the code of the name that stands there.
    """

    sheet: Sheet
    layout: str
    at: int
    codes: dict[int, str]

    @property
    def first(self) -> int:
        return min(self.codes)

    def cell(self, item: int, place: int) -> tuple[int, int]:
        """Row and column of the cell of an item (a column or row of figures) for a place on the line."""
        return (place, item) if self.layout == ROWS else (item, place)

    def value(self, item: int, place: int):
        return self.sheet.value(*self.cell(item, place))

    def items(self) -> list[int]:
        """Every other row or column, in order."""
        if self.layout == COLUMNS:
            return list(range(self.at + 1, len(self.sheet.rows)))
        return [item for item in range(max(map(len, self.sheet.rows))) if item != self.at]

    def heading(self, item: int, folded: Callable[[object], str]) -> list[str]:
        """Texts before the first name in an item's row or column, folded for comparison."""
        return [text for place in range(self.first) if (text := folded(self.value(item, place)))]

    def heading_cell(self, item: int, folded: Callable[[object], str]) -> str:
        """Name of the cell of an item's heading."""
        places = [place for place in range(self.first) if folded(self.value(item, place))]
        return cell_name(*self.cell(item, places[0] if places else 0))


def lines_of(sheet: Sheet, code_of: Callable[[str], str | None]) -> Iterator[Line]:
    """Every row, then every column, that contains a known name. code_of: the code of a name, None of another text."""
    by_row: dict[int, dict[int, str]] = {}
    by_column: dict[int, dict[int, str]] = {}
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and len(cell) < LONGEST_NAME and (code := code_of(cell)):
                by_row.setdefault(row, {})[column] = code
                by_column.setdefault(column, {})[row] = code
    for row, codes in by_row.items():
        yield Line(sheet, COLUMNS, row, codes)
    for column, codes in by_column.items():
        yield Line(sheet, ROWS, column, codes)


def number_meant(value: object) -> float | None:
    """The number that a cell holds, or that a text such as '6,1' was meant to be; None where it is neither."""
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(-?\d+)[.,](\d+)\s*", value)):
        return float(f"{found[1]}.{found[2]}")
    return float(value) if isinstance(value, float | int) and not isinstance(value, bool) else None
