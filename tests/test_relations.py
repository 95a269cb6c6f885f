"""Relations: small cases by hand, other formulas for the same figures, and what intervals and distances must keep."""

import csv
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import ninhthuan as nt
from figure_cards import captions, style
from ninhthuan.analysis import relations
from ninhthuan.catalogue import catalogue
from ninhthuan.reference import GROUPS
from ninhthuan_reports import cards
from ninhthuan_reports.wording import Context

AS_OF = "2024-04-30"


@pytest.fixture(scope="module")
def papi():
    return nt.load_index("papi", as_of=AS_OF)


@pytest.fixture(scope="module")
def correlations():
    return relations.rank_correlations(AS_OF)


# -------------------------------------------------------------------------------------------------------- correlations


@given(st.permutations(range(12)))
def test_spearman_without_ties_is_the_formula_of_squared_differences(order):
    squares = sum((a - b) ** 2 for a, b in enumerate(order))
    assert relations.spearman(range(12), order) == pytest.approx(1 - 6 * squares / (12 * (12**2 - 1)))


def test_spearman_with_ties_by_hand():
    # ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, sums of squares 4.5 and 5
    assert relations.spearman([10, 20, 20, 30], [1, 2, 3, 4]) == pytest.approx(4.5 / math.sqrt(4.5 * 5))
    assert math.isnan(relations.spearman([1, 1, 1], [1, 2, 3]))
    assert math.isnan(relations.spearman([1], [1]))


def test_interval_by_hand():
    # rho 0.5, n 28: arctanh 0.549306; error sqrt(1.125 / 25) = 0.212132; 1.96 of it 0.415771
    low, high = relations.spearman_interval(0.5, 28)
    assert (low, high) == pytest.approx((math.tanh(0.549306 - 0.415771), math.tanh(0.549306 + 0.415771)), abs=1e-5)
    assert relations.spearman_interval(1.0, 20) == (1.0, 1.0)
    assert all(math.isnan(end) for end in relations.spearman_interval(0.5, 3))


@given(st.floats(-0.99, 0.99), st.integers(4, 500))
def test_the_interval_holds_rho_and_shrinks_with_n(rho, n):
    low, high = relations.spearman_interval(rho, n)
    closer = relations.spearman_interval(rho, n + 10)
    assert -1 <= low < rho < high <= 1
    assert low < closer[0] and closer[1] < high
    # mirrored, as the sign is only a matter of direction
    assert relations.spearman_interval(-rho, n) == pytest.approx((-high, -low))


def test_the_interval_covers_what_it_should():
    """Pairs of a known correlation drawn 1,000 times: about 95 in 100 intervals hold that of all."""
    draw = np.random.default_rng(4)
    linear = 0.5
    true = 6 / math.pi * math.asin(linear / 2)  # Spearman's rho of two normals with that correlation
    held = 0
    for _ in range(1000):
        first = draw.normal(size=61)
        second = linear * first + math.sqrt(1 - linear**2) * draw.normal(size=61)
        low, high = relations.spearman_interval(relations.spearman(first, second), 61)
        held += low <= true <= high
    assert 930 <= held <= 970


def test_rank_correlations_by_pandas(correlations):
    """Whole lists: from the scores themselves, by pandas' own correlation."""
    papi, pci = (
        nt.load_index(index_id, as_of=AS_OF)
        .query(f"component_id == '{index_id}_total'")
        .pivot(index="province_code", columns="edition_year", values="score")
        for index_id in ("papi", "pci")
    )
    rows = correlations[correlations["index_b"].eq("pci")]
    assert list(rows["edition_year"]) == list(range(2011, 2023))
    for row in rows.itertuples():
        both = pd.DataFrame({"a": papi[row.edition_year], "b": pci[row.edition_year]}).dropna()
        assert row.n == len(both)
        # of scores that tie as printed the published ranks know the order
        tied = both["b"].duplicated().any()
        assert row.rho == pytest.approx(both["a"].rank().corr(both["b"].rank()), abs=0.005 if tied else 1e-6)


def test_lists_of_a_part_of_the_provinces_are_never_correlated(correlations):
    """Of every index and year that is correlated the file has a score or a rank of every province ranked."""
    assert (correlations["n"] >= 60).all() and (correlations["n"] <= 63).all()
    assert correlations.eval("-1 <= low < rho < high <= 1").all()
    assert not correlations.duplicated(["index_a", "index_b", "edition_year"]).any()
    held = {name: nt.load_index(name, as_of=AS_OF).query("level == 'total'") for name in catalogue().indices}
    editions = catalogue().editions
    of = {
        (name, year): rows["score"].notna().sum() >= editions[name, year, "pre_2025"].provinces_scored
        for name, scores in held.items()
        for year, rows in scores.groupby("edition_year")
    }
    used = {(row[side], row["edition_year"]) for _, row in correlations.iterrows() for side in ("index_a", "index_b")}
    assert used and all(of[each] for each in used)
    assert ("par_index", 2012) not in used and not of["par_index", 2012], "20 provinces of the press"


def test_correlations_know_no_later_edition():
    early = relations.rank_correlations("2017-12-31")
    late = relations.rank_correlations(AS_OF)
    assert early["edition_year"].max() == 2016
    merged = early.merge(late, on=["index_a", "index_b", "edition_year"])
    assert len(merged) == len(early) and merged["rho_x"].equals(merged["rho_y"])
    assert relations.rank_correlations("2025-10-31", "post_2025").empty


def test_correlations_of_a_day_rest_on_no_later_source():
    """PCI 2021 and 2022 are whole only in a copy of December 2025."""
    by = {sources: relations.rank_correlations("2024-04-30", sources=sources) for sources in ("all", "strict")}
    whole = {name: frame[frame["source_id"].str.contains("gh_phuoc_panel")] for name, frame in by.items()}
    assert len(whole["all"]) and whole["strict"].empty and len(by["strict"])
    assert catalogue().sources["gh_phuoc_panel"].latest_day > date(2024, 4, 30)


# ---------------------------------------------------------------------------------------------------------- transitions


def groups_by_hand(scores):
    """Four groups of {province: score}: counted, not by quantile: at or above the 75th, 50th and 25th percentile."""
    ordered = sorted(scores.values())
    cuts = []
    for share in (0.75, 0.5, 0.25):
        place = (len(ordered) - 1) * share
        low = math.floor(place)
        high = min(low + 1, len(ordered) - 1)
        cuts.append(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
    return {code: GROUPS[sum(score < cut for cut in cuts)] for code, score in scores.items()}


def test_transitions_counted_over_the_file(papi):
    """Dimension 3: groups by sorting, pairs by plain loops, the two breaks of its method left out."""
    editions = {}
    with open(nt.reference.data_dir() / "indicators/papi.csv", encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            wanted = row["source_id"].startswith("xlsx") or row["source_id"] == "gh_mlmcdm"
            if row["component_id"] == "papi_d3" and wanted and row["score"] and int(row["edition_year"]) <= 2023:
                editions.setdefault(int(row["edition_year"]), {})[row["province_code"]] = float(row["score"])
    assert sorted(editions) == list(range(2011, 2024))
    groups = {year: groups_by_hand(scores) for year, scores in editions.items()}
    counted = {}
    for year in range(2011, 2023):
        if year + 1 in (2016, 2018):
            continue  # the method of dimension 3 changed twice
        for code, group in groups[year].items():
            if code in groups[year + 1]:
                move = group, groups[year + 1][code]
                counted[move] = counted.get(move, 0) + 1
    found = relations.group_transitions(papi, "papi_d3", "58")
    pairs = zip(found["group_from"], found["group_to"], found["count"], strict=True)
    assert {(a, b): count for a, b, count in pairs if count} == counted
    assert found["n_year_pairs"].eq(sum(counted.values())).all() and found["n_pairs"].eq(10).all()
    own = sum(
        1
        for year in range(2011, 2023)
        if year + 1 not in (2016, 2018) and {"58"} <= groups[year].keys() & groups[year + 1].keys()
    )
    assert found["own_count"].sum() == own


def test_shares_of_a_row_sum_to_one(papi):
    found = relations.group_transitions(papi)
    assert len(found) == 16
    assert list(zip(found["group_from"], found["group_to"], strict=True))[:2] == [
        ("high", "high"),
        ("high", "upper_middle"),
    ]
    for _, rows in found.groupby("group_from"):
        assert rows["moved_share"].sum() == pytest.approx(1)
        assert rows["count"].sum() == rows["n_from"].iloc[0]
    assert found["count"].sum() == found["n_year_pairs"].iloc[0] == 614
    assert found["own_count"].sum() == 0, "no province was named"


def test_transitions_by_hand():
    """Four provinces in two editions: the first and the last change places."""
    codes = ["01", "02", "04", "06"]
    frame = pd.DataFrame(
        {
            "edition_year": [2018] * 4 + [2019] * 4,
            "province_code": codes * 2,
            "component_id": "papi_total",
            "score": [4.0, 3, 2, 1, 1, 3, 2, 4],
            "source_id": "a",
        }
    )
    frame["group_derived"] = nt.quartile_groups(frame)
    frame["rank_derived"] = nt.ranks(frame)
    found = relations.group_transitions(frame, "papi_total", "01").set_index(["group_from", "group_to"])
    moves = {("high", "low"): 1, ("upper_middle",) * 2: 1, ("lower_middle",) * 2: 1, ("low", "high"): 1}
    assert found.loc[found["count"] > 0, "count"].to_dict() == moves
    assert found.loc[("high", "low"), "own_count"] == 1 and found["own_count"].sum() == 1
    # across a break there is no pair
    across = frame.assign(edition_year=frame["edition_year"] - 1)
    assert relations.group_transitions(across).empty


# --------------------------------------------------------------------------------------------------------------- spread


def test_spread_by_the_formulas(papi):
    found = relations.spread(papi).set_index("edition_year")
    totals = papi[papi["component_id"] == "papi_total"]
    for year, row in found.iterrows():
        scores = sorted(totals.loc[totals["edition_year"] == year, "score"].dropna())
        mean = sum(scores) / len(scores)
        assert row["n"] == len(scores)
        assert row["standard_deviation"] == pytest.approx(
            math.sqrt(sum((score - mean) ** 2 for score in scores) / (len(scores) - 1))
        )
        assert row["best_minus_worst"] == pytest.approx(scores[-1] - scores[0])
        assert row["low"] < row["standard_deviation"] < row["high"]
        near = row["standard_deviation"] / math.sqrt(2 * (len(scores) - 1)) * 1.96
        assert 0.5 * near < row["high"] - row["standard_deviation"] < 2 * near, "of the size of the normal formula's"
    assert found["segment"].tolist() == [0] * 5 + [1] * 2 + [2] * 6


def test_spread_is_the_same_each_time_and_older_editions_stay(papi):
    again = relations.spread(papi)
    assert again.equals(relations.spread(papi))
    early = relations.spread(papi[papi["edition_year"] <= 2015])
    columns = ["edition_year", "low", "high"]
    assert early[columns].equals(again.loc[again["edition_year"] <= 2015, columns].reset_index(drop=True))
    assert relations.spread(nt.load_index("par_index", as_of=AS_OF), "par_index_total").empty


# ------------------------------------------------------------------------------------------------------------- likeness


def test_likeness_by_hand():
    rows = []
    profiles = {"01": (1.0, 10.0), "02": (2.0, 10.0), "04": (3.0, 40.0)}
    for code, profile in profiles.items():
        for component_id, score in (("papi_d1", profile[0]), ("papi_d2", profile[1]), ("papi_total", sum(profile))):
            rows.append((code, component_id, score, "total" if component_id == "papi_total" else "dimension"))
    frame = pd.DataFrame(rows, columns=["province_code", "component_id", "score", "level"])
    frame = frame.assign(edition_year=2023, boundary="pre_2025", rank_derived=1, n_ranked=3, source_id="a")
    # standard deviations 1 and sqrt(300): 01 and 02 differ by 1 in the first alone
    found = relations.likeness(frame, "01").set_index("province_code")
    assert list(found.index) == ["02", "04"]
    assert found.at["02", "distance"] == pytest.approx(1)
    assert found.at["04", "distance"] == pytest.approx(math.sqrt(2**2 + 30**2 / 300))


def test_likeness_is_symmetric_and_leaves_out_the_province_itself(papi):
    found = relations.likeness(papi, "58")
    assert "58" not in set(found["province_code"]) and len(found) == 60
    assert found["distance"].is_monotonic_increasing and (found["distance"] > 0).all()
    for code, distance in zip(found["province_code"].iloc[::7], found["distance"].iloc[::7], strict=True):
        back = relations.likeness(papi, code).set_index("province_code")
        assert back.at["58", "distance"] == pytest.approx(distance)


def test_likeness_does_not_hang_on_the_unit(papi):
    scaled = papi.copy()
    third = scaled["component_id"] == "papi_d3"
    scaled.loc[third, "score"] = 7 * scaled.loc[third, "score"] + 3
    one, other = relations.likeness(papi, "58"), relations.likeness(scaled, "58")
    assert list(one["province_code"]) == list(other["province_code"])
    assert one["distance"].tolist() == pytest.approx(other["distance"].tolist())


def test_likeness_of_an_edition_asked_for_and_of_none(papi):
    assert set(relations.likeness(papi, "58", 2017)["n_dimensions"]) == {6}
    assert relations.likeness(papi, "24", 2022).empty, "Bắc Giang was withheld"
    assert relations.likeness(nt.load_index("papi", as_of="2025-10-31", boundary="post_2025"), "56").empty


# --------------------------------------------------------------------------------------------------------- in the cards


def drawn(name, frame, code="58", language="vi"):
    context = Context(catalogue().provinces[("pre_2025", code)], language)
    caption = cards.card(name).caption(frame, context)
    caption.check(frame)
    style.apply()
    height = cards.card(name).draw.height_cm(frame)
    figure = Figure(figsize=(15.4 * style.CM, height * style.CM))
    FigureCanvasAgg(figure)
    (ax,) = cards.card(name).draw(frame, style.Area(figure, 15.4, height), context)
    return caption, ax


def test_intervals_are_drawn_where_they_are(correlations):
    caption, ax = drawn("rank_agreement", correlations)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [float(dot.get_xdata()[0]) for dot in dots] == pytest.approx(correlations["rho"].tolist())
    bars = [line for line in ax.lines if len(set(line.get_ydata())) == 1 and len(line.get_xdata()) == 2]
    ends = [tuple(float(x) for x in bar.get_xdata()) for bar in bars]
    assert ends == [pytest.approx(pair) for pair in zip(correlations["low"], correlations["high"], strict=True)]
    assert "nguyên nhân" in caption.note and "ngẫu nhiên" in caption.note
    clear = sum(low > 0 or high < 0 for low, high in ends)
    assert f"{clear}/{len(correlations)} cặp" in caption.title
    assert "không cặp nào mạnh" in caption.title


def test_cells_hold_share_and_count_and_grow_darker(papi):
    frame = relations.group_transitions(papi, "papi_total", "58")
    caption, ax = drawn("group_transitions", frame, language="en")
    words = [text.get_text() for text in ax.texts]
    assert [word for word in words if word.endswith(" times")] == [f"{count} times" for count in frame["count"]]
    assert sum(word.startswith("Ninh Thuan: ") for word in words) == (frame["own_count"] > 0).sum()
    cells = [patch for patch in ax.patches if patch.get_fill()]
    light = [sum(patch.get_facecolor()[:3]) for patch in cells]
    order = np.argsort(frame["moved_share"].to_numpy())
    assert all(a >= b - 1e-9 for a, b in zip(np.array(light)[order], np.array(light)[order][1:], strict=False))
    assert "no forecast" in caption.note and "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}614" in caption.subtitle


def test_the_table_of_likeness_names_the_nearest(papi):
    frame = relations.likeness(papi, "58").head(8)
    context = Context(catalogue().provinces[("pre_2025", "58")], "vi")
    text = cards.likeness.table(frame, context)
    assert len(text) == 8 and text.iloc[0, 0] == "Thừa Thiên Huế" and text.iloc[0, 4] == "1/61"
    assert text["Khoảng cách"].tolist() == sorted(text["Khoảng cách"])


def test_spreads_of_different_methods_are_not_compared(papi):
    frame = relations.spread(papi)
    context = Context(catalogue().provinces[("pre_2025", "58")], "en")
    caption = cards.score_spread.caption(frame, context)
    assert "wider apart than in 2018" in caption.title and "overlap" not in caption.title
    spoilt = frame.assign(change_low=-frame["change_low"])
    with pytest.raises(captions.FalseFinding):
        caption.check(spoilt)
    early = cards.score_spread.caption(frame[frame["edition_year"] <= 2016], context)
    assert "2015" not in early.title and "2011" not in early.title, "2016 began another method"
