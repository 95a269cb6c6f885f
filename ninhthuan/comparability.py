"""What may be compared with what: two editions under a chosen rule, series on common components, old units and new."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pandas as pd

from . import measures
from .asking import accepts_names, because
from .catalogue import catalogue
from .indicators import load_index
from .reference import MERGER_DAY
from .refusals import RULES, NotComparable, UnknownName
from .words import bilingual

# A step of the whole country: the middle province of one edition would have been among the outer tenth of the other.
STEP = 1.28

COMPARED = [
    *("rule", "component_id", "province_code", "boundary", "edition_year", "score", "rank", "n_ranked"),
    *("percentile_position", "component_ids", "weights", "caution", "source_id"),
]


@accepts_names
def compare(
    component_id: str,
    province_code: str,
    year_from: int,
    year_to: int,
    *,
    rule: str = "refuse",
    boundary_to: str = "pre_2025",
    weights: dict[str, float] | str | None = None,
    as_of: date | str | None = None,
) -> pd.DataFrame:
    """A province in two editions, set side by side by one rule: two rows, the earlier edition first.

    rule: `refuse` compares scores and raises NotComparable, which names what is in the way and the rules on offer, at a
    break or between an old province and the new unit; `same_components` adds up only the dimensions that are the same
    component in every edition from one to the other; `positions` compares ranks and leaves the scores missing;
    `aggregate` (with boundary_to="post_2025") sets the old provinces of a new unit, put together with `weights`, beside
    that unit. weights: `equal`, or old code to weight; there is no default, because the answer depends on it.

    Columns: rule, component_id, province_code, boundary, edition_year, score, rank, n_ranked, percentile_position,
    component_ids (added up, where that is the rule), weights, source_id; `attrs` hold score_change and rank_change
    (places gained; missing where the rule does not allow it) and the rule in words, note_vi and note_en.
    Raises NotComparable, KeyError for what does not exist, ValueError for a wrong rule or weights.
    """
    known = catalogue()
    part = known.component(component_id)
    if rule not in ("refuse", *RULES):
        raise ValueError(f"rule must be refuse, {', '.join(RULES)}, not {rule!r}")
    if boundary_to == "post_2025":
        if rule != "aggregate":
            raise _other_population(province_code, year_from, year_to)
        return _aggregated(part, province_code, year_from, year_to, weights, as_of)
    if rule == "aggregate":
        raise ValueError('rule="aggregate" puts old provinces together: it goes with boundary_to="post_2025"')
    scores = load_index(part.index_id, as_of=as_of)
    component_ids = ""
    if rule == "refuse":
        known.check_comparable(component_id, year_from, year_to)
    if rule == "same_components":
        scores = linked_scores(scores, year_from, year_to, component_id)
        component_ids = scores.attrs["component_ids"]
    rows = scores[
        (scores["component_id"] == component_id)
        & (scores["province_code"] == province_code)
        & scores["edition_year"].isin([year_from, year_to])
    ].sort_values("edition_year")
    if len(rows) != 2:
        present = ", ".join(str(year) for year in rows["edition_year"]) or "–"
        raise UnknownName(*bilingual("comparability.two_editions", component_id=component_id, present=present))
    rows = _ready(rows, rule, component_ids=component_ids)
    if rule == "positions":
        rows["score"] = np.nan
    # what is the same component by the rule itself needs no mark
    crossed = [] if rule == "same_components" else known.marks(component_id, year_from, year_to)
    return _with_changes(rows, rule, f" ({_rule_note(component_ids)})" if component_ids else "", crossed)


def _rule_note(component_ids: str) -> str:
    return ", ".join(catalogue().component(name).number for name in component_ids.split())


def _ready(rows: pd.DataFrame, rule: str, *, component_ids: str = "", weights: str = "") -> pd.DataFrame:
    rank = measures.rank_used(rows.astype({"rank_derived": "Float64", "rank_published": "Float64"}))
    rows = rows.assign(rule=rule, rank=rank, component_ids=component_ids, weights=weights, caution="")
    return rows[COMPARED].reset_index(drop=True)


def caution_ids(breaks) -> str:
    """Rows of `breaks.csv` as a column holds them: `papi_d8:2019 papi_d8_3:2020`."""
    return " ".join(f"{b.component_id}:{b.edition_year}" for b in breaks)


def _with_changes(rows: pd.DataFrame, rule: str, more: str = "", crossed=()) -> pd.DataFrame:
    rows["caution"] = caution_ids(crossed)
    words = bilingual(RULES.get(rule, "comparability.two_published_scores_compared"))
    notes = [bilingual("comparability.rule", rule=words, more=more)]
    if crossed:
        named = zip(*((f"{b.edition_year} {b.label}", f"{b.edition_year} {b.label_en}") for b in crossed), strict=True)
        notes.append(bilingual("comparability.not_same_throughout", breaks=tuple("; ".join(names) for names in named)))
    if rule == "positions" and any(b.ranks == "side_by_side" for b in crossed):
        notes.append(bilingual("comparability.places_over_break"))
    note_vi, note_en = (" ".join(texts) for texts in zip(*notes, strict=True))
    rows.attrs = {
        "score_change": rows["score"].iloc[1] - rows["score"].iloc[0],
        "rank_change": rows["rank"].iloc[0] - rows["rank"].iloc[1],
        "note_vi": note_vi,
        "note_en": note_en,
    }
    return rows


def _other_population(province_code: str, year_from: int, year_to: int) -> NotComparable:
    known = catalogue()
    old = known.provinces[("pre_2025", province_code)]
    new = known.provinces[("post_2025", old.successor_code)]
    former = [known.provinces[("pre_2025", code)] for code in new.predecessor_codes]
    return NotComparable(
        *bilingual(
            "comparability.not_comparable_since_1_july",
            name=(old.name, old.name_en),
            year_from=year_from,
            name_2=(new.name, new.name_en),
            year_to=year_to,
            former=(", ".join(p.name for p in former), ", ".join(p.name_en for p in former)),
        ),
        ("aggregate",),
    )


def _aggregated(part, province_code: str, year_from: int, year_to: int, weights, as_of) -> pd.DataFrame:
    known = catalogue()
    new = known.provinces[("post_2025", known.provinces[("pre_2025", province_code)].successor_code)]
    if year_from != year_to:
        known.check_comparable(part.component_id, year_from, year_to)
    old = aggregate(load_index(part.index_id, as_of=as_of), weights, new.province_code)
    old = old[(old["component_id"] == part.component_id) & (old["edition_year"] == year_from)]
    now = load_index(part.index_id, as_of=as_of, boundary="post_2025")
    now = now[
        (now["component_id"] == part.component_id)
        & (now["province_code"] == new.province_code)
        & (now["edition_year"] == year_to)
    ]
    in_words = _weights_in_words(new.predecessor_codes, weights)
    lists = [f"{new.name_en}, {year} ({where})" for year, where in ((year_from, "pre_2025"), (year_to, "post_2025"))]
    lacking = [name for name, rows in zip(lists, (old, now), strict=True) if rows.empty]
    if lacking:
        raise KeyError(f"{part.component_id}: no score of {' nor of '.join(lacking)}")
    rows = pd.concat([_ready(rows, "aggregate", weights=in_words) for rows in (old, now)], ignore_index=True)
    crossed = known.marks(part.component_id, year_from, year_to) if year_from != year_to else []
    return _with_changes(rows, "aggregate", f" ({in_words})", crossed)


def _shares(codes: tuple[str, ...], weights: dict[str, float] | str | None) -> dict[str, float]:
    """Weights of old provinces, which add up to 1."""
    if weights == "equal":
        return dict.fromkeys(codes, 1 / len(codes))
    if not isinstance(weights, dict) or set(weights) != set(codes) or not sum(weights.values()) > 0:
        raise ValueError(
            f'weights must be "equal", or a weight above 0 for each of {", ".join(codes)}; not {weights!r}: '
            "what an aggregate says depends on them"
        )
    return {code: weights[code] / sum(weights.values()) for code in codes}


def _weights_in_words(codes: tuple[str, ...], weights: dict[str, float] | str | None) -> str:
    """Weights in words, as notes and rows state them."""
    return ", ".join(f"{code}: {weight:g}" for code, weight in _shares(codes, weights).items())


def aggregate(scores: pd.DataFrame, weights: dict[str, float] | str | None, province_code: str) -> pd.DataFrame:
    """Scores of the old provinces of a new unit as one: one row per edition and component, with the new code.

    scores: of `pre_2025`. A row is there only where every old province has a score; rank and group are left empty,
    because the other units would have to be put together with weights of their own. `boundary` is `post_2025`.

    >>> frame = pd.DataFrame({"province_code": ["56", "58"], "edition_year": 2023, "component_id": "papi_total",
    ...     "score": [41.0, 45.0], "source_id": "a"})
    >>> aggregate(frame, {"56": 3, "58": 1}, "56")["score"].tolist()
    [42.0]
    """
    shares = _shares(catalogue().provinces[("post_2025", province_code)].predecessor_codes, weights)
    rows = scores[scores["province_code"].isin(shares) & scores["score"].notna()]
    rows = rows.assign(score=rows["score"] * rows["province_code"].map(shares))
    joined = rows.groupby(measures.CELL, as_index=False).agg(
        score=("score", "sum"), count=("province_code", "nunique"), source_id=("source_id", _each_once)
    )
    joined = joined[joined["count"] == len(shares)].drop(columns="count")
    return joined.assign(province_code=province_code, boundary="post_2025").reindex(
        columns=list(dict.fromkeys([*scores.columns, "boundary", "rank_derived", "rank_published", "n_ranked"]))
        + [c for c in ("percentile_position",) if c not in scores.columns]
    )


def _each_once(ids: pd.Series) -> str:
    return " ".join(dict.fromkeys(part for cell in ids for part in str(cell).split()))


def linked_scores(scores: pd.DataFrame, year_from: int, year_to: int, component_id: str = "papi_total") -> pd.DataFrame:
    """A total made anew from the dimensions that stay the same component through every edition of a span of years.

    Rows and columns as `load_index`, of that component alone: score is the plain sum of those dimensions (points;
    missing where a province lacks one); rank_derived, n_ranked, percentile_position and group_derived are worked out
    from it, and what was published of the whole total is left empty. `attrs["component_ids"]` names the dimensions,
    which the tree of components proves (`Catalogue.common_components`); no list is kept by hand.
    Raises NotComparable where no dimension stays the same, ValueError where the total is not a plain sum.
    """
    known = catalogue()
    total = known.component(component_id)
    if not total.parts_sum:
        raise ValueError(f"{component_id} is not a plain sum of its parts: there are no common components to add up")
    first, last = sorted((year_from, year_to))
    common = [part.component_id for part in known.common_components(total.index_id, first, last)]
    if not common:
        raise NotComparable(
            *bilingual(
                "comparability.no_dimension_keeps_definition", component_id=component_id, first=first, last=last
            ),
            ("positions",),
        )
    names = {year: {known.earlier_id(name, last, year) for name in common} for year in range(first, last + 1)}
    span = scores[scores["edition_year"].between(first, last)]
    wanted = [part in names[year] for part, year in zip(span["component_id"], span["edition_year"], strict=True)]
    sums = (
        span[pd.Series(wanted, index=span.index, dtype=bool)]
        .groupby(["edition_year", "province_code"])["score"]
        .agg(["sum", "count"])
    )
    rows = span[span["component_id"] == component_id].set_index(["edition_year", "province_code"], drop=False)
    score = sums["sum"].where(sums["count"] == len(common)).reindex(rows.index)
    rows = rows.assign(score=score).reset_index(drop=True)
    rows["rank_published"], rows["group_published"] = pd.array([pd.NA] * len(rows), dtype="Int64"), None
    rows["rank_derived"] = measures.ranks(rows).astype("Int64")
    rows["n_ranked"] = rows.groupby(measures.CELL)["score"].transform("count").astype("Int64")
    rows["percentile_position"] = measures.percentile_position(
        rows["rank_derived"].astype("float64"), rows["n_ranked"].astype("float64")
    )
    rows["group_derived"] = measures.quartile_groups(rows)
    rows.attrs = {**scores.attrs, "component_ids": " ".join(common)}
    return rows


def linked_spans(index_id: str, last_edition: int, boundary: str = "pre_2025") -> list[tuple[int, int]]:
    """Spans of editions that a series on common components bridges and the total does not, longest first.

    boundary: the list of provinces whose editions they are. Over each the total is not the same component, and none can
    be lengthened without losing a dimension.

    >>> linked_spans("papi", 2024)[:4]
    [(2011, 2017), (2018, 2024), (2019, 2024), (2016, 2020)]
    """
    known = catalogue()
    editions = known.editions_of(index_id, boundary)
    years = [edition.edition_year for edition in editions if edition.edition_year <= last_edition]
    total_id = f"{index_id}_total"
    # what is the same from edition to edition is the same from the first to the last: only neighbours are compared
    kept = {
        year: {part.component_id for part in known.common_components(index_id, before, year)}
        for before, year in itertools.pairwise(years)
    }
    common = {}
    for last in years[1:]:
        names = {name: name for name in kept[last]}
        for before, year in reversed(list(itertools.pairwise(years[: years.index(last) + 1]))):
            names = {name: known.earlier_id(now, year, before) for name, now in names.items() if now in kept[year]}
            common[before, last] = len(names)
    spans = [
        (first, last)
        for (first, last), count in common.items()
        if count
        and not known.same_component(total_id, first, last)
        and not any(
            (a, b) != (first, last) and a <= first and b >= last and other >= count for (a, b), other in common.items()
        )
    ]
    return sorted(spans, key=lambda span: (span[0] - span[1], span))


@accepts_names
def linked_history(scores: pd.DataFrame, province_code: str, index_id: str = "papi") -> pd.DataFrame:
    """A province's course on common components, one after another span: rows of `measures.province_history`.

    Besides: span (`2011–2017`), component_ids and n_components. Spans are those of `linked_spans` up to the newest
    edition in the frame; empty where the total is not a plain sum or no break is bridged.
    """
    total_id = f"{index_id}_total"
    totals = scores[(scores["component_id"] == total_id) & scores["score"].notna()]
    empty = measures.province_history(scores.iloc[0:0], province_code)
    empty = because(empty.assign(span="", component_ids="", n_components=0), "comparability.no_linked_series")
    if totals.empty or not catalogue().component(total_id).parts_sum:
        return empty
    histories = []
    for first, last in linked_spans(index_id, int(totals["edition_year"].max()), totals["boundary"].iloc[0]):
        series = linked_scores(scores, first, last, total_id)
        names = series.attrs["component_ids"]
        history = measures.province_history(series, province_code)
        histories.append(history.assign(span=f"{first}–{last}", component_ids=names, n_components=len(names.split())))
    return pd.concat(histories, ignore_index=True) if histories else empty


def national_shifts(scores: pd.DataFrame) -> pd.DataFrame:
    """Steps of the whole country from one whole edition to the next: one row per component and edition.

    | column | meaning | unit |
    |---|---|---|
    | component_id, previous_edition, edition_year | the same definition in both (`Catalogue.same_definition`) | |
    | n | provinces with a score in both | count |
    | change | median of the later edition minus that of the earlier, over those provinces | unit of the score |
    | step | change over the spread: root of the mean of the variances of the two editions | standard deviations |
    | source_id | sources of the scores of both editions | |

    Only steps of at least 1.28 standard deviations (`STEP`; one tenth of a normal distribution lies beyond), and only
    editions of an index that follow one another, with every score available. Each is a row of severity `suspected` in
    `breaks.csv`; after an import of figures the rows are made to agree. scores: as `load_index`.
    """
    known, rows = catalogue(), []
    complete = scores[scores["score"].notna() & scores["rank_derived"].notna()]
    for (boundary, component_id), cells in complete.groupby(["boundary", "component_id"]):
        index_id = known.component(component_id).index_id
        editions = [edition.edition_year for edition in known.editions_of(index_id, boundary)]
        table = cells.pivot(index="province_code", columns="edition_year", values="score").astype(float)
        for before, year in itertools.pairwise(editions):
            if not {before, year} <= set(table) or not known.same_definition(component_id, before, year):
                continue
            both = table[[before, year]].dropna()
            change = both[year].median() - both[before].median()
            step = change / np.sqrt(both.var(ddof=1).mean())
            if abs(step) >= STEP:
                used = cells.loc[cells["edition_year"].isin([before, year]), "source_id"]
                rows.append((component_id, before, year, len(both), change, step, _each_once(used)))
    columns = ["component_id", "previous_edition", "edition_year", "n", "change", "step", "source_id"]
    return pd.DataFrame(rows, columns=columns)


@accepts_names
def former_units(
    province_code: str,
    index_id: str = "papi",
    *,
    as_of: date | str | None = None,
    boundary: str = "post_2025",
    weights: dict[str, float] | str = "equal",
    sources: str = "all",
) -> pd.DataFrame:
    """Totals of the former provinces of a new unit side by side, and put together: one row per edition and province.

    Rows of `measures.province_history` for each former province (boundary `pre_2025`), then rows of the aggregate by
    `weights` (boundary `post_2025`, no rank), which no edition published: it is worked out, and says so in `weights`.
    Empty for a province of `pre_2025`, which has none. sources: as in `load_index`.
    """
    known, scores = catalogue(), load_index(index_id, as_of=as_of, sources=sources)
    if boundary != "post_2025":
        empty = measures.province_history(scores.iloc[0:0], province_code).assign(weights="")
        return because(empty, "comparability.no_former_units")
    new = known.province(province_code, MERGER_DAY)
    totals = scores[scores["component_id"] == f"{index_id}_total"]
    histories = [measures.province_history(totals, code) for code in new.predecessor_codes]
    joined = pd.concat(histories, ignore_index=True).assign(weights="")
    together = aggregate(totals, weights, province_code)
    together = together.assign(
        weights=_weights_in_words(new.predecessor_codes, weights),
        rank=pd.NA,
        complete=False,
        segment=[known.segment(f"{index_id}_total", year) for year in together["edition_year"]],
    )
    # a column of nothing would take the types of the others away
    together = together.reindex(columns=joined.columns).dropna(axis="columns", how="all")
    return pd.concat([joined, together], ignore_index=True)
