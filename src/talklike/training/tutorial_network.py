"""The tutorial's network: LSTM layers on one-hot characters, dropout after each, and a dense layer on the last one's output.

Weights begin as in Keras: kernels uniform after Glorot and Bengio (2010), recurrent kernels orthogonal, biases zero but for the
forget gate's, which is 1 (Jozefowicz et al. 2015).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn.functional import one_hot

from talklike.voice.stack import Layer, Stack

if TYPE_CHECKING:
    import numpy as np


class TutorialNetwork(nn.Module):
    """Predicts the character after a window.

    Args:
        characters: C.
        units: H of each layer.
        dropout: Share of each layer's output that is dropped while training.
    """

    def __init__(self, characters: int, units: tuple[int, ...], dropout: float = 0.0) -> None:
        super().__init__()
        self._characters = characters
        self._dropout = dropout
        widths = (characters, *units)
        self.layers = nn.ModuleList(nn.LSTM(width, H) for width, H in zip(widths, units, strict=False))
        self.dense = nn.Linear(units[-1], characters)
        for layer in self.layers:
            # torch has a bias for the input and one for the state; Keras has one, so the second stays zero.
            layer.get_parameter("bias_hh_l0").requires_grad_(False)

    @property
    def trained(self) -> list[nn.Parameter]:
        """The parameters that are trained: Keras's kernel, recurrent kernel and bias of each layer, and the dense layer's."""
        return [p for p in self.parameters() if p.requires_grad]

    def initialise(self, seed: int) -> None:
        """Set the weights a run begins with.

        Args:
            seed: Decides them.
        """
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for layer in self.layers:
                kernel, recurrent = (layer.get_parameter(f"weight_{part}_l0") for part in ("ih", "hh"))
                H = recurrent.shape[1]
                nn.init.xavier_uniform_(kernel, generator=generator)
                nn.init.orthogonal_(recurrent, generator=generator)
                for part in ("ih", "hh"):
                    nn.init.zeros_(layer.get_parameter(f"bias_{part}_l0"))
                nn.init.ones_(layer.get_parameter("bias_ih_l0")[H : 2 * H])
            nn.init.xavier_uniform_(self.dense.weight, generator=generator)
            nn.init.zeros_(self.dense.bias)

    def forward(self, windows: torch.Tensor, generator: torch.Generator | None = None) -> torch.Tensor:
        """Return the logits of the character after each window, (B, C).

        Args:
            windows: Indices of characters, int64 (B, W).
            generator: Draws what is dropped; without it nothing is.
        """
        x = one_hot(windows.T, self._characters).to(self.dense.weight.dtype)  # (W, B, C)
        for layer in self.layers:
            x, _ = layer(x)
            if generator is not None and self._dropout:
                kept = torch.rand(x.shape, generator=generator, device=x.device) >= self._dropout
                x = x * kept / (1 - self._dropout)
        logits: torch.Tensor = self.dense(x[-1])
        return logits

    def stack(self) -> Stack:
        """Return the weights in Keras's layout, float32."""
        layers = [
            Layer(*(_array(layer.get_parameter(f"{name}_l0")).T.copy() for name in ("weight_ih", "weight_hh", "bias_ih")))
            for layer in self.layers
        ]
        return Stack(tuple(layers), _array(self.dense.weight).T.copy(), _array(self.dense.bias))

    def load_stack(self, stack: Stack) -> None:
        """Take the weights of a stack of the same shape."""
        with torch.no_grad():
            for layer, source in zip(self.layers, stack.layers, strict=True):
                for name, array in (("weight_ih", source.kernel), ("weight_hh", source.recurrent), ("bias_ih", source.bias)):
                    layer.get_parameter(f"{name}_l0").copy_(torch.from_numpy(array.T.copy()))
            self.dense.weight.copy_(torch.from_numpy(stack.dense.T.copy()))
            self.dense.bias.copy_(torch.from_numpy(stack.dense_bias))


def _array(parameter: torch.Tensor) -> np.ndarray:
    array: np.ndarray = parameter.detach().float().cpu().numpy()
    return array
