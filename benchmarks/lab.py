"""Seconds from `make lab` to the first figure of the tour, as a newcomer sees it in Chromium.

    python benchmarks/lab.py [--rounds 3]

The environment and its bytecode are in place, and so is the browser; JupyterLab, its page and the kernel start anew
in every round, and the cells down to the first figure are run one after another by the keyboard.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from common import machine, table
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
STEPS = ("JupyterLab answers", "the tour stands in the page", "the first figure is drawn")
LATE = 120_000  # milliseconds
FIGURE = ".jp-OutputArea-output img, .jp-OutputArea-output svg[role=img]"


def from_command_to_figure(browser: Browser) -> list[float]:
    """Seconds from the command to each of STEPS."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as own:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        folders = {f"JUPYTER_{name}_DIR": f"{own}/{name}" for name in ("RUNTIME", "CONFIG", "DATA")}
        options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=bench"]
        options += ["--allow-root"] * (os.geteuid() == 0)
        began = time.monotonic()
        server = subprocess.Popen(
            ["make", "lab", "JUPYTER_ARGS=" + " ".join(options)],
            cwd=ROOT,
            env=os.environ | folders,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            while not _answers(f"http://127.0.0.1:{port}/api/status", server):
                time.sleep(0.05)
            seconds = [time.monotonic() - began]
            page = browser.new_context(viewport={"width": 1280, "height": 1000}).new_page()
            page.goto(f"http://127.0.0.1:{port}/?token=bench")
            page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=LATE)
            seconds.append(time.monotonic() - began)
            page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=LATE)
            page.locator(".jp-Notebook .jp-Cell").first.click()
            while not page.locator(FIGURE).count():
                page.keyboard.press("Shift+Enter")
                page.wait_for_timeout(100)
            page.locator(FIGURE).first.wait_for(timeout=LATE)
            return [*seconds, time.monotonic() - began]
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _answers(address: str, server: subprocess.Popen) -> bool:
    if server.poll() is not None:
        raise SystemExit("`make lab` ended before it answered")
    try:
        urllib.request.urlopen(address, timeout=5)
    except urllib.error.HTTPError:
        return True  # it asks who we are
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def main() -> None:
    """Measure some rounds and print each step's lowest, middle and highest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(machine())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        seen = [from_command_to_figure(browser) for _ in range(rounds)]
    rows = [
        [step, *(f"{value:.1f}" for value in (min(times), statistics.median(times), max(times)))]
        for step, times in zip(STEPS, zip(*seen, strict=True), strict=True)
    ]
    print(table(["step, s from the command", "lowest", "median", "highest"], rows))


if __name__ == "__main__":
    main()
