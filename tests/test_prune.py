"""Old reports go only when told to, and nothing else goes with them."""

import os

import pytest
from small_notebooks import tree

from ninhthuan_reports import cli
from ninhthuan_reports.runs.batches import quarter_of
from notebook_batch import guards, prune

QUARTERS = ["2023Q4", "2024Q1", "2024Q2", "2024Q3"]


@pytest.fixture
def reports(tmp_path):
    """Four quarters of 58 in Vietnamese, one in English, left-overs of runs, and things that are no reports."""
    folder = tmp_path / "reports"
    files = [f"{quarter}/58/vi/{name}" for quarter in QUARTERS for name in ("run.json", "figures/one.png")]
    files += ["2023Q4/58/en/run.json", "README.md", ".failed/2023Q4/58/vi/run.json", ".failed/2024Q3/58/vi/run.json"]
    files += [
        ".work/2023Q4/58/vi/tiny/seal.json",
        "2023Q4/58/notes.txt",
        "2022Q1/58/vi/my own.docx",
        "2022/58/vi/run.json",
    ]
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 1000)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "run.json").write_text("{}")
    (folder / "2021Q1/58").mkdir(parents=True)
    (folder / "2021Q1/58/vi").symlink_to(elsewhere)
    return folder


def pruned(capsys, reports, *more):
    code = cli.main(["prune", "--reports", str(reports), "--language", "en", *more])
    told = capsys.readouterr()
    return code, told.out.splitlines(), told.err.splitlines()


def test_it_first_says_what_it_would_remove(capsys, reports):
    before = tree(reports)
    assert pruned(capsys, reports, "--keep", "2") == (
        0,
        ["2023Q4/58/vi  0.0 MB", "2024Q1/58/vi  0.0 MB", "To remove: reports: 2, 0.0 MB; do it: --yes"],
        [],
    )
    assert {name: content for name, content in tree(reports).items() if name != ".lock"} == before
    # with its figures and with what was left over of runs of it
    assert [one.size for one in prune.surplus(reports, 2, quarter_of)] == [4000, 2000]


def test_it_removes_old_reports_and_what_was_left_over_of_them_and_nothing_else(capsys, reports):
    before = tree(reports)
    code, told, _ = pruned(capsys, reports, "--keep", "2", "--yes")
    assert code == 0 and told[-1] == "Removed: reports: 2, 0.0 MB"
    gone = ("2023Q4/58/vi/", "2024Q1/58/vi/", ".failed/2023Q4/", ".work/")
    left = {name: content for name, content in before.items() if not name.startswith(gone)}
    now = tree(reports)
    listed = now.pop("index.html").decode("utf-8")
    assert {name: content for name, content in now.items() if name != ".lock"} == left
    assert "2023Q4/58/vi" not in listed and "2024Q2/58/vi" in listed, "the page over all reports knows"
    assert (
        not (reports / "2024Q1").exists() and not (reports / ".work").exists() and not (reports / ".removed").exists()
    )
    assert (reports / "2021Q1/58/vi/run.json").exists()
    assert pruned(capsys, reports, "--keep", "2", "--yes")[1] == ["Removed: reports: 0, 0.0 MB"]


def test_one_that_was_stopped_midway_is_ended_by_the_next(capsys, reports):
    half = reports / ".removed" / "2020Q1_58_vi_0"
    half.mkdir(parents=True)
    (half / "run.json").write_text("{}")
    assert pruned(capsys, reports, "--keep", "9", "--yes")[0] == 0
    assert not half.parent.exists()


@pytest.mark.parametrize("keep", ["0", "-1"])
def test_nothing_is_kept_is_no_request(capsys, reports, keep):
    before = tree(reports)
    code, _, told = pruned(capsys, reports, "--keep", keep, "--yes")
    assert (code, told) == (2, ["--keep must be 1 or more. Nothing was removed."])
    assert tree(reports) == before


def test_a_folder_that_is_not_there_is_not_made(capsys, tmp_path):
    assert pruned(capsys, tmp_path / "report", "--keep", "2")[0] == 2
    assert not (tmp_path / "report").exists()


def test_while_reports_are_made_none_is_removed(capsys, reports):
    with guards.lock(reports):
        code, _, told = pruned(capsys, reports, "--keep", "1", "--yes")
    assert code == 1 and len(told) == 1 and str(os.getpid()) in told[0]
    assert (reports / "2023Q4/58/vi/run.json").exists()
