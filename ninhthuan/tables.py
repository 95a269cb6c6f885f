"""Tables as readers see them: a frame in, a frame of ready text out, headed in the language of the report."""

from __future__ import annotations

import re

import pandas as pd

from .catalogue import catalogue
from .datasets import measure_table
from .language import day
from .wording import (
    Context,
    component_name,
    index_name,
    indicator_name,
    label,
    measure_name,
    number,
    percent,
    period_name,
    places,
    publication_day,
    rank_of,
    sentence,
)


def _score(value: float, unit: str, language: str) -> str:
    decimals = {"score_0_1": 4, "units": 0, "procedures": 0, "agencies": 0, "tasks": 0}.get(unit, 2)
    return percent(value, decimals, language) if unit == "percent" else number(value, decimals, language)


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
        "high": ("phần tư đầu bảng", "top quarter"),
        "upper_middle": ("phần tư thứ hai", "second quarter"),
        "lower_middle": ("phần tư thứ ba", "third quarter"),
        "low": ("phần tư cuối bảng", "bottom quarter"),
    }
    return sentence(ctx.pick(*quarters[row.group_derived])) if isinstance(row.group_derived, str) else "…"


def index_overview(overview: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """The five indices as provinces print them."""
    rows = []
    for row in overview.itertuples():
        if row.status == "nothing":
            rows.append([index_name(row.index_id), *["…"] * 6, ctx.pick("Chưa có số liệu", "No figures")])
            continue
        crossed = isinstance(row.crosses, str) and row.crosses
        if crossed:
            change = "†"
        elif pd.isna(row.score_change):
            change = "…"
        else:
            change = number(row.score_change, 4 if row.unit == "score_0_1" else 2, ctx.language, sign=True)
        score = _score(row.score, row.unit, ctx.language) + ("*" if row.basis == "derived" else "")
        moved = sentence(places(row.rank_change, ctx.language))
        rank = rank_of(row.rank, row.n_ranked) + "*" * (row.rank_basis == "implied")
        rows.append(
            [
                f"{index_name(row.index_id)} {int(row.edition_year)}",
                score,
                rank,
                change,
                moved + (" †" if crossed and pd.notna(row.rank_change) else ""),
                f"{int(row.previous_edition)}: {rank_of(row.previous_rank, row.previous_n_ranked)}"
                if pd.notna(row.previous_edition)
                else "…",
                _quarter_or_group(row, ctx),
                publication_day(row.published_on, row.published_precision, ctx.language),
            ]
        )
    heads = (
        ["Chỉ số, kỳ", "Điểm", "Thứ hạng", "Thay đổi điểm", "Thay đổi hạng", "Kỳ trước", "Nhóm", "Ngày công bố"],
        [
            "Index, edition",
            "Score",
            "Rank",
            "Change in score",
            "Change in rank",
            "Edition before",
            "Group",
            "Published",
        ],
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))


def whats_new(overview: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Newest edition of each index, and whether it is new."""
    rows = []
    for row in overview.itertuples():
        newest = "" if pd.isna(row.newest_edition) else str(int(row.newest_edition))
        held = "" if pd.isna(row.edition_year) else str(int(row.edition_year))
        if row.new_editions:
            state = ctx.pick(f"mới: kỳ {row.new_editions}", f"new: edition {row.new_editions}")
        elif newest:
            state = ctx.pick(f"không đổi từ kỳ {newest}", f"unchanged since edition {newest}")
        else:
            state = ctx.pick("chưa có kỳ nào", "no edition yet")
        if newest and held != newest:
            state += ctx.pick(
                f"; kỳ {newest} chưa thu thập được kết quả của tỉnh"
                if row.missing == "not_collected"
                else f"; kỳ {newest} không công bố tỉnh này",
                f"; the province's result of edition {newest} is not held"
                if row.missing == "not_collected"
                else f"; edition {newest} did not publish this province",
            )
        published = publication_day(row.newest_published_on, row.newest_precision, ctx.language) if newest else "…"
        rows.append([index_name(row.index_id), newest or "…", published, held or "…", sentence(state)])
    heads = (
        ["Chỉ số", "Kỳ mới nhất", "Ngày công bố", "Kỳ có số liệu của tỉnh", "Tình trạng"],
        ["Index", "Newest edition", "Published", "Edition held", "Status"],
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))


def dimension_gaps(gaps: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Distance of each dimension to the next group."""
    rows = [
        [
            component_name(catalogue().component(row.component_id), ctx.language),
            number(row.score, 4, ctx.language),
            rank_of(row.rank, row.n_ranked),
            _group(row.group, ctx.language),
            number(row.from_median, 2, ctx.language, sign=True),
            f"{_group(row.next_group, ctx.language)}: {number(row.threshold, 4, ctx.language)}"
            if row.next_group
            else "–",
            number(abs(row.gap), 2, ctx.language) if row.next_group else "–",
        ]
        for row in gaps.itertuples()
    ]
    heads = (
        ["Trục nội dung", "Điểm", "Hạng", "Nhóm", "So với trung vị", "Ngưỡng nhóm trên", "Còn thiếu"],
        ["Dimension", "Score", "Rank", "Group", "From the median", "Next threshold", "Short by"],
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))


def dimension_scores(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """PAPI by dimension in two editions, with the total in the last row."""
    year, before = rows["edition_year"].iloc[0], rows["previous_edition"].iloc[0]

    def change(row) -> str:
        if row.crosses:
            return "†"
        return "–" if pd.isna(row.change) else number(row.change, 2, ctx.language, sign=True)

    text = [
        [
            ctx.pick("Tổng điểm PAPI", "PAPI total")
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
    earlier = ctx.pick("Kỳ trước", "Edition before") if pd.isna(before) else str(before)
    heads = (
        ["Trục nội dung", earlier, str(year), "Thay đổi", f"Thứ hạng {year}", "Nhóm"],
        ["Dimension", earlier, str(year), "Change", f"Rank {year}", "Group"],
    )
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def digital_adoption(rows: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Agencies using document software, by level."""
    text = [
        [
            label(row.level, ctx.language),
            f"{number(row.using, 0, ctx.language)}/{number(row.total, 0, ctx.language)}",
            percent(row.share, 0 if row.share % 1 == 0 else 2, ctx.language),
            period_name(row.period_end, row.period_end, ctx.language),
        ]
        for row in rows.itertuples()
    ]
    heads = (["Cấp", "Cơ quan dùng phần mềm", "Tỷ lệ", "Thời điểm"], ["Level", "Agencies using it", "Share", "Date"])
    return pd.DataFrame(text, columns=ctx.pick(*heads))


def _localised(text: str, language: str) -> str:
    """Decimal points inside a text of figures become commas in Vietnamese; words of rules are translated."""
    words = {
        "percentage_points": label("percentage_points", language),
        "lower_middle": label("lower_middle", language),
        "upper_middle": label("upper_middle", language),
        "high": label("high", language),
        "low": label("low", language),
        "national_mean above": "cao hơn trung bình cả nước" if language == "vi" else "above the national mean by",
        "from the mean": "so với trung bình" if language == "vi" else "from the mean",
        "(computed)": "(tính từ điểm các tỉnh)" if language == "vi" else "(computed)",
        "score ": "điểm " if language == "vi" else "score ",
        "rank ": "hạng " if language == "vi" else "rank ",
        "->": "→",
        "median": "trung vị" if language == "vi" else "median",
    }
    for word_, replacement in words.items():
        text = re.sub(
            rf"(?<![\w]){re.escape(word_)}(?![\w])" if word_[0].isalpha() and word_[-1].isalpha() else re.escape(word_),
            replacement,
            text,
        )
    text = re.sub(r" percent\b", "%", text)
    text = re.sub(r"(?<=[\s(])-(?=\d)|^-(?=\d)", "\N{MINUS SIGN}", text)
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text) if language == "vi" else text


def contradictions(found: pd.DataFrame, ctx: Context) -> pd.DataFrame:
    """Printed figure beside what other printed figures give."""
    units = measure_table().set_index("measure")["unit"]
    known = catalogue()
    rows = []
    for row in found.itertuples():
        subject = row.subject.split(" ")[0]
        if subject in units.index:
            what = measure_name(subject, ctx.language)
            tail = [label(part, ctx.language).lower() for part in row.subject.split(" ")[1:] if part not in ("all", "")]
            what += f" ({', '.join(tail)})" if tail else ""
            when = day(pd.Timestamp(row.period_end).date(), ctx.language)
            unit = "%" if units[subject] == "percent" else ""
        else:
            what = indicator_name(subject, ctx.language)
            when, unit = str(row.edition_year), ""
        source = known.sources[row.source_id]
        publisher = source.publisher if len(source.publisher) < 45 else source.publisher[:44] + "…"
        detail = (
            f" ({_localised(row.detail, ctx.language)})"
            if row.detail and row.rule in ("sources", "national", "shares_hundred", "parts_total", "change_levels")
            else ""
        )
        if row.rule == "statement" and row.detail:
            detail = ctx.pick(" (khác phương pháp)", " (different method)")
        # words as printed stay; a bare number is in the unit of its measure
        quoted = row.rule == "statement" and row.printed[:1].isupper()
        printed = row.printed if quoted else _localised(row.printed, ctx.language)
        printed, computed = (
            text + unit * bool(re.fullmatch(r"[−-]?[\d.,]+", text))
            for text in (printed, _localised(row.found, ctx.language))
        )
        rows.append(
            [
                f"{what}, {when}",
                label(row.rule, ctx.language),
                printed,
                computed + detail,
                publisher,
            ]
        )
    heads = (
        ["Số liệu", "Loại", "Số liệu trong nguồn", "Số liệu đối chiếu", "Nguồn"],
        ["Figure", "Kind", "Printed", "Other printed figures give", "Source"],
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
        change = (
            "†"
            if crossed
            else number(row.change, 4 if row.unit == "score_0_1" else 2, ctx.language, sign=True)
            if pd.notna(row.change)
            else "–"
        )
        rows.append(
            [
                task,
                name,
                _score(row.value, row.unit, ctx.language) + "*" * (row.basis == "derived") if held else "…",
                rank_of(row.rank, row.n_ranked) + "*" * (row.rank_basis == "implied") if pd.notna(row.rank) else "–",
                change if held or pd.notna(row.rank) else "–",
                when or ctx.pick("chưa có số liệu", "no figures"),
            ]
        )
    heads = (
        ["Nhóm nhiệm vụ", "Chỉ tiêu theo dõi", "Giá trị", "Hạng", "Thay đổi", "Kỳ"],
        ["Task", "Indicator", "Value", "Rank", "Change", "Period"],
    )
    return pd.DataFrame(rows, columns=ctx.pick(*heads))
