"""Processor seconds of a figure by stage, of this code and of an earlier commit side by side in one run.

    python benchmarks/figures.py [--against main~5] [--rounds 3]

The cells of all notebooks of a report run one after another in one process for each code, in turn, which adds up what
each stage uses: by processor time, so that a busy machine spoils little. The first figure of a process is left out.
Stages are told apart by calls of libraries, which any commit makes: drawing by matplotlib in each format, writing by
Pillow; what is left of the rendering is drawing once for all formats, colours and the small copy; what is left of a
figure is its caption and its chart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import bytecode, machine, run_cells, table

REQUEST = ("2024Q1", "58", "vi")
ROOT = Path(__file__).resolve().parents[1]
STAGES = ("chart", "pixels", "PNG written", "SVG", "PDF", "rest")


def measure(folder: Path) -> dict[str, float]:
    """CPU s a figure of each stage and kB a figure of each format, of a report whose cards go to the folder."""
    from matplotlib.backends import backend_agg, backend_pdf
    from PIL import Image

    from figure_cards import rendering
    from ninhthuan_reports import report
    from ninhthuan_reports.runs import plan
    from ninhthuan_reports.runs.warming import WARM
    from notebook_batch.warm import warm_up

    spent, within = dict.fromkeys(STAGES, 0.0), []

    def stage(name: str, owner, function: str) -> None:
        """Add up the time of a function, less that of the stages within it."""
        real = getattr(owner, function)

        def counted(*args, **options):
            started = time.process_time()
            within.append(0.0)
            result = real(*args, **options)
            took = time.process_time() - started
            spent[name] += took - within.pop()
            if within:
                within[-1] += took
            return result

        setattr(owner, function, counted)

    (request,) = plan.requests([REQUEST[0]], [REQUEST[1]], [REQUEST[2]])
    warm_up(WARM, [])
    stage("chart", report.Report, "figure")
    stage("rest", rendering, "render")
    stage("pixels", backend_agg.FigureCanvasAgg, "draw")
    stage("PNG written", Image.Image, "save")
    stage("SVG", rendering, "svg")
    stage("PDF", backend_pdf.FigureCanvasPdf, "print_pdf")
    for job in plan.jobs_of(request, plan.declared()):
        run_cells(job, folder)
    sizes = {kind: [path.stat().st_size for path in folder.glob(f"figures/*.{kind}")] for kind in ("png", "svg", "pdf")}
    count = len(sizes["png"])
    found = {name: seconds / count for name, seconds in spent.items()}
    found["all stages"] = sum(found.values())
    return found | {f"kB of {kind}": sum(size) / 1024 / count for kind, size in sizes.items()} | {"figures": count}


def run(tree: Path) -> dict[str, float]:
    """Measure the code of a tree in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        paths = os.pathsep.join(map(str, (tree, tree / "packages")))
        command = [sys.executable, str(Path(__file__).resolve()), "--measure", folder]
        done = subprocess.run(
            command, cwd=tree, env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.PIPE, check=True
        )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", default="HEAD~1", help="commit to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    with bytecode(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        git, before = ["git", "-C", str(ROOT)], Path(folder, "before")
        subprocess.run([*git, "worktree", "add", "--quiet", "--detach", str(before), options.against], check=True)
        try:
            rounds = [(run(before), run(ROOT)) for _ in range(options.rounds)]
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", str(before)], check=True)
    print(f"{rounds[0][1]['figures']} figures of {'/'.join(REQUEST)}, {options.rounds} rounds. {machine()}\n")
    medians = [
        [statistics.median(found[name] for found in side) for side in zip(*rounds, strict=True)]
        for name in rounds[0][0]
    ]
    rows = [
        [name, *(f"{value:.3f}" if value < 10 else f"{value:.0f}" for value in pair), f"{pair[1] / pair[0]:.2f}"]
        for name, pair in zip(rounds[0][0], medians, strict=True)
    ]
    print(table(["CPU s a figure", options.against, "now", "ratio"], rows[:-1]))


if __name__ == "__main__":
    main()
