"""What changed between two quarters: real change on today's data, revisions told apart, the verb and the card."""

import csv
import json
import shutil
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from ninhthuan import catalogue, reference
from ninhthuan.datasets import sources
from ninhthuan.indicators import load_index
from ninhthuan.language import ParameterFaults
from ninhthuan.words import written
from ninhthuan.workload import measure_table
from ninhthuan_reports import cards, cli
from ninhthuan_reports.revisions import KINDS, as_records, changes_between
from ninhthuan_reports.revisions.corrections import index_revisions, workload_revisions
from ninhthuan_reports.revisions.history import Version, entry, versions
from ninhthuan_reports.wording import Context

DATA = Path(__file__).resolve().parent.parent / "data"
PAPI, PCI, WORK = "indicators/papi.csv", "indicators/pci.csv", "workload/ninh_thuan.csv"
OWN_2021 = {"edition_year": 2021, "province_code": "58", "component_id": "papi_total", "source_id": "gh_tunah72"}
BOTH = ["vi", "en"]


def run_diff(*words, **more):
    """The verb as a user calls it."""
    command = [str(Path(sys.executable).with_name("ninhthuan")), "diff", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


def printed_totals(edition_year, file=PAPI, source_id="gh_tunah72", data=DATA):
    """Scores of every province as they stand in the file, by the csv module alone."""
    with open(data / file, encoding="utf-8", newline="") as handle:
        return {
            row["province_code"]: float(row["score"])
            for row in csv.DictReader(handle)
            if row["edition_year"] == str(edition_year)
            and row["component_id"] == "papi_total"
            and row["source_id"] == source_id
            and row["boundary"] == "pre_2025"
            and row["score"]
        }


def place(scores, province_code="58"):
    return f"{1 + sum(score > scores[province_code] for score in scores.values())}/{len(scores)}"


def told(frame, *kinds):
    """What a frame says of some kinds of change, as plain values."""
    rows = frame[frame["kind"].isin(kinds)]
    return rows.astype("object").where(rows.notna(), None).to_dict("records")


def all_but(frame, *kinds):
    return told(frame, *[kind for kind in KINDS if kind not in kinds])


@pytest.fixture(scope="module")
def without():
    return changes_between("2023Q4", "2024Q1", "58")


# ------------------------------------------------------------------------------------------------------- real change


def test_papi_and_par_index_of_2023_are_new_and_the_place_is_what_the_file_gives(without):
    now, then = printed_totals(2023), printed_totals(2022)
    assert (place(now), place(then)) == ("6/61", "4/61")
    assert round(now["58"], 4) == 45.5054
    new = without[without["kind"] == "new_edition"].set_index("index_id")
    assert list(new.index) == ["papi", "par_index", "sipas"]
    assert new.at["papi", "score"] == now["58"]
    assert f"{new.at['papi', 'rank']}/{new.at['papi', 'n_ranked']}" == "6/61"
    assert new.at["papi", "group"] == "high"
    assert str(new.at["papi", "published_on"]) == "2024-04-02"
    # of the province it is known from a source of June 2025 alone
    assert new.at["par_index", "missing"] == "known_later" and pd.isna(new.at["par_index", "score"])
    assert new.at["sipas", "missing"] == "not_collected" and pd.isna(new.at["sipas", "score"])
    still = without[without["kind"] == "no_new_edition"]
    assert dict(zip(still["index_id"], still["edition_year"], strict=True)) == {"pci": 2022, "dti": 2022}


def test_moved_ranks_are_those_of_the_new_edition_against_the_one_before(without):
    moved = without[without["kind"] == "rank"].set_index("subject")
    assert (moved.at["papi_total", "old"], moved.at["papi_total", "new"]) == ("4/61", "6/61")
    assert moved.at["papi_total", "change"] == -2
    # of an index without a new edition, or without a figure known, nothing moved
    assert set(moved["index_id"]) == {"papi"}


def test_groups_are_those_of_the_quartiles_counted_here(without):
    crossed = without[(without["kind"] == "group") & (without["index_id"] == "papi")]
    expected = {}
    for number in range(1, 9):
        component, groups = f"papi_d{number}", []
        for year in (2022, 2023):
            scores = load_index("papi", as_of="2024-04-30")
            cell = scores[(scores["edition_year"] == year) & (scores["component_id"] == component)]
            values = sorted(cell["score"].dropna())
            own = cell.loc[cell["province_code"] == "58", "score"].iloc[0]
            cuts = [pd.Series(values).quantile(q) for q in (0.75, 0.5, 0.25)]
            names = ("high", "upper_middle", "lower_middle", "low")
            groups.append(next((n for n, cut in zip(names, cuts, strict=False) if own >= cut), "low"))
        if groups[0] != groups[1]:
            expected[component] = tuple(groups)
    found = {row.subject: (row.old, row.new) for row in crossed.itertuples()}
    assert found == expected
    assert {"papi_d3", "papi_d8"} <= set(found)


def test_a_target_is_told_of_in_the_quarter_in_which_its_period_ended(without):
    assert told(without, "target") == []
    rows = changes_between("2023Q3", "2023Q4", "58")
    target = rows[rows["kind"] == "target"].iloc[0]
    with open(DATA / WORK, encoding="utf-8", newline="") as handle:
        held = {
            row["measure"]: float(row["value"])
            for row in csv.DictReader(handle)
            if row["measure"].startswith("dossiers_received_share")
            and (row["channel"], row["period_start"], row["period_end"]) == ("online", "2023-01-01", "2023-12-31")
        }
    assert float(target["new"]) == held["dossiers_received_share"] == 83.66
    assert target["target"] == held["dossiers_received_share_target"] == 70
    assert target["change"] == pytest.approx(13.66, abs=1e-9)


def test_contradictions_new_are_those_of_the_later_side_alone(without):
    import ninhthuan as nt

    def pairs(as_of, until):
        found = nt.discrepancies("58", as_of=as_of, until=until, sources="strict")
        return {
            (row.rule, row.subject, str(row.edition_year), row.period_end, row.source_id) for row in found.itertuples()
        }

    new = pairs("2024-04-30", "2024Q1") - pairs("2024-01-31", "2023Q4")
    rows = without[without["kind"] == "contradiction_new"]
    assert set(rows["rule"]) == {rule for rule, *_ in new} and len(rows) == len(new) > 0
    assert set(rows["because"]) == {"time"}
    assert told(without, "contradiction_gone", "revision") == []


def test_across_a_break_the_total_is_neither_moved_nor_regrouped():
    # PCI 2013, known from 2014Q1 or before, was measured anew: its place is told as a new edition alone
    rows = pd.concat([changes_between("2013Q3", "2013Q4", "58"), changes_between("2013Q4", "2014Q1", "58")])
    pci = rows[(rows["index_id"] == "pci") & (rows["subject"] == "pci_total")]
    assert 2013 in set(pci.loc[pci["kind"] == "new_edition", "edition_year"])
    moved = pci[pci["kind"].isin(["rank", "group"]) & (pci["edition_year"] == 2013)]
    assert moved.empty


@pytest.mark.parametrize("code", ["56", "48"])
def test_nothing_is_compared_where_63_provinces_became_34(code):
    rows = changes_between("2025Q2", "2025Q3", code)
    assert rows.attrs["populations"] == "pre_2025 post_2025"
    assert set(rows["kind"]) <= {"new_edition", "no_new_edition"}
    assert set(rows["boundary"]) == {"post_2025"}
    caption = cards.quarter_changes.caption(rows, Context(catalogue.catalogue().provinces["post_2025", code], "vi"))
    assert "hai đơn vị khác nhau, nên không so sánh" in caption.note


# ---------------------------------------------------------------------------------------------------------- revisions


def test_one_old_number_revised_is_a_revision_and_no_progress(without, data_copy):
    data_copy.set(PAPI, data_copy.row(PAPI, **OWN_2021), "score", "43.03021")
    rows = changes_between("2023Q4", "2024Q1", "58", before=data_copy.path)
    (revision,) = told(rows, "revision")
    old, new = printed_totals(2021, data=data_copy.path), printed_totals(2021)
    assert (revision["subject"], revision["edition_year"], revision["province_code"]) == ("papi_total", 2021, "58")
    assert (float(revision["old"]), float(revision["new"])) == (old["58"], new["58"]) == (43.03021, 43.83021)
    assert (revision["because"], revision["source_id"], revision["previous_source_id"]) == (
        "revised",
        "gh_tunah72",
        "gh_tunah72",
    )
    # its old place was revised with it, and is told of with it
    assert place(old) == f"{revision['previous_rank']}/{revision['previous_n_ranked']}" == "22/60"
    assert place(new) == f"{revision['rank']}/{revision['n_ranked']}" == "14/60"
    # everything else is as it is without the older copy; only what contradicted the wrong figure is gone with it
    assert all_but(rows, "revision", "contradiction_gone") == all_but(without, "revision", "contradiction_gone")
    gone = told(rows, "contradiction_gone")
    assert gone and {row["because"] for row in gone} == {"revision"}


def test_a_revision_of_the_edition_compared_with_is_no_progress(without, data_copy):
    """PAPI 2022 was 46,00022; with 44 in the older copy the province would seem to have risen to 2023."""
    row = data_copy.row(PAPI, **OWN_2021 | {"edition_year": 2022})
    data_copy.set(PAPI, row, "score", "44.00022")
    rows = changes_between("2023Q4", "2024Q1", "58", before=data_copy.path)
    assert told(rows, "rank", "group", "new_edition") == told(without, "rank", "group", "new_edition")
    (revision,) = told(rows, "revision")
    assert place(printed_totals(2022, data=data_copy.path)) == (
        f"{revision['previous_rank']}/{revision['previous_n_ranked']}"
    )
    assert f"{revision['rank']}/{revision['n_ranked']}" == "4/61"


def test_the_same_data_hold_no_revision(without, data_copy):
    row = data_copy.row(PAPI, **OWN_2021)
    printed = data_copy.cells(PAPI, row)["score"]
    data_copy.set(PAPI, row, "score", "40")
    data_copy.set(PAPI, row, "score", printed)
    assert (data_copy.path / PAPI).read_bytes() == (DATA / PAPI).read_bytes()
    # nor does the same figure written another way
    data_copy.set(PAPI, row, "score", f"{printed}0")
    rows = changes_between("2023Q4", "2024Q1", "58", before=data_copy.path)
    assert told(rows, *KINDS) == told(without, *KINDS)


def test_another_provinces_figure_that_moves_the_old_rank_is_a_revision_of_the_rank(without, data_copy):
    other = data_copy.row(PAPI, **OWN_2021 | {"province_code": "40"})
    far = data_copy.row(PAPI, **OWN_2021 | {"province_code": "01"})
    data_copy.set(PAPI, other, "score", "43.9")
    data_copy.set(PAPI, far, "score", "44.45")
    rows = changes_between("2023Q4", "2024Q1", "58", before=data_copy.path)
    follows, moved, others = told(rows, "revision")
    old, new = printed_totals(2021, data=data_copy.path), printed_totals(2021)
    assert (follows["figure"], follows["because"]) == ("rank_derived", "follows")
    assert (follows["old"], follows["new"]) == (place(old), place(new)) == ("15/60", "14/60")
    assert (moved["because"], moved["province_code"], moved["old"], moved["new"]) == (
        "moved_rank",
        "40",
        "43.9",
        f"{new['40']:.10g}",
    )
    # both are counted, but the one that stands above all the same is not listed
    assert (others["figure"], others["count"], others["detail"]) == ("others", 2, "years 2021")
    assert told(rows, "rank", "group", "new_edition") == told(without, "rank", "group", "new_edition")


def test_what_was_collected_since_is_added_and_what_was_taken_out_is_removed(without, data_copy):
    (row,) = data_copy.rows(PCI, edition_year=2021, province_code="58", component_id="pci_bss")
    printed = data_copy.cells(PCI, row)["score"]
    # the older copy lacks one figure, and holds one of an edition that came out without it
    data_copy.drop(PCI, row)
    sipas = "indicators/sipas.csv"
    like = data_copy.rows(sipas, edition_year=2022, province_code="58", component_id="sipas_total")[0]
    data_copy.add(
        sipas, like, like, component_id="sipas_access", score="81.5", rank_published="", n_ranked_published=""
    )
    changes = changes_between("2023Q4", "2024Q1", "58", before=data_copy.path)
    found = {(row["subject"], row["edition_year"], row["because"]): row for row in told(changes, "revision")}
    added, removed = found["pci_bss", 2021, "added"], found["sipas_access", 2022, "removed"]
    assert (added["old"], added["new"], added["previous_source_id"]) == ("", printed, "")
    assert (removed["old"], removed["new"], removed["source_id"]) == ("81.5", "", "")
    assert len(found) == 2
    assert told(changes, "rank", "target") == told(without, "rank", "target")


def test_a_revision_of_the_workload(without, data_copy):
    where = {"measure": "administrative_units", "level": "district", "period_end": "2021-02-01"}
    row = data_copy.row(WORK, **where)
    printed = data_copy.cells(WORK, row)["value"]
    data_copy.set(WORK, row, "value", "8")
    changes = changes_between("2023Q4", "2024Q1", "58", before=data_copy.path)
    (revision,) = told(changes, "revision")
    assert (revision["old"], revision["new"], revision["because"]) == ("8", printed, "revised")
    assert (revision["subject"], revision["level"]) == ("administrative_units", "district")
    assert str(revision["period_end"])[:10] == "2021-02-01"
    assert told(changes, "target") == told(without, "target")


def test_what_came_out_later_is_no_revision(without, data_copy):
    """The older copy need not know an edition that no report of the earlier quarter could know."""
    data_copy.drop(PAPI, *data_copy.rows(PAPI, edition_year=2023))
    assert told(changes_between("2023Q4", "2024Q1", "58", before=data_copy.path), "revision") == []


def cells(*rows):
    columns = ["edition_year", "province_code", "component_id", "score", "rank_derived", "n_ranked", "group_derived"]
    frame = pd.DataFrame(rows, columns=columns).astype({"rank_derived": "Int64", "n_ranked": "Int64"})
    empty = {"rank_published": pd.NA, "n_ranked_published": pd.NA, "group_published": None, "rank_source_id": ""}
    return frame.assign(**empty, unit="points", source_id="s").astype(
        {"rank_published": "Int64", "n_ranked_published": "Int64"}
    )


def test_three_provinces_worked_by_hand():
    """A 3, B 2, C 1 became A 3, B 0, C 1: for C the figure is the same, the place is 2nd and not 3rd."""
    old = cells(
        (2020, "A", "papi_total", 3.0, 1, 3, "high"),
        (2020, "B", "papi_total", 2.0, 2, 3, "upper_middle"),
        (2020, "C", "papi_total", 1.0, 3, 3, "low"),
    )
    new = cells(
        (2020, "A", "papi_total", 3.0, 1, 3, "high"),
        (2020, "B", "papi_total", 0.0, 3, 3, "low"),
        (2020, "C", "papi_total", 1.0, 2, 3, "upper_middle"),
    )
    rows = index_revisions(old, new, "C", "papi")
    assert [(row["because"], written(row["old"]), written(row["new"])) for row in rows[:2]] == [
        ("follows", "3/3", "2/3"),
        ("moved_rank", "2", "0"),
    ]
    assert rows[2]["count"] == 1
    # for A nothing followed, and B's figure is counted only
    assert [row["figure"] for row in index_revisions(old, new, "A", "papi")] == ["others"]
    assert [row["old"] for row in index_revisions(old, new, "B", "papi")] == [2]
    assert index_revisions(old, old, "C", "papi") == []


def test_the_workload_by_hand():
    columns = ["period_start", "period_end", "province_code", "level", "agency", "measure", "channel", "source_id"]
    columns += ["value", "value_printed", "unit"]
    first = ("2023-01-01", "2023-03-31", "58", "all", "", "dossiers_received", "all", "s", 10.0, "10", "dossiers")
    other = (*first[:2], "19", *first[3:])
    old = pd.DataFrame([first, other], columns=columns)
    new = pd.DataFrame([(*first[:8], 12.0, "12", "dossiers"), (*other[:8], 11.0, "11", "dossiers")], columns=columns)
    own, others = workload_revisions(old, new, "58")
    assert (own["old"], own["new"], own["change"]) == (10, 12, 2.0)
    assert (others["count"], written(others["detail"])) == (1, "years 2023")
    assert workload_revisions(old, old, "58") == []


# ------------------------------------------------------------------------------------------- another copy of the data


def test_nothing_of_one_folder_is_taken_for_the_others(data_copy):
    data_copy.set(PAPI, data_copy.row(PAPI, **OWN_2021), "score", "43.03021")
    measures_file = "reference/measures.csv"
    data_copy.set(measures_file, 2, "name", "Tên khác")
    title = data_copy.cells("reference/sources.csv", 2)["title"]
    data_copy.set("reference/sources.csv", 2, "title", "Nguồn khác")

    def seen():
        scores = load_index("papi", as_of="2024-04-30")
        own = scores[(scores["edition_year"] == 2021) & (scores["province_code"] == "58")]
        total = own[own["component_id"] == "papi_total"]
        return (
            total["score"].iloc[0],
            total["rank_derived"].iloc[0],
            measure_table()["name"].iloc[0] == "Tên khác",
            sources()["title"].iloc[0],
            next(iter(catalogue.catalogue().sources.values())).title,
            reference.data_dir(),
        )

    here = seen()
    for _ in range(2):
        with reference.data_from(data_copy.path) as folder:
            assert seen() == (43.03021, 22, True, "Nguồn khác", "Nguồn khác", data_copy.path.resolve())
            assert folder == data_copy.path.resolve()
        assert seen() == here == (43.83021, 14, False, title, title, reference.data_dir())
    with pytest.raises(FileNotFoundError), reference.data_from(data_copy.path / "indicators"):
        pass
    assert seen() == here


# --------------------------------------------------------------------------------------------- the history of data/


def git(folder, *words):
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    return subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True, text=True).stdout


def test_the_history_gives_what_a_comparison_with_the_older_copy_gives(data_copy, tmp_path):
    """Three versions: a score corrected, a name alone, a figure of the workload that is gone."""
    git(tmp_path, "init", "--quiet")

    def commit(file, name, row, value):
        data_copy.set(file, row, name, value) if name else data_copy.drop(file, row)
        git(tmp_path, "add", "data")
        git(tmp_path, "commit", "--quiet", "-m", "x")
        return git(tmp_path, "rev-parse", "HEAD").strip()

    row = data_copy.row(PAPI, **OWN_2021)
    commit(PAPI, "score", row, "43.03021")
    older = Path(shutil.copytree(data_copy.path, tmp_path / "older"))
    corrected = commit(PAPI, "score", row, "43.83021")
    commit("reference/measures.csv", "name", 2, "Tên khác")
    gone = commit(WORK, "", 3, "")
    newest, first = versions(data_copy.path)
    assert (newest.commit, first.commit, newest.unread, first.unread) == (gone, corrected, [], [])
    assert [(row["because"], row["new"]) for row in newest.rows] == [("removed", "")]
    compared = changes_between("2023Q4", "2024Q1", "58", before=older)
    compared = compared[compared["kind"].eq("revision") & compared["figure"].eq("score")]
    (found,) = first.rows
    assert compared[["subject", "old", "new", "because"]].values.tolist() == [
        [found["subject"], str(found["old"]), str(found["new"]), found["because"]]
    ]
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{tmp_path}", "cut")
    assert versions(tmp_path / "cut/data") is None, "what is cut off would look as if it had never been corrected"


def test_an_entry_counts_and_lists_corrected_figures_first():
    about = {"kind": "revision", "index_id": "papi", "subject": "papi_d8", "edition_year": 2023, "boundary": "pre_2025"}
    row = about | {"province_code": "58", "old": Decimal("3.1"), "new": Decimal("3.2"), "because": "revised"}
    made = Version("abc", datetime(2026, 11, 30), [*[row | {"because": "added"}] * 40, row], ["x.csv"])
    when, name, title, lines = entry(made, "vi")
    assert (when, name, title) == (made.time, "abc", "PAPI: sửa 1 số liệu, thêm 40 số liệu")
    assert lines[0] == "Ninh Thuận, Quản trị điện tử, 2023: 3,1 → 3,2" and len(lines) == 32
    assert lines[30] == "và 11 số liệu khác" and lines[31].startswith("x.csv: ")


def test_without_a_repository_there_is_no_history(data_copy):
    assert versions(data_copy.path) is None


# ------------------------------------------------------------------------------------------------------- the verb


@pytest.fixture(scope="module")
def revised_folder(tmp_path_factory):
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("older") / "data"))
    text = (folder / PAPI).read_text(encoding="utf-8")
    line = "2021,pre_2025,58,papi_total,43.83021,,,,gh_tunah72"
    assert text.count(line) == 1
    (folder / PAPI).write_text(text.replace(line, line.replace("43.83021", "43.03021")), encoding="utf-8")
    return folder


def test_the_verb_tells_in_vietnamese(without):
    done = run_diff("2023Q4", "2024Q1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "PAPI 2023: 45,51; 6/61; cao (công bố 02/4/2024)" in done.stdout
    assert "PAPI: 4/61 (2022) → 6/61 (2023) (chênh 2 bậc ‡)" in done.stdout
    assert "PAR INDEX 2023" in done.stdout and "PCI: kỳ 2022 → chưa có kỳ mới" in done.stdout
    assert done.stdout.count("so sánh với bản dữ liệu cũ bằng --before") == 1
    assert "None" not in done.stdout and "nan" not in done.stdout


@pytest.mark.parametrize("language", BOTH)
def test_json_parses_and_agrees_with_the_text(revised_folder, language):
    words = ["2023Q4", "2024Q1", "--before", revised_folder, "--language", language]
    text, machine = run_diff(*words), run_diff(*words, "--json")
    assert (text.returncode, machine.returncode, machine.stderr) == (0, 0, "")
    found = json.loads(machine.stdout)
    assert (found["earlier"], found["later"], found["compared"]) == ("2023Q4", "2024Q1", True)
    lines = [line for line in text.stdout.splitlines() if line.startswith("  ")]
    assert len(lines) == len(found["changes"]) + len(found["without_new_edition"])
    (revision,) = [row for row in found["changes"] if row["kind"] == "revision"]
    shown = {"vi": "43,03021 → 43,83021", "en": "43.03021 → 43.83021"}[language]
    assert sum(shown in line for line in lines) == 1
    assert (revision["old"], revision["new"]) == ("43.03021", "43.83021")
    for row in found["changes"]:
        if row["kind"] == "rank":
            assert sum(f"{row['old']} ({row['previous_edition']}) → {row['new']}" in line for line in lines) >= 1
    assert "--before" not in text.stdout


@pytest.mark.parametrize(
    "words, faults",
    [
        (["2024Q1", "2024Q1"], ["the same quarter twice"]),
        (["2024Q1", "2023Q4"], ["2024Q1 is later than 2023Q4"]),
        (["2023q4", "Q1/2024"], ["'2023q4'", "'Q1/2024'"]),
        (["2023Q4", "2024Q1", "--province", "99"], ["'99'"]),
        (["2023Q4", "2024Q1", "--before", "/nowhere"], ["no datapackage.json in /nowhere"]),
        (["2025Q2", "2025Q3"], ["code 58 (Ninh Thuan) ended"]),
        (
            ["2024Q5", "2024Q1", "--province", "Ninh", "--before", "/nowhere"],
            ["'2024Q5'", "province_code", "no datapackage.json"],
        ),
    ],
)
def test_faults_are_told_all_at_once_and_end_with_2(words, faults, capsys):
    assert cli.main(["diff", *words, "--language", "en"]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    lines = errors.splitlines()
    assert len(lines) == len(faults) + 1 and lines[-1] == "Nothing was compared."
    for fault in faults:
        assert sum(fault in line for line in lines) == 1


def test_faults_are_in_vietnamese_unless_asked_otherwise():
    with pytest.raises(ParameterFaults) as found:
        changes_between("2024Q1", "2023Q4", "58")
    assert found.value.lines("vi") == ["quý I/2024 sau quý IV/2023: viết quý trước rồi đến quý sau"]


def test_older_data_that_cannot_be_read_are_a_fault_of_the_request(data_copy, capsys):
    (data_copy.path / PAPI).write_text("edition_year\n2021\n", encoding="utf-8")
    assert cli.main(["diff", "2023Q4", "2024Q1", "--before", str(data_copy.path)]) == 2
    assert capsys.readouterr().err.splitlines()[0].startswith("--before: không đọc được bản dữ liệu cũ")


def test_records_hold_what_the_frame_holds(without):
    found = as_records(without)
    assert json.loads(json.dumps(found)) == found
    assert len(found["changes"]) == (without["kind"] != "no_new_edition").sum()
    papi = next(row for row in found["changes"] if row["kind"] == "new_edition" and row["index_id"] == "papi")
    assert (papi["published_on"], papi["rank"], papi["n_ranked"], papi["edition_year"]) == ("2024-04-02", 6, 61, 2023)
    assert "target" not in papi and "crosses" not in papi


# ------------------------------------------------------------------------------------------------------- the card


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    "quarter, code",
    [("2024Q1", "58"), ("2023Q4", "58"), ("2023Q2", "01"), ("2022Q2", "24"), ("2012Q2", "79"), ("2025Q3", "56")],
)
def test_the_card_says_what_holds_and_stays_short(quarter, code, language):
    from ninhthuan.periods import Quarter

    later = Quarter.parse(quarter)
    rows = changes_between(later.previous, later, code)
    boundary = rows.attrs["boundary"]
    ctx = Context(catalogue.catalogue().provinces[boundary, code], language)
    caption = cards.quarter_changes.caption(rows, ctx)
    caption.check(rows)
    table = cards.quarter_changes.table(rows, ctx)
    assert len(table) == min(12, len(rows))
    assert len(caption.alt) <= 400
    cells = table.to_numpy().ravel().tolist()
    assert all(isinstance(cell, str) and cell for cell in cells)
    assert not [cell for cell in cells if "nan" in cell.lower().split() or "None" in cell]
    # every index is told of, new or not
    assert sum(rows["kind"].isin(["new_edition", "no_new_edition"])) >= 5
    for name in ("PAPI", "PCI", "PAR INDEX", "SIPAS", "DTI"):
        assert any(cell.startswith(name) for cell in table.iloc[:, 1])
    if len(rows) > 12:
        assert str(len(rows) - 12) in caption.note


def test_a_result_known_from_a_later_source_is_told_without_a_new_edition():
    # PAR INDEX 2023 came out in April 2024; that of the province is worked back from a page of June 2025
    rows = changes_between("2024Q4", "2025Q2", "58")
    known = rows[rows["kind"] == "newly_known"]
    assert ("par_index", 2023) in set(zip(known["index_id"], known["edition_year"], strict=True))
    pair = known["index_id"].eq("par_index") & known["edition_year"].eq(2023)
    assert known.loc[pair, "basis"].item() == "derived" and known.loc[pair, "source_id"].item()
    assert not (
        (rows["kind"] == "new_edition") & rows["index_id"].eq("par_index") & rows["edition_year"].eq(2023)
    ).any()
    later = changes_between("2025Q1", "2025Q2", "58", as_of_before="2025-07-01")
    assert not (later["kind"] == "newly_known").any()


@pytest.mark.parametrize("language, told", [("en", "1 moved rank"), ("vi", "1 thay đổi thứ hạng")])
def test_one_is_not_written_as_more(without, language, told):
    ctx = Context(catalogue.catalogue().provinces["pre_2025", "58"], language)
    one = without[(without["kind"] != "rank") | without["subject"].eq("papi_total")]
    one.attrs = without.attrs
    assert told in " ".join(cards.quarter_changes.caption(one, ctx).numbers).replace(f"{told}s", "")
