"""Tests of writing at one temperature or several, seen without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from talklike.generation.voice import load_voice
from talklike.studio import talk_page
from talklike.studio.talk_controls import ControlElement
from talklike.studio.talk_fields import Button
from talklike.studio.talk_settings import FURTHER
from talklike.studio.talk_text import TalkText
from talklike.studio.talk_write import MOST_COLUMNS
from tests.studio.talking import choose, elements, press, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of a voice of two authors."""
    return workspace_of(tmp_path_factory.mktemp("write"), pair=make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0))


async def opened(user: User, prompt: str, **settings: str) -> None:
    """Open the page, type a prompt and set something."""
    await user.open("/talk")
    await until(lambda: elements(user, TalkText))
    elements(user, ui.textarea)[0].value = prompt
    for control in elements(user, ControlElement):
        if control.props["name"] in settings:
            UserInteraction(user, {control}, None).trigger("set", settings[control.props["name"]])


def done(user: User) -> bool:
    """Return whether nothing is being written."""
    return not next(button for button in elements(user, Button) if button.text == "Write" and "tl-first" in button.classes).props[
        "disabled"
    ]


def write(user: User) -> None:
    """Press the button that writes; one that shows this part of the page is called the same."""
    press(user, "Write", 1)


def test_a_page_shows_what_the_library_writes(workspace: Workspace) -> None:
    """For every temperature, with the same seed; "Again" with a kept seed writes the same again, "Go on" goes on."""
    voice = load_voice(workspace.voices()[0].path)

    async def steps(user: User) -> None:
        await opened(user, "the tide ", length="40", seed="7")
        press(user, "Add a temperature")
        write(user)
        texts = elements(user, TalkText)[:2]
        await until(lambda: done(user) and all(text.text for text in texts))
        wanted = [voice.generate("the tide ", max_chars=40, seed=7, temperature=t, echo=False) for t in (0.9, 1.2)]
        assert [text.text for text in texts] == wanted
        press(user, "Again")
        await until(lambda: not done(user))
        await until(lambda: done(user))
        assert texts[0].text == wanted[0]
        press(user, "Go on")
        await until(lambda: done(user) and len(texts[0].text) > len(wanted[0]))
        least = 0 if len(wanted[0]) == 40 else FURTHER  # a message that ended would end again
        further = voice.generate("the tide " + wanted[0], max_chars=40, min_chars=least, seed=7, echo=False)
        assert texts[0].text == wanted[0] + further

    simulate(lambda: talk_page.add(workspace), steps)


def test_a_seed_is_drawn_and_can_be_kept(workspace: Workspace) -> None:
    """It stands below the text; pressing it keeps it."""

    async def steps(user: User) -> None:
        await opened(user, "a", length="30")
        write(user)
        await until(lambda: done(user) and elements(user, TalkText)[0].text)
        first = elements(user, TalkText)[0].text
        seed = next(button.text for button in elements(user, Button) if button.text.startswith("seed "))
        press(user, seed)
        press(user, "Again")
        await until(lambda: not done(user))
        await until(lambda: done(user))
        assert elements(user, TalkText)[0].text == first

    simulate(lambda: talk_page.add(workspace), steps)


def test_what_makes_no_sense_is_told(workspace: Workspace) -> None:
    """Before anything is written, and the sentence goes when it is mended."""

    async def steps(user: User) -> None:
        await opened(user, "a", top_k="-4")
        write(user)
        await user.should_see("-4")
        assert not elements(user, TalkText)[0].text
        for control in elements(user, ControlElement):
            if control.props["name"] == "top_k":
                UserInteraction(user, {control}, None).trigger("set", "4")
        write(user)
        await until(lambda: done(user) and elements(user, TalkText)[0].text)
        await user.should_not_see("-4")

    simulate(lambda: talk_page.add(workspace), steps)


def test_there_are_at_most_so_many_temperatures(workspace: Workspace) -> None:
    """Each can be taken away again but the first."""

    async def steps(user: User) -> None:
        await opened(user, "")
        for _ in range(MOST_COLUMNS - 1):
            press(user, "Add a temperature")
        add = next(button for button in elements(user, Button) if button.text == "Add a temperature")
        assert add.props["disabled"]
        press(user, "Remove")
        assert not add.props["disabled"]
        assert len([button for button in elements(user, Button) if button.text == "Remove"]) == MOST_COLUMNS - 2

    simulate(lambda: talk_page.add(workspace), steps)


def test_stop_stops_at_once(workspace: Workspace) -> None:
    """What was shown by then stays."""

    async def steps(user: User) -> None:
        await opened(user, "a", length="2000", no_repeat_ngram_size="0", logit_bias="")
        choose(user, "calmly")
        write(user)
        text = elements(user, TalkText)[0]
        await until(lambda: text.text)
        press(user, "Stop")
        await until(lambda: done(user))
        assert len(text.text) < 100
        await user.should_see(f"{len(text.text)} characters, stopped")

    simulate(lambda: talk_page.add(workspace), steps)
