"""The notebooks: thin stories of one shape; and the reports they make, as a user gets them."""

import ast
import csv
import json
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan_reports import cards
from ninhthuan_reports.parameters import NAMES
from ninhthuan_reports.runs.inputs import cards_of, subject

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
# JupyterLab keeps copies in hidden folders
PATHS = sorted(path for path in NOTEBOOKS.rglob("*.ipynb") if not path.parent.name.startswith("."))
DECLARED = tomllib.loads((NOTEBOOKS / "runs.toml").read_text("utf-8"))
RUNS, EXPLORE = DECLARED["run"], DECLARED["explore"]
EXPLORER = NOTEBOOKS / "explore/02_explorer.ipynb"  # it opens an Explorer: cards are chosen, not written in
BOTH = ("vi", "en")
DEFAULTS = {"quarter": "2024Q1", "as_of": "", "province_code": "58", "language": "vi", "output_dir": ""}


def notebook_id(path):
    return path.relative_to(NOTEBOOKS).with_suffix("").as_posix()


def cells_of(path, kind=None, tag=None):
    book = json.loads(path.read_text("utf-8"))
    return [
        cell
        for cell in book["cells"]
        if kind in (None, cell["cell_type"]) and (tag is None or tag in cell["metadata"].get("tags", []))
    ]


def source(cell):
    return "".join(cell["source"])


def test_there_are_notebooks():
    assert len(PATHS) >= 7


# --------------------------------------------------------------------------------------------------------------- shape


@pytest.mark.parametrize("path", PATHS, ids=notebook_id)
class TestShape:
    def test_format(self, path):
        book = json.loads(path.read_text("utf-8"))
        nbformat.validate(nbformat.from_dict(book))
        assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
        assert book["metadata"]["kernelspec"]["name"] == "python3"
        assert set(book["metadata"]) <= {"kernelspec", "language_info"}, "nothing of the machine that saved it"
        assert set(book["metadata"].get("language_info", {})) <= {"name"}

    def test_length(self, path):
        assert len(cells_of(path)) <= 30

    def test_cell_ids_are_names_and_not_random(self, path):
        ids = [cell["id"] for cell in cells_of(path)]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z]+(-\d{2})?(-vi|-en)?", name) for name in ids), ids
        for cell in cells_of(path, "markdown"):
            assert cell["id"].endswith(f"-{cell['metadata']['tags'][0]}")

    def test_nothing_executed_is_kept(self, path):
        for cell in cells_of(path, "code"):
            assert cell["outputs"] == [] and cell["execution_count"] is None
            assert set(cell["metadata"]) <= {"tags"}

    def test_parameters(self, path):
        (cell,) = cells_of(path, "code", "parameters")
        assert cells_of(path, "code")[0] == cell
        tree = ast.parse(source(cell))
        values = {}
        lines = source(cell).splitlines()
        for node in tree.body:
            assert isinstance(node, ast.AnnAssign) and node.annotation.id == "str", "typed, and nothing worked out"
            assert isinstance(node.value, ast.Constant) and isinstance(node.value.value, str), "a literal text"
            values[node.target.id] = node.value.value
            comment = lines[node.lineno - 1].partition("  # ")[2]
            assert len(comment) > 5, f"{node.target.id} has no help"
        assert len(lines) == len(tree.body)
        assert list(values) == [name for name in NAMES if name in values], "the same order everywhere"
        index_id = values.pop("index_id", None)
        assert values == DEFAULTS
        assert index_id in (None, "papi")

    @pytest.mark.parametrize("language", BOTH)
    def test_the_first_cell_is_a_question(self, path, language):
        first = source(cells_of(path, "markdown", language)[0]).splitlines()[0]
        assert re.fullmatch(r"# \S.*\?", first), first
        others = [source(cell) for cell in cells_of(path, "markdown", language)[1:]]
        assert not [text for text in others if re.search(r"^# ", text, re.M)], "one title"
        assert all(text.startswith("## ") for text in others)

    def test_both_languages_tell_the_same(self, path):
        for cell in cells_of(path, "markdown"):
            assert cell["metadata"]["tags"] in (["vi"], ["en"])
        order = [cell["metadata"]["tags"][0] for cell in cells_of(path, "markdown")]
        assert order == ["vi", "en"] * (len(order) // 2)
        for vi, en in zip(cells_of(path, "markdown", "vi"), cells_of(path, "markdown", "en"), strict=True):
            assert source(vi).count("\n\n") == source(en).count("\n\n")
            assert re.findall(r"`[^`]+`", source(vi)) == re.findall(r"`[^`]+`", source(en))

    def test_each_text_is_in_its_language(self, path):
        accented = re.compile(r"[àáảãạăâđêôơư]|[ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựìíỉĩịòóỏõọùúủũụỳýỷỹỵ]", re.I)
        for cell in cells_of(path, "markdown", "vi"):
            assert accented.search(source(cell))
        for cell in cells_of(path, "markdown", "en"):
            assert not accented.search(source(cell)), source(cell)

    def test_no_figure_stands_in_the_prose(self, path):
        """Numbers come from the data; names in `code` may hold some."""
        for cell in cells_of(path, "markdown"):
            assert not re.search(r"\d", re.sub(r"`[^`]*`", "", source(cell))), source(cell)

    def test_code_is_thin(self, path):
        forbidden = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Try, ast.With, ast.For)
        forbidden += (ast.While, ast.If, ast.Global, ast.Delete)
        for cell in cells_of(path, "code"):
            tree = ast.parse(source(cell))
            found = [type(node).__name__ for node in ast.walk(tree) if isinstance(node, forbidden)]
            assert found == [], f"{cell['id']}: {found}"
            calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
            assert not calls & {"open", "print", "exec", "eval", "display", "input", "globals"}
            assert not re.search(r"^\s*[%!]", source(cell), re.M), "no magic, no shell"
            assert len(source(cell).splitlines()) <= 16

    def test_only_the_project_is_imported(self, path):
        for cell in cells_of(path, "code"):
            for node in ast.walk(ast.parse(source(cell))):
                if isinstance(node, ast.Import):
                    assert {alias.name for alias in node.names} <= {"ninhthuan"}
                if isinstance(node, ast.ImportFrom):
                    assert node.module.split(".")[0] in ("ninhthuan", "ninhthuan_reports")

    def test_the_report_is_opened_with_the_name_of_the_file_and_every_parameter(self, path):
        calls = [
            node
            for cell in cells_of(path, "code")
            for node in ast.walk(ast.parse(source(cell)))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Report", "Explorer")
        ]
        (call,) = calls
        assert (call.func.id == "Explorer") == (path == EXPLORER)
        assert call.args[0].value == path.stem
        given = {keyword.arg: keyword.value.id for keyword in call.keywords}
        declared = {node.target.id for node in ast.parse(source(cells_of(path, "code", "parameters")[0])).body}
        assert given == {name: name for name in declared}

    def test_it_ends_with_what_is_missing_and_the_sources(self, path):
        code = "\n".join(source(cell) for cell in cells_of(path, "code"))
        if path == EXPLORER:  # which ends each of its cards so: tests/test_explorer.py
            assert source(cells_of(path)[-1]).splitlines()[2] == "Explorer(" and "report." not in code
            return
        assert source(cells_of(path)[-1]) == "report.closing()"
        assert code.count("report.closing()") == 1

    def test_the_province_is_never_assumed(self, path):
        """Where a parameter says which province and quarter, none is written in."""
        for cell in cells_of(path, "code"):
            if "parameters" not in cell["metadata"].get("tags", []):
                assert not re.search(r"[\"'](58|\d{4}Q\d|vi|en|pre_2025|post_2025)[\"']", source(cell))

    def test_the_report_is_asked_for_what_it_knows(self, path):
        """Province, day, quarter and list of provinces are put in by the report: `report.ask`, `report.index`."""
        code = "\n".join(source(cell) for cell in cells_of(path, "code"))
        assert re.findall(r"boundary=|as_of=report|until=report|report\.(?:as_of|boundary)|strict", code) == []
        for loader in ("load_index(", "load_workload(", "editions(", "discrepancies(", "total_history("):
            assert f"{loader}" not in code, f"report.ask({loader.rstrip('(')}, ...)"


# ------------------------------------------------------------------------------------------------------------ runs.toml


@pytest.mark.parametrize("path", PATHS, ids=notebook_id)
def test_the_code_of_the_province_is_the_report_s(path):
    """papermill makes a number of `-p province_code 56`, which the report reads and nothing else does."""
    for cell in cells_of(path, "code"):
        used = source(cell).replace("province_code=province_code", "").replace('"province_code"', "")
        assert not re.search(r"(?<!report\.)\bprovince_code\b(?!:)", used), used


def test_every_notebook_is_in_the_plan_of_reports_or_declared_for_exploring():
    assert sorted(run["notebook"] for run in (*RUNS, *EXPLORE)) == sorted(notebook_id(path) for path in PATHS)
    # a report grows by what it runs: only these are left out of it
    names = ["00_start_here", "01_your_question", "02_explorer", "03_relations"]
    assert [run["notebook"] for run in EXPLORE] == [f"explore/{name}" for name in names]


@pytest.mark.parametrize("run", [*RUNS, *EXPLORE], ids=lambda run: run["notebook"])
def test_declared_cards_are_the_cards_asked_for(run):
    path = NOTEBOOKS / f"{run['notebook']}.ipynb"
    code = "\n".join(source(cell) for cell in cells_of(path, "code"))
    asked = re.findall(r"report\.(?:figure|table|prose)\(\s*\"(\w+)\"", code)
    # one of several figures of a kind is delivered under the name of its part too
    parts = re.findall(r"report\.(?:figure|table|prose)\(\s*\"(\w+)\".*?(?:part=\"(\w+)\")?\)\n", f"{code}\n")
    closing = [] if path == EXPLORER else ["closing"]
    assert ["_".join(filter(None, pair)) for pair in parts] + closing == run["cards"]
    for name in asked:
        assert callable(cards.card(name).caption)


@pytest.mark.parametrize("run", [*RUNS, *EXPLORE], ids=lambda run: run["notebook"])
def test_figures_are_charts_and_tables_are_tables(run):
    path = NOTEBOOKS / f"{run['notebook']}.ipynb"
    code = "\n".join(source(cell) for cell in cells_of(path, "code"))
    for name in re.findall(r"report\.figure\(\s*\"(\w+)\"", code):
        assert hasattr(cards.card(name).draw, "height_cm")
    for name in re.findall(r"report\.table\(\s*\"(\w+)\"", code):
        assert callable(cards.card(name).table)


def test_the_fan_out_is_over_all_indices():
    (fanned,) = (run for run in RUNS if "indices" in run)
    assert fanned["notebook"] == "20_index_trend"
    assert fanned["indices"] == list(nt.catalogue.catalogue().indices)


# -------------------------------------------------------------------------------------------- run by hand, by papermill


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS, ids=notebook_id)
def test_plain_papermill_runs_it_with_its_defaults(path, tmp_path, monkeypatch):
    """As anyone would, without this project's runner and without a parameter."""
    import papermill

    monkeypatch.chdir(path.parent)
    before = sorted(path.parent.rglob("*"))
    book = papermill.execute_notebook(
        path, tmp_path / "out.ipynb", kernel_name="python3", progress_bar=False, cwd=path.parent
    )
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    asked = sum(source(cell).count("report.figure(") for cell in code)
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    if path == EXPLORER:  # what it shows is in the state of its widgets, which the notebook keeps
        (view,) = [output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
        state = book.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
        assert view["data"]["application/vnd.jupyter.widget-view+json"]["model_id"] in state
        shown = [model["state"].get("value", "") for model in state.values()]
        pictures = [value for value in shown if "<svg" in str(value)]
        assert not [value for value in shown if "nt-fault" in str(value) and "nt-explorer" not in str(value)]
        asked = 1
    sentences = [o for o in outputs if re.match(r"\*.*\.\*$", o.get("data", {}).get("text/markdown", ""))]
    assert len(pictures) + len(sentences) >= asked
    assert asked or any("<table" in str(output.get("data", {})) for output in outputs)
    assert sorted(path.parent.rglob("*")) == before, "without an output folder nothing is written"


# ------------------------------------------------------------------------------------------------------ whole reports

REPORTS = [
    ("58", "vi", "2024Q1"),
    ("58", "en", "2024Q1"),
    # the province that has the code of Khánh Hòa after the merger
    ("56", "vi", "2025Q3"),
    # a province whose newest result was withheld; test_tracing asks for the same
    ("24", "vi", "2023Q2"),
]
READS = list(
    csv.DictReader((ROOT / "packages/ninhthuan_reports/runs/reads.csv").read_text(encoding="utf-8").splitlines())
)
QUOTED = re.compile(r"“[^”]*”|\S+/QĐ-\w+|\S+/\S*NQ-\w+")
ACCENTED = re.compile(r"[àáảãạăâđêôơưắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựìíỉĩịòóỏõọùúủũụỳýỷỹỵèéẻẽẹ]", re.I)


@pytest.fixture(scope="module", params=REPORTS, ids="-".join)
def report(request, made_report):
    return made_report(*request.param)


def promised():
    """(notebook with its index, card) of every card that a report must hold."""
    for run in RUNS:
        stem = Path(run["notebook"]).name
        for index_id in run.get("indices", [""]):
            for card in run["cards"]:
                yield (f"{stem}_{index_id}" if index_id else stem), card


def test_an_import_knows_every_card_by_what_it_draws_from():
    known = {(row["notebook"], row["card"]): set(row["reads"].split()) for row in READS}
    assert set(known) == {(notebook, card) for notebook, card in promised() if card != "closing"}
    assert cards_of(["workload/comparators.csv"])["40_workload"][0] == "dossier_results"
    assert "20_index_trend_pci" not in cards_of(["indicators/papi.csv"])


@pytest.mark.slow
class TestReport:
    def test_its_cards_draw_from_what_an_import_believes(self, report):
        known = {(row["notebook"], row["card"]): set(row["reads"].split()) for row in READS}
        for place, record in report.records().items():
            if place in known:
                assert {subject(name.partition("?")[0]) for name in record["reads"]} <= known[place], place

    def test_it_is_made(self, report):
        assert report.code == 0, report.output
        assert "index.html" in report.output.splitlines()[-1]
        assert "Traceback" not in report.output and "Warning" not in report.output
        assert sorted(path.name for path in report.folder.parents[2].iterdir() if path.name != ".lock") == [
            report.request[2],
            "explore.html",
            "index.html",
        ]

    def test_it_is_published_in_every_format_and_small_enough_to_be_sent(self, report):
        assert {path.name for path in report.folder.iterdir() if path.is_file()} == {
            *("index.html", "briefing.docx", "briefing.pdf", "data.xlsx", "slides.pptx", "run.json", "log.jsonl"),
            *("ro-crate-metadata.json", "verify.py"),
        }
        pages = {path.stem for path in (report.folder / "notebooks").glob("*.html")}
        assert pages == {path.stem for path in (report.folder / "notebooks").glob("*.ipynb")}
        assert sum(path.stat().st_size for path in report.folder.rglob("*") if path.is_file()) < 20_000_000

    def test_every_promised_card_is_there(self, report):
        assert sorted(report.records()) == sorted(promised())

    def test_every_file_is_recorded_and_every_record_is_of_this_report(self, report):
        recorded = {file for record in report.records().values() for file in (*record["files"], name_of(record))}
        folders = ("figures", "tables", "notes")
        there = {path.name for name in folders for path in report.folder.glob(f"{name}/*")}
        assert there == recorded
        for record in report.records().values():
            assert (record["province_code"], record["language"], record["quarter"]) == report.request

    def test_run_json(self, report):
        run = json.loads((report.folder / "run.json").read_text("utf-8"))
        province_code, language, quarter = report.request
        assert run["status"] == "done"
        assert {job["status"] for job in run["jobs"]} == {"done"} and not any(job["error"] for job in run["jobs"])
        assert run["request"]["province_code"] == province_code
        assert (run["request"]["language"], run["request"]["quarter"]) == (language, quarter)
        assert run["request"]["boundary"] == ("post_2025" if quarter == "2025Q3" else "pre_2025")
        assert run["started_at"] <= run["finished_at"]
        assert all(value.startswith("sha256:") for value in (*run["inputs"]["code"].values(), run["inputs"]["lock"]))
        cards = {(job["name"], name) for job in run["jobs"] for name in job["cards"]}
        assert cards == set(promised())

    def test_executed_notebooks(self, report):
        identities = {notebook for notebook, _ in promised()}
        books = {path.stem.split("__")[0]: path for path in (report.folder / "notebooks").glob("*.ipynb")}
        assert set(books) == identities
        language = report.request[1]
        for path in books.values():
            book = nbformat.read(path, as_version=4)
            nbformat.validate(book)
            for cell in book.cells:
                if cell.cell_type == "code":
                    assert cell.execution_count, path.name
                    assert not [o for o in cell.outputs if o.output_type in ("error", "stream")], path.name
                else:
                    assert cell.metadata["tags"] == [language], "the other language's texts are left out"

    def test_executed_notebooks_name_no_folder_of_this_machine(self, report):
        for path in (report.folder / "notebooks").glob("*.ipynb"):
            text = path.read_text("utf-8")
            for folder in (str(ROOT), str(Path.home()) + "/", str(report.folder.parents[2])):
                assert folder not in text, path.name

    def test_pages_refer_to_nothing_outside(self, report):
        page = Page(report.folder / "index.html")
        assert page.language == report.request[1]
        # a report of tables alone has no picture
        assert page.links and bool(page.resources) == any(report.folder.glob("figures/*.png"))
        for target in page.resources:
            assert not re.match(r"[a-z]+:|//", target), target
            assert (report.folder / target).is_file(), target
        for target in page.links:
            if target.startswith("#"):
                assert target[1:] in page.anchors, target
            elif not target.startswith(("http://", "https://")):
                assert (report.folder / target.partition("#")[0]).is_file(), target
        assert not re.search(r"@import|url\((?!['\"]?(#|data:))", page.text)

    def test_every_card_is_on_the_page(self, report):
        page = Page(report.folder / "index.html")
        for record in report.records().values():
            if record["kind"] == "figure":
                (svg,) = (name for name in record["files"] if name.endswith(".svg"))
                assert page.alternatives[f"figures/{svg}"] == record["alt"]
            else:
                assert record["title"] in page.words, record["card"]
            # figures of prose stand in the files of the cards that it speaks of; its own is for tracing them
            for name in record["files"] if record["kind"] != "prose" else ():
                assert any(link.endswith(f"/{name}") for link in page.links), name

    def test_one_language(self, report):
        """Titles, subtitles, notes and lines in one language; names and quotations apart."""
        names = {text for p in nt.catalogue.catalogue().provinces.values() for text in (p.name, p.short_name)}
        wrong = []
        for record in report.records().values():
            texts = [record.get(key, "") for key in ("title", "subtitle", "note", "alt")]
            texts += [line for head, lines in record.get("sections", [])[:2] for line in (head, *lines)]
            texts += record.get("table", {}).get("columns", [])
            for text in texts:
                bare = QUOTED.sub("", text)
                if report.request[1] == "en":
                    if ACCENTED.search(bare):
                        wrong.append((record["card"], text))
                elif re.search(r"\b(?:the|of|and|is|are|with|from|which|no)\b", bare):
                    wrong.append((record["card"], text))
        assert wrong == []
        assert names


def name_of(record):
    return f"{record['notebook']}__{record['card']}__{record['quarter']}.json"


class Page(HTMLParser):
    """What a page refers to, and its words."""

    def __init__(self, path):
        super().__init__()
        self.resources, self.links, self.anchors, self.alternatives, self.words = [], [], set(), {}, ""
        self.language = ""
        self.text = path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "html":
            self.language = given["lang"]
        if "id" in given:
            self.anchors.add(given["id"])
        if tag == "img":
            self.alternatives[given["src"].partition("#")[0]] = given["alt"]
        for name in ("src", "srcset", "poster", "data"):
            if name in given:
                self.resources.append(given[name].partition("#")[0])
        if tag == "a" and "href" in given:  # the way to the other language has none until it is there
            self.links.append(given["href"])
        elif "href" in given:
            self.resources.append(given["href"])

    def handle_data(self, data):
        self.words += data


@pytest.mark.slow
def test_a_report_knows_what_was_out_by_its_closing_day(made_report, written_report):
    """2024Q1 closes on 30 April 2024: PAPI 2023 (2 April) is known, PCI 2023 (9 May) is not; 2023Q4 knows neither."""
    known = {}
    for report in (made_report("58", "vi", "2024Q1"), written_report("24", "vi", "2023Q4")):
        record = report.records()["10_index_overview", "quarter_changes"]
        rows = record["table"]["rows"]
        # `PAPI 2023` is new; of an index without a new edition the newest stands beside it
        known[record["quarter"]] = {row[1]: row[2] for row in rows if row[0] in ("Kỳ mới", "Không có kỳ mới")}
    assert "PAPI 2023" in known["2024Q1"] and known["2024Q1"]["PCI"] == "kỳ 2022"
    assert known["2023Q4"]["PAPI"] == known["2023Q4"]["PCI"] == "kỳ 2022"


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind, request_, closing_day",
    [("made", ("58", "vi", "2024Q1"), "2024-04-30"), ("written", ("24", "vi", "2023Q4"), "2024-01-31")],
)
def test_nothing_newer_than_the_closing_day_is_in_any_file(made_report, written_report, kind, request_, closing_day):
    import pandas as pd

    report = {"made": made_report, "written": written_report}[kind](*request_)
    known = nt.editions()
    late = known[(known["known_from"] > pd.Timestamp(closing_day)) & (known["boundary"] == "pre_2025")]
    late = {(row.index_id, row.edition_year) for row in late.itertuples()}
    assert ("pci", 2023) in late
    seen = set()
    for path in report.folder.rglob("*.csv"):
        table = pd.read_csv(path, dtype=str)
        if "edition_year" not in table or not len(table):
            continue
        columns = [column for column in ("component_id", "indicator", "subject") if column in table][:1]
        # a relation of two indices tells of both
        columns = columns or [column for column in ("index_id", "index_a", "index_b") if column in table]
        assert columns, path.name
        named = [pair for column in columns for pair in zip(table[column], table["edition_year"], strict=True)]
        for name, year in named:
            index_id = next((i for i in ("papi", "pci", "par_index", "sipas", "dti") if str(name).startswith(i)), None)
            if index_id and isinstance(year, str):
                seen.add((index_id, int(float(year))))
    assert ("papi", 2022) in seen
    assert not seen & late


@pytest.mark.slow
def test_a_province_after_the_merger_is_not_given_the_past_of_the_former_ones(written_report):
    """Ninh Thuận and the former Khánh Hòa are other populations: no row of theirs is in a file of the new province."""
    import pandas as pd

    report = written_report("56", "vi", "2025Q3")
    # but in the one table that sets them side by side, each under its own boundary
    (former,) = report.folder.rglob("*__former_provinces__*.csv")
    sides = pd.read_csv(former, dtype=str)
    assert set(sides.loc[sides["boundary"] == "pre_2025", "province_code"]) == {"56", "58"}
    assert set(sides.loc[sides["boundary"] == "post_2025", "weights"]) == {"56: 0.5, 58: 0.5"}, "worked out"
    tables = [pd.read_csv(path, dtype=str) for path in report.folder.rglob("*.csv") if path != former]
    bounded = [table for table in tables if "boundary" in table]
    assert bounded and {value for table in bounded for value in table["boundary"]} == {"post_2025"}
    own = nt.editions()
    own = set(own.loc[own["boundary"] == "post_2025", "edition_year"])
    years = {int(float(y)) for table in bounded if "edition_year" in table for y in table["edition_year"].dropna()}
    assert years and years <= own, "editions that were published for the 34 provinces, and no others"
    assert "không nối với số liệu của các tỉnh cũ" in report.said


@pytest.mark.slow
def test_the_same_cards_in_both_languages(made_report):
    """One report in two languages shows the same figures: the data twins are the same bytes."""
    vi, en = (made_report("58", language, "2024Q1") for language in BOTH)
    # what is told of a figure in words is in the language of the report
    told = ["printed", "found", "old", "new", "detail"]
    twins, others = (
        {
            path.relative_to(each.folder): pd.read_csv(path, dtype=str).drop(columns=told, errors="ignore").to_csv()
            for path in each.folder.rglob("*.csv")
        }
        for each in (vi, en)
    )
    assert twins == others
    for key, record in vi.records().items():
        assert en.records()[key]["kind"] == record["kind"], key


WARMED = """
import ast, json, pathlib, sys
from ninhthuan_reports.runs.warming import warm_up
warm_up([])
before = set(sys.modules)
for path in pathlib.Path("notebooks").glob("*.ipynb"):
    code = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    for node in ast.parse("\\n".join("".join(cell["source"]) for cell in code)).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            exec(compile(ast.Module([node], []), path.name, "exec"))
from ninhthuan_reports import cards
for name in cards.NAMES:
    cards.card(name)
print(sorted(name for name in set(sys.modules) - before if not name.startswith("ninhthuan.")))
"""


def test_what_notebooks_import_is_there_before_they_are_forked():
    """What the warm parent has not loaded, each notebook would load anew."""
    told = subprocess.run([sys.executable, "-c", WARMED], capture_output=True, text=True, cwd=NOTEBOOKS.parent)
    assert told.stdout.strip() == "[]", told.stdout + told.stderr


MANY = """
import json
from ninhthuan.analysis import certainty
from ninhthuan_reports.runs.warming import warm_up
asked = [("2024-04-30", "pre_2025", "2024Q1", code) for code in ("01", "24", "31", "48", "58")]
warm_up(json.loads(json.dumps(asked)))
print(certainty._sets.cache_info().currsize)
"""


def test_of_many_reports_the_ranks_of_all_provinces_are_there_before_they_are_forked():
    """The parent is told of the reports as JSON: sets of the newest ranking, and of both editions of its change."""
    told = subprocess.run([sys.executable, "-c", MANY], capture_output=True, text=True, cwd=NOTEBOOKS.parent)
    assert told.returncode == 0 and int(told.stdout) >= 3, told.stdout + told.stderr
