"""LibreOffice, where there is one: a document as PDF."""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import pikepdf
from lxml import etree

# PDF/UA with a structure that is read aloud; charts as they are, and blanks as the words that stand in them.
OPTIONS = {
    "PDFUACompliance": True,
    "UseTaggedPDF": True,
    "UseLosslessCompression": True,
    "ReduceImageResolution": False,
    "ExportFormFields": False,
}
# No program that makes a document reaches a network: the office asks for no link, and its process has no network where
# the system lets a user take it away.
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
PRINTED, HIDDEN = 4, 2 | 32  # flags of an annotation: it is printed; it is hidden, or not seen on screen
PAINTING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}  # operators that draw the path before them
PATHS = {"m", "l", "c", "v", "y", "h", "re"}
MARKS = {"BDC": 1, "BMC": 1, "EMC": -1}


class OfficeFault(RuntimeError):
    """Why there is no PDF: a code (`missing`, `no_pdf` or `slow`) and the values that a message of it names.

    Of `no_pdf` they are `name`, how the office `ended` (its exit code, or the name of a signal) and its `output`.
    """

    def __init__(self, code: str, **values: object):
        super().__init__(code, values)
        self.code, self.values = code, values


def find_office() -> str | None:
    """Path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(docx: Path, pdf: Path, *, seconds: float = 120) -> int:
    """Make a PDF of a document and return its number of pages; raises OfficeFault where none is made."""
    office = find_office()
    if not office:
        raise OfficeFault("missing")
    docx, pdf = Path(docx), Path(pdf)
    with tempfile.TemporaryDirectory(prefix="figure-cards-", ignore_cleanup_errors=True) as folder:
        # a profile and a home of its own: several may run at once, and nothing of the user's is read or written
        place = Path(folder)
        source = place / "briefing.docx"
        shutil.copyfile(docx, source)
        options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in OPTIONS.items()}
        command = [office, f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", f"pdf:writer_pdf_Export:{json.dumps(options)}", "--outdir", folder, str(source)]
        settings = place / "profile/user/registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS, encoding="utf-8")
        code, output = _run(command, place, seconds)
        made = place / "briefing.pdf"
        content = made.read_bytes() if made.exists() else b""
        try:
            if code or not content.rstrip().endswith(b"%%EOF"):
                raise pikepdf.PdfError("not whole")
            with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as document:
                pages = len(document.pages)
                _mend(document)
                _settle(document, _modified(docx))
                document.save(pdf, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        except (pikepdf.PdfError, AttributeError) as error:  # the second: without pages or tags
            ended = signal.Signals(-code).name if code < 0 else code
            raise OfficeFault("no_pdf", name=docx.name, ended=ended, output=output[-500:] or "–") from error
    return pages


def _modified(docx: Path) -> datetime:
    """When the document says that it was last changed."""
    with zipfile.ZipFile(docx) as package:
        core = etree.fromstring(package.read("docProps/core.xml"))
    return datetime.fromisoformat(core.findtext("{http://purl.org/dc/terms/}modified").removesuffix("Z"))


def _settle(document: pikepdf.Pdf, moment: datetime) -> None:
    """Put the day of the document for the moment of its making: the same document gives the same bytes."""
    for name in ("/CreationDate", "/ModDate"):
        document.docinfo[name] = f"D:{moment:%Y%m%d%H%M%S}Z"
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            metadata[name] = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    for name in ("/DocChecksum", "/ID"):
        if name in document.trailer:
            del document.trailer[name]


# ------------------------------------------------------------------------------------- what LibreOffice leaves undone


def _mend(document: pikepdf.Pdf) -> None:
    """Bring the tags to PDF/UA-1: order of tabs, printed links, rules as artifacts.

    Tables without a header row only place text side by side (the head of a letter, its signature): they become
    divisions. Paragraphs without content are taken out.
    """
    for page in document.pages:
        if "/Annots" in page:
            page.Tabs = pikepdf.Name.S
            for annotation in page.Annots:
                annotation.F = int(annotation.get("/F", 0)) & ~HIDDEN | PRINTED
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(_artifacts(page)))
    _retag(document.Root.StructTreeRoot.K)


def _artifacts(page: pikepdf.Page) -> list:
    """The instructions of a page, with everything drawn outside of tags marked as an artifact."""
    marked, depth, path = [], 0, []
    begin = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
    end = pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        depth += MARKS.get(operator, 0)
        if depth == 0 and operator in PATHS:
            path.append(instruction)
        elif path and operator in PAINTING:
            marked += [begin, *path, instruction, end]
            path = []
        else:
            marked += [*path, instruction]
            path = []
    return marked


def _children(element: pikepdf.Object) -> list[pikepdf.Object]:
    """The children of an element of the tree of tags, as a list."""
    return list(element) if isinstance(element, pikepdf.Array) else [element]


def _retag(children: pikepdf.Object) -> None:
    """Turn tables without a header into divisions, and remove empty elements, recursively."""
    for element in _children(children):
        if not isinstance(element, pikepdf.Dictionary) or "/S" not in element or "/K" not in element:
            continue
        if element.S == "/Table" and not _has_header(element):
            for part in (element, *_rows_and_cells(element)):
                part.S = pikepdf.Name.Div
        kept = [child for child in _children(element.K) if not _is_empty(child)]
        element.K = pikepdf.Array(kept)
        _retag(element.K)


def _rows_and_cells(table: pikepdf.Object) -> list[pikepdf.Object]:
    rows = [row for row in _children(table.K) if "/K" in row]
    return [*rows, *(cell for row in rows for cell in _children(row.K))]


def _has_header(table: pikepdf.Object) -> bool:
    return any(part.S == "/TH" for part in _rows_and_cells(table))


def _is_empty(element: pikepdf.Object) -> bool:
    """Whether an element of the tree is empty and has no text of its own."""
    return isinstance(element, pikepdf.Dictionary) and "/S" in element and not {"/K", "/Alt"} & set(element.keys())


def _without_network() -> None:
    """Leave this process no network; its user stays who it was."""
    user, group = os.getuid(), os.getgid()
    with contextlib.suppress(OSError, AttributeError):
        if ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK) == 0:
            for file, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                Path("/proc/self", file).write_text(text)


def _run(command: list[str], place: Path, seconds: float) -> tuple[int, str]:
    """Run LibreOffice, for so long and no longer; returns its exit code and what it said.

    Nothing that it started is left running.
    """
    own = {name: str(place) for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    process = subprocess.Popen(
        command,
        env=os.environ | own | {"TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_without_network,
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise OfficeFault("slow", seconds=seconds) from None
    finally:
        # the office itself is a child of the script that was started
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode, output.decode("utf-8", "replace").strip()
