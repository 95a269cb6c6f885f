"""The workbook: what stands behind every figure and table of a report, a sheet each, fit to be joined and computed."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from figure_cards.cells import Exact, clean, decimals_of, lines_in, number_format, value_of
from ninhthuan.language import day, label
from ninhthuan.words import phrase

from ..wording import sentence
from .columns import Column, code_name
from .contents import Contents
from .sheets import Sheet, count_rows, sheets_of

MISSING = "…"
FIGURES = ("year", "rank", "number", "count", "score", "difference", "places", "percent")
WHOLE_WIDTH = 110  # characters that titles and notes are set in
PAGE_WIDTH = 250  # characters that a page still shows in letters of six points
INK, SOFT, OWN, HEAD = "#1A1A1A", "#595959", "#12436D", "#EDF2F7"


def write_workbook(contents: Contents, path: Path) -> Path:
    """Write the workbook of a report; the same bytes for the same report."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        _Writer(book, contents).write()
    path = Path(path)
    path.write_bytes(buffer.getvalue())
    return path


class _Writer:
    """The workbook while it is written."""

    def __init__(self, book: xlsxwriter.Workbook, contents: Contents):
        self.book, self.contents, self.language = book, contents, contents.language
        self.index_name = self.phrase("workbook.index")
        self.sources_name = self.phrase("workbook.sources")
        self.key_name = self.phrase("workbook.key")
        self._formats: dict[tuple, Format] = {}
        self.sheets = sheets_of(contents)

    def phrase(self, key: str, /, **values: object) -> str:
        return phrase(key, self.language, **values)

    def format(self, **look) -> Format:
        """A format, made once."""
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", **look})
        return self._formats[key]

    def write(self) -> None:
        contents = self.contents
        self.book.set_properties(
            {
                "title": clean(contents.title),
                "subject": clean(contents.scope),
                "author": "ninhthuan",
                "comments": self.phrase("workbook.each_sheet_holds_figures_one"),
                "created": datetime.combine(contents.request.as_of, time()),
            }
        )
        self.book.set_custom_property("Language", phrase("workbook.en_gb", self.language))
        self._write_index(self.book.add_worksheet(self.index_name))
        for sheet in self.sheets:
            self._write_card(self.book.add_worksheet(sheet.name), sheet)
        self._write_sources(self.book.add_worksheet(self.sources_name))
        self._write_key(self.book.add_worksheet(self.key_name))

    def _print_setup(self, page: Worksheet, head: tuple[int, int], widths: list[float]) -> None:
        page.set_paper(9)
        page.set_landscape()
        # one page wide; thirty columns on one page could not be read, so they go on two or three
        page.fit_to_pages(max(1, math.ceil(sum(widths) / PAGE_WIDTH)), 0)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        page.repeat_rows(*head)
        footer = clean(self.contents.title)[:180].replace("&", "&&")
        page.set_footer(f"&L&8{footer}&R&8&P/&N")
        page.hide_gridlines(2)

    def _heading(self, page: Worksheet, title: str, under: str, widths: list[float]) -> None:
        """Title, what is under it, in the first two rows."""
        self._wide(page, 0, title, widths, bold=True, font_size=14, font_color=OWN)
        self._wide(page, 1, under, widths, font_color=SOFT)

    def _wide(self, page: Worksheet, row: int, text: str, widths: list[float], *, font_size: int = 10, **look) -> None:
        """A text across as many columns as a reader's line needs, in a row as high as the text."""
        width, last = 0.0, -1
        while width < WHOLE_WIDTH or last < 1:
            last += 1
            width += widths[last] if last < len(widths) else 8.43
        text = clean(text)
        line = width * 10 / font_size * (0.88 if look.get("bold") else 1)
        lines = sum(max(1, math.ceil(len(part) / line)) for part in text.split("\n"))
        page.set_row(row, min(409, lines * font_size * 1.35 + 3))
        wide = self.format(text_wrap=True, font_size=font_size, **look)
        page.merge_range(row, 0, row, last, "", wide)
        page.write_string(row, 0, text, wide)

    def _table(self, page: Worksheet, first: int, heads: list[str], rows: list[list], widths: list[float]) -> int:
        """A plain table of texts and numbers with a head; returns the row under it."""
        head = self.format(bold=True, text_wrap=True, bottom=1, top=1, bg_color=HEAD)
        for place, text in enumerate(heads):
            page.write_string(first, place, text, head)
        for row, cells in enumerate(rows, first + 1):
            for place, cell in enumerate(cells):
                look = self.format(text_wrap=True)
                if isinstance(cell, int):
                    page.write_number(row, place, cell, self.format(num_format="0", align="right", indent=1))
                elif str(cell).startswith(("https://", "http://")) and len(cell) < 2000:
                    page.write_url(row, place, cell, self.format(text_wrap=True, font_color=OWN, underline=1))
                else:
                    page.write_string(row, place, clean(cell), look)
            _set_height(page, row, list(map(str, cells)), widths)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        return first + 1 + len(rows)

    def _write_index(self, page: Worksheet) -> None:
        contents = self.contents
        widths = [6, 30, 62, 9, 8, 24, 44, 44]
        self._heading(page, contents.title, contents.scope, widths)
        heads = self.phrase("workbook.no_sheet_finding_kind_rows").split("|")
        kinds = {"figure": self.phrase("workbook.figure"), "table": self.phrase("workbook.table")}
        rows = []
        for sheet in self.sheets:
            card = sheet.card
            rows.append([sheet.number, sheet.name, card.title, kinds[card.kind], count_rows(sheet)])
            rows[-1] += [card.notebook, sheet.question, sentence(card.record.get("source", ""))]
        none = self.phrase("workbook.none")
        absent = [
            ["", "", card.title, none, "", card.notebook, section.question, ""]
            for section in contents.sections
            for card in section.cards
            if card.kind == "absent"
        ]
        more = {self.sources_name: "workbook.list_sources", self.key_name: "workbook.symbols_columns_codes"}
        links = [["", name, self.phrase(key), *[""] * 5] for name, key in more.items()]
        self._table(page, 3, heads, rows + links + absent, widths)
        link = self.format(font_color=OWN, underline=1)
        for row, cells in enumerate(rows + links, 4):
            page.write_url(row, 1, f"internal:'{cells[1]}'!A1", link, cells[1])
        page.freeze_panes(4, 0)
        page.autofilter(3, 0, 3 + len(rows + links + absent), len(heads) - 1)
        self._print_setup(page, (3, 3), widths)

    def _write_card(self, page: Worksheet, sheet: Sheet) -> None:
        card, record = sheet.card, sheet.card.record
        declared = {entry["name"]: entry["type"] for entry in record.get("columns", ())}
        head, first = 3, 5
        # what has a scale and decimals of its own
        groups = list(
            zip(*(sheet.frame[key] for key in ("unit", "index_id", "indicator") if key in sheet.frame), strict=True)
        )
        widths, texts_shown = [], []
        for place, (field, texts) in enumerate(zip(sheet.columns, sheet.frame.values(), strict=True)):
            values = [value_of(text, field.kind, declared.get(field.name, "text")) for text in texts]
            shown = [self._write_cell(page, first + row, place, value, field) for row, value in enumerate(values)]
            self._write_numbers(page, first, place, values, field, groups)
            widths.append(_width(field, [*shown, *_printed(field, values)]))
            texts_shown.append(shown)
            page.set_column(place, place, widths[-1])
            # a step from the edge on both sides, so that a number does not touch the text after it
            right = {"align": "right" if field.kind in (*FIGURES, "date") else "left", "indent": 1}
            # the machine's name above, the reader's over the cells: a pivot table takes the row over the cells
            name = self.format(font_size=8, font_color=SOFT, top=1, bg_color=HEAD, text_wrap=True, **right)
            page.write_string(head, place, clean(field.name), name)
            look = self.format(bold=True, text_wrap=True, bottom=1, bg_color=HEAD, **right)
            page.write_string(head + 1, place, clean(field.heading), look)
        self._heading(page, card.title, record.get("subtitle", ""), widths)
        link = self.format(font_color=OWN, underline=1, font_size=9)
        page.write_url(2, 0, f"internal:'{self.index_name}'!B{4 + sheet.number}", link, f"← {self.index_name}")
        _set_height(page, head, [field.name for field in sheet.columns], widths, 11)
        _set_height(page, head + 1, [field.heading for field in sheet.columns], [width * 0.87 for width in widths])
        for row, cells in enumerate(zip(*texts_shown, strict=True), first):
            _set_height(page, row, list(cells), [width * 0.93 for width in widths])
        rows = len(next(iter(sheet.frame.values()), []))
        last = first + rows - 1
        if sheet.columns:
            page.autofilter(head + 1, 0, max(last, head + 1), len(sheet.columns) - 1)
            # codes such as 01 are text on purpose
            page.ignore_errors({"number_stored_as_text": _area(first, max(last, first), len(sheet.columns))})
        page.freeze_panes(first, 0)
        self._print_setup(page, (head, head + 1), widths)
        foot = last + 2
        heads = {key: label(key, self.language) for key in ("note", "source")}
        for key, name in {**heads, "alt": self.phrase("workbook.description")}.items():
            if record.get(key):
                self._wide(page, foot, f"{name}: {sentence(record[key])}", widths, font_size=9, font_color=SOFT)
                foot += 1
        key = self.phrase("workbook.not_available_not_applicable_columns", missing=MISSING, key_name=self.key_name)
        self._wide(page, foot, key, widths, font_size=9, font_color=SOFT)

    def _write_cell(self, page: Worksheet, row: int, place: int, value, field: Column) -> str:
        """Write what is not a number; returns the text that is shown."""
        if value is None:
            if field.kind in FIGURES:
                page.write_string(row, place, MISSING, self.format(align="right", indent=1, font_color=SOFT))
            return ""
        if isinstance(value, bool):
            page.write_boolean(row, place, value, self.format(align="left", indent=1))
            return str(value)
        if isinstance(value, date):
            look = self.format(num_format="dd/mm/yyyy", align="right", indent=1)
            page.write_datetime(row, place, datetime.combine(value, time()), look)
            return "00/00/0000"
        if isinstance(value, str):
            text = clean(value)
            page.write_string(row, place, text, self.format(text_wrap=True, align="left", indent=1))
            return text
        return ""

    def _write_numbers(self, page: Worksheet, first: int, place: int, values: list, field: Column, groups) -> None:
        """Write the numbers of a column, with the same decimals for all that have the same unit and index."""
        places: dict[tuple, list[int]] = {}
        for row, value in enumerate(values):
            if isinstance(value, int | float) and not isinstance(value, bool):
                places.setdefault(groups[row] if groups else (), []).append(row)
        for rows in places.values():
            plain = number_format(field.kind if field.kind in FIGURES else "score", [values[row] for row in rows])
            look = self.format(num_format=plain, align="right", indent=1)
            for row in rows:
                page.write_number(first + row, place, Exact(values[row]), look)

    def _write_sources(self, page: Worksheet) -> None:
        widths = [6, 24, 90, 60]
        under = self.phrase("workbook.codes_column_source_id_sheets")
        self._heading(page, self.sources_name, under, widths)
        heads = self.phrase("workbook.no_code_source_address").split("|")
        sources = self.contents.closing("sources")
        rows = [[place, one["source_id"], one["text"], one["url"]] for place, one in enumerate(sources, 1)]
        last = self._table(page, 3, heads, rows, widths)
        page.freeze_panes(4, 0)
        page.autofilter(3, 0, max(last - 1, 3), len(heads) - 1)
        self._print_setup(page, (3, 3), widths)

    def _write_key(self, page: Worksheet) -> None:
        widths = [28, 44, 40, 80]
        as_of = day(self.contents.request.as_of, self.language)
        under = self.phrase("workbook.figures_known", as_of=as_of)
        self._heading(page, self.key_name, under, widths)
        heads = self.phrase("workbook.symbol_meaning").split("|")
        row = self._table(page, 3, heads, [list(pair) for pair in self._symbols()], widths)
        heads = self.phrase("workbook.machine_name_column_unit_what").split("|")
        row = self._table(page, row + 1, heads, list(self._columns_used()), widths)
        heads = self.phrase("workbook.column_meaning_code_code").split("|")
        self._table(page, row + 1, heads, list(self._codes_used()), widths)
        page.freeze_panes(3, 0)
        self._print_setup(page, (0, 1), widths)

    def _symbols(self) -> list[tuple[str, str]]:
        return [
            (MISSING, self.phrase("workbook.not_available_not_applicable")),
            (self.phrase("workbook.blank"), self.phrase("workbook.no_text_code")),
            ("TRUE, FALSE", self.phrase("workbook.true_false")),
            ("+, \N{MINUS SIGN}", self.phrase("workbook.up_down_cell_holds_full")),
            ("%", self.phrase("workbook.shares_out_100_76_2")),
        ]

    def _columns_used(self) -> Iterator[list[str]]:
        used: dict[str, Column] = {}
        units: dict[str, dict[str, None]] = {}
        for field in (field for sheet in self.sheets for field in sheet.columns):
            used.setdefault(field.name, field)
            units.setdefault(field.name, {})[field.unit] = None
        for name in sorted(used):
            yield [name, used[name].label, "; ".join(filter(None, units[name])), used[name].meaning]

    def _codes_used(self) -> Iterator[list[str]]:
        boundary = self.contents.request.boundary
        codes = {
            (field.name, code)
            for sheet in self.sheets
            for field, texts in zip(sheet.columns, sheet.frame.values(), strict=True)
            if field.kind == "code" and not field.name.endswith("source_id")
            for code in set(texts)
        }
        for name, code in sorted(codes):
            if meaning := code_name(name, code, self.language, boundary):
                yield [name, meaning, code]


def _area(first: int, last: int, columns: int) -> str:
    return xlsxwriter.utility.xl_range(first, 0, last, columns - 1)


def _printed(field: Column, values: list) -> list[str]:
    """The numbers of a column about as long as they are shown."""
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    decimals = 0 if field.kind in ("year", "rank", "number") else decimals_of(numbers)
    return [f"{value:+,.{decimals}f}" for value in numbers]


def _width(field: Column, texts: list[str]) -> float:
    """Width of a column in characters: its cells, its machine name over two lines and its label over three."""
    cells = max((len(line) for text in texts for line in text.split("\n")), default=0)
    words = max((len(word) for word in field.heading.split()), default=0) + 2
    # the machine name is set small and leaves room for the button of the filter
    name = len(field.name) * 0.85 + 3
    return min(max(8, cells + 3, min(name, 13), words, len(field.heading) / 3 + 2), 42)


def _set_height(page: Worksheet, row: int, texts: list[str], widths: list[float], line: float = 13.5) -> None:
    """A row as high as its highest text. Excel would find it by itself, but other programs leave the text cut."""
    lines = max((lines_in(text, width) for text, width in zip(texts, widths, strict=False)), default=1)
    page.set_row(row, min(409, lines * line + 1.5))
