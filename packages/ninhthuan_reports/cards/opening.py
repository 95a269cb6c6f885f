"""What a report opens with: a few sentences, chosen by what happened and how sure it is."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, listing
from ninhthuan.numbers import rounded

from .. import phrases
from ..dossiers import judged
from ..wording import (
    Context,
    component_name,
    decimals_held,
    index_name,
    lower_first,
    percent,
    rank_of,
    score_of,
    sentence,
)

MOST = 7  # sentences
LOWEST_FALLS = 3  # a fall among so many of the country's largest is told of
NEAR = 0.10  # points short of the next group that are worth saying
UNITS = {"points": "opening.points", "percent": "opening.percentage_points", "score_0_1": "opening.points"}


def caption(facts: pd.DataFrame, ctx: Context) -> Caption:
    """What the sentences claim, each of the figures it is made of."""
    work, indices = _chosen(facts, ctx)
    when = phrases.quarter_word(facts["quarter"].iloc[0], ctx)
    return Caption(
        ctx.phrase("opening.title", province=ctx.name, quarter=when),
        ctx.phrase("opening.subtitle", province=ctx.name),
        claims=(phrases.about(ctx), *work, *indices),
    )


def text(facts: pd.DataFrame, ctx: Context) -> list[tuple[str, list[str]]]:
    """Two paragraphs, each under its head: the work of the quarter, and the indices."""
    work, indices = _chosen(facts, ctx)
    heads = ctx.phrase("opening.work"), ctx.phrase("opening.indices")
    return [
        (head, [claim.says for claim in claims]) for head, claims in zip(heads, (work, indices), strict=True) if claims
    ]


def _chosen(facts: pd.DataFrame, ctx: Context) -> tuple[list[Claim], list[Claim]]:
    """Sentences on the work and on the indices, the most telling of them, in their order."""
    work = [*_dossiers(facts, ctx), *_tasks(facts, ctx)]
    news = facts[facts["news"].eq(True)]
    totals = {row.index_id: _index(row, ctx) for row in news.itertuples()}
    falls = _fall(facts, ctx)
    rises = _rise(facts, ctx, contrast=bool(falls))
    # what is least telling goes first
    spare = max(MOST - len(work) - len(totals) - len(falls), 0)
    rises, rest = rises[:spare], _rest(facts, set(totals), ctx)[: max(spare - len(rises), 0)]
    papi = [totals.pop("papi")] if "papi" in totals else []
    return work, [*papi, *falls, *rises, *totals.values(), *rest]


# ---------------------------------------------------------------------------------------------------------- the work


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

    return [Claim(says, adds_up), _resolved(work, ctx)]


def _resolved(work: pd.DataFrame, ctx: Context) -> Claim:
    """How many of the dossiers were resolved, and on time; that it is not held is said too."""
    resolved, on_time = _found(work, "dossiers_resolved"), _found(work, "dossiers_on_time_share")
    if resolved is None or on_time is None:
        says = ctx.phrase("opening.not_resolved")
        measures = ("dossiers_resolved", "dossiers_on_time_share")
        return Claim(says, lambda frame: not all(_found(frame, name) is not None for name in measures))
    count, share = ctx.number(resolved["value"], 0), phrases.as_printed(on_time, ctx)
    says = ctx.phrase("opening.resolved", count=count, share=share)
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
    if left:
        says += ctx.phrase("opening.overdue", count=left)

    def holds(frame: pd.DataFrame) -> bool:
        found, target = _found(frame, "dossiers_on_time_share"), on_time["target"]
        late = _found(frame, "dossiers_resolved_late")
        whole = _found(frame, "dossiers_resolved")["value"]
        by_count = late is None or abs(100 * (1 - late["value"] / whole) - found["value"]) < 0.01
        aimed = pd.isna(target) or (found["value"] < found["target"]) == (on_time["value"] < target)
        pending = _found(frame, "dossiers_pending_overdue")
        waits = not left if pending is None else ctx.number(pending["value"], 0) == left
        printed = ctx.number(whole, 0) == count and phrases.as_printed(found, ctx) == share
        return by_count and aimed and waits and printed

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
    whole = 100 * done / planned
    values |= {"share": phrases.round_share(whole, ctx)}
    if pd.isna(due):
        says = ctx.phrase("opening.tasks", **values)
    else:
        values |= {"due": ctx.number(due, 0), "due_done": ctx.number(due - late, 0)}
        says = ctx.phrase("opening.tasks_due", **values)

    def adds_up(frame: pd.DataFrame) -> bool:
        rows = frame[frame["kind"] == "task"]
        found = dict(phrases.read(rows, "level", "value"))
        return sum(found.values()) == planned == rows["planned"].max() and found["done"] == done

    return [Claim(says, adds_up)]


# -------------------------------------------------------------------------------------------------------- the indices


def _index(row, ctx: Context) -> Claim:
    """A total that is new: score, rank, group, and what its change is worth."""
    decimals = phrases.decimals(row.unit)
    score = score_of(row.score, row, decimals, ctx.language, unit="%" * (row.unit == "percent"), said=True)
    values = {
        "name": index_name(row.index_id),
        "year": int(row.edition_year),
        "score": score if row.unit == "percent" else score + ctx.phrase("opening.points"),
        "rank": rank_of(row.rank, row.n_ranked, row.rank_basis, ctx.language),
    }
    if pd.isna(row.score):
        says = ctx.phrase("opening.index_no_score", **values)
    else:
        says = ctx.phrase("opening.index" if pd.notna(row.rank) else "opening.index_no_rank", **values)
    if isinstance(row.group, str) and row.group:
        says += ctx.phrase("opening.in_group", group=phrases.group_name(row.group, ctx))
    says += _verdict(row, ctx)
    shown = "" if pd.isna(row.score) else ctx.number(row.score, decimals_held(decimals, row))

    def holds(frame: pd.DataFrame) -> bool:
        found = frame[frame["component_id"].eq(row.component_id) & frame["edition_year"].eq(row.edition_year)].iloc[0]
        same = pd.isna(row.score) or ctx.number(found["score"], decimals_held(decimals, found)) == shown
        ranked = pd.isna(row.rank) or 1 <= found["rank"] == row.rank <= found["n_ranked"]
        quiet = (
            pd.notna(found["limit"]) and abs(phrases.apart(found["score"], found["previous_score"])) <= found["limit"]
        )
        # a step of the whole country may keep a change within the limit from counting as noise
        return same and ranked and (quiet or not _within(row, ctx)) and all(size in says for size in _sizes(found, ctx))

    return Claim(f"{says}.", holds)


def _sizes(found: pd.Series, ctx: Context) -> list[str]:
    """What a sentence must print of a change, from the figures of both editions: points and places, but for none."""
    if found[["score", "previous_score"]].isna().any() or found["crosses"]:
        return []
    held = decimals_held(phrases.decimals(found["unit"]), found, ("", "previous_"))
    sizes = [ctx.number(abs(phrases.apart(found["score"], found["previous_score"])), held)]
    if found[["rank", "previous_rank"]].notna().all():
        sizes.append(_few(abs(int(found["previous_rank"]) - int(found["rank"])), ctx))
    return [size for size in sizes if float(size.replace(",", "."))]


def _within(row, ctx: Context) -> bool:
    if pd.isna(row.previous_score) or row.crosses:
        return False
    years = int(row.previous_edition), int(row.edition_year)
    return bool(phrases.within_error(row.score - row.previous_score, row.component_id, years, ctx))


def _verdict(row, ctx: Context) -> str:
    """What is to be made of the change since the edition before."""
    if pd.isna(row.previous_edition):
        return ""
    before = int(row.previous_edition)
    if isinstance(row.crosses, str) and row.crosses:
        return ctx.phrase("opening.other_method", before=before)
    if pd.isna(row.previous_score) or pd.isna(row.score):
        return ""
    held = decimals_held(phrases.decimals(row.unit), row, ("", "previous_"))
    change = rounded(phrases.apart(row.score, row.previous_score), held)
    size = ctx.number(abs(change), held) + ctx.phrase(UNITS[row.unit])
    moved = _moved(row, ctx, change)
    if not change:
        return ctx.phrase("opening.score_level", before=before) + moved
    way = "opening.score_up" if change > 0 else "opening.score_down"
    says = ctx.phrase(way, before=before, size=size) + moved
    if _within(row, ctx):
        return says + ctx.phrase("opening.within_error", limit=ctx.number(row.limit, 2))
    if pd.isna(row.limit):
        return says
    # a part that was measured anew for the whole country may make a change that looks large or small
    beyond = abs(change) > row.limit
    return says + ctx.phrase("opening.beyond_error" if beyond else "opening.with_care", limit=ctx.number(row.limit, 2))


def _moved(row, ctx: Context, change: Decimal) -> str:
    """Places gained or lost, from rank to rank; `but` where the score went the other way."""
    if pd.isna(row.rank) or pd.isna(row.previous_rank):
        return ""
    places = int(row.previous_rank - row.rank)
    if not places:
        return ctx.phrase("opening.rank_level")
    ranks = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis, ctx.language)
    way = "opening.rank_up" if places > 0 else "opening.rank_down"
    moved = ctx.phrase(way, places=_few(abs(places), ctx), previous=ranks)
    return ctx.phrase("opening.but" if change * places < 0 else "opening.and", text=moved)


def _few(count: int, ctx: Context) -> str:
    """`02`: numbers under ten in running text, as Vietnamese documents write them."""
    return f"{count:02d}" if ctx.language == "vi" else str(count)


def _dimension(row, key: str, ctx: Context) -> str:
    change = abs(phrases.apart(row["score"], row["previous_score"]))
    return ctx.phrase(
        key,
        name=lower_first(component_name(catalogue().component(row["component_id"]), ctx.language, numbered=False)),
        size=ctx.number(change, 2),
        previous=rank_of(row["previous_rank"], row["previous_n_ranked"]),
        rank=rank_of(row["rank"], row["n_ranked"]),
    )


def _dimensions(facts: pd.DataFrame) -> pd.DataFrame:
    rows = facts[facts["kind"].eq("dimension") & facts["previous_score"].notna()]
    return rows.assign(change=rows["score"].astype(float) - rows["previous_score"].astype(float))


def _fall(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimension that fell most, where that took it out of its group or is among the country's largest falls."""
    rows = _dimensions(facts)
    if rows.empty or not (rows["change"] < 0).any():
        return []
    row = rows.loc[rows["change"].idxmin()]
    left = row["group"] != row["previous_group"]
    place, of = int(row["fall_place"]), int(row["n_changes"])
    if not (left or place <= LOWEST_FALLS):
        return []
    says = _dimension(row, "opening.fall", ctx)
    if place == 1:
        says += ctx.phrase("opening.largest_fall", count=of)
    elif place <= LOWEST_FALLS:
        says += ctx.phrase("opening.among_largest_falls", place=place, count=of)
    if left:
        groups = [phrases.group_name(row[name], ctx) for name in ("previous_group", "group")]
        says += ctx.phrase("opening.left_group", first_groups=groups[0], second_groups=groups[1])
    if pd.notna(row["gap"]) and 0 < row["gap"] <= NEAR:
        says += ctx.phrase("opening.short_of_group", gap=ctx.number(row["gap"], 2))
    if pd.notna(row["limit"]):
        quiet = abs(row["change"]) <= row["limit"]
        says += ctx.phrase("opening.dimension_within_error" if quiet else "opening.dimension_beyond_error")

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"] == "dimension"]
        found = {
            part: phrases.apart(*pair) for part, *pair in phrases.read(drawn, "component_id", "score", "previous_score")
        }
        own = drawn[drawn["component_id"] == row["component_id"]].iloc[0]
        alike = (
            own["fall_place"] == place,
            own["group"] == row["group"],
            own["previous_group"] == row["previous_group"],
        )
        return found[row["component_id"]] == min(found.values()) < 0 and all(alike)

    return [Claim(f"{says}.", holds)]


def _rise(facts: pd.DataFrame, ctx: Context, *, contrast: bool) -> list[Claim]:
    """The dimension that rose most beyond survey error, else of those that came into the high group."""
    rows = _dimensions(facts)
    rows = rows[rows["change"] > 0]
    beyond = rows[rows["limit"].notna() & (rows["change"] > rows["limit"])]
    entered = rows[(rows["group"] == "high") & (rows["previous_group"] != "high")]
    chosen = beyond if len(beyond) else entered
    if chosen.empty:
        return []
    row = chosen.loc[chosen["change"].idxmax()]
    says = _dimension(row, "opening.rise_beyond_error" if len(beyond) else "opening.rise_to_high", ctx)
    says = ctx.phrase("opening.by_contrast", text=says) if contrast else sentence(says)

    def holds(frame: pd.DataFrame) -> bool:
        own = frame[frame["component_id"] == row["component_id"]].iloc[0]
        move = phrases.apart(own["score"], own["previous_score"])
        return move > 0 and (move > own["limit"] if len(beyond) else own["group"] == "high" != own["previous_group"])

    return [Claim(f"{says}.", holds)]


def _rest(facts: pd.DataFrame, told: set[str], ctx: Context) -> list[Claim]:
    """Indices of which there is nothing new: out but without the province's result, or no new edition at all."""
    rows = facts[facts["kind"].eq("index") & ~facts["index_id"].isin(told)]
    new = [row for row in rows.itertuples() if row.new_editions]
    named = {row.index_id: f"{index_name(row.index_id)} {row.new_editions.split()[-1]}" for row in new}
    later = [named[row.index_id] for row in new if row.missing == "known_later"]
    out = [named[row.index_id] for row in new if row.missing != "known_later"]
    still = rows[rows["new_editions"].fillna("").eq("")]
    never = [index_name(index_id) for index_id in still.loc[still["newest_edition"].isna(), "index_id"]]
    still = [index_name(index_id) for index_id in still.loc[still["newest_edition"].notna(), "index_id"]]
    says = []
    ranked = rows[rows["rank"].notna()]
    if out:
        says.append(ctx.phrase("opening.out_without_result", listed=listing(out, ctx.language)))
    if later:
        says.append(ctx.phrase("opening.known_later", listed=listing(later, ctx.language)))
    if still:
        says.append(ctx.phrase("opening.no_new_edition", listed=listing(still, ctx.language)))
    if never:
        of_34 = ctx.province.boundary == "post_2025"
        key = "opening.no_edition_of_the_34" if of_34 else "opening.no_edition_yet"
        says.append(ctx.phrase(key, listed=listing(never, ctx.language)))

    def holds(frame: pd.DataFrame) -> bool:
        kinds = frame[frame["kind"] == "index"]
        fresh = kinds["new_editions"].fillna("").ne("")
        return int(fresh.sum()) == len(named) + len(told) and int((~fresh).sum()) == len(still) + len(never)

    found = [Claim(sentence("; ".join(says)) + ".", holds)] if says else []
    if len(ranked):
        listed = phrases.listed_ranks(phrases.read(ranked, *phrases.PLACED), ctx)

        def placed(frame: pd.DataFrame) -> bool:
            held = frame[
                frame["kind"].eq("index") & ~frame["index_id"].isin(told) & (frame["rank"] <= frame["n_ranked"])
            ]
            return sorted(held["index_id"]) == sorted(ranked["index_id"])

        found.append(Claim(ctx.phrase("opening.newest_ranks", listed=listed), placed))
    return found
