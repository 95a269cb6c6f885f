"""The end of a notebook: missing data, caveats, sources."""

from __future__ import annotations

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label, listing, quarter_name
from ninhthuan.words import phrase

from . import phrases
from .wording import Context, index_name, lower_first, province_name, published_when, publisher_name, year_spans


def missing_lines(gaps: pd.DataFrame, ctx: Context) -> list[str]:
    """What the report lacks, one sentence a gap (rows of `summaries.what_is_missing`)."""
    kinds = {
        "not_published": ctx.phrase("closing.not_published", province=ctx.name),
        "in_part": ctx.phrase("closing.published_in_part"),
        "not_surveyed": ctx.phrase("closing.not_surveyed", province=ctx.name),
        "not_collected": ctx.phrase("closing.published_but_not_among_figures"),
        "known_later": ctx.phrase("closing.no_source_by_closing", province=ctx.name),
        "blank": ctx.phrase("closing.blank_published_table"),
        "not_existing": phrases.no_edition(ctx),
    }
    lines = []
    never = gaps[gaps["kind"].eq("not_existing") & gaps["level"].ne("dimension") & gaps["years"].map(len).eq(0)]
    for row in gaps.drop(index=never.index[1:]).itertuples():
        if row.Index in never.index:  # all such indices in one line, where the first stands
            names = listing([index_name(subject) for subject in never["subject"]], ctx.language)
            lines.append(f"{names}: {kinds[row.kind]}.")
            continue
        if row.subject == "workload":
            quarters = listing([quarter_name(quarter, ctx.language) for quarter in row.years], ctx.language)
            if row.kind != "held":
                lines.append(ctx.phrase("closing.workload_no_figures_province", province=ctx.name))
            elif quarters:
                lines.append(ctx.phrase("closing.workload_figures_quarter_s_own", quarters=quarters))
            else:
                lines.append(ctx.phrase("closing.workload_no_figures_quarter_s"))
            continue
        if row.kind == "parts":
            (year,) = row.years
            names = "; ".join(phrases.names_of([part], ctx, year) for part in row.parts)
            text = ctx.phrase("closing.held", years=year, names=names)
            lines[-1] = lines[-1].removesuffix(".") + text
            continue
        name = index_name(row.subject) + ctx.phrase("closing.component_scores") * (row.level == "dimension")
        years = year_spans(row.years)
        lines.append(f"{name}: {years} – {kinds[row.kind]}." if years else f"{name}: {kinds[row.kind]}.")
    return lines


def caveats_of(components: set[tuple[str, int, int]], ctx: Context) -> list[dict]:
    """Breaks inside the years shown, by index and year, and the survey's error: `text`, and the `year` of a break or 0.

    components: (component_id, first edition, last edition) of everything shown.
    """
    known, notes, steps = catalogue(), {}, {}
    for component_id, first, last in sorted(components):
        for item in known.breaks_of(component_id):
            if not first < item.edition_year <= last:
                continue
            place = list(known.indices).index(item.index_id), item.edition_year
            name = f"{index_name(item.index_id)} {item.edition_year}"
            if item.severity == "suspected":
                steps.setdefault((*place, name), set()).add(item.component_id)
            else:
                note = ctx.pick(item.note, item.note_en)
                notes[note if note.startswith(name) else f"{name}: {note}"] = place
    for (*place, name), stepped in steps.items():
        # of a dimension and its sub-dimension the sub-dimension
        lowest = [part for part in sorted(stepped) if not any(other.startswith(f"{part}_") for other in stepped)]
        names = listing([phrases.names_of([part], ctx, place[1]) for part in lowest], ctx.language)
        notes[f"{name}: {ctx.phrase('closing.whole_country_moved', names=names)}"] = tuple(place)
    found = [{"year": place[1], "text": text} for text, place in sorted(notes.items(), key=lambda note: note[1])]
    if len(former := ctx.province.predecessor_codes) > 1:
        names = listing([province_name(code, "pre_2025", ctx.language) for code in former], ctx.language)
        found.append({"year": 0, "text": ctx.phrase("closing.merged", province=ctx.name, names=names)})
    if any(component_id.startswith("papi_") for component_id, *_ in components):
        found.append({"year": 0, "text": ctx.phrase("closing.papi_sample_survey_about_200")})
    return found


def contradiction_lines(found: pd.DataFrame, ctx: Context) -> list[str]:
    """How many contradictions are in the figures that one notebook uses, by kind (rows of `discrepancies`)."""
    # what is only remarked on is no contradiction, as on the card
    found = found[found["rule"] != "lists"] if len(found) else found
    if not len(found):
        return []
    kinds = ", ".join(
        f"{lower_first(label(rule, ctx.language))} ({count})" for rule, count in found["rule"].value_counts().items()
    )
    several = "s" * (len(found) > 1)
    text = ctx.phrase(
        f"closing.hold_contradiction{several}_see_table_contradictions",
        label=(label("used_here", "vi"), label("used_here", "en")),
        province=ctx.name,
        n_found=len(found),
        kinds=kinds,
    )
    return [text]


def sources_used(source_ids: set[str], language: str) -> list[dict]:
    """Sources of everything shown, in order of their ids: source_id, the text that names it, and its url or ""."""
    known = catalogue().sources
    used = []
    for source_id in sorted(source_ids):
        source = known[source_id]
        when = f", {published_when(source.published, language)}" if source.published else ""
        gloss = f" [{source.title_en}]" if source.title_en and language == "en" else ""
        text = f"{publisher_name(source_id, language)}: {source.title}{gloss}{when}"
        used.append({"source_id": source_id, "text": text, "url": source.url.split(" ")[0]})
    return used


def source_line(source: dict) -> str:
    """A source in plain text."""
    return source["text"] + f" <{source['url']}>" * bool(source["url"]) + f" [{source['source_id']}]"


def sections(missing: list[str], caveats: list[str], sources: list[str], language: str) -> list[tuple[str, list[str]]]:
    """Each part with its head; of what has no lines it is said."""
    parts = {"missing": missing, "caveats": caveats, "sources": sources}
    return [
        (phrase(f"closing.head.{part}", language), lines or [label(f"no_{part}", language)])
        for part, lines in parts.items()
    ]
