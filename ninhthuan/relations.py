"""Relations, carefully: whether indices rank alike, how groups persist, how wide provinces spread, who is like whom.

Association only: nothing here says why. Every figure travels with its n and its years. Lists of which only a part is
held are no random sample (of PCI since 2017 mostly the top is held), so `complete` marks those that cover every
province ranked. Frames in, frames out, but for `rank_correlations`, which needs all five indices and loads them.
"""

from __future__ import annotations

import itertools
import math
from datetime import date

import numpy as np
import pandas as pd

from .catalogue import GROUPS, accepts_names, catalogue
from .datasets import load_index
from .measures import joined_sources, rank_used
from .summaries import newest_edition

Z_95 = 1.959963984540054  # standard normal, 97.5 %
LEAST_PROVINCES = 10  # provinces in common for a correlation
RESAMPLES = 2000
SEED = 58


def spearman(first, second) -> float:
    """Spearman's rank correlation of two series of one length: Pearson's of the ranks, ties at their mean rank.

    Missing where fewer than two pairs are given or one side is all alike.

    >>> spearman([1, 2, 3, 4], [2, 1, 4, 3])
    0.6
    """
    ranks = [pd.Series(np.asarray(values, dtype=float)).rank().to_numpy() for values in (first, second)]
    if len(ranks[0]) < 2:
        return np.nan
    deviations = [values - values.mean() for values in ranks]
    size = math.sqrt((deviations[0] ** 2).sum() * (deviations[1] ** 2).sum())
    return round(float((deviations[0] * deviations[1]).sum() / size), 12) if size else np.nan


def spearman_interval(rho: float, n: int) -> tuple[float, float]:
    """95 % interval of Spearman's rho: Fisher's z with the standard error of Bonett and Wright (2000).

    The error of arctanh(rho) is sqrt((1 + rho^2 / 2) / (n - 3)). Both ends missing for n below 4; a correlation of
    exactly 1 or -1 has no width in this approximation.
    """
    if pd.isna(rho) or n < 4:
        return np.nan, np.nan
    if abs(rho) >= 1:
        return float(rho), float(rho)
    half = Z_95 * math.sqrt((1 + rho**2 / 2) / (n - 3))
    return math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half)


CORRELATION_COLUMNS = [
    "index_a",
    "index_b",
    "edition_year",
    "rho",
    "low",
    "high",
    "n",
    "complete",
    "source_id",
]


def rank_correlations(as_of: date | str | None = None, boundary: str = "pre_2025") -> pd.DataFrame:
    """How alike two indices rank the provinces: one row per pair of indices and edition year, in order of both.

    A row wherever both indices hold places (or, where no ranks are held, scores) of at least ten provinces in common.
    Places of a part of a list are ranked again among the provinces in common.

    | column | meaning | unit |
    |---|---|---|
    | index_a, index_b | the two indices, in the order of the catalogue | |
    | rho | Spearman's correlation of the places | -1 to 1 |
    | low, high | its 95 % interval (`spearman_interval`) | -1 to 1 |
    | n | provinces in common | count |
    | complete | whether both lists are held of every province ranked | |

    One edition year of two indices is set side by side, though the surveys of one year fall in different months.
    """
    held = {index_id: _places(load_index(index_id, as_of=as_of, boundary=boundary)) for index_id in catalogue().indices}
    rows = []
    for index_a, index_b in itertools.combinations(held, 2):
        for year in sorted(held[index_a].keys() & held[index_b].keys()):
            (a, whole_a, from_a), (b, whole_b, from_b) = held[index_a][year], held[index_b][year]
            common = sorted(a.index.intersection(b.index))
            if len(common) < LEAST_PROVINCES:
                continue
            rho = spearman(a[common], b[common])
            low, high = spearman_interval(rho, len(common))
            rows.append(
                {
                    "index_a": index_a,
                    "index_b": index_b,
                    "edition_year": year,
                    "rho": rho,
                    "low": low,
                    "high": high,
                    "n": len(common),
                    "complete": whole_a and whole_b,
                    "source_id": " ".join(sorted(from_a | from_b)),
                }
            )
    return pd.DataFrame(rows, columns=CORRELATION_COLUMNS)


def _places(scores: pd.DataFrame) -> dict[int, tuple[pd.Series, bool, set[str]]]:
    """Places of the provinces by edition (1 is best), whether of all that were ranked, and their sources."""
    found = {}
    totals = scores[scores["level"] == "total"]
    for year, rows in totals.groupby("edition_year"):
        rows = rows.set_index("province_code")
        places = rank_used(rows).astype("Float64").dropna()
        by_score = rows["score"].rank(ascending=False, method="min").dropna()
        if len(places) == 0:
            # no rank at all: the order of the scores that are held
            places = by_score
        if len(places) == 0:
            continue
        ranked = rows["n_ranked"].max()
        whole = bool(pd.notna(ranked) and len(places) >= ranked)
        cells = rows.loc[places.index]
        used = cells["source_id"].where(cells["rank_derived"].notna(), cells["rank_source_id"])
        used = used.where(used != "", cells["source_id"])
        sources = {part for cell in used for part in cell.split()}
        found[int(year)] = places.astype(float), whole, sources
    return found


TRANSITION_COLUMNS = [
    "component_id",
    "group_from",
    "group_to",
    "count",
    "n_from",
    "moved_share",
    "n_year_pairs",
    "own_count",
    "n_pairs",
    "first_year",
    "edition_year",
    "source_id",
]


def _group_pairs(scores: pd.DataFrame, component_id: str) -> pd.DataFrame:
    """Provinces in two consecutive editions of one method with a group in both: one row a province-year."""
    known = catalogue()
    rows = scores[(scores["component_id"] == component_id) & scores["group_derived"].notna()]
    columns = ["province_code", "edition_year", "group_derived", "rank_derived", "score", "source_id"]
    later = rows[columns]
    earlier = later.assign(edition_year=later["edition_year"] + 1)
    pairs = later.merge(earlier, on=["province_code", "edition_year"], suffixes=("", "_before"))
    alike = {
        year: not known.breaks_between(component_id, year - 1, year, "break") for year in pairs["edition_year"].unique()
    }
    return pairs[pairs["edition_year"].map(alike).astype(bool)].reset_index(drop=True)


@accepts_names
def group_transitions(scores: pd.DataFrame, component_id: str = "papi_total", province_code: str = "") -> pd.DataFrame:
    """Moves between the four groups from one edition to the next within one method: sixteen rows, best group first.

    | column | meaning | unit |
    |---|---|---|
    | group_from, group_to | group in an edition and in the next one (PAPI's rule, `measures.quartile_groups`) | |
    | count | province-years with that move, all provinces and all such pairs of editions | count |
    | n_from, moved_share | province-years that began in group_from, and count / n_from | 0-1 |
    | n_year_pairs, n_pairs | all province-years, and pairs of editions | count |
    | own_count | the moves of `province_code` among them | count |
    | first_year, edition_year | first and last edition of the pairs | |

    A province without a result in one of two editions makes no pair. Empty without a pair of editions; the share is
    missing where no province-year began in the group.
    """
    pairs = _group_pairs(scores, component_id)
    if pairs.empty:
        return pd.DataFrame(columns=TRANSITION_COLUMNS)
    own = pairs["province_code"] == province_code
    sources = joined_sources(pd.concat([pairs["source_id"], pairs["source_id_before"]]).unique())
    rows = []
    for group_from, group_to in itertools.product(GROUPS, GROUPS):
        began = pairs["group_derived_before"] == group_from
        moved = began & (pairs["group_derived"] == group_to)
        rows.append(
            {
                "component_id": component_id,
                "group_from": group_from,
                "group_to": group_to,
                "count": int(moved.sum()),
                "n_from": int(began.sum()),
                "moved_share": moved.sum() / began.sum() if began.any() else np.nan,
                "n_year_pairs": len(pairs),
                "own_count": int((moved & own).sum()),
                "n_pairs": pairs["edition_year"].nunique(),
                "first_year": int(pairs["edition_year"].min()) - 1,
                "edition_year": int(pairs["edition_year"].max()),
                "source_id": sources,
            }
        )
    return pd.DataFrame(rows, columns=TRANSITION_COLUMNS)


def persistence(scores: pd.DataFrame, component_id: str = "papi_total") -> pd.DataFrame:
    """How much of an edition's order the next one keeps: one row per pair of consecutive editions of one method.

    | column | meaning | unit |
    |---|---|---|
    | previous_edition, edition_year | the pair | |
    | n | provinces with a group in both | count |
    | stayed, stayed_share | those in the same group in both | count, 0-1 |
    | rho, low, high | Spearman's correlation of their scores, with its 95 % interval | -1 to 1 |
    """
    rows = []
    for year, pairs in _group_pairs(scores, component_id).groupby("edition_year"):
        stayed = int((pairs["group_derived"] == pairs["group_derived_before"]).sum())
        places = pairs.dropna(subset=["rank_derived", "rank_derived_before"])
        rho = spearman(-places["rank_derived"].astype(float), -places["rank_derived_before"].astype(float))
        low, high = spearman_interval(rho, len(places))
        rows.append(
            {
                "component_id": component_id,
                "previous_edition": int(year) - 1,
                "edition_year": int(year),
                "n": len(pairs),
                "stayed": stayed,
                "stayed_share": stayed / len(pairs),
                "rho": rho,
                "low": low,
                "high": high,
            }
        )
    columns = ["component_id", "previous_edition", "edition_year", "n", "stayed", "stayed_share", "rho", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


SPREAD_COLUMNS = [
    "component_id",
    "edition_year",
    "segment",
    "n",
    "standard_deviation",
    "low",
    "high",
    "interquartile_range",
    "best_minus_worst",
    "source_id",
]


def spread(scores: pd.DataFrame, component_id: str = "papi_total") -> pd.DataFrame:
    """How far apart the provinces stand in each edition: one row an edition of which every score is held.

    | column | meaning | unit |
    |---|---|---|
    | segment | stretch of comparable editions; spreads of different ones are not compared | |
    | n | provinces | count |
    | standard_deviation | with n - 1 | unit of the score |
    | low, high | its 95 % interval: percentiles of 2,000 resamples of the provinces, of one seed | unit of the score |
    | interquartile_range | 75th minus 25th percentile | unit of the score |
    | best_minus_worst | | unit of the score |

    The interval asks how much the figure hangs on which provinces there are; the survey's own error, which widens
    every spread, is in it unseparated.
    """
    rows = scores[(scores["component_id"] == component_id) & scores["score"].notna() & scores["rank_derived"].notna()]
    found = []
    for year, cell in rows.groupby("edition_year"):
        values = cell["score"].to_numpy(dtype=float)
        if len(values) < 2:
            continue
        # a generator for each edition: one more edition changes no older interval
        drawn = np.random.default_rng([SEED, int(year)]).integers(0, len(values), (RESAMPLES, len(values)))
        low, high = np.quantile(values[drawn].std(axis=1, ddof=1), [0.025, 0.975])
        quarter, three = np.quantile(values, [0.25, 0.75])
        found.append(
            {
                "component_id": component_id,
                "edition_year": int(year),
                "segment": catalogue().segment(component_id, int(year)),
                "n": len(values),
                "standard_deviation": float(values.std(ddof=1)),
                "low": float(low),
                "high": float(high),
                "interquartile_range": float(three - quarter),
                "best_minus_worst": float(values.max() - values.min()),
                "source_id": joined_sources(cell["source_id"].unique()),
            }
        )
    return pd.DataFrame(found, columns=SPREAD_COLUMNS)


LIKENESS_COLUMNS = [
    "boundary",
    "province_code",
    "edition_year",
    "component_id",
    "distance",
    "score",
    "rank",
    "n_ranked",
    "n",
    "n_dimensions",
    "source_id",
]


@accepts_names
def likeness(
    scores: pd.DataFrame, province_code: str, edition_year: int | None = None, index_id: str = "papi"
) -> pd.DataFrame:
    """How like other provinces are over the dimensions of one edition: one row per other province, nearest first.

    | column | meaning | unit |
    |---|---|---|
    | distance | Euclidean, over the standardised dimensions (mean 0, standard deviation 1 with n - 1) | none |
    | score, rank, n_ranked | total of the other province | |
    | n, n_dimensions | provinces compared, and dimensions | count |

    edition_year: by default the newest with a total of the province. Only provinces with every dimension count; empty
    where the province is not one of them. Alike in profile means alike in scores: it says nothing of the reasons. The
    dimensions are correlated, so what several of them share weighs more than once.
    """
    total_id = f"{index_id}_total"
    empty = pd.DataFrame(columns=LIKENESS_COLUMNS)
    edition_year = edition_year or newest_edition(scores, province_code, total_id)
    if edition_year is None:
        return empty
    cells = scores[(scores["edition_year"] == edition_year) & (scores["level"] == "dimension")]
    table = cells.pivot(index="province_code", columns="component_id", values="score").dropna()
    if province_code not in table.index or len(table) < 3:
        return empty
    spreads = table.std(ddof=1)
    standard = ((table - table.mean()) / spreads.where(spreads > 0)).fillna(0.0)
    distance = np.sqrt(((standard - standard.loc[province_code]) ** 2).sum(axis=1)).drop(province_code)
    totals = scores[(scores["edition_year"] == edition_year) & (scores["component_id"] == total_id)]
    frame = totals[totals["province_code"].isin(distance.index)].copy()
    frame["distance"] = frame["province_code"].map(distance)
    frame["rank"] = frame["rank_derived"]
    frame["n"], frame["n_dimensions"] = len(table), table.shape[1]
    return frame.sort_values(["distance", "province_code"], ignore_index=True)[LIKENESS_COLUMNS]
