"""Records, written outside the kernels: the request, what happened, the outputs, sealed by hashes."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from .crate import CHECK, NAME, write_crate
from .inputs import Inputs, changed, digest, file_hash

FORMAT = 2
END = b"\n}\n"  # of every record
Reason = tuple[str, dict]  # a code with its values; the caller has the words


def stamp(seconds: float) -> str:
    """A moment as records write it, in universal time."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def canonical(record: dict) -> bytes:
    """A record as bytes, always in the same form."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file by a rename, so that a crash leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(content)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def files_of(folder: Path) -> dict[str, dict]:
    """Every file below a folder with its hash and size."""
    return {
        path.relative_to(folder).as_posix(): {"hash": file_hash(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def altered(folder: Path, files: dict[str, dict]) -> list[str]:
    """Files that are gone or are not what was recorded, by a look at size and time; in doubt by their bytes.

    A file that was touched after its record was sealed is read again; `verify` reads them all.
    """
    try:
        sealed = max(os.stat(folder / name).st_mtime_ns for name in ("run.json",))
    except OSError:
        sealed = 0
    found = []
    for name, known in files.items():
        try:
            state = os.stat(folder / name)
        except OSError:
            found.append(name)
            continue
        if state.st_size != known["bytes"] or (
            state.st_mtime_ns > sealed and file_hash(folder / name) != known["hash"]
        ):
            found.append(name)
    return found


def report_record(request_record: dict, jobs: list[dict], inputs: Inputs, started: float, **documents) -> dict:
    """`run.json`: the request, times, inputs by hash, and every job with its status, error, cards and files.

    documents: of a finished report, what is noted of its documents, among it their fingerprint as `documents`.
    """
    return {
        "format": FORMAT,
        "request": request_record,
        "status": "done" if all(job["status"] == "done" for job in jobs) else "failed",
        "started_at": stamp(started),
        "finished_at": stamp(time.time()),
        "inputs": inputs.noted,
        "jobs": jobs,
        **documents,
    }


def write_record(folder: Path, record: dict) -> None:
    """Write `run.json` of a report folder, last: it seals every other file of the folder, and itself."""
    inside = {name for job in record["jobs"] for name in job.get("files", {})}
    there = files_of(folder)
    write_crate(folder, record, there)
    there |= {
        name: {"hash": file_hash(p), "bytes": p.stat().st_size} for name in (NAME, CHECK) for p in [folder / name]
    }
    others = {name: known for name, known in there.items() if name not in inside and name != "run.json"}
    record = record | {"files": others}
    record["seal"] = digest(canonical(record))
    (folder / "run.json").write_bytes(canonical(record))


def is_sealed(content: bytes) -> bool:
    """Whether a `run.json` is, byte for byte, what `write_record` wrote."""
    head, mark, tail = content.rpartition(b',\n "seal": ')
    return bool(mark) and tail == f'"{digest(head + END)}"'.encode() + END


def read_record(folder: Path) -> dict | None:
    """The record of a report folder; None where there is none, or none of this format, or one that was altered."""
    try:
        content = (folder / "run.json").read_bytes()
        record = json.loads(content)
    except (OSError, ValueError):
        return None
    known = isinstance(record, dict) and record.get("format") == FORMAT and is_sealed(content)
    return record if known else None


def job_of(record: dict | None, name: str) -> dict | None:
    """The job of a name in a record."""
    return next((job for job in (record or {}).get("jobs", []) if job["name"] == name), None)


def read_seal(folder: Path) -> dict | None:
    """What is known of a finished job that is not in a report yet."""
    try:
        return json.loads((folder / "seal.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def verify(folder: Path, inputs: Inputs, planned: dict[str, object]) -> tuple[list[Reason], list[dict]]:
    """Read every byte of a report again.

    Returns what is wrong (each a code with its values), and per card which of its files are wrong and what it rests
    on has changed since: neither means that it can still be made exactly so. planned: jobs of today by name.
    """
    faults: list[Reason] = []
    path = folder / "run.json"
    try:
        content = path.read_bytes()
        record = json.loads(content)
        if not is_sealed(content):
            faults.append(("run_json_altered", {}))
        files = dict(record["files"])
        jobs = record["jobs"]
        for job in jobs:
            files |= job["files"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        name = type(error).__name__
        return [("cannot_read", {"path": path, "name": name})], []
    wrong = set()
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"run.json"}
    for name in sorted(files.keys() | there):
        if name not in there:
            faults.append(("gone", {"name": name}))
        elif name not in files:
            faults.append(("not_run_json", {"name": name}))
        elif file_hash(folder / name) != files[name]["hash"]:
            faults.append(("altered", {"name": name}))
        else:
            continue
        wrong.add(name)
    cards = []
    for job in jobs:
        today = planned.get(job["name"])
        differs = changed(job["inputs"], inputs.of(today, job["reads"])) if today else ["notebook"]
        for card, known in job["cards"].items():
            own = [name for name in job["files"] if f"/{job['name']}__{card}__" in name]
            broken = [name for name in own if name in wrong]
            cards.append(
                {"job": job["identity"], "card": card, "kind": known["kind"], "wrong": broken, "changed": differs}
            )
    return faults, cards
