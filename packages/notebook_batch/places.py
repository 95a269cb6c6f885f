"""The folders of a batch: no link in them is followed, and nothing is removed that no run has made.

`.work` and `.failed` are the runs' own. A report folder is replaced as a whole; what somebody else has put into it
moves into the new one. A folder that holds something and is no report is left alone, and refused.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

from . import record

PARTS = 3  # of a report's name: its folder is so deep


class InTheWay(Exception):
    """Why a report cannot be made here: a code (`link` or `no_report`) and the path."""

    def __init__(self, why: str, path: Path):
        super().__init__(why, path)
        self.why, self.path = why, path


def refuse(reports: Path, report: str) -> None:
    """Raise InTheWay where making a report would follow a link, or replace what is no report."""
    for top in (reports, reports / ".work", reports / ".failed"):
        steps = [top.joinpath(*report.split("/")[:depth]) for depth in range(PARTS + 1)]
        for path in [*steps[top == reports :], top / ".warm"]:
            if path.is_symlink():
                raise InTheWay("link", path)
    target = reports / report
    if os.path.lexists(target) and not (target / "run.json").is_file() and (target.is_file() or any(target.iterdir())):
        raise InTheWay("no_report", target)


def folders(place: Path, depth: int) -> list[Path]:
    """The folders so deep below another; links are none, nor is what is not there."""
    found = [place] if place.is_dir() and not place.is_symlink() else []
    for _ in range(depth):
        found = [path for folder in found for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    return found


def keep_others(old: Path, new: Path) -> list[str]:
    """Link into a new report, which is sealed, what lies in the old one and no run made; returns where it is now.

    Something called like a file of the new report gets `.kept` after its name.
    """
    kept = []
    for name, kind in record.others(old).items():
        place = new / name
        while os.path.lexists(place):
            place = place.with_name(f"{place.name}.kept")
        if kind == "empty":
            place.mkdir(parents=True)
        else:
            link(old / name, place)
        kept.append(place.relative_to(new).as_posix())
    return kept


def link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EROFS):
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def restore(reports: Path) -> None:
    """Finish an exchange of two folders that a killed run left between its renames."""
    for place in folders(reports, PARTS - 1):
        for aside in [] if place.relative_to(reports).parts[0].startswith(".") else list(place.glob(".*.old")):
            target = aside.with_name(aside.name[1:].removesuffix(".old"))
            if aside.is_symlink() or target.is_symlink():
                continue
            if (target / "run.json").is_file():
                shutil.rmtree(aside)
            elif (aside / "run.json").is_file() and not target.exists():
                os.rename(aside, target)


def tidy(reports: Path) -> None:
    """Leave only sealed work under .work, for the next run; remove the folder if there is none."""
    work = reports / ".work"
    if not folders(work, 0):
        return
    shutil.rmtree(work / ".warm", ignore_errors=True)
    for report in folders(work, PARTS):
        for path in report.iterdir():
            if path.is_file() and not path.is_symlink():
                path.unlink()
            elif not (path / "seal.json").is_file():
                shutil.rmtree(path, ignore_errors=True)
    drop_empty(work)
    if work.is_dir() and all(path.is_file() and not path.is_symlink() for path in work.iterdir()):
        shutil.rmtree(work, ignore_errors=True)


def drop(reports: Path, *places: Path) -> None:
    """Remove folders of a report that is in place, and those above them that are empty then."""
    for place in places:
        shutil.rmtree(place, ignore_errors=True)
    drop_empty(reports / ".failed")


def drop_empty(place: Path) -> None:
    """Remove folders in which there is nothing, a report's and those above it."""
    for depth in range(PARTS, -1, -1):
        for folder in folders(place, depth):
            with contextlib.suppress(OSError):
                folder.rmdir()
