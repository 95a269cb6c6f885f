"""Whether a change is more than noise: the difference of two editions of a sample survey against its own error.

Two samples drawn apart: the error of a change is the root of both squared errors, which is the root of two times the
error where both are alike. Errors are those of the survey; how much the index itself is worth they do not say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral
from statistics import NormalDist

import numpy as np
import pandas as pd

from rank_sets import SEED

from ..asking import accepts_names
from ..catalogue import catalogue
from ..measures import joined_sources
from ..refusals import NotComparable
from ..words import bilingual, two_languages
from .certainty import ERRORS_SOURCE, ERRORS_YEAR, NoErrors, _errors_of, _sets, errors_of_2019

# Where no error is published. The variances of dimensions are our reading of a column of the source: a name of its own.
ASSUMPTIONS = ("as_2019", "median_2019", "variances_2019")
CHANGE_COLUMNS = [
    *("index_id", "edition_year", "boundary", "province_code", "component_id", "previous_edition"),
    *("previous_score", "score", "change", "standard_error", "limit", "p_value", "p_family", "beyond", "beyond_family"),
    *("previous_rank", "rank", "n_ranked", "rank_change", "rank_change_low", "rank_change_high"),
    *("confidence", "assumption", "source_id"),
]
_NORMAL = NormalDist()


def limit(standard_error: float, level: float = 0.95, tests: int = 1) -> float:
    """Points that a change must pass to be told from none by a two-sided test, one of `tests` with level for them all.

    standard_error: of the change. After Sidak: exact for tests that are independent, on the safe side for others.

    >>> round(limit(math.sqrt(2) * 0.748568), 2)
    2.07
    """
    return _NORMAL.inv_cdf((1 + level ** (1 / tests)) / 2) * standard_error


def adjusted(p_values: np.ndarray) -> np.ndarray:
    """P-values that hold for the whole family: stepdown after Holm, with Sidak's bound in place of Bonferroni's.

    For independent estimates, as provinces are, this is the stepdown of the greatest statistic itself.

    >>> adjusted(np.array([0.01, 0.5, 0.02])).round(4).tolist()
    [0.0297, 0.5, 0.0396]
    """
    order = np.argsort(p_values, kind="stable")
    left = len(p_values) - np.arange(len(p_values))
    found = np.empty(len(p_values))
    found[order] = np.maximum.accumulate(1 - (1 - p_values[order]) ** left)
    return found


def noise_share(gap: float, component_id: str, boundary: str = "pre_2025") -> float:
    """Share of provinces (0-1) that would rise by a gap from one edition to the next by survey error alone.

    As if no province had changed and errors were those of 2019; missing where none is published, or without a gap.
    """
    sizes = errors_of_2019(component_id, boundary)
    if sizes.empty or pd.isna(gap):
        return math.nan
    return float(np.mean([1 - _NORMAL.cdf(gap / (math.sqrt(2) * size)) for size in sizes]))


def groups_kept_by_noise(scores: np.ndarray, sizes: np.ndarray, quantiles: Sequence[float], draws: int = 400) -> float:
    """Share of provinces (0-1) that would keep their group in a second survey of an edition in which nothing changed.

    scores: of one edition; sizes: standard errors. What a survey shows spreads wider than what is true, by its errors:
    true places are drawn in towards the mean by so much, and two surveys of them are simulated with a fixed seed.
    """
    spread = np.var(scores)
    inward = math.sqrt(max(0.0, 1 - float(np.mean(sizes**2)) / spread)) if spread else 0.0
    true = scores.mean() + inward * (scores - scores.mean())
    drawn = true + np.random.default_rng(SEED).standard_normal((2, draws, len(scores))) * sizes
    cuts = np.quantile(drawn, quantiles, axis=2)
    groups = (drawn[None] >= cuts[..., None]).sum(axis=0)
    return float((groups[0] == groups[1]).mean())


def change_limit(
    component_id: str, province_code: str, year_from: int, year_to: int, boundary: str = "pre_2025", level: float = 0.95
) -> float | None:
    """Points below which a change of a province may be sampling error alone, if errors were those of 2019.

    Of dimensions: with `level` for all that can be compared. None where no error of 2019 can serve: another index or
    method, a sub-dimension, another list of provinces, or editions from before that of 2019.
    """
    known, sizes = catalogue(), errors_of_2019(component_id, boundary)
    alike = {known.segment(component_id, year) for year in (year_from, year_to, ERRORS_YEAR)}
    if sizes.empty or len(alike) > 1 or max(year_from, year_to) < ERRORS_YEAR:
        return None
    part = known.component(component_id, max(year_from, year_to))
    parts = known.parts_of(part.parent_id, max(year_from, year_to)) if part.level == "dimension" else []
    tests = sum(known.same_component(beside.component_id, year_from, year_to) for beside in parts) or 1
    return limit(math.sqrt(2) * float(sizes.get(province_code, sizes.median())), level, tests)


def survey_error_explains(
    change: float, component_id: str, province_code: str, year_from: int, year_to: int, boundary: str = "pre_2025"
) -> bool:
    """Whether survey error alone, as large as in 2019, could make such a change (points) of a province's score.

    False where the change or an edition is missing, and where no error can serve (see `change_limit`).
    """
    missing = pd.isna([change, year_from, year_to]).any()
    least = None if missing else change_limit(component_id, province_code, int(year_from), int(year_to), boundary)
    return least is not None and abs(change) <= least


@accepts_names
def change_certainty(
    scores: pd.DataFrame,
    year_from: int,
    year_to: int,
    component_id: str | Sequence[str] = "papi_total",
    errors: str = "published",
    province_code: str | None = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Changes between two editions against what the survey's errors alone would make: one row a province, most first.

    `scores`: a frame of `indicators.load_index("papi")`. component_id: one, or several, such as the eight dimensions of
    one province. The rows that come back are the family of tests.

    | column | meaning | unit |
    |---|---|---|
    | change, standard_error | score less previous_score, and the error of that | points |
    | limit | what the change must pass, tested alone | points |
    | p_value, beyond | of a two-sided test of this change alone; whether it is beyond `level` | 0-1 |
    | p_family, beyond_family | the same with `level` for all rows together (stepdown, see `adjusted`) | 0-1 |
    | rank_change | places gained, each edition ranked over its own provinces | places |
    | rank_change_low, rank_change_high | set of the true places gained, of one province at `level` | places |
    | confidence, assumption | level in per cent; whose errors | |

    errors: `published` (both editions need them: no pair has), or an assumption (see `certainty.rank_certainty`):
    `as_2019`, `median_2019`, and for dimensions `variances_2019`, those of 2019 read as squared standard errors.
    The set of places comes from the sets of both ranks (Mogstad, Romano, Shaikh, Wilhelm 2023), each at the root of
    `level`, since the two samples are drawn apart.

    Raises NoErrors where no error serves; NotComparable where the two editions are not the same component; ValueError
    for an unknown assumption. Provinces without a score in both editions are left out.
    """
    if errors not in ("published", *ASSUMPTIONS):
        raise ValueError(f"errors must be 'published' or one of {', '.join(ASSUMPTIONS)}, not {errors!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    if not isinstance(scores, pd.DataFrame):
        raise ValueError(two_languages("change.frame", kind=type(scores).__name__))
    if not (isinstance(year_from, Integral) and isinstance(year_to, Integral) and year_from < year_to):
        raise ValueError(two_languages("change.two_years", year_from=year_from, year_to=year_to))
    parts = [component_id] if isinstance(component_id, str) else list(component_id)
    rows = [_changes_of(scores, year_from, year_to, part, errors, province_code, level) for part in parts]
    found = pd.concat(rows, ignore_index=True)
    found["p_value"] = 2 * (1 - (found["change"].abs() / found["standard_error"]).map(_NORMAL.cdf))
    found["p_family"] = adjusted(found["p_value"].to_numpy(float))
    found["beyond"], found["beyond_family"] = found["p_value"] < 1 - level, found["p_family"] < 1 - level
    found["confidence"], found["assumption"] = 100 * level, errors
    found = found.sort_values(["change", "province_code"], ascending=[False, True], ignore_index=True)
    found.attrs = dict(scores.attrs)
    return found[CHANGE_COLUMNS]


def newest_changes(scores: pd.DataFrame, component_id: str = "papi_total") -> pd.DataFrame:
    """`change_certainty` of all provinces over the two newest editions, errors as in 2019; empty where refused."""
    scored = scores[(scores["component_id"] == component_id) & scores["score"].notna()]
    years = sorted(scored["edition_year"].unique())[-2:]
    if len(years) == 2:
        try:
            return change_certainty(scores, *map(int, years), component_id, "as_2019")
        except (NoErrors, NotComparable):
            pass
    return pd.DataFrame(columns=CHANGE_COLUMNS)


def _changes_of(scores, year_from, year_to, component_id, errors, province_code, level) -> pd.DataFrame:
    """Changes of one component, with their errors and the sets of places gained."""
    known, years = catalogue(), (year_from, year_to)
    known.check_comparable(component_id, *years)
    if not known.same_component(component_id, *years):
        raise NotComparable(
            *bilingual("change.not_same_component", component_id=component_id, year_from=year_from, year_to=year_to)
        )
    if (known.component(component_id, year_to).level == "dimension") != (errors == "variances_2019"):
        raise NoErrors(*bilingual("change.errors_dimensions_go_name_variances", component_id=component_id))
    ends = [_edition(scores, year, component_id, errors, province_code, level) for year in years]
    both = ends[1].join(ends[0], how="inner", suffixes=("", "_from"))
    if province_code is not None:
        both = both[both.index == province_code]
    found = both.reset_index().rename(columns={"score_from": "previous_score", "rank_from": "previous_rank"})
    found["change"] = found["score"] - found["previous_score"]
    found["standard_error"] = np.hypot(found["error"], found["error_from"])
    found["limit"] = [limit(size, level) for size in found["standard_error"]]
    found["rank_change"] = found["previous_rank"] - found["rank"]
    found["rank_change_low"] = found["rank_low_from"] - found["rank_high"]
    found["rank_change_high"] = found["rank_high_from"] - found["rank_low"]
    found["previous_edition"] = year_from
    found["source_id"] = [
        joined_sources((now, before, ERRORS_SOURCE))
        for now, before in zip(found["source_id"], found["source_id_from"], strict=True)
    ]
    return found


def _edition(scores, year, component_id, errors, province_code, level) -> pd.DataFrame:
    """One edition by province: score, error, rank and the set of the rank at the root of `level`."""
    cell = scores[(scores["edition_year"] == year) & (scores["component_id"] == component_id) & scores["score"].notna()]
    cell = cell[["index_id", "edition_year", "boundary", "province_code", "component_id", "score", "source_id"]]
    cell = cell.reset_index(drop=True)
    if cell.empty:
        raise NoErrors(*bilingual("change.no_scores_held", component_id=component_id, year=year))
    cell["error"] = _errors_of(cell, scores.attrs.get("as_of"), "as_2019" if errors == "variances_2019" else errors)
    wanted = range(len(cell)) if province_code is None else np.flatnonzero(cell["province_code"] == province_code)
    sets = _sets(tuple(cell["score"]), tuple(cell["error"]), math.sqrt(level), only=tuple(wanted))
    cell["rank"] = cell["score"].rank(ascending=False, method="min").astype(int)
    cell["rank_low"], cell["rank_high"], cell["n_ranked"] = sets.low, sets.high, len(cell)
    return cell.set_index("province_code")
