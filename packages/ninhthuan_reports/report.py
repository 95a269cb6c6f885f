"""Cards: the one exit door. A figure or table leaves with its title, source, note, alternative text and data.

A notebook opens a `Report` with its parameters and asks it for cards. Each is shown in the notebook (the
picture shown is the file's own bytes, drawn once) and, when the report has an output folder, written there
as `<notebook>__<card>__<quarter>` in PNG, SVG, PDF, CSV and JSON.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType

import matplotlib as mpl
import pandas as pd
from IPython.display import HTML, Image, Markdown, display
from matplotlib.figure import Figure

from figure_cards import rendering, style
from figure_cards.captions import Caption, Nothing, entitled
from ninhthuan import reading, showing
from ninhthuan.catalogue import catalogue
from ninhthuan.contradictions import discrepancies
from ninhthuan.indicators import load_index
from ninhthuan.language import day, label, listing, quarter_name
from notebook_batch.inputs import digest

from . import cards, closing, tables
from .parameters import check_parameters
from .summaries import what_is_missing
from .wording import Context, index_name, publisher_name, sentence, together

# columns for those who work with the frames: codes are named, in the reader's language, by what is made of the CSV
NOT_KEPT = ("known_from", "segment", "complete", "said", "province_en", "component", "component_en")
FOLDERS = {"figure": "figures", "table": "tables", "prose": "notes", "absent": "notes", "text": "notes"}


def _notes(caption: Caption, source: str, ctx: Context) -> list[tuple[str, str]]:
    """The notes under a card, each with its head; empty ones are left out."""
    return [(label(key, ctx.language), body) for key, body in (("note", caption.note), ("source", source)) if body]


def framed(caption: Caption, source: str, plot_cm: float, ctx: Context):
    """The figure of a caption and its area to draw in (`rendering.framed`); no line ends within a province's name."""
    notes = [together(f"{head}: {body}") for head, body in _notes(caption, source, ctx)]
    return rendering.framed(together(caption.title), together(caption.subtitle), notes, plot_cm)


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
        self.province_code = self.parameters.province.province_code
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
        card: str | ModuleType,
        frame: pd.DataFrame,
        *,
        part: str = "",
        title: str = "",
        claim: Callable[[pd.DataFrame], bool] | None = None,
        **extra,
    ) -> None:
        """Draw a card of a frame, and deliver it with its caption.

        card: its name, or a module of your own with `caption` and `draw` (see `cards`), to try it before it has a home.
        part: a word that tells one of several figures of a kind from the others, as in `<card>_<part>`. title: a
        finding of your own in place of the one that is made, with `claim`, the test of the frame that makes it true.
        Raises FalseFinding where a title does not hold of the frame.
        """
        card = cards.card(card)
        name = f"{cards.name_of(card)}_{part}" if part else cards.name_of(card)
        caption = self._caption(card, frame, title, claim, name)
        if caption is None:
            return
        draw = card.draw
        source = self._source_line(frame)
        figure, area = framed(caption, source, draw.height_cm(frame), self.context)
        drawn = draw(frame, area, self.context, **extra)
        if not any(axes.lines or axes.patches or axes.collections or axes.images for axes in drawn):
            raise ValueError(f"the figure is blank: {caption.title}")
        files = self._render(figure, caption)
        shown = files.pop("shown")
        self._deliver(name, "figure", frame, caption, source, files, size_mm=area.size_mm, plot=area.rows)
        self._show(Image(data=shown, width=rendering.SHOWN_PX, alt=caption.alt))

    def _render(self, figure: Figure, caption: Caption) -> dict[str, bytes]:
        """The files of a picture by suffix, and `shown`, the one for the notebook."""
        return rendering.render(figure, caption, self.context.language)

    def table(
        self,
        card: str | ModuleType,
        frame: pd.DataFrame,
        *,
        title: str = "",
        claim: Callable[[pd.DataFrame], bool] | None = None,
    ) -> None:
        """Set a card that is a table, and deliver it with its caption; title as for `figure`."""
        card = cards.card(card)
        caption = self._caption(card, frame, title, claim, cards.name_of(card))
        if caption is None:
            return
        text = card.table(frame, self.context)
        source = self._source_line(frame)
        html = rendering.table_html(
            text, caption, [f"{head}: {sentence(body)}" for head, body in _notes(caption, source, self.context)]
        )
        shown = {"columns": list(text.columns), "rows": text.to_numpy().tolist()}
        self._deliver(cards.name_of(card), "table", frame, caption, source, {}, table=shown)
        self._show(HTML(html))

    def prose(self, card: str | ModuleType, frame: pd.DataFrame) -> None:
        """Sentences of a card, each of them tested on the frame, under the heads that it gives them."""
        card = cards.card(card)
        caption = self._caption(card, frame, "", None, cards.name_of(card))
        if caption is None:
            return
        sections = card.text(frame, self.context)
        self._deliver(cards.name_of(card), "prose", frame, caption, self._source_line(frame), {}, sections=sections)
        self._show(Markdown("\n\n".join(f"**{head}.** {' '.join(lines)}" for head, lines in sections)))

    def _caption(
        self, card: ModuleType, frame: pd.DataFrame, title: str, claim: Callable | None, name: str
    ) -> Caption | None:
        """The words of a card, which hold of its frame; where there is nothing, that is delivered and None returned.

        name: under which it is delivered.
        """
        try:
            caption = card.caption(frame, self.context)
        except Nothing as reason:
            self._absent(name, str(reason))
            return None
        if title or claim is not None:
            caption = entitled(caption, title, claim)
        caption.check(frame)
        return caption

    def _absent(self, card: str, reason: str) -> None:
        """Deliver a statement that there is nothing, so that a missing card is always a failure."""
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
        data = tables.written_out(frame, self.context).drop(columns=[c for c in NOT_KEPT if c in frame])
        files = {**files, "csv": data.to_csv(index=False, lineterminator="\n").encode("utf-8")}
        record = {
            "kind": kind,
            "title": caption.title,
            "subtitle": caption.subtitle,
            "finding": [claim.says for claim in caption.claims],
            "note": caption.note,
            "alt": caption.alt,
            "numbers": [f"{sentence(text).removesuffix('.')}." for text in caption.numbers],
            "source": source,
            "publishers": self._published_by(frame)[0],
            "n": len(frame),
            "source_ids": sorted(_source_ids(frame)),
            "columns": [{"name": name, "type": _type(data[name])} for name in data],
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
            "files": {f"{stem}.{suffix}": digest(content) for suffix, content in files.items()},
        }
        (folder / f"{stem}.json").write_text(
            json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
        )

    def _published_by(self, frame: pd.DataFrame) -> tuple[list[str], str]:
        """Publishers of the figures drawn, and how these were read where that is to be said."""
        ctx, known = self.context, catalogue()
        ids = sorted(_source_ids(frame))
        # of an index without figures nothing is drawn
        used = _indices(frame[frame["source_id"].notna()] if "source_id" in frame else frame)
        published: dict[str, list[str]] = {}
        for index_id in [index_id for index_id in known.indices if index_id in used]:
            publisher = known.indices[index_id].publisher_on(self.as_of, ctx.language)
            published.setdefault(publisher, []).append(index_name(index_id))
        if not published:
            return list(dict.fromkeys(publisher_name(source_id, ctx.language) for source_id in ids)), ""
        kinds, read = {known.sources[source_id].kind for source_id in ids}, ""
        if kinds & {"newspaper", "official_portal", "secondary"}:
            read = ctx.phrase("cards.part_portals_press_see_list")
        elif "publisher_table_copy" in kinds:
            read = ctx.phrase("cards.read_transcription_publisher_s_tables")
        return [f"{publisher} ({', '.join(names)})" for publisher, names in published.items()], read

    def _source_line(self, frame: pd.DataFrame) -> str:
        """Publishers, and how figures were read; the full list of sources ends the notebook."""
        publishers, read = self._published_by(frame)
        return "; ".join(filter(None, [*publishers, read]))

    # ------------------------------------------------------------------------------------------------------- ending

    def closing(self) -> None:
        """End the notebook: missing data, caveats and sources, all generated."""
        ctx = self.context
        # of what this notebook rests on, and nothing else
        read = {Path(name.partition("?")[0]) for name in reading.seen()}
        subjects = {path.stem for path in read if path.parent.name == "indicators"} & set(catalogue().indices)
        subjects |= {"workload" for path in read if path.parent.name == "workload"}
        gaps, found = (self.ask(function, subjects=subjects) for function in (what_is_missing, discrepancies))
        missing = closing.missing_lines(gaps, ctx)
        caveats = closing.caveats_of(self.components, ctx)
        sources = closing.sources_used(self.sources, ctx.language)
        heads = closing.sections(
            missing,
            [caveat["text"] for caveat in caveats] + closing.contradiction_lines(found, ctx),
            [closing.source_line(source) for source in sources],
            ctx.language,
        )
        text = "\n\n".join(f"## {head}\n\n" + "\n".join(f"- {line}" for line in lines) for head, lines in heads)
        self._write(
            "closing",
            {
                "kind": "text",
                "title": ctx.phrase("cards.missing_caveats_sources"),
                "sections": heads,
                "missing": missing,
                "caveats": caveats,
                "sources": sources,
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
    values = column.dropna()
    return "date" if kinds.is_datetime64_any_dtype(column) or _all_days(values) else "text"


def _all_days(values: pd.Series) -> bool:
    return len(values) > 0 and values.map(lambda value: isinstance(value, date)).all()


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
