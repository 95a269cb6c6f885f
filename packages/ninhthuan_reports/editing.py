"""The tables of words, for their editors: every row, the calls that use it, and the faults of both."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from string import Formatter

from ninhthuan.words import folder, phrase, rows

VIETNAMESE = re.compile("[À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ]")
# Names that keep their letters in English.
NAMES = re.compile("Ninh Thuận|Khánh Hòa|Hà Nội|Thừa Thiên|Huế|như in")
# The packages that say anything.
SPEAKING = ("ninhthuan", "ninhthuan_sharing", "careful_tables", "ninhthuan_intake", "ninhthuan_reports")
# The columns of each table that name a row.
KEYS = {"labels": ["label"], "codes": ["columns", "code"], "columns": ["name", "card"], "units_of_columns": ["unit"]}


@dataclass(frozen=True)
class Row:
    """A row of words: its place, its key, both texts, and the values that they take.

    values: names that both texts have; `vi:name` and `en:name` stand in one language alone.
    """

    file: str
    line: int
    key: str
    vi: str
    en: str
    values: str

    def expected(self, language: str) -> set[str]:
        given = (name.rpartition(":") for name in self.values.split())
        return {name for only, _, name in given if only in ("", language)}


def all_rows() -> Iterator[Row]:
    """Every row of words, table by table. Raises ValueError for a file that is no such table."""
    tables = [f"messages/{path.stem}" for path in sorted((folder() / "messages").glob("*.csv"))]
    for table in [*tables, *KEYS]:
        for line, row in rows(table):
            key = " ".join(filter(None, (row[name] for name in KEYS.get(table, ["key"]))))
            yield Row(f"{table}.csv", line, key, row["vi"], row["en"], row.get("values", ""))


def message_rows() -> list[Row]:
    """The rows that Python names by key."""
    return [row for row in all_rows() if row.file.startswith("messages/")]


def names_in(text: str) -> set[str]:
    """Names in braces. Raises ValueError where a brace is not closed or a form of writing does not exist."""
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        found.add(name)
        if conversion not in (None, "r", "s", "a") or not any(_writes(form, value) for value in (1.5, 1, "", date.min)):
            raise ValueError(form)
    return found


def _writes(form: str, value: object) -> bool:
    try:
        # a day takes any form
        return "%" in form if isinstance(value, date) else format(value, form) is not None
    except (ValueError, TypeError):
        return False


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """(place, pattern of the key, names of the values) of every call in Python that puts values into words."""
    packages = [Path(find_spec(name).submodule_search_locations[0]) for name in SPEAKING]
    for path in [path for package in packages for path in sorted(package.rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if name in ("phrase", "bilingual", "two_languages", "message", "coded"):
                for pattern in _keys_of(node.args[0]):
                    yield f"{path.name}:{node.lineno}", pattern, {keyword.arg for keyword in node.keywords}


def _keys_of(node: ast.expr) -> list[str]:
    """Patterns of the keys that a call may name: each constant of a choice, a text with values for what is put in."""
    if isinstance(node, ast.IfExp):
        return _keys_of(node.body) + _keys_of(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return [pattern_of(node)]
    return [re.escape(node.value)] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def pattern_of(node: ast.JoinedStr) -> str:
    """The pattern of a text with values in it, as `f"marks.{kind}"`: any word for each of them."""
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w*" for part in node.values)


def faults() -> list[tuple[str, str]]:
    """What is wrong with the words, in both languages: one text for each fault."""
    try:
        every = list(all_rows())
        forbidden = [row for _, row in rows("forbidden")]
    except ValueError as error:
        return [error.args]
    found, seen = [], {}
    for row in every:
        place = {"file": row.file, "line": row.line, "key": row.key}
        if (row.file, row.key) in seen:
            found.append(("words.key_twice", place | {"other": seen[row.file, row.key]}))
        seen[row.file, row.key] = row.line
        for language, text in (("vi", row.vi), ("en", row.en)):
            place["language"] = language
            if not text and (row.vi or row.en) and not row.key.endswith("_only_vi"):
                found.append(("words.blank", dict(place)))
                continue
            try:
                unlike = names_in(text) ^ row.expected(language)
            except ValueError:
                found.append(("words.brace", dict(place)))
                continue
            if unlike:
                found.append(("words.names", place | {"names": ", ".join(sorted(unlike))}))
            for entry in forbidden:
                if entry["language"] == language and entry["word"] in text.lower():
                    found.append(("words.forbidden", place | {"word": entry["word"], "better": entry["better"]}))
        if VIETNAMESE.search(NAMES.sub("", re.sub(r"\{[^}]*\}", "", row.en))) and row.en != row.vi:
            found.append(("words.vietnamese", dict(place)))
    keys = {row.key: row for row in every if row.file.startswith("messages/")}
    for _, pattern, given in calls():
        # most keys stand whole in the call; only a key put together is looked for among all
        whole = pattern.replace("\\", "")
        meant = [keys[whole]] if whole in keys else [row for key, row in keys.items() if re.fullmatch(pattern, key)]
        found += [] if meant else [("words.no_row", {"key": whole})]
        for row in meant:
            if None not in given and (lacking := (row.expected("vi") | row.expected("en")) - given):
                place = {"file": row.file, "line": row.line, "key": row.key}
                found.append(("words.not_given", place | {"names": ", ".join(sorted(lacking))}))
    return [(phrase(key, "vi", **values), phrase(key, "en", **values)) for key, values in found]
