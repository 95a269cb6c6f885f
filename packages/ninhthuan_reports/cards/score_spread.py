"""How far apart the provinces stand, edition by edition."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number

from .. import phrases
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
    first = rows[rows["edition_year"] == begin].iloc[0]

    def measured(frame: pd.DataFrame) -> bool:
        held = dict(zip(frame["edition_year"], frame["standard_deviation"], strict=True))
        return max(held) == year and ctx.number(held[year], 2) == size

    claims = [Claim(ctx.phrase("relations.standard_deviation", year=year, size=size), measured)]
    same = ""
    if begin == year:
        title = ctx.phrase("relations.papi_standard_deviation_between_provinces", year=year, size=size)
    else:
        was = ctx.number(first["standard_deviation"], 2)
        ends = _interval(newest, "change", ctx)
        sure = newest["change_low"] > 0 or newest["change_high"] < 0
        wider = newest["change"] > 0
        course = ctx.phrase("relations.wider_apart") if wider else ctx.phrase("relations.closer_together")
        if not sure:
            course = ctx.phrase("relations.neither_clearly_wider_apart_nor")
        title = ctx.phrase(
            "relations.papi_provinces_than_standard_deviation",
            year=year,
            course=course,
            begin=begin,
            was=was,
            size=size,
        )

        def compared(frame: pd.DataFrame) -> bool:
            rows = {row.edition_year: row for row in frame.itertuples()}
            then, now = rows[begin], rows[year]
            clear = now.change_low * now.change_high > 0
            grown = now.standard_deviation > then.standard_deviation
            start = min(other.edition_year for other in rows.values() if other.segment == now.segment)
            same = then.segment == now.segment and begin == start and clear == sure and (grown == wider or not sure)
            return (
                ctx.number(then.standard_deviation, 2) == was
                and same
                and _interval(now._asdict(), "change", ctx) == ends
            )

        claims.append(Claim(title, compared))
        same = ctx.phrase("relations.change_over_same_provinces", begin=begin, year=year, ends=ends)
        if newest["common_ids"]:
            numbered = listing([catalogue().component(c).number for c in newest["common_ids"].split()], ctx.language)
            alone = _interval(newest, "common_change", ctx, "common")
            same += ctx.phrase(
                (
                    "relations.dimensions_alone_measured_alike"
                    if " " in newest["common_ids"]
                    else "relations.dimension_alone_measured_alike"
                ),
                numbered=numbered,
                alone=alone,
            )
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
    subtitle = ctx.phrase("relations.spread_papi_totals_provinces_points", years=phrases.years(rows))
    note = ctx.phrase("relations.95_intervals_20_000_resamples")
    marks = catalogue().marks("papi_total", begin, year)
    changed = "; ".join(f"{b.edition_year} {ctx.pick(b.label, b.label_en)}" for b in marks)
    changed = ctx.phrase("relations.changed_part", changed=changed) * bool(changed)
    note = " ".join(filter(None, (f"{sentence(same)}." * bool(same), note, changed)))
    kind = phrases.rows_of(len(rows), ctx.phrase("relations.one_edition"), ctx)
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


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
    heads = [
        ctx.phrase("tables.edition_2"),
        ctx.phrase("tables.method"),
        ctx.phrase("tables.provinces"),
        ctx.phrase("tables.standard_deviation"),
        ctx.phrase("tables.95_interval"),
        ctx.phrase("tables.interquartile_range"),
        ctx.phrase("tables.best_minus_worst"),
    ]
    return pd.DataFrame(text, columns=heads)
