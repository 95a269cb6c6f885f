"""The warm parent: imports once, runs the warm-up of the caller, and forks a process for each notebook.

`python -m notebook_batch.warm FD`: orders come over a socket, each with the pipe for its events; the end of each
process is reported over the socket. When the other side is gone, every process is killed, with its descendants.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import gc
import json
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from . import finishing

MARK = "NOTEBOOK_JOB"  # the environment variable that says which job has started a process
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def prctl(option: int, value: int) -> None:
    """Set a process option; Linux only. Elsewhere the closing of the pipes has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def limit_memory(megabytes: int) -> None:
    """Limit the memory that this process may allocate (private, writable)."""
    if megabytes:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))


def teller(handle: int):
    """A function that writes one event a line into a pipe."""

    def tell(event: dict) -> None:
        line = (json.dumps(event, ensure_ascii=False) + "\n").encode("utf-8")
        while line:
            line = line[os.write(handle, line) :]

    return tell


@contextlib.contextmanager
def _without(module: str):
    """Hide an optional module from imports within the block."""
    absent = module not in sys.modules
    if absent:
        sys.modules[module] = None
    try:
        yield
    finally:
        if absent:
            del sys.modules[module]


def warm_up(warm: str, given: list) -> tuple:
    """Import what runs a notebook and whatever the caller names, so that forked processes find it there.

    warm: a dotted name, or nothing. It is called with `given`, and returns two functions: one that each forked
    process calls before its notebook, and one for the first quiet moment, of what only the end of a report needs.
    """
    # jsonschema checks international addresses by it, which notebooks have none of; its grammar takes a second
    with _without("rfc3987_syntax"):
        import nbformat
    fresh, later = finishing.named(warm)(given) if warm else (_nothing, _nothing)

    from . import job
    from .in_process import KernelInProcess

    # the schema of notebooks is loaded at its first use
    nbformat.validate(nbformat.v4.new_notebook())
    return job, fresh, KernelInProcess([job.RULES]), later


def _nothing() -> None:
    """No warm-up."""


def _work(order: dict, pipe: int, parent: int, job, fresh, kernel) -> None:
    """What the forked process does."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    os.environ[MARK] = order["identity"]
    gc.set_threshold(100_000)  # a process that lives for seconds has little to collect
    limit_memory(order["memory_mb"])
    if "finish" in order:
        finishing.run_finish(order, teller(pipe))
        return
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    fresh()
    tell = teller(pipe)
    place = [None]

    def tell_with_cell(event: dict) -> None:
        if event["event"] == "cell":
            place[0] = event["cell"]
        tell(event)

    kernel._heard = lambda name, text: tell({"event": "text", "cell": place[0], "name": name, "text": text})
    kernel.open_streams(order["folder"])
    job.run_job(order, tell_with_cell, kernel)


def _receive(control: socket.socket):
    """One order and its pipe; None when the other side is gone."""
    head, ancillary, _, _ = control.recvmsg(8, socket.CMSG_LEN(4))
    while head and len(head) < 8:
        more = control.recv(8 - len(head))
        head = head + more if more else b""
    if not head:
        return None
    size, body = int.from_bytes(head, "big"), b""
    while len(body) < size:
        more = control.recv(size - len(body))
        if not more:
            return None
        body += more
    pipes = array.array("i")
    for _, _, data in ancillary:
        pipes.frombytes(data[:4])
    os.set_inheritable(pipes[0], False)
    return json.loads(body), pipes[0]


def children_of(parent: int) -> dict[int, int]:
    """Processes whose parent is the given one, each with its session."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            _, above, _, session = path.read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(above) == parent:
                found[int(path.parent.name)] = int(session)
    return found


def _started_by(pid: int, jobs: Iterable[str]) -> bool:
    """Whether one of the jobs has started a process, by the mark in its environment."""
    with contextlib.suppress(OSError):
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return any(f"{MARK}={job}".encode() in environment for job in jobs)
    return False


def end_strays(known: set[int], jobs: Iterable[str] = ()) -> None:
    """Kill the orphans that finished processes left to this one, their reaper.

    known: processes to spare, with their sessions; jobs: identities of the jobs that still run.
    """
    if sys.platform != "linux":
        return
    for _ in range(100):
        found = children_of(os.getpid()).items()
        strays = [pid for pid, session in found if not known & {pid, session} and not _started_by(pid, jobs)]
        for pid in strays:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in strays:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        if not strays:
            return


def kill_all(pid: int) -> None:
    """Kill a process after everything under it."""
    for each in [*_descendants(pid), pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _descendants(pid: int) -> list[int]:
    """Children of a process, and theirs."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
    children: dict[int, list[int]] = {}
    for line in listing.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, look = [], [pid]
    while look:
        found += (new := [child for parent in look for child in children.get(parent, [])])
        look = new
    return found


def serve(control: socket.socket) -> None:
    """Fork for each order until the other side is gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # signals to the group are handled by the process that gives the orders
        signal.signal(number, signal.SIG_IGN)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    # the socket is not read while this process gets ready; later its end tells that the other side is gone
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    first = json.loads(control.makefile("r", encoding="utf-8", newline="\n").readline())
    *ready, later = warm_up(first["warm"], first["given"])
    gc.collect()
    gc.freeze()  # pages of the parent stay shared: the collector does not touch them again
    wake_in, wake_out = os.pipe()
    os.set_blocking(wake_out, False)
    os.set_blocking(wake_in, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_out)
    parent = _Parent(control, tuple(ready))
    can_finish = False
    prctl(PR_SET_PDEATHSIG, 0)
    parent.say({"ready": True})
    while True:
        # the first quiet moment is for what only the end of a report needs
        readable, _, _ = select.select([control, wake_in], [], [], None if can_finish or not parent.running else 0.1)
        if not readable:
            later()
            can_finish = True
            gc.freeze()
        if wake_in in readable:
            with contextlib.suppress(BlockingIOError):
                os.read(wake_in, 4096)
            parent.reap()
        if control in readable and not parent.obey():
            break
    parent.end()


class _Parent:
    """The warm parent and the processes that it has forked. ready: what `_work` takes beside the order."""

    def __init__(self, control: socket.socket, ready: tuple):
        self.running: dict[int, str] = {}
        self._control, self._ready, self._pid = control, ready, os.getpid()

    def say(self, event: dict) -> None:
        """Send an event to the process that gives the orders, if it is still there."""
        with contextlib.suppress(OSError):
            self._control.sendall((json.dumps(event) + "\n").encode())

    def reap(self) -> None:
        """Collect the processes that have ended, and kill what they left behind."""
        for pid in list(self.running):
            ended, status, usage = os.wait4(pid, os.WNOHANG)
            if not ended:
                continue
            identity = self.running.pop(pid)
            _kill_group(pid)
            end_strays(set(self.running), self.running.values())
            cpu, peak = round(usage.ru_utime + usage.ru_stime, 2), usage.ru_maxrss >> 10
            self.say({"ended": identity, "code": os.waitstatus_to_exitcode(status), "cpu": cpu, "peak_mb": peak})

    def obey(self) -> bool:
        """Receive an order: fork for it, or kill the process of another; false when the other side is gone."""
        try:
            received = _receive(self._control)
        except OSError:
            received = None
        if received is None:
            return False
        order, pipe = received
        if "kill" in order:
            os.close(pipe)
            for pid, identity in self.running.items():
                if identity == order["kill"]:
                    _kill_group(pid)
            return True
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                self._control.close()
                _work(order, pipe, self._pid, *self._ready)
                code = 0
            finally:
                os._exit(code)
        self.running[pid] = order["identity"]
        os.close(pipe)
        self.say({"started": order["identity"], "pid": pid})
        return True

    def end(self) -> None:
        """Kill everything that was forked."""
        for pid in self.running:
            _kill_group(pid)
        for pid in self.running:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        end_strays(set())


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def run_alone(order_file: str) -> None:
    """Without fork: this process runs one order with a normal kernel, and writes its events to standard output.

    It ends itself with all its children when its standard input is closed.
    """

    def follow() -> None:
        while os.read(0, 1):
            pass
        kill_all(os.getpid())

    prctl(PR_SET_CHILD_SUBREAPER, 1)
    threading.Thread(target=follow, daemon=True).start()
    order = json.loads(Path(order_file).read_text(encoding="utf-8"))
    handle = os.dup(1)
    os.dup2(2, 1)
    os.environ[MARK] = order["identity"]
    limit_memory(order["memory_mb"])
    if "finish" in order:
        finishing.run_finish(order, teller(handle))
    else:
        from .job import run_job

        run_job(order, teller(handle), None)
    end_strays({os.getpid()})


if __name__ == "__main__":
    os.environ.setdefault("IPYTHONDIR", tempfile.gettempdir())
    if sys.argv[1] == "alone":
        run_alone(sys.argv[2])
    else:
        serve(socket.socket(fileno=int(sys.argv[1])))
        # an orderly exit of the interpreter would take longer
        os._exit(0)
