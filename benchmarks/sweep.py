"""Every report there can be, without drawing: what its cards say in both languages, and whether their frames hold it.

    python benchmarks/sweep.py                        # all provinces, all quarters from the first figure to today
    python benchmarks/sweep.py --reads                # only runs/reads.csv: what each card draws from
    python benchmarks/sweep.py --sample 200 --seed 7  # so many reports, chosen by the seed

The notebooks' own cells run, in one process a core; only the pictures are left out. A notebook has failed where a
cell raises anything: a title that does not hold of its frame (FalseFinding), or a case that nobody had thought of.
Faults are listed by notebook and error, and the exit code is 1. A notebook of which no figure is new since the quarter
before, and whose figures are not those of the quarter itself, says what it said then and is not run again.
"""

import argparse
import csv
import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from types import CodeType
from unittest import mock

from ninhthuan import indicators, reading, workload
from ninhthuan.catalogue import catalogue
from ninhthuan.language import LANGUAGES
from ninhthuan.periods import Quarter
from ninhthuan.reference import BOUNDARIES
from ninhthuan_reports import cards, report
from ninhthuan_reports.parameters import Parameters, first_quarter
from ninhthuan_reports.runs.inputs import ROOT, subject
from ninhthuan_reports.runs.plan import Job, declared, jobs_of, requests
from ninhthuan_reports.wording import Context


class Spoken(report.Report):
    """A report whose cards are captioned and checked in both languages, but not drawn."""

    def figure(self, card, frame, *, part="", title="", claim=None, **extra):
        made = cards.card(card)
        name = f"{card}_{part}" if part else card
        self._speak(made, frame, title, claim, name, lambda *_: made.draw.height_cm(frame))

    def table(self, card, frame, *, title="", claim=None):
        self._speak(cards.card(card), frame, title, claim, card, cards.card(card).table)

    def prose(self, card, frame):
        self._speak(cards.card(card), frame, "", None, card, cards.card(card).text)

    def closing(self):
        for _ in self._languages():
            super().closing()

    def _languages(self):
        for language in LANGUAGES:
            self.context = Context(self.parameters.province, language)
            yield language

    def _speak(self, card, frame, title, claim, name, set_of):
        for _ in self._languages():
            caption = self._caption(card, frame, title, claim, name)
            if caption is not None:
                set_of(frame, self.context)
                self._deliver(name, "card", frame, caption, self._source_line(frame), {})


@cache
def _code(notebook: Path) -> tuple[CodeType, ...]:
    """Code cells of a notebook, but for its parameters."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    return tuple(
        compile("".join(cell["source"]), f"{notebook.name}, cell {place}", "exec")
        for place, cell in enumerate(content["cells"])
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    )


def every_report(today: date | None = None) -> list[Parameters]:
    """Every report there can be, once for both languages: all quarters from the first figure on, all provinces."""
    quarter, last = first_quarter(), Quarter.containing(today or date.today()).previous
    quarters = [str(quarter)]
    while quarter < last:
        quarter = quarter.next
        quarters.append(str(quarter))
    return requests(quarters, ["all"], LANGUAGES[:1])


def run_cells(job: Job, kind: type[report.Report]) -> None:
    """Run the cells of a notebook here, with another kind of report."""
    scope = {"output_dir": "", **job.parameters}
    with mock.patch.object(report, "Report", kind), mock.patch.object(report, "display"):
        for cell in _code(job.notebook):
            exec(cell, scope)


def fault_of(job: Job) -> str:
    """How a notebook fails, `FalseFinding: ...`, or nothing."""
    try:
        run_cells(job, Spoken)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _known(request: Parameters, read: frozenset[str]) -> tuple:
    """What a notebook that reads these tables may know: rows come in and never go, so that their number tells."""
    code, boundary = request.province.province_code, request.boundary
    rows = [
        _count(index_id, side, as_of)
        for index_id in catalogue().indices
        if f"indicators/{index_id}.csv" in read
        for side in BOUNDARIES
        for as_of in (request.as_of, request.quarter.previous.closing_day)
    ]
    if any(name.startswith("workload/") for name in read):
        # how old an edition is goes by the year of the report
        ends = (request.quarter.previous, request.quarter)
        rows += [request.quarter.year, *(_workload_count(code, boundary, end) for end in ends)]
    return tuple(rows)


@cache
def _count(index_id: str, boundary: str, as_of: date) -> int:
    return len(indicators.indicator_rows(index_id, boundary, as_of, "strict"))


@cache
def _workload_count(code: str, boundary: str, until: Quarter) -> int:
    return len(workload.load_workload(code, until=until, boundary=boundary))


def read_by_notebooks() -> dict[str, frozenset[str]]:
    """The tables that each notebook reads, by its name: those of one report before the merger and one after."""
    found: dict[str, frozenset[str]] = {}
    for quarter, code in (("2024Q1", "58"), ("2025Q3", "56")):
        for job in jobs_of(requests([quarter], [code], LANGUAGES[:1])[0], declared()):
            reading.forget()
            fault_of(job)
            found[job.name] = found.get(job.name, frozenset()) | {name.partition("?")[0] for name in reading.seen()}
    return found


def cards_read() -> dict[tuple[str, str], set[str]]:
    """(notebook, card) to what it draws from (`inputs.subject`), in two reports before the merger and one after."""
    found: dict[tuple[str, str], set[str]] = {}

    class Reading(Spoken):
        def _speak(self, card, frame, title, claim, name, set_of):
            super()._speak(card, frame, title, claim, name, set_of)
            tables = {name.partition("?")[0] for name in reading.seen()}
            found.setdefault((self.name, name), set()).update(map(subject, tables))

    for quarter, code in (("2024Q1", "58"), ("2024Q1", "56"), ("2025Q3", "56")):
        for job in jobs_of(requests([quarter], [code], LANGUAGES[:1])[0], declared()):
            reading.forget()
            run_cells(job, Reading)
    return found


def write_reads() -> None:
    """Make `packages/ninhthuan_reports/runs/reads.csv` anew, which an import looks its cards up in."""
    with open(ROOT / "packages/ninhthuan_reports/runs/reads.csv", "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["notebook", "card", "reads"])
        writer.writerows([*card, " ".join(sorted(reads))] for card, reads in cards_read().items())


def chosen_jobs(wanted: list[Parameters], only: list[str]) -> dict[Quarter, list[Job]]:
    """The notebooks to run, by quarter: those that know something which the quarter before did not."""
    read, before = read_by_notebooks(), {}
    chosen: dict[Quarter, list[Job]] = {}
    for request in sorted(wanted, key=lambda request: request.quarter):
        for job in jobs_of(request, declared()):
            if only and not any(fnmatch(job.name, pattern) for pattern in only):
                continue
            place, known = (request.boundary, request.province.province_code, job.name), _known(request, read[job.name])
            if before.get(place) != known:
                chosen.setdefault(request.quarter, []).append(job)
            before[place] = known
    return chosen


def _faults(jobs: list[Job]) -> list[tuple[Job, str]]:
    return [(job, fault) for job in jobs if (fault := fault_of(job))]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sample", type=int, default=0, help="so many reports, chosen by the seed; 0 is all")
    options.add_argument("--seed", type=int, default=int(date.today().strftime("%Y%m%d")))
    options.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    options.add_argument("--reads", action="store_true", help="only write down what each card draws from")
    options.add_argument("--only", nargs="*", default=[], metavar="PATTERN", help="only notebooks of these names")
    given = options.parse_args()
    if given.reads:
        write_reads()
        return 0
    wanted = every_report()
    chosen, total = "", len(wanted)
    if given.sample:
        chosen, wanted = f", seed {given.seed}", random.Random(given.seed).sample(wanted, min(given.sample, total))
    started, jobs, failed = time.monotonic(), chosen_jobs(wanted, given.only), []
    # what is read as of a day is read once for many provinces
    newest_first = [jobs[quarter] for quarter in sorted(jobs, reverse=True)]
    pieces = [of[i : i + 150] for of in newest_first for i in range(0, len(of), 150)]
    with multiprocessing.Pool(given.processes, maxtasksperchild=1) as pool:
        for done, found in enumerate(pool.imap_unordered(_faults, pieces), start=1):
            failed += found
            for job, fault in found:
                print(f"{job.identity}: {fault}", flush=True)
            if sys.stderr.isatty():
                print(f"\r{done}/{len(pieces)} pieces, {len(failed)} faults ", end="", file=sys.stderr)
    print(
        f"{len(wanted)} of {total} reports{chosen}, each in both languages: {sum(map(len, pieces))} notebooks run in "
        f"{time.monotonic() - started:.0f} s, {len(failed)} failed"
    )
    for (name, fault), count in Counter((job.name, fault.partition(":")[0]) for job, fault in failed).most_common():
        print(f"  {count:5d}  {name}  {fault}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
