"""The planted faults of `make mutants` still fit the files that they are planted in."""

from pathlib import Path

import mutants
import pytest

ROOT = Path(mutants.ROOT)
ROWS = mutants.rows()


def test_there_are_faults_of_every_kind():
    kinds = [row["kind"] for row in ROWS]
    assert len(kinds) >= 40 and min(kinds.count(kind) for kind in ("facts", "words", "cards", "machinery")) >= 5


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["line"])
def test_a_fault_fits_its_file_and_names_tests_that_there_are(row):
    text = (ROOT / row["file"]).read_text(encoding="utf-8")
    assert text.count(row["old"]) == 1 and row["new"] != row["old"]
    assert [place for place in row["tests"].split() if not (ROOT / place).exists()] == []
