"""Runs: what is planned, what counts as done, and that the last good report outlives everything that goes wrong."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from ninhthuan import cli
from ninhthuan.parameters import ParameterFaults, check_parameters
from ninhthuan.runs import execute, plan
from ninhthuan.runs.execute import Busy, run_report
from ninhthuan.runs.plan import Job, declared_parameters

REQUEST = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": "vi"})
PLACE = Path("2024Q1", "58", "vi")
PARAMETERS = """
quarter: str = "2024Q1"  # quarter
as_of: str = ""  # day
province_code: str = "58"  # code
language: str = "vi"  # vi or en
output_dir: str = ""  # folder
"""
# What a notebook does to deliver a card, without drawing one.
DELIVER = """
import hashlib, json
from pathlib import Path

folder = Path(output_dir) / "notes"
folder.mkdir(parents=True, exist_ok=True)
stem = f"NOTEBOOK__CARD__{quarter}"
(folder / f"{stem}.csv").write_bytes(b"1,2\\n")
record = {
    "card": "CARD", "notebook": "NOTEBOOK", "quarter": quarter, "province_code": province_code, "language": language,
    "kind": "text", "title": "Một thẻ", "sections": [["Đầu", ["dòng"]]],
    "files": {f"{stem}.csv": "sha256:" + hashlib.sha256(b"1,2\\n").hexdigest()},
} | CHANGES
(folder / f"{stem}.json").write_text(json.dumps(record))
"""
# The command line, over notebooks of our own.
DRIVER = """
import sys
from pathlib import Path
from ninhthuan.runs import plan
plan.notebooks_dir = lambda: Path(sys.argv[1])
from ninhthuan.cli import main
sys.exit(main(sys.argv[2:]))
"""


# ------------------------------------------------------------------------------------------------------ small notebooks


def deliver(notebook="tiny", card="one", **changes):
    return DELIVER.replace("NOTEBOOK", notebook).replace("CARD", card).replace("CHANGES", repr(changes))


class Notebooks:
    """A folder of notebooks of a few lines each, with its runs.toml."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.declared = ""

    def add(self, name, *cells, cards=("one",), parameters=PARAMETERS):
        new = nbformat.v4
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        book = new.new_notebook(metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
        book.cells = [
            new.new_markdown_cell("# Hỏi gì?", id="text-vi", metadata={"tags": ["vi"]}),
            new.new_markdown_cell("# What?", id="text-en", metadata={"tags": ["en"]}),
            new.new_code_cell(parameters.strip(), id="parameters", metadata={"tags": ["parameters"]}),
            *(new.new_code_cell(code.strip(), id=f"code-{place:02d}") for place, code in enumerate(cells, 1)),
        ]
        nbformat.write(book, self.folder / f"{name}.ipynb")
        self.declared += f'[[run]]\nnotebook = "{name}"\ncards = {json.dumps(list(cards))}\n'
        (self.folder / "runs.toml").write_text(self.declared, encoding="utf-8")
        return self

    def run(self, reports, **more):
        return run_report(REQUEST, plan.plan(REQUEST, self.folder), reports, **more)


@pytest.fixture
def notebooks(tmp_path):
    return Notebooks(tmp_path / "notebooks")


def tree(folder):
    """Every file with its bytes."""
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def old_report(tmp_path):
    """The report of an earlier day: it must be there, byte for byte, whenever a new one is not."""
    folder = tmp_path / "reports" / PLACE
    (folder / "figures").mkdir(parents=True)
    (folder / "index.html").write_text("<p>báo cáo cũ</p>", encoding="utf-8")
    (folder / "figures" / "one.png").write_bytes(bytes(range(256)))
    before = tree(folder)
    yield folder
    assert tree(folder) == before
    assert not (tmp_path / "reports" / ".work").exists(), "nothing half made is left"


# ---------------------------------------------------------------------------------------------------------------- plan


def test_plan_of_a_report():
    jobs = plan.plan(REQUEST)
    assert [job.identity for job in jobs] == [
        "10_index_overview",
        "20_index_trend_papi",
        "20_index_trend_pci",
        "20_index_trend_par_index",
        "20_index_trend_sipas",
        "20_index_trend_dti",
        "30_papi_dimensions",
        "40_workload",
        "50_peers",
        "60_reform_tasks",
        "00_start_here",
    ]
    for job in jobs:
        assert job.notebook.is_file()
        assert job.parameters == {
            "quarter": "2024Q1",
            "as_of": "2024-04-30",
            "province_code": "58",
            "language": "vi",
        } | ({"index_id": job.index_id} if job.index_id else {})
        assert job.cards[-1] == "closing" and len(set(job.cards)) == len(job.cards)
    fanned = {job.index_id: job.index_name for job in jobs if job.index_id}
    assert fanned == {"papi": "PAPI", "pci": "PCI", "par_index": "PAR INDEX", "sipas": "SIPAS", "dti": "DTI"}


def test_identities_name_no_card_of_another():
    """Cards are found again by the identity and two lines under it."""
    names = [f"{job.identity}__" for job in plan.plan(REQUEST)]
    assert len(set(names)) == len(names)
    assert not [(a, b) for a in names for b in names if a != b and b.startswith(a)]


@pytest.mark.parametrize(
    "parameters, told",
    [
        (PARAMETERS.replace("quarter:", "quater:"), ["quarter", "quater"]),
        (PARAMETERS + 'threshold: str = ""  # more', ["threshold"]),
        ("", ["as_of", "language", "output_dir", "province_code", "quarter"]),
    ],
)
def test_a_notebook_that_does_not_take_what_it_is_given_is_refused_before_it_runs(notebooks, parameters, told):
    """papermill would only warn, and run on the defaults."""
    notebooks.add("tiny", deliver(), parameters=parameters).add("other", deliver("other"), parameters=parameters)
    with pytest.raises(ParameterFaults) as caught:
        plan.plan(REQUEST, notebooks.folder)
    assert [vi.split(":")[0] for vi, _ in caught.value.faults] == ["tiny.ipynb", "other.ipynb"]
    for name in told:
        assert all(repr(name) in text for text in caught.value.faults[0])


def test_declared_parameters_are_those_of_the_tagged_cell(notebooks):
    notebooks.add("tiny", "late = 1", parameters='one: str = "a"\ntwo = "b"\n# three = "c"')
    assert declared_parameters(notebooks.folder / "tiny.ipynb") == {"one", "two"}


# ----------------------------------------------------------------------------------------------------------- done well


@pytest.mark.slow
def test_a_good_run_puts_the_report_in_place(notebooks, tmp_path):
    reports = tmp_path / "reports"
    (reports / PLACE).mkdir(parents=True)
    (reports / PLACE / "old.txt").write_text("cũ")
    (reports / ".failed" / PLACE).mkdir(parents=True)
    (reports / ".work" / "left over").mkdir(parents=True)
    notebooks.add("tiny", deliver()).add("other", deliver("other"), deliver("other", "two"), cards=("one", "two"))
    told = []
    outcomes, folder = notebooks.run(reports, tell=lambda *what: told.append(what))
    assert folder == reports / PLACE
    assert [outcome.status for outcome in outcomes] == ["done", "done"], [outcome.error for outcome in outcomes]
    assert sorted((done, total) for _, done, total in told) == [(1, 2), (2, 2)]
    assert [path.name for path in sorted(folder.iterdir())] == ["index.html", "notebooks", "notes", "run.json"]
    assert sorted(path.name for path in reports.iterdir() if path.name != ".lock") in (
        ["2024Q1"],
        [".failed", "2024Q1"],
    )
    assert not (reports / ".failed" / PLACE).exists(), "what failed once has been made good"
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "done"
    assert [(job["identity"], sorted(job["cards"])) for job in record["jobs"]] == [
        ("tiny", ["one"]),
        ("other", ["one", "two"]),
    ]
    book = nbformat.read(folder / "notebooks" / "tiny__2024Q1.ipynb", as_version=4)
    assert [cell.source for cell in book.cells if cell.cell_type == "markdown"] == ["# Hỏi gì?"]
    (injected,) = (c for c in book.cells if "injected-parameters" in c.metadata.get("tags", []))
    assert 'as_of = "2024-04-30"' in injected.source
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "Hỏi gì?" in page and "Một thẻ" in page


# ----------------------------------------------------------------------------------------------------------- gone wrong


@pytest.mark.slow
def test_a_failing_notebook_is_named_with_its_cell_and_error(notebooks, old_report):
    notebooks.add("good", deliver("good"))
    notebooks.add("tiny", "x = 1", "# số ô này\nraise ValueError('thiếu số liệu')", deliver())
    reports = old_report.parents[2]
    outcomes, folder = notebooks.run(reports)
    good, bad = outcomes
    assert (good.status, bad.status) == ("done", "failed")
    assert bad.error["cell"] == "code-02"
    assert bad.error["source"] == "# số ô này\nraise ValueError('thiếu số liệu')"
    assert (bad.error["name"], bad.error["message"]) == ("ValueError", "thiếu số liệu")
    assert folder == reports / ".failed" / PLACE
    kept = nbformat.read(folder / "notebooks" / "tiny__2024Q1.ipynb", as_version=4)
    assert [o for cell in kept.cells for o in cell.get("outputs", []) if o.output_type == "error"]
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "failed"
    assert [job["status"] for job in record["jobs"]] == ["done", "failed"]
    assert record["jobs"][1]["error"]["cell"] == "code-02"


@pytest.mark.slow
@pytest.mark.parametrize(
    "cells, cards, told",
    [
        pytest.param(["import sys\nsys.exit(0)", deliver()], ["one"], "did not run to its end", id="sys.exit"),
        pytest.param([deliver(), "import sys\nsys.exit(0)"], ["one"], "did not run to its end", id="sys.exit at last"),
        pytest.param(["import os\nos._exit(0)", deliver()], ["one"], "Kernel died", id="kernel ends"),
        pytest.param([deliver(), "import os\nos._exit(0)"], ["one"], "Kernel died", id="kernel ends at last"),
        pytest.param(["import os\nos.kill(os.getpid(), 9)", deliver()], ["one"], "Kernel died", id="kernel killed"),
        pytest.param(["import os\nos.kill(os.getppid(), 9)"], ["one"], "signal 9", id="worker killed"),
        pytest.param([deliver()], ["one", "two"], "two: not delivered", id="card missing"),
        pytest.param([deliver(), deliver(card="two")], ["one"], "two: delivered but not declared", id="card too many"),
        pytest.param(
            [deliver(), "(folder / f'{stem}.csv').write_bytes(b'1,3\\n')"],
            ["one"],
            "not what was recorded",
            id="changed",
        ),
        pytest.param([deliver(), "(folder / f'{stem}.csv').unlink()"], ["one"], "is missing", id="file missing"),
        pytest.param([deliver(quarter="2023Q4")], ["one"], "quarter is 2023Q4, not 2024Q1", id="of another quarter"),
        pytest.param([deliver(language="en")], ["one"], "language is en, not vi", id="in another language"),
    ],
)
def test_what_is_not_done_is_not_called_done(notebooks, old_report, cells, cards, told):
    notebooks.add("tiny", *cells, cards=cards)
    (outcome,), folder = notebooks.run(old_report.parents[2])
    assert outcome.status == "failed"
    assert told in outcome.error["message"]
    assert folder == old_report.parents[2] / ".failed" / PLACE
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"] == "failed"


@pytest.mark.slow
def test_a_cell_that_does_not_end_is_stopped(notebooks, old_report, monkeypatch):
    monkeypatch.setattr(execute, "CELL_TIMEOUT", 4)
    notebooks.add("tiny", deliver(), "import time\ntime.sleep(300)")
    (outcome,), _ = notebooks.run(old_report.parents[2])
    assert outcome.status == "failed"
    assert outcome.seconds < 60


@pytest.mark.slow
def test_a_notebook_that_cannot_be_read_fails(notebooks, old_report):
    notebooks.add("tiny", deliver())
    jobs = plan.plan(REQUEST, notebooks.folder)
    (notebooks.folder / "tiny.ipynb").write_text("{", encoding="utf-8")
    (outcome,), _ = run_report(REQUEST, jobs, old_report.parents[2])
    assert outcome.status == "failed"
    assert outcome.error["name"] and outcome.error["message"]


# ------------------------------------------------------------------------------------- the exchange of old for new


def no_notebook(tmp_path):
    """A job that fails at once, without a kernel."""
    return [Job("none", tmp_path / "none.ipynb", {"language": "vi"}, ("one",), "")]


def spelled(folder):
    (folder / "new").mkdir(parents=True)
    (folder / "new" / "index.html").write_text("mới")
    return folder / "new"


@pytest.mark.slow
def test_an_exchange_cut_short_before_the_new_one_was_in_place_is_undone(tmp_path, old_report):
    """Killed between the two renames: the old report stands aside under another name."""
    os.rename(old_report, old_report.with_name(".vi.old"))
    outcomes, _ = run_report(REQUEST, no_notebook(tmp_path), old_report.parents[2])
    assert outcomes[0].status == "failed"
    assert not old_report.with_name(".vi.old").exists()


@pytest.mark.slow
def test_an_exchange_cut_short_after_the_new_one_was_in_place_is_completed(tmp_path, old_report):
    aside = old_report.with_name(".vi.old")
    aside.mkdir()
    (aside / "index.html").write_text("noch älter")
    run_report(REQUEST, no_notebook(tmp_path), old_report.parents[2])
    assert not aside.exists()


def test_the_exchange_puts_the_new_one_in_place(tmp_path):
    target = tmp_path / "reports" / PLACE
    execute._exchange(spelled(tmp_path / "first"), target)
    assert tree(target) == {Path("index.html"): "mới".encode()}
    (target / "index.html").write_text("cũ")
    execute._exchange(spelled(tmp_path / "second"), target)
    assert tree(target) == {Path("index.html"): "mới".encode()}
    assert [path.name for path in target.parent.iterdir()] == ["vi"], "the old one is gone"


def test_an_exchange_that_the_disk_refuses_leaves_the_old_report(tmp_path, monkeypatch):
    """The command line says then that the old report is untouched."""
    target = tmp_path / "reports" / PLACE
    os.renames(spelled(tmp_path / "old"), target)
    (target / "index.html").write_text("cũ")
    stage, rename = spelled(tmp_path / "stage"), os.rename

    def refuse(source, destination):
        if Path(source) == stage:
            raise OSError(28, "No space left on device")
        rename(source, destination)

    monkeypatch.setattr(execute.os, "rename", refuse)
    with pytest.raises(OSError):
        execute._exchange(stage, target)
    assert target.is_dir() and tree(target) == {Path("index.html"): "cũ".encode()}


# ----------------------------------------------------------------------------------------------------- signals, locks


def descendants(pid):
    """Every process under one, from /proc."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().rpartition(")")
        except OSError:
            continue
        parents[int(name.split(" ")[0])] = int(rest.split()[1])
    found, wave = set(), {pid}
    while wave:
        wave = {child for child, parent in parents.items() if parent in wave} - found
        found |= wave
    return found


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def command(notebooks, reports, *more):
    return [
        sys.executable,
        "-c",
        DRIVER,
        str(notebooks.folder),
        "run",
        "--quarter",
        "2024Q1",
        "--reports",
        str(reports),
        *more,
    ]


@pytest.fixture
def endless(notebooks, old_report, recent_data, tmp_path):
    """A run of the command line that has come to a cell that does not end."""
    begun = tmp_path / "begun"
    notebooks.add("tiny", f"from pathlib import Path\nPath({str(begun)!r}).touch()", "import time\ntime.sleep(600)")
    process = subprocess.Popen(
        command(notebooks, old_report.parents[2]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NINHTHUAN_DATA": str(recent_data.path)},
    )
    try:
        wait_until(lambda: begun.exists() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
        process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_no_process_and_the_old_report(endless, number):
    children = descendants(endless.pid)
    assert len(children) >= 2, "a worker and its kernel"
    endless.send_signal(number)
    output, errors = endless.communicate(timeout=30)
    assert endless.returncode == 128 + number
    assert "báo cáo cũ còn nguyên" in errors and signal.Signals(number).name in errors
    assert "Traceback" not in errors + output
    # a kernel sees within seconds that its parent is gone
    wait_until(lambda: not [pid for pid in children if alive(pid)], 15)


@pytest.mark.slow
def test_a_second_run_is_told_who_is_at_work(endless, old_report, notebooks, tmp_path):
    reports = old_report.parents[2]
    with pytest.raises(Busy, match=str(endless.pid)):
        run_report(REQUEST, no_notebook(tmp_path), reports)
    assert endless.poll() is None, "the first goes on undisturbed"
    assert (reports / ".work").exists()


def test_a_lock_dies_with_its_holder(tmp_path):
    """The file may be there for ever: it is no lock by itself."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / ".lock").write_text("4711")
    with execute._lock(reports):
        assert (reports / ".lock").read_text() == str(os.getpid())
        with pytest.raises(Busy, match=str(os.getpid())), execute._lock(reports):
            pass
    with execute._lock(reports):
        pass


# -------------------------------------------------------------------------------------------------------- command line


@pytest.fixture
def no_process(monkeypatch):
    """Any process that is started is a failure of the test."""

    def refuse(*arguments, **options):
        raise AssertionError("a process was started")

    monkeypatch.setattr(execute.subprocess, "Popen", refuse)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--quarter", "2024-1"], ["quarter viết như 2024Q1, không phải '2024-1'"]),
        (["--quarter", "2999Q1"], ["quarter"]),
        (["--quarter", "2024Q1", "--province", "Ninh Thuan"], ["'58' (Ninh Thuận)"]),
        (["--quarter", "2025Q3", "--province", "58"], ["Khánh Hòa (mã 56)"]),
        (["--quarter", "2024Q1", "--as-of", "2024-03-01"], ["as_of 2024-03-01"]),
        (
            ["--quarter", "x", "--province", "1", "--as-of", "y", "--language", "vi"],
            ["quarter viết", "as_of viết", "'01' (Hà Nội)"],
        ),
        (["--quarter", "x", "--language", "en"], ["quarter is written like 2024Q1", "Nothing was run."]),
        (["--quarter", "x", "--language", "de"], ["quarter viết", "language là 'vi' hoặc 'en'"]),
    ],
)
def test_a_wrong_request_is_refused_with_all_its_faults(arguments, told, tmp_path, capsys, no_process):
    code = cli.main(["run", *arguments, "--reports", str(tmp_path / "reports")])
    output, errors = capsys.readouterr()
    assert code == 2
    assert output == ""
    for text in told:
        assert text in errors
    assert len(errors.splitlines()) == len([t for t in told if t != "Nothing was run."]) + 1
    assert "Traceback" not in errors
    assert not (tmp_path / "reports").exists()


def test_an_unknown_option_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["run", "--provnce", "58"])
    assert caught.value.code == 2


def test_notebooks_that_do_not_fit_the_request_are_refused(notebooks, tmp_path, capsys, no_process, monkeypatch):
    notebooks.add("tiny", deliver(), parameters=PARAMETERS + 'more: str = ""  # more')
    monkeypatch.setattr(plan, "notebooks_dir", lambda: notebooks.folder)
    assert cli.main(["run", "--quarter", "2024Q1", "--reports", str(tmp_path / "reports")]) == 2
    assert "tiny.ipynb" in capsys.readouterr().err


@pytest.mark.parametrize("language, words, place", [("vi", "lỗi dữ liệu", "dòng"), ("en", "faults in the data", "row")])
def test_with_faulty_data_nothing_runs(small_copy, tmp_path, capsys, no_process, monkeypatch, language, words, place):
    row = small_copy.row(
        "indicators/papi.csv", edition_year=2023, province_code=58, component_id="papi_d1", source_id="gh_tunah72"
    )
    small_copy.set("indicators/papi.csv", row, "score", "5,33")
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    code = cli.main(["run", "--quarter", "2024Q1", "--language", language, "--reports", str(tmp_path / "reports")])
    errors = capsys.readouterr().err
    assert code == 1
    assert words in errors and f"indicators/papi.csv, {place} {row}, " in errors
    assert not (tmp_path / "reports").exists()


def test_without_data_it_says_what_to_do(tmp_path, capsys, no_process, monkeypatch):
    monkeypatch.setenv("NINHTHUAN_DATA", str(tmp_path))
    assert cli.main(["run", "--quarter", "2024Q1", "--reports", str(tmp_path / "reports")]) == 1
    assert "NINHTHUAN_DATA" in capsys.readouterr().err


def test_a_wrong_request_needs_neither_papermill_nor_a_kernel():
    """It is refused before anything heavy is loaded."""
    code = "import sys\nfrom ninhthuan.cli import main\ncode = main(['run', '--quarter', 'x'])\n"
    code += "print(code, [name for name in ('papermill', 'matplotlib', 'ipykernel') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "2 []"


@pytest.mark.slow
def test_the_command_line_tells_what_failed(notebooks, old_report, recent_data):
    notebooks.add("good", deliver("good"))
    notebooks.add("tiny", "number = 1\nraise ValueError('thiếu số liệu')", deliver())
    run = subprocess.run(
        command(notebooks, old_report.parents[2]),
        capture_output=True,
        text=True,
        env=os.environ | {"NINHTHUAN_DATA": str(recent_data.path)},
    )
    assert run.returncode == 1
    assert "good: xong" in run.stdout and "tiny: HỎNG" in run.stdout
    for text in ("tiny", "code-01", "ValueError: thiếu số liệu", "number = 1", "báo cáo cũ còn nguyên"):
        assert text in run.stderr
    assert str(old_report.parents[2] / ".failed" / PLACE) in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_the_command_line_makes_a_report(notebooks, tmp_path, recent_data):
    notebooks.add("tiny", deliver())
    reports = tmp_path / "some where" / "reports"
    run = subprocess.run(
        command(notebooks, "some where/reports", "--language", "en", "--as-of", "2024-05-31", "--workers", "0"),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"NINHTHUAN_DATA": str(recent_data.path)},
    )
    assert run.returncode == 0, run.stderr
    index = reports / "2024Q1" / "58" / "en" / "index.html"
    assert run.stdout.splitlines()[-1] == f"Report: {index}"
    record = json.loads((index.parent / "run.json").read_text(encoding="utf-8"))
    assert record["request"]["as_of"] == "2024-05-31"
    stamp = hashlib.sha256((recent_data.path / "datapackage.json").read_bytes()).hexdigest()
    assert record["inputs"]["data"] == f"sha256:{stamp}"
    assert index.read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="en">')
