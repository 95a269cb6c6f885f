"""Findings about what it would take: distances, rivals, and the changes that lift the total's group."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from ..measures import rounded
from ..reach import SHOWN_SUB_DIMENSIONS
from ..wording import Context, province_name, rank_of, sentence, share_of_cases
from .captions import (
    Caption,
    Claim,
    _about,
    _apart,
    _error_note,
    _group_name,
    _names,
    _nothing,
    _own,
    _rows,
    _unrounded_note,
)


def _size(gap: float, ctx: Context) -> str:
    """A gap to two decimals; one that would print as 0,00 is said to be under 0,01."""
    least = ctx.number(0.01, 2)
    return ctx.pick(f"chưa đến {least}", f"under {least}") if rounded(gap, 2) == 0 else ctx.number(gap, 2)


def _cases_note(ctx: Context) -> str:
    return ctx.pick(
        "“Trường hợp”: một tỉnh từ một kỳ sang kỳ liền sau, tính mọi tỉnh và mọi cặp kỳ cùng một thước đo. Đây là điều đã xảy ra, không phải dự báo; coi các tỉnh khác đứng yên.",
        "A case is one province from one edition to the next, over all provinces and all pairs of editions that measure the same. It is what has happened, no forecast; the others are taken to stand still.",
    )


def _noise_note(row: pd.Series, ctx: Context) -> str:
    """How many cases would rise by the gap of a row without any change, by the survey's error; or nothing."""
    if pd.isna(row["noise_share"]):
        return ""
    share = share_of_cases(row["noise_share"], ctx.language)
    return ctx.pick(
        f"Nếu chỉ có sai số điều tra (như năm 2019), {share} trường hợp cũng tăng chừng đó",
        f"By survey error alone (as in 2019) {share} of cases would rise so much",
    )


def _seen(frame: pd.DataFrame, part: str, share: str, ctx: Context) -> bool:
    """Whether a component's two counts give the share that is printed, and its own column too."""
    row = frame[frame["component_id"] == part].iloc[0]
    counted = row["n_closed"] / row["n_year_pairs"]
    return share_of_cases(counted, ctx.language) == share and abs(counted - row["closed_share"]) < 1e-9


def _lacking(frame: pd.DataFrame) -> dict[str, tuple[Decimal, str]]:
    """What each component but the total lacks to its threshold, and the group that it would reach."""
    held = frame[(frame["level"] != "total") & frame["threshold"].notna()]
    return {
        part: (_apart(threshold, score), group)
        for part, threshold, score, group in zip(
            held["component_id"], held["threshold"], held["score"], held["next_group"], strict=True
        )
    }


def distances(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Dimensions not in the high group, the nearest threshold, and how often such a gap was closed."""
    if rows.empty:
        raise _nothing(
            ctx, f"{ctx.name} không có kết quả PAPI ở kỳ này", f"{ctx.name} has no PAPI result in this edition"
        )
    year = int(rows["edition_year"].iloc[0])
    parts = rows[rows["level"] != "total"]
    below, of = parts[parts["next_group"] != ""], len(parts)
    count = len(below)
    claims = [_about(ctx)]
    if below.empty:
        title = ctx.pick(
            f"PAPI {year}: mọi trục nội dung của {ctx.name} đã ở nhóm cao",
            f"PAPI {year}: every dimension of {ctx.name} is in the high group",
        )
        claims.append(Claim(title, lambda frame: frame["group"].eq("high").sum() >= of > 0 and not _lacking(frame)))
    else:
        nearest = below.loc[below["gap"].idxmin()]
        part, size, share = (
            nearest["component_id"],
            _size(nearest["gap"], ctx),
            share_of_cases(nearest["closed_share"], ctx.language),
        )
        above, name = nearest["next_group"], _names([nearest["component_id"]], ctx, year)
        known = bool(nearest["n_year_pairs"])
        title = ctx.pick(
            f"PAPI {year}, {ctx.name}: {count}/{of} trục chưa ở nhóm cao; gần nhất: {name}, thiếu {size} điểm",
            f"PAPI {year}, {ctx.name}: {count} of {of} dimensions not in the high group; nearest: {name}, {size} points short",
        )

        def is_nearest(frame: pd.DataFrame) -> bool:
            found = _lacking(frame)
            missing, reaches = found[part]
            return _size(missing, ctx) == size and reaches == above and missing == min(found.values())[0] > 0

        claims += [
            Claim(
                ctx.pick(f"{count}/{of} trục chưa ở nhóm cao", f"{count} of {of} dimensions are not in the high group"),
                lambda frame: (
                    len(_lacking(frame)) == count
                    and frame.loc[frame["level"] != "total", "group"].ne("high").sum() == count
                    and frame["level"].ne("total").sum() == of
                ),
            ),
            Claim(
                ctx.pick(f"Gần nhất là {name}, thiếu {size} điểm", f"Nearest is {name}, {size} points short"),
                is_nearest,
            ),
        ]
        if known:
            claims.append(
                Claim(
                    ctx.pick(
                        f"{share} trường hợp từng tăng ít nhất chừng đó", f"{share} of cases rose at least so much"
                    ),
                    lambda frame: _seen(frame, part, share, ctx),
                )
            )
    numbers = [claim.says for claim in claims[3:]]  # the share of cases
    total = rows[rows["level"] == "total"]
    if len(total):
        row = total.iloc[0]
        placed = rank_of(row["rank"], row["n_ranked"])
        short = (
            ctx.pick(
                f"thiếu {_size(row['gap'], ctx)} điểm để lên nhóm {_group_name(row['next_group'], ctx)}",
                f"{_size(row['gap'], ctx)} points short of the {_group_name(row['next_group'], ctx)} group",
            )
            if row["next_group"]
            else ctx.pick("đã ở nhóm cao", "already in the high group")
        )
        numbers.append(
            ctx.pick(
                f"Tổng điểm {ctx.number(row['score'])}, hạng {placed}, {short}",
                f"Total {ctx.number(row['score'])}, rank {placed}, {short}",
            )
        )
    best = rows[(rows["level"] != "total") & (rows["own_gap"] == 0)]
    numbers.append(
        ctx.pick(
            f"{len(best)}/{of} trục đang ở mức cao nhất của tỉnh, tính các kỳ cùng một thước đo",
            f"{len(best)} of {of} dimensions stand at the province's own best, of editions that measure the same",
        )
    )
    subtitle = ctx.pick(
        f"Khoảng cách từ điểm PAPI {year} của {ctx.name} tới nhóm liền trên, tỉnh cao nhất vùng và mức cao nhất của tỉnh (điểm)",
        f"Distance of the PAPI {year} scores of {ctx.name} to the next group, the region's best and its own best (points)",
    )
    note = ctx.pick(
        "Ngưỡng là điểm nhỏ nhất đưa tỉnh lên nhóm liền trên khi tính lại tứ phân vị. Dấu –: đã ở nhóm cao; =: chính tỉnh, hoặc chính kỳ này, trong các kỳ cùng một thước đo.",
        "The threshold is the smallest score that puts the province into the group above, quartiles computed again. –: already in the high group; =: the province itself, or this very edition, of those that measure the same.",
    )
    kind = _rows(len(rows), "tổng điểm rồi từng trục nội dung", "the total and then the dimensions", ctx)
    noise = "" if below.empty else _noise_note(nearest, ctx)
    numbers += [noise] * bool(noise)
    note = " ".join(
        filter(
            None, (note, sentence(noise) + "." * bool(noise), _cases_note(ctx), _unrounded_note(ctx), _error_note(ctx))
        )
    )
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def sub_dimension_distances(rows: pd.DataFrame, ctx: Context) -> Caption:
    """Sub-dimensions not in the high group, and the gap that was closed most often."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có điểm nội dung thành phần PAPI ở kỳ này",
            f"{ctx.name} has no scores of PAPI sub-dimensions in this edition",
        )
    year, of = int(rows["edition_year"].iloc[0]), len(rows)
    below = rows[rows["next_group"] != ""]
    count = len(below)
    if below.empty:
        raise _nothing(
            ctx,
            f"mọi nội dung thành phần PAPI {year} của {ctx.name} đã ở nhóm cao",
            f"every PAPI sub-dimension of {ctx.name} in {year} is in the high group",
        )

    def counted(frame: pd.DataFrame) -> bool:
        same = frame["group"].ne("high").sum() == frame["threshold"].notna().sum() == len(_lacking(frame)) == count
        return same and len(frame) == of

    says = ctx.pick(
        f"{count}/{of} nội dung thành phần chưa ở nhóm cao", f"{count} of {of} sub-dimensions are not in the high group"
    )
    claims, title, numbers = [_about(ctx), Claim(says, counted)], f"PAPI {year}, {ctx.name}: {says}", []
    held = below[below["closed_share"].notna()]
    if len(held):
        first = held.sort_values(["closed_share", "gap", "component_id"], ascending=[False, True, True]).iloc[0]
        part, name = first["component_id"], _names([first["component_id"]], ctx, year)
        size, share = _size(first["gap"], ctx), share_of_cases(first["closed_share"], ctx.language)

        def most_often(frame: pd.DataFrame) -> bool:
            there = frame[frame["threshold"].notna()]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            own = shares[there["component_id"] == part].item()
            return (
                own == shares.max() and _seen(frame, part, share, ctx) and _size(_lacking(frame)[part][0], ctx) == size
            )

        claims.append(
            Claim(
                ctx.pick(
                    f"Khoảng được lấp nhiều nhất là {name}: {size} điểm, {share} trường hợp",
                    f"The gap closed most often is {name}: {size} points, {share} of cases",
                ),
                most_often,
            )
        )
        numbers.append(claims[-1].says)
        often = int((held["closed_share"] >= 0.25).sum())
        numbers.append(
            ctx.pick(
                f"{often} nội dung có khoảng mà ít nhất một phần tư số trường hợp đã tăng được",
                f"{often} have a gap that at least a quarter of the cases rose by",
            )
        )
    left = max(0, count - SHOWN_SUB_DIMENSIONS)
    note = ctx.pick(
        f"Xếp theo tỷ lệ trường hợp trong quá khứ; không nêu {left} nội dung có tỷ lệ thấp nhất.",
        f"In order of the share of past cases; the {left} with the lowest share are left out.",
    ) * bool(left) or ctx.pick("Xếp theo tỷ lệ trường hợp trong quá khứ.", "In order of the share of past cases.")
    note = f"{note} {_cases_note(ctx)} {_unrounded_note(ctx)}"
    subtitle = ctx.pick(
        f"Khoảng cách từ điểm nội dung thành phần PAPI {year} của {ctx.name} tới ngưỡng nhóm liền trên (điểm)",
        f"Distance of the PAPI sub-dimension scores of {ctx.name} in {year} to the next group (points)",
    )
    kind = _rows(min(count, SHOWN_SUB_DIMENSIONS), "mỗi dòng một nội dung thành phần", "one a sub-dimension", ctx)
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def rivals_in_reach(rows: pd.DataFrame, ctx: Context) -> Caption:
    """How many of the provinces next above are a gap away that was closed often."""
    own = _own(rows, ctx) if len(rows) else rows
    if own.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có tổng điểm PAPI ở kỳ mới nhất để so với các tỉnh xếp trên",
            f"{ctx.name} has no PAPI total in the newest edition to set against the provinces above",
        )
    own, above = own.iloc[0], rows[rows["gap"] > 0].sort_values("gap")
    year, placed = int(own["edition_year"]), rank_of(own["rank"], own["n_ranked"])
    if above.empty:
        raise _nothing(
            ctx,
            f"không có tỉnh nào xếp trên {ctx.name} về tổng điểm PAPI {year}",
            f"no province stands above {ctx.name} in the PAPI total of {year}",
        )
    count, pairs = len(above), int(above["n_year_pairs"].iloc[0])
    nearest = above.iloc[0]
    name = province_name(nearest["province_code"], nearest["boundary"], ctx.language)
    code, size = nearest["province_code"], _size(nearest["gap"], ctx)

    def is_nearest(frame: pd.DataFrame) -> bool:
        mine = _own(frame, ctx)["score"].item()
        gaps = {
            other: _apart(score, mine)
            for other, score in zip(frame["province_code"], frame["score"], strict=True)
            if score > mine
        }
        itself = _own(frame, ctx)["gap"].item() == 0 and frame["edition_year"].eq(year).all()
        return itself and gaps[code] == min(gaps.values()) and _size(gaps[code], ctx) == size and len(gaps) == count

    near = ctx.pick(f"sát nhất: {name}, hơn {size} điểm", f"next: {name}, {size} points ahead")
    claims = [Claim(ctx.pick(f"{ctx.name}: {near}", f"Above {ctx.name}: {near}"), is_nearest)]
    if pairs:
        within = int(above["within_reach"].sum())

        def reached(frame: pd.DataFrame) -> bool:
            there = frame[frame["gap"] > 0]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            return (
                (4 * there["n_closed"] >= there["n_year_pairs"]).sum() == within == there["within_reach"].sum()
                and len(there) == count
                and (shares - there["closed_share"]).abs().max() < 1e-9
            )

        says = ctx.pick(
            f"{within}/{count} tỉnh liền trên ở trong tầm",
            f"{within} of the {count} provinces next above {'is' if within == 1 else 'are'} within reach",
        )
        title = f"PAPI {year}, {ctx.name}: {says}; {near}"
        claims.append(Claim(says, reached))
    else:
        title = f"PAPI {year}, {ctx.name}: {near}"
    seen = ctx.pick(
        ", và bao nhiêu trường hợp từng tăng chừng đó trong một năm",
        ", and in how many cases a total rose so much in a year",
    )
    subtitle = ctx.pick(
        f"Tổng điểm PAPI {year} của các tỉnh liền trên hơn {ctx.name} (hạng {placed}) bao nhiêu",
        f"How far the PAPI {year} totals of the provinces next above are ahead of {ctx.name} (rank {placed})",
    ) + seen * bool(pairs)
    rule = ctx.pick(
        "“Trong tầm”: ít nhất một trong bốn trường hợp đã tăng được khoảng cách đó trong một năm.",
        "Within reach: at least one case in four rose by that distance in a year.",
    )
    if pairs:
        begun, sets = int(nearest["first_year"]), int(nearest["n_pairs"])
        rule += (
            ctx.pick(
                f" Chỉ dựa vào một cặp kỳ, {begun}–{begun + 1} ({pairs} trường hợp).",
                f" Rests on one pair of editions alone, {begun}–{begun + 1} ({pairs} cases).",
            )
            if sets == 1
            else ctx.pick(
                f" Dựa vào {sets} cặp kỳ cùng thước đo từ {begun} ({pairs} trường hợp).",
                f" Rests on {sets} pairs of editions measured alike, from {begun} ({pairs} cases).",
            )
        )
    if pairs and (own_group := int(nearest["own_group_pairs"])):
        rule += ctx.pick(
            f" Riêng nhóm của tỉnh ({own_group} trường hợp), tới tỉnh sát trên: {share_of_cases(nearest['own_group_share'], 'vi')}.",
            f" Of the province's own group ({own_group} cases), to the next above: {share_of_cases(nearest['own_group_share'], 'en')}.",
        )
    far = above.iloc[-1]
    numbers = [
        ctx.pick(
            f"{count} tỉnh hơn từ {_size(nearest['gap'], ctx)} đến {_size(far['gap'], ctx)} điểm",
            f"{count} provinces, {_size(nearest['gap'], ctx)} to {_size(far['gap'], ctx)} points ahead",
        )
    ]
    if pairs:
        numbers.append(
            ctx.pick(
                f"{share_of_cases(nearest['closed_share'], ctx.language)} của {pairs} trường hợp từng tăng ít nhất bằng khoảng cách tới {name}",
                f"{share_of_cases(nearest['closed_share'], ctx.language)} of {pairs} cases rose at least by the distance to {name}",
            )
        )
    peers = int(nearest["own_group_pairs"])
    if peers:
        alike = share_of_cases(nearest["own_group_share"], ctx.language)
        group = _group_name(own["group"], ctx)
        says = ctx.pick(
            f"Riêng các tỉnh ở nhóm {group}: {alike} của {peers} trường hợp",
            f"Of provinces in the {group} group alone: {alike} of {peers} cases",
        )

        def of_own_group(frame: pd.DataFrame) -> bool:
            row = frame[frame["province_code"] == code].iloc[0]
            counted = row["own_group_closed"] / row["own_group_pairs"]
            return share_of_cases(counted, ctx.language) == alike and row["own_group_pairs"] == peers

        numbers.append(says)
        claims.append(Claim(says, of_own_group))
    if pairs and (noise := _noise_note(nearest, ctx)):
        rule += f" {noise}."
        numbers.append(noise)
    none = ctx.pick(
        "Chưa có hai kỳ liền nhau cùng phương pháp để đếm các tỉnh từng tăng bao nhiêu trong một năm.",
        "No two editions in a row of one method yet to count how much provinces rose in a year.",
    )
    note = f"{f'{rule} {_cases_note(ctx)}' if pairs else none} {_unrounded_note(ctx)} {_error_note(ctx)}"
    kind = ctx.pick("Biểu đồ điểm ngang", "Dot strip")
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))


def lifting_changes(rows: pd.DataFrame, ctx: Context) -> Caption:
    """The rise that lifts the total's group, and the dimension that rose so much most often."""
    if rows.empty:
        raise _nothing(
            ctx,
            f"{ctx.name} không có tổng điểm PAPI, hoặc tổng điểm đã ở nhóm cao",
            f"{ctx.name} has no PAPI total, or its total is in the high group already",
        )
    year, needed = int(rows["edition_year"].iloc[0]), rows["needed"].iloc[0]
    group, size, above = _group_name(rows["next_group"].iloc[0], ctx), _size(needed, ctx), rows["next_group"].iloc[0]
    parts = rows[(rows["level"] != "total") & rows["possible"].astype(bool)]
    known = parts[parts["closed_share"].notna()]

    def needs(frame: pd.DataFrame) -> bool:
        """Every row's score and the score reached differ by what is printed."""
        pairs = zip(frame["reached"], frame["score"], strict=True)
        apart = [_size(_apart(reached, score), ctx) for reached, score in pairs]
        return (
            set(apart) == {size} == {_size(needed, ctx) for needed in frame["needed"]}
            and frame["next_group"].eq(above).all()
        )

    says = ctx.pick(
        f"Cần thêm {size} điểm để tổng điểm lên nhóm {group}", f"The total needs {size} points more for {group}"
    )
    claims, title, numbers = (
        [_about(ctx), Claim(says, needs)],
        f"PAPI {year}, {ctx.name}: {says[:1].lower()}{says[1:]}",
        [],
    )
    if len(known):
        first = known.sort_values(["closed_share", "component_id"], ascending=[False, True]).iloc[0]
        part, share = first["component_id"], share_of_cases(first["closed_share"], ctx.language)
        name = _names([part], ctx, year)

        def most_often(frame: pd.DataFrame) -> bool:
            there = frame[(frame["level"] != "total") & (frame["reached"] <= frame["scale_max"] + 1e-9)]
            shares = there["n_closed"].astype(float) / there["n_year_pairs"].astype(float)
            return shares[there["component_id"] == part].item() == shares.max() and _seen(frame, part, share, ctx)

        most = ctx.pick(
            f"trục từng tăng chừng đó nhiều nhất: {name} ({share})",
            f"dimension that rose so most often: {name} ({share} of cases)",
        )
        if first["n_closed"] == 0:
            most = ctx.pick(
                "chưa trục riêng lẻ nào từng tăng chừng đó trong một năm", "no single dimension ever rose so in a year"
            )
        claims.append(Claim(sentence(most), most_often))
        numbers.append(claims[-1].says)
        total = rows[rows["level"] == "total"].iloc[0]
        numbers.append(
            ctx.pick(
                f"Tổng điểm đã tăng ít nhất chừng đó trong {share_of_cases(total['closed_share'], ctx.language)} của {total['n_year_pairs']} trường hợp",
                f"The total rose at least so much in {share_of_cases(total['closed_share'], ctx.language)} of {total['n_year_pairs']} cases",
            )
        )
    subtitle = ctx.pick(
        f"Mức tăng nhỏ nhất đưa tổng điểm PAPI {year} của {ctx.name} lên nhóm trên, nếu chỉ một trục thay đổi (điểm)",
        f"The smallest rise that lifts the PAPI {year} total of {ctx.name} a group, if one dimension alone changes (points)",
    )
    note = ctx.pick(
        "Tổng điểm là tổng của các trục nên mức cần tăng như nhau ở mọi trục, và có thể chia cho nhiều trục.",
        "The total is the sum of the dimensions, so the rise needed is the same in each, and may be shared among several.",
    )
    note = f"{note} {_cases_note(ctx)} {_unrounded_note(ctx)} {_error_note(ctx)}"
    kind = _rows(len(rows), "tổng điểm rồi từng trục nội dung", "the total and then the dimensions", ctx)
    return Caption(title, subtitle, note, kind, tuple(numbers), tuple(claims))
