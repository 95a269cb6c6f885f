"""Each province above at its distance, the best on top; how often such a distance was risen by stands beside."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.words import bilingual

from .. import phrases, pieces, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, INK, OWN, SMALL, SOFT, Area, label
from ..wording import Context, province_name, rank_of, share_of_cases


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many of the provinces next above are a gap away that was closed often."""
    own = phrases.own_rows(rows, ctx) if len(rows) else rows
    if own.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("reach.has_no_papi_total_newest", province=ctx.name),
        )
    own, above = own.iloc[0], rows[rows["gap"] > 0].sort_values("gap")
    year, placed = int(own["edition_year"]), rank_of(own["rank"], own["n_ranked"])
    if above.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("reach.no_province_stands_above_papi", province=ctx.name, year=year),
        )
    count, pairs = len(above), int(above["n_year_pairs"].iloc[0])
    nearest = above.iloc[0]
    name = province_name(nearest["province_code"], nearest["boundary"], ctx.language)
    code, size = nearest["province_code"], phrases.size(nearest["gap"], ctx)

    def is_nearest(frame: pd.DataFrame) -> bool:
        mine = phrases.own_rows(frame, ctx)["score"].item()
        gaps = {
            other: phrases.apart(score, mine)
            for other, score in zip(frame["province_code"], frame["score"], strict=True)
            if score > mine
        }
        itself = phrases.own_rows(frame, ctx)["gap"].item() == 0 and frame["edition_year"].eq(year).all()
        return (
            itself and gaps[code] == min(gaps.values()) and phrases.size(gaps[code], ctx) == size and len(gaps) == count
        )

    near = ctx.phrase("reach.next_points_ahead", name=name, size=size)
    claims = [Claim(ctx.phrase("reach.above", province=ctx.name, near=near), is_nearest)]
    if pairs:
        within = int(above["within_reach"].sum())

        def reached(frame: pd.DataFrame) -> bool:
            there = frame[frame["gap"] > 0]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            return (
                (4 * there["n_closed"] >= there["n_year_pairs"]).sum() == within == there["within_reach"].sum()
                and len(there) == count
                and (shares - there["closed_share"]).abs().max() < 1e-9
            )

        says = ctx.phrase(
            ("reach.provinces_next_above_within_reach" if within == 1 else "reach.provinces_next_above_within_reach_2"),
            within=within,
            count=count,
        )
        title = f"PAPI {year}, {ctx.name}: {says}; {near}"
        claims.append(Claim(says, reached))
    else:
        title = f"PAPI {year}, {ctx.name}: {near}"
    seen = ctx.phrase("reach.how_many_cases_total_rose")
    subtitle = ctx.phrase(
        "reach.how_far_papi_totals_provinces", year=year, province=ctx.name, placed=placed
    ) + seen * bool(pairs)
    rule = ctx.phrase("reach.within_reach_least_one_case")
    if pairs:
        begun, sets = int(nearest["first_year"]), int(nearest["n_pairs"])
        rule += (
            ctx.phrase("reach.rests_one_pair_editions_alone", begun=begun, begun_2=begun + 1, pairs=pairs)
            if sets == 1
            else ctx.phrase("reach.rests_pairs_editions_measured_alike", sets=sets, begun=begun, pairs=pairs)
        )
    if pairs and (own_group := int(nearest["own_group_pairs"])):
        rule += ctx.phrase(
            "reach.province_s_own_group_cases",
            own_group=own_group,
            share_of_cases=(
                share_of_cases(nearest["own_group_share"], "vi"),
                share_of_cases(nearest["own_group_share"], "en"),
            ),
        )
    far = above.iloc[-1]
    numbers = [
        ctx.phrase(
            "reach.provinces_points_ahead",
            count=count,
            size=phrases.size(nearest["gap"], ctx),
            size_2=phrases.size(far["gap"], ctx),
        )
    ]
    if pairs:
        numbers.append(
            ctx.phrase(
                "reach.cases_rose_least_distance",
                share_of_cases=share_of_cases(nearest["closed_share"], ctx.language),
                pairs=pairs,
                name=name,
            )
        )
    peers = int(nearest["own_group_pairs"])
    if peers:
        alike = share_of_cases(nearest["own_group_share"], ctx.language)
        group = phrases.group_name(own["group"], ctx)
        says = ctx.phrase("reach.provinces_group_alone_cases", group=group, alike=alike, peers=peers)

        def of_own_group(frame: pd.DataFrame) -> bool:
            row = frame[frame["province_code"] == code].iloc[0]
            counted = row["own_group_closed"] / row["own_group_pairs"]
            return share_of_cases(counted, ctx.language) == alike and row["own_group_pairs"] == peers

        numbers.append(says)
        claims.append(Claim(says, of_own_group))
    if pairs and (noise := phrases.noise_note(nearest, ctx)):
        rule += f" {noise}."
        numbers.append(noise)
    none = ctx.phrase("reach.no_two_editions_row_one")
    rule = f"{rule} {phrases.cases_note(ctx)}" if pairs else none
    note = f"{rule} {phrases.unrounded_note(ctx)} {phrases.error_note(ctx)}"
    kind = ctx.phrase("reach.dot_strip")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


@plot(lambda frame: 2.5 + 0.55 * (frame["gap"] > 0).sum())
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Each province above at its distance, the best on top; how often such a distance was risen by stands beside."""
    above = rows[rows["gap"] > 0].sort_values("gap", ascending=False).reset_index(drop=True)
    own = rows[rows["province_code"] == ctx.province.province_code].iloc[0]
    names = [
        f"{province_name(row.province_code, row.boundary, ctx.language)} ({rank_of(row.rank, row.n_ranked)})"
        for row in above.itertuples()
    ]
    known = above["within_reach"].notna().any()
    # of the first edition of a method no case is known, and no column is set
    shares = [_cases(row, ctx) if known else "" for row in above.itertuples()]
    head = ctx.phrase("relations.cases_rose_so") if known else ""
    left = max(style.text_width(name, BASE) for name in names) + 0.35
    right = area.width - max(style.text_width(text, SMALL) for text in (*shares, head)) - 0.45
    # a key of what is drawn alone
    kinds = [
        ("own", ctx.phrase("relations.within_reach"), True),
        ("open", ctx.phrase("relations.out_reach"), False),
    ]
    items = [(kind, text) for kind, text, reached in kinds if known and above["within_reach"].eq(reached).any()]
    top = (pieces.key(area, 0, items) if items else 0) + 0.55
    ax = area.axes(left, top, right, area.height - 1.0)
    furthest = above["gap"].max()
    ax.set_xlim(0, furthest * 1.14)
    ax.set_ylim(len(above) - 0.5, -0.5)
    for place, row in enumerate(above.itertuples()):
        reached = not known or bool(row.within_reach)
        ax.plot([0, row.gap], [place, place], color=style.BOX, lw=1.4, zorder=2)
        pieces.dot(ax, row.gap, place, reached, 6.5)
        size = ctx.number(row.gap, 2)
        size = f"<{ctx.number(0.01, 2)}" if size == ctx.number(0, 2) else size
        label(ax, row.gap, place, size, size=SMALL, dx=6.5, path_effects=style.HALO)
        label(ax, 0, place, names[place], ha="right", dx=-8)
        if known:
            label(ax, 1, place, shares[place], size=SMALL, transform=ax.get_yaxis_transform(), dx=9, color=SOFT)
    if known:
        label(ax, 1, 1, head, size=SMALL, transform=ax.transAxes, dx=9, dy=8, color=SOFT)
    ax.axvline(0, color=INK, lw=1.2, zorder=3)
    ax.set_yticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    ticks = [tick for tick in ax.get_xticks() if 0 < tick <= furthest]
    ax.set_xticks([0, *ticks[:: max(1, len(ticks) // 4)]])
    pieces.number_axis(ax.xaxis, ctx)
    ax.tick_params(axis="x", length=0, labelsize=SMALL)
    own_name = ctx.phrase("relations.points_ahead", province=ctx.name)
    own_name += f" ({ctx.number(own['score'], 2)}; {rank_of(own['rank'], own['n_ranked'])})"
    label(ax, 0, 0, own_name, size=SMALL, transform=ax.transAxes, dy=-23, color=OWN, weight="bold")
    return [ax]


def _cases(row, ctx: Context) -> str:
    if pd.isna(row.closed_share):
        return "…"
    return f"{share_of_cases(row.closed_share, ctx.language)} ({int(row.n_closed)}/{int(row.n_year_pairs)})"
