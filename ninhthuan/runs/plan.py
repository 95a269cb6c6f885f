"""What a report consists of, read from `notebooks/runs.toml`."""

from __future__ import annotations

import ast
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import catalogue
from ..parameters import ParameterFaults, Parameters


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters, and the cards it promises.

    `identity` names it everywhere: in the plan, in file names, in the record.
    """

    identity: str
    notebook: Path
    parameters: dict[str, str]
    cards: tuple[str, ...]
    index_id: str

    @property
    def index_name(self) -> str:
        return catalogue().indices[self.index_id].abbreviation if self.index_id else ""


def notebooks_dir() -> Path:
    """The folder of the notebooks and of runs.toml."""
    return Path(__file__).resolve().parents[2] / "notebooks"


def plan(request: Parameters, folder: Path | None = None) -> list[Job]:
    """The jobs of a report, in order. Raises ParameterFaults where a notebook does not take what it would be given."""
    folder = folder or notebooks_dir()
    declared = tomllib.loads((folder / "runs.toml").read_text(encoding="utf-8"))["run"]
    given = {
        "quarter": str(request.quarter),
        "as_of": str(request.as_of),
        "province_code": request.province.province_code,
        "language": request.language,
    }
    jobs, faults = [], []
    for run in declared:
        path = folder / f"{run['notebook']}.ipynb"
        for index_id in run.get("indices", [""]):
            name = path.stem
            parameters = given | ({"index_id": index_id} if index_id else {})
            identity = f"{name}_{index_id}" if index_id else name
            jobs.append(Job(identity, path, parameters, tuple(run["cards"]), index_id))
        taken = declared_parameters(path)
        wanted = set(given) | {"output_dir"} | ({"index_id"} if run.get("indices") else set())
        if taken != wanted:
            missing, extra = sorted(wanted - taken), sorted(taken - wanted)
            faults.append(
                (
                    f"{path.name}: ô parameters thiếu {missing} hoặc thừa {extra}",
                    f"{path.name}: the parameters cell lacks {missing} or has {extra} beyond the known ones",
                )
            )
    if faults:
        raise ParameterFaults(faults)
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
