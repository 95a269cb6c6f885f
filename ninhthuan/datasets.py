"""Reading `data/`: a table as printed, with its numbers as numbers, and the tables of reference."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pandas as pd

from . import reading
from .catalogue import catalogue
from .measures import named
from .periods import Quarter
from .reference import MERGER_DAY, data_dir
from .words import two_languages

NUMBERS = {
    "score": "float64",
    "rank_published": "Int64",
    "n_ranked_published": "Int64",
    "edition_year": "int64",
    "value": "float64",
}


def as_day(day: date | str | None) -> date | None:
    """A day given as a date, a timestamp, ISO text or not at all; raises ValueError for any other text."""
    try:
        if isinstance(day, datetime):  # and pandas' Timestamp
            return day.date()
        return date.fromisoformat(day) if isinstance(day, str) and day else day or None
    except ValueError:
        raise ValueError(two_languages("datasets.no_day", day=day)) from None


def last_day_of(until: Quarter | date | str | None) -> date | None:
    """The last day that a quarter (`2024Q1`), a day or nothing stands for."""
    if isinstance(until, str):
        until = Quarter.parse(until) if "Q" in until else as_day(until)
    return until.last_day if isinstance(until, Quarter) else until


@cache
def _read(path: Path) -> pd.DataFrame:
    """A file of data/ as printed (text), with the row it stands in."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    table["row"] = range(2, len(table) + 2)
    return table


def printed_rows(relative: str, **where: Iterable) -> pd.DataFrame:
    """A file of data/ as printed: every cell is text, and `row` is its row in the file.

    where: column to the values wanted; only those rows are read, and noted as read (see `reading`).
    """
    table = _read(data_dir() / relative)
    if not relative.startswith("reference/"):
        reading.note(reading.selection(relative, **where))
    for column, values in where.items():
        table = table[table[column].isin({str(value) for value in values})]
    return table.copy()


def typed_rows(relative: str, **where: Iterable) -> pd.DataFrame:
    """`printed_rows` with numbers as numbers and `*_printed` text beside score and value."""
    table = printed_rows(relative, **where)
    for column in ("score", "value"):
        if column in table:
            table[f"{column}_printed"] = table[column]
    for column, kind in NUMBERS.items():
        if column in table:
            table[column] = pd.to_numeric(table[column], errors="coerce").astype(kind)
    return table


@cache
def _kinds(folder: Path, relative: str) -> dict[str, str]:
    """Column to type of a table, as the descriptor says."""
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    fields = next(table["schema"]["fields"] for table in described if table["path"] == relative)
    return {field["name"]: field["type"] for field in fields}


def described_table(relative: str, index_id: str = "") -> pd.DataFrame:
    """A table of data/, or its rows of one index: days, numbers and flags as what they are; lists stay text."""
    table = printed_rows(relative).drop(columns="row")
    if index_id:
        table = table[table["index_id"] == catalogue().find_index(index_id).index_id].reset_index(drop=True)
    for column, kind in _kinds(data_dir(), relative).items():
        if kind == "date":
            table[column] = pd.to_datetime(table[column])
        elif kind in ("integer", "number"):
            numbers = pd.to_numeric(table[column])
            table[column] = numbers.astype("Int64") if kind == "integer" and numbers.hasnans else numbers
        elif kind == "boolean":
            table[column] = table[column] == "true"
    return table


def provinces(boundary: str | None = None) -> pd.DataFrame:
    """Provinces with names, region, validity and successor: one row per boundary and code."""
    table = described_table("reference/provinces.csv")
    return table if boundary is None else table[table["boundary"] == boundary].reset_index(drop=True)


def indices() -> pd.DataFrame:
    """The five indices: names, publisher and who took over, unit, decimals, which way is better; one row an index."""
    return described_table("reference/indices.csv").sort_values("position", ignore_index=True)


def components(index_id: str = "") -> pd.DataFrame:
    """Totals, dimensions, sub-dimensions and parts: one row per component and definition, with names and scale.

    A component that was defined anew has a row for each definition, with its first and last edition; `continues_id` is
    what it was called before. index_id: of one index alone.
    """
    return described_table("reference/components.csv", index_id)


def breaks(index_id: str = "") -> pd.DataFrame:
    """Changes of method: one row per component and edition, with names, what it forbids and why.

    severity: `break` is never crossed by a difference of scores, `caution` is marked, `suspected` is a step of the
    whole country that no document explains. index_id: of one index alone.
    """
    return named(described_table("reference/breaks.csv", index_id))


def sources() -> pd.DataFrame:
    """Every source that a figure cites: title, publisher, kind, address, rights."""
    return described_table("reference/sources.csv")


def policies(as_of: date | str | None = None) -> pd.DataFrame:
    """Directives and resolutions, each with its province (blank: the country); with `as_of`, those issued by then."""
    table, day = described_table("reference/policies.csv"), as_day(as_of)
    return table if day is None else table[table["issued_on"] <= pd.Timestamp(day)].reset_index(drop=True)


def reform_tasks() -> pd.DataFrame:
    """Groups of tasks that a province's document sets, each with the indicators that watch it."""
    return described_table("reference/reform_tasks.csv")


def editions(as_of: date | str | None = None) -> pd.DataFrame:
    """Editions of the five indices: day of publication, provinces scored and withheld, known_from."""
    table, day, known = described_table("reference/editions.csv"), as_day(as_of), catalogue().editions
    keys = zip(table["index_id"], table["edition_year"], table["boundary"], strict=True)
    table.insert(5, "known_from", pd.to_datetime([known[key].known_from for key in keys]))
    return table if day is None else table[table["known_from"] <= pd.Timestamp(day)].reset_index(drop=True)


def crosswalk() -> pd.DataFrame:
    """The 63 provinces and the 34 units that they became on 1 July 2025: one row per old province.

    Columns: province_code, province, valid_to (last day), successor_code, successor, successor_valid_from, n_merged
    (old provinces in the new unit; 1 is one that went on alone), code_reused (it now names a larger unit), source_id.
    Codes mean what they say only together with a day: 56 is Khánh Hòa before and after, with and without Ninh Thuận.
    """
    known = catalogue()
    rows = []
    for (boundary, code), old in known.provinces.items():
        if boundary != "pre_2025" or (old.valid_to and old.valid_to.year < MERGER_DAY.year):
            continue
        new = known.provinces[("post_2025", old.successor_code)]
        rows.append(
            {
                "province_code": code,
                "province": old.name,
                "valid_to": old.valid_to,
                "successor_code": new.province_code,
                "successor": new.name,
                "successor_valid_from": new.valid_from,
                "n_merged": len(new.predecessor_codes),
                "code_reused": code == new.province_code and len(new.predecessor_codes) > 1,
                "source_id": new.source_id,
            }
        )
    table = pd.DataFrame(rows).sort_values(["successor_code", "province_code"], ignore_index=True)
    return table.assign(**{day: pd.to_datetime(table[day]) for day in ("valid_to", "successor_valid_from")})
