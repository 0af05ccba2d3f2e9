"""Kills training runs at chosen moments, resumes them, and writes down what came of it; a script that the tests start.

Each run is a process of its own, forked from this one once everything is imported: a hundred of them would else load torch a
hundred times. This process itself computes nothing, so a fork copies no threads.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.errors import VoiceFileError
from talklike.generation.voice import load_voice
from talklike.training import folder as folders
from talklike.training.checkpoint import load_checkpoint
from talklike.training.plan import make_wish
from talklike.training.progress import Listener
from talklike.training.train import train_run

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS, EVERY = 8, 4
SETTINGS: dict[str, Any] = {
    "hidden": 8, "embedding": 8, "layers": 2, "streams": 4, "length": 8, "threads": 1, "precision": "32-true", "seed": 3,
    "steps": STEPS, "evaluate_every": EVERY, "dropout": 0.2, "dropout_between": 0.2, "forget": 0.2,
}  # fmt: skip
WRITES = 1 + 5 * (STEPS // EVERY) + 2
"""Files that a whole run writes: the recipe; voice, metrics, samples, curve and checkpoint at each evaluation; two voices."""


def make_chat() -> Chat:
    """Return the chat that every run learns from."""
    choose = random.Random(7)
    texts = [" ".join(choose.choices(["tide", "rope", "crab", "gull", "mast", "the", "a", "on"], k=6)) for _ in range(60)]
    start = datetime(2024, 1, 1, tzinfo=UTC)
    times = [start + timedelta(hours=hour) for hour in range(len(texts))]
    ids = ["a1"] * len(texts)
    frame = pl.DataFrame({"time": times, "author": ids, "name": ids, "channel": ids, "text": texts}, schema=SCHEMA)
    return Chat(frame.lazy(), ReadReport("made.csv", "made", "made by a test"))


def forked(work: Callable[[], None]) -> int:
    """Do ``work`` in a process of its own and return how it ended, as ``os.waitstatus_to_exitcode`` says it."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at_write(number: int, *, half: bool) -> None:
    """Let this process be killed at a file it writes: with half of it in the temporary file, or just after it was replaced."""
    count = 0
    fsync, replace = os.fsync, Path.replace

    def halved(file: Any) -> None:
        nonlocal count
        count += 1
        if half and count == number:
            os.ftruncate(file, os.fstat(file).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(file)

    def replaced(self: Path, target: Path) -> Path:
        result = replace(self, target)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    os.fsync = halved  # type: ignore[assignment]  # only in the process that is to be killed
    Path.replace = replaced  # type: ignore[assignment,method-assign]  # likewise


class KilledAt(Listener):
    """Kills this process after a step."""

    def __init__(self, step: int) -> None:
        self._step = step

    def stepped(self, step: int, loss_bits: float | None) -> None:
        """Kill this process if it is the step."""
        if step == self._step:
            os.kill(os.getpid(), signal.SIGKILL)


def train(folder: Path, **how: Any) -> None:
    """Train, or go on."""
    setattr(folders, "loss_plot", lambda *_: b"a picture")  # noqa: B010  (drawing takes longer than all the rest)
    train_run(make_chat(), "a1", folder, wish=make_wish(None, 1, SETTINGS), device="cpu", **how)


def stopping_at(step: int) -> Callable[[], bool]:
    """Return a wish to stop before the step after ``step``."""
    asked = iter(range(STEPS))
    return lambda: next(asked) == step


def look(folder: Path, report: Path) -> None:
    """Write down what lies in a run folder, each file having been read; then remove what was only half written."""
    found: dict[str, Any] = {"files": sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())}
    for path in folder.rglob("*.tmp"):
        path.unlink()
    try:
        voice = load_voice(folder)
        found["voice"] = voice.card.precision
        found["text"] = voice.generate(seed=1, max_chars=20)
        found["file"] = [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.onnx"))]
    except VoiceFileError as error:
        found["voice"] = str(error)
    run = folders.RunFolder(folder)
    found["begun"] = "recipe" in run.read_recipe() if (folder / "recipe.json").exists() else False
    found["checkpoint"] = load_checkpoint(run.checkpoint)["loop"]["step"] if run.checkpoint.exists() else None
    metrics = folder / "metrics.jsonl"
    found["metrics"] = [json.loads(line) for line in metrics.read_text().splitlines()] if metrics.exists() else []
    report.write_text(json.dumps(found))


def go_on(folder: Path) -> None:
    """Look at what a stopped run left, resume it (begin it again where it had no recipe yet), and look again."""
    look(folder, folder.with_suffix(".before"))
    train(folder, resume=(folder / "recipe.json").exists())
    look(folder, folder.with_suffix(".after"))


def resumed(folder: Path, work: Callable[[], None]) -> dict[str, Any]:
    """Return how a run ended that was stopped by ``work``, what it left, and what it left when it was resumed."""
    ended = forked(work)
    assert forked(lambda: go_on(folder)) == 0, f"{folder.name} can't be read or resumed"
    before, after = (json.loads(folder.with_suffix(when).read_text()) for when in (".before", ".after"))
    return {"ended": ended, "before": before, "after": after}


def main() -> None:
    """Train one run alone and others that are stopped, in a folder given, and print what came of each as JSON."""
    home = Path(sys.argv[1])
    moments: dict[str, Callable[[Path], None]] = {}
    for step in (1, EVERY - 1, EVERY + 2, STEPS - 1):
        moments[f"killed after step {step}"] = lambda folder, step=step: train(folder, listener=KilledAt(step))  # type: ignore[misc]  # the default binds the loop's value
    for step in (0, 1, 3, 4, 5, 7):
        moments[f"stopped after step {step}"] = lambda folder, step=step: train(folder, stop=stopping_at(step))  # type: ignore[misc]  # the default binds the loop's value
    for number in range(1, WRITES + 1):
        # Just after one file is just before the next; only where another kind of file follows does it differ.
        for half in (True, False) if number in (1, 2, 6, 11, 12, 13) else (True,):

            def written(folder: Path, number: int = number, half: bool = half) -> None:
                kill_at_write(number, half=half)
                train(folder)

            moments[f"killed {'in' if half else 'after'} write {number}"] = written
    for name in ("onnx.helper", "onnx.numpy_helper", "onnxruntime"):
        import_module(name)  # the forks would import them one by one
    found = {"alone": resumed(home / "alone", lambda: train(home / "alone"))}
    for number, (name, work) in enumerate(moments.items()):
        folder = home / f"run{number}"
        found[name] = resumed(folder, lambda folder=folder, work=work: work(folder))  # type: ignore[misc]  # the default binds the loop's value
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
