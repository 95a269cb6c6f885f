"""The modules of the package: what may import what, how light the package is, and that its examples are true."""

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import ninhthuan

PACKAGE = Path(ninhthuan.__file__).resolve().parent
# A module may import only from those above it.
ORDER = [
    "periods",
    "words",
    "language",
    "editing",
    "folders",
    "catalogue",
    "parameters",
    "checks",
    "measures",
    "reading",
    "showing",
    "datasets",
    "index_rules",
    "workload_rules",
    "contradictions",
    "summaries",
    "dossiers",
    "comparability",
    "moves",
    "certainty",
    "change",
    "reach",
    "relations",
    "revisions",
    "wording",
    "intake",
    "findings",
    "style",
    "charts",
    "tables",
    "cards",
    "publish",
    "explorer",
    "runs",
    "cli",
]
FRONT = ORDER[: ORDER.index("revisions") + 1]
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
    "itables",
    "duckdb",
)

FILES = sorted(PACKAGE.rglob("*.py"))


def module_of(path):
    """The module of the order that a file belongs to: charts.py to charts, publish/word.py to publish."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def dotted(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(("ninhthuan", *(part for part in parts if part != "__init__")))


def imported(path):
    """(line, module of the package) for each import in a file, those within functions too."""
    package = dotted(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + (node.module.split(".") if node.module else [])
            # `from . import style` names a module, `from .style import INK` a thing within one
            names = [[*base, alias.name] for alias in node.names] if base == ["ninhthuan"] else [base]
        else:
            continue
        found += [(node.lineno, name[1] if len(name) > 1 else "") for name in names if name[0] == "ninhthuan"]
    return found


def public_functions(path):
    body = ast.parse(path.read_text("utf-8")).body
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]


def file_id(path):
    return path.relative_to(PACKAGE).as_posix()


def test_every_module_has_its_place_in_the_order():
    modules = {module_of(path) for path in FILES} - {"__init__", "__main__"}
    assert modules <= set(ORDER), f"give these a place in ORDER: {sorted(modules - set(ORDER))}"


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_imports_go_one_way(path):
    module = module_of(path)
    if module == "__init__":
        allowed = FRONT
    elif module == "__main__":
        allowed = [*FRONT, "cli"]
    else:
        allowed = ORDER[: ORDER.index(module)]
        if path.parent != PACKAGE:
            # files of one package may lean on one another
            allowed = [*allowed, module]
    # the version may be read off the package itself
    wrong = [f"line {line}: {name}" for line, name in imported(path) if name not in (*allowed, "__version__")]
    assert not wrong, f"{module} may import only {', '.join(allowed)}"


@pytest.mark.parametrize(
    "line, name",
    [
        ("import ninhthuan.cards", "cards"),
        ("from ninhthuan import cards", "cards"),
        ("from ninhthuan.cards import Card", "cards"),
        ("from . import cards", "cards"),
        ("from .cards import Card", "cards"),
        ("def f():\n    from .publish.word import write", "publish"),
        ("import pandas", None),
        ("from collections import abc", None),
    ],
)
def test_imports_are_seen_however_they_are_written(tmp_path, monkeypatch, line, name):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "wording.py").write_text(line, encoding="utf-8")
    assert [found for _, found in imported(tmp_path / "wording.py")] == ([name] if name else [])


def test_a_file_of_a_folder_sees_its_neighbours_and_the_package(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    (tmp_path / "publish").mkdir()
    file = tmp_path / "publish" / "word.py"
    file.write_text("from . import page\nfrom .page import size\nfrom ..cards import Card\nfrom .. import style")
    assert [found for _, found in imported(file)] == ["publish", "publish", "cards", "style"]


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


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_modules_and_public_functions_say_what_they_are(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), "the module has no docstring"
    assert [node.name for node in public_functions(path) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", FILES, ids=file_id)
def test_names_say_something(path):
    vague = {"util", "utils", "helper", "helpers", "misc", "common"}
    assert not vague & set(path.relative_to(PACKAGE).with_suffix("").parts)
    assert [node.name for node in public_functions(path) if node.name.startswith("process_")] == []


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "__main__.py"], ids=file_id)
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
