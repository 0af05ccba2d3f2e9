"""Runs a voice: B streams in step, their state carried from call to call, so that nothing is ever read twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime as ort

from talklike.errors import VoiceFileError

if TYPE_CHECKING:
    from talklike.voice.card import Card

THREADS = 2
"""Threads of one step. A step is a few hundred thousand multiplications: beyond two threads, waiting costs more than it saves
(docs/experiments.md)."""

_DTYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64}

_STREAM_AXIS = {"h": 1, "c": 1, "recent": 0}
"""Which axis of a state counts the streams."""

_READ_AT_ONCE = 4096  # symbols of a prompt per call, so that its logits, T × V floats, stay a few MB


class Engine:
    """A voice loaded into ONNX Runtime.

    Args:
        card: The voice's card.
        data: The voice's file, already checked (``talklike.voice.read``).
        where: The file's name, for the error.
        threads: Threads a step may use.

    Raises:
        VoiceFileError: ONNX Runtime can't load the file.
    """

    def __init__(self, card: Card, data: bytes, *, where: str = "voice", threads: int | None = None) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads or min(THREADS, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # fatal only: what goes wrong is raised, and is ours to say
        try:
            self.session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise VoiceFileError(f"{where}: can't be loaded: {type(error).__name__}; the file is damaged") from error
        self.card = card
        self._states = [
            (put.name, put.shape, _DTYPES[put.type]) for put in self.session.get_inputs() if put.name not in ("ids", "authors")
        ]

    def zero_state(self, count: int) -> dict[str, np.ndarray]:
        """Return the state of ``count`` streams that have read nothing, by input name."""
        return {name: np.zeros([count if size == "B" else size for size in shape], dtype) for name, shape, dtype in self._states}

    def streams(self, count: int, author: int) -> Streams:
        """Return ``count`` fresh streams that write as ``author`` (its input value)."""
        return Streams(self, count, author)


class Streams:
    """The state of B streams of one engine, and the buffers that one step reads and writes.

    A step allocates nothing: its input, its output and two sets of state are bound once, and the sets change places.

    Args:
        engine: The voice.
        count: B.
        author: Input value of the author they write as; 0 is "someone".
    """

    def __init__(self, engine: Engine, count: int, author: int) -> None:
        sizes = engine.card.sizes
        self._engine = engine
        self._session = engine.session
        self.count = count
        self.author = author
        self._ids = np.zeros((count, 1), np.int64)
        self._authors = np.full((count, 1), author, np.int64)
        self._logits = np.zeros((count, 1, sizes.symbols), np.float32)
        self._state = [engine.zero_state(count) for _ in range(2)]
        self._current = 0  # which of the two sets holds the state now
        self._bindings = [self._bind(self._state[i], self._state[1 - i]) for i in range(2)]

    def _bind(self, before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> ort.IOBinding:
        binding = self._session.io_binding()
        inputs = {"ids": self._ids, "authors": self._authors, **before}
        outputs = {"logits": self._logits, **{f"{name}_next": array for name, array in after.items()}}
        for name, array in inputs.items():
            binding.bind_input(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        for name, array in outputs.items():
            binding.bind_output(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
        return binding

    @property
    def state(self) -> dict[str, np.ndarray]:
        """The state now, by input name; arrays that the next step overwrites."""
        return self._state[self._current]

    def step(self, symbols: np.ndarray) -> np.ndarray:
        """Read one symbol a stream, and return the logits of the next, (B, V): a view that the next step overwrites.

        Args:
            symbols: Ids, int64, shape (B,).
        """
        self._ids[:, 0] = symbols
        self._session.run_with_iobinding(self._bindings[self._current])
        self._current = 1 - self._current
        return self._logits[:, 0]

    def read(self, symbols: np.ndarray, authors: np.ndarray | None = None) -> np.ndarray:
        """Read many symbols in one call, and return the logits after each, (B, T, V).

        Args:
            symbols: Ids, int64, shape (B, T), T at least 1.
            authors: Input value of the author of each *next* symbol, shape (B, T); the streams' own without it.
        """
        if authors is None:
            authors = np.full(symbols.shape, self.author, np.int64)
        outputs = self._session.run(None, {"ids": symbols, "authors": authors, **self.state})
        names = [output.name for output in self._session.get_outputs()]
        found = dict(zip(names, outputs, strict=True))
        for name, array in self.state.items():
            array[...] = found[f"{name}_next"]
        logits: np.ndarray = found["logits"]
        return logits

    def prime(self, symbols: np.ndarray) -> np.ndarray:
        """Begin afresh, read the same symbols into every stream, and return the logits after the last, (B, V).

        They are read once and their state is copied, so a long prompt costs the same for one text and for a hundred.

        Args:
            symbols: Ids, shape (T,), T at least 1.
        """
        single = Streams(self._engine, 1, self.author)
        for start in range(0, len(symbols), _READ_AT_ONCE):
            piece = symbols[None, start : start + _READ_AT_ONCE].astype(np.int64)
            last = single.read(piece)[:, -1]
        for name, array in self.state.items():
            array[...] = single.state[name]  # spread over the streams
        self._logits[:, 0] = last
        return self._logits[:, 0]

    def keep(self, rows: list[int]) -> Streams:
        """Return streams that go on from the state of these rows."""
        kept = Streams(self._engine, len(rows), self.author)
        for name, array in kept.state.items():
            array[...] = self.state[name].take(rows, axis=_STREAM_AXIS[name])
        return kept
