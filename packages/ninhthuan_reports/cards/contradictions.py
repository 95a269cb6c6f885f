"""Printed figure beside what other printed figures give."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.language import label as word

from .. import phrases, tables
from ..wording import Context, indicator_name, lower_first, publisher_name


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many contradictions were found."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("workload.no_contradiction_found_printed_figures", province=ctx.name))
    # a change of rank counted over lists of unlike length is true as printed: a remark
    count, remarks = int((rows["rule"] != "lists").sum()), int((rows["rule"] == "lists").sum())
    several = "contradictions" if count > 1 else "contradiction"
    title = ctx.phrase(f"workload.{several}_among_printed_figures", count=count, province=ctx.name)
    note, kinds = ctx.phrase("workload.nothing_corrected_both_sides_stay"), rows["rule"].value_counts()
    if remarks:
        rows_ = "rows_remark" if remarks > 1 else "row_remark"
        note += ctx.phrase(f"workload.more_{rows_}_places_gained", remarks=remarks)
    heads = (ctx.phrase("workload.kind"), kinds.iloc[:3]), (ctx.phrase("workload.rest"), kinds.iloc[3:])
    numbers = [
        head + ", ".join(f"{lower_first(word(rule, ctx.language))} ({found})" for rule, found in part.items())
        for head, part in heads
        if len(part)
    ]
    return Caption(
        title,
        ctx.phrase("workload.printed_figure_what_other_printed"),
        note,
        phrases.rows_of(len(rows), ctx.phrase("workload.one_each_contradiction"), ctx),
        tuple(numbers),
        (Claim(title, lambda frame: sum(row.rule != "lists" for row in frame.itertuples()) == count),),
    )


def table(found: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Printed figure beside what other printed figures give."""
    rows = []
    for row in found.itertuples():
        unit = tables.unit(row.subject)
        name = tables.workload_subject(row, ctx) if unit else indicator_name(row.subject, ctx.language)
        what = name if unit else f"{name}, {row.edition_year}"
        publisher = publisher_name(row.source_id, ctx.language)
        publisher = publisher if len(publisher) < 45 else publisher[:44] + "…"
        printed, other = (tables.in_words(row.said[side], row, ctx, row.rule, unit) for side in ("printed", "found"))
        detail = tables.in_words(row.said["detail"], row, ctx)
        rows.append([what, word(row.rule, ctx.language), printed, other + f" ({detail})" * bool(detail), publisher])
    heads = "tables.figure", "tables.kind", "tables.printed", "tables.other_printed_figures_give", "tables.source_2"
    return tables.headed(rows, ctx, *heads)
