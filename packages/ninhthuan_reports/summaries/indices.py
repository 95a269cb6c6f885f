"""Frames of the indices: histories of a province, its dimensions, the provinces around it and all of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ninhthuan import measures
from ninhthuan.analysis.certainty import NoErrors, rank_certainty
from ninhthuan.analysis.change import change_limit
from ninhthuan.catalogue import catalogue
from ninhthuan.datasets import policies
from ninhthuan.indicators import load_index, national_statements
from ninhthuan.measures import latest_pair
from ninhthuan.reference import GROUPS
from ninhthuan.refusals import NotComparable


def known_rows(history: pd.DataFrame) -> pd.DataFrame:
    """Rows of a history that hold a score or a rank."""
    return history[history["score"].notna() | history["rank"].notna()]


def index_histories(province_code: str, *, as_of: date | str | None = None, boundary: str = "pre_2025") -> pd.DataFrame:
    """Totals of the five indices of one province, edition by edition (see `total_history`)."""
    histories = [total_history(name, province_code, as_of=as_of, boundary=boundary) for name in catalogue().indices]
    return pd.concat([history for history in histories if len(history)] or histories[:1], ignore_index=True)


def total_history(
    index_id: str,
    province_code: str,
    *,
    as_of: date | str | None = None,
    boundary: str = "pre_2025",
    component_id: str = "",
) -> pd.DataFrame:
    """Total of one index, or a component of it, over the editions for one province, with what it is read against.

    Rows and columns of `measures.province_history`, plus national_mean (as a source states it, where the scores of all
    provinces are not there) and, of the newest total of PAPI, what survey errors as large as in 2019 would allow:
    rank_low and rank_high (see `certainty.rank_certainty`) and standard_error (points).
    """
    scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    component_id = component_id or f"{index_id}_total"
    history = measures.province_history(scores[scores["component_id"] == component_id], province_code)
    stated = national_statements(index_id, as_of, boundary, "strict")
    stated = stated[(stated["statistic"] == "mean") & (stated["component_id"] == component_id)]
    means = history["edition_year"].map(stated.groupby("edition_year")["value"].first())
    history["national_mean"] = means.where(~history["complete"].astype(bool))
    history[["rank_low", "rank_high", "standard_error"]] = np.nan
    scored = history[history["score"].notna()]
    if component_id == "papi_total" and len(scored):
        try:
            newest = rank_certainty(
                scores, int(scored["edition_year"].iloc[-1]), errors="as_2019", province_code=province_code
            )
        except (NoErrors, NotComparable):
            return history
        for column in ("rank_low", "rank_high", "standard_error", "source_id"):
            history.loc[scored.index[-1], column] = newest[column].iloc[0]
    return history


def component_gaps(
    index_id: str, province_code: str, *, as_of: date | str | None = None, boundary: str = "pre_2025"
) -> pd.DataFrame:
    """Components of the newest edition of which every province's score is known, by distance to the median.

    Columns: those of `measures.province_history`, plus gap (points over the median of the edition) and score_error
    (points that survey error alone may put between them; missing where none is published); previous_edition, known
    alike, with previous_score and, where it is the same component, change and limit (see
    `change.change_limit`); newest_edition, later where scores of part of the provinces are known of a later one.
    Where no median can be had gap is missing, and the rows are what is known of components, else of other parts.
    """
    same = catalogue().same_component
    scores = load_index(index_id, as_of=as_of, boundary=boundary, sources="strict")
    history = measures.province_history(scores[scores["level"] == "dimension"], province_code)
    scored = history[history["score"].notna()]
    whole = scored[scored["complete"]]
    if whole.empty:
        rest = scored if len(scored) else measures.province_history(other_parts(scores, index_id), province_code)
        return rest.assign(gap=np.nan)
    before, year = [None, *sorted(whole["edition_year"].unique())][-2:]
    rows = whole[whole["edition_year"] == year].assign(gap=lambda frame: frame["score"] - frame["median"])
    past = scored[scored["edition_year"] == before].set_index("component_id")
    alike = np.array([before is not None and same(c, before, year) for c in rows["component_id"]])
    rows["previous_edition"] = pd.array([before] * len(rows), dtype="Int64")
    rows["previous_score"] = rows["component_id"].map(past["score"])
    rows["change"] = (rows["score"] - rows["previous_score"]).where(alike)
    limits = [
        change_limit(part, province_code, int(before), int(year), boundary) if pd.notna(change) else np.nan
        for part, change in zip(rows["component_id"], rows["change"], strict=True)
    ]
    rows["limit"] = pd.Series(limits, index=rows.index, dtype=float)
    rows["score_error"] = score_errors(rows)
    rows["newest_edition"] = scores.loc[scores["score"].notna(), "edition_year"].max()
    return rows.sort_values("gap", ascending=False, kind="stable", ignore_index=True)


def near_edge(row) -> str:
    """The group beyond a quartile to which a score is as near as two decimals show, or nothing."""
    cuts = row.upper_quartile, row.median, row.lower_quartile
    near = (place for place, cut in enumerate(cuts) if abs(row.score - cut) < 0.005)
    return next((GROUPS[place + (GROUPS[place] == row.group_derived)] for place in near), "")


def score_errors(rows: pd.DataFrame) -> pd.Series:
    """Points that survey error alone may put between each score and a fixed mark; missing where none is published.

    rows: with component_id, province_code, edition_year and boundary.
    """
    columns = (rows[name] for name in ("component_id", "province_code", "edition_year", "boundary"))
    found = [change_limit(part, code, int(year), int(year), b) for part, code, year, b in zip(*columns, strict=True)]
    # a change is the difference of two scores of one error, and has the square root of two of it
    return pd.Series(found, index=rows.index, dtype=float) / 2**0.5


def other_parts(scores: pd.DataFrame, index_id: str) -> pd.DataFrame:
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
    scored = cells[cells["score"].notna()]
    return cells[cells["edition_year"] == scored["edition_year"].max()].reset_index(drop=True)


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
    """`measures.province_history` of dimensions and sub-dimensions in the editions of the newest method known."""
    parts = scores[scores["level"].isin(["dimension", "sub_dimension"])]
    history = measures.province_history(parts, province_code)
    methods = history["edition_year"].map(lambda year: catalogue().segment(total_id, int(year)))
    newest = methods[history["score"].notna()].max()
    return history[methods == newest].reset_index(drop=True)


def dimension_scores(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """Score, change, rank and group in the newest edition with a total: one row per dimension, the total last.

    Columns: those of `measures.province_history`, plus previous_edition, previous_score, change, limit (see
    `change.change_limit`; of what is the same component) and crosses. They set it beside the newest edition before it
    with a total; change is missing across a break, and crosses names that; all are missing where there is no edition
    before, previous_score where a dimension is newer than that.
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
    same = catalogue().same_component
    limits = [
        change_limit(part, province_code, before, years[-1], boundary)
        if before and same(part, before, years[-1])
        else None
        for part, boundary in zip(now["component_id"], now["boundary"], strict=True)
    ]
    now["limit"] = pd.Series(limits, index=now.index, dtype=float).where(now["change"].notna())
    order = {c.component_id: place for place, c in enumerate(catalogue().components_of(total_id.split("_total")[0]))}
    order[total_id] = len(order)
    return now.sort_values("component_id", key=lambda ids: ids.map(order), ignore_index=True)
