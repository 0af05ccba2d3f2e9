"""Tests of the controls of how a text is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from talklike.errors import OptionError
from talklike.studio.talk_controls import ControlElement, Controls
from talklike.studio.talk_settings import GROUPS
from talklike.studio.talk_stream import PACES
from tests.studio.talking import elements, press, simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from nicegui.testing import User

    from talklike.generation.voice import Voice


def with_controls(voice: Voice, steps: Callable[[User, Controls], Any]) -> None:
    """Take steps on a page that holds nothing but the controls of a voice."""
    made: list[Controls] = []

    def add() -> None:
        @ui.page("/")
        def page() -> None:
            made.append(Controls(voice))

    async def visit(user: User) -> None:
        await user.open("/")
        steps(user, made[0])

    simulate(add, visit)


def put(user: User, name: str, value: object) -> None:
    """Set a control."""
    (control,) = (one for one in elements(user, ControlElement) if one.props["name"] == name)
    UserInteraction(user, {control}, None).trigger("set", value)


def test_they_ask_for_what_was_set(make_voice: Callable[..., Voice]) -> None:
    """And for nothing else; a temperature of one's own goes before the one that is set."""

    def steps(user: User, controls: Controls) -> None:
        told: list[str] = []
        controls.when_set(lambda: told.append(controls.shown_temperature))
        assert controls.generation().sampling == {}
        put(user, "temperature", "0.4")
        put(user, "top_k", "7")
        put(user, "length", "50")
        put(user, "seed", "12")
        made = controls.generation(prompt="a")
        assert (made.sampling, made.most, made.seed, made.prompt) == ({"temperature": 0.4, "top_k": 7}, 50, 12, "a")
        assert controls.temperature == 0.4
        assert controls.generation(1.1).sampling == {"temperature": 1.1, "top_k": 7}
        assert controls.generation(0.9).sampling == {"top_k": 7}  # the voice's own
        assert told[0] == "0.4"
        press(user, "Reset")
        assert controls.generation().sampling == {}
        assert (told[-1], controls.generation().seed) == ("0.9", 12)

    with_controls(make_voice(), steps)


def test_a_seed_is_kept_or_drawn(make_voice: Callable[..., Voice]) -> None:
    """Without one each text has another; one that is kept is used from then on."""

    def steps(user: User, controls: Controls) -> None:
        assert controls.generation().seed != controls.generation().seed
        controls.keep_seed(5)
        assert [controls.generation().seed, controls.generation().seed] == [5, 5]
        put(user, "seed", "no")
        with pytest.raises(OptionError, match="seed"):
            controls.generation()

    with_controls(make_voice(), steps)


def test_only_what_a_voice_can_do_is_offered(make_voice: Callable[..., Voice]) -> None:
    """Without an index of its training text it can't be kept from copying."""

    def steps(user: User, controls: Controls) -> None:
        names = {control.props["name"] for control in elements(user, ControlElement)}
        every = {control.name for group in GROUPS for control in group.controls}
        assert names == (every - {"novelty"}) | {"length", "seed"}
        assert controls.pace in PACES.values()

    with_controls(make_voice(), steps)
