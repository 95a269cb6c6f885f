"""Quarters, closing days, reporting windows and kinds of period."""

import calendar
import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ninhthuan.periods import Quarter, last_day_of_month, period_kind

FIRST, LAST = Quarter(2000, 1), Quarter(2099, 4)
EVERY = [Quarter(year, number) for year in range(2000, 2100) for number in (1, 2, 3, 4)]
A_DAY = timedelta(days=1)

quarters = st.sampled_from(EVERY)
years = st.integers(2001, 2099)


# ----------------------------------------------------------------------------------------------------- reading, writing


@given(quarters)
def test_text_round_trip(quarter):
    assert Quarter.parse(str(quarter)) == quarter
    assert re.fullmatch("20[0-9]{2}Q[1-4]", str(quarter))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "Q1",
        "2024Q",
        "2024Q0",
        "2024Q5",
        "2024Q11",
        "2024q1",
        "2024 Q1",
        "2024-Q1",
        "2024QI",
        "Q12024",
        "24Q1",
        "02024Q1",
        "-2024Q1",
        "2024Q1.0",
        " 2024Q1",
        "2024Q1 ",
        "2024Q1\n",
        "1999Q4",
        "2100Q1",
        "2024-03-31",
        "I/2024",
        "last",
        "None",
        "２０２４Q1",  # full-width digits
        "٢٠٢٤Q1",  # Arabic-Indic digits
        "2024Q１",
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="quarter"):
        Quarter.parse(text)


@given(st.one_of(st.text(max_size=8), st.from_regex(r"\d{4}[Qq]\d\s?", fullmatch=True)))
@example("2024Q1")
@example("1999Q4")
@example("２０２４Q1")
def test_only_the_one_spelling_is_read(text):
    if re.fullmatch("20[0-9]{2}Q[1-4]", text):
        assert str(Quarter.parse(text)) == text
    else:
        with pytest.raises(ValueError):
            Quarter.parse(text)


@pytest.mark.parametrize("year, number", [(2024, 0), (2024, 5), (2024, -1), (1999, 4), (2100, 1)])
def test_a_quarter_that_is_none_cannot_be_made(year, number):
    with pytest.raises(ValueError, match=f"{year}Q{number}"):
        Quarter(year, number)


def test_quarters_sort_in_time():
    assert sorted(EVERY, key=str) == EVERY


# ---------------------------------------------------------------------------------------------------------------- shift


@given(quarters, quarters, quarters)
def test_shifts_add_up(start, middle, end):
    there, on = EVERY.index(middle) - EVERY.index(start), EVERY.index(end) - EVERY.index(middle)
    assert start.shifted(0) == start
    assert start.shifted(there) == middle
    assert start.shifted(there).shifted(on) == start.shifted(there + on) == end
    assert middle.shifted(-there) == start


@given(quarters)
def test_previous_is_one_back(quarter):
    assume(quarter != FIRST)
    assert quarter.previous == quarter.shifted(-1)
    assert quarter.previous < quarter
    assert quarter.previous.shifted(1) == quarter
    assert quarter.previous.next == quarter


@pytest.mark.parametrize("quarter, step", [(FIRST, -1), (LAST, 1), (Quarter(2024, 1), 400)])
def test_a_shift_out_of_range_is_refused(quarter, step):
    with pytest.raises(ValueError):
        quarter.shifted(step)


# ----------------------------------------------------------------------------------------------------------------- days


@given(quarters, st.data())
def test_every_day_of_a_quarter_finds_it(quarter, data):
    assert Quarter.containing(quarter.first_day) == quarter
    assert Quarter.containing(quarter.last_day) == quarter
    assert Quarter.containing(data.draw(st.dates(quarter.first_day, quarter.last_day))) == quarter


def test_quarters_leave_no_gap():
    for quarter, following in pairwise(EVERY):
        assert quarter.last_day + A_DAY == following.first_day


@pytest.mark.parametrize(
    "text, first, last, closing",
    [
        ("2024Q1", "2024-01-01", "2024-03-31", "2024-04-30"),
        ("2024Q2", "2024-04-01", "2024-06-30", "2024-07-31"),
        ("2024Q3", "2024-07-01", "2024-09-30", "2024-10-31"),
        ("2023Q4", "2023-10-01", "2023-12-31", "2024-01-31"),
    ],
)
def test_days_of_a_quarter(text, first, last, closing):
    quarter = Quarter.parse(text)
    assert [day.isoformat() for day in (quarter.first_day, quarter.last_day, quarter.closing_day)] == [
        first,
        last,
        closing,
    ]


@given(quarters)
@example(LAST)
def test_closing_day_ends_the_month_after_the_quarter(quarter):
    after = quarter.last_day + A_DAY
    closing = quarter.closing_day
    assert (closing.year, closing.month) == (after.year, after.month)
    assert (closing + A_DAY).day == 1


@given(st.integers(2000, 2099), st.integers(1, 12))
def test_last_day_of_month(year, month):
    day = last_day_of_month(year, month)
    assert (day.year, day.month) == (year, month)
    assert (day + A_DAY).day == 1


@pytest.mark.parametrize("year, days", [(2023, 28), (2024, 29), (2000, 29), (2100, 28)])
def test_february(year, days):
    assert last_day_of_month(year, 2).day == days


# ---------------------------------------------------------------------------------------------------- reporting windows


@pytest.mark.parametrize(
    "text, start, end, cumulative",
    [
        ("2024Q1", "2023-12-15", "2024-03-14", False),
        ("2024Q2", "2023-12-15", "2024-06-14", True),
        ("2024Q3", "2024-06-15", "2024-09-14", False),
        ("2024Q4", "2023-12-15", "2024-12-14", True),
    ],
)
def test_reporting_window(text, start, end, cumulative):
    quarter = Quarter.parse(text)
    assert quarter.reporting_window == (date.fromisoformat(start), date.fromisoformat(end))
    assert quarter.window_is_cumulative is cumulative


@given(years)
def test_windows_of_a_year_fit_together(year):
    first, half, third, whole = (Quarter(year, number).reporting_window for number in (1, 2, 3, 4))
    # those that cumulate start with quarter I and go on beyond it
    assert first[0] == half[0] == whole[0]
    assert first[1] < half[1] < whole[1]
    # quarter III begins the day after the half year ends, and stands alone
    assert half[1] + A_DAY == third[0]
    assert half[1] < third[1] < whole[1]
    # and the next year's first window the day after the year's
    if year < 2099:
        assert whole[1] + A_DAY == Quarter(year + 1, 1).reporting_window[0]


@given(quarters)
def test_a_window_closes_within_its_quarter_and_before_the_closing_day(quarter):
    assume(quarter != LAST)
    assert Quarter.containing(quarter.reporting_window[1]) == quarter
    assert quarter.reporting_window[1] < quarter.closing_day


# ------------------------------------------------------------------------------------------------------- kind of period


@given(years, st.sampled_from([(1, "quarter"), (2, "half"), (3, "quarter"), (4, "year")]))
def test_kind_of_a_reporting_window(year, case):
    number, kind = case
    assert period_kind(*Quarter(year, number).reporting_window) == kind


@given(quarters)
def test_kind_of_a_calendar_quarter(quarter):
    assert period_kind(quarter.first_day, quarter.last_day) == "quarter"


@given(years)
def test_kind_of_longer_calendar_periods(year):
    day = {number: Quarter(year, number) for number in (1, 2, 3, 4)}
    assert period_kind(day[1].first_day, day[2].last_day) == "half"
    assert period_kind(day[3].first_day, day[4].last_day) == "half"
    assert period_kind(day[1].first_day, day[3].last_day) == "nine_months"
    assert period_kind(day[1].first_day, day[4].last_day) == "year"
    # nine months of the reporting calendar, 15/12 to 14/9
    assert period_kind(date(year - 1, 12, 15), date(year, 9, 14)) == "nine_months"


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_kind_of_a_day(day):
    assert period_kind(day, day) == "day"


@pytest.mark.parametrize(
    "start, end",
    [
        ("2024-01-01", "2024-03-30"),  # not to the month's end
        ("2023-02-01", "2023-04-28"),
        ("2024-01-02", "2024-03-31"),  # not from its first day
        ("2023-12-15", "2024-03-31"),  # half window, half calendar
        ("2024-01-01", "2024-03-14"),
        ("2023-12-14", "2024-03-13"),
        ("2023-12-15", "2024-03-15"),
        ("2024-01-01", "2024-02-29"),  # two months
        ("2024-01-01", "2024-04-30"),  # four
        ("2023-01-01", "2024-12-31"),  # two years
        ("2021-09-28", "2024-08-31"),  # the life of a resolution
        ("2015-12-31", "2023-12-31"),  # between two days
    ],
)
def test_every_other_period_is_a_span(start, end):
    assert period_kind(date.fromisoformat(start), date.fromisoformat(end)) == "span"


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(1, 800))
def test_a_kind_is_named_only_for_its_number_of_days(start, days):
    end = start + timedelta(days=days)
    months = {"quarter": 3, "half": 6, "nine_months": 9, "year": 12}.get(period_kind(start, end))
    if months:
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        assert end + A_DAY == date(year, month + 1, start.day)
        assert calendar.monthrange(end.year, end.month)[1] == end.day or end.day == 14
