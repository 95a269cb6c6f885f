"""Checks of the figures of a filled template against one another: periods, provinces, sums, years, shares."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import plain
from ninhthuan.numbers import number
from ninhthuan.reference import Province
from ninhthuan.refusals import UnknownName
from ninhthuan.words import Message, bilingual, message
from ninhthuan.workload import shares_against_counts

from . import rows_of, template
from .entries import as_day, with_comma
from .filled import Figure, FilledSheet
from .refusals import both

AS_PRINTED = bilingual("workload.as_printed")
RULES = rows_of("workload_rules.csv")
AT_A_DATE = {row["measure"] for row in RULES if row["rule"] == "at_a_date"}
SUMS = {row["measure"]: row["parts"].split() for row in RULES if row["rule"] == "sum"}


def check_figures(filled: FilledSheet) -> dict[int, Province]:
    """Note what is wrong among the figures; the province of each window, which a merger may change within the year."""
    provinces: dict[int, Province] = {}
    for window in sorted({figure.window for figure in filled.figures}) if filled.year else ():
        if province := _check_window(filled, window):
            provinces[window] = province
    first: dict[tuple, Figure] = {}
    for figure in filled.figures:
        place = (figure.measure, figure.level, figure.channel, figure.at_end, figure.window)
        other = first.setdefault(place, figure)
        if other is not figure:
            filled.blame(_cells([other, figure]), message("workload.same_figure_twice"))
    for whole, parts, complete, what in _sums(filled, provinces):
        _check_sum(filled, whole, parts, complete, what)
    _check_years(filled)
    if filled.figures and not filled.faults:
        _compare_shares(filled)
    return provinces


def _cells(figures: list[Figure], most: int = 6) -> str:
    cells = [figure.cell for figure in figures]
    return ", ".join(cells[:most]) + (f", … ({len(cells)})" if len(cells) > most else "")


def _are_as_printed(figures: list[Figure]) -> bool:
    """Whether the column of notes says that a document prints them so."""
    return any(word in figure.note.casefold() for word in AS_PRINTED for figure in figures)


def _check_window(filled: FilledSheet, window: int) -> Province | None:
    """The window is over, the document is no older, and the province was there: the province."""
    start, end, _ = filled.window(window)
    period, issued = {"start": start, "end": end}, as_day(filled.given("issued_on"))
    figures = [figure for figure in filled.figures if figure.window == window]
    results = [figure for figure in figures if filled.kinds[figure.measure] not in ("plan", "target")]
    if end >= filled.today and results:
        filled.blame(_cells(results), message("workload.period_not_over", **period))
    if issued and issued < start and results:
        filled.blame_field("issued_on", message("workload.document_before_period", issued=issued, **period))
    text = str(filled.given("province") or "")
    if not text:
        return None
    code = re.match(r"[0-9]{2}\b", text)
    try:
        if not code:
            raise UnknownName(*bilingual("workload.choose_province_not", text=text))
        province = catalogue().province(code[0], end)
    except UnknownName as wrong:
        filled.blame_field("province", (wrong.vi, wrong.en))
        return None
    if plain(text) != plain(template.province_text(province)):
        names = {"code": code[0], "name": (province.name, province.name_en), "text": text}
        filled.blame_field("province", message("workload.code_was_another", **names))
    gone = [figure for figure in figures if figure.level == "district"]
    if province.boundary == "post_2025" and gone:
        filled.blame(_cells(gone), message("workload.no_districts"))
    return province


def _sums(filled: FilledSheet, provinces: dict[int, Province]) -> Iterator[tuple[Figure, list[Figure], bool, Message]]:
    """(whole, parts that are there, whether these are all, what they are) for each count that has parts."""
    known = {(f.measure, f.level, f.channel, f.at_end, f.window): f for f in filled.figures}
    for whole in [figure for figure in filled.figures if filled.kinds[figure.measure] == "count"]:
        province, rest = provinces.get(whole.window), (whole.at_end, whole.window)
        districts = province is None or province.boundary != "post_2025"
        for what, places, add_up in _parts(filled, whole, districts):
            parts = [known[place + rest] for place in places if place + rest in known]
            if parts:
                yield whole, parts, add_up and len(parts) == len(places), what


def _parts(filled: FilledSheet, whole: Figure, districts: bool) -> Iterator[tuple[Message, list[tuple], bool]]:
    """(what they are, their places, whether they add up to the whole) for each way in which a count has parts."""
    measure, level, channel = whole.measure, whole.level, whole.channel
    if channel == "all":
        yield message("workload.channels"), [(measure, level, part) for part in ("online", "direct", "postal")], True
    if level == "all":
        levels = ("province", "district", "commune") if districts else ("province", "commune")
        yield message("workload.levels"), [(measure, part, channel) for part in levels], True
    part_of, at_most = filled.table["part_of"], filled.table["at_most"]
    for kinds in (part_of.index[part_of == measure], SUMS.get(measure, [])):
        yield message("workload.parts"), [(part, level, channel) for part in kinds], len(kinds) > 1
    for part in at_most.index[at_most == measure]:
        yield message("workload.part"), [(part, level, channel)], False


def _check_sum(filled: FilledSheet, whole: Figure, parts: list[Figure], complete: bool, what: Message) -> None:
    total = sum(part.number for part in parts)
    if total == whole.number if complete else total <= whole.number:
        return

    def shown(language: str) -> str:
        added = " + ".join(number(part.number, 0, language) for part in parts)
        return f"{added} = {number(total, 0, language)}" if len(parts) > 1 else added

    values = {"what": what, "cells": _cells(parts), "sum": both(shown), "whole": both(number, whole.number, 0)}
    key = "workload.not_the_total" if complete else "workload.more_than_the_total"
    fault = message(key, cell=whole.cell, **values)
    if _are_as_printed([whole, *parts]):
        filled.notes.append(message("workload.marked_as_printed", fault=fault))
    else:
        filled.blame(whole.cell, message("workload.mark_if_printed", fault=fault))


def _check_years(filled: FilledSheet) -> None:
    """Cumulative figures that fall within the year."""
    known = {(f.measure, f.level, f.channel, f.window): f for f in filled.figures if not f.at_end}
    for figure in known.values():
        if filled.kinds[figure.measure] != "count" or figure.measure in AT_A_DATE or figure.window not in (2, 4):
            continue
        place = (figure.measure, figure.level, figure.channel)
        earlier = [known[*place, window] for window in range(1, figure.window) if (*place, window) in known]
        # the half year holds the first quarter; the third quarter is no part of it, but of the year
        sums = [[other] for other in earlier]
        halves = [other for other in earlier if other.window in (2, 3)]
        if len(halves) == 2 and figure.measure not in SUMS:
            sums = [halves]
        for parts in sums:
            total = sum(part.number for part in parts)
            if total > figure.number and not _are_as_printed([figure, *parts]):
                values = {"value": both(number, figure.number, 0), "earlier": both(number, total, 0)}
                filled.blame(figure.cell, message("workload.falls_within_year", cells=_cells(parts), **values))
                break


def _compare_shares(filled: FilledSheet) -> None:
    """Printed shares that contradict their counts are kept as they are, with a note to the user."""
    nothing = dict.fromkeys(("province_code", "boundary", "agency", "source_id"), "")
    frame = pd.DataFrame(
        [
            nothing
            | {"period_start": figure.window, "period_end": figure.at_end, "level": figure.level}
            | {"measure": figure.measure, "channel": figure.channel}
            | {"value": figure.number, "value_printed": figure.value}
            for figure in filled.figures
        ]
    )
    for place, printed, expected in shares_against_counts(frame):
        figure, counted = filled.figures[place], both(number, expected, 2)
        if abs(100 * printed - expected) < 0.51 and printed < 1:
            value = with_comma(figure.value)
            filled.blame(figure.cell, message("workload.share_not_in_per_cent", value=value, expected=counted))
        else:
            shares = {"printed": both(number, printed, 2), "expected": counted}
            filled.notes.append(message("workload.share_against_counts", cell=figure.cell, **shares))
