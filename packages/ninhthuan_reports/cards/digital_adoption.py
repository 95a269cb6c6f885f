"""Agencies using document software, and use of personal digital signatures, by level."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.language import label as word
from ninhthuan.numbers import number
from ninhthuan.periods import Quarter

from .. import phrases, tables
from ..wording import Context, lower_first, percent, sentence


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Use of digital signatures and the level with the least, or else the levels at which all use the software."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("workload.no_figures_digital_signatures_document", province=ctx.name))
    signed = rows[rows["signatures"].notna() & (rows["level"] != "all")]
    whole = rows.loc[rows["level"] == "all", "signatures"].dropna()
    software = rows[rows["total"].notna()]
    full, levels = int((software["using"] == software["total"]).sum()), len(software)

    def adopted(frame: pd.DataFrame) -> bool:
        known = [row for row in phrases.read(frame, "using", "total", "share") if row[1] == row[1]]
        alike = all(percent(100 * using / total) == percent(share) for using, total, share in known)
        return alike and (sum(using == total for using, total, _ in known), len(known)) == (full, levels)

    claims = []
    finding = ctx.phrase("workload.levels_all_agencies_use_document", full=full, levels=levels)
    if levels:
        claims.append(Claim(sentence(finding), adopted))
    when = phrases.quarter_word(str(Quarter.containing(rows["period_end"].max().date())), ctx)
    title, note = f"{ctx.name}, {when}: {finding}", ""
    if len(signed) and len(whole):
        head = percent(whole.iloc[0], 2, ctx.language)
        low = signed.loc[signed["signatures"].idxmin()]
        lowest, size = low["level"], percent(low["signatures"], 2, ctx.language)
        name = lower_first(word(lowest, ctx.language))
        values = {"when": when, "head": head, "name": name, "size": size}
        title = ctx.phrase("workload.sign_digitally_least", province=ctx.name, **values)
        note = f"{sentence(finding)}." * bool(levels)

        def least(frame: pd.DataFrame) -> bool:
            found = {level: value for level, value in phrases.read(frame, "level", "signatures") if value == value}
            ends = percent(found.pop("all"), 2, ctx.language), percent(found[lowest], 2, ctx.language)
            newest = str(Quarter.containing(max(end for (end,) in phrases.read(frame, "period_end")).date()))
            low = min(found.values()) == found[lowest]
            return low and ends == (head, size) and phrases.quarter_word(newest, ctx) == when

        claims.append(Claim(title, least))
    listed = ", ".join(
        f"{lower_first(word(row.level, ctx.language))} {ctx.number(row.using, 0)}/{ctx.number(row.total, 0)}"
        for row in software.itertuples()
    )
    return Caption(
        title,
        ctx.phrase("workload.document_software_digital_signatures_agencies", province=ctx.name),
        note,
        phrases.rows_of(len(rows), ctx.phrase("workload.one_each_administrative_level"), ctx),
        (ctx.phrase("workload.software", listed=listed),) * bool(listed),
        tuple(claims),
    )


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Agencies using document software, and use of personal digital signatures, by level."""

    def share(value: float) -> str:
        return "–" if pd.isna(value) else phrases.round_share(value, ctx)

    text = [
        [
            word(row.level, ctx.language),
            "–" if pd.isna(row.using) else f"{number(row.using, 0, ctx.language)}/{number(row.total, 0, ctx.language)}",
            share(row.share),
            share(row.signatures),
        ]
        for row in rows.itertuples()
    ]
    heads = "tables.level", "tables.agencies_using_software", "tables.share", "tables.use_personal_digital_signatures"
    return tables.headed(text, ctx, *heads)
