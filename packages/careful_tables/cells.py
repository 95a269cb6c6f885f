"""Names of cells."""

from __future__ import annotations

import re


def cell_name(row: int, column: int) -> str:
    """The name of a cell counted from 0.

    >>> cell_name(6, 1), cell_name(0, 26)
    ('B7', 'AA1')
    """
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def cell_at(name: str) -> tuple[int, int]:
    """The row and column, from 0, of a cell named like B7."""
    letters, digits = re.fullmatch(r"([A-Z]+)([0-9]+)", name).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1
