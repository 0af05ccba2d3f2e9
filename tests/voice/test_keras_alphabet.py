"""The characters of someone's Keras model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from talklike.errors import OptionError
from talklike.voice import keras_alphabet
from talklike.voice.keras_alphabet import characters_of

if TYPE_CHECKING:
    from pathlib import Path


def test_text_is_sorted_as_the_tutorial_sorts() -> None:
    """Whatever text it is, its characters count once, in the order of their code points."""
    assert characters_of("hello, wörld", 10) == " ,dehlorwö"


@pytest.mark.parametrize(
    "value", [{"b": 1, "a": 0, "é": 2}, {"1": "b", "0": "a", "2": "é"}, ["a", "b", "é"]], ids=["indices", "characters", "list"]
)
def test_json_keeps_its_own_order(tmp_path: Path, value: Any) -> None:
    """The notebook's two dictionaries, and a list, each say which column is which."""
    (tmp_path / "chars.json").write_text(json.dumps(value))
    assert characters_of(str(tmp_path / "chars.json"), 3) == "abé"


def test_a_file_may_hold_the_text_itself(tmp_path: Path) -> None:
    """An editor's last line end is no character of the model's, unless it is."""
    (tmp_path / "text.txt").write_bytes("cab é\n".encode())
    assert characters_of(str(tmp_path / "text.txt"), 5) == " abcé"
    assert characters_of(str(tmp_path / "text.txt"), 6) == "\n abcé"
    (tmp_path / "number.txt").write_text("2024")
    assert characters_of(str(tmp_path / "number.txt"), 3) == "024"


def test_what_does_not_fit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too few, too many, twice the same, no text: one line, which says how many there should be."""
    with pytest.raises(OptionError, match=r"the alphabet: 3 characters, but the model has 57; it takes those of the text"):
        characters_of("abc", 57)
    path = tmp_path / "chars"
    for value in ({"a": 0, "b": 2}, {"a": 0, "bc": 1}, ["a", "a"], {"\ud800": 0}):
        path.write_text(json.dumps(value))
        with pytest.raises(OptionError, match="expected each character once"):
            characters_of(str(path), 2)
    path.write_text('{"a": [0]}')
    with pytest.raises(OptionError, match="but the model has 2"):
        characters_of(str(path), 2)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(OptionError, match="not UTF-8"):
        characters_of(str(path), 2)
    monkeypatch.setattr(keras_alphabet, "MOST_BYTES", 1)
    with pytest.raises(OptionError, match="too large"):
        characters_of(str(path), 2)
