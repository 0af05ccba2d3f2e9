"""An HDF5 file that may come from anyone, read in a process of its own."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np

from talklike.errors import KerasFileError, MissingExtraError
from talklike.voice.hdf5_process import REFUSED

SIGNATURE = b"\x89HDF\r\n\x1a\n"

PATIENCE = 60
"""Longest that reading may take [s]."""


@dataclass(frozen=True)
class Hdf5:
    """What an HDF5 file holds.

    Attributes:
        arrays: Its arrays of floating-point numbers, float32, by path, in the order of the file.
        attributes: The attributes that Keras writes, by path of the group and by name; "" is the file itself.
    """

    arrays: dict[str, np.ndarray]
    attributes: dict[str, dict[str, Any]]


def read_hdf5(data: bytes, where: str) -> Hdf5:
    """Return what an HDF5 file holds.

    Args:
        data: The file; not trusted.
        where: Its name, for errors.

    Raises:
        KerasFileError: It is damaged, too large, or points to other files.
        MissingExtraError: h5py is needed.
    """
    if importlib.util.find_spec("h5py") is None:
        raise MissingExtraError("h5py", "keras")
    command = [sys.executable, "-P", "-m", "talklike.voice.hdf5_process"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False, timeout=PATIENCE)  # noqa: S603  (ourselves)
    except subprocess.TimeoutExpired as error:
        raise KerasFileError(f"{where}: reading it doesn't come to an end; the file is damaged") from error
    if done.returncode == REFUSED:
        raise KerasFileError(f"{where}: not a file of Keras's: it {done.stdout.decode(errors='replace')}")
    try:
        with np.load(io.BytesIO(done.stdout), allow_pickle=False) as found:
            described = json.loads(found["contents"].tobytes())
            arrays = {path: found[str(number)] for number, path in enumerate(described["paths"])}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise KerasFileError(f"{where}: an HDF5 file that can't be read; it is damaged, or broke off") from error
    return Hdf5(arrays, described["attributes"])
