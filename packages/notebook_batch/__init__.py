"""Batches of notebooks: each in a process of its own, judged by what it made, put in place whole or not at all."""

import importlib

_HOMES = {"Batch": "batch", "Inputs": "inputs", "Job": "plan", "Processes": "processes"}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    # the process that forks imports one module of this package, and is the lighter without the others
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
