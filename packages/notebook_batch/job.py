"""One notebook, from its source to the executed file: papermill sets the parameters and keeps the format.

Cells run in a kernel inside this process, which was forked for them, or in a normal kernel where fork does not exist;
both give the same notebook. Events are sent as they happen, so that the executor can write the notebook even after
this process was killed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines
from papermill.execute import prepare_notebook_metadata
from papermill.iorw import load_notebook_node
from papermill.log import logger
from papermill.parameterize import parameterize_notebook
from traitlets import Any

from . import faults, record
from .finishing import work_in
from .in_process import KernelInProcess
from .plan import text_in

ANSI = re.compile(r"\x1b\[[0-9;]*m")
RULES = "notebook_batch.cell_rules"
DISK = tuple(f"[Errno {number}]" for number in faults.DISK)
MEMORY_ERRORS = ("MemoryError", "_ArrayMemoryError", "ArrayMemoryError")


def prepared(order: dict) -> nbformat.NotebookNode:
    """The notebook with its parameters set and without the text cells of other languages.

    Where a parameter is called `language`, a text cell with tags stays only if one of them is that language.
    """
    book = nbformat.reads(order["source"], as_version=4)
    language = order["parameters"].get("language")
    book.cells = [cell for cell in book.cells if not language or text_in(cell, language)]
    book = load_notebook_node(book)
    book = parameterize_notebook(book, order["parameters"], kernel_name="python3", language="python")
    for cell in book.cells:
        # papermill gives the cell that it adds a random id
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
    name = Path(order["output"]).name
    return prepare_notebook_metadata(book, name, name)


def fault(book: nbformat.NotebookNode, place: int | None, reason: str, name: str, message: str) -> dict:
    """What went wrong, where: reason is exception, timeout, memory, signal, disk or missing_card."""
    cell = book.cells[place] if place is not None and place < len(book.cells) else None
    return {
        "reason": reason,
        "cell": cell.get("id", str(place)) if cell is not None else None,
        "source": cell.source if cell is not None else "",
        "name": name,
        "message": ANSI.sub("", str(message)).strip()[:2000],
    }


def mark_failed(book: nbformat.NotebookNode, place: int, name: str, message: str) -> None:
    """Mark a cell as failed that left no error, and those after it as never run."""
    cell = book.cells[place]
    cell.setdefault("metadata", {}).setdefault("papermill", {}).update(status="failed", exception=True)
    book.metadata.papermill["exception"] = True
    if cell.cell_type == "code" and not any(output.output_type == "error" for output in cell.outputs):
        text = f"{name}: {message}"
        cell.outputs.append(nbformat.v4.new_output("error", ename=name, evalue=message, traceback=[text]))


class _Client(PapermillNotebookClient):
    """papermill's client; it sends an event for each cell and calls no cell completed that was not."""

    tell = Any()
    failure = Any(None)

    def execute(self, **kwargs):
        self.reset_execution_trackers()
        with self.setup_kernel(**kwargs):
            # before any cell can end the kernel
            if isinstance(self.km, KernelInProcess):
                self.nb.metadata["language_info"] = self.km.language_info()
            else:
                info = self.wait_for_reply(self.kc.kernel_info())
                self.nb.metadata["language_info"] = info["content"]["language_info"]
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    def papermill_execute_cells(self):
        for place, cell in enumerate(self.nb.cells):
            self.nb_man.cell_start(cell, place)
            self.tell({"event": "cell", "cell": place})
            try:
                self.execute_cell(cell, place)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, place)
                reason = "exception"
                if error.ename in MEMORY_ERRORS:
                    reason = "memory"
                elif error.ename == "OSError" and error.evalue.startswith(DISK):
                    reason = "disk"
                self.failure = fault(self.nb, place, reason, error.ename, error.evalue)
            except (DeadKernelError, CellTimeoutError) as error:
                reason = "timeout" if isinstance(error, CellTimeoutError) else "signal"
                name = type(error).__name__
                mark_failed(self.nb, place, name, "the cell took too long" if reason == "timeout" else "Kernel died")
                self.failure = fault(self.nb, place, reason, name, str(error))
            self.nb_man.cell_complete(cell, place)
            done = {"event": "cell_done", "cell": place, "failed": bool(self.failure)}
            if cell.cell_type == "code":
                done |= {"outputs": cell.outputs, "execution_count": cell.execution_count}
            self.tell(done)
            if self.failure:
                break


class _Engine(Engine):
    """Runs a managed notebook with the client above; registered with papermill as `notebook_batch`."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, kernel, tell, result, cell_seconds, **_):
        # two streams of one cell are one text each, however the printing was cut into messages
        options = {
            "km": kernel,
            "kernel_name": kernel_name,
            "coalesce_streams": True,
            "record_timing": False,
            "log": logger,
            "tell": tell,
        }
        if kernel is None:
            # the executor ends cells that take too long; this limit is for when it cannot reach the kernel
            options |= {"timeout": cell_seconds or None, "ipython_hist_file": ":memory:"}
            options["extra_arguments"] = [f"--InteractiveShellApp.extensions=['{RULES}']"]
        client = _Client(nb_man, **options)
        client.execute()
        result["failure"] = client.failure


papermill_engines.register("notebook_batch", _Engine)


def run_job(order: dict, tell: Callable[[dict], None], kernel: KernelInProcess | None) -> None:
    """Execute the notebook of an order and write it into its folder; the last event is the result.

    order: `source` (the notebook's text), `parameters`, `folder`, `output` (a path within the folder),
    `cell_seconds`. kernel: one inside this process, or None for a normal one.
    """
    started = time.monotonic()
    work_in(order["folder"])
    book, result = prepared(order), {"failure": None}
    try:
        papermill_engines.execute_notebook_with_engine(
            "notebook_batch",
            book,
            kernel_name="python3",
            output_path=None,
            progress_bar=False,
            autosave_cell_every=0,
            kernel=kernel,
            tell=tell,
            result=result,
            cell_seconds=order["cell_seconds"],
        )
        finish(book, order)
    except Exception as error:  # any error belongs in the result
        what = fault(book, None, faults.reason_of(error), type(error).__name__, str(error))
        result["failure"] = result["failure"] or what
    tell({"event": "result", "failure": result["failure"], "seconds": round(time.monotonic() - started, 2)})


def finish(book: nbformat.NotebookNode, order: dict) -> None:
    """Write the executed notebook atomically, without times: the same run gives the same bytes."""
    for holder in (book, *book.cells):
        for name in ("start_time", "end_time", "duration"):
            holder.metadata.get("papermill", {}).pop(name, None)
    record.write_atomically(Path(order["folder"], order["output"]), f"{nbformat.writes(book)}\n".encode())


def write_from_events(order: dict, events: list[dict], name: str, message: str, reason: str) -> dict:
    """Write the notebook of a process that was killed, from the events it had sent; returns the fault."""
    book = prepared(order)
    book.metadata.papermill.update(exception=None)
    for cell in book.cells:
        cell.metadata.papermill = {"exception": None, "status": "pending"}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    running = None
    for event in events:
        if event["event"] == "cell":
            running = event["cell"]
            book.cells[running].metadata.papermill["status"] = "running"
        elif event["event"] == "text":
            outputs = book.cells[running].outputs
            for output in outputs:
                if output.name == event["name"]:
                    output.text += event["text"]
                    break
            else:
                outputs.append(nbformat.v4.new_output("stream", name=event["name"], text=event["text"]))
        elif event["event"] == "cell_done":
            cell = book.cells[event["cell"]]
            cell.metadata.papermill["status"] = "completed"
            if cell.cell_type == "code":
                cell.outputs = [nbformat.from_dict(output) for output in event["outputs"]]
                cell.execution_count = event["execution_count"]
            if event["failed"]:
                cell.metadata.papermill.update(status="failed", exception=True)
    if running is not None:
        # between two cells it is the later one that never ran to its end
        if book.cells[running].metadata.papermill["status"] == "completed" and running + 1 < len(book.cells):
            running += 1
        mark_failed(book, running, name, message)
    finish(book, order)
    return fault(book, running, reason, name, message)
