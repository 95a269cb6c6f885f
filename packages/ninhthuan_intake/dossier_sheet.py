"""The named columns of a workbook of dossiers, and nothing else, written as CSV: run as a process of its own."""

from __future__ import annotations

import csv
import datetime
import json
import resource
import sys
from pathlib import Path

from ninhthuan.words import bilingual

from . import sheets
from .dossiers import located
from .sheets import Refused

HEADINGS_WITHIN = 20  # rows at the top in which the headings stand


def main(arguments: list[str]) -> int:
    """Write the named columns of the first sheet that has them; print their headings, or the faults, as JSON."""
    limits, path, asked = sheets.Limits(**json.loads(arguments[0])), Path(arguments[1]), json.loads(arguments[2])
    memory = limits.memory_mb * sheets.MB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        answer = _written(path, asked["columns"], Path(asked["out"]), limits)
    except Refused as error:
        answer = {"faults": error.faults}
    json.dump(answer, sys.stdout, ensure_ascii=True)
    return 0


def _written(path: Path, columns: dict[str, list[str]], out: Path, limits: sheets.Limits) -> dict:
    nearest_miss: Refused | None = None
    for known, sheet, gaps in sheets.opened(path, limits):
        top = sheet.start[0] if sheet.start else 0
        rows = sheet.iter_rows()
        for place, row in zip(range(HEADINGS_WITHIN), rows, strict=False):
            try:
                places = located([str(cell) for cell in row], columns, path.name)
            except Refused as error:
                # the row with most of the headings tells what is missing
                if nearest_miss is None or len(error.faults) < len(nearest_miss.faults):
                    nearest_miss = error
                continue
            left = sheet.start[1]
            _refuse_gaps(path, known.name, sheet, gaps, top + place + 1, {left + at for at in places.values()})
            with open(out, "w", encoding="utf-8", newline="") as handle:
                csv.writer(handle).writerows([_text(row[at]) for at in places.values()] for row in rows)
            return {
                "headings": {field: str(row[at]) for field, at in places.items()},
                "unread": sum(cell not in ("", None) for cell in row) - len(places),
                "first_row": top + place + 2,
            }
    raise nearest_miss or Refused([bilingual("dossier_sheet.holds_no_data", name=path.name)])


def _refuse_gaps(path: Path, name: str, sheet, gaps: list, first_row: int, columns: set[int]) -> None:
    """Refuse merged cells, errors and formulas never worked out: they would read as blanks, which mean much here."""
    where_vi, where_en = bilingual("dossier_sheet.sheet", name=path.name, name_2=name)
    faults = []
    for first, last in sheet.merged_cell_ranges or ():
        if last[0] >= first_row and columns & set(range(first[1], last[1] + 1)):
            cells = f"{sheets.cell_name(*first)}:{sheets.cell_name(*last)}"
            faults.append(bilingual("dossier_sheet.merged_cells_unmerge_them", cells=cells, where=(where_vi, where_en)))
    for row, column in gaps:
        if row >= first_row and column in columns:
            cell = sheets.cell_name(row, column)
            faults.append(bilingual("dossier_sheet.cell_error_such_n_formula", cell=cell, where=(where_vi, where_en)))
    if faults:
        raise Refused(faults[:20])


def _text(cell) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    # a line break within a cell is a blank between words
    return "" if cell is None else " ".join(str(cell).split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
