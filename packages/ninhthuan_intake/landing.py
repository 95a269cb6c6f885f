"""The changes of an import to data/: shown first, then made all at once or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from careful_tables import changes
from careful_tables.changes import Difference, Rows, read_table, text_faults
from ninhthuan.language import pick
from ninhthuan.words import message, phrase

from .checks import DataFaults, check_data
from .refusals import Refused, What, in_words, worded, wording


@dataclass(frozen=True)
class Proposal:
    """What a file brings. rows: path in data/ to rows as text, by column (a column not named is empty).

    Rows are put in by primary key: a key that is there already is changed. notes: what to know before saying yes, in
    both languages. summary: one line on what was read. Raises Refused where a text is none that a table should hold.
    """

    summary: What
    rows: dict[str, Rows]
    notes: tuple[What, ...] = ()
    # figures of data/ that the file has otherwise, of so many that both have
    unlike: tuple[int, int] = (0, 0)

    @property
    def doubtful(self) -> bool:
        """Whether more than one in twenty differ: rather another file, or shifted rows, than a correction."""
        return self.unlike[0] > 0.05 * self.unlike[1]

    def __post_init__(self):
        object.__setattr__(self, "summary", in_words(self.summary))
        object.__setattr__(self, "notes", tuple(map(in_words, self.notes)))
        wrong = [
            message("landing.change", path=fault.file, column=fault.column, text=fault.values["text"], what=what)
            for fault in text_faults(self.rows)
            for what in [worded(fault)]
        ]
        if wrong:
            raise Refused(*wrong)


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
    cited = ("source_id", "title", "publisher", "published", "kind", "url", "rights")
    new = {column: getattr(origin, column) for column in cited} | {"retrieved_on": day, "note": ""}
    new["title"] = origin.title or origin.file
    known = [row for row in read_table(folder, "reference/sources.csv") if row["source_id"] == origin.source_id]
    source = known[0] | ({"url": origin.url} if origin.url else {}) if known else new
    taken = {
        column: str(getattr(origin, column)) for column in ("source_id", "sha256", "file", "bytes", "sheet", "layout")
    }
    imports = read_table(folder, "reference/imports.csv")
    earlier = [row for row in imports if (row["source_id"], row["sha256"]) == (origin.source_id, origin.sha256)]
    taken |= {"rows": str(rows), "imported_on": earlier[0]["imported_on"] if earlier else day}
    return {"reference/sources.csv": [source], "reference/imports.csv": [taken]}


def _keep(path: str, column: str, old: str, new: str) -> str:
    """The new value of a cell: a blank removes nothing, and an English label replaces no Vietnamese one."""
    if path.startswith("reference/"):
        return new
    return old if not new or (column == "group_published" and not old.isascii() and new.isascii()) else new


def differences(proposal: Proposal, folder: Path) -> list[Difference]:
    """What the proposal would do, table by table."""
    return [changes.merged(folder, path, rows, _keep)[1] for path, rows in proposal.rows.items()]


def lines_of(proposal: Proposal, found: list[Difference], language: str, most: int = 5) -> list[str]:
    """Lines that say what would change: counts for each table, and the first changes of old values in full."""
    lines = [pick(*proposal.summary, language)]
    for table in found:
        counts = {"added": len(table.added), "changed": len(table.changed), "same": table.same}
        lines.append(f"  {table.path}: " + phrase("landing.counts", language, **counts))
        for old, new in table.changed[:most]:
            where = " ".join(old[column] for column in table.key if old[column])
            cells = "; ".join(f"{c}: {old[c] or '–'} → {new[c] or '–'}" for c in new if old[c] != new[c])
            lines.append(f"    {where}: {cells}")
        if len(table.changed) > most:
            lines.append("    " + phrase("landing.more", language, more=len(table.changed) - most))
    return lines + ["  " + pick(*note, language) for note in proposal.notes]


def _checked(folder: Path) -> None:
    try:
        check_data(folder)
    except DataFaults as error:
        raise Refused(*(message("landing.data_would_have_faults", fault=text) for text in error.texts())) from None


@wording()
def land(proposal: Proposal, folder: Path, write: bool = True) -> None:
    """Put the rows into data/, seal and check, all or nothing; without `write` all of it but the last step.

    Raises Refused, fault by fault, where files of data/ were changed without being checked or would have faults.
    """
    changes.land(proposal.rows, folder, _checked, _keep, write)
