"""``talklike export`` as a user runs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from talklike.voice.export import SUFFIXES, TARGETS

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., Any]


def test_the_help_names_every_target(talklike: Run) -> None:
    """What can be written stands in the help, with the ends of the names."""
    help_ = talklike("export", "--help").out
    assert all(target in help_ for target in TARGETS)
    assert all(suffix in help_ for suffixes in SUFFIXES.values() for suffix in suffixes)


@pytest.mark.parametrize(("to", "name"), [(to, f"v{suffix}") for to, suffixes in SUFFIXES.items() for suffix in suffixes])
def test_each_target_is_written(talklike: Run, voice_file: Path, tmp_path: Path, to: str, name: str) -> None:
    """One line says what; nothing goes to standard output."""
    ran = talklike("export", voice_file, "--to", to, "-o", tmp_path / name)
    assert (ran.status, ran.out) == (0, "")
    assert ran.err.startswith(f"wrote {tmp_path / name}: ")
    assert len(ran.err.splitlines()) == 1
    assert (tmp_path / name).stat().st_size > 1000


def test_restored_weights_are_told(talklike: Run, make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """Who exports a lone int8 voice learns that its weights are rounded."""
    (tmp_path / "q.onnx").write_bytes(make_bytes(precision="int8"))
    ran = talklike("export", tmp_path / "q.onnx", "--to", "safetensors", "-o", tmp_path / "q.safetensors")
    assert (ran.status, ran.err.splitlines()[1][:33]) == (0, "its weights are the int8 ones tim")


def test_mistakes_are_one_line(talklike: Run, voice_file: Path, tmp_path: Path) -> None:
    """A wrong target or name is usage, a wrong voice is the voice's."""
    (tmp_path / "empty.onnx").write_bytes(b"")
    (tmp_path / "text.onnx").write_text("a,b\n")
    cases = [
        (voice_file, "onnx", "a.onnx", 2),
        (voice_file, "keras", "a.h5", 2),
        (voice_file, "keras", "none/a.keras", 1),
        (tmp_path / "none.onnx", "keras", "a.keras", 1),
        (tmp_path / "empty.onnx", "keras", "a.keras", 1),
        (tmp_path / "text.onnx", "keras", "a.keras", 1),
    ]
    for voice, to, name, status in cases:
        ran = talklike("export", voice, "--to", to, "-o", tmp_path / name)
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (status, "", 1), ran.err
        assert ran.err.startswith("talklike: ")
