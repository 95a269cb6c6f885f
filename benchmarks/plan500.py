"""Time to decide on 506 unchanged notebooks, to run nothing of them, and to refuse wrong requests.

    python benchmarks/plan500.py [--report reports/2024Q1/58/vi] [--trials 5]

The folder of 46 reports is synthetic: one real report (made first where none is given), its files linked 46 times,
and in each copy's record the identities, reads and inputs of another province, so that the engine has as many
decisions to take, files to look at and hashes to compare as with 46 real ones. Their cards are not of those provinces.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from common import NINHTHUAN, bytecode, machine, spread, table, timed

from ninhthuan_reports.runs import plan
from ninhthuan_reports.runs.inputs import Inputs
from notebook_batch import record
from notebook_batch.inputs import digest

QUARTER, LANGUAGE, REPORTS = "2024Q1", "vi", 46
WRONG = (
    ("a quarter that does not exist", "--quarter", "2024Q9"),
    ("a misspelt language", "--quarter", QUARTER, "--languages", "vn"),
    ("a province of another time", "--quarter", "2025Q4", "--provinces", "58"),
)


def synthetic(real: Path, reports: Path, wanted) -> None:
    """One real report under the names of many."""
    inputs, known = Inputs(), plan.declared()
    old = json.loads((real / "run.json").read_text(encoding="utf-8"))
    code = old["request"]["province_code"]
    for request in wanted:
        other = request.province.province_code
        folder = reports / plan.report_of(request)
        for path in sorted(real.rglob("*")):
            if path.is_file() and path.name != "run.json":
                (folder / path.relative_to(real)).parent.mkdir(parents=True, exist_ok=True)
                os.link(path, folder / path.relative_to(real))
        jobs = []
        for job in plan.jobs_of(request, known):
            seal = record.job_of(old, job.name)
            reads = [name.replace(f"province_code={code}", f"province_code={other}") for name in seal["reads"]]
            jobs.append(seal | {"identity": job.identity, "reads": reads, "inputs": inputs.of(job, reads)})
        new = {key: value for key, value in old.items() if key != "seal"} | {"jobs": jobs}
        new["request"] = old["request"] | {"province_code": other}
        (folder / "run.json").write_bytes(record.canonical(new | {"seal": digest(record.canonical(new))}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", type=Path, help="a finished report of 2024Q1 in Vietnamese")
    parser.add_argument("--trials", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, bytecode():
        folder = Path(name)
        real = options.report
        if real is None:
            real = folder / "real" / QUARTER / "58" / LANGUAGE
            timed([[NINHTHUAN, "run", "--quarter", QUARTER, "--provinces", "58", "--reports", str(folder / "real")]])
        wanted = plan.requests([QUARTER], ["all"], [LANGUAGE])[:REPORTS]
        reports = folder / "reports"
        synthetic(real, reports, wanted)
        asked = ["--quarter", QUARTER, "--languages", LANGUAGE, "--reports", str(reports)]
        asked += ["--provinces", ",".join(request.province.province_code for request in wanted)]
        planned = plan.plan(wanted, reports, Inputs())
        decisions = [decision for one in planned for decision in one.decisions]
        if any(decision.action != "keep" for decision in decisions):
            raise SystemExit(f"not unchanged: {next(d for d in decisions if d.action != 'keep')}")
        print(f"{len(decisions)} unchanged notebooks in {REPORTS} reports, {options.trials} trials. {machine()}\n")
        cases = [
            (f"`ninhthuan plan`, {len(decisions)} decided", [NINHTHUAN, "plan", *asked], 0),
            (f"`ninhthuan run`, {len(decisions)} unchanged", [NINHTHUAN, "run", *asked], 0),
            ("`ninhthuan diff`, two quarters", [NINHTHUAN, "diff", "2023Q4", "2024Q1"], 0),
        ]
        cases += [(f"refused: {what}", [NINHTHUAN, "run", *more], 2) for what, *more in WRONG]
        rows = []
        for what, command, code in cases:
            timed([command], codes=[code])
            spent = [timed([command], codes=[code]) for _ in range(options.trials)]
            rows.append([what, spread([one.wall for one in spent], 2), spread([one.cpu for one in spent], 2)])
        print(table(["what", "wall s (min / median / max)", "CPU s"], rows))


if __name__ == "__main__":
    main()
