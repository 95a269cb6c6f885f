"""The first screen of a report's page: province and quarter, three numbers, what happened, a picture, documents."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from ninhthuan.language import LANGUAGES, label, pick, quarter_name
from ninhthuan.numbers import number
from ninhthuan.words import bilingual, phrase

from ..phrases import decimals
from ..wording import index_name, period_name, rank_of, result_name
from .contents import Card, Contents
from .page_cards import anchor, card_html, prose

OVERVIEW = ("10_index_overview", "one_picture")
NAMES = {"vi": "Tiếng Việt", "en": "English"}
DOCUMENTS = {
    "briefing.docx": bilingual("pages.briefing_word"),
    "briefing.pdf": bilingual("pages.briefing_pdf"),
    "data.xlsx": bilingual("pages.all_data_excel"),
    "slides.pptx": bilingual("pages.slides_powerpoint"),
}
# What is told of the quarter's work, the most telling first: card, measure and channel.
WORK = (
    ("dossier_results", "dossiers_received", "all"),
    ("dossier_results", "dossiers_on_time_share", "all"),
    ("dossier_results", "dossiers_received_share", "online"),
    ("dossier_results", "dossiers_resolved", "all"),
)
NUMBERS = 3


@dataclass(frozen=True)
class KeyNumber:
    """A number that a card's frame holds, in words: value, unit, what it is, of when; the card that shows it."""

    value: str
    unit: str
    name: str
    period: str
    card: Card


def header(contents: Contents) -> str:
    """The ways out, whose report it is and of when."""
    language = contents.language
    quarter = quarter_name(contents.request.quarter, language)
    name = phrase("pages.province_quarter", language, province=contents.province, quarter=quarter)
    place = f"{contents.request.quarter}-{contents.request.province.province_code}"
    every = phrase("pages.all_reports", language)
    return (
        f'<header><nav class="ways" aria-label="{phrase("pages.other_reports", language)}">'
        f'<a href="../../../index.html#{place}">← {every}</a>{_other(contents)}</nav>'
        f"<h1>{escape(name)}</h1>"
        f'<p class="about">{phrase("pages.about", language, work=contents.work)}</p>'
        f'<p class="soft">{escape(contents.scope)}</p></header>\n'
    )


def _other(contents: Contents) -> str:
    """The link to the report in the other language, which the script shows where that report has been made."""
    picture = next((card.path("svg") for card in contents.cards if card.kind == "figure"), None)
    if not picture:
        return ""
    other = next(language for language in LANGUAGES if language != contents.language)
    there = f"../{other}/{quote(picture.parent.name)}/{quote(picture.name)}"
    return f'<a hidden lang="{other}" data-other="../{other}/index.html" data-picture="{there}">{NAMES[other]}</a>'


def opening(contents: Contents, picture: Card | None, documents: list[str]) -> str:
    """Three numbers, what happened, documents, and the picture of the province; blank where a report has none."""
    language = contents.language
    numbers = "".join(
        f'<li><a href="#{anchor(one.card)}"><b>{escape(one.value)}</b> <span>{escape(one.unit)}</span>'
        f"<em>{escape(one.name)}, {escape(one.period)}</em></a></li>"
        for one in key_numbers(contents)
    )
    numbers = numbers and f'<ul class="numbers">{numbers}</ul>'
    findings = "".join(
        f'<div class="said" id="{escape(card.identity)}"><h2>{phrase("pages.main_findings", language)}</h2>'
        f"{prose(card)}</div>"
        for card in contents.cards
        if card.kind == "prose"
    )
    offered = "".join(_document(contents.folder / name, language) for name in documents)
    offered = offered and f'<ul class="documents">{offered}</ul>'
    shown = card_html(picture, language, heading="h3" if findings else "h2") if picture else ""
    shown = shown and f'<div class="picture-of">{shown}</div>'
    if not (numbers or findings or offered or shown):
        return ""
    look = "opening with-picture" if shown else "opening"
    return (
        f'<div class="{look}" id="opening">{numbers}<div class="words-first">{findings}{offered}</div>{shown}</div>\n'
    )


def picture_of(contents: Contents, summary: list[tuple[str, str]]) -> Card | None:
    """The figure that opens the page: all indices of the province, else the first of the summary."""
    cards = (contents.card(*place) for place in [OVERVIEW, *summary])
    return next((card for card in cards if card and card.kind == "figure"), None)


def _document(path: Path, language: str) -> str:
    name = pick(*DOCUMENTS[path.name], language) if path.name in DOCUMENTS else path.name
    size = file_size(path, language)
    return f'<li><a href="{quote(path.name)}" download>{escape(name)} <span>({size})</span></a></li>'


def file_size(path: Path, language: str) -> str:
    """`840 kB`, `1,2 MB`."""
    size = path.stat().st_size
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number(size / 1_000_000, 1, language)} MB"


def key_numbers(contents: Contents) -> list[KeyNumber]:
    """At most three: two of the quarter's work and one of the newest edition, more of one where the other has none."""
    work, index = _of_work(contents), _of_index(contents)
    return [*work[:2], *index[:1], *work[2:], *index[1:]][:NUMBERS]


def _rows(card: Card | None) -> list[dict[str, str]]:
    path = card.path("csv") if card else None
    if not path:
        return []
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _of_work(contents: Contents) -> list[KeyNumber]:
    """Results of the quarter itself, in the order of `WORK`."""
    language, quarter, found = contents.language, str(contents.request.quarter), []
    for name, measure, channel in WORK:
        card = contents.card("40_workload", name)
        for row in _rows(card):
            place = row["measure"], row["channel"], row["quarter"], row.get("level", "all")
            if place != (measure, channel, quarter, "all") or not row["value"]:
                continue
            percent = row["unit"] == "percent"
            value = number(float(row["value"]), int(float(row["decimals"] or 0)), language) + "%" * percent
            unit = "" if percent else label(row["unit"], language)
            star, remark = _mark(row["basis"] == "derived", language)
            period = period_name(*(date.fromisoformat(row[f"period_{end}"][:10]) for end in ("start", "end")), language)
            found.append(KeyNumber(value + star, unit, result_name(measure, channel, language) + remark, period, card))
    return found


def _of_index(contents: Contents) -> list[KeyNumber]:
    """Rank, then score, of the newest edition with a rank; of two of one year, of that which came out last."""
    language, card = contents.language, contents.card(*OVERVIEW)
    ranked = [row for row in _rows(card) if row["rank"]]
    if not ranked:
        return []
    row = max(ranked, key=lambda row: (int(float(row["edition_year"])), row["published_on"]))
    name, year = index_name(row["index_id"]), phrase("wording.year", language, year=int(float(row["edition_year"])))
    _, remark = _mark(row["rank_basis"] == "implied", language)
    rank = rank_of(float(row["rank"]), float(row["n_ranked"] or "nan"), row["rank_basis"])
    provinces = phrase("pages.provinces", language)
    found = [KeyNumber(rank, provinces, phrase("pages.rank_on", language, index=name) + remark, year, card)]
    if row["score"]:
        star, remark = _mark(row["basis"] == "derived", language)
        percent = row["unit"] == "percent"
        places = min(decimals(row["unit"]), int(float(row["score_decimals"] or 9)))
        value = number(float(row["score"]), places, language) + "%" * percent + star
        unit = "" if percent else label(row["unit"], language)
        found.append(KeyNumber(value, unit, phrase("pages.score_on", language, index=name) + remark, year, card))
    return found


def _mark(worked_back: bool, language: str) -> tuple[str, str]:
    """The mark of a number that was worked back, and what it means."""
    return ("*", f" ({phrase('wording.worked_back', language)})") if worked_back else ("", "")
