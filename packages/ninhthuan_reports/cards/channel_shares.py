"""Dossiers of one period by channel: bars of the share from the counts, with counts and printed shares beside."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ninhthuan.language import label as word
from ninhthuan.language import listing
from ninhthuan.periods import period_kind

from .. import phrases, pieces
from ..claims import fitting, together
from ..pieces import plot
from ..wording import Context, lower_first, percent, period_name, sentence


def _newest_period(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["period_end"] == frame["period_end"].max()]


def caption(shares: pd.DataFrame, ctx: Context) -> Caption:
    """Share of the main channel, and a printed share that contradicts the counts."""
    if shares.empty:
        raise phrases.nothing(ctx.phrase("workload.no_dossiers_channel_held_up", province=ctx.name))
    shares = _newest_period(shares)
    first = shares.iloc[0]
    period = phrases.when(first["period_start"], first["period_end"], ctx)
    most = shares.nlargest(2, "count")
    leading = [(name, percent(share, 2, ctx.language)) for name, share in phrases.read(most, "channel", "share")]
    (largest, share), *second = leading
    came = ctx.phrase(
        "workload.dossiers_came", province=ctx.name, period=period, share=share, channel=_by(largest, ctx)
    )
    also = "".join(ctx.phrase("workload.and_came", share=share, channel=_by(name, ctx)) for name, share in second)
    title = fitting((came + also, came))

    def leads(frame: pd.DataFrame) -> bool:
        frame = _newest_period(frame)
        rows = frame.sort_values("count", ascending=False).head(2)
        drawn = [(row.channel, percent(row.share, 2, ctx.language)) for row in rows.itertuples()]
        counted = [(name, percent(_counted(frame, name), 2, ctx.language)) for name, _ in leading]
        when = phrases.when(frame["period_start"].iloc[0], frame["period_end"].iloc[0], ctx)
        return drawn == counted == leading and when == period

    claims = [Claim(title, leads), *_contradicted(shares, ctx)]
    counts = [f"{ctx.number(count, 0)} {_by(name, ctx)}" for name, count in phrases.read(shares, "channel", "count")]
    total = ctx.number(shares["total"].iloc[0], 0)
    by_channel = ctx.phrase("workload.by_channel", total=total, listed=listing(counts, ctx.language))
    starred = [
        ctx.phrase("workload.starred", of=f"{ctx.number(count, 0)}/{total}", printed=printed, counted=counted)
        for count, *pair in phrases.read(shares[shares["contradicted"]], "count", "printed", "share")
        for printed, counted in [[percent(share, 2, ctx.language) for share in pair]]
    ]
    subtitle = ctx.phrase("workload.dossiers_received_channel_all", total=total)
    note, kind = (
        together((ctx.phrase("workload.shares_recomputed_counts"), *starred)),
        ctx.phrase("workload.bars_channel"),
    )
    return Caption(title, subtitle, note, kind, (by_channel, *(claim.says for claim in claims[1:])), tuple(claims))


def _by(channel: str, ctx: Context) -> str:
    """A channel after a number of dossiers: `trực tuyến`, `qua bưu chính công ích`."""
    return ctx.phrase("workload.by") * (channel == "postal") + lower_first(word(channel, ctx.language))


def _counted(frame: pd.DataFrame, channel: str) -> Decimal:
    """Share of a channel from the counts, in per cent."""
    row = frame[frame["channel"] == channel].iloc[0]
    return 100 * Decimal(str(row["count"])) / Decimal(str(row["total"]))


def _contradicted(shares: pd.DataFrame, ctx: Context) -> list[Claim]:
    """A printed share that contradicts the counts, if any does."""
    wrong = shares[shares["contradicted"]]
    if wrong.empty:
        return []
    row = wrong.iloc[0]
    doubted, printed, counted = row["channel"], *(percent(row[name], 2, ctx.language) for name in ("printed", "share"))

    def contradicts(frame: pd.DataFrame) -> bool:
        frame = _newest_period(frame)
        row = frame[frame["channel"] == doubted].iloc[0]
        found = percent(row["printed"], 2, ctx.language), percent(_counted(frame, doubted), 2, ctx.language)
        return found == (printed, counted) and printed != counted and row["contradicted"]

    key = "workload.printed_share_contradicts_counts"
    says = ctx.phrase(key, doubted=_by(doubted, ctx), printed=printed, counted=counted)
    return [Claim(sentence(says), contradicts)]


@plot(lambda shares: 8.0 if shares["period_end"].nunique() > 1 else 1.15 + 0.9 * len(shares))
def draw(shares: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Dossiers of one period by channel: bars of the share from the counts, with counts and printed shares beside.

    Of several periods: totals as columns above, and under them the shares of each period, all to one height.
    """
    if shares["period_end"].nunique() > 1:
        return _channel_periods(shares, area, ctx)
    left, right, thick = 3.3, area.width - 7.9, 0.5
    ax = area.axes(left, 0.65, right, area.height - 0.5)
    beside = {"transform": ax.get_yaxis_transform(), "ha": "right"}
    heads = "workload.dossiers", "workload.recomputed", "workload.printed"
    places = [(cm - left) / (right - left) for cm in (right + 1.35, right + 4.4, area.width)]
    for y, row in enumerate(shares.itertuples()):
        ax.barh(y, 100, height=thick, color="#F1F1F1", lw=0, zorder=1)
        ax.barh(y, row.share, height=thick, color=style.SECOND if y else OWN, lw=0, zorder=2)
        name, weight = word(row.channel, ctx.language), "normal" if y else "bold"
        label(ax, -left / (right - left), y, name, transform=ax.get_yaxis_transform(), weight=weight)
        wrong = {"color": INK, "weight": "bold"} if row.contradicted else {"color": SOFT}
        cells = (
            (ctx.number(row.count, 0), {}),
            (percent(row.share, 2, ctx.language), {"weight": "bold", "color": OWN}),
            (percent(row.printed, 2, ctx.language) + "*" * bool(row.contradicted), wrong),
        )
        for x, (text, look) in zip(places, cells, strict=True):
            label(ax, x, y, text, **beside, **look)
    for x, head in zip(places, heads, strict=True):
        label(ax, x, -0.5, ctx.phrase(head), dy=8, color=SOFT, **beside)
    ax.set_ylim(len(shares) - 0.5, -0.5)
    ax.set_xlim(0, 100)
    pieces.percent_axis(ax, FixedLocator([0, 50, 100]), ctx)
    return [ax]


def _short_period(row, ctx: Context) -> str:
    """Name of a period under a column: in English a quarter is `Q1 2024`."""
    if ctx.language == "en" and period_kind(row.period_start.date(), row.period_end.date()) == "quarter":
        return f"Q{row.period_end.quarter} {row.period_end.year}"
    return sentence(period_name(row.period_start, row.period_end, ctx.language))


def _channel_periods(shares: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Totals of several periods over the shares of the channels, the one with the most dossiers at the foot."""
    periods = shares.drop_duplicates("period_end").sort_values("period_end")
    places = {end: x for x, end in enumerate(periods["period_end"])}
    newest = shares[shares["period_end"] == periods["period_end"].iloc[-1]].sort_values("count", ascending=False)
    # fill, its figures, its name beside
    fills = (OWN, "white", OWN), (style.SECOND, INK, pieces.SHADE), (style.BOX, INK, SOFT)
    looks = dict(zip(newest["channel"], fills, strict=False))
    named = max(style.text_width(word(channel, ctx.language), BASE, "bold") for channel in looks)
    right = area.width - named - 0.3
    heads = (ctx.phrase("workload.all_dossiers"), ctx.phrase("workload.share_each_channel"))
    totals, parts = area.axes(0, 0.95, right, 2.5), area.axes(0, 3.2, right, area.height - 0.9)
    for ax, head in zip((totals, parts), heads, strict=True):
        ax.set_xlim(-0.5, len(periods) - 0.5)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.grid(False)
        label(ax, 0, 1, head, transform=ax.transAxes, size=SMALL, dy=18 if ax is totals else 7, color=SOFT)
    for row in periods.itertuples():
        x = places[row.period_end]
        totals.bar(x, row.total, width=0.62, color=style.OTHERS, lw=0, zorder=2)
        label(totals, x, row.total, ctx.number(row.total, 0), ha="center", dy=6.5)
        unit = placing.cm_per_unit(parts)
        lines = style.wrap(_short_period(row, ctx), SMALL, unit - 0.1)
        label(parts, x, 0, "\n".join(lines), transform=parts.get_xaxis_transform(), ha="center", size=SMALL, dy=-14)
    totals.set_ylim(0, periods["total"].max() * 1.02)
    foot = dict.fromkeys(places, 0.0)
    for channel, (fill, figures, beside) in looks.items():
        for row in shares[shares["channel"] == channel].itertuples():
            x = places[row.period_end]
            parts.bar(x, row.share, bottom=foot[row.period_end], width=0.62, color=fill, ec="white", lw=0.8, zorder=2)
            if row.share >= 6:
                middle = foot[row.period_end] + row.share / 2
                label(parts, x, middle, ctx.number(row.share, 0), ha="center", color=figures, zorder=3)
            foot[row.period_end] += row.share
        looks[channel] = (foot[row.period_end] - row.share / 2, beside)
    heights = style.spread([y for y, _ in looks.values()], 8, bounds=(0, 100))
    for (channel, (_, colour)), y in zip(looks.items(), heights, strict=True):
        look = {"transform": parts.get_yaxis_transform(), "color": colour, "weight": "bold"}
        label(parts, 1, y, word(channel, ctx.language), **look)
    parts.set_ylim(0, 100)
    return [totals, parts]
