"""Measures against results worked by hand on small frames."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ninhthuan as nt
from ninhthuan import measures, workload
from ninhthuan.numbers import rounded
from ninhthuan.reference import GROUPS
from ninhthuan.refusals import NotComparable

TOTAL = "papi_total"


def one_cell(scores, edition_year=2023, component_id=TOTAL):
    """Scores of one edition and component, {province_code: score}, as `load_index` gives them."""
    frame = pd.DataFrame(
        {
            "edition_year": edition_year,
            "boundary": "pre_2025",
            "province_code": list(scores),
            "component_id": component_id,
            "score": pd.array(list(scores.values()), dtype="float64"),
        }
    )
    frame["rank_published"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    frame["rank_derived"] = measures.ranks(frame).astype("Int64")
    frame["n_ranked"] = pd.array([frame["score"].count()] * len(frame), dtype="Int64")
    frame["group_derived"] = measures.quartile_groups(frame)
    return frame


def only_published(province_code, edition_year, component_id, score, rank, n_ranked):
    """One province of an edition whose other scores are not held."""
    frame = one_cell({province_code: score}, edition_year, component_id)
    frame["rank_derived"] = pd.array([pd.NA], dtype="Int64")
    frame["group_derived"] = None
    frame["rank_published"] = pd.array([rank], dtype="Int64")
    frame["n_ranked"] = pd.array([n_ranked], dtype="Int64")
    return frame


def together(*cells):
    return pd.concat(cells, ignore_index=True)


def worked(values):
    """A column as plain numbers, with None for what is missing."""
    return [None if pd.isna(value) else value for value in values]


# ------------------------------------------------------------------------------------------------------------- rounding


@pytest.mark.parametrize(
    "value, decimals, expected",
    [
        # -0.4950 is half way: away from zero, although the float is -0.49500000000000455
        (45.5052 - 46.0002, 2, "-0.50"),
        (46.0002 - 45.5052, 2, "0.50"),
        # 2.675 and 1.005 are stored a little below half: still up
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (0.125, 2, "0.13"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (45.5052, 2, "45.51"),
        (76.2031, 2, "76.20"),
        (100, 1, "100.0"),
        (83.66 - 70, 2, "13.66"),
    ],
)
def test_rounded_half_up(value, decimals, expected):
    assert str(rounded(value, decimals)) == expected


@given(st.integers(-(10**8), 10**8), st.integers(0, 4))
def test_rounding_keeps_what_is_printed(units, decimals):
    printed = Decimal(units).scaleb(-decimals)
    assert rounded(float(printed), decimals) == printed


@pytest.mark.parametrize("printed, decimals", [("45.5052", 4), ("76.20", 2), ("70", 0), ("-22.96", 2), ("0.07", 2)])
def test_decimals_of_a_printed_number(printed, decimals):
    assert measures.decimals_of(printed) == decimals


# ---------------------------------------------------------------------------------------------------------------- ranks


def test_ranks_with_ties_and_missing():
    # 46 is first; the two 45 share second; 44 is then fourth, not third; without a score there is no rank
    frame = one_cell({"01": 45.0, "24": None, "56": 46.0, "58": 45.0, "79": 44.0})
    assert worked(measures.ranks(frame)) == [2, None, 1, 2, 4]


def test_ranks_are_per_edition_and_component():
    frame = together(
        one_cell({"01": 40.0, "58": 41.0}, 2022),
        one_cell({"01": 43.0, "58": 42.0}, 2023),
        one_cell({"01": 5.0, "58": 5.5}, 2023, "papi_d1"),
    )
    assert measures.ranks(frame).tolist() == [2, 1, 1, 2, 2, 1]


@given(st.lists(st.one_of(st.none(), st.integers(0, 6).map(float)), min_size=1, max_size=20))
def test_rank_is_one_more_than_how_many_stand_higher(scores):
    frame = one_cell({f"{code:02}": score for code, score in enumerate(scores)})
    expected = [
        None if score is None else 1 + sum(other is not None and other > score for other in scores) for score in scores
    ]
    assert worked(measures.ranks(frame)) == expected


def test_percentile_position():
    # of 5: first has 4 of 4 others below, third has 2 of 4, last has none; 6th of 61 has 55 of 60 below, 91 2/3 %
    rank = pd.Series([1.0, 3.0, 5.0, 6.0, None])
    n_ranked = pd.Series([5.0, 5.0, 5.0, 61.0, 5.0])
    assert worked(measures.percentile_position(rank, n_ranked).round(4)) == [100, 50, 0, 91.6667, None]


def test_percentile_position_of_the_only_one_is_missing():
    assert measures.percentile_position(pd.Series([1.0]), pd.Series([1.0])).isna().all()


# --------------------------------------------------------------------------------------------------------------- groups


def test_quartile_groups_of_eight():
    # scores 1..8: the 75th percentile lies at 1 + 0.75 * 7 = 6.25, the median at 4.5, the 25th at 2.75
    frame = one_cell({f"{code:02}": float(code) for code in range(1, 9)})
    assert measures.quartile_groups(frame).tolist() == [
        "low",
        "low",
        "lower_middle",
        "lower_middle",
        "upper_middle",
        "upper_middle",
        "high",
        "high",
    ]


@pytest.mark.parametrize(
    "n, sizes",
    [
        # 63 in order 0..62: the cuts lie at 46.5, 31 and 15.5, so 47..62, 31..46, 16..30 and 0..15
        (63, [16, 16, 15, 16]),
        # 61 in order 0..60: the cuts are 45, 30 and 15 themselves, and who is at the cut is in the upper group
        (61, [16, 15, 15, 15]),
        # 60 in order 0..59: the cuts lie at 44.25, 29.5 and 14.75
        (60, [15, 15, 15, 15]),
    ],
)
def test_group_sizes(n, sizes):
    # shuffled, and with two provinces that have no score
    scores = [38 + 0.1 * place for place in np.random.default_rng(58).permutation(n)] + [None, None]
    groups = measures.quartile_groups(one_cell({f"{code:02}": score for code, score in enumerate(scores)}))
    assert [int((groups == group).sum()) for group in GROUPS] == sizes
    assert groups.tail(2).isna().all()


def test_tied_scores_are_in_one_group():
    # 1, 2, 2, 2, 2, 3, 3, 4: median (2 + 2) / 2 = 2, so every 2 is at or above it; 75th at 3, 25th at 2
    frame = one_cell({f"{code:02}": score for code, score in enumerate([1, 2, 2, 2, 2, 3, 3, 4])})
    groups = measures.quartile_groups(frame)
    assert groups.tolist() == ["low", *["upper_middle"] * 4, *["high"] * 3]


def test_groups_are_per_edition_and_component():
    scores = {f"{code:02}": float(code) for code in range(1, 9)}
    turned = {code: 9 - score for code, score in scores.items()}
    frame = together(one_cell(scores, 2022), one_cell(turned, 2023))
    groups = measures.quartile_groups(frame).tolist()
    assert groups[:8] == groups[8:][::-1]
    assert groups[0] == "low"


@given(st.lists(st.floats(1, 80), min_size=4, max_size=70))
def test_a_higher_score_is_never_in_a_lower_group(scores):
    frame = one_cell({str(code): score for code, score in enumerate(scores)})
    ordered = frame.assign(group=measures.quartile_groups(frame)).sort_values("score")
    places = ordered["group"].map(GROUPS.index)
    assert places.is_monotonic_decreasing
    assert ordered["group"].iloc[-1] == "high"


def test_position_groups():
    # of 63 the 16th has 47 of 62 others below, 75.8 per cent, and the 17th 46, 74.2; likewise 32 and 33, 47 and 48
    rank = pd.Series([1.0, 16.0, 17.0, 32.0, 33.0, 47.0, 48.0, 63.0, None])
    groups = measures.position_groups(measures.percentile_position(rank, pd.Series([63.0] * len(rank))))
    assert worked(groups) == ["high"] * 2 + ["upper_middle"] * 2 + ["lower_middle"] * 2 + ["low"] * 2 + [None]


@given(st.integers(2, 64))
def test_places_and_scores_give_the_same_groups_without_ties(n):
    frame = one_cell({f"{code:02}": 50 - 0.1 * code for code in range(n)})
    position = measures.percentile_position(frame["rank_derived"].astype(float), frame["n_ranked"].astype(float))
    assert measures.position_groups(position).tolist() == measures.quartile_groups(frame).tolist()


def test_distribution():
    # 1, 2, 3, 4: quartiles at 1 + 0.25 * 3 = 1.75, 2.5 and 3.25; a cell without any score has no row
    frame = together(
        one_cell({"01": 4.0, "24": None, "56": 1.0, "58": 3.0, "79": 2.0}),
        one_cell({"01": None, "58": None}, 2023, "papi_d8"),
        one_cell({"58": 7.0}, 2022),
    )
    spread = measures.distribution(frame)
    assert list(spread.columns) == [
        "edition_year",
        "component_id",
        "n",
        "lowest",
        "lower_quartile",
        "median",
        "upper_quartile",
        "highest",
    ]
    assert spread.to_numpy().tolist() == [
        [2022, TOTAL, 1, 7, 7, 7, 7, 7],
        [2023, TOTAL, 4, 1, 1.75, 2.5, 3.25, 4],
    ]


# -------------------------------------------------------------------------------------------------------------- history


def test_province_history():
    history = measures.province_history(
        together(
            one_cell({"01": 44.0, "58": 45.0, "79": 43.0}, 2019),
            one_cell({"01": 33.0, "58": 32.0, "79": 31.0}, 2015),
            only_published("58", 2017, TOTAL, 36.9, 30, 63),
            one_cell({"01": 40.0, "58": None}, 2020),
        ),
        "58",
    )
    assert history["edition_year"].tolist() == [2015, 2017, 2019, 2020]
    assert worked(history["rank"]) == [2, 30, 1, None]
    assert history["rank_basis"].tolist() == ["derived", "published", "derived", ""]
    # of one province of 63 there is no spread in 2017
    assert worked(history["median"]) == [32, None, 44, 40]
    assert history["complete"].tolist() == [True, False, True, True]
    # methods: to 2015; 2016 and 2017; from 2018
    assert history["segment"].tolist() == [0, 1, 2, 2]


# -------------------------------------------------------------------------------------------------------------- changes


def test_rank_change_is_places_gained():
    # 58 goes from 3rd of 3 to 1st of 4: two places gained, +2; 01 falls from 1st to 3rd, -2
    scores = together(
        one_cell({"01": 44.0, "58": 42.0, "79": 43.0}, 2022),
        one_cell({"01": 42.5, "24": 41.0, "58": 45.5, "79": 43.5}, 2023),
    )
    up, down = (measures.changes(scores, code).iloc[0] for code in ("58", "01"))
    assert (up["rank_change"], down["rank_change"]) == (2, -2)
    assert (up["score_change"], down["score_change"]) == (3.5, -1.5)
    assert (up["previous_rank"], up["previous_n_ranked"], up["rank"], up["n_ranked"]) == (3, 3, 1, 4)
    assert (up["previous_edition"], up["edition_year"], up["crosses"], up["cautions"]) == (2022, 2023, "", "")


def test_a_missing_edition_is_stepped_over_not_filled():
    scores = together(
        one_cell({"01": 43.0, "24": 44.0}, 2020),
        one_cell({"01": 43.5, "24": None}, 2021),
        one_cell({"01": 44.0, "24": 43.0}, 2022),
    )
    changes = measures.changes(scores, "24")
    assert changes[["previous_edition", "edition_year"]].to_numpy().tolist() == [[2020, 2022]]
    # 5.2 was dropped in 2021, and 1.1 rose everywhere in 2022: cautions on the way, no break
    assert changes["cautions"].tolist() == ["2021 2022"]
    assert changes["score_change"].tolist() == [-1.0]


@pytest.mark.parametrize(
    "component_id, years, says",
    [
        (TOTAL, (2017, 2018), ["2017", "2018", "thêm hai trục", "the two added dimensions"]),
        (TOTAL, (2015, 2016), ["2015", "2016", "đường cơ sở mới", "new baseline"]),
        (TOTAL, (2015, 2019), ["2015", "2019", "đường cơ sở mới"]),
        # a sub-dimension breaks with its dimension
        ("papi_d3_2", (2017, 2018), ["3.2 và 3.3 được định nghĩa lại", "redefined"]),
        ("sipas_total", (2021, 2022), ["Từ 2022 SIPAS đo thêm", "not to be read as a deterioration"]),
        ("par_index_total", (2021, 2022), ["876/QĐ-BNV", "a rank may stand beside"]),
        ("dti_total", (2021, 2022), ["922/QĐ-BTTTT"]),
        ("pci_total", (2020, 2021), ["hiệu chỉnh", "recalibrated"]),
    ],
)
def test_a_change_across_a_break_is_refused_by_name(component_id, years, says):
    scores = together(*(one_cell({"01": 4.0, "58": 5.0}, year, component_id) for year in years))
    with pytest.raises(NotComparable) as refusal:
        measures.changes(scores, "58")
    assert component_id in str(refusal.value)
    assert [words for words in says if words not in str(refusal.value)] == []


def test_a_break_may_be_marked_instead():
    # SIPAS: the first step crosses the break of 2022: a rank stands beside a rank, and no place is counted
    scores = together(
        only_published("58", 2021, "sipas_total", 88.64, 16, 63),
        only_published("58", 2022, "sipas_total", 81.83, 20, 63),
        only_published("58", 2023, "sipas_total", 82.0, 18, 63),
    )
    changes = measures.changes(scores, "58", rule="positions")
    assert worked(changes["score_change"].round(2)) == [None, 0.17]
    assert worked(changes["rank_change"]) == [None, 2] and changes["previous_rank"].tolist() == [16, 20]
    assert changes["crosses"].tolist() == ["2022", ""]
    assert changes[["previous_score", "score"]].iloc[0].tolist() == [88.64, 81.83]


def test_every_break_on_the_way_is_named():
    scores = together(one_cell({"58": 33.9}, 2015), one_cell({"58": 45.4}, 2018))
    assert measures.changes(scores, "58", rule="positions")["crosses"].tolist() == ["2016 2018"]


def test_changes_of_nobody_have_all_columns():
    scores = together(one_cell({"58": 45.0}, 2022), one_cell({"58": 46.0}, 2023))
    assert list(measures.changes(scores, "01").columns) == list(measures.changes(scores, "58").columns)
    assert measures.changes(scores, "01").empty


def test_a_rule_has_two_values():
    with pytest.raises(ValueError, match="'ignore'"):
        measures.changes(one_cell({"58": 45.0}), "58", rule="ignore")


# -------------------------------------------------------------------------------------------------------- decomposition

# PAPI of Ninh Thuận as published, dimensions 1 to 8
NINH_THUAN_2022 = [5.404833, 5.862721, 4.356201, 7.520194, 7.529538, 8.062137, 3.732058, 3.532538]
NINH_THUAN_2023 = [5.334917, 5.583841, 4.423919, 7.360940, 7.559866, 8.228642, 3.903231, 3.110025]


def dimensions(scores, edition_year, total):
    """Two provinces, so that there are ranks: 58 with these scores, 01 with five in every dimension."""
    cells = [
        one_cell({"01": 5.0, "58": score}, edition_year, f"papi_d{number}") for number, score in enumerate(scores, 1)
    ]
    return together(*cells, one_cell({"01": 40.0, "58": total}, edition_year))


def test_decomposition_of_2022_to_2023():
    # by hand, second less first: the parts add up to 45.505381 - 46.000220 = -0.494839; the published totals have five
    # decimals, 45.50538 - 46.00022 = -0.49484, so -0.000001 is left over
    scores = together(
        dimensions(NINH_THUAN_2022, 2022, total=46.00022), dimensions(NINH_THUAN_2023, 2023, total=45.50538)
    )
    parts = measures.decomposition(scores, "58", 2022, 2023)
    assert parts["component_id"].tolist() == [f"papi_d{number}" for number in range(1, 9)]
    assert parts["contribution"].round(6).tolist() == [
        -0.069916,
        -0.278880,
        0.067718,
        -0.159254,
        0.030328,
        0.166505,
        0.171173,
        -0.422513,
    ]
    assert round(parts["contribution"].sum(), 6) == -0.494839
    assert (parts.attrs["total_from"], parts.attrs["total_to"]) == (46.00022, 45.50538)
    assert round(parts.attrs["residual"], 6) == -0.000001
    # dimensions 3, 7 and 8 are below five points, so second of two
    assert parts["rank_from"].tolist() == [1, 1, 2, 1, 1, 1, 2, 2]
    assert parts["n_ranked_to"].tolist() == [2] * 8


def test_decomposition_across_a_break_is_refused():
    with pytest.raises(NotComparable, match="2017 và 2018"):
        measures.decomposition(dimensions(NINH_THUAN_2022, 2018, total=46.0), "58", 2017, 2018)


@pytest.mark.parametrize("hole", [("papi_d4", 2022), ("papi_d8", 2023), (TOTAL, 2023)])
def test_decomposition_needs_every_part(hole):
    scores = together(
        dimensions(NINH_THUAN_2022, 2022, total=46.00022), dimensions(NINH_THUAN_2023, 2023, total=45.50538)
    )
    component_id, year = hole
    scores.loc[(scores["component_id"] == component_id) & (scores["edition_year"] == year), "score"] = np.nan
    with pytest.raises(ValueError, match="missing"):
        measures.decomposition(scores, "58", 2022, 2023)


def test_a_weighted_total_is_not_decomposed():
    with pytest.raises(ValueError, match="plain sum"):
        measures.decomposition(one_cell({"58": 65.43}, 2022, "pci_total"), "58", 2022, 2023, total_id="pci_total")


# ----------------------------------------------------------------------------------------------------------------- gaps

# eight provinces, best first; 54, 56, 58 and 60 are of the central coast
EIGHT = {"01": 48.0, "79": 46.0, "24": 44.5, "56": 44.0, "58": 43.0, "60": 41.0, "54": 40.0, "92": 39.0}


def gaps_of(province_code, *more_editions, edition_year=2023):
    frame = measures.gaps(together(one_cell(EIGHT), *more_editions), province_code, edition_year, TOTAL)
    return {row.reference: (row.value, row.gap, row.at) for row in frame.itertuples()}


def test_gaps_of_a_province_in_the_middle():
    found = gaps_of(
        "58",
        one_cell({"58": 36.9}, 2017),
        one_cell({"58": 50.0}, 2016),  # of the method before: cannot be the best of this one
        one_cell({"58": 45.0}, 2019),
        one_cell({"58": 47.0}, 2024),  # later than the edition asked about
    )
    assert found == {
        # between the fourth and the fifth of eight, 44 and 43
        "national_median": (43.5, -0.5, ""),
        # of 44, 43, 41 and 40
        "region_median": (42.0, 1.0, "central_coast"),
        "best": (48.0, -5.0, "01"),
        # two in each group: 48 46 | 44.5 44 | 43 41 | 40 39, and 44 is the door to the group above
        "next_group": (44.0, -1.0, "upper_middle"),
        "own_best": (45.0, -2.0, "2019"),
    }


def test_the_high_group_has_no_group_above():
    found = gaps_of("79")
    assert "next_group" not in found
    assert found["best"] == (48.0, -2.0, "01")
    assert gaps_of("01")["best"] == (48.0, 0.0, "01")


@pytest.mark.parametrize(
    "province_code, value, above", [("56", 46, "high"), ("60", 44, "upper_middle"), ("92", 41, "lower_middle")]
)
def test_next_group_is_the_lowest_score_of_the_group_above(province_code, value, above):
    found_value, gap, at = gaps_of(province_code)["next_group"]
    assert (found_value, at) == (value, above)
    assert gap == EIGHT[province_code] - value < 0


def test_own_best_may_be_now():
    assert gaps_of("58", one_cell({"58": 42.0}, 2022))["own_best"] == (43.0, 0.0, "2023")


def test_no_gaps_without_a_score():
    empty = measures.gaps(one_cell({"01": 48.0, "58": None}), "58", 2023, TOTAL)
    assert empty.empty
    assert list(empty.columns) == ["reference", "value", "gap", "at"]


def test_without_the_other_provinces_there_is_only_the_own_best():
    scores = together(
        only_published("58", 2022, "pci_total", 65.43, 30, 63), only_published("58", 2023, "pci_total", 69.10, 11, 63)
    )
    assert measures.gaps(scores, "58", 2023, "pci_total").to_numpy().tolist() == [["own_best", 69.10, 0.0, "2023"]]


@pytest.mark.parametrize(
    "province_code, each, expected",
    [
        ("58", 2, ["24", "56", "58", "60", "54"]),
        ("58", 4, ["01", "79", "24", "56", "58", "60", "54", "92"]),
        ("01", 2, ["01", "79", "24"]),
        ("92", 1, ["54", "92"]),
        ("96", 4, []),
    ],
)
def test_nearest_rivals(province_code, each, expected):
    assert measures.nearest_rivals(one_cell(EIGHT), province_code, 2023, TOTAL, each) == expected


def test_tied_rivals_stand_in_the_order_of_their_codes():
    scores = one_cell({"92": 43.0, "58": 43.0, "24": 43.0, "01": None, "79": 50.0})
    assert measures.nearest_rivals(scores, "58", 2023, TOTAL) == ["79", "24", "58", "92"]


# ------------------------------------------------------------------------------------------------------------- workload


@pytest.mark.parametrize(
    "part, whole, expected",
    [
        (10196, 42972, 23.73),  # 0.237271
        (32746, 42972, 76.20),
        (30, 42972, 0.07),
        (88, 16298, 0.54),
        (16, 47, 34.04),
        (0, 5, 0),
        (5, 0, None),
        (5, np.nan, None),
    ],
)
def test_share_from_counts(part, whole, expected):
    assert worked([round(workload.share_from_counts(part, whole), 2)]) == [expected]
    columns = workload.share_from_counts(pd.Series([float(part)]), pd.Series([float(whole)]))
    assert worked(columns.round(2)) == [expected]


def figures(*rows, measure="dossiers_received_share", channel="online", **fixed):
    """Workload figures: (period_start, period_end, value)."""
    return pd.DataFrame(
        [
            {
                "boundary": "pre_2025",
                "province_code": "58",
                "level": "all",
                "agency": "",
                "channel": channel,
                "measure": measure,
                "period_start": pd.Timestamp(start),
                "period_end": pd.Timestamp(end),
                "value": value,
                **fixed,
            }
            for start, end, value in rows
        ]
    )


def test_against_target():
    # 83.66 against 70 is 13.66 points over; 65 against 80 is 15 short; quarter I has no target of its own
    results = figures(
        ("2023-01-01", "2023-12-31", 83.66), ("2024-01-01", "2024-03-31", 76.20), ("2025-01-01", "2025-12-31", 65.0)
    )
    targets = figures(
        ("2023-01-01", "2023-12-31", 70.0),
        ("2024-01-01", "2024-12-31", 75.0),
        ("2025-01-01", "2025-12-31", 80.0),
        measure="dossiers_received_share_target",
    )
    elsewhere = figures(
        ("2024-01-01", "2024-03-31", 50.0), measure="dossiers_received_share_target", province_code="19"
    )
    compared = workload.against_target(together(results, targets, elsewhere), "dossiers_received_share")
    assert worked(compared["target"]) == [70, None, 80]
    assert worked(compared["points_over"].round(2)) == [13.66, None, -15]


def cumulative(*rows):
    """Figures as a province reports them: (period_start, period_end, value); Q1 and Q3 stand alone."""
    frame = figures(*rows)
    days = frame["period_end"] - frame["period_start"]
    return frame.assign(is_cumulative=days > pd.Timedelta(days=100))


def own(*rows):
    found = workload.own_quarter(cumulative(*rows))
    return [(f"{row.period_start:%F}", f"{row.period_end:%F}", row.value, row.subtracted) for row in found.itertuples()]


Q1, HALF = ("2022-12-15", "2023-03-14", 100.0), ("2022-12-15", "2023-06-14", 260.0)
Q3, YEAR = ("2023-06-15", "2023-09-14", 90.0), ("2022-12-15", "2023-12-14", 500.0)


def test_own_quarters_of_a_reporting_year():
    # II = 260 - 100, and IV = 500 - 260 - 90
    assert own(Q1, HALF, Q3, YEAR) == [
        ("2022-12-15", "2023-03-14", 100, False),
        ("2023-03-15", "2023-06-14", 160, True),
        ("2023-06-15", "2023-09-14", 90, False),
        ("2023-09-15", "2023-12-14", 150, True),
    ]


def test_own_quarters_of_a_calendar_year():
    # cumulative throughout: 100, then 260 - 100, 330 - 260 and 500 - 330
    rows = [(f"2023-{month}", value) for month, value in (("03-31", 100), ("06-30", 260), ("09-30", 330))]
    found = own(*(("2023-01-01", end, float(value)) for end, value in [*rows, ("2023-12-31", 500)]))
    assert [(start, value) for start, _, value, _ in found] == [
        ("2023-01-01", 100),
        ("2023-04-01", 160),
        ("2023-07-01", 70),
        ("2023-10-01", 170),
    ]


@pytest.mark.parametrize(
    "rows, held",
    [
        ([HALF], []),  # nothing to take off
        ([HALF, Q3], ["2023-09-14"]),
        ([Q1, YEAR], ["2023-03-14"]),  # nine months are no quarter
        ([Q3, YEAR], ["2023-09-14"]),
        ([Q1, Q3, YEAR], ["2023-03-14", "2023-09-14"]),  # II and IV cannot be told apart
        ([Q1, HALF, YEAR], ["2023-03-14", "2023-06-14"]),
    ],
)
def test_what_cannot_be_subtracted_is_left_out(rows, held):
    assert [end for _, end, _, _ in own(*rows)] == held


def test_the_fourth_quarter_needs_the_half_year_not_its_quarters():
    # 500 - 260 - 90: the half year is held, although its two quarters cannot be told apart
    assert own(HALF, Q3, YEAR)[-1] == ("2023-09-15", "2023-12-14", 150, True)


def test_a_figure_from_within_the_stretch_is_not_taken_off():
    # II is 260 - 100 whether or not the month of May is known
    rows = [("2023-01-01", "2023-03-31", 100.0), ("2023-01-01", "2023-06-30", 260.0)]
    may = ("2023-05-01", "2023-05-31", 30.0)
    assert own(*rows, may)[-1] == own(*rows)[-1] == ("2023-04-01", "2023-06-30", 160, True)


def test_a_figure_held_twice_over_is_taken_off_once():
    # January to March, and their sum
    months = [
        ("2023-01-01", "2023-01-31", 30.0),
        ("2023-02-01", "2023-02-28", 30.0),
        ("2023-03-01", "2023-03-31", 40.0),
    ]
    found = own(*months, ("2023-01-01", "2023-03-31", 100.0), ("2023-01-01", "2023-06-30", 260.0))
    assert found[-1] == ("2023-04-01", "2023-06-30", 160, True)


@given(st.lists(st.integers(0, 10_000), min_size=4, max_size=4), st.integers(2001, 2098))
def test_own_quarters_add_up_to_the_year(quarters, year):
    first, second, third, fourth = map(float, quarters)
    found = own(
        (f"{year - 1}-12-15", f"{year}-03-14", first),
        (f"{year - 1}-12-15", f"{year}-06-14", first + second),
        (f"{year}-06-15", f"{year}-09-14", third),
        (f"{year - 1}-12-15", f"{year}-12-14", first + second + third + fourth),
    )
    assert [value for _, _, value, _ in found] == [first, second, third, fourth]


def test_an_edition_that_is_not_held_is_named():
    papi_scores = nt.load_index("papi")
    with pytest.raises(ValueError, match="papi_total of 58: a part or a total of 2022 or 2023 is missing"):
        measures.decomposition(papi_scores[papi_scores["edition_year"] != 2023], "58", 2022, 2023)
