"""ONNX Runtime, kept from sending anything: whoever needs it takes it from here.

Since version 1.29 its official builds tell Microsoft of each process, session and error, keep an identifier of the machine under
``~/.cache/Microsoft``, and begin with it while they are imported. Variables of the environment are what they ask before that.
Where a program has imported ONNX Runtime before talklike, what was sent is sent, and only further events are kept back.

Source: ONNX Runtime 1.32, docs/Privacy.md, "Disabling Telemetry".
"""

from __future__ import annotations

import os

__all__ = ["SILENT", "onnxruntime"]

SILENT = {"ORT_DISABLE_TELEMETRY": "1", "ORT_TELEMETRY_DISABLED": "1"}
"""What says so: as it is called now, and as it was called at first."""

os.environ.update(SILENT)

import onnxruntime  # noqa: E402  (only now)

onnxruntime.disable_telemetry_events()
