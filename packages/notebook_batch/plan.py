"""Which jobs of a report would run now, and why. Starts no kernel."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from . import record
from .inputs import Inputs, changed
from .record import Reason


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters, and the cards it promises.

    `identity` names it everywhere, such as `2024Q1/58/vi/20_trend`: in the plan, in logs, in patterns. Its first
    three parts are the folder of the report, the last the beginning of its files' names. output: the executed
    notebook, within the report.
    """

    report: str
    name: str
    notebook: Path
    parameters: dict[str, str]
    cards: tuple[str, ...]
    output: str

    @property
    def identity(self) -> str:
        return f"{self.report}/{self.name}"


def text_in(cell: dict, language: str) -> bool:
    """Whether a cell stands in the notebook of a language: code, and text that has no tags or has this one."""
    tags = cell["metadata"].get("tags")
    return cell["cell_type"] != "markdown" or not tags or language in tags


@dataclass
class Decision:
    """What is to be done about a job, and why.

    action: `run`; `keep` (unchanged in the report that is there); `resume` (finished by a run that did not end,
    or whose other notebooks failed); `wait` (not selected). seal: the record of finished work; source: the folder of
    its files.
    """

    job: Job
    action: str
    why: Reason
    seal: dict | None = None
    source: Path | None = None


@dataclass
class Planned:
    """A report, its jobs in order, and the decision on each.

    request: what the caller wants, which only the caller reads; request_record: the same as it stands in the record.
    documents: what is made of all cards at the end, or None. It has `finish`, a dotted name, and `order(request, jobs,
    folder)`, its arguments; `fingerprint`, which changes when the documents would; `noted(folder)`, their part of the
    record.
    """

    report: str
    decisions: list[Decision]
    request_record: dict
    request: Any = None
    documents: Any = None

    @cached_property
    def stale(self) -> bool:
        """Whether any job has to run or be taken up."""
        return any(decision.action != "keep" for decision in self.decisions)

    @property
    def jobs(self) -> list[Job]:
        return [decision.job for decision in self.decisions]


def plan(
    report: str,
    jobs: list[Job],
    reports: Path,
    inputs: Inputs,
    *,
    request_record: dict,
    request: Any = None,
    documents: Any = None,
    only: str = "",
    again: bool = False,
) -> Planned:
    """Decide on every job of a report. only: a pattern of identities; again: run unchanged ones too."""
    place = reports / report
    old = record.read_record(place)
    failed = record.read_record(reports / ".failed" / report)
    decisions = [_decide(job, place, reports, old, failed, inputs) for job in jobs]
    left_over = {job["name"] for job in (old or {}).get("jobs", [])} - {job.name for job in jobs}
    for decision in decisions:
        chosen = not only or fnmatch.fnmatch(decision.job.identity, only)
        if again and chosen and decision.action != "run":
            decision.action, decision.why = "run", ("asked", {})
            decision.seal = decision.source = None  # the old result is not to be used
        elif not chosen and decision.action == "run":
            decision.action = "wait"
    if old and all(decision.action == "keep" for decision in decisions):
        if left_over:
            # a notebook is not declared any more: the rest is put together anew
            decisions[0].action, decisions[0].why = "resume", ("dropped", {"names": ", ".join(sorted(left_over))})
        elif old.get("documents") != (documents.fingerprint if documents else None):
            decisions[0].action, decisions[0].why = "resume", ("documents", {})
    return Planned(report, decisions, request_record, request, documents)


def unchanged(report: str, jobs: Iterable[Job], reports: Path, inputs: Inputs) -> bool:
    """Whether all inputs of a report are the same as when it was made."""
    old = record.read_record(reports / report)
    return all(_decide(job, reports / report, reports, old, None, inputs).action == "keep" for job in jobs)


def _decide(job: Job, place: Path, reports: Path, old, failed, inputs: Inputs) -> Decision:
    seals = [(record.job_of(old, job.name), place, "keep")]
    finished = reports / ".work" / job.identity
    seals.append((record.read_seal(finished), finished / "out", "resume"))
    why: Reason = ("new", {})
    for seal, source, action in seals:
        if seal is None or seal["status"] != "done":
            continue
        differs = changed(seal["inputs"], inputs.of(job, seal["reads"]))
        if differs:
            why = ("changed", {"names": differs})
        elif gone := record.altered(source, seal["files"]):
            why = ("altered", {"file": gone[0]})
        else:
            return Decision(job, action, ("unchanged" if action == "keep" else "finished", {}), seal, source)
    last = record.job_of(failed, job.name)
    if last and last["status"] == "failed":
        why = ("failed", {"name": last["error"]["name"]})
    return Decision(job, "run", why)
