"""The few parameters of every notebook, checked against the data: all faults at once, before any kernel starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ninhthuan.catalogue import Province, UnknownName, boundary_on, catalogue, suggestion
from ninhthuan.language import LANGUAGES, ParameterFaults, day, nearest, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual

NAMES = ("quarter", "as_of", "province_code", "language", "output_dir", "index_id")


@dataclass(frozen=True)
class Parameters:
    """A checked request."""

    quarter: Quarter
    as_of: date
    province: Province
    language: str
    output_dir: str
    index_id: str

    @property
    def boundary(self) -> str:
        return self.province.boundary


def check_parameters(given: Mapping[str, object], today: date | None = None, *, figures: bool = True) -> Parameters:
    """Check names, types and values; raises ParameterFaults with everything that is wrong.

    figures: refuse quarters from before the first figure; the earlier side of a comparison may have none.
    """
    faults: list[tuple[str, str]] = []
    today = today or date.today()

    def fault(vi: str, en: str) -> None:
        faults.append((vi, en))

    for name in given:
        if name not in NAMES:
            vi, en = nearest(name, NAMES)
            fault(*bilingual("parameters.there_no_parameter", name=name, text=(vi, en)))
    values = {}
    for name in NAMES:
        value = given.get(name, "")
        if not isinstance(value, str):
            fault(
                *bilingual("parameters.must_text_quotes_not", name=name, value=value),
            )
            continue
        values[name] = value
    # what is no text was told of once and is not read any further
    quarter = _quarter(values["quarter"], today, figures, fault) if "quarter" in values else None
    as_of = _as_of(values["as_of"], quarter, today, fault) if "as_of" in values else None
    province = _province(values["province_code"], quarter, fault) if "province_code" in values else None
    if values.get("language", "vi") not in LANGUAGES:
        vi, en = nearest(values["language"], LANGUAGES)
        fault(
            *bilingual("parameters.language_vi_en_not", tongue=values["language"], text=(vi, en)),
        )
    if values.get("index_id") and values["index_id"] not in catalogue().indices:
        vi, en = nearest(values["index_id"], catalogue().indices)
        options = ", ".join(catalogue().indices)
        fault(
            *bilingual("parameters.there_no_index_there", index_id=values["index_id"], options=options, text=(vi, en)),
        )
    if faults:
        raise ParameterFaults(faults)
    return Parameters(quarter, as_of, province, values["language"], values["output_dir"], values["index_id"])


def first_quarter() -> Quarter:
    """The first quarter whose report knows an edition of any index."""
    known_from = min(edition.known_from for edition in catalogue().editions.values())
    quarter = Quarter.containing(known_from)
    return quarter.previous if quarter.previous.closing_day >= known_from else quarter


def _quarter(text: str, today: date, figures: bool, fault) -> Quarter | None:
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        fault(*bilingual("parameters.quarter_written_like_2024q1_not", text=text))
        return None
    if quarter.last_day >= today:
        fault(
            *bilingual(
                "parameters.not_over_yet_last_day",
                quarter_name=quarter_name(quarter, "vi"),
                last_day=(day(quarter.last_day, "vi"), day(quarter.last_day, "en")),
                quarter=quarter,
            ),
        )
        return None
    first = first_quarter()
    if figures and quarter < first:
        fault(
            *bilingual(
                "parameters.no_figure_published_report_first",
                quarter_name=quarter_name(quarter, "vi"),
                first=first,
                quarter=quarter,
            ),
        )
        return None
    return quarter


def _as_of(text: str, quarter: Quarter | None, today: date, fault) -> date | None:
    if not text:
        return min(quarter.closing_day, today) if quarter else None
    try:
        as_of = date.fromisoformat(text)
    except ValueError:
        fault(*bilingual("parameters.written_like_2024_04_30", text=text))
        return None
    if as_of > today:
        fault(*bilingual("parameters.lies_future", text=text))
    elif quarter and as_of <= quarter.last_day:
        fault(
            *bilingual("parameters.must_after_last_day_quarter", text=text, last_day=quarter.last_day),
        )
    return as_of


def _province(code: str, quarter: Quarter | None, fault) -> Province | None:
    day_ = quarter.last_day if quarter else date(2024, 3, 31)
    known = catalogue()
    try:
        return known.province(code, day_)
    except UnknownName as error:
        hint_vi = hint_en = ""
        if not (code.isdigit() and len(code) == 2):
            hint_vi, hint_en = bilingual("parameters.codes_have_two_digits_such")
            if close := known.provinces_like(code, boundary_on(day_)):
                hint_vi, hint_en = suggestion(close)
        fault(f"province_code: {error.vi}{hint_vi}", f"province_code: {error.en}{hint_en}")
        return None
