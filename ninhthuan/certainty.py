"""How certain a rank is: sets of ranks that the survey's errors allow, and how a place hangs on the way of adding up.

Frames in, frames out. Errors are those of the survey (sampling); they say nothing of whether the index measures
the right thing. Only PAPI 2019 has published errors, so for every other edition the caller names an assumption, and
the rows carry its name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
import pandas as pd

from .catalogue import GROUPS, accepts_names, catalogue
from .datasets import as_day, uncertainty
from .measures import QUARTILES, joined_sources, quartile_groups
from .summaries import newest_edition
from .words import bilingual

DRAWS, SEED = 10_000, 2019
KEYS = ["edition_year", "boundary", "province_code", "component_id"]
ERRORS_YEAR = 2019  # the only edition of PAPI with published errors
ERRORS_SOURCE = "xlsx2019ind"
ASSUMPTIONS = ("as_2019", "median_2019")  # for editions without
_NORMAL = NormalDist()
_REACH, _PER_UNIT = 9.0, 64  # table of the normal distribution: ends, and places between two whole numbers


CERTAINTY_COLUMNS = [
    "index_id",
    *KEYS,
    *("score", "standard_error", "source_id", "rank", "rank_low", "rank_high", "n_ranked", "not_told_apart", "band"),
    *("confidence", "simultaneous", "assumption"),
]


class NoErrors(ValueError):
    """No standard errors are published for what was asked; the message names the assumptions on offer."""

    def __init__(self, vi: str, en: str):
        super().__init__(f"{vi} / {en}")


# ------------------------------------------------------------------------------------------------- normal distribution


@cache
def _tables() -> tuple[np.ndarray, np.ndarray]:
    """Distribution and density of the standard normal at even steps from -9 to 9."""
    places = np.arange(-int(_REACH * _PER_UNIT), int(_REACH * _PER_UNIT) + 1) / _PER_UNIT
    below = np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in places])
    return below, np.exp(-places * places / 2) / math.sqrt(2 * math.pi)


def normal_cdf(x: np.ndarray) -> np.ndarray:
    """Distribution of the standard normal, right to 1e-9: three terms of Taylor from the next of 1153 exact places.

    >>> normal_cdf(np.array([-1.0, 0.0, 1.959963985])).round(6).tolist()
    [0.158655, 0.5, 0.975]
    """
    below, density = _tables()
    scaled = np.clip(x, -_REACH, _REACH) * _PER_UNIT
    place = np.rint(scaled)
    step = (scaled - place) / _PER_UNIT
    at = place / _PER_UNIT
    row = place.astype(np.intp) + int(_REACH * _PER_UNIT)
    return below[row] + density[row] * step * (1 - at * step / 2 + (at * at - 1) * step * step / 6)


# ------------------------------------------------------------------------------------------------------ sets of ranks


@dataclass(frozen=True)
class RankSets:
    """Result of `rank_sets`, an array entry for each estimate in the order given.

    low, high: ends of the set of ranks (low is the better end); better[j, k] is true where k is told to be better
    than j; critical: critical value of the last step, in standard errors of a difference (NaN for an estimate that
    was not asked for).
    """

    low: np.ndarray
    high: np.ndarray
    better: np.ndarray
    critical: np.ndarray


def rank_sets(
    scores,
    standard_errors,
    level: float = 0.95,
    simultaneous: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    stepdown: bool = True,
    only=None,
) -> RankSets:
    """Confidence sets for ranks from independent, normal estimates with known standard errors.

    The rank of j is 1 + the number of k with a greater true value. Each set runs from 1 + the number of estimates
    told to be better than j to p - the number told to be worse. Told apart are those of which a test rejects
    theta_j >= theta_k or theta_j <= theta_k: the greatest studentised difference decides, so that the probability of
    any false rejection in the family is at most 1 - level.

    simultaneous: False: the family is all comparisons of one estimate with the others, so that each set alone holds
    its true rank with probability `level`; critical values by numerical integration, no simulation. True: the family is
    all comparisons, so that all sets together hold all true ranks with probability `level`; critical value from `draws`
    simulated draws with the given seed, the ceil(level * (draws + 1))-th smallest.
    stepdown: reject, leave out of the family what was rejected (the direction, not its mirror), and go on until
    nothing is new; the sets get smaller and the guarantee stays. False: one step.
    only: places of the estimates wanted, for marginal sets; the others get 1 to p.

    Missing values are not allowed: leave such estimates out first, and say so. Raises ValueError for those, for errors
    that are not above 0, for fewer than two estimates and for a level outside 0-1.

    After M. Mogstad, J. P. Romano, A. M. Shaikh, D. Wilhelm (2023), "Inference for Ranks with Applications to Mobility
    across Neighborhoods and Academic Achievement across Countries", Review of Economic Studies; stepdown after
    Romano and Wolf (2005). The same authors' R package is csranks.

    >>> sets = rank_sets([10.0, 5.0, 5.1], [0.5, 0.5, 0.5])
    >>> sets.low.tolist(), sets.high.tolist()
    ([1, 2, 2], [1, 3, 3])
    """
    values, errors = np.asarray(scores, dtype=float), np.asarray(standard_errors, dtype=float)
    if values.ndim != 1 or values.shape != errors.shape or len(values) < 2:
        raise ValueError("scores and standard errors must be two lists of one length, of two or more estimates")
    if not (np.isfinite(values).all() and np.isfinite(errors).all()):
        raise ValueError("a score or a standard error is missing: leave such estimates out first")
    if (errors <= 0).any():
        raise ValueError("standard errors must be above 0")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    count = len(values)
    apart = np.sqrt(errors[:, None] ** 2 + errors[None, :] ** 2)
    # statistic[j, k]: by how many standard errors k stands above j
    statistic = (values[None, :] - values[:, None]) / apart
    if simultaneous:
        better, critical = _all_pairs(statistic, errors, apart, level, draws, seed, stepdown)
        told = better
        worse = better.T
    else:
        told = np.zeros((count, count), dtype=bool)
        worse = np.zeros((count, count), dtype=bool)
        critical = np.full(count, np.nan)
        for j in range(count) if only is None else only:
            told[j], worse[j], critical[j] = _one_against_all(j, statistic[j], errors, apart[j], level, stepdown)
    return RankSets(1 + told.sum(axis=1), count - worse.sum(axis=1), told, critical)


def _one_against_all(j, statistic, errors, apart, level, stepdown) -> tuple[np.ndarray, np.ndarray, float]:
    """Which of the others are told to be better and to be worse than j, and the last critical value."""
    others = np.arange(len(errors)) != j
    above, below, spread = statistic[others], errors[others], apart[others]
    better, worse = np.zeros(len(above), dtype=bool), np.zeros(len(above), dtype=bool)
    critical = math.inf
    while True:
        critical = _critical_value(errors[j], below, spread, ~better, ~worse, level, critical)
        new_better, new_worse = better | (above > critical), worse | (-above > critical)
        settled = (new_better == better).all() and (new_worse == worse).all()
        better, worse = new_better, new_worse
        if settled or not stepdown or (better & worse).all():
            break
    found = np.zeros((2, len(errors)), dtype=bool)
    found[:, others] = better, worse
    return found[0], found[1], critical


def _critical_value(own, others, apart, up, down, level, at_most) -> float:
    """c with P(no centred studentised difference in the family exceeds c) = level.

    up, down: for which of the others "is better than j" and "is worse than j" are still in the family. Given the
    error z of j (in standard errors), the differences are independent, so that the probability is an integral over
    z alone, of a product of normal probabilities.
    """
    ratio, reach = own / others, apart / others
    # trapezia are as good as exact for such an integrand once they are narrower than its steepest rise
    step = min(0.1, 0.75 / ratio.max())
    count = math.ceil(7.0 / step)
    z = np.arange(-count, count + 1) * step
    weights = np.exp(-z * z / 2) * (step / math.sqrt(2 * math.pi))
    middle = ratio[:, None] * z[None, :]

    def within(c: float) -> float:
        shift = (c * reach)[:, None]
        # "k is better than j" is not said while z_k <= (own z + c apart) / others
        top = np.ones_like(middle)
        top[up] = normal_cdf(middle[up] + shift[up])
        top[down] -= normal_cdf(middle[down] - shift[down])
        return float(weights @ top.prod(axis=0))

    members = int(up.sum() + down.sum())
    if not members:
        return 0.0
    # of one hypothesis, and by Bonferroni of all
    low, high = _NORMAL.inv_cdf(level), _NORMAL.inv_cdf(1 - (1 - level) / members)
    high = min(high, at_most) + 1e-6
    low = min(low, high) - 1e-6
    # never below 0, as it could be of one direction alone at a low level
    return max(0.0, _root(lambda c: within(c) - level, low, high))


def _root(function, low: float, high: float) -> float:
    """Where a rising function is 0, to 1e-8: false position after Illinois, that is bisection where that is slow."""
    at_low, at_high = function(low), function(high)
    if at_low >= 0:
        return low
    if at_high <= 0:
        return high
    side = 0
    for _ in range(100):
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        value = function(middle)
        if abs(value) < 1e-10 or high - low < 1e-8:
            break
        if value > 0:
            high, at_high = middle, value
            at_low = at_low / 2 if side == 1 else at_low
            side = 1
        else:
            low, at_low = middle, value
            at_high = at_high / 2 if side == -1 else at_high
            side = -1
    return middle


def _all_pairs(statistic, errors, apart, level, draws, seed, stepdown) -> tuple[np.ndarray, np.ndarray]:
    """better[j, k]: k is told to be better than j, in the family of all ordered pairs; critical value for each j."""
    count = len(errors)
    first, second = np.triu_indices(count, 1)
    noise = np.random.default_rng(seed).standard_normal((draws, count)) * errors
    scale = 1 / apart[first, second]
    better = np.zeros((count, count), dtype=bool)
    # the place whose share of all draws, and one more, is the level
    place = min(math.ceil(level * (draws + 1)), draws) - 1
    while True:
        up, down = ~better[first, second], ~better[second, first]
        most = _greatest(noise, first, second, scale, up, down)
        # never below 0, as it could be of one direction alone at a low level
        critical = max(0.0, float(np.partition(most, place)[place])) if up.any() or down.any() else 0.0
        found = better | (statistic > critical)
        settled = (found == better).all()
        better = found
        if settled or not stepdown:
            return better, np.full(count, critical)


def _greatest(noise, first, second, scale, up, down) -> np.ndarray:
    """Greatest studentised difference of each draw over the ordered pairs in the family: up is second above first."""
    both, upward, downward = up & down, up & ~down, down & ~up
    found = []
    for part in np.array_split(noise, max(1, len(noise) // 250)):
        most = np.full(len(part), -np.inf)
        for kind, sign in ((both, 0), (upward, 1), (downward, -1)):
            if kind.any():
                differences = (part[:, second[kind]] - part[:, first[kind]]) * scale[kind]
                sized = np.abs(differences) if sign == 0 else sign * differences
                most = np.maximum(most, sized.max(axis=1))
        found.append(most)
    return np.concatenate(found)


# ------------------------------------------------------------------------------------------- ranks of PAPI with sets


@accepts_names
def rank_certainty(
    scores: pd.DataFrame,
    edition_year: int,
    component_id: str = "papi_total",
    *,
    errors: str = "published",
    level: float = 0.95,
    simultaneous: bool = False,
    province_code: str | None = None,
) -> pd.DataFrame:
    """Ranks of one edition with the sets that the survey's errors allow: one row per province scored, best first.

    `scores`: a frame of `datasets.load_index("papi")`. Columns: index_id, edition_year, boundary, province_code,
    component_id, source_id (of the score and of the error), score and standard_error (points), rank (1 is best),
    rank_low and rank_high (better and worse end of the set), n_ranked, not_told_apart (how many of the others a plain
    two-sided test of the one pair, at `level`, does not tell apart from it; 0 to n_ranked - 1), band (1, 2, ... from
    the top: see `bands`), confidence (of the set, in per cent), simultaneous, assumption.

    errors: `published` (PAPI 2019 alone has them), or an assumption: `as_2019`, each province's error of 2019, and
    the median where it has none; `median_2019`, the median error of 2019 for every province. The name stands in
    `assumption`. The error of the total is the published standard error of the unweighted total. For a dimension it is
    the root of the published variance (see docs/methods.md for why that is its standard error).
    province_code: the row of this province alone, in a hundredth of the time; `band` is missing.

    Provinces without a score are left out, as they are from n_ranked. Raises NoErrors where no error is published
    for what was asked, or was not yet on the frame's `as_of`; NotComparable for an assumption across a break of
    method; ValueError for an unknown assumption.
    """
    if errors not in ("published", *ASSUMPTIONS):
        raise ValueError(f"errors must be 'published' or one of {', '.join(ASSUMPTIONS)}, not {errors!r}")
    cell = scores[(scores["edition_year"] == edition_year) & (scores["component_id"] == component_id)]
    cell = cell[cell["score"].notna()].sort_values(["score", "province_code"], ascending=[False, True])
    cell = cell[["index_id", *KEYS, "score", "source_id"]].reset_index(drop=True)
    if cell.empty:
        raise NoErrors(*bilingual("certainty.no_scores_held", component_id=component_id, edition_year=edition_year))
    cell.insert(6, "standard_error", _errors_of(cell, scores.attrs.get("as_of"), errors))
    cell["source_id"] = [joined_sources((sources, ERRORS_SOURCE)) for sources in cell["source_id"]]
    held = cell["score"].to_numpy(float), cell["standard_error"].to_numpy(float)
    wanted = np.arange(len(cell))
    if province_code is not None:
        wanted = np.flatnonzero(cell["province_code"] == province_code)
    sets = rank_sets(*held, level, simultaneous, only=wanted)
    cell["rank"] = cell["score"].rank(ascending=False, method="min").astype(int)
    cell["rank_low"], cell["rank_high"] = sets.low, sets.high
    cell["n_ranked"] = len(cell)
    apart = np.sqrt(held[1][:, None] ** 2 + held[1][None, :] ** 2)
    near = np.abs(held[0][:, None] - held[0][None, :]) <= apart * _NORMAL.inv_cdf((1 + level) / 2)
    cell["not_told_apart"] = near.sum(axis=1) - 1
    cell["band"] = pd.array([pd.NA] * len(cell), dtype="Int64")
    if province_code is None:
        family = sets if simultaneous else rank_sets(*held, level, simultaneous=True)
        cell["band"] = pd.array(bands(family.better), dtype="Int64")
    cell["confidence"], cell["simultaneous"], cell["assumption"] = 100 * level, simultaneous, errors
    cell.attrs = dict(scores.attrs)
    return cell.iloc[wanted].reset_index(drop=True)[CERTAINTY_COLUMNS]


def errors_of_2019(component_id: str, boundary: str = "pre_2025") -> pd.Series:
    """Standard error of a score in PAPI 2019 by province_code, in points; empty where none is published.

    Of a dimension: the root of its published variance (our reading of the source, see docs/methods.md).
    """
    table = uncertainty()
    table = table[
        (table["component_id"] == component_id)
        & (table["edition_year"] == ERRORS_YEAR)
        & (table["weighting"] == "unweighted")
    ].set_index("province_code")
    sizes = table["standard_error"].fillna(np.sqrt(table["variance"])).dropna()
    return sizes if boundary == "pre_2025" else sizes.iloc[:0]


def _errors_of(cell: pd.DataFrame, as_of: str | None, errors: str) -> pd.Series:
    """Standard errors for the rows of one edition and component."""
    year, boundary, component_id = (cell[column].iloc[0] for column in ("edition_year", "boundary", "component_id"))
    known = catalogue()
    choose = bilingual("certainty.assumptions_offered", names=(", ".join(ASSUMPTIONS), " and ".join(ASSUMPTIONS)))
    sizes = errors_of_2019(component_id, boundary)
    if sizes.empty:
        raise NoErrors(
            *bilingual(
                "certainty.no_standard_errors_published_any",
                component_id=component_id,
                boundary=boundary,
                errors_year=ERRORS_YEAR,
            ),
        )
    day = as_day(as_of or None)
    if day is not None and known.editions[("papi", ERRORS_YEAR, boundary)].known_from > day:
        raise NoErrors(
            *bilingual("certainty.standard_errors_papi_not_yet", day=day, errors_year=ERRORS_YEAR),
        )
    if errors == "published":
        if year != ERRORS_YEAR:
            raise NoErrors(
                *bilingual(
                    "certainty.papi_has_no_published_standard",
                    year=year,
                    errors_year=ERRORS_YEAR,
                    choose=choose,
                ),
            )
        missing = sorted(set(cell["province_code"]) - set(sizes.index))
        if missing:
            names = ", ".join(missing)
            raise NoErrors(
                *bilingual(
                    "certainty.no_standard_error",
                    component_id=component_id,
                    year=year,
                    names=names,
                    choose=choose,
                ),
            )
        return cell["province_code"].map(sizes)
    known.check_comparable(component_id, *sorted((int(year), ERRORS_YEAR)))
    if errors == "median_2019":
        return pd.Series(float(sizes.median()), index=cell.index)
    return cell["province_code"].map(sizes).fillna(float(sizes.median()))


def rank_intervals(scores: pd.DataFrame) -> pd.DataFrame:
    """`rank_certainty` of the newest edition with published errors, PAPI 2019; empty where that is not known yet.

    Empty too for the provinces of today (`boundary` post_2025), of which no errors are published.
    """
    try:
        return rank_certainty(scores, ERRORS_YEAR)
    except NoErrors:
        return pd.DataFrame(columns=CERTAINTY_COLUMNS)


def rank_interval_years(scores: pd.DataFrame, province_code: str) -> pd.DataFrame:
    """Rank and set of a province in every edition of the method of 2019: one row per edition of which scores are held.

    Columns: those of `rank_certainty`, and missing (why there is no rank: `not_published` and the like, else blank).
    2019 rests on its published errors, every other edition on the assumption `as_2019`: see `assumption`. Empty where
    those errors are not known yet, and for the provinces of today.
    """
    known, total = catalogue(), "papi_total"
    cell = scores[(scores["component_id"] == total) & scores["score"].notna()]
    years = [y for y in sorted(cell["edition_year"].unique()) if known.segment(total, y) == known.segment(total, 2019)]
    own = scores[(scores["component_id"] == total) & (scores["province_code"] == province_code)]
    rows = []
    for year in years:
        errors = "published" if year == ERRORS_YEAR else "as_2019"
        try:
            row = rank_certainty(scores, int(year), errors=errors, province_code=province_code)
        except NoErrors:
            continue
        if row.empty:
            row = own.loc[own["edition_year"] == year, ["index_id", *KEYS, "missing"]].assign(assumption=errors)
        rows.append(row.reindex(columns=[*CERTAINTY_COLUMNS, "missing"]))
    if not rows:
        return pd.DataFrame(columns=[*CERTAINTY_COLUMNS, "missing"])
    found = pd.DataFrame([record for row in rows for record in row.to_dict("records")])
    found["missing"] = [reason if isinstance(reason, str) else "" for reason in found["missing"]]
    for column in ("rank", "rank_low", "rank_high", "n_ranked", "not_told_apart", "band"):
        found[column] = found[column].astype("Int64")
    found.attrs = dict(scores.attrs)
    return found


def bands(better: np.ndarray) -> list[int]:
    """Bands of estimates in order, best first: 1 for the first, and a new one as soon as any two can be told apart.

    better[j, k]: k is told to be better than j, as `rank_sets(..., simultaneous=True)` has it. A reading aid and no
    test: two neighbours on either side of a border may well not be told apart.

    >>> bands(np.array([[0, 0, 0], [0, 0, 0], [1, 0, 0]], dtype=bool))
    [1, 1, 2]
    """
    found, start = [], 0
    for place in range(len(better)):
        if better[place, start:place].any():
            start = place
        found.append(found[-1] + (start == place) if found else 1)
    return found


# ------------------------------------------------------------------------------------- the place, otherwise added up


@accepts_names
def position_sensitivity(
    scores: pd.DataFrame, province_code: str, edition_year: int | None = None, *, draws: int = DRAWS, seed: int = SEED
) -> pd.DataFrame:
    """The place of a province if PAPI's dimensions were added up in other ways: one row per way.

    edition_year: the newest with a total of the province, unless told. Columns: index_id, edition_year, boundary,
    province_code, component_id (papi_total), source_id, alternative, dropped (the dimension left out, else blank),
    rank, n_ranked, group (quartile rule), stays (the group is that of the published total), and for random weights
    rank_low, rank_high (ranks that 95 % of the draws lie between; `rank` is their median) and share_stays (share of
    draws, in per cent, in which the group is that of the published total; `group` is the most frequent one).

    Alternatives: `published` (plain sum), `weighted` (PAPI's own weighted total, 2019 only), `geometric_mean`,
    `min_max` and `z_scores` (each dimension scaled to 0-1, or to mean 0 and spread 1, over the provinces), `mean_rank`,
    `drop` (each dimension left out in turn), `random_weights` (weights drawn evenly from all that sum to 1).

    Provinces that lack a dimension or the total are left out of every row. An empty frame where the province itself is.
    """
    columns = ["index_id", *KEYS, "source_id", "alternative", "dropped", "rank", "rank_low", "rank_high", "n_ranked"]
    columns += ["group", "stays", "share_stays"]
    if edition_year is None:
        edition_year = newest_edition(scores, province_code)
    cell = scores[(scores["edition_year"] == edition_year) & scores["level"].isin(["total", "dimension"])]
    wide = cell.pivot(index="province_code", columns="component_id", values="score").astype(float)
    parts = [name for name in wide.columns if name != "papi_total"]
    wide = wide.dropna() if {"papi_total"} < set(wide.columns) else wide.iloc[:0]
    if province_code not in wide.index:
        return pd.DataFrame(columns=columns)
    values = wide[parts]
    ways: list[tuple[str, str, pd.Series]] = [("published", "", wide["papi_total"])]
    table = uncertainty()
    own_weights = table[
        (table["edition_year"] == edition_year)
        & (table["component_id"] == "papi_total")
        & (table["weighting"] == "weighted")
        & table["score"].notna()
    ].set_index("province_code")["score"]
    boundary = cell["boundary"].iloc[0]
    if boundary == "pre_2025" and wide.index.isin(own_weights.index).all():
        ways.append(("weighted", "", own_weights.reindex(wide.index)))
    ways += [
        ("geometric_mean", "", np.exp(np.log(values).mean(axis=1))),
        ("min_max", "", ((values - values.min()) / (values.max() - values.min())).sum(axis=1)),
        ("z_scores", "", ((values - values.mean()) / values.std(ddof=0)).sum(axis=1)),
        ("mean_rank", "", -values.rank(ascending=False, method="average").mean(axis=1)),
        *(("drop", part, values.drop(columns=part).sum(axis=1)) for part in parts),
    ]
    rows = []
    for name, part, totals in ways:
        frame = pd.DataFrame({"edition_year": edition_year, "component_id": name, "score": totals.round(9)})
        group = quartile_groups(frame)[province_code]
        rank = 1 + int((frame["score"] > frame.at[province_code, "score"]).sum())
        rows.append({"alternative": name, "dropped": part, "rank": rank, "group": group})
    held = rows[0]["group"]
    ranks, groups = _random_places(values.to_numpy(), wide.index.get_loc(province_code), draws, seed)
    low, middle, high = (int(q) for q in np.quantile(ranks, (0.025, 0.5, 0.975), method="closest_observation"))
    names, counts = np.unique(groups, return_counts=True)
    random = {"alternative": "random_weights", "dropped": "", "rank": middle, "rank_low": low, "rank_high": high}
    rows.append(random | {"group": str(names[counts.argmax()]), "share_stays": 100 * float((groups == held).mean())})
    found = pd.DataFrame(rows).reindex(columns=columns)
    sources = cell.loc[cell["province_code"] == province_code, "source_id"].dropna()
    constant = ("papi", int(edition_year), boundary, province_code, "papi_total", joined_sources(sources))
    for column, value in zip(("index_id", *KEYS, "source_id"), constant, strict=True):
        found[column] = value
    if "weighted" in set(found["alternative"]):
        found["source_id"] = joined_sources((*sources, ERRORS_SOURCE))
    found["n_ranked"], found["stays"] = len(wide), found["group"] == held
    found["rank_low"], found["rank_high"] = found["rank_low"].astype("Int64"), found["rank_high"].astype("Int64")
    found.attrs = dict(scores.attrs)
    return found


def _random_places(values: np.ndarray, own: int, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rank and group of one row of `values` (provinces by dimensions) under weights drawn evenly from the simplex."""
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), draws)
    totals = weights @ values.T
    mine = totals[:, [own]]
    cuts = np.quantile(totals, list(QUARTILES.values()), axis=1)
    return 1 + (totals > mine).sum(axis=1), np.array(GROUPS)[(mine[:, 0] < cuts).sum(axis=0)]
