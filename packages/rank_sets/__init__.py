"""Confidence sets for ranks, from estimates with standard errors (Mogstad, Romano, Shaikh, Wilhelm 2023)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

__all__ = ["RankSets", "bands", "normal_cdf", "rank_sets"]

DRAWS, SEED = 10_000, 2019
_NORMAL = NormalDist()
_REACH, _PER_UNIT = 9.0, 64  # table of the normal distribution: ends, and places between two whole numbers


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
        better_than = better
        worse = better.T
    else:
        better_than = np.zeros((count, count), dtype=bool)
        worse = np.zeros((count, count), dtype=bool)
        critical = np.full(count, np.nan)
        for j in range(count) if only is None else only:
            better_than[j], worse[j], critical[j] = _one_against_all(j, statistic[j], errors, apart[j], level, stepdown)
    return RankSets(1 + better_than.sum(axis=1), count - worse.sum(axis=1), better_than, critical)


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
