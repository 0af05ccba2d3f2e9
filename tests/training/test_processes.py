"""Several processes share a run: what they learn is what one process learns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from talklike.voice.read import read_voice

SCRIPT = Path(__file__).with_name("shared_run.py")


def run(output: Path, processes: int, how: str = "new", stop_after: int = 10**6) -> list[Any]:
    """Train with so many processes and return what each of them printed."""
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)] if processes > 1 else []
    done = subprocess.run(
        [sys.executable, *launcher, str(SCRIPT), str(output), how, str(stop_after)],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]


def metrics(output: Path) -> np.ndarray:
    """Return training and validation bits of each evaluation."""
    lines = [json.loads(line) for line in (output / "metrics.jsonl").read_text().splitlines()]
    return np.array([[line["train_bits_per_character"], line["validation_bits_per_character"]] for line in lines])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run by one process."""
    output = tmp_path_factory.mktemp("alone") / "run"
    run(output, 1)
    return output


def test_two_processes_learn_what_one_does(alone: Path, tmp_path: Path) -> None:
    """The same losses up to the order of summation, with dropout, forgetting, a room and a memory; both return the voice."""
    said = run(tmp_path / "run", 2)
    assert len(said) == 2
    assert said[0] == said[1]
    assert said[0][0] == "finished"
    np.testing.assert_allclose(metrics(tmp_path / "run"), metrics(alone), rtol=1e-4)
    found, expected = (read_voice(folder)[0].scores["test"]["bits_per_character"] for folder in (tmp_path / "run", alone))
    assert found == pytest.approx(expected, abs=2e-3)
    assert sorted(file.name for file in (tmp_path / "run").iterdir()) == sorted(file.name for file in alone.iterdir())


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_another_number_of_processes_may_go_on(alone: Path, tmp_path: Path, before: int, after: int) -> None:
    """A run stopped in the room and resumed with more or fewer processes ends as one left alone."""
    assert run(tmp_path / "run", before, stop_after=12)[0][0] == "interrupted"
    assert run(tmp_path / "run", after, "resume")[0][0] == "finished"
    np.testing.assert_allclose(metrics(tmp_path / "run"), metrics(alone), rtol=1e-4)


def test_two_processes_make_fewer_steps_alike(tmp_path: Path) -> None:
    """When the first one finds that the budget can't be kept, both make fewer steps, and learn what one process alone learns."""
    run(tmp_path / "alone", 1, "busy")
    said = run(tmp_path / "run", 2, "busy")
    assert said[0] == said[1]
    assert said[0][0] == "finished"
    planned = json.loads((tmp_path / "run" / "recipe.json").read_text())["recipe"]
    made, expected = (read_voice(folder)[0].recipe for folder in (tmp_path / "run", tmp_path / "alone"))
    assert (made["steps"], made["room_steps"]) == (expected["steps"], expected["room_steps"])
    assert 20 < made["steps"] < 0.7 * planned["steps"]
    assert 0 < made["room_steps"] < planned["room_steps"]
    np.testing.assert_allclose(metrics(tmp_path / "run"), metrics(tmp_path / "alone"), rtol=1e-4)


def test_streams_that_cannot_be_shared_are_refused(tmp_path: Path) -> None:
    """Four streams can't be divided among three processes; nobody hangs."""
    with pytest.raises(AssertionError, match="must be a multiple of the number of processes, 3"):
        run(tmp_path / "run", 3)
