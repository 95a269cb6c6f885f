"""The few parameters of every notebook, checked against the data: all faults at once, before any kernel starts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ninhthuan.catalogue import boundary_on, catalogue, suggestion
from ninhthuan.language import LANGUAGES, ParameterFaults, day, nearest, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.reference import Province
from ninhthuan.refusals import UnknownName
from ninhthuan.words import bilingual

Fault = tuple[str, str]  # what is wrong, in Vietnamese and English
RANGE = re.compile(r"20[0-9]{2}Q[1-4]\.\.20[0-9]{2}Q[1-4]")
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

    @property
    def given(self) -> dict[str, str]:
        """The request of a report as plain text, for records and other processes; `check_parameters` reads it."""
        return {
            "quarter": str(self.quarter),
            "as_of": str(self.as_of),
            "province_code": self.province.province_code,
            "language": self.language,
        }


def check_parameters(given: Mapping[str, object], today: date | None = None, *, figures: bool = True) -> Parameters:
    """Check names, types and values; raises ParameterFaults with everything that is wrong.

    figures: refuse quarters from before the first figure; the earlier side of a comparison may have none.
    """
    faults: list[Fault] = []
    today = today or date.today()
    for name in given:
        if name not in NAMES:
            faults.append(bilingual("parameters.there_no_parameter", name=name, text=nearest(name, NAMES)))
    values = {}
    for name in NAMES:
        value = given.get(name, "")
        if name == "province_code" and type(value) is int:
            value = f"{value:02d}"  # papermill makes a number of `-p province_code 56`
        if isinstance(value, str):
            values[name] = value
        else:
            faults.append(bilingual("parameters.must_text_quotes_not", name=name, value=value))
    # what is no text is not read any further
    quarter = _quarter(values["quarter"], today, figures, faults) if "quarter" in values else None
    as_of = _as_of(values["as_of"], quarter, today, faults) if "as_of" in values else None
    province = _province(values["province_code"], quarter, faults) if "province_code" in values else None
    language, index_id = values.get("language", "vi"), values.get("index_id")
    if language not in LANGUAGES:
        hint = nearest(language, LANGUAGES)
        faults.append(bilingual("parameters.language_vi_en_not", tongue=language, text=hint))
    if index_id and index_id not in (known := catalogue().indices):
        more = {"options": ", ".join(known), "text": nearest(index_id, known)}
        faults.append(bilingual("parameters.there_no_index_there", index_id=index_id, **more))
    if faults:
        raise ParameterFaults(faults)
    return Parameters(quarter, as_of, province, language, values["output_dir"], index_id)


def first_quarter() -> Quarter:
    """The first quarter whose report knows an edition of any index."""
    known_from = min(edition.known_from for edition in catalogue().editions.values())
    quarter = Quarter.containing(known_from)
    return quarter.previous if quarter.previous.closing_day >= known_from else quarter


def _quarter(text: str, today: date, figures: bool, faults: list[Fault]) -> Quarter | None:
    try:
        quarter = Quarter.parse(text)
    except ValueError:
        # a range that runs forwards has become its quarters
        key = (
            "parameters.range_runs_backwards" if RANGE.fullmatch(text) else "parameters.quarter_written_like_2024q1_not"
        )
        faults.append(bilingual(key, text=text))
        return None
    name = quarter_name(quarter, "vi")
    if quarter.last_day >= today:
        last_day = day(quarter.last_day, "vi"), day(quarter.last_day, "en")
        values = {"quarter_name": name, "quarter": quarter, "last_day": last_day}
        faults.append(bilingual("parameters.not_over_yet_last_day", **values))
        return None
    if figures and quarter < (first := first_quarter()):
        values = {"quarter_name": name, "quarter": quarter, "first": first}
        faults.append(bilingual("parameters.no_figure_published_report_first", **values))
        return None
    return quarter


def _as_of(text: str, quarter: Quarter | None, today: date, faults: list[Fault]) -> date | None:
    if not text:
        return min(quarter.closing_day, today) if quarter else None
    try:
        as_of = date.fromisoformat(text if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else "")
    except ValueError:
        faults.append(bilingual("parameters.written_like_2024_04_30", text=text))
        return None
    if as_of > today:
        faults.append(bilingual("parameters.lies_future", text=text))
    elif quarter and as_of <= quarter.last_day:
        faults.append(bilingual("parameters.must_after_last_day_quarter", text=text, last_day=quarter.last_day))
    return as_of


def _province(code: str, quarter: Quarter | None, faults: list[Fault]) -> Province | None:
    last_day = quarter.last_day if quarter else date(2024, 3, 31)
    known = catalogue()
    try:
        return known.province(code, last_day)
    except UnknownName as error:
        hint = "", ""
        if not (code.isdigit() and len(code) == 2):
            like = known.provinces_like(code, boundary_on(last_day))
            hint = suggestion(like) if like else bilingual("parameters.codes_have_two_digits_such")
        faults.append((f"province_code: {error.vi}{hint[0]}", f"province_code: {error.en}{hint[1]}"))
        return None
