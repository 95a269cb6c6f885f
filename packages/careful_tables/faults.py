"""Faults as a code and the values of a message; the caller has the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    code: which kind. values: what a message about it says, by name. file, row (the header is row 1) and column: where
    in a table; row None and column "" where it is the file as a whole.
    """

    code: str
    values: dict[str, object] = field(default_factory=dict)
    file: str = ""
    row: int | None = None
    column: str = ""

    def at(self, file: str = "", row: int | None = None, column: str = "") -> Fault:
        """The same fault with its place."""
        return replace(self, file=file, row=row, column=column)

    def __str__(self) -> str:
        where = [self.file, self.row and f"row {self.row}", self.column]
        return " ".join(str(part) for part in (*where, self.code, self.values or "") if part)


def coded(code: str, /, **values: object) -> Fault:
    """A fault of a file as a whole, or of what its values name."""
    return Fault(code, values)


class Faults(ValueError):
    """All faults that were found."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


def printable(text: str) -> str:
    r"""A text with each character spelt out that could steer a terminal.

    >>> printable("no town is called '\x1b[2J'")
    "no town is called '\\x1b[2J'"
    """
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
