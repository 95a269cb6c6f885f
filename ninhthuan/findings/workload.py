"""Findings about the workload of the administration and the reform tasks."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from ..catalogue import catalogue
from ..periods import Quarter
from ..wording import (
    Context,
    index_name,
    indicator_name,
    label,
    listing,
    lower_first,
    part_name,
    percent,
    period_name,
    rank_of,
    sentence,
)
from .captions import Caption, Claim, _apart, _during, _nothing, _read, _rows
from .dossiers import quarter_word


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
        "Tỷ lệ tính lại từ số hồ sơ; dấu ≠: tỷ lệ ghi trong văn bản không khớp với số hồ sơ của chính văn bản đó.",
        "Shares are recomputed from the counts; ≠ marks a stated share that contradicts the same document's counts.",
    )
    listed = ", ".join(
        f"{lower_first(label(row.channel, ctx.language))} {ctx.number(row.count, 0)}"
        for row in shares.itertuples(index=False, name="Channel")
    )
    numbers = (ctx.pick(f"Số hồ sơ: {listed}", f"Dossiers: {listed}"),)
    kind = ctx.pick("Biểu đồ thanh theo hình thức tiếp nhận", "Bars by channel")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


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
        "The groups of tasks are those of the province's document; which indices follow them is the choice of the compilers of this report.",
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
    if held["indicator"].str.startswith("papi").any():
        note += ctx.pick(
            " Thứ hạng PAPI có sai số điều tra: tăng, giảm ít bậc chưa chắc là thay đổi thật.",
            " PAPI ranks carry survey error: a few places up or down may be no change.",
        )
    if held[["rank_basis", "previous_rank_basis"]].eq("implied").any(axis=None):
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
    """Use of digital signatures and the level with the least, or else the levels at which all use the software."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"chưa có số liệu về chữ ký số, phần mềm quản lý văn bản của {ctx.name}",
            f"no figures on digital signatures and document software of {ctx.name} are held",
        )
    signed = rows[rows["signatures"].notna() & (rows["level"] != "all")]
    whole = rows.loc[rows["level"] == "all", "signatures"].dropna()
    software = rows[rows["total"].notna()]
    full, levels = int((software["using"] == software["total"]).sum()), len(software)

    def adopted(frame: pd.DataFrame) -> bool:
        held = [row for row in _read(frame, "using", "total", "share") if row[1] == row[1]]
        alike = all(percent(100 * using / total) == percent(share) for using, total, share in held)
        return alike and (sum(using == total for using, total, _ in held), len(held)) == (full, levels)

    claims = []
    said = ctx.pick(
        f"{full}/{levels} cấp dùng phần mềm quản lý văn bản ở mọi cơ quan",
        f"at {full} of {levels} levels all agencies use document software",
    )
    if levels:
        claims.append(Claim(sentence(said), adopted))
    when = quarter_word(str(Quarter.containing(rows["period_end"].max().date())), ctx)
    title, note = f"{ctx.name}, {when}: {said}", ""
    if len(signed) and len(whole):
        head = percent(whole.iloc[0], 2, ctx.language)
        low = signed.loc[signed["signatures"].idxmin()]
        lowest, size = low["level"], percent(low["signatures"], 2, ctx.language)
        name = lower_first(label(lowest, ctx.language))
        title = ctx.pick(
            f"{ctx.name}, {when}: {head} dùng chữ ký số, thấp nhất {name} {size}",
            f"{ctx.name}, {when}: {head} sign digitally, least at {name} {size}",
        )
        note = f"{sentence(said)}." * bool(levels)

        def least(frame: pd.DataFrame) -> bool:
            found = {level: value for level, value in _read(frame, "level", "signatures") if value == value}
            ends = percent(found.pop("all"), 2, ctx.language), percent(found[lowest], 2, ctx.language)
            newest = str(Quarter.containing(max(end for (end,) in _read(frame, "period_end")).date()))
            return ends == (head, size) and min(found.values()) == found[lowest] and quarter_word(newest, ctx) == when

        claims.append(Claim(title, least))
    listed = ", ".join(
        f"{lower_first(label(row.level, ctx.language))} {ctx.number(row.using, 0)}/{ctx.number(row.total, 0)}"
        for row in software.itertuples()
    )
    return Caption(
        title,
        ctx.pick(
            f"Phần mềm quản lý văn bản và chữ ký số ở các cơ quan của {ctx.name}, theo cấp, số mới nhất",
            f"Document software and digital signatures in the agencies of {ctx.name}, by level, newest figures",
        ),
        note,
        _rows(len(rows), "mỗi dòng một cấp hành chính", "one for each administrative level", ctx),
        (ctx.pick(f"Phần mềm: {listed}", f"Software: {listed}"),) * bool(listed),
        tuple(claims),
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
    kinds = rows["rule"].value_counts()
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
        tuple(
            head + ", ".join(f"{lower_first(label(rule, ctx.language))} ({found})" for rule, found in part.items())
            for head, part in (
                (ctx.pick("Theo loại: ", "By kind: "), kinds.iloc[:3]),
                (ctx.pick("Còn lại: ", "The rest: "), kinds.iloc[3:]),
            )
            if len(part)
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
            "Which indicators watch a task is the choice of the compilers of this report. Differences are computed from unrounded figures. †: the edition before differs in method. *: derived from a change that a source states.",
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
