"""The documentation as a site: `make docs` builds it, offline, with warnings as errors.

Pages are Markdown. A line `<!-- generated: NAME -->` is filled in by `generated.py` when the site is built: nothing
that follows from the data, the code or the notebooks is kept twice.
"""

import json
import sys
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import gallery  # noqa: E402
import generated  # noqa: E402
from docutils.utils.math.latex2mathml import tex2mathml  # noqa: E402
from sphinx.search.en import SearchEnglish  # noqa: E402

from ninhthuan.language import unaccented  # noqa: E402
from ninhthuan_sharing.describing import dataset  # noqa: E402

project = "ninhthuan"
html_title = "ninhthuan"
copyright = "MIT"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 4
nitpicky = True
highlight_language = "none"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_copyright = False
html_use_index = True


def _inline_math(self, node):
    self.body.append(_mathml(node, as_block=False))
    raise generated.Done


def _block_math(self, node):
    self.body.append(f'<div class="math">{_mathml(node, as_block=True)}</div>')
    raise generated.Done


def _mathml(node, as_block: bool) -> str:
    """A formula in the browser's own markup: no script, and readers are told the source."""
    return tex2mathml(node.astext(), as_block=as_block).replace(
        "<math ", f'<math aria-label="{escape(node.astext(), quote=True)}" ', 1
    )


def _fill(app, name, source):
    source[0], files = generated.filled(source[0], without="" if app.config.pictures else "gallery")
    for file in files:
        app.env.note_dependency(str(file), docname=name)


def _for_everybody(app, name, template, context, doctree):
    """Pages in vi/ are Vietnamese to a screen reader too; what scrolls by itself can be reached by keyboard."""
    if name.startswith("vi/"):
        context["language"] = "vi"
    if name == "index":  # what a search engine reads of the data
        said = json.dumps({"@context": "https://schema.org/"} | dataset(), ensure_ascii=False).replace("<", "\\u003c")
        context["metatags"] = f'{context.get("metatags", "")}<script type="application/ld+json">{said}</script>'
    body = context.get("body", "")
    for wide in ("<pre", '<div class="math"', '<div class="table-wrapper'):
        element, _, rest = wide.partition(" ")
        body = body.replace(wide, f'{element} tabindex="0" {rest}'.rstrip())
    context["body"] = body
    tree = context.get("furo_navigation_tree", "")
    context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')


class _Unaccented(SearchEnglish):
    """Words without accents in the index and in what is searched for: `xep hang` finds `xếp hạng`."""

    js_splitter_code = """
var splitQuery = (query) => query.normalize("NFD").replace(/\\p{M}+/gu, "").replace(/[đĐ]/g, "d").toLowerCase()
  .split(/[^\\p{Letter}\\p{Number}_]+/u).filter(Boolean);
"""

    def split(self, input):
        return super().split(unaccented(input))


def _put_pictures(app, error):
    """Those of the gallery, beside the pages; read anew or not, what stands there is of the last time it was."""
    for name, content in gallery.PICTURES.items():
        path = Path(app.outdir, "_images", "gallery", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def setup(app):
    app.add_search_language(_Unaccented)
    app.add_config_value("pictures", True, "env")  # half of the time of a build
    app.add_html_math_renderer("mathml", inline_renderers=(_inline_math, None), block_renderers=(_block_math, None))
    app.connect("source-read", _fill)
    app.connect("build-finished", _put_pictures)
    app.connect("html-page-context", _for_everybody, priority=900)  # after furo's own
