"""Whether a report costs the same as work and workers grow: 63, 126, 252 reports here; 1, 2, 4 threads of Dask.

    python benchmarks/growth.py [--provinces 63] [--clustered 24]

All notebooks of each report, without documents, into fresh folders. Then a scheduler of Dask and a worker, of so many
threads, as docs/scale.md advises for a machine, are started here and make the same reports as `ninhthuan run
--workers N` does; the two take turns. Cores that work are counted as threads, at most as many as there are.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from common import BIN, NINHTHUAN, Peak, bytecode, machine, table, used_by_children

from ninhthuan.catalogue import catalogue

QUARTERS = "2023Q1", "2023Q2", "2023Q3", "2023Q4"
ROOT = Path(__file__).resolve().parents[1]


def reports(provinces: list[str], quarters: tuple[str, ...], *more: str) -> tuple[float, float, float, int]:
    """Wall s, CPU s of all that was started here, peak MB and notebooks of a run into a fresh folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [NINHTHUAN, "run", "--quarter", ",".join(quarters), "--provinces", ",".join(provinces)]
        command += ["--languages", "vi", "--formats", "none", "--quiet", "--reports", folder, *more]
        before, started = used_by_children(), time.monotonic()
        process = subprocess.Popen(command)
        peak = Peak(process.pid)
        peak.start()
        if process.wait():
            raise SystemExit(f"{' '.join(command)}: code {process.returncode}")
        wall, cpu, memory = time.monotonic() - started, used_by_children() - before, peak.stop()
        records = [json.loads(path.read_text()) for path in Path(folder).glob("*/*/*/run.json")]
        assert len(records) == len(provinces) * len(quarters)
        return wall, cpu, memory, sum(len(record["jobs"]) for record in records)


@contextlib.contextmanager
def cluster(threads: int) -> Iterator[str]:
    """The address of a scheduler with a worker of so many threads."""
    with tempfile.TemporaryDirectory(prefix="bench-dask-") as folder:
        file, started = Path(folder, "scheduler.json"), []

        def start(*command) -> None:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
            path = os.pathsep.join(map(str, (ROOT, ROOT / "packages")))
            started.append(subprocess.Popen([BIN / "dask", *command], env=os.environ | {"PYTHONPATH": path}, **quiet))

        try:
            start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file)
            while not file.exists() or not file.stat().st_size:
                time.sleep(0.1)
            address = json.loads(file.read_text())["address"]
            own = ["--nthreads", str(threads), "--no-dashboard", "--no-nanny", "--local-directory", folder]
            start("worker", address, *own)
            wait = "import sys; from distributed import Client; Client(sys.argv[1]).wait_for_workers(1)"
            subprocess.run([sys.executable, "-c", wait, address], check=True)
            yield address
        finally:
            for process in reversed(started):
                process.kill()
                process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provinces", type=int, default=63)
    parser.add_argument("--clustered", type=int, default=24, help="reports that Dask makes")
    options = parser.parse_args()
    codes = [code for (boundary, code) in sorted(catalogue().provinces) if boundary == "pre_2025"]
    cores = len(os.sched_getaffinity(0))
    print(f"Notebooks of reports in one language. {machine()}\n", flush=True)
    with bytecode():
        rows = []
        for quarters in (QUARTERS[:1], QUARTERS[:2], QUARTERS):
            provinces = [code for code in codes if catalogue().provinces[("pre_2025", code)].valid_to.year > 2024]
            wall, cpu, memory, books = reports(provinces[: options.provinces], quarters, "--workers", str(cores))
            many = len(provinces[: options.provinces]) * len(quarters)
            numbers = f"{wall:.0f}", f"{60 * books / wall / cores:.1f}", f"{cpu / books:.3f}", f"{memory:.0f}"
            rows.append([str(many), str(books), *numbers])
            print(rows[-1], flush=True)
        print(table(["reports", "notebooks", "wall s", "a minute and core", "CPU s a notebook", "peak MB"], rows), "\n")
        rows, some = [], (provinces[: options.clustered], QUARTERS[:1])
        for workers in (1, 2, 4):
            with cluster(workers) as address:
                # the first batch warms the workers up
                reports(some[0][:2], some[1], "--executor", "dask", "--scheduler", address)
                here = reports(*some, "--workers", str(workers))
                there = reports(*some, "--executor", "dask", "--scheduler", address)
            working = min(workers, cores)
            rates = [f"{60 * spent[3] / spent[0] / working:.1f}" for spent in (here, there)]
            rows.append([str(workers), f"{here[0]:.1f}", f"{there[0]:.1f}", *rates, f"{there[0] / here[0]:.2f}"])
            print(rows[-1], flush=True)
        head = ["threads", "here, wall s", "Dask, wall s", "here, a minute and core", "Dask", "Dask / here"]
        print(table(head, rows))


if __name__ == "__main__":
    main()
