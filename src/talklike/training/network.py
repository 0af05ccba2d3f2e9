"""The network: embedding, LSTM layers whose outputs are summed, and a linear output, to which an n-gram memory may add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

from talklike.training.chance import Chance, all_of
from talklike.training.columns import Columns

if TYPE_CHECKING:
    from talklike.voice.card import Sizes

State = tuple[torch.Tensor, torch.Tensor]
"""h and c, each (L, B, H)."""

_PROJECTION_RANGE = 0.1

_TORCH_GATES_IN_ONNX_ORDER = (0, 3, 1, 2)  # torch stacks i, f, g, o; ONNX stacks i, o, f, c (its c is torch's g)


class Network(nn.Module):
    """Predicts the next symbol of each stream from the symbol before, its author, and the state carried along.

    Args:
        sizes: V, A, E, H, L, and those of the memory.
        columns: C, columns of the output layer (``talklike.training.columns``); V without it.
        dropout: Share of the features dropped before the output layer.
        dropout_between: Share of the features dropped between layers; one mask for all steps of a sequence.
    """

    def __init__(
        self,
        sizes: Sizes,
        *,
        columns: int | None = None,
        dropout: float = 0.0,
        dropout_between: float = 0.0,
    ) -> None:
        super().__init__()
        self.sizes = sizes
        self.columns = columns or sizes.symbols
        self.symbol_embedding = nn.Embedding(sizes.symbols, sizes.embedding)
        self.author_embedding = nn.Embedding(sizes.authors + 1, sizes.embedding)
        widths = [sizes.embedding] + [sizes.hidden] * (sizes.layers - 1)
        # One module a layer, because the outputs are summed: oneDNN and cuDNN still run all steps of a layer in one call.
        self.layers = nn.ModuleList(nn.LSTM(width, sizes.hidden) for width in widths)
        self.dropout = Dropout(dropout)
        self.dropout_between = dropout_between
        self.output = nn.Linear(sizes.hidden, self.columns)
        if sizes.orders:
            self.memory_projection = nn.Linear(len(sizes.orders) * sizes.memory, self.columns, bias=False)

    def initialise(self, frequencies: np.ndarray) -> None:
        """Set the weights a run begins with, from torch's global generator.

        Args:
            frequencies: How often each column is to be predicted in the training part, shape (C,). The output's bias becomes
                their logarithm, so that the first steps aren't spent on learning that "e" is frequent.
        """
        nn.init.normal_(self.symbol_embedding.weight, std=0.5)
        nn.init.zeros_(self.author_embedding.weight)
        for layer in self.layers:
            for name, parameter in layer.named_parameters():
                if name.startswith("weight"):
                    nn.init.uniform_(parameter, -(self.sizes.hidden**-0.5), self.sizes.hidden**-0.5)
                else:
                    nn.init.zeros_(parameter)
            # Forget-gate bias 1: a fresh network remembers rather than forgets (Jozefowicz et al. 2015).
            nn.init.ones_(layer.get_parameter("bias_ih_l0")[self.sizes.hidden : 2 * self.sizes.hidden])
        smoothed = torch.from_numpy(frequencies + 0.01)
        with torch.no_grad():
            nn.init.uniform_(self.output.weight, -0.05, 0.05)
            self.output.bias.copy_(torch.log(smoothed / smoothed.sum()))
        if self.sizes.orders:  # the table begins at zero, so this must not
            nn.init.uniform_(self.memory_projection.weight, -_PROJECTION_RANGE, _PROJECTION_RANGE)

    def zero_state(self, streams: int) -> State:
        """Return the state of ``streams`` streams that have read nothing."""
        shape = (self.sizes.layers, streams, self.sizes.hidden)
        weight = self.output.weight
        return torch.zeros(shape, device=weight.device), torch.zeros(shape, device=weight.device)

    def forward(
        self,
        ids: torch.Tensor,
        authors: torch.Tensor,
        state: State,
        rows: torch.Tensor | None = None,
        chance: Chance | None = None,
    ) -> tuple[torch.Tensor, State]:
        """Return the logits of each next symbol's column, (T, B, C), and the state after the last.

        Args:
            ids: Symbols read, int64 (T, B).
            authors: Input value of the author of each next symbol, int64 (T, B).
            state: The state before the first.
            rows: What the memory holds of the n-grams that end at each symbol read, (T, B, O, D), if there is a memory.
            chance: Draws what is dropped, for the B streams.
        """
        chance = chance or all_of(ids.shape[1])
        x = self.symbol_embedding(ids) + self.author_embedding(authors)  # (T, B, E)
        total: torch.Tensor | None = None
        h, c = [], []
        for number, layer in enumerate(self.layers):
            if number > 0 and self.training and self.dropout_between > 0:
                x = x * self._sequence_mask(x, chance)
            x, (h_next, c_next) = _through(layer, x, (state[0][number : number + 1], state[1][number : number + 1]))
            h.append(h_next)
            c.append(c_next)
            total = x if total is None else total + x
        assert total is not None, "a network has at least one layer"
        logits = self.output(self.dropout(total, chance))
        if rows is not None:
            logits = logits + self.memory_projection(rows.flatten(-2))
        return logits, (torch.cat(h), torch.cat(c))

    def _sequence_mask(self, x: torch.Tensor, chance: Chance) -> torch.Tensor:
        """Return a dropout mask (1, B, H), the same for all steps: dropping at each step anew would erase memory."""
        kept = chance.uniform((1, *x.shape[1:]), x.device) >= self.dropout_between
        return kept.to(x.dtype).div_(1 - self.dropout_between)


class Dropout(nn.Module):
    """Drops a share of its input while training and scales up the rest; on a processor several times faster than torch's.

    There torch draws its random numbers one after the other on one core, a number for each feature: an eighth of a step's time at
    H = 128. One number of 64 bits decides over eight features here, so the share is a multiple of 1/256.

    Args:
        share: Share of the features that are dropped.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: torch.Tensor, chance: Chance | None = None) -> torch.Tensor:
        """Return ``x`` with a share of its features zero, if training.

        Args:
            x: Features, (T, B, H).
            chance: Draws for the B streams.
        """
        dropped = round(self.share * 256)
        if not self.training or dropped == 0:
            return x
        chance = chance or all_of(x.shape[1])
        if x.device.type != "cpu" and chance.whole:
            return nn.functional.dropout(x, self.share)
        kept = chance.bytes(tuple(x.shape), x.device) >= dropped
        return x * kept.to(x.dtype).mul_(256 / (256 - dropped))


def voice_weights(
    parameters: dict[str, torch.Tensor],
    sizes: Sizes,
    columns: Columns | None = None,
    table: np.ndarray | None = None,
    scale: float = 1.0,
) -> dict[str, np.ndarray]:
    """Return ``Network`` parameters as the constants of a float32 voice (see ``talklike.voice.graph.describe``).

    Args:
        parameters: By name, as ``Network.state_dict`` gives them.
        sizes: The network's sizes.
        columns: The columns of its output layer; without it, one for each symbol.
        table: The memory's table, float32 (P, D), if there is a memory.
        scale: What the logits are multiplied by.
    """
    arrays = {name: p.detach().float().cpu().numpy() for name, p in parameters.items()}
    columns = columns or Columns(np.ones(sizes.symbols))
    factor = np.float32(scale)
    weights = {
        "symbol_embedding": arrays["symbol_embedding.weight"],
        "author_embedding": arrays["author_embedding.weight"],
        "output.weight": factor * columns.expanded(arrays["output.weight"]).T,
        "output.bias": columns.expanded_bias(factor * arrays["output.bias"]),
    }
    for layer in range(sizes.layers):
        prefix = f"layers.{layer}"
        weights[f"lstm.{layer}.input"] = _onnx_gates(arrays[f"{prefix}.weight_ih_l0"])[None]
        weights[f"lstm.{layer}.recurrent"] = _onnx_gates(arrays[f"{prefix}.weight_hh_l0"])[None]
        biases = [_onnx_gates(arrays[f"{prefix}.bias_{kind}_l0"]) for kind in ("ih", "hh")]
        weights[f"lstm.{layer}.bias"] = np.concatenate(biases)[None]
    if table is not None:
        weights["memory.table"] = table
        weights["memory.projection"] = factor * columns.expanded(arrays["memory_projection.weight"]).T  # (O·D, V)
    return weights


def _onnx_gates(stacked: np.ndarray) -> np.ndarray:
    """Return an array of four gates stacked along its first axis, reordered from torch's order to ONNX's."""
    gates = stacked.reshape(4, -1, *stacked.shape[1:])
    return gates[list(_TORCH_GATES_IN_ONNX_ORDER)].reshape(stacked.shape)


def _through(layer: torch.nn.Module, x: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
    """Return what a layer makes of its input, and its state after that.

    On NVIDIA's cards it computes in float32 (TensorFloat-32 where there is such): autocast would give cuDNN's recurrent networks
    float16, whatever the precision, and gradients of many streams vanish in that.
    Source: PyTorch, ``aten/src/ATen/cudnn/AutocastRNN.cpp``.
    """
    after: tuple[torch.Tensor, State]
    if x.device.type == "cuda" and torch.is_autocast_enabled("cuda"):
        with torch.autocast("cuda", enabled=False):
            after = layer(x.float(), (state[0].float(), state[1].float()))
    else:
        after = layer(x, state)
    return after
