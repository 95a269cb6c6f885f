"""What may be chosen in the explorer: provinces, indices, components over their editions, and quarters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.reference import MERGER_DAY, Component
from ninhthuan.words import phrase

from ..parameters import first_quarter
from ..wording import component_name, index_name, province_name, sort_key


@dataclass(frozen=True)
class Series:
    """A component over the editions in which its code meant the same thing: codes of sub-dimensions shift."""

    component_id: str
    first_edition: int
    last_edition: int | None

    def definition(self) -> Component:
        return catalogue().component(self.component_id, self.last_edition)

    def years(self, first: int, last: int) -> tuple[int, int]:
        """The editions of a span in which it existed; the first is later than the last where there is none."""
        return max(first, self.first_edition), min(last, self.last_edition or last)


@dataclass(frozen=True)
class Choice:
    """What is chosen. boundary: list of provinces that the code belongs to; as_of: empty is the closing day."""

    quarter: str
    boundary: str
    province_code: str
    index_id: str
    series: Series
    first: int
    last: int
    against: str
    language: str
    as_of: str = ""


def province_choices(language: str) -> list[tuple[str, tuple[str, str]]]:
    """Every province before and after 1 July 2025 in the order of the language: (label, (boundary, code))."""
    known = catalogue().provinces
    merged = {province.name for (boundary, _), province in known.items() if boundary == "post_2025"}
    choices = []
    for (boundary, code), province in known.items():
        name = label = province_name(code, boundary, language)
        if boundary == "post_2025":
            label += phrase("explorer.1_july_2025", language)
        elif province.valid_to and province.valid_to.year < MERGER_DAY.year:
            label += phrase("explorer.to", language, valid_to=day(province.valid_to, language))
        elif province.name in merged:
            label += phrase("explorer.30_june_2025", language)
        # as the names stand, the older one first
        choices.append((sort_key(name), boundary == "post_2025", label, (boundary, code)))
    return [(label, value) for _, _, label, value in sorted(choices)]


def index_choices() -> list[tuple[str, str]]:
    """The five indices: (abbreviation, index_id)."""
    return [(index_name(index_id), index_id) for index_id in catalogue().indices]


def component_choices(index_id: str, language: str) -> list[tuple[str, Series]]:
    """Total, dimensions and sub-dimensions of an index, former ones with their years: (label, series)."""
    versions: dict[str, list[Component]] = {}
    for component in catalogue().components_of(index_id):
        if component.level in ("total", "dimension", "sub_dimension"):
            versions.setdefault(component.component_id, []).append(component)
    spans: list[list[Component]] = []
    for component_id, definitions in versions.items():
        for place, version in enumerate(sorted(definitions, key=lambda each: each.first_edition)):
            # a definition that goes on is one line with the one before; else the code was given to something else
            if place and version.continues_id == component_id:
                spans[-1].append(version)
            else:
                spans.append([version])
    return [_component_choice(span, language) for span in sorted(spans, key=_place_in_list)]


def _place_in_list(span: list[Component]) -> tuple:
    numbers = [int(part) for part in span[-1].number.split(".") if part]
    return numbers, -span[0].first_edition, span[-1].component_id


def _component_choice(span: list[Component], language: str) -> tuple[str, Series]:
    component, first, last = span[-1], span[0].first_edition, span[-1].last_edition
    total = component.level == "total"
    name = phrase("explorer.total", language) if total else component_name(component, language)
    indent = "\N{EM SPACE}" if component.level == "sub_dimension" else ""
    return f"{indent}{name}" + (f" ({first}–{last})" if last else ""), Series(component.component_id, first, last)


def quarter_choices(language: str, today: date | None = None) -> list[tuple[str, str]]:
    """Quarters that are over, the newest first: (name, quarter)."""
    quarter, choices = Quarter.containing(today or date.today()).previous, []
    while quarter >= first_quarter():
        name = phrase("explorer.quarter", language, quarter=(quarter_name(quarter, "vi").partition(" ")[2], quarter))
        choices.append((name, str(quarter)))
        quarter = quarter.previous
    return choices


def edition_years(index_id: str) -> list[int]:
    """Years of every edition of an index, of both lists of provinces."""
    return sorted({edition.edition_year for edition in catalogue().editions.values() if edition.index_id == index_id})
