"""A square for each task of the year's plan: done, due and not done, not yet due."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, OWN, WORSE, Area, label
from ninhthuan.language import label as word
from ninhthuan.language import listing

from .. import phrases
from ..pieces import plot
from ..wording import Context, lower_first


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Tasks done of those due, and of the year's."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("dossiers.no_tasks_done_annual_reform", province=ctx.name))
    first = rows.iloc[0]
    done, planned, due = (
        phrases.count(first[name], ctx) if pd.notna(first[name]) else "" for name in ("count", "planned", "due")
    )
    day = pd.Timestamp(first["period_end"]).date()
    on = ctx.phrase("dossiers.shown_2", day=day.day, month=day.month, year=day.year, day_2=day)
    due_count = first["due"] if due else None
    in_time = min(first["count"], due_count) if due else None
    if due:
        kept = phrases.count(in_time, ctx)
        title = ctx.phrase(
            ("dossiers.all_due_tasks_done_year" if kept == due else "dossiers.due_tasks_done_year_s"),
            province=ctx.name,
            on=on,
            kept=kept,
            due=due,
            done=done,
            planned=planned,
        )
    else:
        title = ctx.phrase("dossiers.year_s_reform_tasks_done", province=ctx.name, on=on, done=done, planned=planned)

    def holds(frame: pd.DataFrame) -> bool:
        counts = dict(phrases.read(frame, "state", "count"))
        whole = phrases.count(sum(counts.values()), ctx) == planned and phrases.count(counts["done"], ctx) == done
        # what was due and is not done is what keeps the first share below one
        return whole and (not due or counts["due"] == due_count - in_time)

    subtitle = ctx.phrase("dossiers.tasks_administrative_reform_plan_square", year=first["year"], province=ctx.name)
    note = "" if due else ctx.phrase("dossiers.source_does_not_say_how")
    listed = [
        f"{phrases.count(count, ctx)} {lower_first(word(state, ctx.language))}"
        for state, count in phrases.read(rows, "state", "count")
        if count
    ]
    numbers = (ctx.phrase("dossiers.plan_states", planned=planned, listed=listing(listed, ctx.language)),)
    return Caption(title, subtitle, note, ctx.phrase("dossiers.squares"), numbers, (Claim(title, holds),))


SQUARE_CM, PER_ROW = 0.42, 25


@plot(lambda rows: 0.75 + SQUARE_CM * 1.2 * math.ceil(rows["count"].sum() / PER_ROW))
def draw(rows: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """A square for each task of the year's plan: done, due and not done, not yet due."""
    ax = area.sheet()
    looks = {
        "done": {"fc": OWN, "ec": OWN},
        "due": {"fc": WORSE, "ec": WORSE},
        "not_due": {"fc": "white", "ec": style.MIDDLE},
        "open": {"fc": style.RANGE, "ec": style.MIDDLE},
    }
    states = [state for state, count in zip(rows["state"], rows["count"], strict=True) for _ in range(int(count))]
    step = SQUARE_CM * 1.2
    for place, state in enumerate(states):
        corner = (0.03 + place % PER_ROW * step, 0.08 + place // PER_ROW * step)
        ax.add_patch(Rectangle(corner, SQUARE_CM, SQUARE_CM, lw=0.9, **looks[state]))
    x, y = 0.03, area.height - 0.35
    for row in rows[rows["count"] > 0].itertuples():
        text = f"{word(row.state, ctx.language)}: {ctx.number(row.count, 0)}"
        ax.add_patch(Rectangle((x, y - 0.14), 0.28, 0.28, lw=0.9, **looks[row.state]))
        label(ax, x + 0.4, y, text, weight="bold" if row.state == "done" else "normal")
        x += 0.9 + style.text_width(text, BASE, "bold")
    return [ax]
