"""How the project's frames show in a notebook: their unit and their sources stand under them.

`load_*` note in `attrs` what a frame is of. pandas keeps that when rows and columns are taken, so parts of a frame say it
too; whatever has no such note shows as ever.
"""

from __future__ import annotations

import html
import sys

import pandas as pd

from .catalogue import catalogue
from .language import pick

MOST = 4  # sources named; more are counted
UNITS = {
    "points": ("điểm", "points"),
    "percent": ("%", "%"),
    "score_0_1": ("điểm (thang 0–1)", "points (scale 0–1)"),
}


def source_line(frame: pd.DataFrame, language: str) -> str:
    """`PAPI; unit: points; known on 2024-04-30; source: ...`; nothing for a frame that is not of `load_*`."""
    noted = frame.attrs
    if "sources" not in noted:
        return ""
    parts = []
    if noted.get("index_id") in catalogue().indices:
        parts.append(catalogue().indices[noted["index_id"]].abbreviation)
    unit = pick(*UNITS[noted["unit"]], language) if noted.get("unit") in UNITS else noted.get("unit", "")
    if not unit and "unit" in frame:
        unit = pick("theo cột unit", "see column unit", language)
    parts.append(pick("đơn vị: ", "unit: ", language) + unit if unit else "")
    if noted.get("as_of") or noted.get("until"):
        parts.append(pick("biết đến ", "known on ", language) + (noted.get("as_of") or noted["until"]))
    # of the rows that are shown, where they tell their own
    cells = frame["source_id"].dropna() if "source_id" in frame else [noted["sources"]]
    names = sorted({name for cell in set(cells) for name in str(cell).split()})
    if names:
        more = pick(f" và {len(names) - MOST} nguồn khác", f" and {len(names) - MOST} more", language)
        said = ", ".join(names[:MOST]) + more * (len(names) > MOST)
        who = f"{noted['publisher']}: " if noted.get("publisher") else ""
        parts.append(pick("nguồn: ", "source: ", language) + f"{who}{said}")
    return "; ".join(part for part in parts if part)


def lines(frame: pd.DataFrame) -> list[str]:
    """The line in both languages, as a notebook does not know in which one it is read."""
    return [line for line in (source_line(frame, language) for language in ("vi", "en")) if line]


def as_html(frame: pd.DataFrame) -> str | None:
    """A frame as pandas shows it, with its lines under it."""
    shown = frame._repr_html_()
    under = "".join(f'<div style="color:#595959;font-size:0.85em">{html.escape(line)}</div>' for line in lines(frame))
    return shown if shown is None else shown + under


def as_text(frame: pd.DataFrame, printer, cycle: bool) -> None:
    """The same for consoles and plain text."""
    printer.text("\n".join([repr(frame), *lines(frame)]))


def in_notebooks() -> None:
    """Have the running IPython show frames so; does nothing where there is none, and is cheap to call again."""
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    formatters["text/html"].for_type(pd.DataFrame, as_html)
    formatters["text/plain"].for_type(pd.DataFrame, as_text)
