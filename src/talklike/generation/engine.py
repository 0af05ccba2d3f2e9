"""Runs a voice: reads texts through the file's own graph, and writes by steps of many rows, whose state is never read twice."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import OptionError, VoiceFileError
from talklike.generation.quiet_runtime import onnxruntime as ort
from talklike.generation.step_graph import step_graph
from talklike.voice.graph import MICROSOFT
from talklike.voice.onnx_bytes import model_bytes
from talklike.voice.read import arrays

if TYPE_CHECKING:
    from talklike.voice.card import Card

THREADS = 2
"""Most threads of a call. A step is a few hundred thousand multiplications: beyond two threads, waiting costs more than it saves
(docs/experiments.md)."""

PARALLEL_BYTES = 1 << 20
"""Recurrent weights from which a second thread pays in a step: 1 × 512 in bytes. Below, waiting for it costs more."""

PROVIDERS = {"cpu": ("CPUExecutionProvider",), "cuda": ("CUDAExecutionProvider", "CPUExecutionProvider")}
"""What ONNX Runtime calls each device; what the first has no kernel for, such as an int8 voice's products, runs on the second."""

_DTYPES = {"tensor(float)": np.float32, "tensor(int64)": np.int64}


class Engine:
    """A voice loaded into ONNX Runtime.

    Args:
        card: The voice's card.
        data: The voice's file, already checked (``talklike.voice.read``).
        where: The file's name, for the error.
        threads: Threads a call may use; without it as many as pay for a voice of this size.
        shares: Whether others need the cores between steps. Otherwise the second thread of a step looks out for the next one,
            which makes steps of large voices a third faster and takes a core.
        device: ``cpu`` or ``cuda``.

    Attributes:
        session: The file's graph, which reads (B, T) symbols in a call.

    Raises:
        VoiceFileError: ONNX Runtime can't load the file.
        OptionError: It can't run on the device.
    """

    def __init__(
        self,
        card: Card,
        data: bytes,
        *,
        where: str = "voice",
        threads: int | None = None,
        shares: bool = False,
        device: str = "cpu",
    ) -> None:
        check_device(device)
        self._device = device
        self.card = card
        self._data = data
        self._where = where
        most = threads or min(THREADS, os.cpu_count() or 1)
        weights = 4 * card.sizes.hidden**2 * (1 if card.precision == "int8" else 4)
        self._step_threads = most if threads or weights >= PARALLEL_BYTES else 1
        self._shares = shares
        self.session = self._session(data, most, spins=False)  # what comes after a call of it is seldom another

    @cached_property
    def step_session(self) -> ort.InferenceSession:
        """The graph of a step (``talklike.generation.step_graph``), which reads a symbol a row."""
        graph, constants = step_graph(self.card.sizes, self.card.precision, arrays(self._data), self.card.gates)
        return self._session(model_bytes(graph, constants, {"": 18, MICROSOFT: 1}), self._step_threads, spins=not self._shares)

    def _session(self, model: bytes, threads: int, *, spins: bool) -> ort.InferenceSession:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        if not spins:
            options.add_session_config_entry("session.force_spinning_stop", "1")
        options.log_severity_level = 4  # fatal only: what goes wrong is raised, and is ours to say
        try:
            session = ort.InferenceSession(model, options, providers=PROVIDERS[self._device])
        except Exception as error:
            raise VoiceFileError(f"{self._where}: can't be loaded: {type(error).__name__}; the file is damaged") from error
        if PROVIDERS[self._device][0] not in session.get_providers():  # it falls back by itself, and would be slow in silence
            raise OptionError(
                f"ONNX Runtime can't use this machine's {self._device}: its driver or libraries are missing or too old"
            )
        return session

    @cached_property
    def _states(self) -> list[tuple[str, list[int | str], Any]]:
        """Name, shape and element type of each state input of the file's graph."""
        inputs = self.session.get_inputs()
        return [(put.name, put.shape, _DTYPES[put.type]) for put in inputs if put.name not in ("ids", "authors")]

    def zero_state(self, count: int) -> dict[str, np.ndarray]:
        """Return the state of ``count`` texts of which nothing is read, by input name of the file's graph."""
        return {
            name: np.zeros([count if size == "B" else int(size) for size in shape], dtype) for name, shape, dtype in self._states
        }

    def streams(self, count: int, author: int) -> Streams:
        """Return ``count`` fresh texts to be read as ``author``'s (its input value)."""
        return Streams(self, count, author)


def check_device(device: str) -> None:
    """Check that ONNX Runtime was built for a device.

    Raises:
        OptionError: It wasn't, or there is no such device.
    """
    if device not in PROVIDERS:
        raise OptionError(f"device is {device!r}, must be one of {', '.join(PROVIDERS)}")
    if PROVIDERS[device][0] not in ort.get_available_providers():
        raise OptionError(f"the installed ONNX Runtime has no {device}; install onnxruntime-gpu in its place, or use the cpu")


class Streams:
    """B texts that are being read, through the file's graph, with the state that is carried from call to call.

    Args:
        engine: The voice.
        count: B.
        author: Input value of the author they are read as; 0 is "someone".

    Attributes:
        state: The state now, by input name.
    """

    def __init__(self, engine: Engine, count: int, author: int) -> None:
        self._session = engine.session
        self._names = [output.name for output in engine.session.get_outputs()]
        self.author = author
        self.state = engine.zero_state(count)

    def read(self, symbols: np.ndarray, authors: np.ndarray | None = None) -> np.ndarray:
        """Read many symbols in one call, and return the logits after each, (B, T, V).

        Args:
            symbols: Ids, int64, shape (B, T), T at least 1.
            authors: Input value of the author of each *next* symbol, shape (B, T); the texts' own without it.
        """
        if authors is None:
            authors = np.full(symbols.shape, self.author, np.int64)
        outputs = self._session.run(None, {"ids": symbols, "authors": authors, **self.state})
        found = dict(zip(self._names, outputs, strict=True))
        self.state = {name: found[f"{name}_next"] for name in self.state}
        logits: np.ndarray = found["logits"]
        return logits
