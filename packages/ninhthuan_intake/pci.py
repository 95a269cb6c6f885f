"""PCI out of VCCI's workbooks: a province a row or a column, or (2008, 2010-2016) pairs of columns sorted by value.

Sub-indices are known by their place in the order of their period and by their number; wording only confirms. Totals are
taken as printed: the weights, where they are known, tell whether columns were taken for one another.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from careful_tables.cells import cell_name
from careful_tables.grids import ROWS, Line, number_meant
from careful_tables.workbooks import Sheet
from ninhthuan.words import message

from .editions import Request, read_edition
from .grids import best_line, facts, facts_of, folded, is_word, lines_of, list_of_provinces, meaning, year_in
from .landing import Proposal
from .readings import Reading
from .refusals import MOST

LEAST = 20  # provinces in a table; from 2023 VCCI prints the first thirty
TOTALS = ("pci_total", "pci_unweighted")
# What stands somewhere: component, `rank` or `group` to its line and row or column of figures.
Columns = dict[str, tuple[Line, int]]


def read_pci(request: Request) -> Proposal:
    """The edition in a workbook of PCI as a proposal; raises Refused with every fault, by sheet and cell."""
    return read_edition(request, "pci", _read_sheet)


def _read_sheet(file: str, sheet: Sheet, year: int) -> Reading | None:
    boundary = list_of_provinces(sheet, year)
    lines = [line for line in lines_of(sheet, boundary) if line.layout == ROWS and len(line.codes) >= LEAST]
    if len(lines) < 4:
        line = best_line(sheet, boundary)
        if line is None:
            return None
        lines = [line]
    lines = [_upper_block(line) for line in sorted(lines, key=lambda line: line.at)]
    if max(len(line.codes) for line in lines) < LEAST:
        return None
    layout = "pairs" if len(lines) > 1 else f"province_{lines[0].layout}"
    reading = Reading(file, sheet, "pci", year, boundary, layout)
    _note_year(lines, reading)
    components, asides = _components(_headings(lines, reading), reading)
    expected = {fact.component for fact in facts_of("pci", "place", year)}
    # one sub-index with its indicators, or a table of something else
    if "pci_total" not in components or len(expected & set(components)) < len(expected) / 2:
        return None
    _take(components, reading)
    for role, (line, item) in asides.items():
        _take_aside(role, line, item, reading)
    reading.excerpt = any(len(reading.ranks) <= fact.number for fact in facts_of("pci", "listed", year))
    _check_places(components, reading)
    _check_same_provinces(components, reading)
    _check_weights(reading)
    _check_ranks(reading)
    return reading


# ------------------------------------------------------------------------------------------------------- what is where


def _upper_block(line: Line) -> Line:
    """The provinces that stand without a gap from the first; a selector or a summary further down is another thing."""
    codes, before = {}, None
    for place, code in sorted(line.codes.items()):
        gap = before is not None and any(line.value(line.at, between) is None for between in range(before + 1, place))
        if gap and code in codes.values():
            break
        codes[place], before = code, place
    return replace(line, codes=codes)


def _headings(lines: list[Line], reading: Reading) -> list[tuple[Line, int, list[str]]]:
    """Each row or column of figures with the provinces it belongs to: in pairs, those to its left."""
    found = []
    ends = [line.at for line in lines[1:]] + [10**6]
    for line, end in zip(lines, ends, strict=True):
        items = line.items() if len(lines) == 1 else [item for item in line.items() if line.at < item < end]
        found += [(line, item, reading.heading(line, item)) for item in items]
    return found


def _components(headings: list[tuple[Line, int, list[str]]], reading: Reading) -> tuple[Columns, Columns]:
    """Where components stand, and ranks and groups; order and wording must agree."""
    components: Columns = {}
    asides: Columns = {}
    order = {fact.number: fact.component for fact in facts_of("pci", "place", reading.year)}
    named: list[tuple[Line, int, str | None]] = []
    for line, item, texts in headings:
        numbered = next((m for text in texts for f in facts("pci", "position") if (m := f.pattern.search(text))), None)
        found = meaning("pci", [text for text in texts if not _only_number(text)], reading.year)
        role = found[0].role if found else ""
        if not texts or (role in ("aside", "missing", "national") and not numbered):
            continue
        if role in ("rank", "group") and not numbered:
            asides.setdefault(role, (line, item))
            continue
        component = found[0].component if found and role != "position" else None
        if numbered:
            by_number = order.get(int(numbered[1]))
            if component and by_number and component != by_number:
                names = {"number": reading.called(by_number), "words": reading.called(component)}
                reading.blame(reading.heading_cell(line, item), message("pci.number_against_words", **names))
            component = by_number or component
        if component in TOTALS:
            components.setdefault(component, (line, item))
        elif _has_figures(line, item):
            named.append((line, item, component))
    # a column whose wording is not known is what its place between known neighbours says
    if any(component is None for _, _, component in named) and len(named) == len(order):
        named = [(line, item, order[place]) for place, (line, item, _) in enumerate(named, 1)]
    for line, item, component in named:
        if component in order.values():
            components.setdefault(component, (line, item))
        elif component:
            unknown = message("editions.no_such_component", component=component, name="PCI", year=reading.year)
            reading.blame(reading.heading_cell(line, item), unknown)
    return components, asides


def _only_number(text: str) -> bool:
    return any(re.fullmatch(f.pattern.pattern + r"\W*", text) for f in facts("pci", "position"))


def _has_figures(line: Line, item: int) -> bool:
    figures = [number_meant(line.value(item, place)) is not None for place in line.codes]
    return sum(figures) > len(figures) / 2


def _note_year(lines: list[Line], reading: Reading) -> None:
    """A sheet whose headings say PCI of another year holds that year's figures, whatever the file is called."""
    head = reading.sheet.rows[: max(line.first for line in lines)]
    texts = [folded(cell) for row in head for cell in row]
    named = {found for text in texts if "pci" in text for found in year_in(text)}
    if named and reading.year not in named:
        reading.other_year = max(named)


# ----------------------------------------------------------------------------------------------------------- its cells


def _take(components: Columns, reading: Reading) -> None:
    """The figures; the place in a column sorted by its own values is the rank that the publisher shows."""
    places: dict[int, dict[int, str]] = {}
    for component, (line, item) in components.items():
        if line.at not in places:
            items = [other for component_line, other in components.values() if component_line.at == line.at]
            places[line.at] = reading.places(line, items, max(line.codes) + 1)
        reading.take(line, item, component, places[line.at])
        order = [code for code in places[line.at].values() if (code, component) in reading.scores]
        values = [reading.scores[code, component][0] for code in order]
        if reading.layout == "pairs" and component not in TOTALS and values == sorted(values, reverse=True):
            reading.orders |= {(code, component): place for place, code in enumerate(order, 1)}


def _take_aside(role: str, line: Line, item: int, reading: Reading) -> None:
    """Ranks and tiers printed beside the total; a tier in merged cells is that of each row they span."""
    for place, code in line.codes.items():
        row, column = line.cell(item, place)
        value = line.value(item, place)
        if value is None:
            spans = [span for span in line.sheet.merged if span[0] <= row <= span[2] and span[1] <= column <= span[3]]
            value = next((line.sheet.value(*span[:2]) for span in spans), None)
        if role == "group" and isinstance(value, str) and value.strip():
            reading.groups[code] = " ".join(value.split())
        elif role == "rank" and value and not (isinstance(value, str) and is_word("pci", "missing", value)):
            whole = isinstance(value, float | int) and not isinstance(value, bool) and value == int(value)
            if not whole or value < 1:
                reading.blame(cell_name(row, column), message("pci.no_rank", value=value))
            elif value > len(reading.names):
                reading.blame(
                    cell_name(row, column), message("pci.rank_too_high", value=value, most=len(reading.names))
                )
            else:
                reading.ranks[code] = int(value)


# ------------------------------------------------------------------------------------------------------- what must hold


def _check_places(components: Columns, reading: Reading) -> None:
    places = sorted(facts_of("pci", "place", reading.year), key=lambda fact: fact.number)
    expected = [fact.component for fact in places]
    for component in expected:
        if component not in components:
            reading.blame("", message("pci.sub_index_not_there", what=reading.called(component)))
    there = [name for name in expected if name in components]
    found = sorted(there, key=lambda name: (components[name][1], name))
    if found != there:
        names = tuple(map(", ".join, zip(*map(reading.called, found), strict=True)))
        reading.blame("", message("pci.another_order", names=names, year=reading.year))


def _check_same_provinces(components: Columns, reading: Reading) -> None:
    """Every component of the same provinces as the total."""
    totals = {code for code, component in reading.scores if component == "pci_total"}
    for component, (line, item) in components.items():
        own = {code for code, name in reading.scores if name == component}
        for codes, key in ((totals - own, "pci.total_without"), (own - totals, "pci.without_total")):
            if codes and component != "pci_unweighted":
                names = ", ".join(sorted(reading.names.get(code, code) for code in codes))
                where, what = reading.heading_cell(line, item), reading.called(component)
                reading.blame(where, message(key, names=names, what=what))


def _check_ranks(reading: Reading) -> None:
    """Ranks as the totals have them, each from the first to the last: else one of them, or a province, is astray."""
    if not reading.ranks:
        return
    names = reading.names
    totals = {
        code: component_line for (code, component), component_line in reading.scores.items() if component == "pci_total"
    }
    unranked = [code for code in totals if code not in reading.ranks]
    for code in unranked:
        reading.blame(totals[code][1], message("pci.no_rank_of", name=names[code]), MOST)
    order = sorted((-totals[code][0], rank, code) for code, rank in reading.ranks.items() if code in totals)
    # equal as far as the publisher prints them: they may share a rank
    astray = [
        (before, rank, code)
        for (better, before, _), (worse, rank, code) in pairwise(order)
        if rank <= before and round(better, 2) < round(worse, 2)
    ]
    for before, rank, code in astray:
        below = message("pci.rank_below_higher_total", name=names[code], rank=rank, before=before)
        reading.blame(totals[code][1], below, MOST)
    last = max(reading.ranks.values())
    if not (astray or unranked or reading.excerpt) and last > len(reading.ranks):
        lost = ", ".join(name for code, name in names.items() if code not in reading.ranks)
        reading.blame("", message("pci.ranks_without_provinces", last=last, count=len(reading.ranks), lost=lost))


def _check_weights(reading: Reading) -> None:
    """The total against its weighted parts, in the editions whose weights are known."""
    weights = facts_of("pci", "weight", reading.year)
    if not weights:
        reading.notes.append(message("pci.weights_not_known", year=reading.year))
    for code in sorted(reading.provinces) if weights else ():
        parts = [reading.scores.get((code, weight.component)) for weight in weights]
        total = reading.scores.get((code, "pci_total"))
        if total is None or None in parts:
            continue
        worked = sum(part[0] * weight.number / 10 for part, weight in zip(parts, weights, strict=True))
        if abs(total[0] - worked) > weights[0].tolerance:
            reading.blame(total[1], message("pci.total_against_weights", total=total[0], worked=worked), MOST)
