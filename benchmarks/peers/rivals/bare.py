"""The PyTorch loop that someone writes in an afternoon: an embedding, ``nn.LSTM``, a linear layer, Adam.

512 units, 32 streams of 128 characters with the state carried along, learning rate 0.002, gradients clipped at 1, everything in
float32, no dropout. It reads the same symbols as the Keras competitor (see ``text``) and its weights are chosen in the same way
(see ``exam``). Held-out text is read as one stream from a fresh state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from benchmarks.peers.rivals.exam import Course, Exam

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.rivals.text import PeerText

EMBEDDING, HIDDEN = 128, 512
STREAMS, LENGTH = 32, 128
LEARNING_RATE, CLIP = 2e-3, 1.0

_SCORED_AT_ONCE = 4096  # symbols read between two of Python's steps

State = tuple[torch.Tensor, torch.Tensor]


class Network(nn.Module):
    """Embedding, LSTM, linear layer."""

    def __init__(self, symbols: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True)
        self.output = nn.Linear(HIDDEN, symbols)

    def forward(self, ids: torch.Tensor, state: State | None = None) -> tuple[torch.Tensor, State]:
        """Return the logits of what comes next, (B, T, V), and the state after.

        Args:
            ids: What is read, (B, T).
            state: From before; None begins anew.
        """
        features, state = self.lstm(self.embedding(ids), state)
        return self.output(features), state


class BareLoop:
    """The network in training.

    Args:
        text: What to learn from.
        seed: Of the weights.
    """

    def __init__(self, text: PeerText, seed: int) -> None:
        torch.manual_seed(seed)
        self._text = text
        self._network = Network(text.symbols)
        self._optimiser = torch.optim.Adam(self._network.parameters(), lr=LEARNING_RATE)
        each = (len(text.train) - 1) // (STREAMS * LENGTH) * LENGTH  # characters a stream
        ids = text.train.astype(np.int64)
        self._read = torch.from_numpy(ids[: each * STREAMS].reshape(STREAMS, each))
        self._following = torch.from_numpy(ids[1 : each * STREAMS + 1].reshape(STREAMS, each))
        self._at = 0
        self._state: State | None = None

    def step(self) -> None:
        """Learn from the next 128 characters of each stream; at their end all begin anew."""
        if self._at == self._read.shape[1]:
            self._at, self._state = 0, None
        cut = np.s_[:, self._at : self._at + LENGTH]
        logits, (h, c) = self._network(self._read[cut], self._state)
        loss = cross_entropy(logits.flatten(0, 1), self._following[cut].flatten())
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(self._network.parameters(), CLIP)
        self._optimiser.step()
        self._at, self._state = self._at + LENGTH, (h.detach(), c.detach())

    def validation_bits(self) -> float:
        """Return what the validation text costs [bit/character]."""
        return self._bits(self._text.validation)

    def test_bits(self) -> float:
        """Return what the test text costs [bit/character]."""
        return self._bits(self._text.test)

    @torch.inference_mode()
    def _bits(self, ids: np.ndarray) -> float:
        text, state, costs = torch.from_numpy(ids.astype(np.int64)), None, []
        for start in range(0, len(ids) - 1, _SCORED_AT_ONCE):
            piece = text[start : start + _SCORED_AT_ONCE + 1]
            logits, state = self._network(piece[None, :-1], state)
            costs.append(cross_entropy(logits[0], piece[1:], reduction="none").numpy() / np.log(2))
        return self._text.bits_per_character(np.concatenate(costs), ids[1:])

    def weights(self) -> dict[str, torch.Tensor]:
        """Return a copy of the weights."""
        return {name: tensor.clone() for name, tensor in self._network.state_dict().items()}

    def load(self, weights: Any) -> None:
        """Put weights back."""
        self._network.load_state_dict(weights)


def learn(text: PeerText, marks: Sequence[float], every: float, *, threads: int, seed: int) -> Course:
    """Return how a training went.

    Args:
        text: What to learn from.
        marks: Times of training to report at [s].
        every: Time of training between two evaluations [s].
        threads: Processor threads.
        seed: Of the weights.
    """
    torch.set_num_threads(threads)
    loop = BareLoop(text, seed)
    exam = Exam(loop, marks, every)
    loop.step()
    while not exam.stepped():
        loop.step()
    return exam.course
