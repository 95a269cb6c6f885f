"""Findings about relations: between indices, between editions, between provinces. Association only."""

from __future__ import annotations

import pandas as pd

from ..catalogue import catalogue
from ..measures import rounded
from ..wording import Context, index_name, listing, percent, province_name, rank_of, sentence
from .captions import Caption, Claim, _nothing, _rows, _years


def _pair(row, ctx: Context) -> str:
    return f"{index_name(row['index_a'])}–{index_name(row['index_b'])}"


def _of_all(ctx: Context) -> str:
    return ctx.pick(
        f"Số liệu chung của cả nước, không riêng {ctx.name}", f"Figures of all provinces, not of {ctx.name} alone"
    )


WEAK, STRONG = 0.4, 0.7  # of a correlation's size: below, and from


def rank_agreement(rows: pd.DataFrame, ctx: Context) -> Caption:
    """In how many comparisons of whole lists two indices are related beyond chance, and how strongly."""
    if rows.empty:
        raise _nothing(
            ctx,
            "chưa có hai chỉ số nào cùng có đủ danh sách tỉnh trong một kỳ",
            "no two indices are held of every province in one edition",
        )
    count = len(rows)
    indices = ", ".join(index_name(i) for i in catalogue().indices if i in {*rows["index_a"], *rows["index_b"]})
    clear = rows[(rows["low"] > 0) | (rows["high"] < 0)]
    sizes = [ctx.number(size, 2) for size in sorted({rounded(rho, 2) for rho in clear["rho"]})]
    strong, weak = int((clear["rho"].abs() >= STRONG).sum()), bool((clear["rho"].abs() < WEAK).all())
    positive, related = bool((clear["rho"] > 0).all()), len(clear)

    def counted(frame: pd.DataFrame) -> bool:
        # an interval on one side of zero has ends of one sign
        found = frame.loc[frame["low"] * frame["high"] > 0, "rho"]
        shown = [ctx.number(size, 2) for size in sorted({rounded(rho, 2) for rho in found})]
        kinds = ((found >= STRONG) | (found <= -STRONG)).sum(), found.between(-WEAK, WEAK, inclusive="neither").all()
        return (len(frame), len(found), shown) == (count, related, sizes) and kinds == (strong, weak)

    if not related:
        title = ctx.pick(
            f"{indices} {_years(rows)}: không cặp nào trong {count} cặp có tương quan rõ",
            f"{indices} {_years(rows)}: none of {count} pairs shows a relation",
        )
    else:
        span = sizes[0] if len(sizes) == 1 else f"{sizes[0]}–{sizes[-1]}" if positive else f"{sizes[0]} … {sizes[-1]}"
        kind_vi = " dương" * positive + " yếu" * weak
        kind_en = "weakly " * weak + "positively " * positive
        rest = (f", {strong} cặp mạnh", f", {strong} strong") if strong else (", không cặp nào mạnh", ", none strong")
        rest = ("", "") if weak else rest
        title = ctx.pick(
            f"{indices} {_years(rows)}: {related}/{count} cặp tương quan{kind_vi} (ρ {span}){rest[0]}",
            f"{indices} {_years(rows)}: {related} of {count} pairs {kind_en}related (ρ {span}){rest[1]}",
        )
    claims, numbers = [Claim(title, counted)], [_of_all(ctx)]
    most = rows.loc[rows["rho"].idxmax()]
    size, year, pair = ctx.number(most["rho"], 2), int(most["edition_year"]), _pair(most, ctx)
    says = ctx.pick(f"cao nhất là {size} ({pair} {year})", f"the highest is {size} ({pair} {year})")

    def highest(frame: pd.DataFrame) -> bool:
        first = frame.sort_values("rho", kind="stable").iloc[-1]
        return _pair(first, ctx) == pair and first["edition_year"] == year and ctx.number(first["rho"], 2) == size

    claims.append(Claim(sentence(says), highest))
    numbers += [
        sentence(says),
        ctx.pick(
            f"Số tỉnh chung từ {int(rows['n'].min())} đến {int(rows['n'].max())}",
            f"Between {int(rows['n'].min())} and {int(rows['n'].max())} provinces in common",
        ),
    ]
    subtitle = ctx.pick(
        f"Tương quan thứ hạng Spearman giữa hai chỉ số trong cùng một kỳ, {_years(rows)}, và khoảng tin cậy 95%",
        f"Spearman correlation of the places in two indices of one edition year, {_years(rows)}, with 95% intervals",
    )
    chance, limits = ctx.number(0.05 * count, 1), [ctx.number(each, 1) for each in (WEAK, STRONG)]
    note = ctx.pick(
        f"Cặp: hai chỉ số của một năm có đủ danh sách; tính là tương quan khi khoảng tin cậy không chứa 0. 1: cùng thứ tự; 0: không liên quan. Yếu: dưới {limits[0]}; mạnh: từ {limits[1]}. Chỉ do ngẫu nhiên, khoảng {chance} trong {count} khoảng tin cậy không chứa 0. Tương quan không nói lên nguyên nhân.",
        f"A pair: two indices of one year with whole lists; related where the interval leaves out 0. 1: the same order; 0: unrelated. Weak: under {limits[0]}; strong: from {limits[1]}. By chance alone about {chance} of {count} intervals leave out 0. Association only, never cause.",
    )
    kind = ctx.pick("Biểu đồ điểm có khoảng tin cậy", "Dots with intervals")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def _marked_pairs(caution: str, ctx: Context) -> str:
    """In which years, among pairs of editions whose places are counted, the measure was not the same throughout."""
    years = listing(sorted({each.rpartition(":")[2] for each in caution.split()}), ctx.language)
    return ctx.pick(
        f"Thước đo thay đổi một phần vào {years}; các cặp đó vẫn được tính, vì nhóm là vị trí.",
        f"The measure changed in part in {years}; those pairs are counted, since groups are places.",
    ) * bool(years)


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
        same &= frame["first_year"].eq(begin).all() and frame["edition_year"].eq(end).all()
        return same and percent(100 * on / every, 0, ctx.language) == share

    def ends(frame: pd.DataFrame) -> bool:
        found = []
        for group in ("high", "low"):
            began = frame[frame["group_from"] == group]
            counted = began.loc[began["group_to"] == group, "count"].item() / began["count"].sum()
            shown = began.loc[began["group_to"] == group, "moved_share"].item()
            found += [percent(100 * value, 0, ctx.language) for value in (counted, shown)]
        return found == [top, top, bottom, bottom]

    pairs, begin, end = int(rows["n_pairs"].iloc[0]), int(rows["first_year"].iloc[0]), int(rows["edition_year"].iloc[0])
    own = int(rows["own_count"].sum())
    own_stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "own_count"].sum())
    first = ctx.pick(f"{share} số lượt các tỉnh giữ nhóm", f"all provinces {share} of the time")
    second = ctx.pick(f"Nhóm cao giữ {top}, nhóm thấp {bottom}", f"Of the high group {top} stayed, of the low {bottom}")
    mine = ctx.pick(
        f"{ctx.name} giữ nhóm {own_stayed}/{own} lần", f"{ctx.name} kept its group {own_stayed} of {own} times"
    )
    title = f"PAPI {begin}–{end}: " + (f"{mine}, {first}" if own else sentence(first))

    def kept_own(frame: pd.DataFrame) -> bool:
        counts = frame.pivot(index="group_from", columns="group_to", values="own_count")
        return (sum(counts.at[g, g] for g in counts.index), counts.to_numpy().sum()) == (own_stayed, own)

    claims = [Claim(sentence(first), kept), Claim(second, ends), Claim(mine, kept_own)]
    numbers = [
        ctx.pick(
            f"{total} lượt tỉnh qua {pairs} cặp kỳ liền nhau, {begin}–{end}",
            f"{total} province-years in {pairs} pairs of editions, {begin}–{end}",
        ),
        second,
    ]
    subtitle = ctx.pick(
        f"Nhóm của các tỉnh theo tổng điểm PAPI ở một kỳ và ở kỳ liền sau, {begin}–{end} ({pairs} cặp kỳ, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{total})",
        f"Group of the provinces by PAPI total in one edition and in the next, {begin}–{end} ({pairs} pairs of editions, n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{total})",
    )
    note = ctx.pick(
        "Mỗi ô: tỷ lệ trong số lượt tỉnh xuất phát từ nhóm đó, số lượt, và số lượt của tỉnh. Mô tả quá khứ, không phải dự báo.",
        "Each cell: share of those that began in the group, their count, and the province's own. A description of the past, no forecast.",
    )
    row = rows.iloc[0]
    if row["n_with_errors"]:
        cases, real, noise = (
            int(row["n_with_errors"]),
            *(percent(100 * row[name], 0, ctx.language) for name in ("kept_share", "noise_kept_share")),
        )
        against = ctx.pick(
            f"Riêng {cases} lượt cùng phương pháp với năm 2019: {real} giữ nguyên nhóm; nếu chỉ có sai số điều tra thì {noise}",
            f"Of the {cases} province-years of the method of 2019, {real} kept their group; by survey error alone {noise} would",
        )
        note = f"{note} {against}."
        numbers.append(against)
    note = f"{note} {_marked_pairs(rows['caution'].iloc[0], ctx)}".strip()
    kind = ctx.pick("Bảng màu 4 x 4", "Heat map of 4 by 4")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def _interval(row, name: str, ctx: Context, ends: str = "change") -> str:
    """`+0,42 điểm (0,07 đến 0,75)`: a change of the spread and its paired interval."""
    low, high = (ctx.number(row[f"{ends}_{end}"], 1) for end in ("low", "high"))
    size = ctx.number(row[name], 2, sign=True)
    return ctx.pick(f"{size} điểm ({low} đến {high})", f"{size} points ({low} to {high})")


def score_spread(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Whether provinces stand closer together now than in the first edition of the method."""
    if rows.empty:
        raise _nothing(
            ctx, "chưa có đủ điểm PAPI của các tỉnh ở một kỳ nào", "no edition of which every PAPI score is held"
        )
    newest = rows.loc[rows["edition_year"].idxmax()]
    year, size = int(newest["edition_year"]), ctx.number(newest["standard_deviation"], 2)
    begin = int(newest["first_edition"])
    first = rows[rows["edition_year"] == begin].iloc[0]

    def measured(frame: pd.DataFrame) -> bool:
        held = dict(zip(frame["edition_year"], frame["standard_deviation"], strict=True))
        return max(held) == year and ctx.number(held[year], 2) == size

    claims = [
        Claim(ctx.pick(f"Độ lệch chuẩn năm {year} là {size}", f"The standard deviation of {year} is {size}"), measured)
    ]
    same = ""
    if begin == year:
        title = ctx.pick(
            f"PAPI {year}: độ lệch chuẩn giữa các tỉnh là {size} điểm",
            f"PAPI {year}: the standard deviation between provinces is {size} points",
        )
    else:
        was = ctx.number(first["standard_deviation"], 2)
        ends = _interval(newest, "change", ctx)
        sure = newest["change_low"] > 0 or newest["change_high"] < 0
        wider = newest["change"] > 0
        course = ctx.pick("giãn ra", "wider apart") if wider else ctx.pick("xích lại gần nhau", "closer together")
        if not sure:
            course = ctx.pick("chưa rõ giãn ra hay xích lại", "neither clearly wider apart nor closer")
        title = ctx.pick(
            f"PAPI {year}: các tỉnh {course} so với {begin} (độ lệch chuẩn {was} → {size})",
            f"PAPI {year}: provinces {course} than in {begin} (standard deviation {was} → {size})",
        )

        def compared(frame: pd.DataFrame) -> bool:
            rows = {row.edition_year: row for row in frame.itertuples()}
            then, now = rows[begin], rows[year]
            clear = now.change_low * now.change_high > 0
            grown = now.standard_deviation > then.standard_deviation
            start = min(other.edition_year for other in rows.values() if other.segment == now.segment)
            same = then.segment == now.segment and begin == start and clear == sure and (grown == wider or not sure)
            return (
                ctx.number(then.standard_deviation, 2) == was
                and same
                and _interval(now._asdict(), "change", ctx) == ends
            )

        claims.append(Claim(title, compared))
        same = ctx.pick(
            f"Thay đổi {begin}–{year} trên cùng các tỉnh: {ends}",
            f"Change {begin}–{year} over the same provinces: {ends}",
        )
        if newest["common_ids"]:
            numbered = listing([catalogue().component(c).number for c in newest["common_ids"].split()], ctx.language)
            alone = _interval(newest, "common_change", ctx, "common")
            same += ctx.pick(
                f"; chỉ trên trục {numbered}, không đổi thước đo: {alone}",
                f"; on dimension{'s' * (' ' in newest['common_ids'])} {numbered} alone, measured alike: {alone}",
            )
    numbers = (
        _of_all(ctx),
        ctx.pick(
            f"Năm {year}: khoảng tin cậy 95% {ctx.number(newest['low'], 1)}–{ctx.number(newest['high'], 1)}, n = {int(newest['n'])}",
            f"In {year}: 95% interval {ctx.number(newest['low'], 1)}–{ctx.number(newest['high'], 1)}, n = {int(newest['n'])}",
        ),
        *([same] if same else []),
    )
    subtitle = ctx.pick(
        f"Độ phân tán tổng điểm PAPI giữa các tỉnh, {_years(rows)} (điểm)",
        f"Spread of the PAPI totals of the provinces, {_years(rows)} (points)",
    )
    note = ctx.pick(
        "Khoảng 95%: 20.000 lần chọn lại các tỉnh; sai số điều tra nằm lẫn trong độ phân tán. Không so qua dòng khác số ở cột phương pháp; †: thước đo thay đổi một phần kể từ kỳ đầu.",
        "95% intervals: 20,000 resamples of the provinces; the survey's own error is part of the spread. Rows of another method are not compared; †: the measure changed in part since its first edition.",
    )
    marks = catalogue().marks("papi_total", begin, year)
    changed = "; ".join(f"{b.edition_year} {ctx.pick(b.label, b.label_en)}" for b in marks)
    changed = ctx.pick(f"Thay đổi một phần: {changed}.", f"Changed in part: {changed}.") * bool(changed)
    note = " ".join(filter(None, (f"{sentence(same)}." * bool(same), note, changed)))
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
        f"PAPI {year}: giống {ctx.name} nhất trên {parts} trục là {name} (khoảng cách {size})",
        f"PAPI {year}: most like {ctx.name} over {parts} dimensions is {name} (distance {size})",
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
