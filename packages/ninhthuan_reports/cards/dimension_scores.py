"""PAPI by dimension in two editions, with the total in the last row."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number, rounded

from .. import claims, phrases, summaries, tables
from ..wording import Context, component_name, rank_of, sentence


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Total and its change, and the dimensions of the best and the lowest rank."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("papi.has_no_papi_total_any", province=ctx.name))
    total, parts = claims.total(rows), rows[rows["component_id"] != "papi_total"]
    year, score = int(total["edition_year"]), ctx.number(total["score"], 2)
    moved, extremes = _moved(total, ctx), _extremes(parts, ctx)
    title = ctx.phrase("papi.papi_points", year=year, province=ctx.name, score=score)
    title = claims.fitting((", ".join([title, *(claim.says for claim in moved)]), title))
    years = [str(edition) for edition in (total["previous_edition"], year) if pd.notna(edition)]
    notes = (
        ctx.phrase("papi.groups_quartile_provinces_result_ranks"),
        phrases.unrounded_note(ctx) * bool(rows["change"].notna().any()),
        ctx.phrase("papi.two_editions_differ_method") * bool(rows["crosses"].ne("").any()),
        ctx.phrase("papi.no_edition_before_compare") * bool(rows["previous_score"].isna().any()),
        phrases.withheld_note("papi", year, ctx),
        _summed(rows, ctx),
        ctx.phrase("papi.error_column") * bool(rows["limit"].notna().any()),
    )
    rose, fell, still = phrases.directions(parts["change"].dropna())
    numbers = [claim.says for claim in extremes]
    if rose + fell + still:
        key = "papi.dimensions_rose_fell_hardly_moved" if still else "papi.dimensions_rose_fell_2"
        numbers.append(ctx.phrase(key, rose=rose, fell=fell, still=still))
    if pd.notna(total["rank"]):
        numbers.append(ctx.phrase("papi.rank_total") + rank_of(total["rank"], total["n_ranked"]))
    return Caption(
        title,
        ctx.phrase("papi.papi_dimension_scores_scale_1_2", province=ctx.name, years=listing(years, ctx.language)),
        claims.together(notes),
        phrases.rows_of(len(rows), ctx.phrase("papi.one_each_dimension_total_last"), ctx),
        tuple(numbers),
        (
            phrases.about(ctx),
            _scored(year, score, ctx),
            Claim(ctx.phrase("papi.dimensions_add_up_total"), _adds_up),
            *(Claim(ctx.phrase("papi.total_3", moved=claim.says), claim.holds) for claim in moved),
            *extremes,
        ),
    )


def _scored(year: int, score: str, ctx: Context) -> Claim:
    """The newest total."""

    def holds(frame: pd.DataFrame) -> bool:
        row = claims.total(frame)
        return row["edition_year"] == year and ctx.number(row["score"], 2) == score

    return Claim(ctx.phrase("papi.papi_total_2", year=year, score=score), holds)


def _adds_up(frame: pd.DataFrame) -> bool:
    """Whether the dimensions make up the total, but for their rounding."""
    whole = frame["component_id"] == "papi_total"
    parts = sum(rounded(score, 9) for score in frame.loc[~whole, "score"])
    return abs(parts - rounded(frame.loc[whole, "score"].item(), 9)) <= Decimal("0.001")


def _moved(total: pd.Series, ctx: Context) -> list[Claim]:
    """How the total changed, and whether that is within survey error; nothing without an edition to compare."""
    if pd.isna(total["change"]):
        return []
    (before, year), falling = _years(total), total["change"] < 0
    size = ctx.number(abs(total["change"]), 2)
    moved = ctx.phrase("papi.from", change=ctx.number(total["change"], 2, sign=True), before=before)
    quiet = claims.caution(total["change"], "papi_total", (before, year), ctx)

    def holds(frame: pd.DataFrame) -> bool:
        row = claims.total(frame)
        exact = phrases.apart(row["score"], row["previous_score"])
        drawn = {ctx.number(change, 2, sign=True) for change in (exact, row["change"])}
        same = row["previous_edition"] == before and ctx.number(abs(exact), 2) == size
        return same and len(drawn) == 1 and (exact < 0) == falling

    return [Claim(", ".join(filter(None, (moved, quiet))), holds)]


def _extremes(parts: pd.DataFrame, ctx: Context) -> list[Claim]:
    """The dimensions of the best and the lowest rank, where there are ranks."""
    ranked = parts[parts["rank"].notna()]
    if ranked.empty:
        return []
    ends = [ranked.loc[pick(ranked["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax)]
    placed = {row["component_id"]: rank_of(row["rank"], row["n_ranked"]) for row in ends}
    year, (first, last) = int(parts["edition_year"].iloc[0]), (row["component_id"] for row in ends)
    named = [f"{phrases.names_of([part], ctx, year)} ({placed[part]})" for part in (first, last)]

    def holds(frame: pd.DataFrame) -> bool:
        with_rank = frame[(frame["component_id"] != "papi_total") & frame["rank"].notna()]
        drawn = {part: ranked for part, *ranked in phrases.read(with_rank, "component_id", "rank", "n_ranked")}
        ends = min(rank for rank, _ in drawn.values()), max(rank for rank, _ in drawn.values())
        same = {part: rank_of(*drawn[part]) for part in placed} == placed
        return same and (drawn[first][0], drawn[last][0]) == ends

    says = ctx.phrase("papi.best_rank_lowest_2", first_ends=named[0], last_ends=named[1])
    return [Claim(sentence(says), holds)]


def _odd(rows: pd.DataFrame) -> list[str]:
    """Dimensions that do not measure what they did, where the total is compared."""
    total, parts = claims.total(rows), sorted({*rows["component_id"]} - {"papi_total"})
    if pd.isna(total["change"]):
        return []
    return [part for part in parts if not catalogue().same_component(part, *_years(total))]


def _years(total: pd.Series) -> tuple[int, int]:
    return int(total["previous_edition"]), int(total["edition_year"])


def _summed(rows: pd.DataFrame, ctx: Context) -> str:
    """Where parts do not compare, which, and why; else that of a sample, where its errors are not printed."""
    if not _odd(rows):
        return phrases.error_note(ctx) * bool(rows["limit"].isna().all())
    years = _years(claims.total(rows))
    odd = catalogue().unlike_parts("papi_total", *years)
    numbers = [catalogue().component(part, years[1]).number for part in odd]
    named = [f"{number} {phrases.names_of([part], ctx)}" for part, number in zip(odd, numbers, strict=True)]
    return ctx.phrase("papi.odd_dimensions", why=claims.why_not(odd, years, ctx), named="; ".join(named))


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """PAPI by dimension in two editions, with the total in the last row."""
    year, before = rows["edition_year"].iloc[0], rows["previous_edition"].iloc[0]
    odd, erring = [*_odd(rows), *["papi_total"] * bool(_odd(rows))], bool(rows["limit"].notna().any())

    def change(row) -> str:
        if row.crosses:
            return "†"
        shown = "–" if pd.isna(row.change) else number(row.change, 2, ctx.language, sign=True)
        return shown + "†" * (row.component_id in odd)

    text = [
        [
            ctx.phrase("tables.papi_total")
            if row.component_id == "papi_total"
            else component_name(catalogue().component(row.component_id, int(year)), ctx.language),
            "–" if pd.isna(row.previous_score) else number(row.previous_score, 2, ctx.language),
            number(row.score, 2, ctx.language),
            change(row),
            *(["–" if pd.isna(row.limit) else number(row.limit, 2, ctx.language)] * erring),
            rank_of(row.rank, row.n_ranked),
            tables.group(row.group_derived, ctx.language)
            + ctx.phrase("tables.near_edge") * bool(summaries.near_edge(row)),
        ]
        for row in rows.itertuples()
    ]
    earlier = ctx.phrase("tables.edition_before") if pd.isna(before) else str(before)
    heads = ("dimension", "change", *["error"] * erring, "rank", "group")
    dimension, *rest = (ctx.phrase(f"tables.head_{name}", year=year) for name in heads)
    return pd.DataFrame(text, columns=[dimension, earlier, str(year), *rest])
