"""Batches of notebooks: each in a process of its own, judged by what it made, put in place whole or not at all."""
