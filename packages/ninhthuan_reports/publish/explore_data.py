"""What the page that compares provinces holds: figures by edition, provinces, components, breaks, words; plain values.

What follows from the figures (rank, group, median, change) is worked out in the page by the rules of `ninhthuan`, and
`tests/test_explore_page.py` compares the two; what rests on the catalogue (breaks, what is the same component) is
packed here. Names in both languages are pairs, Vietnamese first.
"""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd

from ninhthuan.analysis.certainty import errors_of_2019, rank_certainty
from ninhthuan.analysis.change import limit
from ninhthuan.catalogue import catalogue
from ninhthuan.indicators import load_index, uncertainty
from ninhthuan.language import LANGUAGES, labels
from ninhthuan.measures import rank_used
from ninhthuan.reference import BOUNDARIES
from ninhthuan.refusals import RULES, NotComparable
from ninhthuan.words import messages
from ninhthuan.workload import load_workload

from .. import wording

# Rows of words that the page has: its own, and those of refusals that it shares with the package.
SHARED = re.compile(r"explore\.|catalogue\.not_comparable$|comparability\.not_comparable_since_1_july$")
# Why there is no score, in a letter; nothing at all where it was not collected, the commonest reason by far.
WHY = {"not_collected": None, "not_published": "n", "not_surveyed": "s", "blank": "b", "not_existing": "x"}
MOST_TESTS = 12  # changes that are tested together, at most


def packed() -> dict:
    """Everything that the page knows."""
    known = catalogue()
    provinces = {side: [p for (where, _), p in known.provinces.items() if where == side] for side in BOUNDARIES}
    order = {side: {p.province_code: place for place, p in enumerate(found)} for side, found in provinces.items()}
    sources: dict[str, int] = {}
    cells = {side: {} for side in BOUNDARIES}
    for index_id in known.indices:
        for side in BOUNDARIES:
            cells[side] |= _editions(index_id, side, order[side], sources)
    workload = _workload(sources)
    return {
        "words": {key: list(texts) for key, texts in messages().items() if SHARED.match(key)} | _labels(),
        "rules": {rule: list(messages()[key]) for rule, key in RULES.items()},
        "lists": {side: [_province(p) for p in found] for side, found in provinces.items()},
        "regions": {p.region_id: [p.region, p.region_en] for p in known.provinces.values() if p.region_id},
        "indices": [_index(index) for index in known.indices.values()],
        "components": _components(),
        "breaks": [
            [b.edition_year, b.severity, b.ranks, [b.label, b.label_en], [b.note, b.note_en]] for b in known.breaks
        ],
        "common": _common(),
        "errors": _errors(),
        "sets": _rank_sets(),
        "why": {letter or "": why for why, letter in WHY.items()},
        "limits": [limit(1.0, tests=tests) for tests in range(1, MOST_TESTS + 1)],
        "cells": cells,
        "workload": workload,
        "sources": [_source(source_id) for source_id in sources],
    }


def _labels() -> dict[str, list[str]]:
    """Short codes in words: missing values, groups, units, levels, grades of evidence."""
    return {f"label.{key}": list(texts) for key, texts in labels().items()}


def _province(province) -> dict:
    return {
        "code": province.province_code,
        "name": [province.name, province.name_en],
        "short": [province.short_name, province.short_name_en],
        "region": province.region_id,
        "successor": province.successor_code,
        "predecessors": list(province.predecessor_codes),
        "tile": None if province.tile_col is None else [province.tile_col, province.tile_row],
        "aliases": province.aliases,
    }


def _index(index) -> dict:
    editions = {}
    for side in BOUNDARIES:
        for edition in catalogue().editions_of(index.index_id, side):
            day = edition.published_on
            by = [index.publisher_on(day or edition.known_from, language) for language in LANGUAGES]
            out = [wording.publication_day(day, edition.published_precision, language) for language in LANGUAGES]
            editions.setdefault(side, {})[edition.edition_year] = [by, out if day else None]
    return {
        "id": index.index_id,
        "short": index.abbreviation,
        "name": [index.name, index.name_en],
        "unit": index.unit,
        "decimals": min(2, index.decimals) if index.unit != "score_0_1" else index.decimals,
        "official": index.rank_is_published,
        "editions": editions,
    }


def _components() -> dict[str, dict]:
    """Components by id: versions in order, their breaks, and the earliest edition that each is the same as."""
    known, found = catalogue(), {}
    places = {id(b): place for place, b in enumerate(known.breaks)}
    for part in known.components:
        if part.component_id not in found:
            name, years = part.component_id, set()
            for side in BOUNDARIES:
                years |= {edition.edition_year for edition in known.editions_of(part.index_id, side)}
            same = {}
            for last in sorted(years):
                alike = [year for year in sorted(years) if year < last and known.same_component(name, year, last)]
                if alike:
                    same[last] = alike[0]
            breaks = [places[id(b)] for b in known.breaks_of(name)]
            spans = [(own.first_edition, own.last_edition) for own in known.components if own.component_id == name]
            editions = [year for year in sorted(years) if any(a <= year <= (b or year) for a, b in spans)]
            anew = [now for before, now in pairwise(editions) if known.earlier_id(name, now, before) != name]
            found[name] = {"index": part.index_id, "versions": [], "breaks": breaks, "anew": anew, "same": same}
        found[part.component_id]["versions"].append(
            {
                "from": part.first_edition,
                "to": part.last_edition,
                "parent": part.parent_id,
                "level": part.level,
                "number": part.number,
                "name": [part.name, part.name_en],
                "short": [part.short_name or part.name, part.short_name_en or part.name_en],
                "scale": [part.scale_min, part.scale_max],
                "sums": part.parts_sum,
            }
        )
    return found


def _common() -> dict[str, dict[str, list]]:
    """Totals that are plain sums: for two editions parted by a break, the dimensions alike throughout, at both ends."""
    known, found = catalogue(), {}
    for total in (part for part in known.components if part.level == "total" and part.parts_sum):
        years = [edition.edition_year for edition in known.editions_of(total.index_id)]
        for first in years:
            for last in [year for year in years if year > first]:
                if known.breaks_between(total.component_id, first, last, "break"):
                    alike = known.common_components(total.index_id, first, last)
                    ends = [[known.earlier_id(p.component_id, last, first), p.component_id] for p in alike]
                    if ends:
                        found.setdefault(total.component_id, {})[f"{first}-{last}"] = ends
    return found


def _rank_sets() -> dict[str, dict[int, list]]:
    """Best and worst rank that survey errors allow, by component, edition and place in the list of 63 provinces."""
    scores, found = load_index("papi"), {}
    codes = [code for side, code in catalogue().provinces if side == "pre_2025"]
    for year in sorted(scores["edition_year"].unique()):
        try:
            rows = rank_certainty(scores, int(year), errors="as_2019").set_index("province_code")
        except NotComparable:
            continue
        sets = {code: [int(low), int(high)] for code, low, high in rows[["rank_low", "rank_high"]].itertuples()}
        found[int(year)] = [sets.get(code) for code in codes]
    return {"papi_total": found}


def _errors() -> dict[str, dict[str, float]]:
    """Standard errors of PAPI 2019 by component and province, in points."""
    found = {}
    for part in uncertainty()["component_id"].unique():
        sizes = errors_of_2019(part)
        if len(sizes):
            found[part] = {code: float(size) for code, size in sizes.items()}
    return found


def _editions(index_id: str, side: str, order: dict[str, int], sources: dict[str, int]) -> dict[str, dict]:
    """Cells of an index: component, then year, then columns in the order of the provinces.

    `whole`: every score of the list is held; `scores`: a number, or a letter of `WHY`; `ranks`: by place in the list,
    only those that do not follow from the scores; `evidence`, `sources`: the usual one, and the others by place.
    """
    frame, cell = load_index(index_id, boundary=side), ["component_id", "edition_year"]
    if frame.empty:
        return {}
    used = rank_used(frame.astype({"rank_derived": "Float64", "rank_published": "Float64"}))
    whole = frame["rank_derived"].notna().groupby([frame[name] for name in cell]).transform("any")
    plain = frame.groupby(cell)["score"].rank(ascending=False, method="min").where(whole)
    first = frame["source_id"].where(frame["source_id"] != "", frame["rank_source_id"]).str.split().str[0]
    columns = [*(frame[name] for name in [*cell, "province_code", "score", "missing", "evidence", "n_ranked"])]
    columns = [column.tolist() for column in (*columns, used.fillna(0), plain.fillna(0), whole, first.fillna(""))]
    there = set(zip(frame["edition_year"], frame["province_code"], strict=True))
    found: dict[str, dict] = {}
    for part, year, code, score, missing, evidence, ranked, rank, by_score, complete, source in zip(
        *columns, strict=True
    ):
        place, cells = order[code], found.setdefault(part, {})
        if year not in cells:
            none = [None if (year, each) in there else WHY["not_existing"] for each in order]
            cells[year] = {"whole": complete, "n": None, "scores": none, "ranks": {}, "evidence": {}, "sources": {}}
        edition = cells[year]
        edition["scores"][place] = score if score == score else WHY.get(missing)
        if rank and rank != by_score:
            edition["ranks"][place] = int(rank)
        if not pd.isna(ranked):
            edition["n"] = max(edition["n"] or 0, int(ranked))
        if evidence:
            edition["evidence"][place] = evidence
            edition["sources"][place] = sources.setdefault(source, len(sources))
    for part, cells in found.items():
        # an edition of which nothing is held is none
        found[part] = {year: edition for year, edition in cells.items() if edition["evidence"]}
        for edition in found[part].values():
            edition["evidence"], edition["sources"] = _mostly(edition["evidence"]), _mostly(edition["sources"])
    return {part: cells for part, cells in found.items() if cells}


def _mostly(values: dict[int, object]) -> list:
    """The commonest of some values, and those places that have another."""
    by_year = list(values.values())
    usual = max(dict.fromkeys(by_year), key=by_year.count, default=None)
    return [usual, {place: value for place, value in values.items() if value != usual}]


def _source(source_id: str) -> list:
    source = catalogue().sources[source_id]
    return [source_id, source.title, source.publisher, source.published]


def _workload(sources: dict[str, int]) -> list[dict]:
    """Figures of Ninh Thuận's administration: what, of when, how much, in words of both languages."""
    frame = load_workload("58")
    found = []
    for row in frame.sort_values(["measure", "channel", "level", "period_end"]).itertuples():
        first = row.source_id.split()[0]
        found.append(
            {
                "measure": row.measure,
                "name": [wording.result_name(row.measure, row.channel, language) for language in LANGUAGES],
                "level": list(labels()[row.level]) if row.level != "all" else ["", ""],
                "period": [
                    wording.period_name(row.period_start.date(), row.period_end.date(), language)
                    for language in LANGUAGES
                ],
                "until": str(row.period_end.date()),
                "value": float(row.value),
                "decimals": 2 if row.unit in ("percent", "percentage_points") else 0,
                "unit": row.unit,
                "evidence": row.evidence,
                "source": sources.setdefault(first, len(sources)),
            }
        )
    return found
