"""The choice of the sheet of an edition: that of its year, the fullest, visible before hidden."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from careful_tables.cells import cell_at
from careful_tables.workbooks import Book, Sheet
from ninhthuan.catalogue import catalogue
from ninhthuan.language import nearest
from ninhthuan.measures import decimals_of
from ninhthuan.numbers import number
from ninhthuan.words import message

from .grids import score_text, year_in
from .readings import Reading
from .refusals import Refused, both


def sheets_named(book: Book, name: str) -> list[Sheet]:
    """The sheets of that name, or all where none is named; raises Refused where there is no such sheet."""
    wanted = unicodedata.normalize("NFC", name).strip()
    found = [sheet for sheet in book.sheets if not wanted or sheet.name.strip() == wanted]
    if wanted and not found:
        names = [sheet.name for sheet in book.sheets]
        others = {"hint": nearest(name, names), "listed": _quoted(names)}
        raise Refused(message("editions.no_such_sheet", name=book.path.name, sheet=name, **others))
    return found


def chosen(readings: list[Reading], path: Path, index_id: str, year: int, named: bool) -> Reading:
    """The reading to take; raises Refused where none is of the year, or two of them differ.

    named: whether the user named the sheet.
    """
    file = {"name": path.name, "year": year}
    if not readings:
        index = catalogue().indices[index_id].abbreviation
        raise Refused(message("editions.no_sheet_of_index", name=path.name, index=index))
    # in a file of several years every heading may bear the year of one of them: there the name of the sheet decides
    own = [reading for reading in readings if reading.other_year is None or bears_year(reading)]
    if not own:
        others = "; ".join(f"'{r.sheet.name}': {(year_in(r.sheet.name) or [r.other_year])[0]}" for r in readings)
        raise Refused(message("editions.sheets_of_another_year", others=others, **file))
    fullest = max(len(reading.scores) for reading in own)
    # a sheet of a few provinces or of one dimension is an excerpt
    whole = [reading for reading in own if len(reading.scores) >= 0.6 * fullest]
    same_year = next(kind for kind in (True, None, False) if any(bears_year(reading) is kind for reading in whole))
    candidates = [reading for reading in whole if bears_year(reading) is same_year]
    tabs = {r.sheet.name: years for r in readings if (years := tuple(year_in(r.sheet.name)))}
    if same_year is False and not named and len(set(tabs.values())) > 1:
        raise Refused(message("editions.choose_sheet", listed=_quoted(tabs), **file))
    # sheets whose sums hold come first, then the fullest
    best = max(candidates, key=lambda r: (r.sheet.visible, not r.faults, len(r.scores)))
    if same_year is False:
        best.notes.append(message("editions.year_of_file_taken", sheet=best.sheet.name, year=year))
    for other in candidates:
        if other is not best and other.sheet.visible == best.sheet.visible:
            _refuse_unlike(best, other, path)
    if best.other_year:
        best.notes.append(message("editions.year_of_sheet_taken", other_year=best.other_year, year=year))
    for other in readings:
        if other.other_year and other is not best and bears_year(other) is None:
            passed = {"sheet": other.sheet.name, "other_year": other.other_year}
            best.notes.append(message("editions.sheet_passed_over", **passed))
    return best


def _quoted(names) -> str:
    return "; ".join(f"'{name}'" for name in names)


def bears_year(reading: Reading) -> bool | None:
    """Whether the sheet's name has the year; None where it has none."""
    years = year_in(reading.sheet.name)
    return None if not years else reading.year in years


def alike(value: float, printed: str) -> bool:
    """Whether two printed figures agree: to half of the last decimal, or to an error of summation."""
    return abs(value - float(printed)) <= max(10.0 ** -decimals_of(printed) * 0.51, 1e-5)


def _refuse_unlike(best: Reading, other: Reading, path: Path) -> None:
    """Raise Refused where another sheet of the same edition has other figures: the user has to decide."""
    unlike = [
        (key, best.scores[key], other.scores[key])
        for key in best.scores.keys() & other.scores.keys() - best.summed - other.summed
        if not alike(best.scores[key][0], score_text(other.scores[key][0]))
        and not alike(other.scores[key][0], score_text(best.scores[key][0]))
    ]
    if unlike:
        (province, component), here, there = min(unlike, key=lambda found: cell_at(found[1][1]))
        values = {"value": both(number, here[0], 4), "other": both(number, there[0], 4), "what": best.called(component)}
        places = {"sheet": best.sheet.name, "cell": here[1], "other_sheet": other.sheet.name, "other_cell": there[1]}
        where = {"name": path.name, "province": best.names.get(province, province)} | places
        raise Refused(message("editions.sheets_differ", count=len(unlike), **where, **values))
