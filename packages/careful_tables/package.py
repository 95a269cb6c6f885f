"""A folder of CSV tables against its own description, `datapackage.json` (Frictionless Data Package).

Every fault is collected with its file, row and column; nothing is mended.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from .faults import Fault, Faults, coded

DESCRIPTOR = "datapackage.json"
# A column that lists keys of another table, between blanks: (table, column, table referred to, its column).
Link = tuple[str, str, str, str]
LONGEST = 1000  # characters of a text, where its column sets no limit of its own
# Among what cannot be printed are marks that turn text round or take no room.
UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
# Whoever opens a table in a spreadsheet would have it run as a formula, wide signs too; a dash alone is none.
FORMULA = re.compile(r"\s*(?:[=@\uff1d\uff20]|[+\uff0b\uff0d-](?![0-9.]*$))")
NUMBER = {
    "integer": ("checks.not_integer", r"-?[0-9]+"),
    "number": ("checks.not_number", r"-?[0-9]+(\.[0-9]+)?"),
}


def descriptor(folder: Path) -> dict:
    """The description of a folder; raises OSError or JSONDecodeError."""
    return json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))


def resource_of(folder: Path, path: str) -> dict:
    """What the description says of one table, by its path."""
    return next(resource for resource in descriptor(folder)["resources"] if resource["path"] == path)


def columns_of(resource: dict) -> list[str]:
    """The columns of a table, in order."""
    return [field["name"] for field in resource["schema"]["fields"]]


def _stamp(content: bytes) -> dict:
    return {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}


def _differs(resource: dict, content: bytes) -> bool:
    return any(resource.get(key) != value for key, value in _stamp(content).items())


def unsealed(folder: Path) -> list[str]:
    """Paths of the files whose size or hash is not what the description says; a file that is missing is one."""
    return [
        resource["path"]
        for resource in descriptor(folder)["resources"]
        if not (folder / resource["path"]).is_file() or _differs(resource, (folder / resource["path"]).read_bytes())
    ]


def seal(folder: Path) -> list[str]:
    """Write the present size and hash of every file into the description; returns the paths that changed."""
    package = descriptor(folder)
    changed = []
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        if _differs(resource, content):
            changed.append(resource["path"])
            resource.update(_stamp(content))
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (folder / DESCRIPTOR).write_text(text, encoding="utf-8", newline="\n")
    return changed


def check_package(folder: Path, links: Iterable[Link] = ()) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """The tables of a folder, as text, by name of their resource; and everything that breaks their description.

    links: columns that list keys of other tables, for which the standard has no foreign keys. Raises Faults where the
    description itself cannot be read.
    """
    try:
        package = descriptor(folder)
    except (OSError, json.JSONDecodeError) as error:
        raise Faults([coded("checks.cannot_read", error=str(error)).at(DESCRIPTOR)]) from None
    listed = {resource["path"] for resource in package["resources"]}
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")}
    faults = [coded("checks.not_described").at(path) for path in sorted(present - listed)]
    tables: dict[str, pd.DataFrame] = {}
    paths = {resource["name"]: resource["path"] for resource in package["resources"]}
    for resource in package["resources"]:
        table = _read(folder, resource, faults)
        if table is not None:
            tables[resource["name"]] = table
            faults += _content_faults(resource, table)
    for resource in package["resources"]:
        if resource["name"] in tables:
            faults += _reference_faults(resource, tables)
    for link in links:
        faults += _link_faults(link, tables, paths)
    return tables, faults


# ------------------------------------------------------------------------------------------------------------ one file


def _read(folder: Path, resource: dict, faults: list[Fault]) -> pd.DataFrame | None:
    """A table as text, or None where it cannot be read; faults of the file as a whole are added to `faults`."""
    path = folder / resource["path"]
    if not path.is_file():
        faults.append(coded("checks.missing").at(resource["path"]))
        return None
    content = path.read_bytes()
    if _differs(resource, content):
        faults.append(coded("checks.not_sealed").at(resource["path"]))
    wrong, table = _table(path, content, resource)
    faults += [one.at(resource["path"], one.row) for one in wrong]
    return table


def _table(path: Path, content: bytes, resource: dict) -> tuple[list[Fault], pd.DataFrame | None]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return [coded("checks.not_utf8").at(row=content[: error.start].count(b"\n") + 1)], None
    faults = [coded("checks.line_ends")] if "\r" in text else []
    if not unicodedata.is_normalized("NFC", text):
        lines = [unicodedata.is_normalized("NFC", line) for line in text.split("\n")]
        faults.append(coded("checks.not_nfc").at(row=lines.index(False) + 1 if False in lines else None))
    columns = columns_of(resource)
    header = text.split("\n", 1)[0].rstrip("\r").split(",")
    if header != columns:
        return [*faults, coded("checks.header", header=str(header), columns=str(columns)).at(row=1)], None
    reader = csv.reader(text.splitlines())
    uneven = [
        coded("checks.row_does_not_fit").at(row=reader.line_num) for cells in reader if len(cells) != len(columns)
    ]
    if uneven:
        return [*faults, *uneven], None
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8", index_col=False)
    except pd.errors.ParserError as error:
        return [*faults, coded("checks.table_cannot_read", error=str(error))], None
    order = list(zip(*(table[column] for column in resource["schema"]["primaryKey"]), strict=True))
    unsorted = next((place for place in range(1, len(order)) if order[place] < order[place - 1]), None)
    return faults if unsorted is None else [*faults, coded("checks.not_sorted").at(row=unsorted + 2)], table


def _content_faults(resource: dict, table: pd.DataFrame) -> Iterator[Fault]:
    """Cells that do not fit their column, column by column; then repeated keys."""
    for field in resource["schema"]["fields"]:
        column = field["name"]
        for code, wrong, values in _wrong_cells(field, table[column]):
            for place in wrong.to_numpy().nonzero()[0]:
                shown = {"value": table.at[place, column], **values}
                yield coded(code, **shown).at(resource["path"], int(place) + 2, column)
    key = resource["schema"]["primaryKey"]
    for place in table.duplicated(key).to_numpy().nonzero()[0]:
        yield coded("checks.key_twice").at(resource["path"], int(place) + 2, key[0])


def _wrong_cells(field: dict, values: pd.Series) -> Iterator[tuple[str, pd.Series, dict]]:
    """(code, which cells, values of the message) for each rule of a column."""
    kind, rules, filled = field["type"], field.get("constraints", {}), values != ""
    if rules.get("required"):
        yield "checks.required", ~filled, {}
    if kind in NUMBER:
        code, pattern = NUMBER[kind]
        sound = values.str.fullmatch(pattern)
        yield code, filled & ~sound, {}
        numbers = pd.to_numeric(values.where(sound), errors="coerce")
        for bound, outside in (("minimum", numbers.lt), ("maximum", numbers.gt)):
            if bound in rules:
                yield (
                    "checks.out_of_range",
                    outside(rules[bound]).fillna(False),
                    {"bound": bound, "limit": rules[bound]},
                )
    elif kind == "date":
        written = values.str.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}")
        days = pd.to_datetime(values.where(written), format="%Y-%m-%d", errors="coerce")
        yield "checks.not_date", filled & days.isna(), {}
    elif kind == "string" and not {"pattern", "enum"} & rules.keys():
        longest = rules.get("maxLength", LONGEST)
        yield "landing.unprintable", values.str.contains(UNPRINTABLE), {}
        yield "landing.like_a_formula", values.str.match(FORMULA), {}
        yield "landing.too_long", values.str.len() > longest, {"longest": longest}
    elif kind == "boolean":
        yield "checks.not_boolean", filled & ~values.isin(["true", "false"]), {}
    if "pattern" in rules:
        yield "checks.pattern", filled & ~values.str.fullmatch(rules["pattern"]), {"pattern": rules["pattern"]}
    if "enum" in rules:
        allowed = ", ".join(option for option in rules["enum"] if option)
        yield "checks.not_one_of", filled & ~values.isin(rules["enum"]), {"allowed": allowed}


# --------------------------------------------------------------------------------------------------- between the tables


def _listed(names: str | list[str]) -> list[str]:
    return names if isinstance(names, list) else [names]


def _reference_faults(resource: dict, tables: dict[str, pd.DataFrame]) -> Iterator[Fault]:
    table = tables[resource["name"]]
    for foreign in resource["schema"].get("foreignKeys", []):
        columns, target = _listed(foreign["fields"]), foreign["reference"]["resource"]
        if target not in tables:
            continue
        known = set(tables[target][_listed(foreign["reference"]["fields"])].itertuples(index=False, name=None))
        keys = list(table[columns].itertuples(index=False, name=None))
        for place in (place for place, key in enumerate(keys) if key not in known and any(key)):
            astray = coded("checks.no_such_key", value=" ".join(keys[place]), table=target)
            yield astray.at(resource["path"], place + 2, ", ".join(columns))


def _link_faults(link: Link, tables: dict[str, pd.DataFrame], paths: dict[str, str]) -> Iterator[Fault]:
    name, column, target, key = link
    if name not in tables or target not in tables:
        return
    known = set(tables[target][key])
    for place, cell in enumerate(tables[name][column]):
        strange = ", ".join(part for part in cell.split() if part not in known)
        if strange:
            yield coded("checks.no_such_keys", value=strange, table=target).at(paths[name], place + 2, column)
