"""Run orders on this machine: forked from a warm parent or, without fork, each in a process with a normal kernel."""

from __future__ import annotations

import array
import contextlib
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from . import faults
from .guards import child_environment
from .warm import PR_SET_CHILD_SUBREAPER, children_of, end_strays, kill_all, prctl

TICK = 0.25  # seconds between looks at the clock
STARTING = 60  # seconds that a process may take to reach its first cell, at least
PRINTED = 1 << 20  # characters of printed text kept here while a process lives


# The end of a process whose exit status is lost.
KILLED = {"code": -signal.SIGKILL, "cpu": 0.0, "peak_mb": 0}


class CannotStart(RuntimeError):
    """The processes that run notebooks cannot be started; the message is the end of their log."""


@dataclass
class Ended:
    """How a job's process ended. failure is None, or reason, cell, source, name and message."""

    order: dict
    failure: dict | None
    seconds: float = 0.0
    cpu: float = 0.0
    peak_mb: int = 0


@dataclass
class _Running:
    order: dict
    started: float
    events: list[dict] = field(default_factory=list)
    in_cell: float = 0.0
    printed: int = 0
    all_heard: threading.Event = field(default_factory=threading.Event)
    killed_for: str = ""
    process: subprocess.Popen | None = None
    pid: int = 0


@dataclass
class _Jobs:
    """What a `run` has to do: orders that wait, the next one last; jobs that run; and how its warm parent is."""

    waiting: list[dict]
    ready: bool
    running: dict[str, _Running] = field(default_factory=dict)
    looked: float = field(default_factory=time.monotonic)
    tried: int = 0  # starts of the warm parent since it was last ready
    strangers: set[int] = field(default_factory=set)  # children that are none of these jobs


def can_fork() -> bool:
    """Whether processes can be forked after heavy imports here: on Linux."""
    return hasattr(os, "fork") and sys.platform == "linux"


class Processes:
    """The executor of this machine: up to `workers` jobs at once.

    fork: None chooses by the machine. warm: the dotted name of what the warm parent calls, with `given`, before it
    forks (see `warm.warm_up`). passed: see `guards.child_environment`.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        memory_mb: int = 2048,
        cell_seconds: float = 600,
        fork: bool | None = None,
        warm: str = "",
        given: Iterable = (),
        passed: Iterable[str] = (),
        workdir: Path,
    ):
        self.workers, self.memory_mb, self.cell_seconds = max(1, workers), memory_mb, cell_seconds
        self.fork = can_fork() if fork is None else fork
        self._first, self._workdir, self._passed = {"warm": warm, "given": list(given)}, workdir, list(passed)
        self._inbox: queue.SimpleQueue = queue.SimpleQueue()
        self._warm: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._given = False  # whether this warm parent was given orders
        self._generation = 0

    # ------------------------------------------------------------------------------------------------- the warm parent

    def prepare(self) -> None:
        """Start the warm parent in the background; then call `run`, or `stop`."""
        if self.fork and self._warm is None:
            self._start_warm()

    def _start_warm(self) -> None:
        ours, theirs = socket.socketpair()
        self._workdir.mkdir(parents=True, exist_ok=True)
        log = open(self._workdir / "warm.log", "ab")  # noqa: SIM115 - handed to the process
        with theirs, log:
            self._warm = subprocess.Popen(
                [sys.executable, "-m", "notebook_batch.warm", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=child_environment(self._workdir, self._passed),
            )
        self._control, self._given = ours, False
        self._generation += 1
        with contextlib.suppress(OSError):  # it is gone already; the listener reports that
            ours.sendall((json.dumps(self._first) + "\n").encode())
        threading.Thread(target=self._listen, args=(ours, self._generation), daemon=True).start()

    def _listen(self, control: socket.socket, generation: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in control.makefile("r", encoding="utf-8"):
                self._inbox.put(("warm", json.loads(line)))
        self._inbox.put(("warm gone", generation))

    def _wake(self) -> None:
        """Let the warm parent go on where something has stopped it, such as a notebook."""
        if self._warm is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._warm.pid, signal.SIGCONT)

    def _hand_over(self, order: dict, pipe: int) -> None:
        self._given = True
        body = json.dumps(order).encode()
        self._control.sendmsg(
            [len(body).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [pipe]))]
        )
        self._control.sendall(body)

    def stop(self) -> None:
        """End the warm parent and all that it has forked; may be called again after an interruption."""
        if self._warm is None:
            return
        # not Popen.wait: interrupted by a signal, it can leave its lock taken for ever
        pid, end = self._warm.pid, time.monotonic() + 10
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
        if not self._given:
            end = 0.0  # it may still be importing, and has forked nothing
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(pid, os.WNOHANG)[0] == 0:
                if time.monotonic() > end:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.005)
        self._warm.returncode = 0
        self._warm = self._control = None

    # ----------------------------------------------------------------------------------------------------------- orders

    def add(self, order: dict) -> None:
        """Add an order to a lasting `run`; from any thread, like `drop` and `close`."""
        self._inbox.put(("order", order))

    def drop(self, identity: str) -> None:
        """Cancel an order, running or waiting; it is still yielded as ended."""
        self._inbox.put(("drop", identity))

    def close(self) -> None:
        """End a lasting `run` and everything in it."""
        self._inbox.put(("close", None))

    def run(
        self, orders: Iterable[dict], begun: Callable[[dict], None] = lambda order: None, *, lasting: bool = False
    ) -> Iterator[Ended]:
        """Run all orders and yield each when it has ended. Closing the generator ends everything that runs.

        lasting: go on with the orders that are added, until `close`.
        """
        jobs = _Jobs(list(orders)[::-1], ready=not self.fork)
        # this process becomes the reaper of orphans
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        jobs.strangers = set(children_of(os.getpid()))
        try:
            while jobs.waiting or jobs.running or lasting:
                self._start_more(jobs, begun)
                try:
                    kind, what = self._inbox.get(timeout=TICK)
                except queue.Empty:
                    kind, what = "tick", None
                self._watch_time(jobs)
                if kind == "close":
                    return
                yield from self._answer(jobs, kind, what)
        finally:
            for job in jobs.running.values():
                if job.process is not None:
                    self._kill(job)
                    job.process.wait()
            self.stop()

    def _start_more(self, jobs: _Jobs, begun: Callable[[dict], None]) -> None:
        if self.fork and self._warm is None and (jobs.waiting or jobs.running):
            jobs.tried += 1
            if jobs.tried > 3 + len(jobs.running):
                raise CannotStart((self._workdir / "warm.log").read_text(errors="replace").strip()[-2000:])
            self._start_warm()
            jobs.ready = False
        while jobs.ready and jobs.waiting and len(jobs.running) < self.workers:
            order = jobs.waiting.pop()
            begun(order)
            jobs.running[order["identity"]] = self._start(order)

    def _watch_time(self, jobs: _Jobs) -> None:
        """Charge the time since the last look to the cells that run, and end what takes too long."""
        now = time.monotonic()
        # time in which the machine slept is not charged to the cell
        passed, jobs.looked = min(now - jobs.looked, 4 * TICK), now
        self._wake()
        for job in jobs.running.values():
            job.in_cell += passed
            limit = self.cell_seconds if job.events else max(self.cell_seconds, STARTING)
            if job.in_cell > limit and not job.killed_for:
                job.killed_for = "timeout"
                self._kill(job)

    def _answer(self, jobs: _Jobs, kind: str, what) -> Iterator[Ended]:
        """Act on a message; yields the orders that it ends."""
        if kind == "order":
            # documents first: they complete a report
            jobs.waiting.insert(len(jobs.waiting) if "finish" in what else 0, what)
        elif kind == "drop" and what in jobs.running:
            jobs.running[what].killed_for = "drop"
            self._kill(jobs.running[what])
        elif kind == "drop":
            for order in [order for order in jobs.waiting if order["identity"] == what]:
                jobs.waiting.remove(order)
                job = _Running(order, time.monotonic())
                job.all_heard.set()
                yield self._conclude(job, KILLED)
        elif kind == "warm" and "ready" in what:
            jobs.ready, jobs.tried = True, 0
        elif kind == "warm" and "started" in what:
            if what["started"] in jobs.running:
                jobs.running[what["started"]].pid = what["pid"]
        elif kind in ("warm", "alone") and what.get("ended") in jobs.running:
            if kind == "alone":
                others = {job.pid for name, job in jobs.running.items() if name != what["ended"]}
                end_strays(jobs.strangers | others)
            yield self._conclude(jobs.running.pop(what["ended"]), what)
        elif kind == "warm gone" and what == self._generation and self._warm is not None:
            self.stop()
            for identity in list(jobs.running):
                job = jobs.running.pop(identity)
                if job.pid:
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(job.pid, signal.SIGKILL)
                end_strays(jobs.strangers)
                yield self._conclude(job, KILLED)

    def _start(self, order: dict) -> _Running:
        order |= {"memory_mb": self.memory_mb, "cell_seconds": self.cell_seconds}
        job = _Running(order, time.monotonic())
        if self.fork:
            reading, writing = os.pipe()
            try:
                self._hand_over(order, writing)
            except OSError:
                pass  # the warm parent is gone; its listener reports that
            finally:
                os.close(writing)
            source = os.fdopen(reading, encoding="utf-8", errors="replace")
        else:
            path = Path(order["folder"], "order.json")
            path.write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")
            with open(Path(order["folder"], "log.txt"), "wb") as log:
                job.process = subprocess.Popen(
                    [sys.executable, "-m", "notebook_batch.warm", "alone", str(path)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                    env=child_environment(self._workdir, self._passed),
                )
            job.pid = job.process.pid
            source = os.fdopen(os.dup(job.process.stdout.fileno()), encoding="utf-8", errors="replace")
            job.process.stdout.close()
        threading.Thread(target=self._follow, args=(job, source), daemon=True).start()
        return job

    def _follow(self, job: _Running, source) -> None:
        """Events of one job, until its pipe is closed."""
        identity = job.order["identity"]
        with source, contextlib.suppress(OSError, ValueError):
            for line in source:
                event = json.loads(line)
                if event["event"] == "text":
                    # kept for the notebook of a killed process; printing does not reset the clock
                    job.printed += len(event["text"])
                    if job.printed <= PRINTED:
                        job.events.append(event)
                    continue
                job.events.append(event)
                job.in_cell = 0.0
        job.all_heard.set()
        if job.process is not None:
            code = job.process.wait()
            self._inbox.put(("alone", {"ended": identity, "code": code, "cpu": 0.0, "peak_mb": 0}))

    def _kill(self, job: _Running) -> None:
        if job.process is None:
            if job.pid:
                # the warm parent may be stopped, again and again: first the process that may do that
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(job.pid, signal.SIGKILL)
            reading, writing = os.pipe()
            with contextlib.suppress(OSError):
                self._hand_over({"kill": job.order["identity"]}, writing)
            os.close(reading)
            os.close(writing)
            return
        kill_all(job.pid)

    def _conclude(self, job: _Running, end: dict) -> Ended:
        """Judge a process by its exit code and events; if it was killed, write its notebook from the events."""
        job.all_heard.wait(2)  # the last events may still be in the pipe
        ended = Ended(job.order, None, round(time.monotonic() - job.started, 2), end["cpu"], end["peak_mb"])
        result = next((event for event in job.events if event["event"] == "result"), None)
        if result is not None and end["code"] == 0:
            ended.failure = result["failure"]
            if ended.failure and ended.failure["cell"] and not self._output(job).is_file():
                # the disk was full: its outputs make room for the record
                shutil.rmtree(self._output(job).parents[1], ignore_errors=True)
                fault = ended.failure
                faults.of_killed(job.order, job.events, fault["reason"], fault["name"], fault["message"])
            return ended
        ended.failure = self._fault(job, end["code"])
        return ended

    @staticmethod
    def _output(job: _Running) -> Path:
        return Path(job.order["folder"], job.order["output"])

    def _fault(self, job: _Running, code: int) -> dict:
        limit = f"{self.cell_seconds:g} s"
        if job.killed_for == "timeout":
            name, message, reason = "CellTimeoutError", f"the cell took longer than {limit} and was ended", "timeout"
        elif code < 0:
            name, reason = "Killed", "signal"
            message = f"the process was ended by {signal.Signals(-code).name}"
            if code == -signal.SIGKILL:
                message += ", as the system does when memory runs out"
        else:
            name, reason = "ProcessEnded", "exception"
            message = f"the process ended with code {code} before the notebook did"
        if "finish" in job.order:
            doing = next((event["file"] for event in reversed(job.events) if "file" in event), "")
            return faults.failure(reason, name, f"{doing}: {message}")
        log = Path(job.order["folder"], "stderr.txt")
        if not job.events and log.is_file():
            message += "\n" + log.read_text(encoding="utf-8", errors="replace")[-1500:]
        return faults.of_killed(job.order, job.events, reason, name, message)
