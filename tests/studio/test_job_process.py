"""Tests of the process of a job, without the process."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from talklike.studio.events import EVENTS, FOLDER
from talklike.studio.job_process import INTERRUPTED, main
from talklike.studio.jobs import ABOUT, STDERR

if TYPE_CHECKING:
    from pathlib import Path

MODULE = "tests.studio.waiting_job"


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what a job does to its process, which begins without the module: pytest, in search of examples, imports it."""
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    monkeypatch.setenv(FOLDER, "")
    monkeypatch.setattr(sys, "argv", ["pytest"])


def job(folder: Path, *argv: str) -> Path:
    """Return the folder of a job that is about to begin."""
    (folder / ABOUT).write_text(json.dumps({"argv": list(argv)}))
    (folder / STDERR).write_text("")
    return folder


def ending(folder: Path) -> dict[str, str]:
    """Return what was told last."""
    last: dict[str, str] = json.loads((folder / EVENTS).read_text().splitlines()[-1])
    return last


def test_a_job_that_does_what_it_should(tmp_path: Path) -> None:
    """Its events come first, its end last."""
    assert main(job(tmp_path, MODULE, "end")) == 0
    assert [json.loads(line)["event"] for line in (tmp_path / EVENTS).read_text().splitlines()] == ["begun", "end"]
    assert ending(tmp_path) == {"event": "end", "state": "done"}


def test_a_mistake_is_told_in_a_sentence(tmp_path: Path) -> None:
    """An error of ours becomes its text."""
    assert main(job(tmp_path, MODULE, "mistake")) == 1
    assert ending(tmp_path)["message"] == "this is no chat; drop another"


def test_what_the_command_line_says_last(tmp_path: Path) -> None:
    """A command that ends with a status has said why, in the last line that is its own."""
    folder = job(tmp_path, MODULE, "status")
    (folder / STDERR).write_text("talklike: first\nnoise\ntalklike: the reason\nmore noise\n")
    assert main(folder) == 1
    assert ending(tmp_path)["message"] == "the reason"
    (folder / STDERR).write_text("")
    assert main(folder) == 1
    assert "without a word" in ending(tmp_path)["message"]


def test_interruptions_and_bugs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no failure; a bug is raised again, so that its traceback is written; too little memory is said."""
    import runpy

    def raising(error: BaseException) -> None:
        def fail(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(runpy, "run_module", fail)

    folder = job(tmp_path, MODULE, "end")
    raising(KeyboardInterrupt())
    assert main(folder) == INTERRUPTED
    assert ending(folder)["state"] == "stopped"
    raising(MemoryError())
    assert main(folder) == 1
    assert "memory" in ending(folder)["message"]
    raising(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main(folder)
    assert "no mistake of yours" in ending(folder)["message"]
