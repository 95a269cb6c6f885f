"""Say of a report which of its files are what they were, and which of its cards could be made exactly so again."""

from __future__ import annotations

import dataclasses
import shutil
import sys
import tempfile
from pathlib import Path

from careful_tables.faults import printable
from ninhthuan.words import phrase
from notebook_batch import record
from notebook_batch.guards import signals
from notebook_batch.processes import Processes

from . import batches, plan
from .inputs import Inputs
from .warming import PASSED, WARM, knowledge_of


def tell(folder: Path, language: str, *, reproduce: bool = False, template: Path | None = None) -> int:
    """Verify one report folder and print the findings; returns the exit code.

    template: the Word template that the report was made with, for making it again.
    """
    inputs = Inputs()
    request, jobs = plan.request_of(folder, plan.declared())
    faults, cards = record.verify(folder, inputs, {job.name: job for job in jobs})
    for code, values in faults:
        print(printable(f"{folder}: {phrase(f'record.{code}', language, **values)}"), file=sys.stderr)
    whole = [card for card in cards if not card["wrong"]]
    moved = [card for card in whole if card["changed"]]
    for card in moved:
        what = ", ".join(card["changed"])
        print(phrase("verify.changed_since", language, job=card["job"], card=card["card"], what=what))
    counts = {"n_cards": len(cards), "n_whole": len(whole), "n_exact": len(whole) - len(moved)}
    print(phrase("verify.cards_intact_can_still_made", language, folder=printable(str(folder)), **counts))
    code = 1 if faults else 0
    if not (reproduce and cards):
        return code
    if request is None:
        print(phrase("verify.cannot_made_again_not_valid", language), file=sys.stderr)
        return 1
    return max(code, _reproduce(folder, request, inputs, language, template))


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
            return 1
        new = record.files_of(outcome.folder)
        before = dict(old["files"])
        for job in old["jobs"]:
            before |= job["files"]
        skipped = {"run.json", "log.jsonl"}
        names = sorted((new.keys() | before.keys()) - skipped)
        differ = [name for name in names if new.get(name, {}).get("hash") != before.get(name, {}).get("hash")]
        for name in differ:
            print(f"{folder}: {name}: {phrase('verify.differs', language)}", file=sys.stderr)
        same = len(names) - len(differ)
        print(phrase("verify.made_again_files_same_byte", language, folder=folder, same=same, n_names=len(names)))
        shutil.rmtree(outcome.folder, ignore_errors=True)
        return 1 if differ else 0
