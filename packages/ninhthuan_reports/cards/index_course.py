"""One sheet an index: rank above and score below on one axis of years, among the other provinces, with what changed."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from figure_cards import placing, style
from figure_cards.captions import Caption, Claim
from figure_cards.style import BASE, FOCUS, INK, OWN, SMALL, SOFT, Area, label
from ninhthuan.catalogue import catalogue

from .. import phrases, pieces
from ..claims import fitting, in_both, together
from ..pieces import plot
from ..wording import WORKED_BACK, Context, places, score_of, span, standing, year_spans

ROOMY = 8  # editions from which words on a single one may have no room
FEWEST = 3  # editions in a row of one method: fewer are no course
PAD, LEFT = 0.85, 1.15  # years before the first and after the last; cm for the numbers of the axes
PALE = "#F0F0F0"  # all provinces, under the middle half of them
HEADING = 0.5  # cm over a panel, for what it shows


def caption(history: pd.DataFrame, ctx: Context) -> Caption:
    """Newest rank, and the places gained or lost since the edition before, where both are comparable."""
    ranked = history[history["rank"].notna()] if len(history) else history
    if ranked.empty:
        raise phrases.nothing(ctx.phrase("index_course.nothing", province=ctx.name))
    history = _drawn(history)
    now, before = phrases.latest_change(history, "rank")
    name, year, placed = phrases.subject_of(now, ctx), int(now["edition_year"]), standing(now, ctx.language)
    if max(len(run) for run in pieces.stretches(history, "rank")) < FEWEST:
        years = phrases.years(ranked)
        raise phrases.nothing(ctx.phrase("index_course.few", name=name, province=ctx.name, years=years))
    title_now = ctx.phrase("index_course.ranks", name=name, year=year, province=ctx.name, placed=placed)

    def newest(frame: pd.DataFrame) -> bool:
        row = phrases.newest(frame, "rank")
        return (phrases.subject_of(row, ctx), row["edition_year"], standing(row, ctx.language)) == (name, year, placed)

    claims, title = [phrases.about(ctx), Claim(title_now, newest)], title_now
    if before is not None:
        alike = catalogue().ranks_comparable(now["component_id"], int(before["edition_year"]), year)
        found = _withheld(history, now, ctx) or (_moved if alike else _anew)(title_now, now, before, ctx)
        title, claims = found[0], [*claims, found[1]]
    scales = phrases.scales(now["component_id"], history, ctx)
    subtitle = ctx.phrase("index_course.subtitle", name=name, years=phrases.years(history), scales=scales)
    worked_back = (ranked["rank_basis"] == "implied") | (ranked["basis"] == "derived") & ranked["score"].notna()
    interval = ctx.phrase(f"index_course.note_{'interval' if history['standard_error'].notna().any() else 'no_error'}")
    implied = phrases.implied_note(ctx, star=WORKED_BACK in title)
    notes = [interval, implied * bool(worked_back.any())]
    notes.append(_lines(history, now, ctx))
    levels = {part.level for part in catalogue().components_of(now["index_id"])}
    notes.append(ctx.phrase("index_course.numbered") * ("sub_dimension" in levels))
    for column in ("rank", "score"):
        without = _without(history, column)
        notes.append(ctx.phrase(f"index_course.no_{column}", listed=without) * bool(without))
    bare = history[history["score"].notna() & ~history["complete"] & history["national_mean"].isna()]
    if len(bare) and history["complete"].any():
        notes.append(ctx.phrase("index_course.years_no_spread", years=year_spans(map(int, bare["edition_year"]))))
    # 40 of 42 is lower than 55 of 64
    heights = (ranked["rank"].astype(float) - 1) / (ranked["n_ranked"].astype(float) - 1)
    best, worst = (ranked.loc[pick(heights)] for pick in (pd.Series.idxmin, pd.Series.idxmax))
    ends = [f"{standing(row)} ({row['edition_year']})" for row in (best, worst)]
    numbers = [ctx.phrase("index_course.ends", count=len(ranked), best=ends[0], worst=ends[1])]
    if now["complete"]:
        decimals = phrases.decimals(now["unit"])
        low, middle, high = (ctx.number(now[column], decimals) for column in ("lowest", "median", "highest"))
        numbers.append(ctx.phrase("index_course.spread", year=year, low=low, high=high, middle=middle))
    return Caption(title, subtitle, together(notes), ctx.phrase("index_course.kind"), tuple(numbers), tuple(claims))


def _drawn(history: pd.DataFrame) -> pd.DataFrame:
    """Rows of the editions from the first of the province on."""
    own = history["rank"].notna() | history["score"].notna()
    return history[history["edition_year"] >= history.loc[own, "edition_year"].min()]


def _without(drawn: pd.DataFrame, column: str) -> str:
    """Editions without a rank, or with a rank but no score, of which the plot may have no room for words."""
    years, ranked = [], set(drawn.loc[drawn["rank"].notna(), "edition_year"])
    for start, end, kind in pieces.missing_words(drawn, column):
        narrow = kind not in ("no_edition", "not_published") and start == end and len(drawn) >= ROOMY
        if narrow and (column == "rank" or start in ranked):
            years.append(start)
    return year_spans(years)


def _withheld(history: pd.DataFrame, now: pd.Series, ctx: Context) -> tuple[str, Claim] | None:
    """The title of a newest rank after which editions were withheld: what survey errors would allow, and no move."""
    later = history[history["edition_year"] > now["edition_year"]]
    if now[["rank_low", "rank_high"]].dropna().nunique() < 2 or not later["missing"].eq("not_published").any():
        return None
    year, low, high = (int(now[column]) for column in ("edition_year", "rank_low", "rank_high"))

    def title_of(form: str, ctx: Context) -> str:
        values = {"name": phrases.subject_of(now, ctx), "year": year, "province": ctx.name, "low": low, "high": high}
        return ctx.phrase(f"index_course.withheld{form}", placed=standing(now, ctx.language), **values)

    def holds(frame: pd.DataFrame) -> bool:
        known = frame.loc[frame["edition_year"] == year, ["rank_low", "rank_high"]].to_numpy().tolist()
        return frame.loc[frame["missing"] == "not_published", "edition_year"].max() > year and known == [[low, high]]

    title = in_both(("", "_short"), title_of, ctx)
    return title, Claim(title, holds)


def _moved(title_now: str, now: pd.Series, before: pd.Series, ctx: Context) -> tuple[str, Claim]:
    """The title with what became of the rank since the edition before.

    Places are counted only beyond survey error, where it is known and neither the measure nor the whole country moved;
    that the score went the other way is said.
    """
    total, years = now["component_id"], (int(before["edition_year"]), int(now["edition_year"]))
    was, moved = standing(before, ctx.language), places(before["rank"] - now["rank"], ctx.language)
    alike = catalogue().same_component(total, *years)
    quiet = phrases.within_error(now["score"] - before["score"], total, years, ctx) * alike
    gained = phrases.apart(now["score"], before["score"]) if pd.notna(now["score"] - before["score"]) else 0
    against = gained * int(before["rank"] - now["rank"]) < 0
    if before["rank"] == now["rank"]:
        key = "level"
    elif quiet or not alike:
        key = "within" if alike else "in_part"
    elif against:
        key = "though_fell" if gained < 0 else "though_rose"
    else:
        key = "moved" if phrases.within_error(0, total, years, ctx) else "stood"
    values = {"year": years[0], "was": was, "moved": moved, "size": ctx.number(abs(gained), 2)}
    lengths = ("",) if key in ("level", "moved", "stood") else ("", "_short")
    title = fitting(title_now + ctx.phrase(f"index_course.went_{key}{length}", **values) for length in lengths)

    def holds(frame: pd.DataFrame) -> bool:
        later, earlier = phrases.newest(frame, "rank"), phrases.newest(frame[frame["edition_year"] < years[1]], "rank")
        if earlier["edition_year"] != years[0] or later["segment"] != earlier["segment"]:
            return False
        if against and phrases.apart(later["score"], earlier["score"]) != gained:
            return False
        size = float(phrases.apart(later["score"], earlier["score"])) if quiet else 0.0
        still = not quiet or phrases.within_error(size, later["component_id"], years, ctx)
        still = still and alike == (not catalogue().marks(total, *years))
        gain = places(earlier["rank"] - later["rank"], ctx.language)
        return still and (standing(earlier, ctx.language), gain) == (was, moved)

    return title, Claim(title, holds)


def _anew(title_now: str, now: pd.Series, before: pd.Series, ctx: Context) -> tuple[str, Claim]:
    """The title of a newest edition of another method than the one before: these two are not compared."""
    total, year, old = now["component_id"], int(now["edition_year"]), int(before["edition_year"])
    was = standing(before, ctx.language)
    forms = (ctx.phrase(f"index_course.anew{length}", year=old, was=was) for length in ("", "_short"))
    title = fitting(title_now + form for form in forms)

    def holds(frame: pd.DataFrame) -> bool:
        """By the editions that may be compared, where the title goes by segments."""
        earlier = phrases.newest(frame[frame["edition_year"] < year], "rank")
        found = earlier["edition_year"], standing(earlier, ctx.language)
        return found == (old, was) and not catalogue().ranks_comparable(total, old, year)

    return title, Claim(title, holds)


def _lines(history: pd.DataFrame, now: pd.Series, ctx: Context) -> str:
    """What the vertical lines mean, of the sorts that are drawn."""
    known, first = catalogue().breaks_of(now["component_id"]), history["edition_year"].min()
    kinds = {b.severity for b in known if first < b.edition_year <= now["edition_year"] and b.severity != "suspected"}
    drawn = "dashed" * ("break" in kinds) + "dotted" * bool(kinds - {"break"} or pieces.steps(history))
    return ctx.phrase(f"index_course.lines_{drawn}") if drawn else ""


@plot(9.1)
def draw(history: pd.DataFrame, area: Area, ctx: Context, policies: pd.DataFrame | None = None) -> list[Axes]:
    """Rank and score of one province over the editions; over them what changed in the method, under them policies."""
    history = _drawn(history)
    years = list(range(int(history["edition_year"].min()), int(history["edition_year"].max()) + 1))
    component_id = history["component_id"].iloc[0]
    named = _names(history, ctx)
    newest = phrases.newest(history, "rank")
    widths = [style.text_width(text, size, weight) for _, text, size, weight, _ in named]
    widths.append(style.text_width(standing(newest) + _of_year(newest, history), FOCUS, "bold"))
    right = area.width - 0.35 - max(widths)
    unit = (right - LEFT) / (len(years) - 1 + 2 * PAD)  # cm of a year
    # no more than the own course has
    ranked = [year for year in years if year <= newest["edition_year"]]
    wide = unit * (len(ranked) - 1 + 2 * PAD)
    room = {"pad": PAD, "shifts": pieces.steps(history), "margin": area.width - LEFT - wide}
    labels, rows = pieces.break_labels(component_id, ranked, wide, ctx, **room)
    issued = _issued(policies, years, unit, ctx)
    top = HEADING + 0.1 + placing.ROW_CM * max(rows, 1)
    lane = max((item[2] + 1 for item in issued), default=0)
    issuers = ctx.phrase("index_course.policies") * bool(issued)
    # the words of the lane stand left of the marks of the first row, or over them all
    words = years[0] - PAD + (style.text_width(issuers, SMALL) + 0.2 - LEFT) / unit
    above = int(any(item[2] == 0 and item[4] <= words for item in issued))
    foot = area.height - 0.6 - 0.42 * (lane + above)
    split = top + 0.42 * (foot - top - HEADING)
    ranks = area.axes(LEFT, top, right, split)
    scores = area.axes(LEFT, split + HEADING + 0.15, right, foot)
    counts = span(history["n_ranked"])
    shown = ctx.phrase("index_course.rank_panel", count=counts), ctx.phrase(f"index_course.score_{_others(history)}")
    for ax, heading, over in ((ranks, shown[0], top - HEADING + 0.05), (scores, shown[1], 0)):
        pieces.years(ax, years, pad=PAD, each=True)
        ax.tick_params(axis="x", length=0, labelbottom=ax is scores)
        ax.grid(False)
        dy = 8 + over / 2.54 * 72
        label(ax, 0, 1, heading, size=SMALL, color=SOFT, transform=ax.transAxes, dx=-LEFT / 2.54 * 72, dy=dy)
    _rank_panel(ranks, history, labels, ctx)
    _score_panel(scores, history, labels, named, ctx)
    if issued:
        ax = area.axes(LEFT, foot + 0.55, right, foot + 0.55 + 0.42 * (lane + above))
        ax.set(xlim=scores.get_xlim(), ylim=(lane - 0.5, -0.5 - above))
        _policy_lane(ax, issued)
        look = {"size": SMALL, "color": SOFT, "transform": ax.get_yaxis_transform()}
        label(ax, 0, -above, issuers, dx=-LEFT / 2.54 * 72, **look)
    return [ranks, scores]


def _rank_panel(ax: Axes, history: pd.DataFrame, labels, ctx: Context) -> None:
    """Ranks, first on top, over the top quarter of the provinces."""
    most, usual = int(history["n_ranked"].max()), int(history["n_ranked"].mode().iloc[-1])
    ax.set_ylim(most + 17, -6)  # a number under the last rank keeps off the line below
    pieces.top_quarter(ax, history, most)
    ax.set_yticks([1, 20, 40, usual] if usual > 45 else [1, 10, 20, usual] if usual > 25 else [1, usual])
    pieces.mark_breaks(ax, labels)
    ranked = history[history["rank"].notna()].sort_values("edition_year")
    now = ranked.iloc[-1]
    if pd.notna(now["rank_low"]):
        pieces.interval(ax, now["edition_year"], now["rank_low"] - 0.4, now["rank_high"] + 0.4)
    _own(ax, history, "rank", ranked["rank_basis"] == "implied")
    texts = placing.Texts(ax)
    texts.take_breaks(labels)
    pieces.hatch(ax, history, "rank", texts)
    values = dict(zip(ranked["edition_year"], ranked["rank"].astype(float), strict=True))
    wanted = pieces.ends_and_extremes(history, "rank")
    look = {"size": FOCUS, "weight": "bold", "color": OWN, "transform": ax.get_yaxis_transform()}
    label(ax, 1, float(now["rank"]), standing(now) + _of_year(now, history), dx=5, **look)
    few = _apart(ranked)
    for row in ranked[:-1][::-1].itertuples():
        beside = [values[y] for y in (row.edition_year - 1, row.edition_year + 1) if y in values]
        whole = few[row.Index]
        needed = row.edition_year in wanted or row.rank_basis == "implied"
        below = (bool(beside) and np.mean(beside) < row.rank) or row.rank < 7 or whole
        sides = ("below", "above") if below else ("above", "below")
        look = {"size": SMALL, "dx": -3 * (row.Index == ranked.index[0])} if whole else {"size": BASE}
        printed = standing(row).rstrip(WORKED_BACK) if whole else f"{row.rank:.0f}"
        texts.number(row.edition_year, row.rank, printed, sides, needed=needed, **look)
    pieces.draw_missing(ax, history, "rank", ctx, middle=most / 2, texts=texts)


def _apart(history: pd.DataFrame) -> pd.Series:
    """Which editions rank clearly other than the usual number of provinces: their ranks carry it."""
    return (history["n_ranked"] - history["n_ranked"].mode().iloc[-1]).abs() > 5


def _score_panel(ax: Axes, history: pd.DataFrame, labels, named: list[tuple], ctx: Context) -> None:
    """Scores over those of all provinces where these are ranked, else beside the mean that a source states."""
    full = history[history["complete"]]
    means = history[~history["complete"] & history["national_mean"].notna()]
    shown = [history["score"], full["lowest"], full["highest"], means["national_mean"]]
    shown = pd.concat([column.dropna().astype(float) for column in shown])
    margin = (shown.max() - shown.min()) * 0.1 or 1
    # a number under the lowest score, and the heading above the highest, keep off the edges
    ends = shown.min() - 1.6 * margin, shown.max() + 2.2 * margin
    ax.set_ylim(*ends)
    ticks = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(*ends)
    ax.set_yticks([tick for tick in ticks if ends[0] <= tick < ends[1] - 0.6 * margin])
    pieces.number_axis(ax.yaxis, ctx)
    pieces.mark_breaks(ax, labels, words=False)
    for run in pieces.stretches(full, "median"):
        # an edition reaches a little to either side, so that one alone is seen
        x = [run["edition_year"].iloc[0] - 0.35, *run["edition_year"], run["edition_year"].iloc[-1] + 0.35]
        columns = ("lowest", "lower_quartile", "median", "upper_quartile", "highest")
        low, lower, middle, upper, high = (np.pad(run[column].to_numpy(float), 1, mode="edge") for column in columns)
        ax.fill_between(x, low, high, color=PALE, lw=0, zorder=0)
        ax.fill_between(x, lower, upper, color=style.BOX, lw=0, zorder=0.2)
        ax.plot(x, middle, color=SOFT, lw=1.1, zorder=2)
    for row in means.itertuples():
        ax.plot([row.edition_year - 0.3, row.edition_year + 0.3], [row.national_mean] * 2, color=SOFT, lw=1.4, zorder=2)
    ranked = history[history["score"].notna()].sort_values("edition_year")
    for row in ranked[ranked["standard_error"].notna()].itertuples():
        reach = pieces.Z_95 * row.standard_error
        pieces.interval(ax, row.edition_year, row.score - reach, row.score + reach)
    _own(ax, history, "score", ranked["basis"] == "derived")
    texts = placing.Texts(ax)
    pieces.hatch(ax, history, "score", texts)
    # and those joined to no other
    alone = {run["edition_year"].iloc[0] for run in pieces.stretches(history, "score") if len(run) == 1}
    wanted = (pieces.ends_and_extremes(history, "score") | alone) - {ranked["edition_year"].max()}
    decimals = phrases.decimals(history["unit"].iloc[0])
    for row in ranked[ranked["edition_year"].isin(wanted)].itertuples():
        sides = ("below", "above") if row.complete and row.score < row.median else ("above", "below")
        printed = score_of(row.score, row, decimals, ctx.language).rstrip(WORKED_BACK)
        texts.number(row.edition_year, row.score, printed, sides, gap=6, needed=row.basis == "derived")
    for row in means[means["edition_year"] != ranked["edition_year"].max()].itertuples():
        sides = ("above", "below") if row.national_mean > row.score else ("below", "above")
        mean = ctx.number(row.national_mean, decimals)
        texts.number(row.edition_year, row.national_mean, mean, sides, size=SMALL, gap=3, needed=False, colour=SOFT)
    pieces.draw_missing(ax, history, "score", ctx, middle=sum(ends) / 2, texts=texts)
    height = ax.get_position().height * ax.get_figure(root=True).get_figheight() / style.CM
    spots = style.spread([value for value, *_ in named], 0.37 / height * (ends[1] - ends[0]), bounds=ends)
    for (_, text, size, weight, colour), y in zip(named, spots, strict=True):
        label(ax, 1, y, text, transform=ax.get_yaxis_transform(), dx=5, size=size, weight=weight, color=colour)


def _own(ax: Axes, history: pd.DataFrame, column: str, worked_back: pd.Series) -> None:
    """The province's own course, joined within one method; open dots are worked back."""
    for run in pieces.stretches(history, column):
        pieces.course(ax, run, column, 1.8, marker="o", ms=5, mec="white", mew=0.8, zorder=5)
    newest = history.loc[history[column].last_valid_index()]
    pieces.newest_dot(ax, newest["edition_year"], newest[column])
    for row in history.loc[worked_back.index[worked_back]].dropna(subset=column).itertuples():
        size = 7 if row.Index == newest.name else 5
        pieces.dot(ax, row.edition_year, float(getattr(row, column)), False, size)


def _others(history: pd.DataFrame) -> str:
    """What of the other provinces is ranked: the spread of all, a stated mean, or nothing."""
    full, stated = history["complete"].any(), (~history["complete"] & history["national_mean"].notna()).any()
    return "both" if full and stated else "spread" if full else "mean" if stated else "alone"


def _of_year(row: pd.Series, history: pd.DataFrame) -> str:
    """The year of a figure right of the plots, where it is not that of the last edition there: ` (2020)`."""
    return f" ({row['edition_year']})" * bool(row["edition_year"] < history["edition_year"].max())


def _names(history: pd.DataFrame, ctx: Context) -> list[tuple]:
    """What stands right of the scores: (score, text, size, weight, colour), of the own newest edition."""
    found, decimals = [], phrases.decimals(history["unit"].iloc[0])
    own = phrases.newest(history, "score")
    columns = ("highest", "median", "lowest") if own["complete"] else ("national_mean",)
    for column in (*columns, "score"):
        if pd.isna(own[column]):
            continue
        if column == "score":
            text, look = score_of(own[column], own, decimals, ctx.language), (FOCUS, "bold", OWN)
        else:
            text = ctx.phrase(f"index_course.of_{column}", size=ctx.number(own[column], decimals))
            look = SMALL, "normal", INK if column == "median" else SOFT
        found.append((float(own[column]), text + _of_year(own, history), *look))
    return found


def _issued(policies: pd.DataFrame | None, years: list[int], unit: float, ctx: Context) -> list[tuple]:
    """Documents issued within the years: day on the axis, name, row of the lane, name to the right?, where it starts.

    unit: cm of a year. A name stands left of its mark, where there is room.
    """
    found, taken = [], []
    for item in policies.sort_values("issued_on").itertuples() if policies is not None else ():
        # an edition's year is drawn from half a unit before its tick to half a unit after
        x = item.issued_on.year - 0.5 + item.issued_on.day_of_year / 365
        text = f"{ctx.pick(item.label, item.label_en)} ({item.issued_on:%m/%Y})"
        if not years[0] - 0.5 <= x <= years[-1] + 0.5:
            continue
        wide, mark = (style.text_width(text, SMALL) + 0.35) / unit, 0.15 / unit
        places = itertools.product(range(9), ((False, x - mark - wide, x + mark), (True, x - mark, x + mark + wide)))
        row, (right, *span) = next(
            (row, place)
            for row, place in places
            if years[0] - PAD <= place[1]
            and place[2] <= years[-1] + PAD + 1 / unit
            and not any(row == other and place[1] < end and start < place[2] for other, start, end in taken)
        )
        taken.append((row, *span))
        found.append((x, text, row, right, span[0]))
    return found


def _policy_lane(ax: Axes, issued: list[tuple]) -> None:
    """A lane of its own under the years: a mark on the day of issue, and the short name."""
    ax.set_axis_off()
    for x, text, row, right, _ in issued:
        ax.plot(x, row, marker=(3, 0, 0), ms=5.5, color=SOFT, mew=0, clip_on=False)
        label(ax, x, row, text, size=SMALL, color=SOFT, ha="left" if right else "right", dx=5 if right else -5)
