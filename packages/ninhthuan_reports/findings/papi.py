"""Findings about PAPI's dimensions and sub-dimensions."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import rounded
from ninhthuan.words import bilingual

from ..wording import Context, component_name, lower_first, province_name, rank_of, sentence
from .captions import (
    Caption,
    Claim,
    _about,
    _apart,
    _break_notes,
    _directions,
    _error_note,
    _group_by,
    _names,
    _nothing,
    _own,
    _read,
    _rows,
    _unrounded_note,
    _withheld_note,
    _years,
    within_error,
)
from .indices import _published


def group_heat(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many dimensions are in the high group, and the weakest."""
    held = history[history["group_derived"].notna()]
    if held.empty:
        raise _nothing(ctx, *bilingual("papi.papi_has_no_result", province=ctx.name))
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    high = now[now["group_derived"] == "high"]
    rest = now[now["group_derived"] != "high"].sort_values("rank", ascending=False)
    published = _published(now, ctx)
    title = ctx.phrase(
        "papi.papi_dimensions_high_group",
        year=year,
        n_high=len(high),
        n_now=len(now),
        published=published,
        province=ctx.name,
    )
    counts_of = len(high), len(now)

    def grouped(frame: pd.DataFrame) -> dict[str, tuple[str, float]]:
        """Groups and ranks of the newest edition; the groups drawn are those that the scores give."""
        rows = frame[frame["group_derived"].notna()]
        rows = rows[rows["edition_year"] == rows["edition_year"].max()]
        found = {}
        columns = ("component_id", "edition_year", "group_derived", "rank", "score")
        for part, edition, drawn, rank, score, *cuts in _read(
            rows, *columns, "upper_quartile", "median", "lower_quartile"
        ):
            if edition != year or _group_by(score, cuts) != drawn:
                raise ValueError(part)
            found[part] = drawn, rank
        return found

    def counted(frame: pd.DataFrame) -> bool:
        groups = [group for group, _ in grouped(frame).values()]
        return (groups.count("high"), len(groups)) == counts_of

    claims = [
        _about(ctx),
        Claim(title, counted),
    ]
    if len(rest):
        last = rest.iloc[0]
        weakest, weak_group = last["component_id"], last["group_derived"]
        claims.append(
            Claim(
                ctx.phrase("papi.weakest", names=_names([weakest], ctx)),
                lambda frame: (
                    (found := grouped(frame))[weakest] == (weak_group, max(r for g, r in found.values() if g != "high"))
                ),
            )
        )
        title += ctx.phrase("papi.weakest_2", names=_names([weakest], ctx))
    whole = sum(boundary == ctx.province.boundary for boundary, _ in catalogue().provinces)
    whole = min(whole, 63)  # one was joined to another in 2008, before PAPI
    counts = history[history["n_ranked"].notna()].groupby("edition_year")["n_ranked"].agg(["min", "max"])
    varied = "; ".join(
        f"{year_}: {int(row['min'])}" if row["min"] == row["max"] else f"{year_}: {int(row['min'])}–{int(row['max'])}"
        for year_, row in counts.iterrows()
        if row["min"] < whole
    )
    subtitle = ctx.phrase("papi.rank_papi_dimension_colour_group", province=ctx.name, years=_years(history))
    notes = [ctx.phrase("papi.groups_quartile_provinces_result_papi")]
    if varied:
        notes.append(ctx.phrase("papi.years_fewer_than_provinces", whole=whole, varied=varied))
    notes.append(ctx.phrase("papi.white_gaps_between_columns_method"))
    note = " ".join(notes)
    return Caption(
        title,
        subtitle,
        note,
        ctx.phrase("papi.heat_table_ranks_dimension_year"),
        _rank_ends(now, ctx),
        tuple(claims),
    )


def dimension_atlas(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Rank of the province in a dimension, and its best and weakest part."""
    held = cells[cells["rank"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("papi.dimension_has_no_papi_result"),
        )
    year = int(cells["edition_year"].iloc[0])
    whole = next(
        row for row in cells.itertuples() if catalogue().component(row.component_id, year).level == "dimension"
    )
    dimension = whole.component_id
    name = component_name(catalogue().component(dimension, year), ctx.language)
    own = _own(held, ctx).set_index("component_id")
    parts = own.drop(index=dimension, errors="ignore").sort_values("rank")
    claims = []
    if dimension in own.index:
        placed = rank_of(own.at[dimension, "rank"], own.at[dimension, "n_ranked"])

        def ranks(frame: pd.DataFrame) -> bool:
            # by scores, where the title went by ranks
            rows = frame[(frame["component_id"] == dimension) & frame["score"].notna()]
            mine = _own(rows, ctx)["score"].item()
            drawn = _own(frame[frame["component_id"] == dimension], ctx)["rank"].item()
            place = int((rows["score"] > mine).sum()) + 1
            return rank_of(place, len(rows)) == rank_of(drawn, len(rows)) == placed

        title = ctx.phrase("papi.papi_ranks", year=year, name=name, province=ctx.name, placed=placed)
        claims.append(Claim(title, ranks))
    else:
        with_result = int((held["component_id"] == dimension).sum())

        def withheld(frame: pd.DataFrame) -> bool:
            rows = frame[frame["component_id"] == dimension]
            return bool(_own(rows, ctx)["score"].isna().all()) and int(rows["score"].notna().sum()) == with_result

        title = ctx.phrase(
            "papi.papi_result_not_published_provinces", year=year, name=name, province=ctx.name, with_result=with_result
        )
        claims.append(Claim(title, withheld))
    if len(parts) > 1 and parts["rank"].iloc[0] < parts["rank"].iloc[-1]:
        best, worst = ((row.Index, int(row.rank)) for row in (next(parts.itertuples()), list(parts.itertuples())[-1]))

        def ends(frame: pd.DataFrame) -> bool:
            places = {}
            for part, rows in frame[frame["component_id"] != dimension].groupby("component_id"):
                mine = _own(rows, ctx)["score"].item()
                places[part] = int((rows["score"] > mine).sum()) + 1 if pd.notna(mine) else None
            known = {part: place for part, place in places.items() if place is not None}
            return (
                known[best[0]] == min(known.values()) == best[1] and known[worst[0]] == max(known.values()) == worst[1]
            )

        (up, high), (down, low) = ((catalogue().component(part, year).number, rank) for part, rank in (best, worst))
        more = ctx.phrase("papi.best_rank_lowest_rank", up=up, high=high, down=down, low=low)
        title += f"; {more}"
        claims.append(Claim(ctx.phrase("papi.is", province=ctx.name, more=more), ends))
    count = cells["province_code"].nunique()
    subtitle = ctx.phrase("papi.ranks_provinces_dimension_sub_dimensions", count=count)
    numbered = "; ".join(
        component_name(part, ctx.language, short=False) for part in catalogue().parts_of(dimension, year)
    )
    notes = [
        f"{numbered}." if numbered else "",
        ctx.phrase("papi.groups_quartile_provinces_result_papi"),
    ]
    leaders = held[(held["component_id"] == dimension) & (held["rank"] <= 3)].sort_values(["rank", "province_code"])
    named = [province_name(row.province_code, row.boundary, ctx.language) for row in leaders.itertuples()]
    numbers = (
        ctx.phrase("papi.top", listing=(listing(named, "vi"), listing(named, "en"))),
        ctx.phrase("papi.provinces_result", sum=int((held["component_id"] == dimension).sum())),
    )
    kind = ctx.phrase("papi.heat_table_ranks_province_sub")
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, tuple(claims))


def _rank_ends(now: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The best and the lowest rank among the dimensions of one edition."""
    ends = [
        f"{_names([row['component_id']], ctx)} ({rank_of(row['rank'], row['n_ranked'])})"
        for row in (now.loc[pick(now["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ]
    return (
        ctx.phrase(
            "papi.best_rank_lowest", first_iloc=now["edition_year"].iloc[0], first_ends=ends[0], second_ends=ends[1]
        ),
    )


def dimension_profile(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions above the median and at the threshold; how many rose and fell."""
    if pairs.empty:
        raise _nothing(
            ctx,
            *bilingual("papi.has_no_two_editions_papi", province=ctx.name),
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    above, quarter = (
        int((pairs["score"] > pairs["median"]).sum()),
        int((pairs["score"] >= pairs["upper_quartile"]).sum()),
    )
    rose, fell, still = _directions(pairs["change"])
    count, idle = len(pairs), ctx.phrase("papi.hardly_moved", still=still) * bool(still)
    moved = ctx.phrase("papi.dimensions_rose_fell", rose=rose, fell=fell, idle=idle, before=before)
    title = ctx.phrase(
        "papi.papi_dimensions_above_median_high",
        year=year,
        province=ctx.name,
        above=above,
        count=count,
        quarter=quarter,
    )

    def stands(frame: pd.DataFrame) -> bool:
        rows = _read(frame[frame["edition_year"] == year], "score", "median", "upper_quartile")
        over, high = sum(_apart(s, m) > 0 for s, m, _ in rows), sum(_apart(s, q) >= 0 for s, _, q in rows)
        return (over, high, len(rows), len(frame)) == (above, quarter, count, count)

    def moves(frame: pd.DataFrame) -> bool:
        exact = [_apart(*pair) for pair in _read(frame, "score", "previous_score")]
        same = frame["previous_edition"].eq(before).all() and _directions(frame["change"]) == _directions(exact)
        return same and _directions(exact) == (rose, fell, still)

    claims = (
        _about(ctx),
        Claim(
            ctx.phrase("papi.dimensions_above_median_reach_high", above=above, count=count, quarter=quarter),
            stands,
        ),
        Claim(
            moved,
            moves,
        ),
    )
    subtitle = ctx.phrase("papi.papi_dimension_scores_scale_1", province=ctx.name, before=before, year=year)
    note = ctx.phrase("papi.range_median_threshold_over_provinces", year=year, unrounded_note=_unrounded_note(ctx))
    cautions = _break_notes([*pairs["component_id"], "papi_total"], before, year, ctx)
    note = f"{note} {_error_note(ctx)}"
    return Caption(
        title,
        subtitle,
        f"{note} {cautions}".strip(),
        ctx.phrase("papi.dot_plot_dimension"),
        (*_courses(pairs, ctx), moved),
        claims,
    )


def _grey(pairs: pd.DataFrame) -> pd.Series:
    """Which rows of a frame of two editions were not measured alike, or moved with the whole country."""
    marked = [
        bool(catalogue().marks(part, int(before), int(year)))
        for part, before, year in _read(pairs, "component_id", "previous_edition", "edition_year")
    ]
    return pd.Series(marked, index=pairs.index, dtype=bool)


def _alike(pairs: pd.DataFrame) -> pd.DataFrame:
    """Rows of a frame of two editions whose measure is the same: a step of the whole country is not the province's."""
    grey = _grey(pairs)
    return pairs if grey.all() else pairs[~grey]


def _courses(pairs: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The largest rise and the largest fall among the same measures in two editions, from where to where."""
    texts, pairs = [], _alike(pairs)
    for row in (pairs.loc[pairs["change"].idxmax()], pairs.loc[pairs["change"].idxmin()]):
        name = _names([row["component_id"]], ctx, int(row["edition_year"]))
        ends = [ctx.number(row[column], 2) for column in ("previous_score", "score")]
        up = row["change"] > 0
        texts.append(
            ctx.phrase(
                ("papi.rose_points" if up else "papi.fell_points"), name=name, first_ends=ends[0], second_ends=ends[1]
            )
        )
    return tuple(sentence(text) for text in dict.fromkeys(texts))


def contributions(parts: pd.DataFrame, ctx: Context) -> Caption:
    """Change of the total, and the share of the gross change that one dimension makes."""
    if parts.empty:
        raise _nothing(
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
    name = _names([top["component_id"]], ctx)
    size = ctx.number(abs(change), 2)
    own, moved = ctx.number(top["contribution"], 2, sign=True), ctx.number(change, 2, sign=True)
    quiet = within_error(change, "papi_total", (before, year), ctx)
    said = moved + f", {quiet}" * bool(quiet)
    way = ctx.phrase("papi.largest_part" if parts["same_component"].all() else "papi.largest_part_but_grey")
    title = ctx.phrase("papi.papi_largest", year=year, province=ctx.name, said=said, way=way, name=name, own=own)
    rose, fell, still = _directions(parts["contribution"])
    most = top["component_id"]

    def exact(frame: pd.DataFrame) -> dict[str, Decimal]:
        return {part: _apart(*pair) for part, *pair in _read(frame, "component_id", "score_to", "score_from")}

    def adds_up(frame: pd.DataFrame) -> bool:
        found = exact(frame)
        drawn = dict(zip(frame["component_id"], frame["contribution"], strict=True))
        same = all(abs(float(size_) - drawn[part]) < 1e-9 for part, size_ in found.items())
        whole = _apart(frame.attrs["total_to"], frame.attrs["total_from"])
        # totals are published with one decimal less than their parts
        return same and abs(sum(found.values()) - whole) <= Decimal("0.0001")

    def moves(frame: pd.DataFrame) -> bool:
        years = frame.attrs["year_from"], frame.attrs["year_to"]
        whole = _apart(frame.attrs["total_to"], frame.attrs["total_from"])
        alike = within_error(float(whole), "papi_total", years, ctx) == quiet
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
        claims.append(Claim(title, lambda frame: _directions(exact(frame).values()) == (rose, fell, still)))
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
        other = f"{_names([across['component_id']], ctx)} ({ctx.number(across['contribution'], 2, sign=True)})"
        numbers.append(ctx.phrase(("papi.rose_most" if falling else "papi.fell_most"), other=other))
    cautions = _break_notes([*parts["component_id"], "papi_total"], before, year, ctx)
    grey = "" if parts["same_component"].all() else ctx.phrase("papi.grey_not_alike")
    note = " ".join(filter(None, [note, _unrounded_note(ctx), _error_note(ctx), cautions, grey]))
    return Caption(title, subtitle, note, ctx.phrase("papi.waterfall_chart"), tuple(numbers), tuple(claims))


def component_changes(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Largest fall and largest rise."""
    if pairs.empty:
        raise _nothing(
            ctx,
            *bilingual("papi.has_no_papi_sub_dimensions", province=ctx.name),
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    alike = _alike(pairs)
    low, high = alike.loc[alike["change"].idxmin()], alike.loc[alike["change"].idxmax()]
    rose, fell, still = _directions(pairs["change"])
    most, falling = (low, True) if -low["change"] >= high["change"] else (high, False)
    known = catalogue()

    def named(row) -> str:
        component = known.component(row["component_id"], year)
        name = lower_first(component_name(component, ctx.language, numbered=False))
        return f"{name} ({component.number}; {ctx.number(row['change'], 2, sign=True)})"

    counted = (
        ctx.phrase("papi.sub_dimensions_rose_fell_hardly", rose=rose, fell=fell, still=still)
        if bool(still)
        else ctx.phrase("papi.sub_dimensions_rose_fell", rose=rose, fell=fell)
    )
    # grey in the picture
    key = "papi.papi_most_changed_but_grey" if len(alike) < len(pairs) else "papi.papi_most_changed"
    title = ctx.phrase(key, year=year, province=ctx.name, named=named(most))
    part, size = most["component_id"], ctx.number(most["change"], 2, sign=True)

    def exact(frame: pd.DataFrame) -> dict[str, Decimal]:
        now = frame[frame["edition_year"].eq(year) & frame["previous_edition"].eq(before)]
        return {part: _apart(*pair) for part, *pair in _read(now, "component_id", "score", "previous_score")}

    def leads(frame: pd.DataFrame) -> bool:
        found, drawn = exact(frame), frame.loc[frame["component_id"] == part, "change"].item()
        prints = ctx.number(found[part], 2, sign=True) == ctx.number(drawn, 2, sign=True) == size
        steps = [b for b in known.breaks if before < b.edition_year <= year]
        own_steps = {b.component_id for b in steps}
        of_all = {b.component_id for b in steps if b.severity != "suspected"}
        own = {n: c for n, c in found.items() if n not in own_steps and n.rpartition("_")[0] not in of_all} or found
        return prints and max(own.values(), key=abs) == found[part] and (found[part] < 0) == falling

    claims = (
        _about(ctx),
        Claim(
            counted,
            lambda frame: _directions(exact(frame).values()) == _directions(frame["change"]) == (rose, fell, still),
        ),
        Claim(ctx.phrase("papi.largest_change", named=named(most)), leads),
    )
    other = high if falling else low
    numbers = [ctx.phrase(("papi.largest_rise" if falling else "papi.largest_fall"), named=named(other))] * bool(
        (other["change"] > 0) == falling
    )
    numbers.append(ctx.phrase("papi.from_to", year=year, before=before, counted=counted))
    subtitle = ctx.phrase("papi.change_papi_sub_dimension_scores", province=ctx.name, before=before, year=year)
    note = ctx.phrase("papi.scale_0_25_2_5")
    steps = _break_notes(pairs["component_id"], before, year, ctx)
    grey = ctx.phrase("papi.grey_not_alike") if _grey(pairs).any() else ""
    note = " ".join(filter(None, [note, _unrounded_note(ctx), steps, grey]))
    return Caption(title, subtitle, note, ctx.phrase("papi.horizontal_bars"), tuple(numbers), claims)


def dimension_scores(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Total and its change, and the dimensions of the best and the lowest rank."""
    if rows.empty:
        raise _nothing(ctx, *bilingual("papi.has_no_papi_total_any", province=ctx.name))
    total, parts = rows[rows["component_id"] == "papi_total"].iloc[0], rows[rows["component_id"] != "papi_total"]
    year, score = int(total["edition_year"]), ctx.number(total["score"], 2)
    claims = [
        _about(ctx),
        Claim(
            ctx.phrase("papi.papi_total_2", year=year, score=score),
            lambda frame: (
                (row := frame[frame["component_id"] == "papi_total"].iloc[-1])["edition_year"] == year
                and ctx.number(row["score"], 2) == score
            ),
        ),
        Claim(
            ctx.phrase("papi.dimensions_add_up_total"),
            lambda frame: (
                abs(
                    sum(rounded(s, 9) for s in frame.loc[frame["component_id"] != "papi_total", "score"])
                    - rounded(frame.loc[frame["component_id"] == "papi_total", "score"].item(), 9)
                )
                <= Decimal("0.001")
            ),
        ),
    ]
    title = ctx.phrase("papi.papi_points", year=year, province=ctx.name, score=score)
    years = [str(edition) for edition in (total["previous_edition"], year) if pd.notna(edition)]
    years = listing(years, ctx.language)
    if pd.notna(total["change"]):
        before, falling = int(total["previous_edition"]), total["change"] < 0
        size = ctx.number(abs(total["change"]), 2)
        moved = ctx.phrase("papi.from", change=ctx.number(total["change"], 2, sign=True), before=before)
        quiet = within_error(total["change"], "papi_total", (before, year), ctx)
        moved += f", {quiet}" * bool(quiet)
        title += f", {moved}"

        def moves(frame: pd.DataFrame) -> bool:
            row = frame[frame["component_id"] == "papi_total"].iloc[-1]
            exact = _apart(row["score"], row["previous_score"])
            drawn = {ctx.number(change, 2, sign=True) for change in (exact, row["change"])}
            same = row["previous_edition"] == before and ctx.number(abs(exact), 2) == size
            return same and len(drawn) == 1 and (exact < 0) == falling

        claims.append(Claim(ctx.phrase("papi.total_3", moved=moved), moves))
    ranked = parts[parts["rank"].notna()]
    if len(ranked):
        best, worst = (ranked.loc[pick(ranked["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
        names = [_names([row["component_id"]], ctx, year) for row in (best, worst)]
        placed = {row["component_id"]: rank_of(row["rank"], row["n_ranked"]) for row in (best, worst)}
        ends = [f"{name} ({told})" for name, told in zip(names, placed.values(), strict=False)]
        extremes = ctx.phrase("papi.best_rank_lowest_2", first_ends=ends[0], last_ends=ends[-1])
        first, last = best["component_id"], worst["component_id"]

        def stand(frame: pd.DataFrame) -> bool:
            held = frame[(frame["component_id"] != "papi_total") & frame["rank"].notna()]
            drawn = {part: ranked for part, *ranked in _read(held, "component_id", "rank", "n_ranked")}
            ends = min(rank for rank, _ in drawn.values()), max(rank for rank, _ in drawn.values())
            same = {part: rank_of(*drawn[part]) for part in placed} == placed
            return same and (drawn[first][0], drawn[last][0]) == ends

        claims.append(Claim(sentence(extremes), stand))
    subtitle = ctx.phrase("papi.papi_dimension_scores_scale_1_2", province=ctx.name, years=years)
    notes = [ctx.phrase("papi.groups_quartile_provinces_result_ranks")]
    if rows["change"].notna().any():
        notes.append(_unrounded_note(ctx))
    if rows["crosses"].ne("").any():
        notes.append(ctx.phrase("papi.two_editions_differ_method"))
    if (rows["previous_score"].isna()).any():
        notes.append(ctx.phrase("papi.no_edition_before_compare"))
    notes += [_withheld_note("papi", year, ctx), _error_note(ctx)]
    rose, fell, still = _directions(parts["change"].dropna())
    numbers = [sentence(extremes)] if len(ranked) else []
    if rose + fell + still:
        numbers.append(
            ctx.phrase("papi.dimensions_rose_fell_hardly_moved", rose=rose, fell=fell, still=still)
            if bool(still)
            else ctx.phrase("papi.dimensions_rose_fell_2", rose=rose, fell=fell)
        )
    if pd.notna(total["rank"]):
        numbers.append(ctx.phrase("papi.rank_total") + rank_of(total["rank"], total["n_ranked"]))
    kind = _rows(len(rows), *bilingual("papi.one_each_dimension_total_last"), ctx)
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, tuple(numbers), tuple(claims))
