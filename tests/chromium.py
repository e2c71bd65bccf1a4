"""Debian's Chromium under Playwright, as every browser test starts it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

# No sandbox: tests may run as root. The rest keeps Chromium from calling anybody but us.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The counter's screen that pages are designed for (1366x768).
VIEWPORT = {"width": 1366, "height": 768}


class ChromiumMissingError(Exception):
    """No Chromium on this machine."""


def executable() -> str:
    """Where Chromium is.

    Raises:
        ChromiumMissingError: it is not on the PATH.
    """
    path = shutil.which("chromium")
    if path is None:
        message = "no `chromium` on the PATH: run `make test`, which installs it"
        raise ChromiumMissingError(message)
    return path


@contextmanager
def browser() -> Iterator[Browser]:
    """Run one Chromium until the block ends.

    Raises:
        ChromiumMissingError: it is not on the PATH.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield chromium
        chromium.close()
