"""The command ``llm`` talks to the server, as the how-to page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from talklike.generation.voice import Voice
    from tests.server.running import Running

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "serve-a-voice.md"
Llm = Callable[..., str]


@pytest.fixture
def llm(server: Running, tmp_path: Path) -> Llm:
    """Return a function that runs ``llm`` with arguments, set up as the page says, for the server of the tests."""
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    models = found[1].replace("http://127.0.0.1:8000", server.url).replace("model_name: mossy", "model_name: harbour")
    (tmp_path / "extra-openai-models.yaml").write_text(models)
    environment = os.environ | {"LLM_USER_PATH": str(tmp_path)}

    def run(*arguments: str, said: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "llm", *arguments], check=False, capture_output=True, text=True, input=said, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_chat_is_the_library_s_answer(llm: Llm, harbour: Voice) -> None:
    """Streamed and whole; seed and temperature are its own options."""
    expected = harbour.generate(conversation=[("someone", "tea?")], seed=3, temperature=0.4)
    options = ("-m", "mossy", "tea?", "-o", "seed", "3", "-o", "temperature", "0.4")
    assert llm(*options).strip() == expected.strip()
    assert llm(*options, "--no-stream").strip() == expected.strip()


def test_a_conversation_goes_on(llm: Llm) -> None:
    """``llm -c`` sends what was said before along."""
    llm("-m", "mossy", "tea?", "-o", "seed", "3")
    assert llm("-c", "and rain?", "-o", "seed", "4").strip()
    assert "and rain?" in llm("logs", "-n", "2")


def test_completion_goes_on_with_a_text(llm: Llm, harbour: Voice) -> None:
    """As a completion model."""
    found = llm("-m", "mossy-text", "on the", "-o", "seed", "5", "-o", "max_tokens", "20", "-o", "temperature", "0.5")
    assert found.strip() == harbour.generate("on the", seed=5, temperature=0.5, max_chars=20, echo=False).strip()
