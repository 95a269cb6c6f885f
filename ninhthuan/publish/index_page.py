"""The page that opens a report: every card in order, with its files; it loads nothing from outside."""

from __future__ import annotations

import html
import json
from pathlib import Path

from ..language import day, pick, quarter_name
from ..parameters import Parameters
from ..wording import label, province_name

STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 Roboto, "Segoe UI", "Liberation Sans", Arial, sans-serif; color: #1a1a1a; margin: 0 auto;
  max-width: 60rem; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 .5rem; padding-top: .75rem; border-top: 2px solid #12436D; }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
a { color: #12436D; }
p.lead, p.files, p.note { color: #595959; margin: .25rem 0; }
p.files, p.note { font-size: .875rem; }
nav ol { padding-left: 1.25rem; }
figure { margin: 1.75rem 0; }
figure img { width: 100%; max-width: 46rem; height: auto; display: block; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: .5rem 0; }
caption { text-align: left; padding-bottom: .4rem; }
th { text-align: left; border-top: 2px solid #1a1a1a; border-bottom: 1px solid #1a1a1a; padding: .3rem .8rem .3rem 0; }
td { border-bottom: 1px solid #e2e2e2; padding: .3rem .8rem .3rem 0; vertical-align: top; }
li { overflow-wrap: anywhere; }
.absent { background: #f4f4f4; padding: .6rem .9rem; }
"""


# The findings that open the page, in the order of the notebooks.
SUMMARY = {
    ("10_index_overview", "index_overview"),
    ("20_index_trend_papi", "rank_trend"),
    ("30_papi_dimensions", "group_heat"),
    ("30_papi_dimensions", "contributions"),
    ("40_workload", "channel_shares"),
    ("40_workload", "target_bullets"),
    ("50_peers", "rank_bump"),
    ("60_reform_tasks", "watch_strip"),
}


def read_cards(folder: Path, identity: str) -> dict[str, dict]:
    """Records of the cards that one run delivered, by card name."""
    records = {}
    for path in folder.glob(f"*/{identity}__*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        records[record["card"]] = record | {"folder": path.parent.name}
    return records


def _heading(notebook: Path, language: str) -> str:
    """The question a notebook asks: its first heading in the language."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and text.startswith("# "):
            tags = cell["metadata"].get("tags", [])
            if not tags or language in tags:
                return text.split("\n", 1)[0].removeprefix("# ")
    return notebook.stem


def _links(record: dict) -> str:
    links = []
    for suffix in ("png", "svg", "pdf", "csv"):
        for name in record["files"]:
            if name.endswith(f".{suffix}"):
                links.append(f'<a href="{record["folder"]}/{name}">{suffix.upper()}</a>')
    return " · ".join(links)


def _card(record: dict, language: str) -> str:
    text = {key: html.escape(str(record.get(key, ""))) for key in ("title", "subtitle", "note", "alt", "source")}
    if record["kind"] == "absent":
        return f'<p class="absent">{text["title"]}.</p>'
    if record["kind"] == "figure":
        png = next(name for name in record["files"] if name.endswith(".png"))
        return (
            f'<figure id="{html.escape(record["notebook"])}-{record["card"]}">'
            f'<img src="{record["folder"]}/{png}" alt="{text["alt"]}" loading="lazy">'
            f'<figcaption class="files"><p class="files">{_links(record)}</p></figcaption></figure>'
        )
    if record["kind"] == "table":
        head = "".join(f"<th scope='col'>{html.escape(column)}</th>" for column in record["table"]["columns"])
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>"
            for row in record["table"]["rows"]
        )
        under = " ".join(f"{label(k, language)}: {text[k]}." for k in ("note", "source") if text[k])
        under = under.replace("..", ".")
        return (
            f'<figure><div class="scroll"><table><caption><b>{text["title"]}</b><br>{text["subtitle"]}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
            f'<p class="note">{under}</p><p class="files">{_links(record)}</p></figure>'
        )
    sections = []
    for head, lines in record["sections"]:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        sections.append(f"<h3>{html.escape(head)}</h3><ul>{items}</ul>")
    return f"<details><summary>{text['title']}</summary>{''.join(sections)}</details>"


def write_index(folder: Path, request: Parameters, jobs: list) -> Path:
    """Write `index.html` of a report folder; jobs are the planned runs in order, with their promised cards."""
    language = request.language
    name = province_name(request.province.province_code, request.boundary, language)
    title = pick(
        f"{name}: chỉ số quản trị và công việc hành chính, {quarter_name(request.quarter, 'vi')}",
        f"{name}: governance indices and administrative work, {quarter_name(request.quarter, 'en')}",
        language,
    )
    lead = pick(
        f"Khối lượng công việc đến {day(request.quarter.last_day, 'vi')}; chỉ số của các kỳ công bố đến "
        f"{day(request.as_of, 'vi')} (một số con số của các kỳ đó đọc từ nguồn đăng sau ngày này, xem danh mục nguồn). "
        "Hình rộng 15,5 cm, đưa vào Word ở tỷ lệ 100%.",
        f"Workload up to {day(request.quarter.last_day, 'en')}; editions of the indices out by "
        f"{day(request.as_of, 'en')} (some of their figures are read from later pages, see the lists of sources). "
        "Figures are 15.5 cm wide, for Word at 100%.",
        language,
    )
    contents, body, summary = [], [], []
    for job in jobs:
        notebook = folder / "notebooks" / f"{job.name}__{request.quarter}.ipynb"
        question = html.escape(_heading(notebook, language))
        if job.index_id:
            question = f"{job.index_name}: {question}"
        contents.append(f'<li><a href="#{job.name}">{question}</a></li>')
        records = read_cards(folder, job.name)
        cards = "".join(_card(records[card], language) for card in job.cards)
        summary += [
            f"<li>{html.escape(records[card]['title'])}.</li>"
            for card in job.cards
            if (job.name, card) in SUMMARY and records[card]["kind"] != "absent"
        ]
        link = pick("sổ tay đã chạy", "executed notebook", language)
        body.append(
            f'<section id="{job.name}"><h2>{question}</h2>'
            f'<p class="files"><a href="notebooks/{notebook.name}">{notebook.name}</a> ({link})</p>{cards}</section>'
        )
    page = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE}</style></head><body>"
        f'<h1>{html.escape(title)}</h1><p class="lead">{html.escape(lead)}</p>'
        f"<h3>{pick('Tóm tắt', 'Summary', language)}</h3><ul>{''.join(summary)}</ul>"
        f"<nav><ol>{''.join(contents)}</ol></nav>{''.join(body)}"
        f'<p class="files"><a href="run.json">run.json</a></p></body></html>\n'
    )
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8", newline="\n")
    return path
