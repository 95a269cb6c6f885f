"""How the project's frames show in a notebook: their unit and their sources stand under them.

`load_*` note in `attrs` what a frame is of, and have the notebook show it. pandas keeps the note when rows and columns
are taken, so parts of a frame say it too; a frame without a note shows as ever.
"""

from __future__ import annotations

import html
import sys
from datetime import date

import pandas as pd

from .catalogue import catalogue
from .language import day, pick
from .words import bilingual, phrase, spoken

MOST = 4  # sources named; more are counted
UNITS = {
    "points": bilingual("showing.points"),
    "percent": ("%", "%"),
    "score_0_1": bilingual("showing.points_scale_0_1"),
}
# a notebook does not know in which language it is read until a report is opened in it, or `words.speak` says
_languages: tuple[str, ...] = ()


def source_line(frame: pd.DataFrame, language: str) -> str:
    """`PAPI; score: points; known on 30 April 2024; source: …`; nothing for a frame that is not of `load_*`.

    A unit is that of a column and is said only where the frame still has it.
    """
    noted = frame.attrs
    if "sources" not in noted:
        return ""
    parts, publisher = [], ""
    if index := catalogue().indices.get(noted.get("index_id")):
        parts.append(index.abbreviation)
        day_known = date.fromisoformat(noted.get("as_of") or str(date.today()))
        publisher = index.publisher_on(day_known, language)
    if "score" in frame and noted.get("unit") in UNITS:
        parts.append("score: " + pick(*UNITS[noted["unit"]], language))
    elif "value" in frame and "unit" in frame:
        parts.append(phrase("showing.value_unit_column_unit", language))
    if known := noted.get("as_of") or noted.get("until"):
        parts.append(phrase("showing.known", language) + day(date.fromisoformat(known), language))
    # of the rows that are shown, where they tell their own
    cells = frame["source_id"].dropna() if "source_id" in frame else [noted["sources"]]
    names = sorted({name for cell in set(cells) for name in str(cell).split()})
    if names:
        more = phrase("showing.more", language, n_names=len(names) - MOST)
        listed = ", ".join(names[:MOST]) + more * (len(names) > MOST)
        listed = f"{publisher} ({listed})" if publisher else listed
        parts.append(phrase("showing.source", language) + listed)
    return "; ".join(parts)


def lines(frame: pd.DataFrame) -> list[str]:
    """Why there is no row, and the line in the language of the report that is open, or where none is in both."""
    reasons = [frame.attrs["nothing"]] if frame.attrs.get("nothing") and frame.empty else []
    return reasons + [line for line in (source_line(frame, language) for language in _languages or spoken()) if line]


def as_html(frame: pd.DataFrame) -> str | None:
    """A frame as pandas shows it, with its lines under it."""
    shown = frame._repr_html_()
    return shown if shown is None else shown + "".join(f"<p>{html.escape(line)}</p>" for line in lines(frame))


def as_text(frame: pd.DataFrame, printer, cycle: bool) -> None:
    """The same for consoles and plain text."""
    printer.text("\n".join([repr(frame), *lines(frame)]))


def in_notebooks(language: str = "") -> None:
    """Have the running IPython show frames so, from now on in one language if that is given.

    Does nothing where no IPython runs, and is cheap to call again.
    """
    global _languages
    _languages = (language,) if language else _languages
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    formatters["text/html"].for_type(pd.DataFrame, as_html)
    formatters["text/plain"].for_type(pd.DataFrame, as_text)
