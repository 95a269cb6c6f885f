"""The slides: a finding with its picture or table on each, made to be shown and changed in PowerPoint."""

from __future__ import annotations

import copy
import io
import itertools
import re
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Cm, Emu, Pt

from figure_cards import style
from figure_cards.arial import CELL, cut, height_of, lines_of, row_height, table_widths
from figure_cards.cells import clean
from ninhthuan.language import label
from ninhthuan.words import phrase

from ..wording import sentence
from .contents import Card, Contents, is_numeric, plot_png, settled, shown_in_text

WIDE, HIGH, EDGE = 33.867, 19.05, 1.4  # cm: 16:9
INSIDE = WIDE - 2 * EDGE
# Reserved at the foot for the number of the slide, beside the source.
NUMBER = 2.2
ROWS, LONG_CELL = 20, 300
FIRST = 6  # cards that are shown before the divider, at least
LINE = 0.8  # cm: what says how many rows are left out
TITLES, TABLES, SUMMARY, SMALL = (28, 26, 24, 22, 20), (18, 16, 14), (20, 18, 16, 14), 14
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def write_slides(contents: Contents, path: Path, outline: list[dict]) -> Path:
    """Write the slides of a report: what the briefing's text shows, in its order, and after a divider all the rest.

    outline: the sections of the briefing (see `briefing.write_briefing`). The same report gives the same bytes.
    """
    show = _Show(contents)
    show.opening()
    show.summary()
    first, rest = _in_order(contents, outline)
    show.all(first)
    if first and rest:
        show.divider()
    show.all(rest)
    show.ending()
    path = Path(path)
    path.write_bytes(settled(show.saved(), contents.request.as_of))
    return path


def _cut(text: str, lines: int = 3, size: float = TITLES[-1], width: float = INSIDE, weight: str = "bold") -> str:
    """A title, or another text of a slide, that takes no more than some lines; what is cut stands in the notes."""
    return cut(text, lines, size, width, weight)


def title_size(title: str) -> int:
    """The largest size at which a title takes two lines, or the smallest."""
    return next((size for size in TITLES if lines_of(title, size, INSIDE, "bold") <= 2), TITLES[-1])


class _Show:
    """The presentation while it is made."""

    def __init__(self, contents: Contents):
        self.contents, self.language = contents, contents.language
        self.lang = phrase("slides.en_gb", self.language)
        self.made = _template()

    def opening(self) -> None:
        slide = self.made.slides.add_slide(self.made.slide_layouts[0])
        title, under = slide.placeholders[0], slide.placeholders[1]
        self._fill(title.text_frame, clean(self.contents.title), 40, bold=True, color=style.OWN)
        self._fill(under.text_frame, clean(self.contents.scope), 20, color=style.SOFT)

    def summary(self) -> None:
        """What the report opens with, a sentence a line, in the largest letters that the slide has room for."""
        prose = [card.record["sections"] for card in self.contents.cards if card.kind == "prose"]
        lines = [f"• {clean(line)}" for sections in prose for _, sentences in sections for line in sentences]
        if not lines:
            return
        slide, room = self._slide(phrase("slides.summary", self.language)), HIGH - EDGE - 2.8
        size = next((size for size in SUMMARY if self._body_height(lines, size) <= room), SUMMARY[-1])
        self._text(slide, "\n".join(lines), EDGE, 2.8, INSIDE, room, size, gap=6, color=style.INK)

    def divider(self) -> None:
        """What follows is for questions, not for showing."""
        self._slide(phrase("slides.annex", self.language))

    def all(self, cards: list[tuple[str, Card]]) -> None:
        for question, card in cards:
            (self.figure if card.kind == "figure" else self.table)(question, card)

    def figure(self, question: str, card: Card) -> None:
        """A slide with the picture as large as the rest leaves room for."""
        slide, top, bottom = self._framed(question, card, card.title)
        # dots alone: across a slide they are as many as a screen has, and the file stays small enough to be sent
        picture = slide.shapes.add_picture(io.BytesIO(plot_png(card)), 0, 0)
        room = INSIDE, bottom - top
        ratio = min(Cm(room[0]) / picture.width, Cm(room[1]) / picture.height)
        picture.width, picture.height = Emu(int(picture.width * ratio)), Emu(int(picture.height * ratio))
        picture.left = Emu((Cm(WIDE) - picture.width) // 2)
        picture.top = Cm(top) + Emu((Cm(room[1]) - picture.height) // 2)
        named = picture._element.nvPicPr.cNvPr
        named.set("descr", clean(card.record["alt"]))
        named.set("name", card.identity)

    def table(self, question: str, card: Card) -> None:
        """A slide with a table; of one that is longer than a slide its first rows, of a course its last years."""
        head = [clean(text) for text in card.record["table"]["columns"]]
        rows = [[clean(str(text))[:LONG_CELL] for text in row] for row in card.record["table"]["rows"]]
        if not head:
            return
        slide, top, bottom = self._framed(question, card, card.title)
        right = [is_numeric(list(column)) for column in zip(*rows, strict=True)] if rows else [False] * len(head)
        size, widths, shown = self._fitting(head, rows, bottom - top)
        if left := len(rows) - shown:
            shown = self._fitting(head, rows, bottom - top - LINE, size)[2]
            rows, left = (rows[-shown:] if _is_course(rows) else rows[:shown]), len(rows) - shown
            more = phrase("slides.more_rows", self.language, shown=shown, count=left)
            self._text(slide, more, EDGE, bottom - LINE + 0.2, INSIDE, LINE - 0.2, SMALL)
        self._add_table(slide, card, [head, *rows], widths, right, size, top)

    def ending(self) -> None:
        """The last slide: what is missing, and where the rest stands."""
        head = phrase("slides.what_missing_sources", self.language)
        slide = self._slide(head)
        lines = self.contents.closing("missing", first=True)
        for section in self.contents.sections:
            lines += [f"{section.question} {card.title}." for card in section.cards if card.kind == "absent"]
        where = phrase("slides.figures_behind_each_picture_table", self.language)
        lines = [clean(line) for line in dict.fromkeys(lines)]
        room = HIGH - EDGE - 3.2
        shown = [clean(self.contents.scope), *lines, where]
        while len(lines) > 1 and self._body_height(shown) > room:
            lines.pop()
            rest = phrase("slides.more_report", self.language)
            shown = [clean(self.contents.scope), *lines, rest, where]
        self._text(slide, "\n".join(shown), EDGE, 2.8, INSIDE, self._body_height(shown), 16, gap=6)

    def saved(self) -> bytes:
        made, contents = self.made, self.contents
        for slide in made.slides:
            self._number(slide)
        properties = made.core_properties
        properties.title, properties.subject = clean(contents.title)[:255], clean(contents.scope)[:255]
        properties.author = properties.last_modified_by = "ninhthuan"
        properties.language, properties.revision = self.lang, 1
        properties.created = properties.modified = datetime.combine(contents.request.as_of, time())
        properties.keywords = properties.comments = properties.category = ""
        buffer = io.BytesIO()
        made.save(buffer)
        return buffer.getvalue()

    def _slide(self, title: str) -> Slide:
        slide = self.made.slides.add_slide(self.made.slide_layouts[1])
        text = _cut(clean(title))
        size = title_size(text)
        box = slide.shapes.title
        box.left, box.top, box.width = Cm(EDGE), Cm(0.8), Cm(INSIDE)
        box.height = Cm(height_of(lines_of(text, size, INSIDE, "bold"), size) + 0.1)
        self._fill(box.text_frame, text, size, bold=True, color=style.OWN)
        return slide

    def _measured(self, card: Card, title: str) -> tuple[float, float, float]:
        """Where the subtitle, and the top and bottom of what is shown, stand in cm from the top of the slide."""
        text = _cut(clean(title))
        size = title_size(text)
        under = 0.8 + height_of(lines_of(text, size, INSIDE, "bold"), size) + 0.25
        subtitle = self._subtitle(card)
        top = under + (height_of(lines_of(subtitle, SMALL, INSIDE), SMALL) if subtitle else 0) + 0.3
        source = height_of(lines_of(self._source(card), SMALL, INSIDE - NUMBER), SMALL)
        return under, top, HIGH - 0.7 - source - 0.3

    def _framed(self, question: str, card: Card, title: str) -> tuple[Slide, float, float]:
        """A slide with title, subtitle, source and notes, and the room between them."""
        slide = self._slide(title)
        under, top, bottom = self._measured(card, title)
        if subtitle := self._subtitle(card):
            self._text(slide, subtitle, EDGE, under, INSIDE, top - under - 0.3, SMALL, color=style.SOFT)
        self._text(slide, self._source(card), EDGE, bottom + 0.3, INSIDE - NUMBER, HIGH - 1 - bottom, SMALL)
        notes = [question, *([title] if _cut(clean(title)) != clean(title) else [])]
        for key, name in (
            ("note", label("note", self.language)),
            ("source", label("source", self.language)),
            ("alt", phrase("slides.description", self.language)),
        ):
            if card.record.get(key):
                notes.append(f"{name}: {sentence(card.record[key])}")
        self._fill(slide.notes_slide.notes_text_frame, clean("\n".join(notes)))
        return slide, top, bottom

    def _subtitle(self, card: Card) -> str:
        return _cut(clean(card.record.get("subtitle", "")), 2, SMALL, INSIDE, "normal")

    def _source(self, card: Card) -> str:
        text = sentence(card.record.get("source", ""))
        text = f"{label('source', self.language)}: {text}" if text else ""
        # a mark is explained where it stands; the other notes are the speaker's
        notes = re.split(r"(?<=\.) (?=\S)", card.record.get("note") or "")
        marks = [note for note in notes if re.match(r"[†‡*≠]", note)]
        return _cut(clean(" ".join([*marks, text])), 4 if marks else 3, SMALL, INSIDE - NUMBER, "normal")

    def _text(self, slide: Slide, text: str, left: float, top: float, width: float, height: float, size: float, **look):
        """A text of its own, without margins, so that it stands where it was measured."""
        if not text:
            return
        frame = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(width), Cm(height)).text_frame
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.word_wrap = True
        self._fill(frame, text, size, **({"color": style.SOFT} | look))

    def _fill(
        self,
        frame: TextFrame,
        text: str,
        size: float | None = None,
        *,
        bold: bool = False,
        color: str = style.INK,
        align: PP_ALIGN | None = None,
        gap: float = 0,
    ) -> None:
        """Paragraphs in the language of the report."""
        for place, line in enumerate(text.split("\n")):
            paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = line
            run._r.get_or_add_rPr().set("lang", self.lang)
            if align is not None:
                paragraph.alignment = align
            if size:
                run.font.size, run.font.bold = Pt(size), bold
                run.font.color.rgb = RGBColor.from_string(color.removeprefix("#"))
                paragraph.space_after = Pt(gap)

    def _body_height(self, lines: list[str], size: float = 16) -> float:
        return sum(height_of(lines_of(line, size, INSIDE), size) + 6 * 2.54 / 72 for line in lines)

    def _number(self, slide: Slide) -> None:
        """The number of the slide in its corner: a layout's placeholder shows on a slide that has one of its own."""
        for shape in slide.slide_layout.placeholders:
            if shape.placeholder_format.type is not None and shape.name.startswith("Slide Number"):
                element = copy.deepcopy(shape._element)
                element.nvSpPr.cNvPr.set("id", str(max(other.shape_id for other in slide.shapes) + 1))
                for run in element.iter(qn("a:rPr")):
                    run.set("lang", self.lang)
                for text in element.iter(qn("a:t")):
                    text.text = str(self.made.slides.index(slide) + 1)
                slide.shapes._spTree.append(element)

    def _fitting(self, head: list[str], rows: list[list[str]], room: float, size: float = 0) -> tuple:
        """Size of letters, widths of columns, and how many rows fit: all at the size at which fewest texts are broken,
        the larger of two; where all fit at none, what fits at SMALL. size: the only one."""
        fitting = []
        for tried in (size,) if size else TABLES:
            widths = table_widths([head, *rows], tried, INSIDE)
            heights = [row_height(row, widths, tried) for row in (rows[::-1] if _is_course(rows) else rows)]
            ends = itertools.accumulate(heights, initial=row_height(head, widths, tried, "bold"))
            shown = min(sum(end <= room for end in ends) - 1, ROWS)
            fitting.append((len(rows) - shown, round(sum(heights) / tried, 1), -tried, widths, max(shown, 1)))
        least = min(fitting)
        if least[0] and not size:
            return self._fitting(head, rows, room, SMALL)
        return -least[2], least[3], least[4]

    def _add_table(self, slide: Slide, card: Card, texts, widths, right, size, top) -> None:
        """A native table in the house's look: rules above and under the head and under the last row."""
        heights = [row_height(row, widths, size, "normal" if place else "bold") for place, row in enumerate(texts)]
        frame = slide.shapes.add_table(len(texts), len(widths), Cm(EDGE), Cm(top), Cm(sum(widths)), Cm(sum(heights)))
        frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(card.record["alt"]))
        frame._element.nvGraphicFramePr.cNvPr.set("name", card.identity)
        table = frame.table
        table.horz_banding = False
        table._tbl.tblPr.find(qn("a:tableStyleId")).text = NO_STYLE
        for place, width in enumerate(widths):
            table.columns[place].width = Cm(width)
        for row, (cells, height) in enumerate(zip(texts, heights, strict=True)):
            table.rows[row].height = Cm(height)
            for place, text in enumerate(cells):
                cell = table.cell(row, place)
                cell.margin_left = cell.margin_right = Cm(CELL)
                cell.margin_top = cell.margin_bottom = Cm(0.1)
                cell.vertical_anchor = MSO_ANCHOR.BOTTOM if not row else MSO_ANCHOR.TOP
                align = PP_ALIGN.RIGHT if right[place] else PP_ALIGN.LEFT
                self._fill(cell.text_frame, text, size, bold=not row, align=align)
                if not row:
                    _rule(cell, "a:lnT", 1.5)
                _rule(cell, "a:lnB", 1.5 if row == len(texts) - 1 else 0.75 if not row else 0.25)


def _is_course(rows: list[list[str]]) -> bool:
    """Whether a table goes from an early year to the last one."""
    years = [row[0] for row in rows if row]
    return len(years) > 1 and all(re.fullmatch(r"\d{4}", year) for year in years) and years == sorted(years)


def _in_order(contents: Contents, outline: list[dict]) -> tuple[list, list]:
    """Cards with a slide: those of the briefing's text in its order, and all others in the order of the report.

    Where the text shows few, the first of its annex stand with them.
    """
    cards = {(card.notebook, card.name): (question, card) for question, card in _shown(contents)}
    annex = [tuple(card.split("/")) for section in outline if section.get("annex") for card in section["cards"]]
    first = [key for key in shown_in_text(outline) if key in cards]
    first += [key for key in dict.fromkeys(annex) if key in cards and key not in first][: max(FIRST - len(first), 0)]
    return [cards[key] for key in first], [pair for key, pair in cards.items() if key not in first]


def _shown(contents: Contents) -> Iterator[tuple[str, Card]]:
    """Cards with a slide, each after its question; one that several notebooks show stands once."""
    titles = set()
    for section in contents.sections:
        for card in section.cards:
            if card.kind in ("figure", "table") and card.title not in titles:
                titles.add(card.title)
                yield section.question, card


def _template() -> Presentation:
    """An empty presentation of 16:9 with two layouts, a title slide and a title alone, set in Arial."""
    made = Presentation()
    made.slide_width, made.slide_height = Cm(WIDE), Cm(HIGH)
    opening, plain = made.slide_layouts[0], made.slide_layouts[5]
    for layout in list(made.slide_layouts):
        if layout not in (opening, plain):
            made.slide_layouts.remove(layout)
    for holder in (made.slide_master, opening, plain):
        for shape in list(holder.placeholders):
            if shape.name.startswith(("Date", "Footer")):
                shape._element.getparent().remove(shape._element)
            elif shape.name.startswith("Slide Number"):
                shape.left, shape.top, shape.width, shape.height = Cm(WIDE - EDGE - 2), Cm(HIGH - 1.4), Cm(2), Cm(0.8)
            elif shape.name.startswith("Text"):
                shape.left, shape.top, shape.width, shape.height = Cm(EDGE), Cm(3.5), Cm(INSIDE), Cm(13)
            elif shape.name.startswith("Subtitle"):
                shape.left, shape.top, shape.width, shape.height = Cm(3), Cm(10.2), Cm(WIDE - 6), Cm(4.5)
            elif holder is opening:
                shape.left, shape.top, shape.width, shape.height = Cm(3), Cm(4.2), Cm(WIDE - 6), Cm(5.5)
                shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
            else:
                shape.left, shape.top, shape.width, shape.height = Cm(EDGE), Cm(0.8), Cm(INSIDE), Cm(2.2)
            if shape.has_text_frame:
                body = shape.text_frame._txBody.bodyPr
                for side in ("lIns", "tIns", "rIns", "bIns"):
                    body.set(side, "0")
                for fit in list(body):
                    body.remove(fit)
    for holder in (made.slide_master, opening):
        for properties in holder._element.iter(qn("a:lvl1pPr")):
            properties.set("algn", "l")
    for shape in made.slide_master.placeholders:
        if shape.name.startswith("Title"):
            shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        if shape.name.startswith("Slide Number"):
            for properties in shape._element.iter(qn("a:lvl1pPr")):
                properties.set("algn", "r")
    for relation in made.slide_master.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.THEME:
            theme = relation.target_part
            theme._blob = theme.blob.replace(b'typeface="Calibri"', b'typeface="Arial"')
    # leftovers of the template: a picture of its first slide, and a printer
    for rels in (made.part.package._rels, made.part.rels):
        for name, relation in list(rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/printerSettings")):
                rels.pop(name)
    return made


def _rule(cell, side: str, points: float) -> None:
    line = etree.SubElement(cell._tc.get_or_add_tcPr(), qn(side), w=str(Pt(points)))
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr"), val=(style.INK if points > 0.5 else style.BOX).removeprefix("#"))
