"""Sets of ranks against the published example, theory, simulation, cases by hand and slow plain routes."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rank_sets import bands, normal_cdf, rank_sets

NORMAL = NormalDist()


def ends(sets):
    return list(zip(sets.low.tolist(), sets.high.tolist(), strict=True))


def beyond(share, level, trials, simulated=math.inf):
    """By how many standard errors of simulation a share lies from its level."""
    return (share - level) / math.sqrt(level * (1 - level) * (1 / trials + 1 / simulated))


# ------------------------------------------------------------------------------------------- the published example


# OECD, PISA 2018, mathematics: mean and standard error of the 37 members, as the documentation of csranks prints them
PISA_2018 = {
    "Australia": (491.36, 1.9398),
    "Austria": (498.9423, 2.971),
    "Belgium": (508.0703, 2.2627),
    "Canada": (512.0169, 2.3575),
    "Chile": (417.4066, 2.4159),
    "Colombia": (390.9323, 2.9896),
    "Czech Republic": (499.4677, 2.4607),
    "Denmark": (509.3984, 1.735),
    "Estonia": (523.4146, 1.7436),
    "Finland": (507.3014, 1.9679),
    "France": (495.4076, 2.3202),
    "Germany": (500.0438, 2.6471),
    "Greece": (451.3703, 3.0912),
    "Hungary": (481.0826, 2.3196),
    "Iceland": (495.1874, 1.9531),
    "Ireland": (499.6329, 2.1986),
    "Israel": (463.0345, 3.4986),
    "Italy": (486.5899, 2.78),
    "Japan": (526.9733, 2.4715),
    "Korea": (525.933, 3.1214),
    "Latvia": (496.1263, 1.9628),
    "Lithuania": (481.1912, 1.9533),
    "Luxembourg": (483.4215, 1.0976),
    "Mexico": (408.8015, 2.4932),
    "Netherlands": (519.231, 2.6323),
    "New Zealand": (494.4897, 1.7059),
    "Norway": (500.9638, 2.219),
    "Poland": (515.6479, 2.6021),
    "Portugal": (492.4874, 2.6846),
    "Slovak Republic": (486.1649, 2.5556),
    "Slovenia": (508.8975, 1.3639),
    "Spain": (481.3926, 1.4624),
    "Sweden": (502.3877, 2.6543),
    "Switzerland": (515.3147, 2.908),
    "Turkey": (453.5078, 2.2604),
    "United Kingdom": (501.7699, 2.5644),
    "United States": (478.2447, 3.2354),
}


def test_agreement_with_the_published_example_of_csranks():
    """The worked example of the authors' R package, csranks 1.2.2, "Inference for Ranks"."""
    names = list(PISA_2018)
    values, errors = (np.array(part) for part in zip(*PISA_2018.values(), strict=True))
    alone = dict(zip(names, ends(rank_sets(values, errors)), strict=True))
    together = dict(zip(names, ends(rank_sets(values, errors, simultaneous=True)), strict=True))
    # marginal, 95 %: L 8, rank 13, U 23
    assert 1 + (values > PISA_2018["United Kingdom"][0]).sum() == 13
    assert alone["United Kingdom"] == (8, 23)
    # simultaneous, 95 %: these three overlap with no other; the sets of Germany and Korea both hold 7
    last = {"Chile", "Mexico", "Colombia"}
    assert min(together[name][0] for name in last) > max(
        high for name, (_, high) in together.items() if name not in last
    )
    assert all(together[name][0] <= 7 <= together[name][1] for name in ("Germany", "Korea"))
    # at 75 % the two overlap no more
    looser = dict(zip(names, ends(rank_sets(values, errors, 0.75, simultaneous=True)), strict=True))
    assert looser["Korea"][1] < looser["Germany"][0]


# -------------------------------------------------------------------------------------------------- critical values


def test_normal_distribution():
    places = np.concatenate([np.linspace(-12, 12, 4801), [-9.0, 9.0, 1 / 128, -1 / 128, 0.0]])
    assert np.abs(normal_cdf(places) - [NORMAL.cdf(x) for x in places]).max() < 1e-9


@pytest.mark.parametrize("errors", [(1, 1), (0.2, 5), (300, 0.1)])
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_critical_value_of_two_is_that_of_the_normal(errors, level):
    found = rank_sets([0, 0], errors, level).critical
    assert found == pytest.approx([NORMAL.inv_cdf((1 + level) / 2)] * 2, abs=1e-6)


@pytest.mark.parametrize("count", [3, 4, 10])
def test_marginal_critical_value_of_equal_errors_is_dunnetts(count):
    noise = np.random.default_rng(7).standard_normal((400_000, count))
    most = np.abs(noise[:, 1:] - noise[:, [0]]).max(axis=1) / math.sqrt(2)
    found = rank_sets([0.0] * count, [1.7] * count).critical
    assert found == pytest.approx([found[0]] * count, abs=1e-9)
    assert beyond((most <= found[0]).mean(), 0.95, 400_000) == pytest.approx(0, abs=3.3)
    if count == 3:
        # Dunnett (1964), two-sided, two treatments and a control, variance known
        assert found[0] == pytest.approx(2.2121, abs=5e-5)


def test_simultaneous_critical_value_of_three_is_tukeys():
    # the studentised range of three, variance known, is 3.3145
    found = rank_sets([0.0] * 3, [2.0] * 3, simultaneous=True, draws=200_000).critical
    assert found == pytest.approx([3.3145 / math.sqrt(2)] * 3, abs=0.012)


def test_critical_value_of_uneven_errors_against_simulation():
    errors = np.array([0.2, 2.0, 0.5, 1.0, 0.31])
    found = rank_sets([0.0] * 5, errors).critical
    noise = np.random.default_rng(3).standard_normal((200_000, 5)) * errors
    for j in range(5):
        others = np.arange(5) != j
        apart = np.hypot(errors[j], errors[others])
        most = (np.abs(noise[:, others] - noise[:, [j]]) / apart).max(axis=1)
        assert beyond((most <= found[j]).mean(), 0.95, 200_000) == pytest.approx(0, abs=3.3)


# ------------------------------------------------------------------------------------------------------- by hand


def test_two_estimates_by_hand():
    # a difference of 1 with an error of 0.5 is 2 standard errors: more than 1.960 (95 %), less than 2.054 (96 %)
    assert ends(rank_sets([1.0, 0.0], [0.3, 0.4], 0.95)) == [(1, 1), (2, 2)]
    assert ends(rank_sets([1.0, 0.0], [0.3, 0.4], 0.96)) == [(1, 2), (1, 2)]


def test_four_estimates_by_hand():
    # error of a difference: 1.  Critical value of four: 2.349, so that 2.4 is told apart and 2.3 is not in one step
    errors = [math.sqrt(0.5)] * 4
    assert ends(rank_sets([2.4, 2.3, 0.0, -0.05], errors, stepdown=False)) == [(1, 2), (1, 3), (2, 4), (3, 4)]


def test_stepdown_by_hand():
    errors = [math.sqrt(0.5)] * 3
    # 0 against 2.17: under 2.2121 in one step. Once 50 is known to be better than 0, that direction leaves the family;
    # what stays is the two sides of the one comparison and one side of the other
    noise = np.random.default_rng(5).standard_normal((400_000, 3)) / math.sqrt(2)
    most = np.maximum(np.abs(noise[:, 1] - noise[:, 0]), noise[:, 0] - noise[:, 2])
    sets = rank_sets([0.0, 2.17, 50.0], errors)
    # the last step of the first estimate: 2.17 went out too, so that the two mirrors stay
    mirrors = np.maximum(noise[:, 0] - noise[:, 1], noise[:, 0] - noise[:, 2])
    assert float(np.quantile(most, 0.95)) < 2.17 < 2.2121
    assert beyond((mirrors <= sets.critical[0]).mean(), 0.95, 400_000) == pytest.approx(0, abs=3.3)
    assert ends(sets)[0] == (3, 3)
    assert ends(rank_sets([0.0, 2.17, 50.0], errors, stepdown=False))[0] == (2, 3)
    assert ends(rank_sets([0.0, 2.05, 50.0], errors))[0] == (2, 3)


def test_stepdown_of_all_pairs_by_hand():
    errors = [math.sqrt(0.5)] * 3
    # 2.3 is under Tukey's 2.344 in one step; with 50 known to be above both, four of the six directions are left
    noise = np.random.default_rng(6).standard_normal((400_000, 3)) / math.sqrt(2)
    most = np.maximum(np.abs(noise[:, 1] - noise[:, 0]), np.maximum(noise[:, 0], noise[:, 1]) - noise[:, 2])
    assert float(np.quantile(most, 0.95)) < 2.28
    assert ends(rank_sets([0.0, 2.3, 50.0], errors, simultaneous=True)) == [(3, 3), (2, 2), (1, 1)]
    assert ends(rank_sets([0.0, 2.3, 50.0], errors, simultaneous=True, stepdown=False)) == [(2, 3), (2, 3), (1, 1)]


def test_bands_by_hand():
    # 1 and 2 alike, 3 worse than 1: new band; 4 worse than 1 but like 3: the same; 5 worse than 4: new
    better = np.zeros((5, 5), dtype=bool)
    better[2, 0] = better[3, 0] = better[4, 3] = True
    assert bands(better) == [1, 1, 2, 2, 3]
    assert bands(np.zeros((3, 3), dtype=bool)) == [1, 1, 1]


@pytest.mark.parametrize(
    "values, errors, level, says",
    [
        ([1.0], [1.0], 0.95, "two or more"),
        ([1.0, 2.0], [1.0], 0.95, "one length"),
        ([1.0, None], [1.0, 1.0], 0.95, "missing"),
        ([1.0, 2.0], [1.0, 0.0], 0.95, "above 0"),
        ([1.0, 2.0], [1.0, 1.0], 1.0, "level"),
    ],
)
def test_what_cannot_be_ranked_is_refused(values, errors, level, says):
    with pytest.raises(ValueError, match=says):
        rank_sets(values, errors, level)


# -------------------------------------------------------------------------------------------------------- coverage


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_marginal_coverage_of_equal_values_is_the_level(level):
    """Where all are equal any rank is true of each: the set has to be all of them."""
    errors, trials = np.array([1.0, 0.4, 2.0, 1.0, 0.7]), 1500
    drawn = np.random.default_rng(11).standard_normal((trials, 5)) * errors
    whole = np.mean([ends(rank_sets(row, errors, level, only=[0]))[0] == (1, 5) for row in drawn])
    assert beyond(whole, level, trials) == pytest.approx(0, abs=3.3)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_simultaneous_coverage_of_equal_values_is_the_level(level):
    errors, trials, draws = np.array([1.0, 0.4, 2.0, 1.0]), 1000, 8000
    drawn = np.random.default_rng(12).standard_normal((trials, 4)) * errors
    whole = np.mean([ends(rank_sets(row, errors, level, True, draws)) == [(1, 4)] * 4 for row in drawn])
    assert beyond(whole, level, trials, draws) == pytest.approx(0, abs=3.3)


@pytest.mark.parametrize("truth", [(0, 1, 2, 3, 4), (0, 0, 0, 3, 3), (0, 0.5, 5, 5.2, 9)])
def test_coverage_of_uneven_values_is_no_less_than_the_level(truth):
    truth, errors, level, trials = np.array(truth, dtype=float), np.array([1.0, 0.4, 2.0, 1.0, 0.7]), 0.9, 500
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = 5 - (truth[None, :] < truth[:, None]).sum(axis=1)
    drawn = truth + np.random.default_rng(13).standard_normal((trials, 5)) * errors
    alone, together = np.zeros(5), 0
    for row in drawn:
        sets = rank_sets(row, errors, level)
        alone += (sets.low <= best) & (worst <= sets.high)
        sets = rank_sets(row, errors, level, True, 2000)
        together += bool(((sets.low <= best) & (worst <= sets.high)).all())
    assert (beyond(alone / trials, level, trials) > -3.3).all()
    assert beyond(together / trials, level, trials, 2000) > -3.3


# ------------------------------------------------------------------------------------------------------- properties

CASES = st.integers(2, 9).flatmap(
    lambda count: st.tuples(
        st.lists(st.floats(-5, 5), min_size=count, max_size=count),
        st.lists(st.floats(0.1, 3), min_size=count, max_size=count),
    )
)


@settings(max_examples=30)
@given(CASES, st.booleans())
def test_sets_hold_the_rank_and_widen_with_the_level(case, simultaneous):
    values, errors = (np.array(part) for part in case)
    rank = 1 + (values[None, :] > values[:, None]).sum(axis=1)
    last = None
    for level in (0.5, 0.8, 0.95, 0.999):
        sets = rank_sets(values, errors, level, simultaneous, 999)
        assert (sets.low >= 1).all() and (sets.low <= rank).all()
        assert (rank <= sets.high).all() and (sets.high <= len(values)).all()
        if last is not None:
            assert (sets.low <= last.low).all() and (sets.high >= last.high).all()
        one = rank_sets(values, errors, level, simultaneous, 999, stepdown=False)
        assert (one.low <= sets.low).all() and (one.high >= sets.high).all()
        last = sets


@settings(max_examples=30)
@given(CASES, st.randoms(use_true_random=False))
def test_another_order_and_another_unit_change_nothing(case, shuffler):
    values, errors = (np.array(part) for part in case)
    order = list(range(len(values)))
    shuffler.shuffle(order)
    here, there = rank_sets(values, errors), rank_sets(30 + 7 * values[order], 7 * errors[order])
    # a statistic on the very edge of its critical value may fall to either side
    apart = np.hypot(errors[:, None], errors[None, :])
    near = np.abs(np.abs(values[:, None] - values[None, :]) / apart - here.critical[:, None]) < 1e-5
    if not near.any():
        assert [ends(here)[place] for place in order] == ends(there)
        assert (here.better[np.ix_(order, order)] == there.better).all()


def test_the_same_seed_gives_the_same_sets():
    values, errors = [3.0, 1.0, 2.0, 0.0], [0.5, 0.7, 1.0, 0.2]
    one, two = (rank_sets(values, errors, simultaneous=True, draws=500) for _ in range(2))
    assert ends(one) == ends(two) and (one.critical == two.critical).all()
    assert (rank_sets(values, errors, simultaneous=True, draws=500, seed=1).critical != one.critical).any()
