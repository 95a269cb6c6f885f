"""Runs: what a report consists of, what is asked for, what would run and why, what counts as done, what is recorded."""

import contextlib
import fcntl
import json
import os
import platform
import pty
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import nbformat
import pytest
from small_notebooks import PARAMETERS, REPORT, deliver, tree

from careful_tables import landing as folders
from ninhthuan.language import ParameterFaults
from ninhthuan_reports import cli
from ninhthuan_reports.commands import asking
from ninhthuan_reports.parameters import check_parameters
from ninhthuan_reports.publish.documents import publish
from ninhthuan_reports.runs import batches, inputs, plan, verify
from ninhthuan_reports.runs.inputs import Inputs
from ninhthuan_reports.runs.plan import declared_parameters
from notebook_batch import guards, places, record
from notebook_batch.processes import Ended

REQUEST = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": "vi"})
DTI = "indicators/dti.csv?edition_year=2022&province_code=58"
PAPI = "indicators/papi.csv"


# ------------------------------------------------------------------------------------------------------ declared runs


def test_the_notebooks_of_a_report():
    jobs = plan.jobs_of(REQUEST, plan.declared())
    assert [job.identity for job in jobs] == [
        "2024Q1/58/vi/10_index_overview",
        "2024Q1/58/vi/20_index_trend_papi",
        "2024Q1/58/vi/20_index_trend_pci",
        "2024Q1/58/vi/20_index_trend_par_index",
        "2024Q1/58/vi/20_index_trend_sipas",
        "2024Q1/58/vi/20_index_trend_dti",
        "2024Q1/58/vi/30_papi_dimensions",
        "2024Q1/58/vi/31_papi_why_moved",
        "2024Q1/58/vi/32_papi_certainty",
        "2024Q1/58/vi/33_papi_reach",
        "2024Q1/58/vi/40_workload",
        "2024Q1/58/vi/50_peers",
        "2024Q1/58/vi/60_reform_tasks",
    ]
    for job in jobs:
        assert job.notebook.is_file()
        given = {"quarter": "2024Q1", "as_of": "2024-04-30", "province_code": "58", "language": "vi"}
        assert job.parameters == given | ({"index_id": job.index_id} if job.index_id else {})
        assert job.cards[-1] == "closing" and len(set(job.cards)) == len(job.cards)
    fanned = {job.index_id: job.index_name for job in jobs if job.index_id}
    assert fanned == {"papi": "PAPI", "pci": "PCI", "par_index": "PAR INDEX", "sipas": "SIPAS", "dti": "DTI"}
    # cards are found again by the name and two lines under it
    names = [f"{job.name}__" for job in jobs]
    assert not [(a, b) for a in names for b in names if a != b and b.startswith(a)]


@pytest.fixture
def notebooks(notebooks, recent_data, monkeypatch):
    """The same within this process."""
    monkeypatch.setenv("NINHTHUAN_DATA", str(recent_data.path))
    monkeypatch.setattr(plan, "notebooks_dir", lambda: notebooks.folder)
    return notebooks


def test_everything_wrong_in_runs_toml_is_told_at_once(notebooks, capsys):
    notebooks.add("tiny", parameters=PARAMETERS.replace("quarter:", "quater:"), more='card = ["one"]')
    notebooks.add("other", parameters=PARAMETERS + 'threshold: str = ""', more='indices = ["dit"]')
    notebooks.add("bare", parameters="")
    notebooks.declare("missing", "")
    for name, text in (("half", "{"), ("hollow", "{}"), ("list", "[]")):
        notebooks.add(name)
        (notebooks.folder / f"{name}.ipynb").write_text(text)
    notebooks.add("odd", parameters="quarter: = 1")
    notebooks.declared["again"] = '[[run]]\nnotebook = "bare"\ncards = []\n'
    notebooks.declared["looked"] = '[[explore]]\nnotebook = "seen"\ncards = []\nindices = ["papi"]\n'
    notebooks.add("os; import", parameters='__import__("os").system("true")')
    with pytest.raises(ParameterFaults) as caught:
        plan.declared()
    told = [en for _, en in caught.value.faults]
    wanted = [
        "runs.toml: tiny: there is no key 'card'; did you mean 'cards'?",
        "tiny.ipynb: the parameters cell lacks ['quarter'] or has ['quater'] beyond the known ones",
        "runs.toml: other: there is no index 'dit'; did you mean 'dti'?",
        "other.ipynb: the parameters cell lacks ['index_id'] or has ['threshold'] beyond the known ones",
        "bare.ipynb: the parameters cell lacks ['as_of', 'language', 'output_dir', 'province_code', 'quarter'] "
        "or has [] beyond the known ones",
        "runs.toml: missing: the key 'cards' is missing",
        "runs.toml: seen: there is no key 'indices'",
        "runs.toml: there is no notebook seen.ipynb",
        "runs.toml: there is no notebook missing.ipynb",
        "half.ipynb cannot be read (JSONDecodeError)",
        "hollow.ipynb cannot be read (KeyError)",
        "list.ipynb cannot be read (TypeError)",
        "odd.ipynb cannot be read (SyntaxError)",
        "runs.toml: bare is declared twice",
    ]
    for line in wanted:
        assert line in told
    assert cli.main(["run", "--reports", str(notebooks.reports)]) == 2
    errors = capsys.readouterr().err
    assert all(vi in errors for vi, _ in caught.value.faults) and errors.count("Không chạy gì.") == 1
    assert not notebooks.reports.exists()
    (notebooks.folder / "runs.toml").write_text("[[run]\n")
    with pytest.raises(ParameterFaults, match=r"runs.toml cannot be read: .*line 1"):
        plan.declared()


def test_declared_parameters_are_those_of_the_tagged_cell(notebooks):
    notebooks.add("tiny", "late = 1", parameters='one: str = "a"\ntwo = "b"\n# three = "c"')
    assert declared_parameters(notebooks.folder / "tiny.ipynb") == {"one", "two"}


def test_a_notebook_may_keep_to_some_reports(notebooks):
    notebooks.add("all").add("one", more='provinces = ["24"]').add("two", more='languages = ["en"]')
    notebooks.add("three", more='quarters = ["2023Q4"]').add("four", more='indices = ["dti", "papi"]'.strip())
    notebooks.add("four", parameters=PARAMETERS + 'index_id: str = ""', more='indices = ["dti", "papi"]')
    known = plan.declared()
    names = {
        plan.report_of(request): [job.name for job in plan.jobs_of(request, known)]
        for request in plan.requests(["2023Q4", "2024Q1"], ["58", "24"], ["vi", "en"])
    }
    assert names["2024Q1/58/vi"] == ["all", "four_dti", "four_papi"]
    assert names["2023Q4/24/en"] == ["all", "one", "two", "three", "four_dti", "four_papi"]
    assert names["2024Q1/24/vi"] == ["all", "one", "four_dti", "four_papi"]
    (notebooks.folder / "runs.toml").write_text('[defaults]\nprovinces = ["24"]\nlanguages = ["en", "vi"]\n')
    assert (plan.declared().provinces, plan.declared().languages) == (("24",), ("en", "vi"))


# ----------------------------------------------------------------------------------------------------------- requests


def test_requests_fan_out_and_none_is_made_twice():
    def found(*what):
        return [plan.report_of(request) for request in plan.requests(*what)]

    assert found(["2024Q1"], ["58", "24", "58"], ["vi", "en", "vi"]) == [
        "2024Q1/58/vi",
        "2024Q1/58/en",
        "2024Q1/24/vi",
        "2024Q1/24/en",
    ]
    before, after = found(["2024Q1"], ["all"], ["vi"]), found(["2025Q3"], ["all"], ["vi"])
    assert (len(before), len(after)) == (63, 34)
    assert "2024Q1/58/vi" in before and "2025Q3/58/vi" not in after and "2025Q3/56/vi" in after


@pytest.mark.parametrize(
    "text, quarters",
    [
        ("2024Q1", ["2024Q1"]),
        ("2023Q4,2024Q1", ["2023Q4", "2024Q1"]),
        ("2023Q3..2024Q1", ["2023Q3", "2023Q4", "2024Q1"]),
        ("2023Q1, 2023Q4..2024Q1", ["2023Q1", "2023Q4", "2024Q1"]),
        ("2024Q1..2023Q1", ["2024Q1..2023Q1"]),
        ("2024Q1..x", ["2024Q1..x"]),
    ],
)
def test_quarters_are_listed_or_a_range(text, quarters):
    assert asking.quarters(text) == quarters


def test_all_faults_of_all_reports_are_told_once():
    with pytest.raises(ParameterFaults) as caught:
        plan.requests(["2024Q1", "2024-1"], ["58", "Ninh Thuan"], ["vi", "de"], "2024-03-01")
    told = [en for _, en in caught.value.faults]
    assert len(told) == len(set(told)) == 4
    for part in ("quarter is written", "'58' (Ninh Thuan)", "'vi' or 'en', not 'de'", "as_of 2024-03-01 must be after"):
        assert any(part in line for line in told), part


WRONG = [
    (["--quarter", "2024-1"], ["quarter viết như 2024Q1, không phải '2024-1'"]),
    (["--quarter", "2099Q4"], ["chưa kết thúc"]),
    (["--quarter", "2024Q1", "--provinces", "Ninh Thuan"], ["'58' (Ninh Thuận)"]),
    (["--quarter", "2025Q3", "--provinces", "58"], ["Khánh Hòa (mã 56)"]),
    (["--quarter", "2024Q1", "--as-of", "2024-03-01"], ["as_of 2024-03-01"]),
    (["--quarter", "x", "--provinces", "1", "--as-of", "y"], ["quarter viết", "as_of viết", "'01' (Hà Nội)"]),
    (["--quarter", "2024Q1..2020Q1,2024Q1"], ["2024Q1..2020Q1: khoảng quý viết ngược"]),
    (["--quarter", "2099Q3..2099Q4"], ["quý III/2099 chưa kết thúc", "quý IV/2099 chưa kết thúc"]),
    (["--quarter", "x", "--languages", "en"], ["quarter is written like 2024Q1"]),
    (["--quarter", "x", "--languages", "de"], ["quarter viết", "language là 'vi' hoặc 'en'"]),
]


@pytest.mark.parametrize("arguments, told", WRONG)
def test_a_wrong_request_is_refused_with_all_its_faults(arguments, told, tmp_path, capsys):
    code = cli.main(["run", *arguments, "--reports", str(tmp_path / "reports")])
    output, errors = capsys.readouterr()
    assert code == 2 and output == ""
    for text in told:
        assert text in errors
    assert len(errors.splitlines()) == len(told) + 1
    assert errors.splitlines()[-1] in ("Không chạy gì.", "Nothing was run.")
    assert not (tmp_path / "reports").exists()


def test_an_unknown_option_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["run", "--provnce", "58"])
    assert caught.value.code == 2


CODE = "__import__('os').system('touch BITTEN')"
# The command line with an eye on every process that is started, and on what is loaded.
WATCHED = """
import sys
begun = []
names = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "os.system")
sys.addaudithook(lambda name, arguments: begun.append(name) if name in names else None)
from ninhthuan_reports.cli import main
code = main(sys.argv[1:])
heavy = [name for name in ("papermill", "matplotlib", "ipykernel", "pandas") if name in sys.modules]
print(code, begun, heavy)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--quarter", CODE],
        ["--quarter", "2024Q1\n" + CODE],
        ["--quarter", '2024Q1"; ' + CODE + '; "'],
        ["--quarter", "2024Q1..9999Q4"],
        ["--provinces", CODE],
        ["--provinces", "58\n"  + CODE],
        ["--provinces", "../../58"],
        ["--languages", CODE],
        ["--as-of", CODE],
        ["--as-of", "2024-04-30\n" + CODE],
    ],
)  # fmt: skip
def test_parameters_that_try_to_be_code_are_refused(arguments, tmp_path):
    """At once, with nothing started: values only ever become texts, and only after they were found to be right."""
    quarter = [] if arguments[0] == "--quarter" else ["--quarter", "2024Q1"]
    environment = os.environ | {"PYTHONPATH": f"{inputs.ROOT}:{inputs.ROOT / 'packages'}"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", WATCHED, "run", *quarter, *arguments, "--reports", str(tmp_path / "reports")]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.stdout == "2 [] []\n", run.stdout + run.stderr
    assert "Traceback" not in run.stderr and len(run.stderr) < 2000
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["os; " + CODE, "quarter; x", "Quarter", "quarter=1", ""])
def test_names_that_try_to_be_code_are_refused(name):
    given = {"quarter": "2024Q1", "province_code": "58", "language": "vi", name: "1"}
    with pytest.raises(ParameterFaults, match=re.escape(f"there is no parameter {name!r}")):
        check_parameters(given)


@pytest.mark.parametrize("language, words, place", [("vi", "lỗi dữ liệu", "dòng"), ("en", "faults in the data", "row")])
def test_with_faulty_data_nothing_runs(small_copy, tmp_path, capsys, monkeypatch, language, words, place):
    row = small_copy.row(
        "indicators/papi.csv", edition_year=2023, province_code=58, component_id="papi_d1", source_id="gh_tunah72"
    )
    small_copy.set("indicators/papi.csv", row, "score", "5,33")
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    reports = tmp_path / "reports"
    code = cli.main(["run", "--quarter", "2024Q1", "--languages", language, "--reports", str(reports)])
    errors = capsys.readouterr().err
    assert code == 1
    assert words in errors and f"indicators/papi.csv, {place} {row}, " in errors
    assert tree(reports).keys() <= {".lock"}


def test_without_data_it_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("NINHTHUAN_DATA", str(tmp_path))
    assert cli.main(["run", "--quarter", "2024Q1", "--reports", str(tmp_path / "reports")]) == 1
    assert "NINHTHUAN_DATA" in capsys.readouterr().err


# --------------------------------------------------------------------------------------- what would run now, and why


class AtOnce:
    """An executor that makes what each order promises here and now: for what is decided, not for what is run."""

    def __init__(self, cards, fails=()):
        self.cards, self.fails, self.added = cards, fails, []

    def add(self, order):
        self.added.append(order)

    def close(self):
        pass

    def run(self, orders, begun, lasting):
        yield from self._published()
        for order in orders:
            begun(order)
            name = order["identity"].rpartition("/")[2]
            failure = None
            if name in self.fails:
                failure = {"reason": "exception", "cell": "code-01", "source": "", "name": "ValueError", "message": "x"}
            code = "\n".join(deliver(name, card, self.cards[name]) for card in ("one",))
            names = order["parameters"] | {"output_dir": f"{order['folder']}/out"}
            exec(code, names)
            book = Path(order["folder"], order["output"])
            book.parent.mkdir()
            book.write_text(order["source"])
            yield Ended(order, failure)
            yield from self._published()

    def _published(self):
        while self.added:
            order = self.added.pop()
            publish(order["arguments"])
            yield Ended(order, None)


class Decided:
    """A report of three notebooks that was made, in folders that a test may change."""

    def __init__(self, notebooks, data, root, fonts):
        self.notebooks, self.data, self.root, self.fonts = notebooks, data, root, fonts
        self.cards = {"dti": [DTI], "papi": [PAPI], "nothing": []}

    def make(self, *, requests=(REQUEST,), **options):
        fails = options.pop("fails", ())
        planned = self.decide(requests, **options)
        return batches.batch_of(self.notebooks.reports, Inputs()).run(planned, AtOnce(self.cards, fails))

    def decide(self, requests=(REQUEST,), **options):
        return plan.plan(list(requests), self.notebooks.reports, Inputs(), **options)

    def why(self, **options):
        """Name to (action, why) of what does not simply stay."""
        (one,) = self.decide(**options)
        found = {d.job.name: (d.action, batches.reason_in_words(d.why)[1]) for d in one.decisions}
        return {name: what for name, what in found.items() if what != ("keep", "unchanged")}


@pytest.fixture
def decided(notebooks, data_copy, tmp_path, monkeypatch):
    root, fonts = tmp_path / "root", tmp_path / "fonts"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("ninhthuan", "packages"):
        shutil.copytree(inputs.ROOT / name, root / name, ignore=ignored)
    for name in ("requirements.lock", "README.md", "CHANGELOG.md"):
        shutil.copy2(inputs.ROOT / name, root / name)
    fonts.mkdir()
    for name, path in inputs.font_files().items():
        shutil.copy2(path, fonts / name)
    monkeypatch.setenv("NINHTHUAN_DATA", str(data_copy.path))
    monkeypatch.setattr(inputs, "ROOT", root)
    monkeypatch.setattr(inputs, "font_files", lambda: {path.name: path for path in sorted(fonts.iterdir())})
    for name in ("dti", "papi", "nothing"):
        notebooks.add(name, deliver(name))
    made = Decided(notebooks, data_copy, root, fonts)
    assert made.why() == dict.fromkeys(("dti", "papi", "nothing"), ("run", "new"))
    (outcome,) = made.make()
    assert outcome.status == "made"
    assert made.why() == {}
    return made


ALL = ("dti", "papi", "nothing")


def _append(path, text="\n# đổi\n"):
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _edit_row(decided, province_code, edition_year):
    row = decided.data.rows("indicators/dti.csv", province_code=province_code, edition_year=edition_year)[0]
    decided.data.set("indicators/dti.csv", row, "note", "xem lại")
    decided.data.seal()


@pytest.mark.parametrize(
    "change, told",
    [
        (lambda d: _edit_row(d, "58", 2022), {"dti": "data changed: indicators/dti.csv"}),
        (lambda d: _edit_row(d, "22", 2020), {}),
        (lambda d: _append(d.data.path / "datapackage.json"), {}),
        (lambda d: d.data.set(PAPI, 5, "note", "x"), {"papi": "data changed: indicators/papi.csv"}),
        (lambda d: (d.data.path / PAPI).unlink(), {"papi": "data changed: indicators/papi.csv"}),
        (lambda d: d.data.set("workload/ninh_thuan.csv", 5, "note", "x"), {}),
        (lambda d: _append(d.data.path / "reference/measures.csv"), dict.fromkeys(ALL, "data changed: reference")),
        (lambda d: _append(d.root / "packages/figure_cards/style.py"), dict.fromkeys(ALL, "code changed")),
        (
            lambda d: _append(d.root / "packages/figure_cards/house.mplstyle"),
            dict.fromkeys(ALL, "code changed"),
        ),
        (lambda d: (d.root / "ninhthuan/new.py").touch(), dict.fromkeys(ALL, "code changed")),
        (lambda d: _append(d.root / "requirements.lock"), dict.fromkeys(ALL, "requirements.lock changed")),
        (lambda d: (d.fonts / "Roboto-Bold.ttf").write_bytes(b""), dict.fromkeys(ALL, "fonts changed")),
        (lambda d: _append(d.root / "README.md"), {}),
        (lambda d: _append(d.root / "CHANGELOG.md"), {}),
        (lambda d: _append(d.notebooks.folder / "dti.ipynb", "\n"), {"dti": "notebook changed"}),
        (lambda d: d.notebooks.add("dti", "1", cards=("one", "two")), {"dti": "notebook changed; parameters changed"}),
    ],
)
def test_what_rests_on_a_change_runs_again_and_nothing_else(decided, change, told):
    change(decided)
    assert decided.why() == {name: ("run", why) for name, why in told.items()}


def test_another_day_is_another_request(decided):
    later = check_parameters({"quarter": "2024Q1", "province_code": "58", "language": "vi", "as_of": "2024-05-31"})
    (one,) = decided.decide([later])
    assert {batches.reason_in_words(d.why)[1] for d in one.decisions} == {"parameters changed"}


def test_another_python_is_another_environment(decided, monkeypatch):
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    assert decided.why() == dict.fromkeys(ALL, ("run", "installed packages changed"))


@pytest.mark.parametrize("file", [f"notes/dti__one__{REQUEST.quarter}.csv", f"notebooks/dti__{REQUEST.quarter}.ipynb"])
def test_what_is_gone_or_altered_is_made_again(decided, file):
    path = decided.notebooks.report / file
    content = path.read_bytes()
    for spoil in (path.unlink, lambda: path.write_bytes(content + b"\n"), lambda: path.write_bytes(content[::-1])):
        spoil()
        assert decided.why() == {"dti": ("run", f"file gone or altered: {file}")}
        path.write_bytes(content)
    assert decided.why() == {}


@pytest.mark.parametrize(
    "spoil", [lambda old: b"", lambda old: old[:-9], lambda old: old.replace(b'"done"', b'"d0ne"', 1)]
)
def test_a_report_without_its_sealed_record_is_no_report(decided, spoil):
    path = decided.notebooks.report / "run.json"
    path.write_bytes(spoil(path.read_bytes()))
    assert decided.why() == dict.fromkeys(ALL, ("run", "new"))


def test_what_failed_runs_again_and_what_did_not_is_taken_up(decided):
    _append(decided.root / "packages/figure_cards/style.py")
    (outcome,) = decided.make(fails=["papi"])
    assert outcome.status == "failed" and outcome.folder == decided.notebooks.kept
    finished = ("resume", "finished last time")
    assert decided.why() == {
        "dti": finished,
        "nothing": finished,
        "papi": ("run", "code changed; failed last time (ValueError)"),
    } or decided.why() == {"dti": finished, "nothing": finished, "papi": ("run", "failed last time (ValueError)")}
    held = decided.notebooks.reports / ".work" / REPORT
    (held / "dti/out/notes/dti__one__2024Q1.csv").write_text("a,b\n1,3\n")
    assert decided.why()["dti"] == ("run", "file gone or altered: notes/dti__one__2024Q1.csv")
    (outcome,) = decided.make()
    assert outcome.status == "made"
    assert decided.why() == {} and not held.exists() and not decided.notebooks.kept.exists()
    assert verify.tell(decided.notebooks.report, "en") == 0


def test_data_edited_by_hand_in_mid_run_are_seen_by_the_next_run(decided, monkeypatch):
    """The record has what the run began with, so that nothing counts as made of the new rows."""
    run = AtOnce.run
    monkeypatch.setattr(AtOnce, "run", lambda *given, **more: _edit_row(decided, "58", 2022) or run(*given, **more))
    (outcome,) = decided.make(again=True)
    assert outcome.status == "made"
    assert decided.why() == {"dti": ("run", f"data changed: {DTI.partition('?')[0]}")}


def test_only_and_again(decided):
    asked = ("run", "requested")
    assert decided.why(again=True) == dict.fromkeys(ALL, asked)
    assert decided.why(again=True, only="*/p*") == {"papi": asked}
    _append(decided.root / "packages/figure_cards/style.py")
    assert decided.why(only="2024Q1/58/vi/d*") == {
        "dti": ("run", "code changed"),
        "papi": ("wait", "code changed"),
        "nothing": ("wait", "code changed"),
    }
    before = tree(decided.notebooks.report)
    (outcome,) = decided.make(only="*/dti")
    assert outcome.status == "waiting"
    assert tree(decided.notebooks.report) == before, "half of a report is no report"
    assert decided.why()["dti"] == ("resume", "finished last time")
    (outcome,) = decided.make()
    assert outcome.status == "made"


def test_a_notebook_taken_out_of_runs_toml_leaves_the_report(decided):
    del decided.notebooks.declared["papi"]
    decided.notebooks.declare("nothing", 'cards = ["one"]')
    assert decided.why() == {"dti": ("resume", "papi dropped")}
    (outcome,) = decided.make()
    assert outcome.status == "made" and decided.why() == {}
    assert not [name for name in tree(decided.notebooks.report) if "papi" in name]
    assert verify.tell(decided.notebooks.report, "en") == 0


def test_five_hundred_unchanged_notebooks(decided):
    """Every province of the quarter; then one file, one row, and exactly what rests on them runs."""
    for number in range(5):
        name = f"more_{number}"
        decided.cards[name] = []
        decided.notebooks.add(name, deliver(name))
    everywhere = plan.requests(["2024Q1"], ["all"], ["vi"])
    decided.make(requests=everywhere)
    planned = decided.decide(everywhere)
    assert sum(len(one.decisions) for one in planned) == 504
    assert {d.action for one in planned for d in one.decisions} == {"keep"}
    (decided.notebooks.reports / "2024Q1/24/vi/notes/more_3__one__2024Q1.csv").write_text("a,b\n9,9\n")
    _edit_row(decided, "58", 2022)
    found = {d.job.identity for one in decided.decide(everywhere) for d in one.decisions if d.action == "run"}
    assert found == {"2024Q1/24/vi/more_3"} | {f"{one.report}/dti" for one in planned}


@pytest.mark.slow
def test_one_row_of_dti_concerns_what_reads_dti(made_report, data_copy, monkeypatch):
    """The real notebooks, by what they were seen to read."""
    made = made_report("58", "vi", "2024Q1")
    assert made.code == 0, made.output
    assert re.search(r"^data/ hợp lệ: \d+ bảng, [\d.]+ dòng$", made.output, re.MULTILINE)

    def to_run():
        (one,) = plan.plan([REQUEST], made.folder.parents[2], Inputs())
        return {d.job.name: batches.reason_in_words(d.why)[1] for d in one.decisions if d.action == "run"}

    monkeypatch.setenv("NINHTHUAN_DATA", str(data_copy.path))
    assert to_run() == {}
    row = data_copy.rows("indicators/dti.csv", province_code="58", edition_year=2022)[0]
    data_copy.set("indicators/dti.csv", row, "note", "xem lại")
    data_copy.seal()
    found = to_run()
    assert set(found.values()) == {"data changed: indicators/dti.csv"}
    assert {"10_index_overview", "20_index_trend_dti"} <= found.keys()
    others = {"20_index_trend_papi", "20_index_trend_pci", "20_index_trend_sipas", "30_papi_dimensions", "50_peers"}
    assert not others & found.keys()
    reads = {job["name"]: job["reads"] for job in record.read_record(made.folder)["jobs"]}
    assert found.keys() == {name for name in reads if any("indicators/dti.csv" in read for read in reads[name])}


# ------------------------------------------------------------------------------------------------------- done and not

CARDS = {
    "good": ([deliver("good")], ["one"], ""),
    "absent": ([deliver("absent")], ["one", "two"], "two: not delivered"),
    "surplus": ([deliver("surplus"), deliver("surplus", "two")], ["one"], "two: delivered but not declared"),
    "changed": ([deliver("changed"), "(folder / f'{stem}.csv').write_bytes(b'a,b\\n1,3\\n')"], ["one"], "is not what"),
    "unlinked": ([deliver("unlinked"), "(folder / f'{stem}.csv').unlink()"], ["one"], ".csv is missing"),
    "blank_table": ([deliver("blank_table", content=b"a,b\n")], ["one"], ".csv is blank"),
    "blank_picture": (
        [
            "import io\nfrom PIL import Image\nkept = io.BytesIO()\n"
            "Image.new('RGB', (9, 9), 'white').save(kept, 'png')",
            deliver("blank_picture", content=None).replace("None", "kept.getvalue()").replace(".csv", ".png"),
        ],
        ["one"],
        ".png is blank",
    ),
    "of_a_quarter": ([deliver("of_a_quarter", quarter="2023Q4")], ["one"], "quarter is 2023Q4, not 2024Q1"),
    "of_a_language": ([deliver("of_a_language", language="en")], ["one"], "language is en, not vi"),
    "of_a_day": ([deliver("of_a_day", as_of="2020-01-01")], ["one"], "as_of is 2020-01-01, not"),
    "of_a_place": ([deliver("of_a_place", province_code="24")], ["one"], "province_code is 24, not 58"),
    "of_another": ([deliver("of_another").replace('k": "of_a', 'k": "a')], ["one"], "notebook is another, not"),
    "untitled": ([deliver("untitled", title="")], ["one"], "has no title"),
    "no_kind": ([deliver("no_kind", kind=None)], ["one"], "has no kind"),
    "no_files": ([deliver("no_files", files=["x"])], ["one"], "AttributeError"),
    "no_record": ([deliver("no_record"), "(folder / f'{stem}.json').write_text('[1]')"], ["one"], "TypeError"),
    "no_json": ([deliver("no_json"), "(folder / f'{stem}.json').write_text('{')"], ["one"], "JSONDecodeError"),
    "no_reads": ([deliver("no_reads"), deliver("no_reads", reads=[1])], ["one"], "what was read is not told"),
}  # fmt: skip


@pytest.mark.slow
def test_what_is_not_done_is_not_called_done(notebooks):
    for name, (cells, cards, _) in CARDS.items():
        notebooks.add(name, *cells, cards=cards)
    notebooks.add("unreadable", deliver("unreadable"))
    text = (notebooks.folder / "unreadable.ipynb").read_text()
    (notebooks.folder / "unreadable.ipynb").write_text(text.replace('"nbformat": 4', '"nbformat": "x"'))
    done = notebooks.run("--languages", "vi")
    assert done.returncode == 1
    kept = notebooks.record(notebooks.kept)
    assert kept["status"] == "failed" and not notebooks.report.exists()
    jobs = {job["name"]: job for job in kept["jobs"]}
    assert jobs["good"]["status"] == "done"
    for name, (_, _, told) in CARDS.items():
        if told:
            assert (jobs[name]["status"], jobs[name]["error"]["reason"]) == ("failed", "missing_card"), name
            assert told in jobs[name]["error"]["message"], jobs[name]["error"]
            assert f"{REPORT}/{name}: CardMissing: " in done.stderr
    assert jobs["unreadable"]["status"] == "failed"


@pytest.fixture
def on_a_terminal():
    """`on_a_terminal(start)`: what a command shows on a terminal that its errors go to, and its exit code."""

    def watch(start):
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
        process = start(stderr=theirs, stdout=subprocess.PIPE)
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError):  # how a terminal ends on Linux
            while more := os.read(ours, 65536):
                shown += more
        os.close(ours)
        output, _ = process.communicate(timeout=60)
        return process.returncode, shown.decode(errors="replace"), output

    return watch


@pytest.mark.slow
def test_a_report_is_made_and_each_way_of_telling(notebooks, on_a_terminal):
    """A good run, plain; then live, for machines, and silent; a notebook that is edited while it runs."""
    notebooks.add("tiny", deliver()).add("other", deliver("other"), deliver("other", "two"), cards=("one", "two"))
    (notebooks.reports / ".failed" / REPORT).mkdir(parents=True)
    (notebooks.reports / ".work" / "left over").mkdir(parents=True)
    done = notebooks.run()
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert {re.sub(r", [\d,]+ s.*", "", line) for line in lines[:2]} <= {
        f"[{number}/2] {REPORT}/{name}: xong" for number in (1, 2) for name in ("tiny", "other")
    }
    assert lines[2:] == [f"Báo cáo: {notebooks.report / 'index.html'}"] and done.stderr == ""
    assert sorted(path.name for path in notebooks.report.iterdir()) == [
        "index.html",
        "log.jsonl",
        "notebooks",
        "notes",
        "ro-crate-metadata.json",
        "run.json",
        "verify.py",
    ]
    assert sorted(path.name for path in notebooks.reports.iterdir()) == [".lock", "2024Q1", "index.html"]
    kept = notebooks.record()
    assert kept["status"] == "done" and kept["format"] == record.FORMAT
    assert kept["request"] == {
        "quarter": "2024Q1",
        "as_of": "2024-04-30",
        "province_code": "58",
        "boundary": "pre_2025",
        "language": "vi",
    }
    assert kept["started_at"] <= kept["finished_at"]
    assert (
        kept["inputs"]["data"]["indicators/dti.csv"].startswith("sha256:")
        and "packages/ninhthuan_reports/cli.py" in kept["inputs"]["code"]
    )
    assert [(j["name"], j["status"], sorted(j["cards"]), j["error"]) for j in kept["jobs"]] == [
        ("tiny", "done", ["one"], None),
        ("other", "done", ["one", "two"], None),
    ]
    assert all(job["cpu_seconds"] > 0 and job["peak_mb"] > 0 and job["seconds"] > 0 for job in kept["jobs"])
    events = [json.loads(line) for line in (notebooks.report / "log.jsonl").read_text().splitlines()]
    for name in ("tiny", "other"):
        own = [event for event in events if event["identity"] == f"{REPORT}/{name}"]
        assert [event["status"] for event in own] == ["queued", "running", "done"]
        assert own[0]["why"] == "new" and own[2]["seconds"] > 0
    assert events[-1]["status"] == "placed" and events[-1]["identity"] == REPORT
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    book = nbformat.read(notebooks.report / "notebooks/tiny__2024Q1.ipynb", as_version=4)
    assert [cell.source for cell in book.cells if cell.cell_type == "markdown"] == ["# Hỏi gì?"]
    (injected,) = (c for c in book.cells if "injected-parameters" in c.metadata.get("tags", []))
    assert 'as_of = "2024-04-30"' in injected.source
    page = (notebooks.report / "index.html").read_text(encoding="utf-8")
    assert "Hỏi gì?" in page and "Một thẻ" in page

    # unchanged: nothing is started, nothing is touched
    before = tree(notebooks.report)
    for more, told in (([], f"Không đổi: {notebooks.report / 'index.html'}\n"), (["--quiet"], ""), (["--json"], "")):
        done = notebooks.run(*more)
        assert (done.returncode, done.stdout, done.stderr) == (0, told, "")
    assert tree(notebooks.report) == before

    # live, and again the same bytes but for the record of the run
    code, shown, output = on_a_terminal(lambda **pipes: notebooks.start("--again", **pipes))
    assert code == 0, shown
    assert "0/2" in shown and "2/2" in shown and "\r" in shown and f"{REPORT}/tiny" in shown
    assert f"Báo cáo: {notebooks.report / 'index.html'}" in output
    same = {name for name, content in tree(notebooks.report).items() if before[name] == content}
    assert before.keys() - same <= {"run.json", "log.jsonl"}

    # for machines; the source changes while it runs, and that belongs to the next run
    source = notebooks.folder / "tiny.ipynb"
    notebooks.add("tiny", f"from pathlib import Path\nbook = Path({str(source)!r})\n"
                  "book.write_text(book.read_text().replace('run 1', 'run 2'))  # run 1", deliver())  # fmt: skip
    ran = source.read_text()
    done = notebooks.run("--json")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["status"] for event in events] == [
        "queued",
        "running",
        "done",
        "publishing",
        "placed",
    ] and done.stderr == ""
    assert source.read_text() != ran
    assert "# run 1" in (notebooks.report / "notebooks/tiny__2024Q1.ipynb").read_text()
    assert notebooks.plan()["tiny"] == ("run", "notebook changed")

    # silent when all is well
    done = notebooks.run("--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert notebooks.verify().returncode == 0


@pytest.mark.slow
def test_the_command_line_tells_what_failed_in_the_language_asked_for(notebooks):
    notebooks.add("good", deliver("good"))
    notebooks.add("tiny", "number = 1\nraise ValueError('thiếu số liệu')", deliver())
    done = notebooks.run("--languages", "en", "--as-of", "2024-05-31", "--workers", 1)
    assert done.returncode == 1
    assert "2024Q1/58/en/good: done" in done.stdout and "tiny: FAILED (an error in a cell)" in done.stdout
    for text in ("en/tiny, cell code-01: ValueError: thiếu số liệu", "    number = 1", "the old report is untouched"):
        assert text in done.stderr
    kept = notebooks.reports / ".failed/2024Q1/58/en"
    assert str(kept) in done.stderr
    assert notebooks.record(kept)["request"]["as_of"] == "2024-05-31"
    done = notebooks.run("--languages", "en", "--as-of", "2024-05-31", "--quiet")
    assert done.returncode == 1 and done.stdout == "" and "thiếu số liệu" in done.stderr


# ------------------------------------------------------------------------------------------------------------- verify


def _tell(folder, capsys, *options):
    code = cli.main(["verify", str(folder), "--language", "en", *options])
    output, errors = capsys.readouterr()
    return code, output, errors


def test_verify_names_every_file_that_is_not_what_it_was(decided, capsys):
    folder = decided.notebooks.report
    assert _tell(folder, capsys) == (0, f"{folder}: 3 cards, 3 intact, 3 can still be made exactly so\n", "")
    for name, content in tree(folder).items():
        for place in {0, len(content) // 2, len(content) - 1}:
            spoilt = bytearray(content)
            spoilt[place] ^= 1
            times = os.stat(folder / name)
            (folder / name).write_bytes(spoilt)
            os.utime(folder / name, ns=(times.st_atime_ns, times.st_mtime_ns))
            code, _, errors = _tell(folder, capsys)
            assert code == 1 and len(errors.splitlines()) == 1, (name, place, errors)
            assert name in errors
        (folder / name).unlink()
        code, _, errors = _tell(folder, capsys)
        assert code == 1 and name in errors
        (folder / name).write_bytes(content)
    assert _tell(folder, capsys)[0] == 0
    (folder / "notes" / "thêm.txt").write_text("x")
    assert _tell(folder, capsys)[::2] == (1, f"{folder}: notes/thêm.txt: not in run.json\n")
    (folder / "notes" / "thêm.txt").unlink()


def test_no_byte_of_a_record_can_be_changed_unseen(decided):
    content = (decided.notebooks.report / "run.json").read_bytes()
    assert record.is_sealed(content)
    for place in range(len(content)):
        assert not record.is_sealed(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]), place
        assert not record.is_sealed(content[:place])
    assert not record.is_sealed(content + b"\n")


def test_verify_tells_which_cards_can_still_be_made_exactly_so(decided, capsys):
    folder = decided.notebooks.report
    again = _tell(folder, capsys, "--reproduce", "--template", "gone.docx")
    assert again == (2, "", "template: there is no file gone.docx\n")
    _edit_row(decided, "58", 2022)
    code, output, errors = _tell(folder, capsys)
    assert (code, errors) == (0, "")
    assert output == (
        f"{REPORT}/dti one: changed since: data {DTI}\n"
        f"{folder}: 3 cards, 3 intact, 2 can still be made exactly so\n"
    )  # fmt: skip
    _append(decided.root / "packages/figure_cards/style.py")
    code, output, _ = _tell(folder, capsys)
    assert code == 0 and "papi one: changed since: code\n" in output and "0 can still be made" in output


def test_verify_of_what_is_no_report(tmp_path, capsys):
    code, _, errors = _tell(tmp_path, capsys)
    assert code == 1 and "run.json: cannot be read (FileNotFoundError)" in errors
    code, _, errors = _tell(tmp_path, capsys, "--reproduce")
    assert code == 2 and errors.endswith("there is no record or the request is not valid any more\n")


# ------------------------------------------------------------------------------------- the exchange of old for new


def spelled(folder, text="mới", name="index.html"):
    folder.mkdir(parents=True)
    (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("swap", [True, False], ids=["in one step", "without a swap in the system"])
def test_the_exchange_puts_the_new_one_in_place(tmp_path, monkeypatch, swap):
    if not swap:
        monkeypatch.setattr(folders, "_swap", lambda a, b: False)
    target = tmp_path / "reports" / REPORT
    folders.exchange(spelled(tmp_path / "first", "cũ"), target)
    assert tree(target) == {"index.html": "cũ".encode()}
    folders.exchange(spelled(tmp_path / "second"), target)
    assert tree(target) == {"index.html": "mới".encode()}
    assert [path.name for path in target.parent.iterdir()] == ["vi"], "the old one is gone"


def test_an_exchange_that_the_disk_refuses_leaves_the_old_report(tmp_path, monkeypatch):
    target = spelled(tmp_path / "reports" / REPORT, "cũ")
    stage, rename = spelled(tmp_path / "stage"), os.rename

    def refuse(source, destination):
        if Path(source) == stage:
            raise OSError(28, "No space left on device")
        rename(source, destination)

    monkeypatch.setattr(folders, "_swap", lambda a, b: False)
    monkeypatch.setattr(folders.os, "rename", refuse)
    with pytest.raises(OSError):
        folders.exchange(stage, target)
    assert tree(target) == {"index.html": "cũ".encode()}


def test_an_exchange_cut_short_is_ended_by_the_next_run(tmp_path):
    reports = tmp_path / "reports"
    target = reports / REPORT
    # between the two renames: the old one stands aside
    spelled(target.with_name(".vi.old"), "cũ", "run.json")
    places.restore(reports)
    assert tree(target.parent) == {"vi/run.json": "cũ".encode()}
    # after the second: the new one is there, and the old one still
    spelled(target.with_name(".vi.old"), "noch älter", "run.json")
    places.restore(reports)
    assert tree(target.parent) == {"vi/run.json": "cũ".encode()}
    # of a folder that only has such a name nothing is known
    spelled(target.with_name(".notes.old"))
    places.restore(reports)
    assert set(tree(target.parent)) == {"vi/run.json", ".notes.old/index.html"}


def test_a_lock_dies_with_its_holder(tmp_path):
    """The file may be there for ever: it is no lock by itself."""
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / ".lock").write_text("4711")
    with guards.lock(reports):
        assert (reports / ".lock").read_text().startswith(f"{os.getpid()} (")
        with pytest.raises(guards.Busy, match=rf"^{os.getpid()} \(20"), guards.lock(reports):
            pass
    with guards.lock(reports):
        pass


def test_a_stop_is_told_as_a_stop_whatever_it_breaks():
    """A signal may come between two steps of anything, such as a file's closing and the note that it is closed."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(guards.Interrupted, match="SIGTERM"), guards.signals():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGINT)
            raise OSError(9, "Bad file descriptor")
    with pytest.raises(OSError), guards.signals():
        raise OSError(28, "No space left on device")
    with pytest.raises(guards.Interrupted), guards.signals():
        try:
            signal.raise_signal(signal.SIGINT)
        except Exception:
            pytest.fail("a stop is no error that can be handled by the way")
    assert signal.getsignal(signal.SIGTERM) is before
