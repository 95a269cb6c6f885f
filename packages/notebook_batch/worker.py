"""An order on a worker of Dask: `Processes` run it as on one machine, in a helper process.

The helper lives on between orders, with its warm parent. Before each order the worker looks whether it has the same
state of everything that notebooks rest on as the machine that the order is from.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from . import record
from .finishing import named
from .inputs import Inputs, changed, together
from .processes import TICK, Processes

PATIENCE = 8  # seconds that the scheduler, or a process here, has to answer


def state(inputs: Inputs) -> dict[str, str]:
    """Name to hash of everything that must be the same on every machine."""
    kinds = {kind: found if isinstance(found, dict) else {"": found} for kind, found in inputs.noted.items()}
    return {f"{kind} {name}".strip(): value for kind, found in kinds.items() for name, value in found.items()}


def store_at(url: str):
    """The file system of a URL, and the path within it; its settings are in the environment."""
    from fsspec.core import url_to_fs

    return url_to_fs(url)


def differences(request: dict) -> list[str]:
    """On a worker: differences from the runner; empty where this worker would give the same bytes."""
    here, code = _state_here(request["batch"], request["inputs"])
    found = changed(request["state"], here)
    if code != _loaded.setdefault(request["inputs"], code):
        found.append("code of the running worker: start it again")
    if request["mark"] and not Path(request["mark"]).is_file():
        found.append(f"{Path(request['mark']).parents[2]} is not seen there: share it, or give --storage")
    return found


_known: dict[str, tuple] = {}
# The code when this process first read it: a worker lives on while files change.
_loaded: dict[str, str] = {}


def _state_here(batch: str, inputs: str) -> tuple[dict[str, str], str]:
    """The state of this machine and of its code, read again for each batch and when a file's size or time changes."""
    kind = named(inputs)
    stamps = [(path, (seen := path.stat()).st_size, seen.st_mtime_ns) for path in kind.files()]
    known = _known.get(batch)
    if known is None or known[0] != stamps:
        here = state(kind())
        _known.clear()
        code = {name: known for name, known in here.items() if name.startswith("code ")}
        known = _known[batch] = stamps, here, together(code)
    return known[1:]


def run_order(order: dict, request: dict) -> dict:
    """On a worker: run one order in its own folder; returns how it ended, and where its files are."""
    from distributed import Status, get_worker

    worker = get_worker()
    key = worker.get_current_task()
    if differs := differences(request):
        return {"differs": differs, "worker": worker.address}

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        return worker.status is Status.running and task is not None and task.state in ("executing", "long-running")

    local = Path(worker.local_directory)
    place = Path(tempfile.mkdtemp(prefix=".", dir=local if request["storage"] else order["folder"]))
    keep = False
    try:
        (place / "out").mkdir()
        own = order | {"identity": f"{request['batch']}/{place.name}", "folder": str(place)}
        result = _helper(request, worker.state.nthreads, local).run(own, wanted)
        result |= {"place": place.name, "files": record.files_of(place / "out")}
        if request["storage"]:
            fs, root = store_at(request["storage"])
            result["place"] = f"{request['batch']}-{uuid.uuid4().hex}.tar"
            with tarfile.open(place / "out.tar", "w") as pack:
                pack.add(place / "out", "out")
            fs.put_file(str(place / "out.tar"), f"{root}/{result['place']}")
        else:
            keep = True
        return result
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)


async def quiet(batch: str) -> None:
    """On a worker: wait until all orders of a batch have ended."""
    end = time.monotonic() + PATIENCE
    while any(identity.startswith(batch) for helper in list(_helpers) for identity in list(helper.waiting)):
        if time.monotonic() > end:
            return
        await asyncio.sleep(TICK / 2)


class _Helper:
    """A process with a `Processes` of its own, for orders that come one by one. It ends with this process.

    It is a process because it takes in what its notebooks leave behind, and this one may have other children.
    """

    def __init__(self, settings: dict, workers: int, folder: Path):
        self.settings, self.workers = settings, workers
        self.waiting: dict[str, Future] = {}
        self._lock = threading.Lock()
        workdir = folder / f"helper-{uuid.uuid4().hex[:8]}"
        workdir.mkdir(parents=True)
        self._log = workdir / "helper.log"
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "notebook_batch.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                text=True,
                encoding="utf-8",
            )
        self._say(settings["processes"] | {"workers": workers, "workdir": str(workdir)})
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def _say(self, message: dict) -> None:
        with self._lock:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        for line in self._process.stdout:
            result = json.loads(line)
            if future := self.waiting.pop(result.pop("identity"), None):
                future.set_result(result)
        self._process.wait()
        output = self._log.read_text(encoding="utf-8", errors="replace").strip()[-1500:]
        for identity in list(self.waiting):
            self.waiting.pop(identity).set_exception(RuntimeError(f"the helper of the worker ended: {output}"))

    def run(self, order: dict, wanted: Callable[[], bool]) -> dict:
        """Run one order to its end; it is killed when the batch is cancelled."""
        future = self.waiting[order["identity"]] = Future()
        dropped = False
        try:
            self._say({"order": order})
            while True:
                try:
                    result = future.result(timeout=TICK)
                    break
                except TimeoutError:
                    if not dropped and not wanted():
                        dropped = True
                        self._say({"drop": order["identity"]})
        except OSError:
            self.waiting.pop(order["identity"], None)
            raise RuntimeError("the helper of the worker has ended") from None
        if dropped:
            raise RuntimeError("not wanted any more")
        return result

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._process.stdin.close()


_helpers: list[_Helper] = []
_helpers_lock = threading.Lock()


def _helper(request: dict, workers: int, folder: Path) -> _Helper:
    """The helper for orders with these settings and data; idle helpers with others are closed."""
    settings = {"processes": request["settings"], "state": together(request["state"])}
    with _helpers_lock:
        found = None
        for helper in list(_helpers):
            if helper.alive and helper.settings == settings and helper.workers == workers:
                found = helper
            elif not helper.waiting or not helper.alive:
                helper.close()
                _helpers.remove(helper)
        if found is None:
            found = _Helper(settings, workers, folder)
            _helpers.append(found)
        return found


def serve() -> None:
    """The helper process: reads settings, then orders, from lines of standard input, and reports the end of each."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.readline())
    processes = Processes(**settings | {"workdir": Path(settings["workdir"])})

    def listen() -> None:
        for line in sys.stdin:
            message = json.loads(line)
            if "order" in message:
                processes.add(message["order"])
            else:
                processes.drop(message["drop"])
        processes.close()

    threading.Thread(target=listen, daemon=True).start()
    for ended in processes.run([], lasting=True):
        result = {"failure": ended.failure, "seconds": ended.seconds, "cpu": ended.cpu, "peak_mb": ended.peak_mb}
        answers.write(json.dumps({"identity": ended.order["identity"]} | result) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
