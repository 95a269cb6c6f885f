"""Findings about why a province moved, and about courses that cross a break or a merger under a stated rule."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pandas as pd

from ..catalogue import RULES, catalogue
from ..measures import rounded
from ..moves import CAUSES
from ..wording import Context, index_name, label, listing, lower_first, province_name, rank_of, sentence
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
        f"chưa có hai kỳ PAPI cùng phương pháp để giải thích vì sao {ctx.name} lên hay xuống hạng",
        f"there are no two PAPI editions of one method to tell why {ctx.name} moved",
    )


def _gained(value: float, ctx: Context) -> str:
    """Places of a cause: `−2,0 bậc`."""
    return ctx.number(value, 1, sign=True) + ctx.pick("\N{NO-BREAK SPACE}bậc", "\N{NO-BREAK SPACE}places")


def _shift_note(component_ids: str, year: int, ctx: Context) -> str:
    """That a component moved in the whole country at once, which its definition does not explain."""
    if not component_ids:
        return ""
    names = _names(component_ids.split(), ctx, year)
    return ctx.pick(
        f"Cả nước đổi mức một lúc ở {names} dù định nghĩa không đổi: có thể là do cách đo.",
        f"The whole country moved at once in {names} though the definition did not change: it may be the way of measuring.",
    )


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
    way = ctx.pick(
        "giữ hạng" if not gained else f"từ hạng {ranks[0]} đến",
        "kept rank" if not gained else f"went from {ranks[0]} to",
    )
    title = f"PAPI {year}: {ctx.name} {way} {ranks[1]}"
    quiet = within_error(attrs["total_to"] - attrs["total_from"], "papi_total", (before, year), ctx) if gained else ""
    if quiet:
        title += ctx.pick(f", điểm thay đổi {quiet}", f", the score's change {quiet}")
    elif main:
        title += ctx.pick(f", chủ yếu do {cause}", f", mainly by {cause}")

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
            ctx.pick(
                f"Hạng {ranks[0]} năm {before}, {ranks[1]} năm {year}", f"{ranks[0]} in {before}, {ranks[1]} in {year}"
            ),
            ranked,
        ),
        Claim(
            ctx.pick("Các phần cộng lại đúng bằng thay đổi điểm và hạng", "The parts add up to the changes"), adds_up
        ),
        Claim(
            ctx.pick(
                "Số tỉnh vượt, bị vượt, vào và ra khớp với thay đổi hạng",
                "Provinces passed, let past, in and out agree with the change of rank",
            ),
            counted,
        ),
        Claim(
            sentence(listing(each, ctx.language)) or ctx.pick("Không phần nào làm đổi hạng", "No part moved the rank"),
            caused,
        ),
    )
    subtitle = ctx.pick(
        f"Thay đổi tổng điểm và thứ hạng PAPI của {ctx.name}, {before}–{year}, tách thành các phần",
        f"Change of PAPI total and rank of {ctx.name}, {before}–{year}, split into parts",
    )
    notes = [
        ctx.pick(
            "Phần của mỗi nguyên nhân là giá trị Shapley: bình quân trên mọi thứ tự thay đổi của bốn nguyên nhân, nên có thể lẻ; cộng lại đúng bằng thay đổi hạng. Đây là kết quả phân tách bằng phép tính, không phải nguyên nhân thực tế.",
            "Each cause has its Shapley value, the mean over all orders in which the four can change, so it may be a fraction; together they are the change of rank. This is an arithmetic decomposition, not a causal explanation.",
        )
    ]
    crossed = [
        (ctx.pick("Tỉnh vượt được", "Overtook"), "passed"),
        (ctx.pick("Các tỉnh vượt lên", "Overtaken by"), "passed_by"),
        (ctx.pick("Tỉnh mới được xếp hạng và đứng trên", "Newly ranked above"), "entered"),
        (
            ctx.pick("Kỳ trước đứng trên, kỳ này không công bố kết quả", "Previously above, not ranked this year"),
            "left",
        ),
    ]
    for words, key in crossed:
        codes = attrs.get(key, "").split()
        if codes:
            names = [province_name(code, ctx.province.boundary, ctx.language) for code in codes[:6]]
            rest = len(codes) - len(names)
            names += [ctx.pick(f"{rest} tỉnh khác", f"{rest} others")] if rest else []
            notes.append(f"{words}: {listing(names, ctx.language)}.")
    scored = moves[moves["moved"] == "score"]
    if not scored["same_component"].all():
        rebuilt = _names(scored.loc[~scored["same_component"].astype(bool), "component_id"], ctx, year)
        notes.append(
            ctx.pick(
                f"Xám: {rebuilt} không còn là cùng một thành phần, nên không tách được thay đổi thật khỏi cách tính mới.",
                f"Grey: {rebuilt} is not the same component in both editions: real change and new method cannot be told apart.",
            )
        )
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
        ctx.pick(f"Tổng điểm từ {totals[0]} đến {totals[1]}", f"The total went from {totals[0]} to {totals[1]}"),
        ctx.pick(f"Tăng nhiều nhất: {ends[0]}; giảm nhiều nhất: {ends[1]}", f"Most up: {ends[0]}; most down: {ends[1]}")
        if best["value"] > 0 > worst["value"]
        else ctx.pick(f"Thay đổi từ {ends[1]} đến {ends[0]}", f"Changes from {ends[1]} to {ends[0]}"),
        *([sentence(listing(each, ctx.language))] if each else []),
    )
    kind = ctx.pick("Hai biểu đồ thác nước, điểm và hạng", "Two waterfall charts, of score and of rank")
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
            f"PAPI {year} của {ctx.name} thay đổi {change} điểm so với {before}; không phần nào chiếm quá nửa mức thay đổi",
            f"PAPI {year} of {ctx.name} changed by {change} points from {before}; no part makes more than half of it",
        )

    def named(part: str) -> str:
        return f"{_names([part], ctx, year)} ({catalogue().component(part, year).number})"

    size = ctx.number(parts.loc[parts["component_id"] == main, "contribution"].iloc[0], 2, sign=True)
    quiet = within_error(attrs["total_to"] - attrs["total_from"], "papi_total", (before, year), ctx)
    quiet = f" ({quiet})" if quiet else ""
    title = ctx.pick(
        f"PAPI {year} của {ctx.name} {change} điểm{quiet}; riêng {named(main)} {size}",
        f"PAPI {year} of {ctx.name} {change} points{quiet}; {named(main)} alone {size}",
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
        Claim(ctx.pick(f"Tổng điểm thay đổi {change}", f"The total changed by {change}"), changed),
        Claim(
            ctx.pick(
                f"Riêng {named(main)} thay đổi {size}, quá nửa mức thay đổi của tổng điểm",
                f"{sentence(named(main))} alone changed by {size}, more than half of the change of the total",
            ),
            makes_most,
        ),
        Claim(ctx.pick("Mỗi tầng cộng lại bằng tầng trên", "Each tier adds up to the one above"), adds_up),
    )
    subtitle = ctx.pick(
        f"Thay đổi điểm PAPI của {ctx.name} từ {before} đến {year}, cộng dồn (điểm); các tầng vẽ trên một thang",
        f"Change of PAPI scores of {ctx.name} from {before} to {year}, added up (points); all tiers on one scale",
    )
    totals = [ctx.number(attrs[f"total_{end}"], 2) for end in ("from", "to")]
    numbers = (
        ctx.pick(f"Tổng điểm từ {totals[0]} đến {totals[1]}", f"The total went from {totals[0]} to {totals[1]}"),
        "; ".join(
            f"{named(part)} {ctx.number(value, 2, sign=True)}"
            for part, value in _read(parts[parts["level"] == "dimension"].tail(3), "component_id", "contribution")
        ),
    )
    notes = [
        ctx.pick(
            "Đây là phép cộng điểm, không phải nguyên nhân thực tế.",
            "This is how the points add up, not a causal explanation.",
        ),
        _unrounded_note(ctx),
        _error_note(ctx),
    ]
    kind = ctx.pick("Biểu đồ thác nước nhiều tầng", "Waterfall chart in tiers")
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
    title = ctx.pick(
        f"PAPI {before}–{year} của {ctx.name}: đổi nhiều nhất là {name} ({size})",
        f"PAPI {before}–{year} of {ctx.name}: most moved is {name} ({size})",
    )

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
        Claim(ctx.pick(f"Đổi nhiều nhất là {name} ({size})", f"Moved most: {name} ({size})"), leads),
        # what is printed with fewer decimals is rounded; more than that is no sum
        *[
            Claim(
                ctx.pick("Các phần cộng lại bằng thay đổi của tổng điểm", "The parts add up to the total's"),
                lambda frame: abs(lacking(frame)) <= ROUNDING,
            )
        ]
        * bool(abs(lacks) <= ROUNDING),
    )
    rest = len(parts) - SHOWN_MOVES
    notes = [
        ctx.pick(
            f"Xếp theo độ lớn của thay đổi; tổng điểm thay đổi {change} điểm. Đóng góp là điểm kỳ sau trừ điểm kỳ trước.",
            f"In order of size; the total changed by {change} points. A contribution is the later score less the earlier.",
        )
    ]
    if abs(lacks) > ROUNDING:
        notes.append(
            ctx.pick(
                f"Các phần công bố cộng lại lệch {ctx.number(lacks, 4, sign=True)} điểm so với tổng điểm công bố.",
                f"The published parts fall short of the published total by {ctx.number(lacks, 4, sign=True)} points.",
            )
        )
    if rest > 0:
        notes.append(
            ctx.pick(
                f"Dòng cuối cộng {rest} nội dung còn lại; tất cả có trong tệp số liệu.",
                f"The last row adds up the other {rest}; all are in the data file.",
            )
        )
    if not parts["same_component"].all():
        rebuilt = _names(parts.loc[~parts["same_component"], "component_id"], ctx, year)
        notes.append(
            ctx.pick(
                f"†: {rebuilt} đổi cách tính giữa hai kỳ, không tách nhỏ hơn được.",
                f"†: {rebuilt} was rebuilt between the editions and cannot be split further.",
            )
        )
    notes += [
        _shift_note(parts.attrs["shifted"], year, ctx),
        _unrounded_note(ctx),
        _break_notes(["papi_total"], before, year, ctx),
    ]
    subtitle = ctx.pick(
        f"Đóng góp của các nội dung thành phần vào thay đổi tổng điểm PAPI của {ctx.name}, {before}–{year} (điểm)",
        f"Contributions of the sub-dimensions to the change of the PAPI total of {ctx.name}, {before}–{year} (points)",
    )
    kind = _rows(
        min(len(parts), SHOWN_MOVES + 1), "mỗi dòng một nội dung thành phần", "one for each sub-dimension", ctx
    )
    next_ones = own[own["component_id"] != most].head(3)
    numbers = (
        ctx.pick(f"Tổng điểm thay đổi {change} điểm", f"The total changed by {change} points"),
        ctx.pick("Tiếp theo: ", "Next: ")
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
            f"không có chuỗi nối nào của {ctx.name}: chưa có kỳ PAPI nào qua mốc đổi phương pháp",
            f"there is no linked series of {ctx.name}: no PAPI edition across a break of method",
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
    title = ctx.pick(
        f"PAPI, chỉ tính trục {numbered} (cùng thước đo {span}): {ctx.name} từ hạng {ranks[0]} đến {ranks[1]}",
        f"PAPI, on dimension{'s' * (not one)} {numbered} alone, measured alike over {span}: {ctx.name} from {ranks[0]} to {ranks[1]}",
    )

    def holds(frame: pd.DataFrame) -> bool:
        rows = ends(frame, span)
        found = [f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['edition_year'])})" for row in rows]
        first, last = (int(year) for year in span.split("–"))
        common = [part.component_id for part in catalogue().common_components("papi", first, last)]
        return found == ranks and rows[0]["component_ids"].split() == common

    claims = (_about(ctx), Claim(title, holds))
    rule = RULES["same_components"]
    notes = [
        ctx.pick(
            f"Quy tắc so sánh: {rule[0]}, theo cây thành phần của PAPI. Tổng trên các trục chung là của bộ tài liệu này, PAPI không công bố; hạng tính trong số tỉnh có đủ các trục đó.",
            f"Rule of comparison: {rule[1]}, by PAPI's tree of components. The sums over common dimensions are by the compilers of this report, PAPI publishes none; ranks are among provinces that have all of them.",
        ),
        _unrounded_note(ctx),
        _break_notes(["papi_total"], *_ends(history), ctx),
    ]
    subtitle = ctx.pick(
        f"Điểm và hạng PAPI của {ctx.name} chỉ trên các trục chung của từng giai đoạn (quy tắc: {rule[0]})",
        f"PAPI score and rank of {ctx.name} on the dimensions common to each span (rule: {rule[1]})",
    )
    kind = _rows(len(spans), "mỗi dòng một giai đoạn", "one for each span", ctx)
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
            f"{ctx.name} không hợp thành từ nhiều tỉnh cũ nên không có gì để đặt cạnh nhau",
            f"{ctx.name} is not made of several former provinces: there is nothing to set side by side",
        )
    held = histories[histories["score"].notna()]
    whole = held[held["boundary"] == "post_2025"]
    if whole.empty:
        raise _nothing(
            ctx,
            f"chưa có kỳ nào mà mọi tỉnh cũ của {ctx.name} đều có điểm",
            f"no edition has a score of every former province of {ctx.name}",
        )
    year = int(whole["edition_year"].max())

    def parts(frame: pd.DataFrame) -> list[str]:
        rows = frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]
        rows = rows.set_index("province_code").loc[
            [c for c in new.predecessor_codes if c in set(rows["province_code"])]
        ]
        return [
            f"{province_name(row.Index, 'pre_2025', ctx.language)} {ctx.number(row.score, 2)} ({rank_of(row.rank, row.n_ranked)})"
            for row in rows.itertuples()
        ]

    listed = parts(held)
    together = ctx.number(whole.loc[whole["edition_year"] == year, "score"].iloc[0], 2)
    index = index_name(held["component_id"].iloc[0].removesuffix("_total"))
    spread = _former_spread(held, year)
    ends = [ctx.number(score, 2) for score in spread]
    title = ctx.pick(
        f"{index} {year}: các tỉnh cũ của {ctx.name} từ {ends[0]} đến {ends[1]} điểm; gộp với trọng số bằng nhau {together}",
        f"{index} {year}: former provinces of {ctx.name} from {ends[0]} to {ends[1]} points; weighted alike {together}",
    )

    def mean(frame: pd.DataFrame) -> bool:
        rows = frame[(frame["edition_year"] == year) & (frame["boundary"] == "pre_2025")]
        whole = len(rows) > 0 and len(rows) == len(new.predecessor_codes)
        return whole and ctx.number(sum(rounded(score, 9) for score in rows["score"]) / len(rows), 2) == together

    claims = (
        Claim(
            ctx.pick(
                "Số liệu là của các tỉnh cũ và của đơn vị mới", "The figures are of the old provinces and the new unit"
            ),
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
        Claim(ctx.pick(f"Bình quân giản đơn là {together}", f"The plain mean is {together}"), mean),
    )
    rule = RULES["aggregate"]
    notes = [
        ctx.pick(
            f"Quy tắc so sánh: {rule[0]}; ở đây mỗi tỉnh cũ một trọng số như nhau, không theo dân số. Số gộp do bộ tài liệu này tính, không cơ quan nào công bố, và không nối với số liệu của đơn vị mới.",
            f"Rule of comparison: {rule[1]}; here every old province weighs the same, not by population. The figure together is worked out here, nobody published it, and it is not chained to the figures of the new unit.",
        ),
        ctx.pick(
            "†: từ kỳ này đổi phương pháp, điểm không so với các kỳ trước.",
            "†: a new method from this edition; scores are not compared with those before.",
        )
        if catalogue().breaks_between(held["component_id"].iloc[0], *_ends(held), "break")
        else "",
        _break_notes([held["component_id"].iloc[0]], *_ends(held), ctx),
    ]
    subtitle = ctx.pick(
        f"Tổng điểm và hạng {index} của các tỉnh cũ nay là {ctx.name} (quy tắc: {rule[0]}, bằng nhau)",
        f"{index} total and rank of the former provinces that are now {ctx.name} (rule: {rule[1]}, alike)",
    )
    kind = _rows(held["edition_year"].nunique(), "mỗi dòng một kỳ", "one for each edition", ctx)
    numbers = (f"{year}: {listing(listed, ctx.language)}",)
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, numbers, claims)
