"""The documents of a report and the order in which they are made: the page comes last, since it lists the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple

from figure_cards.pdf import OfficeFault, find_office, to_pdf
from ninhthuan.language import nearest
from ninhthuan.reference import data_dir
from ninhthuan.words import bilingual, phrase
from notebook_batch.inputs import file_hash, together

from ..parameters import check_parameters

# Name of a format to its file; the page `index.html` is always made, `html` adds a page for each notebook.
FILES = {"html": "", "docx": "briefing.docx", "pdf": "briefing.pdf", "xlsx": "data.xlsx", "pptx": "slides.pptx"}


def faults_of_formats(formats: Iterable[str]) -> list[tuple[str, str]]:
    """Faults of a list of formats, in both languages: names that do not exist."""
    return [
        bilingual("plan.formats_there_no", word=word, text=nearest(word, FILES))
        for word in formats
        if word not in FILES
    ]


@dataclass(frozen=True)
class Documents:
    """The documents of a report: formats, the sections of the briefing, and the Word template of an office."""

    formats: tuple[str, ...] = tuple(FILES)
    outline: tuple[dict, ...] = field(default=())
    template: Path | None = None
    finish: ClassVar[str] = f"{__name__}:publish"

    @cached_property
    def fingerprint(self) -> str:
        """A hash that changes when the same cards would give other documents."""
        here = Path(__file__).parent
        code = [path for path in sorted(here.rglob("*.*")) if path.suffix != ".pyc"]
        scores = sorted(data_dir().glob("indicators/*.csv")) if "xlsx" in self.formats else []
        rests = {
            "code": [file_hash(path) for path in code],
            "formats": sorted(self.formats),
            "outline": self.outline,
            "template": file_hash(self.template) if self.template else "",
            "office": find_office() is not None,
            # the workbook holds all provinces: documents are made anew when a score of any has changed
            "scores": [file_hash(path) for path in scores],
        }
        return together(rests)

    def absent(self, folder: Path) -> list[str]:
        """Requested files that could not be made here."""
        return [FILES[kind] for kind in self.formats if FILES[kind] and not (folder / FILES[kind]).is_file()]

    def noted(self, folder: Path) -> dict:
        """The documents in the record of a report."""
        return {"documents": self.fingerprint, "formats": list(self.formats), "absent": self.absent(folder)}

    def order(self, request, jobs, folder: Path) -> dict:
        """The order for `publish`, as plain values for another process."""
        return {
            "folder": str(folder),
            "request": request.given,
            "jobs": [Listed(job.name, job.index_name, list(job.cards))._asdict() for job in jobs],
            "formats": list(self.formats),
            "outline": list(self.outline),
            "template": str(self.template or ""),
        }


class Listed(NamedTuple):
    """A run of a notebook, as the contents of a report list it."""

    name: str
    index_name: str
    cards: list[str]


def publish(order: dict, tell: Callable[[str], None] = lambda file: None) -> None:
    """Make every document of a report in its folder. order: see `Documents.order`; tell: called with each file name.

    A PDF is left out where there is no LibreOffice.
    """
    from .briefing import write_briefing
    from .contents import read_contents, shown_in_text
    from .pages import write_pages

    folder, formats, outline = Path(order["folder"]), order["formats"], order["outline"]
    # checked when the run began, on the day of the run
    request = check_parameters(order["request"], today=date.max)
    contents = read_contents(folder, request, [Listed(**job) for job in order["jobs"]])
    briefing, pdf = folder / FILES["docx"], folder / FILES["pdf"]
    with_pdf = "pdf" in formats and find_office() is not None
    if "docx" in formats or with_pdf:
        tell(briefing.name)
        template = Path(order["template"]) if order["template"] else None
        write_briefing(contents, briefing, outline, template)
    if with_pdf:
        tell(pdf.name)
        try:
            to_pdf(briefing, pdf)
        except OfficeFault as fault:
            raise RuntimeError(phrase(f"office.{fault.code}", request.language, **fault.values)) from fault
    if "docx" not in formats:
        briefing.unlink(missing_ok=True)
    if "xlsx" in formats:
        from .workbook import write_workbook

        tell(FILES["xlsx"])
        write_workbook(contents, folder / FILES["xlsx"])
    if "pptx" in formats:
        from .slides import write_slides

        tell(FILES["pptx"])
        write_slides(contents, folder / FILES["pptx"], outline)
    tell("index.html")
    summary = [pair for pair in shown_in_text(outline) if (card := contents.card(*pair)) and card.kind == "figure"]
    made = [file for file in FILES.values() if file and (folder / file).is_file()]
    write_pages(contents, summary=summary, documents=made, notebooks="html" in formats)
