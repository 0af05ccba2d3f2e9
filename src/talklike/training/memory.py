"""The n-gram memory while training: hashed n-grams, each with a row of numbers, learnt together with the network.

What an LSTM takes many rounds over a text to learn by heart, a table learns in one: which character follows these two, three, …
eight. Each position looks up one row for each order; the rows, side by side, are projected to the logits and added to them. Rows
are learnt by Adagrad (Duchi, Hazan, Singer 2011) with one accumulator a row: rare n-grams take large steps and frequent ones
small, and a step touches only the rows that were looked up.

In the second round a row already holds the very character that is to be predicted, so a network that could rely on it would learn
to believe rows seen once. While training, whole rows are therefore dropped at random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from talklike.voice.ngrams import multipliers, salts

if TYPE_CHECKING:
    import numpy as np

    from talklike.training.chance import Chance
    from talklike.voice.card import Sizes

ALONE = 0.05
"""Share of the positions at which the whole memory is dropped: at the start of a text there is none, so the network must know
what to do alone."""

_EPSILON = 1e-8


class Memory:
    """The table of an n-gram memory, and how it learns.

    Args:
        sizes: Orders, buckets P and width D; K is the largest order, O the number of orders.
        device: Where the table lies.

    Attributes:
        table: float32 (P, D).
    """

    def __init__(self, sizes: Sizes, device: torch.device) -> None:
        self._orders, self._buckets = sizes.orders, sizes.buckets
        self._multipliers = torch.from_numpy(multipliers(sizes.orders, sizes.buckets)).to(device)  # (K, O)
        self._salts = torch.from_numpy(salts(sizes.orders, sizes.buckets)).to(device)  # (O,)
        self._oldest = torch.tensor(sizes.orders, device=device) - 1
        self.table = torch.zeros(sizes.buckets, sizes.memory, device=device)
        self._squares = torch.zeros(sizes.buckets, device=device)  # Adagrad's accumulator, one a row

    @property
    def window(self) -> int:
        """K: how many symbols a look-up needs, the newest included."""
        return max(self._orders)

    def indices(self, windows: torch.Tensor) -> torch.Tensor:
        """Return the rows that hold the n-grams ending at each position, int64 (…, O).

        Args:
            windows: The last K symbols at each position, the newest first, counted from 1, int64 (…, K); 0 before a text's start.
        """
        device = windows.device
        if device.type == "mps":  # where the remainder of whole numbers has been that of float32
            windows = windows.cpu()
        if windows.device.type == "cpu":
            products = windows @ self._multipliers.cpu()  # seventy times as fast as the sum below
        else:  # only processors multiply matrices of whole numbers
            products = (windows.unsqueeze(-1) * self._multipliers).sum(-2)
        there = windows[..., self._oldest.to(windows.device)].clamp(max=1)  # 0 if the n-gram would begin before the text
        return ((products + self._salts.to(windows.device)) % self._buckets * there).to(device)

    def rows(self, indices: torch.Tensor) -> torch.Tensor:
        """Return the rows, (…, O, D)."""
        return self.table[indices]

    def dropped(self, rows: torch.Tensor, share: float, chance: Chance) -> torch.Tensor:
        """Return ``rows`` with some zero, whole rows at random, and the rest scaled up.

        Args:
            rows: (T, B, O, D).
            share: Share of the rows to drop.
            chance: Draws for the B streams.
        """
        T, B, O, _ = rows.shape  # noqa: E741  (O is the number of orders)
        # Numbers below ALONE in the extra column drop all rows of a position.
        drawn = chance.uniform((T, B, O + 1), rows.device)
        kept = (drawn[..., :O] >= share) & (drawn[..., O:] >= ALONE)
        return rows * (kept.to(rows.dtype) / (1 - share)).unsqueeze(-1)

    @torch.no_grad()
    def learn(self, indices: torch.Tensor, gradients: torch.Tensor, rate: float) -> None:
        """Take a step of row-wise Adagrad on the rows that were looked up.

        Args:
            indices: Which rows, (…, O).
            gradients: Of the summed loss by each look-up, (…, O, D).
            rate: Learning rate.
        """
        touched, which = torch.unique(indices, return_inverse=True)
        gradient = torch.zeros(len(touched), self.table.shape[1], device=self.table.device)
        gradient.index_add_(0, which.flatten(), gradients.reshape(-1, gradients.shape[-1]))
        squares = self._squares[touched] + gradient.square().mean(1)
        self._squares[touched] = squares
        self.table[touched] -= rate * gradient / (squares + _EPSILON).sqrt().unsqueeze(1)
        self.table[0] = 0  # the row of nothing

    def state_dict(self) -> dict[str, Any]:
        """Return everything that ``load_state_dict`` needs to go on from here."""
        return {"table": self.table, "squares": self._squares}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned."""
        self.table.copy_(state["table"])
        self._squares.copy_(state["squares"])

    def array(self) -> np.ndarray:
        """Return the table, float32 (P, D)."""
        array: np.ndarray = self.table.cpu().numpy()
        return array
