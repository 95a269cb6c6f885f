"""The explorer: choices that redraw a card of the reports, a table that sorts and filters, and its export."""

from __future__ import annotations

import html
from pathlib import Path

import ipywidgets as widgets

from ninhthuan.language import ParameterFaults, listing
from ninhthuan.reference import data_dir
from ninhthuan.words import bilingual, phrase

from ..parameters import check_parameters
from .choices import (
    Choice,
    Series,
    component_choices,
    edition_years,
    index_choices,
    province_choices,
    quarter_choices,
)
from .page import closing_html, faults_html, figure_html, library_html, table_html
from .screen import AGAINST, Screen, check_choice, screen

__all__ = [
    "AGAINST",
    "Choice",
    "Explorer",
    "Screen",
    "Series",
    "check_choice",
    "component_choices",
    "province_choices",
    "quarter_choices",
    "screen",
    "table_html",
]
STYLE = f"<style>\n{Path(__file__).with_name('explorer.css').read_text(encoding='utf-8')}</style>"
# What stands beside each control.
LABELS = {
    "province": "explorer.province",
    "index": "explorer.index",
    "component": "explorer.component",
    "years": "explorer.editions",
    "against": "explorer.against",
    "quarter": "explorer.reporting_quarter",
    "language": "explorer.language",
}


class Explorer(widgets.VBox):
    """Province, index, component, years, what to set it against and language; the card, its table and its export.

    notebook and parameters as of `report.Report`. Cards that are exported go under output_dir, or where that is empty
    under `reports/explorer` beside the data.
    """

    def __init__(
        self,
        notebook: str,
        *,
        quarter: str,
        province_code: str,
        language: str,
        as_of: str = "",
        output_dir: str = "",
        index_id: str = "papi",
    ):
        given = {"quarter": quarter, "as_of": as_of, "province_code": province_code, "language": language}
        start = check_parameters(given | {"output_dir": output_dir, "index_id": index_id})
        self.notebook, self._as_of, self._start_quarter = notebook, as_of, quarter
        self.folder = Path(output_dir) if output_dir else data_dir().parent / "reports" / "explorer"
        self.screen: Screen | None = None
        self._busy = True
        self._make_controls(start)
        full = widgets.Layout(width="auto")
        self.export = widgets.Button(layout=widgets.Layout(width="auto"))
        self.head, self.status, self.figure = widgets.HTML(), widgets.HTML(), widgets.HTML(layout=full)
        self.said = widgets.HTML()
        self.table_head, self.closing = widgets.HTML(), widgets.HTML(layout=full)
        # scripts run in an output area, and not in a widget of HTML
        self.table, library = widgets.Output(layout=full), widgets.Output()
        library.outputs = (_output(library_html()),)
        columns = {"grid_template_columns": "repeat(auto-fit, minmax(300px, 1fr))", "grid_gap": "2px 20px"}
        controls = widgets.GridBox(
            [getattr(self, name) for name in LABELS], layout=widgets.Layout(width="auto", **columns)
        )
        row = widgets.Layout(flex_flow="row wrap", align_items="center")
        exporting = widgets.HBox([self.export, self.said], layout=row)
        above = [widgets.HTML(STYLE), self.head, controls, self.status, self.figure, exporting]
        super().__init__([*above, library, self.table_head, self.table, self.closing])
        self.add_class("nt-explorer")
        self.language.observe(self._relabel, "value")
        self.index.observe(self._reindex, "value")
        for control in (self.province, self.component, self.years, self.against, self.quarter):
            control.observe(self._redraw, "value")
        self.export.on_click(self._export)
        self._busy = False
        self._relabel()

    def _make_controls(self, start) -> None:
        """One control for each part of a choice, set to the parameters that the notebook gives."""
        look = {"style": {"description_width": "initial"}, "layout": widgets.Layout(width="auto")}
        languages = [bilingual("explorer.vi"), ("English", "en")]
        self.language = widgets.Dropdown(options=languages, value=start.language, **look)
        province = start.boundary, start.province.province_code
        self.province = widgets.Dropdown(options=province_choices(start.language), value=province, **look)
        self.index = widgets.Dropdown(options=index_choices(), value=start.index_id, **look)
        self.component = widgets.Dropdown(options=component_choices(start.index_id, start.language), **look)
        years = edition_years(start.index_id)
        self.years = widgets.SelectionRangeSlider(
            options=years, index=(0, len(years) - 1), continuous_update=False, **look
        )
        self.against = widgets.Dropdown(options=_against_choices(start.language), **look)
        self.quarter = widgets.Dropdown(options=quarter_choices(start.language), value=str(start.quarter), **look)

    @property
    def choice(self) -> Choice:
        """What is chosen at this moment."""
        boundary, code = self.province.value
        quarter = self.quarter.value
        return Choice(
            quarter,
            boundary,
            code,
            self.index.value,
            self.component.value,
            *self.years.value,
            self.against.value,
            self.language.value,
            # a day of knowledge belongs to the quarter that it was given with
            self._as_of if quarter == self._start_quarter else "",
        )

    def _relabel(self, _=None) -> None:
        """Every text in the language chosen; choices stay as they are."""
        language, was = self.language.value, self._busy
        self._busy = True
        for control, options in (
            (self.province, province_choices(language)),
            (self.component, component_choices(self.index.value, language)),
            (self.against, _against_choices(language)),
            (self.quarter, quarter_choices(language)),
        ):
            value = control.value
            control.options = options
            control.value = value
        for name, key in LABELS.items():
            getattr(self, name).description = phrase(key, language)
        self.quarter.tooltip = phrase("explorer.only_what_out_closing_day", language)
        title = phrase("explorer.explore_indices", language)
        self.head.value = f'<div class="nt-title" lang="{language}">{title}</div>'
        self.export.description = phrase("explorer.export_figure_data", language)
        self._busy = was
        self._redraw()

    def _reindex(self, _=None) -> None:
        """Another index: its components, its editions."""
        was, self._busy = self._busy, True
        self.component.options = component_choices(self.index.value, self.language.value)
        years = edition_years(self.index.value)
        self.years.options, self.years.index = years, (0, len(years) - 1)
        self._busy = was
        self._redraw()

    def _redraw(self, _=None) -> None:
        """Draw what is chosen, or say why it cannot be."""
        if self._busy:
            return
        choice, self.said.value = self.choice, ""
        language = choice.language
        drawing = phrase("explorer.drawing", language)
        self.status.value = f'<div class="nt-note" role="status">{drawing}</div>'
        try:
            self.screen, rows = screen(choice, self.notebook)
        except ParameterFaults as error:
            self.screen = None
            heading = phrase("explorer.choice_cannot_shown", language)
            self.status.value = faults_html(heading, error.lines(language), language)
            self.figure.value = self.table_head.value = self.closing.value = ""
            self.table.outputs, self.export.disabled = (), True
            return
        self.status.value = ""
        self.figure.value = figure_html(self.screen, language)
        heading = phrase("explorer.figures_all_provinces_editions_chosen", language)
        self.table_head.value = f'<div class="nt-head">{heading}</div>'
        self.table.outputs = (_output(table_html(rows, choice)),)
        self.closing.value = closing_html(self.screen)
        self.export.disabled = False

    def _export(self, _=None) -> None:
        """Write the card on screen, and say where."""
        choice = self.choice
        folder = self.folder / choice.quarter / choice.province_code / choice.language
        try:
            written = self.screen.export(folder)
        except OSError as error:
            self.said.value = f'<div class="nt-fault" role="alert">{html.escape(f"{folder}: {error.strerror}")}</div>'
            return
        kinds = listing(sorted(path.suffix[1:].upper() for path in written), choice.language)
        where = f"{phrase('explorer.written', choice.language)} <code>{html.escape(str(written[0].parent))}</code>"
        self.said.value = f'<div class="nt-note" role="status">{where}: {kinds}</div>'


def _against_choices(language: str) -> list[tuple[str, str]]:
    return [(phrase(way.name, language), key) for key, way in AGAINST.items()]


def _output(content: str) -> dict:
    return {"output_type": "display_data", "data": {"text/html": content}, "metadata": {}}
