"""Sentences of a report's opening on PAPI's dimensions, each with what it claims."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import rounded

from . import claims, phrases
from .wording import Context, rank_of, sentence

LOWEST_FALLS = 3  # a fall among so many of the country's largest is told of
NEAR = 0.10  # points short of the next group that are worth saying


def _signed(later: float, earlier: float, ctx: Context) -> str:
    return ctx.number(phrases.apart(later, earlier), 2, sign=True)


def _dimension(row, key: str, ctx: Context, **more: str) -> str:
    return ctx.phrase(
        key,
        **more,
        name=phrases.names_of([row["component_id"]], ctx),
        size=ctx.number(abs(phrases.apart(row["score"], row["previous_score"])), 2),
        change=_signed(row["score"], row["previous_score"], ctx),
        previous=rank_of(row["previous_rank"], row["previous_n_ranked"]),
        rank=rank_of(row["rank"], row["n_ranked"]),
    )


def _dimensions(facts: pd.DataFrame) -> pd.DataFrame:
    rows = facts[facts["kind"].eq("dimension") & facts["previous_score"].notna()]
    return rows.assign(change=rows["score"].astype(float) - rows["previous_score"].astype(float))


def _beyond(rows: pd.DataFrame) -> pd.DataFrame:
    """Those that changed beyond survey error, the largest change first."""
    rows = rows[rows["limit"].notna() & (rows["change"].abs() > rows["limit"])]
    return rows.loc[rows["change"].abs().sort_values(ascending=False, kind="stable").index]


def _passes(change: Decimal, limit: float) -> bool:
    """Whether an exact change is beyond its limit, if there is one."""
    return pd.notna(limit) and abs(float(change)) > limit


def _others(rows: pd.DataFrame, ctx: Context) -> str:
    """Further dimensions that changed beyond error the same way."""
    listed = "; ".join(_dimension(row, "opening.also_item", ctx) for _, row in rows.iterrows())
    return ctx.phrase("opening.also_beyond", listed=listed) if listed else ""


def _of_its_error(row, ctx: Context) -> str:
    if pd.isna(row["limit"]):
        return ""
    key = "opening.dimension_within_error" if abs(row["change"]) <= row["limit"] else "opening.dimension_beyond_error"
    return ctx.phrase(key, limit=ctx.number(row["limit"], 2))


def fall(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimension that fell most: beyond survey error, else out of its group or among the country's largest falls."""
    rows = _dimensions(facts)
    rows = rows[rows["alike"].eq(True) & (rows["change"] < 0)]
    if rows.empty:
        return []
    beyond = _beyond(rows)
    row = rows.loc[(beyond if len(beyond) else rows)["change"].idxmin()]
    left = row["group"] != row["previous_group"]
    place, of = int(row["fall_place"]), int(row["n_changes"])
    if not (len(beyond) or left or place <= LOWEST_FALLS):
        return []
    says = _dimension(row, "opening.fall", ctx, error=_of_its_error(row, ctx))
    # within survey error a place among all falls is one of chance
    if place == 1 and len(beyond):
        says += ctx.phrase("opening.largest_fall", count=of)
    elif place <= LOWEST_FALLS and len(beyond):
        says += ctx.phrase("opening.among_largest_falls", place=place, count=of)
    if left:
        groups = [phrases.group_name(row[name], ctx) for name in ("previous_group", "group")]
        says += ctx.phrase("opening.left_group", first_groups=groups[0], second_groups=groups[1])
    says += _others(beyond[1:], ctx) + "."
    if isinstance(row["main_part"], str):
        part = catalogue().component(row["main_part"], int(row["edition_year"]))
        named = {"name": "main_part", "dimension": "component_id"}
        values = {key: phrases.names_of([row[of]], ctx) for key, of in named.items()}
        values |= {"number": part.number, "size": ctx.number(abs(row["main_change"]), 2)}
        over = row["change"] - row["main_change"]  # what the other sub-dimensions rose by
        values["rest"] = ctx.number(over, 2)
        says += " " + sentence(ctx.phrase("opening.main_part_alone" if over > 0 else "opening.main_part", **values))
    if pd.notna(row["gap"]) and 0 < row["gap"] <= NEAR:
        group = phrases.group_name(row["next_group"], ctx)
        says += ctx.phrase("opening.short_of_group", gap=ctx.number(row["gap"], 2), group=group)

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"].eq("dimension")].set_index("component_id")
        years = int(row["previous_edition"]), int(row["edition_year"])
        moves = claims.changes(frame[frame["kind"].eq("dimension") & frame["previous_score"].notna()])
        found = {part: move for part, move in moves.items() if catalogue().same_component(part, *years)}
        own, mine = drawn.loc[row["component_id"]], found[row["component_id"]]
        past = [part for part, change in found.items() if change < 0 and _passes(change, drawn.at[part, "limit"])]
        alike = (
            own["fall_place"] == place,
            own["group"] == row["group"],
            own["previous_group"] == row["previous_group"],
            len(past) == len(beyond),
            mine == min(found[part] for part in past or found) < 0,
            pd.isna(own["main_change"]) or own["main_change"] / float(mine) > 0.5,
        )
        return all(alike)

    return [Claim(says, holds)]


def rise(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimensions that rose beyond survey error; else, where one came into the high group, those that rose most."""
    rows = _dimensions(facts)
    rows = rows[rows["alike"].eq(True) & (rows["change"] > 0)]
    beyond = _beyond(rows)
    entered = rows[(rows["group"] == "high") & (rows["previous_group"] != "high")]
    if len(beyond):
        most, entered = beyond[:1], entered.iloc[:0]
        says = _dimension(beyond.iloc[0], "opening.rise_beyond_error", ctx) + _others(beyond[1:], ctx)
    elif len(entered):
        printed = rows["change"].map(lambda change: rounded(change, 2))
        most = rows[printed == printed.max()]
        names = phrases.names_of(most["component_id"], ctx)
        size = ctx.number(phrases.apart(*most.iloc[0][["score", "previous_score"]]), 2)
        says = ctx.phrase("opening.rise_most", names=names, size=size)
        entered = entered.loc[entered["change"].sort_values(ascending=False).index]
        says += "".join(_dimension(row, "opening.rise_to_high", ctx) for _, row in entered.iterrows())
        if rows.loc[[*most.index, *entered.index], "limit"].notna().all():
            says += ctx.phrase("opening.rises_within_error")
    else:
        return []

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"].eq("dimension")].set_index("component_id")
        moves = claims.changes(_dimensions(frame[frame["alike"].eq(True)]))
        past = [part for part, move in moves.items() if move > 0 and _passes(move, drawn.at[part, "limit"])]
        came = drawn.index[drawn["group"].eq("high") & drawn["previous_group"].ne("high")]
        top = [part for part, move in moves.items() if ctx.number(move, 2) == ctx.number(max(moves.values()), 2)]
        named = set(beyond["component_id"]) == set(past)
        return named and (bool(past) or ({*entered["component_id"]} <= {*came} and {*most["component_id"]} == {*top}))

    return [Claim(f"{sentence(says)}.", holds)]


def lowest(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimension that stands lowest, where that is in the low group."""
    rows = _dimensions(facts)
    rows = rows[rows["group"].eq("low")]
    if rows.empty:
        return []
    row = rows.loc[(rows["rank"] / rows["n_ranked"]).astype(float).idxmax()]
    says = _dimension(row, "opening.lowest", ctx)

    def holds(frame: pd.DataFrame) -> bool:
        ranks = phrases.read(frame[frame["kind"].eq("dimension")], "component_id", "rank", "n_ranked", "group")
        placed = {part: (rank / of, group) for part, rank, of, group in ranks if pd.notna(rank)}
        return placed[row["component_id"]] == (max(share for share, _ in placed.values()), "low")

    return [Claim(f"{says}.", holds)]


def apart(row, facts: pd.DataFrame) -> pd.DataFrame:
    """What of a total cannot be compared with the edition before: dimensions, or sub-dimensions alone."""
    compared = row.component_id == "papi_total" and pd.notna(row.previous_score)
    return facts[facts["kind"].eq("odd") & compared]


def without(apart: pd.DataFrame, row, ctx: Context) -> str:
    """What cannot be compared, why, and what the rest makes together, beside the error of the total."""
    years = int(row.previous_edition), int(row.edition_year)
    read = phrases.read(apart, "component_id", "score", "previous_score")
    named = [
        ctx.phrase(
            "opening.named_change",
            name=phrases.names_of([part], ctx),
            number=catalogue().component(part, years[1]).number,
            change=_signed(*pair, ctx),
        )
        for part, *pair in read
    ]
    total = phrases.apart(row.score, row.previous_score) - sum(phrases.apart(*pair) for _, *pair in read)
    moved = ctx.phrase("opening.together_up" if total > 0 else "opening.together_down", size=ctx.number(abs(total), 2))
    why = claims.why_not(apart["component_id"], years, ctx)
    says = ctx.phrase("opening.apart", named=listing(named, ctx.language), why=why, moved=moved)
    return says + (ctx.phrase("opening.error_of_total", limit=ctx.number(row.limit, 2)) if pd.notna(row.limit) else "")


def in_part(parts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """An edition that gives the province no total, but some of its dimensions."""
    if parts.empty:
        return []
    year = int(parts["edition_year"].iloc[0])
    whole = len(catalogue().parts_of("papi_total", year))
    listed = []
    best = parts.loc[(parts["rank"] / parts["n_ranked"]).astype(float).sort_values(kind="stable").index]
    for part, score, rank, of, group in phrases.read(best, "component_id", "score", "rank", "n_ranked", "group"):
        placed = {"score": ctx.number(score, 2), "rank": rank_of(rank, of), "group": phrases.group_name(group, ctx)}
        listed.append(ctx.phrase("opening.part_ranked", name=phrases.names_of([part], ctx), **placed))
    says = ctx.phrase(
        "opening.in_part", year=year, province=ctx.name, count=len(parts), whole=whole, listed="; ".join(listed)
    )

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"].eq("part")]
        ranks = all(rank_of(*pair) in says for pair in phrases.read(drawn, "rank", "n_ranked"))
        total = frame[frame["component_id"].eq("papi_total") & frame["kind"].eq("index")].iloc[0]
        return ranks and len(drawn) == len(parts) < whole and total["newest_edition"] == year != total["edition_year"]

    return [Claim(says, holds)]
