"""The ONNX graph of a voice, described without the onnx package: the writer builds it, the reader demands it.

Inputs ``ids`` and ``authors``, int64 (B, T): the symbols read, and the author of each *next* symbol; and the state ``h``,
``c``, float32 (L, B, H), zeros at the start; with an n-gram memory also ``recent``, int64 (B, K − 1), the symbols read last,
counted from 1. Outputs ``logits``, float32 (B, T, V), and each state's successor, ``h_next``, ``c_next``, ``recent_next``. One
description serves both sides, so a file that differs from it in a node, a name or a shape is refused before anything of it
runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from talklike.voice.ngrams import multipliers, salts

if TYPE_CHECKING:
    from talklike.voice.card import Card, Sizes

MICROSOFT = "com.microsoft"
"""Domain of ONNX Runtime's quantised operators."""

FLOAT, INT8, INT64 = 1, 3, 7
"""Element types, as numbered by ``onnx.TensorProto.DataType``."""

INDEX = "novelty.index"
"""The constant that is the index of the training text (``talklike.voice.novelty_index``); no operation reads it."""

SIGNATURES = ("signature.table", "signature.units")
"""The constants that tell authors apart (``talklike.voice.signatures``); no operation reads them."""

_LAST = np.iinfo(np.int64).max  # Slice: to the end


@dataclass(frozen=True)
class Node:
    """One operation.

    Attributes:
        operator: ONNX operator.
        inputs: Names of what it reads; empty for an input left out.
        outputs: Names of what it makes.
        attributes: Its attributes: whole numbers and words.
        domain: Empty for ONNX's own operators.
    """

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[tuple[str, int | tuple[int, ...] | tuple[str, ...]], ...] = ()
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


def describe(sizes: Sizes, precision: str, *, index_bytes: int = 0, signatures: int = 0, gates: str = "sigmoid") -> Graph:
    """Return the graph of a voice.

    Args:
        sizes: The voice's sizes.
        precision: ``float32``, or ``int8`` for LSTM and output weights of one byte with a scale for each column. The memory
            is the same in both: a table of bytes and a projection of float32.
        index_bytes: Length of the index of the training text; 0 is none.
        signatures: Rows of the table that tells authors apart; 0 is none.
        gates: One of ``talklike.voice.card.GATES``.
    """
    L, H, E, V = sizes.layers, sizes.hidden, sizes.embedding, sizes.symbols
    graph = Graph()
    graph.inputs |= {name: Tensor(INT64, ("B", "T")) for name in ("ids", "authors")}
    graph.inputs |= {name: Tensor(FLOAT, (L, "B", H)) for name in ("h", "c")}
    graph.constants["symbol_embedding"] = Tensor(FLOAT, (V, E))
    graph.constants["author_embedding"] = Tensor(FLOAT, (sizes.authors + 1, E))
    graph.constants |= {name: Tensor(INT64, array.shape) for name, array in fixed(sizes).items()}
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
        _add_lstm(graph, layer, sizes, precision, gates)
    total = "y.0"
    for layer in range(1, L):
        graph.nodes.append(Node("Add", (total, f"y.{layer}"), (f"sum.{layer}",)))
        total = f"sum.{layer}"
    graph.nodes.append(Node("Transpose", (total,), ("features",), (("perm", (1, 0, 2)),)))  # (B, T, H)
    _add_output(graph, H, V, precision, "network" if sizes.orders else "logits")
    if sizes.orders:
        _add_memory(graph, sizes)
    if L > 1:
        for state in ("h", "c"):
            each = tuple(f"{state}_next.{layer}" for layer in range(L))
            graph.nodes.append(Node("Concat", each, (f"{state}_next",), (("axis", 0),)))
    graph.outputs["logits"] = Tensor(FLOAT, ("B", "T", V))
    graph.outputs |= {f"{state}_next": Tensor(FLOAT, (L, "B", H)) for state in ("h", "c")}
    if index_bytes:
        graph.constants[INDEX] = Tensor(INT8, (index_bytes,))
    if signatures:
        table, units = SIGNATURES
        graph.constants[table] = Tensor(INT8, (signatures, sizes.authors))
        graph.constants[units] = Tensor(FLOAT, (sizes.authors,))
    return graph


def graph_of(card: Card) -> Graph:
    """Return the graph of a voice with this card."""
    index = card.novelty_index.bytes if card.novelty_index else 0
    return describe(card.sizes, card.precision, index_bytes=index, signatures=card.signatures, gates=card.gates)


def fixed(sizes: Sizes) -> dict[str, np.ndarray]:
    """Return the constants that follow from the sizes alone, int64, by name: no others may stand in a file."""
    constants = {"one": np.array([1], np.int64)}
    if sizes.orders:
        K = max(sizes.orders)
        constants |= {
            "memory.oldest": np.array(sizes.orders, np.int64) - 1,
            "memory.first": np.array(0, np.int64),
            "memory.stride": np.array(1, np.int64),
            "memory.kept": np.array([1 - K], np.int64),
            "memory.last": np.array([_LAST], np.int64),
            "memory.window": np.arange(K - 1, -1, -1, dtype=np.int64),  # the newest symbol first
            "memory.multipliers": multipliers(sizes.orders, sizes.buckets),
            "memory.salts": salts(sizes.orders, sizes.buckets),
            "memory.buckets": np.array([sizes.buckets], np.int64),
            "memory.flat": np.array([0, 0, len(sizes.orders) * sizes.memory], np.int64),
        }
    return constants


def _add_memory(graph: Graph, sizes: Sizes) -> None:
    """Add the n-gram memory: ids and recent → rows of the table → added to network (B, T, V) → logits."""
    K, O, D, V = max(sizes.orders), len(sizes.orders), sizes.memory, sizes.symbols  # noqa: E741  (O is the number of orders)
    graph.inputs["recent"] = Tensor(INT64, ("B", K - 1))
    graph.outputs["recent_next"] = Tensor(INT64, ("B", K - 1))
    graph.constants["memory.table"] = Tensor(INT8, (sizes.buckets, D))
    graph.constants["memory.projection"] = Tensor(FLOAT, (O * D, V))
    graph.nodes += [
        Node("Add", ("ids", "one"), ("memory.symbols",)),  # counted from 1: 0 is nothing, before the start
        Node("Concat", ("recent", "memory.symbols"), ("memory.text",), (("axis", 1),)),  # (B, K − 1 + T)
        Node("Slice", ("memory.text", "memory.kept", "memory.last", "one"), ("recent_next",)),
        # Positions of the window that ends at each symbol: t + (K − 1 … 0).
        Node("Shape", ("ids",), ("memory.length",), (("end", 2), ("start", 1))),
        Node("Squeeze", ("memory.length",), ("memory.steps",)),
        Node("Range", ("memory.first", "memory.steps", "memory.stride"), ("memory.times",)),
        Node("Unsqueeze", ("memory.times", "one"), ("memory.starts",)),
        Node("Add", ("memory.starts", "memory.window"), ("memory.positions",)),  # (T, K)
        Node("Gather", ("memory.text", "memory.positions"), ("memory.windows",), (("axis", 1),)),  # (B, T, K)
        Node("MatMul", ("memory.windows", "memory.multipliers"), ("memory.products",)),
        Node("Add", ("memory.products", "memory.salts"), ("memory.sums",)),
        Node("Mod", ("memory.sums", "memory.buckets"), ("memory.hashes",)),  # (B, T, O)
        Node("Gather", ("memory.windows", "memory.oldest"), ("memory.begins",), (("axis", 2),)),
        Node("Min", ("memory.begins", "one"), ("memory.there",)),  # 0 if the n-gram would begin before the text
        Node("Mul", ("memory.hashes", "memory.there"), ("memory.indices",)),
        Node("Gather", ("memory.table", "memory.indices"), ("memory.found",)),  # (B, T, O, D)
        Node("Reshape", ("memory.found", "memory.flat"), ("memory.rows",)),
        # Float32 in int8 voices too: ONNX Runtime multiplies bytes by bytes three times slower than the same numbers as floats.
        Node("Cast", ("memory.rows",), ("memory.numbers",), (("to", FLOAT),)),
        Node("MatMul", ("memory.numbers", "memory.projection"), ("memory.logits",)),
        Node("Add", ("network", "memory.logits"), ("logits",)),
    ]


def lstm_activations(gates: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the attributes of an LSTM whose gates aren't the usual ones; ONNX's ``HardSigmoid`` is 0.2 x + 1/2 by default."""
    return () if gates == "sigmoid" else (("activations", ("HardSigmoid", "Tanh", "Tanh")),)


def _add_lstm(graph: Graph, layer: int, sizes: Sizes, precision: str, gates: str) -> None:
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
        node = Node("LSTM", (source, w, r, b, "", *state), outputs, (*lstm_activations(gates), *attributes))
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


def _add_output(graph: Graph, H: int, V: int, precision: str, name: str) -> None:
    """Add the output layer: features (B, T, H) → ``name`` (B, T, V)."""
    graph.constants["output.bias"] = Tensor(FLOAT, (V,))
    if precision == "float32":
        graph.constants["output.weight"] = Tensor(FLOAT, (H, V))
        graph.nodes += [
            Node("MatMul", ("features", "output.weight"), ("product",)),
            Node("Add", ("product", "output.bias"), (name,)),
        ]
        return
    graph.constants["output.weight"] = Tensor(INT8, (H, V))
    graph.constants["output.weight.scale"] = Tensor(FLOAT, (V,))
    graph.constants["output.weight.zero"] = Tensor(INT8, (V,))
    inputs = ("features", "output.weight", "output.weight.scale", "output.weight.zero", "output.bias")
    graph.nodes.append(Node("DynamicQuantizeMatMul", inputs, (name,), (), MICROSOFT))
