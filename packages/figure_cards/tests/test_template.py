"""Templates that run something or point outside, whatever the part is called that does it."""

import zipfile

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from figure_cards.template import TemplateFault, open_template

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TEMPLATE, MACROS = f"{OFFICE}/attachedTemplate", "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
AWAY = "http://127.0.0.1:9/a"
FIELD = "".join(
    f"<w:r>{step}</w:r>"
    for step in (
        '<w:fldChar w:fldCharType="begin"/>',
        *(f"<w:instrText>{part}</w:instrText>" for part in (" INCLUDE", f'PICTURE "{AWAY}" ')),
        '<w:fldChar w:fldCharType="end"/>',
    )
)


def template(path, header="", links=(), parts=(), renamed=""):
    """A document with something in its header, links (part, kind, target), further parts (name, type), or another name.

    renamed: of the part of the header.
    """
    document = Document()
    document.sections[0].left_margin = 0
    head = document.sections[0].header
    head.paragraphs[0].text = "Office"
    if header:
        head.paragraphs[0]._p.append(
            parse_xml(f"<w:ins {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'>{header}</w:ins>")
        )
    holders = {"body": document.part, "header": head.part, "settings": document.part.part_related_by(KIND.SETTINGS)}
    for part, kind, target in links:
        holders[part].relate_to(target, kind, is_external=True)
    document.save(path)
    if parts:
        types = zipfile.ZipFile(path).read("[Content_Types].xml").decode()
        more = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts)
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_suffix(".new"), "w") as new:
            for name in old.namelist():
                new.writestr(name, types.replace("</Types>", more + "</Types>") if "Types" in name else old.read(name))
            for name, _ in parts:
                new.writestr(name, b"x")
        path.with_suffix(".new").replace(path)
    if renamed:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(path.with_suffix(".new"), "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name.endswith((".rels", "Types].xml")):
                    content = content.replace(b"header1.xml", renamed.encode())
                new.writestr(name.replace("header1.xml", renamed), content)
        path.with_suffix(".new").replace(path)
    return path


VBA = "application/vnd.ms-office.vbaProject"
MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize(
    "code, where, more",
    [
        ("macros", None, {"parts": [("word/vbaProject.bin", "x/y")]}),
        ("macros", None, {"parts": [("word/harmless.bin", VBA)]}),
        ("macros", None, {"parts": [("word/more.xyz", MACRO_TYPE)]}),
        ("macros", None, {"links": [("body", MACROS, "x")]}),
        ("outside", AWAY, {"links": [("header", KIND.IMAGE, AWAY)]}),
        ("outside", r"\\server\a", {"links": [("body", KIND.IMAGE, r"\\server\a")]}),
        ("outside", "a.png", {"links": [("body", KIND.IMAGE, "a.png")]}),
        ("outside", AWAY, {"links": [("body", TEMPLATE, AWAY)]}),
        ("outside", "file:///a", {"links": [("header", KIND.HYPERLINK, "file:///a")]}),
        ("outside", f' INCLUDEPICTURE "{AWAY}" ', {"header": FIELD}),
        ("outside", f' INCLUDEPICTURE "{AWAY}" ', {"header": FIELD, "renamed": "header1.dat"}),
        ("embedded", None, {"links": [("header", f"{OFFICE}/aFChunk", "a.html")]}),
        ("embedded", None, {"links": [("header", f"{OFFICE}/oleObject", "embeddings/a.bin")]}),
        ("outside", " LINK Excel.Sheet x", {"header": '<w:fldSimple w:instr=" LINK Excel.Sheet x"/>'}),
        ("outside", AWAY, {"header": f'<w:r><w:pict><v:shape><v:imagedata src="{AWAY}"/></v:shape></w:pict></w:r>'}),
    ],
)  # fmt: skip
def test_what_runs_or_points_outside_is_refused(tmp_path, code, where, more):
    with pytest.raises(TemplateFault) as found:
        open_template(template(tmp_path / "a.docx", **more))
    assert (found.value.code, found.value.values.get("where")) == (code, where)


def test_the_template_of_a_template_is_taken_off_and_an_address_for_readers_stays(tmp_path):
    links = [("settings", TEMPLATE, f"{AWAY}.dotm"), ("header", KIND.HYPERLINK, "https://office.example")]
    path = template(tmp_path / "a.docx", '<w:fldSimple w:instr=" PAGE "/>', links)
    document = Document(path)
    key = next(key for key, link in document.part.part_related_by(KIND.SETTINGS).rels.items() if link.is_external)
    document.settings.element.insert(0, parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{key}"/>'))
    document.save(path)
    opened = open_template(path)
    assert opened.settings.element.find(qn("w:attachedTemplate")) is None
    opened.save(tmp_path / "b.docx")
    with zipfile.ZipFile(tmp_path / "b.docx") as package:
        content = b"".join(package.read(name) for name in package.namelist())
    assert AWAY.encode() not in content and b"https://office.example" in content
