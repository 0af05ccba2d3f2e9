"""The example of the voice file's page, as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from talklike.generation.quiet_runtime import onnxruntime
from talklike.voice.signatures import Signatures
from talklike.voice.write import with_signatures

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "voice-file.md"


def example() -> str:
    """Return the page's Python."""
    blocks: list[str] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


@pytest.mark.parametrize("orders", [(), (2, 3)], ids=["plain", "memory"])
def test_the_example_reads_on(
    make_bytes: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, orders: tuple[int, ...]
) -> None:
    """It gives the logits and the state, which carries on: two symbols one by one are as two at once."""
    (tmp_path / "voice.onnx").write_bytes(make_bytes(orders=orders, layers=2))
    monkeypatch.chdir(tmp_path)
    after: dict[str, Any] = {}
    exec(compile(example(), "example", "exec"), after)
    start = {name: np.zeros_like(array) for name, array in after["state"].items()}
    assert start.keys() == {"h", "c", *(["recent"] if orders else [])}
    assert after["logits"].shape == (1, 1, after["card"]["sizes"]["symbols"])

    session = onnxruntime.InferenceSession("voice.onnx")
    two = {"ids": np.array([[0, 260]]), "authors": np.array([[1, 1]])}
    second = {"ids": np.array([[260]]), "authors": np.array([[1]])}
    (at_once,) = session.run(["logits"], two | start)
    (next_one,) = session.run(["logits"], second | after["state"])
    np.testing.assert_allclose(after["logits"][0, 0], at_once[0, 0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(next_one[0, 0], at_once[0, 1], rtol=1e-4, atol=1e-5)
    (without,) = session.run(["logits"], second | start)
    assert np.abs(without - next_one).max() > 0.01


def test_the_runtime_warns_of_what_no_operation_reads(make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """The page says of which constants; the runtime's own log is no Python, so it is another process that shows it."""
    signatures = Signatures(np.ones((1024, 2), np.int8), np.ones(2, np.float32))
    (tmp_path / "voice.onnx").write_bytes(with_signatures(make_bytes(authors=("wren", "otter"), orders=(2, 3)), signatures))
    code = "from talklike.generation import quiet_runtime\n" + example()
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert set(re.findall(r"Removing initializer '([^']+)'", done.stderr)) == {"signature.table", "signature.units"}
    assert "`signature.table`" in (page := PAGE.read_text(encoding="utf-8"))
    assert "warns of each\nthat it removes it" in page
