"""Pages of a report that open from disk: one for the report, one for each executed notebook.

They hold no script and load nothing but the report's own pictures; a policy in each page says so to the browser.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from ninhthuan.language import day, label, pick
from ninhthuan.numbers import MINUS, number
from ninhthuan.words import bilingual, phrase

from ..wording import sentence
from .contents import Card, Contents, Section, is_numeric, plot_box

TEMPLATES = Path(__file__).with_name("templates")
PLOT_PX = 640  # the width of A4 between margins of 20 mm; letters of 8 pt come out as 8.7 pt
DATA_ROWS = 40  # of a figure's data, at most, in the page itself; the CSV has them all
MANY = 5  # columns of a table that a telephone does not hold
KINDS = {"figure": bilingual("pages.figure"), "table": bilingual("pages.table")}
DOCUMENTS = {
    "briefing.docx": bilingual("pages.briefing_word"),
    "briefing.pdf": bilingual("pages.briefing_pdf"),
    "data.xlsx": bilingual("pages.all_data_excel"),
    "slides.pptx": bilingual("pages.slides_powerpoint"),
}


def write_pages(
    contents: Contents, *, summary: list[tuple[str, str]], documents: list[str], notebooks: bool = True
) -> list[Path]:
    """Write `index.html` and, if asked for, a page beside each notebook; returns their paths.

    summary: (notebook, card), whose titles open the page; documents: files of the folder that are offered at the top.
    """
    pages = {contents.folder / "index.html": _report(contents, summary, documents, notebooks)}
    for section in contents.sections if notebooks else ():
        pages[section.notebook.with_suffix(".html")] = _notebook(contents, section)
    for path, page in pages.items():
        write_page(path, page)
    return list(pages)


def write_page(path: Path, page: str) -> None:
    """Write a page; half a character of a damaged text is written as a question mark."""
    path.write_bytes(page.encode("utf-8", "replace"))


def document(title: str, language: str, body: str, *, look: str = "") -> str:
    """A whole page; look: classes of its body. Its style is allowed by its hash, and so works from any place."""
    style = stylesheet()
    allowed = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    # `file:` beside `'self'`: of pages opened from disk not every browser takes the folder as their own place
    policy = (
        f"default-src 'none'; img-src 'self' file:; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    )
    skip = phrase("pages.skip_content", language)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body class="{look}">\n'
        f'<a class="skip" href="#main">{skip}</a>\n{body}\n</body>\n</html>\n'
    )


@cache
def stylesheet() -> str:
    """The style of every page, without its comments."""
    return re.sub(r"/\*.*?\*/\n?", "", (TEMPLATES / "page.css").read_text(encoding="utf-8"), flags=re.DOTALL)


def file_size(path: Path, language: str) -> str:
    """`840 kB`, `1,2 MB`."""
    size = path.stat().st_size
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{number(size / 1_000_000, 1, language)} MB"


def plot_image(card: Card, width: int, base: str = "") -> str:
    """The plot of a figure without its words: a part of its SVG, as sharp as the whole and no file more."""
    left, top, box_width, box_height = plot_box(card)
    part = f"#svgView(viewBox({left:g},{top:.2f},{box_width:.2f},{box_height:.2f}))"
    height = round(width * box_height / box_width)
    return (
        f'<img src="{_address(card, "svg", base)}{part}" width="{width}" height="{height}" '
        f'alt="{escape(card.record["alt"])}" loading="lazy">'
    )


# ---------------------------------------------------------------------------------------------------------- a report


def _report(contents: Contents, summary: list[tuple[str, str]], documents: list[str], notebooks: bool) -> str:
    language = contents.language
    findings = [card for place in summary if (card := contents.card(*place))]
    findings = "".join(f'<li><a href="#{_anchor(card)}">{escape(card.title)}</a></li>' for card in findings)
    offered = "".join(_document(contents.folder / name, language) for name in documents)
    offered = offered and f'<ul class="documents">{offered}</ul>'
    opening = ""
    said = "".join(_prose(card) for card in contents.cards if card.kind == "prose")
    if said or findings:
        head = phrase("pages.main_findings", language)
        opening = f'<section id="summary"><h2>{head}</h2>{said}<ul class="findings">{findings}</ul></section>\n'
    places = phrase("pages.contents", language)
    links = "".join(
        f'<li><a href="#{quote(section.name)}">{escape(section.question)}</a></li>' for section in contents.sections
    )
    sections = "".join(_section(section, language, notebooks) for section in contents.sections) + _on_paper(contents)
    body = (
        f'<header><h1>{escape(contents.title)}</h1><p class="soft">{escape(contents.scope)}</p>{offered}</header>\n'
        f'<div class="columns"><nav class="side" aria-label="{places}"><p>{places}</p><ol>{links}</ol></nav>\n'
        f'<main id="main" tabindex="-1">{opening}{_find(contents)}{sections}</main></div>\n'
        f"<footer><p>{_about(language)}</p></footer>"
    )
    return document(contents.title, language, body, look="sided")


def _document(path: Path, language: str) -> str:
    name = pick(*DOCUMENTS[path.name], language) if path.name in DOCUMENTS else path.name
    size = file_size(path, language)
    return f'<li><a href="{quote(path.name)}" download>{escape(name)} <span>({size})</span></a></li>'


def _find(contents: Contents) -> str:
    """Every figure and table by its title, under the question of its notebook."""
    language, groups = contents.language, []
    for section in contents.sections:
        items = "".join(
            f'<li><a href="#{_anchor(card)}">{escape(card.title)}</a> <span>({pick(*KINDS[card.kind], language)})'
            "</span></li>"
            for card in section.cards
            if card.kind in KINDS
        )
        items = items and f"<ul>{items}</ul>"
        groups.append(f'<div><p><a href="#{quote(section.name)}">{escape(section.question)}</a></p>{items}</div>')
    head = phrase("pages.find_figure_table", language)
    return (
        f'<section class="find-section" id="find"><h2>{head}</h2><nav class="find" aria-label="{head}">'
        f"{''.join(groups)}</nav></section>\n"
    )


def _section(section: Section, language: str, paged: bool) -> str:
    name = quote(section.notebook.name)
    page = quote(section.notebook.with_suffix(".html").name)
    read = phrase("pages.notebook_how_worked_out", language)
    save = phrase("pages.download_notebook_ipynb", language)
    shown = f'<a href="notebooks/{page}">{read}</a> ' if paged else ""
    cards = "".join(_card(card, language) for card in section.cards)
    return (
        f'<section id="{escape(section.name)}"><h2>{escape(section.question)}</h2>'
        f'<p class="files">{shown}<a href="notebooks/{name}" download>{save}</a></p>\n{cards}</section>\n'
    )


def _on_paper(contents: Contents) -> str:
    """What is missing, caveats and sources of all notebooks in one place, none twice: shown in print alone."""
    closing = next((card for card in contents.cards if card.kind == "text"), None)
    if closing is None:
        return ""
    heads = (head for head, _ in closing.record["sections"])
    lists = _lists((head, contents.closing(place)) for place, head in enumerate(heads))
    return f'<section class="paper"><h2>{escape(closing.title)}</h2>{lists}</section>\n'


def _about(language: str) -> str:
    record = '<a href="run.json">run.json</a>'
    return phrase("pages.figures_15_5_cm_wide", language, record=record)


# ------------------------------------------------------------------------------------------------------------ a card


def _anchor(card: Card) -> str:
    return quote(card.identity)


def _address(card: Card, suffix: str, base: str = "") -> str:
    """Of a card's file; base leads to the report's folder."""
    path = card.path(suffix)
    return f"{base}{quote(path.parent.name)}/{quote(path.name)}"


def _card(card: Card, language: str, *, base: str = "", heading: str = "h3") -> str:
    """A card in a page; base leads to the report's folder, heading is the element of its title."""
    if card.kind == "absent":
        return f'<p class="absent" id="{escape(card.identity)}">{escape(card.title)}.</p>\n'
    if card.kind == "text":
        return _closing(card)
    name = f"{escape(card.identity)}-title"
    title = f'<{heading} class="title" id="{name}">{escape(card.title)}</{heading}>'
    sub = f'<p class="sub">{escape(card.record.get("subtitle", ""))}</p>' if card.record.get("subtitle") else ""
    # a box that scrolls must be reached by keyboard, and say what it is
    box = f'tabindex="0" role="group" aria-labelledby="{name}"'
    hint = phrase("pages.swipe_sideways_see_all", language)
    hint = f'<p class="hint" aria-hidden="true">↔ {hint}</p>'
    if card.kind == "figure":
        shown = f'<div class="scroll plot" {box}>{plot_image(card, PLOT_PX, base)}</div>{hint}'
        data = _data(card, language)
    elif card.kind == "prose":
        shown, data = _prose(card), ""
    else:
        table = card.record["table"]
        shown = f'<div class="scroll" {box}>{_table(table["columns"], table["rows"])}</div>'
        shown += hint if len(table["columns"]) >= MANY else ""
        data = ""
    under = "".join(
        f'<p class="under"><b>{label(key, language)}:</b> {escape(sentence(card.record[key]))}</p>'
        for key in ("note", "source")
        if card.record.get(key)
    )
    links = " ".join(
        f'<a href="{_address(card, suffix, base)}" download aria-describedby="{name}">{suffix.upper()}</a>'
        for suffix in ("png", "svg", "pdf", "csv")
        if card.path(suffix)
    )
    more = ""
    if base:
        link = phrase("pages.report", language)
        more = f' <a href="{base}index.html#{_anchor(card)}" aria-describedby="{name}">{link}</a>'
    download = phrase("pages.download", language)
    long = " long" if card.kind == "table" and len(card.record["table"]["rows"]) > 12 else ""
    return (
        f'<article class="card{long}" id="{escape(card.identity)}" aria-labelledby="{name}">{title}{sub}\n{shown}\n'
        f'{under}<p class="files">{download}: {links}{more}</p>{data}</article>\n'
    )


def _table(columns: list, rows: list) -> str:
    """A table of ready text: numbers to the right, the first column the heads of the rows unless it is of numbers."""
    columns, rows = [str(column) for column in columns], [[str(cell) for cell in row] for row in rows]
    numeric = [is_numeric([row[place] for row in rows]) for place in range(len(columns))]
    looks = [' class="n"' if number_ else "" for number_ in numeric]
    head = "".join(
        f'<th scope="col"{look}>{escape(column)}</th>' if column else f"<td{look}></td>"
        for column, look in zip(columns, looks, strict=True)
    )
    body = []
    for row in rows:
        cells = [f"<td{look}>{escape(cell)}</td>" for cell, look in zip(row, looks, strict=True)]
        if cells and not numeric[0] and row[0]:
            cells[0] = f'<th scope="row">{escape(row[0])}</th>'
        body.append(f"<tr>{''.join(cells)}</tr>")
    # on a telephone many columns are scrolled sideways, not squeezed
    many = ' class="many"' if len(columns) >= MANY else ""
    return f"<table{many}><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _data(card: Card, language: str) -> str:
    """The data of a figure as a table to unfold; of many rows the CSV is enough."""
    path = card.path("csv")
    if not path:
        return ""
    with open(path, encoding="utf-8", newline="") as handle:
        columns, *rows = csv.reader(handle)
    if not 0 < len(rows) <= DATA_ROWS:
        return ""
    types = {column["name"]: column["type"] for column in card.record.get("columns", [])}
    kinds = [types.get(column) for column in columns]
    rows = [[_cell(cell, kind, language) for cell, kind in zip(row, kinds, strict=True)] for row in rows]
    head = phrase("pages.data_figure_rows", language, n_rows=len(rows))
    return (
        f'<details class="data"><summary>{head}</summary><div class="scroll" tabindex="0" role="group" '
        f'aria-label="{head}">{_table(columns, rows)}</div></details>'
    )


def _cell(text: str, kind: str | None, language: str) -> str:
    """A cell of a CSV as it is read: six digits of a number, with the sign for decimals of the language."""
    if kind not in ("number", "integer") or not text:
        return text
    try:
        value = float(text)
    except ValueError:
        return text
    shown = f"{value:.6g}" if kind == "number" else f"{value:.0f}"
    return shown.replace("-", MINUS).replace(".", phrase("pages.shown", language))


def _prose(card: Card) -> str:
    """Paragraphs, each with its head."""
    return "".join(
        f"<p><b>{escape(head)}.</b> {escape(' '.join(lines))}</p>" for head, lines in card.record["sections"]
    )


def _closing(card: Card) -> str:
    return (
        f'<details class="closing" id="{escape(card.identity)}"><summary>{escape(card.title)}</summary>'
        f"{_lists(card.record['sections'])}</details>\n"
    )


def _lists(sections: Iterable[tuple[str, list[str]]]) -> str:
    """Heads, each with its lines."""
    return "".join(
        f"<h3>{escape(head)}</h3><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
        for head, lines in sections
    )


# -------------------------------------------------------------------------------------------------------- a notebook


def _notebook(contents: Contents, section: Section) -> str:
    """The page of an executed notebook: its words and cards; its code is there when it is asked for."""
    language = contents.language
    cells = _cells(contents, section)
    # the question is the page's one head of the first level
    cells = re.sub(r"<h1>.*?</h1>", "", cells, count=1, flags=re.DOTALL)
    cells = re.sub(r"<(/?)h1>", r"<\1h2>", cells)
    back = phrase("pages.back_report", language)
    show, hide = phrase("pages.show_python_code", language), phrase("pages.hide_code", language)
    save = phrase("pages.download_notebook_run_again", language)
    body = (
        f'<header><p><a href="../index.html#{quote(section.name)}">← {back}</a></p>'
        f'<h1>{escape(section.question)}</h1><p class="files"><a href="#code">{show}</a> '
        f'<a href="{quote(section.notebook.name)}" download>{save} (.ipynb)</a></p></header>\n'
        f'<main id="main" tabindex="-1"><div id="code"><p class="hide"><a href="#main">{hide}</a></p>\n'
        f"{cells}</div></main>\n"
        f'<footer><p><a href="../index.html#{quote(section.name)}">← {back}</a></p></footer>'
    )
    made = phrase("pages.indices_known", language)
    title = f"{section.question} ({contents.province}, {contents.request.quarter}, {made} "
    return document(title + day(contents.request.as_of, language) + ")", language, body)


def _cells(contents: Contents, section: Section) -> str:
    """The cells of a notebook as HTML, by nbconvert."""
    import nbformat
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    language = contents.language
    exporter = HTMLExporter(
        config=Config({"CSSHTMLHeaderPreprocessor": {"enabled": False}}),
        template_name="notebook",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
    )
    outputs = _Outputs(section, language)
    exporter.register_filter("harmless", harmless)
    exporter.register_filter("shown", outputs.shown)
    book = nbformat.from_dict(json.loads(section.notebook.read_text(encoding="utf-8")))
    for cell in book.cells:
        for key in ("source", "text"):
            cell[key] = _joined(cell.get(key, ""))
        for output in cell.get("outputs", []):
            if "text/markdown" in output.get("data", {}):
                output.data["text/markdown"] = _joined(output.data["text/markdown"])
    words = {"code": phrase("pages.python_code_cell", language)}
    html, _ = exporter.from_notebook_node(book, resources={"words": words})
    return html


def _joined(text: str | list[str]) -> str:
    """Texts of a notebook file are strings or lists of lines."""
    return text if isinstance(text, str) else "".join(text)


class _Outputs:
    """Outputs of a notebook's cells as HTML: cards as in the report, all else without anything that acts or loads."""

    def __init__(self, section: Section, language: str):
        self.section, self.language = section, language
        self._waiting = [card for card in section.cards if card.kind in KINDS]
        self._pictures = 0

    def shown(self, output: dict) -> str:
        from nbconvert.filters import strip_ansi

        data = {kind: _joined(text) for kind, text in output.get("data", {}).items() if isinstance(text, str | list)}
        for kind in ("image/png", "image/jpeg"):
            if kind in data:
                given = output.get("metadata", {}).get(kind, {})
                alt = str(given.get("alt", "")) if isinstance(given, dict) else ""
                card = self._take("figure", "alt", alt)
                return card or self._picture(data[kind], kind, alt)
        if "text/html" in data:
            text = data["text/html"]
            # as `cards.table_html` opens a table
            title = re.search(r"<caption[^>]*><b>(.*?)</b><br>", text, re.DOTALL)
            card = title and self._take("table", "title", unescape(title[1]))
            return card or f'<div class="scroll" tabindex="0">{harmless(text)}</div>'
        text = data.get("text/plain") or _joined(output.get("text", "")) or "\n".join(output.get("traceback", []))
        return f'<pre class="scroll" tabindex="0">{escape(strip_ansi(text))}</pre>' if text else ""

    def _take(self, kind: str, key: str, text: str) -> str:
        """The first card of a kind with this text that has not been shown yet."""
        for card in self._waiting:
            if card.kind == kind and card.record[key] == text:
                self._waiting.remove(card)
                return _card(card, self.language, base="../", heading="p")
        return ""

    def _picture(self, content: str, kind: str, alt: str) -> str:
        """A picture that is no card: a file beside the page."""
        self._pictures += 1
        path = self.section.notebook.with_suffix(f".{self._pictures}.{kind.removeprefix('image/')}")
        try:
            path.write_bytes(base64.b64decode(content))
        except ValueError:
            return ""
        return f'<img class="picture" src="{quote(path.name)}" alt="{escape(alt)}">'


TAGS = frozenset(
    re.findall(
        r"\w+",
        "a abbr b blockquote br caption code col colgroup dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol "
        "p pre s small span strong sub sup table tbody td tfoot th thead tr u ul var",
    )
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}


def harmless(html: str) -> str:
    """HTML of a notebook without what acts, what loads from elsewhere, and what would change the page around it."""
    import nh3

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_own_pictures,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _own_pictures(tag: str, name: str, value: str) -> str | None:
    """Pictures are files of the report: plain relative names, no address of another place."""
    if (tag, name) == ("img", "src"):
        return value if re.fullmatch(r"(\.\./)?(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:png|jpe?g|svg)", value) else None
    return value
