"""Dossiers quarter by quarter, from an export to the briefing: all of it made up, of an office that does not exist."""

import csv
import json
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

import ninhthuan as nt
from figure_cards.captions import FalseFinding, Nothing
from ninhthuan.periods import Quarter
from ninhthuan.reference import data_from
from ninhthuan_reports import cards, dossiers, report
from ninhthuan_reports.parameters import check_parameters
from ninhthuan_reports.publish import contents
from ninhthuan_reports.publish.briefing import write_briefing
from ninhthuan_reports.runs.plan import declared, jobs_of
from ninhthuan_reports.wording import Context

QUARTERS = [Quarter(2022, 1).shifted(n) for n in range(8)]
BAD = QUARTERS[6]
AGENCIES = [f"Sở giả định {letter}" for letter in "ABCDEF"]
GUILTY = AGENCIES[3]
SEASON = {1: 1.0, 2: 1.2, 3: 1.5, 4: 0.8}


def synthetic_office(path):
    """An export of eight quarters: six agencies, a season, and one quarter in which one agency was late.

    Returns what was resolved and late in each quarter and agency, counted while it is written.
    """
    counted = {}
    with open(path, "w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle, delimiter=";")
        rows.writerow(["Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Hình thức tiếp nhận", "Cấp", "Cơ quan"])
        for quarter in QUARTERS:
            start = date(quarter.year, 3 * quarter.number - 2, 15) - timedelta(days=31)
            start = start.replace(day=15)
            for place, agency in enumerate(AGENCIES):
                for n in range(int((30 + 6 * place) * SEASON[quarter.number])):
                    received = start + timedelta(days=n % 50)
                    due = received + timedelta(days=10)
                    share = 2 if quarter == BAD and agency == GUILTY else 25 if quarter.year == 2022 else 21
                    late = n % share == 1
                    never = late and n % 3 == 0  # still pending
                    finished = due + timedelta(days=5 if late else -2)
                    channel = "Trực tuyến" if n % 4 else "Trực tiếp"
                    level = "Cấp tỉnh" if place < 4 else "Cấp xã"
                    rows.writerow([received, due, "" if never else finished, channel, level, agency])
                    if not never:
                        done = counted.setdefault((str(quarter), agency), [0, 0])
                        done[0], done[1] = done[0] + 1, done[1] + late
    return counted


@pytest.fixture(scope="module")
def office(tmp_path_factory, recent_data):
    """The folder of data after the import of the synthetic office, and what was counted by hand."""
    folder = tmp_path_factory.mktemp("office")
    data = shutil.copytree(recent_data.path, folder / "data")
    path = folder / "so-lieu-gia-dinh-synthetic.csv"
    counted = synthetic_office(path)
    quarters = ",".join(map(str, QUARTERS))
    command = [
        Path(sys.executable).with_name("ninhthuan"),
        "import",
        "dossiers",
        path,
        "--quarter",
        quarters,
        "--by-agency",
    ]
    command += ["--province", "24", "--title", "Số liệu giả định / synthetic", "--yes"]
    subprocess.run(command, env=os.environ | {"NINHTHUAN_DATA": str(data)}, check=True, capture_output=True)
    return data, counted


@pytest.fixture(scope="module")
def quarters(office):
    with data_from(office[0]):
        workload = nt.load_workload("24", until=QUARTERS[-1])
        return dossiers.compared(dossiers.dossier_quarters(workload), workload)


def test_cumulative_windows_are_taken_apart(office, quarters):
    """The second and fourth windows count from 15 December; each quarter is got by subtraction, and said to be."""
    counted = office[1]
    for measure, place in (("dossiers_resolved", 0), ("dossiers_resolved_late", 1)):
        rows = quarters[(quarters["measure"] == measure) & (quarters["channel"] == "all")]
        of_agencies = rows[rows["agency"] != ""].set_index(["quarter", "agency"])["value"]
        assert of_agencies.to_dict() == {key: pair[place] for key, pair in counted.items()}
        whole = rows[(rows["agency"] == "") & (rows["level"] == "all")].set_index("quarter")
        assert list(whole["basis"]) == ["printed", "derived"] * 4
        for quarter, value in whole["value"].items():
            assert value == sum(pair[place] for (name, _), pair in counted.items() if name == quarter)
    shares = quarters[(quarters["measure"] == "dossiers_on_time_share") & (quarters["level"] == "all")]
    shares = shares[(shares["agency"] == "") & (shares["channel"] == "all")].set_index("quarter")
    assert shares["quarter_before"].iloc[1:].tolist() == shares["value"].iloc[:-1].tolist()
    assert shares["year_before"].iloc[4:].tolist() == shares["value"].iloc[:-4].tolist()
    overdue = quarters[(quarters["measure"] == "dossiers_pending_overdue") & (quarters["agency"] == "")]
    ages = quarters[quarters["measure"].isin(dossiers.AGES) & (quarters["agency"] == "")]
    place = ["level", "channel", "quarter"]
    pd.testing.assert_series_equal(ages.groupby(place)["value"].sum(), overdue.groupby(place)["value"].sum())


def run_notebook(data, output, language):
    """Notebook 40 of the synthetic office, in this process, with what it delivers; and its contents."""
    wanted = {"quarter": str(QUARTERS[-1]), "province_code": "24", "language": language}
    request = check_parameters(wanted)
    (job,) = (job for job in jobs_of(request, declared()) if job.name == "40_workload")
    names = {}
    with data_from(data), pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "display", lambda *what: None)
        for cell in json.loads(job.notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), str(job.notebook), "exec"), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names |= wanted | {"output_dir": str(output)}
        (output / "notebooks").mkdir()
        (output / "notebooks" / f"40_workload__{QUARTERS[-1]}.ipynb").write_bytes(job.notebook.read_bytes())
        return contents.read_contents(output, request, [job])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_an_export_to_the_briefing_the_bad_quarter_and_its_agency_are_named(office, tmp_path, language):
    from docx import Document

    data, counted = office
    made = run_notebook(data, tmp_path, language)
    told = {card.name: card.title for card in made.cards}
    bad = "quý III/2023" if language == "vi" else "Q3 2023"
    resolved, late = (sum(pair[n] for (name, _), pair in counted.items() if name == str(BAD)) for n in (0, 1))
    share = f"{100 * (resolved - late) / resolved:.2f}".replace(".", "," if language == "vi" else ".")
    assert bad in told["dossier_calendar"] and f"{share}%" in told["dossier_calendar"]
    note = made.card("40_workload", "dossier_calendar").record["note"]
    source = made.card("40_workload", "agencies").record["source"]
    assert source == ("UBND Bắc Giang" if language == "vi" else "People's Committee of Bac Giang")
    assert GUILTY in note and str(counted[str(BAD), GUILTY][1]) in note and str(late) in note
    with data_from(data):
        path = tmp_path / "briefing.docx"
        write_briefing(made, path, list(declared().documents.outline))
    text = "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)
    for name in ("dossier_results", "dossier_calendar", "on_time", "agencies"):
        assert told[name] in text
    assert GUILTY in text and any("giả định" in source["text"] for source in made.closing("sources"))


def test_a_quarter_stands_apart_only_from_quarters_that_lie_together(office, quarters):
    with data_from(office[0]):
        stands_apart(quarters)


def stands_apart(quarters):
    sheet = dossiers.dossier_calendar(quarters, QUARTERS[-1], "24")
    assert dossiers.bad_quarter(sheet, "24") == str(BAD)
    spread = sheet.copy()
    row = spread.index[(spread["measure"] == "dossiers_on_time_share") & (spread["quarter"] == "2022Q1")]
    worst = sheet.loc[sheet["measure"] == "dossiers_on_time_share", "value"].min()
    spread.loc[row, "value"] = worst + 0.5
    assert dossiers.bad_quarter(spread, "24") == ""
    context = Context(nt.catalogue.catalogue().find_province("24", "pre_2025"), "vi")
    caption = cards.dossier_calendar.caption(sheet, context)
    with pytest.raises(FalseFinding):
        caption.check(spread)
    rows = dossiers.agencies(quarters)
    caption = cards.agencies.caption(rows, context)
    caption.check(rows)
    with pytest.raises(FalseFinding):
        caption.check(rows.assign(late=rows["late"].iloc[::-1].to_numpy() * 3 + 1))


def test_what_is_held_of_khanh_hoa_is_said_with_what_its_source_is():
    workload = nt.load_workload("56", until="2025Q3", boundary="post_2025")
    quarters = dossiers.compared(dossiers.dossier_quarters(workload), workload)
    rows = dossiers.dossier_results(quarters, quarters.iloc[:0].assign(points_over=0.0))
    levels = rows[rows["level"] != "all"].set_index("level")
    assert levels["value"].to_dict() == {"province": 90.5, "commune": 95.5} and levels["target"].isna().all()
    found = rows[rows["level"] == "all"].set_index("measure")["value"]
    assert (found["dossiers_received"], found["dossiers_resolved"]) == (191957, 147818)
    assert round(found["dossiers_on_time_share"], 2) == round(100 * 137884 / 147818, 2) == 93.28
    assert found["dossier_digitisation_share"] == 65.79
    context = Context(nt.catalogue.catalogue().find_province("56", "post_2025"), "en")
    caption = cards.dossier_results.caption(rows, context)
    caption.check(rows)
    # a target of 19 September for the whole province does not judge the quarter
    assert caption.title.endswith("93.28% resolved on time") and "19 September 2025" in caption.note
    # how far the newspaper can be relied on is said in full by the opening, here where that does not speak of it
    assert "not yet checked" in caption.note and "machine translation" not in caption.note
    alone = cards.dossier_results.caption(rows[rows["measure"] != "dossiers_received"], context).note
    assert "machine translation" in alone and "our assumption" in alone
    assert "the former Khanh Hoa and Ninh Thuan" in caption.note, "the merged province is not the one of before"
    # a target that came late has the mark of the note, and nothing is held against it; no other column is promised
    shown = cards.dossier_results.table(rows, context).set_index("Dossiers")
    assert shown.at["Resolved on time", "Target"] == "95%†" and "†: the target of 95%" in caption.note
    assert set(shown["Against target"]) == {"–"} and caption.subtitle.endswith(": result and target")
    assert shown.at["Resolved on time, commune level", "Result"] == "95.5%"
    shares = dossiers.on_time(quarters).set_index("part")
    assert (shares.at["province", "value"], shares.at["commune", "value"]) == (90.5, 95.5)
    assert set(shares["target"]) == {95} and not dossiers.judged(shares).any()
    # two levels and their mean are no picture: they are said
    with pytest.raises(Nothing, match=r"93.3% \(whole.*\), 90.5% \(provincial level\) and 95.5% \(commune level\)"):
        cards.on_time.caption(shares.reset_index(), context)


@pytest.mark.parametrize(
    "done, due, planned, states",
    [
        ((16, 16), (16,), 47, {"done": 16, "due": 0, "not_due": 31}),
        ((14,), (16,), 47, {"done": 14, "due": 2, "not_due": 31}),
        ((17,), (), 62, {"done": 17, "open": 45}),
    ],
)
def test_tasks_of_a_plan_are_done_due_or_not_yet_due(done, due, planned, states):
    like = nt.load_workload("58", until="2024Q1")
    like = like[like["measure"] == "par_plan_tasks_done"].iloc[:1]
    day, first = pd.Timestamp("2024-03-31"), pd.Timestamp("2024-01-01")

    def row(measure, value, start, end=day):
        return like.assign(measure=measure, value=float(value), period_start=start, period_end=end)

    rows = [row("par_plan_tasks_planned", planned, first, pd.Timestamp("2024-12-31"))]
    rows += [row("par_plan_tasks_done", value, start) for value, start in zip(done, (first, day), strict=False)]
    rows += [row("par_plan_tasks_due_in_period", value, first) for value in due]
    frame = dossiers.plan_tasks(pd.concat(rows, ignore_index=True))
    assert dict(zip(frame["state"], frame["count"], strict=True)) == states
    context = Context(nt.catalogue.catalogue().find_province("58", "pre_2025"), "en")
    caption = cards.plan_tasks.caption(frame, context)
    caption.check(frame)
    assert ("all 16 due" in caption.title) == (states.get("due") == 0)
