"""What counting an export of the one-stop system costs: millions of dossiers, as CSV and as Parquet.

    python benchmarks/dossiers.py --count 20000000

The dossiers are synthetic, made here and gone afterwards: nobody's, with made-up names and numbers in the personal
columns, which an export has and the command must not read. What is timed is the whole command, `ninhthuan import
dossiers ... --dry-run`, from its start to its end, with what it says of data/; memory is the most that its process ever
had (ru_maxrss of that process, counted by the system).

Beside it stands the plain way: pandas in pieces of 250,000 rows with only the columns needed, the same counts of the
same file, in turns with the command, without looking for unusable rows. Both must count the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from common import NINHTHUAN, bytecode, machine, spread, table

QUARTER = "2024Q1"
SYNTHETIC = """
SELECT
    'H58.' || i AS "Mã hồ sơ",
    'Họ tên giả ' || hash(i) % 1000000 AS "Họ và tên",
    lpad((hash(i + 1) % 1000000000000)::VARCHAR, 12, '0') AS "Số CCCD",
    '09' || lpad((hash(i + 2) % 100000000)::VARCHAR, 8, '0') AS "Số điện thoại",
    strftime(received, '%d/%m/%Y %H:%M:%S') AS "Ngày tiếp nhận",
    strftime(received + to_days((3 + hash(i + 3) % 20)::INT), '%d/%m/%Y') AS "Ngày hẹn trả",
    CASE WHEN hash(i + 4) % 20 > 0
        THEN strftime(received + to_days((hash(i + 5) % 22)::INT), '%d/%m/%Y %H:%M:%S') END AS "Ngày trả kết quả",
    CASE WHEN hash(i + 6) % 100 < 76 THEN 'Trực tuyến' WHEN hash(i + 6) % 1000 < 999 THEN 'Trực tiếp'
        ELSE 'Bưu chính công ích' END AS "Hình thức tiếp nhận",
    ['Cấp tỉnh', 'Cấp huyện', 'Cấp xã'][(1 + hash(i + 7) % 3)::INT] AS "Cấp",
    'Cơ quan ' || hash(i + 8) % 100 AS "Cơ quan",
    'Thủ tục ' || hash(i + 9) % 1800 AS "Thủ tục"
FROM (
    SELECT i, TIMESTAMP '2023-01-01 07:30:00' + to_seconds((hash(i + 10) % 39000000)::BIGINT) AS received
    FROM range({count}) AS numbers(i)
)
"""
PLAIN = """
import json, sys
import pandas as pd
days = ["Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả"]
first, last = pd.Timestamp("2023-12-15"), pd.Timestamp("2024-03-14")
total = dict.fromkeys(("received", "carried", "resolved", "late"), 0)
for rows in pd.read_csv(sys.argv[1], usecols=[*days, "Hình thức tiếp nhận", "Cấp"], dtype=str, chunksize=250_000):
    received, due, finished = (
        pd.to_datetime(rows[day].str[:10], format="%d/%m/%Y") for day in days
    )
    resolved = finished.between(first, last)
    counts = pd.DataFrame({
        "received": received.between(first, last),
        "carried": (received < first) & (finished.isna() | (finished >= first)),
        "resolved": resolved, "late": resolved & (finished > due),
    }).groupby([rows["Cấp"], rows["Hình thức tiếp nhận"]]).sum()
    for name in total:
        total[name] += int(counts[name].sum())
print(json.dumps(total))
"""


@dataclass
class Cost:
    """Seconds by the clock and of computing, and the most memory in MB, of one process."""

    wall: float
    cpu: float
    mb: float
    said: str


def cost_of(command: list[str]) -> Cost:
    """Run a command alone in a process; it must succeed."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        out.seek(0)
        said = out.read().decode()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: code {process.returncode}\n{said}")
    # the system counts kilobytes, macOS bytes
    scale = 1024 if sys.platform != "darwin" else 1024 * 1024
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / scale, said)


def make(folder: Path, count: int) -> dict[str, Path]:
    """Synthetic dossiers of 15 months, in both formats.

    By a process of its own: the system counts the memory of whoever starts a process as that one's least.
    """
    files = {kind: folder / f"synthetic_dossiers_{count}.{kind}" for kind in ("csv", "parquet")}
    statements = [
        "SET enable_progress_bar = false",
        "SET memory_limit = '2GB'",
        "SET preserve_insertion_order = false",
        f"COPY ({SYNTHETIC.format(count=count)}) TO '{files['parquet']}'",
        f"COPY (FROM '{files['parquet']}') TO '{files['csv']}' (HEADER)",
    ]
    code = "import duckdb, sys; con = duckdb.connect(); [con.execute(line) for line in sys.argv[1:]]"
    subprocess.run([sys.executable, "-c", code, *statements], check=True)
    return files


def command(file: Path) -> list[str]:
    return [NINHTHUAN, "import", "dossiers", str(file), "--quarter", QUARTER, "--dry-run", "--language", "en"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2_000_000, help="dossiers of the large files")
    parser.add_argument("--plain", type=int, default=2_000_000, help="dossiers of the file that pandas reads too")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with bytecode(), tempfile.TemporaryDirectory(prefix="bench-dossiers-") as folder:
        compare(Path(folder), options.count, options.plain, options.rounds)


def compare(folder: Path, count: int, plain: int, rounds: int) -> None:
    """Time the command on the large files, then in turns with pandas on a smaller one."""
    print(machine(), "\n", flush=True)
    cost_of(
        command(make(folder, 1000)["csv"])
    )  # untimed, so that bytecode and files are where they are on any later run
    rows = []
    files = make(folder, count)
    for kind, file in files.items():
        cost = cost_of(command(file))
        size = file.stat().st_size / 1e6
        rows.append(
            [
                f"{kind}, {size:,.0f} MB",
                f"{cost.wall:.1f}",
                f"{cost.cpu:.1f}",
                f"{cost.mb:,.0f}",
                f"{count / cost.wall / 1e6:.2f}",
            ]
        )
        file.unlink()
    print(f"{count:,} synthetic dossiers, the whole command:\n")
    print(table(["file", "wall s", "CPU s", "peak memory MB", "million dossiers a second"], rows), "\n", flush=True)

    file = make(folder, plain)["csv"]
    ways = {"`ninhthuan import dossiers`": command(file), "pandas in pieces": [sys.executable, "-c", PLAIN, str(file)]}
    spent: dict[str, list[Cost]] = {name: [] for name in ways}
    for number in range(rounds):
        for name in list(ways)[:: 1 if number % 2 else -1]:
            spent[name].append(cost_of(ways[name]))
    own, other = spent.values()
    counted = json.loads(other[0].said)
    told = f"{counted['received']:,} received, {counted['resolved']:,} resolved, {counted['late']:,} of them late"
    if told not in own[0].said:
        raise SystemExit(f"pandas counts {told}; the command says\n{own[0].said}")
    rows = [
        [
            name,
            spread([one.wall for one in costs]),
            spread([one.cpu for one in costs]),
            f"{max(c.mb for c in costs):,.0f}",
        ]
        for name, costs in spent.items()
    ]
    print(f"{plain:,} synthetic dossiers as CSV, {rounds} rounds in turns; both count {told}:\n")
    print(table(["way", "wall s (min / median / max)", "CPU s", "peak memory MB"], rows))
    ratios = [b.wall / a.wall for a, b in zip(own, other, strict=True)]
    print(f"\npandas takes {spread(ratios, 2)} times as long")


if __name__ == "__main__":
    main()
