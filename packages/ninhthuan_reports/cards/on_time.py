"""Shares on time by level and channel on a cut axis: now, the quarter before, the year before, and the target."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, OWN, SMALL, WORSE, Area, label
from ninhthuan.language import day, listing
from ninhthuan.language import label as word

from .. import phrases, pieces
from ..claims import together
from ..dossiers import judged
from ..pieces import plot
from ..wording import Context, lower_first, percent


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The lowest share on time, against the target."""
    rows = _alike(rows)
    parts = rows[rows["part"] != "all"]  # of which the whole is made
    listed = [
        f"{phrases.share(value, ctx, decimals)} ({lower_first(word(part, ctx.language))})"
        for part, value, decimals in phrases.read(rows, "part", "value", "decimals")
    ]
    listed = listing(listed, ctx.language)
    if parts.empty:
        raise phrases.nothing(ctx.phrase("dossiers.fewer_than_three_shares_time", province=ctx.name))
    if len(parts) < 3:
        when = phrases.quarter_word(parts["quarter"].iloc[0], ctx)
        raise phrases.nothing(ctx.phrase("dossiers.time_short", province=ctx.name, when=when, listed=listed))
    low, high = parts.loc[parts["value"].idxmin()], parts.loc[parts["value"].idxmax()]
    names = [lower_first(word(row["part"], ctx.language)) for row in (low, high)]
    if low["level"] == high["level"] == "all":  # both are channels
        names[0] = ctx.phrase("dossiers.dossiers", first_names=names[0])
    when = phrases.quarter_word(low["quarter"], ctx)
    ends = [(row["part"], phrases.as_printed(row, ctx)) for row in (low, high)]
    press = bool(phrases.of_press(rows, ctx))
    values = {
        "province": ctx.name,
        "when": when,
        "first_names": names[0],
        "first_share": ends[0][1],
        "second_names": names[1],
        "second_share": ends[1][1],
    }
    title = ctx.phrase("dossiers.time_2", **values)
    claims = _target(rows, ctx)
    if claims:
        title += ctx.phrase("dossiers.target_2", aim=phrases.round_share(low["target"], ctx))
    claims.append(Claim(title, lambda frame: _are_ends(frame, ends)))
    notes = (
        ctx.phrase("dossiers.axis_does_not_start_0"),
        ctx.phrase("dossiers.open_quarter_before") * bool(rows["quarter_before"].notna().any()),
        ctx.phrase("dossiers.diamond_same_quarter_last_year") * bool(rows["year_before"].notna().any()),
        phrases.how_known(rows, ctx, full=False),
    )
    return Caption(
        title,
        ctx.phrase("dossiers.share_resolved_dossiers_time") + ctx.phrase("dossiers.of_the_press") * press,
        together(notes),
        ctx.phrase("dossiers.dot_plot_level_channel"),
        (ctx.phrase("dossiers.time_3", listed=listed),),
        tuple(claims),
    )


def _alike(rows: pd.DataFrame) -> pd.DataFrame:
    """The shares with the decimals of the roughest: one worked out from counts is no finer than those beside it."""
    return rows.assign(decimals=rows["decimals"].min())


def _target(rows: pd.DataFrame, ctx: Context) -> list[Claim]:
    """How many rows are below the target, where each is judged by it."""
    if not judged(rows).all():
        return []
    target, missed = rows["target"].iloc[0], int((rows["value"] < rows["target"]).sum())

    def below(frame: pd.DataFrame) -> bool:
        pairs = phrases.read(frame, "value", "target")
        return set(frame["target"]) == {target} and sum(value < aim for value, aim in pairs) == missed

    aim = phrases.round_share(target, ctx)
    return [Claim(ctx.phrase("dossiers.target_rows_below", aim=aim, missed=missed), below)]


def _are_ends(frame: pd.DataFrame, ends: list[tuple[str, str]]) -> bool:
    """Whether these parts have the lowest and the highest share, and what is printed is no rounding of another."""
    found = {part: value for part, value in phrases.read(frame, "part", "value") if part != "all"}
    ordered = sorted(found.values())
    return [ordered[0], ordered[-1]] == [found[part] for part, _ in ends] and all(
        abs(found[part] - float(text.rstrip("%").replace(",", "."))) < 0.005 for part, text in ends
    )


@plot(lambda rows: 1.05 + 0.72 * len(rows))
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Shares on time by level and channel on a cut axis: now, the quarter before, the year before, and the target."""
    left, right = 3.3, area.width - 1.7
    ax = area.axes(left, 0.5, right, area.height - 0.55)
    transform = ax.get_yaxis_transform()
    seen = rows[["value", "quarter_before", "year_before", "target"]].to_numpy(dtype=float)
    low, high = np.floor(np.nanmin(seen) - 1), min(np.ceil(np.nanmax(seen) + 1), 100)
    ax.set_xlim(low, high + 0.02 * (high - low))
    # no row is short of a target set within the quarter
    rows = _alike(rows).assign(judged=judged(rows))
    for y, row in enumerate(rows.itertuples()):
        short = row.judged and row.value < row.target
        colour = WORSE if short else OWN
        ax.plot([low, high], [y, y], color=style.RANGE, lw=0.8, zorder=1)
        # one set within the quarter is the whole province's alone
        if pd.notna(row.target) and (row.judged or row.part == "all"):
            wide = 2.4 if row.judged else 1.2
            ax.plot([row.target] * 2, [y - 0.36, y + 0.36], color=INK, lw=wide, solid_capstyle="butt", zorder=2)
        for value, marker in ((row.year_before, "D"), (row.quarter_before, "o")):
            if pd.notna(value):
                ax.plot(value, y, marker, ms=5, mfc="white", mec=style.MIDDLE, mew=1.1, zorder=3, clip_on=False)
        ax.plot(row.value, y, "o", ms=7.5, color=colour, mec="white", mew=0.8, zorder=4, clip_on=False)
        weight = "bold" if row.part == "all" else "normal"
        label(ax, -left / (right - left), y, word(row.part, ctx.language), transform=transform, weight=weight)
        text = percent(row.value, int(row.decimals), ctx.language) + "*" * (row.basis == "derived")
        label(ax, 1 + 1.7 / (right - left), y, text, transform=transform, ha="right", weight="bold", color=colour)
    targets = rows["target"].dropna()
    if len(targets):
        aim = phrases.round_share(targets.iloc[0], ctx)
        words = ctx.phrase("dossiers.target", aim=aim)
        if not rows["judged"].all():
            since = day(rows["target_from"].max().date(), ctx.language)
            words += ctx.phrase("dossiers.from", since=since)
        label(ax, targets.iloc[0], -0.5, words, ha="center", dy=7, size=SMALL)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    pieces.percent_axis(ax, MaxNLocator(6, integer=True), ctx)
    return [ax]
