"""The province's own figures, from the template of `template.py` or the same sheet saved as CSV, as rows for data/."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from careful_tables.changes import Rows
from careful_tables.jail import Limits
from careful_tables.workbooks import Book
from ninhthuan.language import plain
from ninhthuan.reference import Province
from ninhthuan.words import message

from . import template
from .entries import as_day
from .filled import FilledSheet
from .landing import Origin, Proposal, source_rows
from .refusals import Refused, read_book, read_csv
from .workload_checks import check_figures

LARGEST_CSV = Limits(file_mb=16)


def read_workload(path: Path, folder: Path, today: date | None = None) -> Proposal:
    """The figures of a filled template (.xlsx, .xls or .csv) as rows for data/.

    folder: data/. Raises Refused with every fault of the file, each with its cell.
    """
    path, today = Path(path), today or date.today()
    book = read_csv(path, LARGEST_CSV) if path.suffix.lower() == ".csv" else read_book(path)
    filled = _filled(book, today)
    provinces = check_figures(filled) if filled.read() else {}
    if filled.faults:
        # what is wrong with the head may be met again for each period
        raise Refused(*dict.fromkeys(filled.faults))
    origin = _origin(filled, book)
    rows: dict[str, Rows] = {}
    for figure in filled.figures:
        start, end, cumulative = filled.window(figure.window)
        start, cumulative = (end, False) if figure.at_end else (start, cumulative)
        place = {"level": figure.level, "measure": figure.measure, "channel": figure.channel}
        place["unit"] = filled.table.at[figure.measure, "unit"]
        row = figure_row(provinces[figure.window], (start, end, cumulative), place, figure.value, origin.source_id)
        rows.setdefault(workload_table(provinces[figure.window]), []).append(row | {"note": figure.note})
    count = len(filled.figures)
    places = sorted({template.province_text(province) for province in provinces.values()})
    summary = {"name": path.name, "count": count, "year": filled.year, "title": origin.title, "places": places}
    tables = {**rows, **source_rows(origin, count, folder, today)}
    return Proposal(message("workload.summary", **summary), tables, tuple(filled.notes))


def _filled(book: Book, today: date) -> FilledSheet:
    """The one sheet of a file that is the template."""
    name = book.path.name
    found = [sheet for sheet in book.sheets if any(row and row[0] == template.HEAD for row in sheet.rows)]
    if not found:
        raise Refused(message("workload.not_the_template", name=name))
    if len(found) > 1:
        names = [f"'{sheet.name}'" for sheet in found]
        raise Refused(message("workload.several_sheets", name=name, count=len(found), names=names))
    return FilledSheet(name, found[0], today)


def _origin(filled: FilledSheet, book: Book) -> Origin:
    """The document that figures come from, as the head of the sheet names it."""
    fields = {name: filled.text(row, 2) for name, (row, _) in filled.fields.items()}
    issued, number = as_day(filled.given("issued_on")), plain(fields["number"])
    unnumbered = number in ("khong so", "khong")
    slug = (("" if unnumbered else number) or plain(fields["title"])).replace(" ", "_")[:40].strip("_")
    return Origin(
        re.sub("-", "_", f"report_{fields['province'][:2]}_{issued}_{slug}"),
        book.path.name,
        book.bytes,
        book.sha256,
        filled.sheet.name if book.path.suffix.lower() != ".csv" else "",
        "template",
        title=fields["title"] + ("" if unnumbered else f" ({fields['number']})"),
        publisher=fields["publisher"],
        published=str(issued),
        kind="publisher_report",
        url=fields.get("url", ""),
    )


def workload_table(province: Province) -> str:
    """The table of data/ that holds a province's workload."""
    own = province.province_code == "58" and province.boundary == "pre_2025"
    return f"workload/{'ninh_thuan' if own else 'comparators'}.csv"


def figure_row(
    province: Province, window: tuple[date, date, bool], place: dict[str, str], value: str, source_id: str
) -> dict[str, str]:
    """A row of the workload.

    window: first day, last day, whether cumulative. place: level, agency, measure, channel and unit.
    """
    start, end, cumulative = window
    return {
        "period_start": str(start),
        "period_end": str(end),
        "is_cumulative": str(cumulative).lower(),
        "boundary": province.boundary,
        "province_code": province.province_code,
        "agency": "",
        **place,
        "value": value,
        "source_id": source_id,
    }
