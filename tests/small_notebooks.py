"""Notebooks of a few lines each, and the real command line over a folder of them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]

REPORT = "2024Q1/58/vi"
PARAMETERS = """
quarter: str = "2024Q1"  # quarter
as_of: str = ""  # day
province_code: str = "58"  # code
language: str = "vi"  # vi or en
output_dir: str = ""  # folder
"""
# What a notebook does to deliver a card, without drawing one.
DELIVER = """
import hashlib, json
from pathlib import Path

folder = Path(output_dir) / "notes"
folder.mkdir(parents=True, exist_ok=True)
stem = f"NOTEBOOK__CARD__{quarter}"
content = CONTENT
(folder / f"{stem}.csv").write_bytes(content)
record = {
    "card": "CARD", "notebook": "NOTEBOOK", "quarter": quarter, "as_of": as_of, "province_code": province_code,
    "language": language, "kind": "text", "title": "Một thẻ", "sections": [["Đầu", ["dòng"]]], "reads": READS,
    "files": {f"{stem}.csv": "sha256:" + hashlib.sha256(content).hexdigest()},
} | CHANGES
(folder / f"{stem}.json").write_text(json.dumps(record))
"""
# The command line, over notebooks of our own: they read no data and draw nothing, so none is checked or made ready.
DRIVER = """
import sys
from pathlib import Path
from ninhthuan_reports.commands import run
from ninhthuan_reports.runs import plan, warming
plan.notebooks_dir = lambda: Path(sys.argv[1])
run.check = lambda language, quiet=False: 0
warming.WARM = ""
from ninhthuan_reports.cli import main
sys.exit(main(sys.argv[2:]))
"""


def deliver(notebook="tiny", card="one", reads=(), content=b"a,b\n1,2\n", **changes) -> str:
    """A cell that delivers a card; changes: what its record says otherwise."""
    text = DELIVER.replace("NOTEBOOK", notebook).replace("CARD", card)
    return text.replace("CONTENT", repr(content)).replace("READS", repr(list(reads))).replace("CHANGES", repr(changes))


class Notebooks:
    """A folder of notebooks of a few lines each, with its runs.toml, and the folder of their reports."""

    def __init__(self, folder: Path):
        self.base = folder
        self.folder = folder / "notebooks"
        self.reports = folder / "reports"
        self.folder.mkdir(parents=True)
        self.declared: dict[str, str] = {}
        self.environment: dict[str, str] = {}

    @property
    def report(self) -> Path:
        return self.reports / REPORT

    @property
    def kept(self) -> Path:
        """Where what failed is kept."""
        return self.reports / ".failed" / REPORT

    def add(self, name, *cells, cards=("one",), parameters=PARAMETERS, more="", tags=None):
        """A notebook of these code cells (`code-01` and so on), in place of the one of that name; tags: by number."""
        new = nbformat.v4
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        book = new.new_notebook(metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
        book.cells = [
            new.new_markdown_cell("# Hỏi gì?", id="text-vi", metadata={"tags": ["vi"]}),
            new.new_markdown_cell("# What?", id="text-en", metadata={"tags": ["en"]}),
            new.new_code_cell(parameters.strip(), id="parameters", metadata={"tags": ["parameters"]}),
        ]
        for place, code in enumerate(cells, 1):
            metadata = {"tags": tags[place]} if tags and place in tags else {}
            book.cells.append(new.new_code_cell(code.strip(), id=f"code-{place:02d}", metadata=metadata))
        nbformat.write(book, self.folder / f"{name}.ipynb")
        return self.declare(name, f"cards = {json.dumps(list(cards))}\n{more}")

    def declare(self, name, keys):
        self.declared[name] = f'[[run]]\nnotebook = "{name}"\n{keys}\n'
        (self.folder / "runs.toml").write_text("".join(self.declared.values()), encoding="utf-8")
        return self

    def command(self, verb="run", *more) -> list[str]:
        line = [sys.executable, "-c", DRIVER, str(self.folder), verb]
        if verb in ("run", "plan"):
            line += ["--quarter", "2024Q1", "--reports", str(self.reports)]
        return [*line, *map(str, more)]

    def start(self, *more, verb="run", prefix=(), **options) -> subprocess.Popen:
        """The command line, begun."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": self.base} | options
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT}:{ROOT / 'packages'}",
            # compiled modules are kept, and once for all tests: the many short runs would mostly compile
            "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), f"ninhthuan-compiled-{os.getuid()}")),
            "NINHTHUAN_TEST": str(self.base),
            "NOTEBOOK_ENVIRONMENT": "NINHTHUAN_TEST",
        }
        # with the second a kernel behaves as it does nowhere else
        for name in ("PYTHONDONTWRITEBYTECODE", "PYTEST_CURRENT_TEST"):
            environment.pop(name, None)
        environment |= self.environment
        return subprocess.Popen([*prefix, *self.command(verb, *more)], env=environment, **options)

    def run(self, *more, verb="run", timeout=120, **options) -> subprocess.CompletedProcess:
        """The command line, from its start to its end; there may be no traceback."""
        process = self.start(*more, verb=verb, **options)
        try:
            output, errors = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        assert "Traceback" not in (output or "") + (errors or ""), errors
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def verify(self) -> subprocess.CompletedProcess:
        return self.run(self.report, "--language", "en", verb="verify")

    def record(self, folder=None) -> dict:
        """`run.json` of the report, or of another folder."""
        return json.loads(((folder or self.report) / "run.json").read_text(encoding="utf-8"))

    def plan(self, *more) -> dict[str, tuple[str, str]]:
        """What would be done with each notebook, and why, in English."""
        done = self.run("--json", *more, verb="plan")
        assert done.returncode == 0, done.stderr
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["identity"].rpartition("/")[2]: (line["action"], line["why"]) for line in lines}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def processes_of(folder: Path) -> dict[int, str]:
    """Living processes that have to do with a folder: it is where they are, or stands in their command or surroundings.

    Every process that a run starts inherits NINHTHUAN_TEST, which names the folder.
    """
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int(path.name) == os.getpid() or (path / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            command = (path / "cmdline").read_bytes()
            signs = (command, (path / "environ").read_bytes(), os.fsencode(os.readlink(path / "cwd")))
        except OSError:
            continue
        if any(os.fsencode(folder) in sign for sign in signs):
            found[int(path.name)] = command.replace(b"\0", b" ").decode(errors="replace")[:200]
    return found


def wait_until(true, seconds=60, step=0.02):
    """Wait for something to become true, and say so if it never does; returns it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it never happened"
        time.sleep(step)
    return found


def end_all(folder: Path) -> None:
    """End every process that has to do with a folder, so that a failing test leaves none.

    Again and again: one that is being killed may have started another, and takes its time to be gone.
    """

    def gone() -> bool:
        living = processes_of(folder)
        for pid in living:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return not living

    wait_until(gone)


def children(pid: int) -> list[int]:
    """Processes whose parent is the given one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text(errors="replace").rpartition(")")[2].split()[1]) == pid:
                found.append(int(path.parent.name))
    return found


def state_of(pid: int) -> str:
    """The state letter of a process (`T` is stopped, `Z` dead but not yet gone); empty where there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return ""
