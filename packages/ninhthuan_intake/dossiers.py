"""An export of the one-stop system, one row a dossier, counted into figures of the workload.

How dossiers are counted, for a period from its first day to its last (both within, days in Việt Nam):

| measure | a dossier is counted when |
|---|---|
| dossiers_received | it was received in the period |
| dossiers_carried_over | it was received before, and not finished before the first day |
| dossiers_to_process | it is one of these two |
| dossiers_resolved | it was finished in the period |
| dossiers_resolved_on_time_or_early | so, no later than the day it was due, or without such a day |
| dossiers_resolved_late | so, after the day it was due |
| dossiers_pending_within_deadline | received by the last day, not finished by then, not due before then |
| dossiers_pending_overdue | so, but due before the last day; and by how many days: up to 10, 11 to 30, over 30 |
| dossiers_pending | it is one of these two |
| dossiers_on_time_share | on time or early, in per cent of those resolved |
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from careful_tables.changes import Rows
from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.numbers import number, rounded
from ninhthuan.periods import Quarter
from ninhthuan.reference import Province
from ninhthuan.refusals import UnknownName
from ninhthuan.words import Message, message, phrase
from ninhthuan.workload import by_measure

from .counting import COUNTED, Tally, Window, tally
from .landing import Origin, Proposal, source_rows
from .mapping import read_mapping
from .refusals import Refused, What, both, fingerprint
from .workload import figure_row, workload_table

COUNTS = (
    "dossiers_received",
    "dossiers_carried_over",
    "dossiers_to_process",
    "dossiers_resolved",
    "dossiers_resolved_on_time_or_early",
    "dossiers_resolved_late",
    "dossiers_pending_within_deadline",
    "dossiers_pending",
    "dossiers_pending_overdue",
    "dossiers_overdue_up_to_10_days",
    "dossiers_overdue_11_to_30_days",
    "dossiers_overdue_over_30_days",
)
# Level, agency and channel of counts.
Place = tuple[str, str, str]


def window_of(quarter: Quarter, calendar: bool = False) -> Window:
    """The reporting window of a quarter (cumulative in the second and fourth), or the quarter of the calendar alone.

    >>> window_of(Quarter(2024, 2)).start.isoformat(), window_of(Quarter(2024, 2), calendar=True).start.isoformat()
    ('2023-12-15', '2024-04-01')
    """
    if calendar:
        return Window(quarter.first_day, quarter.last_day, False)
    return Window(*quarter.reporting_window, quarter.window_is_cumulative)


def checked_request(province: str, quarters: list[str], calendar: bool = False) -> tuple[Province, list[Window]]:
    """The province and the periods of a request, as the user writes them; raises Refused with everything wrong."""
    faults: list[What] = []
    windows: list[Window] = []
    for text in dict.fromkeys(quarters):
        try:
            windows.append(window_of(Quarter.parse(text), calendar))
        except ValueError:
            faults.append(message("dossiers.quarter_written_otherwise", text=text))
    boundaries = {boundary_on(window.end) for window in windows}
    if len(boundaries) > 1:
        faults.append(message("dossiers.quarters_on_both_sides"))
    found = None
    if len(boundaries) == 1:
        try:
            found = catalogue().find_province(province, *boundaries)
        except UnknownName as wrong:
            faults.append((wrong.vi, wrong.en))
    if faults or found is None:
        raise Refused(*faults)
    return found, windows


def figures(counts: list[int]) -> dict[str, str]:
    """The measures of one place and one window, as text, from its counts (see `counting`).

    >>> figures([10, 2, 8, 1, 3, 1, 0])["dossiers_on_time_share"]
    '87.50'
    """
    received, carried, resolved, late, within, over_10, over_30 = counts
    pending = received + carried - resolved
    overdue = pending - within
    values = (received, carried, received + carried, resolved, resolved - late, late, within, pending, overdue)
    values += (overdue - over_10, over_10 - over_30, over_30)
    found = {measure: str(value) for measure, value in zip(COUNTS, values, strict=True)}
    if resolved:
        found["dossiers_on_time_share"] = f"{rounded(100 * (resolved - late) / resolved, 2):.2f}"
    return found


def cube(counts: dict[Place, list[int]]) -> dict[Place, list[int]]:
    """Counts of every level, of the whole, of every channel and of all; of an agency only over all channels."""
    found: dict[Place, list[int]] = {}

    def add(key: Place, numbers: list[int]) -> None:
        found[key] = [a + b for a, b in zip(found.get(key, [0] * len(numbers)), numbers, strict=True)]

    for (level, agency, channel), numbers in counts.items():
        for place in {level or "all", "all"}:
            add((place, "", channel), numbers)
            add((place, "", "all"), numbers)
        if agency:
            add((level or "all", agency, "all"), numbers)
    return found


def read_dossiers(
    path: Path,
    windows: list[Window],
    province: Province,
    folder: Path,
    *,
    mapping: Path | None = None,
    by_agency: bool = False,
    source: dict[str, str] | None = None,
    today: date | None = None,
    tell: Callable[[float], None] | None = None,
) -> Proposal:
    """Figures of the workload of a province, counted from an export, as rows for data/.

    windows: periods to count for, all of them over. folder: data/. source: title, url, published of the export, as
    `landing.Origin` has them. Raises Refused with every fault.
    """
    path, today = Path(path), today or date.today()
    early = [window for window in windows if window.end >= today]
    if early:
        raise Refused(*(message("workload.period_not_over", start=w.start, end=w.end) for w in early))
    found = tally(path, windows, read_mapping(mapping), by_agency=by_agency, today=today, tell=tell)
    size, sha256 = fingerprint(path)
    own = "" if province.boundary == "pre_2025" else f"_{province.boundary}"
    source_id = f"one_stop_{province.province_code}{own}"
    rows = _rows(found, windows, province, source_id)
    cited = {
        "title": phrase("dossiers.title_only_vi", "vi", province=province.name),
        "publisher": f"UBND {province.name}",
    }
    cited |= {key: value for key, value in (source or {}).items() if value}
    origin = Origin(source_id, path.name, size, sha256, "", "dossiers", **cited)
    summary = {"count": both(number, found.dossiers, 0), "windows": len(windows), "figures": len(rows)}
    return Proposal(
        summary=message("dossiers.summary", name=path.name, **summary),
        rows={workload_table(province): rows, **source_rows(origin, len(rows), folder, today)},
        notes=tuple(_notes(found, windows)),
    )


def _rows(found: Tally, windows: list[Window], province: Province, source_id: str) -> Rows:
    units, note = by_measure()["unit"], "counted from an export of the one-stop system"
    rows = []
    for (level, agency, channel), numbers in cube(found.counts).items():
        for number_of, window in enumerate(windows):
            days = (window.start, window.end, window.cumulative)
            for measure, value in figures(_of_window(numbers, number_of)).items():
                place = {"level": level, "agency": agency, "measure": measure, "channel": channel}
                place["unit"] = units[measure]
                rows.append(figure_row(province, days, place, value, source_id) | {"note": note})
    return rows


def _of_window(counts: list[int], number: int) -> list[int]:
    """The counts of one window among those of all."""
    return counts[COUNTED * number : COUNTED * (number + 1)]


def _notes(found: Tally, windows: list[Window]) -> list[Message]:
    read = ", ".join(f"{heading} = {field}" for field, heading in found.headings.items())
    notes = [message("dossiers.columns_read", read=read, unread=found.unread), message("dossiers.how_days_are_read")]
    for place, window in enumerate(windows):
        sums = [
            sum(counts)
            for counts in zip(*(_of_window(counted, place) for counted in found.counts.values()), strict=True)
        ]
        received, carried, resolved, late, within, *_ = sums
        counts = {"received": received, "resolved": resolved, "late": late}
        counts["overdue"] = received + carried - resolved - within
        shown = {name: both(number, count, 0) for name, count in counts.items()}
        notes.append(message("dossiers.of_window", start=window.start, end=window.end, **shown))
    if found.without_deadline:
        notes.append(message("dossiers.without_deadline", count=both(number, found.without_deadline, 0)))
    if found.empty:
        notes.append(message("dossiers.empty_rows", count=found.empty))
    return notes
