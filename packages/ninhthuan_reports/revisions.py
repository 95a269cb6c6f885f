"""What changed between two quarterly reports, and what was only corrected in the data.

Real change is worked out on today's data for both sides, so that an old figure that was corrected since is never
counted as progress or as a loss. Corrections are seen only beside an older copy of the data folder: whatever was known
at the closing day of the earlier quarter, and the two copies do not say alike, is a revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from ninhthuan import measures
from ninhthuan.catalogue import GROUPS, boundary_on, catalogue, data_dir, data_from
from ninhthuan.contradictions import discrepancies
from ninhthuan.datasets import as_day, indicator_rows, load_index, load_workload, typed_rows, workload_known
from ninhthuan.language import ParameterFaults, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.words import Said, bilingual, said, written
from ninhthuan.workload_rules import in_unit

from .parameters import check_parameters
from .summaries import workload_results

# Kinds of change in the order in which they matter to a reader; ranks of dimensions come after all of them.
KINDS = (
    "new_edition",
    "newly_known",
    "no_new_edition",
    "rank",
    "group",
    "target",
    "contradiction_new",
    "contradiction_gone",
    "revision",
)
COLUMNS = [
    "kind",
    "index_id",
    "subject",
    "level",
    "channel",
    "province_code",
    "boundary",
    "edition_year",
    "previous_edition",
    "period_start",
    "period_end",
    "figure",
    "old",
    "new",
    "change",
    "unit",
    "score",
    "rank",
    "n_ranked",
    "rank_basis",
    "basis",
    "score_decimals",
    "previous_rank",
    "previous_n_ranked",
    "previous_rank_basis",
    "group",
    "target",
    "published_on",
    "published_precision",
    "missing",
    "count",
    "crosses",
    "rule",
    "because",
    "detail",
    "source_id",
    "other_source_id",
    "previous_source_id",
    "said",
]
WHOLE_NUMBERS = ("edition_year", "previous_edition", "rank", "n_ranked", "previous_rank", "previous_n_ranked", "count")
SIDES = ("old", "new", "detail")
WORKLOAD_FILES = ("workload/ninh_thuan.csv", "workload/comparators.csv")


def changes_between(
    earlier: Quarter | str,
    later: Quarter | str,
    province_code: str,
    *,
    before: Path | str | None = None,
    as_of_before: date | str | None = None,
    as_of: date | str | None = None,
) -> pd.DataFrame:
    """What changed for a province from the report of one quarter to that of another: one row per change.

    before: an older copy of the data folder, to tell corrected figures from real change; without it none are seen.
    as_of_before, as_of: days of knowledge, where they are not the closing days of the two quarters.

    | kind | a row is |
    |---|---|
    | new_edition | an edition that came out between the two days: score, rank, n_ranked, group, or why `missing` |
    | newly_known | a first result of an edition already out on the earlier day, from a source of between the two |
    | no_new_edition | an index without one: edition_year is its newest, previous_edition the newest held |
    | rank | a moved rank of a total or dimension, new edition against the one held before; change: places gained |
    | group | a group crossed between them, within one method; change: groups gained |
    | target | a result with a target whose period ended between the quarters; change: points over the target |
    | contradiction_new, contradiction_gone | by rule, subject, province, edition or period, and sources; `because` |
    | | says `revision` where a correction of old data is the reason and not the passing of time |
    | revision | a figure known on the earlier day that the two copies do not say alike |

    old and new hold the figures as text (in English, decimal point), `said` the values that it is made of. Of a
    revision, `figure` is `score`, `rank`, `group` or `value` (as printed), `rank_derived` or `group_derived` (what
    follows for the province from others' revised scores) or `others` (how many figures of other provinces, by index;
    `detail` lists their editions); `because` is `revised`, `added` or `removed` (to or from what was already out),
    `follows`, or `moved_rank` (another province whose revised score moved the rank of this one). rank and previous_rank
    are the province's, where a revision moved it.

    Ranks and groups compare today's figures on both sides. Ranks across a break are marked in `crosses`; groups are not
    compared across one. Where the provinces became 34 between the two quarters nothing is compared: `attrs` say
    `populations`, and only editions newly out are listed. Raises ParameterFaults with all that is wrong.
    """
    then, now = _requests(earlier, later, province_code, before)
    province, boundary = now.province.province_code, now.boundary
    days = as_day(as_of_before) or then.as_of, as_day(as_of) or now.as_of
    apart = boundary_on(then.quarter.last_day) != boundary
    rows = list(_editions(province, boundary, *days))
    if not apart:
        rows += _moves(rows, province, boundary, days[1])
        rows += _targets(province, boundary, (days[0], then.quarter), (days[1], now.quarter))
        rows += _contradictions(province, boundary, (days[0], then.quarter), (days[1], now.quarter), before)
        if before is not None:
            rows += _of_older(before, lambda: list(_revisions(province, boundary, days[0], then.quarter, Path(before))))
    frame = pd.DataFrame(rows).reindex(columns=COLUMNS)
    frame["boundary"] = boundary
    frame["province_code"] = frame["province_code"].astype("object").where(frame["province_code"].notna(), province)
    for column in WHOLE_NUMBERS:
        frame[column] = frame[column].astype("Float64").astype("Int64")
    for column in ("period_start", "period_end"):
        frame[column] = pd.to_datetime(frame[column])
    numbers = (*WHOLE_NUMBERS, "period_start", "period_end", "change", "score", "target", "said")
    texts = [column for column in COLUMNS if column not in numbers]
    for column in [c for c in texts if c not in ("index_id", "published_on")]:
        frame[column] = frame[column].astype("object").where(frame[column].notna(), "")
    frame["said"] = pd.Series(frame[[*SIDES]].to_dict("records"), dtype="object")
    for side in SIDES:
        frame[side] = frame[side].map(written)
    frame = _in_order(frame)
    frame.attrs = {
        "earlier": str(then.quarter),
        "later": str(now.quarter),
        "as_of_before": str(days[0]),
        "as_of": str(days[1]),
        "province_code": province,
        "boundary": boundary,
        "before": "" if before is None else str(before),
        "populations": f"{boundary_on(then.quarter.last_day)} {boundary}" if apart else "",
    }
    return frame


def as_records(changes: pd.DataFrame) -> dict:
    """What `changes_between` found for machines: its attributes, `changes`, and the indices `without_new_edition`.

    Of each row only what it holds is given; days are ISO text.
    """
    rows = []
    for row in changes.to_dict("records"):
        held = {}
        for name, value in row.items():
            if name == "said" or value is None or pd.isna(value) or value == "":
                continue
            if isinstance(value, date):
                value = value.isoformat()[:10]
            elif name in WHOLE_NUMBERS:
                value = int(value)
            held[name] = value
        rows.append(held)
    return {
        **{name: value or None for name, value in changes.attrs.items()},
        "compared": not changes.attrs["populations"],
        "changes": [row for row in rows if row["kind"] != "no_new_edition"],
        "without_new_edition": [row for row in rows if row["kind"] == "no_new_edition"],
    }


def _requests(earlier: Quarter | str, later: Quarter | str, province_code: str, before: Path | str | None):
    """Both reports' checked parameters; raises ParameterFaults with everything that is wrong."""
    faults: list[tuple[str, str]] = []
    quarters: list[Quarter | None] = []
    for text in (earlier, later):
        try:
            quarters.append(Quarter.parse(str(text)))
        except ValueError:
            quarters.append(None)
    # a code need hold in the earlier quarter only where that had the same list of provinces
    alike = None in quarters or boundary_on(quarters[0].last_day) == boundary_on(quarters[1].last_day)
    checked = []
    for text, whole in ((earlier, alike), (later, True)):
        given = {"quarter": str(text), "language": "vi"}
        try:
            checked.append(check_parameters(given | {"province_code": province_code}, figures=text is later))
        except ParameterFaults as found:
            faults += [fault for fault in found.faults if whole or not fault[0].startswith("province_code")]
            checked.append(None)
    if None not in quarters and quarters[0] == quarters[1]:
        faults.append(bilingual("revisions.same_quarter_twice_two_needed", earlier=earlier))
    elif None not in quarters and quarters[0] > quarters[1]:
        first, last = (quarter_name(quarter, "vi") for quarter in quarters)
        faults.append(
            bilingual(
                "revisions.later_than_earlier_quarter_comes", first=first, last=last, earlier=earlier, later=later
            )
        )
    if before is not None and not (Path(before) / "datapackage.json").is_file():
        faults.append(bilingual("revisions.before_no_datapackage_json_older", before=before))
    if faults:
        raise ParameterFaults(list(dict.fromkeys(faults)))
    if checked[0] is None:  # only the province's code is unknown of that time
        given = {"quarter": str(earlier), "province_code": "01", "language": "vi"}
        checked[0] = check_parameters(given, figures=False)
    return checked


def _of_older(before: Path | str, work):
    """What is done with an older copy; one that cannot be read is a fault of the request."""
    try:
        return work()
    except (OSError, LookupError, ValueError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ParameterFaults(
            [bilingual("revisions.before_older_data_cannot_read", before=before, reason=reason)]
        ) from error


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """By importance: kinds in their order, totals before dimensions, moved ranks of dimensions last."""
    known = catalogue()
    order = {index_id: place for place, index_id in enumerate(known.indices)}
    total = frame["subject"].str.endswith("_total").to_numpy()
    kind = frame["kind"].map(KINDS.index).to_numpy(dtype=float)
    kind[(frame["kind"] == "rank").to_numpy() & ~total] = len(KINDS)
    keys = pd.DataFrame(
        {
            "kind": kind,
            "others": (frame["because"] == "moved_rank") | (frame["figure"] == "others"),
            "part": ~total,
            "index": frame["index_id"].map(order).fillna(len(order)),
            "edition": frame["edition_year"].fillna(0),
            "subject": frame["subject"],
            "level": frame["level"],
            "channel": frame["channel"],
            "period": frame["period_end"].fillna(pd.Timestamp(0)),
        }
    )
    return frame.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)


# ------------------------------------------------------------------------------------------- real change, today's data


def _editions(province_code: str, boundary: str, day_before: date, day: date) -> Iterator[dict]:
    known = catalogue()
    for index_id in known.indices:
        out = known.editions_of(index_id, boundary, day)
        new = [edition for edition in out if edition.known_from > day_before]
        scores = load_index(index_id, as_of=day, boundary=boundary, sources="strict")
        own = scores[(scores["province_code"] == province_code) & (scores["level"] == "total")].set_index(
            "edition_year"
        )
        ranks, bases = measures.rank_used(own), measures.rank_bases(own)
        held = own[own["score"].notna() | ranks.notna()].index
        earlier = indicator_rows(index_id, boundary, day_before, "strict")
        earlier = earlier[(earlier["province_code"] == province_code) & earlier["component_id"].eq(f"{index_id}_total")]
        had = set(earlier.loc[earlier["score"].notna() | earlier["rank_published"].notna(), "edition_year"])
        common = {"index_id": index_id, "subject": f"{index_id}_total"}
        for edition in out:
            if edition not in new and (edition.edition_year not in held or edition.edition_year in had):
                continue
            row = common | {
                "kind": "new_edition" if edition in new else "newly_known",
                "edition_year": edition.edition_year,
                "published_on": edition.published_on,
                "published_precision": edition.published_precision,
            }
            if edition.edition_year in own.index:
                cell = own.loc[edition.edition_year]
                published = cell["group_published"] if index_id == "papi" else None
                row |= {
                    "score": cell["score"],
                    "new": _figure(cell["score"]),
                    "unit": cell["unit"],
                    "rank": ranks[edition.edition_year],
                    "n_ranked": cell["n_ranked"],
                    "group": published if isinstance(published, str) else cell["group_derived"],
                    "missing": cell["missing"],
                    "source_id": " ".join(dict.fromkeys(f"{cell['source_id']} {cell['rank_source_id']}".split())),
                    "basis": cell["basis"],
                    "score_decimals": cell["score_decimals"],
                    "rank_basis": bases[edition.edition_year],
                }
            yield row
        if not new:
            newest = out[-1] if out else None
            yield common | {
                "kind": "no_new_edition",
                "edition_year": newest.edition_year if newest else None,
                "previous_edition": max(held) if len(held) else None,
                "published_on": newest.published_on if newest else None,
                "published_precision": newest.published_precision if newest else "",
                "missing": own["missing"].iloc[-1] if len(own) else "",
                "source_id": own.loc[max(held), "source_id"] if len(held) else "",
            }


def _moves(editions: list[dict], province_code: str, boundary: str, day: date) -> Iterator[dict]:
    """Ranks moved and groups crossed in the new editions, each against the edition held before it."""
    new: dict[str, set[int]] = {}
    for row in editions:
        if row["kind"] == "new_edition":
            new.setdefault(row["index_id"], set()).add(row["edition_year"])
    for index_id, years in new.items():
        scores = load_index(index_id, as_of=day, boundary=boundary, sources="strict")
        own = scores[(scores["province_code"] == province_code) & scores["level"].isin(["total", "dimension"])]
        cells = own.set_index(["component_id", "edition_year"])
        found = measures.changes(own, province_code, rule="positions")
        for move in found[found["edition_year"].isin(years)].itertuples():
            now, then = (cells.loc[(move.component_id, year)] for year in (move.edition_year, move.previous_edition))
            sources = {"source_id": _rank_source(now), "previous_source_id": _rank_source(then)}
            common = {
                "index_id": index_id,
                "subject": move.component_id,
                "edition_year": move.edition_year,
                "previous_edition": move.previous_edition,
                "rank": move.rank,
                "n_ranked": move.n_ranked,
                "previous_rank": move.previous_rank,
                "previous_n_ranked": move.previous_n_ranked,
                "crosses": move.crosses,
                **sources,
            }
            if pd.notna(move.rank_change) and move.rank_change != 0:
                yield common | {
                    "kind": "rank",
                    "old": _place(move.previous_rank, move.previous_n_ranked, move.previous_rank_basis),
                    "new": _place(move.rank, move.n_ranked, move.rank_basis),
                    "rank_basis": move.rank_basis,
                    "previous_rank_basis": move.previous_rank_basis,
                    "change": float(move.rank_change),
                }
            groups = then["group_derived"], now["group_derived"]
            if not move.crosses and all(isinstance(g, str) for g in groups) and groups[0] != groups[1]:
                yield common | {
                    "kind": "group",
                    "old": groups[0],
                    "new": groups[1],
                    "group": groups[1],
                    "change": float(GROUPS.index(groups[0]) - GROUPS.index(groups[1])),
                }


def _targets(province_code: str, boundary: str, earlier: tuple, later: tuple) -> Iterator[dict]:
    results = []
    for day, quarter in (earlier, later):
        workload = load_workload(province_code, until=quarter, as_of=day, boundary=boundary)
        found = workload_results(workload)
        results.append(found[found["target"].notna() & found["value"].notna()])
    key = ["measure", "channel", "period_start", "period_end"]
    known = set(results[0][key].itertuples(index=False, name=None))
    for row in results[1].itertuples():
        if (row.measure, row.channel, row.period_start, row.period_end) not in known:
            yield {
                "kind": "target",
                "subject": row.measure,
                "channel": row.channel,
                "period_start": row.period_start,
                "period_end": row.period_end,
                "new": _figure(row.value),
                "target": row.target,
                "change": row.points_over,
                "unit": "percent",
                "source_id": row.source_id,
            }


# ------------------------------------------------------------------------------------------------------ contradictions


def _contradictions(province_code, boundary, earlier, later, before) -> Iterator[dict]:
    """Contradictions new and gone: the earlier side by the older copy where there is one."""

    def at(point, subjects=None):
        day, quarter = point
        scope = {"as_of": day, "until": quarter, "boundary": boundary, "subjects": subjects}
        return _keyed(discrepancies(province_code, sources="strict", **scope))

    now = at(later)
    # of an index without a new edition both days know the same figures
    known = catalogue()
    days = earlier[0], later[0]
    same = {i for i in known.indices if len({tuple(known.editions_of(i, boundary, day)) for day in days}) == 1}
    then = {key: row for key, row in now.items() if _subject_of(row) in same}
    then |= at(earlier, {*known.indices, "workload"} - same)
    old = then
    if before is not None and (changed := _changed_subjects(Path(before))):

        def read() -> dict:
            with data_from(before):
                return at(earlier, changed)

        old = {key: row for key, row in then.items() if _subject_of(row) not in changed} | _of_older(before, read)
    for kind, rows, others in (("contradiction_new", now, old), ("contradiction_gone", old, now)):
        for key in rows:
            if key in others:
                continue
            row = rows[key]
            revised = key in then if kind == "contradiction_new" else key not in then
            yield {
                "kind": kind,
                "index_id": None if _subject_of(row) == "workload" else _subject_of(row),
                "subject": row.subject,
                "level": row.level,
                "channel": row.channel,
                "province_code": row.province_code,
                "edition_year": row.edition_year,
                "period_start": row.period_start or None,
                "period_end": row.period_end or None,
                "old" if kind == "contradiction_gone" else "new": said(
                    "revisions.printed_others_give", printed=row.said["printed"], found=row.said["found"]
                ),
                "rule": row.rule,
                "because": "revision" if revised else "time",
                "detail": row.said["detail"],
                "source_id": row.source_id,
                "other_source_id": row.other_source_id,
            }


def _keyed(found: pd.DataFrame) -> dict[tuple, object]:
    """Contradictions by what they are about; the figures themselves are not part of it."""
    rows: dict[tuple, object] = {}
    for row in found.itertuples():
        edition = None if pd.isna(row.edition_year) else int(row.edition_year)
        figure = (row.subject, row.level, row.channel, row.province_code, edition, row.period_end)
        key = (row.rule, *figure, row.source_id, row.other_source_id)
        count = 0
        while (*key, count) in rows:
            count += 1
        rows[(*key, count)] = row
    return rows


def _subject_of(row) -> str:
    """The index that a contradiction is about, or `workload`."""
    return next((i for i in catalogue().indices if row.subject.startswith(f"{i}_")), "workload")


# ----------------------------------------------------------------------------------------------------------- revisions


def _same(relative: str, before: Path) -> bool:
    """Whether a file of data/ is byte for byte that of the older copy."""
    files = data_dir() / relative, before / relative
    return files[0].is_file() == files[1].is_file() and (
        not files[0].is_file() or files[0].read_bytes() == files[1].read_bytes()
    )


def _references_alike(before: Path) -> bool:
    names = {path.name for folder in (data_dir(), before) for path in (folder / "reference").glob("*.csv")}
    return all(_same(f"reference/{name}", before) for name in names)


def _changed_subjects(before: Path) -> set[str]:
    """Index ids and `workload`: what contradictions may differ about between today's data and the older copy."""
    subjects = {*catalogue().indices, "workload"}
    shared = ("indicators/claims.csv", "indicators/national.csv")
    if not _references_alike(before) or not all(_same(file, before) for file in shared):
        return subjects
    changed = {i for i in catalogue().indices if not _same(f"indicators/{i}.csv", before)}
    return changed | ({"workload"} if not all(_same(file, before) for file in WORKLOAD_FILES) else set())


def _revisions(province_code: str, boundary: str, day: date, quarter: Quarter, before: Path) -> Iterator[dict]:
    """Figures known on a day that the older copy and today's data do not say alike."""
    references = _references_alike(before)
    for index_id in catalogue().indices:
        if not (references and _same(f"indicators/{index_id}.csv", before)):
            sides = _old_and_new(before, load_index, index_id, as_of=day, boundary=boundary)
            yield from index_revisions(*sides, province_code, index_id)
    if not (references and all(_same(file, before) for file in WORKLOAD_FILES)):
        yield from workload_revisions(*_old_and_new(before, _workload_rows, quarter, boundary), province_code)


def _old_and_new(before: Path, load, *what, **how) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same of the older copy and of today's data."""
    with data_from(before):
        old = load(*what, **how)
    return old, load(*what, **how)


KEY = ["edition_year", "province_code", "component_id"]
FIGURES = {"score": ("score",), "rank": ("rank_published", "n_ranked_published"), "group": ("group_published",)}
TAKEN = ["score", "rank_published", "n_ranked_published", "group_published", "rank_derived", "n_ranked"]
TAKEN += ["group_derived", "unit", "source_id", "rank_source_id"]


def index_revisions(old: pd.DataFrame, new: pd.DataFrame, province_code: str, index_id: str) -> list[dict]:
    """Rows of kind `revision` of one index, from two frames of `load_index` cut at the same day."""
    cells = old[[*KEY, *TAKEN]].merge(new[[*KEY, *TAKEN]], on=KEY, how="outer", suffixes=("_old", "_new"))
    own = cells["province_code"] == province_code
    differ = {}
    for figure, columns in FIGURES.items():
        differ[figure] = pd.Series(False, index=cells.index)
        for column in columns:
            differ[figure] |= _unlike(cells[f"{column}_old"], cells[f"{column}_new"])
    rows = []
    for figure, unlike in differ.items():
        for cell in cells[own & unlike].itertuples():
            rows.append(_revised(cell, figure, index_id))
    # what follows for the province's place where its own figure is the same
    used = {}
    for side in ("old", "new"):
        used[side] = cells[f"rank_derived_{side}"].fillna(cells[f"rank_published_{side}"])
    cells["rank_old"], cells["rank_new"] = used["old"], used["new"]
    moved = _unlike(used["old"], used["new"]) | _unlike(cells["n_ranked_old"], cells["n_ranked_new"])
    crossed = _unlike(cells["group_derived_old"], cells["group_derived_new"])
    places = {}
    for label, cell in zip(
        cells.index[own & (moved | crossed)], cells[own & (moved | crossed)].itertuples(), strict=True
    ):
        if any(differ[figure][label] for figure in ("score", "rank")):
            places[cell.edition_year, cell.component_id] = cell
            continue
        by_rank = bool(moved[label])
        rows.append(
            {
                "kind": "revision",
                "index_id": index_id,
                "subject": cell.component_id,
                "province_code": cell.province_code,
                "edition_year": cell.edition_year,
                "figure": "rank_derived" if by_rank else "group_derived",
                "old": _place(cell.rank_old, cell.n_ranked_old) if by_rank else _held(cell.group_derived_old),
                "new": _place(cell.rank_new, cell.n_ranked_new) if by_rank else _held(cell.group_derived_new),
                "because": "follows",
                "source_id": _held(cell.source_id_new),
                "previous_source_id": _held(cell.source_id_old),
                **_ranks(cell),
            }
        )
    for row in rows:
        cell = places.get((row["edition_year"], row["subject"]))
        if cell is not None and row["because"] != "follows":
            row |= _ranks(cell)
    rows += _other_revisions(cells, own, differ, moved, index_id)
    return rows


def _other_revisions(cells, own, differ, moved, index_id) -> list[dict]:
    """Revised figures of other provinces: those that changed sides with this one, and how many in all."""
    rows = []
    mine = cells[own].set_index(["edition_year", "component_id"])
    shifted = set(mine.index[moved[own].to_numpy()])
    for cell in cells[~own & differ["score"]].itertuples():
        place = cell.edition_year, cell.component_id
        if place not in shifted:
            continue
        above = [getattr(cell, f"score_{side}") > mine.at[place, f"score_{side}"] for side in ("old", "new")]
        if above[0] != above[1]:
            rows.append(_revised(cell, "score", index_id) | {"because": "moved_rank"} | _ranks(mine.loc[place]))
    count = sum(int((unlike & ~own).sum()) for unlike in differ.values())
    if count:
        touched = cells[~own & (differ["score"] | differ["rank"] | differ["group"])]
        rows.append(
            {
                "kind": "revision",
                "index_id": index_id,
                "subject": index_id,
                "province_code": "",
                "figure": "others",
                "count": count,
                "because": "revised",
                "detail": _years(touched["edition_year"]),
                "source_id": measures.joined_sources(touched["source_id_new"].dropna()),
            }
        )
    return rows


def _revised(cell, figure: str, index_id: str) -> dict:
    """A figure of a cell that is not what it was."""
    held = []
    for side in ("old", "new"):
        values = [getattr(cell, f"{column}_{side}") for column in FIGURES[figure]]
        held.append(_place(*values) if figure == "rank" else _figure(values[0]))
    there = [value != "" for value in held]
    source = "rank_source_id" if figure == "rank" else "source_id"
    both = all(isinstance(getattr(cell, f"score_{side}"), float) for side in ("old", "new")) and figure == "score"
    return {
        "kind": "revision",
        "index_id": index_id,
        "subject": cell.component_id,
        "province_code": cell.province_code,
        "edition_year": cell.edition_year,
        "figure": figure,
        "old": held[0],
        "new": held[1],
        "change": cell.score_new - cell.score_old if both else np.nan,
        "unit": _held(cell.unit_new) or _held(cell.unit_old),
        "because": "revised" if all(there) else "added" if there[1] else "removed",
        "source_id": _held(getattr(cell, f"{source}_new")) if there[1] else "",
        "previous_source_id": _held(getattr(cell, f"{source}_old")) if there[0] else "",
    }


def _workload_rows(quarter: Quarter, boundary: str) -> pd.DataFrame:
    """Printed rows of the workload of every province that a report of a quarter knows."""
    rows = pd.concat([typed_rows(file, boundary=[boundary]) for file in WORKLOAD_FILES], ignore_index=True)
    return workload_known(rows, quarter.last_day)


WORKLOAD_KEY = ["period_start", "period_end", "province_code", "level", "agency", "measure", "channel", "source_id"]


def workload_revisions(old: pd.DataFrame, new: pd.DataFrame, province_code: str) -> list[dict]:
    """Rows of kind `revision` of the workload, from two frames of printed rows cut at the same day."""
    sides = [side.assign(turn=side.groupby(WORKLOAD_KEY).cumcount()) for side in (old, new)]
    taken = [*WORKLOAD_KEY, "turn"]
    figures = ["value", "value_printed", "unit"]
    both = sides[0][[*taken, *figures]].merge(
        sides[1][[*taken, *figures]], on=taken, how="outer", suffixes=("_old", "_new"), indicator="held"
    )
    changed = both[_unlike(both["value_old"], both["value_new"]) | _unlike(both["unit_old"], both["unit_new"])]
    own = changed["province_code"] == province_code
    rows = []
    for row in changed[own].itertuples():
        values = []
        for side in ("old", "new"):
            printed, unit = _held(getattr(row, f"value_printed_{side}")), _held(getattr(row, f"unit_{side}"))
            value = Decimal(printed) if printed else ""
            values.append(in_unit(value, unit) if row.held == "both" and row.unit_old != row.unit_new else value)
        rows.append(
            {
                "kind": "revision",
                "subject": row.measure,
                "level": row.level,
                "channel": row.channel,
                "province_code": row.province_code,
                "period_start": row.period_start,
                "period_end": row.period_end,
                "figure": "value",
                "old": values[0],
                "new": values[1],
                "change": row.value_new - row.value_old,
                "unit": _held(row.unit_new) or _held(row.unit_old),
                "because": {"both": "revised", "right_only": "added", "left_only": "removed"}[row.held],
                "detail": row.agency,
                "source_id": row.source_id if row.held != "left_only" else "",
                "previous_source_id": row.source_id if row.held != "right_only" else "",
            }
        )
    if (~own).any():
        rows.append(
            {
                "kind": "revision",
                "subject": "workload",
                "province_code": "",
                "figure": "others",
                "count": int((~own).sum()),
                "because": "revised",
                "detail": _years(pd.to_datetime(changed.loc[~own, "period_end"]).dt.year),
                "source_id": " ".join(sorted(set(changed.loc[~own, "source_id"]))),
            }
        )
    return rows


def _unlike(old: pd.Series, new: pd.Series) -> pd.Series:
    """Where two columns differ; missing is like missing and nothing else."""
    old, new = old.astype("object"), new.astype("object")
    held = old.notna() & new.notna()
    return (old.notna() != new.notna()) | (held & (old != new).fillna(True).astype(bool))


def _held(value) -> str:
    """A code; nothing where it is missing."""
    return "" if pd.isna(value) else value


def _figure(value) -> Decimal | str:
    """A figure with as many digits as tell it apart, or a code; nothing where it is missing."""
    return Decimal(f"{value:.10g}") if isinstance(value, float) and pd.notna(value) else _held(value)


def _years(column: pd.Series) -> Said:
    return said("revisions.years", years=tuple(sorted({*map(int, column)})))


def _place(rank, n_ranked, basis: str = "") -> Said | str:
    """A place, with the mark of one that is worked back; nothing where it is missing."""
    if pd.isna(rank):
        return ""
    key = "contradictions.place_worked_back" if basis == "implied" else "contradictions.place"
    return said(key, rank=int(rank), n_ranked="…" if pd.isna(n_ranked) else int(n_ranked))


def _rank_source(cell: pd.Series) -> str:
    return cell["source_id"] if pd.notna(cell["rank_derived"]) else cell["rank_source_id"] or cell["source_id"]


def _ranks(cell) -> dict:
    return {
        "rank": cell.rank_new,
        "n_ranked": cell.n_ranked_new,
        "previous_rank": cell.rank_old,
        "previous_n_ranked": cell.n_ranked_old,
    }
