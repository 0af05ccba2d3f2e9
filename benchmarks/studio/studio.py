"""How long the studio takes to show its first page and a chat of 400,000 messages, and what a page that watches costs a training.

Each in Debian's Chromium, driven by Playwright, with ``talklike studio`` as a process of its own. *First page*: from the start of
the command until its first heading is seen; the median of several. *Chat*: from the click that opens #perl6's year 2010 (439,424
messages in 365 files of a tar archive) by its path until the table of authors is seen; the most memory that the studio and the
process that reads held together (proportional set size, looked at ten times a second); and the longest that the page was without
a frame, or waited for an answer of the studio, meanwhile. *Training*: characters a second of a run begun on the page, which stays
open, against ``talklike train`` with the same recipe; they take turns, and medians are compared. Beside it the processor time
that the studio took meanwhile, as a share of a core, which says the same on a machine that is busy with other things too.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure, SkippedError, report
from talklike.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SEED = 1
STARTS = 5
ROUNDS = 3
EPOCHS, HIDDEN = "6", "256"
MOST_FIRST, MOST_CHAT, MOST_BYTES, LEAST_RATE = 3.0, 15.0, 1.5e9, 0.95
PATIENCE = 300_000  # ms

_WATCH = """() => {
  window.worst = {frame: 0, answer: 0};
  let last = performance.now();
  const frame = (now) => { worst.frame = Math.max(worst.frame, now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  const ask = async () => {
    const began = performance.now();
    await fetch("/favicon.ico", {cache: "no-store"});
    worst.answer = Math.max(worst.answer, performance.now() - began);
    setTimeout(ask, 100);
  };
  ask();
}"""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the time to the first page, what a large chat takes, and the rate of a training that is watched."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SkippedError("needs Chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield _first_page(browser.new_page(), 2 if quick else STARTS)
        chat = sample_path() if quick else shared_chat("raku-irc", "perl6-2010.tar.gz")
        yield from _large_chat(browser.new_page(), chat)
        yield from _watched_training(browser.new_page(), 1 if quick else ROUNDS, "0.2" if quick else EPOCHS)
        browser.close()


@contextlib.contextmanager
def running(folder: Path) -> Iterator[tuple[str, int, float]]:
    """Run the studio; yield its address, its process and when it was started."""
    command = [sys.executable, "-m", "talklike", "studio", "--no-browser", "--port", "0"]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        found = re.search(r"at (http\S+)", process.stderr.readline())
        if not found:
            raise RuntimeError("the studio didn't start")
        yield found[1], process.pid, began
    finally:
        process.terminate()
        process.wait(30)
        process.stderr.close()


def _first_page(page: Page, starts: int) -> Figure:
    times = []
    for _ in range(starts):
        with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (address, _, began):
            page.goto(address)
            page.wait_for_selector("h1")
            times.append(time.perf_counter() - began)
    seconds = [round(one, 2) for one in times]
    return Figure("first page from the command", statistics.median(times), "s", at_most=MOST_FIRST, details={"seconds": seconds})


def _large_chat(page: Page, chat: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as (address, process, _):
        page.goto(address)
        page.get_by_label("Path on this machine").fill(str(chat))
        with _most_memory(process) as most:
            began = time.perf_counter()
            page.get_by_role("button", name="Open", exact=True).click()
            page.wait_for_url("**/?chat=*")
            page.wait_for_selector("h1")
            page.evaluate(_WATCH)
            page.wait_for_selector(".tl-table", timeout=PATIENCE)
            seconds = time.perf_counter() - began
            page.wait_for_selector("figure", timeout=PATIENCE)
            whole = time.perf_counter() - began
        worst = page.evaluate("worst")
        messages = page.locator(".tl-figure").first.inner_text()
    details = {"messages": messages, "with_charts_seconds": round(whole, 2)}
    yield Figure("a large chat, authors shown", seconds, "s", at_most=MOST_CHAT, details=details)
    yield Figure("a large chat, most memory", most[0] / 1e6, "MB", at_most=MOST_BYTES / 1e6)
    yield Figure("a large chat, longest without a frame", worst["frame"], "ms")
    yield Figure("a large chat, longest wait for an answer", worst["answer"], "ms")


def _watched_training(page: Page, rounds: int, epochs: str) -> Iterator[Figure]:
    rates: dict[str, list[float]] = {"studio": [], "command": []}
    spent = watched = 0.0
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as (address, process, _):
        page.goto(address)
        page.get_by_label("Path on this machine").fill(str(sample_path()))
        page.get_by_role("button", name="Open", exact=True).click()
        page.wait_for_selector(".tl-table")
        chat = page.url
        for number in range(rounds):
            for who in ("studio", "command") if number % 2 == 0 else ("command", "studio"):
                run = Path(name) / "runs" / f"command-{number}"
                if who == "studio":
                    began, before = time.perf_counter(), _processor_time(process)
                    run = _train_on_page(page, chat, epochs, Path(name) / "runs")
                    watched += time.perf_counter() - began
                    spent += _processor_time(process) - before
                else:
                    told = ["--author", "mossy_keel", "--alone", "--epochs", epochs, "--hidden", HIDDEN, "--seed", str(SEED)]
                    talklike("train", str(sample_path()), *told, "-o", str(run))
                last = metrics(run)
                rates[who].append(last["characters"] / last["seconds"])
    share = statistics.median(rates["studio"]) / statistics.median(rates["command"])
    details = {who: [round(rate) for rate in found] for who, found in rates.items()}
    yield Figure(
        "training while the page is open, of the command line's rate", share, "times", at_least=LEAST_RATE, details=details
    )
    yield Figure("processor time of the studio meanwhile, of a core", 100 * spent / watched, "%")


def _train_on_page(page: Page, chat: str, epochs: str, runs: Path) -> Path:
    """Train on the page until it is over; return the run."""
    before = set(runs.glob("*/recipe.json"))
    page.goto(chat)
    page.wait_for_selector(".tl-table")
    box = page.get_by_role("checkbox", name="mossy_keel")
    if not box.is_checked():
        box.check()
    page.get_by_role("button", name="Train this voice").click()
    page.get_by_text("More", exact=True).click()
    page.get_by_label("The room behind the author").select_option("no")
    for label, value in (("Rounds over the text, instead", epochs), ("Hidden", HIDDEN), ("Seed", str(SEED))):
        page.get_by_label(label).fill(value)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("link", name="How good is it?").wait_for(timeout=PATIENCE)
    (made,) = set(runs.glob("*/recipe.json")) - before
    return made.parent


def _processor_time(process: int) -> float:
    """Return the processor time that a process took so far, without its children's [s]."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _most_memory(process: int) -> Iterator[list[float]]:
    """Look at the memory of a process and all that it started until the block ends; the list holds the most [byte]."""
    most = [0.0]
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            most[0] = max(most[0], _proportional(process))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


def _proportional(process: int) -> float:
    """Return the proportional set size of a process and its children [byte]; of one that has ended, nothing."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    own = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return (float(own[1]) * 1024 if own else 0.0) + sum(_proportional(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(report("studio.studio", figures, seed=SEED))
