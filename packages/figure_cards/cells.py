"""Cells of a workbook: text as what it is, text that a cell can hold, and how numbers are shown."""

from __future__ import annotations

import functools
import math
import re
from datetime import date

LONGEST = 32767  # characters that a cell of Excel holds
CUT = " […]"
# A true minus, as in the report; the value of the cell is untouched.
SIGNED = '+{0};"\N{MINUS SIGN}"{0};{0}'


class Exact(float):
    """A number written to its last digit: XlsxWriter writes sixteen, and one in twenty needs seventeen."""

    def __format__(self, spec: str) -> str:
        return repr(float(self))


@functools.lru_cache(1 << 16)
def clean(text: str) -> str:
    """Text that a cell can hold: signs that XML forbids are shown as signs, and what is too long ends in `[…]`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", lambda found: chr(0x2400 + ord(found[0])), text)
    text = re.sub("[\ud800-\udfff\ufffe\uffff]", "\N{REPLACEMENT CHARACTER}", text)
    # Excel counts signs outside the basic plane twice
    if len(text) * 2 > LONGEST and len(text.encode("utf-16-le")) // 2 > LONGEST:
        text = text.encode("utf-16-le")[: (LONGEST - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT
    return text


def value_of(text: str, kind: str, declared: str) -> str | int | float | bool | date | None:
    """A cell of the CSV as what it is; None where it is missing, the text itself where it is no number or date.

    declared: type of the column as its card says. Codes stay text however much they look like numbers.
    """
    if text == "":
        return None
    if kind == "date" or declared == "date":
        try:
            found = date.fromisoformat(text[:10])
        except ValueError:
            return text
        return found if found.year >= 1900 else text
    if declared == "boolean" and text in ("True", "False"):
        return text == "True"
    # a column of numbers and something else is declared as text: what is a number in it is one all the same
    if kind not in ("code", "text", "") or (declared in ("integer", "number") and kind != "code"):
        try:
            found = float(text)
        except ValueError:
            return text
        if not math.isfinite(found) or abs(found) > 2**53:
            return text
        return int(found) if found.is_integer() and declared == "integer" else found
    return text


def decimals_of(values: list[float]) -> int:
    """Decimals that show every value as published; six at most, since sums of floats have a tail of their own."""
    return max((len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in values), default=0)


def number_format(kind: str, values: list[float]) -> str:
    """How the numbers of a column are shown: years, ranks and codes plain, counts grouped, differences with a sign."""
    if kind in ("year", "rank", "number") or not kind:
        return "0"
    decimals = decimals_of(values)
    if kind == "percent":
        decimals = min(decimals, 2)
    if kind in ("score", "difference", "percent") and decimals:
        decimals = max(decimals, 2)
    plain = "#,##0" + ("." + "0" * decimals if decimals else "")
    return SIGNED.format(plain) if kind in ("difference", "places") else plain


def lines_in(text: str, width: float) -> int:
    """Lines that a text takes in a column, word by word; words wider than the column are broken."""
    lines = 0
    for part in text[:LONGEST].split("\n"):
        lines, used = lines + 1, 0.0
        for word in part.split():
            # letters of running text are narrower than the digits that columns are measured in
            if used and used + 1 + len(word) > width * 1.1:
                lines, used = lines + 1, 0.0
            used += len(word) + bool(used)
            lines, used = lines + int(used // (width + 1)), used % (width + 1)
    return max(lines, 1)
