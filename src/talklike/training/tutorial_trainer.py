"""One training run by the tutorial's recipe, from encoded text to a voice in its folder."""

from __future__ import annotations

import dataclasses
import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from talklike.errors import RunError
from talklike.evaluation.bits import score
from talklike.generation.voice import Voice
from talklike.training.checkpoint import load_checkpoint, save_checkpoint
from talklike.training.folder import VOICE, RunFolder
from talklike.training.progress import Evaluation, Listener, Result
from talklike.training.trainer import make_card, sample_text
from talklike.training.tutorial_loop import TutorialLoop
from talklike.training.tutorial_text import Windows, joined, share_of_ends
from talklike.training.tutorial_verdict import tutorial_verdict
from talklike.training.tutorial_writing import predictor, written
from talklike.voice.read import arrays
from talklike.voice.stack import stack_sizes, stack_weights
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from lightning_fabric import Fabric

    from talklike.corpus.corpus import Corpus
    from talklike.training.tutorial_recipe import TutorialRecipe
    from talklike.voice.stack import Stack

EVALUATED = 50_000
"""Validation symbols scored after an epoch."""

_LOSS_EVERY = 10  # steps between losses given to the listener: reading one waits for the device


class TutorialTrainer:
    """One training run, from text to voice, as the tutorial trains.

    Args:
        corpus: What to learn from; every character of its training part is a symbol.
        recipe: How.
        folder: Where the run is written.
        fabric: Device and precision; one process.
        listener: Hears how it goes.
    """

    def __init__(self, corpus: Corpus, recipe: TutorialRecipe, folder: RunFolder, fabric: Fabric, listener: Listener) -> None:
        self._corpus = corpus
        self._recipe = recipe
        self._folder = folder
        self._fabric = fabric
        self._listener = listener
        self._ends = share_of_ends(corpus)
        text = torch.from_numpy(joined(corpus)).to(fabric.device)
        self._windows = Windows(text, recipe.window, recipe.step)
        self._loop = TutorialLoop(len(corpus.alphabet.characters), recipe, fabric)
        self._evaluations: list[Evaluation] = []
        self._samples: list[str] = []
        self._epoch = 0  # epochs done
        self._done = 0  # steps of the next one that are done
        exact = torch.float32 if fabric.device.type == "mps" else torch.float64  # which Apple's GPU lacks
        self._sum = torch.zeros((), dtype=exact, device=fabric.device)  # of their losses, by windows [nat]
        self._best_loss = math.inf
        self._seconds_before = 0.0
        self._started = time.perf_counter()

    def resume(self) -> None:
        """Go on from the folder's checkpoint, if there is one: a run may be killed before its first epoch ends."""
        if not self._folder.checkpoint.exists():
            return
        state = load_checkpoint(self._folder.checkpoint)
        try:
            self._loop.load_state_dict(state["loop"])
            self._evaluations = [Evaluation(**values) for values in state["evaluations"]]
            self._samples = state["samples"]
            self._epoch, self._done = state["epoch"], state["done"]
            self._sum.fill_(state["sum"])
            self._best_loss = state["best_loss"]
            self._seconds_before = state["seconds"]
        except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:  # as torch words what doesn't fit
            raise RunError(f"{self._folder.checkpoint}: doesn't fit this run; train again without --resume") from error

    def run(self, stop: Callable[[], bool]) -> Result:
        """Train until the recipe's epochs are done, or ``stop()`` is true."""
        self._started = time.perf_counter()
        while self._epoch < self._recipe.epochs:
            if not self._run_epoch(stop):
                return self._interrupted()
        self._listener.finishing()
        path = self._folder.path / VOICE
        data = path.read_bytes()
        voice = Voice.from_bytes(data, where=str(path))
        parts = {"validation": self._corpus.validation, "test": self._corpus.test}
        scores = {name: score(voice.engine, part).to_dict() for name, part in parts.items() if len(part)}
        self._folder.write_voice(voice_bytes(dataclasses.replace(voice.card, scores=scores), arrays(data)))
        self._folder.remove_corpus()
        return self._result("finished")

    def _run_epoch(self, stop: Callable[[], bool]) -> bool:
        """Go through what is left of an epoch; return whether it was done to the end."""
        B = self._recipe.batch_size
        order = self._windows.order(self._recipe.seed, self._epoch)
        for start in range(self._done * B, len(order), B):
            if stop():
                return False
            windows, following = self._windows.batch(order[start : start + B])
            loss = self._loop.train_step(windows, following)
            self._sum += loss.to(self._sum.dtype) * len(following)
            self._done += 1
            step = self._loop.step
            self._listener.stepped(step, float(loss) / math.log(2) if step % _LOSS_EVERY == 0 else None)
        self._epoch += 1
        self._done = 0
        self._end_epoch(float(self._sum) / len(order))
        return True

    def _end_epoch(self, loss: float) -> None:
        """Keep the weights if the training loss improved, let them write, and save everything.

        Args:
            loss: Mean over the epoch's windows, each before the step that learnt from it, as Keras reports it [nat].
        """
        self._sum.zero_()
        if not math.isfinite(loss):
            raise RunError(
                f"{self._folder.path}: training diverged in epoch {self._epoch}; what came before is kept. The tutorial's recipe "
                "is unstable: train anew in another folder with a smaller --learning-rate, or without --recipe tutorial"
            )
        stack = self._loop.network.stack()
        data = self._voice_bytes(stack, {})
        bits = score(Voice.from_bytes(data).engine, self._corpus.validation, most=EVALUATED).bits_per_character
        best = loss < self._best_loss
        evaluation = Evaluation(
            step=self._loop.step,
            seconds=round(self._seconds, 3),
            characters=self._epoch * len(self._windows),
            train_bits_per_character=round(loss / math.log(2), 5),
            validation_bits_per_character=round(float(bits), 5),
            best=best,
        )
        self._evaluations.append(evaluation)
        before = f"{self._best_loss:.5f}"
        if best:
            self._best_loss = loss
            self._folder.write_voice(self._voice_bytes(stack, {"validation": {"bits_per_character": round(float(bits), 4)}}))
        samples = self._written() if self._recipe.writes_after(self._epoch) else {}
        if samples:
            self._samples.append(sample_text(evaluation, samples))
        self._folder.write_progress(self._evaluations, self._samples, self._title)
        save_checkpoint(self._folder.checkpoint, self._state())
        self._listener.noted(
            f"Epoch {self._epoch}: loss improved from {before} to {loss:.5f}, saving voice to {self._folder.path / VOICE}"
            if best
            else f"Epoch {self._epoch}: loss did not improve from {before} ({loss:.5f})"
        )
        self._listener.evaluated(evaluation, samples)

    def _written(self) -> dict[float, str]:
        """Return what the network writes now at each temperature, after a window of the text drawn at random, with the window."""
        recipe, characters = self._recipe, self._corpus.alphabet.characters
        random = np.random.RandomState((recipe.seed + self._epoch) % (1 << 32))
        first = random.randint(0, len(self._windows.ids) - recipe.window)
        start = self._windows.ids[first : first + recipe.window].cpu().numpy().astype(np.int64)
        predict = predictor(self._loop.network, self._fabric.device)
        if self._fabric.device.type == "cpu":
            torch.set_num_threads(1)  # a step of one text is too small to share
        return {
            temperature: "".join(
                characters[i] for i in [*start, *written(predict, start, recipe.characters, temperature, random)]
            )
            for temperature in recipe.temperatures
        }

    @property
    def _seconds(self) -> float:
        return self._seconds_before + time.perf_counter() - self._started

    def _state(self) -> dict[str, Any]:
        return {
            "loop": self._loop.state_dict(),
            "evaluations": [dataclasses.asdict(evaluation) for evaluation in self._evaluations],
            "samples": self._samples,
            "epoch": self._epoch,
            "done": self._done,
            "sum": float(self._sum),
            "best_loss": self._best_loss,
            "seconds": self._seconds,
        }

    def _interrupted(self) -> Result:
        """Save where the run stands; its voice is the best epoch's, or what there is in the first."""
        save_checkpoint(self._folder.checkpoint, self._state())
        if not self._evaluations:
            self._folder.write_voice(self._voice_bytes(self._loop.network.stack(), {}))
        return self._result("interrupted")

    def _result(self, stopped: str) -> Result:
        path = self._folder.path / VOICE
        voice = Voice.from_bytes(path.read_bytes(), where=str(path))
        said = tutorial_verdict(self._evaluations, self._recipe, stopped) if self._evaluations else []
        return Result(voice, self._folder.path, self._evaluations, stopped, said)

    def _voice_bytes(self, stack: Stack, scores: dict[str, dict[str, float]]) -> bytes:
        """Return a voice file with the network's weights, float32: the tutorial's numbers as they are."""
        sizes = stack_sizes(stack.characters, stack.units)
        card = make_card(self._corpus, self._recipe, sizes, "float32", scores)
        return voice_bytes(card, stack_weights(stack, self._corpus.alphabet.characters, self._ends))

    @property
    def _title(self) -> str:
        return f"{self._corpus.names[0]}: the tutorial's {self._recipe.layers}×{self._recipe.hidden} LSTM"
