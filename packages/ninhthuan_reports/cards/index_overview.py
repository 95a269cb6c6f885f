"""The five indices as provinces print them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.words import bilingual

from .. import phrases, tables
from ..wording import Context, index_name, places, publication_day, published_when, rank_of, sentence


def caption(overview: pd.DataFrame, ctx: Context) -> Caption:
    """Indices up and down in rank."""
    held = overview[overview["rank"].notna()]
    if held.empty:
        raise phrases.nothing(ctx.phrase("indices.no_result_held_any_five", province=ctx.name))
    # a rank of another method is no move
    same = held[~held["crosses"].astype(bool) | held["crosses"].isna()]

    def quiet(row) -> bool:
        years = row.previous_edition, row.edition_year
        return bool(phrases.within_error(row.score_change, f"{row.index_id}_total", years, ctx))

    parts, claims = [], []

    def moved(sign: int, expected: list[tuple[str, int]]) -> Callable[[pd.DataFrame], bool]:
        def holds(frame: pd.DataFrame) -> bool:
            found, marked = [], True
            for row in frame[frame["rank"].notna() & frame["previous_rank"].notna()].itertuples():
                years = int(row.previous_edition), int(row.edition_year)
                alike = catalogue().ranks_comparable(f"{row.index_id}_total", *years)
                marked &= alike == (row.crosses == "")
                if (
                    alike
                    and not quiet(row)
                    and (row.previous_rank - row.rank) * sign > 0
                    and row.rank_change * sign > 0
                ):
                    found.append((row.index_id, years[1]))
            return marked and found == expected

        return holds

    for sign, vi, en in ((1, *bilingual("indices.up_rank")), (-1, *bilingual("indices.down_rank"))):
        rows = same[same["rank_change"] * sign > 0]
        if len(rows):
            expected = [(row.index_id, int(row.edition_year)) for row in rows.itertuples() if not quiet(row)]
            if not expected:
                continue
            names = listing([f"{index_name(index_id)} {year}" for index_id, year in expected], ctx.language)
            parts.append(ctx.phrase("indices.shown_3", names=names, text=(vi, en)))
            claims.append(Claim(sentence(parts[-1]), moved(sign, expected)))
    count, newest = len(held), int(held["edition_year"].max())
    if parts:
        title = f"{ctx.name}: {'; '.join(parts)}"
    else:
        # no two editions to compare: how many are ranked at all
        title = ctx.phrase(
            "indices.editions_indices_ranked_no_move",
            province=ctx.name,
            newest=newest,
            count=count,
            n_overview=len(overview),
        )
        none = [moved(sign, []) for sign in (1, -1)]
        claims.append(
            Claim(
                title,
                lambda frame: frame["rank"].notna().sum() == count and all(holds(frame) for holds in none),
            )
        )
    subtitle = ctx.phrase("indices.score_rank_change_previous_edition")
    note = ctx.phrase("indices.two_editions_differ_method_scores")
    if any(quiet(row) for row in same.itertuples()):
        note += ctx.phrase("captions.score_changed_within_survey_error")
    later = overview[overview["later_edition"].notna()]
    for row in later.itertuples():
        named = f"{index_name(row.index_id)} {int(row.later_edition)}"
        out = published_when(catalogue().sources[row.later_source_id.split()[0]].published, ctx.language)
        note += (
            ctx.phrase("indices.province_stands_only_source_left", named=named, out=out)
            if out
            else ctx.phrase("indices.province_stands_only_source_without", named=named)
        )
    kind = phrases.rows_of(len(overview), ctx.phrase("indices.one_each_index"), ctx)
    return Caption(title, subtitle, note, kind, (phrases.newest_ranks(overview, ctx),), tuple(claims))


def table(overview: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The five indices as provinces print them."""
    rows = []
    for row in overview.itertuples():
        if row.status == "nothing":
            rows.append([index_name(row.index_id), *["…"] * 6, ctx.phrase("tables.no_figures")])
            continue
        crossed = isinstance(row.crosses, str) and row.crosses
        if crossed:
            change = "†"
        elif pd.isna(row.score_change):
            change = "…"
        else:
            change = tables.change(row.score_change, row, ctx)
        score = tables.score(row.score, row, ctx.language)
        # across a break a rank stands beside a rank, and no place is counted
        years = row.previous_edition, row.edition_year
        quiet = not crossed and phrases.within_error(row.score_change, f"{row.index_id}_total", years, ctx)
        moved = "†" if crossed else sentence(places(row.rank_change, ctx.language)) + " ‡" * bool(quiet)
        was = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis)
        rank = rank_of(row.rank, row.n_ranked, row.rank_basis)
        rows.append(
            [
                f"{index_name(row.index_id)} {int(row.edition_year)}",
                score,
                rank,
                change,
                moved,
                f"{int(row.previous_edition)}: {was}" if pd.notna(row.previous_edition) else "…",
                tables.quarter_or_group(row, ctx),
                publication_day(row.published_on, row.published_precision, ctx.language),
            ]
        )
    heads = [
        ctx.phrase("tables.index_edition"),
        ctx.phrase("tables.score"),
        ctx.phrase("tables.rank"),
        ctx.phrase("tables.change_score"),
        ctx.phrase("tables.change_rank"),
        ctx.phrase("tables.edition_before"),
        ctx.phrase("tables.group"),
        ctx.phrase("tables.published"),
    ]
    return pd.DataFrame(rows, columns=heads)
