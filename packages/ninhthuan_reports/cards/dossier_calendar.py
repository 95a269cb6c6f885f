"""Eight quarters as columns, a measure a row: bars of counts, points of shares, dashes where nothing is known."""

from __future__ import annotations

import itertools

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from figure_cards import style
from figure_cards.captions import Caption, Claim
from figure_cards.style import INK, OWN, SMALL, SOFT, WORSE, Area, label
from ninhthuan.language import day, listing
from ninhthuan.periods import Quarter
from ninhthuan.reference import MERGER_DAY

from .. import phrases
from ..claims import printed, together
from ..dossiers import SHEET, bad_quarter, judged
from ..pieces import plot
from ..wording import Context, lower_first, sentence


def caption(sheet: pd.DataFrame, ctx: Context) -> Caption:
    """The quarter that stands apart and whose the late dossiers are; or the newest figures."""
    slots = _own(sheet, ctx.province.province_code)
    known = slots[slots["value"].notna()]
    if known.empty:
        raise phrases.nothing(ctx.phrase("dossiers.no_dossiers_any_quarter_held", province=ctx.name))
    if known["measure"].value_counts().max() < LEAST:
        quarters = [phrases.quarter_word(quarter, ctx) for quarter in sorted(known["quarter"].unique())]
        only = ctx.phrase("dossiers.quarter_alone", quarter_word=listing(quarters, ctx.language))
        raise phrases.nothing(only + ctx.phrase("dossiers.too_few_quarters", province=ctx.name))
    on_time = known[known["measure"] == "dossiers_on_time_share"].sort_values("place")
    whose: list[Claim] = []
    if worst := bad_quarter(sheet, ctx.province.province_code):
        claims, whose = [_stands_apart(on_time, worst, ctx)], _whose(sheet, worst, ctx)
    elif len(on_time) > 1:
        claims = [_last_two(on_time, ctx)]
    else:
        claims = [_newest(known, ctx)]
    notes = (
        *(f"{claim.says}." for claim in whose),
        _windows(known, ctx),
        phrases.set_within(known, ctx),
        phrases.how_known(known, ctx),
    )
    columns = ("quarter", "measure", "value", "decimals")
    shown = ", ".join(
        f"{phrases.quarter_word(quarter, ctx)} {_name(measure, ctx)} {printed(measure, value, ctx, decimals)}"
        for quarter, measure, value, decimals in phrases.read(on_time if len(on_time) else known, *columns)
    )
    last = phrases.quarter_word(slots["quarter"].max(), ctx)
    return Caption(
        claims[0].says,
        ctx.phrase("dossiers.dossiers_eight_quarters", province=ctx.name, last=last),
        together(notes),
        ctx.phrase("dossiers.sheet_eight_quarters"),
        (sentence(shown),),
        (*claims, *whose),
    )


def _own(sheet: pd.DataFrame, province_code: str) -> pd.DataFrame:
    """Slots of the whole province."""
    return sheet[(sheet["province_code"] == province_code) & (sheet["agency"] == "")]


def _name(measure: str, ctx: Context) -> str:
    return lower_first(phrases.result_word(measure, ctx))


def _stands_apart(on_time: pd.DataFrame, worst: str, ctx: Context) -> Claim:
    """That the share on time of one quarter is farther below the others than these are apart."""
    lowest, next_one = (row for _, row in on_time.sort_values("value").iloc[:2].iterrows())
    two, code = (float(lowest["value"]), float(next_one["value"])), ctx.province.province_code
    title = ctx.phrase(
        "dossiers.only_time_more_every_other",
        province=ctx.name,
        quarter_word=phrases.quarter_word(worst, ctx),
        low=phrases.as_printed(lowest, ctx),
        rest=phrases.as_printed(next_one, ctx),
    )

    def holds(frame: pd.DataFrame) -> bool:
        rows = phrases.read(frame, "measure", "province_code", "agency", "quarter", "value")
        found = {q: v for m, c, a, q, v in rows if (m, c, a) == ("dossiers_on_time_share", code, "") and v == v}
        others = sorted(value for quarter, value in found.items() if quarter != worst)
        gap = others[0] - found[worst]
        return gap > others[-1] - others[0] and (found[worst], others[0]) == two

    return Claim(title, holds)


def _last_two(on_time: pd.DataFrame, ctx: Context) -> Claim:
    """The newest share on time, and the one before."""
    last, before = on_time.iloc[-1], on_time.iloc[-2]
    now, then = phrases.as_printed(last, ctx), phrases.as_printed(before, ctx)
    title = ctx.phrase(
        "dossiers.time",
        province=ctx.name,
        now=now,
        quarter_word=phrases.quarter_word(last["quarter"], ctx),
        then=then,
        quarter_word_2=phrases.quarter_word(before["quarter"], ctx),
    )
    return _holds(title, {(last["measure"], last["quarter"]): now, (before["measure"], before["quarter"]): then}, ctx)


def _newest(known: pd.DataFrame, ctx: Context) -> Claim:
    """The figures of the newest quarter with any, the first two of the sheet."""
    quarter = known.loc[known["place"].idxmax(), "quarter"]
    now = known[known["quarter"] == quarter].head(2)
    columns = ("measure", "value", "decimals")
    shown = {
        measure: printed(measure, value, ctx, decimals) for measure, value, decimals in phrases.read(now, *columns)
    }
    parts = [ctx.phrase(f"dossiers.said.{measure}", shown=text) for measure, text in shown.items()]
    word = phrases.quarter_word(quarter, ctx)
    title = ctx.phrase("dossiers.newest", province=ctx.name, quarter_word=word, figures=", ".join(parts))
    return _holds(title, {(measure, quarter): text for measure, text in shown.items()}, ctx)


def _holds(title: str, shown: dict[tuple[str, str], str], ctx: Context) -> Claim:
    """That the province's own figures of some measures and quarters are printed so."""
    code = ctx.province.province_code

    def holds(frame: pd.DataFrame) -> bool:
        rows = phrases.read(frame, "measure", "quarter", "province_code", "agency", "value", "decimals")
        found = {(m, q): printed(m, v, ctx, d) for m, q, c, a, v, d in rows if (c, a, (m, q) in shown) == (code, "", 1)}
        return found == shown

    return Claim(title, holds)


def _whose(sheet: pd.DataFrame, worst: str, ctx: Context) -> list[Claim]:
    """The agency that most late dossiers of the bad quarter are of, if they are at least half of them."""
    late = sheet[(sheet["agency"] != "") & (sheet["quarter"] == worst)]
    if late.empty:
        return []
    most, total = late.loc[late["value"].idxmax()], late["value"].sum()
    if most["value"] * 2 < total:
        return []
    agency, counts = most["agency"], (phrases.count(most["value"], ctx), phrases.count(total, ctx))
    quarter = phrases.quarter_word(worst, ctx)
    text = ctx.phrase(
        "dossiers.late_dossiers",
        sentence=sentence(quarter),
        agency=agency,
        first_counts=counts[0],
        second_counts=counts[1],
        quarter_word=quarter,
    )

    def most_are(frame: pd.DataFrame) -> bool:
        found = {a: v for a, q, v in phrases.read(frame, "agency", "quarter", "value") if a and q == worst}
        recounted = phrases.count(found[agency], ctx), phrases.count(sum(found.values()), ctx)
        return recounted == counts and 2 * found[agency] >= sum(found.values())

    return [Claim(text, most_are)]


def _windows(known: pd.DataFrame, ctx: Context) -> str:
    windows = set(known["window"].dropna())
    if windows == {"reporting"}:
        return ctx.phrase("dossiers.quarters_run_15th_14th_reports")
    if len(windows) > 1:
        return ctx.phrase("dossiers.some_quarters_calendar_some_reports")
    return ""


BAD = "#FBEAE2"  # behind the column of a quarter that stands apart
LEFT_CM, ROW_CM, GAP_CM, HEAD_CM = 3.3, 1.5, 0.22, 1.05
LEAST = 3  # quarters with a figure of one kind that make a chart
NAMES = {
    "dossiers_received": "received",
    "dossiers_on_time_share": "on_time",
    "dossiers_received_share": "online",
    "dossiers_pending_overdue": "overdue",
}


@plot(HEAD_CM + len(SHEET) * (ROW_CM + GAP_CM))
def draw(sheet: pd.DataFrame, area: Area, ctx: Context) -> list[Axes]:
    """Eight quarters as columns, a measure a row: bars of counts, points of shares, dashes where nothing is known."""
    ax = area.sheet()
    slot = (area.width - LEFT_CM) / 8
    own = _own(sheet, ctx.province.province_code)
    worst = bad_quarter(sheet, ctx.province.province_code)
    newest = Quarter.parse(own["quarter"].max())
    quarters = [newest.shifted(back - 7) for back in range(8)]
    if first := int(own["place"].min()):
        words = ctx.phrase(
            "dossiers.before_former_provinces", merger_day=(day(MERGER_DAY, "vi"), day(MERGER_DAY, "en"))
        )
        label(ax, LEFT_CM + first * slot / 2, HEAD_CM + ROW_CM / 2, words, ha="center", size=SMALL, color=SOFT)
    _calendar_head(ax, quarters, slot, ctx)
    if worst:
        x = LEFT_CM + own.loc[own["quarter"] == worst, "place"].iloc[0] * slot
        ax.add_patch(Rectangle((x, HEAD_CM), slot, len(SHEET) * (ROW_CM + GAP_CM), fc=BAD, lw=0, zorder=0))
    for place, (measure, _) in enumerate(SHEET):
        top = HEAD_CM + place * (ROW_CM + GAP_CM)
        rows = own[own["measure"] == measure].sort_values("place")
        name, unit = ctx.phrase(f"dossiers.line_{NAMES[measure]}"), ctx.phrase(f"dossiers.unit_{NAMES[measure]}")
        target = rows["target"].dropna()
        lift = 0.2 if len(target) else 0.0
        label(ax, 0, top + ROW_CM / 2 - 0.2 - lift, name, weight="bold")
        label(ax, 0, top + ROW_CM / 2 + 0.25 - lift, unit, size=SMALL, color=SOFT)
        if len(target):
            aim = phrases.round_share(target.iloc[-1], ctx)
            last = rows[rows["target"].notna()].tail(1)
            ls = "-" if judged(last).all() else style.DASHES
            ax.plot([0.02, 0.4], [top + ROW_CM / 2 + 0.5] * 2, color=INK, lw=1.6, ls=ls, solid_capstyle="butt")
            label(ax, 0.5, top + ROW_CM / 2 + 0.5, ctx.phrase("dossiers.target", aim=aim), size=SMALL)
        (_points if measure.endswith("_share") else _columns)(ax, rows, top, slot, worst, ctx)
        for row in rows[rows["value"].isna()].itertuples():
            _empty_slot(ax, LEFT_CM + row.place * slot, top, slot, ctx)
    return [ax]


def _calendar_head(ax: Axes, quarters: list[Quarter], slot: float, ctx: Context) -> None:
    """Quarters over a line for each year, the year under it."""
    for year in sorted({quarter.year for quarter in quarters}):
        places = [place for place, quarter in enumerate(quarters) if quarter.year == year]
        left, right = LEFT_CM + places[0] * slot + 0.06, LEFT_CM + (places[-1] + 1) * slot - 0.06
        ax.plot([left, right], [0.46, 0.46], color=style.MIDDLE, lw=0.8)
        label(ax, (left + right) / 2, 0.72, str(year), ha="center", color=SOFT)
        for place in places:
            number = quarters[place].number
            text = ctx.phrase("dossiers.q", value=("I", "II", "III", "IV")[number - 1], number=number)
            label(ax, LEFT_CM + (place + 0.5) * slot, 0.22, text, ha="center")


def _empty_slot(ax: Axes, x: float, top: float, slot: float, ctx: Context) -> None:
    ax.add_patch(
        Rectangle((x + 0.05, top), slot - 0.1, ROW_CM, fc="none", ec=style.BOX, lw=0.8, ls=style.DASHES, zorder=1)
    )
    label(ax, x + slot / 2, top + ROW_CM / 2, ctx.phrase("dossiers.no_figures"), ha="center", size=SMALL, color=SOFT)


def _columns(ax, rows, top: float, slot: float, worst: str, ctx: Context) -> None:
    """Counts of a row as columns from zero."""
    most = rows["value"].max()
    for row in rows[rows["value"].notna()].itertuples():
        x = LEFT_CM + (row.place + 0.5) * slot
        high = (ROW_CM - 0.45) * row.value / most if most else 0.0
        ax.add_patch(Rectangle((x - slot * 0.27, top + ROW_CM - high), slot * 0.54, high, fc=OWN, lw=0, zorder=2))
        ax.plot([x - slot / 2 + 0.04, x + slot / 2 - 0.04], [top + ROW_CM] * 2, color=style.MIDDLE, lw=0.8, zorder=3)
        text = ctx.number(row.value, 0) + "*" * (row.basis == "derived")
        label(ax, x, top + ROW_CM - high - 0.2, text, ha="center", weight="bold", color=OWN)


def _points(ax, rows, top: float, slot: float, worst: str, ctx: Context) -> None:
    """Shares of a row as points, joined where quarters of one kind of window follow each other; and the target."""
    known = rows[rows["value"].notna()]
    values = [*known["value"], *rows["target"].dropna()]
    if not values:
        return
    low, high = min(values), max(values)

    def y(value: float) -> float:
        part = (value - low) / (high - low) if high > low else 0.5
        return top + ROW_CM - 0.3 - part * (ROW_CM - 0.85)

    x = {row.place: LEFT_CM + (row.place + 0.5) * slot for row in rows.itertuples()}
    for row in rows[rows["target"].notna()].assign(judged=judged).itertuples():
        ends = [x[row.place] - slot / 2 + 0.05, x[row.place] + slot / 2 - 0.05]
        ax.plot(ends, [y(row.target)] * 2, color=INK, lw=1.6, ls="-" if row.judged else style.DASHES, zorder=2)
    ordered = list(known.itertuples())
    for earlier, later in itertools.pairwise(ordered):
        if later.place == earlier.place + 1 and later.window == earlier.window:
            ax.plot([x[earlier.place], x[later.place]], [y(earlier.value), y(later.value)], color=OWN, lw=1.6, zorder=3)
    for row in ordered:
        bad = row.quarter == worst and row.measure == "dossiers_on_time_share"
        colour = WORSE if bad else OWN
        ax.plot(x[row.place], y(row.value), "o", ms=6.5, color=colour, mec="white", mew=0.7, zorder=4)
        text = ctx.number(row.value, int(row.decimals)) + "*" * (row.basis == "derived")
        label(
            ax,
            x[row.place],
            y(row.value) + (0.3 if bad else -0.3),
            text,
            ha="center",
            weight="bold",
            color=colour,
            path_effects=style.HALO,
            zorder=5,
        )
