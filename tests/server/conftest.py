"""A real server on a free port, of two tiny voices with random weights."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from talklike.corpus.alphabet import Alphabet
from talklike.generation.voice import Voice, load_voice
from talklike.server.settings import Settings
from talklike.voice.novelty_index import index_of
from talklike.voice.write import with_index
from tests.server.running import Running, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def voice_files(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return a voice of two authors that carries an index of its training text, and a voice of one that writes running text."""
    folder = tmp_path_factory.mktemp("voices")
    made = {
        "harbour": make_bytes(authors=("u1", "u2"), hidden=16, seed=4, precision="int8", orders=(2, 3), alphabet="etaoin shrdlu"),
        "book": make_bytes(kind="stream", seed=5, alphabet="etaoin shrdlu"),
    }
    learnt = Alphabet("etaoin shrdlu").encode("the tide is in the harbour and there is no one on the rope " * 3)
    made["harbour"] = with_index(made["harbour"], index_of([learnt]))
    for name, data in made.items():
        (folder / f"{name}.onnx").write_bytes(data)
    return [str(folder / f"{name}.onnx") for name in made]


@pytest.fixture(scope="session")
def harbour(voice_files: list[str]) -> Voice:
    """Return the voice of two authors."""
    return load_voice(voice_files[0])


@pytest.fixture(scope="session")
def server(voice_files: list[str]) -> Iterator[Running]:
    """Return a server with the usual limits, but for short texts and prompts."""
    with running(voice_files, Settings(streams=8, length=2000, prompt=1000)) as made:
        yield made


@pytest.fixture
def small(voice_files: list[str]) -> Iterator[Callable[..., Running]]:
    """Return a function that starts a server with other settings."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running(voice_files[:1], Settings(**settings)))
