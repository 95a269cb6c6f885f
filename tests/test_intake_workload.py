"""The province's own sheet: a template that is easy to fill, and a reader that names every fault by its cell."""

import csv
import datetime
import hashlib
from typing import ClassVar

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import MergedCell

from careful_tables.cells import cell_name
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import data_dir
from ninhthuan.workload import by_measure
from ninhthuan_intake import template
from ninhthuan_intake.entries import NotANumber, as_day, read_number
from ninhthuan_intake.refusals import Refused
from ninhthuan_intake.template_sheet import write_template
from ninhthuan_intake.workload import read_workload
from ninhthuan_reports import cli

TODAY = datetime.date(2026, 6, 1)
FIELDS = {
    "publisher": "UBND tỉnh Ninh Thuận",
    "title": "Báo cáo công tác cải cách hành chính",
    "number": "123/BC-UBND",
    "issued_on": datetime.date(2024, 12, 20),
}
ALL, ONLINE, DIRECT, POSTAL = (f"dossiers_received|all|{c}" for c in ("all", "online", "direct", "postal"))
SOURCE = "report_58_2024_12_20_123_bc_ubnd"


class Filled:
    """A template being filled in, as a clerk does it."""

    made: ClassVar[dict] = {}  # templates by province and year

    def __init__(self, path, province=("pre_2025", "58"), year=2024, **fields):
        if (province, year) not in self.made:
            write_template(path, catalogue().provinces[province], year)
            self.made[province, year] = path.read_bytes()
        path.write_bytes(self.made[province, year])
        self.path, self.book = path, openpyxl.load_workbook(path)
        self.sheet = self.book[template.SHEET]
        codes = [cell.value for cell in self.sheet["A"]]
        self.rows = {code: row for row, code in enumerate(codes, 1) if code}
        self.free = next(row for row in range(self.rows[template.HEAD] + 1, len(codes) + 1) if not codes[row - 1])
        for name, value in (FIELDS | fields).items():
            self.sheet.cell(self.rows[f"field:{name}"], 3).value = value

    def put(self, code, window, value):
        """Fill a cell; its name."""
        cell = self.sheet.cell(self.rows[code], 6 + window)
        cell.value = value
        return cell.coordinate

    def note(self, code, text):
        self.sheet.cell(self.rows[code], 11).value = text

    def choose(self, place, *words, **values):
        """Fill a row at the end of the table: name, level, channel, kind; values by window (w1 to w4)."""
        row = self.free + place
        name, level, channel, kind = words
        for column, word in ((2, name), (3, level), (4, channel), (6, kind)):
            self.sheet.cell(row, column).value = word
        for window, value in values.items():
            self.sheet.cell(row, 6 + int(window[1:])).value = value
        return row

    def saved(self):
        self.book.save(self.path)
        return self.path

    def read(self, today=TODAY):
        return read_workload(self.saved(), data_dir(), today)

    def faults(self, today=TODAY):
        """The faults in English; each must name the file and say something in Vietnamese too."""
        with pytest.raises(Refused) as refused:
            self.read(today)
        for vi, en in refused.value.faults:
            assert self.path.name in vi and self.path.name in en and vi != en
        return [en for _, en in refused.value.faults]


@pytest.fixture
def filled(tmp_path):
    return Filled(tmp_path / "figures.xlsx")


def figures(proposal):
    (table,) = (name for name in proposal.rows if name.startswith("workload/"))
    return proposal.rows[table]


def brief(proposal):
    return {
        (r["measure"], r["level"], r["channel"], r["period_start"], r["period_end"], r["is_cumulative"]): r["value"]
        for r in figures(proposal)
    }


# ------------------------------------------------------------------------------------------------------- the template


def test_the_template_asks_for_what_measures_and_reports_know(filled):
    """Every row is a known measure by its own words, once; nothing that a clerk fills is missing."""
    table = by_measure()
    codes = [code for code in filled.rows if "|" in code]
    assert len(codes) == len(set(codes)) > 80
    wanted = set(table.index[table["kind"].isin(["count", "plan", "share", "target"])])
    assert {code.split("|")[0] for code in codes} == wanted
    for code in codes:
        measure = code.split("|")[0]
        words = [filled.sheet.cell(filled.rows[code], column).value for column in range(2, 6)]
        assert words[0] == table.at[measure, "name"]
        assert words[3] and words[1] in ("Toàn tỉnh", "Cấp tỉnh", "Cấp huyện", "Cấp xã")
        assert all(filled.sheet.cell(filled.rows[code], 6 + window).value is None for window in (1, 2, 3, 4))
    # as the base document prints them
    assert {ALL, ONLINE, DIRECT, POSTAL, "procedures_published|district|", "par_plan_tasks_planned|all|"} <= set(codes)
    kinds = {code: filled.sheet.cell(filled.rows[code], 6).value for code in codes}
    assert kinds["public_service_units|all|"] == "tại ngày cuối kỳ" and kinds[ALL] == "trong kỳ"


def test_cells_can_be_filled_by_choice_and_by_number_only(filled):
    rules = filled.sheet.data_validations.dataValidation
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rules if rule.type == "list"}
    for name in ("province", "year", "calendar"):
        assert lists[f"C{filled.rows[f'field:{name}']}"].startswith(f"'{template.LISTS}'!")
    assert all(f"{column}{filled.free}" in lists for column in "BCDF")
    kinds = {str(rule.sqref): rule.type for rule in rules}
    row = filled.rows[ALL]
    assert kinds[f"G{row}:J{row}"] == "whole"
    row = filled.rows["dossiers_received_share|all|online"]
    assert kinds[f"G{row}:J{row}"] == "decimal"
    assert filled.sheet.protection.sheet and filled.sheet.column_dimensions["A"].hidden
    assert not filled.sheet.cell(row, 7).protection.locked and filled.sheet.cell(row, 2).protection.locked
    assert filled.book[template.LISTS].sheet_state == "hidden"


def test_the_template_has_no_formula_and_the_same_bytes(tmp_path):
    paths = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for path in paths:
        write_template(path, catalogue().provinces["pre_2025", "58"], 2024)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    for sheet in openpyxl.load_workbook(paths[0]):
        assert not [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"]


def test_the_windows_are_told_in_the_template(filled):
    row = filled.rows[template.HEAD] + 1
    told = [filled.sheet.cell(row, column).value for column in range(7, 11)]
    assert told == [
        "15/12 năm trước – 14/3\nhoặc 01/01 – 31/3",
        "15/12 năm trước – 14/6\nhoặc 01/01 – 30/6",
        "15/6 – 14/9\nhoặc 01/7 – 30/9",
        "15/12 năm trước – 14/12\nhoặc 01/01 – 31/12",
    ]
    guide = " ".join(str(cell.value) for row in filled.book[template.GUIDE] for cell in row if cell.value)
    assert "15/6 – 14/9" in guide and "như in" in guide


def test_no_districts_after_the_merger(tmp_path):
    after = Filled(tmp_path / "after.xlsx", ("post_2025", "56"), 2026)
    assert not [code for code in after.rows if "|district|" in code]
    assert [code for code in after.rows if "|commune|" in code]


def test_the_command_writes_it_and_never_over_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["template", "workload", "figures.xlsx", "--province", "Ninh Thuận"]) == 0
    # as it was written it is not filled in, and may be written again
    assert cli.main(["template", "workload", "figures.xlsx"]) == 0
    book = openpyxl.load_workbook("figures.xlsx")
    book[template.SHEET]["C7"] = "UBND tỉnh"
    book.save("figures.xlsx")
    before = (tmp_path / "figures.xlsx").read_bytes()
    assert cli.main(["template", "workload", "figures.xlsx", "--language", "en"]) == 2
    assert "figures.xlsx is there already" in capsys.readouterr().err
    assert (tmp_path / "figures.xlsx").read_bytes() == before
    assert cli.main(["template", "workload", "b.xlsx", "--province", "58", "--year", "2027", "--language", "en"]) == 2
    assert "part of Khanh Hoa" in capsys.readouterr().err
    assert cli.main(["template", "workload", "b.docx", "--language", "en"]) == 2
    assert cli.main(["template", "workload", "none/b.xlsx", "--language", "en"]) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.xlsx"]


# ------------------------------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("calendar", "ends"),
    [
        (
            template.REPORTING,
            [
                ("2023-12-15", "2024-03-14", "false"),
                ("2023-12-15", "2024-06-14", "true"),
                ("2024-06-15", "2024-09-14", "false"),
                ("2023-12-15", "2024-12-14", "true"),
            ],
        ),
        (
            template.CALENDAR,
            [
                ("2024-01-01", "2024-03-31", "false"),
                ("2024-01-01", "2024-06-30", "true"),
                ("2024-07-01", "2024-09-30", "false"),
                ("2024-01-01", "2024-12-31", "true"),
            ],
        ),
    ],
)
def test_the_four_windows(tmp_path, calendar, ends):
    filled = Filled(tmp_path / "figures.xlsx", calendar=calendar)
    values = (42972, 88000, 41000, 170000)
    for window, value in enumerate(values, 1):
        filled.put(ALL, window, value)
        filled.put("public_service_units|all|", window, 369 - window)
    found = brief(filled.read())
    assert found == {
        **{("dossiers_received", "all", "all", *end): str(value) for end, value in zip(ends, values, strict=True)},
        **{
            ("public_service_units", "all", "", end, end, "false"): str(369 - window)
            for window, (_, end, _) in enumerate(ends, 1)
        },
    }


def test_rows_have_their_source_and_the_file_is_noted_with_its_hash(filled):
    filled.put(ALL, 1, 42972)
    filled.note(ALL, "số sơ bộ")
    proposal = filled.read()
    (row,) = figures(proposal)
    assert (row["unit"], row["source_id"], row["note"]) == ("dossiers", SOURCE, "số sơ bộ")
    assert (row["province_code"], row["boundary"], row["agency"]) == ("58", "pre_2025", "")
    (source,) = proposal.rows["reference/sources.csv"]
    assert source["source_id"] == SOURCE and source["published"] == "2024-12-20"
    assert source["title"] == "Báo cáo công tác cải cách hành chính (123/BC-UBND)"
    assert source["publisher"] == "UBND tỉnh Ninh Thuận" and source["kind"] == "publisher_report"
    (taken,) = proposal.rows["reference/imports.csv"]
    content = filled.path.read_bytes()
    assert taken["sha256"] == hashlib.sha256(content).hexdigest() and taken["bytes"] == str(len(content))
    assert (taken["sheet"], taken["rows"], taken["layout"]) == ("Số liệu", "1", "template")


def test_rows_chosen_at_the_end_of_the_table(filled):
    filled.choose(0, "Thay đổi hồ sơ tiếp nhận so với quý trước", "Toàn tỉnh", "Tất cả hình thức", "trong kỳ", w1=-120)
    filled.choose(1, "hồ sơ ĐÃ giải quyết", "Cấp xã", "Trực tiếp và bưu chính", "trong kỳ", w1=1234)
    filled.choose(2, "Phòng chuyên môn", "Cấp huyện", None, "tại ngày cuối kỳ", w3=11)
    assert {key[:3]: value for key, value in brief(filled.read()).items()} == {
        ("dossiers_received_change_on_previous_quarter", "all", "all"): "-120",
        ("dossiers_resolved", "commune", "direct_and_postal"): "1234",
        ("specialised_divisions", "district", ""): "11",
    }


def test_a_plan_may_be_filled_in_before_its_year_is_over(tmp_path):
    filled = Filled(tmp_path / "figures.xlsx", issued_on=datetime.date(2024, 1, 5))
    filled.put("par_plan_tasks_planned|all|", 4, 47)
    filled.put("dossiers_received_share_target|all|online", 4, 80)
    assert len(figures(filled.read(datetime.date(2024, 2, 1)))) == 2
    where = filled.put("par_plan_tasks_done|all|", 4, 16)
    (fault,) = filled.faults(datetime.date(2024, 12, 14))  # the last day itself
    assert f"cell {where}" in fault and "is not over yet" in fault


def test_figures_of_the_merged_province_go_to_the_comparators(tmp_path):
    after = Filled(tmp_path / "a.xlsx", ("post_2025", "56"), 2025, issued_on=datetime.date(2025, 12, 20))
    after.put(ALL, 3, 191957)
    proposal = after.read()
    assert "workload/comparators.csv" in proposal.rows
    assert (figures(proposal)[0]["boundary"], figures(proposal)[0]["province_code"]) == ("post_2025", "56")
    where = after.put("procedures_published|district|", 3, 5)
    assert any(f"cell {where}" in fault and "no district level" in fault for fault in after.faults())


def test_the_example_row_is_never_read_and_not_to_be_filled(filled):
    filled.put(ALL, 1, 10)
    assert [row["value"] for row in figures(filled.read())] == ["10"]
    where = filled.put(template.EXAMPLE, 2, 700)
    (fault,) = filled.faults()
    assert f"cell {where}" in fault and "example" in fault


def test_nothing_filled_in(filled):
    for name in FIELDS:
        filled.sheet.cell(filled.rows[f"field:{name}"], 3).value = None
    faults = filled.faults()
    assert len(faults) == 5 and "no figure is filled in" in faults[-1]
    for name, fault in zip(("publisher", "title", "number", "issued_on"), faults, strict=False):
        assert f"cell C{filled.rows[f'field:{name}']}: not filled in" in fault


# ------------------------------------------------------------------------------------------------------------ numbers


@pytest.mark.parametrize(
    ("cell", "whole", "value"),
    [
        (42972.0, True, "42972"),
        ("42972", True, "42972"),
        ("42.972", True, "42972"),
        ("42,972", True, "42972"),
        ("42 972", True, "42972"),
        ("1.234.567", True, "1234567"),
        ("1,234,567", True, "1234567"),
        (" 7 ", True, "7"),
        ("−12", True, "-12"),
        (0, True, "0"),
        (76.2, False, "76.2"),
        (76.20000000000000284, False, "76.2"),
        ("76,20", False, "76.20"),
        ("76.20", False, "76.20"),
        ("76,20%", False, "76.20"),
        ("1.234", False, "1.234"),
        ("0,07", False, "0.07"),
        ("1.234,50", False, "1234.50"),
        ("1,234.50", False, "1234.50"),
        ("100", False, "100"),
    ],
)
def test_numbers_however_they_are_written(cell, whole, value):
    assert read_number(cell, whole) == value


@pytest.mark.parametrize(
    ("cell", "whole", "words"),
    [
        (42.972, True, "if 42972 is meant"),
        ("42,5", True, "no whole number"),
        ("4.29.72", True, "no whole number"),
        ("0,123", True, "no whole number"),
        ("1.2.3", False, "wrong place"),
        ("12.34,5", False, "wrong place"),
        ("-", True, "no number"),
        ("không có", True, "no number"),
        ("12 hồ sơ", True, "no number"),
        ("", True, "no number"),
        (True, True, "a number is needed"),
        (datetime.date(2024, 3, 1), True, "01/3/2024"),
        (float("nan"), False, "no number"),
        (float("inf"), False, "no number"),
    ],
)
def test_what_is_no_number(cell, whole, words):
    with pytest.raises(NotANumber) as wrong:
        read_number(cell, whole)
    assert words in wrong.value.en and wrong.value.vi != wrong.value.en


@pytest.mark.parametrize(
    ("place", "text", "meant"),
    [(ALL, "42.972", "42972"), (ALL, "42,972", "42972"), ("dossiers_received_share|all|online", "76,20", "76.20")],
)
def test_a_number_kept_as_text_is_named_with_what_it_would_be(filled, place, text, meant):
    cell = filled.put(place, 1, text)
    with pytest.raises(Refused) as refused:
        filled.read()
    (line,) = refused.value.lines("en")
    assert f"cell {cell}: {text!r} is text, not a number: enter it as a number, {meant}" in line
    assert meant.replace(".", ",") in refused.value.lines("vi")[0]


def test_text_that_may_mean_two_numbers_says_both():
    with pytest.raises(NotANumber) as wrong:
        read_number("1.234", whole=False, bounded=False)
    assert "1234" in wrong.value.en and "1.234" in wrong.value.en and "1,234" in wrong.value.vi


@given(st.integers(0, 10**9), st.sampled_from([",", ".", " ", ""]))
def test_any_count_with_any_mark(count, mark):
    assert read_number(f"{count:,}".replace(",", mark), whole=True) == str(count)
    assert read_number(float(count), whole=True) == str(count)


@given(st.integers(0, 10000), st.sampled_from([",", "."]))
def test_any_share_with_either_mark(hundredths, mark):
    text = f"{hundredths / 100:.2f}"
    assert read_number(text.replace(".", mark), whole=False) == text
    assert float(read_number(hundredths / 100, whole=False)) == hundredths / 100


def test_days_as_text_and_as_days():
    for cell in ("31/3/2024", "2024-03-31", datetime.datetime(2024, 3, 31, 8), datetime.date(2024, 3, 31)):
        assert as_day(cell) == datetime.date(2024, 3, 31)
    assert as_day("02/04/2024") == datetime.date(2024, 4, 2)  # the day before the month
    assert as_day("13/13/2024") is None and as_day(45000.0) is None


# ------------------------------------------------------------------------------------------------------------- faults


def first(cells):
    """The first of some cells; all of them are filled."""
    return list(cells)[0]  # noqa: RUF015


def channels(filled, *values, window=1):
    return [filled.put(code, window, value) for code, value in zip((ALL, ONLINE, DIRECT, POSTAL), values, strict=True)]


FAULTS = {
    "text": (lambda f: f.put(ALL, 1, "nhiều"), "is no number"),
    "a day": (lambda f: f.put(ALL, 1, datetime.date(2024, 3, 1)), "a number is needed"),
    "a fraction": (lambda f: f.put(ALL, 1, 42.972), "if 42972 is meant"),
    "negative": (lambda f: f.put(ALL, 2, -5), "cannot be negative"),
    "too large": (lambda f: f.put(ALL, 1, 1e300), "too large"),
    "a share over 100": (lambda f: f.put("dossiers_on_time_share|all|all", 1, 105), "between 0 and 100"),
    "a share of a count": (lambda f: f.put(ALL, 1, "76%"), "a count, not a share"),
    "channels": (lambda f: channels(f, 100, 60, 30, 9)[0], "60 + 30 + 9 = 99, not the total 100"),
    "channels beyond": (lambda f: channels(f, 100, 80, 30, None)[0], "more than the total 100"),
    "levels": (
        lambda f: first(
            f.put(f"procedures_published|{level}|", 1, n)
            for level, n in (("all", 270), ("province", 221), ("district", 32), ("commune", 16))
        ),
        "221 + 32 + 16 = 269, not the total 270",
    ),
    "a part beyond": (
        lambda f: (f.put("procedures_new|all|", 1, 12), f.put("procedures_published|all|", 1, 10))[1],
        "more than the total 10",
    ),
    "named parts": (
        lambda f: first(
            f.put(f"procedures_{part}|all|", 1, n)
            for part, n in (("published", 270), ("amended", 95), ("abolished", 27), ("new", 12), ("unchanged", 135))
        ),
        "not the total 270",
    ),
    "carried over": (
        lambda f: first(
            f.put(f"dossiers_{part}|all|all", 1, n)
            for part, n in (("to_process", 50), ("received", 30), ("carried_over", 10))
        ),
        "30 + 10 = 40, not the total 50",
    ),
    "resolved beyond": (
        lambda f: (f.put("dossiers_resolved|all|all", 1, 60), f.put("dossiers_to_process|all|all", 1, 50))[1],
        "more than the total 50",
    ),
    "less than before": (lambda f: (f.put(ALL, 1, 100), f.put(ALL, 2, 90))[1], "less than earlier in the year: 100"),
    "a year too small": (
        lambda f: (f.put(ALL, 2, 100), f.put(ALL, 3, 50), f.put(ALL, 4, 140))[2],
        "less than earlier in the year: 150",
    ),
    "a fraction for a share": (
        lambda f: (channels(f, 1000, 762, 238, 0), f.put("dossiers_received_share|all|online", 1, 0.762))[1],
        "enter per cent",
    ),
    "outside the table": (lambda f: f.sheet.cell(f.rows[ALL], 13, 5).coordinate, "outside the table"),
    "a value on a heading": (
        lambda f: f.sheet.cell(f.rows["procedures_published|all|"] - 1, 14, 5).coordinate,
        "outside",
    ),
    "a code": (
        lambda f: (f.put(ALL, 1, 5), f.sheet.cell(f.rows[ALL], 1, "dossiers_recieved|all|all").coordinate)[1],
        "did you mean 'dossiers_received'",
    ),
    "another name": (
        lambda f: (f.put(ALL, 1, 5), f.sheet.cell(f.rows[ALL], 2, "Hồ sơ đã giải quyết").coordinate)[1],
        "this row of the template is 'Hồ sơ tiếp nhận'",
    ),
    "another channel": (
        lambda f: (f.put(ONLINE, 1, 5), f.sheet.cell(f.rows[ONLINE], 4, "Trực tiếp").coordinate)[1],
        "this row of the template is 'Trực tuyến'",
    ),
    "another unit": (
        lambda f: (f.put(ALL, 1, 5), f.sheet.cell(f.rows[ALL], 5, "nghìn hồ sơ").coordinate)[1],
        "this row of the template is 'hồ sơ'",
    ),
    "kind": (lambda f: (f.put(ALL, 1, 5), f.sheet.cell(f.rows[ALL], 6, "quý").coordinate)[1], "choose 'trong kỳ'"),
    "a value without a measure": (
        lambda f: cell_name(f.choose(0, None, "Toàn tỉnh", None, "trong kỳ", w1=5) - 1, 1),
        "a value without a measure",
    ),
    "a measure without a value": (
        lambda f: cell_name(f.choose(0, "Văn bản quy phạm pháp luật ban hành", "Toàn tỉnh", None, "trong kỳ") - 1, 6),
        "a measure without a value",
    ),
    "half filled": (
        lambda f: cell_name(f.choose(0, None, "Toàn tỉnh", None, "trong kỳ") - 1, 1),
        "half filled",
    ),
    "an unknown measure": (
        lambda f: cell_name(f.choose(0, "Hồ sơ tiếp nhậm", "Toàn tỉnh", None, "trong kỳ", w1=5) - 1, 1),
        "did you mean 'Hồ sơ tiếp nhận'",
    ),
    "no level": (
        lambda f: cell_name(f.choose(0, "Hồ sơ tiếp nhận", None, None, "trong kỳ", w1=5) - 1, 2),
        "choose a level",
    ),
    "an unknown channel": (
        lambda f: cell_name(f.choose(0, "Hồ sơ tiếp nhận", "Toàn tỉnh", "fax", "trong kỳ", w1=5) - 1, 3),
        "choose a channel",
    ),
    "twice": (
        lambda f: (
            f.put(ALL, 1, 5)
            + ", "
            + cell_name(f.choose(0, "Hồ sơ tiếp nhận", "Toàn tỉnh", "Tất cả hình thức", "trong kỳ", w1=5) - 1, 6)
        ),
        "the same figure twice",
    ),
    "the day": (lambda f: _field(f, "issued_on", "cuối tháng 3"), "is no day"),
    "a day to come": (lambda f: _field(f, "issued_on", datetime.date(2030, 1, 1)), "is in the future"),
    "the year": (lambda f: _field(f, "year", "hai bốn"), "a year is written like 2024"),
    "the calendar": (lambda f: _field(f, "calendar", "âm lịch"), "choose"),
    "the province": (lambda f: _field(f, "province", "Ninh Thuận"), "choose from the list"),
    "a province and its code": (lambda f: _field(f, "province", "58 – Khánh Hòa"), "code 58 was Ninh Thuan then"),
    "no such province": (lambda f: _field(f, "province", "99 – Ninh Thuận"), "no province has the code"),
}


def _field(filled, name, value):
    filled.put(ALL, 1, 5)
    cell = filled.sheet.cell(filled.rows[f"field:{name}"], 3)
    cell.value = value
    return cell.coordinate


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_names_its_cell(filled, kind):
    spoil, words = FAULTS[kind]
    where = spoil(filled)
    faults = filled.faults()
    place = f"sheet 'Số liệu', cell{'s' if ',' in where else ''} {where}:"
    assert [fault for fault in faults if place in fault and words in fault], faults
    assert len(faults) == 1, faults


def test_merged_cells_are_named(filled):
    filled.put(ALL, 1, 5)
    row = filled.rows[ALL]
    filled.sheet.merge_cells(start_row=row, start_column=7, end_row=row, end_column=8)
    (fault,) = filled.faults()
    assert f"cell G{row}:H{row}" in fault and "unmerge" in fault


def test_formulas_count_by_their_value_and_without_one_are_named(filled):
    filled.put(ONLINE, 1, 5)
    where = filled.put(ALL, 1, f"=G{filled.rows[ONLINE]}+1")  # openpyxl saves no value
    (fault,) = filled.faults()
    assert f"cell {where}" in fault and "formula without a value" in fault
    filled.put(ALL, 1, "#REF!")
    (fault,) = filled.faults()
    assert f"cell {where}" in fault and "an error (such as #N/A)" in fault


def test_two_sheets_that_are_the_template(filled):
    filled.put(ALL, 1, 5)
    filled.book.copy_worksheet(filled.sheet).title = "Bản cũ"
    (fault,) = filled.faults()
    assert "2 sheets are the template" in fault and "'Bản cũ'" in fault


def test_a_document_older_than_its_figures(tmp_path):
    filled = Filled(tmp_path / "figures.xlsx", issued_on=datetime.date(2020, 1, 1))
    filled.put(ALL, 1, 5)
    (fault,) = filled.faults()
    assert "cell C" in fault and "the document is of 1 January 2020" in fault


def test_a_document_whose_number_names_nothing(tmp_path):
    filled = Filled(tmp_path / "figures.xlsx", number="///")
    filled.put(ALL, 1, 5)
    assert filled.read().rows["reference/sources.csv"][0]["source_id"].endswith("bao_cao_cong_tac_cai_cach_hanh_chinh")


def test_a_missing_column_and_a_missing_field(filled):
    filled.put(ALL, 1, 5)
    filled.sheet.cell(filled.rows[template.HEAD], 9).value = "Quý ba"
    filled.sheet.cell(filled.rows["field:title"], 1).value = None
    faults = filled.faults()
    assert len(faults) == 2
    assert "no column 'Quý III'" in faults[0] and "'Title of the document' of the template is missing" in faults[1]


def test_what_is_pending_need_not_grow_with_the_year(filled):
    for window, value in enumerate((30, 20, 25, 10), 1):
        filled.put("dossiers_pending_within_deadline|all|all", window, value)
        filled.put("directive_tasks_in_progress|all|", window, value)
    # the third quarter begins with what the half year left: together they exceed the year
    for window, value in enumerate((100, 190, 110, 280), 1):
        filled.put("dossiers_to_process|all|all", window, value)
    assert len(figures(filled.read())) == 12


def test_every_fault_at_once(filled):
    wrong = [filled.put(ALL, 1, "x"), filled.put(ONLINE, 2, -1), filled.put("dossiers_on_time_share|all|all", 3, 400)]
    wrong.append(filled.put("procedures_published|all|", 1, 10))
    filled.put("procedures_new|all|", 1, 12)
    faults = filled.faults()
    assert len(faults) == 4
    for cell in wrong:
        assert [fault for fault in faults if f"cell {cell}:" in fault]


def test_a_sum_that_the_document_prints_so_is_kept_and_told(filled):
    where = channels(filled, 100, 60, 30, 9)[0]
    filled.note(ALL, "Như in trong báo cáo")
    proposal = filled.read()
    assert len(figures(proposal)) == 4
    assert any(where in en and "marked as printed" in en for _, en in proposal.notes)


def test_a_printed_share_against_its_counts_is_no_fault(filled):
    """The base document prints 0.07% for what its own counts make 23.73%."""
    channels(filled, 42972, 32746, 10196, 30)
    where = filled.put("dossiers_received_share|all|direct", 1, 0.07)
    filled.put("dossiers_received_share|all|online", 1, 76.2)
    proposal = filled.read()
    assert {row["value"] for row in figures(proposal)} >= {"0.07", "76.2"}
    assert [en for _, en in proposal.notes if f"cell {where}" in en and "23.73%" in en]


def test_unknown_words_beside_a_code_are_told(filled):
    filled.put(ALL, 1, 5)
    cell = filled.sheet.cell(filled.rows[ALL], 2)
    cell.value = "Hồ sơ TTHC nhận được"
    notes = filled.read().notes
    assert [en for _, en in notes if cell.coordinate in en and "is read as 'Hồ sơ tiếp nhận'" in en]


JUNK = [None, "", "x", "1.2.3", -1, 0.5, 1e300, True, "=A1", "2024", "\n", "|", "key", "group", "9" * 400, "một\u0300"]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 130), st.integers(0, 12), st.sampled_from(JUNK)), max_size=8))
def test_whatever_stands_in_a_cell_is_read_or_named(tmp_path_factory, changes):
    """Any cell of the sheet may hold anything: there is a proposal, or there are faults, never an error of ours."""
    path = tmp_path_factory.mktemp("junk") / "figures.csv"
    filled = Filled(path.with_suffix(".xlsx"))
    channels(filled, 100, 60, 30, 10)
    for row, column, value in changes:
        cell = filled.sheet.cell(row + 1, column + 1)
        if not isinstance(cell, MergedCell):
            cell.value = value
    try:
        found = read_workload(as_csv(filled, path), data_dir(), TODAY)
    except Refused as refused:
        assert refused.faults and all(vi and en for vi, en in refused.faults)
    else:
        assert figures(found)


# --------------------------------------------------------------------------------------------------------- other files


def as_csv(filled, path, mark=",", encoding="utf-8"):
    """The sheet as spreadsheets save it as text."""

    def text(value):
        return value.strftime("%d/%m/%Y") if isinstance(value, datetime.date) else "" if value is None else str(value)

    with open(path, "w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle, delimiter=mark)
        writer.writerows([text(cell.value) for cell in row] for row in filled.sheet)
    return path


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-8")])
def test_the_sheet_saved_as_csv_says_the_same(filled, tmp_path, mark, encoding):
    channels(filled, 42972, 32746, 10196, 30)
    filled.put("dossiers_received_share|all|online", 1, 76.2)
    filled.choose(0, "Phòng chuyên môn", "Cấp huyện", None, "tại ngày cuối kỳ", w3=11)
    expected = filled.read()
    # as people and programs write them in text
    channels(filled, 42972, "32.746", "10,196", 30)
    filled.put("dossiers_received_share|all|online", 1, "76,2")
    found = read_workload(as_csv(filled, tmp_path / "figures.csv", mark, encoding), data_dir(), TODAY)
    assert figures(found) == figures(expected) and len(figures(found)) == 6
    where = filled.put(ALL, 1, "x")
    with pytest.raises(Refused, match=f"cell {where}: 'x' is no number"):
        read_workload(as_csv(filled, tmp_path / "figures.csv", mark, encoding), data_dir(), TODAY)


def test_another_encoding_is_refused_with_its_row(filled, tmp_path):
    path = as_csv(filled, tmp_path / "figures.csv")
    lines = path.read_bytes().split(b"\n")
    lines[4] = "field:year,Năm báo cáo *,2024".encode("cp1258")
    path.write_bytes(b"\n".join(lines))
    with pytest.raises(Refused, match="row 5: not UTF-8"):
        read_workload(path, data_dir(), TODAY)


def test_files_that_are_no_template(tmp_path):
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(Refused, match="is not the template"):
        read_workload(path, data_dir(), TODAY)
    with pytest.raises(Refused):
        read_workload(tmp_path / "none.xlsx", data_dir(), TODAY)
    huge = tmp_path / "huge.csv"
    with open(huge, "wb") as handle:
        handle.truncate(2**30)
    with pytest.raises(Refused, match="too large"):
        read_workload(huge, data_dir(), TODAY)


@pytest.mark.parametrize(
    "form",
    [
        "xlsx:Calc MS Excel 2007 XML",
        "xls",
        "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,1",
    ],
)
def test_what_libreoffice_saved_says_the_same(filled, tmp_path, calc, form):
    channels(filled, 42972, 32746, 10196, 30)
    filled.put("dossiers_received_share|all|online", 1, 76.2)
    filled.put("public_service_units|all|", 2, 369)
    expected = filled.read()
    folder = tmp_path / "saved"
    folder.mkdir()
    saved = read_workload(calc(filled.path, form, folder), data_dir(), TODAY)
    assert [row | {"value": float(row["value"])} for row in figures(saved)] == [
        row | {"value": float(row["value"])} for row in figures(expected)
    ]


# -------------------------------------------------------------------------------------------------------- the command


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_nothing_is_written_where_anything_is_wrong(filled, small_copy, monkeypatch, capsys):
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    before = contents(small_copy.path)
    channels(filled, 100, 60, 30, 9)
    assert cli.main(["import", "workload", str(filled.saved()), "--yes", "--language", "en"]) == 1
    assert "not the total 100" in capsys.readouterr().err
    channels(filled, 100, 60, 30, 10)
    assert cli.main(["import", "workload", str(filled.saved()), "--dry-run", "--language", "en"]) == 0
    assert "4 rows added" in capsys.readouterr().out
    assert contents(small_copy.path) == before


def test_figures_are_written_with_yes_and_only_once(filled, small_copy, monkeypatch, capsys):
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    channels(filled, 100, 60, 30, 10)
    command = ["import", "workload", str(filled.saved()), "--yes", "--language", "en"]
    assert cli.main(command) == 0
    assert small_copy.faults() == []
    rows = small_copy.rows("workload/ninh_thuan.csv", source_id=SOURCE)
    assert [small_copy.cells("workload/ninh_thuan.csv", row)["value"] for row in rows] == ["100", "30", "60", "10"]
    assert small_copy.row("reference/imports.csv", source_id=SOURCE)
    assert cli.main(command) == 0
    assert "nothing to write" in capsys.readouterr().out
    # the same document, corrected: rows are changed and not added
    filled.put(ONLINE, 1, 61)
    filled.put(DIRECT, 1, 29)
    filled.saved()
    assert cli.main(command) == 0
    assert "value: 60 → 61" in capsys.readouterr().out
    assert len(small_copy.rows("workload/ninh_thuan.csv", source_id=SOURCE)) == 4
    assert len(small_copy.rows("reference/imports.csv", source_id=SOURCE)) == 2


def test_a_formula_that_points_elsewhere_is_refused(filled, small_copy, monkeypatch, capsys):
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    filled.put(ALL, 1, "=[1]Sheet1!$A$1")
    assert cli.main(["import", "workload", str(filled.saved()), "--yes", "--language", "en"]) == 1
    assert "points outside the file" in capsys.readouterr().err
