"""`make app` and `make lab` in a real browser: the explorer for those without JupyterLab, and what a newcomer opens."""

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import ninhthuan as nt

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "of-this-test-alone"
SOON, LATE = 30_000, 120_000  # milliseconds: a redraw, and what starts a kernel
FIGURE, ROWS, FAULT = "img.nt-figure", ".nt-explorer table.dataTable tbody tr", ".nt-fault[role=alert]"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project as it is, in a folder of its own: what is saved or exported stays there."""
    folder = tmp_path_factory.mktemp("project")
    for name in (".venv", "Makefile", "pyproject.toml", "requirements.lock", "deploy", "data", "ninhthuan"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return folder


def served(project, folder, verb, *arguments):
    """Start `make <verb>` on a free port, wait until it answers; the process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("RUNTIME", "CONFIG", "DATA")}
    environment = os.environ | own | {"NINHTHUAN_DATA": str(project / "data")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    log = folder / "server.log"
    with open(log, "w") as to:
        process = subprocess.Popen(
            ["make", verb, "JUPYTER_ARGS=" + " ".join(["--no-browser", f"--port={port}", *arguments])],
            cwd=project,
            env=environment,
            stdout=to,
            stderr=to,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api/status" if verb == "lab" else f"{address}/voila/static/", timeout=5)
            break
        except urllib.error.HTTPError:
            break  # it answers
        except (urllib.error.URLError, ConnectionError):
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
    return process, address


def stop(process):
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)


class Tab:
    """A page with what it fetched and complained of."""

    def __init__(self, browser, width=1280):
        self.page = browser.new_context(viewport={"width": width, "height": 1000}).new_page()
        self.fetched, self.errors = [], []
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    @property
    def outside(self):
        """What was asked of another machine."""
        return [url for url in self.fetched if not re.match(r"(http|ws)://127\.0\.0\.1[:/]|data:|blob:", url)]

    def choose(self, label, option):
        self.page.locator(".widget-inline-hbox", has=self.page.get_by_text(label, exact=True)).locator(
            "select"
        ).select_option(label=option)

    @property
    def title(self):
        return self.page.get_attribute(FIGURE, "title")

    def wait_title(self, part):
        self.page.wait_for_selector(f'{FIGURE}[title*="{part}"]', timeout=SOON)

    def rows(self):
        """Cells of the table as they are seen."""
        return self.page.eval_on_selector_all(
            ROWS, "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))"
        )

    def wait_row(self, place, column, text):
        self.page.wait_for_function(
            "([rows, place, column, text]) => document.querySelectorAll(rows)[place]"
            "?.cells[column]?.textContent.trim() === text",
            arg=[ROWS, place, column, text],
            timeout=SOON,
        )


# ----------------------------------------------------------------------------------------------------------- the app


@pytest.fixture(scope="module")
def app(project, tmp_path_factory, browser):
    """The explorer under Voilà as it opens, at the province and the quarter of its parameters."""
    process, address = served(project, tmp_path_factory.mktemp("app"), "app")
    tab = Tab(browser)
    tab.page.goto(address)
    tab.page.wait_for_selector(FIGURE, timeout=LATE)
    tab.page.wait_for_selector(f"{ROWS} td", timeout=LATE)
    yield tab
    stop(process)


@pytest.fixture
def opened(app):
    """The same, back at Ninh Thuận in Vietnamese."""
    if app.page.get_by_text("Language", exact=True).count():
        app.choose("Language", "Tiếng Việt")
        app.page.wait_for_selector("text=Khám phá chỉ số", timeout=SOON)
    app.choose("So với", "Các kỳ trước của tỉnh (hạng và điểm)")
    if app.page.locator(".dt-ordering-asc, .dt-ordering-desc").count():
        app.choose("Tỉnh, thành phố", "Hậu Giang")  # a table that was sorted is drawn anew
        app.wait_title("Hậu Giang")
    app.choose("Tỉnh, thành phố", "Ninh Thuận")
    app.wait_title("Ninh Thuận hạng 6/61")
    app.wait_row(0, 0, "Ninh Thuận")
    return app


def test_it_is_an_app_and_fetches_nothing_from_outside(opened):
    assert not opened.outside and not opened.errors, (opened.outside, opened.errors)
    words = opened.page.inner_text("body")
    assert "Khám phá chỉ số" in words and "from ninhthuan" not in words, "the code is not shown"
    assert "Choose below" not in words, "in one language"
    assert len(opened.page.get_attribute(FIGURE, "alt")) > 80, "told to those who do not see it"
    assert opened.page.eval_on_selector(FIGURE, "image => image.naturalWidth") > 1000


def test_another_province_changes_the_title_of_the_figure_and_the_data(opened):
    before, alternative = opened.rows(), opened.page.get_attribute(FIGURE, "alt")
    picture = opened.page.get_attribute(FIGURE, "src")
    assert before[0][:4] == ["Ninh Thuận", "2023", "45,5054", "6"]
    opened.choose("Tỉnh, thành phố", "Khánh Hòa (đến 30/6/2025)")
    opened.wait_title("Khánh Hòa hạng 8/61")
    opened.wait_row(0, 0, "Khánh Hòa")
    assert opened.rows()[0][:4] == ["Khánh Hòa", "2023", "44,9419", "8"] and opened.rows() != before
    assert opened.page.get_attribute(FIGURE, "alt") != alternative
    assert opened.page.get_attribute(FIGURE, "src") != picture


def test_a_choice_without_meaning_says_why_in_the_language_chosen(opened):
    opened.choose("So với", "Các trục nội dung làm nên thay đổi")
    opened.page.wait_for_selector(FAULT, timeout=SOON)
    said = opened.page.inner_text(FAULT)
    assert "Không hiển thị được lựa chọn này" in said and "các kỳ 2011–2023 không cùng phương pháp" in said
    assert not opened.page.locator(FIGURE).count() and not opened.page.locator(ROWS).count()
    assert opened.page.get_by_role("button", name="Xuất hình và số liệu").is_disabled()
    opened.choose("Ngôn ngữ", "English")
    opened.page.wait_for_selector("text=This choice cannot be shown", timeout=SOON)
    assert "the editions 2011–2023 are not of one method" in opened.page.inner_text(FAULT)
    opened.choose("Against", "Its own earlier editions (rank and score)")
    opened.wait_title("Ninh Thuan ranks 6/61")
    opened.wait_row(0, 0, "Ninh Thuan")
    assert opened.rows()[0][2] == "45.5054"
    assert opened.page.get_by_role("button", name="Export figure and data").is_enabled()
    assert not opened.page.locator(FAULT).count()


def test_the_table_sorts_by_value_and_filters(opened):
    scores = nt.load_index("papi", as_of="2024-04-30")
    highest = scores.loc[scores["component_id"] == "papi_total", "score"].max()
    page = opened.page
    heads = page.locator(".nt-explorer table.dataTable thead th")
    score = heads.filter(has_text="Điểm (điểm)")
    for direction in ("ascending", "descending"):
        score.click()
        page.wait_for_selector(f".nt-explorer thead th[aria-sort={direction}]", timeout=SOON)
        values = [float(row[2].replace(",", ".")) for row in opened.rows() if row[2]]
        assert values == sorted(values, reverse=direction == "descending")
    assert values[0] == pytest.approx(highest, abs=1e-4) and len(values) == 10, "of all rows, not of those in sight"
    page.get_by_label("Tìm:").fill("Khánh")
    page.wait_for_function("() => document.querySelector('.dt-info').textContent.includes('lọc từ')", timeout=SOON)
    assert {row[0] for row in opened.rows()} == {"Khánh Hòa"}
    page.get_by_label("Tìm:").fill("")
    page.locator(".nt-explorer tfoot input").nth(1).press_sequentially("2011")
    page.wait_for_function("() => document.querySelector('.dt-info').textContent.includes('trong 63')", timeout=SOON)
    assert {row[1] for row in opened.rows()} == {"2011"}


def test_the_button_exports_the_card_of_a_report(opened, project):
    opened.page.get_by_role("button", name="Xuất hình và số liệu").click()
    said = opened.page.wait_for_selector(".nt-note code", timeout=SOON)
    folder = Path(said.inner_text())
    assert folder == project / "reports" / "explorer" / "2024Q1" / "58" / "vi" / "figures"
    (path,) = folder.glob("*.json")
    record = json.loads(path.read_text("utf-8"))
    assert record["title"] == opened.title and record["finding"] and record["source"] and record["alt"]
    assert {Path(name).suffix for name in record["files"]} == {".png", ".svg", ".pdf", ".csv"}
    for name, content in record["files"].items():
        assert "sha256:" + hashlib.sha256((folder / name).read_bytes()).hexdigest() == content
    shown = opened.page.get_attribute(FIGURE, "src").partition("base64,")[2]
    (png,) = folder.glob("*.png")

    assert base64.b64decode(shown) == png.read_bytes(), "the picture on the screen is the file"


@pytest.mark.parametrize("width", [800, 1280])
def test_nothing_is_cut_off(opened, width):
    opened.page.set_viewport_size({"width": width, "height": 1000})
    opened.page.wait_for_timeout(500)
    wide = opened.page.evaluate(
        "() => [...document.querySelectorAll('.nt-explorer, .nt-explorer table.dataTable, .nt-explorer img')]"
        ".map(part => part.getBoundingClientRect().right)"
    )
    assert wide and max(wide) <= width, wide


# --------------------------------------------------------------------------------------------------------- JupyterLab


@pytest.fixture(scope="module")
def lab(project, tmp_path_factory):
    root = ["--allow-root"] if os.geteuid() == 0 else []
    process, address = served(
        project, tmp_path_factory.mktemp("lab"), "lab", *root, f"--IdentityProvider.token={TOKEN}"
    )
    yield address
    stop(process)


def run_all(tab):
    """Menu Run, Run All Cells; then every cell has its number and the kernel is idle."""
    page = tab.page
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=LATE)
    # asked before there is a kernel, JupyterLab would ask which
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=LATE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def test_make_lab_opens_the_tour_trusted_and_it_runs(lab, browser):
    tab = Tab(browser)
    tab.page.goto(f"{lab}/?token={TOKEN}")
    tab.page.wait_for_selector(".jp-Notebook .jp-MarkdownCell", timeout=LATE)
    assert tab.page.url.endswith("/lab/tree/build/lab/vi/explore/00_start_here.ipynb")
    trust = tab.page.wait_for_selector(".jp-StatusItem-trust", timeout=SOON, state="attached")
    assert trust.get_attribute("title") == "Notebook trusted: 8 of 8 code cells trusted."
    assert not tab.page.locator(".jp-toast-message, .jp-Dialog").count(), "nothing is asked of a newcomer"
    run_all(tab)
    # the last cell is in sight when it has run, and only what is near it is in the page
    tab.page.wait_for_selector(".jp-OutputArea h2:has-text('Nguồn số liệu')", timeout=LATE)
    counts = [int(n) for n in re.findall(r"\[(\d+)\]", " ".join(tab.page.locator(".jp-InputPrompt").all_inner_texts()))]
    assert max(counts) == 8, "a cell that fails stops those after it"
    assert not tab.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count()
    assert tab.page.locator(".jp-MarkdownCell h1").all_inner_texts() == ["Bộ dữ liệu có gì và khai thác thế nào?"]
    assert not tab.outside and not tab.errors, (tab.outside, tab.errors)


def test_the_explorer_draws_its_widgets_in_jupyterlab(lab, browser):
    tab = Tab(browser)
    # a workspace of its own: what the tab before had open is not opened again
    tab.page.goto(f"{lab}/lab/workspaces/explorer/tree/build/lab/vi/explore/01_explorer.ipynb?token={TOKEN}")
    run_all(tab)
    tab.page.wait_for_selector(FIGURE, timeout=LATE)
    tab.wait_row(0, 0, "Ninh Thuận")
    tab.choose("Tỉnh, thành phố", "Khánh Hòa (đến 30/6/2025)")
    tab.wait_title("Khánh Hòa hạng 8/61")
    tab.wait_row(0, 0, "Khánh Hòa")
    assert not tab.outside and not tab.errors, (tab.outside, tab.errors)
