"""Place among the provinces of every index that watches a task, now and one edition before, task by task."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.catalogue import catalogue
from ninhthuan.change import survey_error_explains
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.words import bilingual

from .. import phrases, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import HALO, OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import (
    Context,
    index_name,
    indicator_name,
    rank_of,
)


def caption(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many of the indices that follow the tasks gained and lost ranks; survey error and a new method do neither."""
    held = watch[watch["percentile_position"].notna()].drop_duplicates("indicator")
    if held.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("workload.no_document_sets_groups_tasks", province=ctx.name),
        )
    both = held[held["previous_rank"].notna()]
    if both.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("workload.no_index_has_two_editions", province=ctx.name),
        )

    def noise(row) -> bool:
        return bool(phrases.within_error(row.change, row.indicator, (row.previous_edition, row.edition_year), ctx))

    def kind_of(row) -> str:
        """What became of a rank: a key of `kinds`."""
        if row.crosses:
            return "apart"
        if row.rank == row.previous_rank:
            return "level"
        return "noise" if noise(row) else "up" if row.rank < row.previous_rank else "down"

    moves = {row.indicator: kind_of(row) for row in both.itertuples()}
    kinds = {
        "up": ctx.phrase("workload.up"),
        "down": ctx.phrase("workload.down"),
        "level": ctx.phrase("workload.unchanged"),
        "noise": ctx.phrase("captions.within_survey_error"),
        "apart": ctx.phrase("workload.not_comparable"),
    }
    counts = [list(moves.values()).count(kind) for kind in kinds]
    told = ", ".join(f"{count} {word}" for count, word in zip(counts, kinds.values(), strict=True) if count)
    title = ctx.phrase("workload.indices_dimensions", province=ctx.name, n_both=len(both), told=told)

    def moved(frame: pd.DataFrame) -> bool:
        rows = frame.drop_duplicates("indicator").dropna(subset=["rank", "previous_rank"])
        alike = rows["crosses"] == ""
        gained = (rows["previous_rank"] - rows["rank"])[alike].astype(int)
        small = pd.Series([noise(row) for row in rows[alike].itertuples()], index=gained.index, dtype=bool)
        clear = gained[~small]
        moved_little = (gained[small] != 0).sum()
        return [(clear > 0).sum(), (clear < 0).sum(), (gained == 0).sum(), moved_little, (~alike).sum()] == counts

    claims = [Claim(title, moved)]
    note = ctx.phrase("workload.groups_tasks_those_province_s")
    if apart := [name for name, kind in moves.items() if kind == "apart"]:
        parts = [catalogue().component(name) for name in apart]
        names = listing(
            [
                index_name(part.index_id) + (ctx.phrase("workload.dimension") + part.number) * (part.level != "total")
                for part in parts
            ],
            ctx.language,
        )
        says = ctx.phrase("workload.grey_two_methods", names=names)
        claims.append(
            Claim(says, lambda frame: set(frame.loc[frame["crosses"].fillna("") != "", "indicator"]) == set(apart))
        )
        note = f"{note} {says}."
    if "noise" in moves.values():
        note += ctx.phrase("captions.score_changed_within_survey_error")
    if held[["rank_basis", "previous_rank_basis"]].eq("implied").any(axis=None):
        note += ctx.phrase("workload.worked_back_stated_change")
    subtitle = ctx.phrase("workload.ranks_indices_follow_tasks_open", province=ctx.name)
    ends = [
        f"{indicator_name(row['indicator'], ctx.language)} "
        f"({rank_of(row['rank'], row['n_ranked'], row['rank_basis'], ctx.language)})"
        for row in (
            held.loc[pick(held["percentile_position"].astype(float))] for pick in (pd.Series.idxmax, pd.Series.idxmin)
        )
    ]
    numbers = (ctx.phrase("workload.highest_place_lowest", first_ends=ends[0], second_ends=ends[1]),)
    kind = ctx.phrase("workload.dot_plot_task")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


@plot(lambda frame: 0.95 + 0.52 * len(frame))
def draw(watch: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Place among the provinces of every index that watches a task, now and one edition before, task by task."""
    left, right = 8.0, area.width - 4.5
    ax = area.axes(left, 0.55, right, area.height - 0.55)
    transform = ax.get_yaxis_transform()
    edge, far, earlier = -left / (right - left), 1 + (area.width - right) / (right - left), 2.25 / (right - left)
    indent = (3.6 - left) / (right - left)
    previous_task = None
    for y, row in enumerate(watch.itertuples()):
        if row.task_number != previous_task:
            title = ctx.pick(row.short_title, row.short_title_en)
            label(ax, edge, y, f"{row.task_number}. {title}", transform=transform, weight="bold")
            if previous_task is not None:
                ax.plot([edge, far], [y - 0.5] * 2, color=style.RULE, lw=0.5, transform=transform, clip_on=False)
            previous_task = row.task_number
        label(ax, indent, y, indicator_name(row.indicator, ctx.language), transform=transform, size=SMALL)
        ax.plot([0, 100], [y, y], color=style.RANGE, lw=0.8, zorder=1)
        if pd.isna(row.percentile_position):
            label(
                ax,
                50,
                y,
                word("not_collected", ctx.language),
                size=SMALL,
                ha="center",
                color=SOFT,
                style="italic",
                path_effects=HALO,
            )
            continue
        now, before = float(row.percentile_position), row.previous_position
        crossed = isinstance(row.crosses, str) and bool(row.crosses)
        moved = pd.notna(row.previous_rank) and row.rank != row.previous_rank
        editions = ctx.province.province_code, row.previous_edition, row.edition_year, ctx.province.boundary
        noise = bool(moved) and survey_error_explains(row.change, row.indicator, *editions)
        # ranks set side by side across a break, or within survey error, are neither a gain nor a loss
        fell = moved and row.rank > row.previous_rank
        colour = style.MIDDLE if crossed or noise else WORSE if fell else OWN
        if pd.notna(before):
            ls = style.DASHES if crossed else "-"
            ax.plot([before, now], [y, y], color=colour, lw=1.1 if crossed else 1.8, ls=ls, zorder=3)
            ax.plot(before, y, "o", ms=5, mfc="white", mec=colour, mew=1.2, zorder=4, clip_on=False)
        ax.plot(now, y, "o", ms=6.5, color=colour, mec="white", mew=0.7, zorder=5, clip_on=False)
        rank = rank_of(row.rank, row.n_ranked, row.rank_basis)
        label(
            ax,
            far,
            y,
            f"{rank} ({int(row.edition_year)}){' †' * crossed}{' ‡' * noise}",
            transform=transform,
            ha="right",
            size=SMALL,
            color=SOFT if crossed or noise else colour,
            weight="bold",
        )
        if pd.notna(row.previous_rank):
            was = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis)
            was = f"{was} ({int(row.previous_edition)})"
            label(ax, far - earlier, y, was, transform=transform, ha="right", size=SMALL, color=SOFT)
    ax.set_xlim(-3, 103)
    ax.set_ylim(len(watch) - 0.45, -0.55)
    ax.set_yticks([])
    ax.set_xticks(
        [0, 25, 50, 75, 100],
        [ctx.phrase("workload.last"), "", ctx.phrase("workload.middle"), "", ctx.phrase("workload.first")],
    )
    for x, head in ((far - earlier, ctx.phrase("workload.before")), (far, ctx.phrase("workload.rank_edition"))):
        label(ax, x, -0.55, head, transform=transform, ha="right", size=SMALL, dy=8, color=SOFT)
    ax.grid(False, axis="y")
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_visible(False)
    ax.tick_params(axis="x", length=0)
    return [ax]
