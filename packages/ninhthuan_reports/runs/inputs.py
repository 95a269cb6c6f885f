"""What a notebook's outputs rest on, as hashes: its source and parameters, the rows it read, code, lock, fonts."""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Iterable
from pathlib import Path

from ninhthuan import __version__
from ninhthuan.reference import data_dir
from notebook_batch import inputs
from notebook_batch.inputs import digest, environment, file_hash, together

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("ipykernel", "ipython", "matplotlib", "nbclient", "nbformat", "numpy", "pandas", "papermill", "pillow")


def code_files() -> dict[str, Path]:
    """The packages: everything that can change what comes out."""
    found = [*ROOT.glob("ninhthuan/**/*.py"), *ROOT.glob("ninhthuan/words/**/*.csv")]
    for kind in ("**/*.py", "*.mplstyle", "publish/templates/**/*.*"):
        found += [path for path in ROOT.glob(f"packages/*/{kind}") if "tests" not in path.relative_to(ROOT).parts]
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


class Inputs(inputs.Inputs):
    """The state of everything that notebooks rest on, taken once: what changes later belongs to the next run."""

    def __init__(self):
        self.code = {name: file_hash(path) for name, path in code_files().items()}
        self.fonts = {name: file_hash(path) for name, path in font_files().items()}
        self.lock = file_hash(ROOT / "requirements.lock")
        self.environment = environment(PACKAGES)
        tables = {name: path.read_bytes() for name, path in data_files().items()}
        self.data = {name: digest(content) for name, content in tables.items()}
        common = {
            # what documents are made with has no part in a notebook (see `documents.Documents.fingerprint`)
            "code": together({n: h for n, h in self.code.items() if "/publish/" not in n}),
            "fonts": together(self.fonts),
            "lock": self.lock,
            "environment": together(self.environment),
            "reference": together({n: h for n, h in self.data.items() if n.startswith("reference/")}),
        }
        noted = {name: getattr(self, name) for name in ("code", "data", "fonts", "lock", "environment")}
        super().__init__(common, tables, {"version": __version__} | noted)

    @staticmethod
    def files() -> list[Path]:
        """Everything that is read for this."""
        named = {**code_files(), **data_files(), **font_files()}
        return [*named.values(), ROOT / "requirements.lock"]
