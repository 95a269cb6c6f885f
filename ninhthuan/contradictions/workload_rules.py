"""Rules that find contradictions among the printed figures of the workload (see `contradictions`).

Each looks at rows of a file of data/workload with the table of measures, and yields (rule, row, printed, found, source
of what is found, detail): values as in `index_rules`, a Decimal in the unit of the measure.
"""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from .. import measures
from ..catalogue import catalogue
from ..numbers import rounded
from ..reference import SOURCE_PRIORITY
from ..words import Message, message
from ..workload import shares_against_counts


def printed_of(row: pd.Series) -> Decimal:
    """The figure of a row with the decimals that it is printed with."""
    return Decimal(row["value_printed"])


def in_unit(size: Decimal, unit: str) -> Message:
    """A figure that says its unit."""
    return message("contradictions.percent" if unit == "percent" else "contradictions.amount", size=size, unit=unit)


# where, of whom and by which channel a figure is, and for which period; who says so comes last
WHERE = ["boundary", "province_code", "level", "agency", "channel"]
PERIOD = ["period_start", "period_end"]
PLACE = ["boundary", "province_code", "agency", "source_id", *PERIOD]


def _two_sources(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """One figure of one period from two sources."""
    kinds = {source_id: SOURCE_PRIORITY.index(source.kind) for source_id, source in catalogue().sources.items()}
    for _, alike in rows.groupby([*WHERE, "measure", *PERIOD]):
        alike = alike.sort_values("source_id", key=lambda column: column.map(kinds), kind="stable")
        first = alike.iloc[0]
        for _, row in alike.iloc[1:].iterrows():
            if not measures.agree(row["value_printed"], first["value_printed"]):
                yield "sources", row, printed_of(row), printed_of(first), first["source_id"], ""


def _above_whole(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """What is done is no more than what there was to do, in the period or in the year's plan."""
    bounds = {m: {e["part_of"], e["at_most"]} - {""} for m, e in vocabulary[["part_of", "at_most"]].iterrows()}
    for _, row in rows[rows["measure"].map(bounds).astype(bool)].iterrows():
        alike = rows[(rows[WHERE] == row[WHERE]).all(axis=1) & rows["measure"].isin(bounds[row["measure"]])]
        over = (alike["period_start"] <= row["period_start"]) & (alike["period_end"] >= row["period_end"])
        for _, whole in alike[over & (alike["value"] < row["value"])].iterrows():
            of = message("contradictions.whole", measure=whole["measure"])
            yield "above_whole", row, printed_of(row), printed_of(whole), whole["source_id"], of


def _mean_outside(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """A share of all levels lies among those of the levels, where all of these are known."""
    shares = rows[rows["measure"].map(vocabulary["kind"]) == "share"]
    for _, alike in shares.groupby([*PLACE, "measure", "channel"]):
        levels = alike[alike["level"] != "all"]
        needed = {"province", "commune", "district"} - (
            {"district"} if alike["boundary"].iloc[0] == "post_2025" else set()
        )
        for _, whole in alike[alike["level"] == "all"].iterrows() if needed <= set(levels["level"]) else ():
            step = 0.5 * 10.0 ** -measures.decimals_of(whole["value_printed"])
            if not levels["value"].min() - step <= whole["value"] <= levels["value"].max() + step:
                low, high = (Decimal(end(levels["value_printed"], key=Decimal)) for end in (min, max))
                between = message("contradictions.between", low=low, high=high)
                yield "mean_outside", whole, printed_of(whole), between, "", ""


def _stretches(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """A count is no less than those of the stretches within its period; nor does it leave less for its other parts."""
    counts = rows[(rows["measure"].map(vocabulary["kind"]) == "count") & (rows["period_start"] < rows["period_end"])]

    def within(whole: pd.Series, measure: str) -> list[pd.Series]:
        """Rows of stretches that do not overlap within a period."""
        alike = counts[(counts[WHERE] == whole[WHERE]).all(axis=1) & (counts["measure"] == measure)]
        inner = (alike["period_start"] >= whole["period_start"]) & (alike["period_end"] <= whole["period_end"])
        inner &= (alike[PERIOD] != whole[PERIOD]).any(axis=1)
        taken: list[pd.Series] = []
        for _, piece in alike[inner].sort_values(PERIOD[::-1]).iterrows():
            if not taken or piece["period_start"] > taken[-1]["period_end"]:
                taken.append(piece)
        return taken

    for _, row in counts[counts["is_cumulative"] == "true"].iterrows():
        printed, pieces = printed_of(row), within(row, row["measure"])
        parts = tuple(printed_of(piece) for piece in pieces)
        if sum(parts) > printed:
            yield "periods", row, printed, sum(parts), pieces[0]["source_id"], parts
        part_of = vocabulary.at[row["measure"], "part_of"]
        same = counts[(counts[WHERE] == row[WHERE]).all(axis=1) & (counts[PERIOD] == row[PERIOD]).all(axis=1)]
        for _, whole in same[same["measure"] == part_of].iterrows():
            others = vocabulary.index[(vocabulary["part_of"] == part_of) & ~vocabulary.index.isin(same["measure"])]
            most = printed_of(whole) - sum(printed_of(piece) for other in others for piece in within(row, other))
            if printed > most:
                yield "periods", row, printed, most, whole["source_id"], ""


def _shares(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    for label, _, expected in shares_against_counts(rows):
        row = rows.loc[label]
        yield "share_counts", row, printed_of(row), rounded(expected, 2), "", ""


def _units(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """A difference of two percentages is in percentage points, whatever is printed."""
    for _, row in rows.iterrows():
        true_unit = vocabulary.at[row["measure"], "unit"]
        if row["unit"] != true_unit:
            printed, right = (in_unit(printed_of(row), unit) for unit in (row["unit"], true_unit))
            yield "unit", row, printed, right, "", ""


def _parts(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """Counts by channel, by level and by named part against their total."""
    counts = rows[rows["measure"].map(vocabulary["kind"]) == "count"]
    places = dict(iter(counts.groupby(PLACE)))
    for _, whole in counts.iterrows():
        alike = places[tuple(whole[PLACE])]
        same = alike[alike["measure"] == whole["measure"]]
        splits = []
        if whole["channel"] == "all":
            splits.append(
                same[(same["level"] == whole["level"]) & same["channel"].isin(["online", "direct", "postal"])]
            )
        if whole["level"] == "all":
            splits.append(
                same[(same["channel"] == whole["channel"]) & same["level"].isin(["province", "district", "commune"])]
            )
        named = alike[
            (alike["measure"].map(vocabulary["part_of"]) == whole["measure"])
            & (alike["level"] == whole["level"])
            & (alike["channel"] == whole["channel"])
        ]
        splits.append(named)
        for parts, needed in zip(splits[::-1], [2, 3, 3], strict=False):
            listed = tuple(map(Decimal, parts["value_printed"]))
            if len(parts) >= needed and sum(listed) != printed_of(whole):
                yield "parts_total", whole, printed_of(whole), sum(listed), "", listed


def _hundred(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """Shares of all channels of one whole add up to 100."""
    shares = rows[(rows["measure"] == "dossiers_received_share") & rows["channel"].isin(["online", "direct", "postal"])]
    for _, group in shares.groupby([*PLACE, "level"]):
        parts = tuple(map(Decimal, group["value_printed"]))
        if len(group) == 3 and abs(sum(parts) - 100) > Decimal("0.02"):
            added = message("contradictions.added", parts=parts, total=rounded(sum(parts), 2))
            yield "shares_hundred", pd.Series({**group.iloc[0], "channel": ""}), added, Decimal(100), "", ""


def _changes(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """Stated changes against the levels they are said to lie between, and against one another."""
    for _, row in rows[
        rows["measure"].map(vocabulary["kind"]).isin(["change", "change_pct", "minus_target"])
    ].iterrows():
        alike = rows[(rows[[*WHERE, "source_id"]] == row[[*WHERE, "source_id"]]).all(axis=1)]
        entry = vocabulary.loc[row["measure"]]

        def level(measure: str, end: str, alike=alike, **start: str) -> float | None:
            found = alike[(alike["measure"] == measure) & (alike["period_end"] == end)]
            found = found[found["period_start"] == start["start"]] if start else found
            return found["value"].iloc[0] if len(found) else None

        base, printed, expected, detail = entry["change_of"], printed_of(row), None, ""
        now = level(base, row["period_end"])
        if now is None:
            continue
        if entry["kind"] == "minus_target":
            target = level(f"{base}_target", row["period_end"])
            expected = None if target is None else now - target
        elif entry["kind"] == "change" and row["period_start"] != row["period_end"]:
            months = BEFORE.get(row["measure"].rpartition("_")[2])
            then = level(base, row["period_start"])
            if months:
                start, end = (_earlier(row[column], months) for column in PERIOD)
                then = level(base, end, start=start)
            expected = None if then is None else now - then
        elif entry["kind"] == "change_pct":
            same = alike[(alike["measure"] == row["measure"].removesuffix("_pct"))]
            same = same[(same[PERIOD] == row[PERIOD]).all(axis=1)]
            if len(same):
                change = same["value"].iloc[0]
                expected = 100 * change / (now - change)
                sizes = {"change": Decimal(f"{change:.10g}"), "base": Decimal(f"{now - change:.10g}")}
                detail = message("contradictions.ratio", **sizes)
                # printed percentages are often cut, not rounded
                expected = None if int(expected * 100) == round(row["value"] * 100) else expected
        if expected is not None and not measures.agree(str(printed), str(rounded(expected, 6))):
            yield "change_levels", row, printed, rounded(expected, 2), "", detail


# by the last word of a measure, how many months before its period the one lies that it is compared with
BEFORE = {"yoy": 12, "quarter": 3}


def _earlier(day: str, months: int) -> str:
    """The same day so many months before; the end of a month stays one."""
    then = pd.Timestamp(day) - pd.DateOffset(months=months)
    return str((then + pd.offsets.MonthEnd(0) if pd.Timestamp(day).is_month_end else then).date())


RULES = (_two_sources, _shares, _units, _parts, _hundred, _above_whole, _mean_outside, _stretches, _changes)
