"""How to cite an edition of an index and these data: BibTeX, APA, and as Vietnamese papers do."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ninhthuan.catalogue import catalogue
from ninhthuan.language import day
from ninhthuan.reference import data_dir
from ninhthuan.refusals import UnknownName
from ninhthuan.words import bilingual, phrase


class Citation(NamedTuple):
    """A reference in three forms; printed, one below another."""

    bibtex: str
    apa: str
    vi: str

    def __str__(self) -> str:
        return "\n\n".join(self)

    __repr__ = __str__


def package() -> dict:
    """The descriptor of the data in use."""
    return _package(data_dir())


@cache
def _package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def data_version() -> str:
    """Version of the data in use, `1.0.0`: see the rule of versions in the documentation."""
    return package()["version"]


def data_day() -> date:
    """The day on which the data in use got their version."""
    return date.fromisoformat(package()["created"][:10])


def cite(index_id: str = "", edition_year: int | None = None, *, boundary: str = "pre_2025") -> Citation:
    """The reference to an edition of an index, or without one to these data in their version.

    An edition is its publisher's: cite it for the figures, and the data for how they were brought together. The year of
    the reference is that of publication, which is not the year that the edition describes; `n.d.` where unknown.
    Raises UnknownName, a KeyError, for an edition that is not there. See `sources()` for what a figure was read from.

    >>> print(cite("pci", 2017).apa)
    VCCI. (2018, March 22). Provincial Competitiveness Index (PCI) 2017.
    """
    if not index_id:
        return _of_the_data()
    known = catalogue()
    index = known.find_index(index_id)
    editions = {edition.edition_year: edition for edition in known.editions_of(index.index_id, boundary)}
    if edition_year not in editions:
        years = ", ".join(map(str, editions))
        raise UnknownName(
            *bilingual("citing.no_edition", abbreviation=index.abbreviation, year=edition_year, years=years)
        )
    out, precision = editions[edition_year].published_on, editions[edition_year].published_precision
    names = index.publisher_en.split(", ")
    authors = ", & ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    when = "n.d." if out is None else f"{out.year}, {out:%B} {out.day}" if precision == "day" else str(out.year)
    title = f"{index.name_en} ({index.abbreviation}) {edition_year}"
    dated = {"year": str(out.year), "month": f"{out:%b}".lower()} if out else {}
    year = str(out.year) if out else phrase("citing.no_date", "vi")
    on = f", {day(out, 'vi')}" if out and precision == "day" else ""
    return Citation(
        _bibtex(f"{index.index_id}{edition_year}", authors=names, title=title, **dated),
        f"{authors}. ({when}). {title}.",
        f"{index.publisher} ({year}). {index.name} ({index.abbreviation}) {edition_year}{on}.",
    )


def _of_the_data() -> Citation:
    about = package()
    author, year, version = about["contributors"][0]["title"], about["created"][:4], about["version"]
    title, text = about["title_en"], phrase("citing.version", "vi", version=version)
    note = f"Version {version}"
    return Citation(
        _bibtex("ninhthuan", authors=[author], title=title, year=year, note=note),
        f"{author}. ({year}). {title} ({note}) [Data set].",
        f"{author} ({year}). {about['title']} ({text}).",
    )


def _bibtex(key: str, *, authors: list[str], **fields: str) -> str:
    # in braces of its own a name of an institution is not split, and a title keeps its capitals
    braced = {"author": " and ".join(f"{{{name}}}" for name in authors)} | fields | {"title": f"{{{fields['title']}}}"}
    lines = [
        f"  {name} = {value}," if name == "month" else f"  {name} = {{{value}}}," for name, value in braced.items()
    ]
    return "\n".join([f"@misc{{{key},", *lines, "}"])
