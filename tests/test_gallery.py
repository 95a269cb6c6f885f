"""The page over all reports: what was made, what has changed since, what failed; and records that are none."""

import json
import os
import re
from datetime import date
from html import escape
from pathlib import Path

import pytest
from test_page import HOSTILE, SVG, Browser, Tags, pictures_of, violations

from ninhthuan_reports.publish.gallery import write_gallery

TODAY = date(2026, 11, 24)


def synthetic_report(reports: Path, identity: str, **more) -> Path:
    """A report folder with a record, a picture and a document; nothing of it was made by a notebook."""
    quarter, code, language = identity.split("/")
    folder = reports / identity
    (folder / "figures").mkdir(parents=True)
    stem = f"10_index_overview__one_picture__{quarter}"
    card = {"card": "one_picture", "notebook": "10_index_overview", "kind": "figure", "title": "t", "alt": "tám ô"}
    card |= {"size_mm": [155.0, 100.0], "plot": [200, 900], "files": {f"{stem}.svg": "", f"{stem}.png": ""}}
    (folder / "figures" / f"{stem}.json").write_text(json.dumps(card))
    (folder / "figures" / f"{stem}.svg").write_text(SVG)
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "briefing.docx").write_bytes(b"x")
    kinds = ["figure", "figure", "table", "absent", "text"]
    record = {
        "format": 2,
        "request": {
            "quarter": quarter,
            "as_of": "2024-04-30",
            "province_code": code,
            "boundary": "pre_2025",
            "language": language,
        },
        "finished_at": "2026-11-23T21:56:10Z",
        "jobs": [{"name": "one", "status": "done", "cards": {f"c{n}": {"kind": kind} for n, kind in enumerate(kinds)}}],
    }
    (folder / "run.json").write_text(json.dumps(record | more), encoding="utf-8")
    return folder


def synthetic_failure(reports: Path, identity: str, message: str = "the figure is blank") -> None:
    folder = reports / ".failed" / identity
    folder.mkdir(parents=True)
    error = {"reason": "exception", "cell": "drawing", "name": "ValueError", "message": message}
    jobs = [{"name": "one", "status": "done"}, {"name": "40_workload", "status": "failed", "error": error}]
    (folder / "run.json").write_text(json.dumps({"jobs": jobs}), encoding="utf-8")


def gallery(reports: Path, language: str = "vi", stale=frozenset()) -> str:
    path = write_gallery(reports, language, stale, TODAY)
    assert path == reports / "index.html"
    return path.read_text(encoding="utf-8")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", Tags(page).words)


def test_a_report_with_its_day_its_closing_day_and_its_cards(tmp_path):
    synthetic_report(tmp_path, "2024Q1/58/vi")
    page = gallery(tmp_path)
    # 21:56 in universal time is the next morning in Việt Nam
    assert "Làm ngày 24/11/2026; chốt số liệu 30/4/2024; 2 hình, 1 bảng." in words(page)
    assert "Ninh Thuận" in page and "Quý I/2024" in page and "1 báo cáo. Trang lập ngày 24/11/2026." in words(page)
    hrefs = [given["href"] for given in Tags(page).named("a")]
    assert "2024Q1/58/vi/index.html" in hrefs and "2024Q1/58/vi/briefing.docx" in hrefs
    assert "2024Q1/58/vi/data.xlsx" not in hrefs
    (picture,) = Tags(page).named("img")
    assert picture["src"].startswith("2024Q1/58/vi/figures/") and "#svgView(viewBox(0,48.00," in picture["src"]
    assert picture["loading"] == "lazy" and picture["alt"] == "tám ô"
    english = words(gallery(tmp_path, "en"))
    assert "Made on 24 November 2026; closing day 30 April 2024; figures: 2, tables: 1." in english


def test_what_has_changed_since_is_said_of_that_report_alone(tmp_path):
    synthetic_report(tmp_path, "2024Q1/58/vi")
    synthetic_report(tmp_path, "2024Q1/58/en")
    page = words(gallery(tmp_path, stale={"2024Q1/58/en"}))
    assert page.count("đầu vào đã thay đổi từ đó") == 1
    assert page.index("Tiếng Việt") < page.index("English") < page.index("đầu vào đã thay đổi từ đó")
    assert "2 báo cáo; 1 có đầu vào đã thay đổi." in page


def test_quarters_from_the_newest_and_provinces_as_a_dictionary_orders_them(tmp_path):
    for identity in ("2023Q4/58/vi", "2024Q1/48/vi", "2024Q1/89/vi", "2024Q1/66/vi", "2024Q1/58/vi"):
        synthetic_report(tmp_path, identity)
    page = gallery(tmp_path)
    heads = re.findall(r"<h[23]>(.*?)</h[23]>", page)
    assert heads == ["Quý I/2024", "An Giang", "Đà Nẵng", "Đắk Lắk", "Ninh Thuận", "Quý IV/2023", "Ninh Thuận"]
    assert 'href="#2023Q4"' in page


def test_a_failure_says_where_beside_the_report_that_stayed(tmp_path):
    synthetic_report(tmp_path, "2024Q1/58/vi")
    synthetic_failure(tmp_path, "2024Q1/58/vi")
    synthetic_failure(tmp_path, "2024Q2/58/en", message="x" * 5000)
    page = words(gallery(tmp_path))
    assert "Lần chạy gần nhất hỏng: 40_workload, ô drawing: ValueError: the figure is blank" in page
    assert "English: chưa có báo cáo" in page
    assert "2 hỏng ở lần chạy gần nhất" in page and "1 báo cáo;" in page
    assert "x" * 200 in page and "x" * 400 not in page


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b'{"request": 5, "jobs": []}',
        b"[" * 100_000,
        b'{"request": {"boundary": "x", "as_of": "30/4/2024"}, "finished_at": "2026-11-23T21:56:10Z", "jobs": []}',
        b'{"request": {"boundary": "x", "as_of": "2024-04-30"}, "finished_at": "0001-01-01T00:00:00Z", "jobs": [{}]}',
    ],
)
def test_a_damaged_record_is_said_to_be_so(tmp_path, content):
    folder = synthetic_report(tmp_path, "2024Q1/58/vi")
    (folder / "run.json").write_bytes(content)
    (folder / "figures" / "10_index_overview__one_picture__2024Q1.json").write_bytes(content)
    synthetic_failure(tmp_path, "2024Q1/58/en")
    (tmp_path / ".failed" / "2024Q1/58/en" / "run.json").write_bytes(content)
    page = gallery(tmp_path)
    assert "run.json không đọc được" in words(page)
    assert "2024Q1/58/vi/index.html" in page and "Lần chạy gần nhất hỏng" in page
    assert "run.json cannot be read" in words(gallery(tmp_path, "en"))


def test_a_folder_without_a_record_is_said_to_be_damaged(tmp_path):
    (tmp_path / "2024Q1/58/vi").mkdir(parents=True)
    assert "run.json không đọc được (FileNotFoundError)" in words(gallery(tmp_path))


def test_other_folders_are_no_reports(tmp_path):
    for place in (".work/2024Q1/58/vi", "2024Q1/58/.vi.old", "2024/58/vi", "9999Q1/58/vi", "2024Q1/58/fr", "2024Q1/x"):
        (tmp_path / place).mkdir(parents=True)
    assert "Chưa có báo cáo nào" in gallery(tmp_path)


def test_a_folder_that_is_not_there_yet(tmp_path):
    assert "There are no reports in this folder yet." in gallery(tmp_path / "reports", "en")


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_records_are_no_markup(tmp_path, text):
    folder = synthetic_report(tmp_path, "2024Q1/58/vi")
    path = folder / "figures" / "10_index_overview__one_picture__2024Q1.json"
    card = json.loads(path.read_text())
    name = f"{text[:200]}.svg".replace("/", "_")
    path.write_text(json.dumps(card | {"alt": text, "files": {name: ""}}))
    synthetic_failure(tmp_path, "2024Q1/58/vi", text)
    page = gallery(tmp_path)
    tags = Tags(page)
    assert not tags.named("script", "iframe", "link")
    assert not [name for _, given in tags.all if given for name in given if name.startswith("on") or name == "style"]
    assert escape(text[:100].replace("\ud800", "?")) in page


def test_an_unknown_province_goes_by_its_number(tmp_path):
    synthetic_report(tmp_path, "2024Q1/00/vi")
    assert "<h3>00</h3>" in gallery(tmp_path)


def test_written_in_one_step(tmp_path, monkeypatch):
    """A disk that is full in the middle leaves the old page, and nothing else."""
    before = gallery(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_gallery(tmp_path, "en", set(), TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == before


def test_the_same_bytes_again(tmp_path):
    for identity in ("2023Q4/58/vi", "2024Q1/48/vi", "2024Q1/48/en"):
        synthetic_report(tmp_path, identity)
    assert gallery(tmp_path) == gallery(tmp_path)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """126 made-up reports: 63 provinces in two languages."""
    from ninhthuan.catalogue import catalogue

    reports = tmp_path_factory.mktemp("many")
    codes = [code for boundary, code in catalogue().provinces if boundary == "pre_2025"][:63]
    for code in codes:
        for language in ("vi", "en"):
            synthetic_report(reports, f"2024Q1/{code}/{language}", inputs={"code": "z" * 70_000})
    synthetic_failure(reports, "2024Q1/58/vi", HOSTILE[0])
    synthetic_failure(reports, "2023Q4/58/vi", HOSTILE[5])
    (reports / "2024Q1/01/vi/run.json").write_text("{")
    return reports


def test_a_hundred_reports_are_no_burden(many):
    page = gallery(many)
    assert len(page) < 150_000
    assert "125 báo cáo" not in page and "126 báo cáo" in page


def test_a_filter_comes_with_many_reports(many, tmp_path):
    page = gallery(many)
    # 63 provinces in one quarter, and one that failed in another
    assert 'data-filter="main"' in page and "Thấy # trong 64" in page
    assert page.count(" data-group>") == 2 and '<li id="2024Q1-58">' in page and len(Tags(page).named("script")) == 1
    synthetic_report(tmp_path, "2024Q1/58/vi")
    assert 'data-filter="main"' not in gallery(tmp_path) and "<script" not in gallery(tmp_path)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("vi", 360), ("en", 1400)])
def test_the_page_opens_from_disk(chromium, many, language, width):
    gallery(many, language, {"2024Q1/58/en"})
    browser = Browser(chromium)
    try:
        page = browser.open(many / "index.html", width)
        # pictures far below are not loaded before they are needed
        assert len([url for url in page.asked if ".svg" in url]) < 63
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert len(pictures_of(page)) == 63 and all(natural for _, natural in pictures_of(page))
        assert all(url.startswith("file:") for url in page.asked)
        assert page.complaints == []
        assert violations(page) == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
    finally:
        browser.close()
