"""The training loop: truncated back-propagation through carried state, every position supervised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from talklike.corpus.encode import let_go
from talklike.errors import OptionError
from talklike.evaluation.bits import Stretches, stretches
from talklike.training.chance import Chance
from talklike.training.columns import Columns
from talklike.training.memory import Memory
from talklike.training.network import Network, State, voice_weights
from talklike.training.passes import LEAST_STREAMS, Passes
from talklike.training.schedule import Schedule
from talklike.training.streams import TrainingStreams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightning_fabric import Fabric

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe
    from talklike.training.streams import Batch
    from talklike.voice.card import Sizes

_EVALUATION_STREAMS = 32
_EVALUATION_PIECE = 128  # symbols a call: 32 × 128 × V logits are a few MB

SCALES = (0.85, 0.9, 0.94, 0.97, 1.0, 1.03, 1.06, 1.1)
"""Factors of the logits among which validation chooses: a network may end up a little too sure, or not sure enough."""


class Loop:
    """A network being trained, with all that changes from step to step.

    With a room behind the voice, the first ``schedule.room_steps`` steps read everyone's messages and the rest the author's own.
    Several processes share a batch: each has some of its streams and their state, and all have the same weights. The threads of a
    processor share the streams of a process in the same way.

    Args:
        corpus: What to learn from.
        recipe: How.
        sizes: The network's sizes.
        fabric: Device, precision and processes.

    Attributes:
        step: Steps done.
        schedule: How many there are; as the recipe says, until it is shortened.
        average: Running mean of the weights (EMA), by name; this is what is evaluated and written.
        memory: The n-gram memory, if the recipe has one.
    """

    def __init__(self, corpus: Corpus, recipe: Recipe, sizes: Sizes, fabric: Fabric) -> None:
        torch.manual_seed(recipe.seed)
        self._fabric = fabric
        self._recipe = recipe
        self._sizes = sizes
        first, last = _share(recipe.streams, fabric)
        self._first, self._last = first, last
        self._columns = Columns(_frequencies(corpus.train.ids, sizes.symbols))
        self._column_of = torch.from_numpy(self._columns.of).to(fabric.device)
        network = Network(
            sizes,
            columns=len(self._columns),
            dropout=recipe.dropout,
            dropout_between=recipe.dropout_between,
        )
        network.initialise(self._columns.counts)
        network = network.to(fabric.device)
        # betas: gradients of a few thousand characters are noisy enough for a shorter memory than 0.999.
        optimiser = torch.optim.AdamW(
            _groups(network, recipe.weight_decay), lr=recipe.learning_rate, betas=(0.9, 0.99), fused=True
        )
        self._plain = network
        self._network, self._optimiser = fabric.setup(network, optimiser)
        self.memory = Memory(sizes, fabric.device) if sizes.orders else None
        parts = [corpus.train] if corpus.own is None else [corpus.train, corpus.own]
        self._streams = [
            TrainingStreams(part, recipe.streams, recipe.length, window=max(sizes.orders, default=0), mine=slice(first, last))
            for part in parts
        ]
        self._held_out = stretches(corpus.validation, most=_EVALUATION_STREAMS, limit=recipe.evaluate_symbols)
        self._validation_characters_per_symbol = corpus.validation.characters / len(corpus.validation)
        self.state = network.zero_state(last - first)
        self.step = 0
        self.schedule = Schedule(recipe.steps, recipe.room_steps)
        self._parameters = dict(network.named_parameters())
        self.average = {name: p.detach().clone() for name, p in self._parameters.items()}
        self._generators = _generators(recipe, fabric, last - first)
        each = (last - first) // len(self._generators)
        chances = [
            Chance(first + n * each, first + (n + 1) * each, recipe.streams, generator)
            for n, generator in enumerate(self._generators)
        ]
        self._passes = Passes(self._network, network, self.memory, self._column_of, fabric, chances, recipe.forget)
        self._loss_sum = torch.zeros((), device=fabric.device)
        self._loss_steps = 0

    def train_step(self) -> torch.Tensor:
        """Do one step and return its loss on this process's streams [nat/symbol], a tensor on the device."""
        recipe = self._recipe
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(recipe, self.schedule.planned(self.step))
        batch, memory_dropout = self._next()
        self._optimiser.zero_grad(set_to_none=True)
        passed = self._passes.through(batch, self.state, memory_dropout)
        torch.nn.utils.clip_grad_norm_(self._plain.parameters(), recipe.clip)
        self._optimiser.step()
        if self.memory is not None and passed.indices is not None and passed.rows is not None:
            self._remember(self.memory, passed.indices, passed.rows)
        self.state = passed.state
        # Early on the mean must move faster than it will: it began at random weights.
        keep = min(recipe.average ** self.schedule.stride(self.step), (1 + self.step) / (10 + self.step))
        torch._foreach_lerp_(list(self.average.values()), [p.detach() for p in self._parameters.values()], 1 - keep)
        self.step += 1
        self._loss_sum += passed.loss
        self._loss_steps += 1
        return passed.loss

    def _next(self) -> tuple[Batch, float]:
        """Return what the next step reads, and how much of the memory it drops; the network is made ready for it."""
        recipe, room_steps = self._recipe, self.schedule.room_steps
        in_room = self.step < room_steps
        if self.step == room_steps > 0:
            self.state = self._plain.zero_state(self.state[0].shape[1])  # another text begins
        self._plain.dropout.share = recipe.room_dropout if in_room else recipe.dropout
        streams, step = (self._streams[0], self.step) if in_room else (self._streams[-1], self.step - room_steps)
        batch = streams.batch(step).to(self._fabric.device)
        return batch, recipe.room_memory_dropout if in_room else recipe.memory_dropout

    def _remember(self, memory: Memory, indices: torch.Tensor, rows: torch.Tensor) -> None:
        """Let the memory learn from this step, on all processes alike."""
        # Adagrad's steps don't depend on the gradient's size but for the first; that of a sum is the same for every batch.
        gradients = rows * indices.shape[0] * indices.shape[1]
        memory.learn(self._gathered(indices), self._gathered(gradients), self._recipe.memory_rate)

    def training_bits(self) -> float:
        """Return the mean training loss since the last call, over all processes [bit/symbol]."""
        mean = self._mean_loss_sum() / max(1, self._loss_steps) / math.log(2)
        self._loss_sum.zero_()
        self._loss_steps = 0
        return mean

    def _mean_loss_sum(self) -> float:
        """Return the summed loss, the mean over the processes."""
        mean = self._fabric.all_reduce(self._loss_sum.clone(), reduce_op="mean")
        assert isinstance(mean, torch.Tensor), "a tensor gives a tensor"
        return mean.item()

    def validation_bits(self) -> float:
        """Return the cost of held-out text under the averaged weights [bit/character]."""
        return self._validation((1.0,))[0]

    def best_scale(self) -> float:
        """Return the factor of the logits, one of ``SCALES``, under which held-out text is cheapest."""
        costs = self._validation(SCALES)
        return SCALES[int(np.argmin(costs))]

    @torch.no_grad()
    def _validation(self, scales: Sequence[float]) -> list[float]:
        """Return the cost of held-out text for each factor of the logits [bit/character]."""
        if self._fabric.device.type == "cpu":
            # Training may have set it to 1. Threads that share a thin product wait for each other, on a busy machine for long.
            together = len(self._held_out.read) // LEAST_STREAMS
            torch.set_num_threads(max(1, min(self._recipe.threads, together)))
        self._swap_average()
        self._plain.eval()
        try:
            with self._fabric.autocast():
                nats, counted = self._score(self._held_out, scales)
        finally:
            self._plain.train()
            self._swap_average()
        return [float(n) / counted / self._validation_characters_per_symbol / math.log(2) for n in nats]

    def _score(self, held_out: Stretches, scales: Sequence[float]) -> tuple[torch.Tensor, int]:
        """Return the summed cost of the counted targets [nat] for each scale, on the processor, and their number."""
        state = self._plain.zero_state(len(held_out.read))
        nats = torch.zeros(len(scales), dtype=torch.float64)  # which Apple's GPU lacks
        recent: torch.Tensor | None = None
        for piece in held_out.pieces(_EVALUATION_PIECE):
            read, targets, authors, counted = (
                torch.from_numpy(a.T.copy()).to(self._fabric.device)
                for a in (piece.read, piece.targets, piece.authors, piece.counted)
            )
            rows = None
            if self.memory is not None:
                K = self.memory.window
                before = read.new_zeros(K - 1, read.shape[1]) if recent is None else recent
                text = torch.cat([before, read + 1])
                recent = text[1 - K :]
                rows = self.memory.rows(self.memory.indices(text.unfold(0, K, 1).flip(-1)))
            logits, state = self._plain(read, authors, state, rows)
            columns = self._column_of[targets].flatten()
            unseen = (columns == len(self._columns) - 1) * self._columns.spread
            for number, scale in enumerate(scales):
                costs = cross_entropy(scale * logits.float().flatten(0, 1), columns, reduction="none") + unseen
                nats[number] += (costs * counted.flatten()).cpu().sum(dtype=torch.float64)
        return nats, int(held_out.counted.sum())

    def _swap_average(self) -> None:
        for name, parameter in self._parameters.items():
            parameter.data, self.average[name] = self.average[name], parameter.data

    def averaged_weights(self, scale: float = 1.0) -> dict[str, np.ndarray]:
        """Return the averaged weights, in the layout that ``talklike.voice.weights.packed`` takes.

        Args:
            scale: What the logits are multiplied by.
        """
        table = None if self.memory is None else self.memory.array()
        return voice_weights(self.average, self._sizes, self._columns, table, scale)

    def best(self) -> dict[str, torch.Tensor]:
        """Return a copy of what is written if this stays the best: the averaged weights and the memory's table."""
        kept = {name: p.detach().cpu().clone() for name, p in self.average.items()}
        return kept if self.memory is None else kept | {"memory.table": self.memory.table.cpu().clone()}

    def restore(self, best: dict[str, torch.Tensor]) -> None:
        """Put back what ``best`` returned."""
        for name, average in self.average.items():
            average.copy_(best[name])
        if self.memory is not None:
            self.memory.table.copy_(best["memory.table"])

    def state_dict(self) -> dict[str, Any]:
        """Return everything that ``load_state_dict`` needs to go on from here, bit for bit; the same on every process."""
        first = self._generators[0]  # those of the other threads are in the same state
        generators = {"cpu": torch.get_rng_state() if first is None else first.get_state()}
        if self._fabric.device.type == "cuda":
            generators["cuda"] = torch.cuda.get_rng_state(self._fabric.device)
        elif self._fabric.device.type == "mps":
            generators["mps"] = torch.mps.get_rng_state()
        return {
            "step": self.step,
            "schedule": self.schedule.state_dict(),
            "network": self._plain.state_dict(),
            "optimiser": self._optimiser.optimizer.state_dict(),
            "average": self.average,
            "memory": None if self.memory is None else self.memory.state_dict(),
            "state": [self._of_all(array) for array in self.state],
            "generators": generators,
            "loss": [self._mean_loss_sum(), self._loss_steps],
        }

    def _of_all(self, state: torch.Tensor) -> torch.Tensor:
        """Return the state of all processes' streams, (L, B, H)."""
        return torch.cat(list(self._gathered(state)), dim=1)

    def _gathered(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return the tensors of all processes, stacked."""
        if self._fabric.world_size == 1:
            return tensor[None]
        gathered = self._fabric.all_gather(tensor)
        assert isinstance(gathered, torch.Tensor), "a tensor gives a tensor"
        return gathered

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned, whatever the number of processes then and now."""
        device = self._fabric.device
        self.step = state["step"]
        if "schedule" in state:  # a checkpoint without it is of a run that couldn't be shortened
            self.schedule.load_state_dict(state["schedule"])
        self._plain.load_state_dict(state["network"])
        self._optimiser.optimizer.load_state_dict(state["optimiser"])
        self.average = {name: p.to(device) for name, p in state["average"].items()}
        if self.memory is not None:
            self.memory.load_state_dict(state["memory"])
        self.state = self._my_state(state["state"])
        for generator in self._generators:
            if generator is None:
                torch.set_rng_state(state["generators"]["cpu"])
            else:
                generator.set_state(state["generators"]["cpu"])
        if device.type == "cuda" and "cuda" in state["generators"]:
            torch.cuda.set_rng_state(state["generators"]["cuda"], device)
        elif device.type == "mps" and "mps" in state["generators"]:
            torch.mps.set_rng_state(state["generators"]["mps"])
        self._loss_sum.fill_(state["loss"][0])
        self._loss_steps = state["loss"][1]

    def _my_state(self, state: list[torch.Tensor]) -> State:
        h, c = (array[:, self._first : self._last].contiguous().to(self._fabric.device) for array in state)
        return h, c


def learning_rate(recipe: Recipe, step: float) -> float:
    """Return the learning rate of a step of the plan: a linear warm-up, then half a cosine down to ``final_rate`` of it."""
    rising = min(1.0, (step + 1) / recipe.warm_up) if recipe.warm_up else 1.0
    falling = 0.5 * (1 + math.cos(math.pi * min(1.0, step / recipe.steps)))
    return recipe.learning_rate * rising * (recipe.final_rate + (1 - recipe.final_rate) * falling)


def _share(streams: int, fabric: Fabric) -> tuple[int, int]:
    """Return the first stream of this process, and the one behind its last.

    Raises:
        OptionError: They can't be shared evenly.
    """
    processes = fabric.world_size
    if streams % processes:
        raise OptionError(f"streams is {streams}, must be a multiple of the number of processes, {processes}")
    each = streams // processes
    return fabric.global_rank * each, (fabric.global_rank + 1) * each


def _generators(recipe: Recipe, fabric: Fabric, streams: int) -> list[torch.Generator | None]:
    """Return a generator for each thread that goes through some of this process's streams, all in the same state."""
    if fabric.device.type != "cpu":
        return [None]
    threads = recipe.threads if fabric.world_size == 1 else 1  # processes that tell each other their gradients don't share theirs
    while streams % threads or (threads > 1 and streams < threads * LEAST_STREAMS):
        threads -= 1
    return [torch.Generator().manual_seed(recipe.seed) for _ in range(threads)]


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
        let_go(ids)
    return counts
