"""Voices to talk to, and pages seen without a browser."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, TypeVar, cast

from nicegui.testing.user_interaction import UserInteraction
from nicegui.testing.user_simulation import user_simulation

from talklike.studio.talk_fields import Button
from talklike.studio.workspace import RECIPE, VOICE, Workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from nicegui.element import Element
    from nicegui.testing import User

    from talklike.evaluation.evaluate import Evaluation

    E = TypeVar("E", bound=Element)

PATIENCE = 20.0
"""How long something is waited for before it is missed [s]."""


class _Found:
    """Stands for what an evaluation found."""

    def to_dict(self) -> dict[str, Any]:
        """Return what a page looks at."""
        return {"verdict": ["It sounds like u1.", "It copies.", "Train it longer."]}

    def html(self) -> str:
        """Return a page, with half a character in it as people's messages may have."""
        return "<p>the whole report \ud83d</p>"


FOUND = cast("Evaluation", _Found())
"""What an evaluation found, as far as a page needs it."""


def workspace_of(folder: Path, **voices: bytes) -> Workspace:
    """Return a workspace with a run for each voice, the first one the newest."""
    for number, (name, data) in enumerate(reversed(voices.items())):
        run = folder / "runs" / name
        run.mkdir(parents=True)
        (run / VOICE).write_bytes(data)
        (run / RECIPE).write_text("{}", encoding="utf-8")
        os.utime(run / VOICE, (number, number))
    return Workspace(folder / "runs")


def simulate(add: Callable[[], object], steps: Callable[[User], Awaitable[None]]) -> None:
    """Let a user that is no browser take steps on the pages that ``add`` adds."""

    async def run() -> None:
        async with user_simulation() as user:
            add()
            await steps(user)
            # Python 3.11 loses a cancellation that comes together with news for the page; then NiceGUI waits for two seconds.
            await asyncio.sleep(0.1)

    asyncio.run(run())


def elements(user: User, kind: type[E]) -> list[E]:
    """Return the elements of a kind on the page, in the order in which they were made."""
    assert user.client is not None
    return [one for one in user.client.elements.values() if isinstance(one, kind)]


def press(user: User, text: str, which: int = 0) -> None:
    """Press a button of just this text."""
    found = [button for button in elements(user, Button) if button.text == text]
    assert not found[which].props.get("disabled"), f"{text} can't be pressed"
    UserInteraction(user, {found[which]}, None).click()


async def until(true: Callable[[], object]) -> None:
    """Return when something is true."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.02)


def choose(user: User, value: str, which: int = 0) -> None:
    """Choose a value from a list that has it."""
    assert user.client is not None
    lists = [one for one in user.client.elements.values() if one.tag == "select"]
    found = [one for one in lists if any(option.props.get("value") == value for option in one.default_slot.children)]
    UserInteraction(user, {found[which]}, None).trigger("change", value)
