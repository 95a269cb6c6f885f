"""What a Word document is made of: styles after Decree 30/2020/NĐ-CP, an office's template, fields, blanks, widths."""

from __future__ import annotations

import copy
import functools
import itertools
import re
import unicodedata

from docx import Document
from docx.document import Document as Opened
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

NBSP = "\N{NO-BREAK SPACE}"
PICTURE_MM = 155
# Sizes of type in tables: the largest at which no cell is taller than two lines, or else than four.
TABLE_POINTS = (11, 10.5, 10, 9.5, 9)
TALLEST_CELL = (2, 4)


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
    "heading 2": (
        '<w:keepNext/><w:keepLines/><w:spacing w:before="160" w:after="120"/><w:outlineLvl w:val="1"/>',
        '<w:b/><w:sz w:val="26"/>',
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
    "Source": (f'<w:spacing w:after="60" {SINGLE}<w:ind w:left="284" w:hanging="284"/>', '<w:sz w:val="20"/>'),
}
# Of these Word knows nothing; the others are its own.
OWN = ("Picture", "Note to figure", "Table text", "Letterhead", "Source")
FONT = "Times New Roman"


def define_styles(document: Opened, locale: str, *, replace: bool) -> None:
    """Define the styles of LOOKS for a text in `vi-VN`: all of them anew, or only those that a template has not."""
    tree = document.styles.element
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
                f'<w:lang w:val="{locale}" w:eastAsia="{locale}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
                "<w:pPrDefault/></w:docDefaults>"
            ),
        )
    for lang in tree.iter(qn("w:lang")):
        lang.set(qn("w:val"), locale)
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


def blank_document() -> Opened:
    """An empty A4 document with the margins of the Decree and the number of the page in the top one, from page 2."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = section.right_margin = Mm(20)
    section.left_margin, section.gutter = Mm(30), 0
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    # as Word lays out since 2013: the edge of a table, not its text, stands at the margin
    compatibility = element("compat")
    compatibility.append(
        element("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
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


def clean(text: str) -> str:
    """Text fit for a document: composed letters, one line, only what XML may hold; ranges and marks do not break."""
    text = ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", TURNING.sub("", unicodedata.normalize("NFC", str(text))))
    text = re.sub(r"[\t\n\r]+", " ", text).replace(" †", f"{NBSP}†")
    return RANGE.sub("\N{WORD JOINER}–\N{WORD JOINER}", text)


def spoken(text: str) -> str:
    """The same for text that is read out and not printed."""
    return clean(text).replace("\N{WORD JOINER}", "").replace(NBSP, " ")


def element(tag: str, **attributes: object):
    """An element of WordprocessingML: `element("bookmarkEnd", id=3)`."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field with what it shows until it is updated, which is right from the start."""
    for step in ("begin", "separate", "end"):
        if step == "end":
            paragraph.add_run(shown)
        paragraph.add_run()._r.append(element("fldChar", fldCharType=step))
        if step == "begin":
            code = element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {instruction} "
            paragraph.add_run()._r.append(code)


def blank(paragraph: Paragraph, text: str, *, bold: bool = False, italic: bool = False) -> None:
    """A blank to be filled: a content control that shows what belongs there."""
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    run._r.get_or_add_rPr().append(element("shd", val="clear", color="auto", fill="E7E6E6"))
    control, settings, content = element("sdt"), element("sdtPr"), element("sdtContent")
    # text that will be typed has another form than the placeholder
    settings.append(copy.deepcopy(run._r.rPr))
    settings.extend([element("alias", val=text.strip("[]")), element("showingPlcHdr")])
    content.append(run._r)
    control.extend([settings, content])
    paragraph._p.append(control)


def rule(paragraph: Paragraph, width_mm: float, full_mm: float) -> None:
    """Make an empty paragraph a rule in the middle of so much room."""
    form = paragraph.paragraph_format
    form.line_spacing = Pt(3)
    form.left_indent = form.right_indent = Mm((full_mm - width_mm) / 2)
    borders = element("pBdr")
    borders.append(element("bottom", val="single", sz=6, space=1, color="000000"))
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
HORN = 80  # of ơ and ư, beside the letter itself
WIDTHS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}


@functools.lru_cache(10_000)
def text_mm(text: str, points: float, *, bold: bool = False) -> float:
    """How wide a text is in Times New Roman, near enough to choose the widths of columns."""
    letters = (letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    width = sum(0 if letter == "\N{WORD JOINER}" else WIDTHS.get(letter, 500) for letter in letters)
    width += HORN * unicodedata.normalize("NFD", text).count("\N{COMBINING HORN}")
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

    @functools.cache
    def tall(place: int, width: float) -> list[int]:
        return _heights(texts[place], width, points)

    share = [sum(len(word) + 1 for words, _ in column for word in words) for column in texts]
    spare = full_mm - sum(least)
    widths = [width + spare * part / sum(share) for width, part in zip(least, share, strict=True)]
    heights = [tall(*at) for at in enumerate(widths)]
    lowest = cost(heights)
    for step in (16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1):
        better = True
        while better:
            better = False
            for giving, taking in itertools.permutations(range(len(widths)), 2):
                if widths[giving] - step < least[giving]:
                    continue
                tried = list(heights)
                tried[giving] = tall(giving, widths[giving] - step)
                tried[taking] = tall(taking, widths[taking] + step)
                if (now := cost(tried)) < lowest:
                    widths[giving] -= step
                    widths[taking] += step
                    heights, lowest, better = tried, now, True
    return widths
