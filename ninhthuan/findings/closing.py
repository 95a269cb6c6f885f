"""What ends a notebook: what is missing, what to mind, which sources."""

from __future__ import annotations

import pandas as pd

from ..catalogue import catalogue
from ..language import quarter_name
from ..periods import Quarter
from ..wording import (
    Context,
    index_name,
    label,
    listing,
    lower_first,
    published_when,
    publisher_name,
    year_spans,
)
from .captions import _names


def missing_lines(gaps: pd.DataFrame, ctx: Context) -> list[str]:
    """What the report lacks, one sentence a gap (rows of `summaries.what_is_missing`)."""
    kinds = {
        "not_published": ctx.pick(
            "cơ quan công bố không đưa ra kết quả của tỉnh", "the publisher gave no result of the province"
        ),
        "not_surveyed": ctx.pick("tỉnh chưa được khảo sát", "the province was not surveyed"),
        "not_collected": ctx.pick("đã công bố nhưng chưa thu thập được", "published, but not among the figures held"),
        "known_later": ctx.pick(
            "nguồn có kết quả của tỉnh công bố sau ngày chốt số liệu",
            "the source of the province's result came out after the closing day",
        ),
        "blank": ctx.pick("ô trống trong bảng công bố", "blank in the published table"),
        "not_existing": ctx.pick("chưa có kỳ nào", "no edition yet"),
    }
    lines = []
    for row in gaps.itertuples():
        subject, _, part = row.subject.partition(" ")
        if subject == "workload":
            quarters = listing([quarter_name(Quarter.parse(q), ctx.language) for q in row.years.split()], ctx.language)
            if row.kind != "held":
                lines.append(
                    ctx.pick(
                        "Khối lượng công việc: không có số liệu nào của tỉnh này.",
                        "Workload: no figures of this province.",
                    )
                )
            elif quarters:
                lines.append(
                    ctx.pick(
                        f"Khối lượng công việc: mới có số liệu riêng của {quarters}.",
                        f"Workload: figures of a quarter's own are held for {quarters} only.",
                    )
                )
            else:
                lines.append(
                    ctx.pick(
                        "Khối lượng công việc: không có số liệu riêng của quý nào.",
                        "Workload: no figures of a quarter's own.",
                    )
                )
            continue
        if row.kind == "parts":
            names = "; ".join(_names([part], ctx, int(row.years)) for part in row.parts.split())
            held = ctx.pick(f" (năm {row.years} có: {names}).", f" (held of {row.years}: {names}).")
            lines[-1] = lines[-1].removesuffix(".") + held
            continue
        name = index_name(subject) + (ctx.pick(", điểm thành phần", ", component scores") if part else "")
        years = year_spans([int(year) for year in row.years.split()])
        lines.append(f"{name}: {years} – {kinds[row.kind]}." if years else f"{name}: {kinds[row.kind]}.")
    return lines or [label("nothing_missing", ctx.language)]


def caveat_lines(components: set[tuple[str, int, int]], found: pd.DataFrame, ctx: Context) -> list[str]:
    """Breaks inside the years shown, the survey's error, and the count of contradictions.

    components: (component_id, first edition, last edition) of everything shown.
    """
    lines = []
    for component_id, first, last in sorted(components):
        for item in catalogue().breaks_of(component_id):
            if first < item.edition_year <= last:
                name, note = f"{index_name(item.index_id)} {item.edition_year}", ctx.pick(item.note, item.note_en)
                lines.append(note if note.startswith(name) else f"{name}: {note}")
    if any(component_id.startswith("papi_") for component_id, *_ in components):
        lines.append(
            ctx.pick(
                "PAPI là điều tra mẫu (khoảng 200 người mỗi tỉnh): hai tỉnh hơn kém nhau ít điểm có thể không thật sự khác nhau. Sai số chỉ có cho kỳ 2019.",
                "PAPI is a sample survey (about 200 respondents a province): provinces with close scores may not really differ. Errors are held for 2019 only.",
            )
        )
    # what is only remarked on is no contradiction, as on the card
    found = found[found["rule"] != "lists"] if len(found) else found
    if len(found):
        kinds = ", ".join(
            f"{lower_first(label(rule, ctx.language))} ({count})"
            for rule, count in found["rule"].value_counts().items()
        )
        lines.append(
            ctx.pick(
                f"{label('used_here', 'vi')} về {ctx.name} có {len(found)} chỗ chưa thống nhất: {kinds}; liệt kê ở bảng số liệu chưa thống nhất.",
                f"{label('used_here', 'en')} on {ctx.name} hold {len(found)} contradiction{'s' * (len(found) > 1)}: {kinds}; see the table of contradictions.",
            )
        )
    return list(dict.fromkeys(lines)) or [label("no_caveats", ctx.language)]


def source_lines(source_ids: set[str], ctx: Context) -> list[str]:
    """Sources of everything shown, in order of their ids."""
    known = catalogue().sources
    lines = []
    for source_id in sorted(source_ids):
        source = known[source_id]
        when = f", {published_when(source.published, ctx.language)}" if source.published else ""
        where = f" <{source.url.split(' ')[0]}>" if source.url else ""
        gloss = f" [{source.title_en}]" if source.title_en and ctx.language == "en" else ""
        lines.append(f"{publisher_name(source_id, ctx.language)}: {source.title}{gloss}{when}{where} [{source_id}]")
    return lines or [label("no_sources", ctx.language)]
