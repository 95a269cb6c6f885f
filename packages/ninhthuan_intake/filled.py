"""A template that was filled in: its head and its figures, read cell by cell.

Rows are known by the code in the hidden first column, columns by their headings; whatever does not fit is a fault that
names its cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from careful_tables.cells import cell_name
from ninhthuan.language import nearest, plain
from ninhthuan.numbers import number
from ninhthuan.words import message
from ninhthuan.workload import by_measure

from . import template
from .entries import NotANumber, as_day, read_number, with_comma
from .refusals import Findings, both

LARGEST = 1e12  # of any figure
LEVELS = {plain(word): level for level, word in template.LEVELS.items()}
CHANNELS = {plain(word): channel for channel, word in template.CHANNELS.items()}


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


@dataclass
class FilledSheet(Findings):
    """One sheet being read. fields: of the head, name to (row, cell). places: column of the template to its place."""

    today: date
    figures: list[Figure] = field(default_factory=list)
    fields: dict[str, tuple[int, object]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        # a CSV file has nothing but text
        self.typed = not self.file.lower().endswith(".csv")
        self.table: pd.DataFrame = by_measure()
        self.kinds, self.names = self.table["kind"], self.table["name"]
        self.measures = {plain(name): measure for measure, name in self.names.items()}

    def cell(self, row: int, column: int):
        value = self.sheet.value(row, column)
        return None if isinstance(value, str) and not value.strip() else value

    def text(self, row: int, column: int) -> str:
        value = self.cell(row, column)
        return "" if value is None else " ".join(str(value).split())

    def word(self, row: int, name: str) -> str:
        """The text of a row in a column of the template."""
        return self.text(row, self.places[name])

    def at(self, row: int, name: str) -> str:
        """The name of the cell of a row in a column of the template."""
        return cell_name(row, self.places[name])

    # ------------------------------------------------------------------------------------------------------ the head

    def read(self) -> bool:
        """Read head and rows; whether the columns are those of the template, without which no row can be read."""
        codes = [self.text(row, 0) for row in range(len(self.sheet.rows))]
        head = codes.index(template.HEAD)
        for row, code in enumerate(codes[:head]):
            if code.startswith(template.FIELD):
                self.fields[code.removeprefix(template.FIELD)] = (row, self.cell(row, 2))
        self._columns(head)
        self._gaps(head)
        self._head_fields()
        if not self.places.keys() >= template.COLUMNS.keys():
            return False
        filled = [self._row(row, codes[row]) for row in range(head + 1, len(codes))]
        if not any(filled):
            self.blame("", message("workload.nothing_filled"))
        return True

    def _columns(self, head: int) -> None:
        known = {plain(heading): name for name, heading in template.COLUMNS.items()}
        for column in range(1, len(self.sheet.rows[head])):
            heading = plain(self.text(head, column))
            if heading in known:
                self.places[known[heading]] = column
        for name, heading in template.COLUMNS.items():
            if name not in self.places:
                self.blame(cell_name(head, 1), message("workload.no_such_column", name=heading))

    def _gaps(self, head: int) -> None:
        """Merged cells, errors and formulas without a value would read as blanks."""
        for top, left, bottom, right in self.sheet.merged:
            if bottom > head and right > 0:
                self.blame(f"{cell_name(top, left)}:{cell_name(bottom, right)}", message("sheets.merged"))
        for row, column in self.sheet.without_value:
            self.blame(cell_name(row, column), message("sheets.without_value"))

    def _head_fields(self) -> None:
        for name, text in template.FIELDS.items():
            row, value = self.fields.get(name, (None, None))
            if row is None:
                self.blame("", message("workload.no_such_row", text=text))
            elif value is None and name not in template.OPTIONAL:
                self.blame(cell_name(row, 2), message("workload.not_filled", text=text))
        year, issued, calendar = map(self.given, ("year", "issued_on", "calendar"))
        if year is not None and not re.fullmatch(r"20[0-9]{2}(\.0)?", str(year).strip()):
            self.blame_field("year", message("workload.year_written_otherwise", year=year))
        if issued is not None and (found := as_day(issued)) is None:
            self.blame_field("issued_on", message("workload.no_day", issued=issued))
        elif issued is not None and found > self.today:
            self.blame_field("issued_on", message("workload.day_in_the_future", day=found))
        if calendar not in (None, template.REPORTING, template.CALENDAR):
            choices = {"reporting": template.REPORTING, "calendar": template.CALENDAR}
            self.blame_field("calendar", message("workload.choose_calendar", **choices))

    def given(self, name: str):
        """What stands in a field of the head."""
        return self.fields.get(name, (None, None))[1]

    def blame_field(self, name: str, what) -> None:
        """Note a fault of a field of the head."""
        self.blame(cell_name(self.fields[name][0], 2), what)

    @property
    def year(self) -> int | None:
        found = re.match(r"20[0-9]{2}", str(self.given("year") or ""))
        return int(found[0]) if found else None

    def window(self, number: int) -> tuple[date, date, bool]:
        """First day, last day and whether cumulative, of a window of the sheet's year."""
        return template.window(self.year, number, self.given("calendar") == template.CALENDAR)

    # ------------------------------------------------------------------------------------------------------ the rows

    def _row(self, row: int, code: str) -> bool:
        """Read a row; whether it has anything filled in."""
        filled = {
            number: self.places[name]
            for number, name in template.WINDOWS.items()
            if self.cell(row, self.places[name]) is not None
        }
        astray = self._outside(row)
        if code == template.EXAMPLE:
            self._example(row)
        if code in (template.GROUP, template.EXAMPLE):
            return astray
        place = self._coded(row, code, bool(filled)) if code else self._chosen(row, bool(filled))
        if place and filled:
            self._figures(row, place, filled)
        chosen = not code and any(self.word(row, name) for name in ("measure", "level", "channel"))
        return bool(filled) or astray or (chosen and not code)

    def _figures(self, row: int, place: tuple[str, str, str], filled: dict[int, int]) -> None:
        kind = self.word(row, "kind")
        if kind not in (template.IN_PERIOD, template.AT_END):
            kinds = {"in_period": template.IN_PERIOD, "at_end": template.AT_END}
            self.blame(self.at(row, "kind"), message("workload.choose_kind", **kinds))
        for window, column in filled.items():
            value, cell = self._value(row, column, place[0]), (row, column)
            if value is not None:
                note = self.word(row, "note")
                self.figures.append(Figure(*place, kind == template.AT_END, window, value, note, *cell))

    def _outside(self, row: int) -> bool:
        """Name the cells beside the table that hold something; whether there are any."""
        known = {0, *self.places.values()}
        beside = [column for column in range(len(self.sheet.rows[row])) if column not in known]
        astray = [column for column in beside if self.cell(row, column) is not None]
        for column in astray:
            self.blame(cell_name(row, column), message("workload.outside_the_table"))
        return bool(astray)

    def _example(self, row: int) -> None:
        for name, value in zip(template.WINDOWS.values(), template.EXAMPLE_ROW[3], strict=True):
            found = self.cell(row, self.places[name])
            try:
                same = found is not None and read_number(found, whole=True) == str(value)
            except NotANumber:
                same = False
            if not same:
                self.blame(self.at(row, name), message("workload.example_overwritten"))

    def _coded(self, row: int, code: str, filled: bool) -> tuple[str, str, str] | None:
        measure, level, channel = [*code.split("|", 2), "", ""][:3]
        if measure not in self.kinds.index or level not in template.LEVELS or channel not in template.CHANNELS:
            hint = nearest(measure, self.kinds.index)
            self.blame(cell_name(row, 0), message("workload.unknown_code", code=code, hint=hint))
            return None
        if filled:
            self._same_words(row, measure, level, channel)
        return measure, level, channel

    def _same_words(self, row: int, measure: str, level: str, channel: str) -> None:
        """The code counts; words that name something else are a fault, an unknown name of a measure is a note."""
        names = ("measure", "level", "channel", "unit")
        for name, right in zip(names, template.words(measure, level, channel), strict=True):
            text = self.word(row, name)
            if plain(text) == plain(right):
                continue
            if name == "measure" and text and plain(text) not in self.measures:
                self.notes.append(message("workload.read_as", cell=self.at(row, name), text=text, right=right))
            else:
                what = message("workload.another_row", value=text or message("workload.blank"), right=right)
                self.blame(self.at(row, name), what)

    def _chosen(self, row: int, filled: bool) -> tuple[str, str, str] | None:
        """A row without a code, at the end of the table: name, level and channel as chosen."""
        name, level, channel = (self.word(row, column) for column in ("measure", "level", "channel"))
        if not (name or filled or level or channel):
            return None
        measure = self.measures.get(plain(name))
        if not name:
            what = message("workload.value_without_measure" if filled else "workload.half_filled")
            self.blame(self.at(row, "measure"), what)
        elif measure is None:
            self.blame(self.at(row, "measure"), message("workload.no_such_measure", name=name, hint=self._hint(name)))
        if plain(level) not in LEVELS:
            what = message("workload.choose_level_not", level=level) if level else message("workload.choose_level")
            self.blame(self.at(row, "level"), what)
        if plain(channel) not in CHANNELS:
            self.blame(self.at(row, "channel"), message("workload.choose_channel_not", channel=channel))
        if name and not filled:
            self.blame(self.at(row, template.WINDOWS[1]), message("workload.measure_without_value"))
        if measure is None or not filled or plain(level) not in LEVELS or plain(channel) not in CHANNELS:
            return None
        return measure, LEVELS[plain(level)], CHANNELS[plain(channel)]

    def _hint(self, name: str) -> tuple[str, str]:
        """The measure that may be meant, by its name as the list has it."""
        vi, en = nearest(plain(name), self.measures)
        for key, measure in self.measures.items():
            if key in vi:
                return vi.replace(key, self.names[measure]), en.replace(key, self.names[measure])
        return vi, en

    def _value(self, row: int, column: int, measure: str) -> str | None:
        """A figure in plain writing; None, and a fault, where it cannot be one of the measure."""
        cell, kind, whole = self.cell(row, column), self.kinds[measure], template.is_whole(measure)
        place, share = cell_name(row, column), kind in ("share", "target") and not whole
        try:
            if isinstance(cell, str) and cell.strip().endswith("%") and whole:
                raise NotANumber(message("workload.count_and_no_share"))
            value = read_number(cell, whole, bounded=kind != "change_pct")
        except NotANumber as wrong:
            self.blame(place, (wrong.vi, wrong.en))
            return None
        amount, fault = float(value), None
        if isinstance(cell, str) and self.typed:
            # what a spreadsheet holds as text it leaves out of its sums; nobody sees which it is
            fault = message("workload.number_as_text", text=cell.strip()[:40], value=with_comma(value[:40]))
        elif abs(amount) > LARGEST:
            fault = message("workload.too_large")
        elif kind in ("count", "plan") and amount < 0:
            fault = message("workload.negative_count", value=value)
        elif share and not 0 <= amount <= 100:
            fault = message("workload.share_out_of_range", value=both(number, amount, 2))
        if fault:
            self.blame(place, fault)
            return None
        if share and kind == "share" and 0 < amount < 1:
            meant = both(number, 100 * amount, 2)
            self.notes.append(message("workload.small_share", cell=place, value=with_comma(value), meant=meant))
        return value
