"""The examples of the documentation, as they stand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.server.running import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.server.running import Running

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "serve-a-voice.md"
HERE = "http://127.0.0.1:8000"


def blocks(language: str, word: str) -> list[str]:
    """Return the code blocks of the page in a language that hold a word."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [block for block in found if word in block]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("block", blocks("sh", "curl "), ids=["completion", "chat"])
def test_the_curl_commands_work(small: Callable[..., Running], block: str) -> None:
    """Each command of the page prints an answer."""
    command = block.replace(HERE, small().url).replace("curl ", "curl --silent --show-error --fail-with-body ")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    if "stream" in command:
        assert done.stdout.endswith("data: [DONE]\n\n")
    else:
        assert json.loads(done.stdout)["choices"][0]["text"]


def test_the_python_example_works(small: Callable[..., Running], capsys: pytest.CaptureFixture[str]) -> None:
    """What the page shows with OpenAI's package runs and prints an answer."""
    (block,) = blocks("python", "OpenAI(")
    code = block.replace(HERE, small().url).replace('"mossy"', '"harbour"')
    exec(compile(f"{code}\nclient.close()", "example", "exec"), {})
    assert capsys.readouterr().out.strip()
