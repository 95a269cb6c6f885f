"""Run orders on other machines, through Dask: the same plan, the same record, the same bytes.

Orders are given out one for each free thread of the workers (see `worker`) and their results are taken in. They come
back through the folder of reports, where all machines share it, or through a store. A worker that has not the same
state of everything that notebooks rest on is given nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import queue
import shutil
import tarfile
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from . import faults, record
from .inputs import Inputs, changed
from .processes import TICK, Ended
from .worker import PATIENCE, differences, quiet, run_order, state, store_at

ALONE = 60  # seconds without any worker before the run is given up
RETRIES = 2  # further tries of an order whose worker cannot run it


class ClusterFault(RuntimeError):
    """The workers cannot be used; why: a row of words with its values; code: the exit code."""

    def __init__(self, why: str, values: dict, code: int = 1):
        self.why, self.values, self.code = why, values, code
        super().__init__(f"{why}: {values}")


def check_request(scheduler: str, storage: str) -> None:
    """Check the addresses of a request. Raises ClusterFault with code 2."""
    for package, wanted in (("distributed", True), ("fsspec", storage), ("s3fs", storage.startswith("s3:"))):
        if wanted and importlib.util.find_spec(package) is None:
            raise ClusterFault("package_missing", {"package": package}, 2)
    try:
        parts = urlsplit(scheduler)
        sound = parts.scheme in ("tcp", "tls") and parts.hostname and parts.port and not parts.path.strip("/")
    except ValueError:  # a port that is no number
        sound = False
    if not sound:
        raise ClusterFault("scheduler_address", {"scheduler": scheduler}, 2)
    if storage:
        import fsspec

        scheme, _, place = storage.partition("://")
        if scheme not in fsspec.available_protocols() or not place.strip("/"):
            raise ClusterFault("storage_address", {"storage": storage}, 2)


class Cluster:
    """The executor of many machines; has the interface of `Processes`.

    inputs: what the plan rests on; its class can be imported on workers, makes the same of what is there, and has
    `files()`, which lists what it would read. workdir: a folder that workers must see too, unless there is a storage,
    the URL of a store. settings: those of `Processes` on a worker, as plain values. tell(why, values) is called with
    what a person should know while it runs.
    """

    def __init__(
        self,
        scheduler: str,
        inputs: Inputs,
        *,
        workdir: Path,
        storage: str = "",
        tell: Callable[[str, dict], None] = lambda why, values: None,
        **settings,
    ):
        check_request(scheduler, storage)
        self.scheduler, self._tell = scheduler, tell
        self._batch = uuid.uuid4().hex
        self._mark = workdir / f"{self._batch}.mark"
        self._request = {
            "batch": self._batch,
            "state": state(inputs),
            "inputs": f"{type(inputs).__module__}:{type(inputs).__qualname__}",
            "mark": "" if storage else str(self._mark),
            "storage": storage.rstrip("/"),
            "settings": settings,
        }
        self._workers: dict[str, int] = {}
        self._unfit: dict[str, list[str]] = {}
        self._looked = self._last_seen = 0.0

    def prepare(self) -> None:
        """Do nothing: the workers are elsewhere."""

    def stop(self) -> None:
        """Do nothing: `run` closes what it opened."""

    def run(self, orders: Iterable[dict], begun: Callable[[dict], None] = lambda order: None) -> Iterator[Ended]:
        """Run all orders and yield each when it has ended. Closing the generator ends everything that runs.

        Raises ClusterFault where there is no scheduler, no store, or no worker that fits.
        """
        waiting = list(orders)[::-1]
        if not waiting:
            return
        client = self._connect()
        flying: dict[str, tuple[dict, object, list[str]]] = {}
        landed, begun_already = queue.SimpleQueue(), set()

        def give_out() -> None:
            while waiting and len(flying) < sum(self._workers.values()):
                order = waiting.pop()
                if order["identity"] not in begun_already:
                    begun_already.add(order["identity"])
                    begun(order)
                allowed = sorted(self._workers) if self._unfit else []
                options = {"key": f"{self._batch}-{uuid.uuid4().hex}", "retries": RETRIES, "workers": allowed or None}
                future = client.submit(run_order, order, self._request, **options)
                flying[future.key] = order, future, allowed
                future.add_done_callback(landed.put)

        try:
            self._open_store()
            self._last_seen = time.monotonic()
            while waiting or flying:
                self._look(client)
                for key, (order, future, allowed) in list(flying.items()):
                    if allowed and not self._workers.keys() & allowed:
                        # otherwise the scheduler would wait for these workers forever
                        del flying[key]
                        future.cancel(force=True)
                        waiting.append(order)
                give_out()
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
                    landed.put(future)  # the worker with the result is gone: the order is run again
                    continue
                del flying[future.key]
                waiting += [order] * (ended is None)
                give_out()  # the worker goes on while what has ended is judged
                if ended is not None:
                    yield ended
        finally:
            left = [future for _, future, _ in flying.values()]
            closing = threading.Thread(target=self._close, args=(client, left), daemon=True)
            closing.start()
            closing.join(2 * PATIENCE)  # a scheduler that is gone must not block

    def _connect(self):
        from distributed import Client, Security, rpc

        # problems are reported here, once
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)

        async def knock() -> None:
            # the client would wait forever for a server that is no scheduler
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
            raise ClusterFault("scheduler_unreachable", {"scheduler": self.scheduler, "why": why}) from None

    def _open_store(self) -> None:
        if not self._request["storage"]:
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.touch()
            return
        try:
            fs, root = store_at(self._request["storage"])
            fs.pipe_file(f"{root}/{self._batch}-mark", b"begun")
        except Exception as error:  # every kind of store has errors of its own
            what = f"{type(error).__name__}: {error}"
            raise ClusterFault("store_unwritable", {"storage": self._request["storage"], "what": what}) from None

    def _look(self, client) -> None:
        """List the workers about once a second, and check whether new ones are like this machine."""
        now = time.monotonic()
        if self._workers and now - self._looked < 4 * TICK:
            return
        try:
            threads = dict(client.nthreads())
            new = sorted(threads.keys() - self._workers.keys() - self._unfit.keys())
            result = client.run(differences, self._request, workers=new, on_error="return") if new else {}
        except (OSError, ValueError, RuntimeError):
            raise ClusterFault("scheduler_gone", {"scheduler": self.scheduler}) from None
        for address, differs in result.items():
            if isinstance(differs, Exception):
                differs = [f"{type(differs).__name__}: {differs}"]
            if differs:
                self._refuse(address, differs)
        self._workers = {address: number for address, number in threads.items() if address not in self._unfit}
        self._looked = time.monotonic()
        if self._workers:
            self._last_seen = self._looked
        elif threads:
            raise ClusterFault("no_worker_fits", {})
        elif now - self._last_seen > ALONE:
            raise ClusterFault("no_worker", {"scheduler": self.scheduler, "alone": ALONE})
        else:
            time.sleep(TICK)

    def _refuse(self, address: str, differs: list[str]) -> None:
        if address in self._unfit:
            return
        self._unfit[address] = differs
        self._workers.pop(address, None)
        some = ", ".join(differs[:3]) + (f" (+{len(differs) - 3})" if len(differs) > 3 else "")
        self._tell("worker_differs", {"address": address, "some": some})

    def _land(self, order: dict, future) -> Ended | None:
        """The end of the order of a finished future; None where it has to be run again."""
        from distributed import KilledWorker

        if future.status == "finished":
            ended, result = Ended(order, None), None
            try:
                result = future.result(timeout=PATIENCE)
                if "differs" in result:
                    self._refuse(result["worker"], result["differs"])
                    return None
                ended = Ended(order, result["failure"], result["seconds"], result["cpu"], result["peak_mb"])
                self._take_in(order, result)
            except Exception as error:  # of the disk, of the store, or of what came
                if isinstance(error, TimeoutError) and result is None:
                    raise
                ended.failure = ended.failure or faults.failure("exception", type(error).__name__, str(error)[:2000])
            return ended
        if future.status == "error":
            error = future.exception(timeout=PATIENCE)
            if isinstance(error, KilledWorker):
                message = "the workers that ran this notebook died, one after the other"
                return Ended(order, faults.of_killed(order, [], "signal", "WorkerDied", message))
            return Ended(order, faults.of_killed(order, [], "exception", type(error).__name__, str(error)))
        raise ClusterFault("work_dropped", {"scheduler": self.scheduler})

    def _take_in(self, order: dict, result: dict) -> None:
        """Move the files of a worker into the folder of the order; of several tries, only those of this one."""
        folder, out = Path(order["folder"]), Path(order["folder"], "out")
        shutil.rmtree(out)
        if self._request["storage"]:
            fs, root = store_at(self._request["storage"])
            pack = folder / "out.tar"
            fs.get_file(f"{root}/{result['place']}", str(pack))
            with tarfile.open(pack) as packed:
                packed.extractall(folder, filter="data")
            pack.unlink()
            fs.rm_file(f"{root}/{result['place']}")
        else:
            if Path(result["place"]).name != result["place"]:
                raise OSError(f"{result['place']} is no folder of this order")
            os.rename(folder / result["place"] / "out", out)
            shutil.rmtree(folder / result["place"], ignore_errors=True)
        came, sent = (
            {name: file["hash"] for name, file in of.items()} for of in (record.files_of(out), result["files"])
        )
        if wrong := changed(came, sent):
            raise OSError(f"{wrong[0]} did not arrive as it was sent")

    def _close(self, client, flying: list) -> None:
        """End all running orders, wait for them, and clear the store."""
        with contextlib.suppress(Exception):
            if flying:
                client.cancel(flying, force=True)
                client.run(quiet, self._batch, on_error="ignore")
        with contextlib.suppress(Exception):
            client.close(timeout=PATIENCE)
        with contextlib.suppress(Exception):
            self._mark.unlink(missing_ok=True)
            if self._request["storage"]:
                fs, root = store_at(self._request["storage"])
                fs.invalidate_cache()
                fs.rm(fs.glob(f"{root}/{self._batch}-*"))
