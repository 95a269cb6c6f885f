"""Words are data: each text is a row in both languages, no word decides anything, and Python holds no Vietnamese."""

import ast
import csv
import os
import random
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from ninhthuan import words
from ninhthuan_reports import cli, editing, searching

ROOT = Path(words.__file__).resolve().parents[2]
FILES = sorted(
    [
        *(ROOT / "ninhthuan").rglob("*.py"),
        *(path for path in (ROOT / "packages").glob("ninhthuan_*/**/*.py") if "tests" not in path.parts),
        *(ROOT / "packages/careful_tables").glob("*.py"),
    ]
)
# Vietnamese in Python that is no text of ours: what is recognised in files of others, the alphabet, marks of Word.
RECOGNISED = {
    # letters themselves: their order, their sounds, the widest of a line
    "packages/ninhthuan_reports/editing.py": 1,
    "ninhthuan/language.py": 2,
    "packages/ninhthuan_reports/wording.py": 3,
    "packages/figure_cards/word.py": 2,
    "packages/ninhthuan_reports/publish/slides.py": 1,
    "packages/ninhthuan_reports/runs/warming.py": 1,
    # said of tables of words that cannot be read
    "ninhthuan/words/__init__.py": 2,
    # a language by its own name
    "packages/ninhthuan_reports/publish/page_opening.py": 1,
}


def documented(tree):
    """Docstrings of a module."""
    holders = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(tree):
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr):
            yield node.body[0].value


def test_every_row_is_used():
    patterns = {pattern for _, pattern, _ in editing.calls()}
    constants = {
        node.value
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # the page that compares provinces speaks by its own script; tests/test_explore_page.py holds each of its rows
    constants |= {row.key for row in editing.message_rows() if row.file == "messages/explore.csv"}
    used = re.compile("|".join(patterns))
    idle = [row.key for row in editing.message_rows() if not used.fullmatch(row.key) and row.key not in constants]
    assert idle == []


def test_a_key_stands_in_one_table():
    """All tables of messages are one list to those who read them: of two rows with a key one would be lost."""
    tables = {}
    for row in editing.message_rows():
        tables.setdefault(row.key, []).append(row.file)
    assert {key: files for key, files in tables.items() if len(files) > 1} == {}


def test_the_words_have_no_faults():
    assert editing.faults() == []


@pytest.mark.parametrize(
    ("vi", "en", "values", "message"),
    [
        ("Hạng {rank}", "Rank {place}", "rank", "place, rank in braces"),
        ("Hạng {rank", "Rank {rank}", "rank", "a brace is opened"),
        ("", "Rank", "", "(vi) is blank"),
        ("Hạng", "Hạng của tỉnh", "", "Vietnamese letters"),
        ("đổi vì bốn lẽ", "changed", "", "not “vì bốn lẽ” but “do bốn yếu tố”"),
        ("Điểm {size:.2q}", "Score {size:g}", "size", "(vi): a brace is opened"),
    ],
)
def test_a_broken_row_is_told_by_its_line(tmp_path, monkeypatch, vi, en, values, message):
    shutil.copytree(words.folder(), tmp_path / "words")
    with open(tmp_path / "words/messages/findings.csv", "a", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerow(["indices.new", vi, en, values])
    monkeypatch.setenv("NINHTHUAN_WORDS", str(tmp_path / "words"))
    (fault,) = editing.faults()
    assert message in fault[1] and "messages/findings.csv:" in fault[1] and "indices.new" in fault[0]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text.replace("captions.within_survey_error,", "captions.without,"), "the program uses it"),
        (lambda text: text.replace(",trong sai số điều tra,", ",trong sai số, điều tra,"), "no cell more or fewer"),
        (lambda text: text.replace(",", ";"), "with commas between its cells"),
        (lambda text: text.replace("{name}", "{who}"), "does not give who"),
    ],
)
def test_a_broken_table_is_told(tmp_path, monkeypatch, spoil, message):
    shutil.copytree(words.folder(), tmp_path / "words")
    path = tmp_path / "words/messages/findings.csv"
    rows = spoil(path.read_text(encoding="utf-8"))
    path.write_text(re.sub(r"(?m)\bname\b(?=[^,]*$)", "who", rows) if "{who}" in rows else rows, encoding="utf-8")
    monkeypatch.setenv("NINHTHUAN_WORDS", str(tmp_path / "words"))
    assert any(message in en for _, en in editing.faults())


def test_what_a_spreadsheet_saves_is_read(tmp_path, monkeypatch):
    shutil.copytree(words.folder(), tmp_path / "words")
    for path in (tmp_path / "words").rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setenv("NINHTHUAN_WORDS", str(tmp_path / "words"))
    assert editing.faults() == []


def test_labels_are_found_and_checked(tmp_path, monkeypatch):
    assert [match.row.file for match in searching.matches("Upper middle")] == ["labels.csv"]
    shutil.copytree(words.folder(), tmp_path / "words")
    path = tmp_path / "words/labels.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",Trung bình cao,", ",,"), encoding="utf-8")
    monkeypatch.setenv("NINHTHUAN_WORDS", str(tmp_path / "words"))
    assert [en for _, en in editing.faults()] == ["labels.csv:3: upper_middle (vi) is blank"]


def test_a_row_is_found_by_what_stands_on_the_page():
    (match, *_) = searching.matches("CHỈ CÓ SỐ LIỆU quý II/2024")
    assert (match.row.key, match.values) == ("dossiers.quarter_alone", {"quarter_word": "quý II/2024"})
    assert match.filled == "Chỉ có số liệu quý II/2024"
    (match, *_) = searching.matches("Ninh Thuan: thieu 2 tinh: Bạc Liêu, Quảng Ninh")
    assert match.row.key == "papi.provinces_missing"
    assert match.values == {"count": "2", "names": "Bạc Liêu, Quảng Ninh"}
    # the text may begin and end within the row
    (match, *_) = searching.matches("none of 28 pairs shows")
    assert (match.row.key, match.language) == ("relations.none_pairs_shows_relation", "en")
    assert match.filled == "{indices} {years}: none of 28 pairs shows a relation"
    assert searching.matches("zzz 76,20%") == []


def test_rows_with_any_values_are_found():
    """By the day, a few of the rows that have words enough to be told from others."""
    rows = [
        row
        for row in editing.message_rows()
        if row.values and len(re.findall(r"[^\W\d_]{3,}", re.sub(r"{.*?}", "", row.vi))) > 5
    ]
    chance = random.Random(date.today().isoformat())
    for row in chance.sample(rows, 12):
        text = ""
        for literal, name, *_ in Formatter().parse(row.vi):
            text += literal
            if name:  # a value that follows a word or another value brings its own blank, as in print
                text += " " * text[-1:].isalnum() + chance.choice(("76,20%", "Bà Rịa – Vũng Tàu", "6/61"))
        assert row in [match.row for match in searching.matches(text)], row.key


def test_the_cards_that_use_a_row_are_named(tmp_path, capsys):
    """By the card itself, and through what it calls."""
    (match,) = searching.matches("captions.within_survey_error")
    assert {"index_course", "opening"} <= set(searching.cards_with(match.row))
    rows = {row.key: row for row in editing.message_rows()}
    assert "dossier_results" in searching.cards_with(rows["language.day_unknown"]), "through another package"
    assert "__init__" not in searching.cards_with(rows["cards.no_finding"])
    folder = tmp_path / "2024Q1/58/vi/cards"
    folder.mkdir(parents=True)
    (folder / "40__card.json").write_text('{"title": "Ninh Thuận: Chỉ có số liệu quý I/2024"}', encoding="utf-8")
    assert cli.main(["words", "Chỉ có số liệu quý II/2024", "--reports", str(tmp_path), "--language", "en"]) == 0
    out = capsys.readouterr().out
    assert re.match(
        r"messages/findings\.csv:\d+  dossiers\.quarter_alone\n  vi: Chỉ có số liệu \{quarter_word\}\n", out
    )
    assert "cards that use it: dossier_calendar\n" in out
    assert out.endswith("2024Q1/58/vi/cards/40__card.json, title:\n  Ninh Thuận: Chỉ có số liệu quý I/2024\n")
    assert cli.main(["words", "zzz", "--reports", str(tmp_path)]) == 1


def test_no_vietnamese_stands_in_python():
    found = {}
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = set(documented(tree))
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and node not in docs else ""
            if isinstance(text, str) and editing.VIETNAMESE.search(editing.NAMES.sub("", text)):
                found.setdefault(path.relative_to(ROOT).as_posix(), []).append(f"{node.lineno}: {text!r}")
    assert {file: texts for file, texts in found.items() if len(texts) > RECOGNISED.get(file, 0)} == {}


SPOKEN = """
import sys
import sweep
from ninhthuan_reports.runs.plan import declared, jobs_of, requests

for quarter, code in (("2024Q1", "58"), ("2025Q3", "56")):
    for job in jobs_of(requests([quarter], [code], ["vi"])[0], declared()):
        if fault := sweep.fault_of(job):
            print(job.identity, fault)
"""


def test_any_other_words_make_the_same_reports(tmp_path):
    """Each text, unit and label is written backwards: no card refuses itself, since no word decides."""
    shutil.copytree(words.folder(), tmp_path / "words")

    def turned(text: str) -> str:
        return re.sub(r"\{[^}]*\}|[^\W\d_]+", lambda found: found[0] if found[0][0] == "{" else found[0][::-1], text)

    for path in (tmp_path / "words").rglob("*.csv"):
        if path.name == "forbidden.csv":
            continue
        with open(path, encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        with open(path, "w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0], lineterminator="\n")
            writer.writeheader()
            for row in rows:
                texts = {name: turned(text) for name, text in row.items() if name.endswith(("vi", "en"))}
                writer.writerow(row | texts)
    benchmarks = Path(__file__).resolve().parent.parent / "benchmarks"
    environment = os.environ | {
        "NINHTHUAN_WORDS": str(tmp_path / "words"),
        "PYTHONPATH": os.pathsep.join([str(benchmarks), *sys.path]),
    }
    ran = subprocess.run([sys.executable, "-c", SPOKEN], env=environment, capture_output=True, text=True)
    assert (ran.stdout, ran.returncode) == ("", 0), ran.stdout + ran.stderr


@pytest.mark.parametrize("name", ["labels.csv", "messages/commands.csv", "messages/data.csv"])
def test_words_that_cannot_be_read_are_named(tmp_path, name):
    """Every table, those too that a command needs before it can say anything."""
    shutil.copytree(words.folder(), tmp_path / "words")
    with open(tmp_path / "words" / name, "a", encoding="utf-8") as handle:
        handle.write("a key,một câu, có dấu phẩy,a text, with commas,,,\n")
    environment = os.environ | {"NINHTHUAN_WORDS": str(tmp_path / "words")}
    program = Path(sys.executable).with_name("ninhthuan")
    run = subprocess.run([program, "check"], capture_output=True, text=True, env=environment)
    assert run.returncode == 1 and "Traceback" not in run.stderr + run.stdout, run.stderr
    assert Path(name).name in run.stderr + run.stdout
