"""What general compressors need for text that goes on after other text: how many bits it adds.

They adapt: each message is met by a model that has read everything before it, the messages just before included. A voice, or
n-grams, stopped learning when training ended, so that these two have an advantage, and a handicap too: they begin as if nothing
had ever been written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talklike.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence

ORDERS = (5, 6, 8)
"""Longest contexts of PPMd that are tried [byte]."""

_LEAST_MEMORY, _MOST_MEMORY = 1 << 24, 1 << 29
_MEMORY_FOR_BYTE = 64  # PPMd of order 8 needs about 10 for chat; where it runs out it forgets all that it has read
_LEAST_DICTIONARY, _MOST_DICTIONARY = 1 << 12, 1 << 26  # the least there is, and that of ``xz -9``


@dataclass(frozen=True)
class Ppmd:
    """What PPMd makes of messages.

    Attributes:
        order: Its longest contexts [byte].
        bits: What each message costs, whole bytes because that is how they come out; float64 (M,). The sum is right to a byte.
    """

    order: int
    bits: np.ndarray


def ppmd(train: bytes, validation: bytes, messages: Sequence[bytes], orders: Sequence[int] = ORDERS) -> Ppmd:
    """Return what messages cost PPMd (variant I, 7-zip's for zip files) of the order that costs least on the validation part.

    Args:
        train: What it reads first.
        validation: What it reads next, and what chooses the order.
        messages: M messages, which it reads one after the other.
        orders: Those to choose from.

    Raises:
        MissingExtraError: The package pyppmd isn't installed.

    Source: Shkarin (2002), PPM: one step to practicality.
    """
    try:
        from pyppmd import Ppmd8Encoder
    except ImportError as error:
        raise MissingExtraError("pyppmd", "evaluate") from error
    total = len(train) + len(validation) + sum(map(len, messages))
    memory = min(max(_LEAST_MEMORY, _MEMORY_FOR_BYTE * total), _MOST_MEMORY)
    best, least = None, 0
    for order in orders:
        encoder = Ppmd8Encoder(order, memory, 0)  # 0: with no memory left it begins anew, as 7-zip does
        encoder.encode(train)
        cost = len(encoder.encode(validation))
        if best is None or cost < least:
            sizes = [len(encoder.encode(message)) for message in messages]
            best, least = Ppmd(order, 8 * np.array(sizes, np.float64)), cost
    assert best is not None, "there is an order to choose"
    return best


def xz_bits(before: bytes, messages: Sequence[bytes]) -> float:
    """Return by how many bits messages make the output of ``xz -9e`` longer that compresses all that was written before them.

    Args:
        before: What it reads first.
        messages: The messages.

    Raises:
        ImportError: This Python was built without the module lzma.
    """
    import lzma

    def size(data: bytes) -> int:
        # A larger dictionary than the data would change nothing but the memory; the raw format has no padding to four bytes.
        dictionary = min(max(_LEAST_DICTIONARY, len(data)), _MOST_DICTIONARY)
        settings = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": dictionary}
        return len(lzma.compress(data, lzma.FORMAT_RAW, filters=[settings]))

    return 8.0 * (size(before + b"".join(messages)) - size(before))
