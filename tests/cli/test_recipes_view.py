"""``talklike benchmark --recipes``: the table, the JSON, and what is wrong in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from talklike.cli import recipes_view
from talklike.cli.main import app
from talklike.errors import RunError
from talklike.sample import sample_path
from talklike.training import then_and_now, then_and_now_plot
from talklike.training.then_and_now import Row, ThenAndNow

if TYPE_CHECKING:
    from pathlib import Path

RESULT = ThenAndNow(
    "mossy",
    39_519,
    [
        Row("tutorial, in Keras", "Keras on tensorflow", 3.25, 48.5, 2.8125, 1_500_000_000, 21.4, "a [boat]", [(48.5, 2.8)]),
        Row("default recipe, here", "torch, bf16-mixed", 1.5, 110.0, 1.9375, None, 18_000.0, "the tide", [(2.0, 2.7)]),
    ],
    ["The tutorial's best took it 48 s; the default recipe was there after 2.0 s, 1/24 of the time."],
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the library is asked for, instead of minutes of training."""
    found: dict[str, Any] = {}

    def answer(chat: object, author: str | None, **values: Any) -> ThenAndNow:
        found.update(values, author=author)
        return RESULT

    monkeypatch.setattr(then_and_now, "then_and_now", answer)
    return found


def test_the_rows_stand_in_a_table(asked: dict[str, Any]) -> None:
    """With the figures of each, its text, and the sentence on the time."""
    options = ["--author", "mossy_keel", "--epochs", "3", "--budget", "9s", "--precision", "bf16-mixed"]
    result = CliRunner().invoke(app, ["benchmark", "--recipes", str(sample_path()), *options])
    assert result.exit_code == 0
    for part in ("mossy: the tutorial learns from 39,519 characters", "48.5", "2.812", "1.50 GB", "21 characters/s", "a [boat]"):
        assert part in result.stdout
    assert "1/24 of the time" in result.stdout
    assert asked["author"] == "mossy_keel"
    assert (asked["epochs"], asked["budget"], asked["precision"], asked["keras"]) == (3, "9s", "bf16-mixed", None)


def test_the_curves_are_drawn(asked: dict[str, Any], tmp_path: Path) -> None:
    """Into the file that is named."""
    CliRunner().invoke(app, ["benchmark", "--recipes", str(sample_path()), "--plot", str(tmp_path / "curves.png")])
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["curves.svg", "nowhere/curves.png", "folder.png"])
def test_what_can_not_be_drawn_is_refused_before_training(asked: dict[str, Any], tmp_path: Path, name: str) -> None:
    """In one line, as a usage error."""
    (tmp_path / "folder.png").mkdir()
    result = CliRunner().invoke(app, ["benchmark", "--recipes", str(tmp_path / "none.csv"), "--plot", str(tmp_path / name)])
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith("talklike: --plot ")
    assert not asked


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["table", "json"])
def test_the_table_is_not_lost_with_the_picture(
    asked: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """Where the disk is full in the end, what was measured is shown all the same."""

    def full(result: ThenAndNow) -> bytes:
        raise RunError("no space for curves")

    monkeypatch.setattr(then_and_now_plot, "then_and_now_plot", full)
    plot = ["--plot", str(tmp_path / "curves.png")]
    result = CliRunner().invoke(app, ["benchmark", "--recipes", str(sample_path()), *plot, *options])
    assert result.exit_code == 1
    assert "no space for curves" in result.stderr
    assert "a [boat]" in result.stdout


def test_the_picture_is_not_lost_with_the_table(asked: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reader of the table has gone, as ``head`` does."""

    def gone(result: ThenAndNow) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(recipes_view, "_print", gone)
    with pytest.raises(BrokenPipeError):
        recipes_view.compare_recipes(
            str(sample_path()), {}, None, epochs=None, budget="9s", keras=None, precision="32-true",
            plot=tmp_path / "curves.png", as_json=False,
        )  # fmt: skip
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_json_holds_all_of_it(asked: dict[str, Any]) -> None:
    """Curves included."""
    result = CliRunner().invoke(app, ["benchmark", "--recipes", str(sample_path()), "--json"])
    assert json.loads(result.stdout) == json.loads(json.dumps(RESULT.to_dict()))


def test_a_missing_chat_is_one_line(tmp_path: Path) -> None:
    """As everywhere."""
    result = CliRunner().invoke(app, ["benchmark", "--recipes", str(tmp_path / "none.csv")])
    assert result.exit_code != 0
