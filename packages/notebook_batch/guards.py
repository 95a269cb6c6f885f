"""A lock for one batch at a time in a folder, and signals that let a batch clean up before it stops."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from .record import stamp

CLEARING = 15  # seconds in which clean-up ignores further signals


class Busy(RuntimeError):
    """Another process is making reports in this folder; the text says which, and since when."""


class Interrupted(BaseException):
    """A signal to stop; a BaseException, like KeyboardInterrupt, so that no `except Exception` catches it."""

    def __init__(self, number: int):
        self.number = number
        super().__init__(signal.Signals(number).name)


@contextlib.contextmanager
def lock(reports: Path) -> Iterator[None]:
    """One batch at a time in a folder of reports; the lock dies with its process, so a stale one cannot block."""
    import fcntl

    reports.mkdir(parents=True, exist_ok=True)
    place = os.open(reports / ".lock", os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o666)
    handle = os.fdopen(place, "a+", encoding="utf-8")  # held until the block ends
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        holder = handle.read().strip() or "?"
        handle.close()
        raise Busy(holder) from None
    handle.truncate(0)
    handle.write(f"{os.getpid()} ({stamp(time.time())})")
    handle.flush()
    try:
        yield
    finally:
        handle.close()


@contextlib.contextmanager
def signals() -> Iterator[None]:
    """The first signal to stop is raised as Interrupted; clean-up ignores those of the next seconds."""
    stopping = {}

    def stop(number, frame):
        now = time.monotonic()
        if now > stopping.get("clear", 0):
            stopping.update(clear=now + CLEARING, by=number)
            raise Interrupted(number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except Exception as error:
        if stopping:
            # raised inside a standard function, it may come out as another error
            raise Interrupted(stopping["by"]) from error
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
