"""The inputs of a notebook's outputs, as hashes: source, parameters, the rows it read, and what all notebooks share."""

from __future__ import annotations

import csv
import functools
import hashlib
import importlib.metadata
import json
import platform
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path


def digest(content: bytes) -> str:
    """Hash of some bytes, as records write it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def file_hash(path: Path) -> str:
    """Hash of a file, read anew."""
    return digest(path.read_bytes())


def together(hashes: Mapping[str, str]) -> str:
    """One hash over several named ones."""
    return digest(json.dumps(hashes, sort_keys=True).encode())


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Names that are not the same any more, in a fixed order."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def environment(packages: Iterable[str]) -> dict[str, str]:
    """Python and these packages, as they are installed."""
    versions = {name: importlib.metadata.version(name) for name in packages}
    return {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}", **versions}


class Inputs:
    """The inputs of notebooks at one moment: what changes later belongs to the next run.

    common: name to hash of the inputs of every notebook; tables: name to content of CSV files, whose rows are selected
    by what a notebook read; noted: their part of the record of a report.
    """

    def __init__(self, common: Mapping[str, str], tables: Mapping[str, bytes], noted: Mapping[str, object]):
        self._common, self._tables, self.noted = common, tables, noted
        self._selections: dict[str, str] = {}
        self._notebooks: dict[Path, bytes] = {}

    def of(self, job, reads: Iterable[str]) -> dict[str, str]:
        """Name to hash of all inputs of a job. reads: tables, as `name` or `name?column=value,value&...`."""
        own = {
            "notebook": digest(self.notebook(job)),
            "parameters": together(job.parameters | {"cards": " ".join(job.cards)}),
        }
        return own | self._common | {f"data {name}": self.selection(name) for name in reads}

    def notebook(self, job) -> bytes:
        """The source of a job's notebook, read once, so that the version that runs is the one recorded."""
        if job.notebook not in self._notebooks:
            self._notebooks[job.notebook] = job.notebook.read_bytes()
        return self._notebooks[job.notebook]

    def selection(self, name: str) -> str:
        """Hash of a table, or of some of its rows with the numbers of their lines."""
        if name not in self._selections:
            relative, _, conditions = name.partition("?")
            if relative not in self._tables:
                self._selections[name] = "gone"
            elif not conditions:
                self._selections[name] = digest(self._tables[relative])
            else:
                self._selections[name] = self._rows(relative, conditions)
        return self._selections[name]

    @functools.cache  # noqa: B019 - lives as long as the run
    def _table(self, relative: str) -> tuple[list[str], list[list[str]]]:
        rows = list(csv.reader(self._tables[relative].decode("utf-8").splitlines()))
        return rows[0], rows[1:]

    def _rows(self, relative: str, conditions: str) -> str:
        head, rows = self._table(relative)
        wanted = []
        for condition in conditions.split("&"):
            column, _, values = condition.partition("=")
            if column not in head:
                return "gone"
            wanted.append((head.index(column), set(values.split(","))))
        found = hashlib.sha256(json.dumps(head).encode())
        for number, row in enumerate(rows, 2):
            if all(place < len(row) and row[place] in values for place, values in wanted):
                found.update(_line(number, row))
        return "sha256:" + found.hexdigest()


def _line(number: int, row: list[str]) -> bytes:
    return ("\0".join([str(number), *row]) + "\n").encode("utf-8")
