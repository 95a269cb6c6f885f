"""What may be compared: the tree of components, rules across breaks and the merger, linked series, the crosswalk."""

import csv
import itertools
import math
import statistics
from collections import defaultdict

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan.analysis import reach, relations
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import data_dir
from ninhthuan.refusals import RULES, NotComparable
from ninhthuan.words import bilingual


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
        (2018, 2020, "2 3 4 5"),
        (2019, 2024, "2 4 7"),
        (2018, 2024, "2 4"),
        (2021, 2024, "2 3 4 5 6 7 8"),
        (2022, 2024, "1 2 3 4 5 6 7 8"),
        (2011, 2024, ""),
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
    assert known.same_component("papi_d6", 2016, 2017)
    assert not known.same_component("papi_d6", 2017, 2018), "the publisher adjusted a part of it"
    assert not known.same_component("papi_d7", 2018, 2019), "7.1 halved in the whole country"
    assert known.same_definition("papi_d7", 2018, 2019), "though its definition did not change"


def steps_by_hand(rows):
    """Steps of at least 1.28 standard deviations between whole editions in a row: {(component, year)}."""
    known, found = catalogue(), {}
    editions = {key[:2]: edition.provinces_scored for key, edition in known.editions.items() if key[2] == "pre_2025"}
    for (component, year), after in rows.items():
        index_id = known.component(component).index_id
        before = rows.get((component, year - 1), {})
        whole = all(
            2 * len(cells) >= 63 and len(cells) >= editions.get((index_id, when), 99)
            for cells, when in ((before, year - 1), (after, year))
        )
        documented = [b for b in known.breaks_between(component, year - 1, year) if b.severity != "suspected"]
        ends = [
            [c for c in known.components if c.component_id == component and c.exists_in(when)]
            for when in (year - 1, year)
        ]
        if not whole or documented or not all(ends):
            continue
        trees = [{c.component_id for c in known.parts_of(component, when)} for when in (year - 1, year)]
        moved = ends[1][0].continues_id not in ("", component) and ends[0] != ends[1]
        if trees[0] != trees[1] or ends[0][0].scale_max != ends[1][0].scale_max or moved:
            continue
        both = sorted(before.keys() & after.keys())
        cells = [[scores[code] for code in both] for scores in (before, after)]
        change = statistics.median(cells[1]) - statistics.median(cells[0])
        step = change / math.sqrt(sum(map(statistics.variance, cells)) / 2)
        if abs(step) >= 1.28:
            found[component, year] = change, step
    return found


def test_every_step_of_the_whole_country_is_a_row_and_every_row_such_a_step():
    """The rows `suspected` of breaks.csv, against the rule worked out anew from the scores."""
    rows = {}
    for index_id in catalogue().indices:
        scores = nt.load_index(index_id).dropna(subset="score")
        for name, year, code, score in scores[["component_id", "edition_year", "province_code", "score"]].values:
            rows.setdefault((name, year), {})[code] = score
    steps = steps_by_hand(rows)
    listed = {(b.component_id, b.edition_year): b for b in catalogue().breaks if b.severity == "suspected"}
    assert listed.keys() == steps.keys()
    # a documented change says what changed, and never how far the country moved
    assert [b for b in catalogue().breaks if ("standard deviations" in b.note_en) != (b.severity == "suspected")] == []
    for key, row in listed.items():
        change, step = steps[key]
        assert row.ranks == "marked" and ("rose" if change > 0 else "fell") in row.label_en
        assert f"{abs(change):.4f}" in row.note_en or f"{abs(change):.2f}" in row.note_en
        assert f"({abs(step):.1f} standard deviations" in row.note_en
        assert f"({abs(step):.1f} độ lệch".replace(".", ",") in row.note
    assert {("papi_d7_1", 2019), ("papi_d8_3", 2020), ("papi_d3_2", 2021), ("pci_total", 2017)} <= listed.keys()


def test_nothing_is_compared_across_a_change_of_method_without_a_mark():
    """Every component and every pair of its editions: what is not the same is refused, or has its mark."""
    known = catalogue()
    for index_id in known.indices:
        scores = nt.load_index(index_id)
        held = scores[scores["score"].notna() & scores["level"].isin(["total", "dimension", "sub_dimension"])]
        for component, cells in held.groupby("component_id"):
            for years in itertools.combinations(sorted(cells["edition_year"].unique()), 2):
                same = known.same_component(component, *years)
                assert same or known.marks(component, *years), (component, years)
                assert not (same and known.marks(component, *years)), (component, years)
        changes = nt.changes(scores, "58", rule="positions")
        for row in changes.itertuples():
            same = known.same_component(row.component_id, row.previous_edition, row.edition_year)
            assert same or row.crosses or row.cautions, row
            assert pd.isna(row.rank_change) or known.ranks_comparable(
                row.component_id, row.previous_edition, row.edition_year
            )


@pytest.mark.parametrize("component_id", ["papi_total", "papi_d8", "papi_d7_1", "pci_entry", "pci_total"])
def test_a_comparison_of_scores_is_refused_or_says_what_changed(component_id):
    known = catalogue()
    scores = nt.load_index(known.component(component_id).index_id)
    rows = scores[
        (scores["component_id"] == component_id) & (scores["province_code"] == "58") & scores["score"].notna()
    ]
    pairs = list(itertools.combinations(sorted(rows["edition_year"]), 2))
    for years in pairs[::3]:
        same = known.same_component(component_id, *years)
        try:
            found = nt.compare(component_id, "58", *years)
        except NotComparable:
            assert known.breaks_between(component_id, *years, "break")
            continue
        assert found["caution"].ne("").all() == (not same)
        for each in found["caution"].iloc[0].split():
            name, _, year = each.partition(":")
            (row,) = [b for b in known.breaks if (b.component_id, b.edition_year) == (name, int(year))]
            assert row.label in found.attrs["note_vi"] and row.label_en in found.attrs["note_en"]


def test_only_the_same_component_is_counted_in_reach_and_added_up(papi):
    known = catalogue()
    for component in ("papi_total", "papi_d8", "papi_d3", "papi_d6"):
        for row in reach.rises(papi, component, 2024)[["previous_edition", "edition_year"]].drop_duplicates().values:
            assert known.same_component(component, *row)
    spread = relations.spread(papi).dropna(subset="change")
    for row in spread.itertuples():
        assert bool(row.caution) == (not known.same_component("papi_total", row.first_edition, row.edition_year))
        for part in row.common_ids.split():
            assert known.same_component(part, row.first_edition, row.edition_year)


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
        assert f'rule="{rule}"' in str(refusal.value) and all(
            words in str(refusal.value) for words in bilingual(RULES[rule])
        )


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
    assert rows.attrs["rank_change"] == 17 and bilingual(RULES["positions"])[0] in rows.attrs["note_vi"]
    assert "papi_total:2018" in rows["caution"].iloc[0] and "the choice of the caller" in rows.attrs["note_en"]


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
            cells = [printed.get((year, code, f"papi_d{n}")) for n in (2, 4)]
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
        assert not catalogue().same_component("papi_total", first, last)
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


def test_what_is_not_held_of_a_new_unit_is_said():
    with pytest.raises(KeyError, match=r"Khanh Hoa, 2024 \(post_2025\)"):
        nt.compare("papi_total", "56", 2024, 2024, rule="aggregate", boundary_to="post_2025", weights="equal")
    assert "PAPI" in nt.load_index("papi", boundary="post_2025").attrs["nothing"]
    assert nt.load_index("papi").attrs["nothing"] == ""


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
    assert {str(day.date()) for day in table["valid_to"]} == {"2025-06-30"}
    assert {str(day.date()) for day in table["successor_valid_from"]} == {"2025-07-01"}


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
