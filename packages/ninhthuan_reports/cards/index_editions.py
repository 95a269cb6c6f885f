"""Every edition of an index: score, rank and group of the province, the national median, and changes of method."""

from __future__ import annotations

import pandas as pd

from figure_cards.captions import Caption, Claim
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word

from .. import phrases, tables
from ..wording import Context, decimals_known, score_of, sentence, standing


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest score, and its distance from the median of all provinces or the mean that a source states."""
    if history.empty or history[["score", "rank"]].isna().all(axis=None):
        raise phrases.nothing(ctx.phrase("index_editions.nothing", province=ctx.name))
    now = _newest(history)
    scored = pd.notna(now["score"])
    name, year, decimals = phrases.subject_of(now, ctx), int(now["edition_year"]), phrases.decimals(now["unit"])
    printed = _score(now, ctx) if scored else standing(now, ctx.language)

    def newest(frame: pd.DataFrame) -> bool:
        row = _newest(frame)
        same = (phrases.subject_of(row, ctx), row["edition_year"]) == (name, year)
        return same and (_score(row, ctx) if scored else standing(row, ctx.language)) == printed

    title = ctx.phrase(
        ("index_editions.scores" if scored else "index_editions.ranks"),
        name=name,
        year=year,
        province=ctx.name,
        printed=printed,
    )
    claims = [phrases.about(ctx), Claim(title, newest)]
    against = _middle(now)
    if scored and against:
        exact = decimals_known(decimals, now)
        gap = phrases.apart(now["score"], now[against])
        size, higher = ctx.number(abs(gap), exact), gap >= 0
        percent = now["unit"] == "percent"
        points = ctx.phrase("index_editions.percentage_points" if percent else "index_editions.points")
        way = "level" if size == ctx.number(0, exact) else "above" if higher else "below"
        what = ctx.phrase(f"index_editions.the_{against}")
        compared = ctx.phrase(f"index_editions.gap_{way}", size=size, points=points, what=what)
        title += f", {compared}"

        def lies(frame: pd.DataFrame) -> bool:
            row = phrases.newest(frame, "score")
            distance = row["score"] - row[against]
            known = bool(row["complete"]) == (against == "median")
            return known and (round(distance, 9) >= 0) == higher and ctx.number(abs(round(distance, 9)), exact) == size

        claims.append(Claim(sentence(compared), lies))
    worked_back = (history["rank_basis"] == "implied") | history["score"].notna() & (history["basis"] == "derived")
    notes = [
        ctx.phrase("index_editions.note_mean") * bool((~history["complete"] & history["national_mean"].notna()).any()),
        phrases.unrounded_note(ctx) * bool(scored and against),
        phrases.implied_note(ctx, dot=False) * bool(worked_back.any()),
        phrases.withheld_note(now["index_id"], year, ctx),
    ]
    subtitle = ctx.phrase("index_editions.subtitle", name=name, years=phrases.years(history))
    kind = phrases.rows_of(len(history), ctx.phrase("index_editions.kind"), ctx)
    ranked = history[history["rank"].notna()]
    numbers = [f"{row['edition_year']}: {standing(row)}" for _, row in ranked.tail(4)[::-1].iterrows()]
    return Caption(title, subtitle, " ".join(filter(None, notes)), kind, tuple(numbers), tuple(claims))


def _newest(history: pd.DataFrame) -> pd.Series:
    known = history[history["score"].notna() | history["rank"].notna()]
    return known.loc[known["edition_year"].idxmax()]


def _middle(row) -> str:
    """The column of what stands for the country in an edition: the median of all provinces, a stated mean, or none."""
    if row["complete"]:
        return "median"
    return "national_mean" if pd.notna(row["national_mean"]) else ""


def _score(row, ctx: Context) -> str:
    decimals, unit = phrases.decimals(row["unit"]), phrases.unit(ctx, row["unit"])
    return score_of(row["score"], row, decimals, ctx.language, unit=unit, in_sentence=True)


def table(history: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """An edition a row: score, rank, group, the country's median or mean, and what changed in the method."""
    rows, before = [], None
    for row in history.rename(columns={"group_published": "group"}).to_dict("records"):
        cells = pd.Series(row)
        missing = sentence(word(row["missing"] or "not_collected", ctx.language))
        column = _middle(row)
        middle = tables.score(row[column], cells.replace({"derived": ""}), ctx.language) if column else "…"
        changed = catalogue().breaks_between(row["component_id"], before or row["edition_year"], row["edition_year"])
        changed = [b for b in changed if b.severity != "suspected"]
        rows.append(
            [
                str(row["edition_year"]),
                tables.score(row["score"], cells, ctx.language) if pd.notna(row["score"]) else missing,
                standing(row) if pd.notna(row["rank"]) else "…",
                tables.quarter_or_group(cells, ctx),
                middle + ctx.phrase("index_editions.mean") * (column == "national_mean"),
                "; ".join(
                    ctx.phrase(f"index_editions.changed_{b.severity}", change=(b.label, b.label_en)) for b in changed
                )
                or "–",
            ]
        )
        before = row["edition_year"]
    heads = [
        *(ctx.phrase(f"index_editions.head_{key}") for key in ("edition", "score", "rank", "group", "middle", "method"))
    ]
    return pd.DataFrame(rows, columns=heads)
