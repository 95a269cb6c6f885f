"""What rank confidence sets cost: 63 provinces by 14 editions of PAPI, against a plain loop of the same method.

    python benchmarks/ranks.py

The scores are those held; errors are those of 2019 in every edition, which is no statement about other editions but
makes the work that of real data. The plain way draws, loops over pairs and takes the greatest, as one writes it from
the paper with numpy alone; it is timed on a few provinces of one edition, and its sets are compared with those of the
package.
"""

import math
import time

import numpy as np
from common import machine, table

from ninhthuan import indicators
from rank_sets import rank_sets

DRAWS, PLAIN = 10_000, 6  # draws of the plain way, and provinces that it is timed on


def plain(values: np.ndarray, errors: np.ndarray, j: int, level: float = 0.95) -> tuple[int, int]:
    """Marginal set of one estimate by simulation, stepdown, one pair after another."""
    noise = np.random.default_rng(1).standard_normal((DRAWS, len(values))) * errors
    family = [(k, sign) for k in range(len(values)) if k != j for sign in (1, -1)]
    told: list[tuple[int, int]] = []
    while True:
        most = np.full(DRAWS, -math.inf)
        for k, sign in family:
            most = np.maximum(most, sign * (noise[:, k] - noise[:, j]) / math.hypot(errors[j], errors[k]))
        critical = np.sort(most)[math.ceil(level * (DRAWS + 1)) - 1]
        new = [(k, s) for k, s in family if s * (values[k] - values[j]) / math.hypot(errors[j], errors[k]) > critical]
        if not new:
            break
        told += new
        family = [pair for pair in family if pair not in new]
    return 1 + sum(sign > 0 for _, sign in told), len(values) - sum(sign < 0 for _, sign in told)


def main() -> None:
    print(machine(), "\n")
    totals = indicators.load_index("papi")
    totals = totals[(totals["component_id"] == "papi_total") & totals["score"].notna()]
    found = indicators.uncertainty()
    found = found[(found["component_id"] == "papi_total") & (found["weighting"] == "unweighted")]
    sizes = found.dropna(subset="standard_error").set_index("province_code")["standard_error"]
    editions = [
        (year, rows["score"].to_numpy(float), rows["province_code"].map(sizes).to_numpy(float))
        for year, rows in totals.groupby("edition_year")
    ]
    spent = {}
    for simultaneous in (False, True):
        started = time.perf_counter()
        sets = {year: rank_sets(scores, errors, simultaneous=simultaneous) for year, scores, errors in editions}
        spent[simultaneous] = time.perf_counter() - started
        if not simultaneous:
            marginal = sets
    year, scores, errors = next(edition for edition in editions if edition[0] == 2019)
    started = time.perf_counter()
    slow = [plain(scores, errors, j) for j in range(PLAIN)]
    per_set = (time.perf_counter() - started) / PLAIN
    started = time.perf_counter()
    rank_sets(scores, errors, only=range(PLAIN))
    own = (time.perf_counter() - started) / PLAIN
    quick = [(int(marginal[year].low[j]), int(marginal[year].high[j])) for j in range(PLAIN)]
    apart = max(abs(a - b) for one, other in zip(slow, quick, strict=True) for a, b in zip(one, other, strict=True))
    count = sum(len(scores) for _, scores, _ in editions)
    rows = [
        (f"marginal sets, exact ({count} sets, {len(editions)} editions)", f"{spent[False]:.1f} s"),
        (f"simultaneous sets, 10,000 draws ({len(editions)} editions)", f"{spent[True]:.1f} s"),
        ("one marginal set, exact", f"{1000 * own:.1f} ms"),
        (f"one marginal set, plain loop of {DRAWS} draws", f"{1000 * per_set:.1f} ms"),
        ("ratio", f"{per_set / own:.1f}"),
        (f"ends of {PLAIN} sets of {year}: furthest apart, in ranks", str(apart)),
    ]
    print(table(("what", "result"), rows))


if __name__ == "__main__":
    main()
