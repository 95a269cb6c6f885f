"""`ninhthuan plan`: what would run, and why; nothing is run."""

from __future__ import annotations

import argparse
import json

from ninhthuan.language import pick
from ninhthuan.words import bilingual, phrase, two_languages

from . import complain, language_of, real
from .asking import add_request, refused, request


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("plan", help=two_languages("cli.what_would_run_why"))
    add_request(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Print the decision on each notebook of each report; returns the exit code."""
    wanted, documents = request(options, lambda line, shown=True: complain(line))
    if documents is None:
        return 2
    from ..runs import plan
    from ..runs.batches import reason_in_words
    from ..runs.inputs import Inputs

    language, reports = language_of(options), real(options.reports)
    planned = plan.plan(wanted, reports, Inputs(), only=options.only, again=options.again, documents=documents)
    if code := refused(options, planned, reports, complain):
        return code
    decisions = [decision for report in planned for decision in report.decisions]
    words = {
        "run": bilingual("cli.run"),
        "keep": bilingual("cli.keep"),
        "resume": bilingual("cli.resume"),
        "wait": bilingual("cli.leave"),
    }
    for decision in decisions:
        identity, action, why = decision.job.identity, decision.action, reason_in_words(decision.why)
        if options.json:
            print(json.dumps({"identity": identity, "action": action, "why": why[1]}, ensure_ascii=False))
        else:
            print(f"{pick(*words[action], language):9} {identity}: {pick(*why, language)}")
    if not options.json:
        n_run = sum(decision.action == "run" for decision in decisions)
        counts = {"count": n_run, "n_decisions": len(decisions), "n_planned": len(planned)}
        print(phrase("cli.notebooks_would_run_reports", language, **counts))
    return 0
