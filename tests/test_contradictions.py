"""Contradictions between printed figures: those known to be in the data, and new ones that the rules must find."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan.contradictions import agree

PAPI, PCI, DTI, PAR = (f"indicators/{name}.csv" for name in ("papi", "pci", "dti", "par_index"))
WORK, CLAIMS, NATIONAL = "workload/ninh_thuan.csv", "indicators/claims.csv", "indicators/national.csv"
COMPARATORS = "workload/comparators.csv"
COLUMNS = [
    "rule",
    "subject",
    "boundary",
    "province_code",
    "edition_year",
    "period_end",
    "printed",
    "found",
    "source_id",
    "other_source_id",
    "file",
    "row",
    "detail",
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


# ------------------------------------------------------------------------------------------- those known to be there


@pytest.mark.parametrize(
    "wanted, detail",
    [
        # 10.196 of 42.972 dossiers are 23.73 per cent, not 0.07, and the three shares add up to 76.34
        (
            {
                "rule": "share_counts",
                "subject": "dossiers_received_share all direct",
                "printed": "0.07",
                "found": "23.73",
            },
            "",
        ),
        ({"rule": "shares_hundred", "printed": "100", "found": "76.34"}, "0.07 + 76.20 + 0.07"),
        # 88 of 16.298 tasks are 0.54 per cent, not 5.54; 16.211 done and 88 under way are 16.299
        (
            {
                "rule": "share_counts",
                "subject": "directive_tasks_in_progress_share all",
                "printed": "5.54",
                "found": "0.54",
            },
            "",
        ),
        (
            {
                "rule": "parts_total",
                "subject": "directive_tasks_assigned all",
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
        # "all indices of 2022 improved on 2021": SIPAS fell in rank and score, PAR INDEX in score, both across a break
        (
            {
                "rule": "statement",
                "subject": "sipas_total",
                "found": "rank 16 -> 20; score 88.64 -> 81.83 (-6.81)",
            },
            "break 2022",
        ),
        (
            {"rule": "statement", "subject": "par_index_total", "found": "score 86.55 -> 85.78 (-0.77)"},
            "break 2022",
        ),
        # per cent where percentage points are meant
        (
            {
                "rule": "unit",
                "subject": "dossiers_received_share_minus_target all online",
                "printed": "13.66 percent",
                "found": "13.66 percentage_points",
            },
            "",
        ),
        (
            {
                "rule": "unit",
                "subject": "personal_digital_signature_use_share_change_yoy all",
                "printed": "2.09 percent",
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
        {"rule": "parts_total", "province_code": "01", "edition_year": 2022, "subject": "papi_d1"},
        {"rule": "sources", "province_code": "22", "edition_year": 2018, "printed": "89.6", "found": "89.06"},
        {"rule": "sources", "province_code": "31", "edition_year": 2023, "printed": "91.81", "found": "91.87"},
        {"rule": "share_counts", "province_code": "62", "printed": "37.76", "found": "37.20"},
        # stated means that are medians, and a stated minimum above two provinces' scores
        {"rule": "national", "edition_year": 2021, "printed": "42.269", "detail": "median 42.2694"},
        {"rule": "national", "edition_year": 2022, "printed": "42.2377", "detail": "median 42.2377"},
        {"rule": "national", "edition_year": 2021, "subject": "sipas_total min", "found": "84.4000"},
        {"rule": "national", "edition_year": 2022, "subject": "papi_total n_ranked", "printed": "63", "found": "61"},
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
    # and the fall of SIPAS that the same sentence admits
    assert not own["printed"].str.contains("sụt giảm").any()


def test_every_contradiction_says_where_it_stands(everything):
    assert list(everything.columns) == COLUMNS
    assert everything["printed"].ne("").all() and everything["found"].ne("").all()
    assert (everything["printed"] != everything["found"]).all()
    for file, found in everything.groupby("file"):
        lines = (nt.catalogue.data_dir() / file).read_text("utf-8").split("\n")
        for item in found.itertuples():
            line = lines[item.row - 1]
            assert item.source_id in line
            assert item.province_code in line
            # the printed figure is in the line, unless the rule prints the sum that should have come out
            if item.rule not in ("shares_hundred", "statement"):
                assert item.printed.split("/")[0].split(" ")[0] in line


# --------------------------------------------------------------------------------------------------------- what is cut


def test_one_province(everything, own):
    alone = nt.discrepancies("58")
    pd.testing.assert_frame_equal(alone, own.reset_index(drop=True))
    assert "national" not in set(alone["rule"])
    assert set(nt.discrepancies("79")["province_code"]) == {"79"}


def test_a_province_without_contradictions_has_an_empty_frame():
    nothing = nt.discrepancies("96")
    assert nothing.empty
    assert list(nothing.columns) == COLUMNS


def test_the_new_population_has_none_of_the_old():
    assert nt.discrepancies(boundary="post_2025").empty


@pytest.mark.parametrize(
    "as_of, newest",
    [
        ("2024-04-30", {"papi": 2023}),
        ("2024-04-01", {"papi": 2022, "sipas": 2022}),
        ("2023-04-11", {"papi": 2021, "sipas": 2021}),
        ("2011-01-01", {}),
    ],
)
def test_as_of_cuts_the_editions(everything, as_of, newest):
    known = nt.discrepancies(as_of=as_of)
    editions = known[known["edition_year"].notna()]
    for index_id, edition_year in newest.items():
        assert editions.loc[editions["subject"].str.startswith(index_id), "edition_year"].max() == edition_year
    known_from = {
        (edition.index_id, edition.edition_year): str(edition.known_from)
        for edition in nt.catalogue.catalogue().editions_of("papi") + nt.catalogue.catalogue().editions_of("sipas")
    }
    for item in editions.itertuples():
        index_id = item.subject.split("_")[0]
        assert known_from.get((index_id, item.edition_year), "") <= as_of
    # a cut only takes away
    key = ["rule", "file", "row", "printed", "found"]
    assert len(known[key].merge(everything[key])) >= len(known)


@pytest.mark.parametrize(
    "until, kept",
    [
        ("2024Q3", {"directive_tasks_in_progress_share all", "dossiers_received_share all direct"}),
        ("2024Q1", {"dossiers_received_share all direct"}),
        (nt.Quarter(2024, 1), {"dossiers_received_share all direct"}),
        ("2023Q4", {"dossiers_received_share_minus_target all online"}),
        ("2023Q3", set()),
    ],
)
def test_until_cuts_the_workload(own, until, kept):
    known = nt.discrepancies("58", until=until)
    work = known[known["edition_year"].isna()]
    everywhere = {
        "directive_tasks_in_progress_share all",
        "dossiers_received_share all direct",
        "dossiers_received_share_minus_target all online",
    }
    later = everywhere - kept if until != "2024Q1" else {"directive_tasks_in_progress_share all"}
    assert kept <= set(work["subject"])
    if until == "2023Q3":
        assert work.empty
    elif until == "2023Q4":
        assert not (later & set(work["subject"]))
    elif str(until) == "2024Q1":
        assert "directive_tasks_in_progress_share all" not in set(work["subject"])
    # the indices are another matter
    assert len(known[known["edition_year"].notna()]) == len(own[own["edition_year"].notna()])


@pytest.mark.parametrize("until", ["2024-03-31", date(2024, 3, 31)])
def test_until_is_a_day_as_well_as_a_quarter(until):
    # as for `load_workload`
    pd.testing.assert_frame_equal(nt.discrepancies("58", until=until), nt.discrepancies("58", until="2024Q1"))


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


# -------------------------------------------------------------------------------------------------- newly planted ones


@dataclass
class Planted:
    """A contradiction put into the data: what is edited, what must be found, and what repairs it."""

    plant: list[tuple]  # (file, cells of the row, column, value)
    found: list[tuple[str, str, str]]  # (rule, printed, found)
    repair: list[tuple] = field(default_factory=list)
    like: tuple | None = None  # (file, cells of the row to copy, cells that differ): rows put in first
    also_like: tuple | None = None


def own_row(component_id, edition_year, source_id, province_code=58):
    return {
        "component_id": component_id,
        "edition_year": edition_year,
        "source_id": source_id,
        "province_code": province_code,
    }


PROVINCE_49 = {"province_code": 49, "level": "province", "measure": "dossiers_received_share"}

PLANTED = {
    "rank against the scores": Planted(
        [(PAPI, own_row("papi_total", 2023, "nt_bao2023"), "rank_published", 7)],
        [("rank", "7", "6/61")],
        [(PAPI, own_row("papi_total", 2023, "nt_bao2023"), "rank_published", 6)],
    ),
    "rank against another rank, where scores are not all held": Planted(
        [(DTI, own_row("dti_total", 2022, "dti_nt_2022b"), "rank_published", 28)],
        [("rank", "28", "27")],
        [(DTI, own_row("dti_total", 2022, "dti_nt_2022b"), "rank_published", 27)],
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
        # 0.06 more in a dimension whose only source is the table of dimensions
        [(PAPI, own_row("papi_d7", 2024, "gh_mlmcdm", 56), "score", "{+0.06}")],
        [("parts_total", "{papi_total 2024 56}", "{papi_total 2024 56 +0.06}")],
        [(PAPI, own_row("papi_d7", 2024, "gh_mlmcdm", 56), "score", "{-0.06}")],
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
        [("statement", "tăng 19 bậc", "rank 49 -> 30")],
        [(CLAIMS, {"claim_id": "pci_2022_rank_up"}, "size", 19)],
    ),
    "statement of a direction": Planted(
        [(CLAIMS, {"claim_id": "sipas_2022_slight_fall"}, "direction", "better")],
        [
            (
                "statement",
                "riêng Chỉ số SIPAS 2022 có sự sụt giảm nhẹ",
                "rank 16 -> 20; score 88.64 -> 81.83 (-6.81)",
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
        [("statement", "có 7 trục nội dung thuộc nhóm cao nhất", "7 in high")],
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
        [("shares_hundred", "100", "99.40")],
        # 92.4 + 5.0 + 2.6
        [(COMPARATORS, PROVINCE_49 | {"channel": "postal"}, "value", "2.6")],
        like=(COMPARATORS, PROVINCE_49, {"channel": "direct", "value": "5.0"}),
        also_like=(COMPARATORS, PROVINCE_49 | {"channel": "direct"}, {"channel": "postal", "value": "2.0"}),
    ),
    "per cent of a change": Planted(
        # 110 fewer than 479
        [(WORK, {"measure": "public_service_units_change_pct", "value": "-22.96"}, "value", "-29.96")],
        [("change_levels", "-29.96", "-22.96")],
        [(WORK, {"measure": "public_service_units_change_pct", "value": "-29.96"}, "value", "-22.97")],
    ),
    "change between two levels": Planted(
        # 369 less 390 is 21 fewer, not 26
        [],
        [("change_levels", "-26", "-21.00")],
        [(WORK, {"measure": "public_service_units", "period_end": "2021-12-31"}, "value", "395")],
        like=(
            WORK,
            {"measure": "public_service_units", "period_end": "2023-12-31"},
            {"period_start": "2021-12-31", "period_end": "2021-12-31", "value": "390"},
        ),
    ),
    "unit": Planted(
        [(WORK, {"measure": "procedures_publication_decisions"}, "unit", "procedures")],
        [("unit", "14 procedures", "14 decisions")],
        [(WORK, {"measure": "procedures_publication_decisions"}, "unit", "decisions")],
    ),
}


def edit(folder, file, where, column, value):
    row = folder.row(file, **where)
    if str(value).startswith("{"):
        value = f"{float(folder.cells(file, row)[column]) + float(value[1:-1]):.6f}"
    folder.set(file, row, column, value)


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
def planted(recent_data, tmp_path_factory):
    """All contradictions planted in one folder: (the folder, what is found in it)."""
    folder = type(recent_data)(Path(shutil.copytree(recent_data.path, tmp_path_factory.mktemp("planted") / "data")))
    for case in PLANTED.values():
        for like in (case.like, case.also_like):
            if like:
                file, where, cells = like
                row = folder.row(file, **where) if "channel" in where or file == WORK else folder.rows(file, **where)[0]
                folder.add(file, after=row, like=row, **cells)
        for one in case.plant:
            edit(folder, *one)
    return folder, contradictions_in(folder)


@pytest.fixture(scope="module")
def repaired(planted, tmp_path_factory):
    """And all of them repaired in another."""
    folder, _ = planted
    copy = type(folder)(Path(shutil.copytree(folder.path, tmp_path_factory.mktemp("repaired") / "data")))
    for case in PLANTED.values():
        for one in case.repair:
            edit(copy, *one)
    return contradictions_in(copy)


def expected_of(case, folder):
    """(rule, printed, found) with scores filled in: {component edition province} and {... +difference}."""

    def filled(text):
        if not text.startswith("{"):
            return text
        component_id, edition_year, province_code, *difference = text[1:-1].split(" ")
        row = folder.row(PAPI, **own_row(component_id, edition_year, "gh_tunah72", province_code))
        score = folder.cells(PAPI, row)["score"]
        return f"{float(score) + float(difference[0]):.6f}" if difference else score

    return Counter((rule, filled(printed), filled(found)) for rule, printed, found in case.found)


def short(found):
    counted = Counter()
    for (rule, _, _, printed, other), n in found.items():
        counted[(rule, printed, other)] += n
    return counted


@pytest.mark.parametrize("case", PLANTED.values(), ids=PLANTED)
def test_a_planted_contradiction_is_found(case, before_planting, planted, repaired):
    folder, found = planted
    expected = expected_of(case, folder)
    assert expected <= short(found - before_planting)
    # neither there before nor after
    assert not expected & short(before_planting)
    assert not expected & short(repaired)


def test_nothing_but_what_was_planted_is_found(before_planting, planted):
    folder, found = planted
    expected = sum((expected_of(case, folder) for case in PLANTED.values()), Counter())
    assert short(found - before_planting) == expected
    assert before_planting - found == Counter()


def test_repair_leaves_what_was_there_before(before_planting, repaired):
    assert repaired == before_planting


def test_the_known_contradictions_go_when_they_are_repaired(small_copy, monkeypatch):
    quarter = {"measure": "dossiers_received_share", "channel": "direct", "period_end": "2024-03-31"}
    tasks = {"measure": "directive_tasks_in_progress_share"}
    edit(small_copy, WORK, quarter, "value", "23.73")
    edit(small_copy, WORK, tasks, "value", "0.54")
    edit(small_copy, WORK, {"measure": "directive_tasks_assigned"}, "value", "16299")
    for measure in ("dossiers_received_share_minus_target", "personal_digital_signature_use_share_change_yoy"):
        edit(small_copy, WORK, {"measure": measure}, "unit", "percentage_points")
    document = own_row("papi_total", 2023, "base_document_2024")
    edit(small_copy, PAPI, document, "n_ranked_published", "61")
    edit(small_copy, PAPI, document, "score", "45.5054")
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    left = nt.discrepancies("58")
    assert set(left["rule"]) == {"denominator", "statement"}
    assert not (left["edition_year"] == 2023).any()
    assert left["period_end"].eq("").all()
