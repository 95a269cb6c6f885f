"""Results of a quarter beside the quarter before, the same quarter of the year before, and the target."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.numbers import number

from .. import phrases
from ..dossiers import judged
from ..wording import Context, lower_first, outcome, percent, period_name, sentence


def _against(value: float, target: float, ctx: Context) -> str:
    """`đạt chỉ tiêu 95%`, `chưa đạt chỉ tiêu 95%`."""
    aim = phrases.round_share(target, ctx)
    if value >= target:
        return ctx.phrase("dossiers.meeting_target", aim=aim)
    return ctx.phrase("dossiers.short_target", aim=aim)


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Share on time against its target, or else how much was received."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("dossiers.no_dossiers_quarter_held", province=ctx.name))
    by_measure = rows[rows["quarter"].fillna("") != ""].drop_duplicates("measure").set_index("measure")
    first = by_measure.iloc[0] if len(by_measure) else rows.iloc[0]
    when = (
        phrases.quarter_word(first["quarter"], ctx)
        if len(by_measure)
        else phrases.during(first["period_start"], first["period_end"], ctx)
    )
    claims = []

    def says(text: str, measure: str, column: str, shown: str, form) -> str:
        claims.append(
            Claim(
                sentence(text),
                lambda frame: (
                    shown
                    in [form(value, ctx) for name, value in phrases.read(frame, "measure", column) if name == measure]
                ),
            )
        )
        return text

    def printed_so(row: pd.Series):
        decimals = int(row["decimals"])
        return lambda value, ctx: phrases.share(value, ctx, decimals)

    parts = []
    if "dossiers_received" in by_measure.index:
        count = phrases.count(by_measure.at["dossiers_received", "value"], ctx)
        text = ctx.phrase("dossiers.dossiers_received", count=count)
        parts.append(says(text, "dossiers_received", "value", count, phrases.count))
    if "dossiers_on_time_share" in by_measure.index:
        row = by_measure.loc["dossiers_on_time_share"]
        share = phrases.as_printed(row, ctx)
        text = ctx.phrase("dossiers.resolved_time", share=share)
        parts = [says(text, "dossiers_on_time_share", "value", share, printed_so(row))]
        if judged(by_measure)["dossiers_on_time_share"]:
            told, target = _against(row["value"], row["target"], ctx), row["target"]
            missed = row["value"] < target

            def ends_so(frame: pd.DataFrame) -> bool:
                ((value, aim),) = [
                    (value, aim)
                    for name, value, aim in phrases.read(frame, "measure", "value", "target")
                    if name == "dossiers_on_time_share"
                ]
                return aim == target and (value - aim < 0) == missed

            parts.append(told)
            claims.append(Claim(sentence(told), ends_so))
        elif pd.notna(row["year_before"]):
            before = phrases.share(row["year_before"], ctx)
            text = ctx.phrase("dossiers.year_before", before=before)
            parts.append(says(text, "dossiers_on_time_share", "year_before", before, phrases.share))
    elif "dossiers_received_share" in by_measure.index:
        row = by_measure.loc["dossiers_received_share"]
        share = phrases.as_printed(row, ctx)
        text = ctx.phrase("dossiers.online", share=share)
        parts.append(says(text, "dossiers_received_share", "value", share, printed_so(row)))
    if not parts:
        measure, value = first.name if len(by_measure) else first["measure"], first["value"]
        form = phrases.share if measure.endswith("_share") else phrases.count
        name = lower_first(phrases.result_word(measure, "online", ctx))
        parts = [says(f"{name}: {form(value, ctx)}", measure, "value", form(value, ctx), form)]
    title = f"{ctx.name}, {when}: {', '.join(parts)}"
    listed = "; ".join(
        f"{lower_first(phrases.result_word(name, channel, ctx))} "
        f"{phrases.share(value, ctx, decimals) if name.endswith('_share') else phrases.count(value, ctx)}"
        for name, channel, value, decimals in phrases.read(rows, "measure", "channel", "value", "decimals")
    )
    subtitle = ctx.phrase("dossiers.dossiers_results_beside_quarter_before", province=ctx.name)
    note = ctx.phrase("dossiers.time_those_resolved_no_figure")
    return Caption(
        title,
        subtitle,
        " ".join(text for text in (note, phrases.set_within(rows, ctx), phrases.how_known(rows, ctx)) if text),
        phrases.rows_of(len(rows), ctx.phrase("dossiers.one_each_result"), ctx),
        (sentence(listed),),
        tuple(claims),
    )


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Results of a quarter beside the quarter before, the same quarter of the year before, and the target."""

    def shown(value: float, measure: str, mark: bool = False, decimals: int = 2) -> str:
        if pd.isna(value):
            return "–"
        share = measure.endswith("_share")
        return (percent(value, int(decimals), ctx.language) if share else number(value, 0, ctx.language)) + "*" * mark

    text = [
        [
            phrases.result_word(row.measure, row.channel, ctx),
            sentence(period_name(row.period_start, row.period_end, ctx.language)),
            shown(row.value, row.measure, row.basis == "derived", row.decimals),
            shown(row.quarter_before, row.measure),
            shown(row.year_before, row.measure),
            shown(row.target, row.measure, decimals=0 if row.target % 1 == 0 else 2),
            sentence(outcome(row.value - row.target, ctx.language)) if row.judged else "–",
        ]
        for row in rows.assign(judged=judged(rows)).itertuples()
    ]
    heads = [
        ctx.phrase("tables.dossiers"),
        ctx.phrase("tables.period"),
        ctx.phrase("tables.result"),
        ctx.phrase("tables.quarter_before"),
        ctx.phrase("tables.same_quarter_last_year"),
        ctx.phrase("tables.target_2"),
        ctx.phrase("tables.against_target"),
    ]
    return pd.DataFrame(text, columns=heads)
