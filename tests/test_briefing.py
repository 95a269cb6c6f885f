"""The briefing in Word: its parts, its fields and its pictures; and the PDF that LibreOffice makes of it."""

import dataclasses
import io
import json
import os
import pickle
import re
import shutil
import subprocess
import threading
import time
import tomllib
import unicodedata
import zipfile
from pathlib import Path

import pdfua
import pikepdf
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree
from PIL import Image, ImageDraw
from pypdf.generic import ContentStream

from figure_cards import pdf as office
from figure_cards.word import clean, column_widths, text_mm
from ninhthuan.language import ParameterFaults
from ninhthuan_reports.parameters import check_parameters
from ninhthuan_reports.publish.briefing import write_briefing
from ninhthuan_reports.publish.contents import Card, Contents, Section

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SVG_TYPE = "image/svg+xml"
HOSTILE = "<script>alert(1)</script> & \x00\x0b\ud800 \u202eRTL\u200f ]]> {{x}} %s"
# Word is strict about the order of these (ISO/IEC 29500-1, CT_TblPr, CT_PPr, CT_TcPr, CT_RPr, CT_SdtPr).
ORDERS = {
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd tabs spacing ind jc outlineLvl rPr",
    "tcPr": "tcW gridSpan tcBorders shd vAlign",
    "rPr": "rStyle rFonts b bCs i iCs color sz szCs shd lang",
    "sdtPr": "rPr alias tag id showingPlcHdr",
}
OUTLINE = [
    {"vi": "Phần thứ nhất", "en": "The first part", "cards": ["one/rows", "one/picture", "one/not_there"]},
    {
        "vi": "Phần thứ hai",
        "en": "The second part",
        "annex": True,
        "cards": ["one/second", "one/nothing", "one/picture"],
    },
    {"vi": "Phần trống", "en": "The empty part", "cards": ["one/nothing"]},
]
URL = "https://example.vn/" + "mot-dia-chi-rat-dai/" * 12


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """Path of LibreOffice; a test without it is skipped, or fails where NINHTHUAN_NO_SKIP is set, as in CI."""
    path = office.find_office()
    if path and shutil.which("pdftotext"):
        return path
    message = "LibreOffice is not installed: make system-packages"
    if os.environ.get("NINHTHUAN_NO_SKIP"):
        pytest.fail(message)
    pytest.skip(message)


def drawn(folder: Path, name: str) -> dict:
    """The files of a synthetic figure, 155 by 60 mm, whose plot is its middle part."""
    width, height = 1831, 709
    picture = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(picture).rectangle((200, 200, 1600, 500), fill="#12436D")
    picture.save(folder / f"{name}.png", dpi=(300, 300))
    (folder / f"{name}.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="439.37pt" height="170pt" viewBox="0 0 439.37 170">'
        '<g id="words-1"><text>title</text></g><rect x="48" y="48" width="336" height="72" fill="#12436D"/></svg>',
        encoding="utf-8",
    )
    return {"files": {f"{name}.png": "", f"{name}.svg": ""}, "plot": [144, 600], "size_mm": [155.0, 60.0]}


@pytest.fixture
def synthetic(tmp_path):
    """`synthetic("vi", title="…")`: contents of two figures, a table, a statement and a closing, all invented."""

    def make(language: str = "vi", **changed) -> Contents:
        request = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": language})
        words = {
            "title": "Điểm tổng hợp tăng 1,25 điểm, 2022–2023",
            "subtitle": "Điểm của Ninh Thuận, 2022–2023 (số liệu giả định)",
            "note": "Số liệu giả định để kiểm thử",
            "alt": "Biểu đồ giả định. Điểm của Ninh Thuận là 45,51.",
            "numbers": ["Điểm của Ninh Thuận là 45,51."],
            "source": "Cơ quan giả định",
            "publishers": ["Cơ quan giả định"],
        } | changed
        table = {
            "columns": ["Trục nội dung", "Điểm", "Thay đổi", "Ngày công bố"],
            "rows": [[f"{n}. Trục số {n}", f"{n},51", f"−0,{n}0", "02/4/2024"] for n in range(1, 31)],
        }
        if "cell" in words:
            table["rows"][0][0] = words.pop("cell")
        closing = {
            "missing": ["Chưa có điểm của năm 2020."],
            "caveats": [{"year": 0, "text": words["note"]}, {"year": 2005, "text": "Của năm xưa."}],
            "sources": [{"source_id": "mã", "text": "Cơ quan", "url": URL}],
        }
        records = [
            {"card": "rows", "kind": "table", "table": table, "files": {}} | words,
            {"card": "picture", "kind": "figure"} | words | drawn(tmp_path, "picture"),
            {"card": "second", "kind": "figure"} | words | drawn(tmp_path, "second"),
            {"card": "nothing", "kind": "absent", "files": {}} | words,
            {"card": "closing", "kind": "text", "files": {}, "sections": []} | closing | words,
        ]
        cards = tuple(Card(record | {"notebook": "one"}, tmp_path) for record in records)
        return Contents(tmp_path, request, (Section("one", "?", tmp_path / "one.ipynb", cards),))

    return make


def test_under_a_heading_stand_its_numbers_each_once_and_where_they_are_shown(written):
    """In the text, not in the annex. What two cards say alike is said once, with both references."""
    lines = [paragraph.text.replace("\xa0", " ") for paragraph in Document(written()).paragraphs]
    assert "Điểm của Ninh Thuận là 45,51 (Bảng 1 và Hình 1). " in lines
    assert not any("Hình 2" in line for line in lines if not line.startswith("Hình 2")), "the annex needs no reference"
    assert "- Của năm xưa." not in lines, "a caveat of long ago is the figures' own to mark"
    assert sum("Điểm của Ninh Thuận là 45,51" in line for line in lines) == 1


@pytest.fixture
def written(synthetic, tmp_path):
    """`written("vi", title="…")`: the path of the synthetic briefing."""

    def make(language: str = "vi", template: Path | None = None, **changed) -> Path:
        path = tmp_path / f"briefing-{language}.docx"
        write_briefing(synthetic(language, **changed), path, OUTLINE, template)
        return path

    return make


def body_of(path: Path):
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read("word/document.xml"))


def text_of(element) -> str:
    return "".join(element.itertext(f"{W}t"))


def fields(body) -> list[str]:
    return [code.text.strip() for code in body.iter(f"{W}instrText")]


def bookmarks(body) -> list[str]:
    return [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]


def data_tables(body) -> list:
    return [table for table in body.iter(f"{W}tbl") if table.find(f"{W}tblPr/{W}tblCaption") is not None]


def check_document(path: Path) -> None:
    """What holds of every briefing."""
    body = body_of(path)
    codes, marks = fields(body), bookmarks(body)
    shown = [code for code in codes if code.startswith("SEQ")]
    assert len(marks) == len(set(marks)) == len(shown) > 0
    targets = [code.split()[1] for code in codes if code.startswith("REF")]
    assert set(targets) == set(marks[: len(set(targets))]), (
        "the captions of the text, which come first, are referred to"
    )
    for caption in body.iter(f"{W}p"):
        if any(code.text.strip().startswith("SEQ") for code in caption.iter(f"{W}instrText")):
            order = [child.tag.removeprefix(W) for child in caption]
            inside = order[order.index("bookmarkStart") : order.index("bookmarkEnd")]
            assert len(inside) == 7, "word and field stand within the bookmark"
            assert re.match(r"(Hình|Bảng|Figure|Table)\N{NO-BREAK SPACE}\d+\. \S", text_of(caption))
    pictures = list(body.iter(f"{DRAWING}inline"))
    identities = [picture.find(f"{DRAWING}docPr").get("id") for picture in pictures]
    assert len(identities) == len(set(identities)) == sum("SEQ Hình" in c or "SEQ Figure" in c for c in codes)
    for picture in pictures:
        words = picture.find(f"{DRAWING}docPr")
        assert len(words.get("descr")) > 20 and words.get("title") is None
        assert {picture.get(side) for side in ("distT", "distB", "distL", "distR")} == {"0"}
        assert abs(int(picture.find(f"{DRAWING}extent").get("cx")) - Mm(155)) <= 1
    for table in data_tables(body):
        rows = table.findall(f"{W}tr")
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (len(rows) - 1)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert table.find(f"{W}tblPr/{W}tblDescription").get(f"{W}val")
        grid = [int(column.get(f"{W}w")) for column in table.find(f"{W}tblGrid")]
        assert abs(sum(grid) / 1440 * 25.4 - 160) < 0.5
    for part in body.iter():
        order = ORDERS.get(etree.QName(part).localname, "").split()
        if order:
            places = [order.index(etree.QName(child).localname) for child in part]
            assert places == sorted(set(places)), etree.tostring(part)
    with zipfile.ZipFile(path) as package:
        types = etree.fromstring(package.read("[Content_Types].xml"))
        relations = etree.fromstring(package.read("word/_rels/document.xml.rels"))
        lines = {f"/word/{r.get('Target')}": r for r in relations if r.get("Target").endswith(".svg")}
        assert len(lines) == len(pictures)
        named = {entry.get("PartName") or entry.get("Extension"): entry.get("ContentType") for entry in types}
        assert all(named.get(name, named.get("svg")) == SVG_TYPE for name in lines)
        blips = [blip.get(qn("r:embed")) for blip in body.iter() if etree.QName(blip).localname == "svgBlip"]
        assert sorted(blips) == sorted(relation.get("Id") for relation in lines.values())
        assert all(relation.get("Type").endswith("/image") for relation in lines.values())
        for name in lines:
            assert etree.fromstring(package.read(name[1:])).tag.endswith("svg")
    whole = text_of(body)
    assert unicodedata.is_normalized("NFC", whole)
    for paragraph in body.iter(f"{W}p"):
        assert not re.search(r"\d–\d", text_of(paragraph)), "ranges are held together by word joiners"


# ----------------------------------------------------------------------------------------------------------- its parts


@pytest.mark.parametrize("language", ["vi", "en"])
def test_fields_pictures_and_tables_are_whole(written, language):
    path = written(language)
    check_document(path)
    words = text_of(body_of(path))
    assert ("BÁO CÁO" in words) == ("CỘNG HÒA XÃ HỘI" in words) == (language == "vi")
    assert ("DỰ THẢO" if language == "vi" else "DRAFT") in words


def test_what_the_report_has_not_is_left_out_and_nothing_is_shown_twice(written):
    heads = [p.text for p in Document(written()).paragraphs if p.style.name.startswith("Heading")]
    assert heads == [
        "I. KẾT QUẢ",
        "1. Phần thứ nhất",
        "II. ĐÁNH GIÁ CHUNG",
        "1. Kết quả nổi bật",
        "2. Tồn tại, hạn chế và nguyên nhân",
        "III. NHIỆM VỤ TRỌNG TÂM QUÝ II NĂM 2024",
        "IV. ĐỀ XUẤT, KIẾN NGHỊ",
        "Phụ lục I\nSỐ LIỆU CHI TIẾT",
        "1. Phần thứ hai",
        "Phụ lục II\nNGUỒN SỐ LIỆU VÀ LƯU Ý",
        "Số liệu chưa thu thập được",
        "Lưu ý khi đọc số liệu",
    ]
    assert [code for code in fields(body_of(written())) if code.startswith("SEQ")] == [
        "SEQ Bảng \\* ARABIC",
        "SEQ Hình \\* ARABIC",
        "SEQ Hình \\* ARABIC",
    ]


@pytest.mark.parametrize(("language", "code"), [("vi", "vi-VN"), ("en", "en-GB")])
def test_page_type_and_language_are_those_of_the_decree(written, language, code):
    document = Document(written(language))
    (section,) = document.sections
    page = [section.page_width, section.page_height, section.top_margin, section.bottom_margin]
    assert [round(side / Mm(1)) for side in (*page, section.left_margin, section.right_margin)] == [
        *(210, 297, 20, 20),
        *(30, 20),
    ]
    assert section.different_first_page_header_footer and fields(section.header._element) == ["PAGE"]
    styles = document.styles.element
    assert {lang.get(qn("w:val")) for lang in styles.iter(qn("w:lang"))} == {code}
    fonts = styles.find(f"{W}docDefaults//{W}rFonts")
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert document.styles["Normal"].font.size.pt == 13
    assert document.core_properties.language == code


def test_no_agency_is_named_before_one_has_filled_the_blank(written):
    blanks = [text_of(blank) for blank in body_of(written()).iter(f"{W}sdt")]
    assert all(blank.find(f"{W}sdtPr/{W}showingPlcHdr") is not None for blank in body_of(written()).iter(f"{W}sdt"))
    assert blanks[:2] == ["[TÊN CƠ QUAN CHỦ QUẢN]", "[TÊN CƠ QUAN BAN HÀNH]"]
    assert "ngày … tháng … năm …" in blanks
    # who is written to, what only an office can say, who receives it and who signs
    wanted = ["[Cơ quan nhận báo cáo]", "[Nhận định của cơ quan soạn thảo]", "[Nhiệm vụ; cơ quan chủ trì; thời hạn]"]
    wanted += ["[Kiến nghị với Ủy ban nhân dân cấp tỉnh, bộ, ngành]", "[Đơn vị liên quan]", "[Chữ ký]", "[Họ và tên]"]
    assert [blank for blank in wanted if blank not in blanks] == []
    whole = text_of(body_of(written()))
    assert "Kính gửi: " in whole and "Nơi nhận:" in whole and "./." in whole


def test_abbreviations_of_titles_are_spelled_out_and_no_others(written):
    def spelled(title: str, language: str = "vi") -> list[str]:
        lines = [text_of(paragraph) for paragraph in body_of(written(language, title=title)).iter(qn("w:p"))]
        return [line for line in lines if line.startswith(("Chữ viết tắt", "Abbreviations"))]

    assert spelled("Không có gì") == []
    (line,) = spelled("PAPI 2023 tăng; nhiệm vụ CCHC")
    assert line.startswith("Chữ viết tắt: PAPI – chỉ số") and line.endswith("; CCHC – cải cách hành chính.")
    assert "SIPAS" not in line
    assert spelled("PCI rose", "en") == ["Abbreviations: PCI – Provincial Competitiveness Index."]


def test_numbers_stand_to_the_right_and_words_to_the_left(written):
    (table,) = data_tables(body_of(written()))
    for row in table.findall(f"{W}tr"):
        sides = [cell.find(f"{W}p/{W}pPr/{W}jc") for cell in row.findall(f"{W}tc")]
        assert [side is not None and side.get(f"{W}val") == "right" for side in sides] == [False, True, True, True]


def test_the_same_report_gives_the_same_bytes(written):
    first = written().read_bytes()
    time.sleep(2.1)  # a zip counts in steps of two seconds
    assert written().read_bytes() == first
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2024, 4, 30, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2024-04-30T00:00:00Z"}


def test_hostile_words_are_shown_as_words(written):
    long = "x" * 10_000
    path = written(title=HOSTILE, subtitle=long, note=f"{HOSTILE}\n{long}", alt=HOSTILE * 2, source=HOSTILE, cell=long)
    check_document(path)
    words = text_of(body_of(path))
    assert words.count("<script>alert(1)</script> & \ufffd\ufffd\ufffd RTL") > 8 and long in words
    assert "\u202e" not in words


def test_publishers_are_named_and_no_address_of_a_copy(written):
    document = Document(written())
    assert [r.target_ref for r in document.part.rels.values() if r.is_external] == []
    assert "http" not in text_of(document.element) and "- Cơ quan giả định" in [p.text for p in document.paragraphs]


def test_it_opens_with_the_sentences_that_the_report_chose(synthetic, tmp_path):
    contents = synthetic()
    prose = {"card": "opening", "kind": "prose", "title": "t", "files": {}, "notebook": "one"}
    prose["sections"] = [["Công tác", ["Một câu.", "Câu nữa."]], ["Chỉ số", ["Câu về chỉ số."]]]
    section = dataclasses.replace(contents.sections[0], cards=(Card(prose, tmp_path), *contents.sections[0].cards))
    path = tmp_path / "briefing.docx"
    write_briefing(dataclasses.replace(contents, sections=(section,)), path, OUTLINE)
    texts = [p.text for p in Document(path).paragraphs]
    place = texts.index("Một câu.")
    assert texts[place : place + 3] == ["Một câu.", "Câu nữa.", "- Câu về chỉ số."]
    assert place < texts.index("I. KẾT QUẢ")


def test_text_is_made_fit():
    assert clean("Thuận 2011–2023") == "Thuận 2011\u2060–\u20602023"
    assert clean("a\nb\tc") == "a b c"
    assert clean(unicodedata.normalize("NFD", "Ninh Thuận")) == "Ninh Thuận"
    assert clean("5 † và\x1f") == "5\N{NO-BREAK SPACE}† và\ufffd"


# -------------------------------------------------------------------------------------------------------------- widths


def test_columns_hold_their_longest_word_and_fill_the_line():
    columns = ["Số liệu", "Loại", "Giá trị", "Số liệu đối chiếu", "Nguồn"]
    rows = [["PAR INDEX, 2022", "Lời văn khác số liệu", "đều có sự cải thiện " * 3, "13,66", "pcivietnam.vn " * 3]] * 9
    widths, points = column_widths(columns, rows, 160)
    assert sum(widths) == pytest.approx(160) and 9 <= points <= 11
    for place, width in enumerate(widths):
        for text in (columns[place], rows[0][place]):
            assert all(text_mm(word, points, bold=text == columns[place]) < width - 3 for word in text.split())


@pytest.mark.parametrize("cell", ["", "x" * 10_000])
def test_columns_of_nothing_or_of_endless_words_keep_a_width(cell):
    widths, points = column_widths(["a", "b", "c"], [[cell, "1", "2"]], 160)
    assert sum(widths) == pytest.approx(160) and min(widths) > 3 and points >= 9
    assert sum(column_widths(["a", "b"], [], 160)[0]) == pytest.approx(160)


# ------------------------------------------------------------------------------------------------------------ template


def office_template(path: Path, left_mm: int = 25) -> Path:
    document = Document()
    section = document.sections[0]
    section.page_width, section.left_margin, section.right_margin = Mm(210), Mm(left_mm), Mm(15)
    section.header.paragraphs[0].text = "VĂN PHÒNG MẪU"
    document.styles["Heading 1"].font.name = "Courier New"
    document.styles.element.remove(document.styles["Caption"].element)
    document.add_paragraph("chữ cũ của tệp mẫu")
    document.save(path)
    return path


def test_a_template_gives_styles_page_and_header_and_loses_its_text(written, tmp_path):
    document = Document(written(template=office_template(tmp_path / "mau.docx")))
    assert round(document.sections[0].left_margin / Mm(1)) == 25
    assert document.sections[0].header.paragraphs[0].text == "VĂN PHÒNG MẪU"
    assert document.styles["Heading 1"].font.name == "Courier New"
    assert document.styles["Caption"].font.bold, "what the template has not is defined"
    names = [style.name for style in document.styles]
    assert len(names) == len(set(names)), "what the template has is not defined again"
    words = text_of(document.element)
    assert "chữ cũ" not in words and "Phần thứ nhất" in words
    assert {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))} == {"vi-VN"}


def no_word(path: Path) -> Path:
    path.write_text("đây không phải tệp Word")
    return path


def empty_package(path: Path) -> Path:
    zipfile.ZipFile(path, "w").close()
    return path


def cut_short(path: Path) -> Path:
    content = office_template(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def with_macros(path: Path) -> Path:
    with zipfile.ZipFile(office_template(path), "a") as package:
        package.writestr("word/vbaProject.bin", b"macro")
    return path


def broken_styles(path: Path) -> Path:
    whole = zipfile.ZipFile(io.BytesIO(office_template(path).read_bytes()))
    with zipfile.ZipFile(path, "w") as package:
        for name in whole.namelist():
            package.writestr(name, b"<broken" if name == "word/styles.xml" else whole.read(name))
    return path


def not_there(path: Path) -> Path:
    return path


@pytest.mark.parametrize(
    ("spoil", "vi", "en"),
    [
        (no_word, "không mở được", "cannot be opened"),
        (empty_package, "không mở được", "cannot be opened"),
        (cut_short, "không mở được", "cannot be opened"),
        (broken_styles, "không mở được", "cannot be opened"),
        (not_there, "không mở được", "cannot be opened"),
        (with_macros, "có macro", "holds macros"),
        (lambda path: office_template(path, left_mm=60), "135 mm", "135 mm wide"),
    ],
)
def test_a_template_that_cannot_be_used_is_told_of_in_both_languages(written, tmp_path, spoil, vi, en):
    with pytest.raises(ParameterFaults) as found:
        written(template=spoil(tmp_path / "mau.docx"))
    ((said_vi, said_en),) = pickle.loads(pickle.dumps(found.value)).faults
    assert vi in said_vi and en in said_en and "mau.docx" in said_vi
    assert not (tmp_path / "briefing-vi.docx").exists()


# ----------------------------------------------------------------------------------------------------------------- PDF


def spoken(pdf: Path) -> dict[str, list]:
    """The alternative texts of a PDF by the kind of what they stand for."""
    found: dict[str, list] = {}

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.setdefault(node["/S"], []).append(node.get("/Alt"))
            if "/K" in node and not isinstance(node["/K"], int):
                walk(node["/K"])

    walk(pypdf.PdfReader(pdf).trailer["/Root"]["/StructTreeRoot"])
    return found


def untagged_drawing(page) -> list[bytes]:
    """Operators of a page that draw or write outside of every tag."""
    depth, loose = 0, []
    for _, operator in ContentStream(page.get_contents(), page.pdf).operations:
        depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(operator, 0)
        if depth == 0 and operator in (b"S", b"s", b"f", b"f*", b"B", b"B*", b"b", b"b*", b"Tj", b"TJ", b"Do"):
            loose.append(operator)
    return loose


def check_tags(pdf: Path) -> None:
    """What PDF/UA-1 asks of tags, by two routes: another's checker, and the file read by pypdf."""
    assert [f"{finding.rule_id}: {finding.message}" for finding in pdfua.validate(str(pdf)).findings] == []
    elements = []

    def walk(node, above=""):
        node = node.get_object()
        for child in node if isinstance(node, list) else [node]:
            child = child.get_object()
            if isinstance(child, dict) and "/S" in child:
                elements.append((above, child["/S"], child))
            if isinstance(child, dict) and "/K" in child:
                walk(child["/K"], child.get("/S", ""))

    reader = pypdf.PdfReader(pdf)
    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert [kind for _, kind, node in elements if "/K" not in node and "/Alt" not in node] == []
    rows = [node for above, kind, node in elements if above == "/Table" and kind == "/TR"]
    assert any(kind == "/TH" for _, kind, _ in elements) == bool(rows)
    for page in reader.pages:
        assert untagged_drawing(page) == []
        notes = [note.get_object() for note in page.get("/Annots", [])]
        assert not notes or page["/Tabs"] == "/S"
        assert all(note["/F"] & 4 and not note["/F"] & 34 for note in notes)


def check_pdf(docx: Path, pdf: Path, pages: int) -> None:
    """What holds of the PDF of a briefing."""
    check_tags(pdf)
    reader = pypdf.PdfReader(pdf)
    root = reader.trailer["/Root"]
    assert len(reader.pages) == pages
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "vi-VN"
    assert "/Figure" not in root["/StructTreeRoot"].get("/RoleMap", {})
    told = [picture.find(f"{DRAWING}docPr").get("descr") for picture in body_of(docx).iter(f"{DRAWING}inline")]
    assert sorted(spoken(pdf)["/Figure"]) == sorted(told)
    run = subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True)
    # lines break where they please, and the joiner is not drawn
    seen = re.sub(r"[\s\u2060\f-]", "", unicodedata.normalize("NFC", run.stdout))
    for paragraph in body_of(docx).iter(f"{W}p"):
        words = re.sub(r"[\s\u2060-]", "", text_of(paragraph))
        # a page ends in the number of the next one
        assert words[:40] in seen, text_of(paragraph)


def test_libreoffice_makes_the_same_tagged_pdf_each_time(written, libreoffice, tmp_path):
    docx = written()
    pages = office.to_pdf(docx, tmp_path / "a.pdf")
    assert 3 <= pages <= 5
    check_pdf(docx, tmp_path / "a.pdf", pages)
    time.sleep(1.1)
    office.to_pdf(docx, tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert pypdf.PdfReader(tmp_path / "a.pdf").metadata["/CreationDate"].startswith("D:20240430")


def test_hostile_words_reach_the_pdf(written, libreoffice, tmp_path):
    long = "x" * 10_000
    docx = written(title=HOSTILE, subtitle=long, note=HOSTILE, alt=HOSTILE * 2, source=HOSTILE, cell=long)
    assert office.to_pdf(docx, tmp_path / "a.pdf") >= 3
    text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "<script>alert(1)</script>" in text


def test_several_at_once_beside_the_home_and_nothing_stays_behind(written, libreoffice, tmp_path, monkeypatch):
    docx, place, home = written(), tmp_path / "tmp", tmp_path / "home"
    place.mkdir()
    home.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    monkeypatch.setenv("HOME", str(home))
    pages = []
    threads = [
        threading.Thread(target=lambda n=n: pages.append(office.to_pdf(docx, tmp_path / f"{n}.pdf"))) for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 2 and pages[0] == pages[1]
    assert list(place.iterdir()) == list(home.iterdir()) == []


def test_what_takes_too_long_is_stopped_with_all_that_it_started(monkeypatch, tmp_path, written):
    note = tmp_path / "child"
    slow = tmp_path / "soffice"
    slow.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {note}\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "find_office", lambda: str(slow))
    with pytest.raises(office.OfficeFault, match="slow"):
        office.to_pdf(written(), tmp_path / "a.pdf", seconds=1)
    child = int(note.read_text())
    for _ in range(50):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            break
        time.sleep(0.1)
    else:
        pytest.fail("what it had started is still running")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    "script, ended, output",
    [
        ("echo hỏng; exit 1", 1, "hỏng"),
        ("exit 0", 0, "–"),
        ("kill -SEGV $$", "SIGSEGV", "–"),
        ('cp whole.pdf "$out"; exit 77', 77, "–"),  # a sound file, of an office that says it failed
        ('head -c 4000 whole.pdf > "$out"', 0, "–"),  # its end is lacking
        ('(head -c 4000 whole.pdf; echo "%%EOF") > "$out"', 0, "–"),
        ('printf "%%PDF-1.7\\n/Type /Page\\n%%%%EOF\\n" > "$out"', 0, "–"),
        ('cp empty.pdf "$out"', 0, "–"),
    ],
)
def test_an_office_that_makes_nothing_whole_is_told_of(monkeypatch, tmp_path, written, script, ended, output):
    bad = tmp_path / "soffice"
    bad.write_text(f'#!/bin/sh\ncd {tmp_path}\nfor word; do out="${{word%.docx}}.pdf"; done\n{script}\n')
    bad.chmod(0o755)
    with pikepdf.new() as document:
        document.save(tmp_path / "empty.pdf")
        document.add_blank_page().obj.Contents = document.make_stream(os.urandom(8000))
        document.save(tmp_path / "whole.pdf")
    monkeypatch.setattr(office, "find_office", lambda: str(bad))
    with pytest.raises(office.OfficeFault) as found:
        office.to_pdf(written(), tmp_path / "a.pdf")
    assert found.value.code == "no_pdf"
    assert found.value.values == {"name": "briefing-vi.docx", "ended": ended, "output": output}
    assert not (tmp_path / "a.pdf").exists()


def test_an_office_has_no_network(tmp_path):
    """Neither by its settings nor by its process: a document may ask for a picture on a server of this machine."""
    if subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True).returncode:
        pytest.skip("this system takes no network away")
    code, output = office._run(["/bin/sh", "-c", "cat /proc/net/dev; id -u"], tmp_path, 10)
    interfaces = [line.split(":")[0].strip() for line in output.splitlines() if ":" in line]
    assert (code, interfaces, output.splitlines()[-1]) == (0, ["lo"], str(os.getuid()))
    assert output.splitlines()[2].split()[1] == "0", "and the machine itself is not reached either"


def test_without_an_office_it_is_said_what_is_lacking(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office.find_office() is None
    with pytest.raises(office.OfficeFault, match="missing"):
        office.to_pdf(tmp_path / "a.docx", tmp_path / "a.pdf")


# -------------------------------------------------------------------------------------------------------- a real report


@pytest.mark.slow
def test_the_briefing_of_a_report(made_report, libreoffice, tmp_path):
    """Every card of the outline that the report has is in it, and every word of it reaches the PDF."""
    from ninhthuan_reports.runs import plan

    report = made_report("58", "vi", "2024Q1")
    contents = report.contents()
    declared = plan.notebooks_dir() / "runs.toml"
    parts = tomllib.loads(declared.read_text(encoding="utf-8"))
    outline = [*parts["briefing"], *({**section, "annex": True} for section in parts["annex"])]
    docx, pdf = tmp_path / "briefing.docx", tmp_path / "briefing.pdf"
    write_briefing(contents, docx, outline)
    check_document(docx)
    names = [contents.card(*key.split("/")) for section in outline for key in section["cards"]]
    titles = [clean(card.title) for card in names if card]
    captions = [p.text for p in Document(docx).paragraphs if p.style.name == "Caption"]
    assert sorted(re.sub(r"^\w+\s\d+\. ", "", caption) for caption in captions) == sorted(titles)
    assert docx.stat().st_size < 1.3 * 2**20
    pages = office.to_pdf(docx, pdf)
    assert 9 <= pages <= 18
    check_pdf(docx, pdf, pages)
    whole = text_of(body_of(docx))
    # words that no office can send
    code = r"\bnt\.|\b[a-z]+_[a-z_]+\b|GitHub|https?:|Phần này trình bày|\bthe\b"
    assert re.findall(code, whole) == []
    assert "PAPI năm 2023 (công bố 02/4/2024): Ninh Thuận đạt 45,51 điểm, xếp thứ 6/61" in whole.split("I. KẾT QUẢ")[0]
    assert json.loads((report.folder / "run.json").read_text(encoding="utf-8"))
