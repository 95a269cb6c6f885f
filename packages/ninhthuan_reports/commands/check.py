"""`ninhthuan check`: whether the data and the words are as their descriptions say."""

from __future__ import annotations

import argparse

from ninhthuan.language import LANGUAGES
from ninhthuan.reference import data_dir
from ninhthuan.words import phrase, two_languages

from . import add_language, complain


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("check", help=two_languages("cli.check_all_data"))
    verb.add_argument("--seal", action="store_true", help=two_languages("cli.write_sizes_hashes_anew"))
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Write the hashes anew if requested, then check."""
    if options.seal:
        from ninhthuan_intake.checks import seal

        print(phrase("cli.sealed_changed_files", options.language, n_changed=len(seal(data_dir()))))
    return check(options.language)


def check(language: str, *, quiet: bool = False) -> int:
    """Check words and data, and print every fault; returns the exit code."""
    from ninhthuan.numbers import number
    from ninhthuan_intake.checks import DataFaults, check_data

    from ..editing import faults

    if in_words := faults():
        complain(*(fault[LANGUAGES.index(language)] for fault in in_words))
        return 1
    try:
        rows = check_data(data_dir())
    except DataFaults as error:
        count = len(error.faults)
        complain(
            *(text[LANGUAGES.index(language)] for text in error.texts()),
            phrase("cli.faults_data", language, count=count),
        )
        return 1
    if not quiet:
        total = number(sum(rows.values()), 0, language)
        print(phrase("cli.data_valid_tables_rows", language, n_rows=len(rows), total=total))
    return 0
