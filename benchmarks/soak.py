"""Whether anything grows while one machine makes hundreds of reports in a row, with a fault in every fifth.

    python benchmarks/soak.py [--reports 500] [--seed 1]

One process lives through all of it. It makes batches of fifty reports of three small notebooks and a page. In every
fifth a fault drawn by the seed happens; the old report or the new one has to be there then, whole, with the right
reason on record, and the next run has to make what is missing. After each batch memory, open files, processes,
temporary files and files of reports are counted. Exit 1 where something is wrong, or more at the end than after the
first batch.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from common import bytecode, machine, table, tree_of

from notebook_batch import Batch, Inputs, Job, Processes

BATCH, EVERY = 50, 5
NOTEBOOKS = ("buoy", "gauge", "radar")
# Name to what a cell does, and the reason that has to be on record.
FAULTS = {
    "a notebook raises": ("1 / 0", "exception"),
    "a child is killed": ("os.kill(os.getpid(), 9)", "signal"),
    "the parent is killed": ("os.kill(os.getppid(), 9); time.sleep(9)", "signal"),
    "the disk is full": (
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9)); open('full', 'w').write('x' * 99)",
        "disk",
    ),
    "a cell takes too long": ("time.sleep(99)", "timeout"),
    "a byte is flipped": ("", ""),
}
PARAMETERS = "\n".join(f'{name} = ""' for name in ("turn", "station", "language", "fault", "output_dir"))
CELLS = [
    "import json, os, pathlib, resource, tempfile, time\ntempfile.mkdtemp()\nexec(fault)",
    "rain = [int(turn)] * 9999",
    """
folder = pathlib.Path(output_dir, "tables")
folder.mkdir()
(folder / f"NAME__rain__{station}.csv").write_text(f"day,mm\\n1,{sum(rain)}\\n")
card = {"kind": "table", "title": f"Rain at {station}", "reads": []}
(folder / f"NAME__rain__{station}.json").write_text(json.dumps(card))
""",
]


class Page:
    """What is made of the cards at the end."""

    finish, fingerprint = "soak:write", ""

    def order(self, request, jobs, folder):
        return {"folder": str(folder)}

    def noted(self, folder):
        return {"documents": self.fingerprint}


def write(asked: dict, begun) -> None:
    """Make the page, and leave something behind, as programs do."""
    begun("page.txt")
    tempfile.mkdtemp()
    found = sorted(Path(asked["folder"]).glob("tables/*.json"))
    Path(asked["folder"], "page.txt").write_text("\n".join(path.read_text() for path in found))


def judge(job, folder: Path) -> tuple[dict[str, dict], list[str]]:
    found = {path.name.split("__")[1]: json.loads(path.read_text()) for path in folder.glob(f"*/{job.name}__*.json")}
    return found, [f"{name}: not delivered" for name in job.cards if name not in found]


def memory(pid: int | str) -> float:
    """Megabytes of a process that are in memory; 0 where there is none."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, IndexError):
        return 0.0


class Soak:
    """A folder of reports, and what was counted in it."""

    def __init__(self, folder: Path, seed: int):
        self.folder, self.draw = folder, random.Random(seed)
        self.reports = folder / "reports"
        self.made, self.wrong, self.counts = 0, [], []
        self.drawn: collections.Counter[str] = collections.Counter()
        self.parents: dict[int, list[float]] = {}  # memory of each warm parent, after each notebook
        for name in NOTEBOOKS:
            new = nbformat.v4
            cells = [new.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})]
            cells += [new.new_code_cell(c.replace("NAME", name), id=f"cell-{n}") for n, c in enumerate(CELLS)]
            nbformat.write(new.new_notebook(cells=cells), folder / f"{name}.ipynb")

    def run(self, turn: int, faults: dict[str, str]) -> dict:
        """Make the batch once; faults: report to what its gauge does. Returns the outcomes by report."""
        batch = Batch(self.reports, Inputs({}, {}, {}), judge)
        executor = Processes(2, cell_seconds=3, workdir=self.reports / ".work" / ".warm")
        planned = []
        for number in range(BATCH):
            report = f"2031-05/station-{number:02d}/en"
            given = {"turn": str(turn), "station": f"{number:02d}", "language": "en"}
            jobs = [
                Job(report, n, self.folder / f"{n}.ipynb", given | {"fault": f}, ("rain",), f"books/{n}.ipynb")
                for n, f in zip(NOTEBOOKS, ("", faults.get(report, ""), ""), strict=True)
            ]
            planned.append(batch.plan(report, jobs, request_record=given, documents=Page()))

        def heard(event: dict) -> None:
            if event["status"] == "done":
                for pid in tree_of(os.getpid())[1:2]:
                    self.parents.setdefault(pid, []).append(memory(pid))

        with batch.locked():
            outcomes = batch.run(planned, executor, heard)
        return {outcome.planned.report: outcome for outcome in outcomes}

    def state(self, report: str) -> str:
        """The turn that a report in place is of, where every byte of it is right."""
        place = self.reports / report
        if not place.exists():
            return "none"
        faults, _ = Batch(self.reports, Inputs({}, {}, {}), judge).verify(report, [])
        return str(faults) if faults else json.loads((place / "run.json").read_text())["request"]["turn"]

    def batch(self, turn: int) -> None:
        """A batch with its faults, the next run that makes what is missing, and the counts."""
        names = [f"2031-05/station-{number:02d}/en" for number in range(BATCH)]
        kinds = {report: self.draw.choice(list(FAULTS)) for report in names[::EVERY]}
        old = "none" if turn == 1 else str(turn - 1)
        self.drawn.update(kinds.values())
        outcomes = self.run(turn, {report: FAULTS[kind][0] for report, kind in kinds.items()})
        for report, outcome in outcomes.items():
            kind = kinds.get(report, "")
            reasons = [job["error"]["reason"] for job in outcome.failed]
            # what runs beside a parent that is killed ends with it, before it fails by itself
            due = {FAULTS[kind][1]} if kind and FAULTS[kind][1] else set()
            right = set(reasons) <= due | {"signal"} and bool(reasons) >= bool(due)
            state = self.state(report)
            if not right or state != (old if reasons else str(turn)):
                self.wrong.append(f"{report}, turn {turn}, {kind}: {outcome.status} {reasons}, there is {state}")
            if kind == "a byte is flipped" and not reasons:
                path = self.draw.choice(sorted((self.reports / report).glob("tables/*")))
                content = bytearray(path.read_bytes())
                content[self.draw.randrange(len(content))] ^= 1
                path.write_bytes(content)
                if "altered" not in self.state(report):
                    self.wrong.append(f"{report}, turn {turn}: a flipped byte was not seen")
        self.run(turn, {})
        self.wrong += [f"{report}, turn {turn}: not made" for report in names if self.state(report) != str(turn)]
        self.made += BATCH
        self.counts.append(
            {
                "memory, MB": round(memory("self"), 1),
                "open files": len(os.listdir("/proc/self/fd")),
                "threads": len(os.listdir("/proc/self/task")),
                "processes it has started": len(tree_of(os.getpid())) - 1,
                "files and folders for temporary use": len(list(Path(tempfile.gettempdir()).rglob("*"))),
                "files of reports and beside them": sum(path.is_file() for path in self.reports.rglob("*")),
            }
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=500, help="rounded up to batches of fifty")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    turns, started = max(3, -(-options.reports // BATCH)), time.monotonic()
    print(f"{turns * BATCH} reports, seed {options.seed}. {machine()}\n", flush=True)
    with bytecode(), tempfile.TemporaryDirectory(prefix="soak-") as name:
        (temporary := Path(name, "tmp")).mkdir()
        tempfile.tempdir = os.environ["TMPDIR"] = str(temporary)
        os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
        soak = Soak(Path(name), options.seed)
        for turn in range(1, turns + 1):
            soak.batch(turn)
    longest = max(soak.parents.values(), key=len)[len(NOTEBOOKS) * 5 :]
    first, last = soak.counts[0], soak.counts[-1]
    rows = [[what, *(str(soak.counts[place][what]) for place in (0, turns // 2, -1))] for what in first]
    rows.append(["memory of the warm parent that lived longest, MB"])
    rows[-1] += [f"{longest[place]:.1f}" for place in (0, len(longest) // 2, -1)]
    print(table(["", "at first", "in the middle", "at the end"], rows))
    faults = ", ".join(f"{kind} {count}" for kind, count in sorted(soak.drawn.items()))
    print(f"\n{soak.made} reports in {time.monotonic() - started:.0f} s; faults: {faults}")
    grown = [what for what in first if last[what] > first[what] * (1.05 if what.startswith("memory") else 1)]
    grown += ["the warm parent"] if longest[-1] > longest[0] * 1.05 else []
    print(*soak.wrong, *(f"grown: {what}" for what in grown), sep="\n")
    return 1 if soak.wrong or grown else 0


if __name__ == "__main__":
    sys.exit(main())
