"""HDF5 files that may come from anyone."""

from __future__ import annotations

import importlib.util
import io
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from talklike.errors import KerasFileError, MissingExtraError
from talklike.voice import hdf5
from talklike.voice.hdf5 import read_hdf5

if TYPE_CHECKING:
    from collections.abc import Callable


def made(fill: Callable[[h5py.File], object]) -> bytes:
    """Return an HDF5 file that a function has filled."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def test_arrays_and_attributes_come_out() -> None:
    """Floats of any precision become float32, by path; of the attributes those that Keras writes."""

    def fill(file: h5py.File) -> None:
        file["a/b"] = np.arange(6, dtype=np.float64).reshape(2, 3)
        file["a/c"] = np.float16(2)
        file["a/seed"] = np.arange(2)
        file["optimizer/lr"] = np.float32(1)
        file.attrs["layer_names"] = np.array([b"a", b"b"])
        file.attrs["keras_version"] = "2.4.0"
        file.attrs["note"] = "private"

    found = read_hdf5(made(fill), "x.h5")
    assert found.attributes == {"": {"layer_names": ["a", "b"], "keras_version": "2.4.0"}}
    assert {path: (str(array.dtype), array.shape) for path, array in found.arrays.items()} == {
        "a/b": ("float32", (2, 3)),
        "a/c": ("float32", ()),
    }
    np.testing.assert_array_equal(found.arrays["a/b"], [[0, 1, 2], [3, 4, 5]])


def test_a_damaged_file_is_one_line() -> None:
    """What stops HDF5's library, or never was HDF5, is told in one line."""
    good = made(lambda file: file.create_dataset("a", data=np.zeros(900, np.float32)))
    for data in (b"", b"nothing", good[:-10], good[:200]):
        with pytest.raises(KerasFileError, match=r"x\.h5: an HDF5 file that can't be read; it is damaged"):
            read_hdf5(data, "x.h5")


def test_what_it_refuses_is_said() -> None:
    """A file that says it holds more than a model does is not read further."""
    huge = made(lambda file: file.create_dataset("a", shape=(1 << 14, 1 << 14), dtype="f4", chunks=(64, 64)))
    with pytest.raises(KerasFileError, match=r"x\.h5: not a file of Keras's: it holds more than 134,217,728 numbers"):
        read_hdf5(huge, "x.h5")


def test_a_reading_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file can keep HDF5's library busy for ever."""
    monkeypatch.setattr(hdf5, "PATIENCE", 0.001)
    with pytest.raises(KerasFileError, match="doesn't come to an end"):
        read_hdf5(made(lambda file: None), "x.h5")


def test_without_h5py_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading needs the extra."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"h5py.*talklike\[keras\]"):
        read_hdf5(b"", "x.h5")
