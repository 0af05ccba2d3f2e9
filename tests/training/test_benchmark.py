"""Tests of measuring how fast devices train and write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from talklike.errors import OptionError, RunError
from talklike.training import benchmark as measuring
from talklike.training.benchmark import Benchmark, _figure, _prepare, _rounds, _speed_ups, _Task, benchmark

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def measured() -> Benchmark:
    """Return what the processor does in two rounds of a few milliseconds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(measuring, "_LEARNT", 1)
        patched.setattr(measuring, "TEXTS", 2)
        return benchmark("cpu", rounds=2, seconds=0.02)


def task(device: str = "cpu", name: str = "train", run: Callable[[int], object] = lambda _times: None, unit: int = 1) -> _Task:
    """Return something to measure."""
    return _Task(device, "1×128", name, "int8", run, unit)


def test_what_is_measured(measured: Benchmark) -> None:
    """Training, writing one text and many, of the default recipe's network for the sample and of a small one, with intervals."""
    assert [(figure.network, figure.task) for figure in measured.figures] == [
        (network, name) for network in ("1×384", "1×128") for name in ("train", "write", "write 2")
    ]
    assert all(0 < figure.low <= figure.rate <= figure.high for figure in measured.figures)
    assert [figure.precision for figure in measured.figures][1:3] == ["int8", "int8"]
    assert measured.speed_ups == []
    assert measured.notes == []
    assert measured.machine["torch"] == str(torch.__version__)
    assert measured.machine["processor"]
    assert json.loads(json.dumps(measured.to_dict()))["figures"][0]["device"] == "cpu"


@pytest.mark.skipif(torch.cuda.is_available() or torch.backends.mps.is_available(), reason="there is a GPU")
def test_without_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says that there is none; only a GPU named alone is refused."""
    monkeypatch.setattr(measuring, "_tasks", lambda *_: [task()])
    (note,) = benchmark(rounds=2, seconds=0).notes
    assert (
        note == f"There is no GPU that this machine's torch {torch.__version__} can use (CUDA or MPS): only the cpu was measured."
    )
    both = benchmark(["cpu", "cuda", "mps"], rounds=2, seconds=0)
    assert both.notes == [f"There is no GPU to measure: this machine's torch {torch.__version__} has no CUDA and no MPS."]
    assert [figure.device for figure in both.figures] == ["cpu"]
    for devices in ("cuda", ["cuda"], ["mps", "cuda"]):
        with pytest.raises(RunError, match="leave --device away"):
            benchmark(devices)


def test_wishes_that_make_no_sense() -> None:
    """Unknown devices and too few rounds are refused before anything is measured."""
    with pytest.raises(OptionError, match="'tpu', must be one of auto, cpu, cuda, mps"):
        benchmark(["cpu", "tpu"])
    with pytest.raises(OptionError, match="rounds is 1"):
        benchmark("cpu", rounds=1)


def test_a_device_that_onnx_runtime_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only torch has a device, training is measured there, and a note says why writing isn't."""
    notes: list[str] = []
    anything: Any = None
    assert measuring._writing(anything, anything, anything, "mps", notes) == []
    assert measuring._writing(anything, anything, anything, "mps", notes) == []
    assert len(notes) == 1
    assert notes[0].startswith("Writing on MPS wasn't measured: device is 'mps'")


def test_speed_ups_have_an_interval_of_their_own() -> None:
    """The rounds are paired: a slow moment of the machine, which hits both devices, doesn't widen the interval of the ratio."""
    slow = np.array([1.0, 3.0, 1.5, 2.0, 9.0, 1.0])
    tasks = [task(), task(name="write"), task("cuda"), task("mps", "write")]
    (first, second) = _speed_ups(tasks, np.stack([slow, slow, slow / 4, slow * 2]))
    assert (first.device, first.against, first.task) == ("cuda", "cpu", "train")
    assert [first.times, first.low, first.high] == pytest.approx([4, 4, 4])
    assert (second.device, second.times) == ("mps", 0.5)


def test_rates_hold_the_characters_of_all_rounds() -> None:
    """A rate is all characters over all seconds; its interval comes of the rounds."""
    one = task(unit=10)
    one.times = 3
    figure = _figure(one, np.array([1.0, 2.0, 3.0]))
    assert figure.rate == 15
    assert 10 <= figure.low < 15 < figure.high <= 30


def test_things_take_turns() -> None:
    """In each round another one begins, and whoever waits hears how far it is."""
    order: list[str] = []
    heard: list[tuple[int, int]] = []
    tasks = [task(name=name, run=lambda _times, name=name: order.append(name)) for name in "abc"]  # type: ignore[misc]  # a default
    taken = _rounds(tasks, 3, lambda *done: heard.append(done))
    assert "".join(order) == "abcbcacab"
    assert taken.shape == (3, 3)
    assert heard[-1] == (9, 9)


def test_a_measurement_is_long_enough() -> None:
    """Quick things are done so often that it takes about as long as asked."""
    clock: list[float] = [0.0]

    class Quick(_Task):
        def seconds(self) -> float:
            return 0.001 * self.times

    quick = Quick("cpu", "1×128", "train", "int8", clock.append, 1)
    _prepare([quick], 0.4)
    assert quick.times == 400
    assert clock[1] == 2  # kernels are loaded before anything is timed
