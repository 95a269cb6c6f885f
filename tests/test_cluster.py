"""Runs on the workers of Dask: the same bytes and records as here, whatever dies or differs."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from small_notebooks import REPORT, Notebooks, deliver, end_all, processes_of, tree, wait_until

from notebook_batch import cluster, record

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# A cell that says that it has begun, and then takes its time unless it has been told to go on.
SLOW = """
import time
from pathlib import Path
(Path("BASE") / f"begun-{time.time_ns()}").touch()
end = time.monotonic() + 60
while not (Path("BASE") / "go").exists() and time.monotonic() < end:
    time.sleep(0.05)
"""


class Machines:
    """A scheduler and its workers, each a process of its own on this machine."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir()
        self.processes: dict[str, subprocess.Popen] = {}
        self.environment = {"NINHTHUAN_TEST": str(folder), "PYTHONPATH": str(ROOT)}
        self.environment |= {"NOTEBOOK_ENVIRONMENT": "NINHTHUAN_TEST"}

    def start(self, name: str, *command, **environment) -> subprocess.Popen:
        with open(self.folder / f"{name}.log", "wb") as log:
            process = subprocess.Popen(
                [*map(str, command)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                cwd=self.folder,
                env=os.environ | self.environment | environment,
                start_new_session=True,
            )
        self.processes[name] = process
        return process

    def scheduler(self, **environment) -> str:
        file = self.folder / "scheduler.json"
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file]
        self.start("scheduler", BIN / "dask", "scheduler", *options, **environment)
        wait_until(lambda: file.exists() and file.stat().st_size)
        return json.loads(file.read_text())["address"]

    def worker(self, name: str, address: str, *options, **environment) -> subprocess.Popen:
        options = options or ("--no-nanny",)
        place = ["--nthreads", "1", "--no-dashboard", "--local-directory", self.folder / name, "--name", name]
        return self.start(name, BIN / "dask", "worker", address, *place, *options, **environment)

    def wait_for(self, *names: str) -> None:
        """Until these workers are known to the scheduler."""
        for name in names:
            wait_until(lambda name=name: "Registered to" in self.log(name))

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@pytest.fixture
def machines(tmp_path):
    machines = Machines(tmp_path / "machines")
    yield machines
    end_all(machines.folder)
    for process in machines.processes.values():
        process.kill()
        process.wait()
    assert processes_of(machines.folder) == {}


@pytest.fixture
def notebooks(tmp_path):
    return Notebooks(tmp_path / "here")


def dask(address, *more):
    return ["--executor", "dask", "--scheduler", address, *more]


def lasting(record: dict) -> dict:
    """A record of a run without what no two runs have in common."""
    jobs = [
        {name: value for name, value in job.items() if name not in ("seconds", "cpu_seconds", "peak_mb")}
        for job in record["jobs"]
    ]
    kept = {name: value for name, value in record.items() if name not in ("started_at", "finished_at", "seal", "files")}
    return kept | {"jobs": jobs}


def same_bytes(folder: Path) -> dict[str, bytes]:
    """Every file of a report but the record of the run and its log."""
    return {name: content for name, content in tree(folder).items() if name not in ("run.json", "log.jsonl")}


def slow(notebooks, *names):
    """Notebooks that wait until `go` is there."""
    for name in names:
        notebooks.add(name, SLOW.replace("BASE", str(notebooks.base)), deliver(name))


def begun(notebooks) -> int:
    return len(list(notebooks.base.glob("begun-*")))


# ------------------------------------------------------------------------------------------------- the same as here


@pytest.mark.slow
def test_bytes_and_records_are_those_of_this_machine(notebooks, machines):
    """Also of what fails, and how; and no secret of a worker reaches a notebook."""
    address = machines.scheduler()
    secrets = {"AWS_SECRET_ACCESS_KEY": "hush", "AWS_ACCESS_KEY_ID": "hush", "NINHTHUAN_SMTP_PASSWORD": "hush"}
    for name in ("one", "two"):
        machines.worker(name, address, **secrets)
    look = "import os, sys\nprint([k for k, v in os.environ.items() if v == 'hush'], os.path.relpath(output_dir))"
    notebooks.add("alpha", look, deliver("alpha")).add(
        "beta", "print('đã')", deliver("beta", reads=["indicators/papi.csv"])
    )
    notebooks.add(
        "gamma", "import random\nx = [1, 2]\nx", deliver("gamma", "one"), deliver("gamma", "two"), cards=("one", "two")
    )
    here = notebooks.run("--workers", "2")
    assert here.returncode == 0, here.stderr
    report, record = same_bytes(notebooks.report), notebooks.record()
    (book,) = notebooks.report.glob("notebooks/alpha*.ipynb")
    assert "[] out" in book.read_text()
    there = notebooks.run("--again", *dask(address))
    assert there.returncode == 0, there.stderr
    assert same_bytes(notebooks.report) == report
    assert lasting(notebooks.record()) == lasting(record)
    assert all(job["cpu_seconds"] > 0 and job["peak_mb"] > 20 for job in notebooks.record()["jobs"])
    assert notebooks.verify().returncode == 0
    assert notebooks.run(*dask(address)).returncode == 0, "nothing is left to do"
    assert {path.name for path in notebooks.reports.iterdir()} == {".lock", "index.html", REPORT.split("/")[0]}

    notebooks.add("alpha", "print('bắt đầu')\nraise ValueError('thiếu')", deliver("alpha"))
    notebooks.add("beta", "print('dở')\nwhile True: pass", deliver("beta"))
    notebooks.add("gamma", "hold = bytearray(900 << 20)", deliver("gamma"))
    notebooks.add("delta", "import os\nprint('dở')\nos.kill(os.getpid(), 9)", deliver("delta"))
    limits = ["--cell-seconds", "3", "--memory", "700"]
    here = notebooks.run("--workers", "2", *limits)
    failed, record = same_bytes(notebooks.kept), notebooks.record(notebooks.kept)
    there = notebooks.run(*limits, *dask(address))
    assert (here.returncode, there.returncode) == (1, 1)
    reasons = {job["name"]: job["error"]["reason"] for job in record["jobs"]}
    assert reasons == {"alpha": "exception", "beta": "timeout", "gamma": "memory", "delta": "signal"}
    assert lasting(notebooks.record(notebooks.kept)) == lasting(record)
    assert same_bytes(notebooks.kept) == failed
    assert same_bytes(notebooks.report) == report, "the old report is untouched"


@pytest.mark.slow
def test_what_is_made_again_is_what_was_made_then(notebooks):
    """Also where it differs from what there was: the record and the files are of one run."""
    notebooks.add("alpha", "import time\nprint(time.time_ns())", deliver("alpha")).add("beta", deliver("beta"))
    assert notebooks.run().returncode == 0
    before = same_bytes(notebooks.report)
    assert notebooks.run("--again").returncode == 0
    after = same_bytes(notebooks.report)
    changed = {name for name in after if after[name] != before[name]}
    # the crate names every file with its hash
    assert changed == {"notebooks/alpha__2024Q1.ipynb", "notebooks/alpha__2024Q1.html", "ro-crate-metadata.json"}
    assert notebooks.verify().returncode == 0


# ------------------------------------------------------------------------------------------------------ what may die


@pytest.mark.slow
def test_the_work_of_a_dead_worker_is_done_elsewhere(notebooks, machines):
    slow(notebooks, "alpha", "beta", "gamma")
    address = machines.scheduler()
    machines.worker("one", address)
    machines.worker("two", address)
    machines.wait_for("one", "two")
    run = notebooks.start(*dask(address))
    wait_until(lambda: begun(notebooks) == 2)
    machines.processes["one"].send_signal(signal.SIGKILL)
    wait_until(lambda: begun(notebooks) >= 2 and len(processes_of(machines.folder / "one")) == 0)
    (notebooks.base / "go").touch()
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert begun(notebooks) == 4, "what the dead one had begun was begun once more"
    assert notebooks.verify().returncode == 0
    assert not (notebooks.reports / ".work").exists()


@pytest.mark.slow
def test_a_notebook_that_kills_its_workers_fails_alone(notebooks, machines):
    kill = """
        import os
        pid = os.getpid()
        while b"dask" not in open(f"/proc/{pid}/cmdline", "rb").read():
            pid = int(open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[1])
        os.kill(pid, 9)
    """
    notebooks.add("alpha", deliver("alpha")).add(
        "killer", textwrap.dedent(kill), "print('không tới')", deliver("killer")
    )
    address = machines.scheduler(DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1")
    for name in ("one", "two", "three"):
        machines.worker(name, address)
    machines.wait_for("one", "two", "three")
    run = notebooks.run(*dask(address))
    assert run.returncode == 1
    states = {job["name"]: job for job in notebooks.record(notebooks.kept)["jobs"]}
    assert states["alpha"]["status"] == "done"
    assert states["killer"]["error"]["reason"] == "signal"
    book = nbformat.read(notebooks.kept / "notebooks" / "killer__2024Q1.ipynb", as_version=4)
    assert all(cell.metadata.papermill["status"] == "pending" for cell in book.cells)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_runner_leaves_nothing_running(notebooks, machines, number):
    slow(notebooks, "alpha", "beta")
    address = machines.scheduler()
    machines.worker("one", address, "--nanny")
    run = notebooks.start(*dask(address))
    wait_until(lambda: begun(notebooks) == 1)
    in_notebook = {pid for pid in processes_of(notebooks.base) if pid != run.pid}
    assert len(in_notebook) == 1
    run.send_signal(number)
    _, errors = run.communicate(timeout=30)
    if number == signal.SIGTERM:
        assert run.returncode == 128 + number
        assert len(errors.splitlines()) == 1, errors
        assert processes_of(notebooks.base) == {}, "it is over when the runner is"
        assert not (notebooks.reports / ".work").exists()
    wait_until(lambda: processes_of(notebooks.base) == {}, 15)
    if number == signal.SIGKILL:
        (notebooks.base / "go").touch()
        again = notebooks.run(*dask(address))
        assert again.returncode == 0, again.stderr
    machines.processes["one"].send_signal(signal.SIGKILL)
    machines.processes["scheduler"].kill()
    wait_until(lambda: len(processes_of(machines.folder)) == 0, 15)


@pytest.mark.slow
def test_a_scheduler_that_dies_ends_the_run_and_finished_work_is_kept(notebooks, machines):
    notebooks.add("alpha", deliver("alpha"))
    slow(notebooks, "beta")
    address = machines.scheduler()
    machines.worker("one", address)
    run = notebooks.start("--languages", "en", *dask(address))
    wait_until(lambda: begun(notebooks) == 1)
    machines.processes["scheduler"].kill()
    _, errors = run.communicate(timeout=60)
    assert (run.returncode, len(errors.splitlines())) == (1, 1), errors
    assert address in errors and "Traceback" not in errors
    wait_until(lambda: processes_of(notebooks.base) == {}, 30)
    plan = notebooks.plan("--languages", "en")
    assert {name: action for name, (action, _) in plan.items()} == {"alpha": "resume", "beta": "run"}


# --------------------------------------------------------------------------------------------------- through a store


@pytest.fixture
def bucket(machines):
    """The environment to reach a store that speaks S3 over HTTP, with a bucket in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    machines.start("store", BIN / "moto_server", "-H", "127.0.0.1", "-p", port)
    access = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    wait_until(lambda: "Running on" in machines.log("store"))
    make = "import s3fs; s3fs.S3FileSystem().mkdir('results')"
    subprocess.run([sys.executable, "-c", make], env=os.environ | access, check=True)
    return access


@pytest.mark.slow
def test_results_come_back_through_a_store(notebooks, machines, bucket):
    notebooks.add("alpha", deliver("alpha")).add("beta", deliver("beta"), deliver("beta", "two"), cards=("one", "two"))
    here = notebooks.run("--workers", "2")
    assert here.returncode == 0, here.stderr
    report, record = same_bytes(notebooks.report), notebooks.record()
    address = machines.scheduler()
    for name in ("one", "two"):
        machines.worker(name, address, **bucket)
    notebooks.environment |= bucket
    # the workers know nothing of this folder
    notebooks.reports = notebooks.base / "elsewhere"
    there = notebooks.run(*dask(address, "--storage", "s3://results/of/runs"))
    assert there.returncode == 0, there.stderr
    assert same_bytes(notebooks.report) == report
    assert lasting(notebooks.record()) == lasting(record)
    asked = re.findall(r"(PUT|GET|DELETE) (\S+\.tar)", machines.log("store"))
    for verb in ("PUT", "GET", "DELETE"):
        assert len({place for does, place in asked if does == verb}) == 2, asked
    listing = "import s3fs; print(s3fs.S3FileSystem().find('results'))"
    left = subprocess.run([sys.executable, "-c", listing], env=os.environ | bucket, capture_output=True, text=True)
    assert left.stdout.strip() == "[]"
    assert not list((machines.folder / "one").rglob("out")), "nothing is left at the worker"

    # a bucket that is not there is not made
    wrong = notebooks.run("--again", *dask(address, "--storage", "s3://no-such-bucket/x"))
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (1, 1), wrong.stderr
    assert "s3://no-such-bucket/x" in wrong.stderr
    assert same_bytes(notebooks.report) == report


# ------------------------------------------------------------------------------------------------------- what differs


@pytest.mark.slow
def test_a_worker_that_differs_is_given_nothing(notebooks, machines, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for name in ("ninhthuan", "packages"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", other)
    (other / "data").symlink_to(ROOT / "data")
    with open(other / "packages/figure_cards/style.py", "a", encoding="utf-8") as handle:
        handle.write("# khác\n")
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    with open(data / "indicators" / "pci.csv", "a", encoding="utf-8") as handle:
        handle.write("\n")
    address = machines.scheduler()
    machines.worker("code", address, PYTHONPATH=f"{other}:{other / 'packages'}")
    machines.worker("data", address, NINHTHUAN_DATA=str(data))
    machines.wait_for("code", "data")
    notebooks.add("alpha", deliver("alpha")).add("beta", deliver("beta"))
    run = notebooks.run("--languages", "en", *dask(address))
    assert run.returncode == 1
    first, second, last = sorted(run.stderr.splitlines(), key=lambda line: (line.startswith("No worker"), line))
    assert "code packages/figure_cards/style.py" in first + second and "data indicators/pci.csv" in first + second
    assert last.startswith("No worker has the code, data and packages")
    assert not (notebooks.reports / REPORT.replace("vi", "en")).exists()

    machines.worker("same", address)
    machines.wait_for("same")
    run = notebooks.run("--languages", "en", *dask(address))
    assert run.returncode == 0, run.stderr
    assert len(run.stderr.splitlines()) == 2


@pytest.mark.slow
def test_a_worker_that_comes_to_differ_or_comes_late_is_given_nothing(notebooks, machines, tmp_path):
    """The check is made with every order, not only at the beginning."""
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    address = machines.scheduler()
    machines.worker("one", address, NINHTHUAN_DATA=str(data))
    slow(notebooks, "alpha", "beta")
    for name in ("gamma", "zeta"):
        notebooks.add(name, deliver(name))
    run = notebooks.start("--languages", "en", *dask(address))
    wait_until(lambda: begun(notebooks) == 1)
    with open(data / "indicators" / "pci.csv", "a", encoding="utf-8") as handle:
        handle.write("\n")
    machines.worker("same", address)
    wait_until(lambda: begun(notebooks) == 2)
    (notebooks.base / "go").touch()
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 0, errors
    assert errors.count("differs from here: data indicators/pci.csv") == 1, errors


# ----------------------------------------------------------------------------------------------------- asked wrongly


@pytest.mark.slow
@pytest.mark.parametrize("listening", [False, True])
def test_a_scheduler_that_does_not_answer_is_told_once(notebooks, listening):
    notebooks.add("alpha", deliver("alpha"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if listening:  # something that is no scheduler
            other.listen()
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        run = notebooks.run("--languages", "en", "--quiet", *dask(address))
    assert run.returncode == 1
    assert run.stderr.splitlines() == [line for line in run.stderr.splitlines() if address in line][:1]


@pytest.mark.parametrize(
    "scheduler", ["", "127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://:8786", "tcp://a", "tcp://a:b"]
)
def test_a_scheduler_that_is_no_address_is_refused(scheduler):
    with pytest.raises(cluster.ClusterFault) as caught:
        cluster.check_request(scheduler, "")
    assert (caught.value.code, caught.value.values) == (2, {"scheduler": scheduler})


@pytest.mark.parametrize("storage", ["results", "s3://", "s3:/results", "nosuch://results", "s4://a/b"])
def test_a_store_that_is_no_address_is_refused(storage):
    with pytest.raises(cluster.ClusterFault) as caught:
        cluster.check_request("tcp://127.0.0.1:8786", storage)
    assert (caught.value.code, caught.value.values) == (2, {"storage": storage})


@pytest.mark.slow
def test_requests_that_cannot_work_end_with_code_2(notebooks, tmp_path):
    notebooks.add("alpha", deliver("alpha"))
    run = notebooks.run(*dask("here"))
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1), run.stderr
    run = notebooks.run("--storage", "s3://a/b")
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1), run.stderr
    # without the extra: every installed package but one
    installed = tmp_path / "installed"
    installed.mkdir()
    site = Path(nbformat.__file__).parents[1]
    for path in site.iterdir():
        if not path.name.startswith("distributed"):
            (installed / path.name).symlink_to(path)
    command = notebooks.command("run", *dask("tcp://127.0.0.1:8786"))
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'packages'}:{installed}"}
    run = subprocess.run([command[0], "-S", *command[1:]], env=environment, capture_output=True, text=True)
    assert (run.returncode, len(run.stderr.splitlines())) == (2, 1), run.stderr
    assert "pip install 'ninhthuan[dask]'" in run.stderr


class Landed:
    """A finished order, with what a worker answered."""

    status = "finished"

    def __init__(self, answer):
        self.answer = answer

    def result(self, timeout):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def landed(tmp_path):
    """How an order ends by the answer of a worker, which left `a.csv`; changed: that answer, or what came instead."""
    for place in ("out", "try/out"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "try/out/a.csv").write_text("a")
    sound = {"failure": None, "seconds": 1.0, "cpu": 1.0, "peak_mb": 1, "place": "try"}
    sound["files"] = record.files_of(tmp_path / "try/out")
    runner = object.__new__(cluster.Cluster)
    runner._request = {"storage": ""}

    def land(changed):
        answer = sound | changed if isinstance(changed, dict) else changed
        return runner._land({"folder": str(tmp_path), "identity": "a"}, Landed(answer))

    return land


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"files": {"a.csv": {"hash": "sha256:0"}}}, "a.csv did not arrive as it was sent"),
        ({"files": None}, "NoneType"),
        ({"place": "../../elsewhere"}, "is no folder of this order"),
        ({"place": 7}, "int"),
        ({"differs": 7}, "worker"),
        (EOFError("cut short"), "cut short"),
        ([], "list indices"),
    ],
)
def test_an_answer_that_is_damaged_fails_its_notebook_and_nothing_else(landed, changed, message):
    failure = landed(changed).failure
    assert failure["reason"] == "exception" and message in failure["message"]


def test_an_answer_that_is_sound_is_taken_in(landed, tmp_path):
    assert landed({}).failure is None and (tmp_path / "out/a.csv").read_text() == "a"
    with pytest.raises(TimeoutError):
        landed(TimeoutError())
