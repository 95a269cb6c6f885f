"""Measures: frames in, frames out, nothing read and nothing drawn.

Frames are those of `indicators.load_index`: one row per edition, province and component. Ranks count 1 as best and
always travel with their denominator. A comparison across a break of method raises `NotComparable` unless the caller
chooses `rule="positions"`; the row then names the break in the column `crosses`.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from .asking import accepts_names
from .catalogue import catalogue
from .reference import GROUPS

CELL = ["edition_year", "component_id"]
QUARTILES = dict(zip(GROUPS[:3], (0.75, 0.5, 0.25), strict=True))  # of a group its lowest share, by PAPI's rule


def decimals_of(printed: str) -> int:
    """Decimals of a printed number: '45.5052' has 4."""
    return len(printed.partition(".")[2])


# storage noise of transcribed tables (float32) and of totals printed with five decimals
NOISE = 0.00002


def agree(printed: str, other: str) -> bool:
    """Whether two printed numbers are the same figure, one perhaps rounded further than the other."""
    coarser = min(decimals_of(printed), decimals_of(other))
    return abs(float(printed) - float(other)) <= max(0.5 * 10.0**-coarser + 1e-9, NOISE)


def joined_sources(cells) -> str:
    """Every source that some cells name, each once and in order: cells may name several, with blanks between."""
    return " ".join(sorted({part for cell in cells for part in cell.split()}))


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with names in both languages beside its codes: province, component and index; every code stays.

    After `province_code` come `province` and `province_en`, after `other_code` `other` and `other_en`, and so on for
    `component_id` and `index_id`. A component bears the name that it has in the row's `edition_year`, or without
    one its newest; a province that of the row's `boundary`, else of the frame's.
    """
    known, named_frame = catalogue(), frame.copy()
    boundary = frame["boundary"] if "boundary" in frame else frame.attrs.get("boundary", "pre_2025")
    newest = {part.component_id: part for part in sorted(known.components, key=lambda part: part.first_edition)}

    def province(code, where):
        return known.provinces.get((where, code))

    def definition(component_id, year=None):
        if pd.isna(year):
            return newest.get(component_id)
        spans = (p for p in known.components if p.component_id == component_id and p.exists_in(year))
        return next(spans, newest.get(component_id))

    kinds = {
        "province_code": ("province", [boundary], province),
        "other_code": ("other", [boundary], province),
        "component_id": ("component", [frame["edition_year"]] if "edition_year" in frame else [], definition),
        "index_id": ("index", [], lambda index_id: known.indices.get(index_id)),
    }
    for column, (name, beside, find) in kinds.items():
        if column not in frame:
            continue
        keys = pd.DataFrame(dict(enumerate([frame[column], *beside])), index=frame.index)
        place = keys.groupby(list(keys), sort=False, dropna=False).ngroup()
        rows = [find(*key) for key in keys[~place.duplicated()].itertuples(index=False, name=None)]
        for ending in ("", "_en"):
            texts = pd.Series([getattr(row, f"name{ending}", None) for row in rows], dtype="str")
            named_frame[name + ending] = texts.reindex(place).set_axis(frame.index)
    order = dict.fromkeys(
        name
        for column in named_frame
        for name in (column, *(f"{kinds[column][0]}{ending}" for ending in ("", "_en") if column in kinds))
    )
    return named_frame[list(order)]


def rank_used(scores: pd.DataFrame) -> pd.Series:
    """The derived rank, which is there where every score is available, else the published one."""
    return scores["rank_derived"].fillna(scores["rank_published"])


# ------------------------------------------------------------------------------------------- position among provinces


def ranks(scores: pd.DataFrame) -> pd.Series:
    """Rank of each score among the provinces of its edition and component (1 is best, ties share the best rank).

    >>> ranks(pd.DataFrame({"edition_year": 2023, "component_id": "x", "score": [40.0, 45.5, None]})).tolist()
    [2.0, 1.0, nan]
    """
    return scores.groupby(CELL)["score"].rank(ascending=False, method="min")


def percentile_position(rank: pd.Series, n_ranked: pd.Series) -> pd.Series:
    """Share of the other provinces that stand lower, 0-100: 100 is first, 0 is last.

    It can be compared across indices and years because it does not depend on the scale or on how many
    provinces were ranked.
    """
    return 100 * (n_ranked - rank) / (n_ranked - 1).where(n_ranked > 1)


def quartile_groups(scores: pd.DataFrame) -> pd.Series:
    """Group of each score by PAPI's rule: at or above the 75th, 50th and 25th percentile of the provinces scored.

    Values are `high`, `upper_middle`, `lower_middle`, `low` or missing. Published groups may differ by one
    province at a boundary: the publisher's own group sizes vary from year to year.
    """
    by_cell = scores.groupby(CELL)["score"]
    place = by_cell.ngroup()
    cuts = [place.map(pd.Series(by_cell.quantile(q).to_numpy())) for q in QUARTILES.values()]
    named = np.select([scores["score"] >= cut for cut in cuts], GROUPS[:3], GROUPS[3])
    return pd.Series(named, index=scores.index, dtype="str").where(scores["score"].notna())


def position_groups(percentile_position: pd.Series) -> pd.Series:
    """The same four groups from places alone, for editions with ranks but no scores.

    Without ties a score lies at or above the 75th percentile exactly where its place does, so both rules agree.
    """
    named = np.select([percentile_position >= 100 * cut for cut in QUARTILES.values()], GROUPS[:3], GROUPS[3])
    return pd.Series(named, index=percentile_position.index, dtype="str").where(percentile_position.notna())


def of_whole_list(scores: pd.DataFrame) -> pd.Series:
    """Whether each row is of an edition and component whose list is complete; an incomplete list ranks nothing.

    Only of whole lists are there derived ranks (`indicators.load_index`), so these tell. A frame without them is whole.
    """
    if "rank_derived" not in scores:
        return pd.Series(True, index=scores.index)
    return scores["rank_derived"].notna().groupby([scores[column] for column in CELL]).transform("any")


def distribution(scores: pd.DataFrame) -> pd.DataFrame:
    """Spread of the scores of all provinces: one row per edition and component with a complete list.

    Columns: n, lowest, lower_quartile, median, upper_quartile, highest (in the unit of the score).
    """
    scores = scores[of_whole_list(scores)]
    grouped = scores.groupby(CELL)["score"]
    spread = grouped.agg(n="count", lowest="min", median="median", highest="max")
    spread.insert(2, "lower_quartile", grouped.quantile(0.25))
    spread.insert(4, "upper_quartile", grouped.quantile(0.75))
    return spread[spread["n"] > 0].reset_index()


def rank_bases(scores: pd.DataFrame) -> pd.Series:
    """What the rank used rests on: `derived` from all scores, `published`, `implied` by a stated change, or `ordered`,
    as a source lists the provinces."""
    bases = scores.get("rank_published_basis", pd.Series("", index=scores.index))
    ways = [scores["rank_derived"].notna(), scores["rank_published"].isna(), bases == "derived", bases == "ordered"]
    return pd.Series(np.select(ways, ["derived", "", "implied", "ordered"], "published"), index=scores.index)


@accepts_names
def province_history(scores: pd.DataFrame, province_code: str) -> pd.DataFrame:
    """Rows of one province with the spread of all provinces beside them.

    `rank` is the rank used (derived where every score is available, else as published) and `rank_basis` says which
    (see `rank_bases`); `complete` tells whether every province scored is there: without that there is no spread.
    """
    own = scores[scores["province_code"] == province_code]
    history = own.merge(distribution(scores), on=CELL, how="left")
    history["rank"], history["rank_basis"] = rank_used(history), rank_bases(history)
    history["complete"] = history["n"].notna()
    history["segment"] = [
        catalogue().segment(component, year)
        for component, year in zip(history["component_id"], history["edition_year"], strict=True)
    ]
    return history.sort_values(CELL).reset_index(drop=True)


# -------------------------------------------------------------------------------------------------- change over time


HOW_KNOWN = ("basis", "rank_basis", "score_decimals")
CHANGE_COLUMNS = [
    *("edition_year", "component_id", "previous_edition", "score", "previous_score", "score_change"),
    *("rank", "previous_rank", "rank_change", "n_ranked", "previous_n_ranked", "crosses", "cautions"),
    *HOW_KNOWN,
    *(f"previous_{name}" for name in HOW_KNOWN),
]


@accepts_names
def changes(scores: pd.DataFrame, province_code: str, rule: str = "refuse") -> pd.DataFrame:
    """Change of score and of rank of one province from each edition to the next available one.

    Columns: edition_year, component_id, previous_edition, score, previous_score, score_change, rank,
    previous_rank, rank_change (positive is places gained), n_ranked, previous_n_ranked, crosses, cautions; basis,
    rank_basis and score_decimals of the edition, and of the one before under previous_*.

    rule: `refuse` raises NotComparable at a break; `positions` keeps the row, names the break in `crosses` and leaves
    score_change missing, and rank_change too where ranks may only stand side by side (`Catalogue.ranks_comparable`).
    cautions: years in which the measure changed in part (`Catalogue.marks`).
    """
    if rule not in ("refuse", "positions"):
        raise ValueError(f"rule must be 'refuse' or 'positions', not {rule!r}")
    history = province_history(scores, province_code)
    history = history[history["score"].notna() | history["rank"].notna()]
    rows = [
        _change(component_id, earlier, later, rule)
        for component_id, rows_of_one in history.groupby("component_id", sort=False)
        for earlier, later in itertools.pairwise(rows_of_one.sort_values("edition_year").itertuples())
    ]
    return pd.DataFrame(rows, columns=CHANGE_COLUMNS).astype({"rank_change": "Int64"})


def _change(component_id: str, earlier, later, rule: str) -> dict:
    """The row of `changes` of two editions that follow one another."""
    known, years = catalogue(), (earlier.edition_year, later.edition_year)
    if rule == "refuse":
        known.check_comparable(component_id, *years)
    crossed = known.breaks_between(component_id, *years, severity="break")
    cautions = [str(b.edition_year) for b in known.marks(component_id, *years) if b.severity != "break"]
    return {
        "edition_year": later.edition_year,
        "component_id": component_id,
        "previous_edition": earlier.edition_year,
        "score": later.score,
        "previous_score": earlier.score,
        "score_change": np.nan if crossed else later.score - earlier.score,
        "rank": later.rank,
        "previous_rank": earlier.rank,
        "rank_change": earlier.rank - later.rank if known.ranks_comparable(component_id, *years) else pd.NA,
        "n_ranked": later.n_ranked,
        "previous_n_ranked": earlier.n_ranked,
        "crosses": " ".join(str(b.edition_year) for b in crossed),
        "cautions": " ".join(dict.fromkeys(cautions)),
        **{name: getattr(later, name, None) for name in HOW_KNOWN},
        **{f"previous_{name}": getattr(earlier, name, None) for name in HOW_KNOWN},
    }


@accepts_names
def decomposition(
    scores: pd.DataFrame,
    province_code: str,
    year_from: int,
    year_to: int,
    total_id: str = "papi_total",
    level: str = "dimension",
) -> pd.DataFrame:
    """What each part adds to the change of a total that is a plain sum: one row per part.

    level: `dimension` or `sub_dimension`. A part that is not the same component in both editions (see
    `Catalogue.same_component`) cannot be split into change and method: it stays one row, whole, with
    `same_component` false; its change is what was measured anew together with how.

    Columns: component_id, component, component_en, same_component, score_from, score_to, contribution (points),
    rank_from, rank_to, n_ranked_from, n_ranked_to; a score is missing where the part did not exist. `attrs` hold
    total_from, total_to and residual, what the contributions lack of the change of the published total, which is
    printed with fewer decimals.
    Raises NotComparable across a break and ValueError where a part or a total is missing.
    """
    known = catalogue()
    known.check_comparable(total_id, year_from, year_to)
    if not known.component(total_id, year_to).parts_sum:
        raise ValueError(f"{total_id} is not a plain sum of its parts")
    own = scores[scores["province_code"] == province_code].set_index(["component_id", "edition_year"])
    rows = [
        {
            "component_id": part,
            "same_component": same,
            "score_from": before.get("score", np.nan),
            "score_to": after.get("score", np.nan),
            "contribution": after.get("score", 0.0) - before.get("score", 0.0),
            "rank_from": before.get("rank_derived", pd.NA),
            "rank_to": after.get("rank_derived", pd.NA),
            "n_ranked_from": before.get("n_ranked", pd.NA),
            "n_ranked_to": after.get("n_ranked", pd.NA),
        }
        for part, same in split_parts(total_id, year_from, year_to, level)
        for before, after in [tuple(_cell(own, part, year) for year in (year_from, year_to))]
    ]
    parts_frame = named(pd.DataFrame(rows))
    totals = [_cell(own, total_id, year).get("score", np.nan) for year in (year_from, year_to)]
    if parts_frame["contribution"].isna().any() or any(pd.isna(total) for total in totals):
        raise ValueError(f"{total_id} of {province_code}: a part or a total of {year_from} or {year_to} is missing")
    parts_frame.attrs = {
        "total_from": totals[0],
        "total_to": totals[1],
        "residual": totals[1] - totals[0] - parts_frame["contribution"].sum(),
    }
    return parts_frame


def _cell(own: pd.DataFrame, component_id: str, year: int) -> pd.Series | dict:
    """A row of a province; empty where the component did not exist in that edition."""
    return own.loc[(component_id, year)] if (component_id, year) in own.index else {}


def split_parts(component_id: str, year_from: int, year_to: int, level: str) -> list[tuple[str, bool]]:
    """Parts of a component down to a level, and whether each is the same; what is defined anew is not split further."""
    known, found = catalogue(), []
    parts = {p.component_id: p for year in (year_to, year_from) for p in known.parts_of(component_id, year)}
    for part in sorted(parts.values(), key=lambda each: [int(n) for n in each.number.split(".")]):
        same = known.same_component(part.component_id, year_from, year_to)
        alike = known.same_definition(part.component_id, year_from, year_to)
        if not alike or part.level == level or not known.parts_of(part.component_id, year_to):
            found.append((part.component_id, same))
        else:
            found += split_parts(part.component_id, year_from, year_to, level)
    return found


# ------------------------------------------------------------------------------------------------------ gaps to others


@accepts_names
def gaps(scores: pd.DataFrame, province_code: str, edition_year: int, component_id: str) -> pd.DataFrame:
    """Distance of one province to reference values in one edition: one row per reference, in points.

    References: national_median, region_median, best, own_best (within the same method), next_group (the
    lowest score of the group above; absent for a province of the high group). `gap` is own minus reference.
    """
    cell = scores[(scores["edition_year"] == edition_year) & (scores["component_id"] == component_id)]
    own = cell[cell["province_code"] == province_code]
    if own.empty or pd.isna(own["score"].iloc[0]):
        return pd.DataFrame(columns=["reference", "value", "gap", "at"])
    score, group = own["score"].iloc[0], own["group_derived"].iloc[0]
    known = catalogue()
    rows: list[tuple[str, float, str]] = []
    if cell["rank_derived"].notna().any():
        rows.append(("national_median", cell["score"].median(), ""))
        boundary = own["boundary"].iloc[0]
        region = known.provinces[(boundary, province_code)].region_id
        in_region = cell.loc[cell["province_code"].isin(known.region_mates(boundary, province_code)), "score"]
        if in_region.notna().any():
            rows.append(("region_median", in_region.median(), region))
        best = cell.loc[cell["score"].idxmax()]
        rows.append(("best", best["score"], best["province_code"]))
        if group in GROUPS[1:]:
            above = GROUPS[GROUPS.index(group) - 1]
            rows.append(("next_group", cell.loc[cell["group_derived"] == above, "score"].min(), above))
    past = scores[
        (scores["province_code"] == province_code)
        & (scores["component_id"] == component_id)
        & (scores["edition_year"] <= edition_year)
        & scores["score"].notna()
    ]
    segment = known.segment(component_id, edition_year)
    past = past[[known.segment(component_id, year) == segment for year in past["edition_year"]]]
    own_best = past.loc[past["score"].idxmax()]
    rows.append(("own_best", own_best["score"], str(own_best["edition_year"])))
    return pd.DataFrame([{"reference": r, "value": v, "gap": score - v, "at": at} for r, v, at in rows])


@accepts_names
def nearest_rivals(scores: pd.DataFrame, province_code: str, edition_year: int, component_id: str, each: int = 4):
    """Codes of the provinces ranked next above and next below in one edition, best first, own code among them."""
    cell = scores[
        (scores["edition_year"] == edition_year) & (scores["component_id"] == component_id) & scores["score"].notna()
    ].sort_values(["score", "province_code"], ascending=[False, True])
    codes = list(cell["province_code"])
    if len(scores) and component_id not in set(scores["component_id"]):
        raise ValueError(f"there is no score of {component_id!r} here")
    if province_code not in codes:
        return []
    place = codes.index(province_code)
    return codes[max(0, place - each) : place + each + 1]


def newest_edition(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> int | None:
    """Newest edition with a total of the province, or None."""
    own = scores[
        (scores["province_code"] == province_code) & (scores["component_id"] == total_id) & scores["score"].notna()
    ]
    return int(own["edition_year"].max()) if len(own) else None


def latest_pair(scores: pd.DataFrame, province_code: str, total_id: str) -> tuple[int, int] | None:
    """The two newest editions of a total with a score of the province that can be compared, or None."""
    own = scores[
        (scores["province_code"] == province_code) & (scores["component_id"] == total_id) & scores["score"].notna()
    ]
    years = sorted(own["edition_year"])
    if len(years) < 2 or catalogue().breaks_between(total_id, years[-2], years[-1], "break"):
        return None
    return years[-2], years[-1]
