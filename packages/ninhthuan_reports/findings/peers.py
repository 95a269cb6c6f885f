"""Findings about the province among others."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ninhthuan.catalogue import GROUPS
from ninhthuan.language import label, listing
from ninhthuan.words import bilingual

from ..wording import Context, index_name, lower_first, province_name, rank_of, sentence
from .captions import (
    Caption,
    Claim,
    _apart,
    _break_notes,
    _error_note,
    _group_by,
    _group_name,
    _nothing,
    _own,
    _read,
    _score_of,
    _subject,
    _unrounded_note,
    _years,
)


def tile_groups(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Group of the province, or that it was not published."""
    if cells.empty or cells["group_derived"].isna().all():
        raise _nothing(
            ctx,
            *bilingual("peers.scores_provinces_needed_groups_not"),
        )
    year, name = int(cells["edition_year"].iloc[0]), _subject(cells.iloc[0], ctx)
    own = cells[cells["province_code"] == ctx.province.province_code].iloc[0]
    held = cells[cells["group_derived"].notna()]
    with_result = len(held)

    def scored(frame: pd.DataFrame) -> pd.DataFrame:
        rows = frame[frame["group_derived"].notna()]
        return rows if rows["edition_year"].eq(year).all() else rows.iloc[:0]

    if isinstance(own["group_derived"], str):
        own_group = own["group_derived"]
        mates = int((held["group_derived"] == own_group).sum())

        def grouped(frame: pd.DataFrame) -> bool:
            rows = scored(frame)
            quartiles = [rows["score"].quantile(q) for q in (0.75, 0.5, 0.25)]
            groups = [_group_by(score, quartiles) for score in rows["score"]]
            mine = _own(frame, ctx)["group_derived"].item(), _group_by(_own(rows, ctx)["score"].item(), quartiles)
            counted = groups.count(own_group), rows["group_derived"].eq(own_group).sum()
            return mine == (own_group, own_group) and counted == (mates, mates)

        title = ctx.phrase(
            "peers.one_provinces_group",
            name=name,
            year=year,
            province=ctx.name,
            lower_first=(
                lower_first(label(own["group_derived"], "vi")),
                lower_first(label(own["group_derived"], "en")),
            ),
            mates=mates,
        )
    else:

        def grouped(frame: pd.DataFrame) -> bool:
            mine = _own(frame, ctx)
            return len(mine) == 1 and mine["score"].isna().all() and len(scored(frame)) == with_result

        title = ctx.phrase(
            "peers.result_not_published_provinces_have",
            name=name,
            year=year,
            province=ctx.name,
            with_result=with_result,
        )
    before = ctx.province.boundary == "pre_2025"
    subtitle = ctx.phrase(
        ("peers.group_one_tile_province" if before else "peers.group_one_tile_province_2025"),
        score_of=_score_of(cells.iloc[0], ctx),
        year=year,
    )
    note = ctx.phrase("peers.groups_quartile_papi_s_rule")
    sizes = held["group_derived"].value_counts()
    listed = ", ".join(f"{_group_name(group, ctx)} {sizes.get(group, 0)}" for group in GROUPS)
    numbers = [ctx.phrase("peers.provinces_group_result", with_result=with_result, listed=listed)]
    if pd.notna(own["score"]):
        placed = rank_of(own["rank_derived"], own["n_ranked"])
        numbers.insert(
            0,
            ctx.phrase(
                "peers.scores_points_ranks", province=ctx.name, score=ctx.number(own["score"], 2), placed=placed
            ),
        )
    count = len(cells)
    kind = ctx.phrase("peers.tile_grid_provinces", count=count)
    return Caption(title, subtitle, note, kind, tuple(numbers), (Claim(title, grouped),))


def rank_bump(history: pd.DataFrame, ctx: Context) -> Caption:
    """Place in the region and in the country."""
    index = index_name(history["index_id"].iloc[0]) if len(history) else "PAPI"
    held = history[history["rank"].notna()]
    own = held[held["province_code"] == ctx.province.province_code]
    if own.empty:
        raise _nothing(
            ctx,
            *bilingual("peers.has_no_rank_period", province=ctx.name, index=index),
        )
    year = int(own["edition_year"].max())
    name = _subject(own.loc[own["edition_year"].idxmax()], ctx)
    now = held[held["edition_year"] == year].sort_values("rank")
    count = len(now)
    place = int((now["rank"] < own.loc[own["edition_year"] == year, "rank"].iloc[0]).sum()) + 1
    rank = own.loc[own["edition_year"] == year].iloc[0]
    national = rank_of(rank["rank"], rank["n_ranked"])

    def placed(frame: pd.DataFrame) -> bool:
        held = frame[frame["rank"].notna()]
        rows = {
            code: pair for code, *pair in _read(held[held["edition_year"] == year], "province_code", "score", "rank")
        }
        score, rank = rows[ctx.province.province_code]
        # by scores too, where the title went by ranks
        higher, drawn = sum(s > score for s, _ in rows.values()), sum(r < rank for _, r in rows.values())
        newest = _own(held, ctx)["edition_year"].max()
        return newest == year and higher == drawn == place - 1 and len(rows) == count

    def ranked(frame: pd.DataFrame) -> bool:
        row = _own(frame[frame["edition_year"] == year], ctx).iloc[0]
        return rank_of(row["rank"], row["n_ranked"]) == national

    region = ctx.pick(ctx.province.region, ctx.province.region_en)
    title = ctx.phrase(
        "peers.result_region_nationally",
        name=name,
        year=year,
        province=ctx.name,
        place=place,
        count=count,
        national=national,
    )
    if history["edition_year"].nunique() == 1:
        # lines over editions need two of them: the place is said, and no empty plot is drawn
        raise _nothing(
            ctx,
            *bilingual("peers.no_other_edition_method_yet", title=title),
        )
    subtitle = ctx.phrase("peers.national_rank_provinces", name=name, region=region, years=_years(history))
    note = ctx.phrase("peers.ranks_worked_out_scores_provinces")
    if history["rank"].isna().any():
        note += ctx.phrase("peers.broken_lines_years_province_not")
    cautions = _break_notes(
        [own["component_id"].iloc[0]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
    )
    ends = [
        f"{province_name(row['province_code'], row['boundary'], ctx.language)} "
        f"({rank_of(row['rank'], row['n_ranked'])})"
        for row in (now.iloc[0], now.iloc[-1])
    ]
    first = own.loc[own["edition_year"].idxmin()]
    numbers = [ctx.phrase("peers.highest_region_lowest", year=year, first_ends=ends[0], second_ends=ends[1])]
    if first["edition_year"] < year:
        was = rank_of(first["rank"], first["n_ranked"])
        numbers.append(ctx.phrase("peers.ranked", edition_year=first["edition_year"], province=ctx.name, was=was))
    claims = (
        Claim(
            ctx.phrase("peers.region", province=ctx.name, place=place, count=count),
            placed,
        ),
        Claim(ctx.phrase("peers.national_rank", year=year, national=national), ranked),
    )
    kind = ctx.phrase("peers.rank_chart_several_provinces")
    return Caption(title, subtitle, f"{note} {cautions}".strip(), kind, tuple(numbers), claims)


def rival_slope(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Distance to the provinces next above and below."""
    own = pairs[pairs["province_code"] == ctx.province.province_code] if len(pairs) else pairs
    if own.empty:
        raise _nothing(
            ctx,
            *bilingual("peers.has_no_papi_total_newest", province=ctx.name),
        )
    own = own.iloc[0]
    name, scored = _subject(own, ctx), _score_of(own, ctx)
    year, before = int(own["edition_year"]), int(own["previous_edition"])
    above = pairs[pairs["score"] > own["score"]].sort_values("score")
    below = pairs[pairs["score"] < own["score"]].sort_values("score", ascending=False)
    parts, claims = [], []

    def nearest(up: bool, code: str, size: str) -> Callable[[pd.DataFrame], bool]:
        """Of those that stand on one side, the least distance is that of this province, and prints like this."""

        def holds(frame: pd.DataFrame) -> bool:
            mine = _own(frame, ctx)
            score = mine["score"].item()
            gaps = {other: _apart(theirs, score) for other, theirs in _read(frame, "province_code", "score")}
            side = {other: abs(gap) for other, gap in gaps.items() if (gap > 0 if up else gap < 0)}
            same_year = frame["edition_year"].eq(year).all()
            return same_year and side[code] == min(side.values()) and ctx.number(side[code], 2) == size

        return holds

    for side, up, way in ((above, True, "peers.behind"), (below, False, "peers.ahead")):
        if len(side):
            row = side.iloc[0]
            other = province_name(row["province_code"], row["boundary"], ctx.language)
            size = ctx.number(abs(row["score"] - own["score"]), 2)
            parts.append(ctx.phrase("peers.points", other=other, size=size, way=ctx.phrase(way)))
            says = ctx.phrase("peers.is", province=ctx.name, last_parts=parts[-1])
            claims.append(Claim(says, nearest(up, row["province_code"], size)))
    title = ctx.phrase(
        "peers.is_2", name=name, year=year, province=ctx.name, listing=(listing(parts, "vi"), listing(parts, "en"))
    )
    subtitle = ctx.phrase(
        "peers.rank_provinces_next_above_below", sentence=sentence(scored), province=ctx.name, year=year
    )
    note = ctx.phrase("peers.axis_does_not_start_0")
    lacking = pairs[pairs["previous_score"].isna()]
    if len(lacking):
        names = listing(
            [
                province_name(c, b, ctx.language)
                for c, b in zip(lacking["province_code"], lacking["boundary"], strict=True)
            ],
            ctx.language,
        )
        note += ctx.phrase("peers.no_score", names=names, before=before)
    note = f"{note} {_unrounded_note(ctx)}"
    if own["component_id"] == "papi_total":
        note += f" {_error_note(ctx)}"
    note = f"{note} {_break_notes([own['component_id']], before, year, ctx)}".strip()
    within = ctx.phrase("peers.in")
    placed = [f"{ctx.number(own['score'], 2)} {within} {year} ({rank_of(own['rank'], own['n_ranked'])})"]
    if pd.notna(own["previous_score"]):
        was = rank_of(own["previous_rank"], own["previous_n_ranked"])
        placed.append(f"{ctx.number(own['previous_score'], 2)} {within} {before} ({was})")
    ends = [ctx.number(pairs["score"].min(), 2), ctx.number(pairs["score"].max(), 2)]
    numbers = (
        ctx.phrase("peers.of", sentence=sentence(scored), province=ctx.name, placed=", ".join(placed)),
        ctx.phrase("peers.provinces_2", n_pairs=len(pairs), first_ends=ends[0], second_ends=ends[1]),
    )
    return Caption(title, subtitle, note, ctx.phrase("peers.slope_chart"), numbers, tuple(claims))
