"""Tests of ``talklike chat``: lines from a pipe, and a person at a terminal."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from talklike.generation.conversation import Conversation
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.cli.pseudo_terminal import PseudoTerminal

    Run = Callable[..., Any]
    AtTerminal = Callable[..., PseudoTerminal]

ENDLESS = ("--min-chars", 10_000_000, "--max-chars", 10_000_000)
"""An answer that only Ctrl-C ends. What a test does to it mustn't depend on how fast it is written."""


@pytest.fixture
def said(talklike: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a chat with lines from a pipe: ``said(voice, ["hi"], "--seed", 1)``."""

    def run(voice: Path, lines: list[str], *arguments: object) -> Any:
        data = io.BytesIO("".join(f"{line}\n" for line in lines).encode())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, "utf-8"))
        return talklike("chat", voice, *arguments)

    return run


def answers(voice_file: Path, turns: list[str], seed: int, **options: Any) -> list[str]:
    """Return what the library answers to turns."""
    talk = Conversation(load_voice(voice_file))
    found = []
    for number, turn in enumerate(turns):
        talk.say(turn)
        found.append("".join(talk.answer(seed=seed + number, **options)))
    return found


def test_each_line_is_answered(said: Run, voice_file: Path) -> None:
    """A turn a line, an answer a line, nothing else; the seeds follow one another."""
    turns = ["the tide is out", "", "  ", "é😀"]
    ran = said(voice_file, turns, "--seed", 5, "--json")
    expected = answers(voice_file, [turn for turn in turns if turn.strip()], 5)
    assert (ran.status, ran.err) == (0, "")
    assert [json.loads(line) for line in ran.out.splitlines()] == [{"author": "name of u1", "text": t} for t in expected]
    assert said(voice_file, turns, "--seed", 5).out.count("\n") == 2


def test_options_reach_the_voice(said: Run, voice_file: Path) -> None:
    """Sampling and lengths hold for every answer."""
    options = {"temperature": 0.3, "top_k": 4, "min_chars": 6, "max_chars": 9}
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    ran = said(voice_file, ["so", "and"], "--seed", 1, "--json", *words)
    assert [json.loads(line)["text"] for line in ran.out.splitlines()] == answers(voice_file, ["so", "and"], 1, **options)


def test_replies_of_commands_are_no_answers(said: Run, voice_file: Path) -> None:
    """They go to standard error; what they change holds for the answers after them."""
    ran = said(voice_file, ["/temperature 0", "/as u2", "so", "/seed", "/history", "/quit", "never"], "--seed", 7)
    assert ran.status == 0
    assert ran.out.count("\n") == 1
    told = ran.err.splitlines()
    assert told[:3] == ["temperature 0.0", "answers as name of u2", "the last answer's seed is 7; the next answer's seed is 8"]
    assert told[3] == "someone: so"
    assert told[4].startswith("name of u2: ")
    assert "never" not in ran.err


def test_a_line_that_makes_no_sense_ends_it(said: Run, voice_file: Path) -> None:
    """With its number and what was probably meant, and before anything after it is answered otherwise than wanted."""
    ran = said(voice_file, ["/top_k 3", "/tempratur 1", "so"])
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.splitlines()[-1] == (
        "talklike: line 2: no command or option is called 'tempratur'; did you mean /temperature?"
    )
    ran = said(voice_file, ["/as nobody"])
    assert (ran.status, ran.err) == (1, "talklike: line 1: this voice is not 'nobody''s; it writes as name of u1, name of u2\n")


@pytest.mark.parametrize(
    "options", [("--context", 0), ("--temperature", -1), ("--seed", -1), ("--max-chars", 0), ("--min-chars", -1)]
)
def test_nonsense_is_a_usage_error(said: Run, voice_file: Path, options: tuple[object, ...]) -> None:
    """It is told before a line is read."""
    ran = said(voice_file, ["so"], *options)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("talklike: ")


def test_nothing_said(said: Run, voice_file: Path) -> None:
    """No line is no answer."""
    ran = said(voice_file, [])
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_text_cannot_drive_a_terminal(said: Run, voice_file: Path) -> None:
    """Control characters that the voice writes are shown as unknown ones, and line ends don't end an answer."""
    ran = said(voice_file, ["so"], "--logit-bias", f"{1 + 27}=100", "--max-chars", 5, "--min-chars", 5)
    assert ran.out == "\ufffd" * 5 + "\n"
    ran = said(voice_file, ["so"], "--logit-bias", "\n=100", "--max-chars", 2, "--min-chars", 2)
    assert ran.out == " ⏎  ⏎ \n"


def test_lines_that_are_no_unicode(voice_file: Path) -> None:
    """Bytes that are no UTF-8 are read as unknown characters, and a closed standard input as no lines."""
    command = [sys.executable, "-m", "talklike", "chat", os.fspath(voice_file), "--seed", "1"]
    done = subprocess.run(command, check=False, capture_output=True, input=b"a\xffb\x00\r\nlast, without an end")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 2
    shell = f'exec "{sys.executable}" -m talklike chat "{voice_file}" <&-'
    done = subprocess.run(["/bin/sh", "-c", shell], check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_each_answer_comes_at_once(voice_file: Path) -> None:
    """A program may read an answer before it says the next line."""
    command = [sys.executable, "-m", "talklike", "chat", os.fspath(voice_file), "--seed", "1"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for turn in ("so", "and"):
            process.stdin.write(turn + "\n")
            process.stdin.flush()
            assert process.stdout.readline().endswith("\n")
        process.stdin.close()
        assert process.wait() == 0


def test_lines_from_a_pipe_need_no_editor(voice_file: Path) -> None:
    """What draws and edits is loaded for a terminal only, as is torch for nobody: a chat starts fast."""
    program = (
        "import sys, atexit\n"
        "from talklike.cli.main import run\n"
        f"sys.argv = ['talklike', 'chat', {str(voice_file)!r}, '--seed', '1']\n"
        "heavy = ('torch', 'polars', 'onnx', 'prompt_toolkit')\n"
        "atexit.register(lambda: sys.stderr.write(','.join(sorted(set(heavy) & set(sys.modules)))))\n"
        "run()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, input=b"so\n")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_conversation_at_a_terminal(at_terminal: AtTerminal, voice_file: Path) -> None:
    """What is typed is answered by the voice's name, commands reply, and Ctrl-D leaves the terminal as it was."""
    terminal = at_terminal("chat", voice_file, "--seed", 5, "--me", "wren", "--max-chars", 40, "--min-chars", 1)
    terminal.until("name of u1 answers; /help shows the commands")
    terminal.until("wren:")
    terminal.keys("the tide\r")
    terminal.until("name of u1: ")
    terminal.until("wren:")
    terminal.keys("/help\r")
    terminal.until("/retry")
    terminal.until("wren:")
    terminal.keys("/nonsense\r")
    terminal.until("no command or option is called 'nonsense'")
    terminal.until("wren:")
    terminal.keys("\x04")
    assert terminal.end() == 0
    assert terminal.unchanged()


def test_ctrl_c_stops_the_writing_and_keeps_what_is_written(at_terminal: AtTerminal, voice_file: Path, tmp_path: Path) -> None:
    """The prompt comes back, with what was typed meanwhile, and the conversation has the answer as far as it came."""
    terminal = at_terminal("chat", voice_file, *ENDLESS, "--logit-bias", "e=8")
    terminal.until("someone:")
    terminal.keys("so\r")
    terminal.until("name of u1: ")
    terminal.until("eee")
    terminal.keys("\x03")
    terminal.until("someone:")
    terminal.keys(f"/save {tmp_path / 'talk.txt'}\r")
    terminal.until("wrote ")
    terminal.until("someone:")
    terminal.keys("/quit\r")
    assert terminal.end() == 0
    assert terminal.unchanged()
    saved = (tmp_path / "talk.txt").read_text(encoding="utf-8")
    assert saved.startswith("someone: so\nname of u1: ")
    assert "eee" in saved


def test_what_is_typed_while_the_voice_writes_comes_afterwards(at_terminal: AtTerminal, voice_file: Path) -> None:
    """It doesn't stand in the middle of the answer, and isn't lost."""
    terminal = at_terminal("chat", voice_file, "--min-chars", 20_000, "--max-chars", 20_000, "--logit-bias", "e=100")
    terminal.until("someone:")
    terminal.keys("so\r")
    terminal.until("eee")
    terminal.keys("QUAYSIDE")
    assert "Q" not in terminal.until("someone:")
    terminal.until("QUAYSIDE")
    terminal.keys("\x03\x04")
    assert terminal.end() == 0


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_ctrl_c_at_the_prompt(at_terminal: AtTerminal, voice_file: Path, term: str) -> None:
    """It throws the line away; twice, or once on an empty line that follows, it leaves; also where nothing can be drawn."""
    terminal = at_terminal("chat", voice_file, "--max-chars", 10, TERM=term)
    terminal.until("someone:")
    terminal.keys("never said")
    terminal.until("said")
    terminal.keys("\x03")
    terminal.until("Ctrl-C once more leaves")
    terminal.until("someone:")
    terminal.keys("so\r")
    terminal.until("name of u1: ")
    terminal.until("someone:")
    terminal.keys("\x03")
    terminal.until("Ctrl-C once more leaves")
    terminal.until("someone:")
    terminal.keys("\x03")
    assert terminal.end() == 0
    assert terminal.unchanged()


@pytest.mark.parametrize("writing", [True, False])
def test_whoever_ends_it_finds_the_terminal_as_it_was(at_terminal: AtTerminal, voice_file: Path, writing: bool) -> None:
    """A signal to end, at the prompt or in the middle of an answer, is followed in order."""
    terminal = at_terminal("chat", voice_file, *ENDLESS, "--logit-bias", "e=8")
    terminal.until("someone:")
    if writing:
        terminal.keys("so\r")
        terminal.until("eee")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert terminal.unchanged()


def test_the_terminal_is_never_driven(at_terminal: AtTerminal, voice_file: Path) -> None:
    """No control character of an answer reaches it."""
    bias = [word for byte in (7, 27, 0x7F) for word in ("--logit-bias", f"{1 + byte:03}=50")]
    terminal = at_terminal("chat", voice_file, *bias, "--max-chars", 200, "--min-chars", 200, "--seed", 2)
    terminal.until("someone:")
    terminal.keys("so\r")
    terminal.until("name of u1: ")
    answer = terminal.until("\r\n")
    assert answer.count("\ufffd") == 200
    terminal.until("someone:")
    terminal.keys("\x04")
    assert terminal.end() == 0


def test_lines_of_earlier_chats(at_terminal: AtTerminal, voice_file: Path, tmp_path: Path) -> None:
    """The arrow key brings them back; nobody else may read them; without history nothing is kept and nothing comes back."""
    path = tmp_path / "state" / "talklike" / "chat.history"
    for options, kept in ((["--no-history"], False), ([], True)):
        terminal = at_terminal("chat", voice_file, "--max-chars", 5, *options)
        terminal.until("someone:")
        terminal.keys("mooring\r")
        terminal.until("name of u1: ")
        terminal.until("someone:")
        terminal.keys("\x04")
        assert terminal.end() == 0
        assert path.exists() is kept
    assert path.stat().st_mode & 0o077 == 0
    terminal = at_terminal("chat", voice_file, "--max-chars", 5)
    terminal.until("someone:")
    terminal.keys("\x1b[A")
    terminal.until("mooring")
    terminal.keys("\x03\x04")
    assert terminal.end() == 0
