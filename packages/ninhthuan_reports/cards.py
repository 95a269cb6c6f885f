"""Cards: the one exit door. A figure or table leaves with its title, source, note, alternative text and data.

A notebook opens a `Report` with its parameters and asks it for cards. Each is shown in the notebook (the
picture shown is the file's own bytes, drawn once) and, when the report has an output folder, written there
as `<notebook>__<card>__<quarter>` in PNG, SVG, PDF, CSV and JSON.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from IPython.display import HTML, Image, Markdown, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from PIL import Image as Picture
from PIL.PngImagePlugin import PngInfo

from ninhthuan import reading, showing
from ninhthuan.catalogue import catalogue
from ninhthuan.contradictions import discrepancies
from ninhthuan.datasets import load_index
from ninhthuan.language import day, label, listing, quarter_name
from ninhthuan.words import two_languages

from . import charts, findings, style, tables
from .findings import Caption, Nothing
from .parameters import check_parameters
from .summaries import what_is_missing
from .wording import Context, index_name, publisher_name, sentence, together

TABLE_CSS = (
    "border-collapse:collapse;font-size:0.92em;text-align:left",
    "border-top:1.5px solid #1a1a1a;border-bottom:1px solid #1a1a1a;padding:3px 10px 3px 0;text-align:left",
    "border-bottom:1px solid #e2e2e2;padding:3px 10px 3px 0;text-align:left;vertical-align:top",
)


EDGE_CM = 0.05
SHOWN_PX = 744  # width of a figure in a notebook
WORDS = "words"  # what of a figure is not its plot
DPI = 300
COLOURS = 48  # of a picture: more are not told apart, and make it larger


FOLDERS = {"figure": "figures", "table": "tables", "absent": "notes", "text": "notes"}


def sha256(content: bytes) -> str:
    """Hash of some bytes, as records write it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Report:
    """One notebook's report: its checked parameters, and the cards made so far.

    Parameters are those of every notebook (see `parameters.check_parameters`, which refuses wrong ones with
    all faults at once). An empty output_dir shows cards without writing them.
    """

    def __init__(
        self,
        notebook: str,
        *,
        quarter: str,
        province_code: str,
        language: str,
        as_of: str = "",
        output_dir: str = "",
        index_id: str = "",
    ):
        self.parameters = check_parameters(
            {
                "quarter": quarter,
                "as_of": as_of,
                "province_code": province_code,
                "language": language,
                "output_dir": output_dir,
                "index_id": index_id,
            }
        )
        style.apply()
        showing.in_notebooks(language)
        mpl.rcParams["text.language"] = language
        self.name = f"{notebook}_{index_id}" if index_id else notebook
        self.quarter, self.as_of = self.parameters.quarter, self.parameters.as_of
        self.as_of_before = self.quarter.previous.closing_day
        self.boundary = self.parameters.boundary
        self.context = Context(self.parameters.province, language)
        self.sources: set[str] = set()
        self.components: set[tuple[str, int, int]] = set()
        self._show(Markdown(self._heading()))

    def _show(self, thing) -> None:
        """Show something in the notebook; the explorer shows it elsewhere."""
        display(thing)

    def _heading(self) -> str:
        ctx = self.context
        scope = ctx.phrase(
            "cards.indices_known",
            province=ctx.name,
            quarter_name=(quarter_name(self.quarter, "vi"), quarter_name(self.quarter, "en")),
            as_of=(day(self.as_of, "vi"), day(self.as_of, "en")),
        )
        if self.boundary == "post_2025":
            former = [catalogue().provinces[("pre_2025", code)].name for code in ctx.province.predecessor_codes]
            scope += ctx.phrase("cards.formed_1_july_2025_not", listing=(listing(former, "vi"), listing(former, "en")))
        return scope

    # ------------------------------------------------------------------------------------------------- what it knows

    def ask(self, function: Callable, /, *given, **more):
        """A function of the figures, given what this report knows: its province, day, quarter and list of provinces.

        What the function takes by these names and is not given is put in: `province_code`, `boundary`, `as_of`,
        `as_of_before`, `until` and `quarter`, and `sources="strict"`, so that nothing is known before its day.

            history = report.ask(summaries.total_history, "papi")
            workload = report.ask(nt.load_workload)
        """
        known = {
            "province_code": self.context.province.province_code,
            "boundary": self.boundary,
            "as_of": self.as_of,
            "as_of_before": self.as_of_before,
            "until": self.quarter,
            "quarter": self.quarter,
            "sources": "strict",
        }
        takes = inspect.signature(function)
        given = takes.bind_partial(*given, **more).arguments
        return function(**{name: known[name] for name in takes.parameters if name in known} | given)

    def index(self, index_id: str) -> pd.DataFrame:
        """Scores, ranks and groups of an index, as the report knows them (see `ninhthuan.load_index`)."""
        return self.ask(load_index, index_id)

    # ------------------------------------------------------------------------------------------------------- cards

    def figure(
        self,
        card: str,
        frame: pd.DataFrame,
        *,
        part: str = "",
        title: str = "",
        claim: Callable[[pd.DataFrame], bool] | None = None,
        **extra,
    ) -> None:
        """Draw `charts.<card>` of a frame, with the finding of the same name, and deliver it.

        part: a word that tells one of several figures of a kind from the others, as in `<card>_<part>`. title: a
        finding of your own in place of the one that is made, with `claim`, the test of the frame that makes it true.
        Raises FalseFinding where a title does not hold of the frame.
        """
        name = f"{card}_{part}" if part else card
        caption = self._caption(card, frame, title, claim, name)
        if caption is None:
            return
        draw = getattr(charts, card)
        source = self._source_line(frame)
        figure, area = _frame(caption, source, draw.height_cm(frame), self.context)
        drawn = draw(frame, area, self.context, **extra)
        if not any(axes.lines or axes.patches or axes.collections or axes.images for axes in drawn):
            raise ValueError(f"the figure is blank: {caption.title}")
        files = _render(figure, caption, self.context.language)
        shown = files.pop("shown")
        self._deliver(name, "figure", frame, caption, source, files, size_mm=area.size_mm, plot=area.rows)
        self._show(Image(data=shown, width=SHOWN_PX, alt=caption.alt))

    def table(
        self,
        card: str,
        frame: pd.DataFrame,
        *,
        title: str = "",
        claim: Callable[[pd.DataFrame], bool] | None = None,
    ) -> None:
        """Set `tables.<card>` of a frame, with the finding of the same name, and deliver it; title as for `figure`."""
        caption = self._caption(card, frame, title, claim, card)
        if caption is None:
            return
        text = getattr(tables, card)(frame, self.context)
        source = self._source_line(frame)
        html = table_html(text, caption, source, self.context.language)
        shown = {"columns": list(text.columns), "rows": text.to_numpy().tolist()}
        self._deliver(card, "table", frame, caption, source, {}, table=shown)
        self._show(HTML(html))

    def _caption(self, card: str, frame: pd.DataFrame, title: str, claim: Callable | None, name: str) -> Caption | None:
        """The words of a card, which hold of its frame; where there is nothing, that is delivered and None returned.

        name: under which it is delivered.
        """
        if not hasattr(findings, card):
            raise ValueError(two_languages("cards.no_finding", card=card))
        try:
            caption = getattr(findings, card)(frame, self.context)
        except Nothing as reason:
            self._absent(name, str(reason))
            return None
        if title or claim is not None:
            caption = findings.entitled(caption, title, claim)
        caption.check(frame)
        return caption

    def _absent(self, card: str, reason: str) -> None:
        """Say that there is nothing; the card is delivered as a statement, so that its absence is a fact."""
        self._write(
            card,
            {"kind": "absent", "title": reason, "subtitle": "", "note": "", "alt": "", "source": "", "files": {}},
            {},
        )
        self._show(Markdown(f"*{reason}.*"))

    def _deliver(self, card, kind, frame, caption, source, files, **more) -> None:
        self.sources |= _source_ids(frame)
        if "component_id" in frame and "edition_year" in frame:
            for component_id, rows in frame.dropna(subset="edition_year").groupby("component_id"):
                self.components.add((component_id, int(rows["edition_year"].min()), int(rows["edition_year"].max())))
        data = frame.drop(columns=[c for c in ("known_from", "segment", "complete", "said") if c in frame])
        files = {**files, "csv": data.to_csv(index=False, lineterminator="\n").encode("utf-8")}
        record = {
            "kind": kind,
            "title": caption.title,
            "subtitle": caption.subtitle,
            "finding": [claim.says for claim in caption.claims],
            "note": caption.note,
            "alt": caption.alt,
            "source": source,
            "n": len(frame),
            "source_ids": sorted(_source_ids(frame)),
            "columns": [{"name": name, "type": _type(data[name])} for name in data],
            **({"working": True} if caption.working else {}),
            **more,
        }
        self._write(card, record, files)

    def _write(self, card: str, record: dict, files: dict[str, bytes]) -> None:
        if not self.parameters.output_dir:
            return
        folder = Path(self.parameters.output_dir) / FOLDERS[record["kind"]]
        folder.mkdir(parents=True, exist_ok=True)
        stem = f"{self.name}__{card}__{self.quarter}"
        for suffix, content in files.items():
            (folder / f"{stem}.{suffix}").write_bytes(content)
        record = {
            "card": card,
            "notebook": self.name,
            "quarter": str(self.quarter),
            "as_of": str(self.as_of),
            "province_code": self.context.province.province_code,
            "boundary": self.boundary,
            "language": self.context.language,
            **record,
            "reads": reading.seen(),
            "files": {f"{stem}.{suffix}": sha256(content) for suffix, content in files.items()},
        }
        (folder / f"{stem}.json").write_text(
            json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
        )

    def _source_line(self, frame: pd.DataFrame) -> str:
        """Publishers of the figures drawn; the full list of sources ends the notebook."""
        ctx, known = self.context, catalogue()
        ids = _source_ids(frame)
        # of an index without figures nothing is drawn
        used = _indices(frame[frame["source_id"].notna()] if "source_id" in frame else frame)
        published: dict[str, list[str]] = {}
        for index_id in [index_id for index_id in known.indices if index_id in used]:
            publisher = known.indices[index_id].publisher_on(self.as_of, ctx.language)
            published.setdefault(publisher, []).append(index_name(index_id))
        parts = [f"{publisher} ({', '.join(names)})" for publisher, names in published.items()]
        if not parts:
            parts = list(dict.fromkeys(publisher_name(source_id, ctx.language) for source_id in sorted(ids)))
        elif any(known.sources[s].kind in ("newspaper", "official_portal", "secondary") for s in ids):
            parts.append(ctx.phrase("cards.part_portals_press_see_list"))
        elif any(known.sources[s].kind == "publisher_table_copy" for s in ids):
            parts.append(ctx.phrase("cards.read_transcription_publisher_s_tables"))
        return "; ".join(parts)

    # ------------------------------------------------------------------------------------------------------- ending

    def closing(self) -> None:
        """End the notebook: what is missing, what to mind, which sources; all generated."""
        ctx = self.context
        # of what this notebook rests on, and nothing else
        read = {Path(name.partition("?")[0]) for name in reading.seen()}
        subjects = {path.stem for path in read if path.parent.name == "indicators"} & set(catalogue().indices)
        subjects |= {"workload" for path in read if path.parent.name == "workload"}
        gaps, found = (self.ask(function, subjects=subjects) for function in (what_is_missing, discrepancies))
        missing = findings.missing_lines(gaps, ctx)
        caveats = findings.caveat_lines(self.components, found, ctx)
        sources = findings.source_lines(self.sources, ctx)
        heads = (
            (ctx.phrase("cards.what_missing"), missing),
            (ctx.phrase("cards.caveats"), caveats),
            (ctx.phrase("cards.sources"), sources),
        )
        text = "\n\n".join(f"## {head}\n\n" + "\n".join(f"- {line}" for line in lines) for head, lines in heads)
        self._write(
            "closing",
            {
                "kind": "text",
                "title": ctx.phrase("cards.missing_caveats_sources"),
                "sections": [[h, lines] for h, lines in heads],
                "source_ids": sorted(self.sources),
            },
            {},
        )
        self._show(Markdown(text))


def _type(column: pd.Series) -> str:
    """What a column of the CSV holds: text, integer, number, boolean or date."""
    kinds = pd.api.types
    if kinds.is_bool_dtype(column):
        return "boolean"
    if kinds.is_integer_dtype(column):
        return "integer"
    if kinds.is_numeric_dtype(column):
        return "number"
    held = column.dropna()
    return "date" if kinds.is_datetime64_any_dtype(column) or _all_days(held) else "text"


def _all_days(held: pd.Series) -> bool:
    return len(held) > 0 and held.map(lambda value: isinstance(value, date)).all()


def _source_ids(frame: pd.DataFrame) -> set[str]:
    columns = [c for c in ("source_id", "rank_source_id", "previous_source_id") if c in frame]
    return {part for c in columns for cell in frame[c].dropna() for part in str(cell).split()}


def _indices(frame: pd.DataFrame) -> set[str]:
    if "index_id" in frame:
        return set(frame["index_id"].dropna())
    if "index_a" in frame:
        return {*frame["index_a"], *frame["index_b"]}
    names = frame.get("component_id", frame.get("indicator", []))
    return {i for name in names for i in catalogue().indices if str(name).startswith(f"{i}_")}


# ------------------------------------------------------------------------------------------------------- the picture


def _frame(caption: Caption, source: str, plot_cm: float, ctx: Context) -> tuple[Figure, _PlotArea]:
    """A figure with title and subtitle above and notes and source under a plot so high, all as high as it needs."""
    width = style.WIDTH_CM
    title = style.wrap(together(caption.title), style.TITLE, width - 2 * EDGE_CM, "bold", balanced=True)
    subtitle = style.wrap(together(caption.subtitle), style.SUBTITLE, width - 2 * EDGE_CM)
    notes = []
    for word_, body in (("note", caption.note), ("source", source)):
        if body:
            notes += style.wrap(together(f"{label(word_, ctx.language)}: {body}"), style.SMALL, width - 2 * EDGE_CM)
    point = 2.54 / 72
    title_lead, subtitle_lead, note_lead = style.TITLE * 1.28, style.SUBTITLE * 1.32, style.SMALL * 1.32
    head = (len(title) * title_lead + 2 + len(subtitle) * subtitle_lead + 6) * point
    foot = (len(notes) * note_lead + 8) * point
    height = head + plot_cm + foot
    figure = Figure(figsize=(width * style.CM, height * style.CM))
    FigureCanvasAgg(figure)

    def lines(texts: list[str], top_cm: float, lead: float, **look) -> None:
        for place, text in enumerate(texts):
            # a fixed baseline per line, so that tall diacritics do not push lines about
            y = 1 - (top_cm + (place + 0.78) * lead * point) / height
            figure.text(EDGE_CM / width, y, text, va="baseline", gid=f"{WORDS}{top_cm:.2f}-{place}", **look)

    area = _PlotArea(figure, width, plot_cm, head, height)
    lines(title, 0, title_lead, fontsize=style.TITLE, weight="bold", color=style.INK)
    lines(subtitle, (len(title) * title_lead + 2) * point, subtitle_lead, fontsize=style.SUBTITLE, color=style.SOFT)
    rule = (foot - 2 * point) / height
    figure.add_artist(mpl.lines.Line2D([0, 1], [rule, rule], color=style.RULE, lw=0.6, gid=f"{WORDS}-rule"))
    lines(notes, head + plot_cm + 5 * point, note_lead, fontsize=style.SMALL, color=style.SOFT)
    return figure, area


class _PlotArea(style.Area):
    """The plot's rectangle inside a figure that also carries words."""

    def __init__(self, figure, width, plot_cm, head, height):
        # half a millimetre inside the edge, so that no stroke is cut
        super().__init__(figure, width - 2 * EDGE_CM, plot_cm)
        self._head, self._total, self._width = head, height, width
        per_mm = DPI / 25.4
        self.size_mm = [round(width * 10, 2), round(height * 10, 2)]
        # rows of the picture that the plot fills: what is above and below are words
        self.rows = [round(head * 10 * per_mm), round((head + plot_cm) * 10 * per_mm)]

    def axes(self, left: float, top: float, right: float, bottom: float, **options):
        axes = self.figure.add_axes(
            (
                (left + EDGE_CM) / self._width,
                1 - (self._head + bottom) / self._total,
                (right - left) / self._width,
                (bottom - top) / self._total,
            ),
            **options,
        )
        # no axis has a label: with a place of its own, none is sought by measuring every number at the axis again
        axes.xaxis.set_label_coords(0.5, 0)
        axes.yaxis.set_label_coords(0, 0.5)
        return axes


def _with_palette(pixels: np.ndarray, most: int = COLOURS) -> Picture.Image:
    """A picture of few colours: nearly every pixel exactly as it is, the rarest ones as the nearest of those.

    pixels: (height, width, 4) bytes, opacity full. Pillow's own `quantize` averages colours, at eight times the cost.
    """
    height, width, _ = pixels.shape
    plain = Picture.frombytes("RGB", (width, height), pixels.tobytes(), "raw", "RGBX")
    counted = sorted(plain.getcolors(height * width), key=lambda pair: (-pair[0], pair[1]))
    colours = np.array([colour for _, colour in counted], dtype=np.int32)
    palette = colours[: most * 3 // 4]
    distances = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    while distances.shape[1] < min(most, len(colours)):
        # then whichever is worst off with those chosen so far
        worst = colours[distances.min(axis=1).argmax()]
        palette = np.vstack([palette, worst])
        distances = np.column_stack([distances, ((colours - worst) ** 2).sum(axis=1)])
    # one look per pixel, by its colour as a number
    places = np.zeros(1 << 24, dtype=np.uint8)
    places[colours @ np.array([1, 1 << 8, 1 << 16])] = distances.argmin(axis=1)
    numbers = np.ascontiguousarray(pixels).view("<u4")[..., 0] & 0xFFFFFF
    picture = Picture.fromarray(places[numbers])
    picture.putpalette(palette.astype(np.uint8).tobytes())
    return picture


def _render(figure: Figure, caption: Caption, language: str) -> dict[str, bytes]:
    """PNG, SVG and PDF of a figure, and `shown`, a smaller PNG: the same bytes for the same figure."""
    files = {}
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(DPI)
    canvas.draw()
    picture = _with_palette(np.asarray(canvas.buffer_rgba()))
    if len(picture.getcolors() or []) < 3:
        raise ValueError(f"the figure is blank: {caption.title}")
    info = PngInfo()
    info.add_itxt("Title", caption.title, language)
    info.add_itxt("Description", caption.alt, language)
    buffer = io.BytesIO()
    picture.save(buffer, "png", compress_level=8, dpi=(DPI, DPI), pnginfo=info)
    files["png"] = buffer.getvalue()
    # as many pixels as it is shown with: notebooks hold a copy of every figure and are to stay small
    across = min(picture.width, round(SHOWN_PX * figure.get_figwidth() / (style.WIDTH_CM * style.CM)))
    size = (across, round(picture.height * across / picture.width))
    smaller = picture.convert("RGBA").resize(size, Picture.Resampling.LANCZOS, reducing_gap=2.0)
    buffer = io.BytesIO()
    _with_palette(np.asarray(smaller), 32).save(buffer, "png", compress_level=9)
    files["shown"] = buffer.getvalue()
    figure.set_dpi(72)
    buffer = io.BytesIO()
    FigureCanvasSVG(figure).print_svg(
        buffer,
        metadata={"Title": caption.title, "Language": language, "Date": None, "Creator": None},
    )
    svg = buffer.getvalue().decode("utf-8")
    # a description that assistive software reads, after the title
    words = f"<desc>{_escape(caption.alt)}</desc>"
    svg = re.sub(r"(<svg\b[^>]*)>", lambda found: f'{found[1]} role="img">', svg, count=1)
    svg = re.sub(r"<metadata>.*?</metadata>", lambda found: words, svg, count=1, flags=re.DOTALL)
    files["svg"] = _lean(svg).encode("utf-8")
    buffer = io.BytesIO()
    FigureCanvasPdf(figure).print_pdf(
        buffer,
        metadata={
            "Title": caption.title,
            "Subject": caption.alt,
            "CreationDate": None,
            "Creator": None,
            "Producer": None,
        },
    )
    files["pdf"] = buffer.getvalue()
    return files


def _lean(svg: str) -> str:
    """An SVG of half the size: no indents, coordinates to a hundredth of a point, short names of letters."""
    names: dict[str, str] = {}

    def short(found: re.Match) -> str:
        return found[1] + names.setdefault(found[2], f"l{len(names):x}") + '"'

    def rounded_(found: re.Match) -> str:
        return found[0] if found[0].startswith("scale") else f"{float(found[0]):.2f}".rstrip("0").rstrip(".")

    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'(<path id="|xlink:href="#)(Roboto-[^"]+)"', short, svg)
    svg = re.sub(r' transform="translate\((-?[\d.]+) (-?[\d.]+)\)"/>', r' x="\1" y="\2"/>', svg).replace(
        ' y="0"/>', "/>"
    )
    # names are needed for words alone, and for what is drawn by reference
    svg = re.sub(r'<g id="(?!words)[^"]*"', "<g", svg)
    svg = re.sub(r'(xlink:href="#l[0-9a-f]+" x=")(-?[\d.]+)', lambda found: f"{found[1]}{float(found[2]):.0f}", svg)
    # what is a factor stays exact
    svg = re.sub(r"scale\([^)]*\)|-?\d+\.\d{3,}", rounded_, svg)
    svg = re.sub(r"\s*\n\s*", "\n", svg)
    return re.sub(r"(?<=[\d\"])\n?([MLQC]) (?=-?\d)|\n(?=z)", r"\1", svg)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table_html(text: pd.DataFrame, caption: Caption, source: str, language: str) -> str:
    """A table for the notebook: caption above, rules, note and source under it; nothing from outside."""
    head = "".join(f'<th style="{TABLE_CSS[1]}">{_escape(c)}</th>' for c in text.columns)
    body = "".join(
        "<tr>" + "".join(f'<td style="{TABLE_CSS[2]}">{_escape(str(v))}</td>' for v in row) + "</tr>"
        for row in text.to_numpy().tolist()
    )
    under = " ".join(
        f"{label(k, language)}: {_escape(sentence(v))}" for k, v in (("note", caption.note), ("source", source)) if v
    )
    return (
        f'<table style="{TABLE_CSS[0]}"><caption style="text-align:left;color:inherit;padding-bottom:6px">'
        f"<b>{_escape(caption.title)}</b><br>"
        f"{_escape(caption.subtitle)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<p style="font-size:0.85em;color:#595959">{under}</p>'
    )
