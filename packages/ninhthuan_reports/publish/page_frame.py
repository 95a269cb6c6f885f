"""What every page has around its body: head, style, script, and a policy that lets in nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape
from pathlib import Path

from ninhthuan.words import phrase

TEMPLATES = Path(__file__).with_name("templates")


def document(title: str, language: str, body: str, *, look: str = "", acts: bool = True) -> str:
    """A whole page; look: classes of its body; acts: whether it has something for the script to do.

    Style and script are allowed by their hashes, and so work from any place.
    """
    style, program = stylesheet(), script()
    # `file:` beside `'self'`: of pages opened from disk not every browser takes the folder as their own place
    policy = f"default-src 'none'; img-src 'self' file:; style-src '{_hash(style)}'"
    policy += "; base-uri 'none'; form-action 'none'"
    skip, end = phrase("pages.skip_content", language), ""
    if acts:
        policy += f"; script-src '{_hash(program)}'"
        done, selected = phrase("pages.copied", language), phrase("pages.selected", language)
        end = f'<p id="status" role="status" data-done="{done}" data-selected="{selected}"></p>\n'
        end += f"<script>{program}</script>\n"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body id="top" class="{look}">\n'
        f'<a class="skip" href="#main">{skip}</a>\n{body}\n{end}</body>\n</html>\n'
    )


def filter_box(place: str, label: str, total: int, language: str) -> str:
    """A box that filters the items in the element of an id; it is shown where the script runs."""
    some = phrase("pages.found", language, n_found="#", total=total)
    return (
        f'<p class="filter" data-script hidden data-filter="{place}"><label for="filter">{label}</label> '
        '<input id="filter" type="search" autocomplete="off" spellcheck="false"> '
        f'<output for="filter" data-some="{some}" data-none="{phrase("pages.none_found", language)}"></output></p>'
    )


@cache
def stylesheet() -> str:
    """The style of every page, without its comments."""
    return re.sub(r"/\*.*?\*/\n?", "", (TEMPLATES / "page.css").read_text(encoding="utf-8"), flags=re.DOTALL)


@cache
def script() -> str:
    """What a page does: it filters, copies and looks for the other language; without its comments."""
    return re.sub(r"^// .*\n", "", (TEMPLATES / "page.js").read_text(encoding="utf-8"), flags=re.MULTILINE)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
