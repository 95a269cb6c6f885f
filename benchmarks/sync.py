"""What it costs that a report is on the disk when it is called made: seconds of syncing in those of a whole report.

    python benchmarks/sync.py [--rounds 3]

Makes 2024Q1 of 58 in Vietnamese in this process, each round in a new folder, and measures every wait for the disk.
Exit 1 where the middle round waits for 3 % of its time or more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from common import bytecode, machine, spread, table

from careful_tables import landing
from ninhthuan_reports.cli import main as ninhthuan
from notebook_batch import prune, record

MOST = 3.0  # per cent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.rounds} rounds. {machine()}\n", flush=True)
    waits, sync = [], landing.sync

    def timed(*places) -> None:
        begun = time.monotonic()
        sync(*places)
        waits.append((time.monotonic() - begun, len(places)))

    for module in (landing, record, prune):
        module.sync = timed
    rounds = []
    with bytecode():
        for _ in range(options.rounds):
            with tempfile.TemporaryDirectory(prefix="bench-") as name:
                waits.clear()
                begun = time.monotonic()
                if ninhthuan(["run", "--quarter", "2024Q1", "--languages", "vi", "--reports", name, "--quiet"]):
                    raise SystemExit("no report was made")
                rounds.append((time.monotonic() - begun, sum(seconds for seconds, _ in waits)))
                synced = sum(number for _, number in waits)
                size = sum(path.stat().st_size for path in Path(name).rglob("*") if path.is_file()) >> 20
    shares = [100 * wait / whole for whole, wait in rounds]
    rows = [
        ["the whole report, s", spread([whole for whole, _ in rounds])],
        [f"of it syncing {synced} files and folders, {size} MB, s", spread([wait for _, wait in rounds], 2)],
        ["its share, %", spread(shares, 2)],
    ]
    print(table(["", "least / median / most"], rows))
    return 1 if statistics.median(shares) >= MOST else 0


if __name__ == "__main__":
    sys.exit(main())
