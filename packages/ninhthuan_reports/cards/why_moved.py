"""Two waterfalls: the total by dimension, and the rank by what moved it; a better rank lies to the right."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.moves import CAUSES

from .. import phrases, pieces, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import FOCUS, OWN, SOFT, WORSE, Area, label
from ..wording import Context, lower_first, province_name, rank_of, sentence


def _gained(value: float, ctx: Context) -> str:
    """Places of a cause: `−2,0 bậc`."""
    return ctx.number(value, 1, sign=True) + ctx.phrase("moves.places")


def caption(moves: pd.DataFrame, ctx: Context) -> Caption:
    """From rank to rank: what the province's own scores did, and what the others, the field and the method did."""
    if moves.empty:
        raise phrases.no_move(ctx)
    attrs = moves.attrs
    before, year = attrs["year_from"], attrs["year_to"]
    ranks = [rank_of(attrs[f"rank_{end}"], attrs[f"n_ranked_{end}"]) for end in ("from", "to")]
    gained = attrs["rank_from"] - attrs["rank_to"]
    places = moves[moves["moved"] == "rank"].set_index("cause")["value"]
    causes = [part for part in CAUSES if abs(places[part]) > 1e-9]
    causes.sort(key=lambda part: -abs(places[part]))
    printed = {part: _gained(places[part], ctx) for part in causes}
    each = [f"{lower_first(word(f'moved_{part}', ctx.language))} {printed[part]}" for part in causes]
    # no sizes in the title: some of the parts alone do not add up to the move
    main = max(CAUSES, key=lambda part: places[part] * (1 if gained > 0 else -1)) if gained else ""
    cause = lower_first(word(f"moved_{main}", ctx.language)) if main else ""
    way = ctx.phrase("moves.kept_rank") if not gained else ctx.phrase("moves.went", first_ranks=ranks[0])
    title = f"PAPI {year}: {ctx.name} {way} {ranks[1]}"
    quiet = (
        phrases.within_error(attrs["total_to"] - attrs["total_from"], "papi_total", (before, year), ctx)
        if gained
        else ""
    )
    if quiet:
        title += ctx.phrase("moves.score_s_change", quiet=quiet)
    elif main:
        title += ctx.phrase("moves.mainly", cause=cause)

    def ranked(frame: pd.DataFrame) -> bool:
        found = [rank_of(frame.attrs[f"rank_{end}"], frame.attrs[f"n_ranked_{end}"]) for end in ("from", "to")]
        return found == ranks and (frame.attrs["year_from"], frame.attrs["year_to"]) == (before, year)

    def adds_up(frame: pd.DataFrame) -> bool:
        rows = frame[frame["moved"] == "rank"]
        score = frame.loc[frame["moved"] == "score", "value"].sum() + frame.attrs["residual"]
        whole = frame.attrs["total_to"] - frame.attrs["total_from"]
        return abs(rows["value"].sum() - gained) < 1e-9 and abs(score - whole) < 1e-9

    def counted(frame: pd.DataFrame) -> bool:
        """The other route: provinces passed, let past, come in and gone."""
        count = {way: len(frame.attrs.get(way, "").split()) for way in ("passed", "left", "passed_by", "entered")}
        return count["passed"] + count["left"] - count["passed_by"] - count["entered"] == gained

    def caused(frame: pd.DataFrame) -> bool:
        found = dict(phrases.read(frame[frame["moved"] == "rank"], "cause", "value"))
        way = (frame.attrs["rank_from"] > frame.attrs["rank_to"]) - (frame.attrs["rank_from"] < frame.attrs["rank_to"])
        return all(_gained(found.get(part, 0), ctx) == printed[part] for part in causes) and (
            not main or way * found[main] == max(way * size for size in found.values()) > 0
        )

    claims = (
        phrases.about(ctx),
        Claim(
            ctx.phrase("moves.in_in", first_ranks=ranks[0], before=before, second_ranks=ranks[1], year=year),
            ranked,
        ),
        Claim(ctx.phrase("moves.parts_add_up_changes"), adds_up),
        Claim(
            ctx.phrase("moves.provinces_passed_agree"),
            counted,
        ),
        Claim(
            sentence(listing(each, ctx.language)) or ctx.phrase("moves.no_part_moved_rank"),
            caused,
        ),
    )
    subtitle = ctx.phrase("moves.change_papi_total_rank_split", province=ctx.name, before=before, year=year)
    notes = [ctx.phrase("moves.each_cause_has_shapley_value")]
    crossed = [
        (ctx.phrase("moves.overtook"), "passed"),
        (ctx.phrase("moves.overtaken"), "passed_by"),
        (ctx.phrase("moves.newly_ranked_above"), "entered"),
        (
            ctx.phrase("moves.previously_above_not_ranked_year"),
            "left",
        ),
    ]
    for words, key in crossed:
        codes = attrs.get(key, "").split()
        if codes:
            names = [province_name(code, ctx.province.boundary, ctx.language) for code in codes[:6]]
            rest = len(codes) - len(names)
            names += [ctx.phrase("moves.others", rest=rest)] if rest else []
            notes.append(f"{words}: {listing(names, ctx.language)}.")
    scored = moves[moves["moved"] == "score"]
    if not scored["same_component"].all():
        rebuilt = phrases.names_of(scored.loc[~scored["same_component"].astype(bool), "component_id"], ctx, year)
        notes.append(ctx.phrase("moves.grey_not_same_component_both", rebuilt=rebuilt))
    notes += [
        phrases.shift_note(attrs["shifted"], year, ctx),
        phrases.unrounded_note(ctx),
        phrases.error_note(ctx),
        phrases.withheld_note("papi", year, ctx),
        phrases.break_notes(["papi_total"], before, year, ctx),
    ]
    best, worst = (scored.loc[pick(scored["value"])] for pick in (pd.Series.idxmax, pd.Series.idxmin))
    ends = [
        f"{phrases.names_of([row['component_id']], ctx, year)} ({ctx.number(row['value'], 2, sign=True)})"
        for row in (best, worst)
    ]
    totals = [ctx.number(attrs[f"total_{end}"], 2) for end in ("from", "to")]
    numbers = (
        ctx.phrase("moves.total_went", first_totals=totals[0], second_totals=totals[1]),
        ctx.phrase("moves.most_up_most_down", first_ends=ends[0], second_ends=ends[1])
        if best["value"] > 0 > worst["value"]
        else ctx.phrase("moves.changes", second_ends=ends[1], first_ends=ends[0]),
        *([sentence(listing(each, ctx.language))] if each else []),
    )
    kind = ctx.phrase("moves.two_waterfall_charts_score_rank")
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)


WHY_STEP_CM = 0.54


@plot(lambda frame: 2.1 + WHY_STEP_CM * (len(frame) + 4))
def draw(moves: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Two waterfalls: the total by dimension, and the rank by what moved it; a better rank lies to the right."""
    parts = moves[moves["moved"] == "score"].rename(columns={"value": "contribution"})
    places = moves[moves["moved"] == "rank"]
    head = 0.5
    heights = [0.55 + WHY_STEP_CM * (len(rows) + 2) for rows in (parts, places)]
    parts.attrs = moves.attrs
    upper = pieces.total_waterfall(parts.sort_values("contribution", ignore_index=True), area, head, heights[0], ctx)
    steps = [
        (
            word(f"moved_{row.cause}", ctx.language),
            row.value,
            style.MIDDLE if row.cause == "method" else OWN if row.value > 0 else WORSE if row.value < 0 else SOFT,
        )
        for row in places.itertuples()
    ]
    attrs = moves.attrs
    ends = [(ctx.phrase("papi.rank_2", attrs=attrs[f"year_{end}"]), -attrs[f"rank_{end}"]) for end in ("from", "to")]
    ranked = {-attrs[f"rank_{end}"]: rank_of(attrs[f"rank_{end}"], attrs[f"n_ranked_{end}"]) for end in ("to", "from")}
    written = (lambda value: ranked[value], lambda size: ctx.number(size, 1, sign=True))
    top = head + heights[0] + 0.55
    lower = pieces.waterfall(area, top, heights[1], steps, ends, written)
    lower.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    lower.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{-value:.0f}" if value <= -1 else ""))
    heads = (
        (upper, ctx.phrase("papi.total_contribution_each_dimension_points")),
        (
            lower,
            ctx.phrase("papi.rank_places_gained_lost_each"),
        ),
    )
    for ax, text in heads:
        edge = -4.35 / (area.width - 0.35 - 4.35)
        label(ax, edge, 1, text, transform=ax.transAxes, dy=9, size=FOCUS, weight="bold", color=SOFT)
    return [upper, lower]
