"""Loading: `load_*` read the data folder and give tidy frames, cut at a date ("as known on the day").

Where sources differ, the value used is that of the first kind in `catalogue.SOURCE_PRIORITY`; the other
stays in the data and is listed by `contradictions.discrepancies`. Missing is of three kinds, told apart
in the column `missing`: `not_published` (the publisher withheld the province), `blank` (the province was
published, this cell was not) and `not_collected` (published, but not among the figures held here). What
did not exist in an edition has no row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd

from . import measures, reading, showing
from .catalogue import SOURCE_PRIORITY, accepts_names, catalogue, check_boundary, data_dir
from .periods import Quarter, period_kind
from .words import two_languages

BASIS_PRIORITY = ("printed", "summed", "derived", "ordered")
NUMBERS = {
    "score": "float64",
    "rank_published": "Int64",
    "n_ranked_published": "Int64",
    "edition_year": "int64",
    "value": "float64",
}


def as_day(day: date | str | None) -> date | None:
    """A day given as a date, as ISO text or not at all; raises ValueError for any other text."""
    try:
        return date.fromisoformat(day) if isinstance(day, str) and day else day or None
    except ValueError:
        raise ValueError(two_languages("datasets.no_day", day=day)) from None


def last_day_of(until: Quarter | date | str | None) -> date | None:
    """The last day that a quarter (`2024Q1`), a day or nothing stands for."""
    if isinstance(until, str):
        until = Quarter.parse(until) if "Q" in until else as_day(until)
    return until.last_day if isinstance(until, Quarter) else until


@cache
def _read(path: Path) -> pd.DataFrame:
    """A file of data/ as printed (text), with the row it stands in."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    table["row"] = range(2, len(table) + 2)
    return table


def printed_rows(relative: str, **where: Iterable) -> pd.DataFrame:
    """A file of data/ as printed: every cell is text, and `row` is its row in the file.

    where: column to the values wanted; only those rows are read, and noted as read (see `reading`).
    """
    table = _read(data_dir() / relative)
    if not relative.startswith("reference/"):
        reading.note(reading.selection(relative, **where))
    for column, values in where.items():
        table = table[table[column].isin({str(value) for value in values})]
    return table.copy()


def typed_rows(relative: str, **where: Iterable) -> pd.DataFrame:
    """`printed_rows` with numbers as numbers and `*_printed` text beside score and value."""
    table = printed_rows(relative, **where)
    for column in ("score", "value"):
        if column in table:
            table[f"{column}_printed"] = table[column]
    for column, kind in NUMBERS.items():
        if column in table:
            table[column] = pd.to_numeric(table[column], errors="coerce").astype(kind)
    return table


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
    rows = typed_rows(f"indicators/{index_id}.csv", boundary=[boundary], edition_year=known)
    if sources == "strict" and as_of is not None:
        rows = rows[_known_by(rows, known, as_of)]
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
    out = [known(*row) for row in zip(rows["source_id"], rows["edition_year"], rows["basis"], strict=True)]
    return pd.Series(out, index=rows.index, dtype=bool)


GRADES = ("printed", "transcribed", "worked_back")


def evidence(source_id: str, basis: str) -> str:
    """How sure a figure is: printed by the publisher, transcribed from a copy or the press, or worked back.

    basis: as in the data; `derived` (from a change that a source states) and `recomputed` are worked back. A plain sum
    of what is printed is as sure as its parts.
    """
    if basis in ("derived", "recomputed"):
        return "worked_back"
    source = catalogue().sources.get(source_id)
    return (
        "" if source is None else "printed" if source.kind in ("publisher_table", "publisher_report") else "transcribed"
    )


INDEX_COLUMNS = [
    "index_id",
    "edition_year",
    "boundary",
    "province_code",
    "province",
    "component_id",
    "level",
    "score",
    "unit",
    "rank_published",
    "n_ranked_published",
    "rank_published_basis",
    "rank_derived",
    "n_ranked",
    "percentile_position",
    "group_published",
    "group_derived",
    "missing",
    "published_on",
    "known_from",
    "basis",
    "evidence",
    "score_decimals",
    "source_id",
    "rank_source_id",
    "note",
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
    | score | as published, from the source used | `unit` |
    | rank_published, n_ranked_published | as some source prints them | 1 is best |
    | basis, rank_published_basis | `printed`, `summed`, `derived` (from a stated change) or `ordered` | |
    | evidence | of the score, else of the rank: `printed` by the publisher, `transcribed`, `worked_back` | |
    | score_decimals | decimals that the source prints, or that a worked-back score has | count |
    | rank_derived | ours, where every score of the edition is held | 1 is best |
    | n_ranked | provinces ranked | count |
    | percentile_position | share of other provinces that stand lower | 0-100 |
    | group_published, group_derived | as printed; by PAPI's percentile rule | high ... low |
    | missing | `not_published`, `not_surveyed`, `blank`, `not_collected`, `known_later` (strict), or empty | |

    An empty frame means that no edition is held: `attrs["nothing"]` says so, in both languages.
    Raises UnknownName, a KeyError, for an unknown index. Sources: `source_id`, joined to `sources()`.
    """
    showing.in_notebooks()
    check_boundary(boundary)
    index_id = catalogue().find_index(index_id).index_id
    return _load_index(index_id, as_day(as_of), boundary, sources, data_dir()).copy(deep=False)


@reading.remembered
def _load_index(index_id: str, as_of: date | None, boundary: str, sources: str, folder: Path) -> pd.DataFrame:
    known = catalogue()
    rows = indicator_rows(index_id, boundary, as_of, sources)
    cell = ["edition_year", "province_code", "component_id"]
    rows = rows.sort_values([*cell, "priority", "source_id"], kind="stable")
    for column in ("group_published", "note"):
        rows[column] = rows[column].where(rows[column] != "", None)
    rows["rank_source_id"] = rows["source_id"].where(rows["rank_published"].notna(), None)
    rows["score_source_id"] = rows["source_id"].where(rows["score"].notna(), None)
    rows["score_basis"] = rows["basis"].where(rows["score"].notna(), None)
    rows["score_decimals"] = rows["score_printed"].map(measures.decimals_of).where(rows["score"].notna())
    rows["rank_published_basis"] = rows["basis"].where(rows["rank_published"].notna(), None)
    # a denominator belongs to the source that printed the rank
    rows["n_ranked_published"] = rows["n_ranked_published"].where(rows["rank_published"].notna())
    cells = rows.groupby(cell, as_index=False).first()
    frame = _grid(index_id, boundary, as_of).merge(cells, on=cell, how="outer", suffixes=("", "_row"))
    # cells outside the grid (an unweighted total, a part) belong to their edition and component all the same
    out = {edition.edition_year: edition for edition in known.editions_of(index_id, boundary, as_of)}
    for column in ("provinces_scored", "published_on", "known_from"):
        frame[column] = frame["edition_year"].map({year: getattr(edition, column) for year, edition in out.items()})
    parts = {component.component_id: component for component in known.components_of(index_id)}
    for column in ("level", "unit"):
        frame[column] = frame["component_id"].map({name: getattr(part, column) for name, part in parts.items()})
    frame["boundary"] = boundary
    frame["source_id"] = frame["score_source_id"].fillna(frame["rank_source_id"]).fillna(frame["source_id"])
    frame["basis"] = frame["score_basis"].fillna(frame["basis"])

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
    frame["missing"] = _kinds_of_missing(frame)
    if sources == "strict":
        everything = _load_index(index_id, as_of, boundary, "all", folder)
        later = pd.MultiIndex.from_frame(everything.loc[everything["missing"] == "", cell])
        frame["missing"] = frame["missing"].mask(
            frame["missing"].ne("") & pd.MultiIndex.from_frame(frame[cell]).isin(later), "known_later"
        )
    frame["score_decimals"] = frame["score_decimals"].astype("Int64")
    grades = {pair: evidence(*pair) for pair in set(zip(frame["source_id"], frame["basis"], strict=True))}
    frame["evidence"] = [grades[pair] for pair in zip(frame["source_id"], frame["basis"], strict=True)]
    frame["index_id"] = index_id
    frame["province"] = [known.provinces[(boundary, code)].name for code in frame["province_code"]]
    for column in ("source_id", "rank_source_id", "rank_published_basis", "note", "basis"):
        frame[column] = frame[column].fillna("")
    frame = frame[INDEX_COLUMNS].sort_values(cell, ignore_index=True)
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
    return pd.DataFrame(rows, columns=["edition_year", "province_code", "component_id", "withheld"])


def _kinds_of_missing(frame: pd.DataFrame) -> pd.Series:
    held = frame["score"].notna() | frame["rank_published"].notna() | frame["group_published"].notna()
    # a province of which any score came out was published; its other cells are blank, its total withheld
    scored = frame.loc[frame["score"].notna(), ["edition_year", "province_code"]]
    any_score = set(scored.itertuples(index=False, name=None))
    published = pd.Series(
        [key in any_score for key in zip(frame["edition_year"], frame["province_code"], strict=True)], index=frame.index
    )
    withheld = frame["withheld"].fillna(False).astype(bool) & (~published | (frame["level"] == "total"))
    kinds = pd.Series("not_collected", index=frame.index)
    kinds = kinds.mask(frame["all_held"] & published, "blank").mask(frame["all_held"] & ~published, "not_published")
    # an edition that names none withheld did not look at the provinces that it lacks
    named = frame["withheld"].fillna(False).astype(bool).groupby(frame["edition_year"]).transform("any")
    kinds = kinds.mask((kinds == "not_published") & ~named, "not_surveyed")
    return kinds.mask(withheld, "not_published").mask(held, "")


@accepts_names
def load_workload(
    province_code: str = "58",
    *,
    until: Quarter | date | str | None = None,
    as_of: date | str | None = None,
    boundary: str = "pre_2025",
) -> pd.DataFrame:
    """Administrative workload of a province: one row per period, level, agency, measure, channel and source.

    province_code: a code, or a name as `find_province` takes it. until: a quarter (`2024Q1`) or a day; figures whose
    period ends later are left out, and plans and targets whose period begins later. as_of: a day; sources that say they
    are of a later one are left out, as in reports. `value` is the figure to use and `value_printed` the printed text.
    Where a printed share contradicts its own counts, `value` is recomputed from them and `basis` says `recomputed`;
    everywhere else it says `printed`. `evidence` is as in `load_index`. `unit` is the true unit, `unit_printed` the
    printed one. Other provinces' figures are comparators, from their own file.
    An empty frame means that nothing is held: `attrs["nothing"]` says so.
    """
    showing.in_notebooks()
    last = last_day_of(until)
    own = province_code == "58" and boundary == "pre_2025"
    rows = typed_rows(
        f"workload/{'ninh_thuan' if own else 'comparators'}.csv", boundary=[boundary], province_code=[province_code]
    )
    for column in ("period_start", "period_end"):
        rows[column] = pd.to_datetime(rows[column])
    rows["is_cumulative"] = rows["is_cumulative"] == "true"
    vocabulary = measure_table().set_index("measure")
    if last:
        rows = workload_known(rows, last)
    rows = workload_out_by(rows, as_day(as_of))
    rows["unit_printed"] = rows["unit"]
    rows["unit"] = rows["measure"].map(vocabulary["unit"])
    rows["period_kind"] = [
        period_kind(start.date(), end.date())
        for start, end in zip(rows["period_start"], rows["period_end"], strict=True)
    ]
    rows["basis"] = "printed"
    for row, _, expected in shares_against_counts(rows):
        rows.loc[row, ["value", "basis"]] = [expected, "recomputed"]
    rows["evidence"] = [evidence(*pair) for pair in zip(rows["source_id"], rows["basis"], strict=True)]
    rows = rows.drop(columns="row").sort_values(["measure", "period_end", "level", "channel"], ignore_index=True)
    rows.attrs = {
        "sources": " ".join(sorted(rows["source_id"].unique())),
        "until": str(last or ""),
        "nothing": "" if len(rows) else f"no workload figures are held for {province_code} ({boundary})",
    }
    return rows


def workload_known(rows: pd.DataFrame, last: date) -> pd.DataFrame:
    """Rows of the workload known on a day: a plan for a year when the year begins, a result when its period is over."""
    ahead = rows["measure"].map(measure_table().set_index("measure")["kind"]).isin(["plan", "target"])
    return rows[pd.to_datetime(rows["period_end"].where(~ahead, rows["period_start"])) <= pd.Timestamp(last)]


def workload_out_by(rows: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Rows of the workload whose source had come out by a day; one that names no day is not held against it."""
    later = [s.source_id for s in catalogue().sources.values() if day and s.dated and s.latest_day > day]
    return rows[~rows["source_id"].isin(later)]


def shares_against_counts(workload: pd.DataFrame):
    """Yield (row label, printed share, share from the counts) where a printed share contradicts its counts.

    A share agrees when the share from the counts, rounded to the printed decimals, is the printed one, or
    when it was cut instead of rounded.
    """
    vocabulary = measure_table().set_index("measure")
    period = ["period_start", "period_end", "province_code", "boundary", "level", "agency", "source_id"]
    counts = {
        tuple(getattr(row, c) for c in [*period, "measure", "channel"]): row.value for row in workload.itertuples()
    }
    for row in workload.itertuples():
        entry = vocabulary.loc[row.measure]
        if entry["kind"] != "share" or not entry["numerator"]:
            continue
        place = tuple(getattr(row, c) for c in period)
        part = counts.get((*place, entry["numerator"], row.channel))
        wholes = [
            counts[(*place, name, channel)]
            for name in entry["denominator"].split()
            for channel in ("all", "")
            if (*place, name, channel) in counts
        ]
        if part is None or not wholes:
            continue
        expected = measures.share_from_counts(part, wholes[0])
        step = 10.0 ** -measures.decimals_of(row.value_printed)
        if not -1e-9 <= expected - row.value + step / 2 <= step * 1.5 + 1e-9:
            yield row.Index, row.value, expected


def measure_table() -> pd.DataFrame:
    """The measures of the workload: names, true unit, kind, and how they hang together."""
    return printed_rows("reference/measures.csv").drop(columns="row")


def provinces(boundary: str | None = None) -> pd.DataFrame:
    """Provinces with names, region, validity and successor: one row per boundary and code."""
    table = printed_rows("reference/provinces.csv").drop(columns="row")
    return table if boundary is None else table[table["boundary"] == boundary].reset_index(drop=True)


def sources() -> pd.DataFrame:
    """Every source that a figure cites: title, publisher, kind, address, rights."""
    return printed_rows("reference/sources.csv").drop(columns="row")


def policies(as_of: date | str | None = None) -> pd.DataFrame:
    """Directives and resolutions, each with its province (blank: the country); with `as_of`, those issued by then."""
    table = printed_rows("reference/policies.csv").drop(columns="row")
    table["issued_on"] = pd.to_datetime(table["issued_on"])
    day = as_day(as_of)
    return table if day is None else table[table["issued_on"] <= pd.Timestamp(day)].reset_index(drop=True)


def reform_tasks() -> pd.DataFrame:
    """Groups of tasks that a province's document sets, each with the indicators that watch it."""
    return printed_rows("reference/reform_tasks.csv").drop(columns="row")


def editions(as_of: date | str | None = None) -> pd.DataFrame:
    """Editions of the five indices: day of publication, provinces scored and withheld, known_from."""
    day = as_day(as_of)
    rows = [
        {
            "index_id": edition.index_id,
            "edition_year": edition.edition_year,
            "boundary": edition.boundary,
            "published_on": edition.published_on,
            "published_precision": edition.published_precision,
            "known_from": edition.known_from,
            "provinces_scored": edition.provinces_scored,
            "provinces_withheld": " ".join(edition.provinces_withheld),
            "note": edition.note,
        }
        for edition in catalogue().editions.values()
        if day is None or edition.known_from <= day
    ]
    return pd.DataFrame(rows)


def coverage(*, as_of: date | str | None = None, boundary: str = "pre_2025") -> pd.DataFrame:
    """What is held of each edition: one row per index and edition year, in the order of both.

    | column | meaning |
    |---|---|
    | provinces, provinces_scored | provinces of that year; those that the edition scored or ranked |
    | scored, placed | provinces whose total score, and whose place, is held |
    | whole | whether every score of the list is held: only then is anything ranked, averaged or correlated |
    | parts, parts_whole | dimensions or sub-indices of the edition, and those held of the whole list |
    """
    rows = []
    for index_id in catalogue().indices:
        scores = load_index(index_id, as_of=as_of, boundary=boundary)
        for edition in catalogue().editions_of(index_id, boundary, as_day(as_of)):
            held = scores[scores["edition_year"] == edition.edition_year]
            total, parts = held[held["level"] == "total"], held[held["level"] == "dimension"]
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
    table = printed_rows("indicators/papi_uncertainty.csv").drop(columns="row")
    for column in ("edition_year", "score", "standard_error", "ci95_low", "ci95_high", "variance", "n_respondents"):
        table[column] = pd.to_numeric(table[column])
    return table


def national_statements(
    index_id: str, as_of: date | str | None = None, boundary: str = "pre_2025", sources: str = "all"
) -> pd.DataFrame:
    """National means, extremes and counts that sources state, one row per source; sources as in `load_index`."""
    index_id = catalogue().find_index(index_id).index_id
    known = {edition.edition_year: edition for edition in catalogue().editions_of(index_id, boundary, as_day(as_of))}
    table = typed_rows("indicators/national.csv", index_id=[index_id], boundary=[boundary], edition_year=known)
    if sources == "strict" and as_of:
        table = table[_known_by(table, known, as_day(as_of))]
    table["evidence"] = [evidence(*pair) for pair in zip(table["source_id"], table["basis"], strict=True)]
    return table.reset_index(drop=True)


def newest_quarter() -> Quarter:
    """The newest quarter for which a quarter's own figures of Ninh Thuận are held."""
    rows = load_workload("58")
    return max(Quarter.containing(end.date()) for end in rows.loc[rows["period_kind"] == "quarter", "period_end"])
