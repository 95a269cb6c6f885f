"""Say of a report which of its files are what they were, and which of its cards could be made exactly so again."""

from __future__ import annotations

import dataclasses
import itertools
import sys
import tempfile
from pathlib import Path

from careful_tables.faults import printable
from ninhthuan.words import phrase
from notebook_batch import record
from notebook_batch.guards import signals
from notebook_batch.inputs import changed, digest
from notebook_batch.processes import Processes

from . import batches, plan
from .inputs import Inputs
from .warming import PASSED, WARM, knowledge_of

KINDS = ("environment", "data", "code", "fonts")  # of what a record names one by one
SHOWN = 9  # names of a kind of what has changed since; of more their number


def tell(folder: Path, language: str, *, reproduce: bool = False, template: Path | None = None) -> int:
    """Verify one report folder and print the findings; returns the exit code: 0, 1, or 2 for a request that is wrong.

    reproduce: make it again from its own record, compare the bytes, and say what it rests on that has changed since;
    template: the Word template that the report was made with, for making it again.
    """
    inputs = Inputs()
    request, jobs = plan.request_of(folder, plan.declared())
    faults, cards = record.verify(folder, inputs, {job.name: job for job in jobs})
    for code, values in faults:
        print(printable(f"{folder}: {phrase(f'record.{code}', language, **values)}"), file=sys.stderr)
    if reproduce:
        if request is None:
            print(phrase("verify.cannot_made_again_not_valid", language), file=sys.stderr)
            return 2
        if template and not template.is_file():
            print(phrase("plan.template_there_no_file", language, name=template), file=sys.stderr)
            return 2
        return max(1 if faults else 0, _reproduce(folder, request, inputs, language, template))
    whole = [card for card in cards if not card["wrong"]]
    moved = [card for card in whole if card["changed"]]
    for card in moved:
        what = ", ".join(card["changed"])
        print(phrase("verify.changed_since", language, job=card["job"], card=card["card"], what=what))
    counts = {"n_cards": len(cards), "n_whole": len(whole), "n_exact": len(whole) - len(moved)}
    print(phrase("verify.cards_intact_can_still_made", language, folder=printable(str(folder)), **counts))
    return 1 if faults else 0


def _reproduce(folder: Path, request, inputs: Inputs, language: str, template: Path | None) -> int:
    """Make the report again beside, and compare every file but the record of the run and its log."""
    old = record.read_record(folder)
    with tempfile.TemporaryDirectory(prefix="ninhthuan-") as aside:
        known = plan.declared().documents
        formats = tuple(old.get("formats", known.formats))
        documents = dataclasses.replace(known, formats=formats, template=template or known.template)
        if documents.fingerprint != old.get("documents"):
            print(phrase("verify.documents_made_other_code_another", language))
        planned = plan.plan([request], Path(aside), inputs, documents=documents)
        work = Path(aside) / ".work" / ".warm"
        executor = Processes(2, warm=WARM, given=knowledge_of([request]), passed=PASSED, workdir=work)
        with signals():
            (outcome,) = batches.batch_of(Path(aside), inputs).run(planned, executor)
        if outcome.status != "made":
            for job in outcome.failed:
                print(f"{job['identity']}: {job['error']['name']}: {job['error']['message']}", file=sys.stderr)
            _tell_since(old, outcome.planned.jobs, inputs, language)
            return 1
        new = record.files_of(outcome.folder)
    before = dict(old["files"])
    for job in old["jobs"]:
        before |= job["files"]
    names = sorted((new.keys() | before.keys()) - {"run.json", "log.jsonl"})
    differ = [name for name in names if new.get(name, {}).get("hash") != before.get(name, {}).get("hash")]
    for stem, found in itertools.groupby(differ, lambda name: name.rpartition(".")[0]):
        kinds = ", ".join(name.removeprefix(f"{stem}.") for name in found)
        print(f"{folder}: {stem}.{kinds}: {phrase('verify.differs', language)}", file=sys.stderr)
    same = len(names) - len(differ)
    print(phrase("verify.made_again_files_same_byte", language, folder=folder, same=same, n_names=len(names)))
    _tell_since(old, outcome.planned.jobs, inputs, language)
    return 1 if differ else 0


def _tell_since(old: dict, jobs: list, inputs: Inputs, language: str) -> None:
    """Print which packages, data, code, fonts and notebooks are not those that the report was made with."""
    kinds = {kind: (old["inputs"].get(kind, {}), inputs.noted[kind]) for kind in KINDS}
    kinds["lock"] = {"requirements.lock": old["inputs"].get("lock")}, {"requirements.lock": inputs.lock}
    then = {job["name"]: job["inputs"].get("notebook") for job in old["jobs"]}
    kinds["notebooks"] = then, {job.name: digest(inputs.notebook(job)) for job in jobs}
    parts = []
    for kind, (then, now) in kinds.items():
        names = changed(then, now)
        if kind == "environment":
            names = [f"{name} {then.get(name, '–')} → {now.get(name, '–')}" for name in names]
        if names:
            more = f" + {len(names) - SHOWN}" if len(names) > SHOWN else ""
            parts.append(phrase(f"verify.since_{kind}", language, names=", ".join(names[:SHOWN]) + more))
    what = "; ".join(parts)
    print(phrase("verify.since", language, what=what) if what else phrase("verify.since_nothing", language))
