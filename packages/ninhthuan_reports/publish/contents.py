"""What a report holds, read back from its folder: cards in order, for whatever is published of them."""

from __future__ import annotations

import functools
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lxml import etree
from PIL import Image

from ninhthuan.language import day, label, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.words import phrase

from ..parameters import Parameters
from ..wording import province_name, sentence

SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Card:
    """One card: what its JSON says, and where its files are.

    record keys: card, notebook, quarter, kind (`figure`, `table`, `prose`, `absent`, `text`), title, subtitle, note,
    alt, numbers (sentences, the most telling first), source, publishers, n, source_ids, files (name to hash); of
    figures `plot`: [first, last) row of the PNG that the plot fills without its words, and `size_mm`; of tables
    `table`: {columns, rows} of ready text; of prose and texts `sections`: [[head, lines]]; of a closing `missing`,
    (lines), `caveats` and `sources` (`closing.caveats_of`, `.sources_used`) too; of figures and tables
    `columns`: [{name, type}] of the CSV, type one of text, integer, number, boolean, date.
    """

    record: dict
    folder: Path

    @property
    def name(self) -> str:
        return self.record["card"]

    @property
    def notebook(self) -> str:
        return self.record["notebook"]

    @property
    def identity(self) -> str:
        """Unique within a report, and fit for an anchor, a bookmark or a sheet: `30_papi_dimensions__group_heat`."""
        return f"{self.notebook}__{self.name}"

    @property
    def kind(self) -> str:
        return self.record["kind"]

    @property
    def title(self) -> str:
        return self.record["title"]

    def path(self, suffix: str) -> Path | None:
        """The card's file of a kind: `png`, `svg`, `pdf`, `csv`; None where it has none."""
        name = next((name for name in self.record["files"] if name.endswith(f".{suffix}")), None)
        return self.folder / name if name else None

    def under(self, language: str) -> str:
        """Subtitle, note and source in one paragraph, as they stand under a figure or table in running text."""
        parts = [self.record.get("subtitle", "")]
        parts += [
            f"{label(key, language)}: {sentence(self.record[key])}"
            for key in ("note", "source")
            if self.record.get(key)
        ]
        return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


@dataclass(frozen=True)
class Section:
    """A notebook of the report: its question, and its cards as promised."""

    name: str
    question: str
    notebook: Path
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Contents:
    """A report, ready to be published."""

    folder: Path
    request: Parameters
    sections: tuple[Section, ...]

    @property
    def language(self) -> str:
        return self.request.language

    @property
    def province(self) -> str:
        return province_name(self.request.province.province_code, self.request.boundary, self.language)

    @property
    def unit(self) -> str:
        """`tỉnh Ninh Thuận`, `thành phố Hà Nội`: as an official text names it."""
        kind = self.request.province.unit_type
        return phrase(f"contents.unit_{kind}", self.language, province=self.province.removeprefix("TP. "))

    @property
    def work(self) -> str:
        """`and administrative work`, where any is shown; else nothing."""
        return phrase("contents.administrative_work", self.language) * self.has_workload

    @property
    def title(self) -> str:
        values = {"province": self.province, "work": self.work}
        quarter = quarter_name(self.request.quarter, self.language)
        return phrase("contents.governance_indices", self.language, quarter=quarter, **values)

    @property
    def has_workload(self) -> bool:
        """Whether any figure of the administration's own work is shown."""
        shown = (card for card in self.cards if card.notebook == "40_workload" and card.name != "contradictions")
        return any(card.kind in ("figure", "table") for card in shown)

    @property
    def scope(self) -> str:
        """Which figures are in it: one sentence."""
        quarter, known = self.request.quarter, self.request.as_of
        since, until = (day(d, self.language) for d in (quarter.previous.closing_day + timedelta(days=1), known))
        later = phrase("contents.later", self.language) if known == quarter.closing_day else ""
        workload = phrase("contents.workload_to", self.language) if self.has_workload else ""
        return sentence(workload + phrase("contents.indices_to", self.language, since=since, known=until, later=later))

    @property
    def cards(self) -> Iterator[Card]:
        return (card for section in self.sections for card in section.cards)

    def card(self, notebook: str, name: str) -> Card | None:
        """A card of a notebook; None where the report has none, or has a statement in its place."""
        found = (card for card in self.cards if (card.notebook, card.name) == (notebook, name))
        return next((card for card in found if card.kind != "absent"), None)

    def closing(self, part: str, *, first: bool = False, of: list[Card] | None = None) -> list:
        """What all notebooks end with, nothing twice: lines of what is `missing`, the `caveats` or `sources`.

        first: of the first notebook alone, which is about all indices and the work. of: of these cards' notebooks.
        """
        closings = [card for card in self.cards if card.name == "closing" and card.kind == "text"]
        closings = closings[:1] if first else closings
        if of is not None:
            closings = [card for card in closings if card.notebook in {shown.notebook for shown in of}]
        parts = [entry for card in closings for entry in card.record[part]]
        return [entry for place, entry in enumerate(parts) if entry not in parts[:place]]


def quarter_in_full(quarter: Quarter, language: str) -> str:
    """A quarter as an official text names it: `quý I năm 2024`."""
    name, _, year = quarter_name(quarter, language).partition("/")
    return f"{name} {phrase('wording.year', language, year=year)}" if year else name


def read_cards(folder: Path, identity: str) -> dict[str, dict]:
    """Records of the cards that one run delivered, by card name."""
    records = {}
    for path in folder.glob(f"*/{identity}__*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        records[record["card"]] = record | {"folder": path.parent.name}
    return records


def read_contents(folder: Path, request: Parameters, jobs: list) -> Contents:
    """The contents of a report folder; jobs are the planned runs in order, with their promised cards."""
    sections = []
    for job in jobs:
        notebook = folder / "notebooks" / f"{job.name}__{request.quarter}.ipynb"
        question = _heading(notebook, request.language)
        if job.index_name:
            question = f"{job.index_name}: {question}"
        records = read_cards(folder, job.name)
        cards = tuple(Card(records[name], folder / records[name]["folder"]) for name in job.cards)
        sections.append(Section(job.name, question, notebook, cards))
    return Contents(folder, request, tuple(sections))


def _heading(notebook: Path, language: str) -> str:
    """The question a notebook asks: its first heading in the language."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and text.startswith("# "):
            tags = cell["metadata"].get("tags", [])
            if not tags or language in tags:
                return text.split("\n", 1)[0].removeprefix("# ")
    return notebook.stem


def plot_png(card: Card) -> bytes:
    """The picture without its words, for documents that say them as text: 300 dpi, the same width."""
    path = card.path("png")
    return _cut(path, path.stat().st_mtime_ns, *card.record["plot"])


@functools.cache
def _cut(path: Path, changed: int, first: int, last: int) -> bytes:
    # kept, because two documents need the same
    with Image.open(path) as picture:
        cut = picture.crop((0, first, picture.width, last))
        buffer = io.BytesIO()
        cut.save(buffer, "png", dpi=(300, 300))
    return buffer.getvalue()


def plot_box(card: Card) -> tuple[float, float, float, float]:
    """Where the plot stands in the SVG: left, top, width and height in its units (points)."""
    first, last = card.record["plot"]
    width = card.record["size_mm"][0] * 72 / 25.4
    return 0.0, first * 72 / 300, width, (last - first) * 72 / 300


def plot_svg(card: Card) -> bytes:
    """The same in lines: the words taken out, the rest cut to the plot."""
    tree = etree.fromstring(card.path("svg").read_bytes())
    for group in tree.findall(f".//{SVG}g[@id]"):
        if group.get("id").startswith("words"):
            group.getparent().remove(group)
    left, top, width, height = plot_box(card)
    tree.set("viewBox", f"{left:g} {top:.2f} {width:.2f} {height:.2f}")
    tree.set("width", f"{width:.2f}pt")
    tree.set("height", f"{height:.2f}pt")
    return etree.tostring(tree, xml_declaration=True, encoding="utf-8")


NUMERIC = re.compile(r"[+−-]?[\d.,]*\d[\d.,/%†‡*]*|[–…†*]+")


def chosen(contents: Contents, outline: list[dict]) -> tuple[list, list]:
    """Sections of the text and of the annex, with those of their cards that the report has, none twice, none empty."""
    seen: set[str] = set()
    text, annex = [], []
    for section in outline:
        cards = [contents.card(*key.split("/")) for key in section["cards"]]
        cards = [card for card in cards if card and card.kind in ("figure", "table") and card.identity not in seen]
        seen |= {card.identity for card in cards}
        if cards:
            (annex if section.get("annex") else text).append((section[contents.language], cards))
    return text, annex


def sentences_of(cards: list[Card]) -> list[tuple[list[str], list[Card]]]:
    """What cards say in numbers, each once with all the cards that say it."""
    found: list[tuple[list[str], list[Card]]] = []
    for card in cards:
        same = [those for earlier, those in found if set(card.record["numbers"]) <= set(earlier)]
        if same:
            same[0].append(card)
        else:
            found.append((card.record["numbers"], [card]))
    return found


def shown_in_text(outline: list[dict]) -> list[tuple[str, str]]:
    """(notebook, card) that the briefing's text shows in its order, those of its annex left out; none twice."""
    text = (section["cards"] for section in outline if not section.get("annex"))
    return list(dict.fromkeys(tuple(card.split("/")) for cards in text for card in cards))


def is_numeric(column: list[str]) -> bool:
    """Whether a column of a table is of numbers, and so stands to the right."""
    return all(NUMERIC.fullmatch(text.strip()) for text in column if text.strip()) and any(map(str.strip, column))


def settled(package: bytes, day_: date) -> bytes:
    """A zip with the same parts in order, packed tight, all of one day: the same parts make the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as made, zipfile.ZipFile(buffer, "w") as new:
        for name in made.namelist():
            part = zipfile.ZipInfo(name, (*day_.timetuple()[:3], 0, 0, 0))
            part.create_system, part.external_attr = 3, 0o644 << 16
            new.writestr(part, made.read(name), zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()
