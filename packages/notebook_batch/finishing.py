"""Documents made of all cards of a report, in a process with the limits of a notebook."""

from __future__ import annotations

import importlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import faults


def named(place: str) -> Callable:
    """The function that a dotted name stands for, `module:function`.

    >>> named("os.path:basename")("a/b")
    'b'
    """
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


def work_in(folder: str) -> None:
    """Work in a folder, temporary files too: whatever ends this process, what it leaves behind goes with its run."""
    os.chdir(folder)
    tempfile.tempdir = os.environ["TMPDIR"] = os.getcwd()


def run_finish(order: dict, tell: Callable[[dict], None]) -> None:
    """Call the function that finishes a report; the last event is the result.

    order: `finish` (its dotted name), `arguments` (its first argument; the second is a function to call with the
    name of each file that is begun), and `folder` for scratch.
    """
    started, failure, doing = time.monotonic(), None, [""]

    def begun(file: str) -> None:
        doing[0] = file
        tell({"event": "document", "file": file})

    work_in(order["folder"])
    with open(Path(order["folder"], "stderr.txt"), "ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        named(order["finish"])(order["arguments"], begun)
    except Exception as error:  # any error belongs in the result
        failure = faults.failure(faults.reason_of(error), type(error).__name__, f"{doing[0]}: {error}")
    tell({"event": "result", "failure": failure, "seconds": round(time.monotonic() - started, 2)})
