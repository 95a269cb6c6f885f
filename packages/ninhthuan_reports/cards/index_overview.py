"""The five indices as provinces print them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing

from .. import phrases, tables
from ..wording import Context, index_name, places, publication_day, rank_of, sentence

OLDEST = 4  # years that a rank may be older than the newest one, to be told of


def caption(overview: pd.DataFrame, ctx: Context) -> Caption:
    """Indices up and down in rank."""
    known = overview[overview["rank"].notna()]
    if known.empty:
        raise phrases.nothing(ctx.phrase("indices.no_result_held_any_five", province=ctx.name))
    # a rank of another method is no move, nor is a score of which a part cannot be compared
    same = known[~_crossed(known) & ~_partly(known)]
    claims = []
    for sign, key in ((1, "indices.up_rank"), (-1, "indices.down_rank")):
        rows = same[same["rank_change"] * sign > 0].itertuples()
        if expected := [(row.index_id, int(row.edition_year)) for row in rows if not _quiet(row, ctx)]:
            names = listing([f"{index_name(index_id)} {year}" for index_id, year in expected], ctx.language)
            says = ctx.phrase("indices.shown_3", names=names, text=ctx.phrase(key))
            claims.append(Claim(says, _moved(sign, expected, ctx)))
    title = f"{ctx.name}: {'; '.join(claim.says for claim in claims)}"
    crossed, partly = int(_crossed(known).sum()), known[_partly(known)]
    # a title that names what moved has no room for by how much, nor for what cannot be compared
    apart = [ctx.phrase("indices.no_move_crossed", count=crossed)] if claims and crossed else []
    if claims and len(partly):
        apart.append(ctx.phrase("indices.no_move_partly", names=_names(partly, ctx)))
    moved = same[same["rank_change"].ne(0) & same["rank_change"].notna()]
    moves = "; ".join([_move(row, ctx) for row in moved.itertuples() if not _quiet(row, ctx)] + apart)
    if claims:
        claims = [Claim(sentence(claim.says), claim.holds) for claim in claims]
        if old := _old_moves(same, ctx):
            title, claims = old.says, [*claims, old]
    else:
        none = _no_move(known, ctx)
        newest = int(known["edition_year"].max())
        title, moves = ctx.phrase("indices.none_moved", province=ctx.name, year=newest), none.says
        claims = [none, Claim(title, none.holds)]
    starred = [known[f"{of}basis"].eq("derived").any() for of in ("", "previous_")]
    starred += [known[f"{of}rank_basis"].eq("implied").any() for of in ("", "previous_")]
    notes = {
        "indices.note_crossed": crossed > 0,
        "indices.note_partly": len(partly) > 0,
        "indices.note_derived": any(starred),
        "indices.note_ordered": known["rank_basis"].eq("ordered").any(),
        "indices.note_groups": True,
    }
    listed = _names(known[known["rank_basis"].eq("ordered")], ctx)
    note = " ".join(ctx.phrase(key, listed=listed) for key, needed in notes.items() if needed)
    if any(_quiet(row, ctx) for row in same.itertuples()):
        note += ctx.phrase("captions.score_changed_within_survey_error")
    for row in overview[overview["later_edition"].notna()].itertuples():
        # of what came out after its day a report does not speak
        if not catalogue().sources[row.later_source_id.split()[0]].published:
            named = f"{index_name(row.index_id)} {int(row.later_edition)}"
            note += ctx.phrase("indices.province_stands_only_source_without", named=named)
    return Caption(
        title,
        ctx.phrase("indices.score_rank_change_previous_edition"),
        note,
        phrases.rows_of(len(overview), ctx.phrase("indices.one_each_index"), ctx),
        (*_newest_ranks(overview, ctx), ctx.phrase("indices.since_before", says=moves)),
        tuple(claims),
    )


def _old_moves(same: pd.DataFrame, ctx: Context) -> Claim | None:
    """The title where all ranks that moved are of editions since followed by newer ones, and nothing newer compares."""
    placed = same[same["rank_change"].notna()]
    year = int(placed["edition_year"].max())
    if not placed["newest_edition"].gt(placed["edition_year"]).fillna(False).all():
        return None

    def holds(frame: pd.DataFrame) -> bool:
        both = frame[frame["rank"].notna() & frame["previous_rank"].notna()].itertuples()
        return max(int(row.edition_year) for row in both if _alike(row) and _whole(row)) == year

    return Claim(ctx.phrase("indices.old_moves", province=ctx.name, year=year), holds)


def _newest_ranks(rows: pd.DataFrame, ctx: Context) -> list[str]:
    """The newest rank of each index, and apart from them those after which later editions came out, as sentences."""
    ranked = rows[rows["rank"].notna()]
    ranked = ranked[ranked["edition_year"] >= ranked["edition_year"].max() - OLDEST]
    older = ranked["newest_edition"].gt(ranked["edition_year"]).fillna(False)
    kinds = (("indices.newest_ranks", ranked[~older]), ("indices.older_ranks", ranked[older]))
    return [
        ctx.phrase(key, listed=phrases.listed_ranks(phrases.read(kind, *phrases.PLACED), ctx), province=ctx.name)
        for key, kind in kinds
        if len(kind)
    ]


def _crossed(rows: pd.DataFrame) -> pd.Series:
    """Whether the edition before is of another method."""
    return rows["crosses"].map(lambda text: isinstance(text, str) and text != "").astype(bool)


def _partly(rows: pd.DataFrame) -> pd.Series:
    """Whether a part of what is scored cannot be compared with the edition before."""
    return rows["cautions"].map(lambda text: isinstance(text, str) and text != "").astype(bool) & ~_crossed(rows)


def _names(rows: pd.DataFrame, ctx: Context) -> str:
    return listing([f"{index_name(row.index_id)} {int(row.edition_year)}" for row in rows.itertuples()], ctx.language)


def _move(row, ctx: Context) -> str:
    """Places gained or lost since the edition before, and what the score changed by, which may go the other way."""
    size = ctx.phrase("indices.moved_score", size=tables.change(row.score_change, row, ctx))
    values = {"name": f"{index_name(row.index_id)} {int(row.edition_year)}", "before": int(row.previous_edition)}
    values |= {"count": abs(int(row.rank_change)), "score": size if pd.notna(row.score_change) else ""}
    return ctx.phrase("indices.moved_up" if row.rank_change > 0 else "indices.moved_down", **values)


def _quiet(row, ctx: Context) -> str:
    """`within survey error`, where the score of an index changed no more than that."""
    return phrases.within_error(
        row.score_change, f"{row.index_id}_total", (row.previous_edition, row.edition_year), ctx
    )


def _alike(row) -> bool:
    """Whether the catalogue lets places be counted from the edition before."""
    years = int(row.previous_edition), int(row.edition_year)
    return catalogue().ranks_comparable(f"{row.index_id}_total", *years)


def _whole(row) -> bool:
    """Whether nothing between the two editions keeps their scores from being compared."""
    return not catalogue().marks(f"{row.index_id}_total", int(row.previous_edition), int(row.edition_year))


def _moved(sign: int, expected: list[tuple[str, int]], ctx: Context) -> Callable[[pd.DataFrame], bool]:
    """That these indices rose (1) or fell (-1) in rank, and no others: from both ranks, where they are comparable."""

    def holds(frame: pd.DataFrame) -> bool:
        found, marked = [], True
        for row in frame[frame["rank"].notna() & frame["previous_rank"].notna()].itertuples():
            marked &= _alike(row) == (row.crosses == "")
            moved = (row.previous_rank - row.rank) * sign > 0 and row.rank_change * sign > 0
            if _alike(row) and _whole(row) and not _quiet(row, ctx) and moved:
                found.append((row.index_id, int(row.edition_year)))
        return marked and found == expected

    return holds


def _no_move(known: pd.DataFrame, ctx: Context) -> Claim:
    """What holds of ranks of which none clearly moved: within survey error, kept, not comparable, the first."""
    crossed, partly, kinds = _crossed(known), _partly(known), {}
    quiet = pd.Series([bool(_quiet(row, ctx)) for row in known.itertuples()], index=known.index, dtype=bool)
    kinds["error"] = ~crossed & ~partly & quiet
    kinds["kept"] = ~crossed & ~partly & ~kinds["error"] & known["rank_change"].eq(0)
    kinds["partly"], kinds["crossed"] = partly, crossed
    kinds["first"] = ~kinds["error"] & ~kinds["kept"] & ~crossed & ~partly
    found = {kind: known[rows.fillna(False).astype(bool)] for kind, rows in kinds.items()}
    says, n_ranked, n_crossed = [], len(known), len(found["crossed"])
    for kind, rows in found.items():
        values = {"names": _names(rows, ctx), "count": len(rows)}
        says += [ctx.phrase(f"indices.no_move_{kind}", **values)] * bool(len(rows))

    in_error = list(found["error"]["index_id"])

    def holds(frame: pd.DataFrame) -> bool:
        ranked = frame[frame["rank"].notna()]
        both = list(ranked[ranked["previous_edition"].notna()].itertuples())
        alike = [row for row in both if _alike(row)]
        counts = len(both) - len(alike) == n_crossed and len(ranked) == n_ranked
        # by the two scores, where the title goes by the change
        quiet = [
            row.index_id
            for row in alike
            if _whole(row)
            and _quiet(row._replace(score_change=float(phrases.apart(row.score, row.previous_score))), ctx)
        ]
        return counts and quiet == in_error and all(moves(frame) for moves in (_moved(1, [], ctx), _moved(-1, [], ctx)))

    return Claim("; ".join(says), holds)


def table(overview: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The five indices as provinces print them."""
    rows = []
    for crossed, partly, row in zip(_crossed(overview), _partly(overview), overview.itertuples(), strict=True):
        if row.status == "nothing":
            rows.append([index_name(row.index_id), *["…"] * 6, ctx.phrase("tables.no_figures")])
            continue
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
        mark = " §" if partly else " ‡" if quiet else ""
        count = 0 if pd.isna(row.rank_change) else abs(int(row.rank_change))
        apart = mark and count and ctx.phrase("tables.apart", change=count, mark=mark)
        moved = "†" if crossed else sentence(apart or places(row.rank_change, ctx.language))
        was = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis)
        if pd.isna(row.previous_rank) and pd.notna(row.previous_score):
            was = ctx.number(row.previous_score, phrases.decimals(row.unit)) + "%" * (row.unit == "percent")
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
    heads = (
        *("tables.index_edition", "tables.score", "tables.rank", "tables.change_score", "tables.change_rank"),
        *("tables.edition_before", "tables.group", "tables.published"),
    )
    return tables.headed(rows, ctx, *heads)
