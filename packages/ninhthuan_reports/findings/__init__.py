"""What each card says: a frame in, a caption out. A finding is worked out from the frame that is drawn.

One function a card, of the same name as its chart or table. Nothing is claimed that the frame does not
hold; where it holds nothing, `Nothing` says so in words and no empty picture is made. Every public function of this
folder that returns a Caption is a finding of the name that it has.
"""

from importlib import import_module
from pkgutil import iter_modules

from .captions import Caption, Claim, FalseFinding, Nothing, entitled
from .closing import caveat_lines, missing_lines, source_lines
from .indices import overview_years

__all__ = [
    "Caption",
    "Claim",
    "FalseFinding",
    "Nothing",
    "caveat_lines",
    "entitled",
    "missing_lines",
    "overview_years",
    "source_lines",
]


def _says_a_card(name: str, thing: object) -> bool:
    return not name.startswith("_") and getattr(thing, "__annotations__", {}).get("return") == "Caption"


for _file in iter_modules(__path__):
    _found = vars(import_module(f".{_file.name}", __name__))
    globals().update({name: thing for name, thing in _found.items() if _says_a_card(name, thing)})
