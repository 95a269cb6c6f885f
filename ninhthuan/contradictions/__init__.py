"""Contradictions between printed figures, found by general rules and never corrected in silence.

Each rule is a small function that looks at every figure of its kind and yields (rule, row, printed, found, the
other source, detail): of the indices in `index_rules`, of the workload in `workload_rules`. Stated national statistics
and statements in words are looked at here. All of them are values; `tables` puts them into words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd

from .. import measures, reading
from ..asking import accepts_names
from ..catalogue import catalogue
from ..contradictions import index_rules, workload_rules
from ..datasets import as_day, last_day_of, typed_rows
from ..indicators import indicator_rows, load_index, national_statements
from ..numbers import rounded
from ..periods import Quarter
from ..reference import data_dir
from ..words import Message, message, written
from ..workload import by_measure, workload_out_by

# what a contradiction is about, as its row of data says
ABOUT = ("province_code", "edition_year", "statistic", "level", "channel", "period_start", "period_end")
SIDES = ("printed", "found", "detail")
COLUMNS = ["rule", "subject", "boundary", *ABOUT, *SIDES, "source_id", "other_source_id", "file", "row", "said"]


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
    | rule | which rule found it: a key of `words/labels.csv`, such as `parts_total` or `sources` |
    | subject | component of an index, or measure of the workload |
    | statistic, level, channel | which of the country's statistics of it; whose figure of the workload |
    | printed, found | the printed figure, and what the other printed figures give (in English, decimal point) |
    | detail | what there is to say of it, such as the figures that were added up |
    | source_id, other_source_id | who prints it, and against whom |
    | file, row | where it stands in data/ |
    | said | the values that printed, found and detail are made of |

    province_code: only that province (national statements are always kept out of it); None is everything.
    as_of cuts the index editions, until the workload. subjects: index ids and `workload`, to look into only
    those. sources: `strict` looks, as reports do, only at what stands in sources that were out by as_of. An empty
    frame has all columns.
    """
    there = {*catalogue().indices, "workload"}
    wanted = frozenset(there if subjects is None else [subjects] if isinstance(subjects, str) else subjects)
    if wanted - there:
        raise ValueError(f"subjects must be among {', '.join(sorted(there))}, not {', '.join(sorted(wanted - there))}")
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
    found: list[dict] = []
    cut = {"as_of": day, "boundary": boundary, "sources": sources}
    how = tuple(cut.items()), folder
    for index_id in (name for name in catalogue().indices if name in wanted):
        # a province's are among those of all, which a run of many reports has looked for
        of = province_code if not _kept.knows(_index_contradictions, index_id, None, *how) else None
        found += _kept(_index_contradictions, index_id, of, *how)
        if province_code is None:
            found += _national_contradictions(index_id, cut)
    found += _statements(wanted, province_code, cut)
    if "workload" in wanted:
        found += _kept(_workload_contradictions, until, province_code, *how)
    frame = pd.DataFrame(found, columns=COLUMNS).assign(boundary=boundary)
    for side in SIDES:
        frame[side] = [written(values[side]) for values in frame["said"]]
    texts = [name for name in COLUMNS if name not in ("edition_year", "row", "said")]
    frame[texts] = frame[texts].astype("object").fillna("").astype("str")
    frame = frame.astype({"edition_year": "Int64", "row": "int64"})
    if province_code is not None:
        frame = frame[frame["province_code"] == province_code]
    order = ["rule", "subject", "statistic", "level", "channel", "edition_year", "province_code", "source_id"]
    return frame.sort_values(order, ignore_index=True)


def _entry(rule: str, subject: str, file: str, where, printed, found, other: str, detail="") -> dict:
    """One contradiction; where: its row of data, as a mapping."""
    about = {name: where[name] for name in (*ABOUT, "source_id", "row") if name in where}
    values = {"printed": printed, "found": found, "detail": detail}
    return {"rule": rule, "subject": subject, "file": file, "other_source_id": other, "said": values, **about}


# ----------------------------------------------------------------------------------------------------------- indices


@reading.remembered
def _kept(find: Callable, of: object, province_code: str | None, cut: tuple, folder: Path) -> list[dict]:
    return [*find(of, province_code, dict(cut))]


def _index_contradictions(index_id: str, province_code: str | None, cut: dict) -> Iterator[dict]:
    rows = indicator_rows(index_id, **cut)
    if province_code is not None:
        rows = rows[rows["province_code"] == province_code]
    if rows.empty:
        return
    rows = rows.sort_values([*index_rules.KEY, "priority", "source_id"])
    cells = load_index(index_id, **cut)
    filled = cells[["score", "rank_published", "group_published"]].notna().any(axis=1)
    of_rows = cells[filled & cells["province_code"].isin(rows["province_code"])]
    cell_of = {index_rules.key_of(cell): cell for cell in of_rows.itertuples()}
    book = index_rules.Book(index_id, rows, cells, cell_of)
    found = [entry for rule in index_rules.RULES for entry in rule(book)]
    # where two sources differ in a total, the parts of one are no further fault of the other's total
    totals = {(index_rules.key_of(row), frozenset(values[:2])) for name, row, *values in found if name == "sources"}
    for name, row, *values in found:
        if name != "parts_total" or (index_rules.key_of(row), frozenset(values[:2])) not in totals:
            yield _entry(name, row.component_id, f"indicators/{index_id}.csv", row._asdict(), *values)


def _national_contradictions(index_id: str, cut: dict) -> Iterator[dict]:
    """Stated national means, extremes and counts against the provinces' scores."""
    cells = load_index(index_id, **cut)
    for row in national_statements(index_id, **cut).itertuples():
        column = cells[
            (cells["edition_year"] == row.edition_year)
            & (cells["component_id"] == row.component_id)
            & cells["score"].notna()
        ]
        if column.empty:
            continue
        complete = column["rank_derived"].notna().any()
        scores, printed, detail = column["score"], Decimal(row.value_printed), ""
        if row.statistic == "n_ranked" and complete:
            found = Decimal(len(column))
            right = printed == found
        elif row.statistic == "mean" and complete:
            found = rounded(scores.mean(), 4)
            right = _agree(printed, found)
            if not right and _agree(printed, rounded(scores.median(), 6)):
                detail = message("contradictions.median", median=rounded(scores.median(), 4))
        elif row.statistic == "median" and complete:
            found = rounded(scores.median(), 6)
            right = _agree(printed, found)
        elif row.statistic in ("max", "min"):
            extreme = scores.max() if row.statistic == "max" else scores.min()
            found = rounded(extreme, 4)
            beyond = extreme > printed if row.statistic == "max" else extreme < printed
            # with partial scores a stated extreme can only be proved wrong from one side
            right = _agree(printed, found) or not (complete or beyond)
        else:
            continue
        if not right:
            where, other = row._asdict(), column["source_id"].iloc[0]
            yield _entry("national", row.component_id, "indicators/national.csv", where, printed, found, other, detail)


def _agree(printed: Decimal, found: Decimal) -> bool:
    return measures.agree(str(printed), str(found))


def _statements(wanted: frozenset[str], province_code: str | None, cut: dict) -> Iterator[dict]:
    """What sources say in words against the numbers."""
    if cut["boundary"] != "pre_2025":
        return
    where = {} if province_code is None else {"province_code": [province_code]}
    for row in typed_rows("indicators/claims.csv", index_id=wanted, **where).itertuples():
        out = catalogue().editions_of(row.index_id, cut["boundary"], cut["as_of"])
        known = {edition.edition_year: edition for edition in out}
        if row.edition_year not in known:
            continue
        stated_on = catalogue().known_from(row.source_id, known[row.edition_year])
        if cut["sources"] == "strict" and cut["as_of"] and stated_on > cut["as_of"]:
            continue
        cells = load_index(row.index_id, **cut)
        own = measures.province_history(cells[cells["component_id"] == row.component_id], row.province_code)
        own = own.set_index("edition_year")
        now, size = own.loc[row.edition_year], float(row.size) if row.size else None
        crossed = []
        if row.quantity in ("rank", "score", "rank_or_score"):
            crossed = catalogue().breaks_between(row.component_id, int(row.base_year), row.edition_year, "break")
            against = list(_against_change(row, own.loc[int(row.base_year)], now, size, bool(crossed)))
        elif row.quantity == "national_mean":
            against = list(_against_mean(row, cells, now, size, cut))
        else:
            group = row.quantity.removeprefix("dimensions_in_")
            alike = (cells["edition_year"] == row.edition_year) & (cells["province_code"] == row.province_code)
            dimensions = cells[alike & (cells["level"] == "dimension")]
            count = int((dimensions["group_derived"] == group).sum())
            counted = message("contradictions.in_group", count=count, group=group)
            against = [("statement", counted)] if count != size else []
        printed = row.quote or message(
            f"contradictions.stated_{row.direction}", size=abs(Decimal(row.size)) if row.size else "…"
        )
        detail = message("contradictions.other_method") if crossed else ""
        for rule in dict.fromkeys(rule for rule, _ in against):
            found = message("contradictions.each", texts=tuple(value for name, value in against if name == rule))
            file = "indicators/claims.csv"
            yield _entry(rule, row.component_id, file, row._asdict(), printed, found, now["source_id"], detail)


# A change called slight, or sharp, is one of at most, or at least, this share of the earlier score.
STRENGTH = {"slight": (0, 0.05), "sharp": (0.01, 1)}


def _against_change(
    row, before: pd.Series, now: pd.Series, size: float | None, crossed: bool
) -> Iterator[tuple[str, Message]]:
    """What is wrong with a stated change: direction or size, the word for its size, the lists it is counted over.

    Across a break of method a stated number is compared with the printed ones, and a word with the ranks alone.
    """
    if row.quantity != "score" and pd.notna(now["rank"]) and pd.notna(before["rank"]):
        places = int(before["rank"]), int(now["rank"])
        if _differs(places[0] - places[1], row.direction, size, 0.5):
            yield "statement", message("contradictions.rank_moved", before=places[0], after=places[1])
        if size is not None and before["n_ranked"] != now["n_ranked"]:
            then, after = (index_rules.place(cell["rank"], cell["n_ranked"]) for cell in (before, now))
            yield "lists", message("contradictions.moved", before=then, after=after)
    if row.quantity != "rank" and pd.notna(now["score"]) and pd.notna(before["score"]):
        change = now["score"] - before["score"]
        then, after = (Decimal(f"{cell['score']:g}") for cell in (before, now))
        moved = message("contradictions.score_moved", before=then, after=after, change=rounded(change, 2))
        if not (crossed and size is None) and _differs(change, row.direction, size, 0.005):
            yield "statement", moved
        least, most = STRENGTH.get(row.strength, (0, 1))
        if not crossed and not least <= abs(change / before["score"]) <= most:
            yield "strength", moved


def _against_mean(row, cells: pd.DataFrame, now: pd.Series, size: float | None, cut) -> Iterator[tuple[str, Message]]:
    mean, source = _mean(row.index_id, row.component_id, row.edition_year, cells, cut)
    if mean is not None and pd.notna(now["score"]):
        over = now["score"] - mean
        decimals = measures.decimals_of(row.size) if row.size else 2
        if _differs(over, {"above": "better", "below": "worse"}[row.direction], size, 0.6 * 10**-decimals):
            figures = {"over": rounded(over, decimals), "mean": rounded(mean, 4)}
            key = "stated" if source else "computed"
            # a lead over the median, called one over the mean
            if size is not None and abs(now["score"] - now["median"] - size) <= 0.6 * 10**-decimals:
                key, figures["median"] = "median", rounded(now["median"], 4)
            yield "statement", message(f"contradictions.from_mean_{key}", **figures, source=source)


def _differs(change: float, direction: str, size: float | None, tolerance: float) -> bool:
    if size is not None:
        stated = -abs(size) if direction == "worse" else abs(size)
        return abs(change - stated) > tolerance
    return change <= 0 if direction == "better" else change >= 0


def _mean(index_id, component_id, edition_year, cells, cut) -> tuple[float | None, str]:
    column = cells[(cells["edition_year"] == edition_year) & (cells["component_id"] == component_id)]
    if column["rank_derived"].notna().any():
        return column["score"].mean(), ""
    stated = national_statements(index_id, **cut)
    stated = stated[
        (stated["edition_year"] == edition_year)
        & (stated["component_id"] == component_id)
        & (stated["statistic"] == "mean")
    ]
    return (stated["value"].iloc[0], stated["source_id"].iloc[0]) if len(stated) else (None, "")


# ---------------------------------------------------------------------------------------------------------- workload


def _workload_contradictions(last: date | None, province_code: str | None, cut: dict) -> Iterator[dict]:
    vocabulary = by_measure()
    for name in ("ninh_thuan", "comparators"):
        file = f"workload/{name}.csv"
        where = {} if province_code is None else {"province_code": [province_code]}
        rows = typed_rows(file, boundary=[cut["boundary"]], **where)
        if last:
            rows = rows[rows["period_end"] <= str(last)]
        if cut["sources"] == "strict":
            rows = workload_out_by(rows, cut["as_of"])
        for look in workload_rules.RULES:
            for rule, row, *values in look(rows, vocabulary):
                yield _entry(rule, row["measure"], file, row, *values)
