"""Findings about the province among others."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..catalogue import GROUPS
from ..wording import (
    Context,
    index_name,
    label,
    listing,
    lower_first,
    province_name,
    rank_of,
    sentence,
)
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
            "chưa có đủ điểm của các tỉnh để chia nhóm",
            "the scores of the provinces needed for groups are not held",
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

        title = ctx.pick(
            f"{name} {year}: {ctx.name} thuộc nhóm {lower_first(label(own['group_derived'], 'vi'))}, một trong {mates} tỉnh, thành phố",
            f"{name} {year}: {ctx.name} is one of {mates} provinces in the {lower_first(label(own['group_derived'], 'en'))} group",
        )
    else:

        def grouped(frame: pd.DataFrame) -> bool:
            mine = _own(frame, ctx)
            return len(mine) == 1 and mine["score"].isna().all() and len(scored(frame)) == with_result

        title = ctx.pick(
            f"{name} {year}: kết quả của {ctx.name} không được công bố ({with_result} tỉnh có kết quả)",
            f"{name} {year}: the result of {ctx.name} was not published ({with_result} provinces have one)",
        )
    before = ctx.province.boundary == "pre_2025"
    listed = ("63 tỉnh trước", "63 provinces before") if before else ("34 tỉnh từ", "34 provinces since")
    subtitle = ctx.pick(
        f"Nhóm theo {_score_of(cells.iloc[0], ctx)} {year}; mỗi ô là một tỉnh, thành phố ({listed[0]} 01/7/2025)",
        f"Group by {_score_of(cells.iloc[0], ctx)}, {year}; one tile a province ({listed[1]} 1 July 2025)",
    )
    note = ctx.pick(
        "Nhóm theo tứ phân vị (quy tắc của PAPI); con số là khoảng điểm của nhóm. Vị trí ô chỉ gần đúng, đây không phải bản đồ hành chính.",
        "Groups by quartile (PAPI's rule); the figures are each group's range of scores. Positions are approximate; this is not an administrative map.",
    )
    sizes = held["group_derived"].value_counts()
    listed = ", ".join(f"{_group_name(group, ctx)} {sizes.get(group, 0)}" for group in GROUPS)
    numbers = [
        ctx.pick(
            f"Số tỉnh theo nhóm, trong {with_result} tỉnh có kết quả: {listed}",
            f"Provinces by group, of {with_result} with a result: {listed}",
        )
    ]
    if pd.notna(own["score"]):
        placed = rank_of(own["rank_derived"], own["n_ranked"])
        numbers.insert(
            0,
            ctx.pick(
                f"{ctx.name} đạt {ctx.number(own['score'], 2)} điểm, hạng {placed}",
                f"{ctx.name} scores {ctx.number(own['score'], 2)} points and ranks {placed}",
            ),
        )
    count = len(cells)
    kind = ctx.pick(f"Lưới ô {count} tỉnh, thành phố", f"Tile grid of {count} provinces")
    return Caption(title, subtitle, note, kind, tuple(numbers), (Claim(title, grouped),))


def rank_bump(history: pd.DataFrame, ctx: Context) -> Caption:
    """Place in the region and in the country."""
    index = index_name(history["index_id"].iloc[0]) if len(history) else "PAPI"
    held = history[history["rank"].notna()]
    own = held[held["province_code"] == ctx.province.province_code]
    if own.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} chưa có thứ hạng {index} trong giai đoạn này",
            f"{ctx.name} has no {index} rank in this period",
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
    title = ctx.pick(
        f"{name} {year}: {ctx.name} thứ {place} trong {count} tỉnh có kết quả của vùng, {national} cả nước",
        f"{name} {year}: {ctx.name} is {place} of {count} with a result in its region, {national} nationally",
    )
    if history["edition_year"].nunique() == 1:
        # lines over editions need two of them: the place is said, and no empty plot is drawn
        raise _nothing(
            ctx,
            f"{title}; mới có một kỳ theo phương pháp này",
            f"{title}; no other edition of this method yet",
        )
    subtitle = ctx.pick(
        f"Thứ hạng {name} cả nước của các tỉnh vùng {region}, {_years(history)}",
        f"National {name} rank of the provinces of {region}, {_years(history)}",
    )
    note = ctx.pick(
        "Hạng tính từ điểm của các tỉnh có kết quả; hạng 1 ở trên. Chỉ lấy các kỳ cùng phương pháp.",
        "Ranks worked out from the scores of provinces with a result; 1 is on top. Only editions of one method.",
    )
    if history["rank"].isna().any():
        note += ctx.pick(
            " Đường ngắt: năm tỉnh không được công bố.", " Broken lines: years in which a province was not published."
        )
    cautions = _break_notes(
        [own["component_id"].iloc[0]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
    )
    ends = [
        f"{province_name(row['province_code'], row['boundary'], ctx.language)} ({rank_of(row['rank'], row['n_ranked'])})"
        for row in (now.iloc[0], now.iloc[-1])
    ]
    first = own.loc[own["edition_year"].idxmin()]
    numbers = [
        ctx.pick(
            f"Cao nhất vùng năm {year} là {ends[0]}, thấp nhất là {ends[1]}",
            f"Highest of the region in {year} is {ends[0]}, lowest {ends[1]}",
        )
    ]
    if first["edition_year"] < year:
        was = rank_of(first["rank"], first["n_ranked"])
        numbers.append(
            ctx.pick(
                f"Năm {first['edition_year']} {ctx.name} xếp hạng {was}",
                f"In {first['edition_year']} {ctx.name} ranked {was}",
            )
        )
    claims = (
        Claim(
            ctx.pick(
                f"{ctx.name} xếp thứ {place}/{count} trong vùng", f"{ctx.name} is {place} of {count} in its region"
            ),
            placed,
        ),
        Claim(ctx.pick(f"Hạng cả nước năm {year} là {national}", f"The national rank of {year} is {national}"), ranked),
    )
    kind = ctx.pick("Biểu đồ thứ hạng nhiều tỉnh", "Rank chart of several provinces")
    return Caption(title, subtitle, f"{note} {cautions}".strip(), kind, tuple(numbers), claims)


def rival_slope(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Distance to the provinces next above and below."""
    own = pairs[pairs["province_code"] == ctx.province.province_code] if len(pairs) else pairs
    if own.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có tổng điểm PAPI ở kỳ mới nhất để so với các tỉnh liền kề",
            f"{ctx.name} has no PAPI total in the newest edition to compare with its rivals",
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

    for row, vi, en in (
        (above.iloc[0] if len(above) else None, "kém", "behind"),
        (below.iloc[0] if len(below) else None, "hơn", "ahead of"),
    ):
        if row is not None:
            other = province_name(row["province_code"], row["boundary"], ctx.language)
            size = ctx.number(abs(row["score"] - own["score"]), 2)
            parts.append(ctx.pick(f"{vi} {other} {size} điểm", f"{size} points {en} {other}"))
            says = ctx.pick(f"{ctx.name} {parts[-1]}", f"{ctx.name} is {parts[-1]}")
            claims.append(Claim(says, nearest(vi == "kém", row["province_code"], size)))
    title = ctx.pick(
        f"{name} {year}: {ctx.name} {listing(parts, 'vi')}", f"{name} {year}: {ctx.name} is {listing(parts, 'en')}"
    )
    subtitle = ctx.pick(
        f"{sentence(scored)} (và thứ hạng) của các tỉnh liền trên, liền dưới {ctx.name} năm {year}",
        f"{sentence(scored)} (and rank) of the provinces next above and below {ctx.name} in {year}",
    )
    note = ctx.pick("Trục tung không bắt đầu từ 0.", "The axis does not start at 0.")
    lacking = pairs[pairs["previous_score"].isna()]
    if len(lacking):
        names = listing(
            [
                province_name(c, b, ctx.language)
                for c, b in zip(lacking["province_code"], lacking["boundary"], strict=True)
            ],
            ctx.language,
        )
        note += ctx.pick(f" {names}: không có điểm năm {before}.", f" {names}: no score in {before}.")
    note = f"{note} {_unrounded_note(ctx)}"
    if own["component_id"] == "papi_total":
        note += f" {_error_note(ctx)}"
    note = f"{note} {_break_notes([own['component_id']], before, year, ctx)}".strip()
    within = ctx.pick("năm", "in")
    placed = [f"{ctx.number(own['score'], 2)} {within} {year} ({rank_of(own['rank'], own['n_ranked'])})"]
    if pd.notna(own["previous_score"]):
        was = rank_of(own["previous_rank"], own["previous_n_ranked"])
        placed.append(f"{ctx.number(own['previous_score'], 2)} {within} {before} ({was})")
    ends = [ctx.number(pairs["score"].min(), 2), ctx.number(pairs["score"].max(), 2)]
    numbers = (
        ctx.pick(
            f"{sentence(scored)} của {ctx.name}: {', '.join(placed)}",
            f"{sentence(scored)} of {ctx.name}: {', '.join(placed)}",
        ),
        ctx.pick(
            f"{len(pairs)} tỉnh từ {ends[0]} đến {ends[1]} điểm", f"{len(pairs)} provinces from {ends[0]} to {ends[1]}"
        ),
    )
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ dốc", "Slope chart"), numbers, tuple(claims))
