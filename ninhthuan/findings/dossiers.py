"""Findings about dossiers quarter by quarter, and about the tasks of the annual plan."""

from __future__ import annotations

import pandas as pd

from ..catalogue import catalogue
from ..dossiers import bad_quarter, judged
from ..language import day
from ..periods import Quarter
from ..wording import Context, label, listing, lower_first, percent, province_name, publisher_name, sentence
from .captions import Caption, Claim, _during, _nothing, _read, _rows


def quarter_word(quarter: str, ctx: Context) -> str:
    """`quý I/2024`; `Q1 2024`."""
    found = Quarter.parse(quarter)
    return ctx.pick(f"quý {('I', 'II', 'III', 'IV')[found.number - 1]}/{found.year}", f"Q{found.number} {found.year}")


def _share(value: float, ctx: Context, decimals: int = 2) -> str:
    return percent(value, int(decimals), ctx.language)


def _as_printed(row: pd.Series, ctx: Context) -> str:
    return _share(row["value"], ctx, row["decimals"])


def _count(value: float, ctx: Context) -> str:
    return ctx.number(value, 0)


def _against(value: float, target: float, ctx: Context) -> str:
    """`đạt chỉ tiêu 95%`, `chưa đạt chỉ tiêu 95%`."""
    aim = percent(target, 0 if target % 1 == 0 else 2, ctx.language)
    if value >= target:
        return ctx.pick(f"đạt chỉ tiêu {aim}", f"meeting the target of {aim}")
    return ctx.pick(f"chưa đạt chỉ tiêu {aim}", f"short of the target of {aim}")


def _set_within(rows: pd.DataFrame, ctx: Context) -> str:
    """That a target was set while the quarter ran, and for whom."""
    late = rows[rows["target"].notna() & ~judged(rows)]
    if late.empty:
        return ""
    aim = percent(late["target"].iloc[0], 0 if late["target"].iloc[0] % 1 == 0 else 2, ctx.language)
    on = day(late["target_from"].iloc[0].date(), ctx.language)
    return ctx.pick(
        f"Chỉ tiêu {aim} nêu trong quý ({on}), cho toàn tỉnh, không riêng cấp nào: chỉ để tham khảo.",
        f"The target of {aim} was set within the quarter ({on}), for the whole province and no level of its own: for reference only.",
    )


def _how_known(rows: pd.DataFrame, ctx: Context) -> str:
    """What has to be said of where figures come from: taken apart, worked out, or of the press."""
    said = []
    ids = {part for cell in rows["source_id"].dropna() for part in str(cell).split()}
    known = [catalogue().sources[name] for name in sorted(ids)]
    press = [source for source in known if source.kind == "newspaper"]
    if press:
        names = listing(sorted({publisher_name(source.source_id, ctx.language) for source in press}), ctx.language)
        translated = any(source.machine_translated for source in press)
        undated = any(
            len(source.published) < 10 or not source.published[:10].replace("-", "").isdigit() for source in press
        )
        vi, en = f"Số liệu theo báo {names}", f"Figures as reported in the press ({names}"
        vi += ", trang dịch máy" * translated + ", không rõ ngày đăng" * undated
        en += ", a machine-translated page" * translated + ", day unknown" * undated
        if (rows["reading"] == "assumed").any():
            vi += "; cách hiểu quý và “đúng hạn” là của đơn vị lập báo cáo"
            en += "; quarter and “on time” as the compilers of this report read them"
        said.append(ctx.pick(vi + ".", en + ")."))
    if press and (rows["basis"] == "recomputed").any():
        said.append(
            ctx.pick("Tỷ lệ chung tính từ số lượng trong nguồn.", "Overall shares are computed from its counts.")
        )
    if (rows["basis"] == "derived").any():
        said.append(
            ctx.pick(
                "Dấu *: lấy hiệu số của các số liệu trong nguồn.",
                "*: worked out by subtraction from the source's figures.",
            )
        )
    return " ".join(said)


def dossier_results(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Share on time against its target, or else how much was received."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu hồ sơ theo quý của {ctx.name}",
            f"no dossiers of {ctx.name} by quarter are held",
        )
    by_measure = rows[rows["quarter"].fillna("") != ""].drop_duplicates("measure").set_index("measure")
    first = by_measure.iloc[0] if len(by_measure) else rows.iloc[0]
    when = (
        quarter_word(first["quarter"], ctx)
        if len(by_measure)
        else _during(first["period_start"], first["period_end"], ctx)
    )
    claims = []

    def says(text: str, measure: str, column: str, shown: str, form) -> str:
        claims.append(
            Claim(
                sentence(text),
                lambda frame: (
                    shown in [form(value, ctx) for name, value in _read(frame, "measure", column) if name == measure]
                ),
            )
        )
        return text

    def printed_so(row: pd.Series):
        decimals = int(row["decimals"])
        return lambda value, ctx: _share(value, ctx, decimals)

    parts = []
    if "dossiers_received" in by_measure.index:
        count = _count(by_measure.at["dossiers_received", "value"], ctx)
        text = ctx.pick(f"tiếp nhận {count} hồ sơ", f"{count} dossiers received")
        parts.append(says(text, "dossiers_received", "value", count, _count))
    if "dossiers_on_time_share" in by_measure.index:
        row = by_measure.loc["dossiers_on_time_share"]
        share = _as_printed(row, ctx)
        text = ctx.pick(f"{share} đúng hạn", f"{share} resolved on time")
        parts = [says(text, "dossiers_on_time_share", "value", share, printed_so(row))]
        if judged(by_measure)["dossiers_on_time_share"]:
            told, target = _against(row["value"], row["target"], ctx), row["target"]
            missed = row["value"] < target

            def ends_so(frame: pd.DataFrame) -> bool:
                ((value, aim),) = [
                    (value, aim)
                    for name, value, aim in _read(frame, "measure", "value", "target")
                    if name == "dossiers_on_time_share"
                ]
                return aim == target and (value - aim < 0) == missed

            parts.append(told)
            claims.append(Claim(sentence(told), ends_so))
        elif pd.notna(row["year_before"]):
            before = _share(row["year_before"], ctx)
            text = ctx.pick(f"cùng kỳ năm trước {before}", f"{before} a year before")
            parts.append(says(text, "dossiers_on_time_share", "year_before", before, _share))
    elif "dossiers_received_share" in by_measure.index:
        row = by_measure.loc["dossiers_received_share"]
        share = _as_printed(row, ctx)
        text = ctx.pick(f"{share} trực tuyến", f"{share} online")
        parts.append(says(text, "dossiers_received_share", "value", share, printed_so(row)))
    if not parts:
        measure, value = first.name if len(by_measure) else first["measure"], first["value"]
        form = _share if measure.endswith("_share") else _count
        name = lower_first(result_word(measure, "online", ctx))
        parts = [says(f"{name}: {form(value, ctx)}", measure, "value", form(value, ctx), form)]
    title = f"{ctx.name}, {when}: {', '.join(parts)}"
    listed = "; ".join(
        f"{lower_first(result_word(name, channel, ctx))} "
        f"{_share(value, ctx, decimals) if name.endswith('_share') else _count(value, ctx)}"
        for name, channel, value, decimals in _read(rows, "measure", "channel", "value", "decimals")
    )
    subtitle = ctx.pick(
        f"Hồ sơ thủ tục hành chính của {ctx.name}: kết quả so với quý trước, cùng kỳ và chỉ tiêu",
        f"Dossiers of {ctx.name}: results beside the quarter before, the same quarter last year and the target",
    )
    note = ctx.pick(
        "Đúng hạn: tính trên số đã giải quyết. Dấu –: chưa có số liệu hoặc chỉ tiêu.",
        "On time: of those resolved. –: no figure or no target.",
    )
    return Caption(
        title,
        subtitle,
        " ".join(text for text in (note, _set_within(rows, ctx), _how_known(rows, ctx)) if text),
        _rows(len(rows), "mỗi dòng một kết quả", "one for each result", ctx),
        (sentence(listed),),
        tuple(claims),
    )


def result_word(measure: str, channel: str, ctx: Context) -> str:
    """Short name of a figure of dossiers."""
    names = {
        "dossiers_received": ("Hồ sơ tiếp nhận", "Received"),
        "dossiers_received_share": ("Nộp trực tuyến", "Filed online"),
        "dossiers_resolved": ("Hồ sơ đã giải quyết", "Resolved"),
        "dossiers_on_time_share": ("Giải quyết đúng hạn", "Resolved on time"),
        "dossiers_resolved_late": ("Giải quyết trễ hạn", "Resolved late"),
        "dossiers_pending": ("Đang giải quyết, cuối kỳ", "Pending, at the end"),
        "dossiers_pending_overdue": ("Quá hạn chưa xong", "Overdue, pending"),
        "dossier_digitisation_share": ("Hồ sơ được số hóa", "Digitised"),
    }
    return ctx.pick(*names[measure])


def dossier_calendar(sheet: pd.DataFrame, ctx: Context) -> Caption:
    """The quarter that stands apart and whose the late dossiers are; or the newest figures and how much is missing."""
    code = ctx.province.province_code
    slots = sheet[(sheet["province_code"] == code) & (sheet["agency"] == "")]
    held = slots[slots["value"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu hồ sơ quý nào của {ctx.name}",
            f"no dossiers of any quarter of {ctx.name} are held",
        )
    claims, notes = [], []
    worst = bad_quarter(sheet, code)
    on_time = held[held["measure"] == "dossiers_on_time_share"].sort_values("place")
    if worst:
        lowest, next_one = (row for _, row in on_time.sort_values("value").iloc[:2].iterrows())
        low, rest = _as_printed(lowest, ctx), _as_printed(next_one, ctx)
        two = float(lowest["value"]), float(next_one["value"])
        title = ctx.pick(
            f"{ctx.name}: {quarter_word(worst, ctx)} chỉ {low} đúng hạn, các quý khác từ {rest}",
            f"{ctx.name}: only {low} on time in {quarter_word(worst, ctx)}, {rest} or more in every other quarter",
        )

        def stands_apart(frame: pd.DataFrame) -> bool:
            rows = _read(frame, "measure", "province_code", "agency", "quarter", "value")
            found = {q: v for m, c, a, q, v in rows if (m, c, a) == ("dossiers_on_time_share", code, "") and v == v}
            others = sorted(value for quarter, value in found.items() if quarter != worst)
            gap = others[0] - found[worst]
            return gap > others[-1] - others[0] and (found[worst], others[0]) == two

        claims.append(Claim(title, stands_apart))
        notes += _whose(sheet, worst, claims, ctx)
    elif len(on_time) > 1:
        last, before = on_time.iloc[-1], on_time.iloc[-2]
        now, then = _as_printed(last, ctx), _as_printed(before, ctx)
        title = ctx.pick(
            f"{ctx.name}: {now} đúng hạn {quarter_word(last['quarter'], ctx)}, {then} {quarter_word(before['quarter'], ctx)}",
            f"{ctx.name}: {now} on time in {quarter_word(last['quarter'], ctx)}, {then} in {quarter_word(before['quarter'], ctx)}",
        )
        claims.append(
            _holds(title, {(last["measure"], last["quarter"]): now, (before["measure"], before["quarter"]): then}, ctx)
        )
    else:
        row = held.sort_values("place").iloc[-1]
        if len(on_time):
            row = on_time.iloc[-1]
        shown = _as_printed(row, ctx) if row["measure"].endswith("_share") else _count(row["value"], ctx)
        empty = int(slots["value"].isna().sum())
        name = lower_first(result_word(row["measure"], "", ctx))
        title = ctx.pick(
            f"{ctx.name}, {quarter_word(row['quarter'], ctx)}: {name} {shown}; còn trống {empty}/{len(slots)} ô",
            f"{ctx.name}, {quarter_word(row['quarter'], ctx)}: {name} {shown}; {empty} of {len(slots)} slots empty",
        )
        claims.append(_holds(title, {(row["measure"], row["quarter"]): shown}, ctx))
        claims.append(
            Claim(
                ctx.pick(f"Còn trống {empty} ô", f"{empty} slots are empty"),
                lambda frame: (
                    sum(v != v for v, c, a in _read(frame, "value", "province_code", "agency") if (c, a) == (code, ""))
                    == empty
                ),
            )
        )
    last = quarter_word(slots["quarter"].max(), ctx)
    subtitle = ctx.pick(
        f"Hồ sơ thủ tục hành chính của {ctx.name}, tám quý đến {last}",
        f"Dossiers of {ctx.name}, eight quarters to {last}",
    )
    notes += [_peers(sheet, ctx), _windows(held, ctx), _set_within(held, ctx), _how_known(held, ctx)]
    told = on_time if len(on_time) else held
    shown = ", ".join(
        f"{quarter_word(row.quarter, ctx)} {lower_first(result_word(row.measure, '', ctx))} "
        f"{_share(row.value, ctx, row.decimals) if row.measure.endswith('_share') else _count(row.value, ctx)}"
        for row in told.itertuples()
    )
    numbers = (sentence(shown),)
    kind = ctx.pick("Bảng tám quý", "Sheet of eight quarters")
    note = " ".join(text for text in notes if text)
    return Caption(title, subtitle, note, kind, numbers, tuple(claims), working=len(held) < 3)


def _holds(title: str, shown: dict[tuple[str, str], str], ctx: Context) -> Claim:
    """That the province's own figures of some measures and quarters are printed so."""
    code = ctx.province.province_code

    def holds(frame: pd.DataFrame) -> bool:
        rows = _read(frame, "measure", "quarter", "province_code", "agency", "value", "decimals")
        found = {(m, q): (v, d) for m, q, c, a, v, d in rows if (c, a) == (code, "")}
        return all(
            text
            == (_share(found[key][0], ctx, found[key][1]) if key[0].endswith("_share") else _count(found[key][0], ctx))
            for key, text in shown.items()
        )

    return Claim(title, holds)


def _whose(sheet: pd.DataFrame, worst: str, claims: list[Claim], ctx: Context) -> list[str]:
    """The agency that most late dossiers of the bad quarter are of, if they are at least half of them."""
    late = sheet[(sheet["agency"] != "") & (sheet["quarter"] == worst)]
    if late.empty:
        return []
    most, total = late.loc[late["value"].idxmax()], late["value"].sum()
    if most["value"] * 2 < total:
        return []
    agency, counts = most["agency"], (_count(most["value"], ctx), _count(total, ctx))
    text = ctx.pick(
        f"{sentence(quarter_word(worst, ctx))}: {agency} có {counts[0]} trong {counts[1]} hồ sơ trễ hạn",
        f"{quarter_word(worst, ctx)}: {counts[0]} of the {counts[1]} late dossiers are of {agency}",
    )

    def most_are(frame: pd.DataFrame) -> bool:
        found = {a: v for a, q, v in _read(frame, "agency", "quarter", "value") if a and q == worst}
        told = _count(found[agency], ctx), _count(sum(found.values()), ctx)
        return told == counts and 2 * found[agency] >= sum(found.values())

    claims.append(Claim(text, most_are))
    return [f"{text}."]


def _peers(sheet: pd.DataFrame, ctx: Context) -> str:
    """What the grey dots are."""
    others = sheet[(sheet["province_code"] != ctx.province.province_code) & sheet["value"].notna()]
    named = [
        f"{province_name(row.province_code, ctx.province.boundary, ctx.language)} {_share(row.value, ctx, row.decimals)} "
        f"({lower_first(result_word(row.measure, row.channel, ctx))}, {quarter_word(row.quarter, ctx)})"
        for row in others[others["measure"].str.endswith("_share")].itertuples()
    ]
    if not named:
        return ""
    if len(named) > 4:
        return ctx.pick("Chấm xám: tỉnh khác.", "Grey dots: other provinces.")
    return ctx.pick(f"Chấm xám: {listing(named, 'vi')}.", f"Grey dots: {listing(named, 'en')}.")


def _windows(held: pd.DataFrame, ctx: Context) -> str:
    windows = set(held["window"].dropna())
    if windows == {"reporting"}:
        return ctx.pick(
            "Quý tính theo kỳ báo cáo, từ ngày 15 đến ngày 14.",
            "Quarters run from the 15th to the 14th, as reports do.",
        )
    if len(windows) > 1:
        return ctx.pick(
            "Có quý tính theo kỳ báo cáo, có quý theo lịch: không nối với nhau.",
            "Some quarters are of the calendar, some of the reports: they are not joined.",
        )
    return ""


def on_time(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The lowest share on time, against the target."""
    if len(rows) < 3:
        raise _nothing(
            ctx,
            f"chưa đủ ba số liệu về tỷ lệ đúng hạn theo cấp, hình thức của {ctx.name} để vẽ",
            f"fewer than three shares on time by level or channel of {ctx.name} are held, so none is drawn",
        )
    parts = rows[rows["part"] != "all"]
    low, high = parts.loc[parts["value"].idxmin()], parts.loc[parts["value"].idxmax()]
    said = [(row["part"], _as_printed(row, ctx)) for row in (low, high)]
    names = [lower_first(label(part, ctx.language)) for part, _ in said]
    if low["level"] == high["level"] == "all":  # both are channels
        names[0] = ctx.pick(f"hồ sơ {names[0]}", f"{names[0]} dossiers")
    when = quarter_word(low["quarter"], ctx)
    title = ctx.pick(
        f"{ctx.name}, {when}: {names[0]} {said[0][1]} đúng hạn, {names[1]} {said[1][1]}",
        f"{ctx.name}, {when}: {names[0]} {said[0][1]} on time, {names[1]} {said[1][1]}",
    )
    claims = []
    if judged(rows).all():
        target, missed = low["target"], int((rows["value"] < rows["target"]).sum())
        aim = percent(target, 0 if target % 1 == 0 else 2, ctx.language)
        title += ctx.pick(f", chỉ tiêu {aim}", f", target {aim}")
        claims.append(
            Claim(
                ctx.pick(
                    f"Chỉ tiêu là {aim}, {missed} dòng chưa đạt", f"The target is {aim}, {missed} rows are below it"
                ),
                lambda frame: (
                    set(frame["target"]) == {target}
                    and sum(value < aim_ for value, aim_ in _read(frame, "value", "target")) == missed
                ),
            )
        )

    def ends(frame: pd.DataFrame) -> bool:
        found = {part: value for part, value in _read(frame, "part", "value") if part != "all"}
        ordered = sorted(found.values())
        # what is printed is no rounding of what is drawn
        return [ordered[0], ordered[-1]] == [found[part] for part, _ in said] and all(
            abs(found[part] - float(text.rstrip("%").replace(",", "."))) < 0.005 for part, text in said
        )

    claims.append(Claim(title, ends))
    subtitle = ctx.pick(
        f"Tỷ lệ hồ sơ giải quyết đúng hạn trong số đã giải quyết, {ctx.name}, {when}",
        f"Share of resolved dossiers that were on time, {ctx.name}, {when}",
    )
    keys = []
    if rows["quarter_before"].notna().any():
        keys.append(ctx.pick("Vòng rỗng: quý trước.", "Open: quarter before."))
    if rows["year_before"].notna().any():
        keys.append(ctx.pick("Hình thoi: cùng kỳ năm trước.", "Diamond: same quarter last year."))
    note = " ".join(
        [
            ctx.pick("Trục không bắt đầu từ 0.", "The axis does not start at 0."),
            *keys,
            *([late] if (late := _set_within(rows, ctx)) else []),
            _how_known(rows, ctx),
        ]
    )
    listed = ", ".join(
        f"{lower_first(label(part, ctx.language))} {_share(value, ctx, decimals)}"
        for part, value, decimals in _read(rows, "part", "value", "decimals")
    )
    numbers = (ctx.pick(f"Đúng hạn: {listed}", f"On time: {listed}"),)
    kind = ctx.pick("Biểu đồ chấm theo cấp và hình thức", "Dot plot by level and channel")
    return Caption(title, subtitle, note.strip(), kind, numbers, tuple(claims))


def agencies(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The agency with the largest share of late dossiers, against all others together."""
    if len(rows) < 3:
        raise _nothing(
            ctx,
            f"chưa có số liệu hồ sơ trễ hạn theo cơ quan của {ctx.name}",
            f"no late dossiers of {ctx.name} by agency are held",
        )
    worst, rest = rows.iloc[0], rows.iloc[1:]
    others = 100 * rest["late"].sum() / rest["resolved"].sum()
    shown, name, when = (
        (_share(worst["late_share"], ctx), _share(others, ctx)),
        worst["agency"],
        quarter_word(worst["quarter"], ctx),
    )
    title = ctx.pick(
        f"{ctx.name}, {when}: {name} trễ hạn {shown[0]}, các cơ quan khác {shown[1]}",
        f"{ctx.name}, {when}: {name} late with {shown[0]}, other agencies with {shown[1]}",
    )

    def holds(frame: pd.DataFrame) -> bool:
        found = {a: (late, of) for a, late, of in _read(frame, "agency", "late", "resolved")}
        late, of = found.pop(name)
        told = 100 * late / of, 100 * sum(pair[0] for pair in found.values()) / sum(pair[1] for pair in found.values())
        return tuple(_share(value, ctx) for value in told) == shown and all(
            late / of >= a / b for a, b in found.values()
        )

    subtitle = ctx.pick(
        f"Hồ sơ trễ hạn trong số đã giải quyết và hồ sơ quá hạn cuối kỳ theo cơ quan, {ctx.name}, {when}",
        f"Late among resolved dossiers, and overdue ones at the end of the quarter, by agency, {ctx.name}, {when}",
    )
    note = ctx.pick("Quá hạn: chưa có kết quả, đã qua ngày hẹn trả.", "Overdue: without a result, past the day due.")
    numbers = (
        ctx.pick("Trễ hạn: ", "Late: ")
        + ", ".join(
            f"{row.agency} {_count(row.late, ctx)}/{_count(row.resolved, ctx)}" for row in rows.head(4).itertuples()
        ),
    )
    kind = ctx.pick("Hai cột thanh theo cơ quan", "Two columns of bars by agency")
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, holds),))


def plan_tasks(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Tasks done of those due, and of the year's."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"chưa có số nhiệm vụ đã hoàn thành của kế hoạch cải cách hành chính năm của {ctx.name}",
            f"no tasks done of an annual reform plan of {ctx.name} are held",
        )
    first = rows.iloc[0]
    done, planned, due = (
        _count(first[name], ctx) if pd.notna(first[name]) else "" for name in ("count", "planned", "due")
    )
    day = pd.Timestamp(first["period_end"]).date()
    on = ctx.pick(f"{day.day}/{day.month}/{day.year}", f"{day.day} {day:%B} {day.year}")
    due_count = first["due"] if due else None
    in_time = min(first["count"], due_count) if due else None
    if due:
        kept = _count(in_time, ctx)
        title = ctx.pick(
            f"{ctx.name} đến {on}: xong {kept}/{due} nhiệm vụ CCHC đến hạn, {done}/{planned} của cả năm",
            f"{ctx.name} by {on}: {'all ' + due if kept == due else f'{kept} of {due}'} due tasks done, {done} of the year's {planned}",
        )
    else:
        title = ctx.pick(
            f"{ctx.name} đến {on}: xong {done}/{planned} nhiệm vụ của kế hoạch CCHC cả năm",
            f"{ctx.name} by {on}: {done} of the year's {planned} reform tasks done",
        )

    def holds(frame: pd.DataFrame) -> bool:
        counts = dict(_read(frame, "state", "count"))
        whole = _count(sum(counts.values()), ctx) == planned and _count(counts["done"], ctx) == done
        # what was due and is not done is what keeps the first share below one
        return whole and (not due or counts["due"] == due_count - in_time)

    subtitle = ctx.pick(
        f"Nhiệm vụ của Kế hoạch cải cách hành chính (CCHC) năm {first['year']}, {ctx.name}: mỗi ô một nhiệm vụ",
        f"Tasks of the administrative reform plan of {first['year']}, {ctx.name}: a square for each",
    )
    note = "" if due else ctx.pick("Nguồn không nêu số nhiệm vụ đến hạn.", "The source does not say how many were due.")
    numbers = (
        ", ".join(
            f"{label(state, ctx.language)}: {_count(count, ctx)}" for state, count in _read(rows, "state", "count")
        ),
    )
    return Caption(title, subtitle, note, ctx.pick("Ô vuông", "Squares"), numbers, (Claim(title, holds),))
