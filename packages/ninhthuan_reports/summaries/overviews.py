"""Frames of all indices side by side: the overview, the tasks of reform with what watches them, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ninhthuan import measures
from ninhthuan.catalogue import catalogue
from ninhthuan.datasets import as_day, reform_tasks
from ninhthuan.indicators import load_index
from ninhthuan.periods import Quarter
from ninhthuan.reading import remembered
from ninhthuan.reference import data_dir
from ninhthuan.workload import load_workload

from .indices import known_rows, other_parts

# Of the newest edition with a result, and of the one before it.
LATEST = ["edition_year", "score", "unit", "rank", "rank_basis", "n_ranked", "group_derived", "percentile_position"]
LATEST += ["published_on", "basis", "score_decimals", "source_id"]
CHANGE = ["previous_edition", "previous_score", "previous_basis", "previous_score_decimals", "previous_rank"]
CHANGE += ["previous_rank_basis", "previous_n_ranked", "score_change", "rank_change", "crosses", "cautions"]
OVERVIEW_COLUMNS = [
    *("index_id", "component_id", "status", "newest_edition", "newest_published_on", "newest_precision"),
    *("new_editions", "missing", *LATEST[:6], "group", *LATEST[6:9], "published_precision", *LATEST[9:11]),
    *(*CHANGE, "source_id", "later_edition", "later_source_id"),
]


def index_overview(
    province_code: str, *, as_of: date | str, as_of_before: date | str | None = None, boundary: str = "pre_2025"
) -> pd.DataFrame:
    """The five indices as provinces print them: one row per index, its newest edition known on the day.

    Columns: those of `measures.changes`, plus index_id, group, published_on, percentile_position, unit,
    newest_edition (the newest edition out, even where nothing of this province is known), missing,
    status: `new` (out since as_of_before), `unchanged` or `nothing`, and later_edition with later_source_id: the newest
    edition out by then of which the province's result is known from a later source alone, and left out. Comparisons
    across a break are marked.
    """
    days = as_day(as_of), as_day(as_of_before)
    rows = [_overview_row(index_id, province_code, *days, boundary) for index_id in catalogue().indices]
    frame = pd.DataFrame(rows).reindex(columns=OVERVIEW_COLUMNS)
    frame.attrs = {"as_of": str(days[0]), "as_of_before": str(days[1] or "")}
    return frame


def _overview_row(index_id: str, province_code: str, as_of: date, as_of_before: date | None, boundary: str) -> dict:
    scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    totals = scores[scores["level"] == "total"]
    history = measures.province_history(totals, province_code)
    known = known_rows(history)
    out = catalogue().editions_of(index_id, boundary, as_of)
    before = catalogue().editions_of(index_id, boundary, as_of_before) if as_of_before else out
    new = [edition for edition in out if edition not in before]
    row = {
        "index_id": index_id,
        "component_id": f"{index_id}_total",
        "newest_edition": out[-1].edition_year if out else pd.NA,
        "newest_published_on": out[-1].published_on if out else None,
        "newest_precision": out[-1].published_precision if out else "",
        "missing": history["missing"].iloc[-1] if len(history) else "",
        "new_editions": " ".join(str(edition.edition_year) for edition in new),
        "status": "nothing",
    } | _known_later(load_index(index_id, as_of=as_of, boundary=boundary), history)
    if known.empty:
        return row
    latest = known.iloc[-1]
    year = latest["edition_year"]
    row |= {name: latest[name] for name in LATEST} | {
        "group": latest["group_published"] if index_id == "papi" else None,
        "published_precision": next(edition.published_precision for edition in out if edition.edition_year == year),
        "status": "new" if new else "unchanged",
    }
    changes = measures.changes(totals, province_code, rule="positions")
    changes = changes[changes["edition_year"] == year]
    return row | {name: changes[name].iloc[0] for name in CHANGE} if len(changes) else row


def _known_later(scores: pd.DataFrame, history: pd.DataFrame) -> dict:
    """The newest edition of which a total is known, but from sources that were not out on the day of the history."""
    known = known_rows(history)["edition_year"]
    own = scores[scores["province_code"].isin(history["province_code"]) & (scores["level"] == "total")]
    own = own[(own["score"].notna() | own["rank_published"].notna()) & ~own["edition_year"].isin(known)]
    if own.empty:
        return {}
    last = own.sort_values("edition_year").iloc[-1]
    return {"later_edition": last["edition_year"], "later_source_id": last["source_id"]}


INDICATOR = ["edition_year", "unit", "rank", "rank_basis", "n_ranked", "percentile_position", "basis"]
INDICATOR += ["score_decimals", "source_id"]
FIGURE = ["period_start", "period_end", "value", "unit", "source_id"]
WATCH_COLUMNS = [
    *("task_number", "short_title", "short_title_en", "kind", "indicator", "edition_year", *FIGURE[:4]),
    *("rank", "rank_basis", "n_ranked", "percentile_position", "basis", "score_decimals", "group", "previous_edition"),
    *("previous_position", "previous_rank", "previous_rank_basis", "previous_n_ranked", "change", "crosses"),
    "source_id",
]


def reform_watch(
    province_code: str, *, as_of: date | str, until: Quarter | str, boundary: str = "pre_2025"
) -> pd.DataFrame:
    """The groups of tasks that the province has set, with the newest figure of every indicator that watches them.

    One row per task and indicator: task_number, short_title, short_title_en, kind (`index` or `workload`),
    indicator, edition_year or period_end, value, unit, rank, n_ranked, percentile_position, previous_position,
    previous_rank, previous_n_ranked, group, change, crosses, source_id. An indicator of which nothing is known keeps
    its row, with a missing value; a province that has set no tasks has no rows.
    """
    rows = []
    # all are looked into, so that sources of the report name them where the province has set no tasks, too
    scores = {i: load_index(i, as_of=as_of, boundary=boundary, sources="strict") for i in catalogue().indices}
    workload = load_workload(province_code, until=until, as_of=as_of, boundary=boundary)
    tasks = reform_tasks()
    for task in tasks[(tasks["boundary"] == boundary) & (tasks["province_code"] == province_code)].itertuples():
        common = {name: getattr(task, name) for name in ("short_title", "short_title_en")}
        common["task_number"] = int(task.task_number)
        for component_id in task.component_ids.split():
            of_index = scores[next(index_id for index_id in scores if component_id.startswith(f"{index_id}_"))]
            history = measures.province_history(of_index[of_index["component_id"] == component_id], province_code)
            rows.append(common | {"kind": "index", "indicator": component_id} | _newest_score(known_rows(history)))
        for measure in task.measures.split():
            rows.append(common | {"kind": "workload", "indicator": measure} | _newest_figure(workload, measure))
    return pd.DataFrame(rows).reindex(columns=WATCH_COLUMNS)


def _newest_score(history: pd.DataFrame) -> dict:
    """The newest edition of a component's history, and the one before it."""
    if history.empty:
        return {}
    last = history.iloc[-1]
    row = {name: last[name] for name in INDICATOR} | {"value": last["score"], "group": last["group_derived"]}
    if len(history) < 2:
        return row
    past = history.iloc[-2]
    years = past["edition_year"], last["edition_year"]
    crossed = [b for b in catalogue().breaks_between(last["component_id"], *years) if b.ranks != "marked"]
    return row | {
        "previous_edition": past["edition_year"],
        "previous_position": past["percentile_position"],
        "previous_rank": past["rank"],
        "previous_n_ranked": past["n_ranked"],
        "previous_rank_basis": past["rank_basis"],
        "change": np.nan if crossed else last["score"] - past["score"],
        "crosses": " ".join(str(b.edition_year) for b in crossed),
    }


def _newest_figure(workload: pd.DataFrame, measure: str) -> dict:
    """The newest figure of a measure for the whole province."""
    rows = workload[workload["measure"] == measure]
    figures = rows[rows["level"].isin(["all", "province"]) & rows["channel"].isin(["", "online"])]
    if figures.empty:
        return {}
    # the whole province last, where its figure is known
    last = figures.sort_values(["period_end", "level"], ascending=[True, False]).iloc[-1]
    row = {name: last[name] for name in FIGURE}
    if last["level"] != "all":
        # a count known level by level only: the whole province is their sum
        row["value"] = rows.loc[rows["period_end"] == last["period_end"], "value"].sum()
    return row


def what_is_missing(
    province_code: str,
    *,
    as_of: date | str,
    until: Quarter | str,
    boundary: str = "pre_2025",
    subjects: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Figures of a province that a report of this day lacks: one row per gap.

    subjects: index ids and `workload`, to look into only those. Columns: subject (index_id or `workload`), level, years
    (of the workload the quarters `held`), kind (`not_published`, `in_part`: dimensions without a total,
    `not_surveyed`, `not_collected`, `blank`,
    `not_existing`, `known_later`: from a source that came out after the day; `parts`: what is known instead of the
    dimensions), parts (component ids of those).
    """
    wanted = {*catalogue().indices, "workload"} if subjects is None else set(subjects)
    indices = [index_id for index_id in catalogue().indices if index_id in wanted]
    rows = [gap for name in indices for gap in _index_gaps(name, province_code, as_day(as_of), boundary, data_dir())]
    if "workload" in wanted:
        workload = load_workload(province_code, until=until, as_of=as_of, boundary=boundary)
        ends = workload.loc[workload["period_kind"] == "quarter", "period_end"]
        quarters = tuple(sorted({Quarter.containing(end.date()) for end in ends}))
        rows.append(("workload", "", quarters, "not_collected" if workload.empty else "held", ()))
    return pd.DataFrame(rows, columns=["subject", "level", "years", "kind", "parts"])


@remembered
def _index_gaps(index_id: str, province_code: str, as_of: date, boundary: str, folder: Path) -> list[tuple]:
    """Rows of `what_is_missing` for one index; `folder` so that nothing of another copy of the data is remembered."""
    scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    own = scores[scores["province_code"] == province_code]
    totals = own[own["level"] == "total"]
    gaps = [] if len(totals) else [("total", [], "not_existing")]
    scored = own[own["level"] == "dimension"].groupby("edition_year")["score"].count()
    partly = totals["missing"].eq("not_published") & totals["edition_year"].isin(scored.index[scored > 0])
    why = totals["missing"].mask(partly, "in_part")
    for kind in ("not_published", "in_part", "not_surveyed", "not_collected", "blank", "known_later"):
        gaps.append(("total", totals.loc[why == kind, "edition_year"], kind))
    without_total = totals.loc[totals["missing"] != "", "edition_year"]
    empty = scored.index[scored == 0].difference(without_total)
    gaps.append(("dimension", empty, "not_collected"))
    other = other_parts(own, index_id)
    other = other[other["edition_year"].isin(empty)].groupby("edition_year")["component_id"].agg(tuple)
    return [
        (index_id, level, tuple(sorted(map(int, years))), kind, ())
        for level, years, kind in gaps
        if len(years) or kind == "not_existing"
    ] + [(index_id, "dimension", (year,), "parts", parts) for year, parts in other.items()]
