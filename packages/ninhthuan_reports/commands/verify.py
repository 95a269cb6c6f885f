"""`ninhthuan verify`: whether reports are what they were when they were made."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.words import two_languages

from . import add_language


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("verify", help=two_languages("cli.read_every_byte_reports_again"))
    verb.add_argument("folders", nargs="+", type=Path, metavar="reports/2024Q1/58/vi")
    verb.add_argument("--reproduce", action="store_true", help=two_languages("cli.run_again_compare_bytes"))
    verb.add_argument("--template", type=Path, metavar="FILE.docx", help=two_languages("cli.template_used_then"))
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Verify every folder; returns the worst exit code."""
    from ..runs import verify

    how = {"reproduce": options.reproduce, "template": options.template}
    return max(verify.tell(folder, options.language, **how) for folder in options.folders)
