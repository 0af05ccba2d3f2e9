"""What reads HDF5 in a process of its own."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest

from talklike.voice.hdf5_process import MOST_OBJECTS, REFUSED, Refused, contents
from tests.voice.test_hdf5 import made

if TYPE_CHECKING:
    from pathlib import Path


def test_what_comes_out_is_plain_arrays() -> None:
    """An npz without pickles: a description, and the arrays that it numbers."""
    with np.load(io.BytesIO(contents(made(lambda file: file.create_dataset("a", data=[1.5])))), allow_pickle=False) as found:
        assert json.loads(found["contents"].tobytes()) == {"paths": ["a"], "attributes": {}}
        assert found["0"].tolist() == [1.5]


def test_nothing_outside_the_file_is_read(tmp_path: Path) -> None:
    """Links to other files are passed by, and arrays whose numbers lie in another file are refused."""
    (tmp_path / "secret").write_bytes(bytes(range(64)))
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["a"] = np.ones(3, np.float32)

    def linked(file: h5py.File) -> None:
        file["out"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "a")
        file["in"] = h5py.SoftLink("/nowhere")

    with np.load(io.BytesIO(contents(made(linked)))) as found:
        assert json.loads(found["contents"].tobytes())["paths"] == []
    with h5py.File(tmp_path / "external.h5", "w") as file:
        file.create_dataset("a", shape=(16,), dtype="f4", external=[(str(tmp_path / "secret"), 0, 64)])
    with h5py.File(tmp_path / "virtual.h5", "w") as file:
        layout = h5py.VirtualLayout(shape=(3,), dtype="f4")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "a", shape=(3,))
        file.create_virtual_dataset("a", layout)
    for name in ("external.h5", "virtual.h5"):
        with pytest.raises(Refused, match="lie in another file"):
            contents((tmp_path / name).read_bytes())


def test_circles_and_crowds_end() -> None:
    """Groups that hold themselves, and more groups than any model has, are refused."""

    def circle(file: h5py.File) -> None:
        file.create_group("a")["again"] = file["/"]

    def crowd(file: h5py.File) -> None:
        for number in range(MOST_OBJECTS + 1):
            file.create_group(str(number))

    for fill in (circle, crowd):
        with pytest.raises(Refused, match="more groups"):
            contents(made(fill))


def test_the_process_says_what_it_refuses() -> None:
    """Its exit status tells a refusal, with the reason as output, from a damaged file."""

    def run(data: bytes) -> tuple[int, bytes]:
        done = subprocess.run([sys.executable, "-m", "talklike.voice.hdf5_process"], input=data, capture_output=True, check=False)
        return done.returncode, done.stdout

    def deep(file: h5py.File) -> None:
        file.create_group("/".join("abcdefghijklmnop"))

    assert run(made(deep)) == (REFUSED, b"holds more groups than a model has")
    assert run(b"nothing") == (1, b"")
    status, output = run(made(lambda file: None))
    assert (status, output[:2]) == (0, b"PK")
