"""Rank of one province on one index over the editions, first on top, over bands of a quarter of the provinces."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ninhthuan.catalogue import catalogue
from ninhthuan.words import bilingual

from .. import phrases, pieces, placing, style
from ..captions import Caption, Claim
from ..pieces import plot
from ..style import BASE, FOCUS, HALO, OWN, SMALL, SOFT, WORSE, Area, label
from ..wording import (
    Context,
    places,
    sentence,
    standing,
)


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest rank, and the places gained or lost."""
    held = history[history["rank"].notna()]
    index_id = history["index_id"].iloc[0] if len(history) else ""
    if held.empty:
        raise phrases.nothing(
            ctx,
            *bilingual("indices.no_rank_index_held", province=ctx.name),
        )
    now, before = phrases.latest_change(history, "rank")
    name, year, placed = phrases.subject_of(now, ctx), int(now["edition_year"]), standing(now, ctx.language)
    claims = [
        phrases.about(ctx),
        Claim(
            ctx.phrase("indices.newest_rank", name=name, year=year, placed=placed),
            lambda frame: (
                (row := phrases.newest(frame, "rank"))["edition_year"] == year
                and phrases.subject_of(row, ctx) == name
                and standing(row, ctx.language) == placed
            ),
        ),
    ]
    title = ctx.phrase("indices.ranks", name=name, year=year, province=ctx.name, placed=placed)
    quiet = ""
    if before is not None and catalogue().ranks_comparable(now["component_id"], int(before["edition_year"]), year):
        moved, year_before = places(before["rank"] - now["rank"], ctx.language), int(before["edition_year"])
        linked = "from" if before["rank"] != now["rank"] else "as in"
        crossed = bool(catalogue().breaks_between(now["component_id"], year_before, year, "break"))
        quiet = phrases.within_error(now["score"] - before["score"], now["component_id"], (year_before, year), ctx)
        was = standing(before, ctx.language)
        title += (
            ctx.phrase("indices.in", year_before=year_before, was=was, quiet=quiet)
            if quiet
            else ctx.phrase("indices.shown", moved=moved, year_before=year_before, linked=linked)
        )
        if not quiet and catalogue().marks(now["component_id"], year_before, year):
            title += ctx.phrase("indices.compare_care")

        def moves(frame: pd.DataFrame) -> bool:
            later, earlier = phrases.newest(frame, "rank"), phrases.newest(frame[frame["edition_year"] < year], "rank")
            same = earlier["edition_year"] == year_before and (later["segment"] != earlier["segment"]) == crossed
            same &= standing(earlier, ctx.language) == was
            size = float(phrases.apart(later["score"], earlier["score"])) if quiet else 0.0
            still = phrases.within_error(size, later["component_id"], (year_before, year), ctx) == quiet or not quiet
            return same and still and places(earlier["rank"] - later["rank"], ctx.language) == moved

        claims.append(Claim(ctx.phrase("indices.rank_2", moved=moved, year_before=year_before, linked=linked), moves))
    subtitle = ctx.phrase(
        "indices.rank_among_provinces_ranked_1", name=name, province=ctx.name, years=phrases.years(history)
    )
    bases = set(held["rank_basis"])
    notes = []
    kinds = {
        "published": ctx.phrase("indices.solid_dots_ranks_source_states"),
        "derived": ctx.phrase("indices.open_dots_ranks_worked_out"),
    }
    notes.append(sentence("; ".join(said for basis, said in kinds.items() if basis in bases)))
    notes[-1] += "." * bool(notes[-1])
    if "implied" in bases:
        notes.append(ctx.phrase("indices.open_dots"))
    notes.append(ctx.phrase("indices.each_band_quarter_provinces"))
    if ctx.province.province_code == "58":
        notes.append(ctx.phrase("indices.triangles_day_issue_resolutions_res"))
    notes.append(phrases.withheld_note(index_id, int(now["edition_year"]), ctx))
    if quiet:
        notes.append(phrases.error_note(ctx))
    notes.append(
        phrases.break_notes(
            [now["component_id"]], int(history["edition_year"].min()), int(history["edition_year"].max()), ctx
        )
    )
    note = " ".join(filter(None, notes))
    best, worst = (held.loc[pick(held["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ends = [f"{standing(row)} ({row['edition_year']})" for row in (best, worst)]
    numbers = (
        ctx.phrase("indices.editions_rank_best_lowest", n_held=len(held), first_ends=ends[0], second_ends=ends[1])
        if len(held) > 1
        else ctx.phrase("indices.one_edition_has_rank_so"),
    )
    kind = ctx.phrase("indices.line_chart_ranks")
    return Caption(title, subtitle, note.strip(), kind, numbers, tuple(claims))


@plot(7.4)
def draw(history: pd.DataFrame, area: Area, ctx: Context, policies: pd.DataFrame | None = None) -> list[Axes]:
    """Rank of one province on one index over the editions, first on top, over bands of a quarter of the provinces."""
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    pad = 0.8
    labels, rows = pieces.break_labels(component_id, years, area.width - 0.95, ctx, pad=pad)
    ax = area.axes(0.85, 0.15 + placing.ROW_CM * max(rows, 1), area.width - 0.1, area.height - 0.65)
    pieces.years(ax, years, pad=pad)
    n_by_year = {
        e.edition_year: e.provinces_scored
        for e in catalogue().editions_of(history["index_id"].iloc[0], history["boundary"].iloc[0])
    }
    n = pd.Series(n_by_year).reindex(years).ffill().bfill()
    edges_x = np.repeat([*(y - 0.5 for y in years), years[-1] + 0.5], 2)[1:-1]
    edges_x[0], edges_x[-1] = years[0] - pad, years[-1] + pad
    levels = [np.repeat(0.5 + n.to_numpy() * share, 2) for share in (0, 0.25, 0.5, 0.75, 1)]
    for place, colour in enumerate(style.BANDS):
        ax.fill_between(edges_x, levels[place], levels[place + 1], color=colour, lw=0, zorder=0)
    ax.grid(False)
    bottom = n.max() + 1.5
    marks = _policy_marks(ax, policies, years, [x for x, *_ in labels], ctx)
    # policies have a strip of their own under the last rank, so that they stand on no number
    strip = 8 + 9.5 * (1 + max(row for *_, row in marks)) if marks else 0
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() * 72
    ax.set_ylim(bottom + (bottom + 1.5) * strip / (height - strip), -1.5)
    most = int(n.max())
    ax.set_yticks([1, 16, 32, 48, most] if most > 40 else [1, 9, 17, 26, most])
    label(
        ax, 0, 1, ctx.phrase("indices.rank"), size=SMALL, ha="right", transform=ax.transAxes, dx=-5, dy=5.5, color=SOFT
    )
    for run in pieces.stretches(history, "rank"):
        ax.plot(
            run["edition_year"], run["rank"].astype(float), color=OWN, marker="o", ms=5, mec="white", mew=0.8, zorder=4
        )
    ours = history[history["rank_basis"].isin(["derived", "implied"]) & history["rank"].notna()]
    if len(ours):
        ax.plot(ours["edition_year"], ours["rank"].astype(float), "o", ms=5, mfc="white", mec=OWN, mew=1.2, zorder=5)
    pieces.mark_breaks(ax, component_id, years, labels)
    texts = placing.Texts(ax)
    texts.take_breaks(labels)
    _mark_policies(ax, marks, texts)
    held = history[history["rank"].notna()].sort_values("edition_year")
    values = dict(zip(held["edition_year"], held["rank"].astype(float), strict=True))
    # the newest one first: it keeps its side
    for row in held[::-1].itertuples():
        last = row.edition_year == held["edition_year"].iloc[-1]
        beside = [values[y] for y in (row.edition_year - 1, row.edition_year + 1) if y in values]
        below = (bool(beside) and np.mean(beside) < values[row.edition_year]) or row.rank < 4
        sides = ("below", "above") if below else ("above", "below")
        if row.rank > most - 4 and not strip:  # under it stand the years
            sides = ("above", "right")
        texts.number(
            row.edition_year,
            row.rank,
            pieces.rank_label(row, whole=last),
            sides,
            size=FOCUS if last else BASE,
            bold=last,
        )
    pieces.draw_missing(ax, history, "rank", ctx, middle=bottom / 2, texts=texts)
    return [ax]


def _policy_marks(
    ax: Axes, policies: pd.DataFrame | None, years: list[int], lines: list[float], ctx: Context
) -> list[tuple]:
    """Directives and resolutions issued within the years: (x, text, middle of the text, row of the text)."""
    if policies is None or not len(policies):
        return []
    marks: list[tuple] = []
    placed: list[tuple[int, float]] = []
    low, high = ax.get_xlim()
    for item in policies.sort_values("issued_on").itertuples():
        text = ctx.pick(item.label, item.label_en)
        # an edition's year is drawn from half a unit before its tick to half a unit after
        x = item.issued_on.year - 0.5 + item.issued_on.day_of_year / 365
        if not years[0] - 0.5 <= x <= years[-1] + 0.5:
            continue
        width = style.text_width(text, SMALL) / placing.cm_per_unit(ax)
        # a name at the edge is pushed in and one on a break's line off it; the mark stays on its day
        middle = min(max(x, low + width / 2), high - width / 2)
        off = width / 2 + 0.08 / placing.cm_per_unit(ax)
        for line in lines:
            if abs(line - middle) < off:
                far = off + width / 2
                to_right = x > line if low <= line - far and line + far <= high else line + far <= high
                middle = line + (off if to_right else -off)
        row = 0
        while any(r == row and middle - width / 2 < end for r, end in placed):
            row += 1
        placed.append((row, middle + width / 2 + 0.08))
        marks.append((x, text, middle, row))
    return marks


def _mark_policies(ax: Axes, marks: list[tuple], texts: placing.Texts) -> None:
    """Triangles at the foot of the plot on the day a directive or resolution was issued, with its short name."""
    foot = ax.get_xaxis_transform()
    for x, text, middle, row in marks:
        ax.plot(x, 0, marker=(3, 0, 0), ms=6, color=WORSE, transform=foot, clip_on=False, zorder=7)
        dy = 10 + 9.5 * row
        label(
            ax,
            middle,
            0,
            text,
            size=SMALL,
            ha="center",
            transform=foot,
            dy=dy,
            color=WORSE,
            path_effects=HALO,
            zorder=7,
        )
        texts.boxes.append(texts.box(middle, 0, text, SMALL, low=dy - 4, high=dy + 4, transform=foot))
