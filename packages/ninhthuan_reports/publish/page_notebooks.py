"""The page of an executed notebook: its words and cards; what it holds besides is made harmless."""

from __future__ import annotations

import base64
import functools
import json
import re
from html import escape, unescape
from urllib.parse import quote

from ninhthuan.language import day
from ninhthuan.words import phrase

from .contents import Contents, Section
from .page_cards import KINDS, card_html
from .page_frame import TEMPLATES, document


def notebook_page(contents: Contents, section: Section) -> str:
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


@functools.cache
def exporter_of_pages():
    """nbconvert with its templates read and its kinds of cells seen once."""
    import nbformat
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    made = HTMLExporter(
        config=Config({"CSSHTMLHeaderPreprocessor": {"enabled": False}}),
        template_name="notebook",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
    )
    made.register_filter("harmless", harmless)
    made.register_filter("shown", lambda output: "")
    kinds = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_markdown_cell("1")]
    made.from_notebook_node(nbformat.v4.new_notebook(cells=kinds), resources={"words": {"code": ""}})
    return made


def _cells(contents: Contents, section: Section) -> str:
    """The cells of a notebook as HTML, by nbconvert."""
    import nbformat

    language, exporter = contents.language, exporter_of_pages()
    outputs = _Outputs(section, language)
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
                return card_html(card, self.language, base="../", heading="p")
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
