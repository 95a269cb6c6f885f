"""Checks of data/: its descriptor, and the rules of provinces, scales, sums and editions.

Validity only: that printed figures contradict one another is not a fault of the data (see `contradictions`), since both
sides are kept as published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from careful_tables import faults as general
from careful_tables.faults import coded
from careful_tables.package import DESCRIPTOR, check_package, descriptor, seal, unsealed
from ninhthuan.language import pick
from ninhthuan.words import phrase

from . import rows_of
from .refusals import Text, both, worded

__all__ = ["DataFaults", "check_data", "descriptor", "seal", "sum_tolerance", "unsealed"]

# Tables besides one for each index.
REQUIRED = {
    *("provinces", "indices", "components", "editions", "breaks", "sources", "publishers", "imports", "policies"),
    *("measures", "reform_tasks", "national", "papi_uncertainty", "claims", "ninh_thuan", "comparators"),
}
EDITIONS = "reference/editions.csv"
Tables = dict[str, pd.DataFrame]


def sum_tolerance(parts: int, decimals: int, whole_decimals: int | None = None) -> float:
    """How far a printed whole may lie from the sum of its printed parts: half of the last place of each figure.

    decimals: those of the parts, and of the whole unless it has its own. A little more where six are printed:
    publishers hold them in single precision.
    """
    own = decimals if whole_decimals is None else whole_decimals
    return max(0.00006, 0.5 * (parts * 10.0**-decimals + 10.0**-own))


class DataFaults(general.Faults):
    """All faults found in one pass over the data."""

    def texts(self) -> list[Text]:
        """The faults with their places, in both languages."""
        return [both(_in_place, fault) for fault in self.faults]

    def __str__(self) -> str:
        return "\n".join(vi for vi, _ in self.texts())


def _in_place(fault: general.Fault, language: str) -> str:
    where = fault.file
    if fault.row is not None:
        where += phrase("checks.at_row", language, row=fault.row)
    if fault.column:
        where += phrase("checks.at_column", language, column=fault.column)
    return f"{where}: {pick(*worded(fault), language)}"


def check_data(folder: Path) -> dict[str, int]:
    """Check the whole data folder; returns rows per resource, raises DataFaults with everything found."""
    try:
        links = [tuple(row.values()) for row in rows_of("links.csv")]
        tables, faults = check_package(folder, links)
        described = {resource["name"] for resource in descriptor(folder)["resources"]}
        indices = set(tables["indices"]["index_id"]) if "indices" in tables else set()
        for name in sorted((REQUIRED | indices) - described):
            faults.append(coded("checks.table_missing", name=name).at(DESCRIPTOR))
        if not faults:
            # scales, sums and coverage presuppose sound columns
            faults = [*_scale_faults(tables), *_sum_faults(tables), *_coverage_faults(tables)]
    except general.Faults as error:
        tables, faults = {}, error.faults
    if faults:
        raise DataFaults(faults)
    return {name: len(table) for name, table in tables.items()}


def _in_their_editions(rows: pd.DataFrame, components: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Rows whose component existed in their edition, with columns of it; `row` and `year` are added."""
    columns = ["component_id", "first_edition", "last_edition", *columns]
    rows = rows.assign(row=range(2, len(rows) + 2), year=pd.to_numeric(rows["edition_year"]))
    joined = rows.merge(components[columns], on="component_id")
    last = pd.to_numeric(joined["last_edition"]).fillna(9999)
    return joined[joined["year"].between(pd.to_numeric(joined["first_edition"]), last)]


def _scale_faults(tables: Tables) -> Iterator[general.Fault]:
    """Each score lies on the scale that its component had in that edition."""
    for index_id in tables["indices"]["index_id"]:
        file, rows = f"indicators/{index_id}.csv", tables[index_id]
        joined = _in_their_editions(rows, tables["components"], ["scale_min", "scale_max"])
        score = pd.to_numeric(joined["score"])
        # scales are printed with two decimals (0.33-3.33 is a third of 1-10)
        low, high = pd.to_numeric(joined["scale_min"]) - 0.004, pd.to_numeric(joined["scale_max"]) + 0.004
        shown = ["score", "scale_min", "scale_max", "component_id"]
        off = joined[(score < low) | (score > high)]
        for row, values in zip(off["row"], off[shown].to_dict("records"), strict=True):
            yield coded("checks.off_scale", **values).at(file, row, "score")
        astray = rows.assign(row=range(2, len(rows) + 2))
        astray = astray[~astray["row"].isin(joined["row"])]
        shown = ["component_id", "edition_year"]
        for row, values in zip(astray["row"], astray[shown].to_dict("records"), strict=True):
            yield coded("checks.not_in_edition", **values).at(file, row, "component_id")


def _sum_faults(tables: Tables) -> Iterator[general.Fault]:
    """PAPI: dimensions add up to the total, sub-dimensions to their dimension, within one source."""
    rows = tables["papi"]
    rows = rows.assign(row=range(2, len(rows) + 2), number=pd.to_numeric(rows["score"]))
    rows = rows[rows["number"].notna()]
    # of a source as a whole: a single figure may end in a zero that is not written
    decimals = rows["score"].str.partition(".")[2].str.len()
    rows = rows.assign(decimals=decimals.groupby([rows["edition_year"], rows["source_id"]]).transform("max"))
    key = ["edition_year", "boundary", "province_code", "component_id"]
    parents = rows.merge(_sums(rows, tables["components"]), on=key, suffixes=("", "_parts"))
    # totals and parts stand in sister workbooks of the publisher, so those are compared with one another; two
    # transcribers who differ are a contradiction to show, not a fault
    kinds = tables["sources"].set_index("source_id")["kind"]
    own, of_parts = parents["source_id"].map(kinds), parents["source_id_parts"].map(kinds)
    sisters = (own == "publisher_table") & (of_parts == "publisher_table")
    copies = (own == "publisher_table_copy") & (parents["source_id"] == parents["source_id_parts"])
    printed = zip(parents["count"], parents["decimals_parts"], parents["decimals"], strict=True)
    allowed = [sum_tolerance(*counts) for counts in printed]
    off = parents[(sisters | copies) & ((parents["number"] - parents["sum"]).abs() > allowed)]
    shown = ["component_id", "edition_year", "province_code", "score", "sum"]
    for row, values in zip(off["row"], off[shown].to_dict("records"), strict=True):
        yield coded("checks.parts_differ", **values).at("indicators/papi.csv", row, "score")


def _sums(rows: pd.DataFrame, components: pd.DataFrame) -> pd.DataFrame:
    """Sums of the parts of a component, for each source that prints all parts of the edition."""
    parts = components[components["parent_id"].str.startswith("papi_")]
    joined = _in_their_editions(rows.drop(columns="row"), parts, ["parent_id"])
    sums = (
        joined.groupby(["edition_year", "boundary", "province_code", "parent_id", "source_id"])
        .agg(sum=("number", "sum"), count=("number", "count"), decimals=("decimals", "max"))
        .reset_index()
        .rename(columns={"parent_id": "component_id"})
    )
    spans = [(part.parent_id, int(part.first_edition), int(part.last_edition or 9999)) for part in parts.itertuples()]
    newest = joined["year"].max()
    expected = Counter((parent, year) for parent, first, last in spans for year in range(first, min(last, newest) + 1))
    places = zip(sums["component_id"], sums["edition_year"], strict=True)
    return sums[sums["count"] == [expected[name, int(year)] for name, year in places]]


def _coverage_faults(tables: Tables) -> Iterator[general.Fault]:
    """PAPI is complete: in each edition every province has a total or is listed as withheld, never both.

    And a day of publication stands exactly where its precision is known.
    """
    editions = tables["editions"].assign(row=range(2, len(tables["editions"]) + 2))
    for row in editions.loc[(editions["published_on"] == "") != (editions["published_precision"] == "unknown"), "row"]:
        yield coded("checks.day_and_precision").at(EDITIONS, row, "published_precision")
    totals = tables["papi"][(tables["papi"]["component_id"] == "papi_total") & (tables["papi"]["score"] != "")]
    # what an edition covers; Hà Tây, which ended in 2008, was before all of them
    covered = tables["provinces"][tables["provinces"]["valid_to"].isin(["", "2025-06-30"])]
    known = {boundary: set(rows["province_code"]) for boundary, rows in covered.groupby("boundary")}
    for edition in editions[editions["index_id"] == "papi"].itertuples():
        here = (totals["edition_year"] == edition.edition_year) & (totals["boundary"] == edition.boundary)
        with_total, withheld = set(totals.loc[here, "province_code"]), set(edition.provinces_withheld.split())
        lost = known[edition.boundary] - with_total - withheld
        for code, codes in (("checks.no_total", lost), ("checks.total_and_withheld", with_total & withheld)):
            if codes:
                found = coded(code, edition_year=edition.edition_year, codes=" ".join(sorted(codes)))
                yield found.at(EDITIONS, edition.row, "provinces_withheld")
        if int(edition.provinces_scored) != len(with_total):
            counts = {"scored": edition.provinces_scored, "counted": len(with_total)}
            found = coded("checks.provinces_scored", edition_year=edition.edition_year, **counts)
            yield found.at(EDITIONS, edition.row, "provinces_scored")
