"""One job in a process of its own: `python -m ninhthuan.runs.worker job.json`.

Runs the notebook through papermill and writes what happened to the job's result file. Whether the job
succeeded is judged by the parent, from this result and from the cards, never from the notebook's own word.
"""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def prepare(notebook: Path, language: str) -> nbformat.NotebookNode:
    """The notebook without the text cells of other languages."""
    book = nbformat.read(notebook, as_version=4)
    book.cells = [
        cell
        for cell in book.cells
        if cell.cell_type != "markdown" or not cell.metadata.get("tags") or language in cell.metadata["tags"]
    ]
    return book


def run(job: dict) -> dict:
    """Execute one job; returns status, seconds and, where it failed, cell, name and message of the error."""
    started = time.monotonic()
    output = Path(job["output"])
    source = output.with_suffix(".source.ipynb")
    result = {"status": "failed", "error": None}
    try:
        nbformat.write(prepare(Path(job["notebook"]), job["parameters"]["language"]), source)
        book = papermill.execute_notebook(
            source,
            output,
            parameters=job["parameters"],
            kernel_name="python3",
            cwd=job["folder"],
            progress_bar=False,
            execution_timeout=job["timeout"],
        )
        # a cell may end the kernel without an exception: every code cell must have run to its end
        unfinished = [
            place
            for place, cell in enumerate(book.cells)
            if cell.cell_type == "code"
            and cell.source.strip()
            and (cell.execution_count is None or cell.metadata["papermill"]["status"] != "completed")
        ]
        if unfinished:
            result["error"] = _error(book, unfinished[0], "NotFinished", "the cell did not run to its end")
        else:
            result["status"] = "done"
    except PapermillExecutionError as error:
        book = nbformat.read(output, as_version=4)
        place = next(
            (
                i
                for i, cell in enumerate(book.cells)
                if cell.get("execution_count") == error.exec_count and error.exec_count
            ),
            error.cell_index,
        )
        result["error"] = _error(book, place, error.ename, error.evalue)
    except Exception as error:  # whatever stops a run belongs in the record
        result["error"] = {
            "cell": None,
            "source": "",
            "name": type(error).__name__,
            "message": ANSI.sub("", str(error)).strip()[:2000],
            "trace": ANSI.sub("", traceback.format_exc())[-4000:],
        }
    finally:
        source.unlink(missing_ok=True)
        _forget_paths(output)
    result["seconds"] = round(time.monotonic() - started, 2)
    return result


def _forget_paths(output: Path) -> None:
    """papermill notes the full paths of its files; a report may travel, so only the name stays."""
    if output.is_file():
        book = nbformat.read(output, as_version=4)
        book.metadata.get("papermill", {}).update(input_path=output.name, output_path=output.name)
        nbformat.write(book, output)


def _error(book: nbformat.NotebookNode, place: int, name: str, message: str) -> dict:
    cell = book.cells[place] if place is not None and place < len(book.cells) else None
    return {
        "cell": cell.get("id", str(place)) if cell is not None else None,
        "source": cell.source if cell is not None else "",
        "name": name,
        "message": ANSI.sub("", str(message)).strip()[:2000],
    }


if __name__ == "__main__":
    path = Path(sys.argv[1])
    job = json.loads(path.read_text(encoding="utf-8"))
    Path(job["result"]).write_text(json.dumps(run(job), ensure_ascii=False), encoding="utf-8")
