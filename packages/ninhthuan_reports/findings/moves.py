"""Findings about why a province moved, and about courses that cross a break or a merger under a stated rule."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pandas as pd

from ninhthuan.catalogue import RULES, catalogue
from ninhthuan.language import label, listing
from ninhthuan.moves import CAUSES
from ninhthuan.numbers import rounded
from ninhthuan.words import bilingual

from ..wording import Context, index_name, lower_first, province_name, rank_of, sentence
from .captions import (
    Caption,
    Claim,
    _about,
    _apart,
    _break_notes,
    _error_note,
    _names,
    _nothing,
    _own,
    _read,
    _rows,
    _unrounded_note,
    _withheld_note,
    within_error,
)


def _no_move(ctx: Context) -> Exception:
    return _nothing(
        ctx,
        *bilingual("moves.there_no_two_papi_editions", province=ctx.name),
    )


def _gained(value: float, ctx: Context) -> str:
    """Places of a cause: `−2,0 bậc`."""
    return ctx.number(value, 1, sign=True) + ctx.phrase("moves.places")


def _shift_note(component_ids: str, year: int, ctx: Context) -> str:
    """That a component moved in the whole country at once, which its definition does not explain."""
    if not component_ids:
        return ""
    names = _names(component_ids.split(), ctx, year)
    return ctx.phrase("moves.whole_country_moved_once_though", names=names)


def why_moved(moves: pd.DataFrame, ctx: Context) -> Caption:
    """From rank to rank: what the province's own scores did, and what the others, the field and the method did."""
    if moves.empty:
        raise _no_move(ctx)
    attrs = moves.attrs
    before, year = attrs["year_from"], attrs["year_to"]
    ranks = [rank_of(attrs[f"rank_{end}"], attrs[f"n_ranked_{end}"]) for end in ("from", "to")]
    gained = attrs["rank_from"] - attrs["rank_to"]
    places = moves[moves["moved"] == "rank"].set_index("cause")["value"]
    causes = [part for part in CAUSES if abs(places[part]) > 1e-9]
    causes.sort(key=lambda part: -abs(places[part]))
    printed = {part: _gained(places[part], ctx) for part in causes}
    each = [f"{lower_first(label(f'moved_{part}', ctx.language))} {printed[part]}" for part in causes]
    # no sizes in the title: some of the parts alone do not add up to the move
    main = max(CAUSES, key=lambda part: places[part] * (1 if gained > 0 else -1)) if gained else ""
    cause = lower_first(label(f"moved_{main}", ctx.language)) if main else ""
    way = ctx.phrase("moves.kept_rank") if not gained else ctx.phrase("moves.went", first_ranks=ranks[0])
    title = f"PAPI {year}: {ctx.name} {way} {ranks[1]}"
    quiet = within_error(attrs["total_to"] - attrs["total_from"], "papi_total", (before, year), ctx) if gained else ""
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
        found = dict(_read(frame[frame["moved"] == "rank"], "cause", "value"))
        way = (frame.attrs["rank_from"] > frame.attrs["rank_to"]) - (frame.attrs["rank_from"] < frame.attrs["rank_to"])
        return all(_gained(found.get(part, 0), ctx) == printed[part] for part in causes) and (
            not main or way * found[main] == max(way * size for size in found.values()) > 0
        )

    claims = (
        _about(ctx),
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
        rebuilt = _names(scored.loc[~scored["same_component"].astype(bool), "component_id"], ctx, year)
        notes.append(ctx.phrase("moves.grey_not_same_component_both", rebuilt=rebuilt))
    notes += [
        _shift_note(attrs["shifted"], year, ctx),
        _unrounded_note(ctx),
        _error_note(ctx),
        _withheld_note("papi", year, ctx),
        _break_notes(["papi_total"], before, year, ctx),
    ]
    best, worst = (scored.loc[pick(scored["value"])] for pick in (pd.Series.idxmax, pd.Series.idxmin))
    ends = [
        f"{_names([row['component_id']], ctx, year)} ({ctx.number(row['value'], 2, sign=True)})"
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


def drill_down(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The change of the total, and the one part that makes more than half of it."""
    if parts.empty:
        raise _no_move(ctx)
    attrs = parts.attrs
    before, year, opened, main = (attrs[key] for key in ("year_from", "year_to", "opened", "main"))
    change = ctx.number(attrs["total_to"] - attrs["total_from"], 2, sign=True)
    if not opened or change == ctx.number(0, 2):
        raise _nothing(
            ctx,
            *bilingual("moves.papi_changed_points_no_part", year=year, province=ctx.name, change=change, before=before),
        )

    def named(part: str) -> str:
        return f"{_names([part], ctx, year)} ({catalogue().component(part, year).number})"

    size = ctx.number(parts.loc[parts["component_id"] == main, "contribution"].iloc[0], 2, sign=True)
    quiet = within_error(attrs["total_to"] - attrs["total_from"], "papi_total", (before, year), ctx)
    quiet = f" ({quiet})" if quiet else ""
    title = ctx.phrase(
        "moves.papi_points_alone",
        year=year,
        province=ctx.name,
        change=change,
        quiet=quiet,
        named=named(main),
        size=size,
    )

    def tier(frame: pd.DataFrame, level: str) -> dict:
        rows = frame[frame["level"] == level]
        # what did not exist in an edition adds nothing to it
        filled = rows.assign(**{end: rows[end].fillna(0) for end in ("score_to", "score_from")})
        return {part: _apart(*pair) for part, *pair in _read(filled, "component_id", "score_to", "score_from")}

    def whole(frame: pd.DataFrame) -> Decimal:
        return _apart(frame.attrs["total_to"], frame.attrs["total_from"])

    def changed(frame: pd.DataFrame) -> bool:
        years = frame.attrs["year_from"], frame.attrs["year_to"]
        return years == (before, year) and ctx.number(whole(frame), 2, sign=True) == change

    def makes_most(frame: pd.DataFrame) -> bool:
        sizes = tier(frame, "dimension") | tier(frame, "sub_dimension")
        return ctx.number(sizes[main], 2, sign=True) == size and sizes[main] / whole(frame) > Decimal("0.5")

    def adds_up(frame: pd.DataFrame) -> bool:
        dimensions, inner = tier(frame, "dimension"), tier(frame, "sub_dimension")
        drawn = dict(zip(frame["component_id"], frame["contribution"], strict=True))
        same = all(abs(float(found) - drawn[part]) < 1e-9 for part, found in (dimensions | inner).items())
        lacks = [sum(dimensions.values()) - whole(frame)]
        lacks += [sum(inner.values()) - dimensions[opened]] if inner else []
        return same and all(abs(each) < Decimal("0.001") for each in lacks)

    claims = (
        _about(ctx),
        Claim(ctx.phrase("moves.total_changed", change=change), changed),
        Claim(
            ctx.phrase(
                "moves.alone_changed_more_than_half", named=named(main), size=size, sentence=sentence(named(main))
            ),
            makes_most,
        ),
        Claim(ctx.phrase("moves.each_tier_adds_up_one"), adds_up),
    )
    subtitle = ctx.phrase("moves.change_papi_scores_added_up", province=ctx.name, before=before, year=year)
    totals = [ctx.number(attrs[f"total_{end}"], 2) for end in ("from", "to")]
    numbers = (
        ctx.phrase("moves.total_went", first_totals=totals[0], second_totals=totals[1]),
        "; ".join(
            f"{named(part)} {ctx.number(value, 2, sign=True)}"
            for part, value in _read(parts[parts["level"] == "dimension"].tail(3), "component_id", "contribution")
        ),
    )
    notes = [
        ctx.phrase("moves.how_points_add_up_not"),
        _unrounded_note(ctx),
        _error_note(ctx),
    ]
    kind = ctx.phrase("moves.waterfall_chart_tiers")
    return Caption(title, subtitle, " ".join(notes), kind, numbers, claims)


ROUNDING = 0.0002  # points: totals are published with one decimal less than their parts
SHOWN_MOVES = 12  # sub-dimensions that a page has room for


def sub_dimension_moves(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The sub-dimension that moved the total most, and how many rose and fell."""
    if parts.empty:
        raise _no_move(ctx)
    before, year = parts.attrs["year_from"], parts.attrs["year_to"]
    change = ctx.number(parts.attrs["total_to"] - parts.attrs["total_from"], 2, sign=True)
    own = parts[parts["same_component"]]
    top = own.loc[own["contribution"].abs().idxmax()]
    most = top["component_id"]
    name, size = _names([most], ctx, year), ctx.number(top["contribution"], 2, sign=True)
    # counts stand on `component_changes`: here what was measured anew is not split, and would count otherwise
    key = "moves.papi_most_moved" if len(own) == len(parts) else "moves.papi_most_moved_alike"
    title = ctx.phrase(key, before=before, year=year, province=ctx.name, name=name, size=size)

    def exact(frame: pd.DataFrame) -> dict:
        rows = frame[frame["same_component"]]
        return {part: _apart(*pair) for part, *pair in _read(rows, "component_id", "score_to", "score_from")}

    def leads(frame: pd.DataFrame) -> bool:
        found = exact(frame)
        return max(found, key=lambda part: abs(found[part])) == most and ctx.number(found[most], 2, sign=True) == size

    def lacking(frame: pd.DataFrame) -> float:
        return frame.attrs["total_to"] - frame.attrs["total_from"] - frame["contribution"].sum()

    lacks = lacking(parts)
    claims = (
        _about(ctx),
        Claim(ctx.phrase("moves.moved_most", name=name, size=size), leads),
        # what is printed with fewer decimals is rounded; more than that is no sum
        *[
            Claim(
                ctx.phrase("moves.parts_add_up_total_s"),
                lambda frame: abs(lacking(frame)) <= ROUNDING,
            )
        ]
        * bool(abs(lacks) <= ROUNDING),
    )
    rest = len(parts) - SHOWN_MOVES
    notes = [ctx.phrase("moves.order_size_total_changed_points", change=change)]
    if abs(lacks) > ROUNDING:
        notes.append(ctx.phrase("moves.published_parts_fall_short_published", lacks=ctx.number(lacks, 4, sign=True)))
    if rest > 0:
        notes.append(ctx.phrase("moves.last_row_adds_up_other", rest=rest))
    if not parts["same_component"].all():
        rebuilt = _names(parts.loc[~parts["same_component"], "component_id"], ctx, year)
        notes.append(ctx.phrase("moves.rebuilt_between_editions_cannot_split", rebuilt=rebuilt))
    notes += [
        _shift_note(parts.attrs["shifted"], year, ctx),
        _unrounded_note(ctx),
        _break_notes(["papi_total"], before, year, ctx),
    ]
    subtitle = ctx.phrase("moves.contributions_sub_dimensions_change_papi", province=ctx.name, before=before, year=year)
    kind = _rows(min(len(parts), SHOWN_MOVES + 1), *bilingual("moves.one_each_sub_dimension"), ctx)
    next_ones = own[own["component_id"] != most].head(3)
    numbers = (
        ctx.phrase("moves.total_changed_points", change=change),
        ctx.phrase("moves.next")
        + "; ".join(
            f"{_names([part], ctx, year)} ({ctx.number(value, 2, sign=True)})"
            for part, value in _read(next_ones, "component_id", "contribution")
        ),
    )
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)


# ------------------------------------------------------------------------------------------ across breaks and mergers


def linked_series(history: pd.DataFrame, ctx: Context) -> Caption:
    """Over the longest span that common components bridge: from which place to which."""
    held = history[history["rank"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("moves.there_no_linked_series_no", province=ctx.name),
        )

    def ends(frame: pd.DataFrame, span: str) -> list[pd.Series]:
        rows = frame[(frame["span"] == span) & frame["rank"].notna()].sort_values("edition_year")
        return [rows.iloc[0], rows.iloc[-1]]

    spans = list(dict.fromkeys(held["span"]))
    # of the spans up to the newest edition the longest
    newest = max(int(each.partition("–")[2]) for each in spans)
    span = next(each for each in spans if each.endswith(str(newest)))
    pair = ends(held, span)
    ranks = [f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['edition_year'])})" for row in pair]
    numbered = listing([catalogue().component(name).number for name in pair[0]["component_ids"].split()], ctx.language)
    one = " " not in pair[0]["component_ids"]
    title = ctx.phrase(
        ("moves.papi_dimensions_alone_measured_alike" if not one else "moves.papi_dimension_alone_measured_alike"),
        numbered=numbered,
        span=span,
        province=ctx.name,
        first_ranks=ranks[0],
        second_ranks=ranks[1],
    )

    def holds(frame: pd.DataFrame) -> bool:
        rows = ends(frame, span)
        found = [f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['edition_year'])})" for row in rows]
        first, last = (int(year) for year in span.split("–"))
        common = [part.component_id for part in catalogue().common_components("papi", first, last)]
        return found == ranks and rows[0]["component_ids"].split() == common

    claims = (_about(ctx), Claim(title, holds))
    rule = bilingual(RULES["same_components"])
    notes = [
        ctx.phrase("moves.rule_comparison_papi_s_tree", rule=(rule[0], rule[1])),
        _unrounded_note(ctx),
        _break_notes(["papi_total"], *_ends(history), ctx),
    ]
    subtitle = ctx.phrase("moves.papi_score_rank_dimensions_common", province=ctx.name, rule=(rule[0], rule[1]))
    kind = _rows(len(spans), *bilingual("moves.one_each_span"), ctx)
    numbers = tuple(
        f"{each}: {' → '.join(rank_of(row['rank'], row['n_ranked']) for row in ends(held, each))}"
        for each in spans
        if each != span
    )
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)


def _former_spread(frame: pd.DataFrame, year: int) -> tuple[float, float]:
    """Lowest and highest score of the former provinces in an edition."""
    scores = frame.loc[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025"), "score"]
    return scores.min(), scores.max()


def _ends(held: pd.DataFrame) -> tuple[int, int]:
    return int(held["edition_year"].min()), int(held["edition_year"].max())


def former_provinces(histories: pd.DataFrame, ctx: Context) -> Caption:
    """The former provinces of the unit in the newest edition, and what they make together."""
    new = ctx.province
    if new.boundary != "post_2025" or len(new.predecessor_codes) < 2:
        raise _nothing(
            ctx,
            *bilingual("moves.not_made_several_former_provinces", province=ctx.name),
        )
    held = histories[histories["score"].notna()]
    whole = held[held["boundary"] == "post_2025"]
    if whole.empty:
        raise _nothing(
            ctx,
            *bilingual("moves.no_edition_has_score_every", province=ctx.name),
        )
    year = int(whole["edition_year"].max())

    def parts(frame: pd.DataFrame) -> list[str]:
        rows = frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]
        rows = rows.set_index("province_code").loc[
            [c for c in new.predecessor_codes if c in set(rows["province_code"])]
        ]
        return [
            f"{province_name(row.Index, 'pre_2025', ctx.language)} {ctx.number(row.score, 2)} "
            f"({rank_of(row.rank, row.n_ranked)})"
            for row in rows.itertuples()
        ]

    listed = parts(held)
    together = ctx.number(whole.loc[whole["edition_year"] == year, "score"].iloc[0], 2)
    index = index_name(held["component_id"].iloc[0].removesuffix("_total"))
    spread = _former_spread(held, year)
    ends = [ctx.number(score, 2) for score in spread]
    title = ctx.phrase(
        "moves.former_provinces_points_weighted_alike",
        index=index,
        year=year,
        province=ctx.name,
        first_ends=ends[0],
        second_ends=ends[1],
        together=together,
    )

    def mean(frame: pd.DataFrame) -> bool:
        rows = frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]
        whole = len(rows) > 0 and len(rows) == len(new.predecessor_codes)
        return whole and ctx.number(sum(rounded(score, 9) for score in rows["score"]) / len(rows), 2) == together

    claims = (
        Claim(
            ctx.phrase("moves.figures_old_provinces_new_unit"),
            lambda frame: (
                Counter(frame["boundary"])["pre_2025"] > 0
                and set(frame.loc[frame["boundary"] == "pre_2025", "province_code"]) == set(new.predecessor_codes)
                and len(_own(frame, ctx)) == int((frame["boundary"] == "post_2025").sum())
            ),
        ),
        Claim(
            listing(listed, ctx.language),
            lambda frame: (
                parts(frame) == listed and [ctx.number(score, 2) for score in _former_spread(frame, year)] == ends
            ),
        ),
        Claim(ctx.phrase("moves.plain_mean", together=together), mean),
    )
    rule = bilingual(RULES["aggregate"])
    notes = [
        ctx.phrase("moves.rule_comparison_here_every_old", rule=(rule[0], rule[1])),
        ctx.phrase("moves.new_method_edition_scores_not")
        if catalogue().breaks_between(held["component_id"].iloc[0], *_ends(held), "break")
        else "",
        _break_notes([held["component_id"].iloc[0]], *_ends(held), ctx),
    ]
    subtitle = ctx.phrase(
        "moves.total_rank_former_provinces_now", index=index, province=ctx.name, rule=(rule[0], rule[1])
    )
    kind = _rows(held["edition_year"].nunique(), *bilingual("moves.one_each_edition"), ctx)
    numbers = (f"{year}: {listing(listed, ctx.language)}",)
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)
