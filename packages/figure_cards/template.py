"""An office's own Word file as a template: nothing in it runs, and nothing points outside."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.document import Document as Opened
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from .word import PICTURE_MM

# In names of parts and their types; fields that fetch something; addresses, among them letters of drives.
RUNS = re.compile("vbaProject|vbaData|macroEnabled|activeX|attachedToolbars", re.I)
# what is opened by another program, or taken over whole, when the document is
EMBEDS = re.compile("/(aFChunk|oleObject|package|subDocument|frame)$", re.I)
FETCHES = re.compile(r"\s*(INCLUDE|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|DDE|DDEAUTO|DATABASE|RD)\b", re.I)
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:|[\\/]{2}", re.I)
FOLLOWED_BY_READERS = re.compile("(https?|mailto):", re.I)
SETTINGS = "word/_rels/settings.xml.rels"


class TemplateFault(ValueError):
    """Why a template cannot be used: `macros`, `embedded`, `outside`, `damaged` or `narrow`, with what it names."""

    def __init__(self, code: str, **values: object):
        super().__init__(code, values)
        self.code, self.values = code, values


def open_template(template: Path) -> Opened:
    """An office's own document, emptied: its styles, page, header and footer stay, the template that it had does not.

    Raises TemplateFault where it is no sound .docx, holds macros or foreign objects, points outside, or is too narrow
    for the figures.
    """
    name = Path(template).name
    try:
        with zipfile.ZipFile(template) as package:
            _refuse(package, name)
        document = Document(str(template))
        section = document.sections[-1]
        width = section.page_width - section.left_margin - section.right_margin - section.gutter
    except TemplateFault:
        raise
    except Exception as error:  # a damaged package fails in as many ways as there are parts
        raise TemplateFault("damaged", name=name) from error
    if width < Mm(PICTURE_MM):
        room = int(width / Mm(1))
        raise TemplateFault("narrow", name=name, room=room, picture_mm=PICTURE_MM)
    settings, body = document.part.part_related_by(KIND.SETTINGS), document.element.body
    for had in settings.element.findall(qn("w:attachedTemplate")):
        settings.element.remove(had)
    for key in [key for key, link in settings.rels.items() if link.is_external]:
        del settings.rels[key]
    for child in [child for child in body if child.tag != qn("w:sectPr")]:
        body.remove(child)
    return document


def _refuse(package: zipfile.ZipFile, name: str) -> None:
    """Raise TemplateFault for what runs or points outside, whatever its part is called."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    names = package.namelist()
    trees = {part: tree for part in names if (tree := _tree(part, package.read(part), parser)) is not None}
    kinds = [each.get(key, "") for tree in trees.values() for each in tree for key in ("ContentType", "Type")]
    if any(map(RUNS.search, [*names, *kinds])):
        raise TemplateFault("macros", name=name)
    if any(map(EMBEDS.search, kinds)):
        raise TemplateFault("embedded", name=name)
    for part, tree in trees.items():
        for where in _links(part, tree) if part.lower().endswith(".rels") else _fetched(tree):
            raise TemplateFault("outside", name=name, where=where[:80])


def _tree(part: str, content: bytes, parser: etree.XMLParser) -> etree._Element | None:
    """A part as XML, whatever its name; None of a picture, which is none."""
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        if part.lower().endswith((".xml", ".rels")):
            raise
        return None


def _links(part: str, tree: etree._Element) -> Iterator[str]:
    """Targets outside that a part is linked to, but for what a reader follows and the template that is taken off."""
    for link in tree:
        target, kind = link.get("Target", ""), link.get("Type", "").rpartition("/")[2]
        followed = kind == "hyperlink" and FOLLOWED_BY_READERS.match(target)
        taken_off = kind == "attachedTemplate" and part == SETTINGS
        if (link.get("TargetMode") == "External" or ADDRESS.match(target)) and not (followed or taken_off):
            yield target


def _fetched(tree: etree._Element) -> Iterator[str]:
    """Fields that fetch something, and addresses of pictures that are no links of their part."""
    fields = [""]
    for each in tree.iter("*"):
        if each.tag == qn("w:fldChar"):
            fields.append("")
        elif each.tag == qn("w:instrText"):
            fields[-1] += each.text or ""
        elif each.get(qn("w:instr")):
            fields += [each.get(qn("w:instr")), ""]
        plain = (text for key, text in each.attrib.items() if etree.QName(key).localname in ("src", "href"))
        yield from filter(ADDRESS.match, plain)
    yield from filter(FETCHES.match, fields)
