"""What compressors need, against whole compressions by the same packages."""

from __future__ import annotations

import lzma
import random
import sys

import pytest

from talklike.errors import MissingExtraError
from talklike.evaluation.compressors import ORDERS, ppmd, xz_bits

pyppmd = pytest.importorskip("pyppmd")


def lines(seed: int, count: int) -> list[bytes]:
    """Return messages of a few words that come again and again."""
    draw = random.Random(seed)
    words = ["tide", "rope", "crab", "gull", "mast", "pier", "salt", "sail", "knot", "fog", "net", "réef"]
    return [(" ".join(draw.choices(words, k=draw.randint(1, 9))) + "\n").encode() for _ in range(count)]


TRAIN, VALIDATION, TEST = b"".join(lines(0, 2000)), b"".join(lines(1, 200)), lines(2, 200)


def compressed(data: bytes, order: int) -> int:
    """Return the size of data compressed as a whole [byte]."""
    return len(pyppmd.compress(data, max_order=order, mem_size=1 << 28))


def test_ppmd_costs_what_the_messages_add() -> None:
    """The costs of the messages sum up to the difference between two whole compressions, to the byte."""
    found = ppmd(TRAIN, VALIDATION, TEST)
    before = TRAIN + VALIDATION
    added = compressed(before + b"".join(TEST), found.order) - compressed(before, found.order)
    assert found.bits.shape == (len(TEST),)
    assert found.bits.sum() == pytest.approx(8 * added, abs=8)


def test_ppmd_takes_the_order_that_validation_likes_best() -> None:
    """The order is that of the smallest addition of the validation part."""
    added = {order: compressed(TRAIN + VALIDATION, order) - compressed(TRAIN, order) for order in ORDERS}
    assert ppmd(TRAIN, VALIDATION, TEST).order == min(added, key=lambda order: added[order])


def test_ppmd_learns_while_it_reads() -> None:
    """What has just been said is cheap to say again."""
    new = b"an albatross would never have written this sentence\n"
    first, second = ppmd(TRAIN, VALIDATION, [new, new]).bits
    assert second < first / 4


def test_no_messages_cost_nothing() -> None:
    """Nor does an empty one among others."""
    assert ppmd(TRAIN, VALIDATION, []).bits.tolist() == []
    assert ppmd(TRAIN, VALIDATION, [b"", *TEST]).bits[0] == 0
    assert xz_bits(TRAIN, []) == 0


def test_xz_costs_what_the_messages_add() -> None:
    """The size grows as that of whole files does, whose ends are padded to four bytes."""
    whole = [len(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)) for data in (TRAIN + b"".join(TEST), TRAIN)]
    assert xz_bits(TRAIN, TEST) == pytest.approx(8 * (whole[0] - whole[1]), abs=8 * 8)


def test_without_pyppmd_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package stands in an extra."""
    monkeypatch.setitem(sys.modules, "pyppmd", None)
    with pytest.raises(MissingExtraError, match=r"pyppmd.*talklike\[evaluate\]"):
        ppmd(TRAIN, VALIDATION, TEST)
