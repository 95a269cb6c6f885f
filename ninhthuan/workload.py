"""The work of an administration: dossiers, procedures, tasks, signatures and units by period, and their measures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from . import showing
from .asking import accepts_names
from .catalogue import catalogue
from .datasets import as_day, last_day_of, printed_rows, typed_rows
from .indicators import evidence
from .measures import decimals_of
from .periods import Quarter, period_kind
from .words import two_languages


@accepts_names
def load_workload(
    province_code: str = "58",
    *,
    until: Quarter | date | str | None = None,
    as_of: date | str | None = None,
    boundary: str = "pre_2025",
) -> pd.DataFrame:
    """Administrative workload of a province: one row per period, level, agency, measure, channel and source.

    province_code: a code, or a name as `find_province` takes it. until: a quarter (`2024Q1`) or a day; figures whose
    period ends later are left out, and plans and targets whose period begins later. as_of: a day; sources that say they
    are of a later one are left out, as in reports. `value` is the figure to use and `value_printed` the printed text.
    Where a printed share contradicts its own counts, `value` is recomputed from them and `basis` says `recomputed`;
    everywhere else it says `printed`. `evidence` is as in `load_index`. `unit` is the true unit, `unit_printed` the
    printed one. Other provinces' figures are comparators, from their own file.
    An empty frame means that there are no figures: `attrs["nothing"]` says so.
    """
    showing.in_notebooks()
    last = last_day_of(until)
    own = province_code == "58" and boundary == "pre_2025"
    rows = typed_rows(
        f"workload/{'ninh_thuan' if own else 'comparators'}.csv", boundary=[boundary], province_code=[province_code]
    )
    for column in ("period_start", "period_end"):
        rows[column] = pd.to_datetime(rows[column])
    rows["is_cumulative"] = rows["is_cumulative"] == "true"
    vocabulary = by_measure()
    if last:
        rows = workload_known(rows, last)
    rows = workload_out_by(rows, as_day(as_of))
    rows["unit_printed"] = rows["unit"]
    rows["unit"] = rows["measure"].map(vocabulary["unit"])
    rows["period_kind"] = [
        period_kind(start.date(), end.date())
        for start, end in zip(rows["period_start"], rows["period_end"], strict=True)
    ]
    rows["basis"] = "printed"
    for row, _, expected in shares_against_counts(rows):
        rows.loc[row, ["value", "basis"]] = [expected, "recomputed"]
    rows["evidence"] = [evidence(*pair) for pair in zip(rows["source_id"], rows["basis"], strict=True)]
    rows = rows.drop(columns="row").sort_values(["measure", "period_end", "level", "channel"], ignore_index=True)
    rows.attrs = {
        "sources": " ".join(sorted(rows["source_id"].unique())),
        "until": str(last or ""),
        "nothing": two_languages("workload.nothing", province_code=province_code, boundary=boundary) * (not len(rows)),
    }
    return rows


def workload_known(rows: pd.DataFrame, last: date) -> pd.DataFrame:
    """Rows of the workload known on a day: a plan for a year when the year begins, a result when its period is over."""
    ahead = rows["measure"].map(by_measure()["kind"]).isin(["plan", "target"])
    return rows[pd.to_datetime(rows["period_end"].where(~ahead, rows["period_start"])) <= pd.Timestamp(last)]


def workload_out_by(rows: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """Rows of the workload whose source had come out by a day; one without a day stays."""
    later = [s.source_id for s in catalogue().sources.values() if day and s.dated and s.latest_day > day]
    return rows[~rows["source_id"].isin(later)]


def shares_against_counts(workload: pd.DataFrame):
    """Yield (row label, printed share, share from the counts) where a printed share contradicts its counts.

    A share agrees when the share from the counts, rounded to the printed decimals, is the printed one, or
    when it was cut instead of rounded.
    """
    vocabulary = by_measure()
    period = ["period_start", "period_end", "province_code", "boundary", "level", "agency", "source_id"]
    counts = {
        tuple(getattr(row, c) for c in [*period, "measure", "channel"]): row.value for row in workload.itertuples()
    }
    for row in workload.itertuples():
        entry = vocabulary.loc[row.measure]
        if entry["kind"] != "share" or not entry["numerator"]:
            continue
        place = tuple(getattr(row, c) for c in period)
        part = counts.get((*place, entry["numerator"], row.channel))
        wholes = [
            counts[(*place, name, channel)]
            for name in entry["denominator"].split()
            for channel in ("all", "")
            if (*place, name, channel) in counts
        ]
        if part is None or not wholes:
            continue
        expected = share_from_counts(part, wholes[0])
        step = 10.0 ** -decimals_of(row.value_printed)
        if not -1e-9 <= expected - row.value + step / 2 <= step * 1.5 + 1e-9:
            yield row.Index, row.value, expected


def measure_table() -> pd.DataFrame:
    """The measures of the workload: names, true unit, kind, and how they hang together."""
    return printed_rows("reference/measures.csv").drop(columns="row")


def by_measure() -> pd.DataFrame:
    """The same with the measure as index, to look one up."""
    return measure_table().set_index("measure")


def newest_quarter() -> Quarter:
    """The newest quarter for which a quarter's own figures of Ninh Thuận are in data/."""
    rows = load_workload("58")
    return max(Quarter.containing(end.date()) for end in rows.loc[rows["period_kind"] == "quarter", "period_end"])


def share_from_counts(numerator: pd.Series | float, denominator: pd.Series | float):
    """Share in per cent, 0-100, from two counts; missing where the denominator is 0 or missing.

    >>> round(share_from_counts(10196, 42972), 2)
    23.73
    """
    if isinstance(denominator, pd.Series):
        return 100 * numerator / denominator.where(denominator != 0)
    return 100 * numerator / denominator if denominator else np.nan


WORKLOAD_CELL = ["boundary", "province_code", "level", "agency", "channel"]


def against_target(workload: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Result against the target set for the same period: one row per result.

    Columns: those of the result, target, points_over (percentage points, negative is short of it).
    Results without a target keep a missing target.
    """
    results = workload[workload["measure"] == measure]
    targets = workload[workload["measure"] == f"{measure}_target"]
    key = [*WORKLOAD_CELL, "period_start", "period_end"]
    joined = results.merge(
        targets.drop_duplicates(key)[[*key, "value"]].rename(columns={"value": "target"}), on=key, how="left"
    )
    joined["points_over"] = joined["value"] - joined["target"]
    return joined


def _months(start: pd.Timestamp, end: pd.Timestamp) -> float:
    return ((end - start).days + 1) / 30.4


def own_quarter(cumulative: pd.DataFrame) -> pd.DataFrame:
    """Own figures of each quarter from cumulative ones that start on the same day.

    `cumulative`: rows of one measure with period_start, period_end, is_cumulative, value. Each cumulative
    figure less the figures already known inside it gives the last stretch. Columns: period_start,
    period_end, value, `subtracted` (true where it was got by subtraction). A stretch whose earlier part is
    not known is left out, never guessed.

    >>> frame = pd.DataFrame({"period_start": pd.to_datetime(["2022-12-15", "2022-12-15"]),
    ...     "period_end": pd.to_datetime(["2023-03-14", "2023-06-14"]), "is_cumulative": [False, True],
    ...     "value": [100.0, 260.0]})
    >>> own_quarter(frame)["value"].tolist()
    [100.0, 160.0]
    """
    own: list[tuple] = []
    rows = list(cumulative.sort_values(["period_end", "period_start"]).itertuples())
    for row in rows:
        if _months(row.period_start, row.period_end) < 4:
            own.append((row.period_start, row.period_end, row.value, False))
            continue
        # days reached without a gap from the start of the figure, with the sum up to each
        reached = {row.period_start: 0.0}
        for piece in rows:
            after = piece.period_end + pd.Timedelta(days=1)
            if piece.period_start in reached and piece.period_end < row.period_end and after not in reached:
                reached[after] = reached[piece.period_start] + piece.value
        start = max(reached)
        if start > row.period_start and _months(start, row.period_end) < 4:
            own.append((start, row.period_end, row.value - reached[start], True))
    return pd.DataFrame(own, columns=["period_start", "period_end", "value", "subtracted"])
