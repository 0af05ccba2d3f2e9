"""What the tests of the command line share: running it here and in a process of its own, a chat file, and voices."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from talklike.cli import main
from tests.cli.pseudo_terminal import PseudoTerminal
from tests.harbour_words import HARBOUR_WORDS

if TYPE_CHECKING:
    from pathlib import Path

WIDE = {"COLUMNS": "250", "TERM": "dumb", "NO_COLOR": "1"}
"""A terminal on which nothing is wrapped or coloured."""

TINY = ["--hidden", "16", "--embedding", "8", "--streams", "16", "--length", "32", "--threads", "1", "--seed", "3"]


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def talklike(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command in this process: ``talklike("generate", path)``."""
    for name, value in WIDE.items():
        monkeypatch.setenv(name, value)
    # Usage lines name the program: not pytest, which runs it here.
    monkeypatch.setattr(sys.modules["__main__"], "__package__", None)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["talklike", *map(str, arguments)])
        status = 0
        try:
            main.run()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(bool(end.code))
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return run


@pytest.fixture
def launched() -> Run:
    """Return a function that runs a command in a process of its own: ``launched("generate", path, PYTHONIOENCODING="ascii")``."""

    def run(*arguments: object, **environment: str) -> Ran:
        command = [sys.executable, "-m", "talklike", *map(str, arguments)]
        done = subprocess.run(
            command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=os.environ | WIDE | environment
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def at_terminal(tmp_path: Path) -> Iterator[Callable[..., PseudoTerminal]]:
    """Return a function that runs a command at a pseudo-terminal: ``at_terminal("chat", path, TERM="dumb")``."""
    pytest.importorskip("pty", reason="pseudo-terminals are Unix's")
    opened: list[PseudoTerminal] = []

    def run(*arguments: object, output: Any = None, **environment: str) -> PseudoTerminal:
        usual = {"TERM": "xterm", "NO_COLOR": "1", "XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
        opened.append(PseudoTerminal([str(argument) for argument in arguments], usual | environment, output))
        return opened[-1]

    yield run
    for terminal in opened:
        terminal.close()


@pytest.fixture(scope="session")
def voice_file(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a voice of two authors with random weights."""
    path = tmp_path_factory.mktemp("voice") / "harbour.onnx"
    path.write_bytes(make_bytes(authors=("u1", "u2"), hidden=9, seed=4, scale=1.0))
    return path


@pytest.fixture(scope="session")
def chat_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a chat of two people and no bot as CSV: the harbour master writes much, the ferry little."""
    choose = random.Random(5)
    words = HARBOUR_WORDS
    path = tmp_path_factory.mktemp("chat") / "chat.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", "author", "text"])
        for number in range(120):
            author = "ferry" if number % 4 == 0 else "harbour master"
            text = " ".join(choose.choices(words, k=choose.randint(4, 9)))
            table.writerow([f"2024-01-{1 + number // 24:02}T{number % 24:02}:00:00Z", author, text])
    return path


@pytest.fixture(scope="session")
def tiny() -> list[str]:
    """Options of a training run that takes a second."""
    return [*TINY, "--epochs", "1"]


@pytest.fixture(scope="session")
def sample_voice(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a voice of the bundled chat's mossy_keel that hasn't learnt anything yet."""
    from talklike.chat.read import read_chat
    from talklike.corpus.choose import choose_author
    from talklike.corpus.corpus import build_corpus
    from talklike.sample import sample_path

    chat = read_chat(sample_path())
    chosen = choose_author(chat, "mossy_keel")
    folder = tmp_path_factory.mktemp("sample-voice")
    corpus = build_corpus(chat, chosen.author, folder, name=chosen.name)
    data = make_bytes(
        alphabet=corpus.alphabet.characters, authors=(chosen.author,), scale=0.1,
        provenance={"sha256": corpus.sha256, "author": chosen.author},
    )  # fmt: skip
    path = folder / "voice.onnx"
    path.write_bytes(data)
    return path
