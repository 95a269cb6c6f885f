"""Dossiers counted by DuckDB: days parsed from text, unusable rows, and the counts behind all figures."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ninhthuan.language import nearest
from ninhthuan.numbers import number
from ninhthuan.words import message

from .exports import Export, in_own_words, opened, watched
from .mapping import FIELDS, Mapping, folded
from .refusals import Refused, both, wording

OVERDUE_DAYS = (10, 30)  # ages of what is overdue: up to so many days, up to so many, and more
COUNTED = 5 + len(OVERDUE_DAYS)  # counts of one window, from which the measures follow
KINDS_OF_VALUE = 200  # more different values are no channel and no level, but another column
EARLIEST = "DATE '1990-01-01'"
DAYS = {
    "received": message("dossiers.day_received"),
    "due": message("dossiers.day_due"),
    "finished": message("dossiers.day_finished"),
}
# Kinds of unusable rows: a condition in SQL over the columns of `dossier_rows`, and the row of words.
FAULTY = (
    ("blank_received", message("dossiers.no_day_of_receipt")),
    *(
        (
            f"NOT blank_{day} AND ({day} IS NULL OR {day} < {EARLIEST} OR year({day}) > 2199)",
            message("dossiers.unreadable_day", day=name),
        )
        for day, name in DAYS.items()
    ),
    ("finished < received", message("dossiers.finished_before_received")),
    ("due < received", message("dossiers.due_before_received")),
    ("received > $today OR finished > $today", message("dossiers.after_today")),
)
# A row without any of these faults, as a cheap condition: in most files all rows fulfil it.
SOUND = (
    f"coalesce(received BETWEEN {EARLIEST} AND $today"
    " AND (finished BETWEEN received AND $today OR finished IS NULL AND blank_finished)"
    " AND (due >= received AND year(due) <= 2199 OR due IS NULL AND blank_due), false)"
)


@dataclass(frozen=True)
class Window:
    """A period in which dossiers are counted, both days included."""

    start: date
    end: date
    cumulative: bool


@dataclass(frozen=True)
class Tally:
    """What an export holds. counts: (level, agency, channel) to the COUNTED counts of each window, in that order.

    level and channel are codes; agency is "" unless asked for.
    """

    counts: dict[tuple[str, str, str], list[int]]
    dossiers: int
    empty: int
    without_deadline: int
    headings: dict[str, str]
    unread: int


# ----------------------------------------------------------------------------------------------------------------- SQL


def _day(column: str, kind: str) -> str:
    """SQL of a column as a day; NULL where it is none. Text is 2024-03-31 or 31/3/2024, with or without a time.

    The day comes first, as Vietnamese dates are written; month first shows where the second part passes 12, as a day
    that cannot be read.
    """
    if kind != "VARCHAR":
        # moments with a zone are days in Việt Nam: the session's zone is set
        return f"CAST({column} AS DATE)"
    written = f"try_strptime(split_part({column}, ' ', 1), ['%d/%m/%Y', '%Y-%m-%d', '%d-%m-%Y', '%d.%m.%Y'])"
    # after the day a time, and nothing else: no second day, no remark, no other zone
    hour = "'\\S+ +[0-9]{1,2}[:hg][0-9:.]*( ?([AaPp][Mm]|SA|CH))?([+]07(:?00)?)? *'"
    written = f"CASE WHEN length({column}) <= 10 OR regexp_full_match({column}, {hour}) THEN {written} END"
    # the way of programs, 2024-03-31T08:00:00+07:00; another zone may be another day
    moment = "'[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+([+]07(:?00)?)?'"
    machine = f"CASE WHEN regexp_full_match({column}, {moment}) THEN try_strptime({column}[1:10], '%Y-%m-%d') END"
    return f"CAST(coalesce({written}, {machine}) AS DATE)"


def _blank(column: str, kind: str) -> str:
    return f"({column} IS NULL OR trim({column}) = '')" if kind == "VARCHAR" else f"({column} IS NULL)"


def dossier_rows(export: Export) -> str:
    """SQL: one row a dossier, days as days; rows with nothing in them are marked."""
    parts = []
    for day in DAYS:
        parts += [f"{_day(*export.columns[day])} AS {day}", f"{_blank(*export.columns[day])} AS blank_{day}"]
    for field in ("channel", "level", "agency"):
        column, _ = export.columns.get(field, ("NULL", ""))
        parts.append(f"CAST({column} AS VARCHAR) AS {field}")
    empty = " AND ".join(_blank(*column) for column in export.columns.values())
    return f"SELECT {', '.join(parts)}, {empty} AS empty FROM {export.relation}"


def _counts(windows: list[Window]) -> list[str]:
    """SQL of the COUNTED counts of each window."""
    found = []
    for window in windows:
        first, last = f"DATE '{window.start}'", f"DATE '{window.end}'"
        within = f"finished BETWEEN {first} AND {last}"
        pending = f"received <= {last} AND (finished IS NULL OR finished > {last})"
        found += [
            f"received BETWEEN {first} AND {last}",
            f"received < {first} AND (finished IS NULL OR finished >= {first})",
            within,
            f"{within} AND finished > due",
            f"{pending} AND (due IS NULL OR due >= {last})",
            *(f"{pending} AND due < {last} - {days}" for days in OVERDUE_DAYS),
        ]
    return found


# ------------------------------------------------------------------------------------------------------------ counting


@wording()
def tally(
    path: Path,
    windows: list[Window],
    mapping: Mapping,
    *,
    by_agency: bool = False,
    today: date | None = None,
    tell: Callable[[float], None] | None = None,
) -> Tally:
    """Count the dossiers of a .csv, .parquet or .xlsx file; raises Refused with every kind of unusable row.

    tell: hears how much is done, 0 to 1.
    """
    import duckdb

    path = Path(os.path.realpath(path))
    columns = {field: mapping.columns[field] for field in FIELDS if field != "agency" or by_agency}
    if not path.is_file():
        raise Refused(message("dossiers.no_file", path=path))
    with tempfile.TemporaryDirectory(prefix="ninhthuan-") as folder:
        try:
            export, con = opened(path, columns, Path(folder))
            with con:
                return _Count(con, export, mapping, today or date.today()).tally(windows, tell)
        except duckdb.Error as error:
            raise Refused(in_own_words(path.name, error)) from None


class _Count:
    """One export being counted."""

    def __init__(self, con, export: Export, mapping: Mapping, today: date):
        self.con, self.export, self.today, self.name = con, export, today, export.path.name
        self.codes = {"channel": mapping.channels, "level": mapping.levels}
        self.rows = dossier_rows(export)

    def tally(self, windows: list[Window], tell: Callable[[float], None] | None) -> Tally:
        self._refuse_many_values()
        counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in (SOUND, *_counts(windows)))
        place = "channel, level, agency"
        query = f"SELECT {place}, count(*), count(due), {counted} FROM ({self.rows}) GROUP BY {place}"
        counts: dict[tuple[str, str, str], list[int]] = {}
        everything = with_deadline = sound = 0
        strange: dict[tuple[str, str | None], None] = {}
        for channel, level, agency, *numbers in watched(self.con, query, {"today": self.today}, tell):
            everything, with_deadline, sound = everything + numbers[0], with_deadline + numbers[1], sound + numbers[2]
            codes = {"channel": self._code("channel", channel), "level": self._code("level", level)}
            values = {"channel": channel, "level": level}
            strange |= {(field, values[field]): None for field, code in codes.items() if code is None}
            if None not in codes.values():
                key = (codes["level"], " ".join((agency or "").split()), codes["channel"])
                before = counts.setdefault(key, [0] * COUNTED * len(windows))
                counts[key] = [a + b for a, b in zip(before, numbers[3:], strict=True)]
        empty = self._look_closer(list(strange)) if strange or sound < everything else 0
        if everything == empty:
            raise Refused(message("dossiers.no_dossier", name=self.name))
        dossiers = everything - empty
        export = self.export
        return Tally(counts, dossiers, empty, dossiers - with_deadline, export.headings, export.unread)

    def _code(self, field: str, value: str | None) -> str | None:
        """The code of a value, "" where the export has no such column, None where it is not known."""
        return "" if field not in self.export.columns else self.codes[field].get(folded(value or ""))

    def _refuse_many_values(self) -> None:
        head = self.con.execute(f"SELECT channel, level FROM ({self.rows}) LIMIT 50000").fetchall()
        for place, field in enumerate(("channel", "level")):
            if len({row[place] for row in head}) > KINDS_OF_VALUE:
                column = {"heading": self.export.headings[field], "field": field, "most": KINDS_OF_VALUE}
                raise Refused(message("dossiers.too_many_values", name=self.name, **column))

    def _look_closer(self, strange: list[tuple[str, str | None]]) -> int:
        """How many rows are empty; raises Refused where others are unusable: how many, the first ones."""
        kinds = [condition for condition, _ in FAULTY]
        parameters: dict = {"today": self.today}
        for place, (field, value) in enumerate(strange):
            kinds.append(f"{field} IS NOT DISTINCT FROM $value{place}")
            parameters[f"value{place}"] = value
        columns = ", ".join(
            f"count(*) FILTER (WHERE {where}), min(row, 3) FILTER (WHERE {where})"
            for where in (f"NOT empty AND ({kind})" for kind in kinds)
        )
        numbered = f"SELECT row_number() OVER () + {self.export.first_row - 1} AS row, * FROM ({self.rows})"
        query = f"SELECT count(*) FILTER (WHERE empty), {columns} FROM ({numbered})"
        empty, *found = self.con.execute(query, parameters).fetchone()
        faults = []
        for place, (count, rows) in enumerate(zip(found[::2], found[1::2], strict=True)):
            at = ", ".join(map(str, rows or ())) + ", …" * (count > len(rows or ()))
            values = {"name": self.name, "count": both(number, count, 0), "rows": at}
            if count and place < len(FAULTY):
                faults.append(message("dossiers.unusable_rows", what=FAULTY[place][1], **values))
            elif count:
                faults.append(self._unknown_value(*strange[place - len(FAULTY)], values))
        if faults:
            raise Refused(*faults)
        return empty

    def _unknown_value(self, field: str, value: str | None, values: dict):
        column = {"heading": self.export.headings[field], "field": field}
        hint = nearest(folded(value or ""), self.codes[field])
        return message(
            "dossiers.unknown_value", value=value or message("dossiers.blank"), hint=hint, **column, **values
        )
