"""The training loop: truncated back-propagation through carried state, every position supervised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from talklike.evaluation.bits import Stretches, stretches
from talklike.training.network import Network, voice_weights
from talklike.training.streams import TrainingStreams

if TYPE_CHECKING:
    from lightning_fabric import Fabric

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe
    from talklike.voice.card import Sizes

_EVALUATION_STREAMS = 32
_EVALUATION_PIECE = 128  # symbols a call: 32 × 128 × V logits are a few MB


class Loop:
    """A network being trained, with all that changes from step to step.

    Args:
        corpus: What to learn from.
        recipe: How.
        sizes: The network's sizes.
        fabric: Device, precision and processes.

    Attributes:
        step: Steps done.
        average: Running mean of the weights (EMA), by name; this is what is evaluated and written.
    """

    def __init__(self, corpus: Corpus, recipe: Recipe, sizes: Sizes, fabric: Fabric) -> None:
        torch.manual_seed(recipe.seed)
        self._fabric = fabric
        self._recipe = recipe
        self._sizes = sizes
        network = Network(sizes, dropout=recipe.dropout, dropout_between=recipe.dropout_between)
        network.initialise(_frequencies(corpus.train.ids, sizes.symbols))
        network = network.to(fabric.device)
        # betas: gradients of a few thousand characters are noisy enough for a shorter memory than 0.999.
        optimiser = torch.optim.AdamW(
            _groups(network, recipe.weight_decay), lr=recipe.learning_rate, betas=(0.9, 0.99), fused=True
        )
        self._plain = network
        self._network, self._optimiser = fabric.setup(network, optimiser)
        self._streams = TrainingStreams(corpus.train, recipe.streams, recipe.length)
        self._held_out = stretches(corpus.validation, most=_EVALUATION_STREAMS, limit=recipe.evaluate_symbols)
        self._validation_characters_per_symbol = corpus.validation.characters / len(corpus.validation)
        self.state = network.zero_state(recipe.streams)
        self.step = 0
        self._parameters = dict(network.named_parameters())
        self.average = {name: p.detach().clone() for name, p in self._parameters.items()}
        self._loss_sum = torch.zeros((), device=fabric.device)
        self._loss_steps = 0

    def train_step(self) -> torch.Tensor:
        """Do one step and return its loss [nat/symbol], a tensor on the device."""
        recipe = self._recipe
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(recipe, self.step)
        read, following, authors = (t.to(self._fabric.device) for t in self._streams.batch(self.step))
        h, c = self.state
        if recipe.forget:
            # Voices start from nothing each time they are asked, so some streams must: else a fresh state is never seen again.
            kept = (torch.rand(1, recipe.streams, 1, device=h.device) >= recipe.forget).float()
            h, c = h * kept, c * kept
        logits, (h, c) = self._network(read, authors, (h, c))
        loss = cross_entropy(logits.flatten(0, 1), following.flatten())
        self._optimiser.zero_grad(set_to_none=True)
        self._fabric.backward(loss)
        torch.nn.utils.clip_grad_norm_(self._plain.parameters(), recipe.clip, foreach=True)
        self._optimiser.step()
        self.state = (h.detach(), c.detach())
        # Early on the mean must move faster than it will: it began at random weights.
        keep = min(recipe.average, (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(list(self.average.values()), [p.detach() for p in self._parameters.values()], 1 - keep)
        self.step += 1
        loss = loss.detach()
        self._loss_sum += loss
        self._loss_steps += 1
        return loss

    def training_bits(self) -> float:
        """Return the mean training loss since the last call [bit/symbol]."""
        mean = float(self._loss_sum) / max(1, self._loss_steps) / math.log(2)
        self._loss_sum.zero_()
        self._loss_steps = 0
        return mean

    @torch.no_grad()
    def validation_bits(self) -> float:
        """Return the cost of held-out text under the averaged weights [bit/character]."""
        self._swap_average()
        self._network.eval()
        try:
            nats, counted = self._score(self._held_out)
        finally:
            self._network.train()
            self._swap_average()
        return nats / counted / self._validation_characters_per_symbol / math.log(2)

    def _score(self, held_out: Stretches) -> tuple[float, int]:
        """Return the summed cost [nat] of the counted targets, and their number."""
        state = self._plain.zero_state(len(held_out.read))
        nats = torch.zeros((), dtype=torch.float64, device=self._fabric.device)
        for piece in held_out.pieces(_EVALUATION_PIECE):
            read, targets, authors, counted = (
                torch.from_numpy(a.T.copy()).to(self._fabric.device)
                for a in (piece.read, piece.targets, piece.authors, piece.counted)
            )
            logits, state = self._network(read, authors, state)
            costs = cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none")
            nats += (costs * counted.flatten()).sum(dtype=torch.float64)
        return float(nats), int(held_out.counted.sum())

    def _swap_average(self) -> None:
        for name, parameter in self._parameters.items():
            parameter.data, self.average[name] = self.average[name], parameter.data

    def averaged_weights(self) -> dict[str, np.ndarray]:
        """Return the averaged weights as the constants of a float32 voice."""
        return voice_weights(self.average, self._sizes)

    def state_dict(self) -> dict[str, Any]:
        """Return everything that ``load_state_dict`` needs to go on from here, bit for bit."""
        generators = {"cpu": torch.get_rng_state()}
        if self._fabric.device.type == "cuda":
            generators["cuda"] = torch.cuda.get_rng_state(self._fabric.device)
        return {
            "step": self.step,
            "network": self._plain.state_dict(),
            "optimiser": self._optimiser.optimizer.state_dict(),
            "average": self.average,
            "state": list(self.state),
            "generators": generators,
            "loss": [float(self._loss_sum), self._loss_steps],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned."""
        device = self._fabric.device
        self.step = state["step"]
        self._plain.load_state_dict(state["network"])
        self._optimiser.optimizer.load_state_dict(state["optimiser"])
        self.average = {name: p.to(device) for name, p in state["average"].items()}
        self.state = (state["state"][0].to(device), state["state"][1].to(device))
        torch.set_rng_state(state["generators"]["cpu"])
        if device.type == "cuda" and "cuda" in state["generators"]:
            torch.cuda.set_rng_state(state["generators"]["cuda"], device)
        self._loss_sum.fill_(state["loss"][0])
        self._loss_steps = state["loss"][1]


def learning_rate(recipe: Recipe, step: int) -> float:
    """Return the learning rate of a step: a linear warm-up, then half a cosine down to ``final_rate`` of it."""
    rising = min(1.0, (step + 1) / recipe.warm_up) if recipe.warm_up else 1.0
    falling = 0.5 * (1 + math.cos(math.pi * min(1.0, step / recipe.steps)))
    return recipe.learning_rate * rising * (recipe.final_rate + (1 - recipe.final_rate) * falling)


def _groups(network: Network, weight_decay: float) -> list[dict[str, Any]]:
    """Return the parameters in two groups: matrices of layers, which decay, and embeddings and biases, which don't."""
    matrices = [p for name, p in network.named_parameters() if p.ndim > 1 and "embedding" not in name]
    others = [p for name, p in network.named_parameters() if p.ndim == 1 or "embedding" in name]
    return [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]


def _frequencies(ids: np.ndarray, symbols: int) -> np.ndarray:
    """Return how often each symbol is to be predicted, float64, shape (V,)."""
    counts = np.zeros(symbols)
    step = 1 << 22  # symbols at a time, so that the map is not copied as a whole
    for start in range(1, len(ids), step):
        counts += np.bincount(ids[start : start + step], minlength=symbols)
    return counts
