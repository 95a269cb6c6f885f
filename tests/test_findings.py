"""What the cards say, against figures worked out here from the data; and that they claim nothing of nothing."""

import re
import unicodedata
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

import ninhthuan as nt
from figure_cards import captions
from figure_cards.captions import Caption, Claim, FalseFinding, Nothing
from ninhthuan.analysis import reach, relations
from ninhthuan.analysis.change import change_limit, survey_error_explains
from ninhthuan_reports import cards, claims, closing, summaries
from ninhthuan_reports.wording import Context, published_when, year_spans

AS_OF = "2024-04-30"
OWN = "58"
# Of provinces with long names; Ninh Thuận's have 75 at most.
LONGEST_TITLE = 83
BOTH = ("vi", "en")
VIEWS = [
    (OWN, "2024Q1"),
    ("56", "2024Q1"),
    ("24", "2024Q1"),
    ("24", "2023Q4"),
    ("56", "2025Q3"),
]
# “…” is quoted from a source, 876/QĐ-BNV is the number of a document
QUOTED = re.compile(r"“[^”]*”|\S+/QĐ-\w+")


# --------------------------------------------------------------------------------------------------------- by hand


def printed(value, decimals, language, sign=False):
    """A number as it must stand in a text, without the project's own wording."""
    exact = Decimal(repr(round(float(value), 9))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(exact):,.{decimals}f}"
    if language == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    return ("\N{MINUS SIGN}" if exact < 0 else "+" if sign and exact > 0 else "") + text


def figures(text):
    """Every number of a text, in order: ranks as 6/61, shares with their sign."""
    return re.findall(r"[−+]?\d+(?:[.,/]\d+)*%?", text)


def both(change, up, down):
    return up if change > 0 else down


@pytest.fixture(scope="module")
def papi():
    return nt.load_index("papi", as_of=AS_OF)


@pytest.fixture(scope="module")
def total(papi):
    """PAPI totals: one row a province, one column an edition."""
    rows = papi[papi["component_id"] == "papi_total"]
    return rows.pivot(index="province_code", columns="edition_year", values="score")


@pytest.fixture(scope="module")
def dimensions(papi):
    """PAPI 2022 and 2023 by dimension: rows are provinces, columns (edition, dimension)."""
    rows = papi[(papi["level"] == "dimension") & papi["edition_year"].isin([2022, 2023])]
    return rows.pivot(index="province_code", columns=["edition_year", "component_id"], values="score")


@pytest.fixture(scope="module")
def workload():
    return nt.load_workload(OWN, until="2024Q1")


def place(scores, code=OWN):
    """Rank of one among all: one more than the number that stand higher."""
    return int((scores > scores[code]).sum()) + 1, int(scores.notna().sum())


def crosses(component_id, before, after):
    """Whether the method of a series changed between two editions, read off the reference table."""
    table = pd.read_csv(nt.reference.data_dir() / "reference/breaks.csv", dtype=str, keep_default_na=False)
    rows = table[(table["component_id"] == component_id) & (table["severity"] == "break")]
    return any(before < int(year) <= after for year in rows["edition_year"])


def short_name(component_id, language):
    from ninhthuan.catalogue import catalogue

    component = catalogue().component(component_id)
    name = component.short_name if language == "vi" else component.short_name_en
    return name[0].lower() + name[1:]


# --------------------------------------------------------------------------------------------- indices over the years


@pytest.mark.parametrize("language", BOTH)
def test_index_course(card, total, language):
    (now, n), (before, _) = place(total[2023]), place(total[2022])
    assert (now, n) == (6, 61), "as the province's own document has it, over the provinces that have a score"
    title = card("index_course", "20_index_trend_papi", language=language).caption.title
    # a change of less than two points is no move of a sample survey
    was = ["2022", f"{before}/{place(total[2022])[1]}"]
    assert figures(title) == ["2023", f"{now}/{n}", *was]
    assert ("trong sai số" if language == "vi" else "within error") in title


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    "index_id, code, quarter", [("pci", "58", "2024Q1"), ("sipas", "58", "2024Q1"), ("par_index", "48", "2025Q2")]
)
def test_index_course_says_that_the_newest_rank_is_not_compared_with_one_of_another_method(
    card, index_id, code, quarter, language
):
    """The newest ranks of each are of 2022 and 2021, by two methods."""
    scores = nt.load_index(index_id, as_of="2025-07-31" if quarter == "2025Q2" else AS_OF)
    rows = scores[(scores["level"] == "total") & (scores["province_code"] == code)].set_index("edition_year")
    ranks = rows["rank_derived"].fillna(rows["rank_published"]).dropna().astype(int).to_dict()
    assert sorted(ranks)[-2:] == [2021, 2022] and crosses(f"{index_id}_total", 2021, 2022)
    shown = card("index_course", f"20_index_trend_{index_id}", code, language, quarter)
    shown.caption.check(shown.frame)
    assert figures(shown.caption.title) == ["2022", f"{ranks[2022]}/63", f"{ranks[2021]}/63", "2021"]
    assert ("không so với" if language == "vi" else "not comparable") in shown.caption.title


@pytest.mark.parametrize("language", BOTH)
def test_index_course_counts_no_places_where_the_whole_country_moved_or_the_score_went_the_other_way(card, language):
    """Bắc Giang: PAPI 2020 fell with everybody's and was withheld since; PCI 2020 rose while its score fell."""
    view = {"province_code": "24", "quarter": "2023Q2", "language": language}
    papi = card("index_course", "20_index_trend_papi", **view).caption.title
    assert figures(papi)[:2] == ["2020", "13/63"] and papi.endswith("3–34") and "2019" not in papi
    assert ("kỳ công bố gần nhất" if language == "vi" else "latest published") in papi
    pci = card("index_course", "20_index_trend_pci", **view).caption.title
    assert figures(pci) == ["2020", "27/63", "2019", "40/63", printed(0.49, 2, language)]
    assert ("dù điểm giảm" if language == "vi" else "though its score fell") in pci


@pytest.mark.parametrize("language", BOTH)
def test_index_course_over_a_gap_names_the_edition_it_compares_with(card, language):
    """Bắc Giang had no PAPI result in 2021 and 2022."""
    title = card("index_course", "20_index_trend_papi", province_code="24", language=language).caption.title
    assert figures(title)[0] == "2023" and "2020" in figures(title)


@pytest.mark.parametrize("index_id", ["par_index", "dti"])
@pytest.mark.parametrize("language", BOTH)
def test_of_fewer_than_three_comparable_editions_there_is_no_course_but_a_table(card, index_id, language):
    shown = card("index_course", f"20_index_trend_{index_id}", language=language)
    assert shown.caption is None and ("xem bảng" if language == "vi" else "see the table") in shown.reason
    table = card("index_editions", f"20_index_trend_{index_id}", language=language)
    scores = nt.load_index(index_id, as_of=AS_OF)
    years = sorted(set(scores.loc[scores["level"] == "total", "edition_year"]))
    rows = cards.index_editions.table(table.frame, table.context)
    assert rows.iloc[:, 0].tolist() == [str(year) for year in years]


def test_index_editions_says_in_words_what_is_missing_and_where_the_method_changed(card):
    shown = card("index_editions", "20_index_trend_par_index")
    rows = cards.index_editions.table(shown.frame, shown.context).set_index("Kỳ")
    assert rows.loc["2012", ["Điểm", "Hạng"]].tolist() == ["Chưa thu thập được", "…"]
    assert rows.loc["2023", "Điểm"] == "Chưa thu thập được", "a later source has it"
    assert rows.loc["2021"].tolist()[:3] == ["86,55%*", "35/63*", "Phần tư thứ ba"]
    assert rows.loc["2022", "Trung vị cả nước"] == "84,79% (tb)"
    changed = rows.index[rows["Phương pháp"].str.startswith("Đổi, không so")]
    assert [int(year) for year in changed] == [y for y in range(2012, 2024) if crosses("par_index_total", y - 1, y)]
    assert set(rows["Phương pháp"].drop(changed)) == {"–"}


@pytest.mark.parametrize("language", BOTH)
def test_index_editions_against_the_median(card, total, language):
    score, median = total.at[OWN, 2023], total[2023].median()
    title = card("index_editions", "20_index_trend_papi", language=language).caption.title
    assert figures(title) == ["2023", printed(score, 2, language), printed(score - median, 2, language)]
    assert ("hơn trung vị" if language == "vi" else "above the median") in title


@pytest.mark.parametrize("index_id, year", [("par_index", 2022), ("sipas", 2022)])
@pytest.mark.parametrize("language", BOTH)
def test_index_editions_against_a_stated_mean(card, index_id, year, language):
    """The scores of all provinces are not held, so the mean that a source states stands in for the median."""
    scores = nt.load_index(index_id, as_of=AS_OF)
    own = scores[(scores["province_code"] == OWN) & (scores["level"] == "total") & (scores["edition_year"] == year)]
    stated = nt.national_statements(index_id, AS_OF)
    stated = stated[(stated["edition_year"] == year) & (stated["component_id"] == f"{index_id}_total")]
    mean = stated.set_index("statistic").at["mean", "value"]
    score = own["score"].item()
    title = card("index_editions", f"20_index_trend_{index_id}", language=language).caption.title
    gap = printed(abs(score - mean), 2, language)
    assert figures(title) == [str(year), printed(score, 2, language) + "%", gap]
    words = {"vi": ("hơn trung bình", "kém trung bình"), "en": ("above the mean", "below the mean")}
    assert words[language][int(score < mean)] in title
    assert ("điểm phần trăm" if language == "vi" else "percentage points") in title


def error_of_2019(code):
    """What error alone may make of the scores of a province: 95% for the eight dimensions together."""
    errors = nt.uncertainty()
    errors = errors[(errors["edition_year"] == 2019) & errors["variance"].notna() & (errors["province_code"] == code)]
    return errors.set_index("component_id")["variance"] ** 0.5 * 2.7264


def beyond_error(dimensions, code):
    """Changes of a province from 2022 to 2023 that are larger than error alone can make."""
    change = dimensions[2023].loc[code] - dimensions[2022].loc[code]
    return change[change.abs() > 2**0.5 * error_of_2019(code).reindex(change.index)]


def parts_named(title, parts, language):
    """Which dimensions a title names, by their numbers or their names."""
    numbers = {
        number
        for span in re.findall(r"(?:trục|dims|dimensions?|on|ở|dưới:) ([1-8](?:, [1-8])*)(?![/\d])", title)
        for number in span.split(", ")
    }
    return {part for part in parts if part[-1] in numbers or short_name(part, language) in title}


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("province_code", [OWN, "31", "48", "96", "79", "91"])
def test_component_gaps(card, dimensions, province_code, language):
    """Above and below the median stand by name or number those that are off it by more than error, and no other."""
    gaps, errors = dimensions[2023].loc[province_code] - dimensions[2023].median(), error_of_2019(province_code)
    off = gaps[gaps.abs() > errors.reindex(gaps.index)]
    title = card("component_gaps", "20_index_trend_papi", province_code, language).caption.title
    assert 0 < len(off) < 8
    if counted := re.search(r"(\d)(?:/8 trục, dưới |, below )(\d)", title):  # too many to name
        assert [int(n) for n in counted.groups()] == [sum(off > 0), sum(off < 0)] and len(off) > 2
        return
    assert parts_named(title, gaps.index, language) == set(off.index)
    over, *under = title.split(";")
    lower = re.search("dưới|below", title)
    assert parts_named(over, gaps.index, language) == set(off[off < 0 if lower and not under else off > 0].index)


@pytest.mark.parametrize("language", BOTH)
def test_component_gaps_say_which_changes_are_beyond_survey_error(card, dimensions, language):
    """Of Cà Mau five dimensions changed by more than error alone can, of Ninh Thuận none."""
    for code, count in (("96", 5), (OWN, 0)):
        beyond = beyond_error(dimensions, code).index
        said = card("component_gaps", "20_index_trend_papi", code, language).caption.numbers[-1]
        assert len(beyond) == count and all(short_name(part, language) in said for part in beyond)
        none = {"vi": "không trục nào", "en": "none of the 8"}[language]
        assert (none in said) == (not beyond.size)


@pytest.mark.parametrize("language", BOTH)
def test_component_gaps_say_of_which_edition_and_of_how_many_components_they_are(card, language):
    """Beside a total of 2020 stand distances of 2022: of Bắc Giang four of eight dimensions have a score of 2022."""
    papi = nt.load_index("papi", as_of="2023-07-31").query("level == 'dimension' and edition_year == 2022")
    wide = papi.pivot(index="province_code", columns="component_id", values="score")
    gaps = (wide.loc["24"] - wide.median()).dropna()
    limits = {part: change_limit(part, "24", 2022, 2022) / 2**0.5 for part in gaps.index}
    off = [printed(gap, 2, language, sign=True) for part, gap in gaps.sort_values().items() if gap > limits[part]]
    said = card("component_gaps", "20_index_trend_papi", "24", language, "2023Q2").caption.numbers[0]
    assert figures(said) == ["2022", *(["4/8"] if language == "vi" else ["4", "8"]), *off[::-1], "1"] and len(gaps) == 4
    whole = card("component_gaps", "20_index_trend_papi", OWN, language).caption.numbers[0]
    assert figures(whole) == ["2023", *figures(whole)[1:3], "6"], "two of eight are off the median beyond error"


@pytest.mark.parametrize("language", BOTH)
def test_component_gaps_stand_in_the_last_edition_with_a_median(card, language):
    """Of PCI after 2019 the sub-indices of only some provinces are held: the title says that 2019 is the last year."""
    pci = nt.load_index("pci", as_of=AS_OF).query("level == 'dimension'")
    held = pci.groupby("edition_year")["score"].count()
    assert held[2019] == 630 and held[2020] < 630
    shown = card("component_gaps", "20_index_trend_pci", language=language)
    now = pci[pci["edition_year"] == 2019].pivot(index="province_code", columns="component_id", values="score")
    gaps, half = now.loc[OWN] - now.median(), now.quantile(0.75) - now.quantile(0.25)
    near = gaps.abs() <= half / 10
    counts = [int((gaps[~near] > 0).sum()), int(near.sum()), int((gaps[~near] < 0).sum())]
    assert counts == [5, 1, 4]
    assert figures(shown.caption.title) == ["2019"]
    assert all(short_name(part, language) in shown.caption.title for part in (gaps.idxmax(), gaps.idxmin()))
    assert ("thu thập đủ điểm 63" if language == "vi" else "collected for all 63") in shown.caption.subtitle


@pytest.mark.parametrize("language", BOTH)
def test_component_gaps_leave_out_what_is_not_held_of_every_province(card, language):
    """Of DTI 2022 four of seven scores can be set against a median, and the title says that two are below it."""
    dti = nt.load_index("dti", as_of=AS_OF).query("level == 'dimension' and edition_year == 2022")
    whole = dti.groupby("component_id")["score"].count() == 63
    assert whole.sum() == 4 and dti.query("province_code == @OWN")["score"].notna().sum() == 7
    shown = card("component_gaps", "20_index_trend_dti", language=language)
    assert set(shown.frame["component_id"]) == set(whole.index[whole])
    every = sum(part.level == "dimension" for part in nt.catalogue.catalogue().components_of("dti", 2022))
    assert f"4 {'trong' if language == 'vi' else 'of'} {every}" in shown.caption.subtitle
    now = dti.pivot(index="province_code", columns="component_id", values="score")[list(whole.index[whole])]
    gaps, half = now.loc[OWN] - now.median(), now.quantile(0.75) - now.quantile(0.25)
    assert [sum(gaps > half / 10), sum(gaps.abs() <= half / 10), sum(gaps < -half / 10)] == [1, 1, 2]
    assert figures(shown.caption.title) == ["2022", *(["2/4"] if language == "vi" else ["2", "4"])]
    assert ("dưới" if language == "vi" else "below") in shown.caption.title


@pytest.mark.parametrize("language", BOTH)
def test_one_picture(card, language):
    newest = {}
    for index_id in ("papi", "pci", "par_index", "sipas", "dti"):
        scores = nt.load_index(index_id, as_of=AS_OF, sources="strict")
        own = scores[(scores["province_code"] == OWN) & (scores["level"] == "total")]
        rank = own["rank_derived"].fillna(own["rank_published"])
        last = own[rank.notna()].iloc[-1]
        newest[index_id] = (int(rank[last.name]), int(last["n_ranked"]), int(last["edition_year"]))
    best, *_ = order = sorted(newest.values(), key=lambda held: (held[0] - 1) / (held[1] - 1))
    assert best == newest["papi"] and {year for *_, year in order[1:]} == {2022}
    assert [4 * rank <= n for rank, n, _ in order] == [True] + 4 * [False]
    title = card("one_picture", language=language).caption.title
    assert figures(title) == ["5", str(best[2]), f"{best[0]}/{best[1]}"]
    assert ("một phần tư đầu" if language == "vi" else "the top quarter") in title


def test_one_picture_counts_the_newest_ranks_in_the_top_quarter(card):
    none = card("one_picture", quarter="2020Q3").caption
    assert none.title == "Ninh Thuận: cả 2 hạng gần nhất đều ngoài một phần tư đầu (2019)"
    some = card("one_picture", province_code="24", quarter="2023Q2").caption
    assert some.title == "Bắc Giang: 4/5 hạng gần nhất thu thập được ở một phần tư đầu (2019–2022)"
    # a rank among the ten provinces of a pilot is not counted
    first = card("one_picture", province_code="48", quarter="2017Q2").caption
    assert first.title == "Đà Nẵng: cả 3 hạng gần nhất thu thập được ở một phần tư đầu (2015–2016)"


# ---------------------------------------------------------------------------------------------------- PAPI dimensions


@pytest.mark.parametrize("language", BOTH)
def test_dimensions_that_were_withheld_are_not_counted_as_if_they_were_none(card, language):
    """Of PAPI 2022 four dimensions of Bắc Giang were published: 4 of 4 is not 4 of 8."""
    words, who = (" được công bố", "Bắc Giang") if language == "vi" else (" published", "Bac Giang")
    for name, of in (("group_heat", "title"), ("component_gaps", "subtitle")):
        shown = card(name, province_code="24", quarter="2023Q4", language=language).caption
        said = getattr(shown, of)
        assert words in said and who in shown.title and "2022" in shown.title
        assert {"4", "4/4", "3/4"} & set(figures(said))
        assert words not in getattr(card(name, "30" if name == "group_heat" else "20", language=language).caption, of)


@pytest.mark.parametrize("language", BOTH)
def test_group_heat(card, dimensions, language):
    scores = dimensions[2023]
    high = scores.loc[OWN] >= scores.quantile(0.75)
    ranks = {dimension: place(scores[dimension])[0] for dimension in scores}
    weakest = max((dimension for dimension in scores if not high[dimension]), key=ranks.get)
    caption = card("group_heat", language=language).caption
    title, gaps = caption.title, scores.loc[OWN] - scores.median()
    clear = [part for part in scores if high[part] and gaps[part] > change_limit(part, OWN, 2023, 2023) / 2**0.5]
    high = int(high.sum())
    assert clear and figures(title) == [
        "2023",
        *([f"{high}/8"] if language == "vi" else [str(high), "8"]),
        *(part[-1] for part in clear),
    ]
    assert short_name(weakest, language) in caption.claims[-1].says


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("province_code, opened", [(OWN, ""), ("37", "papi_d6_2"), ("96", ""), ("56", "")])
def test_drill_down(card, total, dimensions, papi, province_code, opened, language):
    """It names the part that makes more than half of the change; where none does the dimension that makes most.

    A change that survey error may explain is put down to none of them.
    """
    change = total.at[province_code, 2023] - total.at[province_code, 2022]
    errors = nt.uncertainty()
    errors = errors[errors["component_id"].eq("papi_total") & errors["weighting"].eq("unweighted")]
    errors = errors[errors["edition_year"].eq(2019)]
    error = errors.set_index("province_code").at[province_code, "standard_error"]
    if abs(change) <= 1.96 * 2**0.5 * error:
        # nor did any part of it change by more: it is said, and nothing is drawn
        silent = card("drill_down", province_code=province_code, language=language)
        assert silent.caption is None
        assert figures(silent.reason) == ["2023", printed(abs(change), 2, language), "2022"]
        ways = {"vi": ("thấp hơn", "cao hơn"), "en": ("below", "above")}[language]
        assert ways[int(change > 0)] in silent.reason and ways[int(change < 0)] not in silent.reason
        return
    shares = (dimensions[2023].loc[province_code] - dimensions[2022].loc[province_code]) / change
    assert (shares.max() > 0.5) == bool(opened)
    title = card("drill_down", province_code=province_code, language=language).caption.title
    sizes = [printed(change, 2, language, sign=True)]
    if opened:
        own = papi[(papi["province_code"] == province_code) & (papi["component_id"] == opened)]
        own = own.set_index("edition_year")["score"]
        assert short_name(opened, language) in title or "6.2" in title
        title = title.replace("6.2", "")
        sizes.append(printed(own[2023] - own[2022], 2, language, sign=True))
    else:  # of the dimensions that one makes most
        sizes.append(printed(shares.max() * change, 2, language, sign=True))
        assert short_name(shares.idxmax(), language) in title or f"{shares.idxmax()[-1]}" in title
        title = re.sub(r"(trục|dimension) \d", "", title)
    assert figures(title) == ["2023", *sizes]
    assert ({"vi": "riêng", "en": "alone"}[language] in title) == bool(opened)
    quiet = survey_error_explains(change, "papi_total", province_code, 2022, 2023)
    assert ({"vi": "(trong sai số)", "en": "(within error)"}[language] in title) == quiet


def comparable(province_code, before, year):
    """Changes of PAPI's dimensions and of the sub-dimensions of which breaks.csv has a step between both editions."""
    table = pd.read_csv(nt.reference.data_dir() / "reference/breaks.csv", dtype=str, keep_default_na=False)
    steps = table[table["edition_year"].astype(int).between(before + 1, year)]
    odd = sorted(name for name in steps["component_id"] if name.startswith("papi_d"))
    scores = nt.load_index("papi", as_of="2023-07-31").query("province_code == @province_code")
    wide = scores.pivot(index="component_id", columns="edition_year", values="score")
    changes = wide[year] - wide[before]
    return changes[[name for name in changes.index if len(name) == len("papi_d1")]], changes[odd]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    "province_code, before, year, odd", [("01", 2021, 2022, ["1_1"]), ("24", 2019, 2020, ["6_2", "8_3"])]
)
def test_of_a_total_that_compares_in_part_the_parts_are_summed_and_no_verdict_is_given(
    card, province_code, before, year, odd, language
):
    """Hà Nội's −0,54 holds +0,45 in civic knowledge that does not compare: the rest sums to −0,99."""
    changes, apart = comparable(province_code, before, year)
    assert [*apart.index] == [f"papi_d{number}" for number in odd]
    drawn = card("drill_down", province_code=province_code, language=language, quarter="2023Q2")
    shown = drawn.caption
    rest = changes.sub(apart.groupby(apart.index.str[:7]).sum(), fill_value=0)
    sums = [printed(part.sum(), 2, language, sign=True) for part in (changes, apart, rest)]
    if province_code == "24":  # of Bắc Giang no part changed beyond error: it is said, and nothing is drawn
        assert shown is None and set(figures(drawn.reason)) == {str(before), str(year), sums[2]}
        return
    # of Hà Nội 5 and 6 did
    assert parts_named(re.sub(r" \([^)]*\)", "", shown.title), changes.index, language) == {"papi_d5", "papi_d6"}
    falls = [printed(changes[part], 2, language, sign=True) for part in ("papi_d5", "papi_d6")]
    assert [text for text in figures(shown.title) if text in falls] == falls
    totals, of_apart, *others = shown.numbers
    assert sums[0] in figures(totals) and {*sums[1:]} <= {*figures(of_apart)}
    for part in apart.index:
        assert short_name(part, language) in of_apart and not any(short_name(part, language) in text for text in others)
    for text, rows in zip(others, (rest[rest < 0], rest[rest > 0]), strict=True):
        assert figures(text)[:2] == [str(len(rows)), printed(rows.sum(), 2, language, sign=True)]
        named = rows.abs().nlargest(3, keep="all").round(2).min()
        assert sum(short_name(part, language) in text for part in rows.index) == (rows.abs().round(2) >= named).sum()
    # only a step that no document explains lies between, and so it is said
    shift = {"vi": "điểm của cả nước cùng thay đổi", "en": "scores shifted nationwide"}[language]
    assert shift in of_apart and not re.search("cách đo|measure", of_apart)
    verdict = {"vi": "sai số", "en": "error"}[language]
    in_part = {"vi": "chỉ so sánh được một phần", "en": "comparable only in part"}[language]
    for name, where in (("index_course", "20_index_trend_papi"), ("dimension_scores", ""), ("passings", "")):
        title = card(name, where, province_code, language, "2023Q2").caption.title
        assert verdict not in title and (in_part in title or name == "dimension_scores"), name
    assert verdict not in totals + of_apart
    scores = card("dimension_scores", province_code=province_code, language=language, quarter="2023Q2")
    assert all(short_name(part, language) in scores.caption.note for part in apart.index)
    assert verdict not in scores.caption.title
    marked = cards.dimension_scores.table(scores.frame, scores.context).iloc[:, 3].str.endswith("†")
    assert [*scores.frame.loc[list(marked), "component_id"]] == [*apart.index.str[:7], "papi_total"]


@pytest.mark.parametrize("language", BOTH)
def test_drill_down_does_not_speak_of_a_change_of_nothing(card, language):
    """Bắc Giang moved by less than half a hundredth from 2020 to 2023: its parts are no finding."""
    absent = card("drill_down", province_code="24", language=language)
    assert absent.caption is None
    assert ("gần như không đổi" if language == "vi" else "hardly changed") in absent.reason


@pytest.mark.parametrize("province_code, year", [(OWN, 2023), ("96", 2023), ("24", 2022)])
@pytest.mark.parametrize("language", BOTH)
def test_sub_dimension_heat(card, papi, province_code, year, language):
    """Groups counted from the scores of all provinces; of what was not published none."""
    rows = papi[(papi["level"] == "sub_dimension") & (papi["edition_year"] == year)]
    rows = rows.pivot(index="province_code", columns="component_id", values="score")
    own = rows.loc[province_code].dropna()
    high, low = ((own >= rows[own.index].quantile(0.75)).sum(), (own < rows[own.index].quantile(0.25)).sum())
    quarter = "2024Q1" if year == 2023 else "2023Q2"
    title = card("sub_dimension_heat", province_code=province_code, language=language, quarter=quarter).caption.title
    counts = [f"{high}/{len(own)}"] if language == "vi" else [str(high), str(len(own))]
    zero = ("0 ở nhóm thấp" if language == "vi" else ", 0 low") in title  # where "none" has no room
    assert figures(title) == [str(year), *counts, *([str(low)] if low or zero else [])]
    published = "được công bố" if language == "vi" else "published"
    assert (published in title) == (len(own) < rows.shape[1])


@pytest.mark.parametrize("language", BOTH)
def test_distances(card, papi, dimensions, language):
    scores, own = dimensions[2023], dimensions[2023].loc[OWN]
    below = {}
    for dimension in scores:
        cuts = [scores[dimension].quantile(q) for q in (0.25, 0.5, 0.75)]
        above = [cut for cut in cuts if own[dimension] < cut]
        if above:
            # the threshold is the lowest score of the group above, which may lie over the percentile itself
            held = scores[dimension][scores[dimension] >= above[0]]
            below[dimension] = held.min() - own[dimension]
    nearest = min(below, key=below.get)
    caption = card("distances", language=language).caption
    title, count = caption.title, [f"{len(below)}/8"] if language == "vi" else [str(len(below)), "8"]
    # e-governance of every province since 8.3 fell in the whole country in 2020, pair by pair
    held = papi[papi["component_id"] == nearest].pivot(index="province_code", columns="edition_year", values="score")
    rises = [(held[year + 1] - held[year]).dropna() for year in range(2020, 2023)]
    seen, cases = sum((rise >= below[nearest]).sum() for rise in rises), sum(len(rise) for rise in rises)
    share = printed(100 * seen / cases, 0, language)
    assert nearest == "papi_d8" and figures(title) == ["2023", printed(below[nearest], 2, language)]
    assert figures(caption.numbers[0]) == count
    assert short_name(nearest, language) in title and f"{share}%" in card("distances", language=language).caption.alt


@pytest.mark.parametrize("language", BOTH)
def test_dimension_scores(card, total, dimensions, language):
    shown = card("dimension_scores", language=language)
    ranks = {dimension: place(dimensions[2023][dimension])[0] for dimension in dimensions[2023]}
    best, worst = min(ranks, key=ranks.get), max(ranks, key=ranks.get)
    change = total.at[OWN, 2023] - total.at[OWN, 2022]
    title = shown.caption.title
    size = printed(change, 2, language, sign=True)
    assert figures(title)[:4] == ["2023", printed(total.at[OWN, 2023], 2, language), size, "2022"]
    ends = shown.caption.numbers[0]
    assert figures(ends) == [f"{ranks[best]}/61", f"{ranks[worst]}/61"]
    assert ends.index(short_name(best, language)) < ends.index(short_name(worst, language))
    text = cards.dimension_scores.table(shown.frame, shown.context)
    assert list(text.columns)[1:3] == ["2022", "2023"] and len(text) == 9
    errors = error_of_2019(OWN)
    errors["papi_total"] = 1.95996 * 0.748568  # alone
    for row, dimension in zip(text.itertuples(index=False), [*dimensions[2023], "papi_total"], strict=True):
        now, before = (
            (total.at[OWN, year] if dimension == "papi_total" else dimensions[year].at[OWN, dimension])
            for year in (2023, 2022)
        )
        assert list(row)[1:5] == [
            printed(before, 2, language),
            printed(now, 2, language),
            printed(now - before, 2, language, sign=True),
            printed(2**0.5 * errors[dimension], 2, language),
        ]
    assert text.iloc[-1, 0] == {"vi": "Tổng điểm PAPI", "en": "PAPI total"}[language]
    assert text.iloc[-1, 5] == "6/61"


@pytest.mark.parametrize(
    "quarter, heads, changes, previous",
    [
        # the first edition: nothing before it
        ("2013Q1", ["Kỳ trước có số liệu", "2011"], {"–"}, {"–"}),
        # 2016 is a new baseline of dimensions 1, 3 and 5 and of the total
        ("2017Q2", ["2015", "2016"], {"papi_d1": "†", "papi_d3": "†", "papi_d5": "†", "papi_total": "†"}, set()),
        # dimensions 7 and 8 are new in 2018, and so two others and the total are not what they were
        (
            "2019Q2",
            ["2017", "2018"],
            {"papi_d2": "†", "papi_d3": "†", "papi_d7": "–", "papi_d8": "–", "papi_total": "†"},
            {"–"},
        ),
    ],
)
def test_dimension_scores_where_editions_do_not_compare(card, quarter, heads, changes, previous):
    shown = card("dimension_scores", quarter=quarter, notebooks="30*")
    text = cards.dimension_scores.table(shown.frame, shown.context)
    assert list(text.columns)[1:3] == heads
    told = dict(zip(shown.frame["component_id"], text["Thay đổi"], strict=True))
    if isinstance(changes, set):
        assert set(told.values()) == changes
    else:
        years = [int(head) for head in heads]
        assert {component for component, sign in changes.items() if sign == "†"} == {
            component for component in told if crosses(component, *years)
        }
        assert {component: sign for component, sign in told.items() if sign in "†–"} == changes
    assert set(text.iloc[:, 1][text.iloc[:, 1] == "–"]) == previous
    # a total that is not compared has no direction
    assert not re.search("tăng|giảm", shown.caption.title)
    for sign in ("†", "–"):
        assert (f"{sign}:" in shown.caption.note) == (sign in [*told.values(), *text.iloc[:, 1]])


# -------------------------------------------------------------------------------------------------------------- peers


@pytest.mark.parametrize("language", BOTH)
def test_tile_groups(card, total, language):
    held = total[2023].dropna()
    high = held >= held.quantile(0.75)
    assert high[OWN]
    caption = card("tile_groups", language=language).caption
    table = nt.provinces("pre_2025").set_index("province_code")
    others = [code for code in held.index if table.at[code, "region_id"] == "central_coast" and code != OWN]
    mates = [code for code in others if high[code]]
    assert 0 < len(mates) < len(others)
    with_own, without = f"{len(mates) + 1}/{len(others) + 1}", [str(len(mates)), str(len(others))]
    assert figures(caption.title) == ["2023", *([with_own] if language == "vi" else without)]
    assert ("miền Trung ở nhóm cao" if language == "vi" else "in the high group, with") in caption.title
    assert all(table.at[code, "name" if language == "vi" else "name_en"] in caption.alt for code in mates)


# ----------------------------------------------------------------------------------------------------------- workload


def count(workload, measure, **where):
    rows = workload[workload["measure"] == measure]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.sort_values("period_end").iloc[-1]


@pytest.mark.parametrize("language", BOTH)
def test_channel_shares(card, workload, language):
    received = {
        channel: count(workload, "dossiers_received", channel=channel)["value"]
        for channel in ("all", "online", "direct", "postal")
    }
    online, direct = (100 * received[channel] / received["all"] for channel in ("online", "direct"))
    in_print = float(count(workload, "dossiers_received_share", channel="direct")["value_printed"])
    caption = card("channel_shares", language=language).caption
    shares = [printed(value, 2, language) + "%" for value in (online, in_print, direct)]
    assert [f for f in figures(caption.title) if f not in ("1", "2024")] == [shares[0], shares[2]]
    assert shares[1:] == figures(caption.claims[1].says) and caption.claims[1].says in caption.numbers
    assert printed(received["all"], 0, language) in caption.subtitle
    assert received["all"] == 42972


@pytest.mark.parametrize("language", BOTH)
def test_channel_shares_of_several_periods_are_of_the_newest(card, language):
    shown = card("channel_shares", language=language)
    year = pd.DateOffset(years=1)
    before = shown.frame.assign(share=[60.0, 30.0, 10.0], count=[6, 3, 1], total=10, contradicted=False)
    before[["period_start", "period_end"]] = before[["period_start", "period_end"]].apply(lambda days: days - year)
    frame = pd.concat([before, shown.frame], ignore_index=True)
    caption = cards.channel_shares.caption(frame, shown.context)
    caption.check(frame)
    assert caption.title == shown.caption.title


@pytest.mark.parametrize("language", BOTH)
def test_procedures(card, workload, language):
    total = count(workload, "procedures_published", level="all")["value"]
    kinds = {
        kind: count(workload, f"procedures_{kind}")["value"] for kind in ("amended", "abolished", "new", "unchanged")
    }
    assert sum(kinds.values()) == total
    title = card("procedures", language=language).caption.title
    first, second = sorted(kinds, key=kinds.get, reverse=True)[:2]
    assert (first, second) == ("unchanged", "amended") and len(set(kinds.values())) == len(kinds)
    sizes = [printed(value, 0, language) for value in (total, kinds[first], kinds[second])]
    assert [f for f in figures(title) if f not in ("1", "2024")] == sizes[:2]
    names = ("giữ nguyên", "sửa đổi, bổ sung, thay thế") if language == "vi" else ("unchanged", "amended or replaced")
    assert title.endswith(f", {sizes[1]} {names[0]}")
    most = card("procedures", language=language).caption.claims[1].says
    assert most.endswith(f"{sizes[1]} {names[0]}, {sizes[2]} {names[1]}")


@pytest.mark.parametrize("language", BOTH)
def test_service_units(card, workload, language):
    now = count(workload, "public_service_units")["value"]
    changes = workload[workload["measure"] == "public_service_units_change"].sort_values("period_start")
    title = card("service_units", language=language).caption.title
    first = changes.iloc[0]
    assert first["value"] < 0
    expected = [printed(now, 0, language), "2023", printed(-first["value"], 0, language), str(first.period_start.year)]
    assert figures(title) == (expected if language == "en" else [expected[1], expected[0], *expected[2:]])
    assert ("giảm" if language == "vi" else "fewer") in title


@pytest.mark.parametrize("language", BOTH)
def test_digital_adoption(card, workload, language):
    using = workload[workload["measure"] == "agencies_using_document_software"].set_index("level")["value"]
    every = workload[workload["measure"] == "agencies_total"].set_index("level")["value"].reindex(using.index)
    full, levels = int((using == every).sum()), len(using)
    assert full == levels == 3
    shares = workload[workload["measure"] == "personal_digital_signature_use_share"].set_index("level")["value"]
    shown = card("digital_adoption", language=language)
    ends = [shares["all"], shares.drop("all").min()]
    assert "2024" in shown.caption.title and len(shown.caption.title) <= 75
    assert figures(shown.caption.title.partition(":")[2]) == [printed(value, 2, language) + "%" for value in ends]
    assert figures(shown.caption.note) == (["3/3"] if language == "vi" else ["3", "3"])
    lacking = shown.frame.copy()
    lacking.loc[lacking["level"] == "commune", "using"] -= 1
    assert figures(cards.digital_adoption.caption(lacking, shown.context).note)[0].startswith("2")


# ------------------------------------------------------------------------------------------------ overview and tasks


@pytest.mark.parametrize("language", BOTH)
def test_index_overview(card, language):
    moved = {}
    for index_id, name in zip(
        ("papi", "pci", "par_index", "sipas", "dti"), ("PAPI", "PCI", "PAR INDEX", "SIPAS", "DTI"), strict=True
    ):
        scores = nt.load_index(index_id, as_of=AS_OF, sources="strict")
        own = scores[(scores["province_code"] == OWN) & (scores["level"] == "total")]
        ranks = own["rank_derived"].fillna(own["rank_published"]).dropna().tolist()
        years = own.loc[own["rank_derived"].fillna(own["rank_published"]).notna(), "edition_year"].tolist()[-2:]
        moved[name] = None if crosses(f"{index_id}_total", *years) else ranks[-2] - ranks[-1]
    # within survey error
    moved["PAPI"] = 0
    caption = card("index_overview", language=language).caption
    assert None in moved.values(), "a rank of another method is no move"
    assert not any(moved.values())
    crossed = sum(gained is None for gained in moved.values())
    says = {
        "vi": f"PAPI 2023 thay đổi trong sai số; {crossed} chỉ số không so sánh được",
        "en": f"PAPI 2023 changed within survey error; {crossed} cannot be compared",
    }
    assert caption.numbers[-1].partition(": ")[2] == says[language]
    none = {"vi": "chưa kết luận được chỉ số nào tăng hay giảm hạng", "en": "no index can be said to have"}
    assert none[language] in caption.title


@pytest.mark.parametrize("language", BOTH)
def test_quarter_changes(card, language):
    editions = nt.editions()
    days = pd.to_datetime(editions["known_from"])
    out = editions[(days > "2024-01-31") & (days <= AS_OF) & (editions["boundary"] == "pre_2025")]
    expected = {f"{row.index_id}_{row.edition_year}" for row in out.itertuples()}
    assert expected == {"papi_2023", "par_index_2023", "sipas_2023"}
    title = card("quarter_changes", language=language).caption.title
    province, names = title.split(": ")
    assert province == {"vi": "Ninh Thuận", "en": "Ninh Thuan"}[language]
    # from the day after the closing day of the quarter before
    days_between = {"vi": "từ 01/02/2024 đến 30/4/2024", "en": "between 1 February and 30 April 2024"}[language]
    assert days_between in card("quarter_changes", language=language).caption.subtitle
    assert figures(names) == ["2023"] * 3
    for name in ("PAPI 2023", "PAR INDEX 2023", "SIPAS 2023"):
        assert name in names
    assert editions[(days > "2023-10-31") & (days <= "2024-01-31") & (editions["boundary"] == "pre_2025")].empty
    title = card("quarter_changes", language=language, quarter="2023Q4", province_code="24").caption.title
    assert (
        title
        == {
            "vi": "Bắc Giang: không có chỉ số nào mới công bố",
            "en": "Bac Giang: no index newly published",
        }[language]
    )


@pytest.mark.parametrize("language", BOTH)
def test_contradictions(card, language):
    found = nt.discrepancies(OWN, as_of=AS_OF, until="2024Q1", sources="strict")
    found = found[found["rule"] != "lists"]  # a remark
    assert len(found)
    assert figures(card("contradictions", language=language).caption.title) == [str(len(found))]


@pytest.mark.parametrize("language", BOTH)
def test_reform_watch(card, language):
    shown = card("reform_watch", language=language)
    watch = shown.frame
    held = set(watch.loc[watch[["value", "rank"]].notna().any(axis=1), "indicator"])
    counts = [len(held), watch["indicator"].nunique()]
    assert counts == [17, 18] and len(watch) == 23, "an indicator that watches several tasks is one indicator"
    count = ["/".join(map(str, counts))] if language == "vi" else [*map(str, counts)]
    assert figures(shown.caption.title) == [str(watch["task_number"].nunique()), *count]
    # a note explains the marks that stand in the table, and no other
    text = " ".join(cards.reform_watch.table(watch, shown.context).astype(str).to_numpy().ravel())
    assert (
        [mark in text for mark in "†‡*"] == [f"{mark}:" in shown.caption.note for mark in "†‡*"] == [True, True, False]
    )
    tasks = nt.reform_tasks()
    assert set(tasks["province_code"]) == {OWN}
    wanted = tasks["component_ids"].str.split().str.len().sum() + tasks["measures"].str.split().str.len().sum()
    assert len(watch) == wanted


def test_what_only_one_province_has_set_is_not_said_of_another(card):
    assert card("reform_watch", province_code="24").caption is None
    assert summaries.policies_for("papi", AS_OF, "24").empty and len(summaries.policies_for("papi", AS_OF, OWN)) == 3


# ------------------------------------------------------------------------------------------------- nothing to be said


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    "name, province_code, quarter",
    [
        ("channel_shares", "24", "2023Q4"),
        ("component_gaps", "56", "2025Q3"),
        ("index_course", "56", "2025Q3"),
        ("index_editions", "56", "2025Q3"),
        ("one_picture", "56", "2025Q3"),
        ("group_heat", "56", "2025Q3"),
        ("drill_down", "56", "2025Q3"),
        ("sub_dimension_heat", "56", "2025Q3"),
        ("dimension_scores", "56", "2025Q3"),
        ("distances", "56", "2025Q3"),
        ("sub_dimension_distances", "56", "2025Q3"),
        ("lifting_changes", "56", "2025Q3"),
        ("lifting_changes", OWN, "2024Q1"),  # its total is in the high group
        ("likeness", "56", "2025Q3"),
        ("channel_shares", "56", "2025Q3"),
        ("procedures", "56", "2025Q3"),
        ("digital_adoption", "56", "2025Q3"),
        ("service_units", "56", "2025Q3"),
        ("contradictions", "56", "2025Q3"),
        ("tile_groups", "56", "2025Q3"),
        ("ranking", "56", "2025Q3"),
        ("ranking", OWN, "2012Q3"),
        ("group_heat", OWN, "2012Q3"),  # PAPI 2011 is known from the end of 2012
        ("sub_dimension_heat", OWN, "2012Q3"),
        ("tile_groups", OWN, "2012Q3"),
        ("channel_shares", OWN, "2012Q3"),
    ],
)
def test_where_nothing_is_held_a_sentence_says_so(cards_named, name, province_code, quarter, language):
    cards = [*cards_named(name, province_code=province_code, language=language, quarter=quarter)]
    assert cards
    silent = [s for s in cards if s.caption is None]
    assert silent, f"claimed: {cards[0].caption.title}"
    for absent in silent:
        reason, who = absent.reason, absent.context.name
        assert 20 < len(reason) < 160
        assert reason[0].isupper() and reason[-1] not in ".:;"
        assert who in reason or name == "tile_groups"
        vietnamese = re.search(r"không|chưa", reason.lower())
        assert bool(vietnamese) == (language == "vi")


@pytest.mark.parametrize("name", cards.NAMES)
def test_every_card_says_and_shows_something(name):
    card = cards.card(name)
    assert callable(card.caption)
    kinds = [kind for kind in ("draw", "table", "text") if hasattr(card, kind)]
    assert len(kinds) == 1, "a card is a figure, a table or prose"


def test_a_card_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no_such_card"):
        cards.card("no_such_card")
    assert not hasattr(cards, "no_such_card")


@pytest.mark.parametrize("quarter", ["2006Q4", "2008Q4", "2012Q3", "2016Q4"])
def test_early_quarters_are_answered_too(shown, quarter):
    """A quarter of which little or nothing is known is a fair question."""
    assert all(s.caption or s.reason for s in shown(OWN, "vi", quarter))


# --------------------------------------------------------------------------------------------------- how it is said


@pytest.fixture(scope="module", params=[(*view, language) for view in VIEWS for language in BOTH], ids="-".join)
def cards_told(request, shown):
    province_code, quarter, language = request.param
    cards = shown(province_code, language, quarter)
    assert len(cards) > 30
    return cards


def test_titles_have_room(cards_told):
    """One finding with province, index and year."""
    titles = [(s.place, s.caption.title) for s in cards_told if s.caption]
    assert [pair for pair in titles if len(pair[1]) > claims.LONGEST_TITLE] == []


def test_a_title_gives_way_to_a_shorter_one():
    assert claims.fitting(["x" * 76, "short", "shorter"]) == "short"
    assert claims.fitting(["x" * 80, "y" * 76]) == "y" * 76


@pytest.fixture(scope="module")
def told(cards_told):
    """(place, text) of every sentence of a report's cards, and its language."""
    texts = []
    for s in cards_told:
        parts = [s.caption.title, s.caption.subtitle, s.caption.note, s.caption.alt] if s.caption else [s.reason]
        texts += [(s.place, text) for text in parts if text]
    return texts, cards_told[0].context.language


def found_in(told, pattern, within=lambda text: text):
    return [(place, text) for place, text in told[0] if re.search(pattern, within(text))]


def unquoted(text):
    return QUOTED.sub("", text)


def test_numbers_are_written_in_the_language(told):
    if told[1] == "vi":
        # 42.972 is a number of thousands and 8.2 a sub-dimension; 45.51 is English
        assert found_in(told, r"\d\.\d{1,2}(?!\d)(?<!\b\d\.\d)|\d\.\d{4}", unquoted) == []
        assert found_in(told, r"\d,\d{3}(?!\d)", unquoted) == []
    else:
        assert found_in(told, r"\d,\d{1,2}(?!\d)|\d,\d{4}", unquoted) == []


def test_minus_is_no_hyphen(told):
    assert found_in(told, r"(?:^|[\s(])-\d") == []


def test_nothing_of_the_machine_shows(told):
    assert found_in(told, r"\bnan\b|\bNaN\b|\bNone\b|<NA>|\bNaT\b|\{|\}|papi_|_total") == []


def test_punctuation(told):
    assert found_in(told, r"  | [,.;:)]|\( |\.\.|;\.|:\s*[.;]|\s$|^\s") == []
    assert [text for _, text in told[0] if text.count("(") != text.count(")")] == []


def test_no_counts_of_none_and_no_ranges_of_one_year(told):
    assert found_in(told, r"\b0 (?:trong|of) 0\b") == []
    assert found_in(told, r"\b(\d{4})–\1\b") == []


def test_texts_are_nfc(told):
    assert [text for _, text in told[0] if not unicodedata.is_normalized("NFC", text)] == []


def test_one_language_at_a_time(told):
    if told[1] == "en":
        accented = r"[ạảãàáâậầấẩẫăắằặẳẵẹẻẽèéêệềếểễịỉĩìíọỏõòóôộồốổỗơờớợởỡụủũùúưừứựửữỵỷỹỳýđ]"
        assert found_in(told, accented, lambda text: unquoted(text).lower()) == []
    else:
        assert found_in(told, r"\b(?:the|of|and|is|are|with|from|points?|ranks?)\b", unquoted) == []


def test_words_of_a_count_agree_with_it(told):
    assert found_in(told, r"\b1 (?:dimensions|places|provinces|targets|contradictions)\b") == []
    assert found_in(told, r"same rank from") == []


def test_alternative_texts(cards_told):
    """Of figures and tables: what it is, of what, what is to be seen, and numbers, in whole sentences."""
    made = [s for s in cards_told if s.caption]
    merged = made[0].context.province.boundary == "post_2025"  # of it too little is known yet to be drawn
    assert {s.kind for s in made} == ({"table"} if merged else {"figure", "table"})
    for s in made:
        caption, alt = s.caption, s.caption.alt
        assert 60 <= len(alt) <= 400, s.place
        assert s.context.name in alt and re.search(r"\d", alt), s.place
        assert alt.startswith(f"{caption.kind}. {caption.subtitle}. {caption.title}."), s.place
        assert alt.endswith(".") and not alt.endswith(".."), s.place
        if s.kind == "table":
            count = len(cards.card(s.card).table(s.frame, s.context))
            rows = {"vi": rf"Bảng {count} dòng, ", "en": rf"Table of {count} rows?, "}
            assert re.match(rows[s.context.language], alt), s.place
        # of the numbers, those that fit, and each as a whole
        rest = alt.removeprefix(f"{caption.kind}. {caption.subtitle}. {caption.title}.").strip()
        wholes = [
            " ".join(f"{sentence}." for sentence in caption.numbers[:kept]) for kept in range(len(caption.numbers) + 1)
        ]
        assert rest in wholes and (rest or not caption.numbers), s.place


def test_of_a_long_alternative_text_the_last_sentences_are_left_out():
    caption = Caption(title="t" * 100, subtitle="s" * 100, kind="k" * 100, numbers=("a" * 50, "b" * 90))
    assert caption.alt == " ".join(
        [f"{letter * size}." for letter, size in zip("ksta", (100, 100, 100, 50), strict=True)]
    )
    assert replace(caption, title="t" * 180).alt == f"{'k' * 100}. {'s' * 100}. {'t' * 180}."
    assert replace(caption, title="t" * 250).alt == f"{'s' * 100}. {'t' * 250}."
    assert replace(caption, title="t" * 350).alt == f"{'t' * 350}."


def test_only_a_title_too_long_by_itself_is_cut_and_between_words():
    caption = Caption(title="chữ " * 120, subtitle="đo gì", kind="Biểu đồ")
    assert 380 < len(caption.alt) <= 400
    assert caption.alt.endswith("chữ …")
    assert replace(caption, title="ngắn").alt == "Biểu đồ. đo gì. ngắn."


def test_titles_are_findings_and_fit(cards_told):
    for s in cards_told:
        if s.caption:
            assert 15 < len(s.caption.title) <= LONGEST_TITLE, s.place
            assert s.caption.title[-1] not in ".:;,", s.place
            assert s.caption.subtitle, s.place


# ------------------------------------------------------------------------------------------------ what titles claim


def test_every_title_holds_of_its_frame_and_of_no_empty_one(cards_told):
    for s in cards_told:
        if s.caption:
            assert s.caption.claims, s.place
            s.caption.check(s.frame)
            with pytest.raises(FalseFinding):
                s.caption.check(s.frame.iloc[:0])


def test_claims_are_sentences_in_the_language_of_the_report(cards_told):
    for s in cards_told:
        for claim in s.caption.claims if s.caption else ():
            assert claim.says[0].isupper() or claim.says[0].isdigit(), claim.says
            assert 8 < len(claim.says) <= 160 and claim.says[-1] not in ".:;,", claim.says


def held_by(test, seen=()):
    """Everything that a test holds, and the tests within it."""
    for cell in getattr(test, "__closure__", None) or ():
        value = cell.cell_contents
        yield value
        if callable(value) and value not in seen:
            yield from held_by(value, (*seen, value))


def test_claims_hold_no_frames(cards_told):
    """A report of many cards would keep every one of them in memory."""
    for s in cards_told:
        for claim in s.caption.claims if s.caption else ():
            assert not [v for v in held_by(claim.holds) if isinstance(v, (pd.DataFrame, pd.Series))], claim.says


def test_a_title_of_one_province_is_refused_of_another(shown):
    """Also where the two titles would read alike, as "7 of 8 dimensions"."""
    for language in BOTH:
        views = [shown(code, language, "2024Q1") for code in (OWN, "56", "24")]
        for own in views:
            for other in views:
                for mine, theirs in zip(own, other, strict=True):
                    if mine.caption is None or theirs.frame is mine.frame or "province_code" not in mine.frame:
                        continue
                    if mine.card in (
                        "tile_groups",
                        "ranking",
                        "change_certainty",
                    ):
                        continue  # of several provinces: what is said of one may be read off the frame of another
                    with pytest.raises(FalseFinding):
                        mine.caption.check(theirs.frame)


@pytest.mark.parametrize("province_code", ["01", "22", "38", "46", "52", "74", "79", "89", "96"])
def test_titles_hold_for_other_provinces(papi, province_code):
    """Those with results and those withheld: each title is checked by another route than it was made."""
    province = nt.catalogue.catalogue().provinces[("pre_2025", province_code)]
    history = nt.province_history(papi[papi["level"] == "dimension"], province_code)
    total_history = summaries.total_history("papi", province_code, as_of=AS_OF)
    frames = {
        "index_course": total_history,
        "index_editions": total_history,
        "component_gaps": summaries.component_gaps("papi", province_code, as_of=AS_OF),
        "group_heat": history,
        "dimension_scores": summaries.dimension_scores(papi, province_code),
        "drill_down": nt.drill_down(papi, province_code),
        "sub_dimension_heat": summaries.sub_dimension_history(papi, province_code),
        "distances": (away := reach.distances(papi, province_code))[away["level"] != "sub_dimension"],
        "sub_dimension_distances": away[away["level"] == "sub_dimension"],
        "lifting_changes": reach.lifting_changes(papi, province_code),
        "group_transitions": relations.group_transitions(papi, "papi_total", province_code),
        "likeness": relations.likeness(papi, province_code).head(8),
        "tile_groups": summaries.newest_cells(papi),
    }
    held = 0
    for language in BOTH:
        for name, frame in frames.items():
            try:
                caption = cards.card(name).caption(frame, Context(province, language))
            except Nothing:
                continue
            caption.check(frame)
            assert len(caption.title) <= LONGEST_TITLE and 60 <= len(caption.alt) <= 400
            held += 1
    assert held >= 8


def last(frame):
    return frame.index[-1:]


def newest(column):
    return lambda frame: frame.loc[frame[column].notna(), "edition_year"].idxmax()


def of(**cells):
    """Rows with these cells, as `of(component_id="papi_d8")`."""

    def rows(frame):
        same = pd.Series(True, index=frame.index)
        for column, value in cells.items():
            same &= frame[column] == value
        assert same.any()
        return frame.index[same]

    return rows


def by(size):
    return lambda value: value + size


def drop(value):
    raise AssertionError("a row, not a value")


def flip(value):
    return -value


def to(value):
    return lambda _: value


NEW = of(edition_year=2023)
OF_OWN = of(edition_year=2023, province_code=OWN)
SPOILT = [
    ("index_course", newest("rank"), "rank", by(1)),
    ("index_course", newest("rank"), "rank", flip),
    ("index_course", newest("rank"), "n_ranked", by(2)),
    ("index_course", newest("rank"), "", drop),
    ("index_course", of(edition_year=2022), "rank", by(1)),
    ("index_course", of(edition_year=2022), "", drop),
    ("index_course", of(edition_year=2022), "segment", by(1)),
    ("index_editions", newest("score"), "score", by(0.01)),
    ("index_editions", newest("score"), "median", by(0.01)),
    ("index_editions", newest("score"), "median", by(7)),
    ("index_editions", newest("score"), "complete", to(False)),
    ("index_editions", newest("score"), "", drop),
    ("component_gaps", of(component_id="papi_d6"), "score", by(-0.6)),
    ("component_gaps", of(component_id="papi_d1"), "median", by(1)),
    ("component_gaps", of(component_id="papi_d6"), "previous_score", by(-0.02)),
    ("component_gaps", of(component_id="papi_d1"), "previous_edition", to(2015)),
    ("component_gaps", of(component_id="papi_d1"), "", drop),
    ("component_gaps", NEW, "", drop),
    ("one_picture", of(index_id="pci", edition_year=2022), "rank", by(10)),
    ("one_picture", of(index_id="pci", edition_year=2022), "percentile_position", by(30)),
    ("one_picture", of(index_id="sipas", edition_year=2022), "n_ranked", by(-1)),
    ("one_picture", of(index_id="papi", edition_year=2023), "rank", by(1)),
    ("one_picture", of(index_id="papi", edition_year=2023), "n_ranked", by(2)),
    ("one_picture", of(index_id="papi"), "", drop),
    ("group_heat", of(edition_year=2023, component_id="papi_d1"), "group_derived", to("low")),
    ("group_heat", of(edition_year=2023, component_id="papi_d1"), "score", by(-3)),
    ("group_heat", of(edition_year=2023, component_id="papi_d8"), "group_derived", to("high")),
    ("group_heat", of(edition_year=2023, component_id="papi_d8"), "", drop),
    ("group_heat", NEW, "", drop),
    ("dimension_scores", of(component_id="papi_total"), "score", by(0.01)),
    ("dimension_scores", of(component_id="papi_total"), "change", flip),
    ("dimension_scores", of(component_id="papi_total"), "previous_score", by(1)),
    ("dimension_scores", of(component_id="papi_d8"), "rank", to(1)),
    ("dimension_scores", of(component_id="papi_d8"), "n_ranked", by(2)),
    ("dimension_scores", of(component_id="papi_d2"), "score", by(0.1)),
    ("dimension_scores", of(component_id="papi_d2"), "", drop),
    ("passings", of(way="passed_by"), "score_to", by(-9)),
    ("passings", of(way="left"), "score_from", by(-9)),
    ("passings", of(way="entered"), "", drop),
    ("sub_dimension_moves", of(component_id="papi_d8_2"), "score_to", by(1.0)),
    ("sub_dimension_moves", of(component_id="papi_d2_3"), "contribution", by(1.0)),
    ("sub_dimension_moves", of(component_id="papi_d2_3"), "score_to", by(1.0)),
    ("linked_series", of(edition_year=2018, span="2018–2023"), "rank", by(1)),
    ("linked_series", of(edition_year=2023), "n_ranked", by(2)),
    ("sub_dimension_heat", of(component_id="papi_d8_2", edition_year=2023), "group_derived", to("low")),
    ("sub_dimension_heat", of(component_id="papi_d8_2", edition_year=2023), "score", by(1)),
    ("sub_dimension_heat", of(component_id="papi_d1_1", edition_year=2023), "upper_quartile", by(1)),
    ("sub_dimension_heat", of(component_id="papi_d8_2", edition_year=2023), "", drop),
    ("sub_dimension_heat", NEW, "", drop),
    ("distances", of(component_id="papi_d8"), "score", by(-0.01)),
    ("distances", of(component_id="papi_d8"), "threshold", by(0.01)),
    ("distances", of(component_id="papi_d8"), "n_closed", by(9)),
    ("distances", of(component_id="papi_d8"), "closed_share", by(0.01)),
    ("distances", of(component_id="papi_d1"), "group", to("low")),
    ("distances", of(component_id="papi_d8"), "", drop),
    ("distances", of(component_id="papi_d1"), "", drop),
    ("sub_dimension_distances", of(component_id="papi_d8_2"), "n_closed", by(-30)),
    ("sub_dimension_distances", of(component_id="papi_d8_2"), "score", by(0.02)),
    ("sub_dimension_distances", of(component_id="papi_d8_2"), "", drop),
    ("sub_dimension_distances", of(component_id="papi_d1_1"), "group", to("low")),
    ("sub_dimension_distances", of(component_id="papi_d1_1"), "", drop),
    ("rank_agreement", of(index_a="papi", index_b="pci", edition_year=2015), "rho", by(-0.1)),
    ("rank_agreement", of(index_a="papi", index_b="pci", edition_year=2015), "low", by(-0.2)),
    ("rank_agreement", of(index_a="papi", index_b="pci", edition_year=2015), "", drop),
    ("rank_agreement", of(index_a="papi", index_b="dti", edition_year=2022), "", drop),
    ("group_transitions", of(group_from="high", group_to="high"), "count", by(-20)),
    ("group_transitions", of(group_from="low", group_to="low"), "moved_share", by(0.02)),
    ("group_transitions", of(group_from="low", group_to="low"), "", drop),
    ("group_transitions", of(group_from="high", group_to="high"), "own_count", by(1)),
    ("score_spread", newest("standard_deviation"), "standard_deviation", by(0.02)),
    ("score_spread", of(edition_year=2018), "standard_deviation", by(0.5)),
    ("score_spread", of(edition_year=2023), "change_low", by(-0.3)),
    ("score_spread", newest("standard_deviation"), "", drop),
    ("likeness", lambda frame: frame.index[:1], "distance", by(1)),
    ("likeness", lambda frame: frame.index[:1], "rank", by(1)),
    ("likeness", lambda frame: frame.index[:1], "", drop),
    ("ranking", of(province_code=OWN), "not_told_apart", by(-1)),
    ("ranking", of(province_code=OWN), "score", by(3)),
    ("ranking", of(province_code=OWN), "standard_error", by(2)),
    ("ranking", of(province_code=OWN), "assumption", to("published")),
    ("ranking", of(province_code=OWN), "group", to("low")),
    ("ranking", of(province_code=OWN), "", drop),
    ("ranking", of(province_code="01"), "", drop),
    ("change_certainty", of(province_code=OWN), "score", by(3)),
    ("change_certainty", of(province_code=OWN), "previous_score", by(-4)),
    ("change_certainty", lambda frame: frame.index[:1], "standard_error", by(9)),
    ("change_certainty", lambda frame: frame.index[:1], "", drop),
    ("rank_interval_years", NEW, "rank_high", by(1)),
    ("rank_interval_years", NEW, "n_ranked", by(2)),
    ("rank_interval_years", NEW, "assumption", to("published")),
    ("rank_interval_years", of(edition_year=2019), "assumption", to("as_2019")),
    ("rank_interval_years", NEW, "", drop),
    ("tile_groups", OF_OWN, "group_derived", to("low")),
    ("tile_groups", OF_OWN, "score", by(-3)),
    ("tile_groups", OF_OWN, "", drop),
    ("tile_groups", of(province_code="01"), "group_derived", to("low")),
    ("tile_groups", NEW, "edition_year", by(-1)),
    ("channel_shares", of(channel="online"), "count", by(-9)),
    ("channel_shares", of(channel="online"), "share", by(0.01)),
    ("channel_shares", of(channel="online"), "total", by(99)),
    ("channel_shares", of(channel="direct"), "count", by(40000)),
    ("channel_shares", of(channel="direct"), "printed", by(1)),
    ("channel_shares", of(channel="direct"), "contradicted", to(False)),
    ("channel_shares", of(channel="online"), "period_end", by(pd.Timedelta(days=91))),
    ("dossier_results", of(measure="dossiers_received"), "value", by(1)),
    ("dossier_results", of(measure="dossiers_received_share"), "value", by(0.01)),
    ("plan_tasks", of(state="done"), "count", by(1)),
    ("plan_tasks", of(state="due"), "count", by(1)),
    ("digital_adoption", of(level="all"), "signatures", by(0.01)),
    ("digital_adoption", of(level="commune"), "signatures", by(-50)),
    ("digital_adoption", of(level="district"), "using", by(-1)),
    ("procedures", of(part="procedures_unchanged"), "value", by(1)),
    ("procedures", of(part="procedures_new"), "value", by(500)),
    ("procedures", of(part="procedures_new"), "", drop),
    ("service_units", last, "value", by(1)),
    ("service_units", lambda frame: frame.index[:1], "value", by(-1)),
    ("service_units", lambda frame: frame.index[:1], "value", flip),
    ("service_units", last, "", drop),
    ("digital_adoption", of(level="commune"), "using", by(-1)),
    ("digital_adoption", of(level="commune"), "share", by(-1)),
    ("digital_adoption", of(level="commune"), "", drop),
    ("contradictions", last, "", drop),
    ("reform_watch", of(indicator="papi_d5"), "", drop),
    ("reform_watch", of(task_number=5), "task_number", to(4)),
    ("index_overview", of(index_id="pci"), "crosses", to("")),
    ("index_overview", of(index_id="par_index"), "", drop),
    ("quarter_changes", of(kind="new_edition", index_id="papi"), "kind", to("no_new_edition")),
    ("quarter_changes", of(kind="new_edition", index_id="papi"), "edition_year", by(-1)),
    ("quarter_changes", of(kind="no_new_edition", index_id="dti"), "kind", to("new_edition")),
    ("quarter_changes", of(kind="no_new_edition", index_id="dti"), "", drop),
]


def spoil(frame, rows, column, change):
    spoilt = frame.copy()
    if change is drop:
        return spoilt.drop(index=rows(frame))
    chosen = rows(frame)
    spoilt.loc[chosen, column] = change(spoilt.loc[chosen, column])
    assert not spoilt.equals(frame)
    return spoilt


# Of Ninh Thuận no part of PAPI changed beyond survey error; of Hà Nội's some, and one does not compare.
PARTS = [
    (of(component_id="papi_d6"), "score_to", by(0.9)),
    (of(component_id="papi_d2"), "contribution", by(0.1)),
    (of(component_id="papi_d3"), "", drop),
]


@pytest.mark.parametrize("province_code, quarter", [("37", "2024Q1"), ("01", "2023Q2")])
def test_parts_of_a_change_are_refused_where_a_number_is_another(card, province_code, quarter):
    """No claim is idle: some spoilt frame, or that of another province, refutes it."""
    shown = card("drill_down", province_code=province_code, quarter=quarter)
    frames = [spoil(shown.frame, *how) for how in PARTS]
    idle = {claim.says for claim in shown.caption.claims}
    for frame in (*frames, card("drill_down", province_code="96").frame):
        with pytest.raises(FalseFinding) as refused:
            shown.caption.check(frame)
        idle -= set(refused.value.false)
    assert not idle


# Where a title has room for the move of PAPI it is claimed too; of 2024Q1 three editions are named instead.
MOVED = [
    (of(kind="rank", subject="papi_total"), "change", flip),
    (of(kind="rank", subject="papi_total"), "new", to("3/61")),
    (of(kind="rank", subject="papi_total"), "crosses", to("2019")),
    (of(kind="rank", subject="papi_total"), "", drop),
]


@pytest.mark.parametrize("rows, column, change", MOVED, ids=[column or "row" for _, column, _ in MOVED])
def test_a_move_in_the_title_is_refused_where_its_row_is_another(card, rows, column, change):
    shown = card("quarter_changes", quarter="2020Q1")
    assert shown.caption.title == "Ninh Thuận: mới công bố PAPI 2019; PAPI từ hạng 13/61 đến 37/63"
    with pytest.raises(FalseFinding) as refused:
        shown.caption.check(spoil(shown.frame, rows, column, change))
    assert refused.value.false == [shown.caption.claims[-1].says]


@pytest.mark.parametrize(
    "name, rows, column, change", SPOILT, ids=[f"{place}-{s[0]}-{s[2] or 'row'}" for place, s in enumerate(SPOILT)]
)
def test_a_title_is_refused_where_a_number_of_its_frame_is_another(card, name, rows, column, change):
    notebook = "20_index_trend_papi" if name in ("index_course", "index_editions", "component_gaps") else ""
    shown = card(name, notebook)
    with pytest.raises(FalseFinding) as refused:
        shown.caption.check(spoil(shown.frame, rows, column, change))
    assert refused.value.title == shown.caption.title
    assert set(refused.value.false) <= {claim.says for claim in shown.caption.claims}


def test_every_card_has_its_false_titles_and_every_claim_its_refutation(shown):
    """No claim is idle: some spoilt frame refutes it."""
    cards = [s for s in shown(OWN, "vi", "2024Q1") if s.caption]
    assert {s.card for s in cards} == {name for name, *_ in SPOILT}
    others = [*shown("56", "vi", "2024Q1"), *shown("24", "vi", "2024Q1")]
    for s in cards:
        if s.notebook.startswith("20_") and not s.notebook.endswith("papi"):
            continue
        idle = {claim.says for claim in s.caption.claims}
        frames = [spoil(s.frame, *how) for name, *how in SPOILT if name == s.card]
        frames += [other.frame for other in others if other.card == s.card and other.notebook == s.notebook]
        later = s.frame.copy()
        later.attrs = {key: "" if isinstance(value, str) else value + 1 for key, value in s.frame.attrs.items()}
        for frame in [*frames, later]:
            try:
                s.caption.check(frame)
            except FalseFinding as refused:
                idle -= set(refused.false)
        assert not idle, s.place


def test_a_change_that_the_title_does_not_speak_of_is_not_refused(card):
    """Claims are about the title: they are no second copy of the data."""
    shown = card("index_course", "20_index_trend_papi")
    shown.caption.check(spoil(shown.frame, of(edition_year=2015), "rank", by(1)))
    shown = card("sub_dimension_heat")
    shown.caption.check(spoil(shown.frame, of(component_id="papi_d1_1", edition_year=2022), "score", by(1)))


def test_a_title_of_ones_own_brings_its_own_claims(card):
    shown = card("index_editions", "20_index_trend_papi")
    own = captions.entitled(shown.caption, "Above 45 points", lambda frame: frame["score"].iloc[-1] > 45)
    own.check(shown.frame)
    assert own.title in own.alt and shown.caption.title not in own.alt
    assert own.subtitle == shown.caption.subtitle and own.note == shown.caption.note
    above = Claim("Above 45 points in 2023", lambda frame: frame["score"].iloc[-1] > 45)
    below = Claim("Below 45 points in 2023", lambda frame: frame["score"].iloc[-1] < 45)
    with pytest.raises(FalseFinding, match="Below 45 points in 2023") as refused:
        captions.entitled(shown.caption, "Below 45 points", [above, below]).check(shown.frame)
    assert refused.value.false == [below.says]


@pytest.mark.parametrize("title, claim", [("Above 45 points", None), ("Above 45 points", []), ("", lambda frame: True)])
def test_a_title_of_ones_own_is_refused_without_a_claim(card, title, claim):
    with pytest.raises(ValueError, match="needs a claim"):
        captions.entitled(card("index_editions").caption, title, claim)


def test_a_claim_about_what_is_not_there_is_false_and_says_why(card):
    shown = card("index_editions", "20_index_trend_papi")
    claim = Claim("There is such a column", lambda frame: frame["no_such_column"].iloc[0] > 1)
    with pytest.raises(FalseFinding) as refused:
        replace(shown.caption, claims=(claim,)).check(shown.frame)
    assert isinstance(refused.value.__cause__, KeyError)


@pytest.mark.parametrize("language", BOTH)
def test_where_differences_of_scores_are_printed_the_note_says_how_they_were_got(card, language):
    words = {
        "vi": "Chênh lệch tính từ số chưa làm tròn.",
        "en": "Differences are computed from unrounded figures.",
    }[language]
    for name in ("index_editions", "dimension_scores", "distances", "index_overview", "reform_watch"):
        assert words in card(name, language=language).caption.note, name
    assert words in card("drill_down", province_code="37", language=language).caption.note
    assert words not in card("index_course", language=language).caption.note


# --------------------------------------------------------------------------------------------- lines under a notebook


@pytest.mark.parametrize("language", BOTH)
def test_an_edition_of_which_dimensions_alone_were_published_is_not_called_without_a_result(language):
    """Of PAPI 2022 four dimensions of Bắc Giang came out, of 2014 and 2021 nothing; a city is called by its name."""
    gaps = summaries.what_is_missing("24", as_of="2023-07-31", until="2023Q2", subjects=["papi", "workload"])
    kinds = {row.kind: row.years for row in gaps.itertuples() if row.subject == "papi"}
    assert kinds == {"not_published": (2014, 2021), "in_part": (2022,)}
    known = nt.catalogue.catalogue()
    city = closing.missing_lines(gaps, Context(known.find_province("01", "pre_2025"), language))
    assert not re.search("tỉnh|the province", " ".join(city)) and "2022" in city[1] and "2022" not in city[0]
    nothing = pd.DataFrame([{"subject": "papi", "level": "total", "years": (), "kind": "not_existing"}])
    of_today = closing.missing_lines(nothing, Context(known.find_province("56", "post_2025"), language))
    assert "34" in of_today[0], "the former provinces have results"


def test_what_is_missing_is_named_by_kind(card):
    context = card("index_course").context
    gaps = pd.DataFrame(
        [
            {"subject": "papi", "level": "total", "years": (2014, 2021), "kind": "not_published"},
            {"subject": "pci", "level": "total", "years": (2023,), "kind": "not_collected"},
            {"subject": "dti", "level": "total", "years": (), "kind": "not_existing"},
            {"subject": "par_index", "level": "dimension", "years": (2019,), "kind": "not_collected"},
            {"subject": "workload", "level": "", "years": (nt.Quarter(2024, 1),), "kind": "held"},
        ]
    )
    lines = closing.missing_lines(gaps, context)
    assert [line.split(":")[0] for line in lines] == [
        "PAPI",
        "PCI",
        "DTI",
        "PAR INDEX, điểm thành phần",
        "Khối lượng công việc",
    ]
    assert "2014, 2021" in lines[0]
    assert len({line.split("–")[-1] for line in lines[:3]}) == 3, "three kinds of missing, three wordings"
    assert "quý I/2024" in lines[4]


def test_caveats_are_the_breaks_within_the_years_shown(card):
    context = card("index_course").context
    inside = [caveat["year"] for caveat in closing.caveats_of({("papi_total", 2015, 2017)}, context)]
    assert inside == [2016, 0], "the survey's error has no year"
    outside = closing.caveats_of({("papi_total", 2016, 2017)}, context)
    assert [caveat["year"] for caveat in outside] == [0], "a break lies before its edition, not after it"
    assert closing.caveats_of({("dti_total", 2022, 2022)}, context) == []
    (moved, _) = closing.caveats_of({("papi_d1_1", 2021, 2022)}, context)
    assert moved["year"] == 2022 and "tri thức công dân" in moved["text"]
    said = closing.sections([], [], [], "en")
    assert [lines for _, lines in said] == [["Nothing within this notebook."], ["None of note."], ["No sources used."]]


def test_sources_are_listed_with_publisher_title_and_id(card):
    context = card("index_course").context
    sources = nt.sources().set_index("source_id")
    used = closing.sources_used({"base_document_2024", "gh_tunah72"}, context.language)
    lines = [closing.source_line(source) for source in used]
    assert len(lines) == 2
    for line, source_id in zip(lines, sorted(["base_document_2024", "gh_tunah72"]), strict=True):
        assert line.endswith(f"[{source_id}]")
        assert sources.at[source_id, "publisher"] in line and sources.at[source_id, "title"] in line


def test_nothing_is_an_answer_and_no_error_of_the_data():
    assert issubclass(Nothing, Exception) and not issubclass(Nothing, (ValueError, KeyError))


@pytest.mark.parametrize(
    "published, vi, en",
    [
        ("2024-04-02", "02/4/2024", "2 April 2024"),
        ("2022-09", "9/2022", "September 2022"),
        ("2018-2020", "2018-2020", "2018-2020"),
        (
            "2024 (after 2 April 2024; day not printed)",
            "2024 (sau 02/4/2024; văn bản không in ngày)",
            "2024 (after 2 April 2024; day not printed)",
        ),
        ("workbook last saved 2020-03-22", "tệp lưu lần cuối 22/3/2020", "workbook last saved 22 March 2020"),
        ("commit 2e42ab8, 2026", "phiên bản 2e42ab8, 2026", "commit 2e42ab8, 2026"),
        ("2024-13-45", "2024-13-45", "2024-13-45"),
    ],
)
def test_days_of_sources_are_written_as_in_documents(published, vi, en):
    assert (published_when(published, "vi"), published_when(published, "en")) == (vi, en)


def test_no_day_of_a_source_is_left_as_the_data_write_it():
    for published in set(nt.sources()["published"].dropna()):
        vi = published_when(published, "vi")
        assert not re.search(r"\d{4}-\d\d\b(?!\d)|\b(after|saved|commit|undated|May|August)\b", vi), vi


@pytest.mark.parametrize(
    "years, told",
    [([], ""), ([2019], "2019"), ([2020, 2021], "2020, 2021"), ([2012, 2014, 2015, 2016], "2012, 2014–2016")],
)
def test_years_on_end_are_a_span(years, told):
    assert year_spans(years) == told


@pytest.mark.parametrize("language, told", [("vi", "mới có thứ hạng ở một chỉ số"), ("en", "ranked on one index only")])
def test_a_province_on_one_index_has_no_picture_but_a_sentence(card, language, told):
    shown = card("one_picture", province_code="56", language=language, quarter="2025Q4")
    assert shown.caption is None and told in shown.reason and "16/34" in shown.reason


def test_shares_that_contradict_carry_their_unit(card):
    shown = card("contradictions")
    text = cards.contradictions.table(shown.frame, shown.context)
    pairs = text[text["Loại"].str.startswith(("Tỷ lệ khác", "Các tỷ lệ"))].iloc[:, 2:4]
    assert len(pairs) and pairs.map(lambda cell: re.match(r"[\d.,]+%", cell) is not None).all(axis=None)
