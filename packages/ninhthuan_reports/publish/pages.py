"""Pages of a report that open from disk: one for the report, one for each executed notebook.

They load nothing but the report's own pictures and are whole without their script; a policy in each says so to the
browser.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from ninhthuan.language import pick
from ninhthuan.words import phrase

from ..closing import sections
from .contents import Card, Contents, Section
from .page_cards import KINDS, anchor, card_html, lists, plot_image
from .page_frame import document, filter_box
from .page_notebooks import notebook_page
from .page_opening import header, opening, picture_of

THUMBNAIL_PX = 360


def write_pages(
    contents: Contents, *, summary: list[tuple[str, str]], documents: list[str], notebooks: bool = True
) -> list[Path]:
    """Write `index.html` and, if asked for, a page beside each notebook; returns their paths.

    summary: (notebook, card), whose titles open the page; documents: files of the folder that are offered at the top.
    """
    pages = {contents.folder / "index.html": _report(contents, summary, documents, notebooks)}
    for section in contents.sections if notebooks else ():
        pages[section.notebook.with_suffix(".html")] = notebook_page(contents, section)
    for path, page in pages.items():
        # half a character of a damaged text is written as a question mark
        path.write_bytes(page.encode("utf-8", "replace"))
    return list(pages)


def _report(contents: Contents, summary: list[tuple[str, str]], documents: list[str], notebooks: bool) -> str:
    language, picture = contents.language, picture_of(contents, summary)
    first = [card for card in contents.cards if card.kind == "prose" or card == picture]
    findings = [card for place in summary if (card := contents.card(*place)) and card not in first]
    places = phrase("pages.contents", language)
    links = "".join(
        f'<li><a href="#{quote(section.name)}">{escape(section.question)}</a></li>' for section in contents.sections
    )
    sections = "".join(_section(section, language, notebooks, first) for section in contents.sections)
    body = (
        f'{header(contents)}<main id="main" tabindex="-1">{opening(contents, picture, documents)}'
        f"{_findings(findings, language)}"
        f'<div class="columns"><nav class="side" aria-label="{places}"><p>{places}</p><ol>{links}</ol></nav>\n'
        f"<div>{_find(contents)}{sections}{_on_paper(contents)}</div></div></main>\n"
        f"<footer><p>{_about(language)}</p></footer>"
    )
    return document(contents.title, language, body, look="sided")


def _findings(cards: list[Card], language: str) -> str:
    """What the figures of the briefing say, each with its figure in small."""
    items = "".join(
        f'<li><a href="#{anchor(card)}">{_small(card)}<span>{escape(card.title)}</span></a></li>' for card in cards
    )
    head = phrase("pages.findings_figures", language)
    return items and f'<section id="summary"><h2>{head}</h2><ul class="findings">{items}</ul></section>\n'


def _small(card: Card) -> str:
    return f"<i>{plot_image(card, THUMBNAIL_PX, alt='')}</i>" if card.kind == "figure" else ""


def _find(contents: Contents) -> str:
    """Every figure and table by its title, under the question of its notebook; with a filter."""
    language, groups, total = contents.language, [], 0
    for section in contents.sections:
        cards = [card for card in section.cards if card.kind in KINDS]
        items = "".join(
            f'<li><a href="#{anchor(card)}">{escape(card.title)} <span>({pick(*KINDS[card.kind], language)})'
            "</span></a></li>"
            for card in cards
        )
        items = items and f"<ul>{items}</ul>"
        head = f'<p><a href="#{quote(section.name)}">{escape(section.question)}</a></p>'
        groups.append(f"<div data-group>{head}{items}</div>")
        total += len(cards)
    head = phrase("pages.find_figure_table", language)
    box = filter_box("finding", phrase("pages.filter_titles", language), total, language) if total else ""
    return (
        f'<section class="find-section" id="find"><h2>{head}</h2>{box}<nav class="find" id="finding" '
        f'aria-label="{head}">{"".join(groups)}</nav></section>\n'
    )


def _section(section: Section, language: str, paged: bool, first: list[Card]) -> str:
    name = quote(section.notebook.name)
    page = quote(section.notebook.with_suffix(".html").name)
    read = phrase("pages.notebook_how_worked_out", language)
    save = phrase("pages.download_notebook_ipynb", language)
    about = f"{escape(section.name)}-question"
    shown = f'<a href="notebooks/{page}" aria-describedby="{about}">{read}</a> ' if paged else ""
    # what is missing, caveats and sources come after what they speak of
    cards = sorted((card for card in section.cards if card not in first), key=lambda card: card.kind == "text")
    cards = "".join(card_html(card, language) for card in cards)
    above = "".join(
        f'<p class="above">↑ <a href="#{anchor(card)}">{escape(card.title)}</a> '
        f"({phrase('pages.at_top', language)})</p>"
        for card in section.cards
        if card in first
    )
    return (
        f'<section id="{escape(section.name)}"><h2 id="{about}">{escape(section.question)}</h2>{above}\n{cards}'
        f'<p class="files">{shown}<a href="notebooks/{name}" download aria-describedby="{about}">{save}</a> '
        f'<a href="#top">↑ {phrase("pages.top", language)}</a></p></section>\n'
    )


def _on_paper(contents: Contents) -> str:
    """What is missing, caveats and sources of all notebooks in one place, none twice: shown in print alone."""
    closing = next((card for card in contents.cards if card.kind == "text"), None)
    if closing is None:
        return ""
    missing, caveats, sources = map(contents.closing, ("missing", "caveats", "sources"))
    texts = [caveat["text"] for caveat in caveats]
    lines = lists(sections(missing, texts, [], contents.language), sources, contents.language)
    return f'<section class="paper"><h2>{escape(closing.title)}</h2>{lines}</section>\n'


def _about(language: str) -> str:
    record = '<a href="run.json">run.json</a>'
    return phrase("pages.figures_15_5_cm_wide", language, record=record)
