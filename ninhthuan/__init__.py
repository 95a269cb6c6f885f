"""Governance indices and administrative workload of Ninh Thuận, Viet Nam.

`import ninhthuan as nt` gives the data and the measures; `from ninhthuan_reports import charts` the figures.

| room | |
|---|---|
| periods, words, language, numbers | quarters and days; sentences and labels as rows; how both languages print them |
| catalogue | provinces, indices, components, editions, breaks, sources, by code and validity |
| datasets | `load_*`: figures with names, unit, evidence and source; what is missing, and why |
| measures | ranks, groups, changes, gaps, distributions |
| comparability | the one gate: what may be compared, and by which rule |
| contradictions | printed figures that do not agree, both sides kept (`index_rules`, `workload_rules`) |
| moves, certainty, change | why a rank moved, and how sure that is |
| reach, relations | what is within reach, what goes together |
| reading, showing | what is read is remembered; how frames show in notebooks |
"""

from importlib import import_module

__version__ = "0.1.0"
# Name to module. Loaded when first asked for: the command line answers before pandas could be there.
_PLACES = {
    "GROUPS": "catalogue",
    "NoErrors": "certainty",
    "NotComparable": "catalogue",
    "Quarter": "periods",
    "UnknownName": "catalogue",
    "against_target": "measures",
    "change_certainty": "change",
    "changes": "measures",
    "compare": "comparability",
    "coverage": "datasets",
    "crosswalk": "comparability",
    "decomposition": "measures",
    "discrepancies": "contradictions",
    "distances": "reach",
    "distribution": "measures",
    "drill_down": "moves",
    "editions": "datasets",
    "find_province": "catalogue",
    "former_units": "comparability",
    "gaps": "measures",
    "group_transitions": "relations",
    "lifting_changes": "reach",
    "likeness": "relations",
    "linked_history": "comparability",
    "linked_scores": "comparability",
    "load_index": "datasets",
    "load_workload": "datasets",
    "measure_table": "datasets",
    "national_shifts": "comparability",
    "national_statements": "datasets",
    "nearest_rivals": "measures",
    "newest_quarter": "datasets",
    "own_quarter": "measures",
    "passings": "moves",
    "percentile_position": "measures",
    "persistence": "relations",
    "policies": "datasets",
    "position_sensitivity": "certainty",
    "province_history": "measures",
    "provinces": "datasets",
    "quartile_groups": "measures",
    "rank_certainty": "certainty",
    "rank_correlations": "relations",
    "rank_sets": "certainty",
    "ranks": "measures",
    "reform_tasks": "datasets",
    "share_from_counts": "measures",
    "sources": "datasets",
    "spread": "relations",
    "sub_dimension_moves": "moves",
    "uncertainty": "datasets",
}
__all__ = list(_PLACES)


def __getattr__(name: str):
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{_PLACES[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
