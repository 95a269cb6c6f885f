"""What comes in: publishers' workbooks, the province's own figures, exports of the one-stop system.

A file is read (papi, pci, workload, dossiers) into a proposal of rows; landing shows what it would change in data/ and
puts it there.
"""

import csv
from pathlib import Path


def rows_of(table: str) -> list[dict[str, str]]:
    """The rows of a table that stands beside this file."""
    with open(Path(__file__).with_name(table), encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
