"""Tests of a conversation with a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import Alphabet
from talklike.errors import AuthorNotFoundError, OptionError
from talklike.generation.conversation import Conversation, Said, end_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.generation.voice import Voice

    MakeVoice = Callable[..., Voice]


@pytest.fixture(scope="module")
def room(make_voice: MakeVoice) -> Voice:
    """Return a voice of two authors."""
    return make_voice(authors=("u1", "u2"), hidden=9, seed=4, scale=1.0)


def test_an_answer_is_what_generate_answers(room: Voice) -> None:
    """Turn by turn: the conversation is what ``generate`` would be given, and the answer becomes a part of it."""
    talk = Conversation(room, author="name of u2", me="u1")
    said: list[tuple[str, str]] = []
    for seed, turn in enumerate(["the tide is out", "is it", "😀 日本"]):
        talk.say(turn)
        said.append(("u1", turn))
        answer = "".join(talk.answer(seed=seed, temperature=0.9))
        assert answer == room.generate(author="u2", conversation=said, seed=seed, temperature=0.9)
        said.append(("u2", answer))
    assert [(one.author, one.text) for one in talk.said] == said
    assert talk.said[0] == Said("u1", "u1", "the tide is out", written=False)
    assert (talk.said[1].name, talk.said[1].written) == ("name of u2", True)


def test_an_answer_that_is_stopped_is_kept_as_far_as_it_came(room: Voice) -> None:
    """What was written by then was said; if nothing was, nothing was said."""
    talk = Conversation(room)
    talk.say("so")
    pieces = talk.answer(seed=1, max_chars=50, min_chars=50)
    begun = next(pieces) + next(pieces)
    pieces.close()
    assert talk.said[-1].text == begun
    talk.answer(seed=1).close()
    assert len(talk.said) == 2


def test_who_speaks(room: Voice) -> None:
    """The voice writes as any of its authors, by id or name, or as someone; an unknown one is refused and changes nothing."""
    talk = Conversation(room)
    assert (talk.author, talk.name) == ("u1", "name of u1")
    talk.write_as("name of u2")
    assert (talk.author, talk.name) == ("u2", "name of u2")
    with pytest.raises(AuthorNotFoundError):
        talk.write_as("u3")
    assert talk.author == "u2"
    talk.write_as("someone")
    assert (talk.author, talk.name) == ("someone", "someone")
    with pytest.raises(AuthorNotFoundError):
        Conversation(room, author="u3")


def test_taking_back(room: Voice) -> None:
    """An answer alone; a turn with all that was answered; everything."""
    talk = Conversation(room)
    assert not talk.take_back_answer()
    assert not talk.undo()
    for turn in ("one", "two"):
        talk.say(turn)
        for seed in (1, 2):
            list(talk.answer(seed=seed, min_chars=5))
    assert talk.take_back_answer()
    assert [one.written for one in talk.said] == [False, True, True, False, True]
    assert talk.undo()
    assert [one.written for one in talk.said] == [False, True, True]
    talk.say("three")
    assert not talk.take_back_answer()
    talk.clear()
    assert talk.said == []


def test_only_the_end_is_read(room: Voice) -> None:
    """As many whole messages as fit are read before an answer, so that it takes as long after a thousand turns as after ten."""
    talk = Conversation(room, reach=20)
    for turn in ("not this", "read me", "and this"):  # 7 + 1 and 8 + 1 symbols
        talk.say(turn)
    assert talk.recent() == [("someone", "read me"), ("someone", "and this")]
    talk.say("one that is too long for itself")
    assert talk.recent() == [("someone", "too long for itself")]
    assert "".join(talk.answer(seed=1)) == room.generate(conversation=[("someone", "too long for itself")], seed=1)
    for _ in range(1000):
        talk.say("a turn")
    assert len(talk.recent()) == 2
    with pytest.raises(OptionError, match="must be 1 or more"):
        Conversation(room, reach=0)


@given(st.text(max_size=30), st.integers(1, 40))
def test_the_end_of_a_text_fits(text: str, most: int) -> None:
    """It ends the text, fits into so many symbols, and nearly fills them."""
    alphabet = Alphabet("etaoin ")
    end = end_of(text, alphabet, most)
    assert text.endswith(end)
    assert len(alphabet.encode(end)) <= most
    if end != text:
        assert len(alphabet.encode(text[-len(end) - 1 :])) > most


def test_running_text_goes_on_from_paragraphs(make_voice: MakeVoice) -> None:
    """A voice of running text reads the turns as paragraphs, and its answer ends with one."""
    voice = make_voice(kind="stream", scale=1.0, seed=3)
    talk = Conversation(voice)
    talk.say("the tide")
    answer = "".join(talk.answer(seed=2, max_chars=80))
    assert answer == voice.generate("the tide\n\n", echo=False, stop="\n\n", seed=2, max_chars=80)
    talk.say("is out")
    list(talk.answer(seed=2, max_chars=80))
    assert [one.written for one in talk.said] == [False, True, False, True]


def test_options_that_make_no_sense_are_told_at_once(room: Voice) -> None:
    """Before anything is written, so that nothing was said."""
    talk = Conversation(room)
    with pytest.raises(OptionError):
        talk.answer(temperature=-1)
    with pytest.raises(OptionError):
        talk.answer(warmth=1)
    assert talk.said == []


def test_what_an_answer_takes_can_be_had_without_it(room: Voice) -> None:
    """As the arguments that give the same answer elsewhere."""
    talk = Conversation(room, author="u2", me="u1")
    talk.say("the tide is out")
    wanted = talk.wanted(temperature=0.5)
    assert wanted == {"author": "u2", "conversation": [("u1", "the tide is out")], "temperature": 0.5}
    assert room.generate(seed=3, **wanted) == "".join(talk.answer(seed=3, temperature=0.5))
