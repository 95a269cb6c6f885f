"""PAPI out of the workbooks of papi.org.vn: a province a row (2011-2017), or a province a column (since 2018).

Components are known by their number and by their place, never by their wording, which changes from year to year and in
2011-2017 belongs to other components. Of the two totals the unweighted one is taken. 0, blank and KCDL are missing.
"""

from __future__ import annotations

from ninhthuan.catalogue import catalogue
from ninhthuan.language import LANGUAGES
from ninhthuan.measures import decimals_of
from ninhthuan.words import bilingual, phrase

from .checks import sum_tolerance
from .editions import MOST, Reading, Request, called, read_edition
from .grids import (
    ROWS,
    Line,
    best_line,
    is_missing,
    is_word,
    list_of_provinces,
    meaning,
    provinces_of,
    score_text,
    year_in,
)
from .landing import Proposal
from .sheets import Sheet, cell_name

FEW = 5  # provinces that may be left out of a table as withheld; more, and it is an excerpt


def read_papi(request: Request) -> Proposal:
    """The edition in a workbook of PAPI as a proposal; raises Refused with every fault, by sheet and cell."""
    return read_edition(request, "papi", _read_sheet)


def _read_sheet(sheet: Sheet, year: int) -> Reading | None:
    line = best_line(sheet, list_of_provinces(sheet, year))
    if line is None:
        return None
    places = _places(line, year)
    if not any(component.count("_") == 1 and component != "papi_total" for component in places):
        return None
    reading = Reading(sheet, line.layout, line.boundary)
    for text in (text for item in places.values() for text in line.heading(item) if "papi" in text):
        reading.other_year = next((named for named in year_in(text) if named != year), reading.other_year)
    codes = _codes(line, places, reading, year)
    _scores(line, codes, places, reading)
    _unnumbered(line, codes, places, reading, year)
    _check_whole(reading, codes, places, line, year)
    _check_merged(line, codes, places, reading)
    _add_up(reading, year)
    return reading


def _places(line: Line, year: int) -> dict[str, int]:
    """Component to the row or column that it stands in; of two with one number the first."""
    places: dict[str, int] = {}
    for item in line.items():
        found = meaning("papi", line.heading(item))
        if not found:
            continue
        fact, match = found
        if fact.role == "total":
            places.setdefault("papi_total", item)
        elif fact.role in ("dimension", "sub_dimension"):
            places.setdefault(fact.component or "papi_d" + match[1].replace(".", "_"), item)
    return places


def _codes(line: Line, places: dict[str, int], reading: Reading, year: int) -> dict[int, str]:
    """Place to province, each once; whatever else has figures and is no national row is a fault."""
    codes: dict[int, str] = {}
    expected = provinces_of(year, line.boundary)
    for place, code in sorted(line.codes.items()):
        cell = cell_name(*line.cell(line.at, place))
        if code not in expected:
            reading.fault(cell, *bilingual("papi.there_no_such_province", year=year))
        elif code in codes.values():
            reading.fault(cell, *bilingual("papi.stands_earlier_cell_too", expected=expected[code]))
        else:
            codes[place] = code
    last = len(line.sheet.rows) if line.layout == ROWS else max(map(len, line.sheet.rows))
    for place in range(line.first, last):
        text = line.value(line.at, place)
        if place in line.codes or not isinstance(text, str) or not text.strip() or is_word("papi", "national", text):
            continue
        if any(isinstance(line.value(item, place), float) for item in places.values()):
            known = [
                p for p in catalogue().provinces_like(text, line.boundary) if p.province_code not in codes.values()
            ]
            hint = [
                phrase("papi.did_you_mean", language, name=known[0].name) if known else "" for language in LANGUAGES
            ]
            reading.fault(
                cell_name(*line.cell(line.at, place)),
                *bilingual("papi.no_province_called", strip=text.strip(), hint=(hint[0], hint[1])),
            )
    _check_codes_beside(line, codes, reading)
    return codes


def _check_codes_beside(line: Line, codes: dict[int, str], reading: Reading) -> None:
    """Where the sheet has the statistics office's codes beside the names, both must say the same."""
    beside = range(line.at) if line.layout != ROWS else [item for item in line.items() if item < line.at]
    for item in beside:
        if not any(is_word("papi", "code", text) for place in range(line.first) if (text := line.value(item, place))):
            continue
        for place, code in codes.items():
            value = line.value(item, place)
            said = f"{value:02.0f}" if isinstance(value, float | int) and value else str(value or "").strip().zfill(2)
            if said != "00" and said != code:
                name = provinces_of(2011, line.boundary).get(code, code)
                reading.fault(
                    cell_name(*line.cell(item, place)),
                    *bilingual("papi.code_not_code", said=said, name=name, code=code),
                )


def _scores(line: Line, codes: dict[int, str], places: dict[str, int], reading: Reading) -> None:
    for component, item in places.items():
        for place, code in codes.items():
            score = reading.figure("papi", line, item, place)
            if score is not None:
                reading.scores[(code, component)] = score, cell_name(*line.cell(item, place))


def _unnumbered(line: Line, codes: dict[int, str], places: dict[str, int], reading: Reading, year: int) -> None:
    """Sub-dimensions without numbers: those rows after a dimension, as many as it has, that add up to it everywhere."""
    items, taken = line.items(), set(places.values())
    for dimension in [part for part in catalogue().components_of("papi", year) if part.level == "dimension"]:
        parts = catalogue().parts_of(dimension.component_id, year)
        if dimension.component_id not in places or any(part.component_id in places for part in parts):
            continue
        following: list[int] = []
        for item in items[items.index(places[dimension.component_id]) + 1 :]:
            if item in taken:
                break
            found = meaning("papi", line.heading(item))
            empty = all(is_missing("papi", line.value(item, place)) for place in codes)
            if not empty and not (found and found[0].role == "aside"):
                following.append(item)
        rows = following[: len(parts)]
        sums = []
        for place, code in codes.items():
            values, whole = (
                [line.value(item, place) for item in rows],
                reading.scores.get((code, dimension.component_id)),
            )
            if whole and all(isinstance(value, float | int) for value in values):
                sums.append((sum(values), whole[0]))
        if len(rows) == len(parts) and sums and all(abs(one - other) < 1e-4 for one, other in sums):
            found_places = {part.component_id: item for part, item in zip(parts, rows, strict=True)}
            places.update(found_places)
            _scores(line, codes, found_places, reading)


def _check_whole(reading: Reading, codes: dict[int, str], places: dict[str, int], line: Line, year: int) -> None:
    """All dimensions of the edition, no component that did not exist, all provinces; each figure on its scale."""
    known = {part.component_id: part for part in catalogue().components_of("papi", year)}
    where = cell_name(*line.cell(line.at, line.first))
    absent = [name for name, part in known.items() if part.level == "dimension" and name not in places]
    for name in absent:
        vi, en = called(name, year)
        reading.fault("", *bilingual("papi.not_there", text=(vi, en)))
    subs = {name for name, part in known.items() if part.level == "sub_dimension"}
    for name in sorted(reading.components - set(known)):
        number = name.removeprefix("papi_d").replace("_", ".")
        reading.fault(
            line.heading_cell(places[name]),
            *bilingual("papi.did_not_exist_papi_if", number=number, year=year),
        )
    found = set(places)
    if not found & subs:
        reading.notes.append(bilingual("papi.there_no_sub_dimensions"))
    else:
        for name in sorted(subs - found):
            reading.fault(
                "",
                *bilingual("papi.sub_dimension_not_there_if", number=known[name].number),
            )
    missing = sorted(set(provinces_of(year, line.boundary)) - set(codes.values()))
    names = ", ".join(provinces_of(year, line.boundary)[code] for code in missing)
    if len(missing) > FEW:
        reading.fault(where, *bilingual("papi.provinces_missing", n_missing=len(missing), names=names))
    elif missing:
        reading.notes.append(bilingual("papi.not_file_taken_withheld", names=names))
    off = 0
    for (_, component), (score, cell) in reading.scores.items():
        part = known.get(component)
        if part and not part.scale_min - 0.004 <= score <= part.scale_max + 0.004:
            off += 1
            if off <= MOST:
                reading.fault(
                    cell,
                    *bilingual(
                        "papi.off_scale",
                        score=score,
                        scale_min=part.scale_min,
                        scale_max=part.scale_max,
                        called=(called(component, year)[0], called(component, year)[1]),
                    ),
                )


def _check_merged(line: Line, codes: dict[int, str], places: dict[str, int], reading: Reading) -> None:
    cells = {line.cell(item, place) for item in places.values() for place in codes}
    for top, left, bottom, right in line.sheet.merged:
        if any((row, column) in cells for row in range(top, bottom + 1) for column in range(left, right + 1)):
            span = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            reading.fault(
                span,
                *bilingual("papi.merged_cells_among_figures_unmerge"),
            )


def _add_up(reading: Reading, year: int) -> None:
    """Dimensions make the total, sub-dimensions their dimension. A total that is not printed is the sum."""
    told, there = 0, reading.components
    decimals = max((decimals_of(score_text(score)) for score, _ in reading.scores.values()), default=6)
    dimensions = [part.component_id for part in catalogue().components_of("papi", year) if part.level == "dimension"]
    wholes = {"papi_total": dimensions} | {
        name: [part.component_id for part in catalogue().parts_of(name, year)] for name in dimensions
    }
    printed = "papi_total" in there
    for whole, parts in wholes.items():
        # what is not there at all is a fault of its own
        if not set(parts) <= there:
            continue
        vi, en = called(whole, year)
        for code in sorted(reading.provinces):
            held = [reading.scores[(code, part)] for part in parts if (code, part) in reading.scores]
            own, total = reading.scores.get((code, whole)), sum(value for value, _ in held)
            lacking = [called(part, year) for part in parts if (code, part) not in reading.scores]
            fault = None
            if own and lacking:
                names = [", ".join(texts) for texts in zip(*lacking, strict=True)]
                fault = bilingual("papi.there_but_not", text=(vi, en), names=(names[0], names[1]))
            elif own and abs(own[0] - total) > sum_tolerance(len(held), decimals) + 5e-5:
                fault = bilingual(
                    "papi.parts_add_up",
                    first_own=own[0],
                    second_first_held=held[0][1],
                    second_last_held=held[-1][1],
                    total=total,
                    text=(vi, en),
                )
            elif not own and not lacking and (whole != "papi_total" or printed):
                fault = bilingual("papi.all_parts_there_but_not", text=(vi, en))
            if fault:
                told += 1
                if told <= MOST:
                    reading.fault(own[1] if own else held[0][1], *fault)
            elif whole == "papi_total" and not printed and not lacking:
                reading.scores[(code, whole)] = total, held[0][1]
                reading.summed.add((code, whole))
