"""The province's own figures, from the template of `template.py` or the same sheet saved as CSV.

Rows are known by the code in the hidden first column, columns by their headings; whatever does not fit is a fault that
names its cell, and one fault is enough for nothing to be written.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from ninhthuan.catalogue import Province, UnknownName, catalogue
from ninhthuan.datasets import measure_table, shares_against_counts
from ninhthuan.language import LANGUAGES, day, labels, listing, nearest, plain
from ninhthuan.numbers import number
from ninhthuan.words import bilingual

from . import sheets, template
from .landing import Origin, Proposal, source_rows
from .sheets import Refused, Sheet, cell_name

LARGEST_CSV_MB = 16
LARGEST = 1e12  # of any figure
AS_PRINTED = bilingual("workload.printed_2")
# What is counted at the beginning or end of each period: such figures do not grow with the year.
STOCKS = (
    "dossiers_carried_over",
    "dossiers_pending",
    "dossiers_pending_within_deadline",
    "dossiers_pending_overdue",
    "dossiers_overdue_up_to_10_days",
    "dossiers_overdue_11_to_30_days",
    "dossiers_overdue_over_30_days",
    "directive_tasks_in_progress",
)
# What adds up beside the parts that measures.csv names.
SUMS = {"dossiers_to_process": ("dossiers_received", "dossiers_carried_over")}

Text = tuple[str, str]


class NotANumber(ValueError):
    """vi, en: why a cell is no number."""

    def __init__(self, vi: str, en: str):
        self.vi, self.en = vi, en
        super().__init__(f"{vi} / {en}")


def read_number(cell: object, whole: bool, bounded: bool = True) -> str:
    """A cell as a number in plain writing, with the decimals it has.

    whole: counts, whose marks can only group thousands. bounded: shares (0-100), whose single mark can only be the
    decimal one. Where both could be meant, and for whatever is no number, raises NotANumber.

    >>> read_number("42.972", whole=True), read_number("76,20", whole=False), read_number("1.234,5", whole=False)
    ('42972', '76.20', '1234.5')
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        shown = day(cell, "vi") if isinstance(cell, date) else repr(cell)
        raise NotANumber(*bilingual("workload.number_needed_cell", shown=shown))
    text = cell.strip() if isinstance(cell, str) else _plain_number(cell)
    digits = re.sub("[\\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']", "", text.replace("\N{MINUS SIGN}", "-"))
    found = re.fullmatch(r"([+-]?)([0-9]+(?:[.,][0-9]+)*)%?", digits)
    if not found:
        raise NotANumber(*bilingual("workload.no_number_leave_blank_what", text=text))
    sign = "-" if found[1] == "-" else ""
    # a number of the sheet has its point where it is; text may mean either mark by either
    readings = _readings(found[2]) if isinstance(cell, str) else [found[2]]
    if whole:
        counts = [reading for reading in readings if "." not in reading]
        if not counts:
            grouped = re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", readings[0]) if readings else None
            meant = readings[0].replace(".", "") if grouped else ""
            raise NotANumber(
                *(
                    bilingual("workload.no_whole_number_if_meant", text=text, meant=meant)
                    if meant
                    else bilingual("workload.no_whole_number", text=text)
                ),
            )
        return sign + counts[0]
    if len(readings) > 1 and bounded:
        # only one of them lies within 100
        readings = [reading for reading in readings if "." in reading]
    if len(readings) > 1:
        raise NotANumber(
            *bilingual(
                "workload.may_enter_number_not_text",
                text=text,
                first_readings=readings[0],
                replace=readings[1].replace(".", ","),
                second_readings=readings[1],
            ),
        )
    if not readings:
        raise NotANumber(*bilingual("workload.point_comma_wrong_place", text=text))
    return sign + readings[0]


def _readings(digits: str) -> list[str]:
    """What digits with points and commas may mean: all marks group thousands, or the last is the decimal mark."""
    parts, marks = re.split("[.,]", digits), re.findall("[.,]", digits)
    if not marks:
        return [str(int(digits))]

    def thousands(groups: list[str], between: list[str]) -> bool:
        first, *rest = groups
        sound = 1 <= len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in rest)
        return len(set(between)) <= 1 and (sound or not rest)

    found = []
    if thousands(parts, marks):
        found.append("".join(parts))
    *groups, fraction = parts
    if marks[-1] not in marks[:-1] and thousands(groups, marks[:-1]):
        found.append(f"{int(''.join(groups))}.{fraction}")
    return found


def _plain_number(value: float) -> str:
    """A number of a sheet without the tail that binary fractions leave: 76.2, not 76.20000000000000284."""
    if not math.isfinite(value):
        return str(value)
    return str(int(value)) if float(value).is_integer() else f"{value:.10f}".rstrip("0")


@dataclass(frozen=True)
class Figure:
    """A filled cell: what it is, what it says, and where it stands (row and column from 0)."""

    measure: str
    level: str
    channel: str
    at_end: bool
    window: int
    value: str
    note: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        return cell_name(self.row, self.column)

    @property
    def number(self) -> float:
        return float(self.value)


class _Reader:
    """One sheet being read; faults and notes gather as it goes."""

    def __init__(self, sheet: Sheet, name: str, today: date):
        self.sheet, self.name, self.today = sheet, name, today
        # a CSV file has nothing but text
        self.typed = not name.lower().endswith(".csv")
        self.faults: list[Text] = []
        self.notes: list[Text] = []
        self.figures: list[Figure] = []
        self.fields: dict[str, object] = {}
        self.places: dict[str, int] = {}
        self.provinces: dict[int, Province] = {}
        table = measure_table().set_index("measure")
        self.kinds, self.names = table["kind"], table["name"]
        self.measures = {plain(name): measure for measure, name in self.names.items()}
        self.part_of, self.at_most = table["part_of"], table["at_most"]

    def fault(self, cells: str, vi: str, en: str) -> None:
        where = bilingual("workload.cell") if "," not in cells else bilingual("workload.cells")
        place = [f"{self.name}, trang tính '{self.sheet.name}'", f"{self.name}, sheet '{self.sheet.name}'"]
        at = [f"{place[i]}, {where[i]} {cells}" if cells else place[i] for i in (0, 1)]
        self.faults.append((f"{at[0]}: {vi}", f"{at[1]}: {en}"))

    def cell(self, row: int, column: int):
        cells = self.sheet.rows[row]
        value = cells[column] if column < len(cells) else None
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, row: int, column: int) -> str:
        value = self.cell(row, column)
        return "" if value is None else " ".join(str(value).split())

    # ------------------------------------------------------------------------------------------------------ the head

    def read(self) -> None:
        """Head, rows, then what they say of one another."""
        codes = [self.text(row, 0) for row in range(len(self.sheet.rows))]
        head = codes.index(template.HEAD)
        for row, code in enumerate(codes[:head]):
            if code.startswith("field:"):
                self.fields[code.removeprefix("field:")] = (row, self.cell(row, 2))
        self._columns(head)
        self._gaps(head)
        self._head_fields()
        if not self.places.keys() >= set(template.COLUMNS):
            return
        filled = [self._row(row, codes[row]) for row in range(head + 1, len(codes))]
        if not any(filled):
            self.fault("", *bilingual("workload.no_figure_filled"))
        self._periods()
        self._repeated()
        self._check_sums()
        self._check_years()
        self._remarks()

    def _columns(self, head: int) -> None:
        known = {plain(name): name for name in template.COLUMNS}
        for column in range(1, len(self.sheet.rows[head])):
            heading = self.text(head, column)
            if plain(heading) in known:
                self.places[known[plain(heading)]] = column
        for name in template.COLUMNS:
            if name not in self.places:
                self.fault(
                    cell_name(head, 1),
                    *bilingual("workload.there_no_column_row_keep", name=name),
                )

    def _gaps(self, head: int) -> None:
        """Merged cells, errors and formulas without a value would read as blanks."""
        for top, left, bottom, right in self.sheet.merged:
            if bottom > head and right > 0:
                self.fault(
                    f"{cell_name(top, left)}:{cell_name(bottom, right)}",
                    *bilingual("workload.merged_cells_unmerge_them_each"),
                )
        for row, column in self.sheet.without_value:
            self.fault(
                cell_name(row, column),
                *bilingual("workload.error_such_n_formula_without"),
            )

    def _head_fields(self) -> None:
        for name, (vi, en) in template.FIELDS.items():
            row, value = self.fields.get(name, (None, None))
            if row is None:
                self.fault("", *bilingual("workload.row_template_missing", text=(vi, en)))
            elif value is None and name not in template.OPTIONAL:
                self.fault(cell_name(row, 2), *bilingual("workload.not_filled", text=(vi, en)))
        year, issued = self._field("year"), self._field("issued_on")
        if year is not None and not re.fullmatch(r"20[0-9]{2}(\.0)?", str(year).strip()):
            self._wrong("year", *bilingual("workload.year_written_like_2024_not", year=year))
        if issued is not None:
            found = as_day(issued)
            if found is None:
                self._wrong("issued_on", *bilingual("workload.no_day_31_3_2024", issued=issued))
            elif found > self.today:
                self._wrong("issued_on", *bilingual("workload.lies_future", found=(day(found, "vi"), day(found, "en"))))
        calendar = self._field("calendar")
        if calendar is not None and calendar not in (template.REPORTING, template.CALENDAR):
            self._wrong(
                "calendar",
                *bilingual("workload.choose", reporting=template.REPORTING, calendar=template.CALENDAR),
            )

    def _field(self, name: str):
        return self.fields.get(name, (None, None))[1]

    def _wrong(self, name: str, vi: str, en: str) -> None:
        self.fault(cell_name(self.fields[name][0], 2), vi, en)

    @property
    def year(self) -> int | None:
        found = re.match(r"20[0-9]{2}", str(self._field("year") or ""))
        return int(found[0]) if found else None

    def window(self, number: int) -> tuple[date, date, bool]:
        return template.window(self.year, number, self._field("calendar") == template.CALENDAR)

    # ------------------------------------------------------------------------------------------------------ the rows

    def _row(self, row: int, code: str) -> bool:
        """Read a row; whether it has anything filled in."""
        columns = self.places
        filled = {
            number: columns[name]
            for number, name in enumerate(template.WINDOWS, 1)
            if self.cell(row, columns[name]) is not None
        }
        astray = self._outside(row)
        if code == template.EXAMPLE:
            self._example(row)
        if code in (template.GROUP, template.EXAMPLE):
            return astray
        place = self._coded(row, code, bool(filled)) if code else self._chosen(row, filled)
        chosen = any(self.text(row, columns[heading]) for heading in template.COLUMNS[:3])
        given = bool(filled) or astray or (not code and chosen)
        if place is None:
            return given
        measure, level, channel = place
        kind = self.text(row, columns["Loại số"])
        if kind not in (template.IN_PERIOD, template.AT_END) and filled:
            self.fault(
                cell_name(row, columns["Loại số"]),
                *bilingual("workload.choose_over_period_end", in_period=template.IN_PERIOD, at_end=template.AT_END),
            )
        for window, column in filled.items():
            value = self._value(row, column, measure)
            if value is not None:
                note = self.text(row, columns["Ghi chú"])
                at_end = kind == template.AT_END
                self.figures.append(Figure(measure, level, channel, at_end, window, value, note, row, column))
        return given

    def _outside(self, row: int) -> bool:
        """Name the cells beside the table that hold something; whether there are any."""
        count = len(self.faults)
        known = {0, *self.places.values()}
        for column in range(len(self.sheet.rows[row])):
            if column not in known and self.cell(row, column) is not None:
                self.fault(
                    cell_name(row, column),
                    *bilingual("workload.outside_table_remove_move"),
                )
        return len(self.faults) > count

    def _example(self, row: int) -> None:
        for window, value in enumerate(template.EXAMPLE_ROW[3], 1):
            column = self.places[template.WINDOWS[window - 1]]
            found = self.cell(row, column)
            try:
                same = found is not None and read_number(found, whole=True) == str(value)
            except NotANumber:
                same = False
            if not same:
                self.fault(
                    cell_name(row, column),
                    *bilingual("workload.example_row_not_read_enter"),
                )

    def _coded(self, row: int, code: str, filled: bool) -> tuple[str, str, str] | None:
        measure, _, rest = code.partition("|")
        level, _, channel = rest.partition("|")
        if measure not in self.kinds.index or level not in template.LEVELS or channel not in template.CHANNELS:
            vi, en = nearest(measure, self.kinds.index)
            self.fault(cell_name(row, 0), *bilingual("workload.unknown_code", code=code, text=(vi, en)))
            return None
        if filled:
            self._same_words(row, measure, level, channel)
        return measure, level, channel

    def _same_words(self, row: int, measure: str, level: str, channel: str) -> None:
        """The code counts; words beside it that name something else are a fault, unknown words a note."""
        columns = [self.places[name] for name in template.COLUMNS[:4]]
        options = (self.measures, LEVEL_WORDS, CHANNEL_WORDS, UNIT_WORDS)
        for column, right, known in zip(columns, template.words(measure, level, channel), options, strict=True):
            said = self.text(row, column)
            if plain(said) == plain(right) or (not said and not right):
                continue
            cell = cell_name(row, column)
            if plain(said) in known or not said or known is not self.measures:
                self.fault(
                    cell,
                    *bilingual(
                        "workload.says_row_template_restore_other",
                        value=(said or "trống", said or "nothing"),
                        right=right,
                    ),
                )
            else:
                self.notes.append(bilingual("workload.cell_read", cell=cell, said=said, right=right))

    def _chosen(self, row: int, filled: dict[int, int]) -> tuple[str, str, str] | None:
        """A row without a code, at the end of the table: name, level and channel as chosen."""
        columns = self.places
        name, level, channel = (self.text(row, columns[heading]) for heading in template.COLUMNS[:3])
        if not name and not filled and not level and not channel:
            return None
        found = self.measures.get(plain(name))
        if not name:
            self.fault(
                cell_name(row, columns["Chỉ tiêu"]),
                *bilingual(
                    "workload.value_without_measure_choose_one"
                    if filled
                    else "workload.half_filled_choose_measure_clear"
                ),
            )
        elif found is None:
            close = nearest(plain(name), self.measures)
            hint = [
                text.replace(key, self.names[code])
                for text in close
                for key, code in self.measures.items()
                if key in text
            ]
            vi, en = hint[:1] + hint[-1:] if hint else ("", "")
            self.fault(
                cell_name(row, columns["Chỉ tiêu"]),
                *bilingual("workload.there_no_measure", name=name, text=(vi, en)),
            )
        if plain(level) not in LEVEL_WORDS:
            self.fault(
                cell_name(row, columns["Cấp"]),
                *(
                    bilingual("workload.choose_level_list_not", level=level)
                    if level
                    else bilingual("workload.choose_level_list")
                ),
            )
        if plain(channel) not in CHANNEL_WORDS:
            self.fault(
                cell_name(row, columns["Hình thức"]),
                *bilingual("workload.choose_channel_list_not", channel=channel),
            )
        if name and not filled:
            self.fault(
                cell_name(row, columns[template.WINDOWS[0]]),
                *bilingual("workload.measure_without_value_fill_clear"),
            )
        if found is None or not filled or plain(level) not in LEVEL_WORDS or plain(channel) not in CHANNEL_WORDS:
            return None
        return found, LEVEL_WORDS[plain(level)], CHANNEL_WORDS[plain(channel)]

    def _value(self, row: int, column: int, measure: str) -> str | None:
        cell, kind = self.cell(row, column), self.kinds[measure]
        whole = template.is_whole(measure)
        if isinstance(cell, str) and cell.strip().endswith("%") and whole:
            self.fault(cell_name(row, column), *bilingual("workload.count_not_share"))
            return None
        try:
            value = read_number(cell, whole, bounded=kind != "change_pct")
        except NotANumber as wrong:
            self.fault(cell_name(row, column), wrong.vi, wrong.en)
            return None
        if isinstance(cell, str) and self.typed:
            # what a spreadsheet holds as text it leaves out of its sums; nobody sees which it is
            self.fault(
                cell_name(row, column),
                *bilingual(
                    "workload.text_not_number_enter_number",
                    strip=cell.strip()[:40],
                    replace=value.replace(".", ",")[:40],
                    value=value[:40],
                ),
            )
            return None
        amount = float(value)
        if abs(amount) > LARGEST:
            self.fault(cell_name(row, column), *bilingual("workload.number_too_large"))
            return None
        if kind in ("count", "plan") and amount < 0:
            self.fault(cell_name(row, column), *bilingual("workload.count_cannot_negative", value=value))
            return None
        if kind in ("share", "target") and not whole and not 0 <= amount <= 100:
            self.fault(
                cell_name(row, column),
                *bilingual(
                    "workload.share_lies_between_0_100", amount=(number(amount, 2, "vi"), number(amount, 2, "en"))
                ),
            )
            return None
        if kind == "share" and not whole and 0 < amount < 1:
            cell = cell_name(row, column)
            self.notes.append(
                bilingual(
                    "workload.cell_kept_mend_if_meant",
                    cell=cell,
                    replace=value.replace(".", ","),
                    value=(number(100 * amount, 2, "vi"), value),
                    value_3=number(100 * amount, 2, "en"),
                )
            )
        return value

    # --------------------------------------------------------------------------------- what rows say of one another

    def _periods(self) -> None:
        """Each window with figures is over, and the province was there."""
        if self.year is None:
            return
        issued = as_day(self._field("issued_on"))
        text = str(self._field("province") or "")
        code = re.match(r"[0-9]{2}\b", text)
        for window in sorted({figure.window for figure in self.figures}):
            start, end, _ = self.window(window)
            results = [
                f for f in self.figures if f.window == window and self.kinds[f.measure] not in ("plan", "target")
            ]
            if end >= self.today and results:
                self.fault(
                    _cells(results),
                    *bilingual(
                        "workload.period_not_over_yet",
                        start=(day(start, "vi"), day(start, "en")),
                        end=(day(end, "vi"), day(end, "en")),
                    ),
                )
            if issued and issued < start and results:
                self._wrong(
                    "issued_on",
                    *bilingual(
                        "workload.document_figures",
                        issued=(day(issued, "vi"), day(issued, "en")),
                        start=(day(start, "vi"), day(start, "en")),
                        end=(day(end, "vi"), day(end, "en")),
                    ),
                )
            if not text:
                continue
            try:
                if not code:
                    raise UnknownName(*bilingual("workload.choose_list_not", text=text))
                province = catalogue().province(code[0], end)
            except UnknownName as wrong:
                self._wrong("province", wrong.vi, wrong.en)
                continue
            if plain(text) != plain(template.province_text(province)):
                self._wrong(
                    "province",
                    *bilingual(
                        "workload.code_then_not", first_code=code[0], name=(province.name, province.name_en), text=text
                    ),
                )
            self.provinces[window] = province
            if province.boundary == "post_2025":
                gone = [f for f in self.figures if f.window == window and f.level == "district"]
                if gone:
                    self.fault(_cells(gone), *bilingual("workload.there_no_district_level_since"))

    def _repeated(self) -> None:
        first: dict[tuple, Figure] = {}
        for figure in self.figures:
            place = (figure.measure, figure.level, figure.channel, figure.at_end, figure.window)
            other = first.setdefault(place, figure)
            if other is not figure:
                self.fault(_cells([other, figure]), *bilingual("workload.same_figure_twice_keep_one"))

    def _check_sums(self) -> None:
        """Parts that do not make their whole."""
        held = {(f.measure, f.level, f.channel, f.at_end, f.window): f for f in self.figures}
        counts = [f for f in self.figures if self.kinds[f.measure] == "count"]
        for whole in counts:
            rest = (whole.at_end, whole.window)

            def found(places, rest=rest) -> list[Figure]:
                return [held[place + rest] for place in places if place + rest in held]

            if whole.channel == "all":
                names = ("online", "direct", "postal")
                parts = found((whole.measure, whole.level, channel) for channel in names)
                self._sum(whole, parts, len(parts) == 3, *bilingual("workload.channels"))
            if whole.level == "all":
                province = self.provinces.get(whole.window)
                gone = province is not None and province.boundary == "post_2025"
                names = ("province", "commune") if gone else ("province", "district", "commune")
                parts = found((whole.measure, level, whole.channel) for level in names)
                self._sum(whole, parts, len(parts) == len(names), *bilingual("workload.levels"))
            kinds = list(self.part_of.index[self.part_of == whole.measure])
            parts = found((measure, whole.level, whole.channel) for measure in kinds)
            self._sum(whole, parts, len(parts) == len(kinds) > 1, *bilingual("workload.parts"))
            kinds = SUMS.get(whole.measure, ())
            parts = found((measure, whole.level, whole.channel) for measure in kinds)
            self._sum(whole, parts, len(parts) == len(kinds) > 1, *bilingual("workload.parts"))
            for measure in self.at_most.index[self.at_most == whole.measure]:
                self._sum(whole, found([(measure, whole.level, whole.channel)]), False, *bilingual("workload.part"))

    def _sum(self, whole: Figure, parts: list[Figure], complete: bool, vi: str, en: str) -> None:
        total = sum(part.number for part in parts)
        if not parts or (total == whole.number if complete else total <= whole.number):
            return
        sizes = [(number(total, 0, language), number(whole.number, 0, language)) for language in LANGUAGES]
        added = [" + ".join(number(part.number, 0, language) for part in parts) for language in LANGUAGES]
        shown = [f"{added[i]} = {sizes[i][0]}" if len(parts) > 1 else sizes[i][0] for i in (0, 1)]
        names = [f"{vi} ({_cells(parts)})", f"{en} ({_cells(parts)})"]
        told = bilingual(
            ("workload.not_total_cell" if complete else "workload.more_than_total_cell"),
            second_first_sizes=sizes[0][1],
            cell=whole.cell,
            second_second_sizes=sizes[1][1],
            names=(names[0], names[1]),
            shown=(shown[0], shown[1]),
        )
        if any(word in figure.note.casefold() for word in AS_PRINTED for figure in (whole, *parts)):
            self.notes.append(bilingual("workload.marked_printed", told=(told[0], told[1])))
            return
        self.fault(
            whole.cell,
            f"{told[0]}; nếu văn bản in đúng như vậy thì ghi 'như in' vào cột Ghi chú",
            f"{told[1]}; if the document prints it so, write 'như in' in the column of notes",
        )

    def _check_years(self) -> None:
        """Cumulative figures that fall within the year."""
        held = {(f.measure, f.level, f.channel, f.window): f for f in self.figures if not f.at_end}
        for figure in held.values():
            if self.kinds[figure.measure] != "count" or figure.measure in STOCKS or figure.window not in (2, 4):
                continue
            place = (figure.measure, figure.level, figure.channel)
            earlier = [held[(*place, window)] for window in range(1, figure.window) if (*place, window) in held]
            # the half year holds the first quarter; the third quarter is no part of it, but of the year
            sums = [[other] for other in earlier]
            halves = [other for other in earlier if other.window in (2, 3)]
            if len(halves) == 2 and figure.measure not in SUMS:
                sums = [halves]
            for parts in sums:
                total = sum(part.number for part in parts)
                if total > figure.number:
                    values = [[number(n, 0, language) for n in (figure.number, total)] for language in LANGUAGES]
                    if any(word in f.note.casefold() for word in AS_PRINTED for f in (figure, *parts)):
                        continue
                    self.fault(
                        figure.cell,
                        *bilingual(
                            "workload.cumulative_less_than_earlier_year",
                            first_first_values=values[0][0],
                            second_first_values=values[0][1],
                            cells=_cells(parts),
                            first_second_values=values[1][0],
                            second_second_values=values[1][1],
                        ),
                    )
                    break

    def _remarks(self) -> None:
        """Printed shares that contradict their counts are kept as they are; the user is told."""
        if self.faults or not self.figures:
            return
        frame = pd.DataFrame(
            [
                {
                    "period_start": figure.window,
                    "period_end": figure.at_end,
                    "province_code": "",
                    "boundary": "",
                    "level": figure.level,
                    "agency": "",
                    "source_id": "",
                    "measure": figure.measure,
                    "channel": figure.channel,
                    "value": figure.number,
                    "value_printed": figure.value,
                }
                for figure in self.figures
            ]
        )
        for place, printed, expected in shares_against_counts(frame):
            cell = self.figures[place].cell
            if abs(100 * printed - expected) < 0.51 and printed < 1:
                self.fault(
                    cell,
                    *bilingual(
                        "workload.share_counts_give_enter_per",
                        replace=self.figures[place].value.replace(".", ","),
                        expected=(number(expected, 2, "vi"), number(expected, 2, "en")),
                        value=self.figures[place].value,
                    ),
                )
                continue
            self.notes.append(
                bilingual(
                    "workload.cell_printed_share_counts_give",
                    cell=cell,
                    printed=(number(printed, 2, "vi"), number(printed, 2, "en")),
                    expected=(number(expected, 2, "vi"), number(expected, 2, "en")),
                )
            )


LEVEL_WORDS = {plain(labels()[level][0]): level for level in template.LEVELS}
CHANNEL_WORDS = {plain(word): channel for channel, word in template.CHANNELS.items()}
UNIT_WORDS: dict[str, str] = {}  # any other unit is wrong


def _cells(figures: list[Figure], most: int = 6) -> str:
    cells = [figure.cell for figure in figures]
    return ", ".join(cells[:most]) + (f", … ({len(cells)})" if len(cells) > most else "")


def as_day(cell: object) -> date | None:
    """A cell as a day: a day of the sheet, or text such as 31/3/2024 or 2024-03-31 (the day before the month)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip()
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.split(" ")[0], form).date()
        except ValueError:
            continue
    return None


# ---------------------------------------------------------------------------------------------------------- the file


def _csv_sheet(path: Path) -> tuple[Sheet, int, str]:
    """The one sheet of a CSV file, its bytes and hash; comma, semicolon or tab, UTF-8 with or without a mark."""
    sheets.refuse_size(path, sheets.Limits(file_mb=LARGEST_CSV_MB))
    size, sha256 = sheets.fingerprint(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Refused([bilingual("workload.row_not_utf_8_windows", name=path.name, row=row)]) from None
    mark = max(",;\t", key=text.count)
    try:
        rows = [[cell or None for cell in row] for row in csv.reader(text.splitlines(keepends=True), delimiter=mark)]
    except csv.Error as error:
        raise Refused([bilingual("workload.cannot_read", name=path.name, error=error)]) from None
    return Sheet(path.stem, True, rows), size, sha256


def _sheets(path: Path) -> tuple[Iterator[Sheet], int, str]:
    if path.suffix.lower() == ".csv":
        sheet, size, sha256 = _csv_sheet(path)
        return iter([sheet]), size, sha256
    book = sheets.read_book(path)
    return iter(book.sheets), book.bytes, book.sha256


def read_workload(path: Path, folder: Path, today: date | None = None) -> Proposal:
    """The figures of a filled template (.xlsx, .xls or .csv) as rows for data/.

    folder: data/. Raises Refused with every fault of the file, each with its cell.
    """
    path, today = Path(path), today or date.today()
    found, size, sha256 = _sheets(path)
    filled = [sheet for sheet in found if any(row and row[0] == template.HEAD for row in sheet.rows)]
    if len(filled) > 1:
        names = [listing([f"'{sheet.name}'" for sheet in filled], language) for language in LANGUAGES]
        raise Refused(
            [
                bilingual(
                    "workload.sheets_template_keep_one_file",
                    name=path.name,
                    n_filled=len(filled),
                    names=(names[0], names[1]),
                )
            ]
        )
    if not filled:
        raise Refused([bilingual("workload.not_template_hidden_column_codes", name=path.name)])
    (sheet,) = filled
    reader = _Reader(sheet, path.name, today)
    reader.read()
    if reader.faults:
        # what is wrong with the head may be met again for each period
        raise Refused(list(dict.fromkeys(reader.faults)))
    fields = {name: reader.text(row, 2) for name, (row, _) in reader.fields.items()}
    issued = as_day(reader._field("issued_on"))
    unnumbered = plain(fields["number"]) in ("khong so", "khong")
    code = fields["province"][:2]
    slug = (("" if unnumbered else plain(fields["number"])) or plain(fields["title"])).replace(" ", "_")[:40].strip("_")
    origin = Origin(
        f"report_{code}_{issued}_{slug}".replace("-", "_"),
        path.name,
        size,
        sha256,
        sheet.name if path.suffix.lower() != ".csv" else "",
        "template",
        title=fields["title"] + ("" if unnumbered else f" ({fields['number']})"),
        publisher=fields["publisher"],
        published=str(issued),
        kind="publisher_report",
        url=fields.get("url", ""),
    )
    rows: dict[str, list[dict[str, str]]] = {}
    units = measure_table().set_index("measure")["unit"]
    for figure in reader.figures:
        province = reader.provinces[figure.window]
        start, end, cumulative = reader.window(figure.window)
        rows.setdefault(workload_table(province), []).append(
            {
                "period_start": str(end if figure.at_end else start),
                "period_end": str(end),
                "is_cumulative": str(cumulative and not figure.at_end).lower(),
                "boundary": province.boundary,
                "province_code": province.province_code,
                "level": figure.level,
                "agency": "",
                "measure": figure.measure,
                "channel": figure.channel,
                "value": figure.value,
                "unit": units[figure.measure],
                "source_id": origin.source_id,
                "note": figure.note,
            }
        )
    count = len(reader.figures)
    places = [
        listing(sorted({template.province_text(p) for p in reader.provinces.values()}), lang) for lang in LANGUAGES
    ]
    return Proposal(
        summary=bilingual(
            "workload.figures",
            name=path.name,
            count=count,
            year=reader.year,
            title=origin.title,
            places=(places[0], places[1]),
        ),
        rows={**rows, **source_rows(origin, count, folder, today)},
        notes=tuple(reader.notes),
    )


def workload_table(province: Province) -> str:
    """The table of data/ that holds a province's workload."""
    own = province.province_code == "58" and province.boundary == "pre_2025"
    return f"workload/{'ninh_thuan' if own else 'comparators'}.csv"
