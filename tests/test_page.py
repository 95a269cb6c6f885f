"""Pages of a report: words are no markup, nothing runs or is fetched, and a browser shows them on every screen.

Synthetic contents for what a page is made of; a made report in Chromium for how it opens.
"""

import base64
import hashlib
import html
import itertools
import json
import re
import shutil
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import FLAGS

from ninhthuan.catalogue import catalogue
from ninhthuan_reports.parameters import check_parameters
from ninhthuan_reports.publish import page_cards, page_frame
from ninhthuan_reports.publish.contents import Card, Contents, Section
from ninhthuan_reports.publish.page_cards import other_language
from ninhthuan_reports.publish.page_frame import document
from ninhthuan_reports.publish.page_notebooks import harmless
from ninhthuan_reports.publish.page_opening import key_numbers
from ninhthuan_reports.publish.pages import write_pages

# names as an enemy would choose them
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><svg onload=alert(1)>",
    "=cmd|' /C calc'!A0",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe",
    "x" * 10_000,
    "\ud800 half a letter",
]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="  # one, black
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="439.37pt" height="300pt" viewBox="0 0 439.37 300">
<path d="M0 0h9v9z"/></svg>"""


class Tags(HTMLParser):
    """Every element of a page with its attributes, in order, and its words."""

    def __init__(self, page: str):
        super().__init__()
        self.all, self.words = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.all.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.words += data

    def named(self, *names):
        return [attributes for tag, attributes in self.all if tag in names]


# ----------------------------------------------------------------------------------------------------- what is made up


def synthetic_card(folder: Path, name: str, kind: str, **more) -> Card:
    place = (
        folder / {"figure": "figures", "table": "tables", "absent": "notes", "text": "notes", "prose": "notes"}[kind]
    )
    place.mkdir(exist_ok=True)
    record = {"card": name, "notebook": "one", "kind": kind, "title": name, "files": {}} | more
    if kind == "text":
        record = {"missing": [], "caveats": [], "sources": []} | record
    if kind == "figure":
        record = {"alt": f"alt of {name}", "size_mm": [155.0, 100.0], "plot": [200, 900]} | record
        record["files"] = {f"one__{name}__2024Q1.{suffix}": "" for suffix in ("png", "svg", "pdf", "csv")}
        record["columns"] = [{"name": "year", "type": "integer"}, {"name": "score", "type": "number"}]
        (place / f"one__{name}__2024Q1.csv").write_text("year,score,who\n2023.0,-0.0699160000001,<b>\n,5,\n")
        (place / f"one__{name}__2024Q1.svg").write_text(SVG)
    return Card(record, place)


def synthetic_contents(folder: Path, cards: list[Card], cells: list[dict], language: str = "vi", question="Ai?"):
    (folder / "notebooks").mkdir(exist_ok=True)
    notebook = folder / "notebooks" / "one__2024Q1.ipynb"
    cells = [cell | {"id": f"cell-{place}"} for place, cell in enumerate(cells)]
    book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook.write_text(json.dumps(book), encoding="utf-8")
    request = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": language})
    return Contents(folder, request, (Section("one", question, notebook, tuple(cards)),))


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, *outputs: dict) -> dict:
    shown = [{"output_type": "display_data", "metadata": {}, "data": data} for data in outputs]
    cell = {"cell_type": "code", "metadata": {}, "source": source, "execution_count": None}
    return cell | {"outputs": shown}


@pytest.fixture
def sound(tmp_path):
    """Contents of one figure, one table, one statement and a closing."""
    cards = [
        synthetic_card(tmp_path, "picture", "figure", title="Bức tranh", subtitle="s", note="ghi chú", source="nguồn"),
        synthetic_card(
            tmp_path,
            "rows",
            "table",
            subtitle="s & t",
            source="nguồn",
            table={"columns": ["Tên", "Điểm"], "rows": [["A", "45,51"], ["B", "−0,5*"]]},
        ),
        synthetic_card(tmp_path, "nothing", "absent", title="Chưa có gì"),
        synthetic_card(
            tmp_path,
            "closing",
            "text",
            sections=[["Còn thiếu", ["dòng một"]], ["Lưu ý", ["hai"]]],
            missing=["dòng một"],
            caveats=[{"year": 0, "text": "hai"}],
        ),
    ]
    cells = [
        markdown("# Ai?\n\nLời đầu."),
        code("a = 1 < 2", {"image/png": PIXEL}),
        code('report.table("rows")', {"text/html": "<table><caption><b>rows</b><br>s</caption></table>"}),
    ]
    cells[1]["outputs"][0]["metadata"] = {"image/png": {"alt": "alt of picture", "width": 744}}
    return synthetic_contents(tmp_path, cards, cells)


def written(contents, **more) -> tuple[str, str]:
    """The report page and the page of its notebook."""
    given = {"summary": [("one", "picture")], "documents": []} | more
    report, notebook = write_pages(contents, **given)
    assert (report.name, notebook.name) == ("index.html", "one__2024Q1.html")
    return report.read_text(encoding="utf-8"), notebook.read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------- what pages hold


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_cards_are_no_markup(tmp_path, text):
    cards = [
        synthetic_card(tmp_path, "picture", "figure", title=text, subtitle=text, note=text, source=text, alt=text),
        synthetic_card(tmp_path, "rows", "table", title=text, table={"columns": [text], "rows": [[text], [5]]}),
        synthetic_card(tmp_path, "nothing", "absent", title=text),
        synthetic_card(tmp_path, "closing", "text", title=text, sections=[[text, [text]]]),
    ]
    cells = [markdown("# Q"), code("x", {"text/plain": text}), code(text)]
    contents = synthetic_contents(tmp_path, cards, cells, question=text)
    for page in written(contents, documents=[]):
        tags = Tags(page)
        assert not tags.named("iframe", "object", "link", "base", "form")
        assert {len(tags.named(one)) for one in ("script", "style", "title", "h1")} == {1}
        assert not [name for _, given in tags.all for name in given if name.startswith("on") or name == "style"]
        assert text.replace("\ud800", "?").strip() in tags.words


def test_the_policy_of_a_page_lets_in_its_own_style_script_and_pictures_alone():
    page = document("t", "vi", "<p>x</p>")
    policy = html.unescape(re.search(r'Content-Security-Policy" content="(.*?)"', page)[1])
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for name in ("style", "script"):
        text = re.search(f"<{name}>(.*?)</{name}>", page, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert parts[f"{name}-src"] == f"'sha256-{digest}'"
    assert parts["default-src"] == "'none'"
    assert parts["img-src"] == "'self' file:"
    assert set(parts) == {"default-src", "img-src", "style-src", "script-src", "base-uri", "form-action"}
    without = document("t", "vi", "<p>x</p>", acts=False)
    assert "script" not in without
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_the_style_asks_for_nothing():
    assert not re.search(r"@import|url\(|https?:|<", page_frame.stylesheet())


def test_the_script_is_small_and_asks_for_nothing():
    assert len(page_frame.script()) < 3_000
    assert not re.search(r"fetch|XMLHttp|import|eval|innerHTML|https?:|</", page_frame.script())


def test_a_card_says_what_it_shows_where_it_comes_from_and_where_its_data_is(sound):
    page, _ = written(sound)
    tags = Tags(page)
    (picture,) = tags.named("img")
    # 155 mm are 439.37 points; rows 200 to 900 at 300 dpi are points 48 to 216
    assert picture["src"] == "figures/one__picture__2024Q1.svg#svgView(viewBox(0,48.00,439.37,168.00))"
    assert (picture["width"], picture["height"]) == ("640", "245")
    assert picture["alt"] == "alt of picture"
    for part in ("Bức tranh", "Ghi chú: Ghi chú", "Nguồn: Nguồn", "Chưa có gì", "dòng một"):
        assert part in tags.words
    links = {given["href"]: given for given in tags.named("a") if "href" in given}
    for suffix in ("png", "svg", "pdf", "csv"):
        assert "download" in links[f"figures/one__picture__2024Q1.{suffix}"]
    assert "#one__picture" in links and "#one__rows" in links and "#one" in links
    # its data in the page: whole numbers whole, six digits, a comma for decimals
    assert "2023" in tags.words and "2023.0" not in tags.words and "−0,069916" in tags.words


def test_long_data_stays_in_its_file(sound, tmp_path):
    path = tmp_path / "figures" / "one__picture__2024Q1.csv"
    path.write_text("year,score\n" + "2023,1\n" * (page_cards.DATA_ROWS + 1))
    assert "data" not in [given["class"] for given in Tags(written(sound)[0]).named("details")]
    path.write_text("year,score\n" + "2023,1\n" * page_cards.DATA_ROWS)
    assert "data" in [given["class"] for given in Tags(written(sound)[0]).named("details")]


def test_tables_name_their_columns_and_rows(sound):
    page, _ = written(sound)
    table = page[page.index('id="one__rows"') :]
    assert '<th scope="col">Tên</th><th scope="col" class="n">Điểm</th>' in table
    assert '<th scope="row">A</th><td class="n">45,51</td>' in table
    assert '<td class="n">−0,5*</td>' in table


def test_documents_are_offered_with_their_size(sound, tmp_path):
    (tmp_path / "briefing.docx").write_bytes(b"x" * 834_000)
    (tmp_path / "data.xlsx").write_bytes(b"x" * 1_250_000)
    page, _ = written(sound, documents=["briefing.docx", "data.xlsx"])
    words = Tags(page).words
    assert "Báo cáo tóm tắt, Word (834 kB)" in words and "(1,3 MB)" in words
    assert page.index("data.xlsx") < page.index('id="find"')


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_a_page_is_made_of(sound, language):
    contents = synthetic_contents(sound.folder, list(sound.cards), [markdown("# Ai?")], language)
    for page in written(contents):
        tags = Tags(page)
        assert page.startswith("<!doctype html>\n")
        assert tags.named("html") == [{"lang": language}]
        assert len(tags.named("main")) == 1 and tags.named("a")[0]["href"] == "#main"
        levels = [int(tag[1]) for tag, _ in tags.all if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1 and all(b - a < 2 for a, b in itertools.pairwise(levels))
        identities = [given["id"] for _, given in tags.all if "id" in given]
        assert len(identities) == len(set(identities))
        inside = {given["href"][1:] for given in tags.named("a") if given.get("href", "").startswith("#")}
        assert inside <= set(identities)
        assert not re.search(r"https?://", page)


def test_findings_have_their_figures_and_those_without_a_card_are_left_out(sound):
    second = synthetic_card(sound.folder, "second", "figure", title="Hình hai")
    contents = synthetic_contents(sound.folder, [*sound.cards, second], [markdown("# Ai?")])
    page, _ = written(contents, summary=[("one", name) for name in ("picture", "second", "nothing", "unknown")])
    # the first is the picture that opens the page, whole and once
    assert page.index('<figure class="card" id="one__picture"') < page.index('id="summary"')
    assert page.count('id="one__picture"') == 1 and '↑ <a href="#one__picture">Bức tranh</a>' in page
    findings = page[page.index('id="summary"') : page.index('class="columns"')]
    assert re.findall(r'href="(.*?)"', findings) == ["#one__second"]
    assert "figures/one__second__2024Q1.svg#svgView" in findings
    assert 'id="summary"' not in written(sound, summary=[])[0]


def test_the_same_bytes_again(sound):
    assert written(sound) == written(sound)


def test_a_report_without_notebooks_is_a_page(tmp_path):
    request = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": "vi"})
    (path,) = write_pages(Contents(tmp_path, request, ()), summary=[], documents=[])
    assert "Ninh Thuận" in path.read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------- the first screen


def with_frame(folder: Path, notebook: str, name: str, csv: str) -> Card:
    card = synthetic_card(folder, name, "figure", notebook=notebook, title=f"Hình {name}")
    card.path("csv").write_text(csv, encoding="utf-8")
    return card


WORK = """measure,channel,quarter,value,unit,decimals,basis,period_start,period_end
dossiers_received,all,2023Q4,1,dossiers,0,printed,2023-10-01,2023-12-31
dossiers_received_share,online,2024Q1,76.2031,percent,2,recomputed,2024-01-01,2024-03-31
dossiers_on_time_share,all,2024Q1,,percent,2,,,
dossiers_received,all,2024Q1,42972.0,dossiers,0,printed,2024-01-01 00:00:00,2024-03-31 00:00:00
"""
INDICES = """index_id,edition_year,rank,n_ranked,rank_basis,score,unit,basis,score_decimals,published_on
papi,2022,4,61,derived,46.00022,points,printed,5,2023-04-12
pci,2023,,,,66.0,points,printed,2,2024-05-09
par_index,2023,36,63,implied,86.68,percent,derived,1,2024-04-01
papi,2023,6,61,derived,45.50538,points,printed,5,2024-04-02
"""


def numbers_of(folder: Path, *cards: Card, language="vi") -> list[tuple[str, str, str]]:
    found = key_numbers(synthetic_contents(folder, list(cards), [markdown("# Ai?")], language))
    return [(f"{one.value} {one.unit}".strip(), f"{one.name}, {one.period}", one.card.name) for one in found]


def test_three_numbers_of_the_quarters_work_and_the_newest_edition(tmp_path):
    work = with_frame(tmp_path, "40_workload", "dossier_results", WORK)
    index = with_frame(tmp_path, "10_index_overview", "one_picture", INDICES)
    rank = ("6/61 tỉnh, thành phố", "Thứ hạng PAPI, năm 2023", "one_picture")
    received = ("42.972 hồ sơ", "Hồ sơ tiếp nhận, quý I/2024", "dossier_results")
    online = ("76,20%", "Tỷ lệ hồ sơ tiếp nhận trực tuyến, quý I/2024", "dossier_results")
    assert numbers_of(tmp_path, work, index) == [received, online, rank]
    assert numbers_of(tmp_path, index) == [rank, ("45,51 điểm", "Điểm PAPI, năm 2023", "one_picture")]
    assert numbers_of(tmp_path, work) == [received, online]
    assert numbers_of(tmp_path) == []
    english = [number for number, *_ in numbers_of(tmp_path, work, index, language="en")]
    assert english == ["42,972 dossiers", "76.20%", "6/61 provinces"]


def test_a_number_that_was_worked_back_says_so(tmp_path):
    index = "\n".join(line for line in INDICES.splitlines() if not line.startswith("papi,2023"))
    index = with_frame(tmp_path, "10_index_overview", "one_picture", index)
    assert numbers_of(tmp_path, index) == [
        ("36/63* tỉnh, thành phố", "Thứ hạng PAR INDEX (suy ra), năm 2023", "one_picture"),
        ("86,7%*", "Điểm PAR INDEX (suy ra), năm 2023", "one_picture"),
    ]


def test_what_opens_the_page_stands_once(tmp_path):
    said = [["Công tác trong quý", ["Một câu."]]]
    cards = [
        synthetic_card(tmp_path, "opening", "prose", title="Kết quả", sections=said),
        with_frame(tmp_path, "10_index_overview", "one_picture", INDICES),
    ]
    page, _ = written(synthetic_contents(tmp_path, cards, [markdown("# Ai?")]), summary=[])
    assert page.count("Một câu.") == page.count('id="one__opening"') == 1
    assert page.count('<a href="#10_index_overview__one_picture"><b>') == 2
    assert page.index("Một câu.") < page.index('<figure class="card" id="10_index_overview__one_picture"')
    assert page.index("</figure>") < page.index('id="find"')
    assert "Tải về: </p>" not in page and "Tải về:</p>" not in page


def test_ways_out_lead_to_all_reports_and_to_the_other_language_if_it_is_there(sound):
    page, _ = written(sound)
    up, other = Tags(page[page.index('class="ways"') :]).named("a")[:2]
    assert up["href"] == "../../../index.html#2024Q1-58"
    # without an address until its picture is seen
    assert "href" not in other and "hidden" in other and other["lang"] == "en"
    assert other["data-other"] == "../en/index.html"
    assert other["data-picture"] == "../en/figures/one__picture__2024Q1.svg"


# ------------------------------------------------------------------------------------------------ words and languages


def test_words_to_copy_are_one_text_in_the_language_of_the_report(sound):
    page, _ = written(sound)
    block = re.search(r'id="one__picture-words" tabindex="-1">(.*?)</div>', page, re.S)[1]
    assert block.split("\n") == ["Bức tranh", "s", "Ghi chú: Ghi chú", "Nguồn: Nguồn", "Mô tả: Alt of picture"]
    buttons = Tags(page).named("button")
    assert [given["data-copy"] for given in buttons] == ["one__picture-words", "one__rows-words"]
    assert all("hidden" in given for given in buttons)


def test_data_of_a_figure_stand_in_words(tmp_path):
    card = synthetic_card(tmp_path, "picture", "figure")
    names = "province_code,province,component_id,rank_basis,boundary,published_on,score,empty"
    rows = [
        f"58,Ninh Thuận,papi_d{n},{basis},pre_2025,2024-04-02,{n}.5," for n, basis in ((1, "derived"), (2, "implied"))
    ]
    card.path("csv").write_text("\n".join([names, *rows, "58,Ninh Thuận,papi_d3,derived,pre_2025,2024-04-02,1234.25,"]))
    types = {"published_on": "date", "score": "number"}
    card.record["columns"] = [{"name": name, "type": types.get(name, "text")} for name in names.split(",")]
    page, _ = written(synthetic_contents(tmp_path, [card], [markdown("# Ai?")]))
    data = page[page.index('<details class="data">') :]
    assert "1.234,25" in data and "1,50" in data and "1. Tham gia của người dân" in data
    # what is the same in all rows is said once
    assert data.count("Ninh Thuận") == 1 and data.count("02/4/2024") == 1 and "Giống nhau ở mọi dòng" in data
    assert not re.search("papi_d|pre_2025|derived|empty", data)


def test_every_picture_and_table_is_a_figure_with_a_name(sound):
    page, _ = written(sound)
    tags = Tags(page)
    assert len(tags.named("figure")) == len(tags.named("figcaption")) == 2
    names = {given["id"] for _, given in tags.all if "id" in given}
    assert {given["aria-labelledby"] for given in tags.named("figure", "table")} <= names


def test_a_source_in_the_other_language_is_marked_and_its_address_is_a_link(tmp_path):
    source = catalogue().sources["pci_wb_2005"]
    used = [{"source_id": "pci_wb_2005", "text": f"VCCI: {source.title}", "url": source.url}]
    closing = synthetic_card(tmp_path, "closing", "text", sections=[["Nguồn", ["…"]]], sources=used)
    for language, mark in (("vi", ' lang="en"'), ("en", "")):
        page, _ = written(synthetic_contents(tmp_path, [closing], [markdown("# Ai?")], language))
        title = escape(source.title)
        assert (f"<span{mark}>{title}</span>" in page) == bool(mark) and title in page
        assert f'<a href="{escape(source.url)}" rel="noopener noreferrer">' in page
    assert other_language("Kết quả Chỉ số PAPI 2021 của tỉnh Ninh Thuận", "en") == ' lang="vi"'
    assert other_language("Ninh Thuận ranks sixth in the country on PAPI", "en") == ""
    assert other_language("PAPI 2022", "vi") == ""


# ------------------------------------------------------------------------------------------------- pages of notebooks


def test_pictures_of_a_notebook_are_its_cards(sound, tmp_path):
    _, page = written(sound)
    tags = Tags(page)
    (picture,) = tags.named("img")
    assert picture["src"].startswith("../figures/one__picture__2024Q1.svg#svgView")
    assert picture["alt"] == "alt of picture"
    # the table too is its card, with its files and the way to it in the report
    assert "../index.html#one__rows" in [given["href"] for given in tags.named("a")]
    assert "base64" not in page
    assert list((tmp_path / "notebooks").glob("*.png")) == []


def test_a_picture_that_is_no_card_is_a_file(tmp_path):
    contents = synthetic_contents(tmp_path, [], [code("", {"image/png": PIXEL}), code("", {"image/png": "no picture"})])
    _, page = written(contents)
    names = [given["src"] for given in Tags(page).named("img")]
    assert names[0] == "one__2024Q1.1.png"
    assert (tmp_path / "notebooks" / names[0]).read_bytes() == base64.b64decode(PIXEL)


def test_code_is_there_when_it_is_asked_for(sound):
    _, page = written(sound)
    tags = Tags(page)
    assert "a = 1 < 2" in tags.words.replace("\n", " ")
    hrefs = [given["href"] for given in tags.named("a")]
    assert "#code" in hrefs and "one__2024Q1.ipynb" in hrefs and "../index.html#one" in hrefs
    assert "#code:target .source" in page_frame.stylesheet()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<img src="https://example.org/a.png">',
        '<img src="//example.org/a.png">',
        '<img src="file:///etc/passwd.png">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="../../../../secret.png">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<iframe src="https://example.org"></iframe>',
        '<object data="x.swf"></object><embed src="x">',
        "<svg onload=alert(1)><style>*{}</style></svg>",
        '<form action="https://example.org"><input name=a></form>',
        '<meta http-equiv="refresh" content="0;url=https://example.org"><base href="https://example.org">',
        '<p style="position:fixed" class="skip" id="main" onclick="x()">x</p>',
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_html_of_a_notebook_is_made_harmless(tmp_path, text):
    contents = synthetic_contents(
        tmp_path, [], [markdown(text), code("", {"text/html": text}), code("", {"text/markdown": text})]
    )
    _, page = written(contents)
    inside = Tags(page[page.index("<main") : page.index("</main>")])
    bare = Tags(harmless(text))
    for tag, given in inside.all + bare.all:
        assert tag not in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "form",
            "input",
            "meta",
            "base",
        )
        assert not [name for name in given if name.startswith("on") or name == "style"]
        assert not re.match(r"(javascript|data|file):", given.get("href", ""))
        assert re.fullmatch(r"[\w.-]*", given.get("src", ""))
    assert not [given for _, given in bare.all if "id" in given or "class" in given]
    assert len(re.findall(r'id="main"', page)) == 1


def test_markdown_without_a_picture_of_its_own_place_loads_none(tmp_path):
    text = "![a](https://example.org/a.png) [x](javascript:alert(1)) <https://example.org/>"
    _, page = written(synthetic_contents(tmp_path, [], [markdown(text)]))
    assert [given.get("src") for given in Tags(page).named("img")] == [None]
    assert "javascript:" not in page
    assert 'rel="noopener noreferrer"' in page


def test_a_notebook_has_one_head_of_the_first_level(tmp_path):
    cells = [markdown("Lời đầu"), markdown("# Một\n\n# Hai"), code("", {"text/html": "<h1>Ba</h1>"})]
    _, page = written(synthetic_contents(tmp_path, [], cells, question="Câu hỏi"))
    assert len(Tags(page).named("h1")) == 1
    assert "<h1>Câu hỏi</h1>" in page and "<h2>Hai</h2>" in page and "<h2>Ba</h2>" in page


# -------------------------------------------------------------------------------------------------------- in a browser


class Browser:
    """Chromium without a network, told apart by what it asked for and what it complained of."""

    def __init__(self, chromium: str):
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(executable_path=chromium, args=FLAGS)

    def open(self, path: Path, width: int = 1400, height: int = 900, anchor: str = ""):
        context = self._chromium.new_context(offline=True, viewport={"width": width, "height": height})
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: page.complaints.append(f"{request.url}: {request.failure}"))
        page.goto(path.as_uri() + anchor)
        page.set_default_timeout(20_000)
        return page

    def without_script(self):
        return self._chromium.new_context(offline=True, java_script_enabled=False)

    def close(self):
        self._chromium.close()
        self._playwright.stop()


def pictures_of(page) -> list[tuple[str, int]]:
    """Every picture with its width as loaded."""
    return page.evaluate(
        """() => Promise.all([...document.images].map(image => {
            image.loading = "eager";
            return image.decode().catch(() => 0).then(() => [image.getAttribute("src"), image.naturalWidth]);
        }))"""
    )


def violations(page) -> list[str]:
    """What axe finds, at every level, with all that can be unfolded unfolded."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}}).response["violations"]
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = false")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


# what can be pressed and is smaller than 24 pixels, those within a line of text left out
SMALL = """[...document.querySelectorAll("a[href], button, input, summary")].filter(one => {
    const { width, height } = one.getBoundingClientRect();
    const pressed = one.checkVisibility() && !one.closest("p.soft, footer, .words, .skip");
    return pressed && width && (width < 24 || height < 24);
}).map(one => one.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def browser(chromium):
    opened = Browser(chromium)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def report(made_report, tmp_path_factory):
    """The Vietnamese report of 58, with its pages written anew in a copy."""
    made = made_report("58", "vi", "2024Q1")
    assert made.code == 0, made.output
    reports = tmp_path_factory.mktemp("page")
    folder = reports / "2024Q1" / "58" / "vi"
    shutil.copytree(made.folder, folder)
    # the other language, which the page looks for, and the page over all reports
    for part in ("figures", "index.html"):
        (folder.parent / "en").mkdir(exist_ok=True)
        (folder.parent / "en" / part).symlink_to(folder / part)
    (reports / "index.html").write_text("<!doctype html>")
    (folder / "data.xlsx").write_bytes(b"x" * 5000)
    contents = made.contents(folder)
    write_pages(contents, summary=[("30_papi_dimensions", "group_heat")], documents=["data.xlsx"])
    return contents


@pytest.fixture
def english(tmp_path):
    """A made-up English report with hostile names and pictures that load."""
    folder = tmp_path / "report"
    folder.mkdir()
    cards = [
        synthetic_card(folder, f"picture_{place}", "figure", title=text, alt=f"alt {place}", note=text)
        for place, text in enumerate(HOSTILE)
    ]
    table = {"columns": HOSTILE, "rows": [HOSTILE, HOSTILE]}
    cards.append(synthetic_card(folder, "rows", "table", table=table))
    cards.append(synthetic_card(folder, "closing", "text", sections=[["Head", HOSTILE]]))
    cells = [
        markdown("# Q?\n\n" + "\n\n".join(HOSTILE[:5])),
        code("x = 1", {"image/png": PIXEL}),
        code("'" + HOSTILE[5]),
    ]
    contents = synthetic_contents(folder, cards, cells, "en", question="Who?")
    write_pages(contents, summary=[("one", "rows")], documents=[])
    return contents


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", ["index.html", "notebooks/30_papi_dimensions__2024Q1.html"])
def test_a_made_report_opens_from_disk(browser, report, name, width):
    page = browser.open(report.folder / name, width)
    pictures = pictures_of(page)
    figures = [
        card for card in report.cards if card.kind == "figure" and (name == "index.html" or "30_" in card.notebook)
    ]
    assert len(pictures) == len(figures) + page.locator(".findings img").count() > 1
    # 155 mm, as the SVG says it, whatever part is shown
    assert {natural for _, natural in pictures} == {586}
    assert all(url.startswith("file:") for url in page.asked)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    assert page.evaluate(SMALL) == []
    if name == "index.html":
        assert page.locator("a[data-other]").is_visible()


@pytest.mark.browser
@pytest.mark.slow
def test_every_card_of_a_made_report_is_found_by_its_title(report):
    tags = Tags((report.folder / "index.html").read_text(encoding="utf-8"))
    links = {given["href"] for given in tags.named("a") if "href" in given}
    for card in report.cards:
        assert card.title in tags.words
        if card.kind in ("figure", "table"):
            assert f"#{card.identity}" in links
            assert {f"{card.folder.name}/{name}" for name in card.record["files"]} <= links
    for link in links:
        if not link.startswith(("#", "run.json", "https://", "http://")):
            assert (report.folder / link.partition("#")[0]).is_file(), link


@pytest.mark.browser
@pytest.mark.slow
def test_pages_of_a_made_report_are_light(report):
    assert (report.folder / "index.html").stat().st_size < 475_000
    for section in report.sections:
        assert section.notebook.with_suffix(".html").stat().st_size < 120_000


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", ["index.html", "notebooks/one__2024Q1.html"])
def test_hostile_names_do_not_break_the_page(browser, english, name, width):
    page = browser.open(english.folder / name, width, anchor="#code" if "notebooks" in name else "")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # a picture of another place stays as a place without one
    assert all(natural for source, natural in pictures_of(page) if source)
    # the report in the other language is not there: one picture of it was looked for, and no way leads to it
    looked = [said for said in page.complaints if "/vi/figures/" in said and said.endswith("net::ERR_FILE_NOT_FOUND")]
    others = [said for said in page.complaints if said not in looked]
    assert len(looked) == len(others) == (name == "index.html")
    assert all(said == "Failed to load resource: net::ERR_FILE_NOT_FOUND" for said in others)
    assert page.locator("[data-other]:visible").count() == 0
    assert all(url.startswith("file:") for url in page.asked)
    assert violations(page) == []


@pytest.mark.browser
def test_a_plot_keeps_its_size_on_a_telephone_and_scrolls_by_keyboard(browser, english):
    page = browser.open(english.folder / "index.html", 360)
    box = page.locator(".plot").first
    size = box.evaluate("box => [box.clientWidth, box.scrollWidth, box.tabIndex]")
    # letters of 8 points at 586 pixels
    assert size[0] < 360 and size[1] >= 586 and size[2] == 0
    box.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(100):
        # the browser's own waiting would need a policy that lets texts be programs
        if page.evaluate("document.querySelector('.plot').scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    else:
        pytest.fail("the key does not move it")


@pytest.mark.browser
def test_only_the_plot_is_shown(browser, tmp_path):
    """Of a picture that is red where its words stand and green where its plot does, no red is seen."""
    card = synthetic_card(tmp_path, "picture", "figure")
    top, bottom = 200 * 0.24, 900 * 0.24
    parts = (
        f'<rect width="440" height="300" fill="red"/><rect y="{top}" width="440" height="{bottom - top}" fill="lime"/>'
    )
    card.path("svg").write_text(SVG.replace('<path d="M0 0h9v9z"/>', parts))
    write_pages(synthetic_contents(tmp_path, [card], []), summary=[], documents=[])
    page = browser.open(tmp_path / "index.html")
    pictures_of(page)
    colours = _colours(page.locator(".plot img").screenshot())
    assert (0, 255, 0) in colours and (255, 0, 0) not in colours


def _colours(picture: bytes) -> set[tuple]:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(picture)) as opened:
        # without the outermost pixels, which stand half beside the picture
        inner = opened.convert("RGB").crop((1, 1, opened.width - 1, opened.height - 1))
        return {colour for _, colour in inner.getcolors(1 << 24)}


@pytest.mark.browser
def test_the_policy_is_in_force(browser, english):
    path = english.folder / "index.html"
    injected = '<script>document.title = "ran"</script><p id="bad" style="color: red" onclick="x()">x</p>'
    injected += '<img src="https://example.org/a.png" alt="">'
    path.write_text(path.read_text(encoding="utf-8").replace("</main>", f"{injected}</main>"), encoding="utf-8")
    page = browser.open(path)
    assert page.title() != "ran"
    assert page.evaluate("getComputedStyle(document.getElementById('bad')).color") == "rgb(26, 26, 26)"
    assert any("Content Security Policy" in complaint for complaint in page.complaints)
    # stopped by the policy before it leaves, not by the want of a network
    pictures_of(page)
    stopped = [complaint for complaint in page.complaints if complaint.startswith("https://example.org/a.png")]
    assert all(complaint.endswith(": csp") for complaint in stopped), stopped
    assert len([url for url in page.asked if not url.startswith("file:")]) == len(stopped)


# what has the focus: its address, the text that it copies, its identity or its class
ACTIVE = (
    """(({activeElement: one}) => one.getAttribute("href") || one.dataset.copy || one.id || one.className)(document)"""
)


@pytest.mark.browser
def test_the_keyboard_reaches_everything(browser, sound, tmp_path):
    (tmp_path / "data.xlsx").write_bytes(b"x")
    write_pages(sound, summary=[("one", "picture")], documents=["data.xlsx"])
    page = browser.open(tmp_path / "index.html")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(ACTIVE))
        if reached[-1] == "run.json":
            break
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[0] == "#main"
    first, copy, field = "figures/one__picture__2024Q1.csv", "one__picture-words", "filter"
    wanted = ["data.xlsx", "scroll plot", first, copy, field, "#one__rows", "#top", "run.json"]
    places = [reached.index(one) for one in wanted]
    assert places == sorted(places)


@pytest.mark.browser
def test_the_filter_finds_with_and_without_accents(browser, sound):
    second = synthetic_card(sound.folder, "second", "figure", title="Quản trị điện tử")
    write_pages(synthetic_contents(sound.folder, [*sound.cards, second], []), summary=[], documents=[])
    page = browser.open(sound.folder / "index.html")
    field, said, items = page.locator("#filter"), page.locator("output"), page.locator("#finding li:visible")
    assert items.count() == 3 and said.inner_text() == ""
    for typed in ("dien tu", "ĐIỆN TỬ", "tri dien"):
        field.fill(typed)
        assert (items.count(), said.inner_text()) == (1, "Thấy 1 trong 3")
    field.fill("không có")
    assert (items.count(), said.inner_text()) == (0, "Không thấy tên nào khớp.")
    field.fill("")
    assert items.count() == 3 and said.inner_text() == ""


@pytest.mark.browser
@pytest.mark.parametrize("allowed", [True, False])
def test_a_button_copies_words_or_selects_them(browser, sound, allowed):
    write_pages(sound, summary=[], documents=[])
    page = browser.open(sound.folder / "index.html")
    taken, refused = "text => { window.copied = text; }", "() => Promise.reject(new Error('no'))"
    page.evaluate(f"() => {{ navigator.clipboard.writeText = {taken if allowed else refused} }}")
    button = page.locator("button[data-copy]").first
    button.focus()
    page.keyboard.press("Enter")
    page.locator("#status:not(:empty)").wait_for()
    text = page.locator("#one__picture-words").text_content()
    assert text.startswith("Bức tranh\n")
    if allowed:
        assert page.evaluate("window.copied") == text
    else:
        assert page.evaluate("getSelection().toString().trim()") == text
        assert page.locator("#one__picture-words").is_visible()


@pytest.mark.browser
def test_without_a_script_the_page_is_whole(browser, sound):
    write_pages(sound, summary=[], documents=[])
    context = browser.without_script()
    page = context.new_page()
    page.goto((sound.folder / "index.html").as_uri())
    assert page.locator("#finding li").count() == 2
    assert not page.locator("#filter, button[data-copy], a[data-other]").first.is_visible()
    page.locator("summary", has_text="Lời đi kèm").first.click()
    assert page.locator("#one__picture-words").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("there", [True, False])
def test_the_other_language_is_offered_where_it_has_been_made(browser, sound, there):
    sound.folder.joinpath("vi").mkdir()
    folder = sound.folder / "vi"
    for name in ("figures", "tables", "notes"):
        shutil.copytree(sound.folder / name, folder / name) if (sound.folder / name).is_dir() else None
    if there:
        shutil.copytree(folder, sound.folder / "en")
    contents = synthetic_contents(folder, list(sound.cards), [])
    write_pages(contents, summary=[], documents=[])
    page = browser.open(folder / "index.html")
    page.wait_for_load_state("networkidle")
    link = page.locator("a[data-other]")
    assert link.is_visible() == there
    assert link.get_attribute("href") == ("../en/index.html" if there else None)


@pytest.mark.browser
def test_code_is_hidden_until_asked_for(browser, sound, tmp_path):
    write_pages(sound, summary=[], documents=[])
    page = browser.open(tmp_path / "notebooks" / "one__2024Q1.html")
    source = page.locator(".source").first
    assert not source.is_visible()
    page.locator('a[href="#code"]').click()
    assert source.is_visible()
    page.locator(".hide a").click()
    assert not source.is_visible()


@pytest.mark.browser
def test_on_paper_no_links_and_the_closings_once(browser, sound, tmp_path):
    write_pages(sound, summary=[], documents=[])
    page = browser.open(tmp_path / "index.html", 700)
    page.emulate_media(media="print")
    for hidden in (".skip", ".files", ".closing", ".find-section", ".data"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator(".paper").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).breakInside") == "avoid"
    assert len(page.pdf(prefer_css_page_size=True)) > 5000
