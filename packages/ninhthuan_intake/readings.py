"""The figures of an edition on a sheet, by province and component, and their faults."""

from __future__ import annotations

from dataclasses import dataclass, field

from careful_tables.cells import cell_name
from careful_tables.grids import Line, number_meant
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import Component
from ninhthuan.words import Message, message

from .grids import folded, is_missing, is_word, provinces_of
from .refusals import MOST, Findings, Text, in_words


@dataclass
class Reading(Findings):
    """The edition of a year on a sheet.

    layout: how provinces stand. scores: (province, component) to (score, name of its cell). ranks and groups: province
    to what is printed beside its total. orders: (province, component) to its place in a sorted column. summed: those
    that are no figure but a sum. excerpt: only the first so many are published, their number is no denominator.
    other_year: another year that the sheet's own headings name.
    """

    index_id: str
    year: int
    boundary: str
    layout: str = ""
    scores: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    orders: dict[tuple[str, str], int] = field(default_factory=dict)
    summed: set[tuple[str, str]] = field(default_factory=set)
    excerpt: bool = False
    other_year: int | None = None

    @property
    def components(self) -> set[str]:
        return {component for _, component in self.scores}

    @property
    def provinces(self) -> set[str]:
        return {province for province, _ in self.scores}

    @property
    def known(self) -> dict[str, Component]:
        """The components that the index had in the year, by id."""
        return {part.component_id: part for part in catalogue().components_of(self.index_id, self.year)}

    @property
    def names(self) -> dict[str, str]:
        """Code to name of the provinces that there were in the year."""
        return provinces_of(self.year, self.boundary)

    def called(self, component_id: str) -> Text:
        """The name of a component for the user: its number where it has one, as in the workbook."""
        component = catalogue().component(component_id, self.year)
        if component.level == "total":
            return in_words(message("editions.total"))
        if self.index_id == "papi":
            numbered = {"dimension": "editions.dimension", "sub_dimension": "editions.sub_dimension"}
            return in_words(Message(numbered[component.level], {"number": component.number}))
        return f"'{component.short_name}'", f"'{component.short_name_en}'"

    def heading(self, line: Line, item: int) -> list[str]:
        """What stands before the first province in an item's row or column, as patterns see it."""
        return line.heading(item, folded)

    def heading_cell(self, line: Line, item: int) -> str:
        """Name of the cell of that heading."""
        return line.heading_cell(item, folded)

    def places(self, line: Line, items: list[int], last: int) -> dict[int, str]:
        """Place to province, each once; whatever else has figures up to `last` and is no national row is a fault."""
        codes: dict[int, str] = {}
        cells = {place: cell_name(*line.cell(line.at, place)) for place in range(line.first, last)}
        for place, code in sorted(line.codes.items()):
            earlier = next((cells[other] for other, found in codes.items() if found == code), "")
            if code not in self.names:
                self.blame(cells[place], message("editions.no_such_province", year=self.year))
            elif earlier:
                self.blame(cells[place], message("editions.stands_twice", name=self.names[code], cell=earlier))
            else:
                codes[place] = code
        for place in sorted(cells.keys() - line.codes.keys()):
            text = line.value(line.at, place)
            named = isinstance(text, str) and text.strip() and not is_word(self.index_id, "national", text)
            if named and any(isinstance(line.value(item, place), float | int) for item in items):
                near = catalogue().provinces_like(text, self.boundary)
                near = [p.name for p in near if p.province_code not in codes.values()]
                hint = message("editions.did_you_mean", name=near[0]) if near else ""
                self.blame(cells[place], message("editions.no_province_called", text=text.strip(), hint=hint))
        return codes

    def figure(self, line: Line, item: int, place: int) -> float | None:
        """The number in a cell, None where it is missing; what is neither is a fault."""
        value, cell = line.value(item, place), line.cell(item, place)
        if cell in line.sheet.without_value:
            self.blame(cell_name(*cell), message("sheets.without_value"))
        elif is_missing(self.index_id, value):
            return None
        elif isinstance(value, bool) or not isinstance(value, float | int):
            meant = number_meant(value)
            key = "editions.number_as_text" if meant else "editions.not_number"
            self.blame(cell_name(*cell), message(key, value=value))
            return meant  # so that nothing else is blamed for it
        else:
            return float(value)
        return None

    def take(self, line: Line, item: int, component: str, codes: dict[int, str]) -> None:
        """Take a component's figures; each lies on its scale, give or take what printing with two decimals makes."""
        part = self.known.get(component)
        for place, code in codes.items():
            score, cell = self.figure(line, item, place), cell_name(*line.cell(item, place))
            if score is None:
                continue
            self.scores[code, component] = score, cell
            if part and not part.scale_min - 0.004 <= score <= part.scale_max + 0.004:
                scale = {"low": part.scale_min, "high": part.scale_max, "what": self.called(component)}
                self.blame(cell, message("editions.off_scale", score=score, **scale), MOST)
