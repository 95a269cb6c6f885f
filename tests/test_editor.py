"""The editor: what a reader would object to, looked for on every card of a report and over its cards together.

By default two of these reports are read, chosen by the day; NINHTHUAN_EDITOR=all reads them all. Each rule is
shown to find its fault on a spoilt card.
"""

import itertools
import os
import random
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from matplotlib.transforms import Bbox
from test_charts import BOTH, sheet_of

from figure_cards import style
from figure_cards.captions import Caption
from ninhthuan.catalogue import catalogue
from ninhthuan_reports import pieces
from ninhthuan_reports.wording import Context, publisher_name

PROVINCES = ("58", "01", "24", "56", "79", "46")  # 56 and 46 are of both lists
QUARTERS = ("2021Q3", "2022Q4", "2023Q2", "2024Q1", "2025Q3")
REPORTS = [
    (code, quarter, language)
    for code, quarter, language in itertools.product(PROVINCES, QUARTERS, BOTH)
    # 24 and 58 are no more in 2025Q3
    if ("post_2025" if quarter == "2025Q3" else "pre_2025", code) in catalogue().provinces
]
SAMPLE = REPORTS
if os.environ.get("NINHTHUAN_EDITOR") != "all":
    SAMPLE = random.Random(date.today().isoformat()).sample(REPORTS, 2)

VIETNAMESE = re.compile("[ạảãàáâậầấẩẫăắằặẳẵẹẻẽèéêệềếểễịỉĩìíọỏõòóôộồốổỗơờớợởỡụủũùúưừứựửữỵỷỹỳýđ]", re.IGNORECASE)
ENGLISH = re.compile(r"\b(?:the|of|and|is|are|with|from|points?|ranks?)\b")
# “…” is quoted from a source; numbers of documents and offices' own names stand as they are
QUOTED = re.compile(r"“[^”]*”|\S+/QĐ-\w+|\b(?:QĐ|Đ)\b")
# findings about all provinces together, or about the lists themselves
OF_ALL = {"rank_agreement", "group_transitions", "score_spread"}
# of no index, or of five
OF_NO_INDEX = {"index_overview", "one_picture", "quarter_changes", "contradictions"}
SCORES = {"score", "previous_score", "highest", "median", "lowest", "national_mean", "score_from", "score_to"}
SPACE = "\N{NO-BREAK SPACE}"


# ------------------------------------------------------------------------------------------------------- of a picture


def value_of(text, language):
    """The number that a text prints; None where it prints none."""
    text = text.replace("\N{MINUS SIGN}", "-").replace("%", "").strip()
    text = text.replace(".", "").replace(",", ".") if language == "vi" else text.replace(",", "")
    return float(text) if re.fullmatch(r"[+-]?\d+(?:\.\d+)?", text) else None


def ticks_that_lie(sheet, language):
    """A number at an axis is the place of its tick (of ranks drawn downwards: its size)."""
    found, drawn_ = [], {text for text, _ in sheet.texts}
    for ax in sheet.picture.figure.axes:
        if any(isinstance(mesh, QuadMesh) for mesh in ax.collections):
            continue  # columns of a table, not places on a scale
        for axis in (ax.xaxis, ax.yaxis):
            for place, label in zip(axis.get_majorticklocs(), axis.get_ticklabels(), strict=False):
                printed = value_of(label.get_text(), language) if label in drawn_ else None
                if printed is not None and label.get_text().endswith("%") and max(axis.get_view_interval()) <= 1.5:
                    printed /= 100  # a share, printed in per cent
                if axis is ax.xaxis and place > 2000 and re.fullmatch(r"\d\d", label.get_text()):
                    printed += 2000  # a year between two that are printed whole
                if printed is not None and min(abs(printed - place), abs(printed + place)) > 1e-9:
                    found.append(f"{label.get_text()} at {place:g}")
    return found


def numbers_of_dots(sheet):
    """The numbers that the plot sets by its dots: (text, box of its ink, axes, place of its dot), in pixels."""
    for text, box in sheet.texts:
        if getattr(text, "xycoords", None) == "data" and re.search(r"\d", text.get_text()):
            yield text, box, text.axes, text.axes.transData.transform(np.asarray(text.xy, dtype=float))


def distance(box, places):
    away = np.maximum(np.maximum(np.array([box.x0, box.y0]) - places, places - np.array([box.x1, box.y1])), 0)
    return np.hypot(*np.atleast_2d(away).T)


def numbers_by_another_dot(sheet):
    """Each number is nearest to its own dot."""
    found = []
    for text, box, ax, own in numbers_of_dots(sheet):
        for line in ax.lines:
            if line.get_marker() not in ("None", None) and line.get_transform() == ax.transData:
                places = ax.transData.transform(np.column_stack(line.get_data()).astype(float))
                if np.nanmin(distance(box, places)) < distance(box, own)[0] - 1:
                    found.append(text.get_text())
    return sorted(set(found))


def numbers_on_strokes(sheet):
    """No line, dot or edge runs through a number."""
    found = []
    for text, box, ax, _ in numbers_of_dots(sheet):
        covered = text.get_bbox_patch() is not None
        inner = box.x0 + 0.7, box.y0 + 0.7, box.x1 - 0.7, box.y1 - 0.7
        frame = ax.bbox
        if box.x0 < frame.x0 - 1 or box.x1 > frame.x1 + 1.5:
            found.append(f"{text.get_text()} over the edge")
        for line in ax.lines:
            places = line.get_transform().transform(np.column_stack(line.get_data()).astype(float))
            if line.get_marker() not in ("None", None):
                radius = line.get_markersize() / 2 / 72 * 100
                if np.nanmin(distance(box, places)) < radius - 1.5:
                    found.append(f"{text.get_text()} on a dot")
            joined = line.get_linestyle() not in ("None", "none", "", " ")
            if joined and not covered and any(_crosses(inner, one, other) for one, other in itertools.pairwise(places)):
                found.append(f"{text.get_text()} on a line")
    return sorted(set(found))


def _crosses(box, one, other):
    """Whether a stretch of line passes through a box."""
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    low, high = 0.0, 1.0
    for start, end, first, last in ((one[0], other[0], box[0], box[2]), (one[1], other[1], box[1], box[3])):
        way = (end - start) or 1e-9
        ends = sorted(((first - start) / way, (last - start) / way))
        low, high = max(low, ends[0]), min(high, ends[1])
    return low < high


def numbers_by_the_axis(sheet):
    """A number keeps off those of the axis: `40 44.45` reads as one."""
    found, boxes = [], dict(sheet.texts)
    for text, box, ax, _ in numbers_of_dots(sheet):
        for label in ax.get_yticklabels():
            other = boxes.get(label)
            level = other is not None and min(box.y1, other.y1) > max(box.y0, other.y0)
            if level and other.x1 - 1 < box.x0 < other.x1 + 6:
                found.append(f"{label.get_text()} {text.get_text()}")
    return found


def keys_without_a_mark(sheet, keys):
    """What a key explains is drawn. keys: the kinds of mark that the chart asked a key for."""
    axes = sheet.picture.axes
    marks = [line for ax in axes for line in ax.lines]
    dots = [line for line in marks if line.get_marker() == "o"]
    hollow = [line for line in dots if np.allclose(to_rgb(line.get_markerfacecolor()), 1)]
    patches = [patch for ax in axes for patch in ax.patches]
    faces = {tuple(np.round(patch.get_facecolor()[:3], 3)) for patch in patches if patch.get_fill()}
    for ax in axes:
        for mesh in ax.collections:
            mesh.update_scalarmappable()
            faces |= {tuple(np.round(face[:3], 3)) for face in mesh.get_facecolors()}

    own = len(dots) > len(hollow) or tuple(np.round(to_rgb(style.OWN), 3)) in faces
    own |= any(np.allclose(to_rgb(line.get_color()), to_rgb(style.OWN)) for line in marks)

    def is_drawn(kind):
        if kind in style.GROUP_COLOURS:
            return True  # the four groups are a scale: shown whole
        tests = {
            "open": lambda: hollow or (1.0, 1.0, 1.0) in faces,
            "own": lambda: own,
            "worse": lambda: tuple(np.round(to_rgb(style.WORSE), 3)) in faces,
            "full": lambda: len(dots) > len(hollow),
            "interval": lambda: [line for line in marks if _seen_beyond_its_dot(line)],
            "not_published": lambda: [patch for patch in patches if patch.get_hatch()],
        }
        return bool(tests[kind]()) if kind in tests else True

    return [f"{text} ({kind})" for kind, text in keys if not is_drawn(kind)]


def _seen_beyond_its_dot(line):
    """An interval that is no longer than its dot is not seen."""
    if not np.allclose(to_rgb(line.get_color()), to_rgb(style.OWN)) or line.get_linestyle() == "None":
        return False
    places = line.get_transform().transform(np.column_stack(line.get_data()).astype(float))
    return np.ptp(places[:, 1]) > 9 and np.ptp(places[:, 0]) < 1


def names_split(sheet):
    """No province's name runs over the end of a line of the title, the subtitle or the notes."""
    lines = [text.get_text().replace(SPACE, " ") for text in sheet.picture.figure.texts]
    names = {name for p in catalogue().provinces.values() for name in (p.name, p.name_en) if " " in name}
    splits = [(name[:at], name[at + 1 :]) for name in names for at, letter in enumerate(name) if letter == " "]
    return [
        f"{one} / {other}"
        for one, other in itertools.pairwise(lines)
        for head, tail in splits
        if re.search(rf"(?:^|\W){re.escape(head)}$", one) and re.match(rf"{re.escape(tail)}(?:\W|$)", other)
    ]


def numbers_not_in_the_picture(sheet, language):
    """A number with decimals, or a rank, in a title is printed in the picture or stands in the frame."""
    shown, frame = sheet.picture, sheet.picture.frame
    printed = " ".join(text.get_text() for text, _ in sheet.texts if text not in shown.figure.texts)
    numeric = frame.select_dtypes("number").to_numpy(dtype=float, na_value=np.nan)
    ends = [value for value in frame.attrs.values() if isinstance(value, float)]
    cells = {*numeric[np.isfinite(numeric)].tolist(), *ends, *(one - other for one in ends for other in ends)}
    # distances between scores of one row, and between the scores of two rows
    columns = [name for name in frame if name in SCORES]
    scores = [[value for value in row if np.isfinite(value)] for row in frame[columns].to_numpy(float, na_value=np.nan)]
    found = []
    for number in re.findall(r"[−+]?\d+[.,]\d+|\d+/\d+", shown.caption.title):
        if number in printed or number.lstrip("−+") in printed:
            continue
        decimals = len(re.split("[.,]", number)[-1])
        value = value_of(number, language)
        if value is None and re.search(r"\b" + number.partition("/")[0] + r"\b", printed):
            continue  # the rank is printed, how many are ranked in the frame
        near = value is not None and any(abs(abs(value) - abs(cell)) <= 0.51 * 10**-decimals for cell in cells)
        apart = value is not None and any(
            abs(abs(value) - abs(one - other)) <= 0.51 * 10**-decimals
            for row in [*scores, *([frame["score"].dropna().tolist()] if "score" in frame else [])]
            for one, other in itertools.combinations(row, 2)
        )
        if not (near or apart or (value is None and not re.search(r"\d\.\d", number) and _is_a_count(number, frame))):
            found.append(number)
    return found


def _is_a_count(number, frame):
    """`7/8` of a few parts is counted in the picture; `6/61` is a rank and printed."""
    whole = int(number.partition("/")[2])
    return whole <= 32 or whole == len(frame)


# -------------------------------------------------------------------------------------------------------- of the words


def texts_of(shown):
    return (shown.caption.title, shown.caption.subtitle, shown.caption.note, shown.caption.alt, shown.source)


def of_another_language(shown):
    """No Vietnamese letter in English, no English word in Vietnamese.

    Alternative texts are included, and in English the publishers; many a publisher of a copy has an English name alone.
    """
    english = shown.context.language == "en"
    texts = texts_of(shown) if english else texts_of(shown)[:-1]
    return [text for text in texts if (VIETNAMESE if english else ENGLISH).search(QUOTED.sub("", text))]


def what_the_title_lacks(shown):
    """A title names the province, the index and the year."""
    title, found = shown.caption.title, []
    if shown.notebook.startswith(("40", "60")):
        return []
    if shown.card not in OF_ALL and shown.context.name not in title:
        found.append("province")
    if shown.card not in OF_NO_INDEX | OF_ALL and not any(
        index.abbreviation in title for index in catalogue().indices.values()
    ):
        found.append("index")
    if shown.card != "contradictions" and shown.card not in OF_ALL and not re.search(r"\b(?:19|20)\d\d\b", title):
        found.append("year")
    return [f"{part}: {title}" for part in found]


def parts_that_do_not_add_up(shown):
    """Of places: what a title names as parts of a move makes the move. Of counts: they make the whole."""
    title, found = shown.caption.title, []
    ranks = re.findall(r"(\d+)/\d+", title)
    parts = re.findall(r"([−+]\d+(?:[.,]\d)?)[\s\N{NO-BREAK SPACE}](?:bậc|places)", title)
    if len(ranks) >= 2 and parts:
        sizes = [value_of(part, "en") if "." in part else value_of(part, "vi") for part in parts]
        if abs(sum(sizes) - (int(ranks[0]) - int(ranks[1]))) > 0.11:
            found.append(title)
    return found


COUNTED = {
    "sub-dimensions": r"(\d+) (?:nội dung thành phần tăng|sub-dimensions rose), (\d+) (?:giảm|fell)",
    "dimensions": r"(\d+) (?:trục tăng|dimensions rose), (\d+) (?:trục giảm|fell)",
}


def unlike_counts(cards):
    """Cards of one report count the same changes alike; those in the high group and the others make all."""
    seen = {}
    for shown in cards:
        words = "; ".join([shown.caption.title, *shown.caption.numbers, *(c.says for c in shown.caption.claims)])
        year = shown.frame["edition_year"].max() if "edition_year" in shown.frame else None
        for what, pattern in COUNTED.items():
            for pair in re.findall(pattern, words):
                seen.setdefault((what, year), {}).setdefault(pair, []).append(shown.place)
        for kind, pattern in (
            (
                "high",
                r"(\d+)(?:/| of )(\d+) (?:trục|dimensions)(?! chưa|(?: are)? not)[^;.]*? (?:ở|in the) (?:nhóm|high)",
            ),
            ("rest", r"(\d+)(?:/| of )(\d+) (?:trục chưa ở nhóm cao|dimensions (?:are )?not in the high group)"),
        ):
            for some, all_ in re.findall(pattern, words):
                high = int(some) if kind == "high" else int(all_) - int(some)
                seen.setdefault(("high group", year), {}).setdefault((high, int(all_)), []).append(shown.place)
    return [f"{key}: {counts}" for key, counts in seen.items() if len(counts) > 1]


# ------------------------------------------------------------------------------------------------------- every report


def picture_of(shown, monkeypatch):
    """The card as drawn, and what it asked a key for."""
    keys = []
    plain = pieces.key

    def asked(area, top, items, *places, **named):
        keys.extend(items)
        return plain(area, top, items, *places, **named)

    monkeypatch.setattr(pieces, "key", asked)
    return sheet_of(shown), keys


def faults_of(shown, monkeypatch):
    language, found = shown.context.language, []
    for rule in (of_another_language, what_the_title_lacks, parts_that_do_not_add_up):
        found += [f"{rule.__name__}: {fault}" for fault in rule(shown)]
    if shown.kind == "figure":
        sheet, keys = picture_of(shown, monkeypatch)
        for rule in (numbers_by_another_dot, numbers_on_strokes, numbers_by_the_axis, names_split):
            found += [f"{rule.__name__}: {fault}" for fault in rule(sheet)]
        for rule in (ticks_that_lie, numbers_not_in_the_picture):
            found += [f"{rule.__name__}: {fault}" for fault in rule(sheet, language)]
        found += [f"keys_without_a_mark: {fault}" for fault in keys_without_a_mark(sheet, keys)]
    return [f"{shown.place}, {fault}" for fault in found]


@pytest.mark.parametrize("province_code, quarter, language", SAMPLE, ids=(str(place) for place in range(len(SAMPLE))))
def test_the_editor_finds_nothing(shown, monkeypatch, province_code, quarter, language):
    cards = [each for each in shown(province_code, language, quarter) if each.caption]
    faults = [fault for each in cards for fault in faults_of(each, monkeypatch)]
    assert not faults + unlike_counts(cards), "\n".join(faults + unlike_counts(cards))


# -------------------------------------------------------------------------------------------- each rule finds its fault


def entitled(shown, **words):
    return replace(shown, caption=replace(shown.caption, **words))


@pytest.fixture
def ranks(card):
    return card("index_course", "20_index_trend_papi", notebooks="20*")


def test_a_spoilt_picture_is_found(ranks, monkeypatch):
    sheet, keys = picture_of(ranks, monkeypatch)
    ax = sheet.picture.ax
    rules = (numbers_by_another_dot, numbers_on_strokes, numbers_by_the_axis, names_split)
    assert [rule(sheet) for rule in rules] == [[]] * 4 and keys_without_a_mark(sheet, keys) == []
    assert ticks_that_lie(sheet, "vi") == numbers_not_in_the_picture(sheet, "vi") == []
    # a tick that is rounded, a key of nothing, a number that is nowhere, a name over two lines
    ax.yaxis.set_major_formatter(lambda value, _: f"{value + 1:.0f}")
    assert ticks_that_lie(sheet, "vi")
    assert keys_without_a_mark(sheet, [*keys, ("worse", "giảm")]) == ["giảm (worse)"]
    sheet.picture.caption = replace(ranks.caption, title="PAPI 2023: Ninh Thuận đạt 19,19 điểm, hạng 59/61")
    assert numbers_not_in_the_picture(sheet, "vi") == ["19,19", "59/61"]
    for text, words in zip(sheet.picture.figure.texts[:2], ("PAPI 2023 của Ninh", "Thuận tăng"), strict=True):
        text.set_text(words)
    assert names_split(sheet) == ["PAPI 2023 của Ninh / Thuận tăng"]
    # a dot under a number, and a number that runs on from one of the axis
    text, box, _, _ = next(numbers_of_dots(sheet))
    ax.plot(*ax.transData.inverted().transform(((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)), "o")
    assert numbers_by_another_dot(sheet) == [text.get_text()]
    assert numbers_on_strokes(sheet) == [f"{text.get_text()} on a dot"]
    label, other = next((label, box) for label, box in sheet.texts if label in ax.get_yticklabels())
    added = ax.annotate("44,45", (2012, 20))
    sheet.texts.append((added, Bbox.from_bounds(other.x1 + 2, other.y0, 20, other.height)))
    assert numbers_by_the_axis(sheet) == [f"{label.get_text()} 44,45"]


def test_spoilt_words_are_found(ranks):
    for rule in (of_another_language, what_the_title_lacks, parts_that_do_not_add_up):
        assert rule(ranks) == []
    assert of_another_language(entitled(ranks, note="Ranks of the provinces."))
    english = Context(ranks.context.province, "en")
    assert of_another_language(replace(ranks, caption=Caption("PAPI", "rank"), context=english, source="Báo chí"))
    assert len(what_the_title_lacks(entitled(ranks, title="Hạng 6/61"))) == 3
    parts = "PAPI 2023: Ninh Thuận từ hạng 4/61 xuống 6/61, do điểm của tỉnh −2,0 bậc và điểm các tỉnh khác −1,5 bậc"
    assert parts_that_do_not_add_up(entitled(ranks, title=parts))
    assert parts_that_do_not_add_up(entitled(ranks, title=parts + ", thay đổi danh sách +1,5 bậc")) == []


def test_two_counts_of_one_thing_are_found(ranks):
    cards = [
        entitled(ranks, title=f"{rose} nội dung thành phần tăng, {fell} giảm") for rose, fell in ((13, 13), (15, 13))
    ]
    assert unlike_counts(cards[:1] * 2) == [] and unlike_counts(cards)


def test_every_publisher_has_a_name_in_english():
    known = catalogue().sources
    assert [s for s in known if VIETNAMESE.search(publisher_name(s, "en"))] == []
    assert publisher_name("base_document_2024", "vi") == known["base_document_2024"].publisher
