"""PAPI out of the workbooks of papi.org.vn: a province a row (2011-2017), or a province a column (since 2018).

Components are known by their number and by their place, never by their wording, which changes from year to year and in
2011-2017 belongs to other components. Of the two totals the unweighted one is taken. 0, blank and KCDL are missing.
"""

from __future__ import annotations

from careful_tables.cells import cell_name
from careful_tables.grids import ROWS, Line
from careful_tables.workbooks import Sheet
from ninhthuan.catalogue import catalogue
from ninhthuan.measures import decimals_of
from ninhthuan.words import message

from .checks import sum_tolerance
from .editions import Request, read_edition
from .grids import best_line, is_missing, is_word, list_of_provinces, meaning, provinces_of, score_text, year_in
from .landing import Proposal
from .readings import Reading
from .refusals import MOST

FEW = 5  # provinces that may be left out of a table as withheld; more, and it is an excerpt


def read_papi(request: Request) -> Proposal:
    """The edition in a workbook of PAPI as a proposal; raises Refused with every fault, by sheet and cell."""
    return read_edition(request, "papi", _read_sheet)


def _read_sheet(file: str, sheet: Sheet, year: int) -> Reading | None:
    boundary = list_of_provinces(sheet, year)
    line = best_line(sheet, boundary)
    if line is None:
        return None
    reading = Reading(file, sheet, "papi", year, boundary, f"province_{line.layout}")
    components = _components(line, reading)
    if not any(component.count("_") == 1 and component != "papi_total" for component in components):
        return None
    for text in (text for item in components.values() for text in reading.heading(line, item) if "papi" in text):
        reading.other_year = next((named for named in year_in(text) if named != year), reading.other_year)
    last = len(sheet.rows) if line.layout == ROWS else max(map(len, sheet.rows))
    codes = reading.places(line, list(components.values()), last)
    _check_codes_beside(line, codes, reading)
    for component, item in components.items():
        reading.take(line, item, component, codes)
    _unnumbered(line, codes, components, reading)
    _check_whole(reading, codes, components, line)
    _check_merged(line, codes, components, reading)
    _add_up(reading)
    return reading


def _components(line: Line, reading: Reading) -> dict[str, int]:
    """Component to the row or column that it stands in; of two with one number the first."""
    components: dict[str, int] = {}
    for item in line.items():
        fact, match = meaning("papi", reading.heading(line, item)) or (None, None)
        if fact and fact.role == "total":
            components.setdefault("papi_total", item)
        elif fact and fact.role in ("dimension", "sub_dimension"):
            components.setdefault(fact.component or "papi_d" + match[1].replace(".", "_"), item)
    return components


def _check_codes_beside(line: Line, codes: dict[int, str], reading: Reading) -> None:
    """Where the sheet has the statistics office's codes beside the names, both must agree."""
    beside = range(line.at) if line.layout != ROWS else [item for item in line.items() if item < line.at]
    for item in beside:
        if not any(is_word("papi", "code", text) for place in range(line.first) if (text := line.value(item, place))):
            continue
        for place, code in codes.items():
            value = line.value(item, place)
            text = f"{value:02.0f}" if isinstance(value, float | int) and value else str(value or "").strip().zfill(2)
            if text not in ("00", code):
                name = provinces_of(2011, reading.boundary).get(code, code)
                where = cell_name(*line.cell(item, place))
                reading.blame(where, message("papi.code_of_another", text=text, name=name, code=code))


def _unnumbered(line: Line, codes: dict[int, str], components: dict[str, int], reading: Reading) -> None:
    """Sub-dimensions without numbers: those rows after a dimension, as many as it has, that add up to it everywhere."""
    items, taken = line.items(), set(components.values())
    for dimension in (name for name, part in reading.known.items() if part.level == "dimension"):
        parts = catalogue().parts_of(dimension, reading.year)
        if dimension not in components or any(part.component_id in components for part in parts):
            continue
        following: list[int] = []
        for item in items[items.index(components[dimension]) + 1 :]:
            if item in taken:
                break
            fact, _ = meaning("papi", reading.heading(line, item)) or (None, None)
            empty = all(is_missing("papi", line.value(item, place)) for place in codes)
            if not empty and not (fact and fact.role == "aside"):
                following.append(item)
        rows = following[: len(parts)]
        sums = []
        for place, code in codes.items():
            values, whole = [line.value(item, place) for item in rows], reading.scores.get((code, dimension))
            if whole and all(isinstance(value, float | int) for value in values):
                sums.append((sum(values), whole[0]))
        if len(rows) == len(parts) and sums and all(abs(total - whole) < 1e-4 for total, whole in sums):
            for part, item in zip(parts, rows, strict=True):
                components[part.component_id] = item
                reading.take(line, item, part.component_id, codes)


def _check_whole(reading: Reading, codes: dict[int, str], components: dict[str, int], line: Line) -> None:
    """All dimensions of the edition, no component that did not exist, all provinces."""
    for name, part in reading.known.items():
        if part.level == "dimension" and name not in components:
            reading.blame("", message("editions.not_there", what=reading.called(name)))
    for name in sorted(reading.components - set(reading.known)):
        number = name.removeprefix("papi_d").replace("_", ".")
        where = reading.heading_cell(line, components[name])
        reading.blame(where, message("editions.no_such_component", component=number, name="PAPI", year=reading.year))
    subs = {name for name, part in reading.known.items() if part.level == "sub_dimension"}
    if not components.keys() & subs:
        reading.notes.append(message("papi.no_sub_dimensions"))
    else:
        for name in sorted(subs - components.keys()):
            reading.blame("", message("papi.sub_dimension_not_there", number=reading.known[name].number))
    missing = sorted(reading.names.keys() - set(codes.values()))
    names = ", ".join(reading.names[code] for code in missing)
    if len(missing) > FEW:
        where = cell_name(*line.cell(line.at, line.first))
        reading.blame(where, message("papi.provinces_missing", count=len(missing), names=names))
    elif missing:
        reading.notes.append(message("papi.taken_as_withheld", names=names))


def _check_merged(line: Line, codes: dict[int, str], components: dict[str, int], reading: Reading) -> None:
    cells = {line.cell(item, place) for item in components.values() for place in codes}
    for top, left, bottom, right in line.sheet.merged:
        if any((row, column) in cells for row in range(top, bottom + 1) for column in range(left, right + 1)):
            reading.blame(f"{cell_name(top, left)}:{cell_name(bottom, right)}", message("sheets.merged"))


def _add_up(reading: Reading) -> None:
    """Dimensions make the total, sub-dimensions their dimension. A total that is not printed is the sum."""
    there, printed = reading.components, "papi_total" in reading.components
    dimensions = [name for name, part in reading.known.items() if part.level == "dimension"]
    parts_of = {name: [part.component_id for part in catalogue().parts_of(name, reading.year)] for name in dimensions}
    decimals = max((decimals_of(score_text(score)) for score, _ in reading.scores.values()), default=6)
    for whole, parts in ({"papi_total": dimensions} | parts_of).items():
        # what is not there at all is a fault of its own
        for code in sorted(reading.provinces) if set(parts) <= there else ():
            parts_read = [reading.scores[code, part] for part in parts if (code, part) in reading.scores]
            lacking = [part for part in parts if (code, part) not in reading.scores]
            own, total, what = (
                reading.scores.get((code, whole)),
                sum(value for value, _ in parts_read),
                reading.called(whole),
            )
            fault = None
            if own and lacking:
                names = tuple(map(", ".join, zip(*map(reading.called, lacking), strict=True)))
                fault = message("papi.parts_lacking", what=what, names=names)
            elif own and abs(own[0] - total) > sum_tolerance(len(parts_read), decimals) + 5e-5:
                ends = {"first": parts_read[0][1], "last": parts_read[-1][1]}
                fault = message("papi.parts_differ", what=what, value=own[0], total=total, **ends)
            elif not own and not lacking and (whole != "papi_total" or printed):
                fault = message("papi.whole_lacking", what=what)
            if fault:
                reading.blame(own[1] if own else parts_read[0][1], fault, MOST)
            elif whole == "papi_total" and not printed and not lacking:
                reading.scores[code, whole] = total, parts_read[0][1]
                reading.summed.add((code, whole))
