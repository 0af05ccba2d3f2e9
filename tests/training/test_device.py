"""Tests of where to train and in which precision."""

from __future__ import annotations

import os
from importlib import import_module

import pytest
import torch

from talklike.errors import OptionError
from talklike.training import device as devices
from talklike.training.device import (
    available_threads,
    check_precision,
    choose_device,
    choose_precision,
    learns_like_the_processor,
    make_fabric,
)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine with nothing but a processor that multiplies in 32 bits."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    return monkeypatch


def test_auto_takes_the_fastest(machine: pytest.MonkeyPatch) -> None:
    """A GPU is taken before Apple's, and that before the processor, if it computes what the processor does."""
    assert choose_device("auto") == "cpu"
    machine.setattr(torch.backends.mps, "is_available", lambda: True)
    module = import_module("talklike.training.device")
    machine.setattr(module, "learns_like_the_processor", lambda device: device != "mps")
    assert (choose_device("auto"), choose_device("mps")) == ("cpu", "mps")
    machine.setattr(module, "learns_like_the_processor", lambda device: device == "mps")
    assert choose_device("auto") == "mps"
    machine.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto") == "cuda"
    assert choose_device("cpu") == "cpu"


def test_a_device_that_computes_otherwise_is_found_out() -> None:
    """The processor agrees with itself; a device without numbers doesn't; nothing is drawn from the training's generator."""
    before = torch.get_rng_state()
    assert learns_like_the_processor("cpu")
    assert not learns_like_the_processor("meta")
    assert torch.equal(before, torch.get_rng_state())


def test_unknown_devices_are_refused() -> None:
    """A name that is no device gets the list of those that are."""
    with pytest.raises(OptionError, match=r"^device is 'tpu', must be one of auto, cpu, cuda, mps$"):
        choose_device("tpu")


@pytest.mark.parametrize("wanted", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(machine: pytest.MonkeyPatch, wanted: str) -> None:
    """A device this machine lacks is not silently replaced by another."""
    with pytest.raises(OptionError, match=f"has no {wanted}; --device cpu"):
        choose_device(wanted)


@pytest.mark.parametrize(
    ("features", "precision"),
    [
        ({}, "32-true"),
        ({"avx512_f": True, "avx512_bf16": False, "amx_bf16": False}, "32-true"),
        ({"avx512_bf16": True}, "bf16-mixed"),
        ({"amx_bf16": True}, "bf16-mixed"),
    ],
)
def test_processors_with_bf16_use_it(machine: pytest.MonkeyPatch, features: dict[str, bool], precision: str) -> None:
    """bfloat16 is for processors that multiply it in hardware."""
    machine.setattr(torch.cpu, "get_capabilities", lambda: features)
    machine.setattr(torch.backends.mkldnn, "is_available", lambda: True)
    assert choose_precision("cpu") == precision


def test_bf16_needs_one_dnn_on_a_processor(machine: pytest.MonkeyPatch) -> None:
    """A torch without oneDNN has no bfloat16 kernels for the instructions."""
    machine.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True})
    machine.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert choose_precision("cpu") == "32-true"


@pytest.mark.parametrize(("supported", "precision"), [(True, "bf16-mixed"), (False, "32-true")])
def test_gpus_with_bf16_use_it(machine: pytest.MonkeyPatch, supported: bool, precision: str) -> None:
    """A GPU is asked whether its hardware multiplies bfloat16; emulation doesn't count."""

    def answer(*, including_emulation: bool) -> bool:
        assert not including_emulation
        return supported

    machine.setattr(torch.cuda, "is_bf16_supported", answer)
    assert choose_precision("cuda") == precision


def test_apple_gpus_stay_in_32_bits(machine: pytest.MonkeyPatch) -> None:
    """On Apple's GPUs training is exact."""
    assert choose_precision("mps") == "32-true"


def test_threads_are_those_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process held to some processors counts those; where a system can't say, all count, and at least one."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert available_threads() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert available_threads() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert available_threads() == 1


@pytest.mark.parametrize("able", [True, False])
def test_a_precision_is_tried(monkeypatch: pytest.MonkeyPatch, able: bool) -> None:
    """Whether it has an LSTM for a processor oneDNN says only when one is made; other precisions and devices aren't asked."""

    def forward(_: torch.nn.LSTM, read: torch.Tensor) -> tuple[torch.Tensor, None]:
        if not able:
            raise RuntimeError("could not create a primitive descriptor for the LSTM forward propagation primitive")
        return read.clone().requires_grad_(), None

    monkeypatch.setattr(torch.nn.LSTM, "forward", forward)
    devices._cpu_trains_in_bf16.cache_clear()
    try:
        check_precision("cpu", "32-true")
        check_precision("cuda", "bf16-mixed")
        if able:
            check_precision("cpu", "bf16-mixed")
        else:
            with pytest.raises(OptionError, match="goes on only on a machine like the one"):
                check_precision("cpu", "bf16-mixed")
    finally:
        devices._cpu_trains_in_bf16.cache_clear()


def test_fabric_says_nothing(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Fabric's own remarks about devices and precision don't reach whoever trains."""
    monkeypatch.setattr(devices, "_cpu_trains_in_bf16", lambda: True)
    for precision in ("32-true", "bf16-mixed"):
        assert make_fabric("cpu", precision).device.type == "cpu"
    assert capfd.readouterr() == ("", "")


def test_a_precision_that_the_processor_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is trained, and with what to do."""
    monkeypatch.setattr(devices, "_cpu_trains_in_bf16", lambda: False)
    with pytest.raises(OptionError, match="can't train with bf16-mixed; leave --precision away"):
        make_fabric("cpu", "bf16-mixed")
