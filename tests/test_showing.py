"""How frames show in Jupyter: unit, day and sources under what `load_*` gave and what is left of it."""

import subprocess
import sys

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan import showing

Q1_2024 = "2024-04-30"


@pytest.fixture
def both(monkeypatch):
    """As where no report is open."""
    monkeypatch.setattr(showing, "_languages", ("vi", "en"))


@pytest.fixture(scope="module")
def scores():
    return nt.load_index("papi", as_of=Q1_2024)


def test_a_loaded_frame_tells_unit_day_and_sources_in_both_languages(scores, both):
    totals = scores[scores["component_id"] == "papi_total"]
    own = totals[(totals["province_code"] == "58") & (totals["edition_year"] == 2023)]
    assert showing.lines(own) == [
        "PAPI; score: điểm; biết đến ngày 30/4/2024; nguồn: CECODES, RTA, UNDP (gh_tunah72)",
        "PAPI; score: points; known on 30 April 2024; source: CECODES, RTA, UNDP (gh_tunah72)",
    ]


@pytest.mark.parametrize(
    "index_id, unit", [("papi", "points"), ("pci", "points"), ("par_index", "%"), ("sipas", "%"), ("dti", "scale 0–1")]
)
def test_units_are_those_of_the_index(index_id, unit):
    line = showing.source_line(nt.load_index(index_id), "en")
    assert unit in line.split(";")[1] and line.startswith(nt.catalogue.catalogue().indices[index_id].abbreviation)


def test_dimensions_and_workload_tell_theirs(both):
    assert "PAPI; score: điểm" in showing.lines(nt.load_index("papi", as_of=Q1_2024).query("level == 'dimension'"))[0]
    vi, en = showing.lines(nt.load_workload("58", until="2024Q1"))
    assert vi.startswith("value: đơn vị ở cột unit; biết đến ngày 31/3/2024; nguồn: base_document_2024")
    assert en.startswith("value: unit in column unit; known on 31 March 2024; source: base_document_2024")


def test_what_is_left_of_a_frame_still_tells_its_sources(scores, both):
    narrow = scores[["edition_year", "rank_derived"]]
    _, en = showing.lines(narrow)
    assert en.startswith("PAPI; known on 30 April 2024; source: CECODES") and "and 9 more" in en
    assert "points" not in en, "there is no score any more"
    assert "score: points" in showing.lines(scores[["score"]])[1]


def test_of_rows_that_tell_their_own_source_only_those_are_named(scores):
    line = showing.source_line(scores[scores["edition_year"] == 2017], "en")
    assert "xlsx2017" in line and "gh_tunah72" not in line


def test_frames_put_together_claim_nothing(scores):
    for frame in (
        nt.decomposition(scores, "58", 2022, 2023),
        nt.distribution(scores),
        nt.gaps(scores, "58", 2023, "papi_total"),
        scores.groupby("province").size().to_frame("score"),
        pd.DataFrame({"score": [1.0]}),
    ):
        assert showing.lines(frame) == [] and showing.as_html(frame) == frame._repr_html_()


def test_words_are_escaped():
    frame = pd.DataFrame({"source_id": ["<b>"]})
    frame.attrs["sources"] = "<b>"
    assert "<p>source: &lt;b&gt;</p>" in showing.as_html(frame) or "<p>nguồn: &lt;b&gt;</p>" in showing.as_html(frame)


SESSION = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
import ninhthuan as nt
frame = nt.load_index("sipas", as_of="2024-04-30")[["edition_year", "score"]].head(2)
plain = __import__("pandas").DataFrame({"score": [1.5]})
{more}
for shown in (frame, plain):
    data, _ = shell.display_formatter.format(shown)
    print(data["text/html"][-400:].replace(chr(10), " "), "|", data["text/plain"].splitlines()[-1])
"""


@pytest.mark.parametrize(
    "more, wanted, unwanted",
    [
        ("", ["SIPAS; score: %; biết đến", "SIPAS; score: %; known on"], []),
        (
            "from ninhthuan_reports.report import Report\n"
            'Report("x", quarter="2024Q1", province_code="58", language="vi")',
            ["SIPAS; score: %; biết đến"],
            ["known on"],
        ),
    ],
)
def test_ipython_shows_it_once_something_was_loaded(more, wanted, unwanted):
    """In an IPython of its own; in the language of the report that is open, and else in both."""
    done = subprocess.run(
        [sys.executable, "-c", SESSION.replace("{more}", more)], capture_output=True, text=True, check=True
    )
    loaded, plain = done.stdout.strip().splitlines()[-2:]
    assert [words for words in wanted if words not in loaded] == []
    assert [words for words in unwanted if words in loaded] == []
    assert "SIPAS" in loaded.rpartition("|")[2], "as plain text too"
    assert "source" not in plain and plain.endswith("1.5")


def test_loading_needs_no_ipython():
    code = "import sys, ninhthuan as nt; nt.load_index('sipas'); print('IPython' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
