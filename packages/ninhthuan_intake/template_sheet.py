"""The template as a workbook: the sheet to fill in, a guide, and the lists that cells are chosen from."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.language import month
from ninhthuan.reference import Province
from ninhthuan.words import message
from ninhthuan.workload import measure_table

from . import rows_of, template
from .refusals import Refused

TEXT = template.texts("text")
FONT = {"font_name": "Times New Roman", "font_size": 11, "font_color": "#1A1A1A", "valign": "vcenter"}
WIDTHS = (0, 50, 12, 19, 12, 17, 15, 15, 15, 15, 26)
FREE_ROWS = 15
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
# Columns of the sheet: the code is column 0.
AT = {name: place for place, name in enumerate(template.COLUMNS, 1)}
FIRST, LAST = AT["window_1"], AT["window_4"]


def write_template(path: Path, province: Province, year: int) -> None:
    """Write the template for a province and a year; the same bytes each time.

    Raises Refused where another file is there already, since it may be filled in; OSError where none can be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise Refused(message("template.name_must_end_xlsx", name=path.name))
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": TEXT["properties"], "created": datetime(2024, 1, 1)})
        _Writer(book, province, year).write()
    if path.exists() and path.read_bytes() != content.getvalue():
        raise Refused(message("template.there_already_choose_another_name", path=path))
    path.write_bytes(content.getvalue())


def _span(number: int, calendar: bool = False) -> str:
    """The days of a window in any year: `15/12 năm trước – 14/3`."""
    start, end, _ = template.window(2024, number, calendar)
    before = f" {TEXT['year_before']}" if start.year < 2024 else ""
    return f"{start.day:02d}/{month(start.month)}{before} – {end.day:02d}/{month(end.month)}"


def _settings(table: str) -> dict[str, dict]:
    """Formats of xlsxwriter by kind of cell, from a table beside this file."""
    return {
        row["cells"]: {name: _setting(text) for name, text in row.items() if text and name != "cells"}
        for row in rows_of(table)
    }


def _setting(text: str) -> object:
    """A whole number, true or false, else a text: `0.00` is how a number is shown."""
    return json.loads(text) if re.fullmatch(r"true|false|-?[0-9]+(e[0-9]+)?", text) else text


class _Writer:
    """The sheets of one template."""

    def __init__(self, book: xlsxwriter.Workbook, province: Province, year: int):
        self.province, self.year, self.row = province, year, 0
        self.sheet, self.guide, self.lists = map(book.add_worksheet, (template.SHEET, template.GUIDE, template.LISTS))
        self.rules = _settings("template_rules.csv")
        formats = _settings("template_formats.csv")
        self.formats = {name: book.add_format(FONT | look) for name, look in formats.items()}

    def write(self) -> None:
        self._lists()
        self._sheet()
        self._guide()

    def _lists(self) -> None:
        self.listed = {}
        for column, (name, items) in enumerate(
            {
                "province": sorted({template.province_text(known) for known in catalogue().provinces.values()}),
                "measure": list(measure_table()["name"]),
                "level": list(template.LEVELS.values()),
                "channel": [word for word in template.CHANNELS.values() if word],
                "kind": [template.IN_PERIOD, template.AT_END],
                "calendar": [template.REPORTING, template.CALENDAR],
                "year": list(template.YEARS),
            }.items()
        ):
            self.lists.write_column(0, column, items)
            letter = chr(ord("A") + column)
            self.listed[name] = f"='{template.LISTS}'!${letter}$1:${letter}${len(items)}"
        self.lists.hide()
        self.lists.protect()

    def _choice(self, column: int, name: str) -> None:
        rule = self.rules["list"] | {"source": self.listed[name]}
        self.sheet.data_validation(self.row, column, self.row, column, rule)

    # ------------------------------------------------------------------------------------------------------- sheet

    def _sheet(self) -> None:
        sheet, formats = self.sheet, self.formats
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width or 4, None, {"hidden": not width})
        sheet.write(0, 1, TEXT["title"], formats["title"])
        sheet.write(1, 1, TEXT["fill_in"], formats["said"])
        self.row = 3
        for name in template.FIELDS:
            self._field(name)
        self.row += 1
        self._head()
        self._example()
        districts = any(boundary_on(template.window(self.year, n)[1]) == "pre_2025" for n in template.WINDOWS)
        groups = template.grouped(districts)
        for place, (heading, found) in enumerate(groups):
            self._group(place, heading)
            before = ""
            for measure, level, channel, dated in found:
                self._figure(measure, level, channel, dated, measure == before)
                before = measure
        self._group(len(groups), TEXT["others"])
        for _ in range(FREE_ROWS):
            self._free()
        sheet.protect("", {"format_columns": True, "format_rows": True})
        _page(sheet)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&C&P/&N")

    def _field(self, name: str) -> None:
        given = {
            "province": template.province_text(self.province),
            "year": self.year,
            "calendar": template.REPORTING,
        }
        form = self.formats["day" if name == "issued_on" else "field"]
        self.sheet.write(self.row, 0, template.FIELD + name)
        text = template.FIELDS[name][0] + ("" if name in template.OPTIONAL else " *")
        self.sheet.write(self.row, 1, text, self.formats["label"])
        self.sheet.merge_range(self.row, 2, self.row, 5, given.get(name, ""), form)
        if name in given:
            self._choice(2, name)
        if name == "issued_on":
            rule = self.rules["day"] | {"value": date(template.YEARS[0], 1, 1)}
            self.sheet.data_validation(self.row, 2, self.row, 2, rule)
        self.row += 1

    def _head(self) -> None:
        sheet, formats = self.sheet, self.formats
        sheet.write(self.row, 0, template.HEAD)
        sheet.set_row(self.row, 32)
        sheet.set_row(self.row + 1, 40)
        for place, heading in enumerate(template.COLUMNS.values(), 1):
            sheet.write(self.row, place, heading, formats["head"])
            sheet.write_blank(self.row + 1, place, None, formats["dates"])
        sheet.write(self.row + 1, 0, template.GROUP)
        for number, name in template.WINDOWS.items():
            dates = f"{_span(number)}\n{TEXT['or']} {_span(number, calendar=True)}"
            sheet.write(self.row + 1, AT[name], dates, formats["dates"])
        sheet.repeat_rows(self.row, self.row + 1)
        sheet.freeze_panes(self.row + 2, 2)
        self.row += 2

    def _example(self) -> None:
        *place, values = template.EXAMPLE_ROW
        name, *others = template.words(*place)
        self.sheet.write(self.row, 0, template.EXAMPLE)
        self.sheet.set_row(self.row, 18)
        texts = [f"{TEXT['example']} {name}", *others, template.IN_PERIOD]
        self.sheet.write_row(self.row, 1, texts, self.formats["example"])
        self.sheet.write_row(self.row, FIRST, values, self.formats["example_count"])
        self.sheet.write(self.row, AT["note"], TEXT["example_note"], self.formats["example_note"])
        self.row += 1

    def _group(self, place: int, heading: str) -> None:
        self.sheet.write(self.row, 0, template.GROUP)
        self.sheet.write(self.row, 1, f"{ROMAN[place]}. {heading}", self.formats["group"])
        for column in range(2, len(AT) + 1):
            self.sheet.write_blank(self.row, column, None, self.formats["group"])
        self.row += 1

    def _figure(self, measure: str, level: str, channel: str, dated: bool, again: bool) -> None:
        name, *others = template.words(measure, level, channel)
        self.sheet.write(self.row, 0, template.key(measure, level, channel))
        self.sheet.write(self.row, AT["measure"], name, self.formats["part" if again else "name"])
        if len(name) > 52:
            self.sheet.set_row(self.row, 30)
        self.sheet.write_row(self.row, AT["level"], others, self.formats["word"])
        kind = template.AT_END if dated else template.IN_PERIOD
        self.sheet.write(self.row, AT["kind"], kind, self.formats["choice"])
        self._choice(AT["kind"], "kind")
        self._numbers("count" if template.is_whole(measure) else "share")

    def _free(self) -> None:
        for column in range(1, FIRST):
            self.sheet.write_blank(self.row, column, None, self.formats["word" if column == AT["unit"] else "free"])
        for name in ("measure", "level", "channel", "kind"):
            self._choice(AT[name], name)
        self._numbers("any")

    def _numbers(self, kind: str) -> None:
        for column in range(FIRST, LAST + 1):
            self.sheet.write_blank(self.row, column, None, self.formats[kind])
        self.sheet.write_blank(self.row, AT["note"], None, self.formats["free"])
        self.sheet.data_validation(self.row, FIRST, self.row, LAST, self.rules[kind])
        self.row += 1

    # ------------------------------------------------------------------------------------------------------- guide

    def _guide(self) -> None:
        sheet, formats = self.guide, self.formats
        sheet.set_column(0, 4, 30)
        sheet.write(0, 0, TEXT["how_to_fill"], formats["title"])
        lines = [row for row in rows_of("template.csv") if row["role"] == "guide"]
        headings = {
            heading: [row["text"] for row in lines if row["key"] == heading]
            for heading in dict.fromkeys(row["key"] for row in lines)
        }
        first, *others = headings.items()
        row = self._paragraph(2, *first)
        sheet.write(row, 0, TEXT["four_windows"], formats["strong"])
        row += 1
        sheet.write_row(row, 0, template.texts("windows").values(), formats["head"])
        for number, name in template.WINDOWS.items():
            kind = TEXT["cumulative" if template.window(2024, number)[2] else "quarter_alone"]
            cells = (template.COLUMNS[name], _span(number), _span(number, calendar=True), kind)
            sheet.write_row(row + number, 0, cells, formats["cell"])
        row += len(template.WINDOWS) + 2
        for heading, found in others:
            row = self._paragraph(row, heading, found)
        _page(sheet)
        sheet.protect()

    def _paragraph(self, row: int, heading: str, lines: list[str]) -> int:
        self.guide.write(row, 0, heading, self.formats["strong"])
        for place, line in enumerate(lines, 1):
            self.guide.merge_range(row + place, 0, row + place, 4, f"– {line}", self.formats["text"])
            self.guide.set_row(row + place, 15 * (1 + len(line) // 165) + 3)
        return row + len(lines) + 2


def _page(sheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
