"""Reports of any province and quarter say nothing that their figures do not hold: a sample, chosen by the day.

`benchmarks/sweep.py` does the same for every report there can be.
"""

import random
from datetime import date

import pytest
from sweep import every_report, fault_of

from figure_cards import captions
from figure_cards.captions import Claim
from ninhthuan.catalogue import catalogue
from ninhthuan_reports import cards
from ninhthuan_reports.runs.plan import declared, jobs_of, requests

SEED = int(date.today().strftime("%Y%m%d"))


def _sample(count):
    chance = random.Random(SEED)
    reports = chance.sample(every_report(), count)
    return [chance.choice(jobs_of(request, declared())) for request in reports]


SAMPLE = _sample(40)


@pytest.mark.parametrize("job", SAMPLE[:8], ids=lambda job: job.identity)
def test_a_report_of_any_province_and_quarter(job):
    assert not fault_of(job), f"seed {SEED}"


@pytest.mark.parametrize("job", SAMPLE[8:], ids=lambda job: job.identity)
def test_more_reports_of_any_province_and_quarter(job):
    assert not fault_of(job), f"seed {SEED}"


def _overview(quarter, code):
    return jobs_of(requests([quarter], [code], ["vi"])[0], declared())[0]


@pytest.mark.parametrize("quarter, code", [("2020Q2", "58"), ("2020Q4", "58")])
def test_indices_that_tie_for_the_best_place(quarter, code):
    assert not fault_of(_overview(quarter, code))


def test_a_title_that_does_not_hold_is_found(monkeypatch):
    honest = cards.one_picture.caption

    def spoilt(frame, ctx):
        return captions.entitled(honest(frame, ctx), "Hạng 1", [Claim("hạng 1", lambda drawn: False)])

    monkeypatch.setattr(cards.one_picture, "caption", spoilt)
    assert fault_of(_overview("2024Q1", "58")).startswith("FalseFinding")


def test_every_quarter_of_every_province_is_swept():
    reports = every_report(date(2024, 5, 1))
    assert {request.boundary for request in reports} == {"pre_2025"}
    assert str(reports[0].quarter) == "2006Q4" and str(reports[-1].quarter) == "2024Q1"
    # Ha Tay was gone from August 2008 on
    assert len([r for r in reports if str(r.quarter) == "2024Q1"]) == 63
    assert (
        len([r for r in reports if str(r.quarter) == "2007Q4"])
        == 64
        == len([p for (side, _), p in catalogue().provinces.items() if side == "pre_2025"])
    )
