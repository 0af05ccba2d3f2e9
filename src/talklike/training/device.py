"""Where to train, and in which precision."""

from __future__ import annotations

import functools
import logging
import os
import warnings

import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.single_device import SingleDeviceStrategy

from talklike.errors import OptionError

DEVICES = ("auto", "cpu", "cuda", "mps")


def choose_device(wanted: str) -> str:
    """Return ``cpu``, ``cuda`` or ``mps``; ``auto`` takes the fastest there is, and Apple's GPU only if it computes rightly.

    Raises:
        OptionError: The device is unknown, or this machine or this torch lacks it.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return "cuda" if there["cuda"] else "mps" if there["mps"] and learns_like_the_processor("mps") else "cpu"
    if wanted not in there:
        raise OptionError(f"device is {wanted!r}, must be one of {', '.join(DEVICES)}")
    if not there[wanted]:
        raise OptionError(
            f"this machine, or its torch, has no {wanted}; --device cpu trains on the processor, also what was begun on {wanted}"
        )
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


def check_precision(device: str, precision: str) -> None:
    """Check that an LSTM can be trained on a device in a precision.

    Raises:
        OptionError: It can't.
    """
    if device == "cpu" and precision == "bf16-mixed" and not _cpu_trains_in_bf16():
        raise OptionError(
            "this processor can't train with bf16-mixed; leave --precision away. A run that was begun with it goes on only on a "
            "machine like the one where it was begun"
        )


@functools.cache
def learns_like_the_processor(device: str) -> bool:
    """Return whether the gradients of a small LSTM are those that the processor finds, up to rounding.

    Apple's GPU has computed wrong ones in some versions of PyTorch and of the system.
    """
    found = []
    for where in ("cpu", device):
        with torch.random.fork_rng(devices=[]):  # the training's own draws stay what they are
            torch.manual_seed(0)
            lstm = torch.nn.LSTM(8, 16)
            read = torch.randn(12, 3, 8)
        try:
            lstm.to(where)(read.to(where))[0].square().sum().backward()
            found.append([p.grad.cpu() for p in lstm.parameters() if p.grad is not None])
        except (RuntimeError, NotImplementedError, TypeError):  # an operation, or a kind of number, that it doesn't have
            return False
    return all(torch.allclose(one, other, rtol=1e-3, atol=1e-4) for one, other in zip(*found, strict=True))


@functools.cache
def _cpu_trains_in_bf16() -> bool:
    """Try it: some processors without such instructions emulate them, and for others oneDNN has no LSTM (with AVX2 alone)."""
    lstm = torch.nn.LSTM(8, 8)
    try:
        with torch.autocast("cpu", torch.bfloat16):
            lstm(torch.zeros(2, 1, 8))[0].sum().backward()
    except RuntimeError:
        return False
    return True


def _cpu_multiplies_bf16() -> bool:
    features = torch.cpu.get_capabilities()
    return bool(features.get("amx_bf16") or features.get("avx512_bf16"))


def available_threads() -> int:
    """Return how many processors this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def make_fabric(device: str, precision: str, *, alone: bool = False) -> Fabric:
    """Return the Fabric of a device: one process, or all that ``torchrun`` started.

    Args:
        device: ``cpu``, ``cuda`` or ``mps``.
        precision: One of ``talklike.training.recipe.PRECISIONS``.
        alone: This process only, whatever others there are: for measuring.

    Raises:
        OptionError: The device has no such precision.
    """
    check_precision(device, precision)
    processes = 1 if alone else int(os.environ.get("WORLD_SIZE", "1"))
    # Fabric says on standard error what was asked of it and names launchers; whoever runs talklike asked for neither.
    logging.getLogger("lightning_fabric").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if processes == 1:
            which = os.environ.get("LOCAL_RANK", "0") if device == "cuda" else "0"  # each process measures the card it will have
            strategy = SingleDeviceStrategy(device if device == "cpu" else f"{device}:{which}")
            return Fabric(accelerator=device, devices=1, strategy=strategy, precision=precision)  # type: ignore[arg-type]  # one of PRECISIONS
        here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        fabric = Fabric(
            accelerator=device,
            strategy="ddp",
            devices=here,
            num_nodes=processes // here,
            precision=precision,  # type: ignore[arg-type]  # one of PRECISIONS
        )
        fabric.launch()
        return fabric
