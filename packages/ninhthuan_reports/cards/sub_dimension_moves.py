"""What the largest moves of sub-dimensions added to the total, the others in one row."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.numbers import number

from .. import claims, phrases
from ..wording import Context, component_name, rank_of

ROUNDING = 0.0002  # points: totals are published with one decimal less than their parts
SHOWN_MOVES = 12  # sub-dimensions that a page has room for


def caption(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The sub-dimension that moved the total most, and how many rose and fell."""
    if parts.empty:
        raise phrases.no_move(ctx)
    before, year = parts.attrs["year_from"], parts.attrs["year_to"]
    change = ctx.number(parts.attrs["total_to"] - parts.attrs["total_from"], 2, sign=True)
    own = parts[parts["same_component"]]
    top = own.loc[own["contribution"].abs().idxmax()]
    most, size = top["component_id"], ctx.number(top["contribution"], 2, sign=True)
    name = phrases.names_of([most], ctx, year)

    def leads(frame: pd.DataFrame) -> bool:
        found = claims.changes(frame[frame["same_component"]], "score_to", "score_from")
        return max(found, key=lambda part: abs(found[part])) == most and ctx.number(found[most], 2, sign=True) == size

    # what is printed with fewer decimals is rounded; more than that is no sum
    adds_up = bool(abs(_lacking(parts)) <= ROUNDING)
    sums = Claim(ctx.phrase("moves.parts_add_up_total_s"), lambda frame: abs(_lacking(frame)) <= ROUNDING)
    key = "moves.papi_most_moved" if len(own) == len(parts) else "moves.papi_most_moved_alike"
    next_ones = phrases.read(own[own["component_id"] != most].head(3), "component_id", "contribution")
    listed = "; ".join(
        f"{phrases.names_of([part], ctx, year)} ({ctx.number(value, 2, sign=True)})" for part, value in next_ones
    )
    return Caption(
        claims.fitting(
            ctx.phrase(key, year=year, province=ctx.name, name=each, size=size)
            for each in claims.names(most, year, ctx)
        ),
        ctx.phrase("moves.contributions_sub_dimensions_change_papi", province=ctx.name, before=before, year=year),
        claims.together(_notes(parts, change, ctx)),
        phrases.rows_of(min(len(parts), SHOWN_MOVES + 1), ctx.phrase("moves.one_each_sub_dimension"), ctx),
        (ctx.phrase("moves.total_changed_points", change=change), ctx.phrase("moves.next") + listed),
        (phrases.about(ctx), Claim(ctx.phrase("moves.moved_most", name=name, size=size), leads), *[sums] * adds_up),
    )


def _lacking(frame: pd.DataFrame) -> float:
    """What the parts lack to the change of the total, in points."""
    return frame.attrs["total_to"] - frame.attrs["total_from"] - frame["contribution"].sum()


def _notes(parts: pd.DataFrame, change: str, ctx: Context) -> Iterator[str]:
    """What the order means, what the parts lack, which were rebuilt, and what else may have moved them."""
    before, year = parts.attrs["year_from"], parts.attrs["year_to"]
    lacks, rest = _lacking(parts), len(parts) - SHOWN_MOVES
    yield ctx.phrase("moves.order_size_total_changed_points", change=change)
    if abs(lacks) > ROUNDING:
        yield ctx.phrase("moves.published_parts_fall_short_published", lacks=ctx.number(lacks, 4, sign=True))
    if rest > 0:
        yield ctx.phrase("moves.last_row_adds_up_other", rest=rest)
    if not parts["same_component"].all():
        odd = parts.loc[~parts["same_component"], "component_id"]
        why = claims.why_not(odd, (before, year), ctx)
        yield ctx.phrase(
            "moves.rebuilt_between_editions_cannot_split", rebuilt=phrases.names_of(odd, ctx, year), why=why
        )
    yield phrases.unrounded_note(ctx)
    yield phrases.break_notes(["papi_total"], before, year, ctx)


def table(parts: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """What the largest moves of sub-dimensions added to the total, the others in one row."""
    year = parts.attrs["year_to"]
    shown, rest = parts.head(SHOWN_MOVES), parts.iloc[SHOWN_MOVES:]
    text = [
        [
            component_name(catalogue().component(row.component_id, int(year)), ctx.language)
            + " †" * (not row.same_component),
            number(row.score_from, 2, ctx.language),
            number(row.score_to, 2, ctx.language),
            number(row.contribution, 2, ctx.language, sign=True),
            rank_of(row.rank_to, row.n_ranked_to),
        ]
        for row in shown.itertuples()
    ]
    if len(rest):
        name = ctx.phrase("tables.other", n_rest=len(rest))
        text.append([name, "", "", number(rest["contribution"].sum(), 2, ctx.language, sign=True), ""])
    name, part, place = (ctx.phrase(f"tables.head_{of}", year=year) for of in ("sub_dimension", "part", "place"))
    years = [str(parts.attrs["year_from"]), str(year)]
    return pd.DataFrame(text, columns=[name, *years, part, f"{place} {year}"])
