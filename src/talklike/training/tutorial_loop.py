"""Steps of the tutorial's training: a batch of windows forward and back, and the optimiser.

On a processor each thread takes its share of the windows, for the reason in ``talklike.training.passes``; the gradients are added
in their order, so the numbers are the same every time.
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import cross_entropy

from talklike.training.passes import LEAST_STREAMS
from talklike.training.tutorial_network import TutorialNetwork
from talklike.training.tutorial_optimiser import KerasOptimiser

if TYPE_CHECKING:
    from lightning_fabric import Fabric

    from talklike.training.tutorial_recipe import TutorialRecipe


class TutorialLoop:
    """The network in training.

    Args:
        characters: C.
        recipe: How to train.
        fabric: Device and precision; one process.

    Attributes:
        network: The network.
        step: Steps done.
    """

    def __init__(self, characters: int, recipe: TutorialRecipe, fabric: Fabric) -> None:
        self._recipe = recipe
        self._fabric = fabric
        self.network = TutorialNetwork(characters, recipe.units, recipe.dropout)
        self.network.initialise(recipe.seed)
        self.network.to(fabric.device)
        self._trained = self.network.trained
        self._optimiser = KerasOptimiser(recipe.optimizer, self._trained, recipe.learning_rate)
        self.step = 0
        threads = recipe.threads if fabric.device.type == "cpu" else 1
        self._pool = ThreadPoolExecutor(threads - 1, "talklike-tutorial") if threads > 1 else None
        self._threads = threads

    def train_step(self, windows: torch.Tensor, following: torch.Tensor) -> torch.Tensor:
        """Learn from a batch, and return its mean loss before that [nat].

        Args:
            windows: Indices of characters, int64 (B, W).
            following: The character after each, (B,).
        """
        B = len(windows)
        parts = max(1, min(self._threads, B // LEAST_STREAMS))
        cuts = [slice(B * n // parts, B * (n + 1) // parts) for n in range(parts)]
        if parts > 1:
            assert self._pool is not None, "several threads share a batch"
            torch.set_num_threads(1)  # of each of the threads; new ones take it over
            others = [self._pool.submit(self._part, windows[cut], following[cut], B, n) for n, cut in enumerate(cuts[1:], 1)]
            done = [self._part(windows[cuts[0]], following[cuts[0]], B, 0), *(other.result() for other in others)]
        else:
            done = [self._part(windows, following, B, 0)]
        losses, gradients = zip(*done, strict=True)
        self._optimiser.step([functools.reduce(torch.add, each) for each in zip(*gradients, strict=True)])
        self.step += 1
        loss: torch.Tensor = functools.reduce(torch.add, losses)
        return loss

    def _part(
        self, windows: torch.Tensor, following: torch.Tensor, batch: int, number: int
    ) -> tuple[torch.Tensor, tuple[torch.Tensor, ...]]:
        """Return what a part of a batch adds to the mean loss, and to its gradients."""
        generator = None
        if self._recipe.dropout:  # follows from the step, so that a resumed run drops what it would have dropped
            generator = torch.Generator(device=windows.device)
            generator.manual_seed(((self._recipe.seed * 1_000_003 + self.step) * 1_024 + number) & (2**63 - 1))
        with self._fabric.autocast():
            logits = self.network(windows, generator)
            loss = cross_entropy(logits.to(self.network.dense.weight.dtype), following, reduction="sum") / batch
        return loss.detach(), torch.autograd.grad(loss, self._trained)

    def state_dict(self) -> dict[str, Any]:
        """Return everything that ``load_state_dict`` needs to go on from here, bit for bit."""
        return {"step": self.step, "network": self.network.state_dict(), "optimiser": self._optimiser.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned."""
        self.step = state["step"]
        self.network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])
