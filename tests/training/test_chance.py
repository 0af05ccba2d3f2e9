"""Random numbers for some of a batch's streams."""

from __future__ import annotations

import pytest
import torch

from talklike.training.chance import Chance, all_of

CPU = torch.device("cpu")


@pytest.mark.parametrize("draw", ["uniform", "bytes"])
def test_who_shares_a_batch_draws_what_one_alone_does(draw: str) -> None:
    """Each uses its own streams of the whole batch's numbers."""

    def drawn(first: int, last: int) -> torch.Tensor:
        chance = Chance(first, last, 6, torch.Generator().manual_seed(3))
        shape = (5, last - first, 7)
        numbers: torch.Tensor = torch.cat([getattr(chance, draw)(shape, CPU) for _ in range(2)])
        return numbers

    assert torch.equal(torch.cat([drawn(0, 2), drawn(2, 6)], dim=1), drawn(0, 6))


def test_numbers_are_spread_evenly() -> None:
    """Over all values there are."""
    torch.manual_seed(0)
    uniform = all_of(100).uniform((100, 100), CPU)
    assert uniform.min() >= 0
    assert uniform.max() < 1
    assert uniform.mean().item() == pytest.approx(0.5, abs=0.01)
    counts = torch.bincount(all_of(100).bytes((1000, 100), CPU).flatten().long(), minlength=256)
    assert counts.min() > 300
    assert counts.max() < 480


def test_the_global_generator_is_the_default() -> None:
    """So that a seed set by hand decides."""
    numbers = []
    for _ in range(2):
        torch.manual_seed(5)
        numbers.append(all_of(3).uniform((2, 3), CPU))
    assert torch.equal(*numbers)
    assert all_of(3).whole
    assert not Chance(0, 2, 3).whole
