import os
import shutil

import pytest


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; a test without one is skipped, or fails where NINHTHUAN_NO_SKIP is set, as in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    message = "Chromium is not installed: make system-packages"
    if os.environ.get("NINHTHUAN_NO_SKIP"):
        pytest.fail(message)
    pytest.skip(message)
