"""Going forward and back through a batch, on as many threads as share it.

An LSTM does its steps one after the other. Two threads that share each step's small product wait for each other thousands of
times; two threads that take half of the streams each never do (docs/experiments.md). So every thread goes through its own streams
alone, and the gradients are added in the order of the streams: the same numbers every time.
"""

from __future__ import annotations

import functools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import cross_entropy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightning_fabric import Fabric

    from talklike.training.chance import Chance
    from talklike.training.memory import Memory
    from talklike.training.network import Network, State
    from talklike.training.streams import Batch

LEAST_STREAMS = 8
"""Streams below which a thread's products are too thin to be worth a thread of its own."""


@dataclass(frozen=True)
class Passed:
    """What going through a batch gave, besides the gradients in the parameters.

    Attributes:
        loss: Mean over the batch [nat/symbol].
        state: After the last step, detached.
        indices: Rows of the memory that were looked up, int64 (T, B, O); None without a memory.
        rows: Gradient of the loss by each of them, (T, B, O, D).
    """

    loss: torch.Tensor
    state: State
    indices: torch.Tensor | None
    rows: torch.Tensor | None


class Passes:
    """Goes through batches.

    Args:
        network: What ``Fabric.setup`` made of the network.
        plain: The network itself.
        memory: The n-gram memory, if there is one.
        column_of: Column of each symbol, int64 (V,).
        fabric: Device, precision and processes.
        chances: Draws for the streams of each thread, in their order, equally many each.
        forget: Share of the streams whose state is cleared before a step.
    """

    def __init__(
        self,
        network: Callable[..., tuple[torch.Tensor, State]],
        plain: Network,
        memory: Memory | None,
        column_of: torch.Tensor,
        fabric: Fabric,
        chances: Sequence[Chance],
        forget: float,
    ) -> None:
        self._network = network
        self._plain = plain
        self._memory = memory
        self._column_of = column_of
        self._fabric = fabric
        self._chances = chances
        self._forget = forget
        self._parameters = list(plain.parameters())
        self._pool = ThreadPoolExecutor(len(chances) - 1, "talklike-pass") if len(chances) > 1 else None

    def through(self, batch: Batch, state: State, memory_dropout: float) -> Passed:
        """Go forward and back, and leave the gradients in the parameters, which have none before.

        Args:
            batch: What to read.
            state: Before its first step.
            memory_dropout: Share of the memory's rows to drop.
        """
        if self._pool is None:
            loss, after, indices, looked_up = self._forward(self._network, self._chances[0], batch, state, memory_dropout)
            self._fabric.backward(loss)
            return Passed(loss.detach(), after, indices, None if looked_up is None else looked_up.grad)
        torch.set_num_threads(1)  # of each of the threads; new ones take it over
        streams = batch.read.shape[1] // len(self._chances)
        parts = [slice(n * streams, (n + 1) * streams) for n in range(len(self._chances))]
        pieces = [(chance, batch.of(part), _of(state, part)) for chance, part in zip(self._chances, parts, strict=True)]
        others = [self._pool.submit(self._alone, *piece, memory_dropout) for piece in pieces[1:]]
        done = [self._alone(*pieces[0], memory_dropout), *(other.result() for other in others)]
        passed, gradients = zip(*done, strict=True)
        for parameter, each in zip(self._parameters, zip(*gradients, strict=True), strict=True):
            parameter.grad = functools.reduce(torch.add, each)
        return _joined(passed)

    def _alone(self, chance: Chance, batch: Batch, state: State, memory_dropout: float) -> tuple[Passed, list[torch.Tensor]]:
        """Go through some of the streams on this thread, and return the gradients by the parameters."""
        with self._fabric.autocast():
            loss, after, indices, looked_up = self._forward(self._plain, chance, batch, state, memory_dropout)
        loss = loss / len(self._chances)
        wanted = self._parameters if looked_up is None else [*self._parameters, looked_up]
        gradients = list(torch.autograd.grad(loss, wanted))
        rows = None if looked_up is None else gradients.pop()
        return Passed(loss.detach(), after, indices, rows), gradients

    def _forward(
        self,
        network: Callable[..., tuple[torch.Tensor, State]],
        chance: Chance,
        batch: Batch,
        state: State,
        memory_dropout: float,
    ) -> tuple[torch.Tensor, State, torch.Tensor | None, torch.Tensor | None]:
        """Return the mean loss, the state after, which rows were looked up, and these."""
        h, c = state
        if self._forget:
            # Voices start from nothing each time they are asked, so some streams must: else a fresh state is never seen again.
            kept = chance.uniform((1, batch.read.shape[1], 1), h.device) >= self._forget
            h, c = h * kept, c * kept
            if batch.windows is not None:
                batch = batch.begun_anew(~kept[0, :, 0])
        indices = looked_up = rows = None
        if self._memory is not None and batch.windows is not None:
            indices = self._memory.indices(batch.windows)
            looked_up = self._memory.rows(indices).requires_grad_()
            rows = self._memory.dropped(looked_up, memory_dropout, chance)
        logits, (h, c) = network(batch.read, batch.authors, (h, c), rows, chance)
        loss = cross_entropy(logits.float().flatten(0, 1), self._column_of[batch.following].flatten())
        return loss, (h.detach().float(), c.detach().float()), indices, looked_up


def _of(state: State, streams: slice) -> State:
    h, c = (array[:, streams].contiguous() for array in state)
    return h, c


def _joined(parts: Sequence[Passed]) -> Passed:
    """Return what several threads did as one."""
    h, c = (torch.cat(arrays, dim=1) for arrays in zip(*(part.state for part in parts), strict=True))
    loss = torch.stack([part.loss for part in parts]).sum()
    if parts[0].indices is None:
        return Passed(loss, (h, c), None, None)
    indices = torch.cat([part.indices for part in parts if part.indices is not None], dim=1)
    rows = torch.cat([part.rows for part in parts if part.rows is not None], dim=1)
    return Passed(loss, (h, c), indices, rows)
