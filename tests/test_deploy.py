"""The ready units of deploy/: each is read, and where it can be had run, by the real program it is made for."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from small_notebooks import DRIVER, Notebooks, deliver

from ninhthuan_reports import cli
from ninhthuan_reports.runs.schedule import due

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
HOME = "/opt/ninhthuan"
LAST = str(due(date.today()))


def lacking(message):
    """A test that lacks its program is skipped, or fails where NINHTHUAN_NO_SKIP is set, as in CI."""
    pytest.fail(message) if os.environ.get("NINHTHUAN_NO_SKIP") else pytest.skip(message)


def program(name, package):
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    return path or lacking(f"{name} is not installed ({package}): make system-packages")


@pytest.fixture
def installed(tmp_path, recent_data):
    """A place where the project is installed: the real command line, over a notebook of a few lines."""
    notebooks = Notebooks(tmp_path).add("tiny", deliver())
    (tmp_path / "driver.py").write_text(DRIVER, encoding="utf-8")
    command = tmp_path / ".venv" / "bin" / "ninhthuan"
    command.parent.mkdir(parents=True)
    words = [sys.executable, str(tmp_path / "driver.py"), str(notebooks.folder)]
    command.write_text(
        f"#!/bin/sh\nexport PYTHONPATH={shlex.quote(str(ROOT))} NINHTHUAN_DATA={shlex.quote(str(recent_data.path))}\n"
        f'exec {shlex.join(words)} "$@"\n'
    )
    command.chmod(0o755)
    notebooks.reports.mkdir()
    return notebooks


def cron_line():
    return next(line for line in (DEPLOY / "cron").read_text("utf-8").splitlines() if line and line[0].isdigit())


def workflow(name="quarterly"):
    # YAML 1.1 reads the key `on` as true
    content = yaml.safe_load((DEPLOY / "github" / f"{name}.yml").read_text("utf-8"))
    return content | {"on": content.pop(True)}


# -------------------------------------------------------------------------------------------------------- when and what


def test_all_units_ask_for_the_same():
    texts = [path.read_text("utf-8") for path in DEPLOY.rglob("*") if path.name in UNITS]
    commands = [re.findall(r"\.venv/bin/ninhthuan (run .*?--languages \S+?)[\"\s]", text) for text in texts]
    assert commands == [["run --quarter last --provinces 56 --languages vi,en"]] * len(UNITS)


UNITS = ("cron", "ninhthuan.service", "quarterly.yml", "ninhthuan_dag.py")


def test_they_fire_when_a_quarter_has_closed_and_once_more():
    fields = "10 6 2,9 2,5,8,11 *"
    assert cron_line().startswith(f"{fields} ")
    assert f'schedule="{fields}"' in (DEPLOY / "airflow" / "ninhthuan_dag.py").read_text("utf-8")
    assert "OnCalendar=*-02,05,08,11-02,09 06:10" in (DEPLOY / "systemd" / "ninhthuan.timer").read_text("utf-8")
    (entry,) = workflow()["on"]["schedule"]
    assert entry["cron"] == "10 6 2,9 * *"
    for month, quarter in ((2, "2026Q4"), (5, "2027Q1"), (8, "2027Q2"), (11, "2027Q3")):
        # wherever on earth the machine is, and not a day earlier
        assert str(due(date(2027, month, 2) - timedelta(days=1))) == quarter
        assert str(due(date(2027, month, 1) - timedelta(days=1))) != quarter


# -------------------------------------------------------------------------------------------------------------- systemd


def test_systemd_takes_the_units(tmp_path):
    analyze = program("systemd-analyze", "systemd")
    here = tmp_path / "ninhthuan"
    (here / ".venv/bin").mkdir(parents=True)
    (here / ".venv/bin/ninhthuan").symlink_to("/bin/true")
    units = []
    for path in sorted((DEPLOY / "systemd").iterdir()):
        units.append(tmp_path / path.name)
        units[-1].write_text(path.read_text("utf-8").replace(HOME, str(here)), encoding="utf-8")
    # --man=no: the documentation is no manual page
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    units[0].write_text(units[0].read_text("utf-8").replace("Type=oneshot", "Type=once"), encoding="utf-8")
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True)
    assert "once" in done.stderr, "it does read them"


def test_the_service_is_kept_away_from_the_rest_of_the_machine():
    analyze = program("systemd-analyze", "systemd")
    unit = DEPLOY / "systemd" / "ninhthuan.service"
    # a number from 0 (nothing exposed) to 10; an unhardened service has 9.x
    done = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=25", unit], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-600:]


# ----------------------------------------------------------------------------------------------------------------- cron


@pytest.mark.slow
def test_cron_fires_the_line(installed):
    cron, crontab = program("cron", "cron"), program("crontab", "cron")
    before = subprocess.run([crontab, "-l"], capture_output=True, text=True)
    if before.stdout.strip() and not os.environ.get("CI"):
        pytest.skip("you have a crontab of your own, and this test would have to change it")
    text = (DEPLOY / "cron").read_text("utf-8").replace(HOME, str(installed.base))
    text = text.replace("10 6 2,9 2,5,8,11 *", "* * * * *")
    made = [installed.reports / LAST / "56" / language / "index.html" for language in ("vi", "en")]
    daemon = None
    try:
        subprocess.run([crontab, "-"], input=text, text=True, check=True)
        daemon = subprocess.Popen([cron, "-f"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        time.sleep(1)
        if daemon.poll() is not None and "lock" not in (said := daemon.stdout.read()):
            # it would have been the lock of another cron that runs already and will see to our line
            lacking(f"cron cannot run here: {said}")
        end = time.monotonic() + 70
        while time.monotonic() < end and not (installed.reports / "schedule.log").exists():
            time.sleep(0.2)
        # fired: not again at the next minute
        subprocess.run([crontab, "-r"], check=True)
        assert (installed.reports / "schedule.log").exists(), "cron did not fire within 70 s"
        end = time.monotonic() + 60
        while time.monotonic() < end and not all(path.exists() for path in made):
            time.sleep(0.2)
        assert all(path.exists() for path in made), (installed.reports / "schedule.log").read_text("utf-8")
    finally:
        if before.returncode == 0:
            subprocess.run([crontab, "-"], input=before.stdout, text=True, check=True)
        else:
            subprocess.run([crontab, "-r"], capture_output=True)
        if daemon is not None:
            daemon.kill()
            daemon.wait()


# ------------------------------------------------------------------------------------------------------ GitHub Actions


def test_the_workflow_has_what_it_needs_and_no_more():
    content = workflow()
    (job,) = content["jobs"].values()
    assert content["permissions"] == {} and job["permissions"] == {"contents": "write", "actions": "write"}
    assert content["concurrency"]["cancel-in-progress"] is False and job["timeout-minutes"] <= 360
    for step in job["steps"]:
        assert ("uses" in step) != ("run" in step)
        # values come by the environment: put into the text of a command they could be commands themselves
        assert "${{" not in step.get("run", "")
        holding = [name for name, value in step.get("env", {}).items() if "secrets." in value]
        assert not holding or step["name"] == "Reports", "only the step that writes to people knows how"
    assert "gh workflow enable quarterly.yml" in job["steps"][-1]["run"]
    # a schedule that fires at least every 60 days keeps itself alive
    assert content["on"]["schedule"][0]["cron"].split()[3] == "*"


def test_the_audit_reads_every_lock_and_holds_nothing_that_it_could_give_away():
    text = (DEPLOY.parent / ".github/workflows/audit.yml").read_text("utf-8")
    content = yaml.safe_load(text)
    (job,) = content["jobs"].values()
    (checkout, *steps) = job["steps"]
    assert content["permissions"] == {} and job["permissions"] == {"contents": "read"} and "secrets." not in text
    assert checkout["with"] == {"persist-credentials": False}
    assert f"uses: {checkout['uses']}" in (DEPLOY / "github/quarterly.yml").read_text("utf-8"), "the same there"
    read = re.findall(r"--requirement (\S+)", " ".join(step["run"] for step in steps))
    assert read == ["requirements.lock", "deploy/airflow/requirements.txt"]
    assert all((DEPLOY.parent / file).is_file() for file in read)


def test_workflows_name_each_action_by_its_hash_and_the_same_everywhere():
    """A tag can be moved to other code; a hash cannot."""
    hashes = {}
    for path in [*DEPLOY.glob("github/*.yml"), DEPLOY.parent / ".github/workflows/audit.yml"]:
        for line in re.findall(r"uses: (.*)", path.read_text("utf-8")):
            action, commit, _ = re.fullmatch(r"([\w/-]+)@([0-9a-f]{40})( # v[\d.]+)?", line).groups()
            hashes.setdefault(action, set()).add(commit)
    assert {len(found) for found in hashes.values()} == {1} and len(hashes) == 5


@pytest.mark.slow
def test_reports_of_the_workflow_are_kept_on_a_branch_and_found_again(installed, tmp_path):
    """Its own commands, in order, over a repository of ours: twice, as in two months."""
    steps = {step.get("name"): step for step in workflow()["jobs"]["reports"]["steps"]}
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.vn"]
    origin, seed = tmp_path / "origin.git", tmp_path / "seed"
    for command in (
        [*git, "init", "--quiet", "--bare", origin],
        [*git, "init", "--quiet", seed],
        [*git, "-C", seed, "commit", "--quiet", "--allow-empty", "-m", "code"],
        [*git, "-C", seed, "push", "--quiet", origin, "HEAD:main"],
    ):
        subprocess.run(command, check=True, capture_output=True)

    def month(name):
        place, page = tmp_path / name, tmp_path / f"{name}.md"
        subprocess.run([*git, "clone", "--quiet", "--branch", "main", origin, place], check=True)
        shutil.copytree(installed.base / ".venv", place / ".venv")
        for step in ("Earlier reports", "Reports", "Keep the reports"):
            subprocess.run(
                ["bash", "-e", "-c", steps[step]["run"]],
                cwd=place,
                env=os.environ | {"GITHUB_STEP_SUMMARY": str(page)},
                check=True,
                capture_output=True,
            )
        count = [*git, "-C", origin, "rev-list", "--count", "reports"]
        return page.read_text("utf-8"), int(subprocess.run(count, capture_output=True, text=True, check=True).stdout)

    page, commits = month("first")
    assert "2 mới" in page and commits == 1
    page, commits = month("second")
    assert "2 không đổi" in page and commits == 1
    names = subprocess.run(
        [*git, "-C", origin, "ls-tree", "-r", "--name-only", "reports"], capture_output=True, text=True
    )
    assert {name.split("/")[0] for name in names.stdout.split()} == {LAST, "index.html"}


# -------------------------------------------------------------------------------------------------------------- Airflow


@pytest.mark.slow
def test_airflow_runs_the_dag(installed):
    airflow = ROOT / ".venv-airflow" / "bin" / "airflow"
    if not airflow.exists():
        lacking("Airflow is not installed: make airflow-env")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "PYTHON"))}
    environment |= {
        "AIRFLOW_HOME": str(installed.base / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DEPLOY / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "NINHTHUAN_HOME": str(installed.base),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for words in (["db", "migrate"], ["dags", "test", "ninhthuan"]):
        done = subprocess.run([airflow, *words], env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "state=success" in done.stdout + done.stderr
    for language in ("vi", "en"):
        assert (installed.reports / LAST / "56" / language / "index.html").exists()


# ------------------------------------------------------------------------------------------------- the site, the data


def test_workflows_name_no_value_in_a_command_and_ask_for_little():
    for path in (DEPLOY / "github").glob("*.yml"):
        content = workflow(path.stem)
        assert content["permissions"] == {}
        for job in content["jobs"].values():
            assert job["timeout-minutes"] <= 360
            for step in job["steps"]:
                assert ("uses" in step) != ("run" in step) and "${{" not in step.get("run", "")
                assert re.fullmatch(r"actions/[\w-]+@(v\d+|[0-9a-f]{40})", step.get("uses", "actions/x@v1"))


def test_the_site_has_the_whole_history_for_its_feeds():
    site, release = (workflow("site")["jobs"][name] for name in ("site", "release"))
    assert site["steps"][0]["with"]["fetch-depth"] == 0
    assert site["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert release["permissions"] == {"contents": "write"}


def step_of(name, job, title):
    return next(step["run"] for step in workflow(name)["jobs"][job]["steps"] if step.get("name") == title)


def test_what_the_matrix_tries_is_what_works(tmp_path, monkeypatch):
    job = workflow("tests")["jobs"]["package"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13", "3.14"]
    monkeypatch.chdir(tmp_path)
    for line in step_of("tests", "package", "What it brings").splitlines():
        program_name, *words = line.split()
        assert program_name == "ninhthuan" and cli.main(words) == 0, line
    assert {"panel.dta", "api", "explore.html"} <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.slow
def test_a_release_has_the_panel_in_every_format_and_its_tag_is_the_version(tmp_path, recent_data):
    """The commands of the workflow as they stand, over a small copy of the data."""
    shutil.copytree(recent_data.path, tmp_path / "data")
    command = tmp_path / ".venv/bin/ninhthuan"
    command.parent.mkdir(parents=True)
    paths = f"PYTHONPATH={shlex.quote(os.pathsep.join([str(ROOT), str(ROOT / 'packages')]))} NINHTHUAN_DATA=data"
    command.write_text(f'#!/bin/sh\n{paths} exec {shlex.quote(sys.executable)} -m ninhthuan_reports.cli "$@"\n')
    command.chmod(0o755)
    script = ["bash", "-e", "-c", step_of("site", "release", "Files")]
    done = [
        subprocess.run(script, cwd=tmp_path, env={**os.environ, "TAG": tag}, capture_output=True, text=True)
        for tag in ("data-9.9.9", "data-1.0.0")
    ]
    assert [one.returncode for one in done] == [1, 0], done[1].stderr
    made = {path.name for path in (tmp_path / "build/release").iterdir()}
    assert {f"panel.{ending}" for ending in ("csv", "dta", "parquet", "sqlite", "xlsx")} | {"data.tar.gz"} <= made
