"""Steps of many rows: the textbook's numbers, and a row that never notices the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END
from talklike.generation.rows import Primed, Reading, Rows, primed
from talklike.generation.voice import Voice

if TYPE_CHECKING:
    from talklike.generation.engine import Engine

MakeVoice = Callable[..., Voice]
Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]
CLOSE: dict[str, Any] = {"atol": 1e-5, "rtol": 0}


def symbols(engine: Engine, count: int | tuple[int, int], seed: int = 0) -> np.ndarray:
    """Return random symbols, int64."""
    return np.random.default_rng(seed).integers(0, engine.card.sizes.symbols, count)


def begun(engine: Engine, author: int = 1) -> Primed:
    """Return what is known after the start alone."""
    return primed(engine, np.array([END]), np.array([author]))


def stepped(rows: Rows, ids: np.ndarray) -> np.ndarray:
    """Return the logits after each symbol, read one at a time, (B, T, V)."""
    return np.stack([rows.step(ids[:, t]).copy() for t in range(ids.shape[1])], axis=1)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("author", [0, 2])
def test_steps_compute_the_textbook_lstm(
    make_voice: MakeVoice, make_weights: Callable[..., dict[str, np.ndarray]], textbook: Textbook, layers: int, author: int
) -> None:
    """Fifty steps give the logits of the equations."""
    engine = make_voice(layers=layers, authors=("u1", "u2")).engine
    ids = symbols(engine, (3, 50))
    rows = Rows(engine)
    rows.add(begun(engine, author), author, times=3)
    read = np.concatenate([np.full((3, 1), END), ids], axis=1)
    logits, _, _ = textbook(make_weights(engine.card.sizes), read, np.full_like(read, author))
    np.testing.assert_allclose(stepped(rows, ids), logits[:, 1:], atol=1e-4, rtol=0)


def both_ways(engine: Engine) -> tuple[np.ndarray, np.ndarray]:
    """Return the logits after each of forty symbols, by steps and read in one call."""
    ids = symbols(engine, (2, 40))
    rows = Rows(engine)
    rows.add(begun(engine), 1, times=2)
    return stepped(rows, ids), engine.streams(2, 1).read(np.concatenate([np.full((2, 1), END), ids], axis=1))[:, 1:]


@pytest.mark.parametrize("orders", [(), (2, 3, 6)])
@pytest.mark.parametrize("layers", [1, 3])
def test_steps_say_what_reading_says(make_voice: MakeVoice, orders: tuple[int, ...], layers: int) -> None:
    """The step's graph gives the logits of the file's; in int8 voices it is as near to what was rounded as the file's is."""
    by_steps, read = both_ways(make_voice(layers=layers, orders=orders, hidden=32).engine)
    np.testing.assert_allclose(by_steps, read, **CLOSE)
    rounded_steps, rounded_read = both_ways(make_voice(layers=layers, orders=orders, hidden=32, precision="int8").engine)
    assert np.std(rounded_steps - read) < 1.2 * np.std(rounded_read - read)


@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize("hidden", [7, 48, 130])
def test_a_row_depends_on_itself_alone(make_voice: MakeVoice, precision: str, hidden: int) -> None:
    """To the last bit, a row's logits are the same alone and beside any number of others, in both precisions."""
    engine = make_voice(hidden=hidden, layers=2, precision=precision, orders=(2, 3)).engine
    ids = symbols(engine, (33, 12))
    start = begun(engine)
    together = {}
    for count in (1, 2, 3, 5, 8, 13, 32, 33):
        rows = Rows(engine)
        rows.add(start, 1, times=count)
        together[count] = stepped(rows, ids[:count])
    for count, logits in together.items():
        np.testing.assert_array_equal(logits, together[33][:count])


@given(st.data())
def test_rows_come_and_go(make_voice: MakeVoice, data: st.DataObject) -> None:
    """Whatever joins, leaves or takes a place, every row goes on as if it were alone."""
    engine = make_voice(precision="int8", orders=(2, 4)).engine
    starts = [primed(engine, np.concatenate([[END], symbols(engine, n, seed=n)]), np.full(n + 1, 1)) for n in range(3)]
    rows = Rows(engine)
    alone: list[Rows] = []
    for step in range(data.draw(st.integers(1, 12))):
        for which in data.draw(st.lists(st.integers(0, 2), max_size=3)):
            rows.add(starts[which], 1)
            alone.append(Rows(engine))
            alone[-1].add(starts[which], 1)
        keep, replaced = data.draw(st.booleans()), data.draw(st.booleans())
        if alone and keep:
            stay = data.draw(st.lists(st.integers(0, len(alone) - 1), unique=True))
            rows.keep(stay)
            alone = [alone[row] for row in stay]
        if alone and replaced:
            row = data.draw(st.integers(0, len(alone) - 1))
            rows.put(row, starts[0], 1)
            alone[row] = Rows(engine)
            alone[row].add(starts[0], 1)
        if alone:
            ids = symbols(engine, len(alone), seed=step)
            found = rows.step(ids)
            for row, lone in enumerate(alone):
                np.testing.assert_array_equal(found[row], lone.step(ids[row : row + 1])[0])


@pytest.mark.parametrize("length", [1, 255, 256, 257, 700])
def test_a_prompt_is_read_in_pieces(make_voice: MakeVoice, length: int) -> None:
    """Whatever its length, what is known after it is what reading it in one call tells."""
    engine = make_voice(hidden=3, embedding=2, alphabet="ab", orders=(2, 3)).engine
    ids = symbols(engine, length)
    reading = Reading(engine, ids, np.full(length, 1))
    logits = []
    while not reading.done:
        logits.append(reading.read())
    streams = engine.streams(1, 1)
    expected = streams.read(ids[None])[0]
    np.testing.assert_allclose(np.concatenate(logits), expected, **CLOSE)
    found = reading.primed()
    np.testing.assert_allclose(found.logits, expected[-1], **CLOSE)
    np.testing.assert_allclose(found.state["h.0"], streams.state["h"][0, 0], **CLOSE)
    np.testing.assert_array_equal(found.state["recent"], streams.state["recent"][0])


def test_authors_of_rows_are_their_own(make_voice: MakeVoice) -> None:
    """Rows that write as different people differ from the first step on, and each is as if alone."""
    engine = make_voice(authors=("u1", "u2")).engine
    rows = Rows(engine)
    start = begun(engine)
    for author in (1, 2):
        rows.add(start, author)
    found = rows.step(np.array([300 % engine.card.sizes.symbols] * 2)).copy()
    assert np.abs(found[0] - found[1]).max() > 1e-3
    alone = Rows(engine)
    alone.add(start, 2)
    np.testing.assert_array_equal(alone.step(np.array([300 % engine.card.sizes.symbols]))[0], found[1])


@pytest.mark.parametrize("orders", [(), (2, 3)])
def test_what_a_row_knows_can_be_gone_on_from(make_voice: MakeVoice, orders: tuple[int, ...]) -> None:
    """Taken out and put into other rows, it goes on as the row itself does, whatever became of that since."""
    engine = make_voice(orders=orders).engine
    ids = symbols(engine, (2, 12))
    rows = Rows(engine)
    rows.add(begun(engine), 1, times=2)
    logits = stepped(rows, ids[:, :6])
    taken = rows.take(1)
    np.testing.assert_array_equal(taken.logits, logits[1, -1])
    expected = stepped(rows, ids[:, 6:])[1]
    again = Rows(engine)
    again.add(taken, 1, times=2)
    for found in stepped(again, np.stack([ids[1, 6:]] * 2)):
        np.testing.assert_array_equal(found, expected)
