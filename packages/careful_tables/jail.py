"""A reader of files from outside, in a process of its own with limits of memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from .faults import Fault, Faults, coded

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a file may cost: its size and what it unpacks to in MB, cells, memory of the process in MB, seconds."""

    file_mb: int = 64
    unpacked_mb: int = 256
    cells: int = 3_000_000
    memory_mb: int = 1024
    seconds: int = 30


def refuse_size(path: Path, limits: Limits) -> None:
    """Raise Faults where there is no such file or it is too large to be opened at all."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Faults([coded("sheets.cannot_read", path=str(path), reason=error.strerror)]) from None
    if not path.is_file():
        raise Faults([coded("sheets.not_a_file", path=str(path))])
    if size > limits.file_mb * MB:
        raise Faults([coded("sheets.too_large", name=path.name, size=size // MB, most=limits.file_mb)])


def run(module: str, path: Path, limits: Limits, *arguments: str) -> dict:
    """Run a reader as `python -m module`; what it answers (see `answer`).

    Raises Faults with the reader's own, or because it died or took too long.
    """
    command = [sys.executable, "-m", module, json.dumps(asdict(limits)), str(path), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=limits.seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Faults([coded("sheets.too_slow", name=path.name, seconds=limits.seconds)]) from None
    try:
        given = json.loads(done.stdout)
    except ValueError:
        raise Faults([coded("sheets.too_much_memory", name=path.name, memory_mb=limits.memory_mb)]) from None
    if "faults" in given:
        raise Faults(Fault(**one) for one in given["faults"])
    return given


def answer(read: Callable[..., dict]) -> int:
    """Inside that process: print what `read(path, limits, *arguments)` gives, or its faults, as JSON."""
    import resource  # not of Windows, where nothing from outside is read without its limits

    limits, path, *arguments = sys.argv[1:]
    bounds = Limits(**json.loads(limits))
    memory = bounds.memory_mb * MB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    try:
        given = read(Path(path), bounds, *arguments)
    except Faults as error:
        given = {"faults": [asdict(one) for one in error.faults]}
    json.dump(given, sys.stdout, ensure_ascii=True)
    return 0
