"""What each card says: a frame in, a caption out. A finding is worked out from the frame that is drawn.

One function a card, of the same name as its chart or table. Nothing is claimed that the frame does not
hold; where it holds nothing, `Nothing` says so in words and no empty picture is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from .catalogue import GROUPS, catalogue
from .datasets import uncertainty
from .language import day, quarter_name
from .measures import rounded
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
    published_when,
    rank_of,
    result_name,
    sentence,
    year_spans,
)


@dataclass(frozen=True)
class Claim:
    """Something that a title says of the frame that is drawn: in words, and as a test of that frame.

    The test reads the frame anew: rows looked up again, counts and sums made again, and compared with what the
    title prints. It holds the few printed values, never the frame.
    """

    says: str
    holds: Callable[[pd.DataFrame], bool]


@dataclass(frozen=True)
class Caption:
    """Words of a card: finding as title, measure and period as subtitle, notes, and the picture in words.

    kind: what sort of picture or table it is; numbers: sentences with its range, direction and two to four key
    numbers, the most telling first. Both are for the alternative text. claims: what the title says, each tested on
    the frame before that is drawn. For a title of one's own see `entitled`.
    """

    title: str
    subtitle: str
    note: str = ""
    kind: str = ""
    numbers: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def alt(self) -> str:
        """The picture in at most 400 characters: where there is more to say, whole sentences are left out."""
        words = (self.kind, self.subtitle, self.title)
        # what is said of the numbers last is missed least
        less = [(*words, *self.numbers[:kept]) for kept in range(len(self.numbers), -1, -1)]
        for said in (*less, words[1:], words[2:]):
            text = " ".join(part if part.endswith(".") else f"{part}." for part in said if part)
            if len(text) <= 400:
                return text
        return text[:397].rsplit(" ", 1)[0] + " …"

    def check(self, frame: pd.DataFrame) -> None:
        """Raises FalseFinding with everything that the title says and the frame does not hold."""
        false, unread = [], None
        for claim in self.claims:
            try:
                held = bool(claim.holds(frame))
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                # a row or figure that the title speaks of is not there
                held, unread = False, error
            if not held:
                false.append(claim.says)
        if false:
            raise FalseFinding(self.title, false) from unread


def entitled(caption: Caption, title: str, claim: Callable[[pd.DataFrame], bool] | Iterable[Claim] | None) -> Caption:
    """The caption under a title of one's own, with what that claims: a test of the frame, or several Claims.

        entitled(caption, "Above 45 points for the third time", lambda frame: (frame["score"].tail(3) > 45).all())

    Raises ValueError for a title without a claim, or a claim without a title.
    """
    claims = () if claim is None else (Claim(title, claim),) if callable(claim) else tuple(claim)
    if not (title and claims):
        raise ValueError("a title of one's own needs a claim, as in claim=lambda frame: frame['score'].iloc[-1] > 45")
    return replace(caption, title=title, claims=claims)


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


def _during(start: pd.Timestamp, end: pd.Timestamp, ctx: Context) -> str:
    """A period as a sentence has it: `quý I/2024`, `in the first quarter of 2024`, `on 31 March 2024`."""
    period = period_name(start, end, ctx.language)
    if ctx.language == "vi" or period.startswith("on "):
        return period
    return f"{'from' if ' to ' in period else 'in'} {period}"


def _unrounded_note(ctx: Context) -> str:
    """45,51 and 46,00 with a change of −0,50 between them are no slip."""
    return ctx.pick("Chênh lệch tính từ số chưa làm tròn.", "Differences are computed from unrounded figures.")


def _apart(later: float, earlier: float) -> Decimal:
    """Exact difference of two published figures: in decimals, where the frame's own column is one of floats."""
    return rounded(later, 9) - rounded(earlier, 9)


def _read(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    """Rows of a few columns: a hundredth of the time that rows of a whole frame take."""
    return list(zip(*(frame[column] for column in columns), strict=True))


def _directions(changes: Iterable) -> tuple[int, int, int]:
    """How many rose, fell and did not move, as printed: a change of 0,00 is none."""
    shown = [rounded(change, 2) for change in changes]
    return sum(c > 0 for c in shown), sum(c < 0 for c in shown), sum(c == 0 for c in shown)


def _newest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Row of the newest edition that holds a figure."""
    held = frame[frame[column].notna()]
    return held.loc[held["edition_year"].idxmax()]


def _about(ctx: Context) -> Claim:
    """That the figures are the province's own, under its own boundary."""

    def holds(frame: pd.DataFrame) -> bool:
        own = frame["province_code"].eq(ctx.province.province_code) & frame["boundary"].eq(ctx.province.boundary)
        return len(frame) > 0 and own.all()

    return Claim(ctx.pick(f"Số liệu là của {ctx.name}", f"The figures are those of {ctx.name}"), holds)


def _own(frame: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The province's rows of a frame of several provinces."""
    own = frame["province_code"].eq(ctx.province.province_code) & frame["boundary"].eq(ctx.province.boundary)
    return frame[own]


def _group_by(score: float, quartiles: Iterable[float]) -> str:
    """Group of a score by the third quartile, the median and the first quartile."""
    return next((group for group, cut in zip(GROUPS, quartiles, strict=False) if score >= cut), GROUPS[-1])


def _group_name(group: str, ctx: Context) -> str:
    return lower_first(label(group, ctx.language))


def _rows(count: int, vi: str, en: str, ctx: Context) -> str:
    """A table in words: `Bảng 5 dòng, mỗi dòng một chỉ số`."""
    return ctx.pick(f"Bảng {count} dòng, {vi}", f"Table of {count} row{'s' * (count > 1)}, {en}")


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
    if len(latest) == 1:
        title = ctx.pick(
            f"{ctx.name} mới có thứ hạng ở một chỉ số: {best_text}, {'thuộc' if upper else 'không thuộc'} nửa trên bảng xếp hạng",
            f"{ctx.name} is ranked on one index only: {best_text}, {'in' if upper else 'not in'} the upper half",
        )
    else:
        title = ctx.pick(
            f"{ctx.name} thuộc nửa trên bảng xếp hạng ở {upper}/{len(latest)} chỉ số có thứ hạng; cao nhất là {best_text}",
            f"{ctx.name} is in the upper half on {upper} of {len(latest)} ranked indices; highest on {best_text}",
        )
    subtitle = ctx.pick(
        f"Vị trí trong số các tỉnh được xếp hạng, {'các ' * (first < last)}kỳ {span} (đầu bảng ở trên; con số là thứ hạng)",
        f"Place among the provinces ranked, edition{'s' * (first < last)} {span} (first on top; the figures are ranks)",
    )
    note = ctx.pick(
        "Trục tung là tỷ lệ tỉnh đứng trên, nên so được giữa các chỉ số và các năm. Đường đứt nét: đổi phương pháp, không nối hai giai đoạn; đường chấm: so sánh thận trọng. Năm trống: chưa công bố đến ngày chốt số liệu hoặc chưa thu thập được.",
        "The axis is the share of provinces that stand higher, so indices and years can be compared. Dashes: the method changed and the line is not joined; dots: compare with care. Empty years: not out by the closing day, or not collected.",
    )
    if "papi" in set(latest["index_id"]):
        note += ctx.pick(
            " Thứ hạng PAPI tính từ điểm vì UNDP không công bố thứ hạng.",
            " PAPI ranks are worked out from scores, since UNDP publishes none.",
        )
    count = len(latest)

    def newest(frame: pd.DataFrame) -> list[tuple]:
        held = frame[frame["rank"].notna() & frame["n_ranked"].notna()]
        columns = ("index_id", "edition_year", "rank", "n_ranked", "percentile_position")
        # in order of the editions, so that the newest of each index is kept
        return list({row[0]: row for row in sorted(_read(held, *columns), key=lambda row: row[1])}.values())

    def halves(frame: pd.DataFrame) -> bool:
        # by the ranks printed and by the places drawn
        found = [(2 * (rank - 1) <= n - 1, place >= 50) for _, _, rank, n, place in newest(frame)]
        return len(found) == count and all(sum(way) == upper for way in zip(*found, strict=True))

    def highest(frame: pd.DataFrame) -> bool:
        index_id, year, rank, n, _ = min(newest(frame), key=lambda row: (row[2] - 1) / (row[3] - 1))
        return best_text == f"{index_name(index_id)} {year} ({rank_of(rank, n)})"

    claims = (
        _about(ctx),
        Claim(
            ctx.pick(f"{upper}/{count} chỉ số thuộc nửa trên", f"{upper} of {count} indices are in the upper half"),
            halves,
        ),
        Claim(ctx.pick(f"Vị trí cao nhất là {best_text}", f"The highest place is {best_text}"), highest),
    )
    kind = ctx.pick("Biểu đồ đường nhỏ về vị trí trên từng chỉ số", "Small line charts of places, one for each index")
    official = list(catalogue().indices)
    in_order = latest.sort_values("index_id", key=lambda ids: ids.map(official.index))
    return Caption(title, subtitle, note, kind, (_newest_ranks(in_order, ctx),), claims)


def _newest_ranks(rows: pd.DataFrame, ctx: Context) -> str:
    held = rows[rows["rank"].notna()]
    listed = [
        f"{index_name(row.index_id)} {int(row.edition_year)} ({rank_of(row.rank, row.n_ranked)})"
        for row in held.itertuples()
    ]
    return ctx.pick("Thứ hạng mới nhất: ", "Newest ranks: ") + ", ".join(listed)


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
    name, year, placed = index_name(index_id), int(now["edition_year"]), rank_of(now["rank"], now["n_ranked"])
    claims = [
        _about(ctx),
        Claim(
            ctx.pick(f"Hạng {name} mới nhất là của {year}: {placed}", f"The newest {name} rank is of {year}: {placed}"),
            lambda frame: (
                (row := _newest(frame, "rank"))["edition_year"] == year
                and row["index_id"] == index_id
                and rank_of(row["rank"], row["n_ranked"]) == placed
            ),
        ),
    ]
    title = ctx.pick(
        f"{name} {year}: {ctx.name} xếp hạng {placed}",
        f"{name} {year}: {ctx.name} ranks {placed}",
    )
    if before is not None:
        moved, year_before = places(before["rank"] - now["rank"], ctx.language), int(before["edition_year"])
        linked = "from" if before["rank"] != now["rank"] else "as in"
        title += ctx.pick(f", {moved} so với {before['edition_year']}", f", {moved} {linked} {before['edition_year']}")
        crossed = bool(catalogue().breaks_between(now["component_id"], year_before, year, "break"))
        if crossed:
            title += ctx.pick(" (khác phương pháp)", " (different method)")

        def moves(frame: pd.DataFrame) -> bool:
            later, earlier = _newest(frame, "rank"), _newest(frame[frame["edition_year"] < year], "rank")
            same = earlier["edition_year"] == year_before and (later["segment"] != earlier["segment"]) == crossed
            return same and places(earlier["rank"] - later["rank"], ctx.language) == moved

        claims.append(
            Claim(ctx.pick(f"Hạng {moved} so với {year_before}", f"The rank is {moved} {linked} {year_before}"), moves)
        )
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
    best, worst = (held.loc[pick(held["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ends = [f"{rank_of(row['rank'], row['n_ranked'])} ({row['edition_year']})" for row in (best, worst)]
    numbers = (
        ctx.pick(
            f"Trong {len(held)} kỳ có thứ hạng, hạng cao nhất là {ends[0]}, thấp nhất là {ends[1]}",
            f"Of {len(held)} editions with a rank, the best is {ends[0]}, the lowest {ends[1]}",
        )
        if len(held) > 1
        else ctx.pick("Mới có thứ hạng của một kỳ", "One edition has a rank so far"),
    )
    kind = ctx.pick("Biểu đồ đường về thứ hạng", "Line chart of ranks")
    return Caption(title, subtitle, note.strip(), kind, numbers, tuple(claims))


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
    year, decimals = int(now["edition_year"]), _decimals(unit)
    score = ctx.number(now["score"], decimals) + _unit(ctx, unit)
    claims = [
        _about(ctx),
        Claim(
            ctx.pick(f"Điểm {name} mới nhất là của {year}: {score}", f"The newest {name} score is of {year}: {score}"),
            lambda frame: (
                (row := _newest(frame, "score"))["edition_year"] == year
                and index_name(row["index_id"]) == name
                and ctx.number(row["score"], decimals) + _unit(ctx, row["unit"]) == score
            ),
        ),
    ]
    title = ctx.pick(
        f"{name} {now['edition_year']}: {ctx.name} đạt {score}",
        f"{name} {now['edition_year']}: {ctx.name} scores {score}",
    )
    if now["complete"] and pd.notna(now["median"]):
        against, what = "median", ("trung vị cả nước", "the national median")
    elif pd.notna(now["national_mean"]):
        against, what = "national_mean", ("trung bình cả nước", "the national mean")
    else:
        against = ""
    if against:
        gap = now["score"] - now[against]
        size, higher = ctx.number(abs(gap), decimals), gap >= 0
        points = ctx.pick(
            " điểm phần trăm" if unit == "percent" else " điểm",
            " percentage points" if unit == "percent" else " points",
        )
        if size == ctx.number(0, decimals):
            compared = ctx.pick(f"ngang {what[0]}", f"level with {what[1]}")
        else:
            compared = ctx.pick(
                f"{'cao' if higher else 'thấp'} hơn {what[0]} {size}{points}",
                f"{size}{points} {'above' if higher else 'below'} {what[1]}",
            )
        title += f", {compared}"

        def lies(frame: pd.DataFrame) -> bool:
            row = _newest(frame, "score")
            distance = _apart(row["score"], row[against])
            known = row["complete"] if against == "median" else True
            return known and (distance >= 0) == higher and ctx.number(abs(distance), decimals) == size

        claims.append(Claim(ctx.pick(f"Điểm {compared}", f"The score is {compared}"), lies))
    elif pd.notna(now["rank"]):
        placed = rank_of(now["rank"], now["n_ranked"])
        title += ctx.pick(f", hạng {placed}", f" and ranks {placed}")

        def ranks(frame: pd.DataFrame) -> bool:
            row = _newest(frame, "score")
            return rank_of(row["rank"], row["n_ranked"]) == placed

        claims.append(Claim(ctx.pick(f"Hạng là {placed}", f"The rank is {placed}"), ranks))
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
    if against:
        notes.append(_unrounded_note(ctx))
    sampled = history.loc[history.get("standard_error", history["score"] * float("nan")).notna(), "edition_year"]
    if len(sampled):
        years = ", ".join(str(year) for year in sampled)
        notes.append(
            ctx.pick(
                f"Vạch qua chấm năm {years}: khoảng tin cậy 95% tính từ sai số chuẩn do PAPI công bố (khoảng mà PAPI gọi là 95% thực ra là 90%); các kỳ khác không có sai số.",
                f"Bar through the dot of {years}: 95% interval worked out from the standard error that PAPI published (what PAPI calls 95% is a 90% interval); no other edition has errors.",
            )
        )
    notes.append(_withheld_note(now["index_id"], int(now["edition_year"]), ctx))
    notes.append(
        _break_notes([now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx)
    )
    return Caption(
        title,
        subtitle,
        " ".join(filter(None, notes)),
        ctx.pick("Biểu đồ khoảng và chấm về điểm", "Range and dot chart of scores"),
        _score_numbers(held, now, decimals, ctx),
        tuple(claims),
    )


def _score_numbers(held: pd.DataFrame, now: pd.Series, decimals: int, ctx: Context) -> tuple[str, ...]:
    """Lowest and highest score within the newest method, and the spread of all provinces in the newest edition."""
    same = held[held["segment"] == now["segment"]]
    low, high = same.loc[same["score"].idxmin()], same.loc[same["score"].idxmax()]
    unit = "%" * (now["unit"] == "percent")
    ends = [f"{ctx.number(row['score'], decimals)}{unit} ({row['edition_year']})" for row in (low, high)]
    numbers = []
    if now["complete"]:
        spread = [ctx.number(now[column], decimals) + unit for column in ("lowest", "highest", "median")]
        numbers.append(
            ctx.pick(
                f"Năm {now['edition_year']} điểm các tỉnh từ {spread[0]} đến {spread[1]}, trung vị {spread[2]}",
                f"In {now['edition_year']} the provinces range from {spread[0]} to {spread[1]}, median {spread[2]}",
            )
        )
    numbers.append(
        ctx.pick(
            f"Trong {len(same)} kỳ cùng phương pháp, điểm của tỉnh thấp nhất là {ends[0]}, cao nhất là {ends[1]}",
            f"Over {len(same)} editions of one method its score was lowest at {ends[0]} and highest at {ends[1]}",
        )
        if len(same) > 1
        else ctx.pick("Chưa có kỳ nào khác cùng phương pháp", "No other edition of this method yet")
    )
    return tuple(numbers)


def convergence(history: pd.DataFrame, ctx: Context) -> Caption:
    """How far apart the best and the worst province are, against the first edition of the same method."""
    held = history[history["complete"] & history["highest"].notna()].sort_values("edition_year")
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có kỳ nào đủ điểm của các tỉnh để so {ctx.name} với tỉnh cao nhất và thấp nhất",
            f"no edition with the scores of all provinces is held to set {ctx.name} between the best and the worst",
        )
    now = held.iloc[-1]
    first = held[held["segment"] == now["segment"]].iloc[0]
    name, year, decimals = index_name(now["index_id"]), int(now["edition_year"]), _decimals(now["unit"])
    unit = {"points": ctx.pick(" điểm", " points"), "percent": ctx.pick(" điểm phần trăm", " percentage points")}
    unit = unit.get(now["unit"], ctx.pick(" điểm", " points"))

    def apart(row: pd.Series) -> str:
        return ctx.number(_apart(row["highest"], row["lowest"]), decimals)

    size = apart(now)
    title = ctx.pick(
        f"{name} {year}: tỉnh cao nhất và thấp nhất cách nhau {size}{unit}",
        f"{name} {year}: best and worst province {size}{unit} apart",
    )

    def newest(frame: pd.DataFrame) -> pd.Series:
        return _newest(frame[frame["complete"]], "highest")

    claims = [
        _about(ctx),
        Claim(title, lambda frame: (row := newest(frame))["edition_year"] == year and apart(row) == size),
    ]
    if first["edition_year"] < year:
        year_first, was = int(first["edition_year"]), apart(first)
        wider = _apart(now["highest"], now["lowest"]) - _apart(first["highest"], first["lowest"])
        words = ("như", "as") if size == was else ("rộng hơn", "more than") if wider > 0 else ("hẹp hơn", "less than")
        compared = ctx.pick(f"{words[0]} năm {year_first} ({was})", f"{words[1]} in {year_first} ({was})")
        title += f", {compared}"

        def moved(frame: pd.DataFrame) -> bool:
            row, rows = newest(frame), frame[frame["complete"] & frame["highest"].notna()]
            early = rows[
                rows["edition_year"] == rows.loc[rows["segment"] == row["segment"], "edition_year"].min()
            ].iloc[0]
            sizes = [_apart(each["highest"], each["lowest"]) for each in (row, early)]
            same_way = words[1] == "as" or (sizes[0] > sizes[1]) == (words[1] == "more than")
            return early["edition_year"] == year_first and apart(early) == was and same_way

        claims.append(Claim(sentence(compared), moved))
    if pd.notna(now["score"]):
        behind = ctx.number(_apart(now["highest"], now["score"]), decimals)
        leads = behind == ctx.number(0, decimals)
        own = (
            ctx.pick(f"{ctx.name} cao nhất", f"{ctx.name} is the best")
            if leads
            else ctx.pick(f"{ctx.name} kém tỉnh cao nhất {behind}", f"{ctx.name} is {behind} behind the best")
        )
        title += f"; {own}"
        claims.append(
            Claim(
                own,
                lambda frame: ctx.number(_apart((row := newest(frame))["highest"], row["score"]), decimals) == behind,
            )
        )
    subtitle = ctx.pick(
        f"Điểm {name} cao nhất, trung vị, thấp nhất trong các tỉnh và của {ctx.name}, {_years(history)}",
        f"Best, median and worst {name} score of the provinces, and that of {ctx.name}, {_years(history)}",
    )
    notes = [
        ctx.pick(
            "Chỉ vẽ cao nhất, thấp nhất ở kỳ có điểm của tất cả các tỉnh. Trục tung không bắt đầu từ 0.",
            "Best and worst only where the scores of all provinces are held. The axis does not start at 0.",
        ),
        _unrounded_note(ctx),
        _withheld_note(now["index_id"], year, ctx),
        _break_notes(
            [now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
        ),
    ]
    kind = ctx.pick("Biểu đồ đường về khoảng cách giữa các tỉnh", "Line chart of the distance between provinces")
    spread = [ctx.number(now[column], decimals) for column in ("lowest", "median", "highest")]
    numbers = (
        ctx.pick(
            f"Năm {year}: thấp nhất {spread[0]}, trung vị {spread[1]}, cao nhất {spread[2]}",
            f"In {year}: lowest {spread[0]}, median {spread[1]}, highest {spread[2]}",
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
        return ctx.pick(
            f"thang {first} đến {until}, {last} từ {since}", f"scale {first} to {until}, {last} from {since}"
        )
    return ctx.pick(f"thang {texts[0]}", f"scale {texts[0]}")


def _component_moves(
    held: pd.DataFrame, now: pd.DataFrame, year: int, name: str, ctx: Context
) -> tuple[str, Callable[[pd.DataFrame], bool]]:
    """Largest rise and fall of the components since the edition before, where no median is held to stand against.

    The title, and its test.
    """
    before = held[held["edition_year"] == year - 1].set_index("component_id")["score"]
    kept = [c for c in now["component_id"] if not catalogue().breaks_between(c, year - 1, year, "break")]
    change = (now.set_index("component_id")["score"] - before).reindex(kept).dropna()
    count = len(now)

    def moves(frame: pd.DataFrame) -> dict[str, Decimal]:
        rows = frame[frame["edition_year"].isin([year - 1, year]) & frame["score"].notna()]
        columns = ("component_id", "edition_year", "segment", "score")
        scores = {(part, edition): held for part, edition, *held in _read(rows, *columns)}
        pairs = {c: (scores.get((c, year - 1)), later) for (c, edition), later in scores.items() if edition == year}
        # segments count the breaks of a component
        return {c: _apart(new[1], old[1]) for c, (old, new) in pairs.items() if old and old[0] == new[0]}

    if len(change) < 2:
        title = ctx.pick(
            f"{name} {year}: điểm {count} thành phần của {ctx.name}",
            f"{name} {year}: scores of {count} components of {ctx.name}",
        )
        return title, lambda frame: frame.loc[frame["edition_year"] == year, "score"].notna().sum() == count
    up, down, most = change.idxmax(), change.idxmin(), change.abs().idxmax()
    sizes = {c: ctx.number(change[c], 2, sign=True) for c in (up, down, most)}
    both = change[up] > 0 > change[down]
    title = (
        ctx.pick(
            f"{name} {year}: {ctx.name} tăng nhiều nhất ở {_names([up], ctx)} ({sizes[up]}), giảm nhiều nhất ở {_names([down], ctx)} ({sizes[down]})",
            f"{name} {year}: {ctx.name} rose most on {_names([up], ctx)} ({sizes[up]}), fell most on {_names([down], ctx)} ({sizes[down]})",
        )
        if both
        else ctx.pick(
            f"{name} {year}: thay đổi lớn nhất của {ctx.name} là ở {_names([most], ctx)} ({sizes[most]})",
            f"{name} {year}: the largest change of {ctx.name} is on {_names([most], ctx)} ({sizes[most]})",
        )
    )

    def holds(frame: pd.DataFrame) -> bool:
        found = moves(frame)
        shown = all(ctx.number(found[c], 2, sign=True) == sizes[c] for c in ((up, down) if both else (most,)))
        if both:
            return shown and found[up] == max(found.values()) > 0 > min(found.values()) == found[down]
        return shown and abs(found[most]) == max(map(abs, found.values()))

    return title, holds


def _published(now: pd.DataFrame, ctx: Context) -> str:
    """Said of the dimensions of an edition where some were withheld: that 4 of 4 are not 4 of 8."""
    first = now.iloc[0]
    parts = [
        c for c in catalogue().components_of(first["index_id"], int(first["edition_year"])) if c.level == "dimension"
    ]
    return ctx.pick(" được công bố", " published") if len(now) < len(parts) else ""


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
        above, count = int((now["score"] >= now["median"]).sum()), len(now)
        published = _published(now, ctx)
        title = ctx.pick(
            f"{name} {year}: {above} trong {count} {unit_name}{published} của {ctx.name} bằng hoặc cao hơn trung vị cả nước",
            f"{name} {year}: {above} of {count} {unit_name}{published} of {ctx.name} are at or above the national median",
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
            ctx.pick(
                f"Kỳ mới nhất có điểm thành phần là {year}", f"The newest edition with component scores is {year}"
            ),
            lambda frame: frame.loc[frame["score"].notna(), "edition_year"].max() == year,
        ),
        Claim(title, said),
    )
    subtitle = ctx.pick(
        f"Điểm từng {unit_name} {name} của {ctx.name}, {_years(history)}",
        f"{name} scores of {ctx.name} by {unit_name.replace('dimensions', 'dimension').replace('indices', 'index')}, {_years(history)}",
    )
    note = ctx.pick(
        "Trung vị và dải xám chỉ vẽ khi có điểm của tất cả các tỉnh. Số ở góc là điểm kỳ mới nhất: màu cam khi dưới trung vị, màu xám khi không có trung vị. Đường đứt nét: đổi phương pháp; đường chấm: so sánh thận trọng. Trục tung không bắt đầu từ 0.",
        "Median and grey band are drawn only where the scores of all provinces are held. The figure in the corner is the newest score: orange below the median, grey where there is none. Dashes: the method changed; dots: compare with care. The axis does not start at 0.",
    )
    if not now["complete"].all():
        note += " " + _unrounded_note(ctx)
    decimals = _decimals(now["unit"].iloc[0])
    ends = [
        f"{_names([row['component_id']], ctx, year)} ({ctx.number(row['score'], decimals)})"
        for row in (now.loc[now["score"].idxmax()], now.loc[now["score"].idxmin()])
    ]
    numbers = (
        ctx.pick(
            f"Điểm cao nhất năm {year} là ở {ends[0]}, thấp nhất ở {ends[1]}",
            f"The highest score of {year} is on {ends[0]}, the lowest on {ends[1]}",
        ),
    )
    kind = ctx.pick("Biểu đồ đường nhỏ theo thành phần", "Small line charts by component")
    return Caption(title, subtitle, note, kind, numbers, claims)


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
    published = _published(now, ctx)
    title = ctx.pick(
        f"PAPI {year}: {len(high)} trong {len(now)} trục nội dung{published} của {ctx.name} thuộc nhóm cao",
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
        group = _group_name(weak_group, ctx)
        claims.append(
            Claim(
                ctx.pick(f"Yếu nhất là {_names([weakest], ctx)}", f"The weakest is {_names([weakest], ctx)}"),
                lambda frame: (
                    (found := grouped(frame))[weakest] == (weak_group, max(r for g, r in found.values() if g != "high"))
                ),
            )
        )
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
        _rank_ends(now, ctx),
        tuple(claims),
    )


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
    count, idle = len(pairs), ctx.pick(f", {still} đứng yên", f", {still} hardly moved") * bool(still)
    title = ctx.pick(
        f"PAPI {year}: {above} trong {count} trục trên trung vị cả nước, {quarter} trục đạt ngưỡng nhóm cao; so với {before}: {rose} tăng, {fell} giảm{idle}",
        f"PAPI {year}: {above} of {count} dimensions above the national median, {quarter} reach the high group; from {before}: {rose} rose, {fell} fell{idle}",
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
            ctx.pick(
                f"{rose} trục tăng, {fell} trục giảm{idle} so với {before}",
                f"{rose} rose, {fell} fell{idle} from {before}",
            ),
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
        _courses(pairs, ctx),
        claims,
    )


def _courses(pairs: pd.DataFrame, ctx: Context) -> tuple[str, ...]:
    """The largest rise and the largest fall of a frame of two editions, from where to where."""
    texts = []
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
    rose, fell, still = _directions(parts["contribution"])
    most, printed_share = top["component_id"], percent(share, 0, ctx.language)

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
        return years == (before, year) and (whole < 0) == falling and ctx.number(abs(whole), 2) == size

    def leads(frame: pd.DataFrame) -> bool:
        found = exact(frame)
        alike = [move for move in found.values() if (move < 0) == falling]
        printed = [ctx.number(move, 2, sign=True) for move in (found[most], sum(alike))]
        part_of = percent(100 * found[most] / sum(alike), 0, ctx.language)
        return max(alike, key=abs) == found[most] and [*printed, part_of] == [own, all_same, printed_share]

    claims = [
        Claim(
            ctx.pick(
                "Các trục cộng lại bằng thay đổi của tổng điểm", "The dimensions add up to the change of the total"
            ),
            adds_up,
        ),
        Claim(
            ctx.pick(
                f"Tổng điểm {'giảm' if falling else 'tăng'} {size} điểm từ {before} đến {year}",
                f"The total {'fell' if falling else 'rose'} by {size} points from {before} to {year}",
            ),
            moves,
        ),
    ]
    if size == ctx.number(0, 2):
        idle = ctx.pick(f", {still} đứng yên", f", {still} hardly moved") * bool(still)
        title = ctx.pick(
            f"Tổng điểm PAPI {year} gần như không đổi so với {before}: {rose} trục tăng, {fell} trục giảm{idle}",
            f"The {year} PAPI total hardly changed from {before}: {rose} dimensions rose, {fell} fell{idle}",
        )
        claims.append(Claim(title, lambda frame: _directions(exact(frame).values()) == (rose, fell, still)))
    else:
        claims.append(
            Claim(
                ctx.pick(
                    f"Nhiều nhất là {name} ({own}), bằng {printed_share} của {all_same}",
                    f"Most is {name} ({own}), {printed_share} of {all_same}",
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
    low, high = pairs.loc[pairs["change"].idxmin()], pairs.loc[pairs["change"].idxmax()]
    rose, fell, still = _directions(pairs["change"])
    most, falling = (low, True) if -low["change"] >= high["change"] else (high, False)
    known = catalogue()

    def named(row) -> str:
        return f"{lower_first(component_name(known.component(row['component_id'], year), ctx.language, numbered=False))} ({row['component_id'].removeprefix('papi_d').replace('_', '.')}; {ctx.number(row['change'], 2, sign=True)})"

    title = ctx.pick(
        f"{rose} nội dung thành phần tăng, {fell} giảm{f', {still} đứng yên' if still else ''}; {'giảm' if falling else 'tăng'} nhiều nhất: {named(most)}",
        f"{rose} sub-dimensions rose, {fell} fell{f', {still} hardly moved' if still else ''}; the largest {'fall' if falling else 'rise'} is {named(most)}",
    )
    part, size = most["component_id"], ctx.number(most["change"], 2, sign=True)

    def exact(frame: pd.DataFrame) -> dict[str, Decimal]:
        now = frame[frame["edition_year"].eq(year) & frame["previous_edition"].eq(before)]
        return {part: _apart(*pair) for part, *pair in _read(now, "component_id", "score", "previous_score")}

    def leads(frame: pd.DataFrame) -> bool:
        found, drawn = exact(frame), frame.loc[frame["component_id"] == part, "change"].item()
        prints = ctx.number(found[part], 2, sign=True) == ctx.number(drawn, 2, sign=True) == size
        return prints and max(found.values(), key=abs) == found[part] and (found[part] < 0) == falling

    claims = (
        _about(ctx),
        Claim(
            ctx.pick(f"{rose} tăng, {fell} giảm, {still} đứng yên", f"{rose} rose, {fell} fell, {still} hardly moved"),
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
            f"{len(pairs)} nội dung xếp theo mức thay đổi, so {year} với {before}",
            f"{len(pairs)} sub-dimensions in order of their change, {year} against {before}",
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
    note = f"{note} {_unrounded_note(ctx)} {_error_note(ctx)}"
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ thanh ngang", "Horizontal bars"), tuple(numbers), claims)


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
            f"PAPI {year}: {ctx.name} thuộc nhóm {lower_first(label(own['group_derived'], 'vi'))}, một trong {mates} tỉnh, thành phố",
            f"PAPI {year}: {ctx.name} is one of {mates} provinces in the {lower_first(label(own['group_derived'], 'en'))} group",
        )
    else:

        def grouped(frame: pd.DataFrame) -> bool:
            mine = _own(frame, ctx)
            return len(mine) == 1 and mine["score"].isna().all() and len(scored(frame)) == with_result

        title = ctx.pick(
            f"PAPI {year}: kết quả của {ctx.name} không được công bố ({with_result} tỉnh có kết quả)",
            f"PAPI {year}: the result of {ctx.name} was not published ({with_result} provinces have one)",
        )
    subtitle = ctx.pick(
        f"Nhóm theo tổng điểm PAPI {year}; mỗi ô là một tỉnh, thành phố (63 tỉnh trước 01/7/2025)",
        f"Group by PAPI total, {year}; one tile a province (63 provinces before 1 July 2025)",
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
    kind = ctx.pick("Lưới ô 63 tỉnh, thành phố", "Tile grid of 63 provinces")
    return Caption(title, subtitle, note, kind, tuple(numbers), (Claim(title, grouped),))


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
        f"PAPI {year}: {ctx.name} xếp thứ {place}/{count} tỉnh, thành phố trong vùng, hạng {national} cả nước",
        f"PAPI {year}: {ctx.name} is number {place} of {count} provinces in its region, {national} nationally",
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
            name = province_name(row["province_code"], row["boundary"], ctx.language)
            size = ctx.number(abs(row["score"] - own["score"]), 2)
            parts.append(ctx.pick(f"{vi} {name} {size} điểm", f"{size} points {en} {name}"))
            says = ctx.pick(f"{ctx.name} {parts[-1]}", f"{ctx.name} is {parts[-1]}")
            claims.append(Claim(says, nearest(vi == "kém", row["province_code"], size)))
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
    note = f"{note} {_unrounded_note(ctx)} {_error_note(ctx)}"
    note = f"{note} {_break_notes(['papi_total'], before, year, ctx)}".strip()
    within = ctx.pick("năm", "in")
    placed = [f"{ctx.number(own['score'], 2)} {within} {year} ({rank_of(own['rank'], own['n_ranked'])})"]
    if pd.notna(own["previous_score"]):
        was = rank_of(own["previous_rank"], own["previous_n_ranked"])
        placed.append(f"{ctx.number(own['previous_score'], 2)} {within} {before} ({was})")
    ends = [ctx.number(pairs["score"].min(), 2), ctx.number(pairs["score"].max(), 2)]
    numbers = (
        ctx.pick(
            f"Tổng điểm của {ctx.name}: {', '.join(placed)}",
            f"Total of {ctx.name}: {', '.join(placed)}",
        ),
        ctx.pick(
            f"{len(pairs)} tỉnh từ {ends[0]} đến {ends[1]} điểm", f"{len(pairs)} provinces from {ends[0]} to {ends[1]}"
        ),
    )
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ dốc", "Slope chart"), numbers, tuple(claims))


# --------------------------------------------------------------------------------------------------------- workload


def _newest_period(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["period_end"] == frame["period_end"].max()]


def channel_shares(shares: pd.DataFrame, ctx: Context) -> Caption:
    """Share of the main channel, and a printed share that contradicts the counts."""
    if shares.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu hồ sơ theo hình thức tiếp nhận của {ctx.name} đến hết quý này",
            f"no dossiers by channel of {ctx.name} are held up to this quarter",
        )
    periods = shares["period_end"].nunique()
    shares = _newest_period(shares)
    top = shares.loc[shares["count"].idxmax()]
    period = period_name(top["period_start"], top["period_end"], ctx.language)
    largest, share = top["channel"], percent(top["share"], 2, ctx.language)
    channel = ctx.pick("qua ", "by ") * (largest == "postal") + lower_first(label(largest, ctx.language))
    title = ctx.pick(
        f"{share} hồ sơ {period} được tiếp nhận {channel}",
        f"{share} of dossiers {_during(top['period_start'], top['period_end'], ctx)} came {channel}",
    )

    def share_of(frame: pd.DataFrame, name: str) -> float:
        row = frame[frame["channel"] == name].iloc[0]
        return 100 * Decimal(str(row["count"])) / Decimal(str(row["total"]))

    def leads(frame: pd.DataFrame) -> bool:
        frame = _newest_period(frame)
        row = frame.loc[frame["count"].idxmax()]
        drawn = percent(row["share"], 2, ctx.language), percent(share_of(frame, largest), 2, ctx.language)
        told = period_name(row["period_start"], row["period_end"], ctx.language)
        return row["channel"] == largest and drawn == (share, share) and told == period

    claims = [Claim(title, leads)]
    wrong = shares[shares["contradicted"]]
    if len(wrong):
        row = wrong.iloc[0]
        doubted = row["channel"]
        printed, counted = (percent(row[column], 2, ctx.language) for column in ("printed", "share"))
        contradiction = ctx.pick(
            f"tỷ lệ {lower_first(label(doubted, 'vi'))} đã in ({printed}) không khớp với số hồ sơ ({counted})",
            f"the printed {lower_first(label(doubted, 'en')).replace(' ', '-')} share ({printed}) contradicts the counts ({counted})",
        )
        title += f"; {contradiction}"

        def contradicts(frame: pd.DataFrame) -> bool:
            frame = _newest_period(frame)
            row = frame[frame["channel"] == doubted].iloc[0]
            found = percent(row["printed"], 2, ctx.language), percent(share_of(frame, doubted), 2, ctx.language)
            return found == (printed, counted) and printed != counted and row["contradicted"]

        claims.append(Claim(sentence(contradiction), contradicts))
    total = ctx.number(shares["total"].iloc[0], 0)
    subtitle = ctx.pick(
        f"Hồ sơ tiếp nhận theo hình thức, {ctx.name}, {period} (tổng số {total} hồ sơ)",
        f"Dossiers received by channel, {ctx.name}, {period} ({total} in all)",
    )
    note = ctx.pick(
        f"Tỷ lệ tính lại từ số hồ sơ; dấu ≠: tỷ lệ in trong văn bản không khớp với số hồ sơ của chính văn bản đó. {'Mới có một quý được công bố nên chưa so được với cùng kỳ; văn' if periods == 1 else 'Văn'} bản không nói quý tính theo lịch hay theo kỳ báo cáo 15/12–14/3.",
        f"Shares are recomputed from the counts; ≠ marks a printed share that contradicts the same document's counts. {'Only one quarter has been published, so there is no same period to compare with; the' if periods == 1 else 'The'} document does not say whether its quarter is the calendar's or the reporting period of 15 December to 14 March.",
    )
    listed = ", ".join(
        f"{lower_first(label(row.channel, ctx.language))} {ctx.number(row.count, 0)}"
        for row in shares.itertuples(index=False, name="Channel")
    )
    numbers = (ctx.pick(f"Số hồ sơ: {listed}", f"Dossiers: {listed}"),)
    kind = ctx.pick("Biểu đồ thanh theo hình thức tiếp nhận", "Bars by channel")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


def _of_target(told: str, ctx: Context) -> str:
    """`vượt chỉ tiêu 13,66 điểm phần trăm`, `đạt chỉ tiêu`: an outcome where no head says of what."""
    if told == label("met", ctx.language):
        return f"{told} {ctx.pick('chỉ tiêu', 'the target')}"
    vi = told.replace("vượt", "vượt chỉ tiêu") if told.startswith("vượt") else f"{told} so với chỉ tiêu"
    return ctx.pick(vi, f"{told}{' of' * told.endswith('short')} the target")


def target_bullets(results: pd.DataFrame, ctx: Context) -> Caption:
    """Targets met, and the largest excess."""
    if results.empty:
        raise _nothing(
            ctx,
            f"chưa có kết quả nào của {ctx.name} so với chỉ tiêu, kế hoạch",
            f"no result of {ctx.name} against a target or plan is held",
        )
    aimed = results[results["target"].notna()]
    parts, claims = [], []

    known_by = ["measure", "channel", "period_start", "period_end"]

    def one(frame: pd.DataFrame, *key: object) -> pd.Series:
        return frame[(frame[known_by] == list(key)).all(axis=1)].iloc[0]

    def ends_like(key: list, told: str) -> Callable[[pd.DataFrame], bool]:
        def holds(frame: pd.DataFrame) -> bool:
            row = one(frame, *key)
            return outcome(_apart(row["value"], row["target"]), ctx.language) == told

        return holds

    for row in aimed.itertuples():
        name = lower_first(result_name(row.measure, row.channel, ctx.language))
        told = outcome(row.points_over, ctx.language)
        parts.append(f"{name} {_during(row.period_start, row.period_end, ctx)}: {_of_target(told, ctx)}")
        claims.append(Claim(sentence(parts[-1]), ends_like([getattr(row, part) for part in known_by], told)))
    plans = results[results["of"].notna()].sort_values(["of", "period_end"])
    open_plans = plans[plans["count"] < plans["of"]]
    if len(open_plans):
        row = open_plans.iloc[-1]
        name = lower_first(result_name(row["measure"], row["channel"], ctx.language))
        year, key = row["period_end"].year, list(row[known_by])
        counted = ctx.number(row["count"], 0), ctx.number(row["of"], 0)
        parts.append(
            ctx.pick(
                f"{name.replace(' đã ', ' ')} năm {year}: {'/'.join(counted)}",
                f"{name} in {year}: {' of '.join(counted)}",
            )
        )

        def so_far(frame: pd.DataFrame) -> bool:
            row = one(frame, *key)
            drawn = percent(row["value"], 2) == percent(100 * row["count"] / row["of"], 2)
            return drawn and (ctx.number(row["count"], 0), ctx.number(row["of"], 0)) == counted

        claims.append(Claim(sentence(parts[-1]), so_far))
    if not parts:
        no_target = ctx.pick("Nguồn không nêu chỉ tiêu", "The source states no target")
        claims.append(Claim(no_target, lambda frame: len(frame) > 0 and frame["target"].isna().all()))
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
    if len(aimed):
        note = f"{note} {_unrounded_note(ctx)}"
    numbers = []
    for row in (*aimed.itertuples(), *results[results["target"].isna()].iloc[::-1].itertuples()):
        name = lower_first(result_name(row.measure, row.channel, ctx.language))
        aim = ctx.pick(", chỉ tiêu ", " against a target of ") + percent(row.target, 2, ctx.language)
        numbers.append(
            f"{sentence(name)} {_during(row.period_start, row.period_end, ctx)}: "
            f"{percent(row.value, 2, ctx.language)}{aim * pd.notna(row.target)}"
        )
    kind = ctx.pick("Biểu đồ thanh so với chỉ tiêu", "Bullet chart against targets")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


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
    split = "kind" if len(kinds) else "level"
    shown = kinds if len(kinds) else parts.sort_values("value", ascending=False)
    listed = ", ".join(
        f"{ctx.number(row.value, 0)} {lower_first(part_name(row.part, ctx.language))}"
        for row in shown.head(2).itertuples()
    )
    title = ctx.pick(
        f"{ctx.number(total, 0)} thủ tục được công bố {period}: {listed}",
        f"{ctx.number(total, 0)} procedures published {_during(parts['period_start'].iloc[0], parts['period_end'].iloc[0], ctx)}: {listed}",
    )
    subtitle = ctx.pick(
        f"Thủ tục hành chính được công bố theo cấp và theo nội dung, {ctx.name}, {period}",
        f"Procedures published by level and by kind of change, {ctx.name}, {period}",
    )
    sums = parts.groupby("split")["value"].sum()
    whole, one_total, largest = (
        ctx.number(total, 0),
        sums.nunique() == 1,
        [(row.part, row.value) for row in shown.head(2).itertuples()],
    )

    def leads(frame: pd.DataFrame) -> bool:
        rows = frame[frame["split"] == split]
        ordered = sorted(zip(rows["part"], rows["value"], strict=True), key=lambda pair: -pair[1])
        by_size = dict(ordered)
        return [value for _, value in ordered[:2]] == [by_size[part] for part, _ in largest] == [v for _, v in largest]

    def sums_up(frame: pd.DataFrame) -> bool:
        added = {name: sum(rows["value"]) for name, rows in frame.groupby("split")}
        told = period_name(frame["period_start"].iloc[0], frame["period_end"].iloc[0], ctx.language)
        alike = (len(set(added.values())) == 1) == one_total
        return told == period and alike and whole in [ctx.number(value, 0) for value in added.values()]

    claims = (
        Claim(ctx.pick(f"Các phần cộng lại là {whole} thủ tục", f"The parts add up to {whole} procedures"), sums_up),
        Claim(ctx.pick(f"Nhiều nhất là {listed}", f"Most are {listed}"), leads),
    )
    by_level = parts[parts["split"] == "level"].sort_values("value", ascending=False)
    levels = ", ".join(
        f"{lower_first(part_name(row.part, ctx.language))} {ctx.number(row.value, 0)}" for row in by_level.itertuples()
    )
    numbers = (ctx.pick(f"Theo cấp: {levels}", f"By level: {levels}"),) * bool(levels)
    note = ctx.pick(
        f"Tổng theo cấp và tổng theo nội dung đều bằng {ctx.number(total, 0)}."
        if sums.nunique() == 1
        else "Hai cách chia không cộng thành cùng một tổng.",
        f"By level and by change the sum is {ctx.number(total, 0)}."
        if sums.nunique() == 1
        else "The two splits do not add up to one total.",
    )
    return Caption(title, subtitle, note, ctx.pick("Hai thanh chia phần", "Two bars of parts"), numbers, claims)


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
    lowest, size = low["level"], percent(low["value"], 2, ctx.language)

    def reached(frame: pd.DataFrame) -> bool:
        return [percent(value, 2, ctx.language) for value in frame.loc[frame["level"] == "all", "value"]] == [head]

    def is_lowest(frame: pd.DataFrame) -> bool:
        by_level = {level: value for level, value in zip(frame["level"], frame["value"], strict=True) if level != "all"}
        return min(by_level.values()) == by_level[lowest] and percent(by_level[lowest], 2, ctx.language) == size

    claims = [
        Claim(
            ctx.pick(
                f"Thấp nhất là {lower_first(label(lowest, 'vi'))}, {size}",
                f"Lowest at {lower_first(label(lowest, 'en'))}, {size}",
            ),
            is_lowest,
        )
    ] * bool(len(parts))
    if len(whole):
        claims.append(Claim(ctx.pick(f"Toàn tỉnh đạt {head}", f"The whole province reached {head}"), reached))
    subtitle = ctx.pick(
        f"Tỷ lệ sử dụng chữ ký số cá nhân theo cấp, {ctx.name}, {period}",
        f"Use of personal digital signatures by level, {ctx.name}, {period}",
    )
    note = ctx.pick(
        "Trục không bắt đầu từ 0. Văn bản gốc in “tăng 2.09% so với cùng kỳ” nhưng không in mức của cùng kỳ nên không kiểm được.",
        "The axis does not start at 0. The base document prints “tăng 2.09% so với cùng kỳ” without the level of the year before, so it cannot be checked.",
    )
    listed = ", ".join(
        f"{lower_first(label(row.level, ctx.language))} {percent(row.value, 2, ctx.language)}"
        for row in levels.itertuples()
    )
    numbers = (ctx.pick(f"Theo cấp: {listed}", f"By level: {listed}"),)
    kind = ctx.pick("Biểu đồ chấm theo cấp hành chính", "Dot plot by administrative level")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


def unit_columns(units: pd.DataFrame, ctx: Context) -> Caption:
    """Newest number of units, and the change since the first."""
    if units.empty:
        raise _nothing(
            ctx, f"chưa có số đơn vị sự nghiệp của {ctx.name}", f"no public service units of {ctx.name} are held"
        )
    last, first = units.iloc[-1], units.iloc[0]
    change = last["value"] - first["value"]
    year, year_before = last["period_end"].year, first["period_end"].year
    left, moved = ctx.number(last["value"], 0), ctx.number(abs(change), 0)
    falls = change < 0

    def at(frame: pd.DataFrame, year_: int) -> float:
        return frame.loc[frame["period_end"].dt.year == year_, "value"].item()

    claims = [
        Claim(
            ctx.pick(f"{left} đơn vị năm {year}", f"{left} units in {year}"),
            lambda frame: frame["period_end"].dt.year.max() == year and ctx.number(at(frame, year), 0) == left,
        )
    ]
    title = ctx.pick(
        f"{ctx.name} {'còn' if falls else 'có'} {left} đơn vị sự nghiệp công lập năm {last['period_end'].year}",
        f"{ctx.name} had {left} public service units in {last['period_end'].year}",
    )
    if len(units) > 1:
        verb = ctx.pick("giảm" if change < 0 else "tăng", "fewer" if change < 0 else "more")
        claims.append(
            Claim(
                ctx.pick(f"{sentence(verb)} {moved} so với năm {year_before}", f"{moved} {verb} than in {year_before}"),
                lambda frame: (
                    frame["period_end"].dt.year.min() == year_before
                    and (move := _apart(at(frame, year), at(frame, year_before))) * (-1 if falls else 1) >= 0
                    and ctx.number(abs(move), 0) == moved
                ),
            )
        )
        title += ctx.pick(
            f", {verb} {ctx.number(abs(change), 0)} so với năm {first['period_end'].year}",
            f", {ctx.number(abs(change), 0)} {verb} than in {first['period_end'].year}",
        )
    subtitle = ctx.pick(f"Số đơn vị sự nghiệp công lập, {ctx.name}", f"Public service units, {ctx.name}")
    note = ctx.pick(
        "Cột gạch chéo: số suy từ mức giảm mà văn bản in, không phải số in. Số trong cột: thay đổi đến năm cuối.",
        "Hatched: levels that follow from the printed changes, not printed themselves. Figures inside: the change to the last year.",
    )
    listed = ", ".join(f"{row.period_end.year} ({ctx.number(row.value, 0)})" for row in units.itertuples())
    numbers = (ctx.pick(f"Số đơn vị theo năm: {listed}", f"Units by year: {listed}"),)
    return Caption(title, subtitle, note, ctx.pick("Biểu đồ cột", "Column chart"), numbers, tuple(claims))


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
    count, ups, downs = len(both), len(rose), len(fell)

    def moves(frame: pd.DataFrame) -> dict[str, tuple[float, bool]]:
        """Places gained or lost, and whether the method changed, of each indicator with two editions."""
        found = {}
        for row in frame[frame["percentile_position"].notna() & frame["previous_position"].notna()].itertuples():
            crosses = isinstance(row.crosses, str) and row.crosses != ""
            found[row.indicator] = float(row.percentile_position) - float(row.previous_position), crosses
        return found

    def moved(frame: pd.DataFrame) -> bool:
        sizes = [size for size, _ in moves(frame).values()]
        return (len(sizes), sum(s > 0 for s in sizes), sum(s < 0 for s in sizes)) == (count, ups, downs)

    title = ctx.pick(
        f"{count} chỉ số và trục theo dõi năm nhóm nhiệm vụ: {ups} tăng, {downs} giảm vị trí",
        f"{count} indices and dimensions watch the tasks: {ups} up, {downs} down in place",
    )
    claims = [Claim(title, moved)]
    crossed = both[both["crosses"].notna() & (both["crosses"] != "")]
    if len(crossed):
        parts = [catalogue().component(i) for i in crossed["indicator"]]
        names = listing(
            [
                index_name(part.index_id) + (ctx.pick(" trục ", " dimension ") + part.number) * (part.level != "total")
                for part in parts
            ],
            ctx.language,
        )
        marked = set(crossed["indicator"])
        claims.append(
            Claim(
                ctx.pick(f"Khác phương pháp: {names}", f"Different method: {names}"),
                lambda frame: {name for name, (_, across) in moves(frame).items() if across} == marked,
            )
        )
        title += ctx.pick(f" ({names}: khác phương pháp)", f" ({names}: different method)")
    subtitle = ctx.pick(
        f"Vị trí của {ctx.name} trong số các tỉnh (vòng rỗng: kỳ trước; chấm đặc: kỳ mới nhất)",
        f"Place of {ctx.name} among the provinces (open: edition before; solid: newest edition)",
    )
    note = ctx.pick(
        "Năm nhóm nhiệm vụ theo văn bản gốc; việc chọn chỉ số theo dõi là của nhóm biên soạn. Dấu † và nét đứt: hai kỳ khác phương pháp, chỉ đặt cạnh nhau để tham khảo. Một chỉ số có thể theo dõi nhiều nhóm.",
        "The five groups of tasks are those of the base document; which indices watch them is our choice. † and dashes: the two editions differ in method and are set side by side for information only. One index may watch several groups.",
    )
    ends = [
        f"{indicator_name(row['indicator'], ctx.language)} ({rank_of(row['rank'], row['n_ranked'])})"
        for row in (
            held.loc[pick(held["percentile_position"].astype(float))] for pick in (pd.Series.idxmax, pd.Series.idxmin)
        )
    ]
    numbers = (
        ctx.pick(f"Vị trí cao nhất: {ends[0]}; thấp nhất: {ends[1]}", f"Highest place: {ends[0]}; lowest: {ends[1]}"),
    )
    kind = ctx.pick("Biểu đồ chấm theo nhiệm vụ", "Dot plot by task")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


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
    parts, claims = [], []

    def moved(sign: int, expected: list[tuple[str, bool]]) -> Callable[[pd.DataFrame], bool]:
        def holds(frame: pd.DataFrame) -> bool:
            found = [
                (row.index_id, isinstance(row.crosses, str) and row.crosses != "")
                for row in frame[frame["rank"].notna() & frame["previous_rank"].notna()].itertuples()
                if (row.previous_rank - row.rank) * sign > 0 and row.rank_change * sign > 0
            ]
            return found == expected

        return holds

    for rows, vi, en in ((rose, "tăng hạng", "up in rank"), (fell, "giảm hạng", "down in rank")):
        if len(rows):
            crossed = rows["crosses"].fillna("") != ""
            marked = [index_name(i) + " †" * bool(c) for i, c in zip(rows["index_id"], crossed, strict=True)]
            names = listing(marked, ctx.language)
            parts.append(ctx.pick(f"{vi}: {names}", f"{en}: {names}"))
            expected = list(zip(rows["index_id"], crossed, strict=True))
            claims.append(Claim(sentence(parts[-1]), moved(1 if vi == "tăng hạng" else -1, expected)))
    count = len(held)
    title = ctx.pick(f"Năm chỉ số của {ctx.name} ở kỳ mới nhất", f"Newest editions of the five indices, {ctx.name}")
    if parts:
        title += "; " + "; ".join(parts)
    else:
        # no two editions to compare: how many are ranked at all
        title = ctx.pick(
            f"{count}/{len(overview)} chỉ số của {ctx.name} có thứ hạng, chưa chỉ số nào tăng hay giảm hạng",
            f"{count} of {len(overview)} indices of {ctx.name} {'has' if count == 1 else 'have'} a rank; none is up or down",
        )
        none = [moved(sign, []) for sign in (1, -1)]
        claims.append(
            Claim(
                title,
                lambda frame: frame["rank"].notna().sum() == count and all(holds(frame) for holds in none),
            )
        )
    subtitle = ctx.pick(
        "Điểm, thứ hạng, thay đổi so với kỳ trước có số liệu và nhóm",
        "Score, rank, change on the edition held before, and group",
    )
    note = ctx.pick(
        "Dấu †: hai kỳ khác phương pháp, không so điểm. Chênh lệch tính từ số chưa làm tròn. Dấu *: số suy từ mức tăng, giảm mà nguồn nêu. Thứ hạng PAPI do nhóm biên soạn tính từ điểm; các thứ hạng khác do nguồn nêu. Nhóm: với PAPI là nhóm của UNDP hoặc nhóm tính từ điểm; với chỉ số khác là phần tư số tỉnh mà thứ hạng rơi vào. “…”: chưa có số liệu.",
        "†: the two editions differ in method, scores are not compared. Differences are computed from unrounded figures. *: figure derived from a change that the source states. PAPI ranks are ours, from scores; other ranks are as sources state them. Group: for PAPI the published group or ours from scores; for other indices the quarter of the provinces that the rank falls in. “…”: no figure.",
    )
    kind = _rows(len(overview), "mỗi dòng một chỉ số", "one for each index", ctx)
    return Caption(title, subtitle, note, kind, (_newest_ranks(overview, ctx),), tuple(claims))


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
        f"Kỳ mới nhất của từng chỉ số, ngày công bố và kỳ mới nhất có số liệu của {ctx.name}",
        f"Newest edition of each index, its day of publication, and the newest held of {ctx.name}",
    )
    expected = {row.index_id: row.new_editions for row in out.itertuples()}
    days = overview.attrs["as_of_before"], overview.attrs["as_of"]

    def came_out(frame: pd.DataFrame) -> bool:
        new = {row.index_id: row.new_editions for row in frame.itertuples() if row.new_editions}
        newest = dict(zip(frame["index_id"], frame["newest_edition"], strict=True))
        last = all(editions.split()[-1] == str(int(newest[index_id])) for index_id, editions in new.items())
        return len(frame) > 0 and new == expected and last

    claims = (
        Claim(title, came_out),
        Claim(sentence(span), lambda frame: (frame.attrs["as_of_before"], frame.attrs["as_of"]) == days),
    )
    newest = [
        f"{index_name(row.index_id)} {int(row.newest_edition)}"
        for row in overview[overview["newest_edition"].notna()].itertuples()
    ]
    own = overview[overview["edition_year"].notna()]
    numbers = (
        ctx.pick(
            f"{len(own)}/{len(overview)} chỉ số có kết quả của {ctx.name}",
            f"Results of {ctx.name} are held for {len(own)} of {len(overview)} indices",
        ),
        ctx.pick("Kỳ mới nhất: ", "Newest editions: ") + (", ".join(newest) or "…"),
    )
    return Caption(
        title,
        subtitle,
        kind=_rows(len(overview), "mỗi dòng một chỉ số", "one for each index", ctx),
        numbers=numbers,
        claims=claims,
    )


def dimension_gaps(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions not in the high group, and the nearest threshold."""
    if rows.empty:
        raise _nothing(
            ctx, f"{ctx.name} không có kết quả PAPI ở kỳ này", f"{ctx.name} has no PAPI result in this edition"
        )
    below = rows[rows["next_group"] != ""]
    dimensions = below[below["component_id"] != "papi_total"]
    count, of = len(dimensions), int((rows["component_id"] != "papi_total").sum())

    def lacking(frame: pd.DataFrame) -> dict[str, tuple[Decimal, str]]:
        """What each dimension lacks to the threshold, and the group that it would reach."""
        held = frame[(frame["component_id"] != "papi_total") & frame["threshold"].notna()]
        return {row.component_id: (_apart(row.threshold, row.score), row.next_group) for row in held.itertuples()}

    if dimensions.empty:
        claims = [
            Claim(
                ctx.pick("Mọi trục đã ở nhóm cao", "Every dimension is in the high group"),
                lambda frame: frame["group"].eq("high").sum() >= of > 0 and not lacking(frame),
            )
        ]
        title = ctx.pick(
            f"Mọi trục nội dung của {ctx.name} đã ở nhóm cao", f"Every dimension of {ctx.name} is in the high group"
        )
    else:
        nearest = dimensions.loc[dimensions["gap"].abs().idxmin()]
        group, part, above = _group_name(nearest["next_group"], ctx), nearest["component_id"], nearest["next_group"]
        name, size = _names([nearest["component_id"]], ctx), ctx.number(abs(nearest["gap"]), 2)
        # in the words of the published figures, where two decimals would print nothing
        size = f"{ctx.number(0.01, 2)}" if rounded(nearest["gap"], 2) == 0 else size
        under = ctx.pick("chưa đến ", "under ") * (rounded(nearest["gap"], 2) == 0)
        title = ctx.pick(
            f"{count}/{of} trục chưa ở nhóm cao; gần nhất là {name}, thiếu {under}{size} điểm để lên nhóm {group}",
            f"{count} of {of} dimensions not in the high group; nearest is {name}, {under}{size} points short of the {group} group",
        )

        def is_nearest(frame: pd.DataFrame) -> bool:
            found = lacking(frame)
            missing, reaches = found[part]
            fits = Decimal(0) < missing < Decimal("0.005") if under else ctx.number(missing, 2) == size
            return fits and reaches == above and missing == min(found.values())[0]

        claims = [
            Claim(
                ctx.pick(f"{count}/{of} trục chưa ở nhóm cao", f"{count} of {of} dimensions are not in the high group"),
                lambda frame: (
                    len(lacking(frame)) == count
                    and frame.loc[frame["component_id"] != "papi_total", "group"].ne("high").sum() == count
                    and len(frame[frame["component_id"] != "papi_total"]) == of
                ),
            ),
            Claim(
                ctx.pick(
                    f"Gần nhất là {name}, thiếu {under}{size} điểm", f"Nearest is {name}, {under}{size} points short"
                ),
                is_nearest,
            ),
        ]
    subtitle = ctx.pick(
        f"Khoảng cách từ điểm PAPI {int(rows['edition_year'].iloc[0])} của {ctx.name} tới trung vị cả nước và ngưỡng nhóm liền trên (điểm)",
        f"Distance of the PAPI {int(rows['edition_year'].iloc[0])} scores of {ctx.name} to the national median and the next group (points)",
    )
    ranked = rows[(rows["component_id"] != "papi_total") & rows["rank"].notna()]
    numbers = _rank_ends(ranked, ctx) if len(ranked) else ()
    return Caption(
        title,
        subtitle,
        ctx.pick(
            "Ngưỡng là điểm thấp nhất của nhóm liền trên. Dấu –: đã ở nhóm cao.",
            "The threshold is the lowest score of the group above. –: already in the high group.",
        )
        + f" {_unrounded_note(ctx)}",
        _rows(len(rows), "tổng điểm rồi từng trục nội dung", "the total and then the dimensions", ctx),
        numbers,
        tuple(claims),
    )


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
    title = ctx.pick(f"PAPI {year}: {score} điểm", f"PAPI {year}: {score} points")
    years = [str(edition) for edition in (total["previous_edition"], year) if pd.notna(edition)]
    years = listing(years, ctx.language)
    if pd.notna(total["change"]):
        before, falling = int(total["previous_edition"]), total["change"] < 0
        size = ctx.number(abs(total["change"]), 2)
        moved = (
            ctx.pick(f"như năm {before}", f"as in {before}")
            if size == ctx.number(0, 2)
            else ctx.pick(
                f"{'giảm' if falling else 'tăng'} {size}",
                f"{'down' if falling else 'up'} {size}",
            )
        )
        title += f", {moved}"

        def moves(frame: pd.DataFrame) -> bool:
            row = frame[frame["component_id"] == "papi_total"].iloc[-1]
            exact = _apart(row["score"], row["previous_score"])
            drawn = {ctx.number(change, 2, sign=True) for change in (exact, row["change"])}
            same = row["previous_edition"] == before and ctx.number(abs(exact), 2) == size
            return same and len(drawn) == 1 and (exact < 0) == falling

        claims.append(
            Claim(ctx.pick(f"Tổng điểm {moved} (so với {before})", f"The total is {moved} (from {before})"), moves)
        )
    ranked = parts[parts["rank"].notna()]
    if len(ranked):
        best, worst = (ranked.loc[pick(ranked["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
        names = [_names([row["component_id"]], ctx, year) for row in (best, worst)]
        placed = {row["component_id"]: rank_of(row["rank"], row["n_ranked"]) for row in (best, worst)}
        ends = [f"{name} ({told})" for name, told in zip(names, placed.values(), strict=False)]
        extremes = ctx.pick(
            f"hạng tốt nhất: {ends[0]}, thấp nhất: {ends[-1]}", f"best rank: {ends[0]}, lowest: {ends[-1]}"
        )
        title += f"; {extremes}"
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
            "Nhóm theo tứ phân vị điểm của các tỉnh có kết quả; hạng do nhóm biên soạn tính từ điểm.",
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
    numbers = []
    if rose + fell + still:
        numbers.append(
            ctx.pick(
                f"{rose} trục tăng, {fell} trục giảm" + f", {still} đứng yên" * bool(still),
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


def digital_adoption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Levels at which every agency uses the software."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu về phần mềm quản lý văn bản của {ctx.name}",
            f"no figures on document software of {ctx.name} are held",
        )
    full, levels = int((rows["using"] == rows["total"]).sum()), len(rows)

    def adopted(frame: pd.DataFrame) -> bool:
        whole = [row.using == row.total and percent(row.share, 2) == percent(100) for row in frame.itertuples()]
        return (sum(whole), len(whole)) == (full, levels)

    title = ctx.pick(
        f"{'Cả ' if full == len(rows) else f'{full}/'}{len(rows)} cấp hành chính đã dùng phần mềm quản lý văn bản ở mọi cơ quan",
        f"At {f'all {full}' if full == len(rows) else f'{full} of {len(rows)}'} levels every agency uses document software",
    )
    return Caption(
        title,
        ctx.pick(
            f"Cơ quan của {ctx.name} dùng phần mềm quản lý văn bản và hồ sơ công việc, theo cấp",
            f"Agencies of {ctx.name} using document and file software, by level",
        ),
        ctx.pick(
            "Văn bản gốc không in ngày của số liệu (“hiện có”); ghi theo cuối quý.",
            "The base document prints no day for these figures; they are set to the end of the quarter.",
        ),
        _rows(levels, "mỗi dòng một cấp hành chính", "one for each administrative level", ctx),
        (
            sentence(
                ", ".join(
                    f"{lower_first(label(row.level, ctx.language))} {ctx.number(row.using, 0)}/{ctx.number(row.total, 0)}"
                    for row in rows.itertuples()
                )
            ),
        ),
        (Claim(title, adopted),),
    )


def contradictions(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many contradictions were found."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"không tìm thấy mâu thuẫn nào trong số liệu in về {ctx.name}",
            f"no contradiction was found in the printed figures on {ctx.name}",
        )
    count = len(rows)
    title = ctx.pick(
        f"{count} chỗ số liệu về {ctx.name} chưa thống nhất, cần đối chiếu",
        f"{count} contradiction{'s' * (count > 1)} among the printed figures on {ctx.name}",
    )
    return Caption(
        title,
        ctx.pick(
            "Số liệu trong nguồn, số liệu đối chiếu và nguồn",
            "Printed figure, what the other printed figures give, and the source",
        ),
        ctx.pick(
            "Không số nào bị sửa: cả hai bên đều được giữ trong dữ liệu.",
            "Nothing is corrected: both sides stay in the data.",
        ),
        _rows(count, "mỗi dòng một chỗ chưa thống nhất", "one for each contradiction", ctx),
        (
            ctx.pick("Theo loại: ", "By kind: ")
            + ", ".join(
                f"{lower_first(label(rule, ctx.language))} ({found})"
                for rule, found in rows["rule"].value_counts().items()
            ),
        ),
        (Claim(title, lambda frame: sum(1 for _ in frame.itertuples()) == count),),
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
    figures, count, tasks = len(held), len(watch), watch["task_number"].nunique()
    title = ctx.pick(
        f"Năm nhóm nhiệm vụ: {figures} trong {count} chỉ tiêu theo dõi có số liệu",
        f"Five groups of tasks: {figures} of {count} indicators have figures",
    )

    def counted(frame: pd.DataFrame) -> bool:
        with_figures = sum(pd.notna(row.value) or pd.notna(row.rank) for row in frame.itertuples())
        return (with_figures, len(frame), len(set(frame["task_number"]))) == (figures, count, tasks)

    by_kind = [(held["kind"] == kind).sum() for kind in ("index", "workload")]
    return Caption(
        title,
        ctx.pick(
            f"Số liệu mới nhất của {ctx.name} theo từng chỉ tiêu theo dõi",
            f"Newest figure of {ctx.name} on each indicator",
        ),
        ctx.pick(
            "Việc chọn chỉ tiêu theo dõi là của nhóm biên soạn. Chênh lệch tính từ số chưa làm tròn. †: kỳ trước khác phương pháp. *: suy từ mức tăng, giảm mà nguồn nêu.",
            "Which indicators watch a task is our choice. Differences are computed from unrounded figures. †: the edition before differs in method. *: derived from a change that a source states.",
        ),
        _rows(count, "mỗi dòng một chỉ tiêu theo dõi", "one for each indicator", ctx),
        (
            ctx.pick(
                f"Có số liệu: {by_kind[0]} dòng về chỉ số, {by_kind[1]} dòng về khối lượng công việc",
                f"With figures: {by_kind[0]} rows on indices, {by_kind[1]} on workload",
            ),
        ),
        (Claim(title, counted),),
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
        years = year_spans([int(year) for year in row.years.split()])
        lines.append(f"{name}: {years} – {kinds[row.kind]}." if years else f"{name}: {kinds[row.kind]}.")
    return lines or [label("nothing_missing", ctx.language)]


def caveat_lines(components: set[tuple[str, int, int]], found: pd.DataFrame, ctx: Context) -> list[str]:
    """Breaks inside the years shown, the survey's error, and the count of contradictions.

    components: (component_id, first edition, last edition) of everything shown.
    """
    lines = []
    for component_id, first, last in sorted(components):
        for item in catalogue().breaks_of(component_id):
            if first < item.edition_year <= last:
                name, note = f"{index_name(item.index_id)} {item.edition_year}", ctx.pick(item.note, item.note_en)
                lines.append(note if note.startswith(name) else f"{name}: {note}")
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
    return list(dict.fromkeys(lines)) or [label("no_caveats", ctx.language)]


def source_lines(source_ids: set[str], ctx: Context) -> list[str]:
    """Sources of everything shown, in order of their ids."""
    known = catalogue().sources
    lines = []
    for source_id in sorted(source_ids):
        source = known[source_id]
        when = f", {published_when(source.published, ctx.language)}" if source.published else ""
        where = f" <{source.url.split(' ')[0]}>" if source.url else ""
        lines.append(f"{source.publisher}: {source.title}{when}{where} [{source_id}]")
    return lines or [label("no_sources", ctx.language)]
