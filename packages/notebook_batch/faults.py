"""Failures as records hold them: a reason (one of a few codes), the cell, and the error's name and message."""

from __future__ import annotations

import errno

# Errors of a disk that is full or read-only.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def failure(reason: str, name: str, message: str) -> dict:
    """A failure outside any cell; reason is exception, timeout, memory, signal, disk or missing_card."""
    return {"reason": reason, "cell": None, "source": "", "name": name, "message": message}


def of_killed(order: dict, events: list[dict], reason: str, name: str, message: str) -> dict:
    """The failure of a process that was killed; writes its notebook as far as its events go."""
    from .job import write_from_events

    try:
        return write_from_events(order, events, name, message[:2000], reason)
    except Exception as error:  # the notebook itself may be the fault, or the disk be full
        return failure(reason, name, f"{message} ({error})"[:2000])


def reason_of(error: Exception) -> str:
    """Why work ended with an error: disk, memory or exception."""
    if isinstance(error, MemoryError):
        return "memory"
    return "disk" if isinstance(error, OSError) and error.errno in DISK else "exception"
