"""A card is a set of files that agree with one another and come out the same each time."""

import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

import ninhthuan as nt
from figure_cards import captions, rendering, style
from ninhthuan import reading
from ninhthuan.analysis import certainty
from ninhthuan.reference import GROUPS
from ninhthuan_reports import cards, report, summaries
from ninhthuan_reports.publish import contents
from ninhthuan_reports.report import Report
from ninhthuan_reports.runs.plan import declared

BOTH = ("vi", "en")
SVG = "{http://www.w3.org/2000/svg}"

# What `made` draws, for a process of its own.
SCRIPT = """
import sys
import ninhthuan as nt
from ninhthuan_reports import summaries
from ninhthuan_reports.report import Report

report = Report("30_papi_dimensions", quarter="2024Q1", province_code="96", language="vi", output_dir=sys.argv[1])
scores = nt.load_index("papi", as_of=report.as_of)
report.figure("drill_down", nt.drill_down(scores, "96"))
report.figure("group_heat", nt.province_history(scores[scores["level"] == "dimension"], "96"))
report.table("dimension_scores", summaries.dimension_scores(scores, "96"))
"""


def opened(folder, language="vi", province_code="96", quarter="2024Q1", notebook="30_papi_dimensions", **more):
    return Report(
        notebook,
        quarter=quarter,
        province_code=province_code,
        language=language,
        output_dir=str(folder),
        **more,
    )


def make(folder, language="vi"):
    report = opened(folder, language)
    scores = nt.load_index("papi", as_of=report.as_of)
    parts = nt.drill_down(scores, "96")
    report.figure("drill_down", parts)
    report.figure("group_heat", nt.province_history(scores[scores["level"] == "dimension"], "96"))
    rows = summaries.dimension_scores(scores, "96")
    report.table("dimension_scores", rows)
    return {"drill_down": parts, "dimension_scores": rows}


def test_a_report_asks_for_what_it_knows():
    """Province, day, list of provinces and sources are put in; what is given goes before."""
    report = opened("", province_code="58")
    totals = report.index("par_index").query("component_id == 'par_index_total' and province_code == '58'")
    assert totals.set_index("edition_year")["missing"].to_dict()[2023] == "known_later"
    assert report.ask(nt.load_workload).equals(nt.load_workload("58", until="2024Q1", as_of="2024-04-30"))
    other = nt.load_workload("24", until="2024Q1", as_of="2024-04-30")
    assert report.ask(nt.load_workload, "24").equals(other)
    assert report.ask(summaries.index_histories).equals(summaries.index_histories("58", as_of="2024-04-30"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two figures and a table of 96 in Vietnamese: the folder, and the frames that were drawn."""
    folder = tmp_path_factory.mktemp("cards")
    reading.forget()  # what other tests of this process have read
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frames = make(folder)
    return folder, frames


@pytest.fixture(scope="module")
def figure_files(made):
    """Files of one figure card by suffix."""
    folder, _ = made
    return {path.suffix: path for path in (folder / "figures").glob("*__drill_down__*")}


@pytest.fixture(scope="module")
def record(figure_files):
    return json.loads(figure_files[".json"].read_text(encoding="utf-8"))


def digest(path):
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


# --------------------------------------------------------------------------------------------------------------- files


def test_a_figure_is_five_files_of_one_name(figure_files):
    assert set(figure_files) == {".png", ".svg", ".pdf", ".csv", ".json"}
    assert {path.stem for path in figure_files.values()} == {"30_papi_dimensions__drill_down__2024Q1"}


def test_a_table_is_two_files(made):
    folder, _ = made
    assert sorted(path.name for path in (folder / "tables").iterdir()) == [
        "30_papi_dimensions__dimension_scores__2024Q1.csv",
        "30_papi_dimensions__dimension_scores__2024Q1.json",
    ]


def test_png(figure_files, record):
    with Image.open(figure_files[".png"]) as picture:
        picture.load()
        assert abs(picture.width - 1830) <= 1, "15.5 cm at 300 dpi"
        assert picture.height > 900
        assert [round(float(dpi)) for dpi in picture.info["dpi"]] == [300, 300]
        assert picture.mode == "P"
        assert 3 < len(picture.getcolors()) <= 256
        assert picture.text["Title"] == record["title"]
        assert picture.text["Description"] == record["alt"]
        assert picture.text["Title"].lang == "vi"


def test_png_has_its_colours(figure_files):
    with Image.open(figure_files[".png"]) as picture:
        seen = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
    for wanted in (style.SECOND, cards.drill_down.PALE_FALL, "#FFFFFF", style.INK):
        exact = [round(255 * part) for part in to_rgb(wanted)]
        assert min(max(abs(a - b) for a, b in zip(exact, colour, strict=True)) for colour in seen) <= 3, wanted


def test_svg(figure_files, record):
    text = figure_files[".svg"].read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    first, second = list(root)[:2]
    assert (first.tag, first.text) == (f"{SVG}title", record["title"])
    assert (second.tag, second.text) == (f"{SVG}desc", record["alt"])
    width, height = (float(root.get(name).removesuffix("pt")) for name in ("width", "height"))
    assert width / 72 * 2.54 == pytest.approx(15.5, abs=0.01)
    assert height > 100
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in ("href", "src", "style"):
                assert not re.search(r"https?:|url\((?!#)|file:|//", value), f"{element.tag} {name}={value}"
            if name.rpartition("}")[2] == "href":
                assert value.startswith(("#", "data:"))
    assert not re.search(r"<(script|image|foreignObject|style[^>]*>[^<]*@import)", text)
    assert not re.search(r"<dc:date>", text), "a date would change the bytes"


def test_pdf(figure_files):
    content = figure_files[".pdf"].read_bytes()
    assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
    assert b"/CreationDate" not in content
    (box,) = re.findall(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", content)
    assert float(box[0]) / 72 * 2.54 == pytest.approx(15.5, abs=0.01)


def test_csv_is_what_was_drawn(made, figure_files):
    frame = made[1]["drill_down"]
    twin = pd.read_csv(figure_files[".csv"], keep_default_na=True)
    assert len(twin) == len(frame) == 8
    # names stand beside codes in frames; files keep the codes
    for column in frame.columns.difference(["component", "component_en", "province", "province_en"]):
        written = twin[column]
        if pd.api.types.is_numeric_dtype(written):
            assert written.to_numpy() == pytest.approx(frame[column].to_numpy(dtype=float), nan_ok=True, abs=1e-12)
        else:
            assert written.tolist() == frame[column].tolist()
    content = figure_files[".csv"].read_bytes()
    assert b"\r" not in content and not content.startswith(b"\xef\xbb\xbf")


def test_csv_of_a_heat_table_is_what_was_drawn(made):
    (path,) = (made[0] / "figures").glob("*__group_heat__*.csv")
    twin = pd.read_csv(path, dtype={"province_code": str})
    scores = nt.load_index("papi", as_of="2024-04-30").query("level == 'dimension'")
    mine = scores[scores["province_code"] == "96"].sort_values(["edition_year", "component_id"])
    assert twin["province_code"].eq("96").all(), "codes stay text"
    assert twin["score"].to_numpy() == pytest.approx(mine["score"].to_numpy(), nan_ok=True)
    assert twin["group_derived"].tolist() == mine["group_derived"].tolist()
    assert twin["province"].eq("Cà Mau").all()


def test_record_of_a_figure(made, figure_files, record):
    caption = cards.drill_down.caption(made[1]["drill_down"], opened("").context)
    assert record["kind"] == "figure"
    assert {key: record[key] for key in ("title", "subtitle", "note", "alt")} == {
        "title": caption.title,
        "subtitle": caption.subtitle,
        "note": caption.note,
        "alt": caption.alt,
    }
    assert (record["notebook"], record["card"]) == ("30_papi_dimensions", "drill_down")
    assert (record["quarter"], record["as_of"], record["language"]) == ("2024Q1", "2024-04-30", "vi")
    assert (record["province_code"], record["boundary"]) == ("96", "pre_2025")
    assert record["n"] == 8
    assert "PAPI" in record["source"]
    assert record["source_ids"] and set(record["source_ids"]) <= set(nt.sources()["source_id"])


def test_what_was_read_is_named(record):
    """Only rows of editions known by the closing day, and nothing of the other indices."""
    (read,) = (name for name in record["reads"] if name.startswith("indicators/papi.csv"))
    assert read.startswith("indicators/papi.csv?boundary=pre_2025&edition_year=2011,")
    assert read.endswith(",2022,2023")
    assert not [name for name in record["reads"] if "pci" in name or "dti" in name]


def test_hashes_are_those_of_the_bytes(figure_files, record):
    others = {path.name: digest(path) for suffix, path in figure_files.items() if suffix != ".json"}
    assert record["files"] == others


def test_record_of_a_table(made):
    (path,) = (made[0] / "tables").glob("*.json")
    table = json.loads(path.read_text(encoding="utf-8"))
    assert table["kind"] == "table"
    assert len(table["table"]["rows"]) == table["n"] == 9
    assert all(len(row) == len(table["table"]["columns"]) for row in table["table"]["rows"])
    assert table["files"] == {name.name: digest(name) for name in (made[0] / "tables").glob("*.csv")}
    ours = table["table"]["rows"][0]
    assert ours[0].startswith("1. ") and re.fullmatch(r"\d,\d{2}", ours[2]) and re.fullmatch(r"\d+/61", ours[5])


def test_records_are_readable_text(figure_files):
    text = figure_files[".json"].read_text(encoding="utf-8")
    assert "Cà Mau" in text, "letters, not escapes"
    assert text.endswith("}\n")


def test_the_same_bytes_in_another_process(made, tmp_path):
    """Another hash seed, another working folder and another language of the machine change nothing."""
    environment = os.environ | {"PYTHONHASHSEED": "77", "MPLBACKEND": "agg", "LC_ALL": "C", "TZ": "Asia/Ho_Chi_Minh"}
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "again")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert run.returncode == 0, run.stderr
    first = {path.relative_to(made[0]): path.read_bytes() for path in made[0].rglob("*") if path.is_file()}
    again = {
        path.relative_to(tmp_path / "again"): path.read_bytes()
        for path in (tmp_path / "again").rglob("*")
        if path.is_file()
    }
    assert set(first) == set(again)
    assert [str(name) for name in first if first[name] != again[name]] == []


def test_a_fan_out_has_the_index_in_its_name(tmp_path):
    report = opened(tmp_path, notebook="20_index_trend", index_id="papi")
    report.figure("component_gaps", summaries.component_gaps("papi", "56", as_of="2008-01-01"))
    (path,) = tmp_path.rglob("*.json")
    assert path.name == "20_index_trend_papi__component_gaps__2024Q1.json"
    assert json.loads(path.read_text())["notebook"] == "20_index_trend_papi"


@pytest.mark.browser
def test_the_drawing_in_lines_is_the_picture_in_dots(made, chromium):
    """What a browser makes of the SVG, letter by letter where the PNG has them; hatching begins elsewhere in each."""
    from playwright.sync_api import sync_playwright

    files = {path.suffix: path for path in (made[0] / "figures").glob("*__group_heat__*")}
    with Image.open(files[".png"]) as picture:
        dots = picture.convert("L")
    width = round(155 / 25.4 * 96)
    height = round(width * dots.height / dots.width)
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
        page.goto(files[".svg"].as_uri())
        seen = Image.open(io.BytesIO(page.screenshot())).convert("L")
        browser.close()
    # both at one scale: the height of a page is whole pixels, that of a drawing is not
    scaled = (seen.width, round(dots.height * seen.width / dots.width))
    dots = np.asarray(dots.resize(scaled, Image.Resampling.LANCZOS), dtype=float)[: seen.height]
    lines = np.asarray(seen, dtype=float)[: len(dots)]
    # edges of letters lie between pixels in one and not in the other
    assert np.abs(dots - lines).mean() < 4, "the drawings differ"
    # moved by two millimetres they would: the measure can tell
    assert np.abs(dots - np.roll(lines, 15, axis=1)).mean() > 6


def test_the_svg_without_its_words_is_cut_to_the_plot(figure_files, record):
    card = contents.Card(record, figure_files[".json"].parent)
    whole, cut = ET.parse(figure_files[".svg"]).getroot(), ET.fromstring(contents.plot_svg(card))
    left, top, width, height = map(float, cut.get("viewBox").split())
    first, last = record["plot"]
    assert (left, width) == (0, pytest.approx(155 / 25.4 * 72, abs=0.01))
    assert (top, height) == (pytest.approx(first * 0.24, abs=0.01), pytest.approx((last - first) * 0.24, abs=0.01))
    words = [group for group in whole.iter(f"{SVG}g") if group.get("id", "").startswith(rendering.WORDS)]
    assert len(words) > 3
    assert not [group for group in cut.iter(f"{SVG}g") if group.get("id", "").startswith(rendering.WORDS)]
    used = {use.get("{http://www.w3.org/1999/xlink}href")[1:] for use in cut.iter(f"{SVG}use")}
    assert used <= {path.get("id") for path in cut.iter() if path.get("id")}, "every letter still has its outline"


# ------------------------------------------------------------------------------------------------------------ findings


def test_a_title_of_ones_own_is_tested_on_the_frame(tmp_path):
    report = opened(tmp_path)
    parts = nt.drill_down(nt.load_index("papi", as_of=report.as_of), "96")
    true, false = "Công khai, minh bạch giảm nhiều nhất", "Cả tám trục nội dung đều tăng"
    report.figure(
        "drill_down",
        parts,
        title=true,
        claim=lambda frame: frame.loc[frame["contribution"].idxmin(), "component_id"] == "papi_d2",
    )
    (path,) = tmp_path.glob("figures/*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["title"] == true and record["finding"] == [true] and true in record["alt"]
    with pytest.raises(captions.FalseFinding, match=false):
        report.figure("drill_down", parts, title=false, claim=lambda frame: (frame["contribution"] > 0).all())
    assert json.loads(path.read_text(encoding="utf-8")) == record, "nothing was drawn or written"
    with pytest.raises(ValueError, match="claim="):
        report.figure("drill_down", parts, title=true)


# ---------------------------------------------------------------------------------------------------- when it must not


def test_a_glyph_that_the_font_lacks_is_an_error(made):
    """`made` was drawn with every warning an error; here is the proof that a missing letter is one."""
    context = opened("").context
    caption = captions.Caption("Một chữ lạ: \U00016a00 2023", "đo gì", kind="Biểu đồ")
    with pytest.raises(UserWarning, match="Glyph"):
        figure, _ = report.framed(caption, "nguồn", 3.0, context)
        rendering.render(figure, caption, "vi")


@pytest.mark.parametrize("language", BOTH)
def test_vietnamese_letters_are_all_in_the_font(language):
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    caption = captions.Caption(letters + letters.upper(), "… − – ≠ † “ ” · ×", "0123456789,.%/()")
    figure, _ = report.framed(caption, "nguồn", 2.0, opened("", language).context)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rendering.render(figure, caption, language)["png"]


def test_a_blank_figure_is_refused():
    from matplotlib.figure import Figure

    with pytest.raises(ValueError, match="blank"):
        rendering.render(Figure(figsize=(6, 3)), captions.Caption("Trống", "đo gì"), "vi")


def test_a_plot_with_nothing_in_it_is_refused_although_it_has_a_title(tmp_path, monkeypatch):
    def nothing(frame, area, ctx):
        return [area.axes(1, 1, 10, 3)]

    nothing.height_cm = lambda frame: 4.0
    monkeypatch.setattr(cards.drill_down, "draw", nothing)
    report = opened(tmp_path)
    parts = nt.drill_down(nt.load_index("papi", as_of=report.as_of), "96")
    with pytest.raises(ValueError, match="blank"):
        report.figure("drill_down", parts)
    assert list(tmp_path.rglob("*.png")) == []


@pytest.mark.parametrize("language, words", [("vi", "Bắc Giang"), ("en", "Bac Giang")])
def test_where_there_is_nothing_a_sentence_is_delivered(tmp_path, language, words):
    report = opened(tmp_path, language, province_code="24", quarter="2023Q4", notebook="32_papi_certainty")
    scores = nt.load_index("papi", as_of=report.as_of)
    report.figure("rank_interval_years", certainty.rank_interval_years(scores, "24"))
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert path.parent.name == "notes"
    assert path.name == "32_papi_certainty__rank_interval_years__2023Q4.json"
    absent = json.loads(path.read_text(encoding="utf-8"))
    assert absent["kind"] == "absent" and absent["files"] == {}
    assert words in absent["title"] and len(absent["title"]) > 30


def test_a_table_of_nothing_is_a_sentence_too(tmp_path):
    report = opened(tmp_path, province_code="24", notebook="40_workload")
    report.table("digital_adoption", summaries.digital_adoption(nt.load_workload("24", until="2024Q1")))
    (path,) = tmp_path.rglob("*.json")
    assert json.loads(path.read_text(encoding="utf-8"))["kind"] == "absent"


def test_without_a_folder_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make("")
    opened("").closing()
    assert list(tmp_path.rglob("*")) == []


def test_wrong_parameters_are_refused_with_every_fault(tmp_path):
    with pytest.raises(ValueError) as caught:
        opened(tmp_path, language="de", province_code="Ninh Thuan")
    assert "'58'" in str(caught.value) and "'de'" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


# ----------------------------------------------------------------------------------------------------------- displays


@pytest.fixture
def displayed(monkeypatch):
    seen = []
    monkeypatch.setattr(report, "display", lambda *things: seen.extend(things))
    return seen


def test_the_picture_shown_is_that_of_the_file(tmp_path, displayed):
    report = opened(tmp_path)
    report.figure("drill_down", nt.drill_down(nt.load_index("papi", as_of=report.as_of), "96"))
    (png,) = tmp_path.rglob("*.png")
    image = displayed[-1]
    with Image.open(png) as file, Image.open(io.BytesIO(image.data)) as shown_:
        assert shown_.width == image.width == 744
        smaller = np.asarray(file.convert("L").resize(shown_.size, Image.Resampling.HAMMING), dtype=int)
        assert np.abs(smaller - np.asarray(shown_.convert("L"), dtype=int)).mean() < 1
    assert len(image.data) < 0.75 * png.stat().st_size, "notebooks stay small"
    assert image.alt == json.loads(next(tmp_path.rglob("*.json")).read_text(encoding="utf-8"))["alt"]


def test_the_heading_says_who_when_and_what_is_known(displayed):
    opened("", province_code="58")
    opened("", "en", province_code="56", quarter="2025Q3")
    vi, en = (markdown.data for markdown in displayed)
    assert "**Ninh Thuận**" in vi and "quý I/2024" in vi and "30/4/2024" in vi
    assert "**Khanh Hoa**" in en and "the third quarter of 2025" in en and "31 October 2025" in en
    assert "1 July 2025" in en, "formed by a merger, and not chained to what was before"


def test_table_html_is_escaped_and_self_contained():
    text = pd.DataFrame({"A & B": ["<script>alert(1)</script>", "x < y"]})
    html = rendering.table_html(text, captions.Caption("T & <b>", "s"), ["n"])
    assert "<script" not in html and "&lt;script&gt;" in html
    assert "A &amp; B" in html and "T &amp; &lt;b&gt;" in html
    assert not re.search(r"https?://|src=|@import", html)


def test_closing_lists_the_sources_of_what_was_shown(tmp_path, displayed):
    report = opened(tmp_path)
    scores = nt.load_index("papi", as_of=report.as_of)
    report.table("dimension_scores", summaries.dimension_scores(scores, "96"))
    report.closing()
    (path,) = (tmp_path / "notes").glob("*__closing__*.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    used = json.loads(next((tmp_path / "tables").glob("*.json")).read_text(encoding="utf-8"))["source_ids"]
    assert record["kind"] == "text" and record["source_ids"] == used
    heads = [head for head, _ in record["sections"]]
    assert heads == ["Còn thiếu", "Lưu ý khi đọc", "Nguồn số liệu"]
    assert all(any(line.endswith(f"[{source}]") for line in record["sections"][2][1]) for source in used)
    assert all(f"## {head}" in displayed[-1].data for head in heads)


def test_what_a_report_may_not_know_is_in_no_card(tmp_path):
    """PCI 2023 came out on 9 May 2024, after the first quarter's report was closed."""
    report = opened(tmp_path, province_code="58", notebook="20_index_trend", index_id="pci")
    report.table(
        "index_overview",
        summaries.index_overview("58", as_of=report.as_of, as_of_before=report.as_of_before),
    )
    table = pd.read_csv(next(tmp_path.rglob("*.csv"))).set_index("index_id")
    assert table.at["pci", "newest_edition"] == 2022
    assert table.at["papi", "newest_edition"] == 2023


# ------------------------------------------------------------------------------------------------------------ colours


def luminance(colour):
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return float(np.dot(channels, (0.2126, 0.7152, 0.0722)))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["OWN", "WORSE", "INK", "SOFT"])
def test_text_colours_on_white(name):
    assert contrast(getattr(style, name), "white") >= 4.5


@pytest.mark.parametrize("name", ["OWN", "SOFT", "INK"])
@pytest.mark.parametrize("ground", (style.BAND, style.GROUND))
def test_text_colours_on_the_bands(name, ground):
    assert contrast(getattr(style, name), ground) >= 4.5


@pytest.mark.parametrize(
    "group, letters", [("high", "white"), ("upper_middle", "white"), ("lower_middle", style.INK), ("low", style.INK)]
)
def test_letters_on_the_group_colours(group, letters):
    assert contrast(style.GROUP_COLOURS[group], letters) >= 4.5
    other = style.INK if letters == "white" else "white"
    assert contrast(style.GROUP_COLOURS[group], other) < contrast(style.GROUP_COLOURS[group], letters)


def test_groups_keep_their_order_in_grey():
    assert set(style.GROUP_COLOURS) == set(GROUPS)
    grey = [luminance(style.GROUP_COLOURS[group]) for group in GROUPS]
    assert grey == sorted(grey) and len(set(grey)) == 4, "the high group is darkest"
    for dark, light in itertools.pairwise(GROUPS):
        assert contrast(style.GROUP_COLOURS[dark], style.GROUP_COLOURS[light]) >= 1.8


def test_the_own_province_stands_out_from_the_others():
    assert contrast(style.OWN, style.OTHERS) >= 3
    assert contrast(style.RING, "white") >= 2.9


@pytest.mark.parametrize("name", [name for name in cards.NAMES if hasattr(cards.card(name), "draw")])
def test_every_chart_is_drawn_by_some_notebook(name):
    known = declared()
    promised = {card for run in (*known.runs, *known.explore) for card in run["cards"]}
    assert any(re.fullmatch(rf"{name}(_d\d)?", card) for card in promised)


def test_fonts_are_loaded_from_the_package_and_not_from_the_machine():
    from matplotlib import font_manager

    style.apply()
    path = Path(font_manager.findfont("Roboto", fallback_to_default=False))
    assert "font_roboto" in path.parts
