"""Tests of the live view of a training run in a notebook."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import IPython
import IPython.display
import pytest

import talklike as tl
from talklike.training.notebook import NotebookView, listener_here
from talklike.training.progress import Listener
from talklike.training.schedule import Schedule
from talklike.training.tutorial_recipe import TutorialRecipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.corpus.corpus import Corpus
    from talklike.training.progress import Evaluation, Result
    from talklike.training.recipe import Recipe

Shown = list[dict[str, str]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the one output of a notebook showed, one after the other."""
    outputs: Shown = []

    def display(data: dict[str, str], *, raw: bool, display_id: bool) -> Any:
        assert raw
        assert display_id
        assert not outputs, "there is one output"
        outputs.append(data)
        return SimpleNamespace(update=lambda data, raw: outputs.append(data) if raw else None)

    monkeypatch.setattr(IPython.display, "display", display)
    return outputs


def test_a_run_is_shown_in_one_output(
    shown: Shown,
    corpus: Corpus,
    make_recipe: Callable[..., Recipe],
    finished: Result,
    make_evaluation: Callable[..., Evaluation],
    tmp_path: Path,
) -> None:
    """Bar, curve, samples, notes and verdict; whatever a text holds is text, not markup."""
    recipe = make_recipe()
    view = NotebookView()
    assert shown[-1]["text/plain"] == "preparing the text"
    view.prepared(corpus, recipe, "cpu", finished.folder)  # where a curve lies
    assert f"{corpus.names[0]}: {recipe.layers}×{recipe.hidden} LSTM" in shown[-1]["text/plain"]
    view.evaluated(make_evaluation(10, 3.0, 2.9), {0.5: "<b>low</b> tide"})
    view.evaluated(make_evaluation(20, 2.5, 2.4), {0.5: "ebb & flow"})
    view.noted("a <note>")
    html = shown[-1]["text/html"]
    assert "&lt;b&gt;low&lt;/b&gt; tide" in html
    assert "ebb &amp; flow" in html
    assert "a &lt;note&gt;" in html
    assert html.count("<details open>") == 2
    assert re.search(r'src="data:image/png;base64,iVBOR', html)
    view.finishing()
    assert "scoring" in shown[-1]["text/plain"]
    view.ended(finished)
    plain = shown[-1]["text/plain"]
    assert "bits per character on messages never used for anything" in plain
    assert all(sentence in plain for sentence in finished.verdict)
    assert "[0.5] <b>low</b> tide" in plain


def test_the_bar_moves_a_few_times_a_second(
    shown: Shown, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However fast steps are, a page is sent four times a second at most; it says how long it will take."""
    now = 1000.0
    monkeypatch.setattr(import_module("talklike.training.notebook").time, "monotonic", lambda: now)
    view = NotebookView()
    tutorial = TutorialRecipe(threads=1)
    view.prepared(corpus, tutorial, "cpu", tmp_path)
    steps = tutorial.steps(corpus.train.characters - 1)
    before = len(shown)
    for step in range(1, 21):
        now += 0.1
        view.stepped(step, 3.0 if step % 10 == 0 else None)
    assert len(shown) - before == 20 // 3
    last = shown[-1]
    assert re.search(rf"step \d+ of {steps:,} · loss 3.00 bits per character · .* left", last["text/plain"])
    assert f'max="{steps}"' in last["text/html"]
    assert "windows of 40 every 3, rmsprop with learning rate 0.01, 15 epochs" in last["text/plain"]


def test_fewer_steps_move_the_bar(
    shown: Shown, corpus: Corpus, make_recipe: Callable[..., Recipe], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a run is shortened, how far it is and how long it takes are told of the steps that there are."""
    now = 1000.0
    monkeypatch.setattr(import_module("talklike.training.notebook").time, "monotonic", lambda: now)
    view = NotebookView()
    view.prepared(corpus, make_recipe(steps=1400), "cpu", tmp_path)
    view.stepped(10, None)
    schedule = Schedule(1400)
    schedule.shorten(20, 780)
    view.shortened(schedule)
    assert 'max="800" value="10"' in shown[-1]["text/html"]
    now += 100
    view.stepped(410, None)
    assert "step 410 of 800 · 1 min 38 s left" in shown[-1]["text/plain"]


def test_a_view_is_made_in_a_notebook_alone(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel gets a view; a terminal, a script, and a Python without IPython stay silent."""
    assert type(listener_here()) is Listener
    monkeypatch.setattr(IPython, "get_ipython", SimpleNamespace)  # a shell in a terminal: it has no kernel
    assert type(listener_here()) is Listener
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    assert isinstance(listener_here(), NotebookView)
    assert shown
    monkeypatch.delitem(sys.modules, "IPython")
    assert type(listener_here()) is Listener


def test_training_in_a_notebook_shows_itself(
    shown: Shown, chat: Chat, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``train`` needs no listener there; one that is given is taken."""
    monkeypatch.setattr(IPython, "get_ipython", lambda: SimpleNamespace(kernel=object()))
    settings = tiny | {"steps": 2, "evaluate_every": 1}
    tl.train(chat, epochs=1, **settings)
    assert shown[-1]["text/plain"].count(", held-out") == 2
    assert "done in" in shown[-1]["text/plain"]
    shown.clear()
    tl.train(chat, epochs=1, listener=Listener(), **settings)
    assert shown == []
