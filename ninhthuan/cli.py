"""The verbs: `ninhthuan check`, `import`, `template`, `plan`, `run`, `diff`, `verify` and `prune`.

Exit codes: 0 all is well and verified; 1 something failed; 2 the request was wrong. Whatever is heavy is
imported where it is needed: a wrong request is refused before any of it.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import io
import os
import signal
import sys
from datetime import date, datetime
from pathlib import Path

from .catalogue import PACKAGED, data_dir
from .language import LANGUAGES, pick
from .parameters import ParameterFaults
from .periods import Quarter

MOST = 60  # faults of a file that are told one by one
LONGEST = 1200  # characters of a line that quotes a file


def main(arguments: list[str] | None = None) -> int:
    """Run a verb and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="ninhthuan", description="Chỉ số quản trị và công việc hành chính / governance indices and workload"
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="kiểm tra toàn bộ data/ / check all of data/")
    check.add_argument("--seal", action="store_true", help="ghi lại kích thước và mã băm / write sizes and hashes anew")
    check.add_argument("--language", choices=LANGUAGES, default="vi")
    _add_import(verbs)
    _add_template(verbs)
    for name, words in (
        ("plan", "sẽ chạy gì và vì sao / what would run, and why"),
        ("run", "làm báo cáo / make reports"),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument(
            "--quarter",
            default="",
            help="2024Q1 | 2023Q4,2024Q1 | 2023Q1..2024Q1 | last (quý vừa khóa sổ và các quý bị lỡ / the last that has "
            "closed, and those missed); trống: quý mới nhất có số liệu / empty: newest with figures",
        )
        verb.add_argument("--provinces", default="", help="58 | 58,24 | all")
        verb.add_argument("--languages", default="", help="vi | en | vi,en")
        verb.add_argument("--as-of", default="", help="2024-04-30; trống: ngày khóa sổ / empty: closing day")
        verb.add_argument("--only", default="", metavar="PATTERN", help="2024Q1/58/vi/20_*")
        verb.add_argument(
            "--formats",
            default="",
            help="html,docx,pdf,xlsx,pptx | none; trống: như runs.toml / empty: as runs.toml says",
        )
        verb.add_argument(
            "--template", type=Path, metavar="FILE.docx", help="mẫu Word của cơ quan / an office's own Word template"
        )
        verb.add_argument("--again", action="store_true", help="chạy cả những gì không đổi / run unchanged ones too")
        verb.add_argument("--reports", default="reports", type=Path, help="thư mục báo cáo / folder of reports")
        verb.add_argument("--json", action="store_true", help="cho máy đọc / for machines")
    run = verbs.choices["run"]
    run.add_argument("--quiet", action="store_true", help="chỉ báo khi hỏng / tell of failures only")
    run.add_argument("--workers", default=min(4, os.cpu_count() or 1), type=int)
    run.add_argument("--memory", default=2048, type=int, metavar="MB", help="trần bộ nhớ mỗi sổ / ceiling per notebook")
    run.add_argument("--cell-seconds", default=600, type=float, help="giới hạn mỗi ô / limit per cell")
    run.add_argument("--summary", type=Path, metavar="FILE", help="ghi một trang tóm tắt / write a page of what is new")
    run.add_argument("--kernel", action="store_true", help="dùng nhân Jupyter thường / use normal Jupyter kernels")
    run.add_argument(
        "--executor",
        choices=("processes", "dask"),
        default="processes",
        help="máy này hay cụm Dask / this machine, or the workers of Dask",
    )
    run.add_argument("--scheduler", default="", metavar="URL", help="tcp://host:8786")
    run.add_argument(
        "--storage",
        default="",
        metavar="URL",
        help="s3://bucket/prefix: kết quả về qua kho này, khi các máy không chung thư mục / "
        "results come back through this store, where machines share no folder",
    )
    diff = verbs.add_parser("diff", help="có gì thay đổi giữa hai quý / what changed between two quarters")
    diff.add_argument("earlier", metavar="2023Q4", help="quý trước / the earlier quarter")
    diff.add_argument("later", metavar="2024Q1", help="quý sau / the later quarter")
    diff.add_argument("--province", default="58", metavar="CODE", help="mã tỉnh / code of the province")
    diff.add_argument(
        "--before",
        type=Path,
        metavar="FOLDER",
        help="bản cũ của data/, để thấy số liệu cũ được sửa / an older copy of data/, to see revised figures",
    )
    diff.add_argument("--language", choices=LANGUAGES, default="vi")
    diff.add_argument("--json", action="store_true", help="cho máy đọc / for machines")
    verify = verbs.add_parser("verify", help="đọc lại từng byte của báo cáo / read every byte of reports again")
    verify.add_argument("folders", nargs="+", type=Path, metavar="reports/2024Q1/58/vi")
    verify.add_argument("--reproduce", action="store_true", help="chạy lại và so từng byte / run again, compare bytes")
    verify.add_argument("--template", type=Path, metavar="FILE.docx", help="mẫu Word khi đó / the template used then")
    verify.add_argument("--language", choices=LANGUAGES, default="vi")
    prune = verbs.add_parser("prune", help="xóa báo cáo cũ, khi có --yes / remove old reports, with --yes")
    prune.add_argument("--keep", required=True, type=int, metavar="N", help="số quý giữ lại / quarters that are kept")
    prune.add_argument("--yes", action="store_true", help="xóa thật / do remove")
    prune.add_argument("--reports", default="reports", type=Path, help="thư mục báo cáo / folder of reports")
    prune.add_argument("--language", choices=LANGUAGES, default="vi")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no Vietnamese letters, odd file names
    try:
        known = {
            "check": _check,
            "import": _import,
            "template": _template,
            "plan": _plan,
            "run": _run,
            "diff": _diff,
            "verify": _verify,
            "prune": _prune,
        }
        return known[options.verb](options)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] == __package__:
            raise
        extra = "intake" if options.verb in ("import", "template") else "reports"
        print(
            pick(
                f"Chưa cài {error.name}: pip install 'ninhthuan[{extra}]'",
                f"{error.name} is not installed: pip install 'ninhthuan[{extra}]'",
                _language_of(options) if hasattr(options, "languages") else options.language,
            ),
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        return 130  # before anything was begun: a run that has begun answers for itself


def _check(options: argparse.Namespace) -> int:
    from .checks import DataFaults, check_data, seal
    from .wording import number

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
    if not getattr(options, "quiet", False):
        total = number(sum(rows.values()), 0, language)
        print(
            pick(
                f"data/ hợp lệ: {len(rows)} bảng, {total} dòng",
                f"data/ is valid: {len(rows)} tables, {total} rows",
                language,
            )
        )
    return 0


# ------------------------------------------------------------------------------------------------------------ import


def _add_import(verbs) -> None:
    words = "đưa số liệu mới vào data/ / bring new figures into data/"
    kinds = verbs.add_parser("import", help=words).add_subparsers(dest="kind", required=True)
    for kind, words in (
        ("papi", "bảng tính của papi.org.vn / a workbook of papi.org.vn"),
        ("pci", "bảng tính của VCCI / a workbook of VCCI"),
    ):
        verb = kinds.add_parser(kind, help=words)
        verb.add_argument("file", type=Path, metavar="FILE.xlsx")
        verb.add_argument(
            "--year", type=int, help="năm mà chỉ số mô tả; trống: theo tên tệp / empty: as the file name says"
        )
        verb.add_argument(
            "--sheet", default="", metavar="NAME", help="trang tính; trống: tự tìm / empty: found by itself"
        )
        verb.add_argument("--published-on", default="", metavar="2026-04-15", help="ngày công bố / day of publication")
        verb.add_argument("--source", default="", metavar="ID", help="mã nguồn trong sources.csv / id of the source")
        verb.add_argument(
            "--force",
            action="store_true",
            help="nhận dù khác quá 5%% số đã có / take it though over 5%% differ",
        )
        _add_source(verb)
    workload = kinds.add_parser("workload", help="mẫu số liệu của tỉnh đã điền / a filled template of a province")
    workload.add_argument("file", type=Path, metavar="FILE.xlsx|csv")
    dossiers = kinds.add_parser(
        "dossiers", help="tệp xuất từ hệ thống một cửa, mỗi hồ sơ một dòng / an export of the one-stop system"
    )
    dossiers.add_argument("file", type=Path, metavar="FILE.csv|parquet|xlsx")
    dossiers.add_argument(
        "--quarter",
        required=True,
        metavar="2024Q1,2024Q2",
        help="các quý cần tính: quý I, 6 tháng, quý III, năm (từ 15/12) / quarters to count: the reporting windows",
    )
    dossiers.add_argument(
        "--calendar", action="store_true", help="quý theo lịch, không lũy kế / quarters of the calendar, each by itself"
    )
    dossiers.add_argument(
        "--province", default="58", metavar="NAME", help="tên hoặc mã tỉnh / name or code of the province"
    )
    dossiers.add_argument(
        "--mapping", type=Path, metavar="FILE.toml", help="tên cột, giá trị trong tệp / names of columns and values"
    )
    dossiers.add_argument("--by-agency", action="store_true", help="cả từng cơ quan / figures of each agency too")
    _add_source(dossiers)
    for verb in kinds.choices.values():
        verb.add_argument("--dry-run", action="store_true", help="chỉ cho xem / only show what would change")
        verb.add_argument("--yes", action="store_true", help="ghi mà không hỏi / write without asking")
        verb.add_argument("--language", choices=LANGUAGES, default="vi")


def _add_source(verb) -> None:
    verb.add_argument("--title", default="", help="tên tài liệu / title of the source")
    verb.add_argument("--url", default="", help="địa chỉ / address of the source")


def _proposal(options: argparse.Namespace):
    """What a file brings; raises Refused with every fault."""
    if options.kind == "workload":
        from .intake.workload import read_workload

        return read_workload(options.file, data_dir())
    if options.kind == "dossiers":
        from .intake import dossiers

        province, windows = dossiers.asked(options.province, _quarters(options.quarter), options.calendar)
        named = {"mapping": options.mapping, "by_agency": options.by_agency}
        source = {"title": options.title, "url": options.url}
        with _counting(options.language) as tell:
            return dossiers.read_dossiers(
                options.file, windows, province, data_dir(), source=source, tell=tell, **named
            )
    from .intake.editions import Request
    from .intake.papi import read_papi
    from .intake.pci import read_pci

    read = {"papi": read_papi, "pci": read_pci}[options.kind]
    said = {name: getattr(options, name) for name in ("year", "sheet", "title", "url", "published_on")}
    return read(Request(options.file, source_id=options.source, **said))


def _import(options: argparse.Namespace) -> int:
    """Read a file, show what it would change, ask, and put it into data/: all of it or nothing."""
    from .intake import landing
    from .intake.sheets import Refused

    language, folder = options.language, data_dir()

    def sorry(vi: str, en: str) -> None:
        print(pick(vi, en, language), file=sys.stderr)

    # there is no stdin at all where it was closed
    if not (options.yes or options.dry_run or (sys.stdin and sys.stdin.isatty())):
        sorry(
            "Không có ai để hỏi: thêm --yes để ghi, --dry-run để chỉ xem. Không ghi gì.",
            "There is nobody to ask: add --yes to write, --dry-run to look only. Nothing was written.",
        )
        return 2
    if folder == PACKAGED and not options.dry_run:
        sorry(
            f"Số liệu ở {folder} đi cùng gói đã cài, bị ghi đè khi cài lại: chép thư mục đó ra nơi khác rồi đặt biến "
            "NINHTHUAN_DATA trỏ tới bản chép. Không ghi gì.",
            f"The data in {folder} came with the installed package and go when it is installed anew: copy that folder "
            "and set NINHTHUAN_DATA to the copy. Nothing was written.",
        )
        return 2
    try:
        proposal = _proposal(options)
        found = landing.differences(proposal, folder)
        for line in landing.told(proposal, found, language):
            print(_harmless(line))
        if not any(one.added or one.changed for one in found):
            print(pick("data/ đã có đủ: không có gì để ghi", "data/ has all of it: nothing to write", language))
            return 0
        _tell_cards([one.path for one in found if one.added or one.changed], language)
        if proposal.doubtful and not getattr(options, "force", False):
            differ, both = proposal.unlike
            sorry(
                f"{differ} trong {both} số đã có ở data/ khác với tệp (quá 5%): nhầm tệp, nhầm năm hay lệch dòng? Nếu "
                "tệp đúng, thêm --force. Không ghi gì.",
                f"{differ} of {both} figures that data/ has differ from the file (more than 5%): another file, another "
                "year, shifted rows? If the file is right, add --force. Nothing was written.",
            )
            return 2
        if options.dry_run:
            landing.land(proposal, folder, write=False)
            print(pick("Chỉ xem, không ghi gì", "Looked only, nothing was written", language))
            return 0
        if not options.yes and not _agreed(language):
            sorry("Không ghi gì.", "Nothing was written.")
            return 1
        landing.land(proposal, folder)
    except Refused as refused:
        lines, count = refused.lines(language), len(refused.faults)
        more = [pick(f"và {count - MOST} lỗi nữa", f"and {count - MOST} more", language)] if count > MOST else []
        print(*map(_harmless, lines[:MOST]), *more, sep="\n", file=sys.stderr)
        faults = "1 fault" if count == 1 else f"{count} faults"
        sorry(f"{count} lỗi; không ghi gì vào data/", f"{faults}; nothing was written to data/")
        return 1
    except OSError as error:
        sorry(f"Không ghi được: {error}; data/ còn nguyên", f"Cannot be written: {error}; data/ is as it was")
        return 1
    print(pick("Đã ghi vào data/ và kiểm tra: hợp lệ", "Written to data/ and checked: valid", language))
    return 0


def _tell_cards(tables: list[str], language: str) -> None:
    """Which cards draw from what is new: those of the tables of figures, since everything reads the reference."""
    from .runs.inputs import cards_of

    cards = cards_of(table for table in tables if not table.startswith("reference/"))
    if cards:
        print(pick("Thẻ dùng số liệu này:", "Cards that draw from it:", language))
        for notebook, names in cards.items():
            print(f"  {notebook}: {', '.join(names)}")


def _harmless(line: str) -> str:
    """A line that quotes a file, so that nothing of it can steer a terminal or fill it.

    >>> _harmless("no province is called '\x1b[2J'")
    "no province is called '\\\\x1b[2J'"
    """
    short = line if len(line) <= LONGEST else f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in short)


@contextlib.contextmanager
def _counting(language: str):
    """Hears how much is done and shows it where somebody watches."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(share: float) -> None:
        words = pick("Đang đếm hồ sơ", "Counting dossiers", language)
        print(f"\r{words}: {100 * share:.0f}%", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _agreed(language: str) -> bool:
    try:
        answer = input(pick("Ghi vào data/? [c/K] ", "Write to data/? [y/N] ", language))
    except EOFError:
        return False
    return answer.strip().lower() in ("c", "có", "co", "y", "yes")


# ---------------------------------------------------------------------------------------------------------- template


def _add_template(verbs) -> None:
    words = "mẫu Excel để tỉnh điền số liệu / an Excel sheet for a province to fill in"
    kinds = verbs.add_parser("template", help=words).add_subparsers(dest="kind", required=True)
    verb = kinds.add_parser("workload", help="khối lượng công việc / workload of the administration")
    verb.add_argument("file", type=Path, metavar="FILE.xlsx")
    verb.add_argument(
        "--province", default="58", metavar="NAME", help="tên hoặc mã tỉnh / name or code of the province"
    )
    verb.add_argument(
        "--year", type=int, help="năm báo cáo; trống: năm mới nhất có số liệu / empty: newest with figures"
    )
    verb.add_argument("--language", choices=LANGUAGES, default="vi")


def _template(options: argparse.Namespace) -> int:
    from .datasets import newest_quarter
    from .intake import template
    from .intake.sheets import Refused

    language = options.language
    try:
        year = options.year or newest_quarter().year
        template.write_template(options.file, template.asked(options.province, year), year)
    except Refused as found:
        print(*found.lines(language), sep="\n", file=sys.stderr)
        return 2
    except OSError as error:
        print(pick(f"Không ghi được: {error}", f"Cannot be written: {error}", language), file=sys.stderr)
        return 1
    print(pick(f"Mẫu để điền: {options.file}", f"A sheet to fill in: {options.file}", language))
    return 0


# ------------------------------------------------------------------------------------------------------ plan and run


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _quarters(text: str) -> list[str]:
    """`2024Q1`, several with commas, or a range with two dots; spellings are judged with everything else."""
    if not text:
        from .datasets import newest_quarter

        return [str(newest_quarter())]
    found = []
    for part in _listed(text):
        first, dots, last = part.partition("..")
        try:
            quarter, end = Quarter.parse(first), Quarter.parse(last)
        except ValueError:
            found.append(first if not dots else part)
            continue
        while quarter <= end:
            found.append(str(quarter))
            quarter = quarter.next
    return found or [text]


def _language_of(options: argparse.Namespace) -> str:
    """Messages are in the first language asked for."""
    first = (_listed(options.languages) or ["vi"])[0]
    return first if first in LANGUAGES else "vi"


def _requests(options: argparse.Namespace, said: list[str]):
    """The reports asked for, or None with every fault told. said: what was told, for the summary."""
    from .runs import plan, schedule

    language = _language_of(options)

    def say(line: str) -> None:
        said.append(line)
        print(line, file=sys.stderr)

    try:
        known = plan.declared()
        provinces = _listed(options.provinces) or list(known.provinces)
        languages = _listed(options.languages) or list(known.languages)
        if options.quarter == schedule.LAST:
            reports, today = options.reports.resolve(), date.today()
            wanted, notes = schedule.requests(provinces, languages, reports, today, options.as_of)
            for note in notes:
                said.append(pick(*note, language))
                if not getattr(options, "quiet", False):
                    print(pick(*note, language), file=sys.stderr)
            return wanted
        return plan.requests(_quarters(options.quarter), provinces, languages, options.as_of)
    except ParameterFaults as found:
        for line in found.lines(language):
            say(line)
        say(pick("Không chạy gì.", "Nothing was run.", language))
        return None


def _documents(options: argparse.Namespace, said: list[str]):
    """What reports are to be published as, or None with every fault told."""
    from .parameters import nearest
    from .publish.documents import FILES
    from .runs import plan

    known, faults = plan.declared().documents, []
    formats = _listed(options.formats)
    for word in formats if formats != ["none"] else []:
        if word not in FILES:
            vi, en = nearest(word, FILES)
            faults.append((f"--formats: không có {word!r}{vi}", f"--formats: there is no {word!r}{en}"))
    template = options.template.resolve() if options.template else known.template
    if template:
        from .publish.briefing import open_template

        try:
            open_template(template)
        except ParameterFaults as found:
            faults += found.faults
    if faults:
        lines = ParameterFaults(faults).lines(_language_of(options))
        for line in [*lines, pick("Không chạy gì.", "Nothing was run.", _language_of(options))]:
            said.append(line)
            print(line, file=sys.stderr)
        return None
    wanted = () if formats == ["none"] else tuple(formats) or known.formats
    return dataclasses.replace(known, formats=wanted, template=template)


def _plan(options: argparse.Namespace) -> int:
    wanted = _requests(options, [])
    documents = _documents(options, []) if wanted is not None else None
    if documents is None:
        return 2
    import json

    from .runs import plan
    from .runs.inputs import Inputs

    language, reports = _language_of(options), options.reports.resolve()
    planned = plan.plan(wanted, reports, Inputs(), only=options.only, again=options.again, documents=documents)
    decisions = [decision for one in planned for decision in one.decisions]
    words = {
        "run": ("chạy", "run"),
        "keep": ("giữ", "keep"),
        "resume": ("nối tiếp", "resume"),
        "wait": ("để lại", "leave"),
    }
    for decision in decisions:
        identity, action = decision.job.identity, decision.action
        if options.json:
            print(json.dumps({"identity": identity, "action": action, "why": decision.why[1]}, ensure_ascii=False))
        else:
            print(f"{pick(*words[action], language):9} {identity}: {pick(*decision.why, language)}")
    if not options.json:
        count = sum(decision.action == "run" for decision in decisions)
        print(
            pick(
                f"{count} trong {len(decisions)} sổ tay sẽ chạy, {len(planned)} báo cáo",
                f"{count} of {len(decisions)} notebooks would run, {len(planned)} reports",
                language,
            )
        )
    return 0


def _run(options: argparse.Namespace) -> int:
    from .runs import notify

    summary = notify.Summary(options.reports.resolve(), _language_of(options))
    code = _make(options, summary)
    # who stops a run by hand knows of it
    return code if code == 128 + signal.SIGINT else notify.finish(summary, options.summary, code)


def _make(options: argparse.Namespace, summary) -> int:
    """Make the reports asked for; the summary learns what became of them."""
    wanted = _requests(options, summary.said)
    documents = _documents(options, summary.said) if wanted is not None else None
    if documents is None:
        return 2
    from .runs import batch

    language, reports = _language_of(options), options.reports.resolve()

    def sorry(vi: str, en: str) -> None:
        summary.said.append(pick(vi, en, language))
        print(pick(vi, en, language), file=sys.stderr)

    from .runs import cluster

    try:
        if options.executor == "dask":
            cluster.check_request(options.scheduler, options.storage)
        elif options.scheduler or options.storage:
            sorry(
                "--scheduler và --storage chỉ dùng với --executor dask. Không chạy gì.",
                "--scheduler and --storage go with --executor dask only. Nothing was run.",
            )
            return 2
        with batch.signals(), batch.lock(reports):
            batch.restore(reports)
            return _bring_about(options, wanted, documents, summary)
    except batch.Busy as busy:
        sorry(*_busy(busy, options.reports))
        return 1
    except cluster.ClusterFault as found:
        sorry(found.vi, found.en)
        return found.code
    except batch.Interrupted as stopped:
        sorry(
            f"Bị dừng ({stopped}); báo cáo cũ còn nguyên, việc đã xong được giữ cho lần chạy sau",
            f"Stopped ({stopped}); old reports are untouched, finished work is kept for the next run",
        )
        return 128 + stopped.number
    except batch.CannotStart as error:
        sorry(
            f"Không khởi động được tiến trình chạy sổ tay; báo cáo cũ còn nguyên. Lời cuối của nó:\n{error}",
            f"The process that runs notebooks cannot be started; old reports are untouched. Its last words:\n{error}",
        )
        return 1
    except OSError as error:
        sorry(
            f"Không ghi được báo cáo: {error}; báo cáo cũ còn nguyên",
            f"The report cannot be written: {error}; old reports are untouched",
        )
        return 1


def _busy(holder, reports: Path) -> tuple[str, str]:
    return (
        f"Tiến trình {holder} đang làm báo cáo trong {reports}: đợi nó xong rồi chạy lại",
        f"Process {holder} is making reports in {reports}: run again when it has finished",
    )


def _bring_about(options, wanted, documents, summary) -> int:
    from .runs import batch, plan
    from .runs.cluster import Cluster
    from .runs.inputs import Inputs
    from .runs.processes import Processes
    from .runs.progress import Progress

    reports, language, inputs = summary.reports, summary.language, Inputs()
    planned = plan.plan(wanted, reports, inputs, only=options.only, again=options.again, documents=documents)
    summary.look(planned)
    jobs = [decision.job for one in planned for decision in one.decisions if decision.action == "run"]
    style = "json" if options.json else "quiet" if options.quiet else "live" if sys.stderr.isatty() else "plain"
    settings = {
        "memory_mb": options.memory,
        "cell_seconds": options.cell_seconds,
        "fork": False if options.kernel else None,
        "knowledge": [(str(one.request.as_of), one.request.boundary) for one in planned if one.stale],
        "workdir": reports / ".work" / ".warm",
    }
    publisher = None
    if options.executor == "dask":
        publisher = Processes(options.workers, **settings)
        executor = Cluster(
            options.scheduler,
            inputs,
            storage=options.storage,
            tell=lambda vi, en: print(pick(vi, en, language), file=sys.stderr),
            **settings,
        )
    else:
        executor = Processes(options.workers, **settings)
    progress = Progress(style, language, len(jobs), options.workers)
    try:
        if jobs:
            executor.prepare()
            code = _check(argparse.Namespace(language=language, seal=False, quiet=style in ("json", "quiet")))
            if code:
                summary.said.append(pick("data/ có lỗi: ninhthuan check", "Faults in data/: ninhthuan check", language))
                return code
        outcomes = summary.outcomes = batch.run_batch(planned, reports, inputs, executor, progress, publisher)
    finally:
        progress.close()
        executor.stop()
        if publisher:
            publisher.stop()
        with contextlib.suppress(OSError):
            batch.tidy(reports)
    if any(one.status in ("made", "failed") for one in outcomes) or not (reports / "index.html").is_file():
        _list_reports(reports, language, inputs)
    return _tell_outcomes(outcomes, style, language)


def _list_reports(reports: Path, language: str, inputs) -> None:
    """Write the page over all reports anew."""
    from .publish.gallery import VIETNAM, write_gallery
    from .runs import plan

    write_gallery(reports, language, plan.stale(reports, inputs), datetime.now(VIETNAM).date())


def _tell_outcomes(outcomes, style: str, language: str) -> int:
    """The end of a run: what is there now, and in full what failed. Returns the exit code."""
    failed = [outcome for outcome in outcomes if outcome.status == "failed"]
    for outcome in failed:
        for job in outcome.failed:
            error = job["error"]
            where = f", {pick('ô', 'cell', language)} {error['cell']}" if error["cell"] else ""
            print(f"\n{job['identity']}{where}: {error['name']}: {error['message']}", file=sys.stderr)
            for line in error["source"].splitlines()[:12]:
                print(f"    {line}", file=sys.stderr)
    for outcome in outcomes:
        words = {
            "made": ("Báo cáo", "Report"),
            "unchanged": ("Không đổi", "Unchanged"),
            "failed": ("Hỏng, báo cáo cũ còn nguyên; sổ hỏng để xem lại ở", "Failed, the old report is untouched; see"),
            "waiting": ("Chưa đủ sổ tay để có báo cáo", "Not all notebooks are there for a report"),
        }[outcome.status]
        place = outcome.folder / "index.html" if outcome.status in ("made", "unchanged") else outcome.folder
        if outcome.status == "made" and (absent := outcome.planned.documents.absent(outcome.folder)):
            print(
                pick(
                    f"Không có {', '.join(absent)}: máy này chưa cài LibreOffice (make system-packages)",
                    f"No {', '.join(absent)}: LibreOffice is not installed on this machine (make system-packages)",
                    language,
                ),
                file=sys.stderr,
            )
        if outcome.status in ("failed", "waiting"):
            print(f"{pick(*words, language)}: {place}", file=sys.stderr)
        elif style in ("live", "plain"):
            print(f"{pick(*words, language)}: {place}", flush=True)
    return 0 if all(outcome.status in ("made", "unchanged") for outcome in outcomes) else 1


# -------------------------------------------------------------------------------------------------------------- diff


def _diff(options: argparse.Namespace) -> int:
    from .revisions import changes_between

    language = options.language
    try:
        changes = changes_between(options.earlier, options.later, options.province, before=options.before)
    except ParameterFaults as found:
        for line in [*found.lines(language), pick("Không so sánh gì.", "Nothing was compared.", language)]:
            print(line, file=sys.stderr)
        return 2
    if options.json:
        import json

        from .revisions import as_records

        print(json.dumps(as_records(changes), ensure_ascii=False, indent=1))
        return 0
    from .catalogue import catalogue
    from .findings.revisions import before_line, marks_lines, populations_line
    from .language import day, quarter_name
    from .tables import quarter_changes
    from .wording import Context

    ctx = Context(catalogue().provinces[(changes.attrs["boundary"], options.province)], language)
    quarters = [quarter_name(Quarter.parse(text), language) for text in (options.earlier, options.later)]
    days = [day(date.fromisoformat(changes.attrs[name]), language) for name in ("as_of_before", "as_of")]
    print(
        pick(
            f"{ctx.name}: {quarters[1]} (biết đến {days[1]}) so với {quarters[0]} (biết đến {days[0]})",
            f"{ctx.name}: {quarters[1]} (known on {days[1]}) against {quarters[0]} (known on {days[0]})",
            language,
        )
    )
    for line in (populations_line(changes, ctx), before_line(changes, ctx)):
        if line:
            print(line)
    heading = ""
    for kind, what, old, new, remark in quarter_changes(changes, ctx, rows=None).itertuples(index=False):
        if kind != heading:
            heading = kind
            print(f"\n{kind}")
        figures = " → ".join(text for text in (old, new) if text != "–")
        print(f"  {what}: {figures} ({remark})")
    if marks := marks_lines(changes, ctx):
        print("", *marks, sep="\n")
    return 0


# ------------------------------------------------------------------------------------------------------------ verify


def _verify(options: argparse.Namespace) -> int:
    from .runs import verify

    asked = {"reproduce": options.reproduce, "template": options.template}
    return max(verify.tell(folder, options.language, **asked) for folder in options.folders)


# ------------------------------------------------------------------------------------------------------------- prune


def _prune(options: argparse.Namespace) -> int:
    from .runs import batch, prune
    from .runs.inputs import Inputs
    from .wording import number

    reports, language = options.reports.resolve(), options.language

    def sorry(vi: str, en: str) -> None:
        print(pick(vi, en, language), file=sys.stderr)

    if options.keep < 1:
        sorry("--keep phải từ 1 trở lên. Không xóa gì.", "--keep must be 1 or more. Nothing was removed.")
        return 2
    if not reports.is_dir():
        sorry(f"không có thư mục {options.reports}", f"there is no folder {options.reports}")
        return 2
    try:
        with batch.lock(reports):
            old = prune.surplus(reports, options.keep)
            for one in old:
                print(f"{one.report}  {number(one.size / 1e6, 1, language)} MB")
            size = number(sum(one.size for one in old) / 1e6, 1, language)
            total = pick(f"{len(old)} báo cáo, {size} MB", f"reports: {len(old)}, {size} MB", language)
            if options.yes:
                prune.remove(reports, old)
                _list_reports(reports, language, Inputs())
                print(pick(f"Đã xóa: {total}", f"Removed: {total}", language))
            else:
                print(pick(f"Sẽ xóa: {total}; xóa thật: --yes", f"To remove: {total}; do it: --yes", language))
    except batch.Busy as busy:
        sorry(*_busy(busy, options.reports))
        return 1
    except OSError as error:
        sorry(f"Không xóa được: {error}", f"Cannot be removed: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
