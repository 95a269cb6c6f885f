"""Execute a plan: each job in a process of its own, the report moved into place only when whole.

Work happens in `reports/.work/`; the finished report replaces the old one by rename. Stopped at any moment
the old report stays, or the new one is there; an exchange cut short is completed by the next run.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..parameters import Parameters
from ..publish.index_page import read_cards, write_index
from .plan import Job
from .record import card_faults, report_record, write_record

CELL_TIMEOUT = 600  # seconds; the slowest cell takes a few


@dataclass
class Outcome:
    """What became of a job."""

    job: Job
    status: str
    seconds: float = 0.0
    error: dict | None = None
    cards: dict[str, dict] = field(default_factory=dict)


class Busy(RuntimeError):
    """Another process is making reports in this folder."""


class Interrupted(RuntimeError):
    """A signal asked the run to stop."""

    def __init__(self, number: int):
        self.number = number
        super().__init__(signal.Signals(number).name)


def report_folder(reports: Path, request: Parameters) -> Path:
    """Where the report of a request belongs."""
    return reports / str(request.quarter) / request.province.province_code / request.language


@contextlib.contextmanager
def _lock(reports: Path) -> Iterator[None]:
    """One run at a time; the lock dies with its process, so a stale one cannot block."""
    reports.mkdir(parents=True, exist_ok=True)
    handle = open(reports / ".lock", "a+", encoding="utf-8")  # noqa: SIM115 - held until the block ends
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        holder = handle.read().strip() or "?"
        handle.close()
        raise Busy(holder) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    try:
        yield
    finally:
        handle.close()


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    def stop(number, frame):
        raise Interrupted(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_report(
    request: Parameters,
    jobs: list[Job],
    reports: Path,
    *,
    workers: int = 2,
    tell: Callable[[Outcome, int, int], None] = lambda outcome, done, total: None,
) -> tuple[list[Outcome], Path]:
    """Run all jobs and, if every one delivered its cards, put the report in place.

    Returns the outcomes and the folder: of the new report, or (if any failed) of what was kept for inspection.
    Raises Busy or Interrupted; the report that was there before is untouched then.
    """
    with _lock(reports), _signals():
        target = report_folder(reports, request)
        _complete_exchange(target)
        shutil.rmtree(reports / ".work", ignore_errors=True)  # left by a run that was killed
        work = reports / ".work" / f"{request.quarter}-{request.province.province_code}-{request.language}"
        stage = work / "report"
        (stage / "notebooks").mkdir(parents=True)
        started = time.time()
        try:
            outcomes = _run_jobs(request, jobs, work, stage, workers, tell)
            failed = [outcome for outcome in outcomes if outcome.status != "done"]
            record = report_record(request, outcomes, started)
            if failed:
                kept = reports / ".failed" / target.relative_to(reports)
                write_record(stage, record)
                shutil.rmtree(kept, ignore_errors=True)
                kept.parent.mkdir(parents=True, exist_ok=True)
                os.rename(stage, kept)
                return outcomes, kept
            write_index(stage, request, jobs)
            write_record(stage, record)
            _exchange(stage, target)
            shutil.rmtree(reports / ".failed" / target.relative_to(reports), ignore_errors=True)
            return outcomes, target
        finally:
            shutil.rmtree(reports / ".work", ignore_errors=True)


def _run_jobs(request, jobs, work, stage, workers, tell) -> list[Outcome]:
    waiting, running, outcomes = list(jobs), {}, {}
    environment = os.environ | {"MPLBACKEND": "agg", "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                job = waiting.pop(0)
                folder = work / job.identity
                folder.mkdir()
                order = {
                    "notebook": str(job.notebook),
                    # relative, so that the executed notebook names no folder of this machine
                    "parameters": job.parameters | {"output_dir": os.path.relpath(stage, folder)},
                    "output": str(stage / "notebooks" / f"{job.identity}__{request.quarter}.ipynb"),
                    "folder": str(folder),
                    "result": str(folder / "result.json"),
                    "timeout": CELL_TIMEOUT,
                }
                (folder / "job.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
                with open(folder / "log.txt", "wb") as log:
                    process = subprocess.Popen(
                        [sys.executable, "-m", "ninhthuan.runs.worker", str(folder / "job.json")],
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        stdin=subprocess.DEVNULL,
                        start_new_session=True,
                        env=environment,
                    )
                running[process] = (job, folder)
            for process in [p for p in running if p.poll() is not None]:
                job, folder = running.pop(process)
                outcome = _judge(job, process.returncode, folder, stage, request)
                outcomes[job.identity] = outcome
                tell(outcome, len(outcomes), len(jobs))
            time.sleep(0.05)
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    return [outcomes[job.identity] for job in jobs]


def _judge(job: Job, code: int, folder: Path, stage: Path, request: Parameters) -> Outcome:
    """Done means: the process ended well, said so, and every promised card is there, whole and its own."""
    result_file = folder / "result.json"
    if code != 0 or not result_file.is_file():
        log = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-2000:]
        reason = f"signal {-code}" if code < 0 else f"exit code {code}"
        return Outcome(
            job, "failed", error={"cell": None, "source": "", "name": "ProcessEnded", "message": f"{reason}\n{log}"}
        )
    result = json.loads(result_file.read_text(encoding="utf-8"))
    outcome = Outcome(job, result["status"], result["seconds"], result["error"])
    outcome.cards = read_cards(stage, job.identity)
    if outcome.status == "done":
        faults = card_faults(job, outcome.cards, stage, request)
        if faults:
            outcome.status = "failed"
            outcome.error = {"cell": None, "source": "", "name": "CardMissing", "message": "; ".join(faults)}
    return outcome


def _exchange(stage: Path, target: Path) -> None:
    """Put a finished report in place. The old one is set aside first, and restored if the step is cut short."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if target.exists():
        os.rename(target, aside)
    try:
        os.rename(stage, target)
    except OSError:
        if aside.exists():
            os.rename(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _complete_exchange(target: Path) -> None:
    aside = target.with_name(f".{target.name}.old")
    if aside.exists():
        if target.exists():
            shutil.rmtree(aside)
        else:
            os.rename(aside, target)
