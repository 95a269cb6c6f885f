"""What a report consists of (`notebooks/runs.toml`), and what of it would run now, and why. Starts no kernel."""

from __future__ import annotations

import ast
import fnmatch
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from ..catalogue import boundary_on, catalogue
from ..parameters import ParameterFaults, Parameters, check_parameters, nearest
from ..periods import Quarter
from ..publish.documents import FILES, Documents
from . import record
from .inputs import Inputs, changed

RUN_KEYS = {"notebook", "cards", "indices", "provinces", "languages", "quarters"}
EXPLORE_KEYS = {"notebook", "cards"}


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters, and the cards it promises.

    `identity` names it everywhere: `2024Q1/58/vi/20_index_trend_papi` in the plan, in logs, for `--only`; its
    first three parts are the folder of the report, the last the beginning of its files' names.
    """

    report: str
    name: str
    notebook: Path
    parameters: dict[str, str]
    cards: tuple[str, ...]
    index_id: str

    @property
    def identity(self) -> str:
        return f"{self.report}/{self.name}"

    @property
    def index_name(self) -> str:
        return catalogue().indices[self.index_id].abbreviation if self.index_id else ""

    @property
    def output(self) -> str:
        """The executed notebook, within the report."""
        return f"notebooks/{self.name}__{self.parameters['quarter']}.ipynb"


@dataclass(frozen=True)
class Declared:
    """`runs.toml`, read and checked. explore: notebooks that no report runs."""

    folder: Path
    runs: tuple[dict, ...]
    explore: tuple[dict, ...]
    provinces: tuple[str, ...]
    languages: tuple[str, ...]
    documents: Documents


def notebooks_dir() -> Path:
    """The folder of the notebooks and of runs.toml."""
    return Path(__file__).resolve().parents[2] / "notebooks"


def report_of(request: Parameters) -> str:
    """The report of a request: its folder under reports/."""
    return f"{request.quarter}/{request.province.province_code}/{request.language}"


def declared(folder: Path | None = None) -> Declared:
    """Read runs.toml. Raises ParameterFaults with everything that is wrong in it."""
    folder = folder or notebooks_dir()
    faults: list[tuple[str, str]] = []

    def fault(vi: str, en: str) -> None:
        faults.append((f"runs.toml: {vi}", f"runs.toml: {en}"))

    try:
        content = tomllib.loads((folder / "runs.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterFaults(
            [
                (
                    f"không thấy runs.toml trong {folder}: sổ tay nằm trong kho mã nguồn, không đi cùng gói cài bằng "
                    "pip; chạy `make report` trong bản sao của kho",
                    f"no runs.toml in {folder}: the notebooks stand in the repository and do not come with pip; run "
                    "`make report` in a clone of it",
                )
            ]
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterFaults([(f"runs.toml không đọc được: {error}", f"runs.toml cannot be read: {error}")]) from None
    names = []
    runs, explore = content.get("run", []), content.get("explore", [])
    for run, keys in [*((run, RUN_KEYS) for run in runs), *((run, EXPLORE_KEYS) for run in explore)]:
        title = run.get("notebook", "?")
        for key in run.keys() - keys:
            vi, en = nearest(key, keys)
            fault(f"{title}: không có khóa {key!r}{vi}", f"{title}: there is no key {key!r}{en}")
        for key in {"notebook", "cards"} - run.keys():
            fault(f"{title}: thiếu khóa {key!r}", f"{title}: the key {key!r} is missing")
        path = folder / f"{title}.ipynb"
        for index_id in run.get("indices", []):
            if index_id not in catalogue().indices:
                vi, en = nearest(index_id, catalogue().indices)
                fault(f"{title}: không có chỉ số {index_id!r}{vi}", f"{title}: there is no index {index_id!r}{en}")
        names += [f"{path.stem}_{index_id}" if index_id else path.stem for index_id in run.get("indices", [""])]
        if not path.is_file():
            fault(f"không có sổ tay {path.name}", f"there is no notebook {path.name}")
            continue
        try:
            taken = declared_parameters(path)
        except (ValueError, KeyError, TypeError, SyntaxError) as error:
            name = type(error).__name__
            faults.append((f"{path.name} không đọc được ({name})", f"{path.name} cannot be read ({name})"))
            continue
        wanted = {"quarter", "as_of", "province_code", "language", "output_dir"}
        wanted |= {"index_id"} if run.get("indices") else set()
        if taken != wanted:
            missing, extra = sorted(wanted - taken), sorted(taken - wanted)
            faults.append(
                (
                    f"{path.name}: ô parameters thiếu {missing} hoặc thừa {extra}",
                    f"{path.name}: the parameters cell lacks {missing} or has {extra} beyond the known ones",
                )
            )
    for name in sorted({name for name in names if names.count(name) > 1}):
        fault(f"khai báo hai lần {name}", f"{name} is declared twice")
    defaults = content.get("defaults", {})
    provinces, languages = defaults.get("provinces", ["58"]), defaults.get("languages", ["vi"])
    formats, outline = tuple(defaults.get("formats", ["html"])), tuple(content.get("briefing", []))
    for word in formats:
        if word not in FILES:
            vi, en = nearest(word, FILES)
            fault(f"formats: không có {word!r}{vi}", f"formats: there is no {word!r}{en}")
    template = folder / defaults["template"] if defaults.get("template") else None
    if template and not template.is_file():
        fault(f"template: không có tệp {template.name}", f"template: there is no file {template.name}")
    promised = _promised(runs)
    for section in outline:
        for key in {"vi", "en", "cards"} - section.keys():
            fault(f"[[briefing]]: thiếu khóa {key!r}", f"[[briefing]]: the key {key!r} is missing")
        for card in section.get("cards", []):
            if card not in promised:
                vi, en = nearest(card, promised)
                fault(f"[[briefing]]: không sổ tay nào hứa thẻ {card!r}{vi}", f"[[briefing]]: no run has {card!r}{en}")
    if faults:
        raise ParameterFaults(faults)
    documents = Documents(formats, outline, template)
    return Declared(folder, tuple(runs), tuple(explore), tuple(provinces), tuple(languages), documents)


def _promised(runs: list[dict]) -> set[str]:
    """Every card that some run promises, as `20_index_trend_papi/rank_trend`."""
    found = set()
    for run in runs:
        stem = Path(run.get("notebook", "?")).name
        names = [f"{stem}_{index_id}" if index_id else stem for index_id in run.get("indices", [""])]
        found |= {f"{name}/{card}" for name in names for card in run.get("cards", [])}
    return found


def requests(
    quarters: Iterable[str], provinces: Iterable[str], languages: Iterable[str], as_of: str = ""
) -> list[Parameters]:
    """The reports asked for, checked; `all` is every province of the quarter. Raises every fault at once, once."""
    asked = []
    for quarter in quarters:
        for province in provinces:
            codes = [province]
            if province == "all":
                try:
                    boundary = boundary_on(Quarter.parse(quarter).last_day)
                except ValueError:
                    codes = ["58"]  # the quarter is told to be wrong below
                else:
                    codes = [key[1] for key in catalogue().provinces if key[0] == boundary]
                    # provinces that were gone before the quarter are no reports
                    codes = [code for code in codes if _existed(code, quarter)]
            asked += [(quarter, code, language) for code in codes for language in languages]
    return checked(asked, as_of)


def checked(asked: Iterable[tuple[str, str, str]], as_of: str = "", today: date | None = None) -> list[Parameters]:
    """Requests of (quarter, province, language), each checked, none twice. Raises every fault at once, once."""
    wanted, faults = [], []
    for quarter, code, language in asked:
        given = {"quarter": quarter, "as_of": as_of, "province_code": code, "language": language}
        try:
            wanted.append(check_parameters(given, today))
        except ParameterFaults as found:
            faults += [fault for fault in found.faults if fault not in faults]
    if faults:
        raise ParameterFaults(faults)
    return list({report_of(request): request for request in wanted}.values())


def _existed(code: str, quarter: str) -> bool:
    try:
        catalogue().province(code, Quarter.parse(quarter).last_day)
    except KeyError:
        return False
    return True


def jobs_of(request: Parameters, known: Declared) -> list[Job]:
    """The jobs of a report, in order."""
    given = {
        "quarter": str(request.quarter),
        "as_of": str(request.as_of),
        "province_code": request.province.province_code,
        "language": request.language,
    }
    jobs = []
    for run in known.runs:
        limits = (
            ("quarters", given["quarter"]),
            ("provinces", given["province_code"]),
            ("languages", given["language"]),
        )
        if any(value not in run.get(key, [value]) for key, value in limits):
            continue
        path = known.folder / f"{run['notebook']}.ipynb"
        for index_id in run.get("indices", [""]):
            parameters = given | ({"index_id": index_id} if index_id else {})
            name = f"{path.stem}_{index_id}" if index_id else path.stem
            jobs.append(Job(report_of(request), name, path, parameters, tuple(run["cards"]), index_id))
    return jobs


def declared_parameters(notebook: Path) -> set[str]:
    """Names assigned in the cell tagged `parameters`; empty where there is no such cell."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", []):
            tree = ast.parse("".join(cell["source"]))
            targets = [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
            targets += [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
            return {target.id for target in targets if isinstance(target, ast.Name)}
    return set()


@dataclass
class Decision:
    """What is to be done about a job, and why.

    action: `run`; `keep` (unchanged in the report that is there); `resume` (finished by a run that did not end,
    or whose other notebooks failed). `why` is a pair of texts; `seal` what is known of finished work.
    """

    job: Job
    action: str
    why: tuple[str, str]
    seal: dict | None = None
    source: Path | None = None


@dataclass
class Planned:
    """A report, its jobs in order, and the decision on each."""

    request: Parameters
    decisions: list[Decision]
    documents: Documents = field(default_factory=Documents)

    @property
    def report(self) -> str:
        return report_of(self.request)

    @cached_property
    def stale(self) -> bool:
        """Whether anything must be done to have the report."""
        return any(decision.action != "keep" for decision in self.decisions)


def plan(
    wanted: list[Parameters],
    reports: Path,
    inputs: Inputs,
    *,
    folder: Path | None = None,
    only: str = "",
    again: bool = False,
    documents: Documents | None = None,
) -> list[Planned]:
    """Decide on every job of every report. only: a pattern of identities; again: run unchanged ones too.

    documents: what the reports are published as, if it is not what runs.toml says.
    """
    known = declared(folder)
    documents = documents or known.documents
    fingerprint = documents.fingerprint
    planned = []
    for request in wanted:
        place = reports / report_of(request)
        jobs = jobs_of(request, known)
        old = record.read_record(place)
        failed = record.read_record(reports / ".failed" / report_of(request))
        decisions = [_decide(job, place, reports, old, failed, inputs) for job in jobs]
        left_over = {job["name"] for job in (old or {}).get("jobs", [])} - {job.name for job in jobs}
        for decision in decisions:
            chosen = not only or fnmatch.fnmatch(decision.job.identity, only)
            if again and chosen and decision.action != "run":
                decision.action, decision.why = "run", ("theo yêu cầu", "asked for")
                decision.seal = decision.source = None  # what there was is not what will come
            elif not chosen and decision.action == "run":
                decision.action = "wait"
        if old and left_over and all(decision.action == "keep" for decision in decisions):
            # a notebook was taken out of runs.toml: the rest is put together anew
            decisions[0].action = "resume"
            decisions[0].why = (f"bỏ {', '.join(sorted(left_over))}", f"{', '.join(sorted(left_over))} dropped")
        elif old and all(d.action == "keep" for d in decisions) and old.get("documents") != fingerprint:
            decisions[0].action = "resume"
            decisions[0].why = ("tài liệu phải làm lại", "documents are to be made anew")
        planned.append(Planned(request, decisions, documents))
    return planned


def stale(reports: Path, inputs: Inputs) -> set[str]:
    """Reports that rest on something that has changed since they were made, or that nobody could ask for today."""
    known, found = declared(), set()
    for path in reports.glob("[0-9]*/*/*/run.json"):
        report = path.parent.relative_to(reports).as_posix()
        old = record.read_record(path.parent)
        try:
            asked = {name: old["request"][name] for name in ("quarter", "as_of", "province_code", "language")}
            jobs = jobs_of(check_parameters(asked), known)
        except (TypeError, KeyError, ParameterFaults):
            found.add(report)
            continue
        decisions = [_decide(job, path.parent, reports, old, None, inputs) for job in jobs]
        if any(decision.action != "keep" for decision in decisions):
            found.add(report)
    return found


def _decide(job: Job, place: Path, reports: Path, old, failed, inputs: Inputs) -> Decision:
    seals = [(record.job_of(old, job.name), place, "keep")]
    held = reports / ".work" / job.identity
    seals.append((record.read_seal(held), held / "out", "resume"))
    why = ("mới", "new")
    for seal, source, action in seals:
        if seal is None or seal["status"] != "done":
            continue
        differs = changed(seal["inputs"], inputs.of(job, seal["reads"]))
        if differs:
            why = _reason(differs)
        elif gone := record.altered(source, seal["files"]):
            why = (f"tệp bị mất hoặc bị sửa: {gone[0]}", f"file gone or altered: {gone[0]}")
        else:
            reason = ("không đổi", "unchanged") if action == "keep" else ("đã xong ở lần trước", "finished last time")
            return Decision(job, action, reason, seal, source)
    last = record.job_of(failed, job.name)
    if last and last["status"] == "failed":
        why = (f"lần trước hỏng ({last['error']['name']})", f"failed last time ({last['error']['name']})")
    return Decision(job, "run", why)


def _reason(differs: list[str]) -> tuple[str, str]:
    data = sorted({name.partition(" ")[2].partition("?")[0] for name in differs if name.startswith("data ")})
    words = {
        "code": ("mã đổi", "code changed"),
        "notebook": ("sổ tay đổi", "notebook changed"),
        "parameters": ("tham số đổi", "parameters changed"),
        "reference": ("số liệu đổi: reference", "data changed: reference"),
        "lock": ("requirements.lock đổi", "requirements.lock changed"),
        "environment": ("gói cài đặt đổi", "installed packages changed"),
        "fonts": ("phông chữ đổi", "fonts changed"),
    }
    found = [words[name] for name in words if name in differs]
    if data:
        found.append((f"số liệu đổi: {', '.join(data)}", f"data changed: {', '.join(data)}"))
    return "; ".join(vi for vi, _ in found), "; ".join(en for _, en in found)
