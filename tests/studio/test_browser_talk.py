"""The way of someone who has a voice, in a real browser: it writes, converses, is judged, and is taken along."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright", reason="needs the package playwright (the extra dev)")

from playwright.sync_api import Browser, Locator, Page, expect

from talklike.generation.voice import Voice, load_voice
from talklike.sample import sample_path
from talklike.studio.events import Reader
from talklike.studio.reports import STAGES
from tests.studio.browser import (
    CHROMIUM,
    DESK,
    NO_CHROMIUM,
    PATIENCE,
    PICTURES,
    Watched,
    accessible,
    chromium,
    fill_half,
    picture,
    studio,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)

TINY = [
    "--alone", "--epochs", "0.5", "--hidden", "32", "--embedding", "16", "--streams", "32", "--memory", "4",
    "--learning-rate", "0.01", "--threads", "1",
]  # fmt: skip
"""A voice that is there soon, and says little."""

SECRET = "so the lighthouse"
"""What is typed, and must stand in no address."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser for all tests here."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the run of a voice that was trained for seconds; for pictures, for minutes."""
    found = tmp_path_factory.mktemp("talk")
    command = [sys.executable, "-m", "talklike", "train", str(sample_path()), "--author", "mossy_keel", "--seed", "3"]
    command += ["--budget", "3m"] if os.environ.get(PICTURES) else TINY
    command += ["-o", str(found / "runs" / "mossy")]
    subprocess.run(command, check=True, capture_output=True)
    return found


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Run a studio for all tests here; give its address."""
    with studio(folder) as found:
        yield found


@pytest.fixture(scope="module")
def voice(folder: Path) -> Voice:
    """Return the voice."""
    return load_voice(folder / "runs" / "mossy")


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """Give a new page, and fail if it asks another host for something, or something goes wrong in it."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]  # a ViewportSize is such a dict
    context.set_default_timeout(PATIENCE)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    found = Watched(context.new_page(), address)
    yield found
    context.close()
    found.check()
    assert not [url for url in found.asked if "lighthouse" in url]


def opened(page: Page, address: str, *, part: str = "Write", pace: str = "at once", length: int = 120, seed: str = "7") -> None:
    """Open a part of the Talk page."""
    page.goto(f"{address}talk")
    page.get_by_label("Pace").select_option(pace)
    page.get_by_label("Length", exact=True).fill(str(length))
    page.get_by_label("Seed", exact=True).fill(seed)
    page.get_by_label("How to talk").get_by_role("button", name=part, exact=True).click()


def write(page: Page) -> None:
    """Press the button that writes, and wait until it can be pressed again."""
    button = page.get_by_label("Write", exact=True).get_by_role("button", name="Write")
    button.click()
    expect(columns(page).last.get_by_role("button", name="Share")).to_be_enabled()


def columns(page: Page) -> Locator:
    """Return the texts, one for each temperature."""
    return page.locator(".tk-column")


def text_of(column: Locator) -> str:
    """Return a text, its prompt before it."""
    return column.locator(".tk-text").text_content() or ""


def test_it_writes_at_two_temperatures(watched: Watched, address: str, voice: Voice) -> None:
    """The texts are the library's; colours say how likely each character was; everything can be reached and read."""
    page = watched.page
    opened(page, address)
    expect(page.get_by_text("What it writes appears here.")).to_be_visible()
    accessible(page)
    page.get_by_label("Begin with").fill(SECRET)
    page.get_by_label("Temperature", exact=True).fill("0.5")
    page.get_by_role("button", name="Add a temperature").click()
    write(page)
    wanted = [voice.generate(SECRET, temperature=temperature, max_chars=120, seed=7) for temperature in (0.5, 0.8)]
    assert [text_of(columns(page).nth(number)) for number in range(2)] == wanted
    page.get_by_text("Colour by how likely").click()
    parts = columns(page).first.locator(".tk-text span[title^=expected]")
    assert "".join(parts.all_inner_texts()) == wanted[0].removeprefix(SECRET)
    looks = {look for part in parts.all() for look in (part.get_attribute("class") or "").split()}
    assert len(looks & {"p0", "p1", "p2", "p3"}) >= 3
    accessible(page)
    picture(page, "talk")
    columns(page).first.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == wanted[0]


def test_it_is_stopped_and_gone_on_with_by_keys(watched: Watched, address: str, voice: Voice) -> None:
    """Control and Enter write, Escape stops at once; the same seed gives the same text again, and it can go on."""
    page = watched.page
    opened(page, address, pace="calmly", length=400)
    page.get_by_label("Dry multiplier", exact=True).locator("xpath=ancestor::details/summary").click()
    page.get_by_label("Begin with").fill("the ")
    page.keyboard.press("Control+Enter")
    column = columns(page).first
    expect(column.locator(".tk-text")).to_contain_text(re.compile("^the ."))
    page.keyboard.press("Escape")
    expect(column.get_by_role("status")).to_contain_text("stopped", timeout=2000)
    whole = voice.generate("the ", max_chars=400, seed=7)
    assert whole.startswith(text_of(column))
    assert text_of(column) != whole
    page.get_by_label("Pace").select_option("at once")
    column.get_by_role("button", name="Again").click()
    expect(column.locator(".tk-text")).to_have_text(whole)
    column.get_by_role("button", name="Go on from here").click()
    further = voice.generate(whole, max_chars=400, min_chars=20, seed=7)
    expect(column.locator(".tk-text")).to_have_text(further)


def test_it_shows_characters_one_by_one(watched: Watched, address: str) -> None:
    """As a page of many frames, the first soon after the key."""
    page = watched.page
    opened(page, address, pace="briskly", length=300)
    page.evaluate(
        """() => {
          const shown = document.querySelector(".tk-text");
          window.lengths = [];
          new MutationObserver(() => lengths.push(shown.textContent.length)).observe(
            shown, {subtree: true, childList: true, characterData: true});
        }"""
    )
    page.get_by_label("Begin with").fill("and ")
    write(page)
    lengths = [length for length in page.evaluate("lengths") if length > len("and ")]
    assert lengths == sorted(lengths)
    assert len(set(lengths)) > len(text_of(columns(page).first)) / 20


def test_one_converses(watched: Watched, address: str, voice: Voice) -> None:
    """Enter sends; the answer is the library's; another one can be asked for."""
    page = watched.page
    opened(page, address, part="Converse")
    page.get_by_label("Say").fill(SECRET)
    page.keyboard.press("Enter")
    bubbles = page.locator(".tk-bubble .tk-text")
    expect(page.get_by_role("button", name="Another answer")).to_be_enabled()
    assert bubbles.all_inner_texts() == [SECRET, voice.generate(conversation=[(None, SECRET)], max_chars=120, seed=7)]
    accessible(page)
    picture(page, "converse")
    page.get_by_label("Seed", exact=True).fill("8")
    page.get_by_role("button", name="Another answer").click()
    expect(bubbles.last).to_have_text(voice.generate(conversation=[(None, SECRET)], max_chars=120, seed=8))


def test_one_writes_together_with_it(watched: Watched, address: str, voice: Voice) -> None:
    """What is likeliest is offered, and taken by a key or a click; a message is ended and stays."""
    page = watched.page
    opened(page, address, part="Write together")
    field = page.get_by_label("Your message")
    field.fill("the")
    first = voice.continuations("the", count=1)[0]
    expect(page.locator(".tk-candidate").first).to_contain_text(first.text.strip())
    accessible(page)
    picture(page, "together")
    field.press("Alt+1")
    expect(field).to_have_value("the" + first.text)
    second = voice.continuations("the" + first.text, count=1)[0]
    expect(page.locator(".tk-candidate").first).to_contain_text(second.text.strip() or "the end of the message")
    field.press("Alt+Enter")
    expect(page.get_by_label("Finished messages").get_by_role("listitem")).to_have_text(["the" + first.text])
    expect(field).to_have_value("")


def test_two_tabs_don_t_disturb_each_other(watched: Watched, address: str, voice: Voice) -> None:
    """Each has its own text of its own seed, written at once."""
    page, other = watched.page, watched.page.context.new_page()
    for one, seed in ((page, "1"), (other, "2")):
        opened(one, address, pace="briskly", seed=seed)
        one.get_by_label("Begin with").fill("we ")
    page.get_by_label("Begin with").press("Control+Enter")
    write(other)
    expect(columns(page).first.get_by_role("button", name="Share")).to_be_enabled()
    texts = [text_of(columns(one).first) for one in (page, other)]
    assert texts == [voice.generate("we ", max_chars=120, seed=seed) for seed in (1, 2)]


def test_it_is_taken_along(watched: Watched, address: str, tmp_path: Path) -> None:
    """The downloaded voice writes the same text by the line that the page shows, and so does curl."""
    page = watched.page
    opened(page, address, length=80, seed="")
    page.get_by_label("Temperature", exact=True).fill("0.6")
    page.get_by_label("Begin with").fill("it's ")
    write(page)
    shown = text_of(columns(page).first)
    columns(page).first.get_by_role("button", name="Share").click()
    dialogue = page.get_by_role("dialog")
    expect(dialogue.get_by_text("curl -s")).to_be_visible()
    accessible(page)
    picture(page, "share")
    words = shlex.split(dialogue.locator("pre").inner_text())
    assert words[2].startswith(address.rstrip("/"))
    answer = page.request.post(words[2], data=words[-1], headers={"Content-Type": "application/json"})
    assert answer.json()["choices"][0]["text"] == shown.removeprefix("it's ")
    with page.expect_download() as coming:
        dialogue.get_by_text(re.compile("^Voice, ")).first.click()
    coming.value.save_as(tmp_path / coming.value.suggested_filename)
    dialogue.get_by_role("button", name="Command line").click()
    expect(dialogue.locator("pre")).to_contain_text("talklike generate")
    line = shlex.split(dialogue.locator("pre").inner_text())
    done = subprocess.run([sys.executable, "-m", *line], cwd=tmp_path, check=True, capture_output=True)
    assert done.stdout.decode().removesuffix("\n") == shown
    with page.expect_download() as coming:
        dialogue.get_by_role("button", name="The texts of this page").click()
    assert shown in Path(coming.value.path()).read_text(encoding="utf-8")
    page.keyboard.press("Escape")
    expect(dialogue).to_be_hidden()


def test_what_makes_no_sense_is_told(watched: Watched, address: str) -> None:
    """In one sentence, which goes when it is mended."""
    page = watched.page
    opened(page, address, seed="many")
    page.get_by_label("Begin with").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("the seed must be a whole number")
    page.get_by_label("Seed", exact=True).fill("1")
    write(page)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_half_a_character_is_no_mistake(watched: Watched, address: str) -> None:
    """Half an emoji is taken as a question mark, whatever is done with it; where that makes no sense, a sentence says so."""
    page = watched.page
    opened(page, address)
    fill_half(page.get_by_label("Begin with"), "low tide ")
    write(page)
    assert text_of(columns(page).first).startswith("low tide ?")
    fill_half(page.get_by_label("Seed", exact=True))
    page.get_by_label("Begin with").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("the seed must be a whole number")
    opened(page, address, part="Converse")
    fill_half(page.get_by_label("Say", exact=True), "high tide ")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".tk-mine")).to_contain_text("high tide ?")
    expect(page.locator(".tk-its")).to_have_count(1)
    opened(page, address, part="Write together")
    fill_half(page.get_by_label("Your message"), "low water ")
    expect(page.locator(".tk-candidate").first).to_be_visible()
    page.get_by_role("button", name="End the message").click()
    expect(page.get_by_label("Finished messages")).to_contain_text("low water ?")


def test_it_is_judged(watched: Watched, address: str, folder: Path, tmp_path: Path) -> None:
    """The report is made while one may look away, and kept; from then on copies can be marked where it writes."""
    page = watched.page
    page.goto(f"{address}report")
    page.get_by_role("button", name="Judge it").click()
    expect(page.get_by_role("alert")).to_contain_text("No file or folder is there")
    accessible(page)
    fill_half(page.get_by_label("The chat that it learnt from"))
    page.get_by_role("button", name="Judge it").click()
    expect(page.get_by_role("alert")).to_contain_text("No file or folder is there")
    page.get_by_label("The chat that it learnt from").fill(str(sample_path()))
    page.get_by_label("It writes").select_option("200")
    page.get_by_role("button", name="Judge it").click()
    expect(page.get_by_role("heading", name="Judging it")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile(r"\(\d of 9\)"))).to_be_visible()
    verdict = page.get_by_label("The verdict")
    expect(verdict.get_by_role("listitem")).to_have_count(3, timeout=4 * PATIENCE)
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_contain_text("mossy_keel")
    accessible(page)
    picture(page, "report")
    (events,) = (folder / "runs" / ".studio" / "jobs").glob("*/events.jsonl")
    told = [event["name"] for event in Reader(events).new() if event["event"] == "stage"]
    assert list(dict.fromkeys(told)) == list(STAGES)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Report as JSON").click()
    assert coming.value.suggested_filename == "mossy.report.json"
    content = json.loads(Path(coming.value.path()).read_text(encoding="utf-8"))
    assert [one.strip() for one in verdict.get_by_role("listitem").all_inner_texts()] == content["verdict"]
    opened(page, address)
    page.get_by_label("Temperature", exact=True).fill("0.2")
    page.get_by_text("Mark what is copied").click()
    expect(page.get_by_text("reading the chat")).to_be_hidden()
    page.get_by_label("Fewest characters of a copy").fill("8")
    page.get_by_label("Fewest characters of a copy").press("Tab")
    write(page)
    marks = columns(page).first.locator("mark")
    expect(marks.first).to_be_visible()
    assert re.search(r"\d+ characters of .+'s", marks.first.get_attribute("title") or "")
    page.get_by_text("Mark what is copied").click()
    expect(marks).to_have_count(0)
