"""Provinces by notebooks: pace, processor time, memory, and where the time goes.

    python benchmarks/batch63.py [--provinces 63] [--workers 2] [--languages vi]

Runs `ninhthuan run` for the first N of the 63 provinces of 2024Q1, with every notebook and every document, into a
fresh folder. Memory is that of the whole tree of processes, sampled twice a second; pages that processes share count
once (PSS).

The stages are measured apart, before the batch: a warm parent is timed, then one job of each kind is run in a
process forked from it, with a stopwatch round the functions of each stage (seconds of processor time; what one stage
calls of another counts for the inner one). Their shares are then applied to the processor time that the batch's jobs
took. What the command took beyond its jobs and its start-up is judging, placing and telling.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from common import NINHTHUAN, Peak, bytecode, machine, table, timed, used_by_children

from ninhthuan_reports.runs import plan
from ninhthuan_reports.runs.inputs import Inputs
from ninhthuan_reports.runs.warming import WARM, knowledge_of
from notebook_batch import batch, warm
from notebook_batch.processes import child_environment

QUARTER, LANGUAGE = "2024Q1", "vi"
STAGES = ("computing", "drawing", "writing cards", "kernel and notebook")


class Stopwatch:
    """Processor time by stage: at each moment only the innermost stage runs."""

    def __init__(self):
        self.spent: dict[str, float] = defaultdict(float)
        self._stages, self._since = ["kernel and notebook"], time.process_time()

    def _switch(self) -> None:
        now = time.process_time()
        self.spent[self._stages[-1]] += now - self._since
        self._since = now

    def within(self, stage: str, function):
        @functools.wraps(function)
        def run(*args, **options):
            self._switch()
            self._stages.append(stage)
            try:
                return function(*args, **options)
            finally:
                self._switch()
                self._stages.pop()

        run.__dict__.update(vars(function))
        return run

    def stop(self) -> dict[str, float]:
        self._switch()
        return dict(self.spent)


def one_job(order: dict, ready) -> dict[str, float]:
    """Run one order in a forked process, as the engine does; returns its stages."""
    reading, writing = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            from figure_cards import rendering
            from ninhthuan_reports import cards, report

            watch = Stopwatch()
            for name in ("framed", "render"):
                setattr(rendering, name, watch.within("drawing", getattr(rendering, name)))
            for card in map(cards.card, cards.NAMES):
                if hasattr(card, "draw"):
                    card.draw = watch.within("drawing", card.draw)
            report.Report._write = watch.within("writing cards", report.Report._write)
            shell = ready[2].kernel.shell
            # everything else that a cell does is loading and computing
            shell.run_code = _cell(watch, shell.run_code)
            warm._work(order, os.open(os.devnull, os.O_WRONLY), parent, *ready)
            os.write(writing, json.dumps(watch.stop()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        told = source.read()
    os.waitpid(pid, 0)
    if not told:
        raise SystemExit(f"{order['identity']} failed")
    return json.loads(told)


def _cell(watch: Stopwatch, run_code):
    """The coroutine in which IPython runs a cell's code, timed as computing."""

    async def run(*args, **options):
        watch._switch()
        watch._stages.append("computing")
        try:
            return await run_code(*args, **options)
        finally:
            watch._switch()
            watch._stages.pop()

    return run


def stages() -> tuple[float, dict[str, dict[str, float]]]:
    """Processor seconds of the warm parent's start, and of each stage of each notebook of a report."""
    (request,) = plan.requests([QUARTER], ["58"], [LANGUAGE])
    inputs = Inputs()
    found = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.update(child_environment(Path(folder)))
        started = time.process_time()
        *ready, _ = warm.warm_up(WARM, knowledge_of([request]))
        warming = time.process_time() - started
        for job in plan.jobs_of(request, plan.declared()):
            place = batch._clean(Path(folder) / job.identity)
            order = batch._order(job, place, inputs) | {"memory_mb": 0, "cell_seconds": 0}
            found[job.name] = one_job(order, ready)
    return warming, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provinces", type=int, default=63)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--languages", default=LANGUAGE, help="vi | en | vi,en")
    options = parser.parse_args()
    wanted = plan.requests([QUARTER], ["all"], [LANGUAGE])[: options.provinces]
    asked = f"{len(wanted)} provinces, {options.languages}, {options.workers} workers"
    print(f"{asked}, all notebooks and documents. {machine()}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, bytecode():
        checking = timed([[NINHTHUAN, "check"]]) and timed([[NINHTHUAN, "check"]])
        command = [NINHTHUAN, "run", "--quarter", QUARTER, "--languages", options.languages]
        command += ["--workers", str(options.workers)]
        command += ["--provinces", ",".join(request.province.province_code for request in wanted)]
        command += ["--reports", folder, "--json"]
        before, started, begun = used_by_children(), time.monotonic(), None
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        peak = Peak(process.pid)
        peak.start()
        for line in process.stdout:
            if begun is None and json.loads(line)["status"] == "running":
                begun = time.monotonic() - started
        if process.wait():
            raise SystemExit(f"the batch ended with code {process.returncode}")
        wall, total = time.monotonic() - started, used_by_children() - before
        memory = peak.stop()
        reports = [path.parent for path in Path(folder).glob("*/*/*/run.json")]
        records = [json.loads((report / "run.json").read_text()) for report in reports]
        sizes = [sum(file.stat().st_size for file in report.rglob("*") if file.is_file()) / 1e6 for report in reports]
        jobs = [job for record in records for job in record["jobs"]]
        warming, kinds = stages()
    own = sum(job["cpu_seconds"] for job in jobs)
    rows = [
        ["reports", f"{len(reports)}, of {statistics.median(sizes):.1f} MB at the median, {max(sizes):.1f} at most"],
        ["notebooks", str(len(jobs))],
        ["notebooks a minute", f"{60 * len(jobs) / wall:.1f}"],
        ["CPU time", f"{total:.0f} s"],
        ["wall time", f"{wall:.1f} s, of it {begun:.1f} s before the first notebook begins"],
        ["CPU time a notebook", f"{total / len(jobs):.2f} s, of it {own / len(jobs):.2f} s in its own process"],
        ["peak memory of all processes (PSS)", f"{memory:.0f} MB"],
    ]
    print(table(["", ""], rows))
    share = {stage: sum(kind.get(stage, 0) for kind in kinds.values()) for stage in STAGES}
    whole = sum(share.values())
    spent = {
        "start-up (the warm parent, the check of the data)": warming + checking.cpu,
        **{stage: own * share[stage] / whole for stage in STAGES},
    }
    spent["judging, placing, telling"] = max(0.0, total - sum(spent.values()))
    print("\nCPU seconds by stage, and their share:\n")
    print(table(["stage", "s", "share"], [[k, f"{v:.1f}", f"{100 * v / total:.0f}%"] for k, v in spent.items()]))
    print("\nOne job of each notebook (Ninh Thuận), CPU seconds:\n")
    rows = [
        [name, *(f"{kind.get(stage, 0):.2f}" for stage in STAGES), f"{sum(kind.values()):.2f}"]
        for name, kind in kinds.items()
    ]
    print(table(["notebook", *STAGES, "all"], rows))


if __name__ == "__main__":
    main()
