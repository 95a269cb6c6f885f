"""Progress of a batch: a live line on a terminal, plain lines elsewhere, JSON for machines."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable


class Progress:
    """Shows the events of a batch. style: `live`, `plain`, `json` or `quiet`.

    line(event, done, total, left) is the text for a notebook that has ended, left the estimated seconds to go;
    unit, bar: as tqdm takes them.
    """

    def __init__(
        self, style: str, total: int, line: Callable[[dict, int, int, float], str], unit: str = "nb", bar: str = ""
    ):
        self.style, self.total = style, total
        self.done = self.failed = 0
        self._line, self._unit, self._format = line, unit, bar or None
        self._bar = None
        self._running: list[str] = []
        self._started = time.monotonic()

    def __call__(self, event: dict) -> None:
        status, identity = event["status"], event["identity"]
        if self.style == "json":
            print(json.dumps(event, ensure_ascii=False), flush=True)
        if status == "running":
            if not self._running and not self.done:
                self._begin()
            self._running.append(identity)
        if status in ("done", "failed"):
            self.done += 1
            self.failed += status == "failed"
            if identity in self._running:
                self._running.remove(identity)
            if self.style == "plain" or (status == "failed" and self.style == "live"):
                self._tell(event)
        if self._bar is not None:
            self._bar.n = self.done
            self._bar.set_postfix_str(", ".join(self._running))

    def _begin(self) -> None:
        """Start the clock with the first notebook, not with the warm-up."""
        self._started = time.monotonic()
        if self.style == "live" and self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=self.total, unit=self._unit, bar_format=self._format, file=sys.stderr)

    def _tell(self, event: dict) -> None:
        left = (time.monotonic() - self._started) / self.done * max(self.total - self.done, 0)
        text = self._line(event, self.done, self.total, left)
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            print(text, flush=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
