"""`ninhthuan notebooks`: copies of the notebooks in one language, to explore in; what is saved there is not in git."""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import re
from pathlib import Path

from ninhthuan.words import phrase, two_languages

from . import add_language, complain


def add(verbs) -> None:
    """Declare the verb."""
    verb = verbs.add_parser("notebooks", help=two_languages("cli.notebooks"))
    verb.add_argument(
        "--to", type=Path, default=Path("build/lab"), metavar="FOLDER", help=two_languages("cli.copies_to")
    )
    add_language(verb)
    verb.set_defaults(act=act)


def act(options: argparse.Namespace) -> int:
    """Write the copies that are missing or of an older notebook, keep those that were edited; returns the exit code."""
    from ..runs.plan import notebooks_dir

    folder = notebooks_dir()
    for source in sorted(folder.rglob("*.ipynb")):
        if any(part.startswith(".") for part in source.relative_to(folder).parts):
            continue
        copy = options.to / options.language / source.relative_to(folder)
        book = in_one_language(_read(source), options.language)
        there = _read(copy) if copy.exists() else None
        if there and there["metadata"].get("made") == book["metadata"]["made"]:
            continue  # with the outputs that it has
        if there and there["metadata"].get("made") != _sources(there):
            complain(phrase("cli.copy_kept", options.language, path=copy))
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(options.to / options.language)
    return 0


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def in_one_language(book: dict, language: str) -> dict:
    """A notebook with the text cells of one language, that language as its parameter, and its set-up folded."""
    from notebook_batch.plan import text_in

    cells = [cell for cell in book["cells"] if text_in(cell, language)]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for before, cell in itertools.pairwise(code):
        if "parameters" in before["metadata"].get("tags", []):
            given = re.sub(r'(?m)^(language: str = )"\w+"', rf'\1"{language}"', "".join(before["source"]))
            before["source"] = given.splitlines(keepends=True)
            cell["metadata"]["jupyter"] = {"source_hidden": True}
    book = book | {"cells": cells}
    book["metadata"]["made"] = _sources(book)
    return book


def _sources(book: dict) -> str:
    """A hash of the sources of the cells, without outputs."""
    texts = [[cell["cell_type"], "".join(cell["source"])] for cell in book["cells"]]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
