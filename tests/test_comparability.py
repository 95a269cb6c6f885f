"""What may be compared: the tree of components, rules across breaks and the merger, linked series, the crosswalk."""

import csv
from collections import defaultdict

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan.catalogue import RULES, NotComparable, catalogue, data_dir


@pytest.fixture(scope="module")
def papi():
    return nt.load_index("papi")


@pytest.fixture(scope="module")
def printed():
    """(edition, province, component) -> score, straight from the file; the source used is the first with a score."""
    cells = defaultdict(dict)
    with open(data_dir() / "indicators/papi.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["score"]:
                cells[int(row["edition_year"]), row["province_code"], row["component_id"]][row["source_id"]] = row[
                    "score"
                ]
    return cells


def numbers(first, last):
    return [part.number for part in catalogue().common_components("papi", first, last)]


@pytest.mark.parametrize(
    "first, last, common",
    [
        (2011, 2015, "1 2 3 4 5 6"),
        (2011, 2017, "2 4 6"),
        (2016, 2017, "1 2 3 4 5 6"),
        (2018, 2020, "1 2 3 4 5 6 7"),
        (2019, 2024, "1 2 3 4 6 7 8"),
        (2018, 2024, "1 2 3 4 6 7"),
        (2021, 2024, "1 2 3 4 5 6 7 8"),
        (2011, 2024, "4 6"),
    ],
)
def test_the_tree_proves_which_dimensions_stay(first, last, common):
    assert numbers(first, last) == common.split()
    assert numbers(last, first) == common.split(), "the order of the years does not matter"


def test_a_dimension_is_the_same_only_if_its_parts_are():
    known = catalogue()
    assert known.earlier_id("papi_d2_2", 2018, 2017) == "papi_d2_1", "codes shift, the tree knows"
    assert known.same_component("papi_d2_2", 2017, 2018) is False, "three parts of 3.33 became four of 2.5"
    assert known.earlier_id("papi_d2_1", 2018, 2017) is None, "access to information is new"
    assert not known.same_component("papi_d2", 2017, 2018)
    assert not known.same_component("papi_d5", 2020, 2021), "5.2 was dropped"
    assert not known.same_component("papi_d8", 2018, 2019), "8.3 was added"
    assert not known.same_component("papi_d7", 2017, 2018), "there was none"
    assert known.same_component("papi_d6", 2017, 2018)


@pytest.mark.parametrize(
    "component_id, years, words",
    [
        ("papi_total", (2017, 2018), "tám trục"),
        ("papi_d5_1", (2020, 2021), "thang điểm"),
        ("sipas_total", (2021, 2022), "SIPAS"),
        ("pci_total", (2020, 2021), "hiệu chỉnh"),
        ("dti_total", (2021, 2022), "922"),
    ],
)
def test_a_break_is_refused_by_name_with_the_rules_on_offer(component_id, years, words):
    with pytest.raises(NotComparable) as refusal:
        nt.compare(component_id, "58", *years)
    assert words in refusal.value.vi and str(years[0]) in refusal.value.en
    assert refusal.value.breaks and "positions" in refusal.value.rules
    for rule in refusal.value.rules:
        assert f'rule="{rule}"' in str(refusal.value) and all(words in str(refusal.value) for words in RULES[rule])


def test_only_a_plain_sum_offers_its_common_components():
    for component_id, years, offered in (("papi_total", (2017, 2018), True), ("pci_total", (2020, 2021), False)):
        with pytest.raises(NotComparable) as refusal:
            nt.compare(component_id, "58", *years)
        assert ("same_components" in refusal.value.rules) is offered


def test_ninh_thuan_is_not_chained_to_the_new_khanh_hoa():
    with pytest.raises(NotComparable) as refusal:
        nt.compare("dti_total", "58", 2023, 2024, boundary_to="post_2025")
    assert refusal.value.rules == ("aggregate",)
    assert "Khánh Hòa, Ninh Thuận" in refusal.value.vi and "1 July 2025" in refusal.value.en


def test_within_one_method_scores_are_compared():
    rows = nt.compare("papi_total", "58", 2022, 2023)
    assert rows["score"].round(4).tolist() == [46.0002, 45.5054]
    assert rows.attrs["score_change"] == pytest.approx(-0.49484, abs=1e-5)
    assert rows.attrs["rank_change"] == -2


def test_positions_leave_scores_out():
    rows = nt.compare("papi_total", "58", 2017, 2018, rule="positions")
    assert rows["score"].isna().all() and rows["rank"].tolist() == [30, 13]
    assert rows.attrs["rank_change"] == 17 and RULES["positions"][0] in rows.attrs["note_vi"]


def test_common_components_are_added_up_as_by_hand(printed):
    rows = nt.compare("papi_total", "58", 2011, 2017, rule="same_components")
    for year, score in zip((2011, 2017), rows["score"], strict=True):
        by_hand = sum(float(next(iter(printed[year, "58", f"papi_d{n}"].values()))) for n in (2, 4, 6))
        assert score == pytest.approx(by_hand, abs=1e-5)
    assert rows.attrs["note_en"].endswith("(2, 4, 6).")


def test_ranks_of_a_linked_series_are_among_those_that_have_every_part(papi, printed):
    linked = nt.linked_scores(papi, 2018, 2024)
    assert set(linked["component_id"]) == {"papi_total"}
    for year in (2018, 2022, 2024):
        sums = {}
        for code in linked["province_code"].unique():
            cells = [printed.get((year, code, f"papi_d{n}")) for n in (1, 2, 3, 4, 6, 7)]
            if all(cells):
                sums[code] = sum(float(next(iter(cell.values()))) for cell in cells)
        rows = linked[(linked["edition_year"] == year) & linked["score"].notna()].set_index("province_code")
        assert set(rows.index) == set(sums)
        assert (rows["n_ranked"] == len(sums)).all()
        place = 1 + sum(other > sums["58"] + 1e-9 for other in sums.values())
        assert rows.at["58", "rank_derived"] == place


def test_linked_spans_cross_a_break_and_cannot_be_lengthened():
    spans = nt.linked_history(nt.load_index("papi"), "58")
    for span, rows in spans.groupby("span"):
        first, last = map(int, span.split("–"))
        assert catalogue().breaks_between("papi_total", first, last)
        assert rows["component_ids"].iloc[0].split() == [
            part.component_id for part in catalogue().common_components("papi", first, last)
        ]
        for wider in ((first - 1, last), (first, last + 1)):
            if wider[0] >= 2011 and wider[1] <= 2024:
                assert len(numbers(*wider)) < len(numbers(first, last))


def test_no_linked_series_of_an_index_that_is_no_plain_sum():
    with pytest.raises(ValueError, match="plain sum"):
        nt.linked_scores(nt.load_index("pci"), 2013, 2020, "pci_total")
    assert nt.linked_history(nt.load_index("pci"), "58", "pci").empty


def test_the_publisher_made_the_new_da_nang_as_we_do():
    """DTI 2024 came out for both lists: a new unit is the plain mean of its old ones."""
    rows = nt.compare("dti_total", "48", 2024, 2024, rule="aggregate", boundary_to="post_2025", weights="equal")
    assert rows["score"].tolist() == pytest.approx([0.7069, 0.7069], abs=0.00006)
    assert "48: 0.5, 49: 0.5" in rows.attrs["note_vi"]


@pytest.mark.parametrize("weights", [None, {"56": 1}, {"56": 0, "58": 0}, {"56": 1, "58": 1, "60": 1}, "population"])
def test_weights_must_be_stated(weights):
    with pytest.raises(ValueError, match="56, 58"):
        nt.compare("dti_total", "58", 2024, 2024, rule="aggregate", boundary_to="post_2025", weights=weights)


def test_a_wrong_rule_is_named():
    with pytest.raises(ValueError, match="same_components"):
        nt.compare("papi_total", "58", 2022, 2023, rule="ignore")


def test_the_crosswalk_has_every_province_once():
    table = nt.crosswalk()
    assert len(table) == 63 and table["province_code"].is_unique and table["successor_code"].nunique() == 34
    assert (table["n_merged"] == table.groupby("successor_code")["province_code"].transform("count")).all()
    own = table.set_index("province_code")
    assert own.loc[["56", "58"], "successor"].tolist() == ["Khánh Hòa"] * 2
    assert own.loc["56", "code_reused"] and not own.loc["01", "code_reused"]
    assert {str(day) for day in table["valid_to"]} == {"2025-06-30"}
    assert {str(day) for day in table["successor_valid_from"]} == {"2025-07-01"}


def test_former_units_stand_side_by_side_and_together(papi):
    table = nt.former_units("56")
    assert set(zip(table["boundary"], table["province_code"], strict=True)) == {
        ("pre_2025", "56"),
        ("pre_2025", "58"),
        ("post_2025", "56"),
    }
    wide = table.pivot(index="edition_year", columns=["boundary", "province_code"], values="score")
    mean = (wide["pre_2025", "56"] + wide["pre_2025", "58"]) / 2
    assert (mean - wide["post_2025", "56"]).abs().max() < 1e-9
    assert table.loc[table["boundary"] == "post_2025", "rank"].isna().all(), "no rank is made up for it"
    assert nt.former_units("58", boundary="pre_2025").empty


def test_a_stated_weight_counts():
    frame = pd.DataFrame(
        {
            "province_code": ["56", "58"],
            "edition_year": 2023,
            "component_id": "x",
            "score": [40.0, 46.0],
            "source_id": "a",
        }
    )
    from ninhthuan.comparability import aggregate

    assert aggregate(frame, {"56": 2, "58": 1}, "56")["score"].tolist() == pytest.approx([42.0])
    assert aggregate(frame.iloc[:1], {"56": 2, "58": 1}, "56").empty, "an aggregate of a part is none"
