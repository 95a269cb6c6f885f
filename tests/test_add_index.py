"""A new index is rows in seven tables of data/: one is added as docs/howto/add-index.md says, and reports show it."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ninhthuan.reference import data_dir

ROOT = Path(__file__).resolve().parent.parent
# Its figures are made up; each table gets rows, named by column, and blanks for the rest.
SOURCE = {"source_id": "synthetic", "title": "Số liệu giả định để thử", "title_en": "Synthetic figures for a test"}
INDEX = {
    "index_id": "abc",
    "position": 6,
    "abbreviation": "ABC",
    "name": "Chỉ số giả định",
    "name_en": "Synthetic index",
    "topic": "giả định",
    "topic_en": "synthetic",
    "publisher": "Không có",
    "publisher_en": "Nobody",
    "unit": "points",
    "decimals": 2,
    "better": "higher",
    "rank_is_published": "false",
    "source_id": "synthetic",
}
PARTS = ("abc_total", "abc_one", "abc_two")
YEARS = (2020, 2021, 2022, 2023)


def component(place, name):
    total = place == 0
    return {
        "component_id": name,
        "first_edition": YEARS[0],
        "index_id": "abc",
        "parent_id": "" if total else PARTS[0],
        "level": "total" if total else "dimension",
        "number": "" if total else place,
        "name": f"Giả định {place}",
        "name_en": f"Synthetic {place}",
        "short_name": f"Giả định {place}",
        "short_name_en": f"Synthetic {place}",
        "scale_min": 0,
        "scale_max": 200 if total else 100,
        "unit": "points",
        "parts_sum": "true" if total else "false",
        "source_id": "synthetic",
    }


def add_rows(folder, table, rows, key):
    path = folder / f"{table}.csv"
    with open(path, encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        columns, held = reader.fieldnames, list(reader)
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{table} has no column {unknown}"
    held += [{name: str(row.get(name, "")) for name in columns} for row in rows]
    held.sort(key=lambda row: tuple(row[name] for name in key))
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(held)


@pytest.fixture(scope="module")
def with_an_index(tmp_path_factory):
    """A copy of data/ with a synthetic index, sealed."""
    folder = tmp_path_factory.mktemp("with_an_index") / "data"
    shutil.copytree(data_dir(), folder)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    keys = {resource["name"]: resource["schema"]["primaryKey"] for resource in descriptor["resources"]}
    source = SOURCE | {"publisher": "Không có", "published": "2024-01-15", "kind": "publisher_table", "rights": "-"}
    add_rows(folder, "reference/sources", [source], keys["sources"])
    add_rows(folder, "reference/indices", [INDEX], keys["indices"])
    add_rows(folder, "reference/components", [component(*pair) for pair in enumerate(PARTS)], keys["components"])
    editions = [
        {
            "index_id": "abc",
            "edition_year": year,
            "boundary": "pre_2025",
            "published_on": f"{year + 1}-02-01",
            "published_precision": "day",
            "provinces_scored": 63,
            "source_id": "synthetic",
        }
        for year in YEARS
    ]
    add_rows(folder, "reference/editions", editions, keys["editions"])
    caution = {"severity": "caution", "ranks": "marked", "index_id": "abc", "source_id": "synthetic"}
    words = {"label": "thử", "label_en": "test", "note": "Để thử.", "note_en": "For a test."}
    add_rows(
        folder,
        "reference/breaks",
        [{"component_id": PARTS[1], "edition_year": 2022} | caution | words],
        keys["breaks"],
    )
    with open(folder / "reference/provinces.csv", encoding="utf-8", newline="") as handle:
        codes = [
            row["province_code"]
            for row in csv.DictReader(handle)
            if row["boundary"] == "pre_2025" and row["valid_to"] in ("", "2025-06-30")
        ]
    papi, file = (folder / f"indicators/{name}.csv" for name in ("dti", "abc"))
    file.write_text(papi.read_text(encoding="utf-8").split("\n", 1)[0] + "\n", encoding="utf-8")
    rows = []
    for year in YEARS:
        for place, code in enumerate(codes):
            one, two = 40 + (place * 7 + year * 3) % 50, 30 + (place * 11 + year) % 60
            for name, score in zip(PARTS, (one + two, one, two), strict=True):
                cell = {"edition_year": year, "boundary": "pre_2025", "province_code": code, "component_id": name}
                rows.append(cell | {"score": f"{score}.25", "basis": "printed", "source_id": "synthetic"})
    for row in rows:
        if row["component_id"] == PARTS[0]:
            row["score"] = row["score"].replace(".25", ".50")
    add_rows(folder, "indicators/abc", rows, keys["dti"])
    like = next(resource for resource in descriptor["resources"] if resource["name"] == "dti")
    described = like | {"name": "abc", "path": "indicators/abc.csv", "title": "ABC", "title_en": "ABC"}
    descriptor["resources"].append(described)
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")
    changed = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.*")
        if not (data_dir() / path.relative_to(folder)).is_file()
        or path.read_bytes() != (data_dir() / path.relative_to(folder)).read_bytes()
    }
    assert len(changed) == 7
    sealed = ask(folder, "-m", "ninhthuan_reports.cli", "check", "--seal", "--language", "en")
    assert sealed.returncode == 0, sealed.stdout + sealed.stderr
    return folder


def ask(folder, *arguments):
    places = [str(ROOT), str(ROOT / "packages"), str(ROOT / "benchmarks")]
    env = os.environ | {"NINHTHUAN_DATA": str(folder), "PYTHONPATH": os.pathsep.join(places)}
    return subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True, encoding="utf-8")


SPOKEN = """
import sys
from types import SimpleNamespace
import ninhthuan as nt
import sweep
from ninhthuan_reports import cards
from ninhthuan_reports.runs.plan import notebooks_dir

class Printed(sweep.Spoken):
    def _deliver(self, name, kind, frame, caption, *rest, **more):
        print(name, caption.title, sep="|")

assert list(nt.catalogue.catalogue().indices)[-1] == "abc"
for name, index_id in (("20_index_trend", "abc"), ("10_index_overview", "")):
    values = {"quarter": "2024Q1", "as_of": "", "province_code": "58", "language": "vi"}
    values |= {"index_id": index_id} if index_id else {}
    sweep.run_cells(SimpleNamespace(notebook=notebooks_dir() / f"{name}.ipynb", parameters=values), Printed)
"""


def test_an_index_that_was_added_is_loaded_compared_and_said(with_an_index):
    spoken = ask(with_an_index, "-c", SPOKEN)
    assert spoken.returncode == 0, spoken.stderr
    # each card speaks Vietnamese and then English; the later title is kept
    titles = dict(line.split("|", 1) for line in spoken.stdout.splitlines())
    assert "ABC 2023" in titles["index_course"] and "ABC 2023: Ninh Thuan" in titles["component_gaps"]
    assert "ABC 2023" in titles["index_overview"] and "of 6 indices" in titles["one_picture"]
