"""The ONNX graph of a voice, described without the onnx package: the writer builds it, the reader demands it.

Inputs ``ids`` and ``authors``, int64 (B, T): the symbols read, and the author of each *next* symbol; and the state ``h``, ``c``,
float32 (L, B, H), zeros at the start. Outputs ``logits``, float32 (B, T, V), and ``h_next``, ``c_next``. One description serves
both sides, so a file that differs from it in a node, a name or a shape is refused before anything of it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talklike.voice.card import Sizes

MICROSOFT = "com.microsoft"
"""Domain of ONNX Runtime's quantised operators."""

FLOAT, INT8, INT64 = 1, 3, 7
"""Element types, as numbered by ``onnx.TensorProto.DataType``."""


@dataclass(frozen=True)
class Node:
    """One operation.

    Attributes:
        operator: ONNX operator.
        inputs: Names of what it reads; empty for an input left out.
        outputs: Names of what it makes.
        attributes: Its integer attributes.
        domain: Empty for ONNX's own operators.
    """

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[tuple[str, int | tuple[int, ...]], ...] = ()
    domain: str = ""


@dataclass(frozen=True)
class Tensor:
    """A constant or a value: its element type and its shape, where a string is a free size."""

    element: int
    shape: tuple[int | str, ...]


@dataclass
class Graph:
    """Everything of a voice's graph but the numbers in it."""

    nodes: list[Node] = field(default_factory=list)
    constants: dict[str, Tensor] = field(default_factory=dict)
    inputs: dict[str, Tensor] = field(default_factory=dict)
    outputs: dict[str, Tensor] = field(default_factory=dict)


def describe(sizes: Sizes, precision: str) -> Graph:
    """Return the graph of a voice.

    Args:
        sizes: The voice's sizes.
        precision: ``float32``, or ``int8`` for LSTM and output weights of one byte with a scale for each column.
    """
    L, H, E, V = sizes.layers, sizes.hidden, sizes.embedding, sizes.symbols
    graph = Graph()
    graph.inputs |= {name: Tensor(INT64, ("B", "T")) for name in ("ids", "authors")}
    graph.inputs |= {name: Tensor(FLOAT, (L, "B", H)) for name in ("h", "c")}
    graph.constants["symbol_embedding"] = Tensor(FLOAT, (V, E))
    graph.constants["author_embedding"] = Tensor(FLOAT, (sizes.authors + 1, E))
    graph.constants["one"] = Tensor(INT64, (1,))
    graph.nodes += [
        Node("Gather", ("symbol_embedding", "ids"), ("symbol",)),
        Node("Gather", ("author_embedding", "authors"), ("author",)),
        Node("Add", ("symbol", "author"), ("input",)),  # (B, T, E)
        Node("Transpose", ("input",), ("x.0",), (("perm", (1, 0, 2)),)),  # (T, B, E)
    ]
    if L > 1:  # one layer's state is the whole of it; a step is short enough for four copies to count
        for state in ("h", "c"):
            each = tuple(f"{state}.{layer}" for layer in range(L))
            graph.nodes.append(Node("Split", (state,), each, (("axis", 0), ("num_outputs", L))))
    for layer in range(L):
        _add_lstm(graph, layer, sizes, precision)
    total = "y.0"
    for layer in range(1, L):
        graph.nodes.append(Node("Add", (total, f"y.{layer}"), (f"sum.{layer}",)))
        total = f"sum.{layer}"
    graph.nodes.append(Node("Transpose", (total,), ("features",), (("perm", (1, 0, 2)),)))  # (B, T, H)
    _add_output(graph, H, V, precision)
    if L > 1:
        for state in ("h", "c"):
            each = tuple(f"{state}_next.{layer}" for layer in range(L))
            graph.nodes.append(Node("Concat", each, (f"{state}_next",), (("axis", 0),)))
    graph.outputs["logits"] = Tensor(FLOAT, ("B", "T", V))
    graph.outputs |= {f"{state}_next": Tensor(FLOAT, (L, "B", H)) for state in ("h", "c")}
    return graph


def _add_lstm(graph: Graph, layer: int, sizes: Sizes, precision: str) -> None:
    """Add LSTM ``layer``: x.0 (T, B, E) or y.(layer − 1) (T, B, H) → y.layer (T, B, H)."""
    H, width = sizes.hidden, sizes.embedding if layer == 0 else sizes.hidden
    which = f".{layer}" if sizes.layers > 1 else ""
    w, r, b = (f"lstm.{layer}.{part}" for part in ("input", "recurrent", "bias"))
    state = (f"h{which}", f"c{which}")
    outputs = (f"y4.{layer}", f"h_next{which}", f"c_next{which}")
    source = "x.0" if layer == 0 else f"y.{layer - 1}"
    attributes = (("hidden_size", H),)
    graph.constants[b] = Tensor(FLOAT, (1, 8 * H))
    if precision == "float32":
        graph.constants[w] = Tensor(FLOAT, (1, 4 * H, width))
        graph.constants[r] = Tensor(FLOAT, (1, 4 * H, H))
        node = Node("LSTM", (source, w, r, b, "", *state), outputs, attributes)
    else:
        graph.constants[w] = Tensor(INT8, (1, width, 4 * H))
        graph.constants[r] = Tensor(INT8, (1, H, 4 * H))
        scales = []
        for weight in (w, r):
            graph.constants[f"{weight}.scale"] = Tensor(FLOAT, (1, 4 * H))
            graph.constants[f"{weight}.zero"] = Tensor(INT8, (1, 4 * H))
            scales += [f"{weight}.scale", f"{weight}.zero"]
        inputs = (source, w, r, b, "", *state, "", *scales)
        node = Node("DynamicQuantizeLSTM", inputs, outputs, attributes, MICROSOFT)
    graph.nodes.append(node)
    graph.nodes.append(Node("Squeeze", (f"y4.{layer}", "one"), (f"y.{layer}",)))  # one direction


def _add_output(graph: Graph, H: int, V: int, precision: str) -> None:
    """Add the output layer: features (B, T, H) → logits (B, T, V)."""
    graph.constants["output.bias"] = Tensor(FLOAT, (V,))
    if precision == "float32":
        graph.constants["output.weight"] = Tensor(FLOAT, (H, V))
        graph.nodes += [
            Node("MatMul", ("features", "output.weight"), ("product",)),
            Node("Add", ("product", "output.bias"), ("logits",)),
        ]
        return
    graph.constants["output.weight"] = Tensor(INT8, (H, V))
    graph.constants["output.weight.scale"] = Tensor(FLOAT, (V,))
    graph.constants["output.weight.zero"] = Tensor(INT8, (V,))
    inputs = ("features", "output.weight", "output.weight.scale", "output.weight.zero", "output.bias")
    graph.nodes.append(Node("DynamicQuantizeMatMul", inputs, ("logits",), (), MICROSOFT))
