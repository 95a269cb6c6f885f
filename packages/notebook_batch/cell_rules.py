"""An IPython extension: what a cell may not do unnoticed. Both kinds of kernel load it."""

from __future__ import annotations

import subprocess


def load_ipython_extension(shell) -> None:
    """`!command` that fails is an error of its cell; IPython alone would go on."""
    run = shell.system

    def system(command: str) -> None:
        run(command)
        code = shell.user_ns.get("_exit_code")
        if code:
            raise subprocess.CalledProcessError(code, command)

    shell.system = system
