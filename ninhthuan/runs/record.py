"""The record of a run, written outside the kernels: what was asked, what happened, what came out."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from .. import __version__
from ..catalogue import data_dir
from ..parameters import Parameters


def file_hash(path: Path) -> str:
    """Hash of a file, as records write it."""
    return "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()


def tree_hash(folder: Path, *patterns: str) -> str:
    """One hash over the files of a folder that match, names included."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in folder.rglob(pattern)}):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return "sha256:" + digest.hexdigest()


def card_faults(job, cards: dict[str, dict], stage: Path, request: Parameters) -> list[str]:
    """What is wrong with the promised cards: missing, of another report, or not the bytes that were recorded."""
    faults = []
    for name in job.cards:
        record = cards.get(name)
        if record is None:
            faults.append(f"{name}: not delivered")
            continue
        own = {
            "notebook": job.identity,
            "quarter": str(request.quarter),
            "province_code": request.province.province_code,
            "language": request.language,
        }
        for key, value in own.items():
            if record[key] != value:
                faults.append(f"{name}: {key} is {record[key]}, not {value}")
        for file, stamp in record["files"].items():
            path = stage / record["folder"] / file
            if not path.is_file():
                faults.append(f"{name}: {file} is missing")
            elif file_hash(path) != stamp:
                faults.append(f"{name}: {file} is not what was recorded")
    for extra in sorted(set(cards) - set(job.cards)):
        faults.append(f"{extra}: delivered but not declared in runs.toml")
    return faults


def report_record(request: Parameters, outcomes: list, started: float) -> dict:
    """`run.json`: request, times, inputs by hash, and every job with its status, error and cards."""
    root = Path(__file__).resolve().parents[2]

    def stamp(seconds: float) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    return {
        "request": {
            "quarter": str(request.quarter),
            "as_of": str(request.as_of),
            "province_code": request.province.province_code,
            "boundary": request.boundary,
            "language": request.language,
        },
        "status": "done" if all(outcome.status == "done" for outcome in outcomes) else "failed",
        "started_at": stamp(started),
        "finished_at": stamp(time.time()),
        "inputs": {
            "version": __version__,
            "data": file_hash(data_dir() / "datapackage.json"),
            "code": tree_hash(root / "ninhthuan", "*.py", "*.mplstyle"),
            "notebooks": tree_hash(root / "notebooks", "*.ipynb", "*.toml"),
            "lock": file_hash(root / "requirements.lock"),
        },
        "jobs": [
            {
                "identity": outcome.job.identity,
                "status": outcome.status,
                "seconds": outcome.seconds,
                "error": outcome.error,
                "cards": {
                    name: {"kind": card["kind"], "title": card["title"], "files": card["files"]}
                    for name, card in sorted(outcome.cards.items())
                },
            }
            for outcome in outcomes
        ],
    }


def write_record(folder: Path, record: dict) -> None:
    """Write `run.json` of a report folder."""
    (folder / "run.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
