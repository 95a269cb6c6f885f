"""What a report consists of (`notebooks/runs.toml`), and what of it would run now, and why. Starts no kernel."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ninhthuan.catalogue import boundary_on, catalogue
from ninhthuan.language import ParameterFaults
from ninhthuan.periods import Quarter
from ninhthuan.words import bilingual
from notebook_batch import plan as batch_plan
from notebook_batch import record
from notebook_batch.plan import Planned

from ..parameters import Parameters, check_parameters, nearest
from ..publish.documents import FILES, Documents
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
    """`runs.toml`, read and checked. explore: notebooks that no report runs."""

    folder: Path
    runs: tuple[dict, ...]
    explore: tuple[dict, ...]
    provinces: tuple[str, ...]
    languages: tuple[str, ...]
    documents: Documents


def notebooks_dir() -> Path:
    """The folder of the notebooks and of runs.toml."""
    return Path(__file__).resolve().parents[3] / "notebooks"


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
        raise ParameterFaults([bilingual("plan.no_runs_toml_notebooks_stand", folder=folder)]) from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterFaults([bilingual("plan.runs_toml_cannot_read", error=error)]) from None
    names = []
    runs, explore = content.get("run", []), content.get("explore", [])
    for run, keys in [*((run, RUN_KEYS) for run in runs), *((run, EXPLORE_KEYS) for run in explore)]:
        title = run.get("notebook", "?")
        for key in run.keys() - keys:
            vi, en = nearest(key, keys)
            fault(*bilingual("plan.there_no_key", title=title, name=key, text=(vi, en)))
        for key in {"notebook", "cards"} - run.keys():
            fault(*bilingual("plan.key_missing", title=title, name=key))
        path = folder / f"{title}.ipynb"
        for index_id in run.get("indices", []):
            if index_id not in catalogue().indices:
                vi, en = nearest(index_id, catalogue().indices)
                fault(*bilingual("plan.there_no_index", title=title, index_id=index_id, text=(vi, en)))
        names += [f"{path.stem}_{index_id}" if index_id else path.stem for index_id in run.get("indices", [""])]
        if not path.is_file():
            fault(*bilingual("plan.there_no_notebook", name=path.name))
            continue
        try:
            taken = declared_parameters(path)
        except (ValueError, KeyError, TypeError, SyntaxError) as error:
            name = type(error).__name__
            faults.append(bilingual("plan.cannot_read", name=path.name, name_2=name))
            continue
        wanted = {"quarter", "as_of", "province_code", "language", "output_dir"}
        wanted |= {"index_id"} if run.get("indices") else set()
        if taken != wanted:
            missing, extra = sorted(wanted - taken), sorted(taken - wanted)
            faults.append(
                bilingual("plan.parameters_cell_lacks_has_beyond", name=path.name, missing=missing, extra=extra)
            )
    for name in sorted({name for name in names if names.count(name) > 1}):
        fault(*bilingual("plan.declared_twice", name=name))
    defaults = content.get("defaults", {})
    provinces, languages = defaults.get("provinces", ["58"]), defaults.get("languages", ["vi"])
    formats, outline = tuple(defaults.get("formats", ["html"])), _outline(content)
    for word in formats:
        if word not in FILES:
            vi, en = nearest(word, FILES)
            fault(*bilingual("plan.formats_there_no", word=word, text=(vi, en)))
    template = folder / defaults["template"] if defaults.get("template") else None
    if template and not template.is_file():
        fault(*bilingual("plan.template_there_no_file", name=template.name))
    promised = _promised(runs)
    for section in outline:
        for key in {"vi", "en", "cards"} - section.keys():
            fault(*bilingual("plan.briefing_key_missing", name=key))
        for card in section.get("cards", []):
            if card not in promised:
                vi, en = nearest(card, promised)
                fault(*bilingual("plan.briefing_no_run_has", card=card, text=(vi, en)))
    if faults:
        raise ParameterFaults(faults)
    documents = Documents(formats, outline, template)
    return Declared(folder, tuple(runs), tuple(explore), tuple(provinces), tuple(languages), documents)


def _outline(content: dict) -> tuple[dict, ...]:
    """Sections of the briefing, those of its annex marked."""
    return (*content.get("briefing", []), *({**section, "annex": True} for section in content.get("annex", [])))


def _promised(runs: list[dict]) -> set[str]:
    """Every card that some run promises, as `20_index_trend_papi/index_course`."""
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

    documents: what the reports are published as, if it is not what runs.toml says.
    """
    known = declared(folder)
    chosen = {"only": only, "again": again, "documents": documents or known.documents}
    return [
        batch_plan.plan(
            report_of(request),
            jobs_of(request, known),
            reports,
            inputs,
            asked=asked(request),
            request=request,
            **chosen,
        )
        for request in wanted
    ]


def asked(request: Parameters) -> dict[str, str]:
    """A request as the record of its report says it."""
    return {
        "quarter": str(request.quarter),
        "as_of": str(request.as_of),
        "province_code": request.province.province_code,
        "boundary": request.boundary,
        "language": request.language,
    }


def asked_of(old: dict | None) -> Parameters:
    """The request of a record, checked as of today. Raises TypeError or KeyError for what is no record."""
    return check_parameters({name: old["request"][name] for name in ("quarter", "as_of", "province_code", "language")})


def stale(reports: Path, inputs: Inputs) -> set[str]:
    """Reports that rest on something that has changed since they were made, or that nobody could ask for today."""
    known, found = declared(), set()
    for path in reports.glob("[0-9]*/*/*/run.json"):
        report = path.parent.relative_to(reports).as_posix()
        try:
            jobs = jobs_of(asked_of(record.read_record(path.parent)), known)
        except (TypeError, KeyError, ParameterFaults):
            found.add(report)
            continue
        if not batch_plan.unchanged(report, jobs, reports, inputs):
            found.add(report)
    return found
