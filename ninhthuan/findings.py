"""What each card says: a frame in, a caption out. A finding is worked out from the frame that is drawn.

One function a card, of the same name as its chart or table. Nothing is claimed that the frame does not
hold; where it holds nothing, `Nothing` says so in words and no empty picture is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pandas as pd

from .catalogue import catalogue
from .datasets import uncertainty
from .language import day, quarter_name
from .periods import Quarter
from .wording import (
    Context,
    component_name,
    index_name,
    indicator_name,
    label,
    listing,
    lower_first,
    outcome,
    part_name,
    percent,
    period_name,
    places,
    province_name,
    rank_of,
    result_name,
    sentence,
)


@dataclass(frozen=True)
class Claim:
    """Something that a title says of the frame that is drawn: in words, and as a test of that frame."""

    says: str
    holds: Callable[[pd.DataFrame], bool]


@dataclass(frozen=True)
class Caption:
    """Words of a card: finding as title, measure and period as subtitle, notes, and the picture in words.

    kind: what sort of picture it is, `numbers` its range, direction and two to four key numbers; both are for the
    alternative text. claims: what the title says, each tested on the frame before that is drawn.
    """

    title: str
    subtitle: str
    note: str = ""
    kind: str = ""
    numbers: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def alt(self) -> str:
        parts = [part for part in (self.kind, self.subtitle, self.title, self.numbers) if part]
        text = " ".join(part if part.endswith(".") else f"{part}." for part in parts)
        return text if len(text) <= 400 else text[:397].rsplit(" ", 1)[0] + " …"

    def check(self, frame: pd.DataFrame) -> None:
        """Raises FalseFinding with everything that the title says and the frame does not hold."""
        false = [claim.says for claim in self.claims if not claim.holds(frame)]
        if false:
            raise FalseFinding(self.title, false)


class FalseFinding(ValueError):
    """A title says what the frame that is drawn does not hold."""

    def __init__(self, title: str, false: list[str]):
        self.title, self.false = title, false
        super().__init__(f"{title!r} does not hold of what is drawn: {'; '.join(false)}")


class Nothing(Exception):
    """There is nothing to draw: the reason, in the language of the report."""


def _nothing(ctx: Context, vi: str, en: str) -> Nothing:
    return Nothing(sentence(ctx.pick(vi, en)))


def _years(frame: pd.DataFrame) -> str:
    first, last = int(frame["edition_year"].min()), int(frame["edition_year"].max())
    return str(first) if first == last else f"{first}–{last}"


def _unit(ctx: Context, unit: str) -> str:
    return {"points": ctx.pick(" điểm", " points"), "percent": "%", "score_0_1": ctx.pick(" điểm", "")}[unit]


def _decimals(unit: str) -> int:
    return 4 if unit == "score_0_1" else 2


def _error_note(ctx: Context) -> str:
    """The survey's error, as far as it is known: the standard error of the province's total in 2019."""
    rows = uncertainty()
    rows = rows[(rows["province_code"] == ctx.province.province_code) & (rows["component_id"] == "papi_total")]
    rows = rows[(rows["weighting"] == "unweighted") & rows["standard_error"].notna()]
    if rows.empty or ctx.province.boundary != "pre_2025":
        return ctx.pick(
            "PAPI là điều tra mẫu: thay đổi nhỏ có thể nằm trong sai số.",
            "PAPI is a sample survey: small changes may lie within its error.",
        )
    size = ctx.number(rows["standard_error"].iloc[0], 2)
    return ctx.pick(
        f"PAPI là điều tra mẫu: sai số chuẩn của tổng điểm {ctx.name} năm 2019 (kỳ duy nhất có số liệu) là {size} điểm, nên thay đổi nhỏ có thể nằm trong sai số.",
        f"PAPI is a sample survey: the standard error of the total of {ctx.name} in 2019, the only edition with one, is {size} points, so small changes may lie within it.",
    )


def _withheld_note(index_id: str, year: int, ctx: Context) -> str:
    """Why the denominator is not 63: the provinces that the publisher withheld."""
    edition = catalogue().editions.get((index_id, year, ctx.province.boundary))
    if edition is None or not edition.provinces_withheld:
        return ""
    names = listing(
        [province_name(c, ctx.province.boundary, ctx.language) for c in edition.provinces_withheld], ctx.language
    )
    return ctx.pick(
        f"Năm {year} có {edition.provinces_scored} tỉnh, thành phố có kết quả; không công bố {names}.",
        f"In {year} {edition.provinces_scored} provinces have a result; {names} were not published.",
    )


def _break_notes(component_ids, first: int, last: int, ctx: Context) -> str:
    notes = []
    for component_id in component_ids:
        for item in catalogue().breaks_of(component_id):
            if first < item.edition_year <= last:
                notes.append(ctx.pick(item.note, item.note_en))
    return " ".join(dict.fromkeys(notes))


def _names(component_ids, ctx: Context, year: int | None = None) -> str:
    return listing(
        [
            lower_first(component_name(catalogue().component(c, year), ctx.language, numbered=False))
            for c in component_ids
        ],
        ctx.language,
    )


# ------------------------------------------------------------------------------------------------- indices over years


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
            f"chưa có thứ hạng nào của {ctx.name} trong năm chỉ số",
            f"no rank of {ctx.name} is held on any of the five indices",
        )
    latest = held.groupby("index_id").tail(1)
    upper = int((latest["percentile_position"] >= 50).sum())
    best = latest.loc[latest["percentile_position"].idxmax()]
    best_text = (
        f"{index_name(best['index_id'])} {int(best['edition_year'])} ({rank_of(best['rank'], best['n_ranked'])})"
    )
    first, last = overview_years(history)
    span = str(last) if first == last else f"{first}–{last}"
    title = ctx.pick(
        f"{ctx.name} thuộc nửa trên bảng xếp hạng ở {upper}/{len(latest)} chỉ số có thứ hạng; cao nhất là {best_text}",
        f"{ctx.name} is in the upper half on {upper} of {len(latest)} ranked indices; highest on {best_text}",
    )
    subtitle = ctx.pick(
        f"Vị trí trong số các tỉnh được xếp hạng, các kỳ {span} (đầu bảng ở trên; con số là thứ hạng)",
        f"Place among the provinces ranked, editions {span} (first on top; the figures are ranks)",
    )
    note = ctx.pick(
        "Trục tung là tỷ lệ tỉnh đứng trên, nên so được giữa các chỉ số và các năm. Đường đứt nét: đổi phương pháp, không nối hai giai đoạn; đường chấm: so sánh thận trọng. Năm trống: chưa công bố đến ngày chốt số liệu hoặc chưa thu thập được. Thứ hạng PAPI tính từ điểm vì UNDP không công bố thứ hạng.",
        "The axis is the share of provinces that stand higher, so indices and years can be compared. Dashes: the method changed and the line is not joined; dots: compare with care. Empty years: not out by the closing day, or not collected. PAPI ranks are worked out from scores, since UNDP publishes none.",
    )
    return Caption(
        title, subtitle, note, ctx.pick("Năm biểu đồ đường nhỏ về vị trí xếp hạng", "Five small line charts of places")
    )


def _latest_change(history: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series | None]:
    held = history[history[column].notna()].sort_values("edition_year")
    return held.iloc[-1], held.iloc[-2] if len(held) > 1 else None


def _implied_note(ctx: Context) -> str:
    return ctx.pick(
        "Dấu *: suy từ mức tăng, giảm mà nguồn nêu ở kỳ khác, không phải số công bố.",
        "*: worked back from a change that a source states, not a published figure.",
    )


def rank_trend(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest rank, and the places gained or lost."""
    held = history[history["rank"].notna()]
    index_id = history["index_id"].iloc[0] if len(history) else ""
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa thu thập được thứ hạng nào của {ctx.name} trong chỉ số này",
            f"no rank of {ctx.name} on this index is held",
        )
    now, before = _latest_change(history, "rank")
    name = index_name(index_id)
    title = ctx.pick(
        f"{name} {now['edition_year']}: {ctx.name} xếp hạng {rank_of(now['rank'], now['n_ranked'])}",
        f"{name} {now['edition_year']}: {ctx.name} ranks {rank_of(now['rank'], now['n_ranked'])}",
    )
    if before is not None:
        moved = places(before["rank"] - now["rank"], ctx.language)
        linked = "from" if before["rank"] != now["rank"] else "as in"
        title += ctx.pick(f", {moved} so với {before['edition_year']}", f", {moved} {linked} {before['edition_year']}")
        if catalogue().breaks_between(now["component_id"], before["edition_year"], now["edition_year"], "break"):
            title += ctx.pick(" (khác phương pháp)", " (different method)")
    subtitle = ctx.pick(
        f"Thứ hạng {name} của {ctx.name} trong số các tỉnh được xếp hạng, {_years(history)} (hạng 1 là cao nhất)",
        f"Rank of {ctx.name} on {name} among the provinces ranked, {_years(history)} (1 is best)",
    )
    bases = set(held["rank_basis"])
    notes = []
    if {"derived"} < bases:
        notes.append(
            ctx.pick(
                "Chấm đặc: hạng tính từ điểm của tất cả các tỉnh; chấm rỗng: hạng do nguồn nêu.",
                "Solid dots: ranks worked out from the scores of all provinces; open dots: ranks that a source states.",
            )
        )
    elif "derived" in bases:
        notes.append(
            ctx.pick(
                "Hạng tính từ điểm của tất cả các tỉnh có kết quả.",
                "Ranks worked out from the scores of all provinces with a result.",
            )
        )
    else:
        notes.append(ctx.pick("Hạng do nguồn nêu.", "Ranks as sources state them."))
    if "implied" in bases:
        notes.append(_implied_note(ctx))
    notes.append(ctx.pick("Mỗi dải nền là một phần tư số tỉnh.", "Each band is a quarter of the provinces."))
    if ctx.province.province_code == "58":
        notes.append(
            ctx.pick(
                "Tam giác: ngày ban hành nghị quyết (NQ), chỉ thị (CT) liên quan của Tỉnh ủy, Ban Thường vụ Tỉnh ủy.",
                "Triangles: day of issue of the resolutions (Res.) and directives (Dir.) concerned of the Provincial Party Committee.",
            )
        )
    notes.append(_withheld_note(index_id, int(now["edition_year"]), ctx))
    notes.append(
        _break_notes([now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx)
    )
    note = " ".join(filter(None, notes))
    return Caption(title, subtitle, note.strip(), ctx.pick("Biểu đồ đường về thứ hạng", "Line chart of ranks"))


def score_range(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest score, and its distance from the median or the stated mean."""
    held = history[history["score"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa thu thập được điểm nào của {ctx.name} trong chỉ số này",
            f"no score of {ctx.name} on this index is held",
        )
    now, _ = _latest_change(history, "score")
    name, unit = index_name(now["index_id"]), now["unit"]
    score = ctx.number(now["score"], _decimals(unit)) + _unit(ctx, unit)
    title = ctx.pick(
        f"{name} {now['edition_year']}: {ctx.name} đạt {score}",
        f"{name} {now['edition_year']}: {ctx.name} scores {score}",
    )
    if now["complete"] and pd.notna(now["median"]):
        gap, what = now["score"] - now["median"], ("trung vị cả nước", "the national median")
    elif pd.notna(now["national_mean"]):
        gap, what = now["score"] - now["national_mean"], ("trung bình cả nước", "the national mean")
    else:
        gap, what = None, ("", "")
    if gap is not None:
        size = ctx.number(abs(gap), _decimals(unit))
        points = ctx.pick(
            " điểm phần trăm" if unit == "percent" else " điểm",
            " percentage points" if unit == "percent" else " points",
        )
        title += ctx.pick(
            f", {'cao' if gap >= 0 else 'thấp'} hơn {what[0]} {size}{points}",
            f", {size}{points} {'above' if gap >= 0 else 'below'} {what[1]}",
        )
    scale_text = _scales(now["component_id"], history, ctx)
    subtitle = ctx.pick(
        f"Điểm {name} của {ctx.name} so với các tỉnh, {_years(history)} ({scale_text}; dưới năm là thứ hạng)",
        f"{name} score of {ctx.name} against all provinces, {_years(history)} ({scale_text}; ranks under the years)",
    )
    notes = [ctx.pick("Trục tung không bắt đầu từ 0.", "The axis does not start at 0.")]
    if not history["complete"].all():
        notes.append(
            ctx.pick(
                "Năm chỉ có điểm của một phần số tỉnh thì không vẽ khoảng thấp nhất–cao nhất; dấu × là trung bình do nguồn nêu hoặc suy ra từ nguồn, nếu có.",
                "Where the scores of only part of the provinces are held no range is drawn; × is a mean that a source gives or implies, if any.",
            )
        )
    if (history["rank_basis"] == "implied").any() or (history["score"].notna() & (history["basis"] == "derived")).any():
        notes.append(_implied_note(ctx))
    notes.append(_withheld_note(now["index_id"], int(now["edition_year"]), ctx))
    notes.append(
        _break_notes([now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx)
    )
    return Caption(
        title,
        subtitle,
        " ".join(filter(None, notes)),
        ctx.pick("Biểu đồ khoảng và chấm về điểm", "Range and dot chart of scores"),
    )


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
        return ctx.pick(
            f"thang {first} đến {until}, {last} từ {since}", f"scale {first} to {until}, {last} from {since}"
        )
    return ctx.pick(f"thang {texts[0]}", f"scale {texts[0]}")


def _component_moves(held: pd.DataFrame, now: pd.DataFrame, year: int, name: str, ctx: Context) -> str:
    """Largest rise and fall of the components since the edition before, where no median is held to stand against."""
    before = held[held["edition_year"] == year - 1].set_index("component_id")["score"]
    kept = [c for c in now["component_id"] if not catalogue().breaks_between(c, year - 1, year, "break")]
    change = (now.set_index("component_id")["score"] - before).reindex(kept).dropna()
    if len(change) < 2:
        return ctx.pick(
            f"{name} {year}: điểm {len(now)} thành phần của {ctx.name}",
            f"{name} {year}: scores of {len(now)} components of {ctx.name}",
        )
    up, down = change.idxmax(), change.idxmin()
    sizes = ctx.number(change[up], 2, sign=True), ctx.number(change[down], 2, sign=True)
    return (
        ctx.pick(
            f"{name} {year}: {ctx.name} tăng nhiều nhất ở {_names([up], ctx)} ({sizes[0]}), giảm nhiều nhất ở {_names([down], ctx)} ({sizes[1]})",
            f"{name} {year}: {ctx.name} rose most on {_names([up], ctx)} ({sizes[0]}), fell most on {_names([down], ctx)} ({sizes[1]})",
        )
        if change[up] > 0 > change[down]
        else ctx.pick(
            f"{name} {year}: thay đổi lớn nhất của {ctx.name} là ở {_names([change.abs().idxmax()], ctx)} ({ctx.number(change[change.abs().idxmax()], 2, sign=True)})",
            f"{name} {year}: the largest change of {ctx.name} is on {_names([change.abs().idxmax()], ctx)} ({ctx.number(change[change.abs().idxmax()], 2, sign=True)})",
        )
    )


def component_panels(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many components stand at or above the median; else the highest and lowest."""
    held = history[history["score"].notna()]
    if held.empty:
        raise _nothing(
            ctx, f"chưa thu thập được điểm thành phần nào của {ctx.name}", f"no component score of {ctx.name} is held"
        )
    if held["edition_year"].nunique() < 2:
        year = int(held["edition_year"].iloc[0])
        decimals = _decimals(held["unit"].iloc[0])
        values = "; ".join(
            f"{component_name(catalogue().component(row.component_id, year), ctx.language, numbered=False)} {ctx.number(row.score, decimals)}"
            for row in held.itertuples()
        )
        raise _nothing(
            ctx,
            f"{ctx.name}: mới có điểm thành phần kỳ {year} nên chưa vẽ được diễn biến ({values})",
            f"{ctx.name}: component scores of {year} only, so no course is drawn ({values})",
        )
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    name = index_name(now["index_id"].iloc[0])
    unit_name = ctx.pick(
        "trục nội dung" if now["index_id"].iloc[0] == "papi" else "chỉ số thành phần",
        "dimensions" if now["index_id"].iloc[0] == "papi" else "sub-indices",
    )
    if now["complete"].all():
        above = now[now["score"] >= now["median"]]
        title = ctx.pick(
            f"{name} {year}: {len(above)} trong {len(now)} {unit_name} của {ctx.name} bằng hoặc cao hơn trung vị cả nước",
            f"{name} {year}: {len(above)} of {len(now)} {unit_name} of {ctx.name} are at or above the national median",
        )
    else:
        title = _component_moves(held, now, year, name, ctx)
    subtitle = ctx.pick(
        f"Điểm từng thành phần của {ctx.name}, {_years(history)}",
        f"Score of {ctx.name} by component, {_years(history)}",
    )
    note = ctx.pick(
        "Trung vị và dải xám chỉ vẽ khi có điểm của tất cả các tỉnh. Số ở góc là điểm kỳ mới nhất: màu cam khi dưới trung vị, màu xám khi không có trung vị. Đường đứt nét: đổi phương pháp; đường chấm: so sánh thận trọng. Trục tung không bắt đầu từ 0.",
        "Median and grey band are drawn only where the scores of all provinces are held. The figure in the corner is the newest score: orange below the median, grey where there is none. Dashes: the method changed; dots: compare with care. The axis does not start at 0.",
    )
    return Caption(
        title, subtitle, note, ctx.pick("Biểu đồ đường nhỏ theo thành phần", "Small line charts by component")
    )


# --------------------------------------------------------------------------------------------------- PAPI dimensions


def group_heat(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many dimensions are in the high group, and the weakest."""
    held = history[history["group_derived"].notna()]
    if held.empty:
        raise _nothing(ctx, f"PAPI chưa có kết quả nào của {ctx.name}", f"PAPI has no result of {ctx.name}")
    year = int(held["edition_year"].max())
    now = held[held["edition_year"] == year]
    high = now[now["group_derived"] == "high"]
    rest = now[now["group_derived"] != "high"].sort_values("rank", ascending=False)
    title = ctx.pick(
        f"PAPI {year}: {len(high)} trong {len(now)} trục nội dung của {ctx.name} thuộc nhóm cao",
        f"PAPI {year}: {len(high)} of {len(now)} dimensions of {ctx.name} are in the high group",
    )
    if len(rest):
        last = rest.iloc[0]
        group = lower_first(label(last["group_derived"], ctx.language))
        title += ctx.pick(
            f"; yếu nhất là {_names([last['component_id']], ctx)}, nhóm {group}",
            f"; weakest is {_names([last['component_id']], ctx)}, {group} group",
        )
    counts = history[history["n_ranked"].notna()].groupby("edition_year")["n_ranked"].agg(["min", "max"])
    varied = "; ".join(
        f"{year_}: {int(row['min'])}" if row["min"] == row["max"] else f"{year_}: {int(row['min'])}–{int(row['max'])}"
        for year_, row in counts.iterrows()
        if row["max"] < 63 or row["min"] < 63
    )
    subtitle = ctx.pick(
        f"Thứ hạng của {ctx.name} theo trục nội dung PAPI, {_years(history)}; màu là nhóm",
        f"Rank of {ctx.name} by PAPI dimension, {_years(history)}; colour is the group",
    )
    notes = [
        ctx.pick(
            "Nhóm theo tứ phân vị điểm của các tỉnh có kết quả, quy tắc của PAPI; hạng do nhóm biên soạn tính.",
            "Groups by quartile of the provinces with a result, PAPI's rule; ranks are ours.",
        )
    ]
    if varied:
        notes.append(ctx.pick(f"Năm không đủ 63 tỉnh: {varied}.", f"Years with fewer than 63 provinces: {varied}."))
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
    rose, fell = int((pairs["change"] > 0).sum()), int((pairs["change"] < 0).sum())
    title = ctx.pick(
        f"{year}: {above} trong {len(pairs)} trục trên trung vị cả nước, {quarter} trục đạt ngưỡng nhóm cao; {rose} trục tăng, {fell} trục giảm so với {before}",
        f"{year}: {above} of {len(pairs)} dimensions above the national median, {quarter} at or above the threshold of the high group; {rose} rose and {fell} fell from {before}",
    )
    subtitle = ctx.pick(
        f"Điểm các trục nội dung PAPI của {ctx.name} (thang 1–10), {before} và {year}",
        f"PAPI dimension scores of {ctx.name} (scale 1–10), {before} and {year}",
    )
    note = ctx.pick(
        f"Khoảng, trung vị và ngưỡng tính trên các tỉnh có kết quả năm {year}. Màu cam: giảm điểm. Chênh lệch tính từ số chưa làm tròn. Trục hoành không bắt đầu từ 0.",
        f"Range, median and threshold over the provinces with a result in {year}. Orange: the score fell. Changes come from unrounded scores. The axis does not start at 0.",
    )
    cautions = _break_notes([*pairs["component_id"], "papi_total"], before, year, ctx)
    note = f"{note} {_error_note(ctx)}"
    return Caption(
        title,
        subtitle,
        f"{note} {cautions}".strip(),
        ctx.pick("Biểu đồ chấm theo trục nội dung", "Dot plot by dimension"),
    )


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
    gross = same["contribution"].sum()
    top = same.iloc[0]
    share = 100 * top["contribution"] / gross
    name = _names([top["component_id"]], ctx)
    size = ctx.number(abs(change), 2)
    own, all_same = ctx.number(top["contribution"], 2, sign=True), ctx.number(gross, 2, sign=True)
    title = ctx.pick(
        f"PAPI {year} {'giảm' if falling else 'tăng'} {size} điểm; {'giảm' if falling else 'tăng'} nhiều nhất là {name} ({own}), bằng {percent(share, 0, 'vi')} tổng các trục {'giảm' if falling else 'tăng'} ({all_same})",
        f"PAPI {year} {'fell' if falling else 'rose'} {size} points; {name} {'fell' if falling else 'rose'} most ({own}), {percent(share, 0, 'en')} of all {'falls' if falling else 'rises'} taken together ({all_same})",
    )
    if size == ctx.number(0, 2):
        rose, fell = int((parts["contribution"] > 0).sum()), int((parts["contribution"] < 0).sum())
        title = ctx.pick(
            f"Tổng điểm PAPI {year} gần như không đổi so với {before}: {rose} trục tăng, {fell} trục giảm",
            f"The {year} PAPI total hardly changed from {before}: {rose} dimensions rose, {fell} fell",
        )
    subtitle = ctx.pick(
        f"Đóng góp của từng trục nội dung vào thay đổi tổng điểm PAPI của {ctx.name}, {before}–{year} (điểm)",
        f"Contribution of each dimension to the change of the PAPI total of {ctx.name}, {before}–{year} (points)",
    )
    note = ctx.pick(
        "Tổng điểm là tổng giản đơn của các trục. Trục hoành không bắt đầu từ 0: chỉ các đoạn thay đổi được vẽ theo độ dài, hai tổng điểm là vạch mốc. Chênh lệch tính từ số chưa làm tròn.",
        "The total is the plain sum of the dimensions. The axis does not start at 0: only the changes are drawn to length, the two totals are marks. Changes come from unrounded scores.",
    )
    cautions = _break_notes([*parts["component_id"], "papi_total"], before, year, ctx)
    note = f"{note} {_error_note(ctx)}"
    return Caption(title, subtitle, f"{note} {cautions}".strip(), ctx.pick("Biểu đồ thác nước", "Waterfall chart"))


def component_changes(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Largest fall and largest rise."""
    if pairs.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có nội dung thành phần PAPI ở hai kỳ liền nhau cùng phương pháp",
            f"{ctx.name} has no PAPI sub-dimensions in two editions of one method",
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    low, high = pairs.loc[pairs["change"].idxmin()], pairs.loc[pairs["change"].idxmax()]
    # what would print as 0.00 has not moved
    fell, rose = int((pairs["change"] <= -0.005).sum()), int((pairs["change"] >= 0.005).sum())
    still = len(pairs) - fell - rose
    known = catalogue()

    def named(row) -> str:
        return f"{lower_first(component_name(known.component(row['component_id'], year), ctx.language, numbered=False))} ({row['component_id'].removeprefix('papi_d').replace('_', '.')}; {ctx.number(row['change'], 2, sign=True)})"

    title = ctx.pick(
        f"{rose} nội dung thành phần tăng, {fell} giảm{f', {still} đứng yên' if still else ''}; giảm nhiều nhất: {named(low)}, tăng nhiều nhất: {named(high)}",
        f"{rose} sub-dimensions rose, {fell} fell{f', {still} hardly moved' if still else ''}; the largest fall is {named(low)}, the largest rise {named(high)}",
    )
    subtitle = ctx.pick(
        f"Thay đổi điểm nội dung thành phần PAPI của {ctx.name}, {before}–{year} (điểm)",
        f"Change of PAPI sub-dimension scores of {ctx.name}, {before}–{year} (points)",
    )
    note = ctx.pick(
        "Thang điểm là 0,25–2,5 khi trục có bốn nội dung, 0,33–3,33 khi có ba, nên mức thay đổi giữa các trục chỉ so gần đúng. Chênh lệch tính từ số chưa làm tròn.",
        "The scale is 0.25–2.5 where a dimension has four sub-dimensions and 0.33–3.33 where it has three, so changes compare only roughly between dimensions. Changes come from unrounded scores.",
    )
    note = f"{note} {_error_note(ctx)}"
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ thanh ngang", "Horizontal bars"))


# ------------------------------------------------------------------------------------------------------------ peers


def tile_groups(cells: pd.DataFrame, ctx: Context) -> Caption:
    """Group of the province, or that it was not published."""
    if cells.empty or cells["group_derived"].isna().all():
        raise _nothing(
            ctx,
            "chưa có đủ điểm của các tỉnh để chia nhóm",
            "the scores of the provinces needed for groups are not held",
        )
    year = int(cells["edition_year"].iloc[0])
    own = cells[cells["province_code"] == ctx.province.province_code].iloc[0]
    held = cells[cells["group_derived"].notna()]
    if isinstance(own["group_derived"], str):
        mates = int((held["group_derived"] == own["group_derived"]).sum())
        title = ctx.pick(
            f"PAPI {year}: {ctx.name} thuộc nhóm {lower_first(label(own['group_derived'], 'vi'))}, một trong {mates} tỉnh, thành phố",
            f"PAPI {year}: {ctx.name} is one of {mates} provinces in the {lower_first(label(own['group_derived'], 'en'))} group",
        )
    else:
        title = ctx.pick(
            f"PAPI {year}: kết quả của {ctx.name} không được công bố ({len(held)} tỉnh có kết quả)",
            f"PAPI {year}: the result of {ctx.name} was not published ({len(held)} provinces have one)",
        )
    subtitle = ctx.pick(
        f"Nhóm theo tổng điểm PAPI {year}; mỗi ô là một tỉnh, thành phố (63 tỉnh trước 01/7/2025)",
        f"Group by PAPI total, {year}; one tile a province (63 provinces before 1 July 2025)",
    )
    note = ctx.pick(
        "Nhóm theo tứ phân vị (quy tắc của PAPI); con số là khoảng điểm của nhóm. Vị trí ô chỉ gần đúng, đây không phải bản đồ hành chính.",
        "Groups by quartile (PAPI's rule); the figures are each group's range of scores. Positions are approximate; this is not an administrative map.",
    )
    return Caption(title, subtitle, note, ctx.pick("Lưới ô 63 tỉnh, thành phố", "Tile grid of 63 provinces"))


def rank_bump(history: pd.DataFrame, ctx: Context) -> Caption:
    """Place in the region and in the country."""
    held = history[history["rank"].notna()]
    own = held[held["province_code"] == ctx.province.province_code]
    if own.empty:
        raise _nothing(
            ctx, f"{ctx.name} chưa có thứ hạng PAPI trong giai đoạn này", f"{ctx.name} has no PAPI rank in this period"
        )
    year = int(own["edition_year"].max())
    now = held[held["edition_year"] == year].sort_values("rank")
    place = int((now["rank"] < own.loc[own["edition_year"] == year, "rank"].iloc[0]).sum()) + 1
    rank = own.loc[own["edition_year"] == year].iloc[0]
    region = ctx.pick(ctx.province.region, ctx.province.region_en)
    title = ctx.pick(
        f"PAPI {year}: {ctx.name} xếp thứ {place}/{len(now)} tỉnh, thành phố trong vùng, hạng {rank_of(rank['rank'], rank['n_ranked'])} cả nước",
        f"PAPI {year}: {ctx.name} is number {place} of {len(now)} provinces in its region, {rank_of(rank['rank'], rank['n_ranked'])} nationally",
    )
    if history["edition_year"].nunique() == 1:
        # lines over editions need two of them: the place is said, and no empty plot is drawn
        raise _nothing(
            ctx,
            f"{title}; mới có một kỳ theo phương pháp này",
            f"{title}; no other edition of this method yet",
        )
    subtitle = ctx.pick(
        f"Thứ hạng PAPI cả nước của các tỉnh vùng {region}, {_years(history)}",
        f"National PAPI rank of the provinces of {region}, {_years(history)}",
    )
    note = ctx.pick(
        "Hạng tính từ điểm của các tỉnh có kết quả; hạng 1 ở trên. Chỉ lấy các kỳ cùng phương pháp.",
        "Ranks worked out from the scores of provinces with a result; 1 is on top. Only editions of one method.",
    )
    if history["rank"].isna().any():
        note += ctx.pick(
            " Đường ngắt: năm tỉnh không được công bố.", " Broken lines: years in which a province was not published."
        )
    cautions = _break_notes(["papi_total"], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx)
    return Caption(
        title,
        subtitle,
        f"{note} {cautions}".strip(),
        ctx.pick("Biểu đồ thứ hạng nhiều tỉnh", "Rank chart of several provinces"),
    )


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
    year, before = int(own["edition_year"]), int(own["previous_edition"])
    above = pairs[pairs["score"] > own["score"]].sort_values("score")
    below = pairs[pairs["score"] < own["score"]].sort_values("score", ascending=False)
    parts = []
    for row, vi, en in (
        (above.iloc[0] if len(above) else None, "kém", "behind"),
        (below.iloc[0] if len(below) else None, "hơn", "ahead of"),
    ):
        if row is not None:
            name = province_name(row["province_code"], row["boundary"], ctx.language)
            size = ctx.number(abs(row["score"] - own["score"]), 2)
            parts.append(ctx.pick(f"{vi} {name} {size} điểm", f"{size} points {en} {name}"))
    title = ctx.pick(
        f"PAPI {year}: {ctx.name} {listing(parts, 'vi')}", f"PAPI {year}: {ctx.name} is {listing(parts, 'en')}"
    )
    subtitle = ctx.pick(
        f"Tổng điểm PAPI (và thứ hạng) của các tỉnh liền trên, liền dưới {ctx.name} năm {year}",
        f"PAPI total (and rank) of the provinces next above and below {ctx.name} in {year}",
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
    note = f"{note} {_error_note(ctx)}"
    note = f"{note} {_break_notes(['papi_total'], before, year, ctx)}".strip()
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ dốc", "Slope chart"))


# --------------------------------------------------------------------------------------------------------- workload


def channel_shares(shares: pd.DataFrame, ctx: Context) -> Caption:
    """Share of the main channel, and a printed share that contradicts the counts."""
    if shares.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu hồ sơ theo hình thức tiếp nhận của {ctx.name} đến hết quý này",
            f"no dossiers by channel of {ctx.name} are held up to this quarter",
        )
    top = shares.iloc[0]
    period = period_name(top["period_start"], top["period_end"], ctx.language)
    channel = lower_first(label(top["channel"], ctx.language))
    title = ctx.pick(
        f"{percent(top['share'], 2, 'vi')} hồ sơ {period} được tiếp nhận {channel}",
        f"{percent(top['share'], 2, 'en')} of the dossiers of {period} were filed {channel}",
    )
    wrong = shares[shares["contradicted"]]
    if len(wrong):
        row = wrong.iloc[0]
        title += ctx.pick(
            f"; tỷ lệ {lower_first(label(row['channel'], 'vi'))} in {percent(row['printed'], 2, 'vi')} không khớp với số hồ sơ ({percent(row['share'], 2, 'vi')})",
            f"; the printed {lower_first(label(row['channel'], 'en')).replace(' ', '-')} share of {percent(row['printed'], 2, 'en')} contradicts the counts ({percent(row['share'], 2, 'en')})",
        )
    total = ctx.number(shares["total"].iloc[0], 0)
    subtitle = ctx.pick(
        f"Hồ sơ tiếp nhận theo hình thức, {ctx.name}, {period} (tổng số {total} hồ sơ)",
        f"Dossiers received by channel, {ctx.name}, {period} ({total} in all)",
    )
    note = ctx.pick(
        "Tỷ lệ tính lại từ số hồ sơ; dấu ≠: tỷ lệ in trong văn bản không khớp với số hồ sơ của chính văn bản đó. Mới có một quý được công bố nên chưa so được với cùng kỳ; văn bản không nói quý tính theo lịch hay theo kỳ báo cáo 15/12–14/3.",
        "Shares are recomputed from the counts; ≠ marks a printed share that contradicts the same document's counts. Only one quarter has been published, so there is no same period to compare with; the document does not say whether its quarter is the calendar's or the reporting period of 15 December to 14 March.",
    )
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ thanh theo hình thức tiếp nhận", "Bars by channel"))


def target_bullets(results: pd.DataFrame, ctx: Context) -> Caption:
    """Targets met, and the largest excess."""
    if results.empty:
        raise _nothing(
            ctx,
            f"chưa có kết quả nào của {ctx.name} so với chỉ tiêu, kế hoạch",
            f"no result of {ctx.name} against a target or plan is held",
        )
    aimed = results[results["target"].notna()]
    parts = []
    for row in aimed.itertuples():
        name = lower_first(result_name(row.measure, row.channel, ctx.language))
        period = period_name(row.period_start, row.period_end, ctx.language)
        parts.append(f"{name} {ctx.pick('', 'in ')}{period}: {outcome(row.points_over, ctx.language)}")
    plans = results[results["of"].notna()].sort_values(["of", "period_end"])
    open_plans = plans[plans["count"] < plans["of"]]
    if len(open_plans):
        row = open_plans.iloc[-1]
        name = lower_first(result_name(row["measure"], row["channel"], ctx.language))
        year = row["period_end"].year
        parts.append(
            ctx.pick(
                f"{name} năm {year}: {ctx.number(row['count'], 0)}/{ctx.number(row['of'], 0)}",
                f"{name} in {year}: {ctx.number(row['count'], 0)} of {ctx.number(row['of'], 0)}",
            )
        )
    title = (
        sentence("; ".join(parts))
        if parts
        else ctx.pick(
            f"Kết quả công việc của {ctx.name}; nguồn không nêu chỉ tiêu",
            f"Results of {ctx.name}; the source states no target",
        )
    )
    subtitle = ctx.pick(
        f"Kết quả so với chỉ tiêu, kế hoạch cải cách hành chính, {ctx.name} (%)",
        f"Results against targets and the reform plan, {ctx.name} (%)",
    )
    note = ctx.pick(
        "Vạch đen: chỉ tiêu. Văn bản gốc in “vượt 13,66%”: đó là hiệu của hai tỷ lệ, tức điểm phần trăm. Dấu –: nguồn không nêu chỉ tiêu; tỷ lệ của kế hoạch năm tính từ số nhiệm vụ. Số cả năm và số một quý không so với nhau."
        if ctx.province.province_code == "58"
        else "Vạch đen: chỉ tiêu. Dấu –: nguồn không nêu chỉ tiêu cho kỳ đó.",
        "Black tick: target. The base document prints “vượt 13,66%”: a difference of two shares, that is percentage points. –: the source states no target; shares of the year's plan are worked out from the tasks. Figures of a year and of a quarter are not compared."
        if ctx.province.province_code == "58"
        else "Black tick: target. –: the source states no target for the period.",
    )
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ thanh so với chỉ tiêu", "Bullet chart against targets"))


def procedure_parts(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The largest part of the procedures published."""
    if parts.empty:
        raise _nothing(
            ctx,
            f"chưa có số thủ tục hành chính được công bố của {ctx.name} theo cấp và nội dung",
            f"no published procedures of {ctx.name} by level and kind are held",
        )
    period = period_name(parts["period_start"].iloc[0], parts["period_end"].iloc[0], ctx.language)
    kinds = parts[parts["split"] == "kind"].sort_values("value", ascending=False)
    total = parts.groupby("split")["value"].sum().iloc[0]
    shown = kinds if len(kinds) else parts.sort_values("value", ascending=False)
    listed = ", ".join(
        f"{ctx.number(row.value, 0)} {lower_first(part_name(row.part, ctx.language))}"
        for row in shown.head(2).itertuples()
    )
    title = ctx.pick(
        f"{ctx.number(total, 0)} thủ tục được công bố {period}: {listed}",
        f"{ctx.number(total, 0)} procedures published in {period}: {listed}",
    )
    subtitle = ctx.pick(
        f"Thủ tục hành chính được công bố theo cấp và theo nội dung, {ctx.name}, {period}",
        f"Procedures published by level and by kind of change, {ctx.name}, {period}",
    )
    sums = parts.groupby("split")["value"].sum()
    note = ctx.pick(
        f"Tổng theo cấp và tổng theo nội dung đều bằng {ctx.number(total, 0)}."
        if sums.nunique() == 1
        else "Hai cách chia không cộng thành cùng một tổng.",
        f"By level and by change the sum is {ctx.number(total, 0)}."
        if sums.nunique() == 1
        else "The two splits do not add up to one total.",
    )
    return Caption(title, subtitle, note, ctx.pick("Hai thanh chia phần", "Two bars of parts"))


def level_dots(levels: pd.DataFrame, ctx: Context) -> Caption:
    """Share in the whole province, and the lowest level."""
    if levels.empty:
        raise _nothing(
            ctx,
            f"chưa có tỷ lệ sử dụng chữ ký số của {ctx.name}",
            f"no use of digital signatures of {ctx.name} is held",
        )
    parts = levels[levels["level"] != "all"]
    low = (parts if len(parts) else levels).sort_values("value").iloc[0]
    whole = levels[levels["level"] == "all"]
    period = period_name(levels["period_start"].iloc[0], levels["period_end"].iloc[0], ctx.language)
    head = percent(whole["value"].iloc[0], 2, ctx.language) if len(whole) else "…"
    title = ctx.pick(
        f"Tỷ lệ dùng chữ ký số cá nhân toàn tỉnh đạt {head}; thấp nhất là {lower_first(label(low['level'], 'vi'))}, {percent(low['value'], 2, 'vi')}",
        f"Use of personal digital signatures reached {head}; lowest at {lower_first(label(low['level'], 'en'))}, {percent(low['value'], 2, 'en')}",
    )
    subtitle = ctx.pick(
        f"Tỷ lệ sử dụng chữ ký số cá nhân theo cấp, {ctx.name}, {period}",
        f"Use of personal digital signatures by level, {ctx.name}, {period}",
    )
    note = ctx.pick(
        "Trục không bắt đầu từ 0. Văn bản gốc in “tăng 2.09% so với cùng kỳ” nhưng không in mức của cùng kỳ nên không kiểm được.",
        "The axis does not start at 0. The base document prints “tăng 2.09% so với cùng kỳ” without the level of the year before, so it cannot be checked.",
    )
    return Caption(
        title, subtitle, note, ctx.pick("Biểu đồ chấm theo cấp hành chính", "Dot plot by administrative level")
    )


def unit_columns(units: pd.DataFrame, ctx: Context) -> Caption:
    """Newest number of units, and the change since the first."""
    if units.empty:
        raise _nothing(
            ctx, f"chưa có số đơn vị sự nghiệp của {ctx.name}", f"no public service units of {ctx.name} are held"
        )
    last, first = units.iloc[-1], units.iloc[0]
    change = last["value"] - first["value"]
    title = ctx.pick(
        f"{ctx.name} còn {ctx.number(last['value'], 0)} đơn vị sự nghiệp năm {last['period_end'].year}",
        f"{ctx.name} had {ctx.number(last['value'], 0)} public service units in {last['period_end'].year}",
    )
    if len(units) > 1:
        verb = ctx.pick("giảm" if change < 0 else "tăng", "fewer" if change < 0 else "more")
        title += ctx.pick(
            f", {verb} {ctx.number(abs(change), 0)} so với năm {first['period_end'].year}",
            f", {ctx.number(abs(change), 0)} {verb} than in {first['period_end'].year}",
        )
    subtitle = ctx.pick(f"Số đơn vị sự nghiệp, {ctx.name}", f"Public service units, {ctx.name}")
    note = ctx.pick(
        "Cột gạch chéo: số suy từ mức giảm mà văn bản in, không phải số in. Số trong cột: thay đổi đến năm cuối.",
        "Hatched: levels that follow from the printed changes, not printed themselves. Figures inside: the change to the last year.",
    )
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ cột", "Column chart"))


def watch_strip(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many indices that watch the tasks lost ground."""
    held = watch[watch["percentile_position"].notna()].drop_duplicates("indicator")
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có chỉ số nào của {ctx.name} để theo dõi năm nhóm nhiệm vụ",
            f"no index of {ctx.name} is held to watch the five groups of tasks",
        )
    both = held[held["previous_position"].notna()]
    if both.empty:
        raise _nothing(
            ctx,
            f"chưa có chỉ số nào của {ctx.name} có hai kỳ để thấy vị trí tiến hay lùi",
            f"no index of {ctx.name} has two editions that would show a place gained or lost",
        )
    fell = both[both["percentile_position"].astype(float) < both["previous_position"].astype(float)]
    rose = both[both["percentile_position"].astype(float) > both["previous_position"].astype(float)]
    title = ctx.pick(
        f"{len(both)} chỉ số, trục theo dõi năm nhóm nhiệm vụ: {len(rose)} tăng, {len(fell)} giảm vị trí so với kỳ trước",
        f"{len(both)} indices and dimensions watch the five groups of tasks: {len(rose)} up, {len(fell)} down in place",
    )
    crossed = both[both["crosses"].notna() & (both["crosses"] != "")]
    if len(crossed):
        names = listing([indicator_name(i, ctx.language) for i in crossed["indicator"]], ctx.language)
        title += ctx.pick(f" ({names}: khác phương pháp)", f" ({names}: different method)")
    subtitle = ctx.pick(
        f"Vị trí của {ctx.name} trong số các tỉnh (vòng rỗng: kỳ trước; chấm đặc: kỳ mới nhất)",
        f"Place of {ctx.name} among the provinces (open: edition before; solid: newest edition)",
    )
    note = ctx.pick(
        "Năm nhóm nhiệm vụ theo văn bản gốc; việc chọn chỉ số theo dõi là của nhóm biên soạn. Dấu † và nét đứt: hai kỳ khác phương pháp, chỉ đặt cạnh nhau để tham khảo. Một chỉ số có thể theo dõi nhiều nhóm.",
        "The five groups of tasks are those of the base document; which indices watch them is our choice. † and dashes: the two editions differ in method and are set side by side for information only. One index may watch several groups.",
    )
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ chấm theo nhiệm vụ", "Dot plot by task"))


# ------------------------------------------------------------------------------------------------------------ tables


def index_overview(overview: pd.DataFrame, ctx: Context) -> Caption:
    """Indices up and down in rank."""
    held = overview[overview["rank"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có kết quả nào của {ctx.name} trong năm chỉ số",
            f"no result of {ctx.name} is held on any of the five indices",
        )
    rose = held[held["rank_change"] > 0]
    fell = held[held["rank_change"] < 0]
    parts = []
    for rows, vi, en in ((rose, "tăng hạng", "up in rank"), (fell, "giảm hạng", "down in rank")):
        if len(rows):
            crossed = rows["crosses"].fillna("") != ""
            marked = [index_name(i) + " †" * bool(c) for i, c in zip(rows["index_id"], crossed, strict=True)]
            names = listing(marked, ctx.language)
            parts.append(ctx.pick(f"{vi}: {names}", f"{en}: {names}"))
    title = ctx.pick(
        f"Năm chỉ số của {ctx.name} ở kỳ mới nhất", f"The five indices of {ctx.name} in their newest edition"
    )
    if parts:
        title += "; " + "; ".join(parts)
    subtitle = ctx.pick(
        "Điểm, thứ hạng, thay đổi so với kỳ trước có số liệu và nhóm",
        "Score, rank, change on the edition held before, and group",
    )
    note = ctx.pick(
        "Dấu †: hai kỳ khác phương pháp, không so điểm. Dấu *: số suy từ mức tăng, giảm mà nguồn nêu. Thứ hạng PAPI do nhóm biên soạn tính từ điểm; các thứ hạng khác do nguồn nêu. Nhóm: với PAPI là nhóm của UNDP hoặc nhóm tính từ điểm; với chỉ số khác là phần tư số tỉnh mà thứ hạng rơi vào. “…”: chưa có số liệu.",
        "†: the two editions differ in method, scores are not compared. *: figure derived from a change that the source states. PAPI ranks are ours, from scores; other ranks are as sources state them. Group: for PAPI the published group or ours from scores; for other indices the quarter of the provinces that the rank falls in. “…”: no figure.",
    )
    return Caption(title, subtitle, note)


def whats_new(overview: pd.DataFrame, ctx: Context) -> Caption:
    """Editions out since the quarter before."""
    out = overview[overview["new_editions"] != ""]
    names = listing([f"{index_name(row.index_id)} {row.new_editions}" for row in out.itertuples()], ctx.language)
    since = pd.Timestamp(overview.attrs["as_of_before"]).date() + timedelta(days=1)
    until = pd.Timestamp(overview.attrs["as_of"]).date()
    span = ctx.pick(f"từ {day(since, 'vi')} đến {day(until, 'vi')}", f"from {day(since, 'en')} to {day(until, 'en')}")
    title = ctx.pick(
        f"Công bố {span}: {names}" if names else f"Không có chỉ số nào được công bố {span}",
        f"Out {span}: {names}" if names else f"No index came out {span}",
    )
    subtitle = ctx.pick(
        "Kỳ mới nhất của từng chỉ số và ngày công bố", "Newest edition of each index and its day of publication"
    )
    return Caption(title, subtitle)


def dimension_gaps(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions not in the high group, and the nearest threshold."""
    if rows.empty:
        raise _nothing(
            ctx, f"{ctx.name} không có kết quả PAPI ở kỳ này", f"{ctx.name} has no PAPI result in this edition"
        )
    below = rows[rows["next_group"] != ""]
    dimensions = below[below["component_id"] != "papi_total"]
    if dimensions.empty:
        title = ctx.pick(
            f"Mọi trục nội dung của {ctx.name} đã ở nhóm cao", f"Every dimension of {ctx.name} is in the high group"
        )
    else:
        nearest = dimensions.loc[dimensions["gap"].abs().idxmin()]
        group = lower_first(label(nearest["next_group"], ctx.language))
        name, size = _names([nearest["component_id"]], ctx), ctx.number(abs(nearest["gap"]), 2)
        title = ctx.pick(
            f"{len(dimensions)} trục chưa ở nhóm cao; gần nhất là {name}, thiếu {size} điểm để lên nhóm {group}",
            f"{len(dimensions)} dimension{'s' if len(dimensions) > 1 else ''} not in the high group; nearest is {name}, {size} points short of the {group} group",
        )
    subtitle = ctx.pick(
        "Khoảng cách tới trung vị cả nước và tới ngưỡng của nhóm liền trên (điểm)",
        "Distance to the national median and to the threshold of the next group (points)",
    )
    return Caption(
        title,
        subtitle,
        ctx.pick(
            "Ngưỡng là điểm thấp nhất của nhóm liền trên.", "The threshold is the lowest score of the group above."
        ),
    )


def digital_adoption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Levels at which every agency uses the software."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu về phần mềm quản lý văn bản của {ctx.name}",
            f"no figures on document software of {ctx.name} are held",
        )
    full = int((rows["using"] == rows["total"]).sum())
    title = ctx.pick(
        f"{'Cả ' if full == len(rows) else f'{full}/'}{len(rows)} cấp hành chính đã dùng phần mềm quản lý văn bản ở mọi cơ quan",
        f"At {f'all {full}' if full == len(rows) else f'{full} of {len(rows)}'} levels every agency uses document software",
    )
    return Caption(
        title,
        ctx.pick(
            "Cơ quan dùng phần mềm quản lý văn bản và hồ sơ công việc, theo cấp",
            "Agencies using document and file software, by level",
        ),
        ctx.pick(
            "Văn bản gốc không in ngày của số liệu (“hiện có”); ghi theo cuối quý.",
            "The base document prints no day for these figures; they are set to the end of the quarter.",
        ),
    )


def contradictions(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many contradictions were found."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"không tìm thấy mâu thuẫn nào trong số liệu in về {ctx.name}",
            f"no contradiction was found in the printed figures on {ctx.name}",
        )
    title = ctx.pick(
        f"{len(rows)} chỗ số liệu về {ctx.name} chưa thống nhất, cần đối chiếu",
        f"{len(rows)} contradictions among the printed figures on {ctx.name}",
    )
    return Caption(
        title,
        ctx.pick(
            "Số liệu trong nguồn, số liệu đối chiếu, và nguồn",
            "Printed figure, what the other printed figures give, and the source",
        ),
        ctx.pick(
            "Không số nào bị sửa: cả hai bên đều được giữ trong dữ liệu.",
            "Nothing is corrected: both sides stay in the data.",
        ),
    )


def reform_watch(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many indicators have figures."""
    held = watch[watch["value"].notna() | watch["percentile_position"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu nào của {ctx.name} cho năm nhóm nhiệm vụ",
            f"no figure of {ctx.name} is held for the five groups of tasks",
        )
    title = ctx.pick(
        f"Năm nhóm nhiệm vụ: {len(held)} trong {len(watch)} chỉ tiêu theo dõi có số liệu",
        f"Five groups of tasks: {len(held)} of {len(watch)} indicators have figures",
    )
    return Caption(
        title,
        ctx.pick("Số liệu mới nhất của từng chỉ tiêu theo dõi", "Newest figure of each indicator"),
        ctx.pick(
            "Việc chọn chỉ tiêu theo dõi là của nhóm biên soạn. †: kỳ trước khác phương pháp. *: suy từ mức tăng, giảm mà nguồn nêu.",
            "Which indicators watch a task is our choice. †: the edition before differs in method. *: derived from a change that a source states.",
        ),
    )


# ------------------------------------------------------------------------------------------------- end of a notebook


def missing_lines(gaps: pd.DataFrame, ctx: Context) -> list[str]:
    """What the report lacks, one sentence a gap (rows of `summaries.what_is_missing`)."""
    kinds = {
        "not_published": ctx.pick(
            "cơ quan công bố không đưa ra kết quả của tỉnh", "the publisher gave no result of the province"
        ),
        "not_collected": ctx.pick("đã công bố nhưng chưa thu thập được", "published, but not among the figures held"),
        "blank": ctx.pick("ô trống trong bảng công bố", "blank in the published table"),
        "not_existing": ctx.pick("chưa có kỳ nào", "no edition yet"),
    }
    lines = []
    for row in gaps.itertuples():
        subject, _, part = row.subject.partition(" ")
        if subject == "workload":
            quarters = listing([quarter_name(Quarter.parse(q), ctx.language) for q in row.years.split()], ctx.language)
            if row.kind != "held":
                lines.append(
                    ctx.pick(
                        "Khối lượng công việc: không có số liệu nào của tỉnh này.",
                        "Workload: no figures of this province.",
                    )
                )
            elif quarters:
                lines.append(
                    ctx.pick(
                        f"Khối lượng công việc: mới có số liệu riêng của {quarters}; không có cùng kỳ để so.",
                        f"Workload: figures of a quarter's own are held for {quarters} only; there is no same period to compare with.",
                    )
                )
            else:
                lines.append(
                    ctx.pick(
                        "Khối lượng công việc: không có số liệu riêng của quý nào.",
                        "Workload: no figures of a quarter's own.",
                    )
                )
            continue
        name = index_name(subject) + (ctx.pick(", điểm thành phần", ", component scores") if part else "")
        years = ", ".join(row.years.split())
        lines.append(f"{name}: {years} – {kinds[row.kind]}." if years else f"{name}: {kinds[row.kind]}.")
    return lines or [ctx.pick("Không thiếu gì trong phạm vi sổ này.", "Nothing within this notebook.")]


def caveat_lines(components: set[tuple[str, int, int]], found: pd.DataFrame, ctx: Context) -> list[str]:
    """Breaks inside the years shown, the survey's error, and the count of contradictions.

    components: (component_id, first edition, last edition) of everything shown.
    """
    lines = []
    for component_id, first, last in sorted(components):
        for item in catalogue().breaks_of(component_id):
            if first < item.edition_year <= last:
                lines.append(f"{index_name(item.index_id)} {item.edition_year}: {ctx.pick(item.note, item.note_en)}")
    if any(component_id.startswith("papi_") for component_id, *_ in components):
        lines.append(
            ctx.pick(
                "PAPI là điều tra mẫu (khoảng 200 người mỗi tỉnh): hai tỉnh hơn kém nhau ít điểm có thể không thật sự khác nhau. Sai số chỉ có cho kỳ 2019.",
                "PAPI is a sample survey (about 200 respondents a province): provinces with close scores may not really differ. Errors are held for 2019 only.",
            )
        )
    if len(found):
        kinds = ", ".join(
            f"{lower_first(label(rule, ctx.language))} ({count})"
            for rule, count in found["rule"].value_counts().items()
        )
        lines.append(
            ctx.pick(
                f"Số liệu dùng ở đây về {ctx.name} có {len(found)} chỗ chưa thống nhất: {kinds}; liệt kê trong sổ 40_workload và bằng nt.discrepancies().",
                f"The printed figures on {ctx.name} used here hold {len(found)} contradictions: {kinds}; listed in notebook 40_workload and by nt.discrepancies().",
            )
        )
    return list(dict.fromkeys(lines)) or [ctx.pick("Không có lưu ý riêng.", "None of note.")]


def source_lines(source_ids: set[str], ctx: Context) -> list[str]:
    """Sources of everything shown, in order of their ids."""
    known = catalogue().sources
    lines = []
    for source_id in sorted(source_ids):
        source = known[source_id]
        when = f", {source.published}" if source.published else ""
        where = f" <{source.url.split(' ')[0]}>" if source.url else ""
        lines.append(f"{source.publisher}: {source.title}{when}{where} [{source_id}]")
    return lines or [ctx.pick("Không dùng nguồn nào.", "No sources used.")]
