"""The explorer without a browser: what may be chosen, that no choice is refused, and that it draws a report's card."""

import base64
import hashlib
import re
from datetime import date

import pytest

import ninhthuan as nt
from ninhthuan.catalogue import catalogue
from ninhthuan.language import ParameterFaults
from ninhthuan.refusals import UnknownName
from ninhthuan_reports import explorer, summaries
from ninhthuan_reports.explorer import WAYS, Explorer
from ninhthuan_reports.parameters import first_quarter
from ninhthuan_reports.report import Report

BOTH = ("vi", "en")
START = {"quarter": "2024Q1", "province_code": "58", "language": "vi"}


@pytest.fixture
def opened():
    return Explorer("02_explorer", **START)


def title(explorer):
    """The title of the picture on the screen, read from the SVG."""
    found = re.search(r"<title>(.*?)</title>", explorer.picture.value)
    return found and found[1]


def offered(control):
    return [value for _, value in control.options]


# -------------------------------------------------------------------------------------------------- what may be chosen


@pytest.mark.parametrize("language", BOTH)
def test_every_province_can_be_chosen_once(language):
    choices = explorer.province_choices(language)
    assert {(p.boundary, p.province_code) for p in choices.values()} == set(catalogue().provinces) and len(
        choices
    ) == 98
    assert [label for label, province in choices.items() if province.province_code == "56"] == {
        "vi": ["Khánh Hòa (đến 30/6/2025)", "Khánh Hòa (từ 01/7/2025)"],
        "en": ["Khanh Hoa (to 30 June 2025)", "Khanh Hoa (from 1 July 2025)"],
    }[language]
    assert next(iter(choices)).startswith("An Giang") and "Hà Tây" in "".join(explorer.province_choices("vi"))


@pytest.mark.parametrize(
    "text", ["Khánh Hòa (từ 01/7/2025)", "khanh hoa", " Khánh  Hòa ", "tỉnh Khánh Hoà", "Khanh Hoa (from 1 July 2025)"]
)
def test_a_province_is_found_as_people_write_it(text):
    language = "en" if "from" in text else "vi"
    found = explorer.province_of(text, language, "post_2025")
    assert (found.boundary, found.province_code) == ("post_2025", "56")


def test_a_name_is_looked_for_in_both_lists():
    assert explorer.province_of("khánh hòa", "vi", "pre_2025").boundary == "pre_2025"
    assert explorer.province_of("ninh thuan", "vi", "post_2025").province_code == "58"
    with pytest.raises(UnknownName, match="Khánh Hòa"):
        explorer.province_of("Khánh", "vi", "pre_2025")


@pytest.mark.parametrize(
    "key, newest, oldest",
    [
        (("pre_2025", "58"), "2025Q2", None),
        (("post_2025", "56"), "2026Q1", "2025Q3"),
        (("pre_2025", "28"), "2008Q2", None),
    ],
)
def test_quarters_are_those_in_which_the_province_was(key, newest, oldest):
    quarters = explorer.quarters_of(catalogue().provinces[key], date(2026, 5, 1))
    assert str(quarters[0]) == newest and str(quarters[-1]) == (oldest or str(first_quarter()))


@pytest.mark.parametrize("index_id", list(catalogue().indices))
def test_components_are_those_with_results_and_their_editions(index_id):
    own = nt.load_index(index_id).query("province_code == '58' and score.notna()")
    choices = explorer.component_choices(own, "vi")
    assert next(iter(choices)) == "Tổng điểm"
    shown = {(component_id, year) for component_id, years in choices.values() for year in years}
    levels = {c.component_id: c.level for c in catalogue().components_of(index_id)}
    known = own[own["component_id"].map(levels).isin(["total", "dimension", "sub_dimension"])]
    assert shown == set(zip(known["component_id"], known["edition_year"], strict=True))


def test_a_code_that_was_given_again_is_two_lines():
    """d2.1 of 2011-2017 and d2.1 from 2018 measure different things."""
    own = nt.load_index("papi").query("province_code == '58' and score.notna()")
    spans = [years for part, years in explorer.component_choices(own, "vi").values() if part == "papi_d2_1"]
    assert [(years[0], years[-1]) for years in spans] == [(2018, 2024), (2011, 2017)]


# ------------------------------------------------------------------------------------- what a choice brings with it


def test_another_province_changes_the_picture(opened):
    assert title(opened).startswith("PAPI 2023: Ninh Thuận hạng 6/61")
    opened.province.value = "khanh hoa"
    assert title(opened).startswith("PAPI 2023: Khánh Hòa hạng 8/61") and opened.picture.value.count("<svg") == 1


def test_quarter_and_years_follow_the_province(opened):
    opened.province.value = "Khánh Hòa (từ 01/7/2025)"
    assert opened.quarter.value >= nt.Quarter.parse("2025Q3") and offered(opened.index) == ["dti"]
    opened.province.value = "Ninh Thuận"
    assert str(opened.quarter.value) == "2025Q2" and offered(opened.index) == list(catalogue().indices)
    opened.index.value = "papi"
    opened.quarter.value = nt.Quarter.parse("2018Q4")
    assert max(opened.years.options) == 2017, "PAPI 2018 came out in April 2019, after the quarter"


def test_a_way_offers_only_the_editions_that_it_can_compare(opened):
    assert offered(opened.against) == list(WAYS) and opened.years.value == (2011, 2023)
    for way, first in (("parts", 2018), ("country", 2011), ("indices", 2011)):
        opened.against.value = way
        assert opened.years.value == (first, 2023), way
    opened.index.value = "par_index"
    assert offered(opened.against) == ["course", "indices"]
    opened.against.value = "course"
    assert "chưa có ba kỳ liền" in opened.picture.value, "a fact, not a fault"


def test_what_was_chosen_stays_where_it_is_on_offer(opened):
    opened.component.label = "3. Trách nhiệm giải trình"
    opened.years.value = (2019, 2022)
    opened.province.value = "Bình Định"
    assert opened.component.value[0] == "papi_d3" and opened.years.value == (2019, 2022)
    assert "Bình Định" in title(opened) and "2022" in title(opened)


@pytest.mark.parametrize("code", ["01", "24", "28", "56", "58", "74"])
def test_no_choice_that_is_offered_is_refused(opened, code):
    """Every index and every way, of provinces with gaps, of one that ended in 2008 and of a centrally run city."""
    opened.province.value = code
    drawn = 0
    for index_id in offered(opened.index):
        opened.index.value = index_id
        for way in offered(opened.against):
            opened.against.value = way
            drawn += title(opened) is not None
            # of a change of which no part is beyond error a sentence says so
            a_sentence_does = way == "parts" or {*offered(opened.against)} <= {"course", "indices"}
            assert title(opened) or ("role" in opened.picture.value and a_sentence_does)
    assert drawn >= len(offered(opened.index)) - 2


def test_an_unknown_name_says_what_may_be_meant(opened):
    opened.province.value = "Khánh"
    assert "Khánh Hòa" in opened.picture.value and not opened.links.value and opened.more.disabled
    opened.province.value = "Khánh Hòa"
    assert title(opened) and opened.links.value and not opened.more.disabled


def test_a_province_without_a_result_says_so(monkeypatch, opened):
    monkeypatch.setattr(explorer, "_results", lambda scores, province: scores.iloc[0:0])
    opened.province.value = "Khánh Hòa"
    assert "Khánh Hòa: chưa có kết quả của chỉ số nào đến 30/4/2024" in opened.picture.value


def test_english_words_for_an_english_reader():
    opened = Explorer("02_explorer", **START | {"language": "en"})
    assert opened.province.description == "Province" and title(opened).startswith("PAPI 2023: Ninh Thuan ranks 6/61")
    assert 'lang="en"' in opened.picture.value and opened.against.label.startswith("Its own")


def test_wrong_parameters_are_refused_before_anything_is_drawn():
    with pytest.raises(ParameterFaults, match="did you mean '58'"):
        Explorer("02_explorer", **START | {"province_code": "Ninh Thuan"})
    with pytest.raises(ParameterFaults, match="quater"):
        Explorer("02_explorer", **START, quater="2024Q1")


# ----------------------------------------------------------------------------------------------------------- its files


def files(opened):
    """What the links of the explorer download, by name."""
    links = re.findall(r'download="([^"]+)" href="data:[^;]+;base64,([^"]+)"', opened.links.value)
    return {name: base64.b64decode(content) for name, content in links}


def test_the_files_are_those_of_a_report(opened, tmp_path):
    assert {name.rpartition(".")[2] for name in files(opened)} == {"svg", "csv"}
    opened.more.click()
    downloaded = files(opened)
    assert {name.rpartition(".")[2] for name in downloaded} == {"svg", "csv", "png", "pdf"} and opened.more.disabled
    report = Report("20_index_trend", **START, index_id="papi", output_dir=str(tmp_path))
    history = report.ask(summaries.total_history, "papi")
    report.figure("index_course", history, policies=report.ask(summaries.policies_for, "papi"))
    for name, content in downloaded.items():
        (other,) = (tmp_path / "figures").glob(f"*.{name.rpartition('.')[2]}")
        assert hashlib.sha256(content).hexdigest() == hashlib.sha256(other.read_bytes()).hexdigest(), name
        assert name.startswith("02_explorer_papi__index_course_papi_total_2011_2023__2024Q1")


def test_the_picture_is_told_to_those_who_do_not_see_it(opened):
    assert 'role="img"' in opened.picture.value and len(re.search("<desc>(.*?)</desc>", opened.picture.value)[1]) > 80
    assert not re.search(r"(src|href)=[\"']https?:", opened.picture.value), "nothing is fetched"
