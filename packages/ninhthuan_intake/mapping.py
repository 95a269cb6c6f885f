"""Names of the columns and values of an export of dossiers; columns with personal data are refused."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from careful_tables.faults import Fault, Faults, coded
from ninhthuan.language import nearest, unaccented
from ninhthuan.words import message

from .refusals import Refused, What

DEFAULT_MAPPING = Path(__file__).with_name("dossiers.toml")
# Columns of an export, and whether one of them is needed in every file.
FIELDS = {"received": True, "due": True, "finished": True, "channel": True, "level": False, "agency": False}

# Headings of columns with personal data; compared without diacritics, as whole words.
PERSONAL = re.compile(
    r"\b(ho( va)? ?ten|ten (nguoi|cong dan|chu|khach)|(nguoi|chu|ben) (nop|ho so|dung don|yeu cau|duoc|uy quyen)"
    r"|cong dan|cmnd|cccd|cmt|can cuoc|chung minh|dinh danh|ho chieu|passport|dien thoai|sdt|so dt|di dong|phone|mobile"
    r"|e?-?mail|thu dien tu|dia chi|address|thuong tru|noi o|ngay sinh|nam sinh|birth|gioi tinh|ma so thue|mst"
    r"|tai khoan|zalo|full ?name|applicant|chu ho so|identity|citizen)\b"
)


@dataclass(frozen=True)
class Mapping:
    """columns: field to the headings it may have; channels, levels: value as written to its code, both folded."""

    columns: dict[str, list[str]]
    channels: dict[str, str]
    levels: dict[str, str]


def folded(text: str) -> str:
    """A heading or value for comparison: one form of Vietnamese letters, small, single spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def is_personal(heading: str) -> bool:
    """Whether a heading sounds like a column with personal data.

    >>> is_personal("Số CCCD"), is_personal("Họ và tên người nộp"), is_personal("Ngày tiếp nhận")
    (True, True, False)
    """
    return bool(PERSONAL.search(unaccented(folded(heading)).replace("_", " ")))


def read_mapping(path: Path | None = None) -> Mapping:
    """The mapping of `dossiers.toml`, with the lines of a file of the same shape in place of its own.

    Raises Refused with everything wrong: no TOML, unknown fields or codes, headings that sound personal, a heading or a
    value that is given two meanings.
    """
    known = tomllib.loads(DEFAULT_MAPPING.read_text("utf-8"))
    faults: list[What] = []
    if path is not None:
        for table, lines in _toml(path).items():
            if table in known and isinstance(lines, dict):
                faults += _replaced(known[table], lines, table, path.name)
            else:
                faults.append(message("dossiers.no_table", name=path.name, table=table, hint=nearest(table, known)))
        personal = [(field, text) for field, texts in known["columns"].items() for text in texts if is_personal(text)]
        for field, heading in personal:
            faults.append(message("dossiers.seems_personal", name=path.name, field=field, heading=heading))
    meanings = {table: _meanings(known[table], (path or DEFAULT_MAPPING).name, faults) for table in known}
    if faults:
        raise Refused(*faults)
    return Mapping(known["columns"], meanings["channel"], meanings["level"])


def _replaced(known: dict[str, list[str]], lines: dict, table: str, file: str) -> list[What]:
    """Put the lines of a file's table in place of the known ones; what is wrong with them."""
    faults: list[What] = []
    for name, words in lines.items():
        if name not in known:
            faults.append(message("dossiers.no_line", name=file, table=table, line=name, hint=nearest(name, known)))
        elif not (isinstance(words, list) and words and all(isinstance(word, str) and word for word in words)):
            example = known[name][1]
            faults.append(message("dossiers.list_needed", name=file, field=name, example=example))
        else:
            known[name] = words
    return faults


def _toml(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Refused(message("sheets.cannot_read", path=path, reason=error.strerror)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(message("dossiers.no_toml", name=path.name, error=error)) from None


def _meanings(lines: dict[str, list[str]], file: str, faults: list[What]) -> dict[str, str]:
    """Folded word to code; a word of two codes is a fault."""
    found: dict[str, str] = {}
    for code, words in lines.items():
        for word in words:
            other = found.setdefault(folded(word), code)
            if other != code:
                faults.append(message("dossiers.two_meanings", name=file, word=word, other=other, code=code))
    return found


def located(headings: list[str], columns: dict[str, list[str]], name: str) -> dict[str, int]:
    """Place of each field among the headings; raises Faults with all that are missing or there twice.

    columns: field to the names its heading may have. name: of the file.
    """
    faults: list[Fault] = []
    places: dict[str, int] = {}
    have = [folded(heading) for heading in headings]
    for field, names in columns.items():
        words = [folded(word) for word in names]
        found = [place for place, heading in enumerate(have) if heading in words]
        if len(found) > 1:
            both = [repr(headings[place]) for place in found]
            faults.append(coded("dossiers.several_columns", name=name, count=len(found), field=field, columns=both))
        elif found:
            places[field] = found[0]
        elif FIELDS[field] or field == "agency":
            looked_for = ", ".join(repr(word) for word in names[1:4] or names)
            faults.append(coded("dossiers.no_column", name=name, field=field, looked_for=looked_for))
    if faults:
        raise Faults(faults)
    return places
