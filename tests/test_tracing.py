"""Every numeral of a report's documents leads to a card, and one changed digit does not."""

import re
import shutil
import zipfile
from collections import Counter

import pytest
from lxml import etree

from figure_cards.texts import NoReader, read_texts
from ninhthuan_reports.cli import main
from ninhthuan_reports.tracing import NoReport, derived, passports

FILES = ("briefing.docx", "briefing.pdf", "slides.pptx", "data.xlsx", "index.html")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REPORTS = [
    ("58", "vi", "2024Q1"),
    ("56", "vi", "2025Q3"),
    ("58", "en", "2024Q1"),
    ("58", "vi", "2023Q4"),
    ("24", "vi", "2023Q2"),
    ("01", "en", "2023Q2"),
]


@pytest.fixture(scope="module", params=REPORTS, ids="-".join)
def report(request, made_report):
    made = made_report(*request.param)
    assert made.code == 0, made.output
    return made.folder


@pytest.fixture(scope="module")
def first(made_report):
    return made_report(*REPORTS[0]).folder


@pytest.mark.parametrize("name", FILES)
def test_every_numeral_of_a_document_is_traced(report, name):
    if not (report / name).exists() or (name.endswith(".pdf") and not shutil.which("pdftotext")):
        pytest.skip("no LibreOffice or no pdftotext on this machine")
    found = list(passports(report / name))
    assert len(found) > 50
    assert [(one.numeral, one.block.text) for one in found if one.piece is None] == []
    # what a card does not say is the frame around it: numbers of pages and figures, names of the report
    cards = sum(one.piece.card is not None for one in found)
    assert cards / len(found) > 0.7


def test_most_numerals_lead_to_rows_by_a_stated_rule(first):
    """Closings and notes name years and sources; of titles, sentences and tables at most one in twenty has no row."""
    found = [one for one in passports(first / "briefing.docx") if one.piece.where in ("title", "table", "sentence")]
    found = [one for one in found if one.piece.card.kind != "text"]
    rules = Counter(one.worked_out[0] for one in found)
    assert len(found) > 400
    assert rules["claim"] / len(found) < 0.05, rules
    for one in found:
        rule, cells = one.worked_out
        texts = derived.read(one.piece.card.path("csv")).texts
        if rule == "held" and (value := derived.number(one.numeral, "vi")) is not None and len(cells) == 1:
            (row, column) = cells[0]
            plain, text = f"{value:f}".rstrip("0").rstrip("."), texts[column][row - 1]
            # a figure that is text stands there as the report writes it
            assert plain in text or plain.replace(".", ",") in text or text[:4] == one.numeral
        assert all(0 < row <= len(texts[column]) for row, column in cells)
        assert one.sources or one.piece.card.name in ("contradictions", "quarter_changes")


def test_one_changed_digit_is_not_ours(first, tmp_path):
    """One digit in each fifth text of the Word file is another: none of these is the report's, all others are."""
    changed = tmp_path / "briefing.docx"
    spoilt = []
    with zipfile.ZipFile(first / "briefing.docx") as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                tree = etree.fromstring(content)
                texts = [text for text in tree.iter(f"{W}t") if re.search(r"\d[.,/]\d|\d{3}", text.text or "")]
                for text in texts[::5]:
                    *_, last = re.finditer(r"\d", text.text)
                    digit = str((int(last[0]) + 1) % 10)
                    text.text = text.text[: last.start()] + digit + text.text[last.end() :]
                    spoilt.append(text.text)
                content = etree.tostring(tree)
            new.writestr(name, content)
    not_ours = [one for one in passports(changed, first) if one.piece is None]
    assert len(spoilt) > 40
    for text in spoilt:
        assert any("".join(text.split()) in "".join(one.block.text.split()) for one in not_ours), text
    assert all(any("".join(text.split()) in "".join(one.block.text.split()) for text in spoilt) for one in not_ours)


def test_the_verb_names_card_row_rule_and_source(first, tmp_path, capsys):
    assert main(["trace", str(first / "briefing.docx"), "76,20", "--language", "en"]) == 0
    said = capsys.readouterr().out
    for part in (
        "card 10_index_overview__opening (sentence)",
        "worked out: the first cell in percent of the second",
        "10_index_overview__opening__2024Q1.csv, row",
        "card 40_workload__dossier_results (title)",
        "as it stands in the cell",
        "[base_document_2024]",
    ):
        assert part in said
    assert main(["trace", str(first / "data.xlsx"), "76,20"]) == 0
    assert "76.2031" in capsys.readouterr().out
    assert main(["trace", str(first / "slides.pptx")]) == 0
    total, ours = re.findall(r"\d+", capsys.readouterr().out)
    assert total == ours
    assert main(["trace", str(first / "briefing.docx"), "76,21"]) == 1
    page = (first / "index.html").read_text("utf-8")
    assert page.count("45,51") > 3
    (tmp_path / "index.html").write_text(page.replace("45,51", "45,61"), "utf-8")
    capsys.readouterr()
    assert main(["trace", str(tmp_path / "index.html"), "45,61", "--report", str(first), "--language", "en"]) == 1
    assert "not ours" in capsys.readouterr().out
    assert main(["trace", str(tmp_path / "index.html"), "45,61"]) == 2
    assert main(["trace", str(first / "run.json"), "45,61"]) == 2


def test_what_cannot_be_traced_is_refused(first, tmp_path):
    shutil.copy(first / "briefing.docx", tmp_path / "briefing.docx")
    with pytest.raises(NoReport):
        list(passports(tmp_path / "briefing.docx"))
    with pytest.raises(NoReader):
        read_texts(first / "run.json")
    (tmp_path / "slides.pptx").write_bytes(b"no package")
    with pytest.raises(ValueError, match="slides"):
        list(passports(tmp_path / "slides.pptx", first))


@pytest.mark.parametrize(
    ("numeral", "text", "rule", "cells"),
    [
        ("45,51", "45,51 điểm", "rounded", ((1, "score"),)),
        ("6/61", "hạng 6/61", "pair", ((1, "rank"), (1, "n_ranked"))),
        ("0,50", "tăng 0,50 điểm so với 46,00", "difference", ((1, "score"), (2, "score"))),
        ("2022", "năm 2022", "held", ((2, "edition_year"),)),
        ("02/4/2024", "ngày 02/4/2024", "held", ((1, "published_on"),)),
        ("45,52", "45,52 điểm", "", ()),
        ("7,25", "7,25", "", ()),
    ],
)
def test_a_numeral_follows_from_cells(tmp_path, numeral, text, rule, cells):
    path = tmp_path / "card.csv"
    path.write_text(
        "edition_year,score,rank,n_ranked,published_on\n2023,45.506,6,61,2024-04-02\n2022,46.005,4,60,2023-04-12\n"
    )
    types = {"edition_year": "integer", "score": "number", "rank": "integer", "n_ranked": "integer"}
    columns = [{"name": name, "type": kind} for name, kind in (types | {"published_on": "date"}).items()]
    path.with_suffix(".json").write_text(str({"columns": columns}).replace("'", '"'))
    assert derived.derivation(numeral, text, path, "vi") == (rule, cells)
