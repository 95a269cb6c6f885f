"""The check of the data folder: sound data pass, and each kind of fault is found where it is."""

import hashlib
import json
import os
import unicodedata

import pytest
import yaml

from ninhthuan.reference import data_dir
from ninhthuan_intake import checks
from ninhthuan_intake.refusals import worded

SIPAS, PAPI, PCI = "indicators/sipas.csv", "indicators/papi.csv", "indicators/pci.csv"
EDITIONS, COMPONENTS, PROVINCES = "reference/editions.csv", "reference/components.csv", "reference/provinces.csv"
WORK, CLAIMS = "workload/ninh_thuan.csv", "indicators/claims.csv"
# the row that is spoilt below
SPOILT = 1 + (data_dir() / SIPAS).read_text("utf-8").partition("par_vnn_2019,printed,\n")[0].count("\n")


def places(faults):
    """Where the faults are: (file, row, column)."""
    return [(fault.file, fault.row, fault.column) for fault in faults]


# ----------------------------------------------------------------------------------------------------------- sound data


def test_the_data_are_sound():
    rows = checks.check_data(data_dir())
    package = checks.descriptor(data_dir())
    assert list(rows) == [resource["name"] for resource in package["resources"]]
    for resource in package["resources"]:
        lines = (data_dir() / resource["path"]).read_text("utf-8").count("\n")
        assert rows[resource["name"]] == lines - 1


def test_the_descriptor_names_every_file_once():
    paths = [resource["path"] for resource in checks.descriptor(data_dir())["resources"]]
    assert len(paths) == len(set(paths))
    assert set(paths) == {path.relative_to(data_dir()).as_posix() for path in data_dir().rglob("*.csv")}


# -------------------------------------------------------------------------------------------------------------- sealing


def test_sealing_sound_data_changes_nothing(data_copy):
    before = (data_copy.path / "datapackage.json").read_bytes()
    assert data_copy.seal() == []
    assert (data_copy.path / "datapackage.json").read_bytes() == before


def test_sealing_names_what_changed(small_copy):
    package = checks.descriptor(small_copy.path)
    small_copy.set(SIPAS, 2, "note", "read again")
    assert small_copy.seal() == [SIPAS]
    assert small_copy.seal() == []
    assert small_copy.faults() == []
    content = (small_copy.path / SIPAS).read_bytes()
    for resource in package["resources"]:
        if resource["path"] == SIPAS:
            resource |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}
    assert checks.descriptor(small_copy.path) == package


# ----------------------------------------------------------------------------------------------------- files as a whole


def test_a_flipped_byte(small_copy):
    content = (small_copy.path / SIPAS).read_bytes()
    small_copy.path.joinpath(SIPAS).write_bytes(content.replace(b"81.83", b"81.38", 1))
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (SIPAS, None, "")
    assert "mã băm" in worded(fault)[0] and "hash" in worded(fault)[1]
    small_copy.seal()
    assert small_copy.faults() == []


def test_another_size(small_copy):
    small_copy.drop(SIPAS, len(small_copy.lines(SIPAS)))
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row) == (SIPAS, None)
    assert "kích thước" in worded(fault)[0] and "size" in worded(fault)[1]


def test_a_missing_file(small_copy):
    (small_copy.path / SIPAS).unlink()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (SIPAS, None, "")
    assert "thiếu tệp" in worded(fault)[0] and "missing" in worded(fault)[1]


def test_a_file_that_is_neither_there_nor_described(small_copy):
    (small_copy.path / SIPAS).unlink()
    package = checks.descriptor(small_copy.path)
    package["resources"] = [resource for resource in package["resources"] if resource["path"] != SIPAS]
    (small_copy.path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    # the package reads five indices: four are not enough, and that is a fault of the data, not of the program
    with pytest.raises(checks.DataFaults, match="sipas"):
        checks.check_data(small_copy.path)


def test_a_file_that_is_not_described(small_copy):
    small_copy.write("indicators/hdi.csv", ["edition_year,score", "2023,0.7"])
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row) == ("indicators/hdi.csv", None)
    assert "datapackage.json" in worded(fault)[0] and "describe it or remove it" in worded(fault)[1]


@pytest.mark.parametrize("text", ["", "{", '{"resources": [}'])
def test_a_descriptor_that_cannot_be_read(small_copy, text):
    (small_copy.path / "datapackage.json").write_text(text, encoding="utf-8")
    (fault,) = small_copy.faults()
    assert fault.file == "datapackage.json"
    assert "cannot be read" in worded(fault)[1]


def test_no_descriptor(tmp_path):
    with pytest.raises(checks.DataFaults, match=r"datapackage\.json"):
        checks.check_data(tmp_path)


# ------------------------------------------------------------------------------------------------------- text of a file


def rewrite(folder, file, change):
    """Put the bytes of a file through `change`."""
    path = folder.path / file
    path.write_bytes(change(path.read_bytes()))


def replace_once(old, new):
    def change(content):
        assert content.count(old) >= 1, old
        return content.replace(old, new, 1)

    return change


# the fourth line of sipas.csv is that of province 22
BYTES = {
    "header renamed": (SIPAS, replace_once(b",note\n", b",remark\n"), 1, "tiêu đề cột", "the header is"),
    "header reordered": (SIPAS, replace_once(b"edition_year,boundary", b"boundary,edition_year"), 1, "tiêu", "header"),
    "byte order mark": (SIPAS, lambda content: b"\xef\xbb\xbf" + content, 1, "tiêu đề cột", "the header is"),
    "empty file": (SIPAS, lambda content: b"", 1, "tiêu đề cột", "the header is"),
    "CR in one line": (SIPAS, replace_once(b"par_vnn_2019,printed,\n", b"par_vnn_2019,printed,\r\n"), None, "CR", "CR"),
    "not UTF-8": (
        SIPAS,
        replace_once(b"par_vnn_2019,printed,", b"par_vnn_2019,printed,\xe0"),
        SPOILT,
        "UTF-8",
        "not UTF-8",
    ),
    "a cell too many": (
        SIPAS,
        replace_once(b"par_vnn_2019,printed,\n", b"par_vnn_2019,printed,,\n"),
        SPOILT,
        "số ô",
        "does not fit the header",
    ),
    "a cell too few": (
        SIPAS,
        replace_once(b"par_vnn_2019,printed,\n", b"par_vnn_2019,printed\n"),
        SPOILT,
        "số ô",
        "does not fit the header",
    ),
    "a quote left open": (
        SIPAS,
        replace_once(b"par_vnn_2019,printed,\n", b'par_vnn_2019,printed,"\n'),
        None,
        "không đọc được bảng",
        "cannot be read",
    ),
}


@pytest.mark.parametrize("file, change, row, vi, en", BYTES.values(), ids=BYTES)
def test_text_of_a_file(small_copy, file, change, row, vi, en):
    rewrite(small_copy, file, change)
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (file, row, "")
    assert vi in worded(fault)[0]
    assert en in worded(fault)[1]


def test_decomposed_letters(small_copy):
    row = small_copy.row(PROVINCES, boundary="pre_2025", province_code=58)
    small_copy.set(PROVINCES, row, "name", unicodedata.normalize("NFD", "Ninh Thuận"))
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (PROVINCES, row, "")
    assert "không ở dạng NFC" in worded(fault)[0] and "not in NFC form" in worded(fault)[1]


def test_windows_line_ends_throughout(small_copy):
    rewrite(small_copy, SIPAS, lambda content: content.replace(b"\n", b"\r\n"))
    small_copy.seal()
    assert any("CR" in worded(fault)[1] for fault in small_copy.faults())


def test_an_empty_line(small_copy):
    # nothing stands in it, and every row below would be named one too low
    rewrite(small_copy, SIPAS, replace_once(b"par_vnn_2019,printed,\n", b"par_vnn_2019,printed,\n\n"))
    small_copy.seal()
    assert [(fault.file, fault.row) for fault in small_copy.faults()] == [(SIPAS, SPOILT + 1)]


def test_rows_out_of_order(small_copy):
    lines = small_copy.lines(SIPAS)
    # rows 2 and 3 change places: the third row is then less than the second
    small_copy.write(SIPAS, [lines[0], lines[2], lines[1], *lines[3:]])
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (SIPAS, 3, "")
    assert "không xếp theo khóa" in worded(fault)[0] and "not sorted" in worded(fault)[1]


def test_a_row_twice(small_copy):
    row = small_copy.row(SIPAS, edition_year=2021, province_code=58)
    small_copy.add(SIPAS, after=row, like=row, score="88.65", note="another score for the same key")
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (SIPAS, row + 1, "edition_year")
    assert "khóa trùng" in worded(fault)[0] and "repeats" in worded(fault)[1]


# --------------------------------------------------------------------------------------------------------- single cells

OWN_SIPAS = {"edition_year": 2022, "province_code": 58, "source_id": "sipas_nt_2022"}
TOTAL_2023 = {"edition_year": 2023, "province_code": 58, "component_id": "papi_total", "source_id": "nt_bao2023"}
PAPI_2023 = {"index_id": "papi", "edition_year": 2023}
PCI_2023 = {"edition_year": 2023, "province_code": 58, "component_id": "pci_total", "source_id": "pci_dddn_nt2023"}
DOSSIERS = {"measure": "dossiers_received", "channel": "all"}

# file, cells of the row, column, the value put in, and what is said in Vietnamese and in English
CELLS = {
    "required": (SIPAS, OWN_SIPAS, "basis", "", "phải có giá trị", "a value is required"),
    "required number": (WORK, DOSSIERS, "value", "", "ô trống", "a value is required"),
    "decimal comma": (SIPAS, OWN_SIPAS, "score", "81,83", "'81,83' không phải số", "decimal point"),
    "thousands": (WORK, DOSSIERS, "value", "42.972.0", "'42.972.0' không phải số", "is not a number"),
    "word": (SIPAS, OWN_SIPAS, "score", "n/a", "không phải số", "'n/a' is not a number"),
    "not finite": (SIPAS, OWN_SIPAS, "score", "inf", "không phải số", "'inf' is not a number"),
    "exponent": (SIPAS, OWN_SIPAS, "score", "8e1", "không phải số", "'8e1' is not a number"),
    "space in a number": (SIPAS, OWN_SIPAS, "score", " 81.83", "không phải số", "' 81.83' is not a number"),
    "full-width digit": (WORK, DOSSIERS, "value", "４2972", "không phải số", "is not a number"),
    "not whole": (SIPAS, OWN_SIPAS, "rank_published", "20.0", "không phải số nguyên", "is not a whole number"),
    "too high": (SIPAS, OWN_SIPAS, "rank_published", "66", "maximum 65", "'66' is out of range (maximum 65)"),
    "too low": (SIPAS, OWN_SIPAS, "rank_published", "0", "minimum 1", "'0' is out of range (minimum 1)"),
    "no such month": (EDITIONS, PAPI_2023, "published_on", "2024-13-02", "ngày dạng", "'2024-13-02' is not a day"),
    "no such day": (EDITIONS, PAPI_2023, "published_on", "2024-02-30", "ngày dạng", "'2024-02-30' is not a day"),
    "day first": (EDITIONS, PAPI_2023, "published_on", "02/04/2024", "ngày dạng", "is not a day"),
    "day without zeros": (EDITIONS, PAPI_2023, "published_on", "2024-4-2", "ngày dạng", "is not a day"),
    "neither true nor false": (WORK, DOSSIERS, "is_cumulative", "False", "true hoặc false", "'False' is not true or"),
    "word not listed": (
        PAPI,
        TOTAL_2023,
        "group_published",
        "highest",
        "upper_middle",
        "'highest' is not one of: high",
    ),
    "precision not listed": (
        EDITIONS,
        PAPI_2023,
        "published_precision",
        "week",
        "day, about",
        "'week' is not one of: day",
    ),
    "ranks not listed": (
        "reference/breaks.csv",
        {"component_id": "dti_total", "edition_year": 2022},
        "ranks",
        "counted",
        "side_by_side, marked",
        "'counted' is not one of: side_by_side",
    ),
    "unknown source": (SIPAS, OWN_SIPAS, "source_id", "sipas_nt_2099", "bảng sources", "is not in the table sources"),
    "second source": (
        CLAIMS,
        {"claim_id": "papi_2021_above_mean"},
        "source_id",
        "nt_gov2021 nt_gov2099",
        "bảng sources",
        "is not in the table sources",
    ),
    "source of an edition": (EDITIONS, PAPI_2023, "source_id", "undp2099", "bảng sources", "in the table sources"),
    "source of a component": (
        COMPONENTS,
        {"component_id": "pci_total"},
        "source_id",
        "pci_site_x",
        "bảng sources",
        "in the table sources",
    ),
    "unknown component": (PAPI, TOTAL_2023, "component_id", "papi_total9", "bảng components", "table components"),
    "unknown measure": (WORK, DOSSIERS, "measure", "dossiers_receivec", "bảng measures", "in the table measures"),
    "score off its scale": (PCI, PCI_2023, "score", "105.2", "ngoài thang 0–100", "105.2 is off the scale 0–100"),
    "score below its scale": (PCI, PCI_2023, "score", "-1", "ngoài thang", "-1 is off the scale 0–100 of pci_total"),
}


@pytest.mark.parametrize("file, where, column, value, vi, en", CELLS.values(), ids=CELLS)
def test_one_cell(small_copy, file, where, column, value, vi, en):
    row = small_copy.row(file, **where)
    small_copy.set(file, row, column, value)
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (file, row, column)
    assert vi in worded(fault)[0]
    assert en in worded(fault)[1]


def test_a_code_that_lost_its_zero(small_copy):
    row = small_copy.row(CLAIMS, claim_id="pci_2022_improved")
    small_copy.set(CLAIMS, row, "province_code", "1")
    small_copy.seal()
    shape, reference = small_copy.faults()
    assert places([shape, reference]) == [(CLAIMS, row, "province_code")] * 2
    assert "does not match [0-9]{2}" in worded(shape)[1]
    assert "'1' is not in the table provinces" in worded(reference)[1]


def test_an_unknown_province(small_copy):
    # the code and its population together are what must exist
    row = small_copy.rows(SIPAS, province_code="80", edition_year="2024")[-1]
    small_copy.set(SIPAS, row, "province_code", "99")
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (SIPAS, row, "boundary, province_code")
    assert "'pre_2025 99' is not in the table provinces" in worded(fault)[1]


def test_a_province_of_the_other_population(small_copy):
    # 96 exists in both; 95 (Bạc Liêu) only before the merger, and it is the last row
    row = small_copy.rows("indicators/dti.csv", boundary="post_2025")[-1]
    last = small_copy.add(
        "indicators/dti.csv", after=row, like=row, province_code="95", rank_published="30", note="not a unit of 2025"
    )
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.row, fault.column) == (last, "boundary, province_code")
    assert "'post_2025 95'" in worded(fault)[1]


# ----------------------------------------------------------------------------------------- PAPI: scales, sums, coverage


def test_scale_of_the_edition(small_copy):
    # 60 is possible for eight dimensions, but 12 is not for one
    row = small_copy.row(PAPI, edition_year=2023, province_code=56, component_id="papi_d3")
    small_copy.set(PAPI, row, "score", "12")
    small_copy.seal()
    faults = small_copy.faults()
    assert (PAPI, row, "score") in places(faults)
    assert any("12 is off the scale 1–10 of papi_d3" in worded(fault)[1] for fault in faults)


def test_a_component_that_was_dropped(small_copy):
    # 5.2 (construction permits) has no data from 2021
    row = small_copy.row(PAPI, edition_year=2023, province_code=58, component_id="papi_d5_3")
    small_copy.set(PAPI, row, "component_id", "papi_d5_2")
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (PAPI, row, "component_id")
    assert "papi_d5_2 không tồn tại trong kỳ 2023" in worded(fault)[0]
    assert "papi_d5_2 does not exist in the edition 2023" in worded(fault)[1]


@pytest.mark.parametrize("figures, tolerance", [((8, 2), 0.045), ((3, 1, 2), 0.155), ((8, 6), 0.00006)])
def test_a_sum_may_be_out_by_half_of_the_last_place_of_each_figure(figures, tolerance):
    assert checks.sum_tolerance(*figures) == pytest.approx(tolerance)


@pytest.mark.parametrize(
    "part, whole, source_id",
    [("papi_d3", "papi_total", "gh_tunah72"), ("papi_d3_1", "papi_d3", "gh_mlmcdm")],
    ids=["total", "dimension"],
)
def test_parts_that_do_not_add_up(small_copy, part, whole, source_id):
    cells = {"edition_year": 2023, "province_code": 58, "source_id": source_id}
    row = small_copy.row(PAPI, component_id=part, **cells)
    score = float(small_copy.cells(PAPI, row)["score"])
    # half of the tolerance is let pass, a hundredth of a point is not
    small_copy.set(PAPI, row, "score", f"{score + 0.00003:.6f}")
    small_copy.seal()
    assert small_copy.faults() == []
    small_copy.set(PAPI, row, "score", f"{score + 0.01:.6f}")
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (PAPI, small_copy.row(PAPI, component_id=whole, **cells), "score")
    assert f"{whole} 2023" in worded(fault)[0] and "tổng các phần" in worded(fault)[0]
    assert "its parts sum to" in worded(fault)[1]


def test_sister_workbooks_of_the_publisher_are_compared(data_copy):
    # the total of 2018 stands in one workbook, its dimensions in another
    row = data_copy.row(PAPI, edition_year=2018, province_code=58, component_id="papi_total", source_id="xlsx2018full")
    data_copy.set(PAPI, row, "score", "45.521844")
    data_copy.seal()
    (fault,) = data_copy.faults()
    assert (fault.file, fault.row, fault.column) == (PAPI, row, "score")
    assert "45.521844, its parts sum to 45.42184" in worded(fault)[1]


def test_a_province_that_is_not_covered(small_copy):
    edition = small_copy.row(EDITIONS, **PAPI_2023)
    small_copy.drop(PAPI, *small_copy.rows(PAPI, edition_year=2023, province_code=58, component_id="papi_total"))
    small_copy.seal()
    gone, count = small_copy.faults()
    assert (gone.file, gone.row, gone.column) == (EDITIONS, edition, "provinces_withheld")
    assert "các tỉnh 58 thiếu tổng điểm" in worded(gone)[0]
    assert "provinces 58 have no total and are not listed as withheld" in worded(gone)[1]
    assert (count.row, count.column) == (edition, "provinces_scored")
    assert "61 provinces stated, 60 in the data" in worded(count)[1]


def test_a_province_that_is_withheld_and_has_a_score(small_copy):
    edition = small_copy.row(EDITIONS, **PAPI_2023)
    small_copy.set(EDITIONS, edition, "provinces_withheld", "22 58 74")
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (EDITIONS, edition, "provinces_withheld")
    assert "58 vừa có tổng điểm vừa ghi là không công bố" in worded(fault)[0]
    assert "58 have a total and are also listed as withheld" in worded(fault)[1]


def test_provinces_scored(small_copy):
    edition = small_copy.row(EDITIONS, **PAPI_2023)
    small_copy.set(EDITIONS, edition, "provinces_scored", "63")
    small_copy.seal()
    (fault,) = small_copy.faults()
    assert (fault.file, fault.row, fault.column) == (EDITIONS, edition, "provinces_scored")
    assert "ghi 63 tỉnh, số liệu có 61" in worded(fault)[0]
    assert "63 provinces stated, 61 in the data" in worded(fault)[1]


# ---------------------------------------------------------------------------------------------------------- all at once


def test_faults_of_several_files_are_reported_together(small_copy):
    score = small_copy.row(SIPAS, **OWN_SIPAS)
    small_copy.set(SIPAS, score, "score", "81,83")
    day = small_copy.row(EDITIONS, **PAPI_2023)
    small_copy.set(EDITIONS, day, "published_on", "2.4.2024")
    small_copy.set(EDITIONS, day, "boundary", "2025")
    work = small_copy.row(WORK, **DOSSIERS)
    small_copy.set(WORK, work, "source_id", "nobody")
    small_copy.seal()
    (small_copy.path / "indicators/national.csv").unlink()

    with pytest.raises(checks.DataFaults) as found:
        checks.check_data(small_copy.path)
    assert set(places(found.value.faults)) == {
        (SIPAS, score, "score"),
        (EDITIONS, day, "published_on"),
        (EDITIONS, day, "boundary"),
        (WORK, work, "source_id"),
        ("indicators/national.csv", None, ""),
    }
    in_vietnamese = [vi for vi, _ in found.value.texts()]
    in_english = [en for _, en in found.value.texts()]
    assert str(found.value).split("\n") == in_vietnamese
    assert f"{SIPAS}, dòng {score}, cột score: '81,83' không phải số (dấu thập phân trong tệp là dấu chấm)" in (
        in_vietnamese
    )
    assert f"{SIPAS}, row {score}, column score: '81,83' is not a number (files use a decimal point)" in in_english
    assert f"{WORK}, row {work}, column source_id: 'nobody' is not in the table sources" in in_english
    assert any(line.startswith("indicators/national.csv: ") for line in in_english)


def test_every_bad_row_is_named(small_copy):
    rows = small_copy.rows(SIPAS, province_code=58)
    assert len(rows) > 3
    for row in rows:
        small_copy.set(SIPAS, row, "basis", "guessed")
    small_copy.seal()
    assert places(small_copy.faults()) == [(SIPAS, row, "basis") for row in rows]


def test_a_sum_may_be_out_by_what_rounding_makes_of_it():
    """Eight parts and their total with two decimals each: nine halves of a hundredth; the least is single precision."""
    assert checks.sum_tolerance(8, 2) == pytest.approx(9 * 0.005)
    assert checks.sum_tolerance(8, 4, 5) == pytest.approx(8 * 0.00005 + 0.000005)
    assert checks.sum_tolerance(2, 6) == 0.00006


# ------------------------------------------------------------------------------------------ by the standard's own judge


@pytest.fixture(scope="module")
def frictionless():
    """The reference implementation of the data package standard; see `tests/conftest.py` on what is not installed."""
    try:
        import frictionless
    except ModuleNotFoundError:
        message = "frictionless is not installed: make setup"
        pytest.fail(message) if os.environ.get("NINHTHUAN_NO_SKIP") else pytest.skip(message)
    return frictionless


def test_the_version_of_the_data_is_the_one_that_is_cited():
    cited = yaml.safe_load((data_dir().parent / "CITATION.cff").read_text("utf-8"))
    package = checks.descriptor(data_dir())
    assert (cited["version"], str(cited["date-released"])) == (package["version"], package["created"][:10])
    assert cited["title"] == package["title_en"] and cited["type"] == "dataset"
    assert f"data {package['version']}" in (data_dir().parent / "CHANGELOG.md").read_text("utf-8")


def test_the_data_are_valid_by_their_standard(frictionless):
    report = frictionless.validate(str(data_dir() / "datapackage.json"))
    assert report.flatten(["rowNumber", "fieldName", "type", "message"])[:5] == []
    assert report.valid and len(report.tasks) == len(checks.descriptor(data_dir())["resources"])


def test_the_standard_is_asked_for_types_and_references(frictionless, small_copy):
    small_copy.set(SIPAS, 2, "score", "many")
    small_copy.set(SIPAS, 3, "source_id", "nobody")
    small_copy.seal()
    found = frictionless.validate(str(small_copy.path / "datapackage.json")).flatten(["rowNumber", "type"])
    assert found == [[2, "type-error"], [3, "foreign-key"]]
