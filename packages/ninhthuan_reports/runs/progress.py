"""How far a batch of reports is, in Vietnamese or English."""

from __future__ import annotations

from ninhthuan.language import pick
from ninhthuan.words import bilingual, phrase
from notebook_batch.progress import Progress

REASONS = {
    "exception": bilingual("progress.error_cell"),
    "timeout": bilingual("progress.took_too_long"),
    "memory": bilingual("progress.out_memory"),
    "signal": bilingual("progress.ended_signal"),
    "disk": bilingual("progress.disk_full_not_writable"),
    "missing_card": bilingual("progress.promised_card_missing"),
}


def progress(style: str, language: str, total: int) -> Progress:
    """What tells of a batch in a language. style: `live`, `plain`, `json` or `quiet`."""

    def line(event: dict, done: int, total: int, left: float) -> str:
        state = phrase("progress.done", language)
        if event["status"] == "failed":
            state = phrase("progress.failed", language) + f" ({pick(*REASONS[event['reason']], language)})"
        seconds = f"{event['seconds']:.1f}"
        seconds = seconds.replace(".", ",") if language == "vi" else seconds
        rest = phrase("progress.about_left", language, span=_span(left, language)) if done < total else ""
        return f"[{done}/{total}] {event['identity']}: {state}, {seconds} s{rest}"

    return Progress(style, total, line, phrase("progress.nb", language), phrase("progress.left", language))


def _span(seconds: float, language: str) -> str:
    if seconds < 90:
        return f"{round(seconds)} {phrase('progress.s', language)}"
    return f"{round(seconds / 60)} {phrase('progress.min', language)}"
