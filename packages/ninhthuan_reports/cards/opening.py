"""What a report opens with: a few sentences, chosen by what happened and how sure it is."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, listing
from ninhthuan.numbers import rounded
from ninhthuan.periods import Quarter

from .. import phrases, tables
from ..wording import (
    Context,
    component_name,
    decimals_known,
    index_name,
    lower_first,
    publication_day,
    rank_of,
    score_of,
    sentence,
)
from ..work_sentences import sentences_on_work

MOST = 7  # sentences
LOWEST_FALLS = 3  # a fall among so many of the country's largest is told of
OLDEST = 4  # years that an edition may be older than the report, for its rank to be told
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
    work = sentences_on_work(facts, ctx)
    new, papi = facts["news"].eq(True), facts["index_id"].eq("papi")
    totals = {row.index_id: _index(row, ctx) for row in facts[new | papi & facts["fresh"].eq(True)].itertuples()}
    falls = _fall(facts, ctx)
    rises = _rise(facts, ctx, contrast=bool(falls))
    # what is least telling goes first
    spare = max(MOST - len(work) - len(totals) - len(falls), 0)
    rises, rest = rises[:spare], _rest(facts, set(totals), ctx)[: max(spare - len(rises), 0)]
    of_papi = [totals.pop("papi"), *falls, *rises] if "papi" in totals else []
    ordered = [*of_papi, *totals.values()] if (new & papi).any() else [*totals.values(), *of_papi]
    return work, [*ordered, *rest]


# -------------------------------------------------------------------------------------------------------- the indices


def _index(row, ctx: Context) -> Claim:
    """A total that is new: score, rank, group, and what its change is worth."""
    decimals = phrases.decimals(row.unit)
    score = score_of(row.score, row, decimals, ctx.language, unit="%" * (row.unit == "percent"), in_sentence=True)
    out = "" if row.news else publication_day(row.published_on, row.published_precision, ctx.language)
    values = {
        "name": index_name(row.index_id),
        "year": int(row.edition_year),
        "out": out and ctx.phrase("opening.out_before", day=out),
        "score": score if row.unit == "percent" else score + ctx.phrase("opening.points"),
        "rank": rank_of(row.rank, row.n_ranked, row.rank_basis, ctx.language),
    }
    if pd.isna(row.score):
        says = ctx.phrase("opening.index_no_score", **values)
    else:
        says = ctx.phrase("opening.index" if pd.notna(row.rank) else "opening.index_no_rank", **values)
    if isinstance(row.group, str) and row.group:
        papi = row.index_id == "papi"
        group = phrases.group_name(row.group, ctx) if papi else lower_first(tables.quarter_of_ranks(row.group, ctx))
        says += ctx.phrase("opening.in_group" if papi else "opening.in_quarter", group=group)
    says += _verdict(row, ctx)
    shown = "" if pd.isna(row.score) else ctx.number(row.score, decimals_known(decimals, row))

    def holds(frame: pd.DataFrame) -> bool:
        found = frame[frame["component_id"].eq(row.component_id) & frame["edition_year"].eq(row.edition_year)].iloc[0]
        same = pd.isna(row.score) or ctx.number(found["score"], decimals_known(decimals, found)) == shown
        ranked = pd.isna(row.rank) or 1 <= found["rank"] == row.rank <= found["n_ranked"]
        quiet = (
            pd.notna(found["limit"]) and abs(phrases.apart(found["score"], found["previous_score"])) <= found["limit"]
        )
        return same and ranked and quiet == _within(row, ctx) and all(size in says for size in _sizes(found, ctx))

    return Claim(f"{says}.", holds)


def _sizes(found: pd.Series, ctx: Context) -> list[str]:
    """What a sentence must print of a change, from the figures of both editions: points and places, but for none."""
    if found[["score", "previous_score"]].isna().any() or found["crosses"]:
        return []
    digits = decimals_known(phrases.decimals(found["unit"]), found, ("", "previous_"))
    sizes = [ctx.number(abs(phrases.apart(found["score"], found["previous_score"])), digits)]
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
    digits = decimals_known(phrases.decimals(row.unit), row, ("", "previous_"))
    change = rounded(phrases.apart(row.score, row.previous_score), digits)
    size = ctx.number(abs(change), digits) + ctx.phrase(UNITS[row.unit])
    moved = _moved(row, ctx, change)
    if not change:
        return ctx.phrase("opening.score_level", before=before) + moved
    way = "opening.score_up" if change > 0 else "opening.score_down"
    says = ctx.phrase(way, before=before, size=size) + moved
    if pd.notna(row.limit):
        key = "opening.within_error" if _within(row, ctx) else "opening.beyond_error"
        says += ctx.phrase(key, limit=ctx.number(row.limit, 2))
    if not catalogue().same_component(row.component_id, before, int(row.edition_year)):
        says += ctx.phrase("opening.with_care")
    return says


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
    if isinstance(row["main_part"], str):
        part = catalogue().component(row["main_part"], int(row["edition_year"]))
        name = lower_first(component_name(part, ctx.language, numbered=False))
        size = ctx.number(abs(row["main_change"]), 2)
        says += ctx.phrase("opening.main_part", name=name, number=part.number, size=size)
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
            pd.isna(own["main_change"]) or own["main_change"] / float(found[row["component_id"]]) > 0.5,
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


def _rest(facts: pd.DataFrame, mentioned: set[str], ctx: Context) -> list[Claim]:
    """Indices of which there is nothing new: out but without the province's result, or no new edition at all."""
    rows = facts[facts["kind"].eq("index")]
    others = rows[~rows["index_id"].isin(rows.loc[rows["news"].eq(True), "index_id"])]
    never = others["newest_edition"].isna()
    newest = pd.to_numeric(others["newest_edition"])
    withheld = others["missing"].eq("not_published") & newest.gt(pd.to_numeric(others["edition_year"]))
    out = others["new_editions"].fillna("").ne("") & ~withheld
    editions = [
        index_name(row.index_id) + (f" {int(row.newest_edition)}" if pd.notna(row.newest_edition) else "")
        for row in others.itertuples()
    ]
    names = pd.Series(editions, index=others.index, dtype=object)
    plain = others["index_id"].map(index_name)
    days = {name: day(facts[name].iloc[0], ctx.language) for name in ("since", "until")}
    of_34 = "opening.no_edition_of_the_34" if ctx.province.boundary == "post_2025" else "opening.no_edition_yet"
    kinds = (
        ("opening.withheld", names[withheld]),
        ("opening.out_without_result", names[out]),
        ("opening.no_new_edition", plain[~never & ~out & ~withheld]),
        (of_34, plain[never]),
    )
    says = [ctx.phrase(key, listed=listing(list(named), ctx.language), **days) for key, named in kinds if len(named)]

    def holds(frame: pd.DataFrame) -> bool:
        kinds = frame[frame["kind"] == "index"]
        fresh = kinds["new_editions"].fillna("").ne("") & kinds["news"].ne(True)
        return int((fresh & kinds["missing"].ne("not_published")).sum()) == int(out.sum())

    found = [Claim(sentence("; ".join(says)) + ".", holds)] if says else []
    year = Quarter.parse(facts["quarter"].iloc[0]).year
    ranked = rows[rows["rank"].notna() & ~rows["index_id"].isin(mentioned) & (rows["edition_year"] >= year - OLDEST)]
    if len(ranked):
        listed = phrases.listed_ranks(phrases.read(ranked, *phrases.PLACED), ctx)

        def placed(frame: pd.DataFrame) -> bool:
            recent = frame["kind"].eq("index") & (frame["edition_year"] >= year - OLDEST)
            others = frame[recent & ~frame["index_id"].isin(mentioned) & (frame["rank"] <= frame["n_ranked"])]
            return sorted(others["index_id"]) == sorted(ranked["index_id"])

        found.append(Claim(ctx.phrase("opening.newest_ranks", listed=listed), placed))
    return found
