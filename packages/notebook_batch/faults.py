"""What went wrong, as records say it: a reason, which is one of a few codes, the place, and the error's own words."""

from __future__ import annotations

import errno

# What the system says where a disk is full or cannot be written.
DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def failure(reason: str, name: str, message: str) -> dict:
    """What went wrong, in no cell; reason is exception, timeout, memory, signal, disk or missing_card."""
    return {"reason": reason, "cell": None, "source": "", "name": name, "message": message}


def of_killed(order: dict, events: list[dict], reason: str, name: str, message: str) -> dict:
    """What went wrong in a process that cannot say it any more; writes its notebook as far as its events tell."""
    from .job import told_truth

    try:
        return told_truth(order, events, name, message[:2000], reason)
    except Exception as error:  # the notebook itself may be the fault, or the disk be full
        return failure(reason, name, f"{message} ({error})"[:2000])


def reason_of(error: Exception) -> str:
    """Why work ended with an error: disk, memory or exception."""
    if isinstance(error, MemoryError):
        return "memory"
    return "disk" if isinstance(error, OSError) and error.errno in DISK else "exception"
