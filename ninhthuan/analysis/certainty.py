"""How certain a rank is: sets of ranks that the survey's errors allow.

Frames in, frames out. Errors are those of the survey (sampling); they say nothing of whether the index measures
the right thing. Only PAPI 2019 has published errors, so for every other edition the caller names an assumption, and
the rows carry its name.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from rank_sets import bands, rank_sets

from ..asking import accepts_names
from ..catalogue import catalogue
from ..datasets import as_day
from ..indicators import uncertainty
from ..measures import joined_sources
from ..reading import remembered
from ..reference import data_dir
from ..refusals import NotComparable
from ..words import bilingual, in_spoken

KEYS = ["edition_year", "boundary", "province_code", "component_id"]
ERRORS_YEAR = 2019  # the only edition of PAPI with published errors
ERRORS_SOURCE = "xlsx2019ind"
ASSUMPTIONS = ("as_2019", "median_2019")  # for editions without
_NORMAL = NormalDist()
# the same edition is ranked for several cards
_sets = lru_cache(maxsize=128)(
    lambda score, error, *how, only: rank_sets(np.array(score), np.array(error), *how, only=np.array(only))
)


CERTAINTY_COLUMNS = [
    "index_id",
    *KEYS,
    *("score", "standard_error", "source_id", "rank", "rank_low", "rank_high", "n_ranked", "not_told_apart", "band"),
    *("confidence", "simultaneous", "assumption"),
]


class NoErrors(ValueError):
    """No standard errors are published for what was asked; the message names the assumptions on offer."""

    def __init__(self, vi: str, en: str):
        super().__init__(in_spoken(vi, en))


# ------------------------------------------------------------------------------------------- ranks of PAPI with sets


@accepts_names
def rank_certainty(
    scores: pd.DataFrame,
    edition_year: int,
    component_id: str = "papi_total",
    *,
    errors: str = "published",
    level: float = 0.95,
    simultaneous: bool = False,
    province_code: str | None = None,
) -> pd.DataFrame:
    """Ranks of one edition with the sets that the survey's errors allow: one row per province scored, best first.

    `scores`: a frame of `indicators.load_index("papi")`. Columns: index_id, edition_year, boundary, province_code,
    component_id, source_id (of the score and of the error), score and standard_error (points), rank (1 is best),
    rank_low and rank_high (better and worse end of the set), n_ranked, not_told_apart (how many of the others a plain
    two-sided test of the one pair, at `level`, does not tell apart from it; 0 to n_ranked - 1), band (1, 2, ... from
    the top: see `bands`), confidence (of the set, in per cent), simultaneous, assumption.

    errors: `published` (PAPI 2019 alone has them), or an assumption: `as_2019`, each province's error of 2019, and
    the median where it has none; `median_2019`, the median error of 2019 for every province. The name stands in
    `assumption`. The error of the total is the published standard error of the unweighted total. For a dimension it is
    the root of the published variance (see docs/methods.md for why that is its standard error).
    province_code: the row of this province alone, in a hundredth of the time; `band` is missing.

    Provinces without a score are left out, as they are from n_ranked. Raises NoErrors where no error is published
    for what was asked, or was not yet on the frame's `as_of`; NotComparable for an assumption across a break of
    method; ValueError for an unknown assumption.
    """
    if errors not in ("published", *ASSUMPTIONS):
        raise ValueError(f"errors must be 'published' or one of {', '.join(ASSUMPTIONS)}, not {errors!r}")
    cell = scores[(scores["edition_year"] == edition_year) & (scores["component_id"] == component_id)]
    cell = cell[cell["score"].notna()].sort_values(["score", "province_code"], ascending=[False, True])
    cell = cell[["index_id", *KEYS, "score", "source_id"]].reset_index(drop=True)
    if cell.empty:
        raise NoErrors(*bilingual("certainty.no_scores_held", component_id=component_id, edition_year=edition_year))
    cell.insert(6, "standard_error", _errors_of(cell, scores.attrs.get("as_of"), errors))
    cell["source_id"] = [joined_sources((sources, ERRORS_SOURCE)) for sources in cell["source_id"]]
    score, error = cell["score"].to_numpy(float), cell["standard_error"].to_numpy(float)
    wanted = np.arange(len(cell))
    if province_code is not None:
        wanted = np.flatnonzero(cell["province_code"] == province_code)
    sets = _sets(tuple(score), tuple(error), level, simultaneous, only=tuple(wanted))
    cell["rank"] = cell["score"].rank(ascending=False, method="min").astype(int)
    cell["rank_low"], cell["rank_high"] = sets.low, sets.high
    cell["n_ranked"] = len(cell)
    apart = np.sqrt(error[:, None] ** 2 + error[None, :] ** 2)
    near = np.abs(score[:, None] - score[None, :]) <= apart * _NORMAL.inv_cdf((1 + level) / 2)
    cell["not_told_apart"] = near.sum(axis=1) - 1
    cell["band"] = pd.array([pd.NA] * len(cell), dtype="Int64")
    if province_code is None:
        family = sets if simultaneous else _sets(tuple(score), tuple(error), level, True, only=tuple(wanted))
        cell["band"] = pd.array(bands(family.better), dtype="Int64")
    cell["confidence"], cell["simultaneous"], cell["assumption"] = 100 * level, simultaneous, errors
    cell.attrs = dict(scores.attrs)
    return cell.iloc[wanted].reset_index(drop=True)[CERTAINTY_COLUMNS]


def errors_of_2019(component_id: str, boundary: str = "pre_2025") -> pd.Series:
    """Standard error of a score in PAPI 2019 by province_code, in points; empty where none is published.

    Of a dimension: the root of its published variance (our reading of the source, see docs/methods.md).
    """
    printed = _printed(data_dir()) if boundary == "pre_2025" else {}
    return printed.get(component_id, pd.Series(dtype=float))


@remembered
def _printed(folder: Path) -> dict[str, pd.Series]:
    # asked for with every change that a report speaks of; folder: where it is read
    table = uncertainty()
    table = table[(table["edition_year"] == ERRORS_YEAR) & (table["weighting"] == "unweighted")]
    errors = table["standard_error"].fillna(np.sqrt(table["variance"])).set_axis(table["province_code"])
    return {part: rows.dropna() for part, rows in errors.groupby(table["component_id"].to_numpy())}


def _errors_of(cell: pd.DataFrame, as_of: str | None, errors: str) -> pd.Series:
    """Standard errors for the rows of one edition and component."""
    year, boundary, component_id = (cell[column].iloc[0] for column in ("edition_year", "boundary", "component_id"))
    known = catalogue()
    choose = bilingual("certainty.assumptions_offered", names=(", ".join(ASSUMPTIONS), " and ".join(ASSUMPTIONS)))
    sizes = errors_of_2019(component_id, boundary)
    if sizes.empty:
        missing_all = "certainty.no_standard_errors_published_any"
        raise NoErrors(*bilingual(missing_all, component_id=component_id, boundary=boundary, errors_year=ERRORS_YEAR))
    day = as_day(as_of or None)
    if day is not None and known.editions[("papi", ERRORS_YEAR, boundary)].known_from > day:
        raise NoErrors(*bilingual("certainty.standard_errors_papi_not_yet", day=day, errors_year=ERRORS_YEAR))
    if errors == "published":
        if year != ERRORS_YEAR:
            raise NoErrors(
                *bilingual(
                    "certainty.papi_has_no_published_standard", year=year, errors_year=ERRORS_YEAR, choose=choose
                )
            )
        missing = sorted(set(cell["province_code"]) - set(sizes.index))
        if missing:
            names = ", ".join(missing)
            one = "certainty.no_standard_error"
            raise NoErrors(*bilingual(one, component_id=component_id, year=year, names=names, choose=choose))
        return cell["province_code"].map(sizes)
    known.check_comparable(component_id, *sorted((int(year), ERRORS_YEAR)))
    if errors == "median_2019":
        return pd.Series(float(sizes.median()), index=cell.index)
    return cell["province_code"].map(sizes).fillna(float(sizes.median()))


def newest_ranking(scores: pd.DataFrame) -> pd.DataFrame:
    """`rank_certainty` of the newest PAPI edition, best first, and `group`: one row a province with a result.

    2019 rests on its published errors, another edition on the assumption `as_2019`. Where no error serves (an edition
    of another method, a day before errors were known, the provinces of today) what rests on one is missing, and
    `assumption` is blank. Empty where not every score is available: then there are no ranks.
    """
    cell = scores[(scores["component_id"] == "papi_total") & scores["rank_derived"].notna()]
    cell = cell[cell["edition_year"] == cell["edition_year"].max()]
    if cell.empty:
        return pd.DataFrame(columns=[*CERTAINTY_COLUMNS, "group"])
    year = int(cell["edition_year"].iloc[0])
    try:
        found = rank_certainty(scores, year, errors="published" if year == ERRORS_YEAR else "as_2019")
    except (NoErrors, NotComparable):
        found = cell.sort_values(["score", "province_code"], ascending=[False, True], ignore_index=True)
        found = found.assign(rank=found["rank_derived"], assumption="").reindex(columns=CERTAINTY_COLUMNS)
    found["group"] = found["province_code"].map(cell.set_index("province_code")["group_derived"])
    return found


def rank_interval_years(scores: pd.DataFrame, province_code: str) -> pd.DataFrame:
    """Rank and set of a province in every edition of the method of 2019: one row per edition with scores.

    Columns: those of `rank_certainty`, and missing (why there is no rank: `not_published` and the like, else blank).
    2019 rests on its published errors, every other edition on the assumption `as_2019`: see `assumption`. Empty where
    those errors are not known yet, and for the provinces of today.
    """
    known, total = catalogue(), "papi_total"
    cell = scores[(scores["component_id"] == total) & scores["score"].notna()]
    years = [y for y in sorted(cell["edition_year"].unique()) if known.segment(total, y) == known.segment(total, 2019)]
    own = scores[(scores["component_id"] == total) & (scores["province_code"] == province_code)]
    rows = []
    for year in years:
        errors = "published" if year == ERRORS_YEAR else "as_2019"
        try:
            row = rank_certainty(scores, int(year), errors=errors, province_code=province_code)
        except NoErrors:
            continue
        if row.empty:
            row = own.loc[own["edition_year"] == year, ["index_id", *KEYS, "missing"]].assign(assumption=errors)
        rows.append(row.reindex(columns=[*CERTAINTY_COLUMNS, "missing"]))
    if not rows:
        return pd.DataFrame(columns=[*CERTAINTY_COLUMNS, "missing"])
    found = pd.DataFrame([record for row in rows for record in row.to_dict("records")])
    found["missing"] = [reason if isinstance(reason, str) else "" for reason in found["missing"]]
    for column in ("rank", "rank_low", "rank_high", "n_ranked", "not_told_apart", "band"):
        found[column] = found[column].astype("Int64")
    found.attrs = dict(scores.attrs)
    return found
