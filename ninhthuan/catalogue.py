"""What exists: indices, components, editions, breaks of method, provinces, sources.

Breaks and changes of boundaries are rows with dates, never conditions in code.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path

from .language import name_key, nearest, plain
from .reference import (
    BOUNDARIES,
    MERGER_DAY,
    Break,
    Component,
    Edition,
    Index,
    Province,
    Publisher,
    Source,
    data_dir,
    rows_of,
)
from .refusals import NotComparable, UnknownName
from .words import bilingual


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
        if (index_id, edition_year) in self._kept:
            return self._kept[index_id, edition_year]
        mine = [component for component in self.components if component.index_id == index_id]
        found = [component for component in mine if edition_year is None or component.exists_in(edition_year)]
        levels = ("total", "dimension", "sub_dimension", "part", "variant")

        def official_order(component: Component) -> tuple:
            numbers = [int(part) for part in component.number.split(".") if part]
            return levels.index(component.level), numbers, component.component_id

        self._kept[index_id, edition_year] = sorted(found, key=official_order)
        return self._kept[index_id, edition_year]

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
        if (component_id, first, last) not in self._kept:
            self._kept[component_id, first, last] = (
                self.same_definition(component_id, first, last)
                and not self.breaks_between(component_id, first, last)
                and all(self.same_component(p.component_id, first, last) for p in self.parts_of(component_id, last))
            )
        return self._kept[component_id, first, last]

    @cached_property
    def _kept(self) -> dict[tuple, list[Component] | bool]:
        return {}

    def unlike_parts(self, component_id: str, year_a: int, year_b: int) -> list[str]:
        """What of a whole does not measure what it did (`same_component`): the lowest parts that explain it."""
        found: list[str] = []
        for part in self.parts_of(component_id, max(year_a, year_b)):
            name, years = part.component_id, (year_a, year_b)
            if not self.same_component(name, *years):
                inner = self.same_definition(name, *years) and not self.breaks_between(name, *years)
                found += self.unlike_parts(name, *years) if inner else [name]
        return found

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
                )
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
            raise UnknownName(*bilingual("catalogue.province_given_text_quotes_not", text=text))
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
    reference, by_position = folder / "reference", attrgetter("position")
    return Catalogue(
        indices={row.index_id: row for row in sorted(rows_of(Index, reference / "indices.csv"), key=by_position)},
        components=tuple(rows_of(Component, reference / "components.csv")),
        editions={
            (row.index_id, row.edition_year, row.boundary): row for row in rows_of(Edition, reference / "editions.csv")
        },
        breaks=tuple(rows_of(Break, reference / "breaks.csv")),
        provinces={(row.boundary, row.province_code): row for row in rows_of(Province, reference / "provinces.csv")},
        sources={row.source_id: row for row in rows_of(Source, reference / "sources.csv")},
        publishers={row.publisher: row.publisher_en for row in rows_of(Publisher, reference / "publishers.csv")},
    )


def check_boundary(boundary: str) -> None:
    """Raise UnknownName, with what may be meant, for a list of provinces that does not exist."""
    if boundary not in BOUNDARIES:
        options = nearest(boundary, BOUNDARIES)
        raise UnknownName(*bilingual("catalogue.there_no_boundary", boundary=boundary, text=options))


def catalogue() -> Catalogue:
    """The catalogue of the data folder in use, read once."""
    return _load(data_dir())
