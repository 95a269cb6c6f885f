"""The documents of a report, made in a process of their own like a notebook: with its limits, and able to die alone."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from ..publish.documents import publish
from . import record


def warm_up() -> None:
    """Import what documents are made with."""
    for name in ("briefing", "pages", "slides", "workbook"):
        importlib.import_module(f"ninhthuan_reports.publish.{name}")
    importlib.import_module("nbconvert.exporters.html")


def run_publication(order: dict, tell: Callable[[dict], None]) -> None:
    """Publish a report; ends with telling the result.

    order: `publish` (see `documents.order`), and `folder` for scratch.
    """
    started, failure, doing = time.monotonic(), None, [""]

    def begun(file: str) -> None:
        doing[0] = file
        tell({"event": "document", "file": file})

    os.chdir(order["folder"])
    with open(Path(order["folder"], "stderr.txt"), "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        publish(order["publish"], begun)
    except Exception as error:  # whatever stops it belongs in the result
        failure = record.failure(record.reason_of(error), type(error).__name__, f"{doing[0]}: {error}")
    tell({"event": "result", "failure": failure, "seconds": round(time.monotonic() - started, 2)})
