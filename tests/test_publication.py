"""The documents of a report belong to its run: made in a process of their own, all of them or no report at all."""

import os
import shutil
import signal
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm
from small_notebooks import ROOT, Notebooks, deliver, processes_of, tree, wait_until

from notebook_batch import record

BRIEFING = '[[briefing]]\nvi = "Phần"\nen = "Part"\ncards = ["tiny/one"]\n'
HEAD = '[defaults]\nformats = ["html", "docx", "xlsx"]\n'


@pytest.fixture
def notebooks(tmp_path):
    """One small notebook, whose report is published in three formats."""
    made = Notebooks(tmp_path)
    made.declared["head"] = HEAD
    made.add("tiny", deliver("tiny"))
    made.declared["zz"] = BRIEFING
    made.declare("tiny", 'cards = ["one"]')
    return made


def made_anew(notebooks, *more) -> dict:
    """What a run writes about each notebook, and the files of the report."""
    done = notebooks.run(*more)
    assert done.returncode == 0, done.stderr
    return {path.name for path in notebooks.report.iterdir() if path.is_file()}


ALWAYS = {"ro-crate-metadata.json", "verify.py", "index.html", "run.json", "log.jsonl"}


def test_formats_are_what_was_declared_or_asked_for(notebooks):
    assert made_anew(notebooks) == ALWAYS | {"briefing.docx", "data.xlsx"}
    assert (notebooks.report / "notebooks" / "tiny__2024Q1.html").is_file()
    first = tree(notebooks.report)
    assert notebooks.record()["formats"] == ["html", "docx", "xlsx"] and notebooks.record()["absent"] == []
    assert notebooks.verify().returncode == 0
    # nothing has changed: nothing is made
    assert notebooks.run().stdout.startswith("Không đổi")
    assert tree(notebooks.report) == first
    # other formats need no notebook to run again
    assert notebooks.plan("--formats", "xlsx,pptx")["tiny"] == ("resume", "documents are to be made anew")
    assert made_anew(notebooks, "--formats", "xlsx,pptx") == ALWAYS | {"data.xlsx", "slides.pptx"}
    assert not (notebooks.report / "notebooks" / "tiny__2024Q1.html").exists()
    assert made_anew(notebooks, "--formats", "none") == ALWAYS
    assert made_anew(notebooks) == ALWAYS | {"briefing.docx", "data.xlsx"}
    again = tree(notebooks.report)
    same = [name for name in first if name not in ("run.json", "log.jsonl")]
    assert {name: again[name] for name in same} == {name: first[name] for name in same}, "the same bytes"


def test_unknown_formats_and_templates_are_refused_together(notebooks, tmp_path):
    (tmp_path / "office.docx").write_text("no Word file")
    done = notebooks.run("--formats", "doc,html,power", "--template", tmp_path / "office.docx", "--languages", "en")
    assert done.returncode == 2
    assert "there is no 'doc'; did you mean 'docx'?" in done.stderr and "'power'" in done.stderr
    assert "office.docx" in done.stderr and done.stderr.endswith("Nothing was run.\n")
    assert not notebooks.report.exists()


def test_a_template_is_part_of_what_a_report_comes_from(notebooks, tmp_path):
    office, other = tmp_path / "office.docx", notebooks.folder / "other.docx"
    for path, font in ((office, "Arial"), (other, "Tahoma")):
        document = Document()
        document.styles["Normal"].font.name = font
        section = document.sections[0]
        section.page_width, section.left_margin, section.right_margin = Mm(210), Mm(30), Mm(20)
        document.save(path)

    def font():
        return Document(notebooks.report / "briefing.docx").styles["Normal"].font.name

    made_anew(notebooks, "--template", office)
    assert font() == "Arial"
    assert notebooks.plan("--template", office)["tiny"][0] == "keep"
    again = notebooks.run(notebooks.report, "--reproduce", "--language", "en", verb="verify")
    assert again.returncode == 1 and "another Word template (--template)" in again.stdout
    again = notebooks.run(notebooks.report, "--reproduce", "--template", office, verb="verify")
    assert again.returncode == 0, again.stderr
    assert notebooks.plan()["tiny"] == ("resume", "documents are to be made anew"), "it was asked for once"
    notebooks.declared["head"] = HEAD + 'template = "other.docx"\n'
    notebooks.declare("tiny", 'cards = ["one"]')
    made_anew(notebooks)
    assert font() == "Tahoma"
    notebooks.declared["head"] = HEAD + 'template = "gone.docx"\n'
    notebooks.declare("tiny", 'cards = ["one"]')
    done = notebooks.run("--languages", "en")
    assert done.returncode == 2 and "there is no file gone.docx" in done.stderr


def test_a_report_made_again_says_what_differs_and_what_it_rests_on_that_changed(tmp_path, small_copy):
    """One real notebook, on a small copy of the data."""
    notebooks = Notebooks(tmp_path)
    shutil.copy(ROOT / "notebooks/20_index_trend.ipynb", notebooks.folder)
    notebooks.declared["head"] = '[defaults]\nformats = ["html"]\n'
    cards = '["index_course", "index_editions", "component_gaps", "closing"]'
    notebooks.declare("20_index_trend", f'indices = ["dti"]\ncards = {cards}')
    notebooks.environment["NINHTHUAN_DATA"] = str(small_copy.path)
    made_anew(notebooks)

    def again():
        done = notebooks.run(notebooks.report, "--reproduce", "--language", "en", verb="verify")
        return done.returncode, done.stdout.splitlines()[-1], done.stderr

    then, place = notebooks.record(), notebooks.report / "run.json"
    del then["seal"]
    now = then["inputs"]["environment"]["matplotlib"]
    then["inputs"]["environment"]["matplotlib"] = "3.9.0"
    place.unlink()
    record.write_record(notebooks.report, then)
    assert again() == (0, f"Changed since then: packages matplotlib 3.9.0 → {now}", "")

    cells = {"component_id": "dti_total", "province_code": "58", "edition_year": 2021, "source_id": "dti_nt_2021"}
    small_copy.set("indicators/dti.csv", small_copy.row("indicators/dti.csv", **cells), "score", "0.3148")
    small_copy.seal()
    code, since, differ = again()
    assert code == 1 and since.endswith("; data datapackage.json, indicators/dti.csv")
    table = "tables/20_index_trend_dti__index_editions__2024Q1"
    assert f"{notebooks.report}: {table}.csv, json: differs\n" in differ and "component_gaps" not in differ, differ


def test_a_briefing_of_cards_that_nobody_promises_is_refused(notebooks):
    notebooks.declared["zz"] = BRIEFING.replace("tiny/one", "tiny/two").replace('vi = "Phần"\n', "")
    notebooks.declare("tiny", 'cards = ["one"]')
    done = notebooks.run("--languages", "en")
    assert done.returncode == 2
    assert "no run has 'tiny/two'; did you mean 'tiny/one'?" in done.stderr
    assert "the key 'vi' is missing" in done.stderr


def without_office(notebooks, tmp_path):
    """Let the command line find no LibreOffice, whatever is on this machine."""
    empty = tmp_path / "bin"
    empty.mkdir()
    (empty / "ps").symlink_to(shutil.which("ps"))
    notebooks.environment["PATH"] = str(empty)


def test_without_libreoffice_the_report_is_made_and_says_what_is_not_there(notebooks, tmp_path):
    without_office(notebooks, tmp_path)
    done = notebooks.run("--formats", "docx,pdf", "--languages", "en")
    report = notebooks.reports / "2024Q1/58/en"
    assert done.returncode == 0
    assert "No briefing.pdf: LibreOffice is not installed" in done.stderr
    assert notebooks.record(report)["absent"] == ["briefing.pdf"]
    assert (report / "briefing.docx").is_file() and not (report / "briefing.pdf").exists()
    assert "briefing.pdf" not in (report / "index.html").read_text(encoding="utf-8")


def test_documents_that_cannot_be_made_fail_the_report_and_leave_the_old_one(notebooks):
    made_anew(notebooks)
    before = tree(notebooks.report)
    notebooks.add("tiny", deliver("tiny", sections=[["no lines"]]))
    done = notebooks.run()
    assert done.returncode == 1
    assert "2024Q1/58/vi/publishing: ValueError: index.html" in done.stderr
    assert tree(notebooks.report) == before, "the report that was there is untouched"
    record = notebooks.record(notebooks.kept)
    assert record["status"] == "failed"
    assert [job["name"] for job in record["jobs"] if job["status"] == "failed"] == ["publishing"]
    # the notebook itself had done well: it is not run again
    assert notebooks.plan()["tiny"] == ("resume", "finished last time")
    notebooks.add("tiny", deliver("tiny"))
    assert notebooks.run().returncode == 0 and not notebooks.kept.exists()


def test_a_process_that_dies_at_the_documents_fails_the_report(notebooks):
    """Killed from outside while it makes them; nothing is left running, and the next run needs no notebook again."""
    slow = "sections=[['Đầu', ['dòng' * 10] * 40000]]"
    notebooks.add("tiny", deliver("tiny").replace("} | {}", "} | dict(" + slow + ")"))
    process = notebooks.start()
    log = notebooks.reports / ".work" / "2024Q1/58/vi/run.json"

    def publisher():
        if not log.is_file() or '"publishing"' not in log.read_text(encoding="utf-8"):
            return None
        for pid in processes_of(notebooks.base):
            environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            if os.readlink(f"/proc/{pid}/cwd").endswith(".publishing") and environment:
                return pid
        return None

    os.kill(wait_until(publisher, step=0.001), signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert "2024Q1/58/vi/publishing: Killed" in errors and "SIGKILL" in errors
    assert not notebooks.report.exists() and not processes_of(notebooks.base)
    assert notebooks.plan()["tiny"][0] == "resume"


def test_the_gallery_knows_every_report(notebooks):
    notebooks.run("--languages", "vi,en")
    page = (notebooks.reports / "index.html").read_text(encoding="utf-8")
    assert "2024Q1/58/vi/index.html" in page and "2024Q1/58/en/index.html" in page
    notebooks.add("tiny", "1 / 0")
    assert notebooks.run().returncode == 1
    assert "ZeroDivisionError" in (notebooks.reports / "index.html").read_text(encoding="utf-8")
