"""Sentences of a report's opening on PAPI's dimensions, each with what it claims."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing

from . import claims, phrases
from .wording import Context, publication_day, rank_of, sentence

LOWEST_FALLS = 3  # a fall among so many of the country's largest is told of


def _signed(later: float, earlier: float, ctx: Context) -> str:
    return ctx.number(phrases.apart(later, earlier), 2, sign=True)


def _dimension(row, key: str, ctx: Context, **more: str) -> str:
    return ctx.phrase(
        key,
        **more,
        name=phrases.names_of([row["component_id"]], ctx),
        size=ctx.number(abs(phrases.apart(row["score"], row["previous_score"])), 2),
        change=_signed(row["score"], row["previous_score"], ctx),
        rank=rank_of(row["rank"], row["n_ranked"]),
        first=rank_of(row["previous_rank"], row["previous_n_ranked"]),
        last=rank_of(row["rank"], row["n_ranked"]),
    )


def in_both(row, ctx: Context) -> dict[str, str]:
    """Ranks of either edition among the provinces that have a result in both, and how many these are."""
    found = {"first": "common_previous", "last": "common_rank", "of": "n_changes"}
    return {key: ctx.number(row[name], 0) for key, name in found.items() if pd.notna(row[name])}


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


def _others(rows: pd.DataFrame, key: str, ctx: Context) -> str:
    """Further dimensions that changed beyond error the same way, `opening.also_fell` or `also_rose`."""
    listed = "; ".join(_dimension(row, "opening.also_item", ctx) for _, row in rows.iterrows())
    return ctx.phrase(key, listed=listed) if listed else ""


def fall(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimension that fell most beyond survey error; or that none changed so much, with the one that fell most."""
    rows = _dimensions(facts)
    rows = rows[rows["alike"].eq(True)]
    falls = rows[rows["change"] < 0]
    beyond = _beyond(falls)
    known = rows["limit"].notna().all() and _beyond(rows).empty
    if falls.empty or not (len(beyond) or known):
        return []
    row = falls.loc[(beyond if len(beyond) else falls)["change"].idxmin()]
    place, of = int(row["fall_place"]), int(row["n_changes"])

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"].eq("dimension")].set_index("component_id")
        years = int(row["previous_edition"]), int(row["edition_year"])
        moves = claims.changes(frame[frame["kind"].eq("dimension") & frame["previous_score"].notna()])
        found = {part: move for part, move in moves.items() if catalogue().same_component(part, *years)}
        own, mine = drawn.loc[row["component_id"]], found[row["component_id"]]
        past = [part for part, change in found.items() if _passes(change, drawn.at[part, "limit"])]
        fell = [part for part in past if found[part] < 0]
        alike = (
            own["fall_place"] == place,
            own["group"] == row["group"],
            own["previous_group"] == row["previous_group"],
            len(fell) == len(beyond) and (fell or not past),
            mine == min(found[part] for part in fell or found) < 0,
            pd.isna(own["main_change"]) or own["main_change"] / float(mine) > 0.5,
            own["median_change"] == row["median_change"],
        )
        return all(alike)

    if beyond.empty:
        ends = {key: ctx.number(row[name], 2) for key, name in (("was", "previous_score"), ("now", "score"))}
        ends |= {"limit": ctx.number(row["limit"], 2), "country": ctx.number(row["median_change"], 2, sign=True)}
        return [Claim(_dimension(row, "opening.none_beyond", ctx, **ends), holds)]
    says = _dimension(row, "opening.fall", ctx, limit=ctx.number(row["limit"], 2))
    if place == 1:
        says += ctx.phrase("opening.largest_fall", count=of)
    elif place <= LOWEST_FALLS:
        says += ctx.phrase("opening.among_largest_falls", place=place, count=of)
    if row["group"] != row["previous_group"]:
        groups = [phrases.group_name(row[name], ctx) for name in ("previous_group", "group")]
        says += ctx.phrase("opening.left_group", first_groups=groups[0], second_groups=groups[1])
        if row["near_edge"]:
            says += ctx.phrase("opening.near_edge", group=phrases.group_name(row["near_edge"], ctx))
    if row["median_change"] < 0:
        says += ctx.phrase("opening.country_moved", size=ctx.number(row["median_change"], 2, sign=True))
    says += _others(beyond[1:], "opening.also_fell", ctx) + "."
    if isinstance(row["main_part"], str):
        part = catalogue().component(row["main_part"], int(row["edition_year"]))
        named = {"name": "main_part", "dimension": "component_id"}
        values = {key: phrases.names_of([row[of]], ctx) for key, of in named.items()}
        values |= {"number": part.number, "size": ctx.number(abs(row["main_change"]), 2)}
        alone = row["change"] > row["main_change"]  # the other sub-dimensions rose
        before = int(row["previous_edition"])
        stepped = before in {step.edition_year for step in catalogue().breaks_of(row["main_part"], "suspected")}
        care = ctx.phrase("opening.main_part_stepped" if stepped else "opening.main_part_error", before=before)
        key = "opening.main_part_alone" if alone else "opening.main_part"
        says += " " + sentence(ctx.phrase(key, care=care, **values))
    return [Claim(says, holds)]


def rise(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimensions that rose beyond survey error."""
    rows = _dimensions(facts)
    beyond = _beyond(rows[rows["alike"].eq(True) & (rows["change"] > 0)])
    if beyond.empty:
        return []
    says = _dimension(beyond.iloc[0], "opening.rise_beyond_error", ctx)
    says += _others(beyond[1:], "opening.also_rose", ctx)

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"].eq("dimension")].set_index("component_id")
        moves = claims.changes(_dimensions(frame[frame["alike"].eq(True)]))
        past = {part for part, move in moves.items() if move > 0 and _passes(move, drawn.at[part, "limit"])}
        return past == set(beyond["component_id"])

    return [Claim(f"{sentence(says)}.", holds)]


def lowest(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimension that stands lowest, where that is in the low group, beside those that stand highest."""
    rows = _dimensions(facts)
    places = (rows["rank"] / rows["n_ranked"]).astype(float)
    if not rows["group"].eq("low").any():
        return []
    row, best = rows.loc[places.idxmax()], rows[places.eq(places.min())]
    names = phrases.names_of(best["component_id"], ctx)
    says = _dimension(row, "opening.lowest", ctx, best=names, highest=rank_of(*best.iloc[0][["rank", "n_ranked"]]))

    def holds(frame: pd.DataFrame) -> bool:
        ranks = phrases.read(frame[frame["kind"].eq("dimension")], "component_id", "rank", "n_ranked", "group")
        placed = {part: (rank / of, group) for part, rank, of, group in ranks if pd.notna(rank)}
        top = min(share for share, _ in placed.values())
        same = {part for part, (share, _) in placed.items() if share == top} == set(best["component_id"])
        return same and placed[row["component_id"]] == (max(share for share, _ in placed.values()), "low")

    return [Claim(f"{sentence(says)}.", holds)]


def apart(row, facts: pd.DataFrame) -> pd.DataFrame:
    """What of a total cannot be compared with the edition before: dimensions, or sub-dimensions alone."""
    compared = row.component_id == "papi_total" and pd.notna(row.previous_score)
    return facts[facts["kind"].eq("odd") & compared]


def without(apart: pd.DataFrame, row, ctx: Context) -> str:
    """What cannot be compared, why, and what the rest makes together, of which no error is known."""
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
    return says + ctx.phrase("opening.no_error_of_rest")


def in_part(parts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """An edition that gives some dimensions and no total: which are off the median by more than survey error."""
    if parts.empty:
        return []
    year = int(parts["edition_year"].iloc[0])
    whole = len(catalogue().parts_of("papi_total", year))
    best = parts.loc[(parts["rank"] / parts["n_ranked"]).astype(float).sort_values(kind="stable").index]
    gap, limit = best["gap"].astype(float), best["limit"].astype(float)
    sides = {"above": gap > limit, "within": gap.abs() <= limit, "below": gap < -limit, "unknown": limit.isna()}
    out = publication_day(parts["published_on"].iloc[0], "day", ctx.language)
    values = {"out": ctx.phrase("opening.out_before", day=out), "province": ctx.name, "count": len(parts)}
    says = ctx.phrase("opening.in_part", year=year, whole=whole, **values)
    for side, rows in sides.items():
        listed = [
            ctx.phrase(
                "opening.dimension_placed",
                name=phrases.names_of([part], ctx),
                score=ctx.number(score, 2),
                rank=rank_of(rank, of),
            )
            for part, score, rank, of in phrases.read(best[rows], "component_id", "score", "rank", "n_ranked")
        ]
        says += ctx.phrase(f"opening.part_{side}", listed=listing(listed, ctx.language)) if listed else ""

    def holds(frame: pd.DataFrame) -> bool:
        drawn = frame[frame["kind"].eq("part")]
        ranks = all(rank_of(*pair) in says for pair in phrases.read(drawn, "rank", "n_ranked"))
        total = frame[frame["component_id"].eq("papi_total") & frame["kind"].eq("index")].iloc[0]
        known = phrases.read(drawn[drawn["limit"].notna()], "component_id", "gap")
        near = {part for part, gap in known if phrases.near_median(gap, part, year, ctx)}
        same = near == set(best.loc[sides["within"], "component_id"]) and len(drawn) == len(parts) < whole
        return same and ranks and total["newest_edition"] == year != total["edition_year"]

    assumed = ctx.phrase("opening.rank_range")
    return [Claim(f"{says}.", holds), Claim(assumed, lambda frame: frame["kind"].eq("part").any())]


def concluded(facts: pd.DataFrame, ctx: Context) -> str:
    """In a clause, which dimensions changed by more than survey error, and the total; or which are off the median."""
    parts, rows = facts[facts["kind"].eq("part") & facts["limit"].notna()], _dimensions(facts)
    if len(parts):
        year, above = int(parts["edition_year"].iloc[0]), int((parts["gap"].astype(float) > parts["limit"]).sum())
        return ctx.phrase("opening.concluded_part", year=year, above=above, count=len(parts))
    rows = rows[rows["alike"].eq(True) & rows["limit"].notna()]
    if rows.empty:
        return ""
    beyond, total = _beyond(rows), facts[facts["component_id"].eq("papi_total") & facts["kind"].eq("index")].iloc[0]
    fell, rose = (phrases.names_of(beyond.loc[sign * beyond["change"] > 0, "component_id"], ctx) for sign in (-1, 1))
    kind = "both" if fell and rose else "fell" if fell else "rose" if rose else "none"
    state, rank = of_total(total), rank_of(total["rank"], total["n_ranked"])
    values = {"year": int(total["edition_year"]), "count": len(rows), "rank": rank}
    if (kind, state) == ("none", "within"):
        return ctx.phrase("opening.concluded_still", **values)
    says = ctx.phrase(f"opening.concluded_{kind}", names=fell or rose, risen=rose, **values)
    return says + ctx.phrase(f"opening.total_{state}")


def of_total(total: pd.Series) -> str:
    """Whether the total rose or fell by more than survey error, changed within it, or is open, as parts differ."""
    if not catalogue().same_component("papi_total", int(total["previous_edition"]), int(total["edition_year"])):
        return "open"
    change = phrases.apart(total["score"], total["previous_score"])
    return ("up" if change > 0 else "down") if _passes(change, total["limit"]) else "within"
