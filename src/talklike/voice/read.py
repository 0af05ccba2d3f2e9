"""Reads a voice file, which may come from anyone: looked at field by field, compared with the graph that we write, then loaded.

Refused are: anything but the graph of ``talklike.voice.graph`` for the sizes that the card states (so no other operator, no
loop, no sub-graph, no function), constants that point to another file, and shapes that differ from the card's.
"""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import VoiceFileError
from talklike.voice.card import METADATA_KEY, Card
from talklike.voice.graph import FLOAT, INDEX, INT8, INT64, MICROSOFT, Graph, Node, Tensor, fixed, graph_of
from talklike.voice.protobuf import WireError, fields, varints

if TYPE_CHECKING:
    import os

MAX_FILE = 1 << 30
"""Largest voice file [bytes] that is read."""

MAX_NODES, MAX_DIMENSIONS = 1000, 3
"""More than any voice has; reading on would only take time."""

MAX_WEIGHT = 1e6
"""Largest magnitude of a weight: sums of products of larger ones could leave float32. Trained ones stay below 100."""

# Field numbers of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
_MODEL_IR, _MODEL_PRODUCER, _MODEL_GRAPH, _MODEL_OPSET, _MODEL_METADATA = 1, 2, 7, 8, 14
_GRAPH_NODE, _GRAPH_NAME, _GRAPH_CONSTANT, _GRAPH_INPUT, _GRAPH_OUTPUT = 1, 2, 5, 11, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_NAME, _NODE_OPERATOR, _NODE_ATTRIBUTE, _NODE_DOMAIN = 1, 2, 3, 4, 5, 7
_ATTRIBUTE_NAME, _ATTRIBUTE_INT, _ATTRIBUTE_INTS, _ATTRIBUTE_STRINGS, _ATTRIBUTE_TYPE = 1, 3, 8, 9, 20
_TENSOR_SHAPE, _TENSOR_ELEMENT, _TENSOR_NAME, _TENSOR_DATA = 1, 2, 8, 9
_DTYPE_OF: dict[int, np.dtype[Any]] = {FLOAT: np.dtype("<f4"), INT8: np.dtype("i1"), INT64: np.dtype("<i8")}


def read_voice(path: str | os.PathLike[str]) -> tuple[Card, bytes]:
    """Return the card of a voice file and the checked file itself, ready for ONNX Runtime.

    Args:
        path: A voice file, or a run folder, whose ``voice.onnx`` is meant.

    Raises:
        VoiceFileError: It is missing, damaged, foreign or hostile.
    """
    file = Path(path)
    try:
        if file.is_dir():
            file /= "voice.onnx"
            if not file.exists():
                raise VoiceFileError(
                    f"{file.parent}: a folder without voice.onnx; name a voice file or the folder of a training run"
                )
        size = file.stat().st_size
        if not file.is_file() or size > MAX_FILE:
            raise VoiceFileError(f"{file}: not a voice file: {'too large' if file.is_file() else 'not a plain file'}")
        data = file.read_bytes()
    except FileNotFoundError as error:
        raise VoiceFileError(f"{file}: no such file; train a voice first: talklike train CHAT") from error
    except OSError as error:
        raise VoiceFileError(f"{file}: can't be read: {error.strerror}") from error
    except ValueError as error:  # a NUL or a lone surrogate in it
        raise VoiceFileError(f"{str(file)!r}: no file can have this name") from error
    return check_voice(data, str(file)), data


def check_voice(data: bytes, where: str) -> Card:
    """Return the card of a voice file, once every part of the file is what a voice should have.

    Args:
        data: The whole file; not trusted.
        where: Its name, for errors.

    Raises:
        VoiceFileError: The file is damaged, foreign or hostile.
    """
    try:
        return _check_model(memoryview(data), where)
    except (WireError, UnicodeDecodeError) as error:
        raise VoiceFileError(f"{where}: not a voice file, or a damaged one (it is not whole ONNX)") from error


def arrays(data: bytes) -> dict[str, np.ndarray]:
    """Return the constants of a voice file that has been checked, by name; they share its memory."""
    graph = next(value for number, value in fields(memoryview(data)) if number == _MODEL_GRAPH)
    found = {}
    for number, value in fields(_message(graph)):
        if number == _GRAPH_CONSTANT:
            name, tensor, raw = _read_constant(_message(value), "voice")
            found[name] = np.frombuffer(raw, _DTYPE_OF[tensor.element]).reshape([int(size) for size in tensor.shape])
    return found


def _check_model(data: memoryview, where: str) -> Card:
    card_json = graph = None
    for number, value in fields(data):
        if number == _MODEL_METADATA and isinstance(value, memoryview):
            entry = dict(fields(value))
            if _text(entry.get(1)) == METADATA_KEY:
                card_json = _text(entry.get(2))
        elif number == _MODEL_GRAPH and isinstance(value, memoryview):
            if graph is not None:
                raise VoiceFileError(f"{where}: two graphs in one file; not a voice that talklike wrote")
            graph = value
        elif number == _MODEL_OPSET and isinstance(value, memoryview):
            entry = dict(fields(value))
            if _text(entry.get(1)) not in ("", MICROSOFT):
                raise VoiceFileError(f"{where}: foreign operators; not a voice that talklike wrote")
        elif number not in (_MODEL_IR, _MODEL_PRODUCER):
            raise VoiceFileError(f"{where}: a part that voices don't have (field {number}); not a voice that talklike wrote")
    if card_json is None or graph is None:
        raise VoiceFileError(f"{where}: no voice card in it; an ONNX model perhaps, but not one that talklike wrote")
    card = Card.from_json(card_json, where)
    found, compared = _read_graph(graph, where)
    index = card.novelty_index
    expected = graph_of(card)
    if difference := _first_difference(found, expected) or _first_change(compared, fixed(card.sizes)):
        raise VoiceFileError(f"{where}: {difference} is not what the voice's card says; the file is damaged or foreign")
    if index is not None and hashlib.sha256(compared[INDEX]).hexdigest() != index.sha256:
        raise VoiceFileError(f"{where}: the index of the training text isn't whole; the file is damaged")
    return card


def _first_difference(found: Graph, expected: Graph) -> str | None:
    """Return the first part of the graph that isn't as expected."""
    if found.nodes != expected.nodes:
        return "the sequence of operations"
    for part in ("constants", "inputs", "outputs"):
        is_, should = getattr(found, part), getattr(expected, part)
        for name in should | is_:
            if is_.get(name) != should.get(name):
                return f"the array {name[:40]!r}"
    return None


def _first_change(found: dict[str, memoryview], expected: dict[str, np.ndarray]) -> str | None:
    """Return the first of the fixed constants, whose shapes are right, that holds other numbers than it should."""
    for name, array in expected.items():
        if found[name] != array.astype("<i8").tobytes():
            return f"the array {name!r}"
    return None


def _read_graph(data: memoryview, where: str) -> tuple[Graph, dict[str, memoryview]]:
    """Return the graph, and the bytes of its constants that are compared: the whole numbers (int64) and the index."""
    graph = Graph()
    compared: dict[str, memoryview] = {}
    for number, value in fields(data):
        if not isinstance(value, memoryview):
            raise WireError("a graph holds messages only")
        if number == _GRAPH_NODE:
            graph.nodes.append(_read_node(value, where))
            if len(graph.nodes) > MAX_NODES:
                raise VoiceFileError(f"{where}: more operations than a voice has; not a voice that talklike wrote")
        elif number == _GRAPH_CONSTANT:
            name, tensor, raw = _read_constant(value, where)
            if name in graph.constants:
                raise VoiceFileError(f"{where}: an array stands in it twice; the file is damaged")
            graph.constants[name] = tensor
            if tensor.element == INT64 or name == INDEX:
                compared[name] = raw
        elif number in (_GRAPH_INPUT, _GRAPH_OUTPUT):
            name, tensor = _read_value(value)
            (graph.inputs if number == _GRAPH_INPUT else graph.outputs)[name] = tensor
        elif number != _GRAPH_NAME:
            raise VoiceFileError(f"{where}: a part that voices don't have (graph field {number}); not a voice of talklike's")
    return graph, compared


def _read_node(data: memoryview, where: str) -> Node:
    inputs, outputs, attributes = [], [], []
    operator = domain = ""
    for number, value in fields(data):
        if number == _NODE_INPUT:
            inputs.append(_text(value))
        elif number == _NODE_OUTPUT:
            outputs.append(_text(value))
        elif number == _NODE_OPERATOR:
            operator = _text(value)
        elif number == _NODE_DOMAIN:
            domain = _text(value)
        elif number == _NODE_ATTRIBUTE and isinstance(value, memoryview):
            attributes.append(_read_attribute(value, where))
        elif number != _NODE_NAME:
            raise VoiceFileError(f"{where}: an operation with a foreign part; not a voice that talklike wrote")
    return Node(operator, tuple(inputs), tuple(outputs), tuple(attributes), domain)


def _read_attribute(data: memoryview, where: str) -> tuple[str, int | tuple[int, ...] | tuple[str, ...]]:
    name, single = "", None
    numbers: list[int] = []
    words: list[str] = []
    for number, value in fields(data):
        if number == _ATTRIBUTE_NAME:
            name = _text(value)
        elif number == _ATTRIBUTE_INT and isinstance(value, int):
            single = value
        elif number == _ATTRIBUTE_INTS:
            numbers += [value] if isinstance(value, int) else list(varints(value))
        elif number == _ATTRIBUTE_STRINGS:
            words.append(_text(value))
        elif number != _ATTRIBUTE_TYPE:
            raise VoiceFileError(f"{where}: an operation with a foreign attribute; not a voice that talklike wrote")
    if single is not None:
        return name, single
    return name, tuple(words) if words else tuple(numbers)


def _read_constant(data: memoryview, where: str) -> tuple[str, Tensor, memoryview]:
    name, element, shape, raw = "", 0, [], None
    for number, value in fields(data):
        if number == _TENSOR_SHAPE:
            shape += [value] if isinstance(value, int) else list(varints(value))
        elif number == _TENSOR_ELEMENT and isinstance(value, int):
            element = value
        elif number == _TENSOR_NAME:
            name = _text(value)
        elif number == _TENSOR_DATA and isinstance(value, memoryview):
            raw = value
        else:  # among them: data that lie in another file
            raise VoiceFileError(f"{where}: an array whose numbers aren't in the file; not a voice that talklike wrote")
    size = _DTYPE_OF[element].itemsize if element in _DTYPE_OF else 0
    if len(shape) > MAX_DIMENSIONS or raw is None or len(raw) != math.prod(shape) * size:
        raise VoiceFileError(f"{where}: an array of the wrong length; the file is damaged")
    if not _makes_sense(name, element, raw):
        raise VoiceFileError(f"{where}: the array {name[:40]!r} holds numbers that no voice has; the file is damaged")
    return name, Tensor(element, tuple(shape)), raw


def _makes_sense(name: str, element: int, raw: memoryview) -> bool:
    """Return whether the numbers of an array are such that no operation can fail or overflow on them."""
    if element == FLOAT:
        # False for NaN too.
        return bool((np.abs(np.frombuffer(raw, "<f4")) <= MAX_WEIGHT).all())
    return not name.endswith(".zero") or not any(raw)  # int64 constants are compared, not judged


def _read_value(data: memoryview) -> tuple[str, Tensor]:
    """Return the name and type of a graph input or output: ValueInfoProto → TypeProto → Tensor → TensorShapeProto."""
    outer = _once(data)
    tensor = _inside(outer.get(2), 1)
    shape: list[int | str] = []
    for number, dimension in fields(_message(_inside(tensor, 2))):
        if number == 1:
            size = _once(_message(dimension))
            fixed = size.get(1)
            shape.append(fixed if isinstance(fixed, int) else _text(size.get(2)))
    element = _once(_message(tensor)).get(1)
    return _text(outer.get(1)), Tensor(element if isinstance(element, int) else 0, tuple(shape))


def _inside(value: object, number: int) -> memoryview:
    """Return field ``number`` of the message ``value``."""
    return _message(_once(_message(value)).get(number))


def _once(data: memoryview) -> dict[int, int | memoryview]:
    """Return the fields of a message, each of which stands in it once: readers differ on which of several counts."""
    found = list(fields(data))
    if len(dict(found)) != len(found):
        raise WireError("a field stands in it twice")
    return dict(found)


def _message(value: object) -> memoryview:
    if not isinstance(value, memoryview):
        raise WireError("a message is missing")
    return value


def _text(value: object) -> str:
    return bytes(_message(value)).decode()
