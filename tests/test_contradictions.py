"""Contradictions between printed figures: those known to be in the data, and new ones that the rules must find."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan import contradictions, reading
from ninhthuan.measures import agree

PAPI, PCI, DTI, PAR = (f"indicators/{name}.csv" for name in ("papi", "pci", "dti", "par_index"))
WORK, CLAIMS, NATIONAL = "workload/ninh_thuan.csv", "indicators/claims.csv", "indicators/national.csv"
IMPROVED = "Các chỉ số … năm 2022 … đều có sự cải thiện so với năm 2021"
COMPARATORS = "workload/comparators.csv"
COLUMNS = [
    "rule",
    "subject",
    "boundary",
    "province_code",
    "edition_year",
    "statistic",
    "level",
    "channel",
    "period_start",
    "period_end",
    "printed",
    "found",
    "detail",
    "source_id",
    "other_source_id",
    "file",
    "row",
]


@pytest.fixture(scope="module")
def everything():
    return nt.discrepancies()


@pytest.fixture(scope="module")
def own(everything):
    return everything[everything["province_code"] == "58"]


def only(frame, **wanted):
    """The one contradiction of this description."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, f"{len(frame)} contradictions are {wanted}"
    return frame.iloc[0]


# ---------------------------------------------------------------------------------------------- those known to be there


@pytest.mark.parametrize(
    "wanted, detail",
    [
        # 10.196 of 42.972 dossiers are 23.73 per cent, not 0.07, and the three shares add up to 76.34
        (
            {
                "rule": "share_counts",
                "subject": "dossiers_received_share",
                "channel": "direct",
                "printed": "0.07",
                "found": "23.73",
            },
            "",
        ),
        ({"rule": "shares_hundred", "printed": "0.07 + 76.20 + 0.07 = 76.34", "found": "100"}, ""),
        # 88 of 16.298 tasks are 0.54 per cent, not 5.54; 16.211 done and 88 under way are 16.299
        (
            {
                "rule": "share_counts",
                "subject": "directive_tasks_in_progress_share",
                "printed": "5.54",
                "found": "0.54",
            },
            "",
        ),
        (
            {
                "rule": "parts_total",
                "subject": "directive_tasks_assigned",
                "printed": "16298",
                "found": "16299",
            },
            "16211 + 88",
        ),
        # 61 provinces have a score
        ({"rule": "denominator", "edition_year": 2023, "printed": "6/63", "found": "6/61"}, ""),
        ({"rule": "denominator", "edition_year": 2021, "printed": "14/63", "found": "14/60"}, ""),
        (
            {
                "rule": "denominator",
                "edition_year": 2022,
                "source_id": "base_document_2024",
                "printed": "4/63",
                "found": "4/61",
            },
            "",
        ),
        # the score of 2023 in the province's page, against the tables and the newspaper
        (
            {
                "rule": "sources",
                "edition_year": 2023,
                "subject": "papi_total",
                "printed": "45.5052",
                "found": "45.50538",
            },
            "45.5054",
        ),
        # true as printed, but 14th of 60 and 4th of 61
        ({"rule": "lists", "printed": "tăng 10 bậc", "found": "14/60 → 4/61"}, ""),
        # per cent where percentage points are meant
        (
            {
                "rule": "unit",
                "subject": "dossiers_received_share_minus_target",
                "printed": "13.66%",
                "found": "13.66 percentage_points",
            },
            "",
        ),
        (
            {
                "rule": "unit",
                "subject": "personal_digital_signature_use_share_change_yoy",
                "printed": "2.09%",
                "found": "2.09 percentage_points",
            },
            "",
        ),
        # "1.561 above the mean" is above the median
        ({"rule": "statement", "subject": "papi_total", "edition_year": 2021}, ""),
        ({"rule": "statement", "subject": "papi_total", "edition_year": 2022}, ""),
    ],
)
def test_known_contradictions_of_ninh_thuan(own, wanted, detail):
    row = only(own, **wanted)
    assert detail in row["detail"]


@pytest.mark.parametrize(
    "wanted",
    [
        # named among the lowest in the press, 46th of 63 by the scores
        {
            "rule": "group",
            "province_code": "79",
            "edition_year": 2020,
            "printed": "low",
            "found": "lower_middle",
            "detail": "46/63",
        },
        {"rule": "rank", "province_code": "14", "edition_year": 2021, "printed": "53", "found": "50/60"},
        {"rule": "rank", "province_code": "22", "edition_year": 2016, "printed": "53", "found": "62/63"},
        # two transcribers of one table
        {"rule": "sources", "province_code": "01", "edition_year": 2022, "subject": "papi_d1"},
        {"rule": "worked_back", "province_code": "22", "edition_year": 2018, "printed": "89.6", "found": "89.06"},
        {"rule": "sources", "province_code": "31", "edition_year": 2023, "printed": "91.81", "found": "91.87"},
        {"rule": "share_counts", "province_code": "62", "printed": "37.76", "found": "37.20"},
        # another copy, in which the two parts make 82.77: one contradiction, not two
        {"rule": "sources", "province_code": "01", "subject": "par_index_total", "printed": "82.77", "found": "82.79"},
        # two were late in February and two in April, yet two by April, and none by the end of February
        {"rule": "periods", "province_code": "60", "printed": "2", "found": "4", "detail": "2 + 2"},
        {"rule": "periods", "province_code": "60", "printed": "10635", "found": "10633"},
        # stated means that are medians, and a stated minimum above two provinces' scores
        {"rule": "national", "edition_year": 2021, "printed": "42.269", "detail": "median 42.2694"},
        {"rule": "national", "edition_year": 2022, "printed": "42.2377", "detail": "median 42.2377"},
        {"rule": "national", "edition_year": 2021, "statistic": "min", "found": "84.4000"},
        {"rule": "national", "edition_year": 2022, "statistic": "n_ranked", "printed": "63", "found": "61"},
    ],
)
def test_known_contradictions_of_others(everything, wanted):
    only(everything, **wanted)


def test_what_agrees_is_not_listed(own):
    # true as printed: 76.20 and 0,07 by post, 22,96 and 6,58 per cent, 269 by level and by kind, ranks up 10, 19, 6, 26
    subjects = set(own["subject"])
    assert not any("online" in subject for subject in subjects if subject.startswith("dossiers_received_share all"))
    assert not any(subject.startswith(("procedures", "public_service", "par_plan")) for subject in subjects)
    assert not {"pci_total", "dti_total"} & set(own.loc[own["rule"].isin(["statement", "rank"]), "subject"])
    assert Counter(own["rule"])["group"] == 0
    # "all improved" and "slight" cannot be held to scores across a break: PAR INDEX rose in rank, SIPAS fell in it
    assert not own["subject"].str.startswith(("par_index", "sipas")).any()
    # a difference of the rounded 43,83 is no second source of the score of 2020
    assert 2020 not in set(own["edition_year"])


def test_every_contradiction_says_where_it_stands(everything):
    assert list(everything.columns) == [*COLUMNS, "said"]
    assert everything["printed"].ne("").all() and everything["found"].ne("").all()
    assert (everything["printed"] != everything["found"]).all()
    for file, found in everything.groupby("file"):
        lines = (nt.reference.data_dir() / file).read_text("utf-8").split("\n")
        for item in found.itertuples():
            line = lines[item.row - 1]
            assert item.source_id in line
            assert item.province_code in line
            if item.rule == "shares_hundred":
                # what is printed are the shares, and not their sum, against the 100 that should have come out
                shares, total = item.printed.split(" = ")
                assert shares.split(" + ")[0] in line
                assert f"{sum(Decimal(share) for share in shares.split(' + ')):.2f}" == total and item.found == "100"
            elif item.rule not in ("statement", "strength", "lists"):
                # the printed figure is in the line
                assert item.printed.split("/")[0].rstrip("%") in line


# ---------------------------------------------------------------------------------------------------------- what is cut


@pytest.fixture
def recent(recent_data, monkeypatch):
    """The small data folder in use: its contradictions are found in less time."""
    monkeypatch.setenv("NINHTHUAN_DATA", str(recent_data.path))


@pytest.fixture(scope="module")
def whole(recent_data):
    """Everything that contradicts in the small data of Ninh Thuận."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NINHTHUAN_DATA", str(recent_data.path))
        return nt.discrepancies("58")


def test_one_province(recent, whole):
    everywhere = nt.discrepancies()
    pd.testing.assert_frame_equal(whole, everywhere[everywhere["province_code"] == "58"].reset_index(drop=True))
    # what is said of the country is said of no province
    assert "national" in set(everywhere["rule"])
    assert "national" not in set(whole["rule"])
    assert set(nt.discrepancies("62")["province_code"]) == {"62"}


def test_a_province_looked_into_alone_or_after_all_of_them(monkeypatch):
    """A run of many reports looks into all provinces first, another into one: both find and read the same."""
    monkeypatch.setattr(contradictions, "_discrepancies", contradictions._discrepancies.__wrapped__)
    how = {"as_of": "2023-07-31", "sources": "strict", "subjects": ["papi", "pci", "par_index"]}

    def looked_into() -> list:
        return [(nt.discrepancies(code, **how), reading.seen()) for code in ("58", "01", "24", "14", "31")]

    contradictions._kept.cache_clear()
    reading.forget()
    alone = looked_into()
    nt.discrepancies(**how)
    reading.forget()
    for (frame, read), (again, read_again) in zip(alone, looked_into(), strict=True):
        pd.testing.assert_frame_equal(frame, again)
        assert read == read_again
    assert sum(len(frame) for frame, _ in alone) > 3


def test_two_totals_that_differ_are_one_contradiction():
    """The parts of the one source are not set against the total of the other again, with the sides swapped."""
    found = nt.discrepancies("01", as_of="2023-07-31", subjects=["papi", "par_index"], sources="strict")
    named = [*zip(found["rule"], found["subject"], found["edition_year"], strict=True)]
    expected = [("sources", "papi_d1", 2022), ("sources", "papi_total", 2022), ("sources", "par_index_total", 2012)]
    assert named == expected


def test_a_province_without_contradictions_has_an_empty_frame(recent):
    nothing = nt.discrepancies("96")
    assert nothing.empty
    assert list(nothing.columns) == [*COLUMNS, "said"]


def test_the_new_population_has_none_of_the_old(recent):
    assert nt.discrepancies(boundary="post_2025").empty


@pytest.mark.parametrize(
    "as_of, newest",
    [
        # PAPI 2023 out on 2 April 2024, PAPI 2022 on 12 April 2023
        ("2024-04-30", {"papi": 2023}),
        (date(2024, 4, 1), {"papi": 2022}),
        ("2023-04-18", {"papi": 2022}),
        ("2022-05-09", {}),
    ],
)
def test_as_of_cuts_the_editions(recent, whole, as_of, newest):
    known = nt.discrepancies("58", as_of=as_of)
    editions = known[known["edition_year"].notna()]
    index_ids = editions["subject"].str.removesuffix("_total")
    assert editions.groupby(index_ids)["edition_year"].max().to_dict() == newest
    # a cut only takes away, and the workload has a cut of its own
    assert len(known.merge(whole, on=COLUMNS)) == len(known)
    assert known["edition_year"].isna().sum() == whole["edition_year"].isna().sum()


EVER = {
    ("directive_tasks_assigned", ""): "2024-08-31",
    ("directive_tasks_in_progress_share", ""): "2024-08-31",
    ("dossiers_received_share", ""): "2024-03-31",
    ("dossiers_received_share", "direct"): "2024-03-31",
    ("personal_digital_signature_use_share_change_yoy", ""): "2024-03-31",
    ("dossiers_received_share_minus_target", "online"): "2023-12-31",
}


def of_workload(found):
    """Measure and channel of the contradictions that are of no index."""
    return set(found.loc[found["edition_year"].isna(), ["subject", "channel"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    "until, last_day",
    [
        ("2024Q3", "2024-09-30"),
        ("2024Q1", "2024-03-31"),
        (nt.Quarter(2024, 1), "2024-03-31"),
        ("2024-03-31", "2024-03-31"),
        (date(2024, 3, 31), "2024-03-31"),
        ("2023Q4", "2023-12-31"),
    ],
)
def test_until_cuts_the_workload(recent, whole, until, last_day):
    # a quarter or a day, as for `load_workload`
    known = nt.discrepancies("58", until=until)
    assert of_workload(whole) == set(EVER)
    assert of_workload(known) == {about for about, end in EVER.items() if end <= last_day}
    # the indices have a cut of their own
    assert known["edition_year"].notna().sum() == whole["edition_year"].notna().sum()


# ------------------------------------------------------------------------------------------------------------ agreement


@pytest.mark.parametrize(
    "printed, other, same",
    [
        ("45.5054", "45.505383", True),  # rounded to four decimals
        ("45.5", "45.505383", True),
        ("46", "45.505383", True),
        ("45.5052", "45.505383", False),
        ("45.51", "45.505383", True),
        ("45.50", "45.505383", False),
        ("85.78", "85.780", True),
        ("85.7", "85.78", False),
        ("63", "61", False),
        ("5.459222", "5.459223", True),  # the last digit of a table stored in single precision
        ("5.825448", "5.826143", False),
    ],
)
def test_two_printed_numbers_agree(printed, other, same):
    assert agree(printed, other) is same
    assert agree(other, printed) is same


# --------------------------------------------------------------------------------------------------- newly planted ones


@dataclass
class Planted:
    """A contradiction put into the data: what is edited, what must be found, and what repairs it."""

    plant: list[tuple]  # (file, cells of the row, column, value)
    found: list[tuple[str, str, str]]  # (rule, printed, found)
    repair: list[tuple]
    new_rows: list[tuple] = field(default_factory=list)  # (file, cells of the row to copy, cells that differ)


def own_row(component_id, edition_year, source_id, province_code=58):
    return {
        "component_id": component_id,
        "edition_year": edition_year,
        "source_id": source_id,
        "province_code": province_code,
    }


PROVINCE_49 = {"province_code": 49, "level": "province", "measure": "dossiers_received_share"}

RECEIVED = {"measure": "dossiers_received", "channel": "all", "level": "all", "period_end": "2024-03-31"}
SIGNATURES = {"measure": "personal_digital_signature_use_share"}
KON_TUM = {"province_code": 62, "level": "all", "measure": "dossiers_to_process_share"}
DTI_MEAN = {"index_id": "dti", "edition_year": 2023, "statistic": "mean"}

PLANTED = {
    "rank against the scores": Planted(
        [(PAPI, own_row("papi_total", 2023, "nt_bao2023"), "rank_published", 7)],
        [("rank", "7", "6/61")],
        [(PAPI, own_row("papi_total", 2023, "nt_bao2023"), "rank_published", 6)],
    ),
    "rank against another rank, where scores are not all held": Planted(
        [(DTI, own_row("dti_total", 2021, "dti_nt_2021"), "rank_published", 54)],
        [("rank", "54", "53")],
        [(DTI, own_row("dti_total", 2021, "dti_nt_2021"), "rank_published", 53)],
    ),
    "denominator": Planted(
        [(PCI, own_row("pci_total", 2023, "pci_dddn_nt2023"), "n_ranked_published", 61)],
        [("denominator", "11/61", "11/63")],
        [(PCI, own_row("pci_total", 2023, "pci_dddn_nt2023"), "n_ranked_published", 63)],
    ),
    "group": Planted(
        [(PAPI, own_row("papi_d8", 2023, "base_document_2024"), "group_published", "low")],
        [("group", "low", "lower_middle")],
        [(PAPI, own_row("papi_d8", 2023, "base_document_2024"), "group_published", "lower_middle")],
    ),
    "one source against another": Planted(
        [(PAR, own_row("par_index_total", 2022, "par_nt_2022b"), "score", "87.58")],
        [("sources", "87.58", "85.78")],
        # to fewer decimals it is the same figure
        [(PAR, own_row("par_index_total", 2022, "par_nt_2022b"), "score", "85.8")],
    ),
    "total against its dimensions": Planted(
        # 0.06 more in a dimension that stands in one table only: the eight then sum to 43.866354
        [(PAPI, own_row("papi_d7", 2024, "gh_mlmcdm", 56), "score", "3.851161")],
        [("parts_total", "43.80635", "43.866354")],
        [(PAPI, own_row("papi_d7", 2024, "gh_mlmcdm", 56), "score", "3.791161")],
    ),
    "stated number of provinces": Planted(
        [(NATIONAL, {"edition_year": 2022, "statistic": "n_ranked", "source_id": "nhatrang2022"}, "value", 62)],
        [("national", "62", "61")],
        [(NATIONAL, {"edition_year": 2022, "statistic": "n_ranked", "source_id": "nhatrang2022"}, "value", 61)],
    ),
    "stated maximum": Planted(
        [(NATIONAL, {"edition_year": 2023, "statistic": "max", "source_id": "ttxvn2023"}, "value", "46.4015")],
        [("national", "46.4015", "46.0415")],
        [(NATIONAL, {"edition_year": 2023, "statistic": "max", "source_id": "ttxvn2023"}, "value", "46.04")],
    ),
    "stated mean": Planted(
        [(NATIONAL, {"edition_year": 2022, "statistic": "mean", "source_id": "nhatrang2022"}, "value", "42.43")],
        [("national", "42.43", "42.3423")],
        [(NATIONAL, {"edition_year": 2022, "statistic": "mean", "source_id": "nhatrang2022"}, "value", "42.34")],
    ),
    "stated maximum of scores that are not all held": Planted(
        # a score held is above it; a maximum above every score held cannot be doubted
        [
            (
                NATIONAL,
                {"index_id": "sipas", "edition_year": 2023, "statistic": "max", "component_id": "sipas_total"},
                "value",
                "90.16",
            )
        ],
        [("national", "90.16", "90.6100")],
        [
            (
                NATIONAL,
                {"index_id": "sipas", "edition_year": 2023, "statistic": "max", "component_id": "sipas_total"},
                "value",
                "95.61",
            )
        ],
    ),
    "statement of places gained": Planted(
        [(CLAIMS, {"claim_id": "pci_2022_rank_up"}, "size", 9)],
        [("statement", "tăng 19 bậc", "rank 49 → 30")],
        [(CLAIMS, {"claim_id": "pci_2022_rank_up"}, "size", 19)],
    ),
    "statement of a direction": Planted(
        [(CLAIMS, {"claim_id": "sipas_2022_slight_fall"}, "direction", "better")],
        [
            (
                "statement",
                "riêng Chỉ số SIPAS 2022 có sự sụt giảm nhẹ",
                "rank 16 → 20",
            )
        ],
        [(CLAIMS, {"claim_id": "sipas_2022_slight_fall"}, "direction", "worse")],
    ),
    "statement against the mean": Planted(
        [(CLAIMS, {"claim_id": "sipas_2022_above_mean"}, "direction", "below")],
        [("statement", "vẫn cao hơn mức trung bình cả nước", "1.75 from the mean 80.0800 (sipas_nt_2022)")],
        [(CLAIMS, {"claim_id": "sipas_2022_above_mean"}, "direction", "above")],
    ),
    "statement of a number of dimensions": Planted(
        [(CLAIMS, {"claim_id": "papi_2023_dimensions_high"}, "size", 8)],
        [("statement", "có 7 trục nội dung thuộc nhóm cao nhất", "high: 7 of the dimensions")],
        [(CLAIMS, {"claim_id": "papi_2023_dimensions_high"}, "size", 7)],
    ),
    "share against counts": Planted(
        # 52 of 52
        [(WORK, {"measure": "par_plan_tasks_done_share", "period_end": "2023-12-31"}, "value", 98)],
        [("share_counts", "98", "100.00")],
        [(WORK, {"measure": "par_plan_tasks_done_share", "period_end": "2023-12-31"}, "value", 100)],
    ),
    "parts against their total": Planted(
        # by level 221 + 32 + 16, and by what was done 27 + 95 + 12 + 135: 269 both times
        [(WORK, {"measure": "procedures_published", "level": "all"}, "value", 296)],
        [("parts_total", "296", "269"), ("parts_total", "296", "269")],
        [(WORK, {"measure": "procedures_published", "level": "all"}, "value", 269)],
    ),
    "shares that do not add up to 100": Planted(
        [],
        [("shares_hundred", "92.4 + 2.0 + 5.0 = 99.40", "100")],
        # 92.4 + 5.0 + 2.6
        [(COMPARATORS, PROVINCE_49 | {"channel": "postal"}, "value", "2.6")],
        new_rows=[
            (COMPARATORS, PROVINCE_49 | {"channel": "online"}, {"channel": "direct", "value": "5.0"}),
            (COMPARATORS, PROVINCE_49 | {"channel": "online"}, {"channel": "postal", "value": "2.0"}),
        ],
    ),
    "per cent of a change": Planted(
        # 110 fewer than 479
        [(WORK, {"measure": "public_service_units_change_pct", "value": "-22.96"}, "value", "-29.96")],
        [("change_levels", "-29.96", "-22.96")],
        [(WORK, {"measure": "public_service_units_change_pct", "value": "-29.96"}, "value", "-23.0")],
    ),
    "change between two levels": Planted(
        # 369 less 390 is 21 fewer, not 26
        [],
        [("change_levels", "-26", "-21.00")],
        [(WORK, {"measure": "public_service_units", "period_end": "2021-12-31"}, "value", "395")],
        new_rows=[
            (
                WORK,
                {"measure": "public_service_units", "period_end": "2023-12-31"},
                {"period_start": "2021-12-31", "period_end": "2021-12-31", "value": "390"},
            )
        ],
    ),
    "one figure of the workload from two sources": Planted(
        [],
        [("sources", "43972", "42972")],
        [(WORK, RECEIVED | {"value": "43972"}, "value", "42972")],
        new_rows=[(WORK, RECEIVED, {"source_id": "gh_dvhcvn", "value": "43972"})],
    ),
    "a share outside those of its levels": Planted(
        # 22.33, of 12,516 in 56,039
        [(COMPARATORS, KON_TUM, "value", "42.33")],
        [("mean_outside", "42.33", "13.05–37.76"), ("share_counts", "42.33", "22.33")],
        [(COMPARATORS, KON_TUM, "value", "22.33")],
    ),
    "more done than planned": Planted(
        [(WORK, {"measure": "par_plan_tasks_done", "period_start": "2024-03-31"}, "value", "57")],
        [("above_whole", "57", "47")],
        [(WORK, {"measure": "par_plan_tasks_done", "period_start": "2024-03-31"}, "value", "47")],
    ),
    "more agencies than there are": Planted(
        [(WORK, {"measure": "agencies_using_document_software", "level": "commune"}, "value", "66")],
        [("above_whole", "66", "65")],
        [(WORK, {"measure": "agencies_using_document_software", "level": "commune"}, "value", "65")],
    ),
    "change on the same period of the year before": Planted(
        # 96.97 less 90 is 6.97, not 2.09
        [],
        [("change_levels", "2.09", "6.97")],
        [(WORK, SIGNATURES | {"value": "90"}, "value", "94.88")],
        new_rows=[
            (
                WORK,
                SIGNATURES | {"level": "all"},
                {"period_start": "2023-01-01", "period_end": "2023-03-31", "value": "90"},
            )
        ],
    ),
    "two provinces on one rank": Planted(
        # and another is 2nd; without it they might share the first
        [(DTI, own_row("dti_pillar_econ", 2023, "dti_bm_2023", 79), "rank_published", 1)],
        [("shared_rank", "1", "1 (48)"), ("shared_rank", "1", "1 (79)")],
        [(DTI, own_row("dti_pillar_econ", 2023, "dti_bm_2023", 79), "rank_published", 2)],
        new_rows=[
            (DTI, own_row("dti_pillar_econ", 2023, "dti_bm_2023", 51), {"province_code": "60", "rank_published": "2"})
        ],
    ),
    "two provinces on one rank of a whole list": Planted(
        [(DTI, own_row("dti_total", 2022, "dti_site_2022", 77), "rank_published", 27)],
        [("rank", "27", "28/63")],
        [(DTI, own_row("dti_total", 2022, "dti_site_2022", 77), "rank_published", 28)],
    ),
    "a tier out of order": Planted(
        # 69.69 among the good, of whom eight have less
        [(PCI, own_row("pci_total", 2021, "pci_site_tab2021", 26), "group_published", "Khá")],
        [("tier", "Khá", "Tốt")],
        [(PCI, own_row("pci_total", 2021, "pci_site_tab2021", 26), "group_published", "Tốt")],
    ),
    "a part above its most, and parts that no longer make the total": Planted(
        [(PAR, own_row("par_index_appraisal", 2022, "par_nt_2022"), "score", "64.2")],
        [("scale", "64.2", "61.5"), ("parts_total", "85.78", "95.790000")],
        [(PAR, own_row("par_index_appraisal", 2022, "par_nt_2022"), "score", "54.2")],
    ),
    "parts of a part": Planted(
        [(PAR, own_row("par_index_leaders_survey", 2022, "par_nt_2022"), "score", "18.50")],
        [("parts_total", "31.59", "32.040000")],
        [(PAR, own_row("par_index_leaders_survey", 2022, "par_nt_2022"), "score", "18.05")],
    ),
    "a rise called slight": Planted(
        [
            (CLAIMS, {"claim_id": "papi_2022_improved"}, "component_id", "papi_d8"),
            (CLAIMS, {"claim_id": "papi_2022_improved"}, "strength", "slight"),
        ],
        [("strength", IMPROVED, "score 2.64627 → 3.53254 (0.89)")],
        [
            (CLAIMS, {"claim_id": "papi_2022_improved"}, "component_id", "papi_total"),
            (CLAIMS, {"claim_id": "papi_2022_improved"}, "strength", ""),
        ],
    ),
    "a rise of less than a hundredth called sharp": Planted(
        [],
        [("strength", IMPROVED, "score 45.5054 → 45.7323 (0.23)")],
        [(CLAIMS, {"claim_id": "papi_2024_improved"}, "strength", "")],
        new_rows=[
            (
                CLAIMS,
                {"claim_id": "pci_2022_improved"},
                {
                    "index_id": "papi",
                    "component_id": "papi_total",
                    "claim_id": "papi_2024_improved",
                    "edition_year": 2024,
                    "base_year": 2023,
                    "strength": "sharp",
                },
            )
        ],
    ),
    "a word for a change of scores across a break": Planted(
        # from 0,3048 to 0,5934
        [(CLAIMS, {"claim_id": "dti_2022_improved"}, "strength", "slight")],
        [],
        [(CLAIMS, {"claim_id": "dti_2022_improved"}, "strength", "")],
    ),
    "stated mean of DTI": Planted(
        [(NATIONAL, DTI_MEAN, "value", "0.6873")],
        [("national", "0.6873", "0.6783")],
        [(NATIONAL, DTI_MEAN, "value", "0.6783")],
    ),
    "unit": Planted(
        [(WORK, {"measure": "procedures_publication_decisions"}, "unit", "procedures")],
        [("unit", "14 procedures", "14 decisions")],
        [(WORK, {"measure": "procedures_publication_decisions"}, "unit", "decisions")],
    ),
}


def edit(folder, file, where, column, value):
    folder.set(file, folder.row(file, **where), column, value)


def copied(folder, path):
    return type(folder)(Path(shutil.copytree(folder.path, path)))


def contradictions_in(folder):
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NINHTHUAN_DATA", str(folder.path))
        frame = nt.discrepancies()
    # rows move when others are put in
    return Counter(frame[["rule", "subject", "province_code", "printed", "found"]].itertuples(index=False, name=None))


@pytest.fixture(scope="module")
def before_planting(recent_data):
    return contradictions_in(recent_data)


@pytest.fixture(scope="module")
def planted_data(recent_data, tmp_path_factory):
    """All contradictions planted in one folder."""
    folder = copied(recent_data, tmp_path_factory.mktemp("planted") / "data")
    for case in PLANTED.values():
        for file, where, cells in case.new_rows:
            like = folder.row(file, **where)
            folder.add(file, after=like, like=like, **cells)
        for one in case.plant:
            edit(folder, *one)
    return folder


@pytest.fixture(scope="module")
def planted(planted_data):
    return contradictions_in(planted_data)


@pytest.fixture(scope="module")
def repaired(planted_data, tmp_path_factory):
    """And all of them repaired in another."""
    folder = copied(planted_data, tmp_path_factory.mktemp("repaired") / "data")
    for case in PLANTED.values():
        for one in case.repair:
            edit(folder, *one)
    return contradictions_in(folder)


def short(found):
    counted = Counter()
    for (rule, _, _, printed, other), n in found.items():
        counted[(rule, printed, other)] += n
    return counted


@pytest.mark.parametrize("case", PLANTED.values(), ids=PLANTED)
def test_a_planted_contradiction_is_found(case, before_planting, planted, repaired):
    expected = Counter(case.found)
    assert expected <= short(planted - before_planting)
    # neither there before nor after
    assert not expected & short(before_planting)
    assert not expected & short(repaired)


def test_nothing_but_what_was_planted_is_found(before_planting, planted):
    expected = Counter(item for case in PLANTED.values() for item in case.found)
    assert short(planted - before_planting) == expected
    assert before_planting - planted == Counter()


def test_repair_leaves_what_was_there_before(before_planting, repaired):
    assert repaired == before_planting


def test_the_known_contradictions_go_when_they_are_repaired(small_copy, monkeypatch):
    quarter = {"measure": "dossiers_received_share", "channel": "direct", "period_end": "2024-03-31"}
    edit(small_copy, WORK, quarter, "value", "23.73")
    # 16,211 + 87 are 16,298, and 87 of those 0.53 per cent
    edit(small_copy, WORK, {"measure": "directive_tasks_in_progress"}, "value", "87")
    edit(small_copy, WORK, {"measure": "directive_tasks_in_progress_share"}, "value", "0.53")
    for measure in ("dossiers_received_share_minus_target", "personal_digital_signature_use_share_change_yoy"):
        edit(small_copy, WORK, {"measure": measure}, "unit", "percentage_points")
    document = own_row("papi_total", 2023, "base_document_2024")
    edit(small_copy, PAPI, document, "n_ranked_published", "61")
    edit(small_copy, PAPI, document, "score", "45.5054")
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    left = nt.discrepancies("58")
    assert set(left["rule"]) == {"denominator", "lists", "statement"}
    assert not (left["edition_year"] == 2023).any()
    assert left["period_end"].eq("").all()


def test_subjects_may_be_one_and_must_be_known():
    assert nt.discrepancies("58", subjects="workload").equals(nt.discrepancies("58", subjects=["workload"]))
    with pytest.raises(ValueError, match="worklod"):
        nt.discrepancies("58", subjects="worklod")
