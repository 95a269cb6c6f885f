"""An edition of an index out of its publisher's workbook: which year, which sheet, and the rows that come of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ninhthuan.catalogue import catalogue, data_dir
from ninhthuan.language import nearest
from ninhthuan.measures import decimals_of
from ninhthuan.numbers import number
from ninhthuan.words import bilingual

from .grids import Line, is_missing, number_meant, provinces_of, score_text, year_in
from .landing import Origin, Proposal, read_table, source_rows
from .sheets import Book, Refused, Sheet, cell_at, cell_name, read_book

MOST = 12  # faults of a kind that are told one by one


@dataclass(frozen=True)
class Request:
    """What the user says of a workbook. Empty texts and None: read it off the file."""

    path: Path
    year: int | None = None
    sheet: str = ""
    source_id: str = ""
    title: str = ""
    url: str = ""
    published_on: str = ""


@dataclass
class Reading:
    """What a sheet gives of an edition.

    scores: (province, component) to (score, name of its cell). ranks and groups: province to what is printed beside its
    total. orders: (province, component) to its place in a sorted column. summed: those that are no figure but a sum.
    """

    sheet: Sheet
    layout: str
    boundary: str
    scores: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    orders: dict[tuple[str, str], int] = field(default_factory=dict)
    summed: set[tuple[str, str]] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    # only the first so many are published: their number is no denominator
    excerpt: bool = False
    # another year that the sheet's own headings name
    other_year: int | None = None

    @property
    def components(self) -> set[str]:
        return {component for _, component in self.scores}

    @property
    def provinces(self) -> set[str]:
        return {province for province, _ in self.scores}

    def fault(self, cell: str, vi: str, en: str) -> None:
        at_vi, at_en = bilingual("editions.sheet", name=self.sheet.name)
        if cell:
            at_vi, at_en = bilingual("editions.cell", cell=cell, at=(at_vi, at_en))
        self.faults.append((f"{at_vi}: {vi}", f"{at_en}: {en}"))

    def figure(self, index_id: str, line: Line, item: int, place: int) -> float | None:
        """The number in a cell, None where it is missing; what is neither is a fault."""
        value, cell = line.value(item, place), line.cell(item, place)
        if cell in line.sheet.without_value:
            self.fault(
                cell_name(*cell),
                *bilingual("editions.error_such_n_formula_without"),
            )
        elif is_missing(index_id, value):
            return None
        elif isinstance(value, bool) or not isinstance(value, float | int):
            meant = number_meant(value)
            self.fault(
                cell_name(*cell),
                *bilingual(("editions.not_number_but_text_turn" if meant else "editions.not_number"), value=value),
            )
            return meant  # so that nothing else is blamed for it
        else:
            return float(value)
        return None


def called(component_id: str, year: int) -> tuple[str, str]:
    """How a component is named to the user: by its number where it has one, as in the workbook."""
    component = catalogue().component(component_id, year)
    if component.level == "total":
        return bilingual("editions.total")
    if component.index_id == "papi":
        level = {
            "dimension": bilingual("editions.dimension"),
            "sub_dimension": bilingual("editions.sub_dimension"),
        }
        vi, en = level[component.level]
        return f"{vi} {component.number}", f"{en} {component.number}"
    return f"'{component.short_name}'", f"'{component.short_name_en}'"


def edition_year(request: Request, index_id: str) -> int:
    """The year that a workbook is of: as said, else as its file name says; raises Refused where that cannot be."""
    years = [request.year] if request.year is not None else sorted(set(year_in(request.path.name)))
    if len(years) == 1:
        first = min(part.first_edition for part in catalogue().components_of(index_id))
        if first <= years[0] <= date.today().year:
            return years[0]
        name = catalogue().indices[index_id].abbreviation
        raise Refused(
            [
                bilingual(
                    "editions.begins_describes_no_year_come",
                    name=request.path.name,
                    name_2=name,
                    first=first,
                    first_years=years[0],
                )
            ]
        )
    vi, en = (
        bilingual("editions.names", map=", ".join(map(str, years))) if years else bilingual("editions.names_no_year")
    )
    raise Refused([bilingual("editions.file_name_add_year_year", name=request.path.name, text=(vi, en))])


def read_edition(request: Request, index_id: str, read_sheet) -> Proposal:
    """A proposal of the edition in a workbook.

    read_sheet: (sheet, year) to a Reading, or None where the sheet holds no table of the index. Raises Refused.
    """
    faults: list[tuple[str, str]] = []
    published = _day(request.published_on, faults)
    if not re.fullmatch(r"[a-z0-9_]*", request.source_id):
        faults.append(bilingual("editions.source_small_letters_digits_not", source_id=request.source_id))
    try:
        year = edition_year(request, index_id)
    except Refused as error:
        raise Refused([*faults, *error.faults]) from None
    if published and published < str(year):
        faults.append(bilingual("editions.published_lies_before_year_index", published=published, year=year))
    if faults:
        raise Refused(faults)
    book = read_book(request.path)
    readings = [reading for sheet in _asked_for(book, request) if (reading := read_sheet(sheet, year))]
    reading = _chosen(readings, book, year, request, index_id)
    if not provinces_of(year, reading.boundary):
        raise Refused(
            [
                bilingual(
                    "editions.sheet_table_over_provinces_before",
                    name=book.path.name,
                    name_2=reading.sheet.name,
                    year=year,
                )
            ]
        )
    if reading.faults:
        raise Refused([(f"{book.path.name}, {vi}", f"{book.path.name}, {en}") for vi, en in reading.faults])
    folder = data_dir()
    source_id = request.source_id or _known_source(folder, book.sha256) or f"{index_id}_wb_{year}"
    held = read_table(folder, f"indicators/{index_id}.csv")
    rows = _indicator_rows(reading, year, source_id, held)
    origin = Origin(
        source_id,
        request.path.name,
        book.bytes,
        book.sha256,
        reading.sheet.name,
        reading.layout,
        title=request.title or f"{catalogue().indices[index_id].abbreviation} {year}: {request.path.name}",
        publisher=catalogue().indices[index_id].publisher,
        published=request.published_on,
        url=request.url,
    )
    notes = [
        *reading.notes,
        *_compared(reading, year, held, source_id),
        *_gone(held, rows, year, reading.boundary, source_id),
    ]
    if index_id == "papi":
        _refuse_lost(reading, year, held, folder, book)
    edition, news = _edition_row(reading, year, index_id, published, source_id, folder)
    count, parts = len(reading.provinces), len(reading.components)
    name = catalogue().indices[index_id].abbreviation
    summary = bilingual(
        "editions.sheet_provinces_components_rows",
        name=name,
        year=year,
        name_2=book.path.name,
        name_3=reading.sheet.name,
        count=count,
        parts=parts,
        n_rows=len(rows),
    )
    return Proposal(
        summary,
        {
            f"indicators/{index_id}.csv": rows,
            "reference/editions.csv": [edition],
            **source_rows(origin, len(rows), folder),
        },
        (*notes, *news),
        _unlike(reading, year, held),
    )


def _refuse_lost(reading: Reading, year: int, held: list[dict], folder: Path, book: Book) -> None:
    """Raise Refused where the file lacks a province that data/ has figures of: it was not withheld, it was lost."""
    withheld = {
        code
        for row in read_table(folder, "reference/editions.csv")
        if (row["index_id"], row["edition_year"], row["boundary"]) == ("papi", str(year), reading.boundary)
        for code in row["provinces_withheld"].split()
    }
    lost = {
        row["province_code"]: row["source_id"]
        for row in held
        if (row["edition_year"], row["boundary"]) == (str(year), reading.boundary)
        and row["score"]
        and row["province_code"] not in reading.provinces | withheld
    }
    if lost:
        names = provinces_of(year, reading.boundary)
        listed = ", ".join(f"{names[code]} ({source})" for code, source in sorted(lost.items()))
        where = bilingual("editions.sheet_2", name=book.path.name, name_2=reading.sheet.name)
        raise Refused(
            [bilingual("editions.lacks_provinces_another_source_has", listed=listed, where=(where[0], where[1]))]
        )


def _unlike(reading: Reading, year: int, held: list[dict]) -> tuple[int, int]:
    """How many figures that data/ has of the edition the file has otherwise, and how many it has at all."""
    both = [
        alike(reading.scores[key][0], row["score"])
        for row in held
        if (row["edition_year"], row["boundary"]) == (str(year), reading.boundary)
        and row["score"]
        and (key := (row["province_code"], row["component_id"])) in reading.scores
    ]
    return both.count(False), len(both)


def _day(text: str, faults: list) -> str:
    if text:
        try:
            day = date.fromisoformat(text)
            if str(day) != text:
                raise ValueError  # 20260415 and 2026-W16-3 are days too, but not as data/ writes them
        except ValueError:
            faults.append(bilingual("editions.published_written_like_2026_04", text=text))
        else:
            if day > date.today():
                faults.append(bilingual("editions.published_lies_future", text=text))
    return text


def _asked_for(book: Book, request: Request) -> list[Sheet]:
    if not request.sheet:
        return list(book.sheets)
    asked = unicodedata.normalize("NFC", request.sheet).strip()
    found = [sheet for sheet in book.sheets if sheet.name.strip() == asked]
    if not found:
        names = [sheet.name for sheet in book.sheets]
        vi, en = nearest(request.sheet, names)
        listed = "; ".join(f"'{name}'" for name in names)
        raise Refused(
            [
                bilingual(
                    "editions.there_no_sheet_there",
                    name=book.path.name,
                    sheet=request.sheet,
                    listed=listed,
                    text=(vi, en),
                )
            ]
        )
    return found


def _chosen(readings: list[Reading], book: Book, year: int, request: Request, index_id: str) -> Reading:
    """The sheet to take: of the edition's year, the fullest, visible before hidden; raises Refused where none is."""
    name = catalogue().indices[index_id].abbreviation
    if not readings:
        raise Refused([bilingual("editions.no_sheet_holds_table_provinces", name=book.path.name, name_2=name)])
    # in a file of several years every heading may bear the year of one of them: there the name of the sheet decides
    own = [reading for reading in readings if reading.other_year is None or _tab(reading, year)]
    if not own:
        others = "; ".join(f"'{r.sheet.name}': {(year_in(r.sheet.name) or [r.other_year])[0]}" for r in readings)
        raise Refused(
            [bilingual("editions.sheets_say_another_year_than", name=book.path.name, year=year, others=others)]
        )
    fullest = max(len(reading.scores) for reading in own)
    # a sheet of a few provinces or of one dimension is an excerpt
    whole = [reading for reading in own if len(reading.scores) >= 0.6 * fullest]
    for same_year in (True, None, False):
        named = [reading for reading in whole if _tab(reading, year) is same_year]
        if not named:
            continue
        tabs = {r.sheet.name: years for r in readings if (years := tuple(year_in(r.sheet.name)))}
        if same_year is False and not request.sheet and len(set(tabs.values())) > 1:
            listed = "; ".join(f"'{name}'" for name in tabs)
            raise Refused(
                [bilingual("editions.no_sheet_bears_year_choose", name=book.path.name, year=year, listed=listed)]
            )
        # what adds up before what does not, then the fullest
        best = max(named, key=lambda r: (r.sheet.visible, not r.faults, len(r.scores)))
        if same_year is False:
            best.notes.append(bilingual("editions.sheet_s_name_has_another", name=best.sheet.name, year=year))
        _refuse_unlike(
            [best, *(r for r in named if r is not best and r.sheet.visible == best.sheet.visible)], book, year
        )
        if best.other_year:
            best.notes.append(bilingual("editions.headings_say_taken_sheet_s", other_year=best.other_year, year=year))
        for other in readings:
            if other.other_year and other is not best and _tab(other, year) is None:
                best.notes.append(
                    bilingual(
                        "editions.sheet_passed_over_holds_figures", name=other.sheet.name, other_year=other.other_year
                    )
                )
        return best
    raise AssertionError("a sheet has its year, another, or none")


def _refuse_unlike(readings: list[Reading], book: Book, year: int) -> None:
    """Raise Refused where another sheet of the same edition says otherwise: which is right is not ours to say."""
    best, *others = readings
    for other in others:
        unlike = [
            (key, best.scores[key], other.scores[key])
            for key in best.scores.keys() & other.scores.keys() - best.summed - other.summed
            if not alike(best.scores[key][0], score_text(other.scores[key][0]))
            and not alike(other.scores[key][0], score_text(best.scores[key][0]))
        ]
        if not unlike:
            continue
        (province, component), here, there = min(unlike, key=lambda one: cell_at(one[1][1]))
        what, name = called(component, year), provinces_of(year, best.boundary).get(province, province)
        sheets = (best.sheet.name, here[1], other.sheet.name, there[1])
        values = [[number(value, 4, language) for value in (here[0], there[0])] for language in ("vi", "en")]
        raise Refused(
            [
                bilingual(
                    "editions.two_sheets_differ_figures_first",
                    name=book.path.name,
                    n_unlike=len(unlike),
                    name_2=name,
                    first_sheets=sheets[0],
                    second_sheets=sheets[1],
                    first_first_values=values[0][0],
                    sheets=sheets[2],
                    sheets_2=sheets[3],
                    second_first_values=values[0][1],
                    first_second_values=values[1][0],
                    second_second_values=values[1][1],
                    what=(what[0], what[1]),
                )
            ]
        )


def alike(value: float, printed: str) -> bool:
    """Whether two prints agree: to half of the last printed place, or what adding up in another order makes."""
    return abs(value - float(printed)) <= max(10.0 ** -decimals_of(printed) * 0.51, 1e-5)


def _tab(reading: Reading, year: int) -> bool | None:
    years = year_in(reading.sheet.name)
    return None if not years else year in years


def _known_source(folder: Path, sha256: str) -> str:
    """The source that this very file was imported as before, or nothing."""
    return next(
        (row["source_id"] for row in read_table(folder, "reference/imports.csv") if row["sha256"] == sha256), ""
    )


def _indicator_rows(reading: Reading, year: int, source_id: str, held: list[dict]) -> list[dict[str, str]]:
    """The rows of an edition; sums only where no source that is held prints all of those figures itself."""
    base = {"edition_year": str(year), "boundary": reading.boundary, "source_id": source_id}
    printed = {
        (row["province_code"], row["component_id"])
        for row in held
        if (row["edition_year"], row["boundary"], row["basis"]) == (str(year), reading.boundary, "printed")
        and row["score"]
    }
    ranked = "" if reading.excerpt else str(len(reading.ranks))
    rows = []
    for (province, component), (score, _) in reading.scores.items():
        if (province, component) in reading.summed <= printed:
            continue
        row = base | {
            "province_code": province,
            "component_id": component,
            "score": score_text(score),
            "basis": "summed" if (province, component) in reading.summed else "printed",
        }
        if component.endswith("_total"):
            rank = reading.ranks.get(province)
            row |= {"rank_published": str(rank or ""), "n_ranked_published": ranked if rank else ""}
            row |= {"group_published": reading.groups.get(province, "")}
        rows.append(row)
    rows += [
        base | {"province_code": province, "component_id": component, "rank_published": str(place), "basis": "ordered"}
        for (province, component), place in reading.orders.items()
    ]
    return rows


def _edition_row(
    reading: Reading, year: int, index_id: str, published: str, source_id: str, folder: Path
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The edition's row of editions.csv; what is known of it stays unless the user says otherwise."""
    total = f"{index_id}_total"
    scored = {province for province, component in reading.scores if component == total}
    withheld = sorted(set(provinces_of(year, reading.boundary)) - scored)
    known = {(r["index_id"], r["edition_year"], r["boundary"]): r for r in read_table(folder, "reference/editions.csv")}
    row, news = known.get((index_id, str(year), reading.boundary)), []
    if row is None:
        row = {
            "index_id": index_id,
            "edition_year": str(year),
            "boundary": reading.boundary,
            "published_precision": "unknown",
        }
        row |= {"published_on": "", "source_id": "", "note": ""}
        news.append(bilingual("editions.new_edition_where_method_changed"))
        if not published:
            news.append(bilingual("editions.no_day_publication_published_reports", year=year + 1))
    if published:
        row = row | {"published_on": published, "published_precision": "day"}
        row["source_id"] = row["source_id"] or source_id
    if index_id == "papi" or not row.get("provinces_scored"):
        # of PAPI the table is whole; of PCI a workbook may name only some of those ranked
        row = row | {"provinces_scored": str(len(scored))}
        row |= {"provinces_withheld": " ".join(withheld) if index_id == "papi" else ""}
    return row, news


def _compared(reading: Reading, year: int, held: list[dict], source_id: str) -> list[tuple[str, str]]:
    """How the scores stand to those of other sources: how many agree as far as both are printed, and which do not.

    Raises Refused where they are those of another edition.
    """
    agreeing: dict[int, int] = {}
    against: dict[int, int] = {}
    other = []
    for row in held:
        found = reading.scores.get((row["province_code"], row["component_id"]))
        printed, edition = row["score"], int(row["edition_year"])
        own = (edition, row["source_id"]) == (year, source_id)
        if found is None or not printed or own or row["boundary"] != reading.boundary:
            continue
        same = alike(found[0], printed)
        agreeing[edition] = agreeing.get(edition, 0) + same
        against[edition] = against.get(edition, 0) + 1
        if edition == year and not same:
            other.append((row["province_code"], row["component_id"], found[0], printed, row["source_id"]))
    for another, count in against.items():
        own = agreeing.get(year, 0) / against.get(year, 1)
        if another != year and count > 60 and agreeing[another] > 0.9 * count and own < 0.5:
            raise Refused(
                [
                    bilingual(
                        "editions.sheet_holds_figures_not_check", name=reading.sheet.name, another=another, year=year
                    )
                ]
            )
    if not against.get(year):
        return [bilingual("editions.data_has_no_figures_edition")]
    lines = [
        bilingual(
            "editions.against_figures_edition_other_sources",
            against=against[year],
            agreeing=agreeing[year],
            n_other=len(other),
        )
    ]
    names = provinces_of(year, reading.boundary)
    for province, component, score, printed, source in other[:5]:
        who, what = names.get(province, province), called(component, year)
        vi, en = (number(score, 4, language) for language in ("vi", "en"))
        lines.append(
            bilingual("editions.file", who=who, source=source, printed=printed, what=(what[0], what[1]), text=(vi, en))
        )
    return lines


def _gone(held: list[dict], rows: list[dict], year: int, boundary: str, source_id: str) -> list[tuple[str, str]]:
    """Rows of the same source and edition that the file no longer has: they stay, and that is said."""

    def keys(table: list[dict]) -> set[tuple]:
        return {(r["province_code"], r["component_id"], r["basis"]) for r in table}

    earlier = [
        r for r in held if (r["edition_year"], r["boundary"], r["source_id"]) == (str(year), boundary, source_id)
    ]
    lost = keys(earlier) - keys(rows)
    if not lost:
        return []
    return [bilingual("editions.rows_source_not_file_stay", n_lost=len(lost), source_id=source_id)]
