"""docs/methods.md: every analysis and every card of one is told of, and its links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

import ninhthuan

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs/methods.md").read_text("utf-8")
ROOMS = ("comparability", "moves", "certainty", "change", "reach", "relations", "revisions")


@pytest.mark.parametrize("name", [name for name, room in ninhthuan._PLACES.items() if room in ROOMS])
def test_every_analysis_is_told_of(name):
    assert re.search(rf"\b{name}\b", TEXT), f"docs/methods.md says nothing of {name}"


def test_every_card_of_an_analysis_is_told_of():
    runs = tomllib.loads((ROOT / "notebooks/runs.toml").read_text("utf-8"))["run"]
    analyses = [run for run in runs if re.match(r"3[123]_", run["notebook"])]
    assert len(analyses) == 3
    for run in analyses:
        assert re.findall(rf"\b{run['notebook'][:2]}\b|{run['notebook']}", TEXT)
        missing = [card for card in run["cards"] if card != "closing" and not re.search(rf"\b{card}\b", TEXT)]
        assert not missing, f"docs/methods.md says nothing of the cards {missing} of {run['notebook']}"


def test_links_within_lead_to_a_heading():
    anchors = {
        re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-")
        for head in re.findall(r"^#+ (.+)$", TEXT, flags=re.MULTILINE)
    }
    wanted = set(re.findall(r"\]\(#([^)]+)\)", TEXT))
    assert wanted and wanted <= anchors
