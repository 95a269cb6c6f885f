"""The panel as a file for R, Stata, SQL or a spreadsheet, with its codebook: columns, breaks and sources in words."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, time
from pathlib import Path

import pandas as pd
from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_float_dtype, is_integer_dtype

from ninhthuan.catalogue import catalogue
from ninhthuan.datasets import breaks, sources
from ninhthuan.language import LANGUAGES, labels, pick
from ninhthuan.reference import Component
from ninhthuan.words import rows

from .citing import cite, data_day, data_version

TYPES = {
    "boolean": is_bool_dtype,
    "integer": is_integer_dtype,
    "number": is_float_dtype,
    "date": is_datetime64_any_dtype,
}
CODES_LISTED = 12  # a column with more values is no list of codes
LABEL = 80  # characters of a label in Stata
Tables = dict[str, pd.DataFrame]


def codebook(panel: pd.DataFrame) -> pd.DataFrame:
    """One row a column of the panel: label, unit, meaning and codes in both languages, range, how many are missing.

    Columns: column, type, label_vi, label_en, unit, meaning_vi, meaning_en, values_vi, values_en (codes and what they
    mean), minimum, maximum, n_missing. A column of scores of a wide panel is named for its component.
    """
    parts = {part.component_id: part for part in catalogue().components}
    described = {row["name"]: row for _, row in rows("columns") if not row["card"]}
    written = []
    for name, cells in panel.items():
        row, part = described.get(name, {}), parts.get(name)
        number = _type(cells) in ("integer", "number") and cells.notna().any()
        texts = {
            f"{kind}_{language}": text
            for language in LANGUAGES
            for kind, text in (
                ("label", _part_name(part, language) if part else row.get(language, name)),
                ("meaning", row.get(f"meaning_{language}", "")),
                ("values", _values(name, cells, language)),
            )
        }
        written.append(
            {"column": name, "type": _type(cells), "unit": part.unit if part else "unit" if name == "score" else ""}
            | texts
            | {"minimum": f"{cells.min():g}" if number else "", "maximum": f"{cells.max():g}" if number else ""}
            | {"n_missing": int((cells.isna() | (cells.astype("str") == "")).sum())}
        )
    pairs = [f"{kind}_{language}" for kind in ("label", "meaning", "values") for language in LANGUAGES]
    return pd.DataFrame(written)[["column", "type", "unit", *pairs, "minimum", "maximum", "n_missing"]]


def _part_name(part: Component, language: str) -> str:
    return f"{catalogue().indices[part.index_id].abbreviation}: {pick(part.name, part.name_en, language)}"


def _type(cells: pd.Series) -> str:
    if isinstance(cells.dtype, pd.CategoricalDtype):
        return "ordered"
    return next((kind for kind, holds in TYPES.items() if holds(cells)), "text")


def _values(name: str, cells: pd.Series, language: str) -> str:
    """`high: Cao; …` of a column of few codes, in their order."""
    kind = _type(cells)
    if kind not in ("ordered", "text"):
        return ""
    codes = cells.cat.categories if kind == "ordered" else sorted(set(cells.dropna()))
    if len(codes) > CODES_LISTED:
        return ""
    meant = {row["code"]: row[language] for _, row in rows("codes") if name in row["columns"].split()}
    if name == "index_id":
        meant = {index.index_id: index.abbreviation for index in catalogue().indices.values()}
    names = {code: meant.get(code) or pick(*labels().get(code, ("", "")), language) for code in codes if code}
    return "; ".join(f"{code}: {word}" if word else code for code, word in names.items())


# ------------------------------------------------------------------------------------------------------------- formats


def _csv(tables: Tables, path: Path, language: str) -> None:
    tables["panel"].to_csv(path, index=False, lineterminator="\n")


def _stata(tables: Tables, path: Path, language: str) -> None:
    """Stata 14 or newer; labels of variables in one language, codes in order as labelled numbers."""
    panel, book = tables["panel"], tables["codebook"].set_index("column")
    whole = {name: "float64" for name, kind in book["type"].items() if kind == "integer" and panel[name].hasnans}
    labels = {name: label[:LABEL] for name, label in book[f"label_{language}"].items()}
    flags = {name: "int8" for name, kind in book["type"].items() if kind == "boolean"}
    panel.astype(whole | flags).to_stata(
        path,
        version=118,
        write_index=False,
        variable_labels=labels,
        convert_dates={name: "td" for name, kind in book["type"].items() if kind == "date"},
        data_label=f"ninhthuan {data_version()}",
        # not of the hour: the same data make the same bytes
        time_stamp=datetime.combine(data_day(), time()),
    )


def _parquet(tables: Tables, path: Path, language: str) -> None:
    import duckdb

    panel = plain(tables["panel"], days=False)
    days = ", ".join(f"{name}::DATE AS {name}" for name, cells in panel.items() if _type(cells) == "date")
    with closing(duckdb.connect()) as db:
        db.register("panel", panel)
        columns = f"* REPLACE ({days})" if days else "*"
        db.sql(f"SELECT {columns} FROM panel").write_parquet(str(path))


def _sqlite(tables: Tables, path: Path, language: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        for name, table in tables.items():
            plain(table).to_sql(name, db, index=False)
        db.commit()


def _excel(tables: Tables, path: Path, language: str) -> None:
    """Cell by cell: pandas' own way takes twice as long. A missing value is an empty cell."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"comments": cite().apa, "created": datetime.combine(data_day(), time())})
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
            ways = {"boolean": sheet.write_boolean, "text": sheet.write_string, "date": sheet.write_datetime}
            for place, (column, cells) in enumerate(plain(table, days=False).items()):
                write = ways.get(_type(cells), sheet.write_number)
                sheet.set_column(place, place, max(len(column), 12))
                for row, value in enumerate(cells.array, 1):
                    if not pd.isna(value) and value != "":
                        write(row, place, value)


def plain(table: pd.DataFrame, *, days: bool = True) -> pd.DataFrame:
    """Categories as text, and days too where a format has none."""
    kinds = {name: _type(cells) for name, cells in table.items()}
    table = table.astype({name: "str" for name, kind in kinds.items() if kind == "ordered"})
    written = {name: table[name].dt.strftime("%Y-%m-%d") for name, kind in kinds.items() if kind == "date" and days}
    return table.assign(**written)


FORMATS: dict[str, Callable[[Tables, Path, str], None]] = {
    ".csv": _csv,
    ".dta": _stata,
    ".parquet": _parquet,
    ".sqlite": _sqlite,
    ".xlsx": _excel,
}
WITHIN = (".sqlite", ".xlsx")  # formats that hold several tables


def export(panel: pd.DataFrame, path: Path, language: str = "en") -> list[Path]:
    """Write a panel and its codebook, breaks and sources; returns the files, none of which is ever half written.

    The ending of the path chooses the format, one of `FORMATS`. A workbook and a database hold all four tables; beside
    another file the other three stand as CSV, `<name>_codebook.csv` and so on. language: of labels in a Stata file.
    Raises KeyError for another ending, ModuleNotFoundError where a format needs what is not installed, OSError.
    """
    write = FORMATS[path.suffix.lower()]
    used = {name for cell in panel.get("source_id", pd.Series(dtype="str")).dropna().unique() for name in cell.split()}
    used = used or set(panel.attrs["sources"].split())
    names = set(panel["component_id"]) if "component_id" in panel else set(panel.columns)
    marks, listed = breaks(), sources()
    tables = {
        "panel": panel,
        "codebook": codebook(panel),
        "breaks": marks[marks["component_id"].isin(names)],
        "sources": listed[listed["source_id"].isin(used)],
    }
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export") as folder:
        write(tables, Path(folder) / path.name, language)
        made = [path]
        if path.suffix.lower() not in WITHIN:
            for name in list(tables)[1:]:
                made.append(path.with_name(f"{path.stem}_{name}.csv"))
                tables[name].to_csv(Path(folder) / made[-1].name, index=False, lineterminator="\n")
        for file in made:
            os.replace(Path(folder) / file.name, file)
    return made
