"""Runs planned inside JupyterLab: a real server of jupyter-scheduler takes notebooks as jobs over its REST API."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "of-this-test-alone"
# by hand: NINHTHUAN_SCHEDULE=all pytest tests/test_scheduler.py
SOME = ["10_index_overview", "20_index_trend", "explore/01_your_question"]
FILES = [*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("notebooks/explore/*.ipynb")]
ALL = sorted(path.relative_to(ROOT / "notebooks").with_suffix("").as_posix() for path in FILES)
NAMES = ALL if os.environ.get("NINHTHUAN_SCHEDULE") == "all" else SOME


class Server:
    """A Jupyter server over the project's folder, with the scheduler's records in a folder of the test's own."""

    def __init__(self, folder: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("RUNTIME", "CONFIG", "DATA")}
        own["JUPYTER_CONFIG_PATH"] = str(ROOT / "deploy" / "lab")  # as `make lab` does
        (folder / "root").mkdir()
        (folder / "root" / "notebooks").symlink_to(ROOT / "notebooks")
        command = [
            *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", f"--port={port}"),
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={folder / 'root'}",
            f"--SchedulerApp.db_url=sqlite:///{folder / 'scheduler.sqlite'}",
        ]
        self.log = folder / "server.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | own, stdout=log, stderr=log, cwd=folder / "root", start_new_session=True
            )
        self.root = folder / "root"
        for _ in range(120):
            try:
                self.ask("/api/status")
                return
            except (urllib.error.URLError, ConnectionError):
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.5)
        raise AssertionError(self.log.read_text())

    def ask(self, path: str, content: dict | None = None, method: str | None = None):
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(
            self.address + path, data=body, method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)

    def run(self, notebook: str, **parameters: str) -> tuple[dict, str]:
        """Make a job as JupyterLab's form does, wait for its end; the job, and its executed notebook."""
        made = self.ask(
            "/scheduler/jobs",
            {
                "name": Path(notebook).name,
                "input_uri": f"notebooks/{notebook}.ipynb",
                "runtime_environment_name": self.ask("/scheduler/runtime_environments")[0]["name"],
                "runtime_environment_parameters": {},
                "output_formats": ["ipynb", "html"],
                # the form's values are Python: text stands in quotes
                "parameters": {name: json.dumps(value) for name, value in parameters.items()},
                "package_input_folder": False,
            },
        )
        path = f"/scheduler/jobs/{made['job_id']}"
        for _ in range(600):
            job = self.ask(path)
            # a job that has not begun says that it is stopped
            if job["status"] in ("COMPLETED", "FAILED"):
                break
            time.sleep(0.5)
        if job["status"] != "COMPLETED":
            return job, ""
        # what the button "download" does: it takes the results out of the scheduler's own folder
        self.ask(f"{path}/download_files", method="GET")
        for _ in range(100):
            files = {file["file_format"]: file for file in self.ask(path)["job_files"]}
            if files["ipynb"].get("file_path"):
                break
            time.sleep(0.2)
        assert files["ipynb"]["file_path"].startswith("reports/jobs/"), "where git does not look"
        return job, (self.root / files["ipynb"]["file_path"]).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("scheduler"))
    yield made
    made.stop()


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NAMES)
def test_a_notebook_runs_as_a_job_with_its_parameters(server, tmp_path, notebook):
    parameters = {"quarter": "2023Q4", "province_code": "56", "language": "en", "output_dir": str(tmp_path / "cards")}
    job, text = server.run(notebook, **parameters)
    assert job["status"] == "COMPLETED", (job, server.log.read_text()[-3000:])
    book = nbformat.reads(text, as_version=4)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not [o for cell in code for o in cell.outputs if o.output_type == "error"]
    if not notebook.endswith("02_explorer"):  # it writes only when its button is pressed
        records = [json.loads(path.read_text("utf-8")) for path in tmp_path.glob("cards/*/*.json")]
        assert len(records) >= 2
        told = {(record["quarter"], record["province_code"], record["language"]) for record in records}
        assert told == {("2023Q4", "56", "en")}
        assert re.search("Khanh Hoa", text)


@pytest.mark.slow
def test_a_wrong_parameter_fails_the_job_and_says_why(server):
    job, _ = server.run("10_index_overview", province_code="99")
    assert job["status"] == "FAILED"
    assert "99" in job["status_message"] and "province_code" in job["status_message"]
