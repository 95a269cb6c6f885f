"""Why a rank moved: an exact split into the province's own change, its rivals', who was ranked, and the method."""

from __future__ import annotations

import itertools
import math

import pandas as pd

from .catalogue import accepts_names, catalogue
from .measures import decomposition, latest_pair

OF_TOTAL = ("edition_year", "province_code", "boundary", "source_id")
CAUSES = ("own", "rivals", "membership", "method")


@accepts_names
def rank_split(
    scores: pd.DataFrame, province_code: str, year_from: int, year_to: int, total_id: str = "papi_total"
) -> pd.DataFrame:
    """Places that a province gained or lost between two editions, split into four parts: one row a part.

    | column | meaning | unit |
    |---|---|---|
    | cause | `own`: its own scores; `rivals`: those of the others; `membership`: provinces that entered or left | |
    | | the ranking; `method`: dimensions that are not the same component in both editions, for all provinces | |
    | places | positive is places gained; the four add up to the change of rank | places |

    Each part is its Shapley value: the mean, over all 24 orders in which the four can be brought from the earlier
    edition to the later, of the places that its turn gains. So no order is preferred, and what two parts do only
    together is shared between them. A province that is ranked in one of the editions alone counts with its scores of
    that edition. `attrs` hold year_from, year_to, rank_from, rank_to, n_ranked_from and n_ranked_to; ranks are those of
    scores, ties share the best.

    Raises NotComparable across a break, ValueError where the province has no total in one of the editions or the total
    is not a plain sum. Source of the rule: Shapley (1953), A value for n-person games.
    """
    known = catalogue()
    known.check_comparable(total_id, year_from, year_to)
    total = known.component(total_id, year_to)
    if not total.parts_sum:
        raise ValueError(f"{total_id} is not a plain sum of its parts")
    same = {part.component_id for part in known.common_components(total.index_id, year_from, year_to)}
    years = (year_from, year_to)
    # of each edition: province -> (what was measured alike, what was not)
    held = [_in_two(scores, total_id, year, same) for year in years]
    for year, provinces in zip(years, held, strict=True):
        if province_code not in provinces:
            raise ValueError(f"{province_code} has no {total_id} in {year}")

    def rank(own: int, rivals: int, membership: int, method: int) -> int:
        mine = held[own][province_code][0] + held[method][province_code][1]
        above = 0
        for code in held[membership]:
            if code == province_code:
                continue
            both = code in held[0] and code in held[1]
            alike, other = (held[rivals], held[method]) if both else (held[membership],) * 2
            above += int(alike[code][0] + other[code][1] > mine)
        return 1 + above

    ranks = {state: rank(*state) for state in itertools.product((0, 1), repeat=len(CAUSES))}
    gained = [0] * len(CAUSES)
    for order in itertools.permutations(range(len(CAUSES))):
        state = [0] * len(CAUSES)
        for turn in order:
            before = ranks[tuple(state)]
            state[turn] = 1
            gained[turn] += before - ranks[tuple(state)]
    frame = pd.DataFrame({"cause": CAUSES, "places": [total / math.factorial(len(CAUSES)) for total in gained]})
    frame["province_code"], frame["edition_year"], frame["component_id"] = province_code, year_to, total_id
    frame.attrs = {
        "year_from": year_from,
        "year_to": year_to,
        "rank_from": ranks[(0, 0, 0, 0)],
        "rank_to": ranks[(1, 1, 1, 1)],
        "n_ranked_from": len(held[0]),
        "n_ranked_to": len(held[1]),
    }
    return frame


def _in_two(scores: pd.DataFrame, total_id: str, year: int, same: set[str]) -> dict[str, tuple[float, float]]:
    """Total of every province in an edition in two: of the components that are the same, and of the others."""
    edition = scores[(scores["edition_year"] == year) & scores["score"].notna()]
    totals = edition[edition["component_id"] == total_id].set_index("province_code")["score"]
    others = {part.component_id for part in catalogue().parts_of(total_id, year)} - same
    rebuilt = edition[edition["component_id"].isin(others)].groupby("province_code")["score"].sum()
    rest = rebuilt.reindex(totals.index).fillna(0.0)
    # what rounding the total leaves over stays with the part that is alike, so that without a rebuilt one there is none
    return {code: (totals[code] - rest[code], rest[code]) for code in totals.index}


@accepts_names
def passings(
    scores: pd.DataFrame, province_code: str, year_from: int, year_to: int, total_id: str = "papi_total"
) -> pd.DataFrame:
    """Provinces that changed sides of one between two editions: one row a province.

    Columns: province_code, way (`passed`: was above, is below; `passed_by`: was below, is above; `entered` above it;
    `left` from above it), score_from, score_to (points; missing where it was not ranked), the best score_to first.
    The change of rank is the number passed and left, less those passed_by and entered.
    """
    two = scores[(scores["component_id"] == total_id) & scores["edition_year"].isin([year_from, year_to])]
    table = two.pivot(index="province_code", columns="edition_year", values="score")
    before, after = (table[year] - table.at[province_code, year] for year in (year_from, year_to))
    ways = {
        "passed": (before > 0) & (after <= 0),
        "passed_by": (before <= 0) & (after > 0),
        "entered": before.isna() & (after > 0),
        "left": (before > 0) & after.isna(),
    }
    rows = [
        {
            "province_code": code,
            "way": way,
            "score_from": table.at[code, year_from],
            "score_to": table.at[code, year_to],
        }
        for way, held in ways.items()
        for code in table.index[held]
        if code != province_code
    ]
    frame = pd.DataFrame(rows, columns=["province_code", "way", "score_from", "score_to"])
    return frame.sort_values(["way", "score_to"], ascending=[True, False], ignore_index=True)


@accepts_names
def why_moved(
    scores: pd.DataFrame, province_code: str, *, before_last: int = 0, total_id: str = "papi_total"
) -> pd.DataFrame:
    """The newest move of a province, or an earlier one, in score and in rank: one row per part.

    before_last: how many moves to go back; 1 is the move before the newest. A move goes from one edition with a total
    of the province to the next such edition.

    Columns: moved (`score` or `rank`), component_id (of a score's part; of a rank the total), cause (of a rank, see
    `rank_split`), same_component (of a score's part, see `measures.decomposition`), value (points, or places gained),
    edition_year, province_code, boundary, source_id. `attrs`: those of both splits. Empty where there is no such move
    or a break divides its editions.
    """
    columns = ["moved", "component_id", "cause", "same_component", "value", *OF_TOTAL]
    pair = latest_pair(scores, province_code, total_id, before_last=before_last)
    if pair is None:
        return pd.DataFrame(columns=columns)
    parts = decomposition(scores, province_code, *pair, total_id=total_id)
    places = rank_split(scores, province_code, *pair, total_id=total_id)
    rows = [
        parts[["component_id", "same_component", "contribution"]]
        .rename(columns={"contribution": "value"})
        .assign(moved="score"),
        places[["component_id", "cause", "places"]].rename(columns={"places": "value"}).assign(moved="rank"),
    ]
    frame = pd.concat(rows, ignore_index=True)
    frame = frame.assign(**_of_total(scores, province_code, pair[1], total_id))
    frame["cause"], frame["same_component"] = frame["cause"].fillna(""), frame["same_component"].astype("boolean")
    frame = frame[columns]
    passed = passings(scores, province_code, *pair, total_id=total_id)
    listed = {way: " ".join(rows["province_code"]) for way, rows in passed.groupby("way")}
    listed["shifted"] = " ".join(catalogue().shifted(total_id, *pair))
    frame.attrs = parts.attrs | places.attrs | listed
    return frame


def _of_total(scores: pd.DataFrame, province_code: str, edition_year: int, total_id: str) -> dict:
    """What the rows of a move say of the later edition."""
    cell = scores["province_code"].eq(province_code) & scores["component_id"].eq(total_id)
    return scores.loc[cell & scores["edition_year"].eq(edition_year), list(OF_TOTAL)].iloc[0].to_dict()


@accepts_names
def sub_dimension_moves(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """The newest move split to the sub-dimensions: rows and columns of `measures.decomposition`, the largest first.

    Besides: province_code, boundary, edition_year, source_id; `attrs` as there, with year_from, year_to and shifted
    (see `Catalogue.shifted`). Empty as `why_moved` is.
    """
    pair = latest_pair(scores, province_code, total_id)
    if pair is None:
        return pd.DataFrame(columns=["component_id", "same_component", "contribution"])
    parts = decomposition(scores, province_code, *pair, total_id=total_id, level="sub_dimension")
    order = parts["contribution"].abs().sort_values(ascending=False, kind="stable").index
    of_total = _of_total(scores, province_code, pair[1], total_id)
    kept = parts.loc[order].reset_index(drop=True)
    kept = kept.assign(**{name: of_total[name] for name in ("province_code", "boundary", "edition_year", "source_id")})
    kept.attrs = parts.attrs | {
        "year_from": pair[0],
        "year_to": pair[1],
        "shifted": " ".join(catalogue().shifted(total_id, *pair)),
    }
    return kept


@accepts_names
def drill_down(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """The newest change of a total by dimension, and of the one that makes more than half of it by sub-dimension.

    One row a part: those of the dimensions first, then those inside the one that is opened; in each the parts that go
    the other way first and the one that makes most of the change last. Columns: level (`dimension`, `sub_dimension`)
    and those of `measures.decomposition` up to contribution (points), province_code, boundary, edition_year,
    source_id. `attrs`: as there, with year_from, year_to, opened (the dimension that makes more than half of the net
    change, or nothing) and main (the part of it that does, else itself). Empty as `why_moved` is.
    """
    pair = latest_pair(scores, province_code, total_id)
    columns = ["component_id", "same_component", "score_from", "score_to", "contribution"]
    if pair is None:
        return pd.DataFrame(columns=["level", *columns, *OF_TOTAL])
    tiers = [decomposition(scores, province_code, *pair, total_id=total_id)]
    attrs = tiers[0].attrs
    change = attrs["total_to"] - attrs["total_from"]
    opened = main = _more_than_half(tiers[0], change)
    if opened:
        parts = decomposition(scores, province_code, *pair, total_id=total_id, level="sub_dimension")
        inner = parts[parts["component_id"].str.startswith(f"{opened}_")]
        if len(inner):
            tiers.append(inner)
            main = _more_than_half(inner, change) or opened
    way = -1 if change < 0 else 1
    frame = pd.concat(
        [
            tier[columns].sort_values("contribution", key=lambda sizes: way * sizes, kind="stable").assign(level=level)
            for tier, level in zip(tiers, ("dimension", "sub_dimension"), strict=False)
        ],
        ignore_index=True,
    ).assign(**_of_total(scores, province_code, pair[1], total_id))
    frame.attrs = attrs | {"year_from": pair[0], "year_to": pair[1], "opened": opened, "main": main}
    return frame[["level", *columns, *OF_TOTAL]]


def _more_than_half(parts: pd.DataFrame, change: float) -> str:
    """The part that makes the most of a change, if that is more than half of it; else nothing."""
    shares = parts["contribution"] / change if change else parts["contribution"] * 0
    largest = shares.idxmax()
    return parts.at[largest, "component_id"] if shares[largest] > 0.5 else ""
