"""The reports due on a day: the last quarter that has closed, and quarters missed before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ninhthuan.catalogue import catalogue
from ninhthuan.language import ParameterFaults, day, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.reference import Province
from ninhthuan.words import bilingual

from ..parameters import Parameters, first_quarter
from . import plan

LAST = "last"


def due(today: date) -> Quarter:
    """The last quarter whose closing day has passed.

    >>> str(due(date(2026, 10, 31))), str(due(date(2026, 11, 1)))
    ('2026Q2', '2026Q3')
    """
    quarter = Quarter.containing(today).previous
    while quarter.closing_day >= today:
        quarter = quarter.previous
    return quarter


def ended(code: str, quarter: Quarter) -> Province | None:
    """The province of a code, if it was merged into another before the end of the quarter; else None."""
    found = [province for province in catalogue().provinces.values() if province.province_code == code]
    if not found or any(each.valid_to is None or each.valid_to >= quarter.last_day for each in found):
        return None
    return max(found, key=lambda province: province.valid_to)


def last_quarter(code: str, today: date) -> Quarter:
    """The last quarter due for a province; for a merged one, the last in which it existed."""
    quarter = due(today)
    gone = ended(code, quarter)
    return Quarter.containing(gone.valid_to) if gone else quarter


def quarters(code: str, language: str, reports: Path, today: date) -> list[Quarter]:
    """The quarters to make, oldest first: the last, those missed since the newest report, and those that failed."""
    last = last_quarter(code, today)
    there = _quarters(reports, code, language, "run.json")
    newest = max(there, default=last)
    found = {last}
    while newest < last:
        newest = newest.next
        found.add(newest)
    # a quarter that failed is tried again even after a later one has been made
    tried = _quarters(reports / ".failed", code, language) | _quarters(reports / ".work", code, language)
    found |= {quarter for quarter in tried - there if there and min(there) < quarter < last}
    return sorted(found)


def requests(
    provinces: Iterable[str], languages: Iterable[str], reports: Path, today: date, as_of: str = ""
) -> tuple[list[Parameters], list[tuple[str, str]]]:
    """The requests of reports that are due, oldest first, and notes on provinces that were merged.

    `all` is every province of the last quarter, and those merged since whose last reports were missed. Raises
    ParameterFaults with everything that is wrong.
    """
    if today <= first_quarter().closing_day:
        raise ParameterFaults([bilingual("schedule.before_first_figure", today=today)])
    provinces, languages = list(provinces), list(languages)
    wanted: dict[tuple[Quarter, str, str], None] = {}
    notes: dict[str, tuple[str, str]] = {}
    for name in provinces:
        codes = [(name, False)]
        if name == "all":
            quarter = due(today)
            every = dict.fromkeys(province.province_code for province in catalogue().provinces.values())
            codes = [(code, ended(code, quarter) is not None) for code in every]
        for code, only_missed in codes:
            for language in languages:
                found = quarters(code, language, reports, today)
                if only_missed:
                    there = _quarters(reports, code, language, "run.json")
                    found = [quarter for quarter in found if there and quarter not in there]
                wanted |= dict.fromkeys((quarter, code, language) for quarter in found)
                if found and (gone := ended(code, due(today))):
                    notes[code] = _merged(gone)
    ordered = sorted(wanted, key=lambda due: due[0])
    checked = plan.checked([(str(quarter), code, language) for quarter, code, language in ordered], as_of, today)
    return checked, list(notes.values())


def _quarters(folder: Path, code: str, language: str, file: str = "") -> set[Quarter]:
    """Quarters with a folder for a province and language, and with a file in it where one is named."""
    if not (re.fullmatch(r"\d\d", code) and re.fullmatch(r"[a-z]+", language)):
        return set()  # a misspelt request is refused later; here it must not become a pattern
    found = set()
    for place in folder.glob(f"[0-9]*/{code}/{language}"):
        if (place / file).exists() and re.fullmatch(r"20\d\dQ[1-4]", place.parts[-3]):
            found.add(Quarter.parse(place.parts[-3]))
    return found


def _merged(gone: Province) -> tuple[str, str]:
    heir = catalogue().provinces["post_2025", gone.successor_code]
    last = Quarter.containing(gone.valid_to)
    return bilingual(
        "schedule.ended_now_part_last_quarter",
        name=(gone.name, gone.name_en),
        province_code=gone.province_code,
        valid_to=(day(gone.valid_to, "vi"), day(gone.valid_to, "en")),
        name_2=(heir.name, heir.name_en),
        province_code_2=heir.province_code,
        quarter_name=quarter_name(last, "vi"),
        last=last,
    )
