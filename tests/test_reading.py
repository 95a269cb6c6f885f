"""What a process notes as read, and that whatever it did not note makes no difference to what it got."""

import csv

import pandas as pd
import pytest

from ninhthuan import datasets, indicators, reading
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import data_dir
from ninhthuan_reports.runs.inputs import Inputs


@pytest.fixture(autouse=True)
def fresh():
    """As in a new process: nothing read, nothing remembered."""
    before = reading._collecting[0].copy()
    reading.forget()
    yield
    reading._collecting[0] |= before


def test_a_selection_has_one_name():
    assert reading.selection("a/b.csv") == "a/b.csv"
    one = reading.selection("a/b.csv", year=[2021, 2020], boundary={"pre_2025"})
    assert one == reading.selection("a/b.csv", boundary=["pre_2025"], year=(2020, 2021))
    assert one == "a/b.csv?boundary=pre_2025&year=2020,2021"


def test_a_table_noted_as_a_whole_swallows_its_parts():
    for name in ("a/b.csv?x=1", "a/c.csv?x=1", "a/b.csv", "a/b.csv?x=2"):
        reading.note(name)
    assert reading.seen() == ["a/b.csv", "a/c.csv?x=1"]
    reading.forget()
    assert reading.seen() == []


def test_an_answer_from_memory_notes_again_what_it_rests_on():
    """A warm parent has computed it long before; the notebook that gets it rests on the same rows all the same."""
    calls = []

    @reading.remembered
    def inner(name):
        calls.append(name)
        reading.note(f"{name}?inner=1")
        return name

    @reading.remembered
    def outer(name):
        reading.note(f"{name}?outer=1")
        return inner(name)

    for _ in range(2):
        assert outer("t") == "t"
        assert reading.seen() == ["t?inner=1", "t?outer=1"]
        reading.forget()
    assert inner("t") == "t" and reading.seen() == ["t?inner=1"]
    assert calls == ["t"]
    outer.cache_clear()
    inner.cache_clear()
    outer("t")
    assert calls == ["t", "t"]


def test_a_computation_that_fails_is_not_remembered_and_leaves_nothing_behind():
    @reading.remembered
    def fails(name):
        reading.note(name)
        raise ValueError(name)

    for _ in range(2):
        with pytest.raises(ValueError):
            fails("a.csv")
    assert len(reading._collecting) == 1
    assert reading.seen() == ["a.csv"], "it was read, whatever came of it"


def test_reference_tables_are_not_noted_one_by_one():
    datasets.printed_rows("reference/indices.csv")
    assert reading.seen() == []
    datasets.printed_rows("indicators/dti.csv", province_code=[58])
    assert reading.seen() == ["indicators/dti.csv?province_code=58"]


def path_of(index_id):
    return f"indicators/{index_id}.csv"


def _noted(index_id):
    reading.forget()
    for thing in (*vars(datasets).values(), *vars(indicators).values()):
        if hasattr(thing, "cache_clear"):
            thing.cache_clear()
    frame = indicators.load_index(index_id, as_of="2024-04-30", boundary="pre_2025")
    return frame, reading.seen()


@pytest.mark.parametrize("index_id", list(catalogue().indices))
def test_rows_that_were_not_noted_make_no_difference(index_id, data_copy, monkeypatch):
    """All of them are spoilt at once, in every indicator table: the frame is the same, and so are the hashes."""
    monkeypatch.setenv("NINHTHUAN_DATA", str(data_copy.path))
    frame, names = _noted(index_id)
    assert names and all(name.startswith("indicators/") for name in names)
    before = Inputs()
    spoilt = 0
    wanted: dict[str, list[dict]] = {}
    for name in names:
        relative, _, conditions = name.partition("?")
        parts = (condition.partition("=") for condition in conditions.split("&") if condition)
        wanted.setdefault(relative, []).append({column: values.split(",") for column, _, values in parts})
    for path in sorted(data_copy.path.glob("indicators/*.csv")):
        with open(path, encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row in rows:
            noted = wanted.get(path.relative_to(data_copy.path).as_posix(), [])
            if not any(all(row[column] in values for column, values in where.items()) for where in noted):
                row["source_id"] = "nowhere"
                spoilt += 1
        with open(path, "w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    assert spoilt > 1000
    after = Inputs()
    assert [after.selection(name) for name in names] == [before.selection(name) for name in names]
    again, same = _noted(index_id)
    assert same == names
    pd.testing.assert_frame_equal(again, frame)
    # the other way round: without the noted rows of a province it has no scores and ranks
    data_copy.drop(path_of(index_id), *data_copy.rows(path_of(index_id), province_code="58"))
    less, _ = _noted(index_id)
    found, left = (f.loc[f["province_code"] == "58", ["score", "rank_published"]] for f in (frame, less))
    assert found.notna().any(axis=None) and not left.notna().any(axis=None)


@pytest.mark.parametrize(
    "spoil, differs",
    [
        (lambda data, own, other: data.set("indicators/dti.csv", own, "score", "0.5"), True),
        (lambda data, own, other: data.set("indicators/dti.csv", own, "note", "x"), True),
        (lambda data, own, other: data.set("indicators/dti.csv", other, "score", "0.5"), False),
        # every row below it has another number then, and figures name the rows that they come from
        (lambda data, own, other: data.drop("indicators/dti.csv", min(own, other)), True),
        (lambda data, own, other: data.drop("indicators/dti.csv", own), True),
        (lambda data, own, other: (data.path / "indicators/dti.csv").unlink(), True),
        (lambda data, own, other: data.write("indicators/dti.csv", ["year", "2020"]), True),
        (lambda data, own, other: data.set("indicators/papi.csv", 5, "score", "0.5"), False),
    ],
)
def test_the_hash_of_a_selection_is_that_of_its_rows(spoil, differs, data_copy, monkeypatch):
    monkeypatch.setenv("NINHTHUAN_DATA", str(data_copy.path))
    assert data_dir() == data_copy.path
    own = data_copy.rows("indicators/dti.csv", province_code="58", edition_year=2022)[0]
    other = data_copy.rows("indicators/dti.csv", province_code="22", edition_year=2020)[0]
    name = reading.selection("indicators/dti.csv", edition_year=[2022], province_code=["58"])
    before = Inputs().selection(name)
    spoil(data_copy, own, other)
    assert (Inputs().selection(name) != before) is differs
