"""Why a rank moved: exact splits, each number by another route too."""

import csv
import itertools

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan.catalogue import NotComparable, catalogue, data_dir
from ninhthuan.measures import decomposition
from ninhthuan_reports import cards
from ninhthuan_reports.captions import FalseFinding, Nothing
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
def test_parts_of_every_province_add_up(papi, pair):
    both = sorted(scored(papi, pair[0]) & scored(papi, pair[1]))
    for code in [*both[::7], "58"]:
        split = nt.rank_split(papi, code, *pair)
        ranks = papi[(papi["component_id"] == "papi_total") & (papi["province_code"] == code)].set_index("edition_year")
        moved = ranks.at[pair[0], "rank_derived"] - ranks.at[pair[1], "rank_derived"]
        assert split["places"].sum() == pytest.approx(moved, abs=1e-9)
        way = nt.passings(papi, code, *pair)["way"].value_counts()
        gained = way.get("passed", 0) + way.get("left", 0) - way.get("passed_by", 0) - way.get("entered", 0)
        assert gained == moved
        if len(catalogue().common_components("papi", *pair)) == len(catalogue().parts_of("papi_total", pair[1])):
            assert split.set_index("cause").at["method", "places"] == 0


def test_the_fall_of_2023_by_another_route(totals):
    """Three causes, six orders, ranks counted from the file."""
    before, after = ({c: s for (y, c), s in totals.items() if y == year} for year in (2022, 2023))

    def rank(own, rivals, members):
        mine = (before, after)[own]["58"]
        field = (before, after)[members]
        return 1 + sum(
            ((before, after)[rivals] if c in before and c in after else field)[c] > mine for c in field if c != "58"
        )

    shares = [0.0, 0.0, 0.0]
    for order in itertools.permutations(range(3)):
        state = [0, 0, 0]
        for turn in order:
            was = rank(*state)
            state[turn] = 1
            shares[turn] += (was - rank(*state)) / 6
    split = nt.rank_split(nt.load_index("papi"), "58", 2022, 2023).set_index("cause")["places"]
    assert split[["own", "rivals", "membership"]].tolist() == pytest.approx(shares)
    assert shares == pytest.approx([-2.0, -1.5, 1.5])


def planted(changes=(), drop=()):
    """SYNTHETIC: ten provinces of 2020 and 2021 on the real components; dimension 5 is rebuilt between them."""
    rows = []
    codes = sorted(code for boundary, code in catalogue().provinces if boundary == "pre_2025")[:10]
    for year in (2020, 2021):
        for place, code in enumerate(codes):
            if (year, code) in drop:
                continue
            parts = {f"papi_d{n}": 5.0 + 0.1 * place for n in range(1, 9)}
            for (when, who, component), score in changes:
                if (when, who) == (year, code):
                    parts[component] = score
            parts["papi_total"] = sum(parts.values())
            rows += [
                {"edition_year": year, "province_code": code, "component_id": part, "score": score, "n_ranked": 10}
                for part, score in parts.items()
            ]
    return pd.DataFrame(rows), codes


def split_of(scores, code):
    return nt.rank_split(scores, code, 2020, 2021).set_index("cause")["places"].to_dict()


def test_a_planted_method_change_is_charged_to_method():
    codes = planted()[1]
    scores, _ = planted([((2021, codes[5], "papi_d5"), 1.0)])
    split = split_of(scores, codes[5])
    assert split["method"] == pytest.approx(-5) and split["own"] == split["rivals"] == split["membership"] == 0


def test_a_planted_own_change_is_its_own():
    codes = planted()[1]
    scores, _ = planted([((2021, codes[5], "papi_d1"), 10.0)])
    assert split_of(scores, codes[5]) == pytest.approx({"own": 4, "rivals": 0, "membership": 0, "method": 0})


def test_a_planted_change_of_rivals_is_theirs():
    codes = planted()[1]
    scores, _ = planted([((2021, code, "papi_d1"), 10.0) for code in codes[3:5]])
    assert split_of(scores, codes[5]) == pytest.approx({"own": 0, "rivals": -2, "membership": 0, "method": 0})


def test_provinces_in_and_out_are_membership():
    codes = planted()[1]
    scores, _ = planted(drop={(2020, codes[9]), (2021, codes[8]), (2021, codes[7])})
    assert split_of(scores, codes[5]) == pytest.approx({"own": 0, "rivals": 0, "membership": 1, "method": 0})


def test_what_two_causes_do_together_is_shared():
    codes = planted()[1]
    # own rise of 0.5 and a rival's fall of 0.5: either alone is not enough to pass the one 0.8 above
    scores, _ = planted([((2021, codes[5], "papi_d1"), 5.5 + 0.5), ((2021, codes[6], "papi_d1"), 5.6 - 0.5)])
    assert split_of(scores, codes[5]) == pytest.approx({"own": 0.5, "rivals": 0.5, "membership": 0, "method": 0})


def test_across_a_break_it_is_refused(papi):
    with pytest.raises(NotComparable, match="2017 và 2018"):
        nt.rank_split(papi, "58", 2017, 2018)
    with pytest.raises(ValueError, match="no papi_total in 2021"):
        nt.rank_split(papi, "24", 2020, 2021)


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
    before = nt.why_moved(papi[papi["edition_year"] <= 2023], "58", before_last=1)
    assert before.attrs["shifted"] == "papi_d1_1"
    assert "Cả nước đổi mức một lúc" in cards.why_moved.caption(before, context("58")).note
    newest = nt.why_moved(papi[papi["edition_year"] <= 2023], "58")
    assert "Cả nước đổi mức" not in cards.why_moved.caption(newest, context("58")).note


def test_moves_go_back_one_by_one(papi):
    known = papi[papi["edition_year"] <= 2023]
    newest, before = nt.why_moved(known, "58"), nt.why_moved(known, "58", before_last=1)
    assert [(m.attrs["year_from"], m.attrs["year_to"]) for m in (newest, before)] == [(2022, 2023), (2021, 2022)]
    assert (before.attrs["rank_from"], before.attrs["n_ranked_from"]) == (14, 60)
    assert (before.attrs["rank_to"], before.attrs["n_ranked_to"]) == (4, 61)
    assert newest.attrs["passed"] == "38" and len(before.attrs["passed"].split()) == 11
    assert nt.why_moved(papi[papi["edition_year"] <= 2018], "58").empty, "2017 and 2018 are of two methods"
    assert nt.sub_dimension_moves(papi[papi["edition_year"] <= 2018], "58").empty


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
        "why_moved": (nt.why_moved(known, "58"), context("58")),
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


def test_a_title_is_refused_when_the_provinces_passed_do_not_agree(papi):
    frame, ctx = frames(papi)["why_moved"]
    caption = cards.why_moved.caption(frame, ctx)
    frame.attrs |= {"passed_by": frame.attrs["passed_by"].rsplit(" ", 1)[0]}
    with pytest.raises(FalseFinding):
        caption.check(frame)


@pytest.mark.parametrize(
    "language, words",
    [
        (
            "vi",
            "PAPI 2023: Ninh Thuận từ hạng 4/61 đến 6/61, điểm thay đổi trong sai số điều tra",
        ),
        (
            "en",
            "PAPI 2023: Ninh Thuan went from 4/61 to 6/61, the score's change within survey error",
        ),
    ],
)
def test_the_fall_is_told_in_words(papi, language, words):
    frame, _ = frames(papi)["why_moved"]
    caption = cards.why_moved.caption(frame, context("58", language))
    assert caption.title.replace("\N{NO-BREAK SPACE}", " ") == words
    assert "Shapley" in caption.note and "2019" in caption.note, "and the errors that are taken"


def test_the_rule_stands_in_note_and_alternative_text(papi):
    from ninhthuan.catalogue import RULES
    from ninhthuan.words import bilingual

    for card, rule in (("linked_series", "same_components"), ("former_provinces", "aggregate")):
        frame, ctx = frames(papi)[card]
        caption = cards.card(card).caption(frame, ctx)
        assert all(bilingual(RULES[rule])[0] in text for text in (caption.note, caption.alt))


def test_a_province_without_two_editions_has_nothing_to_tell(papi):
    for card in ("why_moved", "sub_dimension_moves"):
        with pytest.raises(Nothing):
            empty = getattr(nt, card)(papi[papi["edition_year"] == 2023], "58")
            cards.card(card).caption(empty, context("58"))
    with pytest.raises(Nothing):
        cards.former_provinces.caption(nt.former_units("58", boundary="pre_2025"), context("58"))
