"""The workbook: read back by another program, every figure is there and nothing in it can do harm."""

import csv
import hashlib
import json
import math
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from PIL import Image, ImageDraw

import ninhthuan as nt
from figure_cards.cells import LONGEST, clean, decimals_of, number_format, value_of
from ninhthuan.catalogue import catalogue
from ninhthuan.words import phrase
from ninhthuan_reports.parameters import check_parameters
from ninhthuan_reports.publish import columns
from ninhthuan_reports.publish.contents import Card, Contents, Section
from ninhthuan_reports.publish.sheets import read_frame, sheet_names
from ninhthuan_reports.publish.workbook import write_workbook
from ninhthuan_reports.runs.plan import declared

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "<script>alert(1)</script>",
    "https://example.org/x",
    "{=1+1}",
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe\N{RIGHT-TO-LEFT MARK}",
    "x" * 10_000,
    "a\x00b\x07c\x1b",
    "_x0041_",
    "0012",
    "1e5",
    "\ufffe",
    "Đ" * 40_000,
    "a & b > c",
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="440pt" height="240pt"><g id="words0"/><path d="M0 0L9 9"/></svg>'


def made_card(folder: Path, name="dots", notebook="10_made", kind="figure", rows=None, types=None, **record) -> Card:
    """A card with its files, as a notebook leaves them."""
    rows = rows if rows is not None else {"province_code": ["01", "58"], "score": ["45.5054", ""], "rank": ["6", "61"]}
    types = types or {key: "number" if key == "score" else "integer" if key == "rank" else "text" for key in rows}
    stem = f"{notebook}__{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    files = {f"{stem}.csv": ""}
    with open(folder / f"{stem}.csv", "w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([list(rows), *zip(*rows.values(), strict=True)])
    if kind == "figure":
        files |= {f"{stem}.png": "", f"{stem}.svg": ""}
        picture = Image.new("P", (1831, 1000))
        ImageDraw.Draw(picture).line((0, 0, 1800, 900), fill=7, width=9)
        picture.save(folder / f"{stem}.png", dpi=(300, 300))
        (folder / f"{stem}.svg").write_text(SVG, encoding="utf-8")
        record = {"plot": [100, 900], "size_mm": [155.0, 84.7]} | record
    else:
        record = {
            "table": {"columns": list(rows), "rows": [list(row) for row in zip(*rows.values(), strict=True)]}
        } | record
    common = {
        "card": name,
        "notebook": notebook,
        "kind": kind,
        "title": f"Ninh Thuận: {name}",
        "subtitle": "Điểm và thứ hạng, 2023",
        "note": "Trục tung không bắt đầu từ 0.",
        "alt": "Biểu đồ chấm: Ninh Thuận 45,51 điểm, hạng 6/61.",
        "source": "CECODES (PAPI)",
        "n": len(next(iter(rows.values()), [])),
        "source_ids": [],
        "files": files,
        "columns": [{"name": key, "type": types[key]} for key in rows],
    }
    return Card(common | record, folder)


def made_contents(folder: Path, cards: list[Card], language: str = "vi") -> Contents:
    """A report of these cards, with a closing."""
    request = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": language})
    address = "https://example.org/a?b=1&c=2"
    sources = [
        {"source_id": "moha_2024", "text": "Bộ Nội vụ: Quyết định, 2024", "url": address},
        {"source_id": "x", "text": "=1+1", "url": ""},
    ]
    missing = ["SIPAS: 2017 – chưa thu thập được."]
    closing = {"card": "closing", "notebook": "10_made", "kind": "text", "title": "", "sections": [], "files": {}}
    closing |= {"missing": missing, "caveats": [], "sources": sources}
    absent = {"card": "none", "notebook": "10_made", "kind": "absent", "title": "Chưa có số liệu", "files": {}}
    cards = (*cards, Card(absent, folder), Card(closing, folder))
    return Contents(folder, request, (Section("10_made", "Tỉnh đứng ở đâu?", folder / "10.ipynb", tuple(cards)),))


def card_sheets(book, contents: Contents):
    """Sheets of the cards with the cards, in order."""
    return list(zip([c for c in contents.cards if c.kind in ("figure", "table")], book.worksheets[1:-3], strict=True))


def links_of(sheet) -> list:
    return [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def frame_of(sheet) -> dict[str, list]:
    """The cells of a card's sheet by machine name: under the row of names, down to the blank row before the notes."""
    names = [cell.value for cell in sheet[4]]
    first, last = re.fullmatch(r"A5:[A-Z]+(\d+)", sheet.auto_filter.ref), 0
    last = int(first[1])
    return {
        str(name): [sheet.cell(row, place) for row in range(6, last + 1)] for place, name in enumerate(names, 1) if name
    }


def test_numbers_are_the_csvs_to_the_last_digit_and_keep_their_kind(tmp_path):
    rows = {
        "province_code": ["01", "58", "58"],
        "edition_year": ["2023", "2023.0", ""],
        "score": ["0.30000000000000004", "45.505383", ""],
        "score_change": ["-0.4948399999999964", "0.0", ""],
        "rank": ["6", "61", ""],
        "count": ["42972.0", "1e15", ""],
        "published_on": ["2024-04-02", "0001-01-01", ""],
        "contradicted": ["True", "False", ""],
        "note": ["", "x", "y"],
    }
    kinds = {"edition_year": "number", "score": "number", "score_change": "number", "rank": "integer"}
    kinds |= {"count": "number", "published_on": "date", "contradicted": "boolean"}
    types = {name: kinds.get(name, "text") for name in rows}
    contents = made_contents(tmp_path, [made_card(tmp_path, rows=rows, types=types)])
    book = openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx"))
    frame = frame_of(book.worksheets[1])
    shown = {name: [cell.value for cell in cells] for name, cells in frame.items()}
    assert shown["province_code"] == ["01", "58", "58"]
    assert shown["edition_year"] == [2023, 2023, "…"]
    assert shown["score"] == [0.30000000000000004, 45.505383, "…"]
    assert shown["score_change"] == [-0.4948399999999964, 0, "…"]
    assert shown["count"] == [42972, 1e15, "…"]
    assert shown["published_on"] == [datetime(2024, 4, 2), "0001-01-01", None]
    assert shown["contradicted"] == [True, False, None]
    assert shown["note"] == [None, "x", "y"]
    formats = {name: cells[0].number_format for name, cells in frame.items()}
    assert (formats["edition_year"], formats["rank"], formats["published_on"]) == ("0", "0", "dd/mm/yyyy")
    assert formats["score"] == "#,##0.000000"
    assert formats["count"] == "#,##0"
    assert formats["score_change"].startswith("+#,##0.00000;")


def test_scores_of_several_units_keep_their_own_decimals(tmp_path):
    rows = {"unit": ["points", "score_0_1", "percent"], "score": ["45.5", "0.5934", "86.68"]}
    contents = made_contents(tmp_path, [made_card(tmp_path, rows=rows, types={"unit": "text", "score": "number"})])
    sheet = openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx")).worksheets[1]
    cells = frame_of(sheet)["score"]
    assert [cell.number_format for cell in cells] == ["#,##0.00", "#,##0.0000", "#,##0.00"]
    assert [cell.value for cell in sheet[5][:3]] == ["Đơn vị", "Điểm (theo cột Đơn vị)", "Đơn vị (mã)"]


def test_indices_with_the_same_unit_keep_their_own_decimals(tmp_path):
    rows = {"index_id": ["papi", "pci"], "unit": ["points", "points"], "score": ["45.50538", "65.43"]}
    types = {"index_id": "text", "unit": "text", "score": "number"}
    contents = made_contents(tmp_path, [made_card(tmp_path, rows=rows, types=types)])
    cells = frame_of(openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx")).worksheets[1])["score"]
    assert [cell.number_format for cell in cells] == ["#,##0.00000", "#,##0.00"]


def test_text_that_looks_like_a_formula_or_a_trap_is_text(tmp_path):
    card = made_card(
        tmp_path,
        rows={"=cmd": HOSTILE, "note": HOSTILE[::-1]},
        types={"=cmd": "number", "note": "text"},
        title="=1+1",
        subtitle="+\x01",
        note="-x" * 20_000,
        source="@x",
        alt="\N{RIGHT-TO-LEFT OVERRIDE}",
    )
    contents = made_contents(tmp_path, [card])
    path = write_workbook(contents, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    frame = frame_of(book.worksheets[1])
    for told, texts in (("=cmd", HOSTILE), ("note", HOSTILE[::-1])):
        for cell, text in zip(frame[told], texts, strict=True):
            # a number where the card says number, text everywhere else
            number = told == "=cmd" and text in ("0012", "1e5")
            assert cell.data_type == ("n" if number else "s"), text
            if not number and "_x" not in text:
                assert cell.value == clean(text)
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(path) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in text or "<f " in text for text in sheets)


def test_what_a_cell_cannot_hold_is_shown_or_marked_as_cut():
    assert clean("a\x00b\x1f\r\nc") == "a␀b␟\nc"
    assert clean("\ud800\uffff") == "\N{REPLACEMENT CHARACTER}" * 2
    assert clean("Ninh\tThuận\N{RIGHT-TO-LEFT MARK}") == "Ninh\tThuận\N{RIGHT-TO-LEFT MARK}"
    for long in ("ậ" * 40_000, "\N{GRINNING FACE}" * 20_000):
        assert clean(long).endswith("[…]") and len(clean(long).encode("utf-16-le")) // 2 <= LONGEST
    assert clean("ậ" * LONGEST) == "ậ" * LONGEST


def test_sheets_have_names_that_excel_takes_and_none_twice(tmp_path):
    names = ["a/b[c]*?:\\'", "x" * 10_000, "Dots", "dots", "trend", "trend", "trend", "", "History"]
    notebooks = ["1", "1", "1", "1", "20_index_trend_papi", "20_index_trend_pci", "20_index_trend_par_index", "1", "1"]
    cards = [Card({"card": n, "notebook": b}, tmp_path) for n, b in zip(names, notebooks, strict=True)]
    given = sheet_names(cards, ("Mục lục",), "vi")
    assert given[4:7] == ["05 trend PAPI", "06 trend PCI", "07 trend PAR INDEX"]
    courses = [Card({"card": "index_course", "notebook": f"20_index_trend_{one}"}, tmp_path) for one in ("papi", "pci")]
    assert sheet_names(courses, (), "vi") == ["01 Diễn biến PAPI", "02 Diễn biến PCI"]
    assert sheet_names(courses, (), "en") == ["01 Course PAPI", "02 Course PCI"]
    assert len({name.lower() for name in given}) == len(given)
    for name in given:
        assert 0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") and name.lower() != "history"


def test_the_index_leads_to_every_sheet_and_each_sheet_back(tmp_path):
    cards = [made_card(tmp_path, name) for name in ("dots", "it's", "x" * 300)]
    contents = made_contents(tmp_path, cards, "en")
    book = openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx"))
    index = book.worksheets[0]
    aims = [link.location for link in links_of(index)]
    assert len(aims) == len(cards) + 3
    assert [re.fullmatch(r"'(.+)'!A1", aim)[1].replace("''", "'") for aim in aims] == book.sheetnames[1:]
    for number, sheet in enumerate(book.worksheets[1:-3], 1):
        (link,) = links_of(sheet)
        name, cell = re.fullmatch(r"'?(\w+)'?!(\w+)", link.location).groups()
        assert book[name][cell].value == sheet.title and book[name][f"A{4 + number}"].value == number
    assert [index.cell(8 + 3, place).value for place in (3, 4)] == ["Chưa có số liệu", "none"]


def test_a_sheet_says_what_it_shows_and_can_be_read_and_printed(tmp_path):
    contents = made_contents(tmp_path, [made_card(tmp_path)])
    book = openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx"))
    sheet = book.worksheets[1]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    record = contents.sections[0].cards[0].record
    for words in (record["title"], record["subtitle"], record["note"], record["alt"], record["source"]):
        assert any(words in str(text) for text in texts), words
    assert any("không có số liệu" in str(text) for text in texts)
    assert sheet.freeze_panes == "A6" and sheet.auto_filter.ref == "A5:D7" and sheet.print_title_rows == "$4:$5"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet.page_setup.fitToWidth in (1, None)
    assert book.properties.title == contents.title and book.properties.created == datetime(2024, 4, 30)
    assert book.custom_doc_props["Language"].value == "vi-VN"
    sources = book.worksheets[-2]
    assert [sources.cell(5, place).value for place in (2, 3, 4)] == [
        "moha_2024",
        "Bộ Nội vụ: Quyết định, 2024",
        "https://example.org/a?b=1&c=2",
    ]
    assert sources["C6"].value == "=1+1" and sources["C6"].data_type == "s"
    key = [cell.value for row in book.worksheets[-1].iter_rows() for cell in row if cell.value]
    assert {"province_code", "Mã tỉnh", "Ninh Thuận", "58", "1 là cao nhất"} <= set(key)


def test_codes_stand_in_words_in_their_place_and_as_codes_at_the_end(tmp_path):
    rows = {"index_id": ["papi", "dti"], "score": ["45.5", "0.6"], "unit": ["points", "score_0_1"]}
    types = {"index_id": "text", "score": "number", "unit": "text"}
    contents = made_contents(tmp_path, [made_card(tmp_path, rows=rows, types=types)])
    sheet = openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx")).worksheets[1]
    heads = [cell.value for cell in sheet[5]][:5]
    assert heads == ["Chỉ số", "Điểm (theo cột Đơn vị)", "Đơn vị", "Chỉ số (mã)", "Đơn vị (mã)"]
    assert [cell.value for cell in sheet[7]][:5] == ["DTI", 0.6, "điểm (thang 0–1)", "dti", "score_0_1"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_card_of_a_report_has_a_sheet_name_in_words(language):
    """With two figures before it and the index behind it: at most 31 characters."""
    cards = {card for run in declared().runs for card in run["cards"]} - {"opening", "closing"}
    for card in [*cards, "all_provinces"]:
        assert len(phrase(f"sheet.{card}", language)) <= 24, card
    with_index = ("index_course", "index_editions", "component_gaps")
    assert all(len(phrase(f"sheet.{card}", language)) <= 18 for card in with_index)


def test_one_sheet_has_every_province_in_every_edition_that_the_report_knows(tmp_path):
    """Ready for a pivot table: headings in words over the cells, none twice, numbers as numbers."""
    contents = made_contents(tmp_path, [made_card(tmp_path)])
    sheet = openpyxl.load_workbook(write_workbook(contents, tmp_path / "a.xlsx")).worksheets[-3]
    heads = [cell.value for cell in sheet[5]]
    assert sheet.title == "02 Mọi tỉnh, mọi kỳ" and len(set(heads)) == len(heads)
    frame = frame_of(sheet)
    assert sheet.auto_filter.ref.endswith(str(5 + len(frame["score"])))
    rows = list(zip(*([cell.value for cell in cells] for cells in frame.values()), strict=True))
    shown = pd.DataFrame(rows, columns=list(frame))
    for index_id in catalogue().indices:
        known = nt.load_index(index_id, as_of=date(2024, 4, 30), sources="strict")
        known = known[(known["level"] == "total") & (known["score"].notna() | known["rank_published"].notna())]
        held = shown[shown["index_id"] == index_id]
        assert len(held) == len(known)
        both = held.merge(known, on=["edition_year", "province_code"], suffixes=("", "_known"))
        assert len(both) == len(known)
        for name in ("score", "rank_published", "rank_derived", "n_ranked"):
            ours, theirs = pd.to_numeric(both[name], errors="coerce"), both[f"{name}_known"].astype(float)
            assert (ours.eq(theirs) | (ours.isna() & theirs.isna())).all(), (index_id, name)
            assert set(both.loc[ours.isna(), name]) <= {"…"}
    assert "PAPI" in set(shown["index_id_label"]) and "Ninh Thuận" in set(shown["province"])
    assert shown["edition_year"].max() == 2023


def test_the_same_report_gives_the_same_bytes(tmp_path):
    contents = made_contents(tmp_path, [made_card(tmp_path), made_card(tmp_path, "table", kind="table")])
    first = write_workbook(contents, tmp_path / "a.xlsx").read_bytes()
    assert write_workbook(contents, tmp_path / "b.xlsx").read_bytes() == first


def test_cards_without_rows_or_columns_have_a_sheet_too(tmp_path):
    cards = [made_card(tmp_path, "empty", rows={"score": []}), made_card(tmp_path, "bare", rows={})]
    book = openpyxl.load_workbook(write_workbook(made_contents(tmp_path, cards), tmp_path / "a.xlsx"))
    assert len(book.worksheets) == 6


@pytest.mark.parametrize(
    ("text", "kind", "declared", "value"),
    [
        ("", "score", "number", None),
        ("01", "code", "integer", "01"),
        ("2023", "year", "text", 2023),
        ("2023 2024", "year", "text", "2023 2024"),
        ("nan", "score", "number", "nan"),
        ("inf", "score", "number", "inf"),
        ("99999999999999999999", "count", "integer", "99999999999999999999"),
        ("2024-03-31", "date", "text", date(2024, 3, 31)),
        ("2024-03-31 00:00:00", "date", "date", date(2024, 3, 31)),
        ("quý I", "date", "date", "quý I"),
        ("True", "text", "text", "True"),
        ("0.07", "percent", "text", 0.07),
        ("6/61", "rank", "text", "6/61"),
    ],
)
def test_a_cell_is_what_its_column_says(text, kind, declared, value):
    found = value_of(text, kind, declared)
    assert found == value and type(found) is not bool


def test_decimals_are_those_published_without_the_tail_of_floats():
    assert decimals_of([34.321192999999994, 45.5]) == 6
    assert decimals_of([86.68, 81.0]) == 2
    assert decimals_of([]) == 0
    assert number_format("percent", [76.2031090012101]) == "#,##0.00"
    assert number_format("score", [269.0, 95.0]) == "#,##0"
    assert number_format("score", [40.5]) == "#,##0.00"


def test_an_unknown_column_keeps_its_machine_name():
    told = columns.column("brand_new", "vi")
    assert (told.heading, told.kind, columns.known("brand_new")) == ("brand_new", "text", False)


def test_every_column_and_unit_is_named_in_both_languages():
    for name in columns._COLUMNS:
        vi, en = (columns.column(name, language) for language in ("vi", "en"))
        assert vi.label and en.label and vi.label != name and bool(vi.meaning) == bool(en.meaning), name
    assert columns.column("score", "en", "x", {"component_id": ["papi_d1"]}).heading == "Score (points)"
    assert columns.column("change", "en", "x", {"unit": ["percent"]}).unit == "percentage points"
    assert columns.column("score", "en", "x", {"unit": ["percent", "points"]}).unit == "see column Unit"
    assert columns.code_name("rank_basis", "implied", "vi").startswith("tính lại từ")
    assert columns.code_name("group", "no such group", "vi") == ""


def test_a_real_report_is_in_the_workbook_to_the_last_figure(made_report, tmp_path):
    made = made_report("58", "vi", "2024Q1")
    contents = made.contents()
    path = write_workbook(contents, tmp_path / "a.xlsx")
    assert path.stat().st_size < 600_000
    book = openpyxl.load_workbook(path)
    sheets = card_sheets(book, contents)
    assert len(sheets) == sum(1 for path in made.folder.glob("[ft]*/*.csv"))
    for card, sheet in sheets:
        frame = frame_of(sheet)
        for name, texts in read_frame(card.path("csv")).items():
            assert columns.known(name), f"{card.identity}: the column {name} has no name in publish/columns.py"
            for cell, text in zip(frame[name], texts, strict=True):
                assert _same(cell.value, text), f"{card.identity}: {name} holds {text!r}, the sheet {cell.value!r}"
    numbers = json.loads((card.folder / f"{card.path('csv').stem}.json").read_text(encoding="utf-8"))["n"]
    assert numbers == book.worksheets[0].cell(4 + len(sheets), 5).value
    assert not any(re.fullmatch(r"[a-z]+_[a-z_]+", str(cell.value)) for sheet in book.worksheets for cell in sheet[5])


def _same(value: object, text: str) -> bool:
    """Whether a cell holds what the CSV holds."""
    if text == "":
        return value in (None, "…")
    if isinstance(value, bool):
        return str(value) == text
    if isinstance(value, int | float):
        return math.isclose(value, float(text), rel_tol=0, abs_tol=0)
    if isinstance(value, datetime):
        return str(value.date()) == text[:10]
    return value == text
