"""Runs by the calendar: what is due on a day, what was missed, and what a merger ends."""

import json
from datetime import date

import pytest
from small_notebooks import Notebooks, deliver, tree

from ninhthuan.language import ParameterFaults
from ninhthuan_reports.runs import schedule
from ninhthuan_reports.runs.plan import report_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2026-01-31", "2025Q3"),  # the closing day itself may still bring a publication
        ("2026-02-01", "2025Q4"),
        ("2026-04-30", "2025Q4"),
        ("2026-05-01", "2026Q1"),
        ("2026-12-31", "2026Q3"),
        ("2027-01-01", "2026Q3"),
    ],
)
def test_a_quarter_is_due_on_the_day_after_its_closing_day(day, quarter):
    assert str(schedule.due(date.fromisoformat(day))) == quarter


def reports_of(folder, *places):
    for place in places:
        (folder / place).mkdir(parents=True)
        if not place.startswith("."):
            (folder / place / "run.json").write_text("{}", encoding="utf-8")
    return folder


def asked(reports, provinces, languages=("vi",), today=TODAY, **more):
    return [report_of(one) for one in schedule.requests(provinces, languages, reports, today, **more)[0]]


def test_without_any_report_only_the_last_quarter_is_made(tmp_path):
    assert asked(tmp_path, ["56"]) == ["2026Q3/56/vi"]


def test_missed_quarters_are_made_too_oldest_first_for_each_province_and_language(tmp_path):
    reports_of(tmp_path, "2025Q4/56/vi", "2024Q1/56/vi", "2026Q2/56/en", "2026Q1/24/en")
    assert asked(tmp_path, ["56", "24"], ["vi", "en"]) == [
        "2026Q1/56/vi",
        "2026Q2/56/vi",
        "2026Q2/24/en",
        "2026Q3/56/vi",
        "2026Q3/56/en",
        "2026Q3/24/vi",
        "2026Q3/24/en",
    ]


def test_a_later_report_or_one_in_place_asks_for_no_other_than_the_last(tmp_path):
    reports_of(tmp_path, "2026Q3/56/vi", "2027Q1/24/vi")
    assert asked(tmp_path, ["56", "24"]) == ["2026Q3/56/vi", "2026Q3/24/vi"]


def test_a_quarter_that_failed_is_not_forgotten_when_a_later_one_is_there(tmp_path):
    reports_of(tmp_path, "2025Q4/56/vi", "2026Q2/56/vi", ".failed/2026Q1/56/vi")
    # one that somebody tried in vain long before the row begins is no business of the calendar
    reports_of(tmp_path, ".failed/2012Q1/56/vi")
    assert asked(tmp_path, ["56"]) == ["2026Q1/56/vi", "2026Q3/56/vi"]


def test_what_is_not_a_report_is_not_taken_for_one(tmp_path):
    reports_of(tmp_path, "2026/56/vi", "2026Q5/56/vi", "2026Q3-old/56/vi")
    (tmp_path / "2026Q1/56/vi").mkdir(parents=True)
    assert asked(tmp_path, ["56"]) == ["2026Q3/56/vi"]


def test_of_a_merged_province_the_last_quarter_is_its_own_and_its_heir_is_named(tmp_path):
    wanted, notes = schedule.requests(["58"], ["vi", "en"], tmp_path, TODAY)
    assert [report_of(one) for one in wanted] == ["2025Q2/58/vi", "2025Q2/58/en"]
    ((vi, en),) = notes
    assert "Ninh Thuận (58)" in vi and "Khánh Hòa (56)" in vi and "quý II/2025" in vi
    assert "Ninh Thuan (58)" in en and "Khanh Hoa (56)" in en and "2025Q2" in en
    # while it existed, nothing is said of it
    wanted, notes = schedule.requests(["58"], ["vi"], tmp_path, date(2025, 8, 1))
    assert ([report_of(one) for one in wanted], notes) == (["2025Q2/58/vi"], [])


def test_a_province_whose_code_lives_on_is_caught_up_across_the_merger(tmp_path):
    reports_of(tmp_path, "2025Q1/56/vi")
    wanted, notes = schedule.requests(["56"], ["vi"], tmp_path, date(2025, 11, 1))
    assert [(str(one.quarter), one.boundary) for one in wanted] == [("2025Q2", "pre_2025"), ("2025Q3", "post_2025")]
    assert notes == []


def test_all_is_every_province_of_the_quarter_and_merged_ones_that_were_missed(tmp_path):
    assert len(asked(tmp_path, ["all"])) == 34
    assert len(asked(tmp_path, ["all"], today=date(2025, 8, 1))) == 63
    reports_of(tmp_path, "2025Q1/58/vi", "2025Q2/54/vi")
    wanted, notes = schedule.requests(["all"], ["vi"], tmp_path, TODAY)
    assert [report_of(one) for one in wanted][:2] == ["2025Q2/58/vi", "2026Q3/01/vi"]
    assert len(wanted) == 35 and len(notes) == 1


def test_everything_wrong_is_told_at_once(tmp_path):
    with pytest.raises(ParameterFaults) as found:
        schedule.requests(["5*", "99"], ["fr"], tmp_path, TODAY)
    assert len(found.value.faults) == 3


# ------------------------------------------------------------------------------------------------ on the command line


@pytest.fixture
def notebooks(tmp_path):
    return Notebooks(tmp_path)


@pytest.mark.slow
def test_a_second_run_does_nothing_and_a_missed_quarter_is_caught_up(notebooks, recent_data):
    notebooks.environment["NINHTHUAN_DATA"] = str(recent_data.path)
    notebooks.add("tiny", deliver())
    now = schedule.due(date.today())
    last, missed, before = now, now.previous, now.previous.previous

    first = notebooks.run("--provinces", "56", "--quarter", str(before))
    assert first.returncode == 0, first.stderr
    planned = notebooks.run("--provinces", "56", "--quarter", "last", "--json", verb="plan")
    identities = [json.loads(line)["identity"] for line in planned.stdout.splitlines()]
    assert identities == [f"{missed}/56/vi/tiny", f"{last}/56/vi/tiny"]

    second = notebooks.run("--provinces", "56", "--quarter", "last")
    assert second.returncode == 0, second.stderr
    assert {path.parts[-4] for path in notebooks.reports.glob("*/56/vi/run.json")} == {
        *map(str, (last, missed, before))
    }

    there = tree(notebooks.reports)
    third = notebooks.run("--provinces", "56", "--quarter", "last")
    assert third.returncode == 0 and "[1/" not in third.stdout
    left = tree(notebooks.reports)
    assert left == there | {".lock": left[".lock"]}, "only the lock, which names its holder, is written anew"


def test_the_command_line_says_what_became_of_a_merged_province(notebooks):
    notebooks.add("tiny", deliver())
    done = notebooks.run("--quarter", "last", "--languages", "en", verb="plan")
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1 and "Khanh Hoa (56)" in done.stderr
    assert "run       2025Q2/58/en/tiny: new" in done.stdout


def test_a_range_of_quarters(notebooks):
    notebooks.add("tiny", deliver())
    done = notebooks.run("--quarter", "2023Q3..2024Q1,2024Q2", "--json", verb="plan")
    quarters = [json.loads(line)["identity"][:6] for line in done.stdout.splitlines()]
    assert quarters == ["2023Q3", "2023Q4", "2024Q1", "2024Q2"]
