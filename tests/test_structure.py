"""The modules of the package: what may import what, how light the package is, and that its examples are true."""

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import ninhthuan

ROOT = Path(ninhthuan.__file__).resolve().parents[1]
# A module may import only from those above it; the files of a folder may lean on one another.
ORDER = {
    "careful_tables": [""],
    "figure_cards": [
        *("captions", "lettering", "style", "placing", "recording", "svg", "rendering"),
        *("arial", "cells", "texts", "word", "template", "pdf"),
    ],
    "notebook_batch": [""],
    "ninhthuan": [
        *("periods", "words", "language", "numbers", "refusals", "reference", "catalogue", "asking"),
        *("measures", "reading", "showing", "datasets", "indicators", "workload", "comparability", "contradictions"),
        "panels",
        *(f"analysis.{name}" for name in ("certainty", "change", "moves", "reach", "relations")),
        "analysis",
    ],
    "ninhthuan_sharing": [""],
    "ninhthuan_intake": [""],
    "ninhthuan_reports": [
        *(
            "editing",
            "searching",
            "parameters",
            "summaries",
            "dossiers",
            "opening",
            "revisions",
            "wording",
            "phrases",
            "claims",
            "closing",
            "work_sentences",
            "papi_sentences",
        ),
        *("pieces", "tables", "cards", "report", "publish", "explorer", "runs", "tracing", "commands", "cli"),
    ],
}
PLACES = [f"{package}.{module}".rstrip(".") for package, modules in ORDER.items() for module in modules]
HEAVY = (
    "matplotlib",
    "seaborn",
    "papermill",
    "nbformat",
    "nbclient",
    "nbconvert",
    "IPython",
    "ipykernel",
    "jupyter",
    "jupyter_client",
    "jupyter_core",
    "jupyterlab",
    "PIL",
    "ipywidgets",
    "duckdb",
)

FOLDERS = {name: ROOT / ("" if name == "ninhthuan" else "packages") / name for name in ORDER}
FILES = sorted(path for folder in FOLDERS.values() for path in folder.rglob("*.py") if path.parent.name != "tests")


def dotted(path, folders=None):
    """`ninhthuan_reports.publish.word` of a file."""
    name, folder = next((n, f) for n, f in (folders or FOLDERS).items() if f in path.parents)
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join((name, *(part for part in parts if part != "__init__")))


def place_of(name):
    """The place in the order of a dotted name, of a module or of something within one."""
    return next((place for place in PLACES if f"{name}.".startswith(f"{place}.")), name)


def imported(path, folders=None):
    """(line, place in the order) for each import in a file from these packages, those within functions too."""
    package = dotted(path, folders).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*base, *([node.module] if node.module else [])])
            # `from . import style` names a module, `from .style import INK` a thing within one
            names = [f"{base}.{alias.name}" for alias in node.names] if base in ORDER else [base]
        else:
            continue
        found += [(node.lineno, place_of(name)) for name in names if name.split(".")[0] in ORDER]
    return found


def public_functions(path):
    body = ast.parse(path.read_text("utf-8")).body
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]


def test_every_module_has_its_place_in_the_order():
    assert [name for path in FILES if (name := dotted(path)) not in ORDER and place_of(name) not in PLACES] == []


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_imports_go_one_way(path):
    place = place_of(dotted(path))
    allowed = PLACES[: PLACES.index(place)] if place in PLACES else PLACES
    if path.parent != FOLDERS[dotted(path).split(".")[0]] or place in ORDER:
        allowed = [*allowed, place]
    # the version may be read off the package itself
    wrong = [f"line {line}: {name}" for line, name in imported(path) if name not in (*allowed, "ninhthuan.__version__")]
    assert not wrong, f"{place} may import only {', '.join(allowed)}"


@pytest.mark.parametrize(
    "line, place",
    [
        ("import ninhthuan_reports.cards", "ninhthuan_reports.cards"),
        ("from ninhthuan import catalogue", "ninhthuan.catalogue"),
        ("from ninhthuan_reports.cards import Card", "ninhthuan_reports.cards"),
        ("from . import cards", "ninhthuan_reports.cards"),
        ("from .cards import Card", "ninhthuan_reports.cards"),
        ("def f():\n    from .publish.word import write", "ninhthuan_reports.publish"),
        ("from ninhthuan_intake.pci import read_pci", "ninhthuan_intake"),
        ("import pandas", None),
        ("from collections import abc", None),
    ],
)
def test_imports_are_seen_however_they_are_written(tmp_path, line, place):
    (tmp_path / "wording.py").write_text(line, encoding="utf-8")
    found = imported(tmp_path / "wording.py", {"ninhthuan_reports": tmp_path})
    assert [name for _, name in found] == ([place] if place else [])


def test_a_file_of_a_folder_sees_its_neighbours_and_the_package(tmp_path):
    (tmp_path / "publish").mkdir()
    file = tmp_path / "publish" / "word.py"
    file.write_text("from . import page\nfrom .page import size\nfrom ..cards import Card\nfrom .. import style")
    found = [name.removeprefix("ninhthuan_reports.") for _, name in imported(file, {"ninhthuan_reports": tmp_path})]
    assert found == ["publish", "publish", "cards", "style"]


def test_import_is_light():
    code = "import sys, ninhthuan; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert [name for name in (*HEAVY, "pandas", "numpy", "babel") if name in loaded] == []
    assert [name for name in loaded if name.startswith("jupyter")] == []


def test_data_are_loaded_without_anything_that_draws():
    code = "import sys, ninhthuan as nt; nt.load_index('dti'); print(*sorted({n.split('.')[0] for n in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "pandas" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_everything_offered_exists():
    assert sorted(ninhthuan.__all__) == ninhthuan.__all__
    assert [name for name in ninhthuan.__all__ if not hasattr(ninhthuan, name)] == []


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_modules_and_public_functions_say_what_they_are(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "the module has no docstring"
    assert [node.name for node in public_functions(path) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_names_say_something(path):
    vague = {"util", "utils", "helper", "helpers", "misc", "common"}
    assert not vague & set(dotted(path).split("."))
    assert [node.name for node in public_functions(path) if node.name.startswith("process_")] == []
    # a participle says how a thing came about and not what it is
    participles = {"told", "held", "asked", "said"}
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    names = {getattr(node, "id", getattr(node, "arg", getattr(node, "name", None))) or "" for node in nodes}
    assert [name for name in sorted(names) if participles & set(name.split("_"))] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "__main__.py"], ids=dotted)
def test_examples_in_docstrings(path):
    outcome = doctest.testmod(importlib.import_module(dotted(path)))
    assert outcome.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    with_examples = {
        name
        for name in ("periods", "measures")
        for found in finder.find(importlib.import_module(f"ninhthuan.{name}"))
        if found.examples
    }
    assert with_examples == {"periods", "measures"}


def test_no_public_name_is_that_of_a_module():
    """Whoever imported the module first would find it where the function should be."""
    modules = {path.stem for path in (ROOT / "ninhthuan").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert modules & set(ninhthuan.__all__) == set()
