"""Tests of ``talklike demo``."""

from __future__ import annotations

import csv
import io
import shlex
from typing import TYPE_CHECKING

import pytest

from talklike import sample
from talklike.generation.voice import load_voice
from talklike.sample import FILE_NAME
from talklike.training import train

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]


@pytest.fixture
def short_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bundled chat end after a thousand messages, of which a network learns as well as nothing in no time."""
    rows = list(csv.reader(io.StringIO(sample.sample_csv().decode(), newline="")))[:1001]
    short = io.StringIO(newline="")
    csv.writer(short).writerows(rows)
    monkeypatch.setattr(sample, "sample_csv", lambda: short.getvalue().encode())
    monkeypatch.setattr(train, "available_threads", lambda: 1)  # two threads wait for each other where other tests run beside


@pytest.mark.usefixtures("short_sample")
def test_the_whole_way(talklike: Run, tmp_path: Path) -> None:
    """A chat, a look at it, a voice, and texts of it, each with the command that does it."""
    home = tmp_path / "demo"
    ran = talklike("demo", "-o", home, "--budget", "1s", "--seed", "2")
    assert ran.status == 0, ran.err
    with (home / FILE_NAME).open(encoding="utf-8", newline="") as file:
        assert {"fromUser.id", "text", "sent"} <= set(next(csv.reader(file)))
    commands = [shlex.split(line[2:]) for line in ran.err.splitlines() if line.startswith("$ ")]
    assert [command[:2] for command in commands] == [
        ["talklike", "explore"], ["talklike", "train"], ["talklike", "generate"], ["talklike", "generate"],
    ]  # fmt: skip
    voice = load_voice(home / "run")
    texts = voice.generate_many(5, temperature=0.5, seed=2)
    prompted = voice.generate("right then", temperature=0.5, seed=2)
    assert ran.out.endswith("\n".join([*texts, prompted]) + "\n")
    assert f"{home / 'run' / 'voice.onnx'}\n" in ran.out
    for command in commands[2:]:
        assert talklike(*command[1:]).out in ran.out


@pytest.mark.usefixtures("short_sample")
def test_nonsense_is_told_before_anything_is_made(talklike: Run, tmp_path: Path) -> None:
    """A budget or seed that makes no sense is a usage error at once."""
    for option, value in (("--budget", "soon"), ("--seed", "-1")):
        ran = talklike("demo", "-o", tmp_path / "demo", option, value)
        assert ran.status == 2
        assert ran.err.splitlines()[-1].startswith("talklike: ")
        assert not (tmp_path / "demo").exists()


def test_a_file_in_the_way(talklike: Run, tmp_path: Path) -> None:
    """Where no folder can be made, it is one line."""
    (tmp_path / "demo").write_text("mine")
    ran = talklike("demo", "-o", tmp_path / "demo", "--budget", "1s")
    assert ran.status == 1
    assert ran.err.splitlines()[-1].startswith("talklike: ")
    assert (tmp_path / "demo").read_text() == "mine"
