"""Names as people write them: one way to find a province or an index, and what is said of a name that means nothing."""

import inspect
import itertools
import unicodedata

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan.catalogue import catalogue, find_province
from ninhthuan.reference import BOUNDARIES
from ninhthuan.refusals import UnknownName


@pytest.mark.parametrize(
    "text, code",
    [
        ("58", "58"),
        (" 58 ", "58"),
        ("Ninh Thuận", "58"),
        (unicodedata.normalize("NFD", "Ninh Thuận"), "58"),
        ("Ninh Thuan", "58"),
        ("NinhThuan", "58"),
        ("ninh-thuan", "58"),
        ("NINH_THUAN", "58"),
        ("Tỉnh Ninh Thuận", "58"),
        ("Ninh Thuan Province", "58"),
        ("TP. Hồ Chí Minh", "79"),
        ("Thành phố Hồ Chí Minh", "79"),
        ("Ho Chi Minh City", "79"),
        ("TP.HCM", "79"),
        ("TPHCM", "79"),
        ("HCMC", "79"),
        ("TP Hà Nội", "01"),
        ("Tỉnh Hà Tĩnh", "42"),
        ("TT-Hue", "46"),
        ("T.T. Huế", "46"),
        ("Thua Thien - Hue", "46"),
        ("BRVT", "77"),
        ("Bà Rịa – Vũng Tàu", "77"),
        ("Bắc Cạn", "06"),
        ("Đắc Lắc", "66"),
        ("Daklak", "66"),
        ("Đăk Nông", "67"),
        ("Hoà Bình", "17"),
        ("Ðà Nẵng", "48"),  # with the Icelandic letter of old files
        ("Hà Tây", "28"),
    ],
)
def test_a_province_as_people_write_it(text, code):
    assert find_province(text).province_code == code


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_every_spelling_means_one_province(boundary):
    provinces = [p for p in catalogue().provinces.values() if p.boundary == boundary]
    for one, other in itertools.combinations(provinces, 2):
        assert not one.spellings & other.spellings
    for province in provinces:
        for spelling in (province.name, province.name_en, province.short_name, province.province_code):
            assert find_province(spelling, boundary) is province


@pytest.mark.parametrize(
    "text, meant",
    [
        ("Nin Thuan", "'58' (Ninh Thuận)"),
        ("Thuận", "'60' (Bình Thuận)"),
        ("1", "'01' (Hà Nội)"),
        ("Vũng Tàu", "'77' (Bà Rịa - Vũng Tàu)"),
    ],
)
def test_what_is_no_name_is_refused_with_what_may_be_meant(text, meant):
    with pytest.raises(UnknownName) as refused:
        find_province(text)
    assert repr(text) in refused.value.vi and repr(text) in refused.value.en
    assert "có phải" in refused.value.vi and meant in refused.value.vi
    assert "did you mean" in refused.value.en
    assert str(refused.value) == f"{refused.value.vi} / {refused.value.en}"


def test_a_part_of_several_names_is_never_taken_for_the_first():
    with pytest.raises(UnknownName) as refused:
        find_province("Ninh")
    assert all(code in refused.value.en for code in ("'22'", "'27'", "'37'", "'58'", "'72'"))


@pytest.mark.parametrize("text", ["99", "", "?", "PAPI"])
def test_what_is_like_nothing_is_refused_without_a_guess(text):
    with pytest.raises(UnknownName) as refused:
        find_province(text)
    assert "did you mean" not in refused.value.en


@pytest.mark.parametrize("number", [58, None])
def test_a_code_is_text(number):
    with pytest.raises(UnknownName, match="as text, in quotes"):
        find_province(number)


def test_a_boundary_that_is_none():
    with pytest.raises(UnknownName, match="did you mean 'post_2025'"):
        find_province("58", "post_2024")


@pytest.mark.parametrize("text", ["58", "Ninh Thuan"])
def test_a_merged_province_names_its_successor(text):
    with pytest.raises(UnknownName, match=r"thuộc Khánh Hòa \(mã 56\) / .* now part of Khanh Hoa \(code 56\)"):
        find_province(text, "post_2025")


def test_a_name_of_both_lists_is_of_the_list_asked_for():
    assert find_province("Khanh Hoa").predecessor_codes == ()
    assert find_province("Khanh Hoa", "post_2025").predecessor_codes == ("56", "58")
    assert find_province("TT-Hue", "post_2025").name == "Huế"


@pytest.mark.parametrize("text", ["par_index", "PAR INDEX", "par-index", "ParIndex", " par index "])
def test_an_index_as_people_write_it(text):
    assert catalogue().find_index(text).index_id == "par_index"


@pytest.mark.parametrize("text, meant", [("PAP1", "papi"), ("papy", "papi"), ("SIPA", "sipas")])
def test_an_index_that_is_none(text, meant):
    with pytest.raises(UnknownName) as refused:
        nt.load_index(text)
    assert f"did you mean {meant!r}?" in refused.value.en and f"có phải {meant!r}?" in refused.value.vi


def test_frames_of_an_index_are_the_same_however_it_was_asked_for():
    assert nt.load_index("SIPAS").equals(nt.load_index("sipas"))
    assert nt.load_index("SIPAS").attrs["index_id"] == "sipas"


# those of a province with frames that hold it, each with what else it is asked
ASKED = {
    "changes": (),
    "decomposition": (2022, 2023),
    "distances": (),
    "gaps": (2023, "papi_total"),
    "lifting_changes": (),
    "likeness": (),
    "linked_history": (),
    "nearest_rivals": (2023, "papi_total"),
    "passings": (2022, 2023),
    "province_history": (),
    "sub_dimension_moves": (),
    "drill_down": (),
}
# the province is not the second thing that they are given; the last is asked as a report is, with its checked code
OTHERS = {
    "change_certainty",
    "compare",
    "discrepancies",
    "former_units",
    "group_transitions",
    "load_workload",
    "rank_certainty",
}


def test_every_function_of_a_province_is_known_here():
    taking = {
        name
        for name in nt.__all__
        if inspect.isfunction(getattr(nt, name)) and "province_code" in inspect.signature(getattr(nt, name)).parameters
    }
    assert taking == set(ASKED) | OTHERS


@pytest.fixture(scope="module")
def scores():
    return nt.load_index("papi", as_of="2024-04-30")


@pytest.mark.parametrize("name", ASKED)
def test_a_name_gives_what_its_code_gives(scores, name):
    function, more = getattr(nt, name), ASKED[name]
    rule = {"rule": "positions"} if name == "changes" else {}
    wanted, found = (pd.DataFrame(function(scores, text, *more, **rule)) for text in ("58", "ninh-thuan"))
    assert found.equals(wanted)
    assert len(wanted) or name == "lifting_changes", "one that is high already has nothing to lift"
    with pytest.raises(UnknownName, match="did you mean '58'"):
        function(scores, "Nin Thuan", *more)
    with pytest.raises(UnknownName, match="as text, in quotes"):
        function(scores, 58, *more)


def test_a_name_gives_what_its_code_gives_elsewhere(scores):
    assert nt.load_workload("Ninh Thuan").equals(nt.load_workload("58")) and len(nt.load_workload("ninh-thuan"))
    assert nt.discrepancies("Ninh Thuan").equals(nt.discrepancies("58"))
    assert not nt.discrepancies("Ninh Thuan").equals(nt.discrepancies()), "left out it is every province"
    transitions = [nt.group_transitions(scores, province_code=text) for text in ("BRVT", "77", "")]
    assert transitions[0].equals(transitions[1]) and not transitions[0].equals(transitions[2])
    certain = [nt.rank_certainty(scores, 2023, errors="as_2019", province_code=text) for text in ("HCMC", "79")]
    assert len(certain[0]) == 1 and certain[0].equals(certain[1])
    pair = [nt.compare("papi_total", text, 2022, 2023) for text in ("Khanh Hoa", "56")]
    assert pair[0].equals(pair[1])


def test_a_name_is_looked_up_in_the_list_that_the_frame_is_of():
    """Bắc Ninh was 27 among 63 provinces, and is 24 among 34."""
    for boundary, code in (("pre_2025", "27"), ("post_2025", "24")):
        scores = nt.load_index("dti", boundary=boundary)
        history = nt.province_history(scores, "Bac Ninh")
        assert len(history) and set(history["province_code"]) == {code}
