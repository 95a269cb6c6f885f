"""The verbs: `ninhthuan check`, `import`, `template`, `plan`, `run`, `diff`, `verify` and `prune`.

Exit codes: 0 all is well and verified; 1 something failed; 2 the request was wrong. Whatever is heavy is
imported where it is needed: a wrong request is refused before any of it.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import os
import signal
import sys
from datetime import date, datetime
from pathlib import Path

from ninhthuan.catalogue import PACKAGED, data_dir
from ninhthuan.language import LANGUAGES, ParameterFaults, pick
from ninhthuan.periods import Quarter
from ninhthuan.words import NoTable, bilingual, phrase, two_languages

MOST = 60  # faults of a file that are told one by one
LONGEST = 1200  # characters of a line that quotes a file


class _Parser(argparse.ArgumentParser):
    """Takes no option for another that begins alike, as `--language` for `--languages`; nor do its verbs."""

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, **options)


def main(arguments: list[str] | None = None) -> int:
    """Run a verb and return its exit code."""
    try:
        return _main(arguments)
    except NoTable as error:
        # the words themselves cannot be read: said in both languages, since the choice of one is not read either
        print(*error.args, sep="\n", file=sys.stderr)
        return 1


def _main(arguments: list[str] | None) -> int:
    parser = _Parser(prog="ninhthuan", description=two_languages("cli.governance_indices_workload"))
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help=two_languages("cli.check_all_data"))
    check.add_argument("--seal", action="store_true", help=two_languages("cli.write_sizes_hashes_anew"))
    check.add_argument("--language", choices=LANGUAGES, default="vi")
    _add_import(verbs)
    _add_template(verbs)
    for name, words in (
        ("plan", two_languages("cli.what_would_run_why")),
        ("run", two_languages("cli.make_reports")),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument(
            "--quarter",
            default="",
            help=phrase("cli.quarter", "vi"),
        )
        verb.add_argument("--provinces", default="", help="58 | 58,24 | all")
        verb.add_argument("--languages", default="", help="vi | en | vi,en")
        verb.add_argument("--as-of", default="", help=two_languages("cli.empty_closing_day"))
        verb.add_argument("--only", default="", metavar="PATTERN", help="2024Q1/58/vi/20_*")
        verb.add_argument(
            "--formats",
            default="",
            help=two_languages("cli.empty_runs_toml_says"),
        )
        verb.add_argument(
            "--template", type=Path, metavar="FILE.docx", help=two_languages("cli.office_s_own_word_template")
        )
        verb.add_argument("--again", action="store_true", help=two_languages("cli.run_unchanged_ones_too"))
        verb.add_argument("--reports", default="reports", type=Path, help=two_languages("cli.folder_reports"))
        verb.add_argument("--json", action="store_true", help=two_languages("cli.machines"))
    run = verbs.choices["run"]
    run.add_argument("--quiet", action="store_true", help=two_languages("cli.tell_failures_only"))
    run.add_argument("--workers", default=min(4, os.cpu_count() or 1), type=int)
    run.add_argument("--memory", default=2048, type=int, metavar="MB", help=two_languages("cli.ceiling_per_notebook"))
    run.add_argument("--cell-seconds", default=600, type=float, help=two_languages("cli.limit_per_cell"))
    run.add_argument("--summary", type=Path, metavar="FILE", help=two_languages("cli.write_page_what_new"))
    run.add_argument("--kernel", action="store_true", help=two_languages("cli.use_normal_jupyter_kernels"))
    run.add_argument(
        "--executor",
        choices=("processes", "dask"),
        default="processes",
        help=two_languages("cli.machine_workers_dask"),
    )
    run.add_argument("--scheduler", default="", metavar="URL", help="tcp://host:8786")
    run.add_argument(
        "--storage",
        default="",
        metavar="URL",
        help=two_languages("cli.results_come_back_through_store"),
    )
    diff = verbs.add_parser("diff", help=two_languages("cli.what_changed_between_two_quarters"))
    diff.add_argument("earlier", metavar="2023Q4", help=two_languages("cli.earlier_quarter"))
    diff.add_argument("later", metavar="2024Q1", help=two_languages("cli.later_quarter"))
    diff.add_argument("--province", default="58", metavar="CODE", help=two_languages("cli.code_province"))
    diff.add_argument(
        "--before",
        type=Path,
        metavar="FOLDER",
        help=two_languages("cli.older_copy_data_see_revised"),
    )
    diff.add_argument("--language", choices=LANGUAGES, default="vi")
    diff.add_argument("--json", action="store_true", help=two_languages("cli.machines"))
    words = verbs.add_parser("words", help=two_languages("cli.words"))
    words.add_argument("text", help=two_languages("cli.words_text"))
    words.add_argument("--reports", default="reports", type=Path, help=two_languages("cli.folder_reports"))
    words.add_argument("--language", choices=LANGUAGES, default="vi")
    verify = verbs.add_parser("verify", help=two_languages("cli.read_every_byte_reports_again"))
    verify.add_argument("folders", nargs="+", type=Path, metavar="reports/2024Q1/58/vi")
    verify.add_argument("--reproduce", action="store_true", help=two_languages("cli.run_again_compare_bytes"))
    verify.add_argument("--template", type=Path, metavar="FILE.docx", help=two_languages("cli.template_used_then"))
    verify.add_argument("--language", choices=LANGUAGES, default="vi")
    prune = verbs.add_parser("prune", help=two_languages("cli.remove_old_reports_yes"))
    prune.add_argument("--keep", required=True, type=int, metavar="N", help=two_languages("cli.quarters_kept"))
    prune.add_argument("--yes", action="store_true", help=two_languages("cli.do_remove"))
    prune.add_argument("--reports", default="reports", type=Path, help=two_languages("cli.folder_reports"))
    prune.add_argument("--language", choices=LANGUAGES, default="vi")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no Vietnamese letters, odd file names
    try:
        known = {
            "check": _check,
            "import": _import,
            "template": _template,
            "plan": _plan,
            "run": _run,
            "diff": _diff,
            "words": _words,
            "verify": _verify,
            "prune": _prune,
        }
        return known[options.verb](options)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] == __package__:
            raise
        extra = "intake" if options.verb in ("import", "template") else "reports"
        print(
            phrase(
                "cli.not_installed_pip_install_ninhthuan",
                _language_of(options) if hasattr(options, "languages") else options.language,
                name=error.name,
                extra=extra,
            ),
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        return 130  # before anything was begun: a run that has begun answers for itself


def _check(options: argparse.Namespace) -> int:
    from ninhthuan.numbers import number
    from ninhthuan_intake.checks import DataFaults, check_data, seal

    from .editing import faults

    folder, language = data_dir(), options.language
    if options.seal:
        changed = seal(folder)
        print(phrase("cli.sealed_changed_files", language, n_changed=len(changed)))
    if badly_said := faults():
        print(*(fault[LANGUAGES.index(language)] for fault in badly_said), sep="\n", file=sys.stderr)
        return 1
    try:
        rows = check_data(folder)
    except DataFaults as found:
        for fault in found.faults:
            print(fault.text(language), file=sys.stderr)
        count = len(found.faults)
        print(phrase("cli.faults_data", language, count=count), file=sys.stderr)
        return 1
    if not getattr(options, "quiet", False):
        total = number(sum(rows.values()), 0, language)
        print(phrase("cli.data_valid_tables_rows", language, n_rows=len(rows), total=total))
    return 0


# ------------------------------------------------------------------------------------------------------------ import


def _add_import(verbs) -> None:
    words = two_languages("cli.bring_new_figures_into_data")
    kinds = verbs.add_parser("import", help=words).add_subparsers(dest="kind", required=True)
    for kind, words in (
        ("papi", two_languages("cli.workbook_papi_org_vn")),
        ("pci", two_languages("cli.workbook_vcci")),
    ):
        verb = kinds.add_parser(kind, help=words)
        verb.add_argument("file", type=Path, metavar="FILE.xlsx")
        verb.add_argument("--year", type=int, help=two_languages("cli.empty_file_name_says"))
        verb.add_argument("--sheet", default="", metavar="NAME", help=two_languages("cli.empty_found_itself"))
        verb.add_argument("--published-on", default="", metavar="2026-04-15", help=two_languages("cli.day_publication"))
        verb.add_argument("--source", default="", metavar="ID", help=two_languages("cli.id_source"))
        verb.add_argument(
            "--force",
            action="store_true",
            help=two_languages("cli.take_though_over_5_differ"),
        )
        _add_source(verb)
    workload = kinds.add_parser("workload", help=two_languages("cli.filled_template_province"))
    workload.add_argument("file", type=Path, metavar="FILE.xlsx|csv")
    dossiers = kinds.add_parser("dossiers", help=two_languages("cli.export_one_stop_system"))
    dossiers.add_argument("file", type=Path, metavar="FILE.csv|parquet|xlsx")
    dossiers.add_argument(
        "--quarter",
        required=True,
        metavar="2024Q1,2024Q2",
        help=two_languages("cli.quarters_count_reporting_windows"),
    )
    dossiers.add_argument("--calendar", action="store_true", help=two_languages("cli.quarters_calendar_each_itself"))
    dossiers.add_argument("--province", default="58", metavar="NAME", help=two_languages("cli.name_code_province"))
    dossiers.add_argument("--mapping", type=Path, metavar="FILE.toml", help=two_languages("cli.names_columns_values"))
    dossiers.add_argument("--by-agency", action="store_true", help=two_languages("cli.figures_each_agency_too"))
    _add_source(dossiers)
    for verb in kinds.choices.values():
        verb.add_argument("--dry-run", action="store_true", help=two_languages("cli.only_show_what_would_change"))
        verb.add_argument("--yes", action="store_true", help=two_languages("cli.write_without_asking"))
        verb.add_argument("--language", choices=LANGUAGES, default="vi")


def _add_source(verb) -> None:
    verb.add_argument("--title", default="", help=two_languages("cli.title_source"))
    verb.add_argument("--url", default="", help=two_languages("cli.address_source"))


def _proposal(options: argparse.Namespace):
    """What a file brings; raises Refused with every fault."""
    if options.kind == "workload":
        from ninhthuan_intake.workload import read_workload

        return read_workload(options.file, data_dir())
    if options.kind == "dossiers":
        from ninhthuan_intake import dossiers

        province, windows = dossiers.asked(options.province, _quarters(options.quarter), options.calendar)
        named = {"mapping": options.mapping, "by_agency": options.by_agency}
        source = {"title": options.title, "url": options.url}
        with _counting(options.language) as tell:
            return dossiers.read_dossiers(
                options.file, windows, province, data_dir(), source=source, tell=tell, **named
            )
    from ninhthuan_intake.editions import Request
    from ninhthuan_intake.papi import read_papi
    from ninhthuan_intake.pci import read_pci

    read = {"papi": read_papi, "pci": read_pci}[options.kind]
    said = {name: getattr(options, name) for name in ("year", "sheet", "title", "url", "published_on")}
    return read(Request(options.file, source_id=options.source, **said))


def _import(options: argparse.Namespace) -> int:
    """Read a file, show what it would change, ask, and put it into data/: all of it or nothing."""
    from ninhthuan_intake import landing
    from ninhthuan_intake.sheets import Refused

    language, folder = options.language, data_dir()

    def sorry(vi: str, en: str) -> None:
        print(pick(vi, en, language), file=sys.stderr)

    # there is no stdin at all where it was closed
    if not (options.yes or options.dry_run or (sys.stdin and sys.stdin.isatty())):
        sorry(
            *bilingual("cli.there_nobody_ask_add_yes"),
        )
        return 2
    if folder == PACKAGED and not options.dry_run:
        sorry(
            *bilingual("cli.data_came_installed_package_go", folder=folder),
        )
        return 2
    try:
        proposal = _proposal(options)
        found = landing.differences(proposal, folder)
        for line in landing.told(proposal, found, language):
            print(_harmless(line))
        if not any(one.added or one.changed for one in found):
            print(phrase("cli.data_has_all_nothing_write", language))
            return 0
        _tell_cards([one.path for one in found if one.added or one.changed], language)
        if proposal.doubtful and not getattr(options, "force", False):
            differ, both = proposal.unlike
            sorry(
                *bilingual("cli.figures_data_has_differ_file", differ=differ, both=both),
            )
            return 2
        if options.dry_run:
            landing.land(proposal, folder, write=False)
            print(phrase("cli.looked_only_nothing_written", language))
            return 0
        if not options.yes and not _agreed(language):
            sorry(*bilingual("cli.nothing_written"))
            return 1
        landing.land(proposal, folder)
    except Refused as refused:
        lines, count = refused.lines(language), len(refused.faults)
        more = [phrase("cli.more", language, count=count - MOST)] if count > MOST else []
        print(*map(_harmless, lines[:MOST]), *more, sep="\n", file=sys.stderr)
        faults = "1 fault" if count == 1 else f"{count} faults"
        sorry(*bilingual("cli.nothing_written_data", count=count, faults=faults))
        return 1
    except OSError as error:
        sorry(*bilingual("cli.cannot_written_data", error=error))
        return 1
    print(phrase("cli.written_data_checked_valid", language))
    return 0


def _tell_cards(tables: list[str], language: str) -> None:
    """Which cards draw from what is new: those of the tables of figures, since everything reads the reference."""
    from .runs.inputs import cards_of

    cards = cards_of(table for table in tables if not table.startswith("reference/"))
    if cards:
        print(phrase("cli.cards_draw", language))
        for notebook, names in cards.items():
            print(f"  {notebook}: {', '.join(names)}")


def _harmless(line: str) -> str:
    """A line that quotes a file, so that nothing of it can steer a terminal or fill it.

    >>> _harmless("no province is called '\x1b[2J'")
    "no province is called '\\\\x1b[2J'"
    """
    short = line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in short)


@contextlib.contextmanager
def _counting(language: str):
    """Hears how much is done and shows it where somebody watches."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(share: float) -> None:
        words = phrase("cli.counting_dossiers", language)
        print(f"\r{words}: {100 * share:.0f}%", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _agreed(language: str) -> bool:
    try:
        answer = input(phrase("cli.write_data_y_n", language))
    except EOFError:
        return False
    return answer.strip().lower() in ("c", *bilingual("cli.co"), "y", "yes")


# ---------------------------------------------------------------------------------------------------------- template


def _add_template(verbs) -> None:
    words = two_languages("cli.excel_sheet_province_fill")
    kinds = verbs.add_parser("template", help=words).add_subparsers(dest="kind", required=True)
    verb = kinds.add_parser("workload", help=two_languages("cli.workload_administration"))
    verb.add_argument("file", type=Path, metavar="FILE.xlsx")
    verb.add_argument("--province", default="58", metavar="NAME", help=two_languages("cli.name_code_province"))
    verb.add_argument("--year", type=int, help=two_languages("cli.empty_newest_figures"))
    verb.add_argument("--language", choices=LANGUAGES, default="vi")


def _template(options: argparse.Namespace) -> int:
    from ninhthuan.datasets import newest_quarter
    from ninhthuan_intake import template
    from ninhthuan_intake.sheets import Refused

    language = options.language
    try:
        year = options.year or newest_quarter().year
        template.write_template(options.file, template.asked(options.province, year), year)
    except Refused as found:
        print(*found.lines(language), sep="\n", file=sys.stderr)
        return 2
    except OSError as error:
        print(phrase("cli.cannot_written", language, error=error), file=sys.stderr)
        return 1
    print(phrase("cli.sheet_fill", language, file=options.file))
    return 0


# ------------------------------------------------------------------------------------------------------ plan and run


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _quarters(text: str) -> list[str]:
    """`2024Q1`, several with commas, or a range with two dots; spellings are judged with everything else."""
    if not text:
        from ninhthuan.datasets import newest_quarter

        return [str(newest_quarter())]
    found = []
    for part in _listed(text):
        first, dots, last = part.partition("..")
        try:
            quarter, end = Quarter.parse(first), Quarter.parse(last)
        except ValueError:
            found.append(first if not dots else part)
            continue
        while quarter <= end:
            found.append(str(quarter))
            quarter = quarter.next
    return found or [text]


def _language_of(options: argparse.Namespace) -> str:
    """Messages are in the first language asked for."""
    first = (_listed(options.languages) or ["vi"])[0]
    return first if first in LANGUAGES else "vi"


def _requests(options: argparse.Namespace, said: list[str]):
    """The reports asked for, or None with every fault told. said: what was told, for the summary."""
    from .runs import plan, schedule

    language = _language_of(options)

    def say(line: str) -> None:
        said.append(line)
        print(line, file=sys.stderr)

    try:
        known = plan.declared()
        provinces = _listed(options.provinces) or list(known.provinces)
        languages = _listed(options.languages) or list(known.languages)
        if options.quarter == schedule.LAST:
            reports, today = options.reports.resolve(), date.today()
            wanted, notes = schedule.requests(provinces, languages, reports, today, options.as_of)
            for note in notes:
                said.append(pick(*note, language))
                if not getattr(options, "quiet", False):
                    print(pick(*note, language), file=sys.stderr)
            return wanted
        return plan.requests(_quarters(options.quarter), provinces, languages, options.as_of)
    except ParameterFaults as found:
        for line in found.lines(language):
            say(line)
        say(phrase("cli.nothing_run", language))
        return None


def _documents(options: argparse.Namespace, said: list[str]):
    """What reports are to be published as, or None with every fault told."""
    from .parameters import nearest
    from .publish.documents import FILES
    from .runs import plan

    known, faults = plan.declared().documents, []
    formats = _listed(options.formats)
    for word in formats if formats != ["none"] else []:
        if word not in FILES:
            vi, en = nearest(word, FILES)
            faults.append(bilingual("cli.formats_there_no", word=word, text=(vi, en)))
    template = options.template.resolve() if options.template else known.template
    if template:
        from .publish.briefing import open_template

        try:
            open_template(template)
        except ParameterFaults as found:
            faults += found.faults
    if faults:
        lines = ParameterFaults(faults).lines(_language_of(options))
        for line in [*lines, phrase("cli.nothing_run", _language_of(options))]:
            said.append(line)
            print(line, file=sys.stderr)
        return None
    wanted = () if formats == ["none"] else tuple(formats) or known.formats
    return dataclasses.replace(known, formats=wanted, template=template)


def _plan(options: argparse.Namespace) -> int:
    wanted = _requests(options, [])
    documents = _documents(options, []) if wanted is not None else None
    if documents is None:
        return 2
    import json

    from .runs import plan
    from .runs.batches import told
    from .runs.inputs import Inputs

    language, reports = _language_of(options), options.reports.resolve()
    planned = plan.plan(wanted, reports, Inputs(), only=options.only, again=options.again, documents=documents)
    decisions = [decision for one in planned for decision in one.decisions]
    words = {
        "run": bilingual("cli.run"),
        "keep": bilingual("cli.keep"),
        "resume": bilingual("cli.resume"),
        "wait": bilingual("cli.leave"),
    }
    for decision in decisions:
        identity, action = decision.job.identity, decision.action
        if options.json:
            print(
                json.dumps({"identity": identity, "action": action, "why": told(decision.why)[1]}, ensure_ascii=False)
            )
        else:
            print(f"{pick(*words[action], language):9} {identity}: {pick(*told(decision.why), language)}")
    if not options.json:
        count = sum(decision.action == "run" for decision in decisions)
        print(
            phrase(
                "cli.notebooks_would_run_reports",
                language,
                count=count,
                n_decisions=len(decisions),
                n_planned=len(planned),
            )
        )
    return 0


def _run(options: argparse.Namespace) -> int:
    from .runs import notify

    summary = notify.Summary(options.reports.resolve(), _language_of(options))
    code = _make(options, summary)
    # who stops a run by hand knows of it
    return code if code == 128 + signal.SIGINT else notify.finish(summary, options.summary, code)


def _make(options: argparse.Namespace, summary) -> int:
    """Make the reports asked for; the summary learns what became of them."""
    wanted = _requests(options, summary.said)
    documents = _documents(options, summary.said) if wanted is not None else None
    if documents is None:
        return 2
    from notebook_batch import batch, guards, processes

    language, reports = _language_of(options), options.reports.resolve()

    def sorry(vi: str, en: str) -> None:
        summary.said.append(pick(vi, en, language))
        print(pick(vi, en, language), file=sys.stderr)

    from notebook_batch import cluster

    try:
        if options.executor == "dask":
            cluster.check_request(options.scheduler, options.storage)
        elif options.scheduler or options.storage:
            sorry(
                *bilingual("cli.scheduler_storage_go_executor_dask"),
            )
            return 2
        with batch.locked(reports):
            return _bring_about(options, wanted, documents, summary)
    except guards.Busy as busy:
        sorry(*_busy(busy, options.reports))
        return 1
    except cluster.ClusterFault as found:
        sorry(*bilingual(f"cluster.{found.why}", **found.values))
        return found.code
    except guards.Interrupted as stopped:
        sorry(
            *bilingual("cli.stopped_old_reports_untouched_finished", stopped=stopped),
        )
        return 128 + stopped.number
    except processes.CannotStart as error:
        sorry(
            *bilingual("cli.process_runs_notebooks_cannot_started", error=error),
        )
        return 1
    except OSError as error:
        sorry(
            *bilingual("cli.report_cannot_written_old_reports", error=error),
        )
        return 1


def _busy(holder, reports: Path) -> tuple[str, str]:
    return bilingual("cli.process_making_reports_run_again", holder=holder, reports=reports)


def _bring_about(options, wanted, documents, summary) -> int:
    from notebook_batch import batch
    from notebook_batch.cluster import Cluster
    from notebook_batch.processes import Processes

    from .runs import plan
    from .runs.batches import batch_of
    from .runs.inputs import Inputs
    from .runs.progress import progress
    from .runs.warming import WARM

    reports, language, inputs = summary.reports, summary.language, Inputs()
    planned = plan.plan(wanted, reports, inputs, only=options.only, again=options.again, documents=documents)
    summary.look(planned)
    jobs = [decision.job for one in planned for decision in one.decisions if decision.action == "run"]
    style = "json" if options.json else "quiet" if options.quiet else "live" if sys.stderr.isatty() else "plain"
    settings = {
        "memory_mb": options.memory,
        "cell_seconds": options.cell_seconds,
        "fork": False if options.kernel else None,
        "warm": WARM,
        "given": sorted({(str(one.request.as_of), one.request.boundary) for one in planned if one.stale}),
        "workdir": reports / ".work" / ".warm",
    }
    publisher = None
    if options.executor == "dask":
        publisher = Processes(options.workers, **settings)
        executor = Cluster(
            options.scheduler,
            inputs,
            storage=options.storage,
            tell=lambda why, values: print(phrase(f"cluster.{why}", language, **values), file=sys.stderr),
            **settings,
        )
    else:
        executor = Processes(options.workers, **settings)
    shown = progress(style, language, len(jobs))
    try:
        if jobs:
            executor.prepare()
            code = _check(argparse.Namespace(language=language, seal=False, quiet=style in ("json", "quiet")))
            if code:
                summary.said.append(phrase("cli.faults_data_ninhthuan_check", language))
                return code
        outcomes = summary.outcomes = batch_of(reports, inputs).run(planned, executor, shown, publisher)
    finally:
        shown.close()
        executor.stop()
        if publisher:
            publisher.stop()
        with contextlib.suppress(OSError):
            batch.tidy(reports)
    if any(one.status in ("made", "failed") for one in outcomes) or not (reports / "index.html").is_file():
        _list_reports(reports, language, inputs)
    return _tell_outcomes(outcomes, style, language)


def _list_reports(reports: Path, language: str, inputs) -> None:
    """Write the page over all reports anew."""
    from .publish.gallery import VIETNAM, write_gallery
    from .runs import plan

    write_gallery(reports, language, plan.stale(reports, inputs), datetime.now(VIETNAM).date())


def _tell_outcomes(outcomes, style: str, language: str) -> int:
    """The end of a run: what is there now, and in full what failed. Returns the exit code."""
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        for job in outcome.failed:
            error = job["error"]
            where = f", {phrase('cli.cell', language)} {error['cell']}" if error["cell"] else ""
            print(f"\n{job['identity']}{where}: {error['name']}: {error['message']}", file=sys.stderr)
            for line in error["source"].splitlines()[:12]:
                print(f"    {line}", file=sys.stderr)
    for outcome in outcomes:
        words = {
            "made": bilingual("cli.report"),
            "unchanged": bilingual("cli.unchanged"),
            "failed": bilingual("cli.failed_old_report_untouched_see"),
            "waiting": bilingual("cli.not_all_notebooks_there_report"),
        }[outcome.status]
        place = outcome.folder / "index.html" if outcome.status in ("made", "unchanged") else outcome.folder
        if outcome.status == "made" and (absent := outcome.planned.documents.absent(outcome.folder)):
            print(
                phrase("cli.no_libreoffice_not_installed_machine", language, absent=", ".join(absent)),
                file=sys.stderr,
            )
        if outcome.status in ("failed", "waiting"):
            print(f"{pick(*words, language)}: {place}", file=sys.stderr)
        elif style in ("live", "plain"):
            print(f"{pick(*words, language)}: {place}", flush=True)
    return 0 if all(outcome.status in ("made", "unchanged") for outcome in outcomes) else 1


# ------------------------------------------------------------------------------------------------------------- words


def _words(options: argparse.Namespace) -> int:
    """Rows of words that hold a piece of text; one alone is shown as it stands on the cards of the newest reports."""
    from . import editing

    rows = editing.found(options.text)
    for row in rows:
        print(f"{row.file}:{row.line}  {row.key}\n  vi: {row.vi}\n  en: {row.en}")
    if not rows:
        print(phrase("words.none", options.language, text=options.text), file=sys.stderr)
        return 1
    if len(rows) == 1:
        places = list(editing.on_cards(rows[0], options.reports))
        for path, field, value in places[:MOST]:
            print(f"\n{path.relative_to(options.reports)}, {field}:\n  {value}")
        if not places:
            print(phrase("words.no_card", options.language, reports=options.reports))
    return 0


# -------------------------------------------------------------------------------------------------------------- diff


def _diff(options: argparse.Namespace) -> int:
    from .revisions import changes_between

    language = options.language
    try:
        changes = changes_between(options.earlier, options.later, options.province, before=options.before)
    except ParameterFaults as found:
        for line in [*found.lines(language), phrase("cli.nothing_compared", language)]:
            print(line, file=sys.stderr)
        return 2
    if options.json:
        import json

        from .revisions import as_records

        print(json.dumps(as_records(changes), ensure_ascii=False, indent=1))
        return 0
    from ninhthuan.catalogue import catalogue
    from ninhthuan.language import day, quarter_name

    from .cards import quarter_changes
    from .cards.quarter_changes import before_line, marks_lines, populations_line
    from .wording import Context

    ctx = Context(catalogue().provinces[(changes.attrs["boundary"], options.province)], language)
    quarters = [quarter_name(Quarter.parse(text), language) for text in (options.earlier, options.later)]
    days = [day(date.fromisoformat(changes.attrs[name]), language) for name in ("as_of_before", "as_of")]
    print(
        phrase(
            "cli.known_against_known",
            language,
            province=ctx.name,
            second_quarters=quarters[1],
            second_days=days[1],
            first_quarters=quarters[0],
            first_days=days[0],
        )
    )
    for line in (populations_line(changes, ctx), before_line(changes, ctx)):
        if line:
            print(line)
    heading = ""
    for kind, what, old, new, remark in quarter_changes.table(changes, ctx, rows=None).itertuples(index=False):
        if kind != heading:
            heading = kind
            print(f"\n{kind}")
        figures = " → ".join(text for text in (old, new) if text != "–")
        print(f"  {what}: {figures} ({remark})")
    if marks := marks_lines(changes, ctx):
        print("", *marks, sep="\n")
    return 0


# ------------------------------------------------------------------------------------------------------------ verify


def _verify(options: argparse.Namespace) -> int:
    from .runs import verify

    asked = {"reproduce": options.reproduce, "template": options.template}
    return max(verify.tell(folder, options.language, **asked) for folder in options.folders)


# ------------------------------------------------------------------------------------------------------------- prune


def _prune(options: argparse.Namespace) -> int:
    from ninhthuan.numbers import number
    from notebook_batch import guards, prune

    from .runs.batches import quarter_of
    from .runs.inputs import Inputs

    reports, language = options.reports.resolve(), options.language

    def sorry(vi: str, en: str) -> None:
        print(pick(vi, en, language), file=sys.stderr)

    if options.keep < 1:
        sorry(*bilingual("cli.keep_must_1_more_nothing"))
        return 2
    if not reports.is_dir():
        sorry(*bilingual("cli.there_no_folder", reports=options.reports))
        return 2
    try:
        with guards.lock(reports):
            old = prune.surplus(reports, options.keep, quarter_of)
            for one in old:
                print(f"{one.report}  {number(one.size / 1e6, 1, language)} MB")
            size = number(sum(one.size for one in old) / 1e6, 1, language)
            total = phrase("cli.reports_mb", language, n_old=len(old), size=size)
            if options.yes:
                prune.remove(reports, old)
                _list_reports(reports, language, Inputs())
                print(phrase("cli.removed", language, total=total))
            else:
                print(phrase("cli.remove_do_yes", language, total=total))
    except guards.Busy as busy:
        sorry(*_busy(busy, options.reports))
        return 1
    except OSError as error:
        sorry(*bilingual("cli.cannot_removed", error=error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
