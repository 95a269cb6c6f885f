"""One file that compares provinces: every index, edition and part, both lists of provinces, both languages.

The page holds its data, words, script, style and letters, and asks for nothing: it opens from disk, mail or a stick.
The same data, words and code give the same bytes. What it holds is put together in `explore_data`.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import re
from html import escape
from pathlib import Path

from ninhthuan.reference import data_dir
from ninhthuan.words import folder as words_folder
from ninhthuan.words import messages
from notebook_batch.inputs import file_hash, together
from notebook_batch.record import write_atomically

NAME = "explore.html"
SOURCE = Path(__file__).resolve().parents[1] / "explore_page"
SCRIPTS = ("model", "text", "drawing", "charts", "panels", "saving", "page")


def write_explorer(reports: Path) -> tuple[Path, bool]:
    """`explore.html` in a folder, written in one step and only where data or code have changed; whether it was.

    Raises OSError where it cannot be written.
    """
    path, stamp = reports / NAME, fingerprint()
    if path.is_file() and f'content="{stamp}"' in path.read_text("utf-8", "replace")[:2_000]:
        return path, False
    write_atomically(path, page(stamp).encode("utf-8"), lasting=True)
    return path, True


def fingerprint() -> str:
    """What the page rests on, as a hash: the tables of data/, the words, the code of the packages, the letters."""
    sets = Path(importlib.util.find_spec("rank_sets").origin).parent
    places = [(data_dir(), "*/*.csv"), (words_folder(), "**/*.csv"), (SOURCE, "*")]
    places += [(package, "**/*.py") for package in (words_folder().parent, SOURCE.parent, sets)]
    files = {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": path
        for folder, pattern in places
        for path in folder.glob(pattern)
        if "tests" not in path.relative_to(folder).parts
    }
    files |= {path.name: path for path in _fonts().values()}
    return together({name: file_hash(path) for name, path in files.items()})


def page(stamp: str = "") -> str:
    """The whole page. stamp: its fingerprint."""
    from .explore_data import packed

    data = json.dumps(packed(), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    script = "\n".join((SOURCE / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    script = f'(() => {{\n"use strict";\n{script}\n}})();'
    letters = {letter for letter in data + script if letter.isprintable()} | {chr(code) for code in range(32, 127)}
    letters |= {letter.upper() for letter in letters if len(letter.upper()) == 1}
    style = _faces("".join(sorted(letters))) + (SOURCE / "explore.css").read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src {_allowed(script)}; style-src {_allowed(style)}; img-src data:; "
        "font-src data:; base-uri 'none'; form-action 'none'"
    )
    title, no_script = (" / ".join(messages()[f"explore.{key}"]) for key in ("title", "no_script"))
    parts = {
        "policy": policy,
        "stamp": stamp,
        "title": escape(title),
        "no_script": escape(no_script),
        "style": style,
        # a data block ends only with its own tag
        "data": data.replace("<", "\\u003c"),
        "script": script,
    }
    template = (SOURCE / "explore.html").read_text("utf-8")
    return re.sub(r"@@(\w+)@@", lambda found: parts[found[1]], template)


def _allowed(text: str) -> str:
    """A script or style as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _fonts() -> dict[int, Path]:
    """Files of Roboto by weight; none without the `charts` extra."""
    try:
        import font_roboto
        import fontTools  # noqa: F401
    except ModuleNotFoundError:
        return {}
    folder = Path(font_roboto.__file__).parent
    return {weight: folder / f"files/Roboto-{name}.ttf" for name, weight in (("Regular", 400), ("Bold", 700))}


def _faces(letters: str) -> str:
    """Roboto, regular and bold, cut down to some letters, as rules of a style sheet.

    Where it is not installed the page is set in the reader's own font.
    """
    if not (fonts := _fonts()):
        return ""
    from fontTools import subset

    found = ["/*! Roboto, cut down: Apache License 2.0 */\n"]
    for weight, file in fonts.items():
        features = ["kern", "mark", "mkmk", "ccmp", "liga", "tnum", "lnum"]
        options = subset.Options(layout_features=features, hinting=False, notdef_outline=True)
        options.name_IDs = [0, 1, 2, 13, 14]
        font = subset.load_font(str(file), options)
        font.recalcTimestamp = False
        cut = subset.Subsetter(options)
        cut.populate(text=letters)
        cut.subset(font)
        font.flavor = "woff"
        content = io.BytesIO()
        font.save(content)
        source = f'url(data:font/woff;base64,{base64.b64encode(content.getvalue()).decode()}) format("woff")'
        found.append(f"@font-face{{font-family:Roboto;font-weight:{weight};src:{source}}}\n")
    return "".join(found)
