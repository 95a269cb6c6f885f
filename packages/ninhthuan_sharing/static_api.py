"""The panel as a folder of small files that any web server can give: one for each index and province, JSON and CSV."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from ninhthuan.catalogue import catalogue

from .citing import cite, data_day, data_version
from .exporting import codebook, plain

VERSION = "v1"
# the same in every row of a file, so said once
ONCE = ("index_id", "boundary", "province_code", "province", "province_en", "region_id", "region", "region_en")


def write_api(panel: pd.DataFrame, folder: Path) -> int:
    """Write `v1/<index>/<province>.json` and `.csv` below a folder, and `v1/index.json`, which lists them.

    The 34 units since July 2025 bear codes of former provinces: theirs are `v1/<index>/post_2025/<province>.json`. What
    was below `v1` before is replaced as a whole. Returns the number of files. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, listed, known = plain(panel), [], catalogue()
    described = codebook(panel).drop(columns=["minimum", "maximum", "n_missing"]).to_dict("records")
    about = {"version": data_version(), "date": str(data_day()), "cite": cite().apa}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".api") as aside:
        made = Path(aside) / VERSION
        for (index_id, boundary, code), own in rows.groupby(["index_id", "boundary", "province_code"]):
            place = made / index_id / ("" if boundary == "pre_2025" else boundary) / code
            place.parent.mkdir(parents=True, exist_ok=True)
            own.to_csv(place.with_suffix(".csv"), index=False, lineterminator="\n")
            figures = own.drop(columns=list(ONCE))
            figures = figures.astype(object).where(figures.notna(), None).to_dict("records")
            once = own[list(ONCE)].iloc[0].to_dict()
            _write(place.with_suffix(".json"), about | once | {"figures": figures})
            listed.append(once | {"path": place.with_suffix(".json").relative_to(made).as_posix()})
        indices = [{"index_id": i.index_id, "name": i.name, "name_en": i.name_en} for i in known.indices.values()]
        _write(made / "index.json", about | {"indices": indices, "columns": described, "files": listed})
        shutil.rmtree(folder / VERSION, ignore_errors=True)
        made.rename(folder / VERSION)
    return 2 * len(listed) + 1


def _write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8", newline="\n")
