"""Relations, carefully: whether indices rank alike, how groups persist, how wide provinces spread, who is like whom.

Association only: nothing here says why. Every figure travels with its n and its years. Incomplete lists
are no random sample (what the press prints is mostly the top), so nothing is correlated but whole lists. Frames
in, frames out, but for `rank_correlations`, which needs all five indices and loads them.
"""

from __future__ import annotations

import itertools
import math
from datetime import date

import numpy as np
import pandas as pd

from ..asking import accepts_names, because
from ..catalogue import catalogue
from ..comparability import caution_ids, linked_scores
from ..indicators import load_index
from ..measures import QUARTILES, joined_sources, newest_edition, rank_used
from ..reference import GROUPS
from .certainty import ERRORS_YEAR, errors_of_2019
from .change import groups_kept_by_noise

Z_95 = 1.959963984540054  # standard normal, 97.5 %
LEAST_PROVINCES = 30  # provinces in common for a correlation
RESAMPLES = 20_000
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


CORRELATION_COLUMNS = ["index_a", "index_b", "edition_year", "rho", "low", "high", "n", "source_id"]


def rank_correlations(
    as_of: date | str | None = None, boundary: str = "pre_2025", sources: str = "all"
) -> pd.DataFrame:
    """How alike two indices rank the provinces: one row per pair of indices and edition year, in order of both.

    A row wherever every place of both is known, with at least 30 provinces in common; places are ranked again among
    those.

    | column | meaning | unit |
    |---|---|---|
    | index_a, index_b | the two indices, in the order of the catalogue | |
    | rho | Spearman's correlation of the places | -1 to 1 |
    | low, high | its 95 % interval (`spearman_interval`) | -1 to 1 |
    | n | provinces in common | count |

    One edition year of two indices is set side by side, though the surveys of one year fall in different months.
    sources: as in `load_index`.
    """
    cut = {"as_of": as_of, "boundary": boundary, "sources": sources}
    places = {index_id: _places(load_index(index_id, **cut)) for index_id in catalogue().indices}
    rows = []
    for index_a, index_b in itertools.combinations(places, 2):
        for year in sorted(places[index_a].keys() & places[index_b].keys()):
            (a, from_a), (b, from_b) = places[index_a][year], places[index_b][year]
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
                    "source_id": " ".join(sorted(from_a | from_b)),
                }
            )
    return pd.DataFrame(rows, columns=CORRELATION_COLUMNS)


def _places(scores: pd.DataFrame) -> dict[int, tuple[pd.Series, set[str]]]:
    """Places of the provinces by edition (1 is best) for editions with a complete list, and their sources."""
    found = {}
    totals = scores[scores["level"] == "total"]
    for year, rows in totals.groupby("edition_year"):
        rows = rows.set_index("province_code")
        places = rank_used(rows).astype("Float64").dropna()
        ranked = rows["n_ranked"].max()
        if len(places) == 0 or pd.isna(ranked) or len(places) < ranked:
            continue
        cells = rows.loc[places.index]
        used = cells["source_id"].where(cells["rank_derived"].notna(), cells["rank_source_id"])
        used = used.where(used != "", cells["source_id"])
        sources = {part for cell in used for part in cell.split()}
        found[int(year)] = places.astype(float), sources
    return found


TRANSITION_COLUMNS = [
    *("component_id", "group_from", "group_to", "count", "n_from", "moved_share", "n_year_pairs", "own_count"),
    *("n_pairs", "first_year", "edition_year", "caution", "kept_share", "noise_kept_share", "n_with_errors"),
    *("source_id",),
]


def _group_pairs(scores: pd.DataFrame, component_id: str) -> pd.DataFrame:
    """Provinces with a group in two consecutive editions whose ranks may be compared: one row a province-year."""
    known = catalogue()
    # groups that follow from a printed place, of an incomplete list, are no sample of the provinces
    rows = scores[(scores["component_id"] == component_id) & scores["rank_derived"].notna()]
    columns = ["province_code", "edition_year", "group_derived", "rank_derived", "score", "source_id"]
    later = rows[columns]
    earlier = later.assign(edition_year=later["edition_year"] + 1)
    pairs = later.merge(earlier, on=["province_code", "edition_year"], suffixes=("", "_before"))
    counted = {year: known.ranks_comparable(component_id, year - 1, year) for year in pairs["edition_year"].unique()}
    return pairs[pairs["edition_year"].map(counted).astype(bool)].reset_index(drop=True)


def _cautions(component_id: str, pairs: pd.DataFrame) -> str:
    """What lies between the editions of some pairs, as the column `caution` of `comparability.compare` names it."""
    marks = (catalogue().marks(component_id, year - 1, year) for year in sorted(pairs["edition_year"].unique()))
    return caution_ids(b for found in marks for b in found)


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
    | caution | rows of `breaks.csv` that pairs cross: groups are places, so a caution marks them (`ranks`) | |
    | kept_share | share that kept their group, of the pairs of the method that the errors of 2019 are of | 0-1 |
    | noise_kept_share | share that would have, had nothing changed but the sample (`groups_kept_by_noise`) | 0-1 |
    | n_with_errors | province-years of those pairs; 0, and both shares missing, where there are none | count |

    A province without a result in one of two editions makes no pair. Empty without a pair of editions; the share is
    missing where no province-year began in the group.
    """
    pairs = _group_pairs(scores, component_id)
    if pairs.empty:
        return pd.DataFrame(columns=TRANSITION_COLUMNS)
    own, caution = pairs["province_code"] == province_code, _cautions(component_id, pairs)
    sources = joined_sources(pd.concat([pairs["source_id"], pairs["source_id_before"]]).unique())
    noise = _against_noise(scores, component_id, pairs)
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
                "caution": caution,
                **noise,
                "source_id": sources,
            }
        )
    return pd.DataFrame(rows, columns=TRANSITION_COLUMNS)


def _against_noise(scores: pd.DataFrame, component_id: str, pairs: pd.DataFrame) -> dict[str, float]:
    """How many kept their group beside how many would have by survey error alone, of one method with the errors."""
    known, boundary = catalogue(), scores.attrs.get("boundary", "pre_2025")
    sizes, method = errors_of_2019(component_id, boundary), known.segment(component_id, ERRORS_YEAR)
    alike = [known.segment(component_id, year - 1) == method for year in pairs["edition_year"]]
    pairs = pairs[pd.Series(alike, index=pairs.index, dtype=bool)]
    if pairs.empty or sizes.empty:
        return {"kept_share": np.nan, "noise_kept_share": np.nan, "n_with_errors": 0}
    kept = 0.0
    for _, cell in pairs.groupby("edition_year"):
        errors = cell["province_code"].map(sizes).fillna(sizes.median()).to_numpy(float)
        kept += len(cell) * groups_kept_by_noise(cell["score"].to_numpy(float), errors, list(QUARTILES.values()))
    return {
        "kept_share": (pairs["group_derived"] == pairs["group_derived_before"]).mean(),
        "noise_kept_share": kept / len(pairs),
        "n_with_errors": len(pairs),
    }


SPREAD_COLUMNS = [
    *("component_id", "edition_year", "segment", "n", "standard_deviation", "low", "high", "interquartile_range"),
    *("best_minus_worst", "first_edition", "change", "change_low", "change_high", "caution", "common_ids"),
    *("common_change", "common_low", "common_high", "source_id"),
]


def spread(scores: pd.DataFrame, component_id: str = "papi_total") -> pd.DataFrame:
    """How far apart the provinces stand in each edition: one row an edition with every score.

    | column | meaning | unit |
    |---|---|---|
    | segment | stretch of comparable editions; spreads of different ones are not compared | |
    | n | provinces | count |
    | standard_deviation | with n - 1 | unit of the score |
    | low, high | its 95 % interval: percentiles of 20,000 resamples of the provinces, of one seed | unit of the score |
    | interquartile_range | 75th minus 25th percentile | unit of the score |
    | best_minus_worst | | unit of the score |
    | first_edition | first edition of the stretch | |
    | change, change_low, change_high | standard deviation less that of first_edition, with its paired interval | |
    | caution | rows of `breaks.csv` between the two: where any, not all of the change is of one measure | |
    | common_ids | dimensions that are the same component throughout, where a total is a plain sum of such | |
    | common_change, common_low, common_high | the change on the sum of those alone | unit of the score |

    The paired interval draws provinces, each with both of its scores, among those with a score in both editions: two
    intervals that overlap say nothing of a difference within the same provinces. Missing for first_edition itself.
    The interval asks how much the figure hangs on which provinces there are; the survey's own error, which widens
    every spread, is in it unseparated.
    """
    rows = scores[(scores["component_id"] == component_id) & scores["score"].notna() & scores["rank_derived"].notna()]
    found, starts = [], {}
    for year, cell in rows.groupby("edition_year"):
        values = cell["score"].to_numpy(dtype=float)
        if len(values) < 2:
            continue
        # a generator for each edition: one more edition changes no older interval
        drawn = np.random.default_rng([SEED, int(year)]).integers(0, len(values), (RESAMPLES, len(values)))
        low, high = np.quantile(values[drawn].std(axis=1, ddof=1), [0.025, 0.975])
        quarter, three = np.quantile(values, [0.25, 0.75])
        segment = catalogue().segment(component_id, int(year))
        first = starts.setdefault(segment, int(year))
        found.append(
            {
                "component_id": component_id,
                "edition_year": int(year),
                "segment": segment,
                "n": len(values),
                "standard_deviation": float(values.std(ddof=1)),
                "low": float(low),
                "high": float(high),
                "interquartile_range": float(three - quarter),
                "best_minus_worst": float(values.max() - values.min()),
                "first_edition": first,
                **(_spread_since(scores, component_id, first, int(year)) if first < year else {}),
                "source_id": joined_sources(cell["source_id"].unique()),
            }
        )
    frame = pd.DataFrame(found, columns=SPREAD_COLUMNS)
    named = ["caution", "common_ids"]
    return frame.assign(**frame[named].astype(object).where(frame[named].notna(), ""))


def _spread_since(scores: pd.DataFrame, component_id: str, first: int, year: int) -> dict:
    """The change of the spread between two editions: on the component, and on the parts that stayed the same."""
    known = catalogue()
    marks = known.marks(component_id, first, year)
    found = _paired_change(scores[scores["component_id"] == component_id], first, year)
    named = dict(zip(("change", "change_low", "change_high"), found, strict=True)) | {"caution": caution_ids(marks)}
    definition = known.component(component_id, year)
    if marks and definition.parts_sum and known.common_components(definition.index_id, first, year):
        linked = linked_scores(scores, first, year, component_id)
        found = _paired_change(linked, first, year)
        named |= dict(zip(("common_change", "common_low", "common_high"), found, strict=True))
        named["common_ids"] = linked.attrs["component_ids"]
    return named


def _paired_change(rows: pd.DataFrame, first: int, year: int) -> tuple[float, float, float]:
    """Change of the standard deviation over the provinces of both editions, and its 95 % interval (resampled)."""
    table = rows[rows["edition_year"].isin([first, year])].pivot(
        index="province_code", columns="edition_year", values="score"
    )
    before, after = table.dropna()[[first, year]].to_numpy(float).T
    drawn = np.random.default_rng([SEED, first, year]).integers(0, len(after), (RESAMPLES, len(after)))
    changes = after[drawn].std(axis=1, ddof=1) - before[drawn].std(axis=1, ddof=1)
    low, high = np.quantile(changes, [0.025, 0.975])
    return float(after.std(ddof=1) - before.std(ddof=1)), float(low), float(high)


LIKENESS_COLUMNS = [
    *("boundary", "province_code", "edition_year", "component_id", "distance", "score", "rank", "n_ranked", "n"),
    *("n_dimensions", "source_id"),
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
    empty = because(pd.DataFrame(columns=LIKENESS_COLUMNS), "relations.no_likeness")
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
