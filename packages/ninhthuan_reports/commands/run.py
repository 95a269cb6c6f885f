"""`ninhthuan run`: make the requested reports, and print the outcome of each."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ninhthuan.words import phrase, two_languages

from . import busy, complain, language_of, real, within
from .asking import add_request, refused, request
from .check import check
from .page import explorer
from .prune import list_reports

if TYPE_CHECKING:
    from ..runs.notify import Summary


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("run", help=two_languages("cli.make_reports"))
    add_request(verb)
    verb.add_argument("--quiet", action="store_true", help=two_languages("cli.tell_failures_only"))
    verb.add_argument("--workers", default=min(4, os.cpu_count() or 1), type=within(int, 1, 1000))
    memory = {"type": within(int, 256, 1 << 20), "metavar": "MB", "help": two_languages("cli.ceiling_per_notebook")}
    verb.add_argument("--memory", default=2048, **memory)
    seconds = {"type": within(float, 1, 604_800), "help": two_languages("cli.limit_per_cell")}
    verb.add_argument("--cell-seconds", default=600, **seconds)
    verb.add_argument("--summary", type=Path, metavar="FILE", help=two_languages("cli.write_page_what_new"))
    verb.add_argument("--kernel", action="store_true", help=two_languages("cli.use_normal_jupyter_kernels"))
    executors = {"choices": ("processes", "dask"), "default": "processes"}
    verb.add_argument("--executor", **executors, help=two_languages("cli.machine_workers_dask"))
    verb.add_argument("--scheduler", default="", metavar="URL", help="tcp://host:8786")
    verb.add_argument("--storage", default="", metavar="URL", help=two_languages("cli.results_come_back_through_store"))
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Make the reports, and write or send the page about the run; returns the exit code."""
    from ..runs import notify

    summary = notify.Summary(real(options.reports), language_of(options))
    code = _make(options, summary)
    # who stops a run by hand knows of it
    return code if code == 128 + signal.SIGINT else notify.finish(summary, options.summary, code)


def _make(options: argparse.Namespace, summary: Summary) -> int:
    """Make the requested reports; their outcomes go to the summary."""
    wanted, documents = request(options, summary.say)
    if documents is None:
        return 2
    from notebook_batch import batch, cluster, guards, processes

    language = summary.language
    try:
        if options.executor == "dask":
            cluster.check_request(options.scheduler, options.storage)
        elif options.scheduler or options.storage:
            summary.say(phrase("cli.scheduler_storage_go_executor_dask", language))
            return 2
        with batch.locked(summary.reports):
            return _run(options, wanted, documents, summary)
    except guards.Busy as holder:
        summary.say(busy(holder, options.reports, language))
        return 1
    except cluster.ClusterFault as fault:
        summary.say(phrase(f"cluster.{fault.why}", language, **fault.values))
        return fault.code
    except guards.Interrupted as stopped:
        summary.say(phrase("cli.stopped_old_reports_untouched_finished", language, stopped=stopped))
        return 128 + stopped.number
    except processes.CannotStart as error:
        summary.say(phrase("cli.process_runs_notebooks_cannot_started", language, error=error))
        return 1
    except BrokenPipeError:
        raise  # nobody reads what is said any more
    except OSError as error:
        summary.say(phrase("cli.report_cannot_written_old_reports", language, error=error))
        return 1


def _run(options: argparse.Namespace, wanted, documents, summary: Summary) -> int:
    """Plan the reports, run what has to run, and list all reports; the folder is locked."""
    from notebook_batch import places

    from ..runs import plan
    from ..runs.batches import batch_of
    from ..runs.inputs import Inputs
    from ..runs.progress import progress

    reports, language, inputs = summary.reports, summary.language, Inputs()
    planned = plan.plan(wanted, reports, inputs, only=options.only, again=options.again, documents=documents)
    if code := refused(options, planned, reports, summary.say):
        return code
    summary.look(planned)
    n_jobs = sum(decision.action == "run" for report in planned for decision in report.decisions)
    style = "json" if options.json else "quiet" if options.quiet else "live" if sys.stderr.isatty() else "plain"
    executor, publisher = _executors(options, planned, inputs, summary)
    shown = progress(style, language, n_jobs)
    try:
        if n_jobs:
            executor.prepare()
            if code := check(language, quiet=style in ("json", "quiet")):
                summary.messages.append(phrase("cli.faults_data_ninhthuan_check", language))
                return code
        outcomes = summary.outcomes = batch_of(reports, inputs).run(planned, executor, shown, publisher)
    finally:
        shown.close()
        executor.stop()
        if publisher:
            publisher.stop()
        with contextlib.suppress(OSError):
            places.tidy(reports)
    page = plan.declared().explorer and options.formats != "none"
    if page and any(outcome.status in ("made", "unchanged") for outcome in outcomes):
        explorer(reports, language)
    if any(outcome.status in ("made", "failed") for outcome in outcomes) or not (reports / "index.html").is_file():
        list_reports(reports, language, inputs)
    for outcome in outcomes:
        _print_failures(outcome, language)
    for outcome in outcomes:
        _print_outcome(outcome, style, language)
    return 0 if all(outcome.status in ("made", "unchanged") for outcome in outcomes) else 1


def _executors(options: argparse.Namespace, planned, inputs, summary: Summary):
    """The executor of notebooks, and that of documents where it is another one."""
    from notebook_batch.cluster import Cluster
    from notebook_batch.processes import Processes

    from ..runs.warming import PASSED, WARM, knowledge_of

    settings = {
        "memory_mb": options.memory,
        "cell_seconds": options.cell_seconds,
        "fork": False if options.kernel else None,
        "warm": WARM,
        "passed": PASSED,
        "given": knowledge_of(each.request for each in planned if each.stale),
        "workdir": summary.reports / ".work" / ".warm",
    }
    here = Processes(options.workers, **settings)
    if options.executor != "dask":
        return here, None

    def tell(why: str, values: dict) -> None:
        complain(phrase(f"cluster.{why}", summary.language, **values))

    return Cluster(options.scheduler, inputs, storage=options.storage, tell=tell, **settings), here


def _print_failures(outcome, language: str) -> None:
    """Print the failures in full."""
    for job in outcome.failed if outcome.status == "failed" else ():
        error = job["error"]
        where = f", {phrase('cli.cell', language)} {error['cell']}" if error["cell"] else ""
        complain(f"\n{job['identity']}{where}: {error['name']}: {error['message']}")
        for line in error["source"].splitlines()[:12]:
            complain(f"    {line}")


def _print_outcome(outcome, style: str, language: str) -> None:
    """Print the state of a report and its place."""
    there = outcome.status in ("made", "unchanged")
    words = {
        "made": "cli.report",
        "unchanged": "cli.unchanged",
        "failed": "cli.failed_old_report_untouched_see",
        "waiting": "cli.not_all_notebooks_there_report",
    }[outcome.status]
    line = f"{phrase(words, language)}: {outcome.folder / 'index.html' if there else outcome.folder}"
    if outcome.status == "made" and (absent := outcome.planned.documents.absent(outcome.folder)):
        complain(phrase("cli.no_libreoffice_not_installed_machine", language, absent=", ".join(absent)))
    for name in outcome.others:
        complain(phrase("cli.kept_no_run_made", language, name=name, folder=outcome.folder))
    if not there:
        complain(line)
    elif style in ("live", "plain"):
        print(line, flush=True)
