"""Tests of what the lines of a chat do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.cli.talk import Talk
from talklike.cli.talk_commands import COMMANDS, LeaveError, endings, follow, shown
from talklike.errors import OptionError, TalklikeError
from talklike.generation.conversation import Conversation, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from talklike.generation.voice import Voice


class Listening(Talk):
    """A chat that notes what it shows and writes."""

    def __init__(self, voice: Voice) -> None:
        self.replies: list[str] = []
        self.answers: list[str] = []
        lengths = {"max_chars": 12, "min_chars": 4}
        super().__init__(
            voice, Conversation(voice), sampling={}, lengths=lengths, seed=1, write=self.note, show=self.replies.append
        )

    def note(self, name: str, pieces: Generator[str]) -> None:
        """Note an answer."""
        self.answers.append("".join(pieces))

    def all(self, *lines: str) -> str:
        """Follow lines, and return what the last of them replied."""
        for line in lines:
            self.replies.append("")
            follow(self, line)
        return self.replies[-1]

    def texts(self) -> list[str]:
        """Return what was said."""
        return [one.text for one in self.conversation.said]


@pytest.fixture
def talk(make_voice: Callable[..., Voice]) -> Listening:
    """Return a chat with a voice of two authors."""
    return Listening(make_voice(authors=("u1", "u2"), scale=1.0))


def test_a_line_is_a_turn(talk: Listening) -> None:
    """As it is, spaces and all; two slashes say one; an empty line says nothing."""
    talk.all(" so ", "", "   ", "//topic", "//", "a / b")
    assert talk.texts()[::2] == [" so ", "/topic", "/", "a / b"]
    assert talk.texts()[1::2] == talk.answers


def test_every_option_is_a_command(talk: Listening) -> None:
    """By any name and in any case of the command; alone it is shown, with what it does."""
    assert talk.all("/temperature 0.5") == "temperature 0.5"
    assert talk.all("/set  top-k   40") == "top_k 40"
    assert talk.all("/temp") == "temperature 0.5: Below 1 safer, above 1 wilder, 0 always the most likely."
    assert talk.options.values == {"temperature": 0.5, "top_k": 40}
    assert talk.all("/SET temperature default") == "temperature 0.9"
    assert talk.options.values == {"top_k": 40}
    assert talk.all("/settings") == talk.all("/set") == talk.options.table()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/histroy", "no command or option is called 'histroy'; did you mean /history?"),
        ("/HISTROY", "did you mean /history?"),
        ("/tempratur 1", "did you mean /temperature?"),
        ("/set topk 1", "did you mean /top_k?"),
        ("/xyzzy", "no command or option is called 'xyzzy'; /help shows what there is"),
        ("/\x1b[31m", "is called '\ufffd[31m'"),
        ("/temperature hot", "temperature is 'hot'"),
        ("/seed x", "seed is 'x', must be a whole number"),
        ("/seed -1", "seed is '-1', must be a whole number"),
        ("/retry now", "/retry takes nothing after it"),
        ("/retry", "nothing has been said yet"),
        ("/undo", "nothing has been said yet"),
        ("/save", "/save needs the name of a file"),
        ("/as nobody", "this voice is not 'nobody''s"),
    ],
)
def test_what_makes_no_sense(talk: Listening, line: str, message: str) -> None:
    """It is said why, with what is nearest, and nothing changes."""
    with pytest.raises(TalklikeError) as error:
        follow(talk, line)
    assert message in str(error.value)
    assert (talk.seed, talk.texts(), talk.options.values, talk.conversation.author) == (1, [], {}, "u1")


def test_another_answer(talk: Listening) -> None:
    """It takes the place of the last one, with another seed; the turn stays."""
    talk.all("so", "/retry")
    assert talk.texts() == ["so", talk.answers[1]]
    assert talk.answers[0] != talk.answers[1]
    talk.all("/seed 1", "/retry")
    assert talk.answers[2] == talk.answers[0]
    assert talk.all("/seed") == "the last answer's seed is 1; the next answer's seed is 2"


def test_a_voice_may_speak_unasked(talk: Listening) -> None:
    """First, or once more; undoing takes it all back, turn by turn."""
    talk.all("/more", "so", "/more")
    assert [one.written for one in talk.conversation.said] == [True, False, True, True]
    assert talk.all("/undo") == f"forgotten; before it was said: name of u1: {shown(talk.conversation.said[0])[12:]}"
    assert len(talk.texts()) == 1
    assert talk.all("/undo") == "forgotten; nothing has been said"
    talk.all("so", "/clear")
    assert talk.texts() == []
    assert talk.all("/history") == "nothing has been said yet"


def test_who_speaks(talk: Listening) -> None:
    """Both sides can be others, and alone the commands say who it is."""
    assert talk.all("/as") == "answers as name of u1; can as name of u1, name of u2"
    assert talk.all("/as name of u2") == "answers as name of u2"
    assert talk.all("/me") == "you are someone"
    assert talk.all("/me  Jo Wren") == "you are Jo Wren"
    talk.all("so")
    assert [one.name for one in talk.conversation.said] == ["Jo Wren", "name of u2"]
    assert talk.all("/me \x07") == "you are \ufffd"


def test_the_conversation_is_shown_and_saved(talk: Listening, tmp_path: Path) -> None:
    """As lines of who and what; into a new file, or into one that it was saved into before, never over another."""
    talk.all("two\nlines \x1b")
    history = talk.all("/history")
    assert history.startswith("someone: two\n  lines \ufffd\nname of u1: ")
    path = tmp_path / "with a space.txt"
    assert talk.all(f"/save {path}") == f"wrote {path}"
    assert path.read_text(encoding="utf-8") == history + "\n"
    talk.all("more", f"/save {path}")
    assert path.read_text(encoding="utf-8").count("someone: ") == 2
    other = tmp_path / "other.txt"
    other.write_text("mine")
    for name, reason in ((other, "exists already"), (tmp_path / "no" / "folder", "No such file"), ("a\0b", "null")):
        with pytest.raises(TalklikeError, match=reason):
            follow(talk, f"/save {name}")
    assert other.read_text() == "mine"


def test_help_and_leaving(talk: Listening) -> None:
    """Help names every command; the last one leaves."""
    told = talk.all("/help")
    assert all(f"/{command.name} " in told for command in COMMANDS)
    assert talk.all("/") == told
    with pytest.raises(LeaveError):
        follow(talk, "/quit")


def test_commands_are_completed(talk: Listening) -> None:
    """Commands and options, options after ``/set``, authors after ``/as``; a turn never."""
    assert endings(talk, "/he") == ["/help"]
    assert "/temperature_end" in endings(talk, "/temp")
    assert endings(talk, "/set top_k") == ["top_k"]
    assert endings(talk, "/as name of") == ["name of u1", "name of u2"]
    assert endings(talk, "/me n") == endings(talk, "he") == endings(talk, "") == []


def test_a_message_of_several_lines_is_indented() -> None:
    """Who says it can't be mistaken, and no name drives a terminal."""
    assert shown(Said("u", "a\x1bb\nc", "x\ny: z", written=True)) == "a\ufffdb c: x\n  y: z"


def test_nonsense_is_a_usage_error() -> None:
    """The status of a mistake in a command is that of a wrong option."""
    assert OptionError.exit_status == 2
