"""Waterfall: what each part adds to the change of the total, falls first; totals are marks, not bars."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.words import bilingual

from .. import phrases, pieces
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import Area
from ..wording import Context


def caption(parts: pd.DataFrame, ctx: Context) -> Caption:
    """Change of the total, and the share of the gross change that one dimension makes."""
    if parts.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("papi.change_total_cannot_split_total", province=ctx.name),
        )
    before, year = int(parts.attrs["year_from"]), int(parts.attrs["year_to"])
    change = parts.attrs["total_to"] - parts.attrs["total_from"]
    if abs(parts["contribution"].sum() - change) > 0.0001:
        raise ValueError("the parts do not add up to the change of the total")
    falling = change < 0
    same = parts[(parts["contribution"] < 0) == falling].sort_values("contribution", ascending=falling)
    # what was measured anew is grey, and no more the province's than that of the measure
    top = same.sort_values("same_component", ascending=False, kind="stable").iloc[0]
    name = phrases.names_of([top["component_id"]], ctx)
    size = ctx.number(abs(change), 2)
    own, moved = ctx.number(top["contribution"], 2, sign=True), ctx.number(change, 2, sign=True)
    quiet = phrases.within_error(change, "papi_total", (before, year), ctx)
    said = moved + f", {quiet}" * bool(quiet)
    way = ctx.phrase("papi.largest_part" if parts["same_component"].all() else "papi.largest_part_but_grey")
    title = ctx.phrase("papi.papi_largest", year=year, province=ctx.name, said=said, way=way, name=name, own=own)
    rose, fell, still = phrases.directions(parts["contribution"])
    most = top["component_id"]

    def exact(frame: pd.DataFrame) -> dict[str, Decimal]:
        return {
            part: phrases.apart(*pair) for part, *pair in phrases.read(frame, "component_id", "score_to", "score_from")
        }

    def adds_up(frame: pd.DataFrame) -> bool:
        found = exact(frame)
        drawn = dict(zip(frame["component_id"], frame["contribution"], strict=True))
        same = all(abs(float(size_) - drawn[part]) < 1e-9 for part, size_ in found.items())
        whole = phrases.apart(frame.attrs["total_to"], frame.attrs["total_from"])
        # totals are published with one decimal less than their parts
        return same and abs(sum(found.values()) - whole) <= Decimal("0.0001")

    def moves(frame: pd.DataFrame) -> bool:
        years = frame.attrs["year_from"], frame.attrs["year_to"]
        whole = phrases.apart(frame.attrs["total_to"], frame.attrs["total_from"])
        alike = phrases.within_error(float(whole), "papi_total", years, ctx) == quiet
        return alike and years == (before, year) and ctx.number(whole, 2, sign=True) == moved

    def leads(frame: pd.DataFrame) -> bool:
        found = exact(frame)
        moved_so = {part: move for part, move in found.items() if (move < 0) == falling}
        grey = set(frame.loc[~frame["same_component"], "component_id"])
        alike = [move for part, move in moved_so.items() if part not in grey] or [*moved_so.values()]
        return max(alike, key=abs) == found[most] and ctx.number(found[most], 2, sign=True) == own

    claims = [
        Claim(
            ctx.phrase("papi.dimensions_add_up_change_total"),
            adds_up,
        ),
        Claim(
            ctx.phrase("papi.total_2", said=said),
            moves,
        ),
    ]
    if size == ctx.number(0, 2):
        idle = ctx.phrase("papi.hardly_moved", still=still) * bool(still)
        title = ctx.phrase(
            "papi.papi_hardly_changed_dimensions_rose",
            year=year,
            province=ctx.name,
            before=before,
            rose=rose,
            fell=fell,
            idle=idle,
        )
        claims.append(Claim(title, lambda frame: phrases.directions(exact(frame).values()) == (rose, fell, still)))
    else:
        claims.append(
            Claim(
                ctx.phrase("papi.most", name=name, own=own),
                leads,
            )
        )
    subtitle = ctx.phrase("papi.contribution_each_dimension_change_papi", province=ctx.name, before=before, year=year)
    note = ctx.phrase("papi.total_plain_sum_dimensions_axis")
    totals = [ctx.number(parts.attrs[key], 2) for key in ("total_from", "total_to")]
    across = parts.loc[parts["contribution"].idxmax() if falling else parts["contribution"].idxmin()]
    numbers = [
        ctx.phrase(
            ("papi.total_went_dimensions_up_down" if falling else "papi.total_went_dimensions_up_down_2"),
            first_totals=totals[0],
            second_totals=totals[1],
            rose=rose,
            fell=fell,
        )
    ]
    if (across["contribution"] < 0) != falling:
        other = (
            f"{phrases.names_of([across['component_id']], ctx)} ({ctx.number(across['contribution'], 2, sign=True)})"
        )
        numbers.append(ctx.phrase(("papi.rose_most" if falling else "papi.fell_most"), other=other))
    cautions = phrases.break_notes([*parts["component_id"], "papi_total"], before, year, ctx)
    grey = "" if parts["same_component"].all() else ctx.phrase("papi.grey_not_alike")
    note = " ".join(filter(None, [note, phrases.unrounded_note(ctx), phrases.error_note(ctx), cautions, grey]))
    return Caption(title, subtitle, note, ctx.phrase("papi.waterfall_chart"), tuple(numbers), tuple(claims))


@plot(lambda frame: 0.9 + 0.66 * (len(frame) + 2))
def draw(parts: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Waterfall: what each part adds to the change of the total, falls first; totals are marks, not bars."""
    return [pieces.total_waterfall(parts.sort_values("contribution", ignore_index=True), area, 0, area.height, ctx)]
