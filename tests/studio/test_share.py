"""Tests of the lines that write a text again: run for real, they give the text that the page shows."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from talklike.cli.main import run as run_command
from talklike.generation.voice import Voice, load_voice
from talklike.server.settings import Settings
from talklike.studio.share import KEY, Server, command_line, curl, openai_lines, talklike_lines, texts_file
from talklike.studio.talk_settings import Generation
from tests.server.running import Running, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ODD = {
    "temperature": 0.7, "top_p": 0.95, "min_p": 0.0, "frequency_penalty": 0.5, "dry_multiplier": 0.8,
    "dry_breakers": ("\n", "' \""), "logit_bias": {"e": -5.0, "😀": 1.0}, "top_k": 5,
}  # fmt: skip
GENERATIONS = {
    "plain": Generation(seed=3, most=60),
    "prompt": Generation(prompt='it\'s -the "tide" $HOME é\n', author="u2", seed=4, most=60, least=20),
    "dash": Generation(prompt="--net", author="u2", seed=5, most=60),
    "odd": Generation(prompt="a", author="u1", sampling=ODD, seed=2**32 - 1, most=80),
    "conversation": Generation(
        author="u2", turns=(("someone", "who: is it"), ("u2", "the tide's in"), ("u1", "on\nthe pier?")), seed=6, most=60
    ),
}


@pytest.fixture(scope="module")
def voice_file(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a voice of two authors."""
    path = tmp_path_factory.mktemp("share") / "harbour.onnx"
    path.write_bytes(make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0))
    return path


@pytest.fixture(scope="module")
def voice(voice_file: Path) -> Voice:
    """Return it, loaded."""
    return load_voice(voice_file)


@pytest.fixture(scope="module")
def server(voice_file: Path) -> Iterator[Running]:
    """Return a server of it that asks for a key."""
    with running([str(voice_file)], Settings(keys=("sesame",))) as made:
        yield made


def expected(voice: Voice, generation: Generation) -> str:
    """Return the text that a page shows."""
    return "".join(text for _, text, _ in voice.write(generation.request(voice)))


def printed(program: str) -> str:
    """Return what a program prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(program, "lines", "exec"), {})
    return out.getvalue().removesuffix("\n")


@pytest.mark.parametrize("kind", GENERATIONS)
def test_curl_writes_the_same(kind: str, voice: Voice, server: Running) -> None:
    """As a shell takes the line apart, and by curl itself where it is installed."""
    generation = GENERATIONS[kind]
    line = curl(generation, voice, Server(server.url, "harbour", key=True)).replace(f"${KEY}", "sesame")
    words = shlex.split(line)
    assert words[:2] == ["curl", "-s"]
    headers = dict(word.split(": ") for word, flag in zip(words[1:], words, strict=False) if flag == "-H")
    answer = httpx.post(words[2], content=words[words.index("-d") + 1].encode(), headers=headers).json()
    if shutil.which("curl"):
        done = subprocess.run(words, capture_output=True, check=True)
        assert json.loads(done.stdout)["choices"] == answer["choices"]
    choice = answer["choices"][0]
    assert choice.get("text", choice.get("message", {}).get("content")) == expected(voice, generation)


@pytest.mark.parametrize("kind", GENERATIONS)
def test_openai_s_client_writes_the_same(kind: str, voice: Voice, server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program runs as it stands, with the key from where it says."""
    monkeypatch.setenv(KEY, "sesame")
    lines = openai_lines(GENERATIONS[kind], voice, Server(server.url, "harbour", key=True))
    assert printed(lines) == expected(voice, GENERATIONS[kind])


@pytest.mark.parametrize("kind", GENERATIONS)
def test_python_writes_the_same(kind: str, voice: Voice, voice_file: Path) -> None:
    """The program runs as it stands, beside the downloaded file."""
    assert printed(talklike_lines(GENERATIONS[kind], str(voice_file))) == expected(voice, GENERATIONS[kind])


@pytest.mark.parametrize("kind", GENERATIONS)
def test_the_command_line_writes_the_same(
    kind: str, voice: Voice, voice_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command runs as it stands; its text begins with the prompt."""
    generation = GENERATIONS[kind]
    words = shlex.split(command_line(generation, str(voice_file)))
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        run_command()
    assert not ended.value.code
    assert capsys.readouterr().out == generation.prompt + expected(voice, generation) + "\n"


def test_without_a_key_none_is_asked_for(voice: Voice) -> None:
    """A studio of this machine alone has no token, and its lines don't speak of one."""
    here = Server("http://localhost:1", "harbour")
    assert KEY not in curl(GENERATIONS["plain"], voice, here)
    assert KEY not in openai_lines(GENERATIONS["plain"], voice, here)


def test_a_voice_of_one_author_names_nobody(make_voice: Callable[..., Voice]) -> None:
    """There is nobody else to choose, and what others say is said by nobody that it knows."""
    alone = make_voice(seed=5)
    generation = Generation(author="u1", turns=(("someone", "in"),), seed=1)
    body = json.loads(shlex.split(curl(generation, alone, Server("http://x", "alone")))[-1])
    assert body == {"model": "alone", "messages": [{"role": "assistant", "content": "in"}], "max_tokens": 300, "seed": 1}


def test_texts_are_kept_with_what_decided_them() -> None:
    """Each under its settings, its prompt before it."""
    written: list[tuple[Generation, Any]] = [
        (Generation("the ", sampling={"temperature": 0.5}, seed=1), "tide"),
        (Generation(seed=2), "x"),
    ]
    assert texts_file(written) == "# temperature 0.5, seed 1\nthe tide\n\n# seed 2\nx\n"
