"""Frames that several notebooks show, put together from datasets and measures.

As reports do, they know of a day what was out by then: edition and source (`sources="strict"`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ninhthuan import measures
from ninhthuan.catalogue import NotComparable, catalogue, data_dir
from ninhthuan.certainty import NoErrors, rank_certainty
from ninhthuan.change import change_limit
from ninhthuan.datasets import (
    as_day,
    load_index,
    load_workload,
    measure_table,
    national_statements,
    policies,
    reform_tasks,
)
from ninhthuan.measures import latest_pair
from ninhthuan.periods import Quarter
from ninhthuan.reading import remembered


def index_histories(province_code: str, *, as_of: date | str | None = None, boundary: str = "pre_2025") -> pd.DataFrame:
    """Totals of the five indices of one province, edition by edition (see `total_history`)."""
    histories = [total_history(name, province_code, as_of=as_of, boundary=boundary) for name in catalogue().indices]
    return pd.concat([history for history in histories if len(history)] or histories[:1], ignore_index=True)


OVERVIEW_COLUMNS = [
    "index_id",
    "component_id",
    "status",
    "newest_edition",
    "newest_published_on",
    "newest_precision",
    "new_editions",
    "missing",
    "edition_year",
    "score",
    "unit",
    "rank",
    "rank_basis",
    "n_ranked",
    "group",
    "group_derived",
    "percentile_position",
    "published_on",
    "published_precision",
    "basis",
    "score_decimals",
    "previous_edition",
    "previous_score",
    "previous_basis",
    "previous_score_decimals",
    "previous_rank",
    "previous_rank_basis",
    "previous_n_ranked",
    "score_change",
    "rank_change",
    "crosses",
    "cautions",
    "source_id",
    "later_edition",
    "later_source_id",
]


def index_overview(
    province_code: str,
    *,
    as_of: date | str,
    as_of_before: date | str | None = None,
    boundary: str = "pre_2025",
) -> pd.DataFrame:
    """The five indices as provinces print them: one row per index, its newest edition known on the day.

    Columns: those of `measures.changes`, plus index_id, group, published_on, percentile_position, unit,
    newest_edition (the newest edition out, even where nothing of this province is held), missing,
    status: `new` (out since as_of_before), `unchanged` or `nothing`, and later_edition with later_source_id: the newest
    edition out by then of which the province's result is known from a later source alone, and left out. Comparisons
    across a break are marked.
    """
    rows = []
    for index_id in catalogue().indices:
        scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
        totals = scores[scores["level"] == "total"]
        history = measures.province_history(totals, province_code)
        held = history[history["score"].notna() | history["rank"].notna()]
        out = catalogue().editions_of(index_id, boundary, as_day(as_of))
        before = catalogue().editions_of(index_id, boundary, as_day(as_of_before)) if as_of_before else out
        row = {
            "index_id": index_id,
            "component_id": f"{index_id}_total",
            "newest_edition": out[-1].edition_year if out else pd.NA,
            "newest_published_on": out[-1].published_on if out else None,
            "newest_precision": out[-1].published_precision if out else "",
            "missing": history["missing"].iloc[-1] if len(history) else "",
            "new_editions": " ".join(str(edition.edition_year) for edition in out if edition not in before),
        } | _known_later(load_index(index_id, as_of=as_of, boundary=boundary), history)
        if held.empty:
            rows.append(row | {"status": "nothing"})
            continue
        latest = held.iloc[-1]
        change = measures.changes(totals, province_code, rule="positions")
        change = change[change["edition_year"] == latest["edition_year"]]
        row |= {
            "edition_year": latest["edition_year"],
            "score": latest["score"],
            "unit": latest["unit"],
            "rank": latest["rank"],
            "rank_basis": latest["rank_basis"],
            "n_ranked": latest["n_ranked"],
            "group": latest["group_published"] if index_id == "papi" else None,
            "group_derived": latest["group_derived"],
            "percentile_position": latest["percentile_position"],
            "published_on": latest["published_on"],
            "published_precision": next(e.published_precision for e in out if e.edition_year == latest["edition_year"]),
            "basis": latest["basis"],
            "score_decimals": latest["score_decimals"],
            "source_id": latest["source_id"],
            "status": "new" if row["new_editions"] else "unchanged",
        }
        if len(change):
            last = change.iloc[0]
            row |= {
                name: last[name]
                for name in (
                    "previous_edition",
                    "previous_score",
                    "previous_basis",
                    "previous_score_decimals",
                    "previous_rank",
                    "previous_rank_basis",
                    "previous_n_ranked",
                    "score_change",
                    "rank_change",
                    "crosses",
                    "cautions",
                )
            }
        rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=OVERVIEW_COLUMNS)
    frame.attrs = {"as_of": str(as_day(as_of)), "as_of_before": str(as_day(as_of_before) or "")}
    return frame


def _known_later(scores: pd.DataFrame, history: pd.DataFrame) -> dict:
    """The newest edition of which a total is held, but from sources that were not out on the day of the history."""
    held = history.loc[history["score"].notna() | history["rank"].notna(), "edition_year"]
    own = scores[scores["province_code"].isin(history["province_code"]) & (scores["level"] == "total")]
    own = own[(own["score"].notna() | own["rank_published"].notna()) & ~own["edition_year"].isin(held)]
    if own.empty:
        return {}
    last = own.sort_values("edition_year").iloc[-1]
    return {"later_edition": last["edition_year"], "later_source_id": last["source_id"]}


def total_history(
    index_id: str,
    province_code: str,
    *,
    as_of: date | str | None = None,
    boundary: str = "pre_2025",
    component_id: str = "",
) -> pd.DataFrame:
    """Total of one index, or a component of it, over the editions for one province, with what it is read against.

    Rows and columns of `measures.province_history`, plus national_mean (as a source states it; missing where none
    does) and, of the newest total of PAPI, what survey errors as large as in 2019 would allow: rank_low and rank_high
    (see `certainty.rank_certainty`) and standard_error (points).
    """
    scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    component_id = component_id or f"{index_id}_total"
    history = measures.province_history(scores[scores["component_id"] == component_id], province_code)
    stated = national_statements(index_id, as_of, boundary, "strict")
    stated = stated[(stated["statistic"] == "mean") & (stated["component_id"] == component_id)]
    history["national_mean"] = history["edition_year"].map(stated.groupby("edition_year")["value"].first())
    history[["rank_low", "rank_high", "standard_error"]] = np.nan
    held = history[history["score"].notna()]
    if component_id == "papi_total" and len(held):
        try:
            newest = rank_certainty(
                scores, int(held["edition_year"].iloc[-1]), errors="as_2019", province_code=province_code
            )
        except (NoErrors, NotComparable):
            return history
        for column in ("rank_low", "rank_high", "standard_error", "source_id"):
            history.loc[held.index[-1], column] = newest[column].iloc[0]
    return history


def component_gaps(
    index_id: str, province_code: str, *, as_of: date | str | None = None, boundary: str = "pre_2025"
) -> pd.DataFrame:
    """Components of the newest edition of which every province's score is held, by distance to the median.

    Columns: those of `measures.province_history`, plus gap (points over the median of the edition); previous_edition,
    held alike, with previous_score and, where it is the same component, previous_gap, change and limit (see
    `change.change_limit`); newest_edition and newest_score, later where that is held of part of the provinces.
    Where no median can be had gap is missing, and the rows are what is held of components, else of other parts.
    """
    known = catalogue()
    scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    history = measures.province_history(scores[scores["level"] == "dimension"], province_code)
    held = history[history["score"].notna()]
    whole = held[held["complete"]]
    if whole.empty:
        rest = held if len(held) else measures.province_history(_other_parts(scores, index_id), province_code)
        return rest.assign(gap=np.nan)
    before, year = [None, *sorted(whole["edition_year"].unique())][-2:]
    rows = whole[whole["edition_year"] == year].assign(gap=lambda frame: frame["score"] - frame["median"])
    past, last = (
        held[held["edition_year"] == edition].set_index("component_id")
        for edition in (before, held["edition_year"].max())
    )
    alike = np.array([before is not None and known.same_component(c, before, year) for c in rows["component_id"]])
    rows["previous_edition"] = pd.array([before] * len(rows), dtype="Int64")
    rows["previous_score"] = rows["component_id"].map(past["score"])
    rows["previous_gap"] = rows["component_id"].map(past["score"] - past["median"]).where(alike)
    rows["change"] = (rows["score"] - rows["previous_score"]).where(alike)
    limits = [
        change_limit(part, province_code, int(before), int(year), boundary) if pd.notna(change) else np.nan
        for part, change in zip(rows["component_id"], rows["change"], strict=True)
    ]
    rows["limit"] = pd.Series(limits, index=rows.index, dtype=float)
    rows["newest_edition"], rows["newest_score"] = held["edition_year"].max(), rows["component_id"].map(last["score"])
    return rows.sort_values("gap", ascending=False, kind="stable", ignore_index=True)


def _other_parts(scores: pd.DataFrame, index_id: str) -> pd.DataFrame:
    """Scores of what a publisher prints beside total and dimensions: parts by who marks them, shares of a field."""
    levels = {c.component_id: c.level for c in catalogue().components_of(index_id)}
    other = scores["component_id"].map(levels).isin(["part", "variant"])
    return scores[other & scores["score"].notna()]


def policies_for(index_id: str, as_of: date | str, province_code: str, boundary: str = "pre_2025") -> pd.DataFrame:
    """The province's directives and resolutions that aim at an index."""
    issued = policies(as_of)
    wanted = issued["index_ids"].str.split().map(lambda ids: index_id in ids)
    own = issued["province_code"].eq(province_code) & issued["boundary"].eq(boundary)
    return issued[wanted & own].reset_index(drop=True)


def newest_cells(scores: pd.DataFrame, component_id: str = "papi_total") -> pd.DataFrame:
    """Every province in the newest edition of a component, withheld ones included."""
    cells = scores[scores["component_id"] == component_id]
    held = cells[cells["score"].notna()]
    return cells[cells["edition_year"] == held["edition_year"].max()].reset_index(drop=True)


def dimension_cells(scores: pd.DataFrame, dimension_id: str) -> pd.DataFrame:
    """A dimension and its sub-dimensions for every province in the newest edition of the dimension.

    One row per component and province, withheld ones included; `rank` is the derived rank. Empty where the dimension
    has no edition in the frame.
    """
    cells = newest_cells(scores, dimension_id)
    if cells.empty:
        return cells.assign(rank=cells["rank_derived"])
    year = int(cells["edition_year"].iloc[0])
    wanted = [dimension_id, *(part.component_id for part in catalogue().parts_of(dimension_id, year))]
    cells = scores[(scores["edition_year"] == year) & scores["component_id"].isin(wanted)]
    return cells.assign(rank=cells["rank_derived"]).reset_index(drop=True)


def national_history(scores: pd.DataFrame, component_id: str = "papi_total") -> pd.DataFrame:
    """Rank of every province over the editions of the newest method of a component, withheld results included."""
    rows = scores[scores["component_id"] == component_id]
    segments = rows["edition_year"].map(lambda year: catalogue().segment(component_id, year))
    rows = rows.assign(rank=rows["rank_derived"], segment=segments)
    rows = rows[rows["segment"] == rows.loc[rows["score"].notna(), "segment"].max()]
    return rows.sort_values(["province_code", "edition_year"], ignore_index=True)


def region_history(scores: pd.DataFrame, province_code: str, component_id: str = "papi_total") -> pd.DataFrame:
    """`national_history` of the provinces of a province's region."""
    boundary = scores["boundary"].iloc[0] if len(scores) else "pre_2025"
    mates = catalogue().region_mates(boundary, province_code)
    rows = national_history(scores, component_id)
    return rows[rows["province_code"].isin(mates)].reset_index(drop=True)


def rivals(scores: pd.DataFrame, province_code: str, component_id: str = "papi_total", each: int = 4) -> pd.DataFrame:
    """The provinces next above and below in the newest edition, with their scores one edition earlier.

    Columns: province_code, boundary, edition_year, component_id, score, rank, n_ranked, previous_edition,
    previous_score, previous_rank, previous_n_ranked (missing where a province was not published, or across a break).
    """
    cells = newest_cells(scores, component_id)
    year = int(cells["edition_year"].iloc[0]) if len(cells) else 0
    codes = measures.nearest_rivals(scores, province_code, year, component_id, each)
    now = cells[cells["province_code"].isin(codes)].copy()
    now["rank"] = now["rank_derived"]
    past = scores[(scores["component_id"] == component_id) & (scores["edition_year"] == year - 1)]
    if year and catalogue().breaks_between(component_id, year - 1, year, "break"):
        past = past.iloc[0:0]
    past = past.set_index("province_code")
    now["previous_edition"] = year - 1
    for column, source in (
        ("previous_score", "score"),
        ("previous_rank", "rank_derived"),
        ("previous_n_ranked", "n_ranked"),
    ):
        now[column] = now["province_code"].map(past[source])
    return now.sort_values("score", ascending=False, ignore_index=True)


def component_pairs(scores: pd.DataFrame, province_code: str, level: str, total_id: str = "papi_total") -> pd.DataFrame:
    """Components of one level in the two newest comparable editions, with the spread of all provinces in the later.

    One row per component that exists in both editions and is not rebuilt between them (the others are listed
    in `attrs["not_comparable"]`).
    """
    pair = latest_pair(scores, province_code, total_id)
    history = measures.province_history(scores[scores["level"] == level], province_code)
    if pair is None:
        return history.iloc[0:0].assign(previous_score=[], previous_edition=[], change=[])
    year_from, year_to = pair
    late = history[history["edition_year"] == year_to]
    early = history[history["edition_year"] == year_from].set_index("component_id")
    late = late[late["component_id"].isin(early.index)]
    broken = [
        component
        for component in late["component_id"]
        if catalogue().breaks_between(component, year_from, year_to, "break")
    ]
    late = late[~late["component_id"].isin(broken)].copy()
    late["previous_score"] = late["component_id"].map(early["score"])
    late["previous_rank"] = late["component_id"].map(early["rank"])
    late["previous_edition"] = year_from
    late["change"] = late["score"] - late["previous_score"]
    order = {
        c.component_id: place
        for place, c in enumerate(catalogue().components_of(total_id.removesuffix("_total"), year_to))
    }
    late = late[late["score"].notna()].sort_values("component_id", key=lambda ids: ids.map(order), ignore_index=True)
    late.attrs = {"not_comparable": " ".join(broken)}
    return late


def sub_dimension_history(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """`measures.province_history` of dimensions and sub-dimensions in the editions of the newest method held."""
    parts = scores[scores["level"].isin(["dimension", "sub_dimension"])]
    history = measures.province_history(parts, province_code)
    methods = history["edition_year"].map(lambda year: catalogue().segment(total_id, int(year)))
    newest = methods[history["score"].notna()].max()
    return history[methods == newest].reset_index(drop=True)


def dimension_scores(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """Score, change, rank and group in the newest edition with a total: one row per dimension, the total last.

    Columns: those of `measures.province_history`, plus previous_edition, previous_score, change and crosses. They
    set it beside the newest edition before it with a total; change is missing across a break, and crosses names
    that; all are missing where there is no edition before, previous_score where a dimension is newer than that.
    """
    history = measures.province_history(scores[scores["level"].isin(["total", "dimension"])], province_code)
    years = sorted(history.loc[(history["component_id"] == total_id) & history["score"].notna(), "edition_year"])
    now = history[(history["edition_year"] == (years or [0])[-1]) & history["score"].notna()].copy()
    before = years[-2] if len(years) > 1 else None
    past = history[history["edition_year"] == (before or 0)].set_index("component_id")["score"]
    now["previous_edition"] = pd.array([before or pd.NA] * len(now), dtype="Int64")
    now["previous_score"] = now["component_id"].map(past).astype(float)
    crossed = [
        catalogue().breaks_between(component, before, years[-1], "break") if before else []
        for component in now["component_id"]
    ]
    now["crosses"] = [" ".join(str(b.edition_year) for b in breaks) for breaks in crossed]
    now["change"] = (now["score"] - now["previous_score"]).where(now["crosses"] == "")
    order = {c.component_id: place for place, c in enumerate(catalogue().components_of(total_id.split("_total")[0]))}
    order[total_id] = len(order)
    return now.sort_values("component_id", key=lambda ids: ids.map(order), ignore_index=True)


def channel_shares(workload: pd.DataFrame) -> pd.DataFrame:
    """Dossiers of the newest quarter by channel, largest first: counts, share from the counts, printed share.

    Columns: channel, count, total, share (%), printed (%), contradicted, period_start, period_end, source_id.
    """
    received = workload[
        (workload["measure"] == "dossiers_received") & (workload["level"] == "all") & (workload["agency"] == "")
    ]
    totals = received[received["channel"] == "all"].sort_values("period_end")
    if totals.empty:
        return pd.DataFrame(columns=["channel", "contradicted"])
    whole = totals.iloc[-1]
    same = (received["period_start"] == whole["period_start"]) & (received["period_end"] == whole["period_end"])
    parts = received[same & received["channel"].isin(["online", "direct", "postal"])].sort_values(
        "value", ascending=False
    )
    shares = workload[
        (workload["measure"] == "dossiers_received_share")
        & (workload["period_end"] == whole["period_end"])
        & (workload["level"] == "all")
    ].set_index("channel")
    rows = [
        {
            "channel": row.channel,
            "count": row.value,
            "total": whole["value"],
            "share": measures.share_from_counts(row.value, whole["value"]),
            "printed": float(shares.at[row.channel, "value_printed"]) if row.channel in shares.index else np.nan,
            "contradicted": row.channel in shares.index and shares.at[row.channel, "basis"] == "recomputed",
            "period_start": row.period_start,
            "period_end": row.period_end,
            "source_id": row.source_id,
        }
        for row in parts.itertuples()
    ]
    columns = [
        "channel",
        "count",
        "total",
        "share",
        "printed",
        "contradicted",
        "period_start",
        "period_end",
        "source_id",
    ]
    return pd.DataFrame(rows, columns=columns)


def procedure_parts(workload: pd.DataFrame) -> pd.DataFrame:
    """Procedures published in the newest period, split by level and by kind of change.

    Columns: split (`level` or `kind`), part (level, or measure), value, period_start, period_end, source_id.
    """
    published = workload[workload["measure"] == "procedures_published"]
    if published.empty:
        return pd.DataFrame(columns=["split", "part", "value"])
    newest = published["period_end"].max()
    table = measure_table()
    kinds = set(table.loc[table["part_of"] == "procedures_published", "measure"])
    rows = workload[workload["period_end"] == newest]
    by_level = rows[(rows["measure"] == "procedures_published") & (rows["level"] != "all")].assign(split="level")
    by_kind = rows[rows["measure"].isin(kinds)].assign(split="kind")
    parts = pd.concat([by_level.assign(part=by_level["level"]), by_kind.assign(part=by_kind["measure"])])
    return parts[["split", "part", "value", "period_start", "period_end", "source_id"]].reset_index(drop=True)


def digital_adoption(workload: pd.DataFrame) -> pd.DataFrame:
    """Digital work by level: level, using (agencies with document software), total, share (%), signatures (%).

    signatures: use of personal digital signatures; the whole province stands first where it is held. Each of the newest
    period; period_start, period_end and source_id are those of the row's newest figure.
    """
    names = {
        "agencies_using_document_software": "using",
        "agencies_total": "total",
        "personal_digital_signature_use_share": "signatures",
    }
    order = ["all", "province", "district", "commune"]
    rows = workload[workload["measure"].isin(names) & workload["level"].isin(order)].sort_values("period_end")
    wide = rows.pivot_table(index="level", columns="measure", values="value", aggfunc="last").reindex(columns=names)
    wide = wide.rename(columns=names).join(rows.groupby("level")[["period_start", "period_end", "source_id"]].last())
    wide["share"] = measures.share_from_counts(wide["using"], wide["total"])
    wide = wide.reset_index().sort_values("level", key=lambda levels: levels.map(order.index), ignore_index=True)
    return wide[["level", "using", "total", "share", "signatures", "period_start", "period_end", "source_id"]]


def workload_results(workload: pd.DataFrame) -> pd.DataFrame:
    """Results of the workload as shares of what was planned or aimed at: one row per result.

    Columns: measure, channel, period_start, period_end, value (%), target (%), points_over, source_id. Tasks
    of the annual plan are held against the whole plan, those due in a period against that period.
    """
    rows = []
    for row in measures.against_target(workload, "dossiers_received_share").itertuples():
        if row.channel == "online":
            rows.append(
                {
                    "measure": row.measure,
                    "channel": row.channel,
                    "period_start": row.period_start,
                    "period_end": row.period_end,
                    "value": row.value,
                    "target": row.target,
                    "source_id": row.source_id,
                }
            )
    done = workload[workload["measure"] == "par_plan_tasks_done"]
    bases = workload[workload["measure"].isin(["par_plan_tasks_planned", "par_plan_tasks_due_in_period"])]
    for row in done.itertuples():
        base = bases[
            (bases["period_start"] <= row.period_start)
            & (bases["period_end"] >= row.period_end)
            & (bases["period_start"].dt.year == row.period_start.year)
        ].sort_values("period_end")
        if row.period_kind == "day":
            base = base[base["measure"] == "par_plan_tasks_planned"]
        if base.empty:
            continue
        whole = base["value"].iloc[0]
        rows.append(
            {
                "measure": "par_plan_tasks_done",
                "channel": "",
                "period_start": row.period_start,
                "period_end": row.period_end,
                "value": measures.share_from_counts(row.value, whole),
                "target": np.nan,
                "count": row.value,
                "of": whole,
                "source_id": row.source_id,
            }
        )
    frame = pd.DataFrame(
        rows,
        columns=["measure", "channel", "period_start", "period_end", "value", "target", "count", "of", "source_id"],
    )
    frame["points_over"] = frame["value"] - frame["target"]
    return frame.sort_values(["measure", "period_end"], ignore_index=True)


def public_service_units(workload: pd.DataFrame) -> pd.DataFrame:
    """Public service units by year: the printed level and the earlier levels that its printed changes imply.

    Columns: period_end, value, basis (`printed` or `derived`: level less stated change), source_id.
    """
    levels = workload[workload["measure"] == "public_service_units"]
    rows = [
        {"period_end": row.period_end, "value": row.value, "basis": "printed", "source_id": row.source_id}
        for row in levels.itertuples()
    ]
    for change in workload[workload["measure"] == "public_service_units_change"].itertuples():
        level = levels[levels["period_end"] == change.period_end]
        if len(level):
            rows.append(
                {
                    "period_end": change.period_start,
                    "value": level["value"].iloc[0] - change.value,
                    "basis": "derived",
                    "source_id": change.source_id,
                }
            )
    return pd.DataFrame(rows, columns=["period_end", "value", "basis", "source_id"]).sort_values(
        "period_end", ignore_index=True
    )


WATCH_COLUMNS = [
    "task_number",
    "short_title",
    "short_title_en",
    "kind",
    "indicator",
    "edition_year",
    "period_start",
    "period_end",
    "value",
    "unit",
    "rank",
    "rank_basis",
    "n_ranked",
    "percentile_position",
    "basis",
    "score_decimals",
    "group",
    "previous_edition",
    "previous_position",
    "previous_rank",
    "previous_rank_basis",
    "previous_n_ranked",
    "change",
    "crosses",
    "source_id",
]


def reform_watch(
    province_code: str, *, as_of: date | str, until: Quarter | str, boundary: str = "pre_2025"
) -> pd.DataFrame:
    """The groups of tasks that the province has set, with the newest figure of every indicator that watches them.

    One row per task and indicator: task_number, short_title, short_title_en, kind (`index` or `workload`),
    indicator, edition_year or period_end, value, unit, rank, n_ranked, percentile_position, previous_position,
    previous_rank, previous_n_ranked, group, change, crosses, source_id. An indicator with nothing held keeps its row,
    with a missing value; a province that has set no tasks has no rows.
    """
    rows = []
    loaded = {
        index_id: load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
        for index_id in catalogue().indices
    }
    workload = load_workload(province_code, until=until, as_of=as_of, boundary=boundary)
    tasks = reform_tasks()
    for task in tasks[(tasks["boundary"] == boundary) & (tasks["province_code"] == province_code)].itertuples():
        common = {
            "task_number": int(task.task_number),
            "short_title": task.short_title,
            "short_title_en": task.short_title_en,
        }
        for component_id in task.component_ids.split():
            index_id = next(i for i in catalogue().indices if component_id.startswith(i + "_"))
            scores = loaded[index_id]
            own = scores[scores["component_id"] == component_id]
            history = measures.province_history(own, province_code)
            history = history[history["score"].notna() | history["rank"].notna()]
            row = common | {"kind": "index", "indicator": component_id}
            if len(history):
                last = history.iloc[-1]
                row |= {
                    name: last[name]
                    for name in (
                        "edition_year",
                        "score",
                        "unit",
                        "rank",
                        "rank_basis",
                        "n_ranked",
                        "percentile_position",
                        "basis",
                        "score_decimals",
                        "source_id",
                    )
                }
                row["value"] = row.pop("score")
                row["group"] = last["group_derived"]
                if len(history) > 1:
                    past = history.iloc[-2]
                    years = past["edition_year"], last["edition_year"]
                    crossed = [b for b in catalogue().breaks_between(component_id, *years) if b.ranks != "marked"]
                    row["previous_edition"] = past["edition_year"]
                    row["previous_position"] = past["percentile_position"]
                    row["previous_rank"], row["previous_n_ranked"] = past["rank"], past["n_ranked"]
                    row["previous_rank_basis"] = past["rank_basis"]
                    row["change"] = np.nan if crossed else last["score"] - past["score"]
                    row["crosses"] = " ".join(str(b.edition_year) for b in crossed)
            rows.append(row)
        for measure in task.measures.split():
            figures = workload[
                (workload["measure"] == measure)
                & (workload["level"].isin(["all", "province"]))
                & (workload["channel"].isin(["", "online"]))
            ].sort_values(["period_end", "level"], ascending=[True, False])  # the whole province last, if held
            row = common | {"kind": "workload", "indicator": measure}
            if len(figures):
                last = figures.iloc[-1].copy()
                if last["level"] != "all":
                    # a count known level by level only: the whole province is their sum
                    levels = workload[(workload["measure"] == measure) & (workload["period_end"] == last["period_end"])]
                    last["value"] = levels["value"].sum()
                row |= {
                    "period_start": last["period_start"],
                    "period_end": last["period_end"],
                    "value": last["value"],
                    "unit": last["unit"],
                    "source_id": last["source_id"],
                }
            rows.append(row)
    frame = pd.DataFrame(rows).reindex(columns=WATCH_COLUMNS)
    return frame


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
    (of the workload the quarters `held`), kind (`not_published`, `not_surveyed`, `not_collected`, `blank`,
    `not_existing`, `known_later`: from a source that came out after the day; `parts`: what is held instead of the
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
    for kind in ("not_published", "not_surveyed", "not_collected", "blank", "known_later"):
        gaps.append(("total", totals.loc[totals["missing"] == kind, "edition_year"], kind))
    held = own[own["level"] == "dimension"].groupby("edition_year")["score"].count()
    without_total = totals.loc[totals["missing"] != "", "edition_year"]
    empty = held.index[held == 0].difference(without_total)
    gaps.append(("dimension", empty, "not_collected"))
    other = _other_parts(own, index_id)
    other = other[other["edition_year"].isin(empty)].groupby("edition_year")["component_id"].agg(tuple)
    return [
        (index_id, level, tuple(sorted(map(int, years))), kind, ())
        for level, years, kind in gaps
        if len(years) or kind == "not_existing"
    ] + [(index_id, "dimension", (year,), "parts", parts) for year, parts in other.items()]
