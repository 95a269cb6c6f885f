"""Sets of ranks and the place otherwise added up: against theory, simulation, cases by hand and slow plain routes."""

import math
import random
import statistics
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from test_charts import assert_readable, drawn, same_colour

import ninhthuan as nt
from figure_cards import style
from ninhthuan.analysis import certainty
from ninhthuan.analysis.certainty import NoErrors, rank_certainty, rank_sets
from ninhthuan.refusals import NotComparable
from ninhthuan_reports import cards
from ninhthuan_reports.wording import province_name

NORMAL = NormalDist()


@pytest.fixture(scope="module")
def scores():
    return nt.load_index("papi", as_of="2024-12-31")


@pytest.fixture(scope="module")
def year_2019(scores):
    return rank_certainty(scores, 2019)


def ends(sets):
    return list(zip(sets.low.tolist(), sets.high.tolist(), strict=True))


def beyond(share, level, trials, simulated=math.inf):
    """By how many standard errors of simulation a share lies from its level."""
    return (share - level) / math.sqrt(level * (1 - level) * (1 / trials + 1 / simulated))


# --------------------------------------------------------------------------------------------------------- PAPI 2019


def printed_errors():
    table = nt.uncertainty()
    table = table[(table["component_id"] == "papi_total") & (table["weighting"] == "unweighted")]
    return table[table["edition_year"] == 2019].set_index("province_code")["standard_error"]


def plain_bootstrap(values, errors, own, draws=4000, level=0.95):
    """Set of ranks of one province, in the plainest way: draw, take the greatest, count, leave out, again."""
    source = random.Random(58)
    codes = [code for code in values if code != own]
    drawn = [{code: source.gauss(0, errors[code]) for code in values} for _ in range(draws)]
    family = {(code, sign) for code in codes for sign in (1, -1)}
    told = set()
    while True:
        most = sorted(
            max(sign * (d[code] - d[own]) / math.hypot(errors[code], errors[own]) for code, sign in family)
            for d in drawn
        )
        critical = most[math.ceil(level * (draws + 1)) - 1]
        new = {
            (code, sign)
            for code, sign in family
            if sign * (values[code] - values[own]) / math.hypot(errors[code], errors[own]) > critical
        }
        if not new:
            break
        told |= new
        family -= new
    better, worse = (sum(s == sign for _, s in told) for sign in (1, -1))
    return 1 + better, len(values) - worse


def test_the_rank_of_ninh_thuan_in_2019_by_a_plain_bootstrap(scores, year_2019):
    cell = scores[(scores["edition_year"] == 2019) & (scores["component_id"] == "papi_total")]
    values, errors = cell.set_index("province_code")["score"].to_dict(), printed_errors().to_dict()
    low, high = plain_bootstrap(values, errors, "58")
    own = year_2019[year_2019["province_code"] == "58"].iloc[0]
    assert own["rank"] == 1 + sum(score > values["58"] for score in values.values()) == 37
    assert own["n_ranked"] == len(values) == 63
    assert (own["rank_low"], own["rank_high"]) == (low, high) == (8, 63)
    near = [
        abs(values[c] - values["58"]) <= NORMAL.inv_cdf(0.975) * math.hypot(errors[c], errors["58"]) for c in values
    ]
    assert own["not_told_apart"] == sum(near) - 1


def test_rows_of_2019(scores, year_2019):
    assert len(year_2019) == 63 and year_2019["score"].is_monotonic_decreasing
    assert set(year_2019["assumption"]) == {"published"} and set(year_2019["confidence"]) == {95}
    assert year_2019.set_index("province_code")["standard_error"].to_dict() == printed_errors().to_dict()
    one = rank_certainty(scores, 2019, province_code="58").iloc[0]
    own = year_2019[year_2019["province_code"] == "58"].iloc[0]
    assert one.drop("band").to_dict() == own.drop("band").to_dict()
    together = rank_certainty(scores, 2019, simultaneous=True)
    assert (together["rank_low"] <= year_2019["rank_low"]).all()
    assert (together["rank_high"] >= year_2019["rank_high"]).all()


def test_bands_of_2019_hold_no_two_that_are_told_apart(year_2019):
    sets = rank_sets(year_2019["score"], year_2019["standard_error"], simultaneous=True)
    assert year_2019["band"].iloc[0] == 1 and set(year_2019["band"].diff().dropna()) <= {0, 1}
    for _, rows in year_2019.groupby("band"):
        assert not sets.better[np.ix_(rows.index, rows.index)].any()
        after = rows.index[-1] + 1
        if after < len(year_2019):
            assert sets.better[after, rows.index].any(), "the next would have fitted in"


def test_other_editions_need_a_named_assumption(scores):
    with pytest.raises(NoErrors, match="as_2019 and median_2019"):
        rank_certainty(scores, 2023)
    with pytest.raises(ValueError, match="must be 'published' or one of"):
        rank_certainty(scores, 2023, errors="guess")
    found = rank_certainty(scores, 2023, errors="as_2019", province_code="58").iloc[0]
    assert found["assumption"] == "as_2019" and found["standard_error"] == printed_errors()["58"]
    assert found["rank_low"] < found["rank"] < found["rank_high"]
    median = rank_certainty(scores, 2023, errors="median_2019")
    assert set(median["standard_error"]) == {statistics.median(printed_errors())}
    assert len(median) == median["n_ranked"].iloc[0] == 61


def test_an_error_is_not_carried_over_a_break(scores):
    with pytest.raises(NotComparable):
        rank_certainty(scores, 2017, errors="as_2019")
    assert len(rank_certainty(scores, 2018, errors="as_2019", province_code="58")) == 1


def test_errors_are_known_from_the_day_of_the_edition_on():
    before = nt.load_index("papi", as_of="2020-04-27")
    with pytest.raises(NoErrors, match="not yet known on 2020-04-27"):
        rank_certainty(before, 2018, errors="as_2019")
    assert len(rank_certainty(nt.load_index("papi", as_of="2020-04-28"), 2019, province_code="58")) == 1


def test_a_withheld_province_has_no_row(scores):
    assert rank_certainty(scores, 2022, errors="as_2019", province_code="24").empty


def test_the_ranking_rests_on_published_errors_assumed_ones_or_none(scores, year_2019):
    newest = certainty.newest_ranking(scores)
    assumed = rank_certainty(scores, 2023, errors="as_2019")
    pd.testing.assert_frame_equal(newest.drop(columns="group"), assumed)
    cell = scores[(scores["component_id"] == "papi_total") & (scores["edition_year"] == 2023)]
    assert (
        newest["group"].tolist()
        == cell.set_index("province_code").loc[newest["province_code"], "group_derived"].tolist()
    )
    of_2019 = certainty.newest_ranking(scores[scores["edition_year"] <= 2019])
    pd.testing.assert_frame_equal(of_2019.drop(columns="group"), year_2019)
    for frame in (nt.load_index("papi", as_of="2020-04-27"), scores[scores["edition_year"] <= 2017]):
        found = certainty.newest_ranking(frame)
        assert found["standard_error"].isna().all() and set(found["assumption"]) == {""} and len(found) > 55
        assert found["rank"].is_monotonic_increasing and found["group"].notna().all()
    assert certainty.newest_ranking(nt.load_index("papi", as_of="2026-10-01", boundary="post_2025")).empty


@pytest.mark.parametrize("province_code, withheld", [("58", set()), ("22", {2018, 2021, 2023}), ("24", {2021, 2022})])
def test_editions_of_one_method(scores, province_code, withheld):
    found = certainty.rank_interval_years(scores, province_code)
    assert list(found["edition_year"]) == list(range(2018, 2024))
    assert set(found.loc[found["rank"].isna(), "edition_year"]) == withheld
    assert set(found.loc[found["rank"].isna(), "missing"]) <= {"not_published"}
    assert [row.assumption == "published" for row in found.itertuples()] == [y == 2019 for y in found["edition_year"]]
    loaded = scores[(scores["component_id"] == "papi_total") & (scores["province_code"] == province_code)]
    loaded = loaded.set_index("edition_year")
    for row in found[found["rank"].notna()].itertuples():
        assert (row.rank, row.n_ranked) == tuple(loaded.loc[row.edition_year, ["rank_derived", "n_ranked"]])
        assert 1 <= row.rank_low <= row.rank <= row.rank_high <= row.n_ranked
        assert row.standard_error == printed_errors()[province_code]
    assert certainty.rank_interval_years(nt.load_index("papi", as_of="2020-04-27"), province_code).empty


def test_dimensions_of_2019_have_the_root_of_the_variance(scores):
    table = nt.uncertainty()
    parts = table[(table["edition_year"] == 2019) & table["variance"].notna()]
    wide = parts.pivot(index="province_code", columns="component_id", values="variance")
    found = rank_certainty(scores, 2019, "papi_d6", province_code="58").iloc[0]
    assert found["standard_error"] == math.sqrt(wide.at["58", "papi_d6"])
    # a variance of answers would be some two hundred times as great, and the standard error of a sum is never above the
    # sum of those of its parts
    assert (printed_errors() <= np.sqrt(wide).sum(axis=1)).all()
    with pytest.raises(NoErrors):
        rank_certainty(scores, 2019, "papi_d1_1")


# ------------------------------------------------------------------------------------------------------------ cards

BOTH = ("vi", "en")


@pytest.fixture
def shown_card(card):
    return lambda name, code="58", language="vi", quarter="2024Q1": card(
        name, "32_papi_certainty", code, language, quarter, "32*"
    )


@pytest.mark.parametrize(
    "language, title",
    [
        ("vi", "PAPI 2023: Ninh Thuận hạng 6/61; chênh với 17 tỉnh trong sai số"),
        ("en", "PAPI 2023: Ninh Thuan ranks 6/61, within error of 17 others"),
    ],
)
def test_the_ranking_says_of_how_many_the_province_is_not_told_apart(shown_card, language, title):
    seen = shown_card("ranking", language=language)
    seen.caption.check(seen.frame)
    assert seen.caption.title == title and len(seen.caption.note) <= 220
    assert ("giả định" if language == "vi" else "assumed") in seen.caption.subtitle
    published = shown_card("ranking", language=language, quarter="2020Q3").caption
    assert ("công bố" if language == "vi" else "published") in published.subtitle and "37/63" in published.title


@pytest.mark.parametrize("language", BOTH)
def test_a_ranking_without_errors_or_without_the_province_says_so(shown_card, language):
    without = shown_card("ranking", quarter="2019Q4", language=language).caption
    assert "13/61" in without.title and ("nhóm cao" if language == "vi" else "high group") in without.title
    assert ("Không vẽ" if language == "vi" else "No intervals") in without.note
    withheld = shown_card("ranking", "24", quarter="2023Q2", language=language)
    assert withheld.caption is None and ("không công bố" if language == "vi" else "no total") in withheld.reason


def test_a_tied_rank_is_said_as_tied(shown_card):
    seen = shown_card("ranking")
    frame = seen.frame.copy()
    frame.loc[frame["province_code"] == "42", ["score", "rank"]] = frame.loc[
        frame["province_code"] == "58", ["score", "rank"]
    ].to_numpy()
    caption = cards.ranking.caption(frame, seen.context)
    caption.check(frame)
    assert "hạng 6/61 (đồng hạng)" in caption.title


@pytest.mark.parametrize("language, words", [("vi", "sai số như năm 2019"), ("en", "the errors of 2019")])
def test_what_is_assumed_is_said_everywhere(shown_card, language, words):
    seen = shown_card("rank_interval_years", language=language)
    seen.caption.check(seen.frame)
    assert words in seen.caption.subtitle and words in seen.caption.alt
    # another question than that of the ranking, and that is said
    assert ("từng cặp" if language == "vi" else "pair by pair") in seen.caption.note
    assert seen.caption.title.startswith("PAPI 2023: ") and "6/61" in seen.caption.title


@pytest.mark.parametrize("language", BOTH)
def test_where_2019_is_the_newest_nothing_is_assumed_of_it(shown_card, language):
    seen = shown_card("rank_interval_years", language=language, quarter="2020Q3")
    assert seen.caption is None, "two editions are no course: a sentence has the rank and its range"
    assert "2019" in seen.reason and "37/63" in seen.reason and "8" in seen.reason
    assert "giả định" not in seen.reason and "errors as" not in seen.reason


@pytest.mark.parametrize("column, by", [("not_told_apart", 1), ("rank", 1), ("score", 3), ("standard_error", 2)])
def test_a_ranking_that_does_not_follow_from_the_frame_is_refused(shown_card, column, by):
    seen = shown_card("ranking")
    spoilt = seen.frame.copy()
    own = spoilt["province_code"] == "58"
    spoilt.loc[own, column] = spoilt.loc[own, column] + by
    with pytest.raises(ValueError, match="does not hold"):
        seen.caption.check(spoilt)


def test_an_assumption_passed_off_as_published_is_refused(shown_card):
    for name in ("ranking", "rank_interval_years"):
        seen = shown_card(name)
        for assumption in ("published", "as_2019"):
            with pytest.raises(ValueError, match="does not hold"):
                rows = seen.frame["assumption"] != assumption
                seen.caption.check(seen.frame.assign(assumption=assumption) if rows.any() else seen.frame.iloc[:0])


@pytest.mark.parametrize("code, quarter", [("56", "2025Q3"), ("58", "2019Q4"), ("58", "2012Q1")])
def test_where_no_errors_are_known_it_is_said_in_words(shown_card, code, quarter):
    seen = shown_card("rank_interval_years", code, quarter=quarter)
    assert seen.caption is None and "sai số chuẩn" in seen.reason
    assert (shown_card("ranking", code, quarter=quarter).caption is None) == (quarter != "2019Q4")


def test_the_ranking_draws_scores_intervals_and_who_is_not_told_apart(shown_card):
    seen = shown_card("ranking")
    ax = drawn(seen).ax
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    strokes = [line for line in ax.lines if line.get_marker() == "None"]
    assert len(dots) == len(strokes) == len(seen.frame) == 61
    own = seen.frame[seen.frame["province_code"] == "58"].iloc[0]
    texts = [text.get_text() for text in ax.texts]
    for row, dot, stroke in zip(seen.frame.itertuples(), dots, strokes, strict=True):
        (x,), (left, right) = dot.get_xdata(), stroke.get_xdata()
        assert left + right == pytest.approx(2 * x)
        apart = abs(row.score - own.score) > 1.959964 * math.hypot(row.standard_error, own.standard_error)
        assert same_colour(dot.get_markerfacecolor(), "white") == apart
        assert province_name(row.province_code, "pre_2025", "vi") in texts
    # one scale: places go with scores, apart from the shift of the second column
    upper = seen.frame["group"].isin(["high", "upper_middle"]).to_numpy()
    places = np.array([dot.get_xdata()[0] for dot in dots])
    for half in (upper, ~upper):
        slope, _ = np.polyfit(seen.frame["score"][half], places[half], 1)
        assert slope == pytest.approx((places[0] - places[5]) / (seen.frame["score"][0] - own.score), rel=1e-6)
    lines_own = [
        segment for c in ax.collections if same_colour(c.get_color()[0], style.OWN) for segment in c.get_segments()
    ]
    assert len(lines_own) == 4 and lines_own[0][0][0] == pytest.approx(places[5])
    (bold,) = {text.get_text() for text in ax.texts if text.get_weight() == "bold" and "Ninh" in text.get_text()}
    assert bold == "Ninh Thuận"


def test_what_is_assumed_is_drawn_open(shown_card):
    seen = shown_card("rank_interval_years")
    ax = drawn(seen).ax
    boxes = [p for p in ax.patches if isinstance(p, Rectangle) and not p.get_hatch()]
    found = {
        round(p.get_x() + p.get_width() / 2): (
            round(p.get_y() + 0.3),
            round(p.get_y() + p.get_height() - 0.3),
            same_colour(p.get_facecolor()[:3], style.OWN),
        )
        for p in boxes
    }
    assert found == {r.edition_year: (r.rank_low, r.rank_high, r.edition_year == 2019) for r in seen.frame.itertuples()}
    filled = {
        line.get_xdata()[0]: same_colour(line.get_markerfacecolor(), style.OWN)
        for line in ax.lines
        if line.get_marker() == "o"
    }
    assert filled == {year: year == 2019 for year in found}


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    "code, quarter",
    [
        ("58", "2025Q2"),
        ("74", "2025Q2"),
        ("58", "2020Q3"),
        ("22", "2024Q1"),
        ("83", "2024Q1"),
        ("66", "2025Q1"),
        ("77", "2024Q4"),
    ],
)
def test_every_text_of_the_cards_can_be_read(shown, code, language, quarter):
    assert_readable(shown(code, language, quarter, "32*"))
