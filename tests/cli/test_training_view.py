"""Tests of the live view of a training run."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from talklike.cli import training_view
from talklike.cli.training_view import TrainingView
from talklike.corpus.corpus import build_corpus
from talklike.training.progress import Evaluation
from talklike.training.recipe import Recipe
from talklike.training.schedule import Schedule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.corpus.corpus import Corpus

    MakeChat = Callable[..., Chat]

RECIPE = Recipe(hidden=8, steps=100, evaluate_every=10, streams=4, length=16, threads=1)


@pytest.fixture
def corpus(make_chat: MakeChat, tmp_path: Path) -> Corpus:
    """Return a corpus whose author has a name that looks like markup."""
    return build_corpus(make_chat(["the tide waits"] * 100), "u1", tmp_path, name="[bold]mast[/]")


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], tuple[TrainingView, io.StringIO]]:
    """Return a function that makes a view and what it is shown on: a terminal or a file."""

    def make(terminal: bool) -> tuple[TrainingView, io.StringIO]:
        shown = io.StringIO()

        def console(*, stderr: bool) -> Console:
            assert stderr  # results alone go to standard output
            return Console(file=shown, force_terminal=terminal, width=200, color_system=None)

        monkeypatch.setattr(training_view, "Console", console)
        return TrainingView(), shown

    return make


def test_in_a_file_there_are_lines_and_no_bar(
    screen: Callable[[bool], tuple[TrainingView, io.StringIO]], corpus: Corpus, tmp_path: Path
) -> None:
    """Where there is no terminal, what is said is plain lines: names and samples verbatim, however they look."""
    view, shown = screen(False)
    with view:
        view.prepared(corpus, RECIPE, "cpu", tmp_path)
        view.stepped(10, 3.0)
        view.evaluated(Evaluation(10, 12.4, 640, 3.0, 2.5, True), {0.3: "a [red]tide[/red]\nand [/]", 1.0: "😀"})
        view.evaluated(Evaluation(20, 15.6, 1280, 2.5, 2.75, False), {0.3: "x"})
        view.finishing()
        view.noted("int8 [weights] cost\x1b[2J nothing")
    assert shown.getvalue() == (
        "[bold]mast[/]: 1,350 characters to learn from, 75 to validate, 75 to test; 9 characters in the alphabet\n"
        "1×8 LSTM with an n-gram memory on cpu (32-true, 1 threads): 100 steps of 4×16 characters, 4.7 rounds; "
        f"run in {tmp_path}\n"
        "\nstep 10  12 s  training 3.000  held-out 2.500 bits per character best so far\n"
        "  0.3  a [red]tide[/red] ⏎ and [/]\n"
        "  1.0  😀\n"
        "\nstep 20  16 s  training 2.500  held-out 2.750 bits per character\n"
        "  0.3  x\n"
        "int8 [weights] cost�[2J nothing\n"
    )


def test_a_terminal_has_a_bar(
    screen: Callable[[bool], tuple[TrainingView, io.StringIO]],
    corpus: Corpus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A terminal shows how far it is, the smoothed loss, the last held-out score and the characters a second."""
    view, shown = screen(True)
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with view:
        view.prepared(corpus, RECIPE, "cpu", tmp_path)
        now += 2
        view.stepped(10, 4.0)
        view.stepped(11, 2.0)  # too soon after the last to be drawn
        view.evaluated(Evaluation(20, 2.0, 1280, 3.0, 2.5, True), {})
        now += 2
        view.stepped(60, 3.0)
        task = view._progress.tasks[0]
        assert (task.completed, task.total) == (60, 100)
        assert task.fields["facts"] == "loss 3.72 · held-out 2.500 bits/char · 1,280 chars/s"
        view.finishing()
        assert view._progress.tasks[0].description == "scoring"
    assert "100 %" in shown.getvalue()
    assert "scoring" in shown.getvalue()


def test_fewer_steps_move_the_bar(
    screen: Callable[[bool], tuple[TrainingView, io.StringIO]], corpus: Corpus, tmp_path: Path
) -> None:
    """When a run is shortened, the bar is of the steps that there are, up to its end."""
    view, _ = screen(True)
    schedule = Schedule(100)
    schedule.shorten(20, 30)
    with view:
        view.shortened(schedule)  # before there is a bar
        view.prepared(corpus, RECIPE, "cpu", tmp_path)
        view.stepped(25, 4.0)
        view.shortened(schedule)
        task = view._progress.tasks[0]
        assert (task.completed, task.total, task.percentage) == (25, 50, 50)
        view.finishing()
        assert task.percentage == 100


def test_before_a_run_is_prepared_nothing_is_drawn(screen: Callable[[bool], tuple[TrainingView, io.StringIO]]) -> None:
    """A run that fails before it starts has no bar to move."""
    view, _ = screen(False)
    with view:
        view.stepped(1, None)
        view.finishing()
    assert not view._progress.tasks


def test_an_error_goes_on(screen: Callable[[bool], tuple[TrainingView, io.StringIO]]) -> None:
    """The view puts the terminal in order and lets an error pass."""
    view, _ = screen(True)
    with pytest.raises(ZeroDivisionError), view:
        raise ZeroDivisionError
    assert not view._progress.live.is_started
