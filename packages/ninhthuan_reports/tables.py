"""Cells that several tables share."""

from decimal import Decimal

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.numbers import number
from ninhthuan.words import written
from ninhthuan.workload import by_measure

from .wording import (
    WORKED_BACK,
    Context,
    component_name,
    decimals_known,
    measure_name,
    period_name,
    province_name,
    rank_of,
    score_of,
    sentence,
    share_of_cases,
)

FEWEST = 30  # provinces ranked, of which a quarter means something


def score(value: float, row, language: str) -> str:
    """A figure with its unit and mark; row: with unit, and of a score what `wording.score_of` reads."""
    decimals = {"score_0_1": 4, "units": 0, "procedures": 0, "agencies": 0, "tasks": 0}.get(row.unit, 2)
    if pd.isna(value):
        return "…"
    return score_of(value, row, decimals, language, unit="%" * (row.unit == "percent"))


def change(value: float, row, ctx: Context) -> str:
    """A change of a score, marked where the later is worked back: from an earlier one that is, a source states it."""
    decimals = decimals_known(4 if row.unit == "score_0_1" else 2, row, prefixes=("", "previous_"))
    return number(value, decimals, ctx.language, sign=True) + WORKED_BACK * (row.basis == "derived")


def group(value: object, language: str) -> str:
    """Name of a group in a cell, or an ellipsis."""
    if not isinstance(value, str) or not value:
        return "…"
    try:
        return word(value, language)
    except KeyError:
        return value


def quarter_or_group(row, ctx: Context) -> str:
    """PAPI has published groups; for the other indices the quarter of the provinces that the rank falls in."""
    if row.index_id == "papi":
        return group(row.group if isinstance(row.group, str) else row.group_derived, ctx.language)
    if not isinstance(row.group_derived, str):
        return "…"
    if getattr(row, "n_ranked", FEWEST) < FEWEST:
        return ctx.phrase("tables.too_few_ranked", count=int(row.n_ranked))
    return sentence(quarter_of_ranks(row.group_derived, ctx))


def quarter_of_ranks(group: str, ctx: Context) -> str:
    """The quarter of the provinces, by rank, that stands for a group of an index whose publisher names none."""
    names = {"high": "top", "upper_middle": "second", "lower_middle": "third", "low": "bottom"}
    return ctx.phrase(f"tables.{names[group]}_quarter")


def workload_subject(row, ctx: Context) -> str:
    """A measure of the workload with level, channel and period: `Hồ sơ tiếp nhận (trực tuyến), quý I/2024`."""
    words = [word(part, ctx.language).lower() for part in (row.level, row.channel) if part not in ("all", "")]
    name = measure_name(row.subject, ctx.language) + f" ({', '.join(words)})" * bool(words)
    return f"{name}, {period_name(row.period_start, row.period_end, ctx.language)}"


def in_words(value: object, row, ctx: Context, name: str = "", unit: str = "") -> str:
    """A value of a contradiction or a revision; name: what it is; unit: of figures that do not say one."""

    def write(name: str, one: object) -> str:
        if isinstance(one, Decimal):
            percent_sign = "%" * (unit == "percent" and name != "size")
            return number(one, max(0, -one.as_tuple().exponent), ctx.language) + percent_sign
        if name in ("group", "group_derived", "unit"):
            return group(one, ctx.language)
        if name == "provinces":
            return province_name(one, row.boundary, ctx.language)
        return measure_name(one, ctx.language) if name == "measure" else str(one)

    return written(value, ctx.language, write, name)


def written_out(frame: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Contradictions or changes with the figures that are text in the language of the report; any other as it is."""
    if "said" not in frame or frame.empty:
        return frame

    def text(row, side: str) -> str:
        value = row.said[side]
        return in_words(value, row, ctx, getattr(row, "figure", "") or row.rule) if value != "" else ""

    rows = list(frame.itertuples())
    return frame.assign(**{side: [text(row, side) for row in rows] for side in rows[0].said})


def headed(rows: list[list[str]], ctx: Context, *keys: str, **values: object) -> pd.DataFrame:
    """Rows of ready text under their heads; keys: rows of words, whose values are given."""
    return pd.DataFrame(rows, columns=[ctx.phrase(key, **values) for key in keys])


def unit(measure: str) -> str:
    """The unit of a measure of the workload; nothing for a component of an index."""
    return by_measure()["unit"].get(measure, "")


def own_name(component_id: str, year: int, ctx: Context) -> str:
    """Name of a component, or that it is the total."""
    component = catalogue().component(component_id, year)
    if component.level == "total":
        return ctx.phrase("tables.papi_total")
    return component_name(component, ctx.language)


def cases(row, ctx: Context) -> str:
    """How often a gap was closed: `34% (103/303)`; a dash without a gap, "…" without a case."""
    if pd.isna(row.n_closed):
        return "–"
    if not row.n_year_pairs:
        return "…"
    counts = f"({number(row.n_closed, 0, ctx.language)}/{number(row.n_year_pairs, 0, ctx.language)})"
    return f"{share_of_cases(row.closed_share, ctx.language)} {counts}"


def distance(row, ctx: Context) -> list[str]:
    """Cells of a row of `nt.distances`: name, score and rank, group, what it lacks, how often that was gained."""
    return [
        own_name(row.component_id, row.edition_year, ctx),
        f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})",
        group(row.group, ctx.language),
        short_by(row, ctx),
        cases(row, ctx),
    ]


def short_by(row, ctx: Context) -> str:
    """What is lacking to the next group: `0,06 (3,1723)`, the threshold in brackets."""
    if not row.next_group:
        return "–"
    missing = number(row.gap, 2, ctx.language)
    if missing == number(0, 2, ctx.language):
        missing = f"<{number(0.01, 2, ctx.language)}"
    return f"{missing} ({number(row.threshold, 4, ctx.language)})"
