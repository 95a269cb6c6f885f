"""What a report opens with: a few sentences, chosen by what happened and how sure it is."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, listing
from ninhthuan.numbers import rounded
from ninhthuan.periods import Quarter

from .. import claims, papi_sentences, phrases, tables, work_sentences
from ..wording import Context, decimals_known, index_name, lower_first, publication_day, rank_of, score_of, sentence

MOST = 7  # sentences
ROUNDING = [Decimal(step) for step in ("-0.001", "0", "0.001")]  # dimensions of a copy against its total
OLDEST = 4  # years that an edition may be older than the report, for its rank to be told
UNITS = {"points": "opening.points", "percent": "opening.percentage_points", "score_0_1": "opening.points"}


def caption(facts: pd.DataFrame, ctx: Context) -> Caption:
    """What the sentences claim, each of the figures it is made of."""
    when = phrases.quarter_word(facts["quarter"].iloc[0], ctx)
    return Caption(
        ctx.phrase("opening.title", province=ctx.name, quarter=when),
        ctx.phrase("opening.subtitle", province=ctx.name),
        claims=(phrases.about(ctx), *(claim for _, claims in _chosen(facts, ctx) for claim in claims)),
    )


def text(facts: pd.DataFrame, ctx: Context) -> list[tuple[str, list[str]]]:
    """Paragraphs, each under its head: the conclusion, the work of the quarter, PAPI and the other indices."""
    return [(head, [claim.says for claim in claims]) for head, claims in _chosen(facts, ctx) if claims]


def _chosen(facts: pd.DataFrame, ctx: Context) -> list[tuple[str, list[Claim]]]:
    """Heads, each with its sentences, the most telling of them; what is new stands before what is not."""
    work = work_sentences.sentences_on_work(facts, ctx)
    new, papi = facts["news"].eq(True), facts["index_id"].eq("papi")
    shown = facts[facts["kind"].eq("index") & (new | papi & facts["fresh"].eq(True))]
    totals = {row.index_id: _index(row, facts, ctx) for row in shown.itertuples()}
    falls, parts = papi_sentences.fall(facts, ctx), papi_sentences.in_part(facts[facts["kind"].eq("part")], ctx)
    spare = max(MOST - len(work) - len(totals) - len(falls) - len(parts), 0)
    more = [*papi_sentences.rise(facts, ctx), *papi_sentences.lowest(facts, ctx)]
    # what is least telling goes first
    more, rest = more[:spare], _rest(facts, set(totals), ctx)[: max(spare - len(more), 0)]
    margins = [_margins(row, ctx) for _, row in shown[shown["rank_low"].notna()].iterrows()]
    of_papi = index_name("papi"), [totals.pop("papi"), *falls, *more, *margins] if "papi" in totals else parts
    others = ctx.phrase("opening.indices"), [*totals.values(), *rest]
    opens = [(ctx.phrase("opening.conclusion"), _concluded(facts, ctx)), (ctx.phrase("opening.work"), work)]
    return [*opens, *([others, of_papi] if totals and not (new & papi).any() else [of_papi, others])]


def _concluded(facts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """One sentence that the rest bears out: of the work, of PAPI, and of the other results that are new."""
    papi, says, first, kept = papi_sentences.concluded(facts, ctx), work_sentences.concluded(facts, ctx), [], []
    new = facts[facts["kind"].eq("index") & facts["news"].eq(True)]
    fresh = new["index_id"].eq("papi").any() or new.empty
    says += [papi] * bool(papi and fresh)
    for row in new[~(new["index_id"].eq("papi") & bool(papi))].itertuples():
        name, rank = f"{index_name(row.index_id)} {int(row.edition_year)}", rank_of(row.rank, row.n_ranked)
        if (places := _places(row)) is None:
            named = f"{name} ({rank})" if pd.notna(row.rank) else name
            (first if row.crosses or pd.isna(row.previous_edition) else kept).append(named)
            continue
        key = "opening.concluded_" + ("up" if places > 0 else "down" if places < 0 else "kept")
        says.append(ctx.phrase(key, name=name, previous=rank_of(row.previous_rank, row.previous_n_ranked), rank=rank))
    for key, names in (("opening.concluded_new", first), ("opening.concluded_ranked", kept)):
        says += [ctx.phrase(key, listed=listing(names, ctx.language))] * bool(names)
    says += [papi] * bool(papi and not fresh)
    out = facts["kind"].eq("index") & facts["new_editions"].fillna("").ne("") & facts["news"].ne(True)
    if not papi and new.empty and out.any():
        read = phrases.read(facts[out], "index_id", "newest_edition")
        names = [f"{index_name(index_id)} {year:.0f}" for index_id, year in read]
        says.append(ctx.phrase("opening.concluded_without", listed=listing(names, ctx.language)))
    elif not papi and new.empty:
        days = {name: day(facts[name].iloc[0], ctx.language) for name in ("since", "until")}
        says.append(ctx.phrase("opening.concluded_nothing", **days))
    values = {"quarter": sentence(phrases.quarter_word(facts["quarter"].iloc[0], ctx)), "province": ctx.name}
    text = ctx.phrase("opening.concluded", listed="; ".join(says), **values)

    def holds(frame: pd.DataFrame) -> bool:
        """By the catalogue, where the sentence goes by the columns; what it says of PAPI the sentences after claim."""
        fresh = frame[frame["kind"].eq("index") & frame["news"].eq(True) & frame["index_id"].ne("papi")]
        both = fresh[fresh["rank"].notna() & fresh["previous_rank"].notna()]
        years = (both[name].astype(int) for name in ("previous_edition", "edition_year"))
        unlike = [bool(catalogue().marks(*of)) for of in zip(both["component_id"], *years, strict=True)]
        moved = both[~pd.Series(unlike, index=both.index, dtype=bool)].itertuples()
        ranks = {
            rank_of(row.previous_rank, row.previous_n_ranked) in text for row in moved if row.rank != row.previous_rank
        }
        return ranks <= {True} and len(fresh) == int(new["index_id"].ne("papi").sum())

    return [Claim(text, holds)]


def _places(row) -> float | None:
    """Places gained since the edition before; None where ranks do not compare, or survey error is not known."""
    known = row.index_id != "papi" and pd.notna(row.rank) and pd.notna(row.previous_rank) and not row.crosses
    return row.previous_rank - row.rank if known and _compared(row._asdict()) else None


def _index(row, facts: pd.DataFrame, ctx: Context) -> Claim:
    """A total that is new: score, rank, group, and what its change is worth."""
    decimals = phrases.decimals(row.unit)
    score = score_of(row.score, row, decimals, ctx.language, unit="%" * (row.unit == "percent"), in_sentence=True)
    out = publication_day(row.published_on, row.published_precision, ctx.language)
    values = {
        "province": ctx.name,
        "name": index_name(row.index_id),
        "year": int(row.edition_year),
        "out": out and ctx.phrase("opening.out_before", day=out),
        "score": score if row.unit == "percent" else score + ctx.phrase("opening.points"),
        "rank": rank_of(row.rank, row.n_ranked, row.rank_basis, ctx.language),
        "may_be": _may_be(row, ctx),
    }
    if pd.isna(row.score):
        says = ctx.phrase("opening.index_no_score", **values)
    else:
        says = ctx.phrase("opening.index" if pd.notna(row.rank) else "opening.index_no_rank", **values)
    if isinstance(row.group, str) and row.group:
        papi = row.index_id == "papi"
        group = phrases.group_name(row.group, ctx) if papi else lower_first(tables.quarter_of_ranks(row.group, ctx))
        says += ctx.phrase("opening.in_group" if papi else "opening.in_quarter", group=group)
    apart = papi_sentences.apart(row, facts)
    says += _verdict(row, facts, ctx) + "."
    shown = "" if pd.isna(row.score) else ctx.number(row.score, decimals_known(decimals, row))

    def holds(frame: pd.DataFrame) -> bool:
        found = frame[frame["component_id"].eq(row.component_id) & frame["edition_year"].eq(row.edition_year)].iloc[0]
        same = pd.isna(row.score) or ctx.number(found["score"], decimals_known(decimals, found)) == shown
        ranked = pd.isna(row.rank) or 1 <= found["rank"] == row.rank <= found["n_ranked"]
        moved = phrases.apart(found["score"], found["previous_score"])
        quiet = pd.notna(found["limit"]) and abs(moved) <= found["limit"] and _compared(found)
        if len(apart):  # all dimensions without what cannot be compared make the rest that is told of
            kinds = (frame[frame["kind"].eq(kind)] for kind in ("odd", "dimension"))
            odd, whole = (sum(claims.changes(rows).values()) for rows in kinds)
            same &= any(ctx.number(abs(whole - odd) + step, 2) in says for step in ROUNDING)
        return same and ranked and quiet == _within(row, ctx) and all(size in says for size in _sizes(found, ctx))

    return Claim(says, holds)


def _sizes(found: pd.Series, ctx: Context) -> list[str]:
    """What a sentence must print of a change, from the figures of both editions: points, and the rank before."""
    if found[["score", "previous_score"]].isna().any() or found["crosses"]:
        return []
    digits = decimals_known(phrases.decimals(found["unit"]), found, ("", "previous_"))
    sizes = [ctx.number(abs(phrases.apart(found["score"], found["previous_score"])), digits)]
    sizes = [size for size in sizes if float(size.replace(",", "."))]
    if found[["rank", "previous_rank"]].notna().all():
        sizes.append(rank_of(found["previous_rank"], found["previous_n_ranked"], found["previous_rank_basis"]))
    return sizes


def _compared(row: pd.Series) -> bool:
    """Whether all that a total is made of can be compared with the edition before."""
    return catalogue().same_component(row["component_id"], int(row["previous_edition"]), int(row["edition_year"]))


def _within(row, ctx: Context) -> bool:
    if pd.isna(row.previous_score) or row.crosses or not _compared(row._asdict()):
        return False
    years = int(row.previous_edition), int(row.edition_year)
    return bool(phrases.within_error(row.score - row.previous_score, row.component_id, years, ctx))


def _verdict(row, facts: pd.DataFrame, ctx: Context) -> str:
    """What is to be made of the change since the edition before."""
    if pd.isna(row.previous_edition):
        return ctx.phrase("opening.no_earlier")
    before = int(row.previous_edition)
    if isinstance(row.crosses, str) and row.crosses:
        return ctx.phrase("opening.other_method", before=before)
    if pd.isna(row.previous_score) or pd.isna(row.score):
        return ""
    digits = decimals_known(phrases.decimals(row.unit), row, ("", "previous_"))
    change = rounded(phrases.apart(row.score, row.previous_score), digits)
    size = ctx.number(abs(change), digits) + ctx.phrase(UNITS[row.unit])
    places = 0
    if pd.notna(row.rank) and pd.notna(row.previous_rank):
        places = int(row.previous_rank - row.rank)
        rank = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis, ctx.language)
        before = ctx.phrase("opening.before_ranked", year=before, rank=rank)
    way = "level" if not change else "up" if change > 0 else "down"
    says = ctx.phrase(f"opening.score_{way}", before=before, size=size)
    if change * places < 0:
        says += ctx.phrase("opening.but_rank_up" if places > 0 else "opening.but_rank_down")
    if len(apart := papi_sentences.apart(row, facts)):
        says += papi_sentences.without(apart, row, ctx)
    elif not _compared(row._asdict()):
        says += ctx.phrase("opening.with_care")
    elif pd.notna(row.limit):
        key = "opening.within_error" if _within(row, ctx) else "opening.beyond_error"
        says += ctx.phrase(key, limit=ctx.number(row.limit, 2))
    return says + _ranked_in_both(row, ctx)


def _ranked_in_both(row, ctx: Context) -> str:
    """Ranks among the provinces with a result in both editions, where those told of are of others."""
    ranks = row.rank, row.n_ranked, row.previous_rank, row.previous_n_ranked
    if pd.isna(row.common_rank) or ranks == (row.common_rank, row.n_changes, row.common_previous, row.n_changes):
        return ""
    same = row.common_rank == row.common_previous
    key = "opening.ranked_in_both_same" if same else "opening.ranked_in_both"
    values = {"before": int(row.previous_edition), "year": int(row.edition_year), "province": ctx.name}
    return ctx.phrase(key, **values, **papi_sentences.in_both(row._asdict(), ctx))


def _may_be(row, ctx: Context) -> str:
    """The ranks that survey errors leave PAPI's total."""
    ends = {"low": ctx.number(row.rank_low, 0), "high": ctx.number(row.rank_high, 0)}
    return "" if pd.isna(row.rank_low) else ctx.phrase("opening.may_be", **ends)


def _margins(row, ctx: Context) -> Claim:
    """Level and assumption of the errors; the ranks that they leave PAPI's total hold its own."""

    def holds(frame: pd.DataFrame) -> bool:
        found = frame[frame["component_id"].eq("papi_total") & frame["kind"].eq("index")].iloc[0]
        ends = (found["rank_low"], found["rank_high"]) == (row["rank_low"], row["rank_high"])
        return ends and found["rank_low"] <= found["rank"] <= found["rank_high"]

    return Claim(ctx.phrase("opening.rank_range"), holds)


def _of_report_before(facts: pd.DataFrame, ctx: Context) -> list[str]:
    """Indices that came out in the quarter, but before what this report knows more than the one before it."""
    first, since = Quarter.parse(facts["quarter"].iloc[0]).first_day, facts["since"].iloc[0]
    editions = (catalogue().editions_of(index_id, ctx.province.boundary, since) for index_id in catalogue().indices)
    return [known[-1].index_id for known in editions if known and first <= known[-1].known_from < since]


def _without_result(rows: pd.DataFrame, ctx: Context) -> pd.Series:
    """Which indices have an edition of this quarter, or of the time since the report before, without the province."""
    newest, known = (pd.to_numeric(rows[name]) for name in ("newest_edition", "edition_year"))
    before = rows["index_id"].isin(_of_report_before(rows, ctx)) if len(rows) else False
    out = rows["new_editions"].fillna("").ne("") | (newest.gt(known) | known.isna() & newest.notna()) & before
    return out & ~(rows["missing"].eq("not_published") & newest.gt(known))


def _rest(facts: pd.DataFrame, mentioned: set[str], ctx: Context) -> list[Claim]:
    """Indices of which there is nothing new: out but without the province's result, or no new edition at all."""
    rows = facts[facts["kind"].eq("index")]
    others = rows[~rows["index_id"].isin(rows.loc[rows["news"].eq(True), "index_id"])]
    never = others["newest_edition"].isna()
    newest, known = (pd.to_numeric(others[name]) for name in ("newest_edition", "edition_year"))
    withheld = others["missing"].eq("not_published") & (newest > known)
    before, out = others["index_id"].isin(_of_report_before(facts, ctx)), _without_result(others, ctx)
    behind = (newest > known) & ~out
    editions = [
        index_name(row.index_id) + (f" {int(row.newest_edition)}" if pd.notna(row.newest_edition) else "")
        for row in others.itertuples()
    ]
    names = pd.Series(editions, index=others.index, dtype=object)
    plain = others["index_id"].map(index_name)
    days = {name: day(facts[name].iloc[0], ctx.language) for name in ("since", "until")}
    of_34 = "opening.no_edition_of_the_34" if ctx.province.boundary == "post_2025" else "opening.no_edition_yet"
    old = ~never & ~out & ~withheld
    kinds = (
        ("opening.withheld", names[withheld & ~(others["index_id"].eq("papi") & facts["kind"].eq("part").any())]),
        ("opening.out_without_result", names[out]),
        ("opening.of_report_before", names[old & before]),
        ("opening.no_new_edition", plain[old & ~before]),
        (of_34, plain[never & ~out]),
    )
    days["province"] = ctx.name
    says = [ctx.phrase(key, listed=listing(list(named), ctx.language), **days) for key, named in kinds if len(named)]

    def holds(frame: pd.DataFrame) -> bool:
        kinds = frame[frame["kind"].eq("index") & frame["news"].ne(True)]
        return int(_without_result(kinds, ctx).sum()) == int(out.sum())

    found = [Claim(sentence("; ".join(says)) + ".", holds)] if says else []
    year = Quarter.parse(facts["quarter"].iloc[0]).year
    recent = rows["rank"].notna() & ~rows["index_id"].isin(mentioned) & (rows["edition_year"] >= year - OLDEST)
    late = rows["index_id"].isin(others.loc[behind | (newest > known + 1), "index_id"])
    for key, ranked in (("opening.newest_ranks", rows[recent & ~late]), ("opening.older_ranks", rows[recent & late])):
        if len(ranked):
            listed = phrases.listed_ranks(phrases.read(ranked, *phrases.PLACED), ctx)
            unlike = bool(ranked["crosses"].fillna("").ne("").all())

            def placed(frame: pd.DataFrame, key=key, ranked=ranked, unlike=unlike) -> bool:
                recent = frame["kind"].eq("index") & (frame["edition_year"] >= year - OLDEST)
                others = frame[recent & ~frame["index_id"].isin(mentioned) & (frame["rank"] <= frame["n_ranked"])]
                # of what came out without a result the sentence before has spoken
                years = others["newest_edition"].sub(others["edition_year"]).astype(float)
                older = years.gt(_without_result(others, ctx).astype(int))
                same = others[older if key == "opening.older_ranks" else ~older]
                pairs = phrases.read(same, "component_id", "previous_edition", "edition_year")
                alike = [pd.isna(was) or catalogue().ranks_comparable(part, int(was), now) for part, was, now in pairs]
                return sorted(same["index_id"]) == sorted(ranked["index_id"]) and unlike == (not any(alike))

            says = ctx.phrase(key, listed=listed, province=ctx.name) + ctx.phrase("opening.ranks_unlike") * unlike
            found.append(Claim(f"{says}.", placed))
    return found
