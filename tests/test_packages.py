"""The rooms of the house: each says what it is for and keeps its budget; some know no province and stand alone."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "packages"
# Lines of Python without tests.
BUDGET = {
    "ninhthuan": 4_985,
    "ninhthuan_intake": 3_340,
    "ninhthuan_reports": 17_240,
    "ninhthuan_sharing": 705,
    "careful_tables": 1_075,
    "figure_cards": 2_025,
    "notebook_batch": 3_085,
    "rank_sets": 260,
}
# What a person reads at once: lines of a file, and of a function; longer ones, with the reason.
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
LONGER = {
    "figure_cards/placing.py number": "one search for a place, with its twelve candidates in order",
    "rank_sets/__init__.py rank_sets": "a docstring of thirty lines",
}
# What knows neither provinces nor indices, and could be used by anybody.
GENERAL = ("careful_tables", "figure_cards", "notebook_batch", "rank_sets")
# Words of the province, its indices and this country.
DOMAIN = re.compile(r"ninh|thuan|papi|pci|sipas|province|viet|governance", re.IGNORECASE)


def folder_of(name):
    return (ROOT if name == "ninhthuan" else PACKAGES) / name


def test_every_package_has_a_budget():
    assert {path.name for path in PACKAGES.iterdir() if (path / "__init__.py").is_file()} | {"ninhthuan"} == set(BUDGET)


@pytest.mark.parametrize("name", GENERAL)
def test_a_general_package_is_imported_alone(name, tmp_path):
    names = [f"{name}.{path.stem}" for path in (PACKAGES / name).glob("*.py") if path.stem != "__init__"]
    code = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); sys.modules['ninhthuan'] = None\n"
    code += f"import {', '.join([name, *names])}"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


@pytest.mark.parametrize("name", GENERAL)
def test_a_general_package_knows_no_province(name):
    files = [*(PACKAGES / name).glob("*.py"), PACKAGES / name / "README.md"]
    assert [f"{path.name}: {found[0]}" for path in files for found in DOMAIN.finditer(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", BUDGET)
def test_a_package_keeps_its_budget(name):
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in files_of(name))
    assert lines <= BUDGET[name], "take away, or raise the budget with a reason in docs/architecture.md"


def files_of(name):
    return [path for path in folder_of(name).rglob("*.py") if "tests" not in path.parts]


@pytest.mark.parametrize("name", BUDGET)
def test_no_file_and_no_function_is_longer_than_a_person_reads_at_once(name):
    long = []
    for path in files_of(name):
        text, place = path.read_text("utf-8"), f"{name}/{path.relative_to(folder_of(name)).as_posix()}"
        long += [place] * (len(text.splitlines()) > LONGEST_FILE)
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        long += [f"{place} {f.name}" for f in functions if f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION]
    assert set(long) == {place for place in LONGER if place.startswith(f"{name}/")}


@pytest.mark.parametrize("name", sorted(set(BUDGET) - {"ninhthuan"}))
def test_a_package_says_what_it_is_for(name):
    readme = (PACKAGES / name / "README.md").read_text("utf-8").splitlines()
    assert 10 < len(readme) < 50 and readme[0] == f"# {name}"
