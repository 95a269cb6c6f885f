"""Every indicator of every task, with its newest figure."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim

from .. import claims, phrases, tables
from ..wording import WORKED_BACK, Context, indicator_name, rank_of


def caption(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many indicators have figures."""
    known = watch[watch["value"].notna() | watch["percentile_position"].notna()]
    if known.empty:
        raise phrases.nothing(ctx.phrase("workload.no_document_sets_groups_tasks_2", province=ctx.name))
    # an indicator that watches several tasks is one indicator
    figures, count, tasks = known["indicator"].nunique(), watch["indicator"].nunique(), watch["task_number"].nunique()
    title = ctx.phrase(
        "workload.groups_tasks_indicators_have_figures", province=ctx.name, tasks=tasks, figures=figures, count=count
    )

    def counted(frame: pd.DataFrame) -> bool:
        known = frame[frame[["value", "rank"]].notna().any(axis=1)]
        found = [len(set(part)) for part in (known["indicator"], frame["indicator"], frame["task_number"])]
        return found == [figures, count, tasks]

    by_kind = [known.loc[known["kind"] == kind, "indicator"].nunique() for kind in ("index", "workload")]
    printed = " ".join(table(watch, ctx).to_numpy().ravel())
    marks = {"†": "crossed", WORKED_BACK: "worked_back", "‡": "quiet"}
    notes = ["chosen", *(key for mark, key in marks.items() if mark in printed)]
    return Caption(
        title,
        ctx.phrase("workload.newest_figure_each_indicator", province=ctx.name),
        " ".join(ctx.phrase(f"watch.{key}") for key in notes),
        phrases.rows_of(len(watch), ctx.phrase("workload.one_each_indicator"), ctx),
        (ctx.phrase("workload.figures_rows_indices_workload", first_by_kind=by_kind[0], second_by_kind=by_kind[1]),),
        (Claim(title, counted),),
    )


def table(watch: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Every indicator of every task, with its newest figure."""
    rows = []
    for row in watch.itertuples():
        task = f"{row.task_number}. {ctx.pick(row.short_title, row.short_title_en)}"
        name = indicator_name(row.indicator, ctx.language)
        if row.kind == "index":
            when = "" if pd.isna(row.edition_year) else str(int(row.edition_year))
        else:
            when = "" if pd.isna(row.period_end) else phrases.when(row.period_start, row.period_end, ctx)
        known = pd.notna(row.value)
        crossed = isinstance(row.crosses, str) and row.crosses
        change = "†" if crossed else tables.change(row.change, row, ctx) if pd.notna(row.change) else "–"
        if pd.notna(row.change):
            years = int(row.previous_edition), int(row.edition_year)
            change += "‡" * bool(claims.caution(row.change, row.indicator, years, ctx))
        rows.append(
            [
                task,
                name,
                tables.score(row.value, row, ctx.language) if known else "…",
                rank_of(row.rank, row.n_ranked, row.rank_basis) if pd.notna(row.rank) else "–",
                change if known or pd.notna(row.rank) else "–",
                when or ctx.phrase("tables.no_figures_2"),
            ]
        )
    heads = "tables.task", "tables.indicator", "tables.value", "tables.rank_2", "tables.change", "tables.period"
    return tables.headed(rows, ctx, *heads)
