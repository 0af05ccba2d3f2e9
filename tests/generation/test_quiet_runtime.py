"""Nothing leaves the machine: ONNX Runtime neither sends nor keeps anything, in any process of ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talklike.generation.quiet_runtime import SILENT

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = Path(__file__).parents[2] / "src"


@pytest.mark.skipif(sys.platform == "win32", reason="there it keeps what it keeps in the registry")
def test_a_voice_that_writes_leaves_nothing_in_the_home_directory(make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """No identifier of the machine, no cache of events; with a voice loaded and having written, whatever was set before."""
    home = tmp_path / "home"
    home.mkdir()
    voice = tmp_path / "voice.onnx"
    voice.write_bytes(make_bytes())
    program = f"import talklike; assert talklike.load_voice({str(voice)!r}).generate(seed=1, max_chars=5) is not None"
    kept = {name: value for name, value in os.environ.items() if name not in SILENT and not name.startswith("XDG_")}
    ran = subprocess.run([sys.executable, "-c", program], env=kept | {"HOME": str(home)}, check=True, capture_output=True)
    assert ran.stderr == b""
    assert [path for path in home.rglob("*") if path.is_file()] == []


def test_it_is_imported_from_one_place_only() -> None:
    """Anywhere else it could begin before it is told."""
    importing = re.compile(r"^(?:import onnxruntime|from onnxruntime)", re.MULTILINE)
    found = [path.name for path in SOURCES.rglob("*.py") if importing.search(path.read_text(encoding="utf-8"))]
    assert found == ["quiet_runtime.py"]
