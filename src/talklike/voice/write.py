"""Makes a voice file, adds an index to one, and writes files so that no half of one is ever seen."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.encode import elsewhere
from talklike.errors import MissingExtraError, RunError
from talklike.voice.card import METADATA_KEY, IndexFacts
from talklike.voice.graph import FLOAT, INDEX, INT8, INT64, SIGNATURES, Node, Tensor, fixed, graph_of
from talklike.voice.read import arrays, check_voice

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from talklike.voice.card import Card
    from talklike.voice.signatures import Signatures

OPSET = 18
"""ONNX operator set; every runtime since 2023 reads it."""

IR_VERSION = 9

_DTYPES = {FLOAT: np.dtype(np.float32), INT8: np.dtype(np.int8), INT64: np.dtype(np.int64)}


def voice_bytes(card: Card, weights: dict[str, np.ndarray]) -> bytes:
    """Return a voice file as bytes; the same card and weights give the same bytes.

    Args:
        card: What the voice says of itself; its sizes and precision decide the graph.
        weights: The graph's constants by name, in the layout that ``talklike.voice.graph.describe`` states.
    """
    try:
        from onnx import helper, numpy_helper
    except ImportError as error:
        raise MissingExtraError("onnx", "train") from error
    graph = graph_of(card)
    weights = weights | fixed(card.sizes)
    for name, tensor in graph.constants.items():
        assert weights[name].shape == tensor.shape, f"{name}: {weights[name].shape} is not {tensor.shape}"
        assert weights[name].dtype == _DTYPES[tensor.element], f"{name}: {weights[name].dtype}"
    onnx_graph = helper.make_graph(
        [_node(helper, node) for node in graph.nodes],
        "talklike",
        [_value(helper, name, tensor) for name, tensor in graph.inputs.items()],
        [_value(helper, name, tensor) for name, tensor in graph.outputs.items()],
        [numpy_helper.from_array(weights[name], name) for name in graph.constants],
    )
    domains = {"": OPSET} | {node.domain: 1 for node in graph.nodes if node.domain}
    model = helper.make_model(
        onnx_graph,
        producer_name="talklike",
        ir_version=IR_VERSION,
        opset_imports=[helper.make_opsetid(domain, version) for domain, version in domains.items()],
    )
    helper.set_model_props(model, {METADATA_KEY: card.to_json()})
    return bytes(model.SerializeToString(deterministic=True))


def with_index(data: bytes, index: np.ndarray) -> bytes:
    """Return a voice file that carries an index of the training text; all else in it stays as it is.

    Args:
        data: A voice file; an index that it has is replaced.
        index: What ``talklike.voice.novelty_index.index_of`` returned.
    """
    facts = IndexFacts(len(index), hashlib.sha256(index.data).hexdigest())
    card = replace(check_voice(data, "voice"), novelty_index=facts)
    return voice_bytes(card, arrays(data) | {INDEX: index.view(np.int8)})


def with_signatures(data: bytes, signatures: Signatures) -> bytes:
    """Return a voice file that carries what tells its authors apart; all else in it stays as it is.

    Args:
        data: A voice file; signatures that it has are replaced.
        signatures: Its numbers, for as many authors as the voice has.
    """
    card = replace(check_voice(data, "voice"), signatures=len(signatures.table))
    table, units = SIGNATURES
    return voice_bytes(card, arrays(data) | {table: signatures.table, units: signatures.units})


def atomic_write(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` by way of a temporary file beside it, so that a kill or a full disk leaves no half.

    Raises:
        RunError: The disk is full or the folder can't be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        _remove(temporary)
        raise RunError(f"{path}: can't be written: {error.strerror}; {elsewhere(error)}") from error
    except BaseException:
        _remove(temporary)
        raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # an error is on its way already; this one would hide it
        path.unlink()


def _node(helper: Any, node: Node) -> Any:
    attributes = {name: list(v) if isinstance(v, tuple) else v for name, v in node.attributes}
    return helper.make_node(node.operator, node.inputs, node.outputs, domain=node.domain, **attributes)


def _value(helper: Any, name: str, tensor: Tensor) -> Any:
    return helper.make_tensor_value_info(name, tensor.element, tensor.shape)
