"""The briefing: a Word document after Decree 30/2020/NĐ-CP, of the cards that an outline names.

Every figure is a picture with its words as text, every table a native one; captions are numbered by fields and
referred to by fields. Nothing of it is rescaled, and the same report gives the same bytes.
"""

from __future__ import annotations

import copy
import functools
import io
import itertools
import re
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Opened
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from ninhthuan.catalogue import catalogue
from ninhthuan.language import ParameterFaults, label, pick, quarter_name
from ninhthuan.words import bilingual, phrase

from ..wording import lower_first
from .contents import Card, Contents, is_numeric, plot_png, plot_svg, settled

NBSP = "\N{NO-BREAK SPACE}"
PICTURE_MM = 155
# The cards whose titles open the briefing; a section with none of them is told by its first card.
FINDINGS = {
    "one_picture",
    "index_course",
    "contributions",
    "rank_bump",
    "dossier_results",
    "dossier_calendar",
    "agencies",
    "channel_shares",
    "plan_tasks",
    "contradictions",
}
# Tables whose last row is a total.
TOTALLED = {"dimension_scores"}
# Sizes of type in tables: the largest at which no cell is taller than two lines, or else than four.
TABLE_POINTS = (11, 10.5, 10, 9.5, 9)
TALLEST_CELL = (2, 4)
# A picture in lines beside the one in pixels: Word 2016 and later draw it.
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


class TemplateFaults(ParameterFaults):
    """Why an office's template cannot be used, in Vietnamese and in English."""

    def __init__(self, vi: str, en: str):
        super().__init__([(vi, en)])

    def __reduce__(self):
        return type(self), self.faults[0]


# ------------------------------------------------------------------------------------------------------------- styles

# Name of a style: what it sets of a paragraph and of letters. Normal comes first, for the others rest on it.
SINGLE = 'w:line="240" w:lineRule="auto"/>'
LOOKS = {
    "Normal": ('<w:spacing w:before="0" w:after="120" w:line="276" w:lineRule="auto"/>', '<w:sz w:val="26"/>'),
    "Title": (
        f'<w:keepNext/><w:spacing w:before="360" w:after="60" {SINGLE}<w:jc w:val="center"/>',
        '<w:b/><w:sz w:val="28"/>',
    ),
    "Subtitle": (f'<w:keepNext/><w:spacing w:after="60" {SINGLE}<w:jc w:val="center"/>', '<w:b/><w:sz w:val="28"/>'),
    "heading 1": (
        '<w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:sz w:val="28"/>',
    ),
    "Body Text": ('<w:ind w:firstLine="567"/><w:jc w:val="both"/>', ""),
    "caption": (
        f'<w:keepNext/><w:keepLines/><w:spacing w:before="120" w:after="40" {SINGLE}',
        '<w:b/><w:sz w:val="24"/>',
    ),
    "header": (f'<w:spacing w:after="0" {SINGLE}<w:jc w:val="center"/>', ""),
    "Picture": (f'<w:keepNext/><w:spacing w:before="120" w:after="0" {SINGLE}', ""),
    "Note to figure": (f'<w:keepLines/><w:spacing w:after="240" {SINGLE}', '<w:i/><w:sz w:val="21"/>'),
    "Table text": (f'<w:spacing w:before="30" w:after="30" {SINGLE}', '<w:sz w:val="22"/>'),
    "Letterhead": (f'<w:spacing w:after="0" {SINGLE}<w:jc w:val="center"/>', ""),
    "Dash": ('<w:spacing w:after="60"/><w:ind w:firstLine="567"/><w:jc w:val="both"/>', ""),
    "Source": (f'<w:spacing w:after="60" {SINGLE}<w:ind w:left="284" w:hanging="284"/>', '<w:sz w:val="20"/>'),
}
# Of these Word knows nothing; the others are its own.
OWN = ("Picture", "Note to figure", "Table text", "Letterhead", "Dash", "Source")
FONT = "Times New Roman"


def _define_styles(document: Opened, language: str, *, replace: bool) -> None:
    """Define the styles of LOOKS: all of them anew, or only those that a template has not."""
    tree = document.styles.element
    code = phrase("briefing.en_gb", language)
    if replace:
        for style in tree.findall(qn("w:style")):
            if style.get(qn("w:type")) == "paragraph" or not style.get(qn("w:default")):
                tree.remove(style)
        tree.remove(tree.find(qn("w:docDefaults")))
        fonts = " ".join(f'w:{kind}="{FONT}"' for kind in ("ascii", "hAnsi", "cs", "eastAsia"))
        tree.insert(
            0,
            parse_xml(
                f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
                f'<w:lang w:val="{code}" w:eastAsia="{code}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
                "<w:pPrDefault/></w:docDefaults>"
            ),
        )
    for lang in tree.iter(qn("w:lang")):
        lang.set(qn("w:val"), code)
    names = {style.find(qn("w:name")).get(qn("w:val")).lower() for style in tree.iter(qn("w:style"))}
    body = next(
        (s for s in tree.iter(qn("w:style")) if s.get(qn("w:default")) and s.get(qn("w:type")) == "paragraph"), None
    )
    base = body.get(qn("w:styleId")) if body is not None else "Normal"
    for name, (paragraph, letters) in LOOKS.items():
        if name.lower() in names:
            continue
        kind = ' w:default="1"' if name == "Normal" else ' w:customStyle="1"' if name in OWN else ""
        tree.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="paragraph"{kind} w:styleId="{name.title().replace(" ", "")}">'
                + f'<w:name w:val="{name}"/>'
                + ("" if name == "Normal" else f'<w:basedOn w:val="{base}"/>')
                + f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{letters}</w:rPr></w:style>"
            )
        )


def open_template(template: Path) -> Opened:
    """An office's own document, emptied: its styles, page, header and footer stay.

    Raises TemplateFaults where it is no sound .docx, holds macros, or is too narrow for the figures.
    """
    name = Path(template).name
    try:
        with zipfile.ZipFile(template) as package:
            macros = any(part.endswith("vbaProject.bin") for part in package.namelist())
        if macros:
            raise TemplateFaults(
                *bilingual("briefing.template_holds_macros_save_docx", name=name),
            )
        document = Document(str(template))
        section = document.sections[-1]
        width = section.page_width - section.left_margin - section.right_margin - section.gutter
    except TemplateFaults:
        raise
    except Exception as error:  # a damaged package fails in as many ways as there are parts
        raise TemplateFaults(
            *bilingual("briefing.template_cannot_opened_must_undamaged", name=name),
        ) from error
    if width < Mm(PICTURE_MM):
        room = int(width / Mm(1))
        raise TemplateFaults(
            *bilingual("briefing.text_template_mm_wide_but", name=name, room=room, picture_mm=PICTURE_MM),
        )
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    return document


def _blank_document() -> Opened:
    """An empty A4 document with the margins of the Decree and the number of the page in the top one, from page 2."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin, section.gutter = Mm(30), 0
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    # as Word lays out since 2013: the edge of a table, not its text, stands at the margin
    compatibility = _element("compat")
    compatibility.append(
        _element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    )
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.replace(old, compatibility)
    return document


# --------------------------------------------------------------------------------------------------------------- text

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Marks that would turn round the text after them.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
RANGE = re.compile(r"(?<=\d)–(?=\d)")
ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?")


def clean(text: str) -> str:
    """Text fit for a document: composed letters, one line, only what XML may hold; ranges and marks do not break."""
    text = ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", TURNING.sub("", unicodedata.normalize("NFC", str(text))))
    text = re.sub(r"[\t\n\r]+", " ", text).replace(" †", f"{NBSP}†")
    return RANGE.sub("\N{WORD JOINER}–\N{WORD JOINER}", text)


def _spoken(text: str) -> str:
    """The same for what is read out and not set."""
    return clean(text).replace("\N{WORD JOINER}", "").replace(NBSP, " ")


def _element(tag: str, **attributes: object):
    """An element of WordprocessingML: `_element("bookmarkEnd", id=3)`."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element


def _field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field with what it shows until it is updated, which is right from the start."""
    for step in ("begin", "separate", "end"):
        if step == "end":
            paragraph.add_run(shown)
        paragraph.add_run()._r.append(_element("fldChar", fldCharType=step))
        if step == "begin":
            code = _element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            paragraph.add_run()._r.append(code)


def _link(paragraph: Paragraph, address: str) -> None:
    """An address that can be followed."""
    identity = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = _element("hyperlink")
    link.set(qn("r:id"), identity)
    run = paragraph.add_run(clean(address))._r
    link.append(run)
    paragraph._p.append(link)


def _blank(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False) -> None:
    """A blank to be filled: a content control that shows what belongs there."""
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    run._r.get_or_add_rPr().append(_element("shd", val="clear", color="auto", fill="E7E6E6"))
    control, settings, content = _element("sdt"), _element("sdtPr"), _element("sdtContent")
    # the form of the words that will be typed is told apart from that of the words shown until then
    settings.append(copy.deepcopy(run._r.rPr))
    settings.extend([_element("alias", val=text.strip("[]")), _element("showingPlcHdr")])
    content.append(run._r)
    control.extend([settings, content])
    paragraph._p.append(control)


def _rule(paragraph: Paragraph, width_mm: float, full_mm: float) -> None:
    """Make an empty paragraph a rule in the middle of so much room."""
    form = paragraph.paragraph_format
    form.line_spacing = Pt(3)
    form.left_indent = form.right_indent = Mm((full_mm - width_mm) / 2)
    borders = _element("pBdr")
    borders.append(_element("bottom", val="single", sz=6, space=1, color="000000"))
    paragraph._p.pPr.insert_element_before(borders, "w:spacing", "w:ind", "w:jc")


# ------------------------------------------------------------------------------------------------------------- widths

# Widths of letters in Times New Roman, in thousandths of its size; those not named are 500 wide.
_WIDTHS = {
    250: " .,\N{NO-BREAK SPACE}",
    278: "ijlt/:;\\",
    333: "rfI()-[]!|‐",
    389: "sJ",
    444: "acezăâêéèẻẽẹ?",
    556: "PSF+−<>=→~",
    611: "EZLTB",
    667: "CR",
    722: "ADGHKNOQUVXYwĐ",
    778: "m",
    833: "%&",
    889: "M",
    944: "W",
    1000: "…—",
}
WIDTHS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


@functools.lru_cache(10_000)
def text_mm(text: str, points: float, *, bold: bool = False) -> float:
    """How wide a text is in Times New Roman, near enough to choose the widths of columns."""
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    width = sum(0 if letter == "\N{WORD JOINER}" else WIDTHS.get(letter, 500) for letter in letters)
    return width / 1000 * points * 25.4 / 72 * (1.08 if bold else 1.02)


CELL_MM = 4  # room beside the text of a cell, both sides together


def _lines(words: list[str], width: float, points: float, bold: bool) -> int:
    """How many lines words take in a column."""
    space, room, lines = text_mm(" ", points), width - CELL_MM, 1
    filled = 0.0
    for word in words:
        size = text_mm(word, points, bold=bold)
        if filled and filled + space + size > room:
            lines, filled = lines + 1, size
        else:
            filled += (space if filled else 0) + size
        while filled > room > 0:  # a word wider than the column goes on in the next line
            lines, filled = lines + 1, filled - room
    return lines


def column_widths(
    columns: list[str], rows: list[list[str]], full_mm: float, *, wider: float = 1
) -> tuple[list[float], float]:
    """Widths of the columns of a table in mm, together full_mm, and the size of its type in points.

    No column is narrower than its longest word, unless the words do not fit the page. wider: how much wider than
    Times New Roman the letters may be.
    """
    texts = [
        [(row[place].split(" "), not at) for at, row in enumerate([columns, *rows])] for place in range(len(columns))
    ]
    found = []
    for points in TABLE_POINTS:
        size = points * wider
        least = [
            CELL_MM + max(text_mm(word, size, bold=head) for words, head in column for word in words)
            for column in texts
        ]
        if sum(least) <= full_mm:
            widths = _fewest_lines(texts, least, full_mm, size)
            tallest = max(max(_heights(column[1:], width, size)) for column, width in zip(texts, widths, strict=True))
            found.append((widths, points, tallest))
    for limit in TALLEST_CELL:
        for widths, points, tallest in found:
            if tallest <= limit:
                return widths, points
    if found:
        return found[-1][:2]
    # words too long for the page: the longest give way, none is squeezed to nothing
    even = full_mm / len(least)
    narrow = [min(width, even) for width in least]
    over = [width - given for width, given in zip(least, narrow, strict=True)]
    spare = full_mm - sum(narrow)
    return [given + spare * more / sum(over) for given, more in zip(narrow, over, strict=True)], points


def _heights(column: list[tuple[list[str], bool]], width: float, points: float) -> list[int]:
    """Lines of each cell of a column; a table without rows has one."""
    return [_lines(words, width, points, head) for words, head in column] or [1]


def _fewest_lines(texts: list, least: list[float], full_mm: float, points: float) -> list[float]:
    """Widths that make a table low: from a share by length of text on, moved about while it helps."""

    def cost(heights: list[list[int]]) -> float:
        # rows are as tall as their tallest cell; each other line counts a little, so that one leads to the next
        return sum(map(max, zip(*heights, strict=True))) + 0.2 * sum(map(sum, heights))

    share = [sum(len(word) + 1 for words, _ in column for word in words) for column in texts]
    spare = full_mm - sum(least)
    widths = [width + spare * part / sum(share) for width, part in zip(least, share, strict=True)]
    heights = [_heights(column, width, points) for column, width in zip(texts, widths, strict=True)]
    for step in (16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1):
        better = True
        while better:
            better = False
            for giving, taking in itertools.permutations(range(len(widths)), 2):
                if widths[giving] - step < least[giving]:
                    continue
                tried = list(heights)
                tried[giving] = _heights(texts[giving], widths[giving] - step, points)
                tried[taking] = _heights(texts[taking], widths[taking] + step, points)
                if cost(tried) < cost(heights):
                    widths[giving] -= step
                    widths[taking] += step
                    heights, better = tried, True
    return widths


# ----------------------------------------------------------------------------------------------------------- document


class _Briefing:
    """A briefing on its way: the document, and the number of each card shown."""

    def __init__(
        self, contents: Contents, document: Opened, sections: list[tuple[str, list[Card]]], *, own_styles: bool
    ):
        self.contents, self.document, self.sections = contents, document, sections
        self.language = contents.language
        # an office's own letters are not measured
        self.wider = 1.2 if own_styles else 1
        page = document.sections[-1]
        self.width_mm = (page.page_width - page.left_margin - page.right_margin - page.gutter) / Mm(1)
        counts = {"figure": 0, "table": 0}
        # what a caption says and a reference repeats: `Hình 1`, and the bookmark that ties them
        self.names: dict[str, tuple[str, int, str]] = {}
        for place, card in enumerate((card for _, cards in sections for card in cards), 1):
            counts[card.kind] += 1
            self.names[card.identity] = (self._word(card), counts[card.kind], f"_Ref{580000000 + place}")

    def say(self, vi: str, en: str) -> str:
        return pick(vi, en, self.language)

    def _word(self, card: Card) -> str:
        return (
            self.say(*bilingual("briefing.figure")) if card.kind == "figure" else self.say(*bilingual("briefing.table"))
        )

    def paragraph(self, text: str = "", style: str = "Body Text") -> Paragraph:
        return self.document.add_paragraph(clean(text), style=self.document.styles[style])

    def refer(self, paragraph: Paragraph, card: Card) -> None:
        """`Hình 1`, as a field that leads there."""
        word, number, bookmark = self.names[card.identity]
        _field(paragraph, f"REF {bookmark} \\h", f"{word}{NBSP}{number}")

    # -------------------------------------------------------------------------------------------------------- opening

    def letterhead(self) -> None:
        """The head of a Vietnamese document; who issues it, its number and its day are blanks, for they are not known.

        Decree 30/2020/NĐ-CP: the agency to the left, the country and its motto to the right.
        """
        left_mm, right_mm = 62, self.width_mm - 62
        table = self._layout([left_mm, right_mm], rows=2)
        (agency, country), (number, day_) = ([cell.paragraphs[0] for cell in row.cells] for row in table.rows)
        for paragraph in (agency, country, number, day_):
            paragraph.style = self.document.styles["Letterhead"]
        cells = [cell for row in table.rows for cell in row.cells]
        _blank(agency, self.say(*bilingual("briefing.letterhead_parent")))
        issuer = cells[0].add_paragraph(style=agency.style)
        _blank(issuer, self.say(*bilingual("briefing.letterhead_issuer")), bold=True)
        _rule(cells[0].add_paragraph(style=agency.style), left_mm * 0.4, left_mm)
        run = country.add_run(self.say(*bilingual("briefing.country")))
        run.bold, run.font.size = True, Pt(12)
        motto = cells[1].add_paragraph(style=country.style)
        words = self.say(*bilingual("briefing.motto"))
        motto.add_run(words).bold = True
        _rule(cells[1].add_paragraph(style=country.style), text_mm(words, 13, bold=True), right_mm)
        number.paragraph_format.space_before = day_.paragraph_format.space_before = Pt(8)
        number.add_run(self.say(*bilingual("briefing.number")))
        _blank(number, self.say(*bilingual("briefing.number_blank")))
        number.add_run("/BC-")
        _blank(number, self.say(*bilingual("briefing.symbol_blank")))
        _blank(day_, self.say(*bilingual("briefing.place_blank")), italic=True)
        day_.add_run(", ").italic = True
        _blank(day_, self.say(*bilingual("briefing.day_blank")), italic=True)
        draft = cells[2].add_paragraph(style=number.style)
        draft.paragraph_format.space_before = Pt(4)
        draft.add_run(self.say(*bilingual("briefing.draft"))).bold = True

    def _layout(self, widths_mm: list[float], rows: int):
        """A table that only places text side by side."""
        table = self.document.add_table(rows, len(widths_mm))
        table.autofit = False
        properties = table._tbl.tblPr
        margins = _element("tblCellMar")
        margins.extend([_element("left", w=0, type="dxa"), _element("right", w=0, type="dxa")])
        properties.insert_element_before(margins, "w:tblLook")
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        return table

    def opening(self) -> None:
        """Title, scope, and the findings of the sections, each with its figure."""
        quarter, province = quarter_name(self.contents.request.quarter, self.language), self.contents.province
        held = self.contents.has_workload
        work = self.say(*bilingual("briefing.administrative_work")) * held
        if self.language == "vi":
            self.letterhead()
            self.paragraph(*bilingual("briefing.title")).alignment = ALIGN.CENTER
            self.paragraph(
                *bilingual("briefing.subtitle", work=work, province=province, quarter=quarter)
            ).alignment = ALIGN.CENTER
            _rule(self.paragraph(style="Letterhead"), self.width_mm * 0.3, self.width_mm)
        else:
            draft = self.paragraph("", "Letterhead")
            draft.add_run("DRAFT").bold = True
            self.paragraph(f"Governance indices{work} of {province}", "Title")
            self.paragraph(quarter[:1].upper() + quarter[1:], "Subtitle")
        scope = self.paragraph("", "Letterhead")
        scope.add_run(clean(self.contents.scope)).italic = True
        scope.paragraph_format.space_before, scope.paragraph_format.space_after = Pt(8), Pt(12)
        main = [
            card
            for _, cards in self.sections
            for card in ([card for card in cards if card.name in FINDINGS] or cards[:1])
        ]
        if not main:
            return
        lead = self.paragraph(
            self.say(
                *bilingual(
                    (
                        "briefing.briefing_brings_together_scores_ranks"
                        if held
                        else "briefing.briefing_brings_together_scores_ranks_2"
                    ),
                    work=self.say(*bilingual("briefing.and_workload")) if held else "",
                    province=province,
                ),
            )
        )
        lead.paragraph_format.keep_with_next = True
        for place, card in enumerate(main, 1):
            item = self.paragraph(f"- {card.title.rstrip('.')} (", "Dash")
            self.refer(item, card)
            item.add_run(")." if place == len(main) else ");")
        if spelled := self.abbreviations():
            self.paragraph(spelled)

    def abbreviations(self) -> str:
        """What the abbreviations in titles and tables stand for."""
        cards = [card for _, cards in self.sections for card in cards]
        said = " ".join([card.title for card in cards] + [str(card.record.get("table", "")) for card in cards])
        full = [
            (index.abbreviation, self.say(lower_first(index.name), index.name_en))
            for index in catalogue().indices.values()
        ]
        full += [("CCHC", label("administrative_reform", "vi"))] if self.language == "vi" else []
        found = [f"{short} – {name}" for short, name in full if re.search(rf"\b{short}\b", said)]
        return self.say(*bilingual("briefing.abbreviations")) + "; ".join(found) + "." if found else ""

    # ------------------------------------------------------------------------------------------------------- sections

    def section(self, number: int, head: str, cards: list[Card]) -> None:
        """A section: which figures and tables show what, then they."""
        self.paragraph(f"{number}. {head}", "Heading 1")
        lead = self.paragraph(
            self.say(*bilingual("briefing.section" if len(cards) > 1 else "briefing.section_2")) + " "
        )
        for place, card in enumerate(cards):
            lead.add_run(f"{'; ' if place else ''}{self._shows(card)} (")
            self.refer(lead, card)
            lead.add_run(")")
        lead.add_run(".")
        for card in cards:
            (self.figure if card.kind == "figure" else self.table)(card)

    def _shows(self, card: Card) -> str:
        """`điểm, thứ hạng …`: what a subtitle says, without what it explains of the drawing."""
        subject = re.split(r"; | \(", clean(card.record.get("subtitle") or card.title))[0].rstrip(".")
        first = subject.split(" ", 1)[0]
        if not subject.startswith(self.contents.province) and first[1:] == first[1:].lower():
            return lower_first(subject)
        return subject

    def caption(self, card: Card) -> Paragraph:
        """`Hình 1. …`, numbered by a field within a bookmark."""
        word, number, bookmark = self.names[card.identity]
        caption = self.paragraph(style="Caption")
        caption.paragraph_format.keep_with_next = True
        identity = int(bookmark.removeprefix("_Ref"))
        caption._p.append(_element("bookmarkStart", id=identity, name=bookmark))
        caption.add_run(f"{word}{NBSP}")
        _field(caption, f"SEQ {word} \\* ARABIC", str(number))
        caption._p.append(_element("bookmarkEnd", id=identity))
        caption.add_run(f". {clean(card.title)}")
        return caption

    def figure(self, card: Card) -> None:
        """The picture in pixels and in lines, its caption under it, and its notes under that."""
        number = self.names[card.identity][1]
        holder = self.paragraph(style="Picture")
        holder.paragraph_format.keep_with_next = True
        inline = holder.add_run().add_picture(io.BytesIO(plot_png(card)), width=Mm(PICTURE_MM))._inline
        # without these LibreOffice moves the picture to the right
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")
        properties = inline.docPr
        properties.set("id", str(58000 + number))
        properties.set("name", f"{self._word(card)} {number}")
        properties.set("descr", _spoken(card.record["alt"]))
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
        columns = [clean(name) for name in card.record["table"]["columns"]]
        rows = [[clean(text) for text in row] for row in card.record["table"]["rows"]]
        numeric = [is_numeric([row[place] for row in rows]) for place in range(len(columns))]
        widths, points = column_widths(columns, rows, self.width_mm, wider=self.wider)
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
            properties.append(_element("cantSplit"))
            if not place:
                properties.append(_element("tblHeader"))
            for cell, text, width, right in zip(row.cells, texts, widths, numeric, strict=True):
                cell.width = Mm(width)
                if not place:
                    rule = _element("tcBorders")
                    rule.append(_element("bottom", val="single", sz=6, space=0, color="1A1A1A"))
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
        borders = _element("tblBorders")
        for side, width, colour in (("top", 8, "1A1A1A"), ("bottom", 8, "1A1A1A"), ("insideH", 2, "D9D9D9")):
            borders.append(_element(side, val="single", sz=width, space=0, color=colour))
        margins = _element("tblCellMar")
        for side in ("left", "right"):
            margins.append(_element(side, w=round(CELL_MM / 2 / 25.4 * 1440), type="dxa"))
        look = properties.find(qn("w:tblLook"))
        parts = [borders, properties.find(qn("w:tblLayout")), margins, look]
        parts.append(_element("tblCaption", val=_spoken(card.title)))
        parts.append(_element("tblDescription", val=_spoken(card.record["alt"])))
        for part in parts:
            if part is not None:
                properties.append(part)  # in the order of the schema, those that stood there too

    # --------------------------------------------------------------------------------------------------------- ending

    def closing(self, number: int) -> None:
        """What is missing, what to mind, and where the figures are from."""
        missing, caveats, sources = (self.contents.closing(place) for place in range(3))
        cards = [card for _, cards in self.sections for card in cards]
        shown = {source_id for card in cards for source_id in card.record.get("source_ids", ())}
        # the page lists the sources of everything, this those of what is shown here
        sources = [line for line in sources if line.rpartition("[")[2].rstrip("]") in shown] or sources
        parts = (
            (*bilingual("briefing.what_missing"), missing, "Dash"),
            (*bilingual("briefing.caveats"), caveats, "Dash"),
            (*bilingual("briefing.sources"), sources, "Source"),
        )
        for vi, en, lines, style in parts:
            if not lines:
                continue
            self.paragraph(f"{number}. {self.say(vi, en)}", "Heading 1")
            number += 1
            for line in lines:
                item = self.paragraph("- " * (style == "Dash"), style)
                for place, text in enumerate(ADDRESS.split(line)):
                    if place % 2:
                        _link(item, text)
                    else:
                        item.add_run(clean(text))


def _chosen(contents: Contents, outline: list[dict]) -> list[tuple[str, list[Card]]]:
    """The sections of the outline with those of their cards that the report has, none twice; no section is empty."""
    seen: set[str] = set()
    sections = []
    for section in outline:
        cards = [contents.card(*key.split("/")) for key in section["cards"]]
        cards = [card for card in cards if card and card.kind in ("figure", "table") and card.identity not in seen]
        cards = [card for card in cards if not card.record.get("working")]
        seen |= {card.identity for card in cards}
        if cards:
            sections.append((section[contents.language], cards))
    return sections


def write_briefing(contents: Contents, path: Path, outline: list[dict], template: Path | None = None) -> None:
    """Write the briefing of a report as a Word document.

    outline: its sections in order, each a dict of a heading, `vi` and `en`, and `cards`, named `notebook/card`; cards
    that the report has not are left out. template: an office's own document, whose styles, page, header and footer
    are taken; raises TemplateFaults where it cannot be used.
    """
    document = open_template(template) if template else _blank_document()
    _define_styles(document, contents.language, replace=template is None)
    briefing = _Briefing(contents, document, _chosen(contents, outline), own_styles=template is not None)
    if not template:
        number = document.sections[0].header.paragraphs[0]
        number.style = document.styles["Header"]
        _field(number, "PAGE", "2")
    briefing.opening()
    for place, (head, cards) in enumerate(briefing.sections, 1):
        briefing.section(place, head, cards)
    briefing.closing(len(briefing.sections) + 1)
    _write(document, contents, path)


def _write(document: Opened, contents: Contents, path: Path) -> None:
    """Save with the day of the report as the only day in it: the same report, the same bytes."""
    core = document.core_properties
    core.title, core.language = _spoken(contents.title), phrase("briefing.en_gb", contents.language)
    core.subject, core.author, core.last_modified_by = _spoken(contents.scope), "ninhthuan", "ninhthuan"
    core.comments = core.keywords = core.category = ""
    core.revision = 1
    core.created = core.modified = core.last_printed = datetime.combine(contents.request.as_of, datetime.min.time())
    saved = io.BytesIO()
    document.save(saved)
    path.write_bytes(settled(saved.getvalue(), contents.request.as_of))
