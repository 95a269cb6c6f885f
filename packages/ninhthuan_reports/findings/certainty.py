"""Findings about how certain a rank is."""

from __future__ import annotations

import math
from statistics import NormalDist

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.certainty import ASSUMPTIONS, DRAWS
from ninhthuan.measures import position_groups
from ninhthuan.numbers import rounded
from ninhthuan.words import bilingual

from ..wording import Context, component_name, lower_first, percent, rank_of
from .captions import (
    Caption,
    Claim,
    _about,
    _apart,
    _break_notes,
    _group_name,
    _nothing,
    _own,
    _read,
    _withheld_note,
    _years,
)

METHOD = "Mogstad, Romano, Shaikh, Wilhelm (2023)"


def _no_errors(ctx: Context):
    if ctx.province.boundary != "pre_2025":
        return _nothing(
            ctx,
            *bilingual("certainty.no_standard_errors_papi_published"),
        )
    return _nothing(
        ctx,
        *bilingual("certainty.no_standard_error_papi_known", province=ctx.name),
    )


def _may_be(low: int, high: int, ctx: Context) -> str:
    if low == high:
        return ctx.phrase("certainty.stays_same_when_errors_counted")
    return ctx.phrase("certainty.may_anywhere", low=low, high=high)


def _percent(row: pd.Series, ctx: Context) -> str:
    return f"{ctx.number(row['confidence'], 0)}%"


def rank_intervals(cells: pd.DataFrame, ctx: Context) -> Caption:
    """The set of ranks of the province in the edition with published errors."""
    own = _own(cells, ctx) if len(cells) else cells
    if own.empty:
        raise _no_errors(ctx)
    own = own.iloc[0]
    year, level = int(own["edition_year"]), own["confidence"] / 100
    low, high, rank, count = (int(own[name]) for name in ("rank_low", "rank_high", "rank", "n_ranked"))

    def placed(frame: pd.DataFrame) -> bool:
        """The rank by counting; the ends between a wider set (Bonferroni) and a narrower one (a single comparison)."""
        mine = _own(frame, ctx).iloc[0]
        others = frame[frame["province_code"] != ctx.province.province_code]
        distances = [
            (score - mine["score"]) / math.hypot(error, mine["standard_error"])
            for score, error in _read(others, "score", "standard_error")
        ]
        widest = NormalDist().inv_cdf(1 - (1 - level) / (2 * len(distances)))
        narrowest = NormalDist().inv_cdf(level)
        ends = [
            (1 + sum(d > c for d in distances), len(frame) - sum(-d > c for d in distances))
            for c in (widest, narrowest)
        ]
        between = ends[0][0] <= low <= ends[1][0] and ends[1][1] <= high <= ends[0][1]
        stands = 1 + sum(d > 0 for d in distances) == rank and len(frame) == count
        drawn = (int(mine["rank_low"]), int(mine["rank_high"])) == (low, high)
        return between and stands and drawn and frame["edition_year"].eq(year).all()

    def rests_on(frame: pd.DataFrame) -> bool:
        return frame["assumption"].eq("published").all() and frame["standard_error"].gt(0).all()

    title = ctx.phrase(
        "certainty.papi_rank_confidence",
        year=year,
        rank_of=rank_of(rank, count),
        province=ctx.name,
        may_be=_may_be(low, high, ctx),
        percent=_percent(own, ctx),
    )
    subtitle = ctx.phrase(
        "certainty.rank_papi_total_confidence_set", year=year, percent=_percent(own, ctx), count=count
    )
    told = int(own["not_told_apart"])
    bands = int(cells["band"].max())
    note = ctx.phrase(
        "certainty.errors_standard_errors_unweighted_total",
        year=year,
        percent=_percent(own, ctx),
        told=told,
        province=ctx.name,
        bands=bands,
        method=METHOD,
    )
    width = (cells["rank_high"] - cells["rank_low"] + 1).astype(int)
    numbers = (
        ctx.phrase(
            "certainty.set_holds_ranks_median_province",
            province=ctx.name,
            high=high - low + 1,
            median=ctx.number(width.median(), 0),
            min=width.min(),
            max=width.max(),
        ),
        ctx.phrase(
            "certainty.standard_error_points", province=ctx.name, standard_error=ctx.number(own["standard_error"], 2)
        ),
    )
    kind = ctx.phrase("certainty.chart_sets_ranks")
    based = Claim(ctx.phrase("certainty.errors_published_ones"), rests_on)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, placed), based))


def change_certainty(changes: pd.DataFrame, ctx: Context) -> Caption:
    """How many provinces changed beyond survey error, all tests together, and whether the province did by itself."""
    if changes.empty:
        raise _nothing(
            ctx,
            *bilingual("certainty.no_two_papi_editions_row"),
        )
    first = changes.iloc[0]
    years = int(first["previous_edition"]), int(first["edition_year"])
    count, beyond = len(changes), int(changes["beyond_family"].sum())
    own, level = _own(changes, ctx), first["confidence"] / 100
    size, passed = "", None
    title = ctx.phrase(
        "certainty.papi_provinces_changed_beyond_survey",
        first_years=years[0],
        second_years=years[1],
        beyond=beyond,
        count=count,
    )
    if own.empty:
        title += ctx.phrase("certainty.no_two_results", province=ctx.name)
    else:
        size, passed = ctx.number(own["change"].iloc[0], 2, sign=True), bool(own["beyond"].iloc[0])
        title += ctx.phrase(("certainty.did" if passed else "certainty.did_not"), province=ctx.name, size=size)

    def passing(frame: pd.DataFrame) -> bool:
        # Holm by hand, from scores and errors: the greatest first, each against the tests left
        rows = _read(frame, "score", "previous_score", "standard_error")
        sizes = sorted((abs(_apart(now, was)) / rounded(error, 9) for now, was, error in rows), reverse=True)
        limits = [NormalDist().inv_cdf((1 + level ** (1 / (count - k))) / 2) for k in range(count)]
        told = next((k for k, size in enumerate(sizes) if float(size) <= limits[k]), count)
        return len(frame) == count and told == beyond == int(frame["beyond_family"].sum())

    def mine(frame: pd.DataFrame) -> bool:
        rows = _own(frame, ctx)
        if passed is None or rows.empty:
            return passed is None and rows.empty
        row = rows.iloc[0]
        change = _apart(row["score"], row["previous_score"])
        wide = NormalDist().inv_cdf((1 + level) / 2) * row["standard_error"]
        return ctx.number(change, 2, sign=True) == size and (abs(float(change)) > wide) == passed == bool(row["beyond"])

    span = ctx.phrase("certainty.to", first_years=years[0], second_years=years[1])
    subtitle = ctx.phrase("certainty.change_papi_total_provinces_result", span=span, count=count)
    alone = int(changes["beyond"].sum())
    note = ctx.phrase(
        "certainty.errors_assumed_2019_solid_colour", count=count, percent=_percent(first, ctx), alone=alone
    )
    numbers = []
    if len(own):
        row = own.iloc[0]
        limit = ctx.number(row["limit"], 2)
        places = (
            f"{ctx.number(row['rank_change_low'], 0, sign=True)}–{ctx.number(row['rank_change_high'], 0, sign=True)}"
        )
        numbers += [
            ctx.phrase("certainty.change_below_points_may_sampling", province=ctx.name, limit=limit),
            ctx.phrase("certainty.true_places_gained_lie_within", places=places),
        ]
    ends = [ctx.number(changes["change"].iloc[place], 2, sign=True) for place in (-1, 0)]
    numbers.append(ctx.phrase("certainty.points", first_ends=ends[0], second_ends=ends[1]))
    kind = ctx.phrase("certainty.dot_plot_changes_all_provinces")
    return Caption(
        title, subtitle, note, kind, tuple(numbers), (Claim(title.partition(";")[0], passing), Claim(title, mine))
    )


def rank_interval_years(history: pd.DataFrame, ctx: Context) -> Caption:
    """Rank and set of the province over the editions of one method; what is assumed is said."""
    held = history[history["rank"].notna()] if len(history) else history
    if held.empty:
        raise _no_errors(ctx)
    own = held.loc[held["edition_year"].idxmax()]
    year, low, high = int(own["edition_year"]), int(own["rank_low"]), int(own["rank_high"])
    standing, assumed = rank_of(own["rank"], own["n_ranked"]), own["assumption"] in ASSUMPTIONS

    def newest(frame: pd.DataFrame) -> bool:
        rows = list(_read(frame, "edition_year", "rank", "rank_low", "rank_high", "n_ranked", "assumption"))
        last, rank, better, worse, count, basis = max((row for row in rows if pd.notna(row[1])), key=lambda row: row[0])
        inside = 1 <= better <= rank <= worse <= count
        return (last, better, worse, rank_of(rank, count)) == (year, low, high, standing) and (
            inside and (basis != "published") == assumed
        )

    def said(frame: pd.DataFrame) -> bool:
        """Published errors are those of 2019 and no other edition's."""
        return frame["assumption"].eq("published").equals(frame["edition_year"].eq(2019))

    title = (
        ctx.phrase(
            "certainty.papi_rank_assuming_errors_2019",
            year=year,
            standing=standing,
            province=ctx.name,
            may_be=_may_be(low, high, ctx),
        )
        if assumed
        else ctx.phrase(
            "certainty.papi_rank_confidence_2",
            year=year,
            standing=standing,
            province=ctx.name,
            may_be=_may_be(low, high, ctx),
            percent=_percent(own, ctx),
        )
    )
    subtitle = ctx.phrase("certainty.papi_rank_confidence_set_2019", years=_years(history), percent=_percent(own, ctx))
    first, last = int(history["edition_year"].min()), int(history["edition_year"].max())
    note = ctx.phrase("certainty.assumed_each_province_has_standard", percent=_percent(own, ctx), method=METHOD)
    cautions = _break_notes(["papi_total"], first, last, ctx)
    sets = {
        int(
            row["edition_year"]
        ): f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['rank_low'])}–{int(row['rank_high'])})"
        for _, row in held.iterrows()
    }
    telling = 2019 if 2019 in sets and year != 2019 else min(sets)
    told = sets.pop(telling)
    numbers = [ctx.phrase("certainty.rank_2", telling=telling, told=told)]
    if sets:
        listed = "; ".join(f"{edition}: {text}" for edition, text in sets.items())
        numbers.append(ctx.phrase("certainty.other_years", listed=listed))
    kind = ctx.phrase("certainty.chart_sets_ranks_over_years")
    claims = (
        Claim(title, newest),
        Claim(ctx.phrase("certainty.2019_alone_has_published_errors"), said),
        _about(ctx),
    )
    return Caption(title, subtitle, f"{note} {cautions}".strip(), kind, tuple(numbers), claims)


def position_sensitivity(ways: pd.DataFrame, ctx: Context) -> Caption:
    """In how many other ways of adding up the province stays in its group."""
    if ways.empty:
        raise _nothing(
            ctx,
            *bilingual("certainty.scores_papi_s_dimensions_needed", province=ctx.name),
        )
    by_way = ways.set_index("alternative")
    year = int(ways["edition_year"].iloc[0])
    published, random = by_way.loc["published"], by_way.loc["random_weights"]
    others = ways[~ways["alternative"].isin(["published", "random_weights"])]
    stays, group, tried = int(others["stays"].sum()), published["group"], len(others)
    share = percent(random["share_stays"], 1, ctx.language)

    def counted(frame: pd.DataFrame) -> bool:
        """Groups by places, where the frame has them by scores."""
        position = 100 * (frame["n_ranked"] - frame["rank"]) / (frame["n_ranked"] - 1)
        found = position_groups(position.astype(float))
        first = found[frame["alternative"] == "published"].item()
        rest = found[~frame["alternative"].isin(["published", "random_weights"])]
        return (
            first == group
            and int((rest == first).sum()) == stays
            and len(rest) == tried
            and frame["edition_year"].eq(year).all()
            and percent(frame.loc[frame["alternative"] == "random_weights", "share_stays"].item(), 1, ctx.language)
            == share
        )

    title = ctx.phrase(
        "certainty.papi_keeps_group_ways_random", year=year, province=ctx.name, stays=stays, tried=tried, share=share
    )
    subtitle = ctx.phrase(
        "certainty.papi_rank_if_dimensions_added", year=year, province=ctx.name, n_ranked=int(published["n_ranked"])
    )
    drawn = ctx.number(DRAWS, 0)
    span = f"{int(random['rank_low'])}–{int(random['rank_high'])}"
    note = ctx.phrase("certainty.groups_quartile_papi_s_rule", drawn=drawn, share=share, span=span)
    withheld = _withheld_note("papi", year, ctx)
    low, high = others.loc[others["rank"].idxmin()], others.loc[others["rank"].idxmax()]
    numbers = (
        ctx.phrase("certainty.group_published_random_weights_rank", group_name=_group_name(group, ctx), span=span),
        ctx.phrase(
            "certainty.rank_published_total_fixed_ways",
            rank_of=rank_of(published["rank"], published["n_ranked"]),
            rank_of_2=rank_of(low["rank"], low["n_ranked"]),
            lower_first=lower_first(way_name(low, ctx)),
            rank_of_3=rank_of(high["rank"], high["n_ranked"]),
            lower_first_2=lower_first(way_name(high, ctx)),
        ),
    )
    kind = ctx.phrase("certainty.dot_chart_ranks_way_adding")
    return Caption(title, subtitle, f"{note} {withheld}".strip(), kind, numbers, (Claim(title, counted), _about(ctx)))


def way_name(row: pd.Series, ctx: Context) -> str:
    """One way of adding up, as charts and captions call it."""
    if row["alternative"] == "drop":
        part = catalogue().component(row["dropped"], int(row["edition_year"]))
        return ctx.phrase("certainty.without", component_name=(component_name(part, "vi"), component_name(part, "en")))
    return {
        "published": ctx.phrase("certainty.published_plain_sum"),
        "weighted": ctx.phrase("certainty.papi_s_own_weighted_total"),
        "geometric_mean": ctx.phrase("certainty.geometric_mean"),
        "min_max": ctx.phrase("certainty.min_max_scaling"),
        "z_scores": ctx.phrase("certainty.z_scores"),
        "mean_rank": ctx.phrase("certainty.mean_ranks"),
        "random_weights": ctx.phrase("certainty.random_weights"),
    }[row["alternative"]]
