"""Positions of provinces on a sheet and meanings of its headings, by the rows of `layouts.csv`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial

from careful_tables import grids
from careful_tables.grids import ROWS, Line
from careful_tables.workbooks import Sheet
from ninhthuan.catalogue import catalogue
from ninhthuan.language import unaccented

from . import rows_of


@dataclass(frozen=True)
class Fact:
    """A row of `layouts.csv`: what a heading that fits the pattern is, in the editions first to last."""

    role: str
    component: str
    first_edition: int
    last_edition: int
    number: int
    tolerance: float
    pattern: re.Pattern

    def holds(self, year: int) -> bool:
        return self.first_edition <= year <= self.last_edition


@cache
def facts(index_id: str, role: str = "") -> tuple[Fact, ...]:
    """Rows of `layouts.csv` of an index, all or those of a role, in the order in which they are tried."""
    return tuple(
        Fact(
            row["role"],
            row["component"],
            int(row["first_edition"] or 0),
            int(row["last_edition"] or 9999),
            int(row["number"] or 0),
            float(row["tolerance"] or 0),
            re.compile(row["pattern"]),
        )
        for row in rows_of("layouts.csv")
        if row["index_id"] == index_id and role in ("", row["role"])
    )


def facts_of(index_id: str, role: str, year: int) -> list[Fact]:
    """Those rows of a role that hold in an edition."""
    return [fact for fact in facts(index_id, role) if fact.holds(year)]


def folded(text: object) -> str:
    """A heading as patterns see it: lower case, no diacritics, single blanks."""
    return " ".join(unaccented(text).split()) if isinstance(text, str) else ""


def meaning(index_id: str, texts: list[str], year: int = 0) -> tuple[Fact, re.Match] | None:
    """The first row of `layouts.csv` that one of the texts of a heading fits; rows without a pattern fit nothing."""
    for fact in facts(index_id):
        if not fact.pattern.pattern or (year and not fact.holds(year)):
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


def list_of_provinces(sheet: Sheet, year: int) -> str:
    """The list of provinces of a sheet: the 34 units only from 2025 on, and only where it has no more."""
    if year < 2025:
        return "pre_2025"
    before = max((len(set(line.codes.values())) for line in lines_of(sheet, "pre_2025")), default=0)
    return "pre_2025" if before > 34 else "post_2025"


def best_line(sheet: Sheet, boundary: str) -> Line | None:
    """The row or column with the most provinces, or None where no two stand in one."""
    lines = [line for line in lines_of(sheet, boundary) if len(line.codes) > 1]
    return max(lines, key=lambda line: (len(set(line.codes.values())), line.layout == ROWS, -line.at), default=None)


def lines_of(sheet: Sheet, boundary: str) -> list[Line]:
    """Every row and every column that a province stands in."""
    return list(grids.lines_of(sheet, partial(_province_in, boundary)))


@cache
def _province_in(boundary: str, text: str) -> str | None:
    """The code of the province that a cell names, or None; a bare number names none."""
    if not any(char.isalpha() for char in text):
        return None
    province = catalogue().province_spelt(text, boundary)
    return province.province_code if province else None


def provinces_of(year: int, boundary: str) -> dict[str, str]:
    """Code to name of the provinces of a year."""
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
