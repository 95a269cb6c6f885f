"""What a caption is made of: claims that are tested, and the pieces of sentences that several cards share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from ninhthuan.catalogue import GROUPS, catalogue
from ninhthuan.change import change_limit, survey_error_explains
from ninhthuan.language import label, listing
from ninhthuan.numbers import rounded

from ..wording import Context, component_name, index_name, lower_first, period_name, province_name, sentence


@dataclass(frozen=True)
class Claim:
    """Something that a title says of the frame that is drawn: in words, and as a test of that frame.

    The test reads the frame anew: rows looked up again, counts and sums made again, and compared with what the
    title prints. It holds the few printed values, never the frame.
    """

    says: str
    holds: Callable[[pd.DataFrame], bool]


@dataclass(frozen=True)
class Caption:
    """Words of a card: finding as title, measure and period as subtitle, notes, and the picture in words.

    kind: what sort of picture or table it is; numbers: sentences with its range, direction and two to four key
    numbers, the most telling first. Both are for the alternative text. claims: what the title says, each tested on
    the frame before that is drawn. For a title of one's own see `entitled`. working: for those who gather the figures,
    mostly of what is missing: shown on the page, left out of the briefing and the slides.
    """

    title: str
    subtitle: str
    note: str = ""
    kind: str = ""
    numbers: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    working: bool = False

    @property
    def alt(self) -> str:
        """The picture in at most 400 characters: where there is more to say, whole sentences are left out."""
        words = (self.kind, self.subtitle, self.title)
        # what is said of the numbers last is missed least
        less = [(*words, *self.numbers[:kept]) for kept in range(len(self.numbers), -1, -1)]
        for said in (*less, words[1:], words[2:]):
            text = " ".join(part if part.endswith(".") else f"{part}." for part in said if part)
            if len(text) <= 400:
                return text
        return text[:397].rsplit(" ", 1)[0] + " …"

    def check(self, frame: pd.DataFrame) -> None:
        """Raises FalseFinding with everything that the title says and the frame does not hold."""
        false, unread = [], None
        for claim in self.claims:
            try:
                held = bool(claim.holds(frame))
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                # a row or figure that the title speaks of is not there
                held, unread = False, error
            if not held:
                false.append(claim.says)
        if false:
            raise FalseFinding(self.title, false) from unread


def entitled(caption: Caption, title: str, claim: Callable[[pd.DataFrame], bool] | Iterable[Claim] | None) -> Caption:
    """The caption under a title of one's own, with what that claims: a test of the frame, or several Claims.

        entitled(caption, "Above 45 points for the third time", lambda frame: (frame["score"].tail(3) > 45).all())

    Raises ValueError for a title without a claim, or a claim without a title.
    """
    claims = () if claim is None else (Claim(title, claim),) if callable(claim) else tuple(claim)
    if not (title and claims):
        raise ValueError("a title of one's own needs a claim, as in claim=lambda frame: frame['score'].iloc[-1] > 45")
    return replace(caption, title=title, claims=claims)


class FalseFinding(ValueError):
    """A title says what the frame that is drawn does not hold."""

    def __init__(self, title: str, false: list[str]):
        self.title, self.false = title, false
        super().__init__(f"{title!r} does not hold of what is drawn: {'; '.join(false)}")


class Nothing(Exception):
    """There is nothing to draw: the reason, in the language of the report."""


def _nothing(ctx: Context, vi: str, en: str) -> Nothing:
    return Nothing(sentence(ctx.pick(vi, en)))


def _years(frame: pd.DataFrame) -> str:
    first, last = int(frame["edition_year"].min()), int(frame["edition_year"].max())
    return str(first) if first == last else f"{first}–{last}"


def _unit(ctx: Context, unit: str) -> str:
    return {
        "points": ctx.phrase("captions.points"),
        "percent": "%",
        "score_0_1": ctx.phrase("captions.points_only_vi"),
    }[unit]


def _decimals(unit: str) -> int:
    return 4 if unit == "score_0_1" else 2


def _during(start: pd.Timestamp, end: pd.Timestamp, ctx: Context) -> str:
    """A period as a sentence has it: `quý I/2024`, `in the first quarter of 2024`, `on 31 March 2024`."""
    period = period_name(start, end, ctx.language)
    if ctx.language == "vi" or period.startswith("on "):
        return period
    return f"{'from' if ' to ' in period else 'in'} {period}"


def _unrounded_note(ctx: Context) -> str:
    """45,51 and 46,00 with a change of −0,50 between them are no slip."""
    return ctx.phrase("captions.differences_computed_unrounded_figures")


def _apart(later: float, earlier: float) -> Decimal:
    """Exact difference of two published figures: in decimals, where the frame's own column is one of floats."""
    return rounded(later, 9) - rounded(earlier, 9)


def _read(frame: pd.DataFrame, *columns: str) -> list[tuple]:
    """Rows of a few columns: a hundredth of the time that rows of a whole frame take."""
    return list(zip(*(frame[column] for column in columns), strict=True))


def _directions(changes: Iterable) -> tuple[int, int, int]:
    """How many rose, fell and did not move, as printed: a change of 0,00 is none."""
    shown = [rounded(change, 2) for change in changes]
    return sum(c > 0 for c in shown), sum(c < 0 for c in shown), sum(c == 0 for c in shown)


def _newest(frame: pd.DataFrame, column: str) -> pd.Series:
    """Row of the newest edition that holds a figure."""
    held = frame[frame[column].notna()]
    return held.loc[held["edition_year"].idxmax()]


def _about(ctx: Context) -> Claim:
    """That the figures are the province's own, under its own boundary."""

    def holds(frame: pd.DataFrame) -> bool:
        own = frame["province_code"].eq(ctx.province.province_code) & frame["boundary"].eq(ctx.province.boundary)
        return len(frame) > 0 and own.all()

    return Claim(ctx.phrase("captions.figures_those", province=ctx.name), holds)


def _own(frame: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The province's rows of a frame of several provinces."""
    own = frame["province_code"].eq(ctx.province.province_code) & frame["boundary"].eq(ctx.province.boundary)
    return frame[own]


def _group_by(score: float, quartiles: Iterable[float]) -> str:
    """Group of a score by the third quartile, the median and the first quartile."""
    return next((group for group, cut in zip(GROUPS, quartiles, strict=False) if score >= cut), GROUPS[-1])


def _group_name(group: str, ctx: Context) -> str:
    return lower_first(label(group, ctx.language))


def _rows(count: int, vi: str, en: str, ctx: Context) -> str:
    """A table in words: `Bảng 5 dòng, mỗi dòng một chỉ số`."""
    return ctx.phrase(("captions.table_rows" if count > 1 else "captions.table_row"), count=count, text=(vi, en))


def _error_note(ctx: Context) -> str:
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


def _withheld_note(index_id: str, year: int, ctx: Context) -> str:
    """Why the denominator is not 63: the provinces that the publisher withheld."""
    edition = catalogue().editions.get((index_id, year, ctx.province.boundary))
    if edition is None or not edition.provinces_withheld:
        return ""
    names = listing(
        [province_name(c, ctx.province.boundary, ctx.language) for c in edition.provinces_withheld], ctx.language
    )
    return ctx.phrase(
        "captions.provinces_have_result_not_published",
        year=year,
        provinces_scored=edition.provinces_scored,
        names=names,
    )


def _break_notes(component_ids, first: int, last: int, ctx: Context) -> str:
    """What changed in a measure between two editions: documented changes in full, suspected steps in one sentence."""
    marks = dict.fromkeys(b for name in component_ids for b in catalogue().marks(name, first, last))
    notes = [ctx.pick(b.note, b.note_en) for b in marks if b.severity != "suspected"]
    steps = "; ".join(f"{ctx.pick(b.label, b.label_en)} ({b.edition_year})" for b in marks if b.severity == "suspected")
    if steps:
        notes.append(ctx.phrase("captions.unexplained_steps", steps=steps))
    return " ".join(dict.fromkeys(notes))


def _subject(row: pd.Series, ctx: Context) -> str:
    """What a row is about: `PAPI` for its total, else `PAPI, 4. Kiểm soát tham nhũng`, by the name of its edition."""
    component = catalogue().component(row["component_id"], int(row["edition_year"]))
    name = index_name(component.index_id)
    return name if component.level == "total" else f"{name}, {component_name(component, ctx.language)}"


def _score_of(row: pd.Series, ctx: Context) -> str:
    """`tổng điểm PAPI`; `điểm PAPI, 4. Kiểm soát tham nhũng`."""
    subject = _subject(row, ctx)
    if row["component_id"].endswith("_total"):
        return ctx.phrase("captions.total", subject=subject)
    return ctx.phrase("captions.score", subject=subject)


def _names(component_ids, ctx: Context, year: int | None = None) -> str:
    return listing(
        [
            lower_first(component_name(catalogue().component(c, year), ctx.language, numbered=False))
            for c in component_ids
        ],
        ctx.language,
    )
