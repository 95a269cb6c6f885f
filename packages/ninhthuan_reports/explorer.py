"""The explorer: choices that redraw a card of the reports, a table that sorts and filters, and its export.

Nothing is drawn here: a choice becomes a frame of `summaries` and a card of `cards`, so that what is on the screen
is what a report would print. A choice that makes no sense raises `ParameterFaults` with every reason.
"""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import ipywidgets as widgets
import pandas as pd
from itables.javascript import generate_init_offline_itables_html, opt, to_html_datatable

from ninhthuan import measures, moves, reading
from ninhthuan.catalogue import MERGER_DAY, Component, NotComparable, Province, boundary_on, catalogue, data_dir
from ninhthuan.datasets import load_index
from ninhthuan.language import LANGUAGES, ParameterFaults, day, label, listing, pick, quarter_name
from ninhthuan.numbers import number
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual, phrase

from . import summaries
from .parameters import check_parameters
from .publish.columns import column
from .report import Report
from .wording import component_name, index_name, province_name, sort_key, year_spans

FIRST_QUARTER = Quarter(2012, 1)
# What the province is set against, and the card that does it.
AGAINST = {
    "own_course": ("index_course", *bilingual("explorer.own_earlier_editions")),
    "region": ("rank_bump", *bilingual("explorer.provinces_region")),
    "nearest": ("rival_slope", *bilingual("explorer.provinces_next_above_below")),
    "country": ("tile_groups", *bilingual("explorer.country_four_groups")),
    "parts": ("drill_down", *bilingual("explorer.dimensions_made_change")),
}
NEEDS_ALL_SCORES = ("region", "nearest", "country")
TABLE_COLUMNS = ("province", "edition_year", "score", "rank", "n_ranked", "group_derived", "missing")


# ------------------------------------------------------------------------------------------------------------- choices


@dataclass(frozen=True)
class Series:
    """A component over the editions in which its code meant the same thing: codes of sub-dimensions shift."""

    component_id: str
    first_edition: int
    last_edition: int | None

    def definition(self) -> Component:
        return catalogue().component(self.component_id, self.last_edition)

    def years(self, first: int, last: int) -> tuple[int, int]:
        """The editions of a span in which it existed; the first is later than the last where there is none."""
        return max(first, self.first_edition), min(last, self.last_edition or last)


@dataclass(frozen=True)
class Choice:
    """What is asked for. boundary: list of provinces that the code belongs to; as_of: empty is the closing day."""

    quarter: str
    boundary: str
    province_code: str
    index_id: str
    series: Series
    first: int
    last: int
    against: str
    language: str
    as_of: str = ""

    @property
    def province(self) -> Province:
        return catalogue().provinces[(self.boundary, self.province_code)]


def province_choices(language: str) -> list[tuple[str, tuple[str, str]]]:
    """Every province before and after 1 July 2025 in the order of the language: (label, (boundary, code))."""
    known = catalogue().provinces
    merged = {p.name for (boundary, _), p in known.items() if boundary == "post_2025"}
    found = []
    for boundary, code in known:
        province, name = known[boundary, code], province_name(code, boundary, language)
        if boundary == "post_2025":
            name += phrase("explorer.1_july_2025", language)
        elif province.valid_to and province.valid_to.year < MERGER_DAY.year:
            name += phrase(
                "explorer.to", language, valid_to=(day(province.valid_to, "vi"), day(province.valid_to, "en"))
            )
        elif province.name in merged:
            name += phrase("explorer.30_june_2025", language)
        # as the names stand, the older one first
        found.append((sort_key(province_name(code, boundary, language)), boundary == "post_2025", name, boundary, code))
    return [(name, (boundary, code)) for _, _, name, boundary, code in sorted(found)]


def index_choices() -> list[tuple[str, str]]:
    """The five indices: (abbreviation, index_id)."""
    return [(index_name(index_id), index_id) for index_id in catalogue().indices]


def component_choices(index_id: str, language: str) -> list[tuple[str, Series]]:
    """Total, dimensions and sub-dimensions of an index, former ones with their years: (label, series)."""
    definitions: dict[str, list[Component]] = {}
    for component in catalogue().components_of(index_id):
        if component.level in ("total", "dimension", "sub_dimension"):
            definitions.setdefault(component.component_id, []).append(component)
    lines: list[tuple[Component, Series]] = []
    for component_id, versions in definitions.items():
        spans: list[list[Component]] = []
        for version in sorted(versions, key=lambda each: each.first_edition):
            # a definition that goes on is one line with the one before; else the code was given to something else
            if spans and version.continues_id == component_id:
                spans[-1].append(version)
            else:
                spans.append([version])
        lines += [(span[-1], Series(component_id, span[0].first_edition, span[-1].last_edition)) for span in spans]

    def order(line: tuple[Component, Series]) -> tuple:
        component, series = line
        numbers = [int(part) for part in component.number.split(".") if part]
        return numbers, -series.first_edition, component.component_id

    found = []
    for component, series in sorted(lines, key=order):
        name = phrase("explorer.total", language)
        if component.level != "total":
            name = component_name(component, language)
        if component.level == "sub_dimension":
            name = f"\N{EM SPACE}{name}"
        if series.last_edition:
            name += f" ({series.first_edition}–{series.last_edition})"
        found.append((name, series))
    return found


def quarter_choices(language: str, today: date | None = None) -> list[tuple[str, str]]:
    """Quarters that are over, the newest first: (name, quarter)."""
    quarter, found = Quarter.containing(today or date.today()).previous, []
    while quarter >= FIRST_QUARTER:
        name = phrase("explorer.quarter", language, quarter=(quarter_name(quarter, "vi").partition(" ")[2], quarter))
        found.append((name, str(quarter)))
        quarter = quarter.previous
    return found


def edition_years(index_id: str) -> list[int]:
    """Years of every edition of an index, of both lists of provinces."""
    return sorted({edition.edition_year for edition in catalogue().editions.values() if edition.index_id == index_id})


# -------------------------------------------------------------------------------------------------- what it comes to


class Screen(Report):
    """A report of one card that is kept and not shown: the explorer shows it, and writes it when asked to."""

    def __init__(self, choice: Choice, notebook: str):
        self.made: dict[str, tuple[dict, dict[str, bytes]]] = {}
        super().__init__(
            notebook,
            quarter=choice.quarter,
            as_of=choice.as_of,
            province_code=choice.province_code,
            language=choice.language,
            index_id=choice.index_id,
        )

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


def check_choice(choice: Choice) -> pd.DataFrame:
    """Raise ParameterFaults with every reason why a choice cannot be shown; else the scores of its editions.

    The frame has the rows of `datasets.load_index` of the chosen component and years, all provinces.
    """
    faults: list[tuple[str, str]] = []
    quarter = Quarter.parse(choice.quarter)
    names = [province_name(choice.province_code, choice.boundary, language) for language in LANGUAGES]
    if boundary_on(quarter.last_day) != choice.boundary:
        if choice.boundary == "post_2025":
            faults.append(
                bilingual(
                    "explorer.within_new_boundaries_exists_1",
                    quarter_name=quarter_name(quarter, "vi"),
                    quarter=quarter,
                    names=(names[0], names[1]),
                )
            )
        else:
            faults.append(
                bilingual(
                    "explorer.within_old_boundaries_ended_30",
                    quarter_name=quarter_name(quarter, "vi"),
                    quarter=quarter,
                    names=(names[0], names[1]),
                )
            )
    else:
        try:
            check_parameters(
                {
                    "quarter": choice.quarter,
                    "as_of": choice.as_of,
                    "province_code": choice.province_code,
                    "language": choice.language,
                    "index_id": choice.index_id,
                }
            )
        except ParameterFaults as error:
            faults += error.faults
    index, series = index_name(choice.index_id), choice.series
    subject = [
        index if series.definition().level == "total" else f"{index}, {component_name(series.definition(), language)}"
        for language in LANGUAGES
    ]
    first, last = series.years(choice.first, choice.last)
    if first > last:
        span = f"{choice.first}–{choice.last}" if choice.first < choice.last else str(choice.first)
        until = f"–{series.last_edition}" if series.last_edition else ""
        faults.append(
            bilingual(
                "explorer.did_not_exist_editions",
                span=span,
                first_edition=series.first_edition,
                until=until or bilingual("explorer.and_later"),
                subject=(subject[0], subject[1]),
            )
        )
    if faults:
        raise ParameterFaults(faults)

    as_of = choice.as_of or min(quarter.closing_day, date.today())
    scores = load_index(choice.index_id, as_of=as_of, boundary=choice.boundary, sources="strict")
    known_years = sorted(set(scores["edition_year"]))
    chosen = scores[(scores["component_id"] == series.component_id) & scores["edition_year"].between(first, last)]
    own = chosen[chosen["province_code"] == choice.province_code]
    held = own[own["score"].notna() | own["rank_published"].notna()]
    if not known_years:
        raise ParameterFaults(
            [
                bilingual(
                    "explorer.no_edition_over_list_provinces", index=index, as_of=(day(as_of, "vi"), day(as_of, "en"))
                )
            ]
        )
    if chosen.empty:
        newest = max(known_years)
        raise ParameterFaults(
            [
                bilingual(
                    "explorer.editions_chosen_not_out_newest",
                    as_of=(day(as_of, "vi"), day(as_of, "en")),
                    newest=newest,
                    subject=(subject[0], subject[1]),
                )
            ]
        )
    if held.empty:
        kinds = own.groupby("missing")["edition_year"].agg(list)
        told = [
            "; ".join(f"{year_spans(years)}: {label(kind, language)}" for kind, years in kinds.items() if kind)
            for language in LANGUAGES
        ]
        raise ParameterFaults(
            [
                bilingual(
                    "explorer.no_figure_editions_chosen",
                    subject=(subject[0], subject[1]),
                    names=(names[0], names[1]),
                    told=(told[0], told[1]),
                )
            ]
        )
    held_years = sorted(set(held["edition_year"]))
    faults += _against_faults(choice, chosen, held_years, subject)
    if faults:
        raise ParameterFaults(faults)
    return chosen


def _against_faults(
    choice: Choice, chosen: pd.DataFrame, held_years: list[int], subject: list[str]
) -> list[tuple[str, str]]:
    """What the province cannot be set against in these editions, and why."""
    faults, known, series = [], catalogue(), choice.series
    newest = int(chosen["edition_year"].max())
    if choice.against == "region" and not choice.province.region_id:
        faults.append(bilingual("explorer.catalogue_has_no_region_province"))
    if choice.against in NEEDS_ALL_SCORES:
        complete = sorted(set(chosen.loc[chosen["rank_derived"].notna(), "edition_year"]))
        if newest not in complete:
            where = [year_spans(complete) or phrase("explorer.none_those_chosen", language) for language in LANGUAGES]
            faults.append(
                bilingual(
                    "explorer.needs_scores_all_provinces_not",
                    newest=newest,
                    subject=(subject[0], subject[1]),
                    where=(where[0], where[1]),
                )
            )
        elif newest not in held_years:
            faults.append(
                bilingual(
                    "explorer.province_s_result_not_published",
                    newest=newest,
                    label=label("not_published", "vi"),
                    last_held_years=held_years[-1],
                    subject=(subject[0], subject[1]),
                )
            )
        if choice.against == "country":
            tiles = {
                province.province_code
                for province in known.provinces.values()
                if province.boundary == choice.boundary and province.tile_col is not None
            }
            scored = set(chosen.loc[(chosen["edition_year"] == newest) & chosen["score"].notna(), "province_code"])
            if scored - tiles:
                faults.append(bilingual("explorer.edition_has_province_not_grid", newest=newest))
    try:
        if choice.against in ("region", "parts"):
            known.check_comparable(series.component_id, held_years[0], held_years[-1])
    except NotComparable as error:
        span, same = f"{held_years[0]}–{held_years[-1]}", f"{error.breaks[-1].edition_year}–{held_years[-1]}"
        notes = [" ".join(texts) for texts in zip(*((b.note, b.note_en) for b in error.breaks), strict=True)]
        faults.append(
            bilingual(
                "explorer.editions_not_one_method_not",
                span=span,
                same=same,
                subject=(subject[0], subject[1]),
                notes=(notes[0], notes[1]),
            )
        )
    if choice.against == "parts":
        if not (series.definition().level == "total" and series.definition().parts_sum):
            faults.append(bilingual("explorer.not_plain_sum_dimensions_cannot", subject=(subject[0], subject[1])))
        elif len(held_years) < 2:
            faults.append(bilingual("explorer.two_editions_result_needed_split"))
    return faults


def screen(choice: Choice, notebook: str = "01_explorer") -> tuple[Screen, pd.DataFrame]:
    """The card of a choice, drawn, and its table; raises ParameterFaults with every reason where there can be none.

    Table: one row a province and edition, the province's own first, with the columns `TABLE_COLUMNS`.
    """
    reading.forget()  # what the card before rested on is none of this one's
    chosen = check_choice(choice)
    report = Screen(choice, notebook)
    years = sorted(set(chosen["edition_year"]))
    component_id = choice.series.component_id
    part = f"{component_id}_{years[0]}_{years[-1]}"
    card, extra = AGAINST[choice.against][0], {}
    if card == "index_course":
        frame = summaries.total_history(
            choice.index_id,
            choice.province_code,
            as_of=report.as_of,
            boundary=report.boundary,
            component_id=component_id,
        )
        frame = frame[frame["edition_year"].isin(years)].reset_index(drop=True)
        extra["policies"] = summaries.policies_for(choice.index_id, report.as_of, choice.province_code, report.boundary)
    elif card == "rank_bump":
        frame = summaries.region_history(chosen, choice.province_code, component_id)
    elif card == "rival_slope":
        frame = summaries.rivals(chosen, choice.province_code, component_id)
    elif card == "tile_groups":
        frame = summaries.newest_cells(chosen, component_id)
    else:
        scores = load_index(choice.index_id, as_of=report.as_of, boundary=report.boundary, sources="strict")
        own = chosen[(chosen["province_code"] == choice.province_code) & chosen["score"].notna()]
        ends = own["edition_year"].min(), own["edition_year"].max()
        frame = moves.drill_down(scores[scores["edition_year"].isin(ends)], choice.province_code)
    report.figure(card, frame, part=part, **extra)
    report.closing()
    rows = chosen.assign(rank=measures.rank_used(chosen))
    order = {code: place for place, (_, (_, code)) in enumerate(province_choices("vi"))}
    others = rows["province_code"] != choice.province_code
    rows = rows.assign(others=others, order=rows["province_code"].map(order)).sort_values(
        ["others", "edition_year", "order"], ascending=[True, False, True], ignore_index=True
    )
    return report, rows[[*TABLE_COLUMNS, "province_code", "unit"]]


def table_html(rows: pd.DataFrame, choice: Choice) -> str:
    """The table of a choice as HTML that sorts and filters; `library_html` must stand on the same page."""
    language = choice.language
    decimals = catalogue().indices[choice.index_id].decimals
    shown = pd.DataFrame(
        {
            "province": [province_name(code, choice.boundary, language) for code in rows["province_code"]],
            "edition_year": rows["edition_year"],
            "score": rows["score"].astype("Float64"),
            "rank": rows["rank"].astype("Int64"),
            "n_ranked": rows["n_ranked"],
            "group_derived": [
                label(group, language) if isinstance(group, str) else "" for group in rows["group_derived"]
            ],
            "missing": [label(kind, language) if kind else "" for kind in rows["missing"]],
        }
    )
    shown.columns = [column(name, language, "", rows.to_dict("list")).heading for name in shown]
    words = {
        "search": phrase("explorer.search", language),
        "info": phrase("explorer.rows_start_end_total", language),
        "infoEmpty": phrase("explorer.no_rows", language),
        "infoFiltered": phrase("explorer.max", language),
        "lengthMenu": phrase("explorer.menu_rows_page", language),
        "zeroRecords": phrase("explorer.no_matching_rows", language),
        "emptyTable": phrase("explorer.no_rows", language),
        "aria": {
            "orderable": phrase("explorer.activate_sort", language),
            "orderableReverse": phrase("explorer.activate_invert_sorting", language),
            "orderableRemove": phrase("explorer.activate_remove_sorting", language),
            "paginate": {
                name: pick(vi, en, language)
                for name, vi, en in (
                    ("first", *bilingual("explorer.first_page")),
                    ("previous", *bilingual("explorer.previous_page")),
                    ("next", "Trang sau", "Next page"),
                    ("last", *bilingual("explorer.last_page")),
                )
            },
        },
    }
    with pd.option_context("display.float_format", lambda value: number(value, decimals, language)):
        table = to_html_datatable(
            shown,
            connected=False,
            showIndex=False,
            maxBytes=0,
            pageLength=10,
            classes="display compact",
            style="table-layout:auto;width:100%;margin:0",
            columnDefs=[{"className": "dt-left", "targets": [0, 5, 6]}],
            column_filters="footer",
            text_in_header_can_be_selected=False,  # the whole head sorts, not its small sign alone
            language=words,
            display_logo_when_loading=False,
        )
    # a missing figure is an empty cell; the column beside it says why
    return table.replace(r"\"<NA>\"", "null").replace("&lt;NA&gt;", "").replace("<NA>", "")


def library_html() -> str:
    """The script and the style of tables, from the installed package and not from a network."""
    return generate_init_offline_itables_html(opt.dt_bundle)


# ------------------------------------------------------------------------------------------------------------- widgets

LABELS = {
    "title": bilingual("explorer.explore_indices"),
    "language": bilingual("explorer.language"),
    "province": bilingual("explorer.province"),
    "index": bilingual("explorer.index"),
    "component": bilingual("explorer.component"),
    "years": bilingual("explorer.editions"),
    "against": bilingual("explorer.against"),
    "quarter": bilingual("explorer.reporting_quarter"),
    "known": bilingual("explorer.only_what_out_closing_day"),
    "export": bilingual("explorer.export_figure_data"),
    "drawing": bilingual("explorer.drawing"),
    "cannot": bilingual("explorer.choice_cannot_shown"),
    "exported": bilingual("explorer.written"),
    "table": bilingual("explorer.figures_all_provinces_editions_chosen"),
}
STYLE = """<style>
.nt-explorer { max-width: 1060px; padding: 4px 8px; }
.nt-explorer .nt-title { font-size: 20px; font-weight: 600; line-height: 1.3; margin: 4px 0 8px; }
.nt-explorer .nt-head { font-size: 15px; font-weight: 600; line-height: 1.4; margin: 14px 0 2px; }
.nt-explorer .nt-fault { border-left: 4px solid #B4532A; background: #FBF3EE; color: #1a1a1a; padding: 8px 12px;
  line-height: 1.45; max-width: 760px; }
.nt-explorer .nt-fault ul, .nt-explorer .nt-closing ul { margin: 4px 0 4px 18px; padding: 0; }
.nt-explorer .nt-closing { line-height: 1.45; font-size: 13px; max-width: 860px; overflow-wrap: anywhere; }
.nt-explorer .nt-closing a { color: #12436d; text-decoration: underline; }
.nt-explorer .nt-note { line-height: 1.45; overflow-wrap: anywhere; }
.nt-explorer img.nt-figure { width: 100%; max-width: 760px; height: auto; background: white; display: block; }
.nt-explorer .widget-html-content { line-height: 1.4; }
.nt-explorer table.dataTable th { white-space: normal; vertical-align: bottom; }
.nt-explorer table.dataTable .dt-left { text-align: left; }
.nt-explorer table.dataTable th, .nt-explorer table.dataTable td { padding: 3px 6px; }
.nt-explorer table.dataTable tfoot input { width: 100%; min-width: 3em; box-sizing: border-box; }
.nt-explorer table.dataTable thead th .dt-column-order { margin-left: 2px; }
.nt-explorer select, .nt-explorer input { min-width: 0; }
</style>"""


class Explorer(widgets.VBox):
    """Province, index, component, years, what to set it against and language; the card, its table and its export.

    notebook and parameters as of `cards.Report`. Cards that are exported go under output_dir, or where that is empty
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
        start = check_parameters(
            {
                "quarter": quarter,
                "as_of": as_of,
                "province_code": province_code,
                "language": language,
                "output_dir": output_dir,
                "index_id": index_id,
            }
        )
        self.notebook, self._as_of, self._start_quarter = notebook, as_of, quarter
        self.folder = Path(output_dir) if output_dir else data_dir().parent / "reports" / "explorer"
        self.screen: Screen | None = None
        self._busy = True
        wide = {"description_width": "initial"}
        full = widgets.Layout(width="auto")

        def one(kind, **more):
            return kind(style=wide, layout=full, **more)

        self.language = one(widgets.Dropdown, options=[bilingual("explorer.vi"), ("English", "en")], value=language)
        self.province = one(
            widgets.Dropdown, options=province_choices(language), value=(start.boundary, start.province.province_code)
        )
        self.index = one(widgets.Dropdown, options=index_choices(), value=start.index_id)
        self.component = one(widgets.Dropdown, options=component_choices(start.index_id, language))
        years = edition_years(start.index_id)
        self.years = one(
            widgets.SelectionRangeSlider, options=years, index=(0, len(years) - 1), continuous_update=False
        )
        self.against = one(widgets.Dropdown, options=[(pick(*AGAINST[k][1:], language), k) for k in AGAINST])
        self.quarter = one(widgets.Dropdown, options=quarter_choices(language), value=str(start.quarter))
        self.export = widgets.Button(layout=widgets.Layout(width="auto"))
        self.head, self.status, self.figure = widgets.HTML(), widgets.HTML(), widgets.HTML(layout=full)
        self.said = widgets.HTML()
        self.table_head, self.closing = widgets.HTML(), widgets.HTML(layout=full)
        # scripts run in an output area, and not in a widget of HTML
        self.table, library = widgets.Output(layout=full), widgets.Output()
        library.outputs = (_output(library_html()),)
        controls = widgets.GridBox(
            [self.province, self.index, self.component, self.years, self.against, self.quarter, self.language],
            layout=widgets.Layout(
                width="auto", grid_template_columns="repeat(auto-fit, minmax(300px, 1fr))", grid_gap="2px 20px"
            ),
        )
        super().__init__(
            [
                widgets.HTML(STYLE),
                self.head,
                controls,
                self.status,
                self.figure,
                widgets.HBox(
                    [self.export, self.said], layout=widgets.Layout(flex_flow="row wrap", align_items="center")
                ),
                library,
                self.table_head,
                self.table,
                self.closing,
            ]
        )
        self.add_class("nt-explorer")
        self.language.observe(self._relabel, "value")
        self.index.observe(self._reindex, "value")
        for control in (self.province, self.component, self.years, self.against, self.quarter):
            control.observe(self._redraw, "value")
        self.export.on_click(self._export)
        self._busy = False
        self._relabel()

    def _say(self, key: str) -> str:
        return pick(*LABELS[key], self.language.value)

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
            (self.against, [(pick(*AGAINST[key][1:], language), key) for key in AGAINST]),
            (self.quarter, quarter_choices(language)),
        ):
            value = control.value
            control.options = options
            control.value = value
        for name in ("province", "index", "component", "years", "against", "quarter", "language"):
            getattr(self, name).description = self._say(name)
        self.quarter.tooltip = self._say("known")
        self.head.value = f'<div class="nt-title" lang="{language}">{self._say("title")}</div>'
        self.export.description = self._say("export")
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
        self.status.value = f'<div class="nt-note" role="status">{self._say("drawing")}</div>'
        try:
            self.screen, rows = screen(choice, self.notebook)
        except ParameterFaults as error:
            self.screen = None
            lines = "".join(f"<li>{html.escape(line)}.</li>" for line in error.lines(choice.language))
            said = f"{self._say('cannot')}:<ul>{lines}</ul>"
            self.status.value = f'<div class="nt-fault" role="alert" lang="{choice.language}">{said}</div>'
            self.figure.value = self.table_head.value = self.closing.value = ""
            self.table.outputs, self.export.disabled = (), True
            return
        self.status.value = ""
        self.figure.value = _figure_html(self.screen, choice.language)
        self.table_head.value = f'<div class="nt-head">{self._say("table")}</div>'
        self.table.outputs = (_output(table_html(rows, choice)),)
        self.closing.value = _closing_html(self.screen)
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
        where = html.escape(str(written[0].parent))
        self.said.value = (
            f'<div class="nt-note" role="status">{self._say("exported")} <code>{where}</code>: {kinds}</div>'
        )


def _output(content: str) -> dict:
    return {"output_type": "display_data", "data": {"text/html": content}, "metadata": {}}


def _figure_html(drawn: Screen, language: str) -> str:
    record = drawn.record
    if not drawn.picture:
        return f'<div class="nt-fault" lang="{language}">{html.escape(record["title"])}.</div>'
    data = base64.b64encode(drawn.picture).decode()
    words = f'lang="{language}" alt="{html.escape(record["alt"])}" title="{html.escape(record["title"])}"'
    return f'<img class="nt-figure" {words} src="data:image/png;base64,{data}">'


def _closing_html(drawn: Screen) -> str:
    sections = drawn.made["closing"][0]["sections"]
    return (
        '<div class="nt-closing">'
        + "".join(
            f'<div class="nt-head">{html.escape(head)}</div><ul>'
            + "".join(f"<li>{_linked(html.escape(line))}</li>" for line in lines)
            + "</ul>"
            for head, lines in sections
        )
        + "</div>"
    )


def _linked(text: str) -> str:
    """Addresses in `<...>`, as Markdown has them, as links."""
    return re.sub(r"&lt;(https?://[^\s<>]+?)&gt;", r'<a href="\1" target="_blank" rel="noopener">\1</a>', text)
