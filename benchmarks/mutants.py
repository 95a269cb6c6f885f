"""What the tests are worth: faults planted one by one, and whether the default tier finds each.

    python benchmarks/mutants.py                 # every row of tests/mutants.csv
    python benchmarks/mutants.py words cards     # the rows of these kinds
    python benchmarks/mutants.py --only 12       # one row

A row of `tests/mutants.csv` names a file, a text that stands in it once and what is put there instead, and the tests
of which one has to fail: nothing else is run, and nothing that `make test` leaves out. A change of `data/` is sealed,
as an editor would. The exit code is 1 where a fault survives, or where a row no longer fits its file.
"""

import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("benchmarks", "data", "deploy", "docs", "ninhthuan", "notebooks", "packages", "tests", "Makefile", "README.md")
FILES = ("CHANGELOG.md", "LICENSE", "pyproject.toml", "requirements.lock", "environment.yml")
SEAL = "from ninhthuan_intake.checks import seal; from ninhthuan.catalogue import data_dir; seal(data_dir())"


def rows() -> list[dict[str, str]]:
    with open(ROOT / "tests/mutants.csv", encoding="utf-8", newline="") as handle:
        return [{"line": str(line), **row} for line, row in enumerate(csv.DictReader(handle), 2)]


def copy_of_the_project(folder: Path) -> Path:
    for name in (*PARTS, *FILES):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "build"))
        elif source.exists():
            shutil.copy2(source, folder / name)
    subprocess.run([sys.executable, "-m", "compileall", "-q", "ninhthuan", "packages"], cwd=folder, check=True)
    return folder


def outcome(row: dict[str, str], project: Path) -> tuple[str, str]:
    """`found`, `SURVIVED` or why the row cannot be tried, and the first test that failed."""
    path = project / row["file"]
    text = path.read_text(encoding="utf-8")
    if text.count(row["old"]) != 1:
        return f"DOES NOT FIT: the text stands {text.count(row['old'])} times in {row['file']}", ""
    environment = os.environ | {"PYTHONPATH": f"{project}:{project / 'packages'}"}
    for name in ("NINHTHUAN_DATA", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    sealed, times = (project / "data/datapackage.json").read_bytes(), path.stat()
    try:
        path.write_text(text.replace(row["old"], row["new"]), encoding="utf-8")
        if row["file"].startswith("data/"):
            subprocess.run([sys.executable, "-c", SEAL], cwd=project, env=environment, check=True)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *row["tests"].split()]
        if "tests/" in {place[:6] for place in row["tests"].split()}:
            command.append("--default")  # an option of tests/conftest.py
        run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, timeout=600)
    finally:
        path.write_text(text, encoding="utf-8")
        # bytecode is told from its source by this time
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        (project / "data/datapackage.json").write_bytes(sealed)
    first = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    # 1: tests failed; 2: the fault kept them from being collected at all
    said = {0: "SURVIVED", 1: "found", 2: "found"}.get(run.returncode, f"NOT RUN: {run.stdout[-300:]}")
    return said, first[1] if first else ""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("kinds", nargs="*")
    options.add_argument("--only", nargs="*", default=[], metavar="LINE")
    options.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    given = options.parse_args()
    wanted = [row for row in rows() if not given.kinds or row["kind"] in given.kinds]
    wanted = [row for row in wanted if not given.only or row["line"] in given.only]
    with tempfile.TemporaryDirectory() as folder:
        free: Queue[Path] = Queue()
        for place in range(given.processes):
            free.put(copy_of_the_project(Path(folder) / str(place)))

        def tried(row: dict[str, str]) -> str:
            project = free.get()
            try:
                said, test = outcome(row, project)
            finally:
                free.put(project)
            print(f"{row['line']:>3} {row['kind']:9} {said:9} {row['fault']}: {test}", flush=True)
            return said

        with ThreadPoolExecutor(given.processes) as pool:
            found = list(pool.map(tried, wanted))
    print(f"{found.count('found')} of {len(wanted)} planted faults found")
    return 0 if found and set(found) == {"found"} else 1


if __name__ == "__main__":
    sys.exit(main())
