"""The voice file: card (metadata), ONNX graph, write, read, check."""
