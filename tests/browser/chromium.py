"""The system's Chromium, driven by Playwright; best its headless shell, which computes half as much beside the page."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

MISSING = "there is no Chromium; on Debian: apt-get install chromium-headless-shell"


def path() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    # Chromium refuses its sandbox to root.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Helpers that compile and collect beside the page's one thread take more of the processor than they save it.
    flags += ["--js-flags=--single-threaded"]
    return playwright.chromium.launch(executable_path=path(), args=flags)
