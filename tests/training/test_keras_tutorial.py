"""The tutorial's training in Keras, as a program; what it learns is judged in test_then_and_now."""

from __future__ import annotations

import numpy as np

from talklike.training.keras_tutorial import TIMED, WRITTEN, write


class Model:
    """Says what comes next, as a Keras model would: the character after the last one read."""

    def __init__(self) -> None:
        self.read: list[np.ndarray] = []

    def predict(self, x: np.ndarray, verbose: int) -> np.ndarray:
        """Return the probabilities after a window of one-hot characters, (1, W, C)."""
        assert verbose == 0
        self.read.append(x)
        return np.asarray(np.eye(x.shape[2])[(x[0, -1].argmax() + 1) % x.shape[2]][None])


def test_it_writes_from_one_hot_windows_that_move_on() -> None:
    """Each window is the one before, moved by what was written; the end of it is timed."""
    model = Model()
    text, rate = write(model, np.array([1, 2, 3]), 5)
    assert text == [(4 + n) % 5 for n in range(WRITTEN)]
    assert model.read[1][0].argmax(axis=1).tolist() == [2, 3, 4]
    assert all(x.sum() == 3 for x in model.read)
    assert rate > 0
    assert TIMED < WRITTEN
