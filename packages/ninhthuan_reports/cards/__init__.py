"""One file a card: what it says, and what it draws or sets. A card is found by the name of its file; no list has it.

`caption(frame, ctx)` says what the frame holds, with a claim for each thing that a title says; where it holds nothing
it raises `Nothing`, and no empty picture is made. A figure has `draw(frame, area, ctx)`, marked by `pieces.plot` with
the height of its plot: it returns its axes, and neither reads nor saves a file. A table has `table(frame, ctx)`, which
returns a frame of ready text; prose has `text(frame, ctx)`: heads, each with its sentences. Frames are named for their
rows: `history` (editions of a province), `pairs` (components in two editions), `cells` (all provinces in one edition).
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from ninhthuan.words import two_languages

NAMES = tuple(sorted(file.name for file in iter_modules(__path__)))


def card(name: str | ModuleType) -> ModuleType:
    """The card of a name, ValueError where there is none; a card is itself."""
    if not isinstance(name, str):
        return name
    if name not in NAMES:
        raise ValueError(two_languages("cards.no_finding", card=name))
    return import_module(f".{name}", __name__)


def name_of(card: ModuleType) -> str:
    """Name under which a card is delivered: that of its file."""
    return card.__name__.rpartition(".")[2]


def __getattr__(name: str) -> ModuleType:
    """`cards.ranking`: a card is loaded when it is asked for."""
    if name not in NAMES:
        raise AttributeError(name)
    return card(name)
