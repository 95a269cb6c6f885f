"""Refusals of all importers, in both languages, with file, sheet and cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from careful_tables import workbooks
from careful_tables.faults import Fault, Faults
from careful_tables.workbooks import Sheet
from ninhthuan.language import LANGUAGES, ParameterFaults, day, listing
from ninhthuan.numbers import number
from ninhthuan.words import Message, bilingual, message

Text = tuple[str, str]
What = Message | Text
MOST = 12  # faults of a kind that are listed one by one


class Refused(ParameterFaults):
    """An import is refused: every fault with its file, sheet and cell, in both languages."""

    def __init__(self, *faults: What):
        super().__init__([in_words(fault) for fault in faults])


def both(write: Callable[..., str], *values: object) -> Text:
    """The text of a function of some values and a language, in Vietnamese and in English."""
    vi, en = (write(*values, language) for language in LANGUAGES)
    return vi, en


def in_words(what: What) -> Text:
    """A row of words with its values in both languages: days, lists and other rows each in theirs."""
    if not isinstance(what, Message):
        return what
    return bilingual(what.key, **{name: _in_both(value) for name, value in what.values.items()})


def _in_both(value: object) -> object:
    if isinstance(value, Message):
        return in_words(value)
    if isinstance(value, date):
        return both(day, value)
    return both(listing, value) if isinstance(value, list) else value


def worded(fault: Fault) -> Text:
    """A fault of `careful_tables` in words, by the row of its code."""
    values = fault.values | ({"cells": both(number, fault.values["cells"], 0)} if "cells" in fault.values else {})
    return in_words(Message(fault.code, values))


@contextmanager
def wording() -> Iterator[None]:
    """Turn Faults of `careful_tables` into Refused; a decorator as well."""
    try:
        yield
    except Faults as error:
        raise Refused(*(worded(fault) for fault in error.faults)) from None


read_book = wording()(workbooks.read_book)
read_csv = wording()(workbooks.read_csv)
fingerprint = wording()(workbooks.fingerprint)


@dataclass
class Findings:
    """The findings on a sheet: faults, each with its file, sheet and cells, and notes."""

    file: str
    sheet: Sheet
    faults: list[Text] = field(default_factory=list, kw_only=True)
    notes: list[What] = field(default_factory=list, kw_only=True)
    seen: Counter[str] = field(default_factory=Counter, kw_only=True)

    def blame(self, cells: str, what: What, most: int | None = None) -> None:
        """Note a fault of some cells, or of the sheet where there are none named; of a kind at most so many."""
        kind = what.key if isinstance(what, Message) else ""
        self.seen[kind] += 1
        if most is None or self.seen[kind] <= most:
            at = {"name": self.file, "sheet": self.sheet.name, "what": what}
            place = message("sheets.cells" if "," in cells else "sheets.cell", cells=cells, **at)
            self.faults.append(in_words(place if cells else message("sheets.sheet", **at)))
