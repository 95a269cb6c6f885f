"""The history of data/ in its git repository, version by version: which printed figures changed from one to the next.

Figures of every version are read with today's tables of `reference/`, so that a better name or note is no correction.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import Counter
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.datasets import described_table, typed_rows
from ninhthuan.indicators import load_index
from ninhthuan.language import labels, pick
from ninhthuan.measures import named
from ninhthuan.reference import BOUNDARIES, data_from
from ninhthuan.words import phrase, written
from ninhthuan_sharing.feed import Entry

from .corrections import UNREADABLE, WORKLOAD_FILES, every_revision, workload_revisions

MOST_LINES = 30  # figures of an entry
BECAUSE = ("revised", "removed", "added")


class Version(NamedTuple):
    """A commit that changed figures. rows: as those of kind `revision` of `changes_between`, of every province."""

    commit: str
    time: datetime
    rows: list[dict]
    unread: list[str]  # files of figures that cannot be read as today's


def versions(folder: Path) -> list[Version] | None:
    """The versions of a data folder that changed figures, newest first.

    None where there is no history of it, or a clone has only the newest part: what it lacks would look as if nothing
    had ever been corrected.
    """
    if _git(folder, "rev-parse", "--is-shallow-repository").strip() != b"false":
        return None
    log = [line.split() for line in _git(folder, "log", "--first-parent", "--format=%H %cI", "--", ".").splitlines()]
    commits = [(commit.decode(), datetime.fromisoformat(time.decode())) for commit, time in log]
    if not commits:
        return None
    trees = [_tree(folder, commit) for commit, _ in commits]
    found, sides = [], {}
    for (newer, older), (commit, time) in zip(pairwise(trees), commits, strict=False):
        rows, unread = [], []
        for name in sorted(name for name in {*newer, *older} if newer.get(name) != older.get(name)):
            try:
                # the older side is the newer one of the version before
                new = sides[name] if name in sides else _frames(folder, name, newer.get(name))
                sides[name] = old = _frames(folder, name, older.get(name))
                rows += chain.from_iterable(map(partial(_rows, name), BOUNDARIES, old, new))
            except UNREADABLE:
                sides.pop(name, None)
                unread.append(name)
        if rows or unread:
            found.append(Version(commit, time, rows, unread))
    return found


def _git(folder: Path, *arguments: str) -> bytes:
    """What git says; nothing where there is no git, or no repository."""
    try:
        return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""


def _tree(folder: Path, commit: str) -> dict[str, str]:
    """The files of figures of a version, with the hashes of what is in them."""
    names = [*(f"indicators/{index_id}.csv" for index_id in catalogue().indices), *WORKLOAD_FILES]
    lines = _git(folder, "ls-tree", commit, "--", *names).decode().splitlines()
    return {line.partition("\t")[2]: line.split()[2] for line in lines}


def _frames(folder: Path, name: str, blob: str | None) -> list[pd.DataFrame]:
    """A file as it was, one frame for each list of provinces; without rows where there was none."""
    content = _git(folder, "cat-file", "blob", blob) if blob else (folder / name).read_bytes().splitlines(True)[0]
    with tempfile.TemporaryDirectory() as aside:
        shutil.copytree(folder / "reference", Path(aside, "reference"))
        shutil.copy(folder / "datapackage.json", aside)
        Path(aside, name).parent.mkdir()
        Path(aside, name).write_bytes(content)
        with data_from(aside):
            if name in WORKLOAD_FILES:
                return [typed_rows(name, boundary=[boundary]) for boundary in BOUNDARIES]
            return [load_index(Path(name).stem, boundary=boundary) for boundary in BOUNDARIES]


def _rows(name: str, boundary: str, old: pd.DataFrame, new: pd.DataFrame) -> list[dict]:
    rows = workload_revisions(old, new) if name in WORKLOAD_FILES else every_revision(old, new, Path(name).stem)
    return [row | {"boundary": boundary} for row in rows]


def entry(version: Version, language: str) -> Entry:
    """What a version changed, for a feed: how many figures of which indices, and the figures, corrected ones first."""
    rows = sorted(version.rows, key=lambda row: BECAUSE.index(row["because"]))
    tally = Counter(row["because"] for row in rows)
    counts = [phrase(f"feed.count.{because}", language, count=count) for because, count in tally.items()]
    subjects = Counter(row.get("index_id") or "" for row in rows)
    names = [index.abbreviation for index_id, index in catalogue().indices.items() if subjects[index_id]]
    names += [phrase("feed.workload", language)] * bool(subjects[""])
    title = f"{', '.join(names)}: {', '.join(counts)}" if rows else phrase("feed.unread_title", language)
    lines = _figures(rows[:MOST_LINES], language) if rows else []
    if len(rows) > MOST_LINES:
        lines.append(phrase("feed.more", language, count=len(rows) - MOST_LINES))
    lines += [phrase("feed.unread", language, file=name) for name in version.unread]
    return version.time, version.commit, title, lines


def _figures(rows: list[dict], language: str) -> list[str]:
    """`Ninh Thuận, Quản trị điện tử, 2023: 3,1 → 3,2` of each row."""
    measures = described_table("reference/measures.csv").set_index("measure")
    frame = named(pd.DataFrame([{**row, "component_id": row["subject"]} for row in rows]))
    ending, lines = "" if language == "vi" else "_en", []
    for row, cell in zip(rows, frame.to_dict("records"), strict=True):
        own = measures.loc[row["subject"]] if row["subject"] in measures.index else None
        subject = own[f"name{ending}"] if own is not None else cell[f"component{ending}"]
        when = row["edition_year"] if own is None else f"{row['period_start']} – {row['period_end']}"
        sides = [written(row[side], language, lambda _, value: _text(value, language)) for side in ("old", "new")]
        lines.append(f"{cell[f'province{ending}']}, {subject}, {when}: {' → '.join(sides)}")
    return lines


def _text(value: object, language: str) -> str:
    if isinstance(value, Decimal):
        return str(value).replace(".", "," if language == "vi" else ".")
    return pick(*labels().get(value, (str(value) or "–",) * 2), language)
