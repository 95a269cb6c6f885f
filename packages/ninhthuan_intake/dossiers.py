"""An export of the one-stop system, one row a dossier, counted into figures of the workload.

DuckDB reads the file: only the columns that the mapping names, within a limit of memory, with nothing fetched or
installed. Personal columns are never named, so of a Parquet file not a byte of them is read. A line of a CSV file has
to be split to find its columns; what is not named goes no further. Of a workbook only the named columns leave the
process that reads it.

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

import csv
import json
import os
import re
import tempfile
import threading
import tomllib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ninhthuan.catalogue import Province, UnknownName, boundary_on, catalogue
from ninhthuan.datasets import measure_table
from ninhthuan.language import LANGUAGES, day, listing, nearest, unaccented
from ninhthuan.numbers import number, rounded
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual

from . import sheets
from .landing import Origin, Proposal, source_rows
from .sheets import Refused
from .workload import workload_table

DEFAULT_MAPPING = Path(__file__).with_name("dossiers.toml")
FIELDS = {"received": True, "due": True, "finished": True, "channel": True, "level": False, "agency": False}
CHANNELS, LEVELS = ("online", "direct", "postal"), ("province", "district", "commune")
MEMORY_MB = 1024
# A workbook of dossiers is larger than one of figures; beyond this the export is asked for as CSV.
WORKBOOK = sheets.Limits(file_mb=256, unpacked_mb=2048, cells=12_000_000, memory_mb=1536, seconds=300)
OVERDUE_DAYS = (10, 30)  # ages of what is overdue: up to so many days, up to so many, and more
COUNTED = 5 + len(OVERDUE_DAYS)  # counts of one window that the measures follow from
KINDS_OF_VALUE = 200  # more different values are no channel and no level, but another column

# Headings of columns that hold who a person is; compared without diacritics, as whole words.
PERSONAL = re.compile(
    r"\b(ho( va)? ?ten|ten (nguoi|cong dan|chu|khach)|(nguoi|chu|ben) (nop|ho so|dung don|yeu cau|duoc|uy quyen)"
    r"|cong dan|cmnd|cccd|cmt|can cuoc|chung minh|dinh danh|ho chieu|passport|dien thoai|sdt|so dt|di dong|phone|mobile"
    r"|e?-?mail|thu dien tu|dia chi|address|thuong tru|noi o|ngay sinh|nam sinh|birth|gioi tinh|ma so thue|mst"
    r"|tai khoan|zalo|full ?name|applicant|chu ho so|identity|citizen)\b"
)

Fault = tuple[str, str]


@dataclass(frozen=True)
class Window:
    """A period that dossiers are counted for; both days belong to it."""

    start: date
    end: date
    cumulative: bool


def window_of(quarter: Quarter, calendar: bool = False) -> Window:
    """The reporting window of a quarter (cumulative in the second and fourth), or the quarter of the calendar alone.

    >>> window_of(Quarter(2024, 2)).start.isoformat(), window_of(Quarter(2024, 2), calendar=True).start.isoformat()
    ('2023-12-15', '2024-04-01')
    """
    if calendar:
        return Window(quarter.first_day, quarter.last_day, False)
    return Window(*quarter.reporting_window, quarter.window_is_cumulative)


def asked(province: str, quarters: list[str], calendar: bool = False) -> tuple[Province, list[Window]]:
    """The province and the periods of a request, as the user writes them; raises Refused with everything wrong."""
    faults: list[Fault] = []
    windows: list[Window] = []
    for text in dict.fromkeys(quarters):
        try:
            windows.append(window_of(Quarter.parse(text), calendar))
        except ValueError:
            faults.append(bilingual("dossiers.quarter_written_like_2024q1_not", text=text))
    boundaries = {boundary_on(window.end) for window in windows}
    if len(boundaries) > 1:
        faults.append(bilingual("dossiers.quarters_lie_both_sides_1"))
    found = None
    if len(boundaries) == 1:
        try:
            found = catalogue().find_province(province, *boundaries)
        except UnknownName as wrong:
            faults.append((wrong.vi, wrong.en))
    if faults or found is None:
        raise Refused(faults)
    return found, windows


# ------------------------------------------------------------------------------------------------------------ mapping


@dataclass(frozen=True)
class Mapping:
    """columns: field to the headings it may have; channels, levels: value as written to its code, both folded."""

    columns: dict[str, list[str]]
    channels: dict[str, str]
    levels: dict[str, str]


def folded(text: str) -> str:
    """A heading or value for comparison: one form of Vietnamese letters, small, single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def is_personal(heading: str) -> bool:
    """Whether a heading sounds like a column that tells who somebody is.

    >>> is_personal("Số CCCD"), is_personal("Họ và tên người nộp"), is_personal("Ngày tiếp nhận")
    (True, True, False)
    """
    return bool(PERSONAL.search(unaccented(folded(heading)).replace("_", " ")))


def read_mapping(path: Path | None = None) -> Mapping:
    """The mapping of `dossiers.toml`, with the lines of a file of the same shape in place of its own.

    Raises Refused with everything wrong: no TOML, unknown fields or codes, headings that sound personal, a heading or a
    value that is given two meanings.
    """
    known = tomllib.loads(DEFAULT_MAPPING.read_text("utf-8"))
    faults: list[Fault] = []
    if path is not None:
        for table, lines in _toml(path).items():
            if table not in known or not isinstance(lines, dict):
                vi, en = nearest(table, known)
                faults.append(bilingual("dossiers.there_no_table", name=path.name, table=table, text=(vi, en)))
                continue
            for name, words in lines.items():
                if name not in known[table]:
                    vi, en = nearest(name, known[table])
                    where = f"{path.name}, [{table}]"
                    faults.append(bilingual("dossiers.there_no", where=where, name=name, text=(vi, en)))
                elif not (isinstance(words, list) and words and all(isinstance(word, str) and word for word in words)):
                    faults.append(
                        (
                            f'{path.name}, {name}: phải là danh sách tên, ví dụ ["Ngày tiếp nhận"]',
                            f'{path.name}, {name}: a list of names is needed, such as ["Ngày tiếp nhận"]',
                        )
                    )
                else:
                    known[table][name] = words
        name = path.name
        for field, headings in known["columns"].items():
            for heading in headings:
                if is_personal(heading):
                    faults.append(
                        bilingual("dossiers.column_seems_personal_never_read", name=name, field=field, heading=heading)
                    )
    meanings = {table: _meanings(known[table], path or DEFAULT_MAPPING, faults) for table in known}
    if faults:
        raise Refused(faults)
    return Mapping(known["columns"], meanings["channel"], meanings["level"])


def _toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Refused([bilingual("dossiers.cannot_read", path=path, strerror=error.strerror)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused([bilingual("dossiers.no_toml", name=path.name, error=error)]) from None


def _meanings(lines: dict[str, list[str]], path: Path, faults: list[Fault]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, words in lines.items():
        for word in words:
            other = found.setdefault(folded(word), code)
            if other != code:
                faults.append(bilingual("dossiers.both", name=path.name, word=word, other=other, code=code))
    return found


# ----------------------------------------------------------------------------------------------------------- the file


@dataclass(frozen=True)
class Export:
    """What DuckDB is to read. relation: SQL; columns: field to (SQL of the column, its type); first_row: of data."""

    path: Path
    relation: str
    columns: dict[str, tuple[str, str]]
    headings: dict[str, str]
    unread: int
    first_row: int = 2


def located(headings: list[str], columns: dict[str, list[str]], name: str) -> dict[str, int]:
    """Place of each field among the headings; raises Refused with all that are missing or there twice.

    columns: field to the names its heading may have.
    """
    faults: list[Fault] = []
    places: dict[str, int] = {}
    have = [folded(heading) for heading in headings]
    for field, names in columns.items():
        words = [folded(word) for word in names]
        found = [place for place, heading in enumerate(have) if heading in words]
        shown = ", ".join(repr(word) for word in names[1:4] or names)
        if len(found) > 1:
            both_vi, both_en = (listing([repr(headings[place]) for place in found], language) for language in LANGUAGES)
            faults.append(
                bilingual(
                    "dossiers.columns_may_name_one_them",
                    name=name,
                    n_found=len(found),
                    field=field,
                    both=(both_vi, both_en),
                )
            )
        elif found:
            places[field] = found[0]
        elif FIELDS[field] or field == "agency":
            faults.append(bilingual("dossiers.no_column_looked_name_mapping", name=name, field=field, shown=shown))
    if faults:
        raise Refused(faults)
    return places


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _csv_relation(path: Path, columns: int, mark: str, header: bool) -> str:
    names = ", ".join(f"c{place}: 'VARCHAR'" for place in range(columns))
    marks = f"delim={_quoted(mark)}, quote='\"', escape='\"'"
    return f"read_csv({_quoted(str(path))}, header={header}, auto_detect=false, {marks}, columns={{{names}}})"


def _csv_export(path: Path, columns: dict[str, list[str]]) -> Export:
    with open(path, "rb") as handle:
        start = handle.read(1 << 16)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused([_not_utf8(path.name, "UTF-16")])
    line = re.split(rb"[\r\n]", start, maxsplit=1)[0]  # some programs end lines with a carriage return alone
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused([_not_utf8(path.name)]) from None
    mark = max(",;\t|", key=text.count)
    headings = next(csv.reader([text], delimiter=mark), [])
    places = located(headings, columns, path.name)
    relation = _csv_relation(path, len(headings), mark, header=True)
    read = {field: (f"c{place}", "VARCHAR") for field, place in places.items()}
    return Export(path, relation, read, {f: headings[p] for f, p in places.items()}, len(headings) - len(places))


def _workbook_export(path: Path, columns: dict[str, list[str]], folder: Path) -> Export:
    """The named columns of a workbook, written to a file of our own by the process that reads it."""
    sheets.refuse_size(path, WORKBOOK)
    out = folder / "named.csv"
    asked = {"columns": columns, "out": str(out)}
    answer = sheets.in_own_process(
        "ninhthuan_intake.dossier_sheet", [str(path), json.dumps(asked)], WORKBOOK, path.name
    )
    places = {field: place for place, field in enumerate(answer["headings"])}
    relation = _csv_relation(out, len(places), ",", header=False)
    read = {field: (f"c{place}", "VARCHAR") for field, place in places.items()}
    return Export(path, relation, read, answer["headings"], answer["unread"], answer["first_row"])


def _not_utf8(name: str, what: str = "Windows-1258, TCVN3, …") -> Fault:
    return bilingual("dossiers.not_utf_8_perhaps_export", name=name, what=what)


def _parquet_export(con, path: Path, columns: dict[str, list[str]]) -> Export:
    relation = f"read_parquet({_quoted(str(path))})"
    described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    headings = [row[0] for row in described]
    places = located(headings, columns, path.name)
    read, faults = {}, []
    for field, place in places.items():
        kind = described[place][1]
        if kind not in ("VARCHAR", "DATE") and not kind.startswith("TIMESTAMP"):
            faults.append(
                bilingual("dossiers.column_text_days_needed", name=path.name, headings=headings[place], kind=kind)
            )
        read[field] = ('"' + headings[place].replace('"', '""') + '"', kind)
    if faults:
        raise Refused(faults)
    found = {field: headings[place] for field, place in places.items()}
    return Export(path, relation, read, found, len(headings) - len(places), first_row=1)


# -------------------------------------------------------------------------------------------------------------- days


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


EARLIEST = "DATE '1990-01-01'"
# Kinds of unusable rows: SQL over the columns of `_dossiers`, and what to say.
FAULTY = (
    ("blank_received", *bilingual("dossiers.have_no_day_receipt")),
    *(
        (
            f"NOT blank_{field} AND ({field} IS NULL OR {field} < {EARLIEST} OR year({field}) > 2199)",
            *bilingual("dossiers.have_day_cannot_read_31", text=(vi, en)),
        )
        for field, vi, en in (
            ("received", *bilingual("dossiers.receipt")),
            ("due", *bilingual("dossiers.due")),
            ("finished", *bilingual("dossiers.finished")),
        )
    ),
    ("finished < received", *bilingual("dossiers.finished_before_they_received")),
    ("due < received", *bilingual("dossiers.due_before_they_received")),
    (
        "received > $today OR finished > $today",
        *bilingual("dossiers.received_finished_after_today"),
    ),
)
# A row with none of these faults, put so that it costs little: most files have no other.
SOUND = (
    f"coalesce(received BETWEEN {EARLIEST} AND $today"
    " AND (finished BETWEEN received AND $today OR finished IS NULL AND blank_finished)"
    " AND (due >= received AND year(due) <= 2199 OR due IS NULL AND blank_due), false)"
)


def _dossiers(export: Export) -> str:
    """SQL: one row a dossier, days as days; rows with nothing in them are marked."""
    parts = []
    for field in ("received", "due", "finished"):
        parts += [f"{_day(*export.columns[field])} AS {field}", f"{_blank(*export.columns[field])} AS blank_{field}"]
    for field in ("channel", "level", "agency"):
        column, _ = export.columns.get(field, ("NULL", ""))
        parts.append(f"CAST({column} AS VARCHAR) AS {field}")
    empty = " AND ".join(_blank(*column) for column in export.columns.values())
    return f"SELECT {', '.join(parts)}, {empty} AS empty FROM {export.relation}"


def _counts(windows: list[Window]) -> list[str]:
    """SQL of the COUNTED counts that everything else follows from, for each window."""
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


# ---------------------------------------------------------------------------------------------------------- counting


def _connection(folder: Path, files: list[Path]):
    """DuckDB that may read these files and nothing else, and write only what it cannot hold, to `folder`."""
    import duckdb

    con = duckdb.connect()
    threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    allowed = ", ".join(_quoted(str(file)) for file in files)
    for setting in (
        "enable_progress_bar = true",
        "enable_progress_bar_print = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"memory_limit = '{MEMORY_MB}MiB'",
        f"threads = {min(threads, 8)}",
        f"temp_directory = {_quoted(str(folder))}",
        "TimeZone = 'Asia/Ho_Chi_Minh'",
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"SET {setting}")
    return con


def _watched(con, query: str, parameters: dict, tell: Callable[[float], None] | None):
    """The rows of a query; `tell` hears how much of it is done (0-1), and an interrupt ends it."""
    outcome: dict = {}

    def work() -> None:
        try:
            outcome["rows"] = con.execute(query, parameters).fetchall()
        except Exception as error:
            outcome["error"] = error

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(0.25)
            share = con.query_progress() if tell else -1
            if share >= 0:
                # grouping is two steps of equal weight to DuckDB; the first, which reads the file, is all the work
                tell(min(share / 50, 1.0))
    except KeyboardInterrupt:
        con.interrupt()
        worker.join()
        raise
    if "error" in outcome:
        raise outcome["error"]
    return outcome["rows"]


@dataclass(frozen=True)
class Tally:
    """What an export holds. counts: (level, agency, channel) to the five counts of each window, in that order.

    level and channel are codes; agency is "" unless asked for.
    """

    counts: dict[tuple[str, str, str], list[int]]
    dossiers: int
    empty: int
    without_deadline: int
    headings: dict[str, str]
    unread: int


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

    path = Path(path).resolve()
    columns = {field: mapping.columns[field] for field in FIELDS if field != "agency" or by_agency}
    if not path.is_file():
        raise Refused([bilingual("dossiers.there_no_file", path=path)])
    with tempfile.TemporaryDirectory(prefix="ninhthuan-") as folder:
        try:
            export, con = _opened(path, columns, Path(folder))
            with con:
                return _tallied(con, export, windows, mapping, today or date.today(), tell)
        except duckdb.Error as error:
            raise Refused([_said_by_duckdb(path.name, error)]) from None


def _opened(path: Path, columns: dict[str, list[str]], folder: Path):
    kind = path.suffix.lower()
    if kind == ".csv":
        return _csv_export(path, columns), _connection(folder, [path])
    if kind in (".parquet", ".pq"):
        con = _connection(folder, [path])
        return _parquet_export(con, path, columns), con
    if kind in (".xlsx", ".xls", ".xlsm"):
        return _workbook_export(path, columns, folder), _connection(folder, [folder / "named.csv"])
    raise Refused([bilingual("dossiers.csv_parquet_xlsx_file_needed", name=path.name)])


def _said_by_duckdb(name: str, error: Exception) -> Fault:
    """What went wrong; never DuckDB's own words in full, since they quote whole lines of the file."""
    text = str(error)
    if re.search(r"unicode|utf-?8", text, re.I):
        return _not_utf8(name)
    if "Out of Memory" in text:
        return bilingual(
            "dossiers.mb_memory_not_enough_columns", name=name, memory_mb=MEMORY_MB, fields="/".join(FIELDS)
        )
    found = re.search(r"Line:? (\d+)", text)
    if found:
        return bilingual("dossiers.row_does_not_fit_header", name=name, second_found=found[1])
    kind = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__)
    return bilingual("dossiers.file_damaged_not_whole_export", name=name, kind=kind)


def _tallied(con, export: Export, windows, mapping: Mapping, today: date, tell) -> Tally:
    name, source = export.path.name, _dossiers(export)
    head = con.execute(f"SELECT channel, level FROM ({source}) LIMIT 50000").fetchall()
    for place, field in enumerate(("channel", "level")):
        if len({row[place] for row in head}) > KINDS_OF_VALUE:
            heading = export.headings[field]
            raise Refused(
                [
                    bilingual(
                        "dossiers.column_has_over_different_values",
                        name=name,
                        heading=heading,
                        kinds_of_value=KINDS_OF_VALUE,
                        field=field,
                    )
                ]
            )
    counted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in (SOUND, *_counts(windows)))
    place = "channel, level, agency"
    query = f"SELECT {place}, count(*), count(due), {counted} FROM ({source}) GROUP BY {place}"
    rows = _watched(con, query, {"today": today}, tell)
    counts: dict[tuple[str, str, str], list[int]] = {}
    total = [0, 0, 0]
    strange: list[tuple[str, str | None]] = []
    for channel, level, agency, *numbers in rows:
        total = [a + b for a, b in zip(total, numbers, strict=False)]
        codes = [mapping.channels.get(folded(channel or "")), mapping.levels.get(folded(level or ""))]
        if "level" not in export.columns:
            codes[1] = ""
        for field, value, code in zip(("channel", "level"), (channel, level), codes, strict=True):
            if code is None and (field, value) not in strange:
                strange.append((field, value))
        if None not in codes:
            key = (codes[1], " ".join((agency or "").split()), codes[0])
            before = counts.setdefault(key, [0] * COUNTED * len(windows))
            counts[key] = [a + b for a, b in zip(before, numbers[3:], strict=True)]
    everything, with_deadline, sound = total
    empty = 0
    if strange or sound < everything:
        empty = _look_closer(con, export, source, strange, mapping, today)
    if everything == empty:
        raise Refused([bilingual("dossiers.holds_no_dossier", name=name)])
    dossiers = everything - empty
    return Tally(counts, dossiers, empty, dossiers - with_deadline, export.headings, export.unread)


def _look_closer(con, export: Export, source: str, strange: list, mapping: Mapping, today: date) -> int:
    """How many rows are empty; raises Refused where others are unusable: how many of each kind, which come first."""
    kinds = [condition for condition, _, _ in FAULTY]
    parameters: dict = {"today": today}
    for place, (field, value) in enumerate(strange):
        kinds.append(f"{field} IS NOT DISTINCT FROM $value{place}")
        parameters[f"value{place}"] = value
    asked = ", ".join(
        f"count(*) FILTER (WHERE {where}), min(row, 3) FILTER (WHERE {where})"
        for where in (f"NOT empty AND ({kind})" for kind in kinds)
    )
    numbered = f"SELECT row_number() OVER () + {export.first_row - 1} AS row, * FROM ({source})"
    empty, *found = con.execute(
        f"SELECT count(*) FILTER (WHERE empty), {asked} FROM ({numbered})", parameters
    ).fetchone()
    name, faults = export.path.name, []
    for place, (count, rows) in enumerate(zip(found[::2], found[1::2], strict=True)):
        if not count:
            continue
        at = ", ".join(map(str, rows)) + ", …" * (count > len(rows))
        many = [number(count, 0, language) for language in LANGUAGES]
        if place < len(FAULTY):
            _, vi, en = FAULTY[place]
            faults.append(bilingual("dossiers.dossiers_row", name=name, at=at, many=(many[0], many[1]), text=(vi, en)))
            continue
        field, value = strange[place - len(FAULTY)]
        heading = export.headings[field]
        vi, en = nearest(folded(value or ""), mapping.channels if field == "channel" else mapping.levels)
        faults.append(
            bilingual(
                "dossiers.column_dossiers_say_row_no",
                name=name,
                heading=heading,
                value=(value or "ô trống", value or "nothing"),
                at=at,
                field=field,
                many=(many[0], many[1]),
                text=(vi, en),
            )
        )
    if faults:
        raise Refused(faults)
    return empty


# ---------------------------------------------------------------------------------------------------------- proposal

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


def figures(counts: list[int]) -> dict[str, str]:
    """The measures of one place and one window, as text, from its counts (see `_counts`).

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


def _cube(counts: dict[tuple[str, str, str], list[int]]) -> dict[tuple[str, str, str], list[int]]:
    """Counts of every level, of the whole, of every channel and of all; of an agency only over all channels."""
    found: dict[tuple[str, str, str], list[int]] = {}

    def add(key: tuple[str, str, str], numbers: list[int]) -> None:
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
    today = today or date.today()
    early = [window for window in windows if window.end >= today]
    if early:
        raise Refused(
            [
                bilingual(
                    "dossiers.period_not_over_yet",
                    start=(day(w.start, "vi"), day(w.start, "en")),
                    end=(day(w.end, "vi"), day(w.end, "en")),
                )
                for w in early
            ]
        )
    found = tally(path, windows, read_mapping(mapping), by_agency=by_agency, today=today, tell=tell)
    size, sha256 = sheets.fingerprint(Path(path))
    source_id = f"one_stop_{province.province_code}" + (
        "" if province.boundary == "pre_2025" else f"_{province.boundary}"
    )
    units = measure_table().set_index("measure")["unit"]
    rows = []
    for (level, agency, channel), numbers in _cube(found.counts).items():
        for place, window in enumerate(windows):
            for measure, value in figures(numbers[COUNTED * place : COUNTED * (place + 1)]).items():
                rows.append(
                    {
                        "period_start": str(window.start),
                        "period_end": str(window.end),
                        "is_cumulative": str(window.cumulative).lower(),
                        "boundary": province.boundary,
                        "province_code": province.province_code,
                        "level": level,
                        "agency": agency,
                        "measure": measure,
                        "channel": channel,
                        "value": value,
                        "unit": units[measure],
                        "source_id": source_id,
                        "note": "counted from an export of the one-stop system",
                    }
                )
    origin = Origin(
        source_id,
        Path(path).name,
        size,
        sha256,
        "",
        "dossiers",
        **{
            "title": f"Hồ sơ thủ tục hành chính xuất từ hệ thống một cửa, {province.name}",
            "publisher": f"UBND {province.name}",
            **{key: value for key, value in (source or {}).items() if value},
        },
    )
    many = [(number(found.dossiers, 0, language), len(windows), len(rows)) for language in LANGUAGES]
    return Proposal(
        summary=(
            f"{Path(path).name}: " + "{} hồ sơ, {} kỳ, {} số liệu".format(*many[0]),
            f"{Path(path).name}: " + "{} dossiers, {} periods, {} figures".format(*many[1]),
        ),
        rows={workload_table(province): rows, **source_rows(origin, len(rows), folder, today)},
        notes=_notes(found, windows),
    )


def _notes(found: Tally, windows: list[Window]) -> tuple[Fault, ...]:
    read = [f"{heading} = {field}" for field, heading in found.headings.items()]
    notes = [
        bilingual("dossiers.columns_read_others_not_read", read=", ".join(read), unread=found.unread),
        bilingual("dossiers.days_written_text_taken_day"),
    ]
    for place, window in enumerate(windows):
        received, carried, resolved, late, pending = (
            sum(numbers[COUNTED * place + i] for numbers in found.counts.values()) for i in range(5)
        )
        told = (received, resolved, late, received + carried - resolved - pending)
        vi, en = ([number(count, 0, language) for count in told] for language in LANGUAGES)
        days = [[day(end, language) for end in (window.start, window.end)] for language in LANGUAGES]
        notes.append(
            (
                "{}–{}: tiếp nhận {}, giải quyết {}, trong đó trễ hạn {}; quá hạn chưa xong {}".format(*days[0], *vi),
                "{} to {}: {} received, {} resolved, {} of them late; {} overdue at the end".format(*days[1], *en),
            )
        )
    if found.without_deadline:
        count = found.without_deadline
        notes.append(
            bilingual("dossiers.dossiers_have_no_day_due", count=(number(count, 0, "vi"), number(count, 0, "en")))
        )
    if found.empty:
        notes.append(bilingual("dossiers.empty_rows_passed_over", empty=found.empty))
    return tuple(notes)
