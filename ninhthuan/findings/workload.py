"""Findings about the workload of the administration and the reform tasks."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from ..catalogue import catalogue
from ..wording import (
    Context,
    index_name,
    indicator_name,
    label,
    listing,
    lower_first,
    outcome,
    part_name,
    percent,
    period_name,
    rank_of,
    result_name,
    sentence,
)
from .captions import Caption, Claim, _apart, _during, _nothing, _read, _rows, _unrounded_note


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
    """How many of the indices that follow the tasks gained and lost ranks; across a change of method neither."""
    held = watch[watch["percentile_position"].notna()].drop_duplicates("indicator")
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có văn bản nào của {ctx.name} nêu nhóm nhiệm vụ để theo dõi bằng chỉ số",
            f"no document of {ctx.name} that sets groups of tasks is held",
        )
    both = held[held["previous_rank"].notna()]
    if both.empty:
        raise _nothing(
            ctx,
            f"chưa có chỉ số nào của {ctx.name} có hai kỳ để thấy vị trí tiến hay lùi",
            f"no index of {ctx.name} has two editions that would show a place gained or lost",
        )

    def moves(frame: pd.DataFrame) -> dict[str, str]:
        """What became of the rank of each indicator that has two: `up`, `down`, `level` or `apart`, by the method."""
        rows = frame[frame["rank"].notna() & frame["previous_rank"].notna()]
        return {
            name: "apart" if crosses else "up" if now < before else "down" if now > before else "level"
            for name, now, before, crosses in _read(rows, "indicator", "rank", "previous_rank", "crosses")
        }

    kinds = {
        "up": ctx.pick("tăng hạng", "up"),
        "down": ctx.pick("giảm", "down"),
        "level": ctx.pick("giữ nguyên", "unchanged"),
        "apart": ctx.pick("không so được", "not comparable"),
    }
    counts = [list(moves(both).values()).count(kind) for kind in kinds]
    told = ", ".join(f"{count} {word}" for count, word in zip(counts, kinds.values(), strict=True) if count)
    title = ctx.pick(
        f"{ctx.name}, {len(both)} chỉ số, trục nội dung: {told}",
        f"{ctx.name}, {len(both)} indices and dimensions: {told}",
    )

    def moved(frame: pd.DataFrame) -> bool:
        rows = frame.drop_duplicates("indicator").dropna(subset=["rank", "previous_rank"])
        alike = rows["crosses"] == ""
        gained = (rows["previous_rank"] - rows["rank"])[alike].astype(int)
        return [(gained > 0).sum(), (gained < 0).sum(), (gained == 0).sum(), (~alike).sum()] == counts

    claims = [Claim(title, moved)]
    note = ctx.pick(
        "Nhóm nhiệm vụ theo văn bản của tỉnh; việc chọn chỉ số theo dõi là của đơn vị lập báo cáo.",
        "The groups of tasks are those of the province's document; which indices follow them is our choice.",
    )
    if apart := [name for name, kind in moves(both).items() if kind == "apart"]:
        parts = [catalogue().component(name) for name in apart]
        names = listing(
            [
                index_name(part.index_id) + (ctx.pick(" trục ", " dimension ") + part.number) * (part.level != "total")
                for part in parts
            ],
            ctx.language,
        )
        says = ctx.pick(f"Màu xám, dấu †: hai kỳ khác phương pháp ({names})", f"Grey, †: two methods ({names})")
        claims.append(
            Claim(says, lambda frame: set(frame.loc[frame["crosses"].fillna("") != "", "indicator"]) == set(apart))
        )
        note = f"{note} {says}."
    if (held["rank_basis"] == "implied").any():
        note += ctx.pick(" Dấu *: suy ra từ mức thay đổi mà nguồn nêu.", " *: worked back from a stated change.")
    subtitle = ctx.pick(
        f"Thứ hạng của {ctx.name} ở các chỉ số theo dõi nhóm nhiệm vụ (vòng rỗng: kỳ trước; chấm đặc: kỳ mới nhất)",
        f"Ranks of {ctx.name} on the indices that follow the tasks (open: edition before; solid: newest)",
    )
    ends = [
        f"{indicator_name(row['indicator'], ctx.language)} ({rank_of(row['rank'], row['n_ranked'], row['rank_basis'], ctx.language)})"
        for row in (
            held.loc[pick(held["percentile_position"].astype(float))] for pick in (pd.Series.idxmax, pd.Series.idxmin)
        )
    ]
    numbers = (
        ctx.pick(f"Vị trí cao nhất: {ends[0]}; thấp nhất: {ends[1]}", f"Highest place: {ends[0]}; lowest: {ends[1]}"),
    )
    kind = ctx.pick("Biểu đồ chấm theo nhiệm vụ", "Dot plot by task")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


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
    # a change of rank counted over lists of unlike length is true as printed: a remark
    count, remarks = int((rows["rule"] != "lists").sum()), int((rows["rule"] == "lists").sum())
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
        )
        + ctx.pick(
            f" Thêm {remarks} dòng lưu ý: số bậc tăng, giảm đếm trên hai danh sách dài ngắn khác nhau.",
            f" {remarks} more row{'s' * (remarks > 1)}, a remark: places gained or lost are counted over lists of unlike length.",
        )
        * bool(remarks),
        _rows(len(rows), "mỗi dòng một chỗ chưa thống nhất", "one for each contradiction", ctx),
        (
            ctx.pick("Theo loại: ", "By kind: ")
            + ", ".join(
                f"{lower_first(label(rule, ctx.language))} ({found})"
                for rule, found in rows["rule"].value_counts().items()
            ),
        ),
        (Claim(title, lambda frame: sum(row.rule != "lists" for row in frame.itertuples()) == count),),
    )


def reform_watch(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many indicators have figures."""
    held = watch[watch["value"].notna() | watch["percentile_position"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            f"chưa có văn bản nào của {ctx.name} nêu nhóm nhiệm vụ để theo dõi",
            f"no document of {ctx.name} that sets groups of tasks is held",
        )
    figures, count, tasks = len(held), len(watch), watch["task_number"].nunique()
    title = ctx.pick(
        f"{ctx.name}, {tasks} nhóm nhiệm vụ: {figures} trong {count} chỉ tiêu theo dõi có số liệu",
        f"{ctx.name}, {tasks} groups of tasks: {figures} of {count} indicators have figures",
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
            "Việc chọn chỉ tiêu theo dõi là của đơn vị lập báo cáo. Chênh lệch tính từ số chưa làm tròn. †: kỳ trước khác phương pháp. *: suy từ mức tăng, giảm mà nguồn nêu.",
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
