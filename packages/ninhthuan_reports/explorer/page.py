"""HTML of the explorer: the figure, the table that sorts and filters, and the sources below."""

from __future__ import annotations

import base64
import html
import re

import pandas as pd
from itables.javascript import generate_init_offline_itables_html, opt, to_html_datatable

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label
from ninhthuan.numbers import number
from ninhthuan.words import phrase

from ..publish.columns import column
from ..wording import province_name
from .choices import Choice
from .screen import Screen

# Texts of DataTables, which makes the table, by its own names for them.
TABLE_WORDS = {
    "search": "explorer.search",
    "info": "explorer.rows_start_end_total",
    "infoEmpty": "explorer.no_rows",
    "infoFiltered": "explorer.max",
    "lengthMenu": "explorer.menu_rows_page",
    "zeroRecords": "explorer.no_matching_rows",
    "emptyTable": "explorer.no_rows",
}
TABLE_ARIA = {
    "orderable": "explorer.activate_sort",
    "orderableReverse": "explorer.activate_invert_sorting",
    "orderableRemove": "explorer.activate_remove_sorting",
}
TABLE_PAGES = {
    "first": "explorer.first_page",
    "previous": "explorer.previous_page",
    "next": "explorer.next_page",
    "last": "explorer.last_page",
}


def table_html(rows: pd.DataFrame, choice: Choice) -> str:
    """The table of a choice as HTML that sorts and filters; `library_html` must stand on the same page."""
    language = choice.language

    def named(codes: pd.Series) -> list[str]:
        return [label(code, language) if isinstance(code, str) and code else "" for code in codes]

    def said(keys: dict[str, str]) -> dict:
        return {name: phrase(key, language) for name, key in keys.items()}

    shown = pd.DataFrame(
        {
            "province": [province_name(code, choice.boundary, language) for code in rows["province_code"]],
            "edition_year": rows["edition_year"],
            "score": rows["score"].astype("Float64"),
            "rank": rows["rank"].astype("Int64"),
            "n_ranked": rows["n_ranked"],
            "group_derived": named(rows["group_derived"]),
            "missing": named(rows["missing"]),
        }
    )
    shown.columns = [column(name, language, "", rows.to_dict("list")).heading for name in shown]
    decimals = catalogue().indices[choice.index_id].decimals
    with pd.option_context("display.float_format", lambda value: number(value, decimals, language)):
        table = to_html_datatable(
            shown,
            connected=False,
            showIndex=False,
            maxBytes=0,
            pageLength=10,
            classes="display compact",
            style="table-layout:auto;width:100%;margin:0",
            columnDefs=[{"className": "dt-left", "targets": [0, 5, 6]}],
            column_filters="footer",
            text_in_header_can_be_selected=False,  # the whole head sorts, not its small sign alone
            language=said(TABLE_WORDS) | {"aria": said(TABLE_ARIA) | {"paginate": said(TABLE_PAGES)}},
            display_logo_when_loading=False,
        )
    # a missing figure is an empty cell; the column beside it says why
    return table.replace(r"\"<NA>\"", "null").replace("&lt;NA&gt;", "").replace("<NA>", "")


def library_html() -> str:
    """The script and the style of tables, from the installed package and not from a network."""
    return generate_init_offline_itables_html(opt.dt_bundle)


def figure_html(drawn: Screen, language: str) -> str:
    """The picture of a card, or what it says where there is nothing to draw."""
    record = drawn.record
    if not drawn.picture:
        return f'<div class="nt-fault" lang="{language}">{html.escape(record["title"])}.</div>'
    data = base64.b64encode(drawn.picture).decode()
    words = f'lang="{language}" alt="{html.escape(record["alt"])}" title="{html.escape(record["title"])}"'
    return f'<img class="nt-figure" {words} src="data:image/png;base64,{data}">'


def closing_html(drawn: Screen) -> str:
    """The end of a notebook for one card: sources, how figures are known, what is missing."""
    parts = []
    for head, lines in drawn.made["closing"][0]["sections"]:
        items = "".join(f"<li>{_linked(html.escape(line))}</li>" for line in lines)
        parts.append(f'<div class="nt-head">{html.escape(head)}</div><ul>{items}</ul>')
    return f'<div class="nt-closing">{"".join(parts)}</div>'


def _linked(text: str) -> str:
    """Addresses in `<...>`, as Markdown has them, as links."""
    return re.sub(r"&lt;(https?://[^\s<>]+?)&gt;", r'<a href="\1" target="_blank" rel="noopener">\1</a>', text)


def faults_html(heading: str, lines: list[str], language: str) -> str:
    """Why a choice cannot be shown."""
    items = "".join(f"<li>{html.escape(line)}.</li>" for line in lines)
    return f'<div class="nt-fault" role="alert" lang="{language}">{heading}:<ul>{items}</ul></div>'
