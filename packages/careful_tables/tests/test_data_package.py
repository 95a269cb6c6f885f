"""A data package against its description, and rows that go into it whole or not at all."""

import json

import pytest

from careful_tables import changes, package
from careful_tables.faults import Faults
from careful_tables.package import check_package, descriptor, seal, unsealed

FIELDS = {
    "towns": [
        {"name": "town", "type": "string", "constraints": {"required": True, "pattern": "[a-z]+"}},
        {"name": "founded", "type": "date"},
        {"name": "people", "type": "integer", "constraints": {"minimum": 1}},
        {"name": "near", "type": "string"},
    ],
    "rains": [
        {"name": "town", "type": "string"},
        {"name": "year", "type": "integer"},
        {"name": "mm", "type": "number", "constraints": {"maximum": 9000}},
        {"name": "kind", "type": "string", "constraints": {"enum": ["", "measured", "guessed"]}},
        {"name": "wet", "type": "boolean"},
    ],
}
KEYS = {"towns": ["town"], "rains": ["town", "year"]}
TOWNS = "town,founded,people,near\nalba,1200-05-01,900,\nbrno,,400,alba\n"
RAINS = "town,year,mm,kind,wet\nalba,2001,700.5,measured,true\nalba,2002,650,,\n"
LINK = ("towns", "near", "towns", "town")


@pytest.fixture
def folder(tmp_path):
    """A sound package of two tables."""
    foreign = {"fields": "town", "reference": {"resource": "towns", "fields": "town"}}
    resources = [
        {"name": name, "path": f"{name}.csv", "schema": {"fields": FIELDS[name], "primaryKey": KEYS[name]}}
        for name in FIELDS
    ]
    resources[1]["schema"]["foreignKeys"] = [foreign]
    made = tmp_path / "data"
    made.mkdir()
    (made / "datapackage.json").write_text(json.dumps({"resources": resources}))
    (made / "towns.csv").write_text(TOWNS)
    (made / "rains.csv").write_text(RAINS)
    seal(made)
    return made


def found(folder):
    """(code, file, row, column) of each fault."""
    return [(f.code, f.file, f.row, f.column) for f in check_package(folder, [LINK])[1]]


@pytest.mark.parametrize(
    "text, code",
    [
        *((f"al{char}ba", "unprintable") for char in "\x01\x1b\u200b\u202e\u2066\ufeff\xad\U000e0041"),
        *((f"{char}A1", "like_a_formula") for char in ("=", "+", "-", "@", " =", "\uff1d", "\uff0b")),
        ("x" * 1001, "too_long"),
    ],
)
def test_a_text_that_would_deceive_or_run_is_a_fault(folder, text, code):
    (folder / "rains.csv").write_text(RAINS)
    (folder / "towns.csv").write_text(TOWNS.replace("900,", f"900,{text}"), encoding="utf-8")
    seal(folder)
    faults = [(f.code, f.file, f.row, f.column) for f in check_package(folder)[1]]
    assert faults == [(f"landing.{code}", "towns.csv", 2, "near")]


def test_a_column_may_set_a_limit_of_its_own(folder):
    described = descriptor(folder)
    described["resources"][0]["schema"]["fields"][3]["constraints"] = {"maxLength": 3}
    (folder / "datapackage.json").write_text(json.dumps(described))
    assert found(folder) == [("landing.too_long", "towns.csv", 3, "near")]


def test_a_sound_package_has_no_faults_and_gives_its_tables(folder):
    tables, faults = check_package(folder, [LINK])
    assert faults == [] and tables["towns"]["people"].tolist() == ["900", "400"]
    assert unsealed(folder) == [] and seal(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("brno,,", ",,", ("checks.required", "towns.csv", 3, "town")),
        ("brno", "br1o", ("checks.pattern", "towns.csv", 3, "town")),
        ("1200-05-01", "1200-5-1", ("checks.not_date", "towns.csv", 2, "founded")),
        (",400,", ",4.5,", ("checks.not_integer", "towns.csv", 3, "people")),
        (",400,", ",0,", ("checks.out_of_range", "towns.csv", 3, "people")),
        ("400,alba", "400,alba rome", ("checks.no_such_keys", "towns.csv", 3, "near")),
        ("brno,,400,alba\n", "brno,,400\n", ("checks.row_does_not_fit", "towns.csv", 3, "")),
        ("town,founded", "place,founded", ("checks.header", "towns.csv", 1, "")),
        ("\nbrno", "\r\nbrno", ("checks.line_ends", "towns.csv", None, "")),
        ("brno,,400,alba\n", "brno,,400,alba\naaaa,,1,\n", ("checks.not_sorted", "towns.csv", 4, "")),
        ("brno,,400,alba\n", "brno,,400,alba\nbrno,,1,\n", ("checks.key_twice", "towns.csv", 4, "town")),
        ("700.5", "700,5", ("checks.row_does_not_fit", "rains.csv", 2, "")),
        ("700.5", "x", ("checks.not_number", "rains.csv", 2, "mm")),
        ("measured", "heard", ("checks.not_one_of", "rains.csv", 2, "kind")),
        ("true", "yes", ("checks.not_boolean", "rains.csv", 2, "wet")),
        ("alba,2002", "rome,2002", ("checks.no_such_key", "rains.csv", 3, "town")),
    ],
)
def test_each_fault_is_found_where_it_is(folder, old, new, fault):
    path = folder / fault[1]
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    assert unsealed(folder) == [fault[1]]
    assert ("checks.not_sealed", fault[1], None, "") in found(folder)
    seal(folder)
    assert fault in found(folder)


def test_files_that_are_missing_not_described_or_no_package(folder):
    (folder / "rains.csv").rename(folder / "snows.csv")
    assert found(folder) == [
        ("checks.not_described", "snows.csv", None, ""),
        ("checks.missing", "rains.csv", None, ""),
    ]
    (folder / "datapackage.json").write_text("{")
    with pytest.raises(Faults, match=r"datapackage.json checks.cannot_read"):
        check_package(folder)


# ------------------------------------------------------------------------------------------------------------- changes


def keep(path, column, old, new):
    return new or old


def check(folder):
    if faults := check_package(folder, [LINK])[1]:
        raise Faults(faults)


def test_rows_are_put_in_by_key_and_shown_before(folder):
    rows = [{"town": "cork", "people": "5"}, {"town": "brno", "people": "", "near": "cork"}, {"town": "alba"}]
    text, difference = changes.merged(folder, "towns.csv", rows, keep)
    assert [row["town"] for row in difference.added] == ["cork"] and difference.same == 1
    ((before, after),) = difference.changed
    assert (before["near"], after["near"], after["people"]) == ("alba", "cork", "400")
    assert text == "town,founded,people,near\nalba,1200-05-01,900,\nbrno,,400,cork\ncork,,5,\n"
    assert (folder / "towns.csv").read_text() == TOWNS
    changes.land({"towns.csv": rows}, folder, check, keep)
    assert (folder / "towns.csv").read_text() == text and unsealed(folder) == []


@pytest.mark.parametrize("write", [False, True])
def test_nothing_is_written_where_the_result_would_have_faults(folder, write):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Faults, match="not_integer"):
        changes.land({"towns.csv": [{"town": "cork", "people": "many"}]}, folder, check, keep, write)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".data.")] == [".data.lock"]


def test_a_trial_writes_nothing(folder):
    changes.land({"towns.csv": [{"town": "cork", "people": "5"}]}, folder, check, keep, write=False)
    assert (folder / "towns.csv").read_text() == TOWNS


def test_one_change_at_a_time_and_none_over_changes_by_hand(folder):
    with changes.alone(folder), pytest.raises(Faults, match=r"landing.busy"):
        changes.land({}, folder, check, keep)
    (folder / "towns.csv").write_text(TOWNS.replace("400", "401"))
    with pytest.raises(Faults, match=r"landing.changed_by_hand .*towns.csv"):
        changes.land({}, folder, check, keep)


def test_texts_that_no_table_should_hold():
    rows = {"a.csv": [{"note": "two\nlines", "sum": "=1+1", "short": "-1.5", "long": "x" * 1001}]}
    codes = {fault.column: fault.code for fault in changes.text_faults(rows)}
    assert codes == {"note": "landing.unprintable", "sum": "landing.like_a_formula", "long": "landing.too_long"}


def test_what_a_package_says_of_a_table(folder):
    assert [resource["name"] for resource in descriptor(folder)["resources"]] == ["towns", "rains"]
    assert package.columns_of(package.resource_of(folder, "towns.csv")) == ["town", "founded", "people", "near"]
