"""Findings about relations: between indices, between editions, between provinces. Association only."""

from __future__ import annotations

import pandas as pd

from ninhthuan.catalogue import catalogue
from ninhthuan.language import listing
from ninhthuan.numbers import rounded
from ninhthuan.words import bilingual

from ..wording import Context, index_name, percent, province_name, rank_of, sentence
from .captions import Caption, Claim, _nothing, _rows, _years


def _pair(row, ctx: Context) -> str:
    return f"{index_name(row['index_a'])}–{index_name(row['index_b'])}"


def _of_all(ctx: Context) -> str:
    return ctx.phrase("relations.figures_all_provinces_not_alone", province=ctx.name)


WEAK, STRONG = 0.4, 0.7  # of a correlation's size: below, and from


def rank_agreement(rows: pd.DataFrame, ctx: Context) -> Caption:
    """In how many comparisons of whole lists two indices are related beyond chance, and how strongly."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("relations.no_two_indices_held_every"),
        )
    count = len(rows)
    indices = ", ".join(index_name(i) for i in catalogue().indices if i in {*rows["index_a"], *rows["index_b"]})
    clear = rows[(rows["low"] > 0) | (rows["high"] < 0)]
    sizes = [ctx.number(size, 2) for size in sorted({rounded(rho, 2) for rho in clear["rho"]})]
    strong, weak = int((clear["rho"].abs() >= STRONG).sum()), bool((clear["rho"].abs() < WEAK).all())
    positive, related = bool((clear["rho"] > 0).all()), len(clear)

    def counted(frame: pd.DataFrame) -> bool:
        # an interval on one side of zero has ends of one sign
        found = frame.loc[frame["low"] * frame["high"] > 0, "rho"]
        shown = [ctx.number(size, 2) for size in sorted({rounded(rho, 2) for rho in found})]
        kinds = ((found >= STRONG) | (found <= -STRONG)).sum(), found.between(-WEAK, WEAK, inclusive="neither").all()
        return (len(frame), len(found), shown) == (count, related, sizes) and kinds == (strong, weak)

    if not related:
        title = ctx.phrase("relations.none_pairs_shows_relation", indices=indices, years=_years(rows), count=count)
    else:
        span = sizes[0] if len(sizes) == 1 else f"{sizes[0]}–{sizes[-1]}" if positive else f"{sizes[0]} … {sizes[-1]}"
        kind = bilingual(f"relations.kind{'_positive' * bool(positive)}{'_weak' * bool(weak)}")
        rest = bilingual("relations.strong", strong=strong) if strong else bilingual("relations.none_strong")
        rest = ("", "") if weak else rest
        title = ctx.phrase(
            "relations.pairs_related",
            indices=indices,
            years=_years(rows),
            related=related,
            count=count,
            span=span,
            kind=kind,
            rest=(rest[0], rest[1]),
        )
    claims, numbers = [Claim(title, counted)], [_of_all(ctx)]
    most = rows.loc[rows["rho"].idxmax()]
    size, year, pair = ctx.number(most["rho"], 2), int(most["edition_year"]), _pair(most, ctx)
    says = ctx.phrase("relations.highest", size=size, pair=pair, year=year)

    def highest(frame: pd.DataFrame) -> bool:
        first = frame.sort_values("rho", kind="stable").iloc[-1]
        return _pair(first, ctx) == pair and first["edition_year"] == year and ctx.number(first["rho"], 2) == size

    claims.append(Claim(sentence(says), highest))
    numbers += [
        sentence(says),
        ctx.phrase("relations.between_provinces_common", min=int(rows["n"].min()), max=int(rows["n"].max())),
    ]
    subtitle = ctx.phrase("relations.spearman_correlation_places_two_indices", years=_years(rows))
    chance, limits = ctx.number(0.05 * count, 1), [ctx.number(each, 1) for each in (WEAK, STRONG)]
    note = ctx.phrase(
        "relations.pair_two_indices_one_year",
        first_limits=limits[0],
        second_limits=limits[1],
        chance=chance,
        count=count,
    )
    kind = ctx.phrase("relations.dots_intervals")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def _marked_pairs(caution: str, ctx: Context) -> str:
    """In which years, among pairs of editions whose places are counted, the measure was not the same throughout."""
    years = listing(sorted({each.rpartition(":")[2] for each in caution.split()}), ctx.language)
    return ctx.phrase("relations.measure_changed_part_those_pairs", years=years) * bool(years)


def group_transitions(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How often a province stays in its group, and how often the top and the bottom do."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("relations.no_two_editions_papi_row"),
        )
    total = int(rows["count"].sum())
    stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "count"].sum())
    share = percent(100 * stayed / total, 0, ctx.language)
    cells = {(a, b): s for a, b, s in zip(rows["group_from"], rows["group_to"], rows["moved_share"], strict=True)}
    top = percent(100 * cells[("high", "high")], 0, ctx.language)
    bottom = percent(100 * cells[("low", "low")], 0, ctx.language)

    def kept(frame: pd.DataFrame) -> bool:
        counts = frame.pivot(index="group_from", columns="group_to", values="count")
        on, every = sum(counts.at[group, group] for group in counts.index), counts.to_numpy().sum()
        same = every == total and frame["n_year_pairs"].eq(total).all()
        same &= frame["first_year"].eq(begin).all() and frame["edition_year"].eq(end).all()
        return same and percent(100 * on / every, 0, ctx.language) == share

    def ends(frame: pd.DataFrame) -> bool:
        found = []
        for group in ("high", "low"):
            began = frame[frame["group_from"] == group]
            counted = began.loc[began["group_to"] == group, "count"].item() / began["count"].sum()
            shown = began.loc[began["group_to"] == group, "moved_share"].item()
            found += [percent(100 * value, 0, ctx.language) for value in (counted, shown)]
        return found == [top, top, bottom, bottom]

    pairs, begin, end = int(rows["n_pairs"].iloc[0]), int(rows["first_year"].iloc[0]), int(rows["edition_year"].iloc[0])
    own = int(rows["own_count"].sum())
    own_stayed = int(rows.loc[rows["group_from"] == rows["group_to"], "own_count"].sum())
    first = ctx.phrase("relations.all_provinces_time", share=share)
    second = ctx.phrase("relations.high_group_stayed_low", top=top, bottom=bottom)
    mine = ctx.phrase("relations.kept_group_times", province=ctx.name, own_stayed=own_stayed, own=own)
    title = f"PAPI {begin}–{end}: " + (f"{mine}, {first}" if own else sentence(first))

    def kept_own(frame: pd.DataFrame) -> bool:
        counts = frame.pivot(index="group_from", columns="group_to", values="own_count")
        return (sum(counts.at[g, g] for g in counts.index), counts.to_numpy().sum()) == (own_stayed, own)

    claims = [Claim(sentence(first), kept), Claim(second, ends), Claim(mine, kept_own)]
    numbers = [
        ctx.phrase("relations.province_years_pairs_editions", total=total, pairs=pairs, begin=begin, end=end),
        second,
    ]
    subtitle = ctx.phrase("relations.group_provinces_papi_total_one", begin=begin, end=end, pairs=pairs, total=total)
    note = ctx.phrase("relations.each_cell_share_those_began")
    row = rows.iloc[0]
    if row["n_with_errors"]:
        cases, real, noise = (
            int(row["n_with_errors"]),
            *(percent(100 * row[name], 0, ctx.language) for name in ("kept_share", "noise_kept_share")),
        )
        against = ctx.phrase("relations.province_years_method_2019_kept", cases=cases, real=real, noise=noise)
        note = f"{note} {against}."
        numbers.append(against)
    note = f"{note} {_marked_pairs(rows['caution'].iloc[0], ctx)}".strip()
    kind = ctx.phrase("relations.heat_map_4_4")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def _interval(row, name: str, ctx: Context, ends: str = "change") -> str:
    """`+0,42 điểm (0,07 đến 0,75)`: a change of the spread and its paired interval."""
    low, high = (ctx.number(row[f"{ends}_{end}"], 1) for end in ("low", "high"))
    size = ctx.number(row[name], 2, sign=True)
    return ctx.phrase("relations.points", size=size, low=low, high=high)


def score_spread(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Whether provinces stand closer together now than in the first edition of the method."""
    if rows.empty:
        raise _nothing(ctx, *bilingual("relations.no_edition_every_papi_score"))
    newest = rows.loc[rows["edition_year"].idxmax()]
    year, size = int(newest["edition_year"]), ctx.number(newest["standard_deviation"], 2)
    begin = int(newest["first_edition"])
    first = rows[rows["edition_year"] == begin].iloc[0]

    def measured(frame: pd.DataFrame) -> bool:
        held = dict(zip(frame["edition_year"], frame["standard_deviation"], strict=True))
        return max(held) == year and ctx.number(held[year], 2) == size

    claims = [Claim(ctx.phrase("relations.standard_deviation", year=year, size=size), measured)]
    same = ""
    if begin == year:
        title = ctx.phrase("relations.papi_standard_deviation_between_provinces", year=year, size=size)
    else:
        was = ctx.number(first["standard_deviation"], 2)
        ends = _interval(newest, "change", ctx)
        sure = newest["change_low"] > 0 or newest["change_high"] < 0
        wider = newest["change"] > 0
        course = ctx.phrase("relations.wider_apart") if wider else ctx.phrase("relations.closer_together")
        if not sure:
            course = ctx.phrase("relations.neither_clearly_wider_apart_nor")
        title = ctx.phrase(
            "relations.papi_provinces_than_standard_deviation",
            year=year,
            course=course,
            begin=begin,
            was=was,
            size=size,
        )

        def compared(frame: pd.DataFrame) -> bool:
            rows = {row.edition_year: row for row in frame.itertuples()}
            then, now = rows[begin], rows[year]
            clear = now.change_low * now.change_high > 0
            grown = now.standard_deviation > then.standard_deviation
            start = min(other.edition_year for other in rows.values() if other.segment == now.segment)
            same = then.segment == now.segment and begin == start and clear == sure and (grown == wider or not sure)
            return (
                ctx.number(then.standard_deviation, 2) == was
                and same
                and _interval(now._asdict(), "change", ctx) == ends
            )

        claims.append(Claim(title, compared))
        same = ctx.phrase("relations.change_over_same_provinces", begin=begin, year=year, ends=ends)
        if newest["common_ids"]:
            numbered = listing([catalogue().component(c).number for c in newest["common_ids"].split()], ctx.language)
            alone = _interval(newest, "common_change", ctx, "common")
            same += ctx.phrase(
                (
                    "relations.dimensions_alone_measured_alike"
                    if " " in newest["common_ids"]
                    else "relations.dimension_alone_measured_alike"
                ),
                numbered=numbered,
                alone=alone,
            )
    numbers = (
        _of_all(ctx),
        ctx.phrase(
            "relations.95_interval_n",
            year=year,
            low=ctx.number(newest["low"], 1),
            high=ctx.number(newest["high"], 1),
            n=int(newest["n"]),
        ),
        *([same] if same else []),
    )
    subtitle = ctx.phrase("relations.spread_papi_totals_provinces_points", years=_years(rows))
    note = ctx.phrase("relations.95_intervals_20_000_resamples")
    marks = catalogue().marks("papi_total", begin, year)
    changed = "; ".join(f"{b.edition_year} {ctx.pick(b.label, b.label_en)}" for b in marks)
    changed = ctx.phrase("relations.changed_part", changed=changed) * bool(changed)
    note = " ".join(filter(None, (f"{sentence(same)}." * bool(same), note, changed)))
    kind = _rows(len(rows), *bilingual("relations.one_edition"), ctx)
    return Caption(title, subtitle, note, kind, numbers, tuple(claims))


def likeness(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The province most like this one over the dimensions, and how near."""
    if rows.empty:
        raise _nothing(
            ctx,
            *bilingual("relations.has_no_scores_every_papi", province=ctx.name),
        )
    year, parts, n = (int(rows[name].iloc[0]) for name in ("edition_year", "n_dimensions", "n"))
    nearest = rows.loc[rows["distance"].idxmin()]
    code, size = nearest["province_code"], ctx.number(nearest["distance"], 2)
    name = province_name(code, nearest["boundary"], ctx.language)
    placed = rank_of(nearest["rank"], nearest["n_ranked"])
    title = ctx.phrase(
        "relations.papi_most_like_over_dimensions", year=year, province=ctx.name, parts=parts, name=name, size=size
    )

    def most_like(frame: pd.DataFrame) -> bool:
        order = frame.sort_values("distance", kind="stable").iloc[0]
        return (
            order["province_code"] == code
            and ctx.number(order["distance"], 2) == size
            and rank_of(order["rank"], order["n_ranked"]) == placed
            and frame["edition_year"].eq(year).all()
            and frame["n_dimensions"].eq(parts).all()
            and not frame["province_code"].eq(ctx.province.province_code).any()
        )

    subtitle = ctx.phrase(
        "relations.provinces_nearest_papi_dimensions_result",
        n_rows=len(rows),
        province=ctx.name,
        parts=parts,
        year=year,
        n=n,
    )
    note = ctx.phrase("relations.euclidean_distance_over_standardised_dimensions")
    furthest = rows.loc[rows["distance"].idxmax()]
    numbers = (
        ctx.phrase(
            "relations.furthest_table",
            province_name=(
                province_name(furthest["province_code"], furthest["boundary"], "vi"),
                province_name(furthest["province_code"], furthest["boundary"], "en"),
            ),
            distance=ctx.number(furthest["distance"], 2),
        ),
    )
    kind = _rows(len(rows), *bilingual("relations.one_province"), ctx)
    return Caption(title, subtitle, note, kind, numbers, (Claim(title, most_like),))
