"""The rank of one province by each way of adding up: solid dots where its group is the published one."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.catalogue import GROUPS, catalogue
from ninhthuan.certainty import DRAWS
from ninhthuan.language import label as word
from ninhthuan.measures import position_groups
from ninhthuan.words import bilingual

from .. import phrases, pieces, placing, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, HALO, INK, OWN, SMALL, SOFT, Area, label
from ..wording import Context, component_name, lower_first, percent, rank_of


def caption(ways: pd.DataFrame, ctx: Context) -> Caption:
    """In how many other ways of adding up the province stays in its group."""
    if ways.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("certainty.scores_papi_s_dimensions_needed", province=ctx.name),
        )
    by_way = ways.set_index("alternative")
    year = int(ways["edition_year"].iloc[0])
    published, random = by_way.loc["published"], by_way.loc["random_weights"]
    others = ways[~ways["alternative"].isin(["published", "random_weights"])]
    stays, group, tried = int(others["stays"].sum()), published["group"], len(others)
    share = percent(random["share_stays"], 1, ctx.language)

    def counted(frame: pd.DataFrame) -> bool:
        """Groups by places, where the frame has them by scores."""
        position = 100 * (frame["n_ranked"] - frame["rank"]) / (frame["n_ranked"] - 1)
        found = position_groups(position.astype(float))
        first = found[frame["alternative"] == "published"].item()
        rest = found[~frame["alternative"].isin(["published", "random_weights"])]
        return (
            first == group
            and int((rest == first).sum()) == stays
            and len(rest) == tried
            and frame["edition_year"].eq(year).all()
            and percent(frame.loc[frame["alternative"] == "random_weights", "share_stays"].item(), 1, ctx.language)
            == share
        )

    title = ctx.phrase(
        "certainty.papi_keeps_group_ways_random", year=year, province=ctx.name, stays=stays, tried=tried, share=share
    )
    subtitle = ctx.phrase(
        "certainty.papi_rank_if_dimensions_added", year=year, province=ctx.name, n_ranked=int(published["n_ranked"])
    )
    drawn = ctx.number(DRAWS, 0)
    span = f"{int(random['rank_low'])}–{int(random['rank_high'])}"
    note = ctx.phrase("certainty.groups_quartile_papi_s_rule", drawn=drawn, share=share, span=span)
    withheld = phrases.withheld_note("papi", year, ctx)
    low, high = others.loc[others["rank"].idxmin()], others.loc[others["rank"].idxmax()]
    numbers = (
        ctx.phrase(
            "certainty.group_published_random_weights_rank", group_name=phrases.group_name(group, ctx), span=span
        ),
        ctx.phrase(
            "certainty.rank_published_total_fixed_ways",
            rank_of=rank_of(published["rank"], published["n_ranked"]),
            rank_of_2=rank_of(low["rank"], low["n_ranked"]),
            lower_first=lower_first(way_name(low, ctx)),
            rank_of_3=rank_of(high["rank"], high["n_ranked"]),
            lower_first_2=lower_first(way_name(high, ctx)),
        ),
    )
    kind = ctx.phrase("certainty.dot_chart_ranks_way_adding")
    return Caption(
        title, subtitle, f"{note} {withheld}".strip(), kind, numbers, (Claim(title, counted), phrases.about(ctx))
    )


def way_name(row: pd.Series, ctx: Context) -> str:
    """One way of adding up, as charts and captions call it."""
    if row["alternative"] == "drop":
        part = catalogue().component(row["dropped"], int(row["edition_year"]))
        return ctx.phrase("certainty.without", component_name=(component_name(part, "vi"), component_name(part, "en")))
    return {
        "published": ctx.phrase("certainty.published_plain_sum"),
        "weighted": ctx.phrase("certainty.papi_s_own_weighted_total"),
        "geometric_mean": ctx.phrase("certainty.geometric_mean"),
        "min_max": ctx.phrase("certainty.min_max_scaling"),
        "z_scores": ctx.phrase("certainty.z_scores"),
        "mean_rank": ctx.phrase("certainty.mean_ranks"),
        "random_weights": ctx.phrase("certainty.random_weights"),
    }[row["alternative"]]


def _height_of_ways(ways: pd.DataFrame) -> float:
    return 1.3 + 0.47 * len(ways) + 0.5 * (not ways["stays"].all())


@plot(_height_of_ways)
def draw(ways: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """The rank of one province by each way of adding up: solid dots where its group is the published one."""
    ways = ways.reset_index(drop=True)
    count = int(ways["n_ranked"].max())
    names = [way_name(row, ctx) for _, row in ways.iterrows()]
    left = 0.3 + max(
        style.text_width(name, BASE, "bold" if place == 0 else "normal") for place, name in enumerate(names)
    )
    key = 0.0
    if not ways["stays"].all():
        same, other = ctx.phrase("certainty.published_group"), ctx.phrase("certainty.another_group")
        key = pieces.key(area, 0, [("own", same), ("open", other)], left=left) + 0.05
    ax = area.axes(left, key + 0.5, area.width - 0.1, area.height - 0.55)
    ax.set_xlim(-0.5, count + 1.5)
    ax.set_ylim(len(ways) + 0.05, -0.5)
    # by the quartile rule the borders stand a quarter of the way from the first place to the last
    borders = [-0.5, *(1 + (count - 1) * share for share in (0.25, 0.5, 0.75)), count + 1.5]
    # a place on a border belongs to the better group
    borders[1:4] = [int(border) + 0.5 for border in borders[1:4]]
    for group, shade, start, end in zip(GROUPS, style.BANDS, borders[:-1], borders[1:], strict=True):
        ax.axvspan(start, end, color=shade, lw=0, zorder=0.4)
        label(ax, (start + end) / 2, 1, word(group, ctx.language), size=SMALL, ha="center", dy=7,
              transform=ax.get_xaxis_transform(), color=SOFT)  # fmt: skip
    for border in borders[1:4]:
        ax.axvline(border, color="white", lw=1.2, zorder=0.6)
    ax.axvline(ways["rank"].iloc[0], color=OWN, lw=0.8, zorder=1)
    for place, (row, name) in enumerate(zip(ways.itertuples(), names, strict=True)):
        first = row.alternative == "published"
        # an interval stands apart, so that words fit over it
        place += 0.5 * pd.notna(row.rank_low)
        if pd.notna(row.rank_low):
            ax.plot([row.rank_low, row.rank_high], [place] * 2, color=OWN, lw=2.2, zorder=3, solid_capstyle="butt")
        ax.plot(
            row.rank,
            place,
            "o",
            ms=7.5 if first else 6,
            color=OWN if row.stays else "white",
            mec=OWN,
            mew=1.3,
            zorder=5,
        )
        end = row.rank_high if pd.notna(row.rank_high) else row.rank
        text = (
            f"{int(row.rank)}"
            if pd.isna(row.rank_low)
            else f"{int(row.rank)} ({int(row.rank_low)}–{int(row.rank_high)})"
        )
        start = row.rank_low if pd.notna(row.rank_low) else row.rank
        wide = 0.35 + style.text_width(text, BASE)
        # after the mark, before it, or over the longer arm of an interval that leaves room at neither end
        x, dx, hold, up = end, 6, "left", 0
        if (count + 1.5 - end) * placing.cm_per_unit(ax) < wide:
            x, dx, hold = start, -6, "right"
            if (start + 0.5) * placing.cm_per_unit(ax) < wide:
                longer = start if row.rank - start > end - row.rank else end
                x, dx, hold = (row.rank + longer) / 2, 0, "center"
                up = 8
        look = {"color": OWN, "weight": "bold" if first else "normal", "path_effects": HALO, "zorder": 6}
        label(ax, x, place, text, dx=dx, dy=up, ha=hold, **look)
        label(ax, 0, place, name, ha="right", dx=-6, transform=ax.get_yaxis_transform(), color=INK,
              weight="bold" if first else "normal")  # fmt: skip
    ax.set_yticks([])
    ax.set_xticks([tick for tick in pieces.RANK_TICKS if tick <= count])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]
