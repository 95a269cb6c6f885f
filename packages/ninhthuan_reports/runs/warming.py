"""What the warm parent of all notebooks has ready before it forks: imports, the data read, a figure drawn once."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Iterable

WARM = "ninhthuan_reports.runs.warming:warm_up"
# Variables of the environment that change what notebooks say; of all others only the usual ones reach them.
PASSED = ["NINHTHUAN_DATA", "NINHTHUAN_WORDS", "NINHTHUAN_LANGUAGE"]
FEW = 4  # reports whose figures are compared with the quarter before in the parent: of more it would take too long


def knowledge_of(requests: Iterable) -> list[tuple[str, str, str, str]]:
    """Day of knowledge, list of provinces, quarter and province of reports, none twice for their languages."""
    return sorted({(str(r.as_of), r.boundary, str(r.quarter), r.province.province_code) for r in requests})


def warm_up(knowledge: list) -> tuple[Callable[[], None], Callable[[], None]]:
    """Import what notebooks import, draw once, read the data; knowledge: see `knowledge_of`.

    Returns what each forked process calls first, and what is still to be warmed in the first quiet moment.
    """
    import pandas as pd

    from figure_cards import rendering, style
    from figure_cards.captions import Caption
    from ninhthuan import contradictions, datasets, indicators, reading
    from ninhthuan.analysis import certainty, change
    from ninhthuan.catalogue import catalogue
    from ninhthuan.language import LANGUAGES
    from ninhthuan.numbers import number
    from ninhthuan.periods import Quarter
    from ninhthuan.reference import data_dir

    from .. import cards, dossiers, opening, report, revisions, summaries  # noqa: F401

    # each card is loaded when it is asked for: here for all notebooks at once
    for name in cards.NAMES:
        cards.card(name)

    # what is loaded at the first use of its kind: file formats, number patterns
    style.apply()
    figure = rendering.Figure(figsize=(1, 1))
    figure.add_subplot().set_title("ế")
    rendering.render(figure, Caption("", ""), LANGUAGES[0])
    for language in LANGUAGES:
        number(0.5, 1, language)
    # pandas was imported before there was a kernel, and has taken this for a terminal
    pd.set_option("display.max_columns", 20)
    # what has no language: the figures known now and a quarter ago, and contradictions among them
    now = {(as_of, boundary) for as_of, boundary, *_ in knowledge}
    then = {(str(Quarter.parse(quarter).previous.closing_day), boundary) for _, boundary, quarter, _ in knowledge}
    many = len(knowledge) > FEW
    for as_of, boundary in sorted(now | then):
        for index_id in catalogue().indices:
            for sources in ("strict", "all")[: 1 + many]:
                indicators.load_index(index_id, as_of=as_of, boundary=boundary, sources=sources)
    for as_of, _, quarter, province in () if many else knowledge:
        with contextlib.suppress(ValueError):
            revisions.changes_between(Quarter.parse(quarter).previous, quarter, province, as_of=as_of)
    # of many reports also what is the same for all provinces
    for as_of, boundary in sorted(now) if many else ():
        contradictions.discrepancies(as_of=as_of, boundary=boundary, sources="strict", subjects=catalogue().indices)
        for newest in (certainty.newest_ranking, change.newest_changes):
            newest(indicators.load_index("papi", as_of=as_of, boundary=boundary, sources="strict"))
    for path in sorted(data_dir().glob("*/*.csv")):
        datasets.printed_rows(path.relative_to(data_dir()).as_posix())
    reading.forget()
    return reading.forget, warm_documents


def warm_documents() -> None:
    """Import what documents are made with, and read their templates."""
    for name in ("briefing", "pages", "slides", "workbook"):
        importlib.import_module(f"ninhthuan_reports.publish.{name}")
    importlib.import_module("ninhthuan_reports.publish.page_notebooks").exporter_of_pages()
