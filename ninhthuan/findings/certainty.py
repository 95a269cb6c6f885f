"""Findings about how certain a rank is."""

from __future__ import annotations

import math
from statistics import NormalDist

import pandas as pd

from ..catalogue import catalogue
from ..certainty import ASSUMPTIONS, DRAWS
from ..measures import position_groups, rounded
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
            "chưa có sai số chuẩn PAPI nào của các tỉnh sau ngày 01/7/2025, nên không nói được thứ hạng chắc chắn đến đâu",
            "no standard errors of PAPI are published for the provinces of today, so nothing can be said of how certain a rank is",
        )
    return _nothing(
        ctx,
        f"chưa có sai số chuẩn PAPI của {ctx.name} tại thời điểm này, nên không nói được thứ hạng chắc chắn đến đâu",
        f"no standard error of PAPI is known of {ctx.name} on this day, so nothing can be said of how certain its rank is",
    )


def _may_be(low: int, high: int, ctx: Context) -> str:
    if low == high:
        return ctx.pick("không đổi khi tính đến sai số", "stays the same when errors are counted in")
    return ctx.pick(f"có thể từ {low} đến {high}", f"may be anywhere from {low} to {high}")


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

    title = ctx.pick(
        f"PAPI {year}: hạng {rank_of(rank, count)} của {ctx.name} {_may_be(low, high, ctx)} (độ tin cậy {_percent(own, ctx)})",
        f"PAPI {year}: the rank of {ctx.name}, {rank_of(rank, count)}, {_may_be(low, high, ctx)} ({_percent(own, ctx)} confidence)",
    )
    subtitle = ctx.pick(
        f"Thứ hạng theo tổng điểm PAPI {year} và khoảng tin cậy {_percent(own, ctx)} theo sai số công bố, {count} tỉnh, thành phố",
        f"Rank by PAPI total, {year}, and its {_percent(own, ctx)} confidence set by published errors, {count} provinces",
    )
    told = int(own["not_told_apart"])
    bands = int(cells["band"].max())
    note = ctx.pick(
        f"Sai số là sai số chuẩn của tổng điểm không trọng số, chỉ năm {year} có. Mỗi khoảng có độ tin cậy {_percent(own, ctx)} cho riêng tỉnh đó. "
        f"So từng cặp, {told} tỉnh không phân biệt được với {ctx.name}. Nền xen kẽ: {bands} dải từ trên xuống, trong mỗi dải không hai tỉnh nào "
        f"phân biệt được (để đọc, không phải kiểm định). Phương pháp: {METHOD}.",
        f"Errors are the standard errors of the unweighted total, which {year} alone has. Each set has {_percent(own, ctx)} confidence for that province alone. "
        f"Pair by pair, {told} provinces cannot be told apart from {ctx.name}. Shades: {bands} bands from the top, in each of which no two provinces can be "
        f"told apart (a reading aid, not a test). Method: {METHOD}.",
    )
    width = (cells["rank_high"] - cells["rank_low"] + 1).astype(int)
    numbers = (
        ctx.pick(
            f"Khoảng của {ctx.name} gồm {high - low + 1} hạng; trung vị các tỉnh là {ctx.number(width.median(), 0)}, từ {width.min()} đến {width.max()}",
            f"The set of {ctx.name} holds {high - low + 1} ranks; the median province {ctx.number(width.median(), 0)}, from {width.min()} to {width.max()}",
        ),
        ctx.pick(
            f"Sai số chuẩn của {ctx.name} là {ctx.number(own['standard_error'], 2)} điểm",
            f"The standard error of {ctx.name} is {ctx.number(own['standard_error'], 2)} points",
        ),
    )
    kind = ctx.pick("Biểu đồ khoảng thứ hạng của các tỉnh", "Chart of sets of ranks")
    based = Claim(ctx.pick("Sai số là số công bố", "The errors are published ones"), rests_on)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, placed), based))


def change_certainty(changes: pd.DataFrame, ctx: Context) -> Caption:
    """How many provinces changed beyond survey error, all tests together, and whether the province did by itself."""
    if changes.empty:
        raise _nothing(
            ctx,
            "chưa có hai kỳ PAPI liền nhau cùng thành phần và có sai số để xét thay đổi",
            "no two PAPI editions in a row of the same components are held with errors to test a change by",
        )
    first = changes.iloc[0]
    years = int(first["previous_edition"]), int(first["edition_year"])
    count, beyond = len(changes), int(changes["beyond_family"].sum())
    own, level = _own(changes, ctx), first["confidence"] / 100
    size, passed = "", None
    title = ctx.pick(
        f"PAPI {years[0]}–{years[1]}: {beyond}/{count} tỉnh thay đổi vượt sai số điều tra",
        f"PAPI {years[0]}–{years[1]}: {beyond} of {count} provinces changed beyond survey error",
    )
    if own.empty:
        title += ctx.pick(f"; chưa đủ kết quả của {ctx.name}", f"; no two results of {ctx.name}")
    else:
        size, passed = ctx.number(own["change"].iloc[0], 2, sign=True), bool(own["beyond"].iloc[0])
        title += ctx.pick(
            f"; {ctx.name} ({size}) {'vượt' if passed else 'thì không'}",
            f"; {ctx.name} ({size}) {'did' if passed else 'did not'}",
        )

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

    span = ctx.pick(f"{years[0]}–{years[1]}", f"{years[0]} to {years[1]}")
    subtitle = ctx.pick(
        f"Thay đổi tổng điểm PAPI {span} của {count} tỉnh, thành phố có kết quả cả hai kỳ, theo thứ tự (điểm)",
        f"Change of the PAPI total, {span}, of the {count} provinces with a result in both, in order (points)",
    )
    alone = int(changes["beyond"].sum())
    note = ctx.pick(
        f"Giả định sai số như năm 2019. Chấm đặc có màu: vượt sai số khi xét cả {count} tỉnh cùng lúc (độ tin cậy {_percent(first, ctx)}); xét riêng từng tỉnh thì {alone} tỉnh vượt.",
        f"Errors assumed as in 2019. Solid colour: beyond error with all {count} provinces tested together ({_percent(first, ctx)} confidence); tested one by one, {alone} are.",
    )
    numbers = []
    if len(own):
        row = own.iloc[0]
        limit = ctx.number(row["limit"], 2)
        places = (
            f"{ctx.number(row['rank_change_low'], 0, sign=True)}–{ctx.number(row['rank_change_high'], 0, sign=True)}"
        )
        numbers += [
            ctx.pick(
                f"{ctx.name}: thay đổi dưới {limit} điểm có thể chỉ do sai số",
                f"{ctx.name}: a change below {limit} points may be sampling error alone",
            ),
            ctx.pick(f"Số bậc tăng thật trong khoảng {places}", f"The true places gained lie within {places}"),
        ]
    ends = [ctx.number(changes["change"].iloc[place], 2, sign=True) for place in (-1, 0)]
    numbers.append(ctx.pick(f"Từ {ends[0]} đến {ends[1]} điểm", f"From {ends[0]} to {ends[1]} points"))
    kind = ctx.pick("Biểu đồ chấm về thay đổi của các tỉnh", "Dot plot of the changes of all provinces")
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

    title = ctx.pick(
        f"PAPI {year}: hạng {standing} của {ctx.name} {_may_be(low, high, ctx)}"
        + (", nếu sai số như năm 2019" if assumed else f" (độ tin cậy {_percent(own, ctx)})"),
        f"PAPI {year}: the rank of {ctx.name}, {standing}, {_may_be(low, high, ctx)}"
        + (", assuming errors as in 2019" if assumed else f" ({_percent(own, ctx)} confidence)"),
    )
    subtitle = ctx.pick(
        f"Thứ hạng PAPI {_years(history)}, khoảng tin cậy {_percent(own, ctx)}: năm 2019 theo sai số công bố, năm khác giả định sai số như năm 2019",
        f"PAPI rank {_years(history)} and its {_percent(own, ctx)} confidence set: 2019 by published errors, other years assuming errors as in 2019",
    )
    first, last = int(history["edition_year"].min()), int(history["edition_year"].max())
    note = ctx.pick(
        f"Giả định: mỗi tỉnh giữ sai số chuẩn của mình năm 2019, năm duy nhất PAPI công bố; sai số thật của các năm khác có thể khác. "
        f"Mỗi khoảng có độ tin cậy {_percent(own, ctx)} cho riêng kỳ đó. Hạng 1 ở trên. Phương pháp: {METHOD}.",
        f"Assumed: each province has its standard error of 2019, the one year for which PAPI published them; the true errors of other years may differ. "
        f"Each set has {_percent(own, ctx)} confidence for that edition alone. 1 is on top. Method: {METHOD}.",
    )
    cautions = _break_notes(["papi_total"], first, last, ctx)
    sets = {
        int(
            row["edition_year"]
        ): f"{rank_of(row['rank'], row['n_ranked'])} ({int(row['rank_low'])}–{int(row['rank_high'])})"
        for _, row in held.iterrows()
    }
    telling = 2019 if 2019 in sets and year != 2019 else min(sets)
    told = sets.pop(telling)
    numbers = [ctx.pick(f"Năm {telling}: hạng {told}", f"In {telling}: rank {told}")]
    if sets:
        listed = "; ".join(f"{edition}: {text}" for edition, text in sets.items())
        numbers.append(ctx.pick(f"Các năm khác: {listed}", f"Other years: {listed}"))
    kind = ctx.pick("Biểu đồ khoảng thứ hạng qua các năm", "Chart of sets of ranks over the years")
    claims = (
        Claim(title, newest),
        Claim(ctx.pick("Chỉ năm 2019 có sai số công bố", "2019 alone has published errors"), said),
        _about(ctx),
    )
    return Caption(title, subtitle, f"{note} {cautions}".strip(), kind, tuple(numbers), claims)


def position_sensitivity(ways: pd.DataFrame, ctx: Context) -> Caption:
    """In how many other ways of adding up the province stays in its group."""
    if ways.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} chưa có đủ điểm các trục nội dung PAPI để tính lại tổng điểm theo cách khác",
            f"the scores of PAPI's dimensions needed to add them up in another way are not held of {ctx.name}",
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

    title = ctx.pick(
        f"PAPI {year}: {ctx.name} giữ nhóm ở {stays}/{tried} cách tính và {share} trọng số ngẫu nhiên",
        f"PAPI {year}: {ctx.name} keeps its group in {stays} of {tried} ways, {share} of random weights",
    )
    subtitle = ctx.pick(
        f"Thứ hạng PAPI {year} của {ctx.name} nếu gộp các trục nội dung theo cách khác, {int(published['n_ranked'])} tỉnh có kết quả",
        f"PAPI rank of {ctx.name}, {year}, if the dimensions were added up in other ways, {int(published['n_ranked'])} provinces with a result",
    )
    drawn = ctx.number(DRAWS, 0)
    span = f"{int(random['rank_low'])}–{int(random['rank_high'])}"
    note = ctx.pick(
        f"Nhóm theo tứ phân vị (quy tắc của PAPI). Trọng số ngẫu nhiên: {drawn} bộ rút đều từ mọi bộ có tổng bằng 1; nhóm không đổi ở {share} số bộ, "
        f"95% số bộ cho hạng {span}. Đây không phải sai số điều tra.",
        f"Groups by quartile (PAPI's rule). Random weights: {drawn} sets drawn evenly from all that sum to 1; the group is the same in {share} of them, "
        f"and 95% give a rank of {span}. This is not the error of the survey.",
    )
    withheld = _withheld_note("papi", year, ctx)
    low, high = others.loc[others["rank"].idxmin()], others.loc[others["rank"].idxmax()]
    numbers = (
        ctx.pick(
            f"Nhóm theo công bố: {_group_name(group, ctx)}; trọng số ngẫu nhiên: hạng {span} ở 95% số bộ",
            f"Group as published: {_group_name(group, ctx)}; random weights: rank {span} in 95% of sets",
        ),
        ctx.pick(
            f"Hạng theo tổng điểm công bố {rank_of(published['rank'], published['n_ranked'])}; các cách cố định từ {rank_of(low['rank'], low['n_ranked'])} "
            f"({lower_first(way_name(low, ctx))}) đến {rank_of(high['rank'], high['n_ranked'])} ({lower_first(way_name(high, ctx))})",
            f"Rank by the published total {rank_of(published['rank'], published['n_ranked'])}; fixed ways from {rank_of(low['rank'], low['n_ranked'])} "
            f"({lower_first(way_name(low, ctx))}) to {rank_of(high['rank'], high['n_ranked'])} ({lower_first(way_name(high, ctx))})",
        ),
    )
    kind = ctx.pick("Biểu đồ chấm thứ hạng theo từng cách tính", "Dot chart of ranks by way of adding up")
    return Caption(title, subtitle, f"{note} {withheld}".strip(), kind, numbers, (Claim(title, counted), _about(ctx)))


def way_name(row: pd.Series, ctx: Context) -> str:
    """One way of adding up, as charts and captions call it."""
    if row["alternative"] == "drop":
        part = catalogue().component(row["dropped"], int(row["edition_year"]))
        return ctx.pick(f"Bỏ trục {component_name(part, 'vi')}", f"Without {component_name(part, 'en')}")
    return {
        "published": ctx.pick("Như công bố: cộng điểm các trục", "As published: plain sum"),
        "weighted": ctx.pick("Tổng có trọng số của PAPI", "PAPI's own weighted total"),
        "geometric_mean": ctx.pick("Trung bình nhân", "Geometric mean"),
        "min_max": ctx.pick("Chuẩn hóa min–max", "Min–max scaling"),
        "z_scores": ctx.pick("Chuẩn hóa z", "Z-scores"),
        "mean_rank": ctx.pick("Trung bình thứ hạng", "Mean of ranks"),
        "random_weights": ctx.pick("Trọng số ngẫu nhiên", "Random weights"),
    }[row["alternative"]]
