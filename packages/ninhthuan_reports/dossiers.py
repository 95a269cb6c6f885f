"""Dossiers of the administration quarter by quarter: received, resolved, on time, late, pending, overdue.

Reports come in windows: quarters of the calendar, or the Ministry's from the 15th to the 14th, of which the second and
the fourth are cumulative. Every figure here is of one quarter: cumulative counts are taken apart by subtraction where
all earlier ones are known (`basis` is `derived`). Quarters of the calendar and of the Ministry are never compared.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.measures import decimals_of
from ninhthuan.periods import Quarter, period_kind
from ninhthuan.reference import SOURCE_PRIORITY
from ninhthuan.workload import by_measure, own_quarter, share_from_counts

FLOWS = (
    "dossiers_received",
    "dossiers_resolved",
    "dossiers_resolved_on_time_or_early",
    "dossiers_resolved_on_time",
    "dossiers_resolved_late",
    "incoming_dossiers_digitised",
    "incoming_dossiers_to_digitise",
)
AGES = ("dossiers_overdue_up_to_10_days", "dossiers_overdue_11_to_30_days", "dossiers_overdue_over_30_days")
BALANCE = ("dossiers_to_process", "dossiers_received", "dossiers_carried_over", "dossiers_resolved")
BALANCE += ("dossiers_pending_within_deadline",)
STOCKS = ("dossiers_pending", "dossiers_pending_overdue", *AGES)
SHARES = ("dossiers_on_time_share", "dossiers_received_share", "dossier_digitisation_share")
PLACE = ["level", "agency", "channel"]
KEY = ["measure", *PLACE, "quarter"]
OF_SOURCE = ["source_id", "reading", "note"]
COLUMNS = [*KEY, "window", "period_start", "period_end", "value", "unit", "decimals", "basis", *OF_SOURCE]


def dossier_quarters(workload: pd.DataFrame) -> pd.DataFrame:
    """Figures of dossiers by quarter: one row per measure, level, agency, channel and quarter.

    workload: of `load_workload`. Columns: measure, level, agency (blank: all), channel (`all`), quarter (`2024Q1`),
    window (`calendar` or `reporting`), period_start, period_end, value, unit (dossiers or percent), decimals (as
    printed; two of a share from counts), basis (`printed`, `derived`: by subtraction, `recomputed`: a share from the
    counts), source_id, reading (as in the data), note. Of two sources the one of the better kind counts; of two windows
    for one quarter that in which more quarters are known. Shares of a cumulative window give no quarter.
    """
    rows = workload[workload["measure"].str.startswith(("dossier", "incoming_dossiers"))].copy()
    rows["channel"] = rows["channel"].replace("", "all")
    rows["window"] = np.where(rows["period_end"].dt.day == 14, "reporting", "calendar")
    kinds = rows["source_id"].map(lambda name: SOURCE_PRIORITY.index(catalogue().sources[name].kind))
    rows = rows.assign(priority=kinds).sort_values(["priority", "source_id"])
    rows = rows.drop_duplicates(["measure", *PLACE, "period_start", "period_end"])
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    quarters = pd.concat([_own_flows(rows), _at_the_end(rows), _printed_shares(rows)], ignore_index=True)
    quarters = _of_one_window(pd.concat([_shares(quarters), quarters], ignore_index=True))
    units = by_measure()["unit"]
    quarters["unit"] = quarters["measure"].map(units)
    decimals = quarters["decimals"].astype("Float64").fillna(0)
    counted = quarters["measure"].isin(SHARES) & ~quarters["basis"].eq("printed")
    quarters["decimals"] = decimals.mask(counted, 2).astype(int)
    return quarters.drop_duplicates(KEY).sort_values(KEY, ignore_index=True)[COLUMNS]


def _quarter(end: pd.Timestamp) -> str:
    return str(Quarter.containing(end.date()))


def _own_flows(rows: pd.DataFrame) -> pd.DataFrame:
    """Counts of each quarter alone."""
    found = []
    flows = rows[rows["measure"].isin(FLOWS)]
    names = ["measure", *PLACE, "window"]
    for place, known in flows.groupby(names):
        for own in own_quarter(known).itertuples():
            if period_kind(own.period_start.date(), own.period_end.date()) != "quarter":
                continue
            ends = known["period_end"]
            of_year = known[(ends <= own.period_end) & (ends.dt.year == own.period_end.year)]
            used = of_year if own.subtracted else known[ends == own.period_end]
            found.append(
                dict(zip(names, place, strict=True))
                | {
                    "quarter": _quarter(own.period_end),
                    "period_start": own.period_start,
                    "period_end": own.period_end,
                    "value": own.value,
                    "basis": "derived" if own.subtracted else "printed",
                    "source_id": " ".join(sorted(set(used["source_id"]))),
                    "reading": used["reading"].max(),
                    "note": used["note"].iloc[-1],
                }
            )
    return pd.DataFrame(found, columns=COLUMNS)


def _at_the_end(rows: pd.DataFrame) -> pd.DataFrame:
    """What was pending and overdue on the last day of a window, given as such or worked out of the window's counts."""
    rows = rows[rows["period_kind"].isin(["quarter", "half", "nine_months", "year"])]
    place = [*PLACE, "window", "period_start", "period_end"]
    wide = rows.pivot_table(index=place, columns="measure", values="value", aggfunc="first")
    wide = wide.reindex(columns=[*STOCKS, *BALANCE])
    whole = wide["dossiers_to_process"].fillna(wide["dossiers_received"] + wide["dossiers_carried_over"])
    given = wide[["dossiers_pending", "dossiers_pending_overdue"]].notna()
    wide["dossiers_pending"] = wide["dossiers_pending"].fillna(whole - wide["dossiers_resolved"])
    left = wide["dossiers_pending"] - wide["dossiers_pending_within_deadline"]
    wide["dossiers_pending_overdue"] = wide["dossiers_pending_overdue"].fillna(left)
    found = wide[list(STOCKS)].stack().dropna().rename("value").reset_index()
    sources = rows.groupby(place)["source_id"].agg(lambda ids: " ".join(sorted(set(ids)))).rename("source_id")
    notes = rows.groupby(place).agg({"reading": "max", "note": "first"})
    found = found.join(sources, on=place).join(notes, on=place)
    worked_out = [
        measure in given and not given.at[tuple(key), measure]
        for *key, measure in zip(*(found[name] for name in (*place, "measure")), strict=True)
    ]
    found["basis"] = np.where(worked_out, "derived", "printed")
    found["quarter"] = found["period_end"].map(_quarter)
    # the shortest window that ends on a day stands for it, as figures of that quarter
    found = found.sort_values("period_start", ascending=False)
    found["period_start"] = found["period_end"] + pd.Timedelta(days=1) - pd.DateOffset(months=3)
    return found[found.columns.intersection(COLUMNS)]


def _printed_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares that a source gives for a quarter."""
    shares = rows[rows["measure"].isin(SHARES) & (rows["period_kind"] == "quarter")]
    decimals = shares["value_printed"].map(decimals_of).where(shares["basis"] == "printed")
    return shares.assign(quarter=shares["period_end"].map(_quarter), decimals=decimals)[COLUMNS]


def _shares(quarters: pd.DataFrame) -> pd.DataFrame:
    """On time of those resolved, online of those received, digitised of those to be: from the counts of a quarter."""
    key = [*PLACE, "quarter", "window"]
    wide = quarters.pivot_table(index=key, columns="measure", values="value", aggfunc="first").reindex(columns=FLOWS)
    on_time = wide["dossiers_resolved_on_time_or_early"].fillna(wide["dossiers_resolved_on_time"])
    on_time = on_time.fillna(wide["dossiers_resolved"] - wide["dossiers_resolved_late"])
    late = wide["dossiers_resolved_late"].fillna(wide["dossiers_resolved"] - on_time)
    received = wide["dossiers_received"]
    by_channel = received[received.index.get_level_values("channel") != "all"]
    whole = received[received.index.get_level_values("channel") == "all"].droplevel("channel")
    of_whole = whole.reindex(by_channel.index.droplevel("channel")).set_axis(by_channel.index)
    made = {
        "dossiers_resolved_on_time_or_early": on_time,
        "dossiers_resolved_late": late,
        "dossiers_on_time_share": share_from_counts(on_time, wide["dossiers_resolved"]),
        "dossier_digitisation_share": share_from_counts(
            wide["incoming_dossiers_digitised"], wide["incoming_dossiers_to_digitise"]
        ),
        "dossiers_received_share": share_from_counts(by_channel, of_whole),
    }
    frames = [value.dropna().rename("value").reset_index().assign(measure=name) for name, value in made.items()]
    shares = pd.concat(frames, ignore_index=True)
    counts = quarters[quarters["measure"].isin(FLOWS)].sort_values("basis").drop_duplicates(key)
    shares = shares.merge(counts[[*key, "period_start", "period_end", "basis", *OF_SOURCE]], on=key)
    names = [*KEY, "window"]
    given = pd.MultiIndex.from_frame(shares[names]).isin(pd.MultiIndex.from_frame(quarters[names]))
    # a count that was given stays as it was given; a share is made again from its counts
    counted = shares["measure"].isin(FLOWS)
    shares["basis"] = np.where(shares["basis"].eq("derived") | counted, "derived", "recomputed")
    return shares[~(counted & given)]


def _of_one_window(quarters: pd.DataFrame) -> pd.DataFrame:
    """Of each quarter the window in which more quarters, and then more figures, are known."""
    if quarters["window"].nunique() < 2:
        return quarters
    by_window = quarters.groupby("window")["quarter"]
    better = max(set(quarters["window"]), key=lambda name: (by_window.nunique()[name], by_window.size()[name]))
    has_better = set(quarters.loc[quarters["window"] == better, "quarter"])
    return quarters[(quarters["window"] == better) | ~quarters["quarter"].isin(has_better)]


def compared(quarters: pd.DataFrame, workload: pd.DataFrame) -> pd.DataFrame:
    """The same rows with the quarter before, the same quarter of the year before, and the target.

    Columns added: quarter_before, year_before, target (missing where none is known for the very same kind of window),
    target_from. A target of a period is for quarters within it; one set on a day is shown for quarters that end from
    that day on, and judges those that begin from it (`judged`).
    """
    names = [*KEY, "window"]
    known = quarters.set_index(names)["value"]

    def value_at(row, quarters_back: int) -> float:
        quarter = str(Quarter.parse(row.quarter).shifted(-quarters_back))
        return known.get((row.measure, row.level, row.agency, row.channel, quarter, row.window), np.nan)

    rows = list(quarters.itertuples())
    aims = [target_of(workload, row.measure, row.level, row.channel, row.period_end) for row in rows]
    return quarters.assign(
        quarter_before=[value_at(row, 1) for row in rows],
        year_before=[value_at(row, 4) for row in rows],
        target=[aim for aim, _, _ in aims],
        target_from=pd.to_datetime([start for _, start, _ in aims]),
        source_id=[f"{row.source_id} {source}".strip() for row, (*_, source) in zip(rows, aims, strict=True)],
    )


def judged(rows: pd.DataFrame) -> pd.Series:
    """Whether a row has a target that held from the first day of its period."""
    return rows["target"].notna() & ~(rows["target_from"] > rows["period_start"])


def target_of(
    workload: pd.DataFrame, measure: str, level: str, channel: str, day: pd.Timestamp
) -> tuple[float, pd.Timestamp, str]:
    """The target of a share on a day, since when, and its source: the whole province's where a level has none."""
    targets = workload[(workload["measure"] == f"{measure}_target") & (workload["agency"] == "")]
    on_a_day = targets["period_start"] == targets["period_end"]
    targets = targets[(targets["period_start"] <= day) & (on_a_day | (targets["period_end"] >= day))]
    targets = targets[(targets["channel"].replace("", "all") == channel) & targets["level"].isin([level, "all"])]
    if targets.empty:
        return np.nan, pd.NaT, ""
    chosen = targets.assign(own=targets["level"] == level).sort_values(["own", "period_start"]).iloc[-1]
    return chosen["value"], chosen["period_start"], chosen["source_id"]


def newest(quarters: pd.DataFrame) -> pd.DataFrame:
    """Rows of the newest quarter."""
    return quarters[quarters["quarter"] == quarters["quarter"].max()]


RESULTS = (
    ("dossiers_received", "all"),
    ("dossiers_received_share", "online"),
    ("dossiers_resolved", "all"),
    ("dossiers_on_time_share", "all"),
    ("dossiers_resolved_late", "all"),
    ("dossiers_pending", "all"),
    ("dossiers_pending_overdue", "all"),
    ("dossier_digitisation_share", "all"),
)


def dossier_results(quarters: pd.DataFrame, earlier: pd.DataFrame) -> pd.DataFrame:
    """The newest quarter in figures of the whole province, and results against targets of other periods.

    quarters: of `compared`. earlier: of `summaries.workload_results`. One row per figure: measure, level (`all`, and of
    the share on time each level known, without the whole province's target), channel, quarter, period_start,
    period_end, value, quarter_before, year_before, target, target_from, decimals, basis, source_id, reading, note.
    """
    own = quarters[quarters["agency"] == ""]
    whole = newest(own[own["level"] == "all"])
    levels = own[own["level"].ne("all") & own["measure"].eq("dossiers_on_time_share")]
    levels = levels[levels["quarter"].isin(whole["quarter"])].assign(target=np.nan)
    whole = pd.concat([whole, levels], ignore_index=True) if len(levels) else whole
    places = {key: place for place, key in enumerate(RESULTS)}
    place = pd.Series(zip(whole["measure"], whole["channel"], strict=True), index=whole.index, dtype=object).map(places)
    rows = (
        whole[place.notna()].assign(place=place).sort_values("place", kind="stable").drop(columns=["place", "agency"])
    )
    aimed = earlier[earlier["target"].notna() & earlier["measure"].isin(SHARES)]
    aimed = aimed[~aimed["period_end"].isin(set(rows["period_end"]))].assign(
        level="all", quarter="", unit="percent", decimals=2, basis="printed", reading="", note=""
    )
    return pd.concat([rows, aimed.reindex(columns=rows.columns)], ignore_index=True) if len(aimed) else rows


def on_time(quarters: pd.DataFrame) -> pd.DataFrame:
    """Share on time of the newest quarter: the whole province first, then by level, then by channel."""
    rows = newest(quarters[(quarters["measure"] == "dossiers_on_time_share") & (quarters["agency"] == "")])
    rows = rows[(rows["level"] == "all") | (rows["channel"] == "all")]
    order = ["all", "province", "district", "commune", "online", "direct", "postal", "direct_and_postal"]
    names = rows["level"].where(rows["level"] != "all", rows["channel"])
    return rows.assign(part=names).sort_values("part", key=lambda part: part.map(order.index), ignore_index=True)


def agencies(quarters: pd.DataFrame) -> pd.DataFrame:
    """Late and overdue dossiers of the newest quarter by agency, the largest share of late ones first.

    One row per agency: agency, level, resolved, late, late_share (per cent of those resolved), overdue, and of these up
    to 10 days, 11 to 30 and more (missing where not known), quarter, period_start, period_end, source_id.
    """
    rows = newest(quarters[(quarters["agency"] != "") & (quarters["channel"] == "all")])
    place = ["agency", "level", "quarter", "period_start", "period_end"]
    measures = {
        "dossiers_resolved": "resolved",
        "dossiers_resolved_late": "late",
        "dossiers_pending_overdue": "overdue",
        **dict(zip(AGES, ("to_10_days", "to_30_days", "over_30_days"), strict=True)),
    }
    wide = rows.pivot_table(index=place, columns="measure", values="value", aggfunc="first")
    wide = wide.reindex(columns=list(measures)).rename(columns=measures)
    wide["late_share"] = share_from_counts(wide["late"], wide["resolved"])
    wide["source_id"] = rows.groupby(place)["source_id"].first()
    wide = wide[wide["late_share"].notna()].reset_index()
    return wide.sort_values(["late_share", "agency"], ascending=[False, True], ignore_index=True)


SHEET = (
    ("dossiers_received", "all"),
    ("dossiers_on_time_share", "all"),
    ("dossiers_received_share", "online"),
    ("dossiers_pending_overdue", "all"),
)


def dossier_calendar(quarters: pd.DataFrame, quarter: Quarter, province_code: str) -> pd.DataFrame:
    """Eight quarters up to one: a slot for each measure and quarter, filled or missing.

    A province has no slots before it came into being. quarters: of `compared`. Columns: measure, channel, quarter,
    place (0 to 7), province_code, agency, then as in `compared`; attrs: the own province_code. Rows of an agency are
    its late dossiers.
    """
    boundary = boundary_on(quarter.last_day)
    places = {str(quarter.shifted(back - 7)): back for back in range(8)}
    places = {name: back for name, back in places.items() if boundary_on(Quarter.parse(name).last_day) == boundary}
    known = quarters.assign(province_code=province_code)
    known = known[known["quarter"].isin(places) & (known["level"].eq("all") | known["agency"].ne(""))]
    late = known["agency"].ne("") & known["measure"].eq("dossiers_resolved_late") & known["channel"].eq("all")
    in_sheet = [key in SHEET for key in zip(known["measure"], known["channel"], strict=True)]
    known = known[late | (known["agency"].eq("") & np.array(in_sheet, dtype=bool))]
    filled = known.set_index(["measure", "quarter"]).index
    empty = [
        {"measure": measure, "channel": channel, "quarter": name, "province_code": province_code, "agency": ""}
        for measure, channel in SHEET
        for name in places
        if (measure, name) not in filled
    ]
    sheet = pd.concat([known, pd.DataFrame(empty)], ignore_index=True)
    columns = ["measure", "channel", "quarter", "place", "province_code", "agency", "value", "unit", "decimals"]
    columns += ["basis", "target", "target_from", "window", "period_start", "period_end", *OF_SOURCE]
    sheet["place"], sheet["unit"] = sheet["quarter"].map(places), sheet["measure"].map(by_measure()["unit"])
    order = {measure: place for place, (measure, _) in enumerate(SHEET)}
    sheet = sheet.sort_values(["place", "agency"])
    sheet = sheet.sort_values("measure", key=lambda names: names.map(order), kind="stable", ignore_index=True)[columns]
    sheet.attrs["province_code"] = province_code
    return sheet


def bad_quarter(sheet: pd.DataFrame, province_code: str) -> str:
    """The quarter with fewest on time, where it stands apart from the others; otherwise nothing.

    It stands apart when it is further below the next than all the others lie from each other. Four quarters of one
    kind of window are needed.
    """
    own = sheet[sheet["province_code"].eq(province_code) & sheet["agency"].eq("") & sheet["value"].notna()]
    own = own[own["measure"] == "dossiers_on_time_share"].sort_values("value")
    if len(own) < 4 or own["window"].nunique() > 1:
        return ""
    values = list(own["value"])
    return own["quarter"].iloc[0] if values[1] - values[0] > values[-1] - values[1] else ""


def plan_tasks(workload: pd.DataFrame) -> pd.DataFrame:
    """Tasks of the newest annual reform plan: done, due and not done, not yet due.

    One row per state: state (`done`, `due`, `not_due`; `open` where the source does not say what was due), count,
    planned, due (to the day; may be missing), period_end (the day of the count), year, source_id.
    """
    columns = ["state", "count", "planned", "due", "period_end", "year", "source_id"]
    plans = workload[workload["measure"] == "par_plan_tasks_planned"].sort_values("period_end")
    done = _up_to(workload, "par_plan_tasks_done")
    if plans.empty or done.empty:
        return pd.DataFrame(columns=columns)
    done = done[done["period_end"] == done["period_end"].max()].iloc[0]
    day = done["period_end"]
    plan = plans[(plans["period_end"].dt.year == day.year) & (plans["period_end"] >= day)]
    if plan.empty:
        return pd.DataFrame(columns=columns)
    planned, count = plan["value"].iloc[-1], done["value"]
    due = _up_to(workload, "par_plan_tasks_due_in_period")
    due = due.loc[due["period_end"] == day, "value"]
    due = due.iloc[0] if len(due) else planned if day == plan["period_end"].iloc[-1] else np.nan
    if pd.isna(due):
        counts = {"done": count, "open": planned - count}
    else:
        # what was done before it was due is neither open nor late
        counts = {"done": count, "due": max(due - count, 0), "not_due": planned - max(due, count)}
    sources = " ".join(sorted({*plan["source_id"], done["source_id"]}))
    common = {"planned": planned, "due": due, "period_end": day, "year": day.year, "source_id": sources}
    return pd.DataFrame([{"state": state, "count": n} | common for state, n in counts.items()], columns=columns)


def _up_to(workload: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Totals of a measure from the beginning of the year to each day that figures without a gap reach."""
    rows = workload[(workload["measure"] == measure) & (workload["level"] == "all") & (workload["agency"] == "")]
    on_a_day = rows["period_start"] == rows["period_end"]
    found = rows[on_a_day].to_dict("records")
    for _, known in rows[~on_a_day].groupby([rows["period_end"].dt.year, rows["period_end"].dt.day == 14]):
        start = known["period_start"].min()
        if start.month * 100 + start.day not in (101, 1215):
            continue
        reached = {start: 0.0}
        for row in known.sort_values(["period_end", "period_start"]).to_dict("records"):
            after = row["period_end"] + pd.Timedelta(days=1)
            if row["period_start"] in reached and after not in reached:
                reached[after] = reached[row["period_start"]] + row["value"]
                found.append(row | {"value": reached[after]})
    return pd.DataFrame(found, columns=rows.columns)
