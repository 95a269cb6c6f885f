"""Sentences of a report's opening on the work of the quarter, each with what it claims."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, listing
from ninhthuan.language import label as word

from . import phrases
from .dossiers import judged
from .wording import Context, lower_first, outcome, percent, province_name


def sentences_on_work(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """Dossiers of the quarter, results of the year that it ends, tasks of the plan. facts: of `opening_facts`."""
    return [*_dossiers(facts, ctx), *_of_year(facts, ctx), *_tasks(facts, ctx)]


def concluded(facts: pd.DataFrame, ctx: Context) -> list[str]:
    """In clauses, tasks done of those due and dossiers resolved on time; without either how many were received."""
    work, tasks, says = facts[facts["kind"] == "work"], facts[facts["kind"].eq("task")], []
    if len(tasks):
        (planned, due), counts = tasks[["planned", "due"]].iloc[0], tasks.set_index("level")["value"]
        key, of = ("opening.concluded_tasks_year", planned) if pd.isna(due) else ("opening.concluded_tasks", due)
        done = counts["done"] if pd.isna(due) else due - counts.get("due", 0)
        says.append(ctx.phrase(key, done=ctx.number(done, 0), due=ctx.number(of, 0)))
    on_time, received = _found(work, "dossiers_on_time_share"), _found(work, "dossiers_received")
    if on_time is not None:
        says.append(ctx.phrase("opening.concluded_on_time", share=phrases.as_printed(on_time, ctx)))
    elif received is not None and not says:
        says.append(ctx.phrase("opening.concluded_received", count=ctx.number(received["value"], 0)))
    if says and phrases.of_press(work, ctx):
        says[-1] += ctx.phrase("opening.concluded_of_press")
    return says


def _found(frame: pd.DataFrame, measure: str, level: str = "all", channel: str = "all") -> pd.Series | None:
    rows = frame[frame["measure"].eq(measure) & frame["level"].eq(level) & frame["channel"].eq(channel)]
    return rows.iloc[0] if len(rows) else None


def _dossiers(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """Received and online; resolved, on time and overdue, or that this is not held."""
    work = facts[facts["kind"] == "work"]
    received, online = _found(work, "dossiers_received"), _found(work, "dossiers_received", channel="online")
    if received is None:
        return []
    total = ctx.number(received["value"], 0)
    values = {"quarter": phrases.quarter_word(facts["quarter"].iloc[0], ctx), "province": ctx.name, "received": total}
    if online is None:
        says = ctx.phrase("opening.received", **values)
    else:
        part = percent(100 * online["value"] / received["value"], 2, ctx.language)
        says = ctx.phrase("opening.received_online", online=ctx.number(online["value"], 0), share=part, **values)

    def adds_up(frame: pd.DataFrame) -> bool:
        rows = frame[frame["measure"].eq("dossiers_received") & frame["level"].eq("all")]
        by_channel = dict(phrases.read(rows, "channel", "value"))
        return total == ctx.number(by_channel.pop("all"), 0) and all(
            v <= received["value"] for v in by_channel.values()
        )

    return [Claim(says, adds_up), _resolved(work, ctx), *_of_press(work, ctx), *_merged(ctx)]


def _of_press(work: pd.DataFrame, ctx: Context) -> list[Claim]:
    """That the figures are a newspaper's, and what follows from that."""
    if not (says := phrases.of_press(work, ctx)):
        return []

    def holds(frame: pd.DataFrame) -> bool:
        ids = " ".join(frame.loc[frame["kind"].eq("work"), "source_id"]).split()
        return any(catalogue().sources[source_id].kind == "newspaper" for source_id in ids)

    return [Claim(ctx.phrase("opening.of_press", text=says), holds)]


def _merged(ctx: Context) -> list[Claim]:
    """Which provinces a merged one was made of: its dossiers are theirs together."""
    codes = ctx.province.predecessor_codes
    if len(codes) < 2:
        return []
    listed = listing([province_name(code, "pre_2025", ctx.language) for code in codes], ctx.language)

    def holds(frame: pd.DataFrame) -> bool:
        own = ctx.province.province_code
        merged = [old.province_code for old in catalogue().provinces.values() if old.successor_code == own]
        return set(frame["boundary"]) == {"post_2025"} and {*codes} == {*merged}

    return [Claim(ctx.phrase("opening.merged", province=ctx.name, listed=listed), holds)]


def _of_year(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """Results of the year that ends with the quarter, against their targets."""
    found = []
    for row in facts[facts["kind"].eq("year")].itertuples():
        shown, aim = phrases.share(row.value, ctx, 2), phrases.round_share(row.target, ctx)
        values = {
            "year": row.period_end.year,
            "name": lower_first(phrases.result_word(row.measure, ctx)),
            "share": shown,
            "outcome": outcome(row.value - row.target, ctx.language),
        }

        def holds(frame: pd.DataFrame, row=row, shown=shown) -> bool:
            same = frame[frame["kind"].eq("year") & frame["measure"].eq(row.measure)].iloc[0]
            above = phrases.apart(same["value"], same["target"]) >= 0
            return phrases.share(same["value"], ctx, 2) == shown and above == (row.value >= row.target)

        found.append(Claim(ctx.phrase("opening.of_year", aim=aim, **values), holds))
    return found


def _resolved(work: pd.DataFrame, ctx: Context) -> Claim:
    """How many of the dossiers were resolved, and on time; that it is not held is said too."""
    resolved, on_time = _found(work, "dossiers_resolved"), _found(work, "dossiers_on_time_share")
    if resolved is None or on_time is None:
        none = not work["measure"].isin(("dossiers_resolved", "dossiers_on_time_share")).any()
        says = ctx.phrase("opening.none_resolved" if none else "opening.not_resolved")
        measures = ("dossiers_resolved", "dossiers_on_time_share")
        return Claim(says, lambda frame: not all(_found(frame, name) is not None for name in measures))
    count, share = ctx.number(resolved["value"], 0), phrases.as_printed(on_time, ctx)
    says = ctx.phrase("opening.resolved", count=count, share=share)
    says += ctx.phrase("opening.on_our_reading") * (on_time["reading"] == "assumed")
    levels = work[work["measure"].eq("dossiers_on_time_share") & work["level"].ne("all") & work["channel"].eq("all")]
    named = [(lower_first(word(row["level"], ctx.language)), row) for _, row in levels.iterrows()]
    listed = "; ".join(f"{level} {phrases.as_printed(row, ctx)}" for level, row in named)
    says += f" ({listed})" * bool(named)
    if (late := _found(work, "dossiers_resolved_late")) is not None:
        says += ctx.phrase("opening.late", count=ctx.number(late["value"], 0))
    if pd.notna(on_time["target"]):
        aim = phrases.round_share(on_time["target"], ctx)
        if judged(work)[on_time.name]:
            short = on_time["value"] < on_time["target"]
            says += ctx.phrase("opening.below_target" if short else "opening.target_met", aim=aim)
        else:
            says += ctx.phrase("opening.target_set_within", aim=aim, day=day(on_time["target_from"], ctx.language))
    if pd.notna(on_time["year_before"]):
        before = phrases.share(on_time["year_before"], ctx, on_time["decimals"])
        says += ctx.phrase("opening.same_quarter_before", share=before)
    overdue = _found(work, "dossiers_pending_overdue")
    left = "" if overdue is None else ctx.number(overdue["value"], 0)
    more = phrases.apart(_found(work, "dossiers_received")["value"], resolved["value"])
    if left:
        says += ctx.phrase("opening.overdue", count=left)
    elif more > 0:
        says += ctx.phrase("opening.more_received", count=ctx.number(more, 0))

    def holds(frame: pd.DataFrame) -> bool:
        found, target = _found(frame, "dossiers_on_time_share"), on_time["target"]
        late = _found(frame, "dossiers_resolved_late")
        whole = _found(frame, "dossiers_resolved")["value"]
        by_count = late is None or abs(100 * (1 - late["value"] / whole) - found["value"]) < 0.01
        aimed = pd.isna(target) or (found["value"] < found["target"]) == (on_time["value"] < target)
        pending = _found(frame, "dossiers_pending_overdue")
        waits = not left if pending is None else ctx.number(pending["value"], 0) == left
        printed = ctx.number(whole, 0) == count and phrases.as_printed(found, ctx) == share
        parts = frame[frame["measure"].eq(found["measure"]) & frame["level"].ne("all") & frame["channel"].eq("all")]
        printed &= all(phrases.as_printed(row, ctx) in says for _, row in parts.iterrows())
        printed &= late is None or ctx.number(late["value"], 0) in says
        received = _found(frame, "dossiers_received")["value"]
        printed &= bool(left) or more <= 0 or ctx.number(received, 0) == ctx.number(float(more) + whole, 0)
        # a whole lies between its parts
        between = len(parts) < 2 or parts["value"].min() <= found["value"] <= parts["value"].max()
        return by_count and aimed and waits and printed and between

    return Claim(f"{says}.", holds)


def _tasks(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """Tasks of the annual plan: done, of those that were due and of all."""
    tasks = facts[facts["kind"] == "task"]
    if tasks.empty:
        return []
    counts = dict(phrases.read(tasks, "level", "value"))
    planned, due, year = (tasks[name].iloc[0] for name in ("planned", "due", "year"))
    done, late = counts["done"], counts.get("due", 0)
    values = {"done": ctx.number(done, 0), "planned": ctx.number(planned, 0), "year": int(year)}
    if pd.isna(due):
        says = ctx.phrase("opening.tasks", share=phrases.round_share(100 * done / planned, ctx), **values)
    else:
        values |= {"due": ctx.number(due, 0), "due_done": ctx.number(due - late, 0)}
        says = ctx.phrase("opening.tasks_due" if late else "opening.tasks_all_due", **values)

    def adds_up(frame: pd.DataFrame) -> bool:
        rows = frame[frame["kind"] == "task"]
        found = dict(phrases.read(rows, "level", "value"))
        return sum(found.values()) == planned == rows["planned"].max() and found["done"] == done

    return [Claim(says, adds_up)]
