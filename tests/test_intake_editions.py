"""Workbooks of PAPI and PCI: every layout read back as the figures stand in data/, every fault by its cell."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from publisher_workbooks import (
    DATA,
    PAPI_SOURCES,
    PCI_NAMES,
    Workbook,
    label,
    pairs_sheet,
    papi_34_units,
    papi_2018,
    papi_2019,
    papi_2024,
    papi_columns,
    papi_figures,
    papi_province_rows,
    papi_since_2020,
    papi_without_numbers,
    papi_years,
    pci_figures,
    pci_order,
    pci_pairs,
    pci_province_rows,
    province_names,
    table,
)

from careful_tables import changes
from ninhthuan.reference import data_from
from ninhthuan_intake import landing
from ninhthuan_intake.editions import Request
from ninhthuan_intake.papi import read_papi
from ninhthuan_intake.pci import read_pci
from ninhthuan_intake.refusals import Refused, fingerprint
from ninhthuan_reports import cli

# The publishers' own files, where they are at hand; they are never part of the project.
SAMPLES = Path(
    os.environ.get("NINHTHUAN_WORKBOOKS") or Path(__file__).resolve().parent.parent.parent / "shared/data/workbooks"
)


def figures(rows):
    """(province, component, basis) to what a row says."""
    said = ("score", "rank_published", "n_ranked_published", "group_published")
    return {
        (row["province_code"], row["component_id"], row["basis"]): tuple(row.get(name, "") for name in said)
        for row in rows
    }


def held(index_id, year, source_id, keep=lambda row: True):
    rows = table(f"indicators/{index_id}.csv")
    return figures(r for r in rows if r["edition_year"] == str(year) and r["source_id"] == source_id and keep(r))


def faults(read, path, **said):
    with pytest.raises(Refused) as refused:
        read(Request(path, **said))
    return refused.value


# --------------------------------------------------------------------------------------------------------------- PAPI


def papi_book(folder, year):
    if year < 2018:
        # the file of 2011 has the year after in its tab
        tab = "2012PAPI- Bảng tổng hợp kết quả" if year == 2011 else None
        return papi_province_rows(folder / f"PAPI-{year}-Dữ-liệu-1.xlsx", year, tab)
    if year == 2018:
        return papi_2018(folder / "PAPI2018_ProvincialScores_ByIndicators_VIE.xlsx")
    if year == 2019:
        return papi_2019(folder / "2019_PAPI_Provincial_indicators2019_VIE_ENG.xlsx")
    if year < 2024:
        return papi_since_2020(folder / f"1.{year}PAPI_ProvincialIndicators_BangChiTieuCapTinh..xlsx", year)
    return papi_2024(folder / "2024PAPI_ProvincialIndicators_BangChiTieuCapTinh_34_TinhThanh.xlsx")


@pytest.mark.parametrize("year", range(2011, 2025))
def test_every_layout_of_papi_gives_the_figures_that_are_held(tmp_path, year):
    proposal = read_papi(Request(papi_book(tmp_path, year)))
    found = figures(proposal.rows["indicators/papi.csv"])
    # dimensions of the transcriptions since 2020 are sums there; here they are printed
    expected = {key[:2]: said for key, said in held("papi", year, PAPI_SOURCES[year]).items() if key[1] != "papi_total"}
    assert {key[:2]: said for key, said in found.items() if key[1] != "papi_total"} == expected
    assert {basis for _, component, basis in found if component != "papi_total"} == {"printed"}
    totals = {province: float(said[0]) for (province, component, _), said in found.items() if component == "papi_total"}
    known = {}
    for row in table("indicators/papi.csv"):
        here = (row["edition_year"], row["component_id"], row["basis"]) == (str(year), "papi_total", "printed")
        if here and row["score"]:
            known.setdefault(row["province_code"], []).append(row["score"])
    if year < 2018:
        # no total stands in these files: it is the sum, and left out where another source prints it
        assert set(totals) == (set(province_names(year)) if year == 2017 else set())
    else:
        scored = {province for province, component, _ in found if component == "papi_total"}
        assert len(scored) == int(proposal.rows["reference/editions.csv"][0]["provinces_scored"])
    for province, printed in known.items():
        if province in totals:
            assert any(abs(totals[province] - float(one)) < 0.006 for one in printed), province


@pytest.mark.parametrize("year", [2014, 2018, 2021, 2022, 2023, 2024])
def test_provinces_without_a_result_are_withheld_whatever_stands_in_their_cells(tmp_path, year):
    (edition,) = read_papi(Request(papi_book(tmp_path, year))).rows["reference/editions.csv"]
    (known,) = [r for r in table("reference/editions.csv") if (r["index_id"], r["edition_year"]) == ("papi", str(year))]
    assert edition == known and edition["provinces_withheld"]


def test_the_weighted_total_is_never_taken(tmp_path):
    found = figures(read_papi(Request(papi_book(tmp_path, 2019))).rows["indicators/papi.csv"])
    assert found[("58", "papi_total", "printed")][0] == "43.25919"


def test_sheets_of_older_years_are_left_alone(tmp_path):
    proposal = read_papi(Request(papi_book(tmp_path, 2023)))
    assert "'2023_VIE_ENG'" in proposal.summary[1]
    assert proposal.rows["reference/imports.csv"][0]["sheet"] == "2023_VIE_ENG"
    older = read_papi(Request(papi_book(tmp_path, 2023), year=2020, sheet="2020_VIE_ENG"))
    found = figures(older.rows["indicators/papi.csv"])
    known = {key: said for key, said in held("papi", 2020, "gh_mlmcdm").items() if key[2] == "printed"}
    assert len(known) == 63 * 29 and {key: found[key] for key in known} == known


def test_sub_dimensions_without_numbers_are_known_by_their_place_and_sum(tmp_path):
    proposal = read_papi(Request(papi_without_numbers(tmp_path / "2019PAPI.xlsx")))
    found = figures(proposal.rows["indicators/papi.csv"])
    expected = held("papi", 2019, "xlsx2019", lambda row: row["component_id"] != "papi_total")
    assert {key: said for key, said in found.items() if key[1] != "papi_total"} == expected


def test_the_year_is_that_of_the_file_name(tmp_path):
    papi_province_rows(tmp_path / "PAPI-2011-Dữ-liệu-1.xlsx", 2011, "2012PAPI- Bảng tổng hợp")
    proposal = read_papi(Request(tmp_path / "PAPI-2011-Dữ-liệu-1.xlsx"))
    assert {row["edition_year"] for row in proposal.rows["indicators/papi.csv"]} == {"2011"}
    assert any("2011 is taken from the file name" in en for _, en in proposal.notes)
    shutil.copy(proposal and tmp_path / "PAPI-2011-Dữ-liệu-1.xlsx", tmp_path / "scores.xlsx")
    error = faults(read_papi, tmp_path / "scores.xlsx")
    assert "names no year" in error.lines("en")[0] and "--year" in error.lines("vi")[0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"year": 1999}, "PAPI begins with 2011"),
        ({"year": 0}, "PAPI begins with 2011"),
        ({"year": 2099}, "no year to come, not 2099"),
        ({"source_id": "../../etc/x"}, "--source is small letters"),
        ({"source_id": "Bảng 2016\n"}, "--source is small letters"),
        ({"published_on": "20170404"}, "written like 2026-04-15, not '20170404'"),
        ({"published_on": "2017-W14-2"}, "written like 2026-04-15"),
        ({"published_on": "2015-12-31"}, "--published-on 2015-12-31 is before 2016"),
    ],
)
def test_what_a_user_says_of_a_file_that_cannot_be(tmp_path, said, words):
    """Told before the file is opened, which is not there."""
    (line,) = faults(read_papi, tmp_path / "PAPI-2016.xlsx", **said).lines("en")
    assert words in line


def test_everything_wrong_with_a_request_is_told_at_once(tmp_path):
    error = faults(read_papi, tmp_path / "scores.xlsx", source_id="a b", published_on="x")
    assert len(error.lines("en")) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("=cmd|' /C calc'!A0", "begins like a formula"),
        ("@SUM(A1)", "begins like a formula"),
        ("-2+3", "begins like a formula"),
        ("một\nhai", "cannot be printed, turns text round or is a new line"),
        ("\x1b[31m", "cannot be printed"),
        ("\udcff", "cannot be printed"),
        ("x" * 1001, "longer than 1000"),
    ],
)
def test_texts_that_no_table_should_hold(tmp_path, text, words):
    path = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009)
    (line,) = faults(read_pci, path, source_id="another", title=text).lines("en")
    assert line.startswith("reference/sources.csv, title: ") and words in line and len(line) < 200
    assert read_pci(Request(path, source_id="another", title="Bảng -1,5 (a=b)"))


def test_figures_of_another_edition_are_known_for_what_they_are(tmp_path):
    papi_province_rows(tmp_path / "PAPI-2013.xlsx", 2012, "Bảng tổng hợp")
    error = faults(read_papi, tmp_path / "PAPI-2013.xlsx")
    assert "holds the figures of 2012, not of 2013" in error.lines("en")[0]
    assert "chứa số liệu của kỳ 2012, không phải 2013" in error.lines("vi")[0]


def spoilt(folder, change):
    """PAPI 2016 with a change; row 0 is the heading, row 1 Hà Nội (01), column 1 dimension 1."""
    return papi_province_rows(folder / "PAPI-2016.xlsx", 2016, change=change)


def put(rows, row, column, value):
    rows[row][column] = value


@pytest.mark.parametrize(
    ("change", "cell", "words"),
    [
        (lambda rows: put(rows, 1, 1, 5.9), "B2", "its parts (C2…F2) add up to 5.3377"),
        (lambda rows: put(rows, 1, 1, 5.339), "B2", "its parts (C2…F2) add up to 5.3377"),
        (lambda rows: put(rows, 3, 4, 99.0), "E4", "99.0000 is off the scale 0.25–2.5 of sub-dimension 1.3"),
        (lambda rows: put(rows, 2, 2, "1,2234"), "C3", "'1,2234' is not a number"),
        (lambda rows: put(rows, 2, 2, None), "B3", "dimension 1 is there, but not sub-dimension 1.1"),
        (lambda rows: put(rows, 2, 1, None), "C3", "all parts of dimension 1 are there, but not itself"),
        (lambda rows: put(rows, 5, 0, "Hà Nội"), "A6", "Hà Nội is in cell A2 too"),
        (
            lambda rows: put(rows, 5, 0, "Ninh Thuân xx"),
            "A6",
            "no province is called 'Ninh Thuân xx'; did you mean Ninh Thuận?",
        ),
        (lambda rows: put(rows, 5, 0, "Hà Tây"), "A6", "there was no such province in 2016"),
        (lambda rows: put(rows, 2, 2, True), "C3", "True is not a number"),
    ],
)
def test_what_does_not_add_up_is_refused_by_sheet_and_cell(tmp_path, change, cell, words):
    if "did you mean" in words:
        change_, where = change, next(i for i, code in enumerate(province_names(2016), 1) if code == "58")
        cell = f"A{where + 1}"

        def change(rows):
            rows[where][0] = "Ninh Thuân xx"

        assert change_
    error = faults(read_papi, spoilt(tmp_path, change))
    lines = [line for line in error.lines("en") if f"cell {cell}: " in line]
    assert lines and words in lines[0], error.lines("en")
    assert lines[0].startswith("PAPI-2016.xlsx, sheet '2016PAPI- Bảng tổng hợp kết quả'")
    assert f"ô {cell}: " in " ".join(error.lines("vi"))


def test_a_province_of_errors_is_not_one_withheld(tmp_path):
    path = spoilt(tmp_path, lambda rows: None)
    book = openpyxl.load_workbook(path)
    for cell in book.worksheets[0][6][1:]:
        cell.value = "#N/A"
    book.save(path)
    lines = faults(read_papi, path).lines("en")
    assert len(lines) == 28 and "cell B6: an error (such as #N/A)" in lines[0]


def test_all_faults_are_told_at_once(tmp_path):
    def change(rows):
        rows[1][2], rows[2][3], rows[3][0] = "x", 77.0, "Hà Nội"
        del rows[0][5]
        for row in rows[1:]:
            del row[5]

    text = "\n".join(faults(read_papi, spoilt(tmp_path, change)).lines("en"))
    for part in (
        "cell C2: 'x' is not a number",
        "cell D3: 77.0000 is off",
        "cell A4: Hà Nội is in cell A2",
        "sub-dimension 1.4 is not there",
    ):
        assert part in text, text


def test_a_dimension_that_is_not_there_and_one_that_never_was(tmp_path):
    def change(rows):
        rows[0][-5] = "9 lives"

    text = "\n".join(faults(read_papi, spoilt(tmp_path, change)).lines("en"))
    assert "dimension 6 is not there" in text
    papi_province_rows(tmp_path / "PAPI-2019.xlsx", 2018, "x")
    text = "\n".join(faults(read_papi, tmp_path / "PAPI-2019.xlsx").lines("en"))
    assert "sub-dimension 8.3 is not there: if it has ended" in text
    papi_province_rows(tmp_path / "PAPI-2017.xlsx", 2018, "x")
    text = "\n".join(faults(read_papi, tmp_path / "PAPI-2017.xlsx").lines("en"))
    assert "7.1 did not exist in PAPI 2017" in text and "cell AE1: 7 did not" in text


def test_codes_beside_the_names_must_be_those_of_the_names(tmp_path):
    rows = papi_columns(2019, codes=True)
    for wrong in (58, "58"):
        rows[0][2:5] = [1, "02", wrong]  # some sheets keep codes as text
        Workbook(tmp_path / "PAPI 2019.xlsx").sheet("2019", rows).close()
        (line,) = faults(read_papi, tmp_path / "PAPI 2019.xlsx").lines("en")
        assert "cell E1: code 58 is not that of Cao Bằng (code 04)" in line


def test_merged_cells_among_the_figures(tmp_path):
    rows = papi_columns(2019)
    rows[2][4] = None
    Workbook(tmp_path / "PAPI 2019.xlsx").sheet("2019", rows, [(2, 3, 2, 4, 5.2)]).close()
    text = "\n".join(faults(read_papi, tmp_path / "PAPI 2019.xlsx").lines("en"))
    assert "cell D3:E3: merged cells among the figures" in text


def test_an_excerpt_is_no_edition(tmp_path):
    names = province_names(2016)

    def change(rows):
        del rows[40:]

    text = "\n".join(faults(read_papi, spoilt(tmp_path, change)).lines("en"))
    assert f"{len(names) - 39} provinces are missing" in text


def test_a_table_over_the_34_units_is_an_edition_of_its_own(tmp_path, data_copy):
    path = papi_34_units(tmp_path / "2025PAPI_synthetic.xlsx")
    proposal = read_papi(Request(path, published_on="2026-04-15"))
    rows = proposal.rows["indicators/papi.csv"]
    assert {row["boundary"] for row in rows} == {"post_2025"} and len({row["province_code"] for row in rows}) == 34
    (edition,) = proposal.rows["reference/editions.csv"]
    assert (edition["provinces_scored"], edition["published_on"], edition["published_precision"]) == (
        "34",
        "2026-04-15",
        "day",
    )
    assert any("breaks.csv" in en for _, en in proposal.notes)
    with data_from(data_copy):
        landing.land(read_papi(Request(path, published_on="2026-04-15")), data_copy)
    said = asked(
        data_copy,
        """s = nt.load_index("papi", as_of="2026-04-30", boundary="post_2025").query("component_id == 'papi_total'")
        print(*s[s["province_code"] == "56"][["edition_year", "n_ranked", "rank_derived"]].values[0])""",
    )
    place = [row["province_code"] for row in rows if row["component_id"] == "papi_total"].index("56")
    assert said == f"2025 34 {34 - place}"  # the figures made up rise from unit to unit


AFTER_THE_MERGER = ("tables/20_index_trend_papi__index_editions", "figures/50_peers__tile_groups")


@pytest.mark.slow
def test_the_edition_after_the_merger_goes_into_a_whole_report(tmp_path, data_copy):
    """SYNTHETIC figures for the 34 units: from the workbook to every card of a quarter that knows the edition."""
    path = papi_34_units(tmp_path / "2025PAPI_synthetic.xlsx")
    program, environment = Path(sys.executable).with_name("ninhthuan"), os.environ | {"NINHTHUAN_DATA": str(data_copy)}
    run = ["run", "--quarter", "2026Q1", "--provinces", "56", "--languages", "vi", "--formats", "none"]
    for words in (
        ["import", "papi", path, "--yes", "--published-on", "2026-04-15"],
        [*run, "--reports", tmp_path / "reports"],
    ):
        done = subprocess.run([program, *words], capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
    report = tmp_path / "reports/2026Q1/56/vi"
    said = [json.loads((report / f"{name}__2026Q1.json").read_text("utf-8")) for name in AFTER_THE_MERGER]
    assert "11/34" in said[0]["table"]["rows"][-1]
    assert "34 tỉnh, thành phố từ 01/7/2025" in said[1]["subtitle"]


def test_a_table_over_provinces_that_are_no_more(tmp_path):
    (line,) = faults(read_papi, papi_book(tmp_path, 2024), year=2026, sheet="2024_PAPI_VIE_ENG").lines("en")
    assert "a table over the provinces before 1 July 2025, which were no more in 2026" in line


# ---------------------------------------------------------------------------------------------------------------- PCI


@pytest.mark.parametrize("year", range(2005, 2020))
def test_every_layout_of_pci_gives_the_figures_that_are_held(tmp_path, year):
    make = pci_province_rows if year in (2005, 2006, 2007, 2009, 2017, 2018, 2019) else pci_pairs
    path = make(tmp_path / f"PCI_{year}.xlsx", year)
    found, known = figures(read_pci(Request(path)).rows["indicators/pci.csv"]), held("pci", year, f"pci_wb_{year}")
    if year == 2006:  # the workbook prints no ranks: those held come from elsewhere
        known = {key: (score, "", "", "") for key, (score, *_) in known.items()}
    assert found == known


def test_a_summary_of_the_year_before_is_passed_over(tmp_path):
    proposal = read_pci(Request(pci_pairs(tmp_path / "PCI_2014.xlsx", 2014)))
    assert "sheet 'Summary_VN'" in proposal.summary[1]
    assert any("'Summary' is passed over: it holds figures of 2013" in en for _, en in proposal.notes)
    error = faults(read_pci, tmp_path / "PCI_2014.xlsx", sheet="Summary")
    assert "another year than 2014 ('Summary': 2013)" in error.lines("en")[0]


def test_columns_taken_for_one_another_are_found(tmp_path):
    def swap(rows):
        rows[2][3], rows[2][4] = rows[2][4], rows[2][3]

    text = "\n".join(faults(read_pci, pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009, swap)).lines("en"))
    assert "cell D2: its number is that of 'Entry costs', its words that of 'Access to land'" in text

    def cut(rows):
        for row in rows[3:]:
            row[3], row[5] = row[5], row[3]

    text = "\n".join(faults(read_pci, pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009, cut)).lines("en"))
    assert "its weighted parts make" in text and "cell M4" in text


def test_a_wording_that_nobody_knows_is_read_by_its_place(tmp_path):
    def reword(rows):
        rows[2][6] = "Cái gì đó mới"
        rows[1][6] = "Tên khác"

    path = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009, reword)
    assert figures(read_pci(Request(path)).rows["indicators/pci.csv"]) == held("pci", 2009, "pci_wb_2009")


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        (5, 4, "6,1", "cell E6: '6,1' is not a number"),
        (5, 4, 61.0, "cell E6: 61.0000 is off the scale 0–10"),
        (5, 4, None, "have a total, but no"),
        (5, 2, "Nơi nào đó", "cell C6: no province is called 'Nơi nào đó'"),
        (5, 1, 4.5, "cell B6: 4.5 is no rank"),
        (5, 1, "3", "cell B6: '3' is no rank"),
        (5, 1, 65, "cell B6: rank 65 cannot be: there were 63 provinces"),
        (5, 1, None, "cell M6: Lào Cai has a total, but no rank"),
        (5, 1, 1, "cell M6: Lào Cai has rank 1, below a higher total that has rank 2"),
    ],
)
def test_cells_of_pci_that_cannot_be(tmp_path, row, column, value, words):
    path = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009, lambda rows: put(rows, row, column, value))
    assert words in "\n".join(faults(read_pci, path).lines("en"))


def test_a_province_that_ranks_tell_of_is_missed(tmp_path):
    path = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009, lambda rows: rows.pop(5))
    (line,) = faults(read_pci, path).lines("en")
    assert "ranks go to 63, but only 62 provinces are there; not: " in line


def laid_out(year, total, rank, provinces):
    """A province a row, as a table on a page: number, name, sub-indices by name, total and rank under such words."""
    scores, ranks, _ = pci_figures(year)
    order, names = pci_order(year), province_names(year)
    rows = [["STT", "Địa phương", *[PCI_NAMES[name] for name in order], total, rank]]
    for place, code in enumerate(provinces, 1):
        rows.append([place, names[code], *[scores[n][code] for n in order], scores["total"][code], ranks[code]])
    return rows


@pytest.mark.parametrize("turned", [False, True], ids=["a province a row", "a province a column"])
@pytest.mark.parametrize(
    ("total", "rank"), [("Tổng điểm PCI", "Thứ hạng"), ("PCI 2016", "Hạng"), ("PCI score", "Rank")]
)
def test_tables_that_were_never_seen(tmp_path, turned, total, rank):
    rows = laid_out(2016, total, rank, province_names(2016))
    rows = [list(column) for column in zip(*rows, strict=True)] if turned else rows
    path = Workbook(tmp_path / "PCI 2016.xlsx").sheet("Bảng", [["Kết quả PCI 2016"], [], *rows]).close()
    found = figures(read_pci(Request(path)).rows["indicators/pci.csv"])
    expected = held("pci", 2016, "pci_wb_2016", lambda row: row["basis"] == "printed")
    assert {key: said[:3] for key, said in found.items()} == {key: said[:3] for key, said in expected.items()}


def test_a_list_of_the_first_thirty_has_no_denominator_and_no_weights(tmp_path):
    """SYNTHETIC: figures of 2016 under the name of 2023, moved by half a point."""
    _, ranks, _ = pci_figures(2016)
    first = sorted(ranks, key=ranks.get)[:30]
    rows = laid_out(2016, "PCI 2023", "Hạng", first)
    for row in rows[1:]:
        row[2:-1] = [value + 0.5 for value in row[2:-1]]
    proposal = read_pci(Request(Workbook(tmp_path / "PCI_2023.xlsx").sheet("Bảng", rows).close()))
    totals = [row for row in proposal.rows["indicators/pci.csv"] if row["component_id"] == "pci_total"]
    assert {row["n_ranked_published"] for row in totals} == {""} and len(totals) == 30
    assert any("weights of PCI 2023 are not known" in en for _, en in proposal.notes)
    assert proposal.rows["reference/editions.csv"][0]["provinces_scored"] == "63"


@pytest.mark.parametrize("decimals", [2, 3, 4])
def test_rounded_figures_add_up_as_far_as_they_are_printed(tmp_path, data_copy, decimals):
    rows = [[round(c, decimals) if isinstance(c, float) else c for c in row] for row in papi_columns(2019)]
    path = Workbook(tmp_path / "PAPI 2019.xlsx").sheet("2019", rows).close()
    proposal = read_papi(Request(path))
    if decimals == 2:
        with data_from(data_copy):
            landing.land(proposal, data_copy)
    rows[3][9] += 20 * 10.0**-decimals
    Workbook(path).sheet("2019", rows).close()
    assert "add up to" in faults(read_papi, path).lines("en")[0]


@pytest.mark.parametrize(
    "mark", ["Nội dung {}:", "Chỉ số lĩnh vực nội dung {}:", "{}. ", "Trục nội dung {}:", "DIMENSION {}:"]
)
def test_other_words_before_the_same_numbers(tmp_path, mark):
    rows = papi_columns(2019)
    for row in rows:
        if row and str(row[0]).startswith("Chỉ số nội dung"):
            row[0] = mark.format(row[0][16]) + " Tên khác"
    rows = [["BẢNG TỔNG HỢP"], [], *[[None, *row] for row in rows]]
    path = Workbook(tmp_path / "PAPI 2019.xlsx").sheet("2019", rows).close()
    assert len(read_papi(Request(path)).rows["indicators/papi.csv"]) == 2394


@pytest.mark.parametrize("year", [2011, 2015, 2018])
def test_a_sheet_of_a_file_of_several_years(tmp_path, year):
    path = papi_years(tmp_path / "PAPI 2011-2018.xlsx", (2011, 2015, 2018))
    found = figures(read_papi(Request(path, year=year)).rows["indicators/papi.csv"])
    known = {key: said for key, said in held("papi", year, PAPI_SOURCES[year]).items() if key[1] != "papi_total"}
    assert {key: said for key, said in found.items() if key[1] != "papi_total"} == known
    assert "names 2011, 2018: add --year" in faults(read_papi, path).lines("en")[0]
    (line,) = faults(read_papi, path, year=2014).lines("en")
    assert "another year than 2014 ('2011_PAPI': 2011; '2015_PAPI': 2015; '2018_PAPI': 2018)" in line


def test_two_sheets_that_say_different_things(tmp_path):
    rows = papi_columns(2019)
    other = [[*row] for row in rows]
    other[5][2] += 0.3
    path = Workbook(tmp_path / "PAPI 2019.xlsx").sheet("Bảng", rows).sheet("Bảng (2)", other).close()
    (line,) = faults(read_papi, path).lines("en")
    assert "two sheets differ in 1 figures, first Hà Nội" in line and "'Bảng' cell C6" in line
    assert "'Bảng (2)' cell C6" in line and "choose with --sheet" in line
    assert len(read_papi(Request(path, sheet="Bảng")).rows["indicators/papi.csv"]) == 2394


def test_a_heading_over_several_columns_counts_for_the_first(tmp_path):
    rows = [["Tỉnh", *[label(component, "bare") for component in papi_figures(2016)]]]
    name, figured = province_names(2016), papi_figures(2016)
    rows += [[name[code], *[scores.get(code) for scores in figured.values()]] for code in name]
    above = [[None] * len(rows[0]), *rows]
    merged = [(0, 1, 0, 5, "DIMENSION 1: Participation")]
    path = Workbook(tmp_path / "PAPI 2016.xlsx").sheet("2016", above, merged).close()
    assert len(read_papi(Request(path)).rows["indicators/papi.csv"]) == 1764
    path = Workbook(tmp_path / "PAPI 2016.xlsx").sheet("2016", above, [(2, 1, 2, 2, 5.0)]).close()
    assert "B3:C3: merged cells among the figures" in "\n".join(faults(read_papi, path).lines("en"))


@pytest.mark.parametrize("index_id", ["papi", "pci"])
def test_numbers_that_are_text_are_named_as_such(tmp_path, index_id):
    def text(rows):
        for row in rows[1:] if index_id == "papi" else rows[3:]:
            row[1 if index_id == "papi" else 3 :] = [
                f"{cell:.4f}".replace(".", ",") if isinstance(cell, float) else cell
                for cell in row[1 if index_id == "papi" else 3 :]
            ]

    make, read, year = {"papi": (papi_province_rows, read_papi, 2016), "pci": (pci_province_rows, read_pci, 2009)}[
        index_id
    ]
    lines = faults(read, make(tmp_path / f"{index_id.upper()}-{year}.xlsx", year, change=text)).lines("en")
    assert all("is not a number but text: turn the column into numbers and save" in line for line in lines)


def test_one_index_is_not_taken_for_the_other(tmp_path):
    papi, pci = papi_book(tmp_path, 2018), pci_pairs(tmp_path / "PCI_2012.xlsx", 2012)
    assert "no sheet holds a table of PCI" in faults(read_pci, papi).lines("en")[0]
    assert "no sheet holds a table of PAPI" in faults(read_papi, pci).lines("en")[0]


# ------------------------------------------------------------------------------------------------------ the real files


REAL = list(
    csv.DictReader(Path(__file__).with_name("publisher_workbooks.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the publishers' workbooks are not at hand, and are no part of the project"
)
@pytest.mark.parametrize("real", REAL, ids=[f"{row['file']} {row['edition_year']}" for row in REAL])
def test_every_figure_of_the_publishers_own_workbooks_stands_in_data(real):
    """publisher_workbooks.csv: each file by its hash, and how many provinces and figures it must give."""
    if not (SAMPLES / real["file"]).is_file():
        pytest.skip("not at hand")
    index_id, year = real["index_id"], int(real["edition_year"])
    assert fingerprint(SAMPLES / real["file"])[1] == real["sha256"]
    proposal = {"papi": read_papi, "pci": read_pci}[index_id](Request(SAMPLES / real["file"], year=year))
    rows = [row for row in proposal.rows[f"indicators/{index_id}.csv"] if row.get("score")]
    assert (len({row["province_code"] for row in rows}), len(rows)) == (int(real["provinces"]), int(real["figures"]))
    known = {}
    for row in table(f"indicators/{index_id}.csv"):
        if row["edition_year"] == str(year) and row["score"]:
            known.setdefault((row["province_code"], row["component_id"]), []).append(row)
    for row in rows:
        same = known[(row["province_code"], row["component_id"])]
        assert min(abs(float(row["score"]) - float(one["score"])) for one in same) < 2e-5, row
        for said in ("rank_published", "n_ranked_published", "group_published"):
            assert not row.get(said) or row[said] in {one[said] for one in same}, row


# ----------------------------------------------------------------------------------------------------------- landing


@pytest.fixture
def data_copy(tmp_path):
    shutil.copytree(DATA, tmp_path / "copy/data")
    return tmp_path / "copy/data"


def without(folder, index_id, year):
    """Take an edition out of a copy, as if it had not come out yet."""
    path = folder / f"indicators/{index_id}.csv"
    with open(path, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    kept = [row for row in rows if row["edition_year"] != str(year)]
    for name, gone in ((path, kept), (folder / "reference/editions.csv", None)):
        if gone is None:
            with open(name, encoding="utf-8", newline="") as handle:
                gone = [
                    r for r in csv.DictReader(handle) if (r["index_id"], r["edition_year"]) != (index_id, str(year))
                ]
        with open(name, "w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, gone[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(gone)
    from ninhthuan_intake.checks import seal

    seal(folder)
    return folder


def bytes_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def asked(folder, code):
    """What a fresh process prints that reads a data folder: nothing of it is remembered."""
    lines = "\n".join(line.strip() for line in ("import ninhthuan as nt\n" + code).splitlines())
    environment = os.environ | {"NINHTHUAN_DATA": str(folder)}
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def run(folder, monkeypatch, *words):
    monkeypatch.setenv("NINHTHUAN_DATA", str(folder))
    return cli.main(["import", *map(str, words)])


def test_a_new_edition_lands_whole_with_its_source_and_the_next_report_knows_it(
    tmp_path, data_copy, monkeypatch, capsys
):
    without(data_copy, "papi", 2024)
    book = papi_book(tmp_path, 2024)
    before = bytes_of(data_copy)
    assert run(data_copy, monkeypatch, "papi", book, "--dry-run", "--published-on", "2025-04-15") == 0
    assert bytes_of(data_copy) == before
    told = capsys.readouterr().out
    assert "indicators/papi.csv: thêm 2257 dòng" in told and "Chỉ xem" in told
    assert (
        "Thẻ dùng số liệu này:\n  10_index_overview: opening, index_overview, " in told
        and "20_index_trend_pci" not in told
    )
    assert run(data_copy, monkeypatch, "papi", book, "--yes", "--published-on", "2025-04-15", "--language", "en") == 0
    assert "Written to data/ and checked: valid" in capsys.readouterr().out
    assert sorted(path.name for path in data_copy.parent.iterdir()) == [".data.lock", "data"]
    own = """s = nt.load_index("papi", as_of="DAY").query("province_code == '58' and component_id == 'papi_total'")
        print(*s.iloc[-1][["edition_year", "n_ranked", "source_id"]])"""
    assert asked(data_copy, own.replace("DAY", "2025-04-30")) == "2024 61 papi_wb_2024"
    assert asked(data_copy, own.replace("DAY", "2025-04-14")).startswith("2023 61 ")
    (edition,) = [
        e for e in changes.read_table(data_copy, "reference/editions.csv") if e["source_id"] == "papi_wb_2024"
    ]
    assert (edition["published_on"], edition["provinces_withheld"]) == ("2025-04-15", "26 82")
    # the same file again is nothing new, under whatever name
    again = shutil.copy(book, tmp_path / "PAPI 2024 again.xlsx")
    (taken,) = [r for r in changes.read_table(data_copy, "reference/imports.csv") if r["source_id"] == "papi_wb_2024"]
    assert (
        taken["file"] == book.name
        and taken["layout"] == "province_columns"
        and int(taken["bytes"]) == book.stat().st_size
    )
    capsys.readouterr()
    assert run(data_copy, monkeypatch, "papi", book, "--yes") == 0
    assert "không có gì để ghi" in capsys.readouterr().out
    assert run(data_copy, monkeypatch, "papi", again, "--dry-run") == 0
    assert "giữ nguyên 2257" in capsys.readouterr().out


def test_a_figure_that_was_corrected_is_shown_as_it_was_and_will_be(tmp_path, data_copy, monkeypatch, capsys):
    book = papi_book(tmp_path, 2017)
    assert run(data_copy, monkeypatch, "papi", book, "--yes", "--source", "xlsx2017") == 0
    capsys.readouterr()

    def change(rows):
        rows[1][1] += 0.1
        rows[1][2] += 0.1

    papi_province_rows(book, 2017, change=change)
    assert run(data_copy, monkeypatch, "papi", book, "--dry-run", "--source", "xlsx2017", "--language", "en") == 0
    out = capsys.readouterr().out
    assert "0 rows added, 3 changed, 1824 the same" in out.replace("1,824", "1824")
    was = held("papi", 2017, "xlsx2017")[("01", "papi_d1", "printed")][0]
    (change,) = re.findall(r"2017 pre_2025 01 papi_d1 xlsx2017 printed: score: (\S+) → (\S+)", out)
    assert change == (was, f"{float(was) + 0.1:.6f}".rstrip("0"))


@pytest.mark.parametrize(("answer", "code"), [("c", 0), ("", 1), ("k", 1), (None, 1)])
def test_it_asks_before_it_writes(tmp_path, data_copy, monkeypatch, answer, code):
    book, before = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009), bytes_of(data_copy)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def reply(question):
        if answer is None:
            raise EOFError
        assert question.startswith("Ghi vào data/?")
        return answer

    monkeypatch.setattr("builtins.input", reply)
    assert run(data_copy, monkeypatch, "pci", book) == code
    assert (bytes_of(data_copy) != before) == (code == 0)


def test_with_nobody_to_ask_nothing_is_written(tmp_path, data_copy, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    book, before = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009), bytes_of(data_copy)
    assert run(data_copy, monkeypatch, "pci", book, "--language", "en") == 2
    assert "add --yes to write" in capsys.readouterr().err and bytes_of(data_copy) == before


def test_what_a_file_says_cannot_steer_or_fill_a_terminal(tmp_path, data_copy, monkeypatch, capsys):
    def change(rows):
        rows[5][0], rows[6][2] = "\x1b[2J\x07", "y" * 30_000

    assert run(data_copy, monkeypatch, "papi", spoilt(tmp_path, change), "--yes", "--language", "en") == 1
    err = capsys.readouterr().err
    assert "no province is called '\\x1b[2J\\x07'" in err and "\x1b" not in err
    assert max(map(len, err.splitlines())) < 1300 and "cell C7: 'yyy" in err and "is not a number" in err


def test_a_terminal_without_vietnamese_letters(tmp_path, data_copy):
    book = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009)
    command = [Path(sys.executable).with_name("ninhthuan"), "import", "pci", book, "--dry-run"]
    environment = os.environ | {"NINHTHUAN_DATA": str(data_copy), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0 and "63 t\\u1ec9nh" in done.stdout, done.stderr


def test_a_full_disk_is_told_once(data_copy, monkeypatch):
    def full(source, target, **options):
        raise shutil.Error([(str(source), str(target), "[Errno 28] No space left on device")] * 20)

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OSError) as told:
        landing.land(landing.Proposal(("", ""), {}), data_copy)
    assert str(told.value) == "[Errno 28] No space left on device"


def test_a_closed_input_is_nobody_to_ask(tmp_path, data_copy, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", None)
    assert run(data_copy, monkeypatch, "pci", tmp_path / "PCI_2009.xlsx", "--language", "en") == 2
    assert "nobody to ask" in capsys.readouterr().err


def test_a_refused_file_changes_nothing(tmp_path, data_copy, monkeypatch, capsys):
    book, before = spoilt(tmp_path, lambda rows: put(rows, 1, 1, 5.9)), bytes_of(data_copy)
    assert run(data_copy, monkeypatch, "papi", book, "--yes") == 1
    err = capsys.readouterr().err
    assert "ô B2" in err and "1 lỗi; không ghi gì vào data/" in err and "Traceback" not in err
    assert bytes_of(data_copy) == before


def test_what_would_break_the_data_is_refused_as_a_whole(data_copy):
    before = bytes_of(data_copy)
    row = {
        "edition_year": "2024",
        "boundary": "pre_2025",
        "province_code": "58",
        "component_id": "papi_d1",
        "score": "44",
    }
    row |= {"source_id": "nowhere", "basis": "printed"}
    for write in (True, False):  # a look is the very check
        with pytest.raises(Refused) as refused:
            landing.land(landing.Proposal(("", ""), {"indicators/papi.csv": [row]}), data_copy, write)
        assert any("nowhere" in line and "would have faults" in line for line in refused.value.lines("en"))
    assert bytes_of(data_copy) == before
    assert [path.name for path in data_copy.parent.iterdir() if not path.name.endswith(".lock")] == ["data"]


def test_a_blank_takes_nothing_away_nor_an_english_label_a_vietnamese_one(data_copy):
    def told(**said):
        (row,) = [
            r
            for r in changes.read_table(data_copy, "indicators/pci.csv")
            if (r["edition_year"], r["province_code"], r["source_id"]) == ("2005", "01", "pci_wb_2005")
            and r["component_id"] == "pci_total"
        ]
        assert row["rank_published"] and row["group_published"] and row["note"]
        proposal = landing.Proposal(("", ""), {"indicators/pci.csv": [row | said]})
        (found,) = landing.differences(proposal, data_copy)
        return [new for _, new in found.changed]

    blank = ("rank_published", "n_ranked_published", "group_published", "note")
    assert told(**dict.fromkeys(blank, "")) == []
    assert told(group_published="Good") == [] and told(group_published=unicodedata.normalize("NFD", "Khá")) == []
    assert told(group_published="Tốt")[0]["group_published"] == "Tốt"


def test_letters_in_parts_are_read_whole(tmp_path):
    rows = [[unicodedata.normalize("NFD", c) if isinstance(c, str) else c for c in row] for row in pairs_sheet(2013)]
    path = Workbook(tmp_path / "PCI_2013.xlsx").sheet("Summary_VN", rows).close()
    assert figures(read_pci(Request(path)).rows["indicators/pci.csv"]) == held("pci", 2013, "pci_wb_2013")


def test_more_than_one_figure_in_twenty_is_no_correction():
    proposals = [landing.Proposal(("PAPI", "PAPI"), {}, unlike=unlike) for unlike in ((5, 100), (6, 100))]
    assert [proposal.doubtful for proposal in proposals] == [False, True]


def test_a_file_that_differs_much_needs_force_and_a_look_ends_as_the_import_would(
    tmp_path, data_copy, monkeypatch, capsys
):
    def shift(rows):
        names = [row[0] for row in rows[1:]]
        for row, name in zip(rows[1:], names[1:] + names[:1], strict=True):
            row[0] = name

    book = papi_province_rows(tmp_path / "PAPI-2016.xlsx", 2016, change=shift)
    said = []
    for words in (["--dry-run"], ["--yes"], ["--force", "--dry-run"], ["--force", "--yes"]):
        code = run(data_copy, monkeypatch, "papi", book, *words, "--language", "en")
        said.append((code, capsys.readouterr().err))
    assert said[0] == said[1] and said[0][0] == 2 and said[2] == said[3] and said[2][0] == 1
    assert re.match(r"\d+ of \d+ figures that data/ has differ .* add --force", said[0][1])
    assert "the data would have faults" in said[2][1]


def test_a_province_that_another_source_has_was_not_withheld(tmp_path):
    path = papi_province_rows(tmp_path / "PAPI-2016.xlsx", 2016, change=lambda rows: rows.pop(1))
    (line,) = faults(read_papi, path).lines("en")
    assert "lacks provinces of which another source has figures, so they were not withheld: Hà Nội (xlsx" in line


def test_files_changed_by_hand_are_checked_first(tmp_path, data_copy, monkeypatch, capsys):
    with open(data_copy / "reference/policies.csv", "a") as table:
        table.write("x\n")
    book = pci_province_rows(tmp_path / "PCI_2009.xlsx", 2009)
    assert run(data_copy, monkeypatch, "pci", book, "--yes", "--language", "en") == 1
    assert "changed and not checked: reference/policies.csv" in capsys.readouterr().err


def test_two_imports_at_once(data_copy):
    with changes.alone(data_copy), pytest.raises(Refused, match="another import is writing"):
        landing.land(landing.Proposal(("", ""), {}), data_copy)


def test_labels_are_of_the_layouts():
    """What the tests build has the numbers of the publisher's labels."""
    assert [label(name, "vi") for name in list(papi_figures(2019))[:2]] == [
        "Chỉ số nội dung 1: Tên gọi",
        "1.1: Nội dung thành phần nào đó*",
    ]
