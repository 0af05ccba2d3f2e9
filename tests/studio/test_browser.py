"""The way of someone new through the studio, in a real browser: a chat is dropped, looked at, trained on, watched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright", reason="needs the package playwright (the extra dev)")

from playwright.sync_api import Browser, Page, expect

from talklike.sample import sample_csv, sample_path
from talklike.studio.chat_views import QUOTES
from tests.studio.browser import (
    CHROMIUM,
    DESK,
    NO_CHROMIUM,
    PATIENCE,
    PHONE,
    Watched,
    accessible,
    chromium,
    fill_half,
    picture,
    pictured,
    studio,
)  # fmt: skip
from tests.studio.workspaces import passed_on_file

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.querySelector(".tl-drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser for all tests here."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a studio for all tests here; give its address."""
    with studio(tmp_path_factory.mktemp("studio")) as found:
        yield found


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """Give a new page, and fail if it asks another host for something, or something goes wrong in it."""
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")  # type: ignore[arg-type]  # a ViewportSize is such a dict
    context.set_default_timeout(PATIENCE)
    found = Watched(context.new_page(), address)
    yield found
    context.close()
    found.check()


def opened(page: Page, address: str) -> None:
    """Open the bundled chat by its path."""
    page.goto(address)
    page.get_by_label("Path on this machine").fill(str(sample_path()))
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_selector(".tl-table")


def begun(page: Page, address: str, time: str) -> None:
    """Begin to train the most active author's voice."""
    opened(page, address)
    page.locator(".tl-table input").first.check()
    page.get_by_role("button", name="Train this voice").click()
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Another time").fill(time)
    page.get_by_label("The room behind the author").select_option("no")
    page.get_by_label("Hidden").fill("24")
    expect(page.get_by_text("bits per character to expect")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="What it writes")).to_be_visible()


def test_a_chat_is_dropped_and_looked_at(watched: Watched, address: str) -> None:
    """A dropped file becomes a table of who writes, with charts and messages; nothing of it stands in an address."""
    page = watched.page
    page.goto(address)
    accessible(page)
    picture(page, "open")
    page.evaluate(DROP, ["halfmoon_slip.csv", sample_csv().decode()])
    page.wait_for_selector(".tl-table")
    expect(page.get_by_text("Read as freecodecamp")).to_be_visible()
    rows = page.locator(".tl-table tbody tr")
    assert "mossy_keel" in rows.first.inner_text()
    expect(page.get_by_text("looks automated")).to_be_visible()
    page.get_by_role("button", name="Author").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Author")
    page.get_by_role("button", name="Messages").click()
    page.get_by_label("Find someone").fill("zed")
    expect(rows).to_have_count(1)
    page.get_by_label("Find someone").fill("")
    expect(rows).to_have_count(15)
    page.get_by_role("checkbox", name="zed0x").check()
    expect(page.get_by_role("img", name=re.compile("Messages of zed0x"))).to_be_visible()
    page.get_by_role("checkbox", name="mossy_keel").check()
    expect(page.get_by_text("2 people:")).to_be_visible()
    page.get_by_label("Messages with these words").fill("wavin")
    expect(page.locator(".tl-messages li")).to_have_count(3)
    accessible(page)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "chat")
    assert not [url for url in watched.asked if "halfmoon" in url or "zed0x" in url or "wavin" in url]


def test_a_folder_is_chosen(watched: Watched, address: str, tmp_path: Path) -> None:
    """All files in it are sent, and read as one chat."""
    export = tmp_path / "export"
    for day in ("one", "two"):
        (export / day).mkdir(parents=True)
        (export / day / "day.csv").write_text(f"time,author,text\n2024-01-01,gull,tide {day}\n2024-01-02,ferry,low {day}\n")
    page = watched.page
    page.goto(address)
    page.locator("input[data-part=folder]").set_input_files(export)
    page.wait_for_selector(".tl-table")
    expect(page.get_by_role("heading", name="export")).to_be_visible()
    expect(page.locator(".tl-table tbody tr").first).to_contain_text("gull")
    expect(page.locator(".tl-messages li")).to_have_count(4)


def test_authors_are_made_one(watched: Watched, address: str) -> None:
    """Two that are picked become one person, who has the messages of both; that can be undone."""
    page = watched.page
    opened(page, address)
    page.get_by_role("checkbox", name="zed0x").check()
    page.get_by_role("checkbox", name="nadia.q").check()
    page.get_by_role("button", name="They are one person").click()
    expect(page.get_by_text("is now")).to_be_visible()
    expect(page.locator(".tl-table tbody tr").first).to_contain_text("1,972")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".tl-table tbody tr").first).to_contain_text("1,534")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("empty.csv", "", "is empty"),
        ("noise.bin", "\0\1\2\3" * 300, "Open another chat"),
        ("list.csv", "a,b\n1,2\n", "Open another chat"),
    ],
)
def test_a_wrong_file(watched: Watched, address: str, name: str, text: str, said: str) -> None:
    """What is no chat is told in a sentence, and another can be opened."""
    page = watched.page
    page.goto(address)
    page.evaluate(DROP, [name, text])
    expect(page.get_by_text(said).first).to_be_visible()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.goto(address)
    page.get_by_label("Path on this machine").fill("/no/such/chat.csv")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("There is no file or folder at this path")).to_be_visible()


def test_half_a_character_is_no_mistake(watched: Watched, address: str) -> None:
    """Half an emoji is taken as a question mark in every field; where that makes no sense, a sentence says so."""
    page = watched.page
    page.goto(address)
    fill_half(page.get_by_label("Path on this machine"), "~")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("There is no file or folder at this path")).to_be_visible()
    page.get_by_text("How to read it").click()
    fill_half(page.get_by_label("Column of the author"))
    expect(page.locator(".tl-drop")).to_have_attribute("data-reading", re.compile(r'"\?"'))
    page.evaluate(DROP, ["halfmoon_slip.csv", sample_csv().decode()])
    expect(page.get_by_role("alert")).to_contain_text("'?'")
    opened(page, address)
    fill_half(page.get_by_label("Find someone"))
    expect(page.locator(".tl-table tbody tr")).to_have_count(0)
    page.get_by_label("Find someone").fill("")
    fill_half(page.get_by_label("Messages with these words"), "no such word ")
    expect(page.get_by_text("No message has these words.")).to_be_visible()
    page.get_by_role("button", name="Train the whole room").click()
    page.get_by_text("More", exact=True).click()
    fill_half(page.get_by_label("Another time"))
    expect(page.get_by_text("must be a duration such as 90s")).to_be_visible()


def test_what_people_passed_on_is_kept_if_wanted(watched: Watched, address: str, tmp_path: Path) -> None:
    """A switch reads the chat again, by keyboard too and on a phone; what was dropped is dropped once more."""
    page = watched.page
    chat = passed_on_file(tmp_path)
    page.goto(address)
    page.get_by_label("Path on this machine").fill(str(chat))
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_selector(".tl-table")
    rows, messages = page.locator(".tl-table tbody tr"), page.locator(".tl-messages li")
    switch = page.get_by_role("checkbox", name=QUOTES)
    expect(page.get_by_text("Not learnt from: 20 forwarded messages and 20 quoted lines in 20 messages.")).to_be_visible()
    expect(switch).to_have_accessible_description(re.compile(r"^Forwarded messages.*read again\.$"))
    expect(rows.filter(has_text="Gull")).to_contain_text("80")
    expect(messages.filter(has_text="the gull says")).to_have_count(0)
    accessible(page)
    picture(page, "passed-on")
    switch.focus()
    page.keyboard.press("Space")
    expect(rows.filter(has_text="Gull")).to_contain_text("100")
    expect(switch).to_be_checked()
    expect(page.get_by_text("Not learnt from")).to_have_count(0)
    expect(messages.filter(has_text="the gull says")).to_have_count(1)
    switch.uncheck()
    expect(rows.filter(has_text="Gull")).to_contain_text("80")
    chat.rename(tmp_path / "elsewhere.json")
    page.goto(address)
    page.evaluate(DROP, ["dropped.json", (tmp_path / "elsewhere.json").read_text()])
    page.wait_for_selector(".tl-table")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a ViewportSize is such a dict
    switch.check()
    expect(page.get_by_text("drop it here to have it read so")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    accessible(page)
    picture(page, "drop-again")
    before = page.url
    page.evaluate(DROP, ["dropped.json", (tmp_path / "elsewhere.json").read_text()])
    page.wait_for_url(lambda url: url != before)
    expect(rows.filter(has_text="Gull")).to_contain_text("100")
    expect(switch).to_be_checked()
    page.goto(address)
    expect(page.get_by_text("with what was passed on")).to_have_count(1)
    accessible(page)


def test_a_training_outlives_its_tab(watched: Watched, address: str) -> None:
    """A training is seen from two tabs, goes on without any, can be held and stopped, resumed, and compared with others."""
    page = watched.page
    begun(page, address, "45s")  # a budget is kept, however busy the machine: it must outlast what is done until the stop
    expect(page.get_by_text(re.compile(r"\d+ %.*loss"))).to_be_visible()
    here = page.url
    accessible(page)
    other = page.context.new_page()
    page.close()
    other.goto(here)
    expect(other.get_by_text(re.compile(r"\d+ %.*loss"))).to_be_visible()
    second = other.context.new_page()
    second.goto(here)
    second.get_by_role("button", name="Pause").click()
    expect(other.get_by_text("Paused: the processor is free")).to_be_visible()
    other.get_by_role("button", name="Go on").click()
    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    expect(other.locator(".tl-sample").first).to_be_visible()
    if pictured():
        expect(other.locator(".tl-wide circle.s0").nth(2)).to_be_visible()
    picture(other, "training")
    second.get_by_role("button", name="Stop and save").click()
    expect(other.get_by_role("button", name="Resume")).to_be_visible()
    expect(other.get_by_text("Interrupted:")).to_be_visible()
    other.get_by_role("button", name="Resume").click()
    expect(other.get_by_text(re.compile(r"^(About right|Still learning|Memorising)"))).to_be_visible(timeout=2 * PATIENCE)
    expect(other.get_by_role("link", name="Talk to it")).to_be_visible()
    accessible(other)
    picture(other, "trained")
    other.goto(f"{watched.base}/runs")
    expect(other.get_by_role("link", name="mossy_keel", exact=True)).to_be_visible()
    expect(other.get_by_role("heading", name="Held-out bits per character")).to_be_visible()
    accessible(other)
    picture(other, "runs")


def test_what_makes_no_sense_is_told(watched: Watched, address: str) -> None:
    """A wrong time or size is told while it is typed; nothing begins."""
    page = watched.page
    opened(page, address)
    page.get_by_role("button", name="Train the whole room").click()
    expect(page.get_by_text("bits per character to expect")).to_be_visible()
    accessible(page)
    picture(page, "train")
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Another time").fill("soon")
    expect(page.get_by_text("must be a duration such as 90s")).to_be_visible()
    page.get_by_label("Another time").fill("")
    page.get_by_label("Dropout").fill("7")
    expect(page.get_by_text("Dropout is 7, must be")).to_be_visible()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    accessible(page)


def test_what_is_not_there_is_told(watched: Watched, address: str) -> None:
    """An address of a chat or run that is gone shows a sentence, not an error."""
    page = watched.page
    for path in ("/?chat=0123456789ab", "/train?run=0123456789ab", "/train?chat=../.."):
        page.goto(watched.base + path)
        expect(page.get_by_role("alert")).to_contain_text("isn't there any more")
    page.goto(f"{watched.base}/train")
    expect(page.get_by_role("heading", name="Whose voice?")).to_be_visible()
    assert Path(page.url).name == "train"


def test_it_is_used_by_keyboard(watched: Watched, address: str) -> None:
    """The first key leads past the navigation, and a table is sorted and picked from without a mouse."""
    page = watched.page
    opened(page, address)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    page.get_by_role("button", name="Characters").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Characters")
    expect(page.get_by_role("button", name="Characters")).to_be_focused()
    page.get_by_role("checkbox", name="zed0x").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Train this voice")).to_be_visible()
