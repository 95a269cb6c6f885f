"""Changes against their own error: limits, families, sets of places, and what a sentence may call a rise."""

import math
from statistics import NormalDist

import numpy as np
import pytest

import ninhthuan as nt
from ninhthuan.catalogue import NotComparable, catalogue
from ninhthuan.certainty import NoErrors
from ninhthuan.change import adjusted, change_certainty, change_limit
from ninhthuan.findings.captions import within_error
from ninhthuan.wording import Context, rank_of, score_of

DIMENSIONS = [f"papi_d{number}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def scores():
    return nt.load_index("papi")


def test_a_change_has_the_error_of_a_difference(scores):
    """By hand: Ninh Thuận's error of 2019 is 0.748568, so 2.07 points; 24 of 59 changes pass their own limit."""
    found = change_certainty(scores, 2022, 2023, errors="as_2019")
    own = found.set_index("province_code").loc["58"]
    assert own["standard_error"] == pytest.approx(math.sqrt(2) * 0.748568)
    assert round(own["limit"], 2) == 2.07 and not own["beyond"]
    assert (len(found), int(found["beyond"].sum())) == (59, 24)
    assert found["change"].is_monotonic_decreasing and set(found["assumption"]) == {"as_2019"}
    assert (found["beyond"] == (found["change"].abs() > found["limit"])).all()
    alone = change_certainty(scores, 2022, 2023, errors="as_2019", province_code="Ninh Thuận").iloc[0]
    assert alone["p_value"] == own["p_value"] < own["p_family"]
    assert alone["p_family"] == pytest.approx(alone["p_value"])
    assert (alone["rank_change"], alone["rank_change_low"], alone["rank_change_high"]) == tuple(
        own[["rank_change", "rank_change_low", "rank_change_high"]]
    )
    assert own["rank_change_low"] <= own["rank_change"] == -2 <= own["rank_change_high"]


def test_the_eight_dimensions_together(scores):
    """The rise of 6 passes its own limit and not that of eight; the fall of 8 lies within its own ±1.35."""
    found = change_certainty(scores, 2022, 2023, DIMENSIONS, "variances_2019", "58").set_index("component_id")
    assert len(found) == 8 and not found["beyond_family"].any()
    assert found["beyond"].to_dict() == {name: name == "papi_d6" for name in DIMENSIONS}
    assert round(found.at["papi_d8", "limit"], 2) == 1.35
    eight = NormalDist().inv_cdf((1 + 0.95 ** (1 / 8)) / 2) / NormalDist().inv_cdf(0.975)
    assert change_limit("papi_d8", "58", 2022, 2023) == pytest.approx(found.at["papi_d8", "limit"] * eight)


@pytest.mark.parametrize(
    ("years", "arguments", "error"),
    [
        ((2022, 2023), {}, NoErrors),
        ((2022, 2023), {"errors": "guess"}, ValueError),
        ((2022, 2023), {"errors": "variances_2019"}, NoErrors),
        ((2022, 2023), {"component_id": "papi_d8", "errors": "as_2019"}, NoErrors),
        ((2022, 2023), {"component_id": "papi_d8_2", "errors": "as_2019"}, NoErrors),
        ((2017, 2018), {"errors": "as_2019"}, NotComparable),
        ((2018, 2019), {"errors": "as_2019"}, NotComparable),
    ],
)
def test_what_is_refused(scores, years, arguments, error):
    with pytest.raises(error):
        change_certainty(scores, *years, **arguments)


def test_adjusted_is_a_stepdown_by_plain_loops():
    values = np.random.default_rng(7).uniform(size=20) ** 3
    found, worst = {}, 0.0
    for place, position in enumerate(sorted(range(20), key=lambda k: values[k])):
        worst = max(worst, 1 - (1 - values[position]) ** (20 - place))
        found[position] = worst
    assert adjusted(values) == pytest.approx([found[k] for k in range(20)])
    assert (adjusted(values) >= values).all()


def test_editions_without_change_give_few_false_titles(scores):
    """No true change: at most 5 % of editions have a province beyond the family's limit, or one beyond its own."""
    errors = change_certainty(scores, 2022, 2023, errors="as_2019")["standard_error"].to_numpy()
    changes = np.random.default_rng(58).standard_normal((2_000, len(errors))) * errors
    p_values = 2 * (1 - nt.certainty.normal_cdf(np.abs(changes) / errors))
    any_false = np.mean([(adjusted(row) < 0.05).any() for row in p_values])
    alone = (p_values < 0.05).mean()
    # three standard errors of the simulation
    assert any_false < 0.05 + 3 * math.sqrt(0.05 * 0.95 / len(p_values))
    assert alone == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / p_values.size))
    assert (p_values.min(axis=1) < 0.05).mean() > 0.9, "without the family nearly every edition has a false one"


def test_a_sentence_calls_no_change_within_error_a_rise():
    for language, said in (("vi", "trong sai số điều tra"), ("en", "within survey error")):
        ctx = Context(catalogue().provinces[("pre_2025", "58")], language)
        assert within_error(-0.49, "papi_total", (2022, 2023), ctx) == said
        assert within_error(2.17, "papi_total", (2021, 2022), ctx) == ""
        assert within_error(-0.42, "papi_d8", (2022, 2023), ctx) == said
        # no error is known: nothing is said
        for component_id, years in (
            ("papi_d8_2", (2022, 2023)),
            ("pci_total", (2022, 2023)),
            ("papi_total", (2015, 2016)),
        ):
            assert within_error(0.01, component_id, years, ctx) == ""
        assert within_error(0.01, "papi_total", (2017, 2018), ctx) == ""
    today = Context(catalogue().provinces[("post_2025", "56")], "vi")
    assert within_error(0.01, "papi_total", (2022, 2023), today) == ""


def test_a_worked_back_figure_keeps_its_mark():
    assert rank_of(36, 63, "implied") == "36/63*" and rank_of(36, 63, "implied", "vi") == "36/63* (suy ra)"
    assert {rank_of(6, 61, basis, "en") for basis in ("", "derived", "published")} == {"6/61"}
    assert score_of(86.7, 1, "vi", "derived", said=True) == "86,7* (suy ra)"
