"""The briefing: a Word document after Decree 30/2020/NĐ-CP, of the cards that an outline names.

Every figure is a picture with its words as text, every table a native one; captions are numbered by fields and
referred to by fields. Nothing of it is rescaled, and the same report gives the same bytes.
"""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

from docx.document import Document as Opened
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from figure_cards import template as office_template
from figure_cards import word as wordml
from ninhthuan.catalogue import catalogue
from ninhthuan.language import ParameterFaults, label, pick
from ninhthuan.words import bilingual, phrase

from ..wording import lower_first, sentence, together
from .briefing_form import Form
from .contents import Card, Contents, chosen, is_numeric, plot_png, plot_svg, quarter_in_full, sentences_of, settled

# Tables whose last row is a total.
TOTALLED = {"dimension_scores"}
# An annex of so few cards shares its page with the one that follows.
SHORT = 1
RECENT = 3  # years back of the report of which caveats are printed: the figures mark older breaks themselves
# A picture in lines beside the one in pixels: Word 2016 and later draw it.
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


class _Briefing(Form):
    """A briefing on its way: the document, and the number of each card shown."""

    def __init__(
        self,
        contents: Contents,
        document: Opened,
        sections: list[tuple[str, list[Card]]],
        annex: list[tuple[str, list[Card]]],
        *,
        own_styles: bool,
    ):
        self.contents, self.document, self.sections, self.annex = contents, document, sections, annex
        self.shown = [card for _, cards in [*sections, *annex] for card in cards]
        self.language = contents.language
        # an office's own letters are not measured
        self.wider = 1.2 if own_styles else 1
        page = document.sections[-1]
        self.width_mm = (page.page_width - page.left_margin - page.right_margin - page.gutter) / Mm(1)
        counts = {"figure": 0, "table": 0}
        # what a caption says and a reference repeats: `Hình 1`, and the bookmark that ties them
        self.names: dict[str, tuple[str, int, str]] = {}
        for place, card in enumerate(self.shown, 1):
            counts[card.kind] += 1
            self.names[card.identity] = (self._word(card), counts[card.kind], f"_Ref{580000000 + place}")

    def _word(self, card: Card) -> str:
        return self.phrase("briefing.figure" if card.kind == "figure" else "briefing.table")

    def refer(self, paragraph: Paragraph, card: Card) -> None:
        """`Hình 1`, as a field that leads there."""
        word, number, bookmark = self.names[card.identity]
        wordml.field(paragraph, f"REF {bookmark} \\h", f"{word}{wordml.NBSP}{number}")

    def opening(self) -> None:
        """Head, title and addressee, then what happened, in the sentences that the report chose."""
        quarter, province = quarter_in_full(self.contents.request.quarter, self.language), self.contents.unit
        work = self.contents.work
        if self.language == "vi":
            self.letterhead()
        else:
            self.paragraph("", "Letterhead").add_run(self.phrase("briefing.draft")).bold = True
        values = {"work": work, "province": province, "quarter": quarter, "sentence": sentence(quarter)}
        title = self.paragraph(together(self.phrase("briefing.title", **values)), "Title")
        subtitle = self.paragraph(self.phrase("briefing.subtitle", **values), "Subtitle")
        if self.language == "vi":
            title.alignment = subtitle.alignment = ALIGN.CENTER
            wordml.rule(self.paragraph(style="Letterhead"), self.width_mm * 0.3, self.width_mm)
        addressee = self.blank(self.phrase("briefing.to_blank"), self.phrase("briefing.to"))
        addressee.alignment, addressee.paragraph_format.space_before = ALIGN.CENTER, Pt(12)
        lead = self.paragraph(style="Body Text")
        wordml.blank(lead, self.phrase("briefing.letterhead_issuer_small"))
        lead.add_run(wordml.clean(self.phrase("briefing.lead", work=work, province=province, quarter=quarter)))
        for card in self.contents.cards:
            if card.kind == "prose":
                (_, concluded), *sections = card.record["sections"]
                for line in (*concluded, *(f"- {says}" for _, sentences in sections for says in sentences)):
                    self.paragraph(line)
        annexed = self.phrase("briefing.annexed") if self.annex else self.phrase("briefing.annexed_sources")
        self.paragraph(f"{self.contents.scope} {annexed}")
        if spelled := self.abbreviations():
            self.paragraph(spelled)

    def abbreviations(self) -> str:
        """What the abbreviations in titles and tables stand for."""
        cards = self.shown
        text = " ".join([card.title for card in cards] + [str(card.record.get("table", "")) for card in cards])
        full = [
            (index.abbreviation, pick(lower_first(index.name), index.name_en, self.language))
            for index in catalogue().indices.values()
        ]
        full += [("CCHC", label("administrative_reform", "vi"))] if self.language == "vi" else []
        found = [f"{short} – {name}" for short, name in full if re.search(rf"\b{short}\b", text)]
        return self.phrase("briefing.abbreviations") + "; ".join(found) + "." if found else ""

    def parts(self) -> None:
        """What is known, under I; then what only people write, each under its head."""
        self.paragraph(f"I. {self.phrase('briefing.results')}", "Heading 1")
        for place, (head, cards) in enumerate(self.sections, 1):
            self.section(f"{place}. {head}", cards)
        self.paragraph(f"II. {self.phrase('briefing.assessment')}", "Heading 1")
        for place, name in enumerate(("strengths", "shortcomings"), 1):
            self.paragraph(f"{place}. {self.phrase(f'briefing.head.{name}')}", "Heading 2")
            self.blank(self.phrase(f"briefing.blank.{name}"))
        following = quarter_in_full(self.contents.request.quarter.next, self.language)
        self.paragraph(f"III. {self.phrase('briefing.tasks', quarter=following.upper())}", "Heading 1")
        self.blank(self.phrase("briefing.tasks_blank"))
        self.paragraph(f"IV. {self.phrase('briefing.proposals')}", "Heading 1")
        # the last page is never the signature's alone
        self.blank(self.phrase("briefing.proposals_blank")).paragraph_format.keep_with_next = True

    def section(self, head: str, cards: list[Card], *, annex: bool = False) -> None:
        """Figures and tables under a head; in the text after what they say in numbers, each with its reference."""
        self.paragraph(head, "Heading 2")
        if not annex:
            self.numbers(cards)
        for card in cards:
            (self.figure if card.kind == "figure" else self.table)(card)

    def numbers(self, cards: list[Card]) -> None:
        """What cards say in numbers, with the references to them."""
        spoken, lead = sentences_of(cards), self.paragraph(style="Body Text")
        for numbers, those in spoken:
            text = wordml.clean(" ".join(numbers).removesuffix("."))
            lead.add_run(f"{text} (" if text else f"{self.phrase('briefing.see')} ")
            for place, card in enumerate(those):
                last = place == len(those) - 1
                lead.add_run((self.phrase("briefing.and") if last else ", ") if place else "")
                self.refer(lead, card)
            lead.add_run("). " if text else ". ")
        # a line that only refers stays with what it refers to
        lead.paragraph_format.keep_with_next = not any(numbers for numbers, _ in spoken) or None

    def annexes(self) -> None:
        """Figures and tables that the text rests on, and where the figures are from."""
        if self.annex:
            self.annex_head("I", "figures")
            for place, (title, cards) in enumerate(self.annex, 1):
                self.section(f"{place}. {title}", cards, annex=True)
        few = 0 < sum(len(cards) for _, cards in self.annex) <= SHORT
        self.annex_head("II" if self.annex else "", "sources", new_page=not few)
        for publisher in self.publishers():
            self.paragraph(f"- {publisher}", "Source")
        self.paragraph(self.phrase("briefing.whole_list_of_sources"), "Source")
        if missing := self.contents.closing("missing", first=True):
            self.paragraph(self.phrase("briefing.what_missing"), "Heading 2")
            for line in missing:
                self.paragraph(f"- {line}", "Source")
        since = self.contents.request.quarter.year - RECENT
        caveats = self.contents.closing("caveats", of=self.shown)
        if caveats := [caveat["text"] for caveat in caveats if not 0 < caveat["year"] < since]:
            self.paragraph(self.phrase("briefing.caveats"), "Heading 2")
            for line in caveats:
                self.paragraph(f"- {line}", "Source")

    def publishers(self) -> list[str]:
        """Who published what is shown, a line each; the chain of copies stands in the workbook and on the page."""
        return list(dict.fromkeys(name for card in self.shown for name in card.record["publishers"]))

    def caption(self, card: Card) -> Paragraph:
        """`Hình 1. …`, numbered by a field within a bookmark."""
        word, number, bookmark = self.names[card.identity]
        caption = self.paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        identity = int(bookmark.removeprefix("_Ref"))
        caption._p.append(wordml.element("bookmarkStart", id=identity, name=bookmark))
        caption.add_run(f"{word}{wordml.NBSP}")
        wordml.field(caption, f"SEQ {word} \\* ARABIC", str(number))
        caption._p.append(wordml.element("bookmarkEnd", id=identity))
        caption.add_run(f". {wordml.clean(card.title)}")
        return caption

    def figure(self, card: Card) -> None:
        """The picture in pixels and in lines, its caption under it, and its notes under that."""
        number = self.names[card.identity][1]
        holder = self.paragraph(style="Picture")
        holder.paragraph_format.keep_with_next = True
        inline = holder.add_run().add_picture(io.BytesIO(plot_png(card)), width=Mm(wordml.PICTURE_MM))._inline
        # without these LibreOffice moves the picture to the right
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")
        properties = inline.docPr
        properties.set("id", str(58000 + number))
        properties.set("name", f"{self._word(card)} {number}")
        properties.set("descr", wordml.spoken(card.record["alt"]))
        package = self.document.part.package
        lines = Part(PackURI(f"/word/media/figure{number}.svg"), "image/svg+xml", plot_svg(card), package)
        identity = self.document.part.relate_to(lines, RELATIONSHIP_TYPE.IMAGE)
        blip = inline.graphic.graphicData.pic.blipFill.blip
        blip.append(
            parse_xml(
                f'<a:extLst {nsdecls("a", "r")}><a:ext uri="{SVG_EXTENSION}">'
                f'<asvg:svgBlip xmlns:asvg="{SVG_NAMESPACE}" r:embed="{identity}"/></a:ext></a:extLst>'
            )
        )
        self.caption(card)
        self.paragraph(card.under(self.language), "Note to figure")

    def table(self, card: Card) -> None:
        """A native table: rules at the top, under the header and at the bottom, the header again on each page."""
        columns = [wordml.clean(name) for name in card.record["table"]["columns"]]
        rows = [[wordml.clean(text) for text in row] for row in card.record["table"]["rows"]]
        numeric = [is_numeric([row[place] for row in rows]) for place in range(len(columns))]
        widths, points = wordml.column_widths(columns, rows, self.width_mm, wider=self.wider)
        self.caption(card)
        table = self.document.add_table(1 + len(rows), len(columns))
        table.autofit = False
        self._describe(table._tbl.tblPr, card)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)  # LibreOffice reads these, Word those of the cells
        whole = len(rows) <= 12  # a table this short stays on one page
        style = self.document.styles["Table text"]
        for place, (row, texts) in enumerate(zip(table.rows, [columns, *rows], strict=True)):
            properties = row._tr.get_or_add_trPr()
            properties.append(wordml.element("cantSplit"))
            if not place:
                properties.append(wordml.element("tblHeader"))
            for cell, text, width, right in zip(row.cells, texts, widths, numeric, strict=True):
                cell.width = Mm(width)
                if not place:
                    rule = wordml.element("tcBorders")
                    rule.append(wordml.element("bottom", val="single", sz=6, space=0, color="1A1A1A"))
                    cell._tc.get_or_add_tcPr().append(rule)
                paragraph = cell.paragraphs[0]
                paragraph.style = style
                if right:
                    paragraph.alignment = ALIGN.RIGHT
                paragraph.paragraph_format.keep_with_next = whole or place < 2 or place >= len(rows) - 1 or None
                run = paragraph.add_run(text)
                total = place == len(rows) and card.name in TOTALLED
                run.bold = True if not place or total else None
                if points != 11:
                    run.font.size = Pt(points)
        note = self.paragraph(card.under(self.language), "Note to figure")
        note.paragraph_format.space_before = Pt(4)

    def _describe(self, properties, card: Card) -> None:
        """What a reader that does not see the table is told, and its rules."""
        borders = wordml.element("tblBorders")
        for side, width, colour in (("top", 8, "1A1A1A"), ("bottom", 8, "1A1A1A"), ("insideH", 2, "D9D9D9")):
            borders.append(wordml.element(side, val="single", sz=width, space=0, color=colour))
        margins = wordml.element("tblCellMar")
        for side in ("left", "right"):
            margins.append(wordml.element(side, w=round(wordml.CELL_MM / 2 / 25.4 * 1440), type="dxa"))
        look = properties.find(qn("w:tblLook"))
        parts = [borders, properties.find(qn("w:tblLayout")), margins, look]
        parts.append(wordml.element("tblCaption", val=wordml.spoken(card.title)))
        parts.append(wordml.element("tblDescription", val=wordml.spoken(card.record["alt"])))
        for part in parts:
            if part is not None:
                properties.append(part)  # in the order of the schema, those that stood there too


def open_template(template: Path) -> Opened:
    """An office's own document, emptied (`figure_cards.template`); raises ParameterFaults where it cannot be used."""
    try:
        return office_template.open_template(template)
    except office_template.TemplateFault as fault:
        raise ParameterFaults([bilingual(f"briefing.template_{fault.code}", **fault.values)]) from fault


def write_briefing(contents: Contents, path: Path, outline: list[dict], template: Path | None = None) -> None:
    """Write the briefing of a report as a Word document.

    outline: its sections in order, each a dict of a heading, `vi` and `en`, `cards`, named `notebook/card`, and `annex`
    where it belongs to the figures at the end; cards that the report has not are left out. template: an office's own
    document, whose styles, page, header and footer are taken; raises ParameterFaults where it cannot be used.
    """
    document = open_template(template) if template else wordml.blank_document()
    wordml.define_styles(document, phrase("briefing.en_gb", contents.language), replace=template is None)
    sections, annex = chosen(contents, outline)
    briefing = _Briefing(contents, document, sections, annex, own_styles=template is not None)
    if not template:
        number = document.sections[0].header.paragraphs[0]
        number.style = document.styles["Header"]
        wordml.field(number, "PAGE", "2")
    briefing.opening()
    briefing.parts()
    briefing.signature()
    briefing.annexes()
    _write(document, contents, path)


def _write(document: Opened, contents: Contents, path: Path) -> None:
    """Save with the day of the report as the only day in it: the same report, the same bytes."""
    core = document.core_properties
    core.title, core.language = wordml.spoken(contents.title), phrase("briefing.en_gb", contents.language)
    core.subject, core.author, core.last_modified_by = wordml.spoken(contents.scope), "ninhthuan", "ninhthuan"
    core.comments = core.keywords = core.category = ""
    core.revision = 1
    core.created = core.modified = core.last_printed = datetime.combine(contents.request.as_of, datetime.min.time())
    saved = io.BytesIO()
    document.save(saved)
    path.write_bytes(settled(saved.getvalue(), contents.request.as_of))
