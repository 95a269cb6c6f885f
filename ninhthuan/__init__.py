"""Governance indices and administrative workload of Ninh Thuận, Viet Nam.

`import ninhthuan as nt` gives the data and the measures on it.

| room | |
|---|---|
| periods, words, language, numbers | quarters and days; sentences as rows; how both languages print numbers |
| reference, catalogue, refusals | provinces, indices, editions, breaks, sources; why a question has no answer |
| asking | names for codes: a province, a component, a whole column; why a frame is empty |
| datasets, indicators, workload | `load_*`: figures with unit, evidence and source; what is missing, and why |
| panel | all indices in one frame; references, figures and files of one's own are `ninhthuan_sharing` |
| measures | ranks, groups, changes, gaps, distributions |
| comparability | the one gate: what may be compared, and by which rule |
| contradictions/ | printed figures that do not agree, both sides kept, one function a rule |
| analysis/ | why a rank moved, how sure that is, what is within reach, what goes together |
| reading, showing | which rows were read; how frames show in notebooks |
"""

from importlib import import_module

__version__ = "0.1.0"
# Name to module. Loaded when first asked for: the command line answers before pandas could be there.
_PLACES = {
    "GROUPS": "reference",
    "NoErrors": "analysis.certainty",
    "NotComparable": "refusals",
    "Quarter": "periods",
    "UnknownName": "refusals",
    "against_target": "workload",
    "breaks": "datasets",
    "change_certainty": "analysis.change",
    "changes": "measures",
    "cite": "ninhthuan_sharing.citing",
    "codes": "asking",
    "compare": "comparability",
    "components": "datasets",
    "coverage": "indicators",
    "crosswalk": "datasets",
    "decomposition": "measures",
    "discrepancies": "contradictions",
    "distances": "analysis.reach",
    "distribution": "measures",
    "drill_down": "analysis.moves",
    "editions": "datasets",
    "find_component": "asking",
    "find_province": "catalogue",
    "former_units": "comparability",
    "gaps": "measures",
    "group_transitions": "analysis.relations",
    "indices": "datasets",
    "lifting_changes": "analysis.reach",
    "likeness": "analysis.relations",
    "linked_history": "comparability",
    "linked_scores": "comparability",
    "load_index": "indicators",
    "load_workload": "workload",
    "measure_table": "workload",
    "named": "measures",
    "national_shifts": "comparability",
    "national_statements": "indicators",
    "nearest_rivals": "measures",
    "newest_quarter": "workload",
    "own_quarter": "workload",
    "panel": "panels",
    "passings": "analysis.moves",
    "percentile_position": "measures",
    "plot": "ninhthuan_sharing.drawing",
    "policies": "datasets",
    "province_history": "measures",
    "provinces": "datasets",
    "quartile_groups": "measures",
    "rank_certainty": "analysis.certainty",
    "rank_correlations": "analysis.relations",
    "rank_sets": "analysis.certainty",
    "ranks": "measures",
    "reform_tasks": "datasets",
    "share_from_counts": "workload",
    "sources": "datasets",
    "speak": "words",
    "spread": "analysis.relations",
    "style": "ninhthuan_sharing.drawing",
    "sub_dimension_moves": "analysis.moves",
    "uncertainty": "indicators",
}
__all__ = list(_PLACES)


def __getattr__(name: str):
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    place = _PLACES[name]
    module = import_module(place if place.startswith("ninhthuan_") else f".{place}", __name__)
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
