"""The page over all reports of a folder: what was made when, what has changed since, what failed."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from html import escape
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from ninhthuan.catalogue import boundary_on
from ninhthuan.language import LANGUAGES, day, pick, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual, phrase
from notebook_batch.places import folders
from notebook_batch.record import write_atomically

from ..wording import province_name, sentence, sort_key
from .contents import Card
from .explore import NAME as EXPLORER
from .page_cards import plot_image
from .page_frame import document, filter_box
from .page_opening import NAMES

THUMBNAIL = "figures/10_index_overview__one_picture__{}.json"
THUMBNAIL_PX = 224
MESSAGE = 300  # letters of an error, at most
FEW = 12  # reports that are found without a filter
# what reading a record that is no record may raise
DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
VIETNAM = timezone(timedelta(hours=7))
OFFERED = {"briefing.docx": "Word", "briefing.pdf": "PDF", "data.xlsx": "Excel", "slides.pptx": "PowerPoint"}


@dataclass(frozen=True)
class Made:
    """A report as its folder tells: `faults` says in both languages what is wrong with the record itself.

    failed: of the last run, where it failed, the jobs that did: notebook, cell, error.
    """

    quarter: Quarter
    province_code: str
    language: str
    folder: Path
    boundary: str = ""
    made_on: date | None = None
    as_of: date | None = None
    figures: int = 0
    tables: int = 0
    thumbnail: Card | None = None
    fault: tuple[str, str] | None = None
    failed: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def identity(self) -> str:
        return f"{self.quarter}/{self.province_code}/{self.language}"


def write_gallery(reports: Path, language: str, stale: Collection[str], today: date) -> Path:
    """Write `reports/index.html` in a language, in one step.

    stale: identities of reports like `2024Q1/58/vi` whose inputs have changed since they were made.
    """
    page = _page(_found(reports), language, stale, today, compare=(reports / EXPLORER).is_file())
    path = reports / "index.html"
    write_atomically(path, page.encode("utf-8", "replace"), lasting=True)
    return path


def _found(reports: Path) -> list[Made]:
    """Every report that was made or has failed; the newest quarter first, then by province as a dictionary orders."""
    places = {path.relative_to(top) for top in (reports, reports / ".failed") for path in folders(top, 3)}
    found = []
    for place in places:
        quarter, code, language = place.parts
        if language in LANGUAGES and not code.startswith("."):
            try:
                found.append(_made(reports, Quarter.parse(quarter), code, language))
            except ValueError:
                continue  # no quarter's folder
    return sorted(
        found,
        key=lambda one: (
            -one.quarter.year,
            -one.quarter.number,
            sort_key(_province(one, "vi")),
            one.province_code,
            LANGUAGES.index(one.language),
        ),
    )


def _made(reports: Path, quarter: Quarter, code: str, language: str) -> Made:
    place = Path(str(quarter), code, language)
    folder = reports / place
    known = {"boundary": boundary_on(quarter.last_day), "failed": _failed(reports / ".failed" / place)}
    if not folder.is_dir():
        return Made(quarter, code, language, folder, **known)
    try:
        record = json.loads((folder / "run.json").read_bytes())
        request = record["request"]
        kinds = [card["kind"] for job in record["jobs"] for card in job["cards"].values()]
        known |= {
            "boundary": str(request["boundary"]),
            "made_on": datetime.fromisoformat(record["finished_at"]).astimezone(VIETNAM).date(),
            "as_of": date.fromisoformat(request["as_of"]),
            "figures": kinds.count("figure"),
            "tables": kinds.count("table"),
        }
    except DAMAGE as error:
        name = type(error).__name__
        known["fault"] = bilingual("gallery.run_json_cannot_read", name=name)
    return Made(quarter, code, language, folder, thumbnail=_thumbnail(folder, quarter), **known)


def _thumbnail(folder: Path, quarter: Quarter) -> Card | None:
    """The figure that stands for a report; None where it has none."""
    path = folder / THUMBNAIL.format(quarter)
    try:
        card = Card(json.loads(path.read_bytes()), path.parent)
        plot_image(card, THUMBNAIL_PX)
    except DAMAGE:
        return None
    return card


def _failed(folder: Path) -> list[tuple[str, str, str]]:
    """Notebook, cell and error of the jobs that failed in the last run."""
    if not folder.is_dir():
        return []
    try:
        jobs = json.loads((folder / "run.json").read_bytes())["jobs"]
        failed = [(job["name"], job["error"]) for job in jobs if job["status"] == "failed"]
        return [
            (str(name), str(error["cell"] or ""), f"{error['name']}: {error['message']}") for name, error in failed
        ] or [("?", "", "?")]
    except DAMAGE as error:
        return [("?", "", f"run.json: {type(error).__name__}")]


def _province(one: Made, language: str) -> str:
    try:
        return province_name(one.province_code, one.boundary, language)
    except KeyError:
        return one.province_code


def _page(found: list[Made], language: str, stale: Collection[str], today: date, *, compare: bool) -> str:
    title = phrase("gallery.quarterly_reports_governance_indices_administrative", language)
    there = [one for one in found if one.folder.is_dir()]
    failed = sum(bool(one.failed) for one in found)
    old = sum(one.identity in stale for one in there)
    count = phrase("gallery.reports", language, n_there=len(there))
    if old:
        count += phrase("gallery.inputs_changed_since", language, old=old)
    if failed:
        count += phrase("gallery.failed_last_run", language, failed=failed)
    count += phrase("gallery.page", language, today=(day(today, "vi"), day(today, "en")))
    if not found:
        count = phrase("gallery.there_no_reports_folder_yet", language)
    quarters = [(quarter, list(group)) for quarter, group in groupby(found, key=lambda one: one.quarter)]
    links = "".join(
        f'<li><a href="#{quarter}">{escape(sentence(quarter_name(quarter, language)))}</a></li>'
        for quarter, _ in quarters
    )
    places = phrase("gallery.quarters", language)
    link = f'<p><a href="{EXPLORER}">{phrase("gallery.compare", language)}</a></p>' if compare else ""
    nav = f'<nav aria-label="{places}"><ul class="quarters">{links}</ul></nav>' if len(quarters) > 1 else ""
    sections = "".join(_section(quarter, group, language, stale) for quarter, group in quarters)
    provinces = len({(one.quarter, one.province_code) for one in found})
    many = len(there) > FEW
    box = filter_box("main", phrase("gallery.filter_provinces", language), provinces, language) if many else ""
    body = (
        f'<header><h1>{escape(title)}</h1><p class="soft">{count}</p>{link}{nav}{box}</header>\n'
        f'<main id="main" tabindex="-1">{sections}</main>'
    )
    return document(title, language, body, look="wide", acts=many)


def _section(quarter: Quarter, group: list[Made], language: str, stale: Collection[str]) -> str:
    tiles = groupby(group, key=lambda one: (one.province_code, _province(one, language)))
    tiles = "".join(_tile(name, list(reports), language, stale) for (_, name), reports in tiles)
    head = escape(sentence(quarter_name(quarter, language)))
    return f'<section id="{quarter}" data-group><h2>{head}</h2>\n<ul class="reports">{tiles}</ul></section>\n'


def _tile(name: str, reports: list[Made], language: str, stale: Collection[str]) -> str:
    """A province in a quarter: its picture, and its reports in their languages."""
    shown = sorted((one for one in reports if one.thumbnail), key=lambda one: one.language != language)
    picture = ""
    if shown:
        one = shown[0]
        label = escape(f"{name}, {quarter_name(one.quarter, language)}, {NAMES[one.language]}")
        image = plot_image(one.thumbnail, THUMBNAIL_PX, f"{quote(one.identity)}/")
        picture = f'<a class="thumbnail" href="{_address(one)}" aria-label="{label}">{image}</a>'
    lines = "".join(_report(name, one, language, one.identity in stale) for one in reports)
    identity = f"{reports[0].quarter}-{escape(reports[0].province_code)}"
    return f'<li id="{identity}"><h3>{escape(name)}</h3>{picture}{lines}</li>\n'


def _address(one: Made, name: str = "index.html") -> str:
    return f"{quote(one.identity)}/{quote(name)}"


def _report(name: str, one: Made, language: str, changed: bool) -> str:
    """A report in a line or two, and what is wrong with it."""
    lines = []
    if one.folder.is_dir():
        label = escape(f"{NAMES[one.language]}: {name}, {quarter_name(one.quarter, language)}")
        lines.append(
            f'<p class="open"><a href="{_address(one)}" hreflang="{one.language}" aria-label="{label}">'
            f'<span lang="{one.language}">{NAMES[one.language]}</span></a></p>'
        )
        if not one.fault:
            made, closed = day(one.made_on, language), day(one.as_of, language)
            since = phrase("gallery.inputs_changed_since_2", language)
            since = f'<strong class="warning">{since}</strong>' if changed else ""
            lines.append(
                phrase(
                    "gallery.p_made_closing_day_figures",
                    language,
                    made=made,
                    since=since,
                    closed=closed,
                    figures=one.figures,
                    tables=one.tables,
                )
            )
        offered = " ".join(
            f'<a href="{_address(one, file)}" download aria-label="{kind}: {label}">{kind}</a>'
            for file, kind in OFFERED.items()
            if (one.folder / file).is_file()
        )
        if offered:
            lines.append(f'<p class="files">{offered}</p>')
    else:
        missing = phrase("gallery.no_report_yet", language)
        lines.append(f'<p class="open"><span lang="{one.language}">{NAMES[one.language]}</span>: {missing}</p>')
    if one.fault:
        lines.append(f'<p class="warning"><strong>{pick(*one.fault, language)}</strong></p>')
    for notebook, cell, error in one.failed:
        where = escape(notebook + (phrase("gallery.cell", language, cell=cell) if cell else ""))
        error = escape(error if len(error) <= MESSAGE else error[:MESSAGE] + "…")
        last = phrase("gallery.last_run_failed", language)
        lines.append(f'<p class="warning"><strong>{last}</strong>: {where}: {error}</p>')
    return "".join(lines)
