"""An export of dossiers for DuckDB: the named columns, within a memory limit, without network access.

Personal columns are never named, so of a Parquet file not a byte of them is read. A line of a CSV file has to be split
to find its columns; what is not named goes no further. Of a workbook only the named columns leave the process that
reads it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from careful_tables import jail
from careful_tables.jail import Limits
from ninhthuan.words import Message, message

from .mapping import FIELDS, located
from .refusals import Refused

MEMORY_MB = 1024
# A workbook of dossiers is larger than one of figures; a larger one has to come as CSV.
WORKBOOK = Limits(file_mb=256, unpacked_mb=2048, cells=12_000_000, memory_mb=1536, seconds=300)


@dataclass(frozen=True)
class Export:
    """What DuckDB reads. relation: SQL; columns: field to (SQL of the column, its type); first_row: of data."""

    path: Path
    relation: str
    columns: dict[str, tuple[str, str]]
    headings: dict[str, str]
    unread: int
    first_row: int = 2


def opened(path: Path, columns: dict[str, list[str]], folder: Path):
    """The export in a .csv, .parquet or .xlsx file, and DuckDB with access to it alone.

    columns: field to the names its heading may have; folder: for what memory cannot hold. Raises Refused, and Faults
    where columns are not found.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        return _csv_export(path, columns), connection(folder, [path])
    if kind in (".parquet", ".pq"):
        con = connection(folder, [path])
        return _parquet_export(con, path, columns), con
    if kind in (".xlsx", ".xls", ".xlsm"):
        return _workbook_export(path, columns, folder), connection(folder, [folder / "named.csv"])
    raise Refused(message("dossiers.another_kind_of_file", name=path.name))


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
        raise Refused(_not_utf8(path.name, "UTF-16"))
    line = re.split(rb"[\r\n]", start, maxsplit=1)[0]  # some programs end lines with a carriage return alone
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_not_utf8(path.name)) from None
    mark = max(",;\t|", key=text.count)
    headings = next(csv.reader([text], delimiter=mark), [])
    places = located(headings, columns, path.name)
    relation = _csv_relation(path, len(headings), mark, header=True)
    read = {field: (f"c{place}", "VARCHAR") for field, place in places.items()}
    return Export(path, relation, read, {f: headings[p] for f, p in places.items()}, len(headings) - len(places))


def _workbook_export(path: Path, columns: dict[str, list[str]], folder: Path) -> Export:
    """The named columns of a workbook, written to a file of our own by the process that reads it."""
    jail.refuse_size(path, WORKBOOK)
    out = folder / "named.csv"
    question = json.dumps({"columns": columns, "out": str(out)})
    found = jail.run("ninhthuan_intake.dossier_sheet", path, WORKBOOK, question)
    read = {field: (f"c{place}", "VARCHAR") for place, field in enumerate(found["headings"])}
    return Export(path, _csv_relation(out, len(read), ",", header=False), read, **found)


def _parquet_export(con, path: Path, columns: dict[str, list[str]]) -> Export:
    relation = f"read_parquet({_quoted(str(path))})"
    described = con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    headings = [row[0] for row in described]
    places = located(headings, columns, path.name)
    kinds = {field: described[place][1] for field, place in places.items()}
    wrong = [
        message("dossiers.neither_text_nor_day", name=path.name, heading=headings[places[field]], kind=kind)
        for field, kind in kinds.items()
        if kind not in ("VARCHAR", "DATE") and not kind.startswith("TIMESTAMP")
    ]
    if wrong:
        raise Refused(*wrong)
    found = {field: headings[place] for field, place in places.items()}
    read = {field: ('"' + heading.replace('"', '""') + '"', kinds[field]) for field, heading in found.items()}
    return Export(path, relation, read, found, len(headings) - len(places), first_row=1)


def connection(folder: Path, files: list[Path]):
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


def watched(con, query: str, parameters: dict, tell: Callable[[float], None] | None) -> list[tuple]:
    """The rows of a query; `tell` is called with its progress (0-1), and an interrupt ends it."""
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


def _not_utf8(name: str, what: str = "Windows-1258, TCVN3, …") -> Message:
    return message("dossiers.not_utf8", name=name, what=what)


def in_own_words(name: str, error: Exception) -> Message:
    """The fault behind an error; DuckDB's own message is not shown in full, since it quotes lines of the file."""
    text = str(error)
    if re.search(r"unicode|utf-?8", text, re.I):
        return _not_utf8(name)
    if "Out of Memory" in text:
        return message("dossiers.not_enough_memory", name=name, memory_mb=MEMORY_MB, fields="/".join(FIELDS))
    if found := re.search(r"Line:? (\d+)", text):
        return message("dossiers.row_does_not_fit", name=name, row=found[1])
    kind = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__)
    return message("dossiers.damaged", name=name, kind=kind)
