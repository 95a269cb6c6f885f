"""Findings about relations: between indices, between editions, between provinces. Association only."""

from __future__ import annotations

import pandas as pd

from ..measures import rounded
from ..wording import Context, index_name, percent, province_name, rank_of, sentence
from .captions import Caption, Claim, _break_notes, _nothing, _rows, _years


def _pair(row, ctx: Context) -> str:
    return f"{index_name(row['index_a'])}–{index_name(row['index_b'])}"


def _of_all(ctx: Context) -> str:
    return ctx.pick(
        f"Số liệu chung của cả nước, không riêng {ctx.name}", f"Figures of all provinces, not of {ctx.name} alone"
    )


def rank_agreement(rows: pd.DataFrame, ctx: Context) -> Caption:
    """In how many comparisons two indices rank alike beyond chance, and the strongest of whole lists."""
    if rows.empty:
        raise _nothing(
            ctx,
            "chưa có hai chỉ số nào cùng giữ thứ hạng của ít nhất 10 tỉnh trong một kỳ",
            "no two indices hold places of at least 10 provinces in one edition",
        )
    count, clear = len(rows), int(((rows["low"] > 0) | (rows["high"] < 0)).sum())
    whole = rows[rows["complete"].astype(bool)]

    def counted(frame: pd.DataFrame) -> bool:
        # an interval on one side of zero has ends of one sign
        return (frame["low"] * frame["high"] > 0).sum() == clear and len(frame) == count

    title = ctx.pick(
        f"Hai chỉ số xếp hạng các tỉnh giống nhau rõ rệt ở {clear}/{count} lần so sánh",
        f"Two indices rank the provinces clearly alike in {clear} of {count} comparisons",
    )
    against = int((rows["high"] < 0).sum())
    if against:
        title = ctx.pick(
            f"Khoảng tin cậy của tương quan thứ hạng không chứa 0 ở {clear}/{count} lần so sánh",
            f"The interval of the rank correlation leaves out 0 in {clear} of {count} comparisons",
        )
    claims = [Claim(title, counted)]
    numbers = [_of_all(ctx)]
    if len(whole):
        most = whole.loc[whole["rho"].idxmax()]
        size, year, pair = ctx.number(most["rho"], 2), int(most["edition_year"]), _pair(most, ctx)
        key = most["index_a"], most["index_b"]
        says = ctx.pick(
            f"cao nhất khi có đủ tỉnh là {size} ({pair} {year})", f"highest of whole lists is {size} ({pair} {year})"
        )

        def highest(frame: pd.DataFrame) -> bool:
            there = frame[frame["complete"].astype(bool)]
            (row,) = there[
                (there["index_a"] == key[0]) & (there["index_b"] == key[1]) & (there["edition_year"] == year)
            ].itertuples()
            return row.rho == max(there["rho"]) and ctx.number(row.rho, 2) == size and row.low <= row.rho <= row.high

        title = f"{title}; {says}"
        claims.append(Claim(sentence(says), highest))
        numbers.append(
            ctx.pick(
                f"{len(whole)} lần so sánh đủ mọi tỉnh, từ {ctx.number(whole['rho'].min(), 2)} đến {size}",
                f"{len(whole)} comparisons of whole lists, from {ctx.number(whole['rho'].min(), 2)} to {size}",
            )
        )
    numbers.append(
        ctx.pick(
            f"Số tỉnh chung từ {int(rows['n'].min())} đến {int(rows['n'].max())}",
            f"Between {int(rows['n'].min())} and {int(rows['n'].max())} provinces in common",
        )
    )
    subtitle = ctx.pick(
        f"Tương quan thứ hạng Spearman giữa hai chỉ số trong cùng một kỳ, {_years(rows)}, và khoảng tin cậy 95%",
        f"Spearman correlation of the places in two indices of one edition year, {_years(rows)}, with 95% intervals",
    )
    note = ctx.pick(
        "1: cùng thứ tự; 0: không liên quan; −1: ngược thứ tự. Chỉ là tương quan, không nói lên nguyên nhân. Chấm rỗng: chỉ giữ được một phần danh sách, không phải mẫu ngẫu nhiên (PCI từ 2017 chủ yếu là các tỉnh đầu bảng), thứ hạng được xếp lại giữa các tỉnh chung. Trong 20 khoảng tin cậy, một khoảng có thể không chứa 0 chỉ do ngẫu nhiên.",
        "1: the same order; 0: unrelated; −1: the reverse. Association only, never cause. Open dots: only a part of a list is held, which is no random sample (of PCI since 2017 mostly the top), ranked again among the provinces in common. Of 20 intervals one may leave out 0 by chance alone.",
    )
    kind = ctx.pick("Biểu đồ điểm có khoảng tin cậy", "Dots with intervals")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def group_transitions(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How often a province stays in its group, and how often the top and the bottom do."""
    if rows.empty:
        raise _nothing(
            ctx,
            "chưa có hai kỳ PAPI liền nhau cùng phương pháp để xem các tỉnh đổi nhóm",
            "no two editions of PAPI in a row and of one method to see provinces change groups",
        )
    total = int(rows["count"].sum())
    stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "count"].sum())
    share = percent(100 * stayed / total, 0, ctx.language)
    cells = {(a, b): s for a, b, s in zip(rows["group_from"], rows["group_to"], rows["moved_share"], strict=True)}
    top = percent(100 * cells[("high", "high")], 0, ctx.language)
    bottom = percent(100 * cells[("low", "low")], 0, ctx.language)

    def kept(frame: pd.DataFrame) -> bool:
        counts = frame.pivot(index="group_from", columns="group_to", values="count")
        on, every = sum(counts.at[group, group] for group in counts.index), counts.to_numpy().sum()
        same = every == total and frame["n_year_pairs"].eq(total).all()
        return same and percent(100 * on / every, 0, ctx.language) == share

    def ends(frame: pd.DataFrame) -> bool:
        found = []
        for group in ("high", "low"):
            began = frame[frame["group_from"] == group]
            counted = began.loc[began["group_to"] == group, "count"].item() / began["count"].sum()
            shown = began.loc[began["group_to"] == group, "moved_share"].item()
            found += [percent(100 * value, 0, ctx.language) for value in (counted, shown)]
        return found == [top, top, bottom, bottom]

    first = ctx.pick(
        f"Từ kỳ này sang kỳ sau {share} số lượt tỉnh giữ nguyên nhóm",
        f"From one edition to the next {share} keep their group",
    )
    second = ctx.pick(f"ở nhóm cao {top}, ở nhóm thấp {bottom}", f"of the high group {top}, of the low group {bottom}")
    claims = [Claim(first, kept), Claim(sentence(second), ends)]
    pairs, begin, end = int(rows["n_pairs"].iloc[0]), int(rows["first_year"].iloc[0]), int(rows["edition_year"].iloc[0])
    numbers = [
        ctx.pick(
            f"{total} lượt tỉnh qua {pairs} cặp kỳ liền nhau, {begin}–{end}",
            f"{total} province-years in {pairs} pairs of editions, {begin}–{end}",
        )
    ]
    own = int(rows["own_count"].sum())
    if own:
        own_stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "own_count"].sum())
        numbers.insert(
            0,
            ctx.pick(
                f"{ctx.name} giữ nguyên nhóm {own_stayed}/{own} lần",
                f"{ctx.name} kept its group {own_stayed} of {own} times",
            ),
        )
    subtitle = ctx.pick(
        f"Nhóm của các tỉnh theo tổng điểm PAPI ở một kỳ và ở kỳ liền sau, {begin}–{end} ({pairs} cặp kỳ cùng phương pháp, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{total})",
        f"Group of the provinces by PAPI total in one edition and in the next, {begin}–{end} ({pairs} pairs of one method, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{total})",
    )
    note = ctx.pick(
        "Mỗi ô: tỷ lệ trong số lượt tỉnh xuất phát từ nhóm đó (tổng hàng là 100%), số lượt, và số lượt của tỉnh. Không ghép hai kỳ khác phương pháp, không ghép qua năm tỉnh không được công bố. Mô tả quá khứ, không phải dự báo; sai số điều tra tự nó cũng làm tỉnh đổi nhóm.",
        "Each cell: share of those that began in the group (rows sum to 100%), their count, and the province's own. No pair crosses a change of method or a year in which a province was not published. A description of the past, no forecast; the error of the survey alone moves provinces between groups.",
    )
    kind = ctx.pick("Bảng màu 4 x 4", "Heat map of 4 by 4")
    return Caption(f"{first}: {second}", subtitle, note, kind, tuple(numbers), tuple(claims))


def score_spread(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Whether provinces stand closer together now than in the first edition of the method."""
    if rows.empty:
        raise _nothing(
            ctx, "chưa có đủ điểm PAPI của các tỉnh ở một kỳ nào", "no edition of which every PAPI score is held"
        )
    newest = rows.loc[rows["edition_year"].idxmax()]
    alike = rows[rows["segment"] == newest["segment"]].sort_values("edition_year")
    first, year, size = alike.iloc[0], int(newest["edition_year"]), ctx.number(newest["standard_deviation"], 2)
    begin, was = int(first["edition_year"]), ctx.number(first["standard_deviation"], 2)

    def measured(frame: pd.DataFrame) -> bool:
        held = dict(zip(frame["edition_year"], frame["standard_deviation"], strict=True))
        return max(held) == year and ctx.number(held[year], 2) == size

    claims = [
        Claim(ctx.pick(f"Độ lệch chuẩn năm {year} là {size}", f"The standard deviation of {year} is {size}"), measured)
    ]
    if begin == year:
        title = ctx.pick(
            f"PAPI {year}: độ lệch chuẩn giữa các tỉnh là {size} điểm",
            f"PAPI {year}: the standard deviation between provinces is {size} points",
        )
    else:
        apart = newest["low"] > first["high"] or newest["high"] < first["low"]
        wider = newest["standard_deviation"] > first["standard_deviation"]
        course = ctx.pick("giãn ra", "wider apart") if wider else ctx.pick("xích lại gần nhau", "closer together")
        if rounded(newest["standard_deviation"], 2) == rounded(first["standard_deviation"], 2):
            course = ctx.pick("không đổi khoảng cách", "no further apart")
        doubt = "" if apart else ctx.pick("; hai khoảng tin cậy chồng lên nhau", "; the two intervals overlap")
        title = ctx.pick(
            f"Các tỉnh {course} so với năm {begin}: độ lệch chuẩn từ {was} thành {size} điểm{doubt}",
            f"The provinces are {course} than in {begin}: standard deviation {was} to {size} points{doubt}",
        ).replace("no further apart than", "as far apart as")

        def compared(frame: pd.DataFrame) -> bool:
            rows = {row.edition_year: row for row in frame.itertuples()}
            then, now = rows[begin], rows[year]
            meets = max(then.low, now.low) <= min(then.high, now.high)
            same = then.segment == now.segment and begin == min(
                other.edition_year for other in rows.values() if other.segment == now.segment
            )
            return ctx.number(then.standard_deviation, 2) == was and meets != apart and same

        claims.append(Claim(title, compared))
    numbers = (
        _of_all(ctx),
        ctx.pick(
            f"Năm {year}: khoảng tin cậy 95% {ctx.number(newest['low'])}–{ctx.number(newest['high'])}, n = {int(newest['n'])}",
            f"In {year}: 95% interval {ctx.number(newest['low'])}–{ctx.number(newest['high'])}, n = {int(newest['n'])}",
        ),
    )
    subtitle = ctx.pick(
        f"Độ phân tán tổng điểm PAPI giữa các tỉnh, {_years(rows)} (điểm)",
        f"Spread of the PAPI totals of the provinces, {_years(rows)} (points)",
    )
    note = ctx.pick(
        "Khoảng tin cậy 95% lấy từ 2.000 lần chọn lại các tỉnh; sai số điều tra nằm lẫn trong độ phân tán. Chỉ so các kỳ cùng phương pháp (xem cột phương pháp).",
        "The 95% interval is from 2,000 resamples of the provinces; the survey's own error is part of the spread. Only editions of one method are compared (see the column of the method).",
    )
    note = f"{note} {_break_notes(['papi_total'], int(rows['edition_year'].min()), year, ctx)}".strip()
    kind = _rows(len(rows), "mỗi dòng một kỳ", "one an edition", ctx)
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


def likeness(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The province most like this one over the dimensions, and how near."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có đủ điểm các trục PAPI để so với tỉnh khác",
            f"{ctx.name} has no scores of every PAPI dimension to be likened to others",
        )
    year, parts, n = (int(rows[name].iloc[0]) for name in ("edition_year", "n_dimensions", "n"))
    nearest = rows.loc[rows["distance"].idxmin()]
    code, size = nearest["province_code"], ctx.number(nearest["distance"], 2)
    name = province_name(code, nearest["boundary"], ctx.language)
    placed = rank_of(nearest["rank"], nearest["n_ranked"])
    title = ctx.pick(
        f"PAPI {year}: tỉnh giống {ctx.name} nhất trên {parts} trục là {name} (khoảng cách {size}, hạng {placed})",
        f"PAPI {year}: most like {ctx.name} over {parts} dimensions is {name} (distance {size}, rank {placed})",
    )

    def most_like(frame: pd.DataFrame) -> bool:
        order = frame.sort_values("distance", kind="stable").iloc[0]
        return (
            order["province_code"] == code
            and ctx.number(order["distance"], 2) == size
            and rank_of(order["rank"], order["n_ranked"]) == placed
            and frame["edition_year"].eq(year).all()
            and frame["n_dimensions"].eq(parts).all()
            and not frame["province_code"].eq(ctx.province.province_code).any()
        )

    subtitle = ctx.pick(
        f"{len(rows)} tỉnh gần {ctx.name} nhất theo điểm {parts} trục nội dung PAPI {year}, trong {n} tỉnh có kết quả",
        f"The {len(rows)} provinces nearest to {ctx.name} in the {parts} PAPI dimensions of {year}, of {n} with a result",
    )
    note = ctx.pick(
        "Khoảng cách Euclid sau khi chuẩn hóa từng trục (0 là giống hệt; 1 là lệch một độ lệch chuẩn ở một trục). Giống nhau về điểm, không nói lên nguyên nhân hay điều kiện giống nhau.",
        "Euclidean distance over standardised dimensions (0 is the same; 1 is one standard deviation in one dimension). Alike in scores, which says nothing of causes or conditions.",
    )
    furthest = rows.loc[rows["distance"].idxmax()]
    numbers = (
        ctx.pick(
            f"Trong bảng, xa nhất là {province_name(furthest['province_code'], furthest['boundary'], 'vi')} ({ctx.number(furthest['distance'], 2)})",
            f"Furthest in the table is {province_name(furthest['province_code'], furthest['boundary'], 'en')} ({ctx.number(furthest['distance'], 2)})",
        ),
    )
    kind = _rows(len(rows), "mỗi dòng một tỉnh", "one a province", ctx)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, most_like),))
