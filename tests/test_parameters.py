"""A wrong request is refused whole: every fault at once, in both languages, with what was probably meant."""

from datetime import date

import pytest

from ninhthuan.language import ParameterFaults
from ninhthuan.periods import Quarter
from ninhthuan_reports.parameters import check_parameters

TODAY = date(2026, 6, 15)
GOOD = {"quarter": "2024Q1", "as_of": "", "province_code": "58", "language": "vi", "output_dir": "", "index_id": ""}


def check(**changes):
    return check_parameters(GOOD | changes, TODAY)


def faults(**changes):
    """What is wrong, as (Vietnamese, English)."""
    with pytest.raises(ParameterFaults) as caught:
        check(**changes)
    assert all(vi and en and vi != en for vi, en in caught.value.faults)
    return caught.value.faults


def the_fault(**changes):
    found = faults(**changes)
    assert len(found) == 1, f"one thing is wrong, so one fault is told: {found}"
    return found[0]


# ---------------------------------------------------------------------------------------------------------------- good


def test_a_good_request():
    given = check(index_id="papi", output_dir="somewhere")
    assert given.quarter == Quarter(2024, 1)
    assert given.province.name == "Ninh Thuận"
    assert given.boundary == "pre_2025"
    assert (given.language, given.output_dir, given.index_id) == ("vi", "somewhere", "papi")


@pytest.mark.parametrize(
    "quarter, province_code, closing_day",
    [
        ("2024Q1", "58", date(2024, 4, 30)),
        ("2023Q4", "58", date(2024, 1, 31)),
        ("2023Q1", "58", date(2023, 4, 30)),
        ("2025Q3", "56", date(2025, 10, 31)),
    ],
)
@pytest.mark.parametrize("given", [{"as_of": ""}, {}])
def test_as_of_is_the_closing_day_unless_told(quarter, province_code, closing_day, given):
    request = {"quarter": quarter, "province_code": province_code, "language": "vi"} | given
    assert check_parameters(request, TODAY).as_of == closing_day


def test_as_of_of_a_quarter_that_has_not_closed_yet_is_today():
    assert check_parameters(GOOD, date(2024, 4, 10)).as_of == date(2024, 4, 10)


def test_as_of_may_be_any_day_from_the_end_of_the_quarter_to_today():
    assert check(as_of="2024-04-01").as_of == date(2024, 4, 1)
    assert check(as_of=TODAY.isoformat()).as_of == TODAY


def test_today_is_the_real_day():
    assert check_parameters(GOOD | {"as_of": date.today().isoformat()}).as_of == date.today()
    with pytest.raises(ParameterFaults):
        check_parameters(GOOD | {"quarter": str(Quarter.containing(date.today()))})


def test_codes_stay_text():
    assert check(province_code="01").province.name == "Hà Nội"


# -------------------------------------------------------------------------------------------------------- each refusal


@pytest.mark.parametrize(
    "wrong, meant",
    [("provinc_code", "province_code"), ("Quarter", "quarter"), ("lang", "language"), ("as-of", "as_of")],
)
def test_a_misspelt_name(wrong, meant):
    vi, en = the_fault(**{wrong: "58"})
    assert vi == f"không có tham số {wrong!r}; có phải {meant!r}?"
    assert en == f"there is no parameter {wrong!r}; did you mean {meant!r}?"


def test_a_name_like_no_other():
    vi, en = the_fault(xyzzy="1")
    assert vi == "không có tham số 'xyzzy'"
    assert en == "there is no parameter 'xyzzy'"


# a number may stand for the code of a province: papermill makes one of `-p province_code 56`
@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name in GOOD
        for value in (58, None, date(2024, 4, 30))
        if (name, value) != ("province_code", 58)
    ],
)
def test_what_is_not_text(name, value):
    assert faults(**{name: value})[0] == (
        f"{name} phải là chữ (trong ngoặc kép), không phải {value!r}",
        f"{name} must be text (in quotes), not {value!r}",
    )


@pytest.mark.parametrize("name", ["quarter", "province_code", "language"])
def test_what_is_not_text_is_not_also_read_as_empty_text(name):
    the_fault(**{name: 58.0})


@pytest.mark.parametrize("text", ["", "2024", "2024q1", "2024-Q1", "2024Q5", "2024Q0", "Q1 2024", " 2024Q1", "1999Q1"])
def test_quarter_is_written_in_one_way(text):
    vi, en = the_fault(quarter=text)
    assert vi == f"quarter viết như 2024Q1, không phải {text!r}"
    assert en == f"quarter is written like 2024Q1, not {text!r}"


@pytest.mark.parametrize("quarter, last_vi, last_en", [("2026Q2", "30/6/2026", "30 June 2026")])
@pytest.mark.parametrize("today", [date(2026, 4, 1), date(2026, 6, 15), date(2026, 6, 30)])
def test_a_quarter_that_is_not_over(quarter, last_vi, last_en, today):
    with pytest.raises(ParameterFaults) as caught:
        check_parameters(GOOD | {"quarter": quarter, "province_code": "56"}, today)
    ((vi, en),) = caught.value.faults
    assert vi == f"quý II/2026 chưa kết thúc (ngày cuối là {last_vi})"
    assert en == f"2026Q2 is not over yet (its last day is {last_en})"


@pytest.mark.parametrize("quarter", ["2000Q1", "2006Q3"])
def test_a_quarter_that_no_figure_reaches(quarter):
    with pytest.raises(ParameterFaults) as refused:
        check_parameters({"quarter": quarter, "province_code": "58", "language": "vi"})
    ((vi, en),) = refused.value.faults
    # PCI 2005 is held to have come out by the end of 2006
    assert "2006Q4" in vi and en.endswith("the first quarter with one is 2006Q4")
    assert check_parameters({"quarter": "2006Q4", "province_code": "58", "language": "vi"}).quarter.year == 2006


def test_a_quarter_is_over_the_day_after():
    assert check_parameters(GOOD | {"quarter": "2024Q1"}, date(2024, 4, 1)).quarter == Quarter(2024, 1)


def test_as_of_in_the_future():
    vi, en = the_fault(as_of="2026-06-16")
    assert vi == "as_of 2026-06-16 ở tương lai"
    assert en == "as_of 2026-06-16 is in the future"


@pytest.mark.parametrize("day", ["2024-03-31", "2024-02-29", "2023-04-30"])
def test_as_of_before_the_quarter_is_over(day):
    vi, en = the_fault(as_of=day)
    assert vi.startswith(f"as_of {day} phải sau ngày cuối quý")
    assert en == f"as_of {day} must be after the last day of the quarter (2024-03-31)"


@pytest.mark.parametrize(
    "text", ["30/4/2024", "2024-4-30", "2024-04-31", "30.04.2024", "20240430", "2024-W18-1", "hôm nay"]
)
def test_as_of_is_written_in_one_way(text):
    vi, en = the_fault(as_of=text)
    assert vi == f"as_of viết như 2024-04-30, không phải {text!r}"
    assert en == f"as_of is written like 2024-04-30, not {text!r}"


@pytest.mark.parametrize("code", ["99", "00", "59"])
def test_no_such_province(code):
    vi, en = the_fault(province_code=code)
    assert vi.startswith(f"province_code: không có tỉnh mang mã {code!r}")
    assert en.startswith(f"province_code: no province has the code {code!r}")


@pytest.mark.parametrize(
    "name, code, province, province_en",
    [
        ("Ninh Thuan", "58", "Ninh Thuận", "Ninh Thuan"),
        ("Ninh Thuận", "58", "Ninh Thuận", "Ninh Thuan"),
        ("ninh thuan", "58", "Ninh Thuận", "Ninh Thuan"),
        ("Khanh Hoa", "56", "Khánh Hòa", "Khanh Hoa"),
        ("Binh Thuan", "60", "Bình Thuận", "Binh Thuan"),
        ("Ha Noi", "01", "Hà Nội", "Ha Noi"),
    ],
)
def test_a_province_by_its_name(name, code, province, province_en):
    vi, en = the_fault(province_code=name)
    assert f"có phải {code!r} ({province})" in vi
    assert f"did you mean {code!r} ({province_en})" in en


def test_a_code_that_lost_its_zero():
    """papermill -p makes 1 of 01, and a spreadsheet does as well."""
    vi, en = the_fault(province_code="1")
    assert "'01' (Hà Nội)" in vi
    assert "'01' (Ha Noi)" in en


@pytest.mark.parametrize("code", ["", "abc", "580"])
def test_a_code_that_is_none_says_what_codes_look_like(code):
    vi, en = the_fault(province_code=code)
    assert "58" in vi and "58" in en


def test_ha_tay_is_no_province_any_more():
    vi, _ = the_fault(province_code="28")
    assert "'28'" in vi


@pytest.mark.parametrize(
    "code, name, name_en, successor, successor_en, new",
    [
        ("58", "Ninh Thuận", "Ninh Thuan", "Khánh Hòa", "Khanh Hoa", "56"),
        ("60", "Bình Thuận", "Binh Thuan", "Lâm Đồng", "Lam Dong", "68"),
        ("02", "Hà Giang", "Ha Giang", "Tuyên Quang", "Tuyen Quang", "08"),
    ],
)
def test_a_province_that_was_merged_names_its_successor(code, name, name_en, successor, successor_en, new):
    vi, en = the_fault(quarter="2025Q3", province_code=code)
    assert vi == f"province_code: mã {code} ({name}) không còn từ 01/7/2025: nay thuộc {successor} (mã {new})"
    assert en == (
        f"province_code: code {code} ({name_en}) ended on 1 July 2025: now part of {successor_en} (code {new})"
    )


def test_one_code_two_provinces():
    """56 was Khánh Hòa before the merger and is a larger Khánh Hòa after it."""
    before, after = check(province_code="56", quarter="2025Q2"), check(province_code="56", quarter="2025Q3")
    assert (before.boundary, after.boundary) == ("pre_2025", "post_2025")
    assert before.province.name == after.province.name == "Khánh Hòa"
    assert before.province.predecessor_codes == ()
    assert set(after.province.predecessor_codes) == {"56", "58"}


def test_a_report_of_the_last_old_quarter_keeps_the_old_province_though_it_closes_after_the_merger():
    given = check(quarter="2025Q2")
    assert given.as_of == date(2025, 7, 31)
    assert (given.province.name, given.boundary) == ("Ninh Thuận", "pre_2025")


@pytest.mark.parametrize("language", ["", "VI", "fr", "en-GB", "tiếng Việt"])
def test_language(language):
    vi, en = the_fault(language=language)
    assert vi.startswith(f"language là 'vi' hoặc 'en', không phải {language!r}")
    assert en.startswith(f"language is 'vi' or 'en', not {language!r}")


@pytest.mark.parametrize("index_id, meant", [("pappi", "papi"), ("par-index", "par_index"), ("sipa", "sipas")])
def test_index(index_id, meant):
    vi, en = the_fault(index_id=index_id)
    assert vi == f"không có chỉ số {index_id!r} (có papi, pci, par_index, sipas, dti); có phải {meant!r}?"
    assert en == (
        f"there is no index {index_id!r} (there are papi, pci, par_index, sipas, dti); did you mean {meant!r}?"
    )


# ----------------------------------------------------------------------------------------------------- all of them


def test_everything_wrong_is_told_at_once():
    found = faults(
        quarter="2024/1", as_of="soon", province_code="Ninh Thuan", language="de", index_id="gdp", provice_code="58"
    )
    told = ["provice_code", "quarter", "as_of", "province_code", "language", "gdp"]
    assert len(found) == len(told)
    for part, (vi, en) in zip(told, found, strict=True):
        assert part in vi and part in en


def test_faults_in_one_language():
    with pytest.raises(ParameterFaults) as caught:
        check(language="de", quarter="x")
    error = caught.value
    assert error.lines("vi") == [vi for vi, _ in error.faults]
    assert error.lines("en") == [en for _, en in error.faults]
    assert all(vi in str(error) and en in str(error) for vi, en in error.faults)


def test_a_missing_parameter_is_a_fault_and_not_a_default():
    with pytest.raises(ParameterFaults) as caught:
        check_parameters({}, TODAY)
    about = " ".join(en for _, en in caught.value.faults)
    for name in ("quarter", "province_code", "language"):
        assert name in about
    assert len(caught.value.faults) == 3
