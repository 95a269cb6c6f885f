"""Findings about the five indices over their editions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.words import bilingual

from ..wording import (
    Context,
    component_name,
    decimals_held,
    index_name,
    places,
    published_when,
    rank_of,
    score_of,
    sentence,
    standing,
)
from .captions import (
    Caption,
    Claim,
    _about,
    _apart,
    _break_notes,
    _decimals,
    _error_note,
    _names,
    _newest,
    _nothing,
    _read,
    _rows,
    _subject,
    _unit,
    _unrounded_note,
    _withheld_note,
    _years,
    within_error,
)

CURRENT = 2  # editions so many years older than the newest and more are not counted with it
PLACED = ("index_id", "edition_year", "rank", "n_ranked", "rank_basis")


def overview_years(history: pd.DataFrame) -> tuple[int, int]:
    """Editions that the overview shows: from 2011, or from as early as the newest rank of each index needs."""
    held = history[history["percentile_position"].notna()]
    first = min([2011, *held.groupby("index_id")["edition_year"].max()])
    return max(first, int(history["edition_year"].min())), int(history["edition_year"].max())


def position_panels(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many indices stand in the upper half, and the best of them."""
    held = history[history["percentile_position"].notna()].sort_values("edition_year")
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("indices.no_rank_held_any_five", province=ctx.name),
        )
    every = held.groupby("index_id").tail(1)
    since = int(every["edition_year"].max()) - CURRENT + 1
    latest, older = every[every["edition_year"] >= since], every[every["edition_year"] < since]
    years = _years(latest)
    upper = int((latest["percentile_position"] >= 50).sum())
    best_text = _highest(_read(latest, *PLACED), ctx)
    first, last = overview_years(history)
    span = str(last) if first == last else f"{first}–{last}"
    if len(latest) == 1:
        title = ctx.phrase(
            ("indices.ranked_one_index_only_upper" if upper else "indices.ranked_one_index_only_not"),
            province=ctx.name,
            best_text=best_text,
        )
    else:
        title = ctx.phrase(
            "indices.upper_half_indices_highest",
            province=ctx.name,
            years=years,
            upper=upper,
            n_latest=len(latest),
            best_text=best_text,
        )
    subtitle = ctx.phrase(
        (
            "indices.place_among_provinces_ranked_editions"
            if first < last
            else "indices.place_among_provinces_ranked_edition"
        ),
        span=span,
    )
    note = ctx.phrase("indices.axis_share_provinces_stand_higher")
    if len(older):
        listed = _listed(_read(older, *PLACED), ctx)
        note += ctx.phrase("indices.older_not_counted", listed=listed)
    if "papi" in set(every["index_id"]):
        note += ctx.phrase("indices.papi_ranks_worked_out_scores")
    if "implied" in set(history["rank_basis"]):
        note += f" {_implied_note(ctx)}"
    count = len(latest)

    def newest(frame: pd.DataFrame) -> list[tuple]:
        held = frame[frame["rank"].notna() & frame["n_ranked"].notna()]
        # in order of the editions, so that the newest of each index is kept
        rows = sorted(_read(held, *PLACED, "percentile_position"), key=lambda row: row[1])
        return [row for row in {row[0]: row for row in rows}.values() if row[1] >= since]

    def halves(frame: pd.DataFrame) -> bool:
        # by the ranks printed and by the places drawn
        found = [(2 * (rank - 1) <= n - 1, place >= 50) for _, _, rank, n, _, place in newest(frame)]
        return len(found) == count and all(sum(way) == upper for way in zip(*found, strict=True))

    def highest(frame: pd.DataFrame) -> bool:
        # by the places drawn, where the title goes by the ranks printed
        rows = newest(frame)
        top = max(place for *_, place in rows)
        return best_text == _listed([row[:-1] for row in rows if abs(row[-1] - top) < 1e-9], ctx)

    claims = (
        _about(ctx),
        Claim(
            ctx.phrase("indices.indices_upper_half", upper=upper, count=count),
            halves,
        ),
        Claim(ctx.phrase("indices.highest_place", best_text=best_text), highest),
    )
    kind = ctx.phrase("indices.small_line_charts_places_one")
    return Caption(title, subtitle, note, kind, (_newest_ranks(every, ctx),), claims)


def _highest(rows: list[tuple], ctx: Context) -> str:
    """The index on which a province stands highest among those ranked; all of them where several stand level."""

    def above(row: tuple) -> Fraction:
        # the share of the others that stand above; one of one has nobody above it
        return Fraction(int(row[2] - 1), max(int(row[3]) - 1, 1))

    least = min(map(above, rows))
    return _listed([row for row in rows if above(row) == least], ctx)


def _listed(rows: list[tuple], ctx: Context) -> str:
    """`PAPI 2023 (6/61) and DTI 2022 (10/63)`, in official order."""
    in_order = sorted(rows, key=lambda row: list(catalogue().indices).index(row[0]))
    said = [
        f"{index_name(index_id)} {int(year)} ({rank_of(*placed, ctx.language)})" for index_id, year, *placed in in_order
    ]
    return listing(said, ctx.language)


def _newest_ranks(rows: pd.DataFrame, ctx: Context) -> str:
    listed = _listed(_read(rows[rows["rank"].notna()], *PLACED), ctx)
    return ctx.phrase("indices.newest_ranks", listed=listed)


def _latest_change(history: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series | None]:
    held = history[history[column].notna()].sort_values("edition_year")
    return held.iloc[-1], held.iloc[-2] if len(held) > 1 else None


def _implied_note(ctx: Context) -> str:
    return ctx.phrase("indices.worked_back_change_source_states")


def rank_trend(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest rank, and the places gained or lost."""
    held = history[history["rank"].notna()]
    index_id = history["index_id"].iloc[0] if len(history) else ""
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("indices.no_rank_index_held", province=ctx.name),
        )
    now, before = _latest_change(history, "rank")
    name, year, placed = _subject(now, ctx), int(now["edition_year"]), standing(now, ctx.language)
    claims = [
        _about(ctx),
        Claim(
            ctx.phrase("indices.newest_rank", name=name, year=year, placed=placed),
            lambda frame: (
                (row := _newest(frame, "rank"))["edition_year"] == year
                and _subject(row, ctx) == name
                and standing(row, ctx.language) == placed
            ),
        ),
    ]
    title = ctx.phrase("indices.ranks", name=name, year=year, province=ctx.name, placed=placed)
    quiet = ""
    if before is not None and catalogue().ranks_comparable(now["component_id"], int(before["edition_year"]), year):
        moved, year_before = places(before["rank"] - now["rank"], ctx.language), int(before["edition_year"])
        linked = "from" if before["rank"] != now["rank"] else "as in"
        crossed = bool(catalogue().breaks_between(now["component_id"], year_before, year, "break"))
        quiet = within_error(now["score"] - before["score"], now["component_id"], (year_before, year), ctx)
        was = standing(before, ctx.language)
        title += (
            ctx.phrase("indices.in", year_before=year_before, was=was, quiet=quiet)
            if quiet
            else ctx.phrase("indices.shown", moved=moved, year_before=year_before, linked=linked)
        )
        if not quiet and catalogue().marks(now["component_id"], year_before, year):
            title += ctx.phrase("indices.compare_care")

        def moves(frame: pd.DataFrame) -> bool:
            later, earlier = _newest(frame, "rank"), _newest(frame[frame["edition_year"] < year], "rank")
            same = earlier["edition_year"] == year_before and (later["segment"] != earlier["segment"]) == crossed
            same &= standing(earlier, ctx.language) == was
            size = float(_apart(later["score"], earlier["score"])) if quiet else 0.0
            still = within_error(size, later["component_id"], (year_before, year), ctx) == quiet or not quiet
            return same and still and places(earlier["rank"] - later["rank"], ctx.language) == moved

        claims.append(Claim(ctx.phrase("indices.rank_2", moved=moved, year_before=year_before, linked=linked), moves))
    subtitle = ctx.phrase("indices.rank_among_provinces_ranked_1", name=name, province=ctx.name, years=_years(history))
    bases = set(held["rank_basis"])
    notes = []
    kinds = {
        "published": ctx.phrase("indices.solid_dots_ranks_source_states"),
        "derived": ctx.phrase("indices.open_dots_ranks_worked_out"),
    }
    notes.append(sentence("; ".join(said for basis, said in kinds.items() if basis in bases)))
    notes[-1] += "." * bool(notes[-1])
    if "implied" in bases:
        notes.append(ctx.phrase("indices.open_dots"))
    notes.append(ctx.phrase("indices.each_band_quarter_provinces"))
    if ctx.province.province_code == "58":
        notes.append(ctx.phrase("indices.triangles_day_issue_resolutions_res"))
    notes.append(_withheld_note(index_id, int(now["edition_year"]), ctx))
    if quiet:
        notes.append(_error_note(ctx))
    notes.append(
        _break_notes([now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx)
    )
    note = " ".join(filter(None, notes))
    best, worst = (held.loc[pick(held["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ends = [f"{standing(row)} ({row['edition_year']})" for row in (best, worst)]
    numbers = (
        ctx.phrase("indices.editions_rank_best_lowest", n_held=len(held), first_ends=ends[0], second_ends=ends[1])
        if len(held) > 1
        else ctx.phrase("indices.one_edition_has_rank_so"),
    )
    kind = ctx.phrase("indices.line_chart_ranks")
    return Caption(title, subtitle, note.strip(), kind, numbers, tuple(claims))


def score_range(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest score, and its distance from the median or the stated mean."""
    held = history[history["score"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("indices.no_score_index_held", province=ctx.name),
        )
    now, _ = _latest_change(history, "score")
    name, unit = _subject(now, ctx), now["unit"]
    year, decimals = int(now["edition_year"]), _decimals(unit)
    decimals_apart = decimals_held(decimals, now)
    score = score_of(now["score"], now, decimals, ctx.language, unit=_unit(ctx, unit), said=True)
    claims = [
        _about(ctx),
        Claim(
            ctx.phrase("indices.newest_score", name=name, year=year, score=score),
            lambda frame: (
                (row := _newest(frame, "score"))["edition_year"] == year
                and _subject(row, ctx) == name
                and score_of(row["score"], row, decimals, ctx.language, unit=_unit(ctx, row["unit"]), said=True)
                == score
            ),
        ),
    ]
    title = ctx.phrase("indices.scores", name=name, edition_year=now["edition_year"], province=ctx.name, score=score)
    if now["complete"] and pd.notna(now["median"]):
        against, what = "median", bilingual("indices.national_median")
    elif pd.notna(now["national_mean"]):
        against, what = "national_mean", bilingual("indices.national_mean")
    else:
        against = ""
    if against:
        gap = now["score"] - now[against]
        size, higher = ctx.number(abs(gap), decimals_apart), gap >= 0
        points = ctx.phrase("indices.percentage_points" if unit == "percent" else "indices.points")
        if size == ctx.number(0, decimals_apart):
            compared = ctx.phrase("indices.level", what=(what[0], what[1]))
        else:
            compared = ctx.phrase(
                ("indices.above" if higher else "indices.below"), size=size, points=points, what=(what[0], what[1])
            )
        title += f", {compared}"

        def lies(frame: pd.DataFrame) -> bool:
            row = _newest(frame, "score")
            distance = _apart(row["score"], row[against])
            known = row["complete"] if against == "median" else True
            return known and (distance >= 0) == higher and ctx.number(abs(distance), decimals_apart) == size

        claims.append(Claim(ctx.phrase("indices.score", compared=compared), lies))
    elif pd.notna(now["rank"]):
        placed = standing(now, ctx.language)
        title += ctx.phrase("indices.ranks_2", placed=placed)

        def ranks(frame: pd.DataFrame) -> bool:
            row = _newest(frame, "score")
            return standing(row, ctx.language) == placed

        claims.append(Claim(ctx.phrase("indices.rank_3", placed=placed), ranks))
    scale_text = _scales(now["component_id"], history, ctx)
    subtitle = ctx.phrase(
        "indices.score_against_all_provinces_ranks",
        name=name,
        province=ctx.name,
        years=_years(history),
        scale_text=scale_text,
    )
    notes = [ctx.phrase("indices.axis_does_not_start_0")]
    if not history["complete"].all():
        notes.append(ctx.phrase("indices.where_scores_only_part_provinces"))
    if (history["rank_basis"] == "implied").any() or (history["score"].notna() & (history["basis"] == "derived")).any():
        notes.append(_implied_note(ctx))
    if against:
        notes.append(_unrounded_note(ctx))
    sampled = history.loc[history.get("standard_error", history["score"] * float("nan")).notna(), "edition_year"]
    if len(sampled):
        years = ", ".join(str(year) for year in sampled)
        notes.append(ctx.phrase("indices.bar_through_dot_95_interval", years=years))
    notes.append(_withheld_note(now["index_id"], int(now["edition_year"]), ctx))
    notes.append(
        _break_notes([now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx)
    )
    return Caption(
        title,
        subtitle,
        " ".join(filter(None, notes)),
        ctx.phrase("indices.range_dot_chart_scores"),
        _score_numbers(held, now, decimals, ctx),
        tuple(claims),
    )


def _score_numbers(held: pd.DataFrame, now: pd.Series, decimals: int, ctx: Context) -> tuple[str, ...]:
    """Lowest and highest score within the newest method, and the spread of all provinces in the newest edition."""
    same = held[held["segment"] == now["segment"]]
    low, high = same.loc[same["score"].idxmin()], same.loc[same["score"].idxmax()]
    unit = "%" * (now["unit"] == "percent")
    ends = [
        f"{score_of(row['score'], row, decimals, ctx.language, unit=unit)} ({row['edition_year']})"
        for row in (low, high)
    ]
    numbers = []
    if now["complete"]:
        spread = [ctx.number(now[column], decimals) + unit for column in ("lowest", "highest", "median")]
        numbers.append(
            ctx.phrase(
                "indices.provinces_range_median",
                edition_year=now["edition_year"],
                first_spread=spread[0],
                second_spread=spread[1],
                spread=spread[2],
            )
        )
    numbers.append(
        ctx.phrase("indices.over_editions_one_method_score", n_same=len(same), first_ends=ends[0], second_ends=ends[1])
        if len(same) > 1
        else ctx.phrase("indices.no_other_edition_method_yet")
    )
    return tuple(numbers)


def convergence(history: pd.DataFrame, ctx: Context) -> Caption:
    """How far apart the best and the worst province are, and how far the own one is from the best."""
    held = history[history["complete"] & history["highest"].notna()].sort_values("edition_year")
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("indices.no_edition_scores_all_provinces", province=ctx.name),
        )
    now = held.iloc[-1]
    name, year, decimals = index_name(now["index_id"]), int(now["edition_year"]), _decimals(now["unit"])
    unit = {"points": ctx.phrase("indices.points"), "percent": ctx.phrase("indices.percentage_points")}
    unit = unit.get(now["unit"], ctx.phrase("indices.points"))

    def apart(row: pd.Series) -> str:
        return ctx.number(_apart(row["highest"], row["lowest"]), decimals)

    size, count = apart(now), int(now["n_ranked"])
    best = ctx.phrase("indices.best_provinces_result", count=count)

    def newest(frame: pd.DataFrame) -> pd.Series:
        return _newest(frame[frame["complete"]], "highest")

    spread = ctx.phrase("indices.best_worst_apart", size=size, unit=unit)
    claims = [
        _about(ctx),
        Claim(sentence(spread), lambda frame: (row := newest(frame))["edition_year"] == year and apart(row) == size),
        Claim(sentence(best), lambda frame: newest(frame)["n_ranked"] == count),
    ]
    if pd.notna(now["score"]):
        behind = ctx.number(_apart(now["highest"], now["score"]), decimals)
        leads = behind == ctx.number(0, decimals)
        title = (
            ctx.phrase("indices.is", name=name, year=year, province=ctx.name, best=best)
            if leads
            else ctx.phrase(
                "indices.behind", name=name, year=year, province=ctx.name, best=best, behind=behind, unit=unit
            )
        )
        claims.append(
            Claim(
                title,
                lambda frame: ctx.number(_apart((row := newest(frame))["highest"], row["score"]), decimals) == behind,
            )
        )
    else:
        title = ctx.phrase("indices.has_no_result", name=name, year=year, province=ctx.name, spread=spread)
        claims.append(Claim(title, lambda frame: bool(pd.isna(newest(frame)["score"]))))
    subtitle = ctx.phrase(
        "indices.best_median_worst_score_provinces", name=name, province=ctx.name, years=_years(history)
    )
    notes = [
        ctx.phrase("indices.best_worst_provinces_result_where"),
        _unrounded_note(ctx),
        _withheld_note(now["index_id"], year, ctx),
        _break_notes(
            [now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
        ),
    ]
    kind = ctx.phrase("indices.line_chart_distance_between_provinces")
    ends = [ctx.number(now[column], decimals) for column in ("lowest", "median", "highest")]
    numbers = (
        ctx.phrase(
            "indices.lowest_median_highest",
            year=year,
            first_ends=ends[0],
            second_ends=ends[1],
            ends=ends[2],
            spread=spread,
        ),
    )
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, tuple(claims))


def _scales(component_id: str, history: pd.DataFrame, ctx: Context) -> str:
    """The scale of a score, or the scales of its periods: `thang 6–60 đến 2017, 8–80 từ 2018`."""
    spans: dict[str, list[int]] = {}
    for year in history["edition_year"]:
        part = catalogue().component(component_id, int(year))
        spans.setdefault(f"{part.scale_min:g}–{part.scale_max:g}", []).append(int(year))
    texts = list(spans)
    if len(texts) > 1:
        first, last = texts[0], texts[-1]
        until, since = max(spans[first]), min(spans[last])
        return ctx.phrase("indices.scale", first=first, until=until, last=last, since=since)
    return ctx.phrase("indices.scale_2", first_texts=texts[0])


def _own_changes(held: pd.DataFrame, now: pd.DataFrame, year: int) -> pd.Series:
    """Changes since the edition before by component: a step of the whole country is no headline of one province."""
    before = held[held["edition_year"] == year - 1].set_index("component_id")["score"]
    kept = [c for c in now["component_id"] if not catalogue().marks(c, year - 1, year)]
    return (now.set_index("component_id")["score"] - before).reindex(kept)


def _component_moves(
    held: pd.DataFrame, now: pd.DataFrame, year: int, name: str, ctx: Context
) -> tuple[str, Callable[[pd.DataFrame], bool]]:
    """Largest rise and fall of the components since the edition before, where no median is held to stand against.

    The title, and its test.
    """
    change = _own_changes(held, now, year).dropna()
    count = len(now)

    def moves(frame: pd.DataFrame) -> dict[str, Decimal]:
        rows = frame[frame["edition_year"].isin([year - 1, year]) & frame["score"].notna()]
        columns = ("component_id", "edition_year", "segment", "score")
        scores = {(part, edition): held for part, edition, *held in _read(rows, *columns)}
        pairs = {c: (scores.get((c, year - 1)), later) for (c, edition), later in scores.items() if edition == year}
        # segments count the breaks of a component, and steps without a document are known by their rows
        stepped = {b.component_id for b in catalogue().breaks if b.edition_year == year}
        return {
            c: _apart(new[1], old[1])
            for c, (old, new) in pairs.items()
            if old and old[0] == new[0] and c not in stepped
        }

    if len(change) < 2:
        title = ctx.phrase("indices.scores_components", name=name, year=year, count=count, province=ctx.name)
        return title, lambda frame: frame.loc[frame["edition_year"] == year, "score"].notna().sum() == count
    up, down, most = change.idxmax(), change.idxmin(), change.abs().idxmax()
    sizes = {c: ctx.number(change[c], 2, sign=True) for c in (up, down, most)}
    both = change[up] > 0 > change[down]
    title = (
        ctx.phrase(
            "indices.shown_2",
            name=name,
            year=year,
            province=ctx.name,
            names=_names([up], ctx),
            sizes=sizes[up],
            names_2=_names([down], ctx),
            sizes_2=sizes[down],
        )
        if both
        else ctx.phrase(
            "indices.most_changed",
            name=name,
            year=year,
            province=ctx.name,
            names=_names([most], ctx),
            sizes=sizes[most],
        )
    )

    def holds(frame: pd.DataFrame) -> bool:
        found = moves(frame)
        shown = all(ctx.number(found[c], 2, sign=True) == sizes[c] for c in ((up, down) if both else (most,)))
        if both:
            return shown and found[up] == max(found.values()) > 0 > min(found.values()) == found[down]
        return shown and abs(found[most]) == max(map(abs, found.values()))

    return title, holds


def _parts_held(rows: pd.DataFrame, ctx: Context) -> str:
    """Scores of parts with the most that each may have: `điểm thẩm định 54,20/61,5`."""
    said = []
    for row in rows.itertuples():
        part = catalogue().component(row.component_id, int(row.edition_year))
        most = ctx.number(part.scale_max, 1 if part.scale_max % 1 else 0)
        said.append(f"{_names([row.component_id], ctx)} {ctx.number(row.score, 2)}/{most}")
    return "; ".join(said)


def _published(now: pd.DataFrame, ctx: Context) -> str:
    """Said of the dimensions of an edition where some were withheld: that 4 of 4 are not 4 of 8."""
    first = now.iloc[0]
    parts = [
        c for c in catalogue().components_of(first["index_id"], int(first["edition_year"])) if c.level == "dimension"
    ]
    return ctx.phrase("indices.published") if len(now) < len(parts) else ""


def _cuts_note(history: pd.DataFrame, ctx: Context) -> str:
    """Where the total is cut and not every component with it: a component is cut by what is documented of itself."""
    first, last = int(history["edition_year"].min()), int(history["edition_year"].max())
    total, parts = f"{history['index_id'].iloc[0]}_total", history["component_id"].unique()
    years = [b.edition_year for b in catalogue().breaks_between(total, first, last, "break")]
    apart = [y for y in years if not all(catalogue().breaks_between(part, y - 1, y, "break") for part in parts)]
    if not apart:
        return ""
    listed = listing([str(year) for year in sorted(set(apart))], ctx.language)
    return ctx.phrase("indices.total_changed_method_component_cut", listed=listed)


def component_panels(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many components stand at or above the median; else the highest and lowest."""
    held = history[history["score"].notna()]
    if held.empty:
        raise _nothing(ctx, *bilingual("indices.no_component_score_held", province=ctx.name))
    if held["level"].ne("dimension").all():
        listed = ". ".join(f"{year}: {_parts_held(rows, ctx)}" for year, rows in held.groupby("edition_year"))
        raise _nothing(
            ctx,
            *bilingual("indices.scores_field_not_held_those", province=ctx.name, listed=listed),
        )
    if held["edition_year"].nunique() < 2:
        year = int(held["edition_year"].iloc[0])
        decimals = _decimals(held["unit"].iloc[0])
        values = "; ".join(
            f"{name} {ctx.number(row.score, decimals)}"
            for row in held.itertuples()
            for name in [component_name(catalogue().component(row.component_id, year), ctx.language, numbered=False)]
        )
        raise _nothing(
            ctx,
            *bilingual("indices.component_scores_only_so_no", province=ctx.name, year=year, values=values),
        )
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    name = index_name(now["index_id"].iloc[0])
    unit_name = ctx.phrase("indices.dimensions" if now["index_id"].iloc[0] == "papi" else "indices.sub_indices")
    if now["complete"].all():
        above, count = int((now["score"] >= now["median"]).sum()), len(now)
        published = _published(now, ctx)
        title = ctx.phrase(
            "indices.reach_national_median",
            name=name,
            year=year,
            above=above,
            count=count,
            unit_name=unit_name,
            published=published,
            province=ctx.name,
        )

        def said(frame: pd.DataFrame) -> bool:
            rows = frame[(frame["edition_year"] == year) & frame["score"].notna()]
            over = [_apart(*pair) >= 0 for pair in _read(rows, "score", "median")]
            return (sum(over), len(over)) == (above, count) and rows["complete"].all()

    else:
        title, said = _component_moves(held, now, year, name, ctx)
    claims = (
        _about(ctx),
        Claim(
            ctx.phrase("indices.newest_edition_component_scores", year=year),
            lambda frame: frame.loc[frame["score"].notna(), "edition_year"].max() == year,
        ),
        Claim(title, said),
    )
    subtitle = ctx.phrase(
        "indices.scores_2",
        unit_name=unit_name,
        name=name,
        province=ctx.name,
        years=_years(history),
        replace=unit_name.replace("dimensions", "dimension").replace("indices", "index"),
    )
    if not now["complete"].all() and _own_changes(held, now, year).notna().sum() > 1:
        subtitle += ctx.phrase("indices.title_change", year=year - 1)
    note = ctx.phrase("indices.median_grey_band_drawn_only")
    if not now["complete"].all():
        note += " " + _unrounded_note(ctx)
    note = f"{note} {_cuts_note(history, ctx)}".strip()
    decimals = _decimals(now["unit"].iloc[0])
    ends = [
        f"{_names([row['component_id']], ctx, year)} ({ctx.number(row['score'], decimals)})"
        for row in (now.loc[now["score"].idxmax()], now.loc[now["score"].idxmin()])
    ]
    numbers = (ctx.phrase("indices.highest_score_lowest", year=year, first_ends=ends[0], second_ends=ends[1]),)
    kind = ctx.phrase("indices.small_line_charts_component")
    return Caption(title, subtitle, note, kind, numbers, claims)


def index_overview(overview: pd.DataFrame, ctx: Context) -> Caption:
    """Indices up and down in rank."""
    held = overview[overview["rank"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("indices.no_result_held_any_five", province=ctx.name),
        )
    # a rank of another method is no move
    same = held[~held["crosses"].astype(bool) | held["crosses"].isna()]

    def quiet(row) -> bool:
        years = row.previous_edition, row.edition_year
        return bool(within_error(row.score_change, f"{row.index_id}_total", years, ctx))

    parts, claims = [], []

    def moved(sign: int, expected: list[tuple[str, int]]) -> Callable[[pd.DataFrame], bool]:
        def holds(frame: pd.DataFrame) -> bool:
            found, marked = [], True
            for row in frame[frame["rank"].notna() & frame["previous_rank"].notna()].itertuples():
                years = int(row.previous_edition), int(row.edition_year)
                alike = catalogue().ranks_comparable(f"{row.index_id}_total", *years)
                marked &= alike == (row.crosses == "")
                if (
                    alike
                    and not quiet(row)
                    and (row.previous_rank - row.rank) * sign > 0
                    and row.rank_change * sign > 0
                ):
                    found.append((row.index_id, years[1]))
            return marked and found == expected

        return holds

    for sign, vi, en in ((1, *bilingual("indices.up_rank")), (-1, *bilingual("indices.down_rank"))):
        rows = same[same["rank_change"] * sign > 0]
        if len(rows):
            expected = [(row.index_id, int(row.edition_year)) for row in rows.itertuples() if not quiet(row)]
            if not expected:
                continue
            names = listing([f"{index_name(index_id)} {year}" for index_id, year in expected], ctx.language)
            parts.append(ctx.phrase("indices.shown_3", names=names, text=(vi, en)))
            claims.append(Claim(sentence(parts[-1]), moved(sign, expected)))
    count, newest = len(held), int(held["edition_year"].max())
    if parts:
        title = f"{ctx.name}: {'; '.join(parts)}"
    else:
        # no two editions to compare: how many are ranked at all
        title = ctx.phrase(
            "indices.editions_indices_ranked_no_move",
            province=ctx.name,
            newest=newest,
            count=count,
            n_overview=len(overview),
        )
        none = [moved(sign, []) for sign in (1, -1)]
        claims.append(
            Claim(
                title,
                lambda frame: frame["rank"].notna().sum() == count and all(holds(frame) for holds in none),
            )
        )
    subtitle = ctx.phrase("indices.score_rank_change_previous_edition")
    note = ctx.phrase("indices.two_editions_differ_method_scores")
    if any(quiet(row) for row in same.itertuples()):
        note += ctx.phrase("captions.score_changed_within_survey_error")
    later = overview[overview["later_edition"].notna()]
    for row in later.itertuples():
        named = f"{index_name(row.index_id)} {int(row.later_edition)}"
        out = published_when(catalogue().sources[row.later_source_id.split()[0]].published, ctx.language)
        note += (
            ctx.phrase("indices.province_stands_only_source_left", named=named, out=out)
            if out
            else ctx.phrase("indices.province_stands_only_source_without", named=named)
        )
    kind = _rows(len(overview), *bilingual("indices.one_each_index"), ctx)
    return Caption(title, subtitle, note, kind, (_newest_ranks(overview, ctx),), tuple(claims))
