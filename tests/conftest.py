import csv
import fcntl
import fnmatch
import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import settings
from small_notebooks import Notebooks, end_all

from careful_tables.faults import Fault
from ninhthuan.words import speak
from ninhthuan_intake import checks
from ninhthuan_reports import report

DATA = Path(__file__).resolve().parent.parent / "data"

# The same examples in every run, however slow the machine.
settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")


# A browser that asks the network for nothing.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def spoken_as_before():
    """A command that a test calls here sets the language of the whole process."""
    yield
    speak()


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="the full matrices too: tests/full.csv")
    parser.addoption("--default", action="store_true", help="without these matrices, though they are named")


def pytest_collection_modifyitems(config, items):
    """Leave out what stands in full.csv, unless all is asked for or the tests are named one by one."""
    with open(Path(__file__).with_name("full.csv"), encoding="utf-8", newline="") as handle:
        patterns = [row["tests"] for row in csv.DictReader(handle)]
    named = any("::" in argument for argument in config.args) and not config.getoption("--default")
    if config.getoption("--full") or named:
        return
    full = [item for item in items if any(fnmatch.fnmatchcase(item.nodeid, pattern) for pattern in patterns)]
    config.hook.pytest_deselected(items=full)
    items[:] = [item for item in items if item not in set(full)]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; a test without one is skipped, or fails where NINHTHUAN_NO_SKIP is set, as in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    message = "Chromium is not installed: make system-packages"
    if os.environ.get("NINHTHUAN_NO_SKIP"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser(chromium):
    """An open Chromium, one for each file of tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def calc(tmp_path_factory):
    """LibreOffice Calc, converting a file; a test without it is skipped, or fails where NINHTHUAN_NO_SKIP is set."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    profile = tmp_path_factory.mktemp("office").as_uri()

    def convert(path, form, folder):
        command = [program or "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", form]
        if program:
            subprocess.run([*command, "--outdir", folder, path], capture_output=True, timeout=120)
        made = list(folder.iterdir())
        if not made:
            message = "LibreOffice Calc is not installed: make system-packages"
            pytest.fail(message) if os.environ.get("NINHTHUAN_NO_SKIP") else pytest.skip(message)
        return made[0]

    return convert


class DataFolder:
    """A copy of the data folder that a test may spoil. Rows count as editors count lines: the header is row 1."""

    def __init__(self, path: Path):
        self.path = path

    def lines(self, file: str) -> list[str]:
        return (self.path / file).read_text(encoding="utf-8").split("\n")[:-1]

    def write(self, file: str, lines: list[str]) -> None:
        (self.path / file).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")

    def rows(self, file: str, **cells: object) -> list[int]:
        """Numbers of the rows that hold these cells."""
        with open(self.path / file, encoding="utf-8", newline="") as handle:
            table = enumerate(csv.DictReader(handle), 2)
            return [row for row, found in table if all(found[key] == str(cell) for key, cell in cells.items())]

    def row(self, file: str, **cells: object) -> int:
        """Number of the one row that holds these cells."""
        found = self.rows(file, **cells)
        assert len(found) == 1, f"{file}: {len(found)} rows hold {cells}"
        return found[0]

    def cells(self, file: str, row: int) -> dict[str, str]:
        header, *_ = lines = self.lines(file)
        return next(csv.DictReader([header, lines[row - 1]]))

    def set(self, file: str, row: int, column: str, value: object) -> None:
        """Put a value into one cell; nothing else of the file changes."""
        cells = self.cells(file, row)
        assert column in cells, f"{file} has no column {column}"
        lines = self.lines(file)
        lines[row - 1] = _line([*(cells | {column: str(value)}).values()])
        self.write(file, lines)

    def add(self, file: str, after: int, like: int, **cells: object) -> int:
        """Put in a row below another one, a copy of the row `like` but for these cells; returns its number."""
        lines = self.lines(file)
        made = self.cells(file, like) | {key: str(value) for key, value in cells.items()}
        lines.insert(after, _line([*made.values()]))
        self.write(file, lines)
        return after + 1

    def drop(self, file: str, *rows: int) -> None:
        self.write(file, [line for row, line in enumerate(self.lines(file), 1) if row not in rows])

    def seal(self) -> list[str]:
        return checks.seal(self.path)

    def faults(self) -> list[Fault]:
        """What the check finds; an empty list when it passes."""
        try:
            checks.check_data(self.path)
        except checks.DataFaults as error:
            return error.faults
        return []


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


@pytest.fixture
def data_copy(tmp_path) -> DataFolder:
    """The whole data folder, to be spoilt."""
    return DataFolder(Path(shutil.copytree(DATA, tmp_path / "data")))


@pytest.fixture(scope="session")
def recent_data(tmp_path_factory) -> DataFolder:
    """A small and sound data folder: PAPI and PCI from 2021 on, and PAPI's sub-dimensions for 01 and 58 alone.

    Not to be written to: `small_copy` is.
    """
    folder = DataFolder(Path(shutil.copytree(DATA, tmp_path_factory.mktemp("recent") / "data")))
    for file in ("indicators/papi.csv", "indicators/pci.csv", "reference/editions.csv"):
        kept = []
        for row, line in enumerate(folder.lines(file), 1):
            if row > 1:
                cells = dict(zip(kept[0].split(","), next(csv.reader([line])), strict=True))
                old = int(cells["edition_year"]) < 2021
                if old and (file.startswith("indicators") or cells["index_id"] in ("papi", "pci")):
                    continue
                # papi_d1_1 and the like
                if cells.get("component_id", "").count("_") == 2 and cells["province_code"] not in ("01", "58"):
                    continue
            kept.append(line)
        folder.write(file, kept)
    folder.seal()
    assert folder.faults() == []
    return folder


@pytest.fixture
def small_copy(tmp_path, recent_data) -> DataFolder:
    """The small data folder, to be spoilt: checked in a fraction of the time."""
    return DataFolder(Path(shutil.copytree(recent_data.path, tmp_path / "data")))


# ----------------------------------------------------------------------------------------------- what a report shows


@dataclass
class Shown:
    """A card as a notebook asks for it, before it is drawn: its frame, and its caption or why there is none."""

    notebook: str
    card: str
    kind: str
    frame: object
    extra: dict
    context: object
    caption: object = None
    source: str = ""
    reason: str = ""

    @property
    def place(self) -> str:
        return f"{self.notebook}: {self.card}"


@functools.cache
def jobs_to_show(province_code: str, quarter: str, notebooks: str) -> tuple:
    """Notebooks of a report, and those for exploring, whose names fit one of the patterns."""
    from ninhthuan_reports.parameters import check_parameters
    from ninhthuan_reports.runs.plan import declared, jobs_of

    request = check_parameters({"quarter": quarter, "province_code": province_code, "language": "vi"})
    known = declared()
    jobs = jobs_of(request, replace(known, runs=known.runs + known.explore))
    return tuple(job for job in jobs if any(fnmatch.fnmatch(job.notebook.name, some) for some in notebooks.split()))


ASKED: dict[str, list] = {}


def asked_by(job) -> list:
    """What a notebook asks for, got by running its cells here without drawing: they draw alike in each language."""
    from sweep import run_cells

    if job.identity not in ASKED:
        asked = []

        class Listening(report.Report):
            def figure(self, card, frame, part="", **extra):
                asked.append((self, card, "figure", frame, extra))

            def table(self, card, frame):
                asked.append((self, card, "table", frame, {}))

            def closing(self):
                pass

        run_cells(job, Listening)
        ASKED[job.identity] = asked
    return ASKED[job.identity]


SHOWN: dict[tuple[str, str], list[Shown]] = {}


def shown_by(job, language: str) -> list[Shown]:
    """Every card that a notebook asks for, with its caption, nothing drawn."""
    from figure_cards import captions
    from ninhthuan_reports import cards
    from ninhthuan_reports.wording import Context

    if (job.identity, language) not in SHOWN:
        shown = SHOWN[job.identity, language] = []
        for asking, card, kind, frame, extra in asked_by(job):
            asking.context = Context(asking.context.province, language)
            seen = Shown(asking.name, card, kind, frame, extra, asking.context)
            try:
                seen.caption = cards.card(card).caption(frame, asking.context)
                seen.source = asking._source_line(frame)
            except captions.Nothing as reason:
                seen.reason = str(reason)
            shown.append(seen)
    return SHOWN[job.identity, language]


def shown_by_notebooks(
    province_code: str, language: str, quarter: str, notebooks: str = "[1-9]* 0[13]*"
) -> tuple[Shown, ...]:
    """Every card that the numbered notebooks ask for."""
    jobs = jobs_to_show(province_code, quarter, notebooks)
    return tuple(shown for job in jobs for shown in shown_by(job, language))


@pytest.fixture(scope="session")
def shown():
    """`shown("58", "vi", "2024Q1")`: the cards of a report with their frames and captions, nothing drawn."""
    return shown_by_notebooks


@pytest.fixture(scope="session")
def cards_named():
    """`cards_named("index_course", notebook="20_index_trend_pci")`: those of 58 in Vietnamese in 2024Q1 unless told.

    No other notebook is run than those that name the card, and none before its cards are asked for.
    """

    def some(
        name: str, notebook: str = "", province_code="58", language="vi", quarter="2024Q1", notebooks="[1-9]* 0[13]*"
    ) -> Iterator[Shown]:
        for job in jobs_to_show(province_code, quarter, notebooks):
            if job.name.startswith(notebook) and name in words_of(job.notebook):
                yield from (shown for shown in shown_by(job, language) if shown.card == name)

    return some


@pytest.fixture(scope="session")
def card(cards_named):
    """`card("index_course", notebook="20_index_trend_pci")`: the first of `cards_named`."""

    def one(name: str, *where: str, **more) -> Shown:
        shown = next(cards_named(name, *where, **more), None)
        assert shown, f"no notebook shows {name}"
        return shown

    return one


@functools.cache
def words_of(notebook: Path) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", notebook.read_text(encoding="utf-8")))


# ---------------------------------------------------------------------------------------- the files without pictures


@dataclass
class WrittenReport:
    """What the notebooks of a report write and show, but for the pictures: a tenth of the work."""

    folder: Path
    said: str

    def records(self) -> dict[tuple[str, str], dict]:
        """Records of the cards by notebook and card."""
        return records_in(self.folder)


def records_in(folder: Path) -> dict[tuple[str, str], dict]:
    records = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/*.json"))
    return {(record["notebook"], record["card"]): record for record in records}


@pytest.fixture(scope="session")
def written_report(tmp_path_factory):
    """`written_report("24", "vi", "2023Q4")`: by the notebooks' own cells, run in this process."""
    from sweep import run_cells

    from ninhthuan_reports import cards
    from ninhthuan_reports.parameters import check_parameters
    from ninhthuan_reports.runs.plan import declared, jobs_of

    @functools.cache
    def write(province_code: str, language: str, quarter: str) -> WrittenReport:
        folder, said = tmp_path_factory.mktemp("written"), []

        class Written(report.Report):
            def figure(self, card, frame, *, part="", title="", claim=None, **_):
                name = f"{card}_{part}" if part else card
                caption = self._caption(cards.card(card), frame, title, claim, name)
                if caption is not None:
                    self._deliver(name, "figure", frame, caption, self._source_line(frame), {})

            def _show(self, thing):
                said.append(str(getattr(thing, "data", thing)))

        request = check_parameters({"quarter": quarter, "province_code": province_code, "language": language})
        for job in jobs_of(request, declared()):
            run_cells(replace(job, parameters={**job.parameters, "output_dir": str(folder)}), Written)
        return WrittenReport(folder, "\n".join(said))

    return write


# -------------------------------------------------------------------------------------------------- a report on paper


@dataclass
class MadeReport:
    """A report made by the command line, as a user makes it."""

    request: tuple[str, str, str]
    code: int
    seconds: float
    output: str
    folder: Path

    def records(self) -> dict[tuple[str, str], dict]:
        """Records of the cards by notebook and card."""
        return records_in(self.folder)

    def contents(self, folder: Path | None = None):
        """The report read back, from its folder or from a copy of it."""
        from ninhthuan_reports.parameters import check_parameters
        from ninhthuan_reports.publish.contents import read_contents
        from ninhthuan_reports.runs import plan

        names = ("province_code", "language", "quarter")
        request = check_parameters(dict(zip(names, self.request, strict=True)))
        return read_contents(folder or self.folder, request, plan.jobs_of(request, plan.declared()))


@pytest.fixture
def notebooks(tmp_path, recent_data):
    """Tiny notebooks over the small data folder; whatever a test leaves running is ended."""
    made = Notebooks(tmp_path / "here")
    made.environment["NINHTHUAN_DATA"] = str(recent_data.path)
    yield made
    end_all(made.base)


@pytest.fixture(scope="session")
def made_report(tmp_path_factory):
    """`made_report("58", "vi", "2024Q1")`: made once, however many tests and test processes ask for it."""
    base = tmp_path_factory.getbasetemp()
    # the processes of one run share the folder above their own
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def make(province_code: str, language: str, quarter: str) -> MadeReport:
        name = f"report-{province_code}-{language}-{quarter}"
        with open(shared / f"{name}.lock", "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            note = shared / f"{name}.json"
            if not note.exists():
                reports = shared / name
                command = [Path(sys.executable).with_name("ninhthuan"), "run", "--quarter", quarter]
                command += [
                    "--provinces",
                    province_code,
                    "--languages",
                    language,
                    "--reports",
                    reports,
                    "--workers",
                    "2",
                ]
                started = time.monotonic()
                run = subprocess.run(command, capture_output=True, text=True, cwd=shared, timeout=900)
                seconds = time.monotonic() - started
                folder = reports / quarter / province_code / language
                note.write_text(json.dumps([run.returncode, seconds, run.stdout + run.stderr, str(folder)]))
            code, seconds, output, folder = json.loads(note.read_text())
        return MadeReport((province_code, language, quarter), code, seconds, output, Path(folder))

    return make
