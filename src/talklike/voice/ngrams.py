"""Which rows of the memory's table the last symbols point to: the hash that training, the voice file and its reader share.

A window of the last K symbols x_t, x_{t-1}, … (K the largest order), each counted from 1, gives one row for each order n:

    index = (salt_n + Σ_{j < n} multiplier_{j,n} · x_{t-j}) mod P

with P prime and the rest random, so two different n-grams share a row with probability 1/P (Carter and Wegman 1979). The random
numbers follow from n, P and j alone and never change: a voice file holds them, and its reader demands exactly these. Before the
start of a text there is nothing, written 0; an n-gram that would begin there has row 0, which holds zeros and is never learnt.
"""

from __future__ import annotations

import hashlib

import numpy as np

ORDERS = (2, 3, 4, 5, 6, 8)
"""The n-grams that voices remember, chosen by measurement (docs/experiments.md)."""

MAX_ORDER = 32
MAX_BUCKETS = 1 << 24
"""Symbols are at most 2^16 and rows below 2^24: sums of 32 products stay far below 2^63."""


def multipliers(orders: tuple[int, ...], buckets: int) -> np.ndarray:
    """Return the factor of each symbol of the window for each order, int64 (K, O); row 0 is the newest symbol's.

    Args:
        orders: Lengths of the n-grams, increasing.
        buckets: P, a prime number.
    """
    result = np.zeros((max(orders), len(orders)), np.int64)
    for column, order in enumerate(orders):
        for row in range(order):
            result[row, column] = _number(f"multiplier {order} {row}", buckets)
    return result


def salts(orders: tuple[int, ...], buckets: int) -> np.ndarray:
    """Return what keeps the orders apart, int64 (O,).

    Args:
        orders: Lengths of the n-grams, increasing.
        buckets: P, a prime number.
    """
    return np.array([_number(f"salt {order}", buckets) for order in orders], np.int64)


def _number(name: str, buckets: int) -> int:
    """Return a number from 1 to ``buckets`` − 1 that looks random and is the same for ever."""
    digest = hashlib.sha256(f"{name} {buckets}".encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % (buckets - 1)


def prime_at_most(number: int) -> int:
    """Return the largest prime that isn't above ``number``, which is at least 2.

    >>> prime_at_most(1 << 18)
    262139
    """
    while any(number % divisor == 0 for divisor in range(2, int(number**0.5) + 1)):
        number -= 1
    return number
