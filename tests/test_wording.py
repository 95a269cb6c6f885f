"""Vietnamese and English as official documents print them: numbers, days, periods, names, order."""

import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, label, labels, listing, quarter_name
from ninhthuan.numbers import MINUS, number, rounded
from ninhthuan.periods import Quarter
from ninhthuan_reports import wording

BOTH = ("vi", "en")


# ------------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    "value, decimals, vi, en",
    [
        (45.5052, 2, "45,51", "45.51"),
        (45.5052, 4, "45,5052", "45.5052"),
        (42972, 0, "42.972", "42,972"),
        (1234567.891, 1, "1.234.567,9", "1,234,567.9"),
        (999, 0, "999", "999"),
        (0, 2, "0,00", "0.00"),
        (0.5934, 4, "0,5934", "0.5934"),
        # half up, on the decimal and not on the float: 2.675 is stored as 2.67499999999999982236431605997495353221893
        (2.675, 2, "2,68", "2.68"),
        (0.125, 2, "0,13", "0.13"),
        (0.5, 0, "1", "1"),
        (1.5, 0, "2", "2"),
        (2.5, 0, "3", "3"),
        (np.float64(86.68), 2, "86,68", "86.68"),
        (np.int64(7), 0, "7", "7"),
    ],
)
def test_numbers(value, decimals, vi, en):
    assert number(value, decimals, "vi") == vi
    assert number(value, decimals, "en") == en


def test_a_difference_is_rounded_half_up():
    """Floats give -0.49500000000000455, and the scores rounded first give -0.49."""
    assert number(45.5052 - 46.0002, 2, "vi") == f"{MINUS}0,50"
    assert number(45.5052 - 46.0002, 2, "en") == f"{MINUS}0.50"


PUBLISHED = st.decimals(-999999, 999999, allow_nan=False, allow_infinity=False, places=6) | st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(-10_000, 10_000), st.integers(0, 6)
)


@settings(max_examples=400)
@given(later=PUBLISHED, earlier=PUBLISHED, decimals=st.integers(0, 6))
def test_a_difference_of_two_published_figures_is_rounded_as_by_hand(later, earlier, decimals):
    """As by hand, though the frames hold floats: also the difference that lies just half way between two figures."""
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(str(later)) - Decimal(str(earlier))
    assert rounded(float(str(later)) - float(str(earlier)), decimals) == exact.quantize(step, ROUND_HALF_UP)
    # half a step apart
    half = Decimal(str(earlier)).quantize(step) + step / 2 if decimals < 6 else Decimal(str(earlier))
    whole = Decimal(str(earlier)).quantize(step)
    assert rounded(float(str(half)) - float(str(whole)), decimals) == (half - whole).quantize(step, ROUND_HALF_UP)
    assert rounded(float(str(whole)) - float(str(half)), decimals) == (whole - half).quantize(step, ROUND_HALF_UP)


@settings(max_examples=200)
@given(parts=st.lists(st.decimals(0, 100, places=6), min_size=2, max_size=9), decimals=st.integers(0, 4))
def test_a_sum_of_published_figures_is_rounded_as_by_hand(parts, decimals):
    exact = sum(parts).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert rounded(sum(float(str(part)) for part in parts), decimals) == exact


@pytest.mark.parametrize(
    "value, plain, signed",
    [(1.234, "1,23", "+1,23"), (-1.234, "−1,23", "−1,23"), (0, "0,00", "0,00"), (-0.001, "0,00", "0,00")],
)
def test_signs(value, plain, signed):
    assert number(value, 2, "vi") == plain
    assert number(value, 2, "vi", sign=True) == signed


def test_minus_is_the_true_minus():
    for language in BOTH:
        text = number(-1234.5, 1, language)
        assert text[0] == "\N{MINUS SIGN}"
        assert "-" not in text


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT])
@pytest.mark.parametrize("language", BOTH)
def test_what_is_missing_is_three_dots(missing, language):
    assert number(missing, 2, language) == "…"
    assert wording.percent(missing, 2, language) == "…"
    assert wording.rank_of(missing, 63) == "…"
    assert wording.places(missing, language) == "…"


@pytest.mark.parametrize(
    "value, decimals, vi, en",
    [(76.2, 2, "76,20%", "76.20%"), (100, 0, "100%", "100%"), (-12.5, 1, f"{MINUS}12,5%", f"{MINUS}12.5%")],
)
def test_percent_has_no_space(value, decimals, vi, en):
    assert wording.percent(value, decimals, "vi") == vi
    assert wording.percent(value, decimals, "en") == en


def test_rank_goes_with_its_denominator():
    assert wording.rank_of(6, 61) == "6/61"
    assert wording.rank_of(np.float64(6.0), pd.array([61], dtype="Int64")[0]) == "6/61"
    assert wording.rank_of(6, pd.NA) == "6/…"


@pytest.mark.parametrize(
    "change, vi, en",
    [
        (10, "tăng 10 bậc", "up 10 places"),
        (1, "tăng 1 bậc", "up 1 place"),
        (-1, "giảm 1 bậc", "down 1 place"),
        (-7, "giảm 7 bậc", "down 7 places"),
        (0, "giữ nguyên hạng", "same rank"),
    ],
)
def test_change_of_rank(change, vi, en):
    assert wording.places(change, "vi") == vi
    assert wording.places(change, "en") == en


@pytest.mark.parametrize(
    "points, vi, en",
    [
        (13.66, "vượt 13,66 điểm phần trăm", "13.66 percentage points over"),
        (-6.2, "thiếu 6,20 điểm phần trăm", "6.20 percentage points short"),
        (0, "đạt", "met"),
        (76.2 - 76.1 - 0.1, "đạt", "met"),  # 1.4e-14
        (0.004, "đạt", "met"),
        (-0.004, "thiếu dưới 0,01 điểm phần trăm", "under 0.01 percentage points short"),
        (0.005, "vượt 0,01 điểm phần trăm", "0.01 percentage points over"),
        (np.nan, "không nêu chỉ tiêu", "no target stated"),
    ],
)
def test_outcome_against_a_target(points, vi, en):
    assert wording.outcome(points, "vi") == vi
    assert wording.outcome(points, "en") == en


# ---------------------------------------------------------------------------------------------------- days and periods


@pytest.mark.parametrize(
    "value, vi, en",
    [
        # Decree 30/2020: a zero before days under 10, and before months 1 and 2 alone
        (date(2024, 4, 2), "02/4/2024", "2 April 2024"),
        (date(2024, 1, 29), "29/01/2024", "29 January 2024"),
        (date(2021, 9, 28), "28/9/2021", "28 September 2021"),
        (date(2024, 2, 9), "09/02/2024", "9 February 2024"),
        (date(2024, 12, 10), "10/12/2024", "10 December 2024"),
        (date(2025, 10, 1), "01/10/2025", "1 October 2025"),
        (pd.Timestamp(2024, 3, 31), "31/3/2024", "31 March 2024"),
    ],
)
def test_days(value, vi, en):
    assert day(value, "vi") == vi
    assert day(value, "en") == en


@pytest.mark.parametrize("missing", [None, pd.NaT])
def test_an_unknown_day_says_so(missing):
    assert day(missing, "vi") == "chưa rõ ngày"
    assert day(missing, "en") == "date unknown"


def test_months_are_english_in_every_locale():
    """`strftime` follows the locale of the machine; the words must not."""
    months = [day(date(2024, month, 1), "en").split()[1] for month in range(1, 13)]
    assert " ".join(months) == ("January February March April May June July August September October November December")


@pytest.mark.parametrize(
    "quarter, vi, en",
    [
        ("2024Q1", "quý I/2024", "the first quarter of 2024"),
        ("2023Q2", "quý II/2023", "the second quarter of 2023"),
        ("2025Q3", "quý III/2025", "the third quarter of 2025"),
        ("2023Q4", "quý IV/2023", "the fourth quarter of 2023"),
    ],
)
def test_quarters(quarter, vi, en):
    assert quarter_name(Quarter.parse(quarter), "vi") == vi
    assert quarter_name(Quarter.parse(quarter), "en") == en


@pytest.mark.parametrize(
    "start, end, vi, en",
    [
        ("2024-01-01", "2024-03-31", "quý I/2024", "the first quarter of 2024"),
        ("2025-01-01", "2025-06-30", "6 tháng đầu năm 2025", "the first half of 2025"),
        ("2020-01-01", "2020-09-30", "9 tháng đầu năm 2020", "the first nine months of 2020"),
        ("2023-01-01", "2023-12-31", "năm 2023", "2023"),
        # windows of the ministry's reports: from 15 December of the year before
        ("2022-12-15", "2023-03-14", "quý I/2023", "the first quarter of 2023"),
        ("2022-12-15", "2023-06-14", "6 tháng đầu năm 2023", "the first half of 2023"),
        ("2023-06-15", "2023-09-14", "quý III/2023", "the third quarter of 2023"),
        ("2022-12-15", "2023-12-14", "năm 2023", "2023"),
        # neither
        ("2024-03-31", "2024-03-31", "tại ngày 31/3/2024", "on 31 March 2024"),
        ("2021-09-28", "2024-08-31", "28/9/2021–31/8/2024", "28 September 2021 to 31 August 2024"),
        ("2025-01-01", "2025-04-30", "01/01/2025–30/4/2025", "1 January 2025 to 30 April 2025"),
    ],
)
def test_periods(start, end, vi, en):
    for kind in (date.fromisoformat, pd.Timestamp):
        assert wording.period_name(kind(start), kind(end), "vi") == vi
        assert wording.period_name(kind(start), kind(end), "en") == en


@pytest.mark.parametrize(
    "start, end, wrong",
    [
        ("2025-07-01", "2025-12-31", "đầu năm"),
        ("2023-04-01", "2023-12-31", "đầu năm"),
        ("2024-02-01", "2024-04-30", "quý"),
        ("2023-07-01", "2024-06-30", "năm 2024"),
    ],
)
def test_a_period_of_the_right_length_in_the_wrong_place_is_not_given_the_name(start, end, wrong):
    assert wrong not in wording.period_name(date.fromisoformat(start), date.fromisoformat(end), "vi")


# --------------------------------------------------------------------------------------------------- lists, sentences


@pytest.mark.parametrize(
    "items, vi, en",
    [
        ([], "", ""),
        (["PAPI"], "PAPI", "PAPI"),
        (["PAPI", "PCI"], "PAPI và PCI", "PAPI and PCI"),
        (["PAPI", "PCI", "DTI"], "PAPI, PCI và DTI", "PAPI, PCI and DTI"),
    ],
)
def test_listing(items, vi, en):
    assert listing(items, "vi") == vi
    assert listing(items, "en") == en


def test_capitals_change_only_the_first_letter():
    assert wording.sentence("điểm PAPI") == "Điểm PAPI"
    assert wording.lower_first("Công khai, Minh bạch") == "công khai, Minh bạch"
    assert wording.sentence("") == wording.lower_first("") == ""


# --------------------------------------------------------------------------------------------------------- order, names


# Every province of the 63, put in dictionary order by hand.
IN_ORDER = """
An Giang
Bà Rịa - Vũng Tàu, Bạc Liêu, Bắc Giang, Bắc Kạn, Bắc Ninh, Bến Tre, Bình Dương, Bình Định, Bình Phước, Bình Thuận
Cà Mau, Cao Bằng, Cần Thơ
Đà Nẵng, Đắk Lắk, Đắk Nông, Điện Biên, Đồng Nai, Đồng Tháp
Gia Lai
Hà Giang, Hà Nam, Hà Nội, Hà Tĩnh, Hải Dương, Hải Phòng, Hậu Giang, Hòa Bình, Hưng Yên
Khánh Hòa, Kiên Giang, Kon Tum
Lai Châu, Lạng Sơn, Lào Cai, Lâm Đồng, Long An
Nam Định, Nghệ An, Ninh Bình, Ninh Thuận
Phú Thọ, Phú Yên
Quảng Bình, Quảng Nam, Quảng Ngãi, Quảng Ninh, Quảng Trị
Sóc Trăng, Sơn La
Tây Ninh, Thái Bình, Thái Nguyên, Thanh Hóa, Thừa Thiên Huế, Tiền Giang, TP. Hồ Chí Minh, Trà Vinh, Tuyên Quang
Vĩnh Long, Vĩnh Phúc
Yên Bái
"""
ALL_63 = [name.strip() for line in IN_ORDER.strip().split("\n") for name in line.split(",")]


def names_of_63():
    return [
        province.name
        for (boundary, _), province in catalogue().provinces.items()
        if boundary == "pre_2025" and (province.valid_to is None or province.valid_to.year > 2008)
    ]


def test_order_of_the_63_provinces():
    names = names_of_63()
    assert len(ALL_63) == len(names) == 63
    assert sorted(names, key=wording.sort_key) == ALL_63


def test_plain_sorting_would_not_do():
    assert sorted(names_of_63()) != ALL_63


@pytest.mark.parametrize(
    "earlier, later",
    [
        ("Cần Thơ", "Đà Nẵng"),  # đ is a letter of its own, after c and d
        ("Dương", "Đà Nẵng"),
        ("Bạc Liêu", "Bắc Giang"),  # a before ă, whatever the tone
        ("Bắc Ninh", "Bến Tre"),
        ("Cà Mau", "Cao Bằng"),  # syllable by syllable
        ("Bình Dương", "Bình Định"),
        ("Sóc Trăng", "Sơn La"),  # o, ô, ơ
        ("ma", "mà"),  # letters alike: ngang, huyền, hỏi, ngã, sắc, nặng
        ("mà", "mả"),
        ("mả", "mã"),
        ("mã", "má"),
        ("má", "mạ"),
        ("mạ", "mác"),  # letters come before tones
        ("u", "ư"),
        ("e", "ê"),
    ],
)
def test_order_of_pairs(earlier, later):
    assert sorted([later, earlier], key=wording.sort_key) == [earlier, later]


def test_order_does_not_depend_on_the_form_of_unicode():
    for name in ALL_63:
        assert wording.sort_key(unicodedata.normalize("NFD", name)) == wording.sort_key(name)


@pytest.mark.parametrize("key", labels())
def test_labels_are_whole_in_both_languages(key):
    vi, en = (label(key, language) for language in BOTH)
    assert vi == vi.strip() and en == en.strip()
    assert vi and en
    for text in (vi, en):
        assert unicodedata.is_normalized("NFC", text)
    assert not [letter for letter in en if unicodedata.normalize("NFD", letter) != letter], "accents in English"
    if vi != en:
        return
    assert not any(letter.isalpha() for letter in vi), "not translated"


def test_every_rule_of_contradiction_has_a_label(card):
    found = card("contradictions").frame
    assert len(found)
    assert set(found["rule"]) <= set(labels())


def test_names_of_the_reference_tables_are_nfc_and_in_two_languages():
    for province in catalogue().provinces.values():
        for text in (province.name, province.short_name, province.region):
            assert unicodedata.is_normalized("NFC", text)
        assert province.name_en.isascii()
    for component in catalogue().components:
        assert unicodedata.is_normalized("NFC", component.name + component.short_name)
        assert component.name_en.isascii(), component.component_id


def test_names_of_provinces():
    assert wording.province_name("58", "pre_2025", "vi") == "Ninh Thuận"
    assert wording.province_name("58", "pre_2025", "en") == "Ninh Thuan"
    assert wording.province_name("79", "pre_2025", "vi", short=True) == "TP. HCM"
    assert wording.province_name("79", "pre_2025", "en", short=True) == "HCMC"
    assert wording.province_name("46", "post_2025", "en", short=True) == "Hue"
    assert wording.province_name("46", "pre_2025", "en", short=True) == "TT. Hue"
    assert wording.province_name("56", "post_2025", "vi") == "Khánh Hòa"


def test_names_of_components_keep_their_official_number():
    component = catalogue().component("papi_d4")
    assert wording.component_name(component, "vi") == f"4. {component.short_name}"
    assert wording.component_name(component, "en") == f"4. {component.short_name_en}"
    assert wording.component_name(component, "vi", numbered=False) == component.short_name
    sub_dimension = catalogue().component("papi_d8_2")
    assert wording.component_name(sub_dimension, "vi").startswith("8.2 ")


def test_names_of_indicators():
    assert wording.indicator_name("pci_total", "vi") == wording.indicator_name("pci_total", "en") == "PCI"
    assert wording.indicator_name("papi_d8", "vi").startswith("PAPI, 8. ")
    assert wording.indicator_name("dossiers_received", "vi") != wording.indicator_name("dossiers_received", "en")
