"""Pieces of sentences that several cards share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from figure_cards.captions import Claim, Nothing
from ninhthuan.analysis.change import change_limit, survey_error_explains
from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, label, listing
from ninhthuan.numbers import rounded
from ninhthuan.periods import Quarter, period_kind
from ninhthuan.reference import GROUPS

from .dossiers import judged
from .wording import (
    WORKED_BACK,
    Context,
    component_name,
    index_name,
    lower_first,
    percent,
    period_name,
    province_name,
    publisher_name,
    rank_of,
    sentence,
    share_of_cases,
)


def nothing(reason: str) -> Nothing:
    """The reason why there is nothing to draw, as a sentence."""
    return Nothing(sentence(reason))


def years(frame: pd.DataFrame) -> str:
    """First and last edition of a frame: `2011–2023`, or `2023`."""
    first, last = int(frame["edition_year"].min()), int(frame["edition_year"].max())
    return str(first) if first == last else f"{first}–{last}"


def unit(ctx: Context, unit: str) -> str:
    """A unit of scores in words."""
    return {
        "points": ctx.phrase("captions.points"),
        "percent": "%",
        "score_0_1": ctx.phrase("captions.points_only_vi"),
    }[unit]


def decimals(unit: str) -> int:
    """Decimals with which scores of a unit are printed."""
    return 4 if unit == "score_0_1" else 2


def during(start: pd.Timestamp, end: pd.Timestamp, ctx: Context) -> str:
    """A period as a sentence has it: `quý I/2024`, `in the first quarter of 2024`, `on 31 March 2024`."""
    period = period_name(start, end, ctx.language)
    if ctx.language == "vi" or period.startswith("on "):
        return period
    return f"{'from' if ' to ' in period else 'in'} {period}"


def unrounded_note(ctx: Context) -> str:
    """45,51 and 46,00 with a change of −0,50 between them are no slip."""
    return ctx.phrase("captions.differences_computed_unrounded_figures")


def apart(later: float, earlier: float) -> Decimal:
    """Exact difference of two published figures: in decimals, where the frame's own column is one of floats."""
    return rounded(later, 9) - rounded(earlier, 9)


def read(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    """Rows of a few columns: a hundredth of the time that rows of a whole frame take."""
    return list(zip(*(frame[column] for column in columns), strict=True))


def directions(changes: Iterable) -> tuple[int, int, int]:
    """How many rose, fell and did not move, as printed: a change of 0,00 is none."""
    shown = [rounded(change, 2) for change in changes]
    return sum(c > 0 for c in shown), sum(c < 0 for c in shown), sum(c == 0 for c in shown)


def newest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Row of the newest edition that holds a figure."""
    known = frame[frame[column].notna()]
    return known.loc[known["edition_year"].idxmax()]


def own_rows(frame: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The province's rows of a frame of several provinces."""
    own = frame["province_code"].eq(ctx.province.province_code) & frame["boundary"].eq(ctx.province.boundary)
    return frame[own]


def about(ctx: Context) -> Claim:
    """That the figures are the province's own, under its own boundary."""

    def holds(frame: pd.DataFrame) -> bool:
        return len(frame) > 0 and len(own_rows(frame, ctx)) == len(frame)

    return Claim(ctx.phrase("captions.figures_those", province=ctx.name), holds)


def group_by(score: float, quartiles: Iterable[float]) -> str:
    """Group of a score by the third quartile, the median and the first quartile."""
    return next((group for group, cut in zip(GROUPS, quartiles, strict=False) if score >= cut), GROUPS[-1])


def group_name(group: str, ctx: Context) -> str:
    """Name of a group within a sentence: `nhóm cao`."""
    return lower_first(label(group, ctx.language))


def rows_of(count: int, each: str, ctx: Context) -> str:
    """A table in words: `Bảng 5 dòng, mỗi dòng một chỉ số`."""
    return ctx.phrase(("captions.table_rows" if count > 1 else "captions.table_row"), count=count, text=each)


def error_note(ctx: Context) -> str:
    """Below what a change of the total may be sampling error alone, with errors as in 2019."""
    province = ctx.province
    least = change_limit("papi_total", province.province_code, 2019, 2019, province.boundary)
    if least is None:
        return ctx.phrase("captions.papi_sample_survey_small_changes")
    size = ctx.number(least, 1)
    return ctx.phrase("captions.papi_sample_survey_change_total", size=size)


def within_error(change: float, component_id: str, years: tuple[int, int], ctx: Context) -> str:
    """`within survey error`, where errors as in 2019 could alone make such a change of a score; else nothing.

    years: the two editions. Of a dimension: the eight together. Such a change is neither a rise nor a fall.
    """
    province = ctx.province
    noise = survey_error_explains(change, component_id, province.province_code, *years, province.boundary)
    return ctx.phrase("captions.within_survey_error") if noise else ""


def near_median(gap: float, component_id: str, year: int, ctx: Context) -> bool:
    """Whether survey error explains a distance to the median: by that of a change, as if this were another score."""
    return bool(within_error(float(gap) * 2**0.5, component_id, (year, year), ctx))


def moved_beyond(names: str, n: int, alike: int, count: int, before: int, ctx: Context) -> str:
    """Which n of the dimensions (names) changed by more than survey error, of those alike in both editions."""
    key = "changed" if n > 1 else "changed_one" if n else "no_change" if alike == count else "no_change_part"
    values = {"before": before, "names": names, "n": n, "alike": alike, "count": count}
    return ctx.phrase(f"component_gaps.{key}", units=ctx.phrase("component_gaps.dimensions"), **values)


def withheld_note(index_id: str, year: int, ctx: Context) -> str:
    """Why the denominator is not 63: the provinces that the publisher withheld."""
    edition = catalogue().editions.get((index_id, year, ctx.province.boundary))
    if edition is None or not edition.provinces_withheld:
        return ""
    provinces = [province_name(code, ctx.province.boundary, ctx.language) for code in edition.provinces_withheld]
    values = {"year": year, "provinces_scored": edition.provinces_scored, "names": listing(provinces, ctx.language)}
    return ctx.phrase("captions.provinces_have_result_not_published", **values)


def break_notes(component_ids, first: int, last: int, ctx: Context) -> str:
    """What changed in a measure between two editions, and the steps that no document explains: a sentence each."""
    marks = dict.fromkeys(b for name in component_ids for b in catalogue().marks(name, first, last))
    documented = [b for b in marks if b.severity != "suspected"]
    suspected = [b for b in marks if b.severity == "suspected"]
    notes = ("captions.changed_measures", documented), ("captions.unexplained_steps", suspected)
    return " ".join(_listed_steps(key, steps, ctx) for key, steps in notes if steps)


def _listed_steps(key: str, steps: Iterable, ctx: Context) -> str:
    named = dict.fromkeys(f"{ctx.pick(step.label, step.label_en)} ({step.edition_year})" for step in steps)
    return ctx.phrase(key, steps="; ".join(named))


def subject_of(row: pd.Series, ctx: Context) -> str:
    """What a row is about: `PAPI` for its total, else `PAPI, 4. Kiểm soát tham nhũng`, by the name of its edition."""
    component = catalogue().component(row["component_id"], int(row["edition_year"]))
    name = index_name(component.index_id)
    return name if component.level == "total" else f"{name}, {component_name(component, ctx.language)}"


def score_name(row: pd.Series, ctx: Context) -> str:
    """`tổng điểm PAPI`; `điểm PAPI, 4. Kiểm soát tham nhũng`."""
    subject = subject_of(row, ctx)
    if row["component_id"].endswith("_total"):
        return ctx.phrase("captions.total", subject=subject)
    return ctx.phrase("captions.score", subject=subject)


def names_of(component_ids, ctx: Context, year: int | None = None) -> str:
    """Components in a list within a sentence, without their numbers."""
    components = [catalogue().component(component_id, year) for component_id in component_ids]
    names = [lower_first(component_name(component, ctx.language, numbered=False)) for component in components]
    return listing(names, ctx.language)


def confidence(row: pd.Series, ctx: Context) -> str:
    """Confidence of an interval, as a percentage."""
    return f"{ctx.number(row['confidence'], 0)}%"


def quarter_word(quarter: str, ctx: Context) -> str:
    """`quý I/2024`; `Q1 2024`."""
    found = Quarter.parse(quarter)
    return ctx.phrase(
        "dossiers.q_2", value=("I", "II", "III", "IV")[found.number - 1], year=found.year, number=found.number
    )


def share(value: float, ctx: Context, decimals: int = 2) -> str:
    """A share as a percentage."""
    return percent(value, int(decimals), ctx.language)


def round_share(value: float, ctx: Context) -> str:
    """A share without decimals where it has none: `95%`, `76,20%`."""
    return percent(value, 2 if value % 1 else 0, ctx.language)


def as_printed(row: pd.Series, ctx: Context) -> str:
    """A share with as many decimals as its source printed."""
    return share(row["value"], ctx, row["decimals"])


def count(value: float, ctx: Context) -> str:
    """A whole number."""
    return ctx.number(value, 0)


def set_within(rows: pd.DataFrame, ctx: Context) -> str:
    """That a target was set while the quarter ran, and for whom."""
    late = rows[rows["target"].notna() & ~judged(rows)]
    if late.empty:
        return ""
    aim = round_share(late["target"].iloc[0], ctx)
    on = day(late["target_from"].iloc[0].date(), ctx.language)
    return ctx.phrase("dossiers.target_set_within_quarter_whole", aim=aim, on=on)


def of_press(rows: pd.DataFrame, ctx: Context, *, full: bool = True) -> str:
    """That figures come from newspapers, and (full) how far these can be relied on; nothing where they do not."""
    ids = {part for cell in rows["source_id"].dropna() for part in str(cell).split()}
    press = [source for name in ids if (source := catalogue().sources[name]).kind == "newspaper"]
    if not press:
        return ""
    names = listing(sorted({publisher_name(source.source_id, ctx.language) for source in press}), ctx.language)
    holds = {
        "translated": full and any(source.machine_translated for source in press),
        "undated": full and not all(re.match(r"\d{4}-\d\d-\d\d", source.published) for source in press),
        "read_so": (rows["reading"] == "assumed").any(),
        "end": True,
    }
    text = ctx.phrase("dossiers.figures_reported_press" if full else "dossiers.unchecked", names=names)
    return text + "".join(ctx.phrase(f"dossiers.press_{key}") for key in holds if holds[key])


def how_known(rows: pd.DataFrame, ctx: Context, *, full: bool = True) -> str:
    """What has to be said of whose figures they are and where from: of a merged unit, of the press, worked out."""
    press, former = of_press(rows, ctx, full=full), ctx.province.predecessor_codes
    texts = [press] * bool(press)
    if len(former) > 1:
        names = listing([province_name(code, "pre_2025", ctx.language) for code in former], ctx.language)
        texts.insert(0, ctx.phrase("dossiers.of_merged_unit", province=ctx.name, names=names))
    if press and (rows["basis"] == "recomputed").any():
        texts.append(ctx.phrase("dossiers.overall_shares_computed_counts"))
    if (rows["basis"] == "derived").any():
        texts.append(ctx.phrase("dossiers.worked_out_subtraction_source_s"))
    return " ".join(texts)


def result_word(measure: str, ctx: Context) -> str:
    """Short name of a figure of dossiers."""
    return ctx.phrase(f"dossiers.name.{measure}")


PLACED = ("index_id", "edition_year", "rank", "n_ranked", "rank_basis")


def listed_ranks(rows: list[tuple], ctx: Context) -> str:
    """`PAPI 2023 (6/61) and DTI 2022 (10/63)`, in official order."""
    in_order = sorted(rows, key=lambda row: list(catalogue().indices).index(row[0]))
    texts = [
        f"{index_name(index_id)} {int(year)} ({rank_of(*placed, ctx.language)})" for index_id, year, *placed in in_order
    ]
    return listing(texts, ctx.language)


def latest_change(history: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series | None]:
    """Rows of the newest edition that holds a figure, and of the one before it, if any."""
    known = history[history[column].notna()].sort_values("edition_year")
    return known.iloc[-1], known.iloc[-2] if len(known) > 1 else None


def scales(component_id: str, history: pd.DataFrame, ctx: Context) -> str:
    """The scale of a score, or the scales of its periods: `thang 6–60 đến 2017, 8–80 từ 2018`."""
    spans: dict[str, list[int]] = {}
    for year in history["edition_year"]:
        part = catalogue().component(component_id, int(year))
        spans.setdefault(f"{part.scale_min:g}–{part.scale_max:g}", []).append(int(year))
    first, *others = spans
    if not others:
        return ctx.phrase("index_course.scale", first=first)
    last = others[-1]
    return ctx.phrase("index_course.scales", first=first, until=max(spans[first]), last=last, since=min(spans[last]))


def no_edition(ctx: Context) -> str:
    """That an index has no edition yet; of the provinces since 2025, that it has none by them."""
    return ctx.phrase(f"captions.no_edition_{ctx.province.boundary}")


def implied_note(ctx: Context, *, dot: bool = True, star: bool = True) -> str:
    """What marks a figure worked back from a change that a source states: an open dot, an asterisk, or both."""
    marks = [ctx.phrase("captions.open_dot")] * dot + [WORKED_BACK] * star
    return ctx.phrase("captions.worked_back", marks=", ".join(marks))


def published(now: pd.DataFrame, ctx: Context) -> str:
    """Said of the dimensions (or sub-dimensions) of an edition where some were withheld: 4 of 4 are not 4 of 8."""
    first = now.iloc[0]
    parts = catalogue().components_of(first["index_id"], int(first["edition_year"]))
    levels = [component.level for component in parts]
    return ctx.phrase("indices.published") if len(now) < levels.count(first["level"]) else ""


def no_move(ctx: Context) -> Exception:
    """That no two editions of PAPI can be compared."""
    return nothing(ctx.phrase("moves.there_no_two_papi_editions", province=ctx.name))


def first_and_last(known: pd.DataFrame) -> tuple[int, int]:
    """First and last edition of rows that hold a figure."""
    return int(known["edition_year"].min()), int(known["edition_year"].max())


def size(gap: float, ctx: Context) -> str:
    """A gap to two decimals; one that would print as 0,00 is said to be under 0,01."""
    least = ctx.number(0.01, 2)
    return ctx.phrase("reach.under", least=least) if rounded(gap, 2) == 0 else ctx.number(gap, 2)


def not_ended(rows: pd.DataFrame, ctx: Context) -> int:
    """The edition of distances; nothing is said of one after which a newer gives the province no total."""
    year, newest = (int(rows[of].iloc[0]) for of in ("edition_year", "newest_edition"))
    if newest > year:
        raise nothing(ctx.phrase("reach.later_edition_without_total", province=ctx.name, year=year, newest=newest))
    return year


def cases_note(ctx: Context) -> str:
    """What a case is: one province from one edition to the next."""
    return ctx.phrase("reach.case_one_province_one_edition")


def seen(frame: pd.DataFrame, part: str, share: str, ctx: Context) -> bool:
    """Whether a component's two counts give the share that is printed, and its own column too."""
    row = frame[frame["component_id"] == part].iloc[0]
    counted = row["n_closed"] / row["n_year_pairs"]
    return share_of_cases(counted, ctx.language) == share and abs(counted - row["closed_share"]) < 1e-9


def lacking(frame: pd.DataFrame) -> dict[str, tuple[Decimal, str]]:
    """What each component but the total lacks to its threshold, and the group that it would reach."""
    known = frame[(frame["level"] != "total") & frame["threshold"].notna()]
    return {
        part: (apart(threshold, score), group)
        for part, threshold, score, group in zip(
            known["component_id"], known["threshold"], known["score"], known["next_group"], strict=True
        )
    }


def of_all(ctx: Context) -> str:
    """That figures are of all provinces and not of one alone."""
    return ctx.phrase("relations.figures_all_provinces_not_alone", province=ctx.name)


def when(start: pd.Timestamp, end: pd.Timestamp, ctx: Context) -> str:
    """A period, in as few words as a title has: `quý I/2024`, `Q1 2024`."""
    if period_kind(start.date(), end.date()) == "quarter":
        return quarter_word(str(Quarter.containing(end.date())), ctx)
    return period_name(start, end, ctx.language)
