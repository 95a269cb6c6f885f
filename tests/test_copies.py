"""`ninhthuan notebooks`: copies in one language that a reader may change and save."""

import json

import nbformat
import pytest
from papermill.inspection import inspect_notebook

from ninhthuan_reports.cli import main
from ninhthuan_reports.commands import notebooks
from ninhthuan_reports.runs import plan


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with one notebook, from which copies are made."""
    source = json.loads((plan.notebooks_dir() / "explore/00_start_here.ipynb").read_text("utf-8"))
    (tmp_path / "notebooks/explore").mkdir(parents=True)
    write(tmp_path / "notebooks/explore/tour.ipynb", source)
    monkeypatch.setattr(plan, "notebooks_dir", lambda: tmp_path / "notebooks")
    return tmp_path


def write(path, book):
    path.write_text(json.dumps(book), encoding="utf-8")


def copied(folder, language="en"):
    assert main(["notebooks", "--language", language, "--to", str(folder / "copies")]) == 0
    return folder / "copies" / language / "explore/tour.ipynb"


@pytest.mark.parametrize("language, other", [("vi", "en"), ("en", "vi")])
def test_a_copy_is_in_one_language(folder, language, other):
    path = copied(folder, language)
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    tags = [tag for cell in book.cells for tag in cell.metadata.get("tags", [])]
    assert language in tags and other not in tags
    assert inspect_notebook(str(path))["language"]["default"] == f'"{language}"'
    (folded,) = [cell for cell in book.cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert "Report(" in folded.source


def test_every_notebook_has_its_copy(tmp_path, capsys):
    assert main(["notebooks", "--to", str(tmp_path)]) == 0
    of = {path.relative_to(plan.notebooks_dir()) for path in plan.notebooks_dir().rglob("[!.]*.ipynb")}
    assert {path.relative_to(tmp_path / "vi") for path in tmp_path.rglob("*.ipynb")} >= of
    assert capsys.readouterr().out.strip() == str(tmp_path / "vi")


def test_what_was_edited_is_kept_and_what_was_run_keeps_its_outputs(folder, capsys):
    path = copied(folder)
    book = json.loads(path.read_text("utf-8"))
    book["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["ran"]}]
    write(path, book)
    ran = path.read_bytes()
    assert copied(folder).read_bytes() == ran
    # the notebook changes: the copy, run but not edited, is made anew
    source = folder / "notebooks/explore/tour.ipynb"
    changed = json.loads(source.read_text("utf-8"))
    changed["cells"][-1]["source"] = ["report.closing()  # at the end"]
    write(source, changed)
    assert "# at the end" in copied(folder).read_text("utf-8")
    # it changes again, but the copy was edited
    mine = json.loads(path.read_text("utf-8"))
    mine["cells"][-1]["source"] = ["1 + 1"]
    write(path, mine)
    kept = path.read_bytes()
    changed["cells"][-1]["source"] = ["report.closing()"]
    write(source, changed)
    capsys.readouterr()
    assert copied(folder).read_bytes() == kept and f"{path} is kept as it was edited" in capsys.readouterr().err


def test_the_hash_is_of_the_cells_alone():
    book = {"cells": [{"cell_type": "code", "source": ["a\n", "b"], "outputs": [1]}]}
    same = {"cells": [{"cell_type": "code", "source": "a\nb", "outputs": []}]}
    assert notebooks._sources(book) == notebooks._sources(same)
