"""Records, written outside the kernels: the request, what happened, the outputs, sealed by hashes."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from careful_tables.landing import sync

from .crate import CHECK, NAME, write_crate
from .inputs import Inputs, changed, digest, file_hash

FORMAT = 2
END = b"\n}\n"  # of every record
Reason = tuple[str, dict]  # a code with its values; the caller has the words
# What a record says of a job; of one that failed, its error too.
JOB = {"name": str, "identity": str, "status": str, "inputs": dict, "reads": list, "cards": dict, "files": dict}


def stamp(seconds: float) -> str:
    """A moment as records write it, in universal time."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def canonical(record: dict) -> bytes:
    """A record as bytes, always in the same form."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_atomically(path: Path, content: bytes, *, lasting: bool = False) -> None:
    """Write a file by a rename, so that a crash leaves no half of it; lasting: a loss of power neither."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(content)
        if lasting:
            sync(new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def things(folder: Path, inside: str = "") -> Iterator[tuple[str, str]]:
    """What lies below a folder: its path within it, and `file`, `link`, `empty` (a folder) or `special`.

    A link is one thing, whatever it points to: it is not followed.
    """
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    if inside and not entries:
        yield inside.rstrip("/"), "empty"
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from things(entry.path, f"{inside}{entry.name}/")
        else:
            file = entry.is_file(follow_symlinks=False)
            yield f"{inside}{entry.name}", "file" if file else "link" if entry.is_symlink() else "special"


def files_of(folder: Path) -> dict[str, dict]:
    """Every file below a folder with its hash and size."""
    return {name: _stamp(folder / name) for name, kind in things(folder) if kind == "file"}


def _stamp(path: Path) -> dict:
    return {"hash": file_hash(path), "bytes": path.stat().st_size}


def others(folder: Path) -> dict[str, str]:
    """What lies in the folder of a report and no run made: its path and kind, see `things`.

    Where the record cannot be read, nothing is known to be another's.
    """
    try:
        record = parsed((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        return {}
    known = {"run.json", *record["files"], *(name for job in record["jobs"] for name in job["files"])}
    return {name: kind for name, kind in things(folder) if name not in known}


def altered(folder: Path, files: dict[str, dict]) -> list[str]:
    """Files that are gone or are not what was recorded, by a look at size and time; in doubt by their bytes.

    A file that was touched after its record was sealed is read again; `verify` reads them all.
    """
    try:
        sealed = os.stat(folder / "run.json").st_mtime_ns
    except OSError:
        sealed = 0
    linked = {place for place in map(os.path.dirname, files) if place and os.path.islink(folder / place)}
    found = []
    for name, known in files.items():
        try:
            state = os.lstat(folder / name)
        except OSError:
            found.append(name)
            continue
        if (
            not stat.S_ISREG(state.st_mode)
            or os.path.dirname(name) in linked
            or state.st_size != known["bytes"]
            or (state.st_mtime_ns > sealed and file_hash(folder / name) != known["hash"])
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
    there |= {name: _stamp(folder / name) for name in (NAME, CHECK)}
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
        record = parsed(content)
    except (OSError, ValueError):
        return None
    return record if record.get("format") == FORMAT and is_sealed(content) else None


def parsed(content: bytes) -> dict:
    """A record of the form that `report_record` gives it; raises ValueError for anything else."""
    try:
        record = json.loads(content)
    except RecursionError:
        record = None
    if not (
        isinstance(record, dict)
        and isinstance(record.get("request"), dict)
        and isinstance(record.get("jobs"), list)
        and all(map(_is_job, record["jobs"]))
        and _are_files(record.get("files"))
    ):
        raise ValueError("not a record of a report")
    return record


def _is_job(job: object) -> bool:
    return (
        isinstance(job, dict)
        and all(isinstance(job.get(name), kind) for name, kind in JOB.items())
        and all(isinstance(name, str) for name in job["reads"])
        and all(isinstance(card, dict) and {"kind", "title"} <= card.keys() for card in job["cards"].values())
        and _are_files(job["files"])
        and (job["status"] == "done" or (isinstance(job.get("error"), dict) and "name" in job["error"]))
    )


def _are_files(files: object) -> bool:
    return isinstance(files, dict) and all(
        isinstance(known, dict) and isinstance(known.get("hash"), str) and isinstance(known.get("bytes"), int)
        for known in files.values()
    )


def job_of(record: dict | None, name: str) -> dict | None:
    """The job of a name in a record."""
    return next((job for job in record["jobs"] if job["name"] == name), None) if record else None


def read_seal(folder: Path) -> dict | None:
    """What is known of a finished job that is not in a report yet."""
    try:
        seal = json.loads((folder / "seal.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return seal if _is_job(seal) else None


def verify(folder: Path, inputs: Inputs, planned: dict[str, object]) -> tuple[list[Reason], list[dict]]:
    """Read every byte of a report again.

    Returns what is wrong (each a code with its values), and per card which of its files are wrong and what it rests
    on has changed since: neither means that it can still be made exactly so. planned: jobs of today by name.
    """
    faults: list[Reason] = []
    path = folder / "run.json"
    try:
        content = path.read_bytes()
        record, there = parsed(content), dict(things(folder))
    except (OSError, ValueError) as error:
        return [("cannot_read", {"path": path, "name": type(error).__name__})], []
    if not is_sealed(content):
        faults.append(("run_json_altered", {}))
    files, jobs, wrong = dict(record["files"]), record["jobs"], set()
    for job in jobs:
        files |= job["files"]
    if there["run.json"] == "file":
        del there["run.json"]
    for name in sorted(files.keys() | there.keys()):
        if name not in there:
            faults.append(("gone", {"name": name}))
        elif there[name] != "file":
            faults.append((there[name], {"name": name}))
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
