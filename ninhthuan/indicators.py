"""The indices: `load_index` gives tidy frames, cut at a date ("as known on the day").

Where sources differ, the value used is that of the first kind in `reference.SOURCE_PRIORITY`; the other
stays in the data and is listed by `contradictions.discrepancies`. Missing is of several kinds, told apart
in the column `missing`: `not_published` (the publisher withheld the province), `blank` (the province was
published, this cell was not) and `not_collected` (published, but not among the figures in data/). What
did not exist in an edition has no row.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from . import measures, reading, showing
from .catalogue import catalogue, check_boundary
from .datasets import as_day, described_table, typed_rows
from .reference import SOURCE_PRIORITY, data_dir
from .words import two_languages

BASIS_PRIORITY = ("printed", "summed", "derived", "ordered")
SOURCES = ("all", "strict")


def indicator_rows(
    index_id: str, boundary: str = "pre_2025", as_of: date | str | None = None, sources: str = "all"
) -> pd.DataFrame:
    """Every row of an index, one per source, cut as in `load_index`, with `priority` (lower is used first)."""
    if sources not in SOURCES:
        raise ValueError(f"sources must be 'all' or 'strict', not {sources!r}")
    index_id = catalogue().find_index(index_id).index_id
    return _indicator_rows(index_id, boundary, as_day(as_of), sources, data_dir()).copy(deep=False)


@reading.remembered
def _indicator_rows(index_id: str, boundary: str, as_of: date | None, sources: str, folder: Path) -> pd.DataFrame:
    known = {edition.edition_year: edition for edition in catalogue().editions_of(index_id, boundary, as_of)}
    if sources == "strict" and as_of is not None:
        rows = _indicator_rows(index_id, boundary, as_of, "all", folder)
        return rows[_known_by(rows, known, as_of)]
    rows = typed_rows(f"indicators/{index_id}.csv", boundary=[boundary], edition_year=known)
    kinds = {source_id: SOURCE_PRIORITY.index(source.kind) for source_id, source in catalogue().sources.items()}
    bases = {basis: place for place, basis in enumerate(BASIS_PRIORITY)}
    # among equals the more precise figure
    rows["priority"] = (
        rows["source_id"].map(kinds) * 100
        + rows["basis"].map(bases) * 10
        - rows["score_printed"].map(measures.decimals_of)
    )
    return rows


def _known_by(rows: pd.DataFrame, editions: dict, as_of: date) -> pd.Series:
    """Which rows rest on a source that was out on a day."""
    known = cache(lambda source_id, year, basis: catalogue().known_from(source_id, editions[year], basis) <= as_of)
    keys = rows[["source_id", "edition_year", "basis"]].astype(object).itertuples(index=False, name=None)
    return pd.Series([known(*key) for key in keys], index=rows.index, dtype=bool)


GRADES = ("printed", "transcribed", "worked_back")


def evidence(source_id: str, basis: str) -> str:
    """How sure a figure is: printed by the publisher, transcribed from a copy or the press, or worked back.

    basis: as in the data; `derived` (from a change that a source states) and `recomputed` are worked back. A plain sum
    of what is printed is as sure as its parts.
    """
    if basis in ("derived", "recomputed"):
        return "worked_back"
    if (source := catalogue().sources.get(source_id)) is None:
        return ""
    return "printed" if source.kind in ("publisher_table", "publisher_report") else "transcribed"


def _evidence(frame: pd.DataFrame) -> list[str]:
    pairs = frame[["source_id", "basis"]].astype(object)
    grades = {pair: evidence(*pair) for pair in pairs.drop_duplicates().itertuples(index=False, name=None)}
    return list(map(grades.get, zip(pairs["source_id"], pairs["basis"], strict=True)))


KEY = ["edition_year", "province_code", "component_id"]
INDEX_COLUMNS = [
    *("index_id", "edition_year", "boundary", "province_code", "province", "province_en", "component_id", "component"),
    *("component_en", "level", "score", "unit"),
    *("rank_published", "n_ranked_published", "rank_published_basis", "rank_derived", "n_ranked"),
    *("percentile_position", "group_published", "group_derived", "missing", "published_on", "known_from"),
    *("basis", "evidence", "score_decimals", "source_id", "rank_source_id", "note"),
]


def load_index(
    index_id: str, *, as_of: date | str | None = None, boundary: str = "pre_2025", sources: str = "all"
) -> pd.DataFrame:
    """Scores, ranks and groups of an index: one row per edition_year, province_code and component_id.

    index_id: `papi`, `pci`, `par_index`, `sipas` or `dti`, or an abbreviation (`PAR INDEX`). as_of: day
    (`2024-04-30`); only editions known by then. boundary: `pre_2025` (63 provinces, 64 to 2008) or `post_2025`
    (34); the two are different populations and are never in one frame. sources: `all`; `strict` leaves out, as reports
    do, what stands in no source that was known by `as_of` (see `Catalogue.known_from`).

    | column | meaning | unit |
    |---|---|---|
    | province, component | names of the codes, in English under `province_en`, `component_en` | |
    | score | as published, from the source used | `unit` |
    | rank_published, n_ranked_published | as some source prints them | 1 is best |
    | basis, rank_published_basis | `printed`, `summed`, `derived` (from a stated change) or `ordered` | |
    | evidence | of the score, else of the rank: `printed` by the publisher, `transcribed`, `worked_back` | |
    | score_decimals | decimals that the source prints, or that a worked-back score has | count |
    | rank_derived | ours, where every score of the edition is available | 1 is best |
    | n_ranked | provinces ranked | count |
    | percentile_position | share of other provinces that stand lower | 0-100 |
    | group_published, group_derived | as printed; by PAPI's percentile rule | high ... low |
    | missing | `not_published`, `not_surveyed`, `blank`, `not_collected`, `known_later` (strict), or empty | |

    An empty frame means that no edition is available: `attrs["nothing"]` says so, in both languages.
    Raises UnknownName, a KeyError, for an unknown index. Sources: `source_id`, joined to `sources()`.
    """
    showing.in_notebooks()
    check_boundary(boundary)
    index_id = catalogue().find_index(index_id).index_id
    return _load_index(index_id, as_day(as_of), boundary, sources, data_dir()).copy(deep=False)


@reading.remembered
def _load_index(index_id: str, as_of: date | None, boundary: str, sources: str, folder: Path) -> pd.DataFrame:
    known = catalogue()
    frame = _grid(index_id, boundary, as_of).merge(
        _one_row_a_cell(indicator_rows(index_id, boundary, as_of, sources)), on=KEY, how="outer", suffixes=("", "_row")
    )
    # cells outside the grid (an unweighted total, a part) belong to their edition and component all the same
    out = {edition.edition_year: edition for edition in known.editions_of(index_id, boundary, as_of)}
    for column in ("provinces_scored", "published_on", "known_from"):
        frame[column] = frame["edition_year"].map({year: getattr(edition, column) for year, edition in out.items()})
    parts = {component.component_id: component for component in known.components_of(index_id)}
    for column in ("level", "unit"):
        frame[column] = frame["component_id"].map({name: getattr(part, column) for name, part in parts.items()})
    frame["boundary"], frame["index_id"] = boundary, index_id
    frame["source_id"] = frame["score_source_id"].fillna(frame["rank_source_id"]).fillna(frame["source_id"])
    frame["basis"] = frame["score_basis"].fillna(frame["basis"])
    _rank(frame)
    frame["missing"] = _kinds_of_missing(frame)
    if sources == "strict":
        rows = indicator_rows(index_id, boundary, as_of)
        filled = rows["score"].notna() | rows["rank_published"].notna() | rows["group_published"].ne("")
        later = pd.MultiIndex.from_frame(rows.loc[filled, KEY])
        frame["missing"] = frame["missing"].mask(
            frame["missing"].ne("") & pd.MultiIndex.from_frame(frame[KEY]).isin(later), "known_later"
        )
    frame["score_decimals"] = frame["score_decimals"].astype("Int64")
    frame["evidence"] = _evidence(frame)
    for column in ("source_id", "rank_source_id", "rank_published_basis", "note", "basis"):
        frame[column] = frame[column].fillna("")
    for column in ("published_on", "known_from"):
        frame[column] = pd.to_datetime(frame[column])
    frame = measures.named(frame)[INDEX_COLUMNS].sort_values(KEY, ignore_index=True)
    index = known.indices[index_id]
    frame.attrs = {
        "index_id": index_id,
        "unit": index.unit,
        "publisher": index.publisher,
        "as_of": str(as_of or ""),
        "boundary": boundary,
        # one text: pandas copies attributes deeply at every step
        "sources": measures.joined_sources(frame["source_id"].unique()),
        "nothing": two_languages("datasets.no_held", abbreviation=index.abbreviation, boundary=boundary)
        * (not len(frame)),
    }
    return frame


def _one_row_a_cell(rows: pd.DataFrame) -> pd.DataFrame:
    """Of the rows of all sources the values used, with where score and rank come from."""
    rows = rows.sort_values([*KEY, "priority", "source_id"], kind="stable")
    for column in ("group_published", "note"):
        rows[column] = rows[column].where(rows[column] != "", None)
    rows["rank_source_id"] = rows["source_id"].where(rows["rank_published"].notna(), None)
    rows["score_source_id"] = rows["source_id"].where(rows["score"].notna(), None)
    rows["score_basis"] = rows["basis"].where(rows["score"].notna(), None)
    rows["score_decimals"] = rows["score_printed"].map(measures.decimals_of).where(rows["score"].notna())
    rows["rank_published_basis"] = rows["basis"].where(rows["rank_published"].notna(), None)
    # a denominator belongs to the source that printed the rank
    rows["n_ranked_published"] = rows["n_ranked_published"].where(rows["rank_published"].notna())
    return rows.groupby(KEY, as_index=False).first()


def _rank(frame: pd.DataFrame) -> None:
    """Put ranks, position and groups of our own beside the scores, where every score of the edition is there."""
    by_cell = frame.groupby(measures.CELL)
    scored = by_cell["score"].transform("count")
    frame["all_held"] = scored >= frame["provinces_scored"]
    # a part of a list gives no rank, and neither does a pilot in a few provinces
    provinces_then = frame.groupby("edition_year")["province_code"].transform("nunique")
    frame["complete"] = frame["all_held"] & (2 * frame["provinces_scored"] >= provinces_then)
    derived = measures.ranks(frame)
    # of provinces with the same score, printed to few decimals, the publisher's rank tells which comes first
    last = by_cell["score"].rank(ascending=False, method="max")
    derived = derived.mask(frame["rank_published"].between(derived, last).fillna(False), frame["rank_published"])
    frame["rank_derived"] = derived.where(frame["complete"]).astype("Int64")
    frame["n_ranked"] = (
        scored.where(frame["complete"], frame["provinces_scored"].where(frame["rank_published"].notna()))
    ).astype("Int64")
    rank = measures.rank_used(frame).astype("Float64")
    frame["percentile_position"] = (
        measures.percentile_position(rank, frame["n_ranked"].astype("Float64")).astype("float64").clip(0, 100)
    )
    frame["group_derived"] = measures.quartile_groups(frame).where(
        frame["complete"], measures.position_groups(frame["percentile_position"])
    )


def _grid(index_id: str, boundary: str, as_of: date | None) -> pd.DataFrame:
    """Every cell that an edition had: its provinces by the components that existed."""
    known = catalogue()
    provinces = [province for province in known.provinces.values() if province.boundary == boundary]
    rows = [
        (
            edition.edition_year,
            province.province_code,
            component.component_id,
            province.province_code in edition.provinces_withheld,
        )
        for edition in known.editions_of(index_id, boundary, as_of)
        for component in known.components_of(index_id, edition.edition_year)
        if component.level in ("total", "dimension", "sub_dimension")
        for province in provinces
        if province.valid_to is None or edition.edition_year <= province.valid_to.year
    ]
    cells = pd.DataFrame(rows, columns=[*KEY, "withheld"])
    return cells.astype({"edition_year": "int64", "province_code": "str", "component_id": "str"})


def _kinds_of_missing(frame: pd.DataFrame) -> pd.Series:
    filled = frame["score"].notna() | frame["rank_published"].notna() | frame["group_published"].notna()
    # a province of which any score came out was published; its other cells are blank, its total withheld
    published = frame.groupby(["edition_year", "province_code"])["score"].transform("count") > 0
    withheld = frame["withheld"].fillna(False).astype(bool) & (~published | (frame["level"] == "total"))
    kinds = pd.Series("not_collected", index=frame.index)
    kinds = kinds.mask(frame["all_held"] & published, "blank").mask(frame["all_held"] & ~published, "not_published")
    # an edition that names none withheld did not look at the provinces that it lacks
    named = frame["withheld"].fillna(False).astype(bool).groupby(frame["edition_year"]).transform("any")
    kinds = kinds.mask((kinds == "not_published") & ~named, "not_surveyed")
    return kinds.mask(withheld, "not_published").mask(filled, "")


def coverage(*, as_of: date | str | None = None, boundary: str = "pre_2025") -> pd.DataFrame:
    """What data/ has of each edition: one row per index and edition year, in the order of both.

    | column | meaning |
    |---|---|
    | provinces, provinces_scored | provinces of that year; those that the edition scored or ranked |
    | scored, placed | provinces whose total score, and whose place, is known |
    | whole | whether every score of the list is known: only then is anything ranked, averaged or correlated |
    | parts, parts_whole | dimensions or sub-indices of the edition, and those known for every province |
    """
    rows = []
    for index_id in catalogue().indices:
        scores = load_index(index_id, as_of=as_of, boundary=boundary)
        for edition in catalogue().editions_of(index_id, boundary, as_day(as_of)):
            rows_then = scores[scores["edition_year"] == edition.edition_year]
            total, parts = (rows_then[rows_then["level"] == level] for level in ("total", "dimension"))
            whole = parts.groupby("component_id")["rank_derived"].any()
            rows.append(
                {
                    "index_id": index_id,
                    "edition_year": edition.edition_year,
                    "boundary": boundary,
                    "provinces": total["province_code"].nunique(),
                    "provinces_scored": edition.provinces_scored,
                    "scored": int(total["score"].notna().sum()),
                    "placed": int(measures.rank_used(total).notna().sum()),
                    "whole": bool(total["rank_derived"].notna().any()),
                    "parts": len(whole),
                    "parts_whole": int(whole.sum()),
                }
            )
    return pd.DataFrame(rows)


def uncertainty() -> pd.DataFrame:
    """PAPI 2019: standard errors, intervals and respondents, weighted and unweighted (and one count of 2022).

    The source calls its intervals 95 %, but each is exactly 1.645 standard errors either side: the width of a
    90 % interval.
    """
    return described_table("indicators/papi_uncertainty.csv")


def national_statements(
    index_id: str, as_of: date | str | None = None, boundary: str = "pre_2025", sources: str = "all"
) -> pd.DataFrame:
    """National means, extremes and counts that sources state, one row per source; sources as in `load_index`."""
    index_id = catalogue().find_index(index_id).index_id
    known = {edition.edition_year: edition for edition in catalogue().editions_of(index_id, boundary, as_day(as_of))}
    table = typed_rows("indicators/national.csv", index_id=[index_id], boundary=[boundary], edition_year=known)
    if sources == "strict" and as_of:
        table = table[_known_by(table, known, as_day(as_of))]
    table["evidence"] = _evidence(table)
    table = table.reset_index(drop=True)
    if table.empty:
        index = catalogue().indices[index_id]
        table.attrs["nothing"] = two_languages("datasets.no_held", abbreviation=index.abbreviation, boundary=boundary)
    return table
