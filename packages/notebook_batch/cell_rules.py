"""An IPython extension that both kinds of kernel load."""

from __future__ import annotations

import subprocess


def load_ipython_extension(shell) -> None:
    """Let a `!command` that fails be an error of its cell; IPython alone would go on."""
    run = shell.system

    def system(command: str) -> None:
        run(command)
        code = shell.user_ns.get("_exit_code")
        if code:
            raise subprocess.CalledProcessError(code, command)

    shell.system = system
