"""What a person entered into a cell: a number or a day, however it is written."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from ninhthuan.language import day
from ninhthuan.words import Message, message

from .refusals import in_words


class NotANumber(ValueError):
    """vi, en: why a cell is no number."""

    def __init__(self, what: Message):
        self.vi, self.en = in_words(what)
        super().__init__(f"{self.vi} / {self.en}")


def read_number(cell: object, whole: bool, bounded: bool = True) -> str:
    """A cell as a number in plain writing, with the decimals it has.

    whole: counts, whose marks can only group thousands. bounded: shares (0-100), whose single mark can only be the
    decimal one. Where both could be meant, and for whatever is no number, raises NotANumber.

    >>> read_number("42.972", whole=True), read_number("76,20", whole=False), read_number("1.234,5", whole=False)
    ('42972', '76.20', '1234.5')
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise NotANumber(
            message("workload.number_needed", cell=day(cell, "vi") if isinstance(cell, date) else repr(cell))
        )
    text = cell.strip() if isinstance(cell, str) else _plain_number(cell)
    digits = re.sub("[\\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}']", "", text.replace("\N{MINUS SIGN}", "-"))
    found = re.fullmatch(r"([+-]?)([0-9]+(?:[.,][0-9]+)*)%?", digits)
    if not found:
        raise NotANumber(message("workload.no_number", text=text))
    # a number of the sheet has its point where it is; text may mean either mark by either
    readings = _readings(found[2]) if isinstance(cell, str) else [found[2]]
    meant = _count_meant(text, readings) if whole else _share_meant(text, readings, bounded)
    return meant if found[1] != "-" else f"-{meant}"


def _count_meant(text: str, readings: list[str]) -> str:
    counts = [reading for reading in readings if "." not in reading]
    if counts:
        return counts[0]
    if readings and re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", readings[0]):
        raise NotANumber(message("workload.perhaps_grouped", text=text, meant=readings[0].replace(".", "")))
    raise NotANumber(message("workload.no_whole_number", text=text))


def _share_meant(text: str, readings: list[str], bounded: bool) -> str:
    if len(readings) > 1 and bounded:
        # only one of them lies within 100
        readings = [reading for reading in readings if "." in reading]
    if len(readings) > 1:
        raise NotANumber(message("workload.two_numbers", text=text, whole=readings[0], other=with_comma(readings[1])))
    if not readings:
        raise NotANumber(message("workload.mark_in_wrong_place", text=text))
    return readings[0]


def _readings(digits: str) -> list[str]:
    """Readings of digits with points and commas: all marks group thousands, or the last is the decimal mark."""
    parts, marks = re.split("[.,]", digits), re.findall("[.,]", digits)
    if not marks:
        return [str(int(digits))]

    def thousands(groups: list[str], between: list[str]) -> bool:
        first, *rest = groups
        sound = 1 <= len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in rest)
        return len(set(between)) <= 1 and (sound or not rest)

    found = ["".join(parts)] if thousands(parts, marks) else []
    *groups, fraction = parts
    if marks[-1] not in marks[:-1] and thousands(groups, marks[:-1]):
        found.append(f"{int(''.join(groups))}.{fraction}")
    return found


def _plain_number(value: float) -> str:
    """A number of a sheet without the error of binary fractions: 76.2, not 76.20000000000000284."""
    if not math.isfinite(value):
        return str(value)
    return str(int(value)) if float(value).is_integer() else f"{value:.10f}".rstrip("0")


def with_comma(value: str) -> tuple[str, str]:
    """A plain number as each language writes its decimals."""
    return value.replace(".", ","), value


def as_day(cell: object) -> date | None:
    """A cell as a day: a day of the sheet, or text such as 31/3/2024 or 2024-03-31 (the day before the month)."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip().split(" ")[0]
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None
