"""Changes against their own error: limits, families, sets of places, and what a sentence may call a rise."""

import math
import re
from datetime import date
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

import ninhthuan as nt
from figure_cards import captions
from ninhthuan.analysis.certainty import NoErrors
from ninhthuan.analysis.change import adjusted, change_certainty, change_limit, newest_changes, survey_error_explains
from ninhthuan.catalogue import catalogue
from ninhthuan.indicators import GRADES
from ninhthuan.reference import Source
from ninhthuan.refusals import NotComparable
from ninhthuan_reports import cards, closing, summaries
from ninhthuan_reports.phrases import within_error
from ninhthuan_reports.wording import Context, rank_of, score_of
from rank_sets import normal_cdf

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
    p_values = 2 * (1 - normal_cdf(np.abs(changes) / errors))
    any_false = np.mean([(adjusted(row) < 0.05).any() for row in p_values])
    alone = (p_values < 0.05).mean()
    # three standard errors of the simulation
    assert any_false < 0.05 + 3 * math.sqrt(0.05 * 0.95 / len(p_values))
    assert alone == pytest.approx(0.05, abs=3 * math.sqrt(0.05 * 0.95 / p_values.size))
    assert (p_values.min(axis=1) < 0.05).mean() > 0.9, "without the family nearly every edition has a false one"


@pytest.mark.parametrize("code", ["58", "01", "24", "22"])
def test_the_card_counts_by_another_route(scores, code):
    """24 has no result in 2022 and 22 none in 2023: the pair goes without them. A wrong flag is refused."""
    changes = newest_changes(nt.load_index("papi", as_of="2024-04-30"))
    assert len(changes) == 59 and (changes["province_code"] == code).any() == (code in ("58", "01"))
    for language in ("vi", "en"):
        caption = cards.change_certainty.caption(changes, Context(catalogue().provinces[("pre_2025", code)], language))
        caption.check(changes)
        assert "11" in caption.title and len(caption.note) <= 220
        wrong = changes.copy()
        wrong.loc[0, "beyond_family"] = not wrong.loc[0, "beyond_family"]
        with pytest.raises(captions.FalseFinding):
            caption.check(wrong)
    for frame in (nt.load_index("papi", as_of="2022-06-30"), nt.load_index("papi", boundary="post_2025")):
        assert newest_changes(frame).empty
    with pytest.raises(captions.Nothing):
        cards.change_certainty.caption(
            newest_changes(scores.iloc[:0]), Context(catalogue().provinces[("pre_2025", code)], "vi")
        )


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
    row = pd.Series({"basis": "derived", "score_decimals": 1})
    assert score_of(86.7, row, 2, "vi", unit="%", in_sentence=True) == "86,7%* (suy ra)"
    row["basis"] = "printed"
    assert score_of(86.7, row, 2, "en", in_sentence=True) == "86.70"


def test_evidence_and_decimals_of_a_figure():
    scores = nt.load_index("par_index").set_index(["edition_year", "province_code", "component_id"])
    own = scores.loc[(2023, "58", "par_index_total")]
    assert (own["score"], own["evidence"], own["score_decimals"]) == (86.7, "worked_back", 1)
    assert scores.loc[(2022, "58", "par_index_total"), "evidence"] == "transcribed"
    papi = nt.load_index("papi")
    grades = papi[papi["score"].notna()].groupby("edition_year")["evidence"].agg(set)
    assert grades[2019] == {"printed"} and grades[2023] == {"transcribed"}
    assert set(nt.load_workload("58")["evidence"]) <= {"transcribed", "worked_back"}
    assert nt.national_statements("par_index").set_index("edition_year").at[2022, "evidence"].iloc[0] in GRADES


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2025-06-24", date(2025, 6, 24)),
        ("2024-04", date(2024, 4, 30)),
        ("2020-04/05", date(2020, 5, 31)),
        ("2023", date(2023, 12, 31)),
        ("2024 (after 2 April 2024; day not printed)", date(2024, 12, 31)),
        ("2021-2025", date(2025, 12, 31)),
        ("workbook last saved 2020-03-22", date(2020, 3, 22)),
        ("undated", None),
        ("", None),
    ],
)
def test_the_latest_day_that_a_source_may_be_of(published, day):
    assert Source("a", "", "", "", published, "newspaper", False, "", None, "", "").latest_day == day


def test_strict_knows_what_a_source_of_the_day_says():
    """PAR INDEX 2023 of Ninh Thuận is worked back from an article of June 2025; copies of PAPI are known."""
    for day, known in (("2024-04-30", False), ("2025-06-23", False), ("2025-06-24", True)):
        for sources in ("all", "strict"):
            scores = nt.load_index("par_index", as_of=day, sources=sources)
            own = scores[scores["edition_year"].eq(2023) & scores["component_id"].eq("par_index_total")]
            assert own.set_index("province_code")["score"].notna()["58"] == (known or sources == "all")
    two = [nt.load_index("papi", as_of="2024-04-30", sources=sources) for sources in ("all", "strict")]
    assert two[0]["score"].equals(two[1]["score"])
    # a source without a day: the last day of the year after the edition
    edition = catalogue().editions[("pci", 2024, "pre_2025")]
    assert catalogue().known_from("pci_xetoday_nt2024", edition) == date(2025, 12, 31)
    with pytest.raises(ValueError, match="strict"):
        nt.load_index("papi", sources="some")


def out_by(frame, day, columns=("source_id", "other_source_id", "previous_source_id")):
    """Sources of a frame that say that they are of a day after."""
    named = {part for c in columns if c in frame for cell in frame[c].dropna() for part in str(cell).split()}
    known = catalogue().sources
    return sorted(
        s
        for s in named
        if s in known
        and known[s].dated
        and not known[s].holds_the_table
        and known[s].latest_day > date.fromisoformat(day)
    )


def test_what_reports_look_at_rests_on_no_later_source():
    """Contradictions, former provinces and the workload, as on the closing days of quarters."""
    for day, quarter in (("2023-07-31", "2023Q2"), ("2024-04-30", "2024Q1"), ("2024-07-31", "2024Q2")):
        found = {s: nt.discrepancies(as_of=day, until=quarter, sources=s) for s in ("all", "strict")}
        assert len(found["strict"]) < len(found["all"]) and not out_by(found["strict"], day)
        assert bool(out_by(found["all"], day)) == (quarter == "2023Q2")
        for index_id in ("par_index", "pci"):
            units = {s: nt.former_units("56", index_id, as_of=day, sources=s) for s in ("all", "strict")}
            assert not out_by(units["strict"], day) and (out_by(units["all"], day) or index_id == "par_index")
    # of the first half of 2024 a newspaper told in August
    half = [nt.load_workload("49", until="2024Q2", as_of=day) for day in (None, "2024-07-31", "2024-08-31")]
    assert [len(rows) > 0 for rows in half] == [True, False, True]
    # the base document names no day
    assert len(nt.load_workload("58", until="2024Q1", as_of="2024-04-30")) == len(
        nt.load_workload("58", until="2024Q1")
    )


def test_what_is_known_later_is_not_used_nor_its_source_spoken_of():
    """A report of April 2024 made again today says what it said then: no word of a source of June 2025."""
    for language in ("vi", "en"):
        ctx = Context(catalogue().provinces[("pre_2025", "58")], language)
        overview = summaries.index_overview("58", as_of="2024-04-30")
        caption = cards.index_overview.caption(overview, ctx)
        assert "2025" not in caption.note
        row = overview.set_index("index_id").loc["par_index"]
        assert (row["edition_year"], row["later_edition"]) == (2022, 2023)
    gaps = summaries.what_is_missing("58", as_of="2024-04-30", until="2024Q1").set_index("kind")
    assert gaps.loc[["known_later"], "years"].tolist() == [(2023,)]
    # a frame says so itself, and so does what is drawn of it
    strict = nt.load_index("par_index", as_of="2024-04-30", sources="strict")
    own = strict[(strict["province_code"] == "58") & (strict["component_id"] == "par_index_total")]
    assert own.set_index("edition_year")["missing"].loc[[2022, 2023]].tolist() == ["", "known_later"]
    assert "known_later" not in set(nt.load_index("par_index", as_of="2024-04-30")["missing"])


def test_a_total_within_error_is_no_change_whatever_its_parts_did():
    """Hà Nội 2022: the total fell by 0.54, though without dimension 1, which rose everywhere, by 1.36."""
    scores = nt.load_index("papi")
    own = scores[(scores["province_code"] == "01") & (scores["level"] == "dimension")]
    change = own.pivot(index="component_id", columns="edition_year", values="score")[[2021, 2022]].diff(axis=1)[2022]
    least = change_limit("papi_total", "01", 2021, 2022)
    assert abs(change.sum()) < least < abs(change.drop("papi_d1").sum())
    assert survey_error_explains(change.sum(), "papi_total", "01", 2021, 2022)
    assert not survey_error_explains(least + 0.001, "papi_total", "01", 2021, 2022)


def test_parts_that_are_held_are_named_where_the_fields_are_not():
    """Of PAR INDEX 2022 five parts of Ninh Thuận are printed, and no field."""
    gaps = summaries.what_is_missing("58", as_of="2024-04-30", until="2024Q1", subjects=["par_index"])
    history = summaries.component_gaps("par_index", "58", as_of="2024-04-30")
    assert set(history["level"]) == {"part"} and len(history) == 5
    for language, said in (("vi", "điểm thẩm định 54,20/61,5"), ("en", "appraised points 54.20/61.5")):
        ctx = Context(catalogue().provinces[("pre_2025", "58")], language)
        (line,) = (line for line in closing.missing_lines(gaps, ctx) if "2022" in line)
        assert said.partition(" 5")[0] in line and "SIPAS" in line
        with pytest.raises(captions.Nothing, match=said):
            cards.component_gaps.caption(history, ctx)


def test_no_worked_back_figure_stands_bare():
    """Over six provinces and all days: titles and alternative texts of the cards of all indices."""
    found = 0
    for code, boundary in (("58", 0), ("01", 0), ("56", 0), ("49", 0), ("22", 0), ("56", 1)):
        boundary = ("pre_2025", "post_2025")[boundary]
        for index_id in ("par_index", "sipas", "dti", "papi"):
            history = summaries.total_history(index_id, code, as_of="2025-10-31", boundary=boundary)
            worked = history[history["rank_basis"].eq("implied") & history["rank"].notna()]
            for language in ("vi", "en"):
                ctx = Context(catalogue().provinces[(boundary, code)], language)
                for year in sorted(worked["edition_year"]):
                    frame = history[history["edition_year"] <= year]
                    caption = cards.index_editions.caption(frame, ctx)
                    caption.check(frame)
                    bare = rank_of(*worked.set_index("edition_year").loc[year, ["rank", "n_ranked"]])
                    for text in (caption.title, caption.alt):
                        assert len(re.findall(rf"\b{bare}(?!\*)", text)) == 0, text
                    found += f"{bare}*" in caption.alt
    assert found >= 10


def test_groups_kept_by_noise_alone_against_a_plain_simulation():
    """Wide apart nobody moves; without errors nobody moves; of like provinces a quarter stays."""
    from ninhthuan.analysis.change import groups_kept_by_noise

    quartiles = [0.75, 0.5, 0.25]
    far, small = np.arange(60.0), np.full(60, 1e-6)
    assert groups_kept_by_noise(far, small, quartiles) == 1
    like = np.random.default_rng(1).normal(0, 1, 400)
    like = (like - like.mean()) / like.std()
    assert abs(groups_kept_by_noise(like, np.full(400, 1.0), quartiles) - 0.25) < 0.02
    # half of the variance is noise: two surveys of one truth correlate by a half
    draws = np.random.default_rng(2).multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 200_000).T
    groups = [np.searchsorted(np.quantile(draw, [0.25, 0.5, 0.75]), draw) for draw in draws]
    assert abs(groups_kept_by_noise(like, np.full(400, 0.5**0.5), quartiles) - (groups[0] == groups[1]).mean()) < 0.03


def test_a_gap_closed_by_noise_alone():
    from ninhthuan.analysis.certainty import errors_of_2019
    from ninhthuan.analysis.change import noise_share

    sizes = errors_of_2019("papi_total").to_numpy()
    drawn = np.random.default_rng(3).standard_normal((2, 4000, len(sizes))) * sizes
    assert abs(noise_share(0.5, "papi_total") - (drawn[1] - drawn[0] >= 0.5).mean()) < 0.01
    assert math.isnan(noise_share(0.1, "papi_d8_2")) and math.isnan(noise_share(0.5, "papi_total", "post_2025"))
