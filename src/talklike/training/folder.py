"""The run folder: recipe, metrics, samples, loss curve, checkpoint and voice."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from talklike.errors import RunError
from talklike.training.plot import loss_plot
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.training.progress import Evaluation

VOICE, VOICE_FLOAT32 = "voice.onnx", "voice.float32.onnx"
LOSS = "loss.png"
_RECIPE, _METRICS, _SAMPLES = "recipe.json", "metrics.jsonl", "samples.txt"
_CHECKPOINT = "checkpoint"
_OF_CORPUS = (".u16",)


class RunFolder:
    """The files of one training run; every file is replaced whole, so a kill leaves none half-written.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint = path / _CHECKPOINT / "checkpoint.pt"
        self.corpus = path / _CHECKPOINT / "corpus"
        self._made = False  # whether this object made the folder
        self._ours = False  # whether it has looked at what lies in it, and found nobody else's
        self._lock: int | None = None  # the open folder that is locked

    def create(self, *, resume: bool) -> None:
        """Make the folder ready to train in.

        Args:
            resume: Whether a run in it goes on; without it, a folder that holds a run is refused, so none is lost.

        Raises:
            RunError: It can't be written, or holds something else.
        """
        try:
            self._create(resume=resume)
        except OSError as error:
            raise RunError(f"{self.path}: can't be made: {error.strerror}; name another folder with -o") from error

    def _lock_it(self) -> None:
        """Keep other trainings out of the folder until ``release``, or until this process ends, however it ends."""
        try:
            import fcntl
        except ImportError:  # Windows doesn't let anyone truncate a file that is mapped, which is what the lock prevents
            return
        self._lock = os.open(self.checkpoint.parent, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            raise RunError(
                f"{self.path}: a training is running in it; wait for its end, or name another folder with -o"
            ) from error

    def release(self) -> None:
        """Let other trainings into the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _create(self, *, resume: bool) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise RunError(f"{self.path}: is a file; name a folder for the run with -o")
        begun = (self.path / _RECIPE).exists()
        if resume and not begun:
            raise RunError(f"{self.path}: holds no training run to resume; train without --resume")
        if begun and not resume:
            raise RunError(f"{self.path}: holds a training run already; go on with --resume, or name another folder with -o")
        # What a run leaves that was killed before its recipe was fixed is no obstacle; anything else is someone's.
        if not begun and self.path.is_dir() and any(self._is_foreign(file) for file in self.path.iterdir()):
            raise RunError(f"{self.path}: is not empty; name a new folder for the run with -o")
        self._made, self._ours = not self.path.exists(), True
        self.corpus.mkdir(parents=True, exist_ok=True)
        self._lock_it()
        for unfinished in itertools.chain(self.path.glob(".*.tmp"), self.checkpoint.parent.glob(".*.tmp")):
            unfinished.unlink()  # of a run that was killed while it wrote

    def _is_foreign(self, file: Path) -> bool:
        """Return whether a file or folder in the run's is none that a killed run leaves."""
        if file.name != _CHECKPOINT or not file.is_dir():
            return True
        inside = {one.name for one in file.iterdir()} - {self.corpus.name, self.checkpoint.name}
        corpus = self.corpus.iterdir() if self.corpus.is_dir() else ()
        return any(not name.endswith(".tmp") for name in inside) or any(one.suffix not in _OF_CORPUS for one in corpus)

    def discard(self) -> None:
        """Remove what a run left that never began: the folder if it is ours, else only what we put into it."""
        if self._ours and not (self.path / _RECIPE).exists():
            shutil.rmtree(self.path if self._made else self.path / _CHECKPOINT, ignore_errors=True)

    def write_recipe(self, content: dict[str, Any]) -> None:
        """Write ``recipe.json``."""
        atomic_write(self.path / _RECIPE, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())

    def read_recipe(self) -> dict[str, Any]:
        """Return what ``recipe.json`` holds.

        Raises:
            RunError: There is none, or it is damaged.
        """
        try:
            content: Any = json.loads((self.path / _RECIPE).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise RunError(f"{self.path}: holds no training run to resume; train without --resume") from error
        except (OSError, ValueError) as error:
            raise RunError(f"{self.path / _RECIPE}: can't be read; train again without --resume") from error
        corpus = content.get("corpus") if isinstance(content, dict) else None
        if not isinstance(corpus, dict) or not isinstance(corpus.get("sha256"), str):
            corpus = {"author": 0}
        if not isinstance(corpus.get("author"), str | None) or not isinstance(content.get("recipe"), dict):
            raise RunError(f"{self.path / _RECIPE}: is not a run's; train again without --resume")
        recipe: dict[str, Any] = content
        return recipe

    def write_progress(self, evaluations: list[Evaluation], samples: list[str], title: str) -> None:
        """Write metrics, samples and loss curve, each as a whole."""
        metrics = "".join(json.dumps(asdict(evaluation)) + "\n" for evaluation in evaluations)
        atomic_write(self.path / _METRICS, metrics.encode())
        atomic_write(self.path / _SAMPLES, "\n".join(samples).encode())
        if picture := loss_plot(evaluations, title):
            atomic_write(self.path / LOSS, picture)

    def write_voice(self, data: bytes, name: str = VOICE) -> None:
        """Write a voice file."""
        atomic_write(self.path / name, data)

    def remove_corpus(self) -> None:
        """Remove the encoded text, which only training needs."""
        shutil.rmtree(self.corpus, ignore_errors=True)


def free_folder(wanted: Path) -> Path:
    """Return ``wanted``, or ``wanted-2``, ``wanted-3`` …: the first that nothing has taken."""
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(folder for folder in itertools.chain([wanted], numbered) if not folder.exists())
