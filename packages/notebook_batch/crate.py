"""A report folder as an RO-Crate: what other programs read of its files, and how it is checked without this one."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

NAME, CHECK = "ro-crate-metadata.json", "verify.py"
APART = ("run.json", "log.jsonl")  # of the hour: they hold times, and the record holds this file


def write_crate(folder: Path, record: dict, files: dict[str, dict]) -> None:
    """Write `ro-crate-metadata.json` (RO-Crate 1.1) and `verify.py` into a folder, before its record is sealed.

    files: name to hash and size of what is there. The same report makes the same bytes.
    """
    (folder / CHECK).write_bytes(Path(__file__).with_name("verify_alone.py").read_bytes())
    request = {name: str(value) for name, value in record["request"].items()}
    parts = {name: known for name, known in files.items() if name not in (NAME, CHECK, *APART)}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": " ".join(request.values()),
        "description": "; ".join(f"{name}: {value}" for name, value in request.items()),
        "hasPart": [{"@id": name} for name in [*parts, *APART, CHECK]],
    }
    if "as_of" in request:
        root["datePublished"] = request["as_of"]
    described = [
        {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}}
        | {"conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}},
        root,
        *(
            _file(name, sha256=known["hash"].removeprefix("sha256:"), size=known["bytes"])
            for name, known in parts.items()
        ),
        _file("run.json", description="What was asked, what happened, and the SHA-256 of every file"),
        _file("log.jsonl", description="What happened when"),
        _file(CHECK, description="python verify.py: names every file that is not as its run left it"),
    ]
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": described}
    (folder / NAME).write_text(json.dumps(crate, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def _file(name: str, *, size: int | None = None, **more: str) -> dict:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    sized = {} if size is None else {"contentSize": str(size)}
    return {"@id": name, "@type": "File", "name": name.rpartition("/")[2], "encodingFormat": kind} | sized | more
