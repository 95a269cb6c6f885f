"""How often editions without a true change make a title, and how often a true change of 1, 2 or 3 points is told.

    python benchmarks/change_power.py            # 10,000 editions, some seconds

Errors are those of PAPI 2019, the same in both editions, as `change.change_certainty` assumes with `as_2019`.
"""

import argparse
import math

import numpy as np

from ninhthuan.analysis.change import adjusted, change_certainty
from ninhthuan.indicators import load_index
from rank_sets import normal_cdf


def power(errors: np.ndarray, rise: float, draws: int, seed: int = 58) -> tuple[float, float, float]:
    """Shares: of editions with any province told, all tested; of provinces told alone; of provinces told, all tested.

    Every province has the same true change. errors: standard errors of the changes, in points.
    """
    changes = rise + np.random.default_rng(seed).standard_normal((draws, len(errors))) * errors
    p_values = 2 * (1 - normal_cdf(np.abs(changes) / errors))
    family = np.array([adjusted(row) < 0.05 for row in p_values])
    return family.any(axis=1).mean(), (p_values < 0.05).mean(), family.mean()


def one(error: float, rise: float) -> float:
    """Exact share of editions in which the change of one province is told, tested alone."""
    cut, place = 1.959963985, rise / error
    return float(normal_cdf(np.array([place - cut]))[0] + normal_cdf(np.array([-place - cut]))[0])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--draws", type=int, default=10_000)
    draws = options.parse_args().draws
    found = change_certainty(load_index("papi"), 2022, 2023, errors="as_2019").set_index("province_code")
    errors = found["standard_error"].to_numpy()
    own, median = found.at["58", "standard_error"], float(np.median(errors))
    print(f"errors of a change: Ninh Thuan {own:.2f}, median {median:.2f} ({len(errors)} provinces, {draws} editions)")
    for rise in (0, 1, 2, 3):
        any_told, alone, together = power(errors, rise, draws)
        print(f"true change {rise}: any told, all together {any_told:.1%}; alone {alone:.1%}; together {together:.1%};"
              f" Ninh Thuan alone {one(own, rise):.1%}; median province alone {one(median, rise):.1%}")  # fmt: skip
    print(f"limits, alone: Ninh Thuan {1.96 * own:.2f}, median {1.96 * median:.2f}; sqrt(2) = {math.sqrt(2):.3f}")


if __name__ == "__main__":
    main()
