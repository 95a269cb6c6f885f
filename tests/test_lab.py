"""`make lab` in a real browser: what a newcomer opens, and the explorer with its widgets."""

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

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "of-this-test-alone"
SOON, LATE = 30_000, 120_000  # milliseconds: a redraw, and what starts a kernel
FIGURE = ".nt-explorer svg[role=img]"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project as it is, in a folder of its own: what is saved or exported stays there."""
    folder = tmp_path_factory.mktemp("project")
    for name in (".venv", "Makefile", "pyproject.toml", "requirements.lock", "deploy", "data", "ninhthuan"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return folder


def served(project, folder, *arguments):
    """Start `make lab` on a free port, wait until it answers; the process and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("RUNTIME", "CONFIG", "DATA")}
    environment = os.environ | own | {"NINHTHUAN_DATA": str(project / "data")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    log = folder / "server.log"
    with open(log, "w") as to:
        process = subprocess.Popen(
            ["make", "lab", "JUPYTER_ARGS=" + " ".join(["--no-browser", f"--port={port}", *arguments])],
            cwd=project,
            env=environment,
            stdout=to,
            stderr=to,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(240):
        try:
            urllib.request.urlopen(f"{address}/api/status", timeout=5)
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


# --------------------------------------------------------------------------------------------------------- JupyterLab


@pytest.fixture(scope="module")
def lab(project, tmp_path_factory):
    root = ["--allow-root"] if os.geteuid() == 0 else []
    process, address = served(project, tmp_path_factory.mktemp("lab"), *root, f"--IdentityProvider.token={TOKEN}")
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
    tab.page.wait_for_selector(".jp-MarkdownCell h1:has-text('Bộ dữ liệu có gì')", timeout=SOON)
    assert not tab.page.locator(".jp-MarkdownCell h1:has-text('What data are there')").count(), "one language"
    run_all(tab)
    # the last cell is in sight when it has run, and only what is near it is in the page
    tab.page.wait_for_selector(".jp-OutputArea h2:has-text('Nguồn số liệu')", timeout=LATE)
    counts = [int(n) for n in re.findall(r"\[(\d+)\]", " ".join(tab.page.locator(".jp-InputPrompt").all_inner_texts()))]
    assert max(counts) == 8, "a cell that fails stops those after it"
    assert not tab.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']").count()
    assert not tab.outside and not tab.errors, (tab.outside, tab.errors)


def test_a_notebook_in_git_is_saved_as_git_has_it(lab, project):
    """What JupyterLab sends when a notebook that was run is saved: outputs, counts, the kernel's own notes."""
    name = "notebooks/31_papi_why_moved.ipynb"
    before = (project / name).read_bytes()

    def ask(method, content=None):
        body = json.dumps(content).encode() if content else None
        head = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{lab}/api/contents/{name}", body, head, method=method)
        return json.load(urllib.request.urlopen(request, timeout=30))

    book = ask("GET")["content"]
    book["metadata"]["language_info"] |= {"version": "3.11.7", "file_extension": ".py"}
    for place, cell in enumerate(book["cells"]):
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "có"}]
            cell["execution_count"] = place
    ask("PUT", {"type": "notebook", "format": "json", "content": book})
    assert (project / name).read_bytes() == before
    book["cells"][0]["source"] += "!"
    ask("PUT", {"type": "notebook", "format": "json", "content": book})
    assert (project / name).read_bytes() != before, "an edit is kept"


def test_the_explorer_draws_what_is_chosen_in_jupyterlab(lab, browser):
    tab = Tab(browser)
    # a workspace of its own: what the tab before had open is not opened again
    tab.page.goto(f"{lab}/lab/workspaces/explorer/tree/build/lab/vi/explore/02_explorer.ipynb?token={TOKEN}")
    run_all(tab)
    title = tab.page.locator(f"{FIGURE} title")
    title.filter(has_text="Ninh Thuận hạng 6/61").wait_for(timeout=LATE, state="attached")
    province = tab.page.get_by_label("Tỉnh, thành phố")
    province.fill("khanh hoa")
    province.press("Enter")
    title.filter(has_text="Khánh Hòa hạng 8/61").wait_for(timeout=SOON, state="attached")
    assert tab.page.locator(FIGURE).count() == 1
    tab.page.get_by_role("button", name="PNG và PDF").click()
    with tab.page.expect_download(timeout=SOON) as download:
        tab.page.get_by_role("link", name="PNG").click()
    assert download.value.suggested_filename.endswith("__2024Q1.png")
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    assert not tab.outside and not tab.errors, (tab.outside, tab.errors)
