"""Results of a quarter beside the quarter before, the same quarter of the year before, and the target."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.numbers import number

from .. import phrases, tables
from ..claims import printed, together
from ..dossiers import judged
from ..wording import Context, lower_first, outcome, percent, sentence

# what a result is set beside, where any row has it
BESIDE = {"tables.quarter_before": "quarter_before", "tables.same_quarter_last_year": "year_before"}


def _prints(text: str, measure: str, column: str, shown: str, ctx: Context, decimals: int = 2) -> Claim:
    """That a figure of a measure is printed like this."""

    def holds(frame: pd.DataFrame) -> bool:
        values = [value for name, value in phrases.read(frame, "measure", column) if name == measure]
        return shown in [printed(measure, value, ctx, decimals) for value in values]

    return Claim(text, holds)


def _worded(found: pd.DataFrame, measure: str, key: str, name: str, ctx: Context) -> list[Claim]:
    """A figure that the title says, where it is held; name: of the value in the words."""
    if measure not in found.index:
        return []
    value, decimals = found.loc[measure, ["value", "decimals"]]
    shown = printed(measure, value, ctx, decimals)
    return [_prints(ctx.phrase(key, **{name: shown}), measure, "value", shown, ctx, decimals)]


def _on_time(found: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The share on time, and its target or the year before; nothing where it is not held."""
    measure = "dossiers_on_time_share"
    parts = _worded(found, measure, "dossiers.resolved_time", "share", ctx)
    if not parts:
        return []
    row = found.loc[measure]
    if judged(found)[measure]:
        target, missed = row["target"], row["value"] < row["target"]
        key = "dossiers.short_target" if missed else "dossiers.meeting_target"

        def ends_so(frame: pd.DataFrame) -> bool:
            rows = phrases.read(frame[frame["level"].eq("all")], "measure", "value", "target")
            ((value, aim),) = [pair for name, *pair in rows if name == measure]
            return aim == target and (value - aim < 0) == missed

        parts.append(Claim(ctx.phrase(key, aim=phrases.round_share(target, ctx)), ends_so))
    elif pd.notna(row["year_before"]):
        before = phrases.share(row["year_before"], ctx)
        parts.append(_prints(ctx.phrase("dossiers.year_before", before=before), measure, "year_before", before, ctx))
    return parts


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Share on time against its target, or else how much was received."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("dossiers.no_dossiers_quarter_held", province=ctx.name))
    found = rows[rows["quarter"].fillna("") != ""].drop_duplicates("measure").set_index("measure", drop=False)
    if len(found):
        when = phrases.quarter_word(found["quarter"].iloc[0], ctx)
    else:
        when = phrases.during(rows["period_start"].iloc[0], rows["period_end"].iloc[0], ctx)
    when += ctx.phrase("dossiers.of_the_press") * bool(phrases.of_press(rows, ctx))
    received = _worded(found, "dossiers_received", "dossiers.dossiers_received", "count", ctx)
    on_time = _on_time(found, ctx)
    # the number of dossiers is said where the share on time is not, and is no less true where it is
    parts = on_time or received + _worded(found, "dossiers_received_share", "dossiers.online", "share", ctx)
    if not parts:
        first = (found if len(found) else rows).iloc[0]
        name = lower_first(phrases.result_word(first["measure"], ctx))
        shown = printed(first["measure"], first["value"], ctx)
        parts = [_prints(f"{name}: {shown}", first["measure"], "value", shown, ctx)]
    notes = (
        ctx.phrase("dossiers.time_those_resolved") * ("dossiers_on_time_share" in set(rows["measure"])),
        ctx.phrase("dossiers.dash_no_figure"),
        f"{ctx.phrase('dossiers.quarter_and_year')}." * _quarter_and_year(rows),
        phrases.set_within(rows, ctx),
        # the report's opening says in full how far a newspaper can be relied on, where it tells of the same figures
        phrases.how_known(rows, ctx, full="dossiers_received" not in found.index),
    )
    claims = received + on_time if on_time else parts
    return Caption(
        f"{ctx.name}, {when}: {', '.join(claim.says for claim in parts)}",
        ctx.phrase("dossiers.results_of", province=ctx.name, listed=_beside(rows, ctx)),
        together(notes),
        phrases.rows_of(len(rows), ctx.phrase("dossiers.one_each_result"), ctx),
        (*_by_period(rows, ctx), *[ctx.phrase("dossiers.quarter_and_year")] * _quarter_and_year(rows)),
        tuple(Claim(sentence(claim.says), claim.holds) for claim in claims),
    )


def _quarter_and_year(rows: pd.DataFrame) -> bool:
    """Whether one result stands there for two periods: of a quarter and of a longer one."""
    return bool(rows.loc[rows["level"].eq("all"), ["measure", "channel"]].duplicated().any())


def _beside(rows: pd.DataFrame, ctx: Context) -> str:
    """What the table sets side by side: `kết quả và chỉ tiêu`."""
    heads = [head for head, name in BESIDE.items() if rows[name].notna().any()]
    heads = ["tables.result", *heads, *["tables.target_2"] * bool(rows["target"].notna().any())]
    return listing([lower_first(ctx.phrase(head)) for head in heads], ctx.language)


def _by_period(rows: pd.DataFrame, ctx: Context) -> Iterator[str]:
    """A sentence for each period: its results, each with its target or the year before."""
    for (start, end), part in rows[rows["level"].eq("all")].groupby(["period_start", "period_end"], sort=False):
        listed = []
        for row in part.assign(judged=judged(part)).itertuples():
            beside = ""
            if row.judged:
                beside = ctx.phrase("dossiers.with_target", target=phrases.round_share(row.target, ctx))
            elif pd.notna(row.year_before):
                beside = ctx.phrase("dossiers.with_year_before", before=printed(row.measure, row.year_before, ctx))
            shown = printed(row.measure, row.value, ctx, row.decimals)
            listed.append(ctx.phrase(f"dossiers.did.{row.measure}", shown=shown) + beside)
        period = sentence(phrases.during(start, end, ctx))
        values = {"period": period, "province": ctx.name, "listed": listing(listed, ctx.language)}
        yield ctx.phrase("dossiers.results_in", **values)


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Results of a quarter beside the quarter before, the same quarter of the year before, and the target."""

    def shown(value: float, measure: str, mark: bool = False, decimals: int = 2) -> str:
        if pd.isna(value):
            return "–"
        share = measure.endswith("_share")
        return (percent(value, int(decimals), ctx.language) if share else number(value, 0, ctx.language)) + "*" * mark

    columns = {"tables.dossiers": [], "tables.period": [], "tables.result": []}
    columns |= {head: [] for head, name in BESIDE.items() if rows[name].notna().any()}
    columns |= {"tables.target_2": [], "tables.against_target": []}
    for row in rows.assign(judged=judged(rows)).itertuples():
        cells = {
            "tables.dossiers": phrases.result_word(row.measure, ctx)
            + f", {lower_first(word(row.level, ctx.language))}" * (row.level != "all"),
            "tables.period": sentence(phrases.when(row.period_start, row.period_end, ctx)),
            "tables.result": shown(row.value, row.measure, row.basis == "derived", row.decimals),
            **{head: shown(getattr(row, name), row.measure) for head, name in BESIDE.items()},
            "tables.target_2": shown(row.target, row.measure, decimals=0 if row.target % 1 == 0 else 2)
            + "†" * (pd.notna(row.target) and not row.judged),
            "tables.against_target": sentence(outcome(row.value - row.target, ctx.language)) if row.judged else "–",
        }
        for head, texts in columns.items():
            texts.append(cells[head])
    return tables.headed(list(zip(*columns.values(), strict=True)), ctx, *columns)
