"""The form of a Vietnamese document after Decree 30/2020/NĐ-CP: head, blanks, heads of annexes, signature."""

from __future__ import annotations

from docx.document import Document as Opened
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from figure_cards import word as wordml
from ninhthuan.words import phrase

from .contents import Contents


class Form:
    """A document on its way, in one language; width_mm: of its text."""

    contents: Contents
    document: Opened
    language: str
    width_mm: float

    def phrase(self, key: str, /, **values: object) -> str:
        return phrase(key, self.language, **values)

    def paragraph(self, text: str = "", style: str = "Body Text") -> Paragraph:
        return self.document.add_paragraph(wordml.clean(text), style=self.document.styles[style])

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
        wordml.blank(agency, self.phrase("briefing.letterhead_parent"))
        issuer = cells[0].add_paragraph(style=agency.style)
        wordml.blank(issuer, self.phrase("briefing.letterhead_issuer"), bold=True)
        wordml.rule(cells[0].add_paragraph(style=agency.style), left_mm * 0.4, left_mm)
        run = country.add_run(self.phrase("briefing.country"))
        run.bold, run.font.size = True, Pt(12)
        motto = cells[1].add_paragraph(style=country.style)
        words = self.phrase("briefing.motto")
        motto.add_run(words).bold = True
        wordml.rule(cells[1].add_paragraph(style=country.style), wordml.text_mm(words, 13, bold=True), right_mm)
        number.paragraph_format.space_before = day_.paragraph_format.space_before = Pt(8)
        number.add_run(self.phrase("briefing.number"))
        wordml.blank(number, self.phrase("briefing.number_blank"))
        number.add_run("/BC-")
        wordml.blank(number, self.phrase("briefing.symbol_blank"))
        wordml.blank(day_, self.phrase("briefing.place_blank"), italic=True)
        day_.add_run(", ").italic = True
        wordml.blank(day_, self.phrase("briefing.day_blank"), italic=True)
        draft = cells[2].add_paragraph(style=number.style)
        draft.paragraph_format.space_before = Pt(4)
        draft.add_run(self.phrase("briefing.draft")).bold = True

    def _layout(self, widths_mm: list[float], rows: int):
        """A table that only places text side by side."""
        table = self.document.add_table(rows, len(widths_mm))
        table.autofit = False
        properties = table._tbl.tblPr
        margins = wordml.element("tblCellMar")
        margins.extend([wordml.element("left", w=0, type="dxa"), wordml.element("right", w=0, type="dxa")])
        properties.insert_element_before(margins, "w:tblLook")
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        return table

    def blank(self, text: str, head: str = "") -> Paragraph:
        """Something that only people can write, after its head."""
        paragraph = self.paragraph(head)
        wordml.blank(paragraph, text)
        return paragraph

    def signature(self) -> None:
        """The last sentence, who receives the report, and who signs it: Decree 30/2020/NĐ-CP."""
        end = self.paragraph(self.phrase("briefing.end", work=self.contents.work, province=self.contents.unit))
        wordml.blank(end, self.phrase("briefing.to_blank"))
        end.add_run(self.phrase("briefing.end_rest"))
        end.paragraph_format.keep_with_next = True
        if self.language != "vi":
            return
        table = self._layout([self.width_mm * 0.47, self.width_mm * 0.53], rows=1)
        table.rows[0]._tr.get_or_add_trPr().append(wordml.element("cantSplit"))
        receives, signs = (cell.paragraphs[0] for cell in table.rows[0].cells)
        run = receives.add_run(self.phrase("briefing.receives"))
        run.bold = run.italic = True
        run.font.size = Pt(12)
        for fixed, blank, end in (("as_above", "", ""), ("", "units", ";"), ("office", "files", ".")):
            line = table.rows[0].cells[0].add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            line.add_run("- ")
            if fixed:
                line.add_run(self.phrase(f"briefing.receives.{fixed}"))
            if blank:
                wordml.blank(line, self.phrase(f"briefing.receives.{blank}"))
                line.add_run(end)
        signs.alignment = ALIGN.CENTER
        for key in ("authority", "position", "name"):
            line = signs if key == "authority" else table.rows[0].cells[1].add_paragraph()
            line.alignment = ALIGN.CENTER
            line.paragraph_format.space_before = Pt(72 if key == "name" else 0)
            wordml.blank(line, self.phrase(f"briefing.signs.{key}"), bold=True)

    def annex_head(self, number: str, name: str, *, new_page: bool = True) -> None:
        """Number, name and what it belongs to, in the middle of a page: Decree 30/2020/NĐ-CP."""
        head = self.paragraph(self.phrase("briefing.annex", number=number).rstrip(), "Heading 1")
        head.add_run().add_break()
        head.add_run(self.phrase(f"briefing.annex_{name}"))
        head.paragraph_format.page_break_before = new_page
        if self.language == "vi":
            head.alignment = ALIGN.CENTER
            belongs = self.paragraph("", "Letterhead")
            belongs.add_run(self.phrase("briefing.annex_belongs")).italic = True
            belongs.alignment, belongs.paragraph_format.space_after = ALIGN.CENTER, Pt(8)
