"""The packages beside ninhthuan: each knows no province, stands alone, says what it is for, and keeps its budget."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = Path(__file__).resolve().parent.parent / "packages"
# Lines of Python without tests.
BUDGET = {"rank_sets": 260}
# Words of the province, its indices and this country.
DOMAIN = re.compile(r"ninh|thuan|papi|pci|sipas|province|viet|governance", re.IGNORECASE)


def test_every_package_has_a_budget():
    assert {path.name for path in PACKAGES.iterdir() if (path / "__init__.py").is_file()} == set(BUDGET)


@pytest.mark.parametrize("name", BUDGET)
def test_a_package_is_imported_alone(name, tmp_path):
    code = f"import sys; sys.path.insert(0, {str(PACKAGES)!r}); sys.modules['ninhthuan'] = None; import {name}"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)


@pytest.mark.parametrize("name", BUDGET)
def test_a_package_knows_no_province(name):
    files = [*(PACKAGES / name).glob("*.py"), PACKAGES / name / "README.md"]
    assert [f"{path.name}: {found[0]}" for path in files for found in DOMAIN.finditer(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("name", BUDGET)
def test_a_package_keeps_its_budget_and_says_what_it_is_for(name):
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in (PACKAGES / name).glob("*.py"))
    assert lines <= BUDGET[name], "take away, or raise the budget with a reason in docs/architecture.md"
    readme = (PACKAGES / name / "README.md").read_text("utf-8").splitlines()
    assert 10 < len(readme) < 50 and readme[0] == f"# {name}"
