"""How many orders a scheduler of Dask hands out, and what the way of one order costs: see docs/scale.md.

    python benchmarks/orders.py tcp://127.0.0.1:8786

Three numbers: tasks that do nothing but carry an order; notebooks of one empty cell on the workers; the same here.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from ninhthuan_reports.runs.inputs import Inputs
from ninhthuan_reports.runs.warming import WARM
from notebook_batch.cluster import Cluster
from notebook_batch.processes import Processes

BARE, TINY = 2000, 60


def orders(folder: Path, number: int) -> list[dict]:
    """Notebooks of one empty cell."""
    book = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )
    book.cells = [nbformat.v4.new_code_cell("pass", id="one")]
    made = []
    for place in range(number):
        (folder / str(place) / "out").mkdir(parents=True)
        parameters = {"quarter": "2024Q1", "language": "vi"}
        order = {"identity": str(place), "source": nbformat.writes(book), "parameters": parameters}
        made.append(order | {"folder": str(folder / str(place)), "output": "out/book.ipynb"})
    return made


def main(address: str) -> None:
    from distributed import Client

    inputs = Inputs()
    with tempfile.TemporaryDirectory() as base:
        settings = {"warm": WARM, "given": [("2024-04-30", "pre_2025")]}
        settings |= {"workdir": Path(base) / ".work" / ".warm"}
        cluster = Cluster(address, inputs, **settings)
        with Client(address, set_as_default=False) as client:
            threads = sum(client.nthreads().values())
            carried = {"source": "x" * 8000}, cluster._request
            started = time.monotonic()
            client.gather([client.submit(len, carried, key=f"bare-{place}") for place in range(BARE)])
            seconds = time.monotonic() - started
            size = len(json.dumps(carried)) / 1024
            print(f"bare tasks of {size:.0f} KB: {BARE / seconds:.0f} a second")
        for name, executor in ((f"dask, {threads} threads", cluster), ("here, 2 workers", Processes(2, **settings))):
            ends = []
            for ended in executor.run(orders(Path(base) / name, TINY)):
                assert ended.failure is None, ended.failure
                ends.append(time.monotonic())
            # from the first result on: the warm parents are there
            print(f"empty notebooks, {name}: {(TINY - 1) / (ends[-1] - ends[0]):.1f} a second")


if __name__ == "__main__":
    main(sys.argv[1])
