"""Models written without the onnx package are what the onnx package reads."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import numpy_helper

from talklike.generation.quiet_runtime import onnxruntime as ort
from talklike.voice.graph import FLOAT, INT64, Graph, Node, Tensor
from talklike.voice.onnx_bytes import model_bytes


def test_what_is_written_is_read() -> None:
    """Operations, attributes (a negative one and a list among them), shapes and numbers come back, and the model runs."""
    graph = Graph()
    graph.inputs["x"] = Tensor(FLOAT, ("B", 300))
    graph.outputs["y"] = Tensor(FLOAT, (300, "B"))
    graph.constants["one"] = Tensor(FLOAT, ())
    graph.constants["ids"] = Tensor(INT64, (2,))
    graph.nodes = [
        Node("Add", ("x", "one"), ("z",)),
        Node("Softmax", ("z",), ("p",), (("axis", -1),)),
        Node("Transpose", ("p",), ("y",), (("perm", (1, 0)),)),
        Node("Gather", ("p", "ids"), ("unused",)),
    ]
    arrays: dict[str, np.ndarray] = {"one": np.array(1, np.float32), "ids": np.array([0, 0], np.int64)}
    data = model_bytes(graph, arrays, {"": 18})
    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    assert [node.op_type for node in model.graph.node] == ["Add", "Softmax", "Transpose", "Gather"]
    assert onnx.helper.get_node_attr_value(model.graph.node[1], "axis") == -1
    assert onnx.helper.get_node_attr_value(model.graph.node[2], "perm") == [1, 0]
    assert {i.name: numpy_helper.to_array(i).tolist() for i in model.graph.initializer} == {"one": 1.0, "ids": [0, 0]}
    x = np.random.default_rng(0).random((3, 300), np.float32)
    (y,) = ort.InferenceSession(data, providers=["CPUExecutionProvider"]).run(["y"], {"x": x})
    expected = np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(y, expected.T, rtol=1e-5)
