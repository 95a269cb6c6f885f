"""The province in one picture: five rows, one an index, with the course of its place, its newest rank and the move."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, OWN, SMALL, SOFT, TITLE, Area, label
from ninhthuan.catalogue import catalogue
from ninhthuan.language import label as word
from ninhthuan.language import listing

from .. import phrases, pieces
from ..claims import caution, in_both, together
from ..pieces import plot
from ..wording import WORKED_BACK, Context, index_name, places, rank_of, year_spans

NBSP = "\N{NO-BREAK SPACE}"
SPAN = 7  # years at least
LEFT, RIGHT, RANKS, MOVES = 3.85, 9.7, 10.1, 12.15  # of the plots, and where the columns beside them begin, in cm
HEAD, PITCH, TALL = 0.75, 1.76, 1.4  # above the first row; from row to row; of a plot, in cm


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """On how many indices the newest rank of the province is in the top quarter, and on which."""
    ranked = history[history["rank"].notna()].sort_values("edition_year")
    every = ranked.groupby("index_id").tail(1)
    if every.empty:
        raise phrases.nothing(ctx.phrase("one_picture.nothing", province=ctx.name))
    rows = phrases.read(_wide(every), *phrases.PLACED)
    listed = phrases.listed_ranks(phrases.read(every, *phrases.PLACED), ctx)
    if len(rows) < 2:
        raise phrases.nothing(ctx.phrase("one_picture.one_index", province=ctx.name, listed=listed))
    title = _title(rows, [row[2] <= 0.5 + row[3] / 4 for row in rows], ctx)

    def holds(frame: pd.DataFrame) -> bool:
        # by the shares of provinces below, as loaded, where the title goes by the ranks printed
        rows = frame[frame["percentile_position"].notna()].sort_values("edition_year")
        rows = _wide(rows[rows["edition_year"] == rows.groupby("index_id")["edition_year"].transform("max")])
        place = (rows["n_ranked"] - 1) * (1 - rows["percentile_position"] / 100) + 1
        first = list(place <= 0.5 + rows["n_ranked"] / 4)
        alike = (place - rows["rank"]).abs().lt(1e-6).all()
        return alike and _title(phrases.read(rows, *phrases.PLACED), first, ctx) == title

    first, last = overview_years(history)
    subtitle = ctx.phrase("one_picture.subtitle", span=f"{first}–{last}")
    drawn = history[history["edition_year"].between(first, last) & history["rank"].notna()]
    shown = _shown(drawn)
    courses = [rows for _, rows in drawn[drawn["index_id"].isin(shown)].groupby("index_id")]
    notes = [ctx.phrase(f"index_course.lines_dashed{'dotted' * any(map(pieces.dotted, courses))}")]
    notes += [ctx.phrase("one_picture.note_interval")] * bool(history["rank_low"].notna().any())
    if history.loc[history["edition_year"].between(first, last), "missing"].eq("not_published").any():
        notes.append(ctx.phrase("one_picture.note_withheld"))
    if drawn["rank_basis"].eq("implied").any():
        starred = WORKED_BACK in title or any(
            rows.sort_values("edition_year")["rank_basis"].iloc[-1] == "implied"
            or WORKED_BACK in "".join(move(rows, ctx)[1])
            for rows in courses
        )
        notes.append(phrases.implied_note(ctx, dot=True, star=starred))
    if without := [index_name(index_id) for index_id in catalogue().indices if index_id not in shown]:
        notes.append(ctx.phrase("one_picture.without", listed=", ".join(without)))
    claims = (phrases.about(ctx), Claim(title, holds))
    return Caption(title, subtitle, together(notes), ctx.phrase("one_picture.kind"), (), claims)


def _title(rows: list[tuple], first: list[bool], ctx: Context) -> str:
    """rows: `phrases.PLACED` of the newest rank of each index. first: which are in the top quarter."""
    high = [row for row, top in zip(rows, first, strict=True) if top]
    years = sorted({int(row[1]) for row in rows})
    values = {"province": ctx.name, "high": len(high), "count": len(rows)}
    values["years"] = "–".join(map(str, dict.fromkeys((years[0], years[-1]))))
    counted = "none" if not high else "all" if len(high) == len(rows) else "some"
    named = ["one", "one_short"] if len(high) == 1 else ["named"] * (len(high) < len(rows))

    def title_of(form: str, ctx: Context) -> str:
        names = listing([f"{index_name(row[0])} {row[1]:.0f}" for row in high], ctx.language)
        texts = {"listed": phrases.listed_ranks(high, ctx), "name": names}
        return ctx.phrase(f"one_picture.title_{form}", **texts, **values)

    return in_both([*named * bool(high), counted], title_of, ctx)


def _wide(newest: pd.DataFrame) -> pd.DataFrame:
    """Without ranks among few provinces: these are not set beside ranks among all."""
    return newest[~_of_few(newest["n_ranked"], newest["n_ranked"].max())]


def _of_few(n_ranked: float | pd.Series, most: float) -> bool | pd.Series:
    """Whether fewer than half of the provinces were ranked, as in a pilot."""
    return 2 * n_ranked < most


def overview_years(history: pd.DataFrame) -> tuple[int, int]:
    """Editions that the picture shows: from 2011, or from as early as the newest rank of each index needs."""
    newest = history[history["rank"].notna()].groupby("index_id")["edition_year"].max()
    last = int(history["edition_year"].max())
    return max(min([2011, last - SPAN + 1, *newest]), int(history["edition_year"].min())), last


def move(own: pd.DataFrame, ctx: Context) -> tuple[int, list[str]]:
    """Since the edition before: 1 for up, -1 for down, 0 where nothing can be said of it; and that in words.

    Places are counted only where survey error is known and does not explain the change.
    """
    now, before = phrases.latest_change(own, "rank")
    if before is None:
        return 0, [ctx.phrase("one_picture.first_rank")]
    years, total = (int(before["edition_year"]), int(now["edition_year"])), now["component_id"]
    if not catalogue().ranks_comparable(total, *years):
        change = [b.edition_year for b in catalogue().breaks_between(total, *years) if b.ranks != "marked"][-1]
        apart = ctx.phrase("one_picture.not_comparable", year=years[0])
        return 0, [apart, ctx.phrase("one_picture.anew", year=change)]
    was = ctx.phrase("one_picture.was", year=years[0], placed=rank_of(*before[["rank", "n_ranked", "rank_basis"]]))
    if quiet := caution(now["score"] - before["score"], total, years, ctx):
        return 0, [was, quiet]
    gained, change = int(before["rank"] - now["rank"]), now["score"] - before["score"]
    if gained * change < 0:
        size = ctx.number(phrases.apart(now["score"], before["score"]), 2, sign=True)
        return 0, [was, ctx.phrase("one_picture.against", size=size)]
    # no verdict over editions between the two
    if years[1] - years[0] > 1 or not phrases.within_error(0, total, years, ctx):
        return 0, [was]
    return int(np.sign(gained)), [places(gained, ctx.language), was]


def _shown(history: pd.DataFrame) -> list[str]:
    """Indices with a rank among all provinces in the years of the picture, in the order of the catalogue."""
    first, last = overview_years(history)
    ranked = history[history["edition_year"].between(first, last) & history["rank"].notna()]
    among = set(ranked.loc[~_of_few(ranked["n_ranked"], ranked["n_ranked"].max()), "index_id"])
    return [index_id for index_id in catalogue().indices if index_id in among]


@plot(lambda history: HEAD + len(_shown(history)) * PITCH + 0.25)
def draw(history: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """A row an index on one axis of years and one of ranks, first on top; words where nothing is ranked."""
    first, last = overview_years(history)
    history = history[history["edition_year"].between(first, last)]
    deepest = int(history["n_ranked"].max())
    sheet = area.sheet()
    for x, key in ((RANKS, "newest"), (MOVES, "since")):
        label(sheet, x, 0.25, ctx.phrase(f"one_picture.head_{key}"), size=SMALL, color=SOFT)
    drawn, shown = [], _shown(history)
    for place, index_id in enumerate(shown):
        top = HEAD + place * PITCH
        own = history[history["index_id"] == index_id]
        ax = area.axes(LEFT, top, RIGHT, top + TALL)
        pieces.years(ax, list(range(first, last + 1)))
        ticks = [first, *(year for year in range(first + 2, last - 1) if year % 5 == 0), last]
        ax.set_xticks(ticks, map(str, ticks))
        if place < len(shown) - 1:
            ax.tick_params(labelbottom=False)
            sheet.plot([0, area.width], [top + (TALL + PITCH) / 2] * 2, color=style.RANGE, lw=0.6)
        ax.tick_params(axis="x", length=0)
        ax.set_ylim(deepest + 2, -1)
        ax.set_yticks([1, deepest])
        ax.tick_params(axis="y", labelsize=SMALL, labelcolor=SOFT)
        ax.grid(False)
        ax.spines["bottom"].set_color(style.BOX)
        _course(ax, own)
        middle = top + TALL / 2
        _missing(ax, own, index_id, (first, last), ctx)
        index = catalogue().indices[index_id]
        label(sheet, 0, middle - 0.21, index_name(index_id), size=TITLE, weight="bold")
        label(sheet, 0, middle + 0.27, ctx.pick(index.topic, index.topic_en), size=SMALL, color=SOFT)
        _standing(sheet, middle, _of_all(own, deepest), ctx)
        drawn.append(ax)
    return [*drawn, sheet]


def _course(ax: Axes, own: pd.DataFrame) -> None:
    """Ranks joined within one method, over the top quarter of those ranked; the newest larger, with its interval."""
    most = round(ax.get_yticks()[-1])
    own = _of_all(own, most)
    ranked = own[own["rank"].notna()].sort_values("edition_year")
    pieces.top_quarter(ax, own, most)
    for row in ranked[ranked["rank_basis"] == "implied"].itertuples():
        ax.plot(row.edition_year, row.rank, "o", ms=4.2, mfc="white", mec=OWN, mew=1, zorder=6, clip_on=False)
    for run in pieces.stretches(own, "rank"):
        pieces.course(ax, run, "rank", 1.7, marker="o", ms=3.4, mew=0, clip_on=False, zorder=4)
    ends, now = ranked["edition_year"].iloc[[0, -1]], ranked.iloc[-1]
    for b in catalogue().breaks_between(now["component_id"], *map(int, ends), "break"):
        ax.axvline(b.edition_year - 0.5, color=style.MIDDLE, lw=0.9, ls=style.DASHES, zorder=1)
    for year in pieces.dotted(own):
        ax.axvline(year - 0.5, color=style.MIDDLE, lw=0.7, ls=style.DOTS, zorder=1)
    if pd.notna(now["rank_low"]):
        pieces.interval(ax, now["edition_year"], now["rank_low"] - 0.4, now["rank_high"] + 0.4)
    pieces.newest_dot(ax, now["edition_year"], now["rank"])
    if now["rank_basis"] == "implied":
        pieces.dot(ax, now["edition_year"], float(now["rank"]), False, 7)


def _of_all(own: pd.DataFrame, most: float) -> pd.DataFrame:
    """The ranks without those of a pilot: among few a rank has no place on an axis of all, and is said in words."""
    few = _of_few(own["n_ranked"], most)
    return own.assign(rank=own["rank"].where(~few), n_ranked=own["n_ranked"].where(~few))


def _missing(ax: Axes, own: pd.DataFrame, index_id: str, shown: tuple[int, int], ctx: Context) -> None:
    """Words on the years without a rank, under the band, where they cut the fewest strokes, near to those years."""
    (first, last), band = shown, 1 + ax.get_yticks()[-1] / 4
    origin = min(c.first_edition for c in catalogue().components_of(index_id) if c.level == "total")
    empty = own[own["rank"].isna()]
    texts = []
    room, unit, (low, high) = placing.Texts(ax), placing.cm_per_unit(ax), ax.get_ylim()
    pieces.hatch(ax, own, "rank", room)
    empty = empty[empty["missing"] != "not_published"]
    reasons = empty["missing"].replace([*pieces.NOT_HELD], "not_collected")
    for kind, rows in empty.groupby(reasons, sort=False):
        years, why = year_spans(rows["edition_year"].astype(int)), word(kind, ctx.language)
        why = ctx.phrase("one_picture.no_rank") if kind == "not_collected" else why
        texts.append(": ".join(text.replace(" ", NBSP) for text in (years, why)))

    def loose(text: str, gap: str) -> str:
        """The words after the years stay together."""
        return text.replace(NBSP, gap, text.partition(":")[0].count(NBSP))

    if origin > first + 1 and not (empty["edition_year"] == origin).any():
        texts.insert(0, ctx.phrase("one_picture.begins", year=origin))
    if not texts:
        return
    wanted, places = empty["edition_year"].mean() if len(empty) else first, []
    layouts = [["; ".join(texts)], texts]
    for wide, gap in ((3.2, NBSP), (2.6, NBSP), (2.6, " ")):
        layouts.append([line for text in texts for line in style.wrap(loose(text, gap), SMALL, wide, balanced=True)])
    for lines in layouts:
        half = max(style.text_width(line, SMALL) for line in lines) / 2
        tall = 0.125 * len(lines) + 0.1  # half of the height and of what is to be clear around it, in cm
        reach = (low - high) * tall / TALL
        for x in np.arange(first - 0.3 + half / unit, last + 0.45 - half / unit, 0.25):
            for y in np.linspace(low - reach, min(band + reach, low - reach), 5):
                left, foot, right, top = room.box(x, y, max(lines, key=len), SMALL, low=-tall * 28, high=tall * 28)
                box = left - 3, foot, right + 3, top
                cost = 99 * (not room.free(box)) + room.cut(box), len(lines), abs(x - wanted)
                places.append((*cost, x - half / unit, y, lines))
    *_, x, y, lines = min(places)
    label(ax, x, y, "\n".join(lines), size=SMALL, color=SOFT, lead=1.2, path_effects=style.HALO, zorder=6)


def _standing(sheet: Axes, middle: float, own: pd.DataFrame, ctx: Context) -> None:
    """The newest rank, large, with its number of provinces and year; and the move, with an arrow where there is one."""
    now, _ = phrases.latest_change(own, "rank")
    rank, size = str(int(now["rank"])), 16
    of = f"/{int(now['n_ranked'])}{WORKED_BACK * (now['rank_basis'] == 'implied')}"
    label(sheet, RANKS, middle - 0.16, rank, size=size, weight="bold", color=OWN)
    label(sheet, RANKS + style.text_width(rank, size, "bold"), middle - 0.1, of, color=SOFT)
    label(sheet, RANKS, middle + 0.42, str(int(now["edition_year"])), size=SMALL, color=SOFT)
    way, texts = move(own, ctx)
    if pd.notna(now["rank_low"]) and now["rank_low"] < now["rank_high"]:
        texts.append(ctx.phrase("one_picture.may_be", low=int(now["rank_low"]), high=int(now["rank_high"])))
    colour, top = {1: OWN, -1: style.WORSE, 0: SOFT}[way], middle
    room = sheet.get_xlim()[1] - MOVES
    # no word stands alone on a line
    lines = [line for text in texts for line in style.wrap(NBSP.join(text.rsplit(" ", 1)), SMALL, room)]
    top -= 0.2 * (len(lines) - 1)
    if way:
        sheet.plot(MOVES + 0.12, top, marker="^" if way > 0 else "v", ms=6.5, color=colour, mew=0)
        label(sheet, MOVES + 0.36, top, lines.pop(0), size=BASE, weight="bold", color=colour)
        top += 0.4
    label(sheet, MOVES, top + 0.2 * (len(lines) - 1), "\n".join(lines), size=SMALL, color=SOFT, lead=1.4)
