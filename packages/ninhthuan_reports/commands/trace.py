"""`ninhthuan trace`: where a figure of a document comes from."""

from __future__ import annotations

import argparse
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, complain

MOST = 5  # rows that are shown of one figure


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("trace", help=two_languages("trace.help"))
    verb.add_argument("file", type=Path, metavar="briefing.docx", help=two_languages("trace.file"))
    verb.add_argument("figure", nargs="?", metavar="76,20", help=two_languages("trace.figure"))
    verb.add_argument("--report", type=Path, metavar="reports/2024Q1/58/vi", help=two_languages("trace.report"))
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Print the card, rows, rule and sources of a figure, or count all; 1 where one is not the report's."""
    from figure_cards.texts import NoReader

    from ..tracing import NoReport, passports, same

    language = options.language
    try:
        found = list(passports(options.file, options.report))
    except NoReport as error:
        complain(phrase("trace.no_report", language, folder=error))
        return 2
    except NoReader as error:
        complain(phrase("trace.no_reader", language, name=error))
        return 2
    except ValueError as error:
        complain(phrase("trace.not_read", language, error=error))
        return 2
    wanted = options.figure and options.figure.strip("+-−% ")
    shown = [one for one in found if (same(one.numeral, wanted, one.language) if wanted else one.piece is None)]
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in shown:
        groups.setdefault(tuple(_lines(one, language)), []).append(_place(one, language))
    for lines, places in groups.items():
        print(*places, *(f"  {line}" for line in lines), sep="\n")
    if not wanted:
        print(phrase("trace.counted", language, total=len(found), ours=len(found) - len(shown)))
    elif not shown:
        complain(phrase("trace.not_in_file", language, figure=options.figure, name=options.file.name))
    return int(any(one.piece is None for one in shown) or bool(wanted and not shown))


def _place(passport, language: str) -> str:
    """The figure, where it stands in the file, and the words around it."""
    block = passport.block
    place = phrase(f"trace.place.{block.kind}", language, part=block.part, number=block.number)
    around = " ".join(block.text[max(passport.start - 40, 0) : passport.start + 50].split())
    return f"{passport.numeral}  {place}: … {around} …"


def _lines(passport, language: str) -> list[str]:
    """What is known of a figure: its card, the rule, rows and sources."""
    from ..closing import source_line, sources_used
    from ..tracing import derived

    piece = passport.piece
    if piece is None:
        return [phrase("trace.not_ours", language)]
    if piece.card is None:
        return [phrase(f"trace.form.{piece.where}", language)]
    (rule, cells), path = passport.worked_out, piece.card.path("csv")
    lines = [
        phrase("trace.card", language, card=piece.card.identity, where=phrase(f"trace.where.{piece.where}", language))
    ]
    lines.append(phrase(f"trace.rule.{rule}", language))
    for row, name in cells[:MOST]:
        texts = derived.read(path).texts
        edition = " ".join(
            texts[key][row - 1].removesuffix(".0") for key in ("index_id", "edition_year") if key in texts
        )
        values = {"name": path.name, "row": row, "column": name, "value": texts[name][row - 1], "edition": edition}
        lines.append(phrase("trace.row", language, **values))
    if len(cells) > MOST:
        lines.append(phrase("trace.more_rows", language, count=len(cells) - MOST))
    return [*lines, *map(source_line, sources_used(set(passport.sources), language))]
