"""The two languages: one of two texts, days and quarters as they are written, and texts taken for one another.

Light, for the command line.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache

from .periods import Quarter
from .words import bilingual, phrase, rows

LANGUAGES = ("vi", "en")


def pick(vi: str, en: str, language: str) -> str:
    """One of two texts."""
    return vi if language == "vi" else en


def month(number: int) -> str:
    """A month in a Vietnamese date, as Decree 30/2020 writes it: `02`, but `4`."""
    return f"{number:02d}" if number <= 2 else str(number)


def day(value: date | None, language: str) -> str:
    """`02/4/2024` as Decree 30/2020 writes it (a zero before days under 10 and months 1 and 2); `2 April 2024`."""
    if value is None or value != value:  # NaT is unlike itself
        return phrase("language.day_unknown", language)
    if language == "vi":
        return f"{value.day:02d}/{month(value.month)}/{value.year}"
    return f"{value.day} {value:%B %Y}"


def quarter_name(quarter: Quarter, language: str) -> str:
    """`quý I/2024`; `the first quarter of 2024`."""
    return phrase(f"language.quarter_{quarter.number}", language, year=quarter.year)


def unaccented(text: str) -> str:
    """Text in lower case without diacritics; signs stay as they are.

    >>> unaccented("2.4: Giá đất")
    '2.4: gia dat'
    """
    # Đ has no decomposition; old files write the Icelandic letter, which looks the same
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("ð", "d"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def plain(text: str) -> str:
    """Words in lower case without diacritics and signs, so that spellings of one name are equal.

    >>> plain("NINH-THUẬN"), plain("Bà Rịa – Vũng Tàu")
    ('ninh thuan', 'ba ria vung tau')
    """
    return " ".join(re.findall(r"[a-z0-9]+", unaccented(text)))


def name_key(name: str) -> str:
    """A province's name as one word without diacritics and without the words for province and city.

    >>> name_key("Tỉnh Ninh Thuận"), name_key("TP. Hồ Chí Minh"), name_key("Ho Chi Minh City")
    ('ninhthuan', 'hochiminh', 'hochiminh')
    """
    words = plain(name).split()
    for kind in (["tinh"], ["tp"], ["thanh", "pho"]):
        if words[: len(kind)] == kind and len(words) > len(kind):
            words = words[len(kind) :]
    if words[-1:] in (["province"], ["city"]) and len(words) > 1:
        words.pop()
    return "".join(words)


def nearest(value: str, options: Iterable[str]) -> tuple[str, str]:
    """`; có phải …?` / `; did you mean …?`, or nothing."""
    close = difflib.get_close_matches(str(value).lower(), list(options), n=1, cutoff=0.5)
    return bilingual("language.did_you_mean", first_close=close[0]) if close else ("", "")


@cache
def labels() -> dict[str, tuple[str, str]]:
    """The glossary: what short codes are called in both languages."""
    return {row["label"]: (row["vi"], row["en"]) for _, row in rows("labels")}


def label(key: str, language: str) -> str:
    """A word of the glossary."""
    return labels()[key][LANGUAGES.index(language)]


def listing(items: list[str], language: str) -> str:
    """`a, b và c`; `a, b and c`."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + phrase("wording.and", language) + items[-1]


class ParameterFaults(ValueError):
    """Everything wrong with a request; each fault in Vietnamese and in English."""

    def __init__(self, faults: list[tuple[str, str]]):
        self.faults = faults
        super().__init__("\n".join(f"{vi} / {en}" for vi, en in faults))

    def __reduce__(self):
        return type(self), (self.faults,)

    def lines(self, language: str) -> list[str]:
        return [fault[LANGUAGES.index(language)] for fault in self.faults]
