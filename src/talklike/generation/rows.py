"""The state of the texts that are being written, a row each, and the steps that all take together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import onnxruntime as ort

    from talklike.generation.engine import Engine

READ_AT_ONCE = 256
"""Symbols of a prompt that are read in a call: some 10 ms, after which the texts that are being written get their turn. Never
chosen otherwise, as an int8 voice rounds what it reads in a call on one scale."""


@dataclass(frozen=True)
class Primed:
    """What a voice knows once it has read a prompt.

    Attributes:
        state: By input name of the step's graph: (H,) for each h and c, (K − 1,) for the symbols read last.
        logits: What it expects next, float32, shape (V,).
    """

    state: dict[str, np.ndarray]
    logits: np.ndarray


class Reading:
    """A prompt that is being read, a piece at a time.

    Args:
        engine: The voice.
        symbols: What to read, ids, shape (T,), T at least 1.
        authors: Input value of the author of each *next* symbol, shape (T,).
    """

    def __init__(self, engine: Engine, symbols: np.ndarray, authors: np.ndarray) -> None:
        self._engine = engine
        self._symbols = symbols.astype(np.int64)[None]
        self._authors = authors.astype(np.int64)[None]
        self._streams = engine.streams(1, 0)
        self._position = 0
        self._last = np.zeros(0, np.float32)

    @property
    def length(self) -> int:
        """How many symbols there are to read."""
        return int(self._symbols.shape[1])

    @property
    def done(self) -> bool:
        """Whether everything is read."""
        return self._position >= self.length

    def read(self) -> np.ndarray:
        """Read the next piece and return the logits after each of its symbols, (T, V)."""
        piece = slice(self._position, self._position + READ_AT_ONCE)
        logits: np.ndarray = self._streams.read(self._symbols[:, piece], self._authors[:, piece])[0]
        self._position += len(logits)
        self._last = logits[-1]
        return logits

    def primed(self) -> Primed:
        """Return what is known once everything is read."""
        assert self.done
        found = self._streams.state
        layers = range(self._engine.card.sizes.layers)
        state = {f"{name}.{layer}": found[name][layer, 0] for name in ("h", "c") for layer in layers}
        return Primed(state | ({"recent": found["recent"][0]} if "recent" in found else {}), self._last)


def primed(engine: Engine, symbols: np.ndarray, authors: np.ndarray) -> Primed:
    """Read a whole prompt; see ``Reading``."""
    reading = Reading(engine, symbols, authors)
    while not reading.done:
        reading.read()
    return reading.primed()


class Rows:
    """B rows that are stepped together; a step allocates nothing.

    Its input, its output and two sets of state are bound once for each B, and the sets change places.

    Args:
        engine: The voice.
        room: Rows to make room for at first.
    """

    def __init__(self, engine: Engine, room: int = 1) -> None:
        self._session = engine.step_session
        self._V = engine.card.sizes.symbols
        self._shapes = {
            put.name: (put.shape, np.float32 if put.type == "tensor(float)" else np.int64) for put in self._session.get_inputs()
        }
        self._names = [name for name in self._shapes if name not in ("ids", "symbols", "authors")]
        self.count = 0
        self._current = 0  # which of the two sets holds the state now
        self._state: list[dict[str, np.ndarray]] = [{}, {}]
        self._authors = np.zeros(0, np.int64)
        self._bindings: dict[int, list[ort.IOBinding]] = {}
        self._make_room(room)

    def _make_room(self, room: int) -> None:
        """Allocate for ``room`` rows, and copy what there is."""
        self._room = room
        self._ids = np.zeros(room, np.int64)
        self._logits = np.zeros((room, self._V), np.float32)
        self._authors = _larger(self._authors, (room,), self._authors.dtype)
        for state in self._state:
            for name in self._names:
                shape, dtype = self._shapes[name]
                state[name] = _larger(state.get(name), (room, int(shape[-1])), dtype)
        self._bindings = {}

    def _bound(self) -> ort.IOBinding:
        """Return the binding for a step of ``count`` rows from the set that is current."""
        found = self._bindings.get(self.count)
        if found is None:
            found = self._bindings[self.count] = [self._bind(self._state[i], self._state[1 - i]) for i in range(2)]
        return found[self._current]

    def _bind(self, before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> ort.IOBinding:
        binding = self._session.io_binding()
        inputs = {"ids": self._ids, "symbols": self._ids, "authors": self._authors, **before}
        for name, (shape, dtype) in self._shapes.items():
            binding.bind_input(name, "cpu", 0, dtype, self._sized(shape), inputs[name].ctypes.data)
        outputs = {"logits": (self._logits, [1, self.count, self._V])}
        outputs |= {f"{name}_next": (after[name], self._sized(self._shapes[name][0])) for name in self._names}
        for name, (array, size) in outputs.items():
            binding.bind_output(name, "cpu", 0, array.dtype, size, array.ctypes.data)
        return binding

    def _sized(self, shape: Sequence[int | str]) -> list[int]:
        return [self.count if size == "B" else int(size) for size in shape]

    def add(self, one: Primed, author: int, times: int = 1) -> list[int]:
        """Add rows that go on from a prompt, to be written as ``author``; return their numbers."""
        first, last = self.count, self.count + times
        if last > self._room:
            self._make_room(max(last, 2 * self._room))
        self.count = last
        for row in range(first, last):
            self.put(row, one, author)
        return list(range(first, last))

    def put(self, row: int, one: Primed, author: int) -> None:
        """Let a row go on from a prompt instead of from what it had."""
        for name, array in self._state[self._current].items():
            array[row] = one.state[name]
        self._authors[row] = author

    def take(self, row: int) -> Primed:
        """Return what a row knows, as a copy to go on from, also in several ways."""
        state = {name: array[row].copy() for name, array in self._state[self._current].items()}
        return Primed(state, self._logits[row].copy())

    def keep(self, rows: Sequence[int]) -> None:
        """Keep these rows alone, in this order."""
        for array in (*self._state[self._current].values(), self._authors):
            array[: len(rows)] = array[rows]
        self.count = len(rows)

    def step(self, symbols: np.ndarray | int) -> np.ndarray:
        """Read one symbol a row, and return the logits of the next, (B, V): a view that the next step overwrites.

        Args:
            symbols: Ids, int64, shape (B,).
        """
        self._ids[: self.count] = symbols
        self._session.run_with_iobinding(self._bound())
        self._current = 1 - self._current
        return self._logits[: self.count]


def _larger(array: np.ndarray | None, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """Return an array of zeros that begins with what ``array`` holds."""
    result = np.zeros(shape, dtype)
    if array is not None:
        result[: len(array)] = array
    return result
