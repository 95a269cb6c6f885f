"""Names, units and formats of the columns of the cards' CSV files, in both languages, and what their codes mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label, labels, pick
from ninhthuan.words import rows

from ..wording import component_name, index_name, indicator_name, measure_name, part_name, province_name, publisher_name

# Kinds: text, code (text that is never a number), year, rank, number (of a row or task), count, score, difference (of
# scores), places (of ranks), percent, date, flag. Units: as in units_of_columns or labels; `own` is that of the score.
_COLUMNS = {row["name"]: row for _, row in rows("columns") if not row["card"]}
# What a name has on one card only: its unit, and its words and kind where these are others.
_ON_CARD = {(row["card"], row["name"]): row for _, row in rows("columns") if row["card"]}
# Units that a column always has, beside those of the labels.
UNITS = {row["unit"]: (row["vi"], row["en"]) for _, row in rows("units_of_columns")}
# What codes mean where the labels say nothing, or something else.
_CODES = {(name, row["code"]): (row["vi"], row["en"]) for _, row in rows("codes") for name in row["columns"].split()}

# Name of the column with a code in words; of other codes it is that of the code with LABEL.
LABEL = "_label"
NAMED = {
    "province_code": "province",
    "component_id": "component_name",
    "indicator": "indicator_name",
    "measure": "measure_name",
    "part": "part_name",
}


@dataclass(frozen=True)
class Column:
    """A column as readers see it: label, unit (blank where it has none), what it is, and how its cells are shown."""

    name: str
    kind: str
    label: str
    unit: str = ""
    meaning: str = ""

    @property
    def heading(self) -> str:
        return f"{self.label} ({self.unit})" if self.unit else self.label


def known(name: str) -> bool:
    """Whether a column has a name of its own for readers."""
    return name in _COLUMNS


def column(name: str, language: str, card: str = "", frame: Mapping[str, Iterable] | None = None) -> Column:
    """A column of a card's CSV; one that is not known keeps its machine name. `frame` tells the unit of its scores."""
    if name.endswith(LABEL) and name not in _COLUMNS:
        return replace(column(name.removesuffix(LABEL), language, card, frame), name=name, kind="text")
    if name not in _COLUMNS:
        return Column(name, "text", name)
    own = _ON_CARD.get((card, name), {})
    row = _COLUMNS[name] | {key: text for key, text in own.items() if text or key == "unit"}
    kind, unit = row["kind"], row["unit"]
    if unit == "own":
        unit = _own_unit(frame)
        if kind == "difference" and unit == "percent":
            unit = "percentage_points"
    shown = pick(*UNITS[unit], language) if unit in UNITS else label(unit, language) if unit else ""
    return Column(name, kind, row[language], shown, row[f"meaning_{language}"])


def _own_unit(frame: Mapping[str, Iterable] | None) -> str:
    """Unit of the scores of a frame: said in its column, or known of its components; `by_row` where it varies."""
    if frame is None:
        return ""
    if "unit" in frame:
        units = set(frame["unit"]) - {""}
    else:
        declared = {component.component_id: component.unit for component in catalogue().components}
        units = {declared[name] for name in frame.get("component_id", ()) if name in declared}
    if len(units) > 1:
        return "by_row"
    unit = units.pop() if units else ""
    return unit if unit in labels() else ""


def code_name(name: str, code: str, language: str, boundary: str = "pre_2025") -> str:
    """What a code of a column means; blank where it is no code, or one that explains itself."""
    try:
        if (name, code) in _CODES:
            return pick(*_CODES[name, code], language)
        if name == "index_id":
            return index_name(code)
        if name.endswith("source_id"):
            return "; ".join(dict.fromkeys(publisher_name(one, language) for one in code.split()))
        if name == "province_code":
            return province_name(code, boundary, language)
        if name == "component_id":
            component = catalogue().component(code)
            return component_name(component, language) if component.level != "total" else index_name(component.index_id)
        if name == "indicator":
            return indicator_name(code, language)
        if name == "measure":
            return measure_name(code, language)
        if name == "subject":
            subjects = (code_name(one, code, language) for one in ("component_id", "measure", "indicator"))
            return next(filter(None, subjects), "")
        if name == "part":
            return part_name(code, language)
        is_code = name in _COLUMNS and _COLUMNS[name]["kind"] == "code"
        return label(code, language) if is_code and code in labels() else ""
    except (KeyError, ValueError, IndexError):
        return ""
