"""LibreOffice, where there is one: a document as PDF."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
import zlib
from datetime import datetime
from pathlib import Path

from lxml import etree

# PDF/UA with a structure that is read aloud; charts as they are, and blanks as the words that stand in them.
OPTIONS = {
    "PDFUACompliance": True,
    "UseTaggedPDF": True,
    "UseLosslessCompression": True,
    "ReduceImageResolution": False,
    "ExportFormFields": False,
}
PAGE = re.compile(rb"/Type\s*/Page\b")
PACKED = re.compile(rb"/Type\s*/ObjStm\b[^>]*>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
# What LibreOffice writes of the moment, each with what stands for it: the same length, so that nothing moves.
DAY = re.compile(rb"(?<=/CreationDate\(D:)\d{14}|(?<=/ModDate\(D:)\d{14}")
STAMP = re.compile(rb"(?<=Date>)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PRINT = re.compile(rb"(?<=<)[0-9A-F]{32}(?=>\s*(?:<|\]))|(?<=/DocChecksum /)[0-9A-F]{32}")


class OfficeFault(RuntimeError):
    """Why there is no PDF: a code (`missing`, `no_pdf` or `slow`) and the values that a message of it names."""

    def __init__(self, code: str, **values: object):
        super().__init__(code, values)
        self.code, self.values = code, values


def find_office() -> str | None:
    """Path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(docx: Path, pdf: Path, *, seconds: float = 120) -> int:
    """Make a PDF of a document and return its number of pages; raises OfficeFault where none comes of it."""
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
        said = _run(command, place, seconds)
        made = place / "briefing.pdf"
        content = made.read_bytes() if made.exists() else b""
        pages = count_pages(content)
        if not content.startswith(b"%PDF-") or not pages:
            raise OfficeFault(
                "no_pdf",
                name=docx.name,
                said=said,
            )
    pdf.write_bytes(_settled(content, _modified(docx)))
    return pages


def _modified(docx: Path) -> datetime:
    """When the document says that it was last changed."""
    with zipfile.ZipFile(docx) as package:
        core = etree.fromstring(package.read("docProps/core.xml"))
    return datetime.fromisoformat(core.findtext("{http://purl.org/dc/terms/}modified").removesuffix("Z"))


def _settled(pdf: bytes, moment: datetime) -> bytes:
    """The same PDF for the same document: the day of the document for the moment of its making, and prints of that."""
    cut = pdf.rfind(b"/ID")
    body, end = pdf[:cut], pdf[cut:]
    body = DAY.sub(f"{moment:%Y%m%d%H%M%S}".encode(), body)
    body = STAMP.sub(f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode(), body)
    return body + PRINT.sub(hashlib.md5(body, usedforsecurity=False).hexdigest().upper().encode(), end)


def _run(command: list[str], place: Path, seconds: float) -> str:
    """Run LibreOffice, for so long and no longer; returns what it said. Nothing that it started is left running."""
    own = {name: str(place) for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    process = subprocess.Popen(
        command,
        env=os.environ | own | {"TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise OfficeFault(
            "slow",
            seconds=seconds,
        ) from None
    finally:
        # the office itself is a child of the script that was started
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return said.decode("utf-8", "replace").strip()


def count_pages(pdf: bytes) -> int:
    """Number of pages of a PDF, its objects in the open or packed."""
    open_ = len(PAGE.findall(pdf))
    packed = 0
    for found in PACKED.finditer(pdf):
        try:
            packed += len(PAGE.findall(zlib.decompressobj().decompress(found[1])))
        except zlib.error:
            continue
    return open_ + packed
