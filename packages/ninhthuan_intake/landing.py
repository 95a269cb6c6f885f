"""What an import would change in data/, told before it is done; then all of it at once, or nothing.

A proposal is rows for tables of data/. They are put into a copy of the folder, the copy is checked as `ninhthuan check`
does, and only a copy without a fault takes the folder's place, in one step.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import os
import re
import shutil
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from careful_tables.landing import exchange
from ninhthuan.language import pick
from ninhthuan.words import bilingual, phrase

from .checks import DataFaults, check_data, descriptor, seal, unsealed
from .sheets import Refused

Rows = list[dict[str, str]]
LONGEST = 1000  # characters of a text; the longest that data/ holds is below 300
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# Whoever opens a table in a spreadsheet would have it run as a formula.
FORMULA = re.compile(r"[=@]|[+-](?![0-9.]+$)")


@dataclass(frozen=True)
class Proposal:
    """What a file brings. rows: path in data/ to rows as text, by column (a column not named is empty).

    Rows are put in by primary key: a key that is there already is changed. notes: what to know before saying yes, in
    both languages. summary: one line on what was read. Raises Refused where a text is none that a table should hold.
    """

    summary: tuple[str, str]
    rows: dict[str, Rows]
    notes: tuple[tuple[str, str], ...] = ()
    # figures of data/ that the file has otherwise, of so many that both have
    unlike: tuple[int, int] = (0, 0)

    @property
    def doubtful(self) -> bool:
        """Whether more than one in twenty differ: rather another file, or shifted rows, than a correction."""
        return self.unlike[0] > 0.05 * self.unlike[1]

    def __post_init__(self):
        texts = {(path, *item) for path, rows in self.rows.items() for row in rows for item in row.items()}
        faults = []
        for path, column, text in sorted(texts):
            for wrong, vi, en in (
                (
                    UNPRINTABLE.search(text),
                    *bilingual("landing.holds_what_cannot_printed_new"),
                ),
                (FORMULA.match(text), *bilingual("landing.begins_like_formula")),
                (len(text) > LONGEST, *bilingual("landing.longer_than_characters", longest=LONGEST)),
            ):
                if wrong:
                    faults.append(bilingual("landing.change", path=path, column=column, text=text[:60], vi=(vi, en)))
        if faults:
            raise Refused(faults)


@dataclass(frozen=True)
class Difference:
    """What a proposal does to one table. key: its primary key; changed: (row as it is, row as it would be)."""

    path: str
    key: list[str]
    added: Rows
    changed: list[tuple[dict, dict]]
    same: int


@dataclass(frozen=True)
class Origin:
    """The file that figures come from, and how it is cited.

    file, bytes, sha256: what was read; sheet and layout: where in it. The rest is for sources.csv; an empty text leaves
    what is there.
    """

    source_id: str
    file: str
    bytes: int
    sha256: str
    sheet: str
    layout: str
    title: str = ""
    publisher: str = ""
    published: str = ""
    kind: str = "publisher_table"
    url: str = ""
    rights: str = "Rights of the publisher; figures are cited as facts"


def source_rows(origin: Origin, rows: int, folder: Path, today: date | None = None) -> dict[str, Rows]:
    """The rows of sources.csv and imports.csv for a file; a source that is there keeps what it says of itself.

    rows: how many rows of data the file gave.
    """
    day = str(today or date.today())
    known = {row["source_id"]: row for row in read_table(folder, "reference/sources.csv")}
    new = {
        "source_id": origin.source_id,
        "title": origin.title or origin.file,
        "publisher": origin.publisher,
        "published": origin.published,
        "kind": origin.kind,
        "url": origin.url,
        "retrieved_on": day,
        "rights": origin.rights,
        "note": "",
    }
    source = known.get(origin.source_id, new)
    source = source | {key: new[key] for key in ("url",) if new[key]}
    earlier = [
        row
        for row in read_table(folder, "reference/imports.csv")
        if (row["source_id"], row["sha256"]) == (origin.source_id, origin.sha256)
    ]
    taken = {
        "source_id": origin.source_id,
        "sha256": origin.sha256,
        "file": origin.file,
        "bytes": str(origin.bytes),
        "sheet": origin.sheet,
        "layout": origin.layout,
        "rows": str(rows),
        "imported_on": earlier[0]["imported_on"] if earlier else day,
    }
    return {"reference/sources.csv": [source], "reference/imports.csv": [taken]}


# ------------------------------------------------------------------------------------------------------------- tables


def _resource(folder: Path, path: str) -> dict:
    return next(resource for resource in descriptor(folder)["resources"] if resource["path"] == path)


def read_table(folder: Path, path: str) -> Rows:
    """The rows of a table of data/ as text."""
    with open(folder / path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def table_text(resource: dict, rows: Rows) -> str:
    """A table as data/ keeps it: columns as described, sorted by key, one line end."""
    columns = [field["name"] for field in resource["schema"]["fields"]]
    key = resource["schema"]["primaryKey"]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: tuple(row.get(column, "") for column in key)))
    return out.getvalue()


def _kept(column: str, old: str, new: str) -> str:
    """What a cell holds after an import: a blank takes nothing away, nor a label in English one in Vietnamese."""
    return old if not new or (column == "group_published" and not old.isascii() and new.isascii()) else new


def _merged(folder: Path, path: str, rows: Rows) -> tuple[dict, list[dict], Difference]:
    resource = _resource(folder, path)
    columns = [field["name"] for field in resource["schema"]["fields"]]
    key = resource["schema"]["primaryKey"]

    def keyed(row: dict) -> tuple:
        return tuple(row.get(column, "") for column in key)

    table = {keyed(row): row for row in read_table(folder, path)}
    added, changed, same = [], [], 0
    for row in rows:
        row = {column: unicodedata.normalize("NFC", row.get(column, "")) for column in columns}
        old = table.get(keyed(row))
        if old is not None and not path.startswith("reference/"):
            row = {column: _kept(column, old[column], text) for column, text in row.items()}
        if old is None:
            added.append(row)
        elif old == row:
            same += 1
        else:
            changed.append((old, row))
        table[keyed(row)] = row
    return resource, list(table.values()), Difference(path, key, added, changed, same)


def differences(proposal: Proposal, folder: Path) -> list[Difference]:
    """What the proposal would do, table by table."""
    return [_merged(folder, path, rows)[2] for path, rows in proposal.rows.items()]


def told(proposal: Proposal, found: list[Difference], language: str, most: int = 5) -> list[str]:
    """Lines that say what would change: counts for each table, and the first changes of old values in full."""
    lines = [pick(*proposal.summary, language)]
    for one in found:
        counts = bilingual(
            "landing.rows_added_changed_same", n_added=len(one.added), n_changed=len(one.changed), same=one.same
        )
        lines.append(f"  {one.path}: {pick(*counts, language)}")
        for old, new in one.changed[:most]:
            where = " ".join(old[column] for column in one.key if old[column])
            cells = "; ".join(f"{c}: {old[c] or '–'} → {new[c] or '–'}" for c in new if old[c] != new[c])
            lines.append(f"    {where}: {cells}")
        if len(one.changed) > most:
            more = len(one.changed) - most
            lines.append("    " + phrase("landing.more", language, more=more))
    return lines + ["  " + pick(*note, language) for note in proposal.notes]


# ------------------------------------------------------------------------------------------------------------ landing


@contextlib.contextmanager
def _alone(folder: Path):
    """One import at a time; the lock dies with its process."""
    with open(folder.parent / f".{folder.name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused([bilingual("landing.another_import_writing_try_again", folder=folder)]) from None
        yield


def land(proposal: Proposal, folder: Path, write: bool = True) -> None:
    """Put the rows into data/, seal and check, all or nothing; without `write` all of it but the last step.

    Raises Refused, fault by fault, where files of data/ were changed without being checked or would have faults.
    """
    with _alone(folder):
        for left in folder.parent.glob(f".{folder.name}.[0-9]*"):
            shutil.rmtree(left, ignore_errors=True)  # of an import that was killed
        changed = " ".join(unsealed(folder))
        if changed:
            raise Refused([bilingual("landing.files_data_changed_not_checked", changed=changed)])
        stage = folder.parent / f".{folder.name}.{os.getpid()}"
        try:
            try:
                shutil.copytree(folder, stage, symlinks=True)
            except shutil.Error as error:
                raise OSError(error.args[0][0][2]) from None  # of a full disk, once and not for every file
            for path, rows in proposal.rows.items():
                resource, merged, _ = _merged(stage, path, rows)
                (stage / path).write_text(table_text(resource, merged), encoding="utf-8", newline="\n")
            seal(stage)
            try:
                check_data(stage)
            except DataFaults as found:
                vi, en = bilingual("landing.data_would_have_faults")
                raise Refused([(f"{vi}: {f.text('vi')}", f"{en}: {f.text('en')}") for f in found.faults]) from None
            if write:
                exchange(stage, folder)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
