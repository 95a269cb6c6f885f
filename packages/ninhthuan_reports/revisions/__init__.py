"""Changes between two quarterly reports, apart from corrections of the data.

Real change is worked out on today's data for both sides, so that an old figure that was corrected since is never
counted as progress or as a loss (`news`). Corrections are seen only beside an older copy of the data folder: whatever
was known at the closing day of the earlier quarter, and the two copies do not say alike, is a revision (`corrections`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.datasets import as_day
from ninhthuan.language import ParameterFaults, quarter_name
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual, written

from ..parameters import Parameters, check_parameters
from . import news
from .corrections import corrections, of_older

# Kinds of change in the order in which they matter to a reader; ranks of components come after targets.
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
WHOLE_NUMBERS = ("edition_year", "previous_edition", "rank", "n_ranked", "previous_rank", "previous_n_ranked", "count")
DAYS = ("period_start", "period_end")
SIDES = ("old", "new", "detail")
COLUMNS = [
    *("kind", "index_id", "subject", "level", "channel", "province_code", "boundary"),
    *("edition_year", "previous_edition", *DAYS),
    *("figure", "old", "new", "change", "unit", "score", "rank", "n_ranked", "rank_basis", "basis", "score_decimals"),
    *("previous_rank", "previous_n_ranked", "previous_rank_basis", "group", "target"),
    *("published_on", "published_precision", "missing", "count", "crosses", "rule", "because", "detail"),
    *("source_id", "other_source_id", "previous_source_id", "said"),
]


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
    | no_new_edition | an index without one: edition_year is its newest, previous_edition the newest known |
    | rank | a moved rank of a total or dimension, new edition against the one known before; change: places gained |
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
    province, boundary, boundary_before = now.province.province_code, now.boundary, boundary_on(then.quarter.last_day)
    days = as_day(as_of_before) or then.as_of, as_day(as_of) or now.as_of
    rows = list(news.editions(province, boundary, *days))
    if boundary_before == boundary:
        points = (days[0], then.quarter), (days[1], now.quarter)
        rows += news.moves(rows, province, boundary, days[1])
        rows += news.targets(province, boundary, *points)
        rows += news.contradictions(province, boundary, *points, before)
        if before is not None:
            rows += of_older(before, lambda: list(corrections(province, boundary, *points[0], Path(before))))
    frame = _in_order(_typed(pd.DataFrame(rows).reindex(columns=COLUMNS), province, boundary))
    frame.attrs = {
        "earlier": str(then.quarter),
        "later": str(now.quarter),
        "as_of_before": str(days[0]),
        "as_of": str(days[1]),
        "province_code": province,
        "boundary": boundary,
        "before": "" if before is None else str(before),
        "populations": "" if boundary_before == boundary else f"{boundary_before} {boundary}",
    }
    return frame


def _typed(frame: pd.DataFrame, province_code: str, boundary: str) -> pd.DataFrame:
    """Rows of changes with the types of their columns, and the sides as text."""
    frame["boundary"] = boundary
    frame["province_code"] = (
        frame["province_code"].astype("object").where(frame["province_code"].notna(), province_code)
    )
    for column in WHOLE_NUMBERS:
        frame[column] = frame[column].astype("Float64").astype("Int64")
    for column in DAYS:
        frame[column] = pd.to_datetime(frame[column])
    # of these a missing one stays missing
    others = {*WHOLE_NUMBERS, *DAYS, "change", "score", "target", "said", "index_id", "published_on"}
    for column in [name for name in COLUMNS if name not in others]:
        frame[column] = frame[column].astype("object").where(frame[column].notna(), "")
    frame["said"] = pd.Series(frame[[*SIDES]].to_dict("records"), dtype="object")
    for side in SIDES:
        frame[side] = frame[side].map(written)
    return frame


def as_records(changes: pd.DataFrame) -> dict:
    """A frame of `changes_between` for machines: its attributes, `changes`, and the indices `without_new_edition`.

    Cells without a value are left out; days are ISO text.
    """
    rows = []
    for row in changes.to_dict("records"):
        record = {}
        for name, value in row.items():
            if name == "said" or value is None or pd.isna(value) or value == "":
                continue
            if isinstance(value, date):
                value = value.isoformat()[:10]
            elif name in WHOLE_NUMBERS:
                value = int(value)
            record[name] = value
        rows.append(record)
    return {
        **{name: value or None for name, value in changes.attrs.items()},
        "compared": not changes.attrs["populations"],
        "changes": [row for row in rows if row["kind"] != "no_new_edition"],
        "without_new_edition": [row for row in rows if row["kind"] == "no_new_edition"],
    }


def _requests(
    earlier: Quarter | str, later: Quarter | str, province_code: str, before: Path | str | None
) -> list[Parameters]:
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


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """By importance: kinds in their order, totals before components; of components the ranks that moved most first."""
    known = catalogue()
    order = {index_id: place for place, index_id in enumerate(known.indices)}
    total = frame["subject"].str.endswith("_total").to_numpy()
    kind = frame["kind"].map(KINDS.index).to_numpy(dtype=float)
    of_part = (frame["kind"] == "rank").to_numpy() & ~total
    kind[of_part] = KINDS.index("target") + 0.5
    keys = pd.DataFrame(
        {
            "kind": kind,
            "others": (frame["because"] == "moved_rank") | (frame["figure"] == "others"),
            "part": ~total,
            "places": -pd.to_numeric(frame["change"], errors="coerce").abs().where(of_part, 0),
            "index": frame["index_id"].map(order).fillna(len(order)),
            "edition": frame["edition_year"].fillna(0),
            "subject": frame["subject"],
            "level": frame["level"],
            "channel": frame["channel"],
            "period": frame["period_end"].fillna(pd.Timestamp(0)),
        }
    )
    return frame.loc[keys.sort_values(list(keys), kind="stable").index].reset_index(drop=True)
