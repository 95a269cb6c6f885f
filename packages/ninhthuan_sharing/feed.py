"""What is new in the data as Atom feeds: editions that came out, and what else is given, such as corrected figures."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time
from html import escape
from pathlib import Path
from xml.etree import ElementTree as xml

from ninhthuan.catalogue import catalogue
from ninhthuan.language import LANGUAGES, pick
from ninhthuan.words import phrase

from .citing import package

MOST = 100  # entries of a feed
# When, what about (no two alike), title, lines.
Entry = tuple[datetime, str, str, list[str]]


def write_feeds(folder: Path, corrections: dict[str, list[Entry]] | None, url: str = "") -> int:
    """Write `feed.vi.xml` and `feed.en.xml` into a folder; returns their number.

    corrections: entries by language; None where no history of data/ is at hand: the feeds then say so.
    url: address of the folder, with a slash at its end.
    """
    for language in LANGUAGES:
        entries = [*_editions(language), *(corrections[language] if corrections else ())]
        entries = sorted(entries, reverse=True)[:MOST]
        subtitle = phrase("feed.no_history" if corrections is None else "feed.corrections", language)
        document = xml.tostring(_atom(entries, language, subtitle, url), encoding="utf-8", xml_declaration=True)
        (folder / f"feed.{language}.xml").write_bytes(document + b"\n")
    return len(LANGUAGES)


def _atom(entries: list[Entry], language: str, subtitle: str, url: str) -> xml.Element:
    about = package()
    feed = xml.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language})
    xml.SubElement(feed, "title").text = pick(about["title"], about["title_en"], language)
    xml.SubElement(feed, "subtitle").text = subtitle
    xml.SubElement(feed, "link", {"rel": "self", "href": f"{url}feed.{language}.xml"})
    xml.SubElement(feed, "link", {"href": f"{url}v1/index.json", "type": "application/json"})
    xml.SubElement(xml.SubElement(feed, "author"), "name").text = about["contributors"][0]["title"]
    _identity(feed, entries[0][0], f"{about['name']} {language} feed")
    for when, subject, title, lines in entries:
        entry = xml.SubElement(feed, "entry")
        _identity(entry, when, f"{about['name']} {language} {subject}")
        xml.SubElement(entry, "title").text = title
        xml.SubElement(entry, "content", {"type": "html"}).text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return feed


def _identity(element: xml.Element, when: datetime, name: str) -> None:
    xml.SubElement(element, "id").text = uuid.uuid5(uuid.NAMESPACE_URL, name).urn
    xml.SubElement(element, "updated").text = when.isoformat()


def _editions(language: str) -> list[Entry]:
    """Editions by the day on which they came out, or the end of the month where only that is known."""
    found, known = [], catalogue()
    for edition in known.editions.values():
        if edition.published_on is not None:
            index, out = known.indices[edition.index_id], edition.known_from
            title = phrase("feed.edition", language, abbreviation=index.abbreviation, year=edition.edition_year)
            about = {"count": edition.provinces_scored, "publisher": index.publisher_on(out, language)}
            lines = [pick(index.name, index.name_en, language), phrase("feed.edition_of", language, **about)]
            key = f"{edition.index_id} {edition.edition_year} {edition.boundary}"
            found.append((datetime.combine(out, time(), UTC), key, title, lines))
    return found
