"""The tutorial's way to write: character by character, each from the window before it, drawn as its ``sample`` draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable


def sample(probabilities: np.ndarray, temperature: float, random: np.random.RandomState) -> int:
    """Return the index of a character, drawn at a temperature; the tutorial's helper, with its draws made explicit.

    Args:
        probabilities: Of each character, (C,).
        temperature: The tutorial's diversity: below 1 the likely become likelier.
        random: Draws; the same state draws the same character.
    """
    with np.errstate(divide="ignore"):  # a probability of 0 stays 0
        logs = np.log(probabilities.astype(np.float64)) / temperature
    scores = np.exp(logs - logs.max())  # the largest is 1, so that low temperatures don't make all of them 0
    return int(random.multinomial(1, scores / scores.sum()).argmax())


def written(
    predict: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    characters: int,
    temperature: float,
    random: np.random.RandomState,
) -> list[int]:
    """Return what is written after a window, as indices of characters.

    Args:
        predict: Returns the probabilities of what comes after a window of indices (W,), as (C,).
        start: The window, (W,).
        characters: How many to write.
        temperature: At what temperature.
        random: Draws.
    """
    window = list(start)
    drawn = []
    for _ in range(characters):
        after = sample(predict(np.array(window)), temperature, random)
        drawn.append(after)
        window = [*window[1:], after]
    return drawn


def predictor(network: torch.nn.Module, device: torch.device) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function that ``written`` asks, for a network in training.

    Args:
        network: A ``TutorialNetwork``.
        device: Where it is.
    """

    @torch.inference_mode()
    def predict(window: np.ndarray) -> np.ndarray:
        network.eval()
        try:
            logits = network(torch.from_numpy(window).to(device).long()[None])
        finally:
            network.train()
        found: np.ndarray = torch.softmax(logits[0].float(), 0).cpu().numpy()
        return found

    return predict
