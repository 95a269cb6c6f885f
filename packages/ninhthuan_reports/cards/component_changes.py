"""Change of every component between two editions, largest fall first; grey what was not measured alike."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.catalogue import catalogue
from ninhthuan.words import bilingual

from .. import phrases, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import Context, component_name, lower_first, rank_of


def caption(pairs: pd.DataFrame, ctx: Context) -> Caption:
    """Largest fall and largest rise."""
    if pairs.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("papi.has_no_papi_sub_dimensions", province=ctx.name),
        )
    year, before = int(pairs["edition_year"].iloc[0]), int(pairs["previous_edition"].iloc[0])
    alike = phrases.alike(pairs)
    low, high = alike.loc[alike["change"].idxmin()], alike.loc[alike["change"].idxmax()]
    rose, fell, still = phrases.directions(pairs["change"])
    most, falling = (low, True) if -low["change"] >= high["change"] else (high, False)
    known = catalogue()

    def named(row) -> str:
        component = known.component(row["component_id"], year)
        name = lower_first(component_name(component, ctx.language, numbered=False))
        return f"{name} ({component.number}; {ctx.number(row['change'], 2, sign=True)})"

    counted = (
        ctx.phrase("papi.sub_dimensions_rose_fell_hardly", rose=rose, fell=fell, still=still)
        if bool(still)
        else ctx.phrase("papi.sub_dimensions_rose_fell", rose=rose, fell=fell)
    )
    # grey in the picture
    key = "papi.papi_most_changed_but_grey" if len(alike) < len(pairs) else "papi.papi_most_changed"
    title = ctx.phrase(key, year=year, province=ctx.name, named=named(most))
    part, size = most["component_id"], ctx.number(most["change"], 2, sign=True)

    def exact(frame: pd.DataFrame) -> dict[str, Decimal]:
        now = frame[frame["edition_year"].eq(year) & frame["previous_edition"].eq(before)]
        return {
            part: phrases.apart(*pair) for part, *pair in phrases.read(now, "component_id", "score", "previous_score")
        }

    def leads(frame: pd.DataFrame) -> bool:
        found, drawn = exact(frame), frame.loc[frame["component_id"] == part, "change"].item()
        prints = ctx.number(found[part], 2, sign=True) == ctx.number(drawn, 2, sign=True) == size
        steps = [b for b in known.breaks if before < b.edition_year <= year]
        own_steps = {b.component_id for b in steps}
        of_all = {b.component_id for b in steps if b.severity != "suspected"}
        own = {n: c for n, c in found.items() if n not in own_steps and n.rpartition("_")[0] not in of_all} or found
        return prints and max(own.values(), key=abs) == found[part] and (found[part] < 0) == falling

    claims = (
        phrases.about(ctx),
        Claim(
            counted,
            lambda frame: (
                phrases.directions(exact(frame).values()) == phrases.directions(frame["change"]) == (rose, fell, still)
            ),
        ),
        Claim(ctx.phrase("papi.largest_change", named=named(most)), leads),
    )
    other = high if falling else low
    numbers = [ctx.phrase(("papi.largest_rise" if falling else "papi.largest_fall"), named=named(other))] * bool(
        (other["change"] > 0) == falling
    )
    numbers.append(ctx.phrase("papi.from_to", year=year, before=before, counted=counted))
    subtitle = ctx.phrase("papi.change_papi_sub_dimension_scores", province=ctx.name, before=before, year=year)
    note = ctx.phrase("papi.scale_0_25_2_5")
    steps = phrases.break_notes(pairs["component_id"], before, year, ctx)
    grey = ctx.phrase("papi.grey_not_alike") if phrases.not_alike(pairs).any() else ""
    note = " ".join(filter(None, [note, phrases.unrounded_note(ctx), steps, grey]))
    return Caption(title, subtitle, note, ctx.phrase("papi.horizontal_bars"), tuple(numbers), claims)


@plot(lambda frame: 0.75 + 0.415 * len(frame))
def draw(pairs: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Change of every component between two editions, largest fall first; grey what was not measured alike."""
    pairs = pairs.sort_values("change", ignore_index=True)
    left, right = 7.35, area.width - 2.1
    ax = area.axes(left, 0.5, right, area.height - 0.05)
    transform = ax.get_yaxis_transform()
    edge, far = -left / (right - left), 1 + (area.width - right) / (right - left)
    after = int(pairs["edition_year"].iloc[0])
    bound = pairs["change"].abs().max() * 1.28 or 1
    ax.set_xlim(min(-bound * 0.35, pairs["change"].min() * 1.3), max(bound * 0.35, pairs["change"].max() * 1.3))
    for y, row in enumerate(pairs.itertuples()):
        still = ctx.number(row.change, 2) == ctx.number(0, 2)
        marked = catalogue().marks(row.component_id, int(row.previous_edition), after)
        colour = SOFT if still or marked else OWN if row.change > 0 else WORSE
        ax.barh(y, row.change, height=0.62, color=style.MIDDLE if marked else colour, lw=0, zorder=3)
        label(
            ax,
            row.change,
            y,
            ctx.number(row.change, 2, sign=True),
            size=SMALL,
            ha="left" if row.change > 0 else "right",
            dx=3 if row.change > 0 else -3,
            color=colour,
        )
        name = component_name(catalogue().component(row.component_id, after), ctx.language)
        name = style.wrap(name, SMALL, left - 0.15)
        label(ax, edge, y, name[0] + (" …" if len(name) > 1 else ""), transform=transform, size=SMALL)
        label(
            ax,
            far,
            y,
            f"{ctx.number(row.score)} ({rank_of(row.rank, row.n_ranked)})",
            transform=transform,
            size=SMALL,
            ha="right",
            color=SOFT,
        )
    label(
        ax,
        far,
        -0.5,
        ctx.phrase("papi.score_rank", after=after),
        transform=transform,
        size=SMALL,
        ha="right",
        dy=7,
        color=SOFT,
    )
    ax.axvline(0, color=style.SOFT, lw=0.8, zorder=4)
    ax.set_ylim(len(pairs) - 0.45, -0.6)
    ax.set_yticks([])
    ax.set_xticks([])
    ax.grid(False)
    ax.spines["bottom"].set_visible(False)
    return [ax]
