"""The rooms of the house: each says what it is for and keeps its budget; some know no province and stand alone."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "packages"
# Lines of Python without tests.
BUDGET = {
    "ninhthuan": 4_760,
    "ninhthuan_intake": 3_330,
    "ninhthuan_reports": 16_610,
    "careful_tables": 1_030,
    "figure_cards": 1_130,
    "notebook_batch": 2_800,
    "rank_sets": 260,
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
    files = [path for path in folder_of(name).rglob("*.py") if "tests" not in path.parts]
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in files)
    assert lines <= BUDGET[name], "take away, or raise the budget with a reason in docs/architecture.md"


@pytest.mark.parametrize("name", sorted(set(BUDGET) - {"ninhthuan"}))
def test_a_package_says_what_it_is_for(name):
    readme = (PACKAGES / name / "README.md").read_text("utf-8").splitlines()
    assert 10 < len(readme) < 50 and readme[0] == f"# {name}"
