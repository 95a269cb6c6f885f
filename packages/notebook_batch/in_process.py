"""An IPython kernel in the calling process: no sockets, no threads, no second process.

nbclient talks to it as to any kernel (it is manager and client at once), so that outputs, errors, updated
displays and the state of widgets are put into the notebook by the same code, whichever kernel is used.
"""

from __future__ import annotations

import asyncio
import io
import logging
import os
import sys
import threading
from types import SimpleNamespace

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from traitlets import Any
from traitlets.config import Config

SOON = 200  # writes of a cell that are passed on at once


class _Session(Session):
    """Delivers every message at once instead of through a socket."""

    deliver = Any()

    def send(self, stream, msg_or_type, content=None, parent=None, buffers=None, header=None, metadata=None, **_):
        if isinstance(msg_or_type, dict):
            message = msg_or_type
        else:
            message = self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        # as after a socket: tuples become lists
        message["content"] = self.unpack(self.pack(message["content"]))
        message["buffers"] = buffers or []
        self.deliver(message)
        return message


class _Kernel(IPythonKernel):
    def _abort_queues(self, *_):
        """There is no queue: cells come one at a time."""


class _Stream(io.TextIOBase):
    """Text that cells print: published in blocks; the first writes also go to `heard`, for the record of a killed cell.

    captured: the growing file of what programs print that cells start; it is inserted where it was printed.
    """

    encoding = "utf-8"

    def __init__(self, name: str, number: int, captured, publish, heard):
        self.name, self._number, self._captured, self._publish, self._heard = name, number, captured, publish, heard
        self._pending, self._size, self._unheard, self.soon = [], 0, [], SOON

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._keep(self._captured.read())
        self._keep(text)
        if self.soon:
            self.soon -= 1
            self._tell()
        if self._size > 1 << 16:
            self.flush()
        return len(text)

    def _keep(self, text: str) -> None:
        if text:
            self._pending.append(text)
            self._unheard.append(text)
            self._size += len(text)

    def flush(self) -> None:
        self._keep(self._captured.read())
        if self._pending:
            self._tell()
            text, self._pending, self._size = "".join(self._pending), [], 0
            self._publish(self.name, text)

    def _tell(self) -> None:
        text, self._unheard = "".join(self._unheard), []
        if text:
            self._heard(self.name, text)


class _Channel:
    """Messages of one kind, as nbclient reads them."""

    def __init__(self):
        self._messages: asyncio.Queue = asyncio.Queue()

    def put(self, message: dict) -> None:
        self._messages.put_nowait(message)

    async def get_msg(self, timeout: float | None = None) -> dict:
        return await self._messages.get()


class KernelInProcess:
    """Kernel, manager and client in one. heard(name, text) is called as cells print."""

    has_kernel = True
    allow_stdin = False

    def __init__(self, extensions: list[str], heard=lambda name, text: None):
        self._heard = heard
        self.shell_channel, self.iopub_channel = _Channel(), _Channel()
        settings = Config()
        settings.HistoryManager.enabled = False
        self.kernel = _Kernel.instance(
            session=_Session(deliver=self._deliver), config=settings, log=logging.getLogger(__name__), user_ns={}
        )
        # where a cell awaits something, the kernel asks which thread it runs in
        self.kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        for name in extensions:
            self.kernel.shell.extension_manager.load_extension(name)

    def open_streams(self, folder: str) -> None:
        """Send what is printed to the notebook from now on, also by programs that cells start."""
        self._streams = []
        for number, name in ((1, "stdout"), (2, "stderr")):
            path = os.path.join(folder, f"{name}.txt")
            handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_APPEND, 0o644)
            os.dup2(handle, number)
            os.close(handle)
            captured = open(path, encoding="utf-8", errors="replace")  # noqa: SIM115 - until the end
            self._streams.append(_Stream(name, number, captured, self._print, self._heard))
        sys.stdout, sys.stderr = self._streams

    def _print(self, name: str, text: str) -> None:
        self.kernel.session.send(None, "stream", {"name": name, "text": text}, parent=self.kernel.get_parent("shell"))

    def _deliver(self, message: dict) -> None:
        channel = self.shell_channel if message["header"]["msg_type"].endswith("_reply") else self.iopub_channel
        channel.put(message)

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True, **_) -> str:
        kernel = self.kernel
        content = {"code": code, "silent": False, "store_history": store_history, "stop_on_error": stop_on_error}
        parent = kernel.session.msg("execute_request", content | {"allow_stdin": False, "user_expressions": {}})
        for stream in self._streams:
            stream.soon = SOON
        kernel.set_parent([], parent)
        kernel._publish_status("busy", "shell", parent)
        await kernel.execute_request(None, [], parent)
        for stream in self._streams:
            stream.flush()
        kernel._publish_status("idle", "shell", parent)
        return parent["header"]["msg_id"]

    def language_info(self) -> dict:
        return self.kernel.language_info

    # What nbclient asks of a manager and a client.

    def client(self):
        return self

    async def is_alive(self) -> bool:
        return True

    async def wait_for_ready(self, timeout=None) -> None:
        pass

    def start_channels(self) -> None:
        pass

    def stop_channels(self) -> None:
        pass

    def shutdown_kernel(self, now=False) -> None:
        pass

    def cleanup_resources(self) -> None:
        pass
