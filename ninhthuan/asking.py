"""What public functions are asked, as people write it: names for codes, and why nothing came of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path

import pandas as pd

from .catalogue import catalogue, check_boundary, find_province
from .language import nearest, plain
from .reference import data_dir
from .refusals import UnknownName
from .words import bilingual, two_languages

COMPONENTS, YEARS = ("component_id", "total_id"), ("edition_year", "year", "year_from", "year_to")


@cache
def _components_by_spelling(folder: Path) -> dict[str, list[str]]:
    known, found = catalogue(), {}
    for part in known.components:
        names = [part.component_id, part.name, part.name_en, part.short_name, part.short_name_en]
        if part.level == "total":
            index = known.indices[part.index_id]
            names += [index.index_id, index.abbreviation, index.name, index.name_en]
        for name in {plain(name) for name in names}:
            found.setdefault(name, {})[part.component_id] = None
    return {name: list(ids) for name, ids in found.items()}


def find_component(text: str, index_id: str = "") -> str:
    """Id of the component that an id or a name means, however it is spelt; the name of an index means its total.

    index_id: whose component it is, where several indices have one of that name. Raises UnknownName, a KeyError, for
    what means nothing or more than one component.

    >>> find_component("PAPI"), find_component("e-governance"), find_component("PAPI_D8")
    ('papi_total', 'papi_d8', 'papi_d8')
    """
    spellings = _components_by_spelling(data_dir())
    if any(part.component_id == text for part in catalogue().components):
        return text
    found = spellings.get(plain(str(text)), [])
    own = [name for name in found if catalogue().component(name).index_id == index_id] or found
    if len(own) == 1:
        return own[0]
    if own:
        raise UnknownName(*bilingual("asking.several_components", text=text, options=", ".join(own)))
    raise UnknownName(*bilingual("asking.no_component", text=text, meant=nearest(plain(str(text)), spellings)))


def codes(names: Iterable, boundary: str = "pre_2025", *, unknown: str = "raise") -> pd.Series:
    """Codes of a column of provinces' names: one text each, as `find_province` knows it, with the index of the column.

    boundary: `pre_2025` (63 provinces, Hà Tây too) or `post_2025` (34). unknown: `raise` names every one that means
    nothing at once, each with what may be meant, in an UnknownName; `missing` leaves it missing. Missing stays missing.

    >>> codes(["Ninh Thuan", "TP.HCM", "Thừa Thiên Huế"]).tolist()
    ['58', '79', '46']
    """
    if unknown not in ("raise", "missing"):
        raise ValueError(f"unknown must be 'raise' or 'missing', not {unknown!r}")
    check_boundary(boundary)
    column, found, faults = names if isinstance(names, pd.Series) else pd.Series(list(names), dtype="str"), {}, []
    for name in column.dropna().unique():
        try:
            found[name] = find_province(name, boundary).province_code
        except UnknownName as error:
            faults.append((error.vi, error.en))
    if faults and unknown == "raise":
        raise UnknownName(*("; ".join(texts) for texts in zip(*faults, strict=True)))
    return column.map(found).astype("str").rename("province_code")


def accepts_names(function: Callable) -> Callable:
    """Let a public function take names, and say why the frame that it gives is empty.

    Its `province_code` may be a name of the list that its `boundary` or its frame is of, and a component or total any
    name that `find_component` knows; where none is given, that of the index of the frame is meant. A code of either
    list of provinces goes through as it is: the function knows what it means there. Raises UnknownName.
    """
    signature = inspect.signature(function)

    @wraps(function)
    def named(*args, **kwargs):
        given = signature.bind(*args, **kwargs).arguments
        frame = next((value for value in given.values() if isinstance(value, pd.DataFrame)), None)
        noted = {} if frame is None else frame.attrs
        text, known = given.get("province_code"), {code for _, code in catalogue().provinces}
        if text not in (None, "") and text not in known:
            boundary = given.get("boundary", given.get("boundary_to", noted.get("boundary", "pre_2025")))
            given["province_code"] = find_province(text, boundary).province_code
        index_id = noted.get("index_id", "")
        for name in signature.parameters.keys() & {*COMPONENTS, "index_id"}:
            if name not in given and index_id in catalogue().indices:
                given[name] = index_id if name == "index_id" else f"{index_id}_total"
            elif name in COMPONENTS and name in given:
                wanted = given[name]
                several = [] if isinstance(wanted, str) else [find_component(one, index_id) for one in wanted]
                given[name] = several or find_component(wanted, index_id)
        answer = function(**given)
        if isinstance(answer, pd.DataFrame) and answer.empty and (frame is not None or "because" in answer.attrs):
            # of a function within a function only the outer one knows what was asked
            own = answer.attrs.pop("because", "")
            answer.attrs["nothing"] = own or _why_nothing(function.__name__, frame, given)
        return answer

    return named


def because(empty: pd.DataFrame, key: str, **values: object) -> pd.DataFrame:
    """An empty frame with the reason, for a function that `accepts_names`: a row of words and its values."""
    empty.attrs["because"] = two_languages(key, **values)
    return empty


def _why_nothing(function: str, frame: pd.DataFrame | None, given: dict) -> str:
    """Why a measure gave no row: the frame has none, or lacks the edition or the score that was asked for."""
    if frame is None or not {"edition_year", "province_code", "score"} <= set(frame):
        return two_languages("asking.nothing", function=function)
    if frame.empty:
        return frame.attrs.get("nothing") or two_languages("asking.empty_frame")
    years = frame["edition_year"]
    lost = [str(given[name]) for name in YEARS if name in given and given[name] not in set(years)]
    if lost:
        return two_languages("asking.no_edition", years=", ".join(lost), first=years.min(), last=years.max())
    code = given.get("province_code")
    rows = frame[frame["score"].notna() & (frame["province_code"] == code)]
    rows = rows[rows["edition_year"] == given["edition_year"]] if "edition_year" in given else rows
    if code and rows.empty:
        where = frame["boundary"].iloc[0] if "boundary" in frame else "pre_2025"
        province = catalogue().provinces.get((where, code))
        return two_languages("asking.no_score", province=(province.name, province.name_en) if province else code)
    return two_languages("asking.nothing", function=function)
