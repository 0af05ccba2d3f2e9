"""Tests of a chat at the command line: seeds, options, and where answers go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.cli.talk import Talk
from talklike.errors import OptionError
from talklike.generation.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from talklike.generation.voice import Voice


@pytest.fixture(scope="module")
def voice(make_voice: Callable[..., Voice]) -> Voice:
    """Return a voice of one author."""
    return make_voice(scale=1.0)


def talk_with(voice: Voice, answers: list[tuple[str, str]], **values: Any) -> Talk:
    """Return a chat whose answers go into a list."""

    def write(name: str, pieces: Generator[str]) -> None:
        answers.append((name, "".join(pieces)))

    given: dict[str, Any] = {"sampling": {}, "lengths": {}, "seed": None}
    return Talk(voice, Conversation(voice), **given | values, write=write, show=lambda _: None)


def test_each_answer_has_the_next_seed(voice: Voice) -> None:
    """So one seed decides a whole conversation, and what was said twice isn't answered twice the same."""
    answers: list[tuple[str, str]] = []
    talk = talk_with(voice, answers, seed=5, sampling={"temperature": 1.1}, lengths={"max_chars": 20, "min_chars": 20})
    assert (talk.last_seed, talk.seed) == (None, 5)
    talk.say("so")
    talk.answer()
    assert (talk.last_seed, talk.seed) == (6, 7)
    one = voice.generate(conversation=[("u1", "so")], seed=5, temperature=1.1, max_chars=20, min_chars=20)
    two = voice.generate(conversation=[("u1", "so"), ("u1", one)], seed=6, temperature=1.1, max_chars=20, min_chars=20)
    assert answers == [("name of u1", one), ("name of u1", two)]


def test_without_a_seed_there_is_a_random_one(voice: Voice) -> None:
    """No two chats are alike."""
    assert talk_with(voice, []).seed != talk_with(voice, []).seed


@pytest.mark.parametrize("values", [{"seed": -1}, {"lengths": {"max_chars": 0}}, {"sampling": {"top_p": 2}}])
def test_nonsense_is_told_before_anything_is_said(voice: Voice, values: dict[str, Any]) -> None:
    """Not at the first answer."""
    with pytest.raises(OptionError):
        talk_with(voice, [], **values)
