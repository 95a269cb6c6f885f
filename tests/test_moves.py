"""Why a rank moved: exact splits, each number by another route too."""

import csv

import pytest

import ninhthuan as nt
from figure_cards.captions import FalseFinding, Nothing
from ninhthuan.catalogue import catalogue
from ninhthuan.measures import decomposition
from ninhthuan.reference import data_dir
from ninhthuan.refusals import NotComparable
from ninhthuan_reports import cards
from ninhthuan_reports.wording import Context

PAIRS = [(2018, 2019), (2019, 2020), (2020, 2021), (2021, 2022), (2022, 2023), (2023, 2024), (2011, 2012), (2016, 2017)]


@pytest.fixture(scope="module")
def papi():
    return nt.load_index("papi")


@pytest.fixture(scope="module")
def totals():
    """(edition, code) -> total, straight from the file."""
    found = {}
    with open(data_dir() / "indicators/papi.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["component_id"] == "papi_total" and row["score"] and row["basis"] in ("printed", "summed"):
                found.setdefault((int(row["edition_year"]), row["province_code"]), float(row["score"]))
    return found


def scored(papi, year, province=None):
    rows = papi[(papi["edition_year"] == year) & (papi["component_id"] == "papi_total") & papi["score"].notna()]
    return set(rows["province_code"]) if province is None else rows.set_index("province_code")["score"]


@pytest.mark.parametrize("pair", PAIRS)
def test_provinces_passed_agree_with_the_change_of_rank(papi, totals, pair):
    both = sorted(scored(papi, pair[0]) & scored(papi, pair[1]))
    for code in [*both[::7], "58"]:
        frame = nt.passings(papi, code, *pair)
        # ranks counted from the file
        before, after = (1 + sum(t > totals[year, code] for (y, c), t in totals.items() if y == year) for year in pair)
        assert (frame.attrs["rank_from"], frame.attrs["rank_to"]) == (before, after)
        way = frame["way"].value_counts()
        gained = way.get("passed", 0) + way.get("left", 0) - way.get("passed_by", 0) - way.get("entered", 0)
        assert gained == before - after


def test_who_passed_whom_is_refused_across_a_break_and_without_a_score(papi):
    with pytest.raises(NotComparable, match="2017 và 2018"):
        nt.passings(papi, "58", 2017, 2018)
    with pytest.raises(ValueError, match="no papi_total in 2021"):
        nt.passings(papi, "24", 2020, 2021)
    assert nt.passings(papi[papi["edition_year"] <= 2018], "58").empty, "2017 and 2018 are of two methods"
    assert nt.sub_dimension_moves(papi[papi["edition_year"] <= 2018], "58").empty


def test_the_newest_two_editions_unless_told(papi):
    known = papi[papi["edition_year"] <= 2023]
    newest, told = nt.passings(known, "58"), nt.passings(known, "58", 2022, 2023)
    assert newest.equals(told) and newest.attrs == told.attrs
    assert newest["way"].value_counts().to_dict() == {"passed_by": 4, "left": 2, "passed": 1, "entered": 1}
    passed = newest.loc[newest["way"] == "passed", ["other_code", "other", "other_en"]]
    assert passed.values.tolist() == [["38", "Thanh Hóa", "Thanh Hoa"]]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("level", ["dimension", "sub_dimension"])
def test_contributions_add_up_at_every_level(papi, pair, level):
    parts = decomposition(papi, "58", *pair, level=level)
    whole = parts.attrs["total_to"] - parts.attrs["total_from"]
    assert parts["contribution"].sum() + parts.attrs["residual"] == pytest.approx(whole, abs=1e-9)
    assert abs(parts.attrs["residual"]) < 0.0001, "no more than the rounding of a total"
    # rebuilt ones stay whole; one in which the whole country stepped is split, and the part that did is marked
    marked = {
        "dimension": {2019: "1 7 8", 2020: "6 8", 2021: "3 5 6", 2022: "1"},
        "sub_dimension": {2019: "1_1 7_1 8", 2020: "6_2 8_3", 2021: "3_2 5 6_2 6_4", 2022: "1_1"},
    }[level].get(pair[1], "")
    found = parts.loc[~parts["same_component"], "component_id"].tolist()
    assert found == [f"papi_d{number}" for number in marked.split()]
    if level == "sub_dimension":
        own = papi[papi["province_code"] == "58"].set_index(["component_id", "edition_year"])["score"]
        for row in parts[parts["same_component"]].itertuples():
            assert row.contribution == pytest.approx(own[row.component_id, pair[1]] - own[row.component_id, pair[0]])


def test_steps_of_the_whole_country_are_named(papi):
    """The lowest parts that stepped; `test_comparability.py` works the rule itself out anew."""
    assert catalogue().shifted("papi_total", 2018, 2019) == ["papi_d1_1", "papi_d7_1"]
    before = nt.passings(papi[papi["edition_year"] <= 2022], "58")
    assert "1.1 tăng cả nước (2022)" in cards.passings.caption(before, context("58")).note
    newest = nt.passings(papi[papi["edition_year"] <= 2023], "58")
    assert "cả nước" not in cards.passings.caption(newest, context("58")).note


def test_sub_dimensions_stand_in_order_of_size(papi):
    parts = nt.sub_dimension_moves(papi[papi["edition_year"] <= 2023], "58")
    assert parts["contribution"].abs().is_monotonic_decreasing
    assert parts["component_id"].iloc[0] == "papi_d8_2" and len(parts) == 28


# ----------------------------------------------------------------------------------------------------------- the cards


def context(code, language="vi", boundary="pre_2025"):
    return Context(catalogue().provinces[boundary, code], language)


def frames(papi):
    known = papi[papi["edition_year"] <= 2023]
    return {
        "sub_dimension_moves": (nt.sub_dimension_moves(known, "58"), context("58")),
        "linked_series": (nt.linked_history(known, "58"), context("58")),
        "former_provinces": (nt.former_units("56"), context("56", boundary="post_2025")),
    }


def test_a_title_is_refused_of_other_figures_of_the_old_provinces(papi):
    frame, ctx = frames(papi)["former_provinces"]
    caption = cards.former_provinces.caption(frame, ctx)
    caption.check(frame)
    spoilt = frame.copy()
    spoilt.loc[(frame["edition_year"] == 2024) & (frame["boundary"] == "pre_2025"), "score"] += 1.0
    for other in (spoilt, frame[frame["province_code"] == "58"], frame.iloc[:0]):
        with pytest.raises(FalseFinding):
            caption.check(other)


@pytest.mark.parametrize(
    "language, words, counts",
    [
        ("vi", "PAPI 2023: Ninh Thuận từ hạng 4/61 đến 6/61, trong sai số điều tra", "4 tỉnh vượt lên"),
        ("en", "PAPI 2023: Ninh Thuan went from 4/61 to 6/61, within survey error", "4 came past"),
    ],
)
def test_who_came_past_is_told_in_words(papi, language, words, counts):
    frame = nt.passings(papi[papi["edition_year"] <= 2023], "58")
    caption = cards.passings.caption(frame, context("58", language))
    assert caption.title.replace("\N{NO-BREAK SPACE}", " ") == words
    assert caption.numbers[0].startswith(counts) and "2019" in caption.note


def test_the_rule_stands_in_note_and_alternative_text(papi):
    from ninhthuan.refusals import RULES
    from ninhthuan.words import bilingual

    frame, ctx = frames(papi)["linked_series"]
    caption = cards.card("linked_series").caption(frame, ctx)
    assert all(bilingual(RULES["same_components"])[0] in text for text in (caption.note, caption.alt))


def test_a_province_without_two_editions_has_nothing_to_tell(papi):
    for card in ("passings", "sub_dimension_moves"):
        with pytest.raises(Nothing):
            empty = getattr(nt, card)(papi[papi["edition_year"] == 2023], "58")
            cards.card(card).caption(empty, context("58"))
    with pytest.raises(Nothing):
        cards.former_provinces.caption(nt.former_units("58", boundary="pre_2025"), context("58"))
