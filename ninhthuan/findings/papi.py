"""Findings about PAPI's dimensions and sub-dimensions."""

from __future__ import annotations

import math
from decimal import Decimal

import pandas as pd

from ..catalogue import catalogue
from ..measures import rounded
from ..wording import (
    Context,
    component_name,
    listing,
    lower_first,
    province_name,
    rank_of,
    sentence,
)
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
        raise _nothing(ctx, f"PAPI chưa có kết quả nào của {ctx.name}", f"PAPI has no result of {ctx.name}")
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    high = now[now["group_derived"] == "high"]
    rest = now[now["group_derived"] != "high"].sort_values("rank", ascending=False)
    published = _published(now, ctx)
    title = ctx.pick(
        f"PAPI {year}: {len(high)}/{len(now)} trục{published} của {ctx.name} thuộc nhóm cao",
        f"PAPI {year}: {len(high)} of {len(now)} dimensions{published} of {ctx.name} are in the high group",
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
                ctx.pick(f"Yếu nhất là {_names([weakest], ctx)}", f"The weakest is {_names([weakest], ctx)}"),
                lambda frame: (
                    (found := grouped(frame))[weakest] == (weak_group, max(r for g, r in found.values() if g != "high"))
                ),
            )
        )
        title += ctx.pick(
            f"; yếu nhất: {_names([weakest], ctx)}",
            f"; weakest: {_names([weakest], ctx)}",
        )
    whole = sum(boundary == ctx.province.boundary for boundary, _ in catalogue().provinces)
    whole = min(whole, 63)  # one was joined to another in 2008, before PAPI
    counts = history[history["n_ranked"].notna()].groupby("edition_year")["n_ranked"].agg(["min", "max"])
    varied = "; ".join(
        f"{year_}: {int(row['min'])}" if row["min"] == row["max"] else f"{year_}: {int(row['min'])}–{int(row['max'])}"
        for year_, row in counts.iterrows()
        if row["min"] < whole
    )
    subtitle = ctx.pick(
        f"Thứ hạng của {ctx.name} theo trục nội dung PAPI, {_years(history)}; màu là nhóm",
        f"Rank of {ctx.name} by PAPI dimension, {_years(history)}; colour is the group",
    )
    notes = [
        ctx.pick(
            "Nhóm theo tứ phân vị điểm của các tỉnh có kết quả, quy tắc của PAPI; hạng do đơn vị lập báo cáo tính.",
            "Groups by quartile of the provinces with a result, PAPI's rule; ranks are worked out by the compilers of this report.",
        )
    ]
    if varied:
        notes.append(
            ctx.pick(f"Năm không đủ {whole} tỉnh: {varied}.", f"Years with fewer than {whole} provinces: {varied}.")
        )
    notes.append(
        ctx.pick(
            "Khoảng trắng giữa các cột: đổi phương pháp. Trục 7 và 8 có từ 2018.",
            "White gaps between columns: the method changed. Dimensions 7 and 8 exist from 2018.",
        )
    )
    note = " ".join(notes)
    return Caption(
        title,
        subtitle,
        note,
        ctx.pick("Bảng nhiệt thứ hạng theo trục và năm", "Heat table of ranks by dimension and year"),
        _rank_ends(now, ctx),
        tuple(claims),
    )


def dimension_atlas(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Rank of the province in a dimension, and its best and weakest part."""
    held = cells[cells["rank"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            "trục nội dung này chưa có kết quả PAPI nào đến ngày chốt số liệu",
            "this dimension has no PAPI result by the day of knowledge",
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

        title = ctx.pick(
            f"PAPI {year}, {name}: {ctx.name} xếp hạng {placed}", f"PAPI {year}, {name}: {ctx.name} ranks {placed}"
        )
        claims.append(Claim(title, ranks))
    else:
        with_result = int((held["component_id"] == dimension).sum())

        def withheld(frame: pd.DataFrame) -> bool:
            rows = frame[frame["component_id"] == dimension]
            return bool(_own(rows, ctx)["score"].isna().all()) and int(rows["score"].notna().sum()) == with_result

        title = ctx.pick(
            f"PAPI {year}, {name}: kết quả của {ctx.name} không được công bố ({with_result} tỉnh có kết quả)",
            f"PAPI {year}, {name}: the result of {ctx.name} was not published ({with_result} provinces have one)",
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
        more = ctx.pick(
            f"cao nhất ở {up} (hạng {high}), thấp nhất ở {down} (hạng {low})",
            f"best in {up} (rank {high}), lowest in {down} (rank {low})",
        )
        title += f"; {more}"
        claims.append(Claim(ctx.pick(f"{ctx.name} {more}", f"{ctx.name} is {more}"), ends))
    count = cells["province_code"].nunique()
    subtitle = ctx.pick(
        f"Thứ hạng của {count} tỉnh, thành phố ở trục và ở từng nội dung thành phần; màu là nhóm",
        f"Ranks of {count} provinces in the dimension and its sub-dimensions; colour is the group",
    )
    numbered = "; ".join(
        component_name(part, ctx.language, short=False) for part in catalogue().parts_of(dimension, year)
    )
    notes = [
        f"{numbered}." if numbered else "",
        ctx.pick(
            "Nhóm theo tứ phân vị điểm của các tỉnh có kết quả, quy tắc của PAPI; hạng do đơn vị lập báo cáo tính.",
            "Groups by quartile of the provinces with a result, PAPI's rule; ranks are worked out by the compilers of this report.",
        ),
    ]
    leaders = held[(held["component_id"] == dimension) & (held["rank"] <= 3)].sort_values(["rank", "province_code"])
    named = [province_name(row.province_code, row.boundary, ctx.language) for row in leaders.itertuples()]
    numbers = (
        ctx.pick(f"Đứng đầu: {listing(named, 'vi')}", f"On top: {listing(named, 'en')}"),
        ctx.pick(
            f"{int((held['component_id'] == dimension).sum())} tỉnh có kết quả",
            f"{int((held['component_id'] == dimension).sum())} provinces with a result",
        ),
    )
    kind = ctx.pick("Bảng nhiệt thứ hạng theo tỉnh và nội dung", "Heat table of ranks by province and sub-dimension")
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, tuple(claims))


def _rank_ends(now: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The best and the lowest rank among the dimensions of one edition."""
    ends = [
        f"{_names([row['component_id']], ctx)} ({rank_of(row['rank'], row['n_ranked'])})"
        for row in (now.loc[pick(now["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ]
    return (
        ctx.pick(
            f"Hạng cao nhất năm {now['edition_year'].iloc[0]}: {ends[0]}; thấp nhất: {ends[1]}",
            f"Best rank of {now['edition_year'].iloc[0]}: {ends[0]}; lowest: {ends[1]}",
        ),
    )


def dimension_profile(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions above the median and at the threshold; how many rose and fell."""
    if pairs.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có hai kỳ PAPI liền nhau cùng phương pháp để so sánh",
            f"{ctx.name} has no two editions of PAPI of one method to compare",
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    above, quarter = (
        int((pairs["score"] > pairs["median"]).sum()),
        int((pairs["score"] >= pairs["upper_quartile"]).sum()),
    )
    rose, fell, still = _directions(pairs["change"])
    count, idle = len(pairs), ctx.pick(f", {still} gần như không đổi", f", {still} hardly moved") * bool(still)
    moved = ctx.pick(
        f"{rose} trục tăng, {fell} trục giảm{idle} so với {before}",
        f"{rose} dimensions rose, {fell} fell{idle} from {before}",
    )
    title = ctx.pick(
        f"PAPI {year} của {ctx.name}: {above}/{count} trục trên trung vị cả nước, {quarter} ở nhóm cao",
        f"PAPI {year} of {ctx.name}: {above} of {count} dimensions above the median, {quarter} in the high group",
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
            ctx.pick(
                f"{above} trong {count} trục trên trung vị, {quarter} trục đạt ngưỡng nhóm cao",
                f"{above} of {count} dimensions are above the median, {quarter} reach the high group",
            ),
            stands,
        ),
        Claim(
            moved,
            moves,
        ),
    )
    subtitle = ctx.pick(
        f"Điểm các trục nội dung PAPI của {ctx.name} (thang 1–10), {before} và {year}",
        f"PAPI dimension scores of {ctx.name} (scale 1–10), {before} and {year}",
    )
    note = ctx.pick(
        f"Khoảng, trung vị và ngưỡng tính trên các tỉnh có kết quả năm {year}. Màu cam: giảm điểm. {_unrounded_note(ctx)} Trục hoành không bắt đầu từ 0.",
        f"Range, median and threshold over the provinces with a result in {year}. Orange: the score fell. {_unrounded_note(ctx)} The axis does not start at 0.",
    )
    cautions = _break_notes([*pairs["component_id"], "papi_total"], before, year, ctx)
    note = f"{note} {_error_note(ctx)}"
    return Caption(
        title,
        subtitle,
        f"{note} {cautions}".strip(),
        ctx.pick("Biểu đồ chấm theo trục nội dung", "Dot plot by dimension"),
        (*_courses(pairs, ctx), moved),
        claims,
    )


def _alike(pairs: pd.DataFrame) -> pd.DataFrame:
    """Rows of a frame of two editions whose measure is the same: a step of the whole country is not the province's."""
    marked = [
        bool(catalogue().marks(part, int(before), int(year)))
        for part, before, year in _read(pairs, "component_id", "previous_edition", "edition_year")
    ]
    return pairs if all(marked) else pairs[[not mark for mark in marked]]


def _stepped_note(pairs: pd.DataFrame, ctx: Context) -> str:
    """That what was not measured alike, or moved with the whole country, is not named as the province's own change."""
    left = len(pairs) - len(_alike(pairs))
    return ctx.pick(
        "Tiêu đề không chọn nội dung đổi thước đo hoặc cả nước cùng dịch chuyển.",
        "The title leaves out what changed its measure or moved with the whole country.",
    ) * bool(left)


def _courses(pairs: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The largest rise and the largest fall among the same measures in two editions, from where to where."""
    texts, pairs = [], _alike(pairs)
    for row in (pairs.loc[pairs["change"].idxmax()], pairs.loc[pairs["change"].idxmin()]):
        name = _names([row["component_id"]], ctx, int(row["edition_year"]))
        ends = [ctx.number(row[column], 2) for column in ("previous_score", "score")]
        up = row["change"] > 0
        texts.append(
            ctx.pick(
                f"{name} {'tăng' if up else 'giảm'} từ {ends[0]} {'lên' if up else 'xuống'} {ends[1]} điểm",
                f"{name} {'rose' if up else 'fell'} from {ends[0]} to {ends[1]} points",
            )
        )
    return tuple(sentence(text) for text in dict.fromkeys(texts))


def radar_orders(profile: pd.DataFrame, ctx: Context) -> Caption:
    """The areas that the same scores have in two orders on a radar."""
    count = len(profile)
    if count < 3:
        raise _nothing(
            ctx,
            f"chưa đủ điểm trục nội dung của {ctx.name} để vẽ biểu đồ mạng nhện",
            f"too few dimension scores of {ctx.name} are held for a radar",
        )

    def areas(frame: pd.DataFrame) -> tuple[str, str]:
        """In the official order, and with the high scores side by side."""
        scores = [float(score) for score in frame["score"]]
        ranked = sorted(scores, reverse=True)
        found = []
        for order in (scores, [*ranked[::2], *ranked[1::2][::-1]]):
            pairs = zip(order, [*order[1:], order[0]], strict=True)
            found.append(math.sin(2 * math.pi / len(order)) / 2 * sum(one * other for one, other in pairs))
        return tuple(ctx.number(size, 1) for size in found)

    drawn, year = areas(profile), int(profile["edition_year"].iloc[0])
    title = ctx.pick(
        f"Cùng {count} điểm số PAPI {year} của {ctx.name}, hai thứ tự cho diện tích {drawn[0]} và {drawn[1]}",
        f"The same {count} PAPI {year} scores of {ctx.name} in two orders: areas of {drawn[0]} and {drawn[1]}",
    )
    if drawn[0] == drawn[1]:
        title = ctx.pick(
            f"Cùng {count} điểm số PAPI {year} của {ctx.name}, hai thứ tự cho hai hình khác nhau",
            f"The same {count} PAPI {year} scores of {ctx.name} in two orders make two shapes",
        )
    subtitle = ctx.pick(
        "Biểu đồ mạng nhện của cùng các điểm số: thứ tự chính thức, và điểm cao đặt cạnh điểm cao",
        "Radars of the same scores: in the official order, and with the high scores side by side",
    )
    note = ctx.pick(
        "Thứ tự các trục là quy ước, nên hình dạng và diện tích không nói lên kết quả. Báo cáo này dùng biểu đồ chấm để so các trục.",
        "The order of the dimensions is a convention, so shape and area say nothing of the result. Dimensions are compared by dot plots here.",
    )
    ends = [
        f"{_names([row['component_id']], ctx, year)} ({ctx.number(row['score'], 2)})"
        for row in (profile.loc[profile["score"].idxmax()], profile.loc[profile["score"].idxmin()])
    ]
    numbers = (ctx.pick(f"Cao nhất: {ends[0]}; thấp nhất: {ends[1]}", f"Highest: {ends[0]}; lowest: {ends[1]}"),)
    claims = (
        _about(ctx),
        Claim(
            title,
            lambda frame: areas(frame) == drawn and len(frame) == count and frame["edition_year"].eq(year).all(),
        ),
    )
    return Caption(title, subtitle, note, ctx.pick("Hai biểu đồ mạng nhện", "Two radars"), numbers, claims)


def contributions(parts: pd.DataFrame, ctx: Context) -> Caption:
    """Change of the total, and the share of the gross change that one dimension makes."""
    if parts.empty:
        raise _nothing(
            ctx,
            f"không tách được thay đổi tổng điểm của {ctx.name}: thiếu tổng điểm hoặc điểm trục ở một trong hai kỳ",
            f"the change of the total of {ctx.name} cannot be split: a total or a dimension of one edition is missing",
        )
    before, year = int(parts.attrs["year_from"]), int(parts.attrs["year_to"])
    change = parts.attrs["total_to"] - parts.attrs["total_from"]
    if abs(parts["contribution"].sum() - change) > 0.0001:
        raise ValueError("the parts do not add up to the change of the total")
    falling = change < 0
    same = parts[(parts["contribution"] < 0) == falling].sort_values("contribution", ascending=falling)
    top = same.iloc[0]
    name = _names([top["component_id"]], ctx)
    size = ctx.number(abs(change), 2)
    own, moved = ctx.number(top["contribution"], 2, sign=True), ctx.number(change, 2, sign=True)
    quiet = within_error(change, "papi_total", (before, year), ctx)
    said = moved + f", {quiet}" * bool(quiet)
    title = ctx.pick(
        f"PAPI {year} của {ctx.name}: {said}; lớn nhất: {name} ({own})",
        f"PAPI {year} of {ctx.name}: {said}; largest: {name} ({own})",
    )
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
        alike = [move for move in found.values() if (move < 0) == falling]
        return max(alike, key=abs) == found[most] and ctx.number(found[most], 2, sign=True) == own

    claims = [
        Claim(
            ctx.pick(
                "Các trục cộng lại bằng thay đổi của tổng điểm", "The dimensions add up to the change of the total"
            ),
            adds_up,
        ),
        Claim(
            ctx.pick(f"Tổng điểm: {said}", f"The total: {said}"),
            moves,
        ),
    ]
    if size == ctx.number(0, 2):
        idle = ctx.pick(f", {still} gần như không đổi", f", {still} hardly moved") * bool(still)
        title = ctx.pick(
            f"PAPI {year} của {ctx.name} gần như không đổi so với {before}: {rose} trục tăng, {fell} trục giảm{idle}",
            f"PAPI {year} of {ctx.name} hardly changed from {before}: {rose} dimensions rose, {fell} fell{idle}",
        )
        claims.append(Claim(title, lambda frame: _directions(exact(frame).values()) == (rose, fell, still)))
    else:
        claims.append(
            Claim(
                ctx.pick(
                    f"Nhiều nhất là {name} ({own})",
                    f"Most is {name} ({own})",
                ),
                leads,
            )
        )
    subtitle = ctx.pick(
        f"Đóng góp của từng trục nội dung vào thay đổi tổng điểm PAPI của {ctx.name}, {before}–{year} (điểm)",
        f"Contribution of each dimension to the change of the PAPI total of {ctx.name}, {before}–{year} (points)",
    )
    note = ctx.pick(
        "Tổng điểm là tổng giản đơn của các trục. Trục hoành không bắt đầu từ 0: chỉ các đoạn thay đổi được vẽ theo độ dài, hai tổng điểm là vạch mốc.",
        "The total is the plain sum of the dimensions. The axis does not start at 0: only the changes are drawn to length, the two totals are marks.",
    )
    totals = [ctx.number(parts.attrs[key], 2) for key in ("total_from", "total_to")]
    across = parts.loc[parts["contribution"].idxmax() if falling else parts["contribution"].idxmin()]
    numbers = [
        ctx.pick(
            f"Tổng điểm từ {totals[0]} {'xuống' if falling else 'lên'} {totals[1]}: {rose} trục tăng, {fell} trục giảm",
            f"The total went from {totals[0]} to {totals[1]}: {rose} dimensions up, {fell} down",
        )
    ]
    if (across["contribution"] < 0) != falling:
        other = f"{_names([across['component_id']], ctx)} ({ctx.number(across['contribution'], 2, sign=True)})"
        numbers.append(
            ctx.pick(
                f"{'Tăng' if falling else 'Giảm'} nhiều nhất là {other}",
                f"{'Rose' if falling else 'Fell'} most: {other}",
            )
        )
    cautions = _break_notes([*parts["component_id"], "papi_total"], before, year, ctx)
    note = f"{note} {_unrounded_note(ctx)} {_error_note(ctx)} {cautions}".strip()
    return Caption(
        title, subtitle, note, ctx.pick("Biểu đồ thác nước", "Waterfall chart"), tuple(numbers), tuple(claims)
    )


def component_changes(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Largest fall and largest rise."""
    if pairs.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có nội dung thành phần PAPI ở hai kỳ liền nhau cùng phương pháp",
            f"{ctx.name} has no PAPI sub-dimensions in two editions of one method",
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    alike = _alike(pairs)
    low, high = alike.loc[alike["change"].idxmin()], alike.loc[alike["change"].idxmax()]
    rose, fell, still = _directions(pairs["change"])
    most, falling = (low, True) if -low["change"] >= high["change"] else (high, False)
    known = catalogue()

    def named(row) -> str:
        return f"{lower_first(component_name(known.component(row['component_id'], year), ctx.language, numbered=False))} ({row['component_id'].removeprefix('papi_d').replace('_', '.')}; {ctx.number(row['change'], 2, sign=True)})"

    counted = ctx.pick(
        f"{rose} nội dung thành phần tăng, {fell} giảm" + f", {still} gần như không đổi" * bool(still),
        f"{rose} sub-dimensions rose, {fell} fell" + f", {still} hardly moved" * bool(still),
    )
    title = ctx.pick(
        f"PAPI {year} của {ctx.name}, đổi nhiều nhất: {named(most)}",
        f"PAPI {year} of {ctx.name}, most changed: {named(most)}",
    )
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
        Claim(ctx.pick(f"Thay đổi nhiều nhất là {named(most)}", f"The largest change is {named(most)}"), leads),
    )
    other = high if falling else low
    numbers = [
        ctx.pick(
            f"{'Tăng' if falling else 'Giảm'} nhiều nhất: {named(other)}",
            f"The largest {'rise' if falling else 'fall'} is {named(other)}",
        )
    ] * bool((other["change"] > 0) == falling)
    numbers.append(
        ctx.pick(
            f"So {year} với {before}: {counted}",
            f"From {before} to {year}: {counted}",
        )
    )
    subtitle = ctx.pick(
        f"Thay đổi điểm nội dung thành phần PAPI của {ctx.name}, {before}–{year} (điểm)",
        f"Change of PAPI sub-dimension scores of {ctx.name}, {before}–{year} (points)",
    )
    note = ctx.pick(
        "Thang điểm là 0,25–2,5 khi trục có bốn nội dung, 0,33–3,33 khi có ba, nên mức thay đổi giữa các trục chỉ so gần đúng.",
        "The scale is 0.25–2.5 where a dimension has four sub-dimensions and 0.33–3.33 where it has three, so changes compare only roughly between dimensions.",
    )
    steps = _break_notes(pairs["component_id"], before, year, ctx)
    note = f"{note} {_unrounded_note(ctx)} {steps} {_stepped_note(pairs, ctx)}".strip()
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ thanh ngang", "Horizontal bars"), tuple(numbers), claims)


def dimension_scores(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Total and its change, and the dimensions of the best and the lowest rank."""
    if rows.empty:
        raise _nothing(
            ctx, f"{ctx.name} chưa có tổng điểm PAPI nào", f"{ctx.name} has no PAPI total in any edition held"
        )
    total, parts = rows[rows["component_id"] == "papi_total"].iloc[0], rows[rows["component_id"] != "papi_total"]
    year, score = int(total["edition_year"]), ctx.number(total["score"], 2)
    claims = [
        _about(ctx),
        Claim(
            ctx.pick(f"Tổng điểm PAPI {year} là {score}", f"The PAPI total of {year} is {score}"),
            lambda frame: (
                (row := frame[frame["component_id"] == "papi_total"].iloc[-1])["edition_year"] == year
                and ctx.number(row["score"], 2) == score
            ),
        ),
        Claim(
            ctx.pick("Các trục cộng lại bằng tổng điểm", "The dimensions add up to the total"),
            lambda frame: (
                abs(
                    sum(rounded(s, 9) for s in frame.loc[frame["component_id"] != "papi_total", "score"])
                    - rounded(frame.loc[frame["component_id"] == "papi_total", "score"].item(), 9)
                )
                <= Decimal("0.001")
            ),
        ),
    ]
    title = ctx.pick(f"PAPI {year} của {ctx.name}: {score} điểm", f"PAPI {year} of {ctx.name}: {score} points")
    years = [str(edition) for edition in (total["previous_edition"], year) if pd.notna(edition)]
    years = listing(years, ctx.language)
    if pd.notna(total["change"]):
        before, falling = int(total["previous_edition"]), total["change"] < 0
        size = ctx.number(abs(total["change"]), 2)
        moved = ctx.pick(
            f"{ctx.number(total['change'], 2, sign=True)} so với {before}",
            f"{ctx.number(total['change'], 2, sign=True)} from {before}",
        )
        quiet = within_error(total["change"], "papi_total", (before, year), ctx)
        moved += f", {quiet}" * bool(quiet)
        title += f", {moved}"

        def moves(frame: pd.DataFrame) -> bool:
            row = frame[frame["component_id"] == "papi_total"].iloc[-1]
            exact = _apart(row["score"], row["previous_score"])
            drawn = {ctx.number(change, 2, sign=True) for change in (exact, row["change"])}
            same = row["previous_edition"] == before and ctx.number(abs(exact), 2) == size
            return same and len(drawn) == 1 and (exact < 0) == falling

        claims.append(Claim(ctx.pick(f"Tổng điểm {moved}", f"The total: {moved}"), moves))
    ranked = parts[parts["rank"].notna()]
    if len(ranked):
        best, worst = (ranked.loc[pick(ranked["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
        names = [_names([row["component_id"]], ctx, year) for row in (best, worst)]
        placed = {row["component_id"]: rank_of(row["rank"], row["n_ranked"]) for row in (best, worst)}
        ends = [f"{name} ({told})" for name, told in zip(names, placed.values(), strict=False)]
        extremes = ctx.pick(
            f"hạng tốt nhất: {ends[0]}, thấp nhất: {ends[-1]}", f"best rank: {ends[0]}, lowest: {ends[-1]}"
        )
        first, last = best["component_id"], worst["component_id"]

        def stand(frame: pd.DataFrame) -> bool:
            held = frame[(frame["component_id"] != "papi_total") & frame["rank"].notna()]
            drawn = {part: ranked for part, *ranked in _read(held, "component_id", "rank", "n_ranked")}
            ends = min(rank for rank, _ in drawn.values()), max(rank for rank, _ in drawn.values())
            same = {part: rank_of(*drawn[part]) for part in placed} == placed
            return same and (drawn[first][0], drawn[last][0]) == ends

        claims.append(Claim(sentence(extremes), stand))
    subtitle = ctx.pick(
        f"Điểm các trục nội dung (thang 1–10) và tổng điểm PAPI của {ctx.name}, {years}",
        f"PAPI dimension scores (scale 1–10) and total of {ctx.name}, {years}",
    )
    notes = [
        ctx.pick(
            "Nhóm theo tứ phân vị điểm của các tỉnh có kết quả; hạng do đơn vị lập báo cáo tính từ điểm.",
            "Groups by quartile of the provinces with a result; ranks are worked out from scores.",
        )
    ]
    if rows["change"].notna().any():
        notes.append(_unrounded_note(ctx))
    if rows["crosses"].ne("").any():
        notes.append(ctx.pick("Dấu †: hai kỳ khác phương pháp.", "†: the two editions differ in method."))
    if (rows["previous_score"].isna()).any():
        notes.append(ctx.pick("Dấu –: không có kỳ trước để so.", "–: no edition before to compare with."))
    notes += [_withheld_note("papi", year, ctx), _error_note(ctx)]
    rose, fell, still = _directions(parts["change"].dropna())
    numbers = [sentence(extremes)] if len(ranked) else []
    if rose + fell + still:
        numbers.append(
            ctx.pick(
                f"{rose} trục tăng, {fell} trục giảm" + f", {still} gần như không đổi" * bool(still),
                f"{rose} dimensions rose, {fell} fell" + f", {still} hardly moved" * bool(still),
            )
        )
    if pd.notna(total["rank"]):
        numbers.append(
            ctx.pick("Hạng của tổng điểm: ", "Rank of the total: ") + rank_of(total["rank"], total["n_ranked"])
        )
    kind = _rows(
        len(rows), "mỗi dòng một trục nội dung, dòng cuối là tổng điểm", "one for each dimension, the total last", ctx
    )
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, tuple(numbers), tuple(claims))
