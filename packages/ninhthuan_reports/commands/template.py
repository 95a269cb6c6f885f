"""`ninhthuan template`: a workbook for a province's office to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, complain


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("template", help=two_languages("cli.excel_sheet_province_fill"))
    verb.set_defaults(act=act, extra="intake")
    kind = verb.add_subparsers(dest="kind", required=True).add_parser(
        "workload", help=two_languages("cli.workload_administration")
    )
    kind.add_argument("file", type=Path, metavar="FILE.xlsx")
    kind.add_argument("--province", default="58", metavar="NAME", help=two_languages("cli.name_code_province"))
    kind.add_argument("--year", type=int, help=two_languages("cli.empty_newest_figures"))
    add_language(kind)


def act(options: argparse.Namespace) -> int:
    """Write the workbook; returns the exit code."""
    from ninhthuan.workload import newest_quarter
    from ninhthuan_intake import template, template_sheet
    from ninhthuan_intake.refusals import Refused

    language = options.language
    try:
        year = options.year or newest_quarter().year
        template_sheet.write_template(options.file, template.checked_request(options.province, year), year)
    except Refused as refused:
        complain(*refused.lines(language))
        return 2
    except OSError as error:
        complain(phrase("cli.cannot_written", language, error=error))
        return 1
    print(phrase("cli.sheet_fill", language, file=options.file))
    return 0
