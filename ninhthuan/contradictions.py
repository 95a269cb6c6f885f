"""Contradictions between printed figures, found by general rules and never corrected in silence.

Each rule looks at every figure of its kind: parts against total, share against counts, change against
levels, stated rank against computed rank and denominator, printed group against computed group, the unit
per cent where points are meant, one source against another, stated national statistics against the
provinces' scores, and statements in words against the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd

from . import measures, reading
from .catalogue import accepts_names, catalogue, data_dir
from .datasets import (
    as_day,
    indicator_rows,
    last_day_of,
    load_index,
    measure_table,
    national_statements,
    shares_against_counts,
    typed_rows,
)
from .periods import Quarter

# storage noise of transcribed tables (float32) and of totals printed with five decimals
NOISE = 0.00002


@dataclass(frozen=True)
class Discrepancy:
    """One contradiction: what is printed, what follows from other printed figures, and where."""

    rule: str
    subject: str
    boundary: str
    province_code: str
    edition_year: int | None
    period_end: str
    printed: str
    found: str
    source_id: str
    other_source_id: str
    file: str
    row: int
    detail: str = ""


@accepts_names
def discrepancies(
    province_code: str | None = None,
    *,
    as_of: date | str | None = None,
    until: Quarter | date | str | None = None,
    boundary: str = "pre_2025",
    subjects: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Every contradiction in the data: one row each.

    | column | meaning |
    |---|---|
    | rule | `parts_total`, `share_counts`, `shares_hundred`, `change_levels`, `rank`, `denominator`, `group`, |
    | | `unit`, `sources`, `national`, `statement` |
    | subject | component of an index, or measure of the workload (with its level and channel) |
    | printed, found | the printed figure, and what the other printed figures give (decimal point) |
    | source_id, other_source_id | who prints it, and against whom |
    | file, row | where it stands in data/ |

    province_code: only that province (national statements are always kept out of it); None is everything.
    as_of cuts the index editions, until the workload. subjects: index ids and `workload`, to look into only
    those. An empty frame has all columns.
    """
    wanted = frozenset({*catalogue().indices, "workload"} if subjects is None else subjects)
    return _discrepancies(province_code, as_day(as_of), last_day_of(until), boundary, wanted, data_dir()).copy()


@reading.remembered
def _discrepancies(
    province_code: str | None,
    day: date | None,
    until: date | None,
    boundary: str,
    wanted: frozenset[str],
    folder: Path,
) -> pd.DataFrame:
    found: list[Discrepancy] = []
    for index_id in (name for name in catalogue().indices if name in wanted):
        found += _index_contradictions(index_id, boundary, day, province_code)
        if province_code is None:
            found += _national_contradictions(index_id, boundary, day)
    found += _statements(boundary, day, wanted, province_code)
    if "workload" in wanted:
        found += _workload_contradictions(until, boundary, province_code)
    frame = pd.DataFrame([asdict(item) for item in found], columns=[field.name for field in fields(Discrepancy)])
    frame["edition_year"] = frame["edition_year"].astype("Int64")
    frame = frame[frame["boundary"] == boundary]
    if province_code is not None:
        frame = frame[frame["province_code"] == province_code]
    return frame.sort_values(["rule", "subject", "edition_year", "province_code", "source_id"], ignore_index=True)


def _number(value: float, decimals: int) -> str:
    return str(measures.rounded(value, decimals))


def agree(printed: str, other: str) -> bool:
    """Whether two printed numbers are the same figure, one perhaps rounded further than the other."""
    coarser = min(measures.decimals_of(printed), measures.decimals_of(other))
    return abs(float(printed) - float(other)) <= max(0.5 * 10.0**-coarser + 1e-9, NOISE)


# ----------------------------------------------------------------------------------------------------------- indices


def _index_contradictions(
    index_id: str, boundary: str, as_of: date | None, province_code: str | None
) -> Iterator[Discrepancy]:
    rows = indicator_rows(index_id, boundary, as_of)
    if province_code is not None:
        rows = rows[rows["province_code"] == province_code]
    if rows.empty:
        return
    cells = load_index(index_id, as_of=as_of, boundary=boundary)
    scores = cells[cells["score"].notna()]
    columns = scores.groupby(measures.CELL)["score"]
    cell_of = {
        (cell.edition_year, cell.province_code, cell.component_id): cell
        for cell in cells[cells["province_code"].isin(rows["province_code"])].itertuples()
        if pd.notna(cell.score) or pd.notna(cell.rank_published) or pd.notna(cell.group_published)
    }
    file = f"indicators/{index_id}.csv"
    order = ["edition_year", "province_code", "component_id", "priority"]
    best_text: dict[tuple, tuple[str, str]] = {}
    printed: dict[tuple, list[str]] = defaultdict(list)
    for row in rows[rows["score_printed"] != ""].itertuples():
        printed[(row.edition_year, row.province_code, row.component_id)].append(row.score_printed)
    best_rank: dict[tuple, tuple[int, str]] = {}
    for row in rows.sort_values([*order, "source_id"]).itertuples():
        key = (row.edition_year, row.province_code, row.component_id)
        cell = cell_of.get(key)
        if cell is None:
            continue

        def item(rule: str, printed: str, found: str, other: str = "", detail: str = "", row=row) -> Discrepancy:
            return Discrepancy(
                rule,
                row.component_id,
                boundary,
                row.province_code,
                row.edition_year,
                "",
                printed,
                found,
                row.source_id,
                other,
                file,
                row.row,
                detail,
            )

        if row.score_printed:
            # the figure used comes first, so every later one is held against it
            used_text, used_source = best_text.setdefault(key, (row.score_printed, row.source_id))
            if not agree(row.score_printed, used_text):
                others = sorted({text for text in printed[key] if text not in (row.score_printed, used_text)})
                yield item("sources", row.score_printed, used_text, used_source, " ".join(others))
        if pd.notna(row.rank_published):
            rank = int(row.rank_published)
            if pd.notna(cell.rank_derived):
                own = cell.score
                column = columns.get_group((row.edition_year, row.component_id))
                # within ties any of the tied places is right
                lowest, highest = int((column > own).sum()) + 1, int((column >= own).sum())
                if not lowest <= rank <= highest:
                    yield item("rank", str(rank), f"{int(cell.rank_derived)}/{int(cell.n_ranked)}", cell.source_id)
            else:
                first_rank, first_source = best_rank.setdefault(key, (rank, row.source_id))
                if rank != first_rank:
                    yield item("rank", str(rank), str(first_rank), first_source)
            if pd.notna(row.n_ranked_published) and pd.notna(cell.n_ranked):
                stated, counted = int(row.n_ranked_published), int(cell.n_ranked)
                if stated != counted:
                    yield item("denominator", f"{rank}/{stated}", f"{rank}/{counted}", cell.source_id)
        # only PAPI's published groups are groups of this rule; other publishers print tiers of their own
        stated, ours = row.group_published, cell.group_derived
        if index_id == "papi" and stated and pd.notna(cell.rank_derived) and stated != ours:
            place = f"{int(cell.rank_derived)}/{int(cell.n_ranked)}"
            yield item("group", stated, ours, cell.source_id, place)
    yield from _parts_against_totals(index_id, cells, cell_of, rows, file, boundary)


def _parts_against_totals(index_id, cells, cell_of, rows, file, boundary) -> Iterator[Discrepancy]:
    """Dimensions against totals (and sub-dimensions against dimensions) where the total is a plain sum."""
    known = catalogue()
    first_row = rows.sort_values("priority").drop_duplicates(["edition_year", "province_code", "component_id"])
    row_of = {(r.edition_year, r.province_code, r.component_id): r for r in first_row.itertuples()}
    scores = {key: cell.score for key, cell in cell_of.items() if pd.notna(cell.score)}
    for edition_year in sorted(cells["edition_year"].unique()):
        components = known.components_of(index_id, edition_year)
        for whole in (component for component in components if component.parts_sum):
            parts = [c.component_id for c in components if c.parent_id == whole.component_id]
            for province_code in rows["province_code"].unique():
                values = [scores.get((edition_year, province_code, part)) for part in parts]
                key = (edition_year, province_code, whole.component_id)
                if key not in scores or not parts or any(value is None for value in values):
                    continue
                row, total = row_of[key], sum(values)
                tolerance = max(0.5 * 10.0 ** -measures.decimals_of(row.score_printed), 3 * NOISE)
                if abs(total - scores[key]) > tolerance:
                    yield Discrepancy(
                        "parts_total",
                        whole.component_id,
                        boundary,
                        province_code,
                        edition_year,
                        "",
                        row.score_printed,
                        _number(total, 6),
                        row.source_id,
                        row_of[(edition_year, province_code, parts[0])].source_id,
                        file,
                        row.row,
                        "+".join(parts),
                    )


def _national_contradictions(index_id: str, boundary: str, as_of: date | None) -> Iterator[Discrepancy]:
    """Stated national means, extremes and counts against the provinces' scores."""
    stated = national_statements(index_id, as_of, boundary)
    if stated.empty:
        return
    cells = load_index(index_id, as_of=as_of, boundary=boundary)
    for row in stated.itertuples():
        column = cells[
            (cells["edition_year"] == row.edition_year)
            & (cells["component_id"] == row.component_id)
            & cells["score"].notna()
        ]
        if column.empty:
            continue
        complete = column["rank_derived"].notna().any()
        scores, text = column["score"], row.value_printed
        detail = ""
        if row.statistic == "n_ranked" and complete:
            right = int(float(text)) == len(column)
            found = str(len(column))
        elif row.statistic == "mean" and complete:
            found = _number(scores.mean(), 4)
            right = agree(text, found)
            if not right and agree(text, _number(scores.median(), 6)):
                detail = f"median {_number(scores.median(), 4)}"
        elif row.statistic == "median" and complete:
            found = _number(scores.median(), 6)
            right = agree(text, found)
        elif row.statistic in ("max", "min"):
            extreme = scores.max() if row.statistic == "max" else scores.min()
            found = _number(extreme, 4)
            beyond = extreme > float(text) if row.statistic == "max" else extreme < float(text)
            # with partial scores a stated extreme can only be proved wrong from one side
            right = agree(text, found) or not (complete or beyond)
        else:
            continue
        if not right:
            yield Discrepancy(
                "national",
                f"{row.component_id} {row.statistic}",
                boundary,
                "",
                row.edition_year,
                "",
                text,
                found,
                row.source_id,
                column["source_id"].iloc[0],
                "indicators/national.csv",
                row.row,
                detail,
            )


def _statements(
    boundary: str, as_of: date | None, wanted: frozenset[str], province_code: str | None
) -> Iterator[Discrepancy]:
    """What sources say in words against the numbers."""
    if boundary != "pre_2025":
        return
    where = {} if province_code is None else {"province_code": [province_code]}
    claims = typed_rows("indicators/claims.csv", index_id=wanted, **where)
    for row in claims.itertuples():
        known = {edition.edition_year for edition in catalogue().editions_of(row.index_id, boundary, as_of)}
        if row.edition_year not in known:
            continue
        cells = load_index(row.index_id, as_of=as_of, boundary=boundary)
        alike = cells[cells["component_id"] == row.component_id]
        own = measures.province_history(alike, row.province_code).set_index("edition_year")
        now = own.loc[row.edition_year]
        size = float(row.size) if row.size else None
        wrong, found = [], []

        def note(is_wrong: bool, text: str, wrong=wrong, found=found) -> None:
            found.append(text)
            wrong.append(is_wrong)

        if row.quantity in ("rank", "score", "rank_or_score"):
            before = own.loc[int(row.base_year)]
            if row.quantity != "score" and pd.notna(now["rank"]) and pd.notna(before["rank"]):
                gained = int(before["rank"] - now["rank"])
                note(_differs(gained, row.direction, size, 0.5), f"rank {int(before['rank'])} -> {int(now['rank'])}")
            if row.quantity != "rank" and pd.notna(now["score"]) and pd.notna(before["score"]):
                change = now["score"] - before["score"]
                note(
                    _differs(change, row.direction, size, 0.005),
                    f"score {before['score']:g} -> {now['score']:g} ({_number(change, 2)})",
                )
        elif row.quantity == "national_mean":
            mean, source = _mean(row.index_id, row.component_id, row.edition_year, cells, as_of)
            if mean is not None and pd.notna(now["score"]):
                over = now["score"] - mean
                decimals = measures.decimals_of(row.size) if row.size else 2
                note(
                    _differs(over, {"above": "better", "below": "worse"}[row.direction], size, 0.6 * 10**-decimals),
                    f"{_number(over, decimals)} from the mean {_number(mean, 4)} ({source})",
                )
        elif row.quantity.startswith("dimensions_in_"):
            group = row.quantity.removeprefix("dimensions_in_")
            dimensions = cells[
                (cells["edition_year"] == row.edition_year)
                & (cells["province_code"] == row.province_code)
                & (cells["level"] == "dimension")
            ]
            count = int((dimensions["group_derived"] == group).sum())
            note(size is not None and count != int(size), f"{count} in {group}")
        if any(wrong):
            crossed = (
                catalogue().breaks_between(row.component_id, int(row.base_year), row.edition_year, "break")
                if row.base_year
                else []
            )
            yield Discrepancy(
                "statement",
                row.component_id,
                boundary,
                row.province_code,
                row.edition_year,
                "",
                row.quote or f"{row.quantity} {row.direction} {row.size}".strip(),
                "; ".join(text for text, bad in zip(found, wrong, strict=True) if bad),
                row.source_id,
                now["source_id"],
                "indicators/claims.csv",
                row.row,
                " ".join(f"break {b.edition_year}" for b in crossed),
            )


def _differs(change: float, direction: str, size: float | None, tolerance: float) -> bool:
    if size is not None:
        stated = -abs(size) if direction == "worse" else abs(size)
        return abs(change - stated) > tolerance
    return change <= 0 if direction == "better" else change >= 0


def _mean(index_id, component_id, edition_year, cells, as_of) -> tuple[float | None, str]:
    column = cells[(cells["edition_year"] == edition_year) & (cells["component_id"] == component_id)]
    if column["rank_derived"].notna().any():
        return column["score"].mean(), "computed"
    stated = national_statements(index_id, as_of)
    stated = stated[
        (stated["edition_year"] == edition_year)
        & (stated["component_id"] == component_id)
        & (stated["statistic"] == "mean")
    ]
    return (stated["value"].iloc[0], stated["source_id"].iloc[0]) if len(stated) else (None, "")


# ---------------------------------------------------------------------------------------------------------- workload

PLACE = ["boundary", "province_code", "agency", "source_id", "period_start", "period_end"]


def _workload_contradictions(last: date | None, boundary: str, province_code: str | None) -> Iterator[Discrepancy]:
    vocabulary = measure_table().set_index("measure")
    for name in ("ninh_thuan", "comparators"):
        file = f"workload/{name}.csv"
        where = {} if province_code is None else {"province_code": [province_code]}
        rows = typed_rows(file, boundary=[boundary], **where)
        if last:
            rows = rows[rows["period_end"] <= str(last)]
        for rule, row, printed, found, detail in [
            *_shares(rows),
            *_units(rows, vocabulary),
            *_parts(rows, vocabulary),
            *_hundred(rows, vocabulary),
            *_changes(rows, vocabulary),
        ]:
            yield Discrepancy(
                rule,
                " ".join(part for part in (row["measure"], row["level"], row["channel"]) if part),
                row["boundary"],
                row["province_code"],
                None,
                row["period_end"],
                printed,
                found,
                row["source_id"],
                "",
                file,
                int(row["row"]),
                detail,
            )


def _shares(rows: pd.DataFrame):
    for label, _, expected in shares_against_counts(rows):
        row = rows.loc[label]
        yield "share_counts", row, row["value_printed"], _number(expected, 2), ""


def _units(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """A difference of two percentages is in percentage points, whatever is printed."""
    for _, row in rows.iterrows():
        true_unit = vocabulary.at[row["measure"], "unit"]
        if row["unit"] != true_unit:
            yield "unit", row, f"{row['value_printed']} {row['unit']}", f"{row['value_printed']} {true_unit}", ""


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
            total = parts["value"].sum()
            if len(parts) >= needed and total != whole["value"]:
                listing = " + ".join(f"{value:g}" for value in parts["value"])
                yield "parts_total", whole, whole["value_printed"], f"{total:g}", listing


def _hundred(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """Shares of all channels of one whole add up to 100."""
    shares = rows[(rows["measure"] == "dossiers_received_share") & rows["channel"].isin(["online", "direct", "postal"])]
    for _, group in shares.groupby([*PLACE, "level"]):
        total = group["value"].sum()
        if len(group) == 3 and abs(total - 100) > 0.02:
            listing = " + ".join(group["value_printed"])
            yield "shares_hundred", group.iloc[0], _number(total, 2), "100", listing


def _changes(rows: pd.DataFrame, vocabulary: pd.DataFrame):
    """Stated changes against the levels they are said to lie between, and against one another."""
    for _, row in rows.iterrows():
        entry = vocabulary.loc[row["measure"]]
        if entry["kind"] not in ("change", "change_pct", "minus_target"):
            continue
        alike = rows
        for column in ("boundary", "province_code", "agency", "level", "channel", "source_id"):
            alike = alike[alike[column] == row[column]]

        def level(measure: str, end: str, alike=alike) -> float | None:
            found = alike[(alike["measure"] == measure) & (alike["period_end"] == end)]
            return found["value"].iloc[0] if len(found) else None

        base = entry["change_of"]
        now, then = level(base, row["period_end"]), level(base, row["period_start"])
        if entry["kind"] == "minus_target":
            target = level(f"{base}_target", row["period_end"])
            if now is not None and target is not None and not agree(row["value_printed"], _number(now - target, 6)):
                yield "change_levels", row, row["value_printed"], _number(now - target, 2), ""
        elif (
            entry["kind"] == "change"
            and now is not None
            and then is not None
            and row["period_start"] != row["period_end"]
        ):
            if not agree(row["value_printed"], _number(now - then, 6)):
                yield "change_levels", row, row["value_printed"], _number(now - then, 2), ""
        elif entry["kind"] == "change_pct" and now is not None:
            same_span = alike[
                (alike["measure"] == row["measure"].removesuffix("_pct"))
                & (alike["period_start"] == row["period_start"])
                & (alike["period_end"] == row["period_end"])
            ]
            if len(same_span):
                change = same_span["value"].iloc[0]
                expected = 100 * change / (now - change)
                # printed percentages are often cut, not rounded
                if not agree(row["value_printed"], _number(expected, 6)) and int(expected * 100) != round(
                    row["value"] * 100
                ):
                    yield (
                        "change_levels",
                        row,
                        row["value_printed"],
                        _number(expected, 2),
                        f"{change:g}/{now - change:g}",
                    )
