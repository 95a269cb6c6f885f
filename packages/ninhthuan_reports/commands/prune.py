"""`ninhthuan prune`: remove reports of old quarters; and the page that lists all reports."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, add_reports, busy, complain, real


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("prune", help=two_languages("cli.remove_old_reports_yes"))
    verb.add_argument("--keep", required=True, type=int, metavar="N", help=two_languages("cli.quarters_kept"))
    verb.add_argument("--yes", action="store_true", help=two_languages("cli.do_remove"))
    add_reports(verb)
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Show the old reports and their sizes, and remove them with `--yes`; returns the exit code."""
    from notebook_batch import guards, places

    reports, language = real(options.reports), options.language
    if options.keep < 1:
        complain(phrase("cli.keep_must_1_more_nothing", language))
        return 2
    if not reports.is_dir():
        complain(phrase("cli.there_no_folder", language, reports=options.reports))
        return 2
    try:
        with guards.lock(reports):
            _prune(reports, options.keep, options.yes, language)
    except guards.Busy as holder:
        complain(busy(holder, options.reports, language))
        return 1
    except places.InTheWay as found:
        complain(phrase(f"cli.in_the_way_{found.why}", language, path=found.path))
        return 1
    except OSError as error:
        complain(phrase("cli.cannot_removed", language, error=error))
        return 1
    return 0


def _prune(reports: Path, keep: int, remove: bool, language: str) -> None:
    from ninhthuan.numbers import number
    from notebook_batch import prune

    from ..runs.batches import quarter_of
    from ..runs.inputs import Inputs

    old = prune.surplus(reports, keep, quarter_of)
    for each in old:
        print(f"{each.report}  {number(each.size / 1e6, 1, language)} MB")
        if each.others:
            complain(phrase("cli.not_removed_no_run_made", language, report=each.report, name=each.others[0]))
    old = [each for each in old if not each.others]
    size = number(sum(each.size for each in old) / 1e6, 1, language)
    total = phrase("cli.reports_mb", language, n_old=len(old), size=size)
    if not remove:
        print(phrase("cli.remove_do_yes", language, total=total))
        return
    prune.remove(reports, old)
    list_reports(reports, language, Inputs())
    print(phrase("cli.removed", language, total=total))


def list_reports(reports: Path, language: str, inputs) -> None:
    """Write the page over all reports anew. inputs: the state of what reports rest on (`runs.inputs.Inputs`)."""
    from ..publish.gallery import VIETNAM, write_gallery
    from ..runs import plan

    write_gallery(reports, language, plan.stale(reports, inputs), datetime.now(VIETNAM).date())
