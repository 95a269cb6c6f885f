"""The sheet that a province fills in: its figures, and how its rows and columns are recognised when it comes back.

What may be filled comes from `measures.csv` and from what reports have printed so far; nothing of it is listed twice.
Each row carries a code in a hidden column, so that no wording has to be guessed. Its texts are rows of `template.csv`:
they stand in sheets that offices hold already, so they are Vietnamese and do not change.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.datasets import printed_rows
from ninhthuan.language import label, labels
from ninhthuan.periods import Quarter
from ninhthuan.reference import Province, data_dir
from ninhthuan.refusals import UnknownName
from ninhthuan.words import bilingual, message
from ninhthuan.workload import by_measure, measure_table

from . import rows_of
from .refusals import Refused


def texts(role: str) -> dict[str, str]:
    """Key to text of a role in `template.csv`."""
    return {row["key"]: row["text"] for row in rows_of("template.csv") if row["role"] == role}


SHEET, GUIDE, LISTS = texts("sheet").values()
# What stands in the hidden first column.
HEAD, EXAMPLE, GROUP, FIELD = "key", "example", "group", "field:"
FIELDS = {
    "province": bilingual("template.province"),
    "year": bilingual("template.year"),
    "calendar": bilingual("template.periods_counted"),
    "publisher": bilingual("template.reporting_agency"),
    "title": bilingual("template.title_document"),
    "number": bilingual("template.number_document"),
    "issued_on": bilingual("template.day_document"),
    "url": bilingual("template.address_if_any"),
}
OPTIONAL = ("url",)
REPORTING, CALENDAR = texts("calendar").values()
IN_PERIOD, AT_END = texts("kind").values()
COLUMNS = texts("column")  # in their order, from the second column of the sheet on
WINDOWS = {number: f"window_{number}" for number in (1, 2, 3, 4)}
LEVELS = {level: labels()[level][0] for level in ("all", "province", "district", "commune")}
CHANNELS = {key: text or (label(key, "vi") if key else "") for key, text in texts("channel").items()}
FILLED_BY_CLERKS = ("count", "plan", "share", "target")  # changes follow from these; they are in the lists all the same
# Shown, never read; a clerk who types over it gets a fault.
EXAMPLE_ROW = ("dossiers_received", "all", "online", (32746, 66120, 33480, 134905))
YEARS = range(2010, 2041)


def window(year: int, number: int, calendar: bool = False) -> tuple[date, date, bool]:
    """First day, last day and whether cumulative, of the windows in their order (1 to 4).

    >>> [day.isoformat() for day in window(2024, 2)[:2]]
    ['2023-12-15', '2024-06-14']
    """
    quarter = Quarter(year, number)
    if not calendar:
        return *quarter.reporting_window, quarter.window_is_cumulative
    start = date(year, 1, 1) if quarter.window_is_cumulative else quarter.first_day
    return start, quarter.last_day, quarter.window_is_cumulative


def province_text(province: Province) -> str:
    """A province in the list of the template: `58 – Ninh Thuận`."""
    return f"{province.province_code} – {province.name}"


@cache
def _seen(folder: Path) -> pd.DataFrame:
    files = [printed_rows(f"workload/{name}.csv") for name in ("ninh_thuan", "comparators")]
    return pd.concat(files, ignore_index=True)


def rows(districts: bool = True) -> list[tuple[str, str, str, bool]]:
    """The figures of the template: measure, level, channel, whether at a date rather than over a period.

    A measure has rows by channel or level where some report has printed it so. districts: with their level,
    which ended on 1 July 2025.
    """
    seen, found = _seen(data_dir()), []
    table = measure_table()
    for entry in table[table["kind"].isin(FILLED_BY_CLERKS)].itertuples():
        printed = seen[seen["measure"] == entry.measure]
        dated = len(printed) > 0 and (printed["period_start"] == printed["period_end"]).all()
        channels = [channel for channel in ("online", "direct", "postal") if channel in set(printed["channel"])]
        whole = "all" if channels or "all" in set(printed["channel"]) else ""
        levels = [level for level in LEVELS if level in set(printed["level"]) - {"all"}]
        found += [(entry.measure, "all", channel, dated) for channel in (whole, *channels)]
        found += [(entry.measure, level, whole, dated) for level in levels if districts or level != "district"]
    return found


def grouped(districts: bool = True) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    """The rows under their headings, by how their measures begin, counts before the shares of them."""
    left, found = rows(districts), []
    kinds = by_measure()["kind"]
    for beginnings, heading in texts("group").items():
        own = [row for row in left if row[0].startswith(tuple(beginnings.split()) or "")]
        left = [row for row in left if row not in own]
        found.append((heading, sorted(own, key=lambda row: FILLED_BY_CLERKS.index(kinds[row[0]]))))
    return found


def key(measure: str, level: str, channel: str) -> str:
    """The code of a row, as it stands in the hidden column."""
    return f"{measure}|{level}|{channel}"


def words(measure: str, level: str, channel: str) -> tuple[str, str, str, str]:
    """What stands beside the code: name, level, channel, unit."""
    entry = by_measure().loc[measure]
    return entry["name"], LEVELS[level], CHANNELS[channel], label(entry["unit"], "vi")


def is_whole(measure: str) -> bool:
    """Whether figures of a measure are whole numbers."""
    return by_measure().at[measure, "unit"] not in ("percent", "percentage_points")


def checked_request(province: str, year: int) -> Province:
    """The province of a template, as the user writes it, in a year; raises Refused.

    In 2025 it may be one of before the merger or of after it.
    """
    if year not in YEARS:
        raise Refused(message("template.year_not", first_years=YEARS[0], last_years=YEARS[-1], year=year))
    wrong = ("", "")
    for boundary in dict.fromkeys(boundary_on(window(year, number)[1]) for number in WINDOWS):
        try:
            return catalogue().find_province(province, boundary)
        except UnknownName as error:
            wrong = error.vi, error.en
    raise Refused(wrong)
