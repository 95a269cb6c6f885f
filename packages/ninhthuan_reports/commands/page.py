"""`ninhthuan page`: one file that compares any provinces, to be opened from disk, mail or a stick."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, add_reports, complain, real


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("page", help=two_languages("cli.page"))
    add_reports(verb)
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Write the page where data or code have changed, and say where it is; returns the exit code."""
    path = explorer(real(options.reports), options.language)
    if path is None:
        return 1
    print(path)
    return 0


def explorer(reports: Path, language: str) -> Path | None:
    """Write the page; None where that failed, which is said: reports are whole without it."""
    from ..publish.explore import write_explorer

    try:
        return write_explorer(reports)[0]
    except ModuleNotFoundError:
        raise
    except Exception as error:
        complain(phrase("cli.page_failed", language, name=type(error).__name__, error=error))
        return None
