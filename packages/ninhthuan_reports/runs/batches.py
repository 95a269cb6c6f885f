"""Batches of the reports that runs.toml declares: how `notebook_batch` judges them, and its reasons in words."""

from __future__ import annotations

import re
from pathlib import Path

from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual
from notebook_batch import Batch
from notebook_batch.inputs import file_hash
from notebook_batch.record import Reason

from .inputs import Inputs

PLACE = re.compile(r"(20\d\dQ[1-4])/(\d\d)/(vi|en)")


def batch_of(reports: Path, inputs: Inputs) -> Batch:
    """The batch of a folder of reports."""
    return Batch(reports, inputs, judged, words=lambda why: reason_in_words(why)[1])


def reason_in_words(why: Reason) -> tuple[str, str]:
    """Why something is done about a notebook, in both languages."""
    code, values = why
    if code != "changed":
        return bilingual(f"reason.{code}", **values)
    data = sorted({name.partition(" ")[2].partition("?")[0] for name in values["names"] if name.startswith("data ")})
    words = {
        "code": bilingual("plan.code_changed"),
        "notebook": bilingual("plan.notebook_changed"),
        "parameters": bilingual("plan.parameters_changed"),
        "reference": bilingual("plan.data_changed_reference"),
        "lock": bilingual("plan.requirements_lock_changed"),
        "environment": bilingual("plan.installed_packages_changed"),
        "fonts": bilingual("plan.fonts_changed"),
    }
    found = [words[name] for name in words if name in values["names"]]
    if data:
        found.append(bilingual("plan.data_changed", data=", ".join(data)))
    return "; ".join(vi for vi, _ in found), "; ".join(en for _, en in found)


def quarter_of(report: str) -> tuple[tuple[str, str], Quarter] | None:
    """The row of a report for pruning, province and language, and its place there, the quarter."""
    found = PLACE.fullmatch(report)
    return ((found[2], found[3]), Quarter.parse(found[1])) if found else None


def judged(job, folder: Path) -> tuple[dict[str, dict], list[str]]:
    """The cards that a notebook delivered into a folder, and what is wrong with those it promised."""
    from ..publish.contents import read_cards

    cards = read_cards(folder, job.name)
    return cards, card_faults(job, cards, folder)


def card_faults(job, cards: dict[str, dict], folder: Path) -> list[str]:
    """What is wrong with the promised cards: missing, blank, of another report, or not the bytes recorded."""
    faults = []
    for name in job.cards:
        record = cards.get(name)
        if record is None:
            faults.append(f"{name}: not delivered")
            continue
        own = {"notebook": job.name} | {k: v for k, v in job.parameters.items() if k != "index_id"}
        for key, value in own.items():
            if record.get(key) != value:
                faults.append(f"{name}: {key} is {record.get(key)}, not {value}")
        for file, stamp_ in record["files"].items():
            path = folder / record["folder"] / file
            if not path.is_file():
                faults.append(f"{name}: {file} is missing")
            elif file_hash(path) != stamp_:
                faults.append(f"{name}: {file} is not what was recorded")
            elif blank(path):
                faults.append(f"{name}: {file} is blank")
        for key in ("kind", "title"):
            if not isinstance(record.get(key), str) or not record[key]:
                faults.append(f"{name}: has no {key}")
        if not all(isinstance(read, str) for read in record.get("reads", [])):
            faults.append(f"{name}: what was read is not told")
    for extra in sorted(set(cards) - set(job.cards)):
        faults.append(f"{extra}: delivered but not declared in runs.toml")
    return faults


def blank(path: Path) -> bool:
    """A picture of one colour, a table without rows, an empty file."""
    if path.suffix == ".png":
        from PIL import Image

        with Image.open(path) as picture:
            colours = picture.getcolors(256)
            return colours is not None and len(colours) < 3
    if path.suffix == ".csv":
        return path.read_bytes().count(b"\n") < 2
    return path.stat().st_size == 0
