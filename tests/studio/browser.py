"""A real browser and a real studio for tests: Debian's Chromium, driven by Playwright, and ``talklike studio`` as a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "Chromium isn't installed (apt-get install chromium)"

PICTURES = "TALKLIKE_PICTURES"
"""Environment variable with a folder for pictures of the pages; without it none are made."""

PATIENCE = 60_000
"""How long something may take on a busy machine [ms]."""

SERIOUS = ("serious", "critical")
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1180, "height": 820}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def studio(folder: Path, *arguments: str) -> Iterator[str]:
    """Run the studio in a folder, and give its address."""
    command = [sys.executable, "-m", "talklike", "studio", "--no-browser", "--port", "0", *arguments]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            assert "the studio is at http" in said, said + process.stderr.read()
            yield said.split("the studio is at ")[1].split()[0]
        finally:
            process.terminate()
            said = process.stderr.read()
            process.wait(10)
    assert "Traceback" not in said, said


class Watched:
    """A page of which is noted what it asks of whom, and what goes wrong in it.

    Args:
        page: The page.
        address: The studio's; everything else is another host.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.base = "/".join(address.split("/")[:3])
        self.elsewhere: list[str] = []
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _note(self, url: str) -> None:
        self.asked.append(url)
        own = (self.base, self.base.replace("http", "ws", 1), "data:", "blob:")
        if not url.startswith(own):
            self.elsewhere.append(url)

    def check(self) -> None:
        """Fail if another host was asked, or something went wrong."""
        assert not self.elsewhere
        assert not self.wrong


def fill_half(field: Locator, before: str = "") -> None:
    """Fill a field with a text that ends in half an emoji, as somebody may paste it."""
    field.wait_for()
    field.evaluate(
        """(field, before) => {
          field.value = before + "\\ud83d";
          field.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        before,
    )


def accessible(page: Page) -> None:
    """Fail if axe-core finds anything serious on a page, light or dark."""
    for dark in (False, True):
        page.evaluate("dark => Quasar.Dark.set(dark)", dark)
        page.wait_for_timeout(350)  # colours fade into each other
        found = Axe().run(page).response["violations"]
        serious = [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in SERIOUS]
        assert not serious, "\n".join(serious)
    page.evaluate("Quasar.Dark.set(false)")


def pictured() -> bool:
    """Return whether pictures are wanted."""
    return bool(os.environ.get(PICTURES))


def picture(page: Page, name: str) -> None:
    """Keep a picture of what is seen of a page: light, dark and on a phone."""
    folder = os.environ.get(PICTURES)
    if not folder:
        return
    for look, size in (("light", DESK), ("dark", DESK), ("phone", PHONE)):
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a ViewportSize is such a dict
        page.evaluate("dark => Quasar.Dark.set(dark)", look == "dark")
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"{name}-{look}.png")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]  # a size, as a plain dict
    page.evaluate("Quasar.Dark.set(false)")
