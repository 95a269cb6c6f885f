"""What a command line meets: pipes that close, streams that are closed, numbers out of range, patterns that miss."""

import os
import signal
import subprocess
import sys
from datetime import date

import pytest
from small_notebooks import ROOT, deliver

from ninhthuan.language import ParameterFaults
from ninhthuan_reports import cli
from ninhthuan_reports.runs import schedule

ENVIRONMENT = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'packages'}"}


def shell(line: str, folder) -> subprocess.CompletedProcess:
    """A line of a shell in which `ninhthuan` is the command line of this tree."""
    begin = f'ninhthuan() {{ {sys.executable} -m ninhthuan_reports.cli "$@"; }}\nset -o pipefail\n'
    return subprocess.run(
        ["bash", "-c", begin + line], capture_output=True, text=True, cwd=folder, env=ENVIRONMENT, timeout=60
    )


def test_a_reader_that_leaves_ends_a_verb_without_a_traceback(tmp_path):
    """`ninhthuan verify … | head`, where nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "ninhthuan_reports.cli", "verify", "nowhere", "--language", "en"]
    with open(writing, "w", encoding="utf-8") as pipe:
        streams = {"stdout": pipe, "stderr": subprocess.PIPE, "text": True}
        done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, timeout=60, **streams)
    assert done.returncode == 128 + signal.SIGPIPE
    assert done.stderr == "nowhere: nowhere/run.json: cannot be read (FileNotFoundError)\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_survived(closed, tmp_path):
    (tmp_path / "empty").write_text("")
    done = shell(f"ninhthuan verify nowhere --language en {closed}", tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert ("run.json: cannot be read" in done.stderr) == ("2>&-" not in closed)
    assert os.listdir(tmp_path) == ["empty"]


@pytest.mark.parametrize(
    "option, text",
    [
        *(("--workers", text) for text in ("0", "-3", "x", "1e9")),
        *(("--memory", text) for text in ("-1", "0", "1", "99999999999999999999")),
        *(("--cell-seconds", text) for text in ("nan", "-1", "0", "1e-9", "inf")),
    ],
)
def test_numbers_out_of_range_are_refused(option, text, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["run", "--quarter", "2024Q1", "--reports", str(tmp_path / "reports"), f"{option}={text}"])
    assert ended.value.code == 2 and not (tmp_path / "reports").exists()
    told = capsys.readouterr().err.splitlines()[-1]
    assert option in told and f"{text!r}: cần một số từ" in told


@pytest.mark.parametrize("verb", ["plan", "run"])
def test_a_pattern_that_names_nothing_is_refused(verb, notebooks, monkeypatch, capsys):
    notebooks.add("tiny", deliver())
    monkeypatch.setattr("ninhthuan_reports.runs.plan.notebooks_dir", lambda: notebooks.folder)
    where = ["--quarter", "2024Q1", "--languages", "en", "--reports", str(notebooks.reports)]
    assert cli.main([verb, *where, "--only", "nothing*"]) == 2
    assert "--only nothing* names no notebook of these reports, such as 2024Q1/58/en/tiny" in capsys.readouterr().err
    assert cli.main(["plan", *where, "--only", "*/t*"]) == 0


def test_a_link_to_itself_is_no_folder_and_no_file(tmp_path, capsys):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for arguments in (
        ["plan", "--quarter", "2024Q1", "--reports", str(loop)],
        ["run", "--quarter", "2024Q1", "--reports", str(loop)],
        ["run", "--quarter", "2024Q1", "--template", str(loop), "--reports", str(tmp_path / "reports")],
        ["prune", "--keep", "1", "--reports", str(loop)],
        ["verify", str(loop)],
        ["trace", str(loop), "1"],
        ["import", "dossiers", str(loop), "--quarter", "2024Q1", "--dry-run"],
        ["import", "workload", str(loop), "--dry-run"],
        ["diff", "2023Q4", "2024Q1", "--before", str(loop)],
    ):
        assert cli.main(arguments) in ((0,) if arguments[0] == "plan" else (1, 2)), arguments


def test_a_clock_from_before_the_first_figure_is_told(tmp_path):
    with pytest.raises(ParameterFaults, match="2000-01-15, which is before the first figure"):
        schedule.requests(["58"], ["vi"], tmp_path, date(2000, 1, 15))


@pytest.mark.parametrize("place", ["2024Q1", ".work"])
@pytest.mark.parametrize("verb", ["plan", "run"])
def test_a_link_in_the_place_of_a_report_is_refused(verb, place, notebooks, tmp_path, monkeypatch, capsys):
    notebooks.add("tiny", deliver())
    monkeypatch.setattr("ninhthuan_reports.runs.plan.notebooks_dir", lambda: notebooks.folder)
    (tmp_path / "elsewhere").mkdir()
    notebooks.reports.mkdir()
    (notebooks.reports / place).symlink_to(tmp_path / "elsewhere")
    where = ["--quarter", "2024Q1", "--languages", "en", "--reports", str(notebooks.reports)]
    assert cli.main([verb, *where]) == 1
    assert f"{place} is a link: links in the folder of reports are not followed" in capsys.readouterr().err
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_name_of_a_file_steers_no_terminal(tmp_path, capsys):
    assert cli.main(["verify", str(tmp_path / "a\x1b[2Jb"), "--language", "en"]) == 1
    assert "\x1b" not in "".join(capsys.readouterr())
