"""A card in a page: its picture or table, its words to copy, its files and data; a page's own lists of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from urllib.parse import quote

from figure_cards.cells import value_of
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, label, unaccented
from ninhthuan.numbers import number
from ninhthuan.words import bilingual, phrase

from ..wording import publisher_name, sentence
from .columns import Column, code_name, column
from .contents import Card, is_numeric, plot_box
from .sheets import read_frame

PLOT_PX = 640  # the width of A4 between margins of 20 mm; letters of 8 pt come out as 8.7 pt
DATA_ROWS = 40  # of a figure's data, at most, in the page itself; the CSV has them all
FEW_ROWS = 3  # from so many on, what is the same in all is said once
MANY = 5  # columns of a table that a telephone does not hold
KINDS = {"figure": bilingual("pages.figure"), "table": bilingual("pages.table")}
WHOLE = ("year", "rank", "number", "places", "count")


def anchor(card: Card) -> str:
    """The card's place in the page, fit for an address."""
    return quote(card.identity)


def plot_image(card: Card, width: int, base: str = "", *, alt: str | None = None) -> str:
    """The plot of a figure without its words: a part of its SVG, as sharp as the whole and no file more.

    base leads to the report's folder; alt: blank where the words beside it say all.
    """
    left, top, box_width, box_height = plot_box(card)
    part = f"#svgView(viewBox({left:g},{top:.2f},{box_width:.2f},{box_height:.2f}))"
    height = round(width * box_height / box_width)
    alt = escape(card.record["alt"] if alt is None else alt)
    return (
        f'<img src="{_address(card, "svg", base)}{part}" width="{width}" height="{height}" alt="{alt}" loading="lazy">'
    )


def card_html(card: Card, language: str, *, base: str = "", heading: str = "h3") -> str:
    """A card in a page; base leads to the report's folder, heading is the element of its title."""
    if card.kind == "absent":
        return f'<p class="absent" id="{escape(card.identity)}">{escape(card.title)}.</p>\n'
    if card.kind == "text":
        return _closing(card, language)
    name = f"{escape(card.identity)}-title"
    title = f'<{heading} class="title" id="{name}">{escape(card.title)}</{heading}>'
    sub = f'<p class="sub">{escape(card.record.get("subtitle", ""))}</p>' if card.record.get("subtitle") else ""
    # a box that scrolls must be reached by keyboard, and say what it is
    box = f'tabindex="0" role="group" aria-labelledby="{name}"'
    hint = f'<p class="hint" aria-hidden="true">↔ {phrase("pages.swipe_sideways_see_all", language)}</p>'
    data, long = "", ""
    if card.kind == "figure":
        shown = f'<div class="scroll plot" {box}>{plot_image(card, PLOT_PX, base)}</div>{hint}'
        data = data_table(card, language)
    else:
        table = card.record["table"]
        long = " long" if len(table["rows"]) > 12 else ""
        shown = f'<div class="scroll" {box}>{_table(table["columns"], table["rows"], language, name)}</div>'
        shown += hint if len(table["columns"]) >= MANY else ""
    under = "".join(
        f'<p class="under"><b>{label(key, language)}:</b> {escape(sentence(card.record[key]))}</p>'
        for key in ("note", "source")
        if card.record.get(key)
    )
    return (
        f'<figure class="card{long}" id="{escape(card.identity)}" aria-labelledby="{name}">'
        f"<figcaption>{title}{sub}</figcaption>\n{shown}\n{under}{_files(card, language, base, name)}"
        f"{_copy(card, language)}{data}</figure>\n"
    )


def _address(card: Card, suffix: str, base: str = "") -> str:
    """Of a card's file; base leads to the report's folder."""
    path = card.path(suffix)
    return f"{base}{quote(path.parent.name)}/{quote(path.name)}"


def _files(card: Card, language: str, base: str, name: str) -> str:
    """The card's files, the way to it in the report, and what copies its words."""
    links = " ".join(
        f'<a href="{_address(card, suffix, base)}" download aria-describedby="{name}">{suffix.upper()}</a>'
        for suffix in ("png", "svg", "pdf", "csv")
        if card.path(suffix)
    )
    links = links and f"{phrase('pages.download', language)}: {links}"
    if base:
        link = phrase("pages.report", language)
        links += f' <a href="{base}index.html#{anchor(card)}" aria-describedby="{name}">{link}</a>'
    copy = (
        f'<button type="button" data-script hidden data-copy="{escape(card.identity)}-words" '
        f'aria-describedby="{name}">{phrase("pages.copy", language)}</button>'
    )
    return f'<p class="files">{links} {copy}</p>'


def _copy(card: Card, language: str) -> str:
    """Title, subtitle, note, source and description as one text, to unfold and to copy."""
    parts = [card.title, card.record.get("subtitle", "")]
    heads = [(key, label(key, language)) for key in ("note", "source")]
    heads.append(("alt", phrase("pages.description", language)))
    parts += [f"{head}: {sentence(card.record[key])}" for key, head in heads if card.record.get(key)]
    text = escape("\n".join(part for part in parts if part))
    head = phrase("pages.words_to_copy", language)
    return (
        f'<details class="words-of"><summary>{head}</summary>'
        f'<div class="block" id="{escape(card.identity)}-words" tabindex="-1">{text}</div></details>'
    )


def _table(columns: list, rows: list, language: str, name: str) -> str:
    """A table of ready text: numbers to the right, the first column the heads of the rows unless it is of numbers.

    name: identity of what names it.
    """
    columns, rows = [str(head) for head in columns], [[str(cell) for cell in row] for row in rows]
    numeric = [is_numeric([row[place] for row in rows]) for place in range(len(columns))]
    looks = [' class="n"' if number_ else "" for number_ in numeric]
    head = "".join(
        f'<th scope="col"{look}>{escape(text)}</th>' if text else f"<td{look}></td>"
        for text, look in zip(columns, looks, strict=True)
    )
    body = []
    for row in rows:
        cells = [
            f"<td{look}{other_language(cell, language)}>{escape(cell)}</td>"
            for cell, look in zip(row, looks, strict=True)
        ]
        if cells and not numeric[0] and row[0]:
            cells[0] = f'<th scope="row"{other_language(row[0], language)}>{escape(row[0])}</th>'
        body.append(f"<tr>{''.join(cells)}</tr>")
    # on a telephone many columns are scrolled sideways, not squeezed
    many = ' class="many"' if len(columns) >= MANY else ""
    return f'<table{many} aria-labelledby="{name}"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def data_table(card: Card, language: str) -> str:
    """The data of a figure in words, as a table to unfold; of many rows the CSV is enough."""
    if not card.path("csv"):
        return ""
    frame = read_frame(card.path("csv"))
    n_rows = len(next(iter(frame.values()), []))
    if not 0 < n_rows <= DATA_ROWS:
        return ""
    types = {given["name"]: given["type"] for given in card.record.get("columns", [])}
    boundary = card.record.get("boundary", "pre_2025")
    # a column without a value says nothing; the list of provinces is that of the report, and a province has its name
    needless = {"boundary", "province_code"} if "province" in frame else {"boundary"}
    field = [column(name, language, card.name, frame) for name in frame if any(frame[name]) and name not in needless]
    shown = {one: _cells(one, frame, types.get(one.name), language, boundary) for one in field}
    same = {one: cells[0] for one, cells in shown.items() if n_rows >= FEW_ROWS and len(set(cells)) == 1}
    # of columns that read alike, a code and its name, one is enough
    alike = {tuple(cells): one for one, cells in reversed(shown.items())}
    varied = [one for one, cells in shown.items() if one not in same and alike[tuple(cells)] == one]
    heads, cells = [one.heading for one in varied], list(zip(*(shown[one] for one in varied), strict=True))
    constant = "; ".join(f"{one.heading}: {value}" for one, value in same.items())
    constant = constant and f'<p class="under">{phrase("pages.every_row", language)}: {escape(constant)}.</p>'
    head = phrase("pages.data_figure_rows", language, n_rows=n_rows)
    name = f"{escape(card.identity)}-data"
    return (
        f'<details class="data"><summary id="{name}">{head}</summary><div class="scroll" tabindex="0" role="group" '
        f'aria-labelledby="{name}">{_table(heads, cells, language, name)}</div>{constant}</details>'
    )


def _cells(field: Column, frame: dict[str, list[str]], declared: str | None, language: str, boundary: str) -> list[str]:
    """The cells of a column of a CSV as they are read: names for codes, days, numbers as the language prints them."""
    values = [value_of(text, field.kind, declared or "") for text in frame[field.name]]
    # the same decimals for all that have one unit and index
    scales = list(zip(*(frame[key] for key in ("unit", "index_id") if key in frame), strict=True)) or [()] * len(values)
    decimals = {
        scale: _decimals([value for value, own in zip(values, scales, strict=True) if own == scale], field.kind)
        for scale in set(scales)
    }
    shown = []
    for text, value, scale in zip(frame[field.name], values, scales, strict=True):
        if isinstance(value, int | float) and not isinstance(value, bool):
            grouped = field.kind not in ("year", "rank", "number")
            shown.append(number(value, decimals[scale], language) if grouped else f"{value:.0f}")
        elif isinstance(value, date):
            shown.append(day(value, language))
        elif text in ("True", "False"):
            shown.append(phrase("pages.true" if text == "True" else "pages.false", language))
        elif field.name.endswith("source_id") and text:
            known = [one for one in text.split() if one in catalogue().sources]
            shown.append("; ".join(dict.fromkeys(publisher_name(one, language) for one in known)) or text)
        else:
            shown.append(code_name(field.name, text, language, boundary) or text)
    return shown


def _decimals(values: list, kind: str) -> int:
    """Decimals that show each number of a column to six digits; of shares two at most."""
    if kind in WHOLE:
        return 0
    found = max((len(f"{v:.6g}".partition(".")[2]) for v in values if isinstance(v, int | float)), default=0)
    return min(found, 2 if kind == "percent" else 6)


def prose(card: Card) -> str:
    """Paragraphs, each with its head."""
    return "".join(
        f"<p><b>{escape(head)}.</b> {escape(' '.join(lines))}</p>" for head, lines in card.record["sections"]
    )


def _closing(card: Card, language: str) -> str:
    return (
        f'<details class="closing" id="{escape(card.identity)}"><summary>{escape(card.title)}</summary>'
        f"{lists(card.record['sections'], card.record.get('sources', []), language)}</details>\n"
    )


def lists(parts: Sequence[tuple[str, list[str]]], sources: list[dict], language: str) -> str:
    """Heads, each with its lines; the last of them with the sources, where there are any."""
    items = [[escape(line) for line in lines] for _, lines in parts]
    if sources:
        items[-1] = [_source(source, language) for source in sources]
    return "".join(
        f"<h3>{escape(head)}</h3><ul>{''.join(f'<li>{item}</li>' for item in found)}</ul>"
        for (head, _), found in zip(parts, items, strict=True)
    )


def _source(source: dict, language: str) -> str:
    """A source: the language of its title is marked, and its address is a link."""
    text, title = escape(source["text"]), escape(catalogue().sources[source["source_id"]].title)
    mark = other_language(title, language)
    text = text.replace(title, f"<span{mark}>{title}</span>", 1) if mark else text
    url = escape(source["url"])
    url = url and f' <a href="{url}" rel="noopener noreferrer">{url}</a>'
    return f'{text}{url} <span class="id">[{escape(source["source_id"])}]</span>'


def other_language(text: str, language: str) -> str:
    """` lang="en"` where a passage is in the other language of the two, told by the accents of its words.

    >>> other_language("Kết quả Chỉ số PAPI", "en"), other_language("Ninh Thuận ranks sixth in the country", "en")
    (' lang="vi"', '')
    """
    words = re.findall(r"[^\W\d_]{2,}", text)
    if len(words) < 4:
        return ""
    accented = sum(word.lower() != unaccented(word) for word in words) / len(words)
    found = "vi" if accented > 0.4 else "en" if not accented and len(words) > 4 else language
    return f' lang="{found}"' if found != language else ""
