"""The planted faults of `make mutants` still fit the files that they are planted in, and name tests that there are."""

import ast
import csv
import fnmatch
import functools
from pathlib import Path

import mutants
import pytest

ROOT = Path(mutants.ROOT)
ROWS = mutants.rows()
with open(ROOT / "tests/full.csv", encoding="utf-8", newline="") as handle:
    LEFT_OUT = list(csv.DictReader(handle))


@functools.cache
def named_in(file: str) -> set[str]:
    """Tests of a file as they are named after its path: `::test_x`, `::TestY::test_z`."""
    found, tree = set(), ast.parse((ROOT / file).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            found |= {f"::{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef):
            found.add(f"::{node.name}")
    return found


def test_there_are_faults_of_every_kind():
    kinds = [row["kind"] for row in ROWS]
    assert min(kinds.count(kind) for kind in ("facts", "words", "cards", "machinery")) >= 10
    assert kinds.count("facts") + kinds.count("words") >= 40 and kinds.count("machinery") >= 34
    faults = [row["fault"] for row in ROWS]
    assert len(set(faults)) == len(faults)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line"])
def test_a_fault_fits_its_file_and_names_tests_that_there_are(row):
    text = (ROOT / row["file"]).read_text(encoding="utf-8")
    assert text.count(row["old"]) == 1 and row["new"] != row["old"]
    for test in row["tests"].split():
        file, separator, name = test.partition("::")
        assert separator + name.partition("[")[0] in named_in(file), test
        assert not any(fnmatch.fnmatchcase(test, pattern["tests"]) for pattern in LEFT_OUT), test


def test_of_what_the_default_tier_leaves_out_it_finds_a_fault():
    known = {row["fault"] for row in ROWS}
    assert [row["tests"] for row in LEFT_OUT if row["fault that the default tier finds"] not in known] == []
    assert all(row["in its place by default"] for row in LEFT_OUT)
