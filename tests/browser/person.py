"""Somebody at the page with a task: every click, field, drop and key is counted, and the time until it is done."""

import csv
import io
import json
import time
from pathlib import Path

from playwright.sync_api import Locator, Page

from infra import ROOT

REPORT = ROOT / "build" / "tasks.json"


class Person:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return time.perf_counter() - self._began

    def click(self, what: Locator) -> None:
        self.steps += 1
        what.click()

    def enter(self, field: Locator, text: str) -> None:
        self.steps += 1
        field.fill(text)

    def choose(self, field: Locator, value: str) -> None:
        self.steps += 1
        field.select_option(value)

    def drop(self, place: Locator, file: Path) -> None:
        self.steps += 1
        place.set_input_files(file)

    def press(self, key: str, times: int = 1) -> None:
        self.steps += times
        for _ in range(times):
            self.page.keyboard.press(key)

    def go(self, view: str) -> None:
        self.click(self.page.get_by_role("navigation", name="Views").get_by_role("link", name=view, exact=True))

    def save(self, button: Locator) -> list[dict[str, str]]:
        """The rows of the CSV file that a button saves."""
        with self.page.expect_download() as caught:
            self.click(button)
        return list(csv.DictReader(io.StringIO(caught.value.path().read_text(encoding="utf-8-sig"))))

    def done(self, task: str, *, most: int) -> None:
        """The task is done, in at most so many steps."""
        record(task, steps=self.steps, seconds=round(self.seconds, 1))
        assert self.steps <= most, f"{task}: {self.steps} steps"


def record(task: str, **measured: float) -> None:
    """Put what was measured of a task into the report."""
    REPORT.parent.mkdir(exist_ok=True)
    known = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
    REPORT.write_text(json.dumps({**known, task: measured}, indent=1) + "\n", encoding="utf-8")
