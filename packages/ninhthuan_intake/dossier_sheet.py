"""The named columns of a workbook of dossiers, written as CSV; runs as a process of its own."""

from __future__ import annotations

import csv
import datetime
import json
import sys
from pathlib import Path

from careful_tables.cells import cell_name
from careful_tables.faults import Faults, coded
from careful_tables.jail import Limits, answer
from careful_tables.workbooks import opened

from .mapping import located

HEADINGS_WITHIN = 20  # rows at the top in which the headings stand


def _write(path: Path, limits: Limits, question: str) -> dict:
    """Write the named columns of the first sheet that has them; their headings and where they stand."""
    question_ = json.loads(question)
    nearest_miss: Faults | None = None
    for known, sheet, gaps in opened(path, limits):
        top = sheet.start[0] if sheet.start else 0
        rows = sheet.iter_rows()
        for place, row in zip(range(HEADINGS_WITHIN), rows, strict=False):
            try:
                places = located([str(cell) for cell in row], question_["columns"], path.name)
            except Faults as error:
                # the row with most of the headings says what is missing
                if nearest_miss is None or len(error.faults) < len(nearest_miss.faults):
                    nearest_miss = error
                continue
            first, left = top + place + 1, sheet.start[1]
            _refuse_gaps(
                {"name": path.name, "sheet": known.name}, sheet, gaps, first, {left + at for at in places.values()}
            )
            with open(question_["out"], "w", encoding="utf-8", newline="") as handle:
                csv.writer(handle).writerows([_text(row[at]) for at in places.values()] for row in rows)
            headings = {field: str(row[at]) for field, at in places.items()}
            unread = sum(cell not in ("", None) for cell in row) - len(places)
            return {"headings": headings, "unread": unread, "first_row": first + 1}
    raise nearest_miss or Faults([coded("dossiers.no_data", name=path.name)])


def _refuse_gaps(where: dict[str, str], sheet, gaps: list, first_row: int, columns: set[int]) -> None:
    """Refuse merged cells, errors and formulas without a value: they would read as blanks."""
    faults = []
    for first, last in sheet.merged_cell_ranges or ():
        if last[0] >= first_row and columns & set(range(first[1], last[1] + 1)):
            faults.append(coded("dossiers.merged", cell=f"{cell_name(*first)}:{cell_name(*last)}", **where))
    for row, column in gaps:
        if row >= first_row and column in columns:
            faults.append(coded("dossiers.without_value", cell=cell_name(row, column), **where))
    if faults:
        raise Faults(faults[:20])


def _text(cell) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    # a line break within a cell is a blank between words
    return "" if cell is None else " ".join(str(cell).split())


if __name__ == "__main__":
    sys.exit(answer(_write))
