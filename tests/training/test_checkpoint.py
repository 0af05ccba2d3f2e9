"""Tests of checkpoints: whole or not at all, and nothing in one is ever executed."""

from __future__ import annotations

import errno
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.errors import RunError
from talklike.training.checkpoint import FORMAT_VERSION, load_checkpoint, save_checkpoint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a checkpoint lies in a run folder."""
    (tmp_path / "run" / "checkpoint").mkdir(parents=True)
    return tmp_path / "run" / "checkpoint" / "checkpoint.pt"


class Bomb:
    """Pickles into something that makes a file when it is read."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.made,)


def test_what_was_saved_is_loaded(path: Path) -> None:
    """Tensors, numbers, texts and lists in dicts come back as they were, in their own types."""
    state = {"loop": {"a": torch.randn(3, 2), "b": [1, 2.5, None, "tide"]}, "evaluations": [{"step": 3}], "seconds": 1.25}
    save_checkpoint(path, state)
    loaded = load_checkpoint(path)
    assert torch.equal(loaded["loop"].pop("a"), state["loop"].pop("a"))  # type: ignore[attr-defined]  # a dict
    assert loaded == state | {"format_version": FORMAT_VERSION}
    assert [file.name for file in path.parent.iterdir()] == ["checkpoint.pt"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_checkpoint(path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """A full disk, or an interruption while writing, leaves what was there, and nothing beside it."""
    save_checkpoint(path, {"seconds": 1})

    def fail(_: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((RunError, KeyboardInterrupt)):
        save_checkpoint(path, {"seconds": 2})
    assert load_checkpoint(path)["seconds"] == 1
    assert [file.name for file in path.parent.iterdir()] == ["checkpoint.pt"]


def test_no_checkpoint_says_so(path: Path) -> None:
    """A folder without one is named, with what to do."""
    with pytest.raises(RunError) as caught:
        load_checkpoint(path)
    assert str(caught.value) == f"{path.parent.parent}: no checkpoint in it to resume from; train without --resume"


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", b"\x80\x04N.", b"PK\x03\x04", os.urandom(500)])
def test_foreign_files_are_refused(path: Path, content: bytes) -> None:
    """Anything but a checkpoint is a run error of one line that names the file."""
    path.write_bytes(content)
    with pytest.raises(RunError) as caught:
        load_checkpoint(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@settings(max_examples=60)
@given(data=st.data())
def test_damage_is_noticed_or_harmless(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Cut anywhere, or with a byte changed, a checkpoint is refused or still reads; nothing else happens."""
    path = tmp_path_factory.mktemp("damaged") / "checkpoint.pt"
    save_checkpoint(path, {"loop": {"a": torch.arange(20.0)}, "seconds": 1})
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytes([whole[at] ^ data.draw(st.integers(1, 255))])
    path.write_bytes(whole[:at] if data.draw(st.booleans()) else whole[:at] + changed + whole[at + 1 :])
    said = str(path)
    try:
        load_checkpoint(path)
    except RunError as error:
        said = str(error)
    assert str(path) in said


def test_a_bomb_does_not_go_off(path: Path, tmp_path: Path) -> None:
    """A pickle that would run something when read is refused, bare or inside torch's own archive, and nothing is run."""
    made = tmp_path / "made"
    pickle.loads(pickle.dumps(Bomb(made)))
    assert made.exists()
    made.unlink()
    path.write_bytes(pickle.dumps(Bomb(made)))
    with pytest.raises(RunError, match="damaged"):
        load_checkpoint(path)
    torch.save({"format_version": FORMAT_VERSION, "loop": Bomb(made)}, path)
    with zipfile.ZipFile(path) as archive:
        assert any(name.endswith("data.pkl") for name in archive.namelist())
    with pytest.raises(RunError, match="damaged"):
        load_checkpoint(path)
    assert not made.exists()


@pytest.mark.parametrize("version", [None, 0, FORMAT_VERSION + 1, "1"])
def test_other_versions_are_refused(path: Path, version: object) -> None:
    """A checkpoint of another layout isn't guessed at."""
    torch.save({"format_version": version}, path)
    with pytest.raises(RunError, match="not a checkpoint of this version of talklike"):
        load_checkpoint(path)


@pytest.mark.parametrize("content", [[1, 2], 5, None, torch.zeros(3)])
def test_archives_that_hold_something_else_are_refused(path: Path, content: object) -> None:
    """An archive of torch's that holds no dict is no checkpoint."""
    torch.save(content, path)
    with pytest.raises(RunError, match="checkpoint"):
        load_checkpoint(path)
