"""Keras's optimisers, by their formulas: torch's divide in another place, which is another training after a few steps.

Source: Keras 3, ``keras.optimizers.RMSprop``, ``Adam`` and ``SGD`` with their default arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from talklike.training.tutorial_recipe import OPTIMISERS

if TYPE_CHECKING:
    from collections.abc import Sequence

# torch's own optimisers use these to change all parameters in a few calls; they have no public name.
_add, _root = torch._foreach_add, torch._foreach_sqrt  # noqa: SLF001  (see above)

_EPSILON = 1e-7
_RHO = 0.9  # RMSprop
_FIRST, _SECOND = 0.9, 0.999  # Adam


class KerasOptimiser:
    """Changes parameters by their gradients as Keras does.

    Args:
        name: One of ``OPTIMISERS``.
        parameters: What is trained.
        learning_rate: Learning rate.
    """

    def __init__(self, name: str, parameters: Sequence[torch.Tensor], learning_rate: float) -> None:
        assert name in OPTIMISERS, "the recipe is checked"
        self._name = name
        self._parameters = list(parameters)
        self._rate = learning_rate
        self._steps = 0
        moments = {"rmsprop": 1, "adam": 2, "sgd": 0}[name]
        self._moments = [[torch.zeros_like(p) for p in self._parameters] for _ in range(moments)]

    @torch.no_grad()
    def step(self, gradients: Sequence[torch.Tensor]) -> None:
        """Change the parameters.

        Args:
            gradients: Of the loss, by each of them.
        """
        self._steps += 1
        gradients = list(gradients)
        if self._name == "sgd":
            torch._foreach_add_(self._parameters, gradients, alpha=-self._rate)
            return
        squares = self._moments[-1]
        decay = _RHO if self._name == "rmsprop" else _SECOND
        torch._foreach_mul_(squares, decay)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - decay)
        if self._name == "rmsprop":  # the square root of the sum
            divisors = _add(squares, _EPSILON)
            torch._foreach_sqrt_(divisors)
            torch._foreach_addcdiv_(self._parameters, gradients, divisors, -self._rate)
            return
        means = self._moments[0]
        torch._foreach_lerp_(means, gradients, 1 - _FIRST)
        divisors = _root(squares)
        torch._foreach_add_(divisors, _EPSILON)
        rate = self._rate * (1 - _SECOND**self._steps) ** 0.5 / (1 - _FIRST**self._steps)
        torch._foreach_addcdiv_(self._parameters, means, divisors, -rate)

    def state_dict(self) -> dict[str, Any]:
        """Return everything that ``load_state_dict`` needs."""
        return {"steps": self._steps, "moments": self._moments}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned."""
        self._steps = state["steps"]
        for mine, theirs in zip(self._moments, state["moments"], strict=True):
            for array, saved in zip(mine, theirs, strict=True):
                array.copy_(saved)
