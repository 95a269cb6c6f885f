"""The sheet that a province fills in: every figure a row, the four reporting windows as columns, and how to read it back.

What may be filled comes from `measures.csv` and from what reports have printed so far; nothing of it is listed twice.
Each row carries a code in a hidden column, so that no wording has to be guessed when the sheet comes back.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pandas as pd
import xlsxwriter

from ninhthuan.catalogue import Province, UnknownName, boundary_on, catalogue, data_dir
from ninhthuan.datasets import measure_table, printed_rows
from ninhthuan.language import label, month
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual

from .sheets import Refused

SHEET, GUIDE, LISTS = "Số liệu", "Hướng dẫn", "Danh mục"
# What stands in the hidden first column.
HEAD, EXAMPLE, GROUP = "key", "example", "group"
FIELDS = {
    "province": bilingual("template.province"),
    "year": bilingual("template.year"),
    "calendar": bilingual("template.periods_counted"),
    "publisher": bilingual("template.reporting_agency"),
    "title": bilingual("template.title_document"),
    "number": bilingual("template.number_document"),
    "issued_on": bilingual("template.day_document"),
    "url": bilingual("template.address_if_any"),
}
OPTIONAL = ("url",)
REPORTING, CALENDAR = "Quy định của Bộ Nội vụ (từ 15/12)", "Năm dương lịch (từ 01/01)"
WINDOWS = ("Quý I", "6 tháng (lũy kế)", "Quý III", "Năm (lũy kế)")
COLUMNS = ("Chỉ tiêu", "Cấp", "Hình thức", "Đơn vị tính", "Loại số", *WINDOWS, "Ghi chú")
IN_PERIOD, AT_END = "trong kỳ", "tại ngày cuối kỳ"
LEVELS = ("all", "province", "district", "commune")
CHANNELS = {
    "": "",
    "all": "Tất cả hình thức",
    **{channel: label(channel, "vi") for channel in ("online", "direct", "postal")},
    "direct_and_postal": "Trực tiếp và bưu chính",
}
# Groups of rows by how their measures begin; the last takes the rest.
GROUPS = (
    ("Hồ sơ thủ tục hành chính", ("dossiers_", "online_payment")),
    ("Số hóa hồ sơ, kết quả", ("dossier_digitisation", "incoming_dossiers", "results_")),
    ("Thủ tục hành chính", ("procedures_",)),
    ("Kế hoạch cải cách hành chính, văn bản", ("par_plan", "legal_documents")),
    ("Nhiệm vụ được giao", ("directive_tasks", "government_assigned")),
    ("Tổ chức bộ máy, ứng dụng công nghệ", ("",)),
)
FILLED_BY_CLERKS = ("count", "plan", "share", "target")  # changes follow from these; they are in the lists all the same
FREE_ROWS = 15
# Shown, never read: a clerk who types over it is told.
EXAMPLE_ROW = ("dossiers_received", "all", "online", (32746, 66120, 33480, 134905))
YEARS = range(2010, 2041)


def window(year: int, number: int, calendar: bool = False) -> tuple[date, date, bool]:
    """First day, last day and whether cumulative, of the windows in their order (1 to 4).

    >>> [day.isoformat() for day in window(2024, 2)[:2]]
    ['2023-12-15', '2024-06-14']
    """
    quarter = Quarter(year, number)
    if not calendar:
        return *quarter.reporting_window, quarter.window_is_cumulative
    start = date(year, 1, 1) if quarter.window_is_cumulative else quarter.first_day
    return start, quarter.last_day, quarter.window_is_cumulative


def province_text(province: Province) -> str:
    """A province in the list of the template: `58 – Ninh Thuận`."""
    return f"{province.province_code} – {province.name}"


@cache
def _seen(folder: Path) -> pd.DataFrame:
    files = [printed_rows(f"workload/{name}.csv") for name in ("ninh_thuan", "comparators")]
    return pd.concat(files, ignore_index=True)


def rows(districts: bool = True) -> list[tuple[str, str, str, bool]]:
    """The figures of the template: measure, level, channel, whether at a date rather than over a period.

    A measure is asked for by channel or by level where some report has printed it so. districts: with their level, which
    ended on 1 July 2025.
    """
    seen, found = _seen(data_dir()), []
    table = measure_table()
    for entry in table[table["kind"].isin(FILLED_BY_CLERKS)].itertuples():
        printed = seen[seen["measure"] == entry.measure]
        dated = len(printed) > 0 and (printed["period_start"] == printed["period_end"]).all()
        channels = [channel for channel in ("online", "direct", "postal") if channel in set(printed["channel"])]
        whole = "all" if channels or "all" in set(printed["channel"]) else ""
        levels = [
            level for level in LEVELS[1:] if level in set(printed["level"]) and (districts or level != "district")
        ]
        found += [(entry.measure, "all", channel, dated) for channel in (whole, *channels)]
        found += [(entry.measure, level, whole, dated) for level in levels]
    return found


def grouped(districts: bool = True) -> list[tuple[str, list[tuple[str, str, str, bool]]]]:
    """The rows under their headings, counts first."""
    left, found = rows(districts), []
    kinds = measure_table().set_index("measure")["kind"].map({kind: n for n, kind in enumerate(FILLED_BY_CLERKS)})
    for heading, beginnings in GROUPS:
        own = [row for row in left if row[0].startswith(beginnings)]
        left = [row for row in left if row not in own]
        # counts before the shares of them; sorting keeps the order otherwise
        found.append((heading, sorted(own, key=lambda row: kinds[row[0]])))
    return found


def key(measure: str, level: str, channel: str) -> str:
    """The code of a row, as it stands in the hidden column."""
    return f"{measure}|{level}|{channel}"


def words(measure: str, level: str, channel: str) -> tuple[str, str, str, str]:
    """What stands beside the code: name, level, channel, unit."""
    entry = measure_table().set_index("measure").loc[measure]
    return entry["name"], label(level, "vi"), CHANNELS[channel], label(entry["unit"], "vi")


def is_whole(measure: str) -> bool:
    """Whether figures of a measure are whole numbers."""
    return measure_table().set_index("measure").at[measure, "unit"] not in ("percent", "percentage_points")


# ------------------------------------------------------------------------------------------------------------ writing

INK, SOFT, HEADING, FILL, INPUT, LINE = "#1A1A1A", "#595959", "#12436D", "#EDF2F7", "#FFF9E5", "#9AA5B1"
FONT = {"font_name": "Times New Roman", "font_size": 11, "font_color": INK, "valign": "vcenter"}
WIDTHS = (0, 50, 12, 19, 12, 17, 15, 15, 15, 15, 26)


def write_template(path: Path, province: Province, year: int) -> None:
    """Write the template for a province and a year; the same bytes each time.

    Raises Refused where another file is there already, since it may be filled in, and OSError where none can be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise Refused([bilingual("template.name_must_end_xlsx", name=path.name)])
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": "Số liệu khối lượng công việc", "created": datetime(2024, 1, 1)})
        _Writer(book, province, year).write()
    if path.exists() and path.read_bytes() != content.getvalue():
        raise Refused([bilingual("template.there_already_choose_another_name", path=path)])
    path.write_bytes(content.getvalue())


def asked(province: str, year: int) -> Province:
    """The province of a template, as the user writes it, in a year; raises Refused.

    In 2025 it may be one of before the merger or of after it.
    """
    if year not in YEARS:
        raise Refused([bilingual("template.year_not", first_years=YEARS[0], last_years=YEARS[-1], year=year)])
    boundaries = dict.fromkeys(boundary_on(window(year, number)[1]) for number in (1, 2, 3, 4))
    wrong: list[UnknownName] = []
    for boundary in boundaries:
        try:
            return catalogue().find_province(province, boundary)
        except UnknownName as error:
            wrong.append(error)
    raise Refused([(wrong[-1].vi, wrong[-1].en)])


class _Writer:
    """The sheets of one template."""

    def __init__(self, book: xlsxwriter.Workbook, province: Province, year: int):
        self.book, self.province, self.year = book, province, year
        self.sheet = book.add_worksheet(SHEET)
        self.guide = book.add_worksheet(GUIDE)
        self.lists = book.add_worksheet(LISTS)
        box = {"border": 1, "border_color": LINE}
        self.formats = {
            name: book.add_format(FONT | extra)
            for name, extra in {
                "title": {"bold": True, "font_size": 14, "font_color": HEADING},
                "said": {"font_color": SOFT, "italic": True},
                "text": {"text_wrap": True, "valign": "top"},
                "strong": {"bold": True, "text_wrap": True, "valign": "top"},
                "label": {},
                "field": box | {"bg_color": INPUT, "locked": False, "align": "left", "text_wrap": True},
                "day": box | {"bg_color": INPUT, "locked": False, "align": "left", "num_format": "dd/mm/yyyy"},
                "head": box | {"bold": True, "bg_color": FILL, "align": "center", "text_wrap": True},
                "dates": box | {"bg_color": FILL, "align": "center", "text_wrap": True, "font_size": 9},
                "group": box | {"bold": True, "font_color": HEADING, "bg_color": FILL},
                "example": box | {"italic": True, "font_color": SOFT},
                "example_note": box | {"italic": True, "font_color": SOFT, "indent": 1, "shrink": True},
                "example_count": box | {"italic": True, "font_color": SOFT, "num_format": "#,##0"},
                "name": box | {"text_wrap": True},
                "part": box | {"text_wrap": True, "indent": 1},
                "word": box | {"align": "center", "text_wrap": True},
                "choice": box | {"bg_color": INPUT, "locked": False, "align": "center"},
                "free": box | {"bg_color": INPUT, "locked": False, "text_wrap": True},
                "count": box | {"bg_color": INPUT, "locked": False, "num_format": "#,##0"},
                "share": box | {"bg_color": INPUT, "locked": False, "num_format": "0.00"},
                "any": box | {"bg_color": INPUT, "locked": False, "num_format": "General"},
                "cell": box | {"text_wrap": True, "valign": "top"},
            }.items()
        }
        self.row = 0

    def write(self) -> None:
        self._lists()
        self._sheet()
        self._guide()

    # ------------------------------------------------------------------------------------------------------- lists

    def _lists(self) -> None:
        known = catalogue().provinces.values()
        provinces = sorted({province_text(province) for province in known})
        self.listed = {}
        for column, (name, items) in enumerate(
            {
                "province": provinces,
                "measure": list(measure_table()["name"]),
                "level": [label(level, "vi") for level in LEVELS],
                "channel": [word for word in CHANNELS.values() if word],
                "kind": [IN_PERIOD, AT_END],
                "calendar": [REPORTING, CALENDAR],
                "year": list(YEARS),
            }.items()
        ):
            self.lists.write_column(0, column, items)
            letter = chr(ord("A") + column)
            self.listed[name] = f"='{LISTS}'!${letter}$1:${letter}${len(items)}"
        self.lists.hide()
        self.lists.protect()

    def _choice(self, row: int, column: int, name: str) -> None:
        self.sheet.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "list",
                "source": self.listed[name],
                "error_title": "Chọn trong danh sách",
                "error_message": "Giá trị này không có trong danh sách: bấm mũi tên ở góc phải ô rồi chọn.",
            },
        )

    # ------------------------------------------------------------------------------------------------------- sheet

    def _sheet(self) -> None:
        sheet, formats = self.sheet, self.formats
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width or 4, None, {"hidden": not width})
        sheet.write(0, 1, "SỐ LIỆU KHỐI LƯỢNG CÔNG VIỆC CỦA BỘ MÁY HÀNH CHÍNH", formats["title"])
        sheet.write(1, 1, f"Điền vào các ô nền vàng nhạt; cách điền ở trang “{GUIDE}”.", formats["said"])
        self.row = 3
        given = {"province": province_text(self.province), "year": self.year, "calendar": REPORTING}
        for name, (words_vi, _) in FIELDS.items():
            sheet.write(self.row, 0, f"field:{name}")
            sheet.write(self.row, 1, words_vi + ("" if name in OPTIONAL else " *"), formats["label"])
            form = formats["day" if name == "issued_on" else "field"]
            sheet.merge_range(self.row, 2, self.row, 5, given.get(name, ""), form)
            if name in given:
                self._choice(self.row, 2, name)
            if name == "issued_on":
                self._days_only(self.row)
            self.row += 1
        self.row += 1
        self._head()
        self._example()
        districts = any(boundary_on(window(self.year, number)[1]) == "pre_2025" for number in (1, 2, 3, 4))
        for place, (heading, found) in enumerate(grouped(districts)):
            self._group(place, heading)
            before = ""
            for measure, level, channel, dated in found:
                self._figure(measure, level, channel, dated, measure == before)
                before = measure
        self._group(len(GROUPS), "Chỉ tiêu khác: chọn tên, cấp, hình thức trong danh sách")
        for _ in range(FREE_ROWS):
            self._free()
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.set_footer("&C&P/&N")
        sheet.hide_gridlines(2)

    def _days_only(self, row: int) -> None:
        self.sheet.data_validation(
            row,
            2,
            row,
            2,
            {
                "validate": "date",
                "criteria": ">=",
                "value": date(YEARS[0], 1, 1),
                "error_title": "Cần một ngày",
                "error_message": "Nhập ngày, tháng, năm của văn bản, ví dụ 31/3/2024.",
            },
        )

    def _head(self) -> None:
        sheet, formats = self.sheet, self.formats
        sheet.write(self.row, 0, HEAD)
        sheet.set_row(self.row, 32)
        sheet.set_row(self.row + 1, 40)
        for place, heading in enumerate(COLUMNS):
            sheet.write(self.row, place + 1, heading, formats["head"])
            sheet.write_blank(self.row + 1, place + 1, None, formats["dates"])
        sheet.write(self.row + 1, 0, GROUP)
        for number in (1, 2, 3, 4):
            dates = f"{_span(number)}\nhoặc {_span(number, calendar=True)}"
            sheet.write(self.row + 1, COLUMNS.index(WINDOWS[number - 1]) + 1, dates, formats["dates"])
        sheet.repeat_rows(self.row, self.row + 1)
        sheet.freeze_panes(self.row + 2, 2)
        self.row += 2

    def _example(self) -> None:
        measure, level, channel, values = EXAMPLE_ROW
        sheet, formats = self.sheet, self.formats
        name, *others = words(measure, level, channel)
        sheet.write(self.row, 0, EXAMPLE)
        sheet.set_row(self.row, 18)
        for column, word in enumerate([f"VÍ DỤ: {name}", *others, IN_PERIOD], 1):
            sheet.write(self.row, column, word, formats["example"])
        for column, value in enumerate(values, 6):
            sheet.write(self.row, column, value, formats["example_count"])
        sheet.write(self.row, 10, "Số minh họa, không được đọc", formats["example_note"])
        self.row += 1

    def _group(self, place: int, heading: str) -> None:
        roman = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")[place]
        self.sheet.write(self.row, 0, GROUP)
        self.sheet.write(self.row, 1, f"{roman}. {heading}", self.formats["group"])
        for column in range(2, len(COLUMNS) + 1):
            self.sheet.write_blank(self.row, column, None, self.formats["group"])
        self.row += 1

    def _figure(self, measure: str, level: str, channel: str, dated: bool, again: bool) -> None:
        sheet, formats = self.sheet, self.formats
        name, *others = words(measure, level, channel)
        sheet.write(self.row, 0, key(measure, level, channel))
        sheet.write(self.row, 1, name, formats["part" if again else "name"])
        if len(name) > 52:
            sheet.set_row(self.row, 30)
        for column, word in enumerate(others, 2):
            sheet.write(self.row, column, word, formats["word"])
        sheet.write(self.row, 5, AT_END if dated else IN_PERIOD, formats["choice"])
        self._choice(self.row, 5, "kind")
        self._numbers("count" if is_whole(measure) else "share")
        self.row += 1

    def _free(self) -> None:
        for column in range(1, 6):
            self.sheet.write_blank(self.row, column, None, self.formats["word" if column == 4 else "free"])
        for column, name in ((1, "measure"), (2, "level"), (3, "channel"), (5, "kind")):
            self._choice(self.row, column, name)
        self._numbers("any")
        self.row += 1

    def _numbers(self, kind: str) -> None:
        for column in range(6, 10):
            self.sheet.write_blank(self.row, column, None, self.formats[kind])
        self.sheet.write_blank(self.row, 10, None, self.formats["free"])
        rule = {
            "count": {
                "validate": "integer",
                "criteria": ">=",
                "value": 0,
                "error_title": "Cần số nguyên",
                "error_message": "Nhập số đếm là số nguyên, ví dụ 42972; không có số liệu thì để trống.",
            },
            "share": {
                "validate": "decimal",
                "criteria": "between",
                "minimum": 0,
                "maximum": 100,
                "error_title": "Cần tỷ lệ từ 0 đến 100",
                "error_message": "Nhập tỷ lệ phần trăm như in, ví dụ 76,20 (không nhập 0,762, không nhập dấu %).",
            },
            "any": {
                "validate": "decimal",
                "criteria": "between",
                "minimum": -1e12,
                "maximum": 1e12,
                "error_title": "Cần một số",
                "error_message": "Nhập một số; không có số liệu thì để trống.",
            },
        }[kind]
        self.sheet.data_validation(self.row, 6, self.row, 9, rule)

    # ------------------------------------------------------------------------------------------------------- guide

    def _guide(self) -> None:
        sheet, formats = self.guide, self.formats
        sheet.set_column(0, 4, 30)
        sheet.write(0, 0, "CÁCH ĐIỀN", formats["title"])
        row = 2
        for heading, lines in GUIDE_TEXT[:1]:
            row = self._paragraph(row, heading, lines)
        sheet.write(row, 0, "Bốn kỳ báo cáo", formats["strong"])
        row += 1
        for column, word in enumerate(("Cột", "Theo Bộ Nội vụ", "Theo năm dương lịch", "Là số")):
            sheet.write(row, column, word, formats["head"])
        for number, name in enumerate(WINDOWS, 1):
            row += 1
            cumulative = window(2024, number)[2]
            kind = "cộng dồn từ đầu năm" if cumulative else "riêng của quý"
            for column, word in enumerate((name, _span(number), _span(number, calendar=True), kind)):
                sheet.write(row, column, word, formats["cell"])
        row += 2
        for heading, lines in GUIDE_TEXT[1:]:
            row = self._paragraph(row, heading, lines)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.protect()

    def _paragraph(self, row: int, heading: str, lines: tuple[str, ...]) -> int:
        self.guide.write(row, 0, heading, self.formats["strong"])
        for place, line in enumerate(lines, 1):
            self.guide.merge_range(row + place, 0, row + place, 4, f"– {line}", self.formats["text"])
            self.guide.set_row(row + place, 15 * (1 + len(line) // 165) + 3)
        return row + len(lines) + 2


def _span(number: int, calendar: bool = False) -> str:
    """The days of a window in any year: `15/12 năm trước – 14/3`."""
    start, end, _ = window(2024, number, calendar)
    before = " năm trước" if start.year < 2024 else ""
    return f"{start.day:02d}/{month(start.month)}{before} – {end.day:02d}/{month(end.month)}"


GUIDE_TEXT = (
    (
        "Các bước",
        (
            f"Trang “{SHEET}”: điền phần đầu (ô có dấu * là bắt buộc), rồi điền những số mà văn bản có in; số nào văn bản "
            "không có thì để trống. Ô trống là không có số liệu, không phải số 0.",
            "Mỗi văn bản một tệp: mọi số trong tệp được ghi là lấy từ văn bản nêu ở phần đầu.",
            "Chỉ tiêu chưa có dòng sẵn thì chọn tên, cấp, hình thức ở phần cuối bảng.",
            "Lưu tệp dạng Excel (.xlsx) hoặc CSV UTF-8, rồi chạy: ninhthuan import workload TÊN_TỆP. Chương trình cho xem "
            "những gì sẽ thay đổi và hỏi trước khi ghi; có lỗi thì nêu từng ô và không ghi gì.",
        ),
    ),
    (
        "Số liệu",
        (
            "Nhập như văn bản in. Số đếm là số nguyên, không âm. Tỷ lệ từ 0 đến 100, ví dụ 76,20: không nhập 0,762.",
            "“Loại số”: “trong kỳ” là số phát sinh trong kỳ; “tại ngày cuối kỳ” là số có đến ngày cuối kỳ, ví dụ số đơn vị.",
            "6 tháng và Năm là số cộng dồn từ đầu năm; Quý III là số riêng của quý.",
            "Các phần phải cộng thành tổng: các hình thức tiếp nhận, các cấp, các loại. Nếu chính văn bản in sai tổng, ghi “như "
            "in” vào cột Ghi chú của dòng tổng: số được giữ như in và được nêu là mâu thuẫn.",
            "Không gộp ô, không sửa tên chỉ tiêu, không thêm công thức lấy số từ tệp khác. Chỉ tiêu khác thì dùng phần cuối bảng.",
        ),
    ),
)
