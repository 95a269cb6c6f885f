"""Second routes that the claims of several cards take: places and groups from scores, figures as they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import LANGUAGES

from . import phrases
from .wording import Context


def total(frame: pd.DataFrame) -> pd.Series:
    """Row of PAPI's total, the last where there are several."""
    return frame[frame["component_id"] == "papi_total"].iloc[-1]


def groups(scores: pd.Series) -> list[str]:
    """Group of each score by the quartiles of them all (PAPI's own rule)."""
    cuts = [scores.quantile(share) for share in (0.75, 0.5, 0.25)]
    return [phrases.group_by(score, cuts) for score in scores]


def place(rows: pd.DataFrame, ctx: Context) -> int | None:
    """Place of the province's score among those of the rows, 1 is the highest; None without a score."""
    own = phrases.own_rows(rows, ctx)["score"].item()
    return None if pd.isna(own) else 1 + int((rows["score"] > own).sum())


def changes(rows: pd.DataFrame, later: str = "score", earlier: str = "previous_score") -> dict[str, Decimal]:
    """Exact change of each component, from the scores of both editions."""
    return {part: phrases.apart(*pair) for part, *pair in phrases.read(rows, "component_id", later, earlier)}


def printed(measure: str, value: float, ctx: Context, decimals: int = 2) -> str:
    """A figure of dossiers as it is printed: a share in per cent, else a whole number."""
    return phrases.share(value, ctx, decimals) if measure.endswith("_share") else phrases.count(value, ctx)


def caution(change: float, component_id: str, years: tuple[int, int], ctx: Context) -> str:
    """Why the change of a score is called neither a rise nor a fall: parts that do not compare, or survey error."""
    if not catalogue().same_component(component_id, *years):
        return ctx.phrase("captions.comparable_in_part")
    return phrases.within_error(change, component_id, years, ctx)


def why_not(parts: Iterable[str], years: tuple[int, int], ctx: Context) -> str:
    """Why parts do not compare: the measure changed, the whole country moved at once, or the one here, the other there.

    As `breaks.csv` has it: `vì điểm của cả nước cùng thay đổi, chưa rõ nguyên nhân`.
    """
    marks = {mark.severity == "suspected" for part in parts for mark in catalogue().marks(part, *years)}
    key = "either" if len(marks) > 1 else "shift" if marks == {True} else "measure"
    return ctx.phrase(f"captions.because_{key}")


def together(notes: Iterable[str]) -> str:
    """Notes that there are, one after another."""
    return " ".join(filter(None, notes))


LONGEST_TITLE = 75  # characters


def fitting(titles: Iterable[str]) -> str:
    """The first title that has room above a card, else the last."""
    found = ""
    for found in titles:
        if len(found) <= LONGEST_TITLE:
            break
    return found


def in_both(forms: Sequence, title: Callable[..., str], ctx: Context) -> str:
    """The first form of a title with room in both languages, else the last: both tell the same finding."""
    both = [replace(ctx, language=language) for language in LANGUAGES]
    fit = (form for form in forms if all(len(title(form, each)) <= LONGEST_TITLE for each in both))
    return title(next(fit, forms[-1]), ctx)


def names(component_id: str, year: int, ctx: Context) -> tuple[str, str]:
    """What a title may call a dimension or a sub-dimension: its name, or where that is too long its number."""
    component = catalogue().component(component_id, year)
    return phrases.names_of([component_id], ctx, year), ctx.phrase(f"claims.{component.level}", number=component.number)


def listed(parts: Sequence[str], year: int, numbered: bool, ctx: Context) -> str:
    """Components by their names, or dimensions by their numbers: `trục 5, 6`."""
    if not numbered or len(parts) == 0:
        return phrases.names_of(parts, ctx, year)
    return ctx.phrase("claims.dimensions" if len(parts) > 1 else "claims.dimension", number=numbers(parts, year))


def numbers(parts: Iterable[str], year: int) -> str:
    """Numbers of components, in order: `5, 6`."""
    return ", ".join(sorted(catalogue().component(part, year).number for part in parts))
