"""The explorer in JupyterLab: a card of the reports for any province, index and years, redrawn as each is chosen.

Every control offers only what can be drawn with the choices before it, so that no choice is refused. What compares
several provinces, sorts and weighs is `explore.html` (`publish.explore`).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import NamedTuple

import ipywidgets as widgets
import pandas as pd

from figure_cards import rendering
from ninhthuan.analysis import moves
from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.indicators import load_index
from ninhthuan.language import day, name_key, pick, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.reference import BOUNDARIES, MERGER_DAY, Province
from ninhthuan.refusals import UnknownName
from ninhthuan.words import bilingual, phrase

from . import summaries
from .cards.index_course import FEWEST
from .parameters import check_parameters, first_quarter
from .report import Report
from .wording import component_name, index_name, province_name, sort_key

TYPES = {"svg": "image/svg+xml", "csv": "text/csv", "png": "image/png", "pdf": "application/pdf"}
LABELS = {
    "province": "explorer.province",
    "quarter": "explorer.quarter",
    "index": "explorer.index",
    "component": "explorer.component",
    "against": "explorer.against",
    "years": "explorer.years",
}


class Drawing(Report):
    """A report of one card, drawn as SVG alone; its other files are made when they are asked for."""

    def _show(self, thing) -> None:
        pass

    def _render(self, figure, caption) -> dict[str, bytes]:
        self.drawn = figure, caption
        return {"svg": rendering.svg(figure, caption, self.context.language), "shown": b""}

    def _write(self, card: str, record: dict, files: dict[str, bytes]) -> None:
        self.record, self.files = record, files
        self.stem = f"{self.name}__{card}__{self.quarter}"


# ----------------------------------------------------------------------------------- what a province is set against


class Question(NamedTuple):
    """What a card answers of a component: its editions, and those in which the province has a result."""

    component_id: str
    boundary: str
    province_code: str
    scores: pd.DataFrame  # of the index, every province and component
    years: list[int]

    @property
    def rows(self) -> pd.DataFrame:
        """Rows of the component in its editions, every province."""
        scores = self.scores
        return scores[(scores["component_id"] == self.component_id) & scores["edition_year"].isin(self.years)]

    def complete(self) -> Question:
        """The editions with the scores of all provinces, this one's too."""
        rows = self.rows
        ranked = rows[(rows["province_code"] == self.province_code) & rows["rank_derived"].notna()]
        return self._replace(years=sorted(ranked["edition_year"]))

    def comparable(self) -> Question:
        """The editions since the last change of method."""
        breaks = catalogue().breaks_between(self.component_id, self.years[0], self.years[-1], "break")
        newest = max((b.edition_year for b in breaks), default=0)
        return self._replace(years=[year for year in self.years if year >= newest])


def _in_a_row(question: Question) -> list[int]:
    """Every edition, where as many of one method follow one another as a course needs."""
    method = {year: catalogue().segment(question.component_id, year) for year in question.years}
    runs = [{method.get(year + step) for step in range(FEWEST)} == {own} for year, own in method.items()]
    return question.years if any(runs) else []


def _of_grid(question: Question) -> list[int]:
    """Editions whose provinces all stand on the grid of tiles."""
    rows, provinces = question.rows, catalogue().provinces
    off = [code for code in set(rows["province_code"]) if provinces[(question.boundary, code)].tile_col is None]
    former = set(rows.loc[rows["province_code"].isin(off) & rows["score"].notna(), "edition_year"])
    return [year for year in question.complete().years if year not in former]


def _of_sum(question: Question) -> list[int]:
    """Editions over which a change is the sum of its parts' changes; two at least."""
    total = catalogue().component(question.component_id, question.years[-1])
    years = question.comparable().years if total.level == "total" and total.parts_sum else []
    return years if len(years) > 1 else []


def _course(report: Report, question: Question) -> pd.DataFrame:
    history = report.ask(summaries.total_history, report.parameters.index_id, component_id=question.component_id)
    return history[history["edition_year"].isin(question.years)].reset_index(drop=True)


def _parts(report: Report, question: Question) -> pd.DataFrame:
    scores, ends = question.scores, (question.years[0], question.years[-1])
    return moves.drill_down(scores[scores["edition_year"].isin(ends)], question.province_code)


def _of_total(question: Question) -> list[int]:
    """Editions of a total: beside it stand those of the other indices."""
    return question.years if question.component_id.endswith("_total") else []


def _of_indices(report: Report, question: Question) -> pd.DataFrame:
    history = report.ask(summaries.index_histories)
    return history[history["edition_year"] <= question.years[-1]].reset_index(drop=True)


class Way(NamedTuple):
    """A way to set a province against something: its name in words, its card, its editions, and the card's frame."""

    name: str
    card: str
    years: Callable[[Question], list[int]]
    frame: Callable[[Report, Question], pd.DataFrame]


WAYS = {
    "course": Way("explorer.own_earlier_editions", "index_course", _in_a_row, _course),
    "country": Way(
        "explorer.country_four_groups",
        "tile_groups",
        _of_grid,
        lambda _, question: summaries.newest_cells(question.rows, question.component_id),
    ),
    "parts": Way("explorer.dimensions_made_change", "drill_down", _of_sum, _parts),
    "indices": Way("explorer.five_indices", "one_picture", _of_total, _of_indices),
}

# ----------------------------------------------------------------------------------------------- what may be chosen


def province_choices(language: str) -> dict[str, Province]:
    """Every province before and after 1 July 2025 by its label, in the order of the language."""
    provinces = catalogue().provinces
    merged = {province.name for (boundary, _), province in provinces.items() if boundary == "post_2025"}
    choices = []
    for (boundary, code), province in provinces.items():
        name = label = province_name(code, boundary, language)
        if boundary == "post_2025":
            label += phrase("explorer.1_july_2025", language)
        elif province.valid_to and province.valid_to.year < MERGER_DAY.year:
            label += phrase("explorer.to", language, valid_to=day(province.valid_to, language))
        elif province.name in merged:
            label += phrase("explorer.30_june_2025", language)
        # as the names stand, the older one first
        choices.append((sort_key(name), boundary, label, province))
    return {
        label: province for _, _, label, province in sorted(choices, key=lambda row: (row[0], row[1] != "pre_2025"))
    }


def province_of(text: str, language: str, boundary: str) -> Province:
    """The province of a label or a name, with or without diacritics; of two lists the one given first.

    Raises UnknownName, with what may be meant.
    """
    labels = {name_key(label): province for label, province in province_choices(language).items()}
    if name_key(text) in labels:
        return labels[name_key(text)]
    for each in sorted(BOUNDARIES, key=lambda each: each != boundary):
        with suppress(UnknownName):
            return catalogue().find_province(text, each)
    return catalogue().find_province(text, boundary)


def quarters_of(province: Province, today: date | None = None) -> list[Quarter]:
    """Quarters that are over and have figures, in which a province existed; the newest first."""
    quarter, quarters = Quarter.containing(today or date.today()).previous, []
    while quarter >= first_quarter():
        lasted = province.valid_to is None or quarter.last_day <= province.valid_to
        if boundary_on(quarter.last_day) == province.boundary and lasted:
            quarters.append(quarter)
        quarter = quarter.previous
    return quarters


def component_choices(results: pd.DataFrame, language: str) -> dict[str, tuple[str, list[int]]]:
    """Total, dimensions and sub-dimensions with results, by their label: (component_id, editions).

    results: rows of `load_index` of one province. A code that was given to something else is two lines.
    """
    spans: dict[tuple, list[int]] = {}
    for component_id, year in zip(results["component_id"], results["edition_year"], strict=True):
        part = catalogue().component(component_id, year)
        while part.continues_id == component_id:
            part = catalogue().component(component_id, part.first_edition - 1)
        if part.level in ("total", "dimension", "sub_dimension"):
            spans.setdefault((component_id, part.first_edition), []).append(year)
    choices = []
    for (component_id, first), years in spans.items():
        part = catalogue().component(component_id, max(years))
        name = component_name(part, language) if part.level != "total" else phrase("explorer.total", language)
        former = f" ({first}–{part.last_edition})" if part.last_edition else ""
        indent = "\N{EM SPACE}" if part.level == "sub_dimension" else ""
        order = [int(number) for number in part.number.split(".") if number], -first, component_id
        choices.append((order, f"{indent}{name}{former}", (component_id, sorted(years))))
    return {label: value for _, label, value in sorted(choices)}


# --------------------------------------------------------------------------------------------------------- on screen


class Explorer(widgets.VBox):
    """Province, quarter, index, component, years and what to set it against; the card, and its files.

    notebook and parameters as of `report.Report`; index_id is `papi` where none is given.
    """

    def __init__(self, notebook: str, **parameters: str):
        start = check_parameters({"index_id": "papi"} | parameters)
        self.notebook, self._start, self._language = notebook, start, start.language
        self._busy, self.drawing, self._known = False, None, (None, None)
        look = {"style": {"description_width": "initial"}, "layout": widgets.Layout(width="auto")}
        choices = province_choices(start.language)
        name = next(label for label, province in choices.items() if province == start.province)
        self.province = widgets.Combobox(value=name, options=tuple(choices), continuous_update=False, **look)
        self.quarter = widgets.Dropdown(options=[start.quarter], **look)
        self.index = widgets.Dropdown(options=[start.index_id], **look)
        self.component, self.against = widgets.Dropdown(**look), widgets.Dropdown(**look)
        self.years = widgets.SelectionRangeSlider(options=[0], continuous_update=False, **look)
        for name, key in LABELS.items():
            getattr(self, name).description = phrase(key, start.language)
            getattr(self, name).observe(self._follow, "value")
        self.picture, self.links = widgets.HTML(), widgets.HTML()
        self.more = widgets.Button(description=phrase("explorer.png_and_pdf", start.language))
        self.more.on_click(self._link_pictures)
        grid = widgets.Layout(grid_template_columns="repeat(auto-fit, minmax(300px, 1fr))", grid_gap="2px 20px")
        controls = widgets.GridBox([getattr(self, name) for name in LABELS], layout=grid)
        files = widgets.HBox([self.links, self.more], layout=widgets.Layout(align_items="center", grid_gap="12px"))
        super().__init__([controls, self.picture, files], layout=widgets.Layout(max_width="1060px"))
        self.add_class("nt-explorer")
        self._follow()

    def _follow(self, _=None) -> None:
        """After a choice: every control offers what can be drawn, and the card is drawn anew."""
        if self._busy:
            return
        self._busy = True
        try:
            self._draw(self._offer())
        except UnknownName as error:
            self._say(pick(error.vi, error.en, self._language))
        finally:
            self._busy = False

    def _offer(self) -> Question:
        """Set what each control offers, in the order in which one rests on another."""
        language = self._language
        province = province_of(self.province.value, language, boundary_on(self.quarter.value.last_day))
        _set(self.quarter, {quarter_name(quarter, language): quarter for quarter in quarters_of(province)})
        if self._known[:2] != (province, as_of := self._as_of()):
            strict = {"as_of": as_of, "boundary": province.boundary, "sources": "strict"}
            scores = {index_id: load_index(index_id, **strict) for index_id in catalogue().indices}
            results = {index_id: _results(frame, province) for index_id, frame in scores.items()}
            self._known = province, as_of, scores, results
        *_, scores, results = self._known
        offered = {index_name(index_id): index_id for index_id, rows in results.items() if len(rows)}
        if not offered:
            name = (province.name, province.name_en)
            known = day(as_of, "vi"), day(as_of, "en")
            raise UnknownName(*bilingual("explorer.no_results", province=name, as_of=known))
        _set(self.index, offered)
        _set(self.component, component_choices(results[self.index.value], language))
        component_id, years = self.component.value
        of = component_id, province.boundary, province.province_code, scores[self.index.value], years
        ways = {key: way.years(Question(*of)) for key, way in WAYS.items() if key != "indices" or len(offered) > 1}
        drawable = [key for key, years in ways.items() if years]
        if not {*drawable} - {"indices"}:  # of this one nothing is drawn: the card of its course says why
            drawable = ["course", *drawable]
        _set(self.against, {phrase(WAYS[key].name, language): key for key in drawable})
        offered = ways[self.against.value] or years
        if list(self.years.options) != offered:
            self.years.options, self.years.index = offered, (0, len(offered) - 1)
        first, last = self.years.index  # its value is that of the years before where their number has not changed
        return Question(*of[:-1], offered[first : last + 1])

    def _as_of(self) -> date:
        """The day of knowledge; one that was given belongs to its quarter."""
        quarter = self.quarter.value
        return self._start.as_of if quarter == self._start.quarter else min(quarter.closing_day, date.today())

    def _draw(self, question: Question) -> None:
        way, parameters = WAYS[self.against.value], {"quarter": str(self.quarter.value), "as_of": str(self._as_of())}
        parameters |= {"province_code": question.province_code, "index_id": self.index.value}
        report = self.drawing = Drawing(self.notebook, language=self._language, **parameters)
        part = f"{question.component_id}_{question.years[0]}_{question.years[-1]}"
        options = {"policies": report.ask(summaries.policies_for, self.index.value)} if way is WAYS["course"] else {}
        report.figure(way.card, way.frame(report, question), part=part, **options)
        if report.record["kind"] == "absent":
            return self._say(report.record["title"])
        svg = report.files["svg"].decode()
        self.picture.value = f'<div lang="{self._language}">{svg[svg.index("<svg") :]}</div>'
        self._links({kind: report.files[kind] for kind in ("svg", "csv")})

    def _say(self, text: str) -> None:
        """Words in place of the picture."""
        self.picture.value = f'<p role="status" lang="{self._language}">{html.escape(text)}</p>'
        self.links.value, self.more.disabled = "", True

    def _links(self, files: dict[str, bytes]) -> None:
        """Offer files of the card for downloading."""
        links = []
        for kind, content in files.items():
            address = f"data:{TYPES[kind]};base64,{base64.b64encode(content).decode()}"
            links.append(f'<a download="{self.drawing.stem}.{kind}" href="{address}">{kind.upper()}</a>')
        self.links.value = f"{phrase('explorer.download', self._language)}: {' · '.join(links)}"
        self.more.disabled = "png" in files

    def _link_pictures(self, _=None) -> None:
        files = self.drawing.files | rendering.render(*self.drawing.drawn, self._language)
        self._links({kind: files[kind] for kind in TYPES})


def _results(scores: pd.DataFrame, province: Province) -> pd.DataFrame:
    """The rows of a province with a score or a printed rank."""
    rows = scores[scores["province_code"] == province.province_code]
    return rows[rows["score"].notna() | rows["rank_published"].notna()]


def _set(control: widgets.Dropdown, choices: dict) -> None:
    """Offer choices; what was chosen stays where it is still on offer, by value or by label."""
    value, label = control.value, control.label
    if list(control.options) != list(choices.items()):
        control.options = list(choices.items())
    if value in choices.values():
        control.value = value
    else:
        control.label = label if label in choices else next(iter(choices))
