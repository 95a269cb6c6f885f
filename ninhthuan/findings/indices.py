"""Findings about the five indices over their editions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from ..catalogue import catalogue
from ..wording import (
    Context,
    component_name,
    decimals_held,
    index_name,
    listing,
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
            f"chưa có thứ hạng nào của {ctx.name} trong năm chỉ số",
            f"no rank of {ctx.name} is held on any of the five indices",
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
        title = ctx.pick(
            f"{ctx.name} mới có thứ hạng ở một chỉ số: {best_text}, {'thuộc' if upper else 'không thuộc'} nửa trên",
            f"{ctx.name} is ranked on one index only: {best_text}, {'in' if upper else 'not in'} the upper half",
        )
    else:
        title = ctx.pick(
            f"{ctx.name} {years}: nửa trên ở {upper}/{len(latest)} chỉ số có hạng; cao nhất là {best_text}",
            f"{ctx.name} {years}: upper half on {upper} of {len(latest)} indices; highest {best_text}",
        )
    subtitle = ctx.pick(
        f"Vị trí trong số các tỉnh được xếp hạng, {'các ' * (first < last)}kỳ {span} (đầu bảng ở trên; con số là thứ hạng)",
        f"Place among the provinces ranked, edition{'s' * (first < last)} {span} (first on top; the figures are ranks)",
    )
    note = ctx.pick(
        "Trục tung là tỷ lệ tỉnh đứng trên, nên so được giữa các chỉ số và các năm. Đường đứt nét: đổi phương pháp, không nối hai giai đoạn; đường chấm: so sánh thận trọng. Năm trống: chưa hoặc không công bố, hoặc chưa thu thập được.",
        "The axis is the share of provinces that stand higher, so indices and years can be compared. Dashes: the method changed and the line is not joined; dots: compare with care. Empty years: not out by the closing day, not published, or not collected.",
    )
    if len(older):
        listed = _listed(_read(older, *PLACED), ctx)
        note += ctx.pick(f" Kỳ cũ hơn, không tính: {listed}.", f" Older, not counted: {listed}.")
    if "papi" in set(every["index_id"]):
        note += ctx.pick(
            " Thứ hạng PAPI tính từ điểm vì UNDP không công bố thứ hạng.",
            " PAPI ranks are worked out from scores, since UNDP publishes none.",
        )
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
            ctx.pick(f"{upper}/{count} chỉ số thuộc nửa trên", f"{upper} of {count} indices are in the upper half"),
            halves,
        ),
        Claim(ctx.pick(f"Vị trí cao nhất là {best_text}", f"The highest place is {best_text}"), highest),
    )
    kind = ctx.pick("Biểu đồ đường nhỏ về vị trí trên từng chỉ số", "Small line charts of places, one for each index")
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
    return ctx.pick(f"Thứ hạng mới nhất: {listed}", f"Newest ranks: {listed}")


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
    name, year, placed = _subject(now, ctx), int(now["edition_year"]), standing(now, ctx.language)
    claims = [
        _about(ctx),
        Claim(
            ctx.pick(f"Hạng {name} mới nhất là của {year}: {placed}", f"The newest {name} rank is of {year}: {placed}"),
            lambda frame: (
                (row := _newest(frame, "rank"))["edition_year"] == year
                and _subject(row, ctx) == name
                and standing(row, ctx.language) == placed
            ),
        ),
    ]
    title = ctx.pick(
        f"{name} {year}: {ctx.name} xếp hạng {placed}",
        f"{name} {year}: {ctx.name} ranks {placed}",
    )
    quiet = ""
    if before is not None and catalogue().ranks_comparable(now["component_id"], int(before["edition_year"]), year):
        moved, year_before = places(before["rank"] - now["rank"], ctx.language), int(before["edition_year"])
        linked = "from" if before["rank"] != now["rank"] else "as in"
        crossed = bool(catalogue().breaks_between(now["component_id"], year_before, year, "break"))
        quiet = within_error(now["score"] - before["score"], now["component_id"], (year_before, year), ctx)
        was = standing(before, ctx.language)
        title += (
            ctx.pick(f", {year_before} hạng {was}: {quiet}", f", in {year_before} {was}: {quiet}")
            if quiet
            else ctx.pick(f", {moved} so với {year_before}", f", {moved} {linked} {year_before}")
        )
        if not quiet and catalogue().marks(now["component_id"], year_before, year):
            title += ctx.pick(" (so sánh thận trọng)", " (compare with care)")

        def moves(frame: pd.DataFrame) -> bool:
            later, earlier = _newest(frame, "rank"), _newest(frame[frame["edition_year"] < year], "rank")
            same = earlier["edition_year"] == year_before and (later["segment"] != earlier["segment"]) == crossed
            same &= standing(earlier, ctx.language) == was
            size = float(_apart(later["score"], earlier["score"])) if quiet else 0.0
            still = within_error(size, later["component_id"], (year_before, year), ctx) == quiet or not quiet
            return same and still and places(earlier["rank"] - later["rank"], ctx.language) == moved

        claims.append(
            Claim(ctx.pick(f"Hạng {moved} so với {year_before}", f"The rank is {moved} {linked} {year_before}"), moves)
        )
    subtitle = ctx.pick(
        f"Thứ hạng {name} của {ctx.name} trong số các tỉnh được xếp hạng, {_years(history)} (hạng 1 là cao nhất)",
        f"Rank of {ctx.name} on {name} among the provinces ranked, {_years(history)} (1 is best)",
    )
    bases = set(held["rank_basis"])
    notes = []
    kinds = {
        "published": ctx.pick("chấm đặc: hạng do nguồn nêu", "solid dots: ranks that a source states"),
        "derived": ctx.pick(
            "chấm rỗng: hạng tính từ điểm của mọi tỉnh có kết quả",
            "open dots: ranks worked out from the scores of all provinces with a result",
        ),
    }
    notes.append(sentence("; ".join(said for basis, said in kinds.items() if basis in bases)))
    notes[-1] += "." * bool(notes[-1])
    if "implied" in bases:
        notes.append(ctx.pick("Chấm rỗng có dấu ", "Open dots with ") + _implied_note(ctx).removeprefix("Dấu "))
    notes.append(ctx.pick("Mỗi dải nền là một phần tư số tỉnh.", "Each band is a quarter of the provinces."))
    if ctx.province.province_code == "58":
        notes.append(
            ctx.pick(
                "Tam giác: ngày ban hành nghị quyết (NQ), chỉ thị (CT) liên quan của Tỉnh ủy, Ban Thường vụ Tỉnh ủy.",
                "Triangles: day of issue of the resolutions (Res.) and directives (Dir.) concerned of the Provincial Party Committee.",
            )
        )
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
    name, unit = _subject(now, ctx), now["unit"]
    year, decimals = int(now["edition_year"]), _decimals(unit)
    decimals_apart = decimals_held(decimals, now)
    score = score_of(now["score"], now, decimals, ctx.language, unit=_unit(ctx, unit), said=True)
    claims = [
        _about(ctx),
        Claim(
            ctx.pick(f"Điểm {name} mới nhất là của {year}: {score}", f"The newest {name} score is of {year}: {score}"),
            lambda frame: (
                (row := _newest(frame, "score"))["edition_year"] == year
                and _subject(row, ctx) == name
                and score_of(row["score"], row, decimals, ctx.language, unit=_unit(ctx, row["unit"]), said=True)
                == score
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
        size, higher = ctx.number(abs(gap), decimals_apart), gap >= 0
        points = ctx.pick(
            " điểm phần trăm" if unit == "percent" else " điểm",
            " percentage points" if unit == "percent" else " points",
        )
        if size == ctx.number(0, decimals_apart):
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
            return known and (distance >= 0) == higher and ctx.number(abs(distance), decimals_apart) == size

        claims.append(Claim(ctx.pick(f"Điểm {compared}", f"The score is {compared}"), lies))
    elif pd.notna(now["rank"]):
        placed = standing(now, ctx.language)
        title += ctx.pick(f", hạng {placed}", f" and ranks {placed}")

        def ranks(frame: pd.DataFrame) -> bool:
            row = _newest(frame, "score")
            return standing(row, ctx.language) == placed

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
    ends = [
        f"{score_of(row['score'], row, decimals, ctx.language, unit=unit)} ({row['edition_year']})"
        for row in (low, high)
    ]
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
    """How far apart the best and the worst province are, and how far the own one is from the best."""
    held = history[history["complete"] & history["highest"].notna()].sort_values("edition_year")
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có kỳ nào đủ điểm của các tỉnh để so {ctx.name} với tỉnh cao nhất và thấp nhất",
            f"no edition with the scores of all provinces is held to set {ctx.name} between the best and the worst",
        )
    now = held.iloc[-1]
    name, year, decimals = index_name(now["index_id"]), int(now["edition_year"]), _decimals(now["unit"])
    unit = {"points": ctx.pick(" điểm", " points"), "percent": ctx.pick(" điểm phần trăm", " percentage points")}
    unit = unit.get(now["unit"], ctx.pick(" điểm", " points"))

    def apart(row: pd.Series) -> str:
        return ctx.number(_apart(row["highest"], row["lowest"]), decimals)

    size, count = apart(now), int(now["n_ranked"])
    best = ctx.pick(f"tỉnh cao nhất trong {count} tỉnh có kết quả", f"the best of {count} provinces with a result")

    def newest(frame: pd.DataFrame) -> pd.Series:
        return _newest(frame[frame["complete"]], "highest")

    spread = ctx.pick(f"cao nhất và thấp nhất cách nhau {size}{unit}", f"best and worst are {size}{unit} apart")
    claims = [
        _about(ctx),
        Claim(sentence(spread), lambda frame: (row := newest(frame))["edition_year"] == year and apart(row) == size),
        Claim(sentence(best), lambda frame: newest(frame)["n_ranked"] == count),
    ]
    if pd.notna(now["score"]):
        behind = ctx.number(_apart(now["highest"], now["score"]), decimals)
        leads = behind == ctx.number(0, decimals)
        title = (
            ctx.pick(f"{name} {year}: {ctx.name} là {best}", f"{name} {year}: {ctx.name} is {best}")
            if leads
            else ctx.pick(
                f"{name} {year}: {ctx.name} kém {best} {behind}{unit}",
                f"{name} {year}: {ctx.name} is {behind}{unit} behind {best}",
            )
        )
        claims.append(
            Claim(
                title,
                lambda frame: ctx.number(_apart((row := newest(frame))["highest"], row["score"]), decimals) == behind,
            )
        )
    else:
        title = ctx.pick(
            f"{name} {year}: {ctx.name} không có kết quả; {spread}",
            f"{name} {year}: {ctx.name} has no result; {spread}",
        )
        claims.append(Claim(title, lambda frame: bool(pd.isna(newest(frame)["score"]))))
    subtitle = ctx.pick(
        f"Điểm {name} cao nhất, trung vị, thấp nhất trong các tỉnh và của {ctx.name}, {_years(history)}",
        f"Best, median and worst {name} score of the provinces, and that of {ctx.name}, {_years(history)}",
    )
    notes = [
        ctx.pick(
            "Cao nhất, thấp nhất trong các tỉnh có kết quả, ở kỳ có đủ điểm của các tỉnh đó. Trục tung không bắt đầu từ 0.",
            "Best and worst of the provinces with a result, where the scores of all of these are held. The axis does not start at 0.",
        ),
        _unrounded_note(ctx),
        _withheld_note(now["index_id"], year, ctx),
        _break_notes(
            [now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
        ),
    ]
    kind = ctx.pick("Biểu đồ đường về khoảng cách giữa các tỉnh", "Line chart of the distance between provinces")
    ends = [ctx.number(now[column], decimals) for column in ("lowest", "median", "highest")]
    numbers = (
        ctx.pick(
            f"Năm {year}: thấp nhất {ends[0]}, trung vị {ends[1]}, cao nhất {ends[2]}; {spread}",
            f"In {year}: lowest {ends[0]}, median {ends[1]}, highest {ends[2]}; {spread}",
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
    # a step of the whole country is no headline of one province
    kept = [c for c in now["component_id"] if not catalogue().marks(c, year - 1, year)]
    change = (now.set_index("component_id")["score"] - before).reindex(kept).dropna()
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
            f"{name} {year} của {ctx.name}: {_names([up], ctx)} {sizes[up]}, {_names([down], ctx)} {sizes[down]}",
            f"{name} {year}, {ctx.name}: {_names([up], ctx)} {sizes[up]}, {_names([down], ctx)} {sizes[down]}",
        )
        if both
        else ctx.pick(
            f"{name} {year} của {ctx.name}, đổi nhiều nhất: {_names([most], ctx)} ({sizes[most]})",
            f"{name} {year}, {ctx.name}: most changed is {_names([most], ctx)} ({sizes[most]})",
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
    return ctx.pick(" được công bố", " published") if len(now) < len(parts) else ""


def _cuts_note(history: pd.DataFrame, ctx: Context) -> str:
    """Where the total is cut and not every component with it: a component is cut by what is documented of itself."""
    first, last = int(history["edition_year"].min()), int(history["edition_year"].max())
    total, parts = f"{history['index_id'].iloc[0]}_total", history["component_id"].unique()
    years = [b.edition_year for b in catalogue().breaks_between(total, first, last, "break")]
    apart = [y for y in years if not all(catalogue().breaks_between(part, y - 1, y, "break") for part in parts)]
    if not apart:
        return ""
    listed = listing([str(year) for year in sorted(set(apart))], ctx.language)
    return ctx.pick(
        f"Tổng điểm đổi phương pháp vào {listed}; thành phần chỉ ngắt ở mốc mà tài liệu nêu là chính nó đổi.",
        f"The total changed its method in {listed}; a component is cut only where it is documented to have changed itself.",
    )


def component_panels(history: pd.DataFrame, ctx: Context) -> Caption:
    """How many components stand at or above the median; else the highest and lowest."""
    held = history[history["score"].notna()]
    if held.empty:
        raise _nothing(
            ctx, f"chưa thu thập được điểm thành phần nào của {ctx.name}", f"no component score of {ctx.name} is held"
        )
    if held["level"].ne("dimension").all():
        listed = ". ".join(f"{year}: {_parts_held(rows, ctx)}" for year, rows in held.groupby("edition_year"))
        raise _nothing(
            ctx,
            f"{ctx.name}: chưa thu thập được điểm từng lĩnh vực; có điểm một số phần. {listed}",
            f"{ctx.name}: the scores by field are not held; those of some parts are. {listed}",
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
            f"{name} {year}: {above}/{count} {unit_name}{published} của {ctx.name} từ trung vị cả nước trở lên",
            f"{name} {year}: {above} of {count} {unit_name}{published} of {ctx.name} reach the national median",
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
    if not now["complete"].all():
        subtitle += ctx.pick(f"; tiêu đề: so với {year - 1}", f"; in the title: change from {year - 1}")
    note = ctx.pick(
        "Trung vị và dải xám chỉ vẽ khi có điểm của tất cả các tỉnh. Số ở góc là điểm kỳ mới nhất: màu cam khi dưới trung vị, màu xám khi không có trung vị. Đường đứt nét: đổi phương pháp; đường chấm: so sánh thận trọng. Trục tung không bắt đầu từ 0.",
        "Median and grey band are drawn only where the scores of all provinces are held. The figure in the corner is the newest score: orange below the median, grey where there is none. Dashes: the method changed; dots: compare with care. The axis does not start at 0.",
    )
    if not now["complete"].all():
        note += " " + _unrounded_note(ctx)
    note = f"{note} {_cuts_note(history, ctx)}".strip()
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


def index_overview(overview: pd.DataFrame, ctx: Context) -> Caption:
    """Indices up and down in rank."""
    held = overview[overview["rank"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có kết quả nào của {ctx.name} trong năm chỉ số",
            f"no result of {ctx.name} is held on any of the five indices",
        )
    # a rank of another method is no move
    same = held[~held["crosses"].astype(bool) | held["crosses"].isna()]

    def quiet(row) -> bool:
        years = row.previous_edition, row.edition_year
        if pd.isna(row.score_change) or pd.isna(years[0]):
            return False
        return bool(within_error(row.score_change, f"{row.index_id}_total", (int(years[0]), int(years[1])), ctx))

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

    for sign, vi, en in ((1, "tăng hạng", "up in rank"), (-1, "giảm hạng", "down in rank")):
        rows = same[same["rank_change"] * sign > 0]
        if len(rows):
            expected = [(row.index_id, int(row.edition_year)) for row in rows.itertuples() if not quiet(row)]
            if not expected:
                continue
            names = listing([f"{index_name(index_id)} {year}" for index_id, year in expected], ctx.language)
            parts.append(ctx.pick(f"{vi}: {names}", f"{en}: {names}"))
            claims.append(Claim(sentence(parts[-1]), moved(sign, expected)))
    count, newest = len(held), int(held["edition_year"].max())
    if parts:
        title = f"{ctx.name}: {'; '.join(parts)}"
    else:
        # no two editions to compare: how many are ranked at all
        title = ctx.pick(
            f"{ctx.name}, đến kỳ {newest}: {count}/{len(overview)} chỉ số có hạng, chưa hạng nào đổi rõ so với kỳ trước",
            f"{ctx.name}, editions to {newest}: {count} of {len(overview)} indices ranked; no move is clear and comparable",
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
        "Score, rank, change from the previous edition, and group",
    )
    note = ctx.pick(
        "Dấu †: hai kỳ khác phương pháp, không so điểm. Chênh lệch tính từ số chưa làm tròn. Dấu *: số suy từ mức tăng, giảm mà nguồn nêu. Thứ hạng PAPI, và của kỳ có điểm của mọi tỉnh, do đơn vị lập báo cáo tính từ điểm; các thứ hạng khác do nguồn nêu. Nhóm: với PAPI là nhóm của UNDP hoặc nhóm tính từ điểm; với chỉ số khác là phần tư số tỉnh mà thứ hạng rơi vào. “…”: chưa có số liệu.",
        "†: the two editions differ in method, scores are not compared. Differences are computed from unrounded figures. *: figure derived from a change that the source states. Ranks of PAPI, and of editions with every province's score, are worked out by the compilers of this report; other ranks are as sources state them. Group: for PAPI the published group or one from scores; for other indices the quarter of the provinces that the rank falls in. “…”: no figure.",
    )
    if any(quiet(row) for row in same.itertuples()):
        note += ctx.pick(
            " Dấu ‡: thay đổi điểm trong sai số điều tra (giả định như năm 2019), không coi là tăng hay giảm.",
            " ‡: the score changed within survey error (errors as in 2019); neither a rise nor a fall.",
        )
    later = overview[overview["later_edition"].notna()]
    for row in later.itertuples():
        named = f"{index_name(row.index_id)} {int(row.later_edition)}"
        out = published_when(catalogue().sources[row.later_source_id.split()[0]].published, ctx.language)
        note += ctx.pick(
            f" {named} của tỉnh chỉ có ở nguồn {out or 'không ghi ngày'} nên không dùng.",
            f" {named} of the province stands only in a source {f'of {out}' if out else 'without a day'}: left out.",
        )
    kind = _rows(len(overview), "mỗi dòng một chỉ số", "one for each index", ctx)
    return Caption(title, subtitle, note, kind, (_newest_ranks(overview, ctx),), tuple(claims))
