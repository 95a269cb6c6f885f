"""What a batch shows while it runs: a live line on a terminal, plain lines elsewhere, JSON for machines."""

from __future__ import annotations

import json
import sys
import time

from ninhthuan.language import pick
from ninhthuan.words import bilingual, phrase

REASONS = {
    "exception": bilingual("progress.error_cell"),
    "timeout": bilingual("progress.took_too_long"),
    "memory": bilingual("progress.out_memory"),
    "signal": bilingual("progress.ended_signal"),
    "disk": bilingual("progress.disk_full_not_writable"),
    "missing_card": bilingual("progress.promised_card_missing"),
}


class Progress:
    """Tells of a batch. style: `live`, `plain`, `json` or `quiet`."""

    def __init__(self, style: str, language: str, total: int, workers: int):
        self.style, self.language, self.total = style, language, total
        self.done = self.failed = 0
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
                self._line(event)
        if self._bar is not None:
            self._bar.n = self.done
            self._bar.set_postfix_str(", ".join(self._running))

    def _begin(self) -> None:
        """With the first notebook: getting ready is not a part of any of them."""
        self._started = time.monotonic()
        if self.style == "live" and self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=self.total,
                unit=phrase("progress.nb", self.language),
                bar_format=phrase("progress.left", self.language),
                file=sys.stderr,
            )

    def _line(self, event: dict) -> None:
        state = phrase("progress.done", self.language)
        if event["status"] == "failed":
            state = phrase("progress.failed", self.language) + f" ({pick(*REASONS[event['reason']], self.language)})"
        seconds = f"{event['seconds']:.1f}"
        seconds = seconds.replace(".", ",") if self.language == "vi" else seconds
        left = ""
        if self.done < self.total:
            rest = (time.monotonic() - self._started) / self.done * (self.total - self.done)
            left = phrase("progress.about_left", self.language, span=(_span(rest, "vi"), _span(rest, "en")))
        text = f"[{self.done}/{self.total}] {event['identity']}: {state}, {seconds} s{left}"
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            print(text, flush=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _span(seconds: float, language: str) -> str:
    if seconds < 90:
        return f"{round(seconds)} {phrase('progress.s', language)}"
    return f"{round(seconds / 60)} {phrase('progress.min', language)}"
