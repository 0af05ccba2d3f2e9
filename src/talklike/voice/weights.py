"""A voice's numbers: named arrays in the file's layout, and their quantisation to one byte each."""

from __future__ import annotations

import numpy as np

BYTE_RANGE = 64
"""Largest magnitude of an int8 weight. Seven of the eight bits: processors without VNNI add two products of a byte and a byte
in 16 bits, which the full range overflows; the missing bit costs less than 0.002 bits per character (docs/experiments.md)."""


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
