"""The notebooks of a report (`notebooks/runs.toml`), and which of them would run now, and why. Starts no kernel."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.language import ParameterFaults, nearest
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual
from notebook_batch import plan as batch_plan
from notebook_batch import record
from notebook_batch.plan import Planned

from ..parameters import Parameters, check_parameters
from ..publish.documents import Documents, faults_of_formats
from .inputs import Inputs

RUN_KEYS = {"notebook", "cards", "indices", "provinces", "languages", "quarters"}
EXPLORE_KEYS = {"notebook", "cards"}


@dataclass(frozen=True)
class Job(batch_plan.Job):
    """A job of a report, with the index that it is of where the notebook is run for several."""

    index_id: str = ""

    @property
    def index_name(self) -> str:
        return catalogue().indices[self.index_id].abbreviation if self.index_id else ""


@dataclass(frozen=True)
class Declared:
    """`runs.toml`, read and checked. explore: notebooks of no report; explorer: whether a run leaves the page."""

    folder: Path
    runs: tuple[dict, ...]
    explore: tuple[dict, ...]
    provinces: tuple[str, ...]
    languages: tuple[str, ...]
    documents: Documents
    explorer: bool = False


def notebooks_dir() -> Path:
    """The folder of the notebooks and of runs.toml."""
    return Path(__file__).resolve().parents[3] / "notebooks"


def report_of(request: Parameters) -> str:
    """The report of a request: its folder under reports/."""
    return f"{request.quarter}/{request.province.province_code}/{request.language}"


def declared(folder: Path | None = None) -> Declared:
    """Read runs.toml. Raises ParameterFaults with everything that is wrong in it."""
    folder = folder or notebooks_dir()
    try:
        content = tomllib.loads((folder / "runs.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterFaults([bilingual("plan.no_runs_toml_notebooks_stand", folder=folder)]) from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterFaults([bilingual("plan.runs_toml_cannot_read", error=error)]) from None
    runs, explore = tuple(content.get("run", [])), tuple(content.get("explore", []))
    defaults = content.get("defaults", {})
    # sections of the briefing, those of its annex marked
    outline = (*content.get("briefing", []), *({**section, "annex": True} for section in content.get("annex", [])))
    formats = tuple(defaults.get("formats", ["html"]))
    template = folder / defaults["template"] if defaults.get("template") else None
    documents = Documents(formats, outline, template)
    faults = [*_faults_of_runs(runs, explore, folder), *_faults_of_documents(documents, runs)]
    if faults:
        raise ParameterFaults(faults)
    provinces, languages = (tuple(defaults.get(*known)) for known in (("provinces", ["58"]), ("languages", ["vi"])))
    explorer = defaults.get("explorer") is True
    return Declared(folder, runs, explore, provinces, languages, documents, explorer)


def _in_file(fault: tuple[str, str]) -> tuple[str, str]:
    """A fault with the name of the file that it is in."""
    return f"runs.toml: {fault[0]}", f"runs.toml: {fault[1]}"


def _names(run: dict) -> dict[str, str]:
    """Name of each run of a notebook, to its index; blank where it is not run for several."""
    stem = Path(run.get("notebook", "?")).name
    return {f"{stem}_{index_id}" if index_id else stem: index_id for index_id in run.get("indices", [""])}


def _faults_of_runs(runs: Iterable[dict], explore: Iterable[dict], folder: Path) -> Iterator[tuple[str, str]]:
    names = []
    for run, keys in [*((run, RUN_KEYS) for run in runs), *((run, EXPLORE_KEYS) for run in explore)]:
        title = run.get("notebook", "?")
        for key in run.keys() - keys:
            yield _in_file(bilingual("plan.there_no_key", title=title, name=key, text=nearest(key, keys)))
        for key in {"notebook", "cards"} - run.keys():
            yield _in_file(bilingual("plan.key_missing", title=title, name=key))
        known = catalogue().indices
        for index_id in run.get("indices", []):
            if index_id not in known:
                yield _in_file(
                    bilingual("plan.there_no_index", title=title, index_id=index_id, text=nearest(index_id, known))
                )
        names += _names(run)
        yield from _faults_of_notebook(folder / f"{title}.ipynb", bool(run.get("indices")))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _in_file(bilingual("plan.declared_twice", name=name))


def _faults_of_notebook(path: Path, for_indices: bool) -> Iterator[tuple[str, str]]:
    if not path.is_file():
        yield _in_file(bilingual("plan.there_no_notebook", name=path.name))
        return
    try:
        taken = declared_parameters(path)
    except (ValueError, KeyError, TypeError, SyntaxError) as error:
        yield bilingual("plan.cannot_read", name=path.name, name_2=type(error).__name__)
        return
    wanted = {"quarter", "as_of", "province_code", "language", "output_dir"} | ({"index_id"} if for_indices else set())
    if taken != wanted:
        missing, extra = sorted(wanted - taken), sorted(taken - wanted)
        yield bilingual("plan.parameters_cell_lacks_has_beyond", name=path.name, missing=missing, extra=extra)


def _faults_of_documents(documents: Documents, runs: Iterable[dict]) -> Iterator[tuple[str, str]]:
    yield from map(_in_file, faults_of_formats(documents.formats))
    if documents.template and not documents.template.is_file():
        yield _in_file(bilingual("plan.template_there_no_file", name=documents.template.name))
    # `20_index_trend_papi/index_course`
    promised = {f"{name}/{card}" for run in runs for name in _names(run) for card in run.get("cards", [])}
    for section in documents.outline:
        for key in {"vi", "en", "cards"} - section.keys():
            yield _in_file(bilingual("plan.briefing_key_missing", name=key))
        for card in section.get("cards", []):
            if card not in promised:
                yield _in_file(bilingual("plan.briefing_no_run_has", card=card, text=nearest(card, promised)))


def requests(
    quarters: Iterable[str], provinces: Iterable[str], languages: Iterable[str], as_of: str = ""
) -> list[Parameters]:
    """Requests of reports, checked; `all` is every province of the quarter. Raises ParameterFaults with all faults."""
    wanted = []
    for quarter in quarters:
        for province in provinces:
            codes = _every_code(quarter) if province == "all" else [province]
            wanted += [(quarter, code, language) for code in codes for language in languages]
    return checked(wanted, as_of)


def _every_code(quarter: str) -> list[str]:
    """Codes of the provinces at the end of a quarter."""
    try:
        last_day = Quarter.parse(quarter).last_day
    except ValueError:
        return ["58"]  # `checked` refuses the quarter
    boundary = boundary_on(last_day)
    provinces = [province for (key, _), province in catalogue().provinces.items() if key == boundary]
    return [each.province_code for each in provinces if each.valid_to is None or each.valid_to >= last_day]


def checked(requested: Iterable[tuple[str, str, str]], as_of: str = "", today: date | None = None) -> list[Parameters]:
    """Requests of (quarter, province, language), checked, none twice. Raises ParameterFaults with all faults."""
    wanted, faults = [], []
    for quarter, code, language in requested:
        given = {"quarter": quarter, "as_of": as_of, "province_code": code, "language": language}
        try:
            wanted.append(check_parameters(given, today))
        except ParameterFaults as found:
            faults += [fault for fault in found.faults if fault not in faults]
    if faults:
        raise ParameterFaults(faults)
    return list({report_of(request): request for request in wanted}.values())


def jobs_of(request: Parameters, known: Declared) -> list[Job]:
    """The jobs of a report, in order."""
    given, jobs = request.given, []
    limits = {"quarters": given["quarter"], "provinces": given["province_code"], "languages": given["language"]}
    for run in known.runs:
        if any(value not in run.get(key, [value]) for key, value in limits.items()):
            continue
        path = known.folder / f"{run['notebook']}.ipynb"
        for name, index_id in _names(run).items():
            parameters = given | ({"index_id": index_id} if index_id else {})
            output = f"notebooks/{name}__{given['quarter']}.ipynb"
            jobs.append(Job(report_of(request), name, path, parameters, tuple(run["cards"]), output, index_id))
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

    documents: the documents of each report, those of runs.toml where None.
    """
    known = declared(folder)
    chosen = {"only": only, "again": again, "documents": documents or known.documents}
    return [
        batch_plan.plan(
            report_of(request),
            jobs_of(request, known),
            reports,
            inputs,
            request_record=request.given | {"boundary": request.boundary},
            request=request,
            **chosen,
        )
        for request in wanted
    ]


def request_of(folder: Path, known: Declared) -> tuple[Parameters | None, list[Job]]:
    """The request of a report and its jobs of today; None where it would be refused today."""
    try:
        given = record.read_record(folder)["request"]
        names = ("quarter", "as_of", "province_code", "language")
        request = check_parameters({name: given[name] for name in names})
    except (TypeError, KeyError, ParameterFaults):
        return None, []
    return request, jobs_of(request, known)


def stale(reports: Path, inputs: Inputs) -> set[str]:
    """Reports whose inputs have changed since they were made, or whose request would be refused today."""
    known, found = declared(), set()
    for path in reports.glob("[0-9]*/*/*/run.json"):
        report = path.parent.relative_to(reports).as_posix()
        request, jobs = request_of(path.parent, known)
        if request is None or not batch_plan.unchanged(report, jobs, reports, inputs):
            found.add(report)
    return found
