"""PAPI by dimension in two editions, with the total in the last row."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import number, rounded

from .. import phrases, tables
from ..wording import Context, component_name, rank_of, sentence


def caption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Total and its change, and the dimensions of the best and the lowest rank."""
    if rows.empty:
        raise phrases.nothing(ctx.phrase("papi.has_no_papi_total_any", province=ctx.name))
    total, parts = rows[rows["component_id"] == "papi_total"].iloc[0], rows[rows["component_id"] != "papi_total"]
    year, score = int(total["edition_year"]), ctx.number(total["score"], 2)
    claims = [
        phrases.about(ctx),
        Claim(
            ctx.phrase("papi.papi_total_2", year=year, score=score),
            lambda frame: (
                (row := frame[frame["component_id"] == "papi_total"].iloc[-1])["edition_year"] == year
                and ctx.number(row["score"], 2) == score
            ),
        ),
        Claim(
            ctx.phrase("papi.dimensions_add_up_total"),
            lambda frame: (
                abs(
                    sum(rounded(s, 9) for s in frame.loc[frame["component_id"] != "papi_total", "score"])
                    - rounded(frame.loc[frame["component_id"] == "papi_total", "score"].item(), 9)
                )
                <= Decimal("0.001")
            ),
        ),
    ]
    title = ctx.phrase("papi.papi_points", year=year, province=ctx.name, score=score)
    years = [str(edition) for edition in (total["previous_edition"], year) if pd.notna(edition)]
    years = listing(years, ctx.language)
    if pd.notna(total["change"]):
        before, falling = int(total["previous_edition"]), total["change"] < 0
        size = ctx.number(abs(total["change"]), 2)
        moved = ctx.phrase("papi.from", change=ctx.number(total["change"], 2, sign=True), before=before)
        quiet = phrases.within_error(total["change"], "papi_total", (before, year), ctx)
        moved += f", {quiet}" * bool(quiet)
        title += f", {moved}"

        def moves(frame: pd.DataFrame) -> bool:
            row = frame[frame["component_id"] == "papi_total"].iloc[-1]
            exact = phrases.apart(row["score"], row["previous_score"])
            drawn = {ctx.number(change, 2, sign=True) for change in (exact, row["change"])}
            same = row["previous_edition"] == before and ctx.number(abs(exact), 2) == size
            return same and len(drawn) == 1 and (exact < 0) == falling

        claims.append(Claim(ctx.phrase("papi.total_3", moved=moved), moves))
    ranked = parts[parts["rank"].notna()]
    if len(ranked):
        best, worst = (ranked.loc[pick(ranked["rank"].astype(float))] for pick in (pd.Series.idxmin, pd.Series.idxmax))
        names = [phrases.names_of([row["component_id"]], ctx, year) for row in (best, worst)]
        placed = {row["component_id"]: rank_of(row["rank"], row["n_ranked"]) for row in (best, worst)}
        ends = [f"{name} ({told})" for name, told in zip(names, placed.values(), strict=False)]
        extremes = ctx.phrase("papi.best_rank_lowest_2", first_ends=ends[0], last_ends=ends[-1])
        first, last = best["component_id"], worst["component_id"]

        def stand(frame: pd.DataFrame) -> bool:
            held = frame[(frame["component_id"] != "papi_total") & frame["rank"].notna()]
            drawn = {part: ranked for part, *ranked in phrases.read(held, "component_id", "rank", "n_ranked")}
            ends = min(rank for rank, _ in drawn.values()), max(rank for rank, _ in drawn.values())
            same = {part: rank_of(*drawn[part]) for part in placed} == placed
            return same and (drawn[first][0], drawn[last][0]) == ends

        claims.append(Claim(sentence(extremes), stand))
    subtitle = ctx.phrase("papi.papi_dimension_scores_scale_1_2", province=ctx.name, years=years)
    notes = [ctx.phrase("papi.groups_quartile_provinces_result_ranks")]
    if rows["change"].notna().any():
        notes.append(phrases.unrounded_note(ctx))
    if rows["crosses"].ne("").any():
        notes.append(ctx.phrase("papi.two_editions_differ_method"))
    if (rows["previous_score"].isna()).any():
        notes.append(ctx.phrase("papi.no_edition_before_compare"))
    notes += [phrases.withheld_note("papi", year, ctx), phrases.error_note(ctx)]
    rose, fell, still = phrases.directions(parts["change"].dropna())
    numbers = [sentence(extremes)] if len(ranked) else []
    if rose + fell + still:
        numbers.append(
            ctx.phrase("papi.dimensions_rose_fell_hardly_moved", rose=rose, fell=fell, still=still)
            if bool(still)
            else ctx.phrase("papi.dimensions_rose_fell_2", rose=rose, fell=fell)
        )
    if pd.notna(total["rank"]):
        numbers.append(ctx.phrase("papi.rank_total") + rank_of(total["rank"], total["n_ranked"]))
    kind = phrases.rows_of(len(rows), ctx.phrase("papi.one_each_dimension_total_last"), ctx)
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, tuple(numbers), tuple(claims))


def table(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """PAPI by dimension in two editions, with the total in the last row."""
    year, before = rows["edition_year"].iloc[0], rows["previous_edition"].iloc[0]

    def change(row) -> str:
        if row.crosses:
            return "†"
        return "–" if pd.isna(row.change) else number(row.change, 2, ctx.language, sign=True)

    text = [
        [
            ctx.phrase("tables.papi_total")
            if row.component_id == "papi_total"
            else component_name(catalogue().component(row.component_id, int(year)), ctx.language),
            "–" if pd.isna(row.previous_score) else number(row.previous_score, 2, ctx.language),
            number(row.score, 2, ctx.language),
            change(row),
            rank_of(row.rank, row.n_ranked),
            tables.group(row.group_derived, ctx.language),
        ]
        for row in rows.itertuples()
    ]
    earlier = ctx.phrase("tables.edition_before") if pd.isna(before) else str(before)
    dimension, change, rank, group = (
        ctx.phrase(f"tables.head_{name}", year=year) for name in ("dimension", "change", "rank", "group")
    )
    return pd.DataFrame(text, columns=[dimension, earlier, str(year), change, rank, group])
