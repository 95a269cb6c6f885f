"""The three descriptions of the environment agree, and the repository names no registry and no machine."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
RUNTIME = PYPROJECT["project"]["dependencies"]
# By extra, without the extras that it builds on.
EXTRAS = {
    extra: [wanted for wanted in asked if not wanted.startswith("ninhthuan[")]
    for extra, asked in PYPROJECT["project"]["optional-dependencies"].items()
}
EXTRA = sorted({wanted for asked in EXTRAS.values() for wanted in asked})
# What users of conda get with the environment; the others are named in it.
WITH_CONDA = ("charts", "reports", "intake", "export", "lab")
DEV = PYPROJECT["dependency-groups"]["dev"]

# Split, so that this file does not hold what it forbids.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "anaconda" + ".org", "npmjs" + ".org"]
HOME_PATH = re.compile(rb"(?<![\w.-])/(?:root|work)/\w")


def lower_bounds(requirements):
    return {canonicalize_name(r.name): str(r.specifier) for r in map(Requirement, requirements)}


def locked():
    """(requirement, its hashes) for each entry of the lock."""
    entries = re.split(r"\n(?=\S)", LOCK.strip().replace("\\\n", ""))
    return [(Requirement(entry.split("--hash")[0]), re.findall(r"--hash=(\S+)", entry)) for entry in entries]


def repository_files():
    """What is committed, or would be with `git add .`."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode("utf-8")
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def test_conda_environment_has_the_runtime_dependencies():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert conda["name"] == PYPROJECT["project"]["name"]
    (from_pip,) = [entry["pip"] for entry in conda["dependencies"] if isinstance(entry, dict)]
    assert "-e ." in from_pip
    named = [entry for entry in conda["dependencies"] if isinstance(entry, str)]
    named += [entry for entry in from_pip if not entry.startswith("-")]
    # conda-forge's NAME-base packages are the same libraries without a desktop window; its duckdb is the program
    found = {name.removesuffix("-base"): bound for name, bound in lower_bounds(named).items()}
    found["duckdb"] = found.pop("python-duckdb")
    assert found.pop("python") == PYPROJECT["project"]["requires-python"]
    found.pop("pip")
    assert found == lower_bounds([*RUNTIME, *(wanted for extra in WITH_CONDA for wanted in EXTRAS[extra])])


def test_the_other_extras_are_told_to_users_of_conda():
    lines = re.findall("conda install (.+)", (ROOT / "environment.yml").read_text("utf-8"))
    told = [lower_bounds(re.findall(r'"([^"]+)"', line)) for line in lines]
    others = ["dask", "scheduler"]
    assert {*others, *WITH_CONDA} == set(EXTRAS)
    assert told == [lower_bounds(EXTRAS[name]) for name in others]


def test_the_package_alone_needs_two():
    assert sorted(Requirement(wanted).name for wanted in RUNTIME) == ["babel", "pandas"]


@pytest.mark.parametrize("wanted", [*RUNTIME, *EXTRA, *DEV, *PYPROJECT["build-system"]["requires"]])
def test_lock_pins_each_dependency(wanted):
    requirement = Requirement(wanted)
    name = canonicalize_name(requirement.name)
    pins = [pin for pin, _ in locked() if canonicalize_name(pin.name) == name]
    assert pins, f"{name} is not in requirements.lock: make lock"
    for pin in pins:
        (exact,) = pin.specifier
        assert exact.operator == "=="
        assert requirement.specifier.contains(exact.version, prereleases=True)


def test_every_lock_entry_is_exact_and_hashed():
    for pin, hashes in locked():
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin
        assert hashes, f"{pin} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), pin


def test_lock_holds_no_address():
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK


def test_no_file_names_a_registry_or_a_machine():
    files = repository_files()
    assert ROOT / "pyproject.toml" in files
    faults = []
    for path in files:
        content = path.read_bytes()
        faults += [f"{path.relative_to(ROOT)}: {host}" for host in HOSTS if host.encode() in content]
        faults += [f"{path.relative_to(ROOT)}: {found.group().decode()}" for found in HOME_PATH.finditer(content)]
    assert not faults


def test_no_second_lock_is_committed():
    # uv's own lock file writes down the address of the index it was made with.
    tracked = subprocess.run(["git", "ls-files", "*uv.lock"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert tracked.stdout == ""
