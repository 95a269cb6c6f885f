"""Four groups by four: the darker, the more often a province of the row was in the group of the column next."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, SMALL, SOFT, Area, label
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.reference import GROUPS

from .. import phrases
from ..pieces import plot
from ..wording import Context, percent, province_name, sentence


def _marked_pairs(caution: str, ctx: Context) -> str:
    """In which years, among pairs of editions whose places are counted, the measure was not the same throughout."""
    years = listing(sorted({each.rpartition(":")[2] for each in caution.split()}), ctx.language)
    return ctx.phrase("relations.measure_changed_part_those_pairs", years=years) * bool(years)


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How often a province stays in its group, and how often the top and the bottom do."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("relations.no_two_editions_papi_row"))
    total = int(rows["count"].sum())
    stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "count"].sum())
    share = percent(100 * stayed / total, 0, ctx.language)
    cells = {(a, b): s for a, b, s in zip(rows["group_from"], rows["group_to"], rows["moved_share"], strict=True)}
    top = percent(100 * cells[("high", "high")], 0, ctx.language)
    bottom = percent(100 * cells[("low", "low")], 0, ctx.language)

    def kept(frame: pd.DataFrame) -> bool:
        counts = frame.pivot(index="group_from", columns="group_to", values="count")
        on, every = sum(counts.at[group, group] for group in counts.index), counts.to_numpy().sum()
        same = every == total and frame["n_year_pairs"].eq(total).all()
        same &= frame["first_year"].eq(begin).all() and frame["edition_year"].eq(end).all()
        return same and percent(100 * on / every, 0, ctx.language) == share

    def ends(frame: pd.DataFrame) -> bool:
        found = []
        for group in ("high", "low"):
            began = frame[frame["group_from"] == group]
            counted = began.loc[began["group_to"] == group, "count"].item() / began["count"].sum()
            shown = began.loc[began["group_to"] == group, "moved_share"].item()
            found += [percent(100 * value, 0, ctx.language) for value in (counted, shown)]
        return found == [top, top, bottom, bottom]

    pairs, begin, end = int(rows["n_pairs"].iloc[0]), int(rows["first_year"].iloc[0]), int(rows["edition_year"].iloc[0])
    own = int(rows["own_count"].sum())
    own_stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "own_count"].sum())
    first = ctx.phrase("relations.all_provinces_time", share=share)
    beside = ctx.phrase("relations.all_provinces_beside", share=share)
    second = ctx.phrase("relations.high_group_stayed_low", top=top, bottom=bottom)
    mine = ctx.phrase("relations.kept_group_times", province=ctx.name, own_stayed=own_stayed, own=own)
    title = f"PAPI {begin}–{end}: " + (f"{mine}, {beside}" if own else sentence(first))

    def kept_own(frame: pd.DataFrame) -> bool:
        counts = frame.pivot(index="group_from", columns="group_to", values="own_count")
        return (sum(counts.at[g, g] for g in counts.index), counts.to_numpy().sum()) == (own_stayed, own)

    claims = [Claim(sentence(first), kept), Claim(second, ends), Claim(mine, kept_own)]
    numbers = [
        ctx.phrase("relations.province_years_pairs_editions", total=total, pairs=pairs, begin=begin, end=end),
        second,
    ]
    subtitle = ctx.phrase("relations.group_provinces_papi_total_one", begin=begin, end=end, pairs=pairs, total=total)
    note = ctx.phrase("relations.each_cell_share_those_began")
    row = rows.iloc[0]
    if row["n_with_errors"]:
        cases, real, noise = (
            int(row["n_with_errors"]),
            *(percent(100 * row[name], 0, ctx.language) for name in ("kept_share", "noise_kept_share")),
        )
        against = ctx.phrase("relations.province_years_method_2019_kept", cases=cases, real=real, noise=noise)
        note = f"{note} {against}."
        numbers.append(against)
    note = f"{note} {_marked_pairs(rows['caution'].iloc[0], ctx)}".strip()
    kind = ctx.phrase("relations.heat_map_4_4")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


# light to dark in steps that a printer in grey keeps; white letters from the last but one on
STEPS = ("#F4F6F8", "#D3DEE8", "#A9C0D4", "#3F6E99", "#12436D")


def _step(share: float) -> int:
    """Which of the steps a share has: 0-10, 10-20, 20-35, 35-50 and more than 50 per cent."""
    return int(np.searchsorted((0.10, 0.20, 0.35, 0.50), share, side="right"))


@plot(8.6)
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Four groups by four: the darker, the more often a province of the row was in the group of the column next."""
    names = {group: word(group, ctx.language) for group in GROUPS}
    head = ctx.phrase("relations.group_one_edition_count")
    left = max(style.text_width(text, SMALL) for text in (*names.values(), head)) + 0.5
    ax = area.axes(left, 1.1, area.width, area.height)
    ax.set_xlim(0, 4)
    ax.set_ylim(4, 0)
    ax.set_axis_off()
    who = province_name(ctx.province.province_code, ctx.province.boundary, ctx.language, short=True)
    counts = rows.groupby("group_from")["count"].sum()
    cells = {(row.group_from, row.group_to): row for row in rows.itertuples()}
    for i, group_from in enumerate(GROUPS):
        label(ax, 0, i + 0.43, names[group_from], ha="right", dx=-9, weight="bold")
        label(ax, 0, i + 0.67, f"n = {int(counts[group_from])}", size=SMALL, ha="right", dx=-9, color=SOFT)
        for j, group_to in enumerate(GROUPS):
            row = cells[group_from, group_to]
            seen = pd.notna(row.moved_share)
            step = _step(row.moved_share) if seen else 0
            colour = "white" if step >= 3 else INK
            ax.add_patch(Rectangle((j + 0.02, i + 0.03), 0.96, 0.94, fc=STEPS[step], lw=0))
            if i == j:
                ax.add_patch(Rectangle((j + 0.02, i + 0.03), 0.96, 0.94, fill=False, ec=INK, lw=1.2, zorder=3))
            share = percent(100 * row.moved_share, 0, ctx.language) if seen else "…"
            own = int(row.own_count)
            middle = i + (0.38 if own else 0.42)
            label(ax, j + 0.5, middle - 0.12, share, size=style.TITLE, ha="center", color=colour, weight="bold")
            times = ctx.phrase("relations.times", count=int(row.count))
            label(ax, j + 0.5, middle + 0.15, times, size=SMALL, ha="center", color=colour)
            if own:
                text = f"{who}: {own}"
                label(ax, j + 0.5, middle + 0.36, text, size=SMALL, ha="center", color=colour, weight="bold")
    for j, group_to in enumerate(GROUPS):
        label(ax, j + 0.5, 0, names[group_to], ha="center", dy=9, weight="bold")
    label(ax, 0, 0, head, size=SMALL, ha="right", dx=-9, dy=9, color=SOFT)
    label(ax, 0.02, 0, ctx.phrase("relations.group_next_edition"), size=SMALL, dy=23, color=SOFT)
    return [ax]
