"""What a choice comes to: its card, drawn as in a report, and the table of its figures; or every reason against it.

Nothing is drawn here: a choice becomes a frame of `summaries` and a card of `cards`, so that what is on the screen
is what a report would print. A choice that makes no sense raises `ParameterFaults` with every reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ninhthuan import measures, reading
from ninhthuan.analysis import moves
from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.indicators import load_index
from ninhthuan.language import LANGUAGES, ParameterFaults, day, label, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.refusals import NotComparable
from ninhthuan.words import bilingual

from .. import summaries
from ..parameters import Parameters, check_parameters
from ..report import Report
from ..wording import component_name, index_name, province_name, year_spans
from .choices import Choice, province_choices

Fault = tuple[str, str]
TABLE_COLUMNS = ("province", "edition_year", "score", "rank", "n_ranked", "group_derived", "missing")


class Screen(Report):
    """A report of one card that is kept and not shown: the explorer shows it, and writes it when asked to."""

    def __init__(self, choice: Choice, notebook: str):
        self.made: dict[str, tuple[dict, dict[str, bytes]]] = {}
        super().__init__(notebook, **_given(choice))

    def _show(self, thing) -> None:
        pass

    def _write(self, card: str, record: dict, files: dict[str, bytes]) -> None:
        self.made[card] = record, files

    @property
    def record(self) -> dict:
        return next(record for card, (record, _) in self.made.items() if card != "closing")

    @property
    def picture(self) -> bytes:
        """The PNG; nothing where the card says that there is nothing."""
        return next(files.get("png", b"") for card, (_, files) in self.made.items() if card != "closing")

    def export(self, folder: Path) -> list[Path]:
        """Write the card as a report does: PNG, SVG, PDF, CSV and JSON; returns the files."""
        self.parameters = replace(self.parameters, output_dir=str(folder))
        before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
        for card, (record, files) in self.made.items():
            if card != "closing":
                super()._write(card, record, files)
        return sorted(
            path for path in folder.rglob("*") if path.is_file() and before.get(path) != path.stat().st_mtime_ns
        )


def _given(choice: Choice) -> dict[str, str]:
    """The parameters of a report of a choice."""
    return {name: getattr(choice, name) for name in ("quarter", "as_of", "province_code", "language", "index_id")}


# -------------------------------------------------------------------------------------- what a province is set against


def _own_course(report: Screen, choice: Choice, chosen: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    component_id = choice.series.component_id
    history = report.ask(summaries.total_history, choice.index_id, component_id=component_id)
    history = history[history["edition_year"].isin(chosen["edition_year"])].reset_index(drop=True)
    return history, {"policies": report.ask(summaries.policies_for, choice.index_id)}


def _region(report: Screen, choice: Choice, chosen: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    return summaries.region_history(chosen, choice.province_code, choice.series.component_id), {}


def _nearest(report: Screen, choice: Choice, chosen: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    return summaries.rivals(chosen, choice.province_code, choice.series.component_id), {}


def _country(report: Screen, choice: Choice, chosen: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    return summaries.newest_cells(chosen, choice.series.component_id), {}


def _parts(report: Screen, choice: Choice, chosen: pd.DataFrame) -> tuple[pd.DataFrame, dict]:
    scores = report.ask(load_index, choice.index_id)
    own = chosen[(chosen["province_code"] == choice.province_code) & chosen["score"].notna()]
    ends = own["edition_year"].min(), own["edition_year"].max()
    return moves.drill_down(scores[scores["edition_year"].isin(ends)], choice.province_code), {}


class Way(NamedTuple):
    """A way to set a province against something: its card, its name (a row of words), the card's frame and options."""

    card: str
    name: str
    frame: Callable[[Screen, Choice, pd.DataFrame], tuple[pd.DataFrame, dict]]
    needs_all_scores: bool = False


AGAINST = {
    "own_course": Way("index_course", "explorer.own_earlier_editions", _own_course),
    "region": Way("rank_bump", "explorer.provinces_region", _region, needs_all_scores=True),
    "nearest": Way("rival_slope", "explorer.provinces_next_above_below", _nearest, needs_all_scores=True),
    "country": Way("tile_groups", "explorer.country_four_groups", _country, needs_all_scores=True),
    "parts": Way("drill_down", "explorer.dimensions_made_change", _parts),
}


def screen(choice: Choice, notebook: str = "01_explorer") -> tuple[Screen, pd.DataFrame]:
    """The card of a choice, drawn, and its table; raises ParameterFaults with every reason where there can be none.

    Table: one row a province and edition, the province's own first, with the columns `TABLE_COLUMNS`.
    """
    reading.forget()  # what the card before rested on is none of this one's
    chosen = check_choice(choice)
    report, way = Screen(choice, notebook), AGAINST[choice.against]
    frame, more = way.frame(report, choice, chosen)
    years = chosen["edition_year"]
    report.figure(way.card, frame, part=f"{choice.series.component_id}_{years.min()}_{years.max()}", **more)
    report.closing()
    order = {code: place for place, (_, (_, code)) in enumerate(province_choices("vi"))}
    codes = chosen["province_code"]
    rows = chosen.assign(
        rank=measures.rank_used(chosen), others=codes != choice.province_code, order=codes.map(order)
    ).sort_values(["others", "edition_year", "order"], ascending=[True, False, True], ignore_index=True)
    return report, rows[[*TABLE_COLUMNS, "province_code", "unit"]]


# --------------------------------------------------------------------------------------------- reasons against a choice


def check_choice(choice: Choice) -> pd.DataFrame:
    """Raise ParameterFaults with every reason why a choice cannot be shown; else the scores of its editions.

    The frame has the rows of `indicators.load_index` of the chosen component and years, all provinces.
    """
    series, subject = choice.series, _subject(choice)
    parameters, faults = _parameters(choice)
    first, last = series.years(choice.first, choice.last)
    if first > last:
        span = f"{choice.first}–{choice.last}" if choice.first < choice.last else str(choice.first)
        until = f"–{series.last_edition}" if series.last_edition else bilingual("explorer.and_later")
        values = {"span": span, "first_edition": series.first_edition, "until": until, "subject": subject}
        faults.append(bilingual("explorer.did_not_exist_editions", **values))
    if faults:
        raise ParameterFaults(faults)
    scores = load_index(choice.index_id, as_of=parameters.as_of, boundary=choice.boundary, sources="strict")
    chosen = scores[(scores["component_id"] == series.component_id) & scores["edition_year"].between(first, last)]
    own = chosen[chosen["province_code"] == choice.province_code]
    known = own[own["score"].notna() | own["rank_published"].notna()]
    as_of = _both(day, parameters.as_of)
    if scores.empty:
        index = index_name(choice.index_id)
        faults.append(bilingual("explorer.no_edition_over_list_provinces", index=index, as_of=as_of))
    elif chosen.empty:
        values = {"as_of": as_of, "newest": scores["edition_year"].max(), "subject": subject}
        faults.append(bilingual("explorer.editions_chosen_not_out_newest", **values))
    elif known.empty:
        kinds = own.groupby("missing")["edition_year"].agg(list)
        values = {"subject": subject, "names": _name(choice), "told": _both(_kinds_of_missing, kinds)}
        faults.append(bilingual("explorer.no_figure_editions_chosen", **values))
    else:
        faults += _against_faults(choice, chosen, sorted(set(known["edition_year"])), subject)
    if faults:
        raise ParameterFaults(faults)
    return chosen


def _both(write: Callable[..., str], *given: object) -> Fault:
    """What is written in a language, in both."""
    vi, en = (write(*given, language) for language in LANGUAGES)
    return vi, en


def _name(choice: Choice) -> Fault:
    return _both(province_name, choice.province_code, choice.boundary)


def _subject(choice: Choice) -> Fault:
    """`PAPI` of a total; else `PAPI, 4. Kiểm soát tham nhũng`."""
    index, component = index_name(choice.index_id), choice.series.definition()
    if component.level == "total":
        return index, index
    vi, en = _both(component_name, component)
    return f"{index}, {vi}", f"{index}, {en}"


def _kinds_of_missing(kinds: pd.Series, language: str) -> str:
    return "; ".join(f"{year_spans(years)}: {label(kind, language)}" for kind, years in kinds.items() if kind)


def _parameters(choice: Choice) -> tuple[Parameters | None, list[Fault]]:
    """The parameters of a report of a choice, or what is wrong with them."""
    quarter = Quarter.parse(choice.quarter)
    if boundary_on(quarter.last_day) != choice.boundary:
        # one code may name provinces of both lists: the parameters alone would take the other one
        values = {"quarter_name": quarter_name(quarter, "vi"), "quarter": quarter, "names": _name(choice)}
        if choice.boundary == "post_2025":
            return None, [bilingual("explorer.within_new_boundaries_exists_1", **values)]
        return None, [bilingual("explorer.within_old_boundaries_ended_30", **values)]
    try:
        return check_parameters(_given(choice)), []
    except ParameterFaults as error:
        return None, list(error.faults)


def _against_faults(choice: Choice, chosen: pd.DataFrame, years: list[int], subject: Fault) -> Iterator[Fault]:
    """What the province cannot be set against in these editions, and why. years: those with a result of its own."""
    component_id, against = choice.series.component_id, choice.against
    if against == "region" and not catalogue().provinces[(choice.boundary, choice.province_code)].region_id:
        yield bilingual("explorer.catalogue_has_no_region_province")
    if AGAINST[against].needs_all_scores:
        yield from _faults_of_newest(choice, chosen, years, subject)
    try:
        if against in ("region", "parts"):
            catalogue().check_comparable(component_id, years[0], years[-1])
    except NotComparable as error:
        span, same = f"{years[0]}–{years[-1]}", f"{error.breaks[-1].edition_year}–{years[-1]}"
        notes = tuple(" ".join(texts) for texts in zip(*((b.note, b.note_en) for b in error.breaks), strict=True))
        values = {"span": span, "same": same, "subject": subject, "notes": notes}
        yield bilingual("explorer.editions_not_one_method_not", **values)
    if against == "parts":
        component = choice.series.definition()
        if not (component.level == "total" and component.parts_sum):
            yield bilingual("explorer.not_plain_sum_dimensions_cannot", subject=subject)
        elif len(years) < 2:
            yield bilingual("explorer.two_editions_result_needed_split")


def _faults_of_newest(choice: Choice, chosen: pd.DataFrame, years: list[int], subject: Fault) -> Iterator[Fault]:
    """Why the newest edition does not do to set the province against all others."""
    newest = int(chosen["edition_year"].max())
    complete = sorted(set(chosen.loc[chosen["rank_derived"].notna(), "edition_year"]))
    if newest not in complete:
        where = year_spans(complete) or bilingual("explorer.none_those_chosen")
        yield bilingual("explorer.needs_scores_all_provinces_not", newest=newest, subject=subject, where=where)
    elif newest not in years:
        values = {"label": label("not_published", "vi"), "last_held_years": years[-1], "subject": subject}
        yield bilingual("explorer.province_s_result_not_published", newest=newest, **values)
    if choice.against == "country":
        provinces = catalogue().provinces.values()
        tiles = {p.province_code for p in provinces if p.boundary == choice.boundary and p.tile_col is not None}
        scored = chosen.loc[(chosen["edition_year"] == newest) & chosen["score"].notna(), "province_code"]
        if set(scored) - tiles:
            yield bilingual("explorer.edition_has_province_not_grid", newest=newest)
