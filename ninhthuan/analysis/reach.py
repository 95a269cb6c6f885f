"""What it would take: distances to the next group, to others and to the own best, and how often such gaps closed.

Nothing here is a forecast. `closed_share` counts what happened: the share of province-years (one province from one
edition to the next, of one method and one definition of the component) in which the score rose at least as much.
Frames in, frames out; an absolute rise is set against a standing threshold, so that movements of the others, which
shift thresholds too, are left aside.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from ..asking import accepts_names, because
from ..catalogue import catalogue
from ..measures import QUARTILES, joined_sources, newest_edition
from ..reference import GROUPS
from .change import noise_share

SHOWN_SUB_DIMENSIONS = 15
WHOLE = {"rank": "Int64", "n_ranked": "Int64", "n_closed": "Int64"}  # whole numbers that may be missing
EXACT = 9  # decimals to which sums and differences of published scores are exact


def needed_score(others, quantile: float) -> float:
    """The smallest own score that lies at or above a quantile computed again with that score in it.

    others: scores of the other provinces. The quantile is that of `measures.quartile_groups` (linear between
    neighbours, Hyndman and Fan 1996, type 7). With n provinces, the own one among them, and h = (n - 1) * quantile,
    it is the ceil(h)-th lowest of the others: an own score there takes the place that the quantile is read at, and a
    lower one leaves it with the province it would have to pass. Missing scores are left out; missing without others.

    >>> needed_score([1.0, 2.0, 3.0, 4.0], 0.75)
    3.0
    """
    ordered = np.sort(np.asarray([score for score in others if pd.notna(score)], dtype=float))
    if not len(ordered):
        return np.nan
    place = math.ceil(round(len(ordered) * quantile, EXACT))
    return float(ordered[max(place - 1, 0)])


def comparable_years(component_id: str, edition_year: int, years) -> list[int]:
    """Those of some editions in which a component is the same as in one of them (`Catalogue.same_component`)."""
    known = catalogue()
    definition = known.component(component_id, edition_year)
    return sorted(
        year
        for year in {int(year) for year in years}
        if year == edition_year
        or (definition.exists_in(year) and known.same_component(component_id, year, edition_year))
    )


def rises(scores: pd.DataFrame, component_id: str, edition_year: int) -> pd.DataFrame:
    """Every change from one edition to the next, of the method that an edition belongs to: one row a province-year.

    | column | meaning | unit |
    |---|---|---|
    | province_code, boundary | whose change | |
    | edition_year, previous_edition | consecutive editions, one year apart, of the same component | |
    | rise | later minus earlier score, negative for a fall | unit of the score |

    A pair of editions that are not the same component (`Catalogue.same_component`) has no row, and neither has a
    province without a score in either of the two: no gap is bridged. Editions after `edition_year` count too, where the
    frame holds them.
    """
    known = catalogue()
    definition, segment = known.component(component_id, edition_year), known.segment(component_id, edition_year)
    rows = scores[(scores["component_id"] == component_id) & scores["score"].notna()]
    alike = [
        year
        for year in sorted({int(year) for year in rows["edition_year"]})
        if definition.exists_in(year)
        and definition.exists_in(year - 1)
        and known.segment(component_id, year) == segment
        and known.same_component(component_id, year - 1, year)
    ]
    rows = rows[["boundary", "province_code", "edition_year", "score"]]
    before = rows.assign(edition_year=rows["edition_year"] + 1).rename(columns={"score": "score_before"})
    pairs = rows[rows["edition_year"].isin(alike)].merge(before, on=["boundary", "province_code", "edition_year"])
    pairs["previous_edition"] = pairs["edition_year"] - 1
    pairs["rise"] = (pairs["score"] - pairs["score_before"]).round(EXACT)
    columns = ["boundary", "province_code", "edition_year", "previous_edition", "rise"]
    return pairs[columns].sort_values(["edition_year", "province_code"], ignore_index=True)


def _sources(every: pd.DataFrame, past: pd.DataFrame, years: list[int]) -> str:
    """Sources of the scores of one component in the editions that stand beside one another or were counted."""
    used = {*years, *past["edition_year"], *past["previous_edition"]}
    return joined_sources(every.loc[every["edition_year"].isin(used), "source_id"].unique())


def closed(rise: pd.Series, gap: float) -> dict[str, float]:
    """How often a rise of at least `gap` was seen: n_closed, n_year_pairs and closed_share (0-1).

    The share is missing without a gap or without a province-year.

    >>> closed(pd.Series([-0.2, 0.1, 0.3, 0.5]), 0.3)
    {'n_closed': 2, 'n_year_pairs': 4, 'closed_share': 0.5}
    """
    count = int(rise.notna().sum())
    if pd.isna(gap):
        return {"n_closed": pd.NA, "n_year_pairs": count, "closed_share": np.nan}
    seen = int((rise.round(EXACT) >= round(float(gap), EXACT)).sum())
    return {"n_closed": seen, "n_year_pairs": count, "closed_share": seen / count if count else np.nan}


DISTANCE_COLUMNS = [
    *("boundary", "province_code", "edition_year", "component_id", "level", "score", "rank", "n_ranked", "group"),
    *("next_group", "threshold", "gap", "closed_share", "n_closed", "n_year_pairs", "noise_share", "region_best"),
    *("region_best_code", "region_gap", "own_best", "own_best_year", "own_gap", "newest_edition", "source_id"),
]


LEVELS = ("total", "dimension", "sub_dimension")
# a frame of all columns costs ten times as much to cut up
CELL = ["component_id", "boundary", "province_code", "edition_year", "score"]
CELL += ["rank_derived", "n_ranked", "group_derived", "source_id"]


@accepts_names
def distances(
    scores: pd.DataFrame, province_code: str, index_id: str = "papi", *, levels: tuple[str, ...] = LEVELS
) -> pd.DataFrame:
    """How far a province stands from the next group, its region's best and its own best, in its newest edition.

    One row for the total, each dimension and each sub-dimension (of the levels asked for) with a score of the province,
    in official order; the newest edition with a total of the province, so no row where there is none.

    | column | meaning | unit |
    |---|---|---|
    | score, rank, n_ranked, group | the province in that edition, as in `indicators.load_index` | |
    | newest_edition | newest edition with scores of any province, later where it gives this one no total | |
    | next_group | the group above; empty in the high group and where not every score is known | |
    | threshold | smallest own score that reaches it, quartiles computed again (`needed_score`) | unit of the score |
    | gap | threshold minus score, positive | unit of the score |
    | closed_share | share of province-years that rose at least that much (`rises`, `closed`) | 0-1 |
    | n_closed, n_year_pairs | its two counts | |
    | noise_share | share that survey error alone would show to rise so much (`change.noise_share`) | 0-1 |
    | region_best, region_best_code | best score of the region and whose | |
    | own_best, own_best_year | best own score in editions that measure the same, the newest of equals | |
    | region_gap, own_gap | those minus score, 0 where the province is best or at its best | unit of the score |

    Missing: next_group and what follows from it in the high group; the region where a province has none (34 units).
    """
    total_id = f"{index_id}_total"
    edition_year = newest_edition(scores, province_code, total_id)
    if edition_year is None:
        return pd.DataFrame(columns=DISTANCE_COLUMNS)
    rows, newest = [], scores["edition_year"].max()
    scored = dict(iter(scores.loc[scores["score"].notna(), CELL].groupby("component_id")))
    for component in catalogue().components_of(index_id, edition_year):
        if component.level not in levels or component.component_id not in scored:
            continue
        every = scored[component.component_id]
        cell = every[every["edition_year"] == edition_year]
        own = cell[cell["province_code"] == province_code]
        if own.empty:
            continue
        own = own.iloc[0]
        row = {
            "boundary": own["boundary"],
            "province_code": province_code,
            "edition_year": edition_year,
            "component_id": component.component_id,
            "level": component.level,
            "score": own["score"],
            "rank": own["rank_derived"],
            "n_ranked": own["n_ranked"],
            "group": own["group_derived"],
            **_next_group(cell, own),
        }
        past = rises(every, component.component_id, edition_year)
        row |= closed(past["rise"], row["gap"])
        row["noise_share"] = noise_share(row["gap"], component.component_id, own["boundary"])
        years = comparable_years(component.component_id, edition_year, every["edition_year"])
        alike = every[every["edition_year"].isin(years)]
        row |= _region_best(cell, own) | _own_best(alike, own)
        row |= {"newest_edition": newest, "source_id": _sources(every, past, years)}
        rows.append(row)
    return pd.DataFrame(rows, columns=DISTANCE_COLUMNS).astype(WHOLE)


def _next_group(cell: pd.DataFrame, own: pd.Series) -> dict:
    """The group above with the score that reaches it; only of an edition with every score."""
    if pd.isna(own["rank_derived"]) or own["group_derived"] not in GROUPS[1:]:
        return {"next_group": "", "threshold": np.nan, "gap": np.nan}
    above = GROUPS[GROUPS.index(own["group_derived"]) - 1]
    others = cell.loc[cell["province_code"] != own["province_code"], "score"]
    threshold = needed_score(others, QUARTILES[above])
    return {"next_group": above, "threshold": threshold, "gap": round(threshold - own["score"], EXACT)}


def _region_best(cell: pd.DataFrame, own: pd.Series) -> dict:
    """Best score of the region; only of an edition with every score."""
    mates = catalogue().region_mates(own["boundary"], own["province_code"])
    if not mates or pd.isna(own["rank_derived"]):
        return {"region_best": np.nan, "region_best_code": "", "region_gap": np.nan}
    in_region = cell[cell["province_code"].isin(mates)].sort_values(["score", "province_code"], ascending=[False, True])
    best = in_region.iloc[0]
    # of equals the own province is named
    code = own["province_code"] if best["score"] == own["score"] else best["province_code"]
    gap = round(best["score"] - own["score"], EXACT)
    return {"region_best": best["score"], "region_best_code": code, "region_gap": gap}


def _own_best(alike: pd.DataFrame, own: pd.Series) -> dict:
    """Best own score so far; alike: scores of the editions that measure the same."""
    past = alike[(alike["province_code"] == own["province_code"]) & (alike["edition_year"] <= own["edition_year"])]
    best = past.sort_values(["score", "edition_year"]).iloc[-1]
    gap = round(best["score"] - own["score"], EXACT)
    return {"own_best": best["score"], "own_best_year": int(best["edition_year"]), "own_gap": gap}


def nearest_first(rows: pd.DataFrame, limit: int = SHOWN_SUB_DIMENSIONS) -> pd.DataFrame:
    """Rows of `distances` with a next group, those first whose gap was closed most often, at most `limit`.

    Of equal shares the smaller gap stands first; rows of which no province-year is known stand last.
    """
    below = rows[rows["next_group"] != ""]
    below = below.sort_values(
        ["closed_share", "gap", "component_id"], ascending=[False, True, True], na_position="last"
    )
    return below.head(limit).reset_index(drop=True)


@accepts_names
def lifting_changes(scores: pd.DataFrame, province_code: str, index_id: str = "papi") -> pd.DataFrame:
    """The smallest changes that lift the group of the total, one component at a time: one row a component.

    The total is the plain sum of its dimensions, so a rise by the gap of the total lifts it, whichever dimension it
    comes from. First the total itself, then the dimensions, those first that rose so much most often; a dimension
    whose scale leaves no room stands last. Empty where the total is in the high group, has no score, or is no sum.

    | column | meaning | unit |
    |---|---|---|
    | score | of the component | unit of the score |
    | needed | the rise, the same in every row | unit of the score |
    | reached | score after it | unit of the score |
    | scale_max | top of the component's scale | unit of the score |
    | possible | whether the scale allows it | |
    | highest | best score of any province in editions that measure the same | unit of the score |
    | next_group | the group that the total reaches | |
    | closed_share, n_closed, n_year_pairs | share and counts of province-years in which it rose so much | 0-1 |
    | newest_edition | as in `distances` | |
    """
    columns = ["boundary", "province_code", "edition_year", "component_id", "level", "score", "needed", "reached"]
    columns += ["scale_max", "possible", "highest", "next_group", "closed_share", "n_closed", "n_year_pairs"]
    columns += ["newest_edition", "source_id"]
    total_id = f"{index_id}_total"
    from_here = distances(scores, province_code, index_id, levels=LEVELS[:2])
    total = from_here[from_here["component_id"] == total_id]
    if total.empty or not total["next_group"].iloc[0]:
        return because(pd.DataFrame(columns=columns), "reach.no_next_group")
    total = total.iloc[0]
    known, edition_year, needed = catalogue(), int(total["edition_year"]), total["gap"]
    if not known.component(total_id, edition_year).parts_sum:
        return because(pd.DataFrame(columns=columns), "reach.no_sum", component_id=total_id)
    rows = []
    for row in from_here.itertuples():
        scale_max = known.component(row.component_id, edition_year).scale_max
        scored = scores[(scores["component_id"] == row.component_id) & scores["score"].notna()]
        years = comparable_years(row.component_id, edition_year, scored["edition_year"])
        reached = round(row.score + needed, EXACT)
        rows.append(
            {
                **{name: getattr(row, name) for name in (*columns[:6], *columns[-2:])},
                "needed": needed,
                "reached": reached,
                "scale_max": scale_max,
                "possible": reached <= scale_max + 1e-9,
                "highest": scored.loc[scored["edition_year"].isin(years), "score"].max(),
                "next_group": total["next_group"],
                **closed(rises(scores, row.component_id, edition_year)["rise"], needed),
            }
        )
    frame = pd.DataFrame(rows, columns=columns).astype({"n_closed": "Int64"})
    frame["first"] = frame["component_id"] != total_id
    frame = frame.sort_values(
        ["first", "possible", "closed_share", "component_id"], ascending=[True, False, False, True], na_position="last"
    )
    return frame.drop(columns="first").reset_index(drop=True)
