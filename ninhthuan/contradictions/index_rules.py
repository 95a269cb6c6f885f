"""Rules that find contradictions among the printed figures of an index (see `contradictions`).

Each yields (rule, row, printed, found, source of what is found, detail). These are values: a Decimal is a figure with
the decimals that it has, a whole number a place, a text what a source prints; what is more than that is `words.said`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from .. import measures
from ..catalogue import catalogue
from ..numbers import rounded
from ..words import Message, message

KEY = ["edition_year", "province_code", "component_id"]


class Book(NamedTuple):
    """What the rules look at: an index's rows as printed, best source first, and the cells used of all provinces."""

    index_id: str
    rows: pd.DataFrame
    cells: pd.DataFrame
    cell_of: dict[tuple, Any]

    def firsts(self, column: str) -> dict[tuple, Any]:
        """By cell the row whose figure of this kind is used."""
        found: dict[tuple, Any] = {}
        for row in self.rows[self.rows[column].notna()].itertuples():
            found.setdefault(key_of(row), row)
        return found


def key_of(row) -> tuple:
    """Edition, province and component of a row or a cell."""
    return row.edition_year, row.province_code, row.component_id


def place(rank: float, n_ranked: float) -> Message:
    """A rank with the number of provinces ranked."""
    return message("contradictions.place", rank=int(rank), n_ranked=int(n_ranked))


def _scores_of_sources(book: Book):
    """The figure used comes first, so every later one is compared with it.

    One worked back from a level and a change, both rounded, is printed nowhere and has the rounding of both.
    """
    scored = book.rows[book.rows["score"].notna()]
    for _, alike in scored[scored.duplicated(KEY, keep=False)].groupby(KEY):
        first, *later = alike.itertuples()
        for row in later:
            derived = "derived" in (row.basis, first.basis)
            rounding = 10.0 ** -measures.decimals_of(row.score_printed) + measures.NOISE
            if derived and abs(row.score - first.score) <= rounding:
                continue
            if not measures.agree(row.score_printed, first.score_printed):
                rule = "worked_back" if derived else "sources"
                pair = row.score_printed, first.score_printed
                others = tuple(Decimal(text) for text in sorted({*alike["score_printed"]} - {*pair}))
                more = message("contradictions.others", others=others) if others else ""
                yield rule, row, *map(Decimal, pair), first.source_id, more


def _ranks(book: Book):
    """A printed rank against the scores, or against another source's where these are incomplete; its denominator."""
    columns = book.cells[book.cells["score"].notna()].groupby(measures.CELL)["score"]
    firsts = book.firsts("rank_published")
    for row in book.rows[book.rows["rank_published"].notna()].itertuples():
        cell, first, rank = book.cell_of[key_of(row)], firsts[key_of(row)], int(row.rank_published)
        if pd.notna(cell.rank_derived):
            column = columns.get_group((row.edition_year, row.component_id))
            # within ties any of the tied places is right
            lowest, highest = int((column > cell.score).sum()) + 1, int((column >= cell.score).sum())
            if not lowest <= rank <= highest:
                yield "rank", row, rank, place(cell.rank_derived, cell.n_ranked), cell.source_id, ""
        elif rank != int(first.rank_published):
            yield "rank", row, rank, int(first.rank_published), first.source_id, ""
        if pd.notna(row.n_ranked_published) and pd.notna(cell.n_ranked):
            stated, counted = place(rank, row.n_ranked_published), place(rank, cell.n_ranked)
            if stated != counted:
                yield "denominator", row, stated, counted, cell.source_id, ""


def _shared_ranks(book: Book):
    """Two provinces on one printed rank whose scores differ, or after whom the next rank is taken all the same."""
    firsts = book.firsts("rank_published")
    part = book.cells[book.cells["rank_published"].notna() & ~measures.of_whole_list(book.cells)]
    for _, alike in part.groupby(measures.CELL):
        taken = set(alike["rank_published"])
        for rank, tied in alike.groupby("rank_published"):
            if len(tied) == 1 or not (tied["score"].nunique() > 1 or rank + 1 in taken):
                continue
            for cell in tied.itertuples():
                if key_of(cell) in firsts:
                    others = tied.loc[tied["province_code"] != cell.province_code]
                    shared = message("contradictions.shared", rank=int(rank), provinces=tuple(others["province_code"]))
                    yield "shared_rank", firsts[key_of(cell)], int(rank), shared, others["rank_source_id"].iloc[0], ""


def _groups(book: Book):
    """Only PAPI's published groups are groups of this rule; other publishers print tiers of their own."""
    for row in book.rows[book.rows["group_published"] != ""].itertuples() if book.index_id == "papi" else ():
        cell = book.cell_of[key_of(row)]
        if pd.notna(cell.rank_derived) and row.group_published != cell.group_derived:
            by = place(cell.rank_derived, cell.n_ranked)
            yield "group", row, row.group_published, cell.group_derived, cell.source_id, by


def _tiers(book: Book):
    """Tiers follow the scores: one that stands above a better province's, or below a worse one's, is out of order."""
    tiered = book.cells[book.cells["group_published"].notna() & book.cells["score"].notna()]
    rows = book.rows[book.rows["group_published"] != ""]
    for _, tier in tiered.groupby(measures.CELL) if book.index_id != "papi" else ():
        order = tier.groupby("group_published")["score"].transform("median").rank(method="dense").to_numpy()
        score, sound = tier["score"].to_numpy(), np.ones(len(tier), dtype=bool)
        against = (score[:, None] > score) & (order[:, None] < order)
        against |= against.T
        while (counts := (against & sound & sound[:, None]).sum(axis=1)).any():
            sound &= counts < counts.max()
        for at in np.flatnonzero(~sound):
            cell = tier.iloc[at]
            printed = rows[(rows[KEY] == list(cell[KEY])).all(axis=1)]
            if len(printed) and sound.any():
                near = tier[sound].iloc[np.abs(score[sound] - score[at]).argmin()]
                row = next(printed.itertuples())
                yield "tier", row, row.group_published, near["group_published"], near["source_id"], ""


def _above_scale(book: Book):
    """No figure is more than the most that its scale allows (thirds of a scale are printed with two decimals)."""
    cells = pd.MultiIndex.from_frame(book.rows[measures.CELL])
    most = cells.map({cell: catalogue().component(cell[1], cell[0]).scale_max for cell in cells.unique()})
    above = book.rows["score"].to_numpy(float) > most.to_numpy(float) + 0.004
    for row, limit in zip(book.rows[above].itertuples(), most[above], strict=True):
        yield "scale", row, Decimal(row.score_printed), Decimal(f"{limit:g}"), row.source_id, ""


def _parts_against_totals(book: Book):
    """Dimensions and sub-dimensions against their whole where that is a plain sum; parts of a total always are one."""
    known, row_of = catalogue(), book.firsts("score")
    scores = {key: cell.score for key, cell in book.cell_of.items() if pd.notna(cell.score)}
    provinces = book.rows["province_code"].unique()
    for edition_year in sorted(book.cells["edition_year"].unique()):
        components = known.components_of(book.index_id, edition_year)
        for whole in components:
            children = [c for c in components if c.parent_id == whole.component_id]
            sums = [[c.component_id for c in children if c.level != "part"]] if whole.parts_sum else []
            for parts in [*sums, [c.component_id for c in children if c.level == "part"]]:
                for province_code in provinces if parts else ():
                    values = [scores.get((edition_year, province_code, part)) for part in parts]
                    key = (edition_year, province_code, whole.component_id)
                    if key not in scores or any(value is None for value in values):
                        continue
                    row, total = row_of[key], sum(values)
                    # of published points every part is rounded as the whole is; PAPI's are held with all their decimals
                    rounding = 0.5 * (1 if whole.parts_sum else len(parts) + 1)
                    step = 10.0 ** -measures.decimals_of(row.score_printed)
                    if abs(total - scores[key]) > max(rounding * step, 3 * measures.NOISE):
                        of_parts = [row_of[(edition_year, province_code, part)] for part in parts]
                        printed, listed = Decimal(row.score_printed), tuple(Decimal(p.score_printed) for p in of_parts)
                        found = rounded(total, 6)
                        yield "parts_total", row, printed, found, of_parts[0].source_id, listed


RULES = (_scores_of_sources, _ranks, _shared_ranks, _groups, _tiers, _above_scale, _parts_against_totals)
