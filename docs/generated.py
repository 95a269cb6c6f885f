"""What follows from the project, as Markdown: the data dictionary, the package, cards and commands.

`filled` puts them where a page says `<!-- generated: NAME -->`.
"""

from __future__ import annotations

import contextlib
import csv
import inspect
import io
import json
import os
import re
import tomllib
from importlib import import_module
from pathlib import Path

import gallery
import pandas as pd
from docutils.nodes import SkipNode as Done  # what a writer raises when a node is written  # noqa: F401

import ninhthuan
from ninhthuan import language
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import BOUNDARIES
from ninhthuan_reports import cards, cli, parameters
from ninhthuan_reports.report import Report
from ninhthuan_reports.wording import year_spans

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTOR = ROOT / "data/datapackage.json"
RUNS = ROOT / "notebooks/runs.toml"
QUESTIONS = ROOT / "docs/questions.csv"
PLACE = re.compile(r"^<!-- generated: (\w+) -->$", flags=re.MULTILINE)


def filled(page: str, *, without: str = "") -> tuple[str, list[Path]]:
    """A page with its generated parts, and the files that these follow from; without: how names left out begin."""
    files: list[Path] = []

    def put(place: re.Match) -> str:
        if without and place[1].startswith(without):
            return ""
        make, sources = PARTS[place[1]]
        files.extend(sources)
        return make()

    # what is called in a text leads to its place in the reference, so a name that is gone fails the build
    page = re.sub(r"`nt\.(\w+)`", r"{py:obj}`nt.\1 <ninhthuan.\1>`", page)
    return PLACE.sub(put, page), files


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _row(*cells: object) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


# ------------------------------------------------------------------------------------------------------ data dictionary


def dictionary() -> str:
    """Every table of the data and every column of it, as the descriptor says."""
    described = json.loads(DESCRIPTOR.read_text("utf-8"))["resources"]
    lines = ["| table | rows | các dòng |", "|---|---|---|"]
    lines += [_row(f"[{r['name']}](#{r['name'].replace('_', '-')})", r["title_en"], r["title"]) for r in described]
    for table in described:
        lines += ["", f"({table['name'].replace('_', '-')})=", f"## `{table['name']}`", ""]
        lines += [f"{table['title_en']} / {table['title']}. `data/{table['path']}`", "", *_keys(table["schema"]), ""]
        lines += ["| column | values | meaning | ý nghĩa |", "|---|---|---|---|"]
        lines += [_field(field) for field in table["schema"]["fields"]]
    return "\n".join(lines)


def _names(columns: str | list[str]) -> str:
    return ", ".join(f"`{name}`" for name in ([columns] if isinstance(columns, str) else columns))


def _keys(schema: dict) -> list[str]:
    lines = [f"- One row for each {_names(schema['primaryKey'])}"] if schema.get("primaryKey") else []
    for key in schema.get("foreignKeys", ()):
        there = key["reference"]
        table = f"[{there['resource']}](#{there['resource'].replace('_', '-')})" if there["resource"] else "this table"
        lines.append(f"- {_names(key['fields'])} must stand in {table} as {_names(there['fields'])}")
    return lines


def _field(field: dict) -> str:
    rules = field.get("constraints", {})
    values = [field["type"] + (f", unit `{field['unit']}`" if field.get("unit") else "")]
    values += [{" ": "blanks between", ";": "semicolons between"}[field["delimiter"]]] if "delimiter" in field else []
    values += ["in this order"] if field.get("categoriesOrdered") else []
    low, high = rules.get("minimum"), rules.get("maximum")
    if low is not None and high is not None:
        values.append(f"{low} to {high}")
    else:
        values += [f"{low} or more"] if low is not None else [f"{high} or less"] if high is not None else []
    values += [" ".join(f"`{value}`" for value in rules["enum"])] if "enum" in rules else []
    values += [f"as `{rules['pattern']}`"] if "pattern" in rules else []
    values += [f"{field['better']} is better"] if field.get("better") else []
    values += ["unique"] if rules.get("unique") else []
    values += ["never empty"] if rules.get("required") else []
    return _row(f"`{field['name']}`", "; ".join(values), field["description_en"], field["description"])


# ------------------------------------------------------------------------------------------------------------- coverage


def _coverage() -> pd.DataFrame:
    return pd.concat([ninhthuan.coverage(boundary=boundary) for boundary in BOUNDARIES])


def _list_name(index_id: str, boundary: str) -> str:
    return catalogue().indices[index_id].abbreviation + (", 34 units" if boundary == BOUNDARIES[1] else "")


def coverage_summary() -> str:
    """Which editions are held whole and which in part: one row an index, as it stands in README.md."""
    lines = ["| index | every province | part of them: provinces with a score |", "|---|---|---|"]
    for key, rows in _coverage().groupby(["boundary", "index_id"], sort=False):
        whole, part = rows[rows["whole"]], rows[~rows["whole"] & rows["scored"].gt(0)]
        none = rows.loc[~rows["whole"] & rows["scored"].eq(0), "edition_year"]
        alone = whole.loc[whole["parts_whole"].eq(0), "edition_year"]
        held = year_spans(list(whole["edition_year"])) + (
            f" (total alone {year_spans(list(alone))})" if len(alone) else ""
        )
        counts = [f"{row.edition_year}: {row.scored}" for row in part.itertuples()]
        counts += [f"{year_spans(list(none))}: none"] if len(none) else []
        lines.append(_row(_list_name(*key[::-1]), held or "–", " · ".join(counts) or "–"))
    return "\n".join(lines)


def coverage() -> str:
    """Every index by edition: provinces with a score of those scored, and dimensions held of every province."""
    table = _coverage()
    years = sorted(table["edition_year"].unique())
    lines = [_row("", *years), "|---|" + "--:|" * len(years)]
    for key, rows in table.groupby(["boundary", "index_id"], sort=False):
        by_year = rows.set_index("edition_year")
        for name, held, of in (("", "scored", "provinces_scored"), (", dimensions", "parts_whole", "parts")):
            cells = [f"{by_year[held][y]}/{by_year[of][y]}" if y in by_year.index else "" for y in years]
            marked = [
                f"**{cell}**" if cell and by_year["whole"][y] else cell for cell, y in zip(cells, years, strict=True)
            ]
            lines.append(_row(_list_name(*key[::-1]) + name, *(cells if name else marked)))
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------------ the package, by rooms

PUBLIC = ninhthuan._PLACES


def questions() -> str:
    """What may be asked, and a line that answers it."""
    with open(QUESTIONS, encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    lines = ["| question | câu hỏi | in Python |", "|---|---|---|"]
    return "\n".join([*lines, *(_row(row["question"], row["câu hỏi"], _example(row["example"])) for row in asked)])


def _example(code: str) -> str:
    """A line of code, and the way to what it calls."""
    name = re.match(r"nt\.(\w+)", code)[1]
    return f"`{code}` ([{name}](#ninhthuan.{name}))"


def package() -> str:
    """Every public name of the package, room by room, with its docstring."""
    rooms = list(dict.fromkeys(PUBLIC.values()))
    first = ["periods", "catalogue", "datasets", "indicators", "workload", "measures", "contradictions"]
    order = [room for room in first if room in rooms]
    lines = []
    for room in [*order, *(room for room in rooms if room not in order)]:
        place = room if room.startswith("ninhthuan_") else f"ninhthuan.{room}"
        module = import_module(place)
        lines += ["", f"## `{place}`", "", *_prose(inspect.getdoc(module) or ""), ""]
        for name in (name for name, place in PUBLIC.items() if place == room):
            lines += _described(f"ninhthuan.{name}", getattr(ninhthuan, name))
    return "\n".join(lines)


def report() -> str:
    """The report of a notebook, and the parameters."""
    lines = _described(
        "ninhthuan_reports.report.Report", Report, methods=("ask", "index", "figure", "table", "closing")
    )
    lines += ["", "## Parameters", ""]
    lines += _described("ninhthuan_reports.parameters.check_parameters", parameters.check_parameters)
    lines += _described("ninhthuan_reports.parameters.Parameters", parameters.Parameters)
    lines += _described("ninhthuan.language.ParameterFaults", language.ParameterFaults, methods=("lines",))
    return "\n".join(lines)


def _described(name: str, thing: object, *, methods: tuple[str, ...] | None = None, depth: int = 5) -> list[str]:
    """A name of the package as a directive of Sphinx, with what belongs to it inside."""
    fence, body = ":" * depth, []
    if inspect.isclass(thing):
        kind = "exception" if issubclass(thing, BaseException) else "class"
        for member in _members(thing) if methods is None else methods:
            body += _described(member, inspect.getattr_static(thing, member), depth=depth - 1)
    elif isinstance(thing, property):
        kind, thing = "property", thing.fget
    elif isinstance(thing, classmethod | staticmethod):
        kind, thing = "method", thing.__func__
    elif callable(thing):
        kind = "function" if "." in name else "method"
    else:
        return [f"{fence}{{py:data}} {name}", f":value: {thing!r}", "", _constant(thing), fence, ""]
    head = name if kind == "property" else name + _signature(thing)
    return [f"{fence}{{py:{kind}}} {head}", "", *_prose(inspect.getdoc(thing) or "", thing), "", *body, fence, ""]


def _constant(thing: object) -> str:
    return "The four groups, best first." if thing == ninhthuan.GROUPS else ""


def _members(thing: type) -> list[str]:
    """Public methods and properties with a docstring of their own."""
    own = {name: value for name, value in vars(thing).items() if not name.startswith("_")}
    kinds = (property, classmethod, staticmethod)
    return [
        name
        for name, value in own.items()
        if (isinstance(value, kinds) or inspect.isfunction(value)) and (inspect.getdoc(value) or "")
    ]


def _signature(thing: object) -> str:
    """As it is called, without the types: the text says them better. Defaults stay."""
    signature = inspect.signature(thing)
    given = [p.replace(annotation=p.empty) for p in signature.parameters.values() if p.name not in ("self", "cls")]
    return str(signature.replace(parameters=given, return_annotation=signature.empty))


def _prose(text: str, thing: object = None) -> list[str]:
    """A docstring as Markdown: parameters are a list, examples code, continued rows of a table one, names links."""
    names = set()
    if callable(thing):
        with contextlib.suppress(ValueError, TypeError):
            names = set(inspect.signature(thing).parameters)
    if names:  # a parameter told of within a line begins one of its own
        text = re.sub(rf"(?<=[.;]) ((?:{'|'.join(map(re.escape, names))}): )", r"\n\1", text)
    text = re.sub(r"(?<=\.) ((?:Columns|Besides): |Raises )", r"\n\1", text)
    lines: list[str] = []
    example = False
    for line in text.splitlines():
        starts = line.startswith((">>>", "..."))
        if example and not line.strip():
            lines, example = [*lines, "```", ""], False
            continue
        if starts and not example:
            lines, example = [*lines, "", "```python"], True
        if example:
            lines.append(line)
            continue
        line = _linked(line)
        if line.startswith("| |") and _in_table(lines):
            lines[-1] = _joined(lines[-1], line)
        elif (about := re.match(r"((?:`?\w+`?, )*`?\w+`?): ", line)) and _all_named(about[1], names):
            gap = [] if lines and lines[-1].startswith(("- ", "  ")) else [""]
            lines += [*gap, f"- **{about[1]}**: {line[about.end() :]}"]
        elif re.match(r"(Columns|Besides|Raises|Missing|References|Values are|Sources?|After)\b", line) and lines:
            lines += ["", line]
        elif lines and lines[-1].startswith(("- ", "  ")) and line.strip():
            lines.append("  " + line)
        else:
            lines.append(line)
    return [*lines, "```"] if example else lines


def _all_named(text: str, names: set[str]) -> bool:
    return all(part.strip("` ") in names for part in text.split(","))


def _in_table(lines: list[str]) -> bool:
    return bool(lines) and lines[-1].startswith("|") and not lines[-1].startswith("|---")


def _joined(above: str, below: str) -> str:
    """Two lines of a table that are one row: each cell goes on in the line below."""
    pairs = zip(above.strip("|").split("|"), below.strip("|").split("|"), strict=True)
    return "|" + "|".join(f" {first.strip()} {more.strip()} " for first, more in pairs) + "|"


def _linked(line: str) -> str:
    """Names of the package in backticks lead to their place."""

    def link(found: re.Match) -> str:
        name = found[1].rpartition(".")[2].removesuffix("()")
        return f"{{py:obj}}`{found[1]} <ninhthuan.{name}>`" if name in PUBLIC else found[0]

    return re.sub(r"`([\w.]+(?:\(\))?)`", link, line)


# --------------------------------------------------------------------------------------------------- cards and commands


def card_list() -> str:
    """The notebooks in order, with the question each answers and the cards that it delivers."""
    lines = []
    declared = tomllib.loads(RUNS.read_text("utf-8"))
    for run in (*declared["run"], *declared["explore"]):
        notebook = run["notebook"]
        asks = gallery.questions_of(ROOT / "notebooks" / f"{notebook}.ipynb")
        lines += ["", f"## `{notebook}`", "", f"{asks['en']} / *{asks['vi']}*", ""]
        if run.get("indices"):
            lines += ["Once for each of " + ", ".join(f"`{index}`" for index in run["indices"]) + ".", ""]
        if run in declared["explore"]:
            lines += ["For exploring: no report runs it.", ""]
        if run["cards"]:
            lines += ["| card | kind | what it says |", "|---|---|---|"]
        for card in run["cards"]:
            kind = "text" if card == "closing" else "figure" if _drawn(card) else "table"
            says = card != "closing" and cards.card(card).caption
            text = "What is missing, what to mind, which sources" if card == "closing" else _first(says)
            lines.append(_row(card if card == "closing" else f"[{card}](gallery.md#{card})", kind, text))
    return "\n".join(lines)


def _drawn(card: str) -> bool:
    return hasattr(cards.card(card), "draw")


def _first(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")


def commands() -> str:
    """What each verb of the command line says of itself."""
    found = []
    for verb in _verbs():
        # a verb may have kinds of its own: import papi, import pci
        for words in [[verb, kind] for kind in _verbs(verb)] or [[verb]]:
            found.append(f"## `ninhthuan {' '.join(words)}`\n\n```text\n{_help(*words).rstrip()}\n```")
    return "\n\n".join(found)


def _verbs(*verb: str) -> list[str]:
    """The words that may follow a verb, where it takes one of a few."""
    listed = re.search(r"^ *\{([\w,-]+)\}$", _help(*verb), flags=re.MULTILINE)
    return listed[1].split(",") if listed else []


def _help(*verb: str) -> str:
    said = io.StringIO()
    before = {name: os.environ.get(name) for name in ("COLUMNS", "NO_COLOR")}
    os.environ.update(COLUMNS="100", NO_COLOR="1")
    try:
        with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
            cli.main([*verb, "--help"])
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return said.getvalue()


PACKAGE = sorted([*(ROOT / "ninhthuan").rglob("*.py"), *(ROOT / "packages").rglob("*.py")])
# Name of a generated part, to what makes it and the files it follows from.
PARTS = {
    "coverage": (coverage, [DESCRIPTOR]),
    "dictionary": (dictionary, [DESCRIPTOR]),
    "questions": (questions, [QUESTIONS]),
    "package": (package, PACKAGE),
    "report": (report, PACKAGE),
    "cards": (card_list, [RUNS, *PACKAGE]),
    "gallery": (gallery.gallery, [RUNS, *PACKAGE]),
    "gallery_vi": (lambda: gallery.gallery("vi"), [RUNS, *PACKAGE]),
    "commands": (commands, PACKAGE),
}
