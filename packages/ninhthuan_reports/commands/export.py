"""`ninhthuan export`: every figure of every index as a file for R, Stata, SQL or a spreadsheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, complain, listed


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("export", help=two_languages("cli.export"))
    verb.add_argument("file", type=Path, metavar="panel.(csv|dta|parquet|sqlite|xlsx)")
    verb.add_argument("--indices", default="", help=two_languages("cli.export_indices"))
    verb.add_argument("--levels", default="", help=two_languages("cli.export_levels"))
    verb.add_argument("--wide", action="store_true", help=two_languages("cli.export_wide"))
    verb.add_argument("--as-of", default="", help=two_languages("cli.export_as_of"))
    verb.add_argument("--boundary", default="pre_2025", help=two_languages("cli.export_boundary"))
    add_language(verb)
    verb.set_defaults(act=act, extra="export")


def act(options: argparse.Namespace) -> int:
    """Write the files and name them, with how to cite them; returns the exit code."""
    from ninhthuan.panel import LEVELS, panel
    from ninhthuan.refusals import UnknownName
    from ninhthuan.words import speak
    from ninhthuan_sharing.citing import cite
    from ninhthuan_sharing.exporting import FORMATS, export

    language = options.language
    speak(language)
    if options.file.suffix.lower() not in FORMATS:
        complain(phrase("cli.export_no_format", language, file=options.file, formats=", ".join(FORMATS)))
        return 2
    try:
        frame = panel(
            listed(options.indices),
            wide=options.wide,
            levels=listed(options.levels) or LEVELS,
            as_of=options.as_of,
            boundary=options.boundary,
        )
        if frame.empty:
            complain(frame.attrs["nothing"])
            return 1
        files = export(frame, options.file, language)
    except (UnknownName, ValueError) as error:
        complain(str(error))
        return 2
    except OSError as error:
        complain(phrase("cli.cannot_written", language, error=error))
        return 1
    n_rows, n_columns = frame.shape
    print(phrase("cli.exported", language, n_rows=n_rows, n_columns=n_columns, files=", ".join(map(str, files))))
    print(cite().vi if language == "vi" else cite().apa)
    return 0
