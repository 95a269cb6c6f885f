"""Links, files of somebody else and records of any shape in the folder of a batch."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from notebook_batch import batch, guards, places, prune, record
from notebook_batch.inputs import Inputs

REPORT = "2031-05/harbour/en"
INPUTS = Inputs({}, {}, {})


@pytest.fixture
def reports(tmp_path):
    """A folder with one sealed report."""
    folder = tmp_path / "reports" / REPORT
    (folder / "tables").mkdir(parents=True)
    (folder / "tables/rain.csv").write_text("day,mm\n1,6\n")
    job = {"identity": f"{REPORT}/gauge", "name": "gauge", "status": "done", "inputs": {}, "reads": [], "cards": {}}
    job |= {"error": None, "files": record.files_of(folder)}
    record.write_record(folder, record.report_record({"month": "2031-05"}, [job], INPUTS, 0))
    return tmp_path / "reports"


def told(folder):
    return [(code, values["name"]) for code, values in record.verify(folder, INPUTS, {})[0]]


def bare(folder):
    """What the report's own `verify.py` says."""
    done = subprocess.run([sys.executable, "-I", "-S", folder / "verify.py"], capture_output=True, text=True)
    return done.returncode, {line.partition(":")[0] for line in done.stdout.splitlines()}


def precious(tmp_path):
    """A folder elsewhere, as deep as a report's files, with something that is dear to somebody."""
    dear = tmp_path / "elsewhere/a/b/c"
    dear.mkdir(parents=True)
    (dear / "letter.txt").write_text("dear")
    (dear.parent / ".c.old").mkdir()
    return tmp_path / "elsewhere"


@pytest.mark.parametrize("place", [".work/zz", ".work", ".failed", ".failed/zz", "zz"])
def test_nothing_is_touched_behind_a_link(reports, tmp_path, place):
    elsewhere = precious(tmp_path)
    (elsewhere / "empty").mkdir()
    before = sorted(elsewhere.rglob("*"))
    (reports / place).parent.mkdir(exist_ok=True)
    (reports / place).symlink_to(elsewhere)
    with batch.locked(reports):
        places.drop(reports, reports / ".work" / REPORT)
        places.tidy(reports)
    assert sorted(elsewhere.rglob("*")) == before and (reports / place).is_symlink()


@pytest.mark.parametrize(
    "place", [REPORT, "2031-05", ".work", ".work/2031-05", ".failed", f".failed/{REPORT}", ".work/.warm"]
)
def test_a_report_is_not_made_through_a_link(reports, tmp_path, place):
    elsewhere = precious(tmp_path)
    before = sorted(elsewhere.rglob("*"))
    shutil.rmtree(reports / place, ignore_errors=True)
    (reports / place).parent.mkdir(parents=True, exist_ok=True)
    (reports / place).symlink_to(elsewhere)
    with pytest.raises(places.InTheWay) as found:
        places.refuse(reports, REPORT)
    assert (found.value.why, found.value.path) == ("link", reports / place)
    assert sorted(elsewhere.rglob("*")) == before


def test_a_folder_that_is_no_report_is_not_replaced(reports):
    places.refuse(reports, REPORT)
    places.refuse(reports, "2031-06/harbour/en")
    (reports / REPORT / "run.json").unlink()
    with pytest.raises(places.InTheWay, match="no_report"):
        places.refuse(reports, REPORT)


def test_a_lock_is_no_link(reports, tmp_path):
    (tmp_path / "letter").write_text("dear")
    (reports / ".lock").symlink_to(tmp_path / "letter")
    with pytest.raises(OSError), guards.lock(reports):
        pass
    assert (tmp_path / "letter").read_text() == "dear"


def test_what_somebody_else_put_into_a_report_is_in_the_new_one(reports, tmp_path):
    old, new = reports / REPORT, tmp_path / "new"
    shutil.copytree(old, new)
    (new / "briefing.txt").write_text("made now")
    (old / "briefing.txt").write_text("mine")
    (old / "tables/notes.txt").write_text("mine too")
    (old / "link").symlink_to("tables/notes.txt")
    (old / "empty").mkdir()
    assert sorted(places.keep_others(old, new)) == ["briefing.txt.kept", "empty", "link", "tables/notes.txt"]
    assert (new / "briefing.txt").read_text() == "made now" and (new / "briefing.txt.kept").read_text() == "mine"
    assert (new / "link").readlink().as_posix() == "tables/notes.txt" and (new / "empty").is_dir()
    shutil.copytree(new, reports / "2031-06/harbour/en", symlinks=True)
    (listed,) = prune.surplus(reports, 1, lambda report: ("row", report))
    assert set(listed.others) == {"briefing.txt", "tables/notes.txt", "link", "empty"}
    prune.remove(reports, [listed])
    assert (old / "tables/notes.txt").read_text() == "mine too", "it is not removed with the report"


def test_what_is_no_plain_file_is_named(reports):
    folder = reports / REPORT
    assert told(folder) == [] and bare(folder) == (0, {"en"})
    content = (folder / "tables/rain.csv").read_bytes()
    (folder / "same.csv").write_bytes(content)
    (folder / "tables/rain.csv").unlink()
    (folder / "tables/rain.csv").symlink_to("../same.csv")
    (folder / "away").symlink_to("/nowhere")
    (folder / "folder").symlink_to("tables")
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    names = {"tables/rain.csv", "same.csv", "away", "folder", "empty", "pipe"}
    kinds = dict(zip(sorted(names), ("link", "empty", "link", "special", "not_run_json", "link"), strict=True))
    assert {name: code for code, name in told(folder)} == kinds
    assert bare(folder) == (1, names)
    job = record.read_record(folder)["jobs"][0]
    assert record.altered(folder, job["files"]) == ["tables/rain.csv"], "the same bytes, but no file of the report"
    (folder / "tables/rain.csv").unlink()
    (folder / "tables/rain.csv").write_bytes(content)
    assert record.altered(folder, job["files"]) == []
    (folder / "tables").rename(folder / "moved")
    (folder / "tables").symlink_to("moved")
    assert record.altered(folder, job["files"]) == ["tables/rain.csv"]


JOB = {"identity": "a", "name": "a", "status": "done", "inputs": {}, "reads": [], "cards": {}, "files": {}}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"files": {"rain.csv": 7}},
        {"files": []},
        {"jobs": [{name: value for name, value in JOB.items() if name != "name"}]},
        {"jobs": [{name: value for name, value in JOB.items() if name != "cards"}]},
        {"jobs": [JOB | {"cards": ["rain"]}]},
        {"jobs": [JOB | {"cards": {"rain": 1}}]},
        {"jobs": [JOB | {"reads": [7]}]},
        {"jobs": [JOB | {"status": "failed", "error": None}]},
        {"jobs": {"a": JOB}},
        {"request": "2031-05"},
    ],
)
def test_a_record_of_another_shape_is_no_record(reports, spoilt):
    folder = reports / REPORT
    sound = record.read_record(folder)
    changed = {name: value for name, value in (sound | spoilt).items() if name != "seal"}
    changed["seal"] = record.digest(record.canonical(changed))
    (folder / "run.json").write_bytes(record.canonical(changed))
    assert record.is_sealed((folder / "run.json").read_bytes()) and record.read_record(folder) is None
    assert [code for code, _ in record.verify(folder, INPUTS, {})[0]] == ["cannot_read"]
    assert bare(folder)[1] and record.others(folder) == {}


def test_a_record_without_end_is_no_record(reports):
    folder = reports / REPORT
    (folder / "run.json").write_text("[" * 100_000)
    assert record.read_record(folder) is None
    assert record.verify(folder, INPUTS, {})[0][0][1]["name"] == "ValueError"
    (folder / "seal.json").write_text(json.dumps(JOB | {"files": [1]}))
    assert record.read_seal(folder) is None
    (folder / "seal.json").write_text(json.dumps(JOB))
    assert record.read_seal(folder) == JOB
