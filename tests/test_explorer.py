"""The explorer without a browser: what a choice shows, why some cannot be, and that it exports a report's card."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import pytest

import ninhthuan as nt
from ninhthuan import reading
from ninhthuan.catalogue import catalogue
from ninhthuan.language import ParameterFaults
from ninhthuan_reports import explorer, summaries
from ninhthuan_reports.explorer import AGAINST, Choice, Explorer, Series, check_choice, component_choices, screen
from ninhthuan_reports.parameters import first_quarter
from ninhthuan_reports.report import Report

BOTH = ("vi", "en")
TOTAL = Series("papi_total", 2011, None)
START = Choice("2024Q1", "pre_2025", "58", "papi", TOTAL, 2011, 2024, "own_course", "vi")


def component(index_id, name_or_id, language="en"):
    """The series of an index that has an id; of a code that was given again, the newest."""
    return next(s for _, s in component_choices(index_id, language) if s.component_id == name_or_id)


# -------------------------------------------------------------------------------------------------- what may be chosen


@pytest.mark.parametrize("language", BOTH)
def test_every_province_can_be_chosen_once(language):
    choices = explorer.province_choices(language)
    labels = [text for text, _ in choices]
    assert {value for _, value in choices} == set(catalogue().provinces) and len(set(labels)) == len(labels) == 98
    khanh_hoa = [text for text, (_, code) in choices if code == "56"]
    assert (
        khanh_hoa
        == {
            "vi": ["Khánh Hòa (đến 30/6/2025)", "Khánh Hòa (từ 01/7/2025)"],
            "en": ["Khanh Hoa (to 30 June 2025)", "Khanh Hoa (from 1 July 2025)"],
        }[language]
    )
    assert labels[0].startswith("An Giang") and [text for text in labels if text.startswith(("Hà Tây", "Ha Tay"))]


@pytest.mark.parametrize("index_id", list(nt.catalogue.catalogue().indices))
@pytest.mark.parametrize("language", BOTH)
def test_components_are_those_that_were_ever_published(index_id, language):
    choices = component_choices(index_id, language)
    assert choices[0][0] == {"vi": "Tổng điểm", "en": "Total"}[language]
    assert len({text for text, _ in choices}) == len(choices), "no two look the same"
    known = {c.component_id for c in catalogue().components_of(index_id) if c.level in ("dimension", "sub_dimension")}
    assert {series.component_id for _, series in choices[1:]} == known
    for _, series in choices:
        last = series.last_edition or 2024
        assert series.years(2000, 2100) == (series.first_edition, series.last_edition or 2100)
        assert catalogue().component(series.component_id, last) == series.definition() or series.last_edition is None


def test_a_code_that_was_given_again_is_two_lines():
    """d2.1 of 2011-2017 and d2.1 from 2018 measure different things."""
    found = [s for _, s in component_choices("papi", "vi") if s.component_id == "papi_d2_1"]
    spans = [(s.first_edition, s.last_edition) for s in found]
    assert len(spans) == 2 and spans[0][0] == 2018 and spans[1][1] == 2017


def test_quarters_are_those_that_are_over_the_newest_first():
    choices = explorer.quarter_choices("vi", date(2024, 5, 1))
    assert choices[0] == ("quý I/2024", "2024Q1") and choices[-1][1] == str(first_quarter())
    for day, newest in ((date(2024, 4, 1), "2024Q1"), (date(2024, 3, 31), "2023Q4")):
        assert explorer.quarter_choices("en", day)[0] == (newest, newest)


# ---------------------------------------------------------------------------------------- what cannot be shown, and why

REFUSED = {
    "a new province before it existed": (
        {"boundary": "post_2025", "province_code": "56"},
        "có từ 01/7/2025",
        "exists from 1 July 2025",
    ),
    "an old province after it ended": ({"quarter": "2025Q3"}, "chỉ có đến 30/6/2025", "ended on 30 June 2025"),
    "Hà Tây in 2024": ({"province_code": "28"}, "'28'", "'28'"),
    "editions not out yet": ({"first": 2024}, "chưa công bố đến 30/4/2024", "were not out on 30 April 2024"),
    "editions before a component": (
        {"series": Series("papi_d7", 2018, None), "last": 2016},
        "nội dung này có ở các kỳ 2018 trở đi",
        "it is of 2018 and later",
    ),
    "a result that was not published": (
        {"province_code": "24", "first": 2022, "last": 2022},
        "không có số liệu của Bắc Giang",
        "no figure of Bac Giang",
    ),
    "a region across a break": ({"against": "region"}, "không cùng phương pháp", "are not of one method"),
    "parts across a break": ({"against": "parts"}, "Hãy chọn các kỳ ở một phía của mốc", "on one side of the break"),
    "parts of one edition": ({"against": "parts", "first": 2023}, "cần ít nhất hai kỳ", "two editions"),
    "parts of what is no sum": (
        {"index_id": "pci", "series": Series("pci_total", 2005, None), "against": "parts", "first": 2021, "last": 2022},
        "không phải là tổng giản đơn",
        "is not a plain sum",
    ),
    "neighbours where not all scores are held": (
        {"index_id": "par_index", "series": Series("par_index_total", 2012, None), "against": "nearest"},
        "cần điểm của mọi tỉnh",
        "needs the scores of all provinces",
    ),
    "neighbours in an edition without the province": (
        {"province_code": "74", "against": "nearest", "first": 2018},
        "không công bố kết quả của tỉnh",
        "the province's result was not published",
    ),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_choice_without_meaning_says_why_in_both_languages(why):
    changed, vi, en = REFUSED[why]
    with pytest.raises(ParameterFaults) as refused:
        check_choice(replace(START, **changed))
    assert [line for line in refused.value.lines("vi") if vi in line], refused.value.lines("vi")
    assert [line for line in refused.value.lines("en") if en in line], refused.value.lines("en")


def test_every_reason_is_told_at_once():
    with pytest.raises(ParameterFaults) as refused:
        check_choice(replace(START, quarter="2025Q3", series=Series("papi_d7", 2018, None), last=2016))
    assert len(refused.value.faults) == 2


def test_a_choice_with_meaning_gives_all_provinces_of_its_editions():
    chosen = check_choice(replace(START, first=2018))
    assert set(chosen["edition_year"]) == set(range(2018, 2024)) and set(chosen["component_id"]) == {"papi_total"}
    assert chosen["province_code"].nunique() == 63


# --------------------------------------------------------------------------------------------------- what it comes to


@pytest.mark.parametrize("against", AGAINST)
def test_each_way_of_setting_against_draws_its_card(against):
    report, rows = screen(replace(START, first=2018, against=against, language="en"))
    assert report.record["kind"] == "figure" and report.picture.startswith(b"\x89PNG")
    assert [card for card in report.made if card.startswith(AGAINST[against].card)]
    assert "Ninh Thuan" in report.record["title"] + report.record["alt"]
    assert report.record["finding"], "the title is tested"
    assert len(rows) == 63 * 6 and set(rows["edition_year"]) == set(range(2018, 2024))
    assert list(rows["province_code"][:6]) == ["58"] * 6 and list(rows["edition_year"][:2]) == [2023, 2022]
    assert "58" not in set(rows["province_code"][6:])


def test_the_card_is_that_of_a_report(tmp_path):
    """The same bytes as the notebook of the report writes, under another name."""
    made, _ = screen(replace(START, series=TOTAL))
    written = made.export(tmp_path / "explorer")
    reading.forget()
    report = Report(
        "20_index_trend",
        quarter="2024Q1",
        province_code="58",
        language="vi",
        index_id="papi",
        output_dir=str(tmp_path / "report"),
    )
    history = summaries.total_history("papi", "58", as_of=report.as_of, boundary=report.boundary)
    policies = summaries.policies_for("papi", report.as_of, "58")
    report.figure("index_course", history, policies=policies)
    names = {path.suffix: path for path in written}
    assert set(names) == {".png", ".svg", ".pdf", ".csv", ".json"} and len(written) == 5
    for suffix in (".png", ".svg", ".pdf", ".csv"):
        (other,) = (tmp_path / "report" / "figures").glob(f"*{suffix}")
        assert names[suffix].read_bytes() == other.read_bytes(), suffix
    record = json.loads(names[".json"].read_text("utf-8"))
    (other,) = (tmp_path / "report" / "figures").glob("*.json")
    other = json.loads(other.read_text("utf-8"))
    for key in ("title", "finding", "alt", "note", "source", "source_ids", "province_code", "language", "as_of"):
        assert record[key] == other[key], key
    for name, content in record["files"].items():
        assert hashlib.sha256((names[".png"].parent / name).read_bytes()).hexdigest() == content.removeprefix("sha256:")


def test_what_was_read_for_one_choice_is_not_said_of_the_next():
    first, _ = screen(START)
    second, _ = screen(replace(START, index_id="sipas", series=Series("sipas_total", 2017, None)))
    of_first, of_second = (set(made.made["closing"][0]["source_ids"]) for made in (first, second))
    assert "gh_tunah72" in of_first and "sipas_nt_2021" in of_second and not of_first & of_second


@pytest.mark.parametrize("language, heads", [("vi", ["Tỉnh, thành phố", "Điểm"]), ("en", ["Province", "Score"])])
def test_the_table_is_of_its_language_and_needs_no_network(language, heads):
    choice = replace(START, language=language, first=2023, last=2023)
    _, rows = screen(choice)
    table = explorer.table_html(rows, choice)
    assert [head for head in heads if head not in table] == []
    assert ("45,5054" if language == "vi" else "45.5054") in table
    assert ("không công bố" if language == "vi" else "not published") in table
    assert "<NA>" not in table and "nan" not in table.lower().replace("nang", "")
    assert not re.search(r"(src|href|from|import)[\s=(]*[\"']https?:", table)


# ------------------------------------------------------------------------------------------------------------- widgets


@pytest.fixture
def opened(tmp_path):
    return Explorer("01_explorer", quarter="2024Q1", province_code="58", language="vi", output_dir=str(tmp_path))


def test_another_province_changes_title_picture_and_table(opened):
    before = opened.figure.value, opened.table.outputs, opened.closing.value
    assert "Ninh Thuận hạng 6/61" in before[0]
    opened.province.value = ("pre_2025", "56")
    assert "Khánh Hòa hạng 8/61" in opened.figure.value and opened.figure.value != before[0]
    assert opened.closing.value != before[2] and not opened.status.value


def test_another_index_brings_its_components_and_editions(opened):
    opened.index.value = "sipas"
    assert opened.component.value == Series("sipas_total", *_span("sipas_total"))
    assert opened.years.value == (2015, max(opened.years.options))
    assert "SIPAS" in opened.figure.value


def _span(component_id):
    found = component(component_id.rpartition("_")[0], component_id)
    return found.first_edition, found.last_edition


def test_a_choice_without_meaning_shows_no_figure_and_no_export(opened):
    opened.against.value = "parts"
    assert 'role="alert"' in opened.status.value and "không cùng phương pháp" in opened.status.value
    assert opened.figure.value == "" and opened.table.outputs == () and opened.export.disabled
    opened.language.value = "en"
    assert "are not of one method" in opened.status.value and "phương pháp" not in opened.status.value
    opened.years.value = (2018, 2024)
    assert not opened.status.value and "nt-figure" in opened.figure.value and not opened.export.disabled


def test_another_language_keeps_the_choice(opened):
    opened.province.value, opened.component.value = ("pre_2025", "24"), component("papi", "papi_d3")
    opened.language.value = "en"
    assert opened.choice.province_code == "24" and opened.choice.series.component_id == "papi_d3"
    assert opened.province.label.startswith("Bac Giang") and opened.province.description == "Province"
    assert "Bac Giang" in opened.figure.value and "Bắc Giang" not in opened.figure.value


def test_the_button_writes_the_card_and_says_where(opened, tmp_path):
    opened.export.click()
    (folder,) = {path.parent for path in tmp_path.rglob("*.json")}
    assert folder == tmp_path / "2024Q1" / "58" / "vi" / "figures"
    assert str(folder) in opened.said.value and "CSV, JSON, PDF, PNG" in opened.said.value


def test_the_button_says_where_it_cannot_write(opened, tmp_path):
    opened.folder = tmp_path / "file"
    opened.folder.write_text("in the way")
    opened.export.click()
    assert 'role="alert"' in opened.said.value and str(opened.folder) in opened.said.value


def test_wrong_parameters_are_refused_before_anything_is_drawn(tmp_path):
    with pytest.raises(ParameterFaults, match="did you mean '58'"):
        Explorer("01_explorer", quarter="2024Q1", province_code="Ninh Thuan", language="vi", output_dir=str(tmp_path))


def test_addresses_of_sources_are_links(opened):
    assert '<a href="https://' in opened.closing.value and "&lt;http" not in opened.closing.value
