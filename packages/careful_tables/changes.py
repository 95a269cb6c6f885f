"""Rows that are to go into tables of a data package: what they would change, and then all of them or none.

The rows are put into a copy of the folder, the copy is sealed and checked, and only a copy without a fault takes the
folder's place, in one step.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .faults import Fault, Faults, coded
from .landing import exchange
from .package import FORMULA, LONGEST, UNPRINTABLE, columns_of, resource_of, seal, unsealed

Rows = list[dict[str, str]]
# (path, column, old text, new text) -> the text that a cell keeps.
Keep = Callable[[str, str, str, str], str]


@dataclass(frozen=True)
class Difference:
    """The changes of a proposal to one table. key: its primary key; changed: (old row, new row)."""

    path: str
    key: list[str]
    added: Rows
    changed: list[tuple[dict, dict]]
    same: int


def text_faults(rows: dict[str, Rows]) -> Iterator[Fault]:
    """Texts that no table should hold: unprintable, run by a spreadsheet, or too long."""
    texts = {(path, *item) for path, table in rows.items() for row in table for item in row.items()}
    for path, column, text in sorted(texts):
        for code, wrong in (
            ("landing.unprintable", UNPRINTABLE.search(text)),
            ("landing.like_a_formula", FORMULA.match(text)),
            ("landing.too_long", len(text) > LONGEST),
        ):
            if wrong:
                yield coded(code, text=text[:60], longest=LONGEST).at(path, column=column)


def read_table(folder: Path, path: str) -> Rows:
    """The rows of a table as text."""
    with open(folder / path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table_text(resource: dict, rows: Rows) -> str:
    """A table as a package keeps it: columns as described, sorted by key, one line end."""
    key = resource["schema"]["primaryKey"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns_of(resource), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: tuple(row.get(column, "") for column in key)))
    return out.getvalue()


def merged(folder: Path, path: str, rows: Rows, keep: Keep) -> tuple[str, Difference]:
    """A table as text with rows put in by primary key, and the difference that they make."""
    resource = resource_of(folder, path)
    columns, key = columns_of(resource), resource["schema"]["primaryKey"]

    def keyed(row: dict) -> tuple:
        return tuple(row.get(column, "") for column in key)

    table = {keyed(row): row for row in read_table(folder, path)}
    added, changed, same = [], [], 0
    for given in rows:
        row = {column: unicodedata.normalize("NFC", given.get(column, "")) for column in columns}
        old = table.get(keyed(row))
        if old is None:
            added.append(row)
        else:
            row = {column: keep(path, column, old[column], text) for column, text in row.items()}
            if old == row:
                same += 1
            else:
                changed.append((old, row))
        table[keyed(row)] = row
    return table_text(resource, list(table.values())), Difference(path, key, added, changed, same)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One change at a time, else Faults; the lock dies with its process."""
    import fcntl  # not of Windows, where all that only reads works

    with open(folder.parent / f".{folder.name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Faults([coded("landing.busy", folder=folder)]) from None
        yield


def land(rows: dict[str, Rows], folder: Path, check: Callable[[Path], object], keep: Keep, write: bool = True) -> None:
    """Put rows into a data package, seal and check, all or nothing; without `write` all of it but the last step.

    check: raises what is wrong with the folder that it is given. Raises Faults where another change is under way or
    files were changed by hand, OSError where a disk is full.
    """
    with alone(folder):
        for left in folder.parent.glob(f".{folder.name}.[0-9]*"):
            shutil.rmtree(left, ignore_errors=True)  # of a change that was killed
        if changed := " ".join(unsealed(folder)):
            raise Faults([coded("landing.changed_by_hand", changed=changed)])
        stage = folder.parent / f".{folder.name}.{os.getpid()}"
        try:
            try:
                shutil.copytree(folder, stage, symlinks=True)
            except shutil.Error as error:
                raise OSError(error.args[0][0][2]) from None  # of a full disk, once and not for every file
            for path, table in rows.items():
                text, _ = merged(stage, path, table, keep)
                (stage / path).write_text(text, encoding="utf-8", newline="\n")
            seal(stage)
            check(stage)
            if write:
                exchange(stage, folder)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
