"""What goes wrong, in earnest: each fault is brought about, through the real command line, over tiny notebooks.

After each of them the same must hold: the old report is there byte for byte or the new one is there whole,
nothing is half made, no process is left, the exit code and the record tell the truth, and the next run repairs
everything without help. `NINHTHUAN_KILLS=100` kills that many times at random moments instead of a few.
"""

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import nbformat
import pytest
from small_notebooks import (
    REPORT,
    ROOT,
    Notebooks,
    children,
    deliver,
    processes_of,
    state_of,
    tree,
    wait_until,
)

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("NINHTHUAN_KILLS", "6"))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, recent_data):
    """A report of one notebook, `tiny`, for the tests to copy."""
    made = Notebooks(tmp_path_factory.mktemp("made") / "here")
    made.environment["NINHTHUAN_DATA"] = str(recent_data.path)
    made.add("tiny", deliver())
    done = made.run()
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture
def report(notebooks, made_once):
    """An old report of one notebook, `tiny`, made well; the notebook is changed since."""
    notebooks.declared |= made_once.declared
    for name in ("notebooks", "reports"):
        shutil.copytree(made_once.base / name, notebooks.base / name, dirs_exist_ok=True)
    notebooks.add("tiny", "changed = 1", deliver())
    return notebooks


class After:
    """What must hold after whatever has gone wrong. Taken before it does."""

    def __init__(self, notebooks: Notebooks):
        self.notebooks = notebooks
        self.old = tree(notebooks.report)

    @property
    def changed(self) -> bool:
        return tree(self.notebooks.report) != self.old

    def check(self, *, killed=False, seconds=5.0) -> None:
        """killed: the run itself was killed, and could not clear up what it was working on."""
        books = self.notebooks
        end = time.monotonic() + seconds
        while (left := processes_of(books.base)) and time.monotonic() < end:
            time.sleep(0.05)
        assert not left, f"processes are left: {left}"
        now = tree(books.report)
        if now != self.old:
            assert books.verify().returncode == 0, "neither the old report nor a whole new one"
        if self.old:
            assert [path.name for path in books.report.parent.iterdir()] == [books.report.name]
        known = {".lock", ".failed", ".work", "index.html", REPORT.split("/")[0]}
        assert {path.name for path in books.reports.iterdir()} <= known
        for folder in books.reports.glob(".work/*/*/*/*"):
            sealed = json.loads((folder / "seal.json").read_text()) if (folder / "seal.json").exists() else None
            assert sealed or killed, f"half made and not cleared up: {folder}"
            if sealed:
                files = {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.*")}
                assert files == set(sealed["files"])
        assert killed or not (books.reports / ".work" / ".warm").exists()

    def failed(self, name: str, cell: str | None, error: str, reason: str = "exception", pending=True) -> dict:
        """The record and the kept notebook say that this cell failed, and that no later one ever ran."""
        books = self.notebooks
        record = books.record(books.kept)
        assert record["status"] == "failed"
        (job,) = (job for job in record["jobs"] if job["name"] == name)
        fault = job["error"]
        assert (job["status"], fault["cell"], fault["name"], fault["reason"]) == ("failed", cell, error, reason), fault
        if cell:
            book = nbformat.read(books.kept / "notebooks" / f"{name}__2024Q1.ipynb", as_version=4)
            nbformat.validate(book)
            assert fault["source"] == next(c.source for c in book.cells if c.id == cell)
            states = {c.id: c.metadata.papermill["status"] for c in book.cells}
            place = list(states).index(cell)
            wanted = ["completed"] * place + ["failed"] + ["pending"] * (len(states) - place - 1)
            assert list(states.values()) == wanted, f"{name}: {states}"
            assert book.metadata.papermill["exception"] is True
            (failing,) = (c for c in book.cells if c.id == cell)
            assert [o for o in failing.outputs if o.output_type == "error"], f"{name}: the cell shows no error"
        return job

    def repaired(self, **more) -> None:
        """The next run makes the report, whole, and clears up everything."""
        books = self.notebooks
        done = books.run(**more)
        assert done.returncode == 0, done.stdout + done.stderr
        self.check()
        assert books.verify().returncode == 0
        assert sorted(path.name for path in books.reports.iterdir()) == [".lock", REPORT.split("/")[0], "index.html"]
        assert {job["name"] for job in books.record()["jobs"]} == set(books.declared)


# ------------------------------------------------------------------------------------------- cells that do not end well

SLEEPER = "import subprocess\nsubprocess.Popen(['sleep', '987'])"
RAISE = "raise ValueError('thiếu số liệu')"
LATER = ["later = 1", deliver("NAME")]
# name: cells before the failing one, the failing one, those after; what is told of it
FAULTS = {
    "first": ([], RAISE, LATER, "ValueError", "exception"),
    "middle": (["x = 1\nprint('đã in')"], RAISE, LATER, "ValueError", "exception"),
    "last": ([deliver("last")], RAISE, [], "ValueError", "exception"),
    "syntax": ([], "def", LATER, "SyntaxError", "exception"),
    "sys_exit": (["x = 1"], "import sys\nsys.exit(0)", LATER, "SystemExit", "exception"),
    "sys_exit_last": ([deliver("sys_exit_last")], "import sys\nsys.exit(0)", [], "SystemExit", "exception"),
    "os_exit": (["x = 1"], "print('im Gang')\nimport os\nos._exit(0)", LATER, "ProcessEnded", "exception"),
    "os_exit_last": ([deliver("os_exit_last")], "import os\nos._exit(0)", [], "ProcessEnded", "exception"),
    "command": (["!true"], "!false", LATER, "CalledProcessError", "exception"),
    "killed": (["x = 1"], "import os\nos.kill(os.getpid(), 9)", LATER, "Killed", "signal"),
    "segfault": (["x = 1"], "import ctypes\nctypes.string_at(0)", LATER, "Killed", "signal"),
    "bytes": (
        ["import numpy"],
        "held = []\nwhile True:\n    held.append(bytearray(1 << 24))",
        LATER,
        "MemoryError",
        "memory",
    ),
    "array": (["import numpy"], "numpy.ones(200_000_000)", LATER, "MemoryError", "memory"),
    "leaves_running": ([SLEEPER], RAISE, LATER, "ValueError", "exception"),
}
ENDLESS = {
    "loop": "print('bắt đầu')\nwhile True:\n    pass",
    "prints": "import time\nwhile True:\n    print('x' * 999)\n    time.sleep(0.001)",
    "swallows": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
    "holds_the_gil": "import re\nre.match(r'(a+)+$', 'a' * 64 + 'b')",
    "has_children": f"{SLEEPER}\nsubprocess.run(['setsid', 'sleep', '987'])",
}


def test_cells_that_fail(report):
    """All at once, so that none disturbs another: every one is told of by its name, its cell and its error."""
    after = After(report)
    for name, (before, failing, later, *_) in FAULTS.items():
        report.add(name, *before, failing, *(cell.replace("NAME", name) for cell in later))
    done = report.run("--memory", 600, "--workers", 3)
    assert done.returncode == 1
    after.check()
    assert not after.changed
    for name, (before, failing, _, error, reason) in FAULTS.items():
        cell = f"code-{len(before) + 1:02d}"
        job = after.failed(name, cell, error, reason)
        assert f"{name}, ô {cell}: {error}: " in done.stderr
        assert job["error"]["source"] == failing
    kept = nbformat.read(report.kept / "notebooks" / "middle__2024Q1.ipynb", as_version=4)
    assert "đã in\n" in [o.text for c in kept.cells for o in c.get("outputs", []) if o.output_type == "stream"]
    kept = nbformat.read(report.kept / "notebooks" / "os_exit__2024Q1.ipynb", as_version=4)
    assert "im Gang\n" in [o.text for c in kept.cells for o in c.get("outputs", []) if o.output_type == "stream"]
    assert [job["name"] for job in report.record(report.kept)["jobs"] if job["status"] == "done"] == ["tiny"]
    for name in FAULTS:
        report.add(name, deliver(name))
    assert report.plan()["tiny"] == ("resume", "finished last time")
    after.repaired()


def test_cells_that_do_not_end(report):
    after = After(report)
    for name, cell in ENDLESS.items():
        report.add(name, "x = 1", cell, deliver(name))
    assert report.run("--cell-seconds", 3, "--workers", len(ENDLESS)).returncode == 1
    after.check()
    assert not after.changed
    for name in ENDLESS:
        after.failed(name, "code-02", "CellTimeoutError", "timeout")
    kept = nbformat.read(report.kept / "notebooks" / "loop__2024Q1.ipynb", as_version=4)
    assert "bắt đầu\n" in [o.text for c in kept.cells for o in c.get("outputs", []) if o.output_type == "stream"]
    for name in ENDLESS:
        report.add(name, deliver(name))
    after.repaired()


def test_with_normal_kernels_too(report):
    """Where no process can be forked, and with `--kernel`."""
    after = After(report)
    chosen = ["middle", "sys_exit", "os_exit", "killed", "command", "leaves_running"]
    for name in chosen:
        before, failing, later, *_ = FAULTS[name]
        report.add(name, *before, failing, *(cell.replace("NAME", name) for cell in later))
    for name in ("swallows", "holds_the_gil", "has_children"):
        report.add(name, "x = 1", ENDLESS[name], deliver(name))
    done = report.run("--kernel", "--cell-seconds", 6, "--workers", 3)
    assert done.returncode == 1
    after.check()
    assert not after.changed
    dead = ("DeadKernelError", "signal")
    told = {"os_exit": dead, "killed": dead}
    for name in chosen:
        before, *_, error, reason = FAULTS[name]
        after.failed(name, f"code-{len(before) + 1:02d}", *told.get(name, (error, reason)))
    for name in ("swallows", "holds_the_gil", "has_children"):
        after.failed(name, "code-02", "CellTimeoutError", "timeout")
    for name in [*chosen, "swallows", "holds_the_gil", "has_children"]:
        report.add(name, deliver(name))
    after.repaired()


@pytest.mark.parametrize("more", [[], ["--kernel"]], ids=["forked", "kernel"])
def test_what_a_notebook_leaves_running_ends_with_it(report, more):
    """The notebook is well done, but what it has started may not outlive it; what another has started goes on."""
    report.add("tiny", SLEEPER, "subprocess.Popen(['setsid', 'sleep', '987'])", "!(sleep 987 >/dev/null &)", deliver())
    began = "import subprocess\nsubprocess.run('setsid sleep 987 >/dev/null & echo $! > pid', shell=True)"
    until = "import os, time\nwhile not os.path.exists('../tiny/seal.json'):\n    time.sleep(0.05)\ntime.sleep(0.5)"
    report.add("other", began, until, "os.kill(int(open('pid').read()), 0)")
    report.declare("other", "cards = []")
    after = After(report)
    done = report.run("--workers", 2, *more)
    assert done.returncode == 0, done.stderr
    assert after.changed
    after.check()


# ------------------------------------------------------------------------------------------- the run itself is stopped


def started_run(notebooks, *more):
    """The command line, begun, with the events of its jobs on its standard output."""
    return notebooks.start("--json", "--workers", 2, *more)


def two_and_two(notebooks, round_: int) -> None:
    """Four notebooks, all of them different in each round."""
    for name in ("tiny", "b", "c", "d"):
        notebooks.add(name, f"round = {round_}", SLEEPER, "import time\ntime.sleep(0.1)", deliver(name))


def kill_moments(rng, span: float, count: int):
    """Half anywhere between start and end, half shortly after something has happened, where the moments are short."""
    for place in range(count):
        if place % 2:
            yield None, (place + rng.random()) / count * span
        else:
            yield ["placed", "running", "done", "queued"][place // 2 % 4], rng.random() * 0.03


STOPS = [("run", signal.SIGTERM), ("run", signal.SIGINT), ("run", signal.SIGKILL)]
if "NINHTHUAN_KILLS" in os.environ:
    STOPS += [("warm", signal.SIGKILL), ("job", signal.SIGKILL)]


@pytest.mark.parametrize("victim, number", STOPS, ids=lambda value: getattr(value, "name", value))
def test_a_run_that_is_stopped_at_any_moment(notebooks, victim, number):
    """victim: the run itself, its warm parent, or one of the processes of notebooks."""
    rng = random.Random(int(number))
    two_and_two(notebooks, 0)
    began = time.monotonic()
    assert notebooks.run().returncode == 0
    span = time.monotonic() - began
    results = dict.fromkeys(("stopped", "finished", "failed", "before it began", "new report in place"), 0)
    for round_, (event, delay) in enumerate(kill_moments(rng, span, KILLS), 1):
        after = After(notebooks)
        two_and_two(notebooks, round_)
        (notebooks.reports / ".lock").write_text("")
        run = started_run(notebooks)
        lines = ""
        if event:
            while line := run.stdout.readline():
                lines += line
                if json.loads(line)["status"] == event:
                    break
        time.sleep(delay)
        pids = [run.pid] if victim == "run" else children(run.pid)
        pids = [job for warm in pids for job in children(warm)][:1] if victim == "job" else pids
        for pid in pids:
            os.kill(pid, number)
        errors = run.communicate(timeout=60)[1]
        code, moment = run.returncode, f"{event or 'start'} + {delay:.3f} s, round {round_}: {errors}"
        if code == 0:
            results["finished"] += 1
        elif victim != "run":
            results["failed"] += 1
            assert code == 1, moment
            assert "Killed" in {(job["error"] or {}).get("name") for job in notebooks.record(notebooks.kept)["jobs"]}
        elif (notebooks.reports / ".lock").read_text():
            results["stopped"] += 1
            # after the end of everything the system's own answer to a signal is in force again
            ended = [-number, 128 + number] if after.changed or number == signal.SIGKILL else [128 + number]
            assert code in ended, moment
            assert "Traceback" not in errors, moment
        else:
            results["before it began"] += 1
            assert code in (-number, 128 + number), moment
        after.check(killed=code == -number)
        if after.changed:
            results["new report in place"] += 1
            texts = {p.name for p in notebooks.report.glob("notebooks/*.ipynb")}
            assert len(texts) == 4
            assert all(f"round = {round_}" in p.read_text() for p in notebooks.report.glob("notebooks/*.ipynb")), moment
        if round_ % 3 == 0:
            after.repaired()
    After(notebooks).repaired()
    print(victim, number.name, results)
    assert victim != "run" or results["stopped"] > KILLS / 3


def test_the_warm_parent_is_killed(report):
    """What ran in it has failed; the rest runs under a new one. Killed before it is ready, nobody suffers."""
    after = After(report)
    report.add(
        "tiny", "import subprocess\nsubprocess.Popen(['setsid', 'sleep', '987'])", "import time\ntime.sleep(600)"
    )
    report.add("other", deliver("other"))
    run = started_run(report, "--workers", 1)
    (early,) = wait_until(lambda: children(run.pid))
    os.kill(early, signal.SIGKILL)
    warm = wait_until(lambda: [pid for pid in children(run.pid) if pid != early and state_of(pid) != "Z"])[0]
    wait_until(lambda: any("sleep" in command for command in processes_of(report.base).values()))
    os.kill(warm, signal.SIGKILL)
    output, errors = run.communicate(timeout=60)
    assert run.returncode == 1, errors
    after.check()
    assert not after.changed
    after.failed("tiny", "code-02", "Killed", "signal")
    assert [json.loads(line)["status"] for line in output.splitlines() if '"2024Q1/58/vi/other"' in line] == [
        "queued",
        "running",
        "done",
    ]
    report.add("tiny", deliver())
    after.repaired()


def test_the_warm_parent_cannot_start(report):
    after = After(report)
    broken = report.base / "broken" / "papermill"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('papermill is broken')")
    usual = report.environment.pop("PYTHONPATH", None)
    report.environment["PYTHONPATH"] = f"{broken.parent}:{ROOT}:{ROOT / 'packages'}"
    process = report.start()
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "papermill is broken" in errors and "báo cáo cũ còn nguyên" in errors
    after.check()
    assert not after.changed
    del report.environment["PYTHONPATH"]
    if usual:
        report.environment["PYTHONPATH"] = usual
    after.repaired()


# ------------------------------------------------------------------------------------------------------------ the disk


@contextlib.contextmanager
def mounted(*arguments):
    """Something mounted at a folder, which is named last; a test of a disk needs the right to mount."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        message = f"mounting is not permitted here, which takes CAP_SYS_ADMIN: {done.stderr.strip()}"
        pytest.skip(message)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(arguments[-1])], check=True)


@pytest.fixture
def small_disk(tmp_path, notebooks):
    """The folder of reports lies on a disk of its own, of one megabyte."""
    notebooks.reports.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", notebooks.reports):
        yield


def test_the_disk_is_full_while_a_cell_writes(small_disk, report):
    after = After(report)
    report.add("tiny", "x = 1", "import os\n" + FILL, deliver())
    done = report.run()
    assert done.returncode == 1
    assert "[Errno 28]" in done.stderr
    assert not after.changed
    after.check()
    after.failed("tiny", "code-02", "OSError", "disk")
    report.add("tiny", deliver())
    after.repaired()


FILL = """
with open(f"{output_dir}/big.bin", "wb") as big:
    while True:
        big.write(os.urandom(65536))
        big.flush()
"""


def test_the_disk_is_full_when_a_report_is_put_together(small_disk, report):
    """Some kilobytes are left: enough for nothing, or for the notebook, or the page, but never for everything."""
    after = After(report)
    report.add("other", "print('x' * 9999)", deliver("other"))
    filled = report.reports / "2024Q1" / "filled"
    for room in (0, 8, 24, 48):
        filled.write_bytes(bytes(shutil.disk_usage(report.reports).free - room * 1024))
        done = report.run()
        filled.unlink()
        assert done.returncode == 1, f"{room}: {done.stderr}"
        assert "[Errno 28]" in done.stderr
        assert not after.changed
        after.check()
    after.repaired()


def test_the_disk_has_no_room_for_files_when_a_report_is_put_together(notebooks, request):
    """A few files are left: enough for nothing, or for the notebook, or some of the page, but never for everything."""
    notebooks.reports.mkdir()
    with mounted("-t", "tmpfs", "-o", "nr_inodes=200", "tmpfs", notebooks.reports):
        report = request.getfixturevalue("report")
        after = After(report)
        report.add("other", deliver("other"))
        filled = report.reports / "2024Q1" / "filled"
        for room in (0, 4, 8, 16):
            filled.mkdir()
            for number in range(os.statvfs(report.reports).f_favail - room):
                (filled / str(number)).touch()
            done = report.run()
            shutil.rmtree(filled)
            assert done.returncode == 1, f"{room}: {done.stderr}"
            assert "[Errno 28]" in done.stderr
            assert not after.changed
            after.check()
        after.repaired()


def test_a_notebook_cannot_be_saved(report):
    """No file may grow beyond a limit: this needs no disk of its own, nor the right to have one."""
    after = After(report)
    report.add("tiny", deliver(), "for number in range(3000):\n    print(number, 'x' * 40)")
    limit = (60_000, 60_000)
    done = report.run(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert done.returncode == 1
    assert "tiny: OSError: [Errno 27] File too large" in done.stderr
    assert not after.changed
    after.check()
    after.failed("tiny", None, "OSError", "disk")
    after.repaired()


def test_the_folder_of_reports_cannot_be_written(report):
    after = After(report)
    with mounted("--bind", "-o", "ro", report.reports, report.reports):
        done = report.run()
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr and "báo cáo cũ còn nguyên" in done.stderr
    assert not after.changed
    after.check()
    after.repaired()


def test_the_folder_of_reports_belongs_to_someone_else(report, recent_data):
    """Permission bits, which do not hold for root: the command runs as nobody there."""
    after = After(report)
    prefix = []
    if os.getuid() == 0:
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    else:
        for path in [report.reports, *report.reports.rglob("*")]:
            path.chmod(path.stat().st_mode & 0o555)
    for folder in (*report.base.parents, *recent_data.path.parents):
        if folder.stat().st_uid == os.getuid() and len(folder.parts) > 2:
            folder.chmod(folder.stat().st_mode | 0o755)
    done = report.run(prefix=prefix)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr
    assert not after.changed
    for path in [report.reports, *report.reports.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)
    after.check()
    after.repaired()


# ------------------------------------------------------------------------------------------- two at once, and asleep


def test_two_runs_at_once(report):
    """The second says who is at work, and does nothing; the first goes on undisturbed."""
    after = After(report)
    go = report.base / "go"
    report.add("tiny", f"import os, time\nwhile not os.path.exists({str(go)!r}):\n    time.sleep(0.05)", deliver())
    first = started_run(report)
    while json.loads(first.stdout.readline())["status"] != "running":
        pass
    second = report.run()
    assert second.returncode == 1
    assert f"Tiến trình {first.pid} (" in second.stderr and second.stdout == ""
    assert not after.changed
    assert first.poll() is None
    go.touch()
    assert first.communicate(timeout=60) and first.returncode == 0
    assert after.changed
    after.check()


def test_a_lock_left_behind_holds_nobody_up(report):
    after = After(report)
    dead = subprocess.Popen(["true"])
    dead.wait()
    (report.reports / ".lock").write_text(f"{dead.pid} (2024-01-01T00:00:00Z)")
    assert report.run().returncode == 0
    assert after.changed
    after.check()


def test_the_machine_sleeps(report):
    """For longer than a cell may take; the cell is not charged for it."""
    after = After(report)
    report.add("tiny", "import time\nfor _ in range(20):\n    time.sleep(0.1)", deliver())
    run = started_run(report, "--cell-seconds", 4)

    def steady():
        """The runner, the warm parent and the job: not one that passes while they start."""
        found = [set(processes_of(report.base)), time.sleep(0.2), set(processes_of(report.base))]
        return found[0] if len(found[0]) == 3 and found[0] == found[2] else None

    pids = wait_until(steady)
    for number in (signal.SIGSTOP, signal.SIGCONT):
        for pid in pids:
            os.kill(pid, number)
        if number == signal.SIGSTOP:
            wait_until(lambda: {state_of(pid) for pid in pids} == {"T"})
            time.sleep(6)
    output, errors = run.communicate(timeout=60)
    assert run.returncode == 0, output + errors
    assert after.changed
    after.check()
