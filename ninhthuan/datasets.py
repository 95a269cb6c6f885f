"""Reading `data/`: a table as printed, with its numbers as numbers, and the tables of reference."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from . import reading
from .catalogue import catalogue
from .periods import Quarter
from .reference import data_dir
from .words import two_languages

NUMBERS = {
    "score": "float64",
    "rank_published": "Int64",
    "n_ranked_published": "Int64",
    "edition_year": "int64",
    "value": "float64",
}


def as_day(day: date | str | None) -> date | None:
    """A day given as a date, as ISO text or not at all; raises ValueError for any other text."""
    try:
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


def provinces(boundary: str | None = None) -> pd.DataFrame:
    """Provinces with names, region, validity and successor: one row per boundary and code."""
    table = printed_rows("reference/provinces.csv").drop(columns="row")
    return table if boundary is None else table[table["boundary"] == boundary].reset_index(drop=True)


def sources() -> pd.DataFrame:
    """Every source that a figure cites: title, publisher, kind, address, rights."""
    return printed_rows("reference/sources.csv").drop(columns="row")


def policies(as_of: date | str | None = None) -> pd.DataFrame:
    """Directives and resolutions, each with its province (blank: the country); with `as_of`, those issued by then."""
    table = printed_rows("reference/policies.csv").drop(columns="row")
    table["issued_on"] = pd.to_datetime(table["issued_on"])
    day = as_day(as_of)
    return table if day is None else table[table["issued_on"] <= pd.Timestamp(day)].reset_index(drop=True)


def reform_tasks() -> pd.DataFrame:
    """Groups of tasks that a province's document sets, each with the indicators that watch it."""
    return printed_rows("reference/reform_tasks.csv").drop(columns="row")


def editions(as_of: date | str | None = None) -> pd.DataFrame:
    """Editions of the five indices: day of publication, provinces scored and withheld, known_from."""
    day = as_day(as_of)
    rows = [
        {
            "index_id": edition.index_id,
            "edition_year": edition.edition_year,
            "boundary": edition.boundary,
            "published_on": edition.published_on,
            "published_precision": edition.published_precision,
            "known_from": edition.known_from,
            "provinces_scored": edition.provinces_scored,
            "provinces_withheld": " ".join(edition.provinces_withheld),
            "note": edition.note,
        }
        for edition in catalogue().editions.values()
        if day is None or edition.known_from <= day
    ]
    return pd.DataFrame(rows)
