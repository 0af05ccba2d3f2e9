"""Reads an HDF5 file in a process of its own: ``python -m talklike.voice.hdf5_process < FILE > ARRAYS``.

HDF5's library is C, and a damaged file can crash it or keep it busy for ever (docs/decisions/0025). Here that ends nothing else.
What comes out is an npz of plain arrays: ``contents``, JSON in UTF-8, which names the paths of the arrays ``0``, ``1``, … and
holds the attributes that Keras writes.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = 3
"""Exit status where the output says what is wrong with the file."""

MOST_MEMORY = 4 << 30
"""Bytes of address space that the process may take: a short file may say that it holds a long array."""

MOST_NUMBERS = 1 << 27
"""Numbers that are read in all."""

MOST_OBJECTS, DEEPEST = 10_000, 12
"""Groups and arrays that are looked at, and how deep they may lie: links may lead in circles."""

_ATTRIBUTES = re.compile(r"(layer_names|weight_names)\d*|keras_version|model_config")
_SKIPPED = ("optimizer", "optimizer_weights")


class Refused(Exception):  # noqa: N818  (what it says ends a sentence, and it never leaves this module's process)
    """The file has what no file of Keras's has."""


def contents(data: bytes) -> bytes:
    """Return the arrays and attributes of an HDF5 file as npz.

    Args:
        data: The file; not trusted.

    Raises:
        Refused: It is too large, or points elsewhere.
        OSError: It is no HDF5 file, or a damaged one.
    """
    import h5py

    arrays: list[np.ndarray] = []
    paths: list[str] = []
    attributes: dict[str, dict[str, Any]] = {}
    numbers = 0
    with h5py.File(io.BytesIO(data), "r") as file:
        for path, item in _walk(file, h5py):
            if isinstance(item, h5py.Dataset):
                if item.dtype.kind != "f" or item.ndim > 2:
                    continue  # counters, seeds
                if item.is_virtual or item.external:
                    raise Refused("holds numbers that lie in another file")
                numbers += item.size
                if numbers > MOST_NUMBERS:
                    raise Refused(f"holds more than {MOST_NUMBERS:,} numbers")
                paths.append(path)
                arrays.append(item[()].astype(np.float32))
            elif found := {name: _words(item.attrs[name]) for name in item.attrs if _ATTRIBUTES.fullmatch(name)}:
                attributes[path] = found
    described = json.dumps({"paths": paths, "attributes": attributes}).encode()
    named = {str(number): array for number, array in enumerate(arrays)}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, contents=np.frombuffer(described, np.uint8), **named)
    return buffer.getvalue()


def _walk(file: Any, h5py: Any) -> Iterator[tuple[str, Any]]:
    """Yield path and object of everything in a file that lies in it; the optimiser's state is left out."""
    waiting = [("", file, 0)]
    seen = 0
    while waiting:
        path, item, depth = waiting.pop()
        seen += 1
        if seen > MOST_OBJECTS or depth > DEEPEST:
            raise Refused("holds more groups than a model has")
        yield path, item
        if isinstance(item, h5py.Group):
            inside = [name for name in item if name not in _SKIPPED]
            own = [name for name in inside if isinstance(item.get(name, getlink=True), h5py.HardLink)]
            waiting += [(f"{path}/{name}" if path else name, item[name], depth + 1) for name in reversed(own)]


def _words(value: Any) -> str | list[str]:
    """Return an attribute's text or texts."""
    if isinstance(value, np.ndarray):
        return [_word(one) for one in value.reshape(-1).tolist()]
    return _word(value)


def _word(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def main() -> int:
    """Read standard input, write standard output; return the exit status: 0 or ``REFUSED``."""
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        sys.stdout.buffer.write(contents(sys.stdin.buffer.read()))
    except Refused as error:
        sys.stdout.write(str(error))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
