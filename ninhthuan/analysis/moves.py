"""What moved a province: who passed whom, and which parts of the score changed."""

from __future__ import annotations

import pandas as pd

from ..asking import accepts_names
from ..catalogue import catalogue
from ..measures import decomposition, latest_pair, named
from .change import survey_error_explains

OF_TOTAL = ("edition_year", "province_code", "boundary", "source_id")


@accepts_names
def passings(
    scores: pd.DataFrame,
    province_code: str,
    year_from: int | None = None,
    year_to: int | None = None,
    total_id: str = "papi_total",
) -> pd.DataFrame:
    """Provinces that changed sides of one between two editions, by default the newest two: one row a province.

    Columns: other_code, other, other_en (its name), way (`passed`: was above, is below; `passed_by`: was below, is
    above; `entered` above it; `left` from above it), score_from, score_to (points; missing where it was not ranked),
    and of the province's own total in the later edition component_id, edition_year, province_code, boundary, source_id.
    The best score_to first.
    The change of rank is the number passed and left, less those passed_by and entered. `attrs`: year_from, year_to and
    of the province itself rank_from, rank_to, n_ranked_from, n_ranked_to, score_from, score_to. Empty where the newest
    two editions cannot be compared; NotComparable where two that are given cannot, ValueError where it has no score.
    """
    columns = ["other_code", "other", "other_en", "way", "score_from", "score_to", "component_id", *OF_TOTAL]
    given = year_from is not None and year_to is not None
    pair = (year_from, year_to) if given else latest_pair(scores, province_code, total_id)
    if pair is None:
        return pd.DataFrame(columns=columns)
    catalogue().check_comparable(total_id, *pair)
    two = scores[(scores["component_id"] == total_id) & scores["edition_year"].isin(pair)]
    table = two.pivot(index="province_code", columns="edition_year", values="score")
    for year in pair:
        if province_code not in table.index or year not in table or pd.isna(table.at[province_code, year]):
            raise ValueError(f"{province_code} has no {total_id} in {year}")
    before, after = (table[year] - table.at[province_code, year] for year in pair)
    ways = {
        "passed": (before > 0) & (after <= 0),
        "passed_by": (before <= 0) & (after > 0),
        "entered": before.isna() & (after > 0),
        "left": (before > 0) & after.isna(),
    }
    rows = [
        (code, way, *table.loc[code, list(pair)])
        for way, chosen in ways.items()
        for code in table.index[chosen]
        if code != province_code
    ]
    frame = pd.DataFrame(rows, columns=["other_code", *columns[3:6]])
    frame = frame.sort_values(["way", "score_to"], ascending=[True, False], ignore_index=True)
    frame = named(frame.assign(component_id=total_id, **_of_total(scores, province_code, pair[1], total_id)))
    frame.attrs = {"year_from": pair[0], "year_to": pair[1]}
    own = two[two["province_code"] == province_code].set_index("edition_year")
    for end, year in zip(("from", "to"), pair, strict=True):
        row = own.loc[year]
        ranked = {"rank": row["rank_derived"], "n_ranked": table[year].notna().sum(), "score": row["score"]}
        frame.attrs |= {f"{name}_{end}": value for name, value in ranked.items()}
    return frame[columns]


def _of_total(scores: pd.DataFrame, province_code: str, edition_year: int, total_id: str) -> dict:
    """What the rows of a move say of the later edition."""
    cell = scores["province_code"].eq(province_code) & scores["component_id"].eq(total_id)
    return scores.loc[cell & scores["edition_year"].eq(edition_year), list(OF_TOTAL)].iloc[0].to_dict()


@accepts_names
def sub_dimension_moves(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """The newest move split to the sub-dimensions: rows and columns of `measures.decomposition`, the largest first.

    Besides: province_code, boundary, edition_year, source_id; `attrs` with year_from, year_to. Empty as `passings` is.
    """
    pair = latest_pair(scores, province_code, total_id)
    if pair is None:
        return pd.DataFrame(columns=["component_id", "same_component", "contribution"])
    parts = decomposition(scores, province_code, *pair, total_id=total_id, level="sub_dimension")
    order = parts["contribution"].abs().sort_values(ascending=False, kind="stable").index
    of_total = _of_total(scores, province_code, pair[1], total_id)
    kept = parts.loc[order].reset_index(drop=True)
    kept = kept.assign(**{name: of_total[name] for name in ("province_code", "boundary", "edition_year", "source_id")})
    kept.attrs = parts.attrs | {"year_from": pair[0], "year_to": pair[1]}
    return kept


@accepts_names
def drill_down(scores: pd.DataFrame, province_code: str, total_id: str = "papi_total") -> pd.DataFrame:
    """The newest change of a total by dimension, and of the one that makes more than half of it by sub-dimension.

    One row a part: the dimensions first, then the parts of the one that is opened; in each those that go the other way
    first, what makes most of the change last. Of a dimension whose sub-dimensions compare only in part those that do
    not are rows of their own, and its row is of the rest. Columns: level (`dimension`, `sub_dimension`), those of
    `measures.decomposition` up to contribution (points), province_code, boundary, edition_year, source_id. `attrs`: as
    there, with year_from, year_to, opened (the comparable dimension that makes more than half of the net change and
    itself changed beyond survey error, or nothing) and main (the part of it that does, else itself). Empty as
    `passings` is.
    """
    pair = latest_pair(scores, province_code, total_id)
    columns = ["component_id", "component", "component_en", "same_component", "score_from", "score_to", "contribution"]
    if pair is None:
        return pd.DataFrame(columns=["level", *columns, *OF_TOTAL])
    tiers = [decomposition(scores, province_code, *pair, total_id=total_id)]
    parts = decomposition(scores, province_code, *pair, total_id=total_id, level="sub_dimension")
    tiers[0] = _unlike_apart(tiers[0], parts, catalogue().unlike_parts(total_id, *pair))
    change = tiers[0].attrs["total_to"] - tiers[0].attrs["total_from"]
    opened = main = _more_than_half(tiers[0][tiers[0]["same_component"].astype(bool)], change)
    size = tiers[0].set_index("component_id")["contribution"].get(opened)
    if survey_error_explains(size, opened, province_code, *pair, scores["boundary"].iloc[0]):
        opened = main = ""
    if opened:
        apart = parts["component_id"].isin(tiers[0]["component_id"])
        inner = parts[parts["component_id"].str.startswith(f"{opened}_") & ~apart]
        if len(inner):
            tiers.append(inner)
            main = _more_than_half(inner, change) or opened
    frame = pd.concat(
        [
            tier[columns].sort_values("contribution", ascending=bool(change >= 0), kind="stable").assign(level=level)
            for tier, level in zip(tiers, ("dimension", "sub_dimension"), strict=False)
        ],
        ignore_index=True,
    ).assign(**_of_total(scores, province_code, pair[1], total_id))
    frame.attrs = tiers[0].attrs | {"year_from": pair[0], "year_to": pair[1], "opened": opened, "main": main}
    return frame[["level", *columns, *OF_TOTAL]]


def _unlike_apart(dimensions: pd.DataFrame, parts: pd.DataFrame, unlike: list[str]) -> pd.DataFrame:
    """Dimensions without those sub-dimensions that do not compare, which are rows beside them."""
    found, ends = dimensions.copy(), ["score_from", "score_to", "contribution"]
    apart = parts[parts["component_id"].isin(set(unlike).difference(found["component_id"]))]
    for part in apart.itertuples():
        whole = found["component_id"].eq(catalogue().component(part.component_id).parent_id)
        found.loc[whole, ends] -= [getattr(part, end) for end in ends]
        found.loc[whole, "same_component"] = True
    rows = pd.concat([found, apart], ignore_index=True)
    rows.attrs = dimensions.attrs
    return rows


def _more_than_half(parts: pd.DataFrame, change: float) -> str:
    """The part that makes the most of a change, if that is more than half of it; else nothing."""
    shares = parts["contribution"] / change if change else parts["contribution"] * 0
    largest = shares.idxmax()
    return parts.at[largest, "component_id"] if shares[largest] > 0.5 else ""
