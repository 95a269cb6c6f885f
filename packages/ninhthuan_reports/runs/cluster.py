"""Run orders on other machines, through Dask: the same plan, the same record, the same bytes.

Here (`Cluster`) orders are given out one for each free thread of the workers and their results are taken in. On a
worker (`run_order`) an order is run by `Processes`, as on this machine, in a helper process that lives on between
orders with its warm parent. Results come back through the folder of reports, where all machines share it, or through
a store. A worker that has not the same code, data, lock, fonts and packages is given nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlsplit

from ninhthuan.words import bilingual
from notebook_batch import record
from notebook_batch.inputs import changed, file_hash, together
from notebook_batch.processes import TICK, Ended, Processes

from .inputs import ROOT, Inputs, code_files, data_files, font_files

PATIENCE = 8  # seconds for the scheduler to answer
ALONE = 60  # seconds without any worker until the run is given up
RETRIES = 2  # times that an order whose worker cannot run it is given out again
# What the code was when this process read it: a worker lives on while files change.
LOADED = together({name: file_hash(path) for name, path in code_files().items()})


class ClusterFault(RuntimeError):
    """Nothing can be run on the workers, for a reason told in both languages; code is the exit code."""

    def __init__(self, vi: str, en: str, code: int = 1):
        self.vi, self.en, self.code = vi, en, code
        super().__init__(en)


def check_request(scheduler: str, storage: str) -> None:
    """Refuse what could never work, before anything else is done. Raises ClusterFault with code 2."""
    for package, wanted in (("distributed", True), ("fsspec", storage), ("s3fs", storage.startswith("s3:"))):
        if wanted and importlib.util.find_spec(package) is None:
            raise ClusterFault(
                *bilingual("cluster.package_missing_pip_install_ninhthuan", package=package),
                2,
            )
    try:
        parts = urlsplit(scheduler)
        sound = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:  # a port that is no number
        sound = False
    if not sound:
        raise ClusterFault(
            *bilingual("cluster.scheduler_must_look_like_tcp", scheduler=scheduler),
            2,
        )
    if storage:
        import fsspec

        scheme, _, place = storage.partition("://")
        if scheme not in fsspec.available_protocols() or not place.strip("/"):
            raise ClusterFault(
                *bilingual("cluster.storage_must_look_like_s3", storage=storage),
                2,
            )


def state(inputs: Inputs) -> dict[str, str]:
    """Name to hash of all that must be the same on every machine."""
    kinds = {
        "code": inputs.code,
        "data": inputs.data,
        "fonts": inputs.fonts,
        "environment": inputs.environment,
        "lock": {"requirements.lock": inputs.lock},
    }
    return {f"{kind} {name}": value for kind, found in kinds.items() for name, value in found.items()}


# ------------------------------------------------------------------------------------------------------------- runner


class Cluster:
    """The executor of many machines; has the interface of `Processes`.

    inputs: what the plan rests on. workdir: a folder that workers must see too, unless there is a storage, the URL of
    a store. tell(vi, en) is called with what a person should know while it runs.
    """

    def __init__(
        self,
        scheduler: str,
        inputs: Inputs,
        *,
        memory_mb: int = 2048,
        cell_seconds: float = 600,
        fork: bool | None = None,
        warm: str = "",
        given: Iterable = (),
        workdir: Path,
        storage: str = "",
        tell: Callable[[str, str], None] = lambda vi, en: None,
    ):
        check_request(scheduler, storage)
        self.scheduler, self._tell = scheduler, tell
        self._batch = uuid.uuid4().hex
        self._mark = workdir / f"{self._batch}.mark"
        self._request = {
            "batch": self._batch,
            "state": state(inputs),
            "mark": "" if storage else str(self._mark),
            "storage": storage.rstrip("/"),
            "settings": {
                "memory_mb": memory_mb,
                "cell_seconds": cell_seconds,
                "fork": fork,
                "warm": warm,
                "given": list(given),
            },
        }
        self._workers: dict[str, int] = {}
        self._unfit: dict[str, list[str]] = {}
        self._looked = self._last_seen = 0.0

    def prepare(self) -> None:
        """Nothing is to be got ready here: the workers are elsewhere."""

    def stop(self) -> None:
        """Nothing is left to end: `run` closes what it opened."""

    def run(self, orders: Iterable[dict], begun: Callable[[dict], None] = lambda order: None) -> Iterator[Ended]:
        """Run all orders and yield each when it has ended. Closing the generator ends everything that runs.

        Raises ClusterFault where there is no scheduler, no store, or no worker that fits.
        """
        waiting = list(orders)[::-1]
        if not waiting:
            return
        client = self._connect()
        flying: dict[str, tuple[dict, object, list[str]]] = {}
        landed: queue.SimpleQueue = queue.SimpleQueue()
        try:
            self._open_store()
            self._last_seen = time.monotonic()
            begun_already: set[str] = set()
            while waiting or flying:
                self._look(client)
                for key, (order, future, allowed) in list(flying.items()):
                    if allowed and not self._workers.keys() & allowed:
                        # the scheduler would wait for these workers for ever
                        del flying[key]
                        future.cancel(force=True)
                        waiting.append(order)
                while waiting and len(flying) < sum(self._workers.values()):
                    order = waiting.pop()
                    if order["identity"] not in begun_already:
                        begun_already.add(order["identity"])
                        begun(order)
                    allowed = sorted(self._workers) if self._unfit else []
                    key = f"{self._batch}-{uuid.uuid4().hex}"
                    future = client.submit(
                        run_order, order, self._request, key=key, retries=RETRIES, workers=allowed or None
                    )
                    flying[key] = order, future, allowed
                    future.add_done_callback(landed.put)
                try:
                    future = landed.get(timeout=4 * TICK)
                except queue.Empty:
                    continue
                order = flying.get(future.key, (None,))[0]
                if order is None:
                    continue
                try:
                    ended = self._land(order, future)
                except TimeoutError:
                    landed.put(future)  # whoever held the result is gone: it is made anew elsewhere
                    continue
                del flying[future.key]
                if ended is None:
                    waiting.append(order)
                else:
                    yield ended
        finally:
            left = [future for _, future, _ in flying.values()]
            closing = threading.Thread(target=self._close, args=(client, left), daemon=True)
            closing.start()
            closing.join(2 * PATIENCE)  # a scheduler that is gone holds nobody up

    def _connect(self):
        from distributed import Client, Security, rpc

        # whatever matters to a person is said here, once
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)

        async def knock() -> None:
            # the client would wait for ever for something that listens and is no scheduler
            arguments = Security().get_connection_args("client")
            async with rpc(self.scheduler, timeout=PATIENCE, connection_args=arguments) as scheduler:
                await asyncio.wait_for(scheduler.identity(), PATIENCE)

        try:
            asyncio.run(knock())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return Client(self.scheduler, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            why = (str(error).splitlines() or [type(error).__name__])[0]
            raise ClusterFault(
                *bilingual("cluster.scheduler_cannot_reached_nothing_run", scheduler=self.scheduler, why=why),
            ) from None

    def _open_store(self) -> None:
        if not self._request["storage"]:
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
            return
        try:
            fs, root = _store(self._request["storage"])
            fs.pipe_file(f"{root}/{self._batch}-mark", b"ninhthuan")
        except Exception as error:  # every kind of store has errors of its own
            what = f"{type(error).__name__}: {error}"
            raise ClusterFault(
                *bilingual("cluster.store_cannot_written_nothing_run", storage=self._request["storage"], what=what),
            ) from None

    def _look(self, client) -> None:
        """See which workers there are, about once a second, and ask new ones whether they are like this machine."""
        now = time.monotonic()
        if self._workers and now - self._looked < 4 * TICK:
            return
        try:
            threads = dict(client.nthreads())
            new = sorted(threads.keys() - self._workers.keys() - self._unfit.keys())
            told = client.run(differences, self._request, workers=new, on_error="return") if new else {}
        except (OSError, ValueError, RuntimeError):
            raise ClusterFault(
                *bilingual("cluster.scheduler_gone_finished_work_kept", scheduler=self.scheduler),
            ) from None
        for address, differs in told.items():
            if isinstance(differs, Exception):
                differs = [f"{type(differs).__name__}: {differs}"]
            if differs:
                self._refuse(address, differs)
        self._workers = {address: number for address, number in threads.items() if address not in self._unfit}
        self._looked = time.monotonic()
        if self._workers:
            self._last_seen = self._looked
        elif threads:
            raise ClusterFault(
                *bilingual("cluster.no_worker_has_code_data"),
            )
        elif now - self._last_seen > ALONE:
            raise ClusterFault(
                *bilingual("cluster.scheduler_has_had_no_worker", scheduler=self.scheduler, alone=ALONE),
            )
        else:
            time.sleep(TICK)

    def _refuse(self, address: str, differs: list[str]) -> None:
        if address in self._unfit:
            return
        self._unfit[address] = differs
        self._workers.pop(address, None)
        some = ", ".join(differs[:3]) + (f" (+{len(differs) - 3})" if len(differs) > 3 else "")
        self._tell(
            *bilingual("cluster.worker_given_nothing_differs_here", address=address, some=some),
        )

    def _land(self, order: dict, future) -> Ended | None:
        """What a finished future says of its order; None: it must be given out again."""
        from distributed import KilledWorker

        if future.status == "finished":
            told = future.result(timeout=PATIENCE)
            if "differs" in told:
                self._refuse(told["worker"], told["differs"])
                return None
            ended = Ended(order, told["failure"], told["seconds"], told["cpu"], told["peak_mb"])
            try:
                self._take_in(order, told)
            except Exception as error:  # of the disk, of the store, or of what came
                ended.failure = ended.failure or _failure("exception", type(error).__name__, str(error))
            return ended
        if future.status == "error":
            error = future.exception(timeout=PATIENCE)
            if isinstance(error, KilledWorker):
                message = "the workers that ran this notebook died, one after the other"
                return Ended(order, _untold(order, "signal", "WorkerDied", message))
            return Ended(order, _untold(order, "exception", type(error).__name__, str(error)))
        raise ClusterFault(
            *bilingual("cluster.scheduler_dropped_work_finished_work", scheduler=self.scheduler),
        )

    def _take_in(self, order: dict, told: dict) -> None:
        """Put what a worker made into the folder of the order. Of several tries, the one that is told of counts."""
        folder, out = Path(order["folder"]), Path(order["folder"], "out")
        shutil.rmtree(out)
        if self._request["storage"]:
            fs, root = _store(self._request["storage"])
            pack = folder / "out.tar"
            fs.get_file(f"{root}/{told['place']}", str(pack))
            with tarfile.open(pack) as packed:
                packed.extractall(folder, filter="data")
            pack.unlink()
            fs.rm_file(f"{root}/{told['place']}")
        else:
            os.rename(folder / told["place"] / "out", out)
            shutil.rmtree(folder / told["place"], ignore_errors=True)
        if wrong := changed(_hashes(record.files_of(out)), _hashes(told["files"])):
            raise OSError(f"{wrong[0]} did not arrive as it was sent")

    def _close(self, client, flying: list) -> None:
        """End what runs, wait until it has ended, and leave nothing in the store."""
        with contextlib.suppress(Exception):
            if flying:
                client.cancel(flying, force=True)
                client.run(quiet, self._batch, on_error="ignore")
        with contextlib.suppress(Exception):
            client.close(timeout=PATIENCE)
        with contextlib.suppress(Exception):
            self._mark.unlink(missing_ok=True)
            if self._request["storage"]:
                fs, root = _store(self._request["storage"])
                fs.invalidate_cache()
                fs.rm(fs.glob(f"{root}/{self._batch}-*"))


def _store(url: str):
    """The file system of a URL, and the path within it; what it needs to know stands in the environment."""
    from fsspec.core import url_to_fs

    return url_to_fs(url)


def _hashes(files: dict[str, dict]) -> dict[str, str]:
    return {name: known["hash"] for name, known in files.items()}


def _failure(reason: str, name: str, message: str) -> dict:
    return {"reason": reason, "cell": None, "source": "", "name": name, "message": message[:2000]}


def _untold(order: dict, reason: str, name: str, message: str) -> dict:
    """The fault of a notebook of whose process nothing was heard; writes the notebook, with nothing run in it."""
    from notebook_batch.job import told_truth

    try:
        return told_truth(order, [], name, message[:2000], reason)
    except Exception as error:  # the notebook itself may be the fault, or the disk be full
        return _failure(reason, name, f"{message} ({error})")


# ------------------------------------------------------------------------------------------------------------- worker


def differences(request: dict) -> list[str]:
    """On a worker: what is not as the runner has it; empty where this worker would give the same bytes."""
    here, code = _state_here(request["batch"])
    found = changed(request["state"], here)
    if code != LOADED:
        found.append("code of the running worker: start it again")
    if request["mark"] and not Path(request["mark"]).is_file():
        found.append(f"{Path(request['mark']).parents[2]} is not seen there: share it, or give --storage")
    return found


_known: dict[str, tuple] = {}


def _state_here(batch: str) -> tuple[dict[str, str], str]:
    """The state of this machine and of its code: read whole for each batch, and when a file's size or time changes."""
    files = [*code_files().values(), *data_files().values(), *font_files().values(), ROOT / "requirements.lock"]
    stamps = [(path, (seen := path.stat()).st_size, seen.st_mtime_ns) for path in files]
    known = _known.get(batch)
    if known is None or known[0] != stamps:
        here = Inputs()
        _known.clear()
        known = _known[batch] = stamps, state(here), together(here.code)
    return known[1:]


def run_order(order: dict, request: dict) -> dict:
    """On a worker: run one order in a folder of its own; returns how it ended, and where its files are."""
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
        told = _helper(request, worker.state.nthreads, local).run(own, wanted)
        told |= {"place": place.name, "files": record.files_of(place / "out")}
        if request["storage"]:
            fs, root = _store(request["storage"])
            told["place"] = f"{request['batch']}-{uuid.uuid4().hex}.tar"
            with tarfile.open(place / "out.tar", "w") as pack:
                pack.add(place / "out", "out")
            fs.put_file(str(place / "out.tar"), f"{root}/{told['place']}")
        else:
            keep = True
        return told
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)


async def quiet(batch: str) -> None:
    """On a worker: wait until nothing of a batch runs any more."""
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
                [sys.executable, "-m", "ninhthuan_reports.runs.cluster"],
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
            told = json.loads(line)
            if future := self.waiting.pop(told.pop("identity"), None):
                future.set_result(told)
        self._process.wait()
        said = self._log.read_text(encoding="utf-8", errors="replace").strip()[-1500:]
        for identity in list(self.waiting):
            self.waiting.pop(identity).set_exception(RuntimeError(f"the helper of the worker ended: {said}"))

    def run(self, order: dict, wanted: Callable[[], bool]) -> dict:
        """Run one order to its end; it is killed when it is not wanted any more."""
        future = self.waiting[order["identity"]] = Future()
        dropped = False
        try:
            self._say({"order": order})
            while True:
                try:
                    told = future.result(timeout=TICK)
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
        return told

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._process.stdin.close()


_helpers: list[_Helper] = []
_helpers_lock = threading.Lock()


def _helper(request: dict, workers: int, folder: Path) -> _Helper:
    """The helper for orders of these settings and this data; others are closed when they have nothing to do."""
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
    """The helper process: settings, then orders, each on a line of standard input; the end of each is told."""
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
        told = {"failure": ended.failure, "seconds": ended.seconds, "cpu": ended.cpu, "peak_mb": ended.peak_mb}
        answers.write(json.dumps({"identity": ended.order["identity"]} | told) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
