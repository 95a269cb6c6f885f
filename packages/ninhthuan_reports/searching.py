"""A row of words found by its text on a page, with values filled in; and the cards that use the row."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec, resolve_name
from pathlib import Path
from string import Formatter

from ninhthuan.language import LANGUAGES, unaccented

from .editing import Row, all_rows, pattern_of

# A number with its decimals, a word, a sign.
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[^\w\s]")
MOST = 10  # rows that a text with values may have been made of
ALIKE = 0.7  # of the letters of the best row that another must share with a text to be shown beside it


@dataclass(frozen=True)
class Match:
    """A row that a text was made of: in which language, and the values in it.

    values: name in braces to what stands for it in the text; empty where the text is a piece of the row itself, or of
    its key.
    """

    row: Row
    language: str = "vi"
    values: dict[str, str] = field(default_factory=dict)

    @property
    def filled(self) -> str:
        """The row with its values; a name whose value the text does not show stays in braces."""
        parts = []
        for literal, name, form, _ in Formatter().parse(getattr(self.row, self.language)):
            parts.append(literal)
            if name is not None:
                parts.append(self.values.get(name) or f"{{{name}{':' if form else ''}{form}}}")
        return "".join(parts)


def matches(text: str) -> list[Match]:
    """Rows that a text is a piece of, else rows that it was made of, the most alike first.

    Capitals and diacritics do not matter. A piece of a row or of its key is looked for first. Where there is none, any
    words may stand in the place of a value, the text may begin and end within the row, and the row within the text: a
    title may be several rows put together.
    """
    piece, rows = unaccented(text), list(all_rows())
    found = [Match(row) for row in rows if any(piece in unaccented(words) for words in (row.key, row.vi, row.en))]
    return found or _made_of(text, rows)


def _made_of(text: str, rows: list[Row]) -> list[Match]:
    tokens = _tokens(text)
    plain = [unaccented(token) for token in tokens]
    words = {word for word in plain if word.isalpha()}
    scored: dict[Row, tuple[int, Match]] = {}
    for row in rows:
        for language in LANGUAGES:
            template = _template(getattr(row, language))
            shared = words.intersection(token for token, is_value in template if not is_value)
            if len(shared) < min(2, len(words)) or not shared:
                continue
            letters, n_words, spans = _aligned(template, plain)
            if n_words < min(2, len(words)) or letters <= scored.get(row, (0,))[0]:
                continue
            values = {name: _between(text, *span) for name, span in spans.items()}
            scored[row] = letters, Match(row, language, values)
    best = max((letters for letters, _ in scored.values()), default=0)
    alike = [(letters, match) for letters, match in scored.values() if letters >= ALIKE * best]
    return [match for _, match in sorted(alike, key=lambda pair: (-pair[0], len(pair[1].row.vi)))][:MOST]


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(unicodedata.normalize("NFC", text))


def _between(text: str, start: int, end: int) -> str:
    """The piece of a text from one of its tokens to before another."""
    text = unicodedata.normalize("NFC", text)
    places = list(TOKEN.finditer(text))[start:end]
    return text[places[0].start() : places[-1].end()] if places else ""


@cache
def _template(text: str) -> list[tuple[str, bool]]:
    """A text of a row in tokens: (token without accents, or name of a value; whether it is a value)."""
    found = []
    for literal, name, _, _ in Formatter().parse(text):
        found += [(unaccented(token), False) for token in _tokens(literal)]
        if name is not None:
            found.append((name, True))
    return found


def _aligned(template: list[tuple[str, bool]], text: list[str]) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """How a text and a template agree best: letters and words of the template in it, and the tokens of each value.

    The text may begin before the template or within it, and end within it or after it.
    """
    height, width = len(template), len(text)
    # best[i][j]: from the i-th token of the template and the j-th of the text on; nothing where they do not agree
    best: list[list[tuple[int, int] | None]] = [[(0, 0)] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        token, is_value = template[i]
        for j in range(width - 1, -1, -1):
            if is_value:
                best[i][j] = max(filter(None, (best[i + 1][j], best[i][j + 1])), default=None)
            elif token != text[j] or (rest := best[i + 1][j + 1]) is None:
                best[i][j] = None
            else:
                best[i][j] = (rest[0] + len(token), rest[1] + 1) if token.isalpha() else rest
    starts = [(i, 0) for i in range(height)] + [(0, j) for j in range(width)]
    i, j = max(starts, key=lambda place: best[place[0]][place[1]] or (-1, -1))
    if best[i][j] is None:
        return 0, 0, {}
    letters, n_words = best[i][j]
    spans: dict[str, tuple[int, int]] = {}
    while i < height and j < width:
        name, is_value = template[i]
        if not is_value:
            i, j = i + 1, j + 1
        # a value is as short as it can be; one that ends the row takes what is left
        elif best[i + 1][j] == best[i][j] and i + 1 < height:
            spans.setdefault(name, (j, j))
            i += 1
        else:
            spans[name] = (spans.get(name, (j, j))[0], j + 1)
            j += 1
    return letters, n_words, spans


# --------------------------------------------------------------------------------------------------- where a row stands


def on_cards(row: Row, reports: Path) -> Iterator[tuple[Path, str, str]]:
    """Places of a text in existing reports: the card's file, the field, and the whole field."""
    for path in sorted(reports.glob("*/*/*/*/*.json")):
        text = row.vi if path.parts[-3] == "vi" else row.en
        parts = [
            re.escape(literal) + (".+?" if name is not None else "") for literal, name, *_ in Formatter().parse(text)
        ]
        pattern = re.compile("".join(parts).strip(), re.IGNORECASE)
        card = json.loads(path.read_text(encoding="utf-8"))
        # the alternative text repeats the title and more
        for name in ("title", "subtitle", "note", "alt"):
            if isinstance(value := card.get(name), str) and pattern.search(value):
                yield path, name, value
                break


@dataclass
class _Definition:
    """A function, class or constant of a module: texts and patterns of texts in it, and what it names."""

    texts: set[str]
    patterns: list[str]
    names: set[tuple[str, str]]


def cards_with(row: Row) -> list[str]:
    """Cards whose code says a row of messages, by themselves or through what they call; sorted."""
    known = _definitions()
    reached = {
        place
        for place, found in known.items()
        if row.key in found.texts or any(re.fullmatch(pattern, row.key) for pattern in found.patterns)
    }
    # what names something reached is reached itself
    while more := {place for place, found in known.items() if place not in reached and found.names & reached}:
        reached |= more
    cards = f"{__package__}.cards."
    return sorted({module.removeprefix(cards) for module, _ in reached if module.startswith(cards)})


@cache
def _definitions() -> dict[tuple[str, str], _Definition]:
    """The definitions in the modules of reports and cards: (module, name) to their content."""
    found = {}
    for module, path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = _imported(tree, module if path.stem == "__init__" else module.rpartition(".")[0])
        for node in tree.body:
            for name in _defined(node):
                taken[name] = module, name
        for node in tree.body:
            for name in _defined(node):
                found[module, name] = _definition(node, taken, (module, name))
    return found


def _modules() -> Iterator[tuple[str, Path]]:
    """Modules of the reports and of the helper package, by their full names."""
    for package in (__package__, "ninhthuan"):
        folder = Path(find_spec(package).submodule_search_locations[0])
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).with_suffix("").parts
            yield ".".join((package, *(part for part in parts if part != "__init__"))), path


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _imported(tree: ast.Module, package: str) -> dict[str, tuple[str, str]]:
    """Names that a module of a package takes from others: (module, name)."""
    return {
        alias.asname or alias.name: (resolve_name("." * node.level + (node.module or ""), package), alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _definition(node: ast.stmt, taken: dict[str, tuple[str, str]], itself: tuple[str, str]) -> _Definition:
    texts, patterns, names = set(), [], set()
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            texts.add(part.value)
        elif isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
            patterns.append(pattern_of(part))
        elif isinstance(part, ast.Name) and part.id in taken:
            names.add(taken[part.id])
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in taken:
            # `phrases.count`: a thing within a module that was taken as a whole
            names.add((".".join(taken[part.value.id]), part.attr))
    return _Definition(texts, patterns, names - {itself})
