"""The tutorial in Keras, the tutorial here and the default recipe, on one author of a small chat."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from talklike.chat.table import Chat
from talklike.errors import OptionError, RunError
from talklike.training import then_and_now as module
from talklike.training.then_and_now import DEFAULT, KERAS, TUTORIAL, Row, ThenAndNow, then_and_now
from tests.harbour_words import HARBOUR_WORDS

if TYPE_CHECKING:
    from pathlib import Path

MakeChat = Callable[..., Chat]


@pytest.fixture(scope="module")
def chat(make_chat: MakeChat) -> Chat:
    """A chat of some 25,000 characters: the tutorial learns from a fifth of them."""
    generator = random.Random(3)
    return make_chat([" ".join(generator.choices(HARBOUR_WORDS, k=5)) for _ in range(800)])


@pytest.fixture(scope="module")
def compared(chat: Chat, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ThenAndNow, list[str]]]:
    """What came of training three ways, and what was said meanwhile."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KERAS_BACKEND", "torch")
        patch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
        patch.setenv("PYTHONWARNINGS", "ignore")  # Keras's own are its own affair
        yield then_and_now(chat, epochs=2, budget="3s", told=said.append), said


def test_all_three_are_judged_on_the_same_messages(compared: tuple[ThenAndNow, list[str]]) -> None:
    """Each has its times, its memory, its cost and a text that begins with the same window."""
    result, said = compared
    assert [row.name for row in result.rows] == [KERAS, TUTORIAL, DEFAULT]
    assert result.author == "tidewatch"
    for row in result.rows:
        assert 1 < row.bits_per_character < 6
        assert row.peak_bytes is not None
        assert row.peak_bytes > 10_000_000
        assert row.characters_per_second > 1
        assert row.seconds_per_epoch > 0
        assert row.seconds in [seconds for seconds, _ in row.curve]
    assert len({row.sample[:40] for row in result.rows}) == 1
    assert result.rows[0].made_with.endswith("on torch")
    assert said[0] == "training the tutorial's recipe in Keras"
    assert any("epoch 2 of 2, loss" in one for one in said)


def test_keras_and_the_tutorial_here_learn_alike(compared: tuple[ThenAndNow, list[str]]) -> None:
    """From other random weights, two epochs end within half a bit of each other."""
    keras, here, _ = compared[0].rows
    assert len(keras.curve) == len(here.curve) == 2
    assert keras.curve[-1][1] == pytest.approx(here.curve[-1][1], abs=0.5)


def test_the_result_is_plain_json(compared: tuple[ThenAndNow, list[str]]) -> None:
    """All of it, with the notes."""
    values = compared[0].to_dict()
    assert [row["name"] for row in values["rows"]] == [KERAS, TUTORIAL, DEFAULT]
    assert values["notes"]


def row(curve: list[tuple[float, float]]) -> Row:
    """Return a row with a curve."""
    return Row("a", "b", 1.0, 1.0, 2.0, None, 1.0, "", curve)


def test_the_time_to_the_tutorial_s_best_is_said() -> None:
    """From the curves; or that it wasn't reached."""
    tutorial, fast, slow = row([(10, 3.0), (20, 2.5), (30, 2.7)]), row([(0.5, 2.6), (1.0, 2.4)]), row([(1.0, 2.6)])
    said = (
        "The tutorial's best, 2.500 bits per character of validation messages, took it 20 s; the default recipe was there after "
        "1.0 s, 1/20 of the time."
    )
    assert module._compared([tutorial, fast]) == [said]
    assert module._compared([tutorial, slow])[0].startswith("The default recipe didn't reach the tutorial's best 2.500")


def test_a_python_without_keras_is_refused_where_it_was_named(chat: Chat, tmp_path: Path) -> None:
    """And one that isn't there; both in one sentence."""
    with pytest.raises(OptionError, match="can't be run"):
        then_and_now(chat, keras=str(tmp_path / "python"))
    without = tmp_path / "without"
    without.write_text(f'#!/bin/sh\nexec {sys.executable} -S -E -I "$@"\n')
    without.chmod(0o755)
    with pytest.raises(OptionError, match=r"Keras doesn't run there \(.*No module named .keras.\); install"):
        then_and_now(chat, keras=str(without))


@pytest.fixture
def without_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Keras whose backend isn't there, as a bare ``pip install keras`` gives."""
    (tmp_path / "keras").mkdir()
    (tmp_path / "keras" / "__init__.py").write_text("import lighthouse\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("without_backend")
def test_a_keras_without_a_backend_is_refused_where_it_was_named(chat: Chat) -> None:
    """In one line that says what lacks."""
    with pytest.raises(OptionError, match=r"No module named 'lighthouse'\); .*KERAS_BACKEND=torch$") as raised:
        then_and_now(chat, keras=sys.executable)
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("without_backend")
def test_a_keras_without_a_backend_leaves_its_row_out(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """And a note says so."""
    monkeypatch.setattr(module, "_here", lambda *_: row([(1.0, 2.5)]))
    result = then_and_now(chat)
    assert len(result.rows) == 2
    assert "No module named 'lighthouse'" in result.notes[0]
    assert all(part in result.notes[0] for part in ("row is missing", "--keras", "KERAS_BACKEND=torch"))


def test_a_training_that_fails_says_so() -> None:
    """With the last thing it said."""
    with pytest.raises(RunError, match="exit status 3: the end"):
        module._watched([sys.executable, "-c", "import sys; sys.stderr.write('first\\nthe end'); sys.exit(3)"], lambda _: None)
