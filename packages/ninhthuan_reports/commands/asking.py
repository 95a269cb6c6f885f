"""The options of `ninhthuan plan` and `ninhthuan run` that name reports, and the checked request."""

from __future__ import annotations

import argparse
import dataclasses
import fnmatch
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ninhthuan.language import ParameterFaults, pick
from ninhthuan.periods import Quarter
from ninhthuan.words import phrase, two_languages

from . import add_reports, language_of, listed, real

if TYPE_CHECKING:
    from notebook_batch.plan import Planned

    from ..parameters import Parameters
    from ..publish.documents import Documents


def add_request(verb: argparse.ArgumentParser) -> None:
    """Add the options that name reports and their documents."""
    verb.add_argument("--quarter", default="", help=phrase("cli.quarter", "vi"))
    verb.add_argument("--provinces", default="", help="58 | 58,24 | all")
    verb.add_argument("--languages", default="", help="vi | en | vi,en")
    verb.add_argument("--as-of", default="", help=two_languages("cli.empty_closing_day"))
    verb.add_argument("--only", default="", metavar="PATTERN", help="2024Q1/58/vi/20_*")
    verb.add_argument("--formats", default="", help=two_languages("cli.empty_runs_toml_says"))
    words = two_languages("cli.office_s_own_word_template")
    verb.add_argument("--template", type=Path, metavar="FILE.docx", help=words)
    verb.add_argument("--again", action="store_true", help=two_languages("cli.run_unchanged_ones_too"))
    add_reports(verb)
    verb.add_argument("--json", action="store_true", help=two_languages("cli.machines"))


def quarters(text: str) -> list[str]:
    """`2024Q1`, several with commas, or a range with two dots; spellings are judged with everything else."""
    if not text:
        from ninhthuan.workload import newest_quarter

        return [str(newest_quarter())]
    found = []
    for part in listed(text):
        first, dots, last = part.partition("..")
        try:
            quarter, end = Quarter.parse(first), Quarter.parse(last)
        except ValueError:
            found.append(first if not dots else part)
            continue
        while quarter < end:
            found.append(str(quarter))
            quarter = quarter.next
        found.append(str(end) if quarter == end else part)
    return found or [text]


def request(
    options: argparse.Namespace, say: Callable[..., None]
) -> tuple[list[Parameters], Documents] | tuple[None, None]:
    """The requested reports and their documents; (None, None) where the request is wrong.

    say(line, shown=True) is called with each fault and with notes on provinces that were merged; a quiet run does not
    show the notes.
    """
    try:
        return _reports(options, say), _documents(options)
    except ParameterFaults as error:
        language = language_of(options)
        for line in [*error.lines(language), phrase("cli.nothing_run", language)]:
            say(line)
        return None, None


def refused(options: argparse.Namespace, planned: list[Planned], reports: Path, say: Callable[..., None]) -> int:
    """The exit code where nothing may run: `--only` names none of the notebooks, or something is in the way; else 0."""
    from notebook_batch import places

    jobs, language = [decision.job.identity for each in planned for decision in each.decisions], language_of(options)
    if options.only and jobs and not fnmatch.filter(jobs, options.only):
        say(phrase("cli.only_names_none", language, only=options.only, example=jobs[0]))
        return 2
    try:
        for each in planned:
            places.refuse(reports, each.report)
    except places.InTheWay as found:
        say(phrase(f"cli.in_the_way_{found.why}", language, path=found.path))
        return 1
    return 0


def _reports(options: argparse.Namespace, say: Callable[..., None]) -> list[Parameters]:
    from ..runs import plan, schedule

    known = plan.declared()
    provinces = listed(options.provinces) or list(known.provinces)
    languages = listed(options.languages) or list(known.languages)
    if options.quarter != schedule.LAST:
        return plan.requests(quarters(options.quarter), provinces, languages, options.as_of)
    reports, today = real(options.reports), date.today()
    wanted, notes = schedule.requests(provinces, languages, reports, today, options.as_of)
    for note in notes:
        say(pick(*note, language_of(options)), shown=not getattr(options, "quiet", False))
    return wanted


def _documents(options: argparse.Namespace) -> Documents:
    from ..publish.documents import faults_of_formats
    from ..runs import plan

    known, formats = plan.declared().documents, listed(options.formats)
    faults = faults_of_formats(() if formats == ["none"] else formats)
    template = real(options.template) if options.template else known.template
    if template:
        from ..publish.briefing import open_template

        try:
            open_template(template)
        except ParameterFaults as error:
            faults += error.faults
    if faults:
        raise ParameterFaults(faults)
    wanted = () if formats == ["none"] else tuple(formats) or known.formats
    return dataclasses.replace(known, formats=wanted, template=template)
