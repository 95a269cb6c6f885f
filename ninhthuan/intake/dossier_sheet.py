"""The named columns of a workbook of dossiers, and nothing else, written as CSV: run as a process of its own."""

from __future__ import annotations

import csv
import datetime
import json
import resource
import sys
from pathlib import Path

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
    first: Refused | None = None
    for sheet in sheets.opened(path, limits):
        rows = sheet.iter_rows()
        for place, row in zip(range(HEADINGS_WITHIN), rows, strict=False):
            try:
                places = located([str(cell) for cell in row], columns, path.name)
            except Refused as error:
                # the row with most in it is the one whose missing headings are told
                first = first if first and len(first.faults) <= len(error.faults) else error
                continue
            with open(out, "w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle)
                writer.writerows([_text(row[at]) for at in places.values()] for row in rows)
            filled = sum(cell not in ("", None) for cell in row)
            return {
                "headings": {field: str(row[at]) for field, at in places.items()},
                "unread": filled - len(places),
                "first_row": sheet.start[0] + place + 2,
            }
    raise first or Refused([(f"{path.name} không có trang tính nào có số liệu", f"{path.name} has no sheet with data")])


def _text(cell) -> str:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
