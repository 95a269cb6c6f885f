"""Notebooks of another subject, weather stations, run by this package alone."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from notebook_batch import Batch, Inputs, Job, Processes
from notebook_batch.guards import child_environment

pytestmark = pytest.mark.slow
REPORT = "2031-05/harbour/en"
PARAMETERS = 'month = ""\nstation = ""\nlanguage = ""\noutput_dir = ""'
# Delivers the card that was promised, as a table and a record beside it.
DELIVER = """
import json, pathlib, sys
folder = pathlib.Path(output_dir, "tables")
folder.mkdir()
(folder / f"{name}__rain__{month}.csv").write_text(f"day,mm\\n1,{sum(rain)}\\n")
card = {"kind": "table", "title": f"Rain in {month}: {sum(rain)} mm", "reads": [f"rain.csv?station={station}"]}
(folder / f"{name}__rain__{month}.json").write_text(json.dumps(card))
assert not [module for module in sys.modules if module.startswith("ninhthuan")]
"""
GAUGE = ["rain = [1, 2, 3]", 'name = "gauge"', DELIVER]
RADAR = ["rain = [4, 5]", 'name = "radar"', DELIVER]
BUOY = ["rain = ready", 'name = "buoy"', DELIVER]
# What is warmed, and what is made of all cards at the end; both are named, not handed over.
ALMANAC = """
import json, pathlib, sys, tempfile
import builtins

def warm_up(given):
    builtins.ready = given
    return (lambda: None), (lambda: None)

def write(asked, begun):
    begun("almanac.txt")
    tempfile.mkdtemp(prefix="almanac-left-")
    folder = pathlib.Path(asked["folder"])
    titles = [json.loads(path.read_text())["title"] for path in sorted(folder.glob("tables/*.json"))]
    if "RADAR" in asked["words"]:
        raise ValueError("no place for the radar")
    (folder / "almanac.txt").write_text("\\n".join(titles))
"""
RAIN = b"station,mm\nharbour,6\nhill,9\n"


class Almanac:
    """What is made of the cards: a page of their titles."""

    finish = "almanac:write"

    def __init__(self, words=""):
        self.words = self.fingerprint = words

    def order(self, request, jobs, folder):
        return {"folder": str(folder), "words": self.words}

    def noted(self, folder):
        return {"documents": self.fingerprint}


class Stations:
    """Three notebooks in a folder, and the batches made of them."""

    def __init__(self, folder):
        self.folder, self.rain, self.documents = folder, RAIN, Almanac()
        (folder / "almanac.py").write_text(ALMANAC)

    def write(self, **notebooks):
        for name, cells in notebooks.items():
            book = nbformat.v4.new_notebook()
            book.cells = [
                nbformat.v4.new_markdown_cell("How much rain?", id="en", metadata={"tags": ["en"]}),
                nbformat.v4.new_markdown_cell("Wie viel Regen?", id="de", metadata={"tags": ["de"]}),
                nbformat.v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}),
                *(nbformat.v4.new_code_cell(cell, id=f"cell-{place}") for place, cell in enumerate(cells)),
            ]
            nbformat.write(book, self.folder / f"{name}.ipynb")
        return self

    @property
    def jobs(self):
        given = dict(zip(("month", "station", "language"), REPORT.split("/"), strict=True))
        names = ("buoy", "gauge", "radar")
        return [
            Job(REPORT, name, self.folder / f"{name}.ipynb", given, ("rain",), f"books/{name}.ipynb") for name in names
        ]

    @property
    def batch(self):
        inputs = Inputs({"method": "sha256:1"}, {"rain.csv": self.rain}, {"method": "1"})
        return Batch(self.folder / "reports", inputs, judge)

    def plan(self):
        return self.batch.plan(REPORT, self.jobs, request_record={"month": "2031-05"}, documents=self.documents)

    def why(self):
        return {decision.job.name: (decision.action, *decision.why) for decision in self.plan().decisions}

    def run(self, **options):
        batch, events = self.batch, []
        work = batch.reports / ".work" / ".warm"
        options = {"cell_seconds": 60} | options
        executor = Processes(2, warm="almanac:warm_up", given=[7, 8], workdir=work, **options)
        with batch.locked():
            (outcome,) = batch.run([self.plan()], executor, events.append)
        return outcome


def judge(job, folder):
    """The cards that a notebook has delivered, and which of those promised are missing."""
    found = {path.name.split("__")[1]: json.loads(path.read_text()) for path in folder.glob(f"*/{job.name}__*.json")}
    return found, [f"{name}: not delivered" for name in job.cards if name not in found]


@pytest.fixture
def stations(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return Stations(tmp_path)


def left(stations, pattern):
    """What stayed of what a process worked in: nothing is to, it goes with its run, however it ended."""
    return list(stations.folder.rglob(pattern))


@pytest.mark.parametrize("fork", [None, False], ids=["forked", "kernel"])
def test_one_is_done_one_fails_one_leaves(stations, fork):
    first = [cell.replace("ready", "[15]") for cell in BUOY]  # where each has a kernel, nothing is warm
    leaves = "import os, tempfile\ntempfile.mkdtemp(prefix='radar-left-')\nos._exit(0)"
    stations.write(buoy=first, gauge=["rain = [1]", "1 / 0", DELIVER], radar=[leaves, DELIVER])
    outcome = stations.run(fork=fork)
    assert left(stations, "radar-left-*") == []
    assert outcome.status == "failed"
    told = {
        job["name"]: (job["status"], job["error"] and (job["error"]["name"], job["error"]["cell"]))
        for job in outcome.jobs
    }
    gone = "ProcessEnded" if fork is None else "DeadKernelError"
    assert told == {
        "buoy": ("done", None),
        "gauge": ("failed", ("ZeroDivisionError", "cell-1")),
        "radar": ("failed", (gone, "cell-0")),
    }
    assert sorted(path.name for path in outcome.folder.glob("books/*")) == ["gauge.ipynb", "radar.ipynb"]
    book = nbformat.read(outcome.folder / "books/radar.ipynb", as_version=4)
    assert [cell.id for cell in book.cells if cell.cell_type == "markdown"] == ["en"]
    states = {cell.id: cell.metadata.papermill["status"] for cell in book.cells}
    assert (states["cell-0"], states["cell-1"]) == ("failed", "pending")
    book = nbformat.read(outcome.folder / "books/gauge.ipynb", as_version=4)
    states = {cell.id: cell.metadata.papermill["status"] for cell in book.cells}
    assert (states["cell-0"], states["cell-1"], states["cell-2"]) == ("completed", "failed", "pending")
    assert json.loads((outcome.folder / "run.json").read_text())["status"] == "failed"
    assert not (stations.folder / "reports" / REPORT).exists()

    stations.write(gauge=GAUGE, radar=RADAR)
    assert stations.why() == {
        "buoy": ("resume", "finished", {}),
        "gauge": ("run", "failed", {"name": "ZeroDivisionError"}),
        "radar": ("run", "failed", {"name": gone}),
    }
    outcome = stations.run(fork=fork)
    assert outcome.status == "made"
    assert (outcome.folder / "almanac.txt").read_text().splitlines() == [
        f"Rain in 2031-05: {sum} mm" for sum in (15, 6, 9)
    ]
    assert {path.name for path in (stations.folder / "reports").iterdir()} == {".lock", "2031-05"}


def test_a_report_is_sealed_and_made_anew_only_where_something_changed(stations):
    outcome = stations.write(buoy=BUOY, gauge=GAUGE, radar=RADAR).run()
    assert outcome.status == "made"
    books = [nbformat.read(path, as_version=4) for path in outcome.folder.glob("books/*.ipynb")]
    noted = [holder.metadata["papermill"].keys() for book in books for holder in (book, *book.cells)]
    assert len(books) == 3 and not {"start_time", "end_time", "duration"} & set().union(*noted)
    faults, cards = stations.batch.verify(REPORT, stations.jobs)
    assert faults == [] and [(card["card"], card["wrong"], card["changed"]) for card in cards] == [("rain", [], [])] * 3
    assert {why[:2] for why in stations.why().values()} == {("keep", "unchanged")}
    assert stations.run().status == "unchanged"

    path = outcome.folder / "tables/gauge__rain__2031-05.csv"
    content = path.read_bytes()
    path.write_bytes(content[:-2] + bytes([content[-2] ^ 1]) + content[-1:])
    faults, cards = stations.batch.verify(REPORT, stations.jobs)
    name = "tables/gauge__rain__2031-05.csv"
    assert faults == [("altered", {"name": name})]
    assert [card["job"] for card in cards if card["wrong"]] == [f"{REPORT}/gauge"]
    assert stations.why()["gauge"] == ("run", "altered", {"file": name})
    (outcome.folder / "notes.txt").write_text("by hand")
    again = stations.run()
    assert again.status == "made" and path.read_bytes() == content
    assert again.others == ["notes.txt"] and (outcome.folder / "notes.txt").read_text() == "by hand"
    assert stations.batch.verify(REPORT, stations.jobs)[0] == [("not_run_json", {"name": "notes.txt"})]

    stations.rain = RAIN.replace(b"hill,9", b"hill,8")
    assert {why[0] for why in stations.why().values()} == {"keep"}, "nobody has read of the hill"
    stations.rain = RAIN.replace(b"harbour,6", b"harbour,7")
    assert set(map(str, stations.why().values())) == {
        str(("run", "changed", {"names": ["data rain.csv?station=harbour"]}))
    }


def checked(folder):
    """What `verify.py` of a folder says, run by a bare Python, and its exit code."""
    done = subprocess.run([sys.executable, "-I", "-S", folder / "verify.py"], capture_output=True, text=True)
    return done.stdout.splitlines(), done.returncode


def test_a_report_is_checked_without_this_package(stations, tmp_path):
    made = stations.write(buoy=BUOY, gauge=GAUGE, radar=RADAR).run()
    folder = Path(shutil.copytree(made.folder, tmp_path / "elsewhere"))
    assert checked(folder) == (["elsewhere: every file is as its run left it"], 0)
    for name in ("tables/gauge__rain__2031-05.csv", "ro-crate-metadata.json", "run.json"):
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(bytes([content[0] ^ 1]) + content[1:])
        assert checked(folder) == ([f"{name}: changed"], 1)
        (folder / name).write_bytes(content)
    (folder / "log.jsonl").rename(folder / "more.txt")
    assert checked(folder) == (["log.jsonl: missing", "more.txt: added"], 1)
    (folder / "run.json").unlink()
    assert checked(folder)[0][0].startswith("run.json: cannot be read") and checked(folder)[1] == 1


def test_the_crate_of_a_report_names_every_file_with_its_hash(stations):
    folder = stations.write(buoy=BUOY, gauge=GAUGE, radar=RADAR).run().folder
    crate = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    described = {entity["@id"]: entity for entity in crate["@graph"]}
    root = described["./"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {part["@id"] for part in root["hasPart"]} == there - {"ro-crate-metadata.json"} <= set(described)
    assert described["ro-crate-metadata.json"]["about"] == {"@id": "./"} and root["@type"] == "Dataset"
    for name in there - {"run.json", "log.jsonl", "ro-crate-metadata.json", "verify.py"}:
        content = (folder / name).read_bytes()
        assert described[name]["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert described[name]["contentSize"] == str(len(content))


def test_documents_that_cannot_be_made_leave_the_old_report(stations):
    before = stations.write(buoy=BUOY, gauge=GAUGE, radar=RADAR).run()
    seal = (before.folder / "run.json").read_bytes()
    stations.documents = Almanac("RADAR")
    assert stations.why()["buoy"] == ("resume", "documents", {})
    outcome = stations.run()
    assert outcome.status == "failed"
    assert [(job["name"], job["error"]["message"]) for job in outcome.failed] == [
        ("publishing", "almanac.txt: no place for the radar")
    ]
    assert (before.folder / "run.json").read_bytes() == seal
    assert left(stations, "almanac-left-*") == []


def test_a_notebook_that_stops_the_warm_parent_fails_by_its_time_limit(stations):
    stopping = "import os, signal, time\nwhile True:\n    os.kill(os.getppid(), signal.SIGSTOP)\n    time.sleep(0.01)"
    outcome = stations.write(buoy=BUOY, gauge=[stopping], radar=RADAR).run(cell_seconds=3)
    told = {job["name"]: (job["status"], (job["error"] or {}).get("reason")) for job in outcome.jobs}
    assert told == {"buoy": ("done", None), "gauge": ("failed", "timeout"), "radar": ("done", None)}


def test_cells_see_of_their_user_only_what_is_listed(monkeypatch, tmp_path):
    for name in ("DB_PASS", "MYSQL_PWD", "OPENAI_KEY", "SENTRY_DSN", "SSH_AUTH_SOCK", "HTTPS_PROXY", "HARBOUR", "HILL"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("LC_TIME", "C")
    before = child_environment(tmp_path)
    assert "x" not in before.values() and before["LC_TIME"] == "C" and before["PATH"] == os.environ["PATH"]
    monkeypatch.setenv("NOTEBOOK_ENVIRONMENT", "HILL,GONE")
    after = child_environment(tmp_path, ["HARBOUR"])
    assert after.keys() - before.keys() == {"HARBOUR", "HILL"}
