"""Tests of ``talklike sweep``."""

from __future__ import annotations

import builtins
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

SMALL = ["--author", "harbour master", "--alone", "--epochs", "0.5", "--threads", "1", "--seed", "3"]
VARY = [
    word
    for values in ("hidden=8..16", "dropout=0.1,0.3", "embedding=8", "streams=16", "length=32", "memory=0")
    for word in ("--vary", values)
]


@pytest.fixture(scope="module")
def swept(chat_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """Return the folder of a finished sweep of two trials, and what it printed and said."""
    folder = tmp_path_factory.mktemp("swept") / "sweep"
    line = [sys.executable, "-m", "talklike", "sweep", str(chat_file), *SMALL, *VARY, "--trials", "2", "-o", str(folder)]
    done = subprocess.run(line, check=True, capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"})
    return folder, done.stdout, done.stderr


def test_what_it_prints(talklike: Run, swept: tuple[Path, str, str], tmp_path: Path) -> None:
    """A table on standard output with the default recipe in it, and a command that trains the best again, which works."""
    folder, out, err = swept
    assert "bits/char" in out
    assert "2 finished; trial 0 is the default recipe" in out
    assert "On the test part, which had no say: " in out
    command = next(line.strip() for line in out.splitlines() if line.strip().startswith("talklike train "))
    assert "--alone --epochs 0.5" in command
    assert talklike(*shlex.split(command)[1:], "-o", tmp_path / "again").status == 0
    best, again = load_voice(folder / "best").card.recipe, load_voice(tmp_path / "again").card.recipe
    differ = {name for name in best if best[name] != again[name]}
    assert differ <= {"evaluate_every", "evaluate_symbols", "threads"}
    assert "varied: hidden=8..16 dropout=0.1,0.3" in err
    assert "2 to go, 0.5 epochs each; Ctrl-C stops, --resume goes on" in err
    assert re.search(r"^trial   0  \d\.\d{3}  finished best so far  \d+ s  the default recipe$", err, re.MULTILINE)
    assert f"The best voice: {folder / 'best'}" in err
    assert f"The picture: {folder / 'sweep.png'}" in err


def test_json_and_resume(talklike: Run, chat_file: Path, swept: tuple[Path, str, str]) -> None:
    """Gone on with and for a program: one object, with the command."""
    folder = swept[0]
    ran = talklike("sweep", chat_file, "--author", "harbour master", "--trials", 2, "-o", folder, "--resume", "--json")
    assert ran.status == 0, ran.err
    found = json.loads(ran.out)
    assert found["command"].startswith("talklike train ")
    assert [trial["state"] for trial in found["trials"]] == ["finished", "finished"]
    assert found["terms"]["settings"]["memory"] == 0
    assert "2 of 2 trials are there, 0 to go" in ran.err


def test_ctrl_c_leaves_a_study_that_goes_on(talklike: Run, chat_file: Path, tmp_path: Path) -> None:
    """Interrupted, it says with which command it goes on, and ends with 130; that command goes on."""
    line = [sys.executable, "-m", "talklike", "sweep", str(chat_file), *SMALL, *VARY, "--trials", "99", "-o", str(tmp_path / "s")]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        while "trial   0" not in said:
            said += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in said
    command = next(line for line in said.splitlines() if line.startswith("Stopped. Go on with: ")).split(": ", 1)[1]
    words = shlex.split(command)[1:]
    words[words.index("99")] = "1"
    assert talklike(*words).status == 0


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--vary", "moons=1..2"], 2, "can't vary 'moons'"),
        (["--trials", "0"], 2, "trials is 0"),
        (["--budget", "1m", "--epochs", "1"], 2, "not both"),
        (["--pruning", "shears"], 2, "must be one of median, hyperband, none"),
        (["--storage", "study.txt"], 2, "must be a file that ends in"),
        (["--storage", "postgresql://u:secret@nowhere.invalid/x?connect_timeout=1"], 1, "postgresql://u:***@nowhere.invalid"),
        (["--author", "nobody"], 1, "nobody"),
        (["--resume"], 1, "holds no sweep to resume"),
    ],
)
def test_mistakes(talklike: Run, chat_file: Path, tmp_path: Path, options: list[str], status: int, told: str) -> None:
    """Each mistake is one line, and leaves nothing behind."""
    ran = talklike("sweep", chat_file, "-o", tmp_path / "sweep", *options)
    assert (ran.status, ran.out) == (status, "")
    lines = [line for line in ran.err.splitlines() if line.startswith("talklike: ")]
    assert len(lines) == 1
    assert told in lines[0]
    assert "secret" not in ran.err
    assert "Traceback" not in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_chat(talklike: Run, tmp_path: Path) -> None:
    """A chat with nothing in it is one line."""
    (tmp_path / "empty.csv").write_text("")
    ran = talklike("sweep", tmp_path / "empty.csv")
    assert ran.status == 1
    assert ran.err.count("\n") == 1


def test_the_usual_folder(talklike: Run, chat_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without -o, the folder is named after the author, the same each time."""
    monkeypatch.chdir(tmp_path)
    ran = talklike("sweep", chat_file, *SMALL, *VARY, "--trials", 1)
    assert ran.status == 0, ran.err
    assert (tmp_path / "runs" / "harbour-master-sweep" / "best" / "voice.onnx").exists()
    assert "Nothing was better than the default recipe." in ran.out
    again = talklike("sweep", chat_file, *SMALL, *VARY, "--trials", 1)
    assert again.status == 1
    assert "runs/harbour-master-sweep: holds a sweep already; go on with --resume" in again.err


def test_without_the_extra(talklike: Run, chat_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Optuna isn't installed, one line says how to install it."""
    real = builtins.__import__

    def fail(name: str, *arguments: Any, **more: Any) -> Any:
        if name.startswith("talklike.cli.sweep_view"):
            raise ImportError(name="optuna")
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", fail)
    ran = talklike("sweep", chat_file)
    assert (ran.status, ran.err) == (
        1,
        "talklike: this needs the package optuna; install it with: pip install 'talklike[sweep]'\n",
    )
