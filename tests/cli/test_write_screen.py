"""Tests of the screen on which messages are written, with keys from a pipe; ``test_write`` has a real pseudo-terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from talklike.cli.write_screen import WriteScreen, described
from talklike.corpus.alphabet import FIRST_CHARACTER
from talklike.generation.continuations import Continuation
from talklike.generation.cowriting import Cowriting
from talklike.generation.voice import Voice
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

DOWN, UP, TAB, DRAW, UNDO, LITERALLY, ENTER, DONE, STOP = "\x1b[B", "\x1b[A", "\t", "\x12", "\x1a", "\x16", "\r", "\x04", "\x03"


@pytest.fixture(scope="module")
def voice(make_card: Callable[..., Any], make_weights: Callable[..., Any]) -> Voice:
    """Return a voice of one author whose messages hardly ever end, and which spells nothing in bytes."""
    card = make_card()
    weights = make_weights(card.sizes, seed=3, scale=1.0)
    weights["output.bias"][:FIRST_CHARACTER] = -30
    return Voice.from_bytes(voice_bytes(card, packed(weights, card.precision)), threads=1)


def written(voice: Voice, keys: str, text: str = "", *, count: int = 5, stopped: bool = False) -> list[str]:
    """Let keys be typed until the screen is left, and return the messages."""
    together = Cowriting(voice, count=count, seed=7)
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        screen = WriteScreen(together, text, keys=pipe, output=DummyOutput())
        screen.run()
    assert screen.interrupted is stopped
    return together.done


def best(voice: Voice, text: str, which: int = 0) -> str:
    """Return a text with one of its continuations."""
    return text + voice.continuations(text)[which].text


@pytest.mark.parametrize("leave", [DONE, ENTER + ENTER, ENTER + DONE])
def test_own_words(voice: Voice, leave: str) -> None:
    """What is typed is the message, edited with the usual keys, after what it begins with."""
    assert written(voice, f"tides\x7f is out{leave}", "the ") == ["the tide is out"]


def test_candidates_are_taken(voice: Voice) -> None:
    """By their digit or, the chosen one, by Tab; the next ones follow from the longer text."""
    assert written(voice, f"1{DONE}", "the t") == [best(voice, "the t")]
    assert written(voice, f"3{DONE}", "the t") == [best(voice, "the t", 2)]
    assert written(voice, f"{TAB}{DONE}", "the t") == [best(voice, "the t")]
    assert written(voice, f"{DOWN}{DOWN}{UP}{TAB}{DONE}", "the t") == [best(voice, "the t", 1)]
    assert written(voice, f"{UP}{TAB}{DONE}", "the t") == [best(voice, "the t", 4)]
    assert written(voice, f"{DOWN}1{TAB}{DONE}", "the t") == [best(voice, best(voice, "the t"))]


def test_digits_are_typed(voice: Voice) -> None:
    """Those behind which no candidate stands as they are, the others after Ctrl-V, and any in what is pasted."""
    assert written(voice, f"6{LITERALLY}1\x1b[200~23\x1b[201~{DONE}", "at ") == ["at 6123"]
    assert written(voice, f"4{DONE}", "at ", count=3) == ["at 4"]


def test_a_word_is_drawn(voice: Voice) -> None:
    """Ctrl-R adds one after the other."""
    expected = "the t"
    together = Cowriting(voice, seed=7)
    for _ in range(2):
        expected += together.drawn(expected)
    assert written(voice, f"{DRAW}{DRAW}{DONE}", "the t") == [expected]


def test_undo(voice: Voice) -> None:
    """Step by step: a candidate, a drawn word, what was typed; and a message that was ended comes back."""
    assert written(voice, f"1{UNDO}{DONE}", "the t") == ["the t"]
    assert written(voice, f"{DRAW}{UNDO}{DONE}", "the t") == ["the t"]
    assert written(voice, f"one{ENTER}{UNDO}d{DONE}") == ["oned"]


def test_messages_follow_one_another(voice: Voice) -> None:
    """Enter ends one; an empty one ends it all; line ends inside one are Ctrl-J's."""
    assert written(voice, f"one{ENTER}two\nlines{ENTER}{ENTER}") == ["one", "two\nlines"]


def test_a_candidate_that_ends_the_message(make_voice: Callable[..., Voice]) -> None:
    """Takes its text, and ends the message."""
    voice = make_voice(scale=1.0, seed=3)
    number = next(n for n, one in enumerate(voice.continuations("the t", 9), 1) if one.ends)
    text = "the t" + voice.continuations("the t", 9)[number - 1].text
    assert written(voice, f"{number}two{DONE}", "the t", count=9) == [text, "two"]


def test_in_the_middle_of_a_text(voice: Voice) -> None:
    """What stands before the cursor is continued, what stands after it stays."""
    assert written(voice, f"\x01{TAB}{DONE}", "tide") == [best(voice, "") + "tide"]


def test_ctrl_c_keeps_what_is_written(voice: Voice) -> None:
    """All messages, the one in hand too."""
    assert written(voice, f"one{ENTER}two{STOP}", stopped=True) == ["one", "two"]
    assert written(voice, STOP, stopped=True) == []


def test_a_terminal_that_goes_away(voice: Voice) -> None:
    """Ends it, and what is written is kept."""
    together = Cowriting(voice)
    with create_pipe_input() as pipe:
        pipe.send_text("one")
        pipe.close()
        WriteScreen(together, "so ", keys=pipe, output=DummyOutput()).run()
    assert together.done == ["so one"]


def test_running_text(make_voice: Callable[..., Voice]) -> None:
    """Enter is a new line, and Ctrl-D is done."""
    assert written(make_voice(kind="stream"), f"one{ENTER}two{DONE}") == ["one\ntwo"]


def test_how_candidates_look() -> None:
    """Spaces at the ends can be seen, line ends and the message's end too; nothing drives the terminal."""
    assert described(Continuation(" the", 0.5)) == "␣the"
    assert described(Continuation("  ", 0.5, ends=True)) == "␣␣⏎ ends"
    assert described(Continuation("\nso \x1b", 0.5)) == "⏎so \ufffd"
    assert described(Continuation("", 0.5, ends=True)) == "⏎ ends"
    assert described(Continuation("a b ", 0.5)) == "a b␣"
