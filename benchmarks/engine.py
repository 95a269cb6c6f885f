"""The same notebooks three ways, side by side in one run: papermill in a shell loop, `ninhthuan run`, a plain script.

    python benchmarks/engine.py [--rounds 3] [--kernels]

- loop: what a user has without this engine: `papermill notebook.ipynb out.ipynb -r name value ...`, one after
  another, with the same parameters.
- engine: the whole command `ninhthuan run --again --formats none`: start-up, check of the data, notebooks,
  verification, the report put in place with its page. Documents, which the others do not make, are left out.
- script: the cells' code in processes forked from a warm parent, two at a time, nothing else (forked_script.py).
- kernels, where asked for: `ninhthuan run --kernel`, the engine with a normal kernel for each notebook.

Before the rounds one notebook is run, untimed, so that Python's bytecode and the files are where they are on any
but the first run. In each round the ways come in another order; a ratio is that of the times of one round, and the
median of the rounds counts. The cards made by all ways must have the same bytes.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from common import NINHTHUAN, PAPERMILL, Spent, bytecode, cards_of, machine, spread, table, timed

from ninhthuan_reports.runs import plan

REQUEST = ("2024Q1", "58", "vi")
NAMES = {
    "loop": "papermill CLI in a loop",
    "kernels": "`ninhthuan run --kernel` (a normal kernel each)",
    "engine": "`ninhthuan run`",
    "script": "forked plain script",
}


def loop(jobs, folder: Path) -> tuple[Spent, Path]:
    commands = []
    (folder / "executed").mkdir(parents=True)
    for job in jobs:
        command = [PAPERMILL, "--no-progress-bar", str(job.notebook), str(folder / "executed" / f"{job.name}.ipynb")]
        for name, value in (job.parameters | {"output_dir": str(folder)}).items():
            command += ["-r", name, value]
        commands.append(command)
    return timed(commands), folder


def engine(jobs, folder: Path, *options: str, code: int = 0) -> tuple[Spent, Path]:
    command = [NINHTHUAN, "run", "--again", "--formats", "none", "--quarter", REQUEST[0], "--provinces", REQUEST[1]]
    command += ["--languages", REQUEST[2], "--reports", str(folder), *options]
    return timed([command], codes=[code]), folder / "/".join(REQUEST)


def script(jobs, folder: Path) -> tuple[Spent, Path]:
    file = Path(__file__).with_name("forked_script.py")
    return timed([[sys.executable, str(file), str(folder), *REQUEST]]), folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kernels", action="store_true", help="the engine with normal kernels too")
    options = parser.parse_args()
    with bytecode():
        compare(options.rounds, options.kernels)


def compare(rounds: int, kernels: bool) -> None:
    """Run all ways in each round and print what they took."""
    ways = {"loop": loop, "engine": engine, "script": script}
    if kernels:
        ways["kernels"] = lambda jobs, folder: engine(jobs, folder, "--kernel")
    (request,) = plan.requests([REQUEST[0]], [REQUEST[1]], [REQUEST[2]])
    jobs = plan.jobs_of(request, plan.declared())
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        loop(jobs[-1:], Path(folder, "loop"))
        engine(jobs, Path(folder, "engine"), "--only", jobs[-1].identity, code=1)
    print(f"{len(jobs)} notebooks of {'/'.join(REQUEST)}, {rounds} rounds. {machine()}\n", flush=True)
    spent: dict[str, list[Spent]] = {name: [] for name in ways}
    made: dict[str, str] = {}
    for number in range(rounds):
        order = list(ways)[number % len(ways) :] + list(ways)[: number % len(ways)]
        for name in order:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                one, cards = ways[name](jobs, Path(folder, "out"))
                spent[name].append(one)
                found = cards_of(cards)
            made = made or found
            differ = sorted(file for file in made.keys() | found.keys() if made.get(file) != found.get(file))
            if differ or not found:
                raise SystemExit(f"{name}: other bytes than {order[0]}: {differ}")
            print(f"round {number + 1}, {name}: {one.wall:.1f} s, {one.cpu:.1f} CPU s", file=sys.stderr, flush=True)

    def ratios(over: str, under: str, measure: str = "wall") -> list[float]:
        pairs = zip(spent[over], spent[under], strict=True)
        return [getattr(a, measure) / getattr(b, measure) for a, b in pairs]

    rows = [
        [
            NAMES[name],
            spread([one.wall for one in spent[name]]),
            spread([one.cpu for one in spent[name]]),
            spread(ratios("loop", name), 2),
            spread(ratios(name, "script"), 2),
        ]
        for name in NAMES
        if name in spent
    ]
    print(
        table(
            ["way", "wall s (min / median / max)", "CPU s", "loop's time against it", "its time against the script's"],
            rows,
        )
    )
    print(f"\nThe {len(made)} files of all cards have the same bytes, whichever way they were made.")
    print(f"In CPU time: {statistics.median(ratios('loop', 'engine', 'cpu')):.1f} times less than the loop, ", end="")
    print(f"{statistics.median(ratios('engine', 'script', 'cpu')):.2f} times the script.\n")
    print(f"faster than the papermill CLI loop: {statistics.median(ratios('loop', 'engine')):.1f}")
    print(f"against the forked script: {statistics.median(ratios('engine', 'script')):.2f}")


if __name__ == "__main__":
    main()
