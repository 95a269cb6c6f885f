"""How far apart the provinces stand, edition by edition."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number

from .. import phrases, tables
from ..claims import fitting, together
from ..wording import Context, sentence


def _interval(row, name: str, ctx: Context, ends: str = "change") -> str:
    """`+0,42 điểm (0,07 đến 0,75)`: a change of the spread and its paired interval."""
    low, high = (ctx.number(row[f"{ends}_{end}"], 1) for end in ("low", "high"))
    size = ctx.number(row[name], 2, sign=True)
    return ctx.phrase("relations.points", size=size, low=low, high=high)


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Whether provinces stand closer together now than in the first edition of the method."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("relations.no_edition_every_papi_score"))
    newest = rows.loc[rows["edition_year"].idxmax()]
    year, size = int(newest["edition_year"]), ctx.number(newest["standard_deviation"], 2)
    begin = int(newest["first_edition"])

    def measured(frame: pd.DataFrame) -> bool:
        known = dict(zip(frame["edition_year"], frame["standard_deviation"], strict=True))
        return max(known) == year and ctx.number(known[year], 2) == size

    claims, same = [Claim(ctx.phrase("relations.standard_deviation", year=year, size=size), measured)], ""
    title = ctx.phrase("relations.papi_standard_deviation_between_provinces", year=year, size=size)
    if begin != year:
        claims.append(_compared(rows, newest, ctx))
        title, same = claims[-1].says, _same_provinces(newest, ctx)
    numbers = (
        phrases.of_all(ctx),
        ctx.phrase(
            "relations.95_interval_n",
            year=year,
            low=ctx.number(newest["low"], 1),
            high=ctx.number(newest["high"], 1),
            n=int(newest["n"]),
        ),
        *([same] if same else []),
    )
    marks = catalogue().marks("papi_total", begin, year)
    changed = "; ".join(f"{b.edition_year} {ctx.pick(b.label, b.label_en)}" for b in marks)
    notes = (
        f"{sentence(same)}." * bool(same),
        ctx.phrase("relations.95_intervals_20_000_resamples"),
        ctx.phrase("relations.changed_part", changed=changed) * bool(changed),
    )
    return Caption(
        title,
        ctx.phrase("relations.spread_papi_totals_provinces_points", years=phrases.years(rows)),
        together(notes),
        phrases.rows_of(len(rows), ctx.phrase("relations.one_edition"), ctx),
        numbers,
        tuple(claims),
    )


def _compared(rows: pd.DataFrame, newest: pd.Series, ctx: Context) -> Claim:
    """Whether the spread grew since the first edition of the method, and whether that is clear."""
    year, begin = int(newest["edition_year"]), int(newest["first_edition"])
    was = ctx.number(rows.loc[rows["edition_year"] == begin, "standard_deviation"].iloc[0], 2)
    ends, wider = _interval(newest, "change", ctx), newest["change"] > 0
    sure = newest["change_low"] > 0 or newest["change_high"] < 0
    course = "relations.wider_apart" if wider else "relations.closer_together"
    size = ctx.number(newest["standard_deviation"], 2)
    values = {"course": ctx.phrase(course if sure else "relations.neither_clearly_wider_apart_nor"), "begin": begin}
    title = fitting(
        ctx.phrase("relations.papi_provinces_than_standard_deviation", year=year, sizes=sizes, **values)
        for sizes in (ctx.phrase("relations.deviations", was=was, size=size), "")
    )

    def holds(frame: pd.DataFrame) -> bool:
        rows = {row.edition_year: row for row in frame.itertuples()}
        then, now = rows[begin], rows[year]
        clear = now.change_low * now.change_high > 0
        grown = now.standard_deviation > then.standard_deviation
        start = min(other.edition_year for other in rows.values() if other.segment == now.segment)
        same = then.segment == now.segment and begin == start and clear == sure and (grown == wider or not sure)
        shown = ctx.number(then.standard_deviation, 2), _interval(now._asdict(), "change", ctx)
        return same and shown == (was, ends)

    return Claim(title, holds)


def _same_provinces(newest: pd.Series, ctx: Context) -> str:
    """The change of the spread over the same provinces, and over what was measured alike alone."""
    same = ctx.phrase(
        "relations.change_over_same_provinces",
        begin=int(newest["first_edition"]),
        year=int(newest["edition_year"]),
        ends=_interval(newest, "change", ctx),
    )
    if not newest["common_ids"]:
        return same
    common = newest["common_ids"].split()
    key = "relations.dimensions_alone_measured_alike"
    return same + ctx.phrase(
        key if len(common) > 1 else "relations.dimension_alone_measured_alike",
        numbered=listing([catalogue().component(part).number for part in common], ctx.language),
        alone=_interval(newest, "common_change", ctx, "common"),
    )


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """How far apart the provinces stand, edition by edition."""
    text = [
        [
            str(row.edition_year),
            str(row.segment + 1) + " †" * bool(row.caution),
            str(row.n),
            number(row.standard_deviation, 2, ctx.language),
            f"{number(row.low, 1, ctx.language)}–{number(row.high, 1, ctx.language)}",
            number(row.interquartile_range, 2, ctx.language),
            number(row.best_minus_worst, 2, ctx.language),
        ]
        for row in rows.itertuples()
    ]
    heads = (
        "tables.edition_2",
        "tables.method",
        "tables.provinces",
        "tables.standard_deviation",
        "tables.95_interval",
        "tables.interquartile_range",
        "tables.best_minus_worst",
    )
    return tables.headed(text, ctx, *heads)
