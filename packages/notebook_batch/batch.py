"""A batch of reports: plan, run, judge, move into place. Status is written here, outside every kernel.

Each job has a folder under `reports/.work/`; finished work is sealed there, so that an interrupted batch resumes. A
report is assembled when all its jobs are done and replaces the old one in one step, so that a killed batch leaves
either the old report or the new one.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from careful_tables.landing import exchange

from . import faults, guards, places, plan, record
from .inputs import Inputs
from .plan import Decision, Job, Planned
from .processes import Ended
from .record import Reason

# (job, folder of its outputs) -> its cards by name, each with `kind`, `title` and `reads`, and a list of faults.
Judge = Callable[[Job, Path], tuple[dict[str, dict], list[str]]]


@dataclass
class Outcome:
    """The outcome of a report: `made`, `unchanged`, `failed`, or `waiting` for jobs that were not selected.

    others: what somebody else had put into the folder of a report, and lies in the new one.
    """

    planned: Planned
    status: str
    folder: Path
    jobs: list[dict] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def failed(self) -> list[dict]:
        return [job for job in self.jobs if job["status"] == "failed"]


class Log:
    """A log file with one line per event: time, status, identity of the job. Each event is passed on to `tell` too.

    Beside it, each unfinished report has a `run.json` with the status of its jobs.
    """

    def __init__(self, path: Path, tell: Callable[[dict], None]):
        self._path, self._tell, self._lines, self._states = path, tell, {}, {}

    def __call__(self, status: str, identity: str, **more) -> None:
        event = {"at": record.stamp(time.time()), "status": status, "identity": identity, **more}
        line = json.dumps(event, ensure_ascii=False) + "\n"
        with open(self._path, "a", encoding="utf-8") as handle:
            handle.write(line)
        report, _, name = identity.rpartition("/") if identity.count("/") == places.PARTS else (identity, "", "")
        self._lines.setdefault(report, []).append(line)
        if name:
            jobs = self._states.setdefault(report, {})
            jobs[name] = status
            state = {"format": record.FORMAT, "status": "running", "process": os.getpid(), "jobs": jobs}
            record.write_atomically(self._path.parent / report / "run.json", record.canonical(state))
        self._tell(event)

    def of(self, report: str) -> str:
        """The lines about one report."""
        return "".join(self._lines.get(report, []))


@contextlib.contextmanager
def locked(reports: Path) -> Iterator[None]:
    """The context of a run: the lock of the folder, signal handlers, and repair of what a killed run left behind."""
    with guards.signals(), guards.lock(reports):
        places.restore(reports)
        yield


@dataclass
class Batch:
    """Reports in a folder, their inputs, and the function that judges their jobs.

    judge: returns the cards that a job left in a folder, and what is wrong with them; words: the text of a reason, for
    the log.
    """

    reports: Path
    inputs: Inputs
    judge: Judge
    words: Callable[[Reason], str] = str

    def plan(self, report: str, jobs: list[Job], **options) -> Planned:
        """Decide on every job of a report, see `plan.plan`."""
        return plan.plan(report, jobs, self.reports, self.inputs, **options)

    def locked(self) -> contextlib.AbstractContextManager:
        """The context of a run, see `locked`."""
        return locked(self.reports)

    def run(
        self, planned: list[Planned], executor, tell: Callable[[dict], None] = lambda event: None, publisher=None
    ) -> list[Outcome]:
        """Make every planned report. Call within `locked`.

        executor: has `run(orders, begun)`, yielding `Ended`; publisher: makes the documents of finished reports, the
        executor where None, and has `add` and `close` too. Raises Interrupted, OSError where the folder cannot be
        written, or places.InTheWay; then the old reports are untouched, and the next run resumes from sealed work.
        """
        for each in planned:
            places.refuse(self.reports, each.report)
        run = _Run(self, planned, executor, publisher or executor, tell)
        try:
            run.run()
        finally:
            with contextlib.suppress(OSError):
                places.tidy(self.reports)
        return [run.outcomes[each.report] for each in planned]

    def verify(self, report: str, jobs: Iterable[Job]) -> tuple[list[Reason], list[dict]]:
        """Check every byte of a report, see `record.verify`; jobs: as planned today."""
        return record.verify(self.reports / report, self.inputs, {job.name: job for job in jobs})


class _Run:
    """One run of a batch: its open and finished jobs."""

    def __init__(self, batch: Batch, planned: list[Planned], executor, publisher, tell: Callable[[dict], None]):
        self.outcomes: dict[str, Outcome] = {}
        self._batch, self._planned, self._executor, self._publisher = batch, planned, executor, publisher
        self._started = time.time()
        self._work = batch.reports / ".work"
        self._work.mkdir(parents=True, exist_ok=True)
        (self._work / "log.jsonl").unlink(missing_ok=True)
        self._log = Log(self._work / "log.jsonl", tell)
        self._jobs: dict[str, tuple[Planned, Decision]] = {}
        self._done: dict[str, dict[str, dict]] = {}  # seals by report and name of the job
        self._open: dict[str, int] = {}  # jobs of a report that are still to run
        self._publishing: dict[str, Planned] = {}

    def run(self) -> None:
        """Run all jobs that have to run, and conclude each report when its last job has ended."""
        orders = [order for planned in self._planned for order in self._orders(planned)]
        for planned in self._planned:
            if not self._open[planned.report]:
                self._conclude(planned)
        with contextlib.closing(self._ends(orders)) as ends:
            for ended in ends:
                identity = ended.order["identity"]
                if identity in self._publishing:
                    self._conclude(self._publishing[identity], ended)
                    continue
                planned, decision = self._jobs[identity]
                seal = _judge(decision, ended, self._work, self._batch.inputs, self._batch.judge)
                self._done.setdefault(planned.report, {})[decision.job.name] = seal
                error = _failure_event(seal["error"]) if seal["error"] else {}
                self._log(seal["status"], identity, seconds=seal["seconds"], **error)
                self._open[planned.report] -= 1
                if not self._open[planned.report]:
                    self._conclude(planned)

    def _orders(self, planned: Planned) -> Iterator[dict]:
        """Orders for the jobs of a report that have to run."""
        self._open[planned.report] = sum(decision.action == "run" for decision in planned.decisions)
        # the longest first, so that no worker ends up waiting for one of them
        for decision in sorted(planned.decisions, key=lambda decision: -len(decision.job.cards)):
            identity = decision.job.identity
            self._jobs[identity] = planned, decision
            if decision.action == "run":
                order = _order(decision.job, _clean(self._work / identity), self._batch.inputs)
                self._log("queued", identity, why=self._batch.words(decision.why))
                yield order
            elif decision.action in ("keep", "resume"):
                self._done.setdefault(planned.report, {})[decision.job.name] = decision.seal

    def _ends(self, orders: list[dict]) -> Iterator[Ended]:
        if len(self.outcomes) == len(self._planned):
            return
        if self._publisher is self._executor:
            yield from self._executor.run(orders, self._begun, lasting=True)
            return
        yield from self._executor.run(orders, self._begun)
        yield from self._publisher.run([], self._begun, lasting=True)

    def _begun(self, order: dict) -> None:
        self._log("publishing" if "finish" in order else "running", order["identity"])

    def _conclude(self, planned: Planned, published: Ended | None = None) -> None:
        """Move a report into place, or order its documents first. published: how that order ended."""
        done, batch = self._done.get(planned.report, {}), self._batch
        outcome = _conclude(planned, done, batch.reports, batch.inputs, self._started, self._log, published)
        if isinstance(outcome, dict):
            self._publishing[outcome["identity"]] = planned
            self._publisher.add(outcome)
        else:
            self.outcomes[planned.report] = outcome
        if len(self.outcomes) == len(self._planned):
            self._publisher.close()


def _clean(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "out").mkdir(parents=True)
    return folder


def _order(job, folder: Path, inputs: Inputs) -> dict:
    return {
        "identity": job.identity,
        "source": inputs.notebook(job).decode("utf-8"),
        # relative, so that the executed notebook names no folder of this machine
        "parameters": job.parameters | {"output_dir": "out"},
        "folder": str(folder),
        "output": f"out/{job.output}",
    }


def _judge(decision: Decision, ended: Ended, work: Path, inputs: Inputs, judge: Judge) -> dict:
    """Done means: the process ended without a failure, and every promised card is there and belongs to the job."""
    job, failure = decision.job, ended.failure
    out = work / job.identity / "out"
    cards: dict[str, dict] = {}
    if failure is None:
        try:
            cards, wrong = judge(job, out)
            wrong += [f"{name} is no plain file" for name, kind in record.things(out) if kind in ("link", "special")]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # cells may write anything, also a broken record
            cards, wrong = {}, [f"{type(error).__name__}: {error}"]
        if not (out / job.output).is_file():
            wrong.append(f"{job.output} is missing")
        if wrong:
            failure = faults.failure("missing_card", "CardMissing", "; ".join(wrong))
    if failure:
        # only the notebook of a failed job is kept, which also frees a full disk for the record
        with contextlib.suppress(OSError):
            for path in [out / name for name, kind in record.things(out) if kind != "empty"]:
                if path != out / job.output:
                    path.unlink()
        cards = {}
    reads = sorted({name for card in cards.values() for name in card.get("reads", [])})
    seal = _seal(ended, failure) | {
        "reads": reads,
        "inputs": inputs.of(job, reads),
        "cards": {name: {"kind": c["kind"], "title": c["title"]} for name, c in sorted(cards.items())},
    }
    if not failure:
        try:
            seal["files"] = record.files_of(out)
            record.write_atomically(out.parent / "seal.json", record.canonical(seal))
        except OSError as error:
            what = faults.failure(faults.reason_of(error), type(error).__name__, str(error))
            seal |= {"status": "failed", "error": what}
    return seal


def _seal(ended: Ended, failure: dict | None) -> dict:
    """The record of an order that has ended, without outputs."""
    identity = ended.order["identity"]
    return {
        "identity": identity,
        "name": identity.rpartition("/")[2],
        "status": "failed" if failure else "done",
        "seconds": ended.seconds,
        "cpu_seconds": ended.cpu,
        "peak_mb": ended.peak_mb,
        "error": failure,
        "reads": [],
        "inputs": {},
        "cards": {},
        "files": {},
    }


def _conclude(
    planned: Planned,
    done: dict[str, dict],
    reports: Path,
    inputs: Inputs,
    started: float,
    log: Log,
    published: Ended | None,
) -> Outcome | dict:
    """Move a complete report into place; keep failed jobs for inspection. Returns an order if documents are to be made.

    published: how that order ended.
    """
    target, work = reports / planned.report, reports / ".work" / planned.report
    jobs = [done[d.job.name] for d in planned.decisions if d.job.name in done]
    kept = reports / ".failed" / planned.report
    if not planned.stale:
        # left by a run that was killed after moving the report, or that failed on a change which has been undone since
        places.drop(reports, work, kept)
        return Outcome(planned, "unchanged", target, jobs)
    if published and published.failure:
        log("failed", published.order["identity"], seconds=published.seconds, **_failure_event(published.failure))
        jobs.append(_seal(published, published.failure))
    failed = [job for job in jobs if job["status"] == "failed"]
    if failed:
        with contextlib.suppress(OSError):
            _keep_failed(planned, jobs, reports, kept, inputs, started, log)
        return Outcome(planned, "failed", kept, jobs)
    if len(jobs) < len(planned.decisions):
        return Outcome(planned, "waiting", target, jobs)
    stage = work / ".report"
    if not published:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        for decision in planned.decisions:
            source = decision.source or work / decision.job.name / "out"
            for name in done[decision.job.name]["files"]:
                places.link(source / name, stage / name)
    if planned.documents and not published:
        order = planned.documents.order(planned.request, planned.jobs, stage)
        scratch = work / ".publishing"
        scratch.mkdir(exist_ok=True)
        identity = f"{planned.report}/publishing"
        return {"identity": identity, "finish": planned.documents.finish, "arguments": order, "folder": str(scratch)}
    log("placed", planned.report)
    (stage / "log.jsonl").write_text(log.of(planned.report), encoding="utf-8")
    noted = planned.documents.noted(stage) if planned.documents else {}
    record.write_record(stage, record.report_record(planned.request_record, jobs, inputs, started, **noted))
    others = places.keep_others(target, stage)
    exchange(stage, target)
    places.drop(reports, work, kept)
    return Outcome(planned, "made", target, jobs, others)


def _failure_event(failure: dict) -> dict:
    return {"reason": failure["reason"], "error": failure}


def _keep_failed(planned, jobs, reports, kept, inputs, started, log) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for decision in planned.decisions:
        place = reports / ".work" / decision.job.identity
        book = place / "out" / decision.job.output
        if decision.action == "run" and book.is_file() and not (place / "seal.json").exists():
            (kept / decision.job.output).parent.mkdir(exist_ok=True)
            shutil.copy2(book, kept / decision.job.output)
    (kept / "log.jsonl").write_text(log.of(planned.report), encoding="utf-8")
    lean = [job if job["status"] == "failed" else job | {"files": {}} for job in jobs]
    record.write_record(kept, record.report_record(planned.request_record, lean, inputs, started))
