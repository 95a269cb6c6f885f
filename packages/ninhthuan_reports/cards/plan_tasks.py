"""Tasks of the year's plan: due, done of those due, not yet due."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.language import label as word
from ninhthuan.language import listing

from .. import phrases, tables
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
    values = {"province": ctx.name, "on": on, "done": done, "planned": planned}
    if due:
        kept = phrases.count(in_time, ctx)
        key = "dossiers.all_due_tasks_done_year" if kept == due else "dossiers.due_tasks_done_year_s"
        title = ctx.phrase(key, kept=kept, due=due, **values)
    else:
        title = ctx.phrase("dossiers.year_s_reform_tasks_done", **values)

    def holds(frame: pd.DataFrame) -> bool:
        counts = dict(phrases.read(frame, "state", "count"))
        whole = phrases.count(sum(counts.values()), ctx) == planned and phrases.count(counts["done"], ctx) == done
        # what was due and is not done is what keeps the first share below one
        return whole and (not due or counts["due"] == due_count - in_time)

    subtitle = ctx.phrase("dossiers.tasks_administrative_reform_plan", year=first["year"])
    note = "" if due else ctx.phrase("dossiers.source_does_not_say_how")
    listed = [
        f"{phrases.count(count, ctx)} {lower_first(word(state, ctx.language))}"
        for state, count in phrases.read(rows, "state", "count")
        if count
    ]
    numbers = (ctx.phrase("dossiers.plan_states", planned=planned, listed=listing(listed, ctx.language)),)
    kind = phrases.rows_of(len(_rows(rows, ctx)), ctx.phrase("dossiers.each_state"), ctx)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, holds),))


def _rows(rows: pd.DataFrame, ctx: Context) -> list[tuple[str, float, float]]:
    """Name, number of tasks, and the number that it is a share of: those due, else those of the year."""
    counts, planned, due = dict(phrases.read(rows, "state", "count")), *rows[["planned", "due"]].iloc[0]
    done, found = counts.pop("done"), [(ctx.phrase("dossiers.tasks_year"), planned, planned)]
    if pd.notna(due):
        found.append((ctx.phrase("dossiers.tasks_due"), due, planned))
        found.append((ctx.phrase("dossiers.tasks_kept"), due - counts.pop("due"), due))
    if not done <= due:  # some before they were due, or nobody says what was due
        found.append((word("done", ctx.language), done, planned))
    return found + [(word(state, ctx.language), count, planned) for state, count in counts.items()]


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Tasks of the year, due, done of those due and not yet due, each with its share."""
    text = [
        [name, phrases.count(count, ctx), phrases.round_share(100 * count / whole, ctx) if whole else "–"]
        for name, count, whole in _rows(rows, ctx)
    ]
    return tables.headed(text, ctx, "dossiers.tasks", "dossiers.tasks_count", "tables.share")
