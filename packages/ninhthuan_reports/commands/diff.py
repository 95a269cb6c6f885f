"""`ninhthuan diff`: what changed for a province between the reports of two quarters."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

from ninhthuan.language import ParameterFaults
from ninhthuan.periods import Quarter
from ninhthuan.words import phrase, two_languages

from . import add_language, complain


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("diff", help=two_languages("cli.what_changed_between_two_quarters"))
    verb.add_argument("earlier", metavar="2023Q4", help=two_languages("cli.earlier_quarter"))
    verb.add_argument("later", metavar="2024Q1", help=two_languages("cli.later_quarter"))
    verb.add_argument("--province", default="58", metavar="CODE", help=two_languages("cli.code_province"))
    words = two_languages("cli.older_copy_data_see_revised")
    verb.add_argument("--before", type=Path, metavar="FOLDER", help=words)
    add_language(verb)
    verb.add_argument("--json", action="store_true", help=two_languages("cli.machines"))
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Print the changes, or give them as JSON; returns the exit code."""
    from ..revisions import as_records, changes_between

    language = options.language
    try:
        changes = changes_between(options.earlier, options.later, options.province, before=options.before)
    except ParameterFaults as error:
        complain(*error.lines(language), phrase("cli.nothing_compared", language))
        return 2
    if options.json:
        print(json.dumps(as_records(changes), ensure_ascii=False, indent=1))
    else:
        _print_changes(changes, options)
    return 0


def _print_changes(changes, options: argparse.Namespace) -> None:
    from ninhthuan.catalogue import catalogue
    from ninhthuan.language import day, quarter_name

    from ..cards import quarter_changes
    from ..wording import Context

    language = options.language
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
    for line in (quarter_changes.populations_line(changes, ctx), quarter_changes.before_line(changes, ctx)):
        if line:
            print(line)
    heading = ""
    for kind, what, old, new, remark in quarter_changes.table(changes, ctx, rows=None).itertuples(index=False):
        if kind != heading:
            heading = kind
            print(f"\n{kind}")
        figures = " → ".join(text for text in (old, new) if text != "–")
        print(f"  {what}: {figures} ({remark})")
    if marks := quarter_changes.marks_lines(changes, ctx):
        print("", *marks, sep="\n")
