"""The rows of `data/reference/` that code decides by, as frozen dataclasses; and which data folder is read."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path

from .language import name_key, pick
from .periods import last_day_of_month
from .words import phrase, two_languages

# Which value is used where sources differ: the first kind that has one.
SOURCE_PRIORITY = (
    "publisher_table",
    "publisher_table_copy",
    "publisher_report",
    "official_portal",
    "newspaper",
    "secondary",
    "legal_text",
)


GROUPS = ("high", "upper_middle", "lower_middle", "low")


MERGER_DAY = date(2025, 7, 1)


BOUNDARIES = ("pre_2025", "post_2025")


# Where an installed package has its data; in a clone they stand beside the package.
PACKAGED = Path(__file__).resolve().parent / "data"


_elsewhere: ContextVar[str | None] = ContextVar("data_folder", default=None)


def data_dir() -> Path:
    """The data folder: that of `data_from`, `NINHTHUAN_DATA`, or the one that came with the package."""
    return _data_dir(_elsewhere.get() or os.environ.get("NINHTHUAN_DATA"))


@contextmanager
def data_from(folder: Path | str) -> Iterator[Path]:
    """Everything inside the `with` is read from another copy of the data folder, such as an older one.

    Whatever is remembered is remembered by folder, so nothing of one copy is ever taken for the other's. Raises
    FileNotFoundError where the folder holds no datapackage.json.
    """
    chosen = str(Path(folder).resolve())
    _data_dir(chosen)
    token = _elsewhere.set(chosen)
    try:
        yield Path(chosen)
    finally:
        _elsewhere.reset(token)


@cache
def _data_dir(chosen: str | None) -> Path:
    folder = Path(chosen) if chosen else PACKAGED if PACKAGED.is_dir() else PACKAGED.parent.parent / "data"
    if not (folder / "datapackage.json").is_file():
        raise FileNotFoundError(two_languages("catalogue.no_datapackage_json_set_ninhthuan", folder=folder))
    return folder


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Index:
    index_id: str
    position: int
    abbreviation: str
    name: str
    name_en: str
    topic: str
    topic_en: str
    publisher: str
    publisher_en: str
    successor: str
    successor_en: str
    succeeded_on: date | None
    unit: str
    decimals: int
    better: str
    rank_is_published: bool
    source_id: str
    note: str

    def publisher_on(self, day: date, language: str) -> str:
        """Who publishes it, and from the day on which another took over also who that is."""
        name = pick(self.publisher, self.publisher_en, language)
        if not self.succeeded_on or day < self.succeeded_on:
            return name
        since = phrase("catalogue.since", language)
        return f"{name} ({since} {self.succeeded_on.year}: {pick(self.successor, self.successor_en, language)})"


@dataclass(frozen=True)
class Component:
    component_id: str
    first_edition: int
    last_edition: int | None
    index_id: str
    parent_id: str
    level: str
    number: str
    name: str
    name_en: str
    short_name: str
    short_name_en: str
    scale_min: float
    scale_max: float
    unit: str
    parts_sum: bool
    continues_id: str
    source_id: str
    note: str

    def exists_in(self, edition_year: int) -> bool:
        return self.first_edition <= edition_year and (self.last_edition is None or edition_year <= self.last_edition)


@dataclass(frozen=True)
class Edition:
    index_id: str
    edition_year: int
    boundary: str
    published_on: date | None
    published_precision: str
    provinces_scored: int
    provinces_withheld: tuple[str, ...]
    source_id: str
    note: str

    @property
    def known_from(self) -> date:
        """First day on which a report may use the edition.

        The day itself where it is known; the last day of the month where only the month (or "about")
        is; otherwise the careful rule: the last day of the year after the edition year.
        """
        if self.published_on is None:
            return date(self.edition_year + 1, 12, 31)
        if self.published_precision == "day":
            return self.published_on
        return last_day_of_month(self.published_on.year, self.published_on.month)


@dataclass(frozen=True)
class Break:
    component_id: str
    edition_year: int
    severity: str
    ranks: str
    index_id: str
    label: str
    label_en: str
    note: str
    note_en: str
    source_id: str


@dataclass(frozen=True)
class Province:
    boundary: str
    province_code: str
    name: str
    name_en: str
    short_name: str
    short_name_en: str
    aliases: str
    unit_type: str
    region_id: str
    region: str
    region_en: str
    valid_from: date | None
    valid_to: date | None
    successor_code: str
    predecessor_codes: tuple[str, ...]
    tile_col: int | None
    tile_row: int | None
    source_id: str
    note: str

    @property
    def spellings(self) -> set[str]:
        """What it is called, folded: see `name_key`."""
        return {name_key(name) for name in (self.name, self.name_en, self.short_name, *self.aliases.split(";")) if name}


@dataclass(frozen=True)
class Publisher:
    publisher: str
    publisher_en: str


@dataclass(frozen=True)
class Source:
    source_id: str
    title: str
    title_en: str
    publisher: str
    published: str
    kind: str
    machine_translated: bool
    url: str
    retrieved_on: date | None
    rights: str
    note: str

    @property
    def holds_the_table(self) -> bool:
        """Whether it is the publisher's own table or a copy of it: out when the edition was, whenever it was copied."""
        return self.kind in ("publisher_table", "publisher_table_copy")

    @property
    def dated(self) -> bool:
        """Whether `published` names a day or a month."""
        return bool(_PUBLISHED.search(self.published))

    @property
    def latest_day(self) -> date | None:
        """Last day that `published` may mean: the day, else the end of its month or year; None where it names none.

        Of several days or years the last; what stands beside a bare year (`2025 (after Q3)`) narrows nothing.
        """
        dates = _PUBLISHED.findall(self.published)
        if dates:
            return max(
                date(int(year), int(month), int(day)) if day else last_day_of_month(int(year), int(until or month))
                for year, month, day, until in dates
            )
        years = re.findall(r"\b\d{4}\b", self.published)
        return date(int(max(years)), 12, 31) if years else None


# 2024-04-30, 2024-04, 2020-04/05
_PUBLISHED = re.compile(r"\b(\d{4})-(\d\d)(?!\d)(?:-(\d\d))?(?:/(\d\d))?")


_PARSERS = {
    "int": int,
    "int | None": lambda text: int(text) if text else None,
    "float": float,
    "bool": lambda text: text == "true",
    "date | None": _day,
    "tuple[str, ...]": lambda text: tuple(text.split()),
    "str": str,
}


def rows_of(kind: type, path: Path) -> list:
    """The rows of a table of `data/reference/`, each as a `kind`, whose fields are its columns."""
    parsers = {field.name: _PARSERS[field.type] for field in fields(kind)}
    with open(path, encoding="utf-8", newline="") as handle:
        return [kind(**{key: parsers[key](value) for key, value in row.items()}) for row in csv.DictReader(handle)]
