"""All indices in one frame, names for codes, the same verbs on every noun, and frames that say why they are empty."""

import itertools
import json

import pandas as pd
import pytest

import ninhthuan as nt
from ninhthuan import words
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import GROUPS
from ninhthuan_reports.parameters import check_parameters

KEY = ["index_id", "edition_year", "province_code", "component_id"]


@pytest.fixture(scope="module")
def panel():
    return nt.panel()


@pytest.fixture(scope="module")
def scores():
    return nt.load_index("papi")


# ----------------------------------------------------------------------------------------------------------- the panel


def test_the_panel_has_every_cell_of_every_index_once(panel):
    assert list(panel["index_id"].unique()) == sorted(catalogue().indices) and not panel.duplicated(KEY).any()
    for index_id in catalogue().indices:
        loaded = nt.load_index(index_id)
        loaded = loaded[loaded["level"].isin(["total", "dimension", "sub_dimension"])].sort_values(KEY)
        rows = panel[panel["index_id"] == index_id]
        assert rows["score"].tolist() == pytest.approx(loaded["score"].tolist(), nan_ok=True)
        for column in ("component_en", "province_en", "missing", "source_id", "n_ranked"):
            assert rows[column].astype("str").tolist() == loaded[column].astype("str").tolist(), column


def test_the_panel_is_ready_for_statistics(panel):
    kinds = panel.dtypes
    assert str(kinds["published_on"]).startswith("datetime64") and str(kinds["rank"]) == "Int64"
    assert list(panel["group_derived"].cat.categories) == list(GROUPS[::-1]) and panel["group_derived"].cat.ordered
    assert (panel["group_derived"].dropna() >= "lower_middle").mean() > 0.7
    assert panel.loc[panel["score"].notna(), "evidence"].notna().all()
    assert (panel["missing"] == "").eq(panel["score"].notna() | panel["rank"].notna()).all()
    names = ["province", "province_en", "component", "component_en"]
    assert not (panel[names].isna() | (panel[names] == "")).any().any()
    assert (panel.loc[panel["rank"].notna(), "rank"] <= panel.loc[panel["rank"].notna(), "n_ranked"]).all()


def test_stretches_end_where_no_comparison_is_allowed(panel):
    """Within a stretch the gate finds no break; where it ends there is one, or the code means another thing."""
    for name, rows in panel.drop_duplicates(["component_id", "edition_year"]).groupby("component_id"):
        pairs = list(zip(rows["edition_year"], rows["segment"], rows["same_component"], rows["breaks"], strict=True))
        for (before, first, _, _), (year, second, same, marks) in itertools.pairwise(pairs):
            crossed = catalogue().breaks_between(name, before, year, "break")
            renamed = catalogue().earlier_id(name, year, before) != name
            assert (second - first) == (1 if crossed or renamed else 0), (name, year)
            assert same == catalogue().same_component(name, before, year)
            assert ("break" in marks.split()) <= bool(crossed)
    own = panel[(panel["component_id"] == "papi_d2_2") & (panel["province_code"] == "58")].set_index("edition_year")
    # the code went from the budget of the commune to the lists of the poor
    assert own.at[2017, "component_en"] != own.at[2018, "component_en"] and own.at[2018, "segment"] == 2


def test_a_wide_panel_has_the_same_scores(panel):
    wide = nt.panel(wide=True)
    assert not wide.duplicated(["edition_year", "province_code"]).any()
    parts = [name for name in wide if name in set(panel["component_id"])]
    melted = wide.melt(["edition_year", "province_code"], parts, "component_id", "score").dropna(subset="score")
    key = ["edition_year", "province_code", "component_id"]
    both = panel.dropna(subset="score").merge(melted, on=key, suffixes=("", "_wide"))
    assert len(both) == len(melted) == panel["score"].notna().sum() and both["score"].equals(both["score_wide"])
    assert parts.index("papi_total") < parts.index("papi_d1") < parts.index("papi_d1_1") < parts.index("pci_total")


def test_a_panel_is_cut_as_its_indices_are():
    known = nt.panel(["PAPI", "pci"], levels="total", as_of=pd.Timestamp("2024-04-30"))
    newest = known.groupby("index_id")["edition_year"].max()
    assert newest.to_dict() == {"papi": 2023, "pci": 2022} and set(known["level"]) == {"total"}
    assert known.attrs["as_of"] == "2024-04-30"
    units = nt.panel("dti", boundary="post_2025")
    assert units["province_code"].nunique() == 34 and units.attrs["boundary"] == "post_2025"
    assert "PAPI" in nt.panel("papi", boundary="post_2025").attrs["nothing"]


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"index_ids": "papy"}, nt.UnknownName, "did you mean 'papi'"),
        ({"levels": ["totals"]}, ValueError, "not totals"),
        ({"boundary": "new"}, nt.UnknownName, "no boundary 'new'"),
        ({"as_of": "30/4/2024"}, ValueError, "2024-04-30"),
    ],
)
def test_a_wrong_panel_is_refused(asked, error, says):
    with pytest.raises(error, match=says):
        nt.panel(**asked)


# -------------------------------------------------------------------------------------------------------------- nouns


def test_every_noun_has_its_table():
    described = json.loads((words.folder().parents[1] / "data/datapackage.json").read_text("utf-8"))["resources"]
    for name in ("indices", "components", "breaks", "provinces", "sources", "editions"):
        table = getattr(nt, name)()
        (resource,) = (one for one in described if one["name"] == name)
        for field in resource["schema"]["fields"]:
            kind = str(table[field["name"]].dtype)
            wanted = {"date": "datetime64", "integer": "int", "number": "float", "boolean": "bool"}
            assert kind.lower().startswith(wanted.get(field["type"], "str")), (name, field["name"], kind)
    assert set(nt.breaks("PAPI")["index_id"]) == set(nt.components("papi")["index_id"]) == {"papi"}
    assert nt.breaks()["component_en"].notna().all()


def test_a_column_of_names_becomes_one_of_codes():
    names = pd.Series(["Ninh Thuan", None, "TP.HCM", "Ninh Thuan"], index=[3, 5, 7, 9])
    codes = nt.codes(names)
    assert codes.dropna().to_dict() == {3: "58", 7: "79", 9: "58"} and list(codes.index) == [3, 5, 7, 9]
    assert nt.codes(["Khanh Hoa"], "post_2025").tolist() == ["56"]
    with pytest.raises(nt.UnknownName) as refused:
        nt.codes(["Ninh Thuan", "Nin Thuan", "Atlantis"])
    assert "'58' (Ninh Thuan)" in refused.value.en and "'Atlantis'" in refused.value.en
    assert nt.codes(["Ninh Thuan", "Atlantis"], unknown="missing").isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "index_id", "found"),
    [
        ("PAPI", "", "papi_total"),
        ("par index", "", "par_index_total"),
        ("E-Governance", "", "papi_d8"),
        ("Quản trị điện tử", "", "papi_d8"),
        ("papi_d8", "pci", "papi_d8"),
    ],
)
def test_a_component_as_people_write_it(text, index_id, found):
    assert nt.find_component(text, index_id) == found


@pytest.mark.parametrize(("text", "says"), [("e-governence", "did you mean"), ("xyz", "no index or component 'xyz'")])
def test_a_component_that_is_none(text, says):
    with pytest.raises(nt.UnknownName, match=says):
        nt.find_component(text)


def test_names_stand_beside_codes(scores):
    parts = nt.decomposition(scores, "58", 2022, 2023).set_index("component_id")
    assert parts.at["papi_d8", "component_en"] == "E-Governance" and parts.at["papi_d8", "component"]
    assert nt.drill_down(scores, "58")["component_en"].notna().all()
    moves = nt.named(nt.passings(scores, "58", 2022, 2023))
    assert list(moves).index("province_en") == list(moves).index("province_code") + 2
    frame = pd.DataFrame({"province_code": ["56", "56"], "boundary": ["pre_2025", "post_2025"], "x": [1, 2]})
    assert nt.named(frame)["province_en"].tolist() == ["Khanh Hoa", "Khanh Hoa"]
    assert list(nt.named(frame)) == ["province_code", "province", "province_en", "boundary", "x"]


# -------------------------------------------------------------------------------------------- what is asked by mistake


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (lambda s: nt.gaps(s, "58", 2031, "papi_total"), "no edition 2031 (it has 2011 to 2024)"),
        (lambda s: nt.province_history(s, "28"), "no score of Ha Tay"),
        (lambda s: nt.lifting_changes(s, "58"), "in the high group already"),
        (lambda s: nt.former_units("58", boundary="pre_2025"), "not put together from former ones"),
        (lambda s: nt.linked_history(nt.load_index("pci"), "58"), "no component keeps its definition"),
        (lambda s: nt.gaps(s.iloc[:0], "58", 2023, "papi_total"), "has no row"),
        (lambda s: nt.national_statements("papi", boundary="post_2025"), "no PAPI is held by post_2025"),
        (lambda s: nt.load_workload("10"), "no workload figures of 10"),
    ],
)
def test_an_empty_frame_says_why(scores, asked, says):
    frame = asked(scores)
    assert frame.empty and says in frame.attrs["nothing"]


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        (lambda s: nt.former_units("Ninh Thuan"), nt.UnknownName, "now part of Khanh Hoa"),
        (lambda s: nt.compare("papi_total", "58", 2022, 2030), nt.UnknownName, "two editions are needed"),
        (lambda s: nt.gaps(s, "58", 2023, "e-governence"), nt.UnknownName, "did you mean"),
        (
            lambda s: nt.decomposition(nt.load_index("pci"), "58", 2018, 2019),
            ValueError,
            "pci_total is not a plain sum",
        ),
        (lambda s: nt.load_index("papi", boundary="new"), nt.UnknownName, "no boundary"),
    ],
)
def test_a_mistake_is_named(scores, asked, error, says):
    with pytest.raises(error, match=says):
        asked(scores)


def test_a_frame_tells_whose_total_is_meant(scores):
    assert nt.compare("PAPI", "Ninh Thuan", 2022, 2023).equals(nt.compare("papi_total", "58", 2022, 2023))
    assert nt.distances(nt.load_index("pci"), "58")["component_id"].tolist() == ["pci_total"]
    assert nt.gaps(scores, "58", 2023, "E-Governance").equals(nt.gaps(scores, "58", 2023, "papi_d8"))


def refused(text):
    with pytest.raises(nt.UnknownName) as reason:
        nt.find_component(text)
    return str(reason.value)


def test_refusals_and_reasons_are_said_in_one_language(monkeypatch):
    monkeypatch.setattr(words, "_spoken", "")
    both = refused("xyz")
    nt.speak("en")
    assert refused("xyz") == both.partition(" / ")[2] and " / " not in nt.load_workload("10").attrs["nothing"]
    nt.speak("vi")
    assert refused("xyz") == both.partition(" / ")[0]
    with pytest.raises(ValueError, match="'vi' or 'en'"):
        nt.speak("fr")


def test_a_code_that_papermill_made_a_number_is_a_code():
    given = {"quarter": "2024Q1", "language": "en", "output_dir": "x"}
    assert check_parameters({**given, "province_code": 56}).province.name == "Khánh Hòa"
    assert check_parameters({**given, "province_code": 1}).province.province_code == "01"


def test_what_the_package_offers_is_all_that_shows():
    assert [name for name in dir(nt) if not name.startswith("__")] == sorted(nt.__all__)
