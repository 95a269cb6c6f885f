"""Findings about dossiers quarter by quarter, and about the tasks of the annual plan."""

from __future__ import annotations

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, label, listing
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual

from ..dossiers import bad_quarter, judged
from ..wording import Context, lower_first, percent, province_name, publisher_name, sentence
from .captions import Caption, Claim, _during, _nothing, _read, _rows


def quarter_word(quarter: str, ctx: Context) -> str:
    """`quý I/2024`; `Q1 2024`."""
    found = Quarter.parse(quarter)
    return ctx.phrase(
        "dossiers.q_2", value=("I", "II", "III", "IV")[found.number - 1], year=found.year, number=found.number
    )


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
        return ctx.phrase("dossiers.meeting_target", aim=aim)
    return ctx.phrase("dossiers.short_target", aim=aim)


def _set_within(rows: pd.DataFrame, ctx: Context) -> str:
    """That a target was set while the quarter ran, and for whom."""
    late = rows[rows["target"].notna() & ~judged(rows)]
    if late.empty:
        return ""
    aim = percent(late["target"].iloc[0], 0 if late["target"].iloc[0] % 1 == 0 else 2, ctx.language)
    on = day(late["target_from"].iloc[0].date(), ctx.language)
    return ctx.phrase("dossiers.target_set_within_quarter_whole", aim=aim, on=on)


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
        assumed = (rows["reading"] == "assumed").any()
        more = (("translated", translated), ("undated", undated), ("read_so", assumed))
        text = ctx.phrase("dossiers.figures_reported_press", names=names)
        said.append(
            text + "".join(ctx.phrase(f"dossiers.press_{key}") for key, holds in (*more, ("end", True)) if holds)
        )
    if press and (rows["basis"] == "recomputed").any():
        said.append(ctx.phrase("dossiers.overall_shares_computed_counts"))
    if (rows["basis"] == "derived").any():
        said.append(ctx.phrase("dossiers.worked_out_subtraction_source_s"))
    return " ".join(said)


def dossier_results(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Share on time against its target, or else how much was received."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("dossiers.no_dossiers_quarter_held", province=ctx.name),
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
        text = ctx.phrase("dossiers.dossiers_received", count=count)
        parts.append(says(text, "dossiers_received", "value", count, _count))
    if "dossiers_on_time_share" in by_measure.index:
        row = by_measure.loc["dossiers_on_time_share"]
        share = _as_printed(row, ctx)
        text = ctx.phrase("dossiers.resolved_time", share=share)
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
            text = ctx.phrase("dossiers.year_before", before=before)
            parts.append(says(text, "dossiers_on_time_share", "year_before", before, _share))
    elif "dossiers_received_share" in by_measure.index:
        row = by_measure.loc["dossiers_received_share"]
        share = _as_printed(row, ctx)
        text = ctx.phrase("dossiers.online", share=share)
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
    subtitle = ctx.phrase("dossiers.dossiers_results_beside_quarter_before", province=ctx.name)
    note = ctx.phrase("dossiers.time_those_resolved_no_figure")
    return Caption(
        title,
        subtitle,
        " ".join(text for text in (note, _set_within(rows, ctx), _how_known(rows, ctx)) if text),
        _rows(len(rows), *bilingual("dossiers.one_each_result"), ctx),
        (sentence(listed),),
        tuple(claims),
    )


def result_word(measure: str, channel: str, ctx: Context) -> str:
    """Short name of a figure of dossiers."""
    names = {
        "dossiers_received": bilingual("dossiers.received"),
        "dossiers_received_share": bilingual("dossiers.filed_online"),
        "dossiers_resolved": bilingual("dossiers.resolved"),
        "dossiers_on_time_share": bilingual("dossiers.resolved_time_2"),
        "dossiers_resolved_late": bilingual("dossiers.resolved_late"),
        "dossiers_pending": bilingual("dossiers.pending_end"),
        "dossiers_pending_overdue": bilingual("dossiers.overdue_pending"),
        "dossier_digitisation_share": bilingual("dossiers.digitised"),
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
            *bilingual("dossiers.no_dossiers_any_quarter_held", province=ctx.name),
        )
    claims, notes = [], []
    worst = bad_quarter(sheet, code)
    on_time = held[held["measure"] == "dossiers_on_time_share"].sort_values("place")
    if worst:
        lowest, next_one = (row for _, row in on_time.sort_values("value").iloc[:2].iterrows())
        low, rest = _as_printed(lowest, ctx), _as_printed(next_one, ctx)
        two = float(lowest["value"]), float(next_one["value"])
        title = ctx.phrase(
            "dossiers.only_time_more_every_other",
            province=ctx.name,
            quarter_word=quarter_word(worst, ctx),
            low=low,
            rest=rest,
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
        title = ctx.phrase(
            "dossiers.time",
            province=ctx.name,
            now=now,
            quarter_word=quarter_word(last["quarter"], ctx),
            then=then,
            quarter_word_2=quarter_word(before["quarter"], ctx),
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
        title = ctx.phrase(
            "dossiers.slots_empty",
            province=ctx.name,
            quarter_word=quarter_word(row["quarter"], ctx),
            name=name,
            shown=shown,
            empty=empty,
            n_slots=len(slots),
        )
        claims.append(_holds(title, {(row["measure"], row["quarter"]): shown}, ctx))
        claims.append(
            Claim(
                ctx.phrase("dossiers.slots_empty_2", empty=empty),
                lambda frame: (
                    sum(v != v for v, c, a in _read(frame, "value", "province_code", "agency") if (c, a) == (code, ""))
                    == empty
                ),
            )
        )
    last = quarter_word(slots["quarter"].max(), ctx)
    subtitle = ctx.phrase("dossiers.dossiers_eight_quarters", province=ctx.name, last=last)
    notes += [_peers(sheet, ctx), _windows(held, ctx), _set_within(held, ctx), _how_known(held, ctx)]
    told = on_time if len(on_time) else held
    shown = ", ".join(
        f"{quarter_word(row.quarter, ctx)} {lower_first(result_word(row.measure, '', ctx))} "
        f"{_share(row.value, ctx, row.decimals) if row.measure.endswith('_share') else _count(row.value, ctx)}"
        for row in told.itertuples()
    )
    numbers = (sentence(shown),)
    kind = ctx.phrase("dossiers.sheet_eight_quarters")
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
    text = ctx.phrase(
        "dossiers.late_dossiers",
        sentence=sentence(quarter_word(worst, ctx)),
        agency=agency,
        first_counts=counts[0],
        second_counts=counts[1],
        quarter_word=quarter_word(worst, ctx),
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
        f"{province_name(row.province_code, ctx.province.boundary, ctx.language)} "
        f"{_share(row.value, ctx, row.decimals)} "
        f"({lower_first(result_word(row.measure, row.channel, ctx))}, {quarter_word(row.quarter, ctx)})"
        for row in others[others["measure"].str.endswith("_share")].itertuples()
    ]
    if not named:
        return ""
    if len(named) > 4:
        return ctx.phrase("dossiers.grey_dots_other_provinces")
    return ctx.phrase("dossiers.grey_dots", listing=(listing(named, "vi"), listing(named, "en")))


def _windows(held: pd.DataFrame, ctx: Context) -> str:
    windows = set(held["window"].dropna())
    if windows == {"reporting"}:
        return ctx.phrase("dossiers.quarters_run_15th_14th_reports")
    if len(windows) > 1:
        return ctx.phrase("dossiers.some_quarters_calendar_some_reports")
    return ""


def on_time(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The lowest share on time, against the target."""
    if len(rows) < 3:
        raise _nothing(
            ctx,
            *bilingual("dossiers.fewer_than_three_shares_time", province=ctx.name),
        )
    parts = rows[rows["part"] != "all"]
    low, high = parts.loc[parts["value"].idxmin()], parts.loc[parts["value"].idxmax()]
    said = [(row["part"], _as_printed(row, ctx)) for row in (low, high)]
    names = [lower_first(label(part, ctx.language)) for part, _ in said]
    if low["level"] == high["level"] == "all":  # both are channels
        names[0] = ctx.phrase("dossiers.dossiers", first_names=names[0])
    when = quarter_word(low["quarter"], ctx)
    title = ctx.phrase(
        "dossiers.time_2",
        province=ctx.name,
        when=when,
        first_names=names[0],
        second_first_said=said[0][1],
        second_names=names[1],
        second_second_said=said[1][1],
    )
    claims = []
    if judged(rows).all():
        target, missed = low["target"], int((rows["value"] < rows["target"]).sum())
        aim = percent(target, 0 if target % 1 == 0 else 2, ctx.language)
        title += ctx.phrase("dossiers.target_2", aim=aim)
        claims.append(
            Claim(
                ctx.phrase("dossiers.target_rows_below", aim=aim, missed=missed),
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
    subtitle = ctx.phrase("dossiers.share_resolved_dossiers_time", province=ctx.name, when=when)
    keys = []
    if rows["quarter_before"].notna().any():
        keys.append(ctx.phrase("dossiers.open_quarter_before"))
    if rows["year_before"].notna().any():
        keys.append(ctx.phrase("dossiers.diamond_same_quarter_last_year"))
    note = " ".join(
        [
            ctx.phrase("dossiers.axis_does_not_start_0"),
            *keys,
            *([late] if (late := _set_within(rows, ctx)) else []),
            _how_known(rows, ctx),
        ]
    )
    listed = ", ".join(
        f"{lower_first(label(part, ctx.language))} {_share(value, ctx, decimals)}"
        for part, value, decimals in _read(rows, "part", "value", "decimals")
    )
    numbers = (ctx.phrase("dossiers.time_3", listed=listed),)
    kind = ctx.phrase("dossiers.dot_plot_level_channel")
    return Caption(title, subtitle, note.strip(), kind, numbers, tuple(claims))


def agencies(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The agency with the largest share of late dossiers, against all others together."""
    if len(rows) < 3:
        raise _nothing(
            ctx,
            *bilingual("dossiers.no_late_dossiers_agency_held", province=ctx.name),
        )
    worst, rest = rows.iloc[0], rows.iloc[1:]
    others = 100 * rest["late"].sum() / rest["resolved"].sum()
    shown, name, when = (
        (_share(worst["late_share"], ctx), _share(others, ctx)),
        worst["agency"],
        quarter_word(worst["quarter"], ctx),
    )
    title = ctx.phrase(
        "dossiers.late_other_agencies",
        province=ctx.name,
        when=when,
        name=name,
        first_shown=shown[0],
        second_shown=shown[1],
    )

    def holds(frame: pd.DataFrame) -> bool:
        found = {a: (late, of) for a, late, of in _read(frame, "agency", "late", "resolved")}
        late, of = found.pop(name)
        told = 100 * late / of, 100 * sum(pair[0] for pair in found.values()) / sum(pair[1] for pair in found.values())
        return tuple(_share(value, ctx) for value in told) == shown and all(
            late / of >= a / b for a, b in found.values()
        )

    subtitle = ctx.phrase("dossiers.late_among_resolved_dossiers_overdue", province=ctx.name, when=when)
    note = ctx.phrase("dossiers.overdue_without_result_past_day")
    numbers = (
        ctx.phrase("dossiers.late")
        + ", ".join(
            f"{row.agency} {_count(row.late, ctx)}/{_count(row.resolved, ctx)}" for row in rows.head(4).itertuples()
        ),
    )
    kind = ctx.phrase("dossiers.two_columns_bars_agency")
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, holds),))


def plan_tasks(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Tasks done of those due, and of the year's."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("dossiers.no_tasks_done_annual_reform", province=ctx.name),
        )
    first = rows.iloc[0]
    done, planned, due = (
        _count(first[name], ctx) if pd.notna(first[name]) else "" for name in ("count", "planned", "due")
    )
    day = pd.Timestamp(first["period_end"]).date()
    on = ctx.phrase("dossiers.shown_2", day=day.day, month=day.month, year=day.year, day_2=day)
    due_count = first["due"] if due else None
    in_time = min(first["count"], due_count) if due else None
    if due:
        kept = _count(in_time, ctx)
        title = ctx.phrase(
            ("dossiers.all_due_tasks_done_year" if kept == due else "dossiers.due_tasks_done_year_s"),
            province=ctx.name,
            on=on,
            kept=kept,
            due=due,
            done=done,
            planned=planned,
        )
    else:
        title = ctx.phrase("dossiers.year_s_reform_tasks_done", province=ctx.name, on=on, done=done, planned=planned)

    def holds(frame: pd.DataFrame) -> bool:
        counts = dict(_read(frame, "state", "count"))
        whole = _count(sum(counts.values()), ctx) == planned and _count(counts["done"], ctx) == done
        # what was due and is not done is what keeps the first share below one
        return whole and (not due or counts["due"] == due_count - in_time)

    subtitle = ctx.phrase("dossiers.tasks_administrative_reform_plan_square", year=first["year"], province=ctx.name)
    note = "" if due else ctx.phrase("dossiers.source_does_not_say_how")
    numbers = (
        ", ".join(
            f"{label(state, ctx.language)}: {_count(count, ctx)}" for state, count in _read(rows, "state", "count")
        ),
    )
    return Caption(title, subtitle, note, ctx.phrase("dossiers.squares"), numbers, (Claim(title, holds),))
