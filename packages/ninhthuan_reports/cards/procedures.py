"""Procedures published in a period: by level and by kind of change."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim

from .. import phrases, tables
from ..claims import fitting
from ..wording import Context, lower_first, part_name, percent, sentence


def caption(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The largest part of the procedures published."""
    if parts.empty:
        raise phrases.nothing(ctx.phrase("workload.no_published_procedures_level_kind", province=ctx.name))
    period = phrases.when(parts["period_start"].iloc[0], parts["period_end"].iloc[0], ctx)
    kinds = parts[parts["split"] == "kind"].sort_values("value", ascending=False)
    total = parts.groupby("split")["value"].sum().iloc[0]
    split = "kind" if len(kinds) else "level"
    shown = kinds if len(kinds) else parts.sort_values("value", ascending=False)
    largest = [(row.part, row.value) for row in shown.head(2).itertuples()]
    named = [f"{ctx.number(value, 0)} {lower_first(part_name(part, ctx.language))}" for part, value in largest]
    whole, listed = ctx.number(total, 0), ", ".join(named)
    title = fitting(
        ctx.phrase("workload.procedures_published", province=ctx.name, period=period, total=whole, listed=some)
        for some in (listed, named[0])
    )
    subtitle = ctx.phrase("workload.procedures_published_level_kind_change", province=ctx.name, period=period)
    sums = parts.groupby("split")["value"].sum()
    one_total = sums.nunique() == 1

    def leads(frame: pd.DataFrame) -> bool:
        rows = frame[frame["split"] == split]
        ordered = sorted(zip(rows["part"], rows["value"], strict=True), key=lambda pair: -pair[1])
        by_size = dict(ordered)
        return [value for _, value in ordered[:2]] == [by_size[part] for part, _ in largest] == [v for _, v in largest]

    def sums_up(frame: pd.DataFrame) -> bool:
        added = {name: sum(rows["value"]) for name, rows in frame.groupby("split")}
        when = phrases.when(frame["period_start"].iloc[0], frame["period_end"].iloc[0], ctx)
        alike = (len(set(added.values())) == 1) == one_total
        return when == period and alike and whole in [ctx.number(value, 0) for value in added.values()]

    claims = (
        Claim(ctx.phrase("workload.parts_add_up_procedures", whole=whole), sums_up),
        Claim(ctx.phrase("workload.most", listed=listed), leads),
    )
    by_level = parts[parts["split"] == "level"].sort_values("value", ascending=False)
    levels = ", ".join(
        f"{lower_first(part_name(row.part, ctx.language))} {ctx.number(row.value, 0)}" for row in by_level.itertuples()
    )
    numbers = (ctx.phrase("workload.level_2", levels=levels),) * bool(levels)
    note = ctx.phrase("workload.level_change_sum" if one_total else "workload.two_splits_do_not_add", total=whole)
    kind = phrases.rows_of(len(parts), ctx.phrase("procedures.each_part"), ctx)
    return Caption(title, subtitle, note, kind, numbers, claims)


def table(parts: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Parts of the procedures published, largest first in each split, each with its share."""
    totals = parts.groupby("split")["value"].transform("sum")
    rows = parts.assign(share=100 * parts["value"] / totals).sort_values(["split", "value"], ascending=[False, False])
    names = {"level": ctx.phrase("workload.level"), "kind": ctx.phrase("workload.change")}
    text = [
        [names[split], sentence(part_name(part, ctx.language)), ctx.number(value, 0), percent(share, 1, ctx.language)]
        for split, part, value, share in phrases.read(rows, "split", "part", "value", "share")
    ]
    return tables.headed(text, ctx, "procedures.split", "procedures.part", "procedures.count", "tables.share")
