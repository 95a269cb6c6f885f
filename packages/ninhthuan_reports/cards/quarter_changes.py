"""Changes between two quarters, the most important first; rows: how many, None for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, listing, quarter_name
from ninhthuan.language import label as word
from ninhthuan.periods import Quarter

from .. import phrases, tables
from ..claims import LONGEST_TITLE, fitting, together
from ..wording import (
    Context,
    index_name,
    indicator_name,
    lower_first,
    outcome,
    percent,
    period_name,
    places,
    province_name,
    publication_day,
    publisher_name,
    rank_of,
    result_name,
    sentence,
)

# Rows that a page shows; whatever more there is, is counted in the note.
SHOWN = 12


# Kinds of change, as a note lists them.
KINDS = (
    *("new_edition", "newly_known", "no_new_edition", "rank", "group", "target"),
    *("contradiction_new", "contradiction_gone", "revision"),
)


def _days(changes: pd.DataFrame) -> tuple:
    """First and last day of the time between two reports."""
    first = pd.Timestamp(changes.attrs["as_of_before"]).date() + timedelta(days=1)
    return first, pd.Timestamp(changes.attrs["as_of"]).date()


def populations_line(changes: pd.DataFrame, ctx: Context) -> str:
    """That nothing is compared where the provinces became 34 between the quarters; nothing where they did not."""
    if not changes.attrs.get("populations"):
        return ""
    earlier, later = (quarter_name(Quarter.parse(changes.attrs[q]), ctx.language) for q in ("earlier", "later"))
    return ctx.phrase("revisions.since_1_july_2025_there", province=ctx.name, later=later, earlier=earlier)


def before_line(changes: pd.DataFrame, ctx: Context) -> str:
    """That revisions are not seen without an older copy of the data; nothing where there was one."""
    if changes.attrs.get("before") or changes.attrs.get("populations"):
        return ""
    return ctx.phrase("revisions.revised_old_figures_not_looked")


def marks_lines(changes: pd.DataFrame, ctx: Context) -> list[str]:
    """What the marks † and * say, where they stand."""
    lines = []
    bases = changes[["rank_basis", "previous_rank_basis"]]
    if changes["crosses"].ne("").any():
        lines.append(ctx.phrase("revisions.two_editions_differ_method_only"))
    if (changes["kind"].eq("rank") & changes["index_id"].eq("papi")).any():
        lines.append(ctx.phrase("revisions.papi_sample_survey_two_ranks"))
    if changes["basis"].eq("derived").any() or bases.eq("implied").any(axis=None):
        lines.append(ctx.phrase("revisions.worked_back_change_source_states"))
    return lines


def left_out(changes: pd.DataFrame) -> pd.DataFrame:
    """Rows that a page has no room for."""
    return changes.iloc[SHOWN:]


def _counts(rows: pd.DataFrame, ctx: Context) -> list[str]:
    """`8 thay đổi thứ hạng`, `2 mâu thuẫn mới`; `1 moved rank`."""
    counts = rows["kind"].value_counts()
    return [
        f"{counts[kind]} " + ctx.phrase(f"revisions.kind.{kind}" if counts[kind] == 1 else f"revisions.kinds.{kind}")
        for kind in KINDS
        if counts.get(kind)
    ]


def caption(changes: pd.DataFrame, ctx: Context) -> Caption:
    """Editions newly out, and what moved with them."""
    opening, span, claims = _published(changes, ctx)
    ranks = changes[(changes["kind"] == "rank") & changes["subject"].str.endswith("_total")]
    # a rank of another method is no move
    alike = ranks[ranks["crosses"] == ""]
    more = [*_gained(alike, ctx), *_of_survey(alike, ctx), *_targets(changes[changes["kind"] == "target"], ctx)]
    # what makes a title too long is left to the rows; a part that is not said makes no claim either
    while more and len("; ".join([opening, *(part for part, _ in more)])) > LONGEST_TITLE:
        more.pop()
    earlier = quarter_name(Quarter.parse(changes.attrs["earlier"]), ctx.language)
    apart, rest = populations_line(changes, ctx), left_out(changes)
    subtitle = (
        ctx.phrase("revisions.indices_published_since_report_nothing", earlier=earlier, span=span)
        if apart
        else ctx.phrase("revisions.changes_since_report_figures_held", earlier=earlier, span=span)
    )
    notes = [apart]
    if len(rest):
        key = "revisions.not_all_rows_printed_more" if len(rest) == 1 else "revisions.not_all_rows_printed_more_2"
        notes.append(ctx.phrase(key, n_rest=len(rest), kinds=listing(_counts(rest, ctx), ctx.language)))
    if changes["kind"].eq("rank").any():
        notes.append(ctx.phrase("revisions.group_papi_quartiles_scores_other"))
    moved = listing([f"{index_name(row.index_id)} {row.old} → {row.new}" for row in ranks.itertuples()], ctx.language)
    numbers = (
        ctx.phrase("revisions.ranks") + moved if moved else "",
        ctx.phrase("revisions.all") + ", ".join(_counts(changes, ctx)),
    )
    return Caption(
        "; ".join([opening, *(part for part, _ in more)]),
        subtitle,
        together([*notes, *marks_lines(changes, ctx)]),
        phrases.rows_of(min(SHOWN, len(changes)), ctx.phrase("revisions.one_each_change_unchanged_index"), ctx),
        tuple(filter(None, numbers)),
        (*claims, *(Claim(sentence(part), holds) for part, holds in more)),
    )


def _published(changes: pd.DataFrame, ctx: Context) -> tuple[str, str, list[Claim]]:
    """How a title begins: which editions came out; between which days; and both as claims."""
    first, last = _days(changes)
    begun = day(first, "en").removesuffix(f" {first.year}" if first.year == last.year else "")
    span = ctx.phrase("revisions.between", first=day(first, "vi"), last=(day(last, "vi"), day(last, "en")), begun=begun)
    editions = {
        index_id: " ".join(str(int(year)) for year in rows["edition_year"])
        for index_id, rows in changes[changes["kind"] == "new_edition"].groupby("index_id", sort=False)
    }
    has_result = _with_result(changes)
    names = listing([f"{index_name(index_id)} {years}" for index_id, years in editions.items()], ctx.language)
    if names:
        # an edition of which the province has no result is no news of the province
        of = "revisions.published" if has_result else "revisions.published_without"
        many = ctx.phrase("revisions.published_many", province=ctx.name, count=len(editions))
        title = fitting((ctx.phrase(of, province=ctx.name, names=names), many))
    else:
        title = ctx.phrase("revisions.no_index_came_out", province=ctx.name)
    days = changes.attrs["as_of_before"], changes.attrs["as_of"]

    def came_out(frame: pd.DataFrame) -> bool:
        found: dict[str, list[str]] = {}
        for row in frame.itertuples():
            if row.kind == "new_edition":
                found.setdefault(row.index_id, []).append(str(int(row.edition_year)))
        # each index is told of, as new or as without a new edition, and never as both
        still = [row.index_id for row in frame.itertuples() if row.kind == "no_new_edition"]
        each = {*found, *still} == set(catalogue().indices) and not set(found) & set(still)
        each &= _with_result(frame) == has_result
        return each and {index_id: " ".join(years) for index_id, years in found.items()} == editions

    def own(frame: pd.DataFrame) -> bool:
        rows = frame[(frame["figure"] != "others") & (frame["because"] != "moved_rank")]
        return 0 < len(rows) == len(phrases.own_rows(rows, ctx))

    return (
        title,
        span,
        [
            Claim(ctx.phrase("revisions.figures_those", province=ctx.name), own),
            Claim(title, came_out),
            Claim(sentence(span), lambda frame: (frame.attrs["as_of_before"], frame.attrs["as_of"]) == days),
        ],
    )


def _with_result(changes: pd.DataFrame) -> bool:
    """Whether any edition that came out has a score or a rank of the province."""
    new = changes[changes["kind"] == "new_edition"]
    return bool(new[["score", "rank"]].notna().any(axis=None))


def _gained(alike: pd.DataFrame, ctx: Context) -> Iterator[tuple[str, Callable]]:
    """Indices up and down in rank; PAPI, a sample survey, apart."""
    for sign, key in ((1, "revisions.up_rank"), (-1, "revisions.down_rank")):
        rows = alike[(alike["change"] * sign > 0) & (alike["index_id"] != "papi")]
        if rows.empty:
            continue
        newest = rows.drop_duplicates("index_id", keep="last")
        names = listing([index_name(index_id) for index_id in newest["index_id"]], ctx.language)

        def holds(frame: pd.DataFrame, sign=sign, expected=tuple(rows["index_id"])) -> bool:
            # from the two places, not from the column of changes
            found = []
            for row in frame.itertuples():
                if row.kind == "rank" and row.subject.endswith("_total") and row.index_id != "papi":
                    gained = row.previous_rank - row.rank
                    if row.crosses == "" and row.change == gained and gained * sign > 0:
                        found.append(row.index_id)
            return tuple(found) == expected

        yield ctx.phrase("revisions.shown", listing=names, text=ctx.phrase(key)), holds


def _of_survey(alike: pd.DataFrame, ctx: Context) -> Iterator[tuple[str, Callable]]:
    """Both places of PAPI, a sample survey: called neither a rise nor a fall."""
    for row in alike[alike["index_id"] == "papi"].tail(1).itertuples():

        def stood(frame: pd.DataFrame, places=(row.old, row.new)) -> bool:
            (found,) = frame[(frame["subject"] == "papi_total") & (frame["kind"] == "rank")].tail(1).itertuples()
            gained = found.previous_rank - found.rank
            return (found.old, found.new) == places and found.change == gained and found.crosses == ""

        yield ctx.phrase("revisions.papi", old=row.old, new=row.new), stood


def _targets(targets: pd.DataFrame, ctx: Context) -> Iterator[tuple[str, Callable]]:
    """How many results met their targets."""
    if targets.empty:
        return
    met, count = int((targets["change"] >= 0).sum()), len(targets)

    def reached(frame: pd.DataFrame) -> bool:
        rows = frame[frame["kind"] == "target"]
        over = [float(new) >= target for new, target in zip(rows["new"], rows["target"], strict=True)]
        return (sum(over), len(over)) == (met, count)

    if count > 1:
        yield ctx.phrase("revisions.results_met_target", met=met, count=count), reached
    else:
        outcome = ctx.phrase("revisions.met" if met else "revisions.missed")
        yield ctx.phrase("revisions.result_against_target") + outcome, reached


def _group_of_index(index_id: str, group: str, ctx: Context) -> str:
    return tables.quarter_or_group(SimpleNamespace(index_id=index_id, group=group, group_derived=group), ctx)


def _missing_result(missing: str, ctx: Context) -> str:
    """Why the province has no result in an edition that came out."""
    later = missing in ("not_collected", "known_later")
    return ctx.phrase("tables.no_result_by_closing" if later else "tables.not_published_of", province=ctx.name)


def _change_subject(row, ctx: Context) -> str:
    """What a change is about: `PAPI 2023, 4. Kiểm soát tham nhũng`, or a measure of the workload with its period."""
    if row.kind == "target":
        when = period_name(row.period_start, row.period_end, ctx.language)
        return f"{result_name(row.subject, row.channel, ctx.language)}, {when}"
    if row.figure == "others":
        of = ctx.phrase("tables.workload") if pd.isna(row.index_id) else index_name(row.subject)
        return ctx.phrase("tables.other_provinces") + of
    if pd.isna(row.index_id):
        return tables.workload_subject(row, ctx)
    undated = pd.isna(row.edition_year) or row.kind in ("rank", "group", "no_new_edition")
    name = indicator_name(row.subject, ctx.language, None if undated else row.edition_year)
    moved = row.because == "moved_rank"
    return name + f", {province_name(row.province_code, row.boundary, ctx.language)}" * moved


def _revision_words(row, ctx: Context) -> tuple[str, str, str, str]:
    """Kind, old, new and remark of a revised figure."""
    kinds = {
        "revised": ctx.phrase("tables.old_figure_revised"),
        "added": ctx.phrase("tables.old_figure_added"),
        "removed": ctx.phrase("tables.old_figure_removed"),
        "follows": ctx.phrase("tables.old_place_revised"),
        "moved_rank": ctx.phrase("tables.other_province_s_figure_revised"),
    }
    if row.figure == "others":
        text = ctx.phrase("tables.figures" if row.count > 1 else "tables.one_figure", count=row.count)
        years = tables.in_words(row.said["detail"], row, ctx)
        return ctx.phrase("tables.old_figures_revised"), "–", text, years
    remark = []
    if row.because == "follows":
        remark.append(ctx.phrase("tables.since_other_provinces_figures_revised"))
    elif pd.notna(row.rank) or pd.notna(row.previous_rank):
        ranks = rank_of(row.previous_rank, row.previous_n_ranked), rank_of(row.rank, row.n_ranked)
        remark.append(ctx.phrase("tables.province_s_rank") + " → ".join(ranks))
    sources = [row.previous_source_id, row.source_id]
    same = sources[0] == sources[1] or not all(sources)
    remark.append(ctx.phrase("tables.source") + (sources[1] or sources[0] if same else " → ".join(sources)))
    old, new = (tables.in_words(row.said[side], row, ctx, row.figure, row.unit) or "–" for side in ("old", "new"))
    return kinds[row.because], old, new, "; ".join(remark)


def _change_words(row, ctx: Context) -> list[str]:
    """A change in words: kind, figure, then, now, remark."""
    what = sentence(_change_subject(row, ctx))
    if row.kind in ("new_edition", "newly_known"):
        known = pd.notna(row.score) or pd.notna(row.rank)
        score = tables.score(row.score, row, ctx.language)
        rank = rank_of(row.rank, row.n_ranked, row.rank_basis) if pd.notna(row.rank) else ""
        shown = [score, rank, lower_first(_group_of_index(row.index_id, row.group, ctx)) if row.group else ""]
        new = "; ".join(filter(None, shown)) if known else _missing_result(row.missing, ctx)
        out = publication_day(row.published_on, row.published_precision, ctx.language)
        if row.kind == "newly_known":
            publishers = listing([publisher_name(name, ctx.language) for name in row.source_id.split()], ctx.language)
            remark = ctx.phrase("tables.out_source_since", out=out, publishers=publishers)
            return [ctx.phrase("tables.newly_known"), what, "–", new, remark]
        return [ctx.phrase("tables.new_edition"), what, "–", new, ctx.phrase("tables.out") + out]
    if row.kind == "no_new_edition":
        kind = ctx.phrase("tables.no_new_edition")
        if pd.isna(row.edition_year):
            return [kind, what, "–", "…", phrases.no_edition(ctx)]
        out = publication_day(row.published_on, row.published_precision, ctx.language)
        newest = ctx.phrase("tables.edition", edition_year=row.edition_year)
        remark = ctx.phrase("tables.out_2", out=out)
        if pd.isna(row.previous_edition) or row.previous_edition != row.edition_year:
            known = "…" if pd.isna(row.previous_edition) else str(row.previous_edition)
            remark += f"; {_missing_result(row.missing, ctx)}; "
            remark += ctx.phrase("tables.edition_held", year=known)
        return [kind, what, newest, ctx.phrase("tables.unchanged"), remark]
    if row.kind in ("rank", "group"):
        texts = [row.old, row.new]
        if row.kind == "group":
            texts = [_group_of_index(row.index_id, row.said[side], ctx) for side in ("old", "new")]
        old, new = (f"{t} ({y})" for t, y in zip(texts, (row.previous_edition, row.edition_year), strict=True))
        if row.kind == "rank":
            moved = places(row.change, ctx.language) + " †" * bool(row.crosses)
            if row.index_id == "papi":  # of a sample survey a move is neither a rise nor a fall
                moved = ctx.phrase("tables.apart", change=abs(int(row.change)), mark=" ‡")
            kind = ctx.phrase("tables.rank" if row.subject.endswith("_total") else "tables.rank_component")
            return [kind, what, old, new, moved]
        way = "tables.up" if row.change > 0 else "tables.down"
        moved = ctx.phrase("tables.other_group" if row.index_id == "papi" else way)
        return [ctx.phrase("tables.group"), what, old, new, moved]
    if row.kind == "target":
        target, value = (percent(v, 2, ctx.language) for v in (row.target, row.said["new"]))
        old = ctx.phrase("tables.target", target=target)
        return [ctx.phrase("tables.target_2"), what, old, value, outcome(row.change, ctx.language)]
    if row.kind == "revision":
        kind, *texts = _revision_words(row, ctx)
        return [kind, what, *texts]
    gone = row.kind == "contradiction_gone"
    text = tables.in_words(row.said["old" if gone else "new"], row, ctx, row.rule, tables.unit(row.subject))
    remark = lower_first(word(row.rule, ctx.language))
    if row.because == "revision":
        remark += ctx.phrase("tables.since_old_figures_revised")
    kind = ctx.phrase("tables.contradiction_gone") if gone else ctx.phrase("tables.new_contradiction")
    return [kind, what, text if gone else "–", "–" if gone else text, remark]


def table(changes: pd.DataFrame, ctx: Context, rows: int | None = SHOWN) -> pd.DataFrame:
    """Changes between two quarters, the most important first; rows: how many, None for all."""
    text = [_change_words(row, ctx) for row in changes.head(len(changes) if rows is None else rows).itertuples()]
    return tables.headed(text, ctx, "tables.kind", "tables.subject", "tables.before", "tables.now", "tables.remark")
