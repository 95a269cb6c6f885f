"""How long anything outlives a SIGKILL of the runner or of the warm parent.

    python benchmarks/death.py [--trials 5]

A notebook of one cell starts a program of its own and then sleeps, or matches a regular expression that does not
end and holds the interpreter's lock, so that no Python code in that process can notice anything. The runner or the
warm parent is killed; the time until every process of the tree under it is gone is measured (looked at every
millisecond).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from common import bytecode, machine, spread, table, tree_of

PARAMETERS = "\n".join(f'{name}: str = ""' for name in ("quarter", "as_of", "province_code", "language", "output_dir"))
CELLS = {
    "sleeps": "time.sleep(600)",
    "holds the lock": 're.match("(a+)+$", "a" * 60 + "b")',
}
BEGIN = """
import re, subprocess, time
from pathlib import Path
subprocess.Popen(["sleep", "600"])
Path("began").touch()
"""
# the command line over the notebook of this benchmark
DRIVER = """
import sys
from pathlib import Path
from ninhthuan_reports.runs import plan
plan.notebooks_dir = lambda: Path(sys.argv[1])
from ninhthuan_reports.cli import main
sys.exit(main(sys.argv[2:]))
"""


def write_notebook(folder: Path, cell: str) -> None:
    new = nbformat.v4
    book = new.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}})
    book.cells = [
        new.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
        new.new_code_cell(BEGIN + cell, id="cell"),
    ]
    folder.mkdir(parents=True)
    nbformat.write(book, folder / "endless.ipynb")
    runs = f'[[run]]\nnotebook = "endless"\ncards = {json.dumps(["none"])}\n'
    (folder / "runs.toml").write_text(runs, encoding="utf-8")


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits for its parent to take note of its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def name_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def trial(killed: str, cell: str) -> tuple[float, int]:
    """Seconds until all is gone, and how many processes that were."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        write_notebook(folder / "notebooks", cell)
        command = [sys.executable, "-c", DRIVER, str(folder / "notebooks"), "run", "--quarter", "2024Q1", "--quiet"]
        command += ["--reports", str(folder / "reports")]
        quiet = subprocess.DEVNULL
        runner = subprocess.Popen(command, stdout=quiet, stderr=quiet)
        try:
            started = time.monotonic()
            while not list((folder / "reports").glob(".work/*/*/*/*/began")):
                if runner.poll() is not None or time.monotonic() - started > 120:
                    raise SystemExit("the notebook did not begin")
                time.sleep(0.05)
            time.sleep(0.5)
            tree = tree_of(runner.pid)
            victim = runner.pid
            if killed == "warm parent":
                victim = next(pid for pid in tree if "notebook_batch.warm" in name_of(pid))
                tree = tree_of(victim)
            if len(tree) < (4 if killed == "runner" else 3):
                raise SystemExit(f"not the processes that were expected: {[name_of(pid) for pid in tree]}")
            then = time.monotonic()
            os.kill(victim, signal.SIGKILL)
            while any(alive(pid) for pid in tree):
                if time.monotonic() - then > 60:
                    raise SystemExit(f"still there after a minute: {[name_of(p) for p in tree if alive(p)]}")
                time.sleep(0.001)
            return time.monotonic() - then, len(tree)
        finally:
            if runner.poll() is None:
                runner.terminate()
            runner.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=5)
    options = parser.parse_args()
    print(f"{options.trials} trials of each. {machine()}\n", flush=True)
    rows = []
    with bytecode():
        for killed in ("runner", "warm parent"):
            for what, cell in CELLS.items():
                found = [trial(killed, cell) for _ in range(options.trials)]
                times = spread([seconds * 1000 for seconds, _ in found], 0)
                rows.append([killed, what, str(max(count for _, count in found)), times])
    print(table(["killed", "the cell", "processes", "all gone after, ms (min / median / max)"], rows))


if __name__ == "__main__":
    main()
