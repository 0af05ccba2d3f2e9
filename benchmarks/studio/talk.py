"""How soon a text begins after *Write* is pressed, and in how many frames a second it is shown.

In Debian's Chromium, driven by Playwright, with ``talklike studio`` as a process of its own; the voice has one layer of 512 units
(E=128, V=360, int8). *First character*: from the click, by the page's own clock, until the text on it has grown. *Frames*: how
often a second the text grew, from its first character to its last, at the pace that the page has at first; with one text, and
with four temperatures side by side, of which each is counted alone.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.record import Figure, SkippedError, report
from benchmarks.studio.studio import running
from benchmarks.synthetic import write_voice_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SEED = 1
HIDDEN = 512
WRITES, QUICK_WRITES = 20, 2
CHARACTERS = 400
MOST_FIRST, LEAST_FRAMES = 150.0, 30.0
PATIENCE = 60_000  # ms

_WATCH = """() => {
  const button = document.querySelector(".tk-actions .tl-first");
  button.addEventListener("click", () => { window.pressed = performance.now(); window.grown = []; }, true);
  document.querySelectorAll(".tk-column .tk-text").forEach((text, number) => {
    let before = 0;
    new MutationObserver(() => {
      const length = text.textContent.length;
      if (length > before) grown.push([number, performance.now() - pressed]);
      before = length;
    }).observe(text, {subtree: true, childList: true, characterData: true});
  });
}"""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the time to the first character, and the frames a second of one text and of four."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SkippedError("needs Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    writes = QUICK_WRITES if quick else WRITES
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        voice = Path(name) / "runs" / "voice" / "voice.onnx"
        voice.parent.mkdir(parents=True)
        write_voice_file(voice, HIDDEN, seed=SEED)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with running(Path(name)) as (address, _, _):
            page = browser.new_page()
            page.goto(f"{address}talk")
            page.get_by_label("Length", exact=True).fill(str(CHARACTERS))
            first, one = _written(page, writes, 1)
            for _ in range(3):
                page.get_by_role("button", name="Add a temperature").click()
            _, four = _written(page, max(1, writes // 4), 4)
        browser.close()
    details = {"writes": writes, "median_ms": round(statistics.median(first), 1)}
    late = max(first) if len(first) < 20 else statistics.quantiles(first, n=20)[-1]
    yield Figure("first character, p95", late, "ms", at_most=MOST_FIRST, details=details)
    for texts, rates in (("one text", one), ("four texts, each", four)):
        spread = {"least": round(min(rates), 1), "most": round(max(rates), 1)}
        yield Figure(
            f"frames while streaming, {texts}", statistics.median(rates), "frames/s", at_least=LEAST_FRAMES, details=spread
        )


def _written(page: Page, writes: int, texts: int) -> tuple[list[float], list[float]]:
    """Write some times; return the times to the first character [ms] and the frames a second of each text."""
    page.evaluate(_WATCH)
    first, rates = [], []
    for number in range(writes):
        page.get_by_label("Seed", exact=True).fill(str(number))
        page.wait_for_timeout(200)
        page.locator(".tk-actions .tl-first").click()
        page.wait_for_function("document.querySelector('[aria-busy=true]')", timeout=PATIENCE)
        page.wait_for_function("!document.querySelector('[aria-busy=true]')", timeout=PATIENCE)
        grown = page.evaluate("grown")
        first.append(min(when for _, when in grown))
        for text in range(texts):
            times = [when for which, when in grown if which == text]
            if len(times) > 10:
                rates.append(1000 * (len(times) - 1) / (times[-1] - times[0]))
    return first, rates


if __name__ == "__main__":
    sys.exit(report("studio.talk", figures, seed=SEED))
