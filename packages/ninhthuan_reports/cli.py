"""The command line: a table of verbs, and what they share.

Exit codes: 0 all is well and verified; 1 something failed; 2 the request was wrong. Heavy imports are made where they
are needed: a wrong request is refused before any of them.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys

from ninhthuan.words import NoTable, phrase, two_languages

from .commands import (
    check,
    complain,
    diff,
    export,
    importing,
    language_of,
    notebooks,
    page,
    plan,
    prune,
    run,
    template,
    trace,
    verify,
    words,
)

VERBS = (check, importing, template, export, plan, run, page, notebooks, diff, words, trace, verify, prune)


class _Parser(argparse.ArgumentParser):
    """Takes no option for another that begins alike, as `--language` for `--languages`; nor do its verbs."""

    def __init__(self, **options):
        super().__init__(allow_abbrev=False, **options)


def main(arguments: list[str] | None = None) -> int:
    """Run a verb and return its exit code."""
    _open_closed_streams()
    try:
        parser = _Parser(prog="ninhthuan", description=two_languages("cli.governance_indices_workload"))
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in VERBS:
            verb.add(verbs)
        return _act(parser.parse_args(arguments))
    except NoTable as error:
        # the words themselves cannot be read: said in both languages, since the choice of one is not read either
        complain(*error.args)
        return 1


def _open_closed_streams() -> None:
    """Give each standard stream that the caller has closed to nobody, so that no other file takes its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            os.dup2(handle, number)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115


def _act(options: argparse.Namespace) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no Vietnamese letters, odd file names
    try:
        code = options.act(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # such as `ninhthuan plan | head`: what is still in the streams goes nowhere
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        complain(str(error))
        return 1
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] == __package__:
            raise
        if error.name in ("fcntl", "resource"):  # of POSIX
            complain(phrase("cli.not_on_windows", language_of(options)))
            return 2
        # `pip install ninhthuan[...]` brings what a verb needs
        names = {"name": error.name, "extra": getattr(options, "extra", "reports")}
        complain(phrase("cli.not_installed_pip_install_ninhthuan", language_of(options), **names))
        return 2
    except KeyboardInterrupt:
        return 130  # before anything was begun: a run that has begun answers for itself


if __name__ == "__main__":
    sys.exit(main())
