"""Figures that an older copy of the data and today's do not say alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from ninhthuan import measures
from ninhthuan.catalogue import catalogue
from ninhthuan.contradictions.workload_rules import in_unit
from ninhthuan.datasets import typed_rows
from ninhthuan.indicators import load_index
from ninhthuan.language import ParameterFaults
from ninhthuan.periods import Quarter
from ninhthuan.reference import data_dir, data_from
from ninhthuan.words import Message, bilingual, message
from ninhthuan.workload import workload_known

T = TypeVar("T")
UNREADABLE = (OSError, LookupError, ValueError, TypeError, AttributeError)
WORKLOAD_FILES = ("workload/ninh_thuan.csv", "workload/comparators.csv")


def of_older(before: Path | str, work: Callable[[], T]) -> T:
    """What is done with an older copy; one that cannot be read is a fault of the request."""
    try:
        return work()
    except UNREADABLE as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        fault = bilingual("revisions.before_older_data_cannot_read", before=before, reason=reason)
        raise ParameterFaults([fault]) from error


def _same(relative: str, before: Path) -> bool:
    """Whether a file of data/ is byte for byte that of the older copy."""
    files = data_dir() / relative, before / relative
    return files[0].is_file() == files[1].is_file() and (
        not files[0].is_file() or files[0].read_bytes() == files[1].read_bytes()
    )


def _references_alike(before: Path) -> bool:
    names = {path.name for folder in (data_dir(), before) for path in (folder / "reference").glob("*.csv")}
    return all(_same(f"reference/{name}", before) for name in names)


def changed_subjects(before: Path) -> set[str]:
    """Index ids and `workload`: what contradictions may differ about between today's data and the older copy."""
    shared = ("indicators/claims.csv", "indicators/national.csv")
    if not _references_alike(before) or not all(_same(file, before) for file in shared):
        return {*catalogue().indices, "workload"}
    changed = {i for i in catalogue().indices if not _same(f"indicators/{i}.csv", before)}
    return changed | ({"workload"} if not all(_same(file, before) for file in WORKLOAD_FILES) else set())


def corrections(province_code: str, boundary: str, day: date, quarter: Quarter, before: Path) -> Iterator[dict]:
    """Rows of kind `revision`: figures known on a day that the older copy and today's data do not say alike."""
    references = _references_alike(before)
    for index_id in catalogue().indices:
        if not (references and _same(f"indicators/{index_id}.csv", before)):
            sides = _old_and_new(before, load_index, index_id, as_of=day, boundary=boundary)
            yield from index_revisions(*sides, province_code, index_id)
    if not (references and all(_same(file, before) for file in WORKLOAD_FILES)):
        yield from workload_revisions(*_old_and_new(before, _workload_rows, quarter, boundary), province_code)


def _old_and_new(before: Path, load, *what, **how) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same of the older copy and of today's data."""
    with data_from(before):
        old = load(*what, **how)
    return old, load(*what, **how)


KEY = ["edition_year", "province_code", "component_id"]
FIGURES = {"score": ("score",), "rank": ("rank_published", "n_ranked_published"), "group": ("group_published",)}
TAKEN = ["score", "rank_published", "n_ranked_published", "group_published", "rank_derived", "n_ranked"]
TAKEN += ["group_derived", "unit", "source_id", "rank_source_id"]


def index_revisions(old: pd.DataFrame, new: pd.DataFrame, province_code: str, index_id: str) -> list[dict]:
    """Rows of kind `revision` of one index, from two frames of `load_index` cut at the same day."""
    cells, differ = _compared(old, new)
    own = cells["province_code"] == province_code
    for side in ("old", "new"):
        cells[f"rank_{side}"] = cells[f"rank_derived_{side}"].fillna(cells[f"rank_published_{side}"])
    moved = _any_unlike(cells, ("rank", "n_ranked"))
    placed = own & (moved | _any_unlike(cells, ("group_derived",)))
    of_own = differ["score"] | differ["rank"]
    rows = []
    for kind, unlike in differ.items():
        for cell, also_placed in zip(cells[own & unlike].itertuples(), (placed & of_own)[own & unlike], strict=True):
            rows.append(_revised(cell, kind, index_id) | (_ranks(cell) if also_placed else {}))
    # what follows for the province's place where its own figure is the same
    follows = placed & ~of_own
    for cell, by_rank in zip(cells[follows].itertuples(), moved[follows], strict=True):
        rows.append(_followed(cell, by_rank, index_id))
    return rows + _other_revisions(cells, own, differ, moved, index_id)


def every_revision(old: pd.DataFrame, new: pd.DataFrame, index_id: str) -> list[dict]:
    """Rows of kind `revision` of one index, of every province alike, without what follows for places."""
    cells, differ = _compared(old, new)
    return [_revised(cell, kind, index_id) for kind, unlike in differ.items() for cell in cells[unlike].itertuples()]


def _compared(old: pd.DataFrame, new: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Cells of two frames side by side, and where each kind of figure differs."""
    cells = old[[*KEY, *TAKEN]].merge(new[[*KEY, *TAKEN]], on=KEY, how="outer", suffixes=("_old", "_new"))
    return cells, {kind: _any_unlike(cells, columns) for kind, columns in FIGURES.items()}


def _of_cell(cell, index_id: str) -> dict:
    """What a revision is about: a component of a province in an edition."""
    return {
        "kind": "revision",
        "index_id": index_id,
        "subject": cell.component_id,
        "province_code": cell.province_code,
        "edition_year": cell.edition_year,
    }


def _followed(cell, by_rank: bool, index_id: str) -> dict:
    """A place, or else a group, of the province that others' revised figures changed."""
    return _of_cell(cell, index_id) | {
        "figure": "rank_derived" if by_rank else "group_derived",
        "old": place(cell.rank_old, cell.n_ranked_old) if by_rank else code(cell.group_derived_old),
        "new": place(cell.rank_new, cell.n_ranked_new) if by_rank else code(cell.group_derived_new),
        "because": "follows",
        "source_id": code(cell.source_id_new),
        "previous_source_id": code(cell.source_id_old),
        **_ranks(cell),
    }


def _other_revisions(cells, own, differ, moved, index_id) -> list[dict]:
    """Revised figures of other provinces: those that changed sides with this one, and how many in all."""
    rows = []
    mine = cells[own].set_index(["edition_year", "component_id"])
    shifted = set(mine.index[moved[own].to_numpy()])
    for cell in cells[~own & differ["score"]].itertuples():
        about = cell.edition_year, cell.component_id
        if about not in shifted:
            continue
        above = [getattr(cell, f"score_{side}") > mine.at[about, f"score_{side}"] for side in ("old", "new")]
        if above[0] != above[1]:
            rows.append(_revised(cell, "score", index_id) | {"because": "moved_rank"} | _ranks(mine.loc[about]))
    if count := sum(int((unlike & ~own).sum()) for unlike in differ.values()):
        touched = cells[~own & (differ["score"] | differ["rank"] | differ["group"])]
        sources = measures.joined_sources(touched["source_id_new"].dropna())
        rows.append(_others(index_id, count, touched["edition_year"], sources) | {"index_id": index_id})
    return rows


def _others(subject: str, count: int, years: pd.Series, sources: str) -> dict:
    """How many figures of other provinces were revised."""
    return {
        "kind": "revision",
        "subject": subject,
        "province_code": "",
        "figure": "others",
        "count": count,
        "because": "revised",
        "detail": message("revisions.years", years=tuple(sorted({*map(int, years)}))),
        "source_id": sources,
    }


def _revised(cell, kind: str, index_id: str) -> dict:
    """A figure of a cell that is not what it was; kind: `score`, `rank` or `group`."""
    sides = []
    for side in ("old", "new"):
        values = [getattr(cell, f"{column}_{side}") for column in FIGURES[kind]]
        sides.append(place(*values) if kind == "rank" else figure(values[0]))
    there = [value != "" for value in sides]
    source = "rank_source_id" if kind == "rank" else "source_id"
    both = kind == "score" and isinstance(cell.score_old, float) and isinstance(cell.score_new, float)
    return _of_cell(cell, index_id) | {
        "figure": kind,
        "old": sides[0],
        "new": sides[1],
        "change": cell.score_new - cell.score_old if both else np.nan,
        "unit": code(cell.unit_new) or code(cell.unit_old),
        "because": "revised" if all(there) else "added" if there[1] else "removed",
        "source_id": code(getattr(cell, f"{source}_new")) if there[1] else "",
        "previous_source_id": code(getattr(cell, f"{source}_old")) if there[0] else "",
    }


def _workload_rows(quarter: Quarter, boundary: str) -> pd.DataFrame:
    """Printed rows of the workload of every province that a report of a quarter knows."""
    rows = pd.concat([typed_rows(file, boundary=[boundary]) for file in WORKLOAD_FILES], ignore_index=True)
    return workload_known(rows, quarter.last_day)


WORKLOAD_KEY = ["period_start", "period_end", "province_code", "level", "agency", "measure", "channel", "source_id"]


def workload_revisions(old: pd.DataFrame, new: pd.DataFrame, province_code: str = "") -> list[dict]:
    """Rows of kind `revision` of the workload, from two frames of printed rows cut at the same day.

    Those of other provinces than one are counted; without one every row stands.
    """
    sides = [side.assign(turn=side.groupby(WORKLOAD_KEY).cumcount()) for side in (old, new)]
    taken = [*WORKLOAD_KEY, "turn"]
    figures = ["value", "value_printed", "unit"]
    both = sides[0][[*taken, *figures]].merge(
        sides[1][[*taken, *figures]], on=taken, how="outer", suffixes=("_old", "_new"), indicator="side"
    )
    changed = both[_unlike(both["value_old"], both["value_new"]) | _unlike(both["unit_old"], both["unit_new"])]
    own = changed["province_code"].eq(province_code) | (not province_code)
    rows = []
    for row in changed[own].itertuples():
        values = []
        for side in ("old", "new"):
            printed, unit = (code(getattr(row, f"{name}_{side}")) for name in ("value_printed", "unit"))
            value = Decimal(printed) if printed else ""
            values.append(in_unit(value, unit) if row.side == "both" and row.unit_old != row.unit_new else value)
        rows.append(
            {
                "kind": "revision",
                "subject": row.measure,
                "level": row.level,
                "channel": row.channel,
                "province_code": row.province_code,
                "period_start": row.period_start,
                "period_end": row.period_end,
                "figure": "value",
                "old": values[0],
                "new": values[1],
                "change": row.value_new - row.value_old,
                "unit": code(row.unit_new) or code(row.unit_old),
                "because": {"both": "revised", "right_only": "added", "left_only": "removed"}[row.side],
                "detail": row.agency,
                "source_id": row.source_id if row.side != "left_only" else "",
                "previous_source_id": row.source_id if row.side != "right_only" else "",
            }
        )
    if (~own).any():
        others = changed[~own]
        years = pd.to_datetime(others["period_end"]).dt.year
        rows.append(_others("workload", len(others), years, " ".join(sorted(set(others["source_id"])))))
    return rows


def _any_unlike(cells: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Rows in which one of the columns differs between the two sides."""
    return pd.concat([_unlike(cells[f"{name}_old"], cells[f"{name}_new"]) for name in columns], axis=1).any(axis=1)


def _unlike(old: pd.Series, new: pd.Series) -> pd.Series:
    """Where two columns differ; missing is like missing and nothing else."""
    old, new = old.astype("object"), new.astype("object")
    both = old.notna() & new.notna()
    return (old.notna() != new.notna()) | (both & (old != new).fillna(True).astype(bool))


def code(value) -> str:
    """A code; nothing where it is missing."""
    return "" if pd.isna(value) else value


def figure(value) -> Decimal | str:
    """A figure with as many digits as tell it apart, or a code; nothing where it is missing."""
    return Decimal(f"{value:.10g}") if isinstance(value, float) and pd.notna(value) else code(value)


def place(rank, n_ranked, basis: str = "") -> Message | str:
    """A place, with the mark of one that is worked back; nothing where it is missing."""
    if pd.isna(rank):
        return ""
    key = "contradictions.place_worked_back" if basis == "implied" else "contradictions.place"
    return message(key, rank=int(rank), n_ranked="…" if pd.isna(n_ranked) else int(n_ranked))


def _ranks(cell) -> dict:
    return {
        "rank": cell.rank_new,
        "n_ranked": cell.n_ranked_new,
        "previous_rank": cell.rank_old,
        "previous_n_ranked": cell.n_ranked_old,
    }
