"""`ninhthuan words`: a text of the page found among the rows of words, with the cards that use it."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, add_reports, complain

CLOSELY = 3  # rows of which cards and places are shown
MOST = 60  # places of a row in reports


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("words", help=two_languages("cli.words"))
    verb.add_argument("text", help=two_languages("cli.words_text"))
    add_reports(verb)
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Print the rows that a text comes from, and their places on cards if they are few. Returns the exit code."""
    from ..searching import cards_with, matches

    found = matches(options.text)
    if not found:
        complain(phrase("words.none", options.language, text=options.text))
        return 1
    for match in found:
        row = match.row
        print(f"{row.file}:{row.line}  {row.key}\n  vi: {row.vi}\n  en: {row.en}")
        if match.values:
            print(f"  {phrase('words.filled', options.language, text=match.filled)}")
        if len(found) <= CLOSELY and row.file.startswith("messages/") and (cards := cards_with(row)):
            print(f"  {phrase('words.cards', options.language, cards=', '.join(cards))}")
    if len(found) <= CLOSELY:
        _print_places([match.row for match in found], options.reports, options.language)
    return 0


def _print_places(rows: list, reports: Path, language: str) -> None:
    """Print the places of rows in existing reports."""
    from ..searching import on_cards

    places = [place for row in rows for place in on_cards(row, reports)]
    for path, field, value in places[:MOST]:
        print(f"\n{path.relative_to(reports)}, {field}:\n  {value}")
    if not places:
        print(phrase("words.no_card", language, reports=reports))
