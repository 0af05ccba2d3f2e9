"""Writes an ONNX model without the onnx package, for graphs that are made where a voice only writes.

Source: onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.voice.protobuf import bytes_field, varint_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from talklike.voice.graph import Graph, Node, Tensor

IR_VERSION = 9
_INT, _INTS, _STRINGS = 2, 7, 8  # AttributeProto.AttributeType


def model_bytes(graph: Graph, arrays: Mapping[str, np.ndarray], opsets: Mapping[str, int]) -> bytes:
    """Return a model as ONNX Runtime reads it.

    Args:
        graph: Its operations, constants, inputs and outputs.
        arrays: The numbers of the constants, by name.
        opsets: Version of the operators of each domain; "" is ONNX's own.
    """
    inside = b"".join(
        [
            *(bytes_field(1, _node(node)) for node in graph.nodes),
            bytes_field(2, b"talklike"),
            *(bytes_field(5, _constant(name, tensor, arrays[name])) for name, tensor in graph.constants.items()),
            *(bytes_field(11, _value(name, tensor)) for name, tensor in graph.inputs.items()),
            *(bytes_field(12, _value(name, tensor)) for name, tensor in graph.outputs.items()),
        ]
    )
    versions = (bytes_field(1, domain.encode()) + varint_field(2, version) for domain, version in opsets.items())
    return varint_field(1, IR_VERSION) + bytes_field(7, inside) + b"".join(bytes_field(8, version) for version in versions)


def _node(node: Node) -> bytes:
    parts = [bytes_field(1, name.encode()) for name in node.inputs] + [bytes_field(2, name.encode()) for name in node.outputs]
    parts.append(bytes_field(4, node.operator.encode()))
    for name, value in node.attributes:
        kind, values = _INT, [] if isinstance(value, tuple) else [varint_field(3, value)]
        for one in value if isinstance(value, tuple) else ():
            kind = _STRINGS if isinstance(one, str) else _INTS
            values.append(bytes_field(9, one.encode()) if isinstance(one, str) else varint_field(8, one))
        parts.append(bytes_field(5, b"".join([bytes_field(1, name.encode()), *values, varint_field(20, kind)])))
    if node.domain:
        parts.append(bytes_field(7, node.domain.encode()))
    return b"".join(parts)


def _constant(name: str, tensor: Tensor, array: np.ndarray) -> bytes:
    assert array.shape == tensor.shape, f"{name}: {array.shape} is not {tensor.shape}"
    shape = b"".join(varint_field(1, size) for size in array.shape)
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return shape + varint_field(2, tensor.element) + bytes_field(8, name.encode()) + bytes_field(9, little.tobytes())


def _value(name: str, tensor: Tensor) -> bytes:
    sizes = (bytes_field(2, size.encode()) if isinstance(size, str) else varint_field(1, size) for size in tensor.shape)
    shape = b"".join(bytes_field(1, size) for size in sizes)
    kind = bytes_field(1, varint_field(1, tensor.element) + bytes_field(2, shape))
    return bytes_field(1, name.encode()) + bytes_field(2, kind)
