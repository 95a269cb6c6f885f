"""Old reports, listed first and removed on request."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from careful_tables.landing import sync

from .places import InTheWay
from .record import others


@dataclass(frozen=True)
class Old:
    """A report beyond those to keep: its identity, its bytes, its folders, and what lies in it that no run made."""

    report: str
    size: int
    folders: tuple[Path, ...]
    others: tuple[str, ...] = ()


def surplus(reports: Path, keep: int, place: Callable[[str], tuple[Hashable, Any] | None]) -> list[Old]:
    """Reports older than the newest `keep` of their row, oldest first.

    place: from the name of a report, its row and its place by age in that row; None for what is no report.
    """
    reports = reports.resolve()
    rows: dict[Hashable, list[tuple[Any, str]]] = {}
    for record in reports.glob("[!.]*/*/*/run.json"):
        report = record.parent.relative_to(reports).as_posix()
        found = place(report)
        # the target of a link lies elsewhere and is not removed
        if found and record.parent.resolve() == record.parent:
            rows.setdefault(found[0], []).append((found[1], report))
    old = []
    for row in rows.values():
        for _, report in sorted(row)[:-keep]:
            places = (reports / report, reports / ".failed" / report, reports / ".work" / report)
            folders = tuple(place for place in places if place.is_dir() and place.resolve() == place)
            old.append(Old(report, sum(map(_size, folders)), folders, tuple(others(reports / report))))
    return sorted(old, key=lambda one: one.report)


def remove(reports: Path, old: list[Old]) -> None:
    """Remove these reports, each by one rename first, so that an interruption leaves no half of a report.

    One that holds what no run made stays.
    """
    away = reports / ".removed"
    if away.is_symlink():
        raise InTheWay("link", away)
    shutil.rmtree(away, ignore_errors=True)
    for one in (one for one in old if not one.others):
        for number, folder in enumerate(one.folders):
            aside = away / f"{one.report.replace('/', '_')}_{number}"
            away.mkdir(exist_ok=True)
            folder.rename(aside)
            sync(folder.parent)
            shutil.rmtree(aside)
            for parent in folder.parents[:2]:
                if not any(parent.iterdir()):
                    parent.rmdir()
    for folder in (away, reports / ".failed", reports / ".work"):
        with contextlib.suppress(OSError):
            folder.rmdir()  # only if nothing is left in it


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
