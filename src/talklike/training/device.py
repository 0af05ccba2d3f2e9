"""Where to train, and in which precision."""

from __future__ import annotations

import os

import torch

from talklike.errors import OptionError

DEVICES = ("auto", "cpu", "cuda", "mps")


def choose_device(wanted: str) -> str:
    """Return ``cpu``, ``cuda`` or ``mps``; ``auto`` takes the fastest there is.

    Raises:
        OptionError: The device is unknown, or this machine or this torch lacks it.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if there[device])
    if wanted not in there:
        raise OptionError(f"device is {wanted!r}, must be one of {', '.join(DEVICES)}")
    if not there[wanted]:
        raise OptionError(f"this machine, or its torch, has no {wanted}; leave --device away to train on what there is")
    return wanted


def choose_precision(device: str) -> str:
    """Return ``bf16-mixed`` where the device multiplies bfloat16 in hardware, else ``32-true``.

    Measured on 2 cores with AVX-512 BF16: 1.8 to 2.4 times the characters a second (docs/experiments.md). A processor without
    such instructions emulates them, many times slower.
    """
    if device == "cuda":
        return "bf16-mixed" if torch.cuda.is_bf16_supported(including_emulation=False) else "32-true"
    one_dnn = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    if device == "cpu" and one_dnn and _cpu_multiplies_bf16():
        return "bf16-mixed"
    return "32-true"


def _cpu_multiplies_bf16() -> bool:
    features = torch.cpu.get_capabilities()
    return bool(features.get("amx_bf16") or features.get("avx512_bf16"))


def available_threads() -> int:
    """Return how many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
