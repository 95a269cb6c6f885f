"""Exports of the one-stop system: counted as plain Python counts them, whatever the file; nothing personal is read."""

import csv
import datetime
import json
import random
import subprocess
import sys
from collections import Counter

import duckdb
import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from ninhthuan.catalogue import catalogue
from ninhthuan.periods import Quarter
from ninhthuan.reference import data_dir
from ninhthuan.workload import by_measure
from ninhthuan_intake import counting, dossiers, exports
from ninhthuan_intake.counting import Window, tally
from ninhthuan_intake.dossiers import checked_request, read_dossiers, window_of
from ninhthuan_intake.mapping import is_personal, read_mapping
from ninhthuan_intake.refusals import Refused, fingerprint
from ninhthuan_reports import cli
from ninhthuan_reports.commands import importing

DAY = datetime.timedelta(1)
TODAY = datetime.date(2024, 12, 31)
OWN = catalogue().provinces["pre_2025", "58"]
Q1 = window_of(Quarter(2024, 1))
HEAD = [
    "Mã hồ sơ",
    "Họ và tên người nộp",
    "Số CCCD",
    "Ngày tiếp nhận",
    "Ngày hẹn trả",
    "Ngày trả kết quả",
    "Hình thức tiếp nhận",
    "Cấp",
    "Cơ quan",
]
CHANNELS = {"Trực tuyến": "online", "trực  tiếp": "direct", "Bưu chính công ích": "postal"}
LEVELS = {"Cấp tỉnh": "province", "Cấp huyện": "district", "CẤP XÃ": "commune"}


def synthetic(count, seed=1):
    """Made-up dossiers: rows with days as days; about the first quarter of 2024, and on the days where it turns."""
    chance = random.Random(seed)
    turning = [Q1.start - DAY, Q1.start, Q1.end, Q1.end + DAY]
    rows = []
    for number in range(count):
        received = chance.choice([*turning, Q1.start + DAY * chance.randint(-60, 150)])
        due = chance.choice([None, received, *[day for day in turning if day >= received], received + DAY * 10])
        later = [day for day in [*turning, due or received, received] if day >= received]
        finished = chance.choice([None, chance.choice(later), received + DAY * chance.randint(0, 40)])
        rows.append(
            [
                f"H{number}",
                f"Nguyễn Văn Giả {number}",
                f"0{58000000000 + number}",
                received,
                due,
                finished,
                chance.choice(list(CHANNELS)),
                chance.choice(list(LEVELS)),
                chance.choice(["Sở A", "Sở  B", "UBND xã C"]),
            ]
        )
    return rows


def by_hand(rows, window, *, by_agency=False):
    """The measures by the definitions, one dossier after another: (level, agency, channel, measure) to the value."""
    counts = Counter()
    for _, _, _, received, due, finished, channel, level, agency in rows:
        kinds = []
        new = window.start <= received <= window.end
        old = received < window.start and not (finished and finished < window.start)
        if new:
            kinds.append("dossiers_received")
        if old:
            kinds.append("dossiers_carried_over")
        if new or old:
            kinds.append("dossiers_to_process")
        if finished and window.start <= finished <= window.end:
            kinds.append("dossiers_resolved")
            late = due is not None and finished > due
            kinds.append("dossiers_resolved_late" if late else "dossiers_resolved_on_time_or_early")
        open_ = received <= window.end and (finished is None or finished > window.end)
        if open_ and (due is None or due >= window.end):
            kinds.append("dossiers_pending_within_deadline")
        elif open_:
            days = (window.end - due).days
            age = "up_to_10" if days <= 10 else "11_to_30" if days <= 30 else "over_30"
            kinds += ["dossiers_pending_overdue", f"dossiers_overdue_{age}_days"]
        kinds += ["dossiers_pending"] * open_
        places = [(place, "", way) for place in (LEVELS[level], "all") for way in (CHANNELS[channel], "all")]
        if by_agency:
            places.append((LEVELS[level], " ".join(agency.split()), "all"))
        for place in places:
            for kind in dossiers.COUNTS:
                counts[(*place, kind)] += kind in kinds
    found = {key: str(value) for key, value in counts.items()}
    for (*place, kind), value in counts.items():
        if kind == "dossiers_resolved" and value:
            share = 100 * counts[(*place, "dossiers_resolved_on_time_or_early")] / value
            found[(*place, "dossiers_on_time_share")] = f"{share:.2f}"
    return found


def text(value, form="%d/%m/%Y"):
    return value.strftime(form) if isinstance(value, datetime.date) else "" if value is None else value


def as_csv(path, rows, head=HEAD, form="%d/%m/%Y", **options):
    with open(path, "w", encoding=options.pop("encoding", "utf-8"), newline="") as handle:
        writer = csv.writer(handle, **options)
        writer.writerow(head)
        writer.writerows([text(value, form) for value in row] for row in rows)
    return path


def as_parquet(path, rows, kind="DATE"):
    """Parquet with days as days; row groups as small as DuckDB makes them."""
    con = duckdb.connect()
    days = {3, 4, 5}
    columns = ", ".join(f'"{name}" {kind if n in days else "VARCHAR"}' for n, name in enumerate(HEAD))
    con.execute(f"CREATE TABLE export ({columns})")
    con.executemany(f"INSERT INTO export VALUES ({', '.join('?' * len(HEAD))})", rows)
    con.execute(f"COPY export TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
    return path


def as_xlsx(path, rows, above=2):
    """A sheet with a title above the headings and something in the margin."""
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Bìa").write(0, 0, "Danh sách")
    sheet, day = book.add_worksheet("Hồ sơ"), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write(0, 1, "Danh sách hồ sơ")
    sheet.write_row(above, 1, HEAD)
    for place, row in enumerate(rows, above + 1):
        for column, value in enumerate(row, 1):
            if isinstance(value, datetime.date):
                sheet.write_datetime(place, column, value, day)
            elif value is not None:
                sheet.write(place, column, value)
    book.close()
    return path


def values(proposal, window):
    rows = next(rows for path, rows in proposal.rows.items() if path.startswith("workload/"))
    ends = (str(window.start), str(window.end))
    return {
        (r["level"], r["agency"], r["channel"], r["measure"]): r["value"]
        for r in rows
        if (r["period_start"], r["period_end"]) == ends
    }


def read(path, windows=(Q1,), **options):
    return read_dossiers(path, list(windows), OWN, data_dir(), today=TODAY, **options)


def faults(path, windows=(Q1,), **options):
    with pytest.raises(Refused) as refused:
        read(path, windows, **options)
    assert all(vi != en for vi, en in refused.value.faults)
    return [en for _, en in refused.value.faults]


# ----------------------------------------------------------------------------------------------------------- counting


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_counts_are_those_of_plain_python(tmp_path, kind):
    rows = synthetic(800)
    path = {"csv": as_csv, "parquet": as_parquet, "xlsx": as_xlsx}[kind](tmp_path / f"synthetic.{kind}", rows)
    windows = [Q1, window_of(Quarter(2024, 2)), window_of(Quarter(2024, 1), calendar=True)]
    proposal = read(path, windows, by_agency=True)
    for window in windows:
        assert values(proposal, window) == by_hand(rows, window, by_agency=True)
    assert len(values(proposal, Q1)) > 100
    (source,) = proposal.rows["reference/sources.csv"]
    (taken,) = proposal.rows["reference/imports.csv"]
    assert source["source_id"] == taken["source_id"] == "one_stop_58"
    assert (taken["sha256"], taken["layout"]) == (fingerprint(path)[1], "dossiers")


@given(st.integers(0, 2**32), st.integers(1, 60))
def test_counts_of_any_dossiers(tmp_path_factory, seed, count):
    rows = synthetic(count, seed)
    path = as_csv(tmp_path_factory.mktemp("export") / "synthetic.csv", rows)
    found = tally(path, [Q1], read_mapping(), today=TODAY)
    sums = {}
    for place, numbers in dossiers.cube(found.counts).items():
        sums |= {(*place, measure): value for measure, value in dossiers.figures(numbers).items()}
    assert sums == by_hand(rows, Q1)


def test_measures_are_those_of_the_table(tmp_path):
    known = by_measure()
    proposal = read(as_csv(tmp_path / "synthetic.csv", synthetic(300)))
    for row in proposal.rows["workload/ninh_thuan.csv"]:
        assert row["unit"] == known.at[row["measure"], "unit"]
    # what hangs together in the table does in the figures
    found = values(proposal, Q1)
    for place in {key[:3] for key in found}:
        sizes = {measure: int(found[(*place, measure)]) for measure in dossiers.COUNTS}
        parts = ("dossiers_resolved_on_time_or_early", "dossiers_resolved_late")
        assert sum(sizes[part] for part in parts) == sizes["dossiers_resolved"]
        assert sizes["dossiers_received"] + sizes["dossiers_carried_over"] == sizes["dossiers_to_process"]
    for measure in dossiers.COUNTS:
        ways = sum(int(found["all", "", way, measure]) for way in ("online", "direct", "postal"))
        places = sum(int(found[level, "", "all", measure]) for level in ("province", "district", "commune"))
        assert ways == places == int(found["all", "", "all", measure])


def test_windows_are_those_of_the_ministry_unless_the_calendar_is_asked_for():
    assert window_of(Quarter(2024, 3)) == Window(datetime.date(2024, 6, 15), datetime.date(2024, 9, 14), False)
    assert window_of(Quarter(2024, 4)) == Window(datetime.date(2023, 12, 15), datetime.date(2024, 12, 14), True)
    calendar = window_of(Quarter(2024, 4), calendar=True)
    assert calendar == Window(datetime.date(2024, 10, 1), datetime.date(2024, 12, 31), False)


def test_without_levels_everything_is_of_the_whole_province(tmp_path):
    rows = [[*row[:7], *row[8:]] for row in synthetic(50)]
    path = as_csv(tmp_path / "synthetic.csv", rows, [*HEAD[:7], *HEAD[8:]])
    assert {key[0] for key in values(read(path), Q1)} == {"all"}


FORMS = [
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.000+07:00",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%-d/%-m/%Y",
    "%-d/%-m/%Y %-H:%M",
]


@pytest.mark.parametrize("form", FORMS)
def test_days_however_they_are_written(tmp_path, form):
    rows = synthetic(60)
    assert values(read(as_csv(tmp_path / "synthetic.csv", rows, form=form)), Q1) == by_hand(rows, Q1)


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
def test_moments_are_days_in_vietnam(tmp_path, kind):
    row = ["H1", "A", "1", None, None, None, "Trực tuyến", "Cấp xã", "X"]
    moment = datetime.datetime(2024, 3, 14, 20, 0)
    row[3] = moment.replace(tzinfo=datetime.UTC) if kind == "TIMESTAMPTZ" else moment
    path = as_parquet(tmp_path / "synthetic.parquet", [row], kind)
    # 20:00 in London on the last day is the day after in Việt Nam
    expected = "0" if kind == "TIMESTAMPTZ" else "1"
    assert values(read(path), Q1)["all", "", "all", "dossiers_received"] == expected


@pytest.mark.parametrize(
    "options", [{"delimiter": ";"}, {"delimiter": "\t"}, {"encoding": "utf-8-sig"}, {"quoting": 1}]
)
def test_other_ways_of_writing_csv(tmp_path, options):
    rows = synthetic(40)
    rows[3][1] = 'Một "tên", có dấu\nvà hai dòng'
    assert values(read(as_csv(tmp_path / "synthetic.csv", rows, **options)), Q1) == by_hand(rows, Q1)


def test_what_the_user_is_told(tmp_path):
    rows = synthetic(200)
    empty = [["" for _ in HEAD]] * 3
    told = [en for _, en in read(as_csv(tmp_path / "synthetic.csv", rows + empty)).notes]
    assert any("Ngày tiếp nhận = received" in line and "4 others were not read" in line for line in told)
    assert any("day/month/year" in line for line in told)
    without = sum(row[4] is None for row in rows)
    assert any(line.startswith(f"{without} dossiers have no day due") for line in told)
    assert "3 empty rows were passed over" in told
    hand = by_hand(rows, Q1)
    received = hand["all", "", "all", "dossiers_received"]
    overdue = sum(
        row[3] <= Q1.end and (row[5] is None or row[5] > Q1.end) and row[4] is not None and row[4] < Q1.end
        for row in rows
    )
    assert any(f"{received} received" in line and f"{overdue} overdue" in line for line in told)


# ------------------------------------------------------------------------------------------------------------- faults


def spoilt(tmp_path, *changes, kind="csv", count=30):
    """An export with cells changed: (row of data from 0, column, value)."""
    rows = synthetic(count)
    for place in range(count):
        rows[place][3:6] = [datetime.date(2024, 1, 10), datetime.date(2024, 1, 20), datetime.date(2024, 1, 15)]
    for place, column, value in changes:
        rows[place][HEAD.index(column)] = value
    path = tmp_path / f"export.{kind}"
    return {"csv": as_csv, "parquet": as_parquet, "xlsx": as_xlsx}[kind](path, rows)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Ngày tiếp nhận", "", "have no day of receipt"),
        ("Ngày tiếp nhận", "hôm qua", "a day of receipt that cannot be read"),
        ("Ngày tiếp nhận", "30/02/2024", "a day of receipt that cannot be read"),
        ("Ngày tiếp nhận", "03/14/2024", "a day of receipt that cannot be read"),
        ("Ngày tiếp nhận", "10/01/24", "a day of receipt that cannot be read"),
        ("Ngày tiếp nhận", "2024-01-10T23:00:00Z", "a day of receipt that cannot be read"),
        ("Ngày hẹn trả", "45310", "a day due that cannot be read"),
        ("Ngày trả kết quả", "chưa có", "a day finished that cannot be read"),
        ("Ngày trả kết quả", "09/01/2024", "were finished before they were received"),
        ("Ngày hẹn trả", "09/01/2024", "were due before they were received"),
        ("Ngày trả kết quả", "01/01/2025", "were received or finished after today"),
        ("Hình thức tiếp nhận", "Fax", "dossiers say 'Fax'"),
        ("Hình thức tiếp nhận", "", "dossiers say 'nothing'"),
        ("Cấp", "Cấp thôn", "dossiers say 'Cấp thôn'"),
    ],
)
def test_unusable_rows_are_counted_by_kind_with_the_first_of_them(tmp_path, column, value, words):
    path = spoilt(tmp_path, *((place, column, value) for place in (4, 9, 11, 12)))
    (fault,) = faults(path)
    assert fault.startswith("export.csv") and words in fault
    assert "4 dossiers" in fault and "(row 6, 11, 13, …)" in fault


def test_all_kinds_at_once(tmp_path):
    path = spoilt(
        tmp_path,
        (0, "Ngày tiếp nhận", ""),
        (1, "Ngày hẹn trả", "?"),
        (2, "Ngày trả kết quả", "1/1/2024"),
        (3, "Cấp", "Cấp xó"),
        (4, "Hình thức tiếp nhận", "Trục tuyến"),
    )
    found = faults(path)
    assert len(found) == 5
    for place, fault in enumerate(sorted(found, key=lambda fault: fault.split("row ")[1]), 2):
        assert f"(row {place})" in fault
    assert any("did you mean 'trực tuyến'" in fault for fault in found)


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_rows_of_other_files_are_named_as_they_count(tmp_path, kind):
    path = spoilt(tmp_path, (4, "Hình thức tiếp nhận", "Fax"), kind=kind)
    # the headings of the sheet stand in row 3; rows of Parquet count from 1
    assert f"(row {8 if kind == 'xlsx' else 5})" in faults(path)[0]


def test_rows_are_counted_in_large_files_too(tmp_path):
    path = spoilt(tmp_path, (249_000, "Ngày trả kết quả", "?"), count=250_000)
    assert "(row 249002)" in faults(path)[0]


def test_missing_and_doubtful_columns(tmp_path):
    rows = synthetic(5)
    head = [name.replace("Ngày hẹn trả", "Hẹn").replace("Cơ quan", "Kênh tiếp nhận") for name in HEAD]
    found = faults(as_csv(tmp_path / "export.csv", rows, head))
    assert len(found) == 2
    assert "no column for due" in found[0] and "'Ngày hẹn trả'" in found[0]
    assert "2 columns may be channel" in found[1]
    assert (
        "no column for agency"
        in faults(as_csv(tmp_path / "b.csv", [row[:8] for row in rows], HEAD[:8]), by_agency=True)[0]
    )


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_missing_columns_of_other_files(tmp_path, kind, monkeypatch):
    monkeypatch.setitem(globals(), "HEAD", [name.replace("Ngày hẹn trả", "Hẹn") for name in HEAD])
    path = {"xlsx": as_xlsx, "parquet": as_parquet}[kind](tmp_path / f"export.{kind}", synthetic(5))
    (fault,) = faults(path)
    assert "no column for due" in fault


def test_a_column_that_is_no_channel(tmp_path):
    rows = synthetic(400)
    for number, row in enumerate(rows):
        row[6] = f"kênh {number}"
    assert "over 200 different values" in faults(as_csv(tmp_path / "export.csv", rows))[0]


def test_files_that_cannot_be_read(tmp_path):
    rows = synthetic(20)
    utf16 = as_csv(tmp_path / "a.csv", rows, encoding="utf-16")
    assert "UTF-16" in faults(utf16)[0]
    path = as_csv(tmp_path / "b.csv", rows)
    content = path.read_bytes()
    path.write_bytes(content.replace("Cấp tỉnh".encode(), b"C\xe2\xecp t\xf2nh", 1))  # as Windows-1258 writes it
    assert "not UTF-8" in faults(path)[0]
    ragged = content.replace(b"H7,", b"H7,H7,", 1)
    path.write_bytes(ragged)
    (fault,) = faults(path)
    assert "row 9" in fault and "Nguyễn" not in fault
    for name, some in (("c.parquet", b"PAR1 but not really PAR1"), ("d.csv", b""), ("e.xlsx", b"PK\x03\x04")):
        (tmp_path / name).write_bytes(some)
        assert faults(tmp_path / name)
    assert "holds no dossier" in faults(as_csv(tmp_path / "f.csv", []))[0]
    assert "there is no file" in faults(tmp_path / "none.csv")[0]
    (tmp_path / "g.ods").write_bytes(b"x")
    assert "is needed" in faults(tmp_path / "g.ods")[0]


def test_workbooks_with_merged_cells_or_formulas_without_value(tmp_path):
    path = as_xlsx(tmp_path / "export.xlsx", synthetic(10))
    book = openpyxl.load_workbook(path)
    sheet = book["Hồ sơ"]
    sheet.merge_cells("H6:H7")
    sheet["E9"], sheet["E10"] = "=TODAY()", "#N/A"  # neither is a dossier that is not finished
    book.save(path)
    found = faults(path)
    assert len(found) == 3 and "H6:H7" in found[0] and "cell E9" in found[1] and "cell E10" in found[2]


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("02/01/2024 08:15:00", True),
        ("02/01/2024 8h15", True),
        ("2024-01-02 08:15:00.123+07", True),
        ("2/1/2024 08:15 PM", True),
        ("2024-01-02 20:15:00+00", False),
        ("02/01/2024 - 05/01/2024", False),
        ("02/01/2024 (hủy)", False),
    ],
)
def test_after_the_day_comes_a_time_or_nothing(tmp_path, text, sound):
    rows = [[*row] for row in synthetic(3)]
    place = HEAD.index("Ngày tiếp nhận")
    for row in rows:
        row[place:] = [text, None, None, *row[place + 3 :]]
    path = as_csv(tmp_path / "export.csv", rows)
    if sound:
        assert read(path, [Q1])
    else:
        assert "cannot be read" in faults(path)[0]


def test_lines_that_end_in_a_carriage_return_alone(tmp_path):
    rows = synthetic(20)
    path = as_csv(tmp_path / "export.csv", rows, lineterminator="\r")
    assert values(read(path), Q1) == by_hand(rows, Q1)


def test_a_line_break_within_a_cell_of_a_workbook(tmp_path):
    rows = synthetic(20)
    broken = [[value.replace(" ", "\n") if isinstance(value, str) else value for value in row] for row in rows]
    assert values(read(as_xlsx(tmp_path / "export.xlsx", broken)), Q1) == by_hand(rows, Q1)


def test_a_period_that_is_not_over(tmp_path):
    path = as_csv(tmp_path / "export.csv", synthetic(5))
    assert "not over yet" in faults(path, [window_of(Quarter(2024, 4), calendar=True)])[0]


def test_requests():
    province, windows = checked_request("ninh thuan", ["2024Q1", "2024Q2"])
    assert province == OWN and windows == [Q1, window_of(Quarter(2024, 2))]
    assert checked_request("58", ["2024Q1", "2024Q1"])[1] == [Q1]
    province, _ = checked_request("Khánh Hòa", ["2025Q3"])
    assert province.boundary == "post_2025"
    for given_, words in (
        (("58", ["2024T1"]), "written like 2024Q1"),
        (("58", ["2025Q1", "2025Q3"]), "both sides"),
        (("58", ["2025Q3"]), "part of Khanh Hoa"),
        (("Ninh Tuan", ["2024Q1"]), "did you mean"),
    ):
        with pytest.raises(Refused, match=words):
            checked_request(*given_)


# ------------------------------------------------------------------------------------------------------------ mapping


def test_a_mapping_of_ones_own(tmp_path):
    rows = synthetic(60)
    head = [name.replace("Ngày trả kết quả", "Xong") for name in HEAD]
    rows = [[*row[:6], "Cổng DVC" if row[6] == "Trực tuyến" else row[6], *row[7:]] for row in rows]
    path = as_csv(tmp_path / "export.csv", rows, head)
    own = tmp_path / "own.toml"
    own.write_text('[columns]\nfinished = ["XONG"]\n[channel]\nonline = ["cổng dvc"]\n', encoding="utf-8")
    expected = by_hand([[*row[:6], "Trực tuyến" if row[6] == "Cổng DVC" else row[6], *row[7:]] for row in rows], Q1)
    assert values(read(path, mapping=own), Q1) == expected


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("[columns]\nagency = ['Họ và tên']", "seems to be personal"),
        ("[columns]\nchannel = ['SỐ_CCCD']", "seems to be personal"),
        ("[columns]\nreceive = ['Ngày nhận']", "did you mean 'received'"),
        ("[column]\nreceived = ['Ngày nhận']", "did you mean 'columns'"),
        ("[level]\nward = ['Phường']", "there is no 'ward'"),
        ("[columns]\nreceived = 'Ngày nhận'", "a list of names"),
        ("[columns]\ndue = ['Ngày tiếp nhận']", "is both"),
        ("[channel]\nonline = ['Trực tiếp']", "is both"),
        ("[columns\n", "is no TOML"),
    ],
)
def test_what_a_mapping_may_not_say(tmp_path, lines, words):
    path = tmp_path / "own.toml"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_mapping(path)
    assert words in str(refused.value)


def test_the_mapping_that_comes_along_names_nothing_personal():
    known = read_mapping()
    assert set(known.channels.values()) == {"online", "direct", "postal"}
    assert set(known.levels.values()) == {"province", "district", "commune"}
    assert [heading for names in known.columns.values() for heading in names if is_personal(heading)] == []
    for heading in (
        "Họ tên", "HO VA TEN", "Tên người nộp", "Chủ hồ sơ", "CMND/CCCD", "Số định danh cá nhân", "Điện thoại",
        "SĐT", "Email", "E-mail người nộp", "Địa chỉ", "Ngày sinh", "nguoi_nop", "Mã số thuế", "Giới tính",
    ):  # fmt: skip
        assert is_personal(heading), heading
    for heading in ("Mã hồ sơ", "Tên thủ tục", "Tên đơn vị", "Ngày nộp", "Người xử lý", "Lĩnh vực"):
        assert not is_personal(heading), heading


# ------------------------------------------------------------------------------------------------- nothing personal


def test_of_parquet_personal_columns_are_not_read_at_all(tmp_path):
    """Their bytes are overwritten with rubbish: what reads them fails, the count does not notice."""
    rows = synthetic(300)
    path = as_parquet(tmp_path / "synthetic.parquet", rows)
    con = duckdb.connect()
    chunks = con.execute(
        "SELECT coalesce(dictionary_page_offset, data_page_offset), total_compressed_size, path_in_schema "
        f"FROM parquet_metadata('{path}') WHERE path_in_schema IN ('Họ và tên người nộp', 'Số CCCD', 'Mã hồ sơ')"
    ).fetchall()
    assert {name for *_, name in chunks} == {"Họ và tên người nộp", "Số CCCD", "Mã hồ sơ"}
    with open(path, "r+b") as handle:
        for start, size, _ in chunks:
            handle.seek(start)
            handle.write(b"\xff" * size)
    with pytest.raises(duckdb.Error):
        con.execute(f"SELECT * FROM '{path}'").fetchall()
    assert values(read(path), Q1) == by_hand(rows, Q1)


def test_of_csv_only_the_named_columns_leave_the_reader(tmp_path):
    """As DuckDB says itself of what it will do: the scan gives out five columns of nine."""
    path = as_csv(tmp_path / "synthetic.csv", synthetic(20))
    columns = {field: read_mapping().columns[field] for field in ("received", "due", "finished", "channel", "level")}
    export, con = exports.opened(path, columns, tmp_path)
    plan = con.execute(f"EXPLAIN (FORMAT json) {counting.dossier_rows(export)}").fetchall()[0][1]
    (scan,) = scans(json.loads(plan))
    given_out = scan["extra_info"]["Projections"]
    assert sorted(given_out if isinstance(given_out, list) else [given_out]) == ["c3", "c4", "c5", "c6", "c7"]


def scans(plan):
    for node in plan:
        if "SCAN" in node["name"].upper() or "READ_CSV" in node["name"].upper():
            yield node
        yield from scans(node["children"])


def test_of_a_workbook_only_the_named_columns_leave_the_process(tmp_path):
    path, out = as_xlsx(tmp_path / "synthetic.xlsx", synthetic(20)), tmp_path / "out.csv"
    question = json.dumps({"columns": read_mapping().columns, "out": str(out)})
    limits = json.dumps(vars(exports.WORKBOOK))
    command = [sys.executable, "-m", "ninhthuan_intake.dossier_sheet", limits, str(path), question]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for said in (done.stdout, done.stderr, out.read_text("utf-8")):
        assert "Giả" not in said and "058000" not in said and "H1" not in said
    with open(out, encoding="utf-8", newline="") as handle:
        assert [len(row) for row in csv.reader(handle)] == [6] * 20


def test_the_engine_reads_nothing_else_and_fetches_nothing(tmp_path):
    inside, outside = as_csv(tmp_path / "in.csv", synthetic(3)), as_csv(tmp_path / "out.csv", synthetic(3))
    private = tmp_path / "private"
    private.mkdir()
    con = exports.connection(private, [inside])
    assert con.execute(f"SELECT count(*) FROM read_csv('{inside}')").fetchone() == (3,)
    for query in (
        f"SELECT * FROM read_csv('{outside}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'new.csv'}'",
        "INSTALL httpfs",
        "SET memory_limit = '100GB'",
        "SELECT * FROM 'https://example.org/a.parquet'",
    ):
        with pytest.raises(duckdb.Error):
            con.execute(query)
    names = ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access")
    settings = dict(con.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert {settings[name] for name in names} == {"false"} and settings["memory_limit"] == "1.0 GiB"


def test_the_engine_is_imported_by_those_who_count_only():
    code = "import sys, ninhthuan_reports.cli; print('duckdb' in sys.modules, 'xlsxwriter' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


# -------------------------------------------------------------------------------------------------------- the command


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_command_shows_asks_and_writes(tmp_path, small_copy, monkeypatch, capsys):
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    rows = synthetic(200)
    path = as_csv(tmp_path / "export.csv", rows)
    before = contents(small_copy.path)
    command = ["import", "dossiers", str(path), "--quarter", "2024Q1,2024Q2", "--language", "en"]
    assert cli.main([*command, "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "200 dossiers, 2 periods" in said.out and "Giả" not in said.out + said.err
    bad = as_csv(tmp_path / "bad.csv", [*rows, [*rows[0][:6], "Fax", *rows[0][7:]]])
    assert cli.main(["import", "dossiers", str(bad), "--quarter", "2024Q1", "--yes", "--language", "en"]) == 1
    assert "dossiers say 'Fax' (row 202)" in capsys.readouterr().err
    assert contents(small_copy.path) == before
    assert cli.main([*command, "--yes"]) == 0
    assert small_copy.faults() == []
    where = {"source_id": "one_stop_58", "measure": "dossiers_received", "level": "all", "channel": "online"}
    row = small_copy.row("workload/ninh_thuan.csv", period_end="2024-03-14", **where)
    found = small_copy.cells("workload/ninh_thuan.csv", row)
    assert found["value"] == by_hand(rows, Q1)["all", "", "online", "dossiers_received"]
    assert (
        small_copy.cells(
            "workload/ninh_thuan.csv", small_copy.row("workload/ninh_thuan.csv", period_end="2024-06-14", **where)
        )["is_cumulative"]
        == "true"
    )
    assert cli.main([*command, "--yes"]) == 0
    assert "nothing to write" in capsys.readouterr().out


def test_progress_is_shown_to_those_who_watch(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with importing.counting("en") as tell:
        tell(0.42)
    assert "Counting dossiers: 42%" in capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with importing.counting("en") as tell:
        assert tell is None


def test_progress_goes_on(tmp_path):
    path, heard = tmp_path / "synthetic.csv", []
    con = duckdb.connect()
    row = "'Trực tuyến' AS channel, '10/01/2024' AS received, '20/01/2024' AS due, '15/01/2024' AS finished"
    con.execute(f"COPY (SELECT {row} FROM range(3000000)) TO '{path}' (HEADER)")
    found = tally(path, [Q1], read_mapping(), today=TODAY, tell=heard.append)
    assert found.dossiers == 3_000_000 and heard == sorted(heard)
    assert all(0 <= share <= 1 for share in heard)
