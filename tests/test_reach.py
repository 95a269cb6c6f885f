"""What it would take: thresholds that really lift a group, and shares counted again by plain loops."""

import csv
import functools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ninhthuan as nt
from figure_cards import captions
from ninhthuan.analysis import reach
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import GROUPS
from ninhthuan_reports import cards
from ninhthuan_reports.wording import Context

AS_OF = "2024-04-30"


@functools.cache
def index():
    return nt.load_index("papi", as_of=AS_OF)


@pytest.fixture(scope="module")
def papi():
    return index()


@functools.cache
def distances_of(province_code):
    return reach.distances(index(), province_code)


@pytest.fixture(scope="module")
def printed():
    """PAPI of the file itself: {component: {(year, province): score}}, editions known on the day, no code of ours."""
    found = {}
    with open(nt.reference.data_dir() / "indicators/papi.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            # the publisher's workbooks to 2019, then the transcription that has every part
            wanted = row["source_id"].startswith("xlsx") or row["source_id"] == "gh_mlmcdm"
            if wanted and row["score"] and int(row["edition_year"]) <= 2023 and row["boundary"] == "pre_2025":
                cell = found.setdefault(row["component_id"], {})
                cell.setdefault((int(row["edition_year"]), row["province_code"]), float(row["score"]))
    return found


def group_again(cell, province_code, score):
    """Group of a province with another score, all quartiles computed anew."""
    changed = cell.assign(score=cell["score"].where(cell["province_code"] != province_code, score))
    return nt.quartile_groups(changed)[changed["province_code"] == province_code].item()


# ---------------------------------------------------------------------------------------------------------- thresholds


def test_needed_score_by_hand():
    others = [10, 20, 30, 40]
    # with five provinces the quartiles are the 2nd, 3rd and 4th scores
    assert reach.needed_score(others, 0.75) == 30  # 10 20 30 30 40: the 4th is 30, and the own score is 30
    assert reach.needed_score(others, 0.5) == 20
    assert reach.needed_score(others, 0.25) == 10
    # with four, h = 2.25: between the third and the fourth, which are both 30 when the own score is 30
    assert reach.needed_score([10, 20, 30], 0.75) == 30
    assert np.isnan(reach.needed_score([None, np.nan], 0.5))


@given(
    st.lists(st.integers(0, 1000), min_size=3, max_size=70),
    st.sampled_from([0.75, 0.5, 0.25]),
)
def test_the_needed_score_reaches_the_quantile_and_less_does_not(others, quantile):
    """Against the quantile computed again, as a search over every score would."""
    needed = reach.needed_score(others, quantile)

    def reaches(score):
        return score >= pd.Series([*others, score], dtype=float).quantile(quantile)

    assert reaches(needed)
    assert not reaches(needed - 1e-6)
    assert needed in others


@pytest.mark.parametrize("province_code", ["58", "56", "79", "11", "24"])
def test_adding_the_gap_lifts_the_group_and_a_hair_less_does_not(papi, province_code):
    rows = distances_of(province_code)
    below = rows[rows["next_group"] != ""]
    assert len(below) >= 10
    for row in below.itertuples():
        cell = papi[(papi["component_id"] == row.component_id) & (papi["edition_year"] == row.edition_year)]
        lifted = group_again(cell, province_code, round(row.score + row.gap, 9))
        short = group_again(cell, province_code, row.score + row.gap - 1e-6)
        assert GROUPS.index(lifted) <= GROUPS.index(row.next_group), row.component_id
        assert short == row.group, row.component_id
        assert row.gap > 0 and row.threshold == pytest.approx(row.score + row.gap)


def test_the_threshold_is_the_lowest_score_of_the_group_above(papi):
    """A province that rises to it takes none of the places above: so both ways to say it agree."""
    for row in distances_of("79").itertuples():
        if row.next_group:
            cell = papi[(papi["component_id"] == row.component_id) & (papi["edition_year"] == row.edition_year)]
            assert row.threshold == cell.loc[cell["group_derived"] == row.next_group, "score"].min()


# ---------------------------------------------------------------------------------------------------- what has happened


def small(scores, component_id="papi_d6"):
    """A frame of one component: {year: {province: score}}."""
    rows = [(year, code, score) for year, cells in scores.items() for code, score in cells.items()]
    frame = pd.DataFrame(rows, columns=["edition_year", "province_code", "score"])
    frame["component_id"], frame["boundary"] = component_id, "pre_2025"
    return frame


def test_rises_by_hand():
    frame = small({2011: {"01": 1.0, "02": 2.0}, 2012: {"01": 1.5, "02": None}, 2013: {"01": 1.2, "02": 3.0}})
    found = reach.rises(frame, "papi_d6", 2013)
    assert found[["province_code", "edition_year", "rise"]].values.tolist() == [
        ["01", 2012, 0.5],
        ["01", 2013, -0.3],
    ], "no pair is made over the year in which 02 has no score"
    assert reach.closed(found["rise"], 0.5) == {"n_closed": 1, "n_year_pairs": 2, "closed_share": 0.5}
    assert reach.closed(found["rise"], 0.500001)["n_closed"] == 0


def test_no_pair_crosses_a_break_or_another_definition(papi):
    years = {
        component_id: set(reach.rises(papi, component_id, 2023)["edition_year"])
        for component_id in ("papi_total", "papi_d1", "papi_d5_1", "papi_d6", "papi_d2_2")
    }
    assert years["papi_total"] == {2023}  # eight dimensions from 2018, and a part moved in every year up to 2022
    assert years["papi_d1"] == {2017, 2020, 2021, 2023}  # a new baseline in 2016; 1.2 in 2018, 1.1 twice
    assert years["papi_d5_1"] == {2022, 2023}  # another scale from 2021
    assert years["papi_d6"] == set(range(2012, 2024)) - {2018, 2020, 2021}  # adjusted in 2018; 6.2 and 6.4
    assert years["papi_d2_2"] == set(range(2020, 2024))  # another definition to 2018
    assert set(reach.rises(papi, "papi_total", 2013)["edition_year"]) == {2012, 2013, 2014, 2015}


@pytest.mark.parametrize("province_code", ["58", "79"])
def test_closed_share_counted_by_loops_over_the_file(papi, printed, province_code):
    rows = distances_of(province_code)
    counted = 0
    for row in rows[rows["next_group"] != ""].itertuples():
        if row.component_id == "papi_total":
            continue  # of the total several sources are held: see the test of the total
        cells = printed[row.component_id]
        gap = (
            sorted(score for (year, code), score in cells.items() if year == 2023 and code != province_code)[
                int(np.ceil(0.25 * (3 - GROUPS.index(row.next_group)) * 60)) - 1
            ]
            - cells[2023, province_code]
        )
        assert gap == pytest.approx(row.gap, abs=1e-4)
        pairs = set(reach.rises(papi, row.component_id, 2023)["previous_edition"])
        n = seen = 0
        for year in pairs:
            for (edition, code), score in cells.items():
                if edition == year and (year + 1, code) in cells:
                    n += 1
                    seen += round(cells[year + 1, code] - score - row.gap, 9) >= 0
        assert (row.n_closed, row.n_year_pairs) == (seen, n), row.component_id
        assert row.closed_share == seen / n
        counted += 1
    assert counted >= 5


def test_a_larger_gap_was_closed_no_more_often(papi):
    rise = reach.rises(papi, "papi_total", 2023)["rise"]
    shares = [reach.closed(rise, gap)["closed_share"] for gap in np.linspace(-2, 5, 40)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.02 and 0 < shares[20] < 1
    assert reach.closed(rise, rise.min())["closed_share"] == 1


# ---------------------------------------------------------------------------------------------------------- distances


def test_distances_of_ninh_thuan(papi, printed):
    rows = distances_of("58").set_index("component_id")
    assert rows["level"].value_counts().to_dict() == {"total": 1, "dimension": 8, "sub_dimension": 28}
    assert list(rows.index[:3]) == ["papi_total", "papi_d1", "papi_d2"]
    table = nt.provinces("pre_2025").set_index("province_code")
    mates = table.index[table["region_id"] == table.at["58", "region_id"]]
    for component_id, row in rows.iterrows():
        if component_id == "papi_total":
            continue
        cells = printed[component_id]
        scores = {code: cells[2023, code] for code in mates if (2023, code) in cells}
        assert scores[row["region_best_code"]] == pytest.approx(row["region_best"], abs=2e-5)
        assert row["region_best"] == pytest.approx(max(scores.values()), abs=2e-5)
        assert row["region_gap"] == pytest.approx(max(scores.values()) - scores["58"], abs=4e-5)
        first = min(reach.comparable_years(component_id, 2023, range(2011, 2024)))
        own = {year: cells[year, "58"] for year in range(first, 2024) if (year, "58") in cells}
        assert row["own_best_year"] == max(own, key=own.get)
        assert row["own_gap"] == pytest.approx(max(own.values()) - own[2023], abs=4e-5)
    assert rows.at["papi_total", "own_best_year"] == 2022 and rows.at["papi_total", "region_best_code"] == "46"


def test_distances_where_there_is_nothing(papi):
    assert reach.distances(nt.load_index("papi", as_of="2025-10-31", boundary="post_2025"), "56").empty
    assert reach.distances(papi[papi["edition_year"] == 2022], "24").empty, "Bắc Giang was withheld in 2022"
    first = reach.distances(nt.load_index("papi", as_of="2012-12-31"), "58")
    assert set(first["edition_year"]) == {2011} and first["n_year_pairs"].eq(0).all()
    assert first["closed_share"].isna().all()


def test_of_a_part_of_the_scores_no_threshold_is_made(papi):
    pci = nt.load_index("pci", as_of=AS_OF)
    rows = reach.distances(pci, "58", "pci")
    rows = rows[rows["level"] != "total"]  # of the total of 2022 every score is held
    assert len(rows) and rows["next_group"].eq("").all() and rows["gap"].isna().all()


def test_nothing_of_a_later_day_is_read():
    known = nt.load_index("papi", as_of="2021-12-31")
    rows = reach.distances(known, "58")
    assert set(rows["edition_year"]) == {2020}
    assert reach.rises(known, "papi_d4", 2020)["edition_year"].max() == 2020


def test_nearest_first_keeps_those_closed_most_often(papi):
    rows = distances_of("79")
    rows = rows[rows["level"] == "sub_dimension"]
    shown = reach.nearest_first(rows, 5)
    assert len(shown) == 5 and shown["closed_share"].is_monotonic_decreasing
    left = rows[(rows["next_group"] != "") & ~rows["component_id"].isin(shown["component_id"])]
    assert left["closed_share"].max() <= shown["closed_share"].min()
    assert (shown["next_group"] != "").all()


# ----------------------------------------------------------------------------------------------------------- the total


def test_lifting_changes_lift_the_total_and_nothing_less_does(papi):
    codes = papi[(papi["component_id"] == "papi_total") & (papi["edition_year"] == 2023) & papi["score"].notna()]
    codes = codes.loc[codes["group_derived"] != "high", "province_code"].iloc[::6]
    assert len(codes) >= 7
    for code in codes:
        rows = reach.lifting_changes(papi, code)
        assert rows["component_id"].iloc[0] == "papi_total" and set(rows["component_id"].iloc[1:]) == {
            f"papi_d{number}" for number in range(1, 9)
        }
        cell = papi[(papi["edition_year"] == 2023) & (papi["component_id"] == "papi_total")]
        own = papi[(papi["edition_year"] == 2023) & (papi["province_code"] == code)].set_index("component_id")["score"]
        for row in rows.iloc[1:].itertuples():
            # the total as the sum of the dimensions, one of them raised
            total = sum(own[f"papi_d{number}"] for number in range(1, 9)) - own[row.component_id] + row.reached
            assert total == pytest.approx(own["papi_total"] + row.needed, abs=0.001)
            assert row.possible == (own[row.component_id] + row.needed <= 10)
            assert (
                row.highest
                == papi[
                    (papi["component_id"] == row.component_id)
                    & papi["edition_year"].isin(reach.comparable_years(row.component_id, 2023, range(2011, 2024)))
                ]["score"].max()
            )
            rise = reach.rises(papi, row.component_id, 2023)["rise"].to_numpy()
            assert row.closed_share == pytest.approx(np.mean(rise > row.needed - 1e-9))
        before = nt.quartile_groups(cell)[cell["province_code"] == code].item()
        assert GROUPS.index(
            group_again(cell, code, round(own["papi_total"] + rows["needed"].iloc[0], 9))
        ) < GROUPS.index(before)
        assert group_again(cell, code, own["papi_total"] + rows["needed"].iloc[0] - 1e-6) == before
        possible = rows.iloc[1:][rows["possible"].iloc[1:]]
        assert possible["closed_share"].is_monotonic_decreasing


def test_no_lifting_change_for_the_high_group(papi):
    assert catalogue().component("papi_total", 2023).parts_sum
    assert reach.lifting_changes(papi, "58").empty
    assert reach.lifting_changes(papi[papi["edition_year"] < 2011], "58").empty


# --------------------------------------------------------------------------------------------------------- in the cards


def shown(name, frame, code, language="vi"):
    province = catalogue().provinces[("pre_2025", code)]
    context = Context(province, language)
    caption = cards.card(name).caption(frame, context)
    caption.check(frame)
    return caption, context


@pytest.mark.parametrize(
    "component_id, column, change",
    [
        ("papi_total", "needed", 0.02),
        ("papi_d8", "reached", 0.02),
        ("papi_d4", "n_closed", -40),
        ("papi_d4", "closed_share", 0.01),
        ("papi_d3", "n_closed", 200),
    ],
)
def test_a_title_about_lifting_is_refused_of_other_figures(papi, component_id, column, change):
    frame = reach.lifting_changes(papi, "79")
    caption, _ = shown("lifting_changes", frame, "79")
    spoilt = frame.copy()
    spoilt.loc[spoilt["component_id"] == component_id, column] += change
    with pytest.raises(captions.FalseFinding):
        caption.check(spoilt)
    for other in (frame.assign(next_group="high"), frame.assign(province_code="01"), frame.iloc[[0]]):
        with pytest.raises(captions.FalseFinding):
            caption.check(other)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_tables_print_gaps_thresholds_and_counts(papi, language):
    away = distances_of("58")
    away = away[away["level"] != "sub_dimension"]
    _, context = shown("distances", away, "58", language)
    text = cards.distances.table(away, context)
    short = text.iloc[1].tolist()  # the one that the title names, under the total
    # 3.172273 less 3.110025; 106 of 180 cases; Da Nang 3.607165; 2022: 3.532538
    printed = {
        "vi": [
            "3,11 (37/61)",
            "Trung bình thấp",
            "0,06 (3,1723)",
            "59% (106/180); 35%",
            "0,50 (Đà Nẵng)",
            "0,42 (2022)",
        ],
        "en": ["3.11 (37/61)", "Lower middle", "0.06 (3.1723)", "59% (106/180); 35%", "0.50 (Da Nang)", "0.42 (2022)"],
    }
    assert short[1:] == printed[language]
    # of all provinces, the share that would rise so much if none had changed and errors were those of 2019
    sizes = nt.uncertainty().query("component_id == 'papi_d8' and variance > 0")["variance"] ** 0.5
    noise = sum(0.5 * math.erfc(0.062248 / (2**0.5 * size) / 2**0.5) for size in sizes) / len(sizes)
    assert f"{noise:.0%}" == "35%"
    fifth = text.iloc[6].tolist()
    assert fifth[3:] == ["–", "–", "=", "="], "best of its region and at its own best"


def test_the_table_of_sub_dimensions_keeps_to_fifteen_and_says_what_it_left_out(papi):
    away = distances_of("79")
    away = away[away["level"] == "sub_dimension"]
    below = int((away["next_group"] != "").sum())
    assert below > 15
    caption, context = shown("sub_dimension_distances", away, "79", "en")
    assert len(cards.sub_dimension_distances.table(away, context)) == 15
    assert f"the {below - 15} with the lowest share are left out" in caption.note
    assert f"{below} of 28 " in caption.title


@pytest.mark.parametrize("language, says", [("vi", "không còn phù hợp"), ("en", "out of date")])
def test_distances_of_an_edition_that_a_newer_one_ended_are_left_out(papi, language, says):
    """PAPI 2022 gives no total for Bắc Giang, whose last total is of 2020."""
    known = papi[papi["edition_year"] <= 2022]
    away = reach.distances(known, "24")
    assert set(away["edition_year"]) == {2020} and set(away["newest_edition"]) == {2022}
    with pytest.raises(captions.Nothing, match=says):
        cards.distances.caption(away, Context(catalogue().provinces[("pre_2025", "24")], language))


def test_nothing_is_said_of_the_future(papi):
    frames = {
        "distances": distances_of("79").query("level != 'sub_dimension'"),
        "lifting_changes": reach.lifting_changes(papi, "79"),
    }
    for name, frame in frames.items():
        for language, future in (("vi", ("sẽ", "dự kiến", "khả năng")), ("en", ("will", "expected", "likely"))):
            caption, _ = shown(name, frame, "79", language)
            said = " ".join((caption.title, caption.subtitle, caption.note, caption.alt)).lower().split()
            assert not set(future) & set(said)
            assert ("không phải dự báo" if language == "vi" else "not a forecast") in caption.note


def sub_dimensions(papi, code):
    away = distances_of(code)
    return away[away["level"] == "sub_dimension"]
