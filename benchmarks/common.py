"""What the benchmarks share: the machine in a line, timed commands, cells as plain code, tables, processes."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
NINHTHUAN, PAPERMILL = str(BIN / "ninhthuan"), str(BIN / "papermill")


def machine() -> str:
    """Cores, memory, versions, and how busy the machine was: absolute times mean nothing without them."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ("papermill", "nbclient", "ipykernel", "matplotlib", "pandas")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return (
        f"{len(os.sched_getaffinity(0))} cores ({model}), {memory:.0f} GB, {sys.platform}, "
        f"Python {platform.python_version()}, {versions}; {time.strftime('%Y-%m-%d')}, "
        f"load before the start {os.getloadavg()[0]:.1f}"
    )


def _lines(path: str) -> list[str]:
    with contextlib.suppress(OSError):
        return Path(path).read_text(errors="replace").splitlines()
    return []


def run_cells(job, folder: Path) -> None:
    """The code cells of a notebook as plain Python, its parameters set where its own are; cards go to the folder."""
    import nbformat

    from ninhthuan_reports import report

    report.display = lambda *shown: None
    space: dict = {}
    for cell in nbformat.read(job.notebook, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, "<cell>", "exec"), space)
            if "parameters" in cell.metadata.get("tags", []):
                space |= job.parameters | {"output_dir": str(folder)}


@dataclass
class Spent:
    """Seconds of a command and of everything it started: by the clock, and of computing."""

    wall: float
    cpu: float


@contextlib.contextmanager
def bytecode() -> Iterator[None]:
    """Let Python keep its compiled modules, also where the environment forbids it: in a folder of the benchmark's own.

    Without, every process compiles every module that it imports, which takes longer than most notebooks: a
    comparison would be one of how often Python starts.
    """
    with tempfile.TemporaryDirectory(prefix="bench-bytecode-") as folder:
        if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
            os.environ["PYTHONPYCACHEPREFIX"] = folder
        yield


def used_by_children() -> float:
    """Processor seconds of every process that has ended and was waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(commands: Sequence[Sequence[str]], codes: Sequence[int] = (0,), **options) -> Spent:
    """Run commands one after another; each must end with one of the codes."""
    wall, cpu = time.monotonic(), used_by_children()
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        if done.returncode not in codes:
            raise SystemExit(f"{' '.join(command)}: code {done.returncode}\n{done.stdout}{done.stderr}")
    return Spent(time.monotonic() - wall, used_by_children() - cpu)


def cards_of(folder: Path) -> dict[str, str]:
    """Every file of a report's cards with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("figures", "tables", "notes")
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def spread(values: Sequence[float], decimals: int = 1) -> str:
    """Least / median / most."""
    return " / ".join(f"{f(values):.{decimals}f}" for f in (min, statistics.median, max))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, to be pasted into docs/performance.md."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tree_of(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int(path.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(path.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def proportional_mb(pids: Sequence[int]) -> float:
    """Memory of processes, pages that several share counted once among them (PSS)."""
    total = 0
    for pid in pids:
        for line in _lines(f"/proc/{pid}/smaps_rollup"):
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


class Peak(threading.Thread):
    """Samples the memory of a tree of processes until stopped; `mb` is the most that was seen."""

    def __init__(self, pid: int, every: float = 0.5):
        super().__init__(daemon=True)
        self.pid, self.every, self.mb, self._over = pid, every, 0.0, threading.Event()

    def run(self) -> None:
        while not self._over.wait(self.every):
            self.mb = max(self.mb, proportional_mb(tree_of(self.pid)))

    def stop(self) -> float:
        self._over.set()
        self.join()
        return self.mb
