"""Vietnamese and English: numbers, dates, names, order. Sentences of findings are in `cards`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import day, label, month, pick, quarter_name
from ninhthuan.numbers import number, rounded
from ninhthuan.periods import Quarter, period_kind
from ninhthuan.reference import Component, Province
from ninhthuan.words import bilingual, phrase
from ninhthuan.workload import by_measure

# --------------------------------------------------------------------------------------------------- numbers and days


def percent(value: float, decimals: int = 2, language: str = "vi") -> str:
    """`76,20%`: no space before the sign, as official Vietnamese texts print it."""
    return "…" if value is None or pd.isna(value) else number(value, decimals, language) + "%"


def share_of_cases(share: float, language: str = "vi") -> str:
    """A share (0-1) of cases in whole per cent: none is none, and a few of many are not printed as none."""
    few = phrase("wording.under_1", language)
    return few if 0 < share < 0.005 else percent(100 * share, 0, language)


WORKED_BACK = "*"


def rank_of(rank: float, n_ranked: float, basis: str = "", language: str = "") -> str:
    """`6/61`: a rank never travels without its denominator, nor a worked-back one without its mark: `36/63*`.

    basis: `rank_basis` of the row; language: given in sentences, which say what the mark means.

    >>> rank_of(36, 63, "implied"), rank_of(36, 63, "implied", "en"), rank_of(6, 61, "derived", "en")
    ('36/63*', '36/63* (worked back)', '6/61')
    """
    if rank is None or pd.isna(rank):
        return "…"
    return f"{int(rank)}/{int(n_ranked) if pd.notna(n_ranked) else '…'}" + _mark(basis == "implied", language)


def standing(row, language: str = "") -> str:
    """`rank_of` of a row with rank, n_ranked and rank_basis."""
    values = row._asdict() if isinstance(row, tuple) else row
    return rank_of(values["rank"], values["n_ranked"], values["rank_basis"], language)


def score_of(value: float, row, decimals: int, language: str, *, unit: str = "", in_sentence: bool = False) -> str:
    """A score with its unit, and its mark where it is worked back: `86,7%*`, in sentences `86,7%* (suy ra)`.

    row: with `basis` and `score_decimals`; decimals: those of the index, of which a worked-back score may have fewer.
    """
    text = number(value, decimals_known(decimals, row), language) + unit
    return text + _mark(row.basis == "derived", language if in_sentence else "")


def decimals_known(decimals: int, row, prefixes: tuple[str, ...] = ("",)) -> int:
    """Decimals of a figure: no more than a worked-back score that it is made of has.

    prefixes: of the columns `basis` and `score_decimals`, `previous_` for those of the edition before.
    """
    pairs = [(getattr(row, f"{p}basis", ""), getattr(row, f"{p}score_decimals", None)) for p in prefixes]
    return min([decimals, *(int(own) for basis, own in pairs if basis == "derived" and pd.notna(own))])


def _mark(worked_back: bool, language: str) -> str:
    mark = f" ({phrase('wording.worked_back', language)})" if language else ""
    return (WORKED_BACK + mark) * worked_back


def places(change: float, language: str) -> str:
    """Change of rank in words: `tăng 10 bậc`."""
    if change is None or pd.isna(change):
        return "…"
    count = abs(int(change))
    if not count:
        return phrase("wording.same_rank", language)
    verb = phrase(("wording.up" if change > 0 else "wording.down"), language)
    return f"{verb} {count} {phrase('wording.place' if count == 1 else 'wording.places', language)}"


def publication_day(value: date | None, precision: str, language: str) -> str:
    """A day of publication no more precise than it is known: `02/4/2024`, `tháng 02/2025`, `khoảng 20/10/2021`."""
    if value is None or pd.isna(value) or precision == "unknown":
        return phrase("wording.day_unknown", language)
    if precision == "month":
        return phrase("wording.shown", language, value=(day(value, "vi")[3:], value))
    return phrase("wording.about", language) * (precision == "about") + day(value, language)


_DAY = re.compile(r"\b(\d{4})-(\d\d)(?:-(\d\d))?(?:/(\d\d))?(?![\d/-])")
# How sources.csv dates a source, and the row of words that says so; a number in it is the word's own.
_PUBLISHED = (
    (r"\bworkbook last saved\b", "last_saved"),
    (r"\bcommit (\w+) of\b", "commit_of"),
    (r"\bcommit\b", "commit"),
    (r"\bday not printed\b", "not_printed"),
    (r"\b(?:undated|n\.d\.)", "undated"),
    (r"\bmid-year\b", "mid_year"),
    (r"\bafter Q([1-4])\b", "after_quarter"),
    (r"\bafter\b", "after"),
)


def published_when(text: str, language: str) -> str:
    """When a source came out, as documents write days: `2024-04-02` is `02/4/2024`, `2022-09` is `9/2022`.

    >>> published_when("workbook last saved 2020-03-22", "vi")
    'tệp lưu lần cuối 22/3/2020'
    """

    def written(found: re.Match) -> str:
        year, first_month, number_, other = found.groups()
        try:
            first = date(int(year), int(first_month), int(number_ or 1))
            last = date(int(year), int(other or first_month), 1)
        except ValueError:
            return found[0]
        if number_:
            return found[0] if other else day(first, language)
        if language == "vi":
            return f"{month(first.month)}–{last.month}/{year}" if other else f"{month(first.month)}/{year}"
        return f"{first:%B} to {last:%B} {year}" if other else f"{first:%B %Y}"

    text = _DAY.sub(written, text)
    if language != "vi":
        return text
    for place in range(1, 13):
        name = f"{date(2000, place, 1):%B}"
        text = re.sub(
            rf"\b(\d{{1,2}}) {name} (\d{{4}})\b",
            lambda found, place=place: day(date(int(found[2]), place, int(found[1])), "vi"),
            text,
        )
        text = re.sub(rf"\b{name}\b", phrase("wording.month", "vi", month=month(place)), text)
    for english, key in _PUBLISHED:
        text = re.sub(english, lambda found, key=key: phrase(f"published.{key}", "vi", of=found[found.re.groups]), text)
    return text


def year_spans(years: Iterable[int]) -> str:
    """`2012–2014, 2016`: three years on end and more are a span.

    >>> year_spans([2012, 2013, 2014, 2016, 2017])
    '2012–2014, 2016, 2017'
    """
    spans: list[list[int]] = []
    for year in sorted(set(years)):
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(
        f"{span[0]}–{span[-1]}" if len(span) > 2 else ", ".join(str(year) for year in span) for span in spans
    )


def period_name(start: date, end: date, language: str) -> str:
    """A period in words: `quý I/2024`, `6 tháng đầu năm 2025`, `năm 2023`, or its two days."""
    start, end = pd.Timestamp(start).date(), pd.Timestamp(end).date()
    kind = period_kind(start, end)
    if kind == "quarter":
        return quarter_name(Quarter.containing(end), language)
    if kind == "half" and end.month <= 6:
        return phrase("wording.first_half", language, year=end.year)
    if kind == "half":
        return phrase("wording.second_half", language, year=end.year)
    if kind == "nine_months":
        return phrase("wording.first_nine_months", language, year=end.year)
    if kind == "year":
        return phrase("wording.year", language, year=end.year)
    if kind == "day":
        return phrase("wording.on", language, end=day(end, language))
    return phrase("wording.to", language, start=day(start, language), end=day(end, language))


def span(numbers: pd.Series) -> str:
    """`60–63`; `63` where all are one."""
    return "–".join(dict.fromkeys(f"{end:.0f}" for end in (numbers.min(), numbers.max())))


def sentence(text: str) -> str:
    """First letter in capitals, the rest untouched."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """First letter small, the rest untouched; an abbreviation keeps its own."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


# --------------------------------------------------------------------------------------------------------------- names


@dataclass(frozen=True)
class Context:
    """Who the figures are about and in which language they speak."""

    province: Province
    language: str

    @property
    def name(self) -> str:
        return self.province.name if self.language == "vi" else self.province.name_en

    def phrase(self, key: str, /, **values: object) -> str:
        return phrase(key, self.language, **values)

    def pick(self, vi: str, en: str) -> str:
        return pick(vi, en, self.language)

    def number(self, value: float, decimals: int = 2, *, sign: bool = False) -> str:
        return number(value, decimals, self.language, sign=sign)


def province_name(code: str, boundary: str, language: str, *, short: bool = False) -> str:
    """Name of a province; short forms fit a tile."""
    province = catalogue().provinces[(boundary, code)]
    if short:
        return pick(province.short_name, province.short_name_en, language)
    return pick(province.name, province.name_en, language)


@cache
def _province_names() -> re.Pattern:
    names = {name for p in catalogue().provinces.values() for name in (p.name, p.name_en) if " " in name}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def together(text: str) -> str:
    """The text with no-break spaces in the names of provinces, so that no line ends within one."""
    return _province_names().sub(lambda name: name[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


def publisher_name(source_id: str, language: str) -> str:
    """Who published a source."""
    name = catalogue().sources[source_id].publisher
    # what is imported of a province names its committee so
    english = {f"UBND {p.name}": f"People's Committee of {p.name_en}" for p in catalogue().provinces.values()}
    return pick(name, catalogue().publishers.get(name, english.get(name, name)), language)


def index_name(index_id: str) -> str:
    """Abbreviation of an index: `PAR INDEX`."""
    return catalogue().indices[index_id].abbreviation


def component_name(component: Component, language: str, *, numbered: bool = True, short: bool = True) -> str:
    """`4. Kiểm soát tham nhũng`: official number kept even where rows are sorted by size."""
    vi, en = (
        (component.short_name, component.short_name_en or component.short_name)
        if short
        else (component.name, component.name_en)
    )
    dot = "" if "." in component.number else "."
    prefix = f"{component.number}{dot} " if numbered and component.number else ""
    return prefix + pick(vi, en, language)


def result_name(measure: str, channel: str, language: str) -> str:
    """Name of a result that is compared with a target."""
    if measure == "dossiers_received_share" and channel == "online":
        return phrase("wording.dossiers_received_online", language)
    return measure_name(measure, language)


def measure_name(measure: str, language: str) -> str:
    """Name of a measure of the workload."""
    row = by_measure().loc[measure]
    return row["name"] if language == "vi" else row["name_en"]


def part_name(part: str, language: str) -> str:
    """An administrative level, or the short name of a kind of change of procedures."""
    short = {
        "procedures_amended": bilingual("wording.amended_replaced"),
        "procedures_abolished": bilingual("wording.abolished"),
        "procedures_new": bilingual("wording.new"),
        "procedures_unchanged": bilingual("wording.unchanged"),
    }
    return pick(*short[part], language) if part in short else label(part, language)


def indicator_name(indicator: str, language: str, edition_year: int | None = None) -> str:
    """`PAPI 2023, 8. Quản trị điện tử`, `PCI`, or the name of a measure of the workload."""
    known = {c.component_id for c in catalogue().components}
    if indicator not in known:
        return result_name(indicator, "online", language)
    component = catalogue().component(indicator)
    name = index_name(component.index_id) + f" {edition_year}" * (edition_year is not None)
    return name if component.level == "total" else f"{name}, {component_name(component, language)}"


def outcome(points_over: float, language: str) -> str:
    """`đạt`, `vượt 13,66 điểm phần trăm`, `thiếu 6,20 điểm phần trăm`, or that there is no target."""
    if pd.isna(points_over):
        return phrase("wording.no_target_stated", language)
    size, nothing = number(abs(points_over), 2, language), number(0, 2, language)
    if size == nothing and rounded(points_over, 9) >= 0:
        return label("met", language)
    if size == nothing:
        # short all the same: never "0,00 short"
        least = number(0.01, 2, language)
        return phrase("wording.under_percentage_points_short", language, least=least)
    if points_over > 0:
        return phrase("wording.percentage_points_over", language, size=size)
    return phrase("wording.percentage_points_short", language, size=size)


ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = (
    "\N{COMBINING GRAVE ACCENT}\N{COMBINING HOOK ABOVE}\N{COMBINING TILDE}"
    "\N{COMBINING ACUTE ACCENT}\N{COMBINING DOT BELOW}"
)
_LETTER_MARKS = "\N{COMBINING BREVE}\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING HORN}"


def sort_key(text: str) -> tuple:
    """Vietnamese dictionary order: letters first (a ă â … d đ …), then tones (ngang huyền hỏi ngã sắc nặng).

    >>> sorted(["Đà Nẵng", "An Giang", "Điện Biên", "Đắk Lắk"], key=sort_key)
    ['An Giang', 'Đà Nẵng', 'Đắk Lắk', 'Điện Biên']
    """
    letters, tones = [], []
    for syllable in unicodedata.normalize("NFC", text).lower().split():
        word, tone = [], 0
        for char in syllable:
            base = ""
            for part in unicodedata.normalize("NFD", char):
                if part in TONES:
                    tone = TONES.index(part) + 1
                elif part in _LETTER_MARKS:
                    base = unicodedata.normalize("NFC", base + part)
                else:
                    base += part
            word.append(ALPHABET.index(base) if base in ALPHABET else -1)
        letters.append(tuple(word))
        tones.append(tone)
    return tuple(letters), tuple(tones)
