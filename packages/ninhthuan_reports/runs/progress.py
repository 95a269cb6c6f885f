"""How far a batch of reports is, in Vietnamese or English."""

from __future__ import annotations

from ninhthuan.words import phrase
from notebook_batch.progress import Progress

REASONS = {
    "exception": "progress.error_cell",
    "timeout": "progress.took_too_long",
    "memory": "progress.out_memory",
    "signal": "progress.ended_signal",
    "disk": "progress.disk_full_not_writable",
    "missing_card": "progress.promised_card_missing",
}


def progress(style: str, language: str, total: int) -> Progress:
    """The display of a batch in a language. style: `live`, `plain`, `json` or `quiet`."""

    def line(event: dict, done: int, total: int, left: float) -> str:
        state = phrase("progress.done", language)
        if event["status"] == "failed":
            state = f"{phrase('progress.failed', language)} ({phrase(REASONS[event['reason']], language)})"
        seconds = f"{event['seconds']:.1f}"
        seconds = seconds.replace(".", ",") if language == "vi" else seconds
        rest = phrase("progress.about_left", language, span=_span(left, language)) if done < total else ""
        return f"[{done}/{total}] {event['identity']}: {state}, {seconds} s{rest}"

    return Progress(style, total, line, phrase("progress.nb", language), phrase("progress.left", language))


def _span(seconds: float, language: str) -> str:
    if seconds < 90:
        return f"{round(seconds)} {phrase('progress.s', language)}"
    return f"{round(seconds / 60)} {phrase('progress.min', language)}"
