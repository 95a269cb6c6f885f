"""Numbers as official documents print them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from babel.numbers import format_decimal

MINUS = "\N{MINUS SIGN}"


def rounded(value: float, decimals: int) -> Decimal:
    """Round half up, as official figures are: 45.5052 - 46.0002 gives -0.50 at two decimals."""
    return Decimal(str(round(float(value), 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(value: float, decimals: int = 0, language: str = "vi", *, sign: bool = False) -> str:
    """A number as official documents print it: 45,51 in Vietnamese, 45.51 in English; "…" where missing.

    >>> number(45.5052 - 46.0002, 2, "vi", sign=True)
    '−0,50'
    """
    if value is None or pd.isna(value):
        return "…"
    exact = rounded(value, decimals)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(exact), format=pattern, locale=language)
    return (MINUS if exact < 0 else "+" if sign and exact > 0 else "") + text
