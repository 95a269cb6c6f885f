"""PCI out of VCCI's workbooks: a province a row or a column, or (2008, 2010-2016) pairs of columns sorted by value.

Sub-indices are known by their place in the order of their period and by their number; wording only confirms. Totals are
taken as printed: the weights, where they are known, tell whether columns were taken for one another.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ninhthuan.words import bilingual

from .editions import MOST, Reading, Request, called, read_edition
from .grids import (
    PAIRS,
    ROWS,
    Line,
    best_line,
    cell_value,
    facts,
    facts_of,
    folded,
    is_word,
    lines_of,
    list_of_provinces,
    meaning,
    number_meant,
    provinces_of,
    year_in,
)
from .landing import Proposal
from .sheets import Sheet, cell_name

LEAST = 20  # provinces in a table; from 2023 VCCI prints the first thirty
SCALE = {"pci_total": 100.0, "pci_unweighted": 100.0}


def read_pci(request: Request) -> Proposal:
    """The edition in a workbook of PCI as a proposal; raises Refused with every fault, by sheet and cell."""
    return read_edition(request, "pci", _read_sheet)


def _read_sheet(sheet: Sheet, year: int) -> Reading | None:
    boundary = list_of_provinces(sheet, year)
    columns = _name_columns(sheet, boundary)
    lines = [_upper_block(line) for line in columns]
    if len(columns) < 4:
        line = best_line(sheet, boundary)
        if line is None:
            return None
        lines = [_upper_block(line)]
    if max(len(line.codes) for line in lines) < LEAST:
        return None
    reading = Reading(sheet, PAIRS if len(lines) > 1 else lines[0].layout, boundary)
    headings = _headings(lines)
    _note_year(sheet, lines, year, reading)
    components, asides = _components(headings, year, reading)
    expected = {fact.component for fact in facts_of("pci", "place", year)}
    # one sub-index with its indicators, or a table of something else
    if "pci_total" not in components or len(expected & set(components)) < len(expected) / 2:
        return None
    for component, (line, item) in components.items():
        _take(component, line, item, reading, year)
    for role, (line, item) in asides.items():
        _take_aside(role, line, item, reading, len(provinces_of(year, boundary)))
    reading.excerpt = any(len(reading.ranks) <= fact.number for fact in facts_of("pci", "listed", year))
    _check_places(components, year, reading)
    _check_same_provinces(components, reading, year)
    _check_weights(reading, year)
    _check_ranks(reading, year)
    return reading


# ------------------------------------------------------------------------------------------------------- what is where


def _name_columns(sheet: Sheet, boundary: str) -> list[Line]:
    """Every column that provinces stand in, from left to right."""
    columns = [line for line in lines_of(sheet, boundary) if line.layout == ROWS and len(line.codes) >= LEAST]
    return sorted(columns, key=lambda line: line.at)


def _upper_block(line: Line) -> Line:
    """The provinces that stand without a gap from the first; a selector or a summary further down is another thing."""
    codes, before = {}, None
    for place, code in sorted(line.codes.items()):
        gap = before is not None and any(line.value(line.at, between) is None for between in range(before + 1, place))
        if gap and code in codes.values():
            break
        codes[place], before = code, place
    return replace(line, codes=codes)


def _headings(lines: list[Line]) -> list[tuple[Line, int, list[str]]]:
    """Each row or column of figures with the provinces it belongs to: in pairs, those to its left."""
    found = []
    names = [line.at for line in lines] if len(lines) > 1 else []
    for place, line in enumerate(lines):
        for item in line.items():
            if len(lines) > 1:
                following = names[place + 1] if place + 1 < len(lines) else 10**6
                if not line.at < item < following:
                    continue
            found.append((line, item, line.heading(item)))
    return found


def _components(headings, year: int, reading: Reading) -> tuple[dict, dict]:
    """Component to its line and item, and `rank` and `group` likewise; order and wording must agree."""
    components: dict[str, tuple[Line, int]] = {}
    asides: dict[str, tuple[Line, int]] = {}
    order = {fact.number: fact.component for fact in facts_of("pci", "place", year)}
    named: list[tuple[Line, int, str | None]] = []
    for line, item, texts in headings:
        if not texts:
            continue
        numbered = next((m for text in texts for f in facts("pci", "position") if (m := f.pattern.search(text))), None)
        found = meaning("pci", [text for text in texts if not _only_number(text)], year)
        role = found[0].role if found else ""
        if role in ("aside", "missing", "national") and not numbered:
            continue
        if role in ("rank", "group") and not numbered:
            asides.setdefault(role, (line, item))
            continue
        component = found[0].component if found and role not in ("position",) else None
        if numbered:
            by_number = order.get(int(numbered[1]))
            if component and by_number and component != by_number:
                _disagree(line, item, by_number, component, reading, year)
            component = by_number or component
        if component in ("pci_total", "pci_unweighted"):
            components.setdefault(component, (line, item))
        elif _has_figures(line, item):
            named.append((line, item, component))
    # a column whose wording is not known is what its place between known neighbours says
    unknown = [place for place, (_, _, component) in enumerate(named) if component is None]
    if unknown and len(named) == len(order):
        named = [(line, item, order[place + 1]) for place, (line, item, _) in enumerate(named)]
    for line, item, component in named:
        if component and component in order.values():
            components.setdefault(component, (line, item))
        elif component:
            reading.fault(
                line.heading_cell(item),
                *bilingual("pci.did_not_exist_pci_if", component=component, year=year),
            )
    return components, asides


def _only_number(text: str) -> bool:
    return any(re.fullmatch(f.pattern.pattern + r"\W*", text) for f in facts("pci", "position"))


def _disagree(line: Line, item: int, by_number: str, by_words: str, reading: Reading, year: int) -> None:
    (number_vi, number_en), (words_vi, words_en) = called(by_number, year), called(by_words, year)
    reading.fault(
        line.heading_cell(item),
        *bilingual("pci.number_words_look_heading", number=(number_vi, number_en), words=(words_vi, words_en)),
    )


def _has_figures(line: Line, item: int) -> bool:
    figures = [number_meant(line.value(item, place)) is not None for place in line.codes]
    return sum(figures) > len(figures) / 2


def _note_year(sheet: Sheet, lines: list[Line], year: int, reading: Reading) -> None:
    """A sheet whose headings say PCI of another year holds that year's figures, whatever the file is called."""
    texts = [folded(cell) for row in sheet.rows[: max(line.first for line in lines)] for cell in row]
    named = {found for text in texts if "pci" in text for found in year_in(text)}
    if named and year not in named:
        reading.other_year = max(named)


# ----------------------------------------------------------------------------------------------------------- its cells


def _take(component: str, line: Line, item: int, reading: Reading, year: int) -> None:
    expected, seen, order, off = provinces_of(year, line.boundary), {}, [], 0
    for place, code in sorted(line.codes.items()):
        name_cell = cell_name(*line.cell(line.at, place))
        if code not in expected:
            reading.fault(name_cell, *bilingual("pci.there_no_such_province", year=year))
            continue
        if code in seen:
            reading.fault(
                name_cell,
                *bilingual("pci.stands_cell_too", expected=expected[code], seen=seen[code]),
            )
            continue
        seen[code] = name_cell
        score = reading.figure("pci", line, item, place)
        if score is None:
            continue
        cell = cell_name(*line.cell(item, place))
        top, (vi, en) = SCALE.get(component, 10.0), called(component, year)
        if not 0 < score <= top:
            off += 1
            if off <= MOST:
                reading.fault(
                    cell,
                    *bilingual("pci.off_scale_0", score=score, top=top, text=(vi, en)),
                )
        reading.scores[(code, component)] = score, cell
        order.append((score, code))
    _check_names(line, item, reading)
    values = [score for score, _ in order]
    if reading.layout == PAIRS and component not in SCALE and values == sorted(values, reverse=True):
        # the place in a column sorted by its own values is the rank that the publisher shows
        reading.orders |= {(code, component): place for place, (_, code) in enumerate(order, 1)}


def _check_names(line: Line, item: int, reading: Reading) -> None:
    """Whatever has a figure between the provinces and is no province and no national row."""
    for place in range(line.first, max(line.codes) + 1):
        text = line.value(line.at, place)
        if place in line.codes or not isinstance(text, str) or not text.strip() or is_word("pci", "national", text):
            continue
        if isinstance(line.value(item, place), float | int):
            cell = cell_name(*line.cell(line.at, place))
            fault = bilingual("pci.no_province_called", strip=text.strip())
            if not any(f"ô {cell}:" in vi for vi, _ in reading.faults):
                reading.fault(cell, *fault)


def _take_aside(role: str, line: Line, item: int, reading: Reading, most: int) -> None:
    """Ranks and tiers printed beside the total; a tier in merged cells is that of each row they span."""
    for place, code in line.codes.items():
        row, column = line.cell(item, place)
        value = line.value(item, place)
        if value is None:
            value = next(
                (
                    cell_value(line.sheet, top, left)
                    for top, left, bottom, right in line.sheet.merged
                    if top <= row <= bottom and left <= column <= right
                ),
                None,
            )
        if role == "group" and isinstance(value, str) and value.strip():
            reading.groups[code] = " ".join(value.split())
        elif role == "rank" and value and not (isinstance(value, str) and is_word("pci", "missing", value)):
            whole = isinstance(value, float | int) and not isinstance(value, bool) and value == int(value)
            if not whole or value < 1:
                reading.fault(cell_name(row, column), *bilingual("pci.no_rank", value=value))
            elif value > most:
                reading.fault(
                    cell_name(row, column),
                    *bilingual("pci.rank_cannot_there_provinces", value=value, most=most),
                )
            else:
                reading.ranks[code] = int(value)


# ------------------------------------------------------------------------------------------------------- what must hold


def _check_places(components: dict, year: int, reading: Reading) -> None:
    expected = [fact.component for fact in sorted(facts_of("pci", "place", year), key=lambda fact: fact.number)]
    for component in expected:
        if component not in components:
            vi, en = called(component, year)
            reading.fault("", *bilingual("pci.sub_index_not_there", text=(vi, en)))
    at = [(components[name][1], name) for name in expected if name in components]
    if [name for _, name in sorted(at)] != [name for _, name in at]:
        vi, en = (", ".join(texts) for texts in zip(*(called(name, year) for _, name in sorted(at)), strict=True))
        reading.fault(
            "",
            *bilingual("pci.order_sub_indices_not_pci", year=year, text=(vi, en)),
        )


def _check_same_provinces(components: dict, reading: Reading, year: int) -> None:
    """Every component of the same provinces as the total."""
    totals = {code for code, component in reading.scores if component == "pci_total"}
    names = provinces_of(year, reading.boundary)
    for component in components:
        own = {code for code, name in reading.scores if name == component}
        for codes, vi, en in (
            (totals - own, *bilingual("pci.have_total_but_no")),
            (own - totals, *bilingual("pci.have_no_total_but")),
        ):
            if codes and component != "pci_unweighted":
                listed = ", ".join(sorted(names.get(code, code) for code in codes))
                (line, item), what = components[component], called(component, year)
                reading.fault(line.heading_cell(item), f"{listed} {vi} {what[0]}", f"{listed} {en} {what[1]}")


def _check_ranks(reading: Reading, year: int) -> None:
    """Ranks as the totals have them, each from the first to the last: else one of them, or a province, is astray."""
    names = provinces_of(year, reading.boundary)
    totals = {
        code: (score, cell) for (code, component), (score, cell) in reading.scores.items() if component == "pci_total"
    }
    if not reading.ranks:
        return
    unranked = [code for code in totals if code not in reading.ranks]
    for code in unranked[:MOST]:
        reading.fault(
            totals[code][1],
            *bilingual("pci.has_total_but_no_rank", names=names[code]),
        )
    order = sorted((-totals[code][0], rank, code) for code, rank in reading.ranks.items() if code in totals)
    told = 0
    for (better, before, _), (worse, rank, code) in pairwise(order):
        # equal as far as the publisher prints them: they may share a rank
        if rank <= before and round(better, 2) < round(worse, 2):
            told += 1
            if told <= MOST:
                reading.fault(
                    totals[code][1],
                    *bilingual("pci.has_rank_below_higher_total", names=names[code], rank=rank, before=before),
                )
    last = max(reading.ranks.values())
    if not (told or unranked or reading.excerpt) and last > len(reading.ranks):
        lost = ", ".join(name for code, name in names.items() if code not in reading.ranks)
        reading.fault(
            "",
            *bilingual("pci.ranks_go_but_only_provinces", last=last, n_ranks=len(reading.ranks), lost=lost),
        )


def _check_weights(reading: Reading, year: int) -> None:
    """The total against its weighted parts, in the editions whose weights are known."""
    weights = facts_of("pci", "weight", year)
    if not weights:
        reading.notes.append(bilingual("pci.weights_pci_not_known_totals", year=year))
        return
    told = 0
    for code in sorted(reading.provinces):
        parts = [reading.scores.get((code, weight.component)) for weight in weights]
        total = reading.scores.get((code, "pci_total"))
        if total is None or None in parts:
            continue
        worked = sum(part[0] * weight.number / 10 for part, weight in zip(parts, weights, strict=True))
        if abs(total[0] - worked) > weights[0].tolerance:
            told += 1
            if told <= MOST:
                reading.fault(
                    total[1],
                    *bilingual("pci.total_weighted_parts_make", first_total=total[0], worked=worked),
                )
