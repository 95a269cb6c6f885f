"""What the loading functions give, and what the data folder holds: spot values, editions, denominators, gaps."""

import csv
import json
import shutil
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan import datasets, indicators
from ninhthuan.catalogue import catalogue
from ninhthuan.indicators import INDEX_COLUMNS
from ninhthuan.measures import decimals_of
from ninhthuan.reference import Edition
from ninhthuan.refusals import NotComparable

INDICES = ["papi", "pci", "par_index", "sipas", "dti"]
# everything known to the report of the first quarter of 2024
Q1_2024 = "2024-04-30"


def cell(frame, **wanted):
    """The one row of a frame that holds these values."""
    for column, value in wanted.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, f"{len(frame)} rows hold {wanted}"
    return frame.iloc[0]


@pytest.fixture(scope="module")
def papi():
    return nt.load_index("papi")


@pytest.fixture(params=INDICES)
def index_id(request):
    return request.param


# ----------------------------------------------------------------------------------------------------- shape of a frame


@pytest.mark.parametrize("boundary, provinces", [("pre_2025", 64), ("post_2025", 34)])
def test_one_row_per_edition_province_and_component(index_id, boundary, provinces):
    scores = nt.load_index(index_id, boundary=boundary)
    assert list(scores.columns) == INDEX_COLUMNS
    key = ["edition_year", "province_code", "component_id"]
    assert not scores.duplicated(key).any()
    assert scores[key].equals(scores[key].sort_values(key, ignore_index=True))
    assert set(scores["boundary"]) <= {boundary}
    assert scores["province_code"].nunique() <= provinces
    # a code is text: 01 stays 01
    assert scores["province_code"].map(len).eq(2).all()


def test_documented_columns_exist_with_their_ranges(index_id):
    scores = nt.load_index(index_id)
    named = [line.split("|")[1] for line in nt.load_index.__doc__.splitlines() if line.strip().startswith("| ")]
    columns = [name.strip() for part in named for name in part.split(",")]
    assert {"score", "rank_derived", "n_ranked", "missing"} <= set(columns)
    assert set(columns) - {"column"} <= set(scores.columns)

    assert scores["percentile_position"].dropna().between(0, 100).all()
    for rank in ("rank_published", "rank_derived"):
        held = scores[scores[rank].notna()]
        assert held[rank].ge(1).all()
        # a rank of ours never goes without its denominator, nor beyond it
        assert held["n_ranked"].notna().all()
    derived = scores[scores["rank_derived"].notna()]
    assert (derived["rank_derived"] <= derived["n_ranked"]).all()
    assert derived["score"].notna().all()
    assert set(scores["group_derived"].dropna()) <= set(nt.GROUPS)
    assert set(scores["missing"]) <= {"", "not_published", "not_surveyed", "blank", "not_collected"}
    assert scores.loc[scores["score"].notna(), "missing"].eq("").all()
    # what has a figure says who printed it
    held = scores[scores["score"].notna() | scores["rank_published"].notna()]
    known = set(nt.sources()["source_id"])
    assert all(source and set(source.split()) <= known for source in held["source_id"])
    assert set(held["basis"]) <= {"printed", "summed", "derived", "ordered"}


def test_ranks_are_derived_only_where_every_score_is_held(index_id):
    scores = nt.load_index(index_id)
    for (edition_year, _), rows in scores.groupby(["edition_year", "component_id"]):
        scored = catalogue().editions[(index_id, edition_year, "pre_2025")].provinces_scored
        # a pilot in a few provinces is no list
        if rows["score"].count() < scored or 2 * scored < 63:
            assert rows["rank_derived"].isna().all()
            # a group may still follow from a printed place
            assert (rows["group_derived"].notna() == rows["rank_published"].notna()).all()
        else:
            assert rows["rank_derived"].count() == rows["score"].count()
            assert rows["n_ranked"].eq(rows["score"].count()).all()


def test_a_frame_can_be_changed_without_changing_the_next(index_id):
    first = nt.load_index(index_id)
    first["score"] = 0.0
    assert not nt.load_index(index_id)["score"].eq(0).any()


def test_attrs_say_what_the_frame_is():
    scores = nt.load_index("sipas", as_of=Q1_2024)
    assert scores.attrs["index_id"] == "sipas"
    assert scores.attrs["unit"] == "percent"
    assert scores.attrs["as_of"] == Q1_2024
    assert scores.attrs["boundary"] == "pre_2025"
    # the sources in use, each once
    assert "sipas_nt_2021" in scores.attrs["sources"]
    assert "base_document_2024" not in scores.attrs["sources"]


def test_an_unknown_index_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match="par_index"):
        nt.load_index("hdi")


@pytest.mark.parametrize("level, components", [("dimension", 8), ("sub_dimension", 28)])
def test_papi_dimensions(level, components):
    scores = nt.load_index("papi").query("level == @level")
    assert scores.loc[scores["edition_year"] == 2023, "component_id"].nunique() == components


def test_papi_had_six_dimensions_to_2017():
    counts = nt.load_index("papi").query("level == 'dimension'").groupby("edition_year")["component_id"].nunique()
    assert counts.to_dict() == {year: 6 if year < 2018 else 8 for year in range(2011, 2025)}


def test_every_field_is_described_in_both_languages():
    package = json.loads((datasets.data_dir() / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["description"].strip(), f"{resource['name']}.{field['name']}"
            assert field["description_en"].strip(), f"{resource['name']}.{field['name']}"
        assert resource["title"] and resource["title_en"]


# ---------------------------------------------------------------------------------------------------------- spot values

# read by hand off the tables of data/: (index, edition, province, component) and the score in use
SCORES = [
    ("papi", 2011, "58", "papi_total", 34.343526),
    ("papi", 2016, "58", "papi_total", 37.222054),
    ("papi", 2018, "58", "papi_total", 45.421844),
    ("papi", 2022, "58", "papi_total", 46.00022),
    ("papi", 2023, "58", "papi_total", 45.50538),
    ("papi", 2023, "58", "papi_d8", 3.110025),
    ("papi", 2018, "87", "papi_d7", 6.740757),
    ("papi", 2011, "01", "papi_d1_1", 1.26411),
    ("pci", 2005, "01", "pci_bias", 5.723231),
    ("pci", 2016, "58", "pci_total", 57.189651),
    ("pci", 2022, "58", "pci_total", 65.43),
    ("pci", 2023, "58", "pci_total", 69.10),
    ("par_index", 2012, "48", "par_index_total", 87.14),
    ("par_index", 2022, "58", "par_index_total", 85.78),
    ("sipas", 2021, "58", "sipas_total", 88.64),
    ("sipas", 2022, "58", "sipas_total", 81.83),
    ("dti", 2021, "58", "dti_total", 0.3048),
    ("dti", 2022, "58", "dti_total", 0.5934),
]


@pytest.mark.parametrize("index_id, edition_year, province_code, component_id, score", SCORES)
def test_spot_scores(index_id, edition_year, province_code, component_id, score):
    row = cell(
        nt.load_index(index_id), edition_year=edition_year, province_code=province_code, component_id=component_id
    )
    assert row["score"] == score
    assert row["missing"] == ""


# places of Ninh Thuận, counted in the tables of scores: the total, then dimensions 1 to 8
PLACES = {
    2011: [47, 50, 60, 35, 49, 21, 17],
    2015: [52, 51, 63, 54, 26, 57, 8],
    2018: [13, 30, 26, 24, 12, 17, 2, 17, 52],
    2020: [58, 39, 44, 58, 49, 60, 43, 31, 60],
    2021: [14, 6, 16, 25, 16, 37, 8, 33, 43],
    2022: [4, 15, 5, 21, 2, 5, 10, 13, 5],
    2023: [6, 14, 11, 10, 6, 2, 4, 10, 37],
    2024: [5, 29, 15, 8, 10, 7, 6, 11, 22],
}


@pytest.mark.parametrize("edition_year, places", PLACES.items())
def test_places_of_ninh_thuan(papi, edition_year, places):
    own = papi[(papi["province_code"] == "58") & (papi["edition_year"] == edition_year)].set_index("component_id")
    components = ["papi_total", *(f"papi_d{number}" for number in range(1, len(places)))]
    assert own.loc[components, "rank_derived"].tolist() == places


@pytest.mark.parametrize(
    "index_id, edition_year, rank, n_ranked",
    [
        ("pci", 2021, 49, 63),
        ("pci", 2022, 30, 63),
        ("pci", 2023, 11, 63),
        ("par_index", 2021, 35, 63),
        ("par_index", 2022, 29, 63),
        ("par_index", 2024, 55, 63),
        ("sipas", 2021, 16, 63),
        ("sipas", 2022, 20, 63),
        ("dti", 2020, 63, 63),
        ("dti", 2021, 53, 63),
        ("dti", 2022, 27, 63),
    ],
)
def test_published_ranks_of_ninh_thuan(index_id, edition_year, rank, n_ranked):
    row = cell(nt.load_index(index_id), edition_year=edition_year, province_code="58", component_id=f"{index_id}_total")
    assert (row["rank_published"], row["n_ranked"]) == (rank, n_ranked)


@pytest.mark.parametrize(
    "index_id, edition_year, group",
    [
        # the cuts of 63 lie between the places 16 and 17, 32 and 33, 47 and 48
        ("pci", 2023, "high"),  # 11th
        ("sipas", 2021, "high"),  # 16th
        ("sipas", 2022, "upper_middle"),  # 20th
        ("par_index", 2021, "lower_middle"),  # 35th
        ("dti", 2021, "low"),  # 53rd
    ],
)
def test_group_from_a_place_alone(index_id, edition_year, group):
    row = cell(nt.load_index(index_id), edition_year=edition_year, province_code="58", component_id=f"{index_id}_total")
    assert pd.isna(row["rank_derived"])
    assert row["group_derived"] == group


# ---------------------------------------------------------------------------------------------------- as known on a day


@pytest.mark.parametrize(
    "day, newest",
    [
        # PAPI 2023 came out on 2 April 2024, PAR INDEX 2023 on 17 April, PCI 2023 on 9 May
        ("2024-01-31", {"papi": 2022, "par_index": 2022, "sipas": 2022, "pci": 2022, "dti": 2022}),
        ("2024-04-30", {"papi": 2023, "par_index": 2023, "sipas": 2023, "pci": 2022, "dti": 2022}),
        ("2024-04-01", {"papi": 2022}),
        ("2024-04-02", {"papi": 2023, "par_index": 2022}),
        ("2024-04-16", {"par_index": 2022, "sipas": 2022}),
        ("2024-04-17", {"par_index": 2023, "sipas": 2023}),
        ("2024-05-08", {"pci": 2022}),
        ("2024-05-09", {"pci": 2023}),
        # only the month is known, February 2025: from its last day
        ("2025-02-27", {"dti": 2022}),
        ("2025-02-28", {"dti": 2023}),
        # "about 20 October 2021": from the last day of the month
        ("2021-10-30", {"dti": None}),
        ("2021-10-31", {"dti": 2020}),
        # nothing is known of the day: from the last day of the year after
        ("2012-12-30", {"papi": None}),
        ("2012-12-31", {"papi": 2011}),
        ("2022-12-30", {"pci": 2020}),
        ("2022-12-31", {"pci": 2021}),
    ],
)
def test_newest_edition_known_on_a_day(day, newest):
    for index_id, edition_year in newest.items():
        for as_of in (day, date.fromisoformat(day)):
            known = nt.load_index(index_id, as_of=as_of)["edition_year"]
            assert (None if known.empty else known.max()) == edition_year, index_id


@pytest.mark.parametrize(
    "published_on, precision, known_from",
    [
        (date(2024, 4, 2), "day", date(2024, 4, 2)),
        (date(2025, 2, 1), "month", date(2025, 2, 28)),
        (date(2024, 2, 10), "month", date(2024, 2, 29)),
        (date(2021, 10, 20), "about", date(2021, 10, 31)),
        (date(2021, 12, 31), "about", date(2021, 12, 31)),
        (None, "unknown", date(2024, 12, 31)),
    ],
)
def test_known_from(published_on, precision, known_from):
    edition = Edition("papi", 2023, "pre_2025", published_on, precision, 63, (), "", "")
    assert edition.known_from == known_from


def test_no_edition_is_known_before_it_is_out():
    editions = nt.editions()
    out = editions[editions["published_on"].notna()]
    assert (out["known_from"] >= out["published_on"]).all()
    assert (out["published_on"].map(lambda day: day.year) >= out["edition_year"]).all()
    assert editions["known_from"].notna().all()
    to_the_day = out[out["published_precision"] == "day"]
    assert (to_the_day["known_from"] == to_the_day["published_on"]).all()
    assert (editions["published_on"].isna() == (editions["published_precision"] == "unknown")).all()


def test_editions_and_policies_are_cut_too():
    known = nt.editions("2024-04-30")
    assert known["known_from"].max() <= pd.Timestamp("2024-04-30")
    assert set(known.loc[known["edition_year"] == 2023, "index_id"]) == {"papi", "par_index", "sipas"}
    assert "56-CT/TU" not in set(nt.policies("2024-01-28")["number"])
    assert "56-CT/TU" in set(nt.policies("2024-01-29")["number"])


def test_a_cut_changes_no_figure(index_id):
    columns = ["score", "rank_published", "rank_derived", "n_ranked", "group_derived", "missing", "source_id"]
    whole, known = nt.load_index(index_id), nt.load_index(index_id, as_of=Q1_2024)
    same = whole[whole["edition_year"].isin(known["edition_year"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(known[columns], same[columns])
    assert len(known) < len(whole)


# -------------------------------------------------------------------------------------- the first quarter of 2024 again


def csv_rows(relative):
    with open(datasets.data_dir() / relative, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_view_of_2024q1_from_the_scores_alone():
    """Sixth of 61, seven dimensions in the highest group and one lower middle: counted from the scores in the file."""
    scores = {}
    for row in csv_rows("indicators/papi.csv"):
        # one table of all provinces
        if row["edition_year"] == "2023" and row["source_id"] == "gh_mlmcdm" and row["score"]:
            scores.setdefault(row["component_id"], {})[row["province_code"]] = float(row["score"])

    def place(component_id):
        own = scores[component_id]["58"]
        return 1 + sum(score > own for score in scores[component_id].values()), len(scores[component_id])

    assert place("papi_total") == (6, 61)
    # of 61, the first 16 are at or above the 75th percentile; 31 at or above the median, 46 above the lowest quarter
    counted = {f"papi_d{number}": place(f"papi_d{number}") for number in range(1, 9)}
    assert {n for _, n in counted.values()} == {61}
    high = [component_id for component_id, (rank, _) in counted.items() if rank <= 16]
    assert high == [f"papi_d{number}" for number in range(1, 8)]
    assert 31 < counted["papi_d8"][0] <= 46

    known = nt.load_index("papi", as_of=nt.Quarter.parse("2024Q1").closing_day)
    own = known[(known["province_code"] == "58") & (known["edition_year"] == 2023)].set_index("component_id")
    assert own.loc["papi_total", ["rank_derived", "n_ranked", "group_derived"]].tolist() == [6, 61, "high"]
    for component_id, (rank, n_ranked) in counted.items():
        group = "lower_middle" if component_id == "papi_d8" else "high"
        assert own.loc[component_id, ["rank_derived", "n_ranked", "group_derived"]].tolist() == [rank, n_ranked, group]
        # and so the document says
        assert own.loc[component_id, "group_published"] == group


# ------------------------------------------------------------------------------------------------ denominators, missing


def test_provinces_with_a_papi_total(papi):
    totals = papi[papi["component_id"] == "papi_total"]
    expected = dict.fromkeys(range(2011, 2025), 63) | {2014: 61, 2018: 61, 2021: 60, 2022: 61, 2023: 61, 2024: 61}
    assert totals.groupby("edition_year")["n_ranked"].unique().map(list).to_dict() == {
        year: [n] for year, n in expected.items()
    }
    assert totals.groupby("edition_year")["score"].count().to_dict() == expected


@pytest.mark.parametrize(
    "edition_year, withheld",
    [
        (2014, ["24", "87"]),
        (2018, ["22", "87"]),
        (2021, ["22", "24", "27"]),
        (2022, ["24", "27"]),
        (2023, ["22", "74"]),
        (2024, ["26", "82"]),
    ],
)
def test_provinces_withheld(papi, edition_year, withheld):
    totals = papi[(papi["component_id"] == "papi_total") & (papi["edition_year"] == edition_year)]
    gone = totals[totals["score"].isna()]
    assert gone["province_code"].tolist() == withheld
    assert gone["rank_derived"].isna().all()


def test_a_dimension_has_its_own_denominator(papi):
    # 2018: two provinces lack dimensions 2 and 4; 2022: two provinces lack four dimensions each
    counts = papi[papi["level"] == "dimension"].groupby(["edition_year", "component_id"])["n_ranked"].first()
    assert counts.loc[2018].tolist() == [63, 61, 63, 61, 63, 63, 63, 63]
    assert counts.loc[2022].tolist() == [62, 61, 62, 61, 62, 63, 63, 62]


@pytest.mark.parametrize(
    "index_id, edition_year, province_code, component_id, kind",
    [
        # the publisher withheld the province
        ("papi", 2021, "24", "papi_total", "not_published"),
        ("papi", 2021, "24", "papi_d6", "not_published"),
        ("papi", 2014, "87", "papi_d1", "not_published"),
        ("pci", 2005, "24", "pci_total", "not_surveyed"),
        ("sipas", 2015, "58", "sipas_total", "not_surveyed"),  # a pilot elsewhere
        ("pci", 2005, "58", "pci_labour", None),  # did not exist: no row
        ("papi", 2021, "58", "papi_d5_2", None),
        ("papi", 2017, "58", "papi_d7", None),
        # the province was published, with six dimensions of eight: these cells were left blank
        ("papi", 2018, "22", "papi_d2", "blank"),
        ("papi", 2018, "87", "papi_d4", "blank"),
        ("papi", 2022, "24", "papi_d1", "blank"),
        # published, but not among the figures held
        ("dti", 2023, "58", "dti_pillar_gov", "not_collected"),
        ("pci", 2022, "56", "pci_land", "not_collected"),
        ("sipas", 2023, "58", "sipas_total", "not_collected"),
        # held, be it without a score
        ("dti", 2020, "58", "dti_total", ""),
        ("papi", 2018, "22", "papi_d7", ""),
    ],
)
def test_kinds_of_missing(index_id, edition_year, province_code, component_id, kind):
    scores = nt.load_index(index_id)
    found = scores[
        (scores["edition_year"] == edition_year)
        & (scores["province_code"] == province_code)
        & (scores["component_id"] == component_id)
    ]
    assert found["missing"].tolist() == ([] if kind is None else [kind])


def test_nothing_is_filled_in(papi):
    missing = papi[papi["missing"] != ""]
    assert (
        missing[["score", "rank_published", "rank_derived", "group_derived", "percentile_position"]]
        .isna()
        .all(axis=None)
    )


# ------------------------------------------------------------------------------------------------ provinces, boundaries


def test_two_populations_of_provinces():
    assert len(nt.provinces("pre_2025")) == 64  # 63, and Hà Tây to 2008
    assert len(nt.provinces("post_2025")) == 34
    assert len(nt.provinces()) == 98
    assert set(nt.provinces("pre_2025")["province_code"]) >= {"01", "56", "58"}
    assert "58" not in set(nt.provinces("post_2025")["province_code"])


def test_the_new_khanh_hoa_is_never_in_the_old_population():
    before, after = nt.load_index("dti"), nt.load_index("dti", boundary="post_2025")
    new = cell(after, edition_year=2024, province_code="56", component_id="dti_total")
    assert (new["score"], new["rank_published"], new["n_ranked"]) == (0.7071, 16, 34)
    assert 0.7071 not in set(before["score"])
    assert set(before["province_code"]) >= {"56", "58"}
    assert set(after["edition_year"]) == {2024}
    assert "58" not in set(after["province_code"])


def test_every_row_is_read_into_exactly_one_population(index_id):
    held = [(row["edition_year"], row["boundary"]) for row in csv_rows(f"indicators/{index_id}.csv")]
    for boundary in ("pre_2025", "post_2025"):
        rows = indicators.indicator_rows(index_id, boundary)
        assert len(rows) == sum(1 for _, other in held if other == boundary)


@pytest.mark.parametrize("day, code, name", [("2025-06-30", "56", "Khánh Hòa"), ("2025-06-30", "58", "Ninh Thuận")])
def test_a_code_before_the_merger(day, code, name):
    assert catalogue().province(code, date.fromisoformat(day)).name == name


def test_codes_are_reused():
    old, new = (catalogue().province("24", day) for day in (date(2025, 6, 30), date(2025, 7, 1)))
    assert (old.name, new.name) == ("Bắc Giang", "Bắc Ninh")
    assert new.predecessor_codes == ("24", "27")
    assert catalogue().province("56", date(2025, 7, 1)).predecessor_codes == ("56", "58")


@pytest.mark.parametrize(
    "code, day, says",
    [
        ("58", date(2025, 7, 1), ["Ninh Thuận", "01/7/2025", "Khánh Hòa", "56", "ended on 1 July 2025"]),
        ("99", date(2024, 3, 31), ["'99'", "no province"]),
        ("1", date(2024, 3, 31), ["'1'"]),
        ("28", date(2009, 1, 1), ["'28'"]),  # Hà Tây joined Hà Nội in 2008
    ],
)
def test_a_code_that_means_nothing_on_the_day(code, day, says):
    with pytest.raises(KeyError) as refusal:
        catalogue().province(code, day)
    assert [words for words in says if words not in str(refusal.value)] == []


def test_ha_tay_is_ranked_in_its_years_only():
    scores = nt.load_index("pci")
    assert set(scores.loc[scores["province_code"] == "28", "edition_year"]) == {2005, 2006, 2007, 2008}
    # last of 42 in the first edition
    first = cell(scores, edition_year=2005, province_code="28", component_id="pci_total")
    assert (first["rank_published"], first["rank_derived"], first["n_ranked"]) == (42, 42, 42)
    totals = scores[scores["component_id"] == "pci_total"]
    counts = totals[totals["edition_year"].between(2005, 2009)].groupby("edition_year")["score"].count()
    assert counts.to_dict() == {2005: 42, 2006: 64, 2007: 64, 2008: 64, 2009: 63}


def test_successors_and_predecessors_agree():
    known = catalogue()
    for (boundary, code), province in known.provinces.items():
        if boundary == "pre_2025":
            assert code in known.provinces[("post_2025", province.successor_code)].predecessor_codes or code == "28"
        else:
            assert all(
                known.provinces[("pre_2025", former)].successor_code == code for former in province.predecessor_codes
            )


# ------------------------------------------------------------------------------------------------ components and breaks


def definitions_in_turn():
    """(earlier, later) definition of each component that was defined anew."""
    by_id = {}
    for component in sorted(catalogue().components, key=lambda component: component.first_edition):
        by_id.setdefault(component.component_id, []).append(component)
    return [pair for found in by_id.values() for pair in pairwise(found)]


@pytest.mark.parametrize(
    "earlier, later", definitions_in_turn(), ids=lambda c: f"{c.component_id}-{c.first_edition}" if c else ""
)
def test_scores_on_another_scale_or_of_another_thing_are_not_comparable(earlier, later):
    assert earlier.last_edition < later.first_edition
    same_scale = (earlier.scale_min, earlier.scale_max) == (later.scale_min, later.scale_max)
    if not same_scale or later.continues_id != later.component_id:
        with pytest.raises(NotComparable):
            catalogue().check_comparable(later.component_id, earlier.last_edition, later.first_edition)


def test_sub_dimensions_keep_their_identity_when_the_code_shifts():
    # 2.1 of 2011-2017 (poverty lists) goes on as 2.2
    assert catalogue().component("papi_d2_2", 2018).continues_id == "papi_d2_1"
    assert catalogue().component("papi_d2_1", 2017).name == catalogue().component("papi_d2_2", 2018).name
    assert catalogue().component("papi_d2_1", 2018).continues_id == ""


def test_breaks_between_editions():
    known = catalogue()
    assert [b.edition_year for b in known.breaks_between("papi_total", 2015, 2018, "break")] == [2016, 2018]
    assert [b.edition_year for b in known.breaks_between("papi_total", 2018, 2015, "break")] == [2016, 2018]
    assert known.breaks_between("papi_total", 2018, 2024, "break") == []
    assert [b.edition_year for b in known.breaks_between("papi_total", 2018, 2024, "caution")] == [2019, 2021]
    known.check_comparable("papi_total", 2018, 2024)
    known.check_comparable("papi_d2", 2011, 2017)
    assert not known.ranks_comparable("par_index_total", 2021, 2022), "a rank stands beside a rank, none is counted"
    assert known.ranks_comparable("papi_total", 2018, 2023), "with the mark of a caution"
    # the break lies before its own edition
    assert known.breaks_between("papi_total", 2016, 2017) == []


def test_references_within_the_reference_tables_hold():
    known = catalogue()
    ids = {component.component_id for component in known.components}
    measure_table = nt.measure_table()
    measures = set(measure_table["measure"])
    for component in known.components:
        assert {component.parent_id, component.continues_id} <= ids | {""}
    for table in (known.components, known.breaks, known.editions.values(), known.provinces.values()):
        for row in table:
            assert set(row.source_id.split()) <= set(known.sources), row
    for edition in known.editions.values():
        assert all((edition.boundary, code) in known.provinces for code in edition.provinces_withheld)
    for column in ("numerator", "denominator", "part_of", "at_most", "change_of"):
        assert {name for names in measure_table[column] for name in names.split()} <= measures
    for task in nt.reform_tasks().itertuples():
        assert set(task.component_ids.split()) <= ids
        assert set(task.measures.split()) <= measures
    for policy in nt.policies().itertuples():
        assert set(policy.index_ids.split()) <= set(INDICES)


# -------------------------------------------------------------------------------------------------------- source in use


@pytest.mark.parametrize(
    "index_id, edition_year, province_code, component_id, source_id, score",
    [
        # a copy of the publisher's table before the province's own page (45,5052) and the newspaper (45.5054)
        ("papi", 2023, "58", "papi_total", "gh_tunah72", 45.50538),
        # the publisher's workbook before the page (5.45), which differs
        ("pci", 2009, "58", "pci_bss", "pci_wb_2009", 4.709486),
        # printed before summed by another copy
        ("papi", 2022, "58", "papi_total", "gh_tunah72", 46.00022),
    ],
)
def test_source_in_use(index_id, edition_year, province_code, component_id, source_id, score):
    row = cell(
        nt.load_index(index_id), edition_year=edition_year, province_code=province_code, component_id=component_id
    )
    assert (row["source_id"], row["score"]) == (source_id, score)


def test_a_rank_may_come_from_another_source_than_the_score(papi):
    row = cell(papi, edition_year=2023, province_code="58", component_id="papi_total")
    assert row["rank_source_id"] == "base_document_2024"
    assert (row["rank_published"], row["n_ranked_published"]) == (6, 63)
    assert (row["rank_derived"], row["n_ranked"]) == (6, 61)


def test_the_kind_of_source_decides(small_copy, monkeypatch):
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))

    def in_use(folder):
        monkeypatch.setenv("NINHTHUAN_DATA", str(folder))
        row = cell(nt.load_index("papi"), edition_year=2023, province_code="58", component_id="papi_total")
        return row["source_id"], row["score"]

    sources = "reference/sources.csv"
    assert in_use(small_copy.path) == ("gh_tunah72", 45.50538)
    # each step takes away the rank of the source in use; another folder each time, since folders are read once
    for step, (source_id, expected) in enumerate(
        [
            ("gh_tunah72", ("gh_mlmcdm", 45.505383)),
            ("gh_mlmcdm", ("base_document_2024", 45.5052)),
            ("base_document_2024", ("nt_bao2023", 45.5054)),
        ]
    ):
        small_copy.set(sources, small_copy.row(sources, source_id=source_id), "kind", "legal_text")
        folder = shutil.copytree(small_copy.path, small_copy.path.parent / f"step{step}")
        assert in_use(folder) == expected


# ---------------------------------------------------------------------------------------------------- the base document

WORKLOAD = "workload/ninh_thuan.csv"
YEAR_2023 = {"period_start": "2023-01-01", "period_end": "2023-12-31"}
Q1 = {"period_start": "2024-01-01", "period_end": "2024-03-31"}
TODAY = {"period_start": "2024-03-31", "period_end": "2024-03-31"}
SINCE_2015 = {"period_start": "2015-12-31", "period_end": "2023-12-31"}
SINCE_2021 = {"period_start": "2021-12-31", "period_end": "2023-12-31"}

# every figure of work done that the document prints: as printed, the value, and where it must be found
PRINTED_WORK = [
    ("52/52 nhiệm vụ", 52, {"measure": "par_plan_tasks_done", **YEAR_2023}),
    ("52/52 nhiệm vụ", 52, {"measure": "par_plan_tasks_planned", **YEAR_2023}),
    ("đạt tỷ lệ 100%", 100, {"measure": "par_plan_tasks_done_share", **YEAR_2023}),
    ("16/16 nhiệm vụ", 16, {"measure": "par_plan_tasks_done", **Q1}),
    ("16/16 nhiệm vụ", 16, {"measure": "par_plan_tasks_due_in_period", **Q1}),
    ("đạt 100%", 100, {"measure": "par_plan_tasks_done_share", **Q1}),
    ("16/47 nhiệm vụ", 16, {"measure": "par_plan_tasks_done", **TODAY, "is_cumulative": "true"}),
    (
        "16/47 nhiệm vụ",
        47,
        {"measure": "par_plan_tasks_planned", "period_start": "2024-01-01", "period_end": "2024-12-31"},
    ),
    ("14 Quyết định", 14, {"measure": "procedures_publication_decisions", **Q1}),
    ("269 thủ tục hành chính", 269, {"measure": "procedures_published", "level": "all", **Q1}),
    ("221 thủ tục hành chính cấp tỉnh", 221, {"measure": "procedures_published", "level": "province", **Q1}),
    ("32 cấp huyện", 32, {"measure": "procedures_published", "level": "district", **Q1}),
    ("16 cấp xã", 16, {"measure": "procedures_published", "level": "commune", **Q1}),
    ("95 thủ tục hành chính", 95, {"measure": "procedures_amended", **Q1}),
    ("bãi bỏ 27 thủ tục", 27, {"measure": "procedures_abolished", **Q1}),
    ("ban hành mới 12 thủ tục", 12, {"measure": "procedures_new", **Q1}),
    ("giữ nguyên 135", 135, {"measure": "procedures_unchanged", **Q1}),
    ("26/26 sở, ban, ngành", 26, {"measure": "agencies_using_document_software", "level": "province", **TODAY}),
    ("26/26 sở, ban, ngành", 26, {"measure": "agencies_total", "level": "province", **TODAY}),
    ("7/7 cấp huyện", 7, {"measure": "agencies_using_document_software", "level": "district", **TODAY}),
    ("7/7 cấp huyện", 7, {"measure": "agencies_total", "level": "district", **TODAY}),
    ("65/65 cấp xã", 65, {"measure": "agencies_using_document_software", "level": "commune", **TODAY}),
    ("65/65 cấp xã", 65, {"measure": "agencies_total", "level": "commune", **TODAY}),
    ("83,66%", 83.66, {"measure": "dossiers_received_share", "channel": "online", **YEAR_2023}),
    ("vượt 13,66%", 13.66, {"measure": "dossiers_received_share_minus_target", "channel": "online", **YEAR_2023}),
    ("(70%)", 70, {"measure": "dossiers_received_share_target", "channel": "online", **YEAR_2023}),
    ("42.972 hồ sơ", 42972, {"measure": "dossiers_received", "channel": "all", **Q1}),
    ("32.746 hồ sơ", 32746, {"measure": "dossiers_received", "channel": "online", **Q1}),
    ("chiếm 76.20%", 76.20, {"measure": "dossiers_received_share", "channel": "online", **Q1}),
    ("10.196 hồ sơ", 10196, {"measure": "dossiers_received", "channel": "direct", **Q1}),
    ("chiếm 0.07%", 0.07, {"measure": "dossiers_received_share", "channel": "direct", **Q1}),
    ("30 hồ sơ", 30, {"measure": "dossiers_received", "channel": "postal", **Q1}),
    ("chiếm 0,07%", 0.07, {"measure": "dossiers_received_share", "channel": "postal", **Q1}),
    ("đạt 96,97%", 96.97, {"measure": "personal_digital_signature_use_share", "level": "all", **Q1}),
    ("tăng 2.09%", 2.09, {"measure": "personal_digital_signature_use_share_change_yoy", **Q1}),
    ("cấp tỉnh 99,01%", 99.01, {"measure": "personal_digital_signature_use_share", "level": "province", **Q1}),
    ("cấp huyện 94,47%", 94.47, {"measure": "personal_digital_signature_use_share", "level": "district", **Q1}),
    ("cấp xã 96,25%", 96.25, {"measure": "personal_digital_signature_use_share", "level": "commune", **Q1}),
    ("100% cơ quan hành chính", 100, {"measure": "job_position_scheme_share", **TODAY}),
    ("29 đơn vị", 29, {"measure": "job_position_schemes_completed", **YEAR_2023}),
    ("còn 369 đơn vị", 369, {"measure": "public_service_units", "period_end": "2023-12-31"}),
    ("giảm 110 đơn vị", -110, {"measure": "public_service_units_change", **SINCE_2015}),
    ("đạt 22,96%", -22.96, {"measure": "public_service_units_change_pct", **SINCE_2015}),
    ("giảm 26 đơn vị", -26, {"measure": "public_service_units_change", **SINCE_2021}),
    ("đạt 6,58%", -6.58, {"measure": "public_service_units_change_pct", **SINCE_2021}),
]

HIGH_DIMENSIONS = [f"papi_d{number}" for number in range(1, 8)]
# and every figure of the indices: as printed, the cells that carry it, and where they must be found
PRINTED_INDICES = [
    ("PAPI 2022 hạng 4/63", "papi", {"rank_published": "4", "n_ranked_published": "63"}, "papi_total", 2022),
    ("PCI 2022 hạng 30/63", "pci", {"rank_published": "30", "n_ranked_published": "63"}, "pci_total", 2022),
    ("PAR 2022 hạng 29/63", "par_index", {"rank_published": "29", "n_ranked_published": "63"}, "par_index_total", 2022),
    ("DTI 2022 hạng 27/63", "dti", {"rank_published": "27", "n_ranked_published": "63"}, "dti_total", 2022),
    ("SIPAS 2022 hạng 20/63", "sipas", {"rank_published": "20", "n_ranked_published": "63"}, "sipas_total", 2022),
    ("PAPI 2023 45,5052 điểm", "papi", {"score": "45.5052"}, "papi_total", 2023),
    ("PAPI 2023 nhóm cao nhất", "papi", {"group_published": "high"}, "papi_total", 2023),
    ("PAPI 2023 hạng 6/63", "papi", {"rank_published": "6", "n_ranked_published": "63"}, "papi_total", 2023),
    *((f"nhóm cao nhất: {name}", "papi", {"group_published": "high"}, name, 2023) for name in HIGH_DIMENSIONS),
    ("nhóm trung bình thấp", "papi", {"group_published": "lower_middle"}, "papi_d8", 2023),
]

# what it says in words
PRINTED_CLAIMS = [
    ("PAPI tăng 10 bậc", {"component_id": "papi_total", "quantity": "rank", "direction": "better", "size": "10"}),
    ("PCI tăng 19 bậc", {"component_id": "pci_total", "quantity": "rank", "direction": "better", "size": "19"}),
    (
        "PAR INDEX tăng 6 bậc",
        {"component_id": "par_index_total", "quantity": "rank", "direction": "better", "size": "6"},
    ),
    ("DTI tăng 26 bậc", {"component_id": "dti_total", "quantity": "rank", "direction": "better", "size": "26"}),
    *(
        (
            f"{index_id} có sự cải thiện",
            {"component_id": f"{index_id}_total", "quantity": "rank_or_score", "direction": "better"},
        )
        # SIPAS is excepted in the same sentence
        for index_id in INDICES
        if index_id != "sipas"
    ),
    (
        "SIPAS sụt giảm nhẹ",
        {"component_id": "sipas_total", "quantity": "rank_or_score", "direction": "worse", "base_year": "2021"},
    ),
    (
        "SIPAS cao hơn mức trung bình cả nước",
        {"component_id": "sipas_total", "quantity": "national_mean", "direction": "above"},
    ),
    ("7 trục nhóm cao nhất", {"component_id": "papi_total", "quantity": "dimensions_in_high", "size": "7"}),
    ("01 trục nhóm trung bình thấp", {"quantity": "dimensions_in_lower_middle", "size": "1", "edition_year": "2023"}),
]


def matching(relative, **wanted):
    rows = csv_rows(relative)
    return [row for row in rows if all(row[column] == value for column, value in wanted.items())]


@pytest.mark.parametrize("printed, value, where", PRINTED_WORK, ids=[printed for printed, *_ in PRINTED_WORK])
def test_work_printed_in_the_base_document(printed, value, where):
    (row,) = matching(WORKLOAD, source_id="base_document_2024", province_code="58", **where)
    assert float(row["value"]) == value


def test_nothing_else_is_put_in_the_mouth_of_the_base_document():
    assert len(matching(WORKLOAD, source_id="base_document_2024")) == len(PRINTED_WORK)
    cells = {(index_id, component_id, year) for _, index_id, _, component_id, year in PRINTED_INDICES}
    rows = [
        (index_id, row["component_id"], int(row["edition_year"]))
        for index_id in INDICES
        for row in matching(f"indicators/{index_id}.csv", source_id="base_document_2024")
    ]
    assert sorted(rows) == sorted(cells)
    assert len(matching("indicators/claims.csv", source_id="base_document_2024")) == len(PRINTED_CLAIMS)


@pytest.mark.parametrize(
    "printed, index_id, cells, component_id, year", PRINTED_INDICES, ids=[printed for printed, *_ in PRINTED_INDICES]
)
def test_indices_printed_in_the_base_document(printed, index_id, cells, component_id, year):
    (row,) = matching(
        f"indicators/{index_id}.csv",
        source_id="base_document_2024",
        province_code="58",
        boundary="pre_2025",
        edition_year=str(year),
        component_id=component_id,
    )
    assert {column: row[column] for column in cells} == cells
    assert row["basis"] == "printed"


@pytest.mark.parametrize("printed, where", PRINTED_CLAIMS, ids=[printed for printed, *_ in PRINTED_CLAIMS])
def test_statements_of_the_base_document(printed, where):
    (row,) = matching("indicators/claims.csv", source_id="base_document_2024", province_code="58", **where)
    assert row["quote"]


@pytest.mark.parametrize(
    "number, issued_on, kind",
    [
        ("05-NQ/TU", "2021-09-28", "resolution"),
        ("18-CT/TU", "2021-11-11", "directive"),
        ("09-NQ/TU", "2021-11-29", "resolution"),
        ("36-CT/TU", "2022-11-21", "directive"),
        ("39-CT/TU", "2022-11-30", "directive"),
        ("56-CT/TU", "2024-01-29", "directive"),
    ],
)
def test_directives_and_resolutions(number, issued_on, kind):
    row = cell(nt.policies(), number=number)
    assert (row["issued_on"], row["kind"], row["source_id"]) == (pd.Timestamp(issued_on), kind, "base_document_2024")


def test_the_other_texts_that_are_named():
    named = set(nt.policies().query("source_id == 'base_document_2024'")["number"])
    assert named == {"05-NQ/TU", "18-CT/TU", "09-NQ/TU", "36-CT/TU", "39-CT/TU", "56-CT/TU", "Đề án 06/CP"}


def test_five_groups_of_tasks():
    tasks = nt.reform_tasks()
    assert tasks["task_number"].tolist() == [1, 2, 3, 4, 5]
    assert set(tasks["source_id"]) == {"base_document_2024"}


# ------------------------------------------------------------------------------------------------------------- workload


@pytest.fixture
def workload():
    return nt.load_workload()


def test_a_share_that_contradicts_its_counts_is_recomputed(workload):
    quarter = workload[(workload["period_start"] == "2024-01-01") & (workload["period_end"] == "2024-03-31")]
    shares = quarter[quarter["measure"] == "dossiers_received_share"].set_index("channel")
    # 10,196 of 42,972
    assert round(shares.at["direct", "value"], 2) == 23.73
    assert shares.at["direct", "value_printed"] == "0.07"
    assert shares["basis"].to_dict() == {"direct": "recomputed", "online": "printed", "postal": "printed"}
    assert shares.at["postal", "value"] == 0.07
    assert shares.at["online", "value_printed"] == "76.20"
    assert round(shares["value"].sum(), 2) == 100.00


def test_what_else_is_recomputed(workload):
    recomputed = workload[workload["basis"] == "recomputed"].set_index("measure")
    assert set(recomputed.index) == {"dossiers_received_share", "directive_tasks_in_progress_share"}
    # 88 of 16,298
    late = recomputed.loc["directive_tasks_in_progress_share"]
    assert (round(late["value"], 2), late["value_printed"]) == (0.54, "5.54")
    # nowhere is the printed text touched
    printed = workload[workload["basis"] == "printed"]
    assert (printed["value"] == printed["value_printed"].astype(float)).all()


def test_the_true_unit_and_the_printed_one(workload):
    over = cell(workload, measure="dossiers_received_share_minus_target")
    assert (over["unit"], over["unit_printed"]) == ("percentage_points", "percent")
    vocabulary = nt.measure_table().set_index("measure")["unit"]
    assert (workload["unit"] == workload["measure"].map(vocabulary)).all()


@pytest.mark.parametrize("until", ["2024Q1", nt.Quarter(2024, 1), "2024-03-31", date(2024, 3, 31)])
def test_a_quarter_knows_results_to_its_end_and_the_plan_of_its_year(until):
    known = nt.load_workload("58", until=until)
    assert known.attrs["until"] == "2024-03-31"
    plan = cell(known[known["period_end"] > "2024-03-31"], measure="par_plan_tasks_planned")
    assert (plan["value"], plan["period_end"]) == (47, pd.Timestamp("2024-12-31"))
    assert len(known[known["measure"] == "dossiers_received"]) == 4
    # reported in August, and the communes of November
    assert not known["measure"].str.startswith("directive_tasks").any()
    assert 62 not in set(known.loc[known["measure"] == "administrative_units", "value"])


@pytest.mark.parametrize(
    "until, target, result, plan_2024",
    [("2022Q4", False, False, False), ("2023Q1", True, False, False), ("2023Q4", True, True, False)],
)
def test_a_target_is_known_before_its_result(until, target, result, plan_2024):
    known = nt.load_workload("58", until=until)
    measures = set(known["measure"])
    assert ("dossiers_received_share_target" in measures) is target
    assert ("dossiers_received_share" in measures) is result
    assert ("dossiers_received_share_minus_target" in measures) is result
    assert (47 in set(known.loc[known["measure"] == "par_plan_tasks_planned", "value"])) is plan_2024


def test_a_cut_of_the_workload_changes_no_figure(workload):
    known = nt.load_workload("58", until="2024Q1")
    key = ["measure", "period_start", "period_end", "level", "channel", "source_id"]
    joined = known.merge(workload, on=key, validate="one_to_one", suffixes=("", "_whole"))
    assert len(joined) == len(known)
    assert (joined["value"] == joined["value_whole"]).all()
    assert (joined["basis"] == joined["basis_whole"]).all()


@pytest.mark.parametrize("until", ["2024", "Q1/2024", "31/03/2024"])
def test_other_cuts_are_refused(until):
    with pytest.raises(ValueError):
        nt.load_workload("58", until=until)


@pytest.mark.parametrize(
    "where, kind",
    [
        ({"measure": "dossiers_received", "channel": "all"}, "quarter"),
        ({"measure": "dossiers_received_share_target"}, "year"),
        ({"measure": "job_position_scheme_share"}, "day"),
        ({"measure": "directive_tasks_assigned"}, "span"),
    ],
)
def test_period_kind(workload, where, kind):
    assert cell(workload, **where)["period_kind"] == kind


@pytest.mark.parametrize(
    "province_code, boundary, rows",
    [
        ("19", "pre_2025", 4),
        ("62", "pre_2025", 16),
        ("56", "pre_2025", 9),
        ("56", "post_2025", 13),
        ("60", "pre_2025", 36),
    ],
)
def test_comparators(province_code, boundary, rows):
    others = nt.load_workload(province_code, boundary=boundary)
    assert len(others) == rows
    assert set(others["province_code"]) == {province_code}
    assert set(others["boundary"]) == {boundary}
    assert list(others.columns) == list(nt.load_workload().columns)
    assert others.attrs["nothing"] == ""


def test_kon_tum_reports_by_the_reporting_window():
    others = nt.load_workload("62")
    assert set(others["period_kind"]) == {"quarter"}
    # 2,521 of 6,776 dossiers to process is 37.20, printed 37.76
    district = cell(others, measure="dossiers_to_process_share", level="district")
    assert (round(district["value"], 2), district["value_printed"], district["basis"]) == (37.20, "37.76", "recomputed")
    # 12,516 of 56,039 is 22.33
    assert cell(others, measure="dossiers_to_process_share", level="all")["basis"] == "printed"


def test_the_new_khanh_hoa_is_another_population():
    old, new = (nt.load_workload("56", boundary=boundary) for boundary in ("pre_2025", "post_2025"))
    assert old["period_end"].max() <= pd.Timestamp("2025-12-31")
    assert new["period_start"].min() == pd.Timestamp("2025-07-01")
    assert set(old["source_id"]).isdisjoint(new["source_id"])


@pytest.mark.parametrize("province_code, boundary", [("24", "pre_2025"), ("58", "post_2025")])
def test_nothing_held_is_said(province_code, boundary):
    empty = nt.load_workload(province_code, boundary=boundary)
    assert empty.empty
    assert list(empty.columns) == list(nt.load_workload().columns)
    assert province_code in empty.attrs["nothing"]
    assert boundary in empty.attrs["nothing"]


def test_workload_before_anything_was_reported_is_empty():
    assert nt.load_workload("58", until="2015Q1").attrs["nothing"] != ""


def test_newest_quarter():
    assert nt.newest_quarter() == nt.Quarter(2024, 1)


def test_newest_quarter_moves_with_the_data(small_copy, monkeypatch):
    for row in small_copy.rows(WORKLOAD, measure="dossiers_received", channel="all"):
        added = small_copy.add(WORKLOAD, after=row, like=row, period_start="2024-03-15", period_end="2024-06-14")
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    assert small_copy.cells(WORKLOAD, added)["value"] == "42972"
    assert nt.newest_quarter() == nt.Quarter(2024, 2)


# ------------------------------------------------------------------------------------------------------- smaller tables


def test_uncertainty_of_2019():
    table = nt.uncertainty()
    assert set(table.loc[table["ci95_low"].notna(), "edition_year"]) == {2019}
    own = cell(table, edition_year=2019, province_code="58", component_id="papi_total", weighting="unweighted")
    # 43.26, 95 % interval 42.03 to 44.49, standard error 0.75, 197 respondents
    assert [round(own[column], 2) for column in ("score", "ci95_low", "ci95_high", "standard_error")] == [
        43.26,
        42.03,
        44.49,
        0.75,
    ]
    assert cell(table, province_code="58", component_id="papi_d1")["n_respondents"] == 197
    weighted = cell(table, province_code="58", component_id="papi_total", weighting="weighted")
    assert round(weighted["score"], 4) == 48.1553
    interval = table[table["ci95_low"].notna() & table["score"].notna()]
    assert (interval["ci95_low"] <= interval["score"]).all()
    assert (interval["score"] <= interval["ci95_high"]).all()


def test_the_weighted_totals_are_never_among_the_scores(papi):
    assert not papi["score"].round(4).eq(48.1553).any()


def test_national_statements():
    stated = nt.national_statements("papi", as_of="2023-12-31")
    assert stated["edition_year"].max() == 2022
    medians = stated[(stated["statistic"] == "mean") & (stated["source_id"] == "nt_gov2021")]
    assert medians["value"].tolist() == [42.269]
    assert nt.national_statements("dti", boundary="post_2025")["value"].tolist() == [34]


def test_printed_text_is_kept_as_printed():
    rows = datasets.typed_rows("workload/ninh_thuan.csv")
    share = cell(rows, measure="dossiers_received_share", channel="online", period_end="2024-03-31")
    assert (share["value"], share["value_printed"], decimals_of(share["value_printed"])) == (76.2, "76.20", 2)
    # and the row is the line of the file
    with open(datasets.data_dir() / WORKLOAD, encoding="utf-8") as handle:
        assert "76.20" in handle.read().split("\n")[share["row"] - 1]


def test_the_data_folder_can_be_chosen(small_copy, monkeypatch, tmp_path):
    whole = len(nt.load_index("pci"))
    monkeypatch.setenv("NINHTHUAN_DATA", str(small_copy.path))
    assert set(nt.load_index("pci")["edition_year"]) == {2021, 2022, 2023, 2024}
    monkeypatch.setenv("NINHTHUAN_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError, match="NINHTHUAN_DATA"):
        nt.load_index("pci")
    monkeypatch.delenv("NINHTHUAN_DATA")
    assert len(nt.load_index("pci")) == whole


# ------------------------------------------------------------------------------------------------------ what is held


def test_coverage_by_plain_counting(index_id):
    held = {}
    with open(datasets.data_dir() / f"indicators/{index_id}.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["component_id"] == f"{index_id}_total" and row["boundary"] == "pre_2025" and row["score"]:
                held.setdefault(int(row["edition_year"]), set()).add(row["province_code"])
    matrix = nt.coverage()
    matrix = matrix[matrix["index_id"] == index_id]
    assert (
        matrix["edition_year"].tolist()
        == nt.editions().query("index_id == @index_id and boundary == 'pre_2025'")["edition_year"].tolist()
    )
    for row in matrix.itertuples():
        assert row.scored == len(held.get(row.edition_year, ())), row.edition_year
        # a pilot in ten provinces is whole and still no list
        assert row.whole == (row.scored == row.provinces_scored > 31)


def test_a_list_held_in_part_has_no_spread(index_id):
    scores = nt.load_index(index_id)
    totals = scores[scores["level"] == "total"]
    whole = set(nt.coverage().query("index_id == @index_id and whole")["edition_year"])
    assert set(nt.distribution(totals)["edition_year"]) == whole
    history = nt.province_history(totals, "48")
    assert set(history.loc[history["complete"], "edition_year"]) == whole
    assert history.loc[~history["complete"], "median"].isna().all()
    moved = nt.group_transitions(totals, f"{index_id}_total")
    assert moved.empty == (index_id in ("par_index", "sipas"))


def test_the_published_rank_decides_between_equal_scores():
    # 63.33 twice, from a panel of two decimals; VCCI's page of Quảng Trị has it 41st
    pci = nt.load_index("pci")
    tied = pci[(pci["component_id"] == "pci_total") & (pci["edition_year"] == 2021) & (pci["score"] == 63.33)]
    assert sorted(tied["rank_derived"]) == [40, 41]
    assert cell(pci, edition_year=2021, province_code="45", component_id="pci_total")["rank_derived"] == 41


def test_no_column_of_text_or_counts_is_of_any_kind_at_all():
    """So that `.str`, `.cat` and a merge work at once, and a file keeps its types; also where there is no row."""
    papi = nt.load_index("papi")
    frames = {i: nt.load_index(i) for i in nt.indices()["index_id"]}
    frames |= {
        "empty": nt.load_index("papi", boundary="post_2025"),
        "units": nt.load_index("dti", boundary="post_2025"),
    }
    frames |= {"workload": nt.load_workload("58"), "panel": nt.panel("sipas"), "passings": nt.passings(papi, "58")}
    frames |= {"changes": nt.changes(papi, "58", rule="positions"), "parts": nt.decomposition(papi, "58", 2022, 2023)}
    frames |= {name: getattr(nt, name)() for name in ("components", "breaks", "sources", "editions", "provinces")}
    assert [(n, c) for n, f in frames.items() for c in f if f[c].dtype == "object"] == []
    assert frames["papi"]["group_derived"].isna().any()
