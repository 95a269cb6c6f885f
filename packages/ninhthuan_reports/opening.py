"""What an opening chooses from: one row for each thing that may have happened, with what weighs it."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from ninhthuan import measures
from ninhthuan.analysis.change import change_limit
from ninhthuan.catalogue import catalogue
from ninhthuan.indicators import load_index
from ninhthuan.periods import Quarter
from ninhthuan.workload import load_workload

from . import dossiers, summaries

OF_INDEX = [
    *("index_id", "component_id", "newest_edition", "new_editions", "news", "missing", "edition_year", "score"),
    *("unit", "score_decimals", "basis", "rank", "rank_basis", "n_ranked", "group", "previous_edition"),
    *("previous_score", "previous_score_decimals", "previous_basis", "previous_rank", "previous_rank_basis"),
    *("previous_n_ranked", "crosses", "published_on", "published_precision", "source_id"),
]
OF_DIMENSION = [
    *("alike", "limit", "previous_group", "fall_place", "n_changes", "gap", "main_part", "main_change"),
    *("rank_low", "rank_high", "common_previous", "common_rank", "near_edge", "median_change"),
]
OF_TASK = ["planned", "due", "year"]
OF_WORK = [
    *("measure", "level", "channel", "value", "decimals", "year_before", "target", "target_from", "period_start"),
    *("period_end", "basis", "reading"),
]
IN_BOTH = ["n_changes", "common_previous", "common_rank"]
FRESH = 1  # years that an edition may be older than the report, to be told of though it came out before
WORK = (
    *("dossiers_received", "dossiers_resolved", "dossiers_resolved_late", "dossiers_on_time_share"),
    "dossiers_pending_overdue",
)


def opening_facts(
    overview: pd.DataFrame, province_code: str, quarter: Quarter, *, as_of: date, boundary: str
) -> pd.DataFrame:
    """The five indices, PAPI's dimensions and the work of the quarter, as the opening of a report weighs them.

    | column | meaning | unit |
    |---|---|---|
    | kind | `index`, `dimension`, `part` (a dimension of an edition that gives the province no total), | |
    | | `odd` (what of the total does not compare with the edition before, see `Catalogue.unlike_parts`), | |
    | | `work` (dossiers of the quarter), `year` (results of a year that ends) or `task` | |
    | news | whether the edition of an index is out since the report before | |
    | fresh | whether it is news, or describes the year before the quarter's or a later one | |
    | since, until | days between which an edition is news: after the report before, to that of this one | |
    | limit | change below which survey error may explain all (see `change.change_limit`) | points |
    | alike | whether a dimension measures what it did in the edition before | |
    | rank_low, rank_high | ranks that PAPI's total may have, with errors as in 2019 | |
    | fall_place, n_changes | place of a dimension's change among the provinces with both editions, 1 is the lowest | |
    | common_previous, common_rank | ranks among the n_changes provinces with both editions | |
    | near_edge | group that a dimension's score is as near to as two decimals show, else nothing | |
    | median_change | median of a dimension's changes in the provinces with both editions | points |
    | gap | of a `part`: distance to the median of all provinces, its `limit` that of such a distance | points |
    | main_part, main_change | sub-dimension that makes more than half of a dimension's change, and its own | points |

    overview: of `summaries.index_overview`. Others as there, in `summaries.component_pairs` and `dossiers.compared`;
    planned, due as in `dossiers.plan_tasks`. A dimension has rows only where PAPI is fresh.
    """
    indices = overview.assign(group=overview.get("group_derived")).reindex(columns=OF_INDEX).assign(kind="index")
    # where a new edition has no result of the province, its older ones are no news
    indices["news"] = [
        pd.notna(year) and str(int(year)) in new.split()
        for year, new in zip(indices["edition_year"], indices["new_editions"], strict=True)
    ]
    indices["fresh"] = indices["news"] | (indices["edition_year"] >= quarter.year - FRESH).fillna(False).astype(bool)
    years = zip(indices["component_id"], indices["previous_edition"], indices["edition_year"], strict=True)
    indices["limit"] = [
        change_limit(part, province_code, int(before), int(year), boundary) if pd.notna(before) else None
        for part, before, year in years
    ]
    papi = indices[indices["index_id"] == "papi"].iloc[0]
    scores = load_index("papi", as_of=as_of, boundary=boundary, sources="strict")
    rows = [
        indices,
        *_of_papi(papi, scores, province_code, quarter),
        *_of_work(province_code, quarter, as_of, boundary),
    ]
    frame = pd.concat([part for part in rows if len(part)], ignore_index=True)
    frame = frame.reindex(columns=list(dict.fromkeys([*frame, *OF_DIMENSION, *OF_WORK, *OF_TASK])))
    if papi["fresh"]:
        history = summaries.total_history("papi", province_code, as_of=as_of, boundary=boundary)
        ends, of_papi = ["rank_low", "rank_high"], frame["component_id"].eq("papi_total")
        frame.loc[of_papi, ends] = history.loc[history["edition_year"].eq(papi["edition_year"]), ends].to_numpy()
        if pd.notna(papi["previous_edition"]):
            same = _in_both(scores, "papi_total", int(papi["previous_edition"]), int(papi["edition_year"]))
            frame.loc[of_papi, IN_BOTH] = _places(same, province_code)
    frame["limit"] = pd.to_numeric(frame["limit"])
    since = date.fromisoformat(overview.attrs["as_of_before"]) + timedelta(days=1)
    frame = frame.assign(since=since, until=as_of)
    return frame.assign(province_code=province_code, boundary=boundary, quarter=str(quarter))


def _in_both(scores: pd.DataFrame, component_id: str, before: int, year: int) -> pd.DataFrame:
    """Scores of the provinces that have a result in both editions, a column an edition."""
    rows = scores[scores["component_id"].eq(component_id) & scores["edition_year"].isin([before, year])]
    wide = rows.pivot(index="province_code", columns="edition_year", values="score")
    return wide.reindex(columns=[before, year]).dropna()


def _places(both: pd.DataFrame, province_code: str) -> list[float]:
    """Number of provinces in both editions, and a province's rank among them in either."""
    if province_code not in both.index:
        return [float("nan")] * len(IN_BOTH)
    return [float(len(both)), *both.rank(ascending=False, method="min").loc[province_code]]


def _of_papi(papi: pd.Series, scores: pd.DataFrame, province_code: str, quarter: Quarter) -> list[pd.DataFrame]:
    """Dimensions of PAPI, each with its change among those of all provinces."""
    newest, boundary = papi["newest_edition"], scores["boundary"].iloc[0] if len(scores) else ""
    if pd.notna(newest) and newest != papi["edition_year"] and newest >= quarter.year - FRESH:
        own = measures.province_history(scores[scores["level"] == "dimension"], province_code)
        own = own[own["edition_year"].eq(newest) & own["score"].notna()]
        off = {"gap": own["score"] - own["median"], "limit": summaries.score_errors(own)}
        rows = own.assign(group=own["group_derived"], index_id="papi").reindex(columns=OF_INDEX)
        return [rows.assign(kind="part", **off)]
    if not papi["fresh"]:
        return []
    pairs = summaries.component_pairs(scores, province_code, "dimension")
    if pairs.empty:
        return []
    history = scores[scores["province_code"] == province_code].set_index(["component_id", "edition_year"])
    inner = summaries.component_pairs(scores, province_code, "sub_dimension")
    found = []
    for row in pairs.itertuples():
        part, before, year = row.component_id, int(row.previous_edition), int(row.edition_year)
        both = _in_both(scores, part, before, year)
        changes = both[year] - both[before]
        alike = catalogue().same_component(part, before, year)
        found.append(
            {
                "alike": alike,
                "limit": change_limit(part, province_code, before, year, boundary) if alike else None,
                "previous_group": history.at[(part, before), "group_derived"],
                "fall_place": 1 + int((changes < changes[province_code]).sum()),
                "near_edge": summaries.near_edge(row),
                "median_change": changes.median(),
                "n_changes": len(both),
            }
            | _main_part(row, inner)
        )
    more = pd.DataFrame(found, index=pairs.index)
    past = [history.at[(row.component_id, row.previous_edition), "n_ranked"] for row in pairs.itertuples()]
    rows = pairs.assign(group=pairs["group_derived"], previous_n_ranked=past).reindex(columns=OF_INDEX)
    years = int(pairs["previous_edition"].iloc[0]), int(pairs["edition_year"].iloc[0])
    odd, parts = catalogue().unlike_parts("papi_total", *years), pd.concat([pairs, inner])
    odd_rows = parts[parts["component_id"].isin(odd)].sort_values("component_id").reindex(columns=OF_INDEX)
    return [rows.assign(kind="dimension").join(more), odd_rows.assign(kind="odd")]


def _main_part(dimension, inner: pd.DataFrame) -> dict:
    """The sub-dimension that makes more than half of a dimension's change, where it may be compared."""
    known, years = catalogue(), (int(dimension.previous_edition), int(dimension.edition_year))
    parts = {part.component_id for part in known.parts_of(dimension.component_id, years[1])}
    parts = inner[inner["component_id"].isin(parts)].set_index("component_id")["change"]
    shares = parts / dimension.change if dimension.change else parts * 0
    if shares.empty or not shares.max() > 0.5 or not known.same_component(shares.idxmax(), *years):
        return {}
    return {"main_part": shares.idxmax(), "main_change": parts[shares.idxmax()]}


def _of_work(province_code: str, quarter: Quarter, as_of: date, boundary: str) -> list[pd.DataFrame]:
    """Dossiers of this very quarter, and the tasks of the plan as counted in it."""
    workload = load_workload(province_code, until=quarter, as_of=as_of, boundary=boundary)
    quarters = dossiers.compared(dossiers.dossier_quarters(workload), workload)
    of_all = quarters["agency"].eq("") & quarters["quarter"].eq(str(quarter)) & quarters["measure"].isin(WORK)
    work = quarters[of_all].reindex(columns=[*OF_WORK, "source_id"]).assign(kind="work")
    tasks = dossiers.plan_tasks(workload)
    tasks = tasks[tasks["period_end"].map(lambda day: str(Quarter.containing(day.date())) == str(quarter))]
    tasks = tasks.rename(columns={"state": "level", "count": "value"}).assign(
        kind="task", measure="par_plan_tasks_done"
    )
    results = summaries.workload_results(workload)
    ended = results["period_end"].map(lambda day: day.date() == quarter.last_day)
    results = results[ended & results["measure"].isin(dossiers.SHARES) & results["target"].notna()]
    return [work, results.assign(kind="year"), tasks]
