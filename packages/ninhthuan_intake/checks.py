"""What must hold of the data. Every fault is collected with its file, row and column; raised once.

Validity only: that printed figures contradict one another is not a fault of the data (see
`contradictions`), since both sides are kept as published.
"""

from __future__ import annotations

import csv
import hashlib
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ninhthuan.words import bilingual, phrase


def sum_tolerance(parts: int, decimals: int, whole_decimals: int | None = None) -> float:
    """How far a printed whole may lie from the sum of its printed parts: half of the last place of each figure.

    decimals: those of the parts, and of the whole unless it has its own. A little more where six are printed:
    publishers hold them in single precision.
    """
    own = decimals if whole_decimals is None else whole_decimals
    return max(0.00006, 0.5 * (parts * 10.0**-decimals + 10.0**-own))


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where, and what to do, in Vietnamese and English."""

    file: str
    row: int | None
    column: str
    vi: str
    en: str

    def text(self, language: str) -> str:
        where = self.file
        if self.row is not None:
            where += phrase("checks.at_row", language, row=self.row)
        if self.column:
            where += phrase("checks.at_column", language, column=self.column)
        return f"{where}: {self.vi if language == 'vi' else self.en}"


class DataFaults(ValueError):
    """All faults found in one pass over the data."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__("\n".join(fault.text("vi") for fault in faults))


def descriptor(folder: Path) -> dict:
    """`datapackage.json` of a data folder; raises OSError or JSONDecodeError."""
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def _stamp(content: bytes) -> dict:
    return {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}


def unsealed(folder: Path) -> list[str]:
    """Paths of the files whose size or hash is not what the descriptor says; a file that is missing is one."""
    return [
        resource["path"]
        for resource in descriptor(folder)["resources"]
        if not (folder / resource["path"]).is_file()
        or any(resource.get(k) != v for k, v in _stamp((folder / resource["path"]).read_bytes()).items())
    ]


def seal(folder: Path) -> list[str]:
    """Write the present size and hash of every file into the descriptor; returns the paths that changed."""
    package = descriptor(folder)
    changed = []
    for resource in package["resources"]:
        stamp = _stamp((folder / resource["path"]).read_bytes())
        if any(resource.get(key) != value for key, value in stamp.items()):
            changed.append(resource["path"])
            resource.update(stamp)
    (folder / "datapackage.json").write_text(
        json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )
    return changed


def check_data(folder: Path) -> dict[str, int]:
    """Check the whole data folder; returns rows per resource, raises DataFaults with everything found."""
    faults: list[Fault] = []
    try:
        package = descriptor(folder)
    except (OSError, json.JSONDecodeError) as error:
        raise DataFaults([Fault("datapackage.json", None, "", *bilingual("checks.cannot_read", error=error))]) from None
    tables: dict[str, pd.DataFrame] = {}
    listed = {resource["path"] for resource in package["resources"]}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    for path in sorted(present - listed):
        faults.append(
            Fault(
                path,
                None,
                "",
                *bilingual("checks.file_not_datapackage_json_describe"),
            )
        )
    for resource in package["resources"]:
        table = _check_file(folder, resource, faults)
        if table is not None:
            tables[resource["name"]] = table
            _check_content(resource, table, faults)
    for resource in package["resources"]:
        if resource["name"] in tables:
            _check_references(resource, tables, faults)
    _check_links(tables, faults)
    for name in sorted(RESOURCES - {resource["name"] for resource in package["resources"]}):
        faults.append(
            Fault(
                "datapackage.json",
                None,
                "",
                *bilingual("checks.table_missing_restore_file_description", name=name),
            )
        )
    if not faults:
        # sums and coverage presuppose sound columns
        _check_scales(tables, faults)
        _check_sums(tables, faults)
        _check_coverage(tables, faults)
    if faults:
        raise DataFaults(faults)
    return {name: len(table) for name, table in tables.items()}


def _check_file(folder: Path, resource: dict, faults: list[Fault]) -> pd.DataFrame | None:
    path, name = folder / resource["path"], resource["path"]

    def fault(vi: str, en: str, row: int | None = None) -> None:
        faults.append(Fault(name, row, "", vi, en))

    if not path.is_file():
        fault(*bilingual("checks.file_missing_restore_undescribe"))
        return None
    content = path.read_bytes()
    if any(resource.get(key) != value for key, value in _stamp(content).items()):
        fault(
            *bilingual("checks.size_hash_differs_datapackage_json"),
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        fault(*bilingual("checks.not_utf_8_save_file"), row)
        return None
    if "\r" in text:
        fault(*bilingual("checks.has_cr_line_ends_use"))
    if not unicodedata.is_normalized("NFC", text):
        row = next(
            (i for i, line in enumerate(text.split("\n"), 1) if not unicodedata.is_normalized("NFC", line)), None
        )
        fault(*bilingual("checks.vietnamese_text_not_nfc_form"), row)
    columns = [field["name"] for field in resource["schema"]["fields"]]
    header = text.split("\n", 1)[0].rstrip("\r").split(",")
    if header != columns:
        fault(*bilingual("checks.header_descriptor_says", header=header, columns=columns), 1)
        return None
    lines = csv.reader(text.splitlines())
    uneven = [lines.line_num for cells in lines if len(cells) != len(columns)]
    for row in uneven:
        fault(*bilingual("checks.row_does_not_fit_header"), row)
    if uneven:
        return None
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", index_col=False)
    except pd.errors.ParserError as error:
        fault(*bilingual("checks.table_cannot_read", error=error))
        return None
    key = resource["schema"]["primaryKey"]
    order = list(zip(*(table[column] for column in key), strict=True))
    for position in range(1, len(order)):
        if order[position] < order[position - 1]:
            fault(*bilingual("checks.rows_not_sorted_key"), position + 2)
            break
    return table


def _check_content(resource: dict, table: pd.DataFrame, faults: list[Fault]) -> None:
    name = resource["path"]

    def report(mask: pd.Series, column: str, vi: str, en: str) -> None:
        for position in mask.to_numpy().nonzero()[0]:
            value = table.at[position, column] if column in table else ""
            shown = repr(value)
            faults.append(
                Fault(name, int(position) + 2, column, vi.replace("VALUE", shown), en.replace("VALUE", shown))
            )

    for field in resource["schema"]["fields"]:
        column, kind, rules = field["name"], field["type"], field.get("constraints", {})
        values = table[column]
        filled = values != ""
        if rules.get("required"):
            report(~filled, column, *bilingual("checks.empty_value_required"))
        if kind in ("number", "integer"):
            pattern = r"-?[0-9]+" if kind == "integer" else r"-?[0-9]+(\.[0-9]+)?"
            sound = values.str.fullmatch(pattern)
            word = {"integer": bilingual("checks.whole_number"), "number": bilingual("checks.number")}[kind]
            report(
                filled & ~sound,
                column,
                *bilingual("checks.value_not_files_use_decimal", word=(word[0], word[1])),
            )
            numbers = pd.to_numeric(values.where(sound), errors="coerce")
            for bound, outside in (("minimum", numbers.lt), ("maximum", numbers.gt)):
                if bound in rules:
                    limit = rules[bound]
                    report(
                        outside(limit).fillna(False),
                        column,
                        *bilingual("checks.value_out_range", bound=bound, limit=limit),
                    )
        elif kind == "date":
            written = values.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}")
            days = pd.to_datetime(values.where(written), format="%Y-%m-%d", errors="coerce")
            report(
                filled & days.isna(),
                column,
                *bilingual("checks.value_not_day_written_like"),
            )
        elif kind == "boolean":
            report(
                filled & ~values.isin(["true", "false"]),
                column,
                *bilingual("checks.value_not_true_false"),
            )
        if "pattern" in rules:
            report(
                filled & ~values.str.fullmatch(rules["pattern"]),
                column,
                *bilingual("checks.value_does_not_match", pattern=rules["pattern"]),
            )
        if "enum" in rules:
            allowed = ", ".join(option for option in rules["enum"] if option)
            report(
                filled & ~values.isin(rules["enum"]),
                column,
                *bilingual("checks.value_not_one", allowed=allowed),
            )
    key = resource["schema"]["primaryKey"]
    report(table.duplicated(key), key[0], *bilingual("checks.key_repeats_earlier_row"))


def _check_references(resource: dict, tables: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    table = tables[resource["name"]]
    for foreign in resource["schema"].get("foreignKeys", []):
        columns = foreign["fields"] if isinstance(foreign["fields"], list) else [foreign["fields"]]
        reference = foreign["reference"]
        target = tables.get(reference["resource"])
        if target is None:
            continue
        referred = reference["fields"] if isinstance(reference["fields"], list) else [reference["fields"]]
        known = set(target[referred].itertuples(index=False, name=None))
        column = ", ".join(columns)
        if columns == ["source_id"]:
            # a row may rest on several sources
            ids = {k[0] for k in known}
            cells = {value: bool(set(value.split()) - ids) for value in table["source_id"].unique()}
            bad = table["source_id"].map(cells).astype(bool)
        else:
            keys = list(table[columns].itertuples(index=False, name=None))
            bad = pd.Series([key not in known and any(key) for key in keys], index=table.index)
        for position in bad.to_numpy().nonzero()[0]:
            value = " ".join(table.loc[position, columns])
            faults.append(
                Fault(
                    resource["path"],
                    int(position) + 2,
                    column,
                    *bilingual("checks.not_table", value=value, resource=reference["resource"]),
                )
            )


INDICATORS = ("papi", "pci", "par_index", "sipas", "dti")
RESOURCES = {
    *INDICATORS,
    "provinces",
    "indices",
    "components",
    "editions",
    "breaks",
    "sources",
    "publishers",
    "imports",
    "policies",
    "measures",
    "reform_tasks",
    "national",
    "papi_uncertainty",
    "claims",
    "ninh_thuan",
    "comparators",
}
# Columns that list ids of another table, separated by spaces: (table, column, table referred to, its column).
LINKS = (
    ("editions", "provinces_withheld", "provinces", "province_code"),
    ("components", "parent_id", "components", "component_id"),
    ("components", "continues_id", "components", "component_id"),
    ("measures", "numerator", "measures", "measure"),
    ("measures", "denominator", "measures", "measure"),
    ("measures", "part_of", "measures", "measure"),
    ("measures", "at_most", "measures", "measure"),
    ("measures", "change_of", "measures", "measure"),
    ("policies", "index_ids", "indices", "index_id"),
    ("provinces", "predecessor_codes", "provinces", "province_code"),
    ("provinces", "successor_code", "provinces", "province_code"),
    ("reform_tasks", "component_ids", "components", "component_id"),
    ("reform_tasks", "measures", "measures", "measure"),
)


def _check_links(tables: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    for name, column, target, key in LINKS:
        if name not in tables or target not in tables:
            continue
        known = set(tables[target][key])
        for position, cell in enumerate(tables[name][column]):
            strange = ", ".join(part for part in cell.split() if part not in known)
            if strange:
                faults.append(
                    Fault(
                        f"reference/{name}.csv",
                        position + 2,
                        column,
                        *bilingual("checks.not_table_2", strange=strange, target=target),
                    )
                )


def _check_scales(tables: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    """Each score lies on the scale that its component had in that edition."""
    components = tables["components"]
    for index_id in INDICATORS:
        rows = tables[index_id]
        rows = rows.assign(row=range(2, len(rows) + 2), year=pd.to_numeric(rows["edition_year"]))
        joined = rows.merge(
            components[["component_id", "first_edition", "last_edition", "scale_min", "scale_max"]], on="component_id"
        )
        last = pd.to_numeric(joined["last_edition"]).fillna(9999)
        joined = joined[joined["year"].between(pd.to_numeric(joined["first_edition"]), last)]
        score = pd.to_numeric(joined["score"])
        # scales are printed with two decimals (0.33-3.33 is a third of 1-10)
        low, high = pd.to_numeric(joined["scale_min"]) - 0.004, pd.to_numeric(joined["scale_max"]) + 0.004
        for item in joined[(score < low) | (score > high)].itertuples():
            faults.append(
                Fault(
                    f"indicators/{index_id}.csv",
                    item.row,
                    "score",
                    *bilingual(
                        "checks.off_scale",
                        score=item.score,
                        scale_min=item.scale_min,
                        scale_max=item.scale_max,
                        component_id=item.component_id,
                    ),
                )
            )
        for item in rows[~rows["row"].isin(joined["row"])].itertuples():
            faults.append(
                Fault(
                    f"indicators/{index_id}.csv",
                    item.row,
                    "component_id",
                    *bilingual(
                        "checks.does_not_exist_edition", component_id=item.component_id, edition_year=item.edition_year
                    ),
                )
            )


def _check_sums(tables: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    """PAPI: dimensions add up to the total, sub-dimensions to their dimension, within one source."""
    components = tables["components"]
    rows = tables["papi"]
    rows = rows.assign(
        row=range(2, len(rows) + 2), number=pd.to_numeric(rows["score"]), year=pd.to_numeric(rows["edition_year"])
    )
    rows = rows[rows["number"].notna()]
    # of a source as a whole: a single figure may end in a zero that is not written
    decimals = rows["score"].str.partition(".")[2].str.len()
    rows["decimals"] = decimals.groupby([rows["edition_year"], rows["source_id"]]).transform("max")
    parts = components[components["parent_id"].str.startswith("papi_")]
    joined = rows.merge(parts[["component_id", "first_edition", "last_edition", "parent_id"]], on="component_id")
    last = pd.to_numeric(joined["last_edition"]).fillna(9999)
    joined = joined[joined["year"].between(pd.to_numeric(joined["first_edition"]), last)]
    key = ["edition_year", "boundary", "province_code"]
    sums = (
        joined.groupby([*key, "parent_id", "source_id"])
        .agg(sum=("number", "sum"), count=("number", "count"), decimals=("decimals", "max"))
        .reset_index()
        .rename(columns={"parent_id": "component_id"})
    )
    spans = [(part.parent_id, int(part.first_edition), int(part.last_edition or 9999)) for part in parts.itertuples()]
    expected = Counter(
        (parent, year) for parent, first, last in spans for year in range(first, min(last, rows["year"].max()) + 1)
    )
    complete = sums[
        [
            item.count_ == expected[(item.component_id, int(item.edition_year))]
            for item in sums.rename(columns={"count": "count_"}).itertuples()
        ]
    ]
    # totals and parts stand in sister workbooks of the publisher, so those are compared with one another; two
    # transcribers who differ are a contradiction to show, not a fault
    sources = tables["sources"]
    workbooks = set(sources.loc[sources["kind"] == "publisher_table", "source_id"])
    copies = set(sources.loc[sources["kind"] == "publisher_table_copy", "source_id"])
    parents = rows[rows["source_id"].isin(workbooks | copies)].merge(
        complete, on=[*key, "component_id"], suffixes=("", "_parts")
    )
    same = (parents["source_id"] == parents["source_id_parts"]) | (
        parents["source_id"].isin(workbooks) & parents["source_id_parts"].isin(workbooks)
    )
    printed = zip(parents["count"], parents["decimals_parts"], parents["decimals"], strict=True)
    allowed = [sum_tolerance(*one) for one in printed]
    off = parents[same & ((parents["number"] - parents["sum"]).abs() > allowed)]
    for item in off.itertuples():
        faults.append(
            Fault(
                "indicators/papi.csv",
                item.row,
                "score",
                *bilingual(
                    "checks.province_parts_sum",
                    component_id=item.component_id,
                    edition_year=item.edition_year,
                    province_code=item.province_code,
                    score=item.score,
                    sum=item.sum,
                ),
            )
        )


def _check_coverage(tables: dict[str, pd.DataFrame], faults: list[Fault]) -> None:
    """PAPI is complete: in each edition every province has a total or is listed as withheld, never both.

    And a day of publication stands exactly where its precision is known.
    """
    editions = tables["editions"].assign(row=range(2, len(tables["editions"]) + 2))
    totals = tables["papi"][(tables["papi"]["component_id"] == "papi_total") & (tables["papi"]["score"] != "")]
    provinces = tables["provinces"]
    # what an edition covers; Hà Tây, which ended in 2008, was before all of them
    known = {
        boundary: set(rows.loc[rows["valid_to"].isin(["", "2025-06-30"]), "province_code"])
        for boundary, rows in provinces.groupby("boundary")
    }
    undated = (editions["published_on"] == "") != (editions["published_precision"] == "unknown")
    for edition in editions[undated].itertuples():
        faults.append(
            Fault(
                "reference/editions.csv",
                edition.row,
                "published_precision",
                *bilingual("checks.day_precision_do_not_match"),
            )
        )
    for edition in editions[editions["index_id"] == "papi"].itertuples():
        here = (totals["edition_year"] == edition.edition_year) & (totals["boundary"] == edition.boundary)
        held = set(totals.loc[here, "province_code"])
        withheld = set(edition.provinces_withheld.split())
        for codes, vi, en in (
            (
                known[edition.boundary] - held - withheld,
                *bilingual("checks.have_no_total_not_listed"),
            ),
            (
                held & withheld,
                *bilingual("checks.have_total_also_listed_withheld"),
            ),
        ):
            if codes:
                listing = " ".join(sorted(codes))
                faults.append(
                    Fault(
                        "reference/editions.csv",
                        edition.row,
                        "provinces_withheld",
                        *bilingual(
                            "checks.papi_provinces", edition_year=edition.edition_year, listing=listing, text=(vi, en)
                        ),
                    )
                )
        if int(edition.provinces_scored) != len(held):
            faults.append(
                Fault(
                    "reference/editions.csv",
                    edition.row,
                    "provinces_scored",
                    *bilingual(
                        "checks.papi_says_provinces_data_hold",
                        edition_year=edition.edition_year,
                        provinces_scored=edition.provinces_scored,
                        n_held=len(held),
                    ),
                )
            )
