"""References, a figure of one's own, and the panel as files that read back as they were."""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import matplotlib as mpl
import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest

import ninhthuan as nt
from ninhthuan_reports import cli
from ninhthuan_sharing import exporting
from ninhthuan_sharing.describing import write_description
from ninhthuan_sharing.feed import write_feeds
from ninhthuan_sharing.static_api import write_api

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def panel():
    """Totals of two indices: small, with every kind of column."""
    return nt.panel(["papi", "sipas"], levels="total")


# ---------------------------------------------------------------------------------------------------------- references


def test_an_edition_is_its_publishers():
    said = nt.cite("PAPI", 2023)
    assert said.apa.startswith("CECODES, RTA, & UNDP. (2024, April 2).")
    assert "author = {{CECODES} and {RTA} and {UNDP}}" in said.bibtex and "year = {2024}" in said.bibtex
    assert said.vi.endswith("(PAPI) 2023, 02/4/2024.") and str(said) == "\n\n".join(said)


def test_every_edition_can_be_cited():
    for edition in nt.editions().itertuples():
        said = nt.cite(edition.index_id, edition.edition_year, boundary=edition.boundary)
        year = "n.d." if pd.isna(edition.published_on) else str(edition.published_on.year)
        assert year in said.apa and str(edition.edition_year) in said.apa
        assert said.bibtex.count("{") == said.bibtex.count("}")
    with pytest.raises(nt.UnknownName, match="no edition 2030 of PAPI"):
        nt.cite("papi", 2030)


def test_the_data_are_cited_in_their_version():
    assert "(Version 1.0.0) [Data set]" in nt.cite().apa and "version" not in nt.cite().vi.lower()


# ----------------------------------------------------------------------------------------------------------- a figure


def test_a_figure_names_provinces_breaks_and_sources():
    scores = nt.load_index("papi")
    figure = nt.plot(scores, highlight=["Ninh Thuan", "56"])
    texts = [text.get_text() for text in figure.findobj(mpl.text.Text)]
    for wanted in ("PAPI: Ninh Thuan, Khanh Hoa", "Ninh Thuan", "Khanh Hoa"):
        assert wanted in texts
    assert any("eight dimensions" in text for text in texts) and any("CECODES, RTA, UNDP" in text for text in texts)
    assert {text.get_fontfamily()[0] for text in figure.findobj(mpl.text.Text)} == {"Roboto"}
    (ax,) = figure.axes
    for line in ax.lines:
        years = list(line.get_xdata())
        if line.get_linestyle() == "-":
            # neither a break nor a year without a score is crossed
            assert len({nt_segment(year) for year in years}) == 1 and years == list(range(years[0], years[-1] + 1))


def nt_segment(year):
    return (year >= 2016) + (year >= 2018)


def test_ranks_have_the_first_on_top_and_words_in_the_language_asked_for():
    figure = nt.plot(nt.panel("pci", levels="total"), "58", value="rank", language="vi", title="Tự đặt")
    low, high = figure.axes[0].get_ylim()
    assert low > high and "Tự đặt" in [text.get_text() for text in figure.texts]


def test_the_style_is_put_back():
    from figure_cards import style as house

    mpl.rcdefaults()
    before = mpl.rcParams.copy()
    with nt.style():
        assert mpl.rcParams["font.sans-serif"][0] == "Roboto"
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"][0] == "#12436D"
    assert {name for name in before if name != "backend" and mpl.rcParams[name] != before[name]} == set()
    house.apply()
    assert mpl.rcParams["font.sans-serif"][0] == "Roboto", "a card that is drawn after is in the look of the reports"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"highlight": "28"}, "no score of Ha Tay"),
        ({"highlight": [f"{code:02}" for code in (1, 2, 4, 6, 8, 10, 11)]}, "at most 6"),
        ({"value": "unit"}, "not 'unit'"),
    ],
)
def test_what_cannot_be_drawn_is_named(asked, says):
    with pytest.raises(ValueError, match=says):
        nt.plot(nt.load_index("papi"), **asked)
    with pytest.raises(ValueError, match="name a component_id"):
        nt.plot(nt.panel(levels="total"))


@pytest.mark.parametrize("missing", ["figure_cards", "font_roboto"])
def test_without_the_extra_a_figure_says_what_to_install(monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'ninhthuan\[charts\]'"):
        nt.style()


# --------------------------------------------------------------------------------------------------------------- files


def test_the_codebook_describes_every_column_in_both_languages():
    for panel in (nt.panel(), nt.panel("papi", wide=True)):
        book = exporting.codebook(panel).set_index("column")
        assert list(book.index) == list(panel)
        for language in ("vi", "en"):
            assert (book[f"label_{language}"] != "").all() and (book[f"label_{language}"] != book.index).all()
    assert book.at["papi_d8", "label_en"] == "PAPI: E-Governance" and book.at["papi_d8", "unit"] == "points"


READ = {
    ".csv": lambda path: pd.read_csv(
        path, dtype={"province_code": str}, keep_default_na=False, na_values={"score": ""}
    ),
    ".dta": pd.read_stata,
    ".parquet": lambda path: duckdb.read_parquet(str(path)).df(),
    ".sqlite": lambda path: _rows(path),
    ".xlsx": lambda path: _cells(path),
}


def _rows(path):
    with closing(sqlite3.connect(path)) as db:
        return pd.read_sql("SELECT * FROM panel", db)


def _cells(path):
    first, *rows = openpyxl.load_workbook(path, read_only=True)["panel"].iter_rows(values_only=True)
    return pd.DataFrame(rows, columns=first)


@pytest.mark.parametrize("ending", exporting.FORMATS)
def test_a_panel_reads_back_as_it_was(panel, tmp_path, ending):
    made = exporting.export(panel, tmp_path / f"p{ending}")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in made)
    found = READ[ending](made[0])
    assert list(found) == list(panel) and len(found) == len(panel)
    for column in ("province_code", "province", "component_en", "source_id"):
        assert found[column].fillna("").tolist() == panel[column].tolist(), column
    assert found["score"].astype(float).tolist() == pytest.approx(panel["score"].tolist(), nan_ok=True)
    ranks = pd.to_numeric(found["rank"]).astype("float64").tolist()
    assert ranks == pytest.approx(panel["rank"].astype("float64").tolist(), nan_ok=True)
    days = pd.to_datetime(found["published_on"].replace("", None))
    assert days.dt.date.astype(str).tolist() == panel["published_on"].dt.date.astype(str).tolist()
    groups = found["group_derived"].astype(object).where(found["group_derived"].notna(), "")
    assert groups.tolist() == panel["group_derived"].astype(object).where(panel["group_derived"].notna(), "").tolist()


def test_stata_knows_labels_and_order(panel, tmp_path):
    exporting.export(panel, tmp_path / "p.dta")
    with pd.read_stata(tmp_path / "p.dta", iterator=True) as reader:
        labels, named = reader.variable_labels(), reader.value_labels()
    assert labels["n_ranked"] == "Provinces ranked" and list(named["group_derived"].values())[-1] == "high"
    assert pd.read_stata(tmp_path / "p.dta")["group_derived"].cat.ordered


def test_the_library_of_haven_reads_what_stata_reads(panel, tmp_path):
    exporting.export(panel, tmp_path / "p.dta")
    found, about = pyreadstat.read_dta(tmp_path / "p.dta", apply_value_formats=True)
    assert found["province"].tolist() == panel["province"].tolist() and "01" in set(found["province_code"])
    assert found["score"].tolist() == pytest.approx(panel["score"].tolist(), nan_ok=True)
    assert about.column_names_to_labels["n_ranked"] == "Provinces ranked"
    groups = panel["group_derived"].astype(object).where(panel["group_derived"].notna(), None)
    assert found["group_derived"].astype(object).where(found["group_derived"].notna(), None).tolist() == groups.tolist()


def test_the_script_for_r_computes_what_pandas_computes(tmp_path):
    """docs/howto/panel.R beside an exported panel: medians of changes, and a regression with effects of provinces."""
    if not (program := shutil.which("Rscript")):
        message = "R is not installed: make system-packages"
        pytest.fail(message) if os.environ.get("NINHTHUAN_NO_SKIP") else pytest.skip(message)
    papi = nt.panel("papi", levels="total")
    exporting.export(papi, tmp_path / "panel.csv")
    said = subprocess.run(
        [program, "--vanilla", ROOT / "docs/howto/panel.R"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    scored = papi[papi["score"].notna()].sort_values(["province_code", "edition_year"])
    before = scored.groupby(["province_code", "segment"])[["score", "edition_year"]].shift()
    follows = before["edition_year"] == scored["edition_year"] - 1
    medians = (scored["score"] - before["score"])[follows].groupby(scored["edition_year"]).median()
    found = re.findall(r"^\d+ +(\d{4}) +(-?[\d.]+)$", said, re.M)
    assert {int(year): float(size) for year, size in found} == pytest.approx(medians.to_dict(), abs=5e-7)
    rows = scored[scored["segment"] == 3]
    wide = pd.get_dummies(rows[["edition_year", "province_code"]].astype(str), drop_first=True, dtype=float)
    fitted = np.linalg.lstsq(np.column_stack([np.ones(len(rows)), wide]), rows["score"], rcond=None)[0]
    sizes = dict(zip(["", *wide.columns], fitted, strict=True))
    for name, column in (("edition_year)2024", "edition_year_2024"), ("province_code)58", "province_code_58")):
        (size,) = re.findall(rf"{re.escape(name)} +(-?[\d.]+) ", said)
        assert float(size) == pytest.approx(sizes[column], abs=5e-6)


def test_the_same_panel_makes_the_same_bytes(panel, tmp_path):
    for ending in exporting.FORMATS:
        one, other = (exporting.export(panel, tmp_path / f"{name}{ending}")[0].read_bytes() for name in "ab")
        assert one == other, ending


def test_breaks_and_sources_of_the_panel_alone_go_with_it(panel, tmp_path):
    *_, marks, sources = exporting.export(panel, tmp_path / "p.csv")
    assert set(pd.read_csv(marks)["component_id"]) == {"papi_total", "sipas_total"}
    used = {name for cell in panel["source_id"] for name in cell.split()}
    assert set(pd.read_csv(sources)["source_id"]) == used


def test_a_folder_has_a_file_for_each_index_and_province(panel, tmp_path):
    units = nt.panel("dti", levels="total", boundary="post_2025")
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1/old.json").write_text("{}")
    count = write_api(pd.concat([panel, units]), tmp_path)
    listed = json.loads((tmp_path / "v1/index.json").read_text("utf-8"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == count == 2 * len(listed["files"]) + 1 and listed["version"] == "1.0.0"
    assert {one["column"] for one in listed["columns"]} == set(panel)
    scores = []
    for file in listed["files"]:
        told = json.loads((tmp_path / "v1" / file["path"]).read_text("utf-8"))
        assert (told["boundary"], told["province_code"]) == (file["boundary"], file["province_code"])
        scores += [row["score"] for row in told["figures"] if row["score"] is not None]
    assert sorted(scores) == sorted([*panel["score"].dropna(), *units["score"].dropna()])
    assert (tmp_path / "v1/dti/post_2025/56.csv").is_file() and not (tmp_path / "v1/dti/56.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ("api --indices sipas", 0, "files in api"),
        ("api --wide --as-of 2024-04-30", 2, "leave out --as-of, --wide, or write a file (one of .csv"),
        ("p.csv --indices papi --levels total --as-of 2024-04-30", 0, "819 rows, 28 columns: p.csv, p_codebook.csv"),
        ("p.dta --indices sipas --wide", 0, "(Version 1.0.0) [Data set]."),
        ("p.rds", 2, "the ending must be one of .csv, .dta"),
        ("p.csv --indices papy", 2, "did you mean 'papi'?"),
        ("p.csv --levels totals", 2, "not totals"),
        ("p.csv --indices papi --boundary post_2025", 1, "no PAPI is held by post_2025"),
        ("nowhere/p.csv --indices sipas", 1, "Cannot be written"),
    ],
)
def test_the_verb(tmp_path, monkeypatch, capsys, arguments, code, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ninhthuan.words._spoken", "")
    assert cli.main(["export", *arguments.split(), "--language", "en"]) == code
    said = capsys.readouterr()
    assert says in said.out + said.err
    assert code == 0 or list(tmp_path.iterdir()) == []


def test_the_verb_says_what_a_format_needs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("ninhthuan.words._spoken", "")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert cli.main(["export", "p.parquet", "--indices", "sipas", "--language", "en"]) == 2
    assert "duckdb is not installed: pip install 'ninhthuan[export]'" in capsys.readouterr().err


# --------------------------------------------------------------------------------------- for search engines and readers


def test_the_description_names_every_file_with_its_hash_and_every_column(tmp_path):
    """Read with `mlcroissant` when the format was chosen; here every file is where it says, and is what it says."""
    count = write_description(tmp_path, "https://example.org/api/")
    told = json.loads((tmp_path / "croissant.json").read_text("utf-8"))
    assert told["@type"] == "sc:Dataset" and told["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert told["version"] == "1.0.0" and told["url"] == "https://example.org/api/"
    used = {name for record in told["recordSet"] for field in record["field"] for name in (*record, *field)}
    assert {name for name in used if name[0] != "@"} - set(told["@context"]) == {"name", "description"}
    files = {file["@id"]: file for file in told["distribution"]}
    assert count == 2 + len(files) == sum(path.is_file() for path in tmp_path.rglob("*"))
    for record in told["recordSet"]:
        (name,) = {field["source"]["fileObject"]["@id"] for field in record["field"]}
        path = tmp_path / files[name]["contentUrl"].removeprefix(told["url"])
        content = path.read_bytes()
        assert files[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert files[name]["contentSize"] == f"{len(content)} B"
        columns = [field["source"]["extract"]["column"] for field in record["field"]]
        assert columns == content.decode().partition("\n")[0].split(",")
        ids = {field["@id"] for field in record["field"]}
        assert {key["@id"] for key in record["key"]} <= ids and all(field["description"] for field in record["field"])
    alone = {record["key"][0]["@id"] for record in told["recordSet"] if len(record["key"]) == 1}
    leads = [f["references"]["field"]["@id"] for r in told["recordSet"] for f in r["field"] if "references" in f]
    assert len(leads) > 10 and set(leads) <= alone


ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read_feed(folder, language):
    root = ElementTree.parse(folder / f"feed.{language}.xml").getroot()
    entries = root.findall("a:entry", ATOM)
    assert len({entry.findtext("a:id", namespaces=ATOM) for entry in entries}) == len(entries)
    times = [datetime.fromisoformat(entry.findtext("a:updated", namespaces=ATOM)) for entry in entries]
    assert times == sorted(times, reverse=True) and all(time.tzinfo for time in times)
    assert root.findtext("a:updated", namespaces=ATOM) == times[0].isoformat()
    return root, {entry.findtext("a:title", namespaces=ATOM): entry for entry in entries}


def test_the_feeds_say_what_came_out_and_what_else_is_given(tmp_path):
    made = (datetime(2026, 11, 30, 8, tzinfo=UTC), "abc", "Corrected & more", ["45.1 < 45.2"])
    write_feeds(tmp_path, {"vi": [], "en": [made]}, "https://example.org/api/")
    root, entries = read_feed(tmp_path, "en")
    first = next(iter(entries))
    assert first == "Corrected & more"
    assert entries[first].findtext("a:content", namespaces=ATOM) == "<p>45.1 &lt; 45.2</p>"
    editions = nt.editions()
    assert len(entries) == 1 + editions["published_on"].notna().sum() - 1, "DTI 2024 is of two lists of provinces"
    assert "https://example.org/api/feed.en.xml" in [link.get("href") for link in root.findall("a:link", ATOM)]


def test_feeds_without_a_history_have_editions_alone_and_say_so(tmp_path):
    write_feeds(tmp_path, None)
    root, entries = read_feed(tmp_path, "en")
    assert "corrected figures are not here" in root.findtext("a:subtitle", namespaces=ATOM)
    assert entries and all(title.endswith(" is out") for title in entries)
