"""What exists: indices, components, editions, breaks of method, provinces, sources.

Read from `data/reference/` into frozen dataclasses. Breaks and boundary changes are rows with dates,
never conditions in code.
"""

from __future__ import annotations

import csv
import difflib
import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, cached_property, wraps
from pathlib import Path

from .language import nearest, pick, plain
from .periods import last_day_of_month
from .words import bilingual, phrase, two_languages

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
# The order in which provinces' reports list the indices.
INDEX_ORDER = ("papi", "pci", "par_index", "sipas", "dti")
GROUPS = ("high", "upper_middle", "lower_middle", "low")
MERGER_DAY = date(2025, 7, 1)
BOUNDARIES = ("pre_2025", "post_2025")


# What may be chosen where a comparison is refused, and the row that says it in messages, notes and alternative texts.
RULES = {
    "same_components": "catalogue.only_components_defined_alike_all",
    "positions": "catalogue.places_among_provinces_ranked_compared",
    "aggregate": "catalogue.old_provinces_put_together_new",
}


class NotComparable(ValueError):
    """A comparison would cross a break of method or a change of boundaries.

    vi, en: what is in the way; breaks: the rows of `breaks.csv`, none at a change of boundaries; rules: the names in
    `RULES` that may be chosen instead.
    """

    def __init__(self, vi: str, en: str, rules: tuple[str, ...] = (), breaks: tuple[Break, ...] = ()):
        self.vi, self.en, self.rules, self.breaks = vi, en, rules, breaks
        choices = [f'rule="{rule}" ({{}})' for rule in rules]
        said = []
        for place, (text, choose) in enumerate(zip((vi, en), bilingual("catalogue.choose"), strict=True)):
            offers = "; ".join(
                choice.format(bilingual(RULES[rule])[place]) for rule, choice in zip(rules, choices, strict=True)
            )
            said.append(f"{text} – {choose} {offers}" if offers else text)
        super().__init__(" / ".join(said))


class UnknownName(KeyError):
    """A name or code that means nothing, or more than one thing; vi, en: what is wrong, and what may be meant."""

    def __init__(self, vi: str, en: str):
        self.vi, self.en = vi, en
        super().__init__(f"{vi} / {en}")

    def __str__(self) -> str:
        # a KeyError would show its text in quotes
        return self.args[0]


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
    abbreviation: str
    name: str
    name_en: str
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


def _rows(kind: type, path: Path) -> list:
    parsers = {field.name: _PARSERS[field.type] for field in fields(kind)}
    with open(path, encoding="utf-8", newline="") as handle:
        return [kind(**{key: parsers[key](value) for key, value in row.items()}) for row in csv.DictReader(handle)]


@dataclass(frozen=True)
class Catalogue:
    """Everything in `data/reference/` that code decides by."""

    indices: dict[str, Index]
    components: tuple[Component, ...]
    editions: dict[tuple[str, int, str], Edition]
    breaks: tuple[Break, ...]
    provinces: dict[tuple[str, str], Province]
    sources: dict[str, Source]
    publishers: dict[str, str]  # names in English of those that have another

    def components_of(self, index_id: str, edition_year: int | None = None) -> list[Component]:
        """Components of an index, in official order; of one edition, or every definition ever used."""
        found = [
            component
            for component in self.components
            if component.index_id == index_id and (edition_year is None or component.exists_in(edition_year))
        ]
        levels = ("total", "dimension", "sub_dimension", "part", "variant")

        def official_order(component: Component) -> tuple:
            numbers = [int(part) for part in component.number.split(".") if part]
            return levels.index(component.level), numbers, component.component_id

        return sorted(found, key=official_order)

    def component(self, component_id: str, edition_year: int | None = None) -> Component:
        """The definition of a component in an edition; without an edition, the newest definition."""
        found = [
            component
            for component in self.components
            if component.component_id == component_id and (edition_year is None or component.exists_in(edition_year))
        ]
        if not found:
            raise KeyError(f"no component {component_id!r}" + (f" in {edition_year}" if edition_year else ""))
        return max(found, key=lambda component: component.first_edition)

    def editions_of(self, index_id: str, boundary: str = "pre_2025", as_of: date | None = None) -> list[Edition]:
        """Editions of an index in order of year; with `as_of`, those a report of that day may know."""
        return sorted(
            (
                edition
                for edition in self.editions.values()
                if edition.index_id == index_id
                and edition.boundary == boundary
                and (as_of is None or edition.known_from <= as_of)
            ),
            key=lambda edition: edition.edition_year,
        )

    def breaks_of(self, component_id: str, severity: str | None = None) -> list[Break]:
        """Breaks of a component; a sub-dimension shares the documented ones of its dimension."""
        parent = next(
            (c.parent_id for c in self.components if c.component_id == component_id and c.level == "sub_dimension"), ""
        )
        return [
            b
            for b in self.breaks
            if (b.component_id == component_id or (b.component_id == parent and b.severity != "suspected"))
            and (severity is None or b.severity == severity)
        ]

    def breaks_between(self, component_id: str, year_a: int, year_b: int, severity: str | None = None) -> list[Break]:
        """Breaks that lie between two editions (the later one included)."""
        low, high = sorted((year_a, year_b))
        return [b for b in self.breaks_of(component_id, severity) if low < b.edition_year <= high]

    def ranks_comparable(self, component_id: str, year_a: int, year_b: int) -> bool:
        """Whether places may be counted from one edition to another, or ranks only stand side by side.

        By the column `ranks` of `breaks.csv`, alone: `marked` allows the count, with the mark; `side_by_side` does not.
        """
        return all(b.ranks == "marked" for b in self.breaks_between(component_id, year_a, year_b))

    def check_comparable(self, component_id: str, year_a: int, year_b: int) -> None:
        """Raise NotComparable, naming the break, when one lies between two editions."""
        found = tuple(self.breaks_between(component_id, year_a, year_b, "break"))
        if found:
            first, last = sorted((year_a, year_b))
            rules, total = ("positions",), self.component(component_id)
            if total.level == "total" and total.parts_sum and self.common_components(total.index_id, first, last):
                rules = ("same_components", *rules)
            raise NotComparable(
                *bilingual(
                    "catalogue.not_comparable",
                    component_id=component_id,
                    first=first,
                    last=last,
                    found=(" ".join(b.note for b in found), " ".join(b.note_en for b in found)),
                ),
                rules,
                found,
            )

    def known_from(self, source_id: str, edition: Edition, basis: str = "") -> date:
        """First day on which a report may use what a source says of an edition.

        The publisher's own table, and a copy of it: the day of the edition. Every other source, and whatever is worked
        back: its own latest day, or where none is known the last day of the year after the edition; never before the
        edition itself.
        """
        source = self.sources[source_id]
        if source.holds_the_table and basis != "derived":
            return edition.known_from
        return max(edition.known_from, source.latest_day or date(edition.edition_year + 1, 12, 31))

    def parts_of(self, component_id: str, edition_year: int) -> list[Component]:
        """Components right under a component in an edition, in official order; variants of a total are none."""
        index_id = self.component(component_id, edition_year).index_id
        return [
            part
            for part in self.components_of(index_id, edition_year)
            if part.parent_id == component_id and part.level in ("dimension", "sub_dimension")
        ]

    def earlier_id(self, component_id: str, year: int, earlier: int) -> str | None:
        """What a component of one edition was called in an earlier one, by `continues_id`; None where it is new."""
        definition = self.component(component_id, year)
        while definition.first_edition > earlier:
            if not definition.continues_id:
                return None
            try:
                definition = self.component(definition.continues_id, definition.first_edition - 1)
            except KeyError:
                return None
        return definition.component_id

    def same_definition(self, component_id: str, year_a: int, year_b: int) -> bool:
        """Whether a component of the later edition is defined as one of the earlier, its parts left aside.

        Proved by the tree: it goes back to a component of the earlier edition on the same scale, no documented change
        lies between, and its parts go back, one to one, to the parts of that.
        """
        first, last = sorted((year_a, year_b))
        try:
            before = self.earlier_id(component_id, last, first)
        except KeyError:
            return False
        if before is None or any(b.severity != "suspected" for b in self.breaks_between(component_id, first, last)):
            return False
        ends = [self.component(name, year) for name, year in ((before, first), (component_id, last))]
        if len({(end.scale_min, end.scale_max) for end in ends}) > 1:
            return False
        parts = self.parts_of(component_id, last)
        origins = {self.earlier_id(part.component_id, last, first) for part in parts}
        return origins == {part.component_id for part in self.parts_of(before, first)} and len(origins) == len(parts)

    def same_component(self, component_id: str, year_a: int, year_b: int) -> bool:
        """Whether a component of the later edition measures, part by part, what it did in the earlier one.

        It is defined alike (`same_definition`), the whole country made no step that no document explains (severity
        `suspected`), and all of its parts are the same themselves: a step of a part marks the whole.
        """
        first, last = sorted((year_a, year_b))
        if (component_id, first, last) not in self._same:
            self._same[component_id, first, last] = (
                self.same_definition(component_id, first, last)
                and not self.breaks_between(component_id, first, last)
                and all(self.same_component(p.component_id, first, last) for p in self.parts_of(component_id, last))
            )
        return self._same[component_id, first, last]

    @cached_property
    def _same(self) -> dict[tuple[str, int, int], bool]:
        return {}

    def marks(self, component_id: str, year_a: int, year_b: int) -> list[Break]:
        """What a comparison of two editions has to say: rows of `breaks.csv` between them, by year.

        Those of the component, and in years without one those of its parts, so that there is one wherever
        `same_component` is false of a component that exists in both.
        """
        found = self.breaks_between(component_id, year_a, year_b)
        years = {b.edition_year for b in found}
        parts = {p.component_id for year in (year_a, year_b) for p in self._parts_if_any(component_id, year)}
        found += [b for part in sorted(parts) for b in self.marks(part, year_a, year_b) if b.edition_year not in years]
        return sorted(dict.fromkeys(found), key=lambda b: b.edition_year)

    def shifted(self, component_id: str, year_a: int, year_b: int) -> list[str]:
        """Parts of a component in which the whole country made a step between two editions that no document explains.

        The lowest that did: of a dimension and its sub-dimension the sub-dimension.
        """
        found: list[str] = []
        for part in self._parts_if_any(component_id, max(year_a, year_b)):
            lower = self.shifted(part.component_id, year_a, year_b)
            own = self.breaks_between(part.component_id, year_a, year_b, "suspected")
            found += lower or [part.component_id] * bool(own)
        return found

    def _parts_if_any(self, component_id: str, edition_year: int) -> list[Component]:
        try:
            return self.parts_of(component_id, edition_year)
        except KeyError:
            return []

    def common_components(self, index_id: str, year_a: int, year_b: int) -> tuple[Component, ...]:
        """Dimensions of an index that stay the same component through every edition from one year to another."""
        first, last = sorted((year_a, year_b))
        years = [
            e.edition_year for e in self.editions.values() if e.index_id == index_id and first <= e.edition_year <= last
        ]
        return tuple(
            component
            for component in self.components_of(index_id, last)
            if component.level == "dimension"
            and all(self.same_component(component.component_id, year, last) for year in {first, *years} - {last})
        )

    def segment(self, component_id: str, edition_year: int) -> int:
        """Number of the stretch of comparable editions that an edition belongs to."""
        return sum(b.edition_year <= edition_year for b in self.breaks_of(component_id, "break"))

    def region_mates(self, boundary: str, province_code: str) -> list[str]:
        """Codes of the provinces of a province's region, its own among them; none where it has no region."""
        region = self.provinces[(boundary, province_code)].region_id
        return [code for (b, code), p in self.provinces.items() if b == boundary and region and p.region_id == region]

    def province(self, province_code: str, day: date) -> Province:
        """The province that bears a code on a day; raises KeyError with what to do."""
        boundary = boundary_on(day)
        found = self.provinces.get((boundary, province_code))
        if found and (found.valid_to is None or day <= found.valid_to):
            return found
        former = self.provinces.get(("pre_2025", province_code))
        if former and boundary == "post_2025":
            successor = self.provinces[("post_2025", former.successor_code)]
            raise UnknownName(
                *bilingual(
                    "catalogue.code_ended_1_july_2025",
                    province_code=province_code,
                    name=(former.name, former.name_en),
                    name_2=(successor.name, successor.name_en),
                    province_code_2=successor.province_code,
                ),
            )
        raise UnknownName(*bilingual("catalogue.no_province_has_code", province_code=province_code))

    @cached_property
    def _codes_by_spelling(self) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for (boundary, code), province in self.provinces.items():
            for spelling in (code, *province.spellings):
                found.setdefault((boundary, spelling), []).append(code)
        return found

    def province_spelt(self, text: str, boundary: str) -> Province | None:
        """The province that a name means, as `find_province` knows it, or None; for looking through many cells."""
        found = self._codes_by_spelling.get((boundary, name_key(text)), [])
        return self.provinces[(boundary, found[0])] if len(found) == 1 else None

    def provinces_like(self, text: str, boundary: str) -> list[Province]:
        """Provinces of a list that a text may mean: whose name holds it, else whose name is near it; five at most."""
        wanted, names = name_key(text), {}
        if wanted.isdigit():  # a spreadsheet makes 1 of 01
            return [p for code in [wanted.zfill(2)] if (p := self.provinces.get((boundary, code)))]
        for (where, spelling), codes in self._codes_by_spelling.items():
            if where == boundary:
                names[spelling] = codes
        close = [name for name in names if len(wanted) > 1 and wanted in name]
        close = close or difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
        codes = dict.fromkeys(code for name in close for code in names[name])
        return [self.provinces[(boundary, code)] for code in codes][:5]

    def find_province(self, text: str, boundary: str = "pre_2025") -> Province:
        """The province of a list that a name or a code means; see the function `find_province`."""
        if not isinstance(text, str):
            raise UnknownName(
                *bilingual("catalogue.province_given_text_quotes_not", text=text),
            )
        check_boundary(boundary)
        if spelt := self.province_spelt(text, boundary):
            return spelt
        found = self._codes_by_spelling.get((boundary, name_key(text)), [])
        former = self._codes_by_spelling.get(("pre_2025", name_key(text)), [])
        if len(former) == 1 and boundary == "post_2025":
            self.province(former[0], MERGER_DAY)  # tells which province it is part of
        vi, en = suggestion([self.provinces[(boundary, code)] for code in found] or self.provinces_like(text, boundary))
        raise UnknownName(*bilingual("catalogue.there_no_province", text=text, vi=(vi, en)))

    def find_index(self, text: str) -> Index:
        """The index that an id or an abbreviation means, however it is spelt; raises UnknownName."""
        wanted = plain(text).replace(" ", "")
        for index in self.indices.values():
            if wanted in (plain(index.index_id).replace(" ", ""), plain(index.abbreviation).replace(" ", "")):
                return index
        options = ", ".join(self.indices)
        vi, en = nearest(text, self.indices)
        raise UnknownName(*bilingual("catalogue.there_no_index_there", text=text, options=options, vi=(vi, en)))


def name_key(name: str) -> str:
    """A province's name as one word without diacritics and without the words for province and city.

    >>> name_key("Tỉnh Ninh Thuận"), name_key("TP. Hồ Chí Minh"), name_key("Ho Chi Minh City")
    ('ninhthuan', 'hochiminh', 'hochiminh')
    """
    words = plain(name).split()
    for kind in (["tinh"], ["tp"], ["thanh", "pho"]):
        if words[: len(kind)] == kind and len(words) > len(kind):
            words = words[len(kind) :]
    if words[-1:] in (["province"], ["city"]) and len(words) > 1:
        words.pop()
    return "".join(words)


def suggestion(provinces: Iterable[Province]) -> tuple[str, str]:
    """`; có phải '58' (Ninh Thuận)?` / `; did you mean …?`, or nothing where there are none."""
    options = list(provinces)
    if not options:
        return "", ""
    return bilingual(
        "catalogue.did_you_mean",
        options=(
            ", ".join(f"{p.province_code!r} ({p.name})" for p in options),
            ", ".join(f"{p.province_code!r} ({p.name_en})" for p in options),
        ),
    )


def find_province(text: str, boundary: str = "pre_2025") -> Province:
    """The province that a name or a code means, with or without diacritics, capitals, blanks and hyphens.

    boundary: `pre_2025` (63 provinces, Hà Tây too) or `post_2025` (34). Also short names and other spellings
    (`TT-Hue`, `BRVT`, `HCMC`, `Đắc Lắc`) and names with `tỉnh`, `TP.`, `province`, `city`. A part of a name is
    never enough. Raises UnknownName, a KeyError, with what may be meant.
    """
    return catalogue().find_province(text, boundary)


def boundary_on(day: date) -> str:
    """Which list of provinces holds on a day: `pre_2025` or `post_2025`."""
    return "post_2025" if day >= MERGER_DAY else "pre_2025"


@cache
def _load(folder: Path) -> Catalogue:
    reference = folder / "reference"
    return Catalogue(
        indices={
            row.index_id: row
            for row in sorted(
                _rows(Index, reference / "indices.csv"), key=lambda index: INDEX_ORDER.index(index.index_id)
            )
        },
        components=tuple(_rows(Component, reference / "components.csv")),
        editions={
            (row.index_id, row.edition_year, row.boundary): row for row in _rows(Edition, reference / "editions.csv")
        },
        breaks=tuple(_rows(Break, reference / "breaks.csv")),
        provinces={(row.boundary, row.province_code): row for row in _rows(Province, reference / "provinces.csv")},
        sources={row.source_id: row for row in _rows(Source, reference / "sources.csv")},
        publishers={row.publisher: row.publisher_en for row in _rows(Publisher, reference / "publishers.csv")},
    )


def check_boundary(boundary: str) -> None:
    """Raise UnknownName, with what may be meant, for a list of provinces that does not exist."""
    if boundary not in BOUNDARIES:
        options = nearest(boundary, BOUNDARIES)
        raise UnknownName(*bilingual("catalogue.there_no_boundary", boundary=boundary, text=options))


def catalogue() -> Catalogue:
    """The catalogue of the data folder in use, read once."""
    return _load(data_dir())


def accepts_names(function: Callable) -> Callable:
    """Let the `province_code` of a public function be a name too: that of the list its `boundary` or its frame is of.

    A code of either list goes through as it is: the function knows what it means there. Raises UnknownName.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def named(*args, **kwargs):
        given = signature.bind(*args, **kwargs).arguments
        text, codes = given.get("province_code"), {code for _, code in catalogue().provinces}
        # where it may be left out nothing is asked for
        if text not in (None, "") and text not in codes:
            frame = next(iter(given.values()))
            boundary = getattr(frame, "attrs", {}).get("boundary", "pre_2025")
            boundary = given.get("boundary", given.get("boundary_to", boundary))
            given["province_code"] = find_province(text, boundary).province_code
        return function(**given)

    return named
