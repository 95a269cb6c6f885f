"""What is said, in Vietnamese and English: a row of a CSV file for each text. Python only puts in the values.

`messages/*.csv` hold sentences, headings and messages by key; `labels.csv` and `codes.csv` what short codes mean;
`columns.csv` names the columns of tables. `NINHTHUAN_WORDS` names another folder of the same files.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple


def folder() -> Path:
    """Where the words are: `NINHTHUAN_WORDS`, or the folder of this package."""
    return Path(os.environ.get("NINHTHUAN_WORDS") or Path(__file__).parent)


def rows(name: str) -> list[tuple[int, dict[str, str]]]:
    """Lines and rows of a table of words, `columns` or `messages/findings`.

    Raises NoTable(vi, en) for a file that is no such table: another encoding, another separator, cells too many.
    """
    path = folder() / f"{name}.csv"
    try:
        # Excel writes a mark of order at the beginning
        with open(path, encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            found = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _no_table(path, 1, str(error)) from None
    if not {"vi", "en"} <= set(reader.fieldnames or ()) and name != "forbidden":
        raise _no_table(path, 1, " ".join(reader.fieldnames or ()))
    for line, row in found:
        if None in row or None in row.values():
            raise _no_table(path, line, str([cell for cell in row.values() if cell]))
    return found


class NoTable(ValueError):
    """A file of words that cannot be read as one: what is wrong, in Vietnamese and English."""


def _no_table(path: Path, line: int, what: str) -> NoTable:
    # said here and not in a row: the rows are what cannot be read
    return NoTable(
        f"{path.name}:{line}: phải là CSV, UTF-8, ngăn cách bằng dấu phẩy, đủ số ô; câu có dấu phẩy đặt trong ngoặc "
        f"kép ({what})",
        f"{path.name}:{line}: a CSV in UTF-8 is needed, with commas between its cells and no cell more or fewer; "
        f"a text with a comma stands in quotes ({what})",
    )


@cache
def messages() -> dict[str, tuple[str, str]]:
    """Every text in both languages, by key."""
    names = sorted(path.stem for path in (folder() / "messages").glob("*.csv"))
    return {row["key"]: (row["vi"], row["en"]) for name in names for _, row in rows(f"messages/{name}")}


def phrase(key: str, language: str, /, **values: object) -> str:
    """A text in one language, with its values put in; of a value that is a pair (vi, en) the one of that language.

    >>> phrase("language.day_unknown", "en")
    'date unknown'
    """
    place = 0 if language == "vi" else 1
    if key not in messages():
        raise KeyError(f"{folder()}: no row {key} in messages/; see `ninhthuan check`")
    chosen = {name: value[place] if isinstance(value, tuple) else value for name, value in values.items()}
    return messages()[key][place].format(**chosen)


def bilingual(key: str, /, **values: object) -> tuple[str, str]:
    """A text in both languages, Vietnamese first."""
    return phrase(key, "vi", **values), phrase(key, "en", **values)


class Message(NamedTuple):
    """What is to be said, before it is in a language: a row of words and the values that it takes."""

    key: str
    values: dict[str, object]


def message(key: str, /, **values: object) -> Message:
    """A row of words with values: numbers, codes, several of them, or what is `Message` itself."""
    return Message(key, values)


# between several values of a name; figures that make up another are added
BETWEEN = {"others": "; ", "texts": "; ", "provinces": ", ", "years": ", "}


def written(
    value: object,
    language: str = "en",
    write: Callable[[str, object], str] = lambda name, value: str(value),
    name: str = "",
) -> str:
    """A value, `Message` or several of them in a language; write: how a single value of a name is written there.

    >>> written(message("contradictions.moved", before=message("contradictions.place", rank=14, n_ranked=60), after=4))
    '14/60 → 4'
    """
    if isinstance(value, Message):
        texts = {key: written(part, language, write, key) for key, part in value.values.items()}
        return phrase(value.key, language, **texts)
    if isinstance(value, tuple):
        return BETWEEN.get(name, " + ").join(written(part, language, write, name) for part in value)
    return write(name, value)


_spoken = os.environ.get("NINHTHUAN_LANGUAGE", "")


def speak(language: str = "") -> None:
    """Say refusals, reasons and the lines under frames in one language from now on, `vi` or `en`; blank: in both.

    Columns keep both: `component` and `component_en`. `NINHTHUAN_LANGUAGE` sets the same for a whole process. Raises
    ValueError for another language.
    """
    global _spoken
    if language not in ("", "vi", "en"):
        raise ValueError(f"language must be 'vi' or 'en', not {language!r}")
    _spoken = language


def spoken() -> tuple[str, ...]:
    """The languages that are spoken: one, or both."""
    return (_spoken,) if _spoken in ("vi", "en") else ("vi", "en")


def in_spoken(vi: str, en: str) -> str:
    """Of a text in two languages what is said: that of `speak`, or both on one line."""
    return " / ".join({"vi": vi, "en": en}[language] for language in spoken())


def two_languages(key: str, /, **values: object) -> str:
    """A text in both languages on one line, where the reader's language is not known; in one after `speak`."""
    return in_spoken(*bilingual(key, **values))
