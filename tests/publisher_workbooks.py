"""Small workbooks in the publishers' layouts, filled with the figures of data/: to be read back as they are there.

No file of a publisher is used or copied: layouts are built anew, cell by cell.
"""

import csv
import unicodedata
from functools import cache
from pathlib import Path

import xlsxwriter

DATA = Path(__file__).resolve().parent.parent / "data"
PAPI_SOURCES = {year: f"xlsx{year}" if year < 2020 else "gh_mlmcdm" for year in range(2011, 2025)}
WEIGHTED = 1.07  # made up: the weighted total is never taken
PCI_NAMES = {
    "entry": "Gia nhập\n thị trường",
    "land": "Tiếp cận \nđất đai",
    "transparency": "Tính minh bạch",
    "time": "Chi phí \nthời gian",
    "informal": "Chi phí không\n chính thức",
    "implementation": "Thực hiện chính sách của TW",
    "bias": "Cạnh tranh bình đẳng",
    "proactivity": "Tính \nnăng động",
    "bss": "Hỗ trợ\n doanh nghiệp",
    "labour": "Đào tạo \nlao động",
    "legal": "Thiết chế\n pháp lý",
}
PCI_ENGLISH = {
    "entry": "Entry Costs",
    "land": "Land Access",
    "transparency": "Transparency",
    "time": "Time Costs",
    "informal": "Informal charges",
    "bias": "Bias",
    "proactivity": "Proactivity",
    "bss": "Business support services",
    "labour": "Labor training",
    "legal": "Legal Institutions",
}


@cache
def table(relative):
    with open(DATA / relative, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def province_names(year):
    return {
        row["province_code"]: row["name"].removeprefix("TP. ")
        for row in table("reference/provinces.csv")
        if row["boundary"] == "pre_2025" and (not row["valid_to"] or int(row["valid_to"][:4]) >= year)
    }


def ascii_name(name):
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(char for char in letters if not unicodedata.combining(char))


# --------------------------------------------------------------------------------------------------------------- PAPI


def papi_figures(year):
    """Component to province to score, of the source that holds all of an edition, in the order of the publisher."""
    figures = {}
    for row in table("indicators/papi.csv"):
        if row["edition_year"] == str(year) and row["source_id"] == PAPI_SOURCES[year]:
            figures.setdefault(row["component_id"], {})[row["province_code"]] = float(row["score"])
    figures.pop("papi_total", None)
    return dict(sorted(figures.items(), key=lambda item: number_of(item[0])))


def number_of(component):
    return component.removeprefix("papi_d").replace("_", ".")


def label(component, style="vi"):
    number = number_of(component)
    if "." in number:
        return f"{number}: Nội dung thành phần nào đó*" if style != "en" else f"{number}: Some sub-dimension"
    return {
        "vi": f"Chỉ số nội dung {number}: Tên gọi",
        "en": f"Dimension {number}: Some name",
        "bare": f" {number}: Some name",
    }[style]


def total_of(figures, code):
    own = [scores.get(code) for component, scores in figures.items() if component.count("_") == 1]
    return None if None in own else sum(own)


class Workbook:
    """An .xlsx being written, sheet by sheet."""

    def __init__(self, path):
        self.path, self.book = path, xlsxwriter.Workbook(path, {"strings_to_numbers": False})

    def sheet(self, name, rows, merged=(), hidden=False):
        sheet = self.book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
        for span in merged:
            sheet.merge_range(*span[:4], span[4])
        if hidden:
            sheet.hide()
        return self

    def close(self):
        self.book.close()
        return self.path


def papi_province_rows(path, year, tab=None, change=None):
    """2011-2017: a province a row, 29 columns, no total; a sheet more for each dimension."""
    figures, names = papi_figures(year), province_names(year)
    head = ["Tỉnh", *[label(component, "bare") for component in figures]]
    body = [[f" {names[code]} ", *[scores.get(code) for scores in figures.values()]] for code in names]
    rows = [head, *body]
    if change:
        change(rows)
    book = Workbook(path).sheet(tab or f"{year}PAPI- Bảng tổng hợp kết quả"[:31], rows)
    for dimension in [name for name in figures if name.count("_") == 1]:
        parts = [name for name in figures if name.startswith(dimension)]
        rows = [["Province", *[label(name, "bare") for name in parts]]]
        rows += [[ascii_name(names[code]), *[figures[name].get(code) for name in parts]] for code in names]
        book.sheet(f"Điểm thành phần {number_of(dimension)}", rows)
    return book.close()


def papi_columns(year, missing=None, language="vi", codes=False, intervals=False, indicators=True):
    """The rows of a sheet with a province a column: label, scale, a column for each province."""
    figures, names = papi_figures(year), province_names(year)
    rows = []
    if codes:
        rows.append(["Mã tỉnh", "Thang điểm", *[int(code) for code in names]])
    rows.append(["Tỉnh/Thành phố", "Thang điểm", *[ascii_name(name) for name in names.values()]])
    totals = [total_of(figures, code) for code in names]
    if intervals:
        rows.append(["Chỉ số PAPI tổng hợp (có trọng số)", "10-80 điểm", *[t and t * WEIGHTED for t in totals]])
        rows.append(["Chỉ số PAPI tổng hợp (có trọng số) - sai số ", None, *[t and 0.4 for t in totals]])
    word = {"vi": "Chỉ số PAPI tổng hợp (không có trọng số)", "en": "Unweighted PAPI Score"}[language]
    rows.append([word, "10-80 điểm", *[missing if t is None else t for t in totals]])
    if intervals:
        rows.append([f"{word} - điểm tối thiểu trong khoảng tin cậy 95%", None, *[t and t - 1 for t in totals]])
        rows.append(["Unweighted 95% CI High", None, *[t and t + 1 for t in totals]])
    for component, scores in figures.items():
        row = [missing if scores.get(code) is None else scores[code] for code in names]
        rows.append([label(component, language), "1-10 điểm", *row])
        if component.count("_") == 1 and intervals:
            rows.append([f"Variance (Dimension {number_of(component)})", None, *[0.01] * len(names)])
            rows.append([f"Observations (Dimension {number_of(component)})", None, *[196] * len(names)])
        elif component.count("_") == 2 and indicators:
            rows.append(["Tỷ lệ người trả lời cho biết 1 điều (%)", "0%-100%", *[0.5] * len(names)])
    rows += [[], [], ["Ghi chú: (*) nội dung được điều chỉnh"], ["KCDL = Không có dữ liệu"]]
    return rows


def papi_2018(path):
    """KCDL for what is missing, names without diacritics, excerpts of a few provinces in further sheets."""
    rows = papi_columns(2018, missing="KCDL")
    excerpt = [row[:5] for row in rows]
    return Workbook(path).sheet("ProvincialIndicators_VIE", rows).sheet("Sheet1", excerpt).close()


def papi_2019(path):
    """Codes above the names, two totals with intervals, variances; an English sheet, a province a row."""
    rows = papi_columns(2019, codes=True, intervals=True)
    figures, names = papi_figures(2019), province_names(2019)
    english = [["Tinh_ID", "Province", *[label(name, "bare") for name in figures]]]
    english += [[int(code), ascii_name(names[code]), *[s.get(code) for s in figures.values()]] for code in names]
    return Workbook(path).sheet("2019PAPI_Indicators_VIE", rows).sheet("2019PAPI_Dims_Sub-dims_ENG", english).close()


def papi_since_2020(path, year):
    """English labels, and sheets of the years before in the same file, rearranged in some."""
    book = Workbook(path)
    book.sheet(
        f"{year}_VIE_ENG", papi_columns(year, missing=0 if year == 2022 else None, language="en", intervals=True)
    )
    for before in range(2019, year):
        rows = papi_columns(before, language="en", intervals=True)
        book.sheet(f"{before}_VIE_ENG", [*rows[:1], [], *rows[1:]])
    return book.close()


def papi_2024(path):
    """Rows that map the 63 provinces to the 34 units, blank columns between groups, 0 for what is missing."""
    rows = papi_columns(2024, missing=0, language="en", intervals=True)
    units = {
        code: row["name"]
        for row in table("reference/provinces.csv")
        if row["boundary"] == "post_2025"
        for code in row["predecessor_codes"].split()
    }
    names = province_names(2024)
    order = sorted(names, key=lambda code: units[code])
    at = {code: place for place, code in enumerate(names)}
    columns, last = [], None
    for code in order:
        if last and units[code] != last:
            columns.append(None)
        columns.append(code)
        last = units[code]
    laid = [
        ["Tỉnh, thành phố mới (34)", None, *[code and units[code] for code in columns]],
        ["Từ ngày 01/7/2025", None],
        ["Số tỉnh cũ", None, *[code and list(units.values()).count(units[code]) for code in columns]],
        [],
    ]
    for row in rows:
        cells = [row[2 + at[code]] if code and len(row) > 2 else None for code in columns]
        laid.append([*row[:2], *cells])
    book = Workbook(path).sheet("2024_PAPI_VIE_ENG", laid)
    book.sheet("2023_VIE_ENG", papi_columns(2023, language="en", intervals=True))
    return book.close()


PAPI_WORDS = {
    1: ("Participation at Local Levels", "Tham gia của người dân ở cấp cơ sở"),
    2: ("Transparency", "Công khai, minh bạch"),
    3: ("Vertical Accountability", "Trách nhiệm giải trình với người dân"),
    4: ("Control of Corruption", "Kiểm soát tham nhũng trong khu vực công"),
    5: ("Public Administrative Procedures", "Thủ tục hành chính công"),
    6: ("Public Service Delivery", "Cung ứng dịch vụ công"),
    7: ("Environmental Governance", "Quản trị môi trường"),
    8: ("E-Governance", "Quản trị điện tử"),
}


def papi_years(path, years):
    """A sheet for each year, dimensions and sub-dimensions in words alone, and the total's heading of 2015 in all."""
    book = Workbook(path)
    for year in years:
        figures, names = papi_figures(year), province_names(year)
        words = [PAPI_WORDS[int(c[6])] if c.count("_") == 1 else ("Civic Knowledge", "Tri thức") for c in figures]
        total = ("Un-weighted2015PAPI", "Chỉ số PAPI (không có trọng số)")
        rows = [["tinhid", "tentinh_eng", "tentinh_vie", *[w[i] for w in words], total[i]] for i in (0, 1)]
        for code, name in names.items():
            own = [scores.get(code) for scores in figures.values()]
            rows.append([int(code), ascii_name(name), name, *own, total_of(figures, code)])
        book.sheet(f"{year}_PAPI", [*rows, [999, "Highest", "Điểm cao nhất", *[9.9] * len(figures), 60.0]])
    return book.close()


def papi_without_numbers(path, year=2019):
    """Sub-dimensions without numbers between variances and indicators, as in an English sheet of 2019."""
    rows = papi_columns(year, language="en", intervals=True)
    for row in rows:
        if row and isinstance(row[0], str) and row[0][1:2] == ".":
            row[0] = "Civic Knowledge"
    # indicators come after all sub-dimensions of a dimension
    ordered, waiting = [], []
    for row in rows:
        if row and str(row[0]).startswith("Tỷ lệ"):
            waiting.append(row)
            continue
        if row and str(row[0]).startswith("Dimension"):
            ordered += waiting
            waiting = []
        ordered.append(row)
    return Workbook(path).sheet(f"{year}PAPI_Indicators_ENG", ordered).close()


def papi_34_units(path, total=40.0):
    """SYNTHETIC: a table over the 34 units, as PAPI 2025 may come out; every figure is made up."""
    units = [row for row in table("reference/provinces.csv") if row["boundary"] == "post_2025"]
    numbers = list(papi_figures(2024))
    rows = [["Tỉnh/Thành phố", "Thang điểm", *[row["name"] for row in units]]]
    made = {}
    for component in numbers:
        if component.count("_") == 2:
            made[component] = [0.9 + 0.01 * place + 0.001 * len(made) for place in range(len(units))]
    for component in numbers:
        if component.count("_") == 1:
            made[component] = [
                sum(made[part][place] for part in made if part.startswith(component + "_"))
                for place in range(len(units))
            ]
    totals = [sum(made[c][place] for c in made if c.count("_") == 1) for place in range(len(units))]
    rows.append(["Unweighted PAPI Score", "10-80 điểm", *totals])
    rows += [[label(component, "en"), "", *made[component]] for component in numbers]
    return Workbook(path).sheet("2025_PAPI_VIE_ENG", rows).close()


# ---------------------------------------------------------------------------------------------------------------- PCI


def pci_figures(year):
    """(scores by component, ranks, groups) of VCCI's workbook of a year."""
    figures, ranks, groups = {}, {}, {}
    for row in table("indicators/pci.csv"):
        if row["edition_year"] == str(year) and row["source_id"] == f"pci_wb_{year}" and row["basis"] == "printed":
            component = row["component_id"].removeprefix("pci_")
            figures.setdefault(component, {})[row["province_code"]] = float(row["score"])
            if component == "total":
                ranks[row["province_code"]] = int(row["rank_published"] or 0)
                groups[row["province_code"]] = row["group_published"]
    return figures, ranks, groups


def pci_order(year):
    order = list(PCI_NAMES)
    return [name for name in order if name in pci_figures(year)[0]]


def pci_province_rows(path, year, change=None):
    """2005-2007 and 2009: a province a row, each year with columns of its own before and after the sub-indices."""
    figures, ranks, groups = pci_figures(year)
    names, order = province_names(year), pci_order(year)
    codes = sorted(figures["total"], key=lambda code: -figures["total"][code])
    merged = []
    if year == 2005:
        # two rows of headings, figures from the third; tiers in merged cells
        head = [
            ["Bảng tóm tắt chỉ số"],
            ["Tỉnh", "Thứ hạng", "Nhóm", "Vùng", "Dân số", *[PCI_NAMES[n] for n in order], "PCI 2005"],
        ]
        body = [
            [names[c], ranks[c], None, "Vùng nào đó", None, *[figures[n][c] for n in order], figures["total"][c]]
            for c in codes
        ]
        first = 0
        for place in range(1, len(codes) + 1):
            if place == len(codes) or groups[codes[place]] != groups[codes[first]]:
                if place - first > 1:
                    merged.append((2 + first, 2, 1 + place, 2, groups[codes[first]]))
                else:
                    body[first][2] = groups[codes[first]]
                first = place
    elif year == 2006:
        head = [
            ["No", "Province", *["Transition Costs" for _ in order], "Weighted PCI 2006"],
            [None, "Tỉnh, thành phố", *[PCI_NAMES[n] for n in order], "Chí số PCI 2006 (đã có trọng số)"],
        ]
        head[0][2:-1] = ["" for _ in order]
        head[1][2 + order.index("time")] = "Chi phí về thời gian để thực hiện các quy định của Nhà nước"
        names["66"] = "Đắc Lắk"
        # places without a heading: no ranks are printed
        body = [[i, names[c], *[figures[n][c] for n in order], figures["total"][c]] for i, c in enumerate(codes, 1)]
        body += [[None, word, *[5.0] * len(order), 50.0] for word in ("MIN", "MAX")]
    elif year == 2007:
        head = [
            [
                "Tỉnh",
                "Thứ hạng",
                "Vùng",
                "Nhóm",
                *[PCI_NAMES[n] for n in order],
                "Chưa có trọng số",
                "PCI có trọng số",
            ]
        ]
        body = [
            [
                names[c],
                ranks[c],
                "Vùng",
                groups[c],
                *[figures[n][c] for n in order],
                figures["unweighted"][c],
                figures["total"][c],
            ]
            for c in codes
        ]
        body += [[word, None, None, None, *[5.0] * len(order), 50.0, 50.0] for word in ("Min", "Max", "Trung vị")]
    elif year >= 2017:
        words = [f"Sub-Index {k}: {PCI_ENGLISH[n]}" for k, n in enumerate(order, 1)]
        head = [["Province", "Rank", f"The Weighted PCI Score in {year}", *words]]
        short = {code: ascii_name(name) for code, name in names.items()} | {"77": "BRVT", "79": "HCMC"}
        body = [[short[c], ranks[c], figures["total"][c], *[figures[n][c] for n in order]] for c in codes]
        # a province to look at stands a second time, above least, median and most
        body += [[], next(row for row in body if row[0] == "Ha Noi")]
        body += [[word, None, 50.0, *[5.0] * len(order)] for word in ("Min", "Median", "Max")]
    else:
        head = [
            [],
            [
                "Mã PCI",
                f"Thứ hạng \nPCI {year}",
                "Tỉnh",
                *[f"Chỉ số thành phần {k}" for k, _ in enumerate(order, 1)],
                f"PCI {year} \ncó trọng số",
            ],
            ["Mã PCI", None, "Tỉnh", *[PCI_NAMES[n] for n in order]],
        ]
        body = [
            [i, ranks[c], names[c], *[figures[n][c] for n in order], figures["total"][c]]
            for i, c in enumerate(codes, 1)
        ]
    rows = head + body
    if change:
        change(rows)
    book = Workbook(path)
    if year < 2009:
        book.sheet("Giới thiệu", [["PCI"], ["Phòng Thương mại và Công nghiệp Việt Nam"]])
    return book.sheet("Bảng tóm tắt chỉ số" if year < 2009 else "Tong Hop", rows, merged).close()


def pairs_sheet(year, words=PCI_NAMES, labelled=None):
    """A sheet of pairs (province, value), each sorted by its own value, then rank and tier; a selector below."""
    figures, ranks, groups = pci_figures(year)
    names, order = province_names(year), [name for name in pci_order(year) if name in words]
    columns = [(words[name], sorted(figures[name].items(), key=lambda item: -item[1])) for name in order]
    if "unweighted" in figures:
        columns.append(
            (
                "PCI không trọng số" if year == 2008 else "Chưa có\n trọng số",
                sorted(figures["unweighted"].items(), key=lambda item: -item[1]),
            )
        )
    total = sorted(figures["total"].items(), key=lambda item: (-item[1], ranks[item[0]]))
    head, body = ["Thứ tự"], [[place] for place in range(1, len(total) + 1)]
    for word, column in columns:
        head += ["Tỉnh" if len(head) == 1 else None, word]
        for row, (code, value) in zip(body, column, strict=True):
            row += [names[code], value]
    head += [None, f"PCI {labelled or year}", "Xếp hạng", "Nhóm\n xếp hạng"]
    for row, (code, value) in zip(body, total, strict=True):
        row += [names[code], value, ranks[code], groups[code] or None]
    chosen = ["", names["01"], *([5.0, None] * len(columns)), 50.0, 20]
    return [head, *body, [], head, chosen, ["", "Thứ tự", *([31, None] * len(columns)), 20]]


def pci_pairs(path, year):
    """2008 and 2010-2016."""
    book = Workbook(path)
    rows = pairs_sheet(year)
    if year == 2008:
        rows = [["PCI 2008: bảng tổng hợp"], *rows]
    book.sheet("Summary_VN" if year >= 2013 else "Tong hop", rows)
    if year == 2014:
        # the English summary was left at the figures of the year before
        book.sheet("Summary", pairs_sheet(2013, PCI_ENGLISH))
    indicators = [["Mã PCI", "Tỉnh", "Chỉ số thành phần 1", "Thời gian đăng ký"], [None, "pci_id", "sub1", "c1"]]
    indicators += [[i, name, 8.0, 15] for i, name in enumerate(province_names(year).values(), 1)]
    return book.sheet("Chi phi gia nhap thi truong", indicators).close()
