"""`ninhthuan import`: read a file, show its changes, and write all of them to data/ or none."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from careful_tables.faults import printable
from ninhthuan.reference import PACKAGED, data_dir
from ninhthuan.words import bilingual, phrase, two_languages

from . import add_language, complain
from .asking import quarters

MOST = 60  # faults of a file that are printed one by one
LONGEST = 1200  # characters of a line that quotes a file


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("import", help=two_languages("cli.bring_new_figures_into_data"))
    verb.set_defaults(act=act, extra="intake")
    kinds = verb.add_subparsers(dest="kind", required=True)
    _add_editions(kinds.add_parser("papi", help=two_languages("cli.workbook_papi_org_vn")))
    _add_editions(kinds.add_parser("pci", help=two_languages("cli.workbook_vcci")))
    workload = kinds.add_parser("workload", help=two_languages("cli.filled_template_province"))
    workload.add_argument("file", type=Path, metavar="FILE.xlsx|csv")
    _add_dossiers(kinds.add_parser("dossiers", help=two_languages("cli.export_one_stop_system")))
    for kind in kinds.choices.values():
        kind.add_argument("--dry-run", action="store_true", help=two_languages("cli.only_show_what_would_change"))
        kind.add_argument("--yes", action="store_true", help=two_languages("cli.write_without_asking"))
        add_language(kind)


def _add_editions(kind: argparse.ArgumentParser) -> None:
    kind.add_argument("file", type=Path, metavar="FILE.xlsx")
    kind.add_argument("--year", type=int, help=two_languages("cli.empty_file_name_says"))
    kind.add_argument("--sheet", default="", metavar="NAME", help=two_languages("cli.empty_found_itself"))
    kind.add_argument("--published-on", default="", metavar="2026-04-15", help=two_languages("cli.day_publication"))
    kind.add_argument("--source", default="", metavar="ID", help=two_languages("cli.id_source"))
    kind.add_argument("--force", action="store_true", help=two_languages("cli.take_though_over_5_differ"))
    _add_source(kind)


def _add_dossiers(kind: argparse.ArgumentParser) -> None:
    kind.add_argument("file", type=Path, metavar="FILE.csv|parquet|xlsx")
    words = two_languages("cli.quarters_count_reporting_windows")
    kind.add_argument("--quarter", required=True, metavar="2024Q1,2024Q2", help=words)
    kind.add_argument("--calendar", action="store_true", help=two_languages("cli.quarters_calendar_each_itself"))
    kind.add_argument("--province", default="58", metavar="NAME", help=two_languages("cli.name_code_province"))
    kind.add_argument("--mapping", type=Path, metavar="FILE.toml", help=two_languages("cli.names_columns_values"))
    kind.add_argument("--by-agency", action="store_true", help=two_languages("cli.figures_each_agency_too"))
    _add_source(kind)


def _add_source(kind: argparse.ArgumentParser) -> None:
    kind.add_argument("--title", default="", help=two_languages("cli.title_source"))
    kind.add_argument("--url", default="", help=two_languages("cli.address_source"))


def act(options: argparse.Namespace) -> int:
    """Read a file and put it into data/; returns the exit code."""
    from ninhthuan_intake.refusals import Refused

    language = options.language
    # there is no stdin at all where it was closed
    if not (options.yes or options.dry_run or (sys.stdin and sys.stdin.isatty())):
        complain(phrase("cli.there_nobody_ask_add_yes", language))
        return 2
    if data_dir() == PACKAGED and not options.dry_run:
        complain(phrase("cli.data_came_installed_package_go", language, folder=data_dir()))
        return 2
    try:
        return _land(options)
    except Refused as refused:
        lines, count = refused.lines(language), len(refused.faults)
        more = [phrase("cli.more", language, count=count - MOST)] if count > MOST else []
        end = phrase("cli.nothing_written_data_1" if count == 1 else "cli.nothing_written_data", language, count=count)
        complain(*map(harmless, lines[:MOST]), *more, end)
        return 1
    except BrokenPipeError:
        raise  # nobody reads what is said any more
    except OSError as error:
        complain(phrase("cli.cannot_written_data", language, error=error))
        return 1


def _land(options: argparse.Namespace) -> int:
    """Show what a file brings, ask, and write it. Raises Refused with every fault, OSError where nothing is written."""
    from ninhthuan_intake import landing

    language, folder = options.language, data_dir()
    proposal = _proposal(options)
    tables = landing.differences(proposal, folder)
    for line in landing.lines_of(proposal, tables, language):
        print(harmless(line))
    changed = [table.path for table in tables if table.added or table.changed]
    if not changed:
        print(phrase("cli.data_has_all_nothing_write", language))
        return 0
    _print_cards(changed, language)
    if proposal.doubtful and not getattr(options, "force", False):
        differ, both = proposal.unlike
        complain(phrase("cli.figures_data_has_differ_file", language, differ=differ, both=both))
        return 2
    if options.dry_run:
        landing.land(proposal, folder, write=False)
        print(phrase("cli.looked_only_nothing_written", language))
        return 0
    if not options.yes and not _agreed(language):
        complain(phrase("cli.nothing_written", language))
        return 1
    landing.land(proposal, folder)
    print(phrase("cli.written_data_checked_valid", language))
    return 0


def _proposal(options: argparse.Namespace):
    """What a file brings; raises Refused with every fault."""
    if options.kind == "workload":
        from ninhthuan_intake.workload import read_workload

        return read_workload(options.file, data_dir())
    if options.kind == "dossiers":
        from ninhthuan_intake import dossiers

        province, windows = dossiers.checked_request(options.province, quarters(options.quarter), options.calendar)
        named = {"mapping": options.mapping, "by_agency": options.by_agency}
        source = {"title": options.title, "url": options.url}
        with counting(options.language) as tell:
            return dossiers.read_dossiers(
                options.file, windows, province, data_dir(), source=source, tell=tell, **named
            )
    from ninhthuan_intake.editions import Request
    from ninhthuan_intake.papi import read_papi
    from ninhthuan_intake.pci import read_pci

    read = {"papi": read_papi, "pci": read_pci}[options.kind]
    given = {name: getattr(options, name) for name in ("year", "sheet", "title", "url", "published_on")}
    return read(Request(options.file, source_id=options.source, **given))


def _print_cards(tables: list[str], language: str) -> None:
    """Print the cards that draw from changed tables of figures; every card reads the reference tables."""
    from ..runs.inputs import cards_of

    cards = cards_of(table for table in tables if not table.startswith("reference/"))
    if cards:
        print(phrase("cli.cards_draw", language))
        for notebook, names in cards.items():
            print(f"  {notebook}: {', '.join(names)}")


def harmless(line: str) -> str:
    """A line that quotes a file, so that nothing of it can steer a terminal or fill it."""
    short = line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
    return printable(short)


@contextlib.contextmanager
def counting(language: str) -> Iterator[Callable[[float], None] | None]:
    """A function for the share of a file that is counted, 0 to 1; it shows that on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(share: float) -> None:
        words = phrase("cli.counting_dossiers", language)
        print(f"\r{words}: {100 * share:.0f}%", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _agreed(language: str) -> bool:
    try:
        answer = input(phrase("cli.write_data_y_n", language))
    except EOFError:
        return False
    return answer.strip().lower() in ("c", *bilingual("cli.co"), "y", "yes")
