"""Tests of ``talklike serve``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what the server was asked to do, instead of doing it."""
    from talklike.server import run

    found: list[Any] = []
    monkeypatch.setattr(run, "serve", lambda *arguments: found.append(arguments))
    return found


def test_options_become_settings(talklike: Run, voice_file: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys come from the command line and from the environment; limits are the options'."""
    monkeypatch.setenv("TALKLIKE_API_KEY", "two,three")
    options = [
        "--api-key",
        "one",
        "--cors",
        "https://example.org",
        "--streams",
        4,
        "--queue",
        5,
        "--max-chars",
        6,
        "--timeout",
        7,
    ]
    assert talklike("serve", voice_file, voice_file, "--port", 9000, *options).status == 0
    voices, host, port, settings, _ = asked[0]
    assert (voices, host, port) == ([str(voice_file)] * 2, "127.0.0.1", 9000)
    assert settings.keys == ("one", "two", "three")
    assert settings.origins == ("https://example.org",)
    assert (settings.streams, settings.queue, settings.length, settings.timeout, settings.texts) == (4, 5, 6, 7.0, 4)


@pytest.mark.parametrize("option", [["--port", "99999"], ["--streams", "0"], ["--timeout", "0"], ["--api-key", "a b"]])
def test_nonsense_is_a_usage_error(talklike: Run, voice_file: Path, option: list[str]) -> None:
    """Exit status 2, and no server."""
    assert talklike("serve", voice_file, *option).status == 2


def test_a_missing_voice(talklike: Run, tmp_path: Path) -> None:
    """One line says which."""
    ran = talklike("serve", tmp_path / "missing.onnx", "--port", 0)
    assert ran.status == 1
    assert "missing.onnx" in ran.err
    assert "Traceback" not in ran.err


def test_without_the_extra_it_is_named(talklike: Run, voice_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who left the packages out is told what to install."""
    for module in [name for name in sys.modules if name.startswith("talklike.server")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ran = talklike("serve", voice_file)
    assert ran.status == 1
    assert "talklike[serve]" in ran.err
