"""What was new between two days, on today's data: editions, moved ranks, crossed groups, results, contradictions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from ninhthuan import measures
from ninhthuan.catalogue import catalogue
from ninhthuan.contradictions import discrepancies
from ninhthuan.indicators import indicator_rows, load_index
from ninhthuan.periods import Quarter
from ninhthuan.reference import GROUPS, data_from
from ninhthuan.words import message
from ninhthuan.workload import load_workload

from ..summaries import workload_results
from .corrections import changed_subjects, figure, of_older, place

# A day of knowledge, and the quarter that a report of that day is of.
Point = tuple[date, Quarter]
OF_INDEX = ("unit", "n_ranked", "missing", "basis", "score_decimals", "rank", "rank_basis")
OF_MOVE = ("edition_year", "previous_edition", "rank", "n_ranked", "previous_rank", "previous_n_ranked", "crosses")


def editions(province_code: str, boundary: str, day_before: date, day: date) -> Iterator[dict]:
    """Rows of kind `new_edition`, `newly_known` and `no_new_edition`."""
    for index_id in catalogue().indices:
        out = catalogue().editions_of(index_id, boundary, day)
        new = [edition for edition in out if edition.known_from > day_before]
        scores = load_index(index_id, as_of=day, boundary=boundary, sources="strict")
        totals = measures.province_history(scores[scores["level"] == "total"], province_code).set_index("edition_year")
        known = totals.index[totals["score"].notna() | totals["rank"].notna()]
        known_before = _years_known(index_id, province_code, boundary, day_before)
        common = {"index_id": index_id, "subject": f"{index_id}_total"}
        for edition in out:
            year = edition.edition_year
            if edition in new or (year in known and year not in known_before):
                yield common | {
                    "kind": "new_edition" if edition in new else "newly_known",
                    "edition_year": year,
                    "published_on": edition.published_on,
                    "published_precision": edition.published_precision,
                    **(_result(totals.loc[year], index_id) if year in totals.index else {}),
                }
        if not new:
            newest = out[-1] if out else None
            yield common | {
                "kind": "no_new_edition",
                "edition_year": newest.edition_year if newest else None,
                "previous_edition": max(known) if len(known) else None,
                "published_on": newest.published_on if newest else None,
                "published_precision": newest.published_precision if newest else "",
                "missing": totals["missing"].iloc[-1] if len(totals) else "",
                "source_id": totals.loc[max(known), "source_id"] if len(known) else "",
            }


def _years_known(index_id: str, province_code: str, boundary: str, day: date) -> set[int]:
    """Editions of which a province's total or its rank was known on a day."""
    rows = indicator_rows(index_id, boundary, day, "strict")
    rows = rows[(rows["province_code"] == province_code) & rows["component_id"].eq(f"{index_id}_total")]
    return set(rows.loc[rows["score"].notna() | rows["rank_published"].notna(), "edition_year"])


def _result(cell: pd.Series, index_id: str) -> dict:
    """What an edition says of a province."""
    published = cell["group_published"] if index_id == "papi" else None
    return {
        "score": cell["score"],
        "new": figure(cell["score"]),
        "group": published if isinstance(published, str) else cell["group_derived"],
        "source_id": " ".join(dict.fromkeys(f"{cell['source_id']} {cell['rank_source_id']}".split())),
        **{name: cell[name] for name in OF_INDEX},
    }


def moves(rows: list[dict], province_code: str, boundary: str, day: date) -> Iterator[dict]:
    """Ranks moved and groups crossed in the new editions among some rows, each against the known edition before it."""
    new: dict[str, set[int]] = {}
    for row in rows:
        if row["kind"] == "new_edition":
            new.setdefault(row["index_id"], set()).add(row["edition_year"])
    for index_id, years in new.items():
        scores = load_index(index_id, as_of=day, boundary=boundary, sources="strict")
        own = scores[(scores["province_code"] == province_code) & scores["level"].isin(["total", "dimension"])]
        cells = own.set_index(["component_id", "edition_year"])
        changes = measures.changes(own, province_code, rule="positions")
        for move in changes[changes["edition_year"].isin(years)].itertuples():
            now, then = (cells.loc[(move.component_id, year)] for year in (move.edition_year, move.previous_edition))
            common = {
                "index_id": index_id,
                "subject": move.component_id,
                **{name: getattr(move, name) for name in OF_MOVE},
                "source_id": _rank_source(now),
                "previous_source_id": _rank_source(then),
            }
            if pd.notna(move.rank_change) and move.rank_change != 0:
                yield common | {
                    "kind": "rank",
                    "old": place(move.previous_rank, move.previous_n_ranked, move.previous_rank_basis),
                    "new": place(move.rank, move.n_ranked, move.rank_basis),
                    "rank_basis": move.rank_basis,
                    "previous_rank_basis": move.previous_rank_basis,
                    "change": float(move.rank_change),
                }
            groups = then["group_derived"], now["group_derived"]
            if not move.crosses and all(isinstance(group, str) for group in groups) and groups[0] != groups[1]:
                gained = float(GROUPS.index(groups[0]) - GROUPS.index(groups[1]))
                sides = {"old": groups[0], "new": groups[1], "group": groups[1]}
                yield common | {"kind": "group", **sides, "change": gained}


def _rank_source(cell: pd.Series) -> str:
    return cell["source_id"] if pd.notna(cell["rank_derived"]) else cell["rank_source_id"] or cell["source_id"]


def targets(province_code: str, boundary: str, earlier: Point, later: Point) -> Iterator[dict]:
    """Rows of kind `target`: results with a target that the earlier report did not know."""
    results = []
    for day, quarter in (earlier, later):
        found = workload_results(load_workload(province_code, until=quarter, as_of=day, boundary=boundary))
        results.append(found[found["target"].notna() & found["value"].notna()])
    key = ["measure", "channel", "period_start", "period_end"]
    known = set(results[0][key].itertuples(index=False, name=None))
    for row in results[1].itertuples():
        if (row.measure, row.channel, row.period_start, row.period_end) not in known:
            yield {
                "kind": "target",
                "subject": row.measure,
                "channel": row.channel,
                "period_start": row.period_start,
                "period_end": row.period_end,
                "new": figure(row.value),
                "target": row.target,
                "change": row.points_over,
                "unit": "percent",
                "source_id": row.source_id,
            }


# ------------------------------------------------------------------------------------------------------ contradictions


def contradictions(
    province_code: str, boundary: str, earlier: Point, later: Point, before: Path | str | None
) -> Iterator[dict]:
    """Contradictions new and gone: the earlier side by the older copy where there is one."""

    def known_at(point: Point, subjects: set[str] | None = None) -> dict:
        day, quarter = point
        scope = {"as_of": day, "until": quarter, "boundary": boundary, "subjects": subjects}
        return _keyed(discrepancies(province_code, sources="strict", **scope))

    now = known_at(later)
    # of an index without a new edition both days know the same figures
    known = catalogue()
    days = earlier[0], later[0]
    same = {i for i in known.indices if len({tuple(known.editions_of(i, boundary, day)) for day in days}) == 1}
    then = {key: row for key, row in now.items() if _subject_of(row) in same}
    then |= known_at(earlier, {*known.indices, "workload"} - same)
    old = then
    if before is not None and (changed := changed_subjects(Path(before))):

        def read() -> dict:
            with data_from(before):
                return known_at(earlier, changed)

        old = {key: row for key, row in then.items() if _subject_of(row) not in changed} | of_older(before, read)
    # by time: it came or went on today's data too
    for key in [key for key in now if key not in old]:
        yield _contradiction(now[key], "contradiction_new", "revision" if key in then else "time")
    for key in [key for key in old if key not in now]:
        yield _contradiction(old[key], "contradiction_gone", "time" if key in then else "revision")


def _contradiction(row, kind: str, because: str) -> dict:
    index_id = _subject_of(row)
    figures = message("revisions.printed_others_give", printed=row.said["printed"], found=row.said["found"])
    return {
        "kind": kind,
        "index_id": None if index_id == "workload" else index_id,
        "period_start": row.period_start or None,
        "period_end": row.period_end or None,
        "old" if kind == "contradiction_gone" else "new": figures,
        "because": because,
        "detail": row.said["detail"],
        **{name: getattr(row, name) for name in ("subject", "level", "channel", "province_code", "edition_year")},
        **{name: getattr(row, name) for name in ("rule", "source_id", "other_source_id")},
    }


def _keyed(found: pd.DataFrame) -> dict[tuple, object]:
    """Contradictions by what they are about; the figures themselves are not part of it."""
    rows: dict[tuple, object] = {}
    for row in found.itertuples():
        edition = None if pd.isna(row.edition_year) else int(row.edition_year)
        about = (row.subject, row.level, row.channel, row.province_code, edition, row.period_end)
        key = (row.rule, *about, row.source_id, row.other_source_id)
        count = 0
        while (*key, count) in rows:
            count += 1
        rows[(*key, count)] = row
    return rows


def _subject_of(row) -> str:
    """The index that a contradiction is about, or `workload`."""
    return next((i for i in catalogue().indices if row.subject.startswith(f"{i}_")), "workload")
