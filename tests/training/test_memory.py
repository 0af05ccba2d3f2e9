"""The n-gram memory while training, against its definition and against torch's own optimiser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from talklike.training.chance import Chance, all_of
from talklike.training.memory import ALONE, Memory
from talklike.voice.card import Sizes

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = Sizes(300, 1, 5, 7, 1, (2, 3, 5), 97, 4)
CPU = torch.device("cpu")


def filled(seed: int = 0) -> Memory:
    """Return a memory of random numbers."""
    memory = Memory(SIZES, CPU)
    memory.table.copy_(torch.randn(memory.table.shape, generator=torch.Generator().manual_seed(seed)))
    memory.table[0] = 0
    return memory


def test_it_looks_up_what_the_voice_looks_up(textbook_memory: Callable[..., np.ndarray]) -> None:
    """The rows of a text read from its start are those of the definition, nothing before the start included."""
    memory = filled()
    ids = np.random.default_rng(0).integers(0, 300, (2, 12))
    text = torch.from_numpy(np.concatenate([np.zeros((2, 4), np.int64), ids + 1], axis=1))
    rows = memory.rows(memory.indices(text.unfold(1, 5, 1).flip(-1)))
    projection = np.random.default_rng(1).standard_normal((12, 300))
    expected = textbook_memory({"memory.table": memory.array(), "memory.projection": projection}, SIZES, ids)
    np.testing.assert_allclose(rows.flatten(-2).numpy() @ projection, expected, atol=1e-4)


def test_learning_is_row_wise_adagrad() -> None:
    """Rows looked up several times in a step learn from the sum; others, and the row of nothing, stay as they are."""
    memory = filled()
    before = memory.table.clone()
    random = np.random.default_rng(2)
    squares = np.zeros(97)
    expected = before.numpy().astype(np.float64)
    for _ in range(3):
        indices = random.integers(0, 20, (4, 2, 3))
        gradients = random.standard_normal((4, 2, 3, 4)).astype(np.float32)
        memory.learn(torch.from_numpy(indices), torch.from_numpy(gradients), 0.1)
        for row in set(indices.flatten().tolist()) - {0}:
            total = gradients[indices == row].sum(0)
            squares[row] += (total**2).mean()
            expected[row] -= 0.1 * total / np.sqrt(squares[row] + 1e-8)
    np.testing.assert_allclose(memory.table.numpy(), expected, atol=1e-5)
    assert torch.equal(memory.table[20:], before[20:])
    assert not memory.table[0].any()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_whole_rows_are_dropped(share: float) -> None:
    """The share of the rows that is asked for, more where a position drops all; what stays is scaled up."""
    torch.manual_seed(0)
    rows = torch.ones(200, 50, 3, 4)
    found = Memory(SIZES, CPU).dropped(rows, share, all_of(50))
    assert torch.equal(found, found[..., :1].expand_as(found))
    kept = found[..., 0] > 0
    assert float(kept.float().mean()) == pytest.approx((1 - share) * (1 - ALONE), abs=0.01)
    assert float((~kept).all(-1).float().mean()) == pytest.approx(ALONE + (1 - ALONE) * share**3, abs=0.01)
    assert found.max().item() == pytest.approx(1 / (1 - share))


def test_processes_drop_what_one_process_drops() -> None:
    """Each uses its own part of the whole batch's random numbers."""
    memory, rows = Memory(SIZES, CPU), torch.ones(5, 6, 3, 4)
    torch.manual_seed(1)
    whole = memory.dropped(rows, 0.5, all_of(6))
    shares = []
    for first in (0, 3):
        torch.manual_seed(1)
        shares.append(memory.dropped(rows[:, first : first + 3], 0.5, Chance(first, first + 3, 6)))
    assert torch.equal(torch.cat(shares, dim=1), whole)


def test_the_state_comes_back() -> None:
    """A memory that was loaded learns as the one that was saved."""
    one, other = filled(), Memory(SIZES, CPU)
    one.learn(torch.tensor([[3]]), torch.ones(1, 1, 4), 0.1)
    other.load_state_dict(one.state_dict())
    for memory in (one, other):
        memory.learn(torch.tensor([[3, 4]]), torch.ones(1, 2, 4), 0.1)
    assert torch.equal(one.table, other.table)
