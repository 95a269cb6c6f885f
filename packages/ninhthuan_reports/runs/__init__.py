"""Runs: plan, execute, record. Notebooks are files here; none is imported."""
