"""What `pip install ninhthuan` brings: the package and its data, with nothing beside pandas and babel."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest

from ninhthuan_sharing.exporting import FORMATS

ROOT = Path(__file__).resolve().parent.parent

# Stands in for an empty environment: whatever neither pandas nor babel needs is as if not installed.
FEW = """
import sys
from importlib.metadata import packages_distributions

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

REFUSED = {module for module, by in packages_distributions().items() if not set(by) & WANTED}
sys.meta_path.insert(0, Missing())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The wheel of the working copy, unpacked as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert wheel.stat().st_size < 2_000_000
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def is_here(requirement: str) -> bool:
    try:
        version(re.match(r"[\w.-]+", requirement)[0])
    except PackageNotFoundError:
        return False
    return True


def needed() -> set[str]:
    """pandas, babel and what they need, as names of distributions."""
    found, ahead = set(), ["pandas", "babel"]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            # what is asked for on some systems alone is let in
            wanted = [text for text in requires(name) or [] if "extra ==" not in text]
            ahead += [re.match(r"[\w.-]+", text)[0].lower() for text in wanted if is_here(text)]
    return found


def run(installed: Path, code: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NINHTHUAN_DATA")}
    script = f"WANTED = {needed() | {'ninhthuan'}!r}\n{FEW}\nsys.path.insert(0, {str(installed)!r})\n{code}"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )


def test_figures_come_with_the_package(installed, tmp_path):
    code = """
import ninhthuan as nt
print(nt.__file__)
frame = nt.load_index("papi")
total = frame[(frame["component_id"] == "papi_total") & (frame["province_code"] == "58")]
print(total.set_index("edition_year")["score"].loc[2023].round(4))
print(len(nt.discrepancies("58")) > 0, len(nt.coverage()) > 0, len(nt.sources()) > 0)
"""
    found = run(installed, code, tmp_path)
    assert found.returncode == 0, found.stderr
    place, *said = found.stdout.splitlines()
    assert Path(place).is_relative_to(installed)
    assert said == ["45.5054", "True True True"]


def newer_pythons() -> list[str]:
    """Interpreters newer than the one that runs the tests, as this machine has them: on PATH, and those of pyenv."""
    found = []
    for minor in range(sys.version_info.minor + 1, 20):
        own = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob(f"3.{minor}.*/bin/python")
        places = [*filter(None, [shutil.which(f"python3.{minor}")]), *map(str, sorted(own))]
        works = (place for place in places if not subprocess.run([place, "-V"], capture_output=True).returncode)
        found += [place for place in [next(works, "")] if place]
    return found


@pytest.mark.parametrize("python", newer_pythons())
def test_newer_pythons_give_the_same_figures(installed, tmp_path, python):
    """With pandas and babel as they are locked, in an environment of its own."""
    locked = re.findall(r"^[\w.-]+==(?:.*\\\n)*.*\n", (ROOT / "requirements.lock").read_text(), re.M)
    wanted = [block for block in locked if re.match(r"[\w.-]+", block)[0] in needed() | {"tzdata"}]
    (tmp_path / "few.txt").write_text("".join(wanted))
    subprocess.run([python, "-m", "venv", tmp_path / "own"], check=True, capture_output=True)
    own = tmp_path / "own/bin/python"
    install = [own, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", tmp_path / "few.txt"]
    done = subprocess.run(install, capture_output=True, text=True)
    assert not done.returncode, done.stderr
    code = "import ninhthuan as nt\nprint(nt.drill_down(nt.load_index('papi'), '58').to_csv(index=False))"
    outside = os.environ | {"PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    said = [
        subprocess.run([one, "-c", code], cwd=tmp_path, env=outside, capture_output=True, text=True, check=True).stdout
        for one in (sys.executable, own)
    ]
    assert said[0] == said[1] and said[0].count("\n") > 8


def test_all_that_is_offered_needs_nothing_more(installed, tmp_path):
    found = run(installed, "import ninhthuan as nt\nfor name in nt.__all__: getattr(nt, name)\nprint('all')", tmp_path)
    assert (found.stdout, found.returncode) == ("all\n", 0), found.stderr


def test_the_page_that_compares_needs_nothing_more(installed, tmp_path):
    """Without the `charts` extra it is set in the reader's own font."""
    code = "from ninhthuan_reports.cli import main\nsys.exit(main(['page', '--reports', '.']))"
    found = run(installed, code, tmp_path)
    page = (tmp_path / "explore.html").read_text("utf-8")
    assert (found.returncode, "font-weight:700;src:url(data:" in page, page.count("<script")) == (0, False, 2), (
        found.stderr
    )


def test_every_data_file_is_in_the_wheel_as_it_stands_here(installed):
    described = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
    names = ["datapackage.json", *(one["path"] for one in described["resources"])]
    for name in names:
        assert (installed / "ninhthuan/data" / name).read_bytes() == (ROOT / "data" / name).read_bytes(), name


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("run --languages en", r"\w+ is not installed: pip install 'ninhthuan\[reports\]'"),
        (
            "import papi book.xlsx --year 2024 --source x --title x --yes --language en",
            "came with the installed package",
        ),
        ("template workload sheet.xlsx --language vi", r"Chưa cài xlsxwriter: pip install 'ninhthuan\[intake\]'"),
        ("check --language en", "rows"),
    ],
)
def test_verbs_say_what_is_missing(installed, tmp_path, arguments, message):
    code = "from ninhthuan_reports.cli import main\nsys.exit(main(sys.argv[1:]))"
    found = run(installed, code, tmp_path, *arguments.split())
    assert re.search(message, found.stdout + found.stderr), found.stdout + found.stderr
    assert "Traceback" not in found.stderr
    assert found.returncode == (0 if message == "rows" else 2)


# --------------------------------------------------------------------------------------------------------- on Windows


def test_what_needs_no_run_works_where_there_is_no_posix(tmp_path):
    """Frames, export in every format, the page and the check; a run says what to use, and not what to install."""
    works = [["check"], ["page", "--reports", "out"], ["export", "api", "--indices", "sipas", "--levels", "total"]]
    works += [["export", f"p{ending}", "--indices", "sipas"] for ending in FORMATS]
    refused = [["plan", "--quarter", "2024Q1"], ["run", "--kernel", "--quarter", "2024Q1"]]
    command = [sys.executable, "-X", "utf8=0", ROOT / "tests/windows.py", tmp_path, json.dumps([*works, *refused])]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "packages")])
    settings = {**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONPATH": paths}
    done = subprocess.run(command, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[0] * len(works) + [2] * len(refused)] * 2, done.stderr
    assert done.stderr.count("WSL") == 4 and "pip install" not in done.stderr
    assert (tmp_path / "out/explore.html").stat().st_size > 500_000
