"""Tables as readers see them: a frame in, a frame of ready text out, headed in the language of the report."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.datasets import measure_table
from ninhthuan.language import label, listing
from ninhthuan.numbers import number
from ninhthuan.reach import nearest_first
from ninhthuan.words import bilingual, bilingual_row, written

from .dossiers import judged
from .findings.captions import within_error
from .findings.dossiers import result_word
from .findings.moves import SHOWN_MOVES
from .findings.revisions import SHOWN
from .wording import (
    WORKED_BACK,
    Context,
    component_name,
    decimals_held,
    index_name,
    indicator_name,
    lower_first,
    measure_name,
    outcome,
    percent,
    period_name,
    places,
    province_name,
    publication_day,
    publisher_name,
    rank_of,
    result_name,
    score_of,
    sentence,
    share_of_cases,
)


def _score(value: float, row, language: str) -> str:
    """A figure with its unit and mark; row: with unit, and of a score what `wording.score_of` reads."""
    decimals = {"score_0_1": 4, "units": 0, "procedures": 0, "agencies": 0, "tasks": 0}.get(row.unit, 2)
    if pd.isna(value):
        return "…"
    return score_of(value, row, decimals, language, unit="%" * (row.unit == "percent"))


def _change(value: float, row, ctx: Context) -> str:
    """A change of a score, marked where the later is worked back: from an earlier one that is, a source states it."""
    decimals = decimals_held(4 if row.unit == "score_0_1" else 2, row, prefixes=("", "previous_"))
    return number(value, decimals, ctx.language, sign=True) + WORKED_BACK * (row.basis == "derived")


def _group(value: object, language: str) -> str:
    if not isinstance(value, str) or not value:
        return "…"
    try:
        return label(value, language)
    except KeyError:
        return value


def _quarter_or_group(row, ctx: Context) -> str:
    """PAPI has published groups; for the other indices the quarter of the provinces that the rank falls in."""
    if row.index_id == "papi":
        return _group(row.group if isinstance(row.group, str) else row.group_derived, ctx.language)
    quarters = {
        "high": bilingual("tables.top_quarter"),
        "upper_middle": bilingual("tables.second_quarter"),
        "lower_middle": bilingual("tables.third_quarter"),
        "low": bilingual("tables.bottom_quarter"),
    }
    return sentence(ctx.pick(*quarters[row.group_derived])) if isinstance(row.group_derived, str) else "…"


def index_overview(overview: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The five indices as provinces print them."""
    rows = []
    for row in overview.itertuples():
        if row.status == "nothing":
            rows.append([index_name(row.index_id), *["…"] * 6, ctx.phrase("tables.no_figures")])
            continue
        crossed = isinstance(row.crosses, str) and row.crosses
        if crossed:
            change = "†"
        elif pd.isna(row.score_change):
            change = "…"
        else:
            change = _change(row.score_change, row, ctx)
        score = _score(row.score, row, ctx.language)
        # across a break a rank stands beside a rank, and no place is counted
        years = row.previous_edition, row.edition_year
        quiet = not crossed and within_error(row.score_change, f"{row.index_id}_total", years, ctx)
        moved = "†" if crossed else sentence(places(row.rank_change, ctx.language)) + " ‡" * bool(quiet)
        was = rank_of(row.previous_rank, row.previous_n_ranked, row.previous_rank_basis)
        rank = rank_of(row.rank, row.n_ranked, row.rank_basis)
        rows.append(
            [
                f"{index_name(row.index_id)} {int(row.edition_year)}",
                score,
                rank,
                change,
                moved,
                f"{int(row.previous_edition)}: {was}" if pd.notna(row.previous_edition) else "…",
                _quarter_or_group(row, ctx),
                publication_day(row.published_on, row.published_precision, ctx.language),
            ]
        )
    heads = bilingual_row(
        bilingual("tables.index_edition"),
        bilingual("tables.score"),
        bilingual("tables.rank"),
        bilingual("tables.change_score"),
        bilingual("tables.change_rank"),
        bilingual("tables.edition_before"),
        bilingual("tables.group"),
        bilingual("tables.published"),
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))


def _group_of_index(index_id: str, group: str, ctx: Context) -> str:
    return _quarter_or_group(SimpleNamespace(index_id=index_id, group=group, group_derived=group), ctx)


def _missing_result(missing: str, ctx: Context) -> str:
    """Why the province has no result in an edition that came out."""
    return (
        ctx.phrase("tables.no_result_province_known_closing")
        if missing in ("not_collected", "known_later")
        else ctx.phrase("tables.province_not_published")
    )


def _change_subject(row, ctx: Context) -> str:
    """What a change is about: `PAPI 2023, 4. Kiểm soát tham nhũng`, or a measure of the workload with its period."""
    if row.kind == "target":
        when = period_name(row.period_start, row.period_end, ctx.language)
        return f"{result_name(row.subject, row.channel, ctx.language)}, {when}"
    if row.figure == "others":
        of = ctx.phrase("tables.workload") if pd.isna(row.index_id) else index_name(row.subject)
        return ctx.phrase("tables.other_provinces") + of
    if pd.isna(row.index_id):
        return _workload_subject(row, ctx)
    undated = pd.isna(row.edition_year) or row.kind in ("rank", "group", "no_new_edition")
    name = indicator_name(row.subject, ctx.language, None if undated else row.edition_year)
    moved = row.because == "moved_rank"
    return name + f", {province_name(row.province_code, row.boundary, ctx.language)}" * moved


def _workload_subject(row, ctx: Context) -> str:
    """A measure of the workload with level, channel and period: `Hồ sơ tiếp nhận (trực tuyến), quý I/2024`."""
    words = [label(part, ctx.language).lower() for part in (row.level, row.channel) if part not in ("all", "")]
    name = measure_name(row.subject, ctx.language) + f" ({', '.join(words)})" * bool(words)
    return f"{name}, {period_name(row.period_start, row.period_end, ctx.language)}"


def _in_words(value: object, row, ctx: Context, name: str = "", unit: str = "") -> str:
    """A value of a contradiction or a revision; name: what it is; unit: of figures that do not say one."""

    def write(name: str, one: object) -> str:
        if isinstance(one, Decimal):
            percent_sign = "%" * (unit == "percent" and name != "size")
            return number(one, max(0, -one.as_tuple().exponent), ctx.language) + percent_sign
        if name in ("group", "group_derived", "unit"):
            return _group(one, ctx.language)
        if name == "provinces":
            return province_name(one, row.boundary, ctx.language)
        return measure_name(one, ctx.language) if name == "measure" else str(one)

    return written(value, ctx.language, write, name)


def _unit(measure: str) -> str:
    """The unit of a measure of the workload; nothing for a component of an index."""
    return measure_table().set_index("measure")["unit"].get(measure, "")


def _revision_words(row, ctx: Context) -> tuple[str, str, str, str]:
    """Kind, old, new and remark of a revised figure."""
    kinds = {
        "revised": bilingual("tables.old_figure_revised"),
        "added": bilingual("tables.old_figure_added"),
        "removed": bilingual("tables.old_figure_removed"),
        "follows": bilingual("tables.old_place_revised"),
        "moved_rank": bilingual("tables.other_province_s_figure_revised"),
    }
    if row.figure == "others":
        text, years = ctx.phrase("tables.figures", count=row.count), _in_words(row.said["detail"], row, ctx)
        return ctx.phrase("tables.old_figures_revised"), "–", text, years
    remark = []
    if row.because == "follows":
        remark.append(ctx.phrase("tables.since_other_provinces_figures_revised"))
    elif pd.notna(row.rank) or pd.notna(row.previous_rank):
        ranks = rank_of(row.previous_rank, row.previous_n_ranked), rank_of(row.rank, row.n_ranked)
        remark.append(ctx.phrase("tables.province_s_rank") + " → ".join(ranks))
    sources = [row.previous_source_id, row.source_id]
    same = sources[0] == sources[1] or not all(sources)
    remark.append(ctx.phrase("tables.source") + (sources[1] or sources[0] if same else " → ".join(sources)))
    old, new = (_in_words(row.said[side], row, ctx, row.figure, row.unit) or "–" for side in ("old", "new"))
    return ctx.pick(*kinds[row.because]), old, new, "; ".join(remark)


def _change_words(row, ctx: Context) -> list[str]:
    """A change in words: kind, figure, then, now, remark."""
    what = sentence(_change_subject(row, ctx))
    if row.kind in ("new_edition", "newly_known"):
        held = pd.notna(row.score) or pd.notna(row.rank)
        score = _score(row.score, row, ctx.language)
        rank = rank_of(row.rank, row.n_ranked, row.rank_basis) if pd.notna(row.rank) else ""
        shown = [score, rank, lower_first(_group_of_index(row.index_id, row.group, ctx)) if row.group else ""]
        new = "; ".join(filter(None, shown)) if held else _missing_result(row.missing, ctx)
        out = publication_day(row.published_on, row.published_precision, ctx.language)
        if row.kind == "newly_known":
            publishers = listing([publisher_name(name, ctx.language) for name in row.source_id.split()], ctx.language)
            remark = ctx.phrase("tables.out_source_since", out=out, publishers=publishers)
            return [ctx.phrase("tables.newly_known"), what, "–", new, remark]
        return [ctx.phrase("tables.new_edition"), what, "–", new, ctx.phrase("tables.out") + out]
    if row.kind == "no_new_edition":
        kind = ctx.phrase("tables.no_new_edition")
        if pd.isna(row.edition_year):
            return [kind, what, "–", "…", ctx.phrase("tables.no_edition_yet")]
        out = publication_day(row.published_on, row.published_precision, ctx.language)
        newest = ctx.phrase("tables.edition", edition_year=row.edition_year)
        remark = ctx.phrase("tables.out_2", out=out)
        if pd.isna(row.previous_edition) or row.previous_edition != row.edition_year:
            held = "…" if pd.isna(row.previous_edition) else str(row.previous_edition)
            remark += f"; {_missing_result(row.missing, ctx)}; "
            remark += ctx.phrase("tables.edition_held", held=held)
        return [kind, what, newest, ctx.phrase("tables.unchanged"), remark]
    if row.kind in ("rank", "group"):
        texts = [row.old, row.new]
        if row.kind == "group":
            texts = [_group_of_index(row.index_id, row.said[side], ctx) for side in ("old", "new")]
        old, new = (f"{t} ({y})" for t, y in zip(texts, (row.previous_edition, row.edition_year), strict=True))
        if row.kind == "rank":
            moved = places(row.change, ctx.language) + " †" * bool(row.crosses)
            if row.index_id == "papi":  # of a sample survey a move is neither a rise nor a fall
                moved = ctx.phrase("tables.apart", change=abs(int(row.change)))
            kind = bilingual("tables.rank") if row.subject.endswith("_total") else bilingual("tables.rank_component")
            return [ctx.pick(*kind), what, old, new, moved]
        crossed = ctx.phrase("tables.up") if row.change > 0 else ctx.phrase("tables.down")
        return [ctx.phrase("tables.group"), what, old, new, crossed]
    if row.kind == "target":
        target, value = (percent(v, 2, ctx.language) for v in (row.target, row.said["new"]))
        old = ctx.phrase("tables.target", target=target)
        return [ctx.phrase("tables.target_2"), what, old, value, outcome(row.change, ctx.language)]
    if row.kind == "revision":
        kind, *texts = _revision_words(row, ctx)
        return [kind, what, *texts]
    gone = row.kind == "contradiction_gone"
    text = _in_words(row.said["old" if gone else "new"], row, ctx, row.rule, _unit(row.subject))
    remark = lower_first(label(row.rule, ctx.language))
    if row.because == "revision":
        remark += ctx.phrase("tables.since_old_figures_revised")
    kind = ctx.phrase("tables.contradiction_gone") if gone else ctx.phrase("tables.new_contradiction")
    return [kind, what, text if gone else "–", "–" if gone else text, remark]


def quarter_changes(changes: pd.DataFrame, ctx: Context, rows: int | None = SHOWN) -> pd.DataFrame:
    """Changes between two quarters, the most important first; rows: how many, None for all."""
    text = [_change_words(row, ctx) for row in changes.head(len(changes) if rows is None else rows).itertuples()]
    heads = bilingual_row(
        bilingual("tables.kind"),
        bilingual("tables.subject"),
        bilingual("tables.before"),
        bilingual("tables.now"),
        bilingual("tables.remark"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def _own_name(component_id: str, year: int, ctx: Context) -> str:
    """Name of a component, or that it is the total."""
    component = catalogue().component(component_id, year)
    if component.level == "total":
        return ctx.phrase("tables.papi_total")
    return component_name(component, ctx.language)


def _cases(row, ctx: Context) -> str:
    """How often a gap was closed: `34% (103/303)`; a dash without a gap, "…" without a case."""
    if pd.isna(row.n_closed):
        return "–"
    if not row.n_year_pairs:
        return "…"
    counts = f"({number(row.n_closed, 0, ctx.language)}/{number(row.n_year_pairs, 0, ctx.language)})"
    return f"{share_of_cases(row.closed_share, ctx.language)} {counts}"


def _short_by(row, ctx: Context) -> str:
    """What is lacking to the next group: `0,06 (3,1723)`, the threshold in brackets."""
    if not row.next_group:
        return "–"
    missing = number(row.gap, 2, ctx.language)
    if missing == number(0, 2, ctx.language):
        missing = f"<{number(0.01, 2, ctx.language)}"
    return f"{missing} ({number(row.threshold, 4, ctx.language)})"


def distances(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Distance of the total and each dimension to the next group, the region's best and the own best."""
    text = []
    for row in rows.itertuples():
        region = "…"
        if row.region_best_code == row.province_code:
            region = "="
        elif row.region_best_code:
            who = province_name(row.region_best_code, row.boundary, ctx.language, short=True)
            region = f"{number(row.region_gap, 2, ctx.language)} ({who})"
        past = "=" if row.own_best_year == row.edition_year else number(row.own_gap, 2, ctx.language)
        text.append(
            [
                _own_name(row.component_id, row.edition_year, ctx),
                f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})",
                _group(row.group, ctx.language),
                _short_by(row, ctx),
                _cases(row, ctx),
                region,
                past if past == "=" else f"{past} ({row.own_best_year})",
            ]
        )
    heads = bilingual_row(
        bilingual("tables.dimension"),
        bilingual("tables.score_rank"),
        bilingual("tables.group"),
        bilingual("tables.short_next_group_threshold"),
        bilingual("tables.cases_rose_so"),
        bilingual("tables.below_region_s_best"),
        bilingual("tables.below_own_best"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def sub_dimension_distances(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Sub-dimensions below the high group, those first whose gap was closed most often."""
    text = [
        [
            _own_name(row.component_id, row.edition_year, ctx),
            f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})",
            _group(row.group, ctx.language),
            _short_by(row, ctx),
            _cases(row, ctx),
        ]
        for row in nearest_first(rows).itertuples()
    ]
    heads = bilingual_row(
        bilingual("tables.sub_dimension"),
        bilingual("tables.score_rank"),
        bilingual("tables.group"),
        bilingual("tables.short_next_group_threshold"),
        bilingual("tables.cases_rose_so"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def lifting_changes(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The rise of each dimension alone that lifts the total's group."""
    text = [
        [
            _own_name(row.component_id, row.edition_year, ctx),
            number(row.score, 2, ctx.language),
            number(row.reached, 2, ctx.language) if row.possible else ctx.phrase("tables.beyond_scale"),
            number(row.highest, 2, ctx.language),
            _cases(row, ctx),
        ]
        for row in rows.itertuples()
    ]
    heads = bilingual_row(
        bilingual("tables.dimension"),
        bilingual("tables.score"),
        bilingual("tables.would_have_reach"),
        bilingual("tables.highest_ever_seen"),
        bilingual("tables.cases_rose_so"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def score_spread(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """How far apart the provinces stand, edition by edition."""
    text = [
        [
            str(row.edition_year),
            str(row.segment + 1) + " †" * bool(row.caution),
            str(row.n),
            number(row.standard_deviation, 2, ctx.language),
            f"{number(row.low, 1, ctx.language)}–{number(row.high, 1, ctx.language)}",
            number(row.interquartile_range, 2, ctx.language),
            number(row.best_minus_worst, 2, ctx.language),
        ]
        for row in rows.itertuples()
    ]
    heads = bilingual_row(
        bilingual("tables.edition_2"),
        bilingual("tables.method"),
        bilingual("tables.provinces"),
        bilingual("tables.standard_deviation"),
        bilingual("tables.95_interval"),
        bilingual("tables.interquartile_range"),
        bilingual("tables.best_minus_worst"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def likeness(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The provinces most like this one, nearest first."""
    known = catalogue().provinces
    text = []
    for row in rows.itertuples():
        province = known[(row.boundary, row.province_code)]
        text.append(
            [
                province_name(row.province_code, row.boundary, ctx.language),
                ctx.pick(province.region, province.region_en) or "…",
                number(row.distance, 2, ctx.language),
                number(row.score, 2, ctx.language),
                rank_of(row.rank, row.n_ranked),
            ]
        )
    heads = bilingual_row(
        bilingual("tables.province"),
        bilingual("tables.region"),
        bilingual("tables.distance"),
        bilingual("tables.total"),
        bilingual("tables.rank_2"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def dimension_scores(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """PAPI by dimension in two editions, with the total in the last row."""
    year, before = rows["edition_year"].iloc[0], rows["previous_edition"].iloc[0]

    def change(row) -> str:
        if row.crosses:
            return "†"
        return "–" if pd.isna(row.change) else number(row.change, 2, ctx.language, sign=True)

    text = [
        [
            ctx.phrase("tables.papi_total")
            if row.component_id == "papi_total"
            else component_name(catalogue().component(row.component_id, int(year)), ctx.language),
            "–" if pd.isna(row.previous_score) else number(row.previous_score, 2, ctx.language),
            number(row.score, 2, ctx.language),
            change(row),
            rank_of(row.rank, row.n_ranked),
            _group(row.group_derived, ctx.language),
        ]
        for row in rows.itertuples()
    ]
    earlier = ctx.phrase("tables.edition_before") if pd.isna(before) else str(before)
    dimension, change, rank, group = (
        ctx.phrase(f"tables.head_{name}", year=year) for name in ("dimension", "change", "rank", "group")
    )
    return pd.DataFrame(text, columns=[dimension, earlier, str(year), change, rank, group])


def digital_adoption(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Agencies using document software, and use of personal digital signatures, by level."""

    def share(value: float) -> str:
        return "–" if pd.isna(value) else percent(value, 0 if value % 1 == 0 else 2, ctx.language)

    text = [
        [
            label(row.level, ctx.language),
            "–" if pd.isna(row.using) else f"{number(row.using, 0, ctx.language)}/{number(row.total, 0, ctx.language)}",
            share(row.share),
            share(row.signatures),
        ]
        for row in rows.itertuples()
    ]
    heads = bilingual_row(
        bilingual("tables.level"),
        bilingual("tables.agencies_using_software"),
        bilingual("tables.share"),
        bilingual("tables.use_personal_digital_signatures"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def dossier_results(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Results of a quarter beside the quarter before, the same quarter of the year before, and the target."""

    def shown(value: float, measure: str, mark: bool = False, decimals: int = 2) -> str:
        if pd.isna(value):
            return "–"
        share = measure.endswith("_share")
        return (percent(value, int(decimals), ctx.language) if share else number(value, 0, ctx.language)) + "*" * mark

    text = [
        [
            result_word(row.measure, row.channel, ctx),
            sentence(period_name(row.period_start, row.period_end, ctx.language)),
            shown(row.value, row.measure, row.basis == "derived", row.decimals),
            shown(row.quarter_before, row.measure),
            shown(row.year_before, row.measure),
            shown(row.target, row.measure, decimals=0 if row.target % 1 == 0 else 2),
            sentence(outcome(row.value - row.target, ctx.language)) if row.judged else "–",
        ]
        for row in rows.assign(judged=judged(rows)).itertuples()
    ]
    heads = bilingual_row(
        bilingual("tables.dossiers"),
        bilingual("tables.period"),
        bilingual("tables.result"),
        bilingual("tables.quarter_before"),
        bilingual("tables.same_quarter_last_year"),
        bilingual("tables.target_2"),
        bilingual("tables.against_target"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def contradictions(found: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Printed figure beside what other printed figures give."""
    rows = []
    for row in found.itertuples():
        unit = _unit(row.subject)
        if unit:
            what = _workload_subject(row, ctx)
        else:
            what = f"{indicator_name(row.subject, ctx.language)}, {row.edition_year}"
        publisher = publisher_name(row.source_id, ctx.language)
        publisher = publisher if len(publisher) < 45 else publisher[:44] + "…"
        printed, other = (_in_words(row.said[side], row, ctx, row.rule, unit) for side in ("printed", "found"))
        detail = _in_words(row.said["detail"], row, ctx)
        rows.append(
            [
                what,
                label(row.rule, ctx.language),
                printed,
                other + f" ({detail})" * bool(detail),
                publisher,
            ]
        )
    heads = bilingual_row(
        bilingual("tables.figure"),
        bilingual("tables.kind"),
        bilingual("tables.printed"),
        bilingual("tables.other_printed_figures_give"),
        bilingual("tables.source_2"),
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))


def reform_watch(watch: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Every indicator of every task, with its newest figure."""
    rows = []
    for row in watch.itertuples():
        task = f"{row.task_number}. {ctx.pick(row.short_title, row.short_title_en)}"
        name = indicator_name(row.indicator, ctx.language)
        if row.kind == "index":
            when = "" if pd.isna(row.edition_year) else str(int(row.edition_year))
        else:
            when = "" if pd.isna(row.period_end) else period_name(row.period_start, row.period_end, ctx.language)
        held = pd.notna(row.value)
        crossed = isinstance(row.crosses, str) and row.crosses
        change = "†" if crossed else _change(row.change, row, ctx) if pd.notna(row.change) else "–"
        rows.append(
            [
                task,
                name,
                _score(row.value, row, ctx.language) if held else "…",
                rank_of(row.rank, row.n_ranked, row.rank_basis) if pd.notna(row.rank) else "–",
                change if held or pd.notna(row.rank) else "–",
                when or ctx.phrase("tables.no_figures_2"),
            ]
        )
    heads = bilingual_row(
        bilingual("tables.task"),
        bilingual("tables.indicator"),
        bilingual("tables.value"),
        bilingual("tables.rank_2"),
        bilingual("tables.change"),
        bilingual("tables.period"),
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))


def sub_dimension_moves(parts: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """What the largest moves of sub-dimensions added to the total, the others in one row."""
    year = parts.attrs["year_to"]
    shown, rest = parts.head(SHOWN_MOVES), parts.iloc[SHOWN_MOVES:]
    text = [
        [
            component_name(catalogue().component(row.component_id, int(year)), ctx.language)
            + " †" * (not row.same_component),
            number(row.score_from, 2, ctx.language),
            number(row.score_to, 2, ctx.language),
            number(row.contribution, 2, ctx.language, sign=True),
            rank_of(row.rank_to, row.n_ranked_to),
        ]
        for row in shown.itertuples()
    ]
    if len(rest):
        name = ctx.phrase("tables.other", n_rest=len(rest))
        text.append([name, "", "", number(rest["contribution"].sum(), 2, ctx.language, sign=True), ""])
    heads = ctx.pick(
        *bilingual_row(*map(bilingual, ("tables.head_sub_dimension", "tables.head_part", "tables.head_place")))
    )
    years = [str(parts.attrs["year_from"]), str(year)]
    return pd.DataFrame(text, columns=[heads[0], *years, heads[1], f"{heads[2]} {year}"])


def linked_series(history: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """A span of editions a row: its common dimensions, and score and rank at either end."""
    text = []
    for span, rows in history[history["rank"].notna()].groupby("span", sort=False):
        first, last = (rows.sort_values("edition_year").iloc[place] for place in (0, -1))
        numbers = [catalogue().component(name).number for name in first["component_ids"].split()]
        text.append(
            [
                span,
                ", ".join(numbers),
                *(f"{number(row['score'], 2, ctx.language)} ({row['edition_year']})" for row in (first, last)),
                rank_of(first["rank"], first["n_ranked"]),
                rank_of(last["rank"], last["n_ranked"]),
            ]
        )
    heads = bilingual_row(
        bilingual("tables.span"),
        bilingual("tables.common_dimensions"),
        bilingual("tables.first_score"),
        bilingual("tables.last_score"),
        bilingual("tables.first_rank"),
        bilingual("tables.last_rank"),
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def former_provinces(histories: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """An edition a row: the former provinces of a unit, and what they make together."""
    codes = [*ctx.province.predecessor_codes]
    text = []
    for year, rows in histories.groupby("edition_year"):
        old = rows[rows["boundary"] == "pre_2025"].set_index("province_code")
        whole = rows[rows["boundary"] == "post_2025"]
        held = old[old["score"].notna()]
        cells = {
            row.Index: f"{number(row.score, 2, ctx.language)} ({rank_of(row.rank, row.n_ranked)})"
            for row in held.itertuples()
        }
        mark = " †" * any(b.edition_year == year for b in catalogue().breaks_of(rows["component_id"].iloc[0], "break"))
        together = number(whole["score"].iloc[0], 2, ctx.language) if len(whole) else "…"
        text.append([f"{year}{mark}", *(cells.get(code, "…") for code in codes), together])
    names = [province_name(code, "pre_2025", ctx.language) for code in codes]
    last = ctx.phrase("tables.together_weighted_alike")
    return pd.DataFrame(text, columns=[ctx.phrase("tables.edition_2"), *names, last])
