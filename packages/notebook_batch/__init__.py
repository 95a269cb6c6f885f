"""Batches of notebooks: each in its own process, judged by its outputs, published as a whole or not at all."""

import importlib

_HOMES = {"Batch": "batch", "Inputs": "inputs", "Job": "plan", "Processes": "processes"}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    # loaded at first use: the warm parent needs only one module
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
