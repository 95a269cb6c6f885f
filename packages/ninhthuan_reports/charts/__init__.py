"""Charts: each draws one frame into one `style.Area` and returns its axes; none reads or saves a file.

A chart is named for the picture. Its frame is named for its rows: `history` (editions of a province),
`pairs` (components in two editions), `cells` (all provinces in one edition). `height_cm` is the height of
the plot across an A4 page. Titles, notes and sources are added by `cards`. A function
that `pieces.plot` marks, in whatever file of this folder, is a chart of the name that it has.
"""

from importlib import import_module
from pkgutil import iter_modules

for _file in iter_modules(__path__):
    _found = vars(import_module(f".{_file.name}", __name__))
    globals().update({name: draw for name, draw in _found.items() if hasattr(draw, "height_cm")})
