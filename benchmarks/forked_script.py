"""The notebooks' code as a plain script: no kernel, no notebook, no check of anything. The floor to compare with.

A parent with the same imports and data as the engine's forks a process for each notebook, two at a time;
each runs the code cells one after another and writes its cards.

    python benchmarks/forked_script.py FOLDER QUARTER PROVINCE LANGUAGE
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from common import run_cells

from ninhthuan_reports.runs import plan
from ninhthuan_reports.runs.warming import WARM, knowledge_of
from notebook_batch.processes import child_environment
from notebook_batch.warm import warm_up


def main(folder: Path, quarter: str, province: str, language: str, workers: int = 2) -> None:
    folder.mkdir(parents=True)
    os.environ.update(child_environment(folder))
    (request,) = plan.requests([quarter], [province], [language])
    jobs = plan.jobs_of(request, plan.declared())
    warm_up(WARM, knowledge_of([request]))
    gc.collect()
    gc.freeze()  # as the engine's parent does
    jobs.sort(key=lambda job: -len(job.cards))
    running = 0
    while jobs or running:
        if jobs and running < workers:
            job = jobs.pop(0)
            if os.fork() == 0:
                code = 1
                try:
                    run_cells(job, folder)
                    code = 0
                finally:
                    os._exit(code)
            running += 1
        else:
            _, status = os.wait()
            running -= 1
            if status:
                sys.exit("a notebook's code failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
