"""The verbs of the command line, one file a verb: `add` declares its options, and sets what it does as `act`.

A module of a verb imports at its top only what is light, so that a wrong request is refused at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from ninhthuan.language import LANGUAGES
from ninhthuan.words import phrase, two_languages


def add_language(verb: argparse.ArgumentParser) -> None:
    """The option for the language of messages."""
    verb.add_argument("--language", choices=LANGUAGES, default="vi")


def add_reports(verb: argparse.ArgumentParser) -> None:
    """The option for the folder of the reports."""
    verb.add_argument("--reports", default="reports", type=Path, help=two_languages("cli.folder_reports"))


def within(kind: type, least: float, most: float) -> Callable[[str], float]:
    """The type of an option that is a number from `least` to `most`."""

    def number(text: str) -> float:
        try:
            if least <= kind(text) <= most:
                return kind(text)
        except ValueError:
            pass
        raise argparse.ArgumentTypeError(two_languages("cli.number_from_to", text=text, least=least, most=most))

    return number


def real(path: Path) -> Path:
    """A path without links; a link to itself stays, and cannot be opened."""
    return Path(os.path.realpath(path))


def listed(text: str) -> list[str]:
    """The parts of a text between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def language_of(options: argparse.Namespace) -> str:
    """The language of messages: the first where several are requested."""
    if hasattr(options, "language"):
        return options.language
    first = (listed(options.languages) or ["vi"])[0]
    return first if first in LANGUAGES else "vi"


def complain(*lines: str) -> None:
    """Print lines where errors go."""
    print(*lines, sep="\n", file=sys.stderr)


def busy(holder: object, reports: Path, language: str) -> str:
    """That another process makes reports in this folder."""
    return phrase("cli.process_making_reports_run_again", language, holder=holder, reports=reports)
