"""Contradictions between printed figures, found by general rules and never corrected in silence.

Each rule is a small function that looks at every figure of its kind and yields (rule, row, printed, found, the
other source, detail): of the indices in `index_rules`, of the workload in `workload_rules`. Stated national statistics
and statements in words are looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd

from . import index_rules, measures, reading, workload_rules
from .catalogue import accepts_names, catalogue, data_dir
from .datasets import (
    as_day,
    indicator_rows,
    last_day_of,
    load_index,
    measure_table,
    national_statements,
    typed_rows,
    workload_out_by,
)
from .periods import Quarter


@dataclass(frozen=True)
class Discrepancy:
    """One contradiction: what is printed, what follows from other printed figures, and where."""

    rule: str
    subject: str
    boundary: str
    province_code: str
    edition_year: int | None
    period_start: str
    period_end: str
    printed: str
    found: str
    source_id: str
    other_source_id: str
    file: str
    row: int
    detail: str = ""


@accepts_names
def discrepancies(
    province_code: str | None = None,
    *,
    as_of: date | str | None = None,
    until: Quarter | date | str | None = None,
    boundary: str = "pre_2025",
    subjects: Iterable[str] | None = None,
    sources: str = "all",
) -> pd.DataFrame:
    """Every contradiction in the data: one row each.

    | column | meaning |
    |---|---|
    | rule | which rule found it: a key of `wording.LABELS`, such as `parts_total` or `sources` |
    | subject | component of an index, or measure of the workload (with its level and channel) |
    | printed, found | the printed figure, and what the other printed figures give (decimal point) |
    | source_id, other_source_id | who prints it, and against whom |
    | file, row | where it stands in data/ |

    province_code: only that province (national statements are always kept out of it); None is everything.
    as_of cuts the index editions, until the workload. subjects: index ids and `workload`, to look into only
    those. sources: `strict` looks, as reports do, only at what stands in sources that were out by as_of. An empty
    frame has all columns.
    """
    wanted = frozenset({*catalogue().indices, "workload"} if subjects is None else subjects)
    scope = (as_day(as_of), last_day_of(until), boundary, sources)
    return _discrepancies(province_code, *scope, wanted, data_dir()).copy()


@reading.remembered
def _discrepancies(
    province_code: str | None,
    day: date | None,
    until: date | None,
    boundary: str,
    sources: str,
    wanted: frozenset[str],
    folder: Path,
) -> pd.DataFrame:
    found: list[Discrepancy] = []
    cut = {"as_of": day, "boundary": boundary, "sources": sources}
    for index_id in (name for name in catalogue().indices if name in wanted):
        found += _index_contradictions(index_id, province_code, cut)
        if province_code is None:
            found += _national_contradictions(index_id, cut)
    found += _statements(wanted, province_code, cut)
    if "workload" in wanted:
        found += _workload_contradictions(until, province_code, cut)
    frame = pd.DataFrame([asdict(item) for item in found], columns=[field.name for field in fields(Discrepancy)])
    frame["edition_year"] = frame["edition_year"].astype("Int64")
    frame = frame[frame["boundary"] == boundary]
    if province_code is not None:
        frame = frame[frame["province_code"] == province_code]
    return frame.sort_values(["rule", "subject", "edition_year", "province_code", "source_id"], ignore_index=True)


def _rounded(value: float, decimals: int) -> str:
    return str(measures.rounded(value, decimals))


# ----------------------------------------------------------------------------------------------------------- indices


def _index_contradictions(index_id: str, province_code: str | None, cut: dict) -> Iterator[Discrepancy]:
    rows = indicator_rows(index_id, **cut)
    if province_code is not None:
        rows = rows[rows["province_code"] == province_code]
    if rows.empty:
        return
    rows = rows.sort_values([*index_rules.KEY, "priority", "source_id"])
    cells = load_index(index_id, **cut)
    held = cells[["score", "rank_published", "group_published"]].notna().any(axis=1)
    of_rows = cells[held & cells["province_code"].isin(rows["province_code"])]
    cell_of = {index_rules.key_of(cell): cell for cell in of_rows.itertuples()}
    book = index_rules.Book(index_id, rows, cells, cell_of)
    for rule in index_rules.RULES:
        for name, row, printed, found, other, detail in rule(book):
            yield Discrepancy(
                name,
                row.component_id,
                cut["boundary"],
                row.province_code,
                row.edition_year,
                "",
                "",
                printed,
                found,
                row.source_id,
                other,
                f"indicators/{index_id}.csv",
                row.row,
                detail,
            )


def _national_contradictions(index_id: str, cut: dict) -> Iterator[Discrepancy]:
    """Stated national means, extremes and counts against the provinces' scores."""
    stated = national_statements(index_id, **cut)
    if stated.empty:
        return
    cells = load_index(index_id, **cut)
    for row in stated.itertuples():
        column = cells[
            (cells["edition_year"] == row.edition_year)
            & (cells["component_id"] == row.component_id)
            & cells["score"].notna()
        ]
        if column.empty:
            continue
        complete = column["rank_derived"].notna().any()
        scores, text = column["score"], row.value_printed
        detail = ""
        if row.statistic == "n_ranked" and complete:
            right = int(float(text)) == len(column)
            found = str(len(column))
        elif row.statistic == "mean" and complete:
            found = _rounded(scores.mean(), 4)
            right = measures.agree(text, found)
            if not right and measures.agree(text, _rounded(scores.median(), 6)):
                detail = f"median {_rounded(scores.median(), 4)}"
        elif row.statistic == "median" and complete:
            found = _rounded(scores.median(), 6)
            right = measures.agree(text, found)
        elif row.statistic in ("max", "min"):
            extreme = scores.max() if row.statistic == "max" else scores.min()
            found = _rounded(extreme, 4)
            beyond = extreme > float(text) if row.statistic == "max" else extreme < float(text)
            # with partial scores a stated extreme can only be proved wrong from one side
            right = measures.agree(text, found) or not (complete or beyond)
        else:
            continue
        if not right:
            yield Discrepancy(
                "national",
                f"{row.component_id} {row.statistic}",
                cut["boundary"],
                "",
                row.edition_year,
                "",
                "",
                text,
                found,
                row.source_id,
                column["source_id"].iloc[0],
                "indicators/national.csv",
                row.row,
                detail,
            )


def _statements(wanted: frozenset[str], province_code: str | None, cut: dict) -> Iterator[Discrepancy]:
    """What sources say in words against the numbers."""
    if cut["boundary"] != "pre_2025":
        return
    where = {} if province_code is None else {"province_code": [province_code]}
    for row in typed_rows("indicators/claims.csv", index_id=wanted, **where).itertuples():
        out = catalogue().editions_of(row.index_id, cut["boundary"], cut["as_of"])
        known = {edition.edition_year: edition for edition in out}
        if row.edition_year not in known:
            continue
        said_on = catalogue().known_from(row.source_id, known[row.edition_year])
        if cut["sources"] == "strict" and cut["as_of"] and said_on > cut["as_of"]:
            continue
        cells = load_index(row.index_id, **cut)
        own = measures.province_history(cells[cells["component_id"] == row.component_id], row.province_code)
        own = own.set_index("edition_year")
        now, size = own.loc[row.edition_year], float(row.size) if row.size else None
        crossed = []
        if row.quantity in ("rank", "score", "rank_or_score"):
            crossed = catalogue().breaks_between(row.component_id, int(row.base_year), row.edition_year, "break")
            said = list(_said_of_change(row, own.loc[int(row.base_year)], now, size, bool(crossed)))
        elif row.quantity == "national_mean":
            said = list(_said_of_mean(row, cells, now, size, cut))
        else:
            group = row.quantity.removeprefix("dimensions_in_")
            alike = (cells["edition_year"] == row.edition_year) & (cells["province_code"] == row.province_code)
            dimensions = cells[alike & (cells["level"] == "dimension")]
            count = int((dimensions["group_derived"] == group).sum())
            said = [("statement", f"{count} in {group}")] if count != size else []
        for rule in dict.fromkeys(rule for rule, _ in said):
            yield Discrepancy(
                rule,
                row.component_id,
                cut["boundary"],
                row.province_code,
                row.edition_year,
                "",
                "",
                row.quote or f"{row.quantity} {row.direction} {row.size}".strip(),
                "; ".join(text for name, text in said if name == rule),
                row.source_id,
                now["source_id"],
                "indicators/claims.csv",
                row.row,
                " ".join(f"break {b.edition_year}" for b in crossed),
            )


# A change called slight, or sharp, is one of at most, or at least, this share of the earlier score.
STRENGTH = {"slight": (0, 0.05), "sharp": (0.01, 1)}


def _said_of_change(
    row, before: pd.Series, now: pd.Series, size: float | None, crossed: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong with a stated change: direction or size, the word for its size, the lists it is counted over.

    Across a break of method a stated number is held to the printed ones, and a word to the ranks alone.
    """
    if row.quantity != "score" and pd.notna(now["rank"]) and pd.notna(before["rank"]):
        places = int(before["rank"]), int(now["rank"])
        if _differs(places[0] - places[1], row.direction, size, 0.5):
            yield "statement", f"rank {places[0]} -> {places[1]}"
        lists = int(before["n_ranked"]), int(now["n_ranked"])
        if size is not None and lists[0] != lists[1]:
            yield "lists", " -> ".join(f"{place}/{count}" for place, count in zip(places, lists, strict=True))
    if row.quantity != "rank" and pd.notna(now["score"]) and pd.notna(before["score"]):
        change = now["score"] - before["score"]
        text = f"score {before['score']:g} -> {now['score']:g} ({_rounded(change, 2)})"
        if not (crossed and size is None) and _differs(change, row.direction, size, 0.005):
            yield "statement", text
        least, most = STRENGTH.get(row.strength, (0, 1))
        if not crossed and not least <= abs(change / before["score"]) <= most:
            yield "strength", text


def _said_of_mean(row, cells: pd.DataFrame, now: pd.Series, size: float | None, cut) -> Iterator[tuple[str, str]]:
    mean, source = _mean(row.index_id, row.component_id, row.edition_year, cells, cut)
    if mean is not None and pd.notna(now["score"]):
        over = now["score"] - mean
        decimals = measures.decimals_of(row.size) if row.size else 2
        if _differs(over, {"above": "better", "below": "worse"}[row.direction], size, 0.6 * 10**-decimals):
            yield "statement", f"{_rounded(over, decimals)} from the mean {_rounded(mean, 4)} ({source})"


def _differs(change: float, direction: str, size: float | None, tolerance: float) -> bool:
    if size is not None:
        stated = -abs(size) if direction == "worse" else abs(size)
        return abs(change - stated) > tolerance
    return change <= 0 if direction == "better" else change >= 0


def _mean(index_id, component_id, edition_year, cells, cut) -> tuple[float | None, str]:
    column = cells[(cells["edition_year"] == edition_year) & (cells["component_id"] == component_id)]
    if column["rank_derived"].notna().any():
        return column["score"].mean(), "computed"
    stated = national_statements(index_id, **cut)
    stated = stated[
        (stated["edition_year"] == edition_year)
        & (stated["component_id"] == component_id)
        & (stated["statistic"] == "mean")
    ]
    return (stated["value"].iloc[0], stated["source_id"].iloc[0]) if len(stated) else (None, "")


# ---------------------------------------------------------------------------------------------------------- workload


def _workload_contradictions(last: date | None, province_code: str | None, cut: dict) -> Iterator[Discrepancy]:
    vocabulary = measure_table().set_index("measure")
    for name in ("ninh_thuan", "comparators"):
        file = f"workload/{name}.csv"
        where = {} if province_code is None else {"province_code": [province_code]}
        rows = typed_rows(file, boundary=[cut["boundary"]], **where)
        if last:
            rows = rows[rows["period_end"] <= str(last)]
        if cut["sources"] == "strict":
            rows = workload_out_by(rows, cut["as_of"])
        items = [item for look in workload_rules.RULES for item in look(rows, vocabulary)]
        for rule, row, printed, found, other, detail in items:
            yield Discrepancy(
                rule,
                " ".join(part for part in (row["measure"], row["level"], row["channel"]) if part),
                row["boundary"],
                row["province_code"],
                None,
                row["period_start"],
                row["period_end"],
                printed,
                found,
                row["source_id"],
                other,
                file,
                int(row["row"]),
                detail,
            )
