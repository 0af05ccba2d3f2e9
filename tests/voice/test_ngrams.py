"""The hash of n-grams: fixed for ever, spread evenly, and the same in NumPy, in torch and in the voice file."""

from __future__ import annotations

import numpy as np
import pytest

from talklike.voice.ngrams import MAX_BUCKETS, ORDERS, multipliers, prime_at_most, salts

P = 262_139


def rows(text: np.ndarray, orders: tuple[int, ...] = ORDERS, buckets: int = P) -> np.ndarray:
    """Return the row of each order at each position that has a whole window, (N − K + 1, O), in plain Python integers."""
    factors, salted, longest = multipliers(orders, buckets), salts(orders, buckets), max(orders)
    return np.array(
        [
            [
                (int(salted[o]) + sum(int(factors[j, o]) * int(text[t - j]) for j in range(order))) % buckets
                for o, order in enumerate(orders)
            ]
            for t in range(longest - 1, len(text))
        ]
    )


def test_the_numbers_never_change() -> None:
    """Voice files that exist depend on them."""
    assert multipliers((2, 3), 101).tolist() == [[97, 88], [98, 71], [0, 44]]
    assert salts((2, 3), 101).tolist() == [2, 19]


def test_an_order_sees_its_own_window_only() -> None:
    """Changing a symbol n positions back changes the rows of longer orders and no others."""
    text = np.random.default_rng(0).integers(0, 400, 8)
    before = rows(text)[0]
    for back in range(8):
        changed = text.copy()
        changed[-1 - back] += 1
        differs = rows(changed)[0] != before
        assert differs.tolist() == [order > back for order in ORDERS]


def test_rows_are_spread_evenly() -> None:
    """Different n-grams collide at most about as often as random numbers do."""
    text = np.random.default_rng(1).integers(0, 60, 20_000)
    for column, order in enumerate(ORDERS):
        found = rows(text)[:, column]
        distinct = len(np.unique(np.lib.stride_tricks.sliding_window_view(text, order)[8 - order :], axis=0))
        expected = P * (1 - (1 - 1 / P) ** distinct)
        assert 0.98 * expected < len(np.unique(found)) <= distinct


def test_no_sum_leaves_64_bits() -> None:
    """The largest symbols, window and table stay far below 2^63."""
    factors = multipliers(tuple(range(1, 33)), prime_at_most(MAX_BUCKETS - 1))
    largest = sum(int(factor) * 0xFFFF for factor in factors[:, -1]) + MAX_BUCKETS
    assert largest < 2**62


@pytest.mark.parametrize(("number", "prime"), [(2, 2), (3, 3), (4, 3), (100, 97), (1 << 19, 524_287), (1 << 20, 1_048_573)])
def test_primes(number: int, prime: int) -> None:
    """The largest prime that isn't above a number."""
    assert prime_at_most(number) == prime
