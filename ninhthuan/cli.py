"""The verbs: `ninhthuan check` and `ninhthuan run`.

Exit codes: 0 all is well and verified; 1 something failed; 2 the request was wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .catalogue import data_dir
from .checks import DataFaults, check_data, seal
from .wording import LANGUAGES, number, pick


def main(arguments: list[str] | None = None) -> int:
    """Run a verb and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="ninhthuan", description="Chỉ số quản trị và công việc hành chính / governance indices and workload"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="kiểm tra toàn bộ data/ / check all of data/")
    check.add_argument("--seal", action="store_true", help="ghi lại kích thước và mã băm / write sizes and hashes anew")
    check.add_argument("--language", choices=LANGUAGES, default="vi")
    run = verbs.add_parser("run", help="làm báo cáo của một quý / make a quarter's report")
    run.add_argument(
        "--quarter", default="", help="2024Q1; trống: quý mới nhất có số liệu / empty: newest with figures"
    )
    run.add_argument("--province", default="58", help="mã tỉnh / province code")
    run.add_argument("--language", default="vi", help="vi, en")
    run.add_argument("--as-of", default="", help="2024-04-30; trống: ngày khóa sổ / empty: closing day")
    run.add_argument("--reports", default="reports", type=Path, help="thư mục báo cáo / folder of reports")
    run.add_argument("--workers", default=min(4, os.cpu_count() or 1), type=int)
    options = parser.parse_args(arguments)
    try:
        return {"check": _check, "run": _run}[options.verb](options)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1


def _check(options: argparse.Namespace) -> int:
    folder, language = data_dir(), options.language
    if options.seal:
        changed = seal(folder)
        print(pick(f"Đã ghi lại mã băm của {len(changed)} tệp", f"Sealed {len(changed)} changed files", language))
    try:
        rows = check_data(folder)
    except DataFaults as found:
        for fault in found.faults:
            print(fault.text(language), file=sys.stderr)
        count = len(found.faults)
        print(pick(f"{count} lỗi dữ liệu", f"{count} faults in the data", language), file=sys.stderr)
        return 1
    total = number(sum(rows.values()), 0, language)
    print(
        pick(
            f"data/ hợp lệ: {len(rows)} bảng, {total} dòng",
            f"data/ is valid: {len(rows)} tables, {total} rows",
            language,
        )
    )
    return 0


def _run(options: argparse.Namespace) -> int:
    # papermill and the kernels are heavy: a wrong request is refused before anything of them is touched
    from .datasets import newest_quarter
    from .parameters import ParameterFaults, check_parameters
    from .runs.execute import Busy, Interrupted, run_report
    from .runs.plan import plan

    language = options.language if options.language in LANGUAGES else "vi"
    try:
        request = check_parameters(
            {
                "quarter": options.quarter or str(newest_quarter()),
                "as_of": options.as_of,
                "province_code": options.province,
                "language": options.language,
                "output_dir": "",
            }
        )
        jobs = plan(request)
    except ParameterFaults as found:
        for line in found.lines(language):
            print(line, file=sys.stderr)
        print(pick("Không chạy gì.", "Nothing was run.", language), file=sys.stderr)
        return 2
    code = _check(argparse.Namespace(language=language, seal=False))
    if code:
        return code

    def tell(outcome, done: int, total: int) -> None:
        state = pick("xong", "done", language) if outcome.status == "done" else pick("HỎNG", "FAILED", language)
        print(f"[{done}/{total}] {outcome.job.identity}: {state}, {number(outcome.seconds, 1, language)} s", flush=True)

    print(
        pick(
            f"Báo cáo {request.quarter}, {request.province.name}, {len(jobs)} sổ tay",
            f"Report {request.quarter}, {request.province.name_en}, {len(jobs)} notebooks",
            language,
        ),
        flush=True,
    )
    try:
        outcomes, folder = run_report(
            request, jobs, options.reports.resolve(), workers=max(1, options.workers), tell=tell
        )
    except Busy as busy:
        print(
            pick(
                f"Tiến trình {busy} đang làm báo cáo trong {options.reports}: đợi nó xong rồi chạy lại",
                f"Process {busy} is making reports in {options.reports}: run again when it has finished",
                language,
            ),
            file=sys.stderr,
        )
        return 1
    except Interrupted as stopped:
        print(
            pick(
                f"Bị dừng ({stopped}); báo cáo cũ còn nguyên",
                f"Stopped ({stopped}); the old report is untouched",
                language,
            ),
            file=sys.stderr,
        )
        return 128 + stopped.number
    except OSError as error:
        print(
            pick(
                f"Không ghi được báo cáo: {error}; báo cáo cũ còn nguyên",
                f"The report cannot be written: {error}; the old report is untouched",
                language,
            ),
            file=sys.stderr,
        )
        return 1
    failed = [outcome for outcome in outcomes if outcome.status != "done"]
    for outcome in failed:
        error = outcome.error or {}
        where = pick("ô", "cell", language)
        print(
            f"\n{outcome.job.identity}, {where} {error.get('cell') or '?'}: {error.get('name')}: "
            f"{error.get('message')}",
            file=sys.stderr,
        )
        for line in (error.get("source") or "").splitlines()[:12]:
            print(f"    {line}", file=sys.stderr)
    if failed:
        print(
            pick(
                f"\n{len(failed)} sổ tay hỏng; báo cáo cũ còn nguyên; sổ hỏng để xem lại ở {folder}",
                f"\n{len(failed)} notebooks failed; the old report is untouched; what was made is kept in {folder}",
                language,
            ),
            file=sys.stderr,
        )
        return 1
    print(pick(f"Báo cáo: {folder / 'index.html'}", f"Report: {folder / 'index.html'}", language))
    return 0


if __name__ == "__main__":
    sys.exit(main())
