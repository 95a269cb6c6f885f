"""A figure of one's own in the look of the reports, with its source under it. Needs `ninhthuan[charts]`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pandas as pd

from ninhthuan.asking import find_component
from ninhthuan.catalogue import catalogue, find_province
from ninhthuan.language import pick
from ninhthuan.reference import Province
from ninhthuan.showing import UNITS, source_line
from ninhthuan.words import phrase, two_languages

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#12436D", "#C4480B", "#2A6FA3", "#7FB5B5", "#F46A25", "#595959")
VALUES = ("score", "rank", "rank_derived", "percentile_position")


def _cards():
    """The drawing half of `figure_cards`; raises ModuleNotFoundError, which says what to install."""
    try:
        import font_roboto  # noqa: F401

        from figure_cards import rendering, style
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(two_languages("drawing.not_installed", name=error.name), name=error.name) from None
    return rendering, style


def style() -> ExitStack:
    """Set fonts, sizes and colours of the reports for every figure from now on; in a `with`, for those within alone.

    Raises ModuleNotFoundError where `ninhthuan[charts]` is not installed.
    """
    _, house = _cards()
    import matplotlib as mpl

    before = {name: value for name, value in mpl.rcParams.copy().items() if name != "backend"}
    house.apply.cache_clear()  # others may have changed the settings since
    house.apply()
    mpl.rcParams["axes.prop_cycle"] = mpl.cycler(color=COLOURS)
    within = ExitStack()
    within.callback(mpl.rcParams.update, before)
    within.callback(house.apply.cache_clear)  # a card that is drawn after sets its own again
    return within


def plot(
    frame: pd.DataFrame,
    highlight: str | Iterable[str] = (),
    *,
    component_id: str = "",
    value: str = "score",
    title: str = "",
    language: str = "en",
) -> Figure:
    """Every province of a frame over its editions, some of them in colour and named, with the source under the figure.

    frame: of `load_index` or `panel`. highlight: a province or up to six, by code or name. component_id: by default the
    only one of the frame, or its total. value: `score`, `rank`, `rank_derived` or `percentile_position`; 1 is on top of
    an axis of ranks. title: your own words, which nothing tests; by default what is drawn. No line crosses a gap or a
    break of method; breaks are marked and named. Returns a matplotlib Figure: `.savefig("own.png", dpi=300)`.

    Raises ValueError for a frame of several components without a total, UnknownName for a province or component that
    is none, ModuleNotFoundError where `ninhthuan[charts]` is not installed.
    """
    rendering, house = _cards()
    if value not in VALUES or value not in frame:
        raise ValueError(f"value must be a column of the frame, one of {', '.join(VALUES)}, not {value!r}")
    rows = frame[frame["component_id"] == _component(frame, component_id)].dropna(subset=value)
    if rows.empty:
        raise ValueError(two_languages("drawing.nothing", value=value))
    wanted = [highlight] if isinstance(highlight, str) else list(highlight)
    named = [find_province(text, rows["boundary"].iloc[0]) for text in wanted if text]
    if len(named) > len(COLOURS):
        raise ValueError(two_languages("drawing.too_many", n_most=len(COLOURS)))
    lacking = [p for p in named if p.province_code not in set(rows["province_code"])]
    if lacking:
        raise ValueError(two_languages("asking.no_score", province=(lacking[0].name, lacking[0].name_en)))
    years = sorted({int(year) for year in rows["edition_year"]})
    crossed = catalogue().breaks_between(rows["component_id"].iloc[0], years[0], years[-1], "break")
    subject, words = _words(rows, value, language)
    title = title or ": ".join([subject, *[", ".join(pick(p.name, p.name_en, language) for p in named)] * bool(named)])
    notes = [f"{b.edition_year}: {pick(b.note, b.note_en, language)}" for b in crossed]
    notes += [source_line(rows, language)] if source_line(rows, language) else []
    with style():
        figure, area = rendering.framed(title, f"{subject} {years[0]}–{years[-1]}; {words}", notes, plot_cm=7)
        figure.set_dpi(200)  # at 100 letters are set wider, and lines would end beyond the edge
        ax = area.axes(1.1, 0.2, area.width - 3.2, 6.4)
        _draw(ax, rows, value, dict(zip(COLOURS, named, strict=False)), language, house)
        for b in crossed:
            ax.axvline(b.edition_year - 0.5, color=house.SOFT, lw=0.6, ls=house.DASHES)
        house.keep_fonts(figure)
    _shown_in_notebooks()
    return figure


def _words(rows: pd.DataFrame, value: str, language: str) -> tuple[str, str]:
    """What is drawn, and in which unit."""
    part = catalogue().component(rows["component_id"].iloc[0])
    subject = catalogue().indices[part.index_id].abbreviation
    if part.level != "total":
        subject += f", {pick(part.name, part.name_en, language)}"
    return subject, phrase(f"drawing.axis_{value}", language, unit=pick(*UNITS.get(part.unit, ("", "")), language))


def _draw(ax, rows: pd.DataFrame, value: str, named: dict[str, Province], language: str, house) -> None:
    """The courses, those by colour over the grey ones, with their names at the end; and the two axes."""
    codes = [province.province_code for province in named.values()]
    for _, own in rows[~rows["province_code"].isin(codes)].groupby("province_code"):
        _course(ax, own, value, color=house.OTHERS, lw=0.6, zorder=2)
    years = sorted({int(year) for year in rows["edition_year"]})
    ax.set_xticks(years[:: -(1 + len(years) // 15)])
    ax.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    if value.startswith("rank"):
        lowest = max(int(rows[value].max()), 10)
        ax.set_ylim(lowest + 1, 0)
        ax.set_yticks([1, *range(10, lowest + 1, 10)])
    ends = []
    for colour, province in named.items():
        own = rows[rows["province_code"] == province.province_code].sort_values("edition_year")
        _course(ax, own, value, color=colour, lw=2, marker="o", ms=3.5, zorder=4)
        ends.append(float(own[value].iloc[-1]))
    low, high = sorted(ax.get_ylim())
    for y, (colour, province) in zip(house.spread(ends, (high - low) / 18), named.items(), strict=True):
        text = pick(province.short_name, province.short_name_en, language)
        house.label(ax, 1.01, y, text, transform=ax.get_yaxis_transform(), color=colour, weight="bold")


def _component(frame: pd.DataFrame, component_id: str) -> str:
    """The component to draw."""
    names = list(frame["component_id"].unique())
    if component_id:
        return find_component(component_id, frame.attrs.get("index_id", ""))
    totals = names if len(names) == 1 else [name for name in names if catalogue().component(name).level == "total"]
    if len(totals) != 1:
        raise ValueError(two_languages("drawing.several", names=", ".join(map(str, totals or names[:5]))))
    return totals[0]


def _course(ax, own: pd.DataFrame, value: str, **look) -> None:
    """The line of a province, broken where an edition is missing or the method was."""
    own, known = own.sort_values("edition_year"), catalogue()
    segment = own["edition_year"].map(
        {year: known.segment(own["component_id"].iloc[0], year) for year in own["edition_year"]}
    )
    apart = (own["edition_year"].diff() > 1) | (segment.diff() > 0)
    for _, run in own.groupby(apart.cumsum()):
        alone = {"marker": "o", "ms": 2} if len(run) == 1 else {}
        ax.plot(run["edition_year"], run[value].astype(float), **alone | look)


def _shown_in_notebooks() -> None:
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    if shell is not None:
        from IPython.core.pylabtools import select_figure_formats

        select_figure_formats(shell, {"png"}, bbox_inches=None)
