"""What a notebook's outputs rest on, as hashes: its source and parameters, the rows it read, code, lock, fonts."""

from __future__ import annotations

import csv
import functools
import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from ninhthuan.catalogue import data_dir

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("ipykernel", "ipython", "matplotlib", "nbclient", "nbformat", "numpy", "pandas", "papermill", "pillow")


def digest(content: bytes) -> str:
    """Hash of some bytes, as records write it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def file_hash(path: Path) -> str:
    """Hash of a file, read anew."""
    return digest(path.read_bytes())


def together(hashes: dict[str, str]) -> str:
    """One hash over several named ones."""
    return digest(json.dumps(hashes, sort_keys=True).encode())


def code_files() -> dict[str, Path]:
    """The packages: everything that can change what comes out."""
    found = [*ROOT.glob("ninhthuan/**/*.py"), *ROOT.glob("ninhthuan/words/**/*.csv")]
    for kind in ("**/*.py", "*.mplstyle", "publish/templates/**/*.*"):
        found += [path for path in ROOT.glob(f"packages/*/{kind}") if "tests" not in path.parts]
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(found)}


def data_files() -> dict[str, Path]:
    """The tables of data/, and their descriptor."""
    folder = data_dir()
    found = [*sorted(folder.glob("*/*.csv")), folder / "datapackage.json"]
    return {path.relative_to(folder).as_posix(): path for path in found}


def font_files() -> dict[str, Path]:
    """The fonts of the figures; found without importing anything."""
    place = importlib.util.find_spec("font_roboto")
    folder = Path(place.submodule_search_locations[0]) / "files"
    return {path.name: path for path in sorted(folder.glob("*.ttf"))}


def environment() -> dict[str, str]:
    """Python and the packages that outputs depend on, as they are installed."""
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}", **versions}


def subject(table: str) -> str:
    """What a table of data/ is of, as `reads.csv` names it: an index, `workload`, `claims` and so on.

    >>> subject("indicators/pci.csv"), subject("workload/comparators.csv")
    ('pci', 'workload')
    """
    folder, _, name = table.partition("/")
    return folder if folder == "workload" else name.partition(".")[0]


def cards_of(tables: Iterable[str]) -> dict[str, list[str]]:
    """Notebook to its cards that draw from one of these tables, as `benchmarks/sweep.py --reads` found them."""
    wanted, found = {subject(table) for table in tables}, {}
    with open(Path(__file__).with_name("reads.csv"), encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if wanted & set(row["reads"].split()):
                found.setdefault(row["notebook"], []).append(row["card"])
    return found


class Inputs:
    """The state of everything that notebooks rest on, taken once: what changes later belongs to the next run."""

    def __init__(self):
        self.code = {name: file_hash(path) for name, path in code_files().items()}
        self.fonts = {name: file_hash(path) for name, path in font_files().items()}
        self.lock = file_hash(ROOT / "requirements.lock")
        self.environment = environment()
        self._data = {name: path.read_bytes() for name, path in data_files().items()}
        self.data = {name: digest(content) for name, content in self._data.items()}
        self._common = {
            # what documents are made with has no part in a notebook (see `documents.Documents.fingerprint`)
            "code": together({n: h for n, h in self.code.items() if "/publish/" not in n}),
            "fonts": together(self.fonts),
            "lock": self.lock,
            "environment": together(self.environment),
            "reference": together({n: h for n, h in self.data.items() if n.startswith("reference/")}),
        }
        self._selections: dict[str, str] = {}
        self._notebooks: dict[Path, bytes] = {}

    def of(self, job, reads: Iterable[str]) -> dict[str, str]:
        """Name to hash of all that a job rests on, given what it reads (see `reading`)."""
        own = {
            "notebook": digest(self.notebook(job)),
            "parameters": together(job.parameters | {"cards": " ".join(job.cards)}),
        }
        return own | self._common | {f"data {name}": self.selection(name) for name in reads}

    def notebook(self, job) -> bytes:
        """The source of a job's notebook, read once: what runs is what is recorded, whoever edits it meanwhile."""
        if job.notebook not in self._notebooks:
            self._notebooks[job.notebook] = job.notebook.read_bytes()
        return self._notebooks[job.notebook]

    def selection(self, name: str) -> str:
        """Hash of a table, or of some of its rows with the numbers of their lines."""
        if name not in self._selections:
            relative, _, conditions = name.partition("?")
            if relative not in self.data:
                self._selections[name] = "gone"
            elif not conditions:
                self._selections[name] = self.data[relative]
            else:
                self._selections[name] = self._rows(relative, conditions)
        return self._selections[name]

    @functools.cache  # noqa: B019 - lives as long as the run
    def _table(self, relative: str) -> tuple[list[str], list[list[str]]]:
        rows = list(csv.reader(self._data[relative].decode("utf-8").splitlines()))
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


def changed(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Names that are not the same any more, in a fixed order."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
