"""Every card of the reports as a picture, with the cell of the notebook that makes it.

The notebooks' own cells are run here, over today's data, with a report that keeps what it would deliver. Pictures are
for the screen, and are never kept in the repository: `conf.py` puts them beside the pages.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from unittest import mock

import pandas as pd
from PIL import Image

from ninhthuan_reports import report

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
# A report of the newest editions, one with workload, one after the merger of 2025, and one of a change beyond survey
# error for the rest.
REPORTS = (
    {"quarter": "2025Q2", "province_code": "58"},
    {"quarter": "2024Q1", "province_code": "58"},
    {"quarter": "2025Q3", "province_code": "56"},
    {"quarter": "2023Q2", "province_code": "01"},
)
DPI, COLOURS, MOST_ROWS = 110, 32, 6
PICTURES: dict[str, bytes] = {}  # of the page, by file name


@dataclass
class Shown:
    """What a cell made: words, and a picture, the head of a table or sentences."""

    card: str
    record: dict
    picture: bytes = b""
    code: str = ""


class _Kept(report.Report):
    """A report that keeps its cards in `shown`, with pictures for the screen."""

    shown: tuple[list[Shown], list[str]]
    made = b""

    def _render(self, figure, caption):
        picture, small = io.BytesIO(), io.BytesIO()
        figure.savefig(picture, dpi=DPI, format="png")
        image = Image.open(picture).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        image.save(small, "PNG", optimize=True)
        self.made = small.getvalue()
        return {"shown": self.made}

    def _deliver(self, card, kind, frame, caption, source, files, **more):
        self._write(card, {"kind": kind, "title": caption.title, "alt": caption.alt, **more}, files)

    def _write(self, card, record, files):
        seen, code = self.shown
        seen.append(Shown(card, record, self.made, code[-1]))
        self.made = b""

    def _show(self, thing):
        """Nothing is shown: the page has what was kept."""


def shown_in(notebook: str, language: str, parameters: dict[str, str]) -> list[Shown]:
    """What the cells of a notebook deliver."""
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    seen, code = [], [""]
    kind = type("Kept", (_Kept,), {"shown": (seen, code)})
    scope = {"output_dir": "", "as_of": "", "language": language, "index_id": "papi", **parameters}
    with mock.patch.object(report, "Report", kind), mock.patch.object(report, "display"):
        for cell in cells:
            if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []):
                code.append("".join(cell["source"]))
                exec(code[-1], scope)
    return seen


def gallery(language: str = "en") -> str:
    """The page in a language: by notebook, each card once."""
    declared = tomllib.loads((NOTEBOOKS / "runs.toml").read_text("utf-8"))
    lines, done = [], ["closing"]
    for run in (*declared["run"], *declared["explore"]):
        wanted = [name for name in run["cards"] if name not in done]
        done += wanted
        asks = questions_of(NOTEBOOKS / f"{run['notebook']}.ipynb")
        lines += ["", f"## `{run['notebook']}`", "", asks[language], ""] if wanted else []
        found: dict[str, Shown] = {}
        for parameters in REPORTS:
            if any(_absent(found, name) for name in wanted):
                made = {one.card: one for one in shown_in(run["notebook"], language, parameters)}
                # of a later report only what those before had nothing of; of none why the first has nothing
                held = {name: one for name, one in made.items() if one.record["kind"] != "absent"}
                found = {**made, **found, **{n: one for n, one in held.items() if _absent(found, n)}}
        for name in wanted:
            lines += [f"### `{name}`", "", *_body(found[name], language), "", "```python", found[name].code, "```", ""]
    return "\n".join(lines)


def _absent(found: dict[str, Shown], name: str) -> bool:
    return name not in found or found[name].record["kind"] == "absent"


def _body(one: Shown, language: str) -> list[str]:
    record = one.record
    if one.picture:
        name, size = f"{language}/{one.card}.png", Image.open(io.BytesIO(one.picture)).size
        PICTURES[name] = one.picture
        place = f'src="../_images/gallery/{name}" width="{size[0]}" height="{size[1]}"'
        return [f'<img class="card" {place} alt="{escape(record["alt"], quote=True)}" loading="lazy">']
    if record["kind"] == "table":
        table = pd.DataFrame(record["table"]["rows"], columns=record["table"]["columns"])
        head = [f"**{record['title']}**", ""]
        cells = [list(table.columns), ["---"] * len(table.columns), *table.head(MOST_ROWS).to_numpy().tolist()]
        return head + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in cells]
    return [" ".join(line for _, said in record.get("sections", ()) for line in said) or record["title"]]


def questions_of(notebook: Path) -> dict[str, str]:
    """The heading of a notebook in both languages."""
    found = {}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        head = re.match(r"# (.+)", "".join(cell["source"]))
        if cell["cell_type"] == "markdown" and head:
            for language in cell["metadata"].get("tags", []):
                found.setdefault(language, head[1])
    return found
