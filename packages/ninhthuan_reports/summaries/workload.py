"""Frames of the work of the administration: dossiers by channel, procedures, digital work, results against targets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ninhthuan.workload import against_target, measure_table, share_from_counts

PERIOD = ["period_start", "period_end", "source_id"]


def channel_shares(workload: pd.DataFrame) -> pd.DataFrame:
    """Dossiers of the newest quarter by channel, largest first: counts, share from the counts, printed share.

    Columns: channel, count, total, share (%), printed (%), contradicted, period_start, period_end, source_id.
    """
    columns = ["channel", "count", "total", "share", "printed", "contradicted", *PERIOD]
    of_all = workload[(workload["level"] == "all") & (workload["agency"] == "")]
    received = of_all[of_all["measure"] == "dossiers_received"]
    totals = received[received["channel"] == "all"].sort_values("period_end")
    if totals.empty:
        return pd.DataFrame(columns=columns)
    whole = totals.iloc[-1]
    same = (received["period_start"] == whole["period_start"]) & (received["period_end"] == whole["period_end"])
    parts = received[same & received["channel"].isin(["online", "direct", "postal"])]
    parts = parts.sort_values("value", ascending=False, ignore_index=True)
    # of any agency, as they are printed
    printed = workload[(workload["measure"] == "dossiers_received_share") & (workload["level"] == "all")]
    printed = printed[printed["period_end"] == whole["period_end"]].set_index("channel")
    return pd.DataFrame(
        {
            "channel": parts["channel"],
            "count": parts["value"],
            "total": whole["value"],
            "share": share_from_counts(parts["value"], whole["value"]),
            "printed": parts["channel"].map(printed["value_printed"]).astype(float),
            "contradicted": parts["channel"].map(printed["basis"]).eq("recomputed"),
            **{name: parts[name] for name in PERIOD},
        }
    )


def procedure_parts(workload: pd.DataFrame) -> pd.DataFrame:
    """Procedures published in the newest period, split by level and by kind of change.

    Columns: split (`level` or `kind`), part (level, or measure), value, period_start, period_end, source_id.
    """
    published = workload[workload["measure"] == "procedures_published"]
    if published.empty:
        return pd.DataFrame(columns=["split", "part", "value"])
    table = measure_table()
    kinds = set(table.loc[table["part_of"] == "procedures_published", "measure"])
    rows = workload[workload["period_end"] == published["period_end"].max()]
    by_level = rows[(rows["measure"] == "procedures_published") & (rows["level"] != "all")].assign(split="level")
    by_kind = rows[rows["measure"].isin(kinds)].assign(split="kind")
    parts = pd.concat([by_level.assign(part=by_level["level"]), by_kind.assign(part=by_kind["measure"])])
    return parts[["split", "part", "value", *PERIOD]].reset_index(drop=True)


def digital_adoption(workload: pd.DataFrame) -> pd.DataFrame:
    """Digital work by level: level, using (agencies with document software), total, share (%), signatures (%).

    signatures: use of personal digital signatures; the whole province stands first where it is known. Each of the
    newest period; period_start, period_end and source_id are those of the row's newest figure.
    """
    names = {
        "agencies_using_document_software": "using",
        "agencies_total": "total",
        "personal_digital_signature_use_share": "signatures",
    }
    order = ["all", "province", "district", "commune"]
    rows = workload[workload["measure"].isin(names) & workload["level"].isin(order)].sort_values("period_end")
    wide = rows.pivot_table(index="level", columns="measure", values="value", aggfunc="last").reindex(columns=names)
    wide = wide.rename(columns=names).join(rows.groupby("level")[PERIOD].last())
    wide["share"] = share_from_counts(wide["using"], wide["total"])
    wide = wide.reset_index().sort_values("level", key=lambda levels: levels.map(order.index), ignore_index=True)
    return wide[["level", "using", "total", "share", "signatures", *PERIOD]]


def workload_results(workload: pd.DataFrame) -> pd.DataFrame:
    """Results of the workload as shares of what was planned or aimed at: one row per result.

    Columns: measure, channel, period_start, period_end, value (%), target (%), count, of, source_id, points_over. Tasks
    of the annual plan are measured against the whole plan, those due in a period against that period.
    """
    filed = against_target(workload, "dossiers_received_share")
    filed = filed[filed["channel"] == "online"].to_dict("records")
    done = workload[workload["measure"] == "par_plan_tasks_done"]
    bases = workload[workload["measure"].isin(["par_plan_tasks_planned", "par_plan_tasks_due_in_period"])]
    tasks = [row for done_row in done.itertuples() if (row := _of_plan(done_row, bases))]
    columns = ["measure", "channel", "period_start", "period_end", "value", "target", "count", "of", "source_id"]
    frame = pd.DataFrame([*filed, *tasks], columns=columns)
    frame["points_over"] = frame["value"] - frame["target"]
    return frame.sort_values(["measure", "period_end"], ignore_index=True)


def _of_plan(done, bases: pd.DataFrame) -> dict | None:
    """Tasks done as a share of those planned or due in a period around them; nothing where neither is known."""
    base = bases[
        (bases["period_start"] <= done.period_start)
        & (bases["period_end"] >= done.period_end)
        & (bases["period_start"].dt.year == done.period_start.year)
    ].sort_values("period_end")
    if done.period_kind == "day":
        base = base[base["measure"] == "par_plan_tasks_planned"]
    if base.empty:
        return None
    whole = base["value"].iloc[0]
    return {
        "measure": "par_plan_tasks_done",
        "channel": "",
        **{name: getattr(done, name) for name in PERIOD},
        "value": share_from_counts(done.value, whole),
        "target": np.nan,
        "count": done.value,
        "of": whole,
    }


def public_service_units(workload: pd.DataFrame) -> pd.DataFrame:
    """Public service units by year: the printed level and the earlier levels that its printed changes imply.

    Columns: period_end, value, basis (`printed` or `derived`: level less stated change), source_id.
    """
    columns = ["period_end", "value", "basis", "source_id"]
    levels = workload[workload["measure"] == "public_service_units"].assign(basis="printed")
    changes = workload[workload["measure"] == "public_service_units_change"]
    known = levels.drop_duplicates("period_end").set_index("period_end")["value"]
    earlier = changes.assign(
        value=changes["period_end"].map(known) - changes["value"], period_end=changes["period_start"], basis="derived"
    )
    rows = [frame[columns] for frame in (levels, earlier[earlier["value"].notna()]) if len(frame)]
    units = pd.concat(rows) if rows else pd.DataFrame(columns=columns)
    units.attrs = {}  # levels that follow from changes are no longer what one source prints
    return units.sort_values("period_end", ignore_index=True)
