"""Findings about the workload of the administration and the reform tasks."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import label, listing
from ninhthuan.periods import Quarter, period_kind
from ninhthuan.words import bilingual

from ..wording import (
    Context,
    index_name,
    indicator_name,
    lower_first,
    part_name,
    percent,
    period_name,
    rank_of,
    sentence,
)
from .captions import Caption, Claim, _apart, _nothing, _read, _rows, within_error
from .dossiers import quarter_word


def _when(start: pd.Timestamp, end: pd.Timestamp, ctx: Context) -> str:
    """A period, in as few words as a title has: `quý I/2024`, `Q1 2024`."""
    if period_kind(start.date(), end.date()) == "quarter":
        return quarter_word(str(Quarter.containing(end.date())), ctx)
    return period_name(start, end, ctx.language)


def _newest_period(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["period_end"] == frame["period_end"].max()]


def channel_shares(shares: pd.DataFrame, ctx: Context) -> Caption:
    """Share of the main channel, and a printed share that contradicts the counts."""
    if shares.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_dossiers_channel_held_up", province=ctx.name),
        )
    shares = _newest_period(shares)
    top = shares.loc[shares["count"].idxmax()]
    period = _when(top["period_start"], top["period_end"], ctx)
    largest, share = top["channel"], percent(top["share"], 2, ctx.language)
    channel = ctx.phrase("workload.by") * (largest == "postal") + lower_first(label(largest, ctx.language))
    title = ctx.phrase("workload.dossiers_came", province=ctx.name, period=period, share=share, channel=channel)

    def share_of(frame: pd.DataFrame, name: str) -> float:
        row = frame[frame["channel"] == name].iloc[0]
        return 100 * Decimal(str(row["count"])) / Decimal(str(row["total"]))

    def leads(frame: pd.DataFrame) -> bool:
        frame = _newest_period(frame)
        row = frame.loc[frame["count"].idxmax()]
        drawn = percent(row["share"], 2, ctx.language), percent(share_of(frame, largest), 2, ctx.language)
        told = _when(row["period_start"], row["period_end"], ctx)
        return row["channel"] == largest and drawn == (share, share) and told == period

    claims = [Claim(title, leads)]
    wrong = shares[shares["contradicted"]]
    if len(wrong):
        row = wrong.iloc[0]
        doubted = row["channel"]
        printed, counted = (percent(row[column], 2, ctx.language) for column in ("printed", "share"))
        contradiction = ctx.phrase(
            "workload.printed_share_contradicts_counts",
            doubted=lower_first(label(doubted, ctx.language)),
            printed=printed,
            counted=counted,
        )
        title += f"; {contradiction}"

        def contradicts(frame: pd.DataFrame) -> bool:
            frame = _newest_period(frame)
            row = frame[frame["channel"] == doubted].iloc[0]
            found = percent(row["printed"], 2, ctx.language), percent(share_of(frame, doubted), 2, ctx.language)
            return found == (printed, counted) and printed != counted and row["contradicted"]

        claims.append(Claim(sentence(contradiction), contradicts))
    total = ctx.number(shares["total"].iloc[0], 0)
    subtitle = ctx.phrase("workload.dossiers_received_channel_all", province=ctx.name, period=period, total=total)
    note = ctx.phrase("workload.shares_recomputed_counts_marks_stated")
    listed = ", ".join(
        f"{lower_first(label(row.channel, ctx.language))} {ctx.number(row.count, 0)}"
        for row in shares.itertuples(index=False, name="Channel")
    )
    numbers = (ctx.phrase("workload.dossiers_2", listed=listed),)
    kind = ctx.phrase("workload.bars_channel")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


def procedure_parts(parts: pd.DataFrame, ctx: Context) -> Caption:
    """The largest part of the procedures published."""
    if parts.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_published_procedures_level_kind", province=ctx.name),
        )
    period = _when(parts["period_start"].iloc[0], parts["period_end"].iloc[0], ctx)
    kinds = parts[parts["split"] == "kind"].sort_values("value", ascending=False)
    total = parts.groupby("split")["value"].sum().iloc[0]
    split = "kind" if len(kinds) else "level"
    shown = kinds if len(kinds) else parts.sort_values("value", ascending=False)
    listed = ", ".join(
        f"{ctx.number(row.value, 0)} {lower_first(part_name(row.part, ctx.language))}"
        for row in shown.head(2).itertuples()
    )
    title = ctx.phrase(
        "workload.procedures_published",
        province=ctx.name,
        period=period,
        total=ctx.number(total, 0),
        listed=listed,
    )
    subtitle = ctx.phrase("workload.procedures_published_level_kind_change", province=ctx.name, period=period)
    sums = parts.groupby("split")["value"].sum()
    whole, one_total, largest = (
        ctx.number(total, 0),
        sums.nunique() == 1,
        [(row.part, row.value) for row in shown.head(2).itertuples()],
    )

    def leads(frame: pd.DataFrame) -> bool:
        rows = frame[frame["split"] == split]
        ordered = sorted(zip(rows["part"], rows["value"], strict=True), key=lambda pair: -pair[1])
        by_size = dict(ordered)
        return [value for _, value in ordered[:2]] == [by_size[part] for part, _ in largest] == [v for _, v in largest]

    def sums_up(frame: pd.DataFrame) -> bool:
        added = {name: sum(rows["value"]) for name, rows in frame.groupby("split")}
        told = _when(frame["period_start"].iloc[0], frame["period_end"].iloc[0], ctx)
        alike = (len(set(added.values())) == 1) == one_total
        return told == period and alike and whole in [ctx.number(value, 0) for value in added.values()]

    claims = (
        Claim(ctx.phrase("workload.parts_add_up_procedures", whole=whole), sums_up),
        Claim(ctx.phrase("workload.most", listed=listed), leads),
    )
    by_level = parts[parts["split"] == "level"].sort_values("value", ascending=False)
    levels = ", ".join(
        f"{lower_first(part_name(row.part, ctx.language))} {ctx.number(row.value, 0)}" for row in by_level.itertuples()
    )
    numbers = (ctx.phrase("workload.level_2", levels=levels),) * bool(levels)
    note = (
        ctx.phrase("workload.level_change_sum", total=ctx.number(total, 0))
        if sums.nunique() == 1
        else ctx.phrase("workload.two_splits_do_not_add")
    )
    return Caption(title, subtitle, note, ctx.phrase("workload.two_bars_parts"), numbers, claims)


def unit_columns(units: pd.DataFrame, ctx: Context) -> Caption:
    """Newest number of units, and the change since the first."""
    if units.empty:
        raise _nothing(ctx, *bilingual("workload.no_public_service_units_held", province=ctx.name))
    last, first = units.iloc[-1], units.iloc[0]
    change = last["value"] - first["value"]
    year, year_before = last["period_end"].year, first["period_end"].year
    left, moved = ctx.number(last["value"], 0), ctx.number(abs(change), 0)
    falls = change < 0

    def at(frame: pd.DataFrame, year_: int) -> float:
        return frame.loc[frame["period_end"].dt.year == year_, "value"].item()

    claims = [
        Claim(
            ctx.phrase("workload.units", left=left, year=year),
            lambda frame: frame["period_end"].dt.year.max() == year and ctx.number(at(frame, year), 0) == left,
        )
    ]
    title = ctx.phrase(
        ("workload.had_public_service_units" if falls else "workload.had_public_service_units_2"),
        province=ctx.name,
        left=left,
        year=last["period_end"].year,
    )
    if len(units) > 1:
        verb = ctx.phrase("workload.fewer" if change < 0 else "workload.more")
        claims.append(
            Claim(
                ctx.phrase("workload.than", sentence=sentence(verb), moved=moved, year_before=year_before, verb=verb),
                lambda frame: (
                    frame["period_end"].dt.year.min() == year_before
                    and (move := _apart(at(frame, year), at(frame, year_before))) * (-1 if falls else 1) >= 0
                    and ctx.number(abs(move), 0) == moved
                ),
            )
        )
        title += ctx.phrase(
            "workload.than_2", verb=verb, change=ctx.number(abs(change), 0), year=first["period_end"].year
        )
    subtitle = ctx.phrase("workload.public_service_units", province=ctx.name)
    note = ctx.phrase("workload.hatched_levels_follow_printed_changes")
    listed = ", ".join(f"{row.period_end.year} ({ctx.number(row.value, 0)})" for row in units.itertuples())
    numbers = (ctx.phrase("workload.units_year", listed=listed),)
    return Caption(title, subtitle, note, ctx.phrase("workload.column_chart"), numbers, tuple(claims))


def watch_strip(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many of the indices that follow the tasks gained and lost ranks; survey error and a new method do neither."""
    held = watch[watch["percentile_position"].notna()].drop_duplicates("indicator")
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_document_sets_groups_tasks", province=ctx.name),
        )
    both = held[held["previous_rank"].notna()]
    if both.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_index_has_two_editions", province=ctx.name),
        )

    def noise(row) -> bool:
        return bool(within_error(row.change, row.indicator, (row.previous_edition, row.edition_year), ctx))

    def kind_of(row) -> str:
        """What became of a rank: a key of `kinds`."""
        if row.crosses:
            return "apart"
        if row.rank == row.previous_rank:
            return "level"
        return "noise" if noise(row) else "up" if row.rank < row.previous_rank else "down"

    moves = {row.indicator: kind_of(row) for row in both.itertuples()}
    kinds = {
        "up": ctx.phrase("workload.up"),
        "down": ctx.phrase("workload.down"),
        "level": ctx.phrase("workload.unchanged"),
        "noise": ctx.phrase("captions.within_survey_error"),
        "apart": ctx.phrase("workload.not_comparable"),
    }
    counts = [list(moves.values()).count(kind) for kind in kinds]
    told = ", ".join(f"{count} {word}" for count, word in zip(counts, kinds.values(), strict=True) if count)
    title = ctx.phrase("workload.indices_dimensions", province=ctx.name, n_both=len(both), told=told)

    def moved(frame: pd.DataFrame) -> bool:
        rows = frame.drop_duplicates("indicator").dropna(subset=["rank", "previous_rank"])
        alike = rows["crosses"] == ""
        gained = (rows["previous_rank"] - rows["rank"])[alike].astype(int)
        small = pd.Series([noise(row) for row in rows[alike].itertuples()], index=gained.index, dtype=bool)
        clear = gained[~small]
        moved_little = (gained[small] != 0).sum()
        return [(clear > 0).sum(), (clear < 0).sum(), (gained == 0).sum(), moved_little, (~alike).sum()] == counts

    claims = [Claim(title, moved)]
    note = ctx.phrase("workload.groups_tasks_those_province_s")
    if apart := [name for name, kind in moves.items() if kind == "apart"]:
        parts = [catalogue().component(name) for name in apart]
        names = listing(
            [
                index_name(part.index_id) + (ctx.phrase("workload.dimension") + part.number) * (part.level != "total")
                for part in parts
            ],
            ctx.language,
        )
        says = ctx.phrase("workload.grey_two_methods", names=names)
        claims.append(
            Claim(says, lambda frame: set(frame.loc[frame["crosses"].fillna("") != "", "indicator"]) == set(apart))
        )
        note = f"{note} {says}."
    if "noise" in moves.values():
        note += ctx.phrase("captions.score_changed_within_survey_error")
    if held[["rank_basis", "previous_rank_basis"]].eq("implied").any(axis=None):
        note += ctx.phrase("workload.worked_back_stated_change")
    subtitle = ctx.phrase("workload.ranks_indices_follow_tasks_open", province=ctx.name)
    ends = [
        f"{indicator_name(row['indicator'], ctx.language)} "
        f"({rank_of(row['rank'], row['n_ranked'], row['rank_basis'], ctx.language)})"
        for row in (
            held.loc[pick(held["percentile_position"].astype(float))] for pick in (pd.Series.idxmax, pd.Series.idxmin)
        )
    ]
    numbers = (ctx.phrase("workload.highest_place_lowest", first_ends=ends[0], second_ends=ends[1]),)
    kind = ctx.phrase("workload.dot_plot_task")
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


def digital_adoption(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Use of digital signatures and the level with the least, or else the levels at which all use the software."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_figures_digital_signatures_document", province=ctx.name),
        )
    signed = rows[rows["signatures"].notna() & (rows["level"] != "all")]
    whole = rows.loc[rows["level"] == "all", "signatures"].dropna()
    software = rows[rows["total"].notna()]
    full, levels = int((software["using"] == software["total"]).sum()), len(software)

    def adopted(frame: pd.DataFrame) -> bool:
        held = [row for row in _read(frame, "using", "total", "share") if row[1] == row[1]]
        alike = all(percent(100 * using / total) == percent(share) for using, total, share in held)
        return alike and (sum(using == total for using, total, _ in held), len(held)) == (full, levels)

    claims = []
    said = ctx.phrase("workload.levels_all_agencies_use_document", full=full, levels=levels)
    if levels:
        claims.append(Claim(sentence(said), adopted))
    when = quarter_word(str(Quarter.containing(rows["period_end"].max().date())), ctx)
    title, note = f"{ctx.name}, {when}: {said}", ""
    if len(signed) and len(whole):
        head = percent(whole.iloc[0], 2, ctx.language)
        low = signed.loc[signed["signatures"].idxmin()]
        lowest, size = low["level"], percent(low["signatures"], 2, ctx.language)
        name = lower_first(label(lowest, ctx.language))
        title = ctx.phrase(
            "workload.sign_digitally_least", province=ctx.name, when=when, head=head, name=name, size=size
        )
        note = f"{sentence(said)}." * bool(levels)

        def least(frame: pd.DataFrame) -> bool:
            found = {level: value for level, value in _read(frame, "level", "signatures") if value == value}
            ends = percent(found.pop("all"), 2, ctx.language), percent(found[lowest], 2, ctx.language)
            newest = str(Quarter.containing(max(end for (end,) in _read(frame, "period_end")).date()))
            return ends == (head, size) and min(found.values()) == found[lowest] and quarter_word(newest, ctx) == when

        claims.append(Claim(title, least))
    listed = ", ".join(
        f"{lower_first(label(row.level, ctx.language))} {ctx.number(row.using, 0)}/{ctx.number(row.total, 0)}"
        for row in software.itertuples()
    )
    return Caption(
        title,
        ctx.phrase("workload.document_software_digital_signatures_agencies", province=ctx.name),
        note,
        _rows(len(rows), *bilingual("workload.one_each_administrative_level"), ctx),
        (ctx.phrase("workload.software", listed=listed),) * bool(listed),
        tuple(claims),
    )


def contradictions(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many contradictions were found."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_contradiction_found_printed_figures", province=ctx.name),
        )
    # a change of rank counted over lists of unlike length is true as printed: a remark
    count, remarks = int((rows["rule"] != "lists").sum()), int((rows["rule"] == "lists").sum())
    title = ctx.phrase(
        (
            "workload.contradictions_among_printed_figures"
            if count > 1
            else "workload.contradiction_among_printed_figures"
        ),
        count=count,
        province=ctx.name,
    )
    kinds = rows["rule"].value_counts()
    return Caption(
        title,
        ctx.phrase("workload.printed_figure_what_other_printed"),
        ctx.phrase("workload.nothing_corrected_both_sides_stay")
        + ctx.phrase(
            ("workload.more_rows_remark_places_gained" if remarks > 1 else "workload.more_row_remark_places_gained"),
            remarks=remarks,
        )
        * bool(remarks),
        _rows(len(rows), *bilingual("workload.one_each_contradiction"), ctx),
        tuple(
            head + ", ".join(f"{lower_first(label(rule, ctx.language))} ({found})" for rule, found in part.items())
            for head, part in (
                (ctx.phrase("workload.kind"), kinds.iloc[:3]),
                (ctx.phrase("workload.rest"), kinds.iloc[3:]),
            )
            if len(part)
        ),
        (Claim(title, lambda frame: sum(row.rule != "lists" for row in frame.itertuples()) == count),),
    )


def reform_watch(watch: pd.DataFrame, ctx: Context) -> Caption:
    """How many indicators have figures."""
    held = watch[watch["value"].notna() | watch["percentile_position"].notna()]
    if held.empty:
        raise _nothing(
            ctx,
            *bilingual("workload.no_document_sets_groups_tasks_2", province=ctx.name),
        )
    figures, count, tasks = len(held), len(watch), watch["task_number"].nunique()
    title = ctx.phrase(
        "workload.groups_tasks_indicators_have_figures", province=ctx.name, tasks=tasks, figures=figures, count=count
    )

    def counted(frame: pd.DataFrame) -> bool:
        with_figures = sum(pd.notna(row.value) or pd.notna(row.rank) for row in frame.itertuples())
        return (with_figures, len(frame), len(set(frame["task_number"]))) == (figures, count, tasks)

    by_kind = [(held["kind"] == kind).sum() for kind in ("index", "workload")]
    return Caption(
        title,
        ctx.phrase("workload.newest_figure_each_indicator", province=ctx.name),
        ctx.phrase("workload.indicators_watch_task_choice_compilers"),
        _rows(count, *bilingual("workload.one_each_indicator"), ctx),
        (ctx.phrase("workload.figures_rows_indices_workload", first_by_kind=by_kind[0], second_by_kind=by_kind[1]),),
        (Claim(title, counted),),
    )
