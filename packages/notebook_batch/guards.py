"""A lock for one batch at a time, signals that let it clean up before it stops, the environment that notebooks see."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from .record import stamp

CLEARING = 15  # seconds in which clean-up ignores further signals
# The environment variables that reach a notebook; NOTEBOOK_ENVIRONMENT names more, with commas. Locales do too: LC_*.
PASSED = (
    *("HOME", "USER", "LOGNAME", "SHELL", "PATH"),
    *("LD_LIBRARY_PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
    *("VIRTUAL_ENV", "CONDA_PREFIX", "MPLCONFIGDIR", "PYTHONPATH", "PYTHONHOME"),
    *("PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME"),
    *("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "JUPYTER_PATH", "JUPYTER_DATA_DIR"),
)


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


def child_environment(folder: Path, passed: Iterable[str] = ()) -> dict[str, str]:
    """The environment of processes that run cells: what is listed, one thread, no settings of the user.

    passed: what the caller lists besides PASSED.
    """
    names = {*PASSED, *passed, *os.environ.get("NOTEBOOK_ENVIRONMENT", "").replace(",", " ").split()}
    kept = {name: value for name, value in os.environ.items() if name in names or name.startswith("LC_")}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")
    settings = {
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "PYTHONUNBUFFERED": "1",
        # file names of cells in warnings would name the process
        "IPYKERNEL_CELL_NAME": "<cell>",
        "IPYTHONDIR": str(folder),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    return kept | threads | settings
