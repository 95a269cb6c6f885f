"""One row a pair of indices and edition: the correlation with its interval, against a line at zero."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, OWN, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.numbers import rounded

from .. import phrases, pieces
from ..pieces import plot
from ..wording import Context, index_name, sentence


def _pair(row, ctx: Context) -> str:
    return f"{index_name(row['index_a'])}–{index_name(row['index_b'])}"


WEAK, STRONG = 0.4, 0.7  # of a correlation's size: below, and from


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """In how many comparisons of whole lists two indices are related beyond chance, and how strongly."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("relations.no_two_indices_held_every"))
    count = len(rows)
    clear = rows.loc[(rows["low"] > 0) | (rows["high"] < 0), "rho"]
    related, sizes = len(clear), _sizes(clear, ctx)
    strong, weak = int((clear.abs() >= STRONG).sum()), bool((clear.abs() < WEAK).all())
    indices = ", ".join(index_name(i) for i in catalogue().indices if i in {*rows["index_a"], *rows["index_b"]})
    values = {"indices": indices, "years": phrases.years(rows), "count": count}
    if related:
        title = ctx.phrase("relations.pairs_related", related=related, **_relation(clear, ctx), **values)
    else:
        title = ctx.phrase("relations.none_pairs_shows_relation", **values)

    def counted(frame: pd.DataFrame) -> bool:
        # an interval on one side of zero has ends of one sign
        found = frame.loc[frame["low"] * frame["high"] > 0, "rho"]
        kinds = ((found >= STRONG) | (found <= -STRONG)).sum(), found.between(-WEAK, WEAK, inclusive="neither").all()
        return (len(frame), len(found), _sizes(found, ctx), *kinds) == (count, related, sizes, strong, weak)

    highest = _highest(rows, ctx)
    numbers = (
        phrases.of_all(ctx),
        highest.says,
        ctx.phrase("relations.between_provinces_common", min=int(rows["n"].min()), max=int(rows["n"].max())),
    )
    note = ctx.phrase(
        "relations.pair_two_indices_one_year",
        first_limits=ctx.number(WEAK, 1),
        second_limits=ctx.number(STRONG, 1),
        chance=ctx.number(0.05 * count, 1),
        count=count,
    )
    return Caption(
        title,
        ctx.phrase("relations.spearman_correlation_places_two_indices", years=phrases.years(rows)),
        note,
        ctx.phrase("relations.dots_intervals"),
        numbers,
        (Claim(title, counted), highest),
    )


def _sizes(found: pd.Series, ctx: Context) -> list[str]:
    """Correlations as they are printed, each once, the lowest first."""
    return [ctx.number(size, 2) for size in sorted({rounded(rho, 2) for rho in found})]


def _relation(clear: pd.Series, ctx: Context) -> dict[str, str]:
    """What a title says of the clear correlations: their kind, and how many are strong."""
    strong, weak = int((clear.abs() >= STRONG).sum()), bool((clear.abs() < WEAK).all())
    positive = bool((clear > 0).all())
    rest = ctx.phrase("relations.strong", strong=strong) if strong else ctx.phrase("relations.none_strong")
    return {"kind": ctx.phrase(f"relations.kind{'_positive' * positive}{'_weak' * weak}"), "rest": "" if weak else rest}


def _highest(rows: pd.DataFrame, ctx: Context) -> Claim:
    """The highest correlation of all, with its pair and edition."""
    most = rows.loc[rows["rho"].idxmax()]
    size, year, pair = ctx.number(most["rho"], 2), int(most["edition_year"]), _pair(most, ctx)

    def holds(frame: pd.DataFrame) -> bool:
        first = frame.sort_values("rho", kind="stable").iloc[-1]
        return _pair(first, ctx) == pair and first["edition_year"] == year and ctx.number(first["rho"], 2) == size

    return Claim(sentence(ctx.phrase("relations.highest", size=size, pair=pair, year=year)), holds)


ROW = 0.46  # cm of a comparison


@plot(lambda frame: 1.6 + ROW * len(frame) + 0.2 * frame.groupby(["index_a", "index_b"]).ngroups)
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """One row a pair of indices and edition: the correlation with its interval, against a line at zero."""
    top = 0.5
    pairs = [f"{index_name(a)} – {index_name(b)}" for a, b in zip(rows["index_a"], rows["index_b"], strict=True)]
    numbers = [
        f"{ctx.number(row.rho, 2)} ({ctx.number(row.low, 2)} {ctx.phrase('relations.to')} {ctx.number(row.high, 2)})"
        for row in rows.itertuples()
    ]
    wide = max(style.text_width(pair, SMALL, "bold") for pair in pairs)
    left = wide + 1.25
    right = area.width - max(style.text_width(text, SMALL) for text in numbers) - 1.35
    ax = area.axes(left, top, right, area.height - 0.6)
    ax.set_xlim(-1, 1)
    # a little room between two pairs
    places, place, before = [], 0.0, pairs[0]
    for pair in pairs:
        place += 0.2 / ROW * (pair != before)
        places.append(place)
        place, before = place + 1, pair
    ax.set_ylim(place - 0.5, -0.5)
    ax.axvline(0, color=style.MIDDLE, lw=1.0, zorder=1)
    shown, aside = None, ax.get_yaxis_transform()
    for y, pair, text, row in zip(places, pairs, numbers, rows.itertuples(), strict=True):
        clear = row.low > 0 or row.high < 0
        if pd.notna(row.low):
            ax.plot([row.low, row.high], [y, y], color=OWN if clear else style.OTHERS, lw=1.8, zorder=2)
        pieces.dot(ax, row.rho, y, True, 5.6)
        if pair != shown:
            label(ax, 0, y, pair, size=SMALL, ha="left", transform=aside, dx=-left / 2.54 * 72, weight="bold")
            shown = pair
        label(ax, 0, y, str(row.edition_year), size=SMALL, ha="right", transform=aside, dx=-6, color=SOFT)
        label(ax, 1, y, str(row.n), size=SMALL, ha="right", transform=aside, dx=22, color=SOFT)
        weight = "bold" if clear else "normal"
        label(ax, 1, y, text, size=SMALL, transform=aside, dx=31, color=INK if clear else SOFT, weight=weight)
    label(ax, 1, 1, "n", size=SMALL, ha="right", transform=ax.transAxes, dx=22, dy=8, color=SOFT)
    head = ctx.phrase("relations.correlation_95")
    label(ax, 1, 1, head, size=SMALL, transform=ax.transAxes, dx=31, dy=8, color=SOFT)
    ax.set_yticks([])
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    pieces.number_axis(ax.xaxis, ctx)
    ax.tick_params(axis="x", length=0, labelsize=SMALL)
    ax.grid(False)
    ax.xaxis.grid(True)
    return [ax]
