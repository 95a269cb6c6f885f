"""The documentation: what it shows is what happens, its site holds together, and reference follows the project."""

import csv
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

import ninhthuan
from ninhthuan_reports import cards

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
# Pages for staff are there in both languages: the same steps, the same code.
PAIRS = {
    "tutorials/researcher": "vi/researcher",
    "tutorials/operator": "vi/operator",
    "tutorials/writer": "vi/writer",
    "howto/edition": "vi/edition",
    "howto/own-data": "vi/own-data",
    "howto/jupyter-elsewhere": "vi/jupyter-elsewhere",
    "howto/words": "vi/words",
    "howto/other-programs": "vi/other-programs",
    "limits": "vi/limits",
    "explore": "vi/explore",
}
# Every command of these is run as printed; of the other pages it is checked that what they call is there.
FOLLOWED = [
    ROOT / "README.md",
    DOCS / "report.md",
    *(path for path in PAGES if path.parent.name in ("tutorials", "howto")),
]
BLOCK = re.compile(r"^(?:( *)<!-- ([^\n]*) -->\n)?^( *)```(\w+)\n(.*?)^ *```$", flags=re.MULTILINE | re.DOTALL)


def page_id(path):
    return path.relative_to(ROOT).with_suffix("").as_posix()


@dataclasses.dataclass
class Block:
    language: str
    code: str
    note: str  # the comment above it: `not run here: why`, or `exit code 2`
    line: int


def blocks(path, *languages):
    text = path.read_text("utf-8")
    found = [
        Block(match[4], textwrap.dedent(match[5]), match[2] or "", text.count("\n", 0, match.start()) + 1)
        for match in BLOCK.finditer(text)
    ]
    return [block for block in found if not languages or block.language in languages]


def commands(block):
    """The lines of a block, without what is said of them."""
    lines = block.code.replace("\\\n", " ").splitlines()
    return [line for line in (re.sub(r"(^|\s+)#.*$", "", line).strip() for line in lines) if line]


# --------------------------------------------------------------------------------------------------------------- length


def test_the_english_pages_stay_short():
    """Counted as `wc -w` counts. Beyond that, say a thing on one page and link to it from the others."""
    texts = {page_id(path): path.read_text("utf-8") for path in PAGES if path.parent.name != "vi"}
    # the Vietnamese chapter of the first page is not English
    texts["README"] = re.sub(r"(?ms)^## Tiếng Việt$.*?(?=^## )", "", texts["README"])
    counted = {name: len(text.split()) for name, text in texts.items()}
    assert sum(counted.values()) <= 20_500, dict(sorted(counted.items(), key=lambda page: -page[1]))


# ------------------------------------------------------------------------------------------------------------- examples


def test_every_block_is_found():
    for path in PAGES:
        fences = re.findall(r"^ *```(\w+)$", path.read_text("utf-8"), flags=re.MULTILINE)
        assert [block.language for block in blocks(path)] == fences, path
    assert sum(len(blocks(path, "python")) for path in PAGES) >= 20


# Runs blocks one after another, as the cells of a notebook; the last expression of each is shown.
CELLS = """
import ast, contextlib, io, json, os, sys
import pandas as pd

names, shown = {"__name__": "__main__"}, []
for code in json.load(sys.stdin):
    tree, out = ast.parse(code), io.StringIO()
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(out):
        exec(compile(tree, "block", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "block", "eval"), names) if last else None
        if isinstance(value, pd.DataFrame):
            print(value.to_string(index=False))
        elif value is not None:
            print(value)
    shown.append(out.getvalue())
json.dump(shown, sys.stdout)
"""


@pytest.mark.parametrize("path", [path for path in PAGES if blocks(path, "python")], ids=page_id)
def test_python_says_what_is_printed_below_it(path, tmp_path):
    """From the first block to the last in one go; a block of text below one of Python is what it prints."""
    told = blocks(path)
    code = [block.code for block in told if block.language == "python"]
    done = subprocess.run(
        [sys.executable, "-c", CELLS], input=json.dumps(code), capture_output=True, text=True, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 0, done.stderr
    shown = iter(json.loads(done.stdout))
    for block, after in zip(told, [*told[1:], None], strict=True):
        if block.language == "python":
            printed = next(shown)
            if after and after.language == "text":
                assert words(printed) == words(after.code), f"{path.name}, line {after.line}"


def words(text):
    """Line by line, however wide the columns are; what stands for a picture is no word."""
    return [line.split() for line in text.strip().splitlines() if not line.startswith("<IPython.")]


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_what_commands_call_is_there(path):
    """Targets of make, verbs, options and files of the project, also where a block is not run."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    for block in blocks(path, "sh"):
        for command in commands(block):
            if command.startswith("make "):
                assert {part for part in command.split()[1:] if "=" not in part} <= targets, command
            if verb := re.match(r"(?:\.venv/bin/)?ninhthuan ((?:(?:import|template) )?[a-z]+)", command):
                options = set(re.findall(r" (--[a-z-]+)", command))
                assert options <= options_of(verb[1]), command
            for file in re.findall(r"\b(?:deploy|benchmarks|tests|notebooks)/[\w./-]+", command):
                assert list(ROOT.glob(f"{file}*")), command


def options_of(verb, known={}):  # noqa: B006
    if verb not in known:
        said = subprocess.run([PROGRAM, *verb.split(), "--help"], capture_output=True, text=True)
        assert said.returncode == 0, f"ninhthuan {verb}: {said.stderr}"
        known[verb] = set(re.findall(r"--[a-z-]+", said.stdout))
    return known[verb]


PROGRAM = Path(sys.executable).with_name("ninhthuan")


@pytest.fixture(scope="module")
def project(tmp_path_factory, made_report):
    """A copy of the project in which the pages may be followed, with one report in it."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("data", "deploy", "docs", "ninhthuan", "notebooks", "packages"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("Makefile", "README.md", "CHANGELOG.md", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    report = made_report("58", "vi", "2024Q1")
    assert report.code == 0, report.output
    shutil.copytree(report.folder, folder / "reports/2024Q1/58/vi")
    return folder


def in_copy(project, command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NINHTHUAN_DATA")}
    environment["PATH"] = f"{project}/.venv/bin:{environment['PATH']}"
    environment["PYTHONPATH"] = f"{project}:{project / 'packages'}"
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=project, env=environment, timeout=600
    )


@pytest.mark.slow
@pytest.mark.parametrize("path", [path for path in FOLLOWED if blocks(path, "sh")], ids=page_id)
def test_commands_run_as_printed(path, project):
    for block in blocks(path, "sh"):
        if block.note.startswith("not run here: "):
            continue
        expected = int(re.search(r"\d", block.note)[0]) if block.note.startswith("exit code ") else 0
        for command in commands(block):
            done = in_copy(project, command)
            assert done.returncode == expected, f"{path.name}, line {block.line}: {command}\n{done.stdout}{done.stderr}"
            assert "Traceback" not in done.stdout + done.stderr


def in_one_language(code):
    """Code without what differs because the reader does."""
    code = re.sub(r"(?m)\s+#.*$", "", code)
    return re.sub(
        r" --language en\b| --languages en,vi\b", "", re.sub(r"(LANGUAGES=|language=\"|/58/)(?:en|vi)\b", r"\1xx", code)
    )


@pytest.mark.parametrize(("english", "vietnamese"), PAIRS.items())
def test_both_languages_tell_the_same(english, vietnamese):
    both = [DOCS / f"{name}.md" for name in (english, vietnamese)]
    texts = [path.read_text("utf-8") for path in both]
    # what a command answers is in the reader's language
    one, other = (
        [(b.language, in_one_language(b.code) if b.language != "text" else "", b.note) for b in blocks(path)]
        for path in both
    )
    assert one == other
    for pattern in (r"^(#+) ", r"^(\||\d\.|- )"):
        one, other = (re.findall(pattern, text, flags=re.MULTILINE) for text in texts)
        assert one == other
    assert re.search("[ăâđêôơưạảấầệộợứ]", texts[1].lower()) and "](../" in texts[1]


def test_the_five_answers_of_the_readme():
    """Each figure of the table by the call that stands beside it."""
    text = (ROOT / "README.md").read_text("utf-8")
    scores = ninhthuan.load_index("papi", as_of="2024-04-30")
    own = ninhthuan.province_history(scores[scores["component_id"] == "papi_total"], "58").iloc[-1]
    assert (own["edition_year"], own["rank"], own["n_ranked"]) == (2023, 6, 61) and "6th of 61" in text
    parts = ninhthuan.decomposition(scores, "58", 2022, 2023).set_index("component_id")["contribution"]
    assert round(parts.sum(), 2) == -0.49 and parts.idxmin() == "papi_d8" and "−0.49 points" in text
    drilled = ninhthuan.drill_down(scores, "58")
    assert round(drilled.set_index("component_id").at["papi_d8", "contribution"], 2) == -0.42
    assert drilled.attrs["opened"] == "" and "the largest part e-governance (8), −0.42" in text
    certain = ninhthuan.rank_certainty(scores, 2023, errors="as_2019", province_code="58").iloc[0]
    assert (certain["rank_low"], certain["rank_high"]) == (1, 28) and "1st to 28th" in text
    near = ninhthuan.distances(scores, "58", levels=("dimension",)).dropna(subset="gap").set_index("component_id")
    assert list(near.index) == ["papi_d8"] and round(near["gap"].item(), 2) == 0.06 and "0.06 points" in text
    assert round(100 * near["closed_share"].item()) == 59 and "59% of cases" in text
    assert round(100 * near["noise_share"].item()) == 35 and "35% would by survey error alone" in text
    work = ninhthuan.load_workload("58", until="2024Q1")
    assert (work["value"].round(2) == 76.2).any() and "76.20%" in text
    runs = tomllib.loads((ROOT / "notebooks/runs.toml").read_text("utf-8"))["run"]
    cards = {run["notebook"]: run["cards"] for run in runs}
    asked = re.findall(r"\| `(\d\d_\w+)`((?:, `\w+`)+) \|", text)
    named = [(notebook, card) for notebook, listed in asked for card in re.findall(r"\w+", listed)]
    assert len(asked) == 10 and all(card in cards[notebook] for notebook, card in named)


def test_links_of_the_readme_lead_somewhere():
    """Those of the other pages are Sphinx's to check."""
    text = (ROOT / "README.md").read_text("utf-8")
    heads = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in re.findall(r"(?m)^#+ (.+)$", text)}
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert len(targets) > 20
    for target in targets:
        file, _, anchor = target.partition("#")
        assert (ROOT / file).exists() if file else anchor in heads, target


# ------------------------------------------------------------------------------------------------------------- the site


def build(docs, out, *more):
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--nitpicky", "--quiet", "--fresh-env", *more]
    return subprocess.run(
        [*command, "--builder", "html", "--doctree-dir", out.with_name("doctrees"), docs, out],
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site as `make docs` builds it, but for the gallery: no warning, no broken cross reference."""
    out = tmp_path_factory.mktemp("site") / "docs"
    # without the gallery its anchors are not there: the whole build is that of the full tier
    done = build(DOCS, out, "-D", "pictures=0", "-D", "suppress_warnings=myst.xref_missing")
    assert done.returncode == 0, done.stderr
    return out


class Page(HTMLParser):
    """Elements of a page with their attributes, and its words by the section that they stand in."""

    def __init__(self, path):
        super().__init__()
        self.all, self.words, self.sections, self.open = [], "", {}, []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.all.append((tag, attributes))
        if tag == "section":
            self.open.append(attributes.get("id", ""))

    def handle_endtag(self, tag):
        if tag == "section":
            self.open.pop()

    def handle_data(self, data):
        self.words += data
        if self.open:
            self.sections[self.open[-1]] = self.sections.get(self.open[-1], "") + data

    def named(self, *names):
        return [attributes for tag, attributes in self.all if tag in names]


def test_make_docs_builds_it_the_same_way():
    recipe = re.search(r"^docs:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)[1]
    for option in ("-W", "--keep-going", "--nitpicky", "--fresh-env", "build/docs"):
        assert option in recipe


def test_a_broken_link_fails_the_build(project, tmp_path):
    with open(project / "docs/limits.md", "a") as page:
        page.write("\n[nowhere](nowhere.md) and [no heading](figures.md#nothing-of-the-kind)\n")
    done = build(project / "docs", tmp_path / "out", "-D", "pictures=0")
    assert done.returncode != 0
    assert "nowhere.md" in done.stderr and "nothing-of-the-kind" in done.stderr


def test_pages_load_nothing_from_outside(site):
    """Scripts, styles, fonts, pictures; links that a reader may follow are something else."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= 30
    for path in pages:
        page = Page(path)
        loads = [a.get("src", "") for a in page.named("script", "img", "iframe", "source", "video", "audio", "embed")]
        loads += [a.get("href", "") for a in page.named("link", "use", "image")]
        outside = [load for load in loads if re.match(r"(?:https?:)?//", load or "")]
        assert outside == [], path
    for style in site.rglob("*.css"):
        css = style.read_text("utf-8")
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", css), style


def test_formulas_need_no_script(site):
    page = Page(site / "methods.html")
    assert len(page.named("math")) >= 1 and all(a.get("aria-label") for a in page.named("math"))
    assert not [a for a in page.named("script") if "mathjax" in str(a).lower()]


def test_vietnamese_pages_say_that_they_are(site):
    for path in site.rglob("*.html"):
        (language,) = (a.get("lang") for a in Page(path).named("html"))
        assert language == ("vi" if path.parent.name == "vi" else "en"), path


# -------------------------------------------------------------------------------------------------------- the reference


def test_the_dictionary_has_every_column_of_every_file(site):
    """By the heads of the files themselves, and the words of the descriptor."""
    page = Page(site / "reference/data.html")
    for table in json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))["resources"]:
        section = " ".join(page.sections[table["name"].replace("_", "-")].split())
        with open(ROOT / "data" / table["path"], encoding="utf-8", newline="") as handle:
            head = next(csv.reader(handle))
        assert [name for name in head if not re.search(rf"\b{name}\b", section)] == []
        for field in table["schema"]["fields"]:
            for text in (field["description"], field["description_en"], str(field.get("unit", ""))):
                assert " ".join(text.split()).split(" ")[0] in section
            for value in field.get("constraints", {}).get("enum", []):
                assert str(value) in section, f"{table['name']}.{field['name']}"
    columns = len(re.findall(r"<tr class=\"row-(?:even|odd)\">", (site / "reference/data.html").read_text("utf-8")))
    assert columns > 200


def test_the_reference_has_every_public_name(site):
    page = Page(site / "reference/package.html")
    ids = {a["id"] for _, a in page.all if "id" in a}
    assert [name for name in ninhthuan.__all__ if f"ninhthuan.{name}" not in ids] == []
    # docstrings are set as what they mean, and not as they are typed
    assert len(page.named("table")) >= 10
    for mark in ("|---", "{py:", ":::", "```"):
        assert mark not in page.words, mark


def test_every_question_is_answered_by_its_line():
    with open(DOCS / "questions.csv", encoding="utf-8", newline="") as file:
        asked = list(csv.DictReader(file))
    assert len(asked) == len({row["question"] for row in asked}) > 20 and all(row["câu hỏi"] for row in asked)
    for row in asked:
        answer = eval(row["example"], {"nt": ninhthuan})
        assert not hasattr(answer, "__len__") or len(answer) > 0, row["example"]


def test_a_search_engine_is_told_of_the_data(site):
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', _text(site / "index.html"))
    told = json.loads(said)
    assert (told["@context"], told["@type"], told["name"]) == ("https://schema.org/", "Dataset", "ninhthuan")
    assert told["temporalCoverage"].startswith("2005/") and len(told["variableMeasured"]) == 5


def test_the_list_of_cards_is_that_of_the_reports(site):
    page = Page(site / "reference/cards.html")
    declared = tomllib.loads((ROOT / "notebooks/runs.toml").read_text("utf-8"))
    for run in (*declared["run"], *declared["explore"]):
        assert run["notebook"] in page.words
        assert [card for card in run["cards"] if card not in page.words] == []
    rows = re.findall(r"<tr class=\"row-(?:even|odd)\">(.*?)</tr>", _text(site / "reference/cards.html"), re.S)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in rows]
    assert cells and all(len(re.sub("<[^>]+>", "", row[2])) > 10 for row in cells if row[0] != "<p>card</p>")


def test_the_gallery_shows_every_card_with_the_cell_that_makes_it(tmp_path):
    site = tmp_path / "docs"
    assert build(DOCS, site).stderr == ""
    for place in ("reference", "vi"):
        _shows_every_card(Page(site / place / "gallery.html"), site / place)


def _shows_every_card(page, folder):
    pictures = {Path(a["src"]).stem: a for a in page.named("img") if a.get("class") == "card"}
    for name in cards.NAMES:
        assert re.search(rf'report\.(figure|table|prose)\(\s*"{name}"', page.words), name
    drawn = {name for name in cards.NAMES if hasattr(cards.card(name), "draw")}
    # of agencies, three quarters of one figure and three shares on time the data hold nothing, which the page says
    assert drawn - set(pictures) == {"agencies", "dossier_calendar", "on_time"}
    size = 0
    for name, attributes in pictures.items():
        path = (folder / attributes["src"]).resolve()
        size += path.stat().st_size
        with Image.open(path) as picture:
            assert picture.format == "PNG" and len(picture.getcolors()) > 4, name
            assert str(picture.width) == attributes["width"] and len(attributes["alt"]) > 40
    assert size < 1_500_000


def _text(path):
    return path.read_text("utf-8")


def test_every_command_is_told_of(site):
    page = Page(site / "reference/commands.html")
    said = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True).stdout
    for verb in re.search(r"\{([\w,-]+)\}", said)[1].split(","):
        assert f"usage: ninhthuan {verb}" in page.words
    for kind in ("papi", "pci"):
        assert f"usage: ninhthuan import {kind}" in page.words


@pytest.fixture(scope="module")
def generated():
    sys.path.insert(0, str(DOCS))
    try:
        import generated
    finally:
        sys.path.remove(str(DOCS))
    return generated


def test_a_docstring_becomes_markdown(generated):
    def example(scores, level=1, rule="x"):
        """One line. level: how deep. rule: `ranks`, or another.

        | column | meaning |
        |---|---|
        | a | first |
        | | goes on |

        scores, level: a frame
        of two lines.
        Columns: a.

        >>> 1 + 1
        2
        """

    import inspect

    lines = generated._prose(inspect.getdoc(example), example)
    text = "\n".join(lines)
    assert "- **level**: how deep." in lines
    assert "- **rule**: {py:obj}`ranks <ninhthuan.ranks>`, or another." in lines
    assert "| a  | first goes on |" in lines
    assert "- **scores, level**: a frame\n  of two lines." in text
    assert text.endswith("\n```python\n>>> 1 + 1\n2\n```")


def test_the_readme_says_what_is_held(generated):
    assert generated.coverage_summary() in (ROOT / "README.md").read_text("utf-8")


def test_generated_parts_are_not_kept():
    """A page says where a part goes; what stands there is made when the site is built."""
    placed = [name for path in PAGES for name in re.findall(r"<!-- generated: (\w+) -->", path.read_text("utf-8"))]
    assert sorted(placed) == [
        "cards",
        "commands",
        "coverage",
        "dictionary",
        "gallery",
        "gallery_vi",
        "package",
        "questions",
        "report",
    ]
    assert "|---" not in (DOCS / "reference/data.md").read_text("utf-8")


# --------------------------------------------------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_can_be_read(site, browser, scheme, width):
    """Nothing is fetched, no page is wider than the screen, text stands out, and axe finds no barrier."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        color_scheme=scheme, reduced_motion="reduce", viewport={"width": width, "height": 900}
    )
    tab, fetched = context.new_page(), []
    tab.on("request", lambda request: fetched.append(request.url))
    names = ["index", "tutorials/writer", "vi/researcher", "methods", "report", "reference/data", "reference/package"]
    for name in names:
        tab.goto((site / f"{name}.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
        ink, ground = tab.evaluate(COLOURS)
        assert contrast(ink, ground) > 7, (name, ink, ground)
        assert (sum(ground) < 200) == (scheme == "dark")
        if name not in ("reference/data", "reference/package"):  # of the long ones it takes a minute
            judged = Axe().run(tab).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in judged if v["impact"] in ("serious", "critical")] == []
    assert [url for url in fetched if not url.startswith(("file:", "data:"))] == []
    context.close()


COLOURS = """() => [getComputedStyle(document.querySelector("article p")).color,
    getComputedStyle(document.body).backgroundColor].map(text => text.match(/[\\d.]+/g).slice(0, 3).map(Number))"""


def contrast(one, other):
    def light(colour):
        parts = [part / 255 for part in colour]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words_", "found"),
    [("xếp hạng", "vi/"), ("xep hang", "vi/"), ("CHUYEN DOI SO", "vi/"), ("decomposition", "reference/package")],
)
def test_search_finds_in_both_languages_and_without_accents(site, browser, words_, found):
    tab = browser.new_page()
    tab.goto(f"{(site / 'search.html').as_uri()}?q={words_}")
    tab.wait_for_selector("#search-results li a", timeout=20_000)
    links = tab.eval_on_selector_all("#search-results li a", "all => all.map(a => a.getAttribute('href'))")
    assert any(link.startswith(found) for link in links), links
    tab.close()
