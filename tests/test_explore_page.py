"""The page that compares any provinces: its figures and refusals against Python's, and its use in a real browser."""

import base64
import csv
import hashlib
import io
import itertools
import math
import os
import random
import re
import shutil
import time

import numpy as np
import pandas as pd
import pytest
from firefox import Firefox
from lxml import etree
from PIL import Image
from small_notebooks import deliver

import ninhthuan as nt
from ninhthuan.analysis.certainty import rank_interval_years
from ninhthuan.analysis.change import change_limit
from ninhthuan.catalogue import catalogue
from ninhthuan.measures import rank_used
from ninhthuan.numbers import number
from ninhthuan.reference import BOUNDARIES
from ninhthuan.words import messages
from ninhthuan_reports import editing
from ninhthuan_reports.commands import page as verb
from ninhthuan_reports.publish import explore

SCRIPTS = "\n".join((explore.SOURCE / f"{name}.js").read_text("utf-8") for name in explore.SCRIPTS)
SMALL = "#provinces=58,56,48&part=papi_d8&lang=en"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path, written = explore.write_explorer(tmp_path_factory.mktemp("reports"))
    assert written
    return path


@pytest.fixture(scope="module")
def frames():
    """Every index by list, with the rank that is used."""
    found = {}
    for index, side in itertools.product(catalogue().indices, BOUNDARIES):
        frame = nt.load_index(index, boundary=side)
        if len(frame):
            frame["used"] = rank_used(frame.astype({"rank_derived": "Float64", "rank_published": "Float64"}))
            found[index, side] = frame
    return found


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    """An open Firefox; a test without one is skipped, or fails where NINHTHUAN_NO_SKIP is set, as in CI."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        message = "Firefox is not installed: make system-packages"
        pytest.fail(message) if os.environ.get("NINHTHUAN_NO_SKIP") else pytest.skip(message)
    opened = Firefox(program, tmp_path_factory.mktemp("firefox"))
    yield opened
    opened.close()


# ------------------------------------------------------------------------------------------------------------ the file


def test_the_page_is_small_whole_and_asks_for_nothing(file):
    text = file.read_text("utf-8")
    assert file.stat().st_size < 1_000_000
    assert "@@" not in text and not re.search(
        r'(src|href)="?(?!data:)', re.sub(r"<script.*?</script>", "", text, flags=re.S)
    )
    assert set(re.findall(r"https?://[\w.]+", SCRIPTS)) == {"http://www.w3.org"}
    policy = re.search(r'Policy" content="([^"]+)"', text)[1]
    for kind in ("script", "style"):
        content = re.search(rf"<{kind}>(.*?)</{kind}>", text, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy


def test_the_page_is_written_only_where_something_has_changed(file, monkeypatch):
    before = file.stat().st_mtime_ns
    assert explore.write_explorer(file.parent) == (file, False) and file.stat().st_mtime_ns == before
    monkeypatch.setattr(explore, "fingerprint", lambda: "other")
    monkeypatch.setattr(explore, "page", lambda stamp: f'<meta content="{stamp}">')
    text = file.read_bytes()
    try:
        assert explore.write_explorer(file.parent)[1] and b"other" in file.read_bytes()
        assert [path.name for path in file.parent.iterdir()] == [explore.NAME]
    finally:
        file.write_bytes(text)


def test_what_cannot_be_written_is_said_and_nothing_more(tmp_path, monkeypatch, capsys):
    (tmp_path / "reports").write_text("a file")
    monkeypatch.setattr(explore, "page", lambda stamp: "")
    assert verb.explorer(tmp_path / "reports", "en") is None
    assert "explore.html could not be written" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_leaves_the_page_where_runs_toml_says_so_and_is_not_spoilt_by_it(notebooks):
    notebooks.declared["defaults"] = "[defaults]\nexplorer = true\n"
    notebooks.add("tiny", deliver())
    done = notebooks.run()
    assert (done.returncode, done.stderr) == (0, "")
    page = notebooks.reports / explore.NAME
    assert sorted(path.name for path in notebooks.reports.iterdir()) == [".lock", "2024Q1", page.name, "index.html"]
    page.unlink()
    page.mkdir()
    done = notebooks.run()
    assert done.returncode == 0 and page.name in done.stderr and notebooks.record()["status"] == "done"


def test_the_fingerprint_follows_words_and_data(tmp_path, monkeypatch):
    held = explore.fingerprint()
    (tmp_path / "a.csv").write_text("key,vi,en\n", encoding="utf-8")
    monkeypatch.setattr(explore, "words_folder", lambda: tmp_path)
    assert explore.fingerprint() != held


def test_words_of_the_page_stand_in_their_table():
    keys = {key for key in messages() if key.startswith("explore.")}
    whole = set(re.findall(r'"(explore\.[a-z_]+[a-z])"', SCRIPTS)) | {"explore.title", "explore.no_script"}
    begun = tuple(re.findall(r'["`](explore\.[a-z_]+_)["$]', SCRIPTS))
    assert whole <= keys
    assert {key for key in keys - whole if not key.startswith(begun)} == set()
    template = (explore.SOURCE / "explore.html").read_text("utf-8")
    assert not editing.VIETNAMESE.search(SCRIPTS + template)


# ------------------------------------------------------------------------------------------------------- in a browser


class Tab:
    """The page in a browser without a network, with what it asks for and complains of."""

    def __init__(self, browser, file, width=1280):
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, offline=True, accept_downloads=True
        )
        self.page, self.file, self.requests, self.errors = self.context.new_page(), file, [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.evaluate = self.page.evaluate

    def open(self, address=""):
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + address)
        for _ in range(200):
            if self.evaluate("window.explore ? explore.ready : 0"):
                return self
            time.sleep(0.05)
        raise AssertionError(f"not drawn: {self.errors}")

    def view(self):
        return self.evaluate("explore.view")

    def show(self, **changes):
        self.evaluate("changes => explore.show(changes)", changes)

    def csv(self, of):
        return list(csv.DictReader(io.StringIO(self.evaluate("of => explore.csvOf(of)", of).lstrip("\ufeff"))))


@pytest.fixture(scope="module")
def tab(browser, file):
    tab = Tab(browser, file).open()
    yield tab
    assert tab.errors == [] and {url.split(":")[0] for url in tab.requests} <= {"file", "blob", "data", "about"}
    assert [url for url in tab.requests if url.startswith("file:") and not url.startswith(file.as_uri())] == []
    tab.context.close()


in_browser = pytest.mark.browser


@in_browser
def test_the_first_view_refuses_nothing(tab):
    tab.open()
    view = tab.view()
    assert (view["provinces"], view["part"], view["list"]) == (["58"], "papi_total", "pre_2025")
    newest = nt.load_index("papi")["edition_year"].max()
    assert (view["from"], view["to"], view["year"]) == (2011, newest, newest)
    assert tab.page.inner_text("#why") == "" and tab.page.inner_text("h1").startswith("Ninh Thuận xếp thứ 5/61")


@in_browser
def test_every_figure_is_that_of_python(tab, frames):
    """Score, rank, number ranked, group, evidence and why there is none, of every cell of both lists."""
    ask = """([part, year, list]) => { const e = explore.edition(part, year, list);
        return e && [e.scores, e.ranks, e.groups, e.missing, e.evidence, e.n, e.median]; }"""
    compared = 0
    for (_, side), frame in frames.items():
        order = {province["code"]: place for place, province in enumerate(tab.evaluate(f"explore.DATA.lists.{side}"))}
        for (part, year), rows in frame.groupby(["component_id", "edition_year"]):
            held = tab.evaluate(ask, [part, int(year), side])
            if held is None:
                assert rows["score"].isna().all() and rows["used"].isna().all(), (part, year)
                continue
            scores, ranks, groups, missing, evidence, n, median = held
            for row in rows.itertuples():
                place, where = order[row.province_code], (part, year, row.province_code)
                assert (scores[place] is None) == pd.isna(row.score), where
                assert scores[place] is None or abs(scores[place] - row.score) < 1e-9, where
                assert ranks[place] == (None if pd.isna(row.used) else int(row.used)), where
                assert groups[place] == (row.group_derived if isinstance(row.group_derived, str) else None), where
                assert missing[place] == row.missing, where
                if not row.missing:
                    assert evidence[place] == row.evidence, where
                compared += 1
            ranked = rows["n_ranked"].max()
            assert n == (None if pd.isna(ranked) else int(ranked)), (part, year)
            if rows["rank_derived"].notna().any():
                assert abs(median - rows["score"].median()) < 1e-9
    assert compared > 40_000


def random_views(tab, frames, count, seed=20261130):
    """Views at random: part, edition, list, one to six provinces, language."""
    draw = random.Random(seed)
    cells = tab.evaluate(
        "Object.entries(explore.DATA.cells).flatMap(([list, parts]) => Object.entries(parts)"
        ".flatMap(([part, years]) => Object.keys(years).map(year => [list, part, Number(year)])))"
    )
    for side, part, year in draw.sample(cells, count):
        codes = [province["code"] for province in tab.evaluate(f"explore.DATA.lists.{side}") if province["tile"]]
        chosen = draw.sample(codes, draw.randint(1, 6))
        yield {"list": side, "part": part, "year": year, "provinces": chosen, "lang": draw.choice(["vi", "en"])}


@in_browser
def test_random_views_show_and_save_pythons_figures(tab, frames):
    by_cell = {
        (side, part, year, code): (score, used, n, group)
        for (_, side), frame in frames.items()
        for part, year, code, score, used, n, group in frame[
            ["component_id", "edition_year", "province_code", "score", "used", "n_ranked", "group_derived"]
        ].itertuples(index=False)
    }
    panel = pd.concat([nt.panel(boundary=side) for side in BOUNDARIES])
    stretches = panel.groupby(["component_id", "edition_year"])["segment"].first().to_dict()
    took, saved = [], 0
    blank = {"base": None, "from": None, "to": None, "rule": "", "sort": "rank"}
    for view in random_views(tab, frames, 200):
        tab.show(**blank, **view)
        took.append(tab.evaluate("explore.took"))
        side, language = view["list"], view["lang"]
        index = catalogue().component(view["part"]).index_id
        decimals = 4 if index == "dti" else 2
        for row in [*tab.csv("course"), *tab.csv("table")]:
            key = (side, row["component_id"], int(row["edition_year"]), row["province_code"])
            if key not in by_cell:  # a province that was no more, a part of which the package has only what is held
                assert row["missing"] in ("not_existing", "not_collected") and row["score"] == row["rank"] == ""
                continue
            score, used, _, group = by_cell[key]
            assert (row["score"] == "") == pd.isna(score) and (
                row["score"] == "" or abs(float(row["score"]) - score) < 1e-9
            )
            assert row["rank"] == ("" if pd.isna(used) else str(int(used)))
            assert row["group"] == (group if isinstance(group, str) else "")
            assert row["source_id"] in catalogue().sources or row["missing"]
            assert int(row["segment"]) == stretches.get(key[1:3], int(row["segment"])), key
            saved += 1
        shown = tab.evaluate(
            "[...document.querySelectorAll('#table tbody tr')].map(row => [row.querySelector('button').dataset.toggle,"
            "row.querySelector('.c_rank').textContent, row.querySelector('.c_score').textContent])"
        )
        for code, rank, score in shown:
            value, used, _, _ = by_cell.get((side, view["part"], view["year"], code), (None,) * 4)
            assert rank == ("–" if pd.isna(used) else str(int(used)))
            if not pd.isna(value):
                assert score.rstrip("*") == number(value, decimals, language), (view, code)
        everything = tab.page.inner_text("body")
        assert not re.search(r"undefined|NaN|null|\[object|\{\w+\}", everything), view
        assert not re.search(
            r"undefined|NaN|null",
            tab.evaluate("document.querySelector('main').innerHTML"),
        ), view
    assert saved > 10_000
    # 50 ms is the aim on a quiet machine; a shared one may be five times slower
    assert sorted(took)[100] < 250


SEEN = """changes => { explore.show(changes); return [document.querySelector("h1").innerText,
    document.querySelector("#said").innerText, document.querySelector("#table").textContent,
    explore.csvOf("course"), explore.csvOf("table"), explore.view]; }"""


@in_browser
def test_firefox_shows_what_chromium_shows(tab, file, firefox):
    """Title, sentence, table, saved figures and view, of random views; and it asks for nothing."""
    firefox.open(file.as_uri())
    while not firefox.evaluate("window.explore ? Boolean(explore.ready) : false"):
        time.sleep(0.05)
    blank = {"base": None, "from": None, "to": None, "rule": "", "sort": "rank"}
    tab.open()
    for view in random_views(tab, None, 100, seed=20261201):
        assert firefox.evaluate(SEEN, blank | view) == tab.evaluate(SEEN, blank | view), view
    assert firefox.errors == []
    # a page opened from disk is not itself a request
    assert {url.split(":")[0] for url in firefox.requests} <= {"data", "blob"}


@in_browser
def test_what_cannot_be_compared_is_refused_in_pythons_words(tab):
    known, refused = catalogue(), 0
    for part in sorted({component.component_id for component in known.components}):
        years = [edition.edition_year for edition in known.editions_of(known.component(part).index_id)]
        pairs = list(itertools.combinations(years, 2))
        said = tab.evaluate("([part, pairs]) => pairs.map(([a, z]) => explore.refusal(part, z, a))", [part, pairs])
        marked = tab.evaluate(
            "([part, pairs]) => pairs.map(([a, z]) => explore.marks(part, a, z).map(b => b.note[1]))", [part, pairs]
        )
        for pair, found, notes in zip(pairs, said, marked, strict=True):
            assert notes == [b.note_en for b in known.marks(part, *pair)], (part, pair)
            try:
                known.check_comparable(part, *pair)
            except nt.NotComparable as no:
                refused += 1
                assert (found["vi"], found["en"], tuple(found["rules"])) == (no.vi, no.en, no.rules)
            else:
                assert found is None, (part, pair)
    assert refused > 50
    for code, years in (("58", (2023, 2024)), ("56", (2022, 2025)), ("01", (2024, 2025))):
        found = tab.evaluate("([code, a, z]) => explore.otherPopulation(code, a, z)", [code, *years])
        with pytest.raises(nt.NotComparable) as no:
            nt.compare("dti_total", code, *years, boundary_to="post_2025")
        assert (found["vi"], found["en"], tuple(found["rules"])) == (no.value.vi, no.value.en, no.value.rules)


@in_browser
def test_years_that_do_not_hold_are_grey_with_their_reason(tab):
    tab.open(SMALL.replace("papi_d8", "papi_total") + "&year=2024")
    for year in range(2011, 2024):
        button = tab.page.locator(f"#bases [data-base='{year}']")
        try:
            catalogue().check_comparable("papi_total", year, 2024)
        except nt.NotComparable as no:
            assert button.get_attribute("aria-disabled") == "true"
            button.click(force=True)
            said = tab.page.inner_text("#why")
            assert no.en.split(": ", 1)[1] in said and len(re.findall("Compare all the same", said)) == len(no.rules)
            assert tab.view()["base"] == 2023
        else:
            assert button.get_attribute("aria-disabled") is None
    tab.page.locator("#bases [data-base='2015']").click(force=True)
    tab.page.locator("#why [data-rule=positions]").click()
    assert (tab.view()["base"], tab.view()["rule"]) == (2015, "positions")
    assert messages()["catalogue.places_among_provinces_ranked_compared"][1] in tab.page.inner_text("#said")
    # an index of which the other list holds nothing, and an edition of the other list
    assert tab.page.locator("[data-list=post_2025]").click() is None
    assert tab.page.locator("[data-index=papi]").get_attribute("aria-disabled") == "true"
    tab.open("#part=pci_total&provinces=58")
    last = tab.page.locator("#bases [data-base='2025']")
    assert last.count() == 0 or last.get_attribute("aria-disabled") == "true"


@in_browser
def test_no_line_crosses_a_break_or_a_gap(tab):
    """A path goes on only between neighbouring editions of one method, of which both have a figure."""
    for view in random_views(tab, None, 40, seed=3):
        tab.show(**{"base": None, "from": None, "to": None, "rule": "", "median": False}, **view)
        moves = tab.evaluate(
            "[...document.querySelectorAll('#score path.line')].map(p => p.getAttribute('d').match(/M/g).length)"
        )
        expected = []
        for code in view["provinces"]:
            rows = [row for row in tab.csv("course") if row["province_code"] == code and row["score"]]
            pieces = [
                k
                for k, row in enumerate(rows)
                if not k
                or int(row["edition_year"]) - int(rows[k - 1]["edition_year"]) > 1
                or row["segment"] != rows[k - 1]["segment"]
            ]
            if pieces:
                expected.append(len(pieces))
        assert moves == expected[::-1], view


@in_browser
def test_changes_against_survey_error_as_in_python(tab):
    scores, known = nt.load_index("papi"), catalogue()
    agreed = {True: 0, False: 0}
    spans = [
        (2011, 2012),
        (2015, 2016),
        (2018, 2019),
        (2019, 2020),
        (2019, 2023),
        (2022, 2023),
        (2022, 2024),
        (2023, 2024),
    ]
    for part, (a, z) in itertools.product(["papi_total", "papi_d1", "papi_d5", "papi_d8", "papi_d8_1"], spans):
        errors = "variances_2019" if known.component(part).level == "dimension" else "as_2019"
        for code in ("58", "56", "72", "89"):
            found = tab.evaluate("args => explore.changeOf(...args, 'pre_2025')", [part, code, a, z])
            try:
                rows = nt.change_certainty(scores, a, z, part, errors, code)
            except (nt.NotComparable, nt.NoErrors, KeyError):
                assert found is None, (part, a, z)
                continue
            assert (found is None) == rows.empty, (part, code, a, z)
            for row in rows.itertuples():
                assert abs(found["change"] - row.change) < 1e-9 and abs(found["limit"] - row.limit) < 1e-9
                assert found["beyond"] == row.beyond
                agreed[bool(row.beyond)] += 1
    assert min(agreed.values()) > 3, agreed
    parts = [f"papi_d{k}" for k in range(1, 9)]
    ask = "([parts, code, a, z]) => explore.changesTogether(parts, code, a, z, 'pre_2025')"
    for code, (a, z) in itertools.product(("58", "72"), ((2022, 2023), (2023, 2024), (2019, 2020))):
        found = tab.evaluate(ask, [parts, code, a, z])
        alike = [part for part in parts if known.same_component(part, a, z)]
        try:
            rows = nt.change_certainty(scores, a, z, alike, "variances_2019", code).set_index("component_id")
        except (nt.NotComparable, nt.NoErrors):
            continue
        for part, each in zip(parts, found, strict=True):
            assert (each is None) == (part not in rows.index), (part, code, a, z)
            if each:
                assert each["beyond"] == rows.loc[part, "beyond_family"]
                if len(alike) == 8:
                    assert abs(each["limit"] - change_limit(part, code, a, z)) < 1e-9


@in_browser
def test_rules_likeness_weights_and_rivals_as_in_python(tab):
    scores = nt.load_index("papi")
    for code in ("58", "01", "79"):
        for a, z in ((2015, 2016), (2017, 2018), (2016, 2020)):
            rows = nt.compare("papi_total", code, a, z, rule="same_components")
            found = tab.evaluate(
                "([code, a, z]) => { const at = explore.DATA.lists.pre_2025.findIndex(p => p.code === code);"
                "return explore.commonTotals('papi_total', a, z, 'pre_2025')"
                ".map(e => [e.scores[at], e.ranks[at], e.n]); }",
                [code, a, z],
            )
            for each, row in zip(found, rows.itertuples(), strict=True):
                assert abs(each[0] - row.score) < 1e-9 and each[1:] == [int(row.rank), int(row.n_ranked)]
        for year in (2011, 2019, 2024):
            like = nt.likeness(scores, code, year)
            found = tab.evaluate("([code, year]) => explore.likeness('papi', code, year, 'pre_2025')", [code, year])
            assert [each["code"] for each in found] == like["province_code"].tolist()
            assert all(
                math.isclose(each["distance"], d, abs_tol=1e-9) for each, d in zip(found, like["distance"], strict=True)
            )
    weights = [2, 0.5, 1, 0, 3, 1, 1.5, 1]
    wide = scores[(scores["edition_year"] == 2023) & (scores["level"] == "dimension")]
    wide = wide.pivot(index="province_code", columns="component_id", values="score").dropna()
    means = (wide * weights).sum(axis=1) / sum(weights)
    found = tab.evaluate("w => explore.weighted('papi', 2023, w, 'pre_2025')", weights)
    order = [province["code"] for province in tab.evaluate("explore.DATA.lists.pre_2025")]
    for code, mean, rank in zip(order, found["scores"], found["ranks"], strict=True):
        assert (mean is None) == (code not in means.index)
        assert mean is None or (abs(mean - means[code]) < 1e-9 and rank == int((means > means[code] + 1e-12).sum()) + 1)


@in_browser
def test_rank_sets_are_those_of_the_reports(tab):
    """Of every province and edition with errors; none where errors are not known, and none of a dimension."""
    scores, held = nt.load_index("papi"), tab.evaluate("explore.DATA.sets")
    assert sorted(held) == ["papi_total"] and sorted(held["papi_total"]) == [str(year) for year in range(2018, 2025)]
    order = [province["code"] for province in tab.evaluate("explore.DATA.lists.pre_2025")]
    for year in (2019, 2024):
        rows = nt.rank_certainty(scores, year, errors="as_2019").set_index("province_code")[["rank_low", "rank_high"]]
        found = tab.evaluate(
            f"explore.DATA.lists.pre_2025.map(p => explore.rankSet('papi_total', p.code, {year}, 'pre_2025'))"
        )
        assert {c: tuple(s) for c, s in zip(order, found, strict=True) if s} == {
            r.Index: r[1:] for r in rows.itertuples()
        }
    own = rank_interval_years(scores, "58").set_index("edition_year")
    tab.open("#lang=en&provinces=58,56")
    for row in tab.csv("course"):
        year = int(row["edition_year"])
        if row["province_code"] == "58" and year in own.index:
            assert [row["rank_low"], row["rank_high"]] == [str(own.at[year, f"rank_{end}"]) for end in ("low", "high")]
        elif year < 2018:
            assert row["rank_low"] == row["rank_high"] == ""
    low, high = own.loc[2024, ["rank_low", "rank_high"]]
    assert f"its rank may be {low} to {high}" in tab.page.inner_text("#said")
    assert tab.evaluate("document.querySelectorAll('#rank path[stroke-opacity]').length") >= len(own)
    tab.show(part="papi_d8")
    assert "may be" not in tab.page.inner_text("#said")


@in_browser
def test_places_under_weights_a_fifth_more_or_less(tab):
    """Anew from the scores: all 256 combinations."""
    weights = np.array([2, 0.5, 1, 0, 3, 1, 1.5, 1])
    scores = nt.load_index("papi")
    wide = scores[(scores["edition_year"] == 2023) & (scores["level"] == "dimension")]
    wide = wide.pivot(index="province_code", columns="component_id", values="score").dropna()
    for code in ("58", "56", "01"):
        means = [wide @ (weights * np.array(by)) for by in itertools.product((0.8, 1.2), repeat=8)]
        places = [1 + int((mean > mean[code] + 1e-9).sum()) for mean in means]
        found = tab.evaluate(
            "([w, c]) => explore.weightedBand('papi', 2023, w, 'pre_2025', c)", [weights.tolist(), code]
        )
        assert found == [min(places), max(places)] and found[0] < found[1]
    tab.open("#lang=en&provinces=58&year=2023&weights=" + ",".join(map(str, weights)))
    band = tab.evaluate("explore.weightedBand('papi', 2023, explore.view.weights, 'pre_2025', '58')")
    assert f"rank {band[0]} to {band[1]} when every weight is 20% more or less" in tab.page.inner_text("#weighted")


@in_browser
def test_the_median_of_any_region_is_a_line(tab):
    tab.open("#lang=en&provinces=58")
    tab.page.select_option("[data-choose=region]", "red_river_delta")
    assert tab.view()["region"] == "red_river_delta" and "region=red_river_delta" in tab.evaluate("location.hash")
    assert "Red River Delta" in tab.page.inner_text("#cScore")
    scores = nt.panel("papi", levels="total")
    newest = scores[(scores["edition_year"] == 2024) & (scores["region_id"] == "red_river_delta")]
    shown = tab.evaluate("[...document.querySelectorAll('#score text')].map(text => text.textContent)")
    assert f"region {number(newest['score'].median(), 2, 'en')}" in shown
    tab.open("#provinces=58&region=1")
    assert tab.view()["region"] == "central_coast", "an address of an older page means the province's own"
    tab.show(list="post_2025", provinces=["56"], part="dti_total")
    assert tab.view()["region"] == "" and tab.page.is_disabled("[data-choose=region]")


@in_browser
def test_a_choice_is_a_picture_at_once_on_a_telephone(browser, file):
    """From the choice to the frame in which the picture stands, 390 pixels wide."""
    tab, took = Tab(browser, file, width=390).open(), []
    ask = """async view => { const begun = performance.now(); explore.show(view);
        await new Promise(done => requestAnimationFrame(() => setTimeout(done))); return performance.now() - begun; }"""
    blank = {"base": None, "from": None, "to": None, "rule": "", "sort": "rank"}
    for view in random_views(tab, None, 40, seed=20261202):
        took.append(tab.evaluate(ask, blank | view))
    assert tab.errors == []
    tab.context.close()
    print(f"choice to picture at 390 px, ms: median {sorted(took)[20]:.0f}, most {max(took):.0f}")
    # 100 ms is the aim on a quiet machine; a shared one may be five times slower
    assert sorted(took)[20] < 500


@in_browser
def test_addresses_keep_the_view_and_nonsense_opens_one(tab):
    tab.open()
    tab.show(part="papi_d3", provinces=["58", "56"], year=2022, base=2019, lang="en", weights=[1, 2, 1, 1, 1, 1, 1, 0])
    view, address = tab.view(), tab.evaluate("location.hash")
    tab.open(address)
    assert tab.view() == view
    tab.show(part="papi_total", year=2024)
    tab.page.go_back()
    assert tab.view()["part"] == "papi_d3"
    tab.page.go_forward()
    assert tab.view()["part"] == "papi_total"
    for nonsense in (
        "#x",
        "#provinces=99,,&year=1",
        "#part=%E0&lang=xx",
        "#list=post_2025&part=papi_d1&provinces=58",
        "#year=NaN&base=2024&from=2030&to=1",
        "#rule=aggregate&base=2011",
        "#weights=9,x,-1&sort=evil",
        "#provinces=01,02,04,06,08,10,11,12",
        "#part=__proto__&list=constructor",
    ):
        tab.open(nonsense)
        assert tab.page.inner_text("h1") and 1 <= len(tab.view()["provinces"]) <= 6, nonsense


@in_browser
def test_a_reader_with_the_keyboard(tab):
    tab.open("#lang=en&provinces=58")
    tab.page.fill("#find", "khanh")
    tab.page.keyboard.press("Enter")
    assert tab.view()["provinces"] == ["58", "56"]
    tab.page.locator("#score").focus()
    for _ in range(3):
        tab.page.keyboard.press("ArrowLeft")
    scores = nt.load_index("papi").set_index(["component_id", "edition_year", "province_code"])["score"]
    said = tab.page.inner_text("#live")
    assert said.startswith("2022: ") and number(scores["papi_total", 2022, "58"], 2, "en") in said
    tab.page.keyboard.press("Enter")
    assert tab.view()["year"] == 2022 and tab.evaluate("document.activeElement.id") == "score"
    tab.page.locator("#tiles [data-tile='58']").focus()
    tab.page.keyboard.press("ArrowLeft")
    tab.page.keyboard.press("Enter")
    assert len(tab.view()["provinces"]) == 3
    tab.page.locator("#strip").focus()
    tab.page.keyboard.press("ArrowRight")
    assert re.search(r"points, rank \d+/\d+, group", tab.page.inner_text("#live"))
    tab.page.locator("#table [data-sort=change]").click()
    changes = tab.page.locator("#table .c_change").all_inner_texts()[1:]
    shown = [float(text.replace("−", "-")) for text in changes if text != "–"]
    assert shown == sorted(shown, reverse=True) and tab.evaluate("document.activeElement.dataset.sort") == "change"


@in_browser
def test_a_page_without_letters_of_its_own_saves_pictures(browser, monkeypatch, tmp_path):
    """As `ninhthuan page` makes it where the font is not installed."""
    monkeypatch.setattr(explore, "_faces", lambda letters: "")
    (tmp_path / "explore.html").write_text(explore.page(), "utf-8")
    tab = Tab(browser, tmp_path / "explore.html").open("#provinces=58,56")
    with tab.page.expect_download() as taken:
        tab.page.locator("[data-save=svg][data-of=course]").click()
    taken.value.save_as(tmp_path / "course.svg")
    assert "<title>Ninh Thuận" in (tmp_path / "course.svg").read_text("utf-8")
    tab.context.close()


@in_browser
def test_what_is_taken_away_can_stand_alone(browser, file, tmp_path):
    tab = Tab(browser, file).open("#provinces=58,56")
    source = tab.page.inner_text("#source")
    for of, kind in [
        *itertools.product(("course", "strip", "tiles", "changes"), ("svg", "png", "csv")),
        ("table", "csv"),
    ]:
        if kind == "svg":  # of one page a browser takes ten downloads in a row
            tab.context.close()
            tab = Tab(browser, file).open("#provinces=58,56")
        with tab.page.expect_download() as taken:
            tab.page.locator(f"[data-save={kind}][data-of={of}]").click()
        path = tmp_path / taken.value.suggested_filename
        taken.value.save_as(path)
        if kind == "svg":
            text = path.read_text("utf-8")
            etree.fromstring(text.encode())
            assert source.split(",")[0] in text and "<title>Ninh Thuận" in text and "@font-face" in text
        elif kind == "png":
            image = Image.open(path)
            assert image.width > 1_500 and len(image.convert("L").resize((64, 64)).getcolors()) > 8
        else:
            rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
            assert rows and all(row["source"] for row in rows if row.get("score") or row.get("change"))
    tab.page.locator("#hWorkload").click()
    workload = tab.csv("workload")
    assert [float(row["value"]) for row in workload] == nt.load_workload("58").sort_values(
        ["measure", "channel", "level", "period_end"]
    )["value"].tolist()
    tab.context.close()


@in_browser
def test_the_policy_holds(browser, file):
    tab, refused = Tab(browser, file).open(), []
    tab.page.on("requestfailed", lambda request: refused.append(request.failure))
    tab.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.planted = 1';"
        "document.body.append(s); new Image().src = 'https://example.org/x.png'; }"
    )
    assert tab.evaluate("window.planted") is None and any("Content Security Policy" in error for error in tab.errors)
    for _ in range(40):
        if refused:
            break
        tab.page.wait_for_timeout(50)
    assert refused == ["csp"]
    tab.context.close()


@in_browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "address",
    [
        "",
        SMALL,
        "#part=dti_total&provinces=58,56,01",
        "#list=post_2025",
        "#part=par_index_total&year=2023",
        "#part=papi_total&year=2018&base=2017&rule=same_components&weights=1,2,1,1,1,1,1,1",
    ],
)
def test_anybody_can_use_it(browser, file, width, address):
    from axe_playwright_python.sync_playwright import Axe

    tab = Tab(browser, file, width).open(address)
    for summary in ("#hWeights", "#hWorkload"):
        if tab.page.locator(summary).is_visible():
            tab.page.locator(summary).click()
    faults = Axe().run(tab.page).response["violations"]
    assert [(fault["id"], [node["target"] for node in fault["nodes"]][:3]) for fault in faults] == []
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert tab.errors == []
    tab.context.close()
