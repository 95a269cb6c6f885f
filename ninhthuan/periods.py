"""Quarters, closing days and reporting windows.

Three times are kept apart: the year an index describes (`edition_year`), the day it came out
(`published_on`) and the reporting quarter (`quarter`, written 2024Q1 wherever a machine looks).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class Quarter:
    """A reporting quarter.

    >>> Quarter.parse("2024Q1").closing_day.isoformat()
    '2024-04-30'
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2099 and 1 <= self.number <= 4):
            raise ValueError(f"not a quarter: {self.year}Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read `2024Q1`; raises ValueError for anything else."""
        found = re.fullmatch(r"([0-9]{4})Q([1-4])", str(text))
        if not found:
            raise ValueError(f"a quarter is written like 2024Q1, not {text!r}")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    def shifted(self, quarters: int) -> Quarter:
        count = self.year * 4 + self.number - 1 + quarters
        return Quarter(count // 4, count % 4 + 1)

    @property
    def previous(self) -> Quarter:
        return self.shifted(-1)

    @property
    def next(self) -> Quarter:
        return self.shifted(1)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return last_day_of_month(self.year, 3 * self.number)

    @property
    def closing_day(self) -> date:
        """Last day of the month after the quarter: what was published by then is known to its report."""
        month = 3 * self.number + 1
        return last_day_of_month(self.year + month // 13, (month - 1) % 12 + 1)

    @property
    def reporting_window(self) -> tuple[date, date]:
        """Window of the Ministry of Home Affairs' periodic report made for this quarter.

        Quarter I runs 15/12-14/3, the half year and the year are cumulative from 15/12, quarter III
        stands alone (15/6-14/9).
        """
        start = date(self.year, 6, 15) if self.number == 3 else date(self.year - 1, 12, 15)
        return start, date(self.year, 3 * self.number, 14)

    @property
    def window_is_cumulative(self) -> bool:
        return self.number in (2, 4)


def last_day_of_month(year: int, month: int) -> date:
    """The last day of a month.

    >>> last_day_of_month(2024, 2).isoformat()
    '2024-02-29'
    """
    return date(year, month, calendar.monthrange(year, month)[1])


def period_kind(start: date, end: date) -> str:
    """`day`, `quarter`, `half`, `nine_months`, `year` or `span` for a period given by its two ends.

    Calendar periods and reporting windows (from the 15th of the month before to the 14th) are recognised: quarters,
    both halves, nine months and the whole of a year. Whatever lies elsewhere is a `span`.

    >>> period_kind(date(2022, 12, 15), date(2023, 3, 14))
    'quarter'
    """
    if start == end:
        return "day"
    calendar_period = start.day == 1 and end == last_day_of_month(end.year, end.month)
    window = start.day == 15 and end.day == 14
    if not (calendar_period or window):
        return "span"
    # months counted from the beginning of the year that the period belongs to
    first = start.year * 12 + start.month - 1 + window
    length = end.year * 12 + end.month - first
    place = first % 12
    if length == 3 and place % 3 == 0:
        return "quarter"
    if length == 6 and place in (0, 6):
        return "half"
    return {9: "nine_months", 12: "year"}.get(length, "span") if place == 0 else "span"
