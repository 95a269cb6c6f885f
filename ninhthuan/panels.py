"""The panel: every figure of every index in one frame, ready for a regression."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from . import showing
from .catalogue import catalogue, check_boundary
from .datasets import as_day
from .indicators import GRADES, load_index
from .measures import joined_sources, rank_bases, rank_used
from .reference import GROUPS

LEVELS = ("total", "dimension", "sub_dimension")
PANEL_COLUMNS = [
    *("index_id", "edition_year", "boundary", "province_code", "province", "province_en", "region_id", "region"),
    *("region_en", "component_id", "component", "component_en", "level", "score", "unit", "rank", "n_ranked"),
    *(
        "rank_basis",
        "percentile_position",
        "group_derived",
        "whole",
        "segment",
        "same_component",
        "breaks",
        "evidence",
        "missing",
    ),
    *("published_on", "source_id"),
]
PLACE = ["edition_year", "boundary", "province_code", "province", "province_en", "region_id", "region", "region_en"]


def panel(
    index_ids: Iterable[str] | str = (),
    *,
    wide: bool = False,
    levels: Iterable[str] = LEVELS,
    as_of: date | str | None = None,
    boundary: str = "pre_2025",
    sources: str = "all",
) -> pd.DataFrame:
    """All indices in one frame: one row per index, edition year, province and component, never two.

    index_ids: one or several, by default all five. wide: one row per province and edition year instead, with the score
    of each component in a column of its name. levels: of `total`, `dimension`, `sub_dimension`, `part` and `variant`.
    as_of, boundary, sources: as in `load_index`, by which each value is chosen where sources differ.

    | column | meaning | unit |
    |---|---|---|
    | region | of six, to 30 June 2025; blank for the 34 units | |
    | score | as published; indices have different units and are never averaged | `unit` |
    | rank, n_ranked, rank_basis | rank used, its denominator, what it rests on (`measures.rank_bases`) | 1 is best |
    | percentile_position | share of the other provinces that stand lower | 0-100 |
    | group_derived | ordered: low, lower_middle, upper_middle, high, by PAPI's rule of quartiles | |
    | whole | whether every score of the list is known; an incomplete list is no random sample | |
    | segment | number of the stretch without a break or a code that means another thing: no difference across | count |
    | same_component | whether it measures, part by part, what it did in the edition before | |
    | breaks | marks of this edition in `breaks()`: `break`, `caution` or `suspected`, else blank | |
    | evidence | ordered: worked_back, transcribed, printed | |
    | missing | why there is no score; blank where there is one | |

    What did not exist in an edition has no row; what is missing has a row that says why. Codes stand beside names in
    both languages. Raises UnknownName for an unknown index, ValueError for an unknown level.

    >>> panel("papi", levels=["total"]).query("edition_year == 2023 and province_code == '58'")["score"].round(2).item()
    45.51
    """
    known = catalogue()
    check_boundary(boundary)
    levels = [levels] if isinstance(levels, str) else list(levels)
    if wrong := set(levels) - {*LEVELS, "part", "variant"}:
        raise ValueError(f"levels must be of {', '.join(LEVELS)}, part and variant, not {', '.join(sorted(wrong))}")
    index_ids = [index_ids] if isinstance(index_ids, str) else list(index_ids)
    wanted = [known.find_index(name).index_id for name in index_ids] or list(known.indices)
    frames = [load_index(name, as_of=as_of, boundary=boundary, sources=sources) for name in wanted]
    lacking = [frame.attrs["nothing"] for frame in frames if frame.empty]
    # an empty frame would take the others' types away
    rows = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    rows = _marked(rows[rows["level"].isin(levels)], boundary)
    rows.attrs = {
        "index_id": wanted[0] if len(wanted) == 1 else "",
        "unit": frames[0].attrs["unit"] if len(wanted) == 1 else "",
        "as_of": str(as_day(as_of) or ""),
        "boundary": boundary,
        "sources": joined_sources(rows["source_id"].unique()),
        "nothing": "; ".join(lacking) if rows.empty else "",
    }
    showing.in_notebooks()
    return _wide(rows) if wide else rows


def _marked(rows: pd.DataFrame, boundary: str) -> pd.DataFrame:
    """Rows of `load_index` with region, the rank used, groups and grades in order, and marks of breaks."""
    known = catalogue()
    regions = {code: province for (where, code), province in known.provinces.items() if where == boundary}
    for column in ("region_id", "region", "region_en"):
        rows[column] = (
            rows["province_code"].map({code: getattr(p, column) for code, p in regions.items()}).astype("str")
        )
    rows["rank"], rows["rank_basis"] = rank_used(rows).astype("Int64"), rank_bases(rows)
    rows["whole"] = rows["rank_derived"].notna().groupby([rows["edition_year"], rows["component_id"]]).transform("any")
    rows["group_derived"] = pd.Categorical(rows["group_derived"], GROUPS[::-1], ordered=True)
    rows["evidence"] = pd.Categorical(rows["evidence"].where(rows["missing"] == ""), GRADES[::-1], ordered=True)
    marks = {}
    for name, years in rows.groupby("component_id")["edition_year"]:
        marks |= _stretches(name, sorted(int(year) for year in years.unique()))
    cells = zip(rows["component_id"], rows["edition_year"], strict=True)
    columns = ["segment", "same_component", "breaks"]
    rows[columns] = pd.DataFrame([marks[cell] for cell in cells], index=rows.index, columns=columns)
    order = ["index_id", "edition_year", "province_code", "component_id"]
    return rows[PANEL_COLUMNS].sort_values(order, ignore_index=True)


def _stretches(component_id: str, years: list[int]) -> dict[tuple[str, int], tuple[int, bool, str]]:
    """Number of the stretch, whether the component is that of the edition before, and marks, by edition."""
    known, found, segment = catalogue(), {}, 1
    for before, year in zip([None, *years], years, strict=False):
        marks = {b.severity for b in known.breaks_of(component_id) if b.edition_year == year}
        if before is not None:
            other = known.earlier_id(component_id, year, before) != component_id
            segment += other or bool(known.breaks_between(component_id, before, year, "break"))
        same = before is not None and known.same_component(component_id, before, year)
        found[component_id, year] = (segment, same, " ".join(sorted(marks)))
    return found


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per province and edition year, with a column of scores for each component in official order."""
    known = catalogue()
    names = [c.component_id for index_id in known.indices for c in known.components_of(index_id)]
    key = ["edition_year", "province_code"]
    scores = rows.pivot(index=key, columns="component_id", values="score").reset_index()
    table = rows[PLACE].drop_duplicates().merge(scores, on=key, how="left")
    kept = [name for name in dict.fromkeys(names) if name in set(rows["component_id"])]
    table = table[[*PLACE, *kept]].sort_values(["edition_year", "province_code"], ignore_index=True)
    table.attrs = rows.attrs | {"unit": ""}
    return table
