"""The opening of a report: which sentences it chooses, and their numbers worked out from the files."""

import csv
import functools
import re

import pandas as pd
import pytest

import ninhthuan as nt
from figure_cards.captions import FalseFinding
from ninhthuan.analysis.change import change_limit
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import data_dir
from ninhthuan.workload import measure_table
from ninhthuan_reports import cards, opening, summaries
from ninhthuan_reports.opening import opening_facts
from ninhthuan_reports.parameters import check_parameters
from ninhthuan_reports.wording import Context


@functools.cache
def opened(code, quarter, language="vi"):
    asked = check_parameters({"quarter": quarter, "province_code": code, "language": language})
    known = {"as_of": asked.as_of, "boundary": asked.boundary}
    overview = summaries.index_overview(code, as_of_before=asked.quarter.previous.closing_day, **known)
    facts = opening_facts(overview, code, asked.quarter, **known)
    return facts, Context(catalogue().provinces[asked.boundary, code], language)


def told(code, quarter, language="vi"):
    facts, ctx = opened(code, quarter, language)
    cards.opening.caption(facts, ctx).check(facts)
    (_, (conclusion,)), *sections = cards.opening.text(facts, ctx)
    assert conclusion
    work = [sentences for head, sentences in sections if head == ctx.phrase("opening.work")]
    return [*work, [says for _, sentences in sections if sentences not in work for says in sentences]]


def papi(year, component):
    """Code -> score of one component, straight from the file: of several printed ones the one with most decimals."""
    found = {}
    with open(data_dir() / "indicators/papi.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            place = row["edition_year"], row["component_id"], row["boundary"]
            if place == (str(year), component, "pre_2025") and row["basis"] in ("printed", "summed"):
                found[row["province_code"]] = max(found.get(row["province_code"], ""), row["score"], key=len)
    return {code: float(score) for code, score in found.items() if score}


def in_both(code, component, before, year):
    """Ranks of a province in two editions among the provinces with results in both, and how many these are."""
    old, new = papi(before, component), papi(year, component)
    common = set(old) & set(new)
    return *(1 + sum(of[other] > of[code] for other in common) for of in (old, new)), len(common)


def placed(code, component, year):
    """Rank of a province, as the tables have it: among all with a result."""
    scores = papi(year, component)
    return f"{1 + sum(score > scores[code] for score in scores.values())}/{len(scores)}"


def concluded(code, quarter, language="vi"):
    facts, ctx = opened(code, quarter, language)
    return cards.opening.text(facts, ctx)[0][1][0]


def comma(value, decimals=2):
    return f"{value:.{decimals}f}".replace(".", ",")


def test_the_news_of_2024q1_is_what_the_files_say():
    work, indices = told("58", "2024Q1")
    now, before = papi(2023, "papi_total"), papi(2022, "papi_total")
    rank = 1 + sum(score > now["58"] for score in now.values())
    assert (
        f"PAPI năm 2023 (công bố 02/4/2024): Ninh Thuận đạt {comma(now['58'])} điểm, xếp thứ {rank}/{len(now)}"
        in indices[0]
    )
    assert f"giảm {comma(before['58'] - now['58'])} điểm" in indices[0] and "trong sai số điều tra" in indices[0]
    # the dimension that fell most, and its place among the falls of the country
    falls = {}
    for part in range(1, 9):
        new, old = papi(2023, f"papi_d{part}"), papi(2022, f"papi_d{part}")
        falls[part] = {code: new[code] - old[code] for code in new if code in old}
    worst = min(falls, key=lambda part: falls[part]["58"])
    assert worst == 8 and falls[8]["58"] == min(falls[8].values())
    assert all(abs(falls[part]["58"]) < change_limit(f"papi_d{part}", "58", 2022, 2023) for part in falls)
    still = "PAPI 2023 (6/61): thay đổi của tổng điểm và cả 8 trục đều trong sai số điều tra"
    assert still in concluded("58", "2024Q1")
    ends = (comma(papi(year, "papi_d8")["58"]) for year in (2022, 2023))
    ranks = [placed("58", "papi_d8", year) for year in (2022, 2023)]
    says = "quản trị điện tử, từ {} xuống {} điểm (từ thứ {} xuống thứ {}; mức".format(*ends, *ranks)
    assert says in indices[1] and ranks == ["5/62", "37/61"]
    assert "59 tỉnh, thành phố có kết quả cả hai năm, Ninh Thuận xếp thứ 2 năm 2022 và thứ 5 năm 2023" in indices[0]
    assert in_both("58", "papi_total", 2022, 2023) == (2, 5, 59)
    assert "lớn nhất trong" not in indices[1], "within survey error a place among all falls is one of chance"
    assert "42.972 hồ sơ" in work[0] and "32.746 hồ sơ trực tuyến (76,20%)" in work[0]
    assert "toàn bộ 16 nhiệm vụ" in work[2] and "16/47" in work[2]
    assert "xếp thứ 6/61 tỉnh, thành phố (xét cả sai số: từ thứ 1 đến thứ 28)" in indices[0]
    assert indices[2].startswith("Sai số ở độ tin cậy 95%, lấy theo sai số của PAPI 2019")
    assert len(work) + len(indices) <= 8, "seven sentences, and how sure they are"


def test_what_is_not_held_is_said_and_what_is_held_is_not_denied():
    assert told("58", "2024Q1")[0][1].startswith("Chưa có số liệu hồ sơ đã giải quyết")
    received, resolved, press, merged = told("56", "2025Q3")[0]
    assert "báo Lao Động" in press and "chưa được đối chiếu với số liệu chính thức" in press
    assert "sau hợp nhất (gồm Khánh Hòa và Ninh Thuận cũ)" in merged
    assert "(cấp xã 95,5%; cấp tỉnh 90,5%)" in resolved and "thiếu" not in resolved
    assert (
        "191.957 hồ sơ" in received and "147.818 hồ sơ, đúng hạn 93,28% theo cách hiểu của đơn vị soạn thảo" in resolved
    )
    assert "chỉ để tham khảo" in resolved, "the target was set within the quarter"


def test_no_comparison_crosses_a_break():
    (indices,) = told("24", "2023Q2")
    assert "DTI năm 2022" in indices[0] and "Phương pháp khác kỳ 2020 nên không so sánh" in indices[0]
    assert not re.search("tăng|giảm|lên|xuống", indices[0])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_quarter_without_news_says_so_and_tells_the_newest_edition(language):
    """PAPI 2024 came out on 15 April 2025, before the window of 2025Q2: its result is told with that day."""
    indices = told("58", "2025Q2", language)[-1]
    opens = {"vi": "PAPI năm 2024 (công bố 15/4/2025)", "en": "On PAPI 2024 (published 15 April 2025)"}[language]
    assert indices[0].startswith(opens) and "5/61" in indices[0]
    none = {"vi": "không có kỳ mới công bố từ 01/5/2025 đến 31/7/2025", "en": "from 1 May 2025 to 31 July 2025"}
    assert none[language] in indices[-3] and "PCI 2023 (11/63)" in indices[-2]
    assert "SIPAS 2022 (20/63)" in indices[-1], "later editions are out"


def test_an_old_pilot_is_no_newest_rank():
    """SIPAS 2015 of Hà Nội, 7 of 10 provinces, is no rank of today; a result withheld is said."""
    assert "SIPAS 2015" not in " ".join(told("01", "2023Q2")[-1])
    assert "PAPI 2021 đã công bố, không có kết quả của Quảng Ninh" in " ".join(told("22", "2022Q2")[-1])


def test_an_edition_without_a_total_gives_the_dimensions_that_it_has():
    """Bắc Giang has no total of PAPI 2022, but four of its dimensions; what is older is not called the newest."""
    (indices,) = told("24", "2023Q2")
    year = {part: papi(2022, f"papi_d{part}") for part in range(1, 9)}
    scored = [part for part in year if "24" in year[part]]
    assert "24" not in papi(2022, "papi_total") and scored == [3, 6, 7, 8]
    above, within = indices[-2].split("Chênh với trung vị trong sai số")
    for part in scored:
        rank = 1 + sum(score > year[part]["24"] for score in year[part].values())
        gap = year[part]["24"] - pd.Series(year[part]).median()
        clear = gap > change_limit(f"papi_d{part}", "24", 2022, 2022) / 2**0.5
        assert f"(thứ {rank}/{len(year[part])})" in (above if clear else within)
    assert indices[-2].startswith("PAPI năm 2022 (công bố 12/4/2023) không công bố tổng điểm") and "95%" in indices[-1]
    assert indices[-3].endswith("ghi ngày: PAPI 2020 (13/63), PCI 2020 (27/63) và SIPAS 2019 (9/63).")


def test_what_cannot_be_compared_is_taken_out_before_a_fall_is_judged():
    """Hà Nội's PAPI 2022: −0.54 in all, of it +0.45 in civic knowledge (1.1), in which the whole country moved."""
    (indices,) = told("01", "2023Q2")
    changes = {part: papi(2022, f"papi_{part}")["01"] - papi(2021, f"papi_{part}")["01"] for part in ("total", "d1_1")}
    assert round(changes["total"], 2) == -0.54 and round(changes["d1_1"], 2) == 0.45
    rest = comma(changes["d1_1"] - changes["total"])
    assert f"các nội dung còn lại giảm {rest} điểm, chưa có sai số riêng nên chưa kết luận được" in indices[3]
    assert "Không so sánh được: tri thức công dân (1.1, +0,45 điểm) vì" in indices[3]
    assert not any("tham gia" in says and "tăng" in says for says in indices[4:]), "no rise is made of it"
    places = {part: papi(2022, f"papi_d{part}") for part in range(1, 9)}
    shares = {part: sum(score >= year["01"] for score in year.values()) / len(year) for part, year in places.items()}
    assert {part for part in shares if shares[part] == min(shares.values())} == {1, 8}
    assert "cao nhất là tham gia của người dân và quản trị điện tử (thứ 3/62), thấp nhất là quản trị môi" in indices[5]
    first, last = (placed("01", "papi_d5", year) for year in (2021, 2022))
    assert f"Cũng giảm vượt sai số: thủ tục hành chính công (−0,23 điểm, từ thứ {first} đến thứ {last})" in indices[4]
    # the country fell in it too, and the score is at the threshold of the group below
    middle = (pd.Series(papi(2022, "papi_d6")) - pd.Series(papi(2021, "papi_d6"))).median()
    assert middle < -0.2 and f"mức thay đổi trung vị của cả nước là −{comma(-middle)} điểm" in indices[4]
    low = pd.Series(papi(2022, "papi_d6")).quantile(0.25)
    assert 0 < papi(2022, "papi_d6")["01"] - low < 0.005 and "sang nhóm trung bình thấp, sát nhóm thấp" in indices[4]
    assert "chưa kết luận được về tổng điểm" in concluded("01", "2023Q2")
    assert "thấp nhất là quản trị môi trường (thứ 60/63" in indices[5]
    # these came out in the quarter, and the report before told of them
    assert indices[1].startswith("SIPAS 2022 đã công bố nhưng đến 31/7/2023 chưa thu thập được kết quả của Hà Nội")
    assert "PAPI 2022, PCI 2022 và PAR INDEX 2022 công bố trước 01/5/2023" in indices[1]


def test_the_part_that_makes_most_of_a_fall_is_named():
    scores = nt.load_index("papi")
    own = scores[scores["province_code"].eq("01") & scores["edition_year"].isin([2021, 2022])]
    change = own.pivot(index="component_id", columns="edition_year", values="score").diff(axis=1)[2022]
    assert 0.5 < change["papi_d6_2"] / change["papi_d6"] < 1
    says = " ".join(told("01", "2023Q2")[-1])
    assert (
        f"giáo dục tiểu học công lập (6.2) chiếm {comma(-change['papi_d6_2'])} điểm; cần thận trọng vì năm 2021" in says
    )
    assert [mark.edition_year for mark in catalogue().breaks_of("papi_d6_2", "suspected")] == [2020, 2021]
    assert "(8.2)" not in " ".join(told("58", "2024Q1")[-1]), "what is within error has no part to blame"


def test_a_result_of_the_year_stands_in_the_report_of_its_last_quarter():
    assert "tỷ lệ nộp trực tuyến đạt 83,66% so với chỉ tiêu 70%" in told("58", "2023Q4")[0][0]
    assert "83,66" not in " ".join(told("58", "2024Q1")[0])


def test_an_index_without_any_edition_has_no_new_one_either():
    (indices,) = told("58", "2006Q4")
    assert "PAPI, PAR INDEX, SIPAS và DTI chưa có kỳ nào" in " ".join(indices)
    assert "chưa có kết quả theo 34 tỉnh" in " ".join(told("56", "2025Q3")[1])


def spoil(facts, rows, column, value):
    spoilt = facts.copy()
    spoilt.loc[rows(facts), column] = value
    return spoilt


@pytest.mark.parametrize(
    ("rows", "column", "value"),
    [
        (lambda f: f["component_id"].eq("papi_total"), "score", 46.5),
        (lambda f: f["component_id"].eq("papi_total"), "rank", 7),
        (lambda f: f["component_id"].eq("papi_total"), "limit", 0.1),
        (lambda f: f["component_id"].eq("papi_total"), "previous_score", 46.1),
        (lambda f: f["component_id"].eq("papi_total"), "previous_rank", 3),
        (lambda f: f["component_id"].eq("papi_total"), "rank_high", 5),
        (lambda f: f["component_id"].eq("papi_d8"), "score", 3.6),
        (lambda f: f["component_id"].eq("papi_d8"), "group", "low"),
        (lambda f: f["component_id"].eq("papi_d8"), "fall_place", 2),
        (lambda f: f["component_id"].eq("papi_d2"), "previous_score", 9.0),
        (lambda f: f["index_id"].eq("pci"), "new_editions", "2023"),
        (lambda f: f["kind"].eq("task") & f["level"].eq("done"), "value", 17.0),
        (lambda f: f["measure"].eq("dossiers_received") & f["channel"].eq("online"), "value", 43000.0),
    ],
)
def test_a_sentence_is_refused_of_other_figures(rows, column, value):
    facts, ctx = opened("58", "2024Q1")
    caption = cards.opening.caption(facts, ctx)
    with pytest.raises(FalseFinding):
        caption.check(spoil(facts, rows, column, value))


def test_an_old_edition_is_no_news_and_a_rank_without_a_score_says_so():
    """Quảng Ninh: PAPI 2021 withheld, SIPAS 2021 known by its rank alone."""
    (indices,) = told("22", "2022Q2")
    text = " ".join(indices)
    assert "quản trị điện tử" not in text and "…" not in text and "Giảm nhiều nhất" not in text
    assert "SIPAS năm 2021 (công bố 25/5/2022): Quảng Ninh xếp thứ 1/63 tỉnh, thành phố (chưa có điểm)" in text
    assert "tăng 0,01 điểm nhưng thứ hạng xuống" in told("48", "2023Q1")[0][0], "score and rank went opposite ways"


@pytest.mark.parametrize("code", ["79", "84"])
def test_a_change_among_parts_measured_anew_is_told_with_care(code):
    (indices,) = told(code, "2020Q1")
    assert indices[0].startswith("PAPI năm 2019") and "vì cách đo đã thay đổi" in indices[0]
    assert not re.search("(trong|vượt) sai số điều tra", indices[0]), "the total has no verdict"


def test_what_is_overdue_is_told_where_it_is_held():
    """SYNTHETIC: a count of overdue dossiers beside the real figures of a quarter."""
    facts, ctx = opened("56", "2025Q3")
    row = facts[facts["measure"].eq("dossiers_resolved")].assign(measure="dossiers_pending_overdue", value=42.0)
    more = pd.concat([facts, row], ignore_index=True)
    caption = cards.opening.caption(more, ctx)
    caption.check(more)
    assert "; cuối kỳ còn 42 hồ sơ quá hạn chưa giải quyết." in cards.opening.text(more, ctx)[1][1][1]
    with pytest.raises(FalseFinding):
        caption.check(spoil(more, lambda f: f["measure"].eq("dossiers_pending_overdue"), "value", 43.0))


def test_the_measures_asked_for_are_those_of_the_data():
    assert set(opening.WORK) <= set(measure_table()["measure"])
