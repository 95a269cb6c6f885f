"""What was read: which tables of data/, or which rows of them, the present process has used.

A run records this, so that the next one can tell whether anything that it rests on has changed. A
selection is written `indicators/dti.csv?boundary=pre_2025&edition_year=2020,2021`; a whole table by its
path alone. Reference tables are read by everything and are not noted one by one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable

_collecting: list[set[str]] = [set()]


def selection(relative: str, **where: Iterable) -> str:
    """The name of a table's rows whose columns hold one of the given values."""
    parts = [f"{column}={','.join(sorted(map(str, values)))}" for column, values in sorted(where.items())]
    return relative + ("?" + "&".join(parts) if parts else "")


def note(name: str) -> None:
    """Note a selection as read."""
    for names in _collecting:
        names.add(name)


def seen() -> list[str]:
    """Everything noted since the process began or `forget` was called; no part of a table noted as a whole."""
    names = _collecting[0]
    return sorted(name for name in names if "?" not in name or name.partition("?")[0] not in names)


def forget() -> None:
    """Begin anew, as a fresh process would."""
    _collecting[0].clear()


def remembered(function: Callable) -> Callable:
    """Like functools.cache, but an answer from memory notes again what it read; `knows` says whether one is there."""
    answers: dict = {}

    @functools.wraps(function)
    def answer(*args):
        if args not in answers:
            names: set[str] = set()
            _collecting.append(names)
            try:
                answers[args] = (function(*args), names)
            finally:
                # found by identity: two empty sets are equal
                _collecting[:] = [kept for kept in _collecting if kept is not names]
        value, names = answers[args]
        for name in names:
            note(name)
        return value

    answer.cache_clear = answers.clear
    answer.knows = lambda *args: args in answers
    return answer
