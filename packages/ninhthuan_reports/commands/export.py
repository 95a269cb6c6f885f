"""`ninhthuan export`: every figure of every index as a file for R, Stata, SQL or a spreadsheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.language import LANGUAGES
from ninhthuan.words import phrase, two_languages

from . import add_language, complain, listed


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("export", help=two_languages("cli.export"))
    verb.add_argument("file", type=Path, metavar="panel.(csv|dta|parquet|sqlite|xlsx)|FOLDER")
    verb.add_argument("--indices", default="", help=two_languages("cli.export_indices"))
    verb.add_argument("--levels", default="", help=two_languages("cli.export_levels"))
    verb.add_argument("--wide", action="store_true", help=two_languages("cli.export_wide"))
    verb.add_argument("--as-of", default="", help=two_languages("cli.export_as_of"))
    verb.add_argument("--boundary", default="pre_2025", help=two_languages("cli.export_boundary"))
    verb.add_argument("--url", default="", help=two_languages("cli.export_url"))
    add_language(verb)
    verb.set_defaults(act=act, extra="export")


def act(options: argparse.Namespace) -> int:
    """Write the files and name them, with how to cite them; returns the exit code."""
    import pandas as pd

    from ninhthuan.panels import LEVELS, panel
    from ninhthuan.reference import BOUNDARIES
    from ninhthuan.refusals import UnknownName
    from ninhthuan.words import speak
    from ninhthuan_sharing.citing import cite
    from ninhthuan_sharing.describing import write_description
    from ninhthuan_sharing.exporting import FORMATS, export
    from ninhthuan_sharing.static_api import write_api

    language, as_files = options.language, bool(options.file.suffix)
    speak(language)
    # a folder holds data/ and its history too, which are those of today
    cut = [f"--{option}".replace("_", "-") for option in ("as_of", "wide") if getattr(options, option)]
    if options.file.suffix.lower() not in ("", *FORMATS) or (cut and not as_files):
        key, given = ("cli.export_no_format", "") if as_files else ("cli.export_today", ", ".join(cut))
        complain(phrase(key, language, file=options.file, formats=", ".join(FORMATS), given=given))
        return 2
    options_of_panel = {"wide": options.wide, "levels": listed(options.levels) or LEVELS, "as_of": options.as_of}
    try:
        # a folder has both lists of provinces, each in its place
        boundaries = [options.boundary] if as_files else BOUNDARIES
        frames = [panel(listed(options.indices), boundary=boundary, **options_of_panel) for boundary in boundaries]
        filled = [frame for frame in frames if len(frame)]
        if not filled:
            complain(frames[0].attrs["nothing"])
            return 1
        if not as_files:
            count = write_api(pd.concat(filled, ignore_index=True), options.file)
            count += write_description(options.file, options.url) + _write_feeds(options.file, options.url, language)
            print(phrase("cli.exported_folder", language, count=count, folder=options.file))
            return 0
        files = export(filled[0], options.file, language)
    except (UnknownName, ValueError) as error:
        complain(str(error))
        return 2
    except OSError as error:
        complain(phrase("cli.cannot_written", language, error=error))
        return 1
    n_rows, n_columns = filled[0].shape
    print(phrase("cli.exported", language, n_rows=n_rows, n_columns=n_columns, files=", ".join(map(str, files))))
    print(cite().vi if language == "vi" else cite().apa)
    return 0


def _write_feeds(folder: Path, url: str, language: str) -> int:
    """The feeds of what is new; without a history of the data they have no corrections, which is said."""
    from ninhthuan.reference import data_dir
    from ninhthuan_sharing.feed import write_feeds

    from ..revisions.history import entry, versions

    found = versions(data_dir())
    if found is None:
        complain(phrase("cli.export_no_history", language))
        return write_feeds(folder, None, url)
    return write_feeds(folder, {each: [entry(version, each) for version in found] for each in LANGUAGES}, url)
