"""Going through a batch on several threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from talklike.training import loop as loops
from talklike.training.loop import Loop

MakeLoop = Callable[..., Loop]
CHANCE: dict[str, Any] = {
    "dropout": 0.3, "dropout_between": 0.2, "forget": 0.3, "layers": 2, "memory": 3, "buckets": 97, "memory_dropout": 0.4,
    "streams": 4, "seed": 5,
}  # fmt: skip


@pytest.mark.parametrize("threads", [2, 4])
def test_threads_learn_what_one_does(threads: int, make_loop: MakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same losses, weights, state and memory up to the order of summation, with everything that is left to chance."""
    monkeypatch.setattr(loops, "LEAST_STREAMS", 1)
    alone, shared = make_loop(**CHANCE, threads=1), make_loop(**CHANCE, threads=threads)
    for _ in range(8):
        assert float(shared.train_step()) == pytest.approx(float(alone.train_step()), rel=1e-4)
    for name, average in alone.average.items():
        torch.testing.assert_close(shared.average[name], average, rtol=1e-3, atol=1e-5)
    for one, other in zip(alone.state, shared.state, strict=True):
        torch.testing.assert_close(other, one, rtol=1e-3, atol=1e-5)
    assert alone.memory is not None
    assert shared.memory is not None
    torch.testing.assert_close(shared.memory.table, alone.memory.table, rtol=1e-3, atol=1e-4)


def test_threads_learn_the_same_every_time(make_loop: MakeLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit for bit: gradients are added in the order of the streams, whichever thread is done first."""
    monkeypatch.setattr(loops, "LEAST_STREAMS", 1)
    losses = []
    for _ in range(2):
        loop = make_loop(**CHANCE, threads=2)
        losses.append([float(loop.train_step()) for _ in range(8)])
    assert losses[0] == losses[1]


def test_few_streams_stay_with_fewer_threads(make_loop: MakeLoop) -> None:
    """A thread with one or two streams wastes its products; streams that can't be shared evenly aren't."""
    for streams, threads in ((4, 1), (16, 2), (17, 1), (24, 3), (32, 4)):
        loop = make_loop(**CHANCE | {"streams": streams}, threads=4)
        assert len(loop._generators) == threads
