"""A voice's numbers: named arrays in the file's layout, and their quantisation to one byte each."""

from __future__ import annotations

import numpy as np

BYTE_RANGE = 64
"""Largest magnitude of an int8 weight. Seven of the eight bits: processors without VNNI add two products of a byte and a byte
in 16 bits, which the full range overflows; the missing bit costs less than 0.002 bits per character (docs/experiments.md)."""


MEMORY_RANGE = 127
"""Largest magnitude in the memory's table, which is looked up and never multiplied as bytes."""


def packed(weights: dict[str, np.ndarray], precision: str) -> dict[str, np.ndarray]:
    """Return trained float32 ``weights`` in the layout of a voice file.

    Args:
        weights: Arrays by name, as ``talklike.voice.graph.describe(sizes, "float32")`` lists them, but with a ``memory.table``
            of float32.
        precision: ``float32`` or ``int8``.
    """
    if "memory.table" in weights:
        weights = _with_table_of_bytes(weights)
    return quantised(weights) if precision == "int8" else weights


def _with_table_of_bytes(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return ``weights`` with the memory's table in bytes; the scale of each of its columns goes into the projection."""
    table, projection = weights["memory.table"], weights["memory.projection"]
    scale = np.maximum(np.abs(table).max(axis=0), 1e-12) / MEMORY_RANGE  # (D,)
    orders = len(projection) // len(scale)
    scaled = projection * np.tile(scale, orders)[:, None]
    whole = np.rint(table / scale.astype(np.float32)).astype(np.int8)
    return weights | {"memory.table": whole, "memory.projection": scaled.astype(np.float32)}


def quantised(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return float32 ``weights`` in the layout of an int8 voice.

    The matrices of the LSTM layers and of the output become int8 with one scale for each column; all else stays as it is.

    Args:
        weights: Arrays by name, as ``talklike.voice.graph.describe(sizes, "float32")`` lists them.
    """
    result = dict(weights)
    for name, matrix in weights.items():
        if name.endswith((".input", ".recurrent")):
            whole, scale = _columns_to_bytes(matrix.transpose(0, 2, 1))  # (1, width, 4H)
        elif name == "output.weight":
            whole, scale = _columns_to_bytes(matrix)
        else:
            continue
        result[name] = whole
        result[f"{name}.scale"] = scale
        result[f"{name}.zero"] = np.zeros(scale.shape, np.int8)
    return result


def _columns_to_bytes(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ``matrix`` (…, rows, columns) as int8, and the scale of each column (…, columns)."""
    largest = np.abs(matrix).max(axis=-2)
    scale = np.where(largest > 0, largest / BYTE_RANGE, 1).astype(np.float32)
    whole = np.rint(matrix / scale[..., None, :]).astype(np.int8)
    return np.ascontiguousarray(whole), scale
