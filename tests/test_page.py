"""The page that opens a report: its words are no markup, and a browser shows it whole, on a telephone and on a desk."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ninhthuan.parameters import check_parameters
from ninhthuan.publish.index_page import read_cards, write_index
from ninhthuan.runs.plan import Job

REQUEST = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": "vi"})
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--virtual-time-budget=30000",
    "--window-size=1400,2200",
]


# ----------------------------------------------------------------------------------------------------------- by itself


def card(folder, name, kind, **more):
    place = folder / {"figure": "figures", "table": "tables", "absent": "notes", "text": "notes"}[kind]
    place.mkdir(exist_ok=True)
    record = {"card": name, "notebook": "one", "kind": kind, "title": name, "files": {}} | more
    (place / f"one__{name}__2024Q1.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.fixture
def page(tmp_path):
    """A page of four cards whose words are markup."""
    (tmp_path / "notebooks").mkdir()
    cell = {"cell_type": "markdown", "metadata": {"tags": ["vi"]}, "source": ["# Ai < bé & ai > lớn?\n", "\n", "x"]}
    other = {"cell_type": "markdown", "metadata": {"tags": ["en"]}, "source": ["# Who?\n"]}
    book = {"cells": [other, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "one__2024Q1.ipynb").write_text(json.dumps(book), encoding="utf-8")
    card(
        tmp_path,
        "picture",
        "figure",
        title="<b>T</b>",
        alt="\"alt\" <i> & 'x'",
        files={"one__picture__2024Q1.png": "", "one__picture__2024Q1.csv": ""},
    )
    card(
        tmp_path,
        "rows",
        "table",
        subtitle="s & t",
        note="ghi <chú>",
        source="nguồn",
        table={"columns": ["A & B"], "rows": [["<script>alert(1)</script>"], [5]]},
    )
    card(tmp_path, "nothing", "absent", title="Chưa có <gì>")
    card(tmp_path, "closing", "text", sections=[["Còn & thiếu", ["dòng <một>"]]])
    jobs = [Job("2024Q1/58/vi", "one", tmp_path / "one.ipynb", {}, ("picture", "rows", "nothing", "closing"), "")]
    return write_index(tmp_path, REQUEST, jobs).read_text(encoding="utf-8")


def test_words_of_cards_are_no_markup(page):
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for text in ("Ai < bé & ai > lớn?", "A & B", "s & t", "ghi <chú>", "Chưa có <gì>", "Còn & thiếu", "dòng <một>"):
        assert html.escape(text) in page
        assert text not in page
    assert f'alt="{html.escape(chr(34) + "alt" + chr(34) + " <i> & " + chr(39) + "x" + chr(39))}"' in page


def test_cards_stand_in_the_order_of_the_plan(page):
    places = [page.index(part) for part in ("one__picture", "A &amp; B", "Chưa có", "dòng &lt;một&gt;")]
    assert places == sorted(places)


def test_what_the_page_is_made_of(page):
    assert page.startswith("<!doctype html>\n")
    for part in ('<html lang="vi">', '<meta charset="utf-8">', 'name="viewport"', "<title>Ninh Thuận"):
        assert part in page
    assert not re.search(r"<(script|link|iframe|object)\b", page)
    assert not re.search(r"https?://", page)
    assert page.count("<h1>") == 1
    assert page.count("<th scope='col'>") == 1
    assert 'href="#one"' in page and 'id="one"' in page
    assert "quý I/2024" in page and "31/3/2024" in page and "30/4/2024" in page


def test_the_question_is_taken_in_the_language_of_the_report(page):
    assert "Who?" not in page


def test_records_are_read_by_identity(tmp_path):
    card(tmp_path, "rows", "table")
    (tmp_path / "tables" / "one_more__rows__2024Q1.json").write_text("{}")
    assert set(read_cards(tmp_path, "one")) == {"rows"}
    assert read_cards(tmp_path, "one")["rows"]["folder"] == "tables"
    assert read_cards(tmp_path, "none") == {}


# -------------------------------------------------------------------------------------------------------- in a browser

# Opens the page in a frame, since a window is never narrower than 500 px; loads every picture, unfolds every part.
MEASURE = """<!doctype html><meta charset="utf-8"><body style="margin:0">
<pre id="found">nothing</pre>
<script>
const found = document.getElementById("found");
onunhandledrejection = event => { found.textContent = "" + event.reason; };
async function measure(frame) {
  const page = frame.contentDocument, root = page.documentElement, images = [...page.images];
  page.querySelectorAll("details").forEach(part => { part.open = true; });
  await Promise.all(images.map(image => new Promise(done => {
    image.loading = "eager";
    if (image.complete && image.naturalWidth) done(); else image.onload = image.onerror = done;
  })));
  const beyond = [...page.body.querySelectorAll("*")]
    .filter(part => !part.closest(".scroll") && part.getBoundingClientRect().right > root.clientWidth + 1)
    .map(part => part.tagName + " " + part.textContent.slice(0, 60));
  found.textContent = JSON.stringify({
    width: frame.clientWidth,
    needed: root.scrollWidth,
    beyond: beyond,
    images: images.map(image => [image.getAttribute("src"), image.naturalWidth, image.getBoundingClientRect().width]),
    letters: getComputedStyle(page.body).fontSize,
    sections: page.querySelectorAll("section").length,
  });
}
</script>
<iframe src="index.html" style="border:0;width:WIDTHpx;height:2000px" onload="measure(this)"></iframe>"""


@pytest.fixture(scope="module", params=[390, 1200])
def rendered(request, made_report, chromium, tmp_path_factory):
    """The Vietnamese report of 58 as Chromium lays it out."""
    report = made_report("58", "vi", "2024Q1")
    assert report.code == 0, report.output
    folder = tmp_path_factory.mktemp("page") / "report"
    shutil.copytree(report.folder, folder)
    measure = folder / "measure.html"
    measure.write_text(MEASURE.replace("WIDTH", str(request.param)), encoding="utf-8")
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    run = subprocess.run(
        [chromium, *FLAGS, profile, "--dump-dom", measure.as_uri()], capture_output=True, text=True, timeout=120
    )
    (text,) = re.findall(r'<pre id="found">(.*?)</pre>', run.stdout, re.S)
    assert text.startswith("{"), text
    return json.loads(html.unescape(text)), request.param, report


@pytest.mark.browser
@pytest.mark.slow
def test_every_picture_is_shown(rendered):
    found, width, report = rendered
    assert len(found["images"]) == sum(record["kind"] == "figure" for record in report.records().values()) > 20
    for source, natural, shown in found["images"]:
        assert natural in (1829, 1830, 1831), source
        assert 300 < shown <= width, source
    assert found["sections"] == len({notebook for notebook, _ in report.records()})


@pytest.mark.browser
@pytest.mark.slow
def test_nothing_runs_over_the_edge(rendered):
    found, width, _ = rendered
    assert found["width"] == width
    assert found["beyond"] == []
    assert found["needed"] <= width


@pytest.mark.browser
@pytest.mark.slow
def test_letters_are_not_shrunk(rendered):
    assert rendered[0]["letters"] == "16px"


def test_the_style_asks_for_nothing_from_outside():
    source = (Path(write_index.__globals__["__file__"])).read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|https?://", source)
