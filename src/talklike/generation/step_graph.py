"""The graph of one step of many texts, made from a voice's arrays when it is loaded.

A voice file's graph reads whole texts; a step of it carries much that only a text needs. This one reads one symbol a row, keeps
each layer's state as an array of its own, so that rows come and go without copies, and looks up what a symbol adds to the first
layer's gates instead of multiplying. Most of all, **a row's result depends on that row alone**, to the last bit: int8 voices are
rounded on scales fixed here (a state lies in −1 … 1), while ``DynamicQuantizeLSTM`` rounds all rows on one scale, which changes
with who is beside whom. So a seed gives the same text alone, in any batch, and through the server.

Inputs: ``ids`` and ``authors``, int64 (1, B); ``symbols``, the ids again as (B, 1); for each layer l ``h.l`` and ``c.l``, float32
(1, B, H); with a memory ``recent``, int64 (B, K − 1). Outputs: ``logits``, float32 (1, B, V), and each state's successor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.voice.graph import FLOAT, INT8, INT64, MICROSOFT, Graph, Node, Tensor, lstm_activations

if TYPE_CHECKING:
    from talklike.voice.card import Sizes

UINT8 = 2
"""Element type, as numbered by ``onnx.TensorProto.DataType``."""

LARGEST_TABLE = 1 << 24
"""Numbers up to which a table of what each symbol adds to the gates is made (64 MB); a larger alphabet is multiplied."""

LARGEST_PAIRS = 1 << 22
"""Numbers up to which the table has a row for each author and symbol together (16 MB): to add an author's to each row takes a
tenth of a step of 32 rows at H 512, and to make a larger table too long when the voice is loaded."""

_HALF = 127  # steps of a byte on either side of its zero point, 128


def step_graph(
    sizes: Sizes, precision: str, arrays: dict[str, np.ndarray], gates: str = "sigmoid"
) -> tuple[Graph, dict[str, np.ndarray]]:
    """Return the graph of a step and its constants.

    Args:
        sizes: The voice's sizes.
        precision: ``float32`` or ``int8``.
        arrays: The constants of its file, by name (``talklike.voice.read.arrays``).
        gates: The card's ``gates``; other than "sigmoid" only for float32.
    """
    build = _Builder(sizes, arrays)
    build.int8_layers() if precision == "int8" else build.float32_layers(gates)
    build.output(precision)
    if sizes.orders:
        build.memory()
    return build.graph, build.constants


class _Builder:
    """A graph that grows operation by operation."""

    def __init__(self, sizes: Sizes, arrays: dict[str, np.ndarray]) -> None:
        self.sizes = sizes
        self.graph = Graph()
        self.constants: dict[str, np.ndarray] = {}
        self._arrays = arrays
        state = Tensor(FLOAT, (1, "B", sizes.hidden))
        self.graph.inputs |= {"ids": Tensor(INT64, (1, "B")), "authors": Tensor(INT64, (1, "B"))}
        for layer in range(sizes.layers):
            self.graph.inputs |= {f"h.{layer}": state, f"c.{layer}": state}
            self.graph.outputs |= {f"h.{layer}_next": state, f"c.{layer}_next": state}
        self.graph.outputs["logits"] = Tensor(FLOAT, (1, "B", sizes.symbols))

    def node(self, operator: str, inputs: str, outputs: str, domain: str = "", **attributes: int | tuple[str, ...]) -> None:
        """Add an operation; names are separated by spaces, "-" is an input or output left out."""
        names = ["" if name == "-" else name for name in f"{inputs} | {outputs}".split()]
        cut = names.index("|")
        self.graph.nodes.append(Node(operator, tuple(names[:cut]), tuple(names[cut + 1 :]), tuple(attributes.items()), domain))

    def constant(self, name: str, array: np.ndarray) -> None:
        """Add a constant."""
        element = {"f": FLOAT, "b": INT8, "B": UINT8, "l": INT64, "q": INT64}[array.dtype.char]
        self.constants[name] = np.ascontiguousarray(array).reshape(array.shape)
        self.graph.constants[name] = Tensor(element, array.shape)

    def int8_layers(self) -> None:
        """Add the LSTM layers of an int8 voice: ids, authors and state → y.0.bytes, y.1.bytes, …, each (1, B, H)."""
        L, H = self.sizes.layers, self.sizes.hidden
        self.constant("zero", np.array(128, np.uint8))
        self.constant("unit", np.array(1 / _HALF, np.float32))  # a state lies in −1 … 1
        self.constant("gates", np.array([3 * H, H], np.int64))
        for layer in range(L):
            if layer == 0:
                self._first_input()
            else:
                self._int8_product(f"y.{layer - 1}.bytes", f"lstm.{layer}.input", f"x.{layer}", "unit", self._bias(layer))
            self.node("QuantizeLinear", f"h.{layer} unit zero", f"h.{layer}.bytes")
            self._int8_product(f"h.{layer}.bytes", f"lstm.{layer}.recurrent", f"r.{layer}", "unit")
            self.node("Add", f"x.{layer} r.{layer}", f"gates.{layer}")  # (1, B, 4H), in ONNX's order: i, o, f, c
            self.node("Split", f"gates.{layer} gates", f"iof.{layer} candidate.{layer}", axis=2)
            self.node("Sigmoid", f"iof.{layer}", f"open.{layer}")
            self.node("Split", f"open.{layer}", f"i.{layer} o.{layer} f.{layer}", axis=2, num_outputs=3)
            self.node("Tanh", f"candidate.{layer}", f"g.{layer}")
            self.node("Mul", f"i.{layer} g.{layer}", f"written.{layer}")
            self.node("Mul", f"f.{layer} c.{layer}", f"kept.{layer}")
            self.node("Add", f"kept.{layer} written.{layer}", f"c.{layer}_next")
            self.node("Tanh", f"c.{layer}_next", f"cell.{layer}")
            self.node("Mul", f"o.{layer} cell.{layer}", f"h.{layer}_next")
            self.node("QuantizeLinear", f"h.{layer}_next unit zero", f"y.{layer}.bytes")

    def _first_input(self) -> None:
        """Add what symbol and author add to the first layer's gates: looked up, or multiplied where the table would be large."""
        symbols, authors = self._arrays["symbol_embedding"], self._arrays["author_embedding"]
        weight, scale = self._arrays["lstm.0.input"][0], self._arrays["lstm.0.input.scale"][0]
        bias = self._bias(0)
        if max(len(symbols), len(authors)) * weight.shape[1] <= LARGEST_TABLE:
            matrix = weight * scale  # (E, 4H)
            by_symbol, by_author = symbols @ matrix, authors @ matrix + bias
            if len(authors) * by_symbol.size <= LARGEST_PAIRS:
                self.constant("pair.gates", (by_symbol + by_author[:, None]).reshape(-1, weight.shape[1]))
                self.constant("alphabet.size", np.array([len(symbols)], np.int64))
                self.node("Mul", "authors alphabet.size", "pair.first")
                self.node("Add", "pair.first ids", "pairs")
                self.node("Gather", "pair.gates pairs", "x.0")
                return
            self.constant("symbol.gates", by_symbol)
            self.constant("author.gates", by_author)
            self.node("Gather", "symbol.gates ids", "symbol")
            self.node("Gather", "author.gates authors", "author")
            self.node("Add", "symbol author", "x.0")
            return
        largest = np.abs(symbols).max() + np.abs(authors).max()
        self.constant("input.unit", np.array(max(largest, 1e-12) / _HALF, np.float32))
        self._embed()
        self.node("QuantizeLinear", "embedded input.unit zero", "embedded.bytes")
        self._int8_product("embedded.bytes", "lstm.0.input", "x.0", "input.unit", bias)

    def _embed(self) -> None:
        self.constant("symbol_embedding", self._arrays["symbol_embedding"])
        self.constant("author_embedding", self._arrays["author_embedding"])
        self.node("Gather", "symbol_embedding ids", "symbol")
        self.node("Gather", "author_embedding authors", "author")
        self.node("Add", "symbol author", "embedded")

    def _bias(self, layer: int) -> np.ndarray:
        """Return the biases of a layer's gates, (4H,); ONNX keeps two, for the input and for the state."""
        both = self._arrays[f"lstm.{layer}.bias"][0]
        added: np.ndarray = both[: len(both) // 2] + both[len(both) // 2 :]
        return added

    def _int8_product(self, source: str, weight: str, result: str, unit: str, bias: np.ndarray | None = None) -> None:
        """Add bytes (1, B, rows) times an int8 matrix (rows, columns) → float32, exact but for its scales."""
        matrix, scale = self._arrays[weight], self._arrays[f"{weight}.scale"]
        self.constant(weight, matrix.reshape(matrix.shape[-2:]))
        self.constant(f"{weight}.scale", scale.reshape(-1))
        inputs = f"{source} {weight} {unit} {weight}.scale zero -"
        if bias is not None:
            self.constant(f"{weight}.bias", bias)
            inputs += f" {weight}.bias"
        self.node("MatMulIntegerToFloat", inputs, result, MICROSOFT)

    def float32_layers(self, gates: str) -> None:
        """Add the LSTM layers of a float32 voice: ids, authors and state → h.0_next, h.1_next, …, each (1, B, H)."""
        self._embed()
        source = "embedded"
        for layer in range(self.sizes.layers):
            for part in ("input", "recurrent", "bias"):
                self.constant(f"lstm.{layer}.{part}", self._arrays[f"lstm.{layer}.{part}"])
            weights = " ".join(f"lstm.{layer}.{part}" for part in ("input", "recurrent", "bias"))
            states = f"h.{layer} c.{layer}"
            after = f"- h.{layer}_next c.{layer}_next"
            activations: dict[str, Any] = dict(lstm_activations(gates))
            self.node("LSTM", f"{source} {weights} - {states}", after, hidden_size=self.sizes.hidden, **activations)
            source = f"h.{layer}_next"

    def output(self, precision: str) -> None:
        """Add the output layer, which reads the sum of the layers: → network or logits, (1, B, V)."""
        result = "network" if self.sizes.orders else "logits"
        layers = range(self.sizes.layers)
        bias = self._arrays["output.bias"]
        if precision == "int8":  # a product for each layer: the bytes of a sum would be coarser than those of its parts
            parts = [f"{result}.{layer}" for layer in layers] if len(layers) > 1 else [result]
            for layer, part in enumerate(parts):
                self._int8_product(f"y.{layer}.bytes", "output.weight", part, "unit", None if layer else bias)
            self._sum(parts, result)
            return
        self.constant("output.weight", self._arrays["output.weight"])
        self.constant("output.bias", bias)
        states = [f"h.{layer}_next" for layer in layers]
        self._sum(states, "features")
        self.node("MatMul", f"{'features' if len(states) > 1 else states[0]} output.weight", "product")
        self.node("Add", "product output.bias", result)

    def _sum(self, names: list[str], result: str) -> None:
        """Add up two arrays or more."""
        total = names[0]
        for number, name in enumerate(names[1:], 1):
            after = result if number == len(names) - 1 else f"{result}.first{number}"
            self.node("Add", f"{total} {name}", after)
            total = after

    def memory(self) -> None:
        """Add the n-gram memory: what ``talklike.voice.graph`` does for texts, for a window of the last K symbols a row."""
        orders, K = self.sizes.orders, max(self.sizes.orders)
        fixed = self._arrays
        self.graph.inputs |= {"symbols": Tensor(INT64, ("B", 1)), "recent": Tensor(INT64, ("B", K - 1))}
        self.graph.outputs["recent_next"] = Tensor(INT64, ("B", K - 1))
        self.constant("one", np.array([1], np.int64))
        self.constant("all", np.array([np.iinfo(np.int64).max], np.int64))
        self.constant("oldest", K - np.array(orders, np.int64))
        self.constant("multipliers", fixed["memory.multipliers"][::-1])  # the oldest symbol first, as the window has it
        self.constant("salts", fixed["memory.salts"])
        self.constant("buckets", fixed["memory.buckets"])
        self.constant("flat", np.array([0, len(orders) * self.sizes.memory], np.int64))
        self.constant("table", fixed["memory.table"])
        self.constant("projection", fixed["memory.projection"])
        self.node("Add", "symbols one", "counted")  # from 1: 0 is nothing, before the start
        self.node("Concat", "recent counted", "window", axis=1)  # (B, K)
        self.node("Slice", "window one all one", "recent_next")
        self.node("MatMul", "window multipliers", "products")
        self.node("Add", "products salts", "sums")
        self.node("Mod", "sums buckets", "hashes")  # (B, O)
        self.node("Gather", "window oldest", "begins", axis=1)
        self.node("Min", "begins one", "there")  # 0 if the n-gram would begin before the text
        self.node("Mul", "hashes there", "indices")
        self.node("Gather", "table indices", "found")  # (B, O, D)
        self.node("Reshape", "found flat", "rows")
        self.node("Cast", "rows", "numbers", to=FLOAT)
        self.node("MatMul", "numbers projection", "remembered")  # (B, V)
        self.node("Add", "network remembered", "logits")
