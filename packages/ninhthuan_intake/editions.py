"""An edition of an index from its publisher's workbook: its year, its sheet and its rows for data/."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from careful_tables.changes import Rows, read_table
from careful_tables.workbooks import Sheet
from ninhthuan.catalogue import catalogue
from ninhthuan.numbers import number
from ninhthuan.reference import data_dir
from ninhthuan.words import Message, message

from .choice import alike, chosen, sheets_named
from .grids import provinces_of, score_text, year_in
from .landing import Origin, Proposal, source_rows
from .readings import Reading
from .refusals import Refused, What, both, read_book

EDITIONS = "reference/editions.csv"


@dataclass(frozen=True)
class Request:
    """The user's settings for a workbook; empty texts and None are read from the file."""

    path: Path
    year: int | None = None
    sheet: str = ""
    source_id: str = ""
    title: str = ""
    url: str = ""
    published_on: str = ""


# --------------------------------------------------------------------------------------------------------- the request


def _year(request: Request, index_id: str, faults: list[What]) -> int:
    """The year of a workbook: as given, else from its file name."""
    years = [request.year] if request.year is not None else sorted(set(year_in(request.path.name)))
    name = request.path.name
    if len(years) != 1:
        two_years = message("editions.names_years", years=", ".join(map(str, years)))
        found = two_years if years else message("editions.names_no_year")
        faults.append(message("editions.add_year", name=name, found=found))
        return 0
    first = min(part.first_edition for part in catalogue().components_of(index_id))
    if not first <= years[0] <= date.today().year:
        index = catalogue().indices[index_id].abbreviation
        faults.append(message("editions.no_such_year", name=name, index=index, first=first, year=years[0]))
    return years[0]


def _check_day(text: str, faults: list[What]) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if str(day) != text:  # 20260415 and 2026-W16-3 are days too, but not as data/ writes them
        faults.append(message("editions.day_written_otherwise", text=text))
    elif day > date.today():
        faults.append(message("editions.day_in_the_future", text=text))


def edition_year(request: Request, index_id: str) -> int:
    """The year of the edition of a request; raises Refused with all faults of the request."""
    faults: list[What] = []
    if request.published_on:
        _check_day(request.published_on, faults)
    if not re.fullmatch(r"[a-z0-9_]*", request.source_id):
        faults.append(message("editions.source_written_otherwise", source_id=request.source_id))
    before = len(faults)
    year = _year(request, index_id, faults)
    if len(faults) == before and request.published_on and request.published_on < str(year):
        faults.append(message("editions.day_before_the_year", published=request.published_on, year=year))
    if faults:
        raise Refused(*faults)
    return year


# ------------------------------------------------------------------------------------------------------------- reading


def read_edition(request: Request, index_id: str, read_sheet: Callable[[str, Sheet, int], Reading | None]) -> Proposal:
    """A proposal of the edition in a workbook.

    read_sheet: (name of the file, sheet, year) to a Reading, or None where the sheet holds no table of the index.
    Raises Refused.
    """
    year = edition_year(request, index_id)
    book, name = read_book(request.path), request.path.name
    sheets = sheets_named(book, request.sheet)
    readings = [reading for sheet in sheets if (reading := read_sheet(name, sheet, year))]
    reading = chosen(readings, request.path, index_id, year, bool(request.sheet))
    if not reading.names:
        raise Refused(message("editions.provinces_of_before", name=name, sheet=reading.sheet.name, year=year))
    if reading.faults:
        raise Refused(*reading.faults)
    folder = data_dir()
    imports = read_table(folder, "reference/imports.csv")
    same_file = [row["source_id"] for row in imports if row["sha256"] == book.sha256]
    source_id = request.source_id or (same_file or [f"{index_id}_wb_{year}"])[0]
    present = _Present(folder, reading, source_id)
    rows = _indicator_rows(reading, present, source_id)
    notes = [*reading.notes, *present.compared(), *present.gone(rows)]
    if index_id == "papi":
        present.refuse_lost()
    edition, news = _edition_row(reading, request.published_on, source_id, folder)
    abbreviation = catalogue().indices[index_id].abbreviation
    origin = Origin(
        source_id,
        name,
        book.bytes,
        book.sha256,
        reading.sheet.name,
        reading.layout,
        title=request.title or f"{abbreviation} {year}: {name}",
        publisher=catalogue().indices[index_id].publisher,
        published=request.published_on,
        url=request.url,
    )
    counts = {"provinces": len(reading.provinces), "components": len(reading.components), "rows": len(rows)}
    summary = message("editions.summary", index=abbreviation, year=year, name=name, sheet=reading.sheet.name, **counts)
    tables = {f"indicators/{index_id}.csv": rows, EDITIONS: [edition], **source_rows(origin, len(rows), folder)}
    return Proposal(summary, tables, (*notes, *news), present.unlike())


class _Present:
    """The rows of an index that data/ already has, compared with a sheet."""

    def __init__(self, folder: Path, reading: Reading, source_id: str):
        self.folder, self.reading, self.source_id = folder, reading, source_id
        rows = read_table(folder, f"indicators/{reading.index_id}.csv")
        self.rows = [row for row in rows if row["boundary"] == reading.boundary]
        self.edition = [row for row in self.rows if row["edition_year"] == str(reading.year)]

    def score(self, row: dict) -> float | None:
        """The sheet's figure for a row."""
        return self.reading.scores.get((row["province_code"], row["component_id"]), (None,))[0]

    def refuse_lost(self) -> None:
        """Raise Refused where the file lacks a province that data/ has figures of: it was lost, not withheld."""
        reading = self.reading
        known = [row for row in read_table(self.folder, EDITIONS) if _is_edition(row, reading)]
        there = reading.provinces.union(*(row["provinces_withheld"].split() for row in known))
        scored = {row["province_code"]: row["source_id"] for row in self.edition if row["score"]}
        if lost := scored.keys() - there:
            listed = ", ".join(f"{reading.names[code]} ({scored[code]})" for code in sorted(lost))
            reading.blame("", message("editions.provinces_lost", listed=listed))
            raise Refused(*reading.faults)

    def unlike(self) -> tuple[int, int]:
        """How many figures of the edition in data/ differ in the file, and how many there are."""
        pairs = [(self.score(row), row["score"]) for row in self.edition if row["score"]]
        same = [alike(score, printed) for score, printed in pairs if score is not None]
        return same.count(False), len(same)

    def compared(self) -> list[Message]:
        """Scores compared with those of other sources: how many agree to the printed decimals, and which do not.

        Raises Refused where they are those of another edition.
        """
        year, agreeing, against, other = self.reading.year, Counter(), Counter(), []
        for row in self.rows:
            score, edition = self.score(row), int(row["edition_year"])
            if score is None or not row["score"] or (edition, row["source_id"]) == (year, self.source_id):
                continue
            same = alike(score, row["score"])
            agreeing[edition] += same
            against[edition] += 1
            if edition == year and not same:
                other.append((row, score))
        own = agreeing[year] / (against[year] or 1)
        for another, count in against.items():
            if another != year and count > 60 and agreeing[another] > 0.9 * count and own < 0.5:
                name = self.reading.sheet.name
                raise Refused(message("editions.figures_of_another", sheet=name, another=another, year=year))
        if not against[year]:
            return [message("editions.nothing_to_compare")]
        counts = {"against": against[year], "agreeing": agreeing[year], "differing": len(other)}
        return [message("editions.compared", **counts), *(self._difference(row, score) for row, score in other[:5])]

    def _difference(self, row: dict, score: float) -> Message:
        province = self.reading.names.get(row["province_code"], row["province_code"])
        what = self.reading.called(row["component_id"])
        values = {"score": both(number, score, 4), "source": row["source_id"], "printed": row["score"]}
        return message("editions.difference", province=province, what=what, **values)

    def gone(self, rows: Rows) -> list[Message]:
        """A note on rows of the same source and edition that the file no longer has; they stay."""

        def keys(table: Rows) -> set[tuple]:
            return {(row["province_code"], row["component_id"], row["basis"]) for row in table}

        lost = keys([row for row in self.edition if row["source_id"] == self.source_id]) - keys(rows)
        return [message("editions.rows_stay", count=len(lost), source_id=self.source_id)] if lost else []

    def printed(self) -> set[tuple[str, str]]:
        """(province, component) of figures that another source of the edition prints."""
        printed = [row for row in self.edition if row["basis"] == "printed" and row["score"]]
        return {(row["province_code"], row["component_id"]) for row in printed}


# ---------------------------------------------------------------------------------------------------------------- rows


def _indicator_rows(reading: Reading, present: _Present, source_id: str) -> Rows:
    """The rows of an edition; sums only where no source in data/ prints all of these figures."""
    base = {"edition_year": str(reading.year), "boundary": reading.boundary, "source_id": source_id}
    ranked = "" if reading.excerpt else str(len(reading.ranks))
    sums_known = reading.summed <= present.printed()
    rows = []
    for (province, component), (score, _) in reading.scores.items():
        summed = (province, component) in reading.summed
        if summed and sums_known:
            continue
        row = base | {"province_code": province, "component_id": component, "score": score_text(score)}
        row["basis"] = "summed" if summed else "printed"
        if component.endswith("_total"):
            rank = reading.ranks.get(province)
            row |= {"rank_published": str(rank or ""), "n_ranked_published": ranked if rank else ""}
            row |= {"group_published": reading.groups.get(province, "")}
        rows.append(row)
    rows += [
        base | {"province_code": province, "component_id": component, "rank_published": str(place), "basis": "ordered"}
        for (province, component), place in reading.orders.items()
    ]
    return rows


def _is_edition(row: dict, reading: Reading) -> bool:
    """Whether a row of editions.csv is that of a reading."""
    here = (reading.index_id, str(reading.year), reading.boundary)
    return (row["index_id"], row["edition_year"], row["boundary"]) == here


def _edition_row(
    reading: Reading, published: str, source_id: str, folder: Path
) -> tuple[dict[str, str], list[Message]]:
    """The edition's row of editions.csv; known values stay unless the user gives others."""
    index_id, news = reading.index_id, []
    row = next((row for row in read_table(folder, EDITIONS) if _is_edition(row, reading)), None)
    if row is None:
        row = {"index_id": index_id, "edition_year": str(reading.year), "boundary": reading.boundary}
        row |= {"published_precision": "unknown", "published_on": "", "source_id": "", "note": ""}
        news.append(message("editions.new_edition"))
        if not published:
            news.append(message("editions.no_day_of_publication", year=reading.year + 1))
    if published:
        row |= {"published_on": published, "published_precision": "day", "source_id": row["source_id"] or source_id}
    if index_id == "papi" or not row.get("provinces_scored"):
        # of PAPI the table is whole; of PCI a workbook may name only some of those ranked
        scored = {province for province, component in reading.scores if component == f"{index_id}_total"}
        withheld = sorted(provinces_of(reading.year, reading.boundary).keys() - scored)
        row |= {"provinces_scored": str(len(scored))}
        row |= {"provinces_withheld": " ".join(withheld) if index_id == "papi" else ""}
    return row, news
