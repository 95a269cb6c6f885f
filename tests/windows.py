"""Stands in for Windows: no module or function of POSIX, and a rename that replaces nothing. Then some commands, twice.

What is given: a folder, then commands as JSON. Run with a locale of ASCII, so that a file read or written without
saying its encoding fails.
"""

import json
import os
import signal
import sys

# not of this project, and there for Windows: on Linux they look at Linux
import babel.numbers  # noqa: F401
import duckdb  # noqa: F401
import pandas  # noqa: F401
import xlsxwriter  # noqa: F401
from fontTools import subset  # noqa: F401

for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty"):
    sys.modules[name] = None
for name in (
    "fork",
    "forkpty",
    "getuid",
    "geteuid",
    "setsid",
    "register_at_fork",
    "killpg",
    "sched_getaffinity",
    "uname",
):
    delattr(os, name)
for name in ("SIGKILL", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGCHLD", "setitimer", "alarm", "pthread_sigmask"):
    delattr(signal, name)
rename_there = os.rename


def rename(source, target, **more):
    if os.path.lexists(target):
        raise FileExistsError(183, "Cannot create a file when that file already exists", target)
    rename_there(source, target, **more)


os.rename = rename

import ninhthuan as nt  # noqa: E402
from ninhthuan_reports import cli  # noqa: E402

os.chdir(sys.argv[1])
assert len(nt.load_index("papi")) and len(nt.load_workload("58")) and len(nt.panel("sipas"))
codes = [[cli.main(command) for command in json.loads(sys.argv[2])] for _ in range(2)]
print(json.dumps(codes))
